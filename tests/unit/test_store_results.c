/* test_store_results.c - results in lists and groups; runs that a document only quotes. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/exception.h"
#include "model/incident.h"
#include "store/results.h"
#include "store_fixture.h"

#define MS INT64_C(1000000)

static int64_t
put_run(struct fixture *f, int64_t source_id, enum run_quality quality)
{
	struct run run = run_none;
	int64_t id;

	run.framework = SLICE("pytest");
	run.format = SLICE("pytest");
	run.quality = quality;
	run.state = RUN_COMPLETE;
	must(f, store_run_begin(f->st, source_id, &run, &id, &f->e));
	return id;
}

static int64_t
put_test(struct fixture *f, int64_t run_id, const char *nodeid, enum test_outcome outcome,
    const char *message, int64_t signature_id)
{
	struct test t = test_none;
	int64_t id;

	t.nodeid = slice_str(nodeid);
	t.outcome = outcome;
	t.message = slice_str(message);
	t.duration_ns = 3 * MS;
	t.duration_from = DURATION_FIELD;
	must(f, store_test_put(f->st, run_id, &t, slice_str(message), signature_id, &id, &f->e));
	return id;
}

struct seen {
	char text[400];
	long n;
};

static int
see(void *ctx, const struct result *r, struct err *e)
{
	struct seen *s = ctx;
	size_t n = strlen(s->text);

	(void)e;
	s->n++;
	snprintf(s->text + n, sizeof s->text - n, "%.*s ", SLICE_ARG(r->test.nodeid));
	return 0;
}

static int
see_group(void *ctx, const struct result_group *g, struct err *e)
{
	struct seen *s = ctx;
	size_t n = strlen(s->text);

	(void)e;
	s->n = g->groups;
	snprintf(s->text + n, sizeof s->text - n, "%ld in %ld: %.*s%s%.*s; ", g->n, g->runs,
	    SLICE_ARG(g->first.test.nodeid), g->place.n ? " at " : "", SLICE_ARG(g->place));
	return 0;
}

static void
expect(struct fixture *f, const struct result_scope *scope, const char *want)
{
	struct seen s = { "", 0 };

	must(f, store_each_result(f->st, scope, RESULTS_BY_ID, see, &s, &f->e));
	assert_string_equal(s.text, want);
}

/* u1 recorded, u2 quoted: ids as they come out in an empty database */
static void
fill(struct fixture *f)
{
	int64_t s = begin_source(f, "out.log", SOURCE_TESTS), r = put_run(f, s, RUN_RECORDED), id;
	const struct fact_link link[] = {
		{ .type = SLICE("OSError"), .message = SLICE("no disk"), .place = SLICE("a.py:3") },
		{ .type = SLICE("RuntimeError"), .message = SLICE("failed") },
	};
	const struct exception_row x = { .link = link, .links = 2, .cause_text = SLICE("OSError"),
	    .cause_signature_id = 77 };

	put_test(f, r, "a.py::ok[x*y]", TEST_PASSED, "", 0);
	id = put_test(f, r, "a.py::one", TEST_FAILED, "RuntimeError: failed", 5);
	must(f, store_test_exception_put(f->st, id, &x, &f->e));
	id = put_test(f, r, "a.py::two", TEST_ERROR, "ValueError: other", 6);
	must(f, store_test_exception_put(f->st, id, &x, &f->e));
	put_test(f, r, "a.py::three", TEST_FAILED, "assert 0", 8);
	put_test(f, r, "a.py::bare", TEST_FAILED, "", 0);
	put_test(f, r, "a.py::skip", TEST_SKIPPED, "slow", 0);
	end_source(f, s, "1");
	s = begin_source(f, "notes.md", SOURCE_TESTS);
	r = put_run(f, s, RUN_QUOTED);
	put_test(f, r, "a.py::claimed", TEST_PASSED, "", 0);
	put_test(f, r, "a.py::three", TEST_FAILED, "assert 0", 8);
	end_source(f, s, "2");
}

static void
test_patterns_are_a_part_of_an_id_or_all_of_it(void **state)
{
	struct fixture *f = *state;

	fill(f);
	expect(f, &(struct result_scope){ .pattern = SLICE("ok[") }, "a.py::ok[x*y] ");
	expect(f, &(struct result_scope){ .pattern = SLICE("::t") }, "a.py::two a.py::three ");
	expect(f, &(struct result_scope){ .pattern = SLICE("::t*") }, "");
	expect(f, &(struct result_scope){ .pattern = SLICE("*::t?o") }, "a.py::two ");
	expect(f, &(struct result_scope){ .pattern = SLICE("*[[x]*") }, "");
	expect(f, &(struct result_scope){ .pattern = SLICE("*[x?y]") }, "a.py::ok[x*y] ");
	expect(f, &(struct result_scope){ .pattern = SLICE("a.py::ok[x*y]"), .exact = true },
	    "a.py::ok[x*y] ");
	expect(f, &(struct result_scope){ .pattern = SLICE("*"), .exact = true }, "");
	expect(f, &(struct result_scope){ .outcomes = 1u << TEST_ERROR | 1u << TEST_SKIPPED },
	    "a.py::two a.py::skip ");
	expect(f, &(struct result_scope){ .limit = 1 }, "a.py::ok[x*y] ");
}

