#include "config.h"

#include "store/db.h"

#include <inttypes.h>
#include <string.h>

#include "base/digest.h"

enum { FIND, FIND_EQUAL, HELD, REPEATS, REPEAT_SET, ADD, FIELDS_SET, REQUEST_ADD, AUDIT_ADD,
	SPLIT_ADD, SIGHTING_ADD, SIGHTING_MOVE, FILL, HITS_DROP, SETTLE_SIGHTINGS, SETTLE,
	CONFLICT_ADD };

/*
 * Candidates are bounded: hundreds of different logs with one insertId in one microsecond
 * are no export, but would make each put walk all of them. The same origin is found
 * whatever their number.
 */
static const char *const texts[] = {
	[FIND] = "SELECT e.id, e.source_id, e.payload_hash, e.flags"
	    " FROM (SELECT id, source_id, payload_hash, flags, origin_id FROM event"
	    " WHERE ts / 1000 = ?1 AND hash = ?2 AND insert_id = ?3 LIMIT 256) e"
	    " JOIN origin o ON o.id = e.origin_id"
	    " WHERE (o.project = ?4 OR o.project = '' OR ?4 = '')"
	    " AND (o.log = ?5 OR o.log = '' OR ?5 = '')"
	    " ORDER BY (o.project = ?4) + (o.log = ?5) DESC, e.id LIMIT 1",
	[FIND_EQUAL] = "SELECT id, source_id, payload_hash, flags FROM event"
	    " WHERE ts / 1000 = ?1 AND hash = ?2 AND tie = ?3 AND insert_id IS ?4"
	    " ORDER BY id LIMIT 1",
	[HELD] = "SELECT 1 FROM sighting WHERE event_id = ?1 AND source_id = ?2",
	[REPEATS] = "SELECT n FROM repeat WHERE source_id = ?1 AND us = ?2 AND hash = ?3",
	[REPEAT_SET] = "INSERT INTO repeat (source_id, us, hash, n) VALUES (?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO UPDATE SET n = excluded.n",
	[ADD] = "INSERT INTO event (ts, receive_ts, hash, tie, payload_hash, payload_kind,"
	    " severity, severity_by, flags, origin_id, signature_id, insert_id, trace, span,"
	    " message, source_id, line, byte, bytes)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
	    " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
	[FIELDS_SET] = "INSERT INTO event_field (event_id, fields) VALUES (?1, ?2)"
	    " ON CONFLICT DO UPDATE SET fields = excluded.fields",
	[REQUEST_ADD] = "INSERT INTO request (event_id, method, url, path, status, latency_ns,"
	    " end_ns, user_agent, remote_ip, protocol, response_size)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
	[AUDIT_ADD] = "INSERT INTO audit (event_id, method, principal, status, agent)"
	    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	[SPLIT_ADD] = "INSERT INTO split (event_id, uid, n, total) VALUES (?1, ?2, ?3, ?4)"
	    " ON CONFLICT DO NOTHING",
	[SIGHTING_ADD] = "INSERT INTO sighting (event_id, source_id, line, byte, bytes,"
	    " payload_hash, signature_id, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
	    " ON CONFLICT DO UPDATE SET"
	    " line = excluded.line, byte = excluded.byte, bytes = excluded.bytes,"
	    " payload_hash = excluded.payload_hash, signature_id = NULL, message = NULL"
	    " WHERE payload_hash IS NULL AND excluded.payload_hash IS NOT NULL",
	/* the copy without payload becomes a sighting ... */
	[SIGHTING_MOVE] = "INSERT INTO sighting (event_id, source_id, line, byte, bytes,"
	    " signature_id, message) SELECT id, source_id, line, byte, bytes, signature_id, message"
	    " FROM event WHERE id = ?1 AND source_id <> ?2 ON CONFLICT DO NOTHING",
	/* ... what rules found in it does not stand any more ... */
	[HITS_DROP] = "DELETE FROM hit WHERE event_id = ?1",
	/* ... and the place of the text becomes the event's */
	[FILL] = "UPDATE event SET payload_hash = ?2, payload_kind = ?3, severity = ?4,"
	    " severity_by = ?5, flags = ?6, signature_id = ?7, message = ?8, source_id = ?9,"
	    " line = ?10, byte = ?11, bytes = ?12, trace = coalesce(trace, ?13),"
	    " span = coalesce(span, ?14), receive_ts = coalesce(receive_ts, ?15),"
	    " origin_id = coalesce(?16, origin_id), tie = coalesce(?16, tie) WHERE id = ?1",
	/* a payload hash of before hashes were keyed becomes that of the payload at hand */
	[SETTLE_SIGHTINGS] = "UPDATE sighting SET payload_hash = ?2 WHERE event_id = ?1"
	    " AND payload_hash = (SELECT payload_hash FROM event WHERE id = ?1)",
	[SETTLE] = "UPDATE event SET payload_hash = ?2 WHERE id = ?1",
	[CONFLICT_ADD] = "INSERT INTO conflict (event_id, source_id, line, byte, bytes,"
	    " payload_hash, payload_kind, severity, severity_by, flags, signature_id,"
	    " message, fields)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
	    " ON CONFLICT DO NOTHING",
};
const struct sql_group sql_event = { GROUP_EVENT, texts, sizeof texts / sizeof *texts };

