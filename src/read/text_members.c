/*
 * text_members.c - lines of structured loggers: logfmt, and one JSON object a line.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "model/severity.h"
#include "read/entry_fields.h"
#include "read/entry_map.h"
#include "read/json_lenient.h"
#include "read/text_line.h"

#define LOGFMT_PAIRS 64
#define LOGFMT_NAME 64

/* --- logfmt --- */

struct pair {
	struct slice name, value;
};

static bool
is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '.' || c == '-' || c == '@' || c == '/';
}

/* the inside of "..." without its escapes */
static struct slice
unquoted(struct slice s, struct arena *a)
{
	char *out;
	size_t n = 0;

	if (slice_find_byte(s, 0, '\\') == SIZE_MAX)
		return s;
	out = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			out[n++] = s.p[i] == 'n' ? '\n' : s.p[i] == 't' ? '\t' : s.p[i];
		} else {
			out[n++] = s.p[i];
		}
	}
	return slice_of(out, n);
}

static bool
take_value(struct slice *in, struct arena *a, struct slice *value)
{
	struct slice s = *in;
	size_t i = 0;

	if (slice_take_byte(&s, '"')) {
		while (i < s.n && s.p[i] != '"')
			i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
		if (i >= s.n || (i + 1 < s.n && s.p[i + 1] != ' '))
			return false;
		*value = unquoted(slice_sub(s, 0, i), a);
		*in = slice_sub(s, i + 1, s.n);
		return true;
	}
	while (i < s.n && s.p[i] != ' ' && s.p[i] != '"')
		i++;
	if (i < s.n && s.p[i] == '"')
		return false;
	*value = slice_sub(s, 0, i);
	*in = slice_sub(s, i, s.n);
	return true;
}

static bool
take_pair(struct slice *in, struct arena *a, struct pair *p)
{
	struct slice s = *in;
	size_t n = 0;

	while (n < s.n && n < LOGFMT_NAME && is_key_byte(s.p[n]))
		n++;
	p->name = slice_sub(s, 0, n);
	s = slice_sub(s, n, s.n);
	if (n == 0 || !slice_take_byte(&s, '=') || !take_value(&s, a, &p->value))
		return false;
	while (slice_take_byte(&s, ' '))
		;
	*in = s;
	return true;
}

static bool
named(struct slice name, const char *const *names)
{
	for (; *names; names++) {
		if (slice_eqs(name, *names))
			return true;
	}
	return false;
}

static const char *const time_names[] = { "time", "ts", "timestamp", "@timestamp", "t",
	"datetime", NULL };
static const char *const level_names[] = { "level", "lvl", "severity", "levelname", "log.level",
	NULL };
static const char *const text_names[] = { "msg", "message", "event", "log", NULL };

static bool
parse_time(struct slice s, struct text_time *t)
{
	struct slice rest = s;
	int64_t ns;

	if (text_time_epoch(s, &ns)) {
		*t = (struct text_time){ .date = TEXT_DATE_WHOLE, .zoned = true, .ns = ns };
		return true;
	}
	return text_time_take_iso(&rest, t) && rest.n == 0;
}

/* what the pairs of the line are used for; false when it has no level or nothing else */
static bool
use_pairs(const struct pair *pair, size_t n, struct arena *a, struct text_line *l)
{
	bool level = false, text = false;

	for (size_t i = 0; i < n; i++) {
		struct slice name = pair[i].name, value = pair[i].value;

		if (!l->timed && named(name, time_names) && parse_time(value, &l->time)) {
			l->timed = true;
		} else if (!level && named(name, level_names) &&
		    severity_of(value, &l->severity)) {
			level = true;
		} else if (!text && (slice_eqs(name, "msg") || slice_eqs(name, "message"))) {
			l->message = value;
			text = true;
		} else if (slice_eqs(name, "service")) {
			l->service = value;
		} else if (slice_eqs(name, "trace_id") || slice_eqs(name, "traceID")) {
			l->trace = value;
		} else {
			text_line_field(l, a, arena_printf(a, "jsonPayload.%.*s",
			    SLICE_ARG(name)), value);
		}
	}
	return level && (text || l->timed);
}

bool
text_logfmt(struct slice s, struct arena *a, struct text_line *l)
{
	static const char *const first[] = { "time=", "ts=", "t=", "level=", "lvl=", "msg=",
		"timestamp=", "severity=", NULL };
	struct pair pair[LOGFMT_PAIRS];
	struct slice rest = s;
	struct text_line found = *l;
	size_t n = 0, i = 0;

	while (first[i] && !slice_starts(s, first[i]))
		i++;
	if (!first[i])
		return false;
	found.message = s;
	while (n < LOGFMT_PAIRS && take_pair(&rest, a, &pair[n]))
		n++;
	/* what follows the pairs is text of the message */
	if (n < 2 || !use_pairs(pair, n, a, &found))
		return false;
	if (rest.n > 0)
		found.message = s;
	if (found.message.n == 0)
		found.message = s;
	if (found.severity != SEVERITY_DEFAULT)
		found.severity_by = "logfmt";
	*l = found;
	return true;
}

/* --- JSON --- */

