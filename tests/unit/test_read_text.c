/*
 * test_read_text.c - text logs as a whole: which lines are one record, whose time it is, what is
 * damaged, which files are no logs; and a property: each line that is not blank is in a record.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/reader.h"

extern const struct reader reader_text, reader_pytest, reader_junit;

/* --- a sink that remembers --- */

struct kept {
	char *message, *service, *instance;
	int64_t ts_ns;
	bool assumed, bad, request;
	enum bad_kind kind;
	int severity;
	const char *by;
	uint64_t line, byte, bytes;
};

struct collected {
	struct kept *record;
	size_t records, cap;
	unsigned diag[DIAG_CODES];
	char detail[240];		/* of the last diagnostic */
	const char *shape;
	size_t input_n;
};

static struct kept *
keep(struct collected *c)
{
	c->record = mem_grow(c->record, &c->cap, c->records + 1, sizeof *c->record);
	memset(&c->record[c->records], 0, sizeof *c->record);
	return &c->record[c->records++];
}

static char *
copy(struct slice s)
{
	return mem_strndup(s.p ? s.p : "", s.n);
}

static int
on_entry(void *ctx, const struct entry *en, struct err *e)
{
	struct collected *c = ctx;
	struct kept *k = keep(c);

	(void)e;
	assert_true(en->ts_ns != CLOCK_NONE);
	assert_true(en->plain);
	assert_int_equal(en->insert_id.n, 0);
	assert_true(en->byte + en->bytes <= c->input_n);
	*k = (struct kept){ .message = copy(en->message), .service = copy(en->service),
		.instance = copy(en->instance), .ts_ns = en->ts_ns, .assumed = en->ts_assumed,
		.request = en->request != NULL, .severity = en->severity, .by = en->severity_by,
		.line = en->line, .byte = en->byte, .bytes = en->bytes };
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct collected *c = ctx;
	struct kept *k = keep(c);

	(void)e;
	assert_true(bad->byte + bad->bytes <= c->input_n);
	assert_true(bad->head.n <= bad->bytes);
	assert_true(bad->reason.n > 0);
	*k = (struct kept){ .message = copy(bad->head), .service = copy(slice_of(NULL, 0)),
		.instance = copy(slice_of(NULL, 0)), .bad = true, .kind = bad->kind,
		.line = bad->line, .byte = bad->byte, .bytes = bad->bytes };
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct collected *c = ctx;

	c->diag[d->code]++;
	memcpy(c->detail, d->detail, sizeof c->detail);
}

