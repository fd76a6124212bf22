/* test_zone.c - time zones: known changes, years past the table, damage, names. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/zone.h"

#define FILES "tests/fuzz/corpus/zone"

static void
slurp(const char *file, struct buf *b)
{
	const char *src = getenv("NT_SRC");
	char path[4096];
	struct err e;

	snprintf(path, sizeof path, "%s/%s/%s", src ? src : ".", FILES, file);
	buf_init(b, 1 << 20);
	if (io_slurp(path, 1 << 20, b, &e) != 0)
		fail_msg("%s", e.text);
}

static struct zone *
zone_of(const char *file)
{
	struct zone *z;
	struct buf b;
	struct err e;

	slurp(file, &b);
	if (zone_parse(file, buf_slice(&b), &z, &e) != 0)
		fail_msg("%s", e.text);
	buf_release(&b);
	return z;
}

static int64_t
ns_of(const char *text)
{
	int64_t ns;

	if (!clock_parse(slice_str(text), &ns, NULL))
		fail_msg("%s is no time", text);
	return ns;
}

/* both directions; `local` is the time with its offset, as zone_format writes it */
static void
check(const char *file, const char *utc, const char *local, const char *abbr, bool unclear)
{
	struct zone *z = zone_of(file);
	char text[CLOCK_TEXT], name[ZONE_ABBR];
	char naive[CLOCK_TEXT];
	bool doubt;
	int64_t back;

	assert_string_equal(zone_format(z, ns_of(utc), 0, text), local);
	zone_of_utc(z, ns_of(utc), name);
	assert_string_equal(name, abbr);
	snprintf(naive, sizeof naive, "%.19s", local);
	back = zone_to_utc(z, ns_of(naive), &doubt);
	if (back != ns_of(utc) || doubt != unclear)
		fail_msg("%s: %s came back as %s, unclear %d", file, naive,
		    clock_format(back, 0, text), doubt);
	zone_free(z);
}

static void
test_known_changes(void **state)
{
	(void)state;
	/* United States: 9 March and 2 November 2025, each at 2 in the morning */
	check("los-angeles", "2025-03-09T09:59:59Z", "2025-03-09T01:59:59-08:00", "PST", false);
	check("los-angeles", "2025-03-09T10:00:00Z", "2025-03-09T03:00:00-07:00", "PDT", false);
	check("los-angeles", "2025-09-16T01:40:53Z", "2025-09-15T18:40:53-07:00", "PDT", false);
	check("los-angeles", "2025-11-02T07:59:59Z", "2025-11-02T00:59:59-07:00", "PDT", false);
	check("los-angeles", "2025-11-02T08:30:00Z", "2025-11-02T01:30:00-07:00", "PDT", true);
	check("los-angeles", "2025-11-02T10:00:00Z", "2025-11-02T02:00:00-08:00", "PST", false);
	/* of the table, not of the rule: until 2006 summer began in April */
	check("los-angeles", "2006-03-20T12:00:00Z", "2006-03-20T04:00:00-08:00", "PST", false);
	check("los-angeles", "2007-03-20T12:00:00Z", "2007-03-20T05:00:00-07:00", "PDT", false);
	/* Europe, from a file with a long table */
	check("berlin-fat", "2025-03-30T00:59:59Z", "2025-03-30T01:59:59+01:00", "CET", false);
	check("berlin-fat", "2025-03-30T01:00:00Z", "2025-03-30T03:00:00+02:00", "CEST", false);
	check("berlin-fat", "2025-10-26T00:30:00Z", "2025-10-26T02:30:00+02:00", "CEST", true);
	check("berlin-fat", "2025-10-26T02:00:00Z", "2025-10-26T03:00:00+01:00", "CET", false);
	/* Ireland, where the winter is the exception */
	check("dublin", "2025-01-15T12:00:00Z", "2025-01-15T12:00:00+00:00", "GMT", false);
	check("dublin", "2025-07-15T12:00:00Z", "2025-07-15T13:00:00+01:00", "IST", false);
	/* south of the equator; half an hour on Lord Howe */
	check("sydney", "2025-01-15T12:00:00Z", "2025-01-15T23:00:00+11:00", "AEDT", false);
	check("sydney", "2025-07-15T12:00:00Z", "2025-07-15T22:00:00+10:00", "AEST", false);
	check("lord-howe", "2025-10-04T15:29:59Z", "2025-10-05T01:59:59+10:30", "+1030", false);
	check("lord-howe", "2025-10-04T15:30:00Z", "2025-10-05T02:30:00+11:00", "+11", false);
	/* Sao Paulo gave it up in 2019 */
	check("sao-paulo", "2018-12-15T12:00:00Z", "2018-12-15T10:00:00-02:00", "-02", false);
	check("sao-paulo", "2025-12-15T12:00:00Z", "2025-12-15T09:00:00-03:00", "-03", false);
	/* Apia had no 30 December 2011 */
	check("apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59-10:00", "-10", false);
	check("apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00+14:00", "+14", false);
	/* its sign is the other way round */
	check("etc-gmt5", "2025-07-15T12:00:00Z", "2025-07-15T07:00:00-05:00", "-05", false);
}

