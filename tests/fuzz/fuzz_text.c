/*
 * fuzz_text.c - the reader of text logs, on any bytes.
 *
 * Invariants: records lie inside the input and begin one behind the other, text is
 * valid UTF-8, a severity that is stated has a name, each entry has a time, and the
 * lines that are not blank are all seen: records are never more than those lines,
 * and never none where there is one.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/reader.h"

extern const struct reader reader_text;
#include "plain_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct checked {
	size_t size;
	uint64_t next;		/* least byte where the next record may begin */
	size_t seen;
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
	require(byte >= c->next);
	require(byte + bytes <= c->size);
	c->next = byte + 1;
	c->seen++;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct checked *c = ctx;

	(void)e;
	check_place(c, entry->line, entry->byte, entry->bytes);
	require(entry->plain);
	require(entry->ts_ns != CLOCK_NONE);
	require(entry->severity >= 0 && entry->severity <= 800);
	require(entry->severity_inferred == (entry->severity_by != NULL));
	check_text(c, entry->message);
	check_text(c, entry->service);
	check_text(c, entry->instance);
	check_text(c, entry->trace);
	for (size_t i = 0; i < entry->fields; i++) {
		check_text(c, entry->field[i].name);
		check_text(c, entry->field[i].value);
		require(entry->field[i].value.n > 0);
	}
	if (entry->request) {
		check_text(c, entry->request->url);
		check_text(c, entry->request->user_agent);
		require(entry->request->status >= 0 && entry->request->status <= 999);
		require(entry->request->latency_ns == CLOCK_NONE || entry->request->latency_ns >= 0);
		require(entry->request->response_size >= -1);
	}
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	(void)e;
	check_place(ctx, bad->line, bad->byte, bad->bytes);
	require(bad->reason.n > 0);
	require(bad->head.n <= 4096 && bad->head.n <= bad->bytes);
	return 0;
}

static void
on_diag(void *ctx, const struct diag *d)
{
	const struct checked *c = ctx;

	require(d->byte <= c->size);
}

/*
 * Lines that end with a letter or digit, which nothing takes for a blank one or for a prefix
 * with nothing behind it, and those with anything at all.
 */
static void
count_lines(struct slice s, size_t *sure, size_t *all)
{
	struct slice line;

	for (*sure = *all = 0; slice_take_line(&s, &line);) {
		char last = slice_trim(line).n > 0 ? line.p[line.n - 1] : ' ';
		bool plain = last >= 'a' && last <= 'z', clean = line.n > 0;

		for (size_t i = 0; i < line.n; i++) {
			unsigned char c = (unsigned char)line.p[i];

			/* colours and tags of colours may be all there is */
			clean &= c != 0x1b && c != '<';
		}
		*sure += plain && clean;
		*all += slice_trim(line).n > 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* low, so that small inputs go over them */
	const struct read_limits limits = { .record = 1024, .depth = 16 };
	struct slice all = slice_of((const char *)data, size);
	struct checked c = { .size = size };
	const struct read_sink sink = { .ctx = &c, .entry = on_entry, .bad = on_bad,
		.diag = { on_diag, &c } };
	struct read_job job = { .limits = &limits, .sink = &sink };
	size_t sure, lines;
	struct err e;
	int score;

	arena_init(&c.arena);
	score = reader_text.sniff(slice_sub(all, 0, INPUT_HEAD), size < INPUT_HEAD);
	require(score >= 0 && score <= 40);
	job.in = input_from_memory(all.p, all.n);
	if (is_plain_text(all.p, all.n)) {
		require(reader_text.read(&job, &e) == 0);
		require(job.shape != NULL);
		count_lines(all, &sure, &lines);
		require(c.seen <= lines);
		require(sure == 0 || c.seen > 0);
	}
	input_close(job.in);
	arena_release(&c.arena);
	return 0;
}
