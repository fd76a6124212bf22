/*
 * test_pytest.c - the pytest console reader: shapes, state of runs, and what may never pass.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "recorder.h"

extern const struct reader reader_pytest;

#define START "============================= test session starts ==============================\n"
#define HEAD START "platform linux -- Python 3.11.2, pytest-8.4.1, pluggy-1.6.0\nrootdir: /w\n"
#define ERRORS "==================================== ERRORS ====================================\n"
#define FAILURES \
	"=================================== FAILURES ===================================\n"
#define SUMMARY "=========================== short test summary info ============================\n"
#define OUT_CALL \
	"----------------------------- Captured stdout call -----------------------------\n"

static void
read_text(struct recorder *r, const char *text)
{
	assert_int_equal(record_text(r, &reader_pytest, text, strlen(text)), 0);
	assert_int_equal(r->begun, r->ended);
}

/* ---- sessions ---- */

static const char verbose[] =
    HEAD "collecting ... collected 7 items\n\n"
    "tests/test_a.py::test_ok PASSED                                          [ 14%]\n"
    "tests/test_a.py::TestC::test_bad[a::b - c] FAILED                        [ 28%]\n"
    "tests/test_a.py::test_setup ERROR                                        [ 42%]\n"
    "tests/test_a.py::test_down PASSED                                        [ 57%]\n"
    "tests/test_a.py::test_down ERROR                                         [ 57%]\n"
    "tests/test_a.py::test_skip SKIPPED (not now)                             [ 71%]\n"
    "tests/test_b.py::test_xf XFAIL (bug 12)                                  [ 85%]\n"
    "tests/test_b.py::test_xp XPASS (fixed?)                                  [100%]\n\n"
    ERRORS
    "_________________________ ERROR at setup of test_setup _________________________\n\n"
    "    def fixture():\n>       raise ConnectionError(\"no db\")\n"
    "E       ConnectionError: no db\n\ntests/test_a.py:4: ConnectionError\n"
    "________________________ ERROR at teardown of test_down ________________________\n\n"
    ">       raise OSError(\"cannot close\")\nE       OSError: cannot close\n\n"
    "tests/test_a.py:9: OSError\n"
    FAILURES
    "___________________________ TestC.test_bad[a::b - c] ___________________________\n\n"
    "    def test_bad(self):\n>       assert 1 == 2\nE       assert 1 == 2\n\n"
    "tests/test_a.py:14: AssertionError\n"
    OUT_CALL
    "hello\ntests/test_a.py::test_bad PASSED\nFAILED tests/fake.py::t - not real\n"
    "=== 3 failed, 2 passed in 1.00s ===\nlast words\n"
    SUMMARY
    "FAILED tests/test_a.py::TestC::test_bad[a::b - c] - assert 1 == 2\n"
    "ERROR tests/test_a.py::test_setup - ConnectionError: no db\n"
    "ERROR tests/test_a.py::test_down - OSError: cannot close\n"
    "= 1 failed, 2 passed, 1 skipped, 1 xfailed, 1 xpassed, 2 warnings, 2 errors in 0.65s =\n"
    "EXIT=1\n";

static void
check_verbose(const struct recorder *r)
{
	static const struct {
		const char *id;
		enum test_outcome outcome;
		enum test_phase phase;
		const char *message;
	} want[] = {
		{ "tests/test_a.py::test_ok", TEST_PASSED, PHASE_CALL, "" },
		{ "tests/test_a.py::TestC::test_bad[a::b - c]", TEST_FAILED, PHASE_CALL,
		    "assert 1 == 2" },
		{ "tests/test_a."
		"py::test_setup", TEST_ERROR, PHASE_SETUP, "ConnectionError: no db" },
		{ "tests/test_a.py::test_down", TEST_ERROR, PHASE_TEARDOWN,
		    "OSError: cannot close" },
		{ "tests/test_a.py::test_skip", TEST_SKIPPED, PHASE_NONE, "not now" },
		{ "tests/test_b.py::test_xf", TEST_XFAILED, PHASE_CALL, "bug 12" },
		{ "tests/test_b.py::test_xp", TEST_XPASSED, PHASE_CALL, "fixed?" },
	};
	const struct recorded_run *run = &r->run[0];

	assert_int_equal(r->runs, 1);
	assert_int_equal(run->tests, 7);
	for (size_t i = 0; i < 7; i++) {
		const struct test *t = recorded_test(run, want[i].id);

		print_message("%s\n", want[i].id);
		assert_non_null(t);
		assert_int_equal(t->outcome, want[i].outcome);
		assert_int_equal(t->phase, want[i].phase);
		assert_true(slice_eqs(t->message, want[i].message));
		assert_int_equal(t->attempt, 1);
	}
	assert_true(slice_eqs(run->run.framework, "pytest 8.4.1"));
	assert_int_equal(run->run.state, RUN_COMPLETE);
	assert_int_equal(run->run.reconciled, RUN_RECONCILED_EXPLAINED);
	assert_int_equal(run->run.exit_code, 1);
	assert_int_equal(run->run.selected, 7);
	assert_int_equal(run->run.errors, 2);
	assert_int_equal(run->run.warnings, 2);
	assert_int_equal(r->bad, 0);
}

