#include "config.h"

#include "store/load_case.h"

#include <stdlib.h>

#include "base/mem.h"

enum { HEADS, IN_SCOPE, COUNTS, SAMPLES, WHYS, WHY_EVENTS };
static const char *const texts[] = {
	[HEADS] = "SELECT i.id, k.key, i.class, i.title, i.priority, i.priority_why, i.service,"
	    " i.revision, i.first_ns, i.last_ns, i.occurrences, i.entries, i.signatures,"
	    " i.requests_joined, i.requests_open, i.cause_type, i.cause_message, i.cause_place,"
	    " i.cause_signature_id, i.rule, i.remediation, i.issue"
	    " FROM incident i JOIN incident_key k ON k.id = i.id ORDER BY i.rank",
	[IN_SCOPE] = "SELECT coalesce(sum(inside), 0), count(*) FROM (SELECT " SQL_IN_SCOPE("m")
	    " AS inside FROM member m" SQL_RECORD("m") " WHERE m.incident_id = ?1)",
	[COUNTS] = "SELECT role, basis, count(*), count(DISTINCT nullif(occurrence, 0))"
	    " FROM member WHERE incident_id = ?1 GROUP BY role, basis",
	[SAMPLES] = "SELECT role, basis, occurrence, rule, event_id, test_id, output_id, line,"
	    " byte, quote_start, quote_end FROM (SELECT m.*, row_number() OVER"
	    " (PARTITION BY m.role, m.basis ORDER BY e.ts, m.n) AS k FROM member m"
	    " LEFT JOIN event e ON e.id = m.event_id WHERE m.incident_id = ?1)"
	    " WHERE k <= ?2 ORDER BY n",
	[WHYS] = "SELECT n, question, answer, basis, mechanism, collect, links, looked_at, test_id"
	    " FROM why WHERE incident_id = ?1 ORDER BY n",
	/* with what a member quotes of the same event: a cause, a failure, then the rest */
	[WHY_EVENTS] = "SELECT w.event_id, m.quote_start, m.quote_end FROM why_event w"
	    " LEFT JOIN member m ON m.incident_id = w.incident_id"
	    " AND m.n = (SELECT x.n FROM member x WHERE"
	    " x.incident_id = w.incident_id AND x.event_id = w.event_id AND"
	    " x.quote_end > x.quote_start"
	    " ORDER BY x.role <> 'cause', x.role <> 'failure', x.n LIMIT 1)"
	    " WHERE w.incident_id = ?1 AND w.n = ?2 ORDER BY w.k",
};
const struct sql_group sql_case_incident = { GROUP_CASE_INCIDENT, texts,
    sizeof texts / sizeof *texts };

static void
read_head(struct case_loader *l, sqlite3_stmt *s, struct case_incident *ci)
{
	struct incident *in = &ci->incident;

	*ci = (struct case_incident){ .id = sqlite3_column_int64(s, 0) };
	in->key = db_copy(l->a, s, 1);
	in->class = incident_class_of(db_text(s, 2));
	in->title = db_copy(l->a, s, 3);
	in->priority = priority_of(db_text(s, 4));
	in->priority_why = db_copy(l->a, s, 5);
	in->service = db_copy(l->a, s, 6);
	in->revision = db_copy(l->a, s, 7);
	in->first_ns = db_time(s, 8);
	in->last_ns = db_time(s, 9);
	in->occurrences = (long)sqlite3_column_int64(s, 10);
	in->entries = (long)sqlite3_column_int64(s, 11);
	in->signatures = (long)sqlite3_column_int64(s, 12);
	in->requests_joined = (long)sqlite3_column_int64(s, 13);
	in->requests_open = (long)sqlite3_column_int64(s, 14);
	in->cause_type = db_copy(l->a, s, 15);
	in->cause_message = db_copy(l->a, s, 16);
	in->cause_place = db_copy(l->a, s, 17);
	in->cause_signature_id = sqlite3_column_int64(s, 18);
	in->rule = db_copy(l->a, s, 19);
	in->remediation = db_copy(l->a, s, 20);
	in->issue = db_copy(l->a, s, 21);
}

static int
load_in_scope(struct case_loader *l, struct case_incident *ci, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(l->st, &sql_case_incident, IN_SCOPE, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, ci->id);
	case_bind_scope(l, s, 2);
	if (db_row(l->st, s, e) < 0)
		return -1;
	ci->in_scope = sqlite3_column_int64(s, 0) > 0;
	ci->partly_in_scope = ci->in_scope &&
	    sqlite3_column_int64(s, 0) < sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return 0;
}

static int
compare_counts(const void *a, const void *b)
{
	const struct role_count *x = a, *y = b;

	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	return (x->basis > y->basis) - (x->basis < y->basis);
}

static int
load_counts(struct case_loader *l, struct case_incident *ci, struct err *e)
{
	struct role_count *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_incident, COUNTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, ci->id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		item[n++] = (struct role_count){ member_role_of(db_text(s, 0)),
		    member_basis_of(db_text(s, 1)), (long)sqlite3_column_int64(s, 2),
		    (long)sqlite3_column_int64(s, 3) };
	}
	if (n)
		qsort(item, n, sizeof *item, compare_counts);
	ci->count = db_keep(l->a, item, n, sizeof *item);
	ci->counts = n;
	return rc;
}

struct sample {
	struct case_member member;
	size_t n;
};

