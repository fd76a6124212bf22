/*
 * results.c - results of tests over runs: lists, groups, attempts.
 */
#include "config.h"

#include "store/results.h"

#include <stdlib.h>

#include "store/db.h"
#include "store/load_run.h"

enum { BY_ID, SLOWEST, TIMED, ATTEMPTS, FAILURES, SKIPS, ONE, PLACE };

/* ?1 runs as JSON, ?2 GLOB, ?3 outcomes as JSON, ?4 limit */
#define RUNS "WITH w AS MATERIALIZED (SELECT r.id AS id, g.id AS run_id FROM run r" \
	" JOIN run g ON g.id = coalesce(r.twin_of, r.id)" \
	" WHERE CASE WHEN ?1 IS NULL THEN g.quality = 'recorded'" \
	" ELSE g.id IN (SELECT value FROM json_each(?1)) END)"
/* not reordered: the unique index of test begins with run_id */
#define RESULTS " FROM w CROSS JOIN test x ON x.run_id = w.id JOIN test_view t ON t.id = x.id"
#define CHOSEN " WHERE x.twin_of IS NULL AND (?2 IS NULL OR x.nodeid GLOB ?2" \
	" OR x.printed GLOB ?2)" \
	" AND (?3 IS NULL OR x.outcome IN (SELECT value FROM json_each(?3)))"

