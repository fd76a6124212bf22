/* build.c - drafts of incidents: find or make one, add members, claim records */
#include "config.h"

#include "reason/build.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/token.h"

#define TITLE_BYTES 160		/* of a message that becomes a title */
#define SERVICE_BYTES 3		/* that a byte of a service may need in a key */

const struct fact_event *
build_find_event(const struct evidence_set *set, int64_t id)
{
	size_t lo = 0, hi = set->events;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (set->event[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < set->events && set->event[lo].id == id ? &set->event[lo] : NULL;
}

bool
build_is_failed_request(const struct fact_event *ev)
{
	return ev->status >= 500;
}

bool
build_is_marker(const struct rule *r)
{
	return r->role == ROLE_START || r->role == ROLE_BANNER || build_is_aside(r);
}

bool
build_is_aside(const struct rule *r)
{
	return r->role == ROLE_HEALTH || r->role == ROLE_DEPLOY;
}

struct slice
build_link_text(struct arena *a, const struct fact_link *l)
{
	if (!l->message.n)
		return l->type;
	return slice_str(arena_printf(a, "%.*s: %.*s", SLICE_ARG(l->type), SLICE_ARG(l->message)));
}

struct slice
build_clip(struct slice message)
{
	size_t line = slice_find_byte(message, 0, '\n');

	if (line != SIZE_MAX)
		message = slice_sub(message, 0, line);
	message = slice_trim(message);
	return message.n <= TITLE_BYTES ? message :
	    slice_sub(message, 0, token_floor(message, TITLE_BYTES));
}

/* ---- drafts ---- */

static int
by_key(const void *va, const void *vb)
{
	const struct draft *a = va, *b = vb;

	return slice_cmp(a->i.key, b->i.key);
}

/* a "|" of log text must not shift the border between service and cause */
static void
put_service(struct buf *key, struct slice service)
{
	size_t i;

	for (i = 0; i < service.n; i++) {
		if (service.p[i] == '|')
			buf_puts(key, "%7c");
		else if (service.p[i] == '%')
			buf_puts(key, "%25");
		else
			buf_putc(key, service.p[i]);
	}
}

static struct draft *
new_draft(struct build *b, struct slice key)
{
	struct draft *d = arena_alloc(b->r->arena, sizeof *d);

	d->i.key = arena_copy(b->r->arena, key);
	d->i.first_ns = d->i.last_ns = CLOCK_NONE;
	d->i.priority = PRIORITY_P3;
	b->draft = mem_grow(b->draft, &b->cap, b->drafts + 1, sizeof *b->draft);
	b->draft[b->drafts++] = d;
	if (!tsearch(d, &b->tree, by_key))
		mem_fail();
	return d;
}

struct draft *
build_draft(struct build *b, enum incident_class class, struct slice service,
    struct slice cause_key)
{
	const char *name = incident_class_name(class);
	struct draft probe = { .rule = NULL }, *d;
	struct buf key;
	void *found;

	buf_init(&key, strlen(name) + SERVICE_BYTES * service.n + cause_key.n + 2);
	buf_puts(&key, name);
	buf_putc(&key, '|');
	put_service(&key, service);
	buf_putc(&key, '|');
	buf_put_slice(&key, cause_key);
	probe.i.key = buf_slice(&key);
	found = tfind(&probe, &b->tree, by_key);
	if (found) {
		d = *(struct draft **)found;
	} else {
		d = new_draft(b, probe.i.key);
		d->i.class = class;
		d->i.service = service;
	}
	buf_release(&key);
	return d;
}

void
build_release(struct build *b)
{
	size_t i;

	for (i = 0; i < b->drafts; i++) {
		tdelete(b->draft[i], &b->tree, by_key);
		free(b->draft[i]->start);
	}
	free(b->draft);
}

/* ---- members ---- */

static void
keep_newest(struct slice *kept, int64_t *kept_ns, struct slice name, int64_t ns)
{
	if (name.n == 0)
		return;
	if (kept->n && (ns < *kept_ns || (ns == *kept_ns && slice_cmp(name, *kept) <= 0)))
		return;
	*kept = name;
	*kept_ns = ns;
}

static void
widen(struct draft *d, const struct fact_event *ev)
{
	if (d->i.first_ns == CLOCK_NONE || ev->ts_ns < d->i.first_ns)
		d->i.first_ns = ev->ts_ns;
	if (d->i.last_ns == CLOCK_NONE || ev->ts_ns > d->i.last_ns)
		d->i.last_ns = ev->ts_ns;
	keep_newest(&d->i.revision, &d->revision_ns, ev->revision, ev->ts_ns);
	keep_newest(&d->project, &d->project_ns, ev->project, ev->ts_ns);
}

void
build_member(struct build *b, struct draft *d, const struct member *m)
{
	const struct fact_event *ev = m->event_id ? build_find_event(b->r->set, m->event_id) : NULL;

	d->i.member = mem_grow(d->i.member, &d->cap, d->i.members + 1, sizeof *d->i.member);
	d->i.member[d->i.members++] = *m;
	/* what only happened at the same time says nothing about how long it lasted */
	if (ev && m->basis != BASIS_CO_OCCURS)
		widen(d, ev);
	if (ev)
		b->event_claimed[ev - b->r->set->event] = true;
}

void
build_hit(struct build *b, struct draft *d, const struct fact_hit *h, const struct member *as)
{
	struct member m = { .role = as->role, .basis = as->basis, .occurrence = as->occurrence,
	    .rule = h->rule->name, .event_id = h->event ? h->event->id : 0, .test_id = h->test_id,
	    .output_id = h->output_id, .line = h->line, .byte = h->byte, .start = h->start,
	    .end = h->end };

	b->hit_claimed[h - b->r->set->hit] = true;
	build_member(b, d, &m);
}

/* what else rules say about a record that is a member already */
static bool
take_hits(struct build *b, struct draft *d, const struct fact_event *ev, const struct member *as,
    bool on_cause)
{
	struct hit_range r = index_event_hits(b, ev);
	bool any = false;
	size_t i;

	for (i = 0; i < r.n; i++) {
		const struct fact_hit *h = &b->r->set->hit[r.hit[i]];

		if (b->hit_claimed[r.hit[i]] || build_is_aside(h->rule))
			continue;
		build_hit(b, d, h, as);
		if (as->basis != BASIS_CO_OCCURS)
			build_rule(d, h, on_cause);
		any = true;
	}
	return any;
}

void
build_event(struct build *b, struct draft *d, const struct fact_event *ev, const struct member *as)
{
	struct member m = *as;

	m.event_id = ev->id;
	if (!take_hits(b, d, ev, as, false))
		build_member(b, d, &m);
}

void
build_exception(struct build *b, struct draft *d, const struct fact_exception *x,
    const struct member *as)
{
	const struct member symptom = { .role = MEMBER_SYMPTOM, .basis = as->basis,
	    .occurrence = as->occurrence };
	const struct evidence_set *set = b->r->set;
	size_t i;

	b->exception_claimed[x - set->exception] = true;
	for (i = 0; i < x->events; i++) {
		const struct fact_event *ev = build_find_event(set, x->event_id[i]);
		bool quoted = x->quote_event_id ? x->event_id[i] == x->quote_event_id : i == 0;
		struct member m = quoted ? *as : symptom;

		m.event_id = x->event_id[i];
		if (quoted) {
			m.start = x->quote_start;
			m.end = x->quote_end;
		}
		build_member(b, d, &m);
		if (ev)
			take_hits(b, d, ev, &symptom, as->role == MEMBER_CAUSE);
	}
}

/* ---- names ---- */

#define RANK_NONE 9

/*
 * What is said about the cause itself names the incident before what is said beside it:
 * a start may survive one refused connection and then fail by a missing module.
 */
static int
rank_of(const struct rule *r, bool on_cause)
{
	switch (r->role) {
	case ROLE_CAUSE:
		return on_cause ? 0 : 2;
	case ROLE_ISSUE:
		return on_cause ? 1 : 4;
	case ROLE_START_FAILURE:
		return 3;
	case ROLE_SYMPTOM:
		return 5;
	case ROLE_EXIT:
		return 6;
	default:
		return RANK_NONE;
	}
}

static bool
outranks(const struct rule *r, int rank, const struct draft *d)
{
	if (!d->rule || rank != d->rule_rank)
		return !d->rule || rank < d->rule_rank;
	if (r->priority != d->rule->priority)
		return r->priority < d->rule->priority;
	return slice_cmp(r->name, d->rule->name) < 0;
}

void
build_rule(struct draft *d, const struct fact_hit *h, bool on_cause)
{
	int rank = rank_of(h->rule, on_cause);

	if (rank == RANK_NONE)
		return;
	if (outranks(h->rule, rank, d)) {
		d->rule = h->rule;
		d->rule_rank = rank;
		d->named = h;
	}
	if (!d->priority_rule || h->rule->priority < d->priority_rule->priority ||
	    (h->rule->priority == d->priority_rule->priority &&
	    slice_cmp(h->rule->name, d->priority_rule->name) < 0))
		d->priority_rule = h->rule;
}
