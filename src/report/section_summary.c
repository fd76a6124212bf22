/*
 * section_summary.c - what somebody on call must know, and do, from one paragraph each.
 */
#include "config.h"

#include <inttypes.h>

#include "model/finding.h"
#include "report/pages.h"
#include "report/say.h"

#define RUNS_TOLD 3		/* test runs with a sentence of their own each */
#define SOURCES_TOLD 3		/* likewise, sources that are damaged */

static void
top_line(const struct case_file *c, struct doc *d, const struct case_incident *i)
{
	const struct incident *in = &i->incident;
	struct doc_node *p = doc_para(d, NULL);
	const struct cite *cite = incident_cite(i);

	doc_text(d, p, "The top problem is ");
	say_id(d, p, 'i', i->id);
	doc_text(d, p, ", ");
	doc_strong(d, p, slice_str(priority_name(in->priority)));
	doc_text(d, p, ": ");
	doc_words(d, p, in->title);
	if (cite) {
		doc_text(d, p, " ");
		doc_cite(d, p, cite);
	}
	doc_text(d, p, ". It is on top because its priority is ");
	doc_words(d, p, slice_str(priority_name(in->priority)));
	if (in->priority_why.n) {
		doc_text(d, p, " (");
		doc_words(d, p, in->priority_why);
		doc_text(d, p, ")");
	}
	doc_text(d, p, incident_at(c, 1) ? "; incidents of equal priority are ordered by kind "
	    "(failed starts, exceptions, failed requests, the rest), then by occurrences. " :
	    ", and it is the only incident in scope. ");
	doc_text(d, p, "Counted: ");
	say_counts(d, p, i);
	if (in->first_ns != CLOCK_NONE) {
		doc_text(d, p, ", ");
		say_incident_window(d, p, i);
	}
	doc_text(d, p, ".");
}

static void
effect_line(struct doc *d, const struct case_incident *i)
{
	const struct case_why *open = incident_open_why(i);
	struct doc_node *p = doc_para(d, NULL);

	if (!say_requests(d, p, i) && i->incident.class != INCIDENT_TEST)
		doc_text(d, p, i->incident.class == INCIDENT_REQUEST ?
		    "The failed requests are the incident itself." :
		    "No failed request in these sources is tied to it.");
	if (i->incident.cause_type.n) {
		doc_text(d, p, p->first ? " The innermost cause in the evidence is " :
		    "The innermost cause in the evidence is ");
		say_cause(d, p, i);
		doc_text(d, p, ".");
	}
	if (open) {
		doc_text(d, p, p->first ? " Not known yet: " : "Not known yet: ");
		doc_words(d, p, open->why.question);
	}
}

static void
count_priority(const struct case_file *c, struct doc *d, struct doc_node *p, enum priority priority)
{
	const char *name = priority_name(priority);
	struct buf ids;
	long n = 0;

	buf_init(&ids, SIZE_MAX);
	for (size_t k = 0; k < c->incidents; k++) {
		const struct case_incident *i = &c->incident[k];

		if (i->in_scope)
			buf_printf(&ids, "%s%" PRId64, ids.n ? ", " : "", i->id);
		n += i->in_scope && i->incident.priority == priority;
	}
	doc_count(d, p, n, "select count(*) from incidents where priority = '%s' and id in (%s)",
	    name, ids.p);
	buf_release(&ids);
	doc_text(d, p, " of ");
	doc_words(d, p, slice_str(name));
}

static void
all_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = doc_para(d, NULL);

	doc_text(d, p, "Incidents in scope: ");
	for (int k = PRIORITY_P0; k <= PRIORITY_P3; k++) {
		if (k != PRIORITY_P0)
			doc_text(d, p, ", ");
		count_priority(c, d, p, (enum priority)k);
	}
	doc_text(d, p, ".");
}

