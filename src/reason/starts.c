/*
 * starts.c - which starts of which instances failed, when, and what ended each.
 *
 * The interval of a failed start goes from the instance's first entry (or the
 * first after the failure before) to its last line of failure or exit. Cloud Run
 * gives a start at most 240 s, so none is longer than that before its failure. A
 * container that ends with a code other than 0 after its instance began to start,
 * and before anything said that it was ready, failed to start too.
 */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/mem.h"

#define START_MAX_NS (240 * CLOCK_NS_PER_S)

struct mark {				/* a start, ready, failure or exit line of an instance */
	const struct fact_hit *hit;
	size_t order;
};

/* what is known of an instance before its next failure */
struct before {
	int64_t end_ns;			/* of its last failed start or exit; CLOCK_NONE: none yet */
	const struct mark *mark;	/* the first mark behind that */
};

static int
by_instance(const void *va, const void *vb)
{
	const struct mark *a = va, *b = vb;
	const struct fact_event *x = a->hit->event, *y = b->hit->event;
	int c = slice_cmp(x->instance, y->instance);

	if (c)
		return c;
	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
says_ready(const struct rule *r)
{
	size_t i;

	for (i = 0; r->role == ROLE_HEALTH && i < r->tags; i++)
		if (slice_eqs(r->tag[i], "instance.ready"))
			return true;
	return false;
}

static bool
is_clean_exit(const struct fact_hit *h)
{
	size_t i;

	for (i = 0; i < h->captures; i++)
		if (slice_eqs(h->capture[i].name, "code"))
			return slice_eqs(h->capture[i].value, "0");
	return false;
}

static struct mark *
collect_marks(const struct evidence_set *set, size_t *n)
{
	struct mark *mark = mem_calloc(set->hits + 1, sizeof *mark);
	size_t i;

	for (i = *n = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];
		enum rule_role role = h->rule->role;

		if (h->limit || !h->event || h->event->instance.n == 0)
			continue;
		if (role != ROLE_START && role != ROLE_START_FAILURE && role != ROLE_EXIT &&
		    !says_ready(h->rule))
			continue;
		mark[*n].hit = h;
		mark[*n].order = i;
		++*n;
	}
	qsort(mark, *n, sizeof *mark, by_instance);
	return mark;
}

/*
 * An instance that wrote nothing before its start began with its first entry. One
 * that lived before began this start with a line that says so, if there is one.
 */
static int
begin_of(const struct build *b, const struct before *before, const struct mark *failure,
    int64_t *from_ns, struct err *e)
{
	const struct evidence_set *set = b->r->set;
	const struct fact_event *failed = failure->hit->event;
	int64_t earliest = clock_add(failed->ts_ns, -START_MAX_NS), first;
	const struct mark *m;

	if (set->first_after(set->ctx, failed->instance, before->end_ns, &first, e) == -1)
		return -1;
	if (first == CLOCK_NONE || first > failed->ts_ns)
		first = failed->ts_ns;
	*from_ns = first;
	if (before->end_ns == CLOCK_NONE && first >= earliest)
		return 0;
	for (m = before->mark; m < failure; m++) {
		if (m->hit->rule->role == ROLE_START && m->hit->event->ts_ns >= earliest) {
			*from_ns = m->hit->event->ts_ns;
			return 0;
		}
	}
	if (*from_ns < earliest)
		*from_ns = earliest;
	return 0;
}

