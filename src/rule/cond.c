/*
 * cond.c - the condition of a detection: names of selections, and, or, not,
 * parentheses, "1 of x*", "all of x*".
 *
 * Recursive descent; every parenthesis and every not counts towards COND_DEPTH,
 * chains of and/or are flat lists, so that the depth of the recursion here and
 * in the matcher is bounded.
 */
#include "config.h"

#include "rule/detect.h"

#include <stdlib.h>

#include "base/mem.h"

struct parser {
	struct arena *a;
	struct detection *d;
	struct slice text;
	size_t at;		/* start of `token` */
	struct slice token;	/* empty at the end */
	unsigned depth;
	struct err *e;
	bool failed;
};

struct cond_list {
	struct cond **cond;
	size_t n, cap;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
next(struct parser *p)
{
	size_t end;

	p->at += p->token.n;
	while (p->at < p->text.n && is_blank(p->text.p[p->at]))
		p->at++;
	end = p->at;
	if (end < p->text.n && (p->text.p[end] == '(' || p->text.p[end] == ')')) {
		end++;
	} else {
		while (end < p->text.n && !is_blank(p->text.p[end]) &&
		    p->text.p[end] != '(' && p->text.p[end] != ')')
			end++;
	}
	p->token = slice_sub(p->text, p->at, end - p->at);
}

static bool
is_word(const struct parser *p, const char *word)
{
	return slice_eq_fold(p->token, slice_str(word));
}

static struct cond *
new_cond(struct parser *p, enum cond_kind kind)
{
	struct cond *c = arena_alloc(p->a, sizeof *c);

	c->kind = kind;
	return c;
}

static void
push(struct cond_list *list, struct cond *c)
{
	list->cond = mem_grow(list->cond, &list->cap, list->n + 1, sizeof *list->cond);
	list->cond[list->n++] = c;
}

/* one node over the list, or its only member; frees the list */
static struct cond *
join(struct parser *p, enum cond_kind kind, struct cond_list *list)
{
	struct cond *c = list->n == 1 ? list->cond[0] : NULL;

	if (list->n > 1) {
		c = new_cond(p, kind);
		c->child = arena_array(p->a, list->n, sizeof *c->child);
		for (size_t i = 0; i < list->n; i++)
			c->child[i] = list->cond[i];
		c->children = list->n;
	}
	free(list->cond);
	return c;
}

static struct cond *
fail(struct parser *p, const char *note, const char *help)
{
	p->failed = true;
	err_note(p->e, "%s", note);
	err_help(p->e, "%s", help);
	return NULL;
}

static struct cond *
fail_unknown(struct parser *p)
{
	const struct selection *best = NULL;
	unsigned least = 3;

	err_set(p->e, ERR_RULES, "the condition names the unknown selection `%.*s`",
	    SLICE_ARG(p->token));
	for (size_t i = 0; i < p->d->selections; i++) {
		struct slice name = p->d->selection[i].name;
		unsigned distance = slice_distance(p->token, name);

		if (slice_eq_fold(p->token, name))
			distance = 0;
		if (distance < least && distance * 3 <= p->token.n) {
			least = distance;
			best = &p->d->selection[i];
		}
	}
	fail(p, "every name in a condition is a key of `detection`",
	    "add the selection, or correct the name");
	if (best)
		err_help(p->e, "did you mean `%.*s`?", SLICE_ARG(best->name));
	return NULL;
}

static struct cond *
select_one(struct parser *p, size_t i)
{
	struct cond *c = new_cond(p, COND_SELECTION);

	c->selection = i;
	p->d->selection[i].used = true;
	return c;
}

/* "x*": all selections that begin with x */
static struct cond *
parse_group(struct parser *p, enum cond_kind kind)
{
	struct cond_list list = { 0 };
	struct slice prefix = p->token;

	if (is_word(p, "them")) {
		err_set(p->e, ERR_RULES, "`of them` is not accepted in conditions");
		return fail(p, "a selection added later would silently join the group",
		    "give the selections a common prefix and write `1 of prefix*`");
	}
	if (prefix.n < 2 || prefix.p[prefix.n - 1] != '*') {
		err_set(p->e, ERR_RULES, "`of` needs a name that ends in `*`");
		return fail(p, "it stands for all selections that begin so",
		    "write `1 of name*` or `all of name*`");
	}
	prefix.n--;
	for (size_t i = 0; i < p->d->selections; i++) {
		struct slice name = p->d->selection[i].name;

		if (slice_eq(slice_sub(name, 0, prefix.n), prefix))
			push(&list, select_one(p, i));
	}
	if (list.n == 0) {
		err_set(p->e, ERR_RULES, "no selection begins with `%.*s`", SLICE_ARG(prefix));
		return fail(p, "a group that is empty can never match",
		    "add the selections, or correct the prefix");
	}
	next(p);
	return join(p, kind, &list);
}

static bool
is_keyword(const struct parser *p)
{
	return p->token.n == 0 || is_word(p, "and") || is_word(p, "or") || is_word(p, "of") ||
	    is_word(p, ")");
}

static struct cond *
parse_name(struct parser *p)
{
	struct parser ahead = *p;

	next(&ahead);
	if (is_word(&ahead, "of")) {
		bool all = is_word(p, "all");

		if (!all && !is_word(p, "1") && !is_word(p, "any")) {
			err_set(p->e, ERR_RULES, "`%.*s of` is not supported", SLICE_ARG(p->token));
			return fail(p, "only `1 of x*` and `all of x*` are",
			    "write the selections out with `and` and `or`");
		}
		*p = ahead;
		next(p);
		return parse_group(p, all ? COND_AND : COND_OR);
	}
	for (size_t i = 0; i < p->d->selections; i++) {
		if (slice_eq(p->d->selection[i].name, p->token)) {
			next(p);
			return select_one(p, i);
		}
	}
	return fail_unknown(p);
}

static struct cond *parse_chain(struct parser *p, enum cond_kind kind);

static struct cond *
parse_parens(struct parser *p)
{
	struct cond *c;

	next(p);
	c = parse_chain(p, COND_OR);
	if (p->failed)
		return NULL;
	if (!is_word(p, ")")) {
		err_set(p->e, ERR_RULES, "a parenthesis of the condition is not closed");
		return fail(p, "a `)` is missing here", "close it, or take the `(` away");
	}
	next(p);
	return c;
}

static struct cond *
parse_unary(struct parser *p)
{
	struct cond *c;

	if (p->depth == COND_DEPTH) {
		err_set(p->e, ERR_RULES, "the condition is nested more than %d deep", COND_DEPTH);
		return fail(p, "the depth is bounded so that matching is", "write it flatter");
	}
	p->depth++;
	if (is_word(p, "not")) {
		c = new_cond(p, COND_NOT);
		next(p);
		c->child = arena_array(p->a, 1, sizeof *c->child);
		c->children = 1;
		c->child[0] = parse_unary(p);
	} else if (is_word(p, "(")) {
		c = parse_parens(p);
	} else if (is_keyword(p)) {
		err_set(p->e, ERR_RULES, "the condition needs the name of a selection here");
		c = fail(p, "and, or and not stand between or before names of selections",
		    "write for example `a and not b`");
	} else {
		c = parse_name(p);
	}
	p->depth--;
	return c;
}

/* "x and y and z" or "x or y or z"; `and` binds tighter */
static struct cond *
parse_chain(struct parser *p, enum cond_kind kind)
{
	const char *word = kind == COND_AND ? "and" : "or";
	struct cond_list list = { 0 };

	for (;;) {
		push(&list, kind == COND_AND ? parse_unary(p) : parse_chain(p, COND_AND));
		if (p->failed || !is_word(p, word))
			break;
		next(p);
	}
	return join(p, kind, &list);
}

int
cond_parse(struct arena *a, struct detection *d, struct slice text, size_t *offset,
    struct err *e)
{
	struct parser p = { .a = a, .d = d, .text = text, .e = e };

	next(&p);
	d->cond = parse_chain(&p, COND_OR);
	if (!p.failed && p.token.n) {
		err_set(e, ERR_RULES, "`%.*s` is not expected here", SLICE_ARG(p.token));
		fail(&p, "two selections need `and` or `or` between them",
		    "write for example `a and not b`");
	}
	*offset = p.at;
	return p.failed ? -1 : 0;
}
