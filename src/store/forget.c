#include "config.h"

#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { EXISTS, COUNT_HELD, COUNT_RUNS, COUNT_TESTS, ALONE_COUNT, CONFLICTS_DROP, SIGHTINGS_DROP,
	ODD, PROMOTE, DEMOTE, PROMOTE_FIELDS, PROMOTED_DROP, EMPTY, EMPTY_FIELDS, EMPTY_AUDIT,
	HITS_DROP, ALONE_DROP, REHOME, SIGHTINGS_TIDY, SOURCE_DROP, STR_TIDY, ORIGIN_TIDY,
	SIGNATURE_TIDY };

/* the source that holds an event next: one with a payload if there is one, then the lowest */
#define NEXT(columns) "(SELECT " columns " FROM sighting g WHERE g.event_id = event.id" \
	" ORDER BY g.payload_hash IS NULL, g.source_id LIMIT 1)"

static const char *const texts[] = {
	[EXISTS] = "SELECT state = 'complete' FROM source WHERE id = ?1",
	[COUNT_HELD] = "SELECT (SELECT count(*) FROM event WHERE source_id = ?1)"
	    " + (SELECT count(*) FROM sighting WHERE source_id = ?1)",
	[COUNT_RUNS] = "SELECT count(*) FROM run WHERE source_id = ?1",
	[COUNT_TESTS] = "SELECT count(*) FROM test WHERE run_id IN"
	    " (SELECT id FROM run WHERE source_id = ?1)",
	[ALONE_COUNT] = "SELECT count(*) FROM event WHERE source_id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM sighting WHERE event_id = event.id)",
	[CONFLICTS_DROP] = "DELETE FROM conflict WHERE source_id = ?1",
	[SIGHTINGS_DROP] = "DELETE FROM sighting WHERE source_id = ?1",
	/* events whose text goes with the source */
	[ODD] = "SELECT id, " NEXT("g.source_id") " AS next FROM event WHERE source_id = ?1"
	    " AND EXISTS (SELECT 1 FROM sighting WHERE event_id = event.id)"
	    " AND " NEXT("g.payload_hash") " IS NOT payload_hash ORDER BY id",
	/* the other holders of the text that goes now hold a conflicting one */
	[DEMOTE] = "INSERT INTO conflict (event_id, source_id, line, byte, bytes, payload_hash,"
	    " payload_kind, severity, severity_by, flags, signature_id, message, fields)"
	    " SELECT e.id, g.source_id, g.line, g.byte, g.bytes, e.payload_hash, e.payload_kind,"
	    " e.severity, e.severity_by, e.flags, e.signature_id, e.message, f.fields"
	    " FROM event e JOIN sighting g ON g.event_id = e.id"
	    " LEFT JOIN event_field f ON f.event_id = e.id"
	    " WHERE e.id = ?1 AND g.source_id <> ?2 AND g.payload_hash = e.payload_hash"
	    " ON CONFLICT DO NOTHING",
	[PROMOTE] = "UPDATE event SET payload_hash = c.payload_hash, payload_kind = c.payload_kind,"
	    " severity = c.severity, severity_by = c.severity_by, flags = c.flags,"
	    " signature_id = c.signature_id, message = c.message, source_id = c.source_id,"
	    " line = c.line, byte = c.byte, bytes = c.bytes"
	    " FROM (SELECT k.* FROM conflict k JOIN sighting g ON g.event_id = k.event_id"
	    " AND g.source_id = k.source_id AND g.payload_hash = k.payload_hash"
	    " WHERE k.event_id = ?1 AND k.source_id = ?2) c WHERE event.id = ?1",
	[PROMOTE_FIELDS] = "INSERT INTO event_field (event_id, fields) SELECT c.event_id, c.fields"
	    " FROM conflict c JOIN event e ON e.id = c.event_id AND e.payload_hash = c.payload_hash"
	    " WHERE c.event_id = ?1 AND c.source_id = ?2 AND c.fields IS NOT NULL"
	    " ON CONFLICT DO UPDATE SET fields = excluded.fields",
	/* whoever holds the new text agrees with the event again */
	[PROMOTED_DROP] = "DELETE FROM conflict WHERE event_id = ?1 AND payload_hash ="
	    " (SELECT payload_hash FROM event WHERE id = ?1)",
	[EMPTY] = "UPDATE event SET payload_hash = NULL, payload_kind = 0, message = g.message,"
	    " signature_id = g.signature_id, severity = iif(flags & 1, 0, severity),"
	    " severity_by = NULL,"
	    " flags = flags & 2, source_id = g.source_id, line = g.line, byte = g.byte,"
	    " bytes = g.bytes"
	    " FROM (SELECT * FROM sighting WHERE event_id = ?1 AND source_id = ?2) g"
	    " WHERE event.id = ?1",
	/* labels belong to the entry, not to its payload */
	[EMPTY_FIELDS] = "UPDATE event_field SET fields = (SELECT json_group_object(key, value)"
	    " FROM json_each(event_field.fields)"
	    " WHERE key LIKE 'labels.%' OR key LIKE 'resource.%') WHERE event_id = ?1",
	[EMPTY_AUDIT] = "DELETE FROM audit WHERE event_id = ?1",
	[HITS_DROP] = "DELETE FROM hit WHERE event_id = ?1",
	[ALONE_DROP] = "DELETE FROM event WHERE source_id = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM sighting WHERE event_id = event.id)",
	[REHOME] = "UPDATE event SET (source_id, line, byte, bytes) = "
	    NEXT("g.source_id, g.line, g.byte, g.bytes") " WHERE source_id = ?1",
	[SIGHTINGS_TIDY] = "DELETE FROM sighting WHERE source_id ="
	    " (SELECT e.source_id FROM event e WHERE e.id = sighting.event_id)",
	[SOURCE_DROP] = "DELETE FROM source WHERE id = ?1",
	[STR_TIDY] = "DELETE FROM str WHERE id NOT IN (SELECT method FROM request WHERE method"
	    " IS NOT NULL UNION SELECT user_agent FROM request WHERE user_agent IS NOT NULL"
	    " UNION SELECT protocol FROM request WHERE protocol IS NOT NULL)",
	[ORIGIN_TIDY] = "DELETE FROM origin WHERE NOT EXISTS"
	    " (SELECT 1 FROM event WHERE origin_id = origin.id)",
	[SIGNATURE_TIDY] = "DELETE FROM signature WHERE id NOT IN"
	    " (SELECT signature_id FROM event WHERE signature_id IS NOT NULL"
	    " UNION SELECT signature_id FROM conflict WHERE signature_id IS NOT NULL"
	    " UNION SELECT signature_id FROM sighting WHERE signature_id IS NOT NULL"
	    " UNION SELECT signature_id FROM test WHERE signature_id IS NOT NULL"
	    " UNION SELECT cause_signature_id FROM test WHERE cause_signature_id IS NOT NULL"
	    " UNION SELECT cause_signature_id FROM exception WHERE cause_signature_id IS NOT NULL)",
};
const struct sql_group sql_forget = { GROUP_FORGET, texts, sizeof texts / sizeof *texts };