static int
compare_samples(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->member.role != y->member.role)
		return x->member.role < y->member.role ? -1 : 1;
	if (x->member.basis != y->member.basis)
		return x->member.basis < y->member.basis ? -1 : 1;
	if (x->member.cite.ts_ns != y->member.cite.ts_ns)
		return x->member.cite.ts_ns < y->member.cite.ts_ns ? -1 : 1;
	return (x->n > y->n) - (x->n < y->n);
}

static int
collect_samples(struct case_loader *l, int64_t id, struct sample **item, size_t *n,
    struct err *e)
{
	size_t cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_incident, SAMPLES, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int(s, 2, CASE_SAMPLES);
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct citation from = case_citation(s, 4);
		struct case_member *m;

		*item = mem_grow(*item, &cap, *n + 1, sizeof **item);
		(*item)[*n].n = *n;
		m = &(*item)[(*n)++].member;
		*m = (struct case_member){ .role = member_role_of(db_text(s, 0)),
		    .basis = member_basis_of(db_text(s, 1)),
		    .occurrence = (long)sqlite3_column_int64(s, 2), .rule = db_copy(l->a, s, 3) };
		if (case_cite(l, &from, &m->cite, e)) {
			sqlite3_reset(s);
			return -1;
		}
	}
	return rc;
}

static int
load_samples(struct case_loader *l, struct case_incident *ci, struct err *e)
{
	struct sample *item = NULL;
	struct case_member *member;
	size_t n = 0, i;
	int rc = collect_samples(l, ci->id, &item, &n, e);

	if (n)
		qsort(item, n, sizeof *item, compare_samples);
	member = arena_array(l->a, n + 1, sizeof *member);
	for (i = 0; i < n; i++)
		member[i] = item[i].member;
	ci->member = member;
	ci->members = n;
	free(item);
	return rc;
}

static int
cite_first_line(struct case_loader *l, int64_t event_id, int64_t test_id, struct cite *cite,
    struct err *e)
{
	const struct quote q = { .event_id = event_id, .test_id = test_id };
	struct citation from = { .event_id = event_id, .test_id = test_id };

	if (quote_range(l->st, &q, &from.start, &from.end, e))
		return -1;
	return case_cite(l, &from, cite, e);
}

/* the bytes of the event that the answer repeats, if a member quotes them; else its first line */
static int
cite_why(struct case_loader *l, struct citation from, struct slice answer, struct cite *cite,
    struct err *e)
{
	if (from.end > from.start) {
		if (case_cite(l, &from, cite, e))
			return -1;
		if (cite->quote.n && slice_find(answer, 0, cite->quote) != SIZE_MAX)
			return 0;
	}
	return cite_first_line(l, from.event_id, 0, cite, e);
}

static int
load_why_events(struct case_loader *l, int64_t incident, int64_t n, struct case_why *cw,
    struct err *e)
{
	const size_t room = sizeof cw->cite / sizeof *cw->cite;
	sqlite3_stmt *s;
	int rc;

	cw->why.event_id = arena_array(l->a, room, sizeof *cw->why.event_id);
	if (db_stmt(l->st, &sql_case_incident, WHY_EVENTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, incident);
	sqlite3_bind_int64(s, 2, n);
	while ((rc = db_row(l->st, s, e)) > 0 && cw->cites < room) {
		const struct citation from = { .event_id = sqlite3_column_int64(s, 0),
		    .start = sqlite3_column_int64(s, 1), .end = sqlite3_column_int64(s, 2) };

		cw->why.event_id[cw->why.events++] = from.event_id;
		if (cite_why(l, from, cw->why.answer, &cw->cite[cw->cites++], e)) {
			rc = -1;
			break;
		}
	}
	sqlite3_reset(s);
	if (rc >= 0 && cw->why.test_id && cw->cites < room)
		rc = cite_first_line(l, 0, cw->why.test_id, &cw->cite[cw->cites++], e);
	return rc < 0 ? -1 : 0;
}

static int
load_whys(struct case_loader *l, struct case_incident *ci, struct err *e)
{
	struct case_why *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_incident, WHYS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, ci->id);
	while ((rc = db_row(l->st, s, e)) > 0) {
		struct case_why *cw;

		item = mem_grow(item, &cap, n + 1, sizeof *item);
		cw = &item[n++];
		*cw = (struct case_why){ .why = { .question = db_copy(l->a, s, 1),
		    .answer = db_copy(l->a, s, 2), .basis = why_basis_of(db_text(s, 3)),
		    .mechanism = db_copy(l->a, s, 4), .collect = db_copy(l->a, s, 5),
		    .count = (long)sqlite3_column_int64(s, 6),
		    .of = (long)sqlite3_column_int64(s, 7),
		    .test_id = sqlite3_column_int64(s, 8) } };
		if (load_why_events(l, ci->id, sqlite3_column_int64(s, 0), cw, e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
	}
	ci->why = db_keep(l->a, item, n, sizeof *item);
	ci->whys = n;
	return rc;
}

int
case_load_incidents(struct case_loader *l, struct err *e)
{
	struct case_incident *item = NULL;
	size_t n = 0, cap = 0;
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(l->st, &sql_case_incident, HEADS, &s, e))
		return -1;
	while ((rc = db_row(l->st, s, e)) > 0) {
		item = mem_grow(item, &cap, n + 1, sizeof *item);
		read_head(l, s, &item[n]);
		if (load_in_scope(l, &item[n], e) || load_counts(l, &item[n], e) ||
		    load_samples(l, &item[n], e) || load_whys(l, &item[n], e)) {
			sqlite3_reset(s);
			rc = -1;
			break;
		}
		n++;
	}
	l->c->incident = db_keep(l->a, item, n, sizeof *item);
	l->c->incidents = n;
	return rc;
}
