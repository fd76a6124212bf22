/*
 * section_sources.c - appendix: each source's accounting (law 2), severities, services, gaps.
 */
#include "config.h"

#include <inttypes.h>

#include "model/severity.h"
#include "report/say.h"

#define SERVICES_TOLD 50

/* each severity has a window of its own: a cap cuts one and leaves the others */
static void
severities(struct doc *d, const struct case_source *s)
{
	static const char *const columns[] = { "severity", "records", "read from the text", "first",
		"last" };
	struct doc_node *table, *row;

	if (s->severities == 0)
		return;
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < s->severities; i++) {
		const struct severity_count *c = &s->severity[i];
		const char *of = arena_printf(d->arena, "coverage where source_id = %" PRId64
		    " and severity_n = %d", s->id, c->severity);

		row = say_row(d, table, NULL, 0);
		doc_text(d, say_cell(d, row), "%s", severity_name(c->severity));
		doc_count(d, say_cell(d, row), c->n, "select sum(\"count\") from %s", of);
		doc_count(d, say_cell(d, row), c->inferred, "select sum(inferred) from %s", of);
		doc_time(d, say_cell(d, row), c->first_ns, "select min(first_ts) from %s", of);
		doc_time(d, say_cell(d, row), c->last_ns, "select max(last_ts) from %s", of);
	}
}

static void
services(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item;

	if (s->services == 0)
		return;
	item = say_label(d, list, "Services");
	for (size_t i = 0; i < s->services && i < SERVICES_TOLD; i++) {
		if (i)
			doc_text(d, item, ", ");
		doc_term(d, item, s->service[i]);
	}
	if (s->services > SERVICES_TOLD)
		doc_text(d, item, ", and more");
}

static void
build(const struct case_file *c, struct doc *d)
{
	if (c->sources == 0)
		return;
	doc_heading(d, 2, "Appendix: sources");
	for (size_t i = 0; i < c->sources; i++) {
		const struct case_source *s = &c->source[i];
		struct doc_node *list;

		doc_heading(d, 3, "s%" PRId64 " %.*s", s->id, SLICE_ARG(s->path));
		list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
		say_accounting(d, list, s);
		say_file(d, list, s);
		say_source_window(c, d, list, s);
		services(d, list, s);
		if (s->note.n)
			doc_fact(d, say_label(d, list, "Note"), s->note, "select note from sources "
			    "where id = %" PRId64, s->id);
		severities(d, s);
		say_gaps(d, s, false);
	}
}

const struct section section_sources = {
	.name = "sources", .about = "appendix: accounting, coverage and gaps of each source",
	.build = build,
};
