/*
 * match.c - rules over a subject.
 *
 * Answers are yes, no or "gave up" (TRI_LIMIT), joined by Kleene's rules: a
 * pattern that gave up matters only where the answer depends on it. A rule is
 * first only judged; what to quote and capture is collected from those that match.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rule/detect.h"

struct rule_matcher {
	const struct rule_set *rs;
	struct matcher *matcher;
	struct match match;
	const struct subject *subject;
	signed char *known;	/* results of the selections of the rule at hand; -1 = not yet */
	struct slice limit_field;
	struct hit *hit;	/* what is collected goes here; NULL while judging */
	bool have_range, range_in_message;
};

struct rule_matcher *
rule_matcher_new(const struct rule_set *rs)
{
	struct rule_matcher *m = mem_calloc(1, sizeof *m);
	size_t most = 1;

	for (size_t i = 0; i < rs->rules; i++) {
		if (rs->rule[i].detection->selections > most)
			most = rs->rule[i].detection->selections;
	}
	m->rs = rs;
	m->known = mem_alloc(most);
	m->matcher = matcher_new();
	return m;
}

void
rule_matcher_free(struct rule_matcher *m)
{
	if (!m)
		return;
	matcher_free(m->matcher);
	free(m->known);
	free(m);
}

/* collecting --------------------------------------------------------------- */

