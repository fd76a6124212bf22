/*
 * run_line.c - what came of a run, in one line.
 */
#include "config.h"

#include <inttypes.h>

#include "report/pages.h"
#include "report/say.h"

/* the last attempt of each test */
#define LAST "(select outcome, max(attempt) from tests where run_id = %" PRId64 " group by nodeid)"

/* tests that have a result */
static long
results_of(const struct case_run *r)
{
	long n = 0;

	for (int i = TEST_PASSED; i < TEST_NOT_RUN; i++)
		n += r->last[i];
	return n;
}

/* tests that were to run; -1: not known */
static long
wanted_of(const struct case_run *r)
{
	if (r->run.selected >= 0)
		return r->run.selected;
	if (r->run.collected < 0)
		return -1;
	return r->run.collected - (r->run.deselected > 0 ? r->run.deselected : 0);
}

/* results that are counted, whether they are named or not */
static long
printed_of(const struct case_run *r)
{
	const long count[] = { r->run.passed, r->run.failed, r->run.errors, r->run.skipped,
	    r->run.xfailed, r->run.xpassed };
	long n = 0;

	for (size_t i = 0; i < sizeof count / sizeof *count; i++)
		n += count[i] > 0 ? count[i] : 0;
	return n;
}

/* not told by subtests, nor by a test that counts as passed and as an error of its teardown */
static bool
counts_more(const struct case_run *r)
{
	return r->run.reconciled == RUN_RECONCILED_NO && printed_of(r) > results_of(r);
}

/*
 * A runner that says how many it selected counts tests. A report counts what it holds:
 * attempts and subtests too.
 */
static long
attempts_of(const struct case_run *r)
{
	long n = 0;

	if (r->run.selected >= 0)
		return results_of(r);
	for (int i = TEST_PASSED; i < TEST_NOT_RUN; i++)
		n += r->rows[i];
	return n;
}

static bool
ran_as_printed(const struct case_run *r)
{
	return printed_of(r) > attempts_of(r) && (r->run.selected < 0 || counts_more(r));
}

/* those that were to run and are neither named nor counted; 0 when that is not known */
static long
missing_of(const struct case_run *r)
{
	long wanted = wanted_of(r), ran = ran_as_printed(r) ? printed_of(r) : attempts_of(r);

	return wanted > ran ? wanted - ran : 0;
}

long
run_not_run(const struct case_run *r)
{
	long named = r->last[TEST_NOT_RUN], missing = missing_of(r);

	if (wanted_of(r) < 0)
		return named ? named : -1;
	/* what came to its end ran them: it names what failed, and nothing else */
	return r->run.state == RUN_COMPLETE || missing < named ? named : missing;
}

static const char *
state_words(const struct case_run *r)
{
	switch (r->run.state) {
	case RUN_STOPPED:
		return "stopped after ";
	case RUN_TRUNCATED:
		return "cut short after ";
	case RUN_CRASHED:
		return "crashed after ";
	case RUN_NOT_RUN:
		return "did not run, ";
	case RUN_COMPLETE:
		break;
	}
	return "complete, ";
}

void
say_not_run(struct doc *d, struct doc_node *n, const struct case_run *r)
{
	long not_run = run_not_run(r);
	const char *wanted = r->run.selected >= 0 ? "selected" :
	    "collected - coalesce(deselected, 0)";

	if (not_run == r->last[TEST_NOT_RUN])
		doc_count(d, n, not_run, "select count(*) from " LAST " where outcome = '%s'",
		    r->id, test_outcome_name(TEST_NOT_RUN));
	else if (ran_as_printed(r))
		doc_count(d, n, not_run, "select %s - coalesce(passed, 0) - coalesce(failed, 0)"
		    " - coalesce(errors, 0) - coalesce(skipped, 0) - coalesce(xfailed, 0)"
		    " - coalesce(xpassed, 0) from runs where id = %" PRId64, wanted, r->id);
	else if (r->run.selected < 0)
		doc_count(d, n, not_run, "select %s - (select count(*) from tests where run_id = %"
		    PRId64 " and outcome <> '%s') from runs where id = %" PRId64, wanted, r->id,
		    test_outcome_name(TEST_NOT_RUN), r->id);
	else
		doc_count(d, n, not_run, "select %s - (select count(*) from " LAST " where outcome"
		    " <> '%s') from runs where id = %" PRId64, wanted, r->id,
		    test_outcome_name(TEST_NOT_RUN), r->id);
}

