/*
 * pick.c - what sections look for in an incident or a run.
 */
#include "config.h"

#include "report/pages.h"
#include "report/say.h"

#define STEPS_MAX 32

const struct case_incident *
incident_at(const struct case_file *c, size_t nth)
{
	for (size_t i = 0; i < c->incidents; i++)
		if (c->incident[i].in_scope && nth-- == 0)
			return &c->incident[i];
	return NULL;
}

const struct cite *
incident_cite(const struct case_incident *i)
{
	const struct case_member *first = NULL;

	for (size_t k = 0; k < i->members; k++) {
		const struct case_member *m = &i->member[k];

		if (m->basis == BASIS_CO_OCCURS)
			continue;
		if (m->role == MEMBER_CAUSE)
			return &m->cite;
		if (!first)
			first = m;
	}
	return first ? &first->cite : NULL;
}

const struct case_why *
incident_open_why(const struct case_incident *i)
{
	const struct case_why *last = i->whys ? &i->why[i->whys - 1] : NULL;

	return last && last->why.basis == WHY_NEEDS_EVIDENCE ? last : NULL;
}

long
incident_members(const struct case_incident *i, enum member_role role, enum member_basis basis)
{
	for (size_t k = 0; k < i->counts; k++)
		if (i->count[k].role == role && i->count[k].basis == basis)
			return i->count[k].n;
	return 0;
}

/* "2. text": the text behind the number; false when the line begins otherwise */
static bool
take_number(struct slice *line)
{
	struct slice s = slice_trim(*line);
	uint64_t n;

	if (!slice_take_uint(&s, &n) || !slice_take_str(&s, ". "))
		return false;
	*line = slice_trim(s);
	return true;
}

size_t
incident_steps(struct arena *a, const struct case_incident *i, struct slice **step)
{
	struct slice rest = slice_trim(i->incident.remediation), line;
	size_t n = 0;

	*step = arena_array(a, STEPS_MAX, sizeof **step);
	while (slice_take_line(&rest, &line)) {
		bool numbered = take_number(&line);

		line = slice_trim(line);
		if (!line.n)
			continue;
		if (n && (!numbered || n == STEPS_MAX))
			(*step)[n - 1] = slice_str(arena_printf(a, "%.*s %.*s",
			    SLICE_ARG((*step)[n - 1]), SLICE_ARG(line)));
		else
			(*step)[n++] = line;
	}
	return n;
}

const struct case_run *
run_unfinished_at(const struct case_file *c, size_t nth)
{
	for (size_t i = 0; i < c->runs; i++)
		if (c->run[i].run.state != RUN_COMPLETE && nth-- == 0)
			return &c->run[i];
	return NULL;
}

static bool
is_diag_of(const struct case_diag *g, const struct case_source *s)
{
	return g->source_id ? g->source_id == s->id : slice_eq(g->path, s->path);
}

bool
source_is_cut(const struct case_file *c, const struct case_source *s)
{
	for (size_t i = 0; i < c->diags; i++) {
		const struct case_diag *g = &c->diag[i];

		/* version 0.1 stored gzip-cut */
		if (is_diag_of(g, s) && (slice_eqs(g->name, "json-cut") ||
		    slice_eqs(g->name, "compressed-cut") || slice_eqs(g->name, "gzip-cut") ||
		    slice_eqs(g->name, "xml-cut")))
			return true;
	}
	return false;
}

bool
source_is_damaged(const struct case_file *c, const struct case_source *s)
{
	if (s->totals.damaged)
		return true;
	for (size_t i = 0; i < c->diags; i++)
		if (is_diag_of(&c->diag[i], s) && slice_eqs(c->diag[i].level, "damage"))
			return true;
	return false;
}

const struct case_source *
source_unsound_at(const struct case_file *c, size_t nth)
{
	for (size_t i = 0; i < c->sources; i++) {
		const struct case_source *s = &c->source[i];

		if ((s->partial || source_is_damaged(c, s)) && nth-- == 0)
			return s;
	}
	return NULL;
}

long
run_failures(const struct case_run *r)
{
	long counted = r->rows[TEST_FAILED] + r->rows[TEST_ERROR], printed = 0;

	if (r->run.failed > 0)
		printed += r->run.failed;
	if (r->run.errors > 0)
		printed += r->run.errors;
	return printed > counted ? printed : counted;
}

/* only earlier attempts of tests did */
static bool
failed_before_a_pass(const struct case_run *r)
{
	return r->rows[TEST_FAILED] + r->rows[TEST_ERROR] > 0 && r->last[TEST_PASSED] > 0 &&
	    r->last[TEST_FAILED] + r->last[TEST_ERROR] == 0 && r->run.failed <= 0 &&
	    r->run.errors <= 0 && r->run.exit_code <= 0;
}

const char *
run_verdict(const struct case_run *r)
{
	switch (r->run.state) {
	case RUN_STOPPED:
		return "it was stopped before its end, so it is not a pass";
	case RUN_TRUNCATED:
		return "its output is cut short, the final line is missing, so it is not a pass";
	case RUN_NOT_RUN:
		return "it ran no test, so it is not a pass";
	case RUN_CRASHED:
		return "it crashed, so it is not a pass";
	case RUN_COMPLETE:
		break;
	}
	if (failed_before_a_pass(r))
		return "complete; what failed passed when it was run again, so it is flaky, not "
		    "a pass";
	if (run_failures(r))
		return "complete, with failures";
	if (r->run.exit_code > 0)
		return "complete without a failed test, but its exit code is not zero, so it is "
		    "not a pass";
	if (r->rows[TEST_PASSED] == 0 && r->run.passed <= 0)
		return "complete, but no test passed, so it shows nothing";
	if (r->run.reconciled == RUN_RECONCILED_NO)
		return "complete, but its counts do not add up, so it is not taken for a pass";
	return "complete, without a failure";
}

bool
run_is_pass(const struct case_run *r)
{
	return r->run.quality == RUN_RECORDED && r->run.state == RUN_COMPLETE &&
	    run_failures(r) == 0 && run_not_run(r) <= 0 && r->run.exit_code <= 0 &&
	    (r->rows[TEST_PASSED] > 0 || r->run.passed > 0) &&
	    r->run.reconciled != RUN_RECONCILED_NO;
}