static void
test_reads_a_verbose_session(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, verbose);
	check_verbose(&r);
	t = recorded_test(&r.run[0], "tests/test_a.py::TestC::test_bad[a::b - c]");
	assert_true(slice_ends(t->file, "test_a.py"));
	assert_int_equal(t->line, 7);
	assert_int_equal(t->detail_line, 32);
	assert_true(slice_starts(t->detail, "    def test_bad(self):\n"));
	assert_true(memcmp(verbose + t->detail_byte, "    def test_bad", 16) == 0);
	recorder_release(&r);
}

static void
test_refuses_results_inside_captured_output(void **state)
{
	struct recorder r;
	const struct printed *o = NULL;

	(void)state;
	read_text(&r, verbose);
	assert_null(recorded_test(&r.run[0], "tests/fake.py::t"));
	assert_null(recorded_test(&r.run[0], "tests/test_a.py::test_bad"));
	for (size_t i = 0; i < r.run[0].outputs; i++)
		if (slice_eqs(r.run[0].output[i].section, "Captured stdout call"))
			o = &r.run[0].output[i];
	assert_non_null(o);
	assert_true(slice_eqs(o->nodeid, "tests/test_a.py::TestC::test_bad[a::b - c]"));
	assert_true(slice_starts(o->text, "hello\n"));
	assert_true(slice_ends(o->text, "last words\n"));
	assert_true(memcmp(verbose + o->byte, "hello\n", 6) == 0);
	recorder_release(&r);
}

static void
test_colours_and_crlf_change_nothing(void **state)
{
	struct buf b;
	struct recorder r;
	struct slice in = SLICE(verbose), line;

	(void)state;
	buf_init(&b, 1 << 20);
	while (slice_take_line(&in, &line)) {
		buf_puts(&b, "\x1b[1m\x1b[31m");
		buf_put_slice(&b, slice_sub(line, 0, line.n / 2));
		buf_puts(&b, "\x1b[39;49;00m");
		buf_put_slice(&b, slice_sub(line, line.n / 2, line.n));
		buf_puts(&b, "\x1b[0m\r\n");
	}
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_pytest, input_from_memory(b.p, b.n)), 0);
	check_verbose(&r);
	recorder_release(&r);
	buf_release(&b);
}

static void
test_stamps_of_a_ci_system_are_taken_off_and_give_the_clock(void **state)
{
	struct buf b;
	struct recorder r;
	struct slice in = SLICE(verbose), line;

	(void)state;
	buf_init(&b, 1 << 20);
	while (slice_take_line(&in, &line)) {
		buf_puts(&b, "2025-09-14T08:32:48.1234567Z ");
		buf_put_slice(&b, line);
		buf_putc(&b, '\n');
	}
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_pytest, input_from_memory(b.p, b.n)), 0);
	check_verbose(&r);
	assert_int_equal(r.run[0].run.clock, RUN_CLOCK_DERIVED);
	assert_true(r.run[0].run.started_ns ==
	    clock_from_civil(2025, 9, 14, 8, 32, 48) + 123456700);
	recorder_release(&r);
	buf_release(&b);
}

/* cut behind every line: what failed or was not there is never a pass, and nothing is complete */
static void
check_cuts(const char *text, size_t first_final)
{
	struct recorder whole, part;
	size_t n = strlen(text);

	recorder_init(&whole);
	assert_int_equal(record_input(&whole, &reader_pytest, input_from_memory(text, n)), 0);
	for (size_t at = 1; at < first_final; at++) {
		if (text[at - 1] != '\n')
			continue;
		assert_int_equal(record_text(&part, &reader_pytest, text, at), 0);
		assert_int_equal(part.runs, 1);
		assert_int_not_equal(part.run[0].run.state, RUN_COMPLETE);
		assert_true(part.run[0].run.state_why.n > 0);
		for (size_t i = 0; i < part.run[0].tests; i++) {
			const struct test *t = &part.run[0].test[i];
			char *id = arena_str(&part.arena, t->nodeid);
			const struct test *full = recorded_test(&whole.run[0], id);

			if (t->outcome != TEST_PASSED)
				continue;
			assert_non_null(full);
			/* that its teardown fails stands only further down */
			assert_true(full->outcome == TEST_PASSED ||
			    full->phase == PHASE_TEARDOWN);
		}
		recorder_release(&part);
	}
	recorder_release(&whole);
}

static void
test_a_cut_log_is_never_complete_and_never_gains_a_pass(void **state)
{
	size_t final = slice_find(SLICE(verbose), 0, SLICE("= 1 failed, 2 passed, 1 skipped"));

	(void)state;
	assert_true(final != SIZE_MAX);
	check_cuts(verbose, final);
}

