/*
 * twin.h - what tells whether two runs are one run in two formats.
 */
#ifndef MODEL_TWIN_H
#define MODEL_TWIN_H

#include "model/run.h"

struct twin_run {
	int64_t id, source_id;
	struct slice format;
	unsigned fidelity;		/* the higher one is the run, the others fill it */
	enum run_quality quality;
	int64_t started_ns, duration_ns;	/* CLOCK_NONE if not known */
	enum run_clock clock;
	int64_t digest;			/* of ids and outcomes; 0: nothing ran */
	bool digested;
};

/* one result; sorted by id, then from the last attempt back */
struct twin_result {
	int64_t id;
	struct slice nodeid, message;
	unsigned from_last;		/* 0: the last attempt */
	enum test_outcome outcome;
	int64_t duration_ns, call_ns;	/* CLOCK_NONE if not known */
	bool exact;			/* duration_ns is more than what a console prints */
};

#endif
