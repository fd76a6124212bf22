/*
 * test_pytest_reportlog.c - the reader of pytest's report log: phases to results, times,
 * tracebacks, attempts, what did not finish, damage.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report_kit.h"

extern const struct reader reader_pytest_reportlog;

#define START "{\"pytest_version\": \"8.4.1\", \"$report_type\": \"SessionStart\"}\n"
#define FINISH(code) "{\"exitstatus\": " code ", \"$report_type\": \"SessionFinish\"}\n"
#define REPORT(id, when, outcome, longrepr, more) "{\"nodeid\": \"" id "\", \"when\": \"" when \
	"\", \"outcome\": \"" outcome "\", \"longrepr\": " longrepr ", \"duration\": 0.25, " more \
	"\"sections\": [], \"user_properties\": [], \"$report_type\": \"TestReport\"}\n"
#define PHASE(id, when) REPORT(id, when, "passed", "null", "")
#define PASS(id) PHASE(id, "setup") PHASE(id, "call") PHASE(id, "teardown")
#define SUB(id, outcome, longrepr) "{\"nodeid\": \"" id "\", \"when\": \"call\", \"outcome\": \"" \
	outcome "\", \"longrepr\": " longrepr ", \"duration\": 0, \"start\": 0, \"stop\": 0, " \
	"\"sections\": [], \"_subtest.context\": {\"msg\": \"m\", \"kwargs\": {\"i\": \"1\"}}, " \
	"\"_report_type\": \"SubTestReport\"}\n"
#define COLLECT(id, outcome, longrepr) "{\"nodeid\": \"" id "\", \"outcome\": \"" outcome \
	"\", \"longrepr\": " longrepr ", \"result\": null, \"sections\": [], " \
	"\"$report_type\": \"CollectReport\"}\n"
#define CRASH(message) "{\"reprcrash\": {\"path\": \"/w/x.py\", \"lineno\": 4, \"message\": \"" \
	message "\"}, \"reprtraceback\": {\"reprentries\": [], \"extraline\": null, " \
	"\"style\": \"long\"}, \"sections\": [], \"chain\": []}"

static void
read_log(struct kit *k, const char *text)
{
	kit_read(k, &reader_pytest_reportlog, text, strlen(text));
}

static void
test_phases_become_one_result(void **state)
{
	static const struct {
		const char *log;
		enum test_outcome outcome;
		enum test_phase phase;
		const char *message;
	} cases[] = {
		{ PASS("a.py::t"), TEST_PASSED, PHASE_CALL, "" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "failed", CRASH("AssertionError: one\\nassert 1"), "")
		    PHASE("a.py::t", "teardown"), TEST_FAILED, PHASE_CALL, "AssertionError: one" },
		{ REPORT("a.py::t", "setup", "failed", CRASH("OSError: no db"), "")
		    PHASE("a.py::t", "teardown"), TEST_ERROR, PHASE_SETUP, "OSError: no db" },
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "call")
		    REPORT("a.py::t", "teardown", "failed", CRASH("OSError: busy"), ""),
		    TEST_ERROR, PHASE_TEARDOWN, "OSError: busy" },
		/* of a failure and the error of its teardown, the failure is told */
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "failed", CRASH("assert 0"), "")
		    REPORT("a.py::t", "teardown", "failed", CRASH("OSError: busy"), ""),
		    TEST_ERROR, PHASE_TEARDOWN, "assert 0" },
		{ REPORT("a.py::t", "setup", "skipped", "[\"/w/a.py\", 5, \"Skipped: not now\"]",
		    "") PHASE("a.py::t", "teardown"), TEST_SKIPPED, PHASE_SETUP, "not now" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "skipped", "[\"/w/a.py\", 5, \"Skipped: \"]", "")
		    PHASE("a.py::t", "teardown"), TEST_SKIPPED, PHASE_CALL, "" },
		{ REPORT("a.py::t", "setup", "skipped", "[\"/w/a.py\", 5, \"Skipped: x\"]", "")
		    REPORT("a.py::t", "teardown", "failed", CRASH("OSError: busy"), ""),
		    TEST_ERROR, PHASE_TEARDOWN, "OSError: busy" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "skipped", CRASH("assert 0"),
		    "\"wasxfail\": \"bug 12\", ")
		    PHASE("a.py::t", "teardown"), TEST_XFAILED, PHASE_CALL, "bug 12" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "passed", "null", "\"wasxfail\": \"\", ")
		    PHASE("a.py::t", "teardown"), TEST_XPASSED, PHASE_CALL, "" },
		/* the mark holds for the teardown too; a skip is too late there */
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "passed", "null", "\"wasxfail\": \"bug 1\", ")
		    REPORT("a.py::t", "teardown", "skipped", CRASH("OSError: busy"),
		    "\"wasxfail\": \"bug 2\", "), TEST_XFAILED, PHASE_TEARDOWN, "bug 2" },
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "call")
		    REPORT("a.py::t", "teardown", "skipped", "[\"a.py\", 5, \"Skipped: x\"]", ""),
		    TEST_PASSED, PHASE_CALL, "" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "failed", "\"[XPASS(strict)] fixed\"", "")
		    PHASE("a.py::t", "teardown"), TEST_FAILED, PHASE_CALL,
		    "[XPASS(strict)] fixed" },
		{ REPORT("a.py::t", "setup", "failed", "\"file /w/a.py, line 4\\n  def t(no): pass\\n"
		    "E       fixture 'no' not found\\n>       available fixtures: a\\n\\n/w/a.py:4\"",
		    "") PHASE("a.py::t", "teardown"), TEST_ERROR, PHASE_SETUP,
		    "fixture 'no' not found" },
		{ PHASE("a.py::t", "setup")
		    SUB("a.py::t", "failed", CRASH("AssertionError: 1 == 1"))
		    SUB("a.py::t", "passed", "null") PASS("a.py::u") PHASE("a.py::t", "call")
		    PHASE("a.py::t", "teardown"), TEST_FAILED, PHASE_CALL,
		    "AssertionError: 1 == 1" },
		{ PHASE("a.py::t", "setup")
		    REPORT("a.py::t", "call", "rerun", CRASH("assert 0"), "")
		    PHASE("a.py::t", "setup") PHASE("a.py::t", "call")
		    PHASE("a.py::t", "teardown"), TEST_PASSED, PHASE_CALL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct test *t;
		struct kit k;

		print_message("case %zu: %s\n", i, cases[i].message);
		read_log(&k, cases[i].log);
		t = recorded_test(kit_run(&k), "a.py::t");
		assert_non_null(t);
		assert_int_equal(t->outcome, cases[i].outcome);
		assert_int_equal(t->phase, cases[i].phase);
		assert_true(slice_eqs(t->message, cases[i].message));
		assert_int_equal(k.r.bad, 0);
		kit_release(&k);
	}
}

