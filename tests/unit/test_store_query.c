/* test_store_query.c - what a person's SQL may do, what is refused, and what the functions give. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "base/digest.h"
#include "base/io.h"
#include "store_fixture.h"

#define T0 INT64_C(1757986969280488123)

static int
query(struct fixture *f, const char *sql, struct answer *a)
{
	const struct rows rows = { a, answer_head, answer_row };
	const struct query_limits lim = { 2 * CLOCK_NS_PER_S, 1000 };

	memset(a, 0, sizeof *a);
	err_clear(&f->e);
	return store_query(f->st, slice_str(sql), NULL, 0, &lim, &rows, &f->e);
}

static int
enter(void **state)
{
	struct fixture *f;
	struct entry en = make_entry("a1", T0, "No module named 'shop.cart'");
	const struct request req = { .method = SLICE("GET"), .status = 503,
	    .latency_ns = 3786648988, .response_size = -1 };
	int64_t s, id;

	if (fixture_open(state))
		return -1;
	f = *state;
	s = begin_source(f, "logs/a.json", SOURCE_LOGS);
	en.severity = 500;
	en.request = &req;
	en.line = 42;
	put(f, s, &en, &id);
	en = make_entry("a2", T0 + 60 * CLOCK_NS_PER_S, "ready");
	put(f, s, &en, &id);
	end_source(f, s, "1");
	store_close(f->st);
	return store_open(f->db, STORE_READ, &f->st, &f->e);
}

static void
digest_of(const char *path, char hex[SHA256_HEX])
{
	unsigned char out[SHA256_SIZE];
	struct sha256 d;
	struct buf b;
	struct err e;

	err_clear(&e);
	buf_init(&b, 1 << 24);
	assert_int_equal(io_slurp(path, 1 << 24, &b, &e), 0);
	sha256_init(&d);
	sha256_update(&d, b.p, b.n);
	sha256_final(&d, out);
	sha256_hex(out, hex);
	buf_release(&b);
}

static size_t
files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void
test_hostile_statements_are_refused_and_change_nothing(void **state)
{
	static const char *const hostile[] = {
		"DELETE FROM event", "DELETE FROM events", "UPDATE event SET severity = 0",
		"INSERT INTO source (path, kind, reader) VALUES ('x', 'logs', 'y')",
		"DROP TABLE event", "DROP VIEW events", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)",
		"CREATE VIEW v AS SELECT 1", "ALTER TABLE event ADD COLUMN x", "REINDEX", "ANALYZE",
		"VACUUM", "VACUUM INTO 'stolen.db'", "ATTACH 'other.db' AS o", "DETACH main",
		"PRAGMA journal_mode = DELETE", "PRAGMA user_version = 9", "PRAGMA database_list",
		"PRAGMA query_only = OFF", "SELECT * FROM pragma_table_info('event')",
		"SELECT * FROM pragma_database_list", "SELECT count(*) FROM pragma_table_list",
		"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT s",
		"SELECT * FROM event", "SELECT count(*) FROM event", "SELECT e.id FROM event e",
		"SELECT * FROM source", "SELECT key FROM incident_key", "SELECT * FROM event_view",
		"SELECT * FROM sqlite_master", "SELECT count(*) FROM sqlite_schema",
		"SELECT (SELECT message FROM event LIMIT 1)",
		"SELECT * FROM events WHERE id IN (SELECT id FROM event)",
		"SELECT * FROM (SELECT * FROM event) AS events",
		"WITH events AS (SELECT * FROM event) SELECT * FROM events",
		"WITH Events(a) AS (SELECT id FROM event) SELECT * FROM events",
		"WITH \"events\" AS MATERIALIZED (SELECT id FROM event) SELECT * FROM events",
		"WITH [events] AS NOT MATERIALIZED (SELECT id FROM event) SELECT * FROM events",
		"WITH 'events' AS (SELECT id FROM event) SELECT * FROM events",
		"WITH events/**/AS--x\n(SELECT id FROM event) SELECT * FROM events",
		"WITH event_view AS (SELECT id FROM event) SELECT * FROM event_view",
		"WITH q AS (SELECT id FROM event) SELECT * FROM q",
		"SELECT printf('%.*c', 900000000, 'x')", "SELECT format('%d', 1)",
		"SELECT randomblob(900000000)", "SELECT zeroblob(900000000)",
		"SELECT load_extension('x')", "SELECT fts3_tokenizer('x')",
		"SELECT writefile('x', 'y')", "SELECT readfile('/etc/passwd')", "SELECT edit('x')",
		"SELECT sqlite_version()", "SELECT last_insert_rowid()", "SELECT soundex('x')",
		"SELECT random()", "SELECT * FROM dbstat", "SELECT count(*) FROM dbstat",
		"SELECT * FROM sqlite_stmt", "CREATE VIRTUAL TABLE t USING fts5(a)",
		"SELECT 1; SELECT 2", "SELECT 1; DELETE FROM event", "", " -- nothing", ";",
		"SELECT", "SELECT nothing FROM events", "SELECT * FROM nothing",
		"EXPLAIN DELETE FROM event",
		"SELECT id FROM events UNION SELECT id FROM event",
		"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
		("WITH RECURSIVE r(s) AS (SELECT 'xxxxxxxx' UNION ALL SELECT s || s FROM r)"
		    " SELECT max(length(s)) FROM r"),
		"SELECT regexp('(a', 'b')", "SELECT regexp_extract('a', '(?C1)a')",
		"SELECT bucket(1, 'x')", "SELECT ?1", "SELECT :x",
	};
	struct fixture *f = *state;
	char before[SHA256_HEX], after[SHA256_HEX];
	struct answer a;
	size_t files;

	query(f, "SELECT 1", &a);
	files = files_in(f->folder);
	digest_of(f->db, before);
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		if (query(f, hostile[i], &a) != -1)
			fail_msg("not refused: %s gives %s", hostile[i], a.text);
		if ((f->e.code != ERR_SQL && f->e.code != ERR_LIMIT) || !*f->e.text)
			fail_msg("%s: code %d, %s", hostile[i], f->e.code, f->e.text);
	}
	digest_of(f->db, after);
	assert_string_equal(before, after);
	assert_int_equal(files, files_in(f->folder));
	/* and the handle is as good as before */
	assert_int_equal(query(f, "SELECT count(*) FROM events", &a), 0);
	assert_string_equal(a.text, "2");
	assert_answer(f, "SELECT count(*) FROM event", "2");
}

