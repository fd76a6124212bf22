/*
 * run.c - the words for the states of runs and tests, as views and reports print them.
 */
#include "config.h"

#include "model/run.h"

const struct run run_none = {
	.started_ns = CLOCK_NONE, .duration_ns = CLOCK_NONE,
	.collected = -1, .deselected = -1, .selected = -1, .passed = -1, .failed = -1,
	.errors = -1, .skipped = -1, .xfailed = -1, .xpassed = -1, .warnings = -1,
	.exit_code = -1, .state = RUN_TRUNCATED, .reconciled = RUN_RECONCILED_UNKNOWN,
};

const struct test test_none = {
	.attempt = 1, .outcome = TEST_NOT_RUN, .duration_ns = CLOCK_NONE, .setup_ns = CLOCK_NONE,
	.call_ns = CLOCK_NONE, .teardown_ns = CLOCK_NONE, .started_ns = CLOCK_NONE,
};

const char *
run_state_name(enum run_state s)
{
	switch (s) {
	case RUN_COMPLETE:
		return "complete";
	case RUN_STOPPED:
		return "stopped";
	case RUN_TRUNCATED:
		return "truncated";
	case RUN_NOT_RUN:
		return "not run";
	case RUN_CRASHED:
		return "crashed";
	}
	return "unknown";
}

const char *
run_clock_name(enum run_clock c)
{
	switch (c) {
	case RUN_CLOCK_NONE:
		return "none";
	case RUN_CLOCK_ASSUMED:
		return "assumed";
	case RUN_CLOCK_DERIVED:
		return "derived";
	case RUN_CLOCK_EXACT:
		return "exact";
	}
	return "unknown";
}

const char *
run_reconciled_name(enum run_reconciled r)
{
	switch (r) {
	case RUN_RECONCILED_YES:
		return "yes";
	case RUN_RECONCILED_EXPLAINED:
		return "explained";
	case RUN_RECONCILED_NO:
		return "no";
	case RUN_RECONCILED_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}

const char *
test_outcome_name(enum test_outcome o)
{
	switch (o) {
	case TEST_PASSED:
		return "passed";
	case TEST_FAILED:
		return "failed";
	case TEST_ERROR:
		return "error";
	case TEST_SKIPPED:
		return "skipped";
	case TEST_XFAILED:
		return "xfailed";
	case TEST_XPASSED:
		return "xpassed";
	case TEST_NOT_RUN:
		return "not run";
	}
	return "unknown";
}

const char *
test_phase_name(enum test_phase p)
{
	switch (p) {
	case PHASE_NONE:
		return "";
	case PHASE_COLLECT:
		return "collect";
	case PHASE_SETUP:
		return "setup";
	case PHASE_CALL:
		return "call";
	case PHASE_TEARDOWN:
		return "teardown";
	}
	return "unknown";
}

const char *
run_quality_name(enum run_quality q)
{
	return q == RUN_QUOTED ? "quoted" : "recorded";
}

const char *
duration_from_name(enum duration_from f)
{
	switch (f) {
	case DURATION_NONE:
		return "";
	case DURATION_FIELD:
		return "field";
	case DURATION_ROW:
		return "row";
	case DURATION_TABLE:
		return "table";
	case DURATION_SUM:
		return "sum";
	case DURATION_ELAPSED:
		return "elapsed";
	}
	return "unknown";
}
