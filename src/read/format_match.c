/*
 * format_match.c - a record and the groups of a format's pattern to a line of the text reader.
 */
#include "config.h"

#include <string.h>

#include "model/severity.h"
#include "read/format_match.h"

static const struct {
	const char *group;
	enum format_role role;
} roles[] = {
	{ "time", ROLE_TIME }, { "severity", ROLE_SEVERITY }, { "message", ROLE_MESSAGE },
	{ "service", ROLE_SERVICE }, { "revision", ROLE_REVISION },
	{ "instance", ROLE_INSTANCE }, { "logger", ROLE_LOGGER }, { "trace", ROLE_TRACE },
	{ "method", ROLE_METHOD }, { "url", ROLE_URL }, { "path", ROLE_PATH },
	{ "status", ROLE_STATUS }, { "latency", ROLE_LATENCY },
	{ "user_agent", ROLE_USER_AGENT }, { "remote_ip", ROLE_REMOTE_IP },
	{ "protocol", ROLE_PROTOCOL }, { "size", ROLE_SIZE },
};

enum format_role
format_role_of(const char *group)
{
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		if (strcmp(group, roles[i].group) == 0)
			return roles[i].role;
	}
	return ROLE_FIELD;
}

/* a pattern counts only where it matches from the first byte */
static enum match_outcome
match_start(struct matcher *m, const struct pattern *p, struct slice s, struct match *match)
{
	enum match_outcome outcome = matcher_run(m, p, s, 0, match);

	return outcome == MATCH_YES && match->start > 0 ? MATCH_NO : outcome;
}

enum match_outcome
format_begins(const struct line_format *f, struct matcher *m, struct slice line)
{
	struct match match;

	return match_start(m, f->start ? f->start : f->pattern, line, &match);
}

static bool
read_time(const struct line_format *f, struct slice s, struct text_time *t)
{
	struct slice rest = s;
	int64_t ns;

	for (size_t i = 0; i < f->times; i++) {
		if (format_time_parse(f->time[i], s, t))
			return true;
	}
	if (f->times > 0)
		return false;
	if (text_time_epoch(s, &ns)) {
		*t = (struct text_time){ .date = TEXT_DATE_WHOLE, .zoned = true, .ns = ns };
		return true;
	}
	return text_time_take(&rest, t) && rest.n == 0;
}

static bool
read_severity(const struct line_format *f, struct slice s, int *severity)
{
	for (size_t i = 0; i < f->levels; i++) {
		if (slice_eq_fold(f->level[i].word, s)) {
			*severity = f->level[i].severity;
			return true;
		}
	}
	return severity_of(s, severity);
}

/* "0.182", "182ms", "1.5 s", "950us": nanoseconds */
static int64_t
read_latency(const struct line_format *f, struct slice s)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = { { "ms", 1000000 }, { "us", 1000 }, { "\xC2\xB5s", 1000 }, { "ns", 1 },
		{ "s", CLOCK_NS_PER_S } };
	int64_t unit = f->latency_unit, ns;
	double value;

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (slice_ends(s, units[i].unit)) {
			unit = units[i].ns;
			s = slice_trim(slice_sub(s, 0, s.n - strlen(units[i].unit)));
			break;
		}
	}
	if (!slice_to_double(s, &value) || value < 0 || value * (double)unit > 9e18)
		return CLOCK_NONE;
	/* whole seconds and their parts exactly, the others to the nanosecond */
	if (unit == CLOCK_NS_PER_S && clock_parse_duration(s, &ns))
		return ns;
	return (int64_t)(value * (double)unit + 0.5);
}

static struct request *
request_of(struct text_line *l, struct arena *a)
{
	if (!l->request)
		l->request = text_request_new(a);
	return l->request;
}

static void
use_request(const struct line_format *f, enum format_role role, struct slice s,
    struct arena *a, struct text_line *l)
{
	struct slice rest = s;
	uint64_t n;

