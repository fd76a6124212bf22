#include "config.h"

#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ORIGINS, EVENTS, EXCEPTIONS, LINKS, PARTS, RUNS, TESTS, HITS, HAVE, FIRST_AFTER,
	RUNNING };

static const char *const texts[] = {
	[ORIGINS] = "SELECT id, service, revision, instance, log, project FROM origin ORDER BY id",
	[EVENTS] = "SELECT e.id, e.source_id, e.ts, r.end_ns, e.severity, r.status, e.signature_id,"
	    " e.origin_id, e.trace, substr(e.message, 1, 400) FROM"
	    " (SELECT event_id AS id FROM hit WHERE event_id IS NOT NULL"
	    " UNION SELECT id FROM event WHERE severity >= 500"
	    " UNION SELECT event_id FROM request WHERE status >= 500"
	    " UNION SELECT event_id FROM exception_part) w"
	    " JOIN event e ON e.id = w.id LEFT JOIN request r ON r.event_id = e.id"
	    " WHERE " SQL_COMPLETE("e") " ORDER BY e.id",
	[EXCEPTIONS] = "SELECT x.id, x.ts, x.cause_signature_id, g.text, x.quote_event_id,"
	    " x.quote_start, x.quote_end FROM exception x"
	    " LEFT JOIN signature g ON g.id = x.cause_signature_id ORDER BY x.id",
	[LINKS] = "SELECT type, message, place FROM exception_link WHERE exception_id = ?1"
	    " ORDER BY n",
	[PARTS] = "SELECT event_id FROM exception_part WHERE exception_id = ?1 ORDER BY n",
	[RUNS] = "SELECT r.id, r.source_id, r.state, r.framework FROM run_view r"
	    " JOIN source s ON s.id = r.source_id WHERE s.state = 'complete'"
	    " AND r.quality = 'recorded' ORDER BY r.id",
	[TESTS] = "SELECT t.id, t.source_id, t.run_id, t.nodeid, t.message, t.outcome, t.phase,"
	    " t.signature_id, g.text FROM test_view t JOIN run r ON r.id = t.run_id"
	    " JOIN source s ON s.id = r.source_id"
	    " LEFT JOIN signature g ON g.id = t.signature_id"
	    " WHERE s.state = 'complete' AND r.quality = 'recorded'"
	    " AND t.outcome IN ('failed', 'error') ORDER BY t.id",
	[HITS] = "SELECT h.id, h.rule, h.rule_hash, h.event_id, coalesce(h.test_id,"
	    " (SELECT x.id FROM test x WHERE x.run_id = coalesce(r.twin_of, r.id)"
	    " AND x.nodeid = o.nodeid"
	    " ORDER BY x.outcome IN ('failed', 'error') DESC, x.id LIMIT 1)),"
	    " h.output_id, h.line, h.byte, h.field = 'message', h.start, h.stop, h.captures,"
	    " h.limited, r.source_id FROM hit h LEFT JOIN output o ON o.id = h.output_id"
	    " LEFT JOIN test t ON t.id = h.test_id"
	    " LEFT JOIN run r ON r.id = coalesce(o.run_id, t.run_id)"
	    " LEFT JOIN source s ON s.id = r.source_id"
	    " WHERE h.event_id IS NOT NULL OR (s.state = 'complete' AND r.quality = 'recorded'"
	    " AND t.twin_of IS NULL AND coalesce(o.hidden, 0) = 0) ORDER BY h.id",
	[HAVE] = "SELECT EXISTS (SELECT 1 FROM source WHERE kind = 'logs' AND state = 'complete'"
	    " AND added + known + filled + conflicts > 0),"
	    " EXISTS (SELECT 1 FROM request r JOIN event e ON e.id = r.event_id"
	    " WHERE " SQL_COMPLETE("e") "),"
	    " EXISTS (SELECT 1 FROM source WHERE kind = 'tests' AND state = 'complete'),"
	    " (SELECT max(last_ns) FROM source WHERE kind = 'logs' AND state = 'complete')",
	[FIRST_AFTER] = "SELECT min(ts) FROM (SELECT (SELECT min(e.ts) FROM event e"
	    " WHERE e.origin_id = o.id AND e.ts > ?2) AS ts FROM origin o"
	    " WHERE o.instance = ?1 AND o.instance <> '')",
	/* Cloud Run gives a request at most an hour */
	[RUNNING] = "SELECT count(*) FROM origin o JOIN event e ON e.origin_id = o.id"
	    " JOIN request r ON r.event_id = e.id WHERE o.instance = ?1 AND o.instance <> ''"
	    " AND e.ts BETWEEN ?2 - 3600000000000 AND ?2 AND r.end_ns >= ?2",
};
const struct sql_group sql_evidence = { GROUP_EVIDENCE, texts, sizeof texts / sizeof *texts };

