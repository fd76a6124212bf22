/*
 * test_gcp_json.c - the reader of log entries as a whole: shapes, damage, accounting, and a
 * property: damage costs only the records that it touches.
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
#include "model/severity.h"
#include "read/reader.h"

extern const struct reader reader_gcp_json;

/* --- a sink that remembers --- */

struct kept {
	char id[64];
	char message[96];
	int64_t ts_ns;
	int severity;
	bool inferred, request;
	int status;
	uint64_t line, byte, bytes;
};

struct kept_bad {
	enum bad_kind kind;
	uint64_t line, byte, bytes;
	char reason[200];
};

struct collected {
	struct kept *entry;
	size_t entries, entry_cap;
	struct kept_bad *bad;
	size_t bads, bad_cap;
	unsigned diag[DIAG_CODES];
	struct diag last;
	const char *shape;
	const char *input;
	size_t input_n;
};

static void
keep_text(char *to, size_t room, struct slice s)
{
	size_t n = s.n < room ? s.n : room - 1;

	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = '\0';
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct collected *c = ctx;
	struct kept *k;

	(void)e;
	c->entry = mem_grow(c->entry, &c->entry_cap, c->entries + 1, sizeof *c->entry);
	k = &c->entry[c->entries++];
	memset(k, 0, sizeof *k);
	keep_text(k->id, sizeof k->id, entry->insert_id);
	keep_text(k->message, sizeof k->message, entry->message);
	k->ts_ns = entry->ts_ns;
	k->severity = entry->severity;
	k->inferred = entry->severity_inferred;
	k->request = entry->request != NULL;
	k->status = entry->request ? entry->request->status : 0;
	k->line = entry->line;
	k->byte = entry->byte;
	k->bytes = entry->bytes;
	assert_true(entry->ts_ns != CLOCK_NONE);
	if (c->input) {
		assert_true(entry->byte + entry->bytes <= c->input_n);
		assert_int_equal(c->input[entry->byte], '{');
		assert_int_equal(c->input[entry->byte + entry->bytes - 1], '}');
	}
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct collected *c = ctx;
	struct kept_bad *k;

	(void)e;
	c->bad = mem_grow(c->bad, &c->bad_cap, c->bads + 1, sizeof *c->bad);
	k = &c->bad[c->bads++];
	k->kind = bad->kind;
	k->line = bad->line;
	k->byte = bad->byte;
	k->bytes = bad->bytes;
	keep_text(k->reason, sizeof k->reason, bad->reason);
	assert_true(bad->head.n <= 4096);
	if (c->input) {
		assert_true(bad->byte + bad->bytes <= c->input_n);
		assert_true(bad->head.n <= bad->bytes);
		assert_memory_equal(bad->head.p, c->input + bad->byte, bad->head.n);
	}
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct collected *c = ctx;

	c->diag[d->code]++;
	c->last = *d;
}

static void
collect_from(struct collected *c, struct input *in, size_t record, unsigned depth)
{
	struct read_limits limits = { .record = record, .depth = depth };
	struct read_sink sink = { .ctx = c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, c } };
	struct read_job job = { .in = in, .limits = &limits, .sink = &sink };
	struct err e;

	err_clear(&e);
	assert_int_equal(reader_gcp_json.read(&job, &e), 0);
	c->shape = job.shape;
	input_close(in);
}

static void
collect(struct collected *c, const char *p, size_t n)
{
	memset(c, 0, sizeof *c);
	c->input = p;
	c->input_n = n;
	collect_from(c, input_from_memory(p, n), 4 * 1024 * 1024, 64);
}

static void
collect_text(struct collected *c, const char *text)
{
	collect(c, text, strlen(text));
}

static void
drop(struct collected *c)
{
	free(c->entry);
	free(c->bad);
	memset(c, 0, sizeof *c);
}

/* --- shapes --- */

#define E1 "{\"insertId\":\"a1\",\"timestamp\":\"2025-09-16T01:42:58Z\",\"textPayload\":\"one\"}"
#define E2 "{\"insertId\":\"a2\",\"timestamp\":\"2025-09-16T01:42:57.5Z\",\"textPayload\":\"two\"}"
#define E3 "{\"insertId\":\"a3\",\"timestamp\":\"2025-09-16T01:42:56Z\",\"severity\":\"INFO\"}"
#define P1 "{\n  \"insertId\": \"a1\",\n  \"timestamp\": \"2025-09-16T01:42:58Z\"\n}"
#define P2 "{\n  \"insertId\": \"a2\",\n  \"timestamp\": \"2025-09-16T01:42:57Z\"\n}"