enum { FLAG_INFERRED = 1, FLAG_ASSUMED = 2, FLAG_PART = 4, FLAG_FILLED = 8, FLAG_OPEN = 16,
	FLAG_TAG_OPEN = 32, FLAG_TAG_CLOSED = 64, FLAG_LOSSY = 128 };

#define FIELDS_MAX (64u << 20)	/* an entry of 4 MiB in which every byte is escaped fits */

/* one call of store_event_put() */
struct put {
	struct store *st;
	int64_t source_id;
	const struct entry *en;
	const struct event_sign *sign;
	int64_t us, hash, tie, origin_id;
	bool payload;			/* the entry has one */
	const unsigned char *payload_hash;
	/* what was found */
	int64_t id, home;
	bool home_payload, same_payload, home_lossy;
	bool home_unkeyed;		/* its payload hash is older than the key */
};

/* ---- identity ---- */

/* pieces of one entry may share its insertId: the index tells them apart */
static int64_t
insert_id_hash(const struct entry *en)
{
	struct buf id;
	int64_t hash;

	if (en->split_uid.n == 0)
		return digest63(en->insert_id);
	buf_init(&id, en->insert_id.n + 32);
	buf_put_slice(&id, en->insert_id);
	buf_printf(&id, " %" PRId64, (int64_t)en->split_index);
	hash = digest63(buf_slice(&id));
	buf_release(&id);
	return hash;
}

/*
 * A line of plain text is no other line that says the same: it is known by its
 * source and its place in it, which no tie of content or origin equals. The same bytes
 * read again are found at the end of their source.
 */
static void
find_nothing(struct put *p)
{
	p->id = 0;
	p->tie = -1 - (int64_t)p->en->byte;
}

static void
put_init(struct put *p)
{
	p->us = p->en->ts_ns / 1000;
	p->hash = p->en->insert_id.n ? insert_id_hash(p->en) : p->sign->identity.content_hash;
	p->payload = p->sign->identity.has_payload;
	p->payload_hash = p->sign->identity.payload_hash;
}