static void
test_reading_statements_are_allowed(void **state)
{
	static const struct {
		const char *sql, *want;
	} cases[] = {
		{ "SELECT count(*) FROM events", "2" },
		{ "SELECT count(*), min(message) FROM events", "2|No module named 'shop.cart'" },
		{ "SELECT severity, count(*) FROM events GROUP BY 1 ORDER BY 1", "ERROR|1;INFO|1" },
		{ "SELECT count(*) FROM sources s JOIN sightings g ON g.source_id = s.id", "2" },
		{ "WITH bad AS (SELECT * FROM events WHERE severity = 'ERROR')"
		    " SELECT count(*) FROM bad", "1" },
		{ "WITH bad AS (SELECT * FROM events) SELECT id FROM bad AS events WHERE id = 1", "1" },
		{ "SELECT e.id FROM events AS e, requests AS r WHERE e.id = r.event_id;", "1" },
		{ "SELECT 'events' AS x -- (comment", "events" },
		{ "SELECT count(*) FROM exceptions", "0" },
		{ "SELECT count(*) FROM instances", "1" },
		{ "SELECT count(*) FROM deploys", "0" },
		{ "SELECT value FROM json_each('[1,2]')", "1;2" },
		{ "SELECT row_number() OVER (ORDER BY ts) FROM events", "1;2" },
		{ "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3)"
		    " SELECT group_concat(n) FROM r", "1,2,3" },
		{ "SELECT datetime(0, 'unixepoch')", "1970-01-01 00:00:00" },
		{ "SELECT 1.5, NULL, x'41'", "1.5|-|A" },
	};
	struct fixture *f = *state;
	struct answer a;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (query(f, cases[i].sql, &a))
			fail_msg("%s: %s", cases[i].sql, f->e.text);
		assert_string_equal(a.text, cases[i].want);
	}
}

static void
test_every_view_can_be_read(void **state)
{
	struct fixture *f = *state;
	struct answer views, a;
	char *view, *next, sql[200];

	must(f, ask(f, "SELECT name FROM sqlite_master WHERE type = 'view'"
	    " AND name NOT IN ('event_view', 'run_view', 'test_view')", &views));
	for (view = views.text; view; view = next) {
		next = strchr(view, ';');
		if (next)
			*next++ = '\0';
		snprintf(sql, sizeof sql, "SELECT * FROM %.100s", view);
		if (query(f, sql, &a))
			fail_msg("%s: %s", sql, f->e.text);
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %.100s", view);
		if (query(f, sql, &a))
			fail_msg("%s: %s", sql, f->e.text);
	}
	assert_int_equal(views.rows, 32);
}