static const struct {
	const char *text, *shape;
	size_t entries;
	uint64_t line[3], byte[3];
} shapes[] = {
	{ "[" E1 "," E2 "," E3 "]", "JSON array", 3, { 1, 1, 1 },
		{ 1, sizeof E1 + 1, sizeof E1 + sizeof E2 + 1 } },
	{ "[\n  " E1 ",\n  " E2 "\n]\n", "JSON array", 2, { 2, 3 }, { 4, sizeof E1 + 7 } },
	{ E1 "\n" E2 "\n" E3 "\n", "NDJSON", 3, { 1, 2, 3 },
		{ 0, sizeof E1, sizeof E1 + sizeof E2 } },
	{ E1 "\r\n" E2 "\r\n", "NDJSON", 2, { 1, 2 }, { 0, sizeof E1 + 1 } },
	{ E1 "\n\n" E2, "NDJSON", 2, { 1, 3 }, { 0, sizeof E1 + 1 } },
	{ P1 "\n" P2 "\n", "JSON objects", 2, { 1, 5 }, { 0, sizeof P1 } },
	{ P1 P2, "JSON objects", 2, { 1, 4 }, { 0, sizeof P1 - 1 } },
	{ "[" E1 "]\n[" E2 "]\n", "JSON arrays", 2, { 1, 2 }, { 1, sizeof E1 + 3 } },
	{ "[" E1 "][" E2 "]", "JSON arrays", 2, { 1, 1 }, { 1, sizeof E1 + 2 } },
	{ "[" E1 "]\n" E2 "\n", "JSON objects", 2, { 1, 2 }, { 1, sizeof E1 + 2 } },
	{ "\xef\xbb\xbf" E1 "\n", "NDJSON", 1, { 1 }, { 3 } },
};

static void
test_reads_every_shape_with_exact_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		struct collected c;

		collect_text(&c, shapes[i].text);
		assert_string_equal(c.shape, shapes[i].shape);
		assert_int_equal(c.entries, shapes[i].entries);
		assert_int_equal(c.bads, 0);
		for (size_t k = 0; k < c.entries; k++) {
			assert_int_equal(c.entry[k].line, shapes[i].line[k]);
			assert_int_equal(c.entry[k].byte, shapes[i].byte[k]);
		}
		for (int d = 0; d < DIAG_CODES; d++)
			assert_int_equal(c.diag[d], 0);
		drop(&c);
	}
}

static const struct {
	const char *head;
	int score;
} sniffs[] = {
	{ "[" E1 "]", 90 },
	{ E3 "\n", 90 },
	{ "\n\n[\n  {\n    \"httpRequest\": {\n      \"latency\": \"3s\"\n    },\n"
	    "    \"timestamp\": \"2025", 90 },
	{ "{\"insert_id\":\"x\",\"timestamp\":\"t\"}", 90 },
	{ "{\"receiveTimestamp\":\"t\",\"logName\":\"x\"}", 90 },
	{ "[{\"timestamp\":\"t\",\"severity\":\"INFO\",\"textPayload\":\"x\",\"source\":\"s\"}]",
	    90 },
	{ "\"tail\": 1\n  },\n  {\n    \"insertId\": \"x\",\n    \"timestamp\": \"t\"\n  }", 50 },
	{ "Updates are available.\n[\n" E1 "\n]", 50 },
	{ "# Worklog\n\n## Sample\n" E1 "\n", 0 },
	{ "A sample:\n```json\n" E1 "\n```\n", 0 },
	{ "# exported 2025-10-02\n" E1 "\n", 50 },
	{ "", 0 },
	{ "[]", 10 },		/* an export that found nothing */
	{ " [\n]\n", 10 },
	{ "[1, 2, 3]", 0 },
	{ "{}", 0 },
	{ "{\"timestamp\":\"t\"}", 0 },
	{ "{\"severity\":\"INFO\"}", 0 },
	{ "{\"total_logs\": 2, \"raw_logs\": [\n" E1 ",\n" E2 "\n]}", 80 },
	{ "{\"a\":{\"b\":{}},\"logs\":{\"ERROR\":[" E1, 80 },
	{ "{\"a\":1}\n{\"entries\":[" E1 "]}\n", 50 },
	{ "{\"x\":[{\"timestamp\":\"t\",\"textPayload\":\"a\"}]}", 50 },
	{ "{\"raw_logs\":[{\"insertId\":\"x\",\"jsonPayload\":{", 20 },
	{ "{\"entries\":[],\"nextPageToken\":\"x\"}", 20 },
	{ "[{\"ackId\":\"x\",\"message\":{\"data\":\"e30=\",\"messageId\":\"1\"}}]", 70 },
	{ "{\"entries\":[1,2]}", 0 },
	{ "{\"log\":{\"entries\":[{\"request\":{\"url\":\"x\"},\"time\":3}]}}", 0 },
	{ "{\"issues\":[{\"timestamp\":\"t\",\"severity\":\"ERROR\",\"type\":\"x\"}]}", 0 },
	{ "{\"text\":\"{\\\"timestamp\\\":1,\\\"insertId\\\":2}\"}", 0 },
	{ "{\"created\":1.5,\"exitcode\":1,\"root\":\"/app\",\"summary\":{},\"tests\":[]}", 0 },
	{ "{\"$report_type\":\"TestReport\",\"nodeid\":\"a\",\"outcome\":\"passed\"}\n", 0 },
	{ "{\"Time\":\"2025-09-16T01:42:58Z\",\"Action\":\"run\",\"Test\":\"TestA\"}\n", 0 },
	{ "============ test session starts ============\nplatform linux\n"
	    "{\"timestamp\":\"t\",\"severity\":\"INFO\",\"message\":\"x\"}\n", 0 },
	{ "<?xml version=\"1.0\"?><testsuite/>", 0 },
};

static void
test_recognises_entries_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sniffs / sizeof sniffs[0]; i++) {
		int score = reader_gcp_json.sniff(slice_str(sniffs[i].head), true);

		if (score != sniffs[i].score)
			fail_msg("%s: %d", sniffs[i].head, score);
	}
}

