/* tests.c - incidents of test output: failed tests by the rules that hit them, else by signature */
#include "config.h"

#include "reason/build.h"

#include <stdlib.h>

#include "base/mem.h"

/* of a failed test: the last incident that has it, and as which occurrence */
struct owner {
	const struct draft *draft;
	long occurrence;
};

static int
by_nodeid(const void *va, const void *vb)
{
	const struct fact_test *a = *(const struct fact_test *const *)va;
	const struct fact_test *b = *(const struct fact_test *const *)vb;
	int c = slice_cmp(a->nodeid, b->nodeid);

	if (c == 0)
		c = slice_cmp(a->message, b->message);
	if (c)
		return c;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* the failed tests of a rule are its occurrences; lines printed by no failed test count each */
static void
rule_hit(struct build *b, const struct fact_hit *h, struct owner *owner)
{
	struct draft *d = build_draft(b, INCIDENT_TEST, (struct slice){ NULL, 0 }, h->rule->name);
	struct member m = { .role = h->test ? MEMBER_TEST : MEMBER_SYMPTOM, .basis = BASIS_RULE };

	if (!d->hit) {
		d->hit = h;
		d->subject = h->rule->title;
	}
	if (h->test && (!d->test || by_nodeid(&h->test, &d->test) < 0))
		d->test = h->test;
	/* hits come rule by rule, so the last owner tells whether the test is here already */
	if (owner && owner->draft == d)
		m.occurrence = owner->occurrence;
	else
		m.occurrence = ++d->i.occurrences;
	if (owner)
		*owner = (struct owner){ d, m.occurrence };
	build_rule(d, h, true);
	build_hit(b, d, h, &m);
}

static struct slice
without_message(struct build *b, const struct fact_test *t)
{
	size_t at = slice_find(t->nodeid, 0, SLICE("::"));
	struct slice file = slice_sub(t->nodeid, 0, at == SIZE_MAX ? t->nodeid.n : at);

	return slice_str(arena_printf(b->r->arena, "no failure message was printed for %.*s",
	    SLICE_ARG(file)));
}

static void
signature(struct build *b, const struct fact_test *t)
{
	/* a failure that says nothing is like no other */
	struct slice key = t->signature.n ? t->signature : t->nodeid;
	struct draft *d = build_draft(b, INCIDENT_TEST, (struct slice){ NULL, 0 }, key);
	struct member m = { .role = MEMBER_TEST, .basis = BASIS_RULE, .test_id = t->id };

	if (!d->test) {
		d->test = t;
		d->subject = build_clip(t->message);
	}
	if (!d->subject.n)
		d->subject = without_message(b, t);
	m.occurrence = ++d->i.occurrences;
	build_member(b, d, &m);
}

void
tests_incidents(struct build *b)
{
	const struct evidence_set *set = b->r->set;
	struct owner *owner = mem_calloc(set->tests + 1, sizeof *owner);
	const struct fact_test **test = mem_calloc(set->tests + 1, sizeof *test);
	size_t i;

	for (i = 0; i < set->hits; i++) {
		const struct fact_hit *h = &set->hit[i];

		if (!h->limit && !h->event && h->rule->subject == SUBJECT_TEST &&
		    !build_is_marker(h->rule))
			rule_hit(b, h, h->test ? &owner[h->test - set->test] : NULL);
	}
	for (i = 0; i < set->tests; i++)
		test[i] = &set->test[i];
	qsort(test, set->tests, sizeof *test, by_nodeid);
	for (i = 0; i < set->tests; i++)
		if (!owner[test[i] - set->test].draft)
			signature(b, test[i]);
	free(owner);
	free(test);
}
