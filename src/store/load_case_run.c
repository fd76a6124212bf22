#include "config.h"

#include "store/load_case.h"
#include "store/load_run.h"

#include <string.h>

#include "base/mem.h"

enum { RUNS, FAILED, HYPOTHESES, EVIDENCE };
static const char *const texts[] = {
	[RUNS] = "SELECT r.id, r.source_id, " SQL_RUN " FROM run_view r"
	    " WHERE (r.source_id IN " SQL_SOURCES
	    " OR EXISTS (SELECT 1 FROM run w WHERE w.twin_of = r.id AND w.source_id IN " SQL_SOURCES
	    ")) AND " SQL_RUN_IN_WINDOW("r") " ORDER BY r.quality = 'quoted', r.id",
	[FAILED] = "SELECT t.id, t.nodeid, t.message, t.outcome, t.phase, t.duration_ns, t.line,"
	    " t.byte, (SELECT min(m.incident_id) FROM member m WHERE m.test_id = t.id),"
	    " EXISTS (SELECT 1 FROM test y WHERE y.run_id = x.run_id AND y.nodeid = x.nodeid"
	    " AND y.attempt > x.attempt AND y.outcome = 'passed')"
	    " FROM test x JOIN test_view t ON t.id = x.id WHERE x.run_id IN " SQL_RUN_IDS
	    " AND x.outcome IN ('failed', 'error')"
	    " ORDER BY t.id LIMIT ?2",
	[HYPOTHESES] = "SELECT id, name, title, class, issue, priority FROM hypothesis"
	    " ORDER BY priority, name",
	/* of findings with at least one record in scope */
	[EVIDENCE] = "SELECT p.relation, p.strength, p.rule, p.says, p.n, p.event_id, p.test_id,"
	    " p.output_id, p.line, p.byte, p.quote_start, p.quote_end FROM proof p"
	    " WHERE p.hypothesis_id = ?1 AND EXISTS (SELECT 1 FROM finding_hit h" SQL_RECORD("h")
	    " WHERE h.finding_id = p.finding_id AND " SQL_IN_SCOPE("h") ") ORDER BY p.id",
};
const struct sql_group sql_case_run = { GROUP_CASE_RUN, texts, sizeof texts / sizeof *texts };

static int
load_failed(struct case_loader *l, struct case_run *run, struct err *e)
{
	struct case_test *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_run, FAILED, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, run->id);
	sqlite3_bind_int(s, 2, CASE_TESTS);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct case_test){ sqlite3_column_int64(s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2), test_outcome_of(db_text(s, 3)),
		    test_phase_of(db_text(s, 4)), db_time(s, 5), sqlite3_column_int64(s, 8),
		    (uint64_t)sqlite3_column_int64(s, 6), (uint64_t)sqlite3_column_int64(s, 7),
		    sqlite3_column_int(s, 9) };
	}
	run->failed = db_keep(l->a, item, n, sizeof *item);
	run->faileds = n;
	run->failed_total = run->rows[TEST_FAILED] + run->rows[TEST_ERROR];
	return rc;
}

int
case_load_runs(struct case_loader *l, struct err *e)
{
	struct case_run *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_run, RUNS, &s, e))
		return -1;
	case_bind_scope(l, s, 2);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		memset(&item[n], 0, sizeof item[n]);
		item[n].id = sqlite3_column_int64(s, 0);
		item[n].source_id = sqlite3_column_int64(s, 1);
		run_read(s, 2, &item[n].run);
		run_own(l->a, &item[n].run);
		if (run_load_rows(l->st, l->a, &item[n], e) || load_failed(l, &item[n], e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
		n++;
	}
	l->c->run = db_keep(l->a, item, n, sizeof *item);
	while (l->c->runs < n && l->c->run[l->c->runs].run.quality == RUN_RECORDED)
		l->c->runs++;
	l->c->quoted = n ? l->c->run + l->c->runs : NULL;
	l->c->quoteds = n - l->c->runs;
	return rc;
}

/* ---- hypotheses ---- */

static int
load_evidence(struct case_loader *l, struct case_hypothesis *h, struct err *e)
{
	struct case_evidence *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_run, EVIDENCE, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, h->id);
	case_bind_scope(l, s, 2);
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct citation from = case_citation(s, 5);
		struct case_evidence *ev;

		item = mem_grow(item, &cap, n + 1, sizeof *item);
		ev = &item[n++];
		*ev = (struct case_evidence){ .relation = db_copy(l->a, s, 0),
		    .strength = strength_of(db_text(s, 1)), .rule = db_copy(l->a, s, 2),
		    .says = db_copy(l->a, s, 3), .count = (long)sqlite3_column_int64(s, 4) };
		if (case_cite(l, &from, &ev->cite, e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
	}
	h->evidence = db_keep(l->a, item, n, sizeof *item);
	h->evidences = n;
	return rc;
}

int
case_load_hypotheses(struct case_loader *l, struct err *e)
{
	struct case_hypothesis *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_run, HYPOTHESES, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n] = (struct case_hypothesis){ .id = sqlite3_column_int64(s, 0),
		    .name = db_copy(l->a, s, 1), .title = db_copy(l->a, s, 2),
		    .class_name = db_copy(l->a, s, 3), .issue = db_copy(l->a, s, 4),
		    .priority = priority_of(db_text(s, 5)) };
		if (load_evidence(l, &item[n], e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
		/* nothing in scope speaks of it */
		n += item[n].evidences > 0;
	}
	l->c->hypothesis = db_keep(l->a, item, n, sizeof *item);
	l->c->hypotheses = n;
	return rc;
}
