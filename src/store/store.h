/*
 * store.h - the SQLite database: the only folder that knows SQL.
 *
 * Tables are private, the views of netra-triage-schema(7) are public. Writes of
 * one source go in batches under BEGIN IMMEDIATE; a source is `partial` until
 * store_source_end() and is left out of evaluation as long as it is; its counts
 * are those of the batches that were committed. A store is used by one thread. cmd
 * includes this header. All functions return 0 or -1 with *e set.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"
#include "model/case_file.h"
#include "model/entry.h"
#include "model/evidence.h"
#include "model/exception.h"
#include "model/run.h"
#include "model/twin.h"
#include "model/source.h"

struct store;				/* opaque */

/* ---- opening ---- */

enum store_mode {
	STORE_READ,		/* must exist; nothing can be written, nothing is migrated */
	STORE_WRITE,		/* must exist; missing migrations are run */
	STORE_CREATE		/* made (0600, folder 0700) if it is not there */
};

int	store_open(const char *path, enum store_mode mode, struct store **st, struct err *e);
void	store_close(struct store *st);
bool	store_is_new(const struct store *st);	/* STORE_CREATE made it */

/* ---- the key of keyed hashes ---- */

/*
 * Random, made when it is first asked for and never changed: tokens of redaction and
 * the identity of entries hang on it. No view shows it and query cannot read it.
 */
#define STORE_KEY 32
int	store_redact_key(struct store *st, unsigned char key[STORE_KEY], struct err *e);

/* ---- writing a source ---- */

struct source_new {
	const char *path;		/* as given; "-" for stdin */
	enum source_kind kind;
	const char *reader;
};

/* a partial source of the same path is removed first: its reading was interrupted */
int	store_source_begin(struct store *st, const struct source_new *s, int64_t *id,
	    struct err *e);

struct source_done {
	const char *shape, *compression, *sha256;
	const char *encoding;		/* "utf-16le"; "" or NULL: UTF-8 */
	const char *zone;		/* name given for times without one; "" or NULL: UTC */
	const char *redact;		/* "off", "pii", "secrets", "all"; NULL: not stated */
	uint64_t bytes;			/* as stored */
	bool lossy;			/* copied into totals */
	bool plain;			/* it has entries that are known by their source */
	struct source_totals totals;
	bool damaged;			/* any damage or limit diagnostic */
	/* set by store_source_end(): records of this source keep a text that was stored
	 * before with another value of `redact`, which is named here; else "" */
	char kept_redact[12];
};

/*
 * Marks it complete. When a complete source with the same sha256 is there and this
 * reading added nothing, the new row is dropped, *id is set to the old one and totals
 * are turned into known records. When it did add entries (other limits, a newer
 * reader), or read times that name no zone in another one, it takes the old one's place.
 * Entries of plain text are always added: there the same reader has to find as many
 * records in the same span.
 */
int	store_source_end(struct store *st, int64_t *id, struct source_done *done, struct err *e);

int	store_batch_begin(struct store *st, struct err *e);
int	store_batch_commit(struct store *st, struct err *e);
void	store_batch_rollback(struct store *st);

/* PUT_LACKED: known, and this source lacks the payload that another gave; counted as filled */
enum put_outcome { PUT_ADDED, PUT_KNOWN, PUT_FILLED, PUT_LACKED, PUT_CONFLICT };

struct event_sign {
	struct slice template;		/* masked message; may be empty */
	int64_t template_id;		/* 0 = none */
	bool trace_part;	/* holds a traceback, a piece of one or a connecting sentence */
	bool open_end;		/* ends inside a construct that the next entry may close */
	struct entry_identity identity;
};

/*
 * Identity by law 11, from sign->identity; the payload itself is not stored. An entry of
 * a source that lost fields is no witness of what was altered: another text than the known
 * one is no conflict, and the text of a source that lost none takes its place
 * (PUT_FILLED). *id is the event's id for every outcome. Without insertId the ordinal
 * among equals of this source takes part; the store keeps it.
 */
int	store_event_put(struct store *st, int64_t source_id, const struct entry *entry,
	    const struct event_sign *sign, enum put_outcome *outcome, int64_t *id, struct err *e);
int	store_bad_put(struct store *st, int64_t source_id, const struct bad_record *bad,
	    struct err *e);
/* how many texts of a kind were replaced before they were stored */
int	store_redaction_put(struct store *st, int64_t source_id, const char *kind, uint64_t n,
	    struct err *e);
/* at most 1000 kept per source and code; all are counted */
int	store_diag_put(struct store *st, int64_t source_id, const struct diag *d, struct err *e);
int	store_run_begin(struct store *st, int64_t source_id, const struct run *run, int64_t *id,
	    struct err *e);
