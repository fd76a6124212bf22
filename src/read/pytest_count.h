/*
 * pytest_count.h - the lines in which pytest and what runs it state totals.
 *
 * "collected 45 items / 2 errors", "4 workers [45 items]", the final line, short
 * summary entries, exit codes and totals of wrappers. Private to read/.
 */
#ifndef READ_PYTEST_COUNT_H
#define READ_PYTEST_COUNT_H

#include "base/slice.h"
#include "model/run.h"

struct pytest_collected {
	long collected, deselected, selected, errors, skipped;	/* -1 = not printed */
};

struct pytest_final {
	long failed, passed, skipped, deselected, xfailed, xpassed, warnings, errors, rerun;
	long sub_passed, sub_other;	/* "4 subtests passed" */
	long other;			/* outcomes of plugins */
	long collected;			/* of --collect-only, else -1 */
	bool none_ran;			/* "no tests ran", "no tests collected" */
	int64_t duration_ns;
};

/* one line of "short test summary info" */
struct pytest_summary {
	enum test_outcome outcome;
	enum test_phase phase;	/* "ERROR at teardown of id"; else PHASE_NONE */
	bool rerun, sub;	/* RERUN; one subtest of the id */
	struct slice rest;	/* "id - message": see pytest_summary_split() */
};

/* what a script that runs pytest prints under it; -1 = not printed */
struct pytest_wrapper {
	long total, passed, failed, errors, skipped, exit_code;
	uint64_t line;		/* of the first total; set by the caller */
};

bool	pytest_collected(struct slice line, struct pytest_collected *c);
bool	pytest_final(struct slice title, struct pytest_final *f);
/* tests with an outcome, each once; deselected, warnings and reruns are none */
long	pytest_final_tests(const struct pytest_final *f);

bool	pytest_summary(struct slice line, struct pytest_summary *s);
/* the first " - " outside brackets; the whole of `rest` is the id when there is none */
void	pytest_summary_split(struct slice rest, struct slice *id, struct slice *message);

void	pytest_wrapper_init(struct pytest_wrapper *w);
/* reads "EXIT=1", "Exit code: 1", "... (exit code: 1)", "Total Tests: 60", "Passed: 50" */
void	pytest_wrapper_line(struct slice line, struct pytest_wrapper *w);

#endif
