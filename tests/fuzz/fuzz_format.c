/*
 * fuzz_format.c - formats of unknown origin, and lines for them: the document up to a
 * line "%%", then a log. What loads is read by; faults have a place; a second load
 * gives the same.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/format.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct checked {
	size_t size, faults, seen;
	uint64_t next;
	struct arena arena;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
on_fault(void *ctx, const struct err *e)
{
	struct checked *c = ctx;

	c->faults++;
	require(e->code != ERR_NONE && *e->text && *e->where);
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
check_place(struct checked *c, uint64_t byte, uint64_t bytes)
{
	require(bytes > 0 && byte >= c->next && byte + bytes <= c->size);
	c->next = byte + 1;
	c->seen++;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	check_place(c, entry->byte, entry->bytes);
	require(entry->ts_ns != CLOCK_NONE);
	require(entry->severity >= 0 && entry->severity <= 800);
	/* a pattern may cut a character in two only where it says so with \C, which is refused */
	check_text(c, entry->message);
	if (entry->request)
		require(entry->request->latency_ns == CLOCK_NONE || entry->request->latency_ns >= 0);
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	(void)e;
	check_place(ctx, bad->byte, bad->bytes);
	require(bad->reason.n > 0);
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	(void)ctx;
	(void)d;
}

static void
read_by(const struct line_format *f, struct slice log)
{
	const struct read_limits limits = { .record = 1024, .depth = 16 };
	struct checked c = { .size = log.n };
	const struct read_sink sink = { .ctx = &c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	struct slice head;
	struct err e;

	arena_init(&c.arena);
	job.in = input_from_memory(log.p, log.n);
	/* compressed bytes are another text than they look like, and fuzzed elsewhere */
	if (input_head(job.in, &head, &e) == 0 && slice_eq(head, slice_sub(log, 0, INPUT_HEAD))) {
		require(format_read(f, &job, &e) == 0);
		require(strcmp(job.shape, format_name(f)) == 0);
	}
	input_close(job.in);
	arena_release(&c.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size), document = all, log = { NULL, 0 };
	size_t cut = slice_find(all, 0, SLICE("\n%%\n"));
	struct line_formats *set = formats_new(), *again = formats_new();
	const struct line_format *f;
	struct checked c = { .size = 0 };
	size_t n = 0, faults;

	if (cut != SIZE_MAX) {
		document = slice_sub(all, 0, cut + 1);
		log = slice_sub(all, cut + 4, all.n);
	}
	/* of very many faults of a file some are counted only */
	faults = formats_load_text(set, "f.yaml", document, on_fault, &c);
	require(faults >= c.faults && (faults > 0) == (c.faults > 0));
	formats_load_text(again, "f.yaml", document, NULL, NULL);
	formats_detect(set, log, true);
	for (; (f = formats_at(set, n)) != NULL; n++) {
		require(formats_find(set, format_name(f)) == f);
		require(format_samples(f) > 0 && *format_about(f));
		require(formats_at(again, n) != NULL);
		read_by(f, log);
	}
	require(formats_at(again, n) == NULL);
	formats_free(again);
	formats_free(set);
	return 0;
}