/* ": 51 passed, 7 failed" */
static void
say_outcomes(struct doc *d, struct doc_node *n, const struct case_run *r)
{
	static const enum test_outcome order[] = { TEST_PASSED, TEST_FAILED, TEST_ERROR,
	    TEST_XPASSED, TEST_XFAILED, TEST_SKIPPED };
	const char *before = ": ";

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const char *name = test_outcome_name(order[i]);
		long count = r->last[order[i]];

		if (!count)
			continue;
		doc_text(d, n, "%s", before);
		doc_count(d, n, count, "select count(*) from " LAST " where outcome = '%s'", r->id,
		    name);
		doc_text(d, n, " %s", order[i] == TEST_ERROR && count != 1 ? "errors" : name);
		before = ", ";
	}
	if (run_not_run(r) > 0) {
		doc_text(d, n, "%s", before);
		say_not_run(d, n, r);
		doc_text(d, n, " not run");
	}
}

/* what keeps a complete run without a failure from being a pass */
static void
say_doubts(struct doc *d, struct doc_node *n, const struct case_run *r)
{
	if (counts_more(r))
		doc_text(d, n, "; more are counted than are named");
	if (r->reruns) {
		doc_text(d, n, "; ");
		doc_count(d, n, r->reruns, "select (select count(*) from tests where run_id = %"
		    PRId64 ") - (select count(*) from " LAST ")", r->id, r->id);
		doc_text(d, n, " earlier %s", say_noun(r->reruns, "attempt", "attempts"));
	}
	if (r->run.state != RUN_COMPLETE)
		return;
	if (r->run.exit_code > 0 && run_failures(r) == 0)
		doc_text(d, n, "; its exit code is not zero, so it is not a pass");
	else if (r->last[TEST_PASSED] == 0 && r->run.passed <= 0 && run_failures(r) == 0)
		doc_text(d, n, "; no test passed, so it shows nothing");
	else if (r->run.reconciled == RUN_RECONCILED_NO)
		doc_text(d, n, "; its counts do not add up, so it is not taken for a pass");
}

void
run_line(struct doc *d, struct doc_node *n, const struct case_run *r)
{
	long ran = results_of(r), wanted = wanted_of(r);
	bool of = wanted > ran && (run_not_run(r) > 0 || missing_of(r) > 0);

	if (r->run.quality == RUN_QUOTED)
		doc_text(d, n, "claimed by a document, no evidence: ");
	doc_text(d, n, "%s", state_words(r));
	doc_count(d, n, ran, "select count(*) from " LAST " where outcome <> '%s'", r->id,
	    test_outcome_name(TEST_NOT_RUN));
	if (of) {
		doc_text(d, n, " of ");
		doc_count(d, n, wanted, "select %s from runs where id = %" PRId64,
		    r->run.selected >= 0 ? "selected" : "collected - coalesce(deselected, 0)",
		    r->id);
	}
	doc_text(d, n, " %s", say_noun(of ? wanted : ran, "test", "tests"));
	if (of && run_not_run(r) == 0)
		doc_text(d, n, " are named");
	say_outcomes(d, n, r);
	say_doubts(d, n, r);
}

struct slice
run_line_text(struct arena *a, const struct case_run *r)
{
	struct slice text;
	struct buf line;
	struct doc d;

	doc_init(&d, a);
	run_line(&d, doc_para(&d, NULL), r);
	buf_init(&line, 4096);
	for (const struct doc_node *n = d.root->first->first; n; n = n->next)
		buf_put_slice(&line, n->text);
	text = arena_copy(a, buf_slice(&line));
	buf_release(&line);
	return text;
}
