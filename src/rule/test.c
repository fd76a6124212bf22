/*
 * test.c - every rule against its own examples.
 */
#include "config.h"

#include <string.h>

#include "base/buf.h"
#include "rule/detect.h"
#include "rule/example.h"

struct tester {
	struct rule_matcher *matcher;
	struct arena arena;
	rule_fault_fn *fault;
	void *ctx;
};

static const char *
tri_word(enum tri t)
{
	switch (t) {
	case TRI_NO:
		return "no";
	case TRI_LIMIT:
		return "gave up";
	case TRI_YES:
		break;
	}
	return "yes";
}

/* "a: yes, b: no" of all selections, under the condition */
static void
note_selections(struct tester *t, const struct detection *d, const struct subject *s,
    struct err *e)
{
	struct buf b;

	buf_init(&b, sizeof e->note - 1);
	buf_printf(&b, "condition `%.*s`; ", SLICE_ARG(d->condition));
	for (size_t i = 0; i < d->selections; i++)
		buf_printf(&b, "%s%.*s: %s", i ? ", " : "", SLICE_ARG(d->selection[i].name),
		    tri_word(rule_match_selection(t->matcher, &d->selection[i], s)));
	err_note(e, "%s", b.p);
	buf_release(&b);
}

static void
put_fault(struct tester *t, const struct rule *r, const struct rule_example *x, struct err *e)
{
	err_where(e, "%s:%u:%u", r->path.p, x->line, x->col);
	if (!*e->help)
		err_help(e, "correct the rule, or the example");
	if (t->fault)
		t->fault(t->ctx, e);
}

static bool
fail_outcome(struct tester *t, const struct rule *r, size_t i, enum tri got,
    const struct subject *s)
{
	const struct rule_example *x = &r->example[i];
	struct err e;

	err_set(&e, ERR_RULES, "example %zu of rule `%.*s` should %smatch but %s", i + 1,
	    SLICE_ARG(r->name), x->match ? "" : "not ",
	    got == TRI_LIMIT ? "a pattern gave up" : x->match ? "does not" : "does");
	note_selections(t, r->detection, s, &e);
	if (got == TRI_LIMIT)
		err_help(&e, "make the pattern more exact: it tries too much on this text");
	put_fault(t, r, x, &e);
	return false;
}

static const struct slice *
find_capture(const struct hit *hit, struct slice name)
{
	for (size_t i = 0; i < hit->captures; i++) {
		if (slice_eq(hit->capture[i].name, name))
			return &hit->capture[i].value;
	}
	return NULL;
}

static bool
check_captures(struct tester *t, const struct rule *r, size_t i, const struct hit *hit)
{
	const struct rule_example *x = &r->example[i];
	bool good = true;
	struct err e;

	for (size_t k = 0; k < x->captures; k++) {
		struct slice name = x->capture_name[k], want = x->capture_value[k];
		const struct slice *got = find_capture(hit, name);

		if (got && slice_eq(*got, want))
			continue;
		good = false;
		err_set(&e, ERR_RULES, "example %zu of rule `%.*s` does not capture `%.*s` as "
		    "`%.*s`", i + 1, SLICE_ARG(r->name), SLICE_ARG(name), SLICE_ARG(want));
		if (got)
			err_note(&e, "it captures `%.*s`", SLICE_ARG(*got));
		else
			err_note(&e, "the group is not part of the match");
		put_fault(t, r, x, &e);
	}
	return good;
}

static bool
run_example(struct tester *t, const struct rule *r, size_t i)
{
	const struct rule_example *x = &r->example[i];
	struct example_subject *s;
	struct hit hit;
	struct err e;
	enum tri got;

	arena_reset(&t->arena);
	s = arena_alloc(&t->arena, sizeof *s);
	if (example_subject(&t->arena, r->subject, x, s, &e) != 0) {
		put_fault(t, r, x, &e);
		return false;
	}
	got = rule_match_one(t->matcher, r, &s->subject, &hit);
	if (r->subject == SUBJECT_REQUEST && s->subject.kind != SUBJECT_REQUEST)
		got = TRI_NO;
	if (got != (x->match ? TRI_YES : TRI_NO))
		return fail_outcome(t, r, i, got, &s->subject);
	return got == TRI_NO || check_captures(t, r, i, &hit);
}

int
rules_test(const struct rule_set *rs, rule_fault_fn *fault, void *ctx,
    struct rule_test_result *result, struct err *e)
{
	struct tester t = { .fault = fault, .ctx = ctx };

	(void)e;	/* nothing here can fail but the examples */
	memset(result, 0, sizeof *result);
	arena_init(&t.arena);
	t.matcher = rule_matcher_new(rs);
	for (size_t i = 0; i < rs->rules; i++) {
		const struct rule *r = &rs->rule[i];

		result->rules++;
		for (size_t k = 0; k < r->examples; k++) {
			result->examples++;
			if (!run_example(&t, r, k))
				result->failed++;
		}
	}
	rule_matcher_free(t.matcher);
	arena_release(&t.arena);
	return 0;
}