static const char *const texts[] = {
	[BY_ID] = RUNS " SELECT " SQL_RESULT("t", "w.run_id") SQL_NOT_TIMED RESULTS
	    " JOIN source s ON s.id = t.source_id" CHOSEN " ORDER BY x.id LIMIT ?4",
	[SLOWEST] = RUNS " SELECT " SQL_RESULT("t", "w.run_id") SQL_NOT_TIMED " FROM"
	    " (SELECT x.id AS id, w.run_id AS run_id, t.duration_ns AS ns" RESULTS CHOSEN
	    " AND t.duration_ns IS NOT NULL ORDER BY ns DESC, x.id LIMIT ?4) w"
	    " JOIN test_view t ON t.id = w.id JOIN source s ON s.id = t.source_id"
	    " ORDER BY w.ns DESC, w.id",
	[TIMED] = RUNS ", u AS MATERIALIZED (SELECT DISTINCT w.run_id AS run_id,"
	    " o.nodeid AS nodeid FROM w CROSS JOIN output o ON o.run_id = w.id"
	    " WHERE o.nodeid IS NOT NULL"
	    " AND (instr(o.text, 'http://') OR instr(o.text, 'https://'))),"
	    " p AS MATERIALIZED (SELECT w.run_id AS run_id, t.duration_ns AS ns" RESULTS
	    " WHERE x.twin_of IS NULL AND x.outcome = 'passed' AND t.duration_ns IS NOT NULL"
	    " AND t.duration_from IN ('field', 'sum')),"
	    " a AS MATERIALIZED (SELECT run_id, count(*) AS n FROM p GROUP BY run_id),"
	    " d AS MATERIALIZED (SELECT p.run_id AS run_id, p.ns AS ns, count(*) AS n FROM p"
	    " JOIN a ON a.run_id = p.run_id GROUP BY p.run_id, p.ns"
	    " HAVING count(*) >= ?6 AND count(*) * ?7 >= a.n),"
	    /* the target, not a tool that only some tests need: "Docker: not available" */
	    " z AS MATERIALIZED (SELECT w.run_id AS run_id, min(f.id) AS id FROM w"
	    " CROSS JOIN run_fact f ON f.run_id = w.id WHERE f.kind = 'status'"
	    " AND lower(f.value) IN ('unavailable', 'not available', 'unreachable',"
	    " 'not reachable', 'offline', 'down') AND (f.name LIKE '%infrastructure%'"
	    " OR f.name LIKE '%backend%' OR f.name LIKE '%service%' OR f.name LIKE '%server%'"
	    " OR f.name LIKE '%environment%' OR f.name LIKE '%staging%' OR f.name LIKE '%target%')"
	    " GROUP BY w.run_id)"
	    " SELECT " SQL_RESULT("t", "w.run_id") ", u.nodeid IS NOT NULL, coalesce(d.n, 0),"
	    " coalesce(a.n, 0), (SELECT f.name || ': ' || f.value FROM run_fact f"
	    " WHERE f.id = z.id)" RESULTS " JOIN source s ON s.id = t.source_id"
	    " LEFT JOIN u ON u.run_id = w.run_id AND u.nodeid = x.nodeid"
	    " LEFT JOIN d ON d.run_id = w.run_id AND d.ns = t.duration_ns"
	    " AND t.duration_from IN ('field', 'sum')"
	    " LEFT JOIN a ON a.run_id = w.run_id LEFT JOIN z ON z.run_id = w.run_id" CHOSEN
	    " AND (t.duration_note IS NOT NULL OR (x.outcome = 'passed'"
	    " AND (coalesce(t.call_ns, t.duration_ns) < ?5 OR d.n OR z.id IS NOT NULL)))"
	    " ORDER BY NOT (x.outcome = 'passed' AND z.id IS NOT NULL),"
	    " t.duration_note IS NOT NULL, x.id LIMIT ?4",
	[ATTEMPTS] = RUNS " SELECT x.nodeid, w.run_id, t.attempt, x.outcome, x.id" RESULTS CHOSEN
	    " ORDER BY 1, 2, 3, 5 LIMIT ?4",
	/* causes that end in one shape belong to it, and all that has one cause to one of these */
	[FAILURES] = RUNS ", f AS (SELECT x.id AS id, w.run_id AS run_id,"
	    " x.cause_signature_id AS cause, x.signature_id AS shape, iif(x.cause_signature_id"
	    " IS NULL AND x.signature_id IS NULL, t.message, NULL) AS message,"
	    " EXISTS (SELECT 1 FROM test y WHERE y.run_id = x.run_id"
	    " AND y.nodeid = x.nodeid AND y.attempt > x.attempt"
	    " AND y.outcome IN ('passed', 'xpassed', 'xfailed')) AS later"
	    RESULTS CHOSEN " AND x.outcome IN ('failed', 'error')),"
	    " h AS (SELECT *, coalesce(CASE WHEN cause IS NOT NULL THEN min(shape) OVER"
	    " (PARTITION BY cause) END, shape, cause, 0) AS key FROM f),"
	    " k AS (SELECT *, row_number() OVER (PARTITION BY key, message ORDER BY id)"
	    " AS nth FROM h)"
	    " SELECT key, CASE WHEN count(cause) = count(*) AND min(cause) = max(cause)"
	    " THEN min(cause) END, count(*), count(DISTINCT run_id),"
	    " group_concat(iif(nth <= ?5, id, NULL), ' '), min(id), sum(later),"
	    " count(*) OVER () FROM k"
	    " GROUP BY key, message ORDER BY 3 DESC, 6 LIMIT ?4",
	[SKIPS] = RUNS ", f AS (SELECT x.id AS id, w.run_id AS run_id, t.message AS message"
	    RESULTS CHOSEN " AND x.outcome = 'skipped'),"
	    " k AS (SELECT *, row_number() OVER (PARTITION BY message ORDER BY id) AS nth FROM f)"
	    " SELECT 0, NULL, count(*), count(DISTINCT run_id),"
	    " group_concat(iif(nth <= ?5, id, NULL), ' '), min(id), 0,"
	    " count(*) OVER () FROM k"
	    " GROUP BY message ORDER BY 3 DESC, 6 LIMIT ?4",
	[ONE] = ("SELECT " SQL_RESULT("t", "t.run_id") SQL_NOT_TIMED " FROM test_view t"
	    " JOIN source s ON s.id = t.source_id WHERE t.id = ?1"),
	[PLACE] = "SELECT l.place FROM test x JOIN test_link l ON l.test_id = x.id AND l.n = 0"
	    " WHERE x.id = ?1 OR x.twin_of = ?1 ORDER BY x.twin_rank LIMIT 1",
};
const struct sql_group sql_results = { GROUP_RESULTS, texts, sizeof texts / sizeof *texts };

static enum duration_from
duration_from_of(struct slice name)
{
	int i;

	for (i = 0; i < DURATION_ELAPSED; i++)
		if (slice_eqs(name, duration_from_name((enum duration_from)i)))
			break;
	return (enum duration_from)i;
}

