/*
 * test_pages.c - what came of a run in one line, and the pages of a run and a result.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "report/pages.h"

static struct case_run
run_of(enum run_state state, long selected, long passed, long failed)
{
	struct case_run r = { .id = 7, .source_id = 2 };

	r.run = run_none;
	r.run.framework = SLICE("pytest");
	r.run.state = state;
	r.run.selected = selected;
	r.run.reconciled = RUN_RECONCILED_YES;
	r.last[TEST_PASSED] = r.rows[TEST_PASSED] = passed;
	r.last[TEST_FAILED] = r.rows[TEST_FAILED] = failed;
	return r;
}

static void
expect(struct arena *a, const struct case_run *r, const char *line)
{
	struct slice got = run_line_text(a, r);

	if (!slice_eqs(got, line))
		fail_msg("\"%.*s\", not \"%s\"", SLICE_ARG(got), line);
}

static void
test_a_run_is_told_by_its_state_and_what_is_missing(void **state)
{
	struct case_run r;
	struct arena a;

	(void)state;
	arena_init(&a);
	r = run_of(RUN_COMPLETE, 3, 3, 0);
	expect(&a, &r, "complete, 3 tests: 3 passed");
	r = run_of(RUN_COMPLETE, 5, 2, 1);
	r.last[TEST_ERROR] = 2;
	expect(&a, &r, "complete, 5 tests: 2 passed, 1 failed, 2 errors");
	r = run_of(RUN_STOPPED, 215, 51, 7);
	r.last[TEST_ERROR] = 3;
	expect(&a, &r, "stopped after 61 of 215 tests: 51 passed, 7 failed, 3 errors, 154 not run");
	assert_int_equal(run_not_run(&r), 154);
	r = run_of(RUN_TRUNCATED, -1, 4, 0);
	expect(&a, &r, "cut short after 4 tests: 4 passed");
	assert_int_equal(run_not_run(&r), -1);
	r = run_of(RUN_CRASHED, 9, 1, 0);
	expect(&a, &r, "crashed after 1 of 9 tests: 1 passed, 8 not run");
	r = run_of(RUN_NOT_RUN, 2, 0, 0);
	expect(&a, &r, "did not run, 0 of 2 tests: 2 not run");
	r = run_of(RUN_NOT_RUN, -1, 0, 0);
	expect(&a, &r, "did not run, 0 tests");
	arena_release(&a);
}

static void
test_a_complete_run_is_no_pass_where_something_speaks_against_it(void **state)
{
	struct case_run r;
	struct arena a;

	(void)state;
	arena_init(&a);
	r = run_of(RUN_COMPLETE, 3, 3, 0);
	r.run.exit_code = 2;
	expect(&a, &r, "complete, 3 tests: 3 passed; its exit code is not zero, so it is not a pass");
	r = run_of(RUN_COMPLETE, 3, 2, 1);
	r.run.exit_code = 1;	/* that is what the failure is for */
	expect(&a, &r, "complete, 3 tests: 2 passed, 1 failed");
	r = run_of(RUN_COMPLETE, 2, 0, 0);
	r.last[TEST_SKIPPED] = 2;
	expect(&a, &r, "complete, 2 tests: 2 skipped; no test passed, so it shows nothing");
	r = run_of(RUN_COMPLETE, 3, 3, 0);
	r.run.reconciled = RUN_RECONCILED_NO;
	r.run.passed = 3;
	expect(&a, &r, "complete, 3 tests: 3 passed; its counts do not add up, so it is not taken for "
	    "a pass");
	r = run_of(RUN_COMPLETE, 3, 3, 0);
	r.run.quality = RUN_QUOTED;
	expect(&a, &r, "claimed by a document, no evidence: complete, 3 tests: 3 passed");
	r = run_of(RUN_COMPLETE, 2, 2, 0);
	r.reruns = 2;
	expect(&a, &r, "complete, 2 tests: 2 passed; 2 earlier attempts");
	arena_release(&a);
}

/* a report counts subtests; a console says how many tests it selected */
static void
test_what_is_counted_but_not_named_did_run(void **state)
{
	struct case_run r;
	struct arena a;

	(void)state;
	arena_init(&a);
	r = run_of(RUN_COMPLETE, -1, 6, 0);
	r.run.collected = 8;
	r.run.passed = 8;
	r.run.reconciled = RUN_RECONCILED_EXPLAINED;
	expect(&a, &r, "complete, 6 tests: 6 passed");
	r.run.passed = 7;
	expect(&a, &r, "complete, 6 of 8 tests are named: 6 passed");
	r = run_of(RUN_COMPLETE, -1, 0, 5);	/* only failures are named */
	r.run.collected = 22;
	expect(&a, &r, "complete, 5 of 22 tests are named: 5 failed");
	assert_int_equal(run_not_run(&r), 0);
	r = run_of(RUN_COMPLETE, -1, 2, 0);	/* one of them at the second attempt */
	r.run.collected = 3;
	r.rows[TEST_FAILED] = r.reruns = 1;
	expect(&a, &r, "complete, 2 tests: 2 passed; 1 earlier attempt");
	r = run_of(RUN_STOPPED, 10, 5, 0);
	r.run.collected = 12;
	r.run.deselected = 2;
	r.run.passed = 5;
	r.run.errors = 5;	/* of the teardown of tests that passed */
	r.run.reconciled = RUN_RECONCILED_EXPLAINED;
	expect(&a, &r, "stopped after 5 of 10 tests: 5 passed, 5 not run");
	r = run_of(RUN_TRUNCATED, 10, 1, 0);
	r.last[TEST_NOT_RUN] = 9;	/* the output names them */
	expect(&a, &r, "cut short after 1 of 10 tests: 1 passed, 9 not run");
	arena_release(&a);
}

