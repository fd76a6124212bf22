/*
 * test_entry_map.c - one JSON object to one entry: keys, precedence, severity, nasty values.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "model/severity.h"
#include "read/entry_map.h"
#include "read/json_lenient.h"
#include "read/severity_infer.h"

#define T "\"timestamp\":\"2025-09-16T01:42:58.995733Z\""

struct mapped {
	struct arena arena;
	struct buf scratch;
	struct entry entry;
	enum entry_mapped how;
};

static void
map(struct mapped *m, const char *text)
{
	struct json_fault fault;
	size_t bad;
	json_t *object;

	arena_init(&m->arena);
	buf_init(&m->scratch, 1 << 20);
	object = json_load_lenient(slice_str(text), &m->scratch, &bad, &fault);
	if (!object)
		fail_msg("%s: %s", text, fault.text);
	m->how = entry_map(object, NULL, &m->arena, &m->entry);
	json_decref(object);
}

static void
unmap(struct mapped *m)
{
	buf_release(&m->scratch);
	arena_release(&m->arena);
}

static void
assert_slice(struct slice s, const char *wanted)
{
	if (!slice_eqs(s, wanted))
		fail_msg("\"%.*s\" is not \"%s\"", SLICE_ARG(s), wanted);
}

static struct slice
field(const struct entry *e, const char *name)
{
	for (size_t i = 0; i < e->fields; i++) {
		if (slice_eqs(e->field[i].name, name))
			return e->field[i].value;
	}
	return slice_of(NULL, 0);
}

/* --- names of keys --- */

#define CAMEL "{\"insertId\":\"68c8\"," T "," \
	"\"receiveTimestamp\":\"2025-09-16T01:43:05.967637095Z\"," \
	"\"logName\":\"projects/shop/logs/run.googleapis.com%2Frequests\",\"severity\":\"ERROR\"," \
	"\"resource\":{\"type\":\"cloud_run_revision\",\"labels\":{\"service_name\":\"api\"," \
	"\"revision_name\":\"api-00001-abc\",\"location\":\"us-central1\"," \
	"\"project_id\":\"shop\"}}," \
	"\"labels\":{\"instanceId\":\"00fe\"},\"trace\":\"projects/shop/traces/bc37\"," \
	"\"spanId\":\"f3f5\",\"httpRequest\":{\"requestMethod\":\"GET\"," \
	"\"requestUrl\":\"https://api.example.com/health?x=1\",\"status\":503," \
	"\"latency\":\"3.786648988s\",\"responseSize\":\"67\",\"userAgent\":\"httpx\"," \
	"\"remoteIp\":\"203.0.113.9\",\"protocol\":\"HTTP/1.1\"}}"
#define SNAKE "{\"insert_id\":\"68c8\",\"timestamp\":\"2025-09-16T01:42:58.995733+00:00\"," \
	"\"receive_timestamp\":\"2025-09-16T01:43:05.967637095Z\"," \
	"\"log_name\":\"projects/shop/logs/run.googleapis.com%2Frequests\",\"severity\":500," \
	"\"resource\":{\"type\":\"cloud_run_revision\",\"labels\":{\"service_name\":\"api\"," \
	"\"revision_name\":\"api-00001-abc\",\"location\":\"us-central1\"," \
	"\"project_id\":\"shop\"}}," \
	"\"labels\":{\"instanceId\":\"00fe\"},\"trace\":\"projects/shop/traces/bc37\"," \
	"\"span_id\":\"f3f5\",\"http_request\":{\"method\":\"GET\"," \
	"\"url\":\"https://api.example.com/health?x=1\",\"status\":\"503\"," \
	"\"latency\":\"3.786648988s\",\"response_size\":67,\"user_agent\":\"httpx\"," \
	"\"remote_ip\":\"203.0.113.9\",\"protocol\":\"HTTP/1.1\"},\"text_payload\":\"\"," \
	"\"json_payload\":{},\"proto_payload\":null}"