static void
test_years_past_the_table_follow_the_rule(void **state)
{
	(void)state;
	check("los-angeles", "2100-03-14T09:59:59Z", "2100-03-14T01:59:59-08:00", "PST", false);
	check("los-angeles", "2100-03-14T10:00:00Z", "2100-03-14T03:00:00-07:00", "PDT", false);
	check("los-angeles", "2100-11-07T08:59:59Z", "2100-11-07T01:59:59-07:00", "PDT", true);
	check("los-angeles", "2100-11-07T10:00:00Z", "2100-11-07T02:00:00-08:00", "PST", false);
}

static void
test_a_time_shown_twice_or_never(void **state)
{
	struct zone *z = zone_of("los-angeles");
	bool unclear;

	(void)state;
	/* the first of the two */
	assert_int_equal(zone_to_utc(z, ns_of("2025-11-02T01:00:00"), &unclear),
	    ns_of("2025-11-02T08:00:00Z"));
	assert_true(unclear);
	/* skipped: 02:30 became 03:30 */
	assert_int_equal(zone_to_utc(z, ns_of("2025-03-09T02:30:00.000000001"), &unclear),
	    ns_of("2025-03-09T10:30:00.000000001Z"));
	assert_true(unclear);
	assert_int_equal(zone_to_utc(z, ns_of("2025-03-09T03:00:00"), NULL),
	    ns_of("2025-03-09T10:00:00Z"));
	zone_free(z);

	z = zone_of("apia");
	assert_int_equal(zone_to_utc(z, ns_of("2011-12-30T12:00:00"), &unclear),
	    ns_of("2011-12-30T22:00:00Z"));
	assert_true(unclear);
	zone_free(z);
}

static void
test_fixed_offsets_and_utc(void **state)
{
	static const struct {
		const char *name, *kept, *local;
	} cases[] = {
		{ "UTC", "UTC", "2025-10-02T12:00:00+00:00" },
		{ "Z", "UTC", "2025-10-02T12:00:00+00:00" },
		{ "+02:00", "+02:00", "2025-10-02T14:00:00+02:00" },
		{ "-0700", "-0700", "2025-10-02T05:00:00-07:00" },
		{ "+0530", "+0530", "2025-10-02T17:30:00+05:30" },
		{ "-03", "-03", "2025-10-02T09:00:00-03:00" },
		{ "-00:30", "-00:30", "2025-10-02T11:30:00-00:30" },
	};
	char text[CLOCK_TEXT];
	enum clock_zone zone;
	struct zone *z;
	struct err e;
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(zone_open(cases[i].name, &z, &e), 0);
		assert_string_equal(zone_name(z), cases[i].kept);
		assert_string_equal(zone_format(z, ns_of("2025-10-02T12:00:00Z"), 0, text),
		    cases[i].local);
		snprintf(text, sizeof text, "%.19s", cases[i].local);
		assert_true(zone_parse_clock(z, slice_str(text), &ns, &zone));
		assert_int_equal(zone, CLOCK_ZONE_ASSUMED);
		assert_int_equal(ns, ns_of("2025-10-02T12:00:00Z"));
		/* a time that names its zone is not moved */
		assert_true(zone_parse_clock(z, SLICE("2025-10-02T12:00:00Z"), &ns, &zone));
		assert_int_equal(zone, CLOCK_ZONE_KNOWN);
		assert_int_equal(ns, ns_of("2025-10-02T12:00:00Z"));
		zone_free(z);
	}
	assert_string_equal(zone_name(NULL), "UTC");
	assert_true(zone_is_utc(NULL));
	assert_int_equal(zone_to_utc(NULL, 5, NULL), 5);
	assert_int_equal(zone_to_utc(NULL, CLOCK_NONE, NULL), CLOCK_NONE);
	assert_string_equal(zone_format(NULL, CLOCK_NONE, 0, text), "-");
	zone_free(NULL);
}

