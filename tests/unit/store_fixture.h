/*
 * store_fixture.h - a database in a folder of its own, and short ways to fill and ask it.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sign/sign.h"
#include "store/store.h"

struct fixture {
	char folder[200], db[240];
	struct store *st;
	struct err e;
	struct source_totals totals;	/* of the source being written */
};

#define must(f, call) must_at(f, (call), #call, __LINE__)

static inline void
must_at(struct fixture *f, int rc, const char *what, int line)
{
	if (rc)
		fail_msg("line %d: %s: %s (%s)", line, what, f->e.text, f->e.note);
}

static inline int
fixture_enter(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof *f);
	const char *tmp = getenv("TMPDIR");

	snprintf(f->folder, sizeof f->folder, "%s/netra-triage-store.XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(f->folder))
		return -1;
	snprintf(f->db, sizeof f->db, "%s/t.db", f->folder);
	*state = f;
	return 0;
}

static inline int
fixture_open(void **state)
{
	struct fixture *f;

	if (fixture_enter(state))
		return -1;
	f = *state;
	return store_open(f->db, STORE_CREATE, &f->st, &f->e);
}

static inline int
fixture_leave(void **state)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	struct fixture *f = *state;
	char path[260];

	store_close(f->st);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(path, sizeof path, "%s%s", f->db, ends[i]);
		unlink(path);
	}
	if (rmdir(f->folder))
		return -1;
	free(f);
	return 0;
}

/* ---- writing ---- */

static inline int64_t
begin_source(struct fixture *f, const char *path, enum source_kind kind)
{
	const struct source_new new = { path, kind, "test-reader" };
	int64_t id;

	memset(&f->totals, 0, sizeof f->totals);
	f->totals.first_ns = f->totals.last_ns = CLOCK_NONE;
	must(f, store_source_begin(f->st, &new, &id, &f->e));
	must(f, store_batch_begin(f->st, &f->e));
	return id;
}

static inline int64_t
end_source(struct fixture *f, int64_t id, const char *sha256)
{
	struct source_done done = { .shape = "NDJSON", .compression = "", .sha256 = sha256,
	    .bytes = 100, .totals = f->totals };

	must(f, store_batch_commit(f->st, &f->e));
	must(f, store_source_end(f->st, &id, &done, &f->e));
	f->totals = done.totals;
	return id;
}

/* an entry with a payload text; fill in the rest */
static inline struct entry
make_entry(const char *insert_id, int64_t ts_ns, const char *message)
{
	return (struct entry){ .insert_id = slice_str(insert_id), .ts_ns = ts_ns,
	    .receive_ns = CLOCK_NONE, .severity = 200, .log = SLICE("run.googleapis.com/stderr"),
	    .project = SLICE("shop"), .service = SLICE("checkout"),
	    .revision = SLICE("checkout-00001-abc"), .instance = SLICE("00aa"),
	    .message = slice_str(message), .payload = slice_str(message),
	    .payload_kind = *message ? PAYLOAD_TEXT : PAYLOAD_NONE, .line = 1, .bytes = 10 };
}

static inline enum put_outcome
put_signed(struct fixture *f, int64_t source, const struct entry *en,
    const struct event_sign *sign, int64_t *id)
{
	enum put_outcome outcome;
	struct event_sign full = *sign;
	struct hmac key;

	hmac_key(&key, "test", 4);
	full.identity = sign_identity(&key, en);
	must(f, store_event_put(f->st, source, en, &full, &outcome, id, &f->e));
	f->totals.seen++;
	f->totals.added += outcome == PUT_ADDED;
	f->totals.known += outcome == PUT_KNOWN;
	f->totals.filled += outcome == PUT_FILLED || outcome == PUT_LACKED;
	f->totals.lacked += outcome == PUT_LACKED;
	f->totals.conflicts += outcome == PUT_CONFLICT;
	return outcome;
}

static inline enum put_outcome
put(struct fixture *f, int64_t source, const struct entry *en, int64_t *id)
{
	const struct event_sign sign = { .template_id = 0 };

	return put_signed(f, source, en, &sign, id);
}

/* ---- asking ---- */

struct answer {
	char text[4000];
	size_t rows;
};

static inline int
answer_head(void *ctx, const char *const *name, size_t n)
{
	(void)ctx;
	(void)name;
	(void)n;
	return 0;
}

/* cells with "|" between them, rows with ";" */
static inline int
answer_row(void *ctx, const struct cell *cell, size_t n)
{
	struct answer *a = ctx;
	size_t i;

	for (i = 0; i < n; i++) {
		size_t at = strlen(a->text), room = sizeof a->text - at;
		const char *gap = i ? "|" : a->rows ? ";" : "";

		switch (cell[i].type) {
		case CELL_NULL:
			snprintf(a->text + at, room, "%s-", gap);
			break;
		case CELL_INT:
			snprintf(a->text + at, room, "%s%lld", gap, (long long)cell[i].i);
			break;
		case CELL_REAL:
			snprintf(a->text + at, room, "%s%g", gap, cell[i].r);
			break;
		case CELL_TEXT:
		case CELL_BLOB:
			snprintf(a->text + at, room, "%s%.*s", gap, SLICE_ARG(cell[i].text));
			break;
		}
	}
	a->rows++;
	return 0;
}

static inline int
ask(struct fixture *f, const char *sql, struct answer *a)
{
	const struct rows rows = { a, answer_head, answer_row };

	memset(a, 0, sizeof *a);
	return store_rows(f->st, sql, NULL, 0, &rows, &f->e);
}

#define assert_answer(f, sql, want) assert_answer_at(f, sql, want, __LINE__)

static inline void
assert_answer_at(struct fixture *f, const char *sql, const char *want, int line)
{
	struct answer a;

	must_at(f, ask(f, sql, &a), sql, line);
	if (strcmp(a.text, want) != 0)
		fail_msg("line %d: %s\n  gives %s\n  not   %s", line, sql, a.text, want);
}

#endif
