/*
 * entry_map.c - the fields of LogEntry, one small function per group.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/zone.h"
#include "model/severity.h"
#include "read/entry_fields.h"
#include "read/entry_map.h"
#include "read/entry_variant.h"
#include "read/json_split.h"
#include "read/severity_infer.h"

/* what may identify an entry; the first groups are told apart by their place */
#define KEY(text) { text, sizeof(text) - 1 }

static const struct slice keys[] = {
	KEY("timestamp"), KEY("receiveTimestamp"), KEY("receive_timestamp"),
	KEY("insertId"), KEY("insert_id"), KEY("logName"), KEY("log_name"), KEY("resource"),
	KEY("textPayload"), KEY("text_payload"), KEY("jsonPayload"), KEY("json_payload"),
	KEY("protoPayload"), KEY("proto_payload"), KEY("jsonpayload"),
	KEY("protopayload_auditlog"), KEY("raw_payload"), KEY("httpRequest"), KEY("http_request"),
	KEY("severity"), KEY("source"),
	/* of messages of Pub/Sub, which may hold an entry */
	KEY("message"), KEY("ackId"), KEY("ack_id"), KEY("subscription"),
	KEY("data"), KEY("messageId"), KEY("message_id"), KEY("publishTime"), KEY("publish_time"),
	/* what says nothing by itself */
	KEY("errorGroups"), KEY("labels"), KEY("operation"), KEY("receiveLocation"),
	KEY("sourceLocation"), KEY("source_location"), KEY("spanId"), KEY("span_id"), KEY("trace"),
	KEY("traceSampled"), KEY("trace_sampled")
};

#define KEYS (sizeof keys / sizeof keys[0])
#define BITS(from, n) (((UINT64_C(1) << (n)) - 1) << (from))
#define KEYS_TIME BITS(0, 3)
#define KEYS_ID BITS(3, 2)
#define KEYS_NAME BITS(3, 4)		/* what no other record has */
#define KEYS_ORIGIN BITS(3, 5)		/* who wrote it and where: a made-up entry has none */
#define KEYS_PAYLOAD BITS(8, 9)
#define KEYS_STRONG BITS(3, 16)
#define KEY_SEVERITY BITS(19, 1)
#define KEYS_ENTRY (KEYS_STRONG | KEY_SEVERITY)
#define KEY_SOURCE BITS(20, 1)
#define KEY_MESSAGE BITS(21, 1)
#define KEYS_ACK BITS(22, 2)
#define KEY_SUBSCRIPTION BITS(24, 1)
#define KEY_DATA BITS(25, 1)
#define KEYS_PUBLISHED BITS(26, 4)

/* --- looking at JSON --- */

static bool
is_empty(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_NULL:
		return true;
	case JSON_STRING:
		return json_string_length(v) == 0;
	case JSON_OBJECT:
		return json_object_size(v) == 0;
	case JSON_ARRAY:
		return json_array_size(v) == 0;
	default:
		return false;
	}
}

/* the member of either name, NULL when it is not there or empty */
static json_t *
get(const json_t *object, const char *camel, const char *snake)
{
	json_t *v = json_object_get(object, camel);

	if ((!v || is_empty(v)) && snake)
		v = json_object_get(object, snake);
	return v && !is_empty(v) ? v : NULL;
}

static struct slice
text_of(const json_t *v)
{
	if (!json_is_string(v))
		return slice_of(NULL, 0);
	return slice_of(json_string_value(v), json_string_length(v));
}

static struct slice
get_text(const json_t *object, const char *camel, const char *snake)
{
	return text_of(get(object, camel, snake));
}

static struct slice
copy(struct arena *a, struct slice s)
{
	return s.n > 0 ? arena_copy(a, s) : slice_of(NULL, 0);
}

/* the first of several members that is a text */
static struct slice
first_text(const json_t *object, const char *const *name)
{
	struct slice s = { NULL, 0 };

	for (; *name && s.n == 0; name++)
		s = get_text(object, *name, NULL);
	return s;
}

