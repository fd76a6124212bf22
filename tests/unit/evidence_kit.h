/*
 * evidence_kit.h - small evidence sets for the tests of reason/, without YAML and SQLite.
 *
 * A test adds rules and records; kit_reason() lays them out as the store would and
 * runs reason/. Records are named by handles, the order they were added in. Ids are
 * given when the set is laid out, in an order that kit.seed decides: what reason/
 * says must not depend on it.
 */
#ifndef EVIDENCE_KIT_H
#define EVIDENCE_KIT_H

#include <stdlib.h>
#include <string.h>

#include "reason/reason.h"
#include "rule/rules.h"

#define KIT_RECORDS 256
#define KIT_RULES 24
#define KIT_PARTS 8
#define KIT_T0 (INT64_C(1757986800) * CLOCK_NS_PER_S)	/* 2025-09-16T01:40:00Z */
#define AT(seconds) (KIT_T0 + (int64_t)((seconds) * 1000) * 1000000)

struct kit_exception {
	struct fact_exception x;
	struct fact_link link[KIT_PARTS];
	size_t part[KIT_PARTS];			/* handles */
	size_t quote;			/* index of the part that is quoted; SIZE_MAX: none */
	int64_t id[KIT_PARTS];
};

struct kit_hit {
	struct fact_hit h;
	size_t event, exception, test;		/* handle + 1; 0 = none */
	size_t order;
};

struct kit {
	struct arena arena;
	struct rule rule[KIT_RULES];		/* sorted by name before the first hit */
	struct rule_set rules;
	struct fact_event event[KIT_RECORDS], made_event[KIT_RECORDS];
	struct kit_exception exception[KIT_RECORDS];
	struct fact_exception made_exception[KIT_RECORDS];
	size_t exception_at[KIT_RECORDS];	/* of a handle, in made_exception */
	struct fact_test test[KIT_RECORDS], made_test[KIT_RECORDS];
	struct fact_run run;
	struct kit_hit hit[KIT_RECORDS];
	struct fact_hit made_hit[KIT_RECORDS];
	struct capture capture[KIT_RECORDS];
	size_t captures;
	struct { struct slice instance; int64_t ts_ns; } quiet[KIT_RECORDS];
	size_t quiets;				/* stored entries that are no evidence */
	struct evidence_set set;
	long others;			/* requests that went well, on every instance at all times */
	unsigned seed;
	bool broken;				/* the store fails */
	struct incident *incident;
	size_t incidents;
	struct finding *finding;
	size_t findings;
	struct err err;
};

static inline struct kit *
kit_new(void)
{
	struct kit *k = calloc(1, sizeof *k);

	arena_init(&k->arena);
	err_clear(&k->err);
	k->set.have_entries = k->set.have_requests = k->set.have_tests = true;
	k->rules.rule = k->rule;
	k->rules.priority[PCLASS_START_FAILURE] = PRIORITY_P0;
	k->rules.priority[PCLASS_EXCEPTION] = PRIORITY_P1;
	k->rules.priority[PCLASS_SERVER_ERROR] = PRIORITY_P1;
	k->rules.priority[PCLASS_UNKNOWN_ERROR] = PRIORITY_P2;
	k->rules.priority[PCLASS_TEST_ERROR] = PRIORITY_P1;
	k->rules.priority[PCLASS_TEST_FAILURE] = PRIORITY_P2;
	k->run = (struct fact_run){ .id = 1, .source_id = 1, .framework = SLICE("pytest 8.4.1") };
	return k;
}

static inline void
kit_free(struct kit *k)
{
	arena_release(&k->arena);
	free(k);
}

/* ---- rules: all of them before the first hit ---- */

static inline int
kit_by_name(const void *a, const void *b)
{
	return slice_cmp(((const struct rule *)a)->name, ((const struct rule *)b)->name);
}

static inline struct rule *
kit_find_rule(struct kit *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->rules.rules; i++)
		if (slice_eqs(k->rule[i].name, name))
			return &k->rule[i];
	abort();
}

