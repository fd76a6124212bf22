/*
 * read_gcp_yaml.c - log entries as gcloud prints them by default: one YAML document each, or a
 * list of them.
 *
 * Documents are cut at lines that begin with ---, which no value can hold in the first
 * column; the elements of a list at lines that begin with "- ". Each is parsed on its
 * own, so that damage in one leaves the others alone.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "read/damage.h"
#include "read/logentry.h"
#include "read/reader.h"

#define SNIFF_DOCUMENTS 16	/* of the head that are looked at */

struct reading {
	struct read_job *job;
	struct entry_put put;
	struct arena arena;		/* one record */
	struct window w;
	bool list;			/* the document at hand is a list */
	bool lists;			/* one was */
};

/* --- lines --- */

/* "---", alone or with something behind a blank */
static bool
is_marker(struct slice line, const char *mark)
{
	return slice_take_str(&line, mark) &&
	    (line.n == 0 || *line.p == ' ' || *line.p == '\t' || *line.p == '\r');
}

/* nothing of a value: blank, a comment, the begin or end of a document */
static bool
is_between(struct slice line)
{
	struct slice s = slice_trim(line);

	if (is_marker(s, "---") && line.n && *line.p == '-')
		s = slice_trim(slice_sub(s, 3, s.n));
	return s.n == 0 || *s.p == '#' || (is_marker(line, "...") && s.n == 3);
}

/* "- insertId: x": an element of a list of entries, whatever stands before it */
static bool
is_entry_element(struct slice line)
{
	struct slice key;

	return slice_take_str(&line, "- ") && slice_take_until(&line, ':', &key) &&
	    logentry_find(NULL, key) != NULL;
}

/* true when a record ends before this line */
static bool
is_next(const struct reading *g, struct slice line)
{
	return is_marker(line, "---") || (g->list ? is_marker(line, "-") : is_entry_element(line));
}

/* the line at `at` of the window, without its break, read as far as needed; -1 on error */
static int
line_at(struct reading *g, size_t at, struct slice *line, bool *ended, struct err *e)
{
	for (;;) {
		struct slice text = window_text(&g->w);
		size_t end = slice_find_byte(text, at, '\n');

		*ended = end != SIZE_MAX;
		if (*ended || g->w.end || text.n > g->job->limits->record + 1) {
			*line = slice_sub(text, at, (*ended ? end : text.n) - at);
			return 0;
		}
		if (window_more(&g->w, e) != 0)
			return -1;
	}
}

/* drop what stands between records; false at the end of the input */
static int
skip_between(struct reading *g, bool *more, struct err *e)
{
	struct slice line;
	bool ended;

	for (;;) {
		if (line_at(g, 0, &line, &ended, e) != 0)
			return -1;
		*more = ended || line.n > 0;
		if (!*more)
			return 0;
		if (!is_between(line))
			break;
		if (is_marker(line, "---"))
			g->list = false;
		window_drop(&g->w, line.n + ended);
	}
	g->list = is_marker(line, "-");
	g->lists |= g->list;
	return 0;
}

/* the bytes of the record at the start of the window; *n 0: it is over the limit */
static int
record_end(struct reading *g, size_t *n, struct err *e)
{
	size_t at = 0, end = 0;
	struct slice line;
	bool ended = true;

	for (bool first = true; ended; first = false) {
		if (line_at(g, at, &line, &ended, e) != 0)
			return -1;
		if (!first && is_next(g, line))
			break;
		if (slice_trim(line).n > 0)
			end = at + line.n;
		at += line.n + ended;
		if (end > g->job->limits->record) {
			*n = 0;
			return 0;
		}
	}
	*n = end;
	return 0;
}

/* --- records --- */

static bool
is_text(const char *const *key, size_t keys)
{
	return logentry_is_text(key, keys);
}

