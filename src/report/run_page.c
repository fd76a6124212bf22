/*
 * run_page.c - one run: what came of it, what it says of its world, what failed and what is odd.
 */
#include "config.h"

#include <inttypes.h>

#include "report/pages.h"
#include "report/say.h"

static void
cite_place(struct doc *d, struct doc_node *n, int64_t source_id, struct slice path, uint64_t line)
{
	struct cite *cite = arena_alloc(d->arena, sizeof *cite);

	*cite = (struct cite){ .source_id = source_id, .path = path, .line = line,
	    .ts_ns = CLOCK_NONE, .latency_ns = CLOCK_NONE };
	doc_cite(d, n, cite);
}

static void
facts(const struct run_page *p, struct doc *d)
{
	static const char *const columns[] = { "kind", "name", "says", "where" };
	struct doc_node *table, *row, *para;

	if (p->detail->facts == 0)
		return;
	doc_heading(d, 2, "What it says of its world");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->detail->facts; i++) {
		const struct run_fact_row *f = &p->detail->fact[i];

		row = say_row(d, table, NULL, 0);
		doc_words(d, say_cell(d, row), f->kind);
		doc_words(d, say_cell(d, row), f->name);
		doc_term(d, say_cell(d, row), f->value);
		if (f->line)
			cite_place(d, say_cell(d, row), f->source_id, f->path, f->line);
		else
			doc_text(d, say_cell(d, row), "given with ingest");
	}
	if (p->detail->facts_total <= (long)p->detail->facts)
		return;
	para = doc_para(d, NULL);
	doc_count(d, para, p->detail->facts_total - (long)p->detail->facts, "select count(*) - %zu "
	    "from run_facts where run_id = %" PRId64, p->detail->facts, p->run->id);
	doc_text(d, para, " more: ");
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage query \"select * from "
	    "run_facts where run_id = %" PRId64 "\"", p->run->id)));
}

static void
places(const struct run_page *p, struct doc *d)
{
	struct doc_node *list, *item;

	doc_heading(d, 2, p->detail->places == 1 ? "Source" : "Sources");
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t i = 0; i < p->detail->places; i++) {
		const struct run_place *at = &p->detail->place[i];

		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		say_id(d, item, 's', at->source_id);
		doc_text(d, item, " ");
		cite_place(d, item, at->source_id, at->path, at->line);
		if (at->format.n) {
			doc_text(d, item, ", ");
			doc_words(d, item, at->format);
		}
		doc_text(d, item, ", ");
		doc_words(d, item, at->state);
		if (at->state_why.n) {
			doc_text(d, item, " (");
			doc_words(d, item, at->state_why);
			doc_text(d, item, ")");
		}
		if (at->same_why.n) {
			doc_text(d, item, "; the same run, because of ");
			doc_words(d, item, at->same_why);
		}
	}
}

/* where the rest is, when a list is cut */
static void
more(const struct run_page *p, struct doc *d, long total, size_t told, const char *option,
    const char *what)
{
	struct doc_node *para;

	if (total <= (long)told)
		return;
	para = doc_para(d, NULL);
	doc_text(d, para, "More %s: ", what);
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage tests --run u%" PRId64
	    "%s", p->run->id, option)));
}

static void
first_line(struct doc *d, struct doc_node *cell, struct slice text, const char *none)
{
	struct slice rest = slice_trim(text), line;

	if (slice_take_line(&rest, &line))
		doc_term(d, cell, line);
	else
		doc_text(d, cell, "%s", none);
}

static void
sample_ids(struct doc *d, struct doc_node *cell, const struct result_group *g)
{
	for (size_t i = 0; i < g->ids; i++) {
		if (i)
			doc_text(d, cell, " ");
		say_id(d, cell, 't', g->id[i]);
	}
	if (g->n > (long)g->ids)
		doc_text(d, cell, " ...");
}

/* the key of a group: the first of the shapes that its cause shows in, else its shape */
static void
group_count(struct doc *d, struct doc_node *cell, const struct result_group *g, int64_t run_id)
{
	const char *same = "";

	if (!g->key)
		same = arena_printf(d->arena, " and message is %s",
		    g->first.test.message.n ? sql_text(d->arena, g->first.test.message) : "null");
	doc_count(d, cell, g->n, "with f as (select message, coalesce(case when cause_signature_id "
	    "is not null then min(signature_id) over (partition by cause_signature_id) end, "
	    "signature_id, cause_signature_id, 0) as key from tests where run_id = %" PRId64
	    " and outcome in ('failed', 'error')) select count(*) from f where key = %" PRId64
	    "%s", run_id, g->key, same);
}

static void
failures(const struct run_page *p, struct doc *d)
{
	static const char *const columns[] = { "results", "ids", "first test", "message",
		"raised at", "incident" };
	struct doc_node *table, *row, *cell;

	if (p->failures == 0)
		return;
	doc_heading(d, 2, "Failures, those of one cause together");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->failures; i++) {
		const struct result_group *g = &p->failure[i];

		row = say_row(d, table, NULL, 0);
		group_count(d, say_cell(d, row), g, p->run->id);
		sample_ids(d, say_cell(d, row), g);
		doc_term(d, say_cell(d, row), g->first.test.nodeid);
		first_line(d, say_cell(d, row), g->first.test.message, "none printed");
		first_line(d, say_cell(d, row), g->place, "not known");
		cell = say_cell(d, row);
		if (g->incident_id)
			say_id(d, cell, 'i', g->incident_id);
		else
			doc_text(d, cell, "-");
	}
	more(p, d, p->failures_total, p->failures, "", "causes");
}