static void
test_reads_letters_and_names_the_failures(void **state)
{
	static const char text[] = HEAD "collected 9 items\n\n"
	    "tests/test_a.py .F.sE                                                    [ 55%]\n"
	    "tests/test_b.py .E.F                                                     [100%]\n\n"
	    ERRORS
	    "_________________________ ERROR at setup of test_setup _________________________\n"
	    "E   ValueError: one\n"
	    "________________________ ERROR at teardown of test_down ________________________\n"
	    "E   ValueError: two\n"
	    FAILURES
	    "___________________________________ test_one ___________________________________\n"
	    "E   ValueError: three\n"
	    "________________________________ TestB.test_two ________________________________\n"
	    "E   ValueError: four\n"
	    SUMMARY
	    "FAILED tests/test_a.py::test_one - ValueError: three\n"
	    "FAILED tests/test_b.py::TestB::test_two - ValueError: four\n"
	    "ERROR tests/test_a.py::test_setup - ValueError: one\n"
	    "ERROR tests/test_b.py::test_down - ValueError: two\n"
	    "=============== 2 failed, 4 passed, 1 skipped, 2 errors in 0.10s ===============\n";
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.runs, 1);
	/* ".E" of test_b.py is one test */
	assert_int_equal(r.run[0].tests, 8);
	assert_int_equal(recorded_count(&r.run[0], TEST_PASSED), 3);
	t = recorded_test(&r.run[0], "tests/test_b.py::test_down");
	assert_int_equal(t->outcome, TEST_ERROR);
	assert_int_equal(t->phase, PHASE_TEARDOWN);
	t = recorded_test(&r.run[0], "tests/test_a.py::test_setup");
	assert_int_equal(t->phase, PHASE_SETUP);
	t = recorded_test(&r.run[0], "tests/test_b.py::TestB::test_two");
	assert_true(slice_eqs(t->message, "ValueError: four"));
	assert_int_equal(t->line, 7);
	assert_non_null(recorded_test(&r.run[0], "tests/test_a.py#1"));
	assert_non_null(recorded_test(&r.run[0], "tests/test_a.py#3"));
	/* 9 letters for 8 tests: one of the 9 collected tests did not report */
	assert_int_equal(r.run[0].run.state, RUN_STOPPED);
	recorder_release(&r);
}

static void
test_reads_a_quiet_session(void **state)
{
	static const char text[] =
	    ".F.                                                                      [100%]\n"
	    FAILURES
	    "___________________________________ test_one ___________________________________\n\n"
	    ">       assert 0\nE       assert 0\n\ntests/test_a.py:3: AssertionError\n"
	    OUT_CALL "5 passed in 0.10s\n"
	    SUMMARY "FAILED tests/test_a.py::test_one - assert 0\n1 failed, 2 passed in 0.02s\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].tests, 3);
	assert_int_equal(r.run[0].run.passed, 2);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	assert_non_null(recorded_test(&r.run[0], "#1"));
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_one")->outcome,
	    TEST_FAILED);
	recorder_release(&r);
}

static void
test_dots_in_printed_text_are_no_passes(void **state)
{
	static const char cut[] = HEAD "collected 5 items\n\n"
	    "tests/test_a.py \nloading\n...\n.\nF\n";
	static const char whole[] = HEAD "collected 3 items\n\n"
	    "tests/test_a.py \nloading\n...\n.\nF\n.\n" SUMMARY
	    "FAILED tests/test_a.py::test_x - assert 0\n"
	    "========================= 1 failed, 2 passed in 0.10s ==========================\n";
	struct recorder r;

	(void)state;
	read_text(&r, cut);
	assert_int_equal(recorded_count(&r.run[0], TEST_PASSED), 0);
	assert_int_not_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
	/* five dots, two passes: which dots are results cannot be known */
	read_text(&r, whole);
	assert_int_equal(recorded_count(&r.run[0], TEST_PASSED), 0);
	assert_int_equal(recorded_count(&r.run[0], TEST_FAILED), 1);
	assert_int_equal(r.run[0].run.passed, 2);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_NO);
	recorder_release(&r);
}

