/*
 * text_record.c - which line begins a record, and what the record then says.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/severity.h"
#include "read/severity_infer.h"
#include "read/text_record.h"

#define SAME_WRITE_NS (CLOCK_NS_PER_S / 100)	/* lines written by one call are that near */

struct text_open {
	struct buf text;	/* clean; the first line with its prefixes, others without */
	size_t first;		/* bytes of the first line */
	struct buf key;		/* of its stream */
	uint64_t line, byte, end;	/* end: behind its last line that is not blank */
	size_t kept;		/* bytes of text up to that line */
	uint64_t last_line;
	int64_t last_ns;	/* time of the prefix of its last line, in its own clock */
	bool closed, headed, long_told;
	bool trace;		/* it holds a traceback ... */
	bool indented;		/* ... and its last line was indented: the next belongs to it */
};

void
text_records_init(struct text_records *r, const struct read_job *job,
    const struct text_shape *shape, const struct line_format *format)
{
	memset(r, 0, sizeof *r);
	arena_init(&r->arena);
	entry_put_init(&r->put, job, &r->arena);
	r->limits = job->limits;
	r->shape = *shape;
	r->format = format;
	r->matcher = format ? matcher_new() : NULL;
	r->run = job->sink->run_begin ? text_run_new(job) : NULL;
	r->clock = (struct text_clock){ job->zone, shape->base };
	r->last_ns = CLOCK_NONE;
}

static void
open_free(struct text_open *o)
{
	if (!o)
		return;
	buf_release(&o->text);
	buf_release(&o->key);
	free(o);
}

void
text_records_release(struct text_records *r)
{
	for (size_t i = 0; i < r->opens; i++)
		open_free(r->open[i]);
	open_free(r->spare);
	matcher_free(r->matcher);
	text_run_free(r->run);
	arena_release(&r->arena);
}

/* --- giving on --- */

static int
put_undated(struct text_records *r, const struct text_open *o, enum undated why,
    struct err *e)
{
	static const char *const reason[UNDATED] = {
		[NO_TIME] = "neither this line nor one before it names a time",
		[NO_DATE] = "a time of day, and no line before it names a date",
		[NO_PREFIX] = "it has no prefix, as the lines of this log have",
		[BAD_TIME] = "its time is none by the format",
	};
	struct text_undated *u = &r->undated[why];
	struct bad_record bad = {
		.kind = why == NO_PREFIX ? BAD_NOT_EVIDENCE : BAD_DAMAGED, .line = o->line,
		.byte = o->byte, .bytes = o->end - o->byte, .reason = slice_str(reason[why]),
		.head = slice_sub(slice_of(o->text.p, o->kept), 0, RECORD_HEAD),
	};

	if (u->n++ == 0) {
		u->line = o->line;
		u->byte = o->byte;
	}
	/* the text is clean, the record is not: it may be longer, but is never shorter */
	bad.head.n = bad.head.n > bad.bytes ? (size_t)bad.bytes : bad.head.n;
	r->put.seen++;
	return r->put.sink->bad(r->put.sink->ctx, &bad, e);
}

/* the first line's text without its columns, and the lines below it as they are */
static struct slice
whole_message(struct text_records *r, struct slice first, struct slice more)
{
	char *out;

	if (more.n == 0)
		return first;
	out = arena_alloc(&r->arena, first.n + more.n + 1);
	if (first.n > 0)
		memcpy(out, first.p, first.n);
	memcpy(out + first.n, more.p, more.n);
	return slice_of(out, first.n + more.n);
}

/* *why: what is missing; DATED when a time was found */
static void
resolve_time(struct text_records *r, const struct text_line *l, const struct text_prefix *p,
    struct entry *en, enum undated *why)
{
	en->ts_ns = CLOCK_NONE;
	*why = DATED;
	if (l->timed)
		en->ts_ns = text_clock_resolve(&r->clock, &l->time, &en->ts_assumed);
	if (en->ts_ns == CLOCK_NONE && p->timed)
		en->ts_ns = text_clock_resolve(&r->clock, &p->time, &en->ts_assumed);
	if (en->ts_ns != CLOCK_NONE)
		return;
	if (l->timed || p->timed) {
		*why = NO_DATE;
	} else if (r->last_ns == CLOCK_NONE) {
		*why = NO_TIME;
	} else {
		en->ts_ns = r->last_ns;
		en->ts_assumed = true;
	}
}

