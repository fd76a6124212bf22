/*
 * case_file.h - everything a report may say, loaded from the store before it is written.
 *
 * A report knows no SQL; the SQL that stands in a fact node is text for the
 * reader and for the test that runs it. Scope: the sources the report covers.
 * All of it lives in the arena that was given to the loader.
 */
#ifndef MODEL_CASE_FILE_H
#define MODEL_CASE_FILE_H

#include "model/gap.h"
#include "model/incident.h"
#include "model/run.h"
#include "model/source.h"

struct zone;

struct severity_count {
	int severity;
	long n, inferred;
	int64_t first_ns, last_ns;
};

/* records of one service and severity in one source, known ones too */
struct coverage_cell {
	struct slice service;		/* "": they name none */
	int severity;
	long n, inferred;
	int64_t first_ns, last_ns;
};

struct case_repeat {			/* another source that holds records of this one */
	int64_t source_id;
	long n;
};

struct case_bad {			/* a record that could not be read, or is no evidence */
	enum bad_kind kind;
	uint64_t line, byte;
	struct slice reason;
};

struct case_conflict {			/* both texts of an entry that changed after capture */
	int64_t event_id, first_source_id;
	uint64_t line, first_line;
	struct slice first_message, message;
};

#define CASE_BAD 5			/* bad records and conflicts loaded of a source */

struct case_source {
	int64_t id;
	struct slice path, shape, sha256, reader;
	struct slice zone;		/* of times that name none, as --tz said; "" is UTC */
	enum source_kind kind;
	bool partial, in_scope;
	uint64_t bytes;
	struct source_totals totals;
	struct slice note;
	const struct severity_count *severity;	/* logs: by severity, highest first */
	size_t severities;
	const struct slice *service;		/* logs: services seen, sorted */
	size_t services;
	const struct workload *workload;	/* what of all sources is no service */
	size_t workloads;
	const struct gap *gap;			/* as stored, the most important first */
	size_t gaps;
	struct slice encoding, redact, redacted;	/* as in view sources */
	long runs, unfinished, quoted;	/* test runs, those of them without an end, claims */
	/* what it is judged by and its page tells; empty in a worklog: see enum sources_depth */
	struct slice project;			/* when its entries name exactly one */
	const struct coverage_cell *cell;	/* by service, severity */
	size_t cells;
	const struct case_repeat *repeat;	/* by source */
	size_t repeats;
	const struct case_bad *bad;		/* the first */
	size_t bads;
	const struct case_conflict *conflict;	/* the first */
	size_t conflicts;
	struct slice worth;			/* in a few words; cmd fills it for show */
	struct slice pseudo_reason;		/* why most of not_evidence are none */
	uint64_t damaged_bytes;			/* of damaged records of known length */
	bool cut;				/* the input ends inside a record */
	int64_t latency_ns;	/* of its longest request; CLOCK_NONE without requests */
};

/* where a statement stands: enough to print a citation without asking again */
struct cite {
	int64_t event_id, test_id, output_id;
	int64_t source_id;
	struct slice path;
	uint64_t line, byte;
	struct slice insert_id;
	int64_t ts_ns;			/* CLOCK_NONE for test output */
	struct slice quote;	/* the cited bytes of the stored text; whole lines are not added */
	struct slice service, revision, instance, nodeid;
	int status;
	struct slice url, method;
	int64_t latency_ns;
};

struct case_member {
	enum member_role role;
	enum member_basis basis;
	long occurrence;
	struct slice rule;
	struct cite cite;
};

struct role_count {
	enum member_role role;
	enum member_basis basis;
	long n;				/* members */
	long occurrences;		/* distinct occurrences among them */
};

#define CASE_SAMPLES 5			/* members loaded for each role and basis: the earliest */

struct case_why {
	struct why why;
	struct cite cite[3];
	size_t cites;
};

struct case_incident {
	int64_t id;			/* i1 */
	struct incident incident;	/* without member and why arrays */
	const struct case_member *member;	/* samples, by role, basis, time */
	size_t members;
	const struct role_count *count;
	size_t counts;
	const struct case_why *why;
	size_t whys;
	bool in_scope;			/* at least one member is of a source in scope */
	bool partly_in_scope;		/* and at least one is not */
};

struct case_test {
	int64_t id;
	struct slice nodeid, message;
	enum test_outcome outcome;
	enum test_phase phase;
	int64_t duration_ns;
	int64_t incident_id;		/* 0 = none */
	uint64_t line, byte;
	bool passed_later;		/* a later attempt of the same run did */
};

struct case_run {
	int64_t id, source_id;
	struct run run;
	struct slice formats;		/* "junit, pytest": all it was read in, the best first */
	struct slice path;		/* of source_id, which a scope may not hold */
	long rows[7];			/* test rows by enum test_outcome */
	long last[7];			/* tests by the outcome of their last attempt */
	long reruns;			/* rows that are not the last attempt of their test */
	const struct case_test *failed;	/* failed and error, at most CASE_TESTS */
	size_t faileds;
	long failed_total;
};

#define CASE_TESTS 200

struct case_evidence {			/* supports or refutes of a fired finding */
	struct slice relation;		/* "for", "against" */
	enum strength strength;
	struct slice rule, says;
	long count;
	struct cite cite;		/* the first hit */
};

struct case_hypothesis {
	int64_t id;
	struct slice name, title, class_name, issue, verdict;	/* verdict "" = not judged yet */
	enum priority priority;
	const struct case_evidence *evidence;
	size_t evidences;
};

struct case_diag {
	struct slice name, level, text, detail, path;
	uint64_t line, col, byte;
	long n;	/* how many of this name in this source; detail is of the first */
	int64_t source_id;
};

struct case_file {
	int64_t now_ns;
	struct slice command;		/* as typed, for the header */
	struct slice scope_text;	/* "the latest ingest (2 sources: s1, s2)" */
	struct slice environment;	/* --env or the project ids seen; "" unknown */
	struct slice project;		/* when entries in scope name exactly one; else "" */
	struct slice version, db_path;
	const struct zone *zone;	/* to tell times in, beside UTC; or NULL. Borrowed */
	bool stale;			/* rules changed since the last evaluation */
	bool since_set, until_set;
	int64_t since_ns, until_ns;
	/* SQL list of the source ids in scope, for facts: "1, 2" */
	struct slice source_list;
	const struct case_source *source;	/* by id; all that are in scope */
	size_t sources;
	const struct case_incident *incident;	/* by rank: the top problem first */
	size_t incidents;
	const struct case_run *run;		/* by id, in scope */
	size_t runs;
	const struct case_run *quoted;		/* by id, in scope: claims of documents */
	size_t quoteds;
	const struct case_hypothesis *hypothesis;	/* by priority, name */
	size_t hypotheses;
	const struct case_diag *diag;
	size_t diags;
	long findings_fired, rules_clear, rules_not_evaluated, rules_inconclusive;
	int64_t first_ns, last_ns;		/* of log entries in scope; CLOCK_NONE if none */
	long entries;				/* log entries in scope */
};

#endif
