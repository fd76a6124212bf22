/*
 * fuzz_json.c - the JSON splitter and the reader of log entries, on any bytes.
 *
 * Invariants: every entry has a time and valid UTF-8, every record lies inside
 * the input and behind the one before. Oracles: where jansson takes the whole
 * input for an array of objects, the splitter without names finds as many objects;
 * where it takes the input for any value, the splitter finds as many records as a walk
 * over the tree does by the same rule.
 */
#include "config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/entry_map.h"
#include "read/json_split.h"
#include "read/reader.h"

extern const struct reader reader_gcp_json;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct checked {
	size_t size;
	uint64_t end;		/* of the record before */
	struct arena arena;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_text(struct checked *c, struct slice s)
{
	size_t fixed = 0;

	text_utf8(&c->arena, s, &fixed);
	require(fixed == 0);
	arena_reset(&c->arena);
}

static void
check_place(struct checked *c, uint64_t line, uint64_t byte, uint64_t bytes)
{
	require(line >= 1 && bytes > 0);
	require(byte >= c->end);
	require(byte + bytes <= c->size);
	c->end = byte + bytes;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	check_place(c, entry->line, entry->byte, entry->bytes);
	require(entry->ts_ns != CLOCK_NONE);
	require(entry->severity >= 0 && entry->severity <= 800);
	require(entry->severity_inferred == (entry->severity_by != NULL));
	require((entry->payload_kind == PAYLOAD_NONE) == (entry->payload.n == 0));
	check_text(c, entry->message);
	check_text(c, entry->payload);
	check_text(c, entry->log);
	for (size_t i = 0; i < entry->fields; i++) {
		check_text(c, entry->field[i].name);
		check_text(c, entry->field[i].value);
	}
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	(void)e;
	check_place(ctx, bad->line, bad->byte, bad->bytes);
	require(bad->reason.n > 0);
	require(bad->head.n <= JSON_HEAD && bad->head.n <= bad->bytes);
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	const struct checked *c = ctx;

	require(d->byte <= c->size);
}

/* bytes of text that readers see: more than n when these are UTF-16 or compressed */
static size_t
text_size(const char *p, size_t n)
{
	struct input *in = input_from_memory(p, n);
	char piece[4096];
	size_t got, size;
	struct err e;

	do
		require(input_read(in, piece, sizeof piece, &got, NULL, &e) == 0);
	while (got);
	size = (size_t)input_offset(in);
	input_close(in);
	return size;
}

static void
run_reader(const char *p, size_t n)
{
	/* low, so that small inputs go over them */
	const struct read_limits limits = { .record = 2048, .depth = 16 };
	struct checked c = { .size = text_size(p, n) };
	const struct read_sink sink = { .ctx = &c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;

	arena_init(&c.arena);
	reader_gcp_json.sniff(slice_of(p, n < INPUT_HEAD ? n : INPUT_HEAD), n <= INPUT_HEAD);
	job.in = input_from_memory(p, n);
	require(reader_gcp_json.read(&job, &e) == 0);
	require(job.shape != NULL);
	input_close(job.in);
	arena_release(&c.arena);
}

static size_t
count_objects(const char *p, size_t n, const struct json_names *names)
{
	struct input *in = input_from_memory(p, n);
	struct json_split split;
	struct json_record record;
	struct err e;
	size_t found = 0;

	json_split_init(&split, in, NULL, n + 1, JSON_WALK_DEPTH);
	if (names)
		split.names = *names;
	while (json_split_next(&split, &record, &e) == 1)
		found += record.kind == JSON_RECORD;
	json_split_release(&split);
	input_close(in);
	return found;
}

/* --- the same rule on a tree --- */

#define TREE_DEPTH 200		/* deeper trees are not compared: the splitter looks 256 levels deep */

static enum json_likely
likely_of_tree(json_t *object)
{
	uint64_t found = 0;

	for (size_t i = 0; i < entry_names.n; i++) {
		if (json_object_getn(object, entry_names.name[i].p, entry_names.name[i].n))
			found |= UINT64_C(1) << i;
	}
	return (enum json_likely)entry_names.likely(found);
}

/* of the objects in v, itself included; *deep is set when it is nested too deeply */
static enum json_likely
best_of_tree(json_t *v, unsigned depth, bool *deep)
{
	enum json_likely best = JSON_UNLIKELY, is;
	const char *key;
	json_t *member;
	size_t i;

	if (depth > TREE_DEPTH) {
		*deep = true;
		return best;
	}
	if (json_is_object(v))
		best = likely_of_tree(v);
	json_object_foreach(v, key, member) {
		is = best_of_tree(member, depth + 1, deep);
		best = is > best ? is : best;
	}
	json_array_foreach(v, i, member) {
		is = best_of_tree(member, depth + 1, deep);
		best = is > best ? is : best;
	}
	return best;
}

static size_t
records_of_tree(json_t *v, bool wrapped)
{
	enum json_likely likely = JSON_UNLIKELY, inside = JSON_UNLIKELY, is;
	bool deep = false;
	const char *key;
	json_t *member;
	size_t i, n = 0;

	json_array_foreach(v, i, member)
		n += records_of_tree(member, wrapped);
	if (!json_is_object(v))
		return n;
	likely = likely_of_tree(v);
	if (likely >= JSON_PERHAPS)
		return 1;
	json_object_foreach(v, key, member) {
		is = best_of_tree(member, 0, &deep);
		inside = is > inside ? is : inside;
		n += records_of_tree(member, true);
	}
	if (inside >= (likely == JSON_LACKING ? JSON_SURELY : JSON_PERHAPS))
		return n;
	return !wrapped || likely == JSON_LACKING;
}

static void
compare_records(const char *p, size_t n)
{
	json_error_t error;
	bool deep = false;
	json_t *all;

	/* keys with escapes are compared as they are written, and of two of a name a tree has one */
	if (memchr(p, '\\', n) || n > 60000)
		return;
	all = json_loadb(p, n, JSON_REJECT_DUPLICATES, &error);
	if (!all)
		return;
	best_of_tree(all, 0, &deep);
	if (!deep)
		require(count_objects(p, n, &entry_names) == records_of_tree(all, false));
	json_decref(all);
}

static void
compare_with_jansson(const char *p, size_t n)
{
	json_error_t error;
	json_t *all, *element;
	bool objects = true;
	size_t i;

	/* jansson takes a NUL for the end of the text */
	if (n == 0 || memchr(p, 0, n))
		return;
	compare_records(p, n);
	all = json_loadb(p, n, JSON_ALLOW_NUL, &error);
	if (!json_is_array(all)) {
		json_decref(all);
		return;
	}
	json_array_foreach(all, i, element)
		objects = objects && json_is_object(element);
	if (objects)
		require(count_objects(p, n, NULL) == json_array_size(all));
	json_decref(all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_reader((const char *)data, size);
	compare_with_jansson((const char *)data, size);
	return 0;
}
