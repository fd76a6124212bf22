/*
 * test_junit.c - the JUnit XML reader: dialects, names, attempts, damage and limits.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "recorder.h"

extern const struct reader reader_junit;

static void
read_text(struct recorder *r, const char *text)
{
	assert_int_equal(record_text(r, &reader_junit, text, strlen(text)), 0);
	assert_int_equal(r->begun, r->ended);
}

static const char pytest_xml[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites name=\"pytest tests\">\n"
    "<testsuite name=\"pytest\" errors=\"2\" failures"
    "=\"2\" skipped=\"2\" tests=\"9\" time=\"51.077\""
    " timestamp=\"2025-09-07T08:38:51.984353-07:00\" hostname=\"h\">\n"
    "<testcase classname=\"tests.unit.test_a.TestC.T"
    "estN\" name=\"test_ok[a.b]\" time=\"0.856\" />\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_bad\" time=\"0.1\">"
    "<failure message=\"AssertionError: custom&#10;assert 1 == 2\">tests/unit/test_a.py:4: in x\n"
    "E   AssertionError: custom</failure><system-out>\nhello\nworld</system-out></testcase>\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_setup\" time=\"0.1\">"
    "<error message=\"failed on setup with &quot;OSError: no db&quot;\">E   OSError</error>"
    "</testcase>\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_both\" time=\"0.1\">"
    "<failure message=\"assert 0\">E   assert 0</failure></testcase>\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_both\" time=\"0.1\">"
    "<error message=\"failed on teardown with &quot;OSError: busy&quot;\">E   OSError</error>"
    "</testcase>\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_skip\" time=\"0.000\">"
    "<skipped type=\"pytest.skip\" message=\"not now\">x.py:1: not now</skipped></testcase>\n"
    "<testcase classname=\"tests.unit.test_a\" name=\"test_xf\" time=\"0.000\">"
    "<skipped type=\"pytest.xfail\" message=\"bug 12\" /></testcase>\n"
    "</testsuite>\n</testsuites>\n";

static void
test_reads_the_results_of_pytest(void **state)
{
	static const struct {
		const char *id;
		enum test_outcome outcome;
		enum test_phase phase;
		const char *message;
		uint64_t line;
	} want[] = {
		{ "tests/unit/test_a.py::TestC::TestN::test_ok[a.b]", TEST_PASSED, PHASE_CALL, "",
		    4 },
		{ "tests/unit/test_a.py::test_bad", TEST_FAILED, PHASE_CALL,
		    "AssertionError: custom", 5 },
		{ "tests/unit/test_"
		"a.py::test_setup", TEST_ERROR, PHASE_SETUP, "OSError: no db", 9 },
		{ "tests/unit/test_a.py::test_both", TEST_ERROR, PHASE_TEARDOWN, "assert 0", 10 },
		{ "tests/unit/test_a.py::test_skip", TEST_SKIPPED, PHASE_NONE, "not now", 12 },
		{ "tests/unit/test_a.py::test_xf", TEST_XFAILED, PHASE_CALL, "bug 12", 13 },
	};
	struct recorder r;
	const struct run *run;

	(void)state;
	read_text(&r, pytest_xml);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].tests, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct test *t = recorded_test(&r.run[0], want[i].id);

		print_message("%s\n", want[i].id);
		assert_non_null(t);
		assert_int_equal(t->outcome, want[i].outcome);
		assert_int_equal(t->phase, want[i].phase);
		assert_true(slice_eqs(t->message, want[i].message));
		assert_int_equal(t->line, want[i].line);
		assert_true(memcmp(pytest_xml + t->byte, "<testcase ", 10) == 0);
		assert_true(slice_eqs(t->file, "tests/unit/test_a.py"));
	}
	run = &r.run[0].run;
	assert_int_equal(run->state, RUN_COMPLETE);
	assert_int_equal(run->reconciled, RUN_RECONCILED_EXPLAINED);
	assert_int_equal(run->clock, RUN_CLOCK_EXACT);
	assert_true(run->started_ns == clock_from_civil(2025, 9, 7, 15, 38, 51) + 984353000);
	assert_true(run->duration_ns == INT64_C(51077000000));
	assert_true(r.run[0].test[0].duration_ns == INT64_C(856000000));
	assert_int_equal(run->failed, 2);
	assert_int_equal(run->passed, 3);
	assert_true(slice_eqs(run->framework, "pytest"));
	recorder_release(&r);
}

static void
test_gives_details_and_output_with_their_places(void **state)
{
	struct recorder r;
	const struct test *t;
	const struct printed *o;

	(void)state;
	read_text(&r, pytest_xml);
	t = recorded_test(&r.run[0], "tests/unit/test_a.py::test_bad");
	assert_true(slice_starts(t->detail, "tests/unit/test_a.py:4: in x\nE "));
	assert_int_equal(t->detail_line, 5);
	assert_true(memcmp(pytest_xml + t->detail_byte, "tests/unit", 10) == 0);
	assert_int_equal(r.run[0].outputs, 1);
	o = &r.run[0].output[0];
	assert_true(slice_eqs(o->nodeid, "tests/unit/test_a.py::test_bad"));
	assert_true(slice_eqs(o->section, "system-out"));
	assert_true(slice_eqs(o->text, "\nhello\nworld\n"));
	assert_int_equal(o->line, 6);
	recorder_release(&r);
}

static void
test_builds_node_ids(void **state)
{
	static const struct {
		const char *atts, *id;
	} cases[] = {
		{ "classname='tests.test_"
		"x.TestC' name='test_m'", "tests/test_x.py::TestC::test_m" },
		{ "classname='tests.test_"
		"x.lower' name='test_m'", "tests/test_x.py::lower::test_m" },
		{ "classname='pkg.check_x.CheckC' name='m'", "pkg/check_x.py::CheckC::m" },
		{ "classname='t.test_x.C' name='m' file='t\\test_x.py'", "t/test_x.py::C::m" },
		{ "classname='' name='m'", "m" },
		{ "classname='tests.test_x' name=''", "tests/test_x.py" },
		{ "", "(no name)" },
	};
	struct recorder r;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, "<testsuite name='pytest'><testcase %s/></testsuite>",
		    cases[i].atts);
		read_text(&r, text);
		print_message("%s\n", cases[i].id);
		assert_int_equal(r.run[0].tests, 1);
		assert_true(slice_eqs(r.run[0].test[0].nodeid, cases[i].id));
		recorder_release(&r);
	}
	read_text(&r, "<testsuites name='jest tests'><testsuite name='App'><testcase "
	    "classname='App renders' name='the list'/><testcase classname='ex.com/p' "
	    "name='TestSub/a_b'/><testcase classname='com.acme.FooTest' name='adds'/>"
	    "</testsuite></testsuites>");
	assert_non_null(recorded_test(&r.run[0], "App renders::the list"));
	assert_non_null(recorded_test(&r.run[0], "ex.com/p::TestSub/a_b"));
	assert_non_null(recorded_test(&r.run[0], "com.acme.FooTest::adds"));
	recorder_release(&r);
}

static void
test_states_of_runs(void **state)
{
	static const struct {
		const char *text;
		enum run_state state;
		enum diag_code diag;	/* DIAG_CODES: none */
		size_t tests;
	} cases[] = {
		{ "<testsuite name='pytest' tests='0' errors='0' failures='0'/>", RUN_NOT_RUN,
		    DIAG_CODES, 0 },
		{ "<testsuites/>", RUN_NOT_RUN, DIAG_CODES, 0 },
		{ "<testsuite name='pytest' tests='1' errors='1' failures='0'><testcase "
		    "classname='' name='a.test_b'><error message='collection failure'>E   X: y"
		    "</error></testcase></testsuite>", RUN_NOT_RUN, DIAG_CODES, 1 },
		{ "<testsuite name='pytest'><testcase name='internal' classname='pytest'><error "
		    "message='internal error'>x</error></testcase></testsuite>", RUN_CRASHED,
		    DIAG_CODES, 1 },
		{ "<testsuite tests='2'><testcase name='a'/><testcase name='b'>", RUN_TRUNCATED,
		    DIAG_XML_CUT, 1 },
		{ "<testsuite tests='2'><testcase name='a'/></testcase></testsuite>",
		    RUN_TRUNCATED, DIAG_XML_BAD, 1 },
		{ "<testsuite><testcase name='a'/><testcase name='b&nosuch;'/></testsuite>",
		    RUN_TRUNCATED, DIAG_XML_BAD, 1 },
		{ "<testsuite tests='2' errors='0' failures='0'><testcase name='a'/></testsuite>",
		    RUN_COMPLETE, DIAG_RUN_COUNTS, 1 },
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		print_message("%s\n", cases[i].text);
		read_text(&r, cases[i].text);
		assert_int_equal(r.runs, 1);
		assert_int_equal(r.run[0].run.state, cases[i].state);
		assert_int_equal(r.run[0].tests, cases[i].tests);
		if (cases[i].diag != DIAG_CODES)
			assert_int_equal(r.diags[cases[i].diag], 1);
		assert_true(cases[i].state == RUN_COMPLETE || r.run[0].run.state_why.n > 0);
		recorder_release(&r);
	}
}

