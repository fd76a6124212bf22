#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sign/python.h"

#define PARTS_MAX 64			/* parts of a chain; more end it ... */
#define PARTS_OPEN_MAX 1024		/* ... unless a traceback is open, cut into its lines */
#define BYTES_MAX (8 * 1024 * 1024)	/* of text kept for one chain */

struct stitcher {
	stitched_fn *out;
	void *ctx;			/* borrowed */
	struct python python;		/* the chain so far; its slices are in text */
	struct arena text;		/* key and messages of the parts */
	struct arena result;		/* what out() is given */
	int64_t *event;			/* of the parts below; owned */
	struct stitch_part *part;	/* owned; its slices are in text */
	size_t events, event_cap, part_cap;
	int escaped;			/* levels of escapes that the open traceback came with */
};

struct stitcher *
stitcher_new(stitched_fn *out, void *ctx)
{
	struct stitcher *st = mem_calloc(1, sizeof *st);

	st->out = out;
	st->ctx = ctx;
	arena_init(&st->text);
	arena_init(&st->result);
	python_init(&st->python);
	return st;
}

void
stitcher_free(struct stitcher *st)
{
	if (!st)
		return;
	free(st->part);
	free(st->event);
	arena_release(&st->result);
	arena_release(&st->text);
	free(st);
}

/* hand out the chain, if it is one, and start anew; the parts' text stays */
static int
emit(struct stitcher *st, struct err *e)
{
	struct stitched s = { .event_id = st->event, .part = st->part, .events = st->events };
	int rc = 0;

	arena_reset(&st->result);
	if (st->events > 0 && python_finish(&st->python, &st->result, &s.exception)) {
		s.ts_ns = st->part[0].ts_ns;
		rc = st->out(st->ctx, &s, &st->result, e);
	}
	python_init(&st->python);
	st->events = 0;
	return rc;
}

static int
flush(struct stitcher *st, struct err *e)
{
	int rc = emit(st, e);

	arena_reset(&st->text);
	st->escaped = 0;
	return rc;
}

/* true when the part may go on with the chain that is held */
static bool
belongs(const struct stitcher *st, const struct stitch_part *part)
{
	const struct stitch_part *last = &st->part[st->events - 1];
	size_t max = python_is_open(&st->python) ? PARTS_OPEN_MAX : PARTS_MAX;

	return st->events < max && st->text.used < BYTES_MAX &&
	    slice_eq(last->instance, part->instance) && slice_eq(last->log, part->log) &&
	    part->ts_ns >= last->ts_ns &&
	    (uint64_t)part->ts_ns - (uint64_t)last->ts_ns <= (uint64_t)STITCH_GAP_NS;
}

/* the part with its slices in the arena */
static struct stitch_part
keep_part(struct arena *a, const struct stitch_part *part)
{
	struct stitch_part kept = *part;

	kept.instance = arena_copy(a, part->instance);
	kept.log = arena_copy(a, part->log);
	kept.service = arena_copy(a, part->service);
	kept.revision = arena_copy(a, part->revision);
	kept.message = arena_copy(a, part->message);
	return kept;
}

static void
add_part(struct stitcher *st, const struct stitch_part *kept)
{
	size_t n = st->events + 1;

	st->event = mem_grow(st->event, &st->event_cap, n, sizeof *st->event);
	st->part = mem_grow(st->part, &st->part_cap, n, sizeof *st->part);
	st->event[st->events] = kept->event_id;
	st->part[st->events] = *kept;
	st->events = n;
}

/* the part's text as lines: the rest of an escaped traceback is escaped as well */
static struct slice
part_text(struct stitcher *st, struct slice text)
{
	struct slice plain;

	plain = python_unescape(&st->text, text);
	if (plain.p != text.p) {
		st->escaped = slice_find(text, 0, SLICE(PYTHON_HEADER "\\\\")) != SIZE_MAX ? 2 : 1;
		return plain;
	}
	if (slice_find(text, 0, SLICE(PYTHON_HEADER)) != SIZE_MAX)
		st->escaped = 0;
	if (!python_is_open(&st->python) || slice_find_byte(text, 0, '\n') != SIZE_MAX)
		return text;
	for (int i = 0; i < st->escaped; i++)
		text = python_unescape_once(&st->text, text);
	return text;
}

int
stitcher_feed(struct stitcher *st, const struct stitch_part *part, struct err *e)
{
	struct stitch_part kept;
	struct slice text, line;
	size_t used;

	if (st->events > 0 && !belongs(st, part) && flush(st, e) != 0)
		return -1;
	if (!python_is_open(&st->python) && !python_concerns(part->message))
		return 0;
	kept = keep_part(&st->text, part);
	text = part_text(st, kept.message);
	used = st->python.used;
	/* another thread's line may have come between a cut traceback and its rest */
	st->python.strict = python_is_open(&st->python);
	while (slice_take_line(&text, &line)) {
		if (python_line(&st->python, line))
			continue;
		/* a traceback that is not linked to the one before: the next exception */
		if (st->python.used != used)
			add_part(st, &kept);
		if (emit(st, e) != 0)
			return -1;
		used = 0;
		python_line(&st->python, line);
	}
	st->python.strict = false;
	if (st->python.used != used)
		add_part(st, &kept);
	return st->events > 0 ? 0 : flush(st, e);
}

int
stitcher_finish(struct stitcher *st, struct err *e)
{
	return flush(st, e);
}
