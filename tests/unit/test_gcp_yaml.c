/*
 * test_gcp_yaml.c - the reader of gcloud's default output: documents, lists, kinds of text,
 * types, damage, and the property that damage costs only the documents that it touches.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "entry_recorder.h"
#include "model/severity.h"

extern const struct reader reader_gcp_yaml;

#define DOC(id, text, time) "---\ninsertId: " id "\nlogName: projects/p/logs/app\n" \
	"severity: ERROR\ntextPayload: " text "\ntimestamp: '" time "'\n"
#define ITEM(id, text, time) "- insertId: " id "\n  textPayload: " text "\n" \
	"  timestamp: '" time "'\n"
#define T1 "2025-10-02T09:00:01.000001Z"
#define T2 "2025-10-02T09:00:02Z"
#define T3 "2025-10-02T09:00:03Z"

static void
test_a_document_with_all_it_may_hold(void **state)
{
	struct entries r;
	const struct entry *e;

	(void)state;
	entries_of(&r, &reader_gcp_yaml,
	    "---\n"
	    "httpRequest:\n"
	    "  latency: 0.25s\n"
	    "  requestMethod: GET\n"
	    "  requestUrl: https://x.example/cart?id=1\n"
	    "  responseSize: '17'\n"
	    "  status: 503\n"
	    "insertId: r1\n"
	    "jsonPayload:\n"
	    "  '@type': x\n"
	    "  count: 3\n"
	    "  ctx:\n"
	    "    user: u-1\n"
	    "    zip: '01234'\n"
	    "  empty: {}\n"
	    "  list:\n"
	    "  - a\n"
	    "  - 1\n"
	    "  - b: true\n"
	    "  message: hello\n"
	    "  nothing: null\n"
	    "  ratio: 0.25\n"
	    "labels:\n"
	    "  instanceId: i-1\n"
	    "  run.googleapis.com/execution_name: nightly-x\n"
	    "logName: projects/shop/logs/run.googleapis.com%2Frequests\n"
	    "resource:\n"
	    "  labels:\n"
	    "    service_name: checkout-api\n"
	    "  type: cloud_run_revision\n"
	    "severity: ERROR\n"
	    "spanId: '0012'\n"
	    "timestamp: '" T1 "'\n"
	    "trace: projects/shop/traces/abc\n"
	    "traceSampled: true\n");
	assert_string_equal(r.shape, "YAML documents");
	assert_int_equal(r.count, 1);
	assert_int_equal(r.bads, 0);
	e = &r.entry[0];
	assert_int_equal(e->line, 2);
	assert_int_equal(e->byte, 4);
	assert_slice(e->insert_id, "r1");
	assert_slice(e->service, "checkout-api");
	assert_slice(e->instance, "i-1");
	assert_slice(e->log, "run.googleapis.com/requests");
	assert_slice(e->span, "0012");
	assert_slice(e->trace, "abc");
	assert_slice(e->message, "hello");
	assert_int_equal(e->request->status, 503);
	assert_int_equal(e->request->response_size, 17);
	assert_int_equal(e->severity, SEVERITY_ERROR);
	assert_slice(field_of(e, "labels.run.googleapis.com/execution_name"), "nightly-x");
	assert_slice(e->payload, "{\"jsonPayload\":{\"@type\":\"x\",\"count\":3,\"ctx\":{\"user\":"
	    "\"u-1\",\"zip\":\"01234\"},\"empty\":{},\"list\":[\"a\",1,{\"b\":true}],"
	    "\"message\":\"hello\",\"nothing\":null,\"ratio\":0.25}}");
	entries_free(&r);
}

/* --- text --- */

static const struct {
	const char *yaml, *message;
} texts[] = {
	{ "plain", "plain" }, { "'it''s'", "it's" }, { "\"tab\\tquote\\\" \\xe9\"", "tab\tquote\" é" },
	{ "plain that is\n  folded over\n  three lines", "plain that is folded over three lines" },
	{ "'quoted and\n  folded'", "quoted and folded" },
	{ "\"folded \\\n  with a backslash\"", "folded with a backslash" },
	{ "|-\n  Traceback:\n    File \"x\", line 3\n\n  E: no", "Traceback:\n  File \"x\", line 3\n\nE: no" },
	{ "|\n  one\n  two", "one\ntwo\n" }, { "|2-\n    indented\n  x", "  indented\nx" },
	{ ">-\n  folded\n  block", "folded block" },
	{ "|-\n  --- no marker\n  - no item\n  # no comment\n  ---", "--- no marker\n- no item\n# no comment\n---" },
	{ "x --- y", "x --- y" }, { "'- x: y'", "- x: y" }, { "a # comment", "a" },
	{ "\"esc \\e[31mred\\e[0m\"", "esc red" },
	/* text where the log has text, whatever it looks like */
	{ "17", "17" }, { "0012", "0012" }, { "1.50", "1.50" }, { "true", "true" },
	{ "2025-10-02", "2025-10-02" }, { "yes", "yes" }, { "~x", "~x" }, { "!!str 17", "17" },
	{ "'null'", "null" },
};