static void
test_impossible_counts_are_not_taken(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<testsuites><testcase name='a' time='0.1' classname='test'/><!-- tests 1 -->"
	    "<!-- pass 4 --></testsuites>");
	assert_int_equal(r.run[0].run.passed, -1);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_NO);
	recorder_release(&r);
	read_text(&r, "<testsuite tests='1' failures='3' errors='0' skipped='-2'><testcase name='a'/>"
	    "</testsuite>");
	assert_int_equal(r.run[0].run.passed, -1);
	assert_int_equal(r.run[0].run.skipped, -1);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_NO);
	recorder_release(&r);
}

static void
test_a_collection_error_names_its_module(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, "<testsuite name='pytest' tests='1' errors='1' failures='0'><testcase "
	    "classname='' name='a.test_b'><error message='collection failure'>a/test_b.py:1: in x\n"
	    "E   ModuleNotFoundError: No module named 'z'</error></testcase></testsuite>");
	t = recorded_test(&r.run[0], "a/test_b.py");
	assert_non_null(t);
	assert_int_equal(t->outcome, TEST_ERROR);
	assert_int_equal(t->phase, PHASE_COLLECT);
	assert_true(slice_eqs(t->message, "ModuleNotFoundError: No module named 'z'"));
	recorder_release(&r);
}

static void
test_attempts_of_pytest_that_left_no_report_did_not_pass(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<testsuite name='pytest' tests='1' failures='0' errors='0' skipped='0'>"
	    "<testcase classname='t.test_r' name='f'/><testcase classname='t.test_r' name='f'/>"
	    "<testcase classname='t.test_r' name='f'/></testsuite>");
	assert_int_equal(r.run[0].tests, 3);
	assert_int_equal(recorded_count(&r.run[0], TEST_PASSED), 1);
	assert_int_equal(recorded_count(&r.run[0], TEST_FAILED), 2);
	assert_int_equal(recorded_test(&r.run[0], "t/test_r.py::f")->attempt, 3);
	recorder_release(&r);
	/* counted as tests of their own, they are what they say */
	read_text(&r, "<testsuite name='pytest' tests='2' failures='0' errors='0' skipped='0'>"
	    "<testcase classname='t.test_r' name='f'/><testcase classname='t.test_r' name='f'/>"
	    "</testsuite>");
	assert_int_equal(recorded_count(&r.run[0], TEST_PASSED), 2);
	recorder_release(&r);
}

static void
test_reads_repeats_inside_a_testcase(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, "<testsuite name='a.B' time='1,234.5' tests='2' failures='1' errors='0'>"
	    "<testcase name='one' classname='a.B'><failure message='no' type='E'>x</failure>"
	    "<rerunFailure message='again'><stackTrace>at x</stackTrace></rerunFailure></testcase>"
	    "<testcase name='two' classname='a.B'><flakyFailure message='once'>y</flakyFailure>"
	    "</testcase></testsuite>");
	assert_int_equal(r.run[0].tests, 4);
	t = recorded_test(&r.run[0], "a.B::one");
	assert_int_equal(t->attempt, 2);
	assert_int_equal(t->outcome, TEST_FAILED);
	assert_true(slice_eqs(t->message, "again"));
	assert_true(slice_eqs(t->detail, "at x"));
	assert_true(slice_eqs(r.run[0].test[0].message, "no"));
	t = recorded_test(&r.run[0], "a.B::two");
	assert_int_equal(t->attempt, 2);
	assert_int_equal(t->outcome, TEST_PASSED);
	assert_int_equal(recorded_count(&r.run[0], TEST_FAILED), 3);
	assert_true(r.run[0].run.duration_ns == INT64_C(1234500000000));
	recorder_release(&r);
}

struct want {
	const char *id;
	unsigned attempt;
	enum test_outcome outcome;
	enum test_phase phase;
	const char *message;
};

struct dialect {
	const char *framework, *text;
	enum run_reconciled reconciled;
	struct want want[8];
};

