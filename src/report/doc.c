/*
 * doc.c - the tree of a document, and the sections that build it.
 */
#include "config.h"

#include "report/doc.h"

#include <stdarg.h>

#include "report/fact.h"

#define SECTION(name) extern const struct section section_##name;
#include "report/section_list.h"
#undef SECTION

static const struct section *const sections[] = {
#define SECTION(name) &section_##name,
#include "report/section_list.h"
#undef SECTION
};

const struct section *
section_at(size_t i)
{
	return i < sizeof sections / sizeof sections[0] ? sections[i] : NULL;
}

const struct section *
section_by_name(const char *name)
{
	const struct section *s;

	for (size_t i = 0; (s = section_at(i)) != NULL; i++)
		if (slice_eqs(slice_str(name), s->name))
			return s;
	return NULL;
}

void
doc_build(const struct case_file *c, const struct section *only, struct doc *d)
{
	const struct section *s;

	for (size_t i = 0; (s = section_at(i)) != NULL; i++)
		if (!only || s == only)
			s->build(c, d);
}

void
doc_init(struct doc *d, struct arena *a)
{
	d->arena = a;
	d->root = arena_alloc(a, sizeof *d->root);
	d->root->kind = DOC_ROOT;
}

struct doc_node *
doc_add(struct doc *d, struct doc_node *parent, enum doc_kind kind, struct slice text)
{
	struct doc_node *n = arena_alloc(d->arena, sizeof *n);

	if (!parent)
		parent = d->root;
	n->kind = kind;
	n->text = text;
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

struct doc_node *
doc_heading(struct doc *d, int level, const char *fmt, ...)
{
	struct doc_node *n;
	va_list ap;

	va_start(ap, fmt);
	n = doc_add(d, NULL, DOC_HEADING, fact_vformat(d->arena, fmt, ap));
	va_end(ap);
	n->level = level;
	return n;
}

struct doc_node *
doc_para(struct doc *d, struct doc_node *parent)
{
	return doc_add(d, parent, DOC_PARA, slice_str(NULL));
}

void
doc_text(struct doc *d, struct doc_node *n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	doc_add(d, n, DOC_TEXT, fact_vformat(d->arena, fmt, ap));
	va_end(ap);
}

void
doc_strong(struct doc *d, struct doc_node *n, struct slice text)
{
	doc_add(d, n, DOC_STRONG, text);
}

void
doc_term(struct doc *d, struct doc_node *n, struct slice text)
{
	doc_add(d, n, DOC_TERM, text);
}

void
doc_words(struct doc *d, struct doc_node *n, struct slice text)
{
	doc_add(d, n, DOC_WORDS, text);
}

void
doc_cite(struct doc *d, struct doc_node *n, const struct cite *c)
{
	doc_add(d, n, DOC_CITE, slice_str(NULL))->cite = c;
}

/* ---- redaction tokens ---- */

static void
number_nodes(struct doc_node *n, struct tokens *t, struct arena *a)
{
	for (; n; n = n->next) {
		n->text = tokens_number(t, a, n->text);
		if (n->cite) {
			struct cite *c = arena_alloc(a, sizeof *c);

			*c = *n->cite;
			c->path = tokens_number(t, a, c->path);
			n->cite = c;
		}
		number_nodes(n->first, t, a);
	}
}

/* the quotes of cites are printed as JSON only: they must not shift the other numbers */
static void
number_quotes(struct doc_node *n, struct tokens *t, struct arena *a)
{
	for (; n; n = n->next) {
		if (n->cite && n->cite->quote.n) {
			struct cite *c = arena_alloc(a, sizeof *c);

			*c = *n->cite;
			c->quote = tokens_number(t, a, c->quote);
			n->cite = c;
		}
		number_quotes(n->first, t, a);
	}
}

void
doc_number(struct doc *d, token_kind_fn *known)
{
	struct tokens *t = tokens_new(known);

	number_nodes(d->root->first, t, d->arena);
	number_quotes(d->root->first, t, d->arena);
	tokens_free(t);
}

static void
number_facts(struct doc_node *n, token_kind_fn *known, struct arena *a)
{
	for (; n; n = n->next) {
		if (n->kind == DOC_FACT) {
			struct tokens *t = tokens_new(known);

			n->text = tokens_number(t, a, n->text);
			tokens_free(t);
		}
		number_facts(n->first, known, a);
	}
}

void
doc_number_facts(struct doc *d, token_kind_fn *known)
{
	number_facts(d->root->first, known, d->arena);
}