static uint32_t
clip32(size_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

/* the quote is the first match in the message, or else the first in any field */
static void
keep_range(struct rule_matcher *m, const struct item *it, size_t start, size_t end)
{
	if (m->have_range && (m->range_in_message || !it->is_message))
		return;
	m->have_range = true;
	m->range_in_message = it->is_message;
	m->hit->field = it->field;
	m->hit->start = clip32(start);
	m->hit->end = clip32(end);
}

/* the first value of a name stays, unless it is empty */
static void
keep_capture(struct hit *hit, const char *name, struct slice value)
{
	for (size_t i = 0; i < hit->captures; i++) {
		if (!slice_eqs(hit->capture[i].name, name))
			continue;
		if (hit->capture[i].value.n == 0)
			hit->capture[i].value = value;
		return;
	}
	if (hit->captures == HIT_CAPTURES)
		return;
	hit->capture[hit->captures].name = slice_str(name);
	hit->capture[hit->captures++].value = value;
}

/* one name may stand for several groups, (?|..) and (?J): the one that is set counts */
static void
keep_captures(struct rule_matcher *m, const struct pattern *p)
{
	const char *name;
	unsigned number;

	for (unsigned i = 0; pattern_name(p, i, &name, &number); i++) {
		if (number < m->match.groups && m->match.group[number].p)
			keep_capture(m->hit, name, m->match.group[number]);
	}
}

/* values ------------------------------------------------------------------- */

static bool
compare_number(const struct value *v, struct slice text)
{
	int64_t i;
	double d;

	text = slice_trim(text);
	if (v->kind == VALUE_INTEGER && slice_to_int64(text, &i))
		return i == v->integer;
	if (!slice_to_double(text, &d))
		return false;
	switch (v->kind) {
	case VALUE_LT:
		return d < v->real;
	case VALUE_LTE:
		return d <= v->real;
	case VALUE_GT:
		return d > v->real;
	case VALUE_GTE:
		return d >= v->real;
	default:
		return d >= v->real && d <= v->real;
	}
}

static enum tri
try_pattern(struct rule_matcher *m, const struct item *it, const struct value *v,
    struct slice text)
{
	switch (matcher_run(m->matcher, v->pattern, text, 0, &m->match)) {
	case MATCH_NO:
		return TRI_NO;
	case MATCH_LIMIT:
		m->limit_field = it->field;
		return TRI_LIMIT;
	case MATCH_YES:
		break;
	}
	if (m->hit) {
		keep_range(m, it, m->match.start, m->match.end);
		keep_captures(m, v->pattern);
	}
	return TRI_YES;
}

static enum tri
try_value(struct rule_matcher *m, const struct item *it, const struct value *v,
    struct slice text)
{
	size_t start = 0, end = text.n;
	bool yes;

	if (v->kind == VALUE_RE)
		return try_pattern(m, it, v, text);
	if (v->kind == VALUE_GLOB)
		yes = glob_match(&v->glob, text, &start, &end);
	else
		yes = compare_number(v, text);
	if (yes && m->hit)
		keep_range(m, it, start, end);
	return yes ? TRI_YES : TRI_NO;
}

static enum tri
tri_or(enum tri a, enum tri b)
{
	return a > b ? a : b;
}

static enum tri
tri_and(enum tri a, enum tri b)
{
	return a < b ? a : b;
}

/* one value of the rule against all values of the field */
static enum tri
eval_value(struct rule_matcher *m, const struct item *it, const struct value *v,
    const struct slice *text, size_t texts)
{
	enum tri t = TRI_NO;
	bool there = false;

	for (size_t i = 0; i < texts; i++)
		there = there || text[i].n > 0;
	if (v->kind == VALUE_EXISTS)
		return there ? TRI_YES : TRI_NO;
	if (v->kind == VALUE_NULL || v->kind == VALUE_ABSENT)
		return there ? TRI_NO : TRI_YES;
	for (size_t i = 0; i < texts && t != TRI_YES; i++)
		t = tri_or(t, try_value(m, it, v, text[i]));
	return t;
}

/* while collecting, no value is skipped: each may have captures */
static enum tri
eval_item(struct rule_matcher *m, const struct item *it)
{
	struct slice text[SUBJECT_FIELD_VALUES];
	enum tri t = it->all ? TRI_YES : TRI_NO, done = it->all ? TRI_NO : TRI_YES;
	size_t texts = 1;

	if (it->is_message)
		text[0] = m->subject->message;
	else
		texts = m->subject->field(m->subject, it->field, text);
	for (size_t i = 0; i < it->values && (m->hit || t != done); i++) {
		enum tri one = eval_value(m, it, &it->value[i], text, texts);

		t = it->all ? tri_and(t, one) : tri_or(t, one);
	}
	return it->negate ? (enum tri)(TRI_YES - t) : t;
}

/* selections and conditions ------------------------------------------------ */

static enum tri
eval_items(struct rule_matcher *m, const struct alternative *a, bool costly, enum tri t)
{
	for (size_t i = 0; i < a->items && t != TRI_NO; i++) {
		if (a->item[i].costly == costly)
			t = tri_and(t, eval_item(m, &a->item[i]));
	}
	return t;
}

static enum tri
eval_alternative(struct rule_matcher *m, const struct alternative *a)
{
	return eval_items(m, a, true, eval_items(m, a, false, TRI_YES));
}

static enum tri
eval_selection(struct rule_matcher *m, const struct selection *sel)
{
	enum tri t = TRI_NO;

	for (size_t i = 0; i < sel->alternatives && t != TRI_YES; i++)
		t = tri_or(t, eval_alternative(m, &sel->alternative[i]));
	return t;
}

static enum tri
eval_named(struct rule_matcher *m, const struct detection *d, size_t i)
{
	if (m->known[i] < 0)
		m->known[i] = (signed char)eval_selection(m, &d->selection[i]);
	return (enum tri)m->known[i];
}

/* depth is bounded by the parser: COND_DEPTH */
static enum tri
eval_cond(struct rule_matcher *m, const struct detection *d, const struct cond *c)
{
	enum tri t;

	if (c->kind == COND_SELECTION)
		return eval_named(m, d, c->selection);
	if (c->kind == COND_NOT)
		return (enum tri)(TRI_YES - eval_cond(m, d, c->child[0]));
	if (c->kind == COND_AND) {
		t = TRI_YES;
		for (size_t i = 0; i < c->children && t != TRI_NO; i++)
			t = tri_and(t, eval_cond(m, d, c->child[i]));
		return t;
	}
	t = TRI_NO;
	for (size_t i = 0; i < c->children && t != TRI_YES; i++)
		t = tri_or(t, eval_cond(m, d, c->child[i]));
	return t;
}

static void
collect_alternative(struct rule_matcher *m, const struct alternative *a, struct hit *hit)
{
	if (eval_alternative(m, a) != TRI_YES)
		return;
	m->hit = hit;
	for (size_t i = 0; i < a->items; i++) {
		if (!a->item[i].negate)
			eval_item(m, &a->item[i]);
	}
	m->hit = NULL;
}

/* from all that matches, except below a not */
static void
collect_cond(struct rule_matcher *m, const struct detection *d, const struct cond *c,
    struct hit *hit)
{
	const struct selection *sel;

	if (c->kind == COND_NOT || eval_cond(m, d, c) != TRI_YES)
		return;
	for (size_t i = 0; i < c->children; i++)
		collect_cond(m, d, c->child[i], hit);
	if (c->kind != COND_SELECTION)
		return;
	sel = &d->selection[c->selection];
	for (size_t i = 0; i < sel->alternatives; i++)
		collect_alternative(m, &sel->alternative[i], hit);
}

enum tri
rule_match_one(struct rule_matcher *m, const struct rule *r, const struct subject *s,
    struct hit *hit)
{
	const struct detection *d = r->detection;
	enum tri t;

	m->subject = s;
	m->limit_field = (struct slice){ 0 };
	memset(m->known, -1, d->selections);
	t = eval_cond(m, d, d->cond);
	if (t == TRI_NO)
		return t;
	memset(hit, 0, sizeof *hit);
	hit->rule = r;
	hit->limit = t == TRI_LIMIT;
	hit->field = hit->limit ? m->limit_field : SLICE("message");
	if (t == TRI_YES) {
		m->have_range = m->range_in_message = false;
		collect_cond(m, d, d->cond, hit);
	}
	return t;
}

enum tri
rule_match_selection(struct rule_matcher *m, const struct selection *sel,
    const struct subject *s)
{
	m->subject = s;
	return eval_selection(m, sel);
}

/* a request is an entry too */
static bool
looks_at(const struct rule *r, enum rule_subject kind)
{
	return r->subject == kind || (r->subject == SUBJECT_ENTRY && kind == SUBJECT_REQUEST);
}

int
rule_match(struct rule_matcher *m, const struct subject *s, rule_hit_fn *hit, void *ctx,
    struct err *e)
{
	struct hit h;

	for (size_t i = 0; i < m->rs->rules; i++) {
		const struct rule *r = &m->rs->rule[i];

		if (!looks_at(r, s->kind) || rule_match_one(m, r, s, &h) == TRI_NO)
			continue;
		if (hit(ctx, &h, e) != 0)
			return -1;
	}
	return 0;
}

bool
rules_want(const struct rule_set *rs, enum rule_subject kind)
{
	for (size_t i = 0; i < rs->rules; i++) {
		if (looks_at(&rs->rule[i], kind))
			return true;
	}
	return false;
}
