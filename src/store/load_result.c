/*
 * load_result.c - one result with everything that hangs on it.
 */
#include "config.h"

#include "store/load_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { RESULT, DETAIL, RUN, LINKS, OUTPUTS, OUTPUTS_TOTAL, OTHERS, OTHERS_TOTAL, INCIDENTS, HITS,
	HITS_TOTAL };

/* the formats of the run of result ?1, and the texts that one of them holds of it */
#define RUN_IDS "(SELECT w.id FROM test x JOIN run r ON r.id = x.run_id" \
	" JOIN run w ON w.id = coalesce(r.twin_of, r.id) OR w.twin_of = coalesce(r.twin_of, r.id)" \
	" WHERE x.id = ?1)"
#define PRINTED " FROM output o JOIN run r ON r.id = o.run_id JOIN source s ON s.id = r.source_id" \
	" WHERE NOT o.hidden AND o.run_id IN " RUN_IDS " AND o.nodeid IN" \
	" (SELECT nodeid FROM test WHERE id = ?1 OR twin_of = ?1)"
/* attempts of the same run first; others of recorded runs only */
#define OTHER " FROM test a JOIN test x ON x.nodeid = a.nodeid AND x.id <> a.id" \
	" JOIN test_view t ON t.id = x.id JOIN source s ON s.id = t.source_id" \
	" WHERE a.id = ?1 AND x.twin_of IS NULL AND (t.quality = 'recorded' OR x.run_id IN " \
	RUN_IDS ")"
#define HIT_OF " FROM hit h LEFT JOIN output o ON o.id = h.output_id WHERE (h.test_id = ?1" \
	" OR h.output_id IN (SELECT o.id" PRINTED ")) AND NOT h.limited"

static const char *const texts[] = {
	[RESULT] = "SELECT " SQL_RESULT("t", "t.run_id") SQL_NOT_TIMED " FROM test_view t"
	    " JOIN source s ON s.id = t.source_id WHERE t.id = ?1",
	[DETAIL] = "SELECT t.detail, t.detail_line, s.path FROM test_view t"
	    " JOIN source s ON s.id = t.detail_source_id WHERE t.id = ?1",
	[RUN] = "SELECT " SQL_RUN " FROM run_view r WHERE r.id = ?1",
	[LINKS] = "SELECT l.type, l.message, l.place FROM test_link l WHERE l.test_id ="
	    " (SELECT x.id FROM test x JOIN test_link k ON k.test_id = x.id AND k.n = 0"
	    " WHERE x.id = ?1 OR x.twin_of = ?1 ORDER BY x.twin_rank LIMIT 1) ORDER BY l.n",
	[OUTPUTS] = "SELECT o.id, o.section, substr(o.text, 1, ?3), s.path, o.line" PRINTED
	    " ORDER BY o.id LIMIT ?2",
	[OUTPUTS_TOTAL] = "SELECT count(*)" PRINTED,
	[OTHERS] = "SELECT " SQL_RESULT("t", "t.run_id") SQL_NOT_TIMED OTHER
	    " ORDER BY x.run_id NOT IN " RUN_IDS ", x.id LIMIT ?2",
	[OTHERS_TOTAL] = "SELECT count(*)" OTHER,
	[INCIDENTS] = "SELECT DISTINCT incident_id FROM member WHERE test_id = ?1 ORDER BY 1",
	[HITS] = "SELECT h.rule, h.field, (SELECT s.path FROM run r JOIN source s"
	    " ON s.id = r.source_id WHERE r.id = o.run_id), iif(o.id IS NULL, 0, h.line)" HIT_OF
	    " ORDER BY h.rule, h.id LIMIT ?2",
	[HITS_TOTAL] = "SELECT count(*)" HIT_OF,
};
const struct sql_group sql_result = { GROUP_RESULT, texts, sizeof texts / sizeof *texts };

struct loader {
	struct store *st;
	struct arena *a;
	struct result_detail *d;
	int64_t id;
};

static int
begin(struct loader *l, unsigned which, int64_t limit, sqlite3_stmt **s, struct err *e)
{
	if (db_stmt(l->st, &sql_result, which, s, e))
		return -1;
	sqlite3_bind_int64(*s, 1, l->id);
	if (limit)
		sqlite3_bind_int64(*s, 2, limit);
	return 0;
}

