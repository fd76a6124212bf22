/*
 * test_text_line.c - times, prefixes and columns of text logs, each with what looks alike
 * and is none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "model/severity.h"
#include "read/text_line.h"
#include "read/text_prefix.h"

#define BASE "2025-10-02T09:14:25Z"

static int64_t
ns(const char *text)
{
	int64_t t;

	assert_true(clock_parse(slice_str(text), &t, NULL));
	return t;
}

static void
text_is(struct slice got, const char *want)
{
	if (!slice_eqs(got, want))
		fail_msg("got '%.*s', not '%s'", SLICE_ARG(got), want);
}

/* --- times --- */

static void
times_that_are_whole(void **state)
{
	static const struct {
		const char *text, *utc, *rest;
		bool zoned;
	} is[] = {
		{ "2025-10-02T09:14:25.123456789Z x", "2025-10-02T09:14:25.123456789Z", " x", true },
		{ "2025-10-02 09:14:25,123 x", "2025-10-02T09:14:25.123Z", " x", false },
		{ "2025-10-02 09:14:25 +0200] x", "2025-10-02T07:14:25Z", "] x", true },
		{ "2025-10-02T09:14:25-07:00", "2025-10-02T16:14:25Z", "", true },
		{ "2025-10-02 09:14:25 UTC x", "2025-10-02T09:14:25Z", " x", true },
		{ "2025-10-02 09:14:25 - x - y", "2025-10-02T09:14:25Z", " - x - y", false },
		{ "2025/10/02 09:14:25.5 x", "2025-10-02T09:14:25.5Z", " x", false },
		{ "02/Oct/2025:11:14:25 +0200] x", "2025-10-02T09:14:25Z", "] x", true },
		{ "Thu Oct 02 09:14:25.25 2025] x", "2025-10-02T09:14:25.25Z", "] x", false },
		{ "2024-02-29 23:59:60 x", "2024-02-29T23:59:59.999999999Z", " x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		struct slice s = slice_str(is[i].text);
		struct text_time t;

		assert_true(text_time_take(&s, &t));
		assert_int_equal(t.date, TEXT_DATE_WHOLE);
		assert_int_equal(t.ns, ns(is[i].utc));
		assert_int_equal(t.zoned, is[i].zoned);
		text_is(s, is[i].rest);
	}
}

static void
times_that_are_none(void **state)
{
	static const char *const none[] = { "", "2025-10-02", "2025-10-02 9:14:25", "02/10/2025 09:14:25",
		"10/02/2025 09:14:25", "2025-13-02 09:14:25", "2025-02-30 09:14:25", "24:00:00 x",
		"12:60:00 x", "Foo  2 09:14:25 x", "Feb 30 09:14:25 x", "99/Oct/2025:09:14:25 +0000",
		"9999-10-02 09:14:25", "1.2.3.4 x y" };

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct slice s = slice_str(none[i]);
		struct text_time t;

		if (text_time_take(&s, &t))
			fail_msg("'%s' is no time", none[i]);
		assert_ptr_equal(s.p, none[i]);
	}
}

static int64_t
resolve(struct text_clock *c, const char *text, bool *assumed)
{
	struct slice s = slice_str(text);
	struct text_time t;

	assert_true(text_time_take(&s, &t));
	return text_clock_resolve(c, &t, assumed);
}

static void
dates_come_from_the_line_before(void **state)
{
	struct text_clock c = { .base = CLOCK_NONE };
	bool assumed;

	(void)state;
	assert_true(resolve(&c, "09:14:25 ", &assumed) == CLOCK_NONE);
	assert_true(resolve(&c, "Oct  2 09:14:25", &assumed) == CLOCK_NONE);
	assert_true(resolve(&c, "2025-12-31 23:59:58 x", &assumed) == ns("2025-12-31T23:59:58Z"));
	assert_true(assumed);
	assert_true(resolve(&c, "23:59:59.5 x", &assumed) == ns("2025-12-31T23:59:59.5Z"));
	/* midnight, and the year with it */
	assert_true(resolve(&c, "00:00:01 x", &assumed) == ns("2026-01-01T00:00:01Z"));
	assert_true(resolve(&c, "Jan  1 00:00:02 x", &assumed) == ns("2026-01-01T00:00:02Z"));
	assert_true(resolve(&c, "Dec 31 23:00:00 x", &assumed) == ns("2025-12-31T23:00:00Z"));
	assert_true(assumed);
	assert_true(resolve(&c, "2026-01-01T00:00:03Z", &assumed) == ns("2026-01-01T00:00:03Z"));
	assert_false(assumed);
	/* a line a little out of order does not go to the next day */
	assert_true(resolve(&c, "00:00:01 x", &assumed) == ns("2026-01-01T00:00:01Z"));
}

