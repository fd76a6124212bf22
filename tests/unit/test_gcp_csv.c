/*
 * test_gcp_csv.c - the reader of CSV: headers of all kinds, cells, damage, and the property that
 * damage costs only the rows that it touches.
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

extern const struct reader reader_gcp_csv;

#define T1 "2025-10-02T09:00:01.000001Z"
#define T2 "2025-10-02T09:00:02Z"
#define T3 "2025-10-02T09:00:03Z"
#define HEAD "insertId,logName,severity,textPayload,timestamp\n"
#define ROW(id, text, time) id ",projects/p/logs/run.googleapis.com%2Fstderr,ERROR," text "," time "\n"

/* --- headers --- */

static void
test_logs_explorer_columns(void **state)
{
	struct entries r;
	const struct entry *e;

	(void)state;
	entries_of(&r, &reader_gcp_csv,
	    "httpRequest.latency,httpRequest.requestMethod,httpRequest.requestUrl,"
	    "httpRequest.responseSize,httpRequest.status,insertId,jsonPayload.ctx.user,"
	    "jsonPayload.message,jsonPayload.n,jsonPayload.tags,labels.instanceId,"
	    "\"labels.\"\"run.googleapis.com/execution_name\"\"\",labels.a.b,logName,"
	    "resource.labels.service_name,resource.type,severity,spanId,textPayload,timestamp,"
	    "trace,traceSampled\r\n"
	    "0.25s,GET,https://x.example/cart?id=1,17,503,r1,,,,,i-1,,,"
	    "projects/shop/logs/run.googleapis.com%2Frequests,checkout-api,cloud_run_revision,"
	    "ERROR,0012,," T1 ",projects/shop/traces/abc,true\r\n"
	    ",,,,,j1,u-1,hello,3,\"[\"\"a\"\",1]\",i-2,nightly-x,dotted,projects/shop/logs/app,"
	    "checkout-api,cloud_run_revision,,,," T2 ",,\r\n");
	assert_string_equal(r.shape, "CSV");
	assert_false(r.lossy);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bads, 0);
	e = &r.entry[0];
	assert_slice(e->insert_id, "r1");
	assert_slice(e->service, "checkout-api");
	assert_slice(e->instance, "i-1");
	assert_slice(e->log, "run.googleapis.com/requests");
	assert_slice(e->span, "0012");
	assert_slice(e->trace, "abc");
	assert_int_equal(e->severity, SEVERITY_ERROR);
	assert_non_null(e->request);
	assert_int_equal(e->request->status, 503);
	assert_int_equal(e->request->response_size, 17);
	assert_int_equal(e->request->latency_ns, 250000000);
	assert_slice(e->request->path, "/cart");
	assert_int_equal(e->payload_kind, PAYLOAD_NONE);
	e = &r.entry[1];
	assert_slice(e->message, "hello");
	assert_slice(e->payload, "{\"jsonPayload\":{\"ctx\":{\"user\":\"u-1\"},\"message\":\"hello\","
	    "\"n\":3,\"tags\":[\"a\",1]}}");
	assert_slice(field_of(e, "labels.run.googleapis.com/execution_name"), "nightly-x");
	assert_slice(field_of(e, "labels.a.b"), "dotted");
	assert_null(e->request);
	assert_int_equal(e->severity, SEVERITY_DEFAULT);
	entries_free(&r);
}

static void
test_gcloud_and_short_names(void **state)
{
	static const char *const heads[] = { "timestamp,severity,text_payload,service_name,status",
		"TIMESTAMP,SEVERITY,TEXT_PAYLOAD,SERVICE_NAME,STATUS",
		"timestamp,severity,textPayload,resource.labels.service_name,httpRequest.status" };
	struct entries r;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		snprintf(text, sizeof text, "%s\n" T1 ",INFO,\"a;b\",checkout-api,\n"
		    T2 ",,x,,500\n", heads[i]);
		entries_of(&r, &reader_gcp_csv, text);
		assert_true(r.lossy);
		assert_int_equal(r.count, 2);
		assert_slice(r.entry[0].message, "a;b");
		assert_slice(r.entry[0].service, "checkout-api");
		assert_null(r.entry[0].request);
		assert_int_equal(r.entry[1].request->status, 500);
		entries_free(&r);
	}
	entries_of(&r, &reader_gcp_csv, "timestamp,severity,message\n" T1 ",ERROR,boom\n");
	assert_slice(r.entry[0].payload, "{\"jsonPayload\":{\"message\":\"boom\"}}");
	entries_free(&r);
}