static struct slice
member_text(const json_t *object, const char *name, struct arena *a)
{
	const json_t *v = json_object_get(object, name);

	if (json_is_string(v))
		return arena_copy(a, slice_of(json_string_value(v), json_string_length(v)));
	if (json_is_integer(v))
		return slice_str(arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v)));
	if (json_is_real(v))
		return slice_str(arena_printf(a, "%.6f", json_real_value(v)));
	return slice_of(NULL, 0);
}

static struct slice
first_member(const json_t *object, const char *const *names, const json_t **member,
    struct arena *a)
{
	struct slice s = { NULL, 0 };

	for (; *names && s.n == 0; names++) {
		s = member_text(object, *names, a);
		if (member && s.n > 0)
			*member = json_object_get(object, *names);
	}
	return s;
}

/* pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal */
static bool
level_of(struct slice s, int *severity)
{
	static const int numbers[] = { 100, 100, 200, 400, 500, 600 };
	int64_t n;

	if (slice_to_int64(s, &n)) {
		if (n < 10 || n > 60 || n % 10 != 0)
			return false;
		*severity = numbers[n / 10 - 1];
		return true;
	}
	return severity_of(s, severity) && *severity != SEVERITY_DEFAULT;
}

/* method, path and status in one object are a request */
static void
json_request(const json_t *object, struct arena *a, struct text_line *l)
{
	static const char *const urls[] = { "url", "path", "uri", NULL };
	static const char *const statuses[] = { "status", "status_code", "statusCode", NULL };
	static const char *const agents[] = { "user_agent", "userAgent", NULL };
	struct slice method = member_text(object, "method", a);
	struct slice url = first_member(object, urls, NULL, a);
	struct slice ms = member_text(object, "duration_ms", a);
	int64_t status, ns;

	if (method.n == 0 || url.n == 0 ||
	    !slice_to_int64(first_member(object, statuses, NULL, a), &status) || status < 100 ||
	    status > 599)
		return;
	l->request = text_request_new(a);
	l->request->method = method;
	l->request->url = url;
	l->request->path = text_url_path(url);
	l->request->status = (int)status;
	l->request->user_agent = first_member(object, agents, NULL, a);
	/* thousandths of what the parser takes for seconds */
	if (clock_parse_duration(ms, &ns) && ns >= 0)
		l->request->latency_ns = ns / 1000;
}

static void
use_object(json_t *object, struct arena *a, struct text_line *l)
{
	static const char *const loggers[] = { "logger", "logger_name", "name", NULL };
	static const char *const services[] = { "service", "service.name", NULL };
	static const char *const traces[] = { "trace_id", "traceId", NULL };
	struct entry_parts parts = { .json = object };
	struct entry flat = { 0 };

	l->message = first_member(object, text_names, &parts.message, a);
	while (l->message.n > 0 && l->message.p[l->message.n - 1] == '\n')
		l->message.n--;
	l->service = first_member(object, services, NULL, a);
	l->trace = first_member(object, traces, NULL, a);
	text_line_field(l, a, "labels.logger", first_member(object, loggers, NULL, a));
	json_request(object, a, l);
	if (l->message.n == 0 && l->request)
		l->message = text_request_text(l->request, a);
	parts.object = object;
	entry_fields(&parts, a, &flat);
	for (size_t i = 0; i < flat.fields; i++)
		text_line_field(l, a, flat.field[i].name.p, flat.field[i].value);
}

/* an entry of Cloud Logging that a program printed: its own mapping knows it better */
static bool
use_entry(const json_t *object, struct arena *a, struct text_line *l)
{
	struct entry en;

	if (entry_map(object, NULL, a, &en) != ENTRY_OK)
		return false;
	l->timed = true;
	l->time = (struct text_time){ .date = TEXT_DATE_WHOLE, .zoned = !en.ts_assumed,
		.ns = en.ts_ns };
	l->severity = en.severity;
	l->severity_by = en.severity == SEVERITY_DEFAULT ? NULL :
	    en.severity_by ? en.severity_by : "json";
	l->message = en.message;
	l->service = en.service;
	l->revision = en.revision;
	l->instance = en.instance;
	l->trace = en.trace;
	if (en.request) {
		l->request = arena_alloc(a, sizeof *l->request);
		*l->request = *en.request;
	}
	for (size_t i = 0; i < en.fields; i++)
		text_line_field(l, a, en.field[i].name.p, en.field[i].value);
	return true;
}

bool
text_json(struct slice s, struct arena *a, struct text_line *l)
{
	struct json_fault fault;
	struct buf scratch;
	struct slice level;
	size_t bad_utf8;
	json_t *object;
	bool used = false;

	if (s.n < 2 || s.p[0] != '{' || s.p[s.n - 1] != '}')
		return false;
	buf_init(&scratch, s.n > SIZE_MAX / 8 ? SIZE_MAX / 8 : s.n * 6 + 64);
	object = json_load_lenient(s, &scratch, &bad_utf8, &fault);
	buf_release(&scratch);
	if (!json_is_object(object))
		goto out;
	used = entry_likely(s) > 1 && use_entry(object, a, l);
	if (used)
		goto out;
	if (level_of(first_member(object, level_names, NULL, a), &l->severity))
		l->severity_by = "json-level";
	level = first_member(object, time_names, NULL, a);
	l->timed = level.n > 0 && parse_time(level, &l->time);
	use_object(object, a, l);
	used = (l->timed || l->severity_by) && l->message.n > 0;
out:
	json_decref(object);
	return used;
}
