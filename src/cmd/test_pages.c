/* test_pages.c - a run and a result, all that is known of them, for the command show */
#include "config.h"

#include "cmd/test_pages.h"

#include "reason/timing.h"
#include "report/pages.h"
#include "store/results.h"

/* the first rows of a list, and how many there are */
struct gather {
	struct arena *a;
	struct arena scratch;
	struct result_group *group;
	struct result *result;
	struct slice *why;
	size_t n;
	long total;
};

static struct gather
gather_new(struct arena *a)
{
	struct gather g = { .a = a };

	arena_init(&g.scratch);
	g.group = arena_array(a, PAGE_ROWS, sizeof *g.group);
	g.result = arena_array(a, PAGE_ROWS, sizeof *g.result);
	g.why = arena_array(a, PAGE_ROWS, sizeof *g.why);
	return g;
}

static void
own_result(struct arena *a, struct result *r)
{
	r->path = arena_copy(a, r->path);
	r->test.nodeid = arena_copy(a, r->test.nodeid);
	r->test.message = arena_copy(a, r->test.message);
}

static int
group_row(void *ctx, const struct result_group *group, struct err *e)
{
	struct gather *g = ctx;

	(void)e;
	g->total = group->groups;
	g->group[g->n] = *group;
	own_result(g->a, &g->group[g->n].first);
	g->group[g->n].place = arena_copy(g->a, group->place);
	g->n++;
	return 0;
}

static void
put(struct gather *g, const struct result *r, struct slice why)
{
	g->total++;
	if (g->n == PAGE_ROWS)
		return;
	g->result[g->n] = *r;
	own_result(g->a, &g->result[g->n]);
	g->why[g->n++] = arena_copy(g->a, why);
}

static int
result_row(void *ctx, const struct result *r, struct err *e)
{
	(void)e;
	put(ctx, r, slice_str(NULL));
	return 0;
}

static int
odd_row(void *ctx, const struct result *r, struct err *e)
{
	struct gather *g = ctx;
	struct slice why = reason_timing(r, &g->scratch);

	(void)e;
	if (why.n)
		put(g, r, why);
	arena_reset(&g->scratch);
	return 0;
}

static int
load_lists(struct app *app, struct run_page *p, struct arena *a, struct err *e)
{
	const struct result_scope all = { .run = &p->run->id, .runs = 1 };
	struct result_scope first = all, slowest = all, timed = all, unrun = all;
	struct gather f = gather_new(a), k = gather_new(a), s = gather_new(a), o = gather_new(a),
	    u = gather_new(a);
	int rc;

	first.limit = PAGE_ROWS;
	slowest.limit = PAGE_ROWS / 2;
	timed.short_ns = TIMING_SHORT_NS;
	timed.same = TIMING_SAME;
	timed.share = TIMING_SHARE;
	unrun.outcomes = 1u << TEST_NOT_RUN;
	rc = store_each_group(app->store, &first, GROUP_FAILURES, group_row, &f, e) ||
	    store_each_group(app->store, &first, GROUP_SKIPS, group_row, &k, e) ||
	    store_each_result(app->store, &slowest, RESULTS_SLOWEST, result_row, &s, e) ||
	    store_each_result(app->store, &timed, RESULTS_TIMED, odd_row, &o, e) ||
	    store_each_result(app->store, &unrun, RESULTS_BY_ID, result_row, &u, e) ? -1 : 0;
	p->failure = f.group;
	p->failures = f.n;
	p->failures_total = f.total;
	p->skip = k.group;
	p->skips = k.n;
	p->skips_total = k.total;
	p->slow = s.result;
	p->slows = s.n;
	p->suspicious = o.result;
	p->why = o.why;
	p->suspicions = o.n;
	p->suspicions_total = o.total;
	p->unrun = u.result;
	p->unruns = u.n;
	p->unruns_total = u.total;
	arena_release(&o.scratch);
	return rc;
}

int
test_pages_run(struct app *app, const struct zone *zone, int64_t id, struct doc *d, struct err *e)
{
	struct run_detail detail;
	struct run_page p = { .detail = &detail, .zone = zone };
	struct case_run *run;
	size_t runs;

	if (store_runs_load(app->store, &id, 1, d->arena, &run, &runs, e) == -1)
		return -1;
	if (runs == 0)
		return err_set(e, ERR_ID, "there is no run u%lld", (long long)id);
	p.run = run;
	if (store_run_detail(app->store, id, d->arena, &detail, e) == -1 ||
	    load_lists(app, &p, d->arena, e) == -1)
		return -1;
	run_page(&p, d);
	return 0;
}

int
test_pages_result(struct app *app, const struct zone *zone, int64_t id, struct doc *d,
    struct err *e)
{
	struct result_detail *r = arena_alloc(d->arena, sizeof *r);
	bool found;

	if (store_result_detail(app->store, id, d->arena, &found, r, e) == -1)
		return -1;
	if (!found)
		return err_set(e, ERR_ID, "there is no test t%lld", (long long)id);
	result_page(r, reason_timing(&r->result, d->arena), zone, d);
	return 0;
}
