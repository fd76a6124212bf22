/*
 * load_run.c - runs with what their results say of them, and what hangs on one run.
 */
#include "config.h"

#include "store/load_run.h"

#include <string.h>

#include "base/mem.h"

enum { RUNS, ROWS, LAST, FORMATS, PLACES, FACTS, FACTS_TOTAL };

static const char *const texts[] = {
	[RUNS] = "SELECT r.id, r.source_id, " SQL_RUN " FROM run_view r WHERE ?1 IS NULL"
	    " OR r.id IN (SELECT value FROM json_each(?1)) ORDER BY r.id",
	[ROWS] = "SELECT outcome, count(*) FROM test WHERE twin_of IS NULL AND run_id IN "
	    SQL_RUN_IDS " GROUP BY outcome",
	/* of the bare column: that of the row with the maximum */
	[LAST] = "SELECT outcome, count(*) FROM (SELECT t.outcome AS outcome, max(t.attempt)"
	    " FROM test x JOIN test_view t ON t.id = x.id WHERE x.run_id IN " SQL_RUN_IDS
	    " AND x.twin_of IS NULL GROUP BY x.nodeid) GROUP BY outcome",
	[FORMATS] = "SELECT group_concat(format, ', '), (SELECT s.path FROM run r"
	    " JOIN source s ON s.id = r.source_id WHERE r.id = ?1) FROM (SELECT format FROM run"
	    " WHERE id = ?1 OR twin_of = ?1 ORDER BY twin_rank)",
	[PLACES] = "SELECT r.source_id, s.path, r.format, r.state, r.state_why, r.twin_why, r.line,"
	    " r.byte FROM run r JOIN source s ON s.id = r.source_id"
	    " WHERE r.id = ?1 OR r.twin_of = ?1 ORDER BY r.twin_rank",
	[FACTS] = "SELECT f.kind, f.name, f.value, s.path, f.source_id, f.line FROM run_facts f"
	    " JOIN source s ON s.id = f.source_id WHERE f.run_id = ?1"
	    " ORDER BY f.kind, f.name, f.source_id, f.line LIMIT ?2",
	[FACTS_TOTAL] = "SELECT count(*) FROM run_facts WHERE run_id = ?1",
};
const struct sql_group sql_run = { GROUP_RUN, texts, sizeof texts / sizeof *texts };

static void
own(struct arena *a, struct slice *s)
{
	*s = s->n ? arena_copy(a, *s) : slice_of(NULL, 0);
}

void
run_own(struct arena *a, struct run *r)
{
	own(a, &r->framework);
	own(a, &r->format);
	own(a, &r->command);
	own(a, &r->env);
	own(a, &r->commit);
	own(a, &r->host);
	own(a, &r->state_why);
	own(a, &r->reconciled_why);
	own(a, &r->wrapper_why);
}

static int
count_outcomes(struct store *st, unsigned which, int64_t run_id, long n[7], struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_run, which, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	while ((rc = db_row(st, s, e)) > 0)
		n[test_outcome_of(db_text(s, 0))] += (long)sqlite3_column_int64(s, 1);
	return rc;
}

int
run_load_rows(struct store *st, struct arena *a, struct case_run *run, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (count_outcomes(st, ROWS, run->id, run->rows, e) ||
	    count_outcomes(st, LAST, run->id, run->last, e) ||
	    db_stmt(st, &sql_run, FORMATS, &s, e))
		return -1;
	for (int i = TEST_PASSED; i <= TEST_NOT_RUN; i++)
		run->reruns += run->rows[i] - run->last[i];
	sqlite3_bind_int64(s, 1, run->id);
	rc = db_row(st, s, e);
	if (rc > 0) {
		run->formats = db_copy(a, s, 0);
		run->path = db_copy(a, s, 1);
	}
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

int
store_runs_load(struct store *st, const int64_t *id, size_t ids, struct arena *a,
    struct case_run **run, size_t *runs, struct err *e)
{
	struct case_run *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_run, RUNS, &s, e))
		return -1;
	if (ids)
		db_bind_text(s, 1, ids_json(a, id, ids));
	while ((rc = db_row(st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n] = (struct case_run){ .id = sqlite3_column_int64(s, 0),
		    .source_id = sqlite3_column_int64(s, 1) };
		run_read(s, 2, &item[n].run);
		run_own(a, &item[n++].run);
	}
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = run_load_rows(st, a, &item[i], e);
	*run = db_keep(a, item, n, sizeof *item);
	*runs = n;
	return rc;
}

static int
load_places(struct store *st, int64_t id, struct arena *a, struct run_detail *d, struct err *e)
{
	struct run_place *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_run, PLACES, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	while ((rc = db_row(st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct run_place){ .source_id = sqlite3_column_int64(s, 0),
		    .path = db_copy(a, s, 1), .format = db_copy(a, s, 2),
		    .state = db_copy(a, s, 3), .state_why = db_copy(a, s, 4),
		    .same_why = db_copy(a, s, 5), .line = (uint64_t)sqlite3_column_int64(s, 6),
		    .byte = (uint64_t)sqlite3_column_int64(s, 7) };
	}
	d->place = db_keep(a, item, n, sizeof *item);
	d->places = n;
	return rc;
}

static int
load_facts(struct store *st, int64_t id, struct arena *a, struct run_detail *d, struct err *e)
{
	struct run_fact_row *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_run, FACTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int(s, 2, RUN_DETAIL_FACTS);
	while ((rc = db_row(st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct run_fact_row){ db_copy(a, s, 0), db_copy(a, s, 1),
		    db_copy(a, s, 2), db_copy(a, s, 3), sqlite3_column_int64(s, 4),
		    (uint64_t)sqlite3_column_int64(s, 5) };
	}
	d->fact = db_keep(a, item, n, sizeof *item);
	d->facts = n;
	return rc;
}

int
store_run_detail(struct store *st, int64_t id, struct arena *a, struct run_detail *d, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	memset(d, 0, sizeof *d);
	if (load_places(st, id, a, d, e) || load_facts(st, id, a, d, e) ||
	    db_stmt(st, &sql_run, FACTS_TOTAL, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(st, s, e);
	if (rc > 0)
		d->facts_total = (long)sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}