/* an integer, also as text, as 64-bit numbers are written in the JSON of protocol buffers */
static bool
get_integer(const json_t *object, const char *camel, const char *snake, int64_t *value)
{
	const json_t *v = get(object, camel, snake);

	if (!json_is_integer(v))
		return slice_to_int64(text_of(v), value);
	*value = json_integer_value(v);
	return true;
}

/* --- time --- */

/* {"seconds":1757986978,"nanos":995733000}, as protocol buffers are dumped by some tools */
static bool
time_of_parts(const json_t *v, int64_t *ns)
{
	int64_t seconds, nanos = 0;

	if (!json_is_object(v) || !get_integer(v, "seconds", NULL, &seconds))
		return false;
	get_integer(v, "nanos", NULL, &nanos);
	if (nanos < 0 || nanos >= CLOCK_NS_PER_S)
		return false;
	if (__builtin_mul_overflow(seconds, CLOCK_NS_PER_S, ns) ||
	    __builtin_add_overflow(*ns, nanos, ns))
		return false;
	return *ns != CLOCK_NONE;
}

/*
 * 1757986978.995733, as a number or a text, as some databases print times: seconds since 1970,
 * not before 1973; from 1e11 on milliseconds, from 1e14 on microseconds, from 1e17 on nanoseconds
 */
static bool
time_of_number(const json_t *v, int64_t *ns)
{
	double number = json_number_value(v);
	int64_t unit = 1, whole;

	if (!json_is_number(v) && !slice_to_double(text_of(v), &number))
		return false;
	if (number < 1e8 || number >= 9e18)
		return false;
	if (!json_is_integer(v) || json_integer_value(v) < INT64_C(100000000000)) {
		if (number >= 1e11)
			return false;
		*ns = (int64_t)(number * 1e6 + 0.5);
		return !__builtin_mul_overflow(*ns, INT64_C(1000), ns);
	}
	whole = json_integer_value(v);
	unit = number < 1e14 ? 1000000 : number < 1e17 ? 1000 : 1;
	return !__builtin_mul_overflow(whole, unit, ns);
}

static int64_t
get_time(const json_t *object, const char *camel, const char *snake, const struct zone *in,
    bool *assumed)
{
	const json_t *v = get(object, camel, snake);
	enum clock_zone zone = CLOCK_ZONE_KNOWN;
	int64_t ns;

	if (!v || (!zone_parse_clock(in, text_of(v), &ns, &zone) && !time_of_parts(v, &ns) &&
	    !time_of_number(v, &ns)))
		return CLOCK_NONE;
	*assumed = zone == CLOCK_ZONE_ASSUMED;
	return ns;
}

static bool
map_time(const json_t *object, const struct zone *zone, struct entry *out)
{
	bool assumed = false;

	out->receive_ns = get_time(object, "receiveTimestamp", "receive_timestamp", zone,
	    &assumed);
	out->ts_assumed = assumed;
	out->ts_ns = get_time(object, "timestamp", NULL, zone, &out->ts_assumed);
	if (out->ts_ns != CLOCK_NONE)
		return true;
	out->ts_assumed = assumed;
	out->ts_ns = out->receive_ns;
	return out->ts_ns != CLOCK_NONE;
}

/* --- where it comes from --- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct slice
percent_decode(struct arena *a, struct slice s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0, fixed;

	for (size_t i = 0; i < s.n; i++) {
		int high = -1, low = -1;

		if (s.p[i] == '%' && i + 2 < s.n) {
			high = hex_digit(s.p[i + 1]);
			low = hex_digit(s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return text_utf8(a, slice_of(out, n), &fixed);
}

/* "projects/P/logs/run.googleapis.com%2Fstderr": project P, log "run.googleapis.com/stderr" */
static void
map_log(struct slice name, struct arena *a, struct entry *out)
{
	size_t logs = slice_find(name, 0, SLICE("/logs/"));
	struct slice owner = slice_sub(name, 0, logs == SIZE_MAX ? 0 : logs);

	if (slice_take_str(&owner, "projects/"))
		out->project = copy(a, owner);
	if (logs != SIZE_MAX)
		name = slice_sub(name, logs + 6, name.n);
	if (name.n > 0)
		out->log = percent_decode(a, name);
}