static const struct dialect dialects[] = {
	{ "surefire", "<testsuite xmlns:xsi='x' xsi:noNamespaceSchemaLocation='https://m/surefire-"
	    "test-report.xsd' version='3.0' name='shop.FlakyTest' time='0.1' tests='5' errors='1' "
	    "skipped='0' failures='3'><testcase name='lucky' classname='shop.FlakyTest' time='0'>"
	    "<flakyFailure message='cold' type='java.lang.AssertionError'><stackTrace>"
	    "<![CDATA[java.lang.AssertionError: cold\n\tat x]]></stackTrace></flakyFailure>"
	    "</testcase><testcase name='never' classname='shop.FlakyTest' time='0'><failure "
	    "message='late' type='java.lang.AssertionError'>java.lang.AssertionError: late\n\tat x"
	    "</failure><rerunFailure type='T'><stackTrace>later</stackTrace></rerunFailure>"
	    "</testcase><testcase name='shop.FlakyTest' classname='shop.FlakyTest' time='0'><error "
	    "type='java.io.IOException'>java.io.IOException\n\tat y</error></testcase></testsuite>",
	    RUN_RECONCILED_EXPLAINED, {
		{ "shop.FlakyTest::lucky", 1, TEST_FAILED, PHASE_CALL,
		    "java.lang.AssertionError: cold" },
		{ "shop.FlakyTest::lucky", 2, TEST_PASSED, PHASE_CALL, "" },
		{ "shop.FlakyTest::never", 1, TEST_FAILED, PHASE_CALL,
		    "java.lang.AssertionError: late" },
		{ "shop.FlakyTest::never", 2, TEST_FAILED, PHASE_CALL, "later" },
		{ "shop.FlakyTest", 1, TEST_ERROR, PHASE_CALL, "java.io.IOException" },
	    } },
	{ "jest", "<testsuites name='jest tests' tests='2' failures='1' errors='1' time='1.1'>"
	    "<testsuite name='cart' errors='0' failures='1' skipped='0' timestamp="
	    "'2026-11-28T07:44:59' time='0.4' tests='2'><testcase classname='cart adds' name="
	    "'cart adds' time='0.003'/><testcase classname='cart fails' name='cart fails' time='0'>"
	    "<failure>Error: expect(received)\n\n    at x</failure></testcase><testcase classname="
	    "'cart later' name='cart later' time='NaN'/></testsuite><testsuite name='b.test.js' "
	    "errors='1' failures='0' skipped='0' timestamp='1970-01-01T00:00:00' time='0' tests='0'>"
	    "<testcase classname='Test suite failed to run' name='b.test.js' time='0'><error>  "
	    "\xE2\x97\x8F Test suite failed to run\n\n    Cannot find module</error></testcase>"
	    "<testcase classname='Test suite failed to run' name='b.test.js' time='0'><failure>{}"
	    "</failure></testcase></testsuite></testsuites>",
	    RUN_RECONCILED_EXPLAINED, {
		{ "cart adds", 1, TEST_PASSED, PHASE_CALL, "" },
		{ "cart fails", 1, TEST_FAILED, PHASE_CALL, "Error: expect(received)" },
		{ "cart later", 1, TEST_NOT_RUN, PHASE_NONE, "todo" },
		{ "b.test.js", 1, TEST_ERROR, PHASE_COLLECT, "Cannot find module" },
	    } },
	{ "playwright", "<testsuites id='' name='' tests='3' failures='1' skipped='0' errors='0' "
	    "time='2.5'><testsuite name='a.spec.ts' timestamp='2026-11-28T07:46:02.741Z' hostname="
	    "'chromium' tests='2' failures='1' skipped='0' time='0.5' errors='0'><testcase name="
	    "'cart \xE2\x80\xBA adds' classname='a.spec.ts' time='0.1'><failure message='a.spec.ts:"
	    "3:5 adds' type='FAILURE'>  [chromium] \xE2\x80\xBA a.spec.ts:3:5 \xE2\x80\xBA adds\n\n"
	    "    Error: boom\n</failure></testcase><testcase name='gets' classname='a.spec.ts' "
	    "time='0.1'><flakyError message='once' type='Error' time='0.2'><stackTrace>Error: once"
	    "</stackTrace></flakyError></testcase></testsuite><testsuite name='a.spec.ts' timestamp="
	    "'2026-11-28T07:46:02.741Z' hostname='api' tests='1' failures='0' skipped='0' time="
	    "'0.1' errors='0'><testcase name='gets' classname='a.spec.ts' time='0.1'/></testsuite>"
	    "</testsuites>", RUN_RECONCILED_YES, {
		{ "[chromium] \xE2\x80\xBA a.spec.ts \xE2\x80\xBA cart \xE2\x80\xBA adds", 1,
		    TEST_FAILED, PHASE_CALL, "Error: boom" },
		{ "[chromium] \xE2\x80\xBA a.spec.ts \xE2\x80\xBA gets", 1, TEST_ERROR,
		    PHASE_CALL, "Error: once" },
		{ "[chromium] \xE2\x80\xBA a.spec.ts \xE2\x80\xBA gets", 2, TEST_PASSED,
		    PHASE_CALL, "" },
		{ "[api] \xE2\x80\xBA a.spec.ts \xE2\x80\xBA gets", 1, TEST_PASSED, PHASE_CALL, "" },
	    } },
	{ "go", "<testsuites tests='4' failures='4' errors='1' time='1.4'><testsuite tests='4' "
	    "failures='3' time='0.006' name='ex.com/p' timestamp='2026-11-28T07:34:50Z'><properties>"
	    "<property name='go.version' value='go1.19'/></properties><testcase classname='ex.com/p'"
	    " name='TestSub/a_b/c' time='0.000000'><failure message='Failed' type=''>=== RUN   "
	    "TestSub/a_b/c\n    a_test.go:7: boom\n    --- FAIL: TestSub/a_b/c (0.00s)\n</failure>"
	    "</testcase><testcase classname='ex.com/p' name='TestSub' time='0.000000'><failure "
	    "message='Failed' type=''>=== RUN   TestSub\n--- FAIL: TestSub (0.00s)\n</failure>"
	    "</testcase><testcase classname='ex.com/p' name='TestDies' time='0'><failure message="
	    "'Failed' type=''>    a_test.go:8: log\npanic: nil map [recovered]\n\tpanic: nil map"
	    "</failure></testcase><testcase classname='ex.com/p' name='TestSkip' time='0'><skipped "
	    "message='=== RUN   TestSkip&#10;    a_test.go:5: no net&#10;--- SKIP: TestSkip'/>"
	    "</testcase></testsuite><testsuite tests='0' failures='0' time='0.002' name='ex.com/q' "
	    "timestamp='2026-11-28T07:34:50Z'><testcase classname='' name='TestMain' time='0'>"
	    "<failure message='Failed' type=''>FAIL\tex.com/q [build failed]\n</failure></testcase>"
	    "</testsuite></testsuites>", RUN_RECONCILED_EXPLAINED, {
		{ "ex.com/p::TestSub/a_b/c", 1, TEST_FAILED, PHASE_CALL, "boom" },
		{ "ex.com/p::TestSub", 1, TEST_FAILED, PHASE_CALL, "boom" },
		{ "ex.com/p::TestDies", 1, TEST_FAILED, PHASE_CALL, "panic: nil map" },
		{ "ex.com/p::TestSkip", 1, TEST_SKIPPED, PHASE_NONE, "no net" },
		{ "ex.com/q", 1, TEST_ERROR, PHASE_COLLECT, "build failed" },
	    } },
	{ "go", "<testsuites tests='4' errors='3'><testsuite name='ex.com/p' tests='4' failures="
	    "'0' errors='3' id='0' hostname='h' time='0.1' timestamp='2026-11-28T07:44:48Z'>"
	    "<testcase name='TestHangs' classname='ex.com/p' time='0.000'><error message='No test "
	    "result found'></error></testcase><testcase name='TestSkips' classname='ex.com/p' "
	    "time='0.000'><skipped message='Skipped'>    a_test.go:40: no printer</skipped>"
	    "</testcase><testcase name='[build failed]' classname='ex.com/b' time='0.000'><error "
	    "message='Build error'># ex.com/b\nb/b_test.go:6:5: undefined: price</error></testcase>"
	    "<testcase name='Failure' classname='ex.com/r' time='0.000'><error message='Runtime "
	    "error'>exit status 3</error></testcase></testsuite></testsuites>",
	    RUN_RECONCILED_YES, {
		{ "ex.com/p::TestHangs", 1, TEST_ERROR, PHASE_CALL, "No test result found" },
		{ "ex.com/p::TestSkips", 1, TEST_SKIPPED, PHASE_NONE, "no printer" },
		{ "ex.com/b", 1, TEST_ERROR, PHASE_COLLECT, "undefined: price" },
		{ "ex.com/r", 1, TEST_ERROR, PHASE_NONE, "exit status 3" },
	    } },
	{ "ctest", "<testsuite name='(empty)' tests='5' failures='1' disabled='1' skipped='2' "
	    "hostname='h' time='1' timestamp='2026-11-28T07:34:22'><testcase name='ok' classname="
	    "'ok' time='0.0100561' status='run'/><testcase name='bad' classname='bad' time='0.008' "
	    "status='fail'><failure message=''/></testcase><testcase name='by text' classname="
	    "'by text' time='0.002' status='notrun'><skipped message="
	    "'SKIP_REGULAR_EXPRESSION_MATCHED'/></testcase><testcase name='none' classname='none' "
	    "time='0' status='notrun'><skipped message='Unable to find executable'/></testcase>"
	    "<testcase name='off' classname='off' time='0' status='disabled'><system-out>Disabled"
	    "</system-out></testcase></testsuite>", RUN_RECONCILED_YES, {
		{ "ok", 1, TEST_PASSED, PHASE_CALL, "" },
		{ "bad", 1, TEST_FAILED, PHASE_CALL, "" },
		{ "by text", 1, TEST_SKIPPED, PHASE_NONE, "SKIP_REGULAR_EXPRESSION_MATCHED" },
		{ "none", 1, TEST_NOT_RUN, PHASE_NONE, "Unable to find executable" },
		{ "off", 1, TEST_SKIPPED, PHASE_NONE, "disabled" },
	    } },
	{ "node", "<testsuites><testcase name='ok' time='0.002007' classname='test'/><testcase name="
	    "'vat' time='0.02' classname='test' failure='x'><skipped type='todo' message='later'/>"
	    "<failure type='testCodeFailure' message='x'>y</failure></testcase><testsuite name="
	    "'cart' time='0.002' disabled='0' errors='0' tests='2' failures='1' skipped='0' hostname"
	    "='vm'><testcase name='adds' time='0.1' classname='test' failure='one:two'><failure "
	    "type='testCodeFailure' message='one:two'>\n[Error [ERR_TEST_FAILURE]: one:\ntwo] {\n}"
	    "</failure></testcase><testsuite name='inner' time='0.1' disabled='0' errors='0' tests="
	    "'1' failures='0' skipped='0' hostname='vm'><testcase name='adds' time='0.1' classname="
	    "'test'/></testsuite></testsuite><testcase name='ok' time='0.1' classname='test'/>"
	    "<!-- tests 5 --><!-- pass 3 --><!-- fail 1 --><!-- cancelled 0 --><!-- skipped 0 -->"
	    "<!-- todo 1 --><!-- duration_ms 763.1 --></testsuites>", RUN_RECONCILED_YES, {
		{ "ok", 1, TEST_PASSED, PHASE_CALL, "" },
		{ "vat", 1, TEST_XFAILED, PHASE_CALL, "later" },
		{ "cart > adds", 1, TEST_FAILED, PHASE_CALL, "one:" },
		{ "cart > inner > adds", 1, TEST_PASSED, PHASE_CALL, "" },
		{ "ok #2", 1, TEST_PASSED, PHASE_CALL, "" },
	    } },
	/* googletest, PHPUnit and others */
	{ "junit", "<testsuites tests='6' failures='2' disabled='1' errors='0'><testsuite name='A' "
	    "tests='4' failures='1' disabled='1' errors='0' skipped='1'><testcase name='x' status="
	    "'notrun' result='suppressed' classname='A'/><testcase name='y' status='run' result="
	    "'completed' classname='A' assertions='0'/><testcase name='z' classname='A' status="
	    "'failed'/><testcase name='w' classname='A'><skipped message='slow'/><failure message="
	    "'no' type='E'>E: no</failure></testcase></testsuite><testsuite name='B' tests='2' "
	    "failures='1' errors='0'><testcase name='y' classname='A'><failure>1</failure><failure "
	    "message='second'>2</failure></testcase><testcase name='only'/></testsuite>"
	    "</testsuites>", RUN_RECONCILED_NO, {
		{ "A::x", 1, TEST_NOT_RUN, PHASE_NONE, "suppressed" },
		{ "A::y", 1, TEST_PASSED, PHASE_CALL, "" },
		{ "A::z", 1, TEST_FAILED, PHASE_CALL, "failed" },
		{ "A::w", 1, TEST_FAILED, PHASE_CALL, "E: no" },
		{ "B::A::y", 1, TEST_FAILED, PHASE_CALL, "1" },
		{ "B::only", 1, TEST_PASSED, PHASE_CALL, "" },
	    } },
};

