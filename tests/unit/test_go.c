/*
 * test_go.c - go test: its events and its console, runs that break off, and what only looks so.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runner_rows.h"

extern const struct reader reader_go_json, reader_go_text;

/* one event of package shop/cart; rest begins with a comma or is empty */
#define EV(s, action, rest) "{\"Time\":\"2025-10-02T09:14:" s "Z\",\"Action\":\"" action \
	"\",\"Package\":\"shop/cart\"" rest "}\n"
#define T(name) ",\"Test\":\"" name "\""
#define OUT(text) ",\"Output\":\"" text "\\n\""

static const char events[] =
    EV("20.000000001", "start", "")
    EV("20.5", "run", T("TestOk"))
    EV("20.5", "output", T("TestOk") OUT("=== RUN   TestOk"))
    EV("20.6", "output", T("TestOk") OUT("hello"))
    EV("20.6", "output", T("TestOk") OUT("--- PASS: TestOk (0.25s)"))
    EV("20.75", "pass", T("TestOk") ",\"Elapsed\":0.25")
    EV("21", "run", T("TestSub"))
    EV("21", "run", T("TestSub/a/b"))
    EV("21.1", "output", T("TestSub/a/b") OUT("=== RUN   TestSub/a/b"))
    EV("21.1", "output", T("TestSub/a/b") OUT("    cart_test.go:12: \\u001b[31mwant 1\\u001b[0m"))
    EV("21.1", "output", T("TestSub/a/b") OUT("         got 2"))
    EV("21.2", "output", T("TestSub/a/b") OUT("    --- FAIL: TestSub/a/b (0.01s)"))
    EV("21.2", "fail", T("TestSub/a/b") ",\"Elapsed\":0.01")
    EV("21.2", "fail", T("TestSub") ",\"Elapsed\":0.02")
    EV("21.3", "run", T("TestSkips"))
    EV("21.3", "output", T("TestSkips") OUT("    cart_test.go:9: no printer"))
    EV("21.3", "skip", T("TestSkips") ",\"Elapsed\":0")
    EV("21.4", "output", OUT("FAIL"))
    EV("21.5", "output", OUT("FAIL\\tshop/cart\\t0.5s"))
    EV("22.5", "fail", ",\"Elapsed\":0.5");

static void
test_reads_events(void **state)
{
	struct recorder r;
	const struct run *run;
	const struct test *t;

	(void)state;
	assert_rows(&reader_go_json, events,
	    "passed shop/cart::TestOk\n"
	    "failed shop/cart::TestSub/a/b: want 1\n"
	    "failed shop/cart::TestSub: want 1\n"
	    "skipped shop/cart::TestSkips: no printer\n"
	    "= complete\n");
	record_text(&r, &reader_go_json, events, strlen(events));
	run = &r.run[0].run;
	assert_int_equal(run->clock, RUN_CLOCK_EXACT);
	assert_true(run->started_ns == clock_from_civil(2025, 10, 2, 9, 14, 20) + 1);
	assert_true(run->duration_ns == INT64_C(2499999999));
	assert_true(slice_eqs(run->framework, "go test"));
	assert_true(run->passed == -1 && run->failed == -1);
	assert_int_equal(run->reconciled, RUN_RECONCILED_UNKNOWN);
	t = &r.run[0].test[0];
	assert_true(t->duration_ns == 250000000 && t->duration_from == DURATION_FIELD);
	assert_true(t->started_ns == clock_from_civil(2025, 10, 2, 9, 14, 20) + 500000000);
	t = &r.run[0].test[1];
	assert_true(slice_eqs(t->suite, "shop/cart") && slice_eqs(t->printed, "TestSub/a/b"));
	assert_true(slice_eqs(t->detail, "    cart_test.go:12: want 1\n         got 2\n"));
	assert_int_equal(t->detail_line, 10);
	assert_int_equal(t->line, 13);
	assert_true(memcmp(events + t->byte, "{\"Time\":\"2025-10-02T09:14:21.2Z\",\"Action\":\"fail",
	    45) == 0);
	assert_int_equal(r.run[0].outputs, 3);
	assert_true(slice_eqs(r.run[0].output[0].nodeid, "shop/cart::TestOk"));
	assert_true(slice_eqs(r.run[0].output[0].text, "hello\n"));
	assert_int_equal(r.run[0].output[0].line, 4);
	recorder_release(&r);
}