/* an execution of a job is its revision, a task of it the instance */
static void
map_job(const json_t *labels, struct arena *a, struct entry *out)
{
	struct slice task = get_text(labels, "run.googleapis.com/task_index", NULL);
	struct slice attempt = get_text(labels, "run.googleapis.com/task_attempt", NULL);

	if (out->revision.n == 0)
		out->revision = copy(a, get_text(labels, "run.googleapis.com/execution_name",
		    NULL));
	if (out->instance.n > 0 || task.n == 0)
		return;
	if (attempt.n == 0)
		attempt = SLICE("0");
	out->instance = slice_str(arena_printf(a, "task %.*s attempt %.*s", SLICE_ARG(task),
	    SLICE_ARG(attempt)));
}

static void
map_origin(const json_t *object, struct arena *a, struct entry *out)
{
	static const char *const service[] = { "service_name", "job_name", "worker_pool_name",
		"function_name", NULL };
	static const char *const location[] = { "location", "region", "zone", NULL };
	const json_t *resource = get(object, "resource", NULL);
	const json_t *of = get(resource, "labels", NULL);
	struct slice s;

	map_log(get_text(object, "logName", "log_name"), a, out);
	if (out->project.n == 0)
		out->project = copy(a, get_text(of, "project_id", NULL));
	out->resource_type = copy(a, get_text(resource, "type", NULL));
	out->service = copy(a, first_text(of, service));
	out->location = copy(a, first_text(of, location));
	out->revision = copy(a, get_text(of, "revision_name", NULL));
	s = get_text(get(object, "labels", NULL), "instanceId", "instance_id");
	out->instance = copy(a, s.n > 0 ? s : get_text(of, "instance_id", NULL));
	if (slice_eqs(out->resource_type, "cloud_run_job"))
		map_job(get(object, "labels", NULL), a, out);
	out->insert_id = copy(a, get_text(object, "insertId", "insert_id"));
	s = get_text(object, "trace", NULL);
	if (slice_rfind_byte(s, '/') != SIZE_MAX)
		s = slice_sub(s, slice_rfind_byte(s, '/') + 1, s.n);
	out->trace = copy(a, s);
	out->span = copy(a, get_text(object, "spanId", "span_id"));
}

/* --- the request --- */

static struct slice
url_path(struct slice url)
{
	size_t scheme = slice_find(url, 0, SLICE("://")), end;

	if (scheme != SIZE_MAX) {
		size_t slash = slice_find_byte(url, scheme + 3, '/');

		if (slash == SIZE_MAX)
			return SLICE("/");
		url = slice_sub(url, slash, url.n);
	}
	end = slice_find_byte(url, 0, '?');
	url = slice_sub(url, 0, end == SIZE_MAX ? url.n : end);
	end = slice_find_byte(url, 0, '#');
	return slice_sub(url, 0, end == SIZE_MAX ? url.n : end);
}

static bool
all_empty(const json_t *object)
{
	void *iter = json_object_iter((json_t *)object);

	while (iter && is_empty(json_object_iter_value(iter)))
		iter = json_object_iter_next((json_t *)object, iter);
	return iter == NULL;
}

static int64_t
latency_of(const json_t *v)
{
	int64_t ns;

	if (time_of_parts(v, &ns))
		return ns >= 0 ? ns : CLOCK_NONE;
	if (json_is_number(v)) {
		double seconds = json_number_value(v);

		return seconds >= 0 && seconds < 1e9 ? (int64_t)(seconds * 1e9) : CLOCK_NONE;
	}
	return clock_parse_duration(text_of(v), &ns) && ns >= 0 ? ns : CLOCK_NONE;
}