static void
test_bigquery_columns(void **state)
{
	struct entries r;

	(void)state;
	entries_of(&r, &reader_gcp_csv,
	    "log_id,log_name,resource,text_payload,json_payload,timestamp,severity,severity_number,"
	    "insert_id,http_request,labels,message\n"
	    "app,projects/shop/logs/app,\"{\"\"type\"\":\"\"cloud_run_revision\"\",\"\"labels\"\":{"
	    "\"\"service_name\"\":\"\"checkout-api\"\"}}\",,\"{\"\"message\"\":\"\"m\"\",\"\"n\"\":"
	    "1.50}\",2025-09-16 01:42:58.995733 UTC,ERROR,500,b1,\"{\"\"status\"\":503,"
	    "\"\"request_method\"\":\"\"POST\"\"}\",\"{\"\"instanceId\"\":\"\"i-1\"\"}\",alias\n");
	assert_int_equal(r.count, 1);
	assert_false(r.lossy);
	assert_int_equal(r.entry[0].ts_ns, INT64_C(1757986978995733000));
	assert_false(r.entry[0].ts_assumed);
	assert_slice(r.entry[0].service, "checkout-api");
	assert_slice(r.entry[0].instance, "i-1");
	assert_slice(r.entry[0].log, "app");
	assert_int_equal(r.entry[0].request->status, 503);
	assert_slice(r.entry[0].request->method, "POST");
	/* a short name adds nothing to a payload that is there as a whole */
	assert_slice(r.entry[0].payload, "{\"jsonPayload\":{\"message\":\"m\",\"n\":1.5}}");
	entries_free(&r);
}

static void
test_separators_bom_and_joined_files(void **state)
{
	struct entries r;

	(void)state;
	entries_of(&r, &reader_gcp_csv, "\xef\xbb\xbf\n" "insertId;logName;textPayload;timestamp\r\n"
	    "a1;l;\"x;y\";" T1 "\r\n\r\na2;l;a,b;" T2);
	assert_int_equal(r.count, 2);
	assert_slice(r.entry[0].message, "x;y");
	assert_slice(r.entry[1].message, "a,b");
	assert_int_equal(r.entry[0].line, 3);
	assert_int_equal(r.entry[1].line, 5);
	entries_free(&r);
	entries_of(&r, &reader_gcp_csv, "insertId\tlogName\ttextPayload\ttimestamp\n"
	    "a1\tl\tx, y; z\t" T1 "\n");
	assert_string_equal(r.shape, "CSV with tabs");
	assert_slice(r.entry[0].message, "x, y; z");
	entries_free(&r);
	/* another header in the middle, with other columns */
	entries_of(&r, &reader_gcp_csv, HEAD ROW("a1", "one", T1)
	    "timestamp,textPayload,insertId\n" T2 ",two,a2\n");
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bads, 0);
	assert_slice(r.entry[1].insert_id, "a2");
	assert_slice(r.entry[1].message, "two");
	entries_free(&r);
	entries_of(&r, &reader_gcp_csv, HEAD);
	assert_int_equal(r.count + r.bads, 0);
	assert_int_equal(r.diag[DIAG_EMPTY], 1);
	entries_free(&r);
}

/* --- cells --- */

