/*
 * report_kit.h - the recorder, for readers of pytest's reports: the reason of a bad record is kept too.
 */
#ifndef TESTS_UNIT_REPORT_KIT_H
#define TESTS_UNIT_REPORT_KIT_H

#include <stdio.h>

#include "recorder.h"

struct kit {
	struct recorder r;		/* first: it is the sink's ctx */
	char reason[300];		/* of the last bad record */
	uint64_t bad_line, bad_byte;
};

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

struct kit_told {
	const char *text;
	const char *reader;	/* that takes it; NULL: any but the one that is tested */
};

/* which reader takes each text, and that `tested` takes none that is another's */
static inline void
kit_told_apart(const struct kit_told *told, size_t n, const char *tested)
{
	for (size_t i = 0; i < n; i++) {
		const struct reader *is = reader_detect(slice_str(told[i].text), true);

		print_message("%s: %s\n", is ? is->name : "none", told[i].text);
		if (told[i].reader)
			assert_string_equal(is ? is->name : "none", told[i].reader);
		else
			assert_true(!is || strcmp(is->name, tested) != 0);
	}
}

#endif