/* a pass needs setup, call and teardown; every one of them missing is something else */
static void
test_what_did_not_finish_is_no_pass(void **state)
{
	static const struct {
		const char *log;
		enum test_outcome outcome;
		enum test_phase phase;
		const char *message;
	} cases[] = {
		{ PHASE("a.py::t", "setup"), TEST_ERROR, PHASE_CALL,
		    "did not finish: no report behind its setup" },
		{ PHASE("a.py::t", "setup") FINISH("2"), TEST_ERROR, PHASE_CALL,
		    "did not finish: no report behind its setup" },
		{ PHASE("a.py::t", "setup") FINISH("0"), TEST_ERROR, PHASE_CALL,
		    "did not finish: no report behind its setup" },
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "call"), TEST_ERROR, PHASE_TEARDOWN,
		    "did not finish: no report of its teardown" },
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "call") FINISH("1"), TEST_ERROR,
		    PHASE_TEARDOWN, "did not finish: no report of its teardown" },
		/* the exit code says that nothing failed */
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "call") FINISH("0"), TEST_PASSED,
		    PHASE_CALL, "" },
		{ PHASE("a.py::t", "setup") PHASE("a.py::t", "teardown") FINISH("0"),
		    TEST_NOT_RUN, PHASE_NONE, "set up and torn down, but not called" },
		{ PHASE("a.py::t", "setup") "{\"nodeid\": \"a.py::t\", \"when\": \"ca\n"
		    PHASE("a.py::t", "teardown") FINISH("1"), TEST_ERROR, PHASE_CALL,
		    "no report of its call could be read" },
		{ PHASE("a.py::t", "setup") SUB("a.py::t", "passed", "null"), TEST_ERROR,
		    PHASE_CALL, "did not finish: no report behind its setup" },
		{ PHASE("a.py::t", "setup") REPORT("a.py::t", "call", "strange", "null", "")
		    PHASE("a.py::t", "teardown"), TEST_NOT_RUN, PHASE_NONE,
		    "set up and torn down, but not called" },
		{ PHASE("a.py::t", "setup") REPORT("a.py::t", "call", "failed",
		    CRASH("assert 0"), ""), TEST_FAILED, PHASE_CALL, "assert 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct test *t;
		struct kit k;

		print_message("case %zu: %s\n", i, cases[i].message);
		read_log(&k, cases[i].log);
		assert_int_equal(kit_run(&k)->tests, 1);
		t = &kit_run(&k)->test[0];
		assert_int_equal(t->outcome, cases[i].outcome);
		assert_int_equal(t->phase, cases[i].phase);
		assert_true(slice_eqs(t->message, cases[i].message));
		kit_release(&k);
	}
}

