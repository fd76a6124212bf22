#include "config.h"

#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { PARTIALS, BEGIN_PARTIALS, BEGIN_ADD, END_TWIN, END_CONFLICTS, END_SET, END_CLEAN,
	BAD_ADD, DIAG_COUNT, DIAG_ADD, REDACTION_ADD, KEPT, LATEST_CLEAR, LATEST_ADD, TALLY_ADD };
static const char *const texts[] = {
	[PARTIALS] = "SELECT id, path FROM source WHERE state = 'partial' ORDER BY id",
	[BEGIN_PARTIALS] = "SELECT id FROM source WHERE path = ?1 AND state = 'partial'"
	    " ORDER BY id LIMIT 1",
	[BEGIN_ADD] = "INSERT INTO source (path, kind, reader) VALUES (?1, ?2, ?3)",
	[END_TWIN] = "SELECT s.id, s.kind = 'logs', s.reader = n.reader AND s.seen = ?3"
	    " AND s.damaged = ?4 AND s.not_evidence = ?5 AND s.first_ns IS ?6 AND s.last_ns IS ?7,"
	    " s.zone IS nullif(?8, ''), coalesce(s.redact, 'off')"
	    " FROM source s JOIN source n ON n.id = ?2"
	    " WHERE s.sha256 = ?1 AND s.state = 'complete' AND s.id <> ?2"
	    " ORDER BY s.id LIMIT 1",
	/* conflicts of source ?1 that source ?2 did not have */
	[END_CONFLICTS] = "SELECT 1 FROM conflict c WHERE c.source_id = ?1 AND NOT EXISTS"
	    " (SELECT 1 FROM conflict k WHERE k.event_id = c.event_id AND k.source_id = ?2"
	    " AND k.payload_hash = c.payload_hash) LIMIT 1",
	[END_SET] = "UPDATE source SET state = 'complete', shape = ?2, compression = ?3,"
	    " sha256 = ?4, bytes = ?5, seen = ?6, added = ?7, known = ?8, filled = ?9,"
	    " conflicts = ?10, damaged = ?11, not_evidence = ?12, first_ns = ?13, last_ns = ?14,"
	    " sort = ?15, ts_assumed = ?16, truncated = ?17, faulty = ?18, note = ?19,"
	    " encoding = nullif(?20, ''), zone = nullif(?21, ''), lossy = ?22, empty = ?23,"
	    " redact = ?24"
	    " WHERE id = ?1",
	[END_CLEAN] = "DELETE FROM repeat WHERE source_id = ?1",
	[BAD_ADD] = "INSERT INTO bad (source_id, kind, line, byte, bytes, reason, sha256, head)"
	    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?8,"
	    " iif(coalesce((SELECT max(id) FROM bad WHERE source_id = ?1)"
	    " - (SELECT min(id) FROM bad WHERE source_id = ?1), 0) < 999, ?7, NULL)",
	[DIAG_COUNT] = "INSERT INTO diag_count (source_id, code, level, text, n)"
	    " VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n",
	[DIAG_ADD] = "INSERT INTO diag (source_id, code, line, col, byte, detail)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[REDACTION_ADD] = "INSERT INTO redaction (source_id, kind, n) VALUES (?1, ?2, ?3)"
	    " ON CONFLICT DO UPDATE SET n = n + excluded.n",
	/* a text of this source that was stored by a source of another mode */
	[KEPT] = "SELECT coalesce(s.redact, 'off') FROM sighting g"
	    " JOIN event e ON e.id = g.event_id JOIN source s ON s.id = e.source_id"
	    " WHERE EXISTS (SELECT 1 FROM source WHERE coalesce(redact, 'off') <> ?2 AND id <> ?1)"
	    " AND g.source_id = ?1 AND coalesce(s.redact, 'off') <> ?2 AND s.state = 'complete'"
	    " LIMIT 1",
	[LATEST_CLEAR] = "DELETE FROM latest",
	[LATEST_ADD] = "INSERT INTO latest (source_id) VALUES (?1) ON CONFLICT DO NOTHING",
	/* until the end of a source sets its counts they grow with what is stored */
	[TALLY_ADD] = "UPDATE source SET added = added + ?3, known = known + ?4,"
	    " filled = filled + ?5, conflicts = conflicts + ?6, damaged = damaged + ?7,"
	    " not_evidence = not_evidence + ?8, seen = seen + ?3 + ?4 + ?5 + ?6 + ?7 + ?8,"
	    " first_ns = coalesce(min(first_ns, ?9), first_ns, ?9),"
	    " last_ns = coalesce(max(last_ns, ?10), last_ns, ?10)"
	    " WHERE id = coalesce((SELECT source_id FROM run WHERE id = ?2), ?1)"
	    " AND state = 'partial'",
};
const struct sql_group sql_source = { GROUP_SOURCE, texts, sizeof texts / sizeof *texts };

