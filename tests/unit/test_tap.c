/*
 * test_tap.c - TAP of several producers, prove around it, and streams that break off.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runner_rows.h"

extern const struct reader reader_tap;

static const char points[] =
    "TAP version 13\n"
    "1..6\n"
    "ok 1 - opens # time=5.5ms\n"
    "not ok 2 - total\n"
    "  ---\n"
    "  message: 'it''s wrong'\n"
    "  at: cart.js\n"
    "  nested:\n"
    "    message: no key of the block\n"
    "  ...\n"
    "ok 3 - prints # SKIP no display\n"
    "not ok 4 - rounds # TODO SHOP-31\n"
    "ok 5 - was \\# broken # TODO\n"
    "ok 6\n";

static void
test_reads_points(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	assert_rows(&reader_tap, points,
	    "passed opens\nfailed total: it's wrong\nskipped prints: no display\n"
	    "xfailed rounds: SHOP-31\nxpassed was # broken\npassed test 6\n= complete\n");
	record_text(&r, &reader_tap, points, strlen(points));
	assert_true(r.run[0].test[0].duration_ns == 5500000);
	t = &r.run[0].test[1];
	assert_int_equal(t->line, 4);
	assert_true(memcmp(points + t->byte, "not ok 2", 8) == 0);
	assert_int_equal(t->detail_line, 6);
	assert_int_equal(r.run[0].run.collected, 6);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_YES);
	recorder_release(&r);
}

static void
test_states(void **state)
{
	static const struct {
		const char *text, *rows;
	} cases[] = {
		{ "1..3\nok 1 - a\n", "passed a\n= truncated: 1 of 3 points read, 2 not run\n" },
		{ "ok 1 - a\nok 2 - b\n", "passed a\npassed b\n= truncated: no plan: 2 points read\n" },
		{ "1..1\nok 1 - a\nok 2 - b\n",
		    "passed a\npassed b\n= truncated: 2 points read, the plan says 1\n" },
		{ "ok 1 - a\n1..1\n", "passed a\n= complete\n" },
		{ "1..0 # SKIP no net\n", "= not run: all skipped: no net\n" },
		{ "1..0\n", "= not run: no test in it\n" },
		{ "1..4\nok 1 - a\nBail out!  no database\n",
		    "passed a\n= stopped: bail out: no database; 3 not run\n" },
		{ "1..3\nok 1 - a\n# Looks like your test exited with 255 just after 1.\n",
		    "passed a\n= crashed: the test exited with 255 after 1 points; 2 not run\n" },
		/* a subtest that nothing closes */
		{ "1..1\nok 1 - a\n    ok 1 - deep\n",
		    "passed a\npassed test 2 > deep\n= truncated: a subtest ends without its result\n" },
		{ "1..1\nnot ok 1 - a # SKIP why\n", "failed a: why\n= complete\n" },
		{ "1..2\nok 1 - a\nnot ok 2 - a\n", "passed a\nfailed a #2: not ok: a\n= complete\n" },
		{ "1..3\nok 1 - a #2\nok 2 - a\nok 3 - a\n",
		    "passed a #2\npassed a\npassed a #3\n= complete\n" },
		/* two streams */
		{ "TAP version 13\n1..1\nok 1 - a\nTAP version 13\n1..2\nok 1 - a\n",
		    "passed a\n= complete\npassed a\n= truncated: 1 of 2 points read, 1 not run\n" },
		{ "1..1\nok 1 - a\n1..1\nok 1 - b\n",
		    "passed a\n= complete\npassed b\n= complete\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_rows(&reader_tap, cases[i].text, cases[i].rows);
}

static const char more[] =
    "# Subtest: sub name\n"
    "    1..2\n"
    "    ok 1 - fine\n"
    "    not ok 2 - inner\n"
    "    #   Failed test 'inner'\n"
    "    #   at t/b.t line 1.\n"
    "    #          got: '1'\n"
    "    #     expected: '2'\n"
    "    # Looks like you failed 1 test of 2.\n"
    "not ok 1 - sub name\n"
    "#   Failed test 'sub name'\n"
    "#   at t/b.t line 1.\n"
    "ok 2 - has \\# hash\n"
    "1..2\n"
    "# Looks like you failed 1 test of 2.\n";

