/*
 * read_log_dump.c - entries as scripts write them into a report, one block for each:
 *
 *	=== ERROR - 2025-10-02T09:14:25.104233Z ===
 *	Insert ID: 68de3f1100019729a1b2c3d4
 *	Service: checkout-api
 *	JSON Payload:
 *	  message: pool is empty
 *	  error:
 *	    type: PoolError
 *
 * or "Text Payload: ..." in place of the JSON. A script chose what to write, so
 * fields are lost. A document that quotes one such block is no dump.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "model/severity.h"
#include "read/gcp_columns.h"
#include "read/reader.h"
#include "read/row_record.h"

#define BLOCKS_MIN 2		/* fewer are a quotation */
#define TITLE_LINES 16		/* before the first block */
#define KEY_MAX 64
#define NESTING 16		/* of the payload's members; what is deeper is text */

struct reading {
	struct entry_put put;
	struct arena arena;	/* one record */
	struct row_record record;
	bool block;		/* the record is a block, not text before the first */
	uint64_t entries, line, byte;
};

/* "=== ERROR - 2025-10-02T09:14:25Z ===" */
static bool
take_head(struct slice line, struct slice *severity, struct slice *time)
{
	size_t dash;
	int ignored;
	int64_t ns;

	line = slice_trim(line);
	if (!slice_take_str(&line, "=== ") || !slice_ends(line, " ==="))
		return false;
	line.n -= 4;
	dash = slice_find(line, 0, SLICE(" - "));
	if (dash == SIZE_MAX)
		return false;
	*severity = slice_sub(line, 0, dash);
	*time = slice_trim(slice_sub(line, dash + 3, line.n));
	return severity_of(*severity, &ignored) && clock_parse(*time, &ns, NULL);
}

static const struct {
	const char *name, *path;
} keys[] = {
	{ "Insert ID", "insertId" },
	{ "Log", "logName" },
	{ "Log Name", "logName" },
	{ "Trace", "trace" },
	{ "Project", "resource.labels.project_id" },
	{ "Location", "resource.labels.location" },
	{ "Service", "resource.labels.service_name" },
	{ "Service Name", "resource.labels.service_name" },
	{ "Revision", "resource.labels.revision_name" },
	{ "Revision Name", "resource.labels.revision_name" },
	{ "Instance", "labels.instanceId" },
	{ "Instance ID", "labels.instanceId" },
	{ "Resource Type", "resource.type" },
	{ "Text Payload", "textPayload" },
	{ "JSON Payload", "jsonPayload" },
};

/* one of the keys at the start of a line; NULL if there is none */
static const char *
take_key(struct slice *line)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct slice rest = *line;

		if (!slice_take_str(&rest, keys[i].name) || !slice_take_byte(&rest, ':'))
			continue;
		slice_take_byte(&rest, ' ');
		*line = rest;
		return keys[i].path;
	}
	return NULL;
}

/* "  key: value" with its indentation; the key is a name, not prose */
static bool
take_member(struct slice line, size_t *indent, struct slice *key, struct slice *value)
{
	size_t at = 0, from;

	while (at < line.n && line.p[at] == ' ')
		at++;
	for (from = at; at < line.n && line.p[at] != ':'; at++) {
		char c = line.p[at];

		if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
		    c != '_' && c != '-' && c != '.' && c != '@' && c != '/')
			return false;
	}
	if (from == 0 || at == line.n || at == from || at - from > KEY_MAX ||
	    (at + 1 < line.n && line.p[at + 1] != ' '))
		return false;
	*indent = from;
	*key = slice_sub(line, from, at - from);
	*value = slice_sub(line, at + 1 + (at + 1 < line.n), line.n);
	return true;
}

/* --- a block to an object --- */

struct block {
	json_t *object;			/* owned */
	bool json;			/* inside of the JSON payload */
	json_t *level[NESTING];		/* objects that are open, and where their members stand; */
	size_t indent[NESTING];		/* borrowed */
	size_t levels;
	/* the text that goes on until the next key */
	json_t *into;			/* borrowed; NULL: path says where */
	const char *path;
	char key[KEY_MAX + 1];
	struct buf text;
	bool any;			/* a value is being gathered */
};