static const struct {
	const char *cell, *payload;
} values[] = {
	{ "3", "3" }, { "-3", "-3" }, { "0", "0" }, { "0.25", "0.25" }, { "true", "true" },
	{ "false", "false" }, { "abc", "\"abc\"" },
	/* what no JSON writer prints for a number is text */
	{ "007", "\"007\"" }, { "1.50", "\"1.50\"" }, { "-0", "\"-0\"" }, { "+1", "\"+1\"" },
	{ "1e3", "\"1e3\"" }, { "1.", "\"1.\"" }, { ".5", "\".5\"" }, { "TRUE", "\"TRUE\"" },
	{ "12345678901234567890", "\"12345678901234567890\"" }, { " 1", "\" 1\"" },
	{ "null", "\"null\"" },
	/* never a formula, and nothing is taken off */
	{ "=1+1", "\"=1+1\"" }, { "'=1+1", "\"'=1+1\"" }, { "@x", "\"@x\"" }, { "-x", "\"-x\"" },
	{ "\"{\"\"a\"\":[1,null]}\"", "{\"a\":[1,null]}" }, { "\"[]\"", "[]" },
	{ "\"{\"\"a\"\":\"", "\"{\\\"a\\\":\"" }, { "{x}", "\"{x}\"" },
	{ "\"a\r\nb\"", "\"a\\r\\nb\"" }, { "\"a \"\"b\"\" c\"", "\"a \\\"b\\\" c\"" },
	{ "a \"b\" c", "\"a \\\"b\\\" c\"" }, { "\" x \"", "\" x \"" },
};

static void
test_values_in_payloads(void **state)
{
	char text[300], want[300];
	struct entries r;

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		snprintf(text, sizeof text, "timestamp,jsonPayload.x\n" T1 ",%s\n", values[i].cell);
		snprintf(want, sizeof want, "{\"jsonPayload\":{\"x\":%s}}", values[i].payload);
		entries_of(&r, &reader_gcp_csv, text);
		assert_int_equal(r.count, 1);
		assert_slice(r.entry[0].payload, want);
		entries_free(&r);
	}
}

static void
test_messages_stay_text(void **state)
{
	struct entries r;

	(void)state;
	entries_of(&r, &reader_gcp_csv, "timestamp,jsonPayload.message,textPayload\n"
	    T1 ",17,\n" T2 ",\"{\"\"a\"\":1}\",\n" T3 ",,true\n");
	assert_slice(r.entry[0].payload, "{\"jsonPayload\":{\"message\":\"17\"}}");
	assert_slice(r.entry[1].message, "{\"a\":1}");
	assert_slice(r.entry[2].payload, "{\"textPayload\":\"true\"}");
	entries_free(&r);
	/* a payload that is no object, and one that is too deep to follow */
	entries_of(&r, &reader_gcp_csv, "timestamp,jsonPayload,jsonPayload.x\n" T1 ",text,1\n");
	assert_slice(r.entry[0].message, "text");
	entries_free(&r);
	entries_read(&r, &reader_gcp_csv, "timestamp,jsonPayload\n" T1 ",[[[[[1]]]]]\n", 62, 4096, 4);
	assert_int_equal(r.count, 1);
	assert_slice(r.entry[0].message, "[[[[[1]]]]]");
	entries_free(&r);
}

/* --- damage --- */

