/* test_store_views.c - the public views, their comments, and every statement of the store. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/db.h"
#include "store_fixture.h"

/* what may be relied on: names only ever get added */
static const struct {
	const char *view, *columns;
} promised[] = {
	{ "sources", "id path kind shape state bytes sha256 entries added known filled conflicts"
	    " damaged not_evidence first_ts last_ts truncated clock note" },
	{ "events", "id ts ts_ns severity severity_inferred severity_by project location"
	    " resource_type log service revision instance message payload_kind trace insert_id"
	    " signature_id exception_id source_id line byte_offset" },
	{ "requests", "event_id ts ts_ns end_ns method url path status latency_ms user_agent service"
	    " revision instance trace" },
	{ "exceptions", "id type message cause_type cause_message frame chain ts service revision"
	    " instance entries cause_signature_id" },
	{ "signatures", "id kind template count first_ts last_ts severity services" },
	{ "instances", "instance service revision started_ts ready_ts exit_code exit_ts lifetime_s"
	    " start_reason" },
	{ "revisions", "service revision first_ts last_ts errors" },
	{ "deploys", "ts service revision who how" },
	{ "runs", "id source_id framework started_ts clock duration_s ended_ts command env commit_id"
	    " collected passed failed errors skipped exit_code state reconciled quality" },
	{ "tests", "id run_id nodeid file attempt outcome phase duration_s message signature_id"
	    " realness realness_why" },
	{ "findings", "id rule rule_revision outcome group_key count first_ts last_ts priority says" },
	{ "incidents", "id title priority state verdict service revision first_ts last_ts"
	    " occurrences entries cause_signature_id issue" },
	{ "hypotheses", "id name class title priority issue service from_ts to_ts verdict verdict_by"
	    " standing why" },
	{ "evidence", "id kind relation strength hypothesis_id incident_id event_id test_id quote"
	    " path line byte_offset says" },
	{ "conflicts", "event_id" },
	{ "diagnostics", "source_id name" },
	{ "rules", "name hash" },
	{ "messages", "id kind text parts complete first_ts last_ts service revision instance" },
	{ "message_parts", "message_id n event_id" },
	{ "sightings", "event_id source_id line byte_offset" },
	{ "incident_members", "incident_id role basis occurrence rule event_id test_id output_id"
	    " source_id line byte_offset quote" },
	{ "whys", "incident_id n question answer basis mechanism collect count of events" },
};

static bool
has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	const char *at = words;

	while ((at = strstr(at, word))) {
		if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
		at += n;
	}
	return false;
}

/* the columns of a view as SQLite has them, blanks between them */
static void
columns_of(struct fixture *f, const char *view, char *out, size_t room)
{
	struct answer a;
	char sql[120];

	snprintf(sql, sizeof sql, "SELECT group_concat(name, ' ') FROM pragma_table_info('%s')",
	    view);
	must(f, ask(f, sql, &a));
	snprintf(out, room, "%s", a.text);
}

static void
test_promised_columns_are_there(void **state)
{
	struct fixture *f = *state;
	char columns[4000], want[1000], *word, *next;

	for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
		columns_of(f, promised[i].view, columns, sizeof columns);
		snprintf(want, sizeof want, "%s", promised[i].columns);
		for (word = want; word; word = next) {
			next = strchr(word, ' ');
			if (next)
				*next++ = '\0';
			if (!has_word(columns, word))
				fail_msg("%s lacks the column %s", promised[i].view, word);
		}
	}
}

struct described {
	struct fixture *f;
	char view[40], real[4000];	/* of the view being described */
	char views[2000];
	size_t columns, expected;
};

static int
check_comment(void *ctx, const char *view, const char *column, const char *comment)
{
	struct described *d = ctx;

	if (!*comment)
		fail_msg("%s.%s has no comment", view, column ? column : "");
	if (!column) {
		assert_int_equal(d->columns, d->expected);
		snprintf(d->view, sizeof d->view, "%s", view);
		columns_of(d->f, view, d->real, sizeof d->real);
		snprintf(d->views + strlen(d->views), sizeof d->views - strlen(d->views), " %s", view);
		d->columns = 0;
		d->expected = 1;
		for (const char *p = d->real; *p; p++)
			d->expected += *p == ' ';
		if (!*d->real)
			fail_msg("%s is described and not there", view);
		return 0;
	}
	assert_string_equal(d->view, view);
	if (!has_word(d->real, column))
		fail_msg("%s.%s is described and not there", view, column);
	d->columns++;
	return 0;
}

static void
test_every_view_and_column_is_described_once(void **state)
{
	struct described d = { .f = *state };

	assert_int_equal(store_views(check_comment, &d), 0);
	assert_int_equal(d.columns, d.expected);
	for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++)
		assert_true(has_word(d.views, promised[i].view));
	/* no view is left out, but those that the others are made of */
	for (char *p = strchr(d.views, ' '); p; p = strchr(p + 1, ' '))
		d.columns = p == d.views ? 1 : d.columns + 1;
	assert_answer(d.f, "SELECT group_concat(name) FROM sqlite_master WHERE type = 'view'"
	    " AND name NOT IN ('sources', 'events', 'sightings', 'coverage', 'requests',"
	    " 'exceptions', 'signatures', 'instances', 'revisions', 'deploys', 'runs', 'tests',"
	    " 'outputs', 'hits', 'findings', 'finding_hits', 'incidents', 'incident_members', 'whys',"
	    " 'hypotheses', 'evidence', 'conflicts', 'damaged_records', 'diagnostics', 'rules',"
	    " 'redactions', 'gaps',"
	    " 'messages', 'message_parts', 'run_sources', 'run_facts', 'test_exceptions')",
	    "event_view,run_view,test_view");
	assert_int_equal(d.columns, 32);
}