static void
store_text(struct block *b)
{
	char path[KEY_MAX + 1];
	struct slice text = buf_slice(&b->text);

	if (!b->any)
		return;
	b->any = false;
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
		text.n--;
	if (!b->into) {
		gcp_object_put(b->object, b->path, text);
		return;
	}
	/* a name with dots is one member here */
	memcpy(path, b->key, sizeof path);
	if (text.n > 0 && !strchr(path, '.')) {
		gcp_object_put(b->into, path, text);
	} else if (text.n > 0) {
		json_t *v = json_object();

		gcp_object_put(v, "v", text);
		json_object_set(b->into, path, json_object_get(v, "v"));
		json_decref(v);
	}
}

static void
begin_text(struct block *b, json_t *into, struct slice key, const char *path, struct slice value)
{
	store_text(b);
	b->into = into;
	b->path = path;
	if (into) {
		memcpy(b->key, key.p, key.n);
		b->key[key.n] = '\0';
	}
	buf_reset(&b->text);
	buf_put_slice(&b->text, value);
	b->any = true;
}

static void
more_text(struct block *b, struct slice line)
{
	if (!b->any)
		return;
	buf_putc(&b->text, '\n');
	buf_put_slice(&b->text, line);
}

/* a member of the JSON payload; false when the line is text that goes on */
static bool
put_member(struct block *b, struct slice line)
{
	struct slice key, value;
	size_t indent, n = b->levels;

	if (!take_member(line, &indent, &key, &value))
		return false;
	/* a name without a value before it, and this one stands deeper: it is an object */
	if (n > 0 && indent > b->indent[n - 1]) {
		json_t *inner;

		if (!b->any || b->text.n > 0 || n == NESTING)
			return false;
		inner = json_object();
		json_object_set_new(b->level[n - 1], b->key, inner);
		b->any = false;
		b->level[n] = inner;
		b->indent[n] = indent;
		b->levels++;
	}
	if (n == 0) {
		b->indent[0] = indent;
		b->levels = 1;
	}
	while (b->levels > 1 && indent < b->indent[b->levels - 1])
		b->levels--;
	if (indent != b->indent[b->levels - 1])
		return false;
	begin_text(b, b->level[b->levels - 1], key, NULL, value);
	return true;
}

static void
block_line(struct block *b, struct slice line)
{
	struct slice rest = line;
	const char *path = take_key(&rest);

	if (b->json && line.n > 0 && line.p[0] == ' ' && put_member(b, line))
		return;
	/* the text of a message may begin a line with such a word; then a key was seen before */
	if (!path || json_object_get(b->object, path) || (b->any && b->path &&
	    strcmp(b->path, path) == 0)) {
		more_text(b, line);
		return;
	}
	store_text(b);
	b->json = strcmp(path, "jsonPayload") == 0 && slice_trim(rest).n == 0;
	if (!b->json) {
		begin_text(b, NULL, slice_of(NULL, 0), path, rest);
		return;
	}
	b->level[0] = json_object();
	b->levels = 0;
	json_object_set_new(b->object, "jsonPayload", b->level[0]);
}

static json_t *
object_of(struct slice text)
{
	struct slice line, severity, time;
	struct block b = { .object = json_object() };

	buf_init(&b.text, text.n + 1);
	slice_take_line(&text, &line);
	take_head(line, &severity, &time);
	gcp_object_put(b.object, "severity", severity);
	gcp_object_put(b.object, "timestamp", time);
	while (slice_take_line(&text, &line)) {
		/* a fence of Markdown around the blocks */
		if (text.n == 0 && slice_starts(line, "```"))
			break;
		block_line(&b, line);
	}
	store_text(&b);
	if (!json_object_get(b.object, "textPayload"))
		gcp_object_put(b.object, "textPayload", slice_of("", 0));
	buf_release(&b.text);
	return b.object;
}