/* characters that YAML has only as escapes, as a terminal may leave them: 0 or their bytes */
static size_t
refused(const unsigned char *p, size_t n)
{
	if (p[0] < 0x20)
		return p[0] != '\t' && p[0] != '\n' && p[0] != '\r';
	if (p[0] == 0x7F)
		return 1;
	if (p[0] == 0xC2 && n > 1 && p[1] < 0xA0 && p[1] != 0x85)
		return 2;
	if (p[0] == 0xEF && n > 2 && ((p[1] == 0xBF && p[2] >= 0xBE) ||
	    (p[1] == 0xBB && p[2] == 0xBF)))
		return 3;
	return 0;
}

/* text that libyaml takes; *fixed counts what became U+FFFD */
static struct slice
clean(struct arena *a, struct slice s, size_t *fixed)
{
	struct slice utf8 = text_utf8(a, s, fixed);
	const unsigned char *p = (const unsigned char *)utf8.p;
	size_t odd = 0, n = 0;
	char *out;

	for (size_t i = 0; i < utf8.n; i++)
		odd += refused(p + i, utf8.n - i) > 0;
	if (odd == 0)
		return utf8;
	*fixed += odd;
	out = arena_alloc(a, utf8.n + odd * 2 + 1);
	for (size_t i = 0; i < utf8.n;) {
		size_t bad = refused(p + i, utf8.n - i);

		if (bad > 0) {
			memcpy(out + n, "\xEF\xBF\xBD", 3);
			n += 3;
			i += bad;
		} else {
			out[n++] = utf8.p[i++];
		}
	}
	return slice_of(out, n);
}

/* the byte that libyaml's line and column, counted in characters, stand for */
static size_t
fault_byte(struct slice text, const struct yaml_fault *f)
{
	size_t at = 0;

	for (size_t i = 0; i < f->line; i++) {
		size_t end = slice_find_byte(text, at, '\n');

		if (end == SIZE_MAX)
			break;
		at = end + 1;
	}
	for (size_t i = 0; i < f->col && at < text.n && text.p[at] != '\n'; i++) {
		at++;
		while (at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80)
			at++;
	}
	return at < text.n ? at : 0;
}

static int
put_value(struct reading *g, const json_t *value, struct record_at *at, struct err *e)
{
	if (g->list && json_array_size(value) == 1)
		value = json_array_get(value, 0);
	if (json_is_object(value))
		return entry_put_object(&g->put, value, at, e);
	record_point(at, 0, "it is no mapping");
	return entry_put_bad(&g->put, DIAG_NOT_ENTRY, at, e);
}

static int
put_record(struct reading *g, size_t n, struct err *e)
{
	struct record_at at = { .line = g->w.line, .col = 1, .byte = g->w.byte, .bytes = n,
		.text = slice_sub(window_text(&g->w), 0, n) };
	/* the list around an element is not counted */
	unsigned depth = g->job->limits->depth + g->list;
	struct yaml_fault fault;
	json_t *value;
	size_t fixed = 0;
	int rc;

	value = yaml_value(clean(&g->arena, at.text, &fixed), depth, is_text, &fault);
	if (fixed > 0)
		diag_put(&g->job->sink->diag, DIAG_BAD_UTF8, at.line, 1, at.byte,
		    "%zu times in this record", fixed);
	if (value) {
		rc = put_value(g, value, &at, e);
	} else {
		record_point(&at, fault_byte(at.text, &fault), fault.text);
		rc = entry_put_bad(&g->put, fault.deep ? DIAG_JSON_DEEP : DIAG_YAML_BAD, &at, e);
	}
	json_decref(value);
	window_drop(&g->w, n);
	return rc;
}

static int
skip_long(struct reading *g, struct err *e)
{
	struct damage d;
	struct slice line;
	bool more, ended;

	damage_begin(&d, &g->w);
	do {
		if (damage_line(&d, &more, e) != 0 || line_at(g, 0, &line, &ended, e) != 0)
			return -1;
	} while (more && !is_next(g, line));
	return damage_put(&d, &g->put, DIAG_YAML_BAD, 0, "it does not end",
	    g->job->limits->record, e);
}