static void
test_every_statement_prepares(void **state)
{
	struct fixture *f = *state;

	for (int g = 0; g < GROUPS; g++) {
		const struct sql_group *group = sql_group_at((enum group_id)g);
		sqlite3_stmt *s;

		assert_int_equal(group->id, g);
		for (size_t i = 0; i < group->n; i++)
			must_at(f, db_stmt(f->st, group, (unsigned)i, &s, &f->e), group->text[i], g);
	}
}

/* the plan of a statement, steps with ";" between them */
static void
plan_of(struct fixture *f, const char *sql, char *out, size_t room)
{
	struct buf text;
	sqlite3_stmt *s;

	buf_init(&text, 1 << 20);
	buf_printf(&text, "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_prepare_v2(f->st->db, text.p, -1, &s, NULL), SQLITE_OK);
	*out = '\0';
	while (sqlite3_step(s) == SQLITE_ROW)
		snprintf(out + strlen(out), room - strlen(out), "%s;", sqlite3_column_text(s, 3));
	sqlite3_finalize(s);
	buf_release(&text);
}

static void
test_large_reads_use_an_index(void **state)
{
	static const struct {
		const char *sql, *plan;
	} cases[] = {
		{ "SELECT id, message FROM events WHERE ts_ns BETWEEN 1 AND 2", "event_time" },
		{ "SELECT * FROM events WHERE ts_ns >= 1 AND ts_ns < 2", "event_time" },
		{ "SELECT count(*) FROM events WHERE severity_n >= 500", "event_severity" },
		{ "SELECT id FROM events WHERE trace = 'x'", "event_trace" },
		{ "SELECT * FROM requests WHERE status >= 500", "request_status" },
		{ "SELECT id FROM events WHERE id = 5", "INTEGER PRIMARY KEY" },
		{ "SELECT source_id FROM sightings WHERE event_id = 7", "SEARCH event" },
	};
	struct fixture *f = *state;
	char plan[4000];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		plan_of(f, cases[i].sql, plan, sizeof plan);
		if (!strstr(plan, cases[i].plan) || strstr(plan, "SCAN e;") ||
		    strstr(plan, "SCAN event;"))
			fail_msg("%s\n%s", cases[i].sql, plan);
	}
}

/* statements that run once for each record must not walk the tables */
static void
test_statements_of_each_record_scan_nothing(void **state)
{
	static const enum group_id groups[] = { GROUP_EVENT, GROUP_ORIGIN, GROUP_TEST, GROUP_HIT,
	    GROUP_QUOTE, GROUP_FUNCTION };
	struct fixture *f = *state;
	char plan[4000];

	for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
		const struct sql_group *group = sql_group_at(groups[g]);

		for (size_t i = 0; i < group->n; i++) {
			if (strncmp(group->text[i], "DELETE FROM hit", 15) == 0)
				continue;	/* all of them, once for each scan */
			plan_of(f, group->text[i], plan, sizeof plan);
			if (strstr(plan, "SCAN") && !strstr(plan, "SCAN e;SEARCH o USING INTEGER") &&
			    !strstr(plan, "SCAN CONSTANT"))
				fail_msg("%s\n%s", group->text[i], plan);
			if (strstr(group->text[i], "ts / 1000") && !strstr(plan, "event_identity"))
				fail_msg("%s\n%s", group->text[i], plan);
		}
	}
}

/* asked once for each failed request: by instance, then by time */
static void
test_running_requests_are_found_by_instance_and_time(void **state)
{
	const struct sql_group *group = sql_group_at(GROUP_EVIDENCE);
	const char *text = group->text[group->n - 1];
	struct fixture *f = *state;
	char plan[4000];

	assert_non_null(strstr(text, "r.end_ns >= ?2"));
	plan_of(f, text, plan, sizeof plan);
	if (strstr(plan, "SCAN") || !strstr(plan, "origin_instance (instance=?)") ||
	    !strstr(plan, "event_origin (origin_id=? AND ts>? AND ts<?)"))
		fail_msg("%s", plan);
}

static void
test_time_text_agrees_with_the_clock(void **state)
{
	static const int64_t times[] = { 0, 1, -1, 999999999, 1000000000, -1000000000, -999999999,
	    INT64_C(1757986969280488123), INT64_C(-9000000000000000001), INT64_C(9000000000000000001) };
	struct fixture *f = *state;
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;
	char name[20], sql[120], want[CLOCK_TEXT];

	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		struct entry en = make_entry("", times[i], "x");

		snprintf(name, sizeof name, "i%zu", i);
		en.insert_id = slice_str(name);
		put(f, s, &en, &id);
	}
	end_source(f, s, "1");
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT ts FROM events WHERE insert_id = 'i%zu'", i);
		assert_answer(f, sql, clock_format(times[i], 9, want));
	}
	assert_answer(f, "SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY ts) a,"
	    " row_number() OVER (ORDER BY ts_ns) b FROM events) WHERE a <> b", "0");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_leave)
	const struct CMUnitTest tests[] = {
		T(test_promised_columns_are_there),
		T(test_every_view_and_column_is_described_once),
		T(test_every_statement_prepares),
		T(test_large_reads_use_an_index),
		T(test_statements_of_each_record_scan_nothing),
		T(test_running_requests_are_found_by_instance_and_time),
		T(test_time_text_agrees_with_the_clock),
	};
#undef T

	return cmocka_run_group_tests_name("store_views", tests, NULL, NULL);
}
