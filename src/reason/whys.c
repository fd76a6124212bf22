/*
 * whys.c - the first chain of whys: from what people see back to where the evidence ends.
 *
 * Edges come only from a mechanism (law 5): same instance and interval, one
 * exception chain, same trace. The last why always says what evidence is missing
 * and the command that would collect it; the chain is never padded to five.
 */
#include "config.h"

#include "reason/build.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "model/exception.h"

#define WHY_EVENTS 3		/* cited for one why */
#define WHYS_FIRST 4		/* room for a short chain */
#define TRIES 16		/* requests looked at for an occurrence to cite */
#define STATUSES 4		/* named for one incident */

#define ALL_OTHERS \
	"gcloud logging read 'resource.type=\"cloud_run_revision\"" \
	" AND resource.labels.service_name=\"${service:-SERVICE}\"" \
	" AND resource.labels.revision_name!=\"${revision}\" AND timestamp<\"${to}\"'" \
	" --project=${project:-PROJECT} --freshness=7d --order=desc --limit=2000 --format=json"
#define ALL_AROUND \
	"gcloud logging read 'resource.labels.service_name=\"${service:-SERVICE}\"" \
	" AND timestamp>=\"${from}\" AND timestamp<\"${to}\"'" \
	" --project=${project:-PROJECT} --order=asc --format=json"
#define ONE_TEST "python3 -m pytest -vv --tb=long '${nodeid}'"

/* ---- one why ---- */

static struct why *
why_add(struct build *b, struct draft *d, struct slice question, struct slice answer,
    enum why_basis basis)
{
	struct why *w;

	if (d->i.whys == d->whys_cap) {
		size_t cap = d->whys_cap ? 2 * d->whys_cap : WHYS_FIRST;

		w = arena_array(b->r->arena, cap, sizeof *w);
		if (d->i.whys)
			memcpy(w, d->i.why, d->i.whys * sizeof *w);
		d->i.why = w;
		d->whys_cap = cap;
	}
	w = &d->i.why[d->i.whys++];
	w->question = question;
	w->answer = answer;
	w->basis = basis;
	w->event_id = arena_array(b->r->arena, WHY_EVENTS, sizeof *w->event_id);
	return w;
}

static void
why_cite(struct why *w, int64_t event_id)
{
	size_t i;

	for (i = 0; i < w->events; i++)
		if (w->event_id[i] == event_id)
			return;
	if (event_id && w->events < WHY_EVENTS)
		w->event_id[w->events++] = event_id;
}

/* the earliest members of one role, other than those that only co-occur */
static void
cite_members(struct why *w, const struct draft *d, enum member_role role)
{
	size_t i;

	for (i = 0; i < d->i.members && w->events < WHY_EVENTS; i++)
		if (d->i.member[i].role == role && d->i.member[i].basis != BASIS_CO_OCCURS)
			why_cite(w, d->i.member[i].event_id);
}

static const struct member *
find_member(const struct draft *d, enum member_role role, long occurrence)
{
	size_t i;

	for (i = 0; i < d->i.members; i++)
		if (d->i.member[i].role == role && d->i.member[i].occurrence == occurrence &&
		    d->i.member[i].basis == BASIS_PROVED)
			return &d->i.member[i];
	return NULL;
}

/* what ended the very occurrences that the requests belong to */
static void
cite_behind_requests(struct why *w, const struct draft *d)
{
	int tries = TRIES;
	size_t i;

	for (i = 0; i < d->i.members && w->events < WHY_EVENTS && tries > 0; i++) {
		const struct member *m = &d->i.member[i], *by;

		if (m->role != MEMBER_REQUEST || m->basis != BASIS_PROVED)
			continue;
		tries--;
		by = find_member(d, MEMBER_FAILURE, m->occurrence);
		if (!by)
			by = find_member(d, MEMBER_CAUSE, m->occurrence);
		if (by)
			why_cite(w, by->event_id);
	}
}

static struct slice
service_name(const struct draft *d)
{
	return d->i.service.n ? d->i.service : SLICE("the service");
}

/* ---- what people see ---- */

