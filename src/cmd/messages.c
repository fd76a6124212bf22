/*
 * messages.c - connects what the store holds of cut messages with the rules of sign/join.c.
 */
#include "config.h"

#include "cmd/messages.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/redact.h"
#include "sign/sign.h"

#define PARTS_MAX 4096		/* pieces of one entry; what comes behind is missing */
#define TAKEN_MAX 4096		/* entries remembered; they lie within JOIN_GAP_NS */

struct joining {
	struct app *app;
	/* pieces of one uid */
	struct arena arena;
	struct slice uid;
	struct join_part *part;		/* owned */
	size_t parts, cap;
	int64_t total;
	bool text;			/* their messages are what was split */
	unsigned mode;			/* enum redact_mode: what their sources left out */
	struct redactor *redactor[REDACT_ALL + 1];	/* made when first needed */
	/* a ring of the entries that are part of a message or have a rival, the newest last */
	struct taken { int64_t id, ts_ns; } taken[TAKEN_MAX];
	size_t from, takens;		/* index of the oldest, and how many there are */
};

static int
put(struct joining *j, const struct message_row *row, const struct join_part *part, size_t n,
    struct err *e)
{
	struct message_row m = *row;
	int64_t *id = mem_alloc(n * sizeof *id);
	size_t *start = mem_alloc(n * sizeof *start), *stop = mem_alloc(n * sizeof *stop);
	int rc;

	for (size_t i = 0; i < n; i++) {
		id[i] = part[i].event_id;
		start[i] = part[i].start;
		stop[i] = part[i].stop;
	}
	m.event_id = id;
	m.start = start;
	m.stop = stop;
	m.parts = n;
	rc = store_message_put(j->app->store, &m, e);
	free(id);
	free(start);
	free(stop);
	return rc;
}

/* "pii" and "secrets" of two sources are "all" of what they say together */
static unsigned
mode_with(unsigned mode, struct slice name)
{
	enum redact_mode m;

	return redact_mode_of(name, &m) ? mode | m : mode;
}

/*
 * A secret that was cut in two shows only now. When something is left out, the
 * parts are the ranges up to it and behind it, and no traceback is read from the
 * text: a quote must be a range of what its entry holds.
 */
static int
redact_joined(struct joining *j, unsigned mode, struct message_row *row, struct join_part *part,
    size_t n, struct err *e)
{
	struct slice old = row->text, text;
	unsigned char key[STORE_KEY];
	size_t front = 0, back = 0;

	if (mode == REDACT_OFF)
		return 0;
	if (!j->redactor[mode]) {
		if (store_redact_key(j->app->store, key, e) == -1)
			return -1;
		j->redactor[mode] = redactor_new((enum redact_mode)mode, key);
	}
	text = redact_text(j->redactor[mode], &j->arena, old);
	if (text.p == old.p)
		return 0;
	while (front < old.n && front < text.n && old.p[front] == text.p[front])
		front++;
	while (back < old.n - front && back < text.n - front &&
	    old.p[old.n - 1 - back] == text.p[text.n - 1 - back])
		back++;
	for (size_t i = 0; i < n; i++) {
		size_t *edge[] = { &part[i].start, &part[i].stop };

		for (size_t k = 0; k < 2; k++) {
			if (*edge[k] >= old.n - back)
				*edge[k] = text.n - (old.n - *edge[k]);
			else if (*edge[k] > front)
				*edge[k] = k == 0 ? text.n - back : front;
		}
		if (part[i].stop < part[i].start)
			part[i].stop = part[i].start;
	}
	row->text = text;
	row->trace = false;
	return 0;
}

/* all pieces of j->uid were seen */
static int
finish_split(struct joining *j, struct err *e)
{
	struct message_row row = { .kind = "split", .total = j->total };
	struct buf text;
	size_t n;
	int rc;

	if (j->parts == 0)
		return 0;
	buf_init(&text, JOIN_TEXT);
	n = sign_join_split(&text, j->part, j->parts, j->total, &row.complete);
	row.text = buf_slice(&text);
	/* of an audit record, the request was split and the message stands in every piece */
	if (!j->text) {
		row.text = j->part[0].message;
		for (size_t i = 0; i < n; i++) {
			j->part[i].start = i == 0 ? 0 : row.text.n;
			j->part[i].stop = row.text.n;
		}
	}
	row.trace = j->text && slice_find(row.text, 0,
	    SLICE("Traceback (most recent call last)")) != SIZE_MAX;
	rc = redact_joined(j, j->mode, &row, j->part, n, e);
	if (rc == 0)
		rc = put(j, &row, j->part, n, e);
	buf_release(&text);
	j->parts = 0;
	arena_reset(&j->arena);
	return rc;
}

