/* incidents.c - put the parts together: claim in order of strength, then finish and rank */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/mem.h"

/* a member with the time it is sorted by */
struct timed {
	int64_t ts_ns;
	struct member m;
};

static int
by_number(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_role(const void *va, const void *vb)
{
	const struct timed *x = va, *y = vb;
	const struct member *a = &x->m, *b = &y->m;
	int c = by_number(a->role, b->role);

	if (c == 0)
		c = by_number(a->basis, b->basis);
	if (c == 0)
		c = by_number(x->ts_ns, y->ts_ns);
	if (c == 0)
		c = by_number(a->occurrence, b->occurrence);
	if (c == 0)
		c = by_number(a->event_id, b->event_id);
	if (c == 0)
		c = by_number(a->test_id, b->test_id);
	if (c == 0 && a->line != b->line)
		c = a->line < b->line ? -1 : 1;
	if (c == 0 && a->start != b->start)
		c = a->start < b->start ? -1 : 1;
	return c ? c : slice_cmp(a->rule, b->rule);
}

/* into the arena, by role and time */
static void
sort_members(struct build *b, struct draft *d)
{
	struct member *own = arena_array(b->r->arena, d->i.members + 1, sizeof *own);
	struct timed *timed = mem_calloc(d->i.members + 1, sizeof *timed);
	size_t i;

	for (i = 0; i < d->i.members; i++) {
		const struct fact_event *ev = build_find_event(b->r->set, d->i.member[i].event_id);

		timed[i].ts_ns = ev ? ev->ts_ns : CLOCK_NONE;
		timed[i].m = d->i.member[i];
	}
	qsort(timed, d->i.members, sizeof *timed, by_role);
	for (i = 0; i < d->i.members; i++)
		own[i] = timed[i].m;
	free(timed);
	free(d->i.member);
	d->i.member = own;
}

static int
by_value(const void *va, const void *vb)
{
	return by_number(*(const int64_t *)va, *(const int64_t *)vb);
}

static long
distinct(int64_t *v, size_t n)
{
	long count = 0;
	size_t i;

	qsort(v, n, sizeof *v, by_value);
	for (i = 0; i < n; i++)
		count += v[i] != 0 && (i == 0 || v[i] != v[i - 1]);
	return count;
}

static int64_t
signature_of(const struct evidence_set *set, const struct member *m)
{
	const struct fact_event *ev = build_find_event(set, m->event_id);
	size_t lo = 0, hi = set->tests;

	if (!m->test_id)
		return ev ? ev->signature_id : 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (set->test[mid].id < m->test_id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < set->tests && set->test[lo].id == m->test_id ? set->test[lo].signature_id : 0;
}

/* a request that several rules hit is several members and still one request */
static long
count_requests(struct draft *d, bool co_occur, int64_t *scratch)
{
	size_t i, n = 0;

	for (i = 0; i < d->i.members; i++)
		if (d->i.member[i].role == MEMBER_REQUEST &&
		    (d->i.member[i].basis == BASIS_CO_OCCURS) == co_occur)
			scratch[n++] = d->i.member[i].event_id;
	return distinct(scratch, n);
}

/* entries, signatures and requests: distinct ones among the members */
static void
count(struct build *b, struct draft *d)
{
	int64_t *id = mem_calloc(d->i.members + 1, sizeof *id);
	size_t i;

	/* what only happened at the same time is listed, and counted for nothing */
	for (i = 0; i < d->i.members; i++)
		id[i] = d->i.member[i].basis == BASIS_CO_OCCURS ? 0 : d->i.member[i].event_id;
	d->i.entries = distinct(id, d->i.members);
	for (i = 0; i < d->i.members; i++)
		id[i] = d->i.member[i].basis == BASIS_CO_OCCURS ? 0 :
		    signature_of(b->r->set, &d->i.member[i]);
	d->i.signatures = distinct(id, d->i.members);
	d->i.requests_joined = count_requests(d, false, id);
	d->i.requests_open = count_requests(d, true, id);
	free(id);
}

static enum priority_class
class_of(const struct draft *d)
{
	switch (d->i.class) {
	case INCIDENT_START_FAILURE:
		return PCLASS_START_FAILURE;
	case INCIDENT_EXCEPTION:
		return PCLASS_EXCEPTION;
	case INCIDENT_REQUEST:
		return PCLASS_SERVER_ERROR;
	case INCIDENT_TEST:
		return d->test && d->test->outcome == TEST_ERROR ? PCLASS_TEST_ERROR :
		    PCLASS_TEST_FAILURE;
	default:
		return PCLASS_UNKNOWN_ERROR;
	}
}

static void
set_priority(struct build *b, struct draft *d)
{
	struct arena *a = b->r->arena;
	enum priority_class class = class_of(d);
	enum priority of_class = b->r->rules->priority[class];
	bool class_counts = !d->priority_rule || d->i.class == INCIDENT_START_FAILURE;

	if (d->priority_rule && (!class_counts || d->priority_rule->priority <= of_class)) {
		d->i.priority = d->priority_rule->priority;
		d->i.priority_why = slice_str(arena_printf(a, "rule %.*s",
		    SLICE_ARG(d->priority_rule->name)));
		return;
	}
	d->i.priority = of_class;
	d->i.priority_why = slice_str(arena_printf(a, "class %s", priority_class_name(class)));
}

static void
set_title(struct build *b, struct draft *d)
{
	struct slice service = d->i.service.n ? d->i.service : SLICE("a service");
	struct slice subject = d->subject;
	struct arena *a = b->r->arena;
	char *title;

	switch (d->i.class) {
	case INCIDENT_START_FAILURE:
		title = arena_printf(a, "%.*s fails to start: %.*s", SLICE_ARG(service),
		    SLICE_ARG(subject));
		break;
	case INCIDENT_REQUEST:
		title = arena_printf(a, "%.*s answers with errors: %.*s", SLICE_ARG(service),
		    SLICE_ARG(subject));
		break;
	case INCIDENT_TEST:
		title = arena_printf(a, "Tests: %.*s", SLICE_ARG(subject));
		break;
	case INCIDENT_UNKNOWN:
		title = arena_printf(a, "No rule knows: %.*s", SLICE_ARG(subject));
		break;
	default:
		title = arena_printf(a, "%.*s%s%.*s", SLICE_ARG(d->i.service),
		    d->i.service.n ? ": " : "", SLICE_ARG(subject));
	}
	d->i.title = slice_str(title);
}

static void
finish(struct build *b, struct draft *d)
{
	sort_members(b, d);
	count(b, d);
	set_priority(b, d);
	if (d->cause) {
		d->i.cause_type = d->cause->link[0].type;
		d->i.cause_message = d->cause->link[0].message;
		d->i.cause_place = d->cause->link[0].place;
		d->i.cause_signature_id = d->cause->cause_signature_id;
	}
	set_title(b, d);
	if (d->rule) {
		d->i.rule = d->rule->name;
		d->i.issue = d->rule->issue;
		/* an exception is named already: what a symptom's rule advises leads nowhere */
		if (d->i.class != INCIDENT_EXCEPTION || d->rule->role != ROLE_SYMPTOM)
			d->i.remediation = text_expand(b, d, d->rule->remediation, false);
	}
	whys_build(b, d);
}

/* start failures outrank exceptions, those 5xx, and those the rest (R14) */
static int
class_rank(enum incident_class c)
{
	return c == INCIDENT_START_FAILURE ? 0 : c == INCIDENT_EXCEPTION ? 1 :
	    c == INCIDENT_REQUEST ? 2 : c == INCIDENT_RULE ? 3 : c == INCIDENT_TEST ? 4 : 5;
}

static int
by_rank(const void *va, const void *vb)
{
	const struct draft *const *a = va, *const *b = vb;
	const struct incident *x = &(*a)->i, *y = &(*b)->i;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (class_rank(x->class) != class_rank(y->class))
		return class_rank(x->class) < class_rank(y->class) ? -1 : 1;
	if (x->occurrences != y->occurrences)
		return x->occurrences > y->occurrences ? -1 : 1;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	return slice_cmp(x->key, y->key);
}

/* strongest first: what is proved, what only happened at the same time, what a rule names */
static int
claim(struct build *b, struct err *e)
{
	index_build(b);
	starts_incidents(b);
	if (exceptions_incidents(b, e) == -1)
		return -1;
	open_requests(b);
	rules_incidents(b);
	requests_incidents(b);
	unknown_incidents(b);
	tests_incidents(b);
	return 0;
}

int
reason_incidents(const struct reason *r, struct incident **incident, size_t *n, struct err *e)
{
	struct build b = { .r = r };
	size_t i;
	int rc;

	b.event_claimed = arena_array(r->arena, r->set->events + 1, sizeof *b.event_claimed);
	b.hit_claimed = arena_array(r->arena, r->set->hits + 1, sizeof *b.hit_claimed);
	b.exception_claimed = arena_array(r->arena, r->set->exceptions + 1,
	    sizeof *b.exception_claimed);
	rc = starts_find(&b, e);
	if (rc == 0)
		rc = claim(&b, e);
	for (i = 0; i < b.drafts; i++)
		finish(&b, b.draft[i]);
	if (b.drafts)
		qsort(b.draft, b.drafts, sizeof *b.draft, by_rank);
	*incident = arena_array(r->arena, b.drafts + 1, sizeof **incident);
	for (i = 0; i < b.drafts; i++)
		(*incident)[i] = b.draft[i]->i;
	*n = b.drafts;
	build_release(&b);
	return rc;
}
