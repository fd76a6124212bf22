/*
 * fuzz_junit.c - any bytes as JUnit XML. Beside crashes it looks for results from nowhere: a
 * test needs a testcase in the input, a pass one that is closed there, no id has two results of
 * one attempt, and every run that begins has to end. A part of the input, cut off anywhere, has no
 * pass that the whole does not have.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/reader.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)

extern const struct reader reader_junit;
int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RESULTS 4096	/* of which ids are compared */

struct result {
	uint64_t id, attempt;		/* hashes: of run and id, of those and the attempt */
	enum test_outcome outcome;
};

struct seen {
	struct slice input;
	uint64_t runs, ended, tests, passed;
	struct result result[RESULTS];
	size_t results;
	bool repeats;		/* the runner leaves attempts without a report */
};

static uint64_t
hash(uint64_t h, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return (h ^ s.n) * 0x100000001b3u;
}

/* the testcase that begins here has an end */
static bool
is_closed(struct slice s)
{
	size_t at = 0, end;
	char quote = 0;

	for (end = 0; end < s.n && (quote || s.p[end] != '>'); end++)
		quote = quote ? (s.p[end] == quote ? 0 : quote) :
		    s.p[end] == '"' || s.p[end] == '\'' ? s.p[end] : 0;
	if (end > 0 && end < s.n && s.p[end - 1] == '/')
		return true;
	while ((at = slice_find(s, at + 1, SLICE("</"))) != SIZE_MAX) {
		struct slice name = slice_sub(s, at + 2, slice_find_byte(slice_sub(s, at + 2, s.n),
		    0, '>'));

		if (slice_ends(slice_trim(name), "testcase"))
			return true;
	}
	return false;
}

static int
run_begin(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)run;
	(void)e;
	MUST(s->runs == s->ended);
	s->runs++;
	s->tests = s->passed = 0;
	return 0;
}

static void
keep(struct seen *s, const struct test *t)
{
	const char run = (char)s->runs;
	uint64_t id = hash(hash(0xcbf29ce484222325u, slice_of(&run, 1)), t->nodeid);
	uint64_t attempt = hash(id, slice_of((const char *)&t->attempt, sizeof t->attempt));

	if (s->results == RESULTS)
		return;
	for (size_t i = 0; i < s->results; i++)
		MUST(s->result[i].attempt != attempt);
	s->result[s->results++] = (struct result){ id, attempt, t->outcome };
}

static int
test(void *ctx, const struct test *t, struct err *e)
{
	struct seen *s = ctx;
	bool wide = memchr(s->input.p, 0, s->input.n) != NULL;	/* UTF-16 */

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(t->attempt > 0 && t->nodeid.n > 0 && t->line > 0);
	MUST(t->detail.n <= 64 * 1024);
	MUST(t->byte <= s->input.n);
	MUST(t->duration_note.n == 0 || t->duration_ns == 0);
	MUST(t->duration_ns == CLOCK_NONE || t->duration_ns >= 0);
	s->tests++;
	s->passed += t->outcome == TEST_PASSED;
	/* a suite itself may have failed */
	MUST(wide || t->outcome == TEST_FAILED || t->outcome == TEST_ERROR ||
	    memmem(s->input.p, s->input.n, "testcase", 8));
	MUST(wide || t->outcome != TEST_PASSED ||
	    is_closed(slice_sub(s->input, t->byte, s->input.n)));
	keep(s, t);
	return 0;
}

static int
output(void *ctx, const struct printed *o, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(o->text.n > 0 && o->text.n <= 64 * 1024);
	MUST(o->line > 0 && o->section.n > 0);
	MUST(o->text.p[o->text.n - 1] == '\n');
	return 0;
}

static int
fact(void *ctx, const struct run_fact *f, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(f->kind.n > 0 && f->name.n > 0 && f->line > 0);
	return 0;
}

static int
run_end(void *ctx, const struct run *run, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	s->ended++;
	s->repeats = s->repeats || slice_eqs(run->framework, "pytest");
	MUST(run->state != RUN_NOT_RUN || s->passed == 0);
	MUST(run->state == RUN_COMPLETE || run->state_why.n > 0);
	MUST(run->state != RUN_COMPLETE || s->tests > 0);
	MUST(run->collected < 0 || run->passed <= run->collected);
	MUST(run->reconciled != RUN_RECONCILED_NO || run->reconciled_why.n > 0);
	return 0;
}

static int
bad(void *ctx, const struct bad_record *b, struct err *e)
{
	struct seen *s = ctx;

	(void)e;
	MUST(b->byte + b->bytes <= s->input.n + 1 && b->reason.n > 0);
	return 0;
}

static void
diag(void *ctx, const struct diag *d)
{
	(void)ctx;
	MUST(memchr(d->detail, 0, sizeof d->detail));
}

static void
read_input(struct seen *s, struct slice input)
{
	const struct read_limits limits = { .record = 1 << 20, .depth = 64 };
	const struct read_sink sink = { .ctx = s, .run_begin = run_begin, .test = test,
		.output = output, .fact = fact, .run_end = run_end, .bad = bad,
		.diag = { diag, s } };
	struct input *in = input_from_memory(input.p, input.n);
	struct read_job job = { .in = in, .limits = &limits, .sink = &sink };
	struct err e;

	*s = (struct seen){ .input = input };
	err_clear(&e);
	MUST(reader_junit.read(&job, &e) == 0);
	MUST(s->runs == s->ended);
	input_close(in);
}

/* has the whole this pass? pytest tells by later attempts only that an early one was none */
static bool
has_pass(const struct seen *whole, const struct result *r)
{
	size_t attempts = 0;
	bool pass = false;

	for (size_t i = 0; i < whole->results; i++) {
		attempts += whole->result[i].id == r->id;
		pass = pass || (whole->result[i].attempt == r->attempt &&
		    whole->result[i].outcome == TEST_PASSED);
	}
	return pass || (whole->repeats && attempts > 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct seen whole, part;
	struct slice input = slice_of((const char *)data, size);
	int score = reader_junit.sniff(input, true);

	MUST(score >= 0 && score <= 100);
	read_input(&whole, input);
	/* UTF-16 is told by its first bytes, and its byte offsets are others */
	if (size < 2 || memchr(data, 0, size) || whole.results == RESULTS)
		return 0;
	/* somewhere, the same place for the same input */
	read_input(&part, slice_sub(input, 0, hash(1, input) % size));
	for (size_t i = 0; i < part.results; i++)
		MUST(part.result[i].outcome != TEST_PASSED || has_pass(&whole, &part.result[i]));
	return 0;
}
