/*
 * section_diagnostics.c - appendix: complaints about the input, and what the rules came to.
 */
#include "config.h"

#include <inttypes.h>

#include "model/finding.h"
#include "report/say.h"

/* without an id of its own, the source in scope that has the path */
static int64_t
source_of(const struct case_file *c, const struct case_diag *g)
{
	if (g->source_id)
		return g->source_id;
	for (size_t i = 0; i < c->sources; i++)
		if (slice_eq(c->source[i].path, g->path))
			return c->source[i].id;
	return 0;
}

static void
diag_row(const struct case_file *c, struct doc *d, struct doc_node *table,
    const struct case_diag *g)
{
	struct doc_node *row = say_row(d, table, NULL, 0), *detail;
	struct cite *cite = arena_alloc(d->arena, sizeof *cite);

	*cite = (struct cite){ .source_id = source_of(c, g), .path = g->path, .line = g->line,
	    .byte = g->byte, .ts_ns = CLOCK_NONE };
	doc_words(d, say_cell(d, row), g->level);
	doc_term(d, say_cell(d, row), g->name);
	doc_words(d, say_cell(d, row), g->text);
	doc_count(d, say_cell(d, row), g->n, "select max(\"count\") from diagnostics where "
	    "source_id = %" PRId64 " and name = %s", cite->source_id, sql_text(d->arena, g->name));
	doc_cite(d, say_cell(d, row), cite);
	detail = say_cell(d, row);
	if (g->detail.n)
		doc_fact(d, detail, g->detail, "select detail from diagnostics where source_id = %"
		    PRId64 " and name = %s order by id limit 1", cite->source_id,
		    sql_text(d->arena, g->name));
}

static void
outcome(struct doc *d, struct doc_node *p, long n, enum finding_outcome o, const char *text)
{
	doc_count(d, p, n, "select count(*) from findings where outcome = '%s'",
	    finding_outcome_name(o));
	doc_text(d, p, "%s", text);
}

static void
rules_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = doc_para(d, NULL);

	doc_text(d, p, "Rules: ");
	outcome(d, p, c->findings_fired, OUTCOME_FIRED, " fired, ");
	outcome(d, p, c->rules_clear, OUTCOME_CLEAR, " clear, ");
	outcome(d, p, c->rules_inconclusive, OUTCOME_INCONCLUSIVE, " inconclusive, ");
	outcome(d, p, c->rules_not_evaluated, OUTCOME_NOT_EVALUATED, " not evaluated because no "
	    "source of their kind is there. A rule fires once for each of its groups.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	static const char *const columns[] = { "level", "name", "meaning", "times", "first at",
		"detail of the first" };
	struct doc_node *table;

	doc_heading(d, 2, "Appendix: diagnostics");
	rules_line(c, d);
	if (c->diags == 0) {
		doc_text(d, doc_para(d, NULL), "No complaint about the input.");
		return;
	}
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < c->diags; i++)
		diag_row(c, d, table, &c->diag[i]);
}

const struct section section_diagnostics = {
	.name = "diagnostics", .about = "appendix: complaints about the input, outcomes of the "
	    "rules",
	.build = build,
};
