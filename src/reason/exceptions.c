/*
 * exceptions.c - exceptions outside failed starts, and the requests they ended.
 *
 * A request is tied to an exception by the same trace, else by the same instance
 * while it ran. Of several the last one before its end is what ended it: those
 * before it were survived.
 */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/token.h"
#include "model/severity.h"

struct raised {				/* an exception that is an occurrence of an incident */
	const struct fact_exception *x;
	struct draft *draft;
	long occurrence;
};

struct join {
	struct build *b;
	struct raised *raised;
	size_t n;
	const struct fact_event **request;	/* scratch: failed ones that nobody claimed */
	size_t requests;
};

static bool
is_severe(const struct build *b, const struct fact_exception *x)
{
	size_t i;

	if (x->event->severity == SEVERITY_DEFAULT || x->event->severity >= SEVERITY_ERROR)
		return true;
	for (i = 0; i < x->events; i++) {
		const struct fact_event *part = build_find_event(b->r->set, x->event_id[i]);

		if (part && part->severity >= SEVERITY_ERROR)
			return true;
	}
	return false;
}

static bool
is_worth_an_incident(const struct build *b, const struct fact_exception *x)
{
	struct hit_range r = index_exception_hits(b, x);
	size_t i;

	if (is_severe(b, x))
		return true;
	for (i = 0; i < r.n; i++) {
		const struct rule *rule = b->r->set->hit[r.hit[i]].rule;

		if (rule->role == ROLE_CAUSE || rule->role == ROLE_ISSUE)
			return true;
	}
	return false;
}

/* ---- orders ---- */

static int
by_time(const void *va, const void *vb)
{
	const struct fact_exception *x = ((const struct raised *)va)->x;
	const struct fact_exception *y = ((const struct raised *)vb)->x;
	int c;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	c = slice_cmp(x->event->instance, y->event->instance);
	if (c == 0)
		c = token_cmp(x->link[0].message, y->link[0].message);
	if (c)
		return c;
	return x->event->id < y->event->id ? -1 : x->event->id > y->event->id;
}

static int
by_trace(const void *va, const void *vb)
{
	const struct raised *a = va, *b = vb;
	int c = slice_cmp(a->x->event->trace, b->x->event->trace);

	return c ? c : by_time(va, vb);
}

/* newest first within an instance */
static int
by_instance(const void *va, const void *vb)
{
	const struct raised *a = va, *b = vb;
	int c = slice_cmp(a->x->event->instance, b->x->event->instance);

	return c ? c : by_time(vb, va);
}

static int
by_request_end(const void *va, const void *vb)
{
	const struct fact_event *a = *(const struct fact_event *const *)va;
	const struct fact_event *b = *(const struct fact_event *const *)vb;
	int c = slice_cmp(a->instance, b->instance);

	if (c)
		return c;
	if (a->end_ns != b->end_ns)
		return a->end_ns > b->end_ns ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* ---- requests ---- */

static void
collect_requests(struct join *j)
{
	const struct evidence_set *set = j->b->r->set;
	size_t i;

	for (i = j->requests = 0; i < set->events; i++)
		if (!j->b->event_claimed[i] && build_is_failed_request(&set->event[i]))
			j->request[j->requests++] = &set->event[i];
}

static void
join_request(struct join *j, const struct raised *by, const struct fact_event *ev,
    enum member_basis basis)
{
	const struct member m = { .role = MEMBER_REQUEST, .basis = basis,
	    .occurrence = basis == BASIS_PROVED ? by->occurrence : 0 };

	build_event(j->b, by->draft, ev, &m);
}

/* the last exception of this trace before end_ns, else its first; NULL if it has none */
static const struct raised *
raised_in_trace(const struct join *j, struct slice trace, int64_t end_ns)
{
	const struct raised *r;
	size_t lo = 0, hi = j->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = slice_cmp(j->raised[mid].x->event->trace, trace);

		if (c < 0 || (c == 0 && j->raised[mid].x->ts_ns <= end_ns))
			lo = mid + 1;
		else
			hi = mid;
	}
	r = lo > 0 ? &j->raised[lo - 1] : NULL;
	if (r && slice_eq(r->x->event->trace, trace))
		return r;
	r = lo < j->n ? &j->raised[lo] : NULL;
	return r && slice_eq(r->x->event->trace, trace) ? r : NULL;
}

static void
join_by_trace(struct join *j)
{
	size_t i;

	qsort(j->raised, j->n, sizeof *j->raised, by_trace);
	collect_requests(j);
	for (i = 0; i < j->requests; i++) {
		const struct fact_event *ev = j->request[i];
		const struct raised *r = ev->trace.n ?
		    raised_in_trace(j, ev->trace, ev->end_ns) : NULL;

		if (r)
			join_request(j, r, ev, BASIS_PROVED);
	}
}

