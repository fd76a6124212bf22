/*
 * index.c - orders of the evidence that reasoning needs beside those it comes in, made
 * once: without them each exception would walk all events and all hits.
 */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/token.h"

static int
by_time(const void *va, const void *vb)
{
	const struct fact_event *a = *(const struct fact_event *const *)va;
	const struct fact_event *b = *(const struct fact_event *const *)vb;
	int c;

	if (a->ts_ns != b->ts_ns)
		return a->ts_ns < b->ts_ns ? -1 : 1;
	c = slice_cmp(a->instance, b->instance);
	if (c == 0)
		c = token_cmp(a->message, b->message);
	if (c)
		return c;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void
sort_events(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	b->index.by_time = arena_array(b->r->arena, set->events + 1, sizeof *b->index.by_time);
	for (i = 0; i < set->events; i++)
		b->index.by_time[i] = &set->event[i];
	if (set->events)
		qsort(b->index.by_time, set->events, sizeof *b->index.by_time, by_time);
}

static void
mark_parts(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i, k;

	b->index.part_of = arena_array(b->r->arena, set->events + 1, sizeof *b->index.part_of);
	for (i = 0; i < set->exceptions; i++) {
		const struct fact_exception *x = &set->exception[i];

		for (k = 0; k < x->events; k++) {
			const struct fact_event *ev = build_find_event(set, x->event_id[k]);

			if (ev)
				b->index.part_of[ev - set->event] = x;
		}
	}
}

/* which list a hit stands in, and where there; SIZE_MAX: in none of that kind */
static size_t
place_of(const struct evidence_set *set, const struct fact_hit *h, bool exceptions)
{
	if (h->limit || exceptions != (h->exception != NULL))
		return SIZE_MAX;
	if (exceptions)
		return (size_t)(h->exception - set->exception);
	return h->event ? (size_t)(h->event - set->event) : SIZE_MAX;
}

/* counting sort: hits of record i are hit[first[i]..first[i + 1]), in the order of the set */
static void
sort_hits(struct build *b, bool exceptions, size_t records, size_t **first, size_t **hit)
{
	const struct evidence_set *set = b->r->set;
	size_t *at = arena_array(b->r->arena, records + 2, sizeof *at), i;

	*hit = arena_array(b->r->arena, set->hits + 1, sizeof **hit);
	for (i = 0; i < set->hits; i++) {
		size_t place = place_of(set, &set->hit[i], exceptions);

		if (place != SIZE_MAX)
			at[place + 2]++;
	}
	for (i = 2; i < records + 2; i++)
		at[i] += at[i - 1];
	/* at[i + 1] is now where record i begins, and moves to where it ends */
	for (i = 0; i < set->hits; i++) {
		size_t place = place_of(set, &set->hit[i], exceptions);

		if (place != SIZE_MAX)
			(*hit)[at[place + 1]++] = i;
	}
	*first = at;
}

void
index_build(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	struct index *x = &b->index;

	sort_events(b);
	mark_parts(b);
	sort_hits(b, false, set->events, &x->event_first, &x->event_hit);
	sort_hits(b, true, set->exceptions, &x->exception_first, &x->exception_hit);
}

struct hit_range
index_event_hits(const struct build *b, const struct fact_event *ev)
{
	const size_t *at = &b->index.event_first[ev - b->r->set->event];

	return (struct hit_range){ b->index.event_hit + at[0], at[1] - at[0] };
}

struct hit_range
index_exception_hits(const struct build *b, const struct fact_exception *x)
{
	const size_t *at = &b->index.exception_first[x - b->r->set->exception];

	return (struct hit_range){ b->index.exception_hit + at[0], at[1] - at[0] };
}