static void
test_subtests(void **state)
{
	(void)state;
	assert_rows(&reader_tap, more,
	    "passed sub name > fine\nfailed sub name > inner: got: '1', expected: '2'\n"
	    "failed sub name: got: '1', expected: '2'\npassed has # hash\n= complete\n");
	/* the comment at the level of the subtest; without one, the number of its point */
	assert_rows(&reader_tap, "1..2\n    # Subtest: x\n    ok 1 - a\n    1..1\nok 1 - x\n"
	    "    ok 1 - b\n    1..1\nok 2 - y\n",
	    "passed x > a\npassed x\npassed test 2 > b\npassed y\n= complete\n");
	/* a subtest that failed, or is not all there, fails its point whatever it says */
	assert_rows(&reader_tap, "1..2\n    not ok 1 - a\n    1..1\nok 1 - x\n"
	    "    1..2\n    ok 1 - b\nok 2 - y\n",
	    "failed test 1 > a: not ok: a\nfailed x: not ok: a\n"
	    "passed test 2 > b\nfailed y: its plan says 2, 1 were told\n= complete\n");
	assert_rows(&reader_tap, "1..1\n    not ok 1 - a # TODO x\n    1..1\nok 1 - x\n",
	    "xfailed test 1 > a: x\npassed x\n= complete\n");
}

static const char node[] =
    "TAP version 13\n"
    "# not ok 99 - printed\n"
    "# Subtest: labels\n"
    "    # Subtest: a\n"
    "    ok 1 - a\n"
    "      ---\n"
    "      duration_ms: 0.5\n"
    "      ...\n"
    "    # Subtest: b\n"
    "    not ok 2 - b\n"
    "      ---\n"
    "      duration_ms: 1.5\n"
    "      location: '/w/cart.test.js:3:1'\n"
    "      failureType: 'testCodeFailure'\n"
    "      error: |-\n"
    "        Expected values to be strictly equal:\n"
    "        \n"
    "        1 !== 2\n"
    "        \n"
    "        ok 1 - in a block\n"
    "      name: 'AssertionError'\n"
    "      ...\n"
    "    1..2\n"
    "not ok 1 - labels\n"
    "  ---\n"
    "  duration_ms: 2.5\n"
    "  type: 'suite'\n"
    "  failureType: 'subtestsFailed'\n"
    "  error: '1 subtest failed'\n"
    "  ...\n"
    "# Subtest: waits\n"
    "not ok 2 - waits\n"
    "  ---\n"
    "  failureType: 'cancelledByParent'\n"
    "  error: 'test did not finish before its parent and was cancelled'\n"
    "  ...\n"
    "# Error: Cannot find module './x'\n"
    "# Subtest: /w/c.test.js\n"
    "not ok 3 - /w/c.test.js\n"
    "  ---\n"
    "  location: '/w/c.test.js:1:1'\n"
    "  failureType: 'testCodeFailure'\n"
    "  exitCode: 1\n"
    "  error: 'test failed'\n"
    "  ...\n"
    "1..3\n"
    "# tests 4\n# suites 1\n# pass 1\n# fail 2\n# cancelled 1\n# skipped 0\n# todo 0\n"
    "# duration_ms 34.24\n";

static void
test_reads_node(void **state)
{
	struct recorder r;
	const struct test *t;

	(void)state;
	assert_rows(&reader_tap, node,
	    "passed labels > a\n"
	    "failed labels > b: AssertionError: Expected values to be strictly equal: 1 !== 2\n"
	    "failed labels: AssertionError: Expected values to be strictly equal: 1 !== 2\n"
	    "error waits: test did not finish before its parent and was cancelled\n"
	    "error/collect /w/c.test.js: Error: Cannot find module './x'\n"
	    "= complete\n");
	record_text(&r, &reader_tap, node, strlen(node));
	t = &r.run[0].test[1];
	assert_true(slice_eqs(t->suite, "labels"));
	assert_true(slice_eqs(t->file, "/w/cart.test.js"));
	assert_true(t->duration_ns == 1500000 && t->duration_from == DURATION_FIELD);
	assert_true(r.run[0].run.passed == 1 && r.run[0].run.failed == 2);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_YES);
	assert_true(r.run[0].run.duration_ns == 34240000);
	recorder_release(&r);
}