static void
set_severity(struct entry *en, const struct text_line *l, const struct text_prefix *p)
{
	int severity;

	if (l->severity_by) {
		en->severity = l->severity;
		en->severity_by = l->severity_by;
	} else if (p->severity >= 0) {
		en->severity = p->severity;
		en->severity_by = "syslog-priority";
	} else if (!l->request) {
		en->severity_by = severity_infer(en->message, &severity);
		if (en->severity_by)
			en->severity = severity;
	}
	en->severity_inferred = en->severity_by != NULL;
}

static void
set_origin(struct text_records *r, struct entry *en, struct text_line *l,
    const struct text_prefix *p)
{
	en->service = l->service.n > 0 ? l->service : p->service;
	en->instance = l->instance.n > 0 ? l->instance : p->instance;
	en->revision = l->revision;
	en->trace = l->trace;
	text_line_field(l, &r->arena, "labels.host", p->host);
	text_line_field(l, &r->arena, "labels.pid", p->pid);
	text_line_field(l, &r->arena, "labels.job", p->job);
	text_line_field(l, &r->arena, "labels.step", p->step);
	en->field = l->field;
	en->fields = l->fields;
}

/* false: the line has a time where the user's format wants one, but it is none */
static bool
parse(struct text_records *r, const struct text_open *o, struct slice first, bool under_time,
    struct text_line *l)
{
	struct slice record = slice_of(first.p, o->kept - (size_t)(first.p - o->text.p));
	const char *unread = NULL;

	if (!r->format) {
		text_line_parse(first, under_time, &r->arena, l);
		return true;
	}
	memset(l, 0, sizeof *l);
	l->message = first;
	if (o->headed)
		format_parse(r->format, r->matcher, record, &r->arena, l, &unread);
	return !unread || strcmp(unread, "time") != 0;
}

static int
put_open(struct text_records *r, const struct text_open *o, struct err *e)
{
	struct slice text = slice_of(o->text.p, o->kept), first = slice_sub(text, 0, o->first);
	struct record_at at = { .line = o->line, .col = 1, .byte = o->byte,
		.bytes = o->end - o->byte };
	struct text_prefix prefix;
	struct text_line l;
	struct entry en;
	enum undated why;
	bool prefixed, time_read;

	arena_reset(&r->arena);
	memset(&en, 0, sizeof en);
	prefixed = text_shape_prefix(&r->shape, &first, &prefix);
	time_read = parse(r, o, first, prefix.timed, &l);
	resolve_time(r, &l, &prefix, &en, &why);
	if (!time_read)
		why = BAD_TIME;
	/* docker compose says what it attaches to */
	if (why == NO_TIME && !prefixed && l.family == TEXT_NONE)
		why = NO_PREFIX;
	if (why != DATED)
		return put_undated(r, o, why, e);
	r->last_ns = en.ts_ns;
	en.receive_ns = CLOCK_NONE;
	en.plain = true;
	en.message = r->format && o->headed ? l.message :
	    whole_message(r, l.message, slice_sub(text, o->first, text.n));
	en.payload_kind = en.message.n == 0 ? PAYLOAD_NONE :
	    l.family == TEXT_JSON ? PAYLOAD_JSON : PAYLOAD_TEXT;
	/* a request is what it says; other text of it there is none */
	if (l.request && l.family != TEXT_JSON)
		en.payload_kind = PAYLOAD_NONE;
	en.request = l.request;
	set_severity(&en, &l, &prefix);
	set_origin(r, &en, &l, &prefix);
	return entry_put_entry(&r->put, &en, &at, e);
}

static void
recycle(struct text_records *r, struct text_open *o)
{
	r->held -= o->text.n;
	/* what was very long once is not kept for ever */
	if (r->spare || o->text.cap > 64 * 1024) {
		open_free(o);
		return;
	}
	buf_reset(&o->text);
	buf_reset(&o->key);
	r->spare = o;
}

/* gives on what is closed, up to the first that is still open; `force` closes that one */
static int
drain(struct text_records *r, bool force, struct err *e)
{
	size_t n = 0;
	int rc = 0;

	while (rc == 0 && n < r->opens && (r->open[n]->closed || (force && n == 0))) {
		rc = put_open(r, r->open[n], e);
		recycle(r, r->open[n++]);
	}
	r->opens -= n;
	memmove(r->open, r->open + n, r->opens * sizeof r->open[0]);
	return rc;
}

/* --- taking in --- */