static void
test_tells_dialects_apart(void **state)
{
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
		const struct dialect *d = &dialects[i];
		size_t n = 0;

		read_text(&r, d->text);
		print_message("%s\n", d->framework);
		assert_int_equal(r.runs, 1);
		assert_true(slice_eqs(r.run[0].run.framework, d->framework));
		for (; n < 8 && d->want[n].id; n++) {
			const struct want *w = &d->want[n];
			const struct test *t = &r.run[0].test[n];

			assert_true(n < r.run[0].tests);
			print_message("- %s %u: %.*s, %.*s\n", w->id, w->attempt,
			    SLICE_ARG(t->nodeid), SLICE_ARG(t->message));
			assert_true(slice_eqs(t->nodeid, w->id));
			assert_int_equal(t->attempt, w->attempt);
			assert_int_equal(t->outcome, w->outcome);
			assert_int_equal(t->phase, w->phase);
			assert_true(slice_eqs(t->message, w->message));
		}
		assert_int_equal(r.run[0].tests, n);
		print_message("%.*s\n", SLICE_ARG(r.run[0].run.reconciled_why));
		assert_int_equal(r.run[0].run.reconciled, d->reconciled);
		recorder_release(&r);
	}
}

/* cut anywhere: no pass that the whole does not have */
static void
test_no_dialect_gains_a_pass_when_cut(void **state)
{
	struct recorder part, whole;

	(void)state;
	for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
		const char *text = dialects[i].text;

		read_text(&whole, text);
		for (size_t n = 1; n + 14 < strlen(text); n++) {
			recorder_init(&part);
			assert_int_equal(record_input(&part, &reader_junit,
			    input_from_memory(text, n)), 0);
			for (size_t k = 0; part.runs && k < part.run[0].tests; k++) {
				const struct test *t = &part.run[0].test[k];
				bool same = false;

				for (size_t j = 0; j < whole.run[0].tests; j++)
					same = same || (slice_eq(t->nodeid,
					    whole.run[0].test[j].nodeid) && t->attempt ==
					    whole.run[0].test[j].attempt &&
					    whole.run[0].test[j].outcome == TEST_PASSED);
				assert_true(t->outcome != TEST_PASSED || same);
			}
			assert_true(part.runs == 0 ||
			    part.run[0].run.state == RUN_TRUNCATED);
			recorder_release(&part);
		}
		recorder_release(&whole);
	}
}