static const char prove[] =
    "\n"
    "#   Failed test 'two'\n"
    "#   at t/a.t line 1.\n"
    "#          got: '1'\n"
    "#     expected: '2'\n"
    "t/a.t ... \n"
    "Dubious, test returned 1 (wstat 256, 0x100)\n"
    "Failed 1/4 subtests \n"
    "\t(less 1 skipped subtest: 2 okay)\n"
    "t/dd.t .. skipped: not here\n"
    "t/f.t ... ok\n"
    "\n"
    "Test Summary Report\n"
    "-------------------\n"
    "t/a.t (Wstat: 256 (exited 1) Tests: 4 Failed: 1)\n"
    "  Failed test:  2\n"
    "Files=3, Tests=6,  1 wallclock secs ( 0.03 usr  0.01 sys +  0.27 cusr  0.08 csys )\n"
    "Result: FAIL\n";

static const char prove_verbose[] =
    "t/f.t .. \n"
    "1..2\n"
    "ok 1 - fine\n"
    "ok 2\n"
    "ok\n"
    "[07:28:55] t/c.t .. \n"
    "1..3\n"
    "ok 1\n"
    "Dubious, test returned 255 (wstat 65280, 0xff00)\n"
    "Failed 2/3 subtests \n"
    "Files=2, Tests=3,  0 wallclock secs ( 0.02 usr  0.00 sys +  0.08 cusr  0.03 csys )\n"
    "Result: FAIL\n";

static void
test_reads_prove(void **state)
{
	struct recorder r;

	(void)state;
	assert_rows(&reader_tap, prove, "failed t/a.t: got: '1', expected: '2'\n"
	    "skipped t/dd.t: not here\npassed t/f.t\n= complete\n");
	record_text(&r, &reader_tap, prove, strlen(prove));
	assert_true(slice_eqs(r.run[0].run.framework, "prove"));
	assert_int_equal(r.run[0].run.collected, 6);
	assert_int_equal(r.run[0].run.reconciled, RUN_RECONCILED_EXPLAINED);
	recorder_release(&r);
	assert_rows(&reader_tap, prove_verbose, "passed t/f.t::fine\npassed t/f.t::test 2\n"
	    "passed t/c.t::test 1\nerror t/c.t: Dubious, test returned 255 (wstat 65280, 0xff00); "
	    "Failed 2/3 subtests; 1 of 3 points told\n= complete\n");
	assert_rows(&reader_tap, "t/f.t .. ok\nt/g.t .. \n",
	    "passed t/f.t\nerror t/g.t: did not finish\n"
	    "= truncated: prove tells no result: 2 files read\n");
	assert_rows(&reader_tap, "Bailout called.  Further testing stopped:  db gone\nt/z.t .. \n"
	    "Dubious, test returned 255 (wstat 65280, 0xff00)\nFailed 1/2 subtests \n"
	    "Files=1, Tests=1,  0 wallclock secs ( 0.02 usr )\nResult: FAIL\n",
	    "failed t/z.t: Dubious, test returned 255 (wstat 65280, 0xff00); Failed 1/2 subtests\n"
	    "= stopped: bail out: db gone\n");
	assert_rows(&reader_tap, "t/d.t .. skipped: no\nAll tests successful.\n"
	    "Files=1, Tests=0,  0 wallclock secs ( 0.02 usr )\nResult: NOTESTS\n",
	    "skipped t/d.t: no\n= not run: all skipped\n");
}

static bool
in_block(struct slice before)
{
	struct slice s = slice_trim(before);

	/* a YAML block stands right behind its point, and its text is indented */
	return slice_starts(s, "not ok") || slice_starts(s, "ok") ||
	    (slice_starts(before, " ") && !slice_eqs(s, "..."));
}

