/*
 * entry_recorder.h - a read_sink that keeps what a reader of logs gives out, for unit tests.
 * Each place is checked against the input. Include cmocka first.
 */
#ifndef TESTS_UNIT_ENTRY_RECORDER_H
#define TESTS_UNIT_ENTRY_RECORDER_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "read/reader.h"

struct entries {
	struct arena arena;
	struct entry *entry;	/* slices in the arena */
	size_t count, cap;
	struct bad_record *bad;
	size_t bads, bad_cap;
	unsigned diag[DIAG_CODES];
	struct diag last;
	const char *shape;
	bool lossy;
	const char *p;
	size_t n;
};

static void
check_place(const struct entries *r, uint64_t line, uint64_t byte, uint64_t bytes)
{
	uint64_t breaks = 0;

	assert_true(bytes > 0 && byte + bytes <= r->n);
	for (uint64_t i = 0; i < byte; i++)
		breaks += r->p[i] == '\n';
	assert_int_equal(line, breaks + 1);
}

static int
keep_entry(void *ctx, const struct entry *entry, struct err *e)
{
	struct entries *r = ctx;
	struct entry *to;

	(void)e;
	check_place(r, entry->line, entry->byte, entry->bytes);
	r->entry = mem_grow(r->entry, &r->cap, r->count + 1, sizeof *r->entry);
	to = &r->entry[r->count++];
	*to = *entry;
	to->insert_id = arena_copy(&r->arena, entry->insert_id);
	to->message = arena_copy(&r->arena, entry->message);
	to->payload = arena_copy(&r->arena, entry->payload);
	to->log = arena_copy(&r->arena, entry->log);
	to->service = arena_copy(&r->arena, entry->service);
	to->instance = arena_copy(&r->arena, entry->instance);
	to->span = arena_copy(&r->arena, entry->span);
	to->trace = arena_copy(&r->arena, entry->trace);
	if (entry->request) {
		struct request *request = arena_alloc(&r->arena, sizeof *request);

		*request = *entry->request;
		request->method = arena_copy(&r->arena, request->method);
		request->path = arena_copy(&r->arena, request->path);
		to->request = request;
	}
	to->field = arena_array(&r->arena, entry->fields + 1, sizeof *to->field);
	for (size_t i = 0; i < entry->fields; i++)
		((struct entry_field *)to->field)[i] = (struct entry_field){
			arena_copy(&r->arena, entry->field[i].name),
			arena_copy(&r->arena, entry->field[i].value) };
	return 0;
}

static int
keep_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	struct entries *r = ctx;
	struct bad_record *to;

	(void)e;
	check_place(r, bad->line, bad->byte, bad->bytes);
	assert_true(bad->head.n <= 4096 && bad->head.n <= bad->bytes);
	assert_memory_equal(bad->head.p, r->p + bad->byte, bad->head.n);
	r->bad = mem_grow(r->bad, &r->bad_cap, r->bads + 1, sizeof *r->bad);
	to = &r->bad[r->bads++];
	*to = *bad;
	to->reason = arena_copy(&r->arena, bad->reason);
	if (bad->sha256)
		to->sha256 = arena_str(&r->arena, slice_str(bad->sha256));
	return 0;
}

static void
keep_diag(void *ctx, const struct diag *d)
{
	struct entries *r = ctx;

	r->diag[d->code]++;
	r->last = *d;
}

static void
entries_read(struct entries *r, const struct reader *reader, const char *p, size_t n,
    size_t record, unsigned depth)
{
	const struct read_limits limits = { .record = record, .depth = depth };
	struct read_sink sink = { .ctx = r, .entry = keep_entry, .bad = keep_bad,
		.diag = { keep_diag, r } };
	struct read_job job = { .in = input_from_memory(p, n), .limits = &limits, .sink = &sink };
	struct err e;

	memset(r, 0, sizeof *r);
	arena_init(&r->arena);
	r->p = p;
	r->n = n;
	err_clear(&e);
	assert_int_equal(reader->read(&job, &e), 0);
	r->shape = job.shape;
	r->lossy = job.lossy;
	input_close(job.in);
}

static void
entries_of(struct entries *r, const struct reader *reader, const char *text)
{
	entries_read(r, reader, text, strlen(text), 4 << 20, 64);
}

static void
entries_free(struct entries *r)
{
	free(r->entry);
	free(r->bad);
	arena_release(&r->arena);
}

static inline const struct entry *
entry_by_id(const struct entries *r, const char *id)
{
	for (size_t i = 0; i < r->count; i++) {
		if (slice_eqs(r->entry[i].insert_id, id))
			return &r->entry[i];
	}
	return NULL;
}

static inline struct slice
field_of(const struct entry *entry, const char *name)
{
	for (size_t i = 0; i < entry->fields; i++) {
		if (slice_eqs(entry->field[i].name, name))
			return entry->field[i].value;
	}
	return slice_of(NULL, 0);
}

#define assert_slice(s, text) assert_slice_at(s, text, __FILE__, __LINE__)

static void
assert_slice_at(struct slice s, const char *text, const char *file, int line)
{
	if (slice_eqs(s, text))
		return;
	print_error("got \"%.*s\", not \"%s\"\n", SLICE_ARG(s), text);
	_fail(file, line);
}

/* a generator that gives the same numbers on any machine */
static inline uint64_t
next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* bytes from..to of the input were replaced by n bytes of text */
struct mutated {
	struct buf text;
	size_t from, to;
	const char *how;
};

/* one change of bytes first..n: truncate, flip, a quote or line break, insert a copy, delete */
static inline void
mutate(struct mutated *m, struct slice in, size_t first, uint64_t *x)
{
	static const char odd[] = "\",\n\r;:-' {}[]\t#&*!|>%@`";
	size_t at = first + (size_t)(next_random(x) % (in.n - first));
	size_t n = 1 + (size_t)(next_random(x) % 60);
	char c = odd[next_random(x) % (sizeof odd - 1)];
	unsigned kind = (unsigned)(next_random(x) % 6);

	buf_reset(&m->text);
	buf_put(&m->text, in.p, at);
	m->from = m->to = at;
	n = n < in.n - at ? n : in.n - at;
	switch (kind) {
	case 0:
		m->how = "truncate";
		m->to = in.n;
		break;
	case 1:
		m->how = "flip";
		m->to = at + 1;
		buf_putc(&m->text, (char)(in.p[at] ^ (1 << (next_random(x) % 8))));
		break;
	case 2:
		m->how = "replace by punctuation";
		m->to = at + 1;
		buf_putc(&m->text, c);
		break;
	case 3:
		m->how = "insert punctuation";
		buf_putc(&m->text, c);
		break;
	case 4:
		m->how = "insert a copy";
		buf_put_slice(&m->text, slice_sub(in, first, n));
		break;
	default:
		m->how = "delete";
		m->to = at + n;
		break;
	}
	buf_put_slice(&m->text, slice_sub(in, m->to, in.n));
}

#endif