static const struct request *
map_request(const json_t *object, struct arena *a)
{
	const json_t *http = get(object, "httpRequest", "http_request");
	struct slice url, agent;
	struct request *r;
	int64_t number;

	if (!json_is_object(http) || all_empty(http))
		return NULL;
	r = arena_alloc(a, sizeof *r);
	r->method = copy(a, first_text(http, (const char *const[]){ "requestMethod",
	    "request_method", "method", NULL }));
	url = first_text(http, (const char *const[]){ "requestUrl", "request_url", "url", NULL });
	r->url = copy(a, url);
	r->path = url_path(r->url);
	agent = get_text(http, "userAgent", "user_agent");
	r->user_agent = copy(a, agent);
	r->remote_ip = copy(a, get_text(http, "remoteIp", "remote_ip"));
	r->protocol = copy(a, get_text(http, "protocol", NULL));
	if (get_integer(http, "status", NULL, &number) && number > 0 && number <= 999)
		r->status = (int)number;
	r->latency_ns = latency_of(get(http, "latency", NULL));
	r->response_size = -1;
	if (get_integer(http, "responseSize", "response_size", &number) && number >= 0)
		r->response_size = number;
	return r;
}

static struct slice
request_line(const struct request *r, struct arena *a)
{
	struct buf line;
	struct slice s;

	buf_init(&line, r->method.n + r->path.n + 16);
	buf_put_slice(&line, r->method);
	if (line.n > 0 && r->path.n > 0)
		buf_putc(&line, ' ');
	buf_put_slice(&line, r->path);
	if (r->status > 0)
		buf_printf(&line, "%s%d", line.n > 0 ? " " : "", r->status);
	s = copy(a, buf_slice(&line));
	buf_release(&line);
	return s;
}

/* --- the payload --- */

struct payload {
	const json_t *text, *json, *proto;	/* NULL when absent */
	const json_t *message;			/* the member that became the message */
};

static bool
is_audit(const json_t *v)
{
	return slice_ends(get_text(v, "@type", NULL), "google.cloud.audit.AuditLog");
}

static struct payload
find_payload(const json_t *object)
{
	struct payload p = {
		.text = get(object, "textPayload", "text_payload"),
		.json = get(object, "jsonPayload", "json_payload"),
		.proto = get(object, "protoPayload", "proto_payload"),
	};

	if (!p.proto && is_audit(p.json)) {
		p.proto = p.json;
		p.json = NULL;
	}
	return p;
}

static void
map_payload(const struct payload *p, struct arena *a, struct entry *out)
{
	json_t *all = json_object();
	char *text;

	if (p->text)
		json_object_set(all, "textPayload", (json_t *)p->text);
	if (p->json)
		json_object_set(all, "jsonPayload", (json_t *)p->json);
	if (p->proto)
		json_object_set(all, "protoPayload", (json_t *)p->proto);
	if (p->text)
		out->payload_kind = PAYLOAD_TEXT;
	else if (p->json)
		out->payload_kind = PAYLOAD_JSON;
	else if (p->proto)
		out->payload_kind = PAYLOAD_PROTO;
	if (json_object_size(all) > 0) {
		text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
		out->payload = copy(a, slice_str(text));
		free(text);
	}
	json_decref(all);
}

static const struct audit *
map_audit(const json_t *proto, struct arena *a)
{
	const json_t *who = get(proto, "authenticationInfo", "authentication_info");
	const json_t *how = get(proto, "requestMetadata", "request_metadata");
	struct audit *audit;

	if (!is_audit(proto))
		return NULL;
	audit = arena_alloc(a, sizeof *audit);
	audit->method = copy(a, get_text(proto, "methodName", "method_name"));
	audit->principal = copy(a, get_text(who, "principalEmail", "principal_email"));
	audit->status = copy(a, get_text(get(proto, "status", NULL), "message", NULL));
	audit->agent = copy(a, get_text(how, "callerSuppliedUserAgent",
	    "caller_supplied_user_agent"));
	return audit;
}

/* --- the message --- */

static bool
take_tag(struct slice *in)
{
	static const char *const tag[] = { "black", "blue", "bold", "cyan", "dim", "green",
		"italic", "level", "magenta", "normal", "red", "reverse", "underline", "white",
		"yellow" };
	struct slice s = *in;

	if (!slice_take_byte(&s, '<'))
		return false;
	slice_take_byte(&s, '/');
	slice_take_str(&s, "light-");
	for (size_t i = 0; i < sizeof tag / sizeof tag[0]; i++) {
		struct slice rest = s;

		if (slice_take_str(&rest, tag[i]) && slice_take_byte(&rest, '>')) {
			*in = rest;
			return true;
		}
	}
	return false;
}

