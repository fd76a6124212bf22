/* start_incidents.c - failed starts to incidents, and what lies inside them */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/severity.h"

static struct draft *
draft_of(struct build *b, const struct failed_start *s)
{
	struct slice key = s->failure->rule->name;

	if (s->cause)
		key = s->cause->cause_text;
	else if (s->cause_hit)
		key = s->cause_hit->rule->name;
	return build_draft(b, INCIDENT_START_FAILURE, s->service, key);
}

static int
by_time(const void *va, const void *vb)
{
	struct failed_start *const *a = va, *const *b = vb;

	if ((*a)->from_ns != (*b)->from_ns)
		return (*a)->from_ns < (*b)->from_ns ? -1 : 1;
	return slice_cmp((*a)->instance, (*b)->instance);
}

/* number the occurrences by time; the first one gives the words */
static void
settle(struct build *b, struct draft *d)
{
	const struct failed_start *first;
	size_t i;

	qsort(d->start, d->starts, sizeof *d->start, by_time);
	d->i.occurrences = (long)d->starts;
	for (i = 0; i < d->starts; i++) {
		d->start[i]->draft = d;
		d->start[i]->occurrence = (long)i + 1;
	}
	first = d->start[0];
	d->cause = first->cause;
	d->hit = !first->cause && first->cause_hit ? first->cause_hit : first->failure;
	d->subject = d->cause ? build_clip(build_link_text(b->r->arena, &d->cause->link[0])) :
	    d->hit->rule->title;
}

/* is the hit on what ended the start? */
static bool
is_on_cause(const struct build *b, const struct failed_start *s, const struct fact_hit *h)
{
	if (h->exception)
		return h->exception == s->cause;
	if (s->cause)
		return b->index.part_of[h->event - b->r->set->event] == s->cause;
	return s->cause_hit && s->cause_hit->rule == h->rule;
}

static enum member_role
role_in_start(const struct failed_start *s, const struct fact_hit *h, bool on_cause)
{
	if (build_is_failed_request(h->event))
		return MEMBER_REQUEST;
	if (h == s->failure)
		return MEMBER_FAILURE;
	switch (h->rule->role) {
	case ROLE_START_FAILURE:
		return MEMBER_FAILURE;
	case ROLE_CAUSE:
		return on_cause ? MEMBER_CAUSE : MEMBER_SYMPTOM;
	case ROLE_EXIT:
		return MEMBER_EXIT;
	case ROLE_BANNER:
	case ROLE_START:
		return MEMBER_BANNER;
	default:
		return MEMBER_SYMPTOM;
	}
}

static struct failed_start *
start_of(const struct build *b, const struct fact_event *ev)
{
	return starts_at(b, ev->instance, ev->ts_ns, ev->end_ns);
}

/* everything that lies inside a failed start of its instance belongs to it */
static void
claim_hits(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];
		struct failed_start *s = h->event && !h->limit && !build_is_aside(h->rule) ?
		    start_of(b, h->event) : NULL;
		struct member m = { .basis = BASIS_PROVED };
		bool on_cause;

		if (!s)
			continue;
		on_cause = is_on_cause(b, s, h);
		if (h->exception) {	/* the exception itself is the member */
			b->hit_claimed[i] = true;
			if (on_cause)
				build_rule(s->draft, h, true);
			continue;
		}
		m.role = role_in_start(s, h, on_cause);
		m.occurrence = s->occurrence;
		build_hit(b, s->draft, h, &m);
		if (h->rule->role == ROLE_START_FAILURE || h->rule->role == ROLE_CAUSE)
			build_rule(s->draft, h, on_cause);
	}
}

static void
claim_exceptions(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->exceptions; i++) {
		const struct fact_exception *x = &set->exception[i];
		struct failed_start *s = x->event ? starts_at(b, x->event->instance, x->ts_ns,
		    x->ts_ns) : NULL;
		struct member m = { .role = MEMBER_SYMPTOM, .basis = BASIS_PROVED };

		if (!s)
			continue;
		if (s->cause == x)
			m.role = MEMBER_CAUSE;
		m.occurrence = s->occurrence;
		build_exception(b, s->draft, x, &m);
	}
}

static void
claim_events(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->events; i++) {
		const struct fact_event *ev = &set->event[i];
		bool failed = build_is_failed_request(ev);
		struct member m = { .role = failed ? MEMBER_REQUEST : MEMBER_SYMPTOM,
		    .basis = BASIS_PROVED };
		struct failed_start *s;

		if (b->event_claimed[i])
			continue;
		if (!failed && (ev->status || ev->severity < SEVERITY_ERROR))
			continue;
		s = start_of(b, ev);
		if (!s)
			continue;
		m.occurrence = s->occurrence;
		build_event(b, s->draft, ev, &m);
	}
}

