#include "config.h"

#include "store/db.h"

enum { SPLITS, SPLIT, OPENERS, OPENER, NEXT, MESSAGE_ADD, PART_ADD, PARTS_COPY, PLACE };

static const char *const texts[] = {
	/* ids only: messages may be long, and a sort keeps its rows in memory */
	[SPLITS] = "SELECT p.event_id FROM split p JOIN event e ON e.id = p.event_id WHERE "
	    SQL_COMPLETE("e") " ORDER BY p.uid, p.n, p.event_id",
	[SPLIT] = "SELECT p.event_id, p.n, p.total, p.uid, e.message, e.payload_kind, s.redact"
	    " FROM split p JOIN event e ON e.id = p.event_id JOIN source s ON s.id = e.source_id"
	    " WHERE p.event_id = ?1",
	[OPENERS] = "SELECT e.id FROM event e JOIN origin o ON o.id = e.origin_id"
	    " WHERE e.flags & 16 AND o.instance <> ''"
	    " AND NOT EXISTS (SELECT 1 FROM split p WHERE p.event_id = e.id)"
	    " AND " SQL_COMPLETE("e") " ORDER BY e.ts, e.id",
	[OPENER] = "SELECT e.id, e.message, e.flags, e.payload_kind, e.ts, s.redact, e.origin_id"
	    " FROM event e JOIN source s ON s.id = e.source_id WHERE e.id = ?1",
	[NEXT] = "SELECT e.id, e.message, e.flags, e.payload_kind, e.ts, s.redact"
	    " FROM event e JOIN source s ON s.id = e.source_id"
	    " WHERE e.origin_id = ?1 AND e.ts BETWEEN ?2 AND ?3 AND e.id <> ?4"
	    " AND NOT EXISTS (SELECT 1 FROM split p WHERE p.event_id = e.id)"
	    " AND " SQL_COMPLETE("e") " ORDER BY e.ts, e.id LIMIT ?5",
	[MESSAGE_ADD] = "INSERT INTO message (id, kind, connector, text, total, complete, trace)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[PART_ADD] = "INSERT INTO message_part (message_id, n, event_id, start, stop)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[PARTS_COPY] = "INSERT INTO exception_part (exception_id, n, event_id)"
	    " SELECT ?1, ?2 + p.n - 1, p.event_id FROM message_part p JOIN message m"
	    " ON m.id = p.message_id WHERE m.id = ?3 AND m.trace",
	[PLACE] = "SELECT p.event_id, p.start, p.stop FROM message_part p JOIN message m"
	    " ON m.id = p.message_id WHERE m.id = ?1 AND m.trace AND p.start <= ?2"
	    " ORDER BY p.n DESC LIMIT 1",
};
const struct sql_group sql_message = { GROUP_MESSAGE, texts, sizeof texts / sizeof *texts };

/* ---- what was cut ---- */