static void
test_reads_both_spellings_of_every_key(void **state)
{
	static const char *const texts[] = { CAMEL, SNAKE };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct mapped m;
		const struct entry *e = &m.entry;
		char time[CLOCK_TEXT];

		map(&m, texts[i]);
		assert_int_equal(m.how, ENTRY_OK);
		assert_slice(e->insert_id, "68c8");
		assert_string_equal(clock_format(e->ts_ns, 9, time),
		    "2025-09-16T01:42:58.995733000Z");
		assert_string_equal(clock_format(e->receive_ns, 9, time),
		    "2025-09-16T01:43:05.967637095Z");
		assert_false(e->ts_assumed);
		assert_int_equal(e->severity, SEVERITY_ERROR);
		assert_false(e->severity_inferred);
		assert_slice(e->project, "shop");
		assert_slice(e->location, "us-central1");
		assert_slice(e->resource_type, "cloud_run_revision");
		assert_slice(e->log, "run.googleapis.com/requests");
		assert_slice(e->service, "api");
		assert_slice(e->revision, "api-00001-abc");
		assert_slice(e->instance, "00fe");
		assert_slice(e->trace, "bc37");
		assert_slice(e->span, "f3f5");
		assert_slice(e->message, "GET /health 503");
		assert_int_equal(e->payload_kind, PAYLOAD_NONE);
		assert_int_equal(e->payload.n, 0);
		assert_non_null(e->request);
		assert_slice(e->request->method, "GET");
		assert_slice(e->request->url, "https://api.example.com/health?x=1");
		assert_slice(e->request->path, "/health");
		assert_slice(e->request->user_agent, "httpx");
		assert_slice(e->request->remote_ip, "203.0.113.9");
		assert_slice(e->request->protocol, "HTTP/1.1");
		assert_int_equal(e->request->status, 503);
		assert_int_equal(e->request->latency_ns, INT64_C(3786648988));
		assert_int_equal(e->request->response_size, 67);
		assert_null(e->audit);
		unmap(&m);
	}
}

/* --- message and payload --- */

static const struct {
	const char *members;		/* beside the timestamp */
	const char *message, *payload;
	enum payload_kind kind;
} messages[] = {
	{ "\"textPayload\":\"a\",\"jsonPayload\":{\"message\":\"b\"}", "a",
		"{\"jsonPayload\":{\"message\":\"b\"},\"textPayload\":\"a\"}", PAYLOAD_TEXT },
	{ "\"jsonPayload\":{\"z\":1,\"msg\":\"m\",\"message\":\"b\"}", "b",
		"{\"jsonPayload\":{\"message\":\"b\",\"msg\":\"m\",\"z\":1}}", PAYLOAD_JSON },
	{ "\"jsonPayload\":{\"message\":{\"a\":1},\"msg\":\"m\"}", "m",
		"{\"jsonPayload\":{\"message\":{\"a\":1},\"msg\":\"m\"}}", PAYLOAD_JSON },
	{ "\"jsonPayload\":{\"message\":\"\",\"textPayload\":\"t\"}", "t",
		"{\"jsonPayload\":{\"message\":\"\",\"textPayload\":\"t\"}}", PAYLOAD_JSON },
	/* a placeholder that loggers add says nothing */
	{ "\"jsonPayload\":{\"error\":{\"message\":\"Missing field\",\"severity\":\"ERROR\"}}", "",
		"{\"jsonPayload\":{\"error\":{\"message\":\"Missing field\","
		"\"severity\":\"ERROR\"}}}",
		PAYLOAD_JSON },
	{ "\"textPayload\":\"\",\"jsonPayload\":{},\"protoPayload\":null,\"insertId\":\"x\"", "",
		"", PAYLOAD_NONE },
	{ "\"httpRequest\":{\"status\":404,\"requestMethod\":\"GET\",\"requestUrl\":\"/a?b#c\"}",
		"GET /a 404", "", PAYLOAD_NONE },
	{ "\"httpRequest\":{\"requestUrl\":\"https://h\"}", "/", "", PAYLOAD_NONE },
	{ "\"httpRequest\":{\"status\":500},\"textPayload\":\"failed\"", "failed",
		"{\"textPayload\":\"failed\"}", PAYLOAD_TEXT },
	{ "\"httpRequest\":{},\"severity\":\"INFO\"", "", "", PAYLOAD_NONE },
	{ "\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","
		"\"methodName\":\"/Services.ReplaceService\",\"status\":{\"message\":\"Ready\"}}",
		"/Services.ReplaceService: Ready",
		"{\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","
		"\"methodName\":\"/Services.ReplaceService\",\"status\":{\"message\":\"Ready\"}}}",
		PAYLOAD_PROTO },
	/* the same record as a client library exports it */
	{ "\"json_payload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","
		"\"methodName\":\"m\"}", "m",
		"{\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","
		"\"methodName\":\"m\"}}", PAYLOAD_PROTO },
	{ "\"textPayload\":\"[35m[1masync[0m caf\\u00c3\\u00a9\"", "async caf\u00e9",
		"{\"textPayload\":\"[35m[1masync[0m caf\u00c3\u00a9\"}",
		PAYLOAD_TEXT },
	{ "\"textPayload\":\"\\u001b[32mgreen\\u001b[0m | <red>bad</red> <b>\"", "green | bad <b>",
		"{\"textPayload\":\"\\u001B[32mgreen\\u001B[0m | <red>bad</red> <b>\"}",
		PAYLOAD_TEXT },
	/* of another type than the key says */
	{ "\"textPayload\":17", "17", "{\"textPayload\":17}", PAYLOAD_TEXT },
	{ "\"text_payload\":false", "false", "{\"textPayload\":false}", PAYLOAD_TEXT },
	{ "\"textPayload\":[\"a\", {\"z\": 1, \"b\": null}]", "[\"a\",{\"b\":null,\"z\":1}]",
		"{\"textPayload\":[\"a\",{\"b\":null,\"z\":1}]}", PAYLOAD_TEXT },
	{ "\"textPayload\":{\"message\":\"m\"},\"jsonPayload\":{\"message\":\"b\"}",
		"{\"message\":\"m\"}",
		"{\"jsonPayload\":{\"message\":\"b\"},\"textPayload\":{\"message\":\"m\"}}",
		PAYLOAD_TEXT },
	{ "\"jsonPayload\":\"str\"", "str", "{\"jsonPayload\":\"str\"}", PAYLOAD_JSON },
	{ "\"jsonPayload\":1.5", "1.5", "{\"jsonPayload\":1.5}", PAYLOAD_JSON },
	{ "\"jsonPayload\":[1, \"a\"]", "[1,\"a\"]", "{\"jsonPayload\":[1,\"a\"]}",
		PAYLOAD_JSON },
	{ "\"textPayload\":[],\"jsonPayload\":\"\"", "", "", PAYLOAD_NONE },
};

