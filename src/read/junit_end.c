/*
 * junit_end.c - what became of the run, do its counts add up, and its results to the sink.
 */
#include "config.h"

#include "read/junit_tree.h"

#include <stdarg.h>
#include <stdio.h>

/* what a report states, wherever it does: gotestsum counts packages that failed only at the root */
static long
larger(long a, long b)
{
	return a > b ? a : b;
}

static struct junit_stated
stated(const struct junit_tree *t)
{
	struct junit_stated s = t->root;

	if (t->dialect == JUNIT_NODE) {
		if (s.failures >= 0 && s.cancelled > 0)
			s.failures += s.cancelled;
		if (s.skipped >= 0 && s.todo > 0)
			s.skipped += s.todo;
		return s;
	}
	s.tests = larger(s.tests, t->sum.tests);
	s.failures = larger(s.failures, t->sum.failures);
	s.errors = larger(s.errors, t->sum.errors);
	s.skipped = larger(s.skipped, t->sum.skipped);
	s.disabled = larger(s.disabled, t->sum.disabled);
	return s;
}

static const char *
plural(long n)
{
	return n == 1 ? "" : "s";
}

static void
set_state(struct junit_tree *t, long tests)
{
	const struct junit_table *b = &t->table;

	buf_reset(&t->why);
	if (!t->root_closed) {
		t->run.state = RUN_TRUNCATED;
		buf_printf(&t->why, "the XML ends early: %ld testcase%s read", b->cases,
		    plural(b->cases));
		if (tests >= 0)
			buf_printf(&t->why, " of %ld", tests);
	} else if (b->internal) {
		t->run.state = RUN_CRASHED;
		buf_puts(&t->why, "internal error of pytest");
	} else if (b->cases == 0) {
		t->run.state = RUN_NOT_RUN;
		buf_puts(&t->why, "no test in it");
	} else if (b->collect + b->collect_skipped == b->cases) {
		t->run.state = RUN_NOT_RUN;
		if (b->collect)
			buf_printf(&t->why, "%ld collection error%s, no test ran", b->collect,
			    plural(b->collect));
		else
			buf_printf(&t->why, "no test was collected, %ld file%s skipped",
			    b->cases, b->cases == 1 ? " was" : "s were");
	} else if (b->unfinished) {
		t->run.state = RUN_STOPPED;
		buf_printf(&t->why, "%ld test%s did not finish", b->unfinished,
		    plural(b->unfinished));
	} else {
		t->run.state = RUN_COMPLETE;
	}
	t->run.state_why = buf_slice(&t->why);
}

/* one more part of the sentence on the counts */
static void __attribute__((format(printf, 2, 3)))
clause(struct junit_tree *t, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (t->reconciled.n)
		buf_puts(&t->reconciled, "; ");
	buf_puts(&t->reconciled, text);
}

/*
 * Is there a good reason why as many tests are stated? Adds it. What is left over is what none
 * of the runner's own habits accounts for.
 */
static bool
explain_tests(struct junit_tree *t, long tests)
{
	const struct junit_table *b = &t->table;
	long over = tests - b->cases;

	switch (t->dialect) {
	case JUNIT_PYTEST:
		/* each report counts: of subtests, and of a teardown after a pass */
		over -= b->teardown - b->merged - b->again;
		if (b->teardown)
			clause(t, "%ld error%s of teardown after a pass count%s twice", b->teardown,
			    plural(b->teardown), b->teardown == 1 ? "s" : "");
		if (b->merged)
			clause(t, "%ld failure%s with an error of teardown count%s once",
			    b->merged, plural(b->merged), b->merged == 1 ? "s" : "");
		if (b->again)
			clause(t, "%ld attempt%s run again do not count", b->again,
			    plural(b->again));
		over += b->unfinished;
		if (b->unfinished)
			clause(t, "%ld test%s that did not finish do%s not count", b->unfinished,
			    plural(b->unfinished), b->unfinished == 1 ? "es" : "");
		if (over > 0)
			clause(t, "%ld more report%s: pytest counts each subtest", over,
			    plural(over));
		return over >= 0;
	case JUNIT_GO:
		over += b->test_main;
		if (b->test_main)
			clause(t, "%ld package%s failed outside of any test", b->test_main,
			    plural(b->test_main));
		return over == 0;
	case JUNIT_JEST:
		over += b->collect + b->todo + b->merged;
		if (b->collect)
			clause(t, "%ld file%s that could not run do not count", b->collect,
			    plural(b->collect));
		if (b->todo)
			clause(t, "%ld todo do not count", b->todo);
		return over == 0;
	case JUNIT_SUREFIRE:
		clause(t, "%ld attempt%s run again count%s, too", b->attempts,
		    plural(b->attempts), b->attempts == 1 ? "s" : "");
		return over == b->attempts;
	case JUNIT_NODE:
		clause(t, "tests that have subtests are written as suites");
		return over > 0;
	case JUNIT_PLAIN:
		if (b->hooks)
			clause(t, "%ld hook%s that failed do%s not count", b->hooks,
			    plural(b->hooks), b->hooks == 1 ? "es" : "");
		return over + b->hooks == 0;
	default:
		return false;
	}
}