/* "HTTP 500 and 503" of the requests that are joined; empty when none is */
static struct slice
statuses(struct build *b, const struct draft *d)
{
	int status[STATUSES], n = 0, k, j;
	struct slice text;
	struct buf out;
	size_t i;

	for (i = 0; i < d->i.members && n < STATUSES; i++) {
		const struct member *m = &d->i.member[i];
		const struct fact_event *ev = m->role == MEMBER_REQUEST &&
		    m->basis != BASIS_CO_OCCURS ? build_find_event(b->r->set, m->event_id) : NULL;

		for (k = 0; ev && k < n && status[k] < ev->status; k++)
			;
		if (!ev || (k < n && status[k] == ev->status))
			continue;
		for (j = n++; j > k; j--)
			status[j] = status[j - 1];
		status[k] = ev->status;
	}
	buf_init(&out, 128);
	for (k = 0; k < n; k++)
		buf_printf(&out, "%s%d", k == 0 ? "HTTP " : k + 1 < n ? ", " : " and ", status[k]);
	text = arena_copy(b->r->arena, buf_slice(&out));
	buf_release(&out);
	return text;
}

/* failed requests, and what held them */
static void
why_requests(struct build *b, struct draft *d, const char *held_by, const char *mechanism)
{
	struct slice status = statuses(b, d);
	struct arena *a = b->r->arena;
	struct why *w;

	if (!status.n)
		return;
	w = why_add(b, d, slice_str(arena_printf(a, "Why do clients of %.*s get errors?",
	    SLICE_ARG(service_name(d)))), slice_str(arena_printf(a,
	    "Their requests are answered with %.*s", SLICE_ARG(status))), WHY_STATED);
	w->mechanism = SLICE("the request entries say so");
	cite_members(w, d, MEMBER_REQUEST);
	w = why_add(b, d, slice_str(arena_printf(a, "Why are they answered with %.*s?",
	    SLICE_ARG(status))), slice_str(held_by), WHY_PROVED);
	w->mechanism = slice_str(mechanism);
	w->count = d->i.requests_joined;
	w->of = d->i.requests_joined + d->i.requests_open;
	cite_behind_requests(w, d);
}

/* ---- exceptions ---- */

static struct slice
link_says(struct arena *a, const struct fact_link *l)
{
	struct slice text = build_link_text(a, l);

	if (!l->place.n)
		return text;
	return slice_str(arena_printf(a, "%.*s, raised at %.*s", SLICE_ARG(text),
	    SLICE_ARG(l->place)));
}

static bool
same_link(const struct fact_link *x, const struct fact_link *y)
{
	return slice_eq(x->type, y->type) && slice_eq(x->message, y->message);
}

/*
 * The entry that carries link i. It is known when the innermost one was found by
 * its words, when all stand in one entry, and when each has its own, with or
 * without the connecting sentences between them; else the first part stands for all.
 */
static int64_t
event_of_link(const struct fact_exception *x, size_t i)
{
	if (i == 0 && x->quote_event_id)
		return x->quote_event_id;
	if (x->events == 2 * x->links - 1)
		return x->event_id[2 * i];
	if (x->events == x->links)
		return x->event_id[i];
	return x->events ? x->event_id[0] : 0;
}

/* from what ended the worker or request, link by link, to the innermost cause */
static struct why *
why_exception(struct build *b, struct draft *d, struct slice question, const char *mechanism)
{
	const struct fact_exception *x = d->cause;
	struct arena *a = b->r->arena;
	const struct fact_link *above = NULL;
	size_t first = d->i.whys, i;

	for (i = x->links; i-- > 0;) {
		const struct fact_link *l = &x->link[i];
		struct why *w;

		/* the same words deeper down: the deeper link says where it was raised */
		if (i > 0 && same_link(l, &x->link[i - 1]))
			continue;
		if (above)
			question = slice_str(arena_printf(a, "Why was %.*s raised?",
			    SLICE_ARG(above->type)));
		w = why_add(b, d, question, link_says(a, l), WHY_PROVED);
		w->mechanism = above ? SLICE("one exception chain") : slice_str(mechanism);
		why_cite(w, event_of_link(x, i));
		above = l;
	}
	return &d->i.why[first];
}

/* ---- the end of the chain ---- */

static struct slice
log_command(struct build *b, const struct draft *d)
{
	const struct fact_test *t = d->test;

	if (d->i.class == INCIDENT_TEST)
		return t && t->run && slice_starts(t->run->framework, "pytest") &&
		    value_is_shell_safe(t->nodeid) ? text_expand(b, d, SLICE(ONE_TEST), true) :
		    (struct slice){ NULL, 0 };
	if (d->i.class == INCIDENT_START_FAILURE && d->i.revision.n)
		return text_expand(b, d, SLICE(ALL_OTHERS), true);
	return text_expand(b, d, SLICE(ALL_AROUND), true);
}