static void
test_reads_workers_with_windows_paths(void **state)
{
	static const char text[] =
	    "============================= test session starts =============================\n"
	    "platform win32 -- Python 3.12.4, pytest-8.4.1, pluggy-1.6.0\n"
	    "2 workers [40 items]\n\nscheduling tests via LoadScheduling\n\n"
	    "app\\tests\\test_a.py::test_one \napp\\tests\\test_a.py::test_two \n"
	    "[gw1] [  2%] PASSED app\\tests\\test_a.py::test_two \n"
	    "[gw0] [  5%] FAILED app\\tests\\test_a.py::test_one \n"
	    "================================== FAILURES ===================================\n"
	    "__________________________________ test_one ___________________________________\n"
	    "[gw0] win32 -- Python 3.12.4 C:\\py\\python.exe\n"
	    "app\\tests\\test_a.py:12: in test_one\n    assert 0\nE   assert 0\n"
	    "=========================== short test summary info ===========================\n"
	    "FAILED app\\tests\\test_a.py::test_one - assert 0\n"
	    "!!!!!!!!!!!! xdist.dsession.Interrupted: stopping after 1 failures !!!!!!!!!!!!\n"
	    "!!!!!!!!!!!!!!!!!!!!!!!!!! stopping after 1 failures !!!!!!!!!!!!!!!!!!!!!!!!!!\n"
	    "======================== 1 failed, 1 passed in 28.27s =========================\n"
	    "[FAIL] TESTS FAILED with exit code 2 after 36.40s\n";
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.run[0].tests, 2);
	t = recorded_test(&r.run[0], "app/tests/test_a.py::test_one");
	assert_non_null(t);
	assert_true(slice_eqs(t->worker, "gw0"));
	assert_true(slice_eqs(t->message, "assert 0"));
	assert_true(slice_eqs(t->file, "app/tests/test_a.py"));
	assert_int_equal(r.run[0].run.state, RUN_STOPPED);
	assert_true(slice_eqs(r.run[0].run.state_why, "stopped after 1 failure: 2 of 40 ran"));
	assert_int_equal(r.run[0].run.exit_code, 2);
	recorder_release(&r);
}

static void
test_output_between_rows_does_not_close_the_wrong_test(void **state)
{
	static const char text[] = HEAD "collecting ... collected 4 items\n\n"
	    "tests/test_a.py::test_one loading\nPASSED: the first check\n"
	    "FAILED tests/fake.py::t - not real\nhello FAILED\nFAILED\n"
	    "tests/test_a.py::test_two PASSEDin teardown\n\n"
	    "tests/test_a.py::test_two ERROR\n"
	    "tests/test_a.py::test_three \nPASSED\n"
	    "tests/test_a.py::test_four still at work\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.run[0].tests, 4);
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_four")->outcome,
	    TEST_ERROR);
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_one")->outcome,
	    TEST_FAILED);
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_two")->outcome,
	    TEST_ERROR);
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_two")->phase,
	    PHASE_TEARDOWN);
	assert_int_equal(recorded_test(&r.run[0], "tests/test_a.py::test_three")->outcome,
	    TEST_PASSED);
	assert_int_equal(r.run[0].run.state, RUN_TRUNCATED);
	assert_true(slice_eqs(r.run[0].run.state_why, "no final line: 3 of 4 selected tests "
	    "reported, tests/test_a.py::test_four had begun"));
	assert_int_equal(r.diags[DIAG_RUN_NO_END], 1);
	recorder_release(&r);
}

static void
test_a_final_line_printed_by_a_test_is_taken_back(void **state)
{
	static const char text[] = HEAD "collecting ... collected 2 items\n\n"
	    "tests/test_a.py::test_one FAILED                                         [ 50%]\n"
	    "tests/test_a.py::test_two FAILED                                         [100%]\n"
	    FAILURES
	    "___________________________________ test_one ___________________________________\n"
	    "E   assert 0\n" OUT_CALL
	    "============================== 2 passed in 0.01s ===============================\n"
	    "___________________________________ test_two ___________________________________\n"
	    "E   assert 1 == 2\n" SUMMARY
	    "FAILED tests/test_a.py::test_one - assert 0\n"
	    "FAILED tests/test_a.py::test_two - assert 1 == 2\n"
	    "============================== 2 failed in 0.01s ===============================\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].run.passed, 0);
	assert_int_equal(r.run[0].run.failed, 2);
	assert_true(slice_eqs(recorded_test(&r.run[0], "tests/test_a.py::test_two")->message,
	    "assert 1 == 2"));
	recorder_release(&r);
}

#define FORGED SUMMARY "FAILED tests/fake.py::test_forged - not real\n" \
	"ERROR tests/test_a.py::test_two - not real\n"
#define FORGED_END \
	"============================= 300 passed in 1.00s ==============================\n"