/* --- records --- */

static int
put_block(struct reading *g, struct record_at *at, struct err *e)
{
	json_t *object;
	int rc;

	if (!text_is_utf8(at->text))
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, at->line, at->col, at->byte,
		    "in this block");
	if (g->entries++ == 0) {
		g->line = at->line;
		g->byte = at->byte;
	}
	object = object_of(at->text);
	rc = entry_put_object(&g->put, object, at, e);
	json_decref(object);
	return rc;
}

static int
finish(struct reading *g, struct err *e)
{
	struct record_at at;
	int rc;

	if (!g->record.open)
		return 0;
	at = row_record_end(&g->record);
	if (g->record.over) {
		rc = entry_put_bad(&g->put, DIAG_RECORD_LONG, &at, e);
	} else if (g->block) {
		rc = put_block(g, &at, e);
	} else {
		record_point(&at, 0, "text before the first entry");
		rc = entry_put_bad(&g->put, DIAG_NOT_ENTRY, &at, e);
	}
	arena_reset(&g->arena);
	return rc;
}

static int
take_line(struct reading *g, const struct line *line, struct err *e)
{
	struct slice severity, time;
	bool head = take_head(line->text, &severity, &time);

	if (head || (!g->record.open && slice_trim(line->text).n > 0)) {
		if (finish(g, e) != 0)
			return -1;
		g->block = head;
		row_record_begin(&g->record, line);
	} else if (g->record.open) {
		row_record_add(&g->record, line);
	}
	return 0;
}

static int
read_log_dump(struct read_job *job, struct err *e)
{
	struct reading g = { .entries = 0 };
	struct lines lines;
	struct line line;
	int got;

	arena_init(&g.arena);
	entry_put_init(&g.put, job, &g.arena);
	g.put.lossy = true;
	row_record_init(&g.record, job->limits->record);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	while ((got = lines_next(&lines, &line, e)) == 1) {
		if (line.no == 1 && slice_take_str(&line.text, "\xef\xbb\xbf"))
			line.byte += 3;
		if (take_line(&g, &line, e) != 0) {
			got = -1;
			break;
		}
	}
	if (got == 0)
		got = finish(&g, e);
	if (got == 0 && g.entries > 0)
		diag_put(&g.put.sink->diag, DIAG_LOST_FIELDS, g.line, 1, g.byte,
		    "a script wrote down what it chose to; collect again with `gcloud logging read "
		    "FILTER --format=json`");
	if (got == 0 && g.put.seen == 0)
		diag_put(&g.put.sink->diag, DIAG_EMPTY, 0, 0, 0, "no entry was found");
	job->shape = "log dump";
	job->lossy = true;
	lines_release(&lines);
	row_record_release(&g.record);
	arena_release(&g.arena);
	return got;
}

/* a heading of Markdown, a list or a table: somebody writes about the logs */
static bool
is_prose(struct slice line)
{
	return slice_starts(line, "#") || slice_starts(line, "- ") || slice_starts(line, "* ") ||
	    slice_starts(line, "| ") || slice_starts(line, "> ");
}

static int
sniff(struct slice head, bool whole)
{
	struct slice line, severity, time;
	unsigned before = 0, blocks = 0, since = 0;
	bool keyed = false;

	(void)whole;
	while (slice_take_line(&head, &line)) {
		if (take_head(line, &severity, &time)) {
			blocks++;
			since = 0;
			continue;
		}
		if (blocks == 0) {
			before += slice_trim(line).n > 0;
			if (before > TITLE_LINES)
				return 0;
			continue;
		}
		/* each block goes on with one of the keys */
		if (++since == 1 && !take_key(&line))
			return 0;
		keyed |= since == 1;
		if (is_prose(line))
			return 0;
	}
	return blocks >= BLOCKS_MIN && keyed ? 70 : 0;
}

const struct reader reader_log_dump = {
	.name = "log-dump",
	.about = "entries that a script wrote into a report: === ERROR - time ===",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_log_dump,
};
