#include "config.h"

#include "store/db.h"

#include <string.h>

enum { DROP_DERIVED_HITS, DROP_RULES, DROP_EXCEPTIONS, DROP_MESSAGES, DROP_FINDINGS, DROP_PROOF,
	DROP_WHY, DROP_MEMBERS, DROP_INCIDENTS, DROP_HYPOTHESES, DROP_GAPS, DROP_CAUSES,
	HASH_GET, HASH_SET, SOURCES, RULE_ADD, PARTS, PART, EXCEPTION_ADD, EXCEPTION_PART_ADD,
	EXCEPTION_LINK_ADD, FINDING_ADD, FINDING_HIT_ADD };

static const char *const texts[] = {
	[DROP_DERIVED_HITS] = "DELETE FROM hit WHERE derived",
	[DROP_RULES] = "DELETE FROM rule",
	[DROP_EXCEPTIONS] = "DELETE FROM exception",
	[DROP_MESSAGES] = "DELETE FROM message",
	[DROP_FINDINGS] = "DELETE FROM finding",
	[DROP_PROOF] = "DELETE FROM proof",
	[DROP_WHY] = "DELETE FROM why",
	[DROP_MEMBERS] = "DELETE FROM member",
	[DROP_INCIDENTS] = "DELETE FROM incident",
	[DROP_HYPOTHESES] = "DELETE FROM hypothesis",
	[DROP_GAPS] = "DELETE FROM gap",
	[DROP_CAUSES] = "DELETE FROM signature WHERE kind = 'cause' AND id NOT IN"
	    " (SELECT cause_signature_id FROM test WHERE cause_signature_id IS NOT NULL)",
	[HASH_GET] = "SELECT value FROM meta WHERE key = 'rules_hash'",
	[HASH_SET] = "INSERT INTO meta (key, value) VALUES ('rules_hash', ?1)"
	    " ON CONFLICT DO UPDATE SET value = excluded.value",
	[SOURCES] = "SELECT count(*) FROM source WHERE state = 'complete'",
	[RULE_ADD] = "INSERT INTO rule (name, title, description, path, line, revision, hash,"
	    " subject, role, priority, issue, remediation, tags)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	/* ids only: messages may be long, and a sort keeps its rows in memory */
	[PARTS] = "SELECT e.id FROM (SELECT id FROM event WHERE flags & 4"
	    " UNION SELECT id FROM message WHERE trace) c"
	    " JOIN event e ON e.id = c.id JOIN origin o ON o.id = e.origin_id"
	    " WHERE NOT EXISTS (SELECT 1 FROM message_part p JOIN message m ON m.id = p.message_id"
	    " WHERE p.event_id = e.id AND p.n > 1 AND m.trace) AND " SQL_COMPLETE("e")
	    " ORDER BY o.instance, o.log, e.ts, e.id",
	[PART] = "SELECT e.id, e.ts, o.instance, o.log, coalesce((SELECT m.text FROM message m"
	    " WHERE m.id = e.id AND m.trace), e.message), o.service, o.revision"
	    " FROM event e JOIN origin o ON o.id = e.origin_id WHERE e.id = ?1",
	[EXCEPTION_ADD] = "INSERT INTO exception (id, ts, cause_signature_id, quote_event_id,"
	    " quote_start, quote_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[EXCEPTION_PART_ADD] = "INSERT INTO exception_part (exception_id, n, event_id)"
	    " VALUES (?1, ?2, ?3)",
	[EXCEPTION_LINK_ADD] = "INSERT INTO exception_link (exception_id, n, type, message, place)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[FINDING_ADD] = "INSERT INTO finding (rule, rule_revision, rule_hash, outcome, group_key,"
	    " n, first_ns, last_ns, priority, says, why)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
	[FINDING_HIT_ADD] = "INSERT INTO finding_hit (finding_id, n, event_id, test_id, output_id,"
	    " line, byte, quote_event_id, start, stop)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
};
const struct sql_group sql_eval = { GROUP_EVAL, texts, sizeof texts / sizeof *texts };

/* ---- the transaction ---- */

int
derived_clear(struct store *st, struct err *e)
{
	unsigned which;

	for (which = DROP_DERIVED_HITS; which <= DROP_CAUSES; which++)
		if (db_do(st, &sql_eval, which, NULL, 0, e))
			return -1;
	/* its causes were dropped */
	intern_forget(st);
	return 0;
}

int
store_eval_begin(struct store *st, struct err *e)
{
	if (store_batch_begin(st, e))
		return -1;
	if (derived_clear(st, e)) {
		store_eval_rollback(st);
		return -1;
	}
	return 0;
}

static int
same_hash(struct store *st, const char *rules_hash, bool *any, bool *same, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_eval, HASH_GET, &s, e))
		return -1;
	rc = db_row(st, s, e);
	*any = rc > 0;
	*same = rc > 0 && slice_eqs(db_text(s, 0), rules_hash);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