void
result_read(sqlite3_stmt *s, struct result *r)
{
	*r = (struct result){ .id = sqlite3_column_int64(s, 0),
	    .run_id = sqlite3_column_int64(s, 1), .source_id = sqlite3_column_int64(s, 2),
	    .signature_id = sqlite3_column_int64(s, 3),
	    .cause_signature_id = sqlite3_column_int64(s, 4),
	    .incident_id = sqlite3_column_int64(s, 5), .path = db_text(s, 6), .test = test_none };
	r->test.nodeid = db_text(s, 7);
	r->test.printed = db_text(s, 8);
	r->test.file = db_text(s, 9);
	r->test.suite = db_text(s, 10);
	r->test.params = db_text(s, 11);
	r->test.attempt = (unsigned)sqlite3_column_int64(s, 12);
	r->test.outcome = test_outcome_of(db_text(s, 13));
	r->test.phase = test_phase_of(db_text(s, 14));
	r->test.duration_ns = db_time(s, 15);
	r->test.duration_from = duration_from_of(db_text(s, 16));
	r->test.duration_note = db_text(s, 17);
	r->test.setup_ns = db_time(s, 18);
	r->test.call_ns = db_time(s, 19);
	r->test.teardown_ns = db_time(s, 20);
	r->test.started_ns = db_time(s, 21);
	r->test.message = db_text(s, 22);
	r->test.worker = db_text(s, 23);
	r->test.line = (uint64_t)sqlite3_column_int64(s, 24);
	r->test.byte = (uint64_t)sqlite3_column_int64(s, 25);
	r->url = sqlite3_column_int(s, 26);
	r->same = (long)sqlite3_column_int64(s, 27);
	r->timed = (long)sqlite3_column_int64(s, 28);
	r->down = db_text(s, 29);
}

/* GLOB of SQLite: [ would begin a class there, and in one * and ? mean themselves */
static struct slice
glob_of(struct arena *a, struct slice pattern, bool exact)
{
	bool whole = exact || slice_find_byte(pattern, 0, '*') != SIZE_MAX ||
	    slice_find_byte(pattern, 0, '?') != SIZE_MAX;
	char *p = arena_alloc(a, 3 * pattern.n + 3), *start = p;

	if (!whole)
		*p++ = '*';
	for (size_t i = 0; i < pattern.n; i++) {
		char c = pattern.p[i];
		bool class = c == '[' || (exact && (c == '*' || c == '?'));

		if (class)
			*p++ = '[';
		*p++ = c;
		if (class)
			*p++ = ']';
	}
	if (!whole)
		*p++ = '*';
	return slice_of(start, (size_t)(p - start));
}

static struct slice
outcomes_of(struct arena *a, unsigned outcomes)
{
	const char *text = "[";

	for (int i = TEST_PASSED; i <= TEST_NOT_RUN; i++)
		if (outcomes & 1u << i)
			text = arena_printf(a, "%s%s\"%s\"", text, text[1] ? "," : "",
			    test_outcome_name((enum test_outcome)i));
	return slice_str(arena_printf(a, "%s]", text));
}

struct slice
ids_json(struct arena *a, const int64_t *id, size_t n)
{
	struct slice json;
	struct buf text;

	buf_init(&text, 16 << 20);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%c%lld", i ? ',' : '[', (long long)id[i]);
	buf_putc(&text, ']');
	json = arena_copy(a, buf_slice(&text));
	buf_release(&text);
	return json;
}

/* texts live in the arena until the statement is reset */
static int
prepare(struct store *st, struct arena *a, unsigned which, const struct result_scope *scope,
    sqlite3_stmt **s, struct err *e)
{
	if (db_stmt(st, &sql_results, which, s, e))
		return -1;
	if (scope->runs)
		db_bind_text(*s, 1, ids_json(a, scope->run, scope->runs));
	if (scope->pattern.n)
		db_bind_text(*s, 2, glob_of(a, scope->pattern, scope->exact));
	if (scope->outcomes)
		db_bind_text(*s, 3, outcomes_of(a, scope->outcomes));
	sqlite3_bind_int64(*s, 4, scope->limit ? (int64_t)scope->limit : -1);
	return 0;
}