	switch (role) {
	case ROLE_METHOD:
		request_of(l, a)->method = s;
		break;
	case ROLE_URL:
		request_of(l, a)->url = s;
		if (l->request->path.n == 0)
			l->request->path = text_url_path(s);
		break;
	case ROLE_PATH:
		request_of(l, a)->path = s;
		break;
	case ROLE_STATUS:
		if (slice_take_digits(&rest, 3, &n) && rest.n == 0 && n >= 100 && n <= 599)
			request_of(l, a)->status = (int)n;
		break;
	case ROLE_LATENCY:
		request_of(l, a)->latency_ns = read_latency(f, s);
		break;
	case ROLE_USER_AGENT:
		request_of(l, a)->user_agent = s;
		break;
	case ROLE_REMOTE_IP:
		request_of(l, a)->remote_ip = s;
		break;
	case ROLE_PROTOCOL:
		request_of(l, a)->protocol = s;
		break;
	case ROLE_SIZE:
		if (slice_take_uint(&rest, &n) && rest.n == 0 && n <= INT64_MAX)
			request_of(l, a)->response_size = (int64_t)n;
		break;
	default:
		break;
	}
}

/* false: the text of the group cannot be read as what its name says */
static bool
use_group(const struct line_format *f, unsigned number, struct slice s, struct arena *a,
    struct text_line *l)
{
	switch (f->role[number]) {
	case ROLE_NONE:
		break;
	case ROLE_TIME:
		l->timed = read_time(f, s, &l->time);
		return l->timed;
	case ROLE_SEVERITY:
		if (!read_severity(f, s, &l->severity))
			return false;
		if (l->severity != SEVERITY_DEFAULT)
			l->severity_by = "format";
		break;
	case ROLE_MESSAGE:
		l->message = s;
		break;
	case ROLE_SERVICE:
		l->service = s;
		break;
	case ROLE_REVISION:
		l->revision = s;
		break;
	case ROLE_INSTANCE:
		l->instance = s;
		break;
	case ROLE_TRACE:
		l->trace = s;
		break;
	case ROLE_LOGGER:
		text_line_field(l, a, "labels.logger", s);
		break;
	case ROLE_FIELD:
		text_line_field(l, a, f->field[number], s);
		break;
	default:
		use_request(f, f->role[number], s, a, l);
		break;
	}
	return true;
}

/* what stands behind the match belongs to the message: lines of a traceback, say */
static void
add_rest(struct slice record, size_t end, struct arena *a, struct text_line *l)
{
	struct slice rest = slice_sub(record, end, record.n);
	char *out;

	if (rest.n == 0)
		return;
	out = arena_alloc(a, l->message.n + rest.n + 1);
	if (l->message.n > 0)
		memcpy(out, l->message.p, l->message.n);
	memcpy(out + l->message.n, rest.p, rest.n);
	l->message = slice_of(out, l->message.n + rest.n);
}

enum match_outcome
format_parse(const struct line_format *f, struct matcher *m, struct slice record,
    struct arena *a, struct text_line *l, const char **unread)
{
	enum match_outcome outcome;
	struct match match;
	bool message = false;

	memset(l, 0, sizeof *l);
	l->message = record;
	*unread = NULL;
	outcome = match_start(m, f->pattern, record, &match);
	if (outcome != MATCH_YES)
		return outcome;
	l->family = TEXT_WORD;
	for (unsigned i = 1; i < match.groups; i++) {
		if (!match.group[i].p || match.group[i].n == 0)
			continue;
		message |= f->role[i] == ROLE_MESSAGE;
		if (!use_group(f, i, match.group[i], a, l))
			*unread = f->role[i] == ROLE_TIME ? "time" : "severity";
	}
	if (message)
		add_rest(record, match.end, a, l);
	else if (l->request && match.end == record.n)
		l->message = text_request_text(l->request, a);
	return MATCH_YES;
}