struct origin {
	int64_t id;
	struct slice service, revision, instance, log, project;
};

struct loader {
	struct store *st;
	const struct rule_set *rs;
	struct arena *a;
	struct evidence_set *set;
	struct origin *origin;
	size_t origins;
};

/* every element begins with its id */
static int
compare_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static const void *
by_id(const void *array, size_t n, size_t size, int64_t id)
{
	return n && id ? bsearch(&id, array, n, size, compare_id) : NULL;
}

static int
load_origins(struct loader *l, struct err *e)
{
	struct origin *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, ORIGINS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct origin){ sqlite3_column_int64(s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2), db_copy(l->a, s, 3), db_copy(l->a, s, 4),
		    db_copy(l->a, s, 5) };
	}
	l->origins = n;
	l->origin = arena_array(l->a, n ? n : 1, sizeof *item);
	if (n)
		memcpy(l->origin, item, n * sizeof *item);
	free(item);
	return rc;
}

static struct slice
first_line(struct arena *a, struct slice text)
{
	size_t newline = slice_find_byte(text, 0, '\n');
	size_t from = 0, to = newline == SIZE_MAX ? text.n : newline;

	if (to == 0)
		return slice_of(NULL, 0);
	quote_clip(text, &from, &to);
	return arena_copy(a, slice_sub(text, 0, to));
}

static void
read_event(struct loader *l, sqlite3_stmt *s, struct fact_event *ev)
{
	const struct origin *o = by_id(l->origin, l->origins, sizeof *o,
	    sqlite3_column_int64(s, 7));

	memset(ev, 0, sizeof *ev);
	ev->id = sqlite3_column_int64(s, 0);
	ev->source_id = sqlite3_column_int64(s, 1);
	ev->ts_ns = sqlite3_column_int64(s, 2);
	ev->end_ns = sqlite3_column_type(s, 3) == SQLITE_NULL ? ev->ts_ns :
	    sqlite3_column_int64(s, 3);
	ev->severity = sqlite3_column_int(s, 4);
	ev->status = sqlite3_column_int(s, 5);
	ev->signature_id = sqlite3_column_int64(s, 6);
	ev->trace = db_copy(l->a, s, 8);
	ev->message = first_line(l->a, db_text(s, 9));
	if (!o)
		return;
	ev->service = o->service;
	ev->revision = o->revision;
	ev->instance = o->instance;
	ev->log = o->log;
	ev->project = o->project;
}

static int
load_events(struct loader *l, struct err *e)
{
	struct fact_event *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, EVENTS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		read_event(l, s, &item[n++]);
	}
	l->set->event = db_keep(l->a, item, n, sizeof *item);
	l->set->events = n;
	return rc;
}

static const struct fact_event *
event_of(const struct loader *l, int64_t id)
{
	return by_id(l->set->event, l->set->events, sizeof *l->set->event, id);
}

static int
load_links(struct loader *l, int64_t id, struct fact_exception *x, struct err *e)
{
	struct fact_link *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, LINKS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct fact_link){ db_copy(l->a, s, 0), db_copy(l->a, s, 1),
		    db_copy(l->a, s, 2) };
	}
	x->link = db_keep(l->a, item, n, sizeof *item);
	x->links = n;
	return rc;
}

static int
load_parts(struct loader *l, int64_t id, struct fact_exception *x, struct err *e)
{
	int64_t *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, PARTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = sqlite3_column_int64(s, 0);
	}
	x->event_id = db_keep(l->a, item, n, sizeof *item);
	x->events = n;
	return rc;
}