static void
test_takes_the_message_by_precedence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		struct mapped m;
		char text[600];

		snprintf(text, sizeof text, "{" T ",%s}", messages[i].members);
		map(&m, text);
		assert_int_equal(m.how, ENTRY_OK);
		assert_slice(m.entry.message, messages[i].message);
		assert_slice(m.entry.payload, messages[i].payload);
		assert_int_equal(m.entry.payload_kind, messages[i].kind);
		unmap(&m);
	}
}

static void
test_keeps_who_did_what_of_an_audit_record(void **state)
{
	struct mapped m;

	(void)state;
	map(&m, "{" T ",\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit."
	    "AuditLog\",\"methodName\":\"ReplaceService\",\"authenticationInfo\":"
	    "{\"principalEmail\":\"ci@example.com\"},\"requestMetadata\":{\"callerIp\":\"1.2.3.4\","
	    "\"callerSuppliedUserAgent\":\"gcloud.run.deploy\"},\"status\":{\"code\":7},"
	    "\"request\":{\"env\":\"secret\"},\"resourceName\":\"namespaces/p/services/api\"}}");
	assert_non_null(m.entry.audit);
	assert_slice(m.entry.audit->method, "ReplaceService");
	assert_slice(m.entry.audit->principal, "ci@example.com");
	assert_slice(m.entry.audit->agent, "gcloud.run.deploy");
	assert_int_equal(m.entry.audit->status.n, 0);
	assert_slice(field(&m.entry, "protoPayload.status.code"), "7");
	assert_slice(field(&m.entry, "protoPayload.resourceName"), "namespaces/p/services/api");
	assert_slice(field(&m.entry, "protoPayload.authenticationInfo.principalEmail"),
	    "ci@example.com");
	assert_int_equal(field(&m.entry, "protoPayload.request.env").n, 0);
	assert_int_equal(m.entry.fields, 5);
	unmap(&m);
}