static void
test_a_testcase_that_had_failed_when_the_xml_was_cut_failed(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<testsuite name='pytest' tests='2'><testcase classname='t.test_a' name='ok'/>"
	    "<testcase classname='t.test_a' name='f'><failure message='assert 0'>E   assert");
	assert_int_equal(r.run[0].tests, 2);
	assert_int_equal(r.bad, 0);
	assert_int_equal(recorded_test(&r.run[0], "t/test_a.py::f")->outcome, TEST_FAILED);
	recorder_release(&r);
	read_text(&r, "<testsuite name='pytest' tests='2'><testcase classname='t.test_a' name='ok'/>"
	    "<testcase classname='t.test_a' name='f'><system-out>x");
	assert_int_equal(r.run[0].tests, 1);
	assert_int_equal(r.bad, 1);
	/* of two that are not closed, neither is lost */
	recorder_release(&r);
	read_text(&r, "<testsuite><testcase name='a'><failure message='m'/><testcase name='b'>"
	    "<testcase name='c'/></testcase></testcase></testsuite>");
	assert_int_equal(r.run[0].tests, 2);
	assert_int_equal(recorded_test(&r.run[0], "a")->outcome, TEST_FAILED);
	assert_int_equal(recorded_test(&r.run[0], "c")->outcome, TEST_PASSED);
	assert_int_equal(r.bad, 1);
	recorder_release(&r);
	read_text(&r, "<testsuite name='pytest' tests='2'><testcase classname='t.test_a' name='ok'/>"
	    "<testcase classname='t.test_a' name='f'><system-out>x");
	/* the last one could be an attempt that was repeated */
	assert_int_equal(r.run[0].test[0].outcome, TEST_NOT_RUN);
	recorder_release(&r);
}

static void
test_keeps_names_durations_and_times(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, "<testsuite name='pytest' tests='2'><testcase classname='t.test_a.TestC' name="
	    "'test_m[a::b - c]' time='0.000'/><testcase classname='t.test_a.TestC' name='test_up' "
	    "file='t/base.py' time='0.010'/></testsuite>");
	t = &r.run[0].test[0];
	assert_true(slice_eqs(t->nodeid, "t/test_a.py::TestC::test_m[a::b - c]"));
	assert_true(slice_eqs(t->printed, "t.test_a.TestC::test_m[a::b - c]"));
	assert_true(slice_eqs(t->suite, "TestC"));
	assert_true(slice_eqs(t->params, "a::b - c"));
	assert_true(slice_eqs(t->duration_note, "printed as 0.000"));
	assert_int_equal(t->duration_from, DURATION_FIELD);
	/* inherited from a class of another file: the file of the id is the test's own */
	t = &r.run[0].test[1];
	assert_true(slice_eqs(t->nodeid, "t/test_a.py::TestC::test_up"));
	assert_true(slice_eqs(t->file, "t/test_a.py"));
	assert_int_equal(t->duration_note.n, 0);
	recorder_release(&r);
	read_text(&r, "<testsuites name='nextest-run'><testsuite name='shop'><testcase name='a' "
	    "classname='shop' timestamp='2026-11-28T07:34:50.250+01:00' time='0.5'/></testsuite>"
	    "</testsuites>");
	t = &r.run[0].test[0];
	assert_true(t->started_ns == clock_from_civil(2026, 11, 28, 6, 34, 50) + 250000000);
	assert_true(slice_eqs(t->suite, "shop"));
	assert_int_equal(t->file.n, 0);
	recorder_release(&r);
	/* jest writes UTC without a zone, whatever zone is assumed for others */
	read_text(&r, dialects[1].text);
	assert_int_equal(r.run[0].run.clock, RUN_CLOCK_EXACT);
	assert_true(r.run[0].run.started_ns == clock_from_civil(2026, 11, 28, 7, 44, 59));
	assert_true(r.run[0].run.duration_ns == INT64_C(1100000000));
	recorder_release(&r);
}