static int
count(struct loader *l, unsigned which, long *n, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (begin(l, which, 0, &s, e))
		return -1;
	rc = db_row(l->st, s, e);
	if (rc > 0)
		*n = (long)sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static void
own(struct arena *a, struct slice *s)
{
	*s = s->n ? arena_copy(a, *s) : slice_of(NULL, 0);
}

static void
result_own(struct arena *a, struct result *r)
{
	own(a, &r->path);
	own(a, &r->down);
	own(a, &r->test.nodeid);
	own(a, &r->test.printed);
	own(a, &r->test.file);
	own(a, &r->test.suite);
	own(a, &r->test.params);
	own(a, &r->test.duration_note);
	own(a, &r->test.message);
	own(a, &r->test.worker);
}

static int
load_result(struct loader *l, bool *found, struct err *e)
{
	struct result_detail *d = l->d;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, RESULT, 0, &s, e) || (rc = db_row(l->st, s, e)) < 0)
		return -1;
	*found = rc > 0;
	if (!*found)
		return 0;
	result_read(s, &d->result);
	result_own(l->a, &d->result);
	sqlite3_reset(s);
	if (begin(l, DETAIL, 0, &s, e) || (rc = db_row(l->st, s, e)) < 0)
		return -1;
	if (rc > 0) {
		d->result.test.detail = db_copy(l->a, s, 0);
		d->result.test.detail_line = (uint64_t)sqlite3_column_int64(s, 1);
		d->detail_path = db_copy(l->a, s, 2);
	}
	sqlite3_reset(s);
	if (db_stmt(l->st, &sql_result, RUN, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, d->result.run_id);
	if ((rc = db_row(l->st, s, e)) > 0) {
		run_read(s, 0, &d->run);
		run_own(l->a, &d->run);
	}
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
load_links(struct loader *l, struct err *e)
{
	struct result_link *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, LINKS, 0, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct result_link){ db_copy(l->a, s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2) };
	}
	l->d->link = db_keep(l->a, item, n, sizeof *item);
	l->d->links = n;
	return rc;
}

static int
load_outputs(struct loader *l, struct err *e)
{
	struct result_output *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, OUTPUTS, RESULT_OUTPUTS, &s, e))
		return -1;
	/* one more than is told shows that it is cut */
	sqlite3_bind_int(s, 3, RESULT_OUTPUT_BYTES + 1);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct result_output){ sqlite3_column_int64(s, 0),
		    db_copy(l->a, s, 1), db_copy(l->a, s, 2), db_copy(l->a, s, 3),
		    (uint64_t)sqlite3_column_int64(s, 4) };
	}
	l->d->output = db_keep(l->a, item, n, sizeof *item);
	l->d->outputs = n;
	return rc ? rc : count(l, OUTPUTS_TOTAL, &l->d->outputs_total, e);
}

static int
load_others(struct loader *l, struct err *e)
{
	struct result *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, OTHERS, RESULT_ELSEWHERE, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		result_read(s, &item[n]);
		result_own(l->a, &item[n++]);
	}
	l->d->other = db_keep(l->a, item, n, sizeof *item);
	l->d->others = n;
	return rc ? rc : count(l, OTHERS_TOTAL, &l->d->others_total, e);
}

static int
load_incidents(struct loader *l, struct err *e)
{
	int64_t *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, INCIDENTS, 0, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = sqlite3_column_int64(s, 0);
	}
	l->d->incident = db_keep(l->a, item, n, sizeof *item);
	l->d->incidents = n;
	return rc;
}

static int
load_hits(struct loader *l, struct err *e)
{
	struct result_hit *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (begin(l, HITS, RESULT_OUTPUTS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct result_hit){ db_copy(l->a, s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2), (uint64_t)sqlite3_column_int64(s, 3) };
	}
	l->d->hit = db_keep(l->a, item, n, sizeof *item);
	l->d->hits = n;
	return rc ? rc : count(l, HITS_TOTAL, &l->d->hits_total, e);
}

int
store_result_detail(struct store *st, int64_t id, struct arena *a, bool *found,
    struct result_detail *d, struct err *e)
{
	struct loader l = { st, a, d, id };

	memset(d, 0, sizeof *d);
	if (load_result(&l, found, e))
		return -1;
	return *found && (load_links(&l, e) || load_outputs(&l, e) || load_others(&l, e) ||
	    load_incidents(&l, e) || load_hits(&l, e)) ? -1 : 0;
}
