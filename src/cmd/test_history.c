/* test_history.c - outcomes of tests from run to run, the oldest first */
#include "config.h"

#include "cmd/test_history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cmd/present.h"

#define RUNS_TOLD 10		/* runs named in messages: the newest */
#define LETTERS 8		/* attempts shown of one test in one run */

struct outcomes {			/* of one test in one run */
	char letter[LETTERS + 1];
	unsigned attempts;
	bool good, bad;			/* of any attempt */
	enum test_outcome last;
};

struct history {
	struct present *present;
	struct case_run *run;		/* the oldest first */
	size_t runs;
	int64_t (*place)[2];		/* run id and its number in `run`, by id */
	struct outcomes *cell;		/* of the test at hand, by run */
	struct buf nodeid;		/* of it */
	int64_t newest_id;		/* its newest result */
	size_t newest_at;
	uint64_t limit, rows, quiet;	/* quiet: tests of which nothing is to be said */
	bool all;			/* those too */
};

/* a run of which the start is not known stands before the others, as it was read */
static int
by_start(const void *a, const void *b)
{
	const struct case_run *x = a, *y = b;

	if (x->run.started_ns != y->run.started_ns)
		return x->run.started_ns < y->run.started_ns ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int
by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
is_bad(enum test_outcome o)
{
	return o == TEST_FAILED || o == TEST_ERROR;
}

static bool
is_good(enum test_outcome o)
{
	return o == TEST_PASSED || o == TEST_XPASSED || o == TEST_XFAILED;
}

static void
add(struct outcomes *c, enum test_outcome o)
{
	static const char letter[] = { [TEST_PASSED] = 'P', [TEST_FAILED] = 'F',
	    [TEST_ERROR] = 'E', [TEST_SKIPPED] = 'S', [TEST_XFAILED] = 'x', [TEST_XPASSED] = 'X',
	    [TEST_NOT_RUN] = 'N' };

	if (c->attempts < LETTERS)
		c->letter[c->attempts] = letter[o];
	else
		c->letter[LETTERS - 1] = letter[o];
	c->attempts++;
	c->good = c->good || is_good(o);
	c->bad = c->bad || is_bad(o);
	c->last = o;
}

static bool
decided(const struct outcomes *c)
{
	return c->attempts && (is_good(c->last) || is_bad(c->last));
}

/* passed and failed in one run, or at one commit */
static bool
is_flaky(const struct history *h)
{
	for (size_t i = 0; i < h->runs; i++) {
		const struct outcomes *c = &h->cell[i];

		if (c->good && c->bad)
			return true;
		if (!decided(c) || !h->run[i].run.commit.n)
			continue;
		for (size_t k = 0; k < i; k++)
			if (decided(&h->cell[k]) && c->bad != h->cell[k].bad &&
			    slice_eq(h->run[i].run.commit, h->run[k].run.commit))
				return true;
	}
	return false;
}

/* NULL: nothing is to be said */
static const char *
change_of(const struct history *h)
{
	const struct outcomes *last = NULL, *before = NULL;
	const struct outcomes *newest = &h->cell[h->runs - 1];

	for (size_t i = h->runs; i > 0 && !before; i--) {
		if (!decided(&h->cell[i - 1]))
			continue;
		if (!last)
			last = &h->cell[i - 1];
		else
			before = &h->cell[i - 1];
	}
	if (newest->attempts && newest->last == TEST_NOT_RUN)
		return last && is_bad(last->last) ? "failing, now not run" : "not run";
	if (!last)
		return NULL;
	if (newest->attempts && newest->last == TEST_SKIPPED)
		return is_bad(last->last) ? "failing, now skipped" : "now skipped";
	if (is_bad(last->last))
		return before && is_good(before->last) ? "new failure" : "failing";
	return before && is_bad(before->last) ? "fixed" : NULL;
}

static void
flush(struct history *h)
{
	const char *change = change_of(h);
	bool flaky = is_flaky(h);
	struct arena a;
	struct buf text;
	long n = 0;

	if (!change && !flaky && !h->all) {
		h->quiet++;
		return;
	}
	if (h->limit && h->rows >= h->limit)
		return;
	arena_init(&a);
	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < h->runs; i++) {
		buf_printf(&text, "%s%s", i ? " " : "", h->cell[i].attempts ? h->cell[i].letter :
		    "-");
		n += h->cell[i].attempts != 0;
	}
	present_row(h->present, (const struct value[]){
	    value_text(buf_slice(&text)),
	    value_str(flaky && change ? arena_printf(&a, "flaky, %s", change) : flaky ? "flaky" :
	    change), value_text(buf_slice(&h->nodeid)), value_int(n),
	    value_str(arena_printf(&a, "t%" PRId64, h->newest_id)) });
	h->rows++;
	buf_release(&text);
	arena_release(&a);
}

