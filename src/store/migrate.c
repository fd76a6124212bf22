#include "config.h"

#include "store/db.h"

#include <stdio.h>

#include "store/schema_data.h"

const struct schema_file *
schema_at(size_t i)
{
	return i < sizeof schema_files / sizeof *schema_files ? &schema_files[i] : NULL;
}

static int
schema_latest(void)
{
	return schema_files[sizeof schema_files / sizeof *schema_files - 1].version;
}

/* not a cached statement: the schema is not there yet */
static int
ask(struct store *st, const char *sql, int64_t *value, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = -1;

	*value = 0;
	if (sqlite3_prepare_v2(st->db, sql, -1, &s, NULL) != SQLITE_OK) {
		db_error(st, e);
	} else {
		rc = db_row(st, s, e);
		if (rc > 0)
			*value = sqlite3_column_int64(s, 0);
	}
	sqlite3_finalize(s);
	return rc < 0 ? -1 : 0;
}

int
schema_check(struct store *st, struct err *e)
{
	int64_t app, version, objects;

	if (ask(st, "PRAGMA application_id", &app, e) ||
	    ask(st, "PRAGMA user_version", &version, e) ||
	    ask(st, "SELECT count(*) FROM sqlite_master", &objects, e))
		return -1;
	if (app == 0 && version == 0 && objects == 0) {
		if (st->mode == STORE_CREATE || st->mode == STORE_WRITE)
			return 0;
		err_set(e, ERR_DB, "%s is an empty database", st->path);
		return err_help(e, "fill it with `netra-triage ingest FILE...`");
	}
	if (app != STORE_APPLICATION_ID) {
		err_set(e, ERR_DB, "%s is a database of another program", st->path);
		err_note(e, "its application id is 0x%08llx", (unsigned long long)app & 0xffffffff);
		return err_help(e, "name another file with --db");
	}
	if (version > schema_latest())
		return err_set(e, ERR_DB,
		    "%s was written by a newer netra-triage (schema %lld, this is %d)", st->path,
		    (long long)version, schema_latest());
	if (version < schema_latest() && st->mode == STORE_READ) {
		err_set(e, ERR_DB, "%s needs migrating (schema %lld, this is %d)", st->path,
		    (long long)version, schema_latest());
		return err_help(e, "run `netra-triage scan`");
	}
	return 0;
}

static int
run_step(struct store *st, const struct schema_file *f, struct err *e)
{
	struct buf sql;
	int rc;

	buf_init(&sql, f->n + 64);
	buf_put(&sql, (const char *)f->sql, f->n);
	buf_printf(&sql, "\nPRAGMA user_version = %d;", f->version);
	rc = db_exec(st, sql.p, e);
	buf_release(&sql);
	return rc ? err_add(e, "schema step %s", f->name) : 0;
}

/* the version is read again inside each transaction: another process may migrate too */
int
schema_migrate(struct store *st, struct err *e)
{
	const struct schema_file *f;
	int64_t version;
	size_t i;

	if (ask(st, "PRAGMA user_version", &version, e))
		return -1;
	for (i = 0; (f = schema_at(i)); i++) {
		int rc;

		if (f->version <= version)
			continue;
		if (db_exec(st, "BEGIN IMMEDIATE", e))
			return -1;
		rc = ask(st, "PRAGMA user_version", &version, e);
		if (rc == 0 && f->version > version)
			rc = run_step(st, f, e);
		if (rc == 0)
			rc = db_exec(st, "COMMIT", e);
		if (rc) {
			sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
			return -1;
		}
	}
	return 0;
}
