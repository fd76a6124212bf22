/*
 * load_example.c - the examples of a rule, which rules_test() runs.
 */
#include "config.h"

#include <string.h>

#include "rule/example.h"
#include "rule/load.h"

struct pairs {			/* names and values of a mapping */
	struct slice *name, *value;
	size_t n;
};

static bool
load_pairs(const struct node *n, const char *what, struct pairs *p)
{
	const char *key;
	json_t *value;
	bool good = true;

	if (!want_map(n, what))
		return false;
	p->name = arena_array(n->l->a, json_object_size(n->value), sizeof *p->name);
	p->value = arena_array(n->l->a, json_object_size(n->value), sizeof *p->value);
	json_object_foreach(n->value, key, value) {
		struct node item = node_key(n, key);

		p->name[p->n] = arena_copy(n->l->a, slice_str(key));
		good = want_scalar(&item, "a value of an example", &p->value[p->n]) && good;
		p->n++;
	}
	return good;
}

static bool
check_fields(const struct node *n, enum rule_subject kind, const struct pairs *p)
{
	bool good = true;
	struct err e;

	for (size_t i = 0; i < p->n; i++) {
		struct node item = node_key(n, p->name[i].p);
		const char *near = field_near(kind, p->name[i]);

		if (field_known(kind, p->name[i]))
			continue;
		good = false;
		err_set(&e, ERR_RULES, "%s subjects have no field `%.*s`",
		    rule_subject_name(kind), SLICE_ARG(p->name[i]));
		err_note(&e, "an example is a record as the rule will see it");
		err_help(&e, "netra-triage-rules(5) lists the fields");
		if (near)
			err_help(&e, "did you mean `%s`?", near);
		fault_key(&item, "not known", &e);
	}
	return good;
}

/* `match: {...}` or `no-match: {...}` */
static bool
load_fields(const struct node *n, const struct rule *r, struct rule_example *x)
{
	struct pairs p = { 0 };
	struct example_subject *subject;
	struct err e;

	if (!load_pairs(n, x->match ? "`match`" : "`no-match`", &p) ||
	    !check_fields(n, r->subject, &p))
		return false;
	x->name = p.name;
	x->value = p.value;
	x->fields = p.n;
	subject = arena_alloc(&n->l->scratch, sizeof *subject);
	if (example_subject(&n->l->scratch, r->subject, x, subject, &e) == 0)
		return true;
	fault_value(n, NULL, &e);
	return false;
}

static void
load_expected(const struct node *n, const struct rule *r, struct rule_example *x)
{
	struct pairs p = { 0 };
	struct err e;

	if (!n->value)
		return;
	if (!x->match) {
		err_set(&e, ERR_RULES, "`captures` of an example that does not match");
		err_note(&e, "only a match captures something");
		err_help(&e, "take `captures` out");
		fault_key(n, NULL, &e);
		return;
	}
	if (!load_pairs(n, "`captures`", &p))
		return;
	for (size_t i = 0; i < p.n; i++) {
		struct node item = node_key(n, p.name[i].p);

		if (rule_has_capture(r, p.name[i]))
			continue;
		err_set(&e, ERR_RULES, "no pattern of the rule captures `%.*s`",
		    SLICE_ARG(p.name[i]));
		err_note(&e, "captures are the named groups (?<name>...) of its patterns");
		err_help(&e, "name a group so, or take the line out");
		fault_key(&item, "not known", &e);
	}
	x->capture_name = p.name;
	x->capture_value = p.value;
	x->captures = p.n;
}

static bool
load_example(const struct node *n, const struct rule *r, struct rule_example *x)
{
	static const char *const known[] = { "match", "no-match", "captures", NULL };
	struct spot spot = node_spot(n);
	struct node match, no_match, captures;
	struct err e;

	x->line = spot.line;
	x->col = spot.col;
	if (!want_map(n, "an example"))
		return false;
	check_keys(n, known, "an example");
	match = node_key(n, "match");
	no_match = node_key(n, "no-match");
	captures = node_key(n, "captures");
	if (!match.value == !no_match.value) {
		err_set(&e, ERR_RULES, "an example needs either `match` or `no-match`");
		err_note(&e, "it has %s", match.value ? "both" : "neither");
		err_help(&e, "write `- match: {message: '...'}`");
		fault_value(n, NULL, &e);
		return false;
	}
	x->match = match.value != NULL;
	load_expected(&captures, r, x);
	return load_fields(x->match ? &match : &no_match, r, x);
}

static void
fault_missing(const struct node *at, const char *what, const char *why)
{
	struct err e;

	err_set(&e, ERR_RULES, "the rule has no `%s` example", what);
	err_note(&e, "%s", why);
	err_help(&e, "add `- %s: {message: '...'}` to `tests`", what);
	if (at->value)
		fault_key(at, NULL, &e);
	else
		fault_value(at, NULL, &e);
}

void
load_examples(const struct node *n, const struct node *doc, struct rule *r)
{
	bool match = false, no_match = false;
	const struct node *at = n->value ? n : doc;
	struct rule_example *x;

	if (n->value && !want_list(n, "`tests`"))
		return;
	x = arena_array(n->l->a, json_array_size(n->value) + 1, sizeof *x);
	for (size_t i = 0; i < json_array_size(n->value); i++) {
		struct node item = node_item(n, i);

		/* even a faulty one shows what was meant */
		match = match || json_object_get(item.value, "match");
		no_match = no_match || json_object_get(item.value, "no-match");
		if (load_example(&item, r, &x[r->examples]))
			r->examples++;
	}
	r->example = x;
	if (!match)
		fault_missing(at, "match", "what it should find is not shown");
	if (!no_match)
		fault_missing(at, "no-match", "what it should leave alone is not shown");
}