static int
give_split(struct store *st, int64_t id, store_split_fn *fn, void *ctx, struct err *e)
{
	struct split_row row = { 0 };
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_message, SPLIT, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(st, s, e);
	if (rc > 0) {
		row.event_id = id;
		row.index = sqlite3_column_int64(s, 1);
		row.total = sqlite3_column_int64(s, 2);
		row.uid = db_text(s, 3);
		row.message = db_text(s, 4);
		row.text = sqlite3_column_int(s, 5) == PAYLOAD_TEXT ||
		    sqlite3_column_int(s, 5) == PAYLOAD_JSON;
		row.redact = db_text(s, 6);
		rc = fn(ctx, &row, e);
		sqlite3_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

int
store_each_split(struct store *st, store_split_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_message, SPLITS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0)
		if (give_split(st, sqlite3_column_int64(s, 0), fn, ctx, e)) {
			sqlite3_reset(s);
			return -1;
		}
	return rc;
}

static void
cut_read(struct arena *a, sqlite3_stmt *s, struct cut_row *row)
{
	int flags = sqlite3_column_int(s, 2);

	*row = (struct cut_row){ .event_id = sqlite3_column_int64(s, 0),
		.ts_ns = sqlite3_column_int64(s, 4),
		.message = db_copy(a, s, 1), .redact = db_copy(a, s, 5),
		.tag_open = flags & 32, .tag_closed = flags & 64,
		.own = (flags & 1) || sqlite3_column_int(s, 3) != PAYLOAD_TEXT };
}

static int
give_cut(struct store *st, int64_t id, int64_t gap_ns, store_cut_fn *fn, void *ctx,
    struct err *e)
{
	struct cut_row first, next[CUT_NEXT];
	int64_t origin, until;
	struct arena a;
	sqlite3_stmt *s;
	size_t n = 0;
	int rc;

	if (db_stmt(st, &sql_message, OPENER, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(st, s, e);
	if (rc <= 0)
		return rc;
	arena_init(&a);
	cut_read(&a, s, &first);
	origin = sqlite3_column_int64(s, 6);
	until = first.ts_ns > INT64_MAX - gap_ns ? INT64_MAX : first.ts_ns + gap_ns;
	sqlite3_reset(s);
	rc = db_stmt(st, &sql_message, NEXT, &s, e);
	if (rc == 0) {
		sqlite3_bind_int64(s, 1, origin);
		sqlite3_bind_int64(s, 2, first.ts_ns);
		sqlite3_bind_int64(s, 3, until);
		sqlite3_bind_int64(s, 4, id);
		sqlite3_bind_int64(s, 5, CUT_NEXT);
		while ((rc = db_row(st, s, e)) > 0 && n < CUT_NEXT)
			cut_read(&a, s, &next[n++]);
		sqlite3_reset(s);
	}
	if (rc >= 0)
		rc = fn(ctx, &first, next, n, e);
	arena_release(&a);
	return rc < 0 ? -1 : 0;
}

int
store_each_cut(struct store *st, int64_t gap_ns, store_cut_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_message, OPENERS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0)
		if (give_cut(st, sqlite3_column_int64(s, 0), gap_ns, fn, ctx, e)) {
			sqlite3_reset(s);
			return -1;
		}
	return rc;
}

/* ---- what was joined ---- */

int
store_message_put(struct store *st, const struct message_row *m, struct err *e)
{
	int64_t id = m->event_id[0];
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_message, MESSAGE_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	db_bind_str(s, 2, m->kind);
	db_bind_str(s, 3, m->connector);
	db_bind_text_or_empty(s, 4, m->text);
	sqlite3_bind_int64(s, 5, m->total);
	sqlite3_bind_int(s, 6, m->complete);
	sqlite3_bind_int(s, 7, m->trace);
	if (db_run(st, s, e))
		return -1;
	for (size_t i = 0; i < m->parts; i++) {
		if (db_stmt(st, &sql_message, PART_ADD, &s, e))
			return -1;
		sqlite3_bind_int64(s, 1, id);
		sqlite3_bind_int64(s, 2, (int64_t)i + 1);
		sqlite3_bind_int64(s, 3, m->event_id[i]);
		sqlite3_bind_int64(s, 4, (int64_t)m->start[i]);
		sqlite3_bind_int64(s, 5, (int64_t)m->stop[i]);
		if (db_run(st, s, e))
			return -1;
	}
	return 0;
}

int
message_parts_put(struct store *st, int64_t id, int64_t n, int64_t event, int64_t *added,
    struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_message, PARTS_COPY, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, n);
	sqlite3_bind_int64(s, 3, event);
	if (db_run(st, s, e))
		return -1;
	*added = sqlite3_changes64(st->db);
	return 0;
}

int
message_place(struct store *st, int64_t *event, uint32_t *start, uint32_t *end, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (*event == 0)
		return 0;
	if (db_stmt(st, &sql_message, PLACE, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, *event);
	sqlite3_bind_int64(s, 2, *start);
	rc = db_row(st, s, e);
	if (rc > 0) {
		int64_t from = sqlite3_column_int64(s, 1);

		if (*end <= sqlite3_column_int64(s, 2)) {
			*event = sqlite3_column_int64(s, 0);
			*start = (uint32_t)(*start - from);
			*end = (uint32_t)(*end - from);
		} else {
			*event = 0;
			*start = *end = 0;
		}
		sqlite3_reset(s);
	}
	return rc < 0 ? -1 : 0;
}
