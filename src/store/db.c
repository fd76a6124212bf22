#include "config.h"

#include "store/db.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"

enum { BEGIN, COMMIT, ROLLBACK, META_GET, KEY_ADD, META_SET };
static const char *const texts[] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[META_GET] = "SELECT value FROM meta WHERE key = ?1",
	[KEY_ADD] = "INSERT INTO meta (key, value) VALUES ('redact_key', ?1)",
	[META_SET] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
};
const struct sql_group sql_db = { GROUP_DB, texts, sizeof texts / sizeof *texts };

static const struct sql_group *const groups[] = {
#define GROUP(id, name) [GROUP_##id] = &name,
#include "store/group_list.h"
#undef GROUP
};

const struct sql_group *
sql_group_at(enum group_id id)
{
	return groups[id];
}

/* ---- errors ---- */

int
db_error_of(const char *path, int rc, const char *text, struct err *e)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_set(e, ERR_DB, "%s is in use by another netra-triage", path);
		return err_help(e, "wait until it has finished, then try again");
	case SQLITE_NOTADB:
		err_set(e, ERR_DB, "%s is not a database", path);
		return err_help(e, "name another file with --db");
	case SQLITE_CORRUPT:
		err_set(e, ERR_DB, "%s is damaged: %s", path, text);
		return err_help(e, "move it away and ingest the files again");
	case SQLITE_FULL:
		return err_set(e, ERR_IO, "no space left to write %s", path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return err_set(e, ERR_DB, "cannot open %s: %s", path, text);
	case SQLITE_NOMEM:
		return err_set(e, ERR_LIMIT, "out of memory in the database %s", path);
	case SQLITE_IOERR:
		return err_set(e, ERR_IO, "%s: %s", path, text);
	default:
		return err_set(e, ERR_DB, "%s: %s", path, text);
	}
}

int
db_error(struct store *st, struct err *e)
{
	return db_error_of(st->path, sqlite3_extended_errcode(st->db), sqlite3_errmsg(st->db), e);
}

/* ---- statements ---- */

int
db_stmt(struct store *st, const struct sql_group *g, unsigned which, sqlite3_stmt **s,
    struct err *e)
{
	sqlite3_stmt **slot;

	assert(which < g->n);
	if (!st->stmt[g->id])
		st->stmt[g->id] = mem_calloc(g->n, sizeof *st->stmt[g->id]);
	slot = &st->stmt[g->id][which];
	if (*slot) {
		sqlite3_reset(*slot);
		sqlite3_clear_bindings(*slot);
	} else if (sqlite3_prepare_v3(st->db, g->text[which], -1, SQLITE_PREPARE_PERSISTENT, slot,
	    NULL) != SQLITE_OK) {
		return db_error(st, e);
	}
	*s = *slot;
	return 0;
}

int
db_row(struct store *st, sqlite3_stmt *s, struct err *e)
{
	int rc = sqlite3_step(s);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(s);
		return 0;
	}
	db_error(st, e);
	sqlite3_reset(s);
	return -1;
}

int
db_run(struct store *st, sqlite3_stmt *s, struct err *e)
{
	int rc;

	while ((rc = db_row(st, s, e)) > 0)
		;
	return rc;
}

int
db_do(struct store *st, const struct sql_group *g, unsigned which, const int64_t *bind,
    size_t binds, struct err *e)
{
	sqlite3_stmt *s;
	size_t i;

	if (db_stmt(st, g, which, &s, e))
		return -1;
	for (i = 0; i < binds; i++)
		sqlite3_bind_int64(s, (int)i + 1, bind[i]);
	return db_run(st, s, e);
}