/* --- damage --- */

static const struct {
	const char *name, *text;
	size_t entries, bads;
	enum diag_code code;
	uint64_t line, byte;		/* of the bad record */
	uint64_t fault_byte;		/* of the diagnostic */
	enum bad_kind kind;
} damages[] = {
	{ "cut", "[\n" E1 ",\n{\"insertId\":\"a2\",\"tim", 1, 1, DIAG_JSON_CUT, 3,
		sizeof E1 + 3, sizeof E1 + 24, BAD_DAMAGED },
	{ "missing quote in a line", E1 "\n{\"insertId\":\"a2,\"timestamp\":\"x\"}\n" E3 "\n", 2, 1,
		DIAG_JSON_BAD, 2, sizeof E1, sizeof E1 + 17, BAD_DAMAGED },
	{ "string runs over the line", E1 "\n{\"insertId\":\"a2}\n" E3 "\n", 2, 1,
		DIAG_JSON_BAD, 2, sizeof E1, sizeof E1 + 16, BAD_DAMAGED },
	{ "missing brace", E1 "\n{\"insertId\":{\"a\":2}\n" E3 "\n", 2, 1, DIAG_JSON_BAD, 2,
		sizeof E1, sizeof E1 + 20, BAD_DAMAGED },
	{ "swallowed by an array", E1 "\n{\"insertId\":[\n" E2 "\n" E3 "\n", 3, 1, DIAG_JSON_BAD, 2,
		sizeof E1, sizeof E1 + sizeof E2 + 14, BAD_DAMAGED },
	{ "stray line", E1 "\nWARNING: something\n" E3 "\n", 2, 1, DIAG_STRAY_TEXT, 2, sizeof E1,
		sizeof E1, BAD_DAMAGED },
	{ "stray in a compact array", "[" E1 "###" E3 "]", 2, 1, DIAG_STRAY_TEXT, 1, sizeof E1,
		sizeof E1, BAD_DAMAGED },
	{ "broken in a compact array", "[" E1 ",{\"insertId\":\"a\"\"b\":[{}]}," E2 "]", 2, 1,
		DIAG_JSON_BAD, 1, sizeof E1 + 1, sizeof E1 + 16, BAD_DAMAGED },
	{ "bad escape", "[" E1 ",{\"insertId\":\"\\q\"}," E3 "]", 2, 1, DIAG_JSON_BAD, 1,
		sizeof E1 + 1, 0, BAD_DAMAGED },
	{ "brace too many", "[{\"insertId\":\"a1\"},\n\"timestamp\":\"2025-09-16T01:42:58Z\"},\n" E3
		"]", 1, 1, DIAG_JSON_BAD, 1, 1, 20, BAD_DAMAGED },
	{ "two in one", E1 "\n{\"insertId\":\"a\",\"timestamp\":\"2025-09-16T01:42:58Z\","
		"\"insertId\":\"b\",\"timestamp\":\"2025-09-16T01:42:58Z\"}\n", 1, 1,
		DIAG_JSON_BAD, 2, sizeof E1, sizeof E1, BAD_DAMAGED },
	{ "two in one, of one log", E1 "\n{\"insertId\":\"a\",\"logName\":\"l\",\"severity\":\"INFO\","
		"\"timestamp\":\"2025-09-16T01:42:58Z\",\"logName\":\"l\",\"severity\":\"INFO\"}\n", 1,
		1, DIAG_JSON_BAD, 2, sizeof E1, sizeof E1, BAD_DAMAGED },
	{ "no time", "[{\"insertId\":\"x\",\"timestamp\":\"yesterday\"}," E3 "]", 1, 1,
		DIAG_ENTRY_NO_TIME, 1, 1, 1, BAD_DAMAGED },
	{ "not an entry", "{\"level\":\"info\",\"msg\":\"x\"}\n" E3 "\n", 1, 1, DIAG_NOT_ENTRY, 1,
		0, 0, BAD_NOT_EVIDENCE },
	{ "made up", "[{\"timestamp\":\"2025-09-15T22:51:45\",\"severity\":\"INFO\","
		"\"textPayload\":\"x\",\"source\":\"fallback\"}]", 0, 1, DIAG_NOT_ENTRY, 1, 1, 1,
		BAD_NOT_EVIDENCE },
};

static void
test_reports_damage_with_its_place_and_keeps_the_rest(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct collected c;

		collect_text(&c, damages[i].text);
		if (c.entries != damages[i].entries || c.bads != damages[i].bads ||
		    c.diag[damages[i].code] != 1)
			fail_msg("%s: %zu entries, %zu bad, last %s: %s", damages[i].name,
			    c.entries, c.bads, diag_name(c.last.code), c.last.detail);
		assert_int_equal(c.bad[0].kind, damages[i].kind);
		assert_int_equal(c.bad[0].line, damages[i].line);
		assert_int_equal(c.bad[0].byte, damages[i].byte);
		assert_true(strlen(c.bad[0].reason) > 0);
		if (damages[i].fault_byte > 0 && c.last.byte != damages[i].fault_byte)
			fail_msg("%s: fault at byte %llu: %s", damages[i].name,
			    (unsigned long long)c.last.byte, c.last.detail);
		drop(&c);
	}
}