static void
read_limited(struct collected *c, const char *p, size_t n, size_t record)
{
	const struct read_limits limits = { .record = record, .depth = 64 };
	const struct read_sink sink = { .ctx = c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;

	memset(c, 0, sizeof *c);
	c->input_n = n;
	job.in = input_from_memory(p, n);
	err_clear(&e);
	assert_int_equal(reader_text.read(&job, &e), 0);
	c->shape = job.shape;
	input_close(job.in);
}

static void
read_text(struct collected *c, const char *text)
{
	read_limited(c, text, strlen(text), 4 << 20);
}

static void
release(struct collected *c)
{
	for (size_t i = 0; i < c->records; i++) {
		free(c->record[i].message);
		free(c->record[i].service);
		free(c->record[i].instance);
	}
	free(c->record);
}

static int64_t
ns(const char *text)
{
	int64_t t;

	assert_true(clock_parse(slice_str(text), &t, NULL));
	return t;
}

/* --- records --- */

static void
lines_below_belong_to_the_record(void **state)
{
	static const char text[] =
	    "2025-10-02 09:14:25,123 - shop - ERROR - order failed\n"
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 1, in f\n"
	    "KeyError: 'total'\n"
	    "\n"
	    "During handling of the above exception, another exception occurred:\n"
	    "\n"
	    "2025-10-02 09:14:26,000 - shop - WARNING - slow:\n"
	    "SELECT 1\n"
	    "  FROM orders\n"
	    "\n\n"
	    "2025-10-02 09:14:27,000 - shop - INFO - done\n";
	struct collected c;

	(void)state;
	read_text(&c, text);
	assert_int_equal(c.records, 3);
	assert_string_equal(c.record[0].message, "order failed\nTraceback (most recent call last):\n"
	    "  File \"a.py\", line 1, in f\nKeyError: 'total'\n\n"
	    "During handling of the above exception, another exception occurred:");
	assert_int_equal(c.record[0].line, 1);
	assert_int_equal(c.record[0].severity, 500);
	assert_string_equal(c.record[1].message, "slow:\nSELECT 1\n  FROM orders");
	assert_int_equal(c.record[1].line, 8);
	/* its length ends with its last line that is not blank */
	assert_int_equal(c.record[1].byte + c.record[1].bytes,
	    (size_t)(strstr(text, "FROM orders") - text) + strlen("FROM orders"));
	assert_string_equal(c.record[2].message, "done");
	assert_string_equal(c.shape, "Python log");
	assert_true(c.record[0].assumed);
	release(&c);
}

static void
containers_are_told_apart(void **state)
{
	static const char text[] =
	    "Attaching to api-1, db-1\n"
	    "api-1  | 2025-10-02 09:14:25,100 - shop - ERROR - order failed\n"
	    "db-1   | 2025-10-02 09:14:25.101 UTC [4] ERROR:  no such table\n"
	    "api-1  | Traceback (most recent call last):\n"
	    "db-1   | 2025-10-02 09:14:25.101 UTC [4] STATEMENT:  select 1\n"
	    "api-1  |   File \"a.py\", line 1, in f\n"
	    "db-1   |   from t\n"
	    "api-1  | KeyError: 'total'\n"
	    "api-1  | 2025-10-02 09:14:26,000 - shop - INFO - done\n";
	struct collected c;

	(void)state;
	read_text(&c, text);
	assert_int_equal(c.records, 5);
	assert_true(c.record[0].bad);
	assert_int_equal(c.record[0].kind, BAD_NOT_EVIDENCE);
	assert_string_equal(c.record[1].message, "order failed\nTraceback (most recent call last):\n"
	    "  File \"a.py\", line 1, in f\nKeyError: 'total'");
	assert_string_equal(c.record[1].service, "api");
	assert_string_equal(c.record[1].instance, "api-1");
	assert_string_equal(c.record[2].service, "db");
	assert_string_equal(c.record[3].message, "[4] STATEMENT:  select 1\n  from t");
	assert_string_equal(c.record[4].message, "done");
	for (size_t i = 1; i < c.records; i++)
		assert_true(c.record[i].byte > c.record[i - 1].byte);
	assert_int_equal(c.diag[DIAG_NOT_ENTRY], 1);
	assert_int_equal(c.diag[DIAG_ENTRY_NO_TIME], 0);
	release(&c);
}

/* a container that has gone silent does not hold back the others for ever */
static void
a_silent_container(void **state)
{
	struct buf b;
	struct collected c;

	(void)state;
	buf_init(&b, SIZE_MAX / 2);
	buf_puts(&b, "db-1  | 2025-10-02 09:14:25.101 UTC [4] ERROR:  no such table\n");
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&b, "api-1  | 2025-10-02 09:15:%02u,%03u - shop - INFO - n %u\n",
		    i / 100, i % 100, i);
	buf_puts(&b, "db-1  |   late line\n");
	read_limited(&c, b.p, b.n, 4 << 20);
	assert_int_equal(c.records, 3002);
	assert_string_equal(c.record[0].message, "no such table");
	assert_string_equal(c.record[3001].message, "  late line");
	release(&c);
	buf_release(&b);
}

static void
a_line_with_a_time_of_its_prefix(void **state)
{
	static const char text[] =
	    "2025-10-02T09:14:20.0000000Z make check\n"
	    "2025-10-02T09:14:20.0010000Z waiting\n"
	    "2025-10-02T09:14:25.1000000Z ERROR:shop.orders:order failed:\n"
	    "2025-10-02T09:14:25.1000100Z written with it\n"
	    "2025-10-02T09:14:25.1000200Z\n"
	    "2025-10-02T09:14:25.1000300Z Traceback (most recent call last):\n"
	    "2025-10-02T09:14:25.9000000Z   File \"a.py\", line 1, in f\n"
	    "2025-10-02T09:14:26.9000000Z KeyError: 'total'\n"
	    "2025-10-02T09:14:26.9500000Z make: *** [check] Error 1\n";
	struct collected c;

	(void)state;
	read_text(&c, text);
	assert_int_equal(c.records, 4);
	assert_string_equal(c.record[0].message, "make check");
	assert_int_equal(c.record[0].ts_ns, ns("2025-10-02T09:14:20Z"));
	assert_false(c.record[0].assumed);
	assert_string_equal(c.record[2].message, "order failed:\nwritten with it\n\n"
	    "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'total'");
	assert_int_equal(c.record[2].severity, 500);
	assert_string_equal(c.record[3].message, "make: *** [check] Error 1");
	release(&c);
}

