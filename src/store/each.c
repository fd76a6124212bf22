#include "config.h"

#include "store/db.h"

enum { ENTRIES, TESTS, OUTPUTS, TIMES };

static const char *const texts[] = {
	[ENTRIES] = "SELECT e.id, e.source_id, e.ts, e.receive_ts, e.severity, e.severity_by,"
	    " e.flags, o.project, o.location, o.resource_type, o.log, o.service, o.revision,"
	    " o.instance, e.insert_id, e.trace, e.span, e.message, e.payload_kind, e.line, e.byte,"
	    " e.bytes, f.fields, r.event_id,"
	    " (SELECT s FROM str WHERE id = r.method), r.url, r.path,"
	    " (SELECT s FROM str WHERE id = r.user_agent), r.remote_ip,"
	    " (SELECT s FROM str WHERE id = r.protocol), r.status, r.latency_ns, r.response_size,"
	    " a.event_id, a.method, a.principal, a.status, a.agent"
	    " FROM event e JOIN origin o ON o.id = e.origin_id"
	    " LEFT JOIN event_field f ON f.event_id = e.id"
	    " LEFT JOIN request r ON r.event_id = e.id"
	    " LEFT JOIN audit a ON a.event_id = e.id ORDER BY e.id",
	[TESTS] = "SELECT t.id, r.source_id, t.nodeid, t.file, t.attempt, t.outcome, t.phase,"
	    " t.duration_ns, t.message, t.detail, t.worker, t.line, t.byte, t.detail_line,"
	    " t.detail_byte, " SQL_RUN " FROM test t JOIN run r ON r.id = t.run_id ORDER BY t.id",
	[OUTPUTS] = "SELECT o.id, r.source_id, (SELECT x.id FROM test x WHERE x.run_id = o.run_id"
	    " AND x.nodeid = o.nodeid"
	    " ORDER BY x.outcome IN ('failed', 'error') DESC, x.id LIMIT 1),"
	    " o.nodeid, o.section, o.text, o.line, o.byte, " SQL_RUN
	    " FROM output o JOIN run r ON r.id = o.run_id ORDER BY o.id",
	/* along the index of times: nothing is sorted, so nothing is kept */
	[TIMES] = "SELECT e.id, e.ts, o.service, e.source_id, g.source_id"
	    " FROM event e INDEXED BY event_time CROSS JOIN origin o ON o.id = e.origin_id"
	    " LEFT JOIN sighting g ON g.event_id = e.id"
	    /* a job that is done is not silent */
	    " WHERE o.resource_type <> 'cloud_run_job' ORDER BY e.ts, e.id",
};
const struct sql_group sql_each = { GROUP_EACH, texts, sizeof texts / sizeof *texts };

/* NULL is "not printed": -1 */
static long
count_at(sqlite3_stmt *s, int at)
{
	return (long)db_count(s, at);
}

void
run_read(sqlite3_stmt *s, int at, struct run *run)
{
	*run = (struct run){ .framework = db_text(s, at), .started_ns = db_time(s, at + 1),
	    .clock = run_clock_of(db_text(s, at + 2)), .duration_ns = db_time(s, at + 3),
	    .command = db_text(s, at + 4), .env = db_text(s, at + 5),
	    .commit = db_text(s, at + 6), .collected = count_at(s, at + 7),
	    .deselected = count_at(s, at + 8), .selected = count_at(s, at + 9),
	    .passed = count_at(s, at + 10), .failed = count_at(s, at + 11),
	    .errors = count_at(s, at + 12), .skipped = count_at(s, at + 13),
	    .xfailed = count_at(s, at + 14), .xpassed = count_at(s, at + 15),
	    .warnings = count_at(s, at + 16), .exit_code = count_at(s, at + 17),
	    .state = run_state_of(db_text(s, at + 18)), .state_why = db_text(s, at + 19),
	    .reconciled = run_reconciled_of(db_text(s, at + 20)),
	    .reconciled_why = db_text(s, at + 21),
	    .line = (uint64_t)sqlite3_column_int64(s, at + 22),
	    .byte = (uint64_t)sqlite3_column_int64(s, at + 23), .format = db_text(s, at + 24),
	    .fidelity = (unsigned)sqlite3_column_int(s, at + 25),
	    .quality = run_quality_of(db_text(s, at + 26)), .host = db_text(s, at + 27),
	    .wrapper_why = db_text(s, at + 28) };
}

/* an entry read back, with what it points to */
struct entry_again {
	struct entry entry;
	struct request request;
	struct audit audit;
};