#define DIAGS_KEPT 1000

/* ---- counts of what is stored of an open source: summed here, written with each batch ---- */

/* NULL and *e set if the waiting ones could not be written */
static struct tally *
tally_of(struct store *st, int64_t source_id, int64_t run_id, struct err *e)
{
	struct tally *t = st->tally, *end = t + st->tallies;

	while (t < end && (t->source_id != source_id || t->run_id != run_id))
		t++;
	if (t < end)
		return t;
	if (t == st->tally + TALLY_ROOM) {
		if (tally_flush(st, e))
			return NULL;
		t = st->tally;
	}
	st->tallies++;
	*t = (struct tally){ .source_id = source_id, .run_id = run_id, .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE };
	return t;
}

int
tally_entry(struct store *st, int64_t source_id, enum put_outcome outcome, int64_t ts_ns,
    struct err *e)
{
	struct tally *t = tally_of(st, source_id, 0, e);

	if (!t)
		return -1;
	t->added += outcome == PUT_ADDED;
	t->known += outcome == PUT_KNOWN;
	t->filled += outcome == PUT_FILLED || outcome == PUT_LACKED;
	t->conflicts += outcome == PUT_CONFLICT;
	if (t->first_ns == CLOCK_NONE || ts_ns < t->first_ns)
		t->first_ns = ts_ns;
	if (t->last_ns == CLOCK_NONE || ts_ns > t->last_ns)
		t->last_ns = ts_ns;
	return 0;
}

int
tally_bad(struct store *st, int64_t source_id, enum bad_kind kind, struct err *e)
{
	struct tally *t = tally_of(st, source_id, 0, e);

	if (!t)
		return -1;
	t->damaged += kind == BAD_DAMAGED;
	t->not_evidence += kind == BAD_NOT_EVIDENCE;
	return 0;
}

/* every result that was read counts, the ones that came together in one row too */
int
tally_test(struct store *st, int64_t run_id, struct err *e)
{
	struct tally *t = tally_of(st, 0, run_id, e);

	if (!t)
		return -1;
	t->added++;
	return 0;
}

int
tally_flush(struct store *st, struct err *e)
{
	sqlite3_stmt *s;
	size_t i;

	for (i = 0; i < st->tallies; i++) {
		const struct tally *t = &st->tally[i];
		const int64_t bind[] = { t->source_id, t->run_id, t->added, t->known, t->filled,
		    t->conflicts, t->damaged, t->not_evidence };
		size_t k;

		if (db_stmt(st, &sql_source, TALLY_ADD, &s, e))
			return -1;
		for (k = 0; k < sizeof bind / sizeof *bind; k++)
			sqlite3_bind_int64(s, (int)k + 1, bind[k]);
		db_bind_time(s, 9, t->first_ns);
		db_bind_time(s, 10, t->last_ns);
		if (db_run(st, s, e))
			return -1;
	}
	st->tallies = 0;
	return 0;
}

/* ---- begin and end ---- */

static int
forget_partials(struct store *st, const char *path, struct err *e)
{
	struct forget_counts counts;
	sqlite3_stmt *s;
	int64_t id;
	int rc;

	for (;;) {
		if (db_stmt(st, &sql_source, BEGIN_PARTIALS, &s, e))
			return -1;
		db_bind_str(s, 1, path);
		rc = db_row(st, s, e);
		if (rc <= 0)
			return rc;
		id = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
		if (forget_rows(st, id, &counts, e))
			return -1;
	}
}

static int
add_source(struct store *st, const struct source_new *new, int64_t *id, struct err *e)
{
	sqlite3_stmt *s;

	if (forget_partials(st, new->path, e) || db_stmt(st, &sql_source, BEGIN_ADD, &s, e))
		return -1;
	db_bind_text_or_empty(s, 1, slice_str(new->path));
	db_bind_str(s, 2, source_kind_name(new->kind));
	db_bind_text_or_empty(s, 3, slice_str(new->reader));
	if (db_run(st, s, e))
		return -1;
	*id = sqlite3_last_insert_rowid(st->db);
	return 0;
}

int
store_source_begin(struct store *st, const struct source_new *new, int64_t *id, struct err *e)
{
	bool own;

	if (db_tx_begin(st, &own, e))
		return -1;
	return db_tx_end(st, own, add_source(st, new, id, e), e);
}

struct twin {			/* a complete source of the same bytes; id 0 = none */
	int64_t id;
	bool logs;
	bool alike;		/* the same reader found as many records, in the same span */
	bool same_zone;		/* its times without a zone were read in the same one */
	char redact[12];	/* mode it was read with */
};

