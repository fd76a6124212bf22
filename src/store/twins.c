/*
 * twins.c - runs that other formats hold too: what tells them apart, and marks of those
 * that are one.
 *
 * The marks are derived: every evaluation drops and sets them again, so that
 * forgetting one of the sources leaves the others as they were read.
 */
#include "config.h"

#include "store/db.h"

#include "base/digest.h"
#include "base/mem.h"

enum { CLEAR_RUNS, CLEAR_TESTS, CLEAR_OUTPUTS, RUNS, ROWS, DIGEST_SET, RESULTS, MARK_RUN,
	MARK_TWINS, MARK_TEST, HIDE, ALIAS_RUN, ALIAS_TEST };

static const char *const texts[] = {
	[CLEAR_RUNS] = "UPDATE run SET twin_of = NULL, twin_rank = 0, twins = 0, twin_why = NULL"
	    " WHERE twin_of IS NOT NULL OR twins",
	[CLEAR_TESTS] = "UPDATE test SET twin_of = NULL, twin_rank = 0 WHERE twin_of IS NOT NULL",
	[CLEAR_OUTPUTS] = "UPDATE output SET hidden = 0 WHERE hidden",
	[RUNS] = "SELECT r.id, r.source_id, r.format, r.fidelity, r.quality, r.started_ns, r.clock,"
	    " r.duration_ns, r.digest FROM run r JOIN source s ON s.id = r.source_id"
	    " WHERE s.state = 'complete' AND r.format IS NOT NULL ORDER BY r.id",
	/* the last attempt of each test, as the format that knows least could tell it */
	[ROWS] = "SELECT nodeid, CASE outcome WHEN 'xpassed' THEN 'passed' ELSE outcome END,"
	    " max(attempt) FROM test WHERE run_id = ?1 AND outcome <> 'not run'"
	    " GROUP BY nodeid ORDER BY nodeid",
	[DIGEST_SET] = "UPDATE run SET digest = ?2 WHERE id = ?1",
	[RESULTS] = "SELECT id, nodeid, attempt, outcome, message, duration_ns, call_ns,"
	    " duration_from FROM test WHERE run_id = ?1 AND outcome <> 'not run'"
	    " ORDER BY nodeid, attempt DESC",
	[MARK_RUN] = "UPDATE run SET twin_of = ?2, twin_rank = ?3, twin_why = ?4 WHERE id = ?1",
	[MARK_TWINS] = "UPDATE run SET twins = twins + 1 WHERE id = ?1",
	[MARK_TEST] = "UPDATE test SET twin_of = ?2, twin_rank = ?3 WHERE id = ?1",
	/* what a test printed is told by the best format that has any of it */
	[HIDE] = "UPDATE output SET hidden = 1 WHERE run_id = ?1 AND nodeid IS NOT NULL AND EXISTS"
	    " (SELECT 1 FROM run w JOIN output x ON x.run_id = w.id"
	    " WHERE (w.id = ?2 OR w.twin_of = ?2) AND w.twin_rank < ?3"
	    " AND x.nodeid = output.nodeid)",
	[ALIAS_RUN] = "SELECT coalesce(twin_of, id) FROM run WHERE id = ?1",
	[ALIAS_TEST] = "SELECT coalesce(twin_of, id) FROM test WHERE id = ?1",
};
const struct sql_group sql_twins = { GROUP_TWINS, texts, sizeof texts / sizeof *texts };

int
store_twins_clear(struct store *st, struct err *e)
{
	return db_do(st, &sql_twins, CLEAR_RUNS, NULL, 0, e) ||
	    db_do(st, &sql_twins, CLEAR_TESTS, NULL, 0, e) ||
	    db_do(st, &sql_twins, CLEAR_OUTPUTS, NULL, 0, e) ? -1 : 0;
}

/* formats name the file from different folders: the id from the file's own name on */
static struct slice
twin_base(struct slice nodeid)
{
	struct slice path = slice_sub(nodeid, 0, slice_find(nodeid, 0, SLICE("::")));
	size_t slash = slice_rfind_byte(path, '/');

	return slash == SIZE_MAX ? nodeid : slice_sub(nodeid, slash + 1, SIZE_MAX);
}

