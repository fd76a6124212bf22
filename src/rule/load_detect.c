/*
 * load_detect.c - a detection: its selections, the captures of their patterns, its condition.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rule/load.h"

/* selections ---------------------------------------------------------------- */

static void
load_map(const struct node *n, enum rule_subject kind, struct alternative *a)
{
	const char *key;
	json_t *value;

	if (!want_map(n, "a selection"))
		return;
	a->item = arena_array(n->l->a, json_object_size(n->value), sizeof *a->item);
	json_object_foreach(n->value, key, value) {
		struct node item = node_key(n, key);

		if (load_item(&item, slice_str(key), kind, &a->item[a->items]))
			a->items++;
	}
}

static void
load_selection(const struct node *n, enum rule_subject kind, struct selection *sel)
{
	size_t count = json_is_array(n->value) ? json_array_size(n->value) : 1, keywords = 0;

	sel->alternative = arena_array(n->l->a, count + 1, sizeof *sel->alternative);
	if (!json_is_array(n->value) || count == 0) {
		load_map(n, kind, &sel->alternative[sel->alternatives++]);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct node item = node_item(n, i);

		if (is_keyword(&item))
			keywords++;
		else
			load_map(&item, kind, &sel->alternative[sel->alternatives++]);
	}
	if (keywords) {
		struct alternative *a = &sel->alternative[sel->alternatives++];

		a->item = arena_array(n->l->a, 1, sizeof *a->item);
		a->items = 1;
		load_keywords(n, a->item);
	}
}

/* captures ------------------------------------------------------------------ */

struct names {
	struct slice *name;
	size_t n, cap;
};

static void
add_names(struct arena *a, struct names *names, const struct pattern *p)
{
	const char *name;
	unsigned number;

	for (unsigned i = 0; pattern_name(p, i, &name, &number); i++) {
		bool known = false;

		for (size_t k = 0; k < names->n && !known; k++)
			known = slice_eqs(names->name[k], name);
		if (known)
			continue;
		names->name = mem_grow(names->name, &names->cap, names->n + 1,
		    sizeof *names->name);
		names->name[names->n++] = arena_copy(a, slice_str(name));
	}
}

/* the names of all patterns from `first` on, which are those of this rule */
static void
load_captures(const struct node *n, size_t first, struct rule *r)
{
	const struct rule_patterns *all = n->l->patterns;
	struct names names = { 0 };
	struct slice *kept;
	struct err e;

	for (size_t i = first; i < all->n; i++)
		add_names(n->l->a, &names, all->pattern[i]);
	kept = arena_array(n->l->a, names.n + 1, sizeof *kept);
	for (size_t i = 0; i < names.n; i++)
		kept[i] = names.name[i];
	r->capture = kept;
	r->captures = names.n;
	free(names.name);
	if (r->captures <= HIT_CAPTURES)
		return;
	err_set(&e, ERR_RULES, "the rule has %zu captures", r->captures);
	err_note(&e, "a hit keeps at most %d", HIT_CAPTURES);
	err_help(&e, "write (?:...) for groups whose text is not needed");
	fault_key(n, NULL, &e);
}

/* condition ----------------------------------------------------------------- */

static void
load_condition(const struct node *n, const struct node *detection, struct detection *d)
{
	size_t offset;
	struct err e;

	if (!want_text(n, "`condition`", &d->condition))
		return;
	if (cond_parse(n->l->a, d, d->condition, &offset, &e) != 0) {
		fault_offset(n, offset, NULL, &e);
		return;
	}
	for (size_t i = 0; i < d->selections; i++) {
		struct node sel = node_key(detection, d->selection[i].name.p);

		if (d->selection[i].used)
			continue;
		err_set(&e, ERR_RULES, "the selection `%.*s` is not used",
		    SLICE_ARG(d->selection[i].name));
		err_note(&e, "the condition is `%.*s`", SLICE_ARG(d->condition));
		err_help(&e, "name it in the condition, or take it out");
		fault_key(&sel, "not used", &e);
	}
}

void
load_detection(const struct node *n, struct rule *r)
{
	struct detection *d = arena_alloc(n->l->a, sizeof *d);
	size_t first = n->l->patterns->n;
	struct node condition;
	const char *key;
	json_t *value;

	r->detection = d;
	if (!want_map(n, "`detection`"))
		return;
	d->selection = arena_array(n->l->a, json_object_size(n->value), sizeof *d->selection);
	json_object_foreach(n->value, key, value) {
		struct node item = node_key(n, key);
		struct selection *sel = &d->selection[d->selections];

		if (strcmp(key, "condition") == 0)
			continue;
		d->selections++;
		sel->name = arena_copy(n->l->a, slice_str(key));
		load_selection(&item, r->subject, sel);
	}
	load_captures(n, first, r);
	if (want_key(n, "condition", "`detection`", &condition))
		load_condition(&condition, n, d);
}