/* a mismatch that the runner's habits explain */
static bool
explain_count(struct junit_tree *t, const char *what, long said, long read)
{
	const struct junit_table *b = &t->table;

	if (t->dialect == JUNIT_GO && *what == 'e' && said > read) {
		clause(t, "of %ld error%s nothing is written: a package that does not build",
		    said - read, plural(said - read));
		return true;
	}
	if (t->dialect == JUNIT_GO && *what == 'f' && said + b->test_main == read)
		return true;
	if (t->dialect == JUNIT_NODE && said > read) {
		clause(t, "%ld %s stated, %ld read: of tests that have subtests nothing is "
		    "written", said, what, read);
		return true;
	}
	/* googletest: a test may fail more than once, and still is one */
	if (t->dialect == JUNIT_PLAIN && *what != 's')
		return said == (*what == 'f' ? b->failing : b->erring);
	/* mocha states what is left of the tests, from which hooks were taken off */
	if (t->dialect == JUNIT_PLAIN && *what == 's')
		return b->hooks > 0 && said + b->hooks == read;
	if (t->dialect == JUNIT_JEST)
		return *what == 'e' ? said == b->collect : said + b->merged == read;
	if (t->dialect == JUNIT_SUREFIRE && *what == 'f')
		return said == read + b->elements[JUNIT_RERUN_FAILURE] +
		    b->elements[JUNIT_FLAKY_FAILURE];
	if (t->dialect == JUNIT_SUREFIRE && *what == 'e')
		return said == read + b->elements[JUNIT_RERUN_ERROR] +
		    b->elements[JUNIT_FLAKY_ERROR];
	return false;
}

static void
reconcile(struct junit_tree *t, const struct junit_stated *s)
{
	const struct junit_table *b = &t->table;
	long failures = b->elements[JUNIT_FAILURE], skipped = b->elements[JUNIT_SKIPPED];
	const struct {
		const char *name;
		long said, read;
	} all[] = { { "failures", s->failures, failures -
		(t->dialect == JUNIT_NODE ? b->todo : 0) }, { "errors", s->errors,
		b->elements[JUNIT_ERROR] }, { "skipped", s->skipped, skipped } };
	bool wrong = false, as_one;

	buf_reset(&t->reconciled);
	t->run.reconciled = RUN_RECONCILED_UNKNOWN;
	if (!t->root_closed || s->tests < 0) {
		clause(t, "%s", s->tests < 0 ? "no counts stated" : "the XML ends early");
		t->run.reconciled_why = buf_slice(&t->reconciled);
		return;
	}
	if (s->tests != b->cases)
		clause(t, "%ld test%s stated, %ld testcase%s read", s->tests, plural(s->tests),
		    b->cases, plural(b->cases));
	if (s->tests != b->cases && !explain_tests(t, s->tests))
		wrong = true;
	/* mocha's own writer states its failures as errors */
	as_one = t->dialect == JUNIT_PLAIN && s->failures >= 0 && s->errors >= 0 &&
	    s->failures != failures && s->failures + s->errors == failures + all[1].read;
	if (as_one)
		clause(t, "failures and errors are stated as one");
	for (size_t i = as_one ? 2 : 0; i < 3; i++) {
		if (all[i].said < 0 || all[i].said == all[i].read ||
		    explain_count(t, all[i].name, all[i].said, all[i].read))
			continue;
		clause(t, "%ld %s stated, %ld read", all[i].said, all[i].name, all[i].read);
		wrong = true;
	}
	if (b->lost) {
		clause(t, "%llu results beyond the limits were not read",
		    (unsigned long long)b->lost);
		wrong = true;
	}
	if (s->passed > s->tests) {
		clause(t, "%ld passed of %ld tests stated", s->passed, s->tests);
		wrong = true;
	}
	t->run.reconciled = wrong ? RUN_RECONCILED_NO : t->reconciled.n ?
	    RUN_RECONCILED_EXPLAINED : RUN_RECONCILED_YES;
	t->run.reconciled_why = buf_slice(&t->reconciled);
}

