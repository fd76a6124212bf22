/*
 * one run in two formats: what must agree, what may be missing, what keeps runs apart
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "reason/twins.h"

#define S CLOCK_NS_PER_S
#define MS (S / 1000)

/* a report with two results, the second failed */
static struct twin_run
run_of(const char *format)
{
	return (struct twin_run){ .id = 1, .format = slice_str(format), .started_ns = CLOCK_NONE,
		.duration_ns = CLOCK_NONE, .digest = 7 };
}

static void
results_of(struct twin_result r[2], const char *one, const char *two, const char *message)
{
	r[0] = (struct twin_result){ .id = 1, .nodeid = slice_str(one), .outcome = TEST_PASSED,
		.duration_ns = CLOCK_NONE, .call_ns = CLOCK_NONE };
	r[1] = (struct twin_result){ .id = 2, .nodeid = slice_str(two), .outcome = TEST_FAILED,
		.duration_ns = CLOCK_NONE, .call_ns = CLOCK_NONE, .message = slice_str(message) };
}

static void
test_ids_and_outcomes_without_a_contradiction(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];
	struct twin_verdict v;

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "AssertionError: assert 1 == 2\nmore");
	results_of(y, "t.py::a", "t.py::b", "assert 1 ==...");
	v = reason_twins(&a, x, 2, &b, y, 2);
	assert_true(v.same);
	assert_string_equal(v.why, "the same 2 ids and outcomes; 1 failure message, 0 durations agree");
}

static void
test_a_folder_in_front_of_all_ids(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];
	struct twin_verdict v;

	(void)state;
	results_of(x, "tests/e2e/t.py::a", "tests/e2e/t.py::b", "assert 0");
	results_of(y, "t.py::a", "t.py::b", "assert 0");
	v = reason_twins(&a, x, 2, &b, y, 2);
	assert_true(v.same);
	assert_int_equal(v.skip_a, 10);
	assert_int_equal(v.skip_b, 0);
	/* but the same one everywhere, and whole folders */
	results_of(x, "tests/e2e/t.py::a", "tests/t.py::b", "assert 0");
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	results_of(x, "my_t.py::a", "my_t.py::b", "assert 0");
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_ids_and_outcomes_alone_are_not_enough(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "");
	results_of(y, "t.py::a", "t.py::b", "");
	x[1].outcome = y[1].outcome = TEST_PASSED;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	a.duration_ns = b.duration_ns = 7 * S;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_another_message_is_another_run(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "assert 1 == 2");
	results_of(y, "t.py::a", "t.py::b", "assert 1 == 3");
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_durations_are_compared_as_exactly_as_they_are_printed(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest-reportlog");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "");
	results_of(y, "t.py::a", "t.py::b", "");
	x[0].exact = y[0].exact = true;
	x[0].duration_ns = 1234 * MS;
	y[0].duration_ns = 1235 * MS;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	y[0].duration_ns = 1240 * MS;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	/* of a console: two digits; and it may be the call alone, which is no contradiction */
	y[0].exact = false;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	y[0].duration_ns = 900 * MS;
	x[1].message = y[1].message = SLICE("boom");
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	x[0].call_ns = y[0].call_ns = 900 * MS;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	y[0].call_ns = 950 * MS;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_clocks_must_not_contradict(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "");
	results_of(y, "t.py::a", "t.py::b", "");
	a.started_ns = 1000000 * S;
	b.started_ns = 1000003 * S;
	a.clock = b.clock = RUN_CLOCK_EXACT;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	b.started_ns += 60 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	/* seven hours are a zone, when the zone of one was assumed; seven minutes are none */
	b.started_ns = a.started_ns - 7 * 3600 * S + S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	b.clock = RUN_CLOCK_ASSUMED;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	b.started_ns -= 420 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	/* a log of results begins with the first test: it lies within the run */
	a.duration_ns = 600 * S;
	b.clock = RUN_CLOCK_EXACT;
	b.started_ns = a.started_ns + 300 * S;
	b.duration_ns = 200 * S;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	assert_true(reason_twins(&b, y, 2, &a, x, 2).same);
	b.duration_ns = 400 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	a.duration_ns = b.duration_ns = CLOCK_NONE;
	b.clock = RUN_CLOCK_ASSUMED;
	/* two days are no zone */
	b.started_ns = a.started_ns - 48 * 3600 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_the_whole_takes_as_long(void **state)
{
	struct twin_run a = run_of("junit"), b = run_of("pytest");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "");
	results_of(y, "t.py::a", "t.py::b", "");
	a.duration_ns = 100 * S;
	b.duration_ns = 102 * S;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	b.duration_ns = 110 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_a_log_of_results_knows_the_time_of_its_tests_only(void **state)
{
	struct twin_run a = run_of("pytest-reportlog"), b = run_of("pytest");
	struct twin_result x[2], y[2];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "no stock");
	results_of(y, "t.py::a", "t.py::b", "no stock");
	a.duration_ns = 60 * S;
	/* 40 s of imports came before the first test */
	b.duration_ns = 100 * S;
	assert_true(reason_twins(&a, x, 2, &b, y, 2).same);
	assert_true(reason_twins(&b, y, 2, &a, x, 2).same);
	/* but the tests do not take longer than the run */
	b.duration_ns = 50 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
	a.format = SLICE("pytest-json-report");
	b.duration_ns = 100 * S;
	assert_false(reason_twins(&a, x, 2, &b, y, 2).same);
}

static void
test_first_attempts_that_one_leaves_out(void **state)
{
	struct twin_run a = run_of("pytest-json-report"), b = run_of("pytest");
	struct twin_result x[2], y[3];

	(void)state;
	results_of(x, "t.py::a", "t.py::b", "boom");
	results_of(y, "t.py::a", "t.py::b", "boom");
	y[2] = y[1];
	y[2].from_last = 1;
	assert_true(reason_twins(&a, x, 2, &b, y, 3).same);
	assert_true(reason_twins(&b, y, 3, &a, x, 2).same);
	assert_false(reason_twins(&a, x, 0, &b, y, 0).same);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_and_outcomes_without_a_contradiction),
		cmocka_unit_test(test_a_folder_in_front_of_all_ids),
		cmocka_unit_test(test_ids_and_outcomes_alone_are_not_enough),
		cmocka_unit_test(test_another_message_is_another_run),
		cmocka_unit_test(test_durations_are_compared_as_exactly_as_they_are_printed),
		cmocka_unit_test(test_clocks_must_not_contradict),
		cmocka_unit_test(test_the_whole_takes_as_long),
		cmocka_unit_test(test_a_log_of_results_knows_the_time_of_its_tests_only),
		cmocka_unit_test(test_first_attempts_that_one_leaves_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