static void
test_says_that_an_array_is_not_closed(void **state)
{
	struct collected c;

	(void)state;
	collect_text(&c, "[\n" E1 ",\n" E2 ",\n");
	assert_int_equal(c.entries, 2);
	assert_int_equal(c.bads, 0);
	assert_int_equal(c.diag[DIAG_JSON_CUT], 1);
	assert_string_equal(c.last.detail, "the closing ] is missing; every entry is whole");
	drop(&c);
	collect_text(&c, "[\n" E1 ",\n###\n" E2 "\n");
	assert_int_equal(c.entries, 2);
	assert_int_equal(c.diag[DIAG_JSON_CUT], 1);
	assert_string_equal(c.last.detail, "the closing ] is missing");
	drop(&c);
	collect_text(&c, "[]");
	assert_int_equal(c.entries + c.bads, 0);
	assert_int_equal(c.diag[DIAG_EMPTY], 1);
	drop(&c);
}

static const struct {
	const char *text;
	size_t entries;
	uint64_t line, col, byte;	/* of the first element without a comma; line 0: none */
} commas[] = {
	{ "[\n  " P1 "\n  " P2 "\n  " E3 "\n]\n", 3, 6, 3, sizeof P1 + 6 },
	{ "[" E1 E2 "]", 2, 1, sizeof E1 + 1, sizeof E1 },
	{ E1 "\n[" E2 ",\n" E3 "\n" E1 "]", 4, 4, 1, sizeof E1 + sizeof E2 + sizeof E3 + 2 },
	{ E1 "\n" E2 "\n[" E3 "]\n[" E1 "]\n" E2 E3, 6, 0, 0, 0 },
	{ "[" E1 "\n,\n" E2 "]", 2, 0, 0, 0 },
};

static void
test_says_once_that_commas_are_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof commas / sizeof commas[0]; i++) {
		struct collected c;

		collect_text(&c, commas[i].text);
		assert_int_equal(c.entries, commas[i].entries);
		assert_int_equal(c.bads, 0);
		assert_int_equal(c.diag[DIAG_JSON_COMMA], commas[i].line > 0);
		if (commas[i].line > 0) {
			assert_int_equal(c.last.line, commas[i].line);
			assert_int_equal(c.last.col, commas[i].col);
			assert_int_equal(c.last.byte, commas[i].byte);
		}
		drop(&c);
	}
}

static void
test_skips_what_is_over_a_limit_to_its_end(void **state)
{
	struct collected c;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_puts(&text, E1 "\n{\"insertId\":\"long\",\"textPayload\":\"");
	for (int i = 0; i < 300000; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, "\"}\n" E2 "\n{\"insertId\":\"deep\",\"jsonPayload\":");
	for (int i = 0; i < 20; i++)
		buf_puts(&text, "{\"a\":");
	buf_puts(&text, "1");
	for (int i = 0; i < 20; i++)
		buf_puts(&text, "}");
	buf_puts(&text, "}\n" E3 "\n");
	memset(&c, 0, sizeof c);
	c.input = text.p;
	c.input_n = text.n;
	collect_from(&c, input_from_memory(text.p, text.n), 100000, 10);
	assert_int_equal(c.entries, 3);
	assert_int_equal(c.bads, 2);
	assert_int_equal(c.diag[DIAG_RECORD_LONG], 1);
	assert_int_equal(c.diag[DIAG_JSON_DEEP], 1);
	assert_int_equal(c.bad[0].bytes, 300000 + 36);
	assert_int_equal(c.bad[1].line, 4);
	drop(&c);
	buf_release(&text);
}

static void
test_keeps_entries_that_the_parser_refuses_at_first(void **state)
{
	static const char *const payload[] = {
		"18446744073709551616", "1e309", "NaN", "\"\\ud800\"", "\"\\u0000\"",
		"\"\xff\xfe\"", "\"a\tb\"", "{\"\\u0000\":1}", "{\"\xc3\":1}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof payload / sizeof payload[0]; i++) {
		struct collected c;
		char text[300];
		int n = snprintf(text, sizeof text, "{\"insertId\":\"a\",\"timestamp\":"
		    "\"2025-09-16T01:42:58Z\",\"jsonPayload\":{\"message\":\"kept\",\"v\":%s}}",
		    payload[i]);

		assert_in_range(n, 1, sizeof text - 1);
		collect(&c, text, (size_t)n);
		if (c.entries != 1 || c.bads != 0)
			fail_msg("%s: %s", text, c.last.detail);
		assert_string_equal(c.entry[0].message, "kept");
		drop(&c);
	}
}

/* --- wrappers --- */

