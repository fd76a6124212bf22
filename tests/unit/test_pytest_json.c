/*
 * test_pytest_json.c - the reader of pytest-json-report: entries to results, what overwrote
 * what, counts and states, damage, documents larger than what is kept.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report_kit.h"

extern const struct reader reader_pytest_json;

#define HEAD(code, summary) "{\"created\": 1759396470.5, \"duration\": 5.25, \"exitcode\": " code \
	", \"root\": \"/w/shop\", \"environment\": {\"Python\": \"3.11.2\", \"Packages\": " \
	"{\"pytest\": \"8.4.1\"}, \"CI\": true}, \"summary\": {" summary "}"
#define STAGE(when, outcome, more) ", \"" when "\": {\"duration\": 0.5, \"outcome\": \"" outcome \
	"\"" more "}"
#define OK(when) STAGE(when, "passed", "")
#define TEST(id, outcome, stages) "{\"nodeid\": \"" id "\", \"lineno\": 3, \"outcome\": \"" \
	outcome "\", \"keywords\": [\"x\"]" stages "}"
#define PASSING(id) TEST(id, "passed", OK("setup") OK("call") OK("teardown"))
#define TESTS(list) ", \"tests\": [" list "]}\n"
#define CRASHED(message, text) ", \"crash\": {\"path\": \"/w/a.py\", \"lineno\": 4, " \
	"\"message\": \"" message "\"}, \"longrepr\": \"" text "\""
#define ONE HEAD("1", "\"failed\": 1, \"total\": 1, \"collected\": 1")

static void
read_report(struct kit *k, const char *text)
{
	kit_read(k, &reader_pytest_json, text, strlen(text));
}

static void
test_entries_become_results(void **state)
{
	static const struct {
		const char *entry;
		enum test_outcome outcome;
		enum test_phase phase;
		const char *message, *detail;
	} cases[] = {
		{ PASSING("a.py::t"), TEST_PASSED, PHASE_CALL, "", "" },
		{ TEST("a.py::t", "failed", OK("setup") STAGE("call", "failed",
		    CRASHED("AssertionError: one\\nassert 1", "    def t():\\nE   AssertionError: one"))
		    OK("teardown")), TEST_FAILED, PHASE_CALL, "AssertionError: one",
		    "    def t():\nE   AssertionError: one\n" },
		{ TEST("a.py::t", "error", STAGE("setup", "failed", CRASHED("OSError: no db", "x"))
		    OK("teardown")), TEST_ERROR, PHASE_SETUP, "OSError: no db", "x\n" },
		{ TEST("a.py::t", "error", OK("setup") OK("call") STAGE("teardown", "failed",
		    CRASHED("OSError: busy", "x"))), TEST_ERROR, PHASE_TEARDOWN,
		    "OSError: busy", "x\n" },
		{ TEST("a.py::t", "error", OK("setup") STAGE("call", "failed",
		    CRASHED("assert 0", "y")) STAGE("teardown", "failed",
		    CRASHED("OSError: busy", "x"))), TEST_ERROR, PHASE_TEARDOWN, "assert 0",
		    "y\n" },
		{ TEST("a.py::t", "skipped", STAGE("setup", "skipped", ", \"longrepr\": \"('C:\\\\\\\\w"
		    "\\\\\\\\a.py', 5, 'Skipped: it\\\\'s late')\"") OK("teardown")), TEST_SKIPPED,
		    PHASE_SETUP, "it's late", "" },
		{ TEST("a.py::t", "skipped", OK("setup") STAGE("call", "skipped",
		    ", \"longrepr\": \"('/w/a.py', 5, \\\"Skipped: it's late\\\")\"")
		    OK("teardown")), TEST_SKIPPED, PHASE_CALL, "it's late", "" },
		{ TEST("a.py::t", "skipped", OK("setup") STAGE("call", "skipped",
		    ", \"longrepr\": \"('/w/a.py', 5, 'Skipped')\"") OK("teardown")),
		    TEST_SKIPPED, PHASE_CALL, "", "" },
		/* the reason of an expected failure does not stand in this format */
		{ TEST("a.py::t", "xfailed", OK("setup") STAGE("call", "skipped",
		    CRASHED("assert 0", "x")) OK("teardown")), TEST_XFAILED, PHASE_CALL, "",
		    "x\n" },
		{ TEST("a.py::t", "xpassed", OK("setup") OK("call") OK("teardown")),
		    TEST_XPASSED, PHASE_CALL, "", "" },
		{ TEST("a.py::t", "failed", OK("setup") STAGE("call", "failed",
		    ", \"longrepr\": \"[XPASS(strict)] fixed\"") OK("teardown")), TEST_FAILED,
		    PHASE_CALL, "[XPASS(strict)] fixed", "[XPASS(strict)] fixed\n" },
		{ TEST("a.py::t", "xfailed", OK("setup") OK("call") STAGE("teardown", "skipped",
		    CRASHED("OSError: busy", "x"))), TEST_XFAILED, PHASE_TEARDOWN, "", "x\n" },
		/* without its text, the places are what is left */
		{ TEST("a.py::t", "failed", OK("setup") STAGE("call", "failed",
		    ", \"crash\": {\"path\": \"/w/a.py\", \"lineno\": 4, \"message\": \"KeyError: 1\"}, "
		    "\"traceback\": [{\"path\": \"a.py\", \"lineno\": 9, \"message\": \"in t\"}, "
		    "{\"path\": \"b.py\", \"lineno\": 4, \"message\": \"KeyError\"}]")
		    OK("teardown")), TEST_FAILED, PHASE_CALL, "KeyError: 1",
		    "a.py:9: in t\nb.py:4: KeyError\n" },
		/* a later attempt overwrote the phases, and the word was left */
		{ TEST("a.py::t", "rerun", OK("setup") OK("call") OK("teardown")), TEST_PASSED,
		    PHASE_CALL, "", "" },
		/* a subtest failed, and its parent overwrote it */
		{ TEST("a.py::t", "failed", OK("setup") OK("call") OK("teardown")), TEST_FAILED,
		    PHASE_CALL, "a subtest failed; the report does not say how", "" },
		{ TEST("a.py::t", "subtests passed", OK("setup") OK("call") OK("teardown")),
		    TEST_PASSED, PHASE_CALL,
		    "only the last subtest is told, others may have failed", "" },
		{ TEST("a.py::t", "failed", OK("setup") STAGE("???", "failed",
		    ", \"longrepr\": \"worker 'gw0' crashed while running 'a.py::t'\"")),
		    TEST_FAILED, PHASE_CALL, "worker 'gw0' crashed while running 'a.py::t'",
		    "worker 'gw0' crashed while running 'a.py::t'\n" },
		/* "passed" is what an entry says until something else is known */
		{ TEST("a.py::t", "passed", OK("setup")), TEST_ERROR, PHASE_CALL,
		    "did not finish: no report behind its setup", "" },
		{ TEST("a.py::t", "passed", OK("setup") OK("call")), TEST_ERROR, PHASE_TEARDOWN,
		    "did not finish: no report of its teardown", "" },
		{ TEST("a.py::t", "passed", ""), TEST_ERROR, PHASE_SETUP,
		    "did not finish: no report of the test itself", "" },
		{ TEST("a.py::t", "passed", OK("setup") OK("teardown")), TEST_NOT_RUN,
		    PHASE_NONE, "set up and torn down, but not called", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct test *t;
		struct kit k;
		char text[3000];

		print_message("case %zu: %s\n", i, cases[i].message);
		snprintf(text, sizeof text, "%s%s%s", ONE ", \"tests\": [", cases[i].entry, "]}\n");
		read_report(&k, text);
		assert_int_equal(k.r.bad, 0);
		assert_int_equal(kit_run(&k)->tests, 1);
		t = &kit_run(&k)->test[0];
		assert_int_equal(t->outcome, cases[i].outcome);
		assert_int_equal(t->phase, cases[i].phase);
		print_message("%.*s\n", SLICE_ARG(t->message));
		assert_true(slice_eqs(t->message, cases[i].message));
		assert_true(slice_eqs(t->detail, cases[i].detail));
		assert_true(memcmp(text + t->byte, "{\"nodeid\"", 9) == 0);
		kit_release(&k);
	}
}