static inline struct rule *
kit_rule(struct kit *k, const char *name, enum rule_role role, enum priority priority)
{
	struct rule *r = &k->rule[k->rules.rules++];

	*r = (struct rule){ .name = slice_str(name), .role = role, .priority = priority };
	r->title = slice_str(arena_printf(&k->arena, "title of %s", name));
	qsort(k->rule, k->rules.rules, sizeof *k->rule, kit_by_name);
	return kit_find_rule(k, name);
}

/* ---- records ---- */

/* an ERROR entry; change what differs through the pointer of kit_at() */
static inline size_t
kit_entry(struct kit *k, int64_t ts_ns, const char *instance, const char *message)
{
	struct fact_event *ev = &k->event[k->set.events];

	*ev = (struct fact_event){ .ts_ns = ts_ns, .end_ns = ts_ns, .severity = 500,
	    .signature_id = (int64_t)k->set.events + 1000, .service = SLICE("shop"),
	    .revision = SLICE("shop-001"), .project = SLICE("demo"),
	    .instance = slice_str(instance), .message = slice_str(message) };
	return k->set.events++;
}

static inline struct fact_event *
kit_at(struct kit *k, size_t event)
{
	return &k->event[event];
}

static inline size_t
kit_request(struct kit *k, int64_t ts_ns, int64_t end_ns, const char *instance, int status)
{
	size_t n = kit_entry(k, ts_ns, instance, "GET /api");

	k->event[n].end_ns = end_ns;
	k->event[n].status = status;
	k->event[n].signature_id = 900;
	return n;
}

/* an entry that is stored and no evidence: it only tells that the instance lived */
static inline void
kit_quiet(struct kit *k, int64_t ts_ns, const char *instance)
{
	k->quiet[k->quiets].instance = slice_str(instance);
	k->quiet[k->quiets++].ts_ns = ts_ns;
}

/* a traceback of one link, in one entry */
static inline size_t
kit_exception(struct kit *k, size_t event, const char *type, const char *message)
{
	struct kit_exception *x = &k->exception[k->set.exceptions];

	x->x.ts_ns = k->event[event].ts_ns;
	x->x.links = x->x.events = 1;
	x->link[0] = (struct fact_link){ slice_str(type), slice_str(message),
	    SLICE("app/main.py:7") };
	x->part[0] = event;
	x->quote = SIZE_MAX;
	x->x.cause_text = slice_str(arena_printf(&k->arena, "%s: %s", type, message));
	x->x.cause_signature_id = 77;
	return k->set.exceptions++;
}

/* one more link around those before, in an entry of its own */
static inline void
kit_link(struct kit *k, size_t exception, size_t event, const char *type, const char *message)
{
	struct kit_exception *x = &k->exception[exception];

	x->link[x->x.links++] = (struct fact_link){ slice_str(type), slice_str(message),
	    SLICE("app/wrap.py:9") };
	x->part[x->x.events++] = event;
}

static inline struct kit_hit *
kit_new_hit(struct kit *k, const char *rule)
{
	struct kit_hit *h = &k->hit[k->set.hits];

	h->h.rule = kit_find_rule(k, rule);
	h->order = k->set.hits++;
	return h;
}

static inline struct fact_hit *
kit_hit(struct kit *k, const char *rule, size_t event)
{
	struct kit_hit *h = kit_new_hit(k, rule);

	h->event = event + 1;
	h->h.end = 4;
	return &h->h;
}

static inline struct fact_hit *
kit_exception_hit(struct kit *k, const char *rule, size_t exception)
{
	struct kit_hit *h = kit_new_hit(k, rule);

	h->exception = exception + 1;
	h->event = k->exception[exception].part[0] + 1;
	return &h->h;
}

static inline size_t
kit_test(struct kit *k, const char *nodeid, const char *message, const char *signature)
{
	struct fact_test *t = &k->test[k->set.tests];

	*t = (struct fact_test){ .nodeid = slice_str(nodeid), .message = slice_str(message),
	    .signature = slice_str(signature), .outcome = TEST_FAILED, .phase = PHASE_CALL,
	    .run = &k->run, .source_id = 1 };
	t->signature_id = (int64_t)t->signature.n + 1;
	return k->set.tests++;
}

static inline struct fact_hit *
kit_test_hit(struct kit *k, const char *rule, size_t test, uint64_t line)
{
	struct kit_hit *h = kit_new_hit(k, rule);

	h->test = test + 1;
	h->h.line = line;
	return &h->h;
}