static struct slice
strip_tags(struct arena *a, struct slice s)
{
	size_t n = 0;
	char *out;

	if (slice_find_byte(s, 0, '<') == SIZE_MAX)
		return s;
	out = arena_alloc(a, s.n + 1);
	while (s.n > 0) {
		if (take_tag(&s))
			continue;
		out[n++] = s.p[0];
		s = slice_sub(s, 1, s.n);
	}
	return slice_of(out, n);
}

struct slice
entry_clean(struct arena *a, struct slice s)
{
	s = text_strip_lost_colors(a, text_strip_ansi(a, s));
	return text_fix_mojibake(a, strip_tags(a, s));
}

/* a payload of another type than its key says: its text, else compact JSON */
static struct slice
odd_message(const json_t *v, struct arena *a, bool *written)
{
	struct slice s = text_of(v);
	char *text;

	if (s.n > 0)
		return s;
	*written = false;
	text = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	if (text)
		s = copy(a, slice_str(text));
	free(text);
	return s;
}

static struct slice
json_message(struct payload *p)
{
	static const char *const name[] = { "message", "msg", "Message",
		"textPayload", NULL };

	for (size_t i = 0; name[i]; i++) {
		const json_t *v = get(p->json, name[i], NULL);

		if (json_is_string(v)) {
			p->message = v;
			return text_of(v);
		}
	}
	return slice_of(NULL, 0);
}

static struct slice
proto_message(const json_t *proto, struct arena *a)
{
	struct slice method = get_text(proto, "methodName", "method_name");
	struct slice status = get_text(get(proto, "status", NULL), "message", NULL);
	char *out = arena_alloc(a, method.n + status.n + 3);
	size_t n = method.n;

	if (n > 0)
		memcpy(out, method.p, n);
	if (n > 0 && status.n > 0) {
		out[n++] = ':';
		out[n++] = ' ';
	}
	if (status.n > 0)
		memcpy(out + n, status.p, status.n);
	return slice_of(out, n + status.n);
}

/* true when the message is text that a program wrote: only that can state a level */
static bool
map_message(struct payload *p, struct arena *a, struct entry *out)
{
	struct slice s = { NULL, 0 };
	bool written = true;

	if (p->text) {
		s = odd_message(p->text, a, &written);
	} else if (json_is_object(p->json)) {
		s = json_message(p);
	} else if (p->json) {
		s = odd_message(p->json, a, &written);
		if (!json_is_array(p->json))
			p->message = p->json;
	}
	if (s.n == 0) {
		written = false;
		s = proto_message(p->proto, a);
	}
	if (s.n == 0 && out->request)
		s = request_line(out->request, a);
	out->message = copy(a, entry_clean(a, s));
	return written;
}

/* --- severity --- */

static bool
stated_severity(const json_t *v, int *severity)
{
	if (json_is_integer(v)) {
		json_int_t number = json_integer_value(v);

		*severity = number > 0 && number <= 800 ? (int)number : SEVERITY_DEFAULT;
	} else if (!json_is_string(v) || !severity_of(text_of(v), severity)) {
		return false;
	}
	return *severity != SEVERITY_DEFAULT;
}

static void
map_severity(const json_t *object, const struct payload *p, bool written, struct entry *out)
{
	static const char *const level[] = { "level", "levelname", NULL };
	int severity;

	if (stated_severity(get(object, "severity", NULL), &severity)) {
		out->severity = severity;
		return;
	}
	if (severity_of(first_text(p->json, level), &severity) && severity != SEVERITY_DEFAULT)
		out->severity_by = "json-level";
	else if (written)
		out->severity_by = severity_infer(out->message, &severity);
	if (!out->severity_by)
		return;
	out->severity = severity;
	out->severity_inferred = true;
}

/* --- what was cut --- */