static void
test_the_edges_of_time(void **state)
{
	char text[CLOCK_TEXT];
	struct zone *z;
	struct err e;

	(void)state;
	assert_int_equal(zone_open("-12:00", &z, &e), 0);
	assert_int_equal(zone_to_utc(z, INT64_MAX, NULL), CLOCK_NONE);
	assert_string_equal(zone_format(z, INT64_MIN + 1, 0, text), "1677-09-21T00:12:43Z");
	zone_free(z);
	/* local mean time, -7:52:58: told to the minute, as the same moment */
	z = zone_of("los-angeles");
	assert_string_equal(zone_format(z, ns_of("1880-01-01T00:00:00Z"), 0, text),
	    "1879-12-31T16:08:00-07:52");
	zone_free(z);
}

static void
test_names(void **state)
{
	static const char *const bad[] = { "", "local", "localtime", "PDT", "Mars/Olympus",
		"../etc/passwd", "/etc/passwd", "a/../../b", "+24:00", "+2:00", "+02:60", "+020",
		"+02:000", "utc ", "Europe/Ber\nlin", "Europe" };
	const char *src = getenv("NT_SRC");
	char dir[4096];
	struct zone *z;
	struct err e;

	(void)state;
	snprintf(dir, sizeof dir, "%s/%s", src ? src : ".", FILES);
	assert_int_equal(setenv("TZDIR", dir, 1), 0);
	assert_int_equal(zone_open("sydney", &z, &e), 0);
	assert_string_equal(zone_name(z), "sydney");
	zone_free(z);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear(&e);
		if (zone_open(bad[i], &z, &e) == 0)
			fail_msg("'%s' is a zone", bad[i]);
		assert_null(z);
		assert_int_equal(e.code, ERR_USAGE);
		assert_non_null(strstr(e.text, "there is no time zone"));
		assert_non_null(strstr(e.help, "America/Los_Angeles"));
	}
	/* a file that is there and no zone */
	err_clear(&e);
	assert_int_equal(zone_open("cut", &z, &e), -1);
	assert_non_null(strstr(e.note, "cut short"));
	unsetenv("TZDIR");
}

static void
test_damaged_files_are_refused(void **state)
{
	struct zone *z;
	struct buf b;
	struct err e;

	(void)state;
	slurp("los-angeles", &b);
	for (size_t n = 0; n < b.n; n++) {
		char *p = malloc(n ? n : 1);

		memcpy(p, b.p, n);
		assert_int_equal(zone_parse("cut", slice_of(p, n), &z, &e), -1);
		assert_null(z);
		free(p);
	}
	/* leap seconds; the count stands at byte 28 of the second header */
	for (size_t i = 44; i + 44 < b.n; i++) {
		if (memcmp(b.p + i, "TZif", 4) != 0)
			continue;
		b.p[i + 31] = 1;
		assert_int_equal(zone_parse("right", buf_slice(&b), &z, &e), -1);
		break;
	}
	buf_release(&b);
	slurp("descending", &b);
	assert_int_equal(zone_parse("descending", buf_slice(&b), &z, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
	buf_release(&b);
}

static void
test_older_files_and_rare_rules(void **state)
{
	(void)state;
	check("version-1", "2001-09-09T01:46:40Z", "2001-09-09T03:46:40+02:00", "BBB", false);
	/* no rule: it goes on as the last change says */
	check("version-1", "2100-01-01T00:00:00Z", "2100-01-01T01:00:00+01:00", "AAA", false);
	/* from 1 March, 1:30 before midnight, to day 300 of the year, 25 hours after midnight */
	check("rule-days", "2024-03-01T01:29:59Z", "2024-02-29T22:29:59-03:00", "-03", false);
	check("rule-days", "2024-03-01T01:30:00Z", "2024-02-29T23:30:00-02:00", "-02", false);
	check("rule-days", "2025-10-29T03:00:00Z", "2025-10-29T01:00:00-02:00", "-02", true);
	check("rule-days", "2025-10-29T04:00:01Z", "2025-10-29T01:00:01-03:00", "-03", false);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_changes),
		cmocka_unit_test(test_years_past_the_table_follow_the_rule),
		cmocka_unit_test(test_a_time_shown_twice_or_never),
		cmocka_unit_test(test_fixed_offsets_and_utc),
		cmocka_unit_test(test_the_edges_of_time),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_damaged_files_are_refused),
		cmocka_unit_test(test_older_files_and_rare_rules),
	};

	return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