/*
 * `generation` counts changes of the complete sources, `evaluated` is the one that
 * the derived rows are of. Stored hits are of the rules that were loaded when their
 * source was read: after a change of the rules they are good only once they were
 * all made again (`cleared`), else `rescan` stays set.
 */
static int
write_tag(struct store *st, const char *rules_hash, struct err *e)
{
	int64_t generation, cleared;
	sqlite3_stmt *s;
	bool any, same;

	if (meta_get(st, "generation", &generation, e) || meta_get(st, "cleared", &cleared, e) ||
	    same_hash(st, rules_hash, &any, &same, e))
		return -1;
	if (any && !same && !cleared && meta_set(st, "rescan", 1, e))
		return -1;
	if (db_stmt(st, &sql_eval, HASH_SET, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, slice_str(rules_hash));
	if (db_run(st, s, e) || meta_set(st, "evaluated", generation, e))
		return -1;
	return meta_set(st, "cleared", 0, e);
}

int
store_eval_commit(struct store *st, const char *rules_hash, struct err *e)
{
	if (write_tag(st, rules_hash, e)) {
		store_eval_rollback(st);
		return -1;
	}
	return store_batch_commit(st, e);
}

void
store_eval_rollback(struct store *st)
{
	store_batch_rollback(st);
}

int
store_eval_stale(struct store *st, const char *rules_hash, bool *stale, struct err *e)
{
	int64_t sources, generation, evaluated, rescan;
	bool any, same;

	if (db_int(st, &sql_eval, SOURCES, &sources, 0, e) ||
	    meta_get(st, "generation", &generation, e) ||
	    meta_get(st, "evaluated", &evaluated, e) || meta_get(st, "rescan", &rescan, e) ||
	    same_hash(st, rules_hash, &any, &same, e))
		return -1;
	*stale = (sources > 0 || any) && (rescan || !same || generation != evaluated);
	return 0;
}

/* ---- rules ---- */

static int
put_rule(struct store *st, const struct rule *r, struct err *e)
{
	sqlite3_stmt *s;
	struct buf tags;
	size_t i;
	int rc;

	if (db_stmt(st, &sql_eval, RULE_ADD, &s, e))
		return -1;
	buf_init(&tags, 1 << 20);
	buf_putc(&tags, ' ');
	for (i = 0; i < r->tags; i++) {
		buf_put_slice(&tags, r->tag[i]);
		buf_putc(&tags, ' ');
	}
	db_bind_text_or_empty(s, 1, r->name);
	db_bind_text(s, 2, r->title);
	db_bind_text(s, 3, r->description);
	db_bind_text(s, 4, r->path);
	sqlite3_bind_int64(s, 5, r->line);
	sqlite3_bind_int64(s, 6, r->revision);
	db_bind_text_or_empty(s, 7, slice_str(r->hash));
	db_bind_str(s, 8, rule_subject_name(r->subject));
	db_bind_str(s, 9, rule_role_name(r->role));
	db_bind_str(s, 10, priority_name(r->priority));
	db_bind_text(s, 11, r->issue);
	db_bind_text(s, 12, r->remediation);
	db_bind_text(s, 13, buf_slice(&tags));
	rc = db_run(st, s, e);
	sqlite3_clear_bindings(s);
	buf_release(&tags);
	return rc;
}

int
store_rules_put(struct store *st, const struct rule_set *rs, struct err *e)
{
	size_t i;

	if (db_do(st, &sql_eval, DROP_RULES, NULL, 0, e))
		return -1;
	for (i = 0; i < rs->rules; i++)
		if (put_rule(st, &rs->rule[i], e))
			return -1;
	return 0;
}

/* ---- exceptions ---- */

static int
give_part(struct store *st, int64_t id, store_part_fn *fn, void *ctx, struct err *e)
{
	struct trace_part part = { 0 };
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_eval, PART, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(st, s, e);
	if (rc > 0) {
		part.event_id = id;
		part.ts_ns = sqlite3_column_int64(s, 1);
		part.instance = db_text(s, 2);
		part.log = db_text(s, 3);
		part.message = db_text(s, 4);
		part.service = db_text(s, 5);
		part.revision = db_text(s, 6);
		rc = fn(ctx, &part, e);
		sqlite3_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int
store_each_trace_part(struct store *st, store_part_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_eval, PARTS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0)
		if (give_part(st, sqlite3_column_int64(s, 0), fn, ctx, e)) {
			sqlite3_reset(s);
			return -1;
		}
	return rc;
}

static int
put_exception_rows(struct store *st, const struct exception_row *x, struct err *e)
{
	int64_t id = x->event_id[0], n = 0, added;
	sqlite3_stmt *s;
	size_t i;

	for (i = 0; i < x->events; i++) {
		if (message_parts_put(st, id, n, x->event_id[i], &added, e) ||
		    (added == 0 && db_do(st, &sql_eval, EXCEPTION_PART_ADD,
		    (int64_t[]){ id, n, x->event_id[i] }, 3, e)))
			return -1;
		n += added ? added : 1;
	}
	for (i = 0; i < x->links; i++) {
		if (db_stmt(st, &sql_eval, EXCEPTION_LINK_ADD, &s, e))
			return -1;
		sqlite3_bind_int64(s, 1, id);
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
store_exception_put(struct store *st, const struct exception_row *x, struct err *e)
{
	int64_t quoted = x->quote_event_id;
	uint32_t start = x->quote_start, end = x->quote_end;
	sqlite3_stmt *s;

	if (intern_signature(st, x->cause_signature_id, "cause", x->cause_text, e) ||
	    message_place(st, &quoted, &start, &end, e) ||
	    db_stmt(st, &sql_eval, EXCEPTION_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, x->event_id[0]);
	sqlite3_bind_int64(s, 2, x->ts_ns);
	db_bind_id(s, 3, x->cause_signature_id);
	db_bind_id(s, 4, quoted);
	sqlite3_bind_int64(s, 5, start);
	sqlite3_bind_int64(s, 6, end);
	if (db_run(st, s, e))
		return -1;
	return put_exception_rows(st, x, e);
}

/* ---- findings ---- */

/* a hit of an exception rule is quoted where the cause stands, maybe in another entry */
static int
put_finding_hit(struct store *st, int64_t finding, size_t n, const struct fact_hit *h,
    struct err *e)
{
	const struct fact_exception *x = h->exception;
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_eval, FINDING_HIT_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, finding);
	sqlite3_bind_int64(s, 2, (int64_t)n + 1);
	db_bind_id(s, 3, h->event ? h->event->id : 0);
	db_bind_id(s, 4, h->test_id);
	db_bind_id(s, 5, h->output_id);
	sqlite3_bind_int64(s, 6, (int64_t)h->line);
	sqlite3_bind_int64(s, 7, (int64_t)h->byte);
	db_bind_id(s, 8, x ? x->quote_event_id : 0);
	sqlite3_bind_int64(s, 9, x ? x->quote_start : h->start);
	sqlite3_bind_int64(s, 10, x ? x->quote_end : h->end);
	return db_run(st, s, e);
}

static int
put_finding(struct store *st, const struct finding *f, struct err *e)
{
	sqlite3_stmt *s;
	int64_t id;
	size_t i;

	if (db_stmt(st, &sql_eval, FINDING_ADD, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, f->rule->name);
	sqlite3_bind_int64(s, 2, f->rule->revision);
	db_bind_text_or_empty(s, 3, slice_str(f->rule->hash));
	db_bind_str(s, 4, finding_outcome_name(f->outcome));
	db_bind_text_or_empty(s, 5, f->group_key);
	sqlite3_bind_int64(s, 6, f->count);
	db_bind_time(s, 7, f->first_ns);
	db_bind_time(s, 8, f->last_ns);
	db_bind_str(s, 9, priority_name(f->rule->priority));
	db_bind_text(s, 10, f->says);
	db_bind_text(s, 11, f->why);
	if (db_run(st, s, e))
		return -1;
	id = sqlite3_last_insert_rowid(st->db);
	for (i = 0; i < f->hits; i++)
		if (put_finding_hit(st, id, i, f->hit[i], e))
			return -1;
	return 0;
}

int
store_findings_put(struct store *st, const struct finding *f, size_t n, struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (put_finding(st, &f[i], e))
			return -1;
	return 0;
}