/* 0 when nothing ran: such runs are never told to be the same */
static int
compute_digest(struct store *st, int64_t run_id, int64_t *digest, struct err *e)
{
	unsigned char sum[SHA256_SIZE];
	struct sha256 h;
	sqlite3_stmt *s;
	uint64_t rows = 0;
	int rc;

	if (db_stmt(st, &sql_twins, ROWS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	sha256_init(&h);
	while ((rc = db_row(st, s, e)) > 0) {
		struct slice id = twin_base(db_text(s, 0)), outcome = db_text(s, 1);

		sha256_update(&h, id.p, id.n);
		sha256_update(&h, "", 1);
		sha256_update(&h, outcome.p, outcome.n);
		sha256_update(&h, "", 1);
		rows++;
	}
	if (rc < 0)
		return -1;
	sha256_final(&h, sum);
	*digest = 0;
	for (size_t i = 0; i < 7; i++)
		*digest = *digest << 8 | sum[i];
	*digest = rows ? *digest + 1 : 0;
	return 0;
}

static int
fill_digest(struct store *st, struct twin_run *r, struct err *e)
{
	int64_t bind[2] = { r->id, 0 };

	if (compute_digest(st, r->id, &r->digest, e))
		return -1;
	bind[1] = r->digest;
	return db_do(st, &sql_twins, DIGEST_SET, bind, 2, e);
}

int
store_twins_load(struct store *st, struct arena *a, struct twin_run **run, size_t *runs,
    struct err *e)
{
	struct twin_run *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_twins, RUNS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n] = (struct twin_run){ .id = sqlite3_column_int64(s, 0),
		    .source_id = sqlite3_column_int64(s, 1), .format = db_copy(a, s, 2),
		    .fidelity = (unsigned)sqlite3_column_int(s, 3),
		    .quality = run_quality_of(db_text(s, 4)), .started_ns = db_time(s, 5),
		    .clock = run_clock_of(db_text(s, 6)), .duration_ns = db_time(s, 7),
		    .digest = sqlite3_column_int64(s, 8),
		    .digested = sqlite3_column_type(s, 8) != SQLITE_NULL };
		n++;
	}
	*run = db_keep(a, item, n, sizeof *item);
	*runs = n;
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (!(*run)[i].digested)
			rc = fill_digest(st, &(*run)[i], e);
	return rc;
}

int
store_twin_results(struct store *st, struct arena *a, int64_t run_id,
    struct twin_result **result, size_t *results, struct err *e)
{
	struct twin_result *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_twins, RESULTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	while ((rc = db_row(st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n] = (struct twin_result){ .id = sqlite3_column_int64(s, 0),
		    .nodeid = db_copy(a, s, 1), .outcome = test_outcome_of(db_text(s, 3)),
		    .message = db_copy(a, s, 4), .duration_ns = db_time(s, 5),
		    .call_ns = db_time(s, 6), .exact = slice_eqs(db_text(s, 7), "field") ||
		    slice_eqs(db_text(s, 7), "sum") };
		/* attempts are counted from the last one: formats leave the first ones out */
		if (n > 0 && slice_eq(item[n].nodeid, item[n - 1].nodeid))
			item[n].from_last = item[n - 1].from_last + 1;
		n++;
	}
	*result = db_keep(a, item, n, sizeof *item);
	*results = n;
	return rc;
}

int
store_twin_put(struct store *st, int64_t run_id, int64_t best_id, unsigned rank, struct slice why,
    struct err *e)
{
	const int64_t hide[] = { run_id, best_id, rank };
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_twins, MARK_RUN, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	sqlite3_bind_int64(s, 2, best_id);
	sqlite3_bind_int64(s, 3, rank);
	db_bind_text(s, 4, why);
	return db_run(st, s, e) || db_do(st, &sql_twins, MARK_TWINS, &best_id, 1, e) ||
	    db_do(st, &sql_twins, HIDE, hide, 3, e) ? -1 : 0;
}

int
store_twin_result_put(struct store *st, int64_t test_id, int64_t best_id, unsigned rank,
    struct err *e)
{
	const int64_t bind[] = { test_id, best_id, rank };

	return db_do(st, &sql_twins, MARK_TEST, bind, 3, e);
}

static int
alias_of(struct store *st, int which, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_twins, which, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, *id);
	rc = db_row(st, s, e);
	if (rc > 0)
		*id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

int
store_run_alias(struct store *st, int64_t *run_id, struct err *e)
{
	return alias_of(st, ALIAS_RUN, run_id, e);
}

int
store_test_alias(struct store *st, int64_t *test_id, struct err *e)
{
	return alias_of(st, ALIAS_TEST, test_id, e);
}