/* --- times --- */

static void
records_without_a_time(void **state)
{
	static const char text[] =
	    "  shop 2.7\n"
	    "starting\n"
	    "ERROR:root:early\n"
	    "2025-10-02 09:14:25,123 - shop - INFO - ready\n"
	    "ERROR:root:late\n"
	    "INFO:     10.0.0.1:4242 - \"GET /x HTTP/1.1\" 503 Service Unavailable\n";
	struct collected c;

	(void)state;
	read_text(&c, text);
	assert_int_equal(c.records, 6);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(c.record[i].bad);
		assert_int_equal(c.record[i].kind, BAD_DAMAGED);
	}
	assert_string_equal(c.record[0].message, "  shop 2.7");
	/* one complaint for all of them */
	assert_int_equal(c.diag[DIAG_ENTRY_NO_TIME], 1);
	assert_string_equal(c.detail, "records before the first line with a time: 3");
	assert_string_equal(c.record[4].message, "late");
	assert_int_equal(c.record[4].ts_ns, ns("2025-10-02T09:14:25.123Z"));
	assert_true(c.record[4].assumed);
	assert_true(c.record[5].request);
	release(&c);
}

static void
a_log_without_any_time(void **state)
{
	struct collected c;

	(void)state;
	read_text(&c, "one\n\ntwo\n  and its line\nthree");
	assert_int_equal(c.records, 3);
	for (size_t i = 0; i < c.records; i++)
		assert_true(c.record[i].bad);
	assert_int_equal(c.diag[DIAG_ENTRY_NO_TIME], 1);
	assert_string_equal(c.detail, "no line of this source names a time; records: 3");
	release(&c);
}

static void
times_of_day(void **state)
{
	struct collected c;

	(void)state;
	read_text(&c, "09:14:25 ERROR one\n09:14:26 INFO two\n");
	assert_int_equal(c.records, 2);
	assert_true(c.record[0].bad && c.record[1].bad);
	assert_string_equal(c.detail,
	    "a time of day, and no line before it names a date; such records: 2");
	release(&c);
	/* the first date of the head serves the lines above it */
	read_text(&c, "23:59:59 INFO one\n2025-10-03 00:00:01 INFO two\n00:00:02 ERROR three\n");
	assert_int_equal(c.records, 3);
	assert_int_equal(c.record[0].ts_ns, ns("2025-10-02T23:59:59Z"));
	assert_int_equal(c.record[2].ts_ns, ns("2025-10-03T00:00:02Z"));
	assert_int_equal(c.diag[DIAG_ENTRY_NO_TIME], 0);
	release(&c);
}

/* --- limits --- */

static void
a_record_over_the_limit(void **state)
{
	struct collected c;
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX / 2);
	buf_puts(&b, "2025-10-02 09:14:25,123 - shop - ERROR - long\n");
	for (unsigned i = 0; i < 1000; i++)
		buf_puts(&b, "  a line that belongs to it\n");
	buf_puts(&b, "2025-10-02 09:14:26,123 - shop - INFO - short\n");
	read_limited(&c, b.p, b.n, 2048);
	assert_int_equal(c.records, 2);
	assert_true(strlen(c.record[0].message) <= 2048);
	assert_true(c.record[0].bytes > 20000);
	assert_int_equal(c.diag[DIAG_RECORD_LONG], 1);
	assert_string_equal(c.record[1].message, "short");
	release(&c);
	buf_release(&b);
}

/* neither takes long: the test suite has a time limit, and is run by valgrind too */
static void
long_lines_and_many_lines(void **state)
{
	struct collected c;
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX / 2);
	buf_puts(&b, "2025-10-02 09:14:25,123 - shop - ERROR - ");
	for (unsigned i = 0; i < 1 << 20; i++)
		buf_putc(&b, i % 3 ? '[' : ' ');
	read_limited(&c, b.p, b.n, 4 << 20);
	assert_int_equal(c.records, 1);
	release(&c);
	buf_reset(&b);
	for (unsigned i = 0; i < 100000; i++)
		buf_puts(&b, i % 2 ? "x-1 | y\n" : "a\n");
	read_limited(&c, b.p, b.n, 4 << 20);
	assert_int_equal(c.records, 100000);
	release(&c);
	buf_release(&b);
}

