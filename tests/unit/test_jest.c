/*
 * test_jest.c - reports of jest and vitest: results, files that cannot run, retries, damage.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runner_rows.h"

extern const struct reader reader_jest_json;

#define TEST(path, title, status, rest) "{\"ancestorTitles\":[" path "],\"title\":\"" title \
	"\",\"fullName\":\"x " title "\",\"status\":\"" status "\"" rest "}"
#define FILE_OF(name, status, results) "{\"assertionResults\":[" results "],\"endTime\":" \
	"1759396466000,\"message\":\"\",\"name\":\"" name "\",\"startTime\":1759396465000," \
	"\"status\":\"" status "\"}"
#define REPORT(total, passed, failed, pending, suites, broken, files, more) \
	"{\"numFailedTests\":" failed ",\"numPassedTests\":" passed ",\"numPendingTests\":" pending \
	",\"numRuntimeErrorTestSuites\":" broken ",\"numTodoTests\":0,\"numTotalTestSuites\":" \
	suites ",\"numTotalTests\":" total ",\"snapshot\":{\"total\":7},\"startTime\":" \
	"1759396464000,\"success\":false,\"testResults\":[" files "],\"wasInterrupted\":" more "}\n"

static const char report[] = REPORT("4", "2", "1", "1", "2", "0",
    FILE_OF("/w/cart.test.js", "failed",
	TEST("", "opens", "passed", ",\"duration\":3") ","
	TEST("\"cart\",\"total\"", "of two", "failed", ",\"duration\":12.5,\"startAt\":1759396465100,"
	    "\"failureMessages\":[\"Error: \\u001b[2mexpect\\u001b[22m(1).toBe(2)\\n\\n    at x\"]") ","
	TEST("\"cart\"", "later", "pending", ",\"duration\":null")) ","
    FILE_OF("C:\\\\w\\\\b.test.js", "passed", TEST("", "opens", "passed", "")), "false");

static void
test_reads_a_report(void **state)
{
	struct recorder r;
	const struct run *run;
	const struct test *t;

	(void)state;
	assert_rows(&reader_jest_json, report,
	    "passed /w/cart.test.js::opens\n"
	    "failed /w/cart.test.js::cart > total > of two: Error: expect(1).toBe(2)\n"
	    "skipped /w/cart.test.js::cart > later\n"
	    "passed C:/w/b.test.js::opens\n"
	    "= complete\n");
	record_text(&r, &reader_jest_json, report, strlen(report));
	run = &r.run[0].run;
	assert_true(slice_eqs(run->framework, "jest"));
	assert_int_equal(run->reconciled, RUN_RECONCILED_YES);
	assert_true(run->collected == 4 && run->passed == 2 && run->failed == 1 && run->skipped == 1);
	assert_true(run->started_ns == INT64_C(1759396464000000000));
	assert_true(run->duration_ns == INT64_C(2000000000));
	t = &r.run[0].test[1];
	assert_true(t->duration_ns == 12500000 && t->duration_from == DURATION_FIELD);
	assert_true(t->started_ns == INT64_C(1759396465100000000));
	assert_true(slice_eqs(t->file, "/w/cart.test.js"));
	assert_true(slice_eqs(t->suite, "cart > total"));
	assert_true(slice_eqs(t->detail, "Error: expect(1).toBe(2)\n\n    at x"));
	assert_true(report[t->byte] == '{' && t->line == 1);
	assert_true(r.run[0].test[2].duration_ns == CLOCK_NONE);
	recorder_release(&r);
}

static void
test_states(void **state)
{
	(void)state;
	/* a file that could not run; nothing else did */
	assert_rows(&reader_jest_json, REPORT("0", "0", "0", "0", "1", "1",
	    "{\"assertionResults\":[],\"message\":\"  \\u25cf Test suite failed to run\\n\\n    "
	    "Cannot find module './x' from 'b.test.js'\\n\",\"name\":\"/w/b.test.js\","
	    "\"status\":\"failed\"}", "false"),
	    "error/collect /w/b.test.js: Cannot find module './x' from 'b.test.js'\n"
	    "= not run: 1 test file could not run, no test ran\n");
	assert_rows(&reader_jest_json, REPORT("0", "0", "0", "0", "0", "0", "", "false"),
	    "= not run: no test in it\n");
	assert_rows(&reader_jest_json, REPORT("1", "1", "0", "0", "3", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", "")), "true"),
	    "passed /w/a.test.js::a\n= stopped: interrupted: 2 of 3 test files not run\n");
	/* fails, and no test says why */
	assert_rows(&reader_jest_json, REPORT("1", "1", "0", "0", "1", "0",
	    FILE_OF("/w/a.test.js", "failed", TEST("", "a", "passed", "")), "false"),
	    "passed /w/a.test.js::a\n"
	    "error /w/a.test.js: the file failed, and none of its tests did\n= complete\n");
	/* a word that is not known is no pass */
	assert_rows(&reader_jest_json, REPORT("1", "0", "0", "0", "1", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "focused", "")), "false"),
	    "not run /w/a.test.js::a: focused\n= complete: it says that it failed, and no test did\n");
}