static void
test_states_of_runs(void **state)
{
	static const struct {
		const char *log;
		enum run_state state;
		const char *why;
		enum run_reconciled reconciled;
	} cases[] = {
		{ START PASS("a.py::t") FINISH("0"), RUN_COMPLETE, "", RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("1"), RUN_COMPLETE, "", RUN_RECONCILED_NO },
		{ START REPORT("a.py::t", "setup", "failed", "\"x\"", "")
		    PHASE("a.py::t", "teardown") FINISH("0"), RUN_COMPLETE, "",
		    RUN_RECONCILED_NO },
		{ START PASS("a.py::t") PHASE("a.py::u", "setup"), RUN_TRUNCATED,
		    "no SessionFinish: 1 test reported, a.py::u had begun",
		    RUN_RECONCILED_UNKNOWN },
		{ START, RUN_TRUNCATED, "no SessionFinish: 0 tests reported",
		    RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("2"), RUN_STOPPED, "interrupted: 1 test reported",
		    RUN_RECONCILED_UNKNOWN },
		{ START COLLECT("a.py", "failed", "\"E   ImportError: x\"") FINISH("2"),
		    RUN_NOT_RUN, "1 error during collection, no test ran",
		    RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("3"), RUN_CRASHED,
		    "internal error of pytest: 1 test reported", RUN_RECONCILED_UNKNOWN },
		{ START FINISH("4"), RUN_NOT_RUN, "usage error: pytest was called wrongly",
		    RUN_RECONCILED_UNKNOWN },
		{ START FINISH("5"), RUN_NOT_RUN, "no tests ran", RUN_RECONCILED_UNKNOWN },
		{ START FINISH("0"), RUN_NOT_RUN, "no tests ran", RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("5"), RUN_STOPPED, "exit code 5: 1 test reported",
		    RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("42"), RUN_STOPPED,
		    "exit code 42: 1 test reported", RUN_RECONCILED_UNKNOWN },
		{ START PASS("a.py::t") FINISH("null"), RUN_TRUNCATED,
		    "no exit code: 1 test reported", RUN_RECONCILED_UNKNOWN },
		{ START PHASE("a.py::t", "setup") PHASE("a.py::t", "teardown") FINISH("0"),
		    RUN_NOT_RUN, "no test was called, only set up and torn down",
		    RUN_RECONCILED_UNKNOWN },
		{ START PHASE("a.py::t", "setup") FINISH("1"), RUN_STOPPED,
		    "1 test did not finish", RUN_RECONCILED_UNKNOWN },
		/* nothing could be read: that is not nothing that ran */
		{ START "{\"nodeid\": \n" FINISH("1"), RUN_TRUNCATED,
		    "1 record could not be read: 0 tests reported", RUN_RECONCILED_NO },
		{ START PHASE("a.py::t", "setup") REPORT("a.py::t", "call", "rerun",
		    CRASH("assert 0"), "") FINISH("1"), RUN_COMPLETE, "",
		    RUN_RECONCILED_UNKNOWN },
		{ START "{\"nodeid\": \n" PASS("a.py::t") FINISH("0"), RUN_TRUNCATED,
		    "1 record could not be read: 1 test reported", RUN_RECONCILED_NO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct run *run;
		struct kit k;

		print_message("case %zu: %s\n", i, cases[i].why);
		read_log(&k, cases[i].log);
		run = &kit_run(&k)->run;
		assert_int_equal(run->state, cases[i].state);
		print_message("%.*s\n", SLICE_ARG(run->state_why));
		assert_true(slice_eqs(run->state_why, cases[i].why));
		assert_int_equal(run->reconciled, cases[i].reconciled);
		assert_int_equal(run->passed, -1);
		kit_release(&k);
	}
}

static void
test_times_are_those_that_were_written(void **state)
{
	static const char log[] =
	    START "{\"nodeid\": \"tests/a.py::TestC::TestD::m[p::q - [r]]\", \"when\": \"setup\", "
	    "\"outcome\": \"passed\", \"duration\": 8.5e-05, \"start\": 1759396465.2513473, "
	    "\"$report_type\": \"TestReport\", \"worker_id\": \"gw3\"}\n"
	    "{\"nodeid\": \"tests/a.py::TestC::TestD::m[p::q - [r]]\", \"when\": \"call\", "
	    "\"outcome\": \"passed\", \"duration\": 2, \"start\": 1759396465.5, "
	    "\"$report_type\": \"TestReport\", \"worker_id\": \"gw3\"}\n"
	    "{\"nodeid\": \"tests/a.py::TestC::TestD::m[p::q - [r]]\", \"when\": \"teardown\", "
	    "\"outcome\": \"passed\", \"duration\": 0.000123456789, \"start\": 1759396467.5, "
	    "\"$report_type\": \"TestReport\", \"worker_id\": \"gw3\"}\n" FINISH("0");
	const struct run *run;
	const struct test *t;
	struct kit k;

	(void)state;
	read_log(&k, log);
	run = &kit_run(&k)->run;
	t = &kit_run(&k)->test[0];
	assert_true(slice_eqs(t->file, "tests/a.py"));
	assert_true(slice_eqs(t->suite, "TestC::TestD"));
	assert_true(slice_eqs(t->params, "p::q - [r]"));
	assert_true(slice_eqs(t->worker, "gw3"));
	assert_true(t->setup_ns == 85000 && t->call_ns == 2 * CLOCK_NS_PER_S);
	assert_true(t->teardown_ns == 123457);
	assert_true(t->duration_ns == 2 * CLOCK_NS_PER_S + 85000 + 123457);
	assert_int_equal(t->duration_from, DURATION_SUM);
	assert_int_equal(t->duration_note.n, 0);
	assert_true(t->started_ns == INT64_C(1759396465251347300));
	assert_true(run->started_ns == t->started_ns);
	assert_int_equal(run->clock, RUN_CLOCK_EXACT);
	assert_true(slice_eqs(run->framework, "pytest 8.4.1"));
	assert_true(slice_eqs(run->format, "pytest-reportlog"));
	assert_int_equal(run->exit_code, 0);
	assert_int_equal(t->line, 2);
	assert_true(memcmp(log + t->byte, "{\"nodeid\"", 9) == 0);
	kit_release(&k);
	/* nobody measured this one: before pytest 7.3 there is no start, and no clock */
	read_log(&k, "{\"nodeid\": \"a.py::t\", \"when\": \"call\", \"outcome\": \"failed\", "
	    "\"duration\": 0, \"start\": 0, \"stop\": 0, \"_report_type\": \"TestReport\"}\n");
	t = &kit_run(&k)->test[0];
	assert_true(t->started_ns == CLOCK_NONE && t->duration_ns == 0);
	assert_true(slice_eqs(t->duration_note, "reported as 0: not measured"));
	assert_int_equal(kit_run(&k)->run.clock, RUN_CLOCK_NONE);
	assert_true(kit_run(&k)->run.duration_ns == CLOCK_NONE);
	kit_release(&k);
}

#define ENTRY(style, args, locals, place, lines) "{\"type\": \"ReprEntry\", \"data\": {\"style\": \"" \
	style "\", \"reprfuncargs\": " args ", \"reprlocals\": " locals ", \"reprfileloc\": " place \
	", \"lines\": [" lines "]}}"

static void
test_tracebacks_read_as_pytest_prints_them(void **state)
{
	static const char log[] = START PHASE("a.py::t", "setup")
	    "{\"nodeid\": \"a.py::t\", \"when\": \"call\", \"outcome\": \"failed\", \"longrepr\": {"
	    "\"reprcrash\": {\"path\": \"/w/a.py\", \"lineno\": 9, \"message\": \"ValueError: two\"},"
	    "\"reprtraceback\": null, \"sections\": [], \"chain\": [[{\"style\": \"long\", "
	    "\"extraline\": null, \"reprentries\": ["
	    ENTRY("long", "{\"args\": [[\"n\", \"1\"], [\"m\", \"2\"]]}", "null",
	    "{\"path\": \"a.py\", \"lineno\": 4, \"message\": \"\"}",
	    "\"    def t():\", \">       f()\"") ", "
	    ENTRY("short", "null", "null", "{\"path\": \"b.py\", \"lineno\": 7, "
	    "\"message\": \"OSError\"}", "\"    raise OSError(1)\", \"E   OSError: one\"")
	    "]}, null, \"During handling of the above exception, another exception occurred:\"], "
	    "[{\"style\": \"long\", \"extraline\": \"!!! Recursion detected\", \"reprentries\": ["
	    ENTRY("long", "null", "{\"lines\": [\"x = 1\"]}",
	    "{\"path\": \"a.py\", \"lineno\": 9, \"message\": \"ValueError\\nmore\"}",
	    "\">       g()\", \"E       ValueError: two\"")
	    "]}, null, null]]}, \"duration\": 0, \"$report_type\": \"TestReport\"}\n";
	static const char want[] =
	    "n = 1, m = 2\n\n    def t():\n>       f()\n\na.py:4: \n"
	    "_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ \n"
	    "b.py:7: OSError\n    raise OSError(1)\nE   OSError: one\n\n"
	    "During handling of the above exception, another exception occurred:\n\n"
	    ">       g()\nE       ValueError: two\n\nx = 1\n\na.py:9: ValueError\n"
	    "!!! Recursion detected\n";
	const struct test *t;
	struct kit k;

	(void)state;
	read_log(&k, log);
	t = &kit_run(&k)->test[0];
	print_message("%.*s", SLICE_ARG(t->detail));
	assert_true(slice_eqs(t->detail, want));
	assert_true(slice_eqs(t->message, "ValueError: two"));
	assert_int_equal(t->detail_line, 3);
	assert_int_equal(t->line, 2);
	kit_release(&k);
}

static void
test_a_captured_section_is_given_once(void **state)
{
	static const char log[] = START
	    "{\"nodeid\": \"a.py::t\", \"when\": \"setup\", \"outcome\": \"passed\", \"sections\": "
	    "[[\"Captured stdout setup\", \"\\n\\u001b[31mred\\u001b[0m\\nsecond\"]], "
	    "\"$report_type\": \"TestReport\"}\n"
	    "{\"nodeid\": \"a.py::t\", \"when\": \"call\", \"outcome\": \"passed\", \"sections\": "
	    "[[\"Captured stdout setup\", \"\\n\\u001b[31mred\\u001b[0m\\nsecond\"], "
	    "[\"Captured stderr call\", \" \\n\"], [\"Captured log call\", \"x\\n\"]], "
	    "\"user_properties\": [[\"k\", \"v\"], [\"n\", 3]], "
	    "\"$report_type\": \"TestReport\"}\n"
	    "{\"category\": \"RuntimeWarning\", \"filename\": \"/w/a.py\", \"lineno\": 4, "
	    "\"message\": \"coroutine 'f' was never awaited\", "
	    "\"$report_type\": \"WarningMessage\", \"when\": \"runtest\"}\n";
	static const struct {
		const char *section, *text;
	} want[] = {
		{ "Captured stdout setup", "red\nsecond\n" },
		{ "Captured log call", "x\n" },
		{ "user properties", "k=v\nn=3\n" },
		{ "warnings summary",
		    "/w/a.py:4: RuntimeWarning: coroutine 'f' was never awaited\n" },
	};
	const struct recorded_run *run;
	struct kit k;

	(void)state;
	read_log(&k, log);
	run = kit_run(&k);
	assert_int_equal(run->outputs, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_true(slice_eqs(run->output[i].section, want[i].section));
		assert_true(slice_eqs(run->output[i].text, want[i].text));
		assert_true(slice_eqs(run->output[i].nodeid, i < 3 ? "a.py::t" : ""));
	}
	assert_int_equal(run->run.warnings, 1);
	kit_release(&k);
}

/* the first failed subtest is what its parent tells; the others are kept, and all are named */
static void
test_failed_subtests_are_kept(void **state)
{
	const struct recorded_run *run;
	struct kit k;

	(void)state;
	read_log(&k, START PHASE("a.py::t", "setup") SUB("a.py::t", "failed", CRASH("one"))
	    SUB("a.py::t", "passed", "null") SUB("a.py::t", "failed", "\"E   two\\nx\"")
	    PHASE("a.py::t", "call") PHASE("a.py::t", "teardown") FINISH("1"));
	run = kit_run(&k);
	assert_int_equal(run->tests, 1);
	assert_int_equal(run->test[0].outcome, TEST_FAILED);
	assert_true(slice_eqs(run->test[0].message, "one"));
	assert_int_equal(run->outputs, 2);
	assert_true(slice_eqs(run->output[0].section, "failed subtest [m] (i=1)"));
	assert_true(slice_eqs(run->output[0].text, "one\n"));
	assert_true(slice_eqs(run->output[1].text, "E   two\nx\n"));
	kit_release(&k);
}

/* long text comes in pieces of whole lines that add up to it */
static void
test_long_output_is_given_in_pieces(void **state)
{
	const size_t lines = 20000;
	struct kit k;
	struct buf b;
	size_t sum = 0;

	(void)state;
	buf_init(&b, 4 << 20);
	buf_puts(&b, "{\"nodeid\": \"a.py::t\", \"when\": \"call\", \"outcome\": \"failed\", "
	    "\"$report_type\": \"TestReport\", \"sections\": [[\"Captured stdout call\", \"");
	for (size_t i = 0; i < lines; i++)
		buf_puts(&b, "0123456789\\n");
	buf_puts(&b, "\"], [\"Captured stderr call\", \"");
	for (size_t i = 0; i < 100000; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\"]]}\n");
	kit_read(&k, &reader_pytest_reportlog, b.p, b.n);
	for (size_t i = 0; i < kit_run(&k)->outputs; i++) {
		struct slice text = kit_run(&k)->output[i].text;

		assert_in_range(text.n, 1, 64 * 1024);
		assert_int_equal(text.p[text.n - 1], '\n');
		sum += text.n;
	}
	assert_in_range(sum, lines * 11 + 100000, lines * 11 + 100000 + 10);
	kit_release(&k);
	buf_release(&b);
}

static void
test_attempts_are_numbered(void **state)
{
	static const char log[] = START PHASE("a.py::t", "setup")
	    REPORT("a.py::t", "call", "rerun", CRASH("assert 1"), "") PHASE("a.py::t", "setup")
	    REPORT("a.py::t", "call", "rerun", "null", "") PASS("a.py::t") FINISH("0");
	const struct recorded_run *run;
	struct kit k;

	(void)state;
	read_log(&k, log);
	run = kit_run(&k);
	assert_int_equal(run->tests, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(run->test[i].attempt, i + 1);
		assert_int_equal(run->test[i].outcome, i < 2 ? TEST_FAILED : TEST_PASSED);
	}
	assert_true(slice_eqs(run->test[0].message, "assert 1"));
	assert_true(slice_eqs(run->test[1].message, "run again"));
	/* two attempts that were repeated are no failures of the run */
	assert_int_equal(run->run.state, RUN_COMPLETE);
	assert_int_equal(run->run.reconciled, RUN_RECONCILED_UNKNOWN);
	kit_release(&k);
}

#define ON(worker) "\"worker_id\": \"" worker "\", "

static void
test_workers_report_in_any_order(void **state)
{
	static const char log[] = START REPORT("a.py::t", "setup", "passed", "null", ON("gw0"))
	    REPORT("a.py::u", "setup", "passed", "null", ON("gw1"))
	    REPORT("a.py::t", "call", "failed", CRASH("assert 0"), ON("gw0"))
	    REPORT("a.py::u", "call", "passed", "null", ON("gw1"))
	    REPORT("a.py::u", "teardown", "passed", "null", ON("gw1"))
	    REPORT("a.py::t", "teardown", "passed", "null", ON("gw0"))
	    REPORT("a.py::v", "setup", "passed", "null", ON("gw1"))
	    REPORT("a.py::v", "???", "failed", "\"worker 'gw1' crashed while running 'a.py::v'\"", "")
	    FINISH("1");
	const struct recorded_run *run;
	const struct test *t;
	struct kit k;

	(void)state;
	read_log(&k, log);
	run = kit_run(&k);
	assert_int_equal(run->tests, 3);
	assert_int_equal(recorded_test(run, "a.py::u")->outcome, TEST_PASSED);
	t = recorded_test(run, "a.py::t");
	assert_int_equal(t->outcome, TEST_FAILED);
	assert_true(slice_eqs(t->worker, "gw0"));
	t = recorded_test(run, "a.py::v");
	assert_int_equal(t->outcome, TEST_FAILED);
	assert_true(slice_eqs(t->message, "worker 'gw1' crashed while running 'a.py::v'"));
	kit_release(&k);
}

static void
test_collection(void **state)
{
	static const char log[] = START COLLECT("", "passed", "null")
	    COLLECT("tests/bad.py", "failed", "\"ImportError while importing test module '/w/bad.py'."
	    "\\nHint: x\\nTraceback:\\nbad.py:1: in <module>\\nE   ModuleNotFoundError: No module "
	    "named 'y'\"")
	    COLLECT("tests/syntax.py", "failed", "\"E     File \\\"/w/syntax.py\\\", line 1\\nE       "
	    "def f(:\\nE             ^\\nE   SyntaxError: invalid syntax\"")
	    COLLECT("tests/win.py", "skipped", "[\"/w/win.py\", 1, \"Skipped: windows only\"]")
	    FINISH("2");
	static const struct {
		const char *id, *message;
		enum test_outcome outcome;
	} want[] = {
		{ "tests/bad.py", "ModuleNotFoundError: No module named 'y'", TEST_ERROR },
		{ "tests/syntax.py", "SyntaxError: invalid syntax", TEST_ERROR },
		{ "tests/win.py", "windows only", TEST_SKIPPED },
	};
	struct kit k;

	(void)state;
	read_log(&k, log);
	assert_int_equal(kit_run(&k)->tests, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct test *t = recorded_test(kit_run(&k), want[i].id);

		assert_non_null(t);
		assert_true(slice_eqs(t->message, want[i].message));
		assert_int_equal(t->outcome, want[i].outcome);
		assert_int_equal(t->phase, PHASE_COLLECT);
		assert_true(slice_eqs(t->file, want[i].id));
	}
	assert_true(slice_eqs(kit_run(&k)->run.state_why,
	    "2 errors during collection, no test ran"));
	kit_release(&k);
}

static void
test_sessions_are_runs(void **state)
{
	struct kit k;

	(void)state;
	read_log(&k, START PASS("a.py::t") FINISH("0") PASS("a.py::t") FINISH("0")
	    START PASS("a.py::t") START PASS("a.py::t") FINISH("0"));
	assert_int_equal(k.r.runs, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(k.r.run[i].tests, 1);
		assert_int_equal(k.r.run[i].test[0].attempt, 1);
		assert_int_equal(k.r.run[i].run.state, i == 2 ? RUN_TRUNCATED : RUN_COMPLETE);
	}
	kit_release(&k);
}

static void
test_damage_costs_the_line_it_is_in(void **state)
{
	static const struct {
		const char *line, *reason;
		unsigned long long offset;	/* of the record in the line */
	} cases[] = {
		{ "{\"nodeid\": \"a.py::t\", \"wh\n", "the line ends inside it", 0 },
		{ "{\"nodeid\": tru, \"when\": \"call\"}\n", "invalid token", 0 },
		{ "  not JSON\n", "no JSON object", 2 },
		{ "{\"a\": 1}\n", "it is no report of pytest", 0 },
		{ "{\"when\": \"call\", \"$report_type\": \"TestReport\"}\n",
		    "a report of no test", 0 },
		{ "{\"a\": 1} }\n", "no JSON object", 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit k;
		char log[4000];

		print_message("%s", cases[i].line);
		snprintf(log, sizeof log, "%s%s%s", START PASS("a.py::t"), cases[i].line,
		    PASS("a.py::u") FINISH("0"));
		read_log(&k, log);
		assert_int_equal(k.r.bad, 1 + (i == 5));
		assert_int_equal(kit_run(&k)->tests, 2);
		assert_int_equal(recorded_count(kit_run(&k), TEST_PASSED), 2);
		print_message("%s\n", k.reason);
		assert_non_null(strstr(k.reason, cases[i].reason));
		assert_int_equal(k.bad_line, 5);
		assert_int_equal(k.bad_byte, strlen(START PASS("a.py::t")) + cases[i].offset);
		kit_release(&k);
	}
}

static const char whole[] = START COLLECT("a.py", "passed", "null") PASS("a.py::ok")
    PHASE("a.py::bad", "setup") REPORT("a.py::bad", "call", "failed", CRASH("assert 0"), "")
    PHASE("a.py::bad", "teardown") PHASE("a.py::down", "setup") PHASE("a.py::down", "call")
    REPORT("a.py::down", "teardown", "failed", CRASH("OSError: x"), "")
    PHASE("a.py::again", "setup") REPORT("a.py::again", "call", "rerun", CRASH("assert 1"), "")
    PASS("a.py::again") PHASE("a.py::sub", "setup") SUB("a.py::sub", "failed", CRASH("assert 2"))
    PHASE("a.py::sub", "call") PHASE("a.py::sub", "teardown") FINISH("1");

static void
test_a_log_that_is_cut_gains_no_pass(void **state)
{
	struct kit all, part;

	(void)state;
	read_log(&all, whole);
	assert_int_equal(recorded_count(kit_run(&all), TEST_PASSED), 2);
	for (size_t n = 0; n < sizeof whole - 2; n++) {
		kit_read(&part, &reader_pytest_reportlog, whole, n);
		assert_true(kit_no_new_pass(&part, &all));
		for (size_t i = 0; i < part.r.runs; i++)
			assert_int_not_equal(part.r.run[i].run.state, RUN_COMPLETE);
		kit_release(&part);
	}
	kit_release(&all);
}

/* without any one line, and with any text between the lines */
static void
test_a_line_that_is_lost_or_foreign_makes_no_pass(void **state)
{
	struct slice rest = slice_str(whole), line;
	struct kit all, part;
	char *text = mem_alloc(sizeof whole + 64);

	(void)state;
	read_log(&all, whole);
	while (slice_take_line(&rest, &line)) {
		size_t from = (size_t)(line.p - whole), to = from + line.n + 1;

		memcpy(text, whole, from);
		memcpy(text + from, whole + to, sizeof whole - 1 - to);
		kit_read(&part, &reader_pytest_reportlog, text, sizeof whole - 1 - (to - from));
		/* the line that says "rerun" or "failed" is all there is of a failure: the exit
		 * code does not agree then, or the test has no call */
		for (size_t i = 0; i < part.r.runs; i++)
			assert_true(part.r.run[i].run.state != RUN_COMPLETE ||
			    recorded_count(&part.r.run[i], TEST_FAILED) +
			    recorded_count(&part.r.run[i], TEST_ERROR) > 0);
		kit_release(&part);
		memcpy(text + from, "passed\n", 7);
		memcpy(text + from + 7, whole + from, sizeof whole - 1 - from);
		kit_read(&part, &reader_pytest_reportlog, text, sizeof whole - 1 + 7);
		assert_int_equal(kit_run(&part)->tests, kit_run(&all)->tests);
		for (size_t i = 0; i < kit_run(&all)->tests; i++)
			assert_int_equal(kit_run(&part)->test[i].outcome,
			    kit_run(&all)->test[i].outcome);
		kit_release(&part);
	}
	free(text);
	kit_release(&all);
}

/* more tests at once than any pool of workers has: none is lost, none passes */
static void
test_tests_that_never_end_are_bounded(void **state)
{
	struct buf b;
	struct kit k;

	(void)state;
	buf_init(&b, 4 << 20);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "{\"nodeid\": \"a.py::t%d\", \"when\": \"setup\", \"outcome\": "
		    "\"passed\", \"$report_type\": \"TestReport\"}\n", i);
	kit_read(&k, &reader_pytest_reportlog, b.p, b.n);
	assert_int_equal(kit_run(&k)->tests, 1000);
	assert_int_equal(recorded_count(kit_run(&k), TEST_ERROR), 1000);
	assert_true(slice_eqs(kit_run(&k)->test[0].nodeid, "a.py::t0"));
	kit_release(&k);
	buf_release(&b);
}

static void
test_limits_hold(void **state)
{
	struct buf b;
	struct kit k;

	(void)state;
	buf_init(&b, 16 << 20);
	buf_puts(&b, START PASS("a.py::t") "{\"nodeid\": \"a.py::u\", \"x\": \"");
	for (size_t i = 0; i < 5 << 20; i++)
		buf_putc(&b, 'x');
	buf_puts(&b, "\", \"$report_type\": \"TestReport\"}\n" PASS("a.py::v"));
	buf_puts(&b, "{\"a\": ");
	for (size_t i = 0; i < 100; i++)
		buf_putc(&b, '[');
	for (size_t i = 0; i < 100; i++)
		buf_putc(&b, ']');
	buf_puts(&b, "}\n" FINISH("0"));
	kit_read(&k, &reader_pytest_reportlog, b.p, b.n);
	assert_int_equal(kit_run(&k)->tests, 2);
	assert_int_equal(k.r.bad, 2);
	assert_int_equal(k.r.diags[DIAG_RECORD_LONG], 1);
	assert_int_equal(k.r.diags[DIAG_JSON_DEEP], 1);
	kit_release(&k);
	buf_release(&b);
}

static void
test_sniffs_by_content(void **state)
{
	static const struct kit_told cases[] = {
		{ START, "pytest-reportlog" },
		{ "\xEF\xBB\xBF\n" START, "pytest-reportlog" },
		{ PASS("a.py::t"), "pytest-reportlog" },
		{ "{\"nodeid\": \"a.py\n" PASS("a.py::t"), "pytest-reportlog" },
		{ SUB("a.py::t", "passed", "null"), "pytest-reportlog" },
		/* logs that speak of reports are logs */
		{ "{\"insertId\": \"a\", \"timestamp\": \"2025-10-02T09:14:25Z\", \"jsonPayload\": "
		    "{\"$report_type\": \"TestReport\"}}\n", "gcp-json" },
		{ "{\"insertId\": \"a\", \"timestamp\": \"2025-10-02T09:14:25Z\", \"textPayload\": "
		    "\"{\\\"$report_type\\\": \\\"TestReport\\\"}\"}\n", "gcp-json" },
		{ "{\"$report_type\": \"Inventory\", \"nodeid\": \"a\"}\n", NULL },
		{ "{\"report_type\": \"TestReport\"}\n", NULL },
		{ "see \"$report_type\": \"TestReport\"\n", NULL },
	};

	(void)state;
	kit_told_apart(cases, sizeof cases / sizeof cases[0], "pytest-reportlog");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_phases_become_one_result),
		cmocka_unit_test(test_what_did_not_finish_is_no_pass),
		cmocka_unit_test(test_states_of_runs),
		cmocka_unit_test(test_times_are_those_that_were_written),
		cmocka_unit_test(test_tracebacks_read_as_pytest_prints_them),
		cmocka_unit_test(test_a_captured_section_is_given_once),
		cmocka_unit_test(test_failed_subtests_are_kept),
		cmocka_unit_test(test_long_output_is_given_in_pieces),
		cmocka_unit_test(test_attempts_are_numbered),
		cmocka_unit_test(test_workers_report_in_any_order),
		cmocka_unit_test(test_collection),
		cmocka_unit_test(test_sessions_are_runs),
		cmocka_unit_test(test_damage_costs_the_line_it_is_in),
		cmocka_unit_test(test_a_log_that_is_cut_gains_no_pass),
		cmocka_unit_test(test_a_line_that_is_lost_or_foreign_makes_no_pass),
		cmocka_unit_test(test_tests_that_never_end_are_bounded),
		cmocka_unit_test(test_limits_hold),
		cmocka_unit_test(test_sniffs_by_content),
	};

	return cmocka_run_group_tests_name("pytest-reportlog", tests, NULL, NULL);
}
