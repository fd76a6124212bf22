/*
 * db.h - the handle, its statements, and what every file of store/ needs.
 *
 * Private to store/. Each file names its statements in an enum and a const table,
 * a `struct sql_group`; prepared statements are kept in the handle until it is
 * closed. A statement that is asked for is reset and has no bindings.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/store.h"

enum group_id {
#define GROUP(id, name) GROUP_##id,
#include "store/group_list.h"
#undef GROUP
	GROUPS
};

struct sql_group {
	enum group_id id;
	const char *const *text;
	size_t n;
};

#define GROUP(id, name) extern const struct sql_group name;
#include "store/group_list.h"
#undef GROUP

const struct sql_group *sql_group_at(enum group_id id);

/* records of one origin and severity that wait to be added to source_coverage */
struct coverage {
	int64_t source_id, origin_id;
	int severity;
	int64_t n, inferred, first_ns, last_ns;
};

#define COVERAGE_ROOM 256

/* records that wait to be added to the counts of a source; of a run's, run_id tells which */
struct tally {
	int64_t source_id, run_id;	/* one of them is 0 */
	int64_t added, known, filled, conflicts, damaged, not_evidence;
	int64_t first_ns, last_ns;	/* CLOCK_NONE if none has a time */
};

#define TALLY_ROOM 8

struct intern;				/* origin.c: ids of texts and origins seen lately */
struct query_names;			/* query.c: what a person may not name */
struct matcher;

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	bool is_new;
	sqlite3_stmt **stmt[GROUPS];	/* by group, then by number */
	struct intern *intern;
	struct coverage coverage[COVERAGE_ROOM];
	size_t coverages;
	struct tally tally[TALLY_ROOM];
	size_t tallies;
	struct matcher *matcher;	/* scratch of regexp() */
	struct query_names *names;	/* NULL until the first query */
	bool own;			/* a function of ours runs its statement inside a query */
};

/* ---- statements ---- */

int	db_stmt(struct store *st, const struct sql_group *g, unsigned which, sqlite3_stmt **s,
	    struct err *e);
/* 1 a row, 0 no more rows (the statement is reset), -1 an error (reset too) */
int	db_row(struct store *st, sqlite3_stmt *s, struct err *e);
int	db_run(struct store *st, sqlite3_stmt *s, struct err *e);	/* for its effect */
/* get, bind up to two integers, run */
int	db_do(struct store *st, const struct sql_group *g, unsigned which, const int64_t *bind,
	    size_t binds, struct err *e);
/* one integer; `none` if there is no row or it is NULL */
int	db_int(struct store *st, const struct sql_group *g, unsigned which, int64_t *value,
	    int64_t none, struct err *e);
int	db_exec(struct store *st, const char *sql, struct err *e);
/* *e from the connection's last error; returns -1 */
int	db_error(struct store *st, struct err *e);
int	db_error_of(const char *path, int rc, const char *text, struct err *e);

/* slices are borrowed until the statement is run; the empty slice and CLOCK_NONE are NULL */
void	db_bind_text(sqlite3_stmt *s, int at, struct slice text);
void	db_bind_text_or_empty(sqlite3_stmt *s, int at, struct slice text);
void	db_bind_str(sqlite3_stmt *s, int at, const char *text);
void	db_bind_time(sqlite3_stmt *s, int at, int64_t ns);
void	db_bind_id(sqlite3_stmt *s, int at, int64_t id);		/* 0 is NULL */
void	db_bind_count(sqlite3_stmt *s, int at, int64_t n);		/* negative is NULL */

/* columns; slices are valid until the next step */
struct slice db_text(sqlite3_stmt *s, int at);
struct slice db_copy(struct arena *a, sqlite3_stmt *s, int at);
/*
 * Rows are gathered in an array on the heap and moved into the arena when it is
 * whole; NULL if it is empty. Frees item.
 */
void	*db_keep(struct arena *a, void *item, size_t n, size_t size);
int64_t	db_time(sqlite3_stmt *s, int at);
int64_t	db_count(sqlite3_stmt *s, int at);			/* NULL is -1 */

/* ---- transactions ---- */

/* begins one unless a batch is open; *own tells db_tx_end() to finish it */
int	db_tx_begin(struct store *st, bool *own, struct err *e);
/* commits when rc is 0, else rolls back; returns rc, or -1 when the commit fails */
int	db_tx_end(struct store *st, bool own, int rc, struct err *e);
bool	db_in_tx(struct store *st);

/* ---- schema (migrate.c) ---- */

#define STORE_APPLICATION_ID 0x4e545241		/* "NTRA" */

struct schema_file {
	const char *name;
	int version;
	const unsigned char *sql;
	size_t n;
};