static const struct {
	const char *text, *shape;
	size_t entries, not_evidence;
	unsigned totals;		/* complaints that a total differs */
} wrappers[] = {
	{ "{\"entries\":[" E1 "," E2 "],\"nextPageToken\":\"x\"}", "JSON wrapper", 2, 0, 0 },
	{ "{\"a\":{\"b\":[1,[" E1 "],{\"c\":" E2 "}]}}", "JSON wrapper", 2, 0, 0 },
	{ "{\"entries\":[" E1 "]}\n{\"entries\":[" E2 "]}\n", "JSON wrappers", 2, 0, 0 },
	{ "{\"entries\":[" E1 "]}\n" E2, "JSON objects", 2, 0, 0 },
	{ "{\"a\":1}", "NDJSON", 0, 1, 0 },
	{ "{\"issues\":[{\"timestamp\":\"2025-09-16T01:42:58Z\",\"severity\":\"ERROR\"}]}", "NDJSON",
		0, 1, 0 },
	{ "{\"x\":[{\"timestamp\":\"2025-09-16T01:42:58\",\"textPayload\":\"x\",\"source\":\"s\"}]}",
		"JSON wrapper", 0, 1, 0 },
	/* totals */
	{ "{\"total_logs\":2,\"raw_logs\":[" E1 "," E2 "]}", "JSON wrapper", 2, 0, 0 },
	{ "{\"total\":5000,\"entries\":[" E1 "," E2 "]}", "JSON wrapper", 2, 0, 1 },
	{ "{\"entries\":[" E1 "," E2 "],\"summary\":{\"total_logs\":5000}}", "JSON wrapper", 2, 0, 1 },
	{ "{\"count\":1,\"entries\":[" E1 "," E2 "]}", "JSON wrapper", 2, 0, 0 },
	{ "{\"total_pages\":9,\"entries\":[" E1 "," E2 "]}", "JSON wrapper", 2, 0, 0 },
	/* samples */
	{ "{\"INFO\":{\"count\":4815,\"sample_entries\":[" E1 "," E2 "]},\"NOTICE\":{\"count\":1,"
		"\"sample_entries\":[" E3 "]}}", "JSON wrapper", 0, 3, 0 },
	{ "{\"NOTICE\":{\"sample_entries\":[" E3 "],\"count\":1},\"INFO\":{\"samples\":{\"a\":[" E1
		"]},\"count\":7}}", "JSON wrapper", 0, 2, 0 },
	{ "{\"count\":2,\"samples\":[" E1 "," E2 "]}", "JSON wrapper", 2, 0, 0 },
	{ "{\"count\":9,\"samples\":[" E1 "],\"entries\":[" E2 "]}", "JSON wrapper", 1, 1, 1 },
	{ "{\"count\":9,\"samples\":[" E1 "]}\n{\"entries\":[" E2 "]}", "JSON wrappers", 1, 1, 1 },
};

static void
test_finds_entries_in_wrappers_and_knows_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
		struct collected c;

		collect_text(&c, wrappers[i].text);
		if (c.entries != wrappers[i].entries || c.bads != wrappers[i].not_evidence ||
		    c.diag[DIAG_WRAPPER_TOTAL] != wrappers[i].totals ||
		    strcmp(c.shape, wrappers[i].shape) != 0)
			fail_msg("%s\n%s: %zu entries, %zu bad, %u totals: %s", wrappers[i].text,
			    c.shape, c.entries, c.bads, c.diag[DIAG_WRAPPER_TOTAL],
			    c.last.detail);
		for (size_t k = 0; k < c.bads; k++)
			assert_int_equal(c.bad[k].kind, BAD_NOT_EVIDENCE);
		drop(&c);
	}
}

static void
test_says_of_how_many_a_sample_is(void **state)
{
	struct collected c;

	(void)state;
	collect_text(&c, "{\"summary\":{\"total_logs\":5000},\"INFO\":{\"count\":4815,"
	    "\"sample_entries\":[" E1 "]}}");
	assert_int_equal(c.bads, 1);
	assert_non_null(strstr(c.bad[0].reason, "a sample in a summary of 5000 entries"));
	drop(&c);
}

/* nothing but a block and a record is held, so a small limit is no hindrance */
static void
test_a_wrapper_may_be_longer_than_the_limit(void **state)
{
	struct collected c = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 24);
	buf_puts(&text, "{\"a\":{\"logs\":[\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "%s" E1, i > 0 ? ",\n" : "");
	buf_puts(&text, "]},\"total_logs\":20001}");
	c.input = text.p;
	c.input_n = text.n;
	collect_from(&c, input_from_memory(text.p, text.n), 2000, 64);
	assert_int_equal(c.entries, 20000);
	assert_int_equal(c.bads, 0);
	assert_int_equal(c.entry[19999].line, 20001);
	assert_string_equal(c.last.detail, "the wrapper says 20001, it holds 20000");
	drop(&c);
	buf_reset(&text);
	buf_puts(&text, "{\"a\":[");
	for (int i = 0; i < 2000; i++)
		buf_printf(&text, "%s{\"b\":%d}", i > 0 ? "," : "", i);
	buf_puts(&text, "]}\n" E1);
	c.input_n = text.n;
	c.input = text.p;
	collect_from(&c, input_from_memory(text.p, text.n), 2000, 64);
	assert_int_equal(c.entries, 1);
	assert_int_equal(c.bads, 1);
	assert_int_equal(c.bad[0].kind, BAD_NOT_EVIDENCE);
	assert_int_equal(c.bad[0].byte + c.bad[0].bytes, text.n - sizeof E1);
	drop(&c);
	buf_release(&text);
}

