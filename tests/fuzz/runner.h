/*
 * runner.h - for fuzz targets of runners' readers: a sink that looks for what no reader may
 * hand over, and counts what it gets.
 */
#ifndef TESTS_FUZZ_RUNNER_H
#define TESTS_FUZZ_RUNNER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "plain_text.h"
#include "read/reader.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)

struct runner_seen {
	size_t size;		/* of the input; offsets are in it */
	bool plain;		/* the text is the input itself */
	uint64_t runs, ended, tests, passed;
	uint64_t passed_in_all, complete;
	uint64_t *id;		/* hashes of ids with their attempts */
	size_t ids, ids_cap;
	uint64_t bytes;
};

static uint64_t
runner_hash(uint64_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	return h;
}

static int
runner_begin(void *ctx, const struct run *run, struct err *e)
{
	struct runner_seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended);
	MUST(run->format.n > 0 && run->line > 0);
	s->runs++;
	s->tests = s->passed = 0;
	s->ids = 0;
	return 0;
}

static int
runner_test(void *ctx, const struct test *t, struct err *e)
{
	struct runner_seen *s = ctx;
	uint64_t h = runner_hash(UINT64_C(14695981039346656037), t->nodeid.p, t->nodeid.n) +
	    t->attempt * UINT64_C(0x9E3779B97F4A7C15);

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(t->nodeid.n > 0 && t->nodeid.n < 5000 && t->attempt > 0);
	MUST(t->detail.n <= 64 * 1024 && t->message.n <= 4096);
	MUST(t->line > 0 && (!s->plain || (t->byte <= s->size && t->detail_byte <= s->size)));
	MUST((t->detail.n > 0) == (t->detail_line > 0));
	MUST(t->outcome != TEST_FAILED || t->phase != PHASE_NONE);
	MUST(t->duration_ns >= 0 || t->duration_ns == CLOCK_NONE);
	MUST((t->duration_ns != CLOCK_NONE) == (t->duration_from != DURATION_NONE));
	/* two results of one id and attempt would be stored as one */
	for (size_t i = 0; s->ids < 500 && i < s->ids; i++)
		MUST(s->id[i] != h);
	s->id = mem_grow(s->id, &s->ids_cap, s->ids + 1, sizeof *s->id);
	s->id[s->ids++] = h;
	s->tests++;
	s->passed += t->outcome == TEST_PASSED;
	s->passed_in_all += t->outcome == TEST_PASSED;
	/* every byte is there to be read */
	s->bytes = runner_hash(s->bytes, t->suite.p, t->suite.n);
	s->bytes = runner_hash(s->bytes, t->printed.p, t->printed.n);
	s->bytes = runner_hash(s->bytes, t->file.p, t->file.n);
	s->bytes = runner_hash(s->bytes, t->message.p, t->message.n);
	s->bytes = runner_hash(s->bytes, t->detail.p, t->detail.n);
	return 0;
}

static int
runner_output(void *ctx, const struct printed *o, struct err *e)
{
	struct runner_seen *s = ctx;

	(void)e;
	MUST(s->runs == s->ended + 1);
	MUST(o->text.n > 0 && o->text.n <= 64 * 1024 && o->line > 0);
	MUST(o->text.p[o->text.n - 1] == '\n');
	return 0;
}

static int
runner_end(void *ctx, const struct run *run, struct err *e)
{
	struct runner_seen *s = ctx;

	(void)e;
	s->ended++;
	s->complete += run->state == RUN_COMPLETE;
	MUST(run->state != RUN_NOT_RUN || s->passed == 0);
	MUST(run->state == RUN_COMPLETE || run->state_why.n > 0);
	MUST(run->state != RUN_COMPLETE || s->tests > 0);
	return 0;
}

static int
runner_bad(void *ctx, const struct bad_record *b, struct err *e)
{
	(void)ctx;
	(void)e;
	MUST(b->reason.n > 0 && b->head.n <= 4096);
	return 0;
}

static void
runner_diag(void *ctx, const struct diag *d)
{
	(void)ctx;
	MUST(memchr(d->detail, 0, sizeof d->detail));
}

static void
runner_read(const struct reader *reader, struct slice text, struct runner_seen *s)
{
	const struct read_limits limits = { .record = 1 << 20, .depth = 64 };
	const struct read_sink sink = { .ctx = s, .run_begin = runner_begin, .test = runner_test,
		.output = runner_output, .run_end = runner_end, .bad = runner_bad,
		.diag = { runner_diag, s } };
	struct input *in = input_from_memory(text.p, text.n);
	struct read_job job = { .in = in, .limits = &limits, .sink = &sink };
	struct err e;

	*s = (struct runner_seen){ .size = text.n, .plain = is_plain_text(text.p, text.n) };
	err_clear(&e);
	MUST(reader->read(&job, &e) == 0);
	MUST(s->runs == s->ended);
	free(s->id);
	s->id = NULL;
	input_close(in);
}

static void
runner_sniff(const struct reader *reader, struct slice text)
{
	struct slice head = slice_sub(text, 0, INPUT_HEAD);
	int score = reader->sniff(head, text.n <= INPUT_HEAD);

	MUST(score >= 0 && score <= 100);
}

/* does the text hold this? A text that has colours may have it in pieces. */
static inline bool
runner_has(struct slice text, const char *what)
{
	return slice_find(text, 0, slice_str(what)) != SIZE_MAX ||
	    slice_find_byte(text, 0, '\x1b') != SIZE_MAX;
}

/* the first half, whole lines of it */
static inline struct slice
runner_half(struct slice text)
{
	size_t newline = slice_rfind_byte(slice_sub(text, 0, text.n / 2), '\n');

	return slice_sub(text, 0, newline == SIZE_MAX ? 0 : newline + 1);
}

#endif
