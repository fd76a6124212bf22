/*
 * text_line.c - the columns of a log line: time, level, logger, and then the text.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "model/severity.h"
#include "read/severity_infer.h"
#include "read/text_line.h"

#define COLUMN_MAX 128		/* bytes of one column: a logger, a thread, a place */
#define COLUMNS 5		/* between the time and the level */

static const char *const names[TEXT_FAMILIES] = {
	[TEXT_NONE] = "plain lines", [TEXT_ACCESS] = "access", [TEXT_UVICORN] = "uvicorn",
	[TEXT_JSON] = "json", [TEXT_LOGFMT] = "logfmt", [TEXT_BAR] = "bar-column",
	[TEXT_DASH] = "dash-column", [TEXT_BRACKET] = "bracket-column",
	[TEXT_WORD] = "word-column", [TEXT_LEVEL_NAME] = "level-name",
	[TEXT_LEVEL_PLACE] = "level-place", [TEXT_LEVEL_WORD] = "level-word",
	[TEXT_TIME] = "time",
};

const char *
text_family_name(enum text_family family)
{
	return names[family];
}

void
text_line_field(struct text_line *l, struct arena *a, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	if (l->fields == l->room) {
		size_t room = l->room ? l->room * 2 : 8;
		struct entry_field *field = arena_array(a, room, sizeof *field);

		if (l->fields > 0)
			memcpy(field, l->field, l->fields * sizeof *field);
		l->field = field;
		l->room = room;
	}
	l->field[l->fields++] = (struct entry_field){ slice_str(name), value };
}

static void
skip_blanks(struct slice *in)
{
	while (slice_take_byte(in, ' ') || slice_take_byte(in, '\t'))
		;
}

static bool
is_end(struct slice s)
{
	return s.n == 0 || s.p[0] == ' ' || s.p[0] == '\t';
}

static void
set_level(struct text_line *l, enum text_family family, int severity)
{
	l->family = family;
	l->severity = severity;
	l->severity_by = names[family];
}

/* a name of a logger, module, thread or place: no blanks */
static bool
take_word(struct slice *in, struct slice *word)
{
	size_t n = 0;

	while (n < in->n && n < COLUMN_MAX && in->p[n] != ' ' && in->p[n] != '\t' &&
	    in->p[n] != '|')
		n++;
	if (n == 0 || n == COLUMN_MAX)
		return false;
	*word = slice_sub(*in, 0, n);
	*in = slice_sub(*in, n, in->n);
	return true;
}

/* loguru: "| ERROR    | mod:fn:150 - text"; others leave out the place */
static bool
bar_columns(struct slice s, struct arena *a, struct text_line *l)
{
	struct slice place;
	int severity;

	skip_blanks(&s);
	if (!slice_take_byte(&s, '|'))
		return false;
	skip_blanks(&s);
	if (!severity_take(&s, true, &severity))
		return false;
	skip_blanks(&s);
	if (!slice_take_byte(&s, '|'))
		return false;
	skip_blanks(&s);
	l->message = s;
	if (take_word(&s, &place) && (slice_take_str(&s, " - ") || slice_take_str(&s, " | "))) {
		l->message = s;
		text_line_field(l, a, "labels.logger", place);
	}
	set_level(l, TEXT_BAR, severity);
	return true;
}

/* " - name - ERROR - text", " - ERROR - name - text", " - ERROR - text" */
static bool
dash_columns(struct slice s, struct arena *a, struct text_line *l)
{
	struct slice name = { NULL, 0 }, column, rest;
	int severity;

	for (unsigned i = 0; i < COLUMNS; i++) {
		if (!slice_take_str(&s, " - "))
			return false;
		rest = s;
		if (severity_take(&rest, true, &severity) && is_end(rest)) {
			skip_blanks(&rest);
			if (!slice_take_str(&rest, "- ") && rest.n > 0)
				return false;
			break;
		}
		if (i + 1 == COLUMNS || !take_word(&s, &column))
			return false;
		name = name.n == 0 ? column : name;
		/* names are padded in some formats */
		while (s.n > 1 && s.p[0] == ' ' && s.p[1] == ' ')
			s = slice_sub(s, 1, s.n);
	}
	l->message = s = rest;
	if (name.n == 0 && take_word(&s, &column) && slice_take_str(&s, " - ")) {
		name = column;
		l->message = s;
	}
	text_line_field(l, a, "labels.logger", name);
	set_level(l, TEXT_DASH, severity);
	return true;
}

