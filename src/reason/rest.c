/* rest.c - incidents of logs that no start and no exception explains: rules, requests, unknown */
#include "config.h"

#include "reason/build.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "model/severity.h"

/* which rule may name an incident before another: a cause, a failed start, an issue, the rest */
static const enum rule_role naming[] = { ROLE_CAUSE, ROLE_START_FAILURE, ROLE_ISSUE, ROLE_SYMPTOM,
	ROLE_EXIT };

#define NAMING (sizeof naming / sizeof naming[0])

/* of an event that has an incident by a rule: whose it is */
struct owner {
	struct draft *draft;
	long occurrence;
};

static void
rule_hit(struct build *b, const struct fact_hit *h, struct owner *owner)
{
	bool failed = build_is_failed_request(h->event);
	bool start = h->rule->role == ROLE_START_FAILURE;
	enum incident_class class = start ? INCIDENT_START_FAILURE :
	    failed ? INCIDENT_REQUEST : INCIDENT_RULE;
	struct draft *d = build_draft(b, class, h->event->service, h->rule->name);
	struct member m = { .role = failed ? MEMBER_REQUEST : start ? MEMBER_FAILURE :
	    MEMBER_CAUSE, .basis = BASIS_RULE };

	if (!d->hit) {
		d->hit = h;
		d->subject = h->rule->title;
	}
	m.occurrence = ++d->i.occurrences;
	build_rule(d, h, true);
	build_hit(b, d, h, &m);
	owner[h->event - b->r->set->event] = (struct owner){ d, m.occurrence };
}

static bool
is_of_entry(const struct build *b, size_t i)
{
	const struct fact_hit *h = &b->r->set->hit[i];

	return !h->limit && !b->hit_claimed[i] && h->event && !h->exception;
}

/* what other rules say about an event that opened an incident belongs to that incident */
static void
attach_hits(struct build *b, const struct owner *owner)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];
		const struct owner *o = h->event ? &owner[h->event - set->event] : NULL;
		struct member m = { .role = MEMBER_SYMPTOM, .basis = BASIS_RULE };

		if (!is_of_entry(b, i) || !o->draft || build_is_marker(h->rule))
			continue;
		if (build_is_failed_request(h->event))
			m.role = MEMBER_REQUEST;
		m.occurrence = o->occurrence;
		build_hit(b, o->draft, h, &m);
		build_rule(o->draft, h, false);
	}
}

static void
rules_of(struct build *b, enum rule_role role, enum priority priority, struct owner *owner)
{
	const struct evidence_set *set = b->r->set;
	size_t i;

	for (i = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];

		if (h->rule->role == role && h->rule->priority == priority && is_of_entry(b, i) &&
		    !b->event_claimed[h->event - set->event])
			rule_hit(b, h, owner);
	}
}

void
rules_incidents(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	struct owner *owner = arena_array(b->r->arena, set->events + 1, sizeof *owner);
	int priority;
	size_t i, n;

	for (n = 0; n < NAMING; n++)
		for (priority = PRIORITY_P0; priority <= PRIORITY_P3; priority++)
			rules_of(b, naming[n], (enum priority)priority, owner);
	attach_hits(b, owner);
	/* a banner or a sign of health is known: it is no unknown error, whatever its severity */
	for (i = 0; i < set->hits; i++)
		if (!set->hit[i].limit && set->hit[i].event &&
		    !build_is_failed_request(set->hit[i].event))
			b->event_claimed[set->hit[i].event - set->event] = true;
}

void
requests_incidents(struct build *b)
{
	size_t i;

	for (i = 0; i < b->r->set->events; i++) {
		const struct fact_event *ev = b->index.by_time[i];
		struct member m = { .role = MEMBER_REQUEST, .basis = BASIS_RULE };
		struct draft *d;
		char text[32];

		if (b->event_claimed[ev - b->r->set->event] || !build_is_failed_request(ev))
			continue;
		snprintf(text, sizeof text, "HTTP %d", ev->status);
		d = build_draft(b, INCIDENT_REQUEST, ev->service, slice_str(text));
		if (!d->subject.n)
			d->subject = arena_copy(b->r->arena, slice_str(text));
		m.occurrence = ++d->i.occurrences;
		build_event(b, d, ev, &m);
	}
}

void
unknown_incidents(struct build *b)
{
	size_t i;

	for (i = 0; i < b->r->set->events; i++) {
		const struct fact_event *ev = b->index.by_time[i];
		struct member m = { .role = MEMBER_CAUSE, .basis = BASIS_RULE };
		struct draft *d;
		char text[32];

		if (b->event_claimed[ev - b->r->set->event] || ev->severity < SEVERITY_ERROR)
			continue;
		snprintf(text, sizeof text, "%" PRId64, ev->signature_id);
		d = build_draft(b, INCIDENT_UNKNOWN, ev->service, slice_str(text));
		if (!d->subject.n)
			d->subject = build_clip(ev->message);
		if (!d->subject.n)
			d->subject = SLICE("an ERROR entry without a message");
		m.occurrence = ++d->i.occurrences;
		build_event(b, d, ev, &m);
	}
}
