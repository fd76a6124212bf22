/*
 * report_kit.h - the recorder, for readers of pytest's reports: facts and reasons are kept too.
 */
#ifndef TESTS_UNIT_REPORT_KIT_H
#define TESTS_UNIT_REPORT_KIT_H

#include <stdio.h>

#include "recorder.h"

#define KIT_FACTS 32

struct kit {
	struct recorder r;		/* first: it is the sink's ctx */
	struct run_fact fact[KIT_FACTS];
	size_t facts;
	char reason[300];		/* of the last bad record */
	uint64_t bad_line, bad_byte;
};

static int
kit_test(void *ctx, const struct test *test, struct err *e)
{
	struct kit *k = ctx;
	struct recorded_run *run = &k->r.run[k->r.runs - 1];
	struct test *t;

	if (record_test(ctx, test, e) != 0)
		return -1;
	t = &run->test[run->tests - 1];
	t->printed = arena_copy(&k->r.arena, test->printed);
	t->suite = arena_copy(&k->r.arena, test->suite);
	t->params = arena_copy(&k->r.arena, test->params);
	t->duration_note = arena_copy(&k->r.arena, test->duration_note);
	return 0;
}

static int
kit_fact(void *ctx, const struct run_fact *fact, struct err *e)
{
	struct kit *k = ctx;
	struct run_fact *f = &k->fact[k->facts];

	(void)e;
	if (k->facts++ >= KIT_FACTS)
		abort();
	*f = *fact;
	f->kind = arena_copy(&k->r.arena, fact->kind);
	f->name = arena_copy(&k->r.arena, fact->name);
	f->value = arena_copy(&k->r.arena, fact->value);
	return 0;
}

static int
kit_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct kit *k = ctx;

	snprintf(k->reason, sizeof k->reason, "%.*s", SLICE_ARG(bad->reason));
	k->bad_line = bad->line;
	k->bad_byte = bad->byte;
	return record_bad(ctx, bad, e);
}

static void
kit_read(struct kit *k, const struct reader *reader, const char *text, size_t n)
{
	memset(k, 0, sizeof *k);
	recorder_init(&k->r);
	k->r.sink.test = kit_test;
	k->r.sink.fact = kit_fact;
	k->r.sink.bad = kit_bad;
	if (record_input(&k->r, reader, input_from_memory(text, n)) != 0 ||
	    k->r.begun != k->r.ended)
		abort();
}

static inline void
kit_release(struct kit *k)
{
	recorder_release(&k->r);
}

/* the only run there is */
static inline const struct recorded_run *
kit_run(const struct kit *k)
{
	if (k->r.runs != 1)
		abort();
	return &k->r.run[0];
}

/* does every pass of `part` stand in `all`? */
static inline bool
kit_no_new_pass(const struct kit *part, const struct kit *all)
{
	for (size_t i = 0; i < part->r.runs; i++) {
		const struct recorded_run *run = &part->r.run[i];

		for (size_t k = 0; k < run->tests; k++) {
			const struct test *was, *t = &run->test[k];
			char id[500];

			if (t->outcome != TEST_PASSED && t->outcome != TEST_XPASSED)
				continue;
			snprintf(id, sizeof id, "%.*s", SLICE_ARG(t->nodeid));
			was = i < all->r.runs ? recorded_test(&all->r.run[i], id) : NULL;
			if (!was || was->outcome != t->outcome)
				return false;
		}
	}
	return true;
}

#endif