/* behind the level of a word or bracket column: "[thread]", "shop.db:", "shop.db -" */
static void
take_logger(struct slice s, struct arena *a, struct text_line *l)
{
	struct slice word, inner, rest;

	skip_blanks(&s);
	if (!slice_take_byte(&s, ':') && slice_starts(s, "- "))
		s = slice_sub(s, 1, s.n);
	skip_blanks(&s);
	l->message = rest = s;
	if (slice_take_byte(&rest, '[') && slice_take_until(&rest, ']', &inner) &&
	    inner.n < COLUMN_MAX && is_end(rest)) {
		text_line_field(l, a, "labels.thread", inner);
		skip_blanks(&rest);
		l->message = s = rest;
	}
	if (!take_word(&s, &word) || slice_find_byte(word, 0, '(') != SIZE_MAX)
		return;
	/* only what has a dot is a logger for sure: "Failed: ..." is text */
	if (slice_find_byte(slice_sub(word, 0, word.n - 1), 0, '.') == SIZE_MAX &&
	    slice_find(word, 0, SLICE("::")) == SIZE_MAX)
		return;
	if (slice_ends(word, ":")) {
		word.n--;
	} else {
		skip_blanks(&s);
		if (!slice_take_str(&s, "- ") && !slice_take_str(&s, ": "))
			return;
	}
	skip_blanks(&s);
	text_line_field(l, a, "labels.logger", word);
	l->message = s;
}

/* "[14]" is a process, "[main]" a thread; a request's number of nginx is "31#31:" */
static bool
take_bracket(struct slice *in, struct arena *a, struct text_line *l, int *severity)
{
	struct slice s = *in, inner, level;
	uint64_t pid;

	if (!slice_take_byte(&s, '[') || !slice_take_until(&s, ']', &inner) ||
	    inner.n == 0 || inner.n >= COLUMN_MAX)
		return false;
	*in = s;
	level = inner = slice_trim(inner);
	if (severity_take(&level, false, severity) && level.n == 0)
		return true;
	level = inner;
	*severity = -1;
	if (slice_take_uint(&level, &pid) && level.n == 0)
		text_line_field(l, a, "labels.pid", inner);
	else
		text_line_field(l, a, "labels.thread", inner);
	return true;
}

/* " [14] [ERROR] text", " [error] 31#31: *7 text", " ERROR [main] text", "\tERROR\ttext" */
static bool
free_columns(struct slice s, struct arena *a, struct text_line *l)
{
	struct text_line found = *l;
	int severity;

	for (unsigned i = 0; i < COLUMNS; i++) {
		struct slice level;

		skip_blanks(&s);
		if (s.n > 0 && s.p[0] == '[') {
			if (!take_bracket(&s, a, &found, &severity))
				return false;
			if (severity < 0)
				continue;
			take_logger(s, a, &found);
			set_level(&found, TEXT_BRACKET, severity);
			*l = found;
			return true;
		}
		level = s;
		if (!severity_take(&level, true, &severity) &&
		    !(s.n > 0 && s.p != l->message.p && s.p[-1] == '\t' &&
		    severity_take(&level, false, &severity)))
			return false;
		if (!is_end(level) && level.p[0] != ':')
			return false;
		take_logger(level, a, &found);
		set_level(&found, TEXT_WORD, severity);
		*l = found;
		return true;
	}
	return false;
}

/* nginx: "31#31: *7 connect() failed" behind the level */
static void
take_nginx_pid(struct arena *a, struct text_line *l)
{
	struct slice s = l->message, pid;
	uint64_t n;

	if (!slice_take_uint(&s, &n) || !slice_take_byte(&s, '#') || !slice_take_uint(&s, &n) ||
	    !slice_take_str(&s, ": "))
		return;
	pid = slice_sub(l->message, 0, slice_find_byte(l->message, 0, '#'));
	text_line_field(l, a, "labels.pid", pid);
	l->message = s;
}

/* what stands behind a time; a comma or semicolon there is a table, not a log */
static bool
under_time_columns(struct slice s, struct arena *a, struct text_line *l)
{
	l->message = s;
	if (bar_columns(s, a, l) || dash_columns(s, a, l))
		return true;
	if (!free_columns(s, a, l))
		return false;
	if (l->family == TEXT_BRACKET)
		take_nginx_pid(a, l);
	return true;
}

static bool
timed_line(struct slice s, struct arena *a, struct text_line *l)
{
	bool bracket = slice_take_byte(&s, '['), weekday = slice_find_byte(slice_sub(s, 0, 4), 0,
	    ' ') == 3;
	struct text_time time;

	if (!text_time_take(&s, &time))
		return false;
	/* "Thu Oct  2 09:14:25 2025  Some Body" begins an entry of a ChangeLog */
	if (!bracket && weekday && time.date == TEXT_DATE_WHOLE)
		return false;
	if (bracket ? !slice_take_byte(&s, ']') : s.n > 0 && s.p[0] == ':' && time.zoned)
		return false;
	if (s.n > 0 && s.p[0] != ' ' && s.p[0] != '\t' && s.p[0] != '|' && s.p[0] != ':')
		return false;
	slice_take_byte(&s, ':');
	if (!under_time_columns(s, a, l)) {
		/* a table with tabs has times too */
		if (s.n > 0 && s.p[0] == '\t')
			return false;
		l->family = TEXT_TIME;
		l->message = slice_trim(s);
		/* a structured line behind the time of another logger */
		if (text_logfmt(l->message, a, l))
			l->family = TEXT_LOGFMT;
	}
	l->timed = true;
	l->time = time;
	return true;
}

