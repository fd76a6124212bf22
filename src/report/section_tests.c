/*
 * section_tests.c - each test run: its state in words, its counts, what failed.
 */
#include "config.h"

#include <inttypes.h>

#include "report/say.h"

#define FAILED_TOLD 20

static void
place_line(struct doc *d, struct doc_node *list, const struct case_run *r)
{
	struct doc_node *item = say_label(d, list, "Source");
	struct cite *cite = arena_alloc(d->arena, sizeof *cite);

	say_id(d, item, 's', r->source_id);
	*cite = (struct cite){ .source_id = r->source_id, .path = r->path,
	    .line = r->run.line, .byte = r->run.byte, .ts_ns = CLOCK_NONE };
	doc_text(d, item, " ");
	doc_cite(d, item, cite);
}

static void
run_lines(struct doc *d, const struct case_run *r)
{
	struct doc_node *list = doc_add(d, NULL, DOC_LIST, slice_str(NULL)), *item;

	item = say_label(d, list, "Result");
	doc_text(d, item, "%s", run_verdict(r));
	if (r->run.state_why.n) {
		doc_text(d, item, " (");
		doc_fact(d, item, r->run.state_why, "select state_why from runs where id = %"
		    PRId64, r->id);
		doc_text(d, item, ")");
	}
	say_run_lines(d, list, r, NULL);
	place_line(d, list, r);
}

static void
failed_row(struct doc *d, struct doc_node *table, const struct case_test *t)
{
	struct doc_node *row = say_row(d, table, NULL, 0), *cell = say_cell(d, row);
	struct slice message = slice_trim(t->message), line;

	say_id(d, cell, 't', t->id);
	doc_term(d, say_cell(d, row), t->nodeid);
	cell = say_cell(d, row);
	doc_text(d, cell, "%s", test_outcome_name(t->outcome));
	if (t->phase != PHASE_NONE)
		doc_text(d, cell, " in %s", test_phase_name(t->phase));
	if (t->passed_later)
		doc_text(d, cell, ", passed when it was run again");
	cell = say_cell(d, row);
	if (slice_take_line(&message, &line))
		doc_term(d, cell, line);
	else
		doc_text(d, cell, "none printed");
	cell = say_cell(d, row);
	if (t->incident_id)
		say_id(d, cell, 'i', t->incident_id);
	else
		doc_text(d, cell, "-");
}

static void
failed_table(struct doc *d, const struct case_run *r)
{
	static const char *const columns[] = { "id", "test", "outcome", "message", "incident" };
	size_t told = r->faileds < FAILED_TOLD ? r->faileds : FAILED_TOLD;
	struct doc_node *table, *p;

	if (told == 0)
		return;
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < told; i++)
		failed_row(d, table, &r->failed[i]);
	if (r->failed_total <= (long)told)
		return;
	p = doc_para(d, NULL);
	doc_count(d, p, r->failed_total - (long)told, "select count(*) - %zu from tests where "
	    "run_id = %" PRId64 " and outcome in ('%s', '%s')", told, r->id,
	    test_outcome_name(TEST_FAILED), test_outcome_name(TEST_ERROR));
	doc_text(d, p, " more:");
	doc_add(d, NULL, DOC_CODE, slice_str(arena_printf(d->arena, "netra-triage tests --run u%"
	    PRId64, r->id)));
}

/* what a document says of a run is judged elsewhere; here it is not even counted */
static void
quoted_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p;

	if (c->quoteds == 0)
		return;
	p = doc_para(d, NULL);
	doc_text(d, p, "Claims, not evidence: ");
	for (size_t i = 0; i < c->quoteds && i < FAILED_TOLD; i++) {
		doc_text(d, p, i ? ", " : "");
		say_id(d, p, 'u', c->quoted[i].id);
	}
	doc_text(d, p, "%s %s; nothing here rests on %s. ",
	    c->quoteds > FAILED_TOLD ? " and more" : "",
	    say_noun((int64_t)c->quoteds, "is quoted by a document", "are quoted by documents"),
	    say_noun((int64_t)c->quoteds, "it", "them"));
	doc_term(d, p, SLICE("netra-triage runs"));
	doc_text(d, p, " tells what they say.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	if (c->runs == 0 && c->quoteds == 0)
		return;
	doc_heading(d, 2, "Test execution results");
	for (size_t i = 0; i < c->runs; i++) {
		const struct case_run *r = &c->run[i];

		doc_heading(d, 3, "Run u%" PRId64 ": %.*s", r->id, SLICE_ARG(r->run.framework));
		run_lines(d, r);
		say_run_counts(d, r);
		failed_table(d, r);
	}
	quoted_line(c, d);
}

const struct section section_tests = {
	.name = "tests", .about = "each test run: its state, its counts, what failed",
	.build = build,
};