static void
result_cells(struct doc *d, struct doc_node *row, const struct result *r)
{
	say_id(d, say_cell(d, row), 't', r->id);
	doc_term(d, say_cell(d, row), r->test.nodeid);
	doc_text(d, say_cell(d, row), "%s", test_outcome_name(r->test.outcome));
}

static void
slow(const struct run_page *p, struct doc *d)
{
	static const char *const columns[] = { "id", "test", "outcome", "duration", "from" };
	struct doc_node *table, *row;

	if (p->slows == 0)
		return;
	doc_heading(d, 2, "Slowest");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->slows; i++) {
		const struct result *r = &p->slow[i];

		row = say_row(d, table, NULL, 0);
		result_cells(d, row, r);
		doc_duration(d, say_cell(d, row), r->test.duration_ns, "select cast(round("
		    "duration_s * 1000000000) as integer) from tests where id = %" PRId64, r->id);
		doc_text(d, say_cell(d, row), "%s", duration_from_name(r->test.duration_from));
	}
}

static void
suspicious(const struct run_page *p, struct doc *d)
{
	static const char *const columns[] = { "id", "test", "outcome", "why" };
	struct doc_node *table, *row;

	if (p->suspicions == 0)
		return;
	doc_heading(d, 2, "Passes that cannot well be true, durations that say nothing");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->suspicions; i++) {
		row = say_row(d, table, NULL, 0);
		result_cells(d, row, &p->suspicious[i]);
		doc_words(d, say_cell(d, row), p->why[i]);
	}
	more(p, d, p->suspicions_total, p->suspicions, " --suspicious", "results");
}

static void
skipped(const struct run_page *p, struct doc *d)
{
	static const char *const columns[] = { "results", "ids", "reason" };
	struct doc_node *table, *row;

	if (p->skips == 0)
		return;
	doc_heading(d, 2, "Skipped");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->skips; i++) {
		const struct result_group *g = &p->skip[i];
		struct slice reason = g->first.test.message;

		row = say_row(d, table, NULL, 0);
		doc_count(d, say_cell(d, row), g->n, "select count(*) from tests where run_id = %"
		    PRId64 " and outcome = '%s' and message is %s", p->run->id,
		    test_outcome_name(TEST_SKIPPED), reason.n ? sql_text(d->arena, reason) :
		    "null");
		sample_ids(d, say_cell(d, row), g);
		first_line(d, say_cell(d, row), reason, "none printed");
	}
	more(p, d, p->skips_total, p->skips, " --skipped", "reasons");
}

static void
unrun(const struct run_page *p, struct doc *d)
{
	struct doc_node *list, *item, *para;
	long not_run = run_not_run(p->run);

	if (not_run <= 0)
		return;
	doc_heading(d, 2, "Not run");
	list = p->unruns ? doc_add(d, NULL, DOC_LIST, slice_str(NULL)) : NULL;
	for (size_t i = 0; i < p->unruns; i++) {
		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		say_id(d, item, 't', p->unrun[i].id);
		doc_text(d, item, " ");
		doc_term(d, item, p->unrun[i].test.nodeid);
		if (p->unrun[i].test.message.n) {
			doc_text(d, item, ": ");
			first_line(d, item, p->unrun[i].test.message, "");
		}
	}
	more(p, d, p->unruns_total, p->unruns, " --outcome \"not run\"", "that it names");
	if (not_run <= p->unruns_total)
		return;
	para = doc_para(d, NULL);
	doc_text(d, para, p->unruns ? "Others were to run too and have no result: " :
	    "They were to run and have no result: ");
	say_not_run(d, para, p->run);
	doc_text(d, para, " tests in all. The output does not name %s.", p->unruns ? "those" :
	    "them");
}

void
run_page(const struct run_page *p, struct doc *d)
{
	const struct case_run *r = p->run;
	struct doc_node *para, *list;

	doc_heading(d, 1, "u%" PRId64 " %.*s", r->id, SLICE_ARG(r->run.framework));
	para = doc_para(d, NULL);
	doc_strong(d, para, slice_str(arena_printf(d->arena, "u%" PRId64, r->id)));
	doc_text(d, para, ": ");
	run_line(d, para, r);
	doc_text(d, para, ".");
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	if (r->run.quality == RUN_QUOTED)
		doc_text(d, say_label(d, list, "Claim"), "a document quotes this run; nothing that "
		    "is concluded rests on it");
	doc_text(d, say_label(d, list, "State"), "%s", run_state_name(r->run.state));
	if (r->run.state_why.n)
		doc_fact(d, say_label(d, list, "Why"), r->run.state_why,
		    "select state_why from runs where id = %" PRId64, r->id);
	say_run_lines(d, list, r, p->zone);
	doc_heading(d, 2, "Counts");
	say_run_counts(d, r);
	places(p, d);
	facts(p, d);
	failures(p, d);
	slow(p, d);
	suspicious(p, d);
	skipped(p, d);
	unrun(p, d);
}
