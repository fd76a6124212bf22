#include "config.h"

#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pattern.h"

#ifdef __linux__
#include <sys/vfs.h>

/* WAL needs memory shared between processes: not on network and user file systems */
static bool
wal_is_safe(const char *path)
{
	static const unsigned long shared[] = {
		0x6969,			/* NFS */
		0x517b, 0xfe534d42, 0xff534d42,	/* SMB */
		0x65735546,		/* FUSE */
		0x01021997,		/* 9p */
	};
	struct statfs fs;
	size_t i;

	if (statfs(path, &fs))
		return false;
	for (i = 0; i < sizeof shared / sizeof *shared; i++)
		if (((unsigned long)fs.f_type & 0xffffffff) == shared[i])
			return false;
	return true;
}
#else
static bool
wal_is_safe(const char *path)
{
	(void)path;
	return true;
}
#endif

static const char *
last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* the folder in front of the last component; "." if there is none; the caller frees */
static char *
folder_of(const char *path)
{
	size_t n = (size_t)(last_component(path) - path);

	if (n == 0)
		return mem_strdup(".");
	return mem_strndup(path, n > 1 ? n - 1 : n);
}

static int
make_folders(const char *folder, struct err *e)
{
	char *part = mem_strdup(folder), *at;
	int rc = 0;

	for (at = part + 1; rc == 0; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			rc = err_errno(e, ERR_IO, "cannot make the folder %s", part);
		*at = c;
		if (c == '\0')
			break;
	}
	free(part);
	return rc;
}

/* SQLITE_OPEN_NOFOLLOW refuses links in any component; only the last must not be one */
static int
resolve(struct store *st, const char *path, struct err *e)
{
	char *folder = folder_of(path), *real;
	size_t n;

	if (*path == '\0' || *last_component(path) == '\0') {
		free(folder);
		return err_set(e, ERR_DB, "'%s' does not name a database file", path);
	}
	if (st->mode == STORE_CREATE && access(folder, F_OK) && make_folders(folder, e)) {
		free(folder);
		return -1;
	}
	real = realpath(folder, NULL);
	if (!real) {
		free(folder);
		err_errno(e, ERR_DB, "cannot open %s", path);
		return st->mode == STORE_CREATE ? -1 :
		    err_help(e, "make it with `netra-triage ingest FILE...`");
	}
	n = strlen(real) + strlen(path) + 2;
	st->path = mem_alloc(n);
	snprintf(st->path, n, "%s%s%s", real, strcmp(real, "/") ? "/" : "", last_component(path));
	free(real);
	free(folder);
	return 0;
}

/* SQLite gives the -wal and -shm files the mode of the database */
static int
make_file(struct store *st, struct err *e)
{
	int fd = open(st->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return err_errno(e, ERR_DB, "cannot make %s", st->path);
	close(fd);
	st->is_new = true;
	return 0;
}

static int
check_file(struct store *st, struct err *e)
{
	struct stat sb;

	if (lstat(st->path, &sb)) {
		if (errno == ENOENT && st->mode == STORE_CREATE)
			return make_file(st, e);
		if (errno != ENOENT)
			return err_errno(e, ERR_DB, "cannot open %s", st->path);
		err_set(e, ERR_DB, "there is no database %s", st->path);
		return err_help(e, "make it with `netra-triage ingest FILE...`");
	}
	if (S_ISLNK(sb.st_mode))
		return err_set(e, ERR_DB, "%s is a symbolic link", st->path);
	if (!S_ISREG(sb.st_mode))
		return err_set(e, ERR_DB, "%s is not a file", st->path);
	return 0;
}

static void
harden(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, NULL);
	sqlite3_busy_timeout(db, 10000);
}

static int
connect_db(struct store *st, struct err *e)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
	int rc;

	flags |= st->mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(st->path, &st->db, flags, NULL);
	if (rc != SQLITE_OK)
		return db_error_of(st->path, rc, st->db ? sqlite3_errmsg(st->db) :
		    "out of memory", e);
	harden(st->db);
	return db_exec(st, "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
	    " PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY", e);
}

/* only after schema_check(): the journal mode is written into the file */
static int
set_up_writer(struct store *st, struct err *e)
{
	const char *journal = wal_is_safe(st->path) ?
	    "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = DELETE";

	if (db_exec(st, journal, e))
		return -1;
	/* what is forgotten is overwritten */
	return db_exec(st, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"
	    " PRAGMA wal_autocheckpoint = 1000; PRAGMA secure_delete = ON", e);
}

static int
open_db(struct store *st, const char *path, struct err *e)
{
	if (resolve(st, path, e) || check_file(st, e) || connect_db(st, e))
		return -1;
	/* has an effect only while the file is empty */
	if (st->mode != STORE_READ && db_exec(st, "PRAGMA page_size = 16384", e))
		return -1;
	/* counted in pages when it is set: those of a new file have their size by now */
	if (db_exec(st, "PRAGMA cache_size = -16384", e))
		return -1;
	if (schema_check(st, e))
		return -1;
	if (st->mode == STORE_READ)
		return db_exec(st, "PRAGMA query_only = ON", e);
	return set_up_writer(st, e) || schema_migrate(st, e) ? -1 : 0;
}

int
store_open(const char *path, enum store_mode mode, struct store **out, struct err *e)
{
	struct store *st = mem_calloc(1, sizeof *st);

	*out = NULL;
	st->mode = mode;
	if (open_db(st, path, e)) {
		if (st->is_new)
			unlink(st->path);
		store_close(st);
		return -1;
	}
	st->matcher = matcher_new();
	functions_register(st);
	functions_text_register(st);
	*out = st;
	return 0;
}

void
store_close(struct store *st)
{
	size_t g, i;

	if (!st)
		return;
	for (g = 0; g < GROUPS; g++) {
		for (i = 0; st->stmt[g] && i < sql_group_at((enum group_id)g)->n; i++)
			sqlite3_finalize(st->stmt[g][i]);
		free(st->stmt[g]);
	}
	/* best effort: the next reader finds one file */
	if (st->db && st->mode != STORE_READ)
		sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_close(st->db);
	intern_free(st);
	query_names_free(st->names);
	if (st->matcher)
		matcher_free(st->matcher);
	free(st->path);
	free(st);
}

bool
store_is_new(const struct store *st)
{
	return st->is_new;
}
