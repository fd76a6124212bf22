/*
 * source_page.c - one source: what it is, what it covers, what it lacks and how to get that.
 */
#include "config.h"

#include <inttypes.h>

#include "base/text.h"
#include "model/severity.h"
#include "report/say.h"

#define CONFLICT_BYTES 400	/* of each text of a conflict; the view has all of it */

static void
what(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item = say_label(d, list, "What");

	doc_text(d, item, "%s, ", source_kind_name(s->kind));
	doc_words(d, item, s->shape.n ? s->shape : SLICE("of unknown shape"));
	doc_text(d, item, ", read by ");
	doc_term(d, item, s->reader);
	if (s->partial)
		doc_text(d, item, "; partial: it was not read to its end");
	if (s->worth.n)
		doc_words(d, say_label(d, list, "Worth"), s->worth);
}

static void
when(const struct case_file *c, struct doc *d, struct doc_node *list, const struct case_source *s)
{
	static const char *const order[] = { [ORDER_NONE] = NULL, [ORDER_MIXED] = "none",
	    [ORDER_NEWEST_FIRST] = "newest first", [ORDER_OLDEST_FIRST] = "oldest first" };
	int64_t first = s->totals.first_ns, last = s->totals.last_ns;
	struct doc_node *item;

	if (s->kind != SOURCE_LOGS || first == CLOCK_NONE || last == CLOCK_NONE)
		return;
	if (!c->zone) {		/* else the window is told in both zones */
		item = say_label(d, list, "Entries");
		doc_text(d, item, "from ");
		doc_time(d, item, first, "select first_ts from sources where id = %" PRId64, s->id);
		doc_text(d, item, " to ");
		doc_time(d, item, last, "select last_ts from sources where id = %" PRId64, s->id);
	}
	say_source_window(c, d, list, s);
	if (order[s->totals.order])
		doc_text(d, say_label(d, list, "Order"), "%s", order[s->totals.order]);
	item = say_label(d, list, "Age");
	doc_text(d, item, "the newest entry is ");
	say_age(d, item, c, last, arena_printf(d->arena, "select last_ns from sources where id = %"
	    PRId64, s->id));
}

static void
redaction(struct doc *d, struct doc_node *list, const struct case_source *s)
{
	struct doc_node *item;

	if (!s->redact.n && !s->redacted.n)
		return;
	item = say_label(d, list, "Redacted");
	if (s->redacted.n)
		doc_fact(d, item, s->redacted, "select redacted from sources where id = %" PRId64,
		    s->id);
	else
		doc_text(d, item, "nothing");
	if (s->redact.n) {
		doc_text(d, item, " (asked for: ");
		doc_words(d, item, s->redact);
		doc_text(d, item, ")");
	}
}

static void
coverage(struct doc *d, const struct case_source *s)
{
	static const char *const columns[] = { "service", "severity", "records",
		"read from the text", "first", "last" };
	struct doc_node *table, *row;

	if (s->cells == 0)
		return;
	doc_heading(d, 2, "Coverage by service and severity");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < s->cells; i++) {
		const struct coverage_cell *c = &s->cell[i];
		const char *of = arena_printf(d->arena, "coverage where source_id = %" PRId64
		    " and coalesce(service, '') = %s and severity_n = %d", s->id,
		    sql_text(d->arena, c->service), c->severity);

		row = say_row(d, table, NULL, 0);
		if (c->service.n)
			doc_term(d, say_cell(d, row), c->service);
		else
			doc_text(d, say_cell(d, row), "none named");
		doc_text(d, say_cell(d, row), "%s", severity_name(c->severity));
		doc_count(d, say_cell(d, row), c->n, "select \"count\" from %s", of);
		doc_count(d, say_cell(d, row), c->inferred, "select inferred from %s", of);
		doc_time(d, say_cell(d, row), c->first_ns, "select first_ts from %s", of);
		doc_time(d, say_cell(d, row), c->last_ns, "select last_ts from %s", of);
	}
}