static int
load_exceptions(struct loader *l, struct err *e)
{
	struct fact_exception *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, EXCEPTIONS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		int64_t id = sqlite3_column_int64(s, 0);
		const struct fact_event *first = event_of(l, id);

		if (!first)
			continue;
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n] = (struct fact_exception){ .event = first,
		    .ts_ns = sqlite3_column_int64(s, 1),
		    .cause_signature_id = sqlite3_column_int64(s, 2),
		    .cause_text = db_copy(l->a, s, 3),
		    .quote_event_id = sqlite3_column_int64(s, 4),
		    .quote_start = (uint32_t)sqlite3_column_int64(s, 5),
		    .quote_end = (uint32_t)sqlite3_column_int64(s, 6) };
		if (load_links(l, id, &item[n], e) || load_parts(l, id, &item[n], e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
		n++;
	}
	l->set->exception = db_keep(l->a, item, n, sizeof *item);
	l->set->exceptions = n;
	return rc;
}

static const struct fact_exception *
exception_of(const struct loader *l, int64_t id)
{
	const struct fact_exception *x = l->set->exception;
	size_t low = 0, high = l->set->exceptions;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x[mid].event->id == id)
			return &x[mid];
		if (x[mid].event->id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int
load_runs(struct loader *l, struct err *e)
{
	struct fact_run *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, RUNS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct fact_run){ sqlite3_column_int64(s, 0),
		    sqlite3_column_int64(s, 1), run_state_of(db_text(s, 2)), db_copy(l->a, s, 3) };
	}
	l->set->run = db_keep(l->a, item, n, sizeof *item);
	l->set->runs = n;
	return rc;
}

static int
load_tests(struct loader *l, struct err *e)
{
	struct fact_test *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, TESTS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct fact_test){ .id = sqlite3_column_int64(s, 0),
		    .source_id = sqlite3_column_int64(s, 1),
		    .run = by_id(l->set->run, l->set->runs, sizeof *l->set->run,
		        sqlite3_column_int64(s, 2)),
		    .nodeid = db_copy(l->a, s, 3), .message = db_copy(l->a, s, 4),
		    .outcome = slice_eqs(db_text(s, 5), "failed") ? TEST_FAILED : TEST_ERROR,
		    .phase = test_phase_of(db_text(s, 6)),
		    .signature_id = sqlite3_column_int64(s, 7), .signature = db_copy(l->a, s, 8) };
	}
	l->set->test = db_keep(l->a, item, n, sizeof *item);
	l->set->tests = n;
	return rc;
}

/* ---- hits ---- */

static int
load_captures(struct loader *l, sqlite3_stmt *s, struct fact_hit *h, struct err *e)
{
	struct entry_field *field;
	struct capture *capture;
	size_t n, i;

	if (fields_read(l->a, db_text(s, 11), &field, &n, e))
		return -1;
	capture = arena_array(l->a, n ? n : 1, sizeof *capture);
	for (i = 0; i < n; i++)
		capture[i] = (struct capture){ field[i].name, field[i].value };
	h->capture = capture;
	h->captures = n;
	return 0;
}

/* 1 taken, 0 not evidence, -1 an error */
static int
read_hit(struct loader *l, sqlite3_stmt *s, struct fact_hit *h, struct err *e)
{
	int64_t event_id = sqlite3_column_int64(s, 3);

	memset(h, 0, sizeof *h);
	h->rule = rule_find(l->rs, db_text(s, 1));
	/* made by another text of that rule: scan makes it again */
	if (!h->rule || !slice_eqs(db_text(s, 2), h->rule->hash))
		return 0;
	h->event = event_of(l, event_id);
	if (event_id && !h->event)
		return 0;
	if (h->event && h->rule->subject == SUBJECT_EXCEPTION)
		h->exception = exception_of(l, event_id);
	h->test_id = sqlite3_column_int64(s, 4);
	h->test = by_id(l->set->test, l->set->tests, sizeof *l->set->test, h->test_id);
	h->output_id = sqlite3_column_int64(s, 5);
	h->source_id = h->event ? h->event->source_id : sqlite3_column_int64(s, 13);
	h->line = (uint64_t)sqlite3_column_int64(s, 6);
	h->byte = (uint64_t)sqlite3_column_int64(s, 7);
	/* only ranges of the text itself can be quoted from it */
	if (sqlite3_column_int(s, 8) && !h->exception) {
		h->start = (uint32_t)sqlite3_column_int64(s, 9);
		h->end = (uint32_t)sqlite3_column_int64(s, 10);
	}
	h->limit = sqlite3_column_int(s, 12);
	return load_captures(l, s, h, e) ? -1 : 1;
}