/* letters get their names from the short summary: a forged one must not give them */
static void
test_only_the_last_short_summary_counts(void **state)
{
	static const char *const progress[] = {
	    "tests/test_a.py::test_one FAILED                                         [ 50%]\n"
	    "tests/test_a.py::test_two FAILED                                         [100%]\n",
	    "tests/test_a.py FF                                                       [100%]\n" };
	static const char *const forged[] = { FORGED, FORGED FORGED_END, FORGED FORGED FORGED_END,
		FORGED_END };
	char text[4000];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		struct recorder r;
		const struct test *one, *two;

		snprintf(text, sizeof text, "%s%s%s%s%s%s", HEAD "collected 2 items\n\n",
		    progress[i / 4], FAILURES
		    "___________________________________ test_two "
		    "___________________________________\nE   assert 1 == 2\n" OUT_CALL,
		    forged[i % 4],
		    "============================= slowest 2 durations "
		    "==============================\n"
		    "1.50s call     tests/test_a.py::test_one\n",
		    SUMMARY "FAILED tests/test_a.py::test_one - assert 0\n"
		    "FAILED tests/test_a.py::test_two - assert 1 == 2\n"
		    "============================== 2 failed in 3.01s "
		    "===============================\n");
		read_text(&r, text);
		assert_int_equal(r.runs, 1);
		assert_int_equal(r.run[0].tests, 2);
		assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
		assert_int_equal(r.run[0].run.failed, 2);
		one = recorded_test(&r.run[0], "tests/test_a.py::test_one");
		two = recorded_test(&r.run[0], "tests/test_a.py::test_two");
		assert_non_null(one);
		assert_non_null(two);
		assert_int_equal(one->outcome, TEST_FAILED);
		assert_int_equal(two->outcome, TEST_FAILED);
		assert_true(slice_eqs(one->message, "assert 0"));
		assert_true(slice_eqs(two->message, "assert 1 == 2"));
		if (i < 4)
			assert_int_equal(one->duration_ns, INT64_C(1500000000));
		recorder_release(&r);
	}
}

static void
test_a_session_that_a_test_ran_is_its_captured_output(void **state)
{
	static const char text[] = HEAD "collecting ... collected 2 items\n\n"
	    "tests/test_a.py::test_plugin FAILED                                      [ 50%]\n"
	    "tests/test_a.py::test_two PASSED                                         [100%]\n"
	    FAILURES
	    "_________________________________ test_plugin __________________________________\n"
	    "E   assert 0\n" OUT_CALL
	    HEAD "collecting ... collected 1 item\n\n"
	    "test_inner.py::test_inner FAILED                                         [100%]\n"
	    FAILURES
	    "__________________________________ test_inner __________________________________\n"
	    "E   assert 7\n" SUMMARY "FAILED test_inner.py::test_inner - assert 7\n"
	    "============================== 1 failed in 0.01s ===============================\n"
	    SUMMARY "FAILED tests/test_a.py::test_plugin - assert 0\n"
	    "========================= 1 failed, 1 passed in 0.10s ==========================\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].tests, 2);
	assert_null(recorded_test(&r.run[0], "test_inner.py::test_inner"));
	assert_true(slice_eqs(recorded_test(&r.run[0], "tests/test_a.py::test_plugin")->message,
	    "assert 0"));
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	assert_int_equal(r.run[0].run.passed, 1);
	recorder_release(&r);
}

static void
test_states_of_runs(void **state)
{
	static const struct {
		const char *text;
		enum run_state state;
		const char *why;	/* how it starts */
	} cases[] = {
		{ "some text\nthat is no test run\n", RUN_NOT_RUN, "no test session" },
		{ HEAD "collected 0 items\n\n"
		    "============================ no tests ran"
		    " in 0.01s =============================\n"
		    "ERROR: file or directory not found: x.py\n\nEXIT=4\n", RUN_NOT_RUN,
		    "no tests ran" },
		{ HEAD "collected 2 items / 2 deselected / 0 selected\n\n"
		    "============================ 2 deselected"
		    " in 0.01s =============================\n",
		    RUN_NOT_RUN, "all collected tests were deselected" },
		{ HEAD "collected 45 items / 1 error\n\n" ERRORS
		    "__________________ ERROR collecting tests"
		    "/test_collect_err.py __________________\n"
		    "E   ModuleNotFoundError: No module named 'nosuch'\n" SUMMARY
		    "ERROR tests/test_collect_err.py\n"
		    "!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error"
		    " during collection !!!!!!!!!!!!!!!!!!!!\n"
		    "=============================== 1 error i"
		    "n 0.22s ===============================\n",
		    RUN_NOT_RUN, "1 error during collection, no test ran" },
		{ HEAD "collecting ... Traceback (most recent call last):\n"
		    "  File \"x.py\", line 1, in <module>\nVal"
		    "ueError: closed\ncollected 58 items\n\n"
		    "============================= 6 warnings "
		    "in 26.91s =============================\n",
		    RUN_CRASHED, "pytest failed outside of any test" },
		{ HEAD "collected 1 item\nINTERNALERROR> Traceback\nINTERNALERROR> boom\n\n"
		    "============================ no tests ran"
		    " in 0.04s =============================\n",
		    RUN_CRASHED, "internal error of pytest" },
		{ HEAD "collecting ... collected 3 items\n\n"
		    "t/test_c.py::test_ok PASSED             "
		    "                                 [ 33%]\n"
		    "t/test_c.py::test_segv Fatal Python error: Segmentation fault\n\nEXIT=139\n",
		    RUN_CRASHED, "Fatal Python error: Segmentation "
		    "fault while t/test_c.py::test_segv" },
		{ HEAD "collected 2 items\n\nother/test_exit.py .\n\n"
		    "============================== 1 passed i"
		    "n 0.43s ===============================\n"
		    "!!!!!!!!!!!!!!!!!!!!!! _pytest.outcomes.E"
		    "xit: server down !!!!!!!!!!!!!!!!!!!!!!\n",
		    RUN_STOPPED, "_pytest.outcomes.Exit: server down: 1 of 2 ran" },
		{ HEAD "collected 3 items\n\ntests/test_a.py ..\n\n"
		    "============================== 2 passed i"
		    "n 0.43s ===============================\n",
		    RUN_STOPPED, "2 of 3 selected tests reported" },
		{ HEAD "collected 2 items\n\ntests/test_a.py ..                                 "
		    "                      [100%]\n\n"
		    "============================== 2 passed i"
		    "n 0.43s ===============================\n",
		    RUN_COMPLETE, "" },
		{ "ImportError while loading conftest '/w/conftest.py'.\nE   ValueError: x\n",
		    RUN_NOT_RUN, "ImportError while loading conftest" },
		{ "2 tests collected in 0.01s\n", RUN_NOT_RUN, "tests were collected only" },
		{ "3 passed in 0.01s\n", RUN_TRUNCATED, "only the final line is there" },
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		print_message("%.*s", 60, cases[i].text);
		read_text(&r, cases[i].text);
		assert_int_equal(r.runs, 1);
		assert_int_equal(r.run[0].run.state, cases[i].state);
		assert_true(slice_starts(r.run[0].run.state_why, cases[i].why));
		recorder_release(&r);
	}
}