static void
read_dimensions(sqlite3_stmt *s, struct entry *en)
{
	en->ts_ns = sqlite3_column_int64(s, 2);
	en->receive_ns = db_time(s, 3);
	en->severity = sqlite3_column_int(s, 4);
	en->severity_by = (const char *)sqlite3_column_text(s, 5);
	en->severity_inferred = sqlite3_column_int(s, 6) & 1;
	en->ts_assumed = sqlite3_column_int(s, 6) & 2;
	en->project = db_text(s, 7);
	en->location = db_text(s, 8);
	en->resource_type = db_text(s, 9);
	en->log = db_text(s, 10);
	en->service = db_text(s, 11);
	en->revision = db_text(s, 12);
	en->instance = db_text(s, 13);
	en->insert_id = db_text(s, 14);
	en->trace = db_text(s, 15);
	en->span = db_text(s, 16);
	en->message = db_text(s, 17);
	en->payload_kind = (enum payload_kind)(sqlite3_column_int(s, 18) & 3);
	en->line = (uint64_t)sqlite3_column_int64(s, 19);
	en->byte = (uint64_t)sqlite3_column_int64(s, 20);
	en->bytes = (uint64_t)sqlite3_column_int64(s, 21);
}

static int
read_entry(sqlite3_stmt *s, struct arena *a, struct entry_again *again, struct err *e)
{
	struct entry *en = &again->entry;
	struct entry_field *field;

	*again = (struct entry_again){ 0 };
	read_dimensions(s, en);
	if (fields_read(a, db_text(s, 22), &field, &en->fields, e))
		return -1;
	en->field = field;
	if (sqlite3_column_type(s, 23) != SQLITE_NULL) {
		again->request = (struct request){ db_text(s, 24), db_text(s, 25), db_text(s, 26),
		    db_text(s, 27), db_text(s, 28), db_text(s, 29), sqlite3_column_int(s, 30),
		    db_time(s, 31), db_count(s, 32) };
		en->request = &again->request;
	}
	if (sqlite3_column_type(s, 33) != SQLITE_NULL) {
		again->audit = (struct audit){ db_text(s, 34), db_text(s, 35), db_text(s, 36),
		    db_text(s, 37) };
		en->audit = &again->audit;
	}
	return 0;
}

int
store_each_entry(struct store *st, store_entry_fn *fn, void *ctx, struct err *e)
{
	struct entry_again again;
	struct arena a;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_each, ENTRIES, &s, e))
		return -1;
	arena_init(&a);
	while ((rc = db_row(st, s, e)) > 0) {
		arena_reset(&a);
		if (read_entry(s, &a, &again, e) || fn(ctx, sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1), &again.entry, e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
	}
	arena_release(&a);
	return rc;
}

static void
test_read(sqlite3_stmt *s, int at, struct test *t)
{
	*t = test_none;
	t->nodeid = db_text(s, at);
	t->file = db_text(s, at + 1);
	t->attempt = (unsigned)sqlite3_column_int(s, at + 2);
	t->outcome = test_outcome_of(db_text(s, at + 3));
	t->phase = test_phase_of(db_text(s, at + 4));
	t->duration_ns = db_time(s, at + 5);
	t->message = db_text(s, at + 6);
	t->detail = db_text(s, at + 7);
	t->worker = db_text(s, at + 8);
	t->line = (uint64_t)sqlite3_column_int64(s, at + 9);
	t->byte = (uint64_t)sqlite3_column_int64(s, at + 10);
	t->detail_line = (uint64_t)sqlite3_column_int64(s, at + 11);
	t->detail_byte = (uint64_t)sqlite3_column_int64(s, at + 12);
}

int
store_each_test(struct store *st, store_test_fn *fn, void *ctx, struct err *e)
{
	struct test t;
	struct run r;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_each, TESTS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0) {
		test_read(s, 2, &t);
		run_read(s, 15, &r);
		if (fn(ctx, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), &t, &r, e)) {
			sqlite3_reset(s);
			return -1;
		}
	}
	return rc;
}

int
store_each_output(struct store *st, store_output_fn *fn, void *ctx, struct err *e)
{
	struct printed o;
	struct run r;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_each, OUTPUTS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0) {
		o = (struct printed){ db_text(s, 3), db_text(s, 4), db_text(s, 5),
		    (uint64_t)sqlite3_column_int64(s, 6), (uint64_t)sqlite3_column_int64(s, 7) };
		run_read(s, 8, &r);
		if (fn(ctx, sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 2),
		    sqlite3_column_int64(s, 1), &o, &r, e)) {
			sqlite3_reset(s);
			return -1;
		}
	}
	return rc;
}

/* the event's own source, then the others that hold it: a row for each of those */
static int
one_time(sqlite3_stmt *s, int64_t *before, store_time_fn *fn, void *ctx, struct err *e)
{
	int64_t id = sqlite3_column_int64(s, 0), ts = sqlite3_column_int64(s, 1);
	int64_t own = sqlite3_column_int64(s, 3), other = sqlite3_column_int64(s, 4);
	struct slice service = db_text(s, 2);

	if (id != *before && fn(ctx, own, service, ts, e))
		return -1;
	*before = id;
	return other && other != own ? fn(ctx, other, service, ts, e) : 0;
}

int
store_each_time(struct store *st, store_time_fn *fn, void *ctx, struct err *e)
{
	int64_t before = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_each, TIMES, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0)
		if (one_time(s, &before, fn, ctx, e)) {
			sqlite3_reset(s);
			return -1;
		}
	return rc;
}