static int
on_split(void *ctx, const struct split_row *row, struct err *e)
{
	struct joining *j = ctx;

	if (j->parts > 0 && !slice_eq(j->uid, row->uid) && finish_split(j, e) == -1)
		return -1;
	if (j->parts == 0) {
		j->uid = arena_copy(&j->arena, row->uid);
		j->total = 0;
		j->text = true;
		j->mode = REDACT_OFF;
	}
	if (j->parts == PARTS_MAX || row->index < 0)
		return 0;
	j->total = row->total > j->total ? row->total : j->total;
	j->text &= row->text;
	j->mode = mode_with(j->mode, row->redact);
	j->part = mem_grow(j->part, &j->cap, j->parts + 1, sizeof *j->part);
	j->part[j->parts++] = (struct join_part){ .event_id = row->event_id, .index = row->index,
		/* what is beyond the limit of all of them is not looked at */
		.message = j->arena.used > JOIN_TEXT ? (struct slice){ NULL, 0 } :
		    arena_copy(&j->arena, row->message) };
	return 0;
}

static bool
is_taken(const struct joining *j, int64_t id)
{
	for (size_t i = j->takens; i-- > 0;)
		if (j->taken[(j->from + i) % TAKEN_MAX].id == id)
			return true;
	return false;
}

static void
forget_oldest(struct joining *j)
{
	j->from = (j->from + 1) % TAKEN_MAX;
	j->takens--;
}

static void
take(struct joining *j, const struct cut_row *row)
{
	if (j->takens == TAKEN_MAX)
		forget_oldest(j);
	j->taken[(j->from + j->takens++) % TAKEN_MAX] =
	    (struct taken){ row->event_id, row->ts_ns };
}

static int
put_break(struct joining *j, const struct cut_row *first, const struct cut_row *second,
    const char *connector, struct err *e)
{
	struct message_row row = { .kind = "line-break", .connector = connector, .total = 2,
		.complete = true };
	struct join_part part[2] = { { .event_id = first->event_id },
		{ .event_id = second->event_id } };
	struct buf text;
	int rc;

	buf_init(&text, JOIN_TEXT);
	buf_put_slice(&text, first->message);
	part[0].stop = text.n;
	buf_putc(&text, '\n');
	part[1].start = text.n;
	buf_put_slice(&text, second->message);
	part[1].stop = text.n;
	row.complete = !text.over;
	row.text = buf_slice(&text);
	take(j, first);
	take(j, second);
	rc = redact_joined(j, mode_with(mode_with(REDACT_OFF, first->redact), second->redact),
	    &row, part, 2, e);
	if (rc == 0)
		rc = put(j, &row, part, 2, e);
	buf_release(&text);
	arena_reset(&j->arena);
	return rc;
}

/*
 * The first entry behind it that closes what it leaves open. Only lines of other
 * threads that are messages of their own may stand between: any other may be a part
 * of what was cut. One that leaves the same open is a rival: then neither is joined.
 */
static int
on_cut(void *ctx, const struct cut_row *first, const struct cut_row *next, size_t n,
    struct err *e)
{
	struct joining *j = ctx;
	const struct join_text a = { first->message, first->tag_open, first->tag_closed };
	bool stopped = false;

	/* they come in order of time: what is older will not be met again */
	while (j->takens > 0 && j->taken[j->from].ts_ns < first->ts_ns)
		forget_oldest(j);
	if (is_taken(j, first->event_id))
		return 0;
	for (size_t i = 0; i < n; i++) {
		const struct join_text b = { next[i].message, next[i].tag_open,
			next[i].tag_closed };
		const char *connector = NULL;

		if (is_taken(j, next[i].event_id))
			continue;
		if (!stopped && !next[i].own)
			connector = sign_joins(&a, &b);
		if (connector)
			return put_break(j, first, &next[i], connector, e);
		stopped |= !next[i].own;
		if (sign_rivals(&a, &b)) {
			take(j, &next[i]);
			stopped = true;
		}
	}
	return 0;
}

int
messages_join(struct app *app, struct err *e)
{
	struct joining *j = mem_calloc(1, sizeof *j);
	int rc = -1;

	j->app = app;
	arena_init(&j->arena);
	if (store_each_split(app->store, on_split, j, e) == 0 && finish_split(j, e) == 0 &&
	    store_each_cut(app->store, JOIN_GAP_NS, on_cut, j, e) == 0)
		rc = 0;
	arena_release(&j->arena);
	for (size_t i = 0; i <= REDACT_ALL; i++)
		redactor_free(j->redactor[i]);
	free(j->part);
	free(j);
	return rc;
}