static size_t
count_facts(const struct doc_node *n)
{
	size_t facts = 0;

	for (; n; n = n->next) {
		if (n->kind == DOC_TEXT)
			for (size_t i = 0; i < n->text.n; i++)
				if (isdigit((unsigned char)n->text.p[i]))
					fail_msg("a figure without SQL: %.*s", SLICE_ARG(n->text));
		if (n->kind == DOC_FACT) {
			facts++;
			assert_true(slice_starts(n->sql, "select ") ||
			    slice_starts(n->sql, "with "));
		}
		facts += count_facts(n->first);
	}
	return facts;
}

static bool
says(const struct doc *d, const char *phrase)
{
	struct buf text;
	bool found;

	buf_init(&text, 1 << 20);
	out_markdown(d, &text);
	found = strstr(text.p, phrase) != NULL;
	if (!found)
		print_message("%s\n", text.p);
	buf_release(&text);
	return found;
}

static void
test_the_page_of_a_run_says_what_is_cut_and_every_figure_has_sql(void **state)
{
	struct case_run r = run_of(RUN_STOPPED, 90, 10, 30);
	struct result_group group = { .n = 30, .groups = 21, .id = { 1, 2, 3, 4, 5 }, .ids = 5 };
	const struct run_fact_row fact = { SLICE("status"), SLICE("Infrastructure Status"),
	    SLICE("UNAVAILABLE"), SLICE("a.log"), 2, 9 };
	const struct run_place place = { .source_id = 2, .path = SLICE("a.log"), .line = 4,
	    .format = SLICE("pytest"), .state = SLICE("stopped") };
	const struct run_detail detail = { &place, 1, &fact, 1, 3 };
	struct run_page p = { .run = &r, .detail = &detail, .failure = &group, .failures = 1,
	    .failures_total = 21 };
	struct arena a;
	struct doc d;

	(void)state;
	group.first.test = test_none;
	group.first.test.nodeid = SLICE("tests/a.py::test_\x1b[31mred");
	group.first.test.message = SLICE("it's <b> | `x`\nand more");
	arena_init(&a);
	doc_init(&d, &a);
	r.run.state_why = SLICE("stopped after 30 failures");
	r.run.wrapper_why = SLICE("it says 40 passed");
	run_page(&p, &d);
	assert_true(count_facts(d.root->first) > 10);
	assert_true(says(&d, "**u7**: stopped after 40 of 90 tests: 10 passed, 30 failed, 50 not run."));
	assert_true(says(&d, "More causes: `netra-triage tests --run u7`"));
	assert_true(says(&d, "**What ran it says otherwise:** it says 40 passed"));
	assert_true(says(&d, "| status | Infrastructure Status | `UNAVAILABLE` | [a.log:9] |"));
	assert_true(says(&d, "2 more: `netra-triage query"));
	assert_true(says(&d, "`` it's <b> \\| `x` ``"));
	assert_true(says(&d, "test_\\x1b[31mred"));
	assert_true(says(&d, "They were to run and have no result: 50 tests in all."));
	arena_release(&a);
}

static void
test_the_page_of_a_result_cuts_long_texts_and_says_where_the_rest_is(void **state)
{
	struct result_detail r = { .result = { .id = 4, .run_id = 7, .source_id = 2,
	    .path = SLICE("a.log") } };
	struct result_output o = { .id = 9, .section = SLICE("Captured stdout call"),
	    .path = SLICE("a.log"), .line = 12 };
	struct arena a;
	struct doc d;
	char *text;

	(void)state;
	arena_init(&a);
	text = arena_alloc(&a, RESULT_OUTPUT_BYTES + 100);
	memset(text, 'x', RESULT_OUTPUT_BYTES + 99);
	o.text = slice_of(text, RESULT_OUTPUT_BYTES + 99);
	r.run = run_none;
	r.run.quality = RUN_QUOTED;
	r.result.test = test_none;
	r.result.test.nodeid = SLICE("a.py::test_b");
	r.result.test.outcome = TEST_PASSED;
	r.output = &o;
	r.outputs = 1;
	r.outputs_total = 2;
	doc_init(&d, &a);
	result_page(&r, SLICE("passed in 0.10 ms"), NULL, &d);
	count_facts(d.root->first);
	assert_true(says(&d, "a claim, no evidence"));
	assert_true(says(&d, "**But:** passed in 0.10 ms"));
	assert_true(says(&d, "select text from outputs where id = 9"));
	assert_true(says(&d, "More that it printed:"));
	assert_true(says(&d, "**Duration:** not stated"));
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_run_is_told_by_its_state_and_what_is_missing),
		cmocka_unit_test(test_a_complete_run_is_no_pass_where_something_speaks_against_it),
		cmocka_unit_test(test_what_is_counted_but_not_named_did_run),
		cmocka_unit_test(test_the_page_of_a_run_says_what_is_cut_and_every_figure_has_sql),
		cmocka_unit_test(
		    test_the_page_of_a_result_cuts_long_texts_and_says_where_the_rest_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