static void
run_sentence(struct doc *d, const struct case_run *r)
{
	static const enum test_outcome told[] = { TEST_PASSED, TEST_FAILED, TEST_ERROR,
	    TEST_SKIPPED, TEST_XFAILED, TEST_XPASSED };
	struct doc_node *p = doc_para(d, NULL);

	doc_text(d, p, "Test run ");
	say_id(d, p, 'u', r->id);
	doc_text(d, p, " (");
	doc_words(d, p, r->run.framework);
	doc_text(d, p, "): %s. Results in its output: ", run_verdict(r));
	for (size_t k = 0; k < sizeof told / sizeof told[0]; k++) {
		const char *name = test_outcome_name(told[k]);

		/* most runs have none of these */
		if ((told[k] == TEST_XFAILED || told[k] == TEST_XPASSED) && !r->rows[told[k]])
			continue;
		if (k)
			doc_text(d, p, ", ");
		doc_count(d, p, r->rows[told[k]], "select count(*) from tests where run_id = %"
		    PRId64 " and outcome = '%s'", r->id, name);
		doc_text(d, p, " %s", told[k] == TEST_ERROR && r->rows[told[k]] != 1 ? "errors" :
		    name);
	}
	doc_text(d, p, ".");
	if (run_not_run(r) <= 0)
		return;
	doc_text(d, p, " Not run: ");
	say_not_run(d, p, r);
	doc_text(d, p, ".");
}

/* R28 */
static void
wrapper_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = NULL;

	for (size_t i = 0; i < c->runs; i++) {
		if (!c->run[i].run.wrapper_why.n)
			continue;
		if (!p)
			p = doc_para(d, NULL);
		doc_text(d, p, p->first ? ", " : "A script that ran the tests reports other "
		    "totals than their own output: ");
		say_id(d, p, 'u', c->run[i].id);
	}
	if (p)
		doc_text(d, p, ". What is counted here is the output.");
}

/* many runs: how many ran to their end, and what failed in all of them */
static void
all_runs_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = doc_para(d, NULL);
	long complete = 0, failed = 0, passed = 0;
	struct buf ids;

	/* a window, and what is only quoted, are not told by the sources */
	buf_init(&ids, SIZE_MAX);
	for (size_t i = 0; i < c->runs; i++) {
		complete += c->run[i].run.state == RUN_COMPLETE;
		failed += c->run[i].rows[TEST_FAILED] + c->run[i].rows[TEST_ERROR];
		passed += run_is_pass(&c->run[i]);
		buf_printf(&ids, "%s%" PRId64, i ? ", " : "", c->run[i].id);
	}
	doc_count(d, p, complete, "select count(*) from runs where id in (%s) and "
	    "state = '%s'", ids.p, run_state_name(RUN_COMPLETE));
	doc_text(d, p, " of ");
	doc_count(d, p, (int64_t)c->runs, "select count(*) from runs where id in (%s)", ids.p);
	doc_text(d, p, " test runs ran to their end, %s; no other is a pass. ",
	    passed == 0 ? "none of them without a failure or a doubt" :
	    passed < complete ? "not all of them without a failure or a doubt" :
	    "all of them without a failure");
	doc_count(d, p, failed, "select count(*) from tests where run_id in (%s) and outcome "
	    "in ('%s', '%s')", ids.p, test_outcome_name(TEST_FAILED),
	    test_outcome_name(TEST_ERROR));
	doc_text(d, p, " %s in their output %s a failure or an error.",
	    say_noun(failed, "result", "results"), say_noun(failed, "is", "are"));
	buf_release(&ids);
}

static void
test_lines(const struct case_file *c, struct doc *d)
{
	if (c->runs == 0)
		doc_text(d, doc_para(d, NULL), "No test run is in scope.");
	else if (c->runs > RUNS_TOLD)
		all_runs_line(c, d);
	else
		for (size_t i = 0; i < c->runs; i++)
			run_sentence(d, &c->run[i]);
	wrapper_line(c, d);
}

static void
source_clause(struct doc *d, struct doc_node *p, const struct case_source *s, const char *what)
{
	doc_text(d, p, " Source ");
	say_id(d, p, 's', s->id);
	doc_text(d, p, " %s", what);
}

