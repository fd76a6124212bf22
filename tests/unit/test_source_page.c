/* test_source_page.c - what `show sN` says of a source */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/doc.h"

#define T0 INT64_C(1758000000000000000)	/* 2025-09-16T05:20:00Z */
#define S CLOCK_NS_PER_S

struct fixture {
	struct arena arena;
	struct buf text;
	struct doc doc;
	struct case_file c;
};

static const struct gap gaps[] = {
	{ .id = 7, .kind = GAP_LIMIT, .severity = GAP_ALL_SEVERITIES, .first_ns = CLOCK_NONE,
	    .last_ns = T0, .n = 1000, .says = SLICE("It looks cut by a limit: exactly 1000 entries"),
	    .collect = SLICE("gcloud logging read 'x' --format=json") },
	{ .id = 8, .kind = GAP_TAIL, .severity = GAP_ALL_SEVERITIES, .first_ns = T0, .last_ns = T0,
	    .n = -1, .says = SLICE("any that still ran is missing") },
};
static const struct coverage_cell cells[] = {
	{ SLICE("checkout-api"), 500, 75, 0, T0 + 100 * S, T0 + 125 * S },
	{ SLICE(""), 0, 925, 20, T0, T0 + 125 * S },
};
static const struct case_bad bads[] = { { BAD_DAMAGED, 484, 19788, SLICE("it ends | here") } };
static const struct case_conflict conflicts[] = {
	{ 12, 2, 40, 4, SLICE("charge failed"), SLICE("charge succeeded") },
};

static const struct case_source logs = { .id = 1, .path = SLICE("exports/backend.json"),
    .shape = SLICE("JSON array"), .reader = SLICE("gcp-json"), .kind = SOURCE_LOGS,
    .gap = gaps, .gaps = 2, .latency_ns = CLOCK_NONE, .totals = { .seen = 1000, .added = 999,
    .known = 1, .first_ns = T0, .last_ns = T0 + 125 * S + 908000000,
    .order = ORDER_NEWEST_FIRST, .truncated = true } };
static const struct case_source tests = { .id = 2, .path = SLICE("out/run.txt"),
    .shape = SLICE("pytest -v"), .reader = SLICE("pytest"), .kind = SOURCE_TESTS,
    .totals = { .seen = 4, .added = 4, .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE } };

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);

	arena_init(&f->arena);
	buf_init(&f->text, 1 << 20);
	f->c = (struct case_file){ .now_ns = T0 + 3600 * S };
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	buf_release(&f->text);
	test_free(f);
	return 0;
}

static const char *
page(struct fixture *f, const struct case_source *s)
{
	doc_init(&f->doc, &f->arena);
	source_page(&f->c, s, &f->doc);
	buf_reset(&f->text);
	out_markdown(&f->doc, &f->text);
	assert_false(f->text.over);
	return f->text.p;
}

static void
test_page_of_a_source_says_what_it_lacks_and_how_to_get_it(void **state)
{
	static const char *const phrases[] = {
		"# s1 exports/backend.json\n", "- **Worth:** cut by a limit\n",
		"- **Entries:** from 2025-09-16T05:20:00.000000Z to 2025-09-16T05:22:05.908000Z\n",
		"- **Order:** newest first\n", "- **Age:** the newest entry is 57 minutes old\n",
		"| `checkout-api` | ERROR | 75 | 0 |", "| none named | DEFAULT | 925 | 20 |",
		("- **limit:** It looks cut by a limit: exactly 1000 entries.\n\n  ```sh\n"
		    "  gcloud logging read 'x' --format=json\n"),
		"- **tail:** any that still ran is missing.\n",
		"- damaged, line 484, byte 19788: it ends \\| here\n",
		"select * from damaged_records where source_id = 1", "`s2` line 4:", "charge failed",
		"`s1` line 40:", "charge succeeded", "select * from conflicts where source_id = 1",
		"- **Redacted:** email 3 (asked for: all)\n",
	};
	struct fixture *f = *state;
	struct case_source s = logs;

	s.worth = SLICE("cut by a limit");
	s.cell = cells;
	s.cells = 2;
	s.bad = bads;
	s.bads = 1;
	s.conflict = conflicts;
	s.conflicts = 1;
	s.redact = SLICE("all");
	s.redacted = SLICE("email 3");
	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
		if (!strstr(page(f, &s), phrases[i]))
			fail_msg("the page does not say: %s\nbut:\n%s", phrases[i], f->text.p);
}

static void
test_page_of_a_source_is_silent_about_what_is_not_there(void **state)
{
	static const char *const phrases[] = { "Order", "Redacted", "Coverage", "not stored",
		"differ", "Window", "**limit" };
	struct fixture *f = *state;
	struct case_source s = tests;

	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
		if (strstr(page(f, &s), phrases[i]))
			fail_msg("the page says: %s\n%s", phrases[i], f->text.p);
	assert_non_null(strstr(page(f, &s), "is not proved by that"));
	s.partial = true;
	assert_non_null(strstr(page(f, &s), "it was not read to its end"));
	assert_null(strstr(page(f, &s), "is not proved by that"));
}

static void
test_a_source_newer_than_the_clock_has_no_age(void **state)
{
	struct fixture *f = *state;
	struct case_source s = logs;

	s.totals.last_ns = f->c.now_ns + S;
	assert_non_null(strstr(page(f, &s), "the newest entry is newer than this document says"));
}

static void
test_a_zone_that_was_named_is_told(void **state)
{
	struct fixture *f = *state;
	struct case_source s = logs;

	assert_non_null(strstr(page(f, &s), "each time names its zone"));
	s.totals.ts_assumed = true;
	assert_non_null(strstr(page(f, &s), "name no zone and were read as UTC"));
	s.zone = SLICE("Europe/Vienna");
	assert_non_null(strstr(page(f, &s), "name no zone and were read as `Europe/Vienna`"));
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest cases[] = {
		CASE(test_page_of_a_source_says_what_it_lacks_and_how_to_get_it),
		CASE(test_page_of_a_source_is_silent_about_what_is_not_there),
		CASE(test_a_source_newer_than_the_clock_has_no_age),
		CASE(test_a_zone_that_was_named_is_told),
	};

	return cmocka_run_group_tests(cases, NULL, NULL);
}
