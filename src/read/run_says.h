/*
 * run_says.h - what a suite, or what runs it, prints about its world.
 *
 *	status		Infrastructure Status: UNAVAILABLE	Docker is not available
 *	time		Time: 2025-09-14 08:32:48		Started at 2025-09-14T08:32:48Z
 *	url		BASE_URL=https://x.example		Testing against: https://x.example
 *	environment	Environment: staging			Running against staging
 *	command		$ pytest -v				Running command: pytest -v
 *	exit		EXIT=1	exit code: 1	##[error]Process completed with exit code 1.
 *	commit		GITHUB_SHA=0123abc	Commit: 0123abc	HEAD is now at 0123abc subject
 *	ci		GITHUB_RUN_ID=17	BUILD_NUMBER: 3
 *	host		Hostname: runner-1	Runner name: 'GitHub Actions 2'
 *
 * A line counts when it is one such statement as a whole: blanks, bullets and symbols
 * may stand before it, a remark in brackets behind it. Prose, lines of logs, JSON,
 * assertions and their diffs are none. Takes linear time. Private to read/ and cmd/.
 */
#ifndef READ_RUN_SAYS_H
#define READ_RUN_SAYS_H

#include "model/run.h"

#define RUN_SAYS_VALUE 400	/* bytes of a value; what is longer is cut */
#define RUN_SAYS_LINE 4096	/* longer lines say nothing */
#define RUN_SAYS_FACTS 64	/* of a kind that are worth keeping of one run: the caller counts */
#define RUN_SAYS_KINDS 9

/* the slices of the fact live until it returns; not 0 ends the scan */
typedef int run_says_fn(void *ctx, const struct run_fact *fact);

/*
 * Whole lines without colour codes; `line` and `byte` are those of the first. A fact has
 * those of its line. Returns 0, or what fn returned to end it.
 */
int	run_says_scan(struct slice text, uint64_t line, uint64_t byte, run_says_fn *fn, void *ctx);
/* the place of a kind among RUN_SAYS_KINDS, or RUN_SAYS_KINDS when it is another one */
unsigned run_says_kind(struct slice kind);
/* does this command run tests? "pytest -v", "ENV=x npx jest", "go test ./..." */
bool	run_says_is_test_command(struct slice command);

#endif