int	store_run_end(struct store *st, int64_t run_id, const struct run *run, struct err *e);
/* 1: a result of this id and attempt is there that is no better, and stays; *id is its id */
int	store_test_put(struct store *st, int64_t run_id, const struct test *test,
	    struct slice signature, int64_t signature_id, int64_t *id, struct err *e);
int	store_output_put(struct store *st, int64_t run_id, const struct printed *output,
	    int64_t *id, struct err *e);
/*
 * What a run says of its world. What it says again is kept once, and at most RUN_FACTS
 * of a kind.
 */
#define RUN_FACTS 64
int	store_run_fact_put(struct store *st, int64_t run_id, const struct run_fact *fact,
	    struct err *e);
/* the exception that a test ended with; x names no events */
struct exception_row;
int	store_test_exception_put(struct store *st, int64_t test_id, const struct exception_row *x,
	    struct err *e);
/* what a person says of a source; "commit", "env" and "command" outrank what its runs say */
int	store_source_label_put(struct store *st, int64_t source_id, struct slice name,
	    struct slice value, struct err *e);
/*
 * One run in several formats (twins.c): marks are derived, and set again by each
 * evaluation. Runs of complete sources that have a format; results of one, sorted.
 */
int	store_twins_clear(struct store *st, struct err *e);
int	store_twins_load(struct store *st, struct arena *a, struct twin_run **run, size_t *runs,
	    struct err *e);
int	store_twin_results(struct store *st, struct arena *a, int64_t run_id,
	    struct twin_result **result, size_t *results, struct err *e);
/* `run_id` is best_id in another format, the rank-th of them, best first from 1 */
int	store_twin_put(struct store *st, int64_t run_id, int64_t best_id, unsigned rank,
	    struct slice why, struct err *e);
int	store_twin_result_put(struct store *st, int64_t test_id, int64_t best_id, unsigned rank,
	    struct err *e);
/* the id that views have for it; unchanged when it is its own, or unknown */
int	store_run_alias(struct store *st, int64_t *run_id, struct err *e);
int	store_test_alias(struct store *st, int64_t *test_id, struct err *e);
/* hits of event, request and test rules, while reading or during scan */
int	store_hit_put(struct store *st, int64_t source_id, const struct hit *hit, struct err *e);
int	store_ingest_note(struct store *st, const int64_t *source_id, size_t n, struct err *e);
/* remove a source and all that came from it; events that other sources hold too are kept */
struct forget_counts {
	uint64_t events, kept, runs, tests;
};
int	store_source_forget(struct store *st, int64_t id, struct forget_counts *counts,
	    struct err *e);

/* ---- stored records again, for scan ---- */

typedef int store_entry_fn(void *ctx, int64_t event_id, int64_t source_id,
	    const struct entry *entry, struct err *e);
typedef int store_test_fn(void *ctx, int64_t test_id, int64_t source_id,
	    const struct test *test, const struct run *run, struct err *e);
typedef int store_output_fn(void *ctx, int64_t output_id, int64_t test_id, int64_t source_id,
	    const struct printed *output, const struct run *run, struct err *e);
int	store_each_entry(struct store *st, store_entry_fn *fn, void *ctx, struct err *e);
int	store_each_test(struct store *st, store_test_fn *fn, void *ctx, struct err *e);
int	store_each_output(struct store *st, store_output_fn *fn, void *ctx, struct err *e);
int	store_hits_clear(struct store *st, struct err *e);	/* inside a batch */

/* ---- evaluation: one transaction ---- */

int	store_eval_begin(struct store *st, struct err *e);	/* drops all derived rows */
int	store_eval_commit(struct store *st, const char *rules_hash, struct err *e);
void	store_eval_rollback(struct store *st);
/* is the stored evaluation of these rules and of all complete sources? */
int	store_eval_stale(struct store *st, const char *rules_hash, bool *stale, struct err *e);
int	store_rules_put(struct store *st, const struct rule_set *rs, struct err *e);

struct trace_part {
	int64_t event_id, ts_ns;
	struct slice instance, log, message, service, revision;
};
typedef int store_part_fn(void *ctx, const struct trace_part *p, struct err *e);
/*
 * Trace parts of complete sources by instance, log, time, id. A message that was
 * split is one part with the joined text and the id of its first entry.
 */
int	store_each_trace_part(struct store *st, store_part_fn *fn, void *ctx, struct err *e);

struct exception_row {
	const int64_t *event_id;	/* parts; the first gives the exception its id */
	size_t events;
	int64_t ts_ns;
	const struct fact_link *link;	/* innermost first */
	size_t links;
	struct slice cause_text;
	int64_t cause_signature_id;
	int64_t quote_event_id;
	uint32_t quote_start, quote_end;
};
/* parts and quote may be those of a split message: they are stored as its entries */
int	store_exception_put(struct store *st, const struct exception_row *x, struct err *e);

