/*
 * results.h - test results and runs, as the commands tests, runs and show ask for them.
 *
 * A run is asked for by the id that the views have for it: store_run_alias(). Nothing is
 * kept in memory while rows are given; SQLite sorts in its own bounded cache. cmd
 * includes this header. All functions return 0 or -1 with *e set.
 */
#ifndef STORE_RESULTS_H
#define STORE_RESULTS_H

#include "model/result.h"
#include "store/store.h"

struct result_scope {
	const int64_t *run;		/* runs 0: all recorded ones */
	size_t runs;
	/*
	 * With * and ? it has to match the whole id as normalised, or as printed; without
	 * it is looked for in them. Empty: all. ASCII case counts.
	 */
	struct slice pattern;
	bool exact;			/* pattern is an id, whatever is in it */
	unsigned outcomes;		/* 1u << enum test_outcome, or 0 for all */
	uint64_t limit;			/* 0 = none */
	int64_t short_ns;		/* of RESULTS_TIMED */
	long same, share;
};

enum result_order {
	RESULTS_BY_ID,
	RESULTS_SLOWEST,		/* those of which a duration is known */
	/*
	 * With url, same and timed: passes that took less than short_ns, or that state the
	 * same duration as `same` of their run and one in `share` of those that are timed;
	 * behind them those with a note on their duration. Both by id.
	 */
	RESULTS_TIMED
};

/* outcomes as the scope says; a row of struct result */
typedef int store_result_fn(void *ctx, const struct result *r, struct err *e);
int	store_each_result(struct store *st, const struct result_scope *scope,
	    enum result_order order, store_result_fn *fn, void *ctx, struct err *e);

/* failures (failed, error) by cause, else by shape; skips by reason: the most of them first */
enum result_grouping { GROUP_FAILURES, GROUP_SKIPS };
typedef int store_group_fn(void *ctx, const struct result_group *g, struct err *e);
int	store_each_group(struct store *st, const struct result_scope *scope,
	    enum result_grouping by, store_group_fn *fn, void *ctx, struct err *e);

/* every attempt of every test: by id, run, attempt; test has nodeid, attempt, outcome only */
int	store_each_attempt(struct store *st, const struct result_scope *scope,
	    store_result_fn *fn, void *ctx, struct err *e);

/* runs by id; n 0: all, quoted ones too. In the arena */
int	store_runs_load(struct store *st, const int64_t *id, size_t n, struct arena *a,
	    struct case_run **run, size_t *runs, struct err *e);
int	store_run_detail(struct store *st, int64_t id, struct arena *a, struct run_detail *d,
	    struct err *e);
/* found false: there is no such result */
int	store_result_detail(struct store *st, int64_t id, struct arena *a, bool *found,
	    struct result_detail *d, struct err *e);

#endif