static void
times_in_a_zone(void **state)
{
	struct text_clock c = { .base = CLOCK_NONE };
	struct zone *zone;
	struct err e;
	bool assumed;

	(void)state;
	assert_int_equal(zone_open("+02:00", &zone, &e), 0);
	c.zone = zone;
	assert_true(resolve(&c, "2025-10-02 00:14:25 x", &assumed) == ns("2025-10-01T22:14:25Z"));
	assert_true(assumed);
	/* the day is that of the clock on the wall */
	assert_true(resolve(&c, "00:14:26 x", &assumed) == ns("2025-10-01T22:14:26Z"));
	assert_true(resolve(&c, "2025-10-02 09:14:25Z", &assumed) == ns("2025-10-02T09:14:25Z"));
	assert_false(assumed);
	/* ... which shows 11:14:25 now */
	assert_true(resolve(&c, "23:14:26 x", &assumed) == ns("2025-10-01T21:14:26Z"));
	zone_free(zone);
}

static void
epochs_by_their_size(void **state)
{
	static const struct {
		const char *text, *utc;
	} is[] = {
		{ "1759396465", BASE }, { "1759396465.25", "2025-10-02T09:14:25.25Z" },
		{ "1759396465250", "2025-10-02T09:14:25.25Z" },
		{ "1759396465250000", "2025-10-02T09:14:25.25Z" },
		{ "1759396465250000001", "2025-10-02T09:14:25.250000001Z" },
	};
	static const char *const none[] = { "", "12", "999999999", "1759396465x", "-1759396465",
		"99999999999999999999" };
	int64_t t;

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		assert_true(text_time_epoch(slice_str(is[i].text), &t));
		assert_int_equal(t, ns(is[i].utc));
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(text_time_epoch(slice_str(none[i]), &t));
}

/* --- prefixes --- */

