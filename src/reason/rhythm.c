/*
 * rhythm.c - how a service writes, and when it stopped for longer than it ever does.
 *
 * Times come in ascending order, once, and are not kept: of each service of each
 * source there are a histogram of its pauses (each power of two in eight steps, so
 * that a percentile is never more than an eighth too long) and its three longest
 * pauses. A silence is longer than three times the third longest pause, so no more
 * than the two longest can be one.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "reason/judge.h"

#define STEPS 8			/* of each power of two */
#define BUCKETS (64 * STEPS)
#define LONGEST 3

struct pause {
	int64_t from_ns, to_ns;
};

struct rhythm {
	int64_t source_id;
	struct slice service;		/* of the source that rhythms_new() was given */
	uint64_t entries;
	int64_t first_ns, last_ns;
	uint32_t pauses[BUCKETS];
	struct pause longest[LONGEST];	/* the longest first */
};

struct rhythms {
	struct rhythm *item;		/* by source, service */
	size_t n, last;
};

static unsigned
bucket_of(int64_t ns)
{
	uint64_t v = (uint64_t)ns;
	unsigned power;

	if (v < STEPS)
		return (unsigned)v;
	power = 63 - (unsigned)__builtin_clzll(v);
	return (power - 2) * STEPS + (unsigned)((v >> (power - 3)) & (STEPS - 1));
}

/* the least time above all that fall into bucket b */
static int64_t
bucket_end(unsigned b)
{
	unsigned power = b / STEPS + 2;

	if (b + 1 < 2 * STEPS)
		return (int64_t)b + 1;
	if (power >= 62)
		return INT64_MAX;
	return (int64_t)(((uint64_t)STEPS + b % STEPS + 1) << (power - 3));
}

static int64_t
pause_ns(const struct pause *p)
{
	return clock_gap(p->to_ns, p->from_ns);
}

static void
keep_longest(struct pause *longest, struct pause p)
{
	for (size_t i = 0; i < LONGEST; i++) {
		struct pause was = longest[i];

		if (pause_ns(&p) <= pause_ns(&was))
			continue;
		longest[i] = p;
		p = was;
	}
}

static int
compare(const struct rhythm *r, int64_t source_id, struct slice service)
{
	if (r->source_id != source_id)
		return r->source_id < source_id ? -1 : 1;
	return slice_cmp(r->service, service);
}

static int
by_key(const void *a, const void *b)
{
	const struct rhythm *y = b;

	return compare(a, y->source_id, y->service);
}

static void
add_services(struct rhythms *r, size_t *cap, const struct case_source *s)
{
	for (size_t i = 0; i < s->cells; i++) {
		if (i && slice_eq(s->cell[i].service, s->cell[i - 1].service))
			continue;
		r->item = mem_grow(r->item, cap, r->n + 1, sizeof *r->item);
		r->item[r->n++] = (struct rhythm){ .source_id = s->id,
		    .service = s->cell[i].service };
	}
}

struct rhythms *
rhythms_new(const struct case_source *source, size_t n)
{
	struct rhythms *r = mem_calloc(1, sizeof *r);
	size_t cap = 0;

	for (size_t i = 0; i < n; i++)
		add_services(r, &cap, &source[i]);
	if (r->n)
		qsort(r->item, r->n, sizeof *r->item, by_key);
	return r;
}

void
rhythms_free(struct rhythms *r)
{
	if (!r)
		return;
	free(r->item);
	free(r);
}

static struct rhythm *
find(const struct rhythms *r, int64_t source_id, struct slice service)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = compare(&r->item[mid], source_id, service);

		if (c == 0)
			return &r->item[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

void
rhythms_feed(struct rhythms *r, int64_t source_id, struct slice service, int64_t ts_ns)
{
	struct rhythm *y = r->n ? &r->item[r->last] : NULL;
	struct pause p;

	if (!y || compare(y, source_id, service) != 0)
		y = find(r, source_id, service);
	if (!y)
		return;
	r->last = (size_t)(y - r->item);
	if (y->entries++) {
		p = (struct pause){ y->last_ns, ts_ns };
		y->pauses[bucket_of(pause_ns(&p))]++;
		keep_longest(y->longest, p);
	} else {
		y->first_ns = ts_ns;
	}
	y->last_ns = ts_ns;
}

/* the 95th percentile of the pauses, nearest rank */
static int64_t
usual_pause(const struct rhythm *y)
{
	uint64_t pauses = y->entries - 1, seen = 0;
	uint64_t rank = pauses - pauses * (100 - SILENCE_PERCENTILE) / 100;
	unsigned b = 0;

	while (b < BUCKETS - 1 && (seen += y->pauses[b]) < rank)
		b++;
	return bucket_end(b);
}

static int64_t
times(int64_t ns, int64_t factor)
{
	int64_t product;

	return __builtin_mul_overflow(ns, factor, &product) ? INT64_MAX : product;
}

static int64_t
longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int
by_time(const void *a, const void *b)
{
	const struct silence *x = a, *y = b;

	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* both at the same time of day: the nights, or the breaks, of what people use by day */
static bool
is_daily(const struct silence *a, const struct silence *b)
{
	const int64_t day = 24 * 3600 * CLOCK_NS_PER_S;
	int64_t days = (clock_gap(b->from_ns, a->from_ns) + day / 2) / day, from, to;

	if (days < 1 || clock_gap(b->to_ns, a->from_ns) > 1000 * day)
		return false;
	from = longer(judge_shift(a->from_ns, days * day), b->from_ns);
	to = judge_shift(a->to_ns, days * day);
	to = to < b->to_ns ? to : b->to_ns;
	return to > from && clock_gap(to, from) >= longer(clock_gap(a->to_ns, a->from_ns),
	    clock_gap(b->to_ns, b->from_ns)) / 2;
}

size_t
rhythms_silences(const struct rhythms *r, int64_t source_id, struct slice service,
    int64_t until_ns, struct silence silence[2])
{
	const struct rhythm *y = find(r, source_id, service);
	struct pause longest[LONGEST];
	int64_t limit;
	size_t n = 0;

	if (!y || y->entries < SILENCE_ENTRIES)
		return 0;
	for (size_t i = 0; i < LONGEST; i++)
		longest[i] = y->longest[i];
	/* others went on after its last entry */
	keep_longest(longest, (struct pause){ y->last_ns, until_ns });
	limit = longer(longer(SILENCE_LEAST_NS, times(usual_pause(y), SILENCE_FACTOR)),
	    times(pause_ns(&longest[LONGEST - 1]), SILENCE_RECURS));
	for (size_t i = 0; i < LONGEST - 1; i++)
		if (pause_ns(&longest[i]) > limit)
			silence[n++] = (struct silence){ longest[i].from_ns, longest[i].to_ns,
			    pause_ns(&longest[LONGEST - 1]) };
	qsort(silence, n, sizeof *silence, by_time);
	return n == 2 && is_daily(&silence[0], &silence[1]) ? 0 : n;
}