static const struct {
	const char *name, *rows, *ids, *reason;
	size_t bads;
	enum diag_code code;
	uint64_t line;			/* of the first bad record */
} damages[] = {
	{ "too few", ROW("a1", "x", T1) "a2,too,few\n" ROW("a3", "x", T3), "a1 a3",
		"it has 3 cells, and the header has 5", 1, DIAG_ROW_BAD, 3 },
	{ "too many", ROW("a1", "x", T1) ROW("a2", "x,y,z", T2) ROW("a3", "x", T3), "a1 a3",
		"it has 7 cells, and the header has 5", 1, DIAG_ROW_BAD, 3 },
	{ "open, no other quotes", ROW("a1", "\"x", T1) ROW("a2", "x", T2) ROW("a3", "x", T3),
		"a2 a3", "a quote is not closed", 1, DIAG_ROW_BAD, 2 },
	{ "open, closed by a later row", ROW("a1", "\"x", T1) ROW("a2", "x", T2)
		ROW("a3", "\"y\"", T3) ROW("a4", "z", T3), "a2 a3 a4",
		"text stands beside a quoted cell", 1, DIAG_ROW_BAD, 2 },
	{ "open in a cell of many lines", ROW("a1", "\"x\ny\nz", T1) ROW("a2", "\"x\ny\"", T2),
		"a2", "text stands beside a quoted cell", 1, DIAG_ROW_BAD, 2 },
	{ "open at the end", ROW("a1", "x", T1) ROW("a2", "\"x", T2), "a1",
		"a quote is not closed", 1, DIAG_ROW_BAD, 3 },
	{ "text behind a quote", ROW("a1", "\"x\" y", T1) ROW("a2", "x", T2), "a2",
		"text stands beside a quoted cell", 1, DIAG_ROW_BAD, 2 },
	{ "no time", ROW("a1", "x", "yesterday") ROW("a2", "x", T2), "a2",
		"this entry has no readable timestamp", 1, DIAG_ENTRY_NO_TIME, 2 },
	{ "cut", ROW("a1", "x", T1) "a2,projects/p/lo", "a1", "it has 2 cells", 1, DIAG_JSON_CUT, 3 },
	{ "text between", ROW("a1", "x", T1) "WARNING: a line\n" ROW("a2", "x", T2), "a1 a2",
		"it has 1 cells", 1, DIAG_ROW_BAD, 3 },
};

static void
test_damage_costs_only_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		struct entries r;
		char text[2000], ids[100] = "";
		size_t n = 0;

		snprintf(text, sizeof text, "%s%s", HEAD, damages[i].rows);
		entries_of(&r, &reader_gcp_csv, text);
		for (size_t k = 0; k < r.count; k++)
			n += (size_t)snprintf(ids + n, sizeof ids - n, "%s%.*s", k ? " " : "",
			    SLICE_ARG(r.entry[k].insert_id));
		if (strcmp(ids, damages[i].ids) != 0)
			fail_msg("%s: %s", damages[i].name, ids);
		assert_int_equal(r.bads, damages[i].bads);
		assert_int_equal(r.diag[damages[i].code], 1);
		assert_int_equal(r.bad[0].line, damages[i].line);
		if (slice_find(r.bad[0].reason, 0, slice_str(damages[i].reason)) == SIZE_MAX)
			fail_msg("%s: %.*s", damages[i].name, SLICE_ARG(r.bad[0].reason));
		entries_free(&r);
	}
}

static void
test_a_row_over_the_limit(void **state)
{
	struct entries r;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_puts(&text, HEAD ROW("a1", "x", T1) "a2,l,INFO,\"");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "a line of it\n");
	buf_puts(&text, "\"," T2 "\n" ROW("a3", "x", T3));
	entries_read(&r, &reader_gcp_csv, text.p, text.n, 2048, 64);
	assert_int_equal(r.count, 2);
	assert_int_equal(r.bads, 1);
	assert_int_equal(r.diag[DIAG_RECORD_LONG], 1);
	assert_int_equal(r.bad[0].line, 3);
	assert_int_equal(strlen(r.bad[0].sha256), 64);
	assert_int_equal(r.bad[0].byte + r.bad[0].bytes + 1, r.entry[1].byte);
	entries_free(&r);
	entries_read(&r, &reader_gcp_csv, text.p, text.n, 1 << 20, 64);
	assert_int_equal(r.count, 3);
	entries_free(&r);
	buf_release(&text);
}

/* --- the property --- */

static void
put_rows(struct buf *text, size_t *end, size_t rows)
{
	static const char *const cells[] = { "plain", "\"a, b\"", "\"say \"\"hi\"\"\"",
		"\"Traceback:\n  File \"\"x.py\"\", line 3\n\nE: no\"", "", "\"\"", "=cmd" };

	buf_puts(text, HEAD);
	for (size_t i = 0; i < rows; i++) {
		buf_printf(text, "id-%03zu,projects/p/logs/app,INFO,%s,2025-10-02T09:00:%02zuZ\n", i,
		    cells[i % 7], i);
		end[i] = text->n;
	}
}