static int
find_twin(struct store *st, int64_t id, const struct source_done *done, struct twin *twin,
    struct err *e)
{
	const struct source_totals *t = &done->totals;
	sqlite3_stmt *s;
	int rc;

	*twin = (struct twin){ .id = 0 };
	if (!done->sha256 || !*done->sha256)
		return 0;
	if (db_stmt(st, &sql_source, END_TWIN, &s, e))
		return -1;
	db_bind_str(s, 1, done->sha256);
	sqlite3_bind_int64(s, 2, id);
	sqlite3_bind_int64(s, 3, (int64_t)t->seen);
	sqlite3_bind_int64(s, 4, (int64_t)t->damaged);
	sqlite3_bind_int64(s, 5, (int64_t)t->not_evidence);
	db_bind_time(s, 6, t->first_ns);
	db_bind_time(s, 7, t->last_ns);
	db_bind_str(s, 8, done->zone);
	rc = db_row(st, s, e);
	if (rc > 0) {
		twin->id = sqlite3_column_int64(s, 0);
		twin->logs = sqlite3_column_int(s, 1);
		twin->alike = sqlite3_column_int(s, 2);
		twin->same_zone = sqlite3_column_int(s, 3);
		snprintf(twin->redact, sizeof twin->redact, "%s",
		    (const char *)sqlite3_column_text(s, 4));
	}
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

/* whether this reading has something that the twin has not, for a log has entries of its own */
static int
find_more(struct store *st, int64_t id, const struct source_done *done, const struct twin *twin,
    bool *more, struct err *e)
{
	const struct source_totals *t = &done->totals;
	sqlite3_stmt *s;
	int rc;

	/* test rows always count as added, and so do lines of plain text: theirs tell nothing */
	if (!twin->logs || (done->plain && twin->alike)) {
		*more = false;
		return 0;
	}
	*more = t->added + t->filled - t->lacked > 0;
	if (*more || t->conflicts == 0)
		return 0;
	if (db_stmt(st, &sql_source, END_CONFLICTS, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_int64(s, 2, twin->id);
	rc = db_row(st, s, e);
	*more = rc > 0;
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

static int
set_complete(struct store *st, int64_t id, const struct source_done *done, struct err *e)
{
	const struct source_totals *t = &done->totals;
	const uint64_t count[] = { t->seen, t->added, t->known, t->filled, t->conflicts, t->damaged,
	    t->not_evidence };
	sqlite3_stmt *s;
	size_t i;

	if (db_stmt(st, &sql_source, END_SET, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	db_bind_str(s, 2, done->shape);
	db_bind_str(s, 3, done->compression);
	db_bind_str(s, 4, done->sha256);
	sqlite3_bind_int64(s, 5, (int64_t)done->bytes);
	for (i = 0; i < 7; i++)
		sqlite3_bind_int64(s, 6 + (int)i, (int64_t)count[i]);
	db_bind_time(s, 13, t->first_ns);
	db_bind_time(s, 14, t->last_ns);
	sqlite3_bind_int(s, 15, (int)t->order);
	sqlite3_bind_int(s, 16, t->ts_assumed);
	sqlite3_bind_int(s, 17, t->truncated);
	sqlite3_bind_int(s, 18, done->damaged);
	db_bind_str(s, 19, t->note);
	db_bind_str(s, 20, done->encoding);
	db_bind_str(s, 21, done->zone);
	sqlite3_bind_int(s, 22, t->lossy);
	sqlite3_bind_int64(s, 23, (int64_t)t->empty);
	db_bind_str(s, 24, done->redact);
	if (db_run(st, s, e))
		return err_add(e, "finishing source s%lld", (long long)id);
	if (sqlite3_changes(st->db) != 1) {
		err_set(e, ERR_DB, "source s%lld was removed while it was read", (long long)id);
		return err_note(e, "another netra-triage ingested the same path");
	}
	return 0;
}

/* names the mode of a text that was known before, if it is another than that of this reading */
static int
find_kept(struct store *st, int64_t id, struct source_done *done, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (!done->redact || done->totals.known == 0)
		return 0;
	if (db_stmt(st, &sql_source, KEPT, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, id);
	db_bind_str(s, 2, done->redact);
	rc = db_row(st, s, e);
	if (rc > 0)
		snprintf(done->kept_redact, sizeof done->kept_redact, "%s",
		    (const char *)sqlite3_column_text(s, 0));
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

/* the same bytes once more: the new rows go, and its records count as known */
static int
drop_twin(struct store *st, int64_t id, struct source_totals *t, struct err *e)
{
	struct forget_counts counts;

	t->known += t->added + t->filled + t->conflicts;
	t->added = t->filled = t->conflicts = 0;
	return forget_rows(st, id, &counts, e);
}

static int
end_source(struct store *st, int64_t *id, struct source_done *done, struct err *e)
{
	struct forget_counts counts;
	int64_t generation;
	struct twin twin;
	bool more;

	done->kept_redact[0] = '\0';
	/* what waits must not outlive its source, nor be added to its final counts */
	if (coverage_flush(st, e) || tally_flush(st, e) ||
	    find_twin(st, *id, done, &twin, e) || find_more(st, *id, done, &twin, &more, e))
		return -1;
	if (twin.id && twin.same_zone && !more) {
		if (drop_twin(st, *id, &done->totals, e))
			return -1;
		if (done->redact && strcmp(done->redact, twin.redact) != 0)
			snprintf(done->kept_redact, sizeof done->kept_redact, "%s", twin.redact);
		*id = twin.id;
		return 0;
	}
	/*
	 * Other limits or a newer reader found more in the same bytes, or --tz names another
	 * zone for the times in it: this reading takes over.
	 */
	if (twin.id && store_source_forget(st, twin.id, &counts, e))
		return -1;
	if (find_kept(st, *id, done, e) || set_complete(st, *id, done, e) ||
	    db_do(st, &sql_source, END_CLEAN, id, 1, e) ||
	    meta_get(st, "generation", &generation, e))
		return -1;
	return meta_set(st, "generation", generation + 1, e);
}

int
store_source_end(struct store *st, int64_t *id, struct source_done *done, struct err *e)
{
	bool own;

	if (db_tx_begin(st, &own, e))
		return -1;
	return db_tx_end(st, own, end_source(st, id, done, e), e);
}

int
store_each_partial(struct store *st, store_partial_fn *fn, void *ctx, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_source, PARTIALS, &s, e))
		return -1;
	while ((rc = db_row(st, s, e)) > 0)
		if (fn(ctx, sqlite3_column_int64(s, 0),
		    (const char *)sqlite3_column_text(s, 1), e) == -1) {
			rc = -1;
			break;
		}
	sqlite3_reset(s);
	return rc;
}

int
store_bad_put(struct store *st, int64_t source_id, const struct bad_record *bad, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_source, BAD_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	sqlite3_bind_int(s, 2, (int)bad->kind);
	sqlite3_bind_int64(s, 3, (int64_t)bad->line);
	sqlite3_bind_int64(s, 4, (int64_t)bad->byte);
	sqlite3_bind_int64(s, 5, (int64_t)bad->bytes);
	db_bind_text(s, 6, bad->reason);
	if (bad->head.n)
		sqlite3_bind_blob64(s, 7, bad->head.p, bad->head.n, SQLITE_STATIC);
	db_bind_str(s, 8, bad->sha256);
	return db_run(st, s, e) || tally_bad(st, source_id, bad->kind, e) ? -1 : 0;
}

int
store_redaction_put(struct store *st, int64_t source_id, const char *kind, uint64_t n,
    struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_source, REDACTION_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	db_bind_str(s, 2, kind);
	sqlite3_bind_int64(s, 3, (int64_t)n);
	return db_run(st, s, e);
}

int
store_diag_put(struct store *st, int64_t source_id, const struct diag *d, struct err *e)
{
	sqlite3_stmt *s;
	int64_t n;

	if (db_stmt(st, &sql_source, DIAG_COUNT, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	db_bind_str(s, 2, diag_name(d->code));
	db_bind_str(s, 3, diag_level_name(diag_level(d->code)));
	db_bind_str(s, 4, diag_text(d->code));
	if (db_row(st, s, e) < 0)
		return -1;
	n = sqlite3_column_int64(s, 0);
	if (db_run(st, s, e))
		return -1;
	if (n > DIAGS_KEPT)
		return 0;
	if (db_stmt(st, &sql_source, DIAG_ADD, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, source_id);
	db_bind_str(s, 2, diag_name(d->code));
	sqlite3_bind_int64(s, 3, (int64_t)d->line);
	sqlite3_bind_int64(s, 4, (int64_t)d->col);
	sqlite3_bind_int64(s, 5, (int64_t)d->byte);
	db_bind_str(s, 6, d->detail);
	return db_run(st, s, e);
}

static int
note_latest(struct store *st, const int64_t *source_id, size_t n, struct err *e)
{
	size_t i;

	if (db_do(st, &sql_source, LATEST_CLEAR, NULL, 0, e))
		return -1;
	for (i = 0; i < n; i++)
		if (db_do(st, &sql_source, LATEST_ADD, &source_id[i], 1, e))
			return -1;
	return 0;
}

int
store_ingest_note(struct store *st, const int64_t *source_id, size_t n, struct err *e)
{
	bool own;

	if (db_tx_begin(st, &own, e))
		return -1;
	return db_tx_end(st, own, note_latest(st, source_id, n, e), e);
}
