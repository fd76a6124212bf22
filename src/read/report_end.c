/*
 * report_end.c - exit code and counts to a state. The words are those of pytest_end.c.
 */
#include "config.h"

#include "read/report_end.h"

static void
put_share(struct report_run *r)
{
	long reported = r->ran - r->unfinished;

	if (r->run.selected >= 0)
		buf_printf(&r->why, "%ld of %ld selected tests reported", reported,
		    r->run.selected);
	else
		buf_printf(&r->why, "%ld test%s reported", reported, reported == 1 ? "" : "s");
}

static void
because(struct report_run *r, enum run_state state, const char *why)
{
	r->run.state = state;
	buf_puts(&r->why, why);
}

/* the exit code of pytest, where it is not one that says how the tests went */
static bool
state_of_exit(struct report_run *r, long code)
{
	if (code == 3) {
		because(r, RUN_CRASHED, "internal error of pytest: ");
		put_share(r);
	} else if (r->ran == 0 && r->collect_errors > 0) {
		r->run.state = RUN_NOT_RUN;
		buf_printf(&r->why, "%ld error%s during collection, no test ran",
		    r->collect_errors, r->collect_errors == 1 ? "" : "s");
	} else if (r->ran == 0 && code == 2) {
		because(r, RUN_NOT_RUN, "interrupted before any test had a result");
	} else if (r->ran == 0 && code == 4) {
		because(r, RUN_NOT_RUN, "usage error: pytest was called wrongly");
	} else if (r->ran == 0 && r->run.collected > 0 &&
	    r->run.deselected == r->run.collected) {
		because(r, RUN_NOT_RUN, "all collected tests were deselected");
	} else if (r->ran == 0 && r->by[TEST_NOT_RUN] > 0) {
		because(r, RUN_NOT_RUN, "no test was called, only set up and torn down");
	} else if (r->ran == 0 && code == 0 && r->run.collected > 0) {
		because(r, RUN_NOT_RUN, "tests were collected only");
	} else if (r->ran == 0) {
		because(r, RUN_NOT_RUN, "no tests ran");
		if (code != 0 && code != 5)
			buf_printf(&r->why, ", exit code %ld", code);
	} else if (code == 2) {
		because(r, RUN_STOPPED, "interrupted: ");
		put_share(r);
	} else if (code != 0 && code != 1 && code != 6 && code != 7) {
		/* pytest.exit(), a signal, or a code that does not fit to results */
		because(r, RUN_STOPPED, "");
		buf_printf(&r->why, "exit code %ld: ", code);
		put_share(r);
	} else {
		return false;
	}
	return true;
}

/* the session came to its own end: did all that was selected? */
static void
state_of_results(struct report_run *r, long code)
{
	if (r->unfinished > 0) {
		r->run.state = RUN_STOPPED;
		buf_printf(&r->why, "%ld test%s did not finish", r->unfinished,
		    r->unfinished == 1 ? "" : "s");
	} else if (r->run.selected > r->ran) {
		r->run.state = RUN_STOPPED;
		put_share(r);
		buf_printf(&r->why, ", %ld not run", r->run.selected - r->ran);
	} else {
		r->run.state = RUN_COMPLETE;
		if (code == 6)
			buf_puts(&r->why, "more warnings than allowed");
	}
}

static void
state_of_cut(struct report_run *r, const struct report_end *end)
{
	because(r, RUN_TRUNCATED, end->cut);
	buf_puts(&r->why, ": ");
	put_share(r);
	if (end->begun.n)
		buf_printf(&r->why, ", %.*s had begun", SLICE_ARG(end->begun));
}