static void
truncated_clause(struct doc *d, struct doc_node *p, const struct case_source *s)
{
	source_clause(d, p, s, "looks cut by a limit");
	if (s->note.n) {
		doc_text(d, p, " (");
		doc_fact(d, p, s->note, "select note from sources where id = %" PRId64, s->id);
		doc_text(d, p, ")");
	}
	doc_text(d, p, ": it proves no absence and no first time.");
}

static void
damage_clauses(const struct case_file *c, struct doc *d, struct doc_node *p,
    const struct case_source *s)
{
	int64_t damaged = (int64_t)s->totals.damaged;

	if (source_is_cut(c, s))
		source_clause(d, p, s, "is cut short: what stood behind the cut is missing.");
	if (damaged) {
		source_clause(d, p, s, "holds ");
		doc_count(d, p, damaged, "select damaged from sources where id = %" PRId64, s->id);
		doc_text(d, p, " damaged %s.", say_noun(damaged, "record", "records"));
	} else if (!source_is_cut(c, s)) {
		source_clause(d, p, s, "is damaged; the appendix of diagnostics says where.");
	}
}

/* what the data do not cover; true when there is something */
static bool
limits_of(const struct case_file *c, struct doc *d, struct doc_node *p,
    const struct case_source *s)
{
	const struct source_totals *t = &s->totals;
	bool damaged = source_is_damaged(c, s);

	if (s->partial)
		source_clause(d, p, s, "was not read to its end and is left out of findings.");
	if (t->truncated)
		truncated_clause(d, p, s);
	if (t->ts_assumed && s->zone.n == 0)
		source_clause(d, p, s, "has times without a zone; they were read as UTC.");
	if (t->ts_assumed && s->zone.n) {
		source_clause(d, p, s, "has times without a zone; they were read as ");
		doc_term(d, p, s->zone);
		doc_text(d, p, ".");
	}
	if (damaged)
		damage_clauses(c, d, p, s);
	if (t->not_evidence) {
		source_clause(d, p, s, "holds ");
		doc_count(d, p, (int64_t)t->not_evidence, "select not_evidence from sources where "
		    "id = %" PRId64, s->id);
		doc_text(d, p, " %s no log %s: nothing follows from %s.",
		    say_noun((int64_t)t->not_evidence, "value that is", "values that are"),
		    say_noun((int64_t)t->not_evidence, "entry", "entries"),
		    say_noun((int64_t)t->not_evidence, "it", "them"));
	}
	if (t->conflicts) {
		source_clause(d, p, s, "has ");
		doc_count(d, p, (int64_t)t->conflicts, "select conflicts from sources where id = %"
		    PRId64, s->id);
		doc_text(d, p, " %s another payload than the source before.",
		    say_noun((int64_t)t->conflicts, "entry with", "entries with"));
	}
	return s->partial || t->truncated || t->ts_assumed || damaged || t->not_evidence ||
	    t->conflicts;
}

static struct slice
zone_of_run(const struct case_file *c, const struct case_run *r)
{
	for (size_t i = 0; i < c->sources; i++)
		if (c->source[i].id == r->source_id)
			return c->source[i].zone;
	return slice_str(NULL);
}

/* that nothing limits the logs, and what a run's clock lacks */
static void
zone_line(const struct case_file *c, struct doc *d, struct doc_node *p, bool sound)
{
	const struct case_run *r = NULL;
	bool many = false, one_zone = true;

	for (size_t i = 0; i < c->runs; i++) {
		if (c->run[i].run.clock != RUN_CLOCK_ASSUMED)
			continue;
		if (!r)
			r = &c->run[i];
		many |= r != &c->run[i];
		one_zone &= slice_eq(zone_of_run(c, r), zone_of_run(c, &c->run[i]));
	}
	if (sound)
		doc_text(d, p, " No log source looks cut, partial or damaged%s",
		    r ? "." : ", and each time names its zone.");
	if (r && one_zone)
		say_read_as(d, p, c->runs == 1 ?
		    " The test run's clock names no zone; it was read as " : many ?
		    " The clocks of several test runs name no zone; they were read as " :
		    " The clock of one test run names no zone; it was read as ",
		    zone_of_run(c, r), ".");
	else if (r)
		doc_text(d, p, " The clocks of several test runs name no zone; each was read in "
		    "the zone that was given for its source, else in UTC.");
}

