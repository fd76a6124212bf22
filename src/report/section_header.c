/*
 * section_header.c - what the document is, of when, and of which sources.
 */
#include "config.h"

#include "report/say.h"

static void
stale_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p;

	if (!c->stale)
		return;
	p = doc_para(d, NULL);
	doc_strong(d, p, SLICE("Stale:"));
	doc_text(d, p, " the rules or the sources changed since the evidence was evaluated. Run ");
	doc_term(d, p, SLICE("netra-triage scan"));
	doc_text(d, p, " and draft again.");
}

/* "the latest ingest (2 sources: s1, s2)": the count is a fact */
static void
scope_words(const struct case_file *c, struct doc *d, struct doc_node *item)
{
	size_t at = slice_find_byte(c->scope_text, 0, '(');
	struct slice rest;
	uint64_t n;

	rest = at == SIZE_MAX ? slice_str(NULL) :
	    slice_sub(c->scope_text, at + 1, c->scope_text.n - at - 1);
	if (!slice_take_uint(&rest, &n)) {
		doc_words(d, item, c->scope_text);
		return;
	}
	doc_words(d, item, slice_sub(c->scope_text, 0, at + 1));
	doc_count(d, item, (int64_t)n, "select count(*) from sources where id in (%.*s)",
	    SLICE_ARG(c->source_list));
	doc_words(d, item, rest);
}

/* R26: an export of last month answers no question about today */
static void
newest_age(const struct case_file *c, struct doc *d, struct doc_node *item)
{
	doc_text(d, item, "; the newest entry is ");
	say_age(d, item, c, c->last_ns, say_newest_sql(d->arena, c));
}

static void
scope_line(const struct case_file *c, struct doc *d, struct doc_node *list)
{
	struct doc_node *item = say_label(d, list, "Scope");
	char text[CLOCK_TEXT];

	scope_words(c, d, item);
	if (c->since_set) {
		doc_text(d, item, ", since ");
		doc_words(d, item, arena_copy(d->arena,
		    slice_str(clock_format(c->since_ns, 0, text))));
	}
	if (c->until_set) {
		doc_text(d, item, ", until ");
		doc_words(d, item, arena_copy(d->arena,
		    slice_str(clock_format(c->until_ns, 0, text))));
	}
	item = say_label(d, list, "Log window");
	if (!say_window(d, item, c))
		doc_text(d, item, "no log entry is in scope");
	else
		newest_age(c, d, item);
	say_window_local(d, item, c);
}

static void
when_lines(const struct case_file *c, struct doc *d, struct doc_node *list)
{
	char text[CLOCK_TEXT];
	struct slice now = arena_copy(d->arena, slice_str(clock_format(c->now_ns, 0, text)));
	struct doc_node *item = say_label(d, list, "Date");

	doc_words(d, item, slice_sub(now, 0, 10));
	item = say_label(d, list, "Time");
	doc_words(d, item, slice_sub(now, 11, 8));
	doc_text(d, item, " UTC; all times in this document are UTC%s", c->zone ?
	    ", unless they have an offset behind them" : "");
}

static void
state_cell(const struct case_file *c, const struct case_source *s, struct doc *d,
    struct doc_node *row)
{
	struct doc_node *cell = say_cell(d, row);

	doc_text(d, cell, s->partial ? "partial: not read to its end, left out of findings" :
	    "complete");
	if (s->totals.truncated)
		doc_text(d, cell, "; looks cut by a limit");
	if (s->totals.ts_assumed)
		say_read_as(d, cell, "; times without a zone, read as ", s->zone, "");
	if (s->totals.damaged)
		doc_text(d, cell, "; damaged records");
	else if (source_is_damaged(c, s) && !source_is_cut(c, s))
		doc_text(d, cell, "; damaged");
	if (source_is_cut(c, s))
		doc_text(d, cell, "; cut short");
	if (s->totals.not_evidence)
		doc_text(d, cell, "; values that are no log entries");
	if (s->totals.conflicts)
		doc_text(d, cell, "; conflicts with another source");
}

static void
time_cell(const struct case_source *s, struct doc *d, struct doc_node *row, bool first)
{
	struct doc_node *cell = say_cell(d, row);
	int64_t ns = first ? s->totals.first_ns : s->totals.last_ns;

	if (ns == CLOCK_NONE)
		doc_text(d, cell, "-");
	else
		doc_time(d, cell, ns, "select %s from sources where id = %lld",
		    first ? "first_ts" : "last_ts", (long long)s->id);
}

static void
source_row(const struct case_file *c, const struct case_source *s, struct doc *d,
    struct doc_node *table)
{
	struct doc_node *row = say_row(d, table, NULL, 0), *cell;

	say_id(d, say_cell(d, row), 's', s->id);
	doc_term(d, say_cell(d, row), s->path);
	doc_words(d, say_cell(d, row), s->shape);
	cell = say_cell(d, row);
	doc_count(d, cell, (int64_t)s->totals.seen, "select entries from sources where id = %lld",
	    (long long)s->id);
	time_cell(s, d, row, true);
	time_cell(s, d, row, false);
	cell = say_cell(d, row);
	if (s->sha256.n)
		doc_term(d, cell, slice_sub(s->sha256, 0, 12));
	else
		doc_text(d, cell, "-");
	state_cell(c, s, d, row);
}

static void
title(const struct case_file *c, struct doc *d)
{
	const struct case_incident *top = incident_at(c, 0);
	const struct case_source *s = source_unsound_at(c, 0);

	if (top)
		doc_heading(d, 1, "Worklog: %.*s", SLICE_ARG(top->incident.title));
	else if (run_unfinished_at(c, 0))
		doc_heading(d, 1, "Worklog: no incident found, and a test run did not finish");
	else if (s)
		doc_heading(d, 1, "Worklog: no incident found, and a source %s",
		    s->partial ? "was not read to its end" : "is damaged");
	else
		doc_heading(d, 1, "Worklog: nothing found");
}

static void
build(const struct case_file *c, struct doc *d)
{
	static const char *const columns[] = { "id", "file", "shape", "records", "first", "last",
		"SHA-256, first digits", "state" };
	struct doc_node *list, *item, *table;

	title(c, d);
	stale_line(c, d);
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	when_lines(c, d, list);
	item = say_label(d, list, "Environment");
	if (c->environment.n)
		doc_words(d, item, c->environment);
	else
		doc_text(d, item, "not stated, and no entry names a project");
	item = say_label(d, list, "Command");
	doc_term(d, item, c->command);
	scope_line(c, d, list);
	item = say_label(d, list, "Tool");
	doc_text(d, item, "netra-triage ");
	doc_words(d, item, c->version);
	if (c->sources == 0) {
		doc_text(d, doc_para(d, NULL), "No source is in scope.");
		return;
	}
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < c->sources; i++)
		source_row(c, &c->source[i], d, table);
}

const struct section section_header = {
	.name = "header", .about = "what the document is, of when, and of which sources",
	.build = build,
};
