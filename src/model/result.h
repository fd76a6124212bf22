/*
 * result.h - results of tests as the commands tests, runs and show tell them.
 *
 * A result is one row of view `tests`; results of a run are those of all its formats.
 * Slices live until the callback returns, or in the arena that was given.
 */
#ifndef MODEL_RESULT_H
#define MODEL_RESULT_H

#include "model/case_file.h"

#define RESULT_SAMPLES 5

struct result {
	int64_t id, run_id, source_id;
	int64_t signature_id, cause_signature_id, incident_id;	/* 0 = none */
	struct test test;		/* without detail, unless it is the one of a page */
	struct slice path;		/* of its source */
	bool url;			/* it printed an http or https URL */
	struct slice down;		/* its run says that what it tests is not there; or "" */
	long same;	/* passes of its run that state this very duration, this one too */
	long timed;	/* passes of its run of which a duration is stated by a report */
};

/*
 * Failures that share a cause or a shape, or skips that share a reason. Failures of one
 * innermost exception are one group; so are causes that all show in one shape.
 */
struct result_group {
	int64_t key;			/* see group_count() of report/run_page.c; 0: the message */
	int64_t cause_signature_id;	/* that all share; 0: they share the shape of the first */
	long n, runs;			/* results, and runs that have any */
	long passed_later;		/* of n, where a later attempt in the same run passed */
	long groups;			/* of the listing, however many of them are given */
	int64_t id[RESULT_SAMPLES];	/* the first */
	size_t ids;
	int64_t incident_id;		/* of the first; 0 = none */
	struct result first;
	struct slice place;		/* "pkg/file.py:23" where the first was raised; or "" */
};

struct run_place {			/* a source that holds a run, the best format first */
	int64_t source_id;
	struct slice path, format, state, state_why, same_why;
	uint64_t line, byte;
};

struct run_fact_row {
	struct slice kind, name, value, path;
	int64_t source_id;
	uint64_t line;			/* 0: a label that a person gave */
};

/* a run in some detail: what its page tells beside the struct case_run */
struct run_detail {
	const struct run_place *place;
	size_t places;
	const struct run_fact_row *fact;	/* at most RUN_DETAIL_FACTS */
	size_t facts;
	long facts_total;
};

#define RUN_DETAIL_FACTS 100

struct result_link {			/* of the chain, innermost cause first */
	struct slice type, message, place;
};

struct result_output {
	int64_t id;
	struct slice section, text, path;
	uint64_t line;
};

struct result_hit {
	struct slice rule, field, path;
	uint64_t line;			/* 0: of the message, not of what was printed */
};

#define RESULT_OUTPUTS 20		/* sections of a page */
#define RESULT_OUTPUT_BYTES (16 * 1024)	/* of each of them */
#define RESULT_ELSEWHERE 50		/* results of the same test in other runs */

/* one result with everything that hangs on it */
struct result_detail {
	struct result result;		/* with detail */
	struct slice detail_path;
	struct run run;
	const struct result_link *link;
	size_t links;
	const struct result_output *output;	/* what its own run captured of it */
	size_t outputs;
	long outputs_total;
	const struct result *other;	/* other attempts, then other runs, by id */
	size_t others;
	long others_total;
	const int64_t *incident;
	size_t incidents;
	const struct result_hit *hit;	/* at most RESULT_OUTPUTS */
	size_t hits;
	long hits_total;
};

#endif