/* uvicorn: "10.0.0.1:4242 - "GET /x HTTP/1.1" 200 OK" behind the level */
static bool
uvicorn_request(struct slice s, struct arena *a, struct text_line *l)
{
	struct request found = { .latency_ns = CLOCK_NONE, .response_size = -1 };
	struct slice client, line;
	uint64_t status;
	size_t port;

	if (!take_word(&s, &client) || !slice_take_str(&s, " - \"") ||
	    !slice_take_until(&s, '"', &line) || !text_request_line(line, &found) ||
	    !slice_take_byte(&s, ' ') || !slice_take_digits(&s, 3, &status) || status < 100 ||
	    status > 599 || !is_end(s))
		return false;
	port = slice_rfind_byte(client, ':');
	found.remote_ip = slice_sub(client, 0, port == SIZE_MAX ? client.n : port);
	found.status = (int)status;
	l->request = arena_alloc(a, sizeof *l->request);
	*l->request = found;
	l->message = text_request_text(l->request, a);
	return true;
}

/* "app.db:db.py:12 text" behind a level and blanks: the format of Python's pytest handler */
static bool
level_place(struct slice s, struct arena *a, struct text_line *l)
{
	struct slice word, rest;
	uint64_t line;
	size_t colon;

	if (!take_word(&s, &word) || (colon = slice_rfind_byte(word, ':')) == SIZE_MAX)
		return false;
	rest = slice_sub(word, colon + 1, word.n);
	if (!slice_take_uint(&rest, &line) || rest.n > 0)
		return false;
	skip_blanks(&s);
	text_line_field(l, a, "labels.logger", slice_sub(word, 0, slice_find_byte(word, 0, ':')));
	l->message = s;
	return true;
}

/* lines that begin with their level, in capital letters */
static bool
level_line(struct slice s, bool under_time, struct arena *a, struct text_line *l)
{
	struct slice word;
	int severity;

	if (slice_starts(s, "[")) {
		if (!slice_take_byte(&s, '[') || !severity_take(&s, true, &severity))
			return false;
		skip_blanks(&s);
		if (!slice_take_byte(&s, ']') || !is_end(s))
			return false;
		take_logger(s, a, l);
		set_level(l, TEXT_LEVEL_WORD, severity);
		return true;
	}
	if (!severity_take(&s, true, &severity))
		return false;
	if (slice_starts(s, "  ") && (skip_blanks(&s), level_place(s, a, l))) {
		set_level(l, TEXT_LEVEL_PLACE, severity);
		return true;
	}
	if (slice_starts(s, ":") && s.n > 1 && !is_end(slice_sub(s, 1, s.n))) {
		s = slice_sub(s, 1, s.n);
		if (!slice_take_until(&s, ':', &word) || word.n == 0 || word.n > COLUMN_MAX ||
		    slice_find_byte(word, 0, ' ') != SIZE_MAX)
			return false;
		text_line_field(l, a, "labels.logger", word);
		l->message = s;
		set_level(l, TEXT_LEVEL_NAME, severity);
		return true;
	}
	if (slice_take_byte(&s, ':')) {
		struct slice rest = s;

		skip_blanks(&rest);
		set_level(l, uvicorn_request(rest, a, l) ? TEXT_UVICORN : TEXT_LEVEL_WORD,
		    severity);
		if (l->family == TEXT_LEVEL_WORD)
			l->message = rest;
		return true;
	}
	if (!slice_starts(s, " - ") && !(under_time && is_end(s) && s.n > 0))
		return false;
	take_logger(s, a, l);
	set_level(l, TEXT_LEVEL_WORD, severity);
	return true;
}

static void
reset(struct text_line *l, struct slice s)
{
	memset(l, 0, sizeof *l);
	l->message = s;
}

static enum text_family
family_of(struct slice s, bool under_time, struct arena *a, struct text_line *l)
{
	if (s.n == 0 || s.p[0] == ' ' || s.p[0] == '\t')
		return TEXT_NONE;
	if (s.p[0] == '{')
		return text_json(s, a, l) ? TEXT_JSON : TEXT_NONE;
	if (text_access(s, a, l))
		return TEXT_ACCESS;
	reset(l, s);
	if (timed_line(s, a, l))
		return l->family;
	reset(l, s);
	if (level_line(s, under_time, a, l))
		return l->family;
	reset(l, s);
	if (text_logfmt(s, a, l))
		return TEXT_LOGFMT;
	/* gunicorn under the time of docker: "[14] [ERROR] text" */
	return under_time && s.p[0] == '[' && free_columns(s, a, l) ? l->family : TEXT_NONE;
}

bool
text_line_parse(struct slice s, bool under_time, struct arena *a, struct text_line *l)
{
	enum text_family family;

	reset(l, s);
	family = family_of(s, under_time, a, l);
	if (family == TEXT_NONE)
		reset(l, s);
	l->family = family;
	return family != TEXT_NONE;
}

bool
text_line_begins(struct slice s, bool under_time, struct arena *a)
{
	struct text_line l;

	if (s.n > 1 && s.p[0] == '{')
		return s.p[s.n - 1] == '}';
	/* Go's runtime writes it below whatever came last, and all that follows belongs to it */
	return slice_starts(s, "panic: ") || text_line_parse(s, under_time, a, &l);
}
