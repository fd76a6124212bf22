/* test_slice.c - views of bytes and the scanners over them. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <string.h>

#include "base/slice.h"

static void
test_compares_and_finds_by_length_not_by_nul(void **state)
{
	struct slice s = SLICE("a\0b\0c"), none = { NULL, 0 };

	(void)state;
	assert_int_equal(s.n, 5);
	assert_true(slice_eq(s, slice_of("a\0b\0c", 5)));
	assert_false(slice_eq(s, slice_str("a")));
	assert_true(slice_eq(none, SLICE("")));
	assert_int_equal(slice_find(s, 0, SLICE("b\0c")), 2);
	assert_int_equal(slice_find(s, 3, SLICE("b")), SIZE_MAX);
	assert_int_equal(slice_find(s, 2, SLICE("")), 2);
	assert_int_equal(slice_find(s, 5, SLICE("")), 5);
	assert_int_equal(slice_find(s, 6, SLICE("")), SIZE_MAX);
	assert_int_equal(slice_find(none, 0, SLICE("")), 0);
	assert_int_equal(slice_find_byte(s, 2, '\0'), 3);
	assert_int_equal(slice_find_byte(none, 0, 'a'), SIZE_MAX);
	assert_int_equal(slice_rfind_byte(s, '\0'), 3);
	assert_int_equal(slice_rfind_byte(s, 'x'), SIZE_MAX);
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("\xff"), SLICE("a")) > 0);
	assert_int_equal(slice_cmp(none, SLICE("")), 0);
	assert_true(slice_eq_fold(SLICE("WaRn"), SLICE("wArN")));
	assert_false(slice_eq_fold(SLICE("["), SLICE("{")));
	assert_true(slice_starts(s, "a"));
	assert_false(slice_starts(SLICE("a"), "ab"));
	assert_true(slice_ends(SLICE("x.log"), ".log"));
	assert_true(slice_ends(none, ""));
}

static void
test_sub_and_trim_stay_inside(void **state)
{
	struct slice s = SLICE("  abc\r\n");

	(void)state;
	assert_true(slice_eqs(slice_trim(s), "abc"));
	assert_int_equal(slice_trim(SLICE(" \t ")).n, 0);
	assert_true(slice_eqs(slice_sub(s, 2, 2), "ab"));
	assert_true(slice_eqs(slice_sub(s, 4, SIZE_MAX), "c\r\n"));
	assert_int_equal(slice_sub(s, 100, 1).n, 0);
	assert_int_equal(slice_sub(slice_str(NULL), 1, 1).n, 0);
}

static void
test_scanners_move_only_on_success(void **state)
{
	struct slice s = SLICE("key=12ab"), before = s, out;
	uint64_t v = 7;

	(void)state;
	assert_false(slice_take_byte(&s, 'x'));
	assert_false(slice_take_str(&s, "keys"));
	assert_false(slice_take_uint(&s, &v));
	assert_false(slice_take_until(&s, ';', &out));
	assert_true(s.p == before.p && s.n == before.n && v == 7);
	assert_true(slice_take_until(&s, '=', &out));
	assert_true(slice_eqs(out, "key"));
	assert_false(slice_take_digits(&s, 3, &v));
	assert_true(slice_take_digits(&s, 1, &v));
	assert_int_equal(v, 1);
	assert_true(slice_take_uint(&s, &v));
	assert_int_equal(v, 2);
	assert_true(slice_take_str(&s, "ab"));
	assert_false(slice_take_byte(&s, '\0'));
}

static void
test_takes_lines_with_either_ending(void **state)
{
	static const char *const want[] = { "one", "two", "", "fo\rur", "five\r" };
	struct slice s = SLICE("one\ntwo\r\n\nfo\rur\nfive\r"), line;

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_true(slice_take_line(&s, &line));
		assert_true(slice_eqs(line, want[i]));
	}
	assert_false(slice_take_line(&s, &line));
}

static void
test_reads_64_bit_integers_and_no_more(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 }, { "-0", true, 0 }, { "007", true, 7 },
		{ "9223372036854775807", true, INT64_MAX }, { "9223372036854775808", false, 0 },
		{ "-9223372036854775808", true, INT64_MIN }, { "-9223372036854775809", false, 0 },
		{ "18446744073709551616", false, 0 }, { "", false, 0 }, { "-", false, 0 },
		{ "+1", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 }, { "1x", false, 0 },
		{ "--1", false, 0 },
	};
	struct slice s = SLICE("18446744073709551615");
	uint64_t u;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t v = 0;

		if (slice_to_int64(slice_str(cases[i].text), &v) != cases[i].ok)
			fail_msg("%s", cases[i].text);
		if (cases[i].ok)
			assert_true(v == cases[i].value);
	}
	assert_true(slice_take_uint(&s, &u));
	assert_true(u == UINT64_MAX);
	s = SLICE("18446744073709551616");
	assert_false(slice_take_uint(&s, &u));
	assert_int_equal(s.n, 20);
}

static void
check_doubles(void)
{
	static const char *const bad[] = { "", "-", ".5", "5.", "1e", "1e+", "+1", "0x10", "inf",
		"nan",
		"1e999", "1,5", " 1", "1 ", "1.5.2" };
	double v;

	assert_true(slice_to_double(SLICE("0.1"), &v) && v == 0.1);
	assert_true(slice_to_double(SLICE("-12.50"), &v) && v == -12.5);
	assert_true(slice_to_double(SLICE("1e3"), &v) && v == 1000.0);
	assert_true(slice_to_double(SLICE("2.5E-3"), &v) && v == 0.0025);
	assert_true(slice_to_double(SLICE("-0"), &v) && v == 0.0 && signbit(v));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (slice_to_double(slice_str(bad[i]), &v))
			fail_msg("read as a number: \"%s\"", bad[i]);
	}
}

static void
test_reads_decimals_in_any_locale(void **state)
{
	static const char *const comma[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR" };

	(void)state;
	check_doubles();
	/* only where the system has such a locale */
	for (size_t i = 0; i < sizeof comma / sizeof comma[0]; i++) {
		if (setlocale(LC_NUMERIC, comma[i])) {
			check_doubles();
			break;
		}
	}
	setlocale(LC_NUMERIC, "C");
}

static void
test_counts_edits_between_names(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned d;
	} cases[] = {
		{ "", "", 0 }, { "a", "", 1 }, { "", "abc", 3 }, { "worklog", "worklog", 0 },
		{ "worklgo", "worklog", 1 }, { "kitten", "sitting", 3 }, { "ab", "ba", 1 },
		{ "abc", "ca", 3 }, { "ingest", "igest", 1 },
	};
	char long_name[65];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice a = slice_str(cases[i].a), b = slice_str(cases[i].b);

		assert_int_equal(slice_distance(a, b), cases[i].d);
		assert_int_equal(slice_distance(b, a), cases[i].d);
	}
	memset(long_name, 'a', sizeof long_name);
	assert_int_equal(slice_distance(slice_of(long_name, 64), slice_of(long_name, 63)), 1);
	assert_int_equal(slice_distance(slice_of(long_name, 65), slice_of(long_name, 64)), 65);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compares_and_finds_by_length_not_by_nul),
		cmocka_unit_test(test_sub_and_trim_stay_inside),
		cmocka_unit_test(test_scanners_move_only_on_success),
		cmocka_unit_test(test_takes_lines_with_either_ending),
		cmocka_unit_test(test_reads_64_bit_integers_and_no_more),
		cmocka_unit_test(test_reads_decimals_in_any_locale),
		cmocka_unit_test(test_counts_edits_between_names),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