static void
test_a_collection_error_is_a_result_of_its_file(void **state)
{
	static const char text[] = HEAD "collected 1 item / 1 error\n\n"
	    "tests/test_a.py .                                                        [100%]\n"
	    ERRORS
	    "____________________ ERROR collecting tests/test_collect.py ____________________\n"
	    "ImportError while importing test module '/w/tests/test_collect.py'.\n"
	    "tests/test_collect.py:1: in <module>\n    import nosuch\n"
	    "E   ModuleNotFoundError: No module named 'nosuch'\n" SUMMARY
	    "ERROR tests/test_collect.py\n"
	    "========================== 1 passed, 1 error in 0.10s ==========================\n";
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, text);
	t = recorded_test(&r.run[0], "tests/test_collect.py");
	assert_non_null(t);
	assert_int_equal(t->outcome, TEST_ERROR);
	assert_int_equal(t->phase, PHASE_COLLECT);
	assert_true(slice_eqs(t->message, "ModuleNotFoundError: No module named 'nosuch'"));
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
}

static void
test_repeated_tests_are_attempts(void **state)
{
	static const char text[] = HEAD "collecting ... collected 2 items\n\n"
	    "t/test_r.py::test_flaky RERUN                                            [ 50%]\n"
	    "t/test_r.py::test_flaky RERUN                                            [ 50%]\n"
	    "t/test_r.py::test_flaky PASSED                                           [ 50%]\n"
	    "t/test_r.py::test_ok PASSED                                              [100%]\n\n"
	    "========================== 2 passed, 2 rerun in 0.10s ==========================\n";
	struct recorder r;
	const struct test *t;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.run[0].tests, 4);
	assert_int_equal(recorded_count(&r.run[0], TEST_FAILED), 2);
	t = recorded_test(&r.run[0], "t/test_r.py::test_flaky");
	assert_int_equal(t->attempt, 3);
	assert_int_equal(t->outcome, TEST_PASSED);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
}

static void
test_a_failed_subtest_fails_its_test(void **state)
{
	static const char text[] = HEAD "collecting ... collected 1 item\n\n"
	    "t/test_s.py::U::test_sub SUBFAILED[m] (i=1)                              [100%]\n"
	    "t/test_s.py::U::test_sub PASSED                                          [100%]\n"
	    FAILURES
	    "_____________________________ U.test_sub [m] (i=1) _____________________________\n"
	    "E   AssertionError: 1 == 1\n" SUMMARY
	    "SUBFAILED[m] (i=1) t/test_s.py::U::test_sub - AssertionError: 1 == 1\n"
	    "========================= 1 failed, 1 passed in 0.10s ==========================\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.run[0].tests, 1);
	assert_int_equal(r.run[0].test[0].outcome, TEST_FAILED);
	assert_true(slice_eqs(r.run[0].test[0].message, "AssertionError: 1 == 1"));
	recorder_release(&r);
}

static void
test_a_heading_of_a_subtest_fails_its_test_without_a_row(void **state)
{
	static const char text[] = HEAD "collecting ... collected 1 item\n\n"
	    "t/test_s.py::U::test_sub \n"
	    "t/test_s.py::U::test_sub PASSED                                          [100%]\n"
	    FAILURES
	    "_____________________________ U.test_sub [m] (i=1) _____________________________\n"
	    "E   AssertionError: 1 == 1\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.run[0].tests, 1);
	assert_int_equal(r.run[0].test[0].outcome, TEST_FAILED);
	recorder_release(&r);
}

