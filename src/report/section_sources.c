/*
 * section_sources.c - appendix: each source's accounting (law 2), severities and services.
 */
#include "config.h"

#include <inttypes.h>

#include "base/zone.h"
#include "model/severity.h"
#include "report/say.h"

#define SERVICES_TOLD 50

struct part {
	const char *column, *name;
	uint64_t n;
};

static void
accounting(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	const struct part part[] = {
		{ "entries", "seen", s->totals.seen },
		{ "added", "added", s->totals.added },
		{ "known", "known", s->totals.known },
		{ "filled", "filled", s->totals.filled },
		{ "conflicts", "conflicts", s->totals.conflicts },
		{ "damaged", "damaged", s->totals.damaged },
		{ "not_evidence", "not evidence", s->totals.not_evidence },
	};
	struct doc_node *item = say_label(d, list, "Records");

	for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
		if (i)
			doc_text(d, item, i == 1 ? " = " : " + ");
		doc_count(d, item, (int64_t)part[i].n, "select %s from sources where id = %" PRId64,
		    part[i].column, s->id);
		doc_text(d, item, " %s", part[i].name);
	}
}

/* size and hash are known when the file was read to its end */
static void
file(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item;

	if (s->partial || !s->sha256.n)
		return;
	item = say_label(d, list, "File");
	doc_count(d, item, (int64_t)s->bytes, "select bytes from sources where id = %" PRId64,
	    s->id);
	doc_text(d, item, " %s, hash ", say_noun((int64_t)s->bytes, "byte", "bytes"));
	doc_term(d, item, s->sha256);
}

static void
severities(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item;

	if (s->severities == 0)
		return;
	item = say_label(d, list, "Severities");
	for (size_t i = 0; i < s->severities; i++) {
		const struct severity_count *c = &s->severity[i];

		if (i)
			doc_text(d, item, ", ");
		doc_text(d, item, "%s ", severity_name(c->severity));
		doc_count(d, item, c->n, "select sum(\"count\") from coverage where source_id = %"
		    PRId64 " and severity_n = %d", s->id, c->severity);
		if (c->inferred == 0)
			continue;
		doc_text(d, item, " (");
		doc_count(d, item, c->inferred, "select sum(inferred) from coverage where "
		    "source_id = %" PRId64 " and severity_n = %d", s->id, c->severity);
		doc_text(d, item, " read from the text)");
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
both_windows(const struct case_file *c, struct doc *d, struct doc_node *list,
    const struct case_source *s)
{
	int64_t first = s->totals.first_ns, last = s->totals.last_ns;
	struct doc_node *item = say_label(d, list, "From and to");

	doc_time(d, item, first, "select first_ts from sources where id = %" PRId64, s->id);
	doc_text(d, item, " to ");
	doc_time(d, item, last, "select last_ts from sources where id = %" PRId64, s->id);
	doc_text(d, item, ", in ");
	doc_term(d, item, slice_str(zone_name(c->zone)));
	doc_text(d, item, " ");
	doc_local(d, item, first, c->zone, "select first_ns from sources where id = %" PRId64,
	    s->id);
	doc_text(d, item, " to ");
	doc_local(d, item, last, c->zone, "select last_ns from sources where id = %" PRId64,
	    s->id);
}

static void
window(const struct case_file *c, struct doc *d, struct doc_node *list,
    const struct case_source *s)
{
	int64_t first = s->totals.first_ns, last = s->totals.last_ns;
	struct doc_node *item;

	if (first == CLOCK_NONE || last == CLOCK_NONE)
		return;
	item = say_label(d, list, "Window");
	doc_duration(d, item, last - first, "select last_ns - first_ns from sources where id = %"
	    PRId64, s->id);
	if (s->totals.ts_assumed)
		say_read_as(d, item, "; some times name no zone and were read as ", s->zone, "");
	else
		doc_text(d, item, "; each time names its zone");
	if (c->zone)
		both_windows(c, d, list, s);
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
		accounting(d, list, s);
		file(d, list, s);
		window(c, d, list, s);
		severities(d, list, s);
		services(d, list, s);
		if (s->note.n)
			doc_fact(d, say_label(d, list, "Note"), s->note, "select note from sources "
			    "where id = %" PRId64, s->id);
	}
}

const struct section section_sources = {
	.name = "sources", .about = "appendix: accounting, severities and services of each source",
	.build = build,
};