void
starts_incidents(struct build *b)
{
	size_t i;

	for (i = 0; i < b->starts; i++) {
		struct draft *d = draft_of(b, &b->start[i]);

		d->start = mem_grow(d->start, &d->starts_cap, d->starts + 1, sizeof *d->start);
		d->start[d->starts++] = &b->start[i];
	}
	for (i = 0; i < b->drafts; i++)
		settle(b, b->draft[i]);
	claim_hits(b);
	claim_exceptions(b);
	claim_events(b);
}

/* ---- requests that no mechanism ties to anything ---- */

/* while starts of one incident failed in one revision, and one start longer */
struct span {
	struct draft *draft;
	struct slice service, revision;
	int64_t from_ns, to_ns, longest_ns;
	int64_t reach_ns;		/* the latest end of it and those before it in its group */
};

static int
by_revision(const struct span *x, const struct span *y)
{
	int c = slice_cmp(x->service, y->service);

	return c ? c : slice_cmp(x->revision, y->revision);
}

static int
by_draft(const void *va, const void *vb)
{
	const struct span *a = va, *b = vb;
	int c = by_revision(a, b);

	return c ? c : slice_cmp(a->draft->i.key, b->draft->i.key);
}

static int
by_begin(const void *va, const void *vb)
{
	const struct span *a = va, *b = vb;
	int c = by_revision(a, b);

	if (c)
		return c;
	if (a->from_ns != b->from_ns)
		return a->from_ns < b->from_ns ? -1 : 1;
	return slice_cmp(a->draft->i.key, b->draft->i.key);
}

/* one span for each incident and revision: span[0..n) holds one for each start */
static size_t
merge_spans(struct span *span, size_t n)
{
	size_t kept = 0, i;

	qsort(span, n, sizeof *span, by_draft);
	for (i = 0; i < n; i++) {
		struct span *last = kept ? &span[kept - 1] : NULL;

		if (!last || by_draft(last, &span[i]) != 0) {
			span[kept++] = span[i];
			continue;
		}
		if (span[i].from_ns < last->from_ns)
			last->from_ns = span[i].from_ns;
		if (span[i].to_ns > last->to_ns)
			last->to_ns = span[i].to_ns;
		if (span[i].longest_ns > last->longest_ns)
			last->longest_ns = span[i].longest_ns;
	}
	qsort(span, kept, sizeof *span, by_begin);
	for (i = 0; i < kept; i++) {
		span[i].reach_ns = clock_add(span[i].to_ns, span[i].longest_ns);
		if (i > 0 && by_revision(&span[i - 1], &span[i]) == 0 &&
		    span[i - 1].reach_ns > span[i].reach_ns)
			span[i].reach_ns = span[i - 1].reach_ns;
	}
	return kept;
}

static struct span *
collect_spans(const struct build *b, size_t *n)
{
	struct span *span = mem_calloc(b->starts + 1, sizeof *span);
	size_t i;

	for (i = 0; i < b->starts; i++) {
		const struct failed_start *s = &b->start[i];

		span[i] = (struct span){ .draft = s->draft, .service = s->service,
		    .revision = s->revision, .from_ns = s->from_ns, .to_ns = s->to_ns,
		    .longest_ns = clock_gap(s->to_ns, s->from_ns) };
	}
	*n = merge_spans(span, b->starts);
	return span;
}

/* the span with the earliest begin that this request overlaps, or NULL */
static const struct span *
span_at(const struct span *span, size_t n, const struct fact_event *ev)
{
	const struct span probe = { .service = ev->service, .revision = ev->revision };
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = by_revision(&span[mid], &probe);

		if (c < 0 || (c == 0 && span[mid].reach_ns < ev->ts_ns))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && by_revision(&span[lo], &probe) == 0 && span[lo].from_ns <= ev->end_ns ?
	    &span[lo] : NULL;
}

/*
 * Failed requests of the same service and revision that lie in the incident's time,
 * or within one more start behind it, and that nothing ties to a start or exception:
 * listed, not counted as caused. Often their instance is still starting when the
 * export ends.
 */
void
open_requests(struct build *b)
{
	const struct member m = { .role = MEMBER_REQUEST, .basis = BASIS_CO_OCCURS };
	const struct evidence_set *set = b->r->set;
	size_t n, i;
	struct span *span = collect_spans(b, &n);

	for (i = 0; i < set->events; i++) {
		const struct fact_event *ev = &set->event[i];
		const struct span *s = !b->event_claimed[i] && build_is_failed_request(ev) ?
		    span_at(span, n, ev) : NULL;

		if (s)
			build_event(b, s->draft, ev, &m);
	}
	free(span);
}
