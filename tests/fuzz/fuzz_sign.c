/*
 * fuzz_sign.c - any text: its template is its own template and short, its
 * exception, that of a log and that of a test, keeps within the limits, and pieces of it (cut at byte 1) go through
 * the stitcher and the joiner: every part is a range of the joined text.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>

#include "sign/sign.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_exception(struct arena *a, const struct exception *x)
{
	struct exception twice = *x;

	require(x->links >= 1 && x->links <= EXCEPTION_LINKS);
	require(x->links == EXCEPTION_LINKS || x->dropped == 0);
	require(x->link[0].relation == LINK_FIRST);
	for (size_t i = 0; i < x->links; i++) {
		const struct link *l = &x->link[i];

		require(l->type.n > 0 && l->frames <= EXCEPTION_FRAMES);
		for (size_t f = 0; f < l->frames; f++)
			require(sign_place(a, &l->frame[f]).p != NULL);
	}
	require(sign_cause(a, x).n >= x->link[0].type.n);
	sign_chain(&twice, x, LINK_DURING);
	require(twice.links + twice.dropped == 2 * (x->links + x->dropped));
}

/* frames and messages are pieces of the text (an internal error's has its own lines) */
static void
check_test_exception(struct arena *a, struct slice text)
{
	struct exception x;
	size_t bytes = 0;

	if (!sign_test_exception(a, text, &x))
		return;
	check_exception(a, &x);
	for (size_t i = 0; i < x.links; i++) {
		const struct link *l = &x.link[i];

		bytes += l->message.n;
		require((i == 0) == (l->relation == LINK_FIRST));
		require(slice_find_byte(l->type, 0, '\n') == SIZE_MAX);
		require(slice_find_byte(l->message, 0, '\n') == SIZE_MAX);
		for (size_t f = 0; f < l->frames; f++) {
			require(slice_starts(slice_trim(text), "INTERNALERROR") ||
			    slice_find_byte(text, 0, '\\') != SIZE_MAX ||
			    slice_find(text, 0, l->frame[f].file) != SIZE_MAX);
			bytes += l->frame[f].file.n + l->frame[f].function.n;
		}
	}
	require(bytes <= 2 * text.n + x.links * sizeof "<module>" * EXCEPTION_FRAMES);
	sign_from_root(&x, text);
	check_exception(a, &x);
	require(sign_test_message(a, &x).n >= x.link[x.links - 1].type.n);
}

static int
check_stitched(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	(void)e;
	require(s->events > 0 && s->part[0].event_id == s->event_id[0]);
	check_exception(a, &s->exception);
	++*(unsigned *)ctx;
	return 0;
}

static void
feed_pieces(struct slice text)
{
	struct stitch_part part = { .instance = SLICE("i"), .log = SLICE("l") };
	unsigned count = 0;
	struct stitcher *st = stitcher_new(check_stitched, &count);
	struct err e;

	while (text.n > 0) {
		if (!slice_take_until(&text, 1, &part.message)) {
			part.message = text;
			text.n = 0;
		}
		part.event_id++;
		part.ts_ns += part.message.n % 7 ? 1000 : STITCH_GAP_NS + 1;
		require(stitcher_feed(st, &part, &e) == 0);
	}
	require(stitcher_finish(st, &e) == 0);
	stitcher_free(st);
}

#define PIECES 64

/* the pieces as those of a split entry, and each with the next as cut by a line break */
static void
join_pieces(struct slice text)
{
	struct join_part part[PIECES];
	struct buf joined;
	int64_t index = 0, total = 0;
	size_t n = 0, used, end = 0;
	bool complete;

	while (text.n > 0 && n < PIECES) {
		struct join_part *p = &part[n];

		*p = (struct join_part){ .event_id = (int64_t)n + 1 };
		if (!slice_take_until(&text, 1, &p->message)) {
			p->message = text;
			text.n = 0;
		}
		index += (int64_t)(p->message.n % 5 == 4 ? 2 : p->message.n % 5 != 3);
		p->index = index;
		total += p->message.n % 3 == 0;
		n++;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		const struct join_text a = { part[i].message, i % 7 == 0, i % 11 == 0 };
		const struct join_text b = { part[i + 1].message, i % 5 == 0, i % 3 == 0 };

		require(!sign_joins(&a, &b) || sign_leaves_open(&a));
		require(sign_rivals(&a, &b) == sign_rivals(&b, &a));
		require(sign_leaves_open(&a) == sign_rivals(&a, &a));
	}
	buf_init(&joined, 4096);
	used = sign_join_split(&joined, part, n, total, &complete);
	require(used <= n && !(complete && (joined.over || used != (size_t)total)));
	for (size_t i = 0; i < used; i++) {
		require(part[i].start >= end && part[i].stop <= joined.n);
		require(joined.over || slice_eq(part[i].message, slice_sub(buf_slice(&joined),
		    part[i].start, part[i].stop - part[i].start)));
		end = part[i].stop;
	}
	buf_release(&joined);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size), once, twice;
	struct exception x;
	struct arena a;

	arena_init(&a);
	once = sign_template(&a, text);
	twice = sign_template(&a, once);
	require(once.n <= 1024 && slice_eq(once, twice));
	require(sign_template_id(once) > 0);
	if (sign_exception(&a, text, &x))
		check_exception(&a, &x);
	check_test_exception(&a, text);
	sign_test_failure(&a, text, text);
	feed_pieces(text);
	join_pieces(text);
	arena_release(&a);
	return 0;
}