static void
test_what_did_not_finish_is_no_pass(void **state)
{
	struct recorder r;

	(void)state;
	assert_rows(&reader_go_json, EV("20", "run", T("TestA")) EV("21", "pass", T("TestA"))
	    EV("22", "run", T("TestB")) EV("22", "output", T("TestB") OUT("waiting")),
	    "passed shop/cart::TestA\n"
	    "error shop/cart::TestB: did not finish: waiting\n"
	    "= truncated: the output ends before the verdict of a package; 1 test did not finish\n");
	assert_rows(&reader_go_json, EV("20", "run", T("TestA"))
	    EV("22", "output", T("TestA") OUT("panic: test timed out after 1s"))
	    EV("22", "output", OUT("FAIL\\tshop/cart\\t1.0s")) EV("22", "fail", ",\"Elapsed\":1"),
	    "error shop/cart::TestA: did not finish: panic: test timed out after 1s\n"
	    "= crashed: shop/cart ended early: panic: test timed out after 1s; "
	    "1 test did not finish\n");
	/* benchmarks have no verdict */
	assert_rows(&reader_go_json, EV("20", "run", T("BenchmarkA")) EV("22", "pass", ""),
	    "passed shop/cart::BenchmarkA\n= complete\n");
	assert_rows(&reader_go_json, EV("20", "run", T("BenchmarkA")) EV("22", "fail", ""),
	    "error shop/cart::BenchmarkA: did not finish\n"
	    "= crashed: shop/cart ended early; 1 test did not finish\n");
	/* a package that passes does not vouch for a test that has no verdict */
	assert_rows(&reader_go_json, EV("20", "run", T("TestA")) EV("22", "pass", ""),
	    "error shop/cart::TestA: did not finish\n= truncated: 1 test did not finish\n");
	assert_rows(&reader_go_text, "=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n",
	    "passed TestA\nerror TestB: did not finish\n"
	    "= truncated: the output ends before the verdict of a package; 1 test did not finish\n");
	record_text(&r, &reader_go_json, events, strlen(events) - 30);
	assert_int_equal(r.bad, 1);
	assert_int_equal(r.diags[DIAG_JSON_CUT], 1);
	assert_int_equal(r.run[0].run.state, RUN_TRUNCATED);
	recorder_release(&r);
}

static void
test_builds_that_fail_are_errors_of_collection(void **state)
{
	(void)state;
	assert_rows(&reader_go_json,
	    "{\"ImportPath\":\"shop/cart [shop/cart.test]\",\"Action\":\"build-output\",\"Output\":"
	    "\"# shop/cart [shop/cart.test]\\n\"}\n"
	    "{\"ImportPath\":\"shop/cart [shop/cart.test]\",\"Action\":\"build-output\",\"Output\":"
	    "\"cart/cart_test.go:3:27: undefined: price\\n\"}\n"
	    "{\"ImportPath\":\"shop/cart [shop/cart.test]\",\"Action\":\"build-fail\"}\n"
	    EV("20", "fail", ",\"Elapsed\":0,\"FailedBuild\":\"shop/cart [shop/cart.test]\""),
	    "error/collect shop/cart: undefined: price\n"
	    "= not run: no test ran; 1 package did not build\n");
	/* before go 1.24 it is no event */
	assert_rows(&reader_go_json, "# shop/b [shop/b.test]\nb/b.go:3:2: undefined: x\n"
	    "FAIL\tshop/b [build failed]\n" EV("20", "run", T("TestA"))
	    EV("20", "pass", T("TestA")) EV("20", "pass", ""),
	    "error/collect shop/b: undefined: x\npassed shop/cart::TestA\n"
	    "= complete: 1 package did not build\n");
	assert_rows(&reader_go_text, "# shop/b\n# [shop/b]\nb/b.go:3:2: undefined: x\n"
	    "FAIL\tshop/b [build failed]\n?   \tshop/n\t[no test files]\nFAIL\n",
	    "error/collect shop/b: undefined: x\n= not run: no test ran; 1 package did not build; "
	    "1 package has no test files\n");
}