static void
test_a_payload_of_another_type_is_a_message_and_no_field(void **state)
{
	struct mapped m;

	(void)state;
	map(&m, "{" T ",\"jsonPayload\":\"ERROR: the disk is full\"}");
	assert_slice(m.entry.message, "ERROR: the disk is full");
	assert_int_equal(m.entry.severity, SEVERITY_ERROR);
	assert_int_equal(m.entry.fields, 0);
	unmap(&m);
	/* JSON states no level by how it begins */
	map(&m, "{" T ",\"textPayload\":[\"ERROR: the disk is full\"]}");
	assert_slice(m.entry.message, "[\"ERROR: the disk is full\"]");
	assert_false(m.entry.severity_inferred);
	unmap(&m);
	/* each element may be asked for */
	map(&m, "{" T ",\"jsonPayload\":[{\"code\":7}]}");
	assert_slice(field(&m.entry, "jsonPayload.code"), "7");
	unmap(&m);
}

static void
test_tells_what_was_cut(void **state)
{
	static const struct { const char *text; bool open, closed; } tags[] = {
		{ "<red>a", true, false }, { "a</red>", false, true }, { "<red>a</red>", false, false },
		{ "<red><bold>a</bold>", true, false }, { "</red>a<red>", true, true },
		{ "a <b> c", false, false }, { "a < b", false, false }, { "<", false, false },
	};
	struct mapped m;

	(void)state;
	map(&m, "{" T ",\"textPayload\":\"a\",\"split\":{\"uid\":\"u\",\"index\":2,"
	    "\"totalSplits\":\"3\"}}");
	assert_slice(m.entry.split_uid, "u");
	assert_true(m.entry.split_index == 2 && m.entry.split_total == 3);
	unmap(&m);
	map(&m, "{" T ",\"textPayload\":\"a\",\"split\":{\"uid\":\"u\",\"total_splits\":4}}");
	assert_true(m.entry.split_index == 0 && m.entry.split_total == 4);
	unmap(&m);
	map(&m, "{" T ",\"textPayload\":\"a\",\"split\":{\"uid\":\"u\",\"totalSplits\":-4}}");
	assert_true(m.entry.split_total == 0);
	unmap(&m);
	map(&m, "{" T ",\"textPayload\":\"a\",\"split\":[\"uid\"]}");
	assert_true(m.entry.split_uid.n == 0 && m.entry.split_total == 0);
	unmap(&m);
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		char text[200];

		snprintf(text, sizeof text, "{" T ",\"textPayload\":\"%s\"}", tags[i].text);
		map(&m, text);
		if (m.entry.tag_open != tags[i].open || m.entry.tag_closed != tags[i].closed)
			fail_msg("%s: open %d, closed %d", tags[i].text, m.entry.tag_open,
			    m.entry.tag_closed);
		unmap(&m);
	}
}

static void
test_flattens_scalars_into_dotted_names(void **state)
{
	struct mapped m;
	const struct entry *e = &m.entry;

	(void)state;
	map(&m, "{" T ",\"labels\":{\"instanceId\":\"i\",\"migration-run\":\"1\"},"
	    "\"resource\":{\"labels\":{\"job_name\":\"nightly\"}},\"errorGroups\":[{\"id\":\"CP\"},"
	    "{\"id\":\"CQ\"}],\"sourceLocation\":{\"file\":\"a.py\",\"line\":\"12\"},"
	    "\"jsonPayload\":{\"message\":\"m\",\"n\":1,\"r\":0.1,\"big\":1e300,\"t\":true,"
	    "\"z\":null,\"error\":{\"type\":\"str\"},\"list\":[1,[2,{\"a\":3}]]}}");
	assert_slice(field(e, "labels.migration-run"), "1");
	assert_slice(field(e, "resource.labels.job_name"), "nightly");
	assert_slice(e->service, "nightly");
	assert_slice(field(e, "errorGroups.id"), "CP");
	assert_slice(field(e, "sourceLocation.line"), "12");
	assert_slice(field(e, "jsonPayload.n"), "1");
	assert_slice(field(e, "jsonPayload.r"), "0.1");
	assert_slice(field(e, "jsonPayload.big"), "1e300");
	assert_slice(field(e, "jsonPayload.t"), "true");
	assert_slice(field(e, "jsonPayload.z"), "null");
	assert_slice(field(e, "jsonPayload.error.type"), "str");
	assert_slice(field(e, "jsonPayload.list"), "1");
	assert_slice(field(e, "jsonPayload.list.a"), "3");
	assert_int_equal(field(e, "jsonPayload.message").n, 0);
	assert_int_equal(e->fields, 16);
	unmap(&m);
}