static void
why_missing(struct build *b, struct draft *d, struct slice fallback)
{
	const struct rule *r = d->rule;
	struct slice ask = r && r->ask.n ? text_expand(b, d, r->ask, false) : fallback;
	struct why *w = why_add(b, d, ask, SLICE("needs evidence"), WHY_NEEDS_EVIDENCE);

	w->collect = r && r->collect.n ? text_expand(b, d, r->collect, true) : log_command(b, d);
}

static struct slice
why_raised(struct build *b, const struct draft *d)
{
	return slice_str(arena_printf(b->r->arena, "Why was %.*s raised?",
	    SLICE_ARG(d->i.cause_type)));
}

/* ---- chains ---- */

static void
start_whys(struct build *b, struct draft *d)
{
	struct slice question = SLICE("Why did the instance fail to start?");
	const char *inside = "same instance, inside the failed start";
	struct arena *a = b->r->arena;
	long with_cause = 0;
	struct why *w;
	size_t i;

	why_requests(b, d, "The instance that held the request failed to start",
	    "same instance, and the request overlaps the failed start");
	if (d->i.whys == 0) {
		w = why_add(b, d, slice_str(arena_printf(a, "Why is %.*s not up?",
		    SLICE_ARG(service_name(d)))), SLICE("Its instances fail to start"), WHY_STATED);
		w->mechanism = SLICE("each start ends with a line that says so");
		cite_members(w, d, MEMBER_FAILURE);
	}
	if (d->cause) {
		for (i = 0; i < d->starts; i++)
			with_cause += d->start[i]->cause != NULL;
		w = why_exception(b, d, question, inside);
		w->count = with_cause;
		w->of = (long)d->starts;
		question = why_raised(b, d);
	} else if (d->hit->rule->role == ROLE_CAUSE) {
		struct slice says = text_expand_hit(b, d, d->hit, d->hit->rule->says);

		w = why_add(b, d, question, says.n ? says : d->hit->rule->title, WHY_PROVED);
		w->mechanism = slice_str(inside);
		cite_members(w, d, MEMBER_CAUSE);
		question = SLICE("Why is that so?");
	}
	why_missing(b, d, question);
}

static void
exception_whys(struct build *b, struct draft *d)
{
	struct slice question = SLICE("Which exception was it?");

	why_requests(b, d, "An exception ended the request",
	    "same trace, or same instance while the request ran");
	if (d->i.whys == 0)
		question = slice_str(arena_printf(b->r->arena, "What went wrong in %.*s?",
		    SLICE_ARG(service_name(d))));
	why_exception(b, d, question, "the traceback says so");
	why_missing(b, d, why_raised(b, d));
}

/* each failed test once, however many of its lines are members */
static long
count_tests(const struct draft *d)
{
	int64_t last = 0;
	long n = 0;
	size_t i;

	for (i = 0; i < d->i.members; i++) {
		if (d->i.member[i].role != MEMBER_TEST)
			continue;
		n += d->i.member[i].test_id != last;
		last = d->i.member[i].test_id;
	}
	return n;
}

static void
other_whys(struct build *b, struct draft *d)
{
	struct slice says = d->rule ? text_expand(b, d, d->rule->says, false) : d->subject;
	bool tests = d->i.class == INCIDENT_TEST;
	struct why *w = why_add(b, d, tests ? SLICE("Why do the tests fail?") :
	    slice_str(arena_printf(b->r->arena, "What does %.*s report?",
	    SLICE_ARG(service_name(d)))), says.n ? says : d->subject, WHY_STATED);

	w->mechanism = tests ? SLICE("the test output says so") : SLICE("the entries say so");
	cite_members(w, d, MEMBER_CAUSE);
	cite_members(w, d, MEMBER_FAILURE);
	cite_members(w, d, MEMBER_REQUEST);
	if (tests) {
		w->test_id = d->test ? d->test->id : d->hit ? d->hit->test_id : 0;
		w->count = w->of = count_tests(d);
	}
	why_missing(b, d, SLICE("Why is that so?"));
}

void
whys_build(struct build *b, struct draft *d)
{
	if (d->i.class == INCIDENT_START_FAILURE && d->starts)
		start_whys(b, d);
	else if (d->cause)
		exception_whys(b, d);
	else
		other_whys(b, d);
}
