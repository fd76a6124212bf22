/* test_store_open.c - making, opening, migrating and refusing databases. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sqlite3.h>
#include <sys/stat.h>

#include "store/db.h"
#include "store_fixture.h"

static void
run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int64_t
ask_int(const char *path, const char *sql)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	int64_t value;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	value = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return value;
}

static void
make_db(struct fixture *f)
{
	must(f, store_open(f->db, STORE_CREATE, &f->st, &f->e));
	store_close(f->st);
	f->st = NULL;
}

/* opening must fail with ERR_DB and a text that holds `part` */
static void
refused(struct fixture *f, enum store_mode mode, const char *part)
{
	err_clear(&f->e);
	assert_int_equal(store_open(f->db, mode, &f->st, &f->e), -1);
	assert_null(f->st);
	assert_int_equal(f->e.code, ERR_DB);
	if (!strstr(f->e.text, part))
		fail_msg("'%s' lacks '%s'", f->e.text, part);
}

static void
test_new_database_is_private_and_of_the_newest_schema(void **state)
{
	struct fixture *f = *state;
	struct stat sb;

	must(f, store_open(f->db, STORE_CREATE, &f->st, &f->e));
	assert_true(store_is_new(f->st));
	assert_int_equal(stat(f->db, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0600);
	store_close(f->st);
	f->st = NULL;
	assert_int_equal(ask_int(f->db, "PRAGMA application_id"), 0x4e545241);
	assert_true(ask_int(f->db, "PRAGMA user_version") >= 2);
	assert_int_equal(ask_int(f->db, "PRAGMA page_size"), 16384);
	assert_int_equal(ask_int(f->db, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	must(f, store_open(f->db, STORE_CREATE, &f->st, &f->e));
	assert_false(store_is_new(f->st));
}

static void
test_missing_folders_are_made_private(void **state)
{
	struct fixture *f = *state;
	char db[300], folder[260];
	struct stat sb;
	struct store *st;

	snprintf(folder, sizeof folder, "%s/x", f->folder);
	snprintf(db, sizeof db, "%s/y/t.db", folder);
	must(f, store_open(db, STORE_CREATE, &st, &f->e));
	store_close(st);
	assert_int_equal(stat(folder, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0700);
	assert_int_equal(unlink(db), 0);
	*strrchr(db, '/') = '\0';
	assert_int_equal(rmdir(db), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void
test_missing_database_is_only_made_by_create(void **state)
{
	struct fixture *f = *state;

	refused(f, STORE_READ, "there is no database");
	refused(f, STORE_WRITE, "there is no database");
	assert_int_equal(access(f->db, F_OK), -1);
}

static void
test_files_of_others_are_refused_and_left_alone(void **state)
{
	static const enum store_mode modes[] = { STORE_READ, STORE_WRITE, STORE_CREATE };
	struct fixture *f = *state;
	FILE *out;

	for (size_t i = 0; i < 3; i++) {
		out = fopen(f->db, "w");
		fputs("{\"this\": \"is no database, but a log of more than sixteen bytes\"}\n", out);
		fclose(out);
		refused(f, modes[i], "is not a database");
		unlink(f->db);
		run_sql(f->db, "CREATE TABLE t (a)");
		refused(f, modes[i], "of another program");
		assert_int_equal(ask_int(f->db, "SELECT count(*) FROM sqlite_master"), 1);
		unlink(f->db);
		run_sql(f->db, "PRAGMA application_id = 7; CREATE TABLE t (a)");
		refused(f, modes[i], "of another program");
		unlink(f->db);
	}
}

static void
test_newer_schema_is_refused_by_every_mode(void **state)
{
	struct fixture *f = *state;

	make_db(f);
	run_sql(f->db, "PRAGMA user_version = 900");
	refused(f, STORE_READ, "was written by a newer netra-triage (schema 900, this is ");
	refused(f, STORE_WRITE, "was written by a newer netra-triage");
	refused(f, STORE_CREATE, "was written by a newer netra-triage");
}

/* a database as the first `steps` steps of the schema make it */
static void
make_old_db(struct fixture *f, size_t steps)
{
	char version[64];

	unlink(f->db);
	for (size_t i = 0; i < steps; i++) {
		char *sql = mem_strndup((const char *)schema_at(i)->sql, schema_at(i)->n);

		run_sql(f->db, sql);
		free(sql);
	}
	snprintf(version, sizeof version, "PRAGMA user_version = %zu", steps);
	run_sql(f->db, version);
}

static void
test_older_schemas_are_migrated_by_writers_only(void **state)
{
	struct fixture *f = *state;
	int64_t newest;

	make_db(f);
	newest = ask_int(f->db, "PRAGMA user_version");
	for (size_t steps = 1; schema_at(steps); steps++) {
		make_old_db(f, steps);
		refused(f, STORE_READ, "needs migrating");
		assert_non_null(strstr(f->e.help, "netra-triage scan"));
		assert_int_equal(ask_int(f->db, "PRAGMA user_version"), steps);
		must(f, store_open(f->db, STORE_WRITE, &f->st, &f->e));
		assert_answer(f, "SELECT count(*) FROM events", "0");
		assert_answer(f, "SELECT count(*) FROM gaps", "0");
		store_close(f->st);
		f->st = NULL;
		assert_int_equal(ask_int(f->db, "PRAGMA user_version"), newest);
	}
}

/* so that a run of then is recognised in a format that is read now */
static void
test_runs_of_older_schemas_get_their_format(void **state)
{
	struct fixture *f = *state;

	make_old_db(f, 5);
	run_sql(f->db, "INSERT INTO source (id, path, kind, reader, state) VALUES"
	    " (1, 'a.log', 'tests', 'pytest', 'complete'), (2, 'a.xml', 'tests', 'junit', 'complete');"
	    "INSERT INTO run (source_id, clock, state, reconciled, line, byte) VALUES"
	    " (1, 'none', 'complete', 'yes', 1, 0), (2, 'none', 'complete', 'yes', 1, 0)");
	must(f, store_open(f->db, STORE_WRITE, &f->st, &f->e));
	assert_answer(f, "SELECT group_concat(format || ' ' || source_id, ', ') FROM runs",
	    "pytest 1, junit 2");
}

/* hashes of before the key are settled by the next payload; only then can a text differ */
static void
test_hashes_without_the_key_are_in_no_conflict(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", 5000, "one"), other = make_entry("a1", 5000, "eins");
	char step[4096];
	int64_t s, id;

	must(f, store_open(f->db, STORE_CREATE, &f->st, &f->e));
	s = begin_source(f, "a", SOURCE_LOGS);
	put(f, s, &en, &id);
	end_source(f, s, "1");
	s = begin_source(f, "b", SOURCE_LOGS);
	put(f, s, &en, &id);
	end_source(f, s, "2");
	store_close(f->st);
	f->st = NULL;
	/* as before step 5: sixteen bytes that are of no key */
	run_sql(f->db, "UPDATE event SET payload_hash = x'00112233445566778899aabbccddeeff';"
	    " UPDATE sighting SET payload_hash = x'00112233445566778899aabbccddeeff'");
	snprintf(step, sizeof step, "%.*s", (int)schema_at(4)->n, (const char *)schema_at(4)->sql);
	run_sql(f->db, step);
	must(f, store_open(f->db, STORE_WRITE, &f->st, &f->e));
	s = begin_source(f, "c", SOURCE_LOGS);
	assert_int_equal(put(f, s, &en, &id), PUT_KNOWN);
	end_source(f, s, "3");
	s = begin_source(f, "d", SOURCE_LOGS);
	assert_int_equal(put(f, s, &other, &id), PUT_CONFLICT);
	end_source(f, s, "4");
	assert_answer(f, "SELECT message FROM events", "one");
	/* the others hold the same text: no source is in conflict with what stays */
	must(f, store_source_forget(f->st, 1, &(struct forget_counts){ 0 }, &f->e));
	assert_answer(f, "SELECT message, source_id FROM events", "one|2");
	assert_answer(f, "SELECT source_id FROM conflicts", "4");
}

static void
test_reader_cannot_write(void **state)
{
	const struct source_new new = { "a", SOURCE_LOGS, "r" };
	struct fixture *f = *state;
	struct answer a;
	int64_t id;

	make_db(f);
	must(f, store_open(f->db, STORE_READ, &f->st, &f->e));
	assert_answer(f, "SELECT count(*) FROM sources", "0");
	assert_int_equal(store_source_begin(f->st, &new, &id, &f->e), -1);
	assert_int_equal(ask(f, "DELETE FROM source", &a), -1);
	assert_int_equal(ask(f, "CREATE TEMP TABLE t (a)", &a), -1);
}

static void
test_symbolic_link_is_refused_but_a_linked_folder_is_not(void **state)
{
	struct fixture *f = *state;
	char link_path[260], through[300];
	struct store *st;

	make_db(f);
	snprintf(link_path, sizeof link_path, "%s/link", f->folder);
	assert_int_equal(symlink(f->db, link_path), 0);
	assert_int_equal(store_open(link_path, STORE_WRITE, &st, &f->e), -1);
	assert_non_null(strstr(f->e.text, "symbolic link"));
	unlink(link_path);
	assert_int_equal(symlink(f->folder, link_path), 0);
	snprintf(through, sizeof through, "%s/t.db", link_path);
	must(f, store_open(through, STORE_WRITE, &st, &f->e));
	store_close(st);
	unlink(link_path);
}

static void
test_two_handles_see_whole_batches(void **state)
{
	struct fixture *f = *state;
	struct fixture other = { .st = NULL };
	struct entry en = make_entry("a1", 5, "x");
	int64_t s, id;

	must(f, store_open(f->db, STORE_CREATE, &f->st, &f->e));
	must(&other, store_open(f->db, STORE_READ, &other.st, &other.e));
	s = begin_source(f, "a", SOURCE_LOGS);
	put(f, s, &en, &id);
	assert_answer(&other, "SELECT count(*) FROM events", "0");
	assert_answer(&other, "SELECT state FROM sources", "partial");
	end_source(f, s, "1");
	assert_answer(&other, "SELECT count(*) FROM events", "1");
	store_close(other.st);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_enter, fixture_leave)
	const struct CMUnitTest tests[] = {
		T(test_new_database_is_private_and_of_the_newest_schema),
		T(test_missing_folders_are_made_private),
		T(test_missing_database_is_only_made_by_create),
		T(test_files_of_others_are_refused_and_left_alone),
		T(test_newer_schema_is_refused_by_every_mode),
		T(test_older_schemas_are_migrated_by_writers_only),
		T(test_runs_of_older_schemas_get_their_format),
		T(test_hashes_without_the_key_are_in_no_conflict),
		T(test_reader_cannot_write),
		T(test_symbolic_link_is_refused_but_a_linked_folder_is_not),
		T(test_two_handles_see_whole_batches),
	};
#undef T

	return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
