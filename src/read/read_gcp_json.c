/*
 * read_gcp_json.c - LogEntry objects as gcloud, the Logs Explorer, sinks and client libraries
 * export them: a JSON array, NDJSON, objects one after the other, or several arrays.
 */
#include "config.h"

#include "read/entry_map.h"
#include "read/json_lenient.h"
#include "read/json_split.h"
#include "read/reader.h"

#define SNIFF_OBJECTS 64	/* objects of the head that are looked at */

struct reading {
	const struct read_sink *sink;
	struct arena arena;		/* one record */
	struct buf scratch;
	uint64_t seen;
};

/* --- sniffing --- */

/* the next `{` that begins a line at or after `from`, or SIZE_MAX */
static size_t
next_line_object(struct slice head, size_t from)
{
	size_t at = from;

	while ((at = slice_find_byte(head, at, '\n')) != SIZE_MAX) {
		at++;
		while (at < head.n && (head.p[at] == ' ' || head.p[at] == '\t'))
			at++;
		if (at < head.n && head.p[at] == '{')
			return at;
	}
	return SIZE_MAX;
}

static size_t
skip_punctuation(struct slice head, size_t at)
{
	if (at == 0 && slice_starts(head, "\xef\xbb\xbf"))
		at = 3;
	while (at < head.n && (head.p[at] == ' ' || head.p[at] == '\t' || head.p[at] == '\r' ||
	    head.p[at] == '\n' || head.p[at] == ',' || head.p[at] == '[' || head.p[at] == ']'))
		at++;
	return at;
}

/*
 * The first object decides. When it is no entry, or text precedes it, a later
 * one must have what only entries have: logs of tests hold JSON lines too.
 */
static int
sniff(struct slice head, bool whole)
{
	size_t at = skip_punctuation(head, 0);
	struct json_walk w;

	/* an export that found nothing */
	if (whole && at == head.n && slice_find_byte(head, 0, '[') != SIZE_MAX)
		return 10;
	for (unsigned i = 0; i < SNIFF_OBJECTS && at < head.n; i++) {
		struct slice rest = slice_sub(head, at, head.n);
		enum json_walked r = JSON_WALK_FAULT;
		size_t used = 0;
		unsigned likely = 0;

		if (rest.p[0] == '{') {
			likely = entry_likely(rest);
			json_walk_init(&w);
			r = json_walk(&w, rest.p, rest.n, &used);
		}
		if (likely > 0 && i == 0)
			return 90;
		if (likely > 1)
			return 50;
		if (r == JSON_WALK_MORE)
			return 0;
		at = r == JSON_WALK_DONE ? skip_punctuation(head, at + used) :
		    next_line_object(head, at);
	}
	return 0;
}

/* --- records that are no entries --- */

static enum diag_code
code_of(enum json_kind kind)
{
	switch (kind) {
	case JSON_CUT:
		return DIAG_JSON_CUT;
	case JSON_LONG:
		return DIAG_RECORD_LONG;
	case JSON_DEEP:
		return DIAG_JSON_DEEP;
	case JSON_STRAY:
		return DIAG_STRAY_TEXT;
	default:
		return DIAG_JSON_BAD;
	}
}

static int
put_bad(struct reading *g, const struct json_record *r, enum diag_code code, struct err *e)
{
	struct bad_record bad = { .kind = BAD_DAMAGED, .line = r->line, .byte = r->byte,
		.bytes = r->bytes, .head = slice_sub(r->text, 0, JSON_HEAD) };
	char *reason;

	if (r->fault && r->fault_byte != r->byte)
		reason = arena_printf(&g->arena, "%s: %s, at line %llu, column %llu (byte %llu)",
		    diag_text(code), r->fault, (unsigned long long)r->fault_line,
		    (unsigned long long)r->fault_col, (unsigned long long)r->fault_byte);
	else if (r->fault)
		reason = arena_printf(&g->arena, "%s: %s", diag_text(code), r->fault);
	else
		reason = arena_printf(&g->arena, "%s (%llu bytes)", diag_text(code),
		    (unsigned long long)r->bytes);
	bad.reason = slice_str(reason);
	if (code == DIAG_NOT_ENTRY)
		bad.kind = BAD_NOT_EVIDENCE;
	if (r->fault)
		diag_put(&g->sink->diag, code, r->fault_line, r->fault_col, r->fault_byte,
		    "%s; the record begins at line %llu and has %llu bytes", r->fault,
		    (unsigned long long)r->line, (unsigned long long)r->bytes);
	else
		diag_put(&g->sink->diag, code, r->line, r->col, r->byte, "%llu bytes",
		    (unsigned long long)r->bytes);
	return g->sink->bad(g->sink->ctx, &bad, e);
}