static void
test_nothing_to_run_is_not_run(void **state)
{
	(void)state;
	assert_rows(&reader_go_text, "ok  \tshop/q\t0.003s [no tests to run]\n",
	    "= not run: no test ran; 1 package has no tests to run\n");
	assert_rows(&reader_go_json, EV("20", "output", OUT("?   \\tshop/cart\\t[no test files]"))
	    EV("20", "skip", ",\"Elapsed\":0"),
	    "= not run: no test ran; 1 package has no test files\n");
	assert_rows(&reader_go_json, EV("20", "start", "") EV("20", "pass", ",\"Elapsed\":0"),
	    "= not run: no test ran; 1 package has no tests to run\n");
}

static void
test_repeats_and_runs(void **state)
{
	static const char shown[] = "$ go test ./q\nok  \tshop/q\t0.003s\n";
	struct recorder r;

	(void)state;
	assert_rows(&reader_go_json, EV("20", "run", T("TestA")) EV("21", "fail", T("TestA"))
	    EV("22", "run", T("TestA")) EV("22", "pass", T("TestA"))
	    EV("22", "output", OUT("FAIL")) EV("22", "fail", ""),
	    "failed shop/cart::TestA\npassed shop/cart::TestA @2\n= complete\n");
	/* a package that begins anew behind its end is of the next go test */
	assert_rows(&reader_go_json, EV("20", "run", T("TestA")) EV("21", "pass", T("TestA"))
	    EV("21", "pass", "") EV("22", "start", "") EV("22", "run", T("TestA"))
	    EV("22", "pass", T("TestA")) EV("22", "pass", ""),
	    "passed shop/cart::TestA\n= complete\npassed shop/cart::TestA\n= complete\n");
	/* unless it is only what failed that runs again, as gotestsum does */
	assert_rows(&reader_go_json, EV("20", "start", "") EV("20", "run", T("TestA"))
	    EV("21", "pass", T("TestA")) EV("21", "run", T("TestB")) EV("21", "fail", T("TestB"))
	    EV("21", "output", OUT("FAIL")) EV("21", "fail", "") EV("22", "start", "")
	    EV("22", "run", T("TestB")) EV("22", "output", T("TestB") OUT("hello"))
	    EV("22", "pass", T("TestB")) EV("22", "output", OUT("PASS")) EV("22", "pass", ""),
	    "passed shop/cart::TestA\nfailed shop/cart::TestB\npassed shop/cart::TestB @2\n"
	    "= complete\n");
	/* so is one whose command a shell shows */
	assert_rows(&reader_go_text, "+ go test -v ./a\n=== RUN   TestA\n--- PASS: TestA (0.00s)\n"
	    "PASS\nok  \tshop/a\t0.1s\n+ go test -v ./b\n=== RUN   TestB\n"
	    "+ go test is what a test prints\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tshop/b\t0.1s\nFAIL\n",
	    "passed shop/a::TestA\n= complete\n"
	    "failed shop/b::TestB: + go test is what a test prints\n= complete\n");
	record_text(&r, &reader_go_text, shown, sizeof shown - 1);
	assert_true(slice_eqs(r.run[0].run.command, "go test ./q"));
	recorder_release(&r);
	assert_rows(&reader_go_text, "ok  \tshop/q\t0.003s\nok  \tshop/q\t(cached)\n",
	    "passed shop/q\n= complete\n"
	    "passed shop/q\n= complete: 1 of 1 packages did not run again: cached\n");
}

