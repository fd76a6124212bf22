/* test_clock.c - times as integer nanoseconds, against timegm(3) as the oracle. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define S CLOCK_NS_PER_S

static void
test_reads_times_in_all_their_forms(void **state)
{
	/* 2025-09-15T16:00:01Z */
	const int64_t t = INT64_C(1757952001) * S;
	const struct {
		const char *text;
		int64_t ns;
		enum clock_zone zone;
	} cases[] = {
		{ "2025-09-15T16:00:01Z", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-15t16:00:01z", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-15 16:00:01", t, CLOCK_ZONE_ASSUMED },
		{ "2025-09-15 16:00:01 UTC", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T18:00:01+02:00", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T09:00:01-0700", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T21:30:01+0530", t, CLOCK_ZONE_KNOWN },
		{ "2025-09-16T00:00:01.5+08:00", t + S / 2, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T16:00:01.123Z", t + 123000000, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T16:00:01.123456Z", t + 123456000, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T16:00:01.123456789Z", t + 123456789, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T16:00:01.1234567899Z", t + 123456789, CLOCK_ZONE_KNOWN },
		{ "2025-09-15T16:00:01.000000001", t + 1, CLOCK_ZONE_ASSUMED },
		{ "2016-12-31T23:59:60Z", INT64_C(1483228800) * S - 1, CLOCK_ZONE_KNOWN },
		{ "1970-01-01T00:00:00Z", 0, CLOCK_ZONE_KNOWN },
		{ "1969-12-31T23:59:59.999999999Z", -1, CLOCK_ZONE_KNOWN },
		{ "2024-02-29T00:00:00Z", INT64_C(1709164800) * S, CLOCK_ZONE_KNOWN },
		{ "2262-04-11T23:47:16.854775807Z", INT64_MAX, CLOCK_ZONE_KNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum clock_zone zone = CLOCK_ZONE_KNOWN;
		int64_t ns = 0;

		if (!clock_parse(slice_str(cases[i].text), &ns, &zone) || ns != cases[i].ns)
			fail_msg("%s: %lld", cases[i].text, (long long)ns);
		assert_int_equal(zone, cases[i].zone);
	}
}

static void
test_refuses_what_is_no_time(void **state)
{
	static const char *const bad[] = {
		"", "2025", "2025-09-15", "2025-09-15T16:00", "2025-09-15T16:00:01.",
		"2025-13-01T00:00:00Z",
		"2025-00-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-04-31T00:00:00Z",
		"2025-09-00T00:00:00Z", "2025-09-15T24:00:00Z", "2025-09-15T16:60:01Z",
		"2025-09-15T16:00:61Z", "2025-09-15T16:00:01ZZ", "2025-09-15T16:00:01 ",
		"2025-09-15T16:00:01+24:00", "2025-09-15T16:00:01+02:60", "2025-09-15T16:00:01+02",
		"2025-09-15T16:00:01+2:00", "2025-9-15T16:00:01Z", "x2025-09-15T16:00:01Z",
		" 2025-09-15T16:00:01Z", "2025/09/15T16:00:01Z", "1677-12-31T23:59:59Z",
		"1678-01-01T00:00:00+01:00", "2262-04-11T23:47:17Z", "2263-01-01T00:00:00Z",
		"9999-12-31T23:59:59Z", "-025-09-15T16:00:01Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t ns = 42;

		if (clock_parse(slice_str(bad[i]), &ns, NULL))
			fail_msg("read as a time: %s", bad[i]);
		assert_int_equal(ns, 42);
	}
	assert_false(clock_parse(SLICE("2025-09-15T16:00:01Z\0"), &(int64_t){ 0 }, NULL));
}

static int64_t
oracle(int year, int month, int day)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
		.tm_hour = 12, .tm_min = 34, .tm_sec = 56 };

	return (int64_t)timegm(&tm);
}

static void
test_agrees_with_timegm_on_every_day(void **state)
{
	int64_t day_s = 0;

	(void)state;
	for (int year = 1678; year < 2262; year++) {
		for (int i = 0; i < 12 * 31; i++) {
			int month = i / 31 + 1, day = i % 31 + 1;
			int64_t ns = clock_from_civil(year, month, day, 12, 34, 56);
			char text[CLOCK_TEXT], want[CLOCK_TEXT + 40];

			if (ns == CLOCK_NONE)
				continue;
			day_s++;
			assert_true(ns == oracle(year, month, day) * S);
			snprintf(want, sizeof want, "%04d-%02d-%02dT12:34:56Z", year, month, day);
			assert_string_equal(clock_format(ns, 0, text), want);
		}
	}
	/* none was left out: the days from 1678-01-01 to 2262-01-01 */
	assert_int_equal(day_s, (oracle(2262, 1, 1) - oracle(1678, 1, 1)) / 86400);
}

