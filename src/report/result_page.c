/*
 * result_page.c - one result of a test with all that is known of it.
 */
#include "config.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/token.h"
#include "base/zone.h"
#include "report/pages.h"
#include "report/say.h"

#define DETAIL_BYTES (16 * 1024)	/* of a traceback; the view has 64 KiB */

static void
cite_at(struct doc *d, struct doc_node *n, int64_t id, struct slice path, uint64_t line)
{
	struct cite *cite = arena_alloc(d->arena, sizeof *cite);

	*cite = (struct cite){ .test_id = id, .path = path, .line = line, .ts_ns = CLOCK_NONE,
	    .latency_ns = CLOCK_NONE };
	doc_cite(d, n, cite);
}

static void
word_line(struct doc *d, struct doc_node *list, const char *label, struct slice word)
{
	if (word.n)
		doc_term(d, say_label(d, list, label), word);
}

static void
seconds(struct doc *d, struct doc_node *n, const struct result *r, const char *column, int64_t ns)
{
	doc_duration(d, n, ns, "select cast(round(%s * 1000000000) as integer) from tests "
	    "where id = %" PRId64, column, r->id);
}

static void
duration(struct doc *d, struct doc_node *list, const struct result *r, struct slice why)
{
	static const char *const from[] = { [DURATION_NONE] = "", [DURATION_FIELD] =
	    ", a field of the report", [DURATION_ROW] = ", printed with the result",
	    [DURATION_TABLE] = ", from the table of durations",
	    [DURATION_SUM] = ", the sum of its phases",
	    [DURATION_ELAPSED] = ", elapsed between what was printed" };
	struct doc_node *item = say_label(d, list, "Duration");
	const struct test *t = &r->test;

	if (t->duration_ns == CLOCK_NONE) {
		doc_text(d, item, "not stated");
	} else {
		seconds(d, item, r, "duration_s", t->duration_ns);
		doc_text(d, item, "%s", from[t->duration_from]);
	}
	if (why.n)
		doc_words(d, say_label(d, list, "But"), why);
	if (t->setup_ns == CLOCK_NONE && t->call_ns == CLOCK_NONE && t->teardown_ns == CLOCK_NONE)
		return;
	item = say_label(d, list, "Phases");
	if (t->setup_ns != CLOCK_NONE) {
		doc_text(d, item, "setup ");
		seconds(d, item, r, "setup_s", t->setup_ns);
		doc_text(d, item, " ");
	}
	if (t->call_ns != CLOCK_NONE) {
		doc_text(d, item, "call ");
		seconds(d, item, r, "call_s", t->call_ns);
		doc_text(d, item, " ");
	}
	if (t->teardown_ns != CLOCK_NONE) {
		doc_text(d, item, "teardown ");
		seconds(d, item, r, "teardown_s", t->teardown_ns);
	}
}

static void
outcome_lines(const struct result_detail *p, struct doc *d, struct doc_node *list)
{
	const struct result *r = &p->result;
	struct doc_node *item = say_label(d, list, "Outcome");

	doc_text(d, item, "%s", test_outcome_name(r->test.outcome));
	if (r->test.phase != PHASE_NONE)
		doc_text(d, item, " in %s", test_phase_name(r->test.phase));
	doc_text(d, item, ", attempt ");
	doc_count(d, item, r->test.attempt, "select attempt from tests where id = %" PRId64, r->id);
	item = say_label(d, list, "Run");
	say_id(d, item, 'u', r->run_id);
	doc_text(d, item, " ");
	doc_words(d, item, p->run.framework);
	doc_text(d, item, ", %s", run_state_name(p->run.state));
	if (p->run.quality == RUN_QUOTED)
		doc_text(d, item, "; a document quotes it: a claim, no evidence");
	item = say_label(d, list, "Source");
	say_id(d, item, 's', r->source_id);
	doc_text(d, item, " ");
	cite_at(d, item, r->id, r->path, r->test.line);
}

static void
head(const struct result_detail *p, struct slice why, const struct zone *zone, struct doc *d)
{
	const struct result *r = &p->result;
	struct doc_node *list = doc_add(d, NULL, DOC_LIST, slice_str(NULL)), *item;

	outcome_lines(p, d, list);
	word_line(d, list, "Id", r->test.nodeid);
	if (!slice_eq(r->test.printed, r->test.nodeid))
		word_line(d, list, "As printed", r->test.printed);
	duration(d, list, r, why);
	if (r->test.started_ns != CLOCK_NONE) {
		item = say_label(d, list, "Started");
		doc_time(d, item, r->test.started_ns, "select started_ts from tests where id = %"
		    PRId64, r->id);
		if (zone) {
			doc_text(d, item, ", ");
			doc_term(d, item, slice_str(zone_format(zone, r->test.started_ns, 6,
			    arena_alloc(d->arena, CLOCK_TEXT))));
		}
	}
	word_line(d, list, "Worker", r->test.worker);
	word_line(d, list, "File", r->test.file);
	word_line(d, list, "Class or suite", r->test.suite);
	word_line(d, list, "Parameters", r->test.params);
	if (r->signature_id > 0)
		say_id(d, say_label(d, list, "Shape"), 'g', r->signature_id);
	if (r->cause_signature_id > 0)
		say_id(d, say_label(d, list, "Cause"), 'g', r->cause_signature_id);
	if (p->incidents) {
		item = say_label(d, list, "Incidents");
		for (size_t i = 0; i < p->incidents; i++) {
			doc_text(d, item, i ? " " : "");
			say_id(d, item, 'i', p->incident[i]);
		}
	}
}

