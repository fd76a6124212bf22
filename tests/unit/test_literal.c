/* test_literal.c - literals in one pass: what occurs, where, and in which order. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/literal.h"

struct log {
	char text[256];
	size_t n, stop_after;
};

static bool
note(void *ctx, size_t id, size_t end)
{
	struct log *l = ctx;

	l->n += (size_t)snprintf(l->text + l->n, sizeof l->text - l->n, "%zu@%zu ", id, end);
	return l->stop_after == 0 || --l->stop_after > 0;
}

static struct literals *
build(const char *const *word, size_t n, unsigned flags)
{
	struct slice list[64];
	struct literals *l;
	struct err e;

	for (size_t i = 0; i < n; i++)
		list[i] = slice_str(word[i]);
	assert_int_equal(literals_new(list, n, flags, &l, &e), 0);
	return l;
}

static void
expect(const struct literals *l, const char *text, const char *want)
{
	struct log log = { .n = 0 };

	assert_true(literals_each(l, slice_str(text), note, &log));
	assert_string_equal(log.text, want);
}

static void
test_finds_every_occurrence(void **state)
{
	static const char *const words[] = { "he", "she", "his", "hers", "", "he" };
	struct literals *l = build(words, 6, 0);

	(void)state;
	expect(l, "ushers", "1@4 0@4 5@4 3@6 ");
	expect(l, "hishehe", "2@3 1@5 0@5 5@5 0@7 5@7 ");
	expect(l, "HERS", "");
	expect(l, "", "");
	literals_free(l);
}

static void
test_folds_case_when_asked(void **state)
{
	static const char *const words[] = { "Token", "\xC3\x84" };
	struct literals *l = build(words, 2, LITERAL_CASELESS);

	(void)state;
	expect(l, "a TOKEN token", "0@7 0@13 ");
	expect(l, "\xC3\x84 \xC3\xA4", "1@2 ");
	literals_free(l);
}

static void
test_marks_and_stops(void **state)
{
	static const char *const words[] = { "a", "b", "c" };
	struct literals *l = build(words, 3, 0);
	struct log log = { .stop_after = 2 };
	uint64_t bits[LITERAL_WORDS(3)] = { 0 };

	(void)state;
	assert_true(literals_mark(l, SLICE("xcxa"), bits));
	assert_int_equal(bits[0], 5);
	assert_false(literals_mark(l, SLICE("xyz"), bits));
	assert_int_equal(bits[0], 5);
	assert_false(literals_each(l, SLICE("abc"), note, &log));
	assert_string_equal(log.text, "0@1 1@2 ");
	assert_int_equal(literals_count(l), 3);
	literals_free(l);
	literals_free(NULL);
}

static void
test_all_bytes_and_no_literals(void **state)
{
	char all[256];
	struct slice one = { all, sizeof all };
	struct literals *l;
	struct log log = { .n = 0 };
	struct err e;

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	assert_int_equal(literals_new(&one, 1, 0, &l, &e), 0);
	assert_true(literals_each(l, one, note, &log));
	assert_string_equal(log.text, "0@256 ");
	literals_free(l);
	assert_int_equal(literals_new(NULL, 0, 0, &l, &e), 0);
	expect(l, "anything", "");
	literals_free(l);
}

static void
test_refuses_a_table_without_bounds(void **state)
{
	struct literals *l;
	struct slice big;
	struct err e;
	char *p = malloc(1 << 20);

	(void)state;
	for (size_t i = 0; i < 1 << 20; i++)
		p[i] = (char)(i % 251);
	big = slice_of(p, 1 << 20);
	assert_int_equal(literals_new(&big, 1, 0, &l, &e), -1);
	assert_null(l);
	assert_int_equal(e.code, ERR_LIMIT);
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_every_occurrence),
		cmocka_unit_test(test_folds_case_when_asked),
		cmocka_unit_test(test_marks_and_stops),
		cmocka_unit_test(test_all_bytes_and_no_literals),
		cmocka_unit_test(test_refuses_a_table_without_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