/* that a run has no end is told in its output; why, on its page */
static void
runs(struct doc *d, const struct case_source *s)
{
	struct doc_node *p;

	if (s->unfinished) {
		p = doc_para(d, NULL);
		doc_count(d, p, s->unfinished, "select count(*) from run_sources s join runs r on "
		    "r.id = s.run_id where s.source_id = %" PRId64 " and r.quality = 'recorded' "
		    "and s.state <> 'complete'", s->id);
		doc_text(d, p, " of ");
		doc_count(d, p, s->runs, "select count(*) from run_sources s join runs r on "
		    "r.id = s.run_id where s.source_id = %" PRId64 " and r.quality = 'recorded'",
		    s->id);
		doc_text(d, p, " test %s did not come to %s end here, which is no pass: ",
		    say_noun(s->runs, "run", "runs"), say_noun(s->unfinished, "its", "their"));
		doc_term(d, p, SLICE("netra-triage runs"));
		doc_text(d, p, " tells what is missing.");
	}
	if (s->quoted) {
		p = doc_para(d, NULL);
		doc_count(d, p, s->quoted, "select count(*) from run_sources s join runs r on "
		    "r.id = s.run_id where s.source_id = %" PRId64 " and r.quality = 'quoted'",
		    s->id);
		doc_text(d, p, " test %s only quoted here: what somebody says, no evidence.",
		    say_noun(s->quoted, "run is", "runs are"));
	}
}

static void
gaps(struct doc *d, const struct case_source *s)
{
	if (s->partial)
		return;
	doc_heading(d, 2, "What it does not cover");
	runs(d, s);
	if (s->gaps)
		say_gaps(d, s, true);
	else if (!s->unfinished && !s->quoted)
		doc_text(d, doc_para(d, NULL), "Nothing that could be told was found. That it "
		    "holds all there was is not proved by that.");
}

static void
query(struct doc *d, const char *view, int64_t id)
{
	struct doc_node *p = doc_para(d, NULL);

	doc_text(d, p, "All of them: ");
	doc_term(d, p, slice_str(arena_printf(d->arena, "netra-triage query \"select * from %s "
	    "where source_id = %" PRId64 "\"", view, id)));
}

static void
bad_records(struct doc *d, const struct case_source *s)
{
	struct doc_node *list, *item;

	if (s->bads == 0)
		return;
	doc_heading(d, 2, "Records that were not stored");
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t i = 0; i < s->bads; i++) {
		const struct case_bad *b = &s->bad[i];

		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		doc_text(d, item, "%s, ", b->kind == BAD_DAMAGED ? "damaged" : "not evidence");
		doc_words(d, item, slice_str(arena_printf(d->arena, "line %" PRIu64 ", byte %"
		    PRIu64, b->line, b->byte)));
		doc_text(d, item, ": ");
		doc_words(d, item, b->reason.n ? b->reason : SLICE("no reason given"));
	}
	query(d, "damaged_records", s->id);
}

static void
text_of(struct doc *d, struct doc_node *item, int64_t source_id, uint64_t line, struct slice text)
{
	struct doc_node *p = doc_para(d, item);

	say_id(d, p, 's', source_id);
	doc_words(d, p, slice_str(arena_printf(d->arena, " line %" PRIu64 ":", line)));
	doc_add(d, item, DOC_QUOTE, slice_sub(text, 0, text_utf8_floor(text, CONFLICT_BYTES)));
}

/* R33: evidence that changed after it was captured; the first text stays the entry's */
static void
conflicts(struct doc *d, const struct case_source *s)
{
	struct doc_node *list, *item;

	if (s->conflicts == 0)
		return;
	doc_heading(d, 2, "Entries that differ from what was stored first");
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t i = 0; i < s->conflicts; i++) {
		const struct case_conflict *c = &s->conflict[i];

		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		say_id(d, item, 'e', c->event_id);
		doc_text(d, item, ": the first text stays, the other is evidence that changed");
		text_of(d, item, c->first_source_id, c->first_line, c->first_message);
		text_of(d, item, s->id, c->line, c->message);
	}
	query(d, "conflicts", s->id);
}

void
source_page(const struct case_file *c, const struct case_source *s, struct doc *d)
{
	struct doc_node *list;

	doc_heading(d, 1, "s%" PRId64 " %.*s", s->id, SLICE_ARG(s->path));
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	what(d, list, s);
	when(c, d, list, s);
	say_accounting(d, list, s);
	say_file(d, list, s);
	redaction(d, list, s);
	coverage(d, s);
	gaps(d, s);
	bad_records(d, s);
	conflicts(d, s);
}