static void
test_bounds_the_number_and_the_names_of_fields(void **state)
{
	struct buf text;
	struct mapped m;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_puts(&text, "{" T ",\"jsonPayload\":{\"");
	for (int i = 0; i < 200; i++)
		buf_puts(&text, "\xc3\xa4");
	buf_puts(&text, "\":1");
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, ",\"k%d\":%d", i, i);
	buf_puts(&text, "}}");
	map(&m, text.p);
	assert_int_equal(m.entry.fields, ENTRY_FIELDS);
	assert_true(m.entry.field[0].name.n <= ENTRY_NAME + 2);
	assert_slice(field(&m.entry, "jsonPayload.k254"), "254");
	unmap(&m);
	buf_release(&text);
}

/* --- time --- */

static void
test_reads_times_without_a_zone_in_the_zone_given(void **state)
{
	static const struct {
		const char *text, *time, *receive;
		bool assumed;
	} cases[] = {
		{ "{\"timestamp\":\"2025-09-15 18:42:34.337\",\"severity\":\"INFO\"}",
			"2025-09-16T01:42:34.337000000Z", "-", true },
		{ "{\"timestamp\":\"2025-09-15T18:42:34Z\",\"receiveTimestamp\":"
			"\"2025-09-15T18:42:35\",\"severity\":\"INFO\"}",
			"2025-09-15T18:42:34.000000000Z", "2025-09-16T01:42:35.000000000Z", false },
		{ "{\"timestamp\":{\"seconds\":1757986978},\"severity\":\"INFO\"}",
			"2025-09-16T01:42:58.000000000Z", "-", false },
	};
	struct zone *zone;
	struct err e;

	(void)state;
	assert_int_equal(zone_open("-07:00", &zone, &e), 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *object = json_loads(cases[i].text, 0, NULL);
		struct entry entry;
		struct arena a;
		char time[CLOCK_TEXT];

		arena_init(&a);
		assert_int_equal(entry_map(object, zone, &a, &entry), ENTRY_OK);
		assert_string_equal(clock_format(entry.ts_ns, 9, time), cases[i].time);
		assert_string_equal(clock_format(entry.receive_ns, 9, time), cases[i].receive);
		assert_int_equal(entry.ts_assumed, cases[i].assumed);
		json_decref(object);
		arena_release(&a);
	}
	zone_free(zone);
}

static const struct {
	const char *text;
	enum entry_mapped how;
	const char *time;
	bool assumed;
} times[] = {
	{ "{\"timestamp\":\"2025-09-16T01:42:34.337Z\",\"severity\":\"INFO\"}", ENTRY_OK,
		"2025-09-16T01:42:34.337000000Z", false },
	{ "{\"timestamp\":\"2025-09-16T03:42:34+02:00\",\"severity\":\"INFO\"}", ENTRY_OK,
		"2025-09-16T01:42:34.000000000Z", false },
	{ "{\"timestamp\":\"2025-09-16 01:42:34.5\",\"severity\":\"INFO\"}", ENTRY_OK,
		"2025-09-16T01:42:34.500000000Z", true },
	{ "{\"timestamp\":{\"seconds\":\"1757986954\",\"nanos\":5},\"severity\":\"INFO\"}",
		ENTRY_OK, "2025-09-16T01:42:34.000000005Z", false },
	{ "{\"receiveTimestamp\":\"2025-09-16T01:42:34Z\",\"severity\":\"INFO\"}", ENTRY_OK,
		"2025-09-16T01:42:34.000000000Z", false },
	{ "{\"timestamp\":\"\",\"receive_timestamp\":\"2025-09-16T01:42:34\",\"insertId\":\"x\"}",
		ENTRY_OK, "2025-09-16T01:42:34.000000000Z", true },
	{ "{\"timestamp\":\"soon\",\"severity\":\"INFO\"}", ENTRY_NO_CLOCK, NULL, false },
	{ "{\"timestamp\":12,\"severity\":\"INFO\"}", ENTRY_NO_CLOCK, NULL, false },
	{ "{\"timestamp\":{\"seconds\":9223372036854775807},\"severity\":\"INFO\"}", ENTRY_NO_CLOCK,
		NULL, false },
	{ "{\"textPayload\":\"x\"}", ENTRY_NO_CLOCK, NULL, false },
	{ "{}", ENTRY_NONE, NULL, false },
	{ "{" T ",\"message\":\"x\"}", ENTRY_NONE, NULL, false },
	{ "{" T ",\"severity\":\"INFO\",\"textPayload\":\"x\",\"source\":\"fallback\"}",
		ENTRY_MADE_UP, NULL, false },
};