int
db_int(struct store *st, const struct sql_group *g, unsigned which, int64_t *value, int64_t none,
    struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	*value = none;
	if (db_stmt(st, g, which, &s, e))
		return -1;
	rc = db_row(st, s, e);
	if (rc > 0 && sqlite3_column_type(s, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

int
db_exec(struct store *st, const char *sql, struct err *e)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_error(st, e);
	return 0;
}

/* ---- values ---- */

void
db_bind_text_or_empty(sqlite3_stmt *s, int at, struct slice text)
{
	sqlite3_bind_text64(s, at, text.n ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
}

void
db_bind_text(sqlite3_stmt *s, int at, struct slice text)
{
	if (text.n)
		db_bind_text_or_empty(s, at, text);
	else
		sqlite3_bind_null(s, at);
}

void
db_bind_str(sqlite3_stmt *s, int at, const char *text)
{
	db_bind_text(s, at, slice_str(text));
}

void
db_bind_time(sqlite3_stmt *s, int at, int64_t ns)
{
	if (ns == CLOCK_NONE)
		sqlite3_bind_null(s, at);
	else
		sqlite3_bind_int64(s, at, ns);
}

void
db_bind_id(sqlite3_stmt *s, int at, int64_t id)
{
	if (id)
		sqlite3_bind_int64(s, at, id);
	else
		sqlite3_bind_null(s, at);
}

void
db_bind_count(sqlite3_stmt *s, int at, int64_t n)
{
	if (n >= 0)
		sqlite3_bind_int64(s, at, n);
	else
		sqlite3_bind_null(s, at);
}

struct slice
db_text(sqlite3_stmt *s, int at)
{
	const void *p = sqlite3_column_text(s, at);
	int n = sqlite3_column_bytes(s, at);

	return slice_of(p, p && n > 0 ? (size_t)n : 0);
}

struct slice
db_copy(struct arena *a, sqlite3_stmt *s, int at)
{
	struct slice text = db_text(s, at);

	return text.n ? arena_copy(a, text) : slice_of(NULL, 0);
}

void *
db_keep(struct arena *a, void *item, size_t n, size_t size)
{
	void *kept = NULL;

	if (n) {
		kept = arena_array(a, n, size);
		memcpy(kept, item, n * size);
	}
	free(item);
	return kept;
}

int64_t
db_time(sqlite3_stmt *s, int at)
{
	return sqlite3_column_type(s, at) == SQLITE_NULL ? CLOCK_NONE :
	    sqlite3_column_int64(s, at);
}

int64_t
db_count(sqlite3_stmt *s, int at)
{
	return sqlite3_column_type(s, at) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, at);
}

/* ---- transactions ---- */

bool
db_in_tx(struct store *st)
{
	return !sqlite3_get_autocommit(st->db);
}

/* a read transaction cannot be upgraded while another writes: always ask for the lock first */
int
store_batch_begin(struct store *st, struct err *e)
{
	assert(!db_in_tx(st));
	return db_do(st, &sql_db, BEGIN, NULL, 0, e);
}

int
store_batch_commit(struct store *st, struct err *e)
{
	if (coverage_flush(st, e) || tally_flush(st, e) ||
	    db_do(st, &sql_db, COMMIT, NULL, 0, e)) {
		store_batch_rollback(st);
		return -1;
	}
	return 0;
}

void
store_batch_rollback(struct store *st)
{
	struct err ignored;

	err_clear(&ignored);
	st->coverages = st->tallies = 0;
	intern_forget(st);
	/* a full disk may have rolled it back already */
	if (db_in_tx(st))
		db_do(st, &sql_db, ROLLBACK, NULL, 0, &ignored);
}

int
db_tx_begin(struct store *st, bool *own, struct err *e)
{
	*own = !db_in_tx(st);
	return *own ? store_batch_begin(st, e) : 0;
}

int
db_tx_end(struct store *st, bool own, int rc, struct err *e)
{
	if (!own)
		return rc;
	if (rc == 0)
		return store_batch_commit(st, e);
	store_batch_rollback(st);
	return rc;
}

/* ---- meta ---- */

int
meta_get(struct store *st, const char *key, int64_t *value, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	*value = 0;
	if (db_stmt(st, &sql_db, META_GET, &s, e))
		return -1;
	db_bind_str(s, 1, key);
	rc = db_row(st, s, e);
	if (rc > 0)
		*value = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

int
meta_set(struct store *st, const char *key, int64_t value, struct err *e)
{
	sqlite3_stmt *s;

	if (db_stmt(st, &sql_db, META_SET, &s, e))
		return -1;
	db_bind_str(s, 1, key);
	sqlite3_bind_int64(s, 2, value);
	return db_run(st, s, e);
}

/* rc of reading the key: 1 found, 0 there is none yet, -1 an error */
static int
key_get(struct store *st, unsigned char key[STORE_KEY], struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_db, META_GET, &s, e))
		return -1;
	db_bind_str(s, 1, "redact_key");
	rc = db_row(st, s, e);
	if (rc > 0 && sqlite3_column_bytes(s, 0) == STORE_KEY)
		memcpy(key, sqlite3_column_blob(s, 0), STORE_KEY);
	else if (rc > 0)
		rc = err_set(e, ERR_DB, "the key for redaction in %s is damaged", st->path);
	sqlite3_reset(s);
	return rc;
}

static int
key_get_or_make(struct store *st, unsigned char key[STORE_KEY], struct err *e)
{
	sqlite3_stmt *s;
	int rc = key_get(st, key, e);

	if (rc)
		return rc < 0 ? -1 : 0;
	if (getrandom(key, STORE_KEY, 0) != STORE_KEY)
		return err_errno(e, ERR_IO, "no random bytes for the key of redaction");
	if (db_stmt(st, &sql_db, KEY_ADD, &s, e))
		return -1;
	sqlite3_bind_blob(s, 1, key, STORE_KEY, SQLITE_TRANSIENT);
	rc = db_run(st, s, e);
	sqlite3_clear_bindings(s);
	return rc;
}

int
store_redact_key(struct store *st, unsigned char key[STORE_KEY], struct err *e)
{
	bool own;

	if (db_tx_begin(st, &own, e))
		return -1;
	return db_tx_end(st, own, key_get_or_make(st, key, e), e);
}