/* --- which files are logs --- */

static int
score(const char *text)
{
	return reader_text.sniff(slice_str(text), true);
}

static void
logs(void **state)
{
	static const char *const is[] = {
		"2025-10-02 09:14:25,123 - shop - ERROR - x\n",
		"2025-10-02 09:14:25.065 | ERROR    | shop:f:1 - x\nTraceback:\n  File\nKeyError: x\n",
		"10.0.0.1 - - [02/Oct/2025:09:14:25 +0000] \"GET / HTTP/1.1\" 200 1\n",
		"api-1  | a\napi-1  | b\ndb-1   | c\n",
		"[pod/a/b] x\n[pod/a/b] y\n[pod/a/c] z\n",
		"Oct  2 09:14:25 h a[1]: x\nOct  2 09:14:25 h a[1]: y\n",
		"2025/10/02 09:14:25 a\n2025/10/02 09:14:25 b\n2025/10/02 09:14:25 c\n",
		"ERROR:root:a\nINFO:root:b\nINFO:shop:c\n",
		"level=info msg=a\nlevel=error msg=b\nlevel=error msg=c\n",
		"{\"time\":1759396465,\"level\":\"info\",\"msg\":\"x\"}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof is / sizeof is[0]; i++) {
		int n = score(is[i]);

		if (n <= 0 || n > 40)
			fail_msg("score %d of: %s", n, is[i]);
	}
}

#define LOG "2025-10-02 09:14:25,123 - shop - ERROR - x\n" \
	"2025-10-02 09:14:26,123 - shop - ERROR - y\n2025-10-02 09:14:27,123 - shop - INFO - z\n"

static void
files_that_are_no_logs(void **state)
{
	static const char *const none[] = {
		"", "\n\n", "one line of prose\n",
		/* documents that quote logs */
		"# Worklog\n\nWhat we saw:\n\n```\n" LOG "```\n\nThen it stopped.\n",
		"- " LOG "- and then\n- nothing\n",
		"The service was slow.\nWe looked at the log:\n\n" LOG
		    "and found nothing.\nSo we went on.\nAnd on.\n",
		"| time | level |\n|---|---|\n| 2025-10-02 09:14:25 | ERROR |\n",
		"> " LOG,
		/* source code, with and without a log in its comment */
		"import logging\n\nlog = logging.getLogger()\n\ndef f():\n    log.error('x')\n",
		"#!/bin/sh\n# prints:\n#   ERROR: x\necho 'ERROR: x'\necho 'INFO: y'\n",
		"WARNING: this is old\nWARNING: do not use\nWARNING: really\n",
		"int main(void)\n{\n\treturn 0;\n}\n",
		/* tables */
		"time,level,text\n2025-10-02 09:14:25,ERROR,x\n2025-10-02 09:14:26,INFO,y\n",
		"2025-10-02 09:14:25;1;2\n2025-10-02 09:14:26;3;4\n2025-10-02 09:14:27;5;6\n",
		"2025-10-02 09:14:25\t12\n2025-10-02 09:14:26\t13\n2025-10-02 09:14:27\t14\n",
		"name | value\na | b\nc | d\n",
		/* changes */
		"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n " LOG "+" LOG,
		"commit 0123456789abcdef\nAuthor: A <a@b>\nDate:   Thu Oct 2 09:14:25 2025 +0000\n\n"
		    "    x\n",
		"2025-10-02 09:14:25 +0200  Some Body <some@body.example>\n\n\t* x.c: y\n\n"
		    "2025-10-01 09:14:25 +0200  Some Body <some@body.example>\n\n\t* x.c: z\n\n"
		    "2025-09-01 09:14:25 +0200  Some Body <some@body.example>\n\n\t* x.c: z\n",
		"Thu Oct  2 09:14:25 2025  Some Body\n\n\t* x.c: y\n\n"
		    "Wed Oct  1 09:14:25 2025  Some Body\n\n\t* x.c: z\n\n"
		    "Mon Sep  1 09:14:25 2025  Some Body\n\n\t* x.c: z\n",
		/* markup */
		"<?xml version=\"1.0\"?>\n<testsuites>\n" LOG "</testsuites>\n",
		"{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n", "[1, 2, 3]\n", "key: value\nother: value\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		int n = score(none[i]);

		if (n != 0)
			fail_msg("score %d of: %s", n, none[i]);
	}
}