static void
test_a_key_twice_is_legal_and_told(void **state)
{
	static const char *const text[] = {
		"{\"insertId\":\"a\",\"timestamp\":\"2025-09-16T01:42:58Z\",\"insertId\":\"b\"}",
		"{\"insertId\":\"b\",\"timestamp\":\"2025-09-16T01:42:58Z\",\"jsonPayload\":{\"k\":1,"
		    "\"insertId\":2,\"k\":2}}",
		"{\"insertId\":\"b\",\"timestamp\":\"2025-09-16T01:42:58Z\",\"labels\":{},"
		    "\"labels\":{},\"trace\":\"x\",\"trace\":\"y\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct collected c;

		collect_text(&c, text[i]);
		assert_int_equal(c.entries, 1);
		assert_int_equal(c.bads, 0);
		assert_string_equal(c.entry[0].id, "b");
		assert_int_equal(c.diag[DIAG_JSON_KEY_TWICE], 1);
		assert_string_equal(c.last.detail, i == 0 ? "\"insertId\"" : i == 1 ? "\"k\"" :
		    "\"labels\"");
		drop(&c);
	}
}

static void
test_a_message_of_pubsub_carries_an_entry(void **state)
{
	static const struct {
		const char *data;
		size_t entries;
		int bad;	/* -1: none */
	} cases[] = {
		/* {"insertId":"a","timestamp":"2025-09-16T01:42:58Z"} */
		{ "eyJpbnNlcnRJZCI6ImEiLCJ0aW1lc3RhbXAiOiIyMDI1LTA5LTE2VDAxOjQyOjU4WiJ9", 1, -1 },
		{ "eyJhIjoxfQ==", 0, BAD_NOT_EVIDENCE },	/* {"a":1} */
		{ "eyJhIjoxfQ", 0, BAD_NOT_EVIDENCE },
		{ "aGVsbG8=", 0, BAD_NOT_EVIDENCE },		/* hello */
		{ "no base64!", 0, BAD_DAMAGED },
		{ "", 0, BAD_DAMAGED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct collected c;
		char text[300];

		snprintf(text, sizeof text, "{\"receivedMessages\":[ {\"ackId\":\"x\",\"message\":"
		    "{\"data\":\"%s\",\"messageId\":\"1\"}}]}", cases[i].data);
		collect_text(&c, text);
		assert_int_equal(c.entries, cases[i].entries);
		assert_int_equal(c.bads, cases[i].bad >= 0);
		if (c.bads > 0)
			assert_int_equal(c.bad[0].kind, cases[i].bad);
		if (c.entries > 0) {
			assert_int_equal(c.entry[0].byte, 22);
			assert_string_equal(c.shape, "Pub/Sub messages");
		}
		drop(&c);
	}
}

/* --- the property --- */

#define ENTRIES 20

struct document {
	struct buf text;
	size_t from[ENTRIES], to[ENTRIES];
};

struct layout {
	const char *before, *between, *after;	/* of the records */
	const char *line, *indent;		/* in a record: before a member, and per level */
	const char *name;
	bool wrapped;
};

static const struct layout layouts[] = {
	{ "[\n  ", ",\n  ", "\n]\n", "\n  ", "  ", "pretty array", false },
	{ "", "\n", "\n", "", "", "NDJSON", false },
	{ "[", ", ", "]", "", "", "compact array", false },
	{ "", "\n", "\n", "\n", "  ", "pretty objects", false },
	{ "[", ", ", "]\n", "\n", "  ", "array with records at column 1", false },
	{ "[\n", ",\n", "\n]\n", "", "", "array of lines", false },
	{ "{\"nextPageToken\": \"x\", \"entries\": [", ", ", "]}\n", "", "", "compact wrapper", true },
	{ "{\n  \"total_logs\": 20,\n  \"raw_logs\": [\n    ", ",\n    ", "\n  ]\n}\n", "\n    ", "  ",
		"pretty wrapper", true },
	{ "{\"at\": {\"x\": 1}, \"logs_by_severity\": {\"A\": [", "], \"A\": [",
		"]}, \"summary\": {\"n\": 1}}", "", "", "lists in a wrapper", true },
	{ "{\n  \"logs_by_severity\": {\n    \"A\": [\n      ", "\n    ],\n    \"B\": [\n      ",
		"\n    ]\n  },\n  \"summary\": {\n    \"n\": 1\n  }\n}\n", "\n      ", "  ",
		"pretty lists in a wrapper", true },
	{ "{\"entries\": [", "]}\n{\"entries\": [", "]}\n", "", "", "lines of wrappers", true },
};

#define LAYOUTS (sizeof layouts / sizeof layouts[0])

static void
put_line(struct document *d, const struct layout *l, unsigned level, const char *text)
{
	buf_puts(&d->text, l->line);
	for (unsigned i = 0; i < level; i++)
		buf_puts(&d->text, l->indent);
	buf_puts(&d->text, text);
}

static void
put_entry(struct document *d, const struct layout *l, int i)
{
	char line[160];

	d->from[i] = d->text.n;
	buf_puts(&d->text, "{");
	if (i % 4 == 0) {
		put_line(d, l, 1, "\"errorGroups\": [");
		put_line(d, l, 2, "{");
		put_line(d, l, 3, "\"id\": \"CP\"");
		put_line(d, l, 2, "}");
		put_line(d, l, 1, "],");
	}
	snprintf(line, sizeof line, "\"insertId\": \"id-%02d\",", i);
	put_line(d, l, 1, line);
	if (i % 3 == 0) {
		put_line(d, l, 1, "\"jsonPayload\": {");
		put_line(d, l, 2, "\"error\": {");
		put_line(d, l, 3, "\"message\": \"Missing field\",");
		put_line(d, l, 3, "\"severity\": \"ERROR\"");
		put_line(d, l, 2, "},");
		snprintf(line, sizeof line, "\"message\": \"said \\\"%d\\\" {ok}\"", i);
		put_line(d, l, 2, line);
		put_line(d, l, 1, "},");
	} else {
		snprintf(line, sizeof line, "\"textPayload\": \"line %d: [a, {b}] \\\\ c\",", i);
		put_line(d, l, 1, line);
	}
	put_line(d, l, 1, "\"resource\": {");
	put_line(d, l, 2, "\"labels\": {");
	put_line(d, l, 3, "\"service_name\": \"api\"");
	put_line(d, l, 2, "},");
	put_line(d, l, 2, "\"type\": \"cloud_run_revision\"");
	put_line(d, l, 1, "},");
	snprintf(line, sizeof line, "\"timestamp\": \"2025-09-16T01:42:%02d.5Z\"", i);
	put_line(d, l, 1, line);
	put_line(d, l, 0, "}");
	d->to[i] = d->text.n;
}

static void
write_document(struct document *d, const struct layout *l)
{
	buf_init(&d->text, 1 << 20);
	buf_puts(&d->text, l->before);
	for (int i = 0; i < ENTRIES; i++) {
		if (i > 0)
			buf_puts(&d->text, l->between);
		put_entry(d, l, i);
	}
	buf_puts(&d->text, l->after);
}

/* xorshift64: the same numbers everywhere */
static uint64_t
random_next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

struct mutation {
	size_t from, to;	/* bytes of the original that are changed, or from == to: between */
	bool joins;		/* text that stood apart is put together */
	const char *what;
};

/* out gets a damaged copy of in */
static struct mutation
mutate(struct slice in, struct buf *out, uint64_t *x)
{
	size_t at = (size_t)(random_next(x) % in.n), n = 1 + (size_t)(random_next(x) % 300);
	size_t other = (size_t)(random_next(x) % in.n);

	buf_reset(out);
	switch (random_next(x) % 5) {
	case 0:
		buf_put(out, in.p, at);
		return (struct mutation){ at, in.n, false, "truncate" };
	case 1:
		buf_put(out, in.p, at);
		buf_putc(out, (char)(random_next(x) & 0xff));
		buf_put_slice(out, slice_sub(in, at + 1, in.n));
		return (struct mutation){ at, at + 1, false, "flip" };
	case 2:
		buf_put(out, in.p, at);
		buf_putc(out, "\"{}[],:\\\n "[random_next(x) % 10]);
		buf_put_slice(out, slice_sub(in, at + 1, in.n));
		return (struct mutation){ at, at + 1, false, "flip to punctuation" };
	case 3:
		buf_put(out, in.p, at);
		buf_put_slice(out, slice_sub(in, other, n));
		buf_put_slice(out, slice_sub(in, at, in.n));
		return (struct mutation){ at, at, true, "insert a copied range" };
	default:
		buf_put(out, in.p, at);
		buf_put_slice(out, slice_sub(in, at + n, in.n));
		return (struct mutation){ at, at + n, true, "delete" };
	}
}

/*
 * A change of single bytes touches the record that holds them. What puts other text
 * against a record, or against the ", " behind it, may make it a part of something else; in
 * a wrapper so does what is put into its text right before or behind the record.
 */
static bool
is_touched(const struct document *d, const struct layout *l, int i, const struct mutation *m)
{
	size_t before = !l->wrapped ? 0 : strlen(i > 0 ? l->between : l->before);
	size_t behind = !l->wrapped ? 2 : strlen(i < ENTRIES - 1 ? l->between : l->after);

	if (m->joins)
		return d->from[i] <= m->to + before && m->from <= d->to[i] + behind;
	return d->from[i] < m->to && m->from < d->to[i];
}

static bool
has_entry(const struct collected *c, const struct kept *wanted)
{
	for (size_t i = 0; i < c->entries; i++) {
		if (strcmp(c->entry[i].id, wanted->id) == 0 &&
		    strcmp(c->entry[i].message, wanted->message) == 0 &&
		    c->entry[i].ts_ns == wanted->ts_ns && c->entry[i].bytes == wanted->bytes)
			return true;
	}
	return false;
}

static unsigned long
rounds(void)
{
	const char *text = getenv("NETRA_TRIAGE_MUTATIONS");

	return text ? strtoul(text, NULL, 10) : 2000;
}

static void
damage_layout(const struct layout *l, uint64_t seed)
{
	struct document d;
	struct collected whole;
	struct buf damaged;
	uint64_t x = seed;

	write_document(&d, l);
	buf_init(&damaged, 1 << 20);
	collect(&whole, d.text.p, d.text.n);
	assert_int_equal(whole.entries, ENTRIES);
	assert_int_equal(whole.bads, 0);
	for (unsigned long round = 0; round < rounds(); round++) {
		struct mutation m = mutate(buf_slice(&d.text), &damaged, &x);
		struct collected c;

		collect(&c, damaged.p, damaged.n);
		for (int i = 0; i < ENTRIES; i++) {
			if (!is_touched(&d, l, i, &m) && !has_entry(&c, &whole.entry[i]))
				fail_msg("%s, round %lu, %s of bytes %zu to %zu: lost entry %d at "
				    "%zu to %zu", l->name, round, m.what, m.from, m.to, i,
				    d.from[i], d.to[i]);
		}
		drop(&c);
	}
	drop(&whole);
	buf_release(&damaged);
	buf_release(&d.text);
}

static void
test_damage_costs_only_the_records_that_it_touches(void **state)
{
	(void)state;
	for (size_t i = 0; i < LAYOUTS; i++)
		damage_layout(&layouts[i], UINT64_C(88172645463325252) + i);
}

static void
test_a_cut_costs_one_record_at_most(void **state)
{
	(void)state;
	for (size_t l = 0; l < LAYOUTS; l++) {
		struct document d;

		write_document(&d, &layouts[l]);
		for (size_t n = 0; n < d.text.n; n += 7) {
			struct collected c;
			size_t complete = 0;

			while (complete < ENTRIES && d.to[complete] <= n)
				complete++;
			collect(&c, d.text.p, n);
			assert_int_equal(c.entries, complete);
			assert_true(c.bads <= 1);
			if (complete < ENTRIES && n > d.from[complete])
				assert_int_equal(c.diag[DIAG_JSON_CUT], 1);
			drop(&c);
		}
		buf_release(&d.text);
	}
}

/* --- real evidence --- */

static const struct {
	const char *file;
	size_t entries, error, error_inferred, warning, info, requests, unavailable;
	int64_t first_s, last_s;
} facts[] = {
	{ "gcp/array-crash-loop.json", 1000, 86, 60, 39, 700, 11, 11, 1757986853, 1757986978 },
	{ "gcp/array-mixed-services.json", 100, 0, 2, 2, 23, 16, 0, 1756340401, 1756340631 },
	{ "gcp/array-requests.json", 20, 6, 0, 14, 0, 17, 0, 1757259719, 1757259722 },
};

static void
count_facts(const struct collected *c, size_t i)
{
	size_t error = 0, inferred = 0, warning = 0, info = 0, requests = 0, unavailable = 0;
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (size_t k = 0; k < c->entries; k++) {
		const struct kept *e = &c->entry[k];

		error += e->severity == SEVERITY_ERROR && !e->inferred;
		inferred += e->severity == SEVERITY_ERROR && e->inferred;
		warning += e->severity == SEVERITY_WARNING && !e->inferred;
		info += e->severity == 200 && !e->inferred;
		requests += e->request;
		unavailable += e->status == 503;
		first = e->ts_ns < first ? e->ts_ns : first;
		last = e->ts_ns > last ? e->ts_ns : last;
	}
	assert_int_equal(c->entries, facts[i].entries);
	assert_int_equal(error, facts[i].error);
	assert_int_equal(inferred, facts[i].error_inferred);
	assert_int_equal(warning, facts[i].warning);
	assert_int_equal(info, facts[i].info);
	assert_int_equal(requests, facts[i].requests);
	assert_int_equal(unavailable, facts[i].unavailable);
	assert_int_equal(first / CLOCK_NS_PER_S, facts[i].first_s);
	assert_int_equal(last / CLOCK_NS_PER_S, facts[i].last_s);
}

static void
test_real_exports_give_their_known_counts(void **state)
{
	static const struct input_limits limits = { UINT64_C(64) << 20, 500 };
	const char *corpus = getenv("NETRA_TRIAGE_CORPUS");

	(void)state;
	if (!corpus)
		skip();
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		struct collected c = { 0 };
		struct input *in;
		struct err e;
		char path[1024];

		snprintf(path, sizeof path, "%s/%s", corpus, facts[i].file);
		err_clear(&e);
		assert_int_equal(input_open(path, &limits, &in, &e), 0);
		collect_from(&c, in, 4 * 1024 * 1024, 64);
		assert_string_equal(c.shape, "JSON array");
		assert_int_equal(c.bads, 0);
		count_facts(&c, i);
		drop(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_every_shape_with_exact_places),
		cmocka_unit_test(test_recognises_entries_and_nothing_else),
		cmocka_unit_test(test_reports_damage_with_its_place_and_keeps_the_rest),
		cmocka_unit_test(test_says_that_an_array_is_not_closed),
		cmocka_unit_test(test_says_once_that_commas_are_missing),
		cmocka_unit_test(test_skips_what_is_over_a_limit_to_its_end),
		cmocka_unit_test(test_keeps_entries_that_the_parser_refuses_at_first),
		cmocka_unit_test(test_finds_entries_in_wrappers_and_knows_samples),
		cmocka_unit_test(test_says_of_how_many_a_sample_is),
		cmocka_unit_test(test_a_wrapper_may_be_longer_than_the_limit),
		cmocka_unit_test(test_a_key_twice_is_legal_and_told),
		cmocka_unit_test(test_a_message_of_pubsub_carries_an_entry),
		cmocka_unit_test(test_damage_costs_only_the_records_that_it_touches),
		cmocka_unit_test(test_a_cut_costs_one_record_at_most),
		cmocka_unit_test(test_real_exports_give_their_known_counts),
	};

	return cmocka_run_group_tests_name("gcp_json", tests, NULL, NULL);
}