static struct text_open *
find_open(struct text_records *r, struct slice key, uint64_t line)
{
	for (size_t i = r->opens; i-- > 0;) {
		struct text_open *o = r->open[i];

		if (o->closed)
			continue;
		if (line - o->last_line > TEXT_IDLE)
			o->closed = true;
		else if (slice_eq(buf_slice(&o->key), key))
			return o;
	}
	return NULL;
}

static bool
is_trace_head(struct slice s)
{
	return slice_find(s, 0, SLICE("Traceback (most recent call last)")) != SIZE_MAX;
}

static bool
is_indented(struct slice s)
{
	return s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t');
}

/* lines that no program begins a record with */
static bool
is_connector(struct slice s)
{
	return slice_starts(s, "Caused by: ") || slice_starts(s, "During handling of the above") ||
	    slice_starts(s, "The above exception was");
}

/* whether a line that begins no record of its own belongs to this one */
static bool
goes_on(const struct text_open *o, struct slice s, const struct text_prefix *p)
{
	int64_t apart;

	if (slice_trim(s).n == 0 || is_indented(s) || (o->trace && o->indented) ||
	    is_connector(s))
		return true;
	if (!p->timed)
		return o->headed || (o->trace && is_trace_head(s));
	if (o->trace && is_trace_head(s))
		return true;
	/* each line has a time of its own: only what was written at once is one record */
	apart = o->last_ns == CLOCK_NONE ? INT64_MAX : clock_gap(p->time.ns, o->last_ns);
	return o->headed && apart >= 0 && apart <= SAME_WRITE_NS;
}

static void
note_line(struct text_open *o, struct slice s, const struct text_prefix *p,
    const struct line *at)
{
	o->last_line = at->no;
	o->last_ns = p->timed ? p->time.ns : CLOCK_NONE;
	if (slice_trim(s).n == 0)
		return;
	o->trace |= is_trace_head(slice_sub(s, 0, 1024));
	o->indented = is_indented(s);
	o->end = at->byte + at->text.n;
	o->kept = o->text.n;
}

static void
append(struct text_records *r, struct text_open *o, struct slice s, const struct text_prefix *p,
    const struct line *at)
{
	if (o->text.n + s.n + 1 > r->limits->record) {
		if (!o->long_told)
			diag_put(&r->put.sink->diag, DIAG_RECORD_LONG, at->no, 1, at->byte,
			    "the record begins at line %llu; its lines from here on are not kept",
			    (unsigned long long)o->line);
		o->long_told = true;
	} else {
		buf_putc(&o->text, '\n');
		buf_put_slice(&o->text, s);
		r->held += s.n + 1;
	}
	note_line(o, s, p, at);
}

static struct text_open *
open_new(struct text_records *r)
{
	struct text_open *o = r->spare;

	if (!o) {
		o = mem_calloc(1, sizeof *o);
		/* cleaning makes three bytes of a bad one */
		buf_init(&o->text, r->limits->record > SIZE_MAX / 4 ? SIZE_MAX / 4 :
		    r->limits->record * 3 + 64);
		buf_init(&o->key, 1024);
	} else {
		struct buf text = o->text, key = o->key;

		memset(o, 0, sizeof *o);
		o->text = text;
		o->key = key;
	}
	r->spare = NULL;
	return o;
}

static int
begin(struct text_records *r, struct slice clean, struct slice s, const struct text_prefix *p,
    bool headed, const struct line *at, struct err *e)
{
	struct text_open *o;

	while (r->opens == TEXT_OPEN || (r->opens > 0 && r->held + clean.n > r->limits->record)) {
		if (drain(r, true, e) != 0)
			return -1;
	}
	o = open_new(r);
	buf_put_slice(&o->text, clean);
	r->held += clean.n;
	o->first = clean.n;
	buf_put_slice(&o->key, slice_sub(p->key, 0, 1024));
	o->line = at->no;
	o->byte = at->byte;
	o->headed = headed;
	note_line(o, s, p, at);
	r->open[r->opens++] = o;
	return 0;
}

static bool
begins(struct text_records *r, struct slice s, bool under_time, const struct line *at,
    struct arena *scratch)
{
	enum match_outcome outcome;

	if (!r->format)
		return text_line_begins(s, under_time, scratch);
	outcome = format_begins(r->format, r->matcher, s);
	if (outcome == MATCH_LIMIT && r->gave_up.n++ == 0) {
		r->gave_up.line = at->no;
		r->gave_up.byte = at->byte;
	}
	return outcome == MATCH_YES;
}

