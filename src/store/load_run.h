/*
 * load_run.h - runs and results read from their tables. Private to store/.
 */
#ifndef STORE_LOAD_RUN_H
#define STORE_LOAD_RUN_H

#include "store/db.h"
#include "store/results.h"

/* the columns of test_view `t` and source s as result_read() takes them, up to url, same, timed */
#define SQL_RESULT(t, run_id) t ".id, " run_id ", " t ".source_id, " t ".signature_id, " \
	t ".cause_signature_id," \
	" (SELECT min(m.incident_id) FROM member m WHERE m.test_id = " t ".id)," \
	" s.path, " t ".nodeid, " t ".printed, " t ".file, " t ".suite, " t ".params, " \
	t ".attempt, " t ".outcome, " t ".phase, " t ".duration_ns, " t ".duration_from, " \
	t ".duration_note, " t ".setup_ns, " t ".call_ns, " t ".teardown_ns, " t ".started_ns, " \
	t ".message, " t ".worker, " t ".line, " t ".byte"
/* the columns behind it, where they are not asked for */
#define SQL_NOT_TIMED ", 0, 0, 0, NULL"
void	result_read(sqlite3_stmt *s, struct result *r);		/* borrows from the row */

/* the run ?1 in all its formats */
#define SQL_RUN_IDS "(SELECT id FROM run WHERE id = ?1 OR twin_of = ?1)"

/* "[1,2]" for json_each() */
struct slice ids_json(struct arena *a, const int64_t *id, size_t n);

void	run_own(struct arena *a, struct run *run);		/* copies its texts */
/* of a run whose id is set: rows, last, reruns and formats */
int	run_load_rows(struct store *st, struct arena *a, struct case_run *run, struct err *e);

#endif