/* an event whose text goes, and the source that holds it next */
struct odd {
	int64_t event_id, next;
};

static int
do_id(struct store *st, unsigned which, int64_t id, struct err *e)
{
	return db_do(st, &sql_forget, which, &id, 1, e);
}

static int
count_of(struct store *st, unsigned which, int64_t id, uint64_t *n, struct err *e)
{
	sqlite3_stmt *s;

	*n = 0;
	if (db_stmt(st, &sql_forget, which, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	if (db_row(st, s, e) < 0)
		return -1;
	*n = (uint64_t)sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return 0;
}

/* the text of event id leaves with its source; `next` is the source that holds it now */
static int
change_text(struct store *st, int64_t id, int64_t next, struct err *e)
{
	const int64_t both[] = { id, next };

	if (db_do(st, &sql_forget, DEMOTE, both, 2, e) ||
	    db_do(st, &sql_forget, PROMOTE, both, 2, e))
		return -1;
	if (sqlite3_changes(st->db) > 0) {
		if (db_do(st, &sql_forget, PROMOTE_FIELDS, both, 2, e) ||
		    do_id(st, PROMOTED_DROP, id, e))
			return -1;
	} else if (db_do(st, &sql_forget, EMPTY, both, 2, e) || do_id(st, EMPTY_FIELDS, id, e) ||
	    do_id(st, EMPTY_AUDIT, id, e)) {
		return -1;
	}
	/* what rules found in the old text does not stand any more: scan must look again */
	return do_id(st, HITS_DROP, id, e) || meta_set(st, "rescan", 1, e) ? -1 : 0;
}

static int
find_odd(struct store *st, int64_t source_id, struct odd **odd, size_t *n, struct err *e)
{
	sqlite3_stmt *s;
	size_t cap = 0;
	int rc;

	if (db_stmt(st, &sql_forget, ODD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	while ((rc = db_row(st, s, e)) > 0) {
		*odd = mem_grow(*odd, &cap, *n + 1, sizeof **odd);
		(*odd)[*n].event_id = sqlite3_column_int64(s, 0);
		(*odd)[(*n)++].next = sqlite3_column_int64(s, 1);
	}
	return rc;
}

static int
change_texts(struct store *st, int64_t source_id, struct err *e)
{
	struct odd *odd = NULL;
	size_t i, n = 0;
	int rc = find_odd(st, source_id, &odd, &n, e);

	for (i = 0; rc == 0 && i < n; i++)
		rc = change_text(st, odd[i].event_id, odd[i].next, e);
	free(odd);
	return rc;
}

int
forget_rows(struct store *st, int64_t id, struct forget_counts *counts, struct err *e)
{
	static const unsigned steps[] = { ALONE_DROP, REHOME };
	static const unsigned tidy[] = { SIGHTINGS_TIDY, STR_TIDY, ORIGIN_TIDY, SIGNATURE_TIDY };
	uint64_t held;
	size_t i;

	if (coverage_flush(st, e) || tally_flush(st, e) ||
	    count_of(st, COUNT_HELD, id, &held, e) ||
	    count_of(st, COUNT_RUNS, id, &counts->runs, e) ||
	    count_of(st, COUNT_TESTS, id, &counts->tests, e) ||
	    do_id(st, CONFLICTS_DROP, id, e) || do_id(st, SIGHTINGS_DROP, id, e) ||
	    count_of(st, ALONE_COUNT, id, &counts->events, e) || change_texts(st, id, e))
		return -1;
	counts->kept = held - counts->events;
	for (i = 0; i < sizeof steps / sizeof *steps; i++)
		if (do_id(st, steps[i], id, e))
			return -1;
	if (do_id(st, SOURCE_DROP, id, e))
		return -1;
	for (i = 0; i < sizeof tidy / sizeof *tidy; i++)
		if (db_do(st, &sql_forget, tidy[i], NULL, 0, e))
			return -1;
	intern_forget(st);
	return 0;
}

static int
forget_source(struct store *st, int64_t id, struct forget_counts *counts, struct err *e)
{
	int64_t generation;
	sqlite3_stmt *s;
	bool complete;
	int rc;

	if (db_stmt(st, &sql_forget, EXISTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	rc = db_row(st, s, e);
	complete = rc > 0 && sqlite3_column_int(s, 0);
	sqlite3_reset(s);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		err_set(e, ERR_ID, "there is no source s%lld", (long long)id);
		return err_help(e, "`netra-triage sources` lists them");
	}
	/* derived rows may stand on what goes now */
	if (complete && derived_clear(st, e))
		return -1;
	if (forget_rows(st, id, counts, e))
		return -1;
	if (!complete)
		return 0;
	return meta_get(st, "generation", &generation, e) ||
	    meta_set(st, "generation", generation + 1, e) ? -1 : 0;
}

int
store_source_forget(struct store *st, int64_t id, struct forget_counts *counts, struct err *e)
{
	bool own;

	memset(counts, 0, sizeof *counts);
	if (db_tx_begin(st, &own, e))
		return -1;
	return db_tx_end(st, own, forget_source(st, id, counts, e), e);
}