static int
each(struct store *st, const struct result_scope *scope, unsigned which,
    int (*row)(sqlite3_stmt *s, store_result_fn *fn, void *ctx, struct err *e),
    store_result_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	struct arena a;
	int rc;

	arena_init(&a);
	rc = prepare(st, &a, which, scope, &s, e);
	if (rc == 0 && which == TIMED) {
		sqlite3_bind_int64(s, 5, scope->short_ns);
		sqlite3_bind_int64(s, 6, scope->same);
		sqlite3_bind_int64(s, 7, scope->share);
	}
	while (rc == 0 && (rc = db_row(st, s, e)) > 0) {
		rc = row(s, fn, ctx, e) ? -1 : 0;
		if (rc)
			sqlite3_reset(s);
	}
	arena_release(&a);
	return rc;
}

static int
result_row(sqlite3_stmt *s, store_result_fn *fn, void *ctx, struct err *e)
{
	struct result r;

	result_read(s, &r);
	return fn(ctx, &r, e);
}

int
store_each_result(struct store *st, const struct result_scope *scope, enum result_order order,
    store_result_fn *fn, void *ctx, struct err *e)
{
	static const unsigned which[] = { [RESULTS_BY_ID] = BY_ID, [RESULTS_SLOWEST] = SLOWEST,
	    [RESULTS_TIMED] = TIMED };

	return each(st, scope, which[order], result_row, fn, ctx, e);
}

static int
attempt_row(sqlite3_stmt *s, store_result_fn *fn, void *ctx, struct err *e)
{
	struct result r = { .id = sqlite3_column_int64(s, 4), .run_id = sqlite3_column_int64(s, 1),
	    .test = test_none };

	r.test.nodeid = db_text(s, 0);
	r.test.attempt = (unsigned)sqlite3_column_int64(s, 2);
	r.test.outcome = test_outcome_of(db_text(s, 3));
	return fn(ctx, &r, e);
}

int
store_each_attempt(struct store *st, const struct result_scope *scope, store_result_fn *fn,
    void *ctx, struct err *e)
{
	return each(st, scope, ATTEMPTS, attempt_row, fn, ctx, e);
}

/* ---- groups ---- */

static int
compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
read_ids(struct slice text, struct result_group *g)
{
	uint64_t id;

	while (g->ids < RESULT_SAMPLES && slice_take_uint(&text, &id)) {
		g->id[g->ids++] = (int64_t)id;
		slice_take_byte(&text, ' ');
	}
	qsort(g->id, g->ids, sizeof *g->id, compare_ids);
}

/* what is told of a group is told of its first result */
static int
group_row(struct store *st, const struct result_group *group, store_group_fn *fn, void *ctx,
    struct err *e)
{
	struct result_group g = *group;
	sqlite3_stmt *one, *place;
	int rc = 0;

	if (db_stmt(st, &sql_results, ONE, &one, e) || db_stmt(st, &sql_results, PLACE, &place, e))
		return -1;
	sqlite3_bind_int64(one, 1, g.id[0]);
	sqlite3_bind_int64(place, 1, g.id[0]);
	if (db_row(st, one, e) < 0 || (rc = db_row(st, place, e)) < 0) {
		sqlite3_reset(one);
		return -1;
	}
	result_read(one, &g.first);
	g.incident_id = g.first.incident_id;
	if (rc > 0)
		g.place = db_text(place, 0);
	rc = fn(ctx, &g, e);
	sqlite3_reset(one);
	sqlite3_reset(place);
	return rc ? -1 : 0;
}

int
store_each_group(struct store *st, const struct result_scope *scope, enum result_grouping by,
    store_group_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	struct arena a;
	int rc;

	arena_init(&a);
	rc = prepare(st, &a, by == GROUP_SKIPS ? SKIPS : FAILURES, scope, &s, e);
	if (rc == 0)
		sqlite3_bind_int(s, 5, RESULT_SAMPLES);
	while (rc == 0 && (rc = db_row(st, s, e)) > 0) {
		struct result_group g = { .key = sqlite3_column_int64(s, 0),
		    .cause_signature_id = sqlite3_column_int64(s, 1),
		    .n = (long)sqlite3_column_int64(s, 2),
		    .runs = (long)sqlite3_column_int64(s, 3),
		    .passed_later = (long)sqlite3_column_int64(s, 6),
		    .groups = (long)sqlite3_column_int64(s, 7) };

		read_ids(db_text(s, 4), &g);
		rc = g.ids ? group_row(st, &g, fn, ctx, e) : 0;
		if (rc)
			sqlite3_reset(s);
	}
	arena_release(&a);
	return rc;
}