static int
read_documents(struct reading *g, struct err *e)
{
	bool more = true;
	size_t n;

	if (window_more(&g->w, e) != 0)
		return -1;
	if (slice_starts(window_text(&g->w), "\xEF\xBB\xBF"))
		window_drop(&g->w, 3);
	for (;;) {
		if (skip_between(g, &more, e) != 0)
			return -1;
		if (!more)
			break;
		if (record_end(g, &n, e) != 0 ||
		    (n > 0 ? put_record(g, n, e) : skip_long(g, e)) != 0)
			return -1;
		arena_reset(&g->arena);
	}
	if (g->put.seen == 0)
		diag_put(&g->job->sink->diag, DIAG_EMPTY, 0, 0, 0, "no YAML document was found");
	return 0;
}

static int
read_gcp_yaml(struct read_job *job, struct err *e)
{
	struct reading g = { .job = job };
	int rc;

	arena_init(&g.arena);
	entry_put_init(&g.put, job, &g.arena);
	window_init(&g.w, job->in, &job->sink->diag);
	rc = read_documents(&g, e);
	job->shape = g.lists ? "YAML list" : "YAML documents";
	window_release(&g.w);
	arena_release(&g.arena);
	return rc;
}

/* --- sniffing --- */

/* which kinds of evidence the first-column keys of one document are */
struct evidence {
	bool time, payload, id, log, other, unknown;
	bool foreign;			/* a line in the first column that is no key */
};

static bool
is_time(struct slice value)
{
	enum clock_zone zone;
	int64_t ns;

	value = slice_trim(value);
	if (value.n > 2 && (value.p[0] == '\'' || value.p[0] == '"'))
		value = slice_sub(value, 1, value.n - 2);
	return clock_parse(value, &ns, &zone);
}

static void
weigh_line(struct evidence *ev, struct slice line)
{
	struct slice key = line, value;
	const struct logentry_name *n;

	if (line.n == 0 || *line.p == ' ' || *line.p == '#' || is_marker(line, "-"))
		return;
	if (!slice_take_until(&key, ':', &value) || (key.n && *key.p != ' ' && *key.p != '\r') ||
	    slice_find_byte(value, 0, ' ') != SIZE_MAX) {
		ev->foreign = true;
		return;
	}
	n = logentry_find(NULL, value);
	if (!n) {
		ev->unknown = true;
		return;
	}
	if (n->kind == LOGENTRY_TIME)
		ev->time |= is_time(key);
	else if (strcmp(n->name, "insertId") == 0)
		ev->id = true;
	else if (strcmp(n->name, "logName") == 0)
		ev->log |= slice_find(key, 0, SLICE("/logs/")) != SIZE_MAX;
	else if (logentry_is_own(n))
		ev->payload = true;
	else if (strcmp(n->name, "severity") == 0 || strcmp(n->name, "resource") == 0)
		ev->other = true;
}

/* the next document of the head; a list counts by its first element, without "- " and blanks */
static struct evidence
weigh_document(struct slice *head, bool whole)
{
	struct evidence ev = { .time = false };
	bool begun = false, list = false;
	struct slice line;

	while (slice_take_line(head, &line)) {
		if (head->n == 0 && !whole)
			break;		/* the line is cut */
		if (is_marker(line, "---") || (list && is_marker(line, "-"))) {
			if (begun)
				break;
			continue;
		}
		if (!begun && is_between(line))
			continue;
		list |= !begun && slice_starts(line, "- ");
		begun = true;
		if (list && (slice_starts(line, "- ") || slice_starts(line, "  ")))
			line = slice_sub(line, 2, line.n);
		weigh_line(&ev, line);
	}
	return ev;
}

static int
sniff(struct slice head, bool whole)
{
	slice_take_str(&head, "\xEF\xBB\xBF");
	for (unsigned i = 0; i < SNIFF_DOCUMENTS && head.n > 0; i++) {
		struct evidence ev = weigh_document(&head, whole);

		if (ev.foreign)
			return 0;
		/* a severity or a resource at a time is little, beside keys of something else */
		if ((ev.time && (ev.id || ev.log || ev.payload || (ev.other && !ev.unknown))) ||
		    (ev.id && (ev.log || ev.payload)))
			return 80;
	}
	return 0;
}

const struct reader reader_gcp_yaml = {
	.name = "gcp-yaml",
	.about = "log entries as YAML: what gcloud logging read prints by default",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_gcp_yaml,
};