/*
 * Cloud Logging cuts what is too long and says so; a line break in a text makes two
 * entries of it, and the colour tag around it tells, but is not in the message.
 */
static void
map_cut(const json_t *object, const struct payload *p, struct arena *a, struct entry *out)
{
	const json_t *split = get(object, "split", NULL);
	struct slice s = text_of(p->text);
	int64_t open = 0;

	out->split_uid = copy(a, get_text(split, "uid", NULL));
	if (out->split_uid.n > 0) {
		get_integer(split, "index", NULL, &out->split_index);
		get_integer(split, "totalSplits", "total_splits", &out->split_total);
		if (out->split_total < 0)
			out->split_total = 0;
	}
	for (size_t at = 0; (at = slice_find_byte(s, at, '<')) != SIZE_MAX; at++) {
		struct slice rest = slice_sub(s, at, s.n);

		if (!take_tag(&rest))
			continue;
		open += slice_starts(slice_sub(s, at, s.n), "</") ? -1 : 1;
		out->tag_closed |= open < 0;
		open = open < 0 ? 0 : open;
	}
	out->tag_open = open > 0;
}

/* --- all of it --- */

static uint64_t
keys_of(const json_t *object)
{
	uint64_t found = 0;

	for (size_t i = 0; i < KEYS; i++) {
		if (json_object_get(object, keys[i].p))
			found |= UINT64_C(1) << i;
	}
	return found;
}

unsigned
entry_likely(struct slice object)
{
	uint64_t found = json_top_keys(object, keys, KEYS);

	if (!(found & KEYS_TIME) || !(found & KEYS_ENTRY))
		return 0;
	if (found & KEYS_NAME)
		return 3;
	return found & KEYS_STRONG ? 2 : 1;
}

/* enum json_likely */
static int
likely_of(uint64_t found)
{
	if (((found & KEYS_TIME) && (found & KEYS_NAME)) ||
	    ((found & KEYS_ACK) && (found & KEY_MESSAGE)) ||
	    ((found & KEY_DATA) && (found & KEYS_PUBLISHED)))
		return JSON_SURELY;
	if (((found & KEYS_TIME) && (found & KEYS_STRONG)) ||
	    ((found & KEY_MESSAGE) && (found & KEY_SUBSCRIPTION)))
		return JSON_PERHAPS;
	/* a request to write entries has a logName and a resource for all of them */
	if (found & (KEYS_PAYLOAD | KEYS_ID))
		return JSON_LACKING;
	return found & KEYS_ENTRY ? JSON_HARDLY : JSON_UNLIKELY;
}

const struct json_names entry_names = { keys, KEYS, likely_of };

static void
map_all(const json_t *object, struct arena *a, struct entry *out)
{
	struct payload p = find_payload(object);
	bool written;

	map_origin(object, a, out);
	out->request = map_request(object, a);
	map_payload(&p, a, out);
	out->audit = map_audit(p.proto, a);
	written = map_message(&p, a, out);
	map_severity(object, &p, written, out);
	map_cut(object, &p, a, out);
	entry_fields(&(struct entry_parts){ .object = object, .json = p.json, .proto = p.proto,
	    .message = p.message }, a, out);
	if (out->payload_cut) {
		out->payload = slice_of(NULL, 0);
		out->payload_kind = PAYLOAD_NONE;
	}
}

enum entry_mapped
entry_map(const json_t *object, const struct zone *zone, struct arena *a, struct entry *out)
{
	uint64_t found = keys_of(object);
	struct entry_notes notes;
	json_t *plain;

	memset(out, 0, sizeof *out);
	if (!(found & KEYS_ENTRY))
		return ENTRY_NONE;
	if ((found & KEY_SOURCE) && !(found & KEYS_ORIGIN))
		return ENTRY_MADE_UP;
	if (!map_time(object, zone, out))
		return ENTRY_NO_CLOCK;
	plain = entry_variant(object, &notes);
	out->payload_cut = notes.cut;
	out->lossy = notes.respelled;
	map_all(plain, a, out);
	json_decref(plain);
	return ENTRY_OK;
}