static void
test_reads_the_time_or_says_that_there_is_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		struct mapped m;
		char time[CLOCK_TEXT];

		map(&m, times[i].text);
		if (m.how != times[i].how)
			fail_msg("%s: %d", times[i].text, m.how);
		if (m.how == ENTRY_OK) {
			assert_string_equal(clock_format(m.entry.ts_ns, 9, time), times[i].time);
			assert_int_equal(m.entry.ts_assumed, times[i].assumed);
		}
		unmap(&m);
	}
}

/* --- severity --- */

static const struct {
	const char *members;
	int severity;
	const char *by;		/* NULL: as stated, or none */
} severities[] = {
	{ "\"severity\":\"WARNING\",\"textPayload\":\"[ERROR] x\"", 400, NULL },
	{ "\"severity\":\"info\"", 200, NULL },
	{ "\"severity\":400", 400, NULL },
	{ "\"severity\":\"400\"", 400, NULL },
	{ "\"severity\":-5,\"insertId\":\"x\"", 0, NULL },
	{ "\"severity\":\"DEFAULT\",\"textPayload\":\"ERROR: x\"", 500, "level-column" },
	{ "\"severity\":0,\"textPayload\":\"ERROR: x\"", 500, "level-column" },
	{ "\"severity\":null,\"textPayload\":\"nothing\"", 0, NULL },
	{ "\"textPayload\":\"[2025-09-16 00:41:34 +0000] [14] [ERROR] Exception\"", 500,
		"gunicorn-level" },
	{ "\"textPayload\":\"Traceback (most recent call last):\\n  File\"", 500, "traceback" },
	{ "\"textPayload\":\"\\u001b[32m2025-08-28 00:20:34.620\\u001b[0m | \\u001b[31m\\u001b[1m"
		"ERROR   \\u001b[0m | a:b:1\"", 500, "level-column" },
	{ "\"jsonPayload\":{\"level\":\"warn\",\"message\":\"ERROR: x\"}", 400, "json-level" },
	{ "\"jsonPayload\":{\"levelname\":\"CRITICAL\",\"message\":\"x\"}", 600, "json-level" },
	{ "\"jsonPayload\":{\"level\":50,\"message\":\"x\"}", 0, NULL },
	{ "\"jsonPayload\":{\"message\":\"ok\",\"error\":{\"severity\":\"ERROR\"},"
		"\"validation\":{\"severity\":\"ERROR\"}}", 0, NULL },
	{ "\"jsonPayload\":{\"message\":\"INFO:     Started server\"}", 200, "level-column" },
	{ "\"textPayload\":\"During handling of the above exception, another exception occurred:\"",
		0, NULL },
};

static void
test_infers_a_missing_severity_and_keeps_a_stated_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++) {
		struct mapped m;
		char text[400];

		snprintf(text, sizeof text, "{" T ",%s}", severities[i].members);
		map(&m, text);
		assert_int_equal(m.how, ENTRY_OK);
		if (m.entry.severity != severities[i].severity)
			fail_msg("%s: %d", text, m.entry.severity);
		assert_int_equal(m.entry.severity_inferred, severities[i].by != NULL);
		if (severities[i].by)
			assert_string_equal(m.entry.severity_by, severities[i].by);
		else
			assert_null(m.entry.severity_by);
		unmap(&m);
	}
}

