/*
 * fuzz_pytest.c - any bytes as a console log. Beside crashes it looks for results from nowhere:
 * a passed test needs the word or the letter for it in the input, what is only listed stands
 * in no complete run, and a run that did not run has no pass.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)

extern const struct reader reader_pytest;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	struct slice input;
	uint64_t runs, ended, tests, passed, not_run;
};

static int
run_begin(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)run;
	(void)e;
	MUST(s->runs == s->ended);
	s->runs++;
	s->tests = s->passed = s->not_run = 0;
	return 0;
}

static int
test(void *ctx, const struct test *t, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(t->nodeid.n > 0 && t->attempt > 0);
	MUST(t->detail.n <= 64 * 1024);
	MUST(t->byte <= s->input.n && t->detail_byte <= s->input.n);
	MUST((t->duration_ns == CLOCK_NONE) == (t->duration_from == DURATION_NONE));
	MUST(t->duration_note.n == 0 || t->duration_from != DURATION_NONE);
	MUST(t->printed.n == 0 || !slice_eq(t->printed, t->nodeid));
	MUST(slice_find(t->nodeid, 0, t->params) != SIZE_MAX);
	MUST(slice_find(t->nodeid, 0, t->suite) != SIZE_MAX);
	MUST(t->outcome != TEST_NOT_RUN || slice_eqs(t->message, "collected only"));
	s->not_run += t->outcome == TEST_NOT_RUN;
	s->tests++;
	s->passed += t->outcome == TEST_PASSED;
	if (t->outcome == TEST_PASSED)
		MUST(memmem(s->input.p, s->input.n, "PASS", 4) ||
		    memchr(s->input.p, '.', s->input.n) ||
		    memchr(s->input.p, '\x1b', s->input.n));
	return 0;
}

static int
output(void *ctx, const struct printed *o, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(o->text.n > 0 && o->text.n <= 64 * 1024);
	MUST(o->line > 0 && o->byte <= s->input.n);
	MUST(o->text.p[o->text.n - 1] == '\n');
	return 0;
}

static int
run_end(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->ended++;
	MUST(run->state != RUN_COMPLETE || run->passed >= 0);
	MUST(run->state != RUN_NOT_RUN || s->passed == 0);
	MUST(run->state != RUN_COMPLETE || s->not_run == 0);
	MUST(s->not_run == 0 || s->passed == 0);
	MUST(run->state == RUN_COMPLETE || run->state_why.n > 0);
	MUST(run->reconciled != RUN_RECONCILED_YES || run->passed >= 0);
	return 0;
}

static int
bad(void *ctx, const struct bad_record *b, struct err *e)
{
	(void)ctx;
	(void)b;
	(void)e;
	return 0;
}

static void
diag(void *ctx, const struct diag *d)
{
	(void)ctx;
	MUST(memchr(d->detail, 0, sizeof d->detail));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { .input = slice_of((const char *)data, size) };
	const struct read_limits limits = { .record = 1 << 20, .depth = 64 };
	const struct read_sink sink = { .ctx = &seen, .run_begin = run_begin, .test = test,
		.output = output, .run_end = run_end, .bad = bad, .diag = { diag, &seen } };
	struct input *in = input_from_memory((const char *)data, size);
	struct read_job job = { .in = in, .limits = &limits, .sink = &sink };
	struct err e;
	int score = reader_pytest.sniff(seen.input, true);
	struct slice head;

	MUST(score >= 0 && score <= 100);
	err_clear(&e);
	/* places count in the text, which is not the input when that is compressed */
	if (input_head(in, &head, &e) != 0 || *input_compression(in) || *input_encoding(in)) {
		input_close(in);
		return 0;
	}
	MUST(reader_pytest.read(&job, &e) == 0);
	MUST(seen.runs == seen.ended);
	input_close(in);
	return 0;
}
