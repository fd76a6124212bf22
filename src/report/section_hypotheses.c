/*
 * section_hypotheses.c - the named hypotheses, with what speaks for and against each.
 */
#include "config.h"

#include <inttypes.h>

#include "report/say.h"

/* the rows of the view that are this evidence: one, but for groups that begin with one record */
static const char *
evidence_sql(struct arena *a, const struct case_hypothesis *h, const struct case_evidence *e)
{
	const struct cite *c = &e->cite;
	const char *what = c->event_id ? "event_id" : c->output_id ? "output_id" : "test_id";
	int64_t id = c->event_id ? c->event_id : c->output_id ? c->output_id : c->test_id;
	const char *record = "";

	if (id)
		record = arena_printf(a, " and %s = %" PRId64, what, id);
	if (id && !c->event_id)
		record = arena_printf(a, "%s and byte_offset = %" PRIu64, record, c->byte);
	return arena_printf(a, "evidence where hypothesis_id = %" PRId64 " and rule = %s and "
	    "relation = %s%s", h->id, sql_text(a, e->rule), sql_text(a, e->relation), record);
}

static void
evidence_item(struct doc *d, struct doc_node *list, const struct case_hypothesis *h,
    const struct case_evidence *e)
{
	struct doc_node *item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
	const struct cite *c = &e->cite;
	const char *from = evidence_sql(d->arena, h, e);

	doc_text(d, item, "%s, rule ", strength_name(e->strength));
	doc_term(d, item, e->rule);
	doc_text(d, item, ": ");
	if (e->says.n)
		doc_fact(d, item, e->says, "select says from %s and \"count\" = %ld order by id "
		    "limit 1", from, e->count);
	if (!c->event_id && !c->test_id && !c->output_id)
		return;
	doc_text(d, item, " (records: ");
	doc_count(d, item, e->count, "select max(\"count\") from %s", from);
	doc_text(d, item, ", the first: ");
	doc_cite(d, item, c);
	doc_text(d, item, ")");
	if (c->quote.n && quote_is_short(c->quote)) {
		doc_text(d, item, " ");
		doc_term(d, item, slice_trim(c->quote));
	} else if (c->quote.n) {
		say_quote(d, item, c);
	}
}

static void
side(struct doc *d, const struct case_hypothesis *h, const char *relation, const char *none)
{
	struct doc_node *p = doc_para(d, NULL), *list = NULL;

	doc_strong(d, p, slice_str(arena_printf(d->arena, "Evidence %s:", relation)));
	for (size_t i = 0; i < h->evidences; i++) {
		if (!slice_eqs(h->evidence[i].relation, relation))
			continue;
		if (!list)
			list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
		evidence_item(d, list, h, &h->evidence[i]);
	}
	if (!list)
		doc_text(d, p, " %s", none);
}

static void
one(struct doc *d, const struct case_hypothesis *h)
{
	struct doc_node *p;

	doc_heading(d, 3, "h%" PRId64 " %.*s: %.*s", h->id, SLICE_ARG(h->name),
	    SLICE_ARG(h->title));
	p = doc_para(d, NULL);
	doc_text(d, p, "Verdict: ");
	doc_strong(d, p, h->verdict.n ? h->verdict : SLICE("not judged yet"));
	doc_text(d, p, ". Priority ");
	doc_words(d, p, slice_str(priority_name(h->priority)));
	if (h->class_name.n) {
		doc_text(d, p, ", class ");
		doc_words(d, p, h->class_name);
	}
	if (h->issue.n) {
		doc_text(d, p, ", tracked as ");
		doc_term(d, p, h->issue);
	}
	doc_text(d, p, ".");
	side(d, h, "for", "none.");
	side(d, h, "against", "none found by the rules that ran.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = NULL;

	if (c->hypotheses == 0)
		return;
	doc_heading(d, 2, "Hypotheses");
	doc_text(d, doc_para(d, NULL), "What the rules found for and against each; nothing is "
	    "judged by the amount of evidence.");
	for (size_t i = 0; i < c->hypotheses; i++)
		if (c->hypothesis[i].evidences)
			one(d, &c->hypothesis[i]);
	for (size_t i = 0; i < c->hypotheses; i++) {
		const struct case_hypothesis *h = &c->hypothesis[i];

		if (h->evidences)
			continue;
		if (!p) {
			p = doc_para(d, NULL);
			doc_text(d, p, "No evidence for or against, ");
			doc_strong(d, p, SLICE("not judged yet"));
			doc_text(d, p, ": ");
		} else {
			doc_text(d, p, ", ");
		}
		doc_term(d, p, h->name);
		doc_text(d, p, " (");
		doc_words(d, p, h->title);
		doc_text(d, p, ")");
	}
	if (p)
		doc_text(d, p, ".");
}

const struct section section_hypotheses = {
	.name = "hypotheses", .about = "named hypotheses, with evidence for and against",
	.build = build,
};