const struct schema_file *schema_at(size_t i);		/* NULL past the last */
int	schema_check(struct store *st, struct err *e);	/* is it ours, and can we read it? */
int	schema_migrate(struct store *st, struct err *e);

/* ---- shared between files ---- */

/* the event `e` is held by a source that was read to its end */
#define SQL_COMPLETE(e) "(" e ".source_id NOT IN (SELECT id FROM source WHERE state = 'partial')" \
	" OR EXISTS (SELECT 1 FROM sighting g JOIN source s ON s.id = g.source_id" \
	" WHERE g.event_id = " e ".id AND s.state = 'complete'))"

/* the columns of run `r`, as run_read() takes them; slices are valid until the next step */
#define SQL_RUN "r.framework, r.started_ns, r.clock, r.duration_ns, r.command, r.env," \
	" r.commit_id, r.collected, r.deselected, r.selected, r.passed, r.failed, r.errors," \
	" r.skipped, r.xfailed, r.xpassed, r.warnings, r.exit_code, r.state, r.state_why," \
	" r.reconciled, r.reconciled_why, r.line, r.byte, r.format, r.fidelity, r.quality," \
	" r.host, r.wrapper_why"
void	run_read(sqlite3_stmt *s, int at, struct run *run);

/* names.c: the words of the views back to values; the last value for an unknown word */
enum source_kind source_kind_of(struct slice name);
enum run_state run_state_of(struct slice name);
enum run_clock run_clock_of(struct slice name);
enum run_reconciled run_reconciled_of(struct slice name);
enum run_quality run_quality_of(struct slice name);
enum test_outcome test_outcome_of(struct slice name);
enum test_phase test_phase_of(struct slice name);
enum incident_class incident_class_of(struct slice name);
enum member_role member_role_of(struct slice name);
enum member_basis member_basis_of(struct slice name);
enum why_basis why_basis_of(struct slice name);
enum priority priority_of(struct slice name);
enum strength strength_of(struct slice name);

int	intern_str(struct store *st, struct slice s, int64_t *id, struct err *e);
int	intern_origin(struct store *st, const struct entry *en, int64_t *id, struct err *e);
int	intern_signature(struct store *st, int64_t id, const char *kind, struct slice text,
	    struct err *e);
void	intern_forget(struct store *st);	/* after a rollback or a removal */
void	intern_free(struct store *st);

/*
 * The parts of exception id from number n on: those of the split message that event
 * begins, or the event itself. *added tells how many.
 */
int	message_parts_put(struct store *st, int64_t id, int64_t n, int64_t event, int64_t *added,
	    struct err *e);
/* [start, end) of a split message's text to the entry where it stands; event 0 if in none alone */
int	message_place(struct store *st, int64_t *event, uint32_t *start, uint32_t *end,
	    struct err *e);

int	coverage_add(struct store *st, int64_t source_id, int64_t origin_id,
	    const struct entry *en, struct err *e);
int	coverage_flush(struct store *st, struct err *e);

/* what is stored of a source whose end is not reached, written with each batch */
int	tally_entry(struct store *st, int64_t source_id, enum put_outcome outcome, int64_t ts_ns,
	    struct err *e);
int	tally_bad(struct store *st, int64_t source_id, enum bad_kind kind, struct err *e);
int	tally_test(struct store *st, int64_t run_id, struct err *e);
int	tally_flush(struct store *st, struct err *e);

/* 0 if absent */
int	meta_get(struct store *st, const char *key, int64_t *value, struct err *e);
int	meta_set(struct store *st, const char *key, int64_t value, struct err *e);

/* all that hangs on a source; false for a twin or partial source that left no trace */
int	forget_rows(struct store *st, int64_t id, struct forget_counts *counts, struct err *e);
int	derived_clear(struct store *st, struct err *e);

void	functions_register(struct store *st);
void	functions_text_register(struct store *st);
void	query_names_free(struct query_names *names);

/* a JSON object of texts: names and values as given, in order */
void	fields_write(struct buf *out, const struct entry_field *field, size_t n);
int	fields_read(struct arena *a, struct slice json, struct entry_field **field, size_t *n,
	    struct err *e);

/* quotes: which bytes of `text` to show; at most QUOTE_MAX, never half a character */
#define QUOTE_MAX 400
struct quote {
	int64_t event_id, test_id, output_id;
	uint64_t line;			/* printed line, for outputs */
	uint32_t start, end;		/* of the hit; 0, 0 = the first, or the printed, line */
};
/* byte range in the stored text that the views quote */
int	quote_range(struct store *st, const struct quote *q, int64_t *start, int64_t *end,
	    struct err *e);
void	quote_clip(struct slice text, size_t *start, size_t *end);

#endif