static void
test_functions_give_what_they_say(void **state)
{
	static const struct {
		const char *sql, *want;
	} cases[] = {
		{ "SELECT 'abc' REGEXP 'b.'", "1" },
		{ "SELECT 'abc' REGEXP '^b'", "0" },
		{ "SELECT NULL REGEXP 'b', 'b' REGEXP NULL", "-|-" },
		{ "SELECT id FROM events WHERE message REGEXP 'named'", "1" },
		{ "SELECT regexp_extract(message, 'No module named ''([^'']+)''') FROM events"
		    " ORDER BY id", "shop.cart;-" },
		{ "SELECT regexp_extract('ab12', '([a-z]+)(\\d+)', 2), regexp_extract('ab', 'b'),"
		    " regexp_extract('ab', '(b)', 0), regexp_extract('ab', '(b)', 7)", "12|b|b|-" },
		{ "SELECT iso(0), iso(1757986969280488123)",
		    "1970-01-01T00:00:00.000000000Z|2025-09-16T01:42:49.280488123Z" },
		{ "SELECT bucket(ts_ns, '1m'), count(*) FROM events GROUP BY 1",
		    "2025-09-16T01:42:00.000000000Z|1;2025-09-16T01:43:00.000000000Z|1" },
		{ "SELECT bucket(-1, '1h'), bucket(1500000000, '500ms')",
		    "1969-12-31T23:00:00.000000000Z|1970-01-01T00:00:01.500000000Z" },
		{ "SELECT sev('error'), sev('WARN'), sev('nothing'), sevname(500), sevname(99999)",
		    "500|400|-|ERROR|EMERGENCY" },
		{ "SELECT loc(id) FROM events ORDER BY id", "logs/a.json:42;logs/a.json:1" },
		{ "SELECT loc(99)", "-" },
		{ "SELECT instr('h\xc3\xa9llo', 'llo'), instr('a', 'b'), instr('a', ''), instr('', 'a'),"
		    " instr(x'c3a96c', x'6c'), instr(NULL, 'a'), instr('\xc3\xa9', '\xc3\xa9')",
		    "3|0|1|0|3|-|1" },
		{ "SELECT replace('aXbXX', 'X', '--'), replace('a', '', 'b'), replace(121, 1, 3),"
		    " replace('', 'a', 'b'), replace('a', NULL, 'b')", "a--b----|a|323||-" },
		{ "SELECT trim('xyhix', 'yx'), ltrim('\xc3\xa9\xc3\xa9" "a\xc3\xa9', '\xc3\xa9'),"
		    " rtrim('aab', 'b'), trim('xx', 'x'), trim('  a ')", "hi|a\xc3\xa9|aa||a" },
	};
	struct fixture *f = *state;
	struct answer a;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (query(f, cases[i].sql, &a))
			fail_msg("%s: %s", cases[i].sql, f->e.text);
		assert_string_equal(a.text, cases[i].want);
	}
}

static void
test_faults_are_pointed_at_with_a_suggestion(void **state)
{
	static const struct {
		const char *sql, *text, *where, *help;
	} cases[] = {
		{ "SELECT sevrity FROM events", "no such column: sevrity", "query:1:8", "severity" },
		{ "SELECT id\nFROM events\nWHERE e.instnce = 1", "no such column", "query:3:7",
		    "instance" },
		{ "SELECT * FROM event s", "private", "", "views" },
		{ "SELECT * FROM evnts", "no such table: evnts", "", "events" },
		{ "SELECT * FROM zzzzzzzz", "no such table", "", "netra-triage views" },
		{ "SELECT iso1(1)", "no such function", "query:1:8", "iso" },
		{ "SELECT 1 FRM events", "syntax error", "query:1:14", "" },
	};
	struct fixture *f = *state;
	struct answer a;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(query(f, cases[i].sql, &a), -1);
		assert_int_equal(f->e.code, ERR_SQL);
		if (!strstr(f->e.text, cases[i].text) || !strstr(f->e.help, cases[i].help) ||
		    (*cases[i].where && strcmp(f->e.where, cases[i].where) != 0))
			fail_msg("%s: '%s' at '%s', '%s'", cases[i].sql, f->e.text, f->e.where,
			    f->e.help);
		if (*cases[i].where)
			assert_non_null(strchr(f->e.snippet, '^'));
	}
}