static void
test_every_way_to_write_a_text(void **state)
{
	char text[600];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct entries r;

		snprintf(text, sizeof text, DOC("a0", "first", T1) DOC("a1", "%s", T1)
		    DOC("a2", "last", T2), texts[i].yaml);
		entries_of(&r, &reader_gcp_yaml, text);
		if (r.count != 3 || r.bads != 0)
			fail_msg("%s: %zu entries, %zu bad", texts[i].yaml, r.count, r.bads);
		assert_slice(r.entry[1].message, texts[i].message);
		entries_free(&r);
	}
}

static void
test_ids_keep_their_text(void **state)
{
	static const struct {
		const char *yaml, *id;
	} ids[] = { { "123", "123" }, { "0012", "0012" }, { "1.50", "1.50" }, { "true", "true" },
		{ "1e5", "1e5" }, { "'1'", "1" }, { "00000000-a_b", "00000000-a_b" } };
	char text[300];
	struct entries r;

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		snprintf(text, sizeof text, "insertId: %s\nlabels:\n  instanceId: %s\nspanId: %s\n"
		    "timestamp: " T1 "\n", ids[i].yaml, ids[i].yaml, ids[i].yaml);
		entries_of(&r, &reader_gcp_yaml, text);
		assert_int_equal(r.count, 1);
		assert_slice(r.entry[0].insert_id, ids[i].id);
		assert_slice(r.entry[0].instance, ids[i].id);
		assert_slice(r.entry[0].span, ids[i].id);
		entries_free(&r);
	}
}

/* --- shapes --- */

static void
test_lists_line_ends_and_marks(void **state)
{
	struct entries r;

	(void)state;
	entries_of(&r, &reader_gcp_yaml, "# a comment\n" ITEM("a1", "|-\n    x\n    - y", T1)
	    ITEM("a2", "two", T2) "-\n  insertId: a3\n  timestamp: " T3 "\n");
	assert_string_equal(r.shape, "YAML list");
	assert_int_equal(r.count, 3);
	assert_int_equal(r.bads, 0);
	assert_slice(r.entry[0].message, "x\n- y");
	assert_int_equal(r.entry[0].line, 2);
	entries_free(&r);
	entries_of(&r, &reader_gcp_yaml, "\xef\xbb\xbf---\r\ninsertId: a1\r\ntextPayload: |-\r\n"
	    "  x\r\n  y\r\ntimestamp: " T1 "\r\n---\r\n\r\n# none\r\n---\r\ninsertId: a2\r\n"
	    "timestamp: " T2 "\r\n...\r\n---\r\n");
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bads, 0);
	assert_slice(r.entry[0].message, "x\ny");
	assert_int_equal(r.entry[0].byte, 8);
	entries_free(&r);
	entries_of(&r, &reader_gcp_yaml, "---\n# nothing\n---\n");
	assert_int_equal(r.count + r.bads, 0);
	assert_int_equal(r.diag[DIAG_EMPTY], 1);
	entries_free(&r);
}

static void
test_bytes_that_yaml_refuses_cost_no_entry(void **state)
{
	static const char text[] = "insertId: a1\ntextPayload: x\x1b[31my\xff\x00z\xef\xbf\xbf\n"
	    "timestamp: " T1 "\n";
	struct entries r;

	(void)state;
	entries_read(&r, &reader_gcp_yaml, text, sizeof text - 1, 4096, 64);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.diag[DIAG_BAD_UTF8], 1);
	assert_slice(r.entry[0].message, "x\uFFFD[31my\uFFFD\uFFFDz\uFFFD");
	entries_free(&r);
}

/* --- damage --- */

