/*
 * section_whys.c - for each incident the chain of whys, up to where the evidence ends.
 *
 * The chain is as long as the evidence: it is never padded to five.
 */
#include "config.h"

#include <inttypes.h>

#include "report/say.h"

static void
figure(struct doc *d, struct doc_node *p, const struct case_incident *i, const struct case_why *w,
    size_t n)
{
	if (w->why.of <= 0)
		return;
	doc_text(d, p, "; holds for ");
	doc_count(d, p, w->why.count, "select \"count\" from whys where incident_id = %" PRId64
	    " and n = %zu", i->id, n);
	doc_text(d, p, " of ");
	doc_count(d, p, w->why.of, "select \"of\" from whys where incident_id = %" PRId64
	    " and n = %zu", i->id, n);
}

static void
basis(struct doc *d, struct doc_node *p, const struct case_incident *i, size_t n)
{
	const struct case_why *w = &i->why[n];

	switch (w->why.basis) {
	case WHY_PROVED:
		doc_text(d, p, "Proved");
		break;
	case WHY_CORRELATED:
		doc_text(d, p, "Correlated, not shown to be the cause");
		break;
	case WHY_STATED:
		doc_text(d, p, "Stated in the evidence");
		break;
	case WHY_NEEDS_EVIDENCE:
		doc_text(d, p, "Needs evidence");
		break;
	}
	if (w->why.mechanism.n) {
		doc_text(d, p, ": ");
		doc_fact(d, p, w->why.mechanism, "select mechanism from whys where incident_id = %"
		    PRId64 " and n = %zu", i->id, n + 1);
	}
	figure(d, p, i, w, n + 1);
	doc_text(d, p, ".");
	if (w->cites == 0 && incident_cite(i)) {
		doc_text(d, p, " ");
		doc_cite(d, p, incident_cite(i));
	}
	for (size_t k = 0; k < w->cites; k++) {
		doc_text(d, p, " ");
		doc_cite(d, p, &w->cite[k]);
	}
	if (w->cites && w->cite[0].quote.n && quote_is_short(w->cite[0].quote)) {
		doc_text(d, p, " ");
		doc_term(d, p, slice_trim(w->cite[0].quote));
	}
}

static void
missing(struct doc *d, struct doc_node *item, const struct case_why *w)
{
	struct doc_node *p = doc_para(d, item);

	doc_text(d, p, "Needs evidence: the sources do not answer this.");
	if (!w->why.collect.n)
		return;
	doc_text(d, p, " This would collect it:");
	say_collect(d, item, w->why.collect);
}

static void
why_item(struct doc *d, struct doc_node *list, const struct case_incident *i, size_t n)
{
	struct doc_node *item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
	const struct case_why *w = &i->why[n];

	doc_strong(d, item, w->why.question);
	if (w->why.basis == WHY_NEEDS_EVIDENCE) {
		missing(d, item, w);
		return;
	}
	doc_text(d, item, " ");
	if (w->why.answer.n)
		doc_fact(d, item, w->why.answer, "select answer from whys where incident_id = %"
		    PRId64 " and n = %zu", i->id, n + 1);
	if (!slice_ends(w->why.answer, "."))
		doc_text(d, item, ".");
	basis(d, doc_para(d, item), i, n);
	if (w->cites && !quote_is_short(w->cite[0].quote))
		say_quote(d, item, &w->cite[0]);
}

static void
build(const struct case_file *c, struct doc *d)
{
	const struct case_incident *i;
	struct doc_node *list;
	bool headed = false;

	for (size_t n = 0; n < SAY_INCIDENTS && (i = incident_at(c, n)) != NULL; n++) {
		if (!i->whys)
			continue;
		if (!headed)
			doc_heading(d, 2, "Five whys");
		headed = true;
		doc_heading(d, 3, "Whys of i%" PRId64 ": %.*s", i->id,
		    SLICE_ARG(i->incident.title));
		list = doc_add(d, NULL, DOC_NUMBERED, slice_str(NULL));
		for (size_t k = 0; k < i->whys; k++)
			why_item(d, list, i, k);
	}
}

const struct section section_whys = {
	.name = "whys", .about = "the chain of whys, up to where the evidence ends",
	.build = build,
};