static void
test_each_session_is_a_run_with_its_own_clock_and_command(void **state)
{
	static const char text[] =
	    "Running command:\n  pytest tests/a -v\nTime: 2025-09-07 06:49:33\n"
	    "Environment: staging\n"
	    HEAD "collected 1 item\n\ntests/test_a.py .\n\n"
	    "============================== 1 passed in 0.43s ===============================\n"
	    "Exit code: 0\n"
	    "$ python -m pytest tests/b\n"
	    HEAD "collected 2 items\n\ntests/test_b.py .\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.runs, 2);
	assert_true(slice_eqs(r.run[0].run.command, "pytest tests/a -v"));
	assert_true(slice_eqs(r.run[0].run.env, "staging"));
	assert_int_equal(r.run[0].run.clock, RUN_CLOCK_ASSUMED);
	assert_true(r.run[0].run.started_ns == clock_from_civil(2025, 9, 7, 6, 49, 33));
	assert_int_equal(r.run[0].run.exit_code, 0);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	assert_true(slice_eqs(r.run[1].run.command, "python -m pytest tests/b"));
	assert_true(r.run[1].run.started_ns == CLOCK_NONE);
	assert_int_equal(r.run[1].run.clock, RUN_CLOCK_NONE);
	assert_int_equal(r.run[1].run.state, RUN_TRUNCATED);
	recorder_release(&r);
}

static void
test_a_wrapper_that_drops_errors_is_reported(void **state)
{
	static const char text[] = HEAD "collecting ... collected 3 items\n\n"
	    "t/test_a.py::test_a PASSED                                               [ 33%]\n"
	    "t/test_a.py::test_b FAILED                                               [ 66%]\n"
	    "t/test_a.py::test_c ERROR                                                [100%]\n"
	    "===================== 1 failed, 1 passed, 1 error in 0.43s =====================\n"
	    "Total Tests: 3\nPassed: 1\nFailed: 1\n";
	struct recorder r;

	(void)state;
	read_text(&r, text);
	assert_int_equal(r.diags[DIAG_RUN_WRAPPER], 1);
	recorder_release(&r);
}