static inline struct fact_hit *
kit_line_hit(struct kit *k, const char *rule, uint64_t line)
{
	struct kit_hit *h = kit_new_hit(k, rule);

	h->h.output_id = 5;
	h->h.line = line;
	return &h->h;
}

static inline void
kit_capture(struct kit *k, struct fact_hit *h, const char *name, const char *value)
{
	struct capture *c = &k->capture[k->captures++];

	*c = (struct capture){ slice_str(name), slice_str(value) };
	h->capture = c;
	h->captures = 1;
}

/* ---- laying out ---- */

/* ids 1..n in an order that the seed decides; seed 0: as they were added */
static inline void
kit_ids(unsigned seed, size_t n, int64_t *id)
{
	uint64_t state = seed * UINT64_C(2654435761) + 1;
	size_t i, j;
	int64_t t;

	for (i = 0; i < n; i++)
		id[i] = (int64_t)i + 1;
	for (i = n; seed && i > 1; i--) {
		state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		j = (size_t)(state >> 33) % i;
		t = id[i - 1];
		id[i - 1] = id[j];
		id[j] = t;
	}
}

static inline int
kit_by_first_event(const void *a, const void *b)
{
	int64_t x = ((const struct fact_exception *)a)->event->id;
	int64_t y = ((const struct fact_exception *)b)->event->id;

	return x < y ? -1 : x > y;
}