static void
test_retries_and_titles_that_repeat(void **state)
{
	(void)state;
	assert_rows(&reader_jest_json, REPORT("3", "2", "1", "0", "1", "0",
	    FILE_OF("/w/a.test.js", "failed",
		TEST("", "lucky", "passed", ",\"invocations\":2,\"retryReasons\":[\"Error: cold\"]") ","
		TEST("", "twice", "failed", ",\"failureMessages\":[\"no\"]") ","
		TEST("", "twice", "passed", "")), "false"),
	    "failed /w/a.test.js::lucky: Error: cold\npassed /w/a.test.js::lucky @2\n"
	    "failed /w/a.test.js::twice: no\npassed /w/a.test.js::twice #2\n= complete\n");
}

static void
test_damage_is_told(void **state)
{
	struct recorder r;
	size_t n = strlen(report);

	(void)state;
	for (size_t at = 1; at < n - 1; at++) {
		record_text(&r, &reader_jest_json, report, at);
		for (size_t i = 0; i < r.runs; i++) {
			assert_int_equal(r.run[i].run.state, RUN_TRUNCATED);
			assert_true(recorded_count(&r.run[i], TEST_PASSED) <= 2);
		}
		recorder_release(&r);
	}
	/* cut inside the first file: there was a run */
	record_text(&r, &reader_jest_json, report, 500);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.bad, 1);
	assert_int_equal(r.diags[DIAG_JSON_CUT], 1);
	recorder_release(&r);
	/* the second file is damaged; the first stays */
	assert_rows(&reader_jest_json, REPORT("2", "2", "0", "0", "2", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", ""))
	    ",{\"assertionResults\":[{\"status\":nonsense}],\"name\":\"b\"}", "false"),
	    "passed /w/a.test.js::a\n= truncated: the report is damaged: 1 test file read\n");
	record_text(&r, &reader_jest_json, report, n - 20);
	assert_int_equal(r.runs, 1);
	assert_int_equal(r.run[0].tests, 4);
	assert_int_equal(r.diags[DIAG_RUN_NO_END], 1);
	recorder_release(&r);
	/* counts that do not add up */
	assert_int_equal(record_text(&r, &reader_jest_json, REPORT("5", "3", "1", "1", "1", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", "")), "false"),
	    strlen(REPORT("5", "3", "1", "1", "1", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", "")), "false"))), 0);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_NO);
	assert_int_equal(r.diags[DIAG_RUN_COUNTS], 1);
	recorder_release(&r);
}

static void
test_text_around_and_several_reports(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	buf_puts(&b, "> shop@1.0.0 test\n> jest --json\n\n");
	buf_puts(&b, REPORT("1", "1", "0", "0", "1", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", "")), "false"));
	buf_puts(&b, "npm ERR! code 1\n");
	buf_puts(&b, REPORT("1", "1", "0", "0", "1", "0",
	    FILE_OF("/w/a.test.js", "passed", TEST("", "a", "passed", "")), "false"));
	assert_rows(&reader_jest_json, b.p, "passed /w/a.test.js::a\n= complete: it says that it "
	    "failed, and no test did\npassed /w/a.test.js::a\n= complete: it says that it failed, "
	    "and no test did\n");
	assert_string_equal(taken_by(b.p), "jest-json");
	buf_release(&b);
}

static void
test_vitest(void **state)
{
	static const char text[] = "{\"numTotalTestSuites\":1,\"numPassedTestSuites\":1,"
	    "\"numTotalTests\":1,\"numPassedTests\":1,\"numFailedTests\":0,\"numPendingTests\":0,"
	    "\"numTodoTests\":0,\"startTime\":1759396464000,\"success\":true,\"testResults\":["
	    FILE_OF("/w/a.test.ts", "passed", TEST("\"\",\"cart\"", "adds", "passed", "")) "]}";
	struct recorder r;

	(void)state;
	assert_rows(&reader_jest_json, text, "passed /w/a.test.ts::cart > adds\n= complete\n");
	record_text(&r, &reader_jest_json, text, strlen(text));
	assert_true(slice_eqs(r.run[0].run.framework, "vitest"));
	recorder_release(&r);
}

static void
test_is_told_from_other_formats(void **state)
{
	(void)state;
	assert_string_equal(taken_by(report), "jest-json");
	assert_string_equal(taken_by("{\"testResults\":[],\"ok\":true}\n"), "");
	assert_string_equal(taken_by("{\"severity\":\"INFO\",\"timestamp\":\"2025-10-02T09:14:25Z\","
	    "\"insertId\":\"a\",\"jsonPayload\":{\"numTotalTests\":1,\"numPassedTests\":1}}\n"),
	    "gcp-json");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_a_report),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_retries_and_titles_that_repeat),
		cmocka_unit_test(test_damage_is_told),
		cmocka_unit_test(test_text_around_and_several_reports),
		cmocka_unit_test(test_vitest),
		cmocka_unit_test(test_is_told_from_other_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
