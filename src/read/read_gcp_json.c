/*
 * read_gcp_json.c - LogEntry objects as gcloud, the Logs Explorer, sinks and client libraries
 * export them: a JSON array, NDJSON, objects one after the other, or several arrays.
 */
#include "config.h"

#include "read/entry_map.h"
#include "read/entry_put.h"
#include "read/json_lenient.h"
#include "read/json_split.h"
#include "read/reader.h"

#define SNIFF_OBJECTS 64	/* objects of the head that are looked at */

struct reading {
	struct entry_put put;
	struct arena arena;		/* one record */
	struct buf scratch;
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

static struct record_at
at_of(const struct json_record *r)
{
	return (struct record_at){ r->line, r->col, r->byte, r->bytes, r->text, r->fault_line,
	    r->fault_col, r->fault_byte, r->fault, NULL };
}

/* --- entries --- */

static enum json_likely
is_likely_entry(struct slice object)
{
	unsigned likely = entry_likely(object);

	return likely > 2 ? JSON_SURELY : likely > 1 ? JSON_PERHAPS : JSON_UNLIKELY;
}

static int
put_record(struct reading *g, const struct json_record *r, struct err *e)
{
	struct record_at at = at_of(r);
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int result;

	if (r->kind != JSON_RECORD)
		return entry_put_bad(&g->put, code_of(r->kind), &at, e);
	object = json_load_lenient(r->text, &g->scratch, &bad_utf8, &fault);
	if (!object) {
		record_point(&at, fault.at, fault.text);
		return entry_put_bad(&g->put, DIAG_JSON_BAD, &at, e);
	}
	if (bad_utf8 > 0)
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, r->line, r->col, r->byte,
		    "%zu times in this record", bad_utf8);
	if (json_object_size(object) != r->members) {
		record_point(&at, 0,
		    "a key occurs twice, as where two records ran into each other");
		result = entry_put_bad(&g->put, DIAG_JSON_BAD, &at, e);
	} else {
		result = entry_put_object(&g->put, object, &at, e);
	}
	json_decref(object);
	return result;
}

static void
put_end(const struct reading *g, const struct json_split *split)
{
	const struct json_place *at = &split->no_comma_at;

	if (split->no_comma > 0)
		diag_put(&g->put.sink->diag, DIAG_JSON_COMMA, at->line,
		    at->byte - at->line_byte + 1, at->byte,
		    "%llu in this source, the first before this element",
		    (unsigned long long)split->no_comma);
	if (json_split_unclosed(split))
		diag_put(&g->put.sink->diag, DIAG_JSON_CUT, split->at.line,
		    split->at.byte - split->at.line_byte + 1, split->at.byte,
		    "the closing ] is missing%s",
		    split->damage_end == 0 ? "; every entry is whole" : "");
	if (g->put.seen == 0)
		diag_put(&g->put.sink->diag, DIAG_EMPTY, 0, 0, 0, "no JSON object was found");
}

static int
read_gcp_json(struct read_job *job, struct err *e)
{
	struct reading g;
	struct json_split split;
	struct json_record record;
	int got;

	arena_init(&g.arena);
	entry_put_init(&g.put, job, &g.arena);
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
