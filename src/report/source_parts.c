/*
 * source_parts.c - what a source is, as its page and the appendix of a worklog tell it.
 */
#include "config.h"

#include <inttypes.h>

#include "base/zone.h"
#include "report/say.h"

struct part {
	const char *column, *name;
	uint64_t n;
};

void
say_accounting(struct doc *d, struct doc_node *list, const struct case_source *s)
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
void
say_file(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item;

	if (s->partial || !s->sha256.n)
		return;
	item = say_label(d, list, "File");
	doc_count(d, item, (int64_t)s->bytes, "select bytes from sources where id = %" PRId64,
	    s->id);
	doc_text(d, item, " %s, hash ", say_noun((int64_t)s->bytes, "byte", "bytes"));
	doc_term(d, item, s->sha256);
	if (s->encoding.n) {
		doc_text(d, item, ", encoding ");
		doc_term(d, item, s->encoding);
	}
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

void
say_source_window(const struct case_file *c, struct doc *d, struct doc_node *list,
    const struct case_source *s)
{
	int64_t first = s->totals.first_ns, last = s->totals.last_ns;
	struct doc_node *item;

	if (first == CLOCK_NONE || last == CLOCK_NONE)
		return;
	item = say_label(d, list, "Window");
	doc_duration(d, item, clock_gap(last, first),
	    "select last_ns - first_ns from sources where id = %"
	    PRId64, s->id);
	if (s->totals.ts_assumed)
		say_read_as(d, item, "; some times name no zone and were read as ", s->zone, "");
	else
		doc_text(d, item, "; each time names its zone");
	if (c->zone)
		both_windows(c, d, list, s);
}

void
say_gaps(struct doc *d, const struct case_source *s, bool commands)
{
	struct doc_node *list, *item;

	if (s->gaps == 0)
		return;
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t i = 0; i < s->gaps; i++) {
		const struct gap *g = &s->gap[i];

		item = say_label(d, list, gap_kind_name(g->kind));
		doc_fact(d, item, g->says, "select says from gaps where id = %" PRId64, g->id);
		doc_text(d, item, ".");
		if (commands && g->collect.n)
			say_collect(d, item, g->collect);
	}
	if (commands)
		return;
	item = doc_para(d, NULL);
	doc_text(d, item, "The commands that would get what is missing: ");
	doc_term(d, item, slice_str(arena_printf(d->arena, "netra-triage show s%" PRId64, s->id)));
}