static void
test_messages_are_those_of_the_console(void **state)
{
	static const struct {
		const char *child, *message;
	} cases[] = {
		{ "<failure message='AssertionError: a&#10;b'>x</failure>", "AssertionError: a" },
		{ "<error message='failed on setup with &quot;OSError: &quot;a&quot;&quot;'>x</error>",
		    "OSError: \"a\"" },
		{ "<error message='failed on setup with &quot;A: &quot;q&quot;&#10;b&quot;'>x</error>",
		    "A: \"q\"" },
		{ "<error message='failed on setup with &quot;file /a.py, line 1&#10;  def t(nofix): "
		    "pass&#10;E       fixture &apos;nofix&apos; not found&#10;>       available: a"
		    "&quot;'>x</error>", "fixture 'nofix' not found" },
		{ "<failure message='#x1B[31mred#x1B[0m #x07 &amp;#x1B; #xZZ #x20'/>",
		    "red \x07 &#x1B; #xZZ #x20" },
		{ "<failure message=''>E   only here</failure>", "E   only here" },
	};
	struct recorder r;
	char text[800];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(text, sizeof text, "<testsuite name='pytest'><testcase classname='t.test_a'"
		    " name='m'>%s</testcase></testsuite>", cases[i].child);
		read_text(&r, text);
		print_message("%s: %.*s\n", cases[i].message,
		    SLICE_ARG(r.run[0].test[0].message));
		assert_true(slice_eqs(r.run[0].test[0].message, cases[i].message));
		recorder_release(&r);
	}
	read_text(&r, "<testsuite name='pytest'><testcase classname='' name='t.test_b'><error "
	    "message='collection failure'>E     File \"/t/test_b.py\", line 1\nE       def x(:\n"
	    "E             ^\nE   SyntaxError: invalid syntax</error></testcase><testcase classname="
	    "'' name='t.test_c'><skipped message='collection skipped'>('/t/test_c.py', 3, 'Skipped: "
	    "no net')</skipped></testcase></testsuite>");
	assert_true(slice_eqs(recorded_test(&r.run[0], "t/test_b.py")->message,
	    "SyntaxError: invalid syntax"));
	assert_true(slice_eqs(recorded_test(&r.run[0], "t/test_c.py")->message, "no net"));
	assert_int_equal(recorded_test(&r.run[0], "t/test_c.py")->phase, PHASE_COLLECT);
	assert_int_equal(recorded_test(&r.run[0], "t/test_c.py")->outcome, TEST_SKIPPED);
	recorder_release(&r);
}

#define DASHES33 "---------------------------------"

static void
test_splits_what_pytest_captured(void **state)
{
	static const char text[] = "<testsuite name='pytest' tests='1'><testcase classname="
	    "'t.test_a' name='m'><failure message='assert 0'>E   assert 0</failure><system-out>"
	    DASHES33 " Captured Log " DASHES33 "\nINFO one\n" DASHES33 " Captured Out " DASHES33
	    "\nhello\n" DASHES33 " Captured Log " DASHES33 "\n- Captured Out -\n</system-out>"
	    "<system-err>" DASHES33 " Captured Err " DASHES33 "\n\n</system-err><system-out>x\n"
	    "</system-out><system-out>x\n</system-out></testcase></testsuite>";
	struct recorder r;
	const struct printed *o;

	(void)state;
	read_text(&r, text);
	o = r.run[0].output;
	assert_int_equal(r.run[0].outputs, 3);
	assert_true(slice_eqs(o[0].section, "Captured log"));
	assert_true(slice_eqs(o[0].text, "INFO one\n"));
	assert_int_equal(o[0].line, 2);
	assert_true(memcmp(text + o[0].byte, "INFO", 4) == 0);
	/* what looks like a heading was printed: the log is not told twice */
	assert_true(slice_eqs(o[1].section, "Captured stdout"));
	assert_true(slice_starts(o[1].text, "hello\n---"));
	assert_int_equal(o[1].line, 4);
	assert_true(slice_eqs(o[2].text, "x\n"));
	recorder_release(&r);
}

static void
test_tells_what_properties_say(void **state)
{
	static const struct {
		const char *kind, *name, *value;
	} want[] = {
		{ "url", "base_url", "https://x.example/" },
		{ "property", "note", "two words" },
		{ "environment", "ENV", "staging" },
		{ "commit", "git.commit", "0123abcd" },
		{ "property", "sha", "of course" },
		{ "command", "sun.java.command", "java -jar x" },
		{ "ci", "CI_JOB_ID", "7" },
		{ "environment", "environment", "qa" },
	};
	struct recorder r;
	const struct recorded_run *run;

	(void)state;
	read_text(&r, "<testsuites><testsuite name='pytest'><properties><property name='base_url' "
	    "value='https://x.example/'/><property name='note'>two words</property><property name="
	    "'ENV' value='staging'/><property name='git.commit' value='0123abcd'/><property name='sha' "
	    "value='of course'/><property name='sun.java.command' value='java -jar x'/><property "
	    "name='CI_JOB_ID' value='7'/></properties><testcase classname='t.test_a' name='m'>"
	    "<properties><property name='issue' value='SHOP-7'/></properties><system-out>a\n"
	    "[[PROPERTY|environment=qa]]\n</system-out></testcase></testsuite></testsuites>");
	run = &r.run[0];
	assert_int_equal(run->facts, 8);
	for (size_t i = 0; i < 8; i++) {
		print_message("%s\n", want[i].name);
		assert_true(slice_eqs(run->fact[i].kind, want[i].kind));
		assert_true(slice_eqs(run->fact[i].name, want[i].name));
		assert_true(slice_eqs(run->fact[i].value, want[i].value));
	}
	assert_true(slice_eqs(run->run.env, "staging"));
	assert_true(slice_eqs(run->run.commit, "0123abcd"));
	assert_true(slice_eqs(run->run.command, "java -jar x"));
	/* of a test: with the test */
	assert_true(slice_eqs(run->output[0].section, "properties"));
	assert_true(slice_eqs(run->output[0].text, "issue=SHOP-7\n"));
	assert_true(slice_eqs(run->output[0].nodeid, "t/test_a.py::m"));
	recorder_release(&r);
}

static void
test_a_sink_may_want_no_facts(void **state)
{
	struct recorder r;
	static const char text[] = "<testsuite><properties><property name='a' value='b'/>"
	    "</properties><testcase name='x'/></testsuite>";

	(void)state;
	recorder_init(&r);
	r.sink.fact = NULL;
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(text, sizeof text - 1)),
	    0);
	assert_int_equal(r.run[0].tests, 1);
	recorder_release(&r);
}

