/*
 * read_gcp_json.c - LogEntry objects as gcloud, the Logs Explorer, sinks and client libraries
 * export them: a JSON array, NDJSON, objects one after the other, several arrays, in wrappers of
 * any kind, and inside messages of Pub/Sub.
 */
#include "config.h"

#include <string.h>

#include "base/digest.h"
#include "read/entry_map.h"
#include "read/entry_put.h"
#include "read/json_excerpt.h"
#include "read/json_lenient.h"
#include "read/json_split.h"
#include "read/pubsub.h"
#include "read/reader.h"

#define SNIFF_OBJECTS 64	/* objects of the head that are looked at */

struct reading {
	struct json_split split;
	struct entry_put put;
	struct arena arena;		/* one record */
	struct buf scratch, data;	/* copies for a second try; what a message carries */
	const struct read_limits *limits;
	struct json_excerpt excerpt;	/* of the wrapper at hand */
	uint64_t messages, plain;	/* entries in messages of Pub/Sub, and others */
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

/* keys of wrappers whose first entry may stand behind the head */
static bool
has_wrapper_keys(struct slice object)
{
	static const struct slice name[] = { { "raw_logs", 8 }, { "logs_by_severity", 16 },
		{ "receivedMessages", 16 }, { "received_messages", 17 }, { "logEntries", 10 },
		{ "log_entries", 11 }, { "entries", 7 }, { "nextPageToken", 13 } };
	uint64_t found = json_top_keys(object, name, sizeof name / sizeof name[0]);

	return (found & 0x3f) || (found & 0xc0) == 0xc0;
}

/* an object that is no entry: are there some inside, as far as the head goes? */
static int
sniff_wrapper(struct slice object, bool first)
{
	size_t used;
	int best = json_inner_best(object, &entry_names, JSON_SURELY, true, &used);

	if (best >= JSON_SURELY)
		return first ? 80 : 50;
	if (first && best >= JSON_PERHAPS)
		return 50;
	return first && has_wrapper_keys(object) ? 20 : 0;
}

/* a document that quotes entries is no export */
static bool
is_markdown(struct slice head)
{
	return slice_find(head, 0, SLICE("\n```")) != SIZE_MAX ||
	    (slice_starts(head, "# ") && slice_find(head, 0, SLICE("\n## ")) != SIZE_MAX);
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
	if (at < head.n && head.p[at] != '{' && is_markdown(head))
		return 0;
	for (unsigned i = 0; i < SNIFF_OBJECTS && at < head.n; i++) {
		struct slice rest = slice_sub(head, at, head.n);
		enum json_walked r = JSON_WALK_FAULT;
		unsigned likely = 0;
		size_t used = 0;
		int inside = 0;

		if (rest.p[0] == '{') {
			likely = entry_likely(rest);
			json_walk_init(&w);
			r = json_walk(&w, rest.p, rest.n, &used);
			inside = sniff_wrapper(slice_sub(rest, 0, r == JSON_WALK_DONE ? used :
			    rest.n), i == 0);
			if (i == 0 && likely == 0 && entry_names.likely(json_top_keys(rest,
			    entry_names.name, entry_names.n)) >= JSON_PERHAPS)
				return 70;	/* a message of Pub/Sub */
		}
		if (likely > 0 && i == 0)
			return 90;
		if (likely > 1)
			return 50;
		if (inside > 0 || r == JSON_WALK_MORE)
			return inside;
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

/* what is over a limit: which, and the option that sets it; its bytes as a hash */
static int
put_over(struct reading *g, const struct json_record *r, struct record_at *at, struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct sha256 hash;

	at->sha256 = r->sha256;
	if (r->kind == JSON_DEEP) {
		sha256_init(&hash);
		sha256_update(&hash, r->text.p, r->text.n);
		sha256_final(&hash, digest);
		sha256_hex(digest, hex);
		at->sha256 = hex;
		record_point(at, 0, arena_printf(&g->arena,
		    "deeper than %u levels (--max-depth)", g->limits->depth));
		return entry_put_bad(&g->put, DIAG_JSON_DEEP, at, e);
	}
	record_point(at, 0, arena_printf(&g->arena, "longer than %zu bytes (--max-record)",
	    g->limits->record));
	return entry_put_bad(&g->put, DIAG_RECORD_LONG, at, e);
}

/* --- wrappers --- */

/* the wrapper has ended: as it should, and with what it says it holds? */
static void
put_wrapper_end(struct reading *g, const struct json_record *r)
{
	if (r->fault && !g->split.wrapper_open)
		diag_put(&g->put.sink->diag, DIAG_JSON_BAD, r->fault_line, r->fault_col,
		    r->fault_byte, "the wrapper of line %llu: %s",
		    (unsigned long long)r->line, r->fault);
	else if (excerpt_differs(&g->excerpt, r->held))
		diag_put(&g->put.sink->diag, DIAG_WRAPPER_TOTAL, r->line, r->col, r->byte,
		    "the wrapper says %llu, it holds %llu",
		    (unsigned long long)g->excerpt.total, (unsigned long long)r->held);
}

/* --- entries --- */

/* a key that names an entry stands there twice; its values as they are written */
static bool
has_two(struct slice text, const char *camel, const char *snake, struct slice value[2])
{
	struct json_keys keys = { .text = text };
	struct slice key, rest;
	size_t n = 0;

	while (n < 2 && json_keys_next(&keys, &key)) {
		if (!slice_eqs(key, camel) && !slice_eqs(key, snake))
			continue;
		rest = slice_trim(slice_sub(text, keys.at, 200));
		slice_take_byte(&rest, '"');
		if (!slice_take_until(&rest, '"', &value[n]))
			value[n] = slice_sub(rest, 0, 20);
		n++;
	}
	return n == 2;
}

/*
 * Where the end of one record and the beginning of the next were lost, the keys of both
 * stand in one object. One key twice may be a writer's slip; what names an entry, there
 * twice beside another key that is there twice, is not. NULL, or what to say.
 */
static const char *
two_records(struct reading *g, const struct json_record *r, size_t members)
{
	static const char *const key[][2] = { { "insertId", "insert_id" },
		{ "timestamp", "timestamp" }, { "logName", "log_name" } };
	struct slice value[2];

	if (r->members < members + 2)
		return NULL;
	for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
		if (has_two(r->text, key[i][0], key[i][1], value))
			return arena_printf(&g->arena, "two records ran into each other: %s is "
			    "\"%.*s\" and \"%.*s\"", key[i][0], SLICE_ARG(value[0]),
			    SLICE_ARG(value[1]));
	}
	return NULL;
}

/* the entry that a message carries; its place is that of the message */
static int
put_message(struct reading *g, const json_t *data, struct record_at *at, struct err *e)
{
	struct slice text = slice_of(json_string_value(data), json_string_length(data));
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int result;

	if (!base64_decode(text, &g->data)) {
		record_point(at, 0, "the data of the message is no base64");
		return entry_put_bad(&g->put, DIAG_JSON_BAD, at, e);
	}
	object = json_load_lenient(buf_slice(&g->data), &g->scratch, &bad_utf8, &fault);
	if (!json_is_object(object)) {
		json_decref(object);
		record_point(at, 0, "the data of the message is no log entry");
		return entry_put_bad(&g->put, DIAG_NOT_ENTRY, at, e);
	}
	g->messages++;
	result = entry_put_object(&g->put, object, at, e);
	json_decref(object);
	return result;
}

static int
put_object(struct reading *g, const struct json_record *r, const json_t *object,
    struct record_at *at, struct err *e)
{
	const json_t *data = pubsub_data(object);
	const char *two = two_records(g, r, json_object_size(object));

	if (two) {
		record_point(at, 0, two);
		return entry_put_bad(&g->put, DIAG_JSON_BAD, at, e);
	}
	if (data && entry_likely(r->text) == 0)
		return put_message(g, data, at, e);
	g->plain++;
	return entry_put_object(&g->put, object, at, e);
}

static int
put_record(struct reading *g, const struct json_record *r, struct err *e)
{
	struct record_at at = at_of(r);
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int result;

	if (r->kind == JSON_END)
		put_wrapper_end(g, r);
	if (!r->wrapped && r->kind != JSON_BROKEN && r->kind != JSON_CUT && r->kind != JSON_STRAY)
		memset(&g->excerpt, 0, sizeof g->excerpt);
	if (r->kind == JSON_END)
		return 0;
	if (r->kind == JSON_OTHER) {
		record_point(&at, 0, "no log entry was found in it");
		return entry_put_bad(&g->put, DIAG_NOT_ENTRY, &at, e);
	}
	if (r->kind == JSON_LONG || r->kind == JSON_DEEP)
		return put_over(g, r, &at, e);
	if (r->kind != JSON_RECORD)
		return entry_put_bad(&g->put, code_of(r->kind), &at, e);
	if (r->marked && g->excerpt.found) {
		record_point(&at, 0, arena_printf(&g->arena,
		    "a sample in a summary of %llu entries", (unsigned long long)g->excerpt.of));
		return entry_put_bad(&g->put, DIAG_NOT_ENTRY, &at, e);
	}
	object = json_load_lenient(r->text, &g->scratch, &bad_utf8, &fault);
	if (!object) {
		record_point(&at, fault.at, fault.text);
		return entry_put_bad(&g->put, DIAG_JSON_BAD, &at, e);
	}
	if (bad_utf8 > 0)
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, r->line, r->col, r->byte,
		    "%zu times in this record", bad_utf8);
	if (fault.twice.n > 0)
		diag_put(&g->put.sink->diag, DIAG_JSON_KEY_TWICE, r->line, r->col, r->byte,
		    "\"%.*s\"", SLICE_ARG(slice_sub(fault.twice, 0, 100)));
	result = put_object(g, r, object, &at, e);
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
		    "the closing %c is missing%s", split->wrapper_open ? '}' : ']',
		    split->damage_end == 0 ? "; every entry is whole" : "");
	if (g->put.seen == 0)
		diag_put(&g->put.sink->diag, DIAG_EMPTY, 0, 0, 0, "no JSON object was found");
}

