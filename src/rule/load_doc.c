/*
 * load_doc.c - the small documents of a rule set: hypotheses, and the priority table.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rule/load.h"

static void
load_rivals(const struct node *n, struct hypothesis_doc *h)
{
	if (!n->value || !want_text_list(n, "`rivals`", &h->rival, &h->rivals))
		return;
	for (size_t i = 0; i < h->rivals; i++) {
		struct node item = node_item(n, i);

		load_use(&item, h->rival[i]);
	}
}

static void
load_class(const struct node *n, struct hypothesis_doc *h)
{
	static const char *const classes[] = { "H0", "H1", "H2", "H3", "H4", "H5", "H6", "H7",
	    "H8", "H9", NULL };
	unsigned i;

	if (want_word(n, "class of hypotheses", classes, &i))
		h->class_name = slice_str(classes[i]);
}

void
load_hypothesis(const struct node *doc)
{
	static const char *const known[] = { "hypothesis", "title", "class", "priority", "issue",
	    "rivals", "description", NULL };
	struct load *l = doc->l;
	struct hypothesis_doc h = { .priority = PRIORITY_P3 };
	struct loaded_hypothesis *kept;
	struct node n, name;

	check_keys(doc, known, "a hypothesis");
	name = node_key(doc, "hypothesis");
	want_name(&name, "`hypothesis`", &h.name);
	if (want_key(doc, "title", "the hypothesis", &n))
		want_text(&n, "`title`", &h.title);
	if (want_key(doc, "class", "the hypothesis", &n))
		load_class(&n, &h);
	if (want_key(doc, "priority", "the hypothesis", &n))
		want_priority(&n, &h.priority);
	n = node_key(doc, "issue");
	if (n.value)
		want_issue(&n, &h.issue);
	n = node_key(doc, "rivals");
	load_rivals(&n, &h);
	if (h.name.n == 0)
		return;
	memcpy(h.hash, l->hash[l->hashes - 1], sizeof h.hash);
	l->hypothesis = mem_grow(l->hypothesis, &l->hypothesis_cap, l->hypotheses + 1,
	    sizeof *l->hypothesis);
	kept = &l->hypothesis[l->hypotheses++];
	kept->doc = h;
	kept->spot = node_spot(&name);
}

void
load_priority_table(const struct node *doc)
{
	static const char *const known[] = { "priority-table", NULL };
	const char *classes[PCLASS_COUNT + 1] = { NULL };
	struct load *l = doc->l;
	struct node table = node_key(doc, "priority-table");
	struct err e;

	check_keys(doc, known, "a priority table");
	if (l->table.file) {
		err_set(&e, ERR_RULES, "a second priority table");
		err_note(&e, "the first is at %s:%u:%u", l->table.file->path, l->table.line,
		    l->table.col);
		err_help(&e, "keep one of them");
		fault_key(&table, "again here", &e);
		return;
	}
	l->table = node_key_spot(&table);
	if (!want_map(&table, "`priority-table`"))
		return;
	for (unsigned i = 0; i < PCLASS_COUNT; i++)
		classes[i] = priority_class_name((enum priority_class)i);
	check_keys(&table, classes, "the priority table");
	for (unsigned i = 0; i < PCLASS_COUNT; i++) {
		struct node n = node_key(&table, classes[i]);

		if (n.value)
			want_priority(&n, &l->rs->priority[i]);
	}
}