static void
test_cuts_and_noise(void **state)
{
	struct buf b;
	struct slice rest = SLICE(points), line;

	(void)state;
	assert_cuts(&reader_tap, points);
	assert_cuts(&reader_tap, more);
	assert_cuts(&reader_tap, node);
	assert_cuts(&reader_tap, prove);
	assert_cuts(&reader_tap, prove_verbose);
	assert_noise(&reader_tap, points, "a line that something prints\n", in_block);
	assert_noise(&reader_tap, node, "a line that something prints\n", in_block);
	assert_noise(&reader_tap, more, "a line that something prints\n", NULL);
	assert_noise(&reader_tap, prove_verbose, "a line that something prints\n", NULL);
	buf_init(&b, 1 << 16);
	while (slice_take_line(&rest, &line)) {
		buf_puts(&b, "test-1  | \x1b[32m");
		buf_put_slice(&b, line);
		buf_puts(&b, "\x1b[0m\n");
	}
	assert_rows(&reader_tap, b.p,
	    "passed opens\nfailed total: it's wrong\nskipped prints: no display\n"
	    "xfailed rounds: SHOP-31\nxpassed was # broken\npassed test 6\n= complete\n");
	buf_release(&b);
}

static void
test_limits(void **state)
{
	struct recorder r;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 22);
	buf_puts(&b, "1..1\nnot ok 1 - a\n  ---\n");
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&b, "  key%u: a value that is fifty bytes long, more or less\n", i);
	buf_puts(&b, "  ...\n");
	record_text(&r, &reader_tap, b.p, b.n);
	assert_int_equal(r.diags[DIAG_RUN_LIMIT], 1);
	assert_true(r.run[0].test[0].detail.n <= 65536 && r.run[0].test[0].detail.n > 60000);
	assert_int_equal(r.run[0].run.state, RUN_COMPLETE);
	recorder_release(&r);
	buf_reset(&b);
	buf_puts(&b, "1..1\n");
	for (unsigned i = 0; i < 33 * 4; i++)
		buf_putc(&b, ' ');
	buf_puts(&b, "ok 1 - deep\nok 1 - a\n");
	record_text(&r, &reader_tap, b.p, b.n);
	assert_int_equal(r.diags[DIAG_RUN_LIMIT], 1);
	assert_int_equal(r.run[0].tests, 1);
	recorder_release(&r);
	buf_release(&b);
}

static void
test_is_told_from_other_formats(void **state)
{
	(void)state;
	assert_string_equal(taken_by(points), "tap");
	assert_string_equal(taken_by(node), "tap");
	assert_string_equal(taken_by(prove), "tap");
	assert_string_equal(taken_by("1..2\nok 1\nok 2\n"), "tap");
	assert_int_equal(reader_tap.sniff(SLICE("ok\nok\nall is ok\n"), true), 0);
	assert_int_equal(reader_tap.sniff(SLICE("ok  \tshop/q\t0.003s\n"), true), 0);
	assert_int_equal(reader_tap.sniff(SLICE("{\"text\": \"\n1..2\nok 1 - a\n\"}"), true), 0);
	assert_string_equal(taken_by("ok 1 - a\nok 2 - b\nnot ok 3 - c\n"), "tap");
	assert_int_equal(reader_tap.sniff(SLICE("spec\nok 1 - printed\nok 1 - again\n"), true), 0);
	assert_int_equal(reader_tap.sniff(SLICE("rooms:\n1..5\n"), true), 0);
	assert_string_equal(taken_by("2025-10-02T09:14:25Z INFO ok 1 - done\n"
	    "2025-10-02T09:14:26Z INFO 1..2\n2025-10-02T09:14:27Z INFO loading .. ok\n"), "text");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_points),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_subtests),
		cmocka_unit_test(test_reads_node),
		cmocka_unit_test(test_reads_prove),
		cmocka_unit_test(test_cuts_and_noise),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_is_told_from_other_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
