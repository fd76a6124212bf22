/*
 * test_pytest_line.c - the grammar of single lines of pytest, and recognising its output.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "read/pytest_count.h"
#include "read/pytest_line.h"
#include "read/reader.h"

extern const struct reader reader_pytest;

static void
test_reads_rows_from_the_right(void **state)
{
	static const struct {
		const char *line, *id;
		enum pytest_status status;
		const char *why;
	} good[] = {
		{ "a/test_x.py::test_a PASSED", "a/test_x.py::test_a", PYTEST_PASSED, "" },
		{ "a/test_x.py::test_a[b c] FAILED     [ 42%]", "a/test_x.py::test_a[b c]",
		    PYTEST_FAILED, "" },
		{ "t.py::test_p[FAIL"
		"ED] PASSED [ 3/45]", "t.py::test_p[FAILED]", PYTEST_PASSED, "" },
		{ "t.py::test_p[x[y]z] PASSED", "t.py::test_p[x[y]z]", PYTEST_PASSED, "" },
		{ "t.py::test_p[a - b] XPASS (fixed (maybe))  [100%]", "t.py::test_p[a - b]",
		    PYTEST_XPASS, "fixed (maybe)" },
		{ "t.py::C::test_s SKIPPED (no (net...)", "t.py::C::test_s", PYTEST_SKIPPED,
		    "no (net..." },
		{ "t.py::test_d PASSED     1.324ms", "t.py::test_d", PYTEST_PASSED, "" },
		{ "t.py::test_d PASSED     2m 5s", "t.py::test_d", PYTEST_PASSED, "" },
		{ "t.py::test_o <- lib/base.py PASSED", "t.py::test_o", PYTEST_PASSED, "" },
		{ "t.py::test_s SUBFAILED[msg] (i=1)   [ 7%]", "t.py::test_s", PYTEST_SUB_FAILED,
		    "" },
		{ "t.py::test_s [msg] (i=1) SUBFAIL", "t.py::test_s", PYTEST_SUB_FAILED, "" },
		{ "t.py::test_t PASSEDin teardown", "t.py::test_t", PYTEST_PASSED, "" },
		{ "docs\\a.rst::a.rst PASSED", "docs\\a.rst::a.rst", PYTEST_PASSED, "" },
	};
	static const char *const bad[] = {
		"FAILED t.py::test_a - AssertionError", "t.py::test_a PASSED: all good",
		"t.py::test_a checking the server: PASSED", "INFO t.py::test_a PASSED",
		"https://x.py::test_a PASSED", "  t.py::test_a PASSED", "t.py::test_a passed",
		"t.py::test_a FAILED (server says no)", "", "::x PASSED", "t.py:: PASSED",
	};
	struct pytest_row row;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		print_message("%s\n", good[i].line);
		assert_true(pytest_row(slice_str(good[i].line), &row));
		assert_true(slice_eqs(row.id, good[i].id));
		assert_int_equal(row.status, good[i].status);
		assert_true(slice_eqs(row.why, good[i].why));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		print_message("%s\n", bad[i]);
		assert_false(pytest_row(slice_str(bad[i]), &row));
	}
}

static void
test_reads_rows_of_workers(void **state)
{
	static const struct {
		const char *line, *id, *worker;
		enum pytest_status status;
	} good[] = {
		{ "[gw0] [ 42%] PASSED t.py::test_a ", "t.py::test_a", "gw0", PYTEST_PASSED },
		{ "[gw12] FAILED d\\t.py::C::test_a[[gw0]] ", "d\\t.py::C::test_a[[gw0]]", "gw12",
		    PYTEST_FAILED },
		{ "[gw1] [ 68%] SUBFAILED[m] (i='1') t.py::U::test_s ", "t.py::U::test_s", "gw1",
		    PYTEST_SUB_FAILED },
	};
	static const char *const bad[] = { "[gw0] node down: Not properly terminated",
		"[gw0] linux -- Python 3.11.2 /usr/bin/python3", "[gwx] PASSED t.py::test_a",
		"[gw0] PASSED", "[gw0" };
	struct pytest_row row;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(pytest_row_xdist(slice_str(good[i].line), &row));
		assert_true(slice_eqs(row.id, good[i].id));
		assert_true(slice_eqs(row.worker, good[i].worker));
		assert_int_equal(row.status, good[i].status);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(pytest_row_xdist(slice_str(bad[i]), &row));
}

static void
test_tells_separators_from_text_that_looks_like_them(void **state)
{
	static const struct {
		const char *line;
		size_t width;
		bool genuine;
	} cases[] = {
		{ "=================================== FAIL"
		"URES ===================================",
		    80, true },
		{ "================================== FAILURES ===================================",
		    79, true },
		{ "=== 3 failed, 2 passed in 1.00s ===", 80, false },
		{ "=================================== FAIL"
		"URES ===================================",
		    79, false },
		{ "____ a title that does not stand in the middle of its line at all ____________",
		    78, false },
		{ "= 31 failed, 7 passed, 4 skipped, 2 xfailed, 1 xpassed, 1 warning, 4 errors in "
		    "0.65s =", 80, true },
		{ "_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _",
		    79, false },
		{ "=== FAILURES ===", 0, false },
	};
	struct pytest_sep s;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(pytest_sep(slice_str(cases[i].line), &s) &&
		    pytest_sep_genuine(&s, cases[i].width), cases[i].genuine);
}

static void
test_reads_final_lines(void **state)
{
	struct pytest_final f;

	(void)state;
	assert_true(pytest_final(SLICE("3 failed, 77 passed, 19 wa"
	"rnings in 86.51s (0:01:26)"), &f));
	assert_int_equal(f.failed, 3);
	assert_int_equal(f.passed, 77);
	assert_int_equal(f.warnings, 19);
	assert_true(f.duration_ns == INT64_C(86510000000));
	assert_true(pytest_final(SLICE("no tests ran in 0.02s"), &f));
	assert_true(f.none_ran);
	assert_true(pytest_final(SLICE("1 failed, 2 passed, 3 rerun in 0.05 seconds"), &f));
	assert_int_equal(f.rerun, 3);
	assert_int_equal(pytest_final_tests(&f), 3);
	assert_true(pytest_final(SLICE("5/8 tests collected (3 deselected) in 0.01s"), &f));
	assert_int_equal(f.collected, 5);
	assert_true(pytest_final(SLICE("7 passed, 4 subtests passed in 1.00s"), &f));
	assert_int_equal(f.sub_passed, 4);
	assert_false(pytest_final(SLICE("passed in 1.00s"), &f));
	assert_false(pytest_final(SLICE("5 passed"), &f));
	assert_false(pytest_final(SLICE("5 passed in a hurry"), &f));
	assert_false(pytest_final(SLICE(" in 1.00s"), &f));
	assert_false(pytest_final(SLICE("99999999999999999999 passed in 1.00s"), &f));
}

static void
test_reads_collection_lines(void **state)
{
	struct pytest_collected c;

	(void)state;
	assert_true(pytest_collected(SLICE("collecting ... collected 248 items / 33 deselected / "
	    "215 selected"), &c));
	assert_int_equal(c.collected, 248);
	assert_int_equal(c.deselected, 33);
	assert_int_equal(c.selected, 215);
	assert_true(pytest_collected(SLICE("collected 45 items / 2 errors   "), &c));
	assert_int_equal(c.errors, 2);
	assert_int_equal(c.selected, 45);
	assert_true(pytest_collected(SLICE("4 workers [2221 items]"), &c));
	assert_int_equal(c.selected, 2221);
	assert_true(pytest_collected(SLICE("gw0 [2] / gw1 [2]"), &c));
	assert_int_equal(c.selected, 2);
	assert_false(pytest_collected(SLICE("collected 4 stamps"), &c));
	assert_false(pytest_collected(SLICE("collected 4 items of evidence"), &c));
}

static void
test_splits_summary_lines(void **state)
{
	static const struct {
		const char *line, *id, *message;
		enum test_outcome outcome;
	} cases[] = {
		{ "FAILED t.py::test_a - assert 0", "t.py::test_a", "assert 0", TEST_FAILED },
		{ "FAILED t.py::test_p[a - b] - x - y", "t.py::test_p[a - b]", "x - y",
		    TEST_FAILED },
		{ "ERROR t.py", "t.py", "", TEST_ERROR },
		{ "XFAIL t.py::test_x - reason", "t.py::test_x", "reason", TEST_XFAILED },
		{ "SUBFAILED[m] (i=1) t.py::test_s - assert 1", "t.py::test_s", "assert 1",
		    TEST_FAILED },
		{ "ERROR at teardown of t.py::test_d - x", "t.py::test_d", "x", TEST_ERROR },
	};
	struct pytest_summary s;
	struct slice id, message;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(pytest_summary(slice_str(cases[i].line), &s));
		assert_int_equal(s.outcome, cases[i].outcome);
		pytest_summary_split(s.rest, &id, &message);
		assert_true(slice_eqs(id, cases[i].id));
		assert_true(slice_eqs(message, cases[i].message));
	}
	assert_false(pytest_summary(SLICE("SKIPPED [3] t.py:12: not now"), &s));
	assert_false(pytest_summary(SLICE("FAILURE is no option"), &s));
}

static void
test_reads_exit_codes_and_totals_of_wrappers(void **state)
{
	static const struct {
		const char *line;
		long code;
	} cases[] = {
		{ "EXIT=139", 139 }, { "Exit code: 1", 1 }, { "Exit status 2", 2 },
		{ "[FAIL] TESTS FAILED with exit code 2 after 36.40s", 2 },
		{ "[FAILURE] TESTS FAILED (exit code: 1)", 1 },
		{ "no exit code here", -1 }, { "EXIT=1 2", -1 }, { "exit codes 3", -1 },
		{ "Process completed with exit code 1.", 1 },
	};
	struct pytest_wrapper w;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		print_message("%s\n", cases[i].line);
		pytest_wrapper_init(&w);
		pytest_wrapper_line(slice_str(cases[i].line), &w);
		assert_int_equal(w.exit_code, cases[i].code);
	}
	pytest_wrapper_init(&w);
	pytest_wrapper_line(SLICE("Total Tests: 60"), &w);
	pytest_wrapper_line(SLICE("  Passed: 50"), &w);
	pytest_wrapper_line(SLICE("Failed: many"), &w);
	assert_int_equal(w.total, 60);
	assert_int_equal(w.passed, 50);
	assert_int_equal(w.failed, -1);
}

static void
test_reads_rows_of_setup_show(void **state)
{
	static const struct {
		const char *line, *id;
		enum pytest_status status;
	} cases[] = {
		{ "        tests/a.py::t (fixtures used: db, tmp_path).", "tests/a.py::t",
		    PYTEST_PASSED },
		{ "        tests/a.py::t[a b] F", "tests/a.py::t[a b]", PYTEST_FAILED },
		{ "        tests/a.py::t (fixtures used: db)PASSED", "tests/a.py::t",
		    PYTEST_PASSED },
		{ "        tests/a.py::t (fixtures used: db)", NULL, 0 },
		{ "        tests/a.py::t says no", NULL, 0 },
		{ "    tests/a.py::t .", NULL, 0 },
		{ "        SETUP    F db", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pytest_row row;
		bool is = pytest_row_setup(slice_str(cases[i].line), &row);

		print_message("%s\n", cases[i].line);
		assert_int_equal(is, cases[i].id != NULL);
		if (is) {
			assert_true(slice_eqs(row.id, cases[i].id));
			assert_int_equal(row.status, cases[i].status);
		}
	}
}

static void
test_tells_how_a_shell_names_a_death(void **state)
{
	static const struct {
		const char *line, *how, *left;
	} cases[] = {
		{ "Killed", "Killed", "" },
		{ "tests/a.py ..F.Killed", "Killed", "tests/a.py ..F." },
		{ "tests/a.py::t Segmentation fault (core dumped)", "Segmentation fault",
		    "tests/a.py::t " },
		{ "./run.sh: line 2: 29148 Aborted      python3 -m pytest", "Aborted", "" },
		{ "bash: line 1:  4711 Terminated              pytest", "Terminated", "" },
		{ "nobody was Killed here", NULL, NULL },
		{ "unKilled", NULL, NULL },
		{ "x: line 3: error", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice line = slice_str(cases[i].line), how;
		bool is = pytest_death(&line, &how);

		print_message("%s\n", cases[i].line);
		assert_int_equal(is, cases[i].how != NULL);
		if (is) {
			assert_true(slice_eqs(how, cases[i].how));
			assert_true(slice_eqs(line, cases[i].left));
		}
	}
}

static void
test_sniffs_by_content(void **state)
{
	(void)state;
	assert_true(reader_pytest.sniff(SLICE("hello\n"
	    "=========================== test session starts ===========================\n"),
	    true) > 90);
	assert_true(reader_pytest.sniff(SLICE("..F [100%]\n1 failed, 2 passed in 0.1s\n"), true) >
	    50);
	assert_int_equal(reader_pytest.sniff(SLICE("{\"a\": \"x\"}\n"), true), 0);
	assert_int_equal(reader_pytest.sniff(SLICE("hello\nworld ...\n"), true), 0);
	assert_int_equal(reader_pytest.sniff(SLICE("<testsuites/>"), true), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_rows_from_the_right),
		cmocka_unit_test(test_reads_rows_of_workers),
		cmocka_unit_test(test_tells_separators_from_text_that_looks_like_them),
		cmocka_unit_test(test_reads_final_lines),
		cmocka_unit_test(test_reads_collection_lines),
		cmocka_unit_test(test_splits_summary_lines),
		cmocka_unit_test(test_reads_exit_codes_and_totals_of_wrappers),
		cmocka_unit_test(test_reads_rows_of_setup_show),
		cmocka_unit_test(test_tells_how_a_shell_names_a_death),
		cmocka_unit_test(test_sniffs_by_content),
	};

	return cmocka_run_group_tests_name("pytest_line", tests, NULL, NULL);
}