static void
test_facts_times_and_output(void **state)
{
	static const char text[] = HEAD("1", "\"failed\": 1, \"total\": 1, \"collected\": 1")
	    ", \"collectors\": [{\"nodeid\": \"\", \"outcome\": \"passed\", \"result\": [{\"nodeid\": "
	    "\"a.py\", \"type\": \"Module\"}]}], \"tests\": [" TEST("d/a.py::C::m[p]", "failed",
	    STAGE("setup", "passed", ", \"log\": [{\"name\": \"app.db\", \"msg\": \"db slow\", "
	    "\"levelname\": \"WARNING\", \"filename\": \"x.py\", \"lineno\": 34, "
	    "\"created\": 1759396466.1250002}]") STAGE("call", "failed",
	    ", \"stdout\": \"out\\n\", \"stderr\": \"err\"") OK("teardown")
	    ", \"metadata\": {\"a\": 1}, \"user_properties\": [{\"k\": \"v\"}, {\"n\": {\"b\": 2}}]") "], \"warnings\": [{\"message\": \"old api\", "
	    "\"category\": \"DeprecationWarning\", \"when\": \"runtest\", \"filename\": \"/w/x.py\", "
	    "\"lineno\": 9}]}\n";
	static const struct {
		const char *section, *text;
	} out[] = {
		{ "Captured log setup", "WARNING  app.db:x.py:34 db slow\n" },
		{ "Captured stdout call", "out\n" }, { "Captured stderr call", "err\n" },
		{ "metadata", "a=1\n" }, { "user properties", "k=v\nn={\"b\":2}\n" },
		{ "warnings summary", "/w/x.py:9: DeprecationWarning: old api\n" },
	};
	static const struct {
		const char *kind, *name, *value;
	} fact[] = {
		{ "property", "root", "/w/shop" }, { "environment", "Python", "3.11.2" },
		{ "environment", "Packages.pytest", "8.4.1" }, { "environment", "CI", "true" },
	};
	const struct recorded_run *run;
	const struct test *t;
	struct kit k;

	(void)state;
	read_report(&k, text);
	run = kit_run(&k);
	assert_int_equal(kit_run(&k)->facts, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(slice_eqs(kit_run(&k)->fact[i].kind, fact[i].kind));
		assert_true(slice_eqs(kit_run(&k)->fact[i].name, fact[i].name));
		assert_true(slice_eqs(kit_run(&k)->fact[i].value, fact[i].value));
	}
	assert_int_equal(run->outputs, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_true(slice_eqs(run->output[i].section, out[i].section));
		assert_true(slice_eqs(run->output[i].text, out[i].text));
	}
	t = &run->test[0];
	assert_true(t->started_ns == INT64_C(1759396466125000200));
	assert_true(t->setup_ns == CLOCK_NS_PER_S / 2 && t->duration_ns == CLOCK_NS_PER_S * 3 / 2);
	assert_true(slice_eqs(t->suite, "C") && slice_eqs(t->params, "p"));
	assert_true(slice_eqs(run->run.framework, "pytest 8.4.1"));
	assert_true(run->run.started_ns == INT64_C(1759396465250000000));
	assert_true(run->run.duration_ns == INT64_C(5250000000));
	assert_int_equal(run->run.clock, RUN_CLOCK_EXACT);
	assert_int_equal(run->run.warnings, 1);
	assert_int_equal(run->run.byte, 0);
	assert_int_equal(run->run.line, 1);
	assert_int_equal(run->run.failed, 1);
	assert_int_equal(run->run.passed, 0);
	kit_release(&k);
}