static void
message(const struct result_detail *p, struct doc *d)
{
	struct slice text = p->result.test.message;
	struct doc_node *para;

	if (!slice_trim(text).n)
		return;
	para = doc_para(d, NULL);
	doc_strong(d, para, SLICE("Message:"));
	if (quote_is_short(text)) {
		doc_text(d, para, " ");
		doc_term(d, para, text);
	} else {
		doc_add(d, NULL, DOC_QUOTE, text);
	}
}

static void
chain(const struct result_detail *p, struct doc *d)
{
	struct doc_node *list, *item;

	if (p->links == 0)
		return;
	doc_heading(d, 2, "Exception, the innermost cause first");
	list = doc_add(d, NULL, DOC_NUMBERED, slice_str(NULL));
	for (size_t i = 0; i < p->links; i++) {
		const struct result_link *l = &p->link[i];

		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		doc_term(d, item, slice_str(arena_printf(d->arena, "%.*s%s%.*s",
		    SLICE_ARG(l->type), l->message.n ? ": " : "", SLICE_ARG(l->message))));
		if (l->place.n) {
			doc_text(d, item, " at ");
			doc_term(d, item, l->place);
		}
	}
}

/* the first bytes of a text, whole tokens and characters; says how to see all of it */
static void
quote(struct doc *d, struct slice text, size_t max, const char *query)
{
	size_t end = text.n > max ? token_floor(text, text_utf8_floor(text, max)) : text.n;
	struct doc_node *para;

	doc_add(d, NULL, DOC_QUOTE, slice_sub(text, 0, end));
	if (end == text.n)
		return;
	para = doc_para(d, NULL);
	doc_text(d, para, "It is cut here. All of it: ");
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage query -o line \"%s\"",
	    query)));
}

static void
traceback(const struct result_detail *p, struct doc *d)
{
	const struct result *r = &p->result;

	if (!slice_trim(r->test.detail).n)
		return;
	doc_heading(d, 2, "Traceback as printed");
	cite_at(d, doc_para(d, NULL), 0, p->detail_path, r->test.detail_line);
	quote(d, r->test.detail, DETAIL_BYTES, arena_printf(d->arena,
	    "select detail from tests where id = %" PRId64, r->id));
}

static void
outputs(const struct result_detail *p, struct doc *d)
{
	struct doc_node *para;

	if (p->outputs == 0)
		return;
	doc_heading(d, 2, "What it printed");
	for (size_t i = 0; i < p->outputs; i++) {
		const struct result_output *o = &p->output[i];

		para = doc_para(d, NULL);
		doc_strong(d, para, o->section.n ? o->section : SLICE("printed"));
		doc_text(d, para, " ");
		cite_at(d, para, 0, o->path, o->line);
		quote(d, o->text, RESULT_OUTPUT_BYTES, arena_printf(d->arena,
		    "select text from outputs where id = %" PRId64, o->id));
	}
	if (p->outputs_total <= (long)p->outputs)
		return;
	para = doc_para(d, NULL);
	doc_text(d, para, "More that it printed: ");
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage query \"select * from "
	    "outputs where run_id = %" PRId64 " and nodeid is not null\"", p->result.run_id)));
}

static void
others(const struct result_detail *p, struct doc *d)
{
	static const char *const columns[] = { "id", "run", "attempt", "outcome", "message" };
	struct doc_node *table, *row, *para;

	if (p->others == 0)
		return;
	doc_heading(d, 2, "Other attempts, and the same test in other runs");
	table = doc_add(d, NULL, DOC_TABLE, slice_str(NULL));
	say_row(d, table, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < p->others; i++) {
		const struct result *o = &p->other[i];
		struct slice rest = slice_trim(o->test.message), line = slice_str(NULL);

		row = say_row(d, table, NULL, 0);
		say_id(d, say_cell(d, row), 't', o->id);
		say_id(d, say_cell(d, row), 'u', o->run_id);
		doc_count(d, say_cell(d, row), o->test.attempt, "select attempt from tests where "
		    "id = %" PRId64, o->id);
		doc_text(d, say_cell(d, row), "%s", test_outcome_name(o->test.outcome));
		if (slice_take_line(&rest, &line))
			doc_term(d, say_cell(d, row), line);
		else
			doc_text(d, say_cell(d, row), "-");
	}
	para = doc_para(d, NULL);
	if (p->others_total > (long)p->others)
		doc_text(d, para, "More are not shown. ");
	doc_text(d, para, "From run to run: ");
	doc_term(d, para, slice_str(arena_printf(d->arena, "netra-triage tests --history t%" PRId64,
	    p->result.id)));
}

static void
hits(const struct result_detail *p, struct doc *d)
{
	struct doc_node *list, *item;

	if (p->hits == 0)
		return;
	doc_heading(d, 2, "Rules that matched");
	list = doc_add(d, NULL, DOC_LIST, slice_str(NULL));
	for (size_t i = 0; i < p->hits; i++) {
		const struct result_hit *h = &p->hit[i];

		item = doc_add(d, list, DOC_ITEM, slice_str(NULL));
		doc_term(d, item, h->rule);
		doc_text(d, item, " ");
		if (h->line)
			cite_at(d, item, 0, h->path, h->line);
		else
			cite_at(d, item, p->result.id, p->result.path, p->result.test.line);
	}
	if (p->hits_total > (long)p->hits)
		doc_text(d, doc_para(d, NULL), "More hits are not shown.");
}

void
result_page(const struct result_detail *p, struct slice why, const struct zone *zone,
    struct doc *d)
{
	doc_heading(d, 1, "t%" PRId64 " %.*s", p->result.id, SLICE_ARG(p->result.test.nodeid));
	head(p, why, zone, d);
	message(p, d);
	chain(p, d);
	traceback(p, d);
	outputs(p, d);
	others(p, d);
	hits(p, d);
}