static const char verbose[] =
    "=== RUN   TestOk\n"
    "GET /health--- PASS: TestOk (0.01s)\n"
    "=== RUN   TestSub\n"
    "=== RUN   TestSub/a\n"
    "=== PAUSE TestSub/a\n"
    "=== RUN   TestSub/b\n"
    "=== PAUSE TestSub/b\n"
    "=== CONT  TestSub/a\n"
    "    cart_test.go:12: want 1\n"
    "=== CONT  TestSub/b\n"
    "--- FAIL: TestSub (0.02s)\n"
    "    --- PASS: TestSub/b (0.01s)\n"
    "    --- FAIL: TestSub/a (0.01s)\n"
    "=== RUN   ExampleTotal\n"
    "--- FAIL: ExampleTotal (0.00s)\n"
    "got:\n"
    "a\n"
    "want:\n"
    "b\n"
    "=== RUN   TestSkips\n"
    "    cart_test.go:9: no printer\n"
    "--- SKIP: TestSkips (0.00s)\n"
    "FAIL\n"
    "FAIL\tshop/cart\t0.033s\n"
    "FAIL\n";

static const char verbose_rows[] =
    "passed shop/cart::TestOk\n"
    "failed shop/cart::TestSub: want 1\n"
    "passed shop/cart::TestSub/b\n"
    "failed shop/cart::TestSub/a: want 1\n"
    "failed shop/cart::ExampleTotal: got: a, want: b\n"
    "skipped shop/cart::TestSkips: no printer\n"
    "= complete\n";

static void
test_reads_the_console(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	assert_rows(&reader_go_text, verbose, verbose_rows);
	record_text(&r, &reader_go_text, verbose, strlen(verbose));
	t = recorded_test(&r.run[0], "shop/cart::TestSub/a");
	assert_int_equal(t->line, 13);
	assert_true(memcmp(verbose + t->byte, "    --- FAIL: TestSub/a", 20) == 0);
	assert_true(slice_eqs(t->detail, "    cart_test.go:12: want 1\n"));
	assert_int_equal(t->detail_line, 9);
	assert_true(t->duration_ns == 10000000);
	t = recorded_test(&r.run[0], "shop/cart::TestSkips");
	assert_true(t->duration_note.n > 0);
	recorder_release(&r);
	assert_rows(&reader_go_text,
	    "--- FAIL: TestA (0.00s)\n    a_test.go:4: want 1\n         got 2\n"
	    "    --- FAIL: TestA/x (0.00s)\n        a_test.go:5: boom\n"
	    "FAIL\nFAIL\tshop/a\t0.016s\nok  \tshop/q\t0.006s\tcoverage: 80.0% of statements\nFAIL\n",
	    "failed shop/a::TestA: want 1\nfailed shop/a::TestA/x: boom\npassed shop/q\n= complete\n");
	assert_rows(&reader_go_text, "setup: no database\nFAIL\tshop/a\t0.016s\nFAIL\n",
	    "error shop/a: setup: no database\n= crashed: shop/a ended early\n");
}

