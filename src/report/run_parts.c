/*
 * run_parts.c - what a run is, as its page and a worklog tell it.
 */
#include "config.h"

#include <inttypes.h>

#include "report/pages.h"
#include "report/say.h"

struct tally {
	const char *name;		/* column of runs, and of the table */
	long printed;			/* -1 = not printed */
	int outcome;			/* enum test_outcome, or -1 for collected */
};

static void
tally_row(struct doc *d, struct doc_node *table, const struct case_run *r, const struct tally *t)
{
	struct doc_node *row = say_row(d, table, NULL, 0), *cell;

	doc_words(d, say_cell(d, row), slice_str(t->name));
	cell = say_cell(d, row);
	if (t->printed >= 0)
		doc_count(d, cell, t->printed, "select %s from runs where id = %" PRId64, t->name,
		    r->id);
	else
		doc_text(d, cell, "not printed");
	cell = say_cell(d, row);
	if (t->outcome < 0) {
		long all = 0;

		for (int k = TEST_PASSED; k <= TEST_NOT_RUN; k++)
			all += r->rows[k];
		doc_count(d, cell, all, "select count(*) from tests where run_id = %" PRId64,
		    r->id);
	} else {
		doc_count(d, cell, r->rows[t->outcome], "select count(*) from tests where run_id = "
		    "%" PRId64 " and outcome = '%s'", r->id,
		    test_outcome_name((enum test_outcome)t->outcome));
	}
}

void
say_run_counts(struct doc *d, const struct case_run *r)
{
	static const char *const columns[] = { "tests", "as printed", "counted in its output" };
	const struct tally tally[] = {
		{ "collected", r->run.collected, -1 },
		{ "passed", r->run.passed, TEST_PASSED },
		{ "failed", r->run.failed, TEST_FAILED },
		{ "errors", r->run.errors, TEST_ERROR },
		{ "skipped", r->run.skipped, TEST_SKIPPED },
		{ "xfailed", r->run.xfailed, TEST_XFAILED },
		{ "xpassed", r->run.xpassed, TEST_XPASSED },
	};
	struct doc_node *table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));

	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < sizeof tally / sizeof tally[0]; i++)
		tally_row(d, table, r, &tally[i]);
}

static void
agree_line(struct doc *d, struct doc_node *list, const struct case_run *r)
{
	struct doc_node *item = say_label(d, list, "Counts agree");

	doc_text(d, item, "%s", run_reconciled_name(r->run.reconciled));
	if (r->run.reconciled_why.n) {
		doc_text(d, item, ": ");
		doc_fact(d, item, r->run.reconciled_why, "select reconciled_why from runs where id "
		    "= %" PRId64, r->id);
	}
}


static void
when_lines(struct doc *d, struct doc_node *list, const struct case_run *r, const struct zone *zone)
{
	struct doc_node *item = say_label(d, list, "Duration");

	if (r->run.duration_ns != CLOCK_NONE)
		doc_duration(d, item, r->run.duration_ns, "select duration_ns from runs where id = "
		    "%" PRId64, r->id);
	else
		doc_text(d, item, "not printed");
	item = say_label(d, list, "Started");
	if (r->run.started_ns == CLOCK_NONE) {
		doc_text(d, item, "not known");
		return;
	}
	doc_time(d, item, r->run.started_ns, "select started_ts from runs where id = %" PRId64,
	    r->id);
	if (zone) {
		doc_text(d, item, ", ");
		doc_local(d, item, r->run.started_ns, zone,
		    "select started_ns from runs where id = %" PRId64, r->id);
	}
	doc_text(d, item, " (clock %s)", run_clock_name(r->run.clock));
}

static void
word_line(struct doc *d, struct doc_node *list, const char *label, struct slice word)
{
	if (word.n)
		doc_term(d, say_label(d, list, label), word);
}

void
say_run_lines(struct doc *d, struct doc_node *list, const struct case_run *r,
    const struct zone *zone)
{
	struct doc_node *item;
	long not_run = run_not_run(r);

	if (not_run > 0) {
		item = say_label(d, list, "Not run");
		say_not_run(d, item, r);
		doc_text(d, item, " of the tests that were to run");
	}
	agree_line(d, list, r);
	if (r->run.wrapper_why.n)
		doc_fact(d, say_label(d, list, "What ran it says otherwise"), r->run.wrapper_why,
		    "select wrapper_why from runs where id = %" PRId64, r->id);
	item = say_label(d, list, "Exit code");
	if (r->run.exit_code >= 0)
		doc_count(d, item, r->run.exit_code, "select exit_code from runs where id = %"
		    PRId64, r->id);
	else
		doc_text(d, item, "not known");
	when_lines(d, list, r, zone);
	item = say_label(d, list, "Command");
	if (r->run.command.n)
		doc_term(d, item, r->run.command);
	else
		doc_text(d, item, "not printed");
	word_line(d, list, "Environment", r->run.env);
	word_line(d, list, "Commit", r->run.commit);
	word_line(d, list, "Host", r->run.host);
	if (slice_find_byte(r->formats, 0, ',') != SIZE_MAX)
		doc_fact(d, say_label(d, list, "Formats"), r->formats,
		    "select formats from runs where id = %" PRId64, r->id);
}