/* xdist names the worker in the text, and nowhere else */
static void
test_workers(void **state)
{
	static const char text[] = ONE TESTS(TEST("a.py::t", "failed", OK("setup") STAGE("call",
	    "failed", CRASHED("assert 0", "[gw3] linux -- Python 3.11.2 /usr/bin/python3\\n\\nx"))
	    OK("teardown")) ", " TEST("a.py::u", "skipped", STAGE("setup", "skipped",
	    ", \"longrepr\": \"[gw0] win32 -- Python 3.11.2 C:\\\\py.exe\\n('a.py', 5, 'Skipped: x')\"")
	    OK("teardown")) ", " TEST("a.py::v", "failed", OK("setup") STAGE("call", "failed",
	    ", \"longrepr\": \"[gw0] is what the test said\"") OK("teardown")));
	const struct recorded_run *run;
	struct kit k;

	(void)state;
	read_report(&k, text);
	run = kit_run(&k);
	assert_int_equal(run->tests, 3);
	assert_true(slice_eqs(run->test[0].worker, "gw3"));
	assert_true(slice_eqs(run->test[0].detail, "x\n"));
	assert_true(slice_eqs(run->test[1].worker, "gw0"));
	assert_true(slice_eqs(run->test[1].message, "x"));
	assert_int_equal(run->test[2].worker.n, 0);
	assert_true(slice_eqs(run->test[2].message, "[gw0] is what the test said"));
	kit_release(&k);
}

