/*
 * checked.h - a read_sink that aborts when a reader of logs breaks what holds for all of them:
 * entries have a time and valid UTF-8, records lie inside the input, one behind the other.
 */
#ifndef TESTS_FUZZ_CHECKED_H
#define TESTS_FUZZ_CHECKED_H

#include <stdlib.h>

#include "base/text.h"
#include "read/entry_put.h"
#include "read/reader.h"
#include "plain_text.h"

struct checked {
	const char *p;
	size_t size;
	uint64_t end;		/* of the record before */
	uint64_t entries, bads, damaged;
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
	uint64_t breaks = 0;

	require(bytes > 0 && byte >= c->end && byte + bytes <= c->size);
	for (uint64_t i = 0; i < byte; i++)
		breaks += c->p[i] == '\n';
	require(line == breaks + 1);
	c->end = byte + bytes;
}

static int
check_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	c->entries++;
	check_place(c, entry->line, entry->byte, entry->bytes);
	require(entry->ts_ns != CLOCK_NONE);
	require(entry->severity >= 0 && entry->severity <= 800);
	require(entry->severity_inferred == (entry->severity_by != NULL));
	require((entry->payload_kind == PAYLOAD_NONE) == (entry->payload.n == 0));
	check_text(c, entry->message);
	check_text(c, entry->payload);
	check_text(c, entry->log);
	check_text(c, entry->insert_id);
	for (size_t i = 0; i < entry->fields; i++) {
		check_text(c, entry->field[i].name);
		check_text(c, entry->field[i].value);
	}
	return 0;
}

static int
check_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	c->bads++;
	c->damaged += bad->kind == BAD_DAMAGED;
	check_place(c, bad->line, bad->byte, bad->bytes);
	require(bad->reason.n > 0);
	require(bad->head.n <= RECORD_HEAD && bad->head.n <= bad->bytes);
	for (size_t i = 0; i < bad->head.n; i++)
		require(bad->head.p[i] == c->p[bad->byte + i]);
	return 0;
}

static void
check_diag(void *ctx, const struct diag *d)
{
	const struct checked *c = ctx;

	require(d->byte <= c->size);
}

/* one reading with its shape and counts; the limit is low, so that small inputs go over it */
static struct checked
check_reader(const struct reader *reader, const char *p, size_t n, size_t record, unsigned depth)
{
	const struct read_limits limits = { .record = record, .depth = depth };
	struct checked c = { .p = p, .size = n };
	const struct read_sink sink = { .ctx = &c, .entry = check_entry, .bad = check_bad,
		.diag = { check_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct err e;

	if (!is_plain_text(p, n))
		return c;
	arena_init(&c.arena);
	reader->sniff(slice_of(p, n < INPUT_HEAD ? n : INPUT_HEAD), n <= INPUT_HEAD);
	job.in = input_from_memory(p, n);
	require(reader->read(&job, &e) == 0);
	require(job.shape != NULL);
	input_close(job.in);
	arena_release(&c.arena);
	return c;
}

#endif