static void
test_reads_back_what_it_writes(void **state)
{
	uint64_t x = 88172645463325252u;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		char text[CLOCK_TEXT];
		int64_t ns, back;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		ns = (int64_t)x;
		if (ns < clock_from_civil(1678, 1, 1, 0, 0, 0))
			continue;
		clock_format(ns, 9, text);
		assert_int_equal(strlen(text), 30);
		assert_true(clock_parse(slice_str(text), &back, NULL));
		assert_true(back == ns);
	}
}

static void
test_cuts_the_fraction_downwards(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	assert_string_equal(clock_format(1999999999, 0, text), "1970-01-01T00:00:01Z");
	assert_string_equal(clock_format(1999999999, 3, text), "1970-01-01T00:00:01.999Z");
	assert_string_equal(clock_format(1999999999, 99, text), "1970-01-01T00:00:01.999999999Z");
	assert_string_equal(clock_format(-1, 6, text), "1969-12-31T23:59:59.999999Z");
	assert_string_equal(clock_format(INT64_MAX, 9, text), "2262-04-11T23:47:16.854775807Z");
	assert_string_equal(clock_format(INT64_MIN + 1, 9, text), "1677-09-21T00:12:43.145224193Z");
	assert_string_equal(clock_format(CLOCK_NONE, 9, text), "-");
}

static void
test_refuses_civil_dates_that_are_none(void **state)
{
	(void)state;
	assert_true(clock_from_civil(2025, 2, 29, 0, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(2025, 0, 1, 0, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(2025, 1, 0, 0, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(2025, 1, 1, 24, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(2025, 1, 1, 0, -1, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(1677, 12, 31, 0, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(2262, 12, 31, 0, 0, 0) == CLOCK_NONE);
	assert_true(clock_from_civil(INT32_MAX, 1, 1, 0, 0, 0) == CLOCK_NONE);
}

static void
test_reads_durations(void **state)
{
	static const char *const bad[] = { "", "s", "-1s", "1ss", "1.s", ".5s", "1m", "1 s",
		"9223372037s",
		"99999999999999999999s" };
	int64_t ns;

	(void)state;
	assert_true(clock_parse_duration(SLICE("3.786648988s"), &ns) && ns == 3786648988);
	assert_true(clock_parse_duration(SLICE("0s"), &ns) && ns == 0);
	assert_true(clock_parse_duration(SLICE("12"), &ns) && ns == 12 * S);
	assert_true(clock_parse_duration(SLICE("0.0029s"), &ns) && ns == 2900000);
	assert_true(clock_parse_duration(SLICE("9223372036.854775807s"), &ns) && ns == INT64_MAX);
	assert_false(clock_parse_duration(SLICE("9223372036.854775808s"), &ns));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (clock_parse_duration(slice_str(bad[i]), &ns))
			fail_msg("read as a duration: %s", bad[i]);
	}
}

static void
test_now_is_the_option_then_the_variable_then_the_clock(void **state)
{
	struct err e;
	int64_t ns;

	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1757952001", 1);
	assert_int_equal(clock_now("1970-01-01T00:00:02Z", &ns, &e), 0);
	assert_true(ns == 2 * S);
	assert_int_equal(clock_now(NULL, &ns, &e), 0);
	assert_true(ns == INT64_C(1757952001) * S);
	assert_int_equal(clock_now("yesterday", &ns, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	setenv("SOURCE_DATE_EPOCH", "12x", 1);
	assert_int_equal(clock_now(NULL, &ns, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	setenv("SOURCE_DATE_EPOCH", "999999999999", 1);
	assert_int_equal(clock_now(NULL, &ns, &e), -1);
	unsetenv("SOURCE_DATE_EPOCH");
	assert_int_equal(clock_now(NULL, &ns, &e), 0);
	assert_true(ns / S >= (int64_t)time(NULL) - 5 && ns / S <= (int64_t)time(NULL) + 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_times_in_all_their_forms),
		cmocka_unit_test(test_refuses_what_is_no_time),
		cmocka_unit_test(test_agrees_with_timegm_on_every_day),
		cmocka_unit_test(test_reads_back_what_it_writes),
		cmocka_unit_test(test_cuts_the_fraction_downwards),
		cmocka_unit_test(test_refuses_civil_dates_that_are_none),
		cmocka_unit_test(test_reads_durations),
		cmocka_unit_test(test_now_is_the_option_then_the_variable_then_the_clock),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