static int
take_found(struct put *p, sqlite3_stmt *s, int rc)
{
	p->id = 0;
	if (rc > 0) {
		const void *hash = sqlite3_column_blob(s, 2);

		p->id = sqlite3_column_int64(s, 0);
		p->home = sqlite3_column_int64(s, 1);
		p->home_payload = hash != NULL;
		p->home_unkeyed = hash && sqlite3_column_bytes(s, 2) != PAYLOAD_HASH;
		p->home_lossy = sqlite3_column_int(s, 3) & FLAG_LOSSY;
		p->same_payload = hash && p->payload &&
		    sqlite3_column_bytes(s, 2) == PAYLOAD_HASH &&
		    memcmp(hash, p->payload_hash, PAYLOAD_HASH) == 0;
	}
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
find_equal(struct put *p, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(p->st, &sql_event, FIND_EQUAL, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->us);
	sqlite3_bind_int64(s, 2, p->hash);
	sqlite3_bind_int64(s, 3, p->tie);
	db_bind_text(s, 4, p->en->insert_id);
	return take_found(p, s, db_row(p->st, s, e));
}

static int
find_by_insert_id(struct put *p, struct err *e)
{
	sqlite3_stmt *s;

	p->tie = p->origin_id;
	if (find_equal(p, e))
		return -1;
	if (p->id)
		return 0;
	if (db_stmt(p->st, &sql_event, FIND, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->us);
	sqlite3_bind_int64(s, 2, p->hash);
	db_bind_text(s, 3, p->en->insert_id);
	db_bind_text_or_empty(s, 4, p->en->project);
	db_bind_text_or_empty(s, 5, p->en->log);
	return take_found(p, s, db_row(p->st, s, e));
}

static int
is_held(struct put *p, bool *held, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	*held = p->home == p->source_id;
	if (*held)
		return 0;
	if (db_stmt(p->st, &sql_event, HELD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	sqlite3_bind_int64(s, 2, p->source_id);
	rc = db_row(p->st, s, e);
	*held = rc > 0;
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

/*
 * The k-th of equal entries in this source is the k-th of all that are stored. Most
 * have no equal: only from the second on is a counter kept in the database.
 */
static int
find_by_content(struct put *p, struct err *e)
{
	const int64_t key[] = { p->source_id, p->us, p->hash };
	sqlite3_stmt *s;
	bool held;
	int rc;

	p->tie = 0;
	if (find_equal(p, e))
		return -1;
	if (p->id == 0)
		return 0;
	if (is_held(p, &held, e))
		return -1;
	if (!held)
		return 0;
	if (db_stmt(p->st, &sql_event, REPEATS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, key[0]);
	sqlite3_bind_int64(s, 2, key[1]);
	sqlite3_bind_int64(s, 3, key[2]);
	rc = db_row(p->st, s, e);
	p->tie = rc > 0 ? sqlite3_column_int64(s, 0) : 1;
	sqlite3_reset(s);
	if (rc < 0)
		return -1;
	if (db_do(p->st, &sql_event, REPEAT_SET,
	    (int64_t[]){ key[0], key[1], key[2], p->tie + 1 }, 4, e))
		return -1;
	return find_equal(p, e);
}

/* ---- writing ---- */

static int
event_flags(const struct put *p)
{
	return (p->en->severity_inferred ? FLAG_INFERRED : 0) |
	    (p->en->ts_assumed ? FLAG_ASSUMED : 0) | (p->sign->trace_part ? FLAG_PART : 0) |
	    (p->sign->open_end ? FLAG_OPEN : 0) | (p->en->tag_open ? FLAG_TAG_OPEN : 0) |
	    (p->en->tag_closed ? FLAG_TAG_CLOSED : 0) | (p->en->lossy ? FLAG_LOSSY : 0);
}

static void
bind_payload_hash(sqlite3_stmt *s, int at, const struct put *p)
{
	if (p->payload)
		sqlite3_bind_blob(s, at, p->payload_hash, PAYLOAD_HASH, SQLITE_STATIC);
}

static void
bind_place(sqlite3_stmt *s, int at, const struct put *p)
{
	sqlite3_bind_int64(s, at, p->source_id);
	sqlite3_bind_int64(s, at + 1, (int64_t)p->en->line);
	sqlite3_bind_int64(s, at + 2, (int64_t)p->en->byte);
	sqlite3_bind_int64(s, at + 3, (int64_t)p->en->bytes);
}

static int
put_fields(struct put *p, struct err *e)
{
	sqlite3_stmt *s;
	struct buf json;
	int rc;

	if (p->en->fields == 0)
		return 0;
	buf_init(&json, FIELDS_MAX);
	fields_write(&json, p->en->field, p->en->fields);
	rc = json.over ? err_set(e, ERR_LIMIT, "the fields of an entry are too long") :
	    db_stmt(p->st, &sql_event, FIELDS_SET, &s, e);
	if (rc == 0) {
		sqlite3_bind_int64(s, 1, p->id);
		db_bind_text(s, 2, buf_slice(&json));
		rc = db_run(p->st, s, e);
		sqlite3_clear_bindings(s);
	}
	buf_release(&json);
	return rc;
}

static int
put_request(struct put *p, struct err *e)
{
	const struct request *r = p->en->request;
	int64_t method, agent, protocol;
	sqlite3_stmt *s;

	if (!r)
		return 0;
	if (intern_str(p->st, r->method, &method, e) ||
	    intern_str(p->st, r->user_agent, &agent, e) ||
	    intern_str(p->st, r->protocol, &protocol, e) ||
	    db_stmt(p->st, &sql_event, REQUEST_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	db_bind_id(s, 2, method);
	db_bind_text(s, 3, r->url);
	db_bind_text(s, 4, r->path);
	db_bind_id(s, 5, r->status);
	db_bind_time(s, 6, r->latency_ns);
	sqlite3_bind_int64(s, 7, entry_end(p->en));
	db_bind_id(s, 8, agent);
	db_bind_text(s, 9, r->remote_ip);
	db_bind_id(s, 10, protocol);
	db_bind_count(s, 11, r->response_size);
	return db_run(p->st, s, e);
}

static int
put_audit(struct put *p, struct err *e)
{
	const struct audit *a = p->en->audit;
	sqlite3_stmt *s;

	if (!a)
		return 0;
	if (db_stmt(p->st, &sql_event, AUDIT_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	db_bind_text(s, 2, a->method);
	db_bind_text(s, 3, a->principal);
	db_bind_text(s, 4, a->status);
	db_bind_text(s, 5, a->agent);
	return db_run(p->st, s, e);
}

static int
put_split(struct put *p, struct err *e)
{
	sqlite3_stmt *s;

	if (p->en->split_uid.n == 0)
		return 0;
	if (db_stmt(p->st, &sql_event, SPLIT_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	db_bind_text(s, 2, p->en->split_uid);
	sqlite3_bind_int64(s, 3, p->en->split_index);
	sqlite3_bind_int64(s, 4, p->en->split_total);
	return db_run(p->st, s, e);
}

static int
put_parts(struct put *p, struct err *e)
{
	return put_fields(p, e) || put_request(p, e) || put_audit(p, e) || put_split(p, e) ?
	    -1 : 0;
}

static int
add_event(struct put *p, struct err *e)
{
	const struct entry *en = p->en;
	sqlite3_stmt *s;

	if (db_stmt(p->st, &sql_event, ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, en->ts_ns);
	db_bind_time(s, 2, en->receive_ns);
	sqlite3_bind_int64(s, 3, p->hash);
	sqlite3_bind_int64(s, 4, p->tie);
	bind_payload_hash(s, 5, p);
	sqlite3_bind_int(s, 6, (int)en->payload_kind);
	sqlite3_bind_int(s, 7, en->severity);
	db_bind_str(s, 8, en->severity_by);
	sqlite3_bind_int(s, 9, event_flags(p));
	sqlite3_bind_int64(s, 10, p->origin_id);
	db_bind_id(s, 11, p->sign->template_id);
	db_bind_text(s, 12, en->insert_id);
	db_bind_text(s, 13, en->trace);
	db_bind_text(s, 14, en->span);
	db_bind_text(s, 15, en->message);
	bind_place(s, 16, p);
	if (db_run(p->st, s, e))
		return -1;
	p->id = sqlite3_last_insert_rowid(p->st->db);
	return put_parts(p, e);
}

static int
fill_event(struct put *p, struct err *e)
{
	const struct entry *en = p->en;
	sqlite3_stmt *s;

	if (db_do(p->st, &sql_event, SIGHTING_MOVE, (int64_t[]){ p->id, p->source_id }, 2, e) ||
	    db_do(p->st, &sql_event, HITS_DROP, &p->id, 1, e) ||
	    db_stmt(p->st, &sql_event, FILL, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	bind_payload_hash(s, 2, p);
	sqlite3_bind_int(s, 3, (int)en->payload_kind);
	sqlite3_bind_int(s, 4, en->severity);
	db_bind_str(s, 5, en->severity_by);
	sqlite3_bind_int(s, 6, event_flags(p) | FLAG_FILLED);
	db_bind_id(s, 7, p->sign->template_id);
	db_bind_text(s, 8, en->message);
	bind_place(s, 9, p);
	db_bind_text(s, 13, en->trace);
	db_bind_text(s, 14, en->span);
	db_bind_time(s, 15, en->receive_ns);
	/* what lost fields has lost the instance or the service as well */
	if (p->home_lossy)
		sqlite3_bind_int64(s, 16, p->origin_id);
	if (db_run(p->st, s, e))
		return -1;
	return put_parts(p, e);
}

static int
add_sighting(struct put *p, struct err *e)
{
	sqlite3_stmt *s;

	if (p->home == p->source_id)
		return 0;
	if (db_stmt(p->st, &sql_event, SIGHTING_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, p->id);
	bind_place(s, 2, p);
	bind_payload_hash(s, 6, p);
	if (!p->payload) {
		db_bind_id(s, 7, p->sign->template_id);
		db_bind_text(s, 8, p->en->message);
	}
	return db_run(p->st, s, e);
}

static int
add_conflict(struct put *p, struct err *e)
{
	const struct entry *en = p->en;
	sqlite3_stmt *s;
	struct buf json;
	int rc;

	if (add_sighting(p, e) || db_stmt(p->st, &sql_event, CONFLICT_ADD, &s, e))
		return -1;
	buf_init(&json, FIELDS_MAX);
	fields_write(&json, en->field, en->fields);
	sqlite3_bind_int64(s, 1, p->id);
	bind_place(s, 2, p);
	bind_payload_hash(s, 6, p);
	sqlite3_bind_int(s, 7, (int)en->payload_kind);
	sqlite3_bind_int(s, 8, en->severity);
	db_bind_str(s, 9, en->severity_by);
	sqlite3_bind_int(s, 10, event_flags(p));
	db_bind_id(s, 11, p->sign->template_id);
	db_bind_text(s, 12, en->message);
	if (en->fields && !json.over)
		db_bind_text(s, 13, buf_slice(&json));
	rc = db_run(p->st, s, e);
	sqlite3_clear_bindings(s);
	buf_release(&json);
	return rc;
}

static int
settle_hash(struct put *p, struct err *e)
{
	static const unsigned steps[] = { SETTLE_SIGHTINGS, SETTLE };
	sqlite3_stmt *s;
	size_t i;

	for (i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (db_stmt(p->st, &sql_event, steps[i], &s, e))
			return -1;
		sqlite3_bind_int64(s, 1, p->id);
		bind_payload_hash(s, 2, p);
		if (db_run(p->st, s, e))
			return -1;
	}
	p->same_payload = true;
	return 0;
}

static int
put_event(struct put *p, enum put_outcome *outcome, struct err *e)
{
	if (p->id == 0) {
		*outcome = PUT_ADDED;
		return add_event(p, e);
	}
	/* what is left of it says nothing about what is known */
	if (p->en->lossy && p->home_payload && !p->same_payload)
		p->payload = false;
	if (p->payload && (!p->home_payload || (p->home_lossy && !p->same_payload))) {
		*outcome = PUT_FILLED;
		return fill_event(p, e);
	}
	if (p->payload && p->home_unkeyed && settle_hash(p, e))
		return -1;
	if (p->payload && !p->same_payload) {
		*outcome = PUT_CONFLICT;
		return add_conflict(p, e);
	}
	/* in whichever order the two are read, it takes both to know all of the entry */
	*outcome = !p->sign->identity.has_payload && p->home_payload &&
	    p->home != p->source_id ? PUT_LACKED : PUT_KNOWN;
	return add_sighting(p, e);
}

int
store_event_put(struct store *st, int64_t source_id, const struct entry *entry,
    const struct event_sign *sign, enum put_outcome *outcome, int64_t *id, struct err *e)
{
	struct put p = { .st = st, .source_id = source_id, .en = entry, .sign = sign };

	put_init(&p);
	if (intern_origin(st, entry, &p.origin_id, e) ||
	    intern_signature(st, sign->template_id, "template", sign->template, e))
		return -1;
	if (entry->plain)
		find_nothing(&p);
	else if (entry->insert_id.n ? find_by_insert_id(&p, e) : find_by_content(&p, e))
		return -1;
	if (put_event(&p, outcome, e))
		return -1;
	*id = p.id;
	if (tally_entry(st, source_id, *outcome, entry->ts_ns, e))
		return -1;
	return coverage_add(st, source_id, p.origin_id, entry, e);
}
