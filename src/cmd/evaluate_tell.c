/*
 * evaluate_tell.c - what an ingest or a scan says in the end: runs, incidents, what to do next.
 */
#include "config.h"

#include "cmd/evaluate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/pages.h"
#include "store/results.h"

#define TELL_MAX 5	/* incidents, and runs, that are named */

struct telling {
	struct app *app;
	long shown, total;
};

static int
tell_row(void *ctx, const struct cell *c, size_t n)
{
	struct telling *t = ctx;

	(void)n;
	t->total++;
	if (t->total > TELL_MAX)
		return 0;
	msg_info(&t->app->msg, "  i%-3" PRId64 " %.*s  %.*s  (%" PRId64 " occurrence%s)", c[0].i,
	    SLICE_ARG(c[1].text), SLICE_ARG(c[2].text), c[3].i, c[3].i == 1 ? "" : "s");
	t->shown++;
	return 0;
}

static int
count_row(void *ctx, const struct cell *c, size_t n)
{
	(void)n;
	*(int64_t *)ctx = c[0].i;
	return 0;
}

struct id_list {
	int64_t *id;
	size_t n, cap;
};

static int
id_row(void *ctx, const struct cell *c, size_t n)
{
	struct id_list *l = ctx;

	(void)n;
	l->id = mem_grow(l->id, &l->cap, l->n + 1, sizeof *l->id);
	l->id[l->n++] = c[0].i;
	return 0;
}

/* the runs that these sources hold, in whatever format */
static int
find_runs(struct app *app, const int64_t *source, size_t sources, struct id_list *l,
    struct err *e)
{
	struct rows rows = { l, NULL, id_row };
	struct buf sql;
	int rc;

	buf_init(&sql, SIZE_MAX);
	buf_printf(&sql, "SELECT DISTINCT run_id FROM run_sources");
	for (size_t i = 0; i < sources; i++)
		buf_printf(&sql, "%s%" PRId64, i ? ", " : " WHERE source_id IN (", source[i]);
	buf_printf(&sql, "%s ORDER BY 1", sources ? ")" : "");
	rc = store_rows(app->store, sql.p, NULL, 0, &rows, e);
	buf_release(&sql);
	return rc;
}

struct run_sums {
	size_t recorded, quoted, passed, failures, unfinished;
};

static struct run_sums
sum_runs(const struct case_run *run, size_t runs)
{
	struct run_sums n = { 0 };

	for (size_t i = 0; i < runs; i++) {
		if (run[i].run.quality == RUN_QUOTED) {
			n.quoted++;
			continue;
		}
		n.recorded++;
		n.passed += run_is_pass(&run[i]);
		n.failures += run_failures(&run[i]) > 0;
		n.unfinished += run[i].run.state != RUN_COMPLETE;
	}
	return n;
}

static void
say_runs(const struct msg *msg, struct arena *a, const struct case_run *run, size_t runs,
    const struct run_sums *n)
{
	bool all = n->recorded <= TELL_MAX;

	if (!all)	/* one may have failures and no end */
		msg_info(msg, "%zu test runs: %zu passed; %zu have failures, %zu did not come to "
		    "their end", n->recorded, n->passed, n->failures, n->unfinished);
	for (size_t i = 0; all && i < runs; i++)
		if (run[i].run.quality != RUN_QUOTED)
			msg_info(msg, "u%" PRId64 "  %.*s", run[i].id,
			    SLICE_ARG(run_line_text(a, &run[i])));
	if (n->quoted)
		msg_info(msg, "%zu test run%s only quoted by a document: a claim, no evidence",
		    n->quoted, n->quoted == 1 ? " is" : "s are");
}

static int
tell_runs(struct app *app, const int64_t *source, size_t sources, struct run_sums *n,
    struct err *e)
{
	struct id_list ids = { 0 };
	struct case_run *run;
	size_t runs = 0;
	struct arena a;
	int rc;

	*n = (struct run_sums){ 0 };
	arena_init(&a);
	rc = find_runs(app, source, sources, &ids, e);
	if (rc == 0 && ids.n)
		rc = store_runs_load(app->store, ids.id, ids.n, &a, &run, &runs, e);
	if (rc == 0 && runs) {
		*n = sum_runs(run, runs);
		say_runs(&app->msg, &a, run, runs, n);
	}
	free(ids.id);
	arena_release(&a);
	return rc;
}

static void
tell_none(const struct msg *msg, const struct run_sums *n)
{
	if (n->passed < n->recorded)
		msg_info(msg, "no incident was found, which makes no pass of a run; next: "
		    "netra-triage runs");
	else if (n->recorded || n->quoted)
		msg_info(msg, "no incident was found; next: netra-triage runs");
	else
		msg_info(msg, "no incident was found; next: netra-triage sources");
}

int
evaluate_tell(struct app *app, const int64_t *source, size_t sources, struct err *e)
{
	struct telling t = { .app = app };
	struct rows rows = { &t, NULL, tell_row };
	struct run_sums runs;
	int64_t n = 0;
	struct rows count = { &n, NULL, count_row };

	if (tell_runs(app, source, sources, &runs, e) == -1 ||
	    store_rows(app->store, "SELECT count(*) FROM incidents", NULL, 0, &count, e) == -1)
		return -1;
	if (n == 0) {
		tell_none(&app->msg, &runs);
		return 0;
	}
	msg_info(&app->msg, "%" PRId64 " incident%s:", n, n == 1 ? "" : "s");
	if (store_rows(app->store, "SELECT id, priority, title, occurrences FROM incidents "
	    "ORDER BY rank", NULL, 0, &rows, e) == -1)
		return -1;
	if (t.total > t.shown)
		msg_info(&app->msg, "  and %ld more: netra-triage incidents", t.total - t.shown);
	msg_info(&app->msg, "next: netra-triage worklog  |  %snetra-triage show ID",
	    runs.failures ? "netra-triage tests  |  " : runs.unfinished ?
	    "netra-triage runs  |  " : "");
	return 0;
}
