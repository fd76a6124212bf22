/*
 * test_timing.c - durations that say nothing: what each rule takes, and what it leaves.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "reason/timing.h"

#define US INT64_C(1000)
#define MS INT64_C(1000000)
#define NONE CLOCK_NONE

struct vector {
	const char *nodeid, *file;
	enum test_outcome outcome;
	int64_t duration_ns, call_ns;
	bool url;
	long same, timed;
	const char *note, *says;	/* says: empty = nothing */
};

static const struct vector vectors[] = {
	{ "tests/e2e/test_a.py::t", "", TEST_PASSED, 2 * MS, NONE, 0, 0, 0, "",
	    "passed in 2 ms, and its name says e2e" },
	{ "tests/test_a.py::test_Integration_cart", "", TEST_PASSED, 4900 * US, NONE, 0, 0, 0, "",
	    "passed in 4.9 ms, and its name says integration" },
	{ "t", "app/staging/a.spec.ts", TEST_PASSED, 1 * MS, NONE, 0, 0, 0, "",
	    "passed in 1 ms, and its name says staging" },
	{ "tests/e2e/test_a.py::t", "", TEST_PASSED, 5 * MS, NONE, 0, 0, 0, "", "" },
	/* the set-up waited for a server, the test did not */
	{ "tests/e2e/test_a.py::t", "", TEST_PASSED, 900 * MS, 2 * MS, 0, 0, 0, "",
	    "passed in 2 ms, and its name says e2e" },
	{ "tests/e2e/test_a.py::t", "", TEST_FAILED, 2 * MS, NONE, 0, 0, 0, "", "" },
	{ "tests/e2e/test_a.py::t", "", TEST_SKIPPED, 0, NONE, 0, 0, 0, "", "" },
	{ "tests/e2e/test_a.py::t", "", TEST_XFAILED, 0, NONE, 0, 0, 0, "", "" },
	{ "tests/e2e/test_a.py::t", "", TEST_PASSED, NONE, NONE, 0, 0, 0, "", "" },
	/* words, not parts of words */
	{ "tests/test_delivery.py::test_liveness", "", TEST_PASSED, 2 * MS, NONE, 0, 0, 0, "", "" },
	{ "tests/test_live.py::t", "", TEST_PASSED, 2 * MS, NONE, 0, 0, 0, "",
	    "passed in 2 ms, and its name says live" },
	{ "tests/test_a.py::t", "", TEST_PASSED, 4 * MS, NONE, true, 0, 0, "",
	    "passed in 4 ms, and it printed a URL" },
	{ "tests/test_a.py::t", "", TEST_PASSED, 40 * MS, NONE, true, 0, 0, "", "" },
	{ "tests/test_a.py::t", "", TEST_PASSED, 50 * MS, 420 * US, 0, 0, 0, "",
	    "passed in 0.42 ms" },
	{ "tests/test_a.py::t", "", TEST_PASSED, 50 * MS, 1 * MS, 0, 0, 0, "", "" },
	{ "tests/test_a.py::t", "", TEST_PASSED, 50 * MS, 9 * US, 0, 0, 0, "",
	    "passed in less than 0.01 ms" },
	/* without the phase a short unit test is ordinary */
	{ "tests/test_a.py::t", "", TEST_PASSED, 420 * US, NONE, 0, 0, 0, "", "" },
	{ "a", "", TEST_PASSED, 512 * MS, NONE, 0, 5, 50, "",
	    "5 of 50 passes of its run state this very duration" },
	{ "a", "", TEST_PASSED, 512 * MS, NONE, 0, 5, 51, "", "" },
	{ "a", "", TEST_PASSED, 512 * MS, NONE, 0, 4, 10, "", "" },
	{ "a", "", TEST_PASSED, 99 * MS, NONE, 0, 9, 9, "", "" },
	{ "a", "", TEST_FAILED, 30000 * MS, NONE, 0, 9, 9, "", "" },
	{ "a", "", TEST_SKIPPED, 0, NONE, 0, 0, 0, "printed as 0.00s", "printed as 0.00s" },
};

static void
test_each_rule_takes_what_it_names_and_no_more(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct vector *v = &vectors[i];
		struct result r = { .url = v->url, .same = v->same, .timed = v->timed };
		struct slice says;

		r.test = test_none;
		r.test.nodeid = slice_str(v->nodeid);
		r.test.file = slice_str(v->file);
		r.test.outcome = v->outcome;
		r.test.duration_ns = v->duration_ns;
		r.test.call_ns = v->call_ns;
		r.test.duration_note = slice_str(v->note);
		says = reason_timing(&r, &a);
		if (!slice_eqs(says, v->says))
			fail_msg("vector %zu: \"%.*s\", not \"%s\"", i, SLICE_ARG(says), v->says);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_rule_takes_what_it_names_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