void
report_end_state(struct report_run *r, const struct report_end *end)
{
	struct run *run = &r->run;
	long missing;

	buf_reset(&r->why);
	if (run->collected >= 0)
		run->selected = run->collected - (run->deselected > 0 ? run->deselected : 0);
	/* xdist collects in its workers, and the report says 0 */
	if (run->selected < r->ran || run->selected < end->total)
		run->selected = -1;
	if (!end->listed && end->total > 0)
		r->ran = end->total;
	missing = end->listed && end->total > r->ran + r->by[TEST_NOT_RUN] ?
	    end->total - r->ran - r->by[TEST_NOT_RUN] : 0;
	if (end->cut) {
		state_of_cut(r, end);
	} else if (end->damaged > 0 && end->total < 0) {
		because(r, RUN_TRUNCATED, "");
		buf_printf(&r->why, "%llu record%s could not be read: ",
		    (unsigned long long)end->damaged, end->damaged == 1 ? "" : "s");
		put_share(r);
	} else if (missing > 0) {
		because(r, RUN_TRUNCATED, "");
		buf_printf(&r->why, "%ld of %ld tests have a result here",
		    end->total - missing, end->total);
	} else if (r->lost > 0) {
		because(r, RUN_TRUNCATED, "");
		buf_printf(&r->why, "%llu results are beyond the limit",
		    (unsigned long long)r->lost);
	} else if (!end->exit_known) {
		because(r, RUN_TRUNCATED, "no exit code: ");
		put_share(r);
	} else if (!state_of_exit(r, end->exit_code)) {
		state_of_results(r, end->exit_code);
	}
}

/* what is counted and what was read; returns how many do not agree */
static unsigned
compare(struct report_run *r)
{
	const struct {
		const char *name;
		long counted, read;
	} all[] = {
		{ "passed", r->run.passed, r->by[TEST_PASSED] },
		{ "failed", r->run.failed, r->by[TEST_FAILED] },
		{ "errors", r->run.errors, r->by[TEST_ERROR] },
		{ "skipped", r->run.skipped, r->by[TEST_SKIPPED] },
		{ "xfailed", r->run.xfailed, r->by[TEST_XFAILED] },
		{ "xpassed", r->run.xpassed, r->by[TEST_XPASSED] },
	};
	unsigned wrong = 0;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].counted >= 0 && all[i].counted != all[i].read)
			buf_printf(&r->reconciled, "%s%ld %s counted, %ld read",
			    wrong++ ? "; " : "", all[i].counted, all[i].name, all[i].read);
	return wrong;
}

/* exit code 0 says that nothing failed, 1 that something did */
static bool
exit_disagrees(struct report_run *r, const struct report_end *end)
{
	long bad = r->by[TEST_FAILED] + r->by[TEST_ERROR] + r->collect_errors;

	if (!end->exit_known || !end->listed || r->ran == 0)
		return false;
	if (end->exit_code == 0 && bad > 0)
		buf_printf(&r->reconciled, "exit code 0, but %ld failed", bad);
	else if (end->exit_code == 1 && bad == 0)
		buf_puts(&r->reconciled, "exit code 1, but no test failed");
	else
		return false;
	return true;
}

void
report_end_reconcile(struct report_run *r, const struct report_end *end)
{
	struct run *run = &r->run;

	buf_reset(&r->reconciled);
	run->reconciled = RUN_RECONCILED_NO;
	if (exit_disagrees(r, end))
		return;
	if (end->damaged > 0) {
		buf_printf(&r->reconciled, "%llu record%s could not be read",
		    (unsigned long long)end->damaged, end->damaged == 1 ? "" : "s");
		return;
	}
	if (end->total < 0) {
		run->reconciled = RUN_RECONCILED_UNKNOWN;
		buf_puts(&r->reconciled, "it states no counts to compare with");
		return;
	}
	if (!end->listed) {
		run->reconciled = RUN_RECONCILED_EXPLAINED;
		buf_puts(&r->reconciled, "a summary, its tests are not listed");
		return;
	}
	if (compare(r) > 0) {
		/* as many results as tests, under other names: one entry holds all attempts
		 * and subtests of a test */
		if (r->ran + r->by[TEST_NOT_RUN] == end->total)
			run->reconciled = RUN_RECONCILED_EXPLAINED;
		return;
	}
	run->reconciled = RUN_RECONCILED_YES;
	if (run->selected > r->ran) {
		run->reconciled = RUN_RECONCILED_EXPLAINED;
		buf_printf(&r->reconciled, "%ld of %ld selected tests did not report",
		    run->selected - r->ran, run->selected);
	}
}
