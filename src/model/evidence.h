/*
 * evidence.h - what the reasoning looks at: the small part of an evidence set
 * that can matter for incidents, as plain arrays.
 *
 * The store fills it (events with a hit, of severity ERROR and above, with
 * status >= 500, or part of an exception), reason/ reads it. Everything lives in
 * one arena. Arrays are sorted as stated, so that the same evidence gives the
 * same incidents whatever the order of ingest.
 */
#ifndef MODEL_EVIDENCE_H
#define MODEL_EVIDENCE_H

#include <stdint.h>

#include "base/err.h"
#include "model/finding.h"
#include "model/run.h"

struct fact_event {
	int64_t id, source_id;
	int64_t ts_ns, end_ns;		/* end: start + latency for requests, else ts */
	int severity;
	int status;			/* 0: no httpRequest */
	int64_t signature_id;
	struct slice service, revision, instance, trace, log, project;
	struct slice message;		/* first line, at most 400 bytes */
};

struct fact_link {			/* one link of an exception chain */
	struct slice type, message, place;	/* place "pkg/file.py:23" */
};

struct fact_exception {
	const struct fact_event *event;	/* its first part */
	const int64_t *event_id;	/* all parts */
	size_t events;
	int64_t ts_ns;
	const struct fact_link *link;	/* innermost cause first, as printed */
	size_t links;
	int64_t cause_signature_id;
	struct slice cause_text;
	int64_t quote_event_id;		/* where the innermost link's "Type: message" stands ... */
	uint32_t quote_start, quote_end;	/* ... and its bytes there; 0, 0 if not found */
};

struct fact_run {
	int64_t id, source_id;
	enum run_state state;
	struct slice framework;
};

struct fact_test {			/* failed or error */
	int64_t id, source_id;
	const struct fact_run *run;
	struct slice nodeid, message;
	enum test_outcome outcome;
	enum test_phase phase;
	int64_t signature_id;
	struct slice signature;		/* text of the failure signature */
};

struct fact_hit {
	const struct rule *rule;
	const struct fact_event *event;		/* or NULL */
	const struct fact_exception *exception;	/* for rules of exceptions, else NULL */
	const struct fact_test *test;		/* or NULL; lines inside a test have it too */
	int64_t test_id, output_id;
	int64_t source_id;
	uint64_t line, byte;
	uint32_t start, end;
	bool limit;
	const struct capture *capture;
	size_t captures;
};

struct evidence_set {
	const struct fact_event *event;		/* by id */
	size_t events;
	const struct fact_exception *exception;	/* by first event id */
	size_t exceptions;
	const struct fact_hit *hit;		/* by rule name, then time or line, then id */
	size_t hits;
	const struct fact_run *run;		/* by id */
	size_t runs;
	const struct fact_test *test;		/* by id */
	size_t tests;
	/* any source of that kind: else "not evaluated" */
	bool have_entries, have_requests, have_tests;
	/* newest entry of any source: what an open interval is cut by; CLOCK_NONE if none */
	int64_t last_ns;
	/* time of the first stored entry of `instance` later than after_ns; CLOCK_NONE if none */
	int (*first_after)(void *ctx, struct slice instance, int64_t after_ns, int64_t *ts_ns,
	    struct err *e);
	/* how many requests, whatever their status, ran on `instance` at ts_ns */
	int (*running)(void *ctx, struct slice instance, int64_t ts_ns, long *n, struct err *e);
	void *ctx;
};

/* a rule that fired (or did not) for one group */
struct finding {
	const struct rule *rule;
	enum finding_outcome outcome;
	struct slice group_key;			/* "service=checkout-api revision=..." or "" */
	long count;
	int64_t first_ns, last_ns;		/* CLOCK_NONE for test output */
	struct slice says;			/* filled for outcome fired */
	struct slice why;			/* filled for the other outcomes */
	const struct fact_hit *const *hit;	/* in time order */
	size_t hits;
};

#endif