static const struct {
	const char *message;
	int severity;		/* -1: none */
} starts[] = {
	{ "2025-08-25 16:22:10.065 | WARNING  | mod:fn:150 | text", 400 },
	{ "2025-08-25T16:22:10Z | SUCCESS | x", 200 },
	{ "2025-08-28 00:23:46,795 - app - app.db - INFO - Database", 200 },
	{ "2025-08-28 00:23:46,795 - ERROR - x", 500 },
	{ "2025-08-28 00:23:46,795 ERROR [main] x", 500 },
	{ "2025/08/28 00:23:46 [error] 7#7: *1 x", 500 },
	{ "2025-08-28T00:23:46.795+02:00 FATAL: x", 600 },
	{ "ERROR:    Exception in ASGI application", 500 },
	{ "ERROR:root:x", 500 },
	{ "WARN - x", 400 },
	{ "[WARNING] x", 400 },
	{ "[error] x", 500 },
	{ "level=error msg=x", 500 },
	{ "time=\"2025-08-28T00:23:46Z\" level=warning msg=x", 400 },
	{ "ts=1.5 level=info", 200 },
	{ "level=\"debug\" x", 100 },
	{ "  + Exception Group Traceback (most recent call last):", 500 },
	/* words in prose, decoys, and other places */
	{ "", -1 },
	{ "ERROR", -1 },
	{ "Error: connect ECONNREFUSED", -1 },
	{ "ERROR something", -1 },
	{ "the level is ERROR: x", -1 },
	{ "Finished with [ERROR] x", -1 },
	{ "[ERROR_CODE] x", -1 },
	{ "[14] [ERROR] x", -1 },
	{ "ERRORS: none", -1 },
	{ "DEFAULT: x", -1 },
	{ "500: x", -1 },
	{ "level=errors x", -1 },
	{ "level=", -1 },
	{ "2025-08-28 00:23:46,795 - a long name - ERROR - x", -1 },
	{ "2025-08-28 00:23:46,795 Error in main", -1 },
	{ "2025-08-28 | ERROR | x", -1 },
	{ "169.254.169.126:40856 - \"GET /health HTTP/1.1\" 500", -1 },
	{ "[2025-09-16 00:41:34 +0000] [14] [ERRO", -1 },
};

static void
test_reads_a_level_only_where_loggers_print_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		int severity = -1;
		const char *by = severity_infer(slice_str(starts[i].message), &severity);

		if (severity != starts[i].severity)
			fail_msg("%s: %d by %s", starts[i].message, severity, by ? by : "nothing");
		assert_int_equal(by != NULL, severity >= 0);
	}
}

static void
test_severity_words_and_numbers(void **state)
{
	static const struct {
		const char *word;
		int severity;
	} words[] = {
		{ "DEFAULT", 0 }, { "debug", 100 }, { "Info", 200 }, { "NOTICE", 300 },
		{ "WARN", 400 }, { "warning", 400 }, { "err", 500 }, { "FATAL", 600 },
		{ "ALERT", 700 }, { "EMERGENCY", 800 }, { "500", 500 }, { " ERROR ", 500 },
		{ "0", 0 }, { "801", -1 }, { "-1", -1 }, { "", -1 }, { "bad", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		int severity = -1;

		assert_int_equal(severity_of(slice_str(words[i].word), &severity),
		    words[i].severity >= 0);
		assert_int_equal(severity, words[i].severity);
	}
	assert_string_equal(severity_name(0), "DEFAULT");
	assert_string_equal(severity_name(-1), "DEFAULT");
	assert_string_equal(severity_name(99), "DEFAULT");
	assert_string_equal(severity_name(450), "WARNING");
	assert_string_equal(severity_name(500), "ERROR");
	assert_string_equal(severity_name(9999), "EMERGENCY");
}

/* --- nasty values --- */

static const struct {
	const char *text;	/* of jsonPayload.v */
	const char *value;	/* of the field, NULL when it is no scalar */
	size_t bad_utf8;
} nasty[] = {
	{ "9223372036854775807", "9223372036854775807", 0 },
	{ "9223372036854775808", "9223372036854775808", 0 },
	{ "-99999999999999999999", "-99999999999999999999", 0 },
	{ "1e309", "1e309", 0 },
	{ "NaN", "NaN", 0 },
	{ "-Infinity", "-Infinity", 0 },
	{ "\"\\ud800x\"", "\xef\xbf\xbdx", 0 },
	{ "\"\\udc00\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", 0 },
	{ "\"a\xff\"", "a\xef\xbf\xbd", 1 },
	{ "\"tab\there\"", "tab\there", 0 },
	{ "{\"\\u0000\":1}", NULL, 0 },
	{ "[{\"\\ud800\":18446744073709551616}]", NULL, 0 },
};

static void
test_keeps_entries_with_values_that_no_parser_likes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof nasty / sizeof nasty[0]; i++) {
		struct json_fault fault;
		struct buf scratch;
		struct arena arena;
		struct entry entry;
		char text[300];
		size_t bad;
		json_t *object;

		snprintf(text, sizeof text, "{" T ",\"jsonPayload\":{\"message\":\"m\",\"v\":%s}}",
		    nasty[i].text);
		arena_init(&arena);
		buf_init(&scratch, 4096);
		object = json_load_lenient(slice_str(text), &scratch, &bad, &fault);
		if (!object)
			fail_msg("%s: %s", text, fault.text);
		assert_int_equal(bad, nasty[i].bad_utf8);
		assert_int_equal(entry_map(object, NULL, &arena, &entry), ENTRY_OK);
		assert_slice(entry.message, "m");
		if (nasty[i].value)
			assert_slice(field(&entry, "jsonPayload.v"), nasty[i].value);
		json_decref(object);
		buf_release(&scratch);
		arena_release(&arena);
	}
}

