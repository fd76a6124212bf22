#include "config.h"

#include "store/db.h"

enum { RUN_ADD, RUN_SET, TEST_ADD, TEST_FIND, OUTPUT_ADD, FACT_ADD, FACT_KNOWN, CAUSE_SET,
	LINKS_DROP, LINK_ADD, LABEL_SET };

#define TO_TEXT(n) TO_TEXT_(n)
#define TO_TEXT_(n) #n
#define RANK(x) "CASE " x " WHEN 'error' THEN 6 WHEN 'failed' THEN 5 WHEN 'xpassed' THEN 4" \
	" WHEN 'passed' THEN 3 WHEN 'xfailed' THEN 2 WHEN 'skipped' THEN 1 ELSE 0 END"

static const char *const texts[] = {
	[RUN_ADD] = "INSERT INTO run (source_id, clock, state, reconciled, line, byte)"
	    " VALUES (?1, 'none', 'truncated', 'unknown', ?2, ?3)",
	[RUN_SET] = "UPDATE run SET framework = ?2, started_ns = ?3, clock = ?4, duration_ns = ?5,"
	    " command = ?6, env = ?7, commit_id = ?8, collected = ?9, deselected = ?10,"
	    " selected = ?11, passed = ?12, failed = ?13, errors = ?14, skipped = ?15,"
	    " xfailed = ?16, xpassed = ?17, warnings = ?18, exit_code = ?19, state = ?20,"
	    " state_why = ?21, reconciled = ?22, reconciled_why = ?23, line = ?24, byte = ?25,"
	    " format = ?26, fidelity = ?27, quality = ?28, host = ?29, wrapper_why = ?30,"
	    " digest = NULL WHERE id = ?1",
	/* a pass or fail and a teardown error are one result: the worse one */
	[TEST_ADD] = "INSERT INTO test (run_id, nodeid, attempt, file, outcome, phase, duration_ns,"
	    " message, detail, worker, signature_id, line, byte, detail_line, detail_byte, printed,"
	    " suite, params, duration_from, duration_note, setup_ns, call_ns, teardown_ns,"
	    " started_ns)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
	    " ?18, ?19, ?20, ?21, ?22, ?23, ?24)"
	    " ON CONFLICT DO UPDATE SET outcome = excluded.outcome, phase = excluded.phase,"
	    " duration_from = CASE WHEN excluded.duration_ns IS NULL THEN duration_from"
	    " ELSE excluded.duration_from END,"
	    " duration_note = CASE WHEN excluded.duration_ns IS NULL THEN duration_note"
	    " ELSE excluded.duration_note END,"
	    " duration_ns = coalesce(excluded.duration_ns, duration_ns),"
	    " setup_ns = coalesce(excluded.setup_ns, setup_ns),"
	    " call_ns = coalesce(excluded.call_ns, call_ns),"
	    " teardown_ns = coalesce(excluded.teardown_ns, teardown_ns),"
	    " message = excluded.message, cause_signature_id = NULL,"
	    " detail = excluded.detail, signature_id = excluded.signature_id, line = excluded.line,"
	    " byte = excluded.byte, detail_line = excluded.detail_line,"
	    " detail_byte = excluded.detail_byte"
	    " WHERE " RANK("excluded.outcome") " > " RANK("test.outcome")
	    " RETURNING id",
	[TEST_FIND] = "SELECT id FROM test WHERE run_id = ?1 AND nodeid = ?2 AND attempt = ?3",
	[OUTPUT_ADD] = "INSERT INTO output (run_id, nodeid, section, text, line, byte)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[FACT_ADD] = "INSERT INTO run_fact (run_id, kind, name, value, line, byte)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	/* said before in this run, or too often already */
	[FACT_KNOWN] = "SELECT count(*) >= " TO_TEXT(RUN_FACTS) " OR max(name IS ?3 AND value = ?4)"
	    " FROM run_fact WHERE run_id = ?1 AND kind = ?2",
	[CAUSE_SET] = "UPDATE test SET cause_signature_id = ?2 WHERE id = ?1",
	[LINKS_DROP] = "DELETE FROM test_link WHERE test_id = ?1",
	[LINK_ADD] = "INSERT INTO test_link (test_id, n, type, message, place)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[LABEL_SET] = "INSERT INTO source_label (source_id, name, value) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET value = excluded.value",
};
const struct sql_group sql_test = { GROUP_TEST, texts, sizeof texts / sizeof *texts };

