/*
 * recorder.h - a read_sink that keeps what a reader of tests gives out, for unit tests.
 */
#ifndef TESTS_UNIT_RECORDER_H
#define TESTS_UNIT_RECORDER_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "read/reader.h"

struct recorded_run {
	struct run run;			/* as run_end gave it */
	struct test *test;
	struct printed *output;
	struct run_fact *fact;
	size_t tests, test_cap, outputs, output_cap, facts, fact_cap;
};

struct recorder {
	struct arena arena;
	struct recorded_run *run;
	size_t runs, run_cap;
	size_t begun, ended, bad;
	unsigned diags[DIAG_CODES];
	struct read_sink sink;
};

static int
record_begin(void *ctx, const struct run *run, struct err *e)
{
	struct recorder *r = ctx;

	(void)e;
	if (r->begun != r->ended)
		abort();
	r->begun++;
	r->run = mem_grow(r->run, &r->run_cap, r->runs + 1, sizeof *r->run);
	r->run[r->runs] = (struct recorded_run){ .run = *run };
	r->runs++;
	return 0;
}

static int
record_test(void *ctx, const struct test *test, struct err *e)
{
	struct recorder *r = ctx;
	struct recorded_run *run = &r->run[r->runs - 1];
	struct test *t;

	(void)e;
	if (r->begun == r->ended)
		abort();
	run->test = mem_grow(run->test, &run->test_cap, run->tests + 1, sizeof *run->test);
	t = &run->test[run->tests++];
	*t = *test;
	t->nodeid = arena_copy(&r->arena, test->nodeid);
	t->file = arena_copy(&r->arena, test->file);
	t->suite = arena_copy(&r->arena, test->suite);
	t->printed = arena_copy(&r->arena, test->printed);
	t->message = arena_copy(&r->arena, test->message);
	t->detail = arena_copy(&r->arena, test->detail);
	t->worker = arena_copy(&r->arena, test->worker);
	t->params = arena_copy(&r->arena, test->params);
	t->duration_note = arena_copy(&r->arena, test->duration_note);
	return 0;
}

static int
record_output(void *ctx, const struct printed *output, struct err *e)
{
	struct recorder *r = ctx;
	struct recorded_run *run = &r->run[r->runs - 1];
	struct printed *o;

	(void)e;
	if (r->begun == r->ended)
		abort();
	run->output = mem_grow(run->output, &run->output_cap, run->outputs + 1,
	    sizeof *run->output);
	o = &run->output[run->outputs++];
	*o = *output;
	o->nodeid = arena_copy(&r->arena, output->nodeid);
	o->section = arena_copy(&r->arena, output->section);
	o->text = arena_copy(&r->arena, output->text);
	return 0;
}

static int
record_fact(void *ctx, const struct run_fact *fact, struct err *e)
{
	struct recorder *r = ctx;
	struct recorded_run *run = &r->run[r->runs - 1];
	struct run_fact *f;

	(void)e;
	if (r->begun == r->ended)
		abort();
	run->fact = mem_grow(run->fact, &run->fact_cap, run->facts + 1, sizeof *run->fact);
	f = &run->fact[run->facts++];
	*f = *fact;
	f->kind = arena_copy(&r->arena, fact->kind);
	f->name = arena_copy(&r->arena, fact->name);
	f->value = arena_copy(&r->arena, fact->value);
	return 0;
}

static int
record_end(void *ctx, const struct run *run, struct err *e)
{
	struct recorder *r = ctx;
	struct run *to = &r->run[r->runs - 1].run;

	(void)e;
	*to = *run;
	to->framework = arena_copy(&r->arena, run->framework);
	to->host = arena_copy(&r->arena, run->host);
	to->command = arena_copy(&r->arena, run->command);
	to->env = arena_copy(&r->arena, run->env);
	to->commit = arena_copy(&r->arena, run->commit);
	to->state_why = arena_copy(&r->arena, run->state_why);
	to->reconciled_why = arena_copy(&r->arena, run->reconciled_why);
	r->ended++;
	return 0;
}

static int
record_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct recorder *r = ctx;

	(void)bad;
	(void)e;
	r->bad++;
	return 0;
}

static void
record_diag(void *ctx, const struct diag *d)
{
	struct recorder *r = ctx;

	r->diags[d->code]++;
}

static void
recorder_init(struct recorder *r)
{
	memset(r, 0, sizeof *r);
	arena_init(&r->arena);
	r->sink = (struct read_sink){ .ctx = r, .run_begin = record_begin, .test = record_test,
		.output = record_output, .fact = record_fact, .run_end = record_end, .bad = record_bad,
		.diag = { record_diag, r } };
}

static void
recorder_release(struct recorder *r)
{
	for (size_t i = 0; i < r->runs; i++) {
		free(r->run[i].test);
		free(r->run[i].output);
		free(r->run[i].fact);
	}
	free(r->run);
	arena_release(&r->arena);
}

static int
record_input(struct recorder *r, const struct reader *reader, struct input *in)
{
	const struct read_limits limits = { .record = 4 << 20, .depth = 64 };
	struct read_job job = { .in = in, .limits = &limits, .sink = &r->sink };
	struct err e;
	int rc;

	err_clear(&e);
	rc = reader->read(&job, &e);
	input_close(in);
	return rc;
}

static inline int
record_text(struct recorder *r, const struct reader *reader, const char *text, size_t n)
{
	recorder_init(r);
	return record_input(r, reader, input_from_memory(text, n));
}

/* a file of real evidence; false when NETRA_TRIAGE_CORPUS is not set */
static inline bool
record_corpus(struct recorder *r, const struct reader *reader, const char *name)
{
	const struct input_limits limits = { .expand_free = 64 << 20, .expand_ratio = 500 };
	const char *dir = getenv("NETRA_TRIAGE_CORPUS");
	struct input *in;
	struct err e;
	char *path;

	recorder_init(r);
	if (!dir || !*dir)
		return false;
	path = arena_printf(&r->arena, "%s/%s", dir, name);
	err_clear(&e);
	if (input_open(path, &limits, &in, &e) != 0)
		abort();
	if (record_input(r, reader, in) != 0)
		abort();
	return true;
}

/* the last result of this name, NULL if there is none */
static inline const struct test *
recorded_test(const struct recorded_run *run, const char *nodeid)
{
	for (size_t i = run->tests; i-- > 0;)
		if (slice_eqs(run->test[i].nodeid, nodeid))
			return &run->test[i];
	return NULL;
}

static inline long
recorded_count(const struct recorded_run *run, enum test_outcome outcome)
{
	long n = 0;

	for (size_t i = 0; i < run->tests; i++)
		n += run->test[i].outcome == outcome;
	return n;
}

#endif
