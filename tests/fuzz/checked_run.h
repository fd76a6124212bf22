/*
 * checked_run.h - a read_sink that aborts when a reader of test output breaks what holds for all
 * of them: every result lies in a run, every place is one of the input, and no run that did not
 * end is complete.
 */
#ifndef TESTS_FUZZ_CHECKED_RUN_H
#define TESTS_FUZZ_CHECKED_RUN_H

#include <stdlib.h>
#include <string.h>

#include "read/reader.h"
#include "plain_text.h"

#define MUST(x)	do { if (!(x)) abort(); } while (0)

struct checked_runs {
	struct slice input;
	enum run_quality quality;	/* that every run must have */
	bool lines;			/* every place has its line */
	uint64_t begun, ended, tests, bads, facts, entries;
};

static int
check_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(entry->byte <= c->input.n);
	c->entries++;
	return 0;
}

static void
check_place(const struct checked_runs *c, uint64_t line, uint64_t byte)
{
	uint64_t no = 1;

	MUST(line > 0 && byte <= c->input.n);
	if (!c->lines)
		return;
	for (const char *p = c->input.p, *end = p + byte; p < end &&
	    (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		no++;
	MUST(line == no);
}

static int
check_begin(void *ctx, const struct run *run, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(c->begun == c->ended);
	MUST(run->quality == c->quality);
	c->begun++;
	c->tests = 0;
	return 0;
}

static int
check_test(void *ctx, const struct test *t, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(c->begun == c->ended + 1);
	MUST(t->nodeid.n > 0 && t->attempt > 0);
	/* 0: only a heading names it, and detail_line is the place */
	if (t->line)
		check_place(c, t->line, t->byte);
	c->tests++;
	return 0;
}

static int
check_output(void *ctx, const struct printed *o, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(c->begun == c->ended + 1);
	MUST(o->text.n > 0 && o->text.p[o->text.n - 1] == '\n');
	check_place(c, o->line, o->byte);
	return 0;
}

static int
check_fact(void *ctx, const struct run_fact *f, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(c->begun == c->ended + 1);
	MUST(f->kind.n > 0 && f->name.n > 0 && f->value.n > 0);
	check_place(c, f->line, f->byte);
	c->facts++;
	return 0;
}

static int
check_end(void *ctx, const struct run *run, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(c->begun == c->ended + 1);
	MUST(run->quality == c->quality);
	MUST(run->state == RUN_COMPLETE || run->state_why.n > 0);
	c->ended++;
	return 0;
}

static int
check_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct checked_runs *c = ctx;

	(void)e;
	MUST(bad->byte + bad->bytes <= c->input.n);
	c->bads++;
	return 0;
}

static void
check_diag(void *ctx, const struct diag *d)
{
	const struct checked_runs *c = ctx;

	MUST(d->byte <= c->input.n);
	MUST(memchr(d->detail, 0, sizeof d->detail));
}

/* one reading; every input is a run or at least one record that is none */
static struct checked_runs
check_runs(const struct reader *reader, const uint8_t *data, size_t size, enum run_quality quality)
{
	struct checked_runs c = { .input = slice_of((const char *)data, size), .quality = quality,
		.lines = true };
	const struct read_limits limits = { .record = 1 << 20, .depth = 64 };
	const struct read_sink sink = { .ctx = &c, .entry = check_entry, .run_begin = check_begin, .test = check_test,
		.output = check_output, .fact = check_fact, .run_end = check_end,
		.bad = check_bad, .diag = { check_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;
	int score;

	if (!is_plain_text(c.input.p, size))
		return c;
	score = reader->sniff(c.input, true);
	MUST(score >= 0 && score <= 100);
	err_clear(&e);
	job.in = input_from_memory(c.input.p, size);
	MUST(reader->read(&job, &e) == 0);
	MUST(c.begun == c.ended);
	input_close(job.in);
	return c;
}

#endif
