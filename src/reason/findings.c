/*
 * findings.c - hits to findings: one for each rule and group, and one for each rule
 * that is silent.
 */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/token.h"

struct keyed_hit {
	const struct fact_hit *hit;
	struct slice key;
};

static struct slice
group_value(const struct fact_hit *h, struct slice name)
{
	const struct fact_event *ev = h->event ? h->event :
	    h->exception ? h->exception->event : NULL;
	size_t i;

	if (slice_eqs(name, "service"))
		return ev ? ev->service : (struct slice){ NULL, 0 };
	if (slice_eqs(name, "revision"))
		return ev ? ev->revision : (struct slice){ NULL, 0 };
	if (slice_eqs(name, "instance"))
		return ev ? ev->instance : (struct slice){ NULL, 0 };
	if (slice_eqs(name, "nodeid"))
		return h->test ? h->test->nodeid : (struct slice){ NULL, 0 };
	for (i = 0; i < h->captures; i++)
		if (slice_eq(h->capture[i].name, name))
			return h->capture[i].value;
	return (struct slice){ NULL, 0 };
}

#define KEY_BYTES 4096		/* of a group's key; a capture may be as long as an entry */

static struct slice
group_key(struct arena *a, const struct fact_hit *h)
{
	struct slice key;
	struct buf text;
	size_t i;

	buf_init(&text, KEY_BYTES);
	for (i = 0; i < h->rule->group_bys; i++) {
		if (i)
			buf_putc(&text, ' ');
		buf_put_slice(&text, h->rule->group_by[i]);
		buf_putc(&text, '=');
		buf_put_slice(&text, group_value(h, h->rule->group_by[i]));
	}
	key = buf_slice(&text);
	if (text.over)
		key.n = token_floor(key, key.n - 4);
	key = arena_copy(a, key);
	buf_release(&text);
	return key;
}

static int64_t
hit_time(const struct fact_hit *h)
{
	return h->exception ? h->exception->ts_ns : h->event ? h->event->ts_ns : CLOCK_NONE;
}

static int
by_key(const void *va, const void *vb)
{
	const struct keyed_hit *a = va, *b = vb;
	int c = slice_cmp(a->key, b->key);

	if (c)
		return c;
	return a->hit < b->hit ? -1 : a->hit > b->hit;	/* hits are in time order already */
}

/*
 * Findings of a rule by key. Redaction tokens of a key count as equal, and the group
 * that began first goes first: their digits are others in each database.
 */
static int
by_group(const void *va, const void *vb)
{
	const struct finding *a = va, *b = vb;
	int c = token_cmp(a->group_key, b->group_key);

	if (c)
		return c;
	return a->hit[0] < b->hit[0] ? -1 : a->hit[0] > b->hit[0];
}

static void
count_times(struct finding *f)
{
	size_t i;

	f->first_ns = f->last_ns = CLOCK_NONE;
	for (i = 0; i < f->hits; i++) {
		int64_t t = hit_time(f->hit[i]);

		if (t == CLOCK_NONE)
			continue;
		if (f->first_ns == CLOCK_NONE || t < f->first_ns)
			f->first_ns = t;
		if (f->last_ns == CLOCK_NONE || t > f->last_ns)
			f->last_ns = t;
	}
}

static void
fired(const struct reason *r, const struct keyed_hit *k, size_t n, struct finding *f)
{
	const struct fact_hit **hit = arena_array(r->arena, n, sizeof *hit);
	struct value_of v = { .arena = r->arena, .finding = f };
	size_t i;

	for (i = 0; i < n; i++)
		hit[i] = k[i].hit;
	*f = (struct finding){ .rule = k[0].hit->rule, .outcome = OUTCOME_FIRED,
	    .group_key = k[0].key, .count = (long)n, .hit = hit, .hits = n };
	count_times(f);
	if (f->rule->says.n)
		f->says = r->texts->expand(r->arena, f->rule->says, value_of, &v);
}

static void
silent(const struct reason *r, const struct rule *rule, size_t limits, struct finding *f)
{
	const struct evidence_set *set = r->set;
	bool have = rule->subject == SUBJECT_TEST ? set->have_tests :
	    rule->subject == SUBJECT_REQUEST ? set->have_requests : set->have_entries;

	*f = (struct finding){ .rule = rule, .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE };
	if (limits) {
		f->outcome = OUTCOME_INCONCLUSIVE;
		f->count = (long)limits;
		f->why = SLICE("its pattern hit a match limit");
	} else if (have) {
		f->outcome = OUTCOME_CLEAR;
		f->why = SLICE("looked at every record of its kind, none matched");
	} else {
		f->outcome = OUTCOME_NOT_EVALUATED;
		f->why = rule->subject == SUBJECT_TEST ? SLICE("no test output was ingested") :
		    rule->subject == SUBJECT_REQUEST ? SLICE("no request entry was ingested") :
		    SLICE("no log entry was ingested");
	}
}

/* all findings of one rule, whose hits are hit[0..n); the silent one has the empty key */
static void
rule_findings(const struct reason *r, const struct rule *rule, const struct fact_hit *hit, size_t n,
    struct finding **out)
{
	struct keyed_hit *k = mem_calloc(n ? n : 1, sizeof *k);
	size_t m = 0, limits = 0, i, from;
	struct finding *first;

	for (i = 0; i < n; i++) {
		if (hit[i].limit) {
			limits++;
			continue;
		}
		k[m].hit = &hit[i];
		k[m++].key = group_key(r->arena, &hit[i]);
	}
	if (m == 0 || limits)
		silent(r, rule, limits, (*out)++);
	qsort(k, m, sizeof *k, by_key);
	first = *out;
	for (from = 0; from < m; from = i) {
		for (i = from + 1; i < m && slice_eq(k[i].key, k[from].key); i++)
			;
		fired(r, k + from, i - from, (*out)++);
	}
	qsort(first, (size_t)(*out - first), sizeof *first, by_group);
	free(k);
}

int
reason_findings(const struct reason *r, struct finding **finding, size_t *n, struct err *e)
{
	const struct evidence_set *set = r->set;
	size_t i, h = 0, end;
	struct finding *at;

	(void)e;
	/* at most one group for each hit, and one silent row for each rule */
	*finding = at = arena_array(r->arena, set->hits + 2 * r->rules->rules + 1, sizeof *at);
	for (i = 0; i < r->rules->rules; i++) {
		const struct rule *rule = &r->rules->rule[i];

		while (h < set->hits && slice_cmp(set->hit[h].rule->name, rule->name) < 0)
			h++;	/* of no rule of this set */
		for (end = h; end < set->hits && set->hit[end].rule == rule; end++)
			;
		rule_findings(r, rule, set->hit + h, end - h, &at);
		h = end;
	}
	*n = (size_t)(at - *finding);
	return 0;
}