static void
test_mutations_cost_only_what_they_touch(void **state)
{
	size_t end[40], first = sizeof HEAD - 1;
	uint64_t x = UINT64_C(88172645463325252);
	struct mutated m;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_init(&m.text, 1 << 20);
	put_rows(&text, end, 40);
	for (unsigned round = 0; round < 4000; round++) {
		struct entries r;
		size_t start = first;

		mutate(&m, buf_slice(&text), first, &x);
		entries_read(&r, &reader_gcp_csv, m.text.p, m.text.n, 4096, 64);
		for (size_t i = 0; i < 40; start = end[i++]) {
			char id[32];

			snprintf(id, sizeof id, "id-%03zu", i);
			if (m.to + 1 >= start && m.from <= end[i])
				continue;	/* touched, or a neighbour of what was */
			if (!entry_by_id(&r, id))
				fail_msg("round %u, %s at %zu..%zu: %s is lost", round, m.how,
				    m.from, m.to, id);
		}
		entries_free(&r);
	}
	buf_release(&m.text);
	buf_release(&text);
}

/* --- sniffing --- */

static const struct {
	const char *head;
	int score;
} sniffs[] = {
	{ HEAD, 85 }, { HEAD ROW("a", "x", T1), 85 }, { "\xef\xbb\xbf" HEAD ROW("a", "x", T1), 85 },
	{ "insertId;timestamp\r\na;" T1 "\r\n", 85 },
	{ "TIMESTAMP,TEXT_PAYLOAD\n" T1 ",x\n", 85 },
	{ "timestamp,severity,message\n" T1 ",INFO,x\n", 85 },
	{ "timestamp,resource.labels.service_name\n" T1 ",x\n", 85 },
	{ HEAD "damaged,row\n" ROW("a", "x", T1), 85 },
	{ HEAD ROW("a", "x", "yesterday"), 0 },
	{ "timestamp,insertId\nnot a time,x\n", 0 },
	{ "timestamp,severity,host,what\n" T1 ",INFO,h,x\n", 0 },
	{ "Timestamp,Severity\n" T1 ",INFO\n", 0 },
	{ "timestamp,value\n" T1 ",1\n", 0 },
	{ "timestamp,status,message\n" T1 ",200,x\n", 0 },
	{ "LineId,Date,Time,Pid,Level,Component,Content,EventId,EventTemplate\n"
	    "1,081109,203615,148,INFO,dfs.X,x,E1,y\n", 0 },
	{ "LineId,Label,Timestamp,Date,Node,Time,NodeRepeat,Type,Component,Level,Content,EventId,"
	    "EventTemplate\n1,-,1117838570,2005.06.03,R02,x,R02,RAS,KERNEL,INFO,x,E1,y\n", 0 },
	{ "timestamp: 2025\ninsertId: x\n", 0 }, { "{\"timestamp\":\"t\",\"insertId\":1}\n", 0 },
	{ "", 0 }, { "\n\n", 0 }, { "insertId,logName\na,b\n", 0 },
	{ "# timestamp, insertId and logName\ntext\n", 0 },
};

static void
test_takes_log_entries_and_no_other_csv(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sniffs / sizeof sniffs[0]; i++) {
		int score = reader_gcp_csv.sniff(slice_str(sniffs[i].head), true);

		if (score != sniffs[i].score)
			fail_msg("%s: %d", sniffs[i].head, score);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logs_explorer_columns),
		cmocka_unit_test(test_gcloud_and_short_names),
		cmocka_unit_test(test_bigquery_columns),
		cmocka_unit_test(test_separators_bom_and_joined_files),
		cmocka_unit_test(test_values_in_payloads),
		cmocka_unit_test(test_messages_stay_text),
		cmocka_unit_test(test_damage_costs_only_itself),
		cmocka_unit_test(test_a_row_over_the_limit),
		cmocka_unit_test(test_mutations_cost_only_what_they_touch),
		cmocka_unit_test(test_takes_log_entries_and_no_other_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