static const struct {
	const char *name, *doc, *reason;
	enum diag_code code;
	enum bad_kind kind;
} damages[] = {
	{ "open quote", DOC("b", "\"x", T2), "unexpected end of stream", DIAG_YAML_BAD, BAD_DAMAGED },
	{ "tab", "---\ninsertId: b\n\tx: y\n", "a tab character", DIAG_YAML_BAD, BAD_DAMAGED },
	{ "key twice", DOC("b", "x", T2) "insertId: c\n", "a key occurs twice", DIAG_YAML_BAD,
		BAD_DAMAGED },
	{ "anchor", DOC("b", "&x y", T2), "anchor", DIAG_YAML_BAD, BAD_DAMAGED },
	{ "alias", DOC("b", "*x", T2), "alias", DIAG_YAML_BAD, BAD_DAMAGED },
	{ "tag", DOC("b", "!!python/object:x y", T2), "tag", DIAG_YAML_BAD, BAD_DAMAGED },
	{ "no time", "---\ninsertId: b\nlogName: l\n", "no readable timestamp", DIAG_ENTRY_NO_TIME,
		BAD_DAMAGED },
	{ "deep", "---\ninsertId: b\njsonPayload: [[[[[[[[[[[[1]]]]]]]]]]]]\n", "nested too deeply",
		DIAG_JSON_DEEP, BAD_DAMAGED },
	{ "not an entry", "---\napiVersion: v1\nkind: Pod\n", "not a log entry", DIAG_NOT_ENTRY,
		BAD_NOT_EVIDENCE },
	{ "a text", "---\nsome text\n", "no mapping", DIAG_NOT_ENTRY, BAD_NOT_EVIDENCE },
	{ "a list in brackets", "---\n[a, b]\n", "no mapping", DIAG_NOT_ENTRY, BAD_NOT_EVIDENCE },
};

static void
test_damage_costs_one_document(void **state)
{
	char text[1000];

	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct entries r;

		snprintf(text, sizeof text, "%s%s%s", DOC("a1", "x", T1), damages[i].doc,
		    DOC("a3", "z", T3));
		entries_read(&r, &reader_gcp_yaml, text, strlen(text), 4096, 10);
		if (r.count != 2 || r.bads != 1 || r.diag[damages[i].code] != 1)
			fail_msg("%s: %zu entries, %zu bad", damages[i].name, r.count, r.bads);
		assert_int_equal(r.bad[0].kind, damages[i].kind);
		assert_int_equal(r.bad[0].line, 8);
		if (slice_find(r.bad[0].reason, 0, slice_str(damages[i].reason)) == SIZE_MAX)
			fail_msg("%s: %.*s", damages[i].name, SLICE_ARG(r.bad[0].reason));
		entries_free(&r);
	}
}

static void
test_a_document_over_the_limit(void **state)
{
	struct entries r;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_puts(&text, DOC("a1", "x", T1) "---\ninsertId: a2\ntextPayload: |-\n");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "  a line of it\n");
	buf_puts(&text, "timestamp: " T2 "\n" DOC("a3", "x", T3));
	entries_read(&r, &reader_gcp_yaml, text.p, text.n, 2048, 64);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bads, 1);
	assert_int_equal(r.diag[DIAG_RECORD_LONG], 1);
	assert_int_equal(strlen(r.bad[0].sha256), 64);
	assert_int_equal(r.bad[0].byte + r.bad[0].bytes + 5, r.entry[1].byte);
	entries_free(&r);
	entries_read(&r, &reader_gcp_yaml, text.p, text.n, 1 << 20, 64);
	assert_int_equal(r.count, 3);
	entries_free(&r);
	buf_release(&text);
}

/* --- the property --- */

static void
check_mutations(struct slice text, const size_t *end, size_t documents)
{
	uint64_t x = UINT64_C(88172645463325252);
	struct mutated m;

	buf_init(&m.text, 1 << 20);
	for (unsigned round = 0; round < 2500; round++) {
		struct entries r;
		size_t start = 0;

		mutate(&m, text, 0, &x);
		entries_read(&r, &reader_gcp_yaml, m.text.p, m.text.n, 4096, 64);
		for (size_t i = 0; i < documents; start = end[i++]) {
			char id[32];

			snprintf(id, sizeof id, "id-%03zu", i);
			/* the marker behind it is the first line of the next */
			if (m.to + 1 >= start && m.from <= end[i] + 4)
				continue;
			if (!entry_by_id(&r, id))
				fail_msg("round %u, %s at %zu..%zu: %s is lost", round, m.how,
				    m.from, m.to, id);
		}
		entries_free(&r);
	}
	buf_release(&m.text);
}