int
text_records_line(struct text_records *r, struct slice clean, const struct line *at,
    struct arena *scratch, struct err *e)
{
	struct text_prefix prefix;
	struct text_open *o;
	struct slice s = clean;
	bool headed, assumed;
	int of_run;

	text_shape_prefix(&r->shape, &s, &prefix);
	headed = begins(r, s, prefix.timed, at, scratch);
	of_run = !r->run ? 0 : text_run_line(r->run, s, prefix.key, prefix.timed ?
	    text_clock_resolve(&r->clock, &prefix.time, &assumed) : CLOCK_NONE, headed, at, e);
	if (of_run)
		return of_run < 0 ? -1 : 0;
	o = find_open(r, slice_sub(prefix.key, 0, 1024), at->no);
	if (o && !headed && goes_on(o, s, &prefix)) {
		append(r, o, s, &prefix, at);
		return 0;
	}
	if (slice_trim(s).n == 0)
		return 0;
	if (o)
		o->closed = true;
	if (drain(r, false, e) != 0)
		return -1;
	return begin(r, clean, s, &prefix, headed, at, e);
}

static void
tell_undated(const struct text_records *r)
{
	const struct diag_sink *diag = &r->put.sink->diag;
	const struct text_undated *u = &r->undated[NO_TIME], *dateless = &r->undated[NO_DATE];
	const struct text_undated *bare = &r->undated[NO_PREFIX], *bad = &r->undated[BAD_TIME];

	if (u->n > 0 && u->n + dateless->n + bare->n + bad->n == r->put.seen)
		diag_put(diag, DIAG_ENTRY_NO_TIME, u->line, 1, u->byte,
		    "no line of this source names a time; records: %llu",
		    (unsigned long long)u->n);
	else if (u->n > 0)
		diag_put(diag, DIAG_ENTRY_NO_TIME, u->line, 1, u->byte,
		    "records before the first line with a time: %llu",
		    (unsigned long long)u->n);
	if (dateless->n > 0)
		diag_put(diag, DIAG_ENTRY_NO_TIME, dateless->line, 1, dateless->byte,
		    "a time of day, and no line before it names a date; such records: %llu",
		    (unsigned long long)dateless->n);
	if (bare->n > 0)
		diag_put(diag, DIAG_NOT_ENTRY, bare->line, 1, bare->byte,
		    "it has no prefix, as the lines of this log have; such lines: %llu",
		    (unsigned long long)bare->n);
	if (bad->n > 0)
		diag_put(diag, DIAG_ENTRY_NO_TIME, bad->line, 1, bad->byte,
		    "the time in it is none by the format; such records: %llu",
		    (unsigned long long)bad->n);
	if (r->gave_up.n > 0)
		diag_put(diag, DIAG_MATCH_LIMIT, r->gave_up.line, 1, r->gave_up.byte,
		    "the pattern of the format %s; lines that it gave up on: %llu",
		    format_name(r->format), (unsigned long long)r->gave_up.n);
}

int
text_records_end(struct text_records *r, struct err *e)
{
	while (r->opens > 0) {
		if (drain(r, true, e) != 0)
			return -1;
	}
	if (r->run && text_run_end(r->run, e) != 0)
		return -1;
	tell_undated(r);
	if (r->put.seen == 0 && !(r->run && text_run_count(r->run) > 0))
		diag_put(&r->put.sink->diag, DIAG_EMPTY, 0, 0, 0, "no line that is not blank");
	return 0;
}

static int
read_lines(struct text_records *r, struct lines *lines, struct arena *scratch, struct err *e)
{
	struct line line;
	int rc;

	while ((rc = lines_next(lines, &line, e)) > 0) {
		size_t bad_utf8;
		struct slice s;

		arena_reset(scratch);
		s = text_clean(line.text, line.no, scratch, &bad_utf8);
		if (bad_utf8 > 0)
			diag_put(&r->put.sink->diag, DIAG_BAD_UTF8, line.no, 1, line.byte,
			    "%zu times in this line", bad_utf8);
		if (text_records_line(r, s, &line, scratch, e) != 0)
			return -1;
	}
	return rc < 0 ? -1 : text_records_end(r, e);
}

int
text_records_read(struct read_job *job, const struct text_shape *shape,
    const struct line_format *format, struct err *e)
{
	struct text_records records;
	struct arena scratch;
	struct lines lines;
	int rc;

	arena_init(&scratch);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	text_records_init(&records, job, shape, format);
	rc = read_lines(&records, &lines, &scratch, e);
	text_records_release(&records);
	lines_release(&lines);
	arena_release(&scratch);
	return rc;
}