static void
begin(struct reading *g, const struct read_job *job)
{
	struct json_split *split = &g->split;
	/* the copy for the second try grows by escapes, at most six-fold */
	size_t room = job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64;

	memset(g, 0, sizeof *g);
	arena_init(&g->arena);
	entry_put_init(&g->put, job, &g->arena);
	buf_init(&g->scratch, room);
	buf_init(&g->data, room);
	g->limits = job->limits;
	json_split_init(split, job->in, &job->sink->diag, job->limits->record,
	    job->limits->depth);
	split->names = entry_names;
	split->hooks = (struct json_hooks){ .ctx = &g->excerpt, .enter = excerpt_enter,
		.mark = excerpt_mark, .number = excerpt_number };
}

static int
read_gcp_json(struct read_job *job, struct err *e)
{
	struct reading g;
	struct json_record record;
	int got;

	begin(&g, job);
	while ((got = json_split_next(&g.split, &record, e)) == 1) {
		if (put_record(&g, &record, e) != 0) {
			got = -1;
			break;
		}
		arena_reset(&g.arena);
	}
	if (got == 0)
		put_end(&g, &g.split);
	job->shape = g.messages > 0 && g.plain == 0 ? "Pub/Sub messages" :
	    json_split_shape(&g.split);
	json_split_release(&g.split);
	buf_release(&g.data);
	buf_release(&g.scratch);
	arena_release(&g.arena);
	return got;
}

const struct reader reader_gcp_json = {
	.name = "gcp-json",
	.about = "Google Cloud Logging entries as JSON: an array, NDJSON, objects or wrappers",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_gcp_json,
};