static void
test_output_stays_what_it_is(void **state)
{
	static const char live[] =
	    "============================= test session starts ==============================\n"
	    "platform linux -- Python 3.11.2, pytest-8.3.3, pluggy-1.5.0\n"
	    "collected 2 items\n\n"
	    "tests/test_a.py::test_x \n"
	    "-------------------------------- live log call ---------------------------------\n"
	    "2025-10-02 09:14:25 ERROR    shop.db:db.py:12 x\n"
	    "2025-10-02 09:14:25 ERROR    shop.db:db.py:12 y\n"
	    "2025-10-02 09:14:25 ERROR    shop.db:db.py:12 z\n"
	    "PASSED                                                                   [ 50%]\n"
	    "tests/test_a.py::test_y PASSED                                           [100%]\n\n"
	    "============================== 2 passed in 0.02s ===============================\n";

	(void)state;
	assert_ptr_equal(reader_detect(slice_str(live), true), &reader_pytest);
	assert_ptr_equal(reader_detect(SLICE("<testsuite tests=\"1\">\n<system-out>\n" LOG
	    "</system-out></testsuite>\n"), true), &reader_junit);
}

/* --- the property --- */

static const char *const samples[] = { "compose.log", "github-actions.log", "go.log",
	"gunicorn.log", "json-lines.log", "loguru.log", "nginx-access.log", "python-logging.log",
	"syslog.log" };

static bool
is_blank_line(struct slice s)
{
	return slice_trim(s).n == 0;
}

/* seen == records; each line that is not blank begins inside of a record */
static void
check_cover(const char *p, size_t n)
{
	struct slice rest = slice_of(p, n), line;
	struct collected c;
	uint64_t byte = 0;
	size_t i = 0;
	uint64_t end = 0;

	read_limited(&c, p, n, 4 << 20);
	for (; slice_take_line(&rest, &line); byte = (uint64_t)(rest.p - p)) {
		while (i < c.records && c.record[i].byte <= byte) {
			if (c.record[i].byte + c.record[i].bytes > end)
				end = c.record[i].byte + c.record[i].bytes;
			i++;
		}
		/* colours alone leave a blank line, a stamp alone begins no record */
		if (is_blank_line(line) || slice_find_byte(line, 0, '\033') != SIZE_MAX)
			continue;
		if (byte >= end && line.n > 40)
			fail_msg("in no record: '%.*s'", SLICE_ARG(line));
	}
	for (size_t k = 1; k < c.records; k++)
		assert_true(c.record[k].byte > c.record[k - 1].byte);
	release(&c);
}

static void
no_line_is_lost_by_damage(void **state)
{
	const char *src = getenv("NT_SRC");
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		char path[4096];
		struct buf whole;
		struct err e;

		snprintf(path, sizeof path, "%s/samples/shapes/%s", src ? src : ".", samples[i]);
		buf_init(&whole, 1 << 20);
		assert_int_equal(io_slurp(path, 1 << 20, &whole, &e), 0);
		for (unsigned round = 0; round < 60; round++) {
			char *copy_of = mem_strndup(whole.p, whole.n);
			size_t n = whole.n;

			seed = seed * 1664525 + 1013904223;
			if (round % 3 == 0)
				n = seed % (whole.n + 1);
			else if (round % 3 == 1)
				copy_of[seed % n] = (char)(seed >> 24);
			else
				memmove(copy_of + seed % (n / 2), copy_of + n / 2, n / 4);
			check_cover(copy_of, n);
			free(copy_of);
		}
		buf_release(&whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_below_belong_to_the_record),
		cmocka_unit_test(containers_are_told_apart),
		cmocka_unit_test(a_silent_container),
		cmocka_unit_test(a_line_with_a_time_of_its_prefix),
		cmocka_unit_test(records_without_a_time),
		cmocka_unit_test(a_log_without_any_time),
		cmocka_unit_test(times_of_day),
		cmocka_unit_test(a_record_over_the_limit),
		cmocka_unit_test(long_lines_and_many_lines),
		cmocka_unit_test(logs),
		cmocka_unit_test(files_that_are_no_logs),
		cmocka_unit_test(test_output_stays_what_it_is),
		cmocka_unit_test(no_line_is_lost_by_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