static void
test_refuses_what_no_rewriting_can_save(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
		{ "{\"a\":\"\\q\"}", 7 }, { "{\"a\":01}", 6 }, { "{\"a\":None}", 8 },
		{ "{\"a\":1.}", 6 }, { "{\"a\":\"\\u12\"}", 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct json_fault fault = { .text = "" };
		struct buf scratch;
		size_t bad;

		buf_init(&scratch, 4096);
		assert_null(json_load_lenient(slice_str(cases[i].text), &scratch, &bad, &fault));
		assert_true(strlen(fault.text) > 0);
		assert_in_range(fault.at, 1, strlen(cases[i].text));
		buf_release(&scratch);
	}
}

/* types that are not what the format says must neither crash nor be taken for text */
static void
test_survives_members_of_the_wrong_type(void **state)
{
	static const char *const key[] = { "insertId", "logName", "resource", "labels",
		"httpRequest", "textPayload", "jsonPayload", "protoPayload", "severity",
		"trace", "spanId", "errorGroups", "sourceLocation", "receiveTimestamp" };
	static const char *const value[] = { "1", "1.5", "true", "null", "\"\"", "\"/\"", "[]",
		"[1,[2]]", "{}", "{\"labels\":3,\"status\":[],\"@type\":7,\"id\":null}",
		"{\"latency\":-1,\"requestUrl\":{},\"message\":{}}" };

	(void)state;
	for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
		for (size_t k = 0; k < sizeof value / sizeof value[0]; k++) {
			struct mapped m;
			char text[300];

			snprintf(text, sizeof text, "{" T ",\"%s\":%s}", key[i], value[k]);
			map(&m, text);
			assert_true(m.how == ENTRY_OK || m.how == ENTRY_NONE);
			if (m.how == ENTRY_OK && m.entry.request)
				assert_true(m.entry.request->latency_ns == CLOCK_NONE);
			unmap(&m);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_both_spellings_of_every_key),
		cmocka_unit_test(test_takes_the_message_by_precedence),
		cmocka_unit_test(test_keeps_who_did_what_of_an_audit_record),
		cmocka_unit_test(test_a_payload_of_another_type_is_a_message_and_no_field),
		cmocka_unit_test(test_tells_what_was_cut),
		cmocka_unit_test(test_flattens_scalars_into_dotted_names),
		cmocka_unit_test(test_bounds_the_number_and_the_names_of_fields),
		cmocka_unit_test(test_reads_the_time_or_says_that_there_is_none),
		cmocka_unit_test(test_reads_times_without_a_zone_in_the_zone_given),
		cmocka_unit_test(test_infers_a_missing_severity_and_keeps_a_stated_one),
		cmocka_unit_test(test_reads_a_level_only_where_loggers_print_it),
		cmocka_unit_test(test_severity_words_and_numbers),
		cmocka_unit_test(test_keeps_entries_with_values_that_no_parser_likes),
		cmocka_unit_test(test_refuses_what_no_rewriting_can_save),
		cmocka_unit_test(test_survives_members_of_the_wrong_type),
	};

	return cmocka_run_group_tests_name("entry_map", tests, NULL, NULL);
}