static int
attempt(void *ctx, const struct result *r, struct err *e)
{
	struct history *h = ctx;
	const int64_t *place = bsearch(&r->run_id, h->place, h->runs, sizeof *h->place, by_id);
	size_t at;

	(void)e;
	if (!place)
		return 0;
	at = (size_t)place[1];
	if (h->newest_id == 0 || !slice_eq(buf_slice(&h->nodeid), r->test.nodeid)) {
		if (h->newest_id)
			flush(h);
		memset(h->cell, 0, h->runs * sizeof *h->cell);
		buf_reset(&h->nodeid);
		buf_put_slice(&h->nodeid, r->test.nodeid);
		h->newest_id = r->id;
		h->newest_at = at;
	}
	if (at >= h->newest_at) {
		h->newest_id = r->id;
		h->newest_at = at;
	}
	add(&h->cell[at], r->test.outcome);
	return 0;
}

/* ---- what the runs are ---- */

static void
tell_run(struct app *app, const struct case_run *r)
{
	char ts[CLOCK_TEXT];

	msg_info(&app->msg, "  u%-3" PRId64 " %s, %s%.*s%s%s", r->id,
	    r->run.started_ns == CLOCK_NONE ? "start not known" :
	    clock_format(r->run.started_ns, 0, ts),
	    r->run.commit.n ? "commit " : "commit not known", SLICE_ARG(r->run.commit),
	    r->run.state == RUN_COMPLETE ? "" : ", ",
	    r->run.state == RUN_COMPLETE ? "" : run_state_name(r->run.state));
}

static void
tell_runs(struct app *app, const struct history *h)
{
	size_t from = h->runs > RUNS_TOLD ? h->runs - RUNS_TOLD : 0, unknown = 0, starts = 0;
	bool differ = false;

	if (h->runs == 0) {
		msg_info(&app->msg, "no recorded run; netra-triage sources tells what was read");
		return;
	}
	msg_info(&app->msg, "%zu run%s, the oldest first%s:", h->runs, h->runs == 1 ? "" : "s",
	    from ? "; the newest of them" : "");
	for (size_t i = 0; i < h->runs; i++) {
		const struct run *r = &h->run[i].run;

		if (i >= from)
			tell_run(app, &h->run[i]);
		unknown += r->commit.n == 0;
		starts += r->started_ns == CLOCK_NONE;
		for (size_t k = 0; k < i && !differ; k++)
			differ = r->commit.n && h->run[k].run.commit.n &&
			    !slice_eq(r->commit, h->run[k].run.commit);
	}
	if (h->runs == 1)
		return;
	if (starts)
		msg_note(&app->msg, "runs whose start is not known come first, as they were read");
	if (differ)
		msg_note(&app->msg, "the runs are of different commits: a change may be of "
		    "the code");
	if (unknown)
		msg_note(&app->msg, "the commit of %zu of %zu runs is not known: a change between "
		    "those may be of the code; ingest --label commit=ID tells it", unknown,
		    h->runs);
}

static void
tell_rows(struct app *app, const struct history *h)
{
	if (h->runs == 0)
		return;
	if (h->quiet)
		msg_info(&app->msg, "%" PRIu64 " test%s without a failure or change left out; "
		    "netra-triage tests --history \"*\" has all", h->quiet,
		    h->quiet == 1 ? " is" : "s are");
	msg_info(&app->msg, "P passed, F failed, E error, S skipped, x xfailed, X xpassed, N not "
	    "run, - not in the run; next: netra-triage show tN");
}

static int
load_runs(struct app *app, const struct result_scope *scope, struct arena *a, struct history *h,
    struct err *e)
{
	size_t n = 0;

	if (store_runs_load(app->store, scope->run, scope->runs, a, &h->run, &h->runs, e) == -1)
		return -1;
	for (size_t i = 0; i < h->runs; i++)
		if (h->run[i].run.quality == RUN_RECORDED)
			h->run[n++] = h->run[i];
	h->runs = n;
	if (n)
		qsort(h->run, n, sizeof *h->run, by_start);
	h->place = arena_array(a, n + 1, sizeof *h->place);
	h->cell = arena_array(a, n + 1, sizeof *h->cell);
	for (size_t i = 0; i < n; i++) {
		h->place[i][0] = h->run[i].id;
		h->place[i][1] = (int64_t)i;
	}
	if (n)
		qsort(h->place, n, sizeof *h->place, by_id);
	return 0;
}

int
test_history(struct app *app, const struct result_scope *scope, struct err *e)
{
	static const char *const columns[] = { "history", "change", "nodeid", "runs", "test" };
	struct result_scope all = *scope;
	struct history h = { .limit = scope->limit, .all = scope->pattern.n > 0 };
	struct arena a;
	int rc = -1;

	arena_init(&a);
	buf_init(&h.nodeid, 1 << 20);
	all.limit = 0;
	if (load_runs(app, scope, &a, &h, e) == -1 ||
	    present_open(app, NULL, NULL, &h.present, e) == -1)
		goto out;
	present_head(h.present, columns, sizeof columns / sizeof *columns);
	if (h.runs && store_each_attempt(app->store, &all, attempt, &h, e) == -1) {
		present_abort(h.present);
		goto out;
	}
	if (h.newest_id)
		flush(&h);
	rc = present_close(h.present, NULL, e);
	tell_runs(app, &h);
	tell_rows(app, &h);
out:
	buf_release(&h.nodeid);
	arena_release(&a);
	return rc;
}