static void
test_long_text_is_given_in_whole_blocks(void **state)
{
	struct recorder r;
	struct buf b;
	size_t got = 0;

	(void)state;
	buf_init(&b, 8 << 20);
	buf_puts(&b, HEAD "collecting ... collected 1 item\n\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "printed line %d\n", i);
	for (int i = 0; i < 200000; i++)
		buf_putc(&b, 'x');
	buf_putc(&b, '\n');
	recorder_init(&r);
	assert_int_equal(record_input(&r, &reader_pytest, input_from_memory(b.p, b.n)), 0);
	for (size_t i = 0; i < r.run[0].outputs; i++) {
		const struct printed *o = &r.run[0].output[i];

		assert_true(o->text.n > 0 && o->text.n <= 64 * 1024);
		assert_int_equal(o->text.p[o->text.n - 1], '\n');
		assert_true(memcmp(b.p + o->byte, o->text.p, o->text.n - 1) == 0);
		got += o->text.n;
	}
	/* all of it, and one newline more for each piece of the long line but the last */
	assert_in_range(got, b.n - sizeof HEAD - 40, b.n + 4);
	recorder_release(&r);
	buf_release(&b);
}

/* ---- real evidence ---- */

static void
test_reads_real_logs(void **state)
{
	static const struct {
		const char *file;
		enum run_state state;
		long collected, selected;
		long passed, failed, errors, skipped;	/* rows */
		long exit_code;
	} logs[] = {
		{ "tests/pytest-verbose-captured.log", RUN_COMPLETE, 80, 80, 77, 3, 0, 0, -1 },
		{ "tests/pytest-xdist.txt", RUN_STOPPED, 2221, 2221, 409, 1, 0, 19, 2 },
		{ "tests/pytest-no-tests-ran.txt", RUN_NOT_RUN, 0, 0, 0, 0, 0, 0, -1 },
		{ "tests/pytest-crashed.txt", RUN_CRASHED, 58, 58, 0, 0, 0, 0, -1 },
		{ "tests/pytest-truncated.log", RUN_NOT_RUN, -1, -1, 0, 0, 0, 0, -1 },
		{ "tests/pytest-ansi-interleaved.log", RUN_STOPPED, 248, 215, 50, 8, 2, 0, 1 },
		{ "tests/same-run.txt", RUN_STOPPED, 248, 215, 51, 7, 3, 0, 1 },
		{ "tests/pytest-suspect-pass.txt", RUN_COMPLETE, 5, 5, 5, 0, 0, 0, -1 },
		{ "tests/pytest-dots-prints.txt", RUN_COMPLETE, 78, 78, 4, 74, 0, 0, -1 },
		{ "pytest-forms/v.txt", RUN_COMPLETE, 45, 45, 5, 29, 4, 4, 1 },
		{ "pytest-forms/vv.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/color.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/q.txt", RUN_COMPLETE, -1, -1, 5, 29, 4, 4, 1 },
		{ "pytest-forms/xdist.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/xdist_v.txt", RUN_COMPLETE, 45, 45, 5, 29, 4, 4, 1 },
		{ "pytest-forms/s_v.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/logcli.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/tbshort.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/tbnative.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/rA.txt", RUN_COMPLETE, 43, 43, 4, 28, 4, 4, 1 },
		{ "pytest-forms/qq.txt", RUN_TRUNCATED, -1, -1, 5, 28, 4, 4, 1 },
		{ "pytest-forms/collerr.txt", RUN_NOT_RUN, 45, 45, 0, 0, 2, 0, 2 },
		{ "pytest-forms/maxfail.txt", RUN_STOPPED, 43, 43, 1, 1, 0, 0, 1 },
		{ "pytest-forms/kbd.txt", RUN_STOPPED, 2, 2, 1, 0, 0, 0, 2 },
		{ "pytest-forms/exit.txt", RUN_STOPPED, 2, 2, 1, 0, 0, 0, 9 },
		{ "pytest-forms/segv.txt", RUN_CRASHED, 3, 3, 1, 0, 1, 0, 139 },
		{ "pytest-forms/segv_xdist.txt", RUN_COMPLETE, 3, 3, 2, 1, 0, 0, 1 },
		{ "pytest-forms/timeout_thread.txt", RUN_CRASHED, 2, 2, 0, 0, 1, 0, 1 },
		{ "pytest-forms/internal.txt", RUN_CRASHED, 1, 1, 0, 0, 0, 0, 3 },
		{ "pytest-forms/rerun_v.txt", RUN_COMPLETE, 3, 3, 2, 4, 0, 0, 1 },
		{ "pytest-forms/usage.txt", RUN_NOT_RUN, -1, -1, 0, 0, 0, 0, 4 },
	};
	struct recorder r;

	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
		const struct recorded_run *run;

		if (!record_corpus(&r, &reader_pytest, logs[i].file)) {
			recorder_release(&r);
			skip();
		}
		print_message("%s\n", logs[i].file);
		assert_int_equal(r.runs, 1);
		run = &r.run[0];
		assert_int_equal(run->run.state, logs[i].state);
		assert_int_equal(run->run.collected, logs[i].collected);
		assert_int_equal(run->run.selected, logs[i].selected);
		assert_int_equal(recorded_count(run, TEST_PASSED), logs[i].passed);
		assert_int_equal(recorded_count(run, TEST_FAILED), logs[i].failed);
		assert_int_equal(recorded_count(run, TEST_ERROR), logs[i].errors);
		assert_int_equal(recorded_count(run, TEST_SKIPPED), logs[i].skipped);
		assert_int_equal(run->run.exit_code, logs[i].exit_code);
		recorder_release(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_a_verbose_session),
		cmocka_unit_test(test_refuses_results_inside_captured_output),
		cmocka_unit_test(test_colours_and_crlf_change_nothing),
		cmocka_unit_test(test_stamps_of_a_ci_system_are_taken_off_and_give_the_clock),
		cmocka_unit_test(test_a_cut_log_is_never_complete_and_never_gains_a_pass),
		cmocka_unit_test(test_reads_letters_and_names_the_failures),
		cmocka_unit_test(test_reads_a_quiet_session),
		cmocka_unit_test(test_dots_in_printed_text_are_no_passes),
		cmocka_unit_test(test_reads_workers_with_windows_paths),
		cmocka_unit_test(test_output_between_rows_does_not_close_the_wrong_test),
		cmocka_unit_test(test_a_final_line_printed_by_a_test_is_taken_back),
		cmocka_unit_test(test_only_the_last_short_summary_counts),
		cmocka_unit_test(test_a_session_that_a_test_ran_is_its_captured_output),
		cmocka_unit_test(test_states_of_runs),
		cmocka_unit_test(test_a_collection_error_is_a_result_of_its_file),
		cmocka_unit_test(test_repeated_tests_are_attempts),
		cmocka_unit_test(test_a_failed_subtest_fails_its_test),
		cmocka_unit_test(test_a_heading_of_a_subtest_fails_its_test_without_a_row),
		cmocka_unit_test(test_each_session_is_a_run_with_its_own_clock_and_command),
		cmocka_unit_test(test_a_wrapper_that_drops_errors_is_reported),
		cmocka_unit_test(test_long_text_is_given_in_whole_blocks),
		cmocka_unit_test(test_reads_real_logs),
	};

	return cmocka_run_group_tests_name("pytest", tests, NULL, NULL);
}