static void
test_a_long_attribute_costs_only_itself(void **state)
{
	struct recorder r;
	struct buf b;
	size_t after;

	(void)state;
	buf_init(&b, 32 << 20);
	buf_puts(&b, "<testsuite><testcase name='a'>\n<failure message='first\n");
	for (int i = 0; i < 1 << 20; i++)
		buf_puts(&b, i % 16 ? "&amp;\xC3\xA9" : "\n12345&#10;");
	buf_puts(&b, "'>text</failure></testcase><!-- - x ");
	for (int i = 0; i < 1 << 20; i++)
		buf_puts(&b, i % 16 ? " - - <x y='" : " \n");
	buf_puts(&b, "-->\n");
	after = b.n;
	buf_puts(&b, "<testcase name='b' time='1'/></testsuite>");
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.run[0].tests, 2);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	assert_int_equal(r.diags[DIAG_XML_LIMIT], 2);
	assert_true(slice_starts(r.run[0].test[0].message, "first"));
	assert_true(slice_eqs(r.run[0].test[0].detail, "text"));
	/* places behind it are those of the input */
	assert_int_equal(r.run[0].test[1].byte, after);
	assert_int_equal(r.run[0].test[1].line, 4 + (1 << 20) / 8);
	recorder_release(&r);
	buf_release(&b);
}

static void
test_control_characters_do_not_end_the_reading(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<testsuite><testcase name='a'><failure message='\x1b[31mred\x1b[0m \x01'>"
	    "<![CDATA[\x1b[1mbold <b> & \x02]]></failure></testcase><!-- \x03 <x> ' --><?x '?>"
	    "<testcase name='b'/></testsuite>");
	assert_int_equal(r.run[0].tests, 2);
	assert_true(slice_eqs(r.run[0].test[0].message, "red ?"));
	assert_true(slice_eqs(r.run[0].test[0].detail, "bold <b> & ?"));
	assert_int_equal(r.diags[DIAG_XML_BAD], 1);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
	/* nor do bytes that are no UTF-8; overlong, a surrogate, U+FFFE */
	read_text(&r, "\xEF\xBB\xBF<testsuite><testcase name='a'><failure message='gr\xF6\xDF"
	    "e \xC3\xB6 \xC0\xAF \xED\xA0\x80 \xEF\xBF\xBE \xF0\x9F\x98\x80 \xE2\x82'/>"
	    "</testcase><testcase name='b'/></testsuite>");
	assert_int_equal(r.run[0].tests, 2);
	assert_true(slice_eqs(r.run[0].test[0].message,
	    "gr??e \xC3\xB6 ?? ??? ??? \xF0\x9F\x98\x80 ??"));
	assert_int_equal(r.diags[DIAG_XML_BAD], 1);
	recorder_release(&r);
	/* in another encoding they are what they are */
	read_text(&r, "<?xml version='1.0' encoding='ISO-8859-1'?><testsuite><testcase name='gr\xF6"
	    "\xDF" "e'/></testsuite>");
	assert_non_null(recorded_test(&r.run[0], "gr\xC3\xB6\xC3\x9F" "e"));
	assert_int_equal(r.diags[DIAG_XML_BAD], 0);
	recorder_release(&r);
}

static void
test_suites_under_one_root_are_one_run(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<testsuites><testsuite tests='1' failures='0' errors='0' time='1'>"
	    "<testsuite tests='1' failures='0' errors='0'><testcase name='a'/></testsuite>"
	    "</testsuite><testsuite tests='1' failures='0' errors='0' time='2' "
	    "timestamp='2025-09-07T08:38:51'><testcase name='b'/></testsuite></testsuites>");
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].tests, 2);
	assert_int_equal(r.run[0].run.collected, 2);
	assert_true(r.run[0].run.duration_ns == INT64_C(3000000000));
	assert_int_equal(r.run[0].run.clock, RUN_CLOCK_ASSUMED);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_YES);
	recorder_release(&r);
}

static void
test_concatenated_documents_are_runs(void **state)
{
	struct buf b;
	struct recorder r;
	size_t second;

	(void)state;
	buf_init(&b, 1 << 20);
	/* the first is longer than one piece that is read */
	buf_puts(&b, "<?xml version='1.0'?>\n<testsuite>\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "<testcase classname='t.test_a' name='test_%d' time='0.1'/>\n", i);
	buf_puts(&b, "</testsuite>\n");
	second = b.n;
	buf_puts(&b, "<?xml version='1.0'?>\n<testsuite>\n<testcase name='last'/></testsuite>\n"
	    "<testsuite/>");
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.runs, 3);
	assert_int_equal(r.run[0].tests, 1000);
	assert_int_equal(r.run[1].tests, 1);
	assert_int_equal(r.run[1].test[0].line, 1006);
	assert_true(memcmp(b.p + r.run[1].test[0].byte, "<testcase name='last'", 21) == 0);
	assert_true(r.run[1].run.byte > second);
	assert_int_equal(r.run[2].run.state, RUN_NOT_RUN);
	recorder_release(&r);
	buf_release(&b);
}

static void
test_refuses_document_types(void **state)
{
	struct recorder r;

	(void)state;
	read_text(&r, "<!DOCTYPE l [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
	    "<testsuite><testcase name='&b;'/></testsuite>");
	assert_int_equal(r.diags[DIAG_XML_ENTITY], 1);
	assert_int_equal(r.runs, 0);
	recorder_release(&r);
	/* one that only names its file declares nothing, until something of it is used */
	read_text(&r, "<!DOCTYPE testsuites SYSTEM 'junit.dtd'><testsuite><testcase name='a'/>"
	    "</testsuite>");
	assert_int_equal(r.diags[DIAG_XML_ENTITY], 0);
	assert_int_equal(r.run[0].tests, 1);
	recorder_release(&r);
	read_text(&r, "<!DOCTYPE testsuites SYSTEM 'junit.dtd'><testsuite><testcase name='a'>"
	    "<system-out>&b;</system-out></testcase></testsuite>");
	assert_int_equal(r.diags[DIAG_XML_ENTITY], 1);
	assert_int_equal(r.run[0].tests, 0);
	recorder_release(&r);
}