/* line and column of a byte of the record */
static void
point_at(struct json_record *r, size_t at, const char *fault)
{
	r->fault_line = r->line;
	r->fault_col = r->col;
	for (size_t i = 0; i < at; i++) {
		r->fault_col++;
		if (r->text.p[i] == '\n') {
			r->fault_line++;
			r->fault_col = 1;
		}
	}
	r->fault_byte = r->byte + at;
	r->fault = fault;
}

/* --- entries --- */

static enum json_likely
is_likely_entry(struct slice object)
{
	unsigned likely = entry_likely(object);

	return likely > 2 ? JSON_SURELY : likely > 1 ? JSON_PERHAPS : JSON_UNLIKELY;
}


static int
put_object(struct reading *g, const json_t *object, struct json_record *r, struct err *e)
{
	struct entry entry;
	enum entry_mapped mapped;

	if (json_object_size(object) != r->members) {
		point_at(r, 0, "a key occurs twice, as where two records ran into each other");
		return put_bad(g, r, DIAG_JSON_BAD, e);
	}
	mapped = entry_map(object, &g->arena, &entry);
	if (mapped == ENTRY_MADE_UP) {
		point_at(r, 0, "it names a source but has no insertId, logName or resource");
		return put_bad(g, r, DIAG_NOT_ENTRY, e);
	}
	if (mapped == ENTRY_NONE)
		return put_bad(g, r, DIAG_NOT_ENTRY, e);
	if (mapped == ENTRY_NO_CLOCK)
		return put_bad(g, r, DIAG_ENTRY_NO_TIME, e);
	entry.line = r->line;
	entry.byte = r->byte;
	entry.bytes = r->bytes;
	return g->sink->entry(g->sink->ctx, &entry, e);
}

static int
put_record(struct reading *g, struct json_record *r, struct err *e)
{
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int result;

	g->seen++;
	if (r->kind != JSON_RECORD)
		return put_bad(g, r, code_of(r->kind), e);
	object = json_load_lenient(r->text, &g->scratch, &bad_utf8, &fault);
	if (!object) {
		point_at(r, fault.at, fault.text);
		return put_bad(g, r, DIAG_JSON_BAD, e);
	}
	if (bad_utf8 > 0)
		diag_put(&g->sink->diag, DIAG_BAD_UTF8, r->line, r->col, r->byte,
		    "%zu times in this record", bad_utf8);
	result = put_object(g, object, r, e);
	json_decref(object);
	return result;
}

static void
put_end(const struct reading *g, const struct json_split *split)
{
	const struct json_place *at = &split->no_comma_at;

	if (split->no_comma > 0)
		diag_put(&g->sink->diag, DIAG_JSON_COMMA, at->line, at->byte - at->line_byte + 1,
		    at->byte, "%llu in this source, the first before this element",
		    (unsigned long long)split->no_comma);
	if (json_split_unclosed(split))
		diag_put(&g->sink->diag, DIAG_JSON_CUT, split->at.line,
		    split->at.byte - split->at.line_byte + 1, split->at.byte,
		    "the closing ] is missing%s",
		    split->damage_end == 0 ? "; every entry is whole" : "");
	if (g->seen == 0)
		diag_put(&g->sink->diag, DIAG_EMPTY, 0, 0, 0, "no JSON object was found");
}

static int
read_gcp_json(struct read_job *job, struct err *e)
{
	struct reading g = { .sink = job->sink };
	struct json_split split;
	struct json_record record;
	int got;

	arena_init(&g.arena);
	/* the copy for the second try grows by escapes, at most six-fold */
	buf_init(&g.scratch, job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64);
	json_split_init(&split, job->in, &job->sink->diag, job->limits->record,
	    job->limits->depth);
	split.likely = is_likely_entry;
	while ((got = json_split_next(&split, &record, e)) == 1) {
		if (put_record(&g, &record, e) != 0) {
			got = -1;
			break;
		}
		arena_reset(&g.arena);
	}
	if (got == 0)
		put_end(&g, &split);
	job->shape = json_split_shape(&split);
	json_split_release(&split);
	buf_release(&g.scratch);
	arena_release(&g.arena);
	return got;
}

const struct reader reader_gcp_json = {
	.name = "gcp-json",
	.about = "Google Cloud Logging entries as JSON: an array, NDJSON or objects",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_gcp_json,
};
