/* test_join.c - pieces of messages: what is joined, what is missing, and what only looks cut. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sign/sign.h"

struct piece { int64_t index; const char *text; };

static void
check_split(const struct piece *piece, size_t n, int64_t total, const char *want, size_t used,
    bool complete)
{
	struct join_part part[8];
	struct buf text;
	bool whole;
	size_t got;

	buf_init(&text, 1000);
	for (size_t i = 0; i < n; i++)
		part[i] = (struct join_part){ .event_id = (int64_t)i + 1, .index = piece[i].index,
			.message = slice_str(piece[i].text) };
	got = sign_join_split(&text, part, n, total, &whole);
	assert_string_equal(text.p, want);
	assert_int_equal(got, used);
	assert_int_equal(whole, complete);
	for (size_t i = 0; i < got; i++)
		assert_true(slice_eq(slice_sub(buf_slice(&text), part[i].start,
		    part[i].stop - part[i].start), part[i].message));
	buf_release(&text);
}

static void
test_pieces(void **state)
{
	static const struct piece all[] = { { 0, "a" }, { 1, "b" }, { 2, "c" } };
	static const struct piece twice[] = { { 0, "a" }, { 0, "other" }, { 1, "b" } };
	static const struct piece gap[] = { { 1, "b" }, { 4, "e" } };

	(void)state;
	check_split(all, 3, 3, "abc", 3, true);
	check_split(all, 3, 0, "abc", 3, false);
	check_split(twice, 3, 2, "ab", 2, true);
	check_split(gap, 2, 6, "[part 1 of 6 is missing]\nb\n[parts 3 to 4 of 6 are missing]\ne\n"
	    "[part 6 of 6 is missing]\n", 2, false);
	check_split(gap, 2, 0, "[part 1 is missing]\nb\n[parts 3 to 4 are missing]\ne", 2, false);
	check_split(NULL, 0, 2, "[parts 1 to 2 of 2 are missing]\n", 0, false);
}

static void
test_a_text_over_the_limit_is_not_complete(void **state)
{
	struct join_part part[2] = { { .index = 0, .message = SLICE("abc") },
		{ .index = 1, .message = SLICE("def") } };
	struct buf text;
	bool complete;

	(void)state;
	buf_init(&text, 4);
	assert_int_equal(sign_join_split(&text, part, 2, 2, &complete), 2);
	assert_string_equal(text.p, "abcd");
	assert_false(complete);
	assert_int_equal(part[1].stop, 4);
	buf_release(&text);
}

static const char *
joins(const char *first, const char *second)
{
	const struct join_text a = { .message = slice_str(first) }, b = { .message = slice_str(second) };
	const char *name = sign_joins(&a, &b);

	assert_true(!name || sign_leaves_open(&a));
	return name ? name : "";
}

static void
test_what_a_line_break_leaves_open(void **state)
{
	static const struct { const char *first, *second, *want; } is[] = {
		{ "database \"shop", "\" does not exist", "quote" },
		{ "database \"shop", "main\", \"cart\" exist", "quote" },
		{ "key=r\"a\\\"b", "c\" is a pattern", "quote" },
		{ "first line\nlast \"line", "ends\" here", "quote" },
		{ "id is 'shop", "' has white space", "apostrophe" },
		{ "id='shop", "'", "apostrophe" },
		{ "f(a, [b", "], c)", "bracket" },
		{ "see (the manual", "pages) for more", "bracket" },
		{ "a \")\" in (b", ")", "bracket" },
		/* what is closed, or was never open */
		{ "database \"shop\"", "\" does not exist", "" },
		{ "a disk of 5\"", "\" x", "" },
		{ "an escaped \\\"", "\" x", "" },
		{ "we can't", "' x", "" },
		{ "the users' cart", "' x", "" },
		{ "'quoted' text", "' x", "" },
		{ "id is 'shop", "main' has", "" },
		{ "id is 'shop", "'tis so", "" },
		{ "(closed)", ")", "" },
		{ "open [", ")", "" },
		{ "open (a", "1) first", "" },
		{ "open (a", "a) first", "" },
		{ "open (a", "two words) end", "" },
		{ "sad :(", ")", "" },
		{ "says \"go", "and \"stop", "" },
		{ "says \"go", "x=\"1", "" },
		{ "says \"go", "\"a\" and \"b\"", "" },
		{ "says \"go", "second line\nthird\" line", "" },
		{ "open \"here\nnot here", "\" x", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof *is; i++)
		if (strcmp(joins(is[i].first, is[i].second), is[i].want) != 0)
			fail_msg("`%s` and `%s` give `%s`, not `%s`", is[i].first, is[i].second,
			    joins(is[i].first, is[i].second), is[i].want);
}

static void
test_colour_tags_and_rivals(void **state)
{
	const struct join_text open = { SLICE("a"), true, false }, closed = { SLICE("b"), false, true };
	const struct join_text plain = { SLICE("c"), false, false };
	const struct join_text quote = { SLICE("\"q"), false, false };
	const struct join_text round = { SLICE("(x"), false, false };
	const struct join_text square = { SLICE("[x"), false, false };

	(void)state;
	assert_string_equal(sign_joins(&open, &closed), "colour-tag");
	assert_null(sign_joins(&open, &plain));
	assert_null(sign_joins(&plain, &closed));
	assert_true(sign_leaves_open(&open) && !sign_leaves_open(&closed));
	assert_true(sign_rivals(&open, &open) && sign_rivals(&quote, &quote));
	assert_true(sign_rivals(&round, &round));
	assert_false(sign_rivals(&round, &square) || sign_rivals(&quote, &round) ||
	    sign_rivals(&open, &plain));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_a_text_over_the_limit_is_not_complete),
		cmocka_unit_test(test_what_a_line_break_leaves_open),
		cmocka_unit_test(test_colour_tags_and_rivals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