int
store_run_begin(struct store *st, int64_t source_id, const struct run *run, int64_t *id,
    struct err *e)
{
	const int64_t bind[] = { source_id, (int64_t)run->line, (int64_t)run->byte };

	if (db_do(st, &sql_test, RUN_ADD, bind, 3, e))
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return store_run_end(st, *id, run, e);
}

int
store_run_end(struct store *st, int64_t run_id, const struct run *run, struct err *e)
{
	const long count[] = { run->collected, run->deselected, run->selected, run->passed,
	    run->failed, run->errors, run->skipped, run->xfailed, run->xpassed, run->warnings,
	    run->exit_code };
	sqlite3_stmt *s;
	size_t i;

	if (db_stmt(st, &sql_test, RUN_SET, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text(s, 2, run->framework);
	db_bind_time(s, 3, run->started_ns);
	db_bind_str(s, 4, run_clock_name(run->clock));
	db_bind_time(s, 5, run->duration_ns);
	db_bind_text(s, 6, run->command);
	db_bind_text(s, 7, run->env);
	db_bind_text(s, 8, run->commit);
	for (i = 0; i < sizeof count / sizeof *count; i++)
		db_bind_count(s, 9 + (int)i, count[i]);
	db_bind_str(s, 20, run_state_name(run->state));
	db_bind_text(s, 21, run->state_why);
	db_bind_str(s, 22, run_reconciled_name(run->reconciled));
	db_bind_text(s, 23, run->reconciled_why);
	sqlite3_bind_int64(s, 24, (int64_t)run->line);
	sqlite3_bind_int64(s, 25, (int64_t)run->byte);
	db_bind_text(s, 26, run->format);
	sqlite3_bind_int64(s, 27, run->fidelity);
	db_bind_str(s, 28, run_quality_name(run->quality));
	db_bind_text(s, 29, run->host);
	db_bind_text(s, 30, run->wrapper_why);
	return db_run(st, s, e);
}

/* the result that was kept because it is no better than this one */
static int
find_test(struct store *st, int64_t run_id, const struct test *test, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_test, TEST_FIND, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text_or_empty(s, 2, test->nodeid);
	sqlite3_bind_int64(s, 3, test->attempt);
	rc = db_row(st, s, e);
	if (rc > 0)
		*id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static void
bind_test(sqlite3_stmt *s, int64_t run_id, const struct test *test, int64_t signature_id)
{
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text_or_empty(s, 2, test->nodeid);
	sqlite3_bind_int64(s, 3, test->attempt);
	db_bind_text(s, 4, test->file);
	db_bind_str(s, 5, test_outcome_name(test->outcome));
	db_bind_text_or_empty(s, 6, slice_str(test_phase_name(test->phase)));
	db_bind_time(s, 7, test->duration_ns);
	db_bind_text(s, 8, test->message);
	db_bind_text(s, 9, test->detail);
	db_bind_text(s, 10, test->worker);
	db_bind_id(s, 11, signature_id);
	sqlite3_bind_int64(s, 12, (int64_t)test->line);
	sqlite3_bind_int64(s, 13, (int64_t)test->byte);
	sqlite3_bind_int64(s, 14, (int64_t)test->detail_line);
	sqlite3_bind_int64(s, 15, (int64_t)test->detail_byte);
	db_bind_text(s, 16, slice_eq(test->printed, test->nodeid) ? slice_of(NULL, 0) :
	    test->printed);
	db_bind_text(s, 17, test->suite);
	db_bind_text(s, 18, test->params);
	db_bind_str(s, 19, duration_from_name(test->duration_from));
	db_bind_text(s, 20, test->duration_note);
	db_bind_time(s, 21, test->setup_ns);
	db_bind_time(s, 22, test->call_ns);
	db_bind_time(s, 23, test->teardown_ns);
	db_bind_time(s, 24, test->started_ns);
}

int
store_test_put(struct store *st, int64_t run_id, const struct test *test, struct slice signature,
    int64_t signature_id, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;
	int rc, stays;

	if (intern_signature(st, signature_id, "test", signature, e) ||
	    db_stmt(st, &sql_test, TEST_ADD, &s, e))
		return -1;
	bind_test(s, run_id, test, signature_id);
	rc = db_row(st, s, e);
	stays = rc == 0;
	if (rc > 0) {
		*id = sqlite3_column_int64(s, 0);
		rc = db_run(st, s, e);
		/* the exception of the result whose place it may have taken */
		if (rc == 0 && signature_id)
			rc = db_do(st, &sql_test, LINKS_DROP, id, 1, e);
	} else if (rc == 0) {
		rc = find_test(st, run_id, test, id, e);
	}
	return rc || tally_test(st, run_id, e) ? -1 : stays;
}

int
store_output_put(struct store *st, int64_t run_id, const struct printed *output, int64_t *id,
    struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_test, OUTPUT_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text(s, 2, output->nodeid);
	db_bind_text(s, 3, output->section);
	db_bind_text_or_empty(s, 4, output->text);
	sqlite3_bind_int64(s, 5, (int64_t)output->line);
	sqlite3_bind_int64(s, 6, (int64_t)output->byte);
	if (db_run(st, s, e))
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

/* 1 = there is no need to keep it, 0 = there is, -1 = error */
static int
fact_known(struct store *st, int64_t run_id, const struct run_fact *fact, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_test, FACT_KNOWN, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text_or_empty(s, 2, fact->kind);
	db_bind_text(s, 3, fact->name);
	db_bind_text_or_empty(s, 4, fact->value);
	rc = db_row(st, s, e);
	if (rc > 0)
		rc = sqlite3_column_int(s, 0) ? 1 : 0;
	sqlite3_reset(s);
	return rc;
}

int
store_run_fact_put(struct store *st, int64_t run_id, const struct run_fact *fact, struct err *e)
{
	sqlite3_stmt *s;
	int known = fact_known(st, run_id, fact, e);

	if (known)
		return known < 0 ? -1 : 0;
	if (db_stmt(st, &sql_test, FACT_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run_id);
	db_bind_text_or_empty(s, 2, fact->kind);
	db_bind_text(s, 3, fact->name);
	db_bind_text_or_empty(s, 4, fact->value);
	sqlite3_bind_int64(s, 5, (int64_t)fact->line);
	sqlite3_bind_int64(s, 6, (int64_t)fact->byte);
	return db_run(st, s, e);
}

int
store_test_exception_put(struct store *st, int64_t test_id, const struct exception_row *x,
    struct err *e)
{
	const int64_t bind[] = { test_id, x->cause_signature_id };
	sqlite3_stmt *s;

	if (intern_signature(st, x->cause_signature_id, "cause", x->cause_text, e) ||
	    db_do(st, &sql_test, LINKS_DROP, bind, 1, e) ||
	    db_do(st, &sql_test, CAUSE_SET, bind, 2, e))
		return -1;
	for (size_t i = 0; i < x->links; i++) {
		if (db_stmt(st, &sql_test, LINK_ADD, &s, e))
			return -1;
		sqlite3_bind_int64(s, 1, test_id);
		sqlite3_bind_int64(s, 2, (int64_t)i);
		db_bind_text(s, 3, x->link[i].type);
		db_bind_text(s, 4, x->link[i].message);
		db_bind_text(s, 5, x->link[i].place);
		if (db_run(st, s, e))
			return -1;
	}
	return 0;
}

int
store_source_label_put(struct store *st, int64_t source_id, struct slice name, struct slice value,
    struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_test, LABEL_SET, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	db_bind_text_or_empty(s, 2, name);
	db_bind_text_or_empty(s, 3, value);
	return db_run(st, s, e);
}