static void
test_states_of_runs(void **state)
{
	static const struct {
		const char *text;
		enum run_state state;
		const char *why;
		enum run_reconciled reconciled;
		const char *reconciled_why;
	} cases[] = {
		{ HEAD("0", "\"passed\": 1, \"total\": 1, \"collected\": 1")
		    TESTS(PASSING("a.py::t")), RUN_COMPLETE, "", RUN_RECONCILED_YES, "" },
		{ HEAD("1", "\"passed\": 1, \"total\": 1, \"collected\": 9, \"deselected\": 2")
		    TESTS(PASSING("a.py::t")), RUN_STOPPED,
		    "1 of 7 selected tests reported, 6 not run", RUN_RECONCILED_NO,
		    "exit code 1, but no test failed" },
		{ HEAD("0", "\"passed\": 1, \"total\": 1, \"collected\": 3")
		    TESTS(PASSING("a.py::t")), RUN_STOPPED,
		    "1 of 3 selected tests reported, 2 not run", RUN_RECONCILED_EXPLAINED,
		    "2 of 3 selected tests did not report" },
		/* the controller of xdist collects nothing */
		{ HEAD("0", "\"passed\": 1, \"total\": 1, \"collected\": 0")
		    TESTS(PASSING("a.py::t")), RUN_COMPLETE, "", RUN_RECONCILED_YES, "" },
		{ HEAD("0", "\"passed\": 2, \"total\": 2, \"collected\": 2")
		    TESTS(PASSING("a.py::t")), RUN_TRUNCATED, "1 of 2 tests have a result here",
		    RUN_RECONCILED_NO, "2 passed counted, 1 read" },
		{ HEAD("2", "\"passed\": 1, \"total\": 1, \"collected\": 3")
		    TESTS(PASSING("a.py::t")), RUN_STOPPED,
		    "interrupted: 1 of 3 selected tests reported", RUN_RECONCILED_EXPLAINED,
		    "2 of 3 selected tests did not report" },
		{ HEAD("2", "\"total\": 0, \"collected\": 0") ", \"collectors\": [{\"nodeid\": "
		    "\"a.py\", \"outcome\": \"failed\", \"result\": [], \"longrepr\": \"E   ImportError: "
		    "x\"}], \"tests\": []}", RUN_NOT_RUN, "1 error during collection, no test ran",
		    RUN_RECONCILED_YES, "" },
		{ HEAD("5", "\"total\": 0, \"collected\": 0") TESTS(""), RUN_NOT_RUN,
		    "no tests ran", RUN_RECONCILED_YES, "" },
		{ HEAD("5", "\"total\": 0, \"collected\": 4, \"deselected\": 4") TESTS(""),
		    RUN_NOT_RUN, "all collected tests were deselected", RUN_RECONCILED_YES, "" },
		{ HEAD("0", "\"total\": 0, \"collected\": 4") TESTS(""), RUN_NOT_RUN,
		    "tests were collected only", RUN_RECONCILED_EXPLAINED,
		    "4 of 4 selected tests did not report" },
		{ HEAD("3", "\"passed\": 1, \"total\": 1, \"collected\": 2")
		    TESTS(PASSING("a.py::t")), RUN_CRASHED,
		    "internal error of pytest: 1 of 2 selected tests reported",
		    RUN_RECONCILED_EXPLAINED, "1 of 2 selected tests did not report" },
		/* --json-report-summary */
		{ HEAD("0", "\"passed\": 3, \"total\": 3, \"collected\": 3") "}", RUN_COMPLETE, "",
		    RUN_RECONCILED_EXPLAINED, "a summary, its tests are not listed" },
		{ HEAD("0", "\"passed\": 3, \"total\": 3, \"collected\": 5") "}", RUN_STOPPED,
		    "3 of 5 selected tests reported, 2 not run", RUN_RECONCILED_EXPLAINED,
		    "a summary, its tests are not listed" },
		{ HEAD("1", "\"subtests passed\": 1, \"failed\": 1, \"total\": 2, \"collected\": 2")
		    TESTS(TEST("a.py::s", "subtests passed", OK("setup") OK("call") OK("teardown"))
		    ", " TEST("a.py::t", "failed", OK("setup") STAGE("call", "failed", "")
		    OK("teardown"))), RUN_COMPLETE, "", RUN_RECONCILED_EXPLAINED,
		    "0 passed counted, 1 read" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct run *run;
		struct kit k;

		print_message("case %zu: %s\n", i, cases[i].why);
		read_report(&k, cases[i].text);
		run = &kit_run(&k)->run;
		print_message("%.*s | %.*s\n", SLICE_ARG(run->state_why),
		    SLICE_ARG(run->reconciled_why));
		assert_int_equal(run->state, cases[i].state);
		assert_true(slice_eqs(run->state_why, cases[i].why));
		assert_int_equal(run->reconciled, cases[i].reconciled);
		assert_true(slice_eqs(run->reconciled_why, cases[i].reconciled_why));
		assert_int_equal(k.r.bad, 0);
		kit_release(&k);
	}
}

static const char whole[] = HEAD("1", "\"passed\": 2, \"failed\": 1, \"total\": 3, "
    "\"collected\": 3") ",\n \"collectors\": [\n  {\"nodeid\": \"a.py\", \"outcome\": \"passed\", "
    "\"result\": [{\"nodeid\": \"a.py::t\", \"type\": \"Function\"}]}\n ],\n \"tests\": [\n  "
    PASSING("a.py::ok") ",\n  " TEST("a.py::bad", "failed", OK("setup") STAGE("call", "failed",
    CRASHED("assert 0", "x")) OK("teardown")) ",\n  " PASSING("a.py::fine") "\n ]\n}\n";

static void
test_a_report_that_is_cut_is_not_complete(void **state)
{
	struct kit all, part;
	size_t most = 0;

	(void)state;
	read_report(&all, whole);
	assert_int_equal(kit_run(&all)->run.state, RUN_COMPLETE);
	assert_int_equal(kit_run(&all)->tests, 3);
	/* the last two bytes are the closing brace and a line break */
	for (size_t n = 1; n < sizeof whole - 2; n++) {
		kit_read(&part, &reader_pytest_json, whole, n);
		assert_true(kit_no_new_pass(&part, &all));
		assert_int_equal(kit_run(&part)->run.state, RUN_TRUNCATED);
		most = kit_run(&part)->tests > most ? kit_run(&part)->tests : most;
		kit_release(&part);
	}
	/* what was closed before the cut is there */
	assert_int_equal(most, 3);
	kit_release(&all);
}

static void
test_damage_costs_the_entry_it_is_in(void **state)
{
	struct kit k;
	char *text = mem_strdup(whole), *at = strstr(text, "\"a.py::bad\", \"lineno\":");

	(void)state;
	assert_non_null(at);
	at[21] = ' ';
	read_report(&k, text);
	assert_int_equal(kit_run(&k)->tests, 2);
	assert_int_equal(recorded_count(kit_run(&k), TEST_PASSED), 2);
	assert_int_equal(k.r.bad, 1);
	assert_int_equal(k.bad_line, 7);
	print_message("%s\n", k.reason);
	assert_non_null(strstr(k.reason, "a colon was expected behind the key"));
	assert_int_equal(kit_run(&k)->run.state, RUN_TRUNCATED);
	assert_int_equal(kit_run(&k)->run.reconciled, RUN_RECONCILED_NO);
	kit_release(&k);
	free(text);
}

/* pretty, with sorted keys, or the numbers behind the lists: the same run */
static void
test_the_order_of_members_does_not_matter(void **state)
{
	static const char behind[] = "{\n  \"collectors\": [],\n  \"tests\": [\n    "
	    PASSING("a.py::t") "\n  ],\n  \"created\": 1759396470.5,\n  \"duration\": 5.25,\n"
	    "  \"environment\": {\"exitcode\": 3},\n  \"exitcode\": 0,\n  \"root\": \"/w\",\n"
	    "  \"summary\": {\n    \"collected\": 2,\n    \"passed\": 1,\n    \"total\": 1\n  }\n}\n";
	struct kit k;

	(void)state;
	read_report(&k, behind);
	assert_int_equal(kit_run(&k)->run.exit_code, 0);
	assert_int_equal(kit_run(&k)->run.collected, 2);
	assert_int_equal(kit_run(&k)->run.state, RUN_STOPPED);
	assert_true(kit_run(&k)->run.started_ns == INT64_C(1759396465250000000));
	assert_int_equal(kit_run(&k)->test[0].outcome, TEST_PASSED);
	assert_int_equal(kit_run(&k)->facts, 2);
	kit_release(&k);
}

static void
test_documents_are_runs(void **state)
{
	struct kit k;

	(void)state;
	read_report(&k, ONE TESTS(PASSING("a.py::t")) HEAD("0", "\"passed\": 2, \"total\": 2, "
	    "\"collected\": 2") "}\n" HEAD("0", "\"passed\": 1, \"total\": 1, \"collected\": 1")
	    TESTS(PASSING("a.py::t")));
	assert_int_equal(k.r.runs, 3);
	assert_int_equal(k.r.run[0].run.failed, 1);
	assert_int_equal(k.r.run[1].run.passed, 2);
	assert_int_equal(k.r.run[1].tests, 0);
	assert_int_equal(k.r.run[2].run.state, RUN_COMPLETE);
	assert_int_equal(k.r.run[2].test[0].attempt, 1);
	kit_release(&k);
}

/* twice as large as what is kept of a record; one entry is too large by itself */
static void
test_large_reports(void **state)
{
	const int tests = 40000;
	struct buf b;
	struct kit k;

	(void)state;
	buf_init(&b, 32 << 20);
	buf_printf(&b, HEAD("0", "\"passed\": %d, \"total\": %d, \"collected\": %d")
	    ", \"tests\": [", tests + 1, tests + 1, tests + 1);
	for (int i = 0; i < tests; i++)
		buf_printf(&b, TEST("a.py::t%d", "passed", OK("setup") OK("call") OK("teardown"))
		    ", ", i);
	buf_puts(&b, "{\"nodeid\": \"a.py::long\", \"outcome\": \"passed\", \"x\": \"");
	for (size_t i = 0; i < 5 << 20; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\"}]}");
	assert_false(b.over);
	kit_read(&k, &reader_pytest_json, b.p, b.n);
	assert_int_equal(kit_run(&k)->tests, tests);
	assert_int_equal(recorded_count(kit_run(&k), TEST_PASSED), tests);
	assert_int_equal(k.r.bad, 1);
	assert_int_equal(k.r.diags[DIAG_RECORD_LONG], 1);
	assert_int_equal(kit_run(&k)->run.state, RUN_TRUNCATED);
	assert_true(slice_eqs(kit_run(&k)->run.state_why, "40000 of 40001 tests have a result here"));
	kit_release(&k);
	buf_release(&b);
}

static void
test_sniffs_by_content(void **state)
{
	static const struct kit_told cases[] = {
		{ ONE TESTS(PASSING("a.py::t")), "pytest-json-report" },
		{ "\xEF\xBB\xBF \n" ONE "}", "pytest-json-report" },
		{ "{\"collectors\": [{\"nodeid\": \"a.py\", \"outcome\": \"passed\", \"result\": []}, ",
		    "pytest-json-report" },
		/* logs and what is like a report */
		{ "{\"created\": 1, \"duration\": 2, \"summary\": {}, \"raw_logs\": [{\"insertId\": "
		    "\"a\", \"timestamp\": \"2025-10-02T09:14:25Z\", \"severity\": \"ERROR\", "
		    "\"textPayload\": \"x\"}]}", "gcp-json" },
		{ "{\"insertId\": \"a\", \"timestamp\": \"2025-10-02T09:14:25Z\", \"jsonPayload\": "
		    "{\"created\": 1, \"duration\": 1, \"exitcode\": 1, \"tests\": [{\"nodeid\": \"a\", "
		    "\"outcome\": \"passed\"}]}}", "gcp-json" },
		{ "{\"created\": 1, \"duration\": 2, \"exitcode\": 0}", NULL },
		{ "{\"exitcode\": 0, \"tests\": [{\"name\": \"a\", \"outcome\": \"passed\"}]}", NULL },
		{ "[" ONE "}]", NULL },
	};

	(void)state;
	kit_told_apart(cases, sizeof cases / sizeof cases[0], "pytest-json-report");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_become_results),
		cmocka_unit_test(test_facts_times_and_output),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_states_of_runs),
		cmocka_unit_test(test_a_report_that_is_cut_is_not_complete),
		cmocka_unit_test(test_damage_costs_the_entry_it_is_in),
		cmocka_unit_test(test_the_order_of_members_does_not_matter),
		cmocka_unit_test(test_documents_are_runs),
		cmocka_unit_test(test_large_reports),
		cmocka_unit_test(test_sniffs_by_content),
	};

	return cmocka_run_group_tests_name("pytest-json-report", tests, NULL, NULL);
}