static void
test_parameters_are_bound_as_numbers_or_texts(void **state)
{
	const struct query_param param[] = { { "since", "1757986969280488124" }, { "name", "re'ady" } };
	const struct query_limits lim = { 0, 0 };
	struct fixture *f = *state;
	struct answer a = { .rows = 0 };
	const struct rows rows = { &a, answer_head, answer_row };

	must(f, store_query(f->st, SLICE("SELECT id, :name FROM events WHERE ts_ns > :since"), param, 2,
	    &lim, &rows, &f->e));
	assert_string_equal(a.text, "2|re'ady");
	assert_int_equal(store_query(f->st, SLICE("SELECT :name"), param, 2, &lim, &rows, &f->e), -1);
	assert_non_null(strstr(f->e.text, "no parameter :since"));
	err_clear(&f->e);
	assert_int_equal(store_query(f->st, SLICE("SELECT :other"), param, 1, &lim, &rows, &f->e), -1);
	assert_non_null(strstr(f->e.text, ":other has no value"));
}

/* SQLite's own versions of these take minutes, and a running function is never interrupted */
static void
test_searches_in_megabytes_are_linear(void **state)
{
#define LONG(n) "(WITH RECURSIVE t(x) AS (SELECT 'aaaaaaaa' UNION ALL SELECT x || x FROM t" \
	" WHERE length(x) < " #n ") SELECT max(x) FROM t)"
	struct fixture *f = *state;
	struct answer a;

	if (query(f, "SELECT instr(" LONG(3000000) ", " LONG(1000000) " || 'b')", &a))
		fail_msg("%s", f->e.text);
	assert_string_equal(a.text, "0");
	if (query(f, "SELECT length(replace(" LONG(3000000) ", " LONG(1000000) " || 'b', ''))", &a))
		fail_msg("%s", f->e.text);
	assert_string_equal(a.text, "4194304");
	assert_int_equal(query(f, "SELECT trim(" LONG(3000000) ", " LONG(1000000) ")", &a), -1);
#undef LONG
}

static void
test_limits_stop_rows_time_and_memory(void **state)
{
	static const char forever[] = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
	    " SELECT count(*) FROM r";
	static const char rows5[] = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r"
	    " WHERE n < 5) SELECT n FROM r";
	static const char memory[] = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r"
	    " WHERE n < 3000), t(s) AS (SELECT replace(hex(hex(hex('xxxxxxxxxxxxxxxx'))), '3', hex(hex("
	    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "'))) ) SELECT s || n FROM r, t ORDER BY s || n DESC";
	const struct query_limits lim = { CLOCK_NS_PER_S / 5, 4 };
	struct fixture *f = *state;
	struct answer a = { .rows = 0 };
	const struct rows rows = { &a, answer_head, answer_row };

	assert_int_equal(store_query(f->st, slice_str(forever), NULL, 0, &lim, &rows, &f->e), -1);
	assert_int_equal(f->e.code, ERR_LIMIT);
	assert_non_null(strstr(f->e.text, "too long"));
	err_clear(&f->e);
	assert_int_equal(store_query(f->st, slice_str(rows5), NULL, 0, &lim, &rows, &f->e), -1);
	assert_int_equal(f->e.code, ERR_LIMIT);
	assert_string_equal(a.text, "1;2;3;4");
	err_clear(&f->e);
	assert_int_equal(store_query(f->st, slice_str(memory), NULL, 0,
	    &(struct query_limits){ 20 * CLOCK_NS_PER_S, 0 }, &rows, &f->e), -1);
	assert_int_equal(f->e.code, ERR_LIMIT);
	assert_non_null(strstr(f->e.text, "memory"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, enter, fixture_leave)
	const struct CMUnitTest tests[] = {
		T(test_hostile_statements_are_refused_and_change_nothing),
		T(test_reading_statements_are_allowed),
		T(test_every_view_can_be_read),
		T(test_functions_give_what_they_say),
		T(test_faults_are_pointed_at_with_a_suggestion),
		T(test_parameters_are_bound_as_numbers_or_texts),
		T(test_searches_in_megabytes_are_linear),
		T(test_limits_stop_rows_time_and_memory),
	};
#undef T

	return cmocka_run_group_tests_name("store_query", tests, NULL, NULL);
}