static void
prefixes_say_where_a_line_comes_from(void **state)
{
	static const struct {
		enum text_prefix_kind kind;
		const char *line, *rest, *service, *instance, *key;
		bool timed;
	} is[] = {
		{ TEXT_PREFIX_COMPOSE, "api-1     | a | b", "a | b", "api", "api-1", "api-1", false },
		{ TEXT_PREFIX_COMPOSE, "shop_db_12 | x", "x", "shop_db", "shop_db_12", "shop_db_12",
		    false },
		{ TEXT_PREFIX_COMPOSE, "redis | x", "x", "redis", "redis", "redis", false },
		{ TEXT_PREFIX_COMPOSE, "api-1  |", "", "api", "api-1", "api-1", false },
		{ TEXT_PREFIX_KUBE, "[pod/api-7c9d8-x2x4z/app] x", "x", "app", "api-7c9d8-x2x4z",
		    "api-7c9d8-x2x4z/app", false },
		{ TEXT_PREFIX_STAMP, "2025-10-02T09:14:25.1234567Z   x", "  x", "", "", "", true },
		{ TEXT_PREFIX_STAMP, "2025-10-02T09:14:25.123456Z 00O x", "x", "", "", "", true },
		{ TEXT_PREFIX_JOB, "build\tRun tests\t2025-10-02T09:14:25.1234567Z x", "x", "", "",
		    "build\tRun tests", true },
		{ TEXT_PREFIX_SYSLOG, "Oct  2 09:14:25 shop-1 api[12]: x", "x", "api", "", "api[12]",
		    true },
		{ TEXT_PREFIX_SYSLOG, "<11>Oct  2 09:14:25 shop-1 kernel: x", "x", "kernel", "",
		    "kernel", true },
		{ TEXT_PREFIX_SYSLOG, "2025-10-02T09:14:25+0200 shop-1 api[12]: x", "x", "api", "",
		    "api[12]", true },
		{ TEXT_PREFIX_BRACKET, "[09:14:25] x", "x", "", "", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		struct slice s = slice_str(is[i].line);
		struct text_prefix p;

		text_prefix_init(&p);
		if (!text_prefix_take(is[i].kind, &s, &p))
			fail_msg("no prefix in '%s'", is[i].line);
		text_is(s, is[i].rest);
		text_is(p.service, is[i].service);
		text_is(p.instance, is[i].instance);
		text_is(p.key, is[i].key);
		assert_int_equal(p.timed, is[i].timed);
	}
}

static void
what_looks_like_a_prefix(void **state)
{
	static const struct {
		enum text_prefix_kind kind;
		const char *line;
	} none[] = {
		{ TEXT_PREFIX_COMPOSE, "| a | b |" }, { TEXT_PREFIX_COMPOSE, "two words | x" },
		{ TEXT_PREFIX_COMPOSE, "2025-10-02 09:14:25.065 | INFO | x" },
		{ TEXT_PREFIX_COMPOSE, "a || b" }, { TEXT_PREFIX_KUBE, "[pod/x] y" },
		{ TEXT_PREFIX_STAMP, "2025-10-02T09:14:25.123Z INFO x" },
		{ TEXT_PREFIX_STAMP, "2025-10-02T09:14:25.123456Z  INFO x" },
		{ TEXT_PREFIX_STAMP, "2025-10-02 09:14:25.1234567 x" },
		{ TEXT_PREFIX_JOB, "a\tb\tc" }, { TEXT_PREFIX_SYSLOG, "Oct  2 09:14:25 x" },
		{ TEXT_PREFIX_SYSLOG, "2025-10-02T09:14:25Z INFO app: x" },
		{ TEXT_PREFIX_BRACKET, "[12] x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct slice s = slice_str(none[i].line);
		struct text_prefix p;

		text_prefix_init(&p);
		if (text_prefix_take(none[i].kind, &s, &p))
			fail_msg("'%s' has no such prefix", none[i].line);
		assert_int_equal(s.n, strlen(none[i].line));
	}
}

/* --- columns --- */

struct want {
	const char *line;
	enum text_family family;
	int severity;			/* -1: none stated */
	const char *message, *logger;	/* logger NULL: none */
	bool timed;
};

static struct slice
field(const struct text_line *l, const char *name)
{
	for (size_t i = 0; i < l->fields; i++) {
		if (slice_eqs(l->field[i].name, name))
			return l->field[i].value;
	}
	return slice_of(NULL, 0);
}

static void
check_lines(const struct want *want, size_t n, bool under_time)
{
	for (size_t i = 0; i < n; i++) {
		const struct want *w = &want[i];
		struct text_line l;
		struct arena a;

		arena_init(&a);
		if (text_line_parse(slice_str(w->line), under_time, &a, &l) !=
		    (w->family != TEXT_NONE) || l.family != w->family)
			fail_msg("'%s' is %s", w->line, text_family_name(l.family));
		if ((l.severity_by ? l.severity : -1) != w->severity)
			fail_msg("'%s' has severity %d", w->line, l.severity_by ? l.severity : -1);
		text_is(l.message, w->message);
		text_is(field(&l, "labels.logger"), w->logger ? w->logger : "");
		assert_int_equal(l.timed, w->timed);
		arena_release(&a);
	}
}

static void
lines_of_loggers(void **state)
{
	static const struct want want[] = {
		/* loguru, and the same without a place */
		{ "2025-10-02 09:14:25.065 | ERROR    | shop.db:save:150 - no - way", TEXT_BAR, 500,
		    "no - way", "shop.db:save:150", true },
		{ "2025-10-02 09:14:25 | WARNING | text of it", TEXT_BAR, 400, "text of it", NULL,
		    true },
		/* Python logging in its usual orders */
		{ "2025-10-02 09:14:25,123 - shop.db - ERROR - it broke - twice", TEXT_DASH, 500,
		    "it broke - twice", "shop.db", true },
		{ "2025-10-02 09:14:25,123 - ERROR - shop.db - it broke", TEXT_DASH, 500, "it broke",
		    "shop.db", true },
		{ "2025-10-02 09:14:25,123 - INFO - it works", TEXT_DASH, 200, "it works", NULL,
		    true },
		{ "2025-10-02 09:14:25,123 - app - shop.db - CRITICAL - x", TEXT_DASH, 600, "x", "app",
		    true },
		{ "2025-10-02 09:14:25,123 ERROR shop.db: it broke", TEXT_WORD, 500, "it broke",
		    "shop.db", true },
		{ "2025-10-02 09:14:25,123 ERROR Failed: it broke", TEXT_WORD, 500,
		    "Failed: it broke", NULL, true },
		{ "2025-10-02 09:14:25.123  WARN [main] c.shop.Orders : slow", TEXT_WORD, 400, "slow",
		    "c.shop.Orders", true },
		{ "09:14:25.123 [main] INFO  c.shop.Orders - started", TEXT_WORD, 200, "started",
		    "c.shop.Orders", true },
		{ "2025-10-02T09:14:25.123Z\tinfo\torders/place.go:88\tplaced", TEXT_WORD, 200,
		    "orders/place.go:88\tplaced", NULL, true },
		{ "2025-10-02T09:14:25.123456Z  INFO shop::orders: placed", TEXT_WORD, 200, "placed",
		    "shop::orders", true },
		{ "2025-10-02 09:14:25.120 UTC [45] ERROR:  no such table", TEXT_WORD, 500,
		    "no such table", NULL, true },
		/* gunicorn, flask, nginx, Apache */
		{ "[2025-10-02 09:14:25 +0000] [14] [ERROR] Exception in worker", TEXT_BRACKET, 500,
		    "Exception in worker", NULL, true },
		{ "[2025-10-02 09:14:25,123] ERROR in app: it broke", TEXT_WORD, 500,
		    "in app: it broke", NULL, true },
		{ "2025/10/02 09:14:25 [error] 31#31: *7 connect() failed", TEXT_BRACKET, 500,
		    "*7 connect() failed", NULL, true },
		{ "[Thu Oct 02 09:14:25.123456 2025] [error] [pid 12] x", TEXT_BRACKET, 500, "x", NULL,
		    true },
		/* Go, and what has only a time */
		{ "2025/10/02 09:14:25 listening", TEXT_TIME, -1, "listening", NULL, true },
		{ "2025-10-02 09:14:25 ERRORS were found", TEXT_TIME, -1, "ERRORS were found", NULL,
		    true },
		/* only a level */
		{ "ERROR:shop.db:it broke: twice", TEXT_LEVEL_NAME, 500, "it broke: twice", "shop.db",
		    false },
		{ "ERROR    shop.db:db.py:12 it broke", TEXT_LEVEL_PLACE, 500, "it broke", "shop.db",
		    false },
		{ "WARNING:  no config", TEXT_LEVEL_WORD, 400, "no config", NULL, false },
		{ "[INFO] started", TEXT_LEVEL_WORD, 200, "started", NULL, false },
		{ "ERROR:", TEXT_LEVEL_WORD, 500, "", NULL, false },
		{ "DEBUG - started", TEXT_LEVEL_WORD, 100, "started", NULL, false },
	};

	(void)state;
	check_lines(want, sizeof want / sizeof want[0], false);
}

static void
lines_of_no_logger(void **state)
{
	static const char *const none[] = { "", " ", "  2025-10-02 09:14:25 indented", "plain text",
		"Traceback (most recent call last):", "error: expected ';'", "Error: it broke",
		"INFORMATION is power", "ERROR it broke", "2025-10-02,09:14:25,ERROR,x",
		"2025-10-02 09:14:25,ERROR,x", "2025-10-02 09:14:25;1;2", "2025-10-02 09:14:25\t1\t2",
		"- 2025-10-02 09:14:25 ERROR x", "> 2025-10-02 09:14:25 ERROR x",
		"| 2025-10-02 09:14:25 | ERROR |", "key=value other=value", "level=error", "{\"a\":1}",
		"{broken", "[1, 2, 3]", "10.0.0.1 - - [yesterday] \"GET / HTTP/1.1\" 200 1",
		"200 - ok", "ERROR::", "ERROR:a b:c" };

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		struct text_line l;
		struct arena a;
		bool begins;

		arena_init(&a);
		begins = text_line_parse(slice_str(none[i]), false, &a, &l);
		if (begins)
			fail_msg("'%s' is %s", none[i], text_family_name(l.family));
		text_is(l.message, none[i]);
		arena_release(&a);
	}
}

static void
lines_under_the_time_of_a_prefix(void **state)
{
	static const struct want want[] = {
		{ "ERROR it broke", TEXT_LEVEL_WORD, 500, "it broke", NULL, false },
		{ "[14] [ERROR] it broke", TEXT_BRACKET, 500, "it broke", NULL, false },
		{ "ERRORS were found", TEXT_NONE, -1, "ERRORS were found", NULL, false },
		{ "make: *** [check] Error 1", TEXT_NONE, -1, "make: *** [check] Error 1", NULL,
		    false },
	};

	(void)state;
	check_lines(want, sizeof want / sizeof want[0], true);
}

static void
lines_of_names_and_values(void **state)
{
	static const struct want want[] = {
		{ "time=2025-10-02T09:14:25Z level=error msg=\"it \\\"broke\\\"\" order=1042",
		    TEXT_LOGFMT, 500, "it \"broke\"", NULL, true },
		{ "level=info msg=started", TEXT_LOGFMT, 200, "started", NULL, false },
		{ "ts=1759396465.5 lvl=warn msg=slow", TEXT_LOGFMT, 400, "slow", NULL, true },
		{ "{\"level\":50,\"time\":1759396465123,\"name\":\"web\",\"msg\":\"it broke\"}",
		    TEXT_JSON, 500, "it broke", "web", true },
		{ "{\"timestamp\":\"2025-10-02T09:14:25Z\",\"level\":\"info\",\"event\":\"started\"}",
		    TEXT_JSON, 200, "started", NULL, true },
		/* an entry of Cloud Logging that a program prints */
		{ "{\"timestamp\":\"2025-10-02T09:14:25Z\",\"severity\":\"NOTICE\","
		    "\"textPayload\":\"hello\",\"logName\":\"projects/p/logs/l\"}",
		    TEXT_JSON, 300, "hello", NULL, true },
	};
	struct text_line l;
	struct arena a;

	(void)state;
	check_lines(want, sizeof want / sizeof want[0], false);
	arena_init(&a);
	assert_true(text_line_parse(slice_str(want[0].line), false, &a, &l));
	text_is(field(&l, "jsonPayload.order"), "1042");
	assert_true(text_line_parse(slice_str("{\"time\":1759396465,\"level\":\"info\",\"msg\":\"x\","
	    "\"method\":\"GET\",\"url\":\"/a?b\",\"status\":503,\"duration_ms\":182.5}"), false, &a,
	    &l));
	assert_non_null(l.request);
	assert_int_equal(l.request->status, 503);
	assert_int_equal(l.request->latency_ns, 182500000);
	text_is(l.request->path, "/a");
	arena_release(&a);
}

static void
requests(void **state)
{
	static const struct {
		const char *line, *method, *path, *agent;
		int status;
		int64_t latency, size;
	} is[] = {
		{ "10.0.0.1 - - [02/Oct/2025:09:14:25 +0000] \"GET /a?b=1 HTTP/1.1\" 503 12 \"-\" "
		    "\"curl/8\"", "GET", "/a", "curl/8", 503, CLOCK_NONE, 12 },
		{ "10.0.0.1 - anna [02/Oct/2025:09:14:25 +0000] \"POST /a HTTP/1.1\" 204 - \"-\" \"-\" "
		    "rt=0.182", "POST", "/a", "", 204, 182000000, -1 },
		{ "shop.example:443 10.0.0.1 - - [02/Oct/2025:09:14:25 +0000] \"GET / HTTP/2.0\" 200 1",
		    "GET", "/", "", 200, CLOCK_NONE, 1 },
		{ "10.0.0.1 - - [02/Oct/2025:09:14:25 +0000] \"\\x16\\x03\" 400 0 \"-\" \"-\"", "",
		    "\\x16\\x03", "", 400, CLOCK_NONE, 0 },
		{ "INFO:     10.0.0.1:4242 - \"GET https://shop.example/a#x HTTP/1.1\" 200 OK", "GET",
		    "/a", "", 200, CLOCK_NONE, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		struct text_line l;
		struct arena a;

		arena_init(&a);
		assert_true(text_line_parse(slice_str(is[i].line), false, &a, &l));
		assert_non_null(l.request);
		text_is(l.request->method, is[i].method);
		text_is(l.request->path, is[i].path);
		text_is(l.request->user_agent, is[i].agent);
		text_is(l.request->remote_ip, "10.0.0.1");
		assert_int_equal(l.request->status, is[i].status);
		assert_int_equal(l.request->latency_ns, is[i].latency);
		assert_int_equal(l.request->response_size, is[i].size);
		arena_release(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_that_are_whole),
		cmocka_unit_test(times_that_are_none),
		cmocka_unit_test(dates_come_from_the_line_before),
		cmocka_unit_test(times_in_a_zone),
		cmocka_unit_test(epochs_by_their_size),
		cmocka_unit_test(prefixes_say_where_a_line_comes_from),
		cmocka_unit_test(what_looks_like_a_prefix),
		cmocka_unit_test(lines_of_loggers),
		cmocka_unit_test(lines_of_no_logger),
		cmocka_unit_test(lines_under_the_time_of_a_prefix),
		cmocka_unit_test(lines_of_names_and_values),
		cmocka_unit_test(requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
