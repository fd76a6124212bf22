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
	assert_true(slice_eqs(t->message, "no"));
	t = recorded_test(&r.run[0], "a.B::two");
	assert_int_equal(t->attempt, 2);
	assert_int_equal(t->outcome, TEST_PASSED);
	assert_int_equal(recorded_count(&r.run[0], TEST_FAILED), 3);
	assert_true(r.run[0].run.duration_ns == INT64_C(1234500000000));
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
		cmocka_unit_test(test_a_collection_error_names_its_module),
		cmocka_unit_test(test_attempts_of_pytest_that_left_no_report_did_not_pass),
		cmocka_unit_test(test_reads_repeats_inside_a_testcase),
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
