/*
 * run.h - one execution of a test runner and its results, as readers hand them over.
 *
 * A test that did not run is never a pass (design, law 7): a run that does not
 * end as its format says it must is not "complete". Counts are as printed; -1 =
 * not printed. Slices live until the sink's call returns.
 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include <stdint.h>

#include "base/clock.h"
#include "base/slice.h"

enum run_state { RUN_COMPLETE, RUN_STOPPED, RUN_TRUNCATED, RUN_NOT_RUN, RUN_CRASHED };
enum run_clock { RUN_CLOCK_NONE, RUN_CLOCK_ASSUMED, RUN_CLOCK_DERIVED, RUN_CLOCK_EXACT };
enum run_reconciled { RUN_RECONCILED_YES, RUN_RECONCILED_EXPLAINED, RUN_RECONCILED_NO,
	RUN_RECONCILED_UNKNOWN };
enum test_outcome { TEST_PASSED, TEST_FAILED, TEST_ERROR, TEST_SKIPPED, TEST_XFAILED,
	TEST_XPASSED, TEST_NOT_RUN };
enum run_quality { RUN_RECORDED, RUN_QUOTED };	/* quoted: a document claims it */
enum duration_from { DURATION_NONE, DURATION_FIELD, DURATION_ROW, DURATION_TABLE, DURATION_SUM,
	DURATION_ELAPSED };
enum test_phase { PHASE_NONE, PHASE_COLLECT, PHASE_SETUP, PHASE_CALL, PHASE_TEARDOWN };

struct run {
	struct slice framework;		/* "pytest 8.4.1", "junit" */
	struct slice format;		/* reader that found it: "pytest-reportlog" */
	unsigned fidelity;		/* 0 to 9: which of two formats knows a run better */
	enum run_quality quality;
	int64_t started_ns;		/* CLOCK_NONE if not known */
	enum run_clock clock;
	int64_t duration_ns;		/* CLOCK_NONE if not printed */
	struct slice command, env, commit, host;
	long collected, deselected, selected, passed, failed, errors, skipped, xfailed, xpassed,
	    warnings;
	long exit_code;			/* -1 = not known */
	enum run_state state;
	struct slice state_why;		/* one clause: "stopped after 1 failure" */
	enum run_reconciled reconciled;
	struct slice reconciled_why;
	/*
	 * Totals of what ran the runner, when they differ from the output inside: one
	 * clause that holds both (R28); else empty.
	 */
	struct slice wrapper_why;
	uint64_t line, byte;		/* where the run begins */
};

struct test {
	struct slice nodeid;		/* normalised: "/" in paths, Class::method */
	struct slice printed;		/* as the source has it; empty: the same as nodeid */
	struct slice file;
	struct slice suite;		/* class or suite: "TestCart::TestInner", "shop.CartTest" */
	struct slice params;		/* "a::b - c", inside the brackets of the id */
	unsigned attempt;		/* 1 for the first */
	enum test_outcome outcome;
	enum test_phase phase;		/* the phase that decided the outcome */
	int64_t duration_ns;		/* CLOCK_NONE if not stated */
	enum duration_from duration_from;
	/* why the duration says nothing: "printed as 0.00s"; empty: it says what it says */
	struct slice duration_note;
	int64_t setup_ns, call_ns, teardown_ns;	/* of the phases; CLOCK_NONE if not stated */
	int64_t started_ns;		/* CLOCK_NONE if not known */
	struct slice message;		/* crash message: "AssertionError: ..." or skip reason */
	struct slice detail;		/* traceback text as printed, at most 64 KiB */
	struct slice worker;		/* "gw0" */
	uint64_t line, byte;		/* of the result */
	uint64_t detail_line, detail_byte;	/* of the first line of detail; 0, 0 if none */
};

/*
 * What a run says of the world it ran in. kind is one of: status ("Infrastructure
 * Status" = "UNAVAILABLE"), time, url, environment, command, exit, commit, ci, host,
 * property (of a report). Of the run begun last.
 */
struct run_fact {
	struct slice kind, name, value;
	uint64_t line, byte;
};

/* nothing known: every count -1, every time CLOCK_NONE; readers begin with a copy of these */
extern const struct run run_none;
extern const struct test test_none;

/* text a suite printed: of one test (captured section) or of the run between results */
struct printed {
	struct slice nodeid;		/* empty: of the run */
	struct slice section;		/* "Captured stdout call", "stdout" */
	struct slice text;		/* whole lines, at most 64 KiB; \n ends each */
	uint64_t line, byte;		/* of its first line */
};

const char *run_state_name(enum run_state s);		/* "complete", "not run", ... */
const char *run_clock_name(enum run_clock c);
const char *run_reconciled_name(enum run_reconciled r);	/* "yes", "explained", "no", "unknown" */
const char *run_quality_name(enum run_quality q);	/* "recorded", "quoted" */
/* "", "field" of a report, "row" of the result, "table" of durations, "sum" of phases, "elapsed" */
const char *duration_from_name(enum duration_from f);
const char *test_outcome_name(enum test_outcome o);	/* "passed", "not run", ... */
const char *test_phase_name(enum test_phase p);		/* "", "collect", "setup", ... */

#endif