/* pieces of entries that were split, of complete sources, by uid, index, id */
struct split_row {
	int64_t event_id, index, total;	/* total 0 = not stated */
	struct slice uid, message;
	struct slice redact;		/* mode its source was read with; empty = off */
	bool text;			/* text or JSON: its message is what was split */
};
typedef int store_split_fn(void *ctx, const struct split_row *row, struct err *e);
int	store_each_split(struct store *st, store_split_fn *fn, void *ctx, struct err *e);

/* an entry that ends inside a construct, and those of its origin within gap_ns behind it */
struct cut_row {
	int64_t event_id, ts_ns;
	struct slice message, redact;	/* redact as in struct split_row */
	bool tag_open, tag_closed;
	bool own;			/* states a level or is structured: begins a message */
};
typedef int store_cut_fn(void *ctx, const struct cut_row *first, const struct cut_row *next,
	    size_t n, struct err *e);
#define CUT_NEXT 16			/* entries looked at */
int	store_each_cut(struct store *st, int64_t gap_ns, store_cut_fn *fn, void *ctx,
	    struct err *e);

struct message_row {
	const char *kind, *connector;	/* connector may be NULL */
	struct slice text;
	const int64_t *event_id;	/* parts; the first gives the message its id */
	const size_t *start, *stop;	/* of each, bytes of text */
	size_t parts;
	int64_t total;			/* 0 = not known */
	bool complete;
	bool trace;			/* the parts of a traceback are read as this text */
};
int	store_message_put(struct store *st, const struct message_row *m, struct err *e);

/* hits of rules that are in rs; the arena owns everything */
int	store_evidence_load(struct store *st, const struct rule_set *rs, struct arena *a,
	    struct evidence_set *set, struct err *e);
int	store_findings_put(struct store *st, const struct finding *f, size_t n, struct err *e);
/* ids are kept for known keys, new ones for the rest; also writes hypotheses and evidence */
int	store_incidents_put(struct store *st, const struct incident *i, size_t n, struct err *e);
/* the time of every entry, ascending; once for each source that holds the entry */
typedef int store_time_fn(void *ctx, int64_t source_id, struct slice service, int64_t ts_ns,
	    struct err *e);
int	store_each_time(struct store *st, store_time_fn *fn, void *ctx, struct err *e);
int	store_gaps_put(struct store *st, int64_t source_id, const struct gap *gap, size_t n,
	    struct err *e);
int	store_hypotheses_put(struct store *st, const struct rule_set *rs, struct err *e);

/* ---- reading for reports and commands ---- */

struct scope {
	bool all, latest;		/* latest: the sources of the last ingest */
	const int64_t *source_id;	/* else these */
	size_t sources;
	int64_t since_ns, until_ns;	/* CLOCK_NONE = open */
};
int	store_case_load(struct store *st, const struct scope *scope, struct arena *a,
	    struct case_file *c, struct err *e);
/* the sources of a case and nothing else; id 0: all */
enum sources_depth {
	SOURCES_GAPS,		/* as in store_case_load() */
	SOURCES_PAGE,		/* and cells, bad, conflict, pseudo_reason, damaged_bytes, cut */
	SOURCES_JUDGE		/* and project, repeat, latency_ns: passes over all entries */
};
int	store_sources_load(struct store *st, int64_t id, enum sources_depth depth, struct arena *a,
	    struct case_file *c, struct err *e);

/* sources whose reading was interrupted (law 10), by id */
typedef int store_partial_fn(void *ctx, int64_t source_id, const char *path, struct err *e);
int	store_each_partial(struct store *st, store_partial_fn *fn, void *ctx, struct err *e);

/* ---- SQL ---- */

enum cell_type { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BLOB };
struct cell {
	enum cell_type type;
	int64_t i;
	double r;
	struct slice text;
};
struct rows {				/* where rows go; calls return 0, or 1 to stop */
	void *ctx;
	int (*head)(void *ctx, const char *const *name, size_t n);
	int (*row)(void *ctx, const struct cell *cell, size_t n);
};
struct query_limits {
	int64_t timeout_ns;		/* 5 s; 0 = none */
	uint64_t rows;			/* 0 = none */
};
struct query_param {
	const char *name;		/* without the colon */
	const char *value;
};
/*
 * One read-only statement of a person. ERR_SQL with place, caret and "did you mean";
 * refused: writes, ATTACH, PRAGMA, functions that are not on the list.
 */
int	store_query(struct store *st, struct slice sql, const struct query_param *param,
	    size_t params, const struct query_limits *lim, const struct rows *rows,
	    struct err *e);
/* a statement of ours, over the views; same row sink */
int	store_rows(struct store *st, const char *sql, const int64_t *bind, size_t binds,
	    const struct rows *rows, struct err *e);
/* every public view: name, comment, then its columns and their comments */
typedef int store_view_fn(void *ctx, const char *view, const char *column, const char *comment);
int	store_views(store_view_fn *fn, void *ctx);	/* column NULL: the view itself */

#endif