/* as the store sorts them: rule, time or line, id */
static inline int
kit_by_rule(const void *va, const void *vb)
{
	const struct kit_hit *a = va, *b = vb;
	int c = slice_cmp(a->h.rule->name, b->h.rule->name);

	if (c)
		return c;
	if (!a->h.event != !b->h.event)
		return a->h.event ? -1 : 1;
	if (a->h.event && a->h.event->ts_ns != b->h.event->ts_ns)
		return a->h.event->ts_ns < b->h.event->ts_ns ? -1 : 1;
	if (!a->h.event && a->h.line != b->h.line)
		return a->h.line < b->h.line ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static inline void
kit_lay_events(struct kit *k, int64_t *id)
{
	size_t i;

	kit_ids(k->seed, k->set.events, id);
	for (i = 0; i < k->set.events; i++) {
		k->event[i].id = id[i];
		k->made_event[id[i] - 1] = k->event[i];
	}
	k->set.event = k->made_event;
}

static inline void
kit_lay_exceptions(struct kit *k, const int64_t *id)
{
	size_t i, p;

	for (i = 0; i < k->set.exceptions; i++) {
		struct kit_exception *x = &k->exception[i];

		for (p = 0; p < x->x.events; p++)
			x->id[p] = id[x->part[p]];
		x->x.event_id = x->id;
		x->x.event = &k->made_event[x->id[0] - 1];
		x->x.link = x->link;
		x->x.quote_event_id = x->quote == SIZE_MAX ? 0 : x->id[x->quote];
		k->made_exception[i] = x->x;
	}
	if (k->set.exceptions)
		qsort(k->made_exception, k->set.exceptions, sizeof *k->made_exception,
		    kit_by_first_event);
	for (i = 0; i < k->set.exceptions; i++)
		for (p = 0; p < k->set.exceptions; p++)
			if (k->made_exception[p].link == k->exception[i].link)
				k->exception_at[i] = p;
	k->set.exception = k->made_exception;
}

static inline void
kit_lay_tests(struct kit *k, int64_t *id)
{
	size_t i;

	kit_ids(k->seed, k->set.tests, id);
	for (i = 0; i < k->set.tests; i++) {
		k->test[i].id = id[i];
		k->made_test[id[i] - 1] = k->test[i];
	}
	k->set.test = k->made_test;
}

static inline void
kit_lay_hits(struct kit *k, const int64_t *test_id)
{
	struct kit_hit *sorted = calloc(k->set.hits + 1, sizeof *sorted);
	int64_t order[KIT_RECORDS];
	size_t i;

	kit_ids(k->seed, k->set.hits, order);
	for (i = 0; i < k->set.hits; i++) {
		struct kit_hit *h = &sorted[i];

		*h = k->hit[i];
		h->order = (size_t)order[i];
		if (h->event)
			h->h.event = &k->made_event[k->event[h->event - 1].id - 1];
		if (h->exception)
			h->h.exception = &k->made_exception[k->exception_at[h->exception - 1]];
		if (h->test) {
			h->h.test_id = test_id[h->test - 1];
			h->h.test = &k->made_test[h->h.test_id - 1];
		}
	}
	qsort(sorted, k->set.hits, sizeof *sorted, kit_by_rule);
	for (i = 0; i < k->set.hits; i++)
		k->made_hit[i] = sorted[i].h;
	k->set.hit = k->made_hit;
	free(sorted);
}

static inline int
kit_first_after(void *ctx, struct slice instance, int64_t after_ns, int64_t *ts_ns, struct err *e)
{
	const struct kit *k = ctx;
	size_t i;

	*ts_ns = CLOCK_NONE;
	if (k->broken)
		return err_set(e, ERR_DB, "the disk is gone");
	for (i = 0; i < k->set.events; i++)
		if (slice_eq(k->event[i].instance, instance) && k->event[i].ts_ns > after_ns &&
		    (*ts_ns == CLOCK_NONE || k->event[i].ts_ns < *ts_ns))
			*ts_ns = k->event[i].ts_ns;
	for (i = 0; i < k->quiets; i++)
		if (slice_eq(k->quiet[i].instance, instance) && k->quiet[i].ts_ns > after_ns &&
		    (*ts_ns == CLOCK_NONE || k->quiet[i].ts_ns < *ts_ns))
			*ts_ns = k->quiet[i].ts_ns;
	return 0;
}

static inline int
kit_running(void *ctx, struct slice instance, int64_t ts_ns, long *n, struct err *e)
{
	const struct kit *k = ctx;
	size_t i;

	if (k->broken)
		return err_set(e, ERR_DB, "the disk is gone");
	*n = k->others;
	for (i = 0; i < k->set.events; i++)
		*n += k->event[i].status && slice_eq(k->event[i].instance, instance) &&
		    k->event[i].ts_ns <= ts_ns && ts_ns <= k->event[i].end_ns;
	return 0;
}

/* 0 and k->incident, k->finding; or -1 and k->err */
static inline int
kit_reason(struct kit *k)
{
	static const struct reason_texts texts = { rule_expand };
	struct reason r = { &k->rules, &k->set, &texts, &k->arena };
	int64_t id[KIT_RECORDS], test_id[KIT_RECORDS];

	kit_lay_events(k, id);
	kit_lay_exceptions(k, id);
	kit_lay_tests(k, test_id);
	kit_lay_hits(k, test_id);
	k->set.first_after = kit_first_after;
	k->set.running = kit_running;
	k->set.ctx = k;
	if (reason_findings(&r, &k->finding, &k->findings, &k->err) == -1)
		return -1;
	return reason_incidents(&r, &k->incident, &k->incidents, &k->err);
}

/* ---- looking at what came out ---- */

static inline bool
kit_has(struct slice s, const char *what)
{
	return slice_find(s, 0, slice_str(what)) != SIZE_MAX;
}

/* the incident whose key ends so; NULL if there is none */
static inline const struct incident *
kit_incident(const struct kit *k, const char *key_end)
{
	size_t i;

	for (i = 0; i < k->incidents; i++)
		if (slice_ends(k->incident[i].key, key_end))
			return &k->incident[i];
	return NULL;
}

/* how the incident holds this event: its first member, or NULL */
static inline const struct member *
kit_member(const struct kit *k, const struct incident *in, size_t event)
{
	size_t i;

	for (i = 0; in && i < in->members; i++)
		if (in->member[i].event_id == k->event[event].id)
			return &in->member[i];
	return NULL;
}

static inline bool
kit_is(const struct kit *k, const struct incident *in, size_t event, enum member_role role,
    enum member_basis basis)
{
	const struct member *m = kit_member(k, in, event);

	return m && m->role == role && m->basis == basis;
}

static inline bool
kit_cites(const struct kit *k, const struct why *w, size_t event)
{
	size_t i;

	for (i = 0; i < w->events; i++)
		if (w->event_id[i] == k->event[event].id)
			return true;
	return false;
}

#endif