static void
test_what_tests_print_is_no_verdict(void **state)
{
	(void)state;
	assert_rows(&reader_go_text,
	    "=== RUN   TestA\n--- PASS: TestB (0.00s)\n    --- PASS: TestA/none (0.00s)\nPASS\n"
	    "ok  \tshop/fake\t0.1s\n    a_test.go:3: no stock\n--- FAIL: TestA (0.00s)\n"
	    "FAIL\nFAIL\tshop/a\t0.1s\nFAIL\n",
	    "failed shop/a::TestA: no stock\n= complete\n");
	/* its own verdict, told too early: the one that go tells counts */
	assert_rows(&reader_go_text,
	    "=== RUN   TestA\n--- PASS: TestA (0.00s)\n--- FAIL: TestA (0.00s)\n"
	    "FAIL\nFAIL\tshop/a\t0.1s\nFAIL\n", "failed shop/a::TestA\n= complete\n");
	/* without -v passes are not told */
	assert_rows(&reader_go_text, "--- PASS: TestA (0.00s)\nok  \tshop/a\t0.1s\n",
	    "passed shop/a\n= complete\n");
	/* the end of a package is lost, the next one could not be built */
	assert_rows(&reader_go_text, "=== RUN   TestA\n--- PASS: TestA (0.00s)\n"
	    "FAIL\tshop/b [build failed]\nFAIL\n",
	    "passed TestA\nerror/collect shop/b: build failed\n"
	    "= truncated: the verdict of a package is missing; 1 package did not build\n");
}

static bool
is_heading(struct slice before)
{
	return slice_eqs(before, "got:") || slice_eqs(before, "want:") || slice_eqs(before, "FAIL");
}

static void
test_cuts_and_noise(void **state)
{
	(void)state;
	assert_cuts(&reader_go_json, events);
	assert_cuts(&reader_go_text, verbose);
	assert_noise(&reader_go_text, verbose, "a line that something prints\n", is_heading);
	assert_noise(&reader_go_json, events, "a line that something prints\n", NULL);
}

static void
test_prefixes_and_colours(void **state)
{
	struct buf b;
	struct slice rest = SLICE(verbose), line;

	(void)state;
	buf_init(&b, 1 << 16);
	while (slice_take_line(&rest, &line)) {
		buf_puts(&b, "2025-10-02T09:14:25.1234567Z \x1b[36m");
		buf_put_slice(&b, line);
		buf_puts(&b, "\x1b[0m\r\n");
	}
	assert_rows(&reader_go_text, b.p, verbose_rows);
	assert_string_equal(taken_by(b.p), "go-text");
	buf_release(&b);
}

static void
test_is_told_from_other_formats(void **state)
{
	(void)state;
	assert_string_equal(taken_by(events), "go-json");
	assert_string_equal(taken_by(verbose), "go-text");
	assert_string_equal(taken_by("ok  \tshop/q\t0.003s\n"), "go-text");
	assert_string_equal(taken_by("2025-10-02T09:14:25Z INFO === RUN now\n"
	    "2025-10-02T09:14:25Z INFO --- FAIL: over (1s)\n"
	    "2025-10-02T09:14:25Z INFO ok to go\n"), "text");
	assert_string_equal(taken_by("{\"Action\":\"pass\",\"who\":\"gate\"}\n"), "");
	assert_string_equal(taken_by("{\"severity\":\"INFO\",\"timestamp\":\"2025-10-02T09:14:25Z\","
	    "\"insertId\":\"a\",\"jsonPayload\":{\"Action\":\"run\",\"Package\":\"x\"}}\n"), "gcp-json");
	assert_int_equal(reader_go_text.sniff(SLICE("--- PASSED: all (3 tests)\nok\n"), true), 0);
	assert_int_equal(reader_go_text.sniff(SLICE("FAIL\tbecause of\tsomething\n"), true), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_events),
		cmocka_unit_test(test_what_did_not_finish_is_no_pass),
		cmocka_unit_test(test_builds_that_fail_are_errors_of_collection),
		cmocka_unit_test(test_nothing_to_run_is_not_run),
		cmocka_unit_test(test_repeats_and_runs),
		cmocka_unit_test(test_reads_the_console),
		cmocka_unit_test(test_what_tests_print_is_no_verdict),
		cmocka_unit_test(test_cuts_and_noise),
		cmocka_unit_test(test_prefixes_and_colours),
		cmocka_unit_test(test_is_told_from_other_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