static void
test_limits_hold(void **state)
{
	struct recorder r;
	struct buf b;
	size_t got = 0;

	(void)state;
	buf_init(&b, 16 << 20);
	buf_puts(&b, "<testsuite><testcase name='a'/>");
	for (int i = 0; i < 100; i++)
		buf_puts(&b, "<x>");
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.diags[DIAG_XML_LIMIT], 1);
	assert_int_equal(r.run[0].tests, 1);
	recorder_release(&r);

	buf_reset(&b);
	buf_puts(&b, "<testsuite><testcase name='a'/><testcase ");
	for (int i = 0; i < 101; i++)
		buf_printf(&b, "a%d='1' ", i);
	buf_puts(&b, "/></testsuite>");
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.diags[DIAG_XML_LIMIT], 1);
	recorder_release(&r);

	/* a tag that never ends */
	buf_reset(&b);
	buf_puts(&b, "<testsuite><testcase name='a'/><testcase name='");
	for (int i = 0; i < 3 << 20; i++)
		buf_putc(&b, 'x');
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.diags[DIAG_XML_LIMIT], 1);
	assert_int_equal(r.run[0].tests, 1);
	assert_int_equal(r.run[0].run.state, RUN_TRUNCATED);
	recorder_release(&r);

	/* 2 MiB of text: half of it in blocks, and a note that there was more */
	buf_reset(&b);
	buf_puts(&b, "<testsuite tests='1'><testcase name='a'><system-out>");
	for (int i = 0; i < 200000; i++)
		buf_puts(&b, "0123456789\n");
	buf_puts(&b, "</system-out></testcase></testsuite>");
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_junit, input_from_memory(b.p, b.n)), 0);
	assert_int_equal(r.diags[DIAG_XML_LIMIT], 1);
	for (size_t i = 0; i < r.run[0].outputs; i++) {
		assert_true(r.run[0].output[i].text.n <= 64 * 1024);
		got += r.run[0].output[i].text.n;
	}
	assert_in_range(got, 1000 * 1000, 1 << 20);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
	buf_release(&b);
}

static void
test_a_cut_document_keeps_what_was_closed_and_gains_no_pass(void **state)
{
	struct recorder whole, part;

	(void)state;
	read_text(&whole, pytest_xml);
	for (size_t n = 1; n < sizeof pytest_xml - 15; n++) {
		recorder_init(&part);
		assert_int_equal(record_input(&part, &reader_junit,
		    input_from_memory(pytest_xml, n)), 0);
		assert_true(part.runs <= 1);
		assert_true(part.diags[DIAG_XML_CUT] + part.diags[DIAG_XML_BAD] == 1);
		for (size_t i = 0; part.runs && i < part.run[0].tests; i++) {
			const struct test *t = &part.run[0].test[i];
			const struct test *full = recorded_test(&whole.run[0],
			    arena_str(&part.arena, t->nodeid));

			assert_non_null(full);
			assert_true(t->outcome != TEST_PASSED || full->outcome == TEST_PASSED);
		}
		assert_true(part.runs == 0 || part.run[0].run.state == RUN_TRUNCATED);
		recorder_release(&part);
	}
	recorder_release(&whole);
}

static void
test_sniffs_by_content(void **state)
{
	(void)state;
	assert_true(reader_junit.sniff(SLICE(pytest_xml), true) >= 90);
	assert_true(reader_junit.sniff(SLICE("\xEF\xBB\xBF<testsuites>"), true) >= 90);
	assert_int_equal(reader_junit.sniff(SLICE("<html><body/></html>"), true), 0);
	assert_int_equal(reader_junit.sniff(SLICE("see <testsuite>"), true), 0);
}

static void
test_reads_real_files(void **state)
{
	static const struct {
		const char *file;
		enum run_state state;
		long tests, passed, failed, errors, skipped, xfailed;	/* rows but `tests` */
	} files[] = {
		{ "tests/same-run.xml", RUN_COMPLETE, 61, 51, 7, 3, 0, 0 },
		{ "tests/junit-skips.xml", RUN_COMPLETE, 29, 27, 0, 0, 2, 0 },
		{ "tests/junit-zero-tests.xml", RUN_NOT_RUN, 0, 0, 0, 0, 0, 0 },
		{ "tests/junit-collection-error.xml", RUN_NOT_RUN, 1, 0, 0, 1, 0, 0 },
		{ "pytest-forms/junit_xunit2.xml", RUN_COMPLETE, 52, 6, 29, 4, 4, 2 },
		{ "pytest-forms/junit_legacy.xml", RUN_COMPLETE, 52, 6, 29, 4, 4, 2 },
		{ "pytest-forms/junit_rerun.xml", RUN_COMPLETE, 3, 2, 4, 0, 0, 0 },
		{ "pytest-forms/gotestsum.xml", RUN_COMPLETE, 6, 2, 3, 0, 1, 0 },
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		const struct recorded_run *run;

		if (!record_corpus(&r, &reader_junit, files[i].file)) {
			recorder_release(&r);
			skip();
		}
		print_message("%s\n", files[i].file);
		assert_int_equal(r.runs, 1);
		run = &r.run[0];
		assert_int_equal(run->run.state, files[i].state);
		assert_int_equal(run->run.collected, files[i].tests);
		assert_int_equal(recorded_count(run, TEST_PASSED), files[i].passed);
		assert_int_equal(recorded_count(run, TEST_FAILED), files[i].failed);
		assert_int_equal(recorded_count(run, TEST_ERROR), files[i].errors);
		assert_int_equal(recorded_count(run, TEST_SKIPPED), files[i].skipped);
		assert_int_equal(recorded_count(run, TEST_XFAILED), files[i].xfailed);
		recorder_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_the_results_of_pytest),
		cmocka_unit_test(test_gives_details_and_output_with_their_places),
		cmocka_unit_test(test_builds_node_ids),
		cmocka_unit_test(test_states_of_runs),
		cmocka_unit_test(test_impossible_counts_are_not_taken),
		cmocka_unit_test(test_a_collection_error_names_its_module),
		cmocka_unit_test(test_attempts_of_pytest_that_left_no_report_did_not_pass),
		cmocka_unit_test(test_reads_repeats_inside_a_testcase),
		cmocka_unit_test(test_tells_dialects_apart),
		cmocka_unit_test(test_no_dialect_gains_a_pass_when_cut),
		cmocka_unit_test(test_a_testcase_that_had_failed_when_the_xml_was_cut_failed),
		cmocka_unit_test(test_keeps_names_durations_and_times),
		cmocka_unit_test(test_messages_are_those_of_the_console),
		cmocka_unit_test(test_splits_what_pytest_captured),
		cmocka_unit_test(test_tells_what_properties_say),
		cmocka_unit_test(test_a_sink_may_want_no_facts),
		cmocka_unit_test(test_a_long_attribute_costs_only_itself),
		cmocka_unit_test(test_control_characters_do_not_end_the_reading),
		cmocka_unit_test(test_suites_under_one_root_are_one_run),
		cmocka_unit_test(test_concatenated_documents_are_runs),
		cmocka_unit_test(test_refuses_document_types),
		cmocka_unit_test(test_limits_hold),
		cmocka_unit_test(test_a_cut_document_keeps_what_was_closed_and_gains_no_pass),
		cmocka_unit_test(test_sniffs_by_content),
		cmocka_unit_test(test_reads_real_files),
	};

	return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
