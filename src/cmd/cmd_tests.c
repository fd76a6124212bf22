/* cmd_tests.c - results of tests: failures by cause, lists, durations, skips, history */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/local.h"
#include "cmd/present.h"
#include "cmd/test_history.h"
#include "cmd/test_scope.h"
#include "reason/timing.h"
#include "report/pages.h"

#define SLOW_TOLD 20
#define RUNS_TOLD 5		/* unfinished runs named behind the failures */

struct args {
	const char *tz, *outcome, *limit;
	struct opt_list runs;
	bool list, slow, suspicious, skipped, history;
};

static const struct opt opts[] = {
	{ 0, "run", OPT_STRINGS, offsetof(struct args, runs), "uN",
	    "only results of this run (repeatable)", NULL },
	{ 0, "list", OPT_FLAG, offsetof(struct args, list), NULL, "each result, by id", NULL },
	{ 0, "outcome", OPT_STRING, offsetof(struct args, outcome), "LIST",
	    "each result of these outcomes, such as failed,error",
	    "passed failed error skipped xfailed xpassed" },
	{ 0, "slow", OPT_FLAG, offsetof(struct args, slow), NULL, "the slowest results", NULL },
	{ 0, "suspicious", OPT_FLAG, offsetof(struct args, suspicious), NULL,
	    "results whose durations say nothing, or too little", NULL },
	{ 0, "skipped", OPT_FLAG, offsetof(struct args, skipped), NULL,
	    "reasons for skips, and how often", NULL },
	{ 0, "history", OPT_FLAG, offsetof(struct args, history), NULL,
	    "outcomes from run to run, the oldest first", NULL },
	{ 'n', "limit", OPT_STRING, offsetof(struct args, limit), "ROWS",
	    "stop after so many rows (20 with --slow, else no limit; 0 = none)", NULL },
	LOCAL_OPT(struct args, "tell times in this zone too, such as America/Los_Angeles"),
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const group_people[] = { "count", "tests", "message", "where" };
static const char *const group_programs[] = { "signature", "count", "runs", "passed_later",
	"tests", "outcome", "nodeid", "message", "place", "incident", "path", "line" };
static const char *const skip_people[] = { "count", "tests", "reason" };
static const char *const skip_programs[] = { "count", "runs", "tests", "reason", "nodeid", "path",
	"line" };
static const char *const list_people[] = { "test", "outcome", "duration_s", "nodeid", "message" };
static const char *const slow_people[] = { "test", "duration_s", "from", "outcome", "nodeid" };
static const char *const odd_people[] = { "test", "duration_s", "why", "nodeid" };
static const char *const list_programs[] = { "test", "run", "outcome", "phase", "attempt",
	"duration_s", "duration_from", "duration_note", "started_ts", "nodeid", "message", "file",
	"worker", "signature", "incident", "path", "line", "byte_offset" };
static const char *const odd_programs[] = { "test", "run", "outcome", "phase", "attempt",
	"duration_s", "duration_from", "duration_note", "started_ts", "nodeid", "message", "file",
	"worker", "signature", "incident", "path", "line", "byte_offset", "why" };

struct listing {
	struct present *present;
	struct arena a;			/* of one row */
	const struct args *args;
	bool people;
	uint64_t limit, rows;		/* of --suspicious, which picks after the store */
	uint64_t notes;			/* of rows: durations that say nothing */
	long results, later;		/* in the groups that were given; of them, passed later */
};

static struct value
value_id(struct arena *a, char letter, int64_t id)
{
	return value_str(id > 0 ? arena_printf(a, "%c%" PRId64, letter, id) : NULL);
}

/* of people only: a cell is one line */
static struct value
value_line(struct slice text)
{
	struct slice rest = slice_trim(text), line;

	return slice_take_line(&rest, &line) ? value_text(line) : value_str(NULL);
}

static struct value
value_samples(struct arena *a, const struct result_group *g)
{
	const char *text = "";

	for (size_t i = 0; i < g->ids; i++)
		text = arena_printf(a, "%s%st%" PRId64, text, i ? " " : "", g->id[i]);
	if (g->n > (long)g->ids)
		text = arena_printf(a, "%s ...", text);
	return value_str(text);
}

static int
group_row(void *ctx, const struct result_group *g, struct err *e)
{
	struct listing *l = ctx;
	const struct test *t = &g->first.test;

	(void)e;
	l->results += g->n;
	l->later += g->passed_later;
	if (l->people) {
		const struct value v[COUNT(group_people)] = { value_int(g->n),
		    value_samples(&l->a, g), value_line(t->message),
		    value_word(g->place.n ? g->place : t->nodeid) };

		present_row(l->present, v);
	} else {
		const struct value v[COUNT(group_programs)] = {
		    value_id(&l->a, 'g', g->cause_signature_id ? g->cause_signature_id :
		    g->first.signature_id), value_int(g->n), value_int(g->runs),
		    value_int(g->passed_later), value_samples(&l->a, g),
		    value_str(test_outcome_name(t->outcome)), value_word(t->nodeid),
		    value_word(t->message), value_word(g->place),
		    value_id(&l->a, 'i', g->incident_id), value_word(g->first.path),
		    value_int((int64_t)t->line) };

		present_row(l->present, v);
	}
	arena_reset(&l->a);
	return 0;
}

static int
skip_row(void *ctx, const struct result_group *g, struct err *e)
{
	struct listing *l = ctx;
	const struct test *t = &g->first.test;

	(void)e;
	l->results += g->n;
	if (l->people) {
		const struct value v[COUNT(skip_people)] = { value_int(g->n),
		    value_samples(&l->a, g), value_line(t->message) };

		present_row(l->present, v);
	} else {
		const struct value v[COUNT(skip_programs)] = { value_int(g->n),
		    value_int(g->runs), value_samples(&l->a, g), value_word(t->message),
		    value_word(t->nodeid), value_word(g->first.path),
		    value_int((int64_t)t->line) };

		present_row(l->present, v);
	}
	arena_reset(&l->a);
	return 0;
}

static void
people_row(struct listing *l, const struct result *r, struct slice why)
{
	const struct test *t = &r->test;
	const struct value id = value_id(&l->a, 't', r->id), nodeid = value_word(t->nodeid);
	const struct value duration = value_seconds(t->duration_ns);
	const struct value outcome = value_str(test_outcome_name(t->outcome));

	if (l->args->suspicious) {
		const struct value v[COUNT(odd_people)] = { id, duration, value_word(why), nodeid };

		present_row(l->present, v);
	} else if (l->args->slow) {
		const struct value v[COUNT(slow_people)] = { id, duration,
		    value_str(duration_from_name(t->duration_from)), outcome, nodeid };

		present_row(l->present, v);
	} else {
		const struct value v[COUNT(list_people)] = { id, outcome, duration, nodeid,
		    value_line(t->message) };

		present_row(l->present, v);
	}
}

static int
put_result(struct listing *l, const struct result *r, struct slice why)
{
	const struct test *t = &r->test;
	const struct value v[COUNT(odd_programs)] = { value_id(&l->a, 't', r->id),
	    value_id(&l->a, 'u', r->run_id), value_str(test_outcome_name(t->outcome)),
	    value_word(slice_str(test_phase_name(t->phase))), value_int(t->attempt),
	    value_seconds(t->duration_ns),
	    value_word(slice_str(duration_from_name(t->duration_from))),
	    value_word(t->duration_note), value_time(&l->a, t->started_ns), value_word(t->nodeid),
	    value_word(t->message), value_word(t->file), value_word(t->worker),
	    value_id(&l->a, 'g', r->cause_signature_id ? r->cause_signature_id :
	    r->signature_id), value_id(&l->a, 'i', r->incident_id), value_word(r->path),
	    value_int((int64_t)t->line), value_int((int64_t)t->byte), value_word(why) };

	if (l->people)
		people_row(l, r, why);
	else
		present_row(l->present, v);
	l->rows++;
	arena_reset(&l->a);
	return 0;
}

static int
result_row(void *ctx, const struct result *r, struct err *e)
{
	(void)e;
	return put_result(ctx, r, slice_str(NULL));
}

static int
odd_row(void *ctx, const struct result *r, struct err *e)
{
	struct listing *l = ctx;
	struct slice why = reason_timing(r, &l->a);

	(void)e;
	if (!why.n || (l->limit && l->rows >= l->limit))
		return 0;
	l->notes += r->test.duration_note.n > 0;
	return put_result(l, r, why);
}

static void
head(struct listing *l)
{
	const struct args *a = l->args;

	if (a->skipped)
		l->people ? present_head(l->present, skip_people, COUNT(skip_people)) :
		    present_head(l->present, skip_programs, COUNT(skip_programs));
	else if (a->suspicious)
		l->people ? present_head(l->present, odd_people, COUNT(odd_people)) :
		    present_head(l->present, odd_programs, COUNT(odd_programs));
	else if (a->slow && l->people)
		present_head(l->present, slow_people, COUNT(slow_people));
	else if (a->list || a->outcome || a->slow)
		l->people ? present_head(l->present, list_people, COUNT(list_people)) :
		    present_head(l->present, list_programs, COUNT(list_programs));
	else
		l->people ? present_head(l->present, group_people, COUNT(group_people)) :
		    present_head(l->present, group_programs, COUNT(group_programs));
}

static int
rows(struct app *app, struct listing *l, const struct result_scope *scope, struct err *e)
{
	const struct args *a = l->args;
	struct result_scope all = *scope;

	if (a->skipped)
		return store_each_group(app->store, scope, GROUP_SKIPS, skip_row, l, e);
	if (a->suspicious) {
		all.limit = 0;
		all.short_ns = TIMING_SHORT_NS;
		all.same = TIMING_SAME;
		all.share = TIMING_SHARE;
		return store_each_result(app->store, &all, RESULTS_TIMED, odd_row, l, e);
	}
	if (a->slow)
		return store_each_result(app->store, scope, RESULTS_SLOWEST, result_row, l, e);
	if (a->list || a->outcome)
		return store_each_result(app->store, scope, RESULTS_BY_ID, result_row, l, e);
	return store_each_group(app->store, scope, GROUP_FAILURES, group_row, l, e);
}

/* no failure is no pass: what did not come to its end is told too */
static int
tell_runs(struct app *app, const struct result_scope *scope, bool none, struct err *e)
{
	struct case_run *run;
	struct arena a;
	size_t runs = 0, told = 0, recorded = 0;
	int rc;

	arena_init(&a);
	rc = store_runs_load(app->store, scope->run, scope->runs, &a, &run, &runs, e);
	for (size_t i = 0; rc == 0 && i < runs; i++)
		recorded += scope->runs || run[i].run.quality != RUN_QUOTED;
	if (rc == 0 && none)
		msg_info(&app->msg, recorded ?
		    "no failure is recorded; netra-triage runs tells what ran" :
		    "no test run is recorded; netra-triage sources tells what was read");
	for (size_t i = 0; rc == 0 && i < runs; i++) {
		if (run[i].run.state == RUN_COMPLETE ||
		    (!scope->runs && run[i].run.quality == RUN_QUOTED))
			continue;
		if (++told <= RUNS_TOLD)
			msg_info(&app->msg, "u%" PRId64 " %.*s", run[i].id,
			    SLICE_ARG(run_line_text(&a, &run[i])));
	}
	if (told > RUNS_TOLD)
		msg_info(&app->msg, "and %zu more did not come to their end: netra-triage runs",
		    told - RUNS_TOLD);
	arena_release(&a);
	return rc;
}

static int
tell(struct app *app, const struct listing *l, const struct result_scope *scope, uint64_t n,
    struct err *e)
{
	const struct args *a = l->args;
	bool failures = !a->list && !a->outcome && !a->slow && !a->suspicious && !a->skipped;
	const char *cut = scope->limit && n == scope->limit ?
	    ", as many as --limit allows: there may be more" : "";

	if (a->skipped)
		msg_info(&app->msg, "%ld skipped, for %" PRIu64 " reason%s%s", l->results, n,
		    n == 1 ? "" : "s", cut);
	else if (!failures)
		msg_info(&app->msg, "%" PRIu64 " result%s%s", n, n == 1 ? "" : "s", cut);
	else if (n)
		msg_info(&app->msg, "%ld failed result%s of %" PRIu64 " cause%s%s", l->results,
		    l->results == 1 ? "" : "s", n, n == 1 ? "" : "s", cut);
	if (l->notes)
		msg_info(&app->msg, "%" PRIu64 " of them, the last ones, only state a duration "
		    "that says nothing", l->notes);
	if (l->later)
		msg_info(&app->msg, "%ld of them passed in a later attempt of the same run",
		    l->later);
	if (n)
		msg_info(&app->msg, "next: netra-triage show tN  |  netra-triage tests --history");
	return failures ? tell_runs(app, scope, n == 0, e) : 0;
}

static int
list(struct app *app, const struct args *args, const struct result_scope *scope,
    const struct zone *zone, struct err *e)
{
	struct listing l = { .args = args, .limit = scope->limit,
	    .people = !app->common.format && isatty(STDOUT_FILENO) };
	uint64_t n;
	int rc;

	if (present_open(app, NULL, NULL, &l.present, e) == -1)
		return -1;
	arena_init(&l.a);
	present_zone(l.present, zone);
	head(&l);
	rc = rows(app, &l, scope, e);
	if (rc == -1)
		present_abort(l.present);
	else
		rc = present_close(l.present, &n, e);
	arena_release(&l.a);
	return rc == -1 ? -1 : tell(app, &l, scope, n, e);
}

/* the operand: an id stands for its test, anything else is a pattern; a has its text */
static int
scope_pattern(struct app *app, const char *operand, struct arena *a, struct result_scope *scope,
    struct err *e)
{
	struct slice rest = slice_str(operand);
	struct result_detail d;
	uint64_t n;
	bool found;
	int64_t id;

	scope->pattern = slice_str(operand);
	if (!slice_take_byte(&rest, 't') || !slice_take_uint(&rest, &n) || rest.n)
		return 0;
	if (test_scope_result(app, operand, &id, e) == -1 ||
	    store_result_detail(app->store, id, a, &found, &d, e) == -1)
		return -1;
	scope->pattern = d.result.test.nodeid;
	scope->exact = true;
	return 0;
}

static int
scope_of(struct app *app, const struct args *args, const char *operand, struct arena *a,
    struct result_scope *scope, struct err *e)
{
	int64_t *id = arena_array(a, args->runs.n + 1, sizeof *id), limit;

	for (size_t i = 0; i < args->runs.n; i++)
		if (test_scope_run(app, args->runs.v[i], &id[i], e) == -1)
			return -1;
	*scope = (struct result_scope){ .run = id, .runs = args->runs.n,
	    .limit = args->slow ? SLOW_TOLD : 0 };
	if (args->outcome && test_scope_outcomes(args->outcome, &scope->outcomes, e) == -1)
		return -1;
	if (args->limit) {
		if (!slice_to_int64(slice_str(args->limit), &limit) || limit < 0)
			return err_set(e, ERR_USAGE, "--limit takes a number of rows, not `%s`",
			    args->limit);
		scope->limit = (uint64_t)limit;
	}
	return operand ? scope_pattern(app, operand, a, scope, e) : 0;
}

static int
check(const struct args *a, int argc, struct err *e)
{
	int kinds = a->slow + a->suspicious + a->skipped + a->history + (a->list || a->outcome);

	if (argc > 1)
		return err_set(e, ERR_USAGE, "tests takes at most one id or pattern");
	if (kinds > 1 && !(kinds == 2 && a->slow && a->outcome && !a->list)) {
		err_set(e, ERR_USAGE, "tests gives one listing at a time");
		return err_help(e, "it is one of --list, --outcome, --slow, --suspicious, "
		    "--skipped and --history; --slow takes --outcome too");
	}
	return 0;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	const struct args *args = argp;
	struct result_scope scope;
	struct zone *zone = NULL;
	struct arena a;
	int rc = -1;

	arena_init(&a);
	if (check(args, argc, e) == -1 || evaluate_warn_stale(app, NULL, e) == -1 ||
	    local_zone(args->tz, &zone, e) == -1 ||
	    scope_of(app, args, argc ? argv[0] : NULL, &a, &scope, e) == -1)
		goto out;
	rc = args->history ? test_history(app, &scope, e) : list(app, args, &scope, zone, e);
out:
	zone_free(zone);
	arena_release(&a);
	return rc;
}

const struct cmd cmd_tests = {
	.name = "tests", .about = "List failures by cause, slow and skipped tests, their history",
	.operands = "[tN | PATTERN]", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