struct ordered_hit {
	struct fact_hit hit;
	int64_t id;
};

static int
compare_hits(const void *a, const void *b)
{
	const struct ordered_hit *x = a, *y = b;
	const struct fact_event *xe = x->hit.event, *ye = y->hit.event;
	int order = slice_cmp(x->hit.rule->name, y->hit.rule->name);

	if (order)
		return order;
	if (!xe != !ye)
		return xe ? -1 : 1;
	if (xe && xe->ts_ns != ye->ts_ns)
		return xe->ts_ns < ye->ts_ns ? -1 : 1;
	if (!xe && x->hit.source_id != y->hit.source_id)
		return x->hit.source_id < y->hit.source_id ? -1 : 1;
	if (!xe && x->hit.line != y->hit.line)
		return x->hit.line < y->hit.line ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int
collect_hits(struct loader *l, struct ordered_hit **item, size_t *n, struct err *e)
{
	size_t cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_evidence, HITS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		int taken;

		*item = mem_grow(*item, &cap, *n + 1, sizeof **item);
		taken = read_hit(l, s, &(*item)[*n].hit, e);
		if (taken < 0) {
			sqlite3_reset(s);
			return -1;
		}
		(*item)[*n].id = sqlite3_column_int64(s, 0);
		*n += (size_t)taken;
	}
	return rc;
}

static int
load_hits(struct loader *l, struct err *e)
{
	struct ordered_hit *item = NULL;
	struct fact_hit *hit;
	size_t n = 0, i;
	int rc = collect_hits(l, &item, &n, e);

	if (rc == 0) {
		if (n)
			qsort(item, n, sizeof *item, compare_hits);
		hit = arena_array(l->a, n ? n : 1, sizeof *hit);
		for (i = 0; i < n; i++)
			hit[i] = item[i].hit;
		l->set->hit = hit;
		l->set->hits = n;
	}
	free(item);
	return rc;
}

/* ---- the rest ---- */

static int
first_after(void *ctx, struct slice instance, int64_t after_ns, int64_t *ts_ns, struct err *e)
{
	struct store *st = ctx;
	sqlite3_stmt *s;
	int rc;

	*ts_ns = CLOCK_NONE;
	if (db_stmt(st, &sql_evidence, FIRST_AFTER, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, instance);
	sqlite3_bind_int64(s, 2, after_ns);
	rc = db_row(st, s, e);
	if (rc > 0)
		*ts_ns = db_time(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
running(void *ctx, struct slice instance, int64_t ts_ns, long *n, struct err *e)
{
	struct store *st = ctx;
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_evidence, RUNNING, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, instance);
	sqlite3_bind_int64(s, 2, ts_ns);
	if (db_row(st, s, e) < 0)
		return -1;
	*n = (long)sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return 0;
}

static int
load_have(struct loader *l, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(l->st, &sql_evidence, HAVE, &s, e) || db_row(l->st, s, e) < 0)
		return -1;
	l->set->have_entries = sqlite3_column_int(s, 0);
	l->set->have_requests = sqlite3_column_int(s, 1);
	l->set->have_tests = sqlite3_column_int(s, 2);
	l->set->last_ns = db_time(s, 3);
	sqlite3_reset(s);
	return 0;
}

int
store_evidence_load(struct store *st, const struct rule_set *rs, struct arena *a,
    struct evidence_set *set, struct err *e)
{
	struct loader l = { .st = st, .rs = rs, .a = a, .set = set };

	memset(set, 0, sizeof *set);
	set->first_after = first_after;
	set->running = running;
	set->ctx = st;
	return load_origins(&l, e) || load_events(&l, e) || load_exceptions(&l, e) ||
	    load_runs(&l, e) || load_tests(&l, e) || load_hits(&l, e) || load_have(&l, e) ? -1 : 0;
}
