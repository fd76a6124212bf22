#include "config.h"

#include "store/db.h"

#include <stdio.h>

#include "model/incident.h"

enum { KEY_ADD, KEY_GET, ADD, MEMBER_ADD, WHY_ADD, WHY_EVENT_ADD, PROOF_ADD, HAS_REQUEST };
static const char *const texts[] = {
	[KEY_ADD] = "INSERT INTO incident_key (key) SELECT ?1 WHERE NOT EXISTS"
	    " (SELECT 1 FROM incident_key WHERE key = ?1)",
	[KEY_GET] = "SELECT id FROM incident_key WHERE key = ?1",
	[ADD] = "INSERT INTO incident (id, rank, class, title, priority, priority_why, service,"
	    " revision, first_ns, last_ns, occurrences, entries, signatures, requests_joined,"
	    " requests_open, cause_type, cause_message, cause_place, cause_signature_id, rule,"
	    " remediation, issue) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
	[MEMBER_ADD] = "INSERT INTO member (incident_id, n, role, basis, occurrence, rule,"
	    " event_id, test_id, output_id, line, byte, quote_start, quote_end)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[WHY_ADD] = "INSERT INTO why (incident_id, n, question, answer, basis, mechanism, collect,"
	    " links, looked_at, test_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[WHY_EVENT_ADD] = "INSERT INTO why_event (incident_id, n, k, event_id)"
	    " VALUES (?1, ?2, ?3, ?4)",
	[PROOF_ADD] = "INSERT INTO proof (kind, relation, strength, incident_id, event_id, test_id,"
	    " output_id, line, byte, quote_start, quote_end, rule, says, n)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1)",
	[HAS_REQUEST] = "SELECT 1 FROM request WHERE event_id = ?1",
};
const struct sql_group sql_incident = { GROUP_INCIDENT, texts, sizeof texts / sizeof *texts };

static int
incident_id(struct store *st, struct slice key, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_incident, KEY_ADD, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, key);
	if (db_run(st, s, e) || db_stmt(st, &sql_incident, KEY_GET, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, key);
	rc = db_row(st, s, e);
	if (rc > 0)
		*id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
put_head(struct store *st, const struct incident *in, int64_t id, size_t rank, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_incident, ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, (int64_t)rank);
	db_bind_str(s, 3, incident_class_name(in->class));
	db_bind_text_or_empty(s, 4, in->title);
	db_bind_str(s, 5, priority_name(in->priority));
	db_bind_text(s, 6, in->priority_why);
	db_bind_text(s, 7, in->service);
	db_bind_text(s, 8, in->revision);
	db_bind_time(s, 9, in->first_ns);
	db_bind_time(s, 10, in->last_ns);
	sqlite3_bind_int64(s, 11, in->occurrences);
	sqlite3_bind_int64(s, 12, in->entries);
	sqlite3_bind_int64(s, 13, in->signatures);
	sqlite3_bind_int64(s, 14, in->requests_joined);
	sqlite3_bind_int64(s, 15, in->requests_open);
	db_bind_text(s, 16, in->cause_type);
	db_bind_text(s, 17, in->cause_message);
	db_bind_text(s, 18, in->cause_place);
	db_bind_id(s, 19, in->cause_signature_id);
	db_bind_text(s, 20, in->rule);
	db_bind_text(s, 21, in->remediation);
	db_bind_text(s, 22, in->issue);
	return db_run(st, s, e);
}

/* ids, place and quote of a member: the same columns in `member` and `proof` */
static void
bind_member(sqlite3_stmt *s, int at, const struct member *m, const int64_t quote[2])
{
	db_bind_id(s, at, m->event_id);
	db_bind_id(s, at + 1, m->test_id);
	db_bind_id(s, at + 2, m->output_id);
	sqlite3_bind_int64(s, at + 3, (int64_t)m->line);
	sqlite3_bind_int64(s, at + 4, (int64_t)m->byte);
	sqlite3_bind_int64(s, at + 5, quote[0]);
	sqlite3_bind_int64(s, at + 6, quote[1]);
}

static int
member_kind(struct store *st, const struct member *m, const char **kind, struct err *e)
{
	int64_t found = 0;
	sqlite3_stmt *s;

	*kind = m->output_id ? "output" : m->test_id ? "test" : "entry";
	if (m->output_id || m->test_id)
		return 0;
	if (db_stmt(st, &sql_incident, HAS_REQUEST, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, m->event_id);
	found = db_row(st, s, e);
	sqlite3_reset(s);
	if (found > 0)
		*kind = "request";
	return found < 0 ? -1 : 0;
}

/* what only happened at the same time is listed, and speaks neither for nor against */
static int
put_proof(struct store *st, int64_t id, const struct member *m, const int64_t quote[2],
    struct err *e)
{
	static const char *const strength[] = {
		[BASIS_PROVED] = "strong", [BASIS_RULE] = "medium", [BASIS_CO_OCCURS] = "weak"
	};
	char says[80];
	const char *kind;
	sqlite3_stmt *s;

	if (m->role == MEMBER_SYMPTOM || m->role == MEMBER_BANNER)
		return 0;
	if (member_kind(st, m, &kind, e) || db_stmt(st, &sql_incident, PROOF_ADD, &s, e))
		return -1;
	snprintf(says, sizeof says, "%s (%s)", member_role_name(m->role),
	    member_basis_name(m->basis));
	db_bind_str(s, 1, kind);
	db_bind_str(s, 2, m->basis == BASIS_CO_OCCURS ? "neutral" : "for");
	db_bind_str(s, 3, strength[m->basis]);
	sqlite3_bind_int64(s, 4, id);
	bind_member(s, 5, m, quote);
	db_bind_text(s, 12, m->rule);
	db_bind_str(s, 13, says);
	return db_run(st, s, e);
}

static int
put_member(struct store *st, int64_t id, size_t n, const struct member *m, struct err *e)
{
	const struct quote q = { m->event_id, m->test_id, m->output_id, m->line, m->start, m->end };
	sqlite3_stmt *s;
	int64_t quote[2];

	if (quote_range(st, &q, &quote[0], &quote[1], e) ||
	    db_stmt(st, &sql_incident, MEMBER_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, (int64_t)n + 1);
	db_bind_str(s, 3, member_role_name(m->role));
	db_bind_str(s, 4, member_basis_name(m->basis));
	sqlite3_bind_int64(s, 5, m->occurrence);
	db_bind_text(s, 6, m->rule);
	bind_member(s, 7, m, quote);
	return db_run(st, s, e) || put_proof(st, id, m, quote, e) ? -1 : 0;
}

static int
put_why(struct store *st, int64_t id, size_t n, const struct why *w, struct err *e)
{
	sqlite3_stmt *s;
	size_t k;

	if (db_stmt(st, &sql_incident, WHY_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, (int64_t)n + 1);
	db_bind_text_or_empty(s, 3, w->question);
	db_bind_text(s, 4, w->answer);
	db_bind_str(s, 5, why_basis_name(w->basis));
	db_bind_text(s, 6, w->mechanism);
	db_bind_text(s, 7, w->collect);
	sqlite3_bind_int64(s, 8, w->count);
	sqlite3_bind_int64(s, 9, w->of);
	db_bind_id(s, 10, w->test_id);
	if (db_run(st, s, e))
		return -1;
	for (k = 0; k < w->events; k++)
		if (db_do(st, &sql_incident, WHY_EVENT_ADD,
		    (int64_t[]){ id, (int64_t)n + 1, (int64_t)k, w->event_id[k] }, 4, e))
			return -1;
	return 0;
}

static int
put_incident(struct store *st, const struct incident *in, size_t rank, struct err *e)
{
	int64_t id = 0;
	size_t i;

	if (incident_id(st, in->key, &id, e) || put_head(st, in, id, rank, e))
		return -1;
	for (i = 0; i < in->members; i++)
		if (put_member(st, id, i, &in->member[i], e))
			return -1;
	for (i = 0; i < in->whys; i++)
		if (put_why(st, id, i, &in->why[i], e))
			return -1;
	return 0;
}

int
store_incidents_put(struct store *st, const struct incident *in, size_t n, struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (put_incident(st, &in[i], i + 1, e))
			return -1;
	return 0;
}
