/*
 * load_finish.c - what needs all documents: duplicate names, names of hypotheses, the hash.
 * Neither the order of the files nor that of the documents matters to any of it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "rule/load.h"

static int
by_spot(const struct spot *a, const struct spot *b)
{
	int order = strcmp(a->file->path, b->file->path);

	if (order)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->col > b->col) - (a->col < b->col);
}

static int
by_rule(const void *a, const void *b)
{
	const struct loaded_rule *x = a, *y = b;
	int order = slice_cmp(x->rule.name, y->rule.name);

	return order ? order : by_spot(&x->spot, &y->spot);
}

static int
by_hypothesis(const void *a, const void *b)
{
	const struct loaded_hypothesis *x = a, *y = b;
	int order = slice_cmp(x->doc.name, y->doc.name);

	return order ? order : by_spot(&x->spot, &y->spot);
}

static void
fault_twice(struct load *l, const char *what, struct slice name, const struct spot spots[2])
{
	struct err e;

	err_set(&e, ERR_RULES, "the %s `%.*s` is defined twice", what, SLICE_ARG(name));
	err_note(&e, "the other one is at %s:%u:%u", spots[0].file->path, spots[0].line,
	    spots[0].col);
	err_help(&e, "give one of them another name, or take it out");
	l->file_faults = 0;
	fault_at(l, spots[1], "again here", &e);
}

static void
finish_rules(struct load *l)
{
	struct rule_set *rs = l->rs;

	if (l->rules)
		qsort(l->rule, l->rules, sizeof *l->rule, by_rule);
	rs->rule = arena_array(l->a, l->rules + 1, sizeof *rs->rule);
	rs->rules = l->rules;
	for (size_t i = 0; i < l->rules; i++) {
		rs->rule[i] = l->rule[i].rule;
		if (i && slice_eq(rs->rule[i - 1].name, rs->rule[i].name))
			fault_twice(l, "rule", rs->rule[i].name,
			    (struct spot[]){ l->rule[i - 1].spot, l->rule[i].spot });
	}
}

static void
finish_hypotheses(struct load *l)
{
	struct rule_set *rs = l->rs;

	if (l->hypotheses)
		qsort(l->hypothesis, l->hypotheses, sizeof *l->hypothesis, by_hypothesis);
	rs->hypothesis = arena_array(l->a, l->hypotheses + 1, sizeof *rs->hypothesis);
	rs->hypotheses = l->hypotheses;
	for (size_t i = 0; i < l->hypotheses; i++) {
		rs->hypothesis[i] = l->hypothesis[i].doc;
		if (i && slice_eq(rs->hypothesis[i - 1].name, rs->hypothesis[i].name))
			fault_twice(l, "hypothesis", rs->hypothesis[i].name,
			    (struct spot[]){ l->hypothesis[i - 1].spot, l->hypothesis[i].spot });
	}
}

static void
check_use(struct load *l, const struct name_use *use)
{
	const struct rule_set *rs = l->rs;
	const struct hypothesis_doc *near = NULL;
	unsigned least = 4;
	struct err e;

	for (size_t i = 0; i < rs->hypotheses; i++) {
		unsigned distance = slice_distance(use->name, rs->hypothesis[i].name);

		if (distance == 0)
			return;
		if (distance < least && distance * 3 <= use->name.n) {
			least = distance;
			near = &rs->hypothesis[i];
		}
	}
	err_set(&e, ERR_RULES, "unknown hypothesis `%.*s`", SLICE_ARG(use->name));
	err_note(&e, "no loaded file has a document `hypothesis: %.*s`", SLICE_ARG(use->name));
	if (near)
		err_help(&e, "did you mean `%.*s`?", SLICE_ARG(near->name));
	else
		err_help(&e, "add the hypothesis, or load the file that has it");
	fault_at(l, use->spot, "not known", &e);
}

static int
by_hash(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
finish_hash(struct load *l)
{
	unsigned char digest[SHA256_SIZE];
	struct sha256 d;

	if (l->hashes)
		qsort(l->hash, l->hashes, sizeof *l->hash, by_hash);
	sha256_init(&d);
	for (size_t i = 0; i < l->hashes; i++)
		sha256_update(&d, l->hash[i], sizeof l->hash[i] - 1);
	sha256_final(&d, digest);
	sha256_hex(digest, l->rs->hash);
}

void
finish_set(struct load *l)
{
	finish_rules(l);
	finish_hypotheses(l);
	finish_hash(l);
	l->file_faults = 0;
	/* names in a lost document would all be reported as unknown */
	for (size_t i = 0; i < l->uses && !l->damaged; i++)
		check_use(l, &l->use[i]);
}