static long
zero(long n)
{
	return n > 0 ? n : 0;
}

static void
fill_run(struct junit_tree *t, const struct junit_stated *s)
{
	struct run *run = &t->run;

	set_state(t, s->tests);
	reconcile(t, s);
	run->framework = junit_dialect_name(t->dialect);
	run->host = buf_slice(&t->host);
	run->command = buf_slice(&t->command);
	run->env = buf_slice(&t->env);
	run->commit = buf_slice(&t->commit);
	run->collected = s->tests;
	run->failed = s->failures;
	run->errors = s->errors;
	run->skipped = s->skipped;
	/* suites that ran at once take longer together than the run */
	run->duration_ns = t->root_ns != CLOCK_NONE ? t->root_ns : t->duration_ns;
	run->passed = s->passed > s->tests ? -1 : s->passed;
	/* no other dialect states passes; what is left of the others is what it means by them */
	if (s->passed < 0 && s->tests >= 0 && s->failures >= 0) {
		run->passed = s->tests - s->failures - zero(s->errors) - zero(s->skipped) -
		    zero(s->disabled);
		if (run->passed < 0 || (s->errors < 0 && t->dialect == JUNIT_PLAIN))
			run->passed = -1;
	}
}

static void
put_diags(struct junit_tree *t)
{
	const struct junit_table *b = &t->table;
	const struct diag_sink *d = &t->sink->diag;
	const struct run *run = &t->run;

	if (!t->root_closed)
		diag_put(d, DIAG_RUN_NO_END, run->line, 0, run->byte, "%s", t->why.p);
	if (run->reconciled == RUN_RECONCILED_NO)
		diag_put(d, DIAG_RUN_COUNTS, run->line, 0, run->byte, "%s", t->reconciled.p);
	if (b->lost || b->cut)
		diag_put(d, DIAG_XML_LIMIT, run->line, 0, run->byte,
		    "%llu results and %llu details beyond the limits of one run were left out",
		    (unsigned long long)b->lost, (unsigned long long)b->cut);
	if (t->facts > JUNIT_FACTS)
		diag_put(d, DIAG_XML_LIMIT, run->line, 0, run->byte,
		    "%llu properties beyond the first %d were left out",
		    (unsigned long long)(t->facts - JUNIT_FACTS), JUNIT_FACTS);
}

int
junit_tree_finish(struct junit_tree *t)
{
	struct junit_table *b = &t->table;
	struct junit_stated s;

	if (t->failed)
		return -1;
	if (!t->begun)
		return 0;
	/* it was open when the document ended, but had failed by then */
	if (t->open.open && !junit_tree_damaged(t))
		junit_table_close(b, &t->open, t->dialect);
	/* a file of jest that is cut: which of its tests were todo is not told yet */
	if (t->dialect == JUNIT_JEST && !t->root_closed && t->suites > 0)
		junit_table_todo(b, t->suite[0].first, JUNIT_RESULTS);
	s = stated(t);
	junit_table_finish(b, t->dialect, s.tests, !t->root_closed);
	fill_run(t, &s);
	for (size_t i = 0; i < b->results; i++)
		if (t->sink->test(t->sink->ctx, &b->result[i].test, t->e) != 0)
			return -1;
	put_diags(t);
	return t->sink->run_end(t->sink->ctx, &t->run, t->e);
}
