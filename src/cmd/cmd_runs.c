/* cmd_runs.c - every run of a test runner, and what came of it */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/local.h"
#include "cmd/present.h"
#include "cmd/test_scope.h"
#include "report/pages.h"

#define WRAPPERS_TOLD 5		/* a row of programs has each; R28 */

struct args {
	const char *tz;
};

static const struct opt opts[] = {
	LOCAL_OPT(struct args, "tell times in this zone too, such as America/Los_Angeles"),
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

static const char *const for_people[] = { "run", "result", "duration_s", "started_ts" };
static const char *const for_programs[] = { "run", "result", "framework", "formats", "state",
	"state_why", "passed", "failed", "errors", "skipped", "xfailed", "xpassed", "not_run",
	"reruns", "duration_s", "started_ts", "clock", "command", "env", "commit_id", "host",
	"exit_code", "reconciled", "reconciled_why", "quality", "wrapper_why", "path", "line" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
row_of_people(struct present *p, const struct case_run *r, struct arena *a)
{
	const struct value v[COUNT(for_people)] = { value_str(arena_printf(a, "u%lld",
	    (long long)r->id)), value_text(run_line_text(a, r)), value_seconds(r->run.duration_ns),
	    value_str(r->run.started_ns == CLOCK_NONE ? NULL :
	    clock_format(r->run.started_ns, 0, arena_alloc(a, CLOCK_TEXT))) };

	present_row(p, v);
}

static void
row_of_programs(struct present *p, const struct case_run *r, struct arena *a)
{
	const struct run *u = &r->run;
	const struct value v[COUNT(for_programs)] = {
	    value_str(arena_printf(a, "u%lld", (long long)r->id)), value_text(run_line_text(a, r)),
	    value_word(u->framework), value_word(r->formats), value_str(run_state_name(u->state)),
	    value_word(u->state_why), value_int(r->last[TEST_PASSED]),
	    value_int(r->last[TEST_FAILED]), value_int(r->last[TEST_ERROR]),
	    value_int(r->last[TEST_SKIPPED]), value_int(r->last[TEST_XFAILED]),
	    value_int(r->last[TEST_XPASSED]), value_count(run_not_run(r)), value_int(r->reruns),
	    value_seconds(u->duration_ns), value_time(a, u->started_ns),
	    value_str(run_clock_name(u->clock)), value_word(u->command), value_word(u->env),
	    value_word(u->commit), value_word(u->host), value_count(u->exit_code),
	    value_str(run_reconciled_name(u->reconciled)), value_word(u->reconciled_why),
	    value_str(run_quality_name(u->quality)), value_word(u->wrapper_why),
	    value_word(r->path), value_int((int64_t)u->line) };

	present_row(p, v);
}

static int
list(struct app *app, const struct case_run *run, size_t runs, const struct zone *zone,
    struct arena *a, struct err *e)
{
	bool people = !app->common.format && isatty(STDOUT_FILENO);
	struct present *p;

	if (present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	present_zone(p, zone);
	if (people)
		present_head(p, for_people, COUNT(for_people));
	else
		present_head(p, for_programs, COUNT(for_programs));
	for (size_t i = 0; i < runs; i++)
		if (people)
			row_of_people(p, &run[i], a);
		else
			row_of_programs(p, &run[i], a);
	return present_close(p, NULL, e);
}

/* which of two to look at next: a recorded one that did not end, or has failures */
static int
badness(const struct case_run *r)
{
	return r->run.quality == RUN_QUOTED ? 0 : r->run.state != RUN_COMPLETE ? 3 :
	    run_is_pass(r) ? 1 : 2;
}

/* what did not come to its end, and where to look next */
static void
tell(struct app *app, const struct case_run *run, size_t runs)
{
	const struct case_run *worst = NULL;
	size_t unfinished = 0, quoted = 0;

	/* what a document claims came to no end of its own */
	for (size_t i = 0; i < runs; i++) {
		if (run[i].run.quality == RUN_QUOTED)
			quoted++;
		else if (run[i].run.state != RUN_COMPLETE)
			unfinished++;
		if (!worst || badness(&run[i]) > badness(worst))
			worst = &run[i];
	}
	if (runs == 0) {
		msg_info(&app->msg, "no test run; netra-triage sources tells what was read");
		return;
	}
	if (unfinished)
		msg_info(&app->msg, "%zu of %zu run%s did not come to %s end: no pass", unfinished,
		    runs - quoted, runs - quoted == 1 ? "" : "s",
		    unfinished == 1 ? "its" : "their");
	for (size_t i = 0, told = 0; i < runs && told < WRAPPERS_TOLD; i++)
		if (run[i].run.wrapper_why.n && ++told)
			msg_info(&app->msg, "u%lld: what ran it reports other totals: %.*s",
			    (long long)run[i].id, SLICE_ARG(run[i].run.wrapper_why));
	if (quoted)
		msg_info(&app->msg, "%zu run%s only quoted by a document: a claim, no evidence",
		    quoted, quoted == 1 ? " is" : "s are");
	msg_info(&app->msg, "next: netra-triage show u%lld  |  netra-triage tests --run u%lld",
	    (long long)worst->id, (long long)worst->id);
}

static int
list_all(struct app *app, const struct zone *zone, int argc, char **argv, struct err *e)
{
	int64_t *id = mem_calloc((size_t)argc + 1, sizeof *id);
	struct case_run *run;
	size_t runs;
	struct arena a;
	int rc = -1;

	arena_init(&a);
	for (int i = 0; i < argc; i++)
		if (test_scope_run(app, argv[i], &id[i], e) == -1)
			goto out;
	if (store_runs_load(app->store, id, (size_t)argc, &a, &run, &runs, e) == -1 ||
	    list(app, run, runs, zone, &a, e) == -1)
		goto out;
	tell(app, run, runs);
	rc = 0;
out:
	arena_release(&a);
	free(id);
	return rc;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	const struct args *args = argp;
	struct zone *zone;
	int rc;

	if (evaluate_warn_stale(app, NULL, e) == -1 || local_zone(args->tz, &zone, e) == -1)
		return -1;
	rc = list_all(app, zone, argc, argv, e);
	zone_free(zone);
	return rc;
}

const struct cmd cmd_runs = {
	.name = "runs", .about = "List test runs, and what came of them",
	.operands = "[uN ...]", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