/* failed starts among the marks of one instance */
static int
instance_starts(struct build *b, const struct mark *mark, size_t n, struct err *e)
{
	struct before before = { .end_ns = CLOCK_NONE, .mark = mark };
	struct failed_start *s = NULL;	/* what the next line of failure may still belong to */
	int64_t starting_ns = CLOCK_NONE;	/* it began to start then, and is not ready yet */
	size_t i;

	for (i = 0; i < n; i++) {
		const struct fact_hit *h = mark[i].hit;
		const struct fact_event *ev = h->event;

		if (h->rule->role == ROLE_START || h->rule->role == ROLE_HEALTH) {
			starting_ns = h->rule->role == ROLE_START ? ev->ts_ns : CLOCK_NONE;
			s = h->rule->role == ROLE_START ? NULL : s;
			continue;
		}
		if (s && clock_gap(ev->ts_ns, s->to_ns) <= START_CLUSTER_NS) {
			s->to_ns = ev->ts_ns;
			if (s->failure->rule->role == ROLE_EXIT &&
			    h->rule->role == ROLE_START_FAILURE)
				s->failure = h;	/* it says so, where the exit only shows it */
		} else if (h->rule->role == ROLE_EXIT && (is_clean_exit(h) ||
		    starting_ns == CLOCK_NONE ||
		    clock_gap(ev->ts_ns, starting_ns) > START_MAX_NS)) {
			s = NULL;	/* the end of something that had started */
		} else {
			s = &b->start[b->starts++];
			*s = (struct failed_start){ .instance = ev->instance,
			    .service = ev->service, .revision = ev->revision, .to_ns = ev->ts_ns,
			    .failure = h };
			if (begin_of(b, &before, &mark[i], &s->from_ns, e) == -1)
				return -1;
		}
		starting_ns = CLOCK_NONE;
		before = (struct before){ .end_ns = ev->ts_ns, .mark = &mark[i + 1] };
	}
	return 0;
}

/* starts of one instance do not overlap, so they are in order of their ends too */
struct failed_start *
starts_at(const struct build *b, struct slice instance, int64_t from_ns, int64_t to_ns)
{
	size_t lo = 0, hi = b->starts;
	struct failed_start *s;

	if (instance.n == 0)
		return NULL;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = slice_cmp(b->start[mid].instance, instance);

		if (c < 0 || (c == 0 && b->start[mid].to_ns < from_ns))
			lo = mid + 1;
		else
			hi = mid;
	}
	s = lo < b->starts ? &b->start[lo] : NULL;
	return s && slice_eq(s->instance, instance) && s->from_ns <= to_ns ? s : NULL;
}

/*
 * What ended a start is the last exception before the line that says it failed;
 * earlier ones were survived, later ones come from the ending. Only when nothing
 * is before that line, one right behind it counts: two processes wrote them.
 */
static bool
is_better_cause(const struct failed_start *s, const struct fact_exception *x)
{
	int64_t failed_ns = s->failure->event->ts_ns;
	bool before = x->ts_ns <= failed_ns;

	if (!s->cause || before != (s->cause->ts_ns <= failed_ns))
		return !s->cause || before;
	if (x->ts_ns != s->cause->ts_ns)
		return before == (x->ts_ns > s->cause->ts_ns);
	return slice_cmp(x->cause_text, s->cause->cause_text) < 0;
}

static void
find_causes(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->exceptions; i++) {
		const struct fact_exception *x = &set->exception[i];
		struct failed_start *s = x->event && x->links ? starts_at(b, x->event->instance,
		    x->ts_ns, x->ts_ns) : NULL;

		if (s && is_better_cause(s, x))
			s->cause = x;
	}
	for (i = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];
		struct failed_start *s;

		if (h->limit || h->rule->role != ROLE_CAUSE || !h->event || h->exception)
			continue;
		s = starts_at(b, h->event->instance, h->event->ts_ns, h->event->ts_ns);
		if (s && (!s->cause_hit || h->event->ts_ns < s->cause_hit->event->ts_ns))
			s->cause_hit = h;
	}
}

int
starts_find(struct build *b, struct err *e)
{
	size_t n, i, from;
	struct mark *mark = collect_marks(b->r->set, &n);
	int rc = 0;

	b->start = arena_array(b->r->arena, n + 1, sizeof *b->start);
	for (from = 0; rc == 0 && from < n; from = i) {
		for (i = from + 1; i < n && slice_eq(mark[i].hit->event->instance,
		    mark[from].hit->event->instance); i++)
			;
		rc = instance_starts(b, mark + from, i - from, e);
	}
	free(mark);
	if (rc == 0)
		find_causes(b);
	return rc;
}
