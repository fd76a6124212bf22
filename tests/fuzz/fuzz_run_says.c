/*
 * fuzz_run_says.c - any bytes as text that a suite printed: a fact is part of its line, and its
 * place is that of the line.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/run_says.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
	struct slice s;
	uint64_t byte, facts;
};

static int
tell(void *ctx, const struct run_fact *f)
{
	struct text *t = ctx;
	uint64_t no = 1, at = f->byte - 1000;

	MUST(run_says_kind(f->kind) < RUN_SAYS_KINDS);
	MUST(f->name.n > 0 && f->value.n > 0 && f->value.n <= RUN_SAYS_VALUE);
	MUST(f->byte >= t->byte && at < t->s.n);
	MUST(at == 0 || t->s.p[at - 1] == '\n');
	for (uint64_t i = 0; i < at; i++)
		no += t->s.p[i] == '\n';
	MUST(f->line == no + 6);
	MUST(f->value.p >= t->s.p + at && f->value.p + f->value.n <= t->s.p + t->s.n);
	MUST(!memchr(f->value.p, '\n', f->value.n));
	t->byte = f->byte;
	t->facts++;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text t = { .s = slice_of((const char *)data, size), .byte = 1000 };

	MUST(run_says_scan(t.s, 7, 1000, tell, &t) == 0);
	/* a command has its URLs with it, at most one for each of its words */
	MUST(t.facts <= size);
	return 0;
}
