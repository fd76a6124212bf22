/*
 * run.c - the words for the states of runs and tests, as views and reports print them.
 */
#include "config.h"

#include "model/run.h"

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
