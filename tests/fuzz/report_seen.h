/*
 * report_seen.h - what a reader of pytest's reports gives out, and what must be true of it.
 */
#ifndef TESTS_FUZZ_REPORT_SEEN_H
#define TESTS_FUZZ_REPORT_SEEN_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)
#define PASSES 1000

struct seen {
	struct slice input;
	uint64_t runs, ended, tests, passed;
	uint64_t pass[PASSES];		/* which passed, in order */
	size_t passes;
	bool complete;			/* the last run that ended */
};

static bool
is_compressed(const struct seen *s)
{
	return slice_starts(s->input, "\x1f\x8b") || slice_starts(s->input, "\x28\xb5\x2f\xfd");
}

/* what was UTF-16 is longer as UTF-8 */
static uint64_t
text_max(const struct seen *s)
{
	return is_compressed(s) ? UINT64_MAX : s->input.n * 3;
}

static uint64_t
hash_of(struct slice s, uint64_t h)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h;
}

static int
run_begin(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended);
	MUST(run->line > 0 && run->byte <= text_max(s));
	s->runs++;
	s->tests = s->passed = 0;
	return 0;
}

static int
test(void *ctx, const struct test *t, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(t->nodeid.n > 0 && t->attempt > 0);
	MUST(t->detail.n <= 64 * 1024 && t->message.n <= 4096);
	MUST(t->line > 0 && t->byte <= text_max(s) && t->detail_byte <= text_max(s));
	MUST((t->detail.n > 0) == (t->detail_line > 0));
	MUST(t->duration_ns == CLOCK_NONE || t->duration_ns >= 0);
	MUST(t->outcome != TEST_ERROR || t->phase != PHASE_NONE);
	s->tests++;
	if (t->outcome != TEST_PASSED && t->outcome != TEST_XPASSED)
		return 0;
	s->passed++;
	MUST(memmem(s->input.p, s->input.n, "passed", 6) || memchr(s->input.p, '\\', s->input.n) ||
	    memchr(s->input.p, 0, s->input.n) || is_compressed(s));
	if (s->passes < PASSES)
		s->pass[s->passes++] = hash_of(t->nodeid, s->runs * 31 + t->attempt);
	return 0;
}

static int
output(void *ctx, const struct printed *o, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(o->text.n > 0 && o->text.n <= 64 * 1024);
	MUST(o->line > 0 && o->byte <= text_max(s));
	MUST(o->text.p[o->text.n - 1] == '\n');
	return 0;
}

static int
fact(void *ctx, const struct run_fact *f, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(f->kind.n > 0 && f->value.n > 0 && f->line > 0);
	return 0;
}

static int
bad(void *ctx, const struct bad_record *b, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(b->reason.n > 0 && b->line > 0 && b->byte <= text_max(s));
	return 0;
}

static void
diag(void *ctx, const struct diag *d)
{
	(void)ctx;
	MUST(memchr(d->detail, 0, sizeof d->detail));
}

static int
run_end(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->ended++;
	s->complete = run->state == RUN_COMPLETE;
	MUST(run->state != RUN_NOT_RUN || s->passed == 0);
	MUST(s->complete || run->state_why.n > 0);
	MUST(!s->complete || s->tests > 0 || run->passed >= 0);
	MUST(!s->complete || run->exit_code >= 0);
	return 0;
}

static void
read_all(struct seen *s, const struct reader *reader, const uint8_t *data, size_t size)
{
	const struct read_limits limits = { .record = 1 << 16, .depth = 64 };
	const struct read_sink sink = { .ctx = s, .run_begin = run_begin, .test = test,
		.output = output, .fact = fact, .run_end = run_end, .bad = bad,
		.diag = { diag, s } };
	struct input *in = input_from_memory((const char *)data, size);
	struct read_job job = { .in = in, .limits = &limits, .sink = &sink };
	struct err e;

	memset(s, 0, sizeof *s);
	s->input = slice_of((const char *)data, size);
	err_clear(&e);
	MUST(reader->read(&job, &e) == 0);
	MUST(s->runs == s->ended);
	input_close(in);
}

/* what passed in the beginning has to have passed in the whole, in the same order */
static void
compare(const struct seen *all, const struct seen *part)
{
	MUST(part->passes <= all->passes);
	MUST(memcmp(part->pass, all->pass, part->passes * sizeof part->pass[0]) == 0);
}

#endif