/*
 * Requests of one instance that end at or after the exception looked at. As
 * exceptions come newest first, one that began later can belong to no other:
 * whoever looks through a list empties it, so that all is linear.
 */
struct running {
	const struct fact_event **request;
	size_t n;
};

static int
join_running(struct join *j, struct running *list, const struct raised *r, struct err *e)
{
	const struct evidence_set *set = j->b->r->set;
	bool any = false;
	long running = 0;
	size_t i;

	for (i = 0; i < list->n && !any; i++)
		any = list->request[i]->ts_ns <= r->x->ts_ns;
	if (any && set->running(set->ctx, r->x->event->instance, r->x->ts_ns, &running, e) == -1)
		return -1;
	/* an instance serves many requests at once: only the one that ran alone is proved */
	for (i = 0; i < list->n; i++)
		if (list->request[i]->ts_ns <= r->x->ts_ns)
			join_request(j, r, list->request[i],
			    running == 1 ? BASIS_PROVED : BASIS_CO_OCCURS);
	list->n = 0;
	return 0;
}

static int
join_by_instance(struct join *j, struct err *e)
{
	struct running traced, plain;	/* two different traces are two different requests */
	size_t i, at = 0;
	int rc = 0;

	qsort(j->raised, j->n, sizeof *j->raised, by_instance);
	collect_requests(j);
	if (j->requests)
		qsort(j->request, j->requests, sizeof *j->request, by_request_end);
	traced.request = mem_calloc(j->requests + 1, sizeof *traced.request);
	plain.request = mem_calloc(j->requests + 1, sizeof *plain.request);
	traced.n = plain.n = 0;
	for (i = 0; rc == 0 && i < j->n; i++) {
		const struct fact_event *raised = j->raised[i].x->event;

		if (raised->instance.n == 0)
			continue;
		if (i > 0 && !slice_eq(raised->instance, j->raised[i - 1].x->event->instance))
			traced.n = plain.n = 0;
		for (; at < j->requests; at++) {
			const struct fact_event *ev = j->request[at];
			struct running *list = ev->trace.n ? &traced : &plain;
			int c = slice_cmp(ev->instance, raised->instance);

			if (c > 0 || (c == 0 && ev->end_ns < j->raised[i].x->ts_ns))
				break;
			if (c == 0)
				list->request[list->n++] = ev;
		}
		rc = join_running(j, &plain, &j->raised[i], e);
		if (rc == 0 && raised->trace.n == 0)
			rc = join_running(j, &traced, &j->raised[i], e);
	}
	free(traced.request);
	free(plain.request);
	return rc;
}

/* ---- incidents ---- */

static size_t
collect_raised(const struct build *b, struct raised *raised)
{
	const struct evidence_set *set = b->r->set;
	size_t i, n = 0;

	for (i = 0; i < set->exceptions; i++) {
		const struct fact_exception *x = &set->exception[i];

		if (!b->exception_claimed[i] && x->event && x->links && is_worth_an_incident(b, x))
			raised[n++].x = x;
	}
	qsort(raised, n, sizeof *raised, by_time);
	return n;
}

static void
open_incident(struct build *b, struct raised *r)
{
	struct draft *d = build_draft(b, INCIDENT_EXCEPTION, r->x->event->service,
	    r->x->cause_text);
	struct hit_range range = index_exception_hits(b, r->x);
	struct member m = { .role = MEMBER_CAUSE, .basis = BASIS_PROVED };
	size_t i;

	if (!d->cause) {
		d->cause = r->x;
		d->subject = build_clip(build_link_text(b->r->arena, &r->x->link[0]));
	}
	r->draft = d;
	r->occurrence = m.occurrence = ++d->i.occurrences;
	for (i = 0; i < range.n; i++) {
		b->hit_claimed[range.hit[i]] = true;
		build_rule(d, &b->r->set->hit[range.hit[i]], true);
	}
	build_exception(b, d, r->x, &m);
}

int
exceptions_incidents(struct build *b, struct err *e)
{
	const struct evidence_set *set = b->r->set;
	struct join j = { .b = b, .raised = mem_calloc(set->exceptions + 1, sizeof *j.raised),
	    .request = mem_calloc(set->events + 1, sizeof *j.request) };
	size_t i;
	int rc;

	j.n = collect_raised(b, j.raised);
	for (i = 0; i < j.n; i++)
		open_incident(b, &j.raised[i]);
	join_by_trace(&j);
	rc = join_by_instance(&j, e);
	free(j.raised);
	free(j.request);
	return rc;
}