static void
coverage_line(const struct case_file *c, struct doc *d)
{
	struct doc_node *p = doc_para(d, NULL);
	bool sound = true, logs = false;

	doc_text(d, p, "Coverage: ");
	if (!say_window(d, p, c))
		doc_text(d, p, "no log entry is in scope, so nothing can be said about a server");
	doc_text(d, p, ".");
	for (size_t i = 0; i < c->sources; i++) {
		const struct case_source *s = &c->source[i];
		bool limited = limits_of(c, d, p, s);

		if (s->kind != SOURCE_LOGS)
			continue;
		logs = true;
		sound = sound && !limited;
	}
	if (c->rules_inconclusive) {
		doc_text(d, p, " ");
		doc_count(d, p, c->rules_inconclusive,
		    "select count(*) from findings where outcome = '%s'",
		    finding_outcome_name(OUTCOME_INCONCLUSIVE));
		doc_text(d, p, " %s inconclusive.",
		    say_noun(c->rules_inconclusive, "finding is", "findings are"));
	}
	zone_line(c, d, p, logs && sound);
}

static void
do_next(struct doc *d, const struct case_incident *i)
{
	const struct case_why *open = incident_open_why(i);
	struct doc_node *p = doc_para(d, NULL);
	struct slice *step;
	size_t steps = incident_steps(d->arena, i, &step);

	doc_strong(d, p, SLICE("Do next:"));
	doc_text(d, p, " ");
	if (steps)
		doc_words(d, p, step[0]);
	if (open && open->why.collect.n) {
		doc_text(d, p, steps ? " Then get the evidence that is missing:" :
		    "get the evidence that is missing:");
		say_collect(d, NULL, open->why.collect);
	} else if (!steps) {
		doc_text(d, p, "read the evidence with ");
		doc_term(d, p, slice_str(arena_printf(d->arena, "netra-triage show i%" PRId64,
		    i->id)));
		doc_text(d, p, ".");
	}
}

/* without an incident: what did not come to its end is said before that */
static void
unfinished_line(const struct case_file *c, struct doc *d)
{
	const struct case_source *s;
	const struct case_run *r;
	struct doc_node *p;

	if (!run_unfinished_at(c, 0) && !source_unsound_at(c, 0))
		return;
	p = doc_para(d, NULL);
	for (size_t n = 0; n < RUNS_TOLD && (r = run_unfinished_at(c, n)) != NULL; n++) {
		doc_text(d, p, n ? " Test run " : "Test run ");
		say_id(d, p, 'u', r->id);
		doc_text(d, p, " did not finish: %s.", run_verdict(r));
	}
	if (run_unfinished_at(c, RUNS_TOLD))
		doc_text(d, p, " More test runs did not finish.");
	for (size_t n = 0; n < SOURCES_TOLD && (s = source_unsound_at(c, n)) != NULL; n++) {
		doc_text(d, p, p->first ? " Source " : "Source ");
		say_id(d, p, 's', s->id);
		doc_text(d, p, " %s.", s->partial ? "was not read to its end" :
		    source_is_cut(c, s) ? "is damaged: it is cut short" : "is damaged");
	}
	if (source_unsound_at(c, SOURCES_TOLD))
		doc_text(d, p, " More sources are damaged or were not read to their end.");
}

static void
build(const struct case_file *c, struct doc *d)
{
	const struct case_incident *top = incident_at(c, 0);

	doc_heading(d, 2, "Executive summary");
	if (top) {
		top_line(c, d, top);
		effect_line(d, top);
		if (incident_at(c, 1))
			all_line(c, d);
	} else {
		unfinished_line(c, d);
		doc_text(d, doc_para(d, NULL), "No incident was found: no rule of an issue or a "
		    "cause fired, and no error entry, failed request or failed test is in scope. "
		    "That says nothing about what the sources do not hold.");
	}
	test_lines(c, d);
	coverage_line(c, d);
	if (top)
		do_next(d, top);
}

const struct section section_summary = {
	.name = "summary", .about = "the top problem, what suffers, what is not known, what to do",
	.build = build,
};