static void
test_quoted_runs_are_left_out_unless_they_are_named(void **state)
{
	struct scope all = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct fixture *f = *state;
	struct case_run *run;
	struct case_file c;
	struct arena a;
	size_t runs;

	fill(f);
	expect(f, &(struct result_scope){ .pattern = SLICE("claimed") }, "");
	expect(f, &(struct result_scope){ .pattern = SLICE("claimed"), .run = (int64_t[]){ 2 },
	    .runs = 1 }, "a.py::claimed ");
	arena_init(&a);
	must(f, store_case_load(f->st, &all, &a, &c, &f->e));
	assert_int_equal(c.runs, 1);
	assert_int_equal(c.run[0].id, 1);
	assert_int_equal(c.quoteds, 1);
	assert_int_equal(c.quoted[0].id, 2);
	/* a listing of runs has it, and says what it is */
	must(f, store_runs_load(f->st, NULL, 0, &a, &run, &runs, &f->e));
	assert_int_equal(runs, 2);
	assert_int_equal(run[1].run.quality, RUN_QUOTED);
	arena_release(&a);
}

static void
test_failures_of_one_cause_are_one_group(void **state)
{
	struct result_scope scope = { .runs = 0 };
	struct seen s = { "", 0 };
	struct fixture *f = *state;

	fill(f);
	must(f, store_each_group(f->st, &scope, GROUP_FAILURES, see_group, &s, &f->e));
	assert_string_equal(s.text, "2 in 1: a.py::one at a.py:3; 1 in 1: a.py::three; "
	    "1 in 1: a.py::bare; ");
	scope.limit = 1;
	s = (struct seen){ "", 0 };
	must(f, store_each_group(f->st, &scope, GROUP_FAILURES, see_group, &s, &f->e));
	assert_string_equal(s.text, "2 in 1: a.py::one at a.py:3; ");
	assert_int_equal(s.n, 3);	/* however many are given */
	s = (struct seen){ "", 0 };
	must(f, store_each_group(f->st, &scope, GROUP_SKIPS, see_group, &s, &f->e));
	assert_string_equal(s.text, "1 in 1: a.py::skip; ");
	scope = (struct result_scope){ .run = (int64_t[]){ 1, 2 }, .runs = 2,
	    .pattern = SLICE("three") };
	s = (struct seen){ "", 0 };
	must(f, store_each_group(f->st, &scope, GROUP_FAILURES, see_group, &s, &f->e));
	assert_string_equal(s.text, "2 in 2: a.py::three; ");
}

static void
test_causes_that_show_in_one_shape_are_one_group(void **state)
{
	struct fixture *f = *state;
	int64_t s = begin_source(f, "out.log", SOURCE_TESTS), r = put_run(f, s, RUN_RECORDED), id;
	const struct fact_link link = { .type = SLICE("AssertionError"), .place = SLICE("a.py:9") };
	struct exception_row x = { .link = &link, .links = 1, .cause_text = SLICE("a") };
	struct result_scope scope = { .runs = 0 };
	struct seen seen = { "", 0 };

	/* assert <*> == <*>, of parameters a and b; b is also behind another failure */
	for (int i = 0; i < 4; i++) {
		static const char *const name[] = { "t.py::p[a]", "t.py::p[b]", "t.py::q",
		    "t.py::alone" };
		static const int64_t shape[] = { 3, 3, 4, 6 }, cause[] = { 70, 71, 71, 0 };

		id = put_test(f, r, name[i], TEST_FAILED, "assert", shape[i]);
		x.cause_signature_id = cause[i];
		if (cause[i])
			must(f, store_test_exception_put(f->st, id, &x, &f->e));
	}
	end_source(f, s, "1");
	must(f, store_each_group(f->st, &scope, GROUP_FAILURES, see_group, &seen, &f->e));
	assert_string_equal(seen.text, "3 in 1: t.py::p[a] at a.py:9; 1 in 1: t.py::alone; ");
}

static void
test_a_result_has_its_chain_and_its_other_runs(void **state)
{
	struct fixture *f = *state;
	struct result_detail d;
	struct arena a;
	bool found;

	fill(f);
	arena_init(&a);
	must(f, store_result_detail(f->st, 2, &a, &found, &d, &f->e));
	assert_true(found);
	assert_int_equal(d.links, 2);
	assert_true(slice_eqs(d.link[0].place, "a.py:3"));
	assert_int_equal(d.others, 0);
	/* a claim says nothing about another run, but that run about the claim */
	must(f, store_result_detail(f->st, 4, &a, &found, &d, &f->e));
	assert_int_equal(d.others, 0);
	must(f, store_result_detail(f->st, 8, &a, &found, &d, &f->e));
	assert_int_equal(d.others, 1);
	assert_int_equal(d.other[0].id, 4);
	must(f, store_result_detail(f->st, 99, &a, &found, &d, &f->e));
	assert_false(found);
	arena_release(&a);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_patterns_are_a_part_of_an_id_or_all_of_it),
		CASE(test_quoted_runs_are_left_out_unless_they_are_named),
		CASE(test_failures_of_one_cause_are_one_group),
		CASE(test_causes_that_show_in_one_shape_are_one_group),
		CASE(test_a_result_has_its_chain_and_its_other_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