static void
test_mutations_cost_only_what_they_touch(void **state)
{
	static const char *const values[] = { "plain", "'a: b'", "\"say \\\"hi\\\"\"",
		"|-\n    Traceback:\n      File \"x.py\"\n    --- x\n    - E", "folded\n    text", "''" };
	struct buf documents, list;
	size_t end[30], list_end[30];

	(void)state;
	buf_init(&documents, 1 << 20);
	buf_init(&list, 1 << 20);
	for (size_t i = 0; i < 30; i++) {
		buf_printf(&documents, "---\ninsertId: id-%03zu\ntextPayload: %s\n"
		    "timestamp: '2025-10-02T09:00:%02zuZ'\n", i, values[i % 6], i);
		end[i] = documents.n;
		buf_printf(&list, "- insertId: id-%03zu\n  textPayload: %s\n"
		    "  timestamp: '2025-10-02T09:00:%02zuZ'\n", i, values[i % 6], i);
		list_end[i] = list.n;
	}
	check_mutations(buf_slice(&documents), end, 30);
	check_mutations(buf_slice(&list), list_end, 30);
	buf_release(&documents);
	buf_release(&list);
}

/* --- sniffing --- */

static const struct {
	const char *head;
	bool whole;
	int score;
} sniffs[] = {
	{ DOC("a1", "x", T1), true, 80 }, { ITEM("a1", "x", T1), true, 80 },
	{ "insertId: a1\ntimestamp: '" T1 "'\n", true, 80 },
	{ "# comment\n\n---\ntextPayload: x\ntimestamp: 2025-10-02T09:00:01Z\n", true, 80 },
	{ "\xef\xbb\xbf---\r\ninsertId: a1\r\ntimestamp: " T1 "\r\n", true, 80 },
	{ "---\nseverity: ERROR\ntimestamp: '" T1 "'\n", true, 80 },
	/* the timestamp comes last, and the head may end before it */
	{ "---\ninsertId: a1\njsonPayload:\n  message: x\nla", false, 80 },
	{ "  project_id: cut\n---\ninsertId: a1\ntimestamp: " T1 "\n", true, 80 },
	{ "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    app: x\nspec: {}\n", true, 0 },
	{ "services:\n  api:\n    image: x\n    labels: {}\n", true, 0 },
	{ "resource:\n  type: x\nlabels:\n  a: b\nseverity: high\n", true, 0 },
	{ "name: x\nseverity: high\ntimestamp: 2025-10-02T09:00:01Z\n", true, 0 },
	{ "timestamp: tomorrow\nseverity: ERROR\n", true, 0 },
	{ "title: a rule\nlogsource:\n  product: gcp\ndetection:\n  s:\n    insertId: x\n", true, 0 },
	{ "# Notes\n\nThis is prose.\n\n```\ninsertId: a1\ntimestamp: " T1 "\n```\n", true, 0 },
	{ "---\ntitle: front matter\n---\n# Heading\n\ntext\n---\ninsertId: a1\ntimestamp: " T1 "\n",
		true, 0 },
	{ "{\"insertId\": \"a1\", \"timestamp\": \"" T1 "\"}\n", true, 0 },
	{ "insertId,timestamp\na1," T1 "\n", true, 0 }, { "", true, 0 }, { "---\n", true, 0 },
	{ "ERROR: something\nINFO: else\n", true, 0 },
};

static void
test_takes_log_entries_and_no_other_yaml(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sniffs / sizeof sniffs[0]; i++) {
		int score = reader_gcp_yaml.sniff(slice_str(sniffs[i].head), sniffs[i].whole);

		if (score != sniffs[i].score)
			fail_msg("%s: %d", sniffs[i].head, score);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_document_with_all_it_may_hold),
		cmocka_unit_test(test_every_way_to_write_a_text),
		cmocka_unit_test(test_ids_keep_their_text),
		cmocka_unit_test(test_lists_line_ends_and_marks),
		cmocka_unit_test(test_bytes_that_yaml_refuses_cost_no_entry),
		cmocka_unit_test(test_damage_costs_one_document),
		cmocka_unit_test(test_a_document_over_the_limit),
		cmocka_unit_test(test_mutations_cost_only_what_they_touch),
		cmocka_unit_test(test_takes_log_entries_and_no_other_yaml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
