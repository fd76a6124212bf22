/* test_store_event.c - identity of entries, copies without payload, conflicts, forgetting. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store_fixture.h"

#define T0 INT64_C(1757986969280488123)

static const char outcome_letter[] = { [PUT_ADDED] = 'A', [PUT_KNOWN] = 'K', [PUT_FILLED] = 'F',
	[PUT_LACKED] = 'L', [PUT_CONFLICT] = 'C' };

/* ---- law 11 ---- */

static void
test_identity_is_project_time_insert_id_and_log(void **state)
{
	static const struct {
		const char *what, *insert_id, *project, *log;
		int64_t ts_ns;
		bool same;
	} cases[] = {
		{ "the same again", "a1", "shop", "run/stderr", T0, true },
		{ "another nanosecond of the same microsecond", "a1", "shop", "run/stderr", T0 + 4, true },
		{ "another microsecond", "a1", "shop", "run/stderr", T0 + 1000, false },
		{ "another insertId", "a2", "shop", "run/stderr", T0, false },
		{ "another project", "a1", "other", "run/stderr", T0, false },
		{ "project not known", "a1", "", "run/stderr", T0, true },
		{ "another log", "a1", "shop", "run/stdout", T0, false },
		{ "log not known", "a1", "shop", "", T0, true },
		{ "neither known", "a1", "", "", T0, true },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct entry en = make_entry("a1", T0, "hello");
		int64_t s, first, id;
		char path[20];

		snprintf(path, sizeof path, "f%zu", i);
		s = begin_source(f, path, SOURCE_LOGS);
		en.project = SLICE("shop");
		en.log = SLICE("run/stderr");
		/* apart from the other cases by time */
		en.ts_ns += (int64_t)i * 1000000000;
		assert_int_equal(put(f, s, &en, &first), PUT_ADDED);
		en.insert_id = slice_str(cases[i].insert_id);
		en.project = slice_str(cases[i].project);
		en.log = slice_str(cases[i].log);
		en.ts_ns = cases[i].ts_ns + (int64_t)i * 1000000000;
		if ((put(f, s, &en, &id) == PUT_KNOWN) != cases[i].same ||
		    (id == first) != cases[i].same)
			fail_msg("%s", cases[i].what);
		end_source(f, s, path);
	}
}

static void
test_hundreds_of_logs_with_one_insert_id_stay_apart(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "hello");
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;
	char log[20];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 600; i++) {
			snprintf(log, sizeof log, "log-%d", i);
			en.log = slice_str(log);
			assert_int_equal(put(f, s, &en, &id), round ? PUT_KNOWN : PUT_ADDED);
			assert_int_equal(id, i + 1);
		}
	end_source(f, s, "1");
}

static void
test_unknown_first_then_known_is_the_same(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "hello");
	int64_t s = begin_source(f, "a", SOURCE_LOGS), first, id;

	en.log = en.project = slice_of(NULL, 0);
	assert_int_equal(put(f, s, &en, &first), PUT_ADDED);
	en.log = SLICE("run/stdout");
	en.project = SLICE("shop");
	assert_int_equal(put(f, s, &en, &id), PUT_KNOWN);
	assert_int_equal(id, first);
	end_source(f, s, "1");
}

static void
test_times_before_1970_have_an_identity_and_a_text(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", -1, "hello");
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	assert_int_equal(put(f, s, &en, &id), PUT_KNOWN);
	en.ts_ns = INT64_C(-62135596800) + 1;
	en.insert_id = SLICE("a2");
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	end_source(f, s, "1");
	assert_answer(f, "SELECT ts FROM events ORDER BY ts",
	    "1969-12-31T23:58:57.864403201Z;1969-12-31T23:59:59.999999999Z");
}

static void
test_equal_entries_without_insert_id_are_counted_not_merged(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("", T0, "tick"), other = make_entry("", T0, "tock");
	int64_t s, id[5], again;

	s = begin_source(f, "a", SOURCE_LOGS);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(put(f, s, &en, &id[i]), PUT_ADDED);
	assert_int_equal(put(f, s, &other, &again), PUT_ADDED);
	end_source(f, s, "1");
	/* another export holds five of them: three are known, in the same order */
	s = begin_source(f, "b", SOURCE_LOGS);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(put(f, s, &en, &again), PUT_KNOWN);
		assert_int_equal(again, id[i]);
	}
	assert_int_equal(put(f, s, &en, &id[3]), PUT_ADDED);
	assert_int_equal(put(f, s, &en, &id[4]), PUT_ADDED);
	end_source(f, s, "2");
	assert_answer(f, "SELECT count(*) FROM events", "6");
	assert_answer(f, "SELECT count(*) FROM sightings", "9");
	assert_answer(f, "SELECT count(*) FROM repeat", "0");
}

static void
test_interrupted_source_is_read_again_from_nothing(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("", T0, "tick");
	int64_t s, id;

	s = begin_source(f, "a", SOURCE_LOGS);
	put(f, s, &en, &id);
	put(f, s, &en, &id);
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, "SELECT id, state FROM sources", "1|partial");
	s = begin_source(f, "a", SOURCE_LOGS);
	assert_answer(f, "SELECT count(*) FROM events", "0");
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	end_source(f, s, "1");
	assert_answer(f, "SELECT state, entries, added FROM sources", "complete|2|2");
	assert_answer(f, "SELECT source_id, severity, count FROM coverage", "1|INFO|2");
}

#define COUNTS "SELECT id, state, entries, added, known, filled, conflicts, damaged," \
	" not_evidence, first_ns, last_ns FROM sources ORDER BY id"

static void
test_partial_source_shows_what_was_committed_of_it(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", 5000, "x"), other = make_entry("a1", 5000, "y"),
	    empty = make_entry("a2", 9000, ""), full = make_entry("a2", 9000, "z");
	struct bad_record bad = { .kind = BAD_DAMAGED, .reason = SLICE("cut") };
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	put(f, s, &en, &id);
	put(f, s, &en, &id);
	put(f, s, &other, &id);
	must(f, store_bad_put(f->st, s, &bad, &f->e));
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, COUNTS, "1|partial|4|1|1|0|1|1|0|5000|5000");
	must(f, store_batch_begin(f->st, &f->e));
	put(f, s, &empty, &id);
	put(f, s, &full, &id);
	bad.kind = BAD_NOT_EVIDENCE;
	must(f, store_bad_put(f->st, s, &bad, &f->e));
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, COUNTS, "1|partial|7|2|1|1|1|1|1|5000|9000");
	must(f, store_batch_begin(f->st, &f->e));
	put(f, s, &en, &id);
	store_batch_rollback(f->st);
	must(f, store_batch_begin(f->st, &f->e));
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, COUNTS, "1|partial|7|2|1|1|1|1|1|5000|9000");
}

static void
test_counts_of_the_end_replace_those_of_the_batches(void **state)
{
	struct fixture *f = *state;
	struct run run = { .started_ns = CLOCK_NONE, .duration_ns = CLOCK_NONE, .exit_code = -1 };
	struct test test = { .nodeid = SLICE("a::b"), .attempt = 1, .outcome = TEST_ERROR,
	    .duration_ns = CLOCK_NONE };
	struct source_done done = { .shape = "", .compression = "", .sha256 = "1" };
	struct entry en = make_entry("a1", 5000, "x");
	int64_t s = begin_source(f, "a", SOURCE_TESTS), log, r, id;

	/* a result and a second one of the same test that is no worse: both were read */
	must(f, store_run_begin(f->st, s, &run, &r, &f->e));
	must(f, store_test_put(f->st, r, &test, SLICE("s"), 7, &id, &f->e));
	test.outcome = TEST_PASSED;
	assert_int_equal(store_test_put(f->st, r, &test, SLICE("s"), 7, &id, &f->e), 1);
	must(f, store_batch_commit(f->st, &f->e));
	log = begin_source(f, "b", SOURCE_LOGS);
	put(f, log, &en, &id);
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, COUNTS, "1|partial|2|2|0|0|0|0|0|-|-;2|partial|1|1|0|0|0|0|0|5000|5000");
	must(f, store_batch_begin(f->st, &f->e));
	put(f, log, &en, &id);
	f->totals.first_ns = f->totals.last_ns = 5000;
	/* the tally of the open batch is not added on top */
	done.totals = f->totals;
	must(f, store_source_end(f->st, &log, &done, &f->e));
	must(f, store_batch_commit(f->st, &f->e));
	assert_answer(f, COUNTS, "1|partial|2|2|0|0|0|0|0|-|-;2|complete|2|1|1|0|0|0|0|5000|5000");
}

struct partials {
	char text[100];
	int rc;
};

static int
note_partial(void *ctx, int64_t source_id, const char *path, struct err *e)
{
	struct partials *p = ctx;
	size_t at = strlen(p->text);

	snprintf(p->text + at, sizeof p->text - at, "s%d %s;", (int)source_id, path);
	return p->rc ? err_set(e, ERR_INPUT, "no more") : 0;
}

static void
test_partial_sources_are_listed_and_complete_ones_are_not(void **state)
{
	struct fixture *f = *state;
	struct partials p = { "", 0 };
	int64_t s = begin_source(f, "cut", SOURCE_LOGS);

	must(f, store_batch_commit(f->st, &f->e));
	s = begin_source(f, "whole", SOURCE_LOGS);
	end_source(f, s, "1");
	s = begin_source(f, "cut too", SOURCE_TESTS);
	must(f, store_batch_commit(f->st, &f->e));
	must(f, store_each_partial(f->st, note_partial, &p, &f->e));
	assert_string_equal(p.text, "s1 cut;s3 cut too;");
	p = (struct partials){ "", 1 };
	assert_int_equal(store_each_partial(f->st, note_partial, &p, &f->e), -1);
	assert_string_equal(p.text, "s1 cut;");
}

static void
test_rolled_back_batch_leaves_no_row_and_no_stale_cache(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "hello");
	const struct request req = { .method = SLICE("GET"), .status = 200,
	    .latency_ns = CLOCK_NONE, .response_size = -1 };
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	en.request = &req;
	put(f, s, &en, &id);
	store_batch_rollback(f->st);
	must(f, store_batch_begin(f->st, &f->e));
	f->totals.seen = f->totals.added = 0;
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	end_source(f, s, "1");
	assert_answer(f, "SELECT method, service FROM requests", "GET|checkout");
	assert_answer(f, "SELECT count FROM coverage", "1");
}

static void
test_totals_that_do_not_add_up_are_refused(void **state)
{
	struct fixture *f = *state;
	struct source_done done = { .sha256 = "1", .totals = { .seen = 2, .added = 1,
	    .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE } };
	int64_t s = begin_source(f, "a", SOURCE_LOGS);

	must(f, store_batch_commit(f->st, &f->e));
	assert_int_equal(store_source_end(f->st, &s, &done, &f->e), -1);
	assert_int_equal(f->e.code, ERR_DB);
	assert_answer(f, "SELECT state FROM sources", "partial");
}

/* ---- the same bytes twice ---- */

static void
write_two(struct fixture *f, const char *path, const char *sha256, int64_t *id)
{
	struct entry one = make_entry("a1", T0, "one"), two = make_entry("", T0 + 5000, "two");
	int64_t e;

	*id = begin_source(f, path, SOURCE_LOGS);
	put(f, *id, &one, &e);
	put(f, *id, &two, &e);
	put(f, *id, &two, &e);
	*id = end_source(f, *id, sha256);
}

static void
test_conflicts_of_the_same_bytes_are_those_that_are_known(void **state)
{
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "one"), other = make_entry("a1", T0, "eins");
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	put(f, s, &en, &id);
	end_source(f, s, "1");
	for (int i = 0; i < 3; i++) {
		s = begin_source(f, "b", SOURCE_LOGS);
		assert_int_equal(put(f, s, &other, &id), PUT_CONFLICT);
		assert_int_equal(end_source(f, s, "2"), 2);
		assert_answer(f, "SELECT id, known, conflicts FROM sources", "1|0|0;2|0|1");
		assert_answer(f, "SELECT source_id, message FROM conflicts", "2|eins");
	}
	/* read otherwise, the same bytes may have another conflict: that reading takes over */
	s = begin_source(f, "b", SOURCE_LOGS);
	other.payload = other.message = SLICE("uno");
	assert_int_equal(put(f, s, &other, &id), PUT_CONFLICT);
	assert_int_equal(end_source(f, s, "2"), s);
	assert_answer(f, "SELECT message FROM conflicts", "uno");
}

static void
test_same_bytes_twice_leave_the_database_as_it_was(void **state)
{
	static const char *const tables[] = { "source", "event", "sighting", "conflict", "meta",
	    "source_coverage", "origin", "str", "signature", "repeat", "latest" };
	struct fixture *f = *state;
	struct answer before[sizeof tables / sizeof tables[0]], after;
	int64_t first, second;
	char sql[80];
	size_t i;

	write_two(f, "a", "5ha", &first);
	for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", tables[i]);
		must(f, ask(f, sql, &before[i]));
	}
	write_two(f, "copy of a", "5ha", &second);
	assert_int_equal(first, second);
	assert_int_equal(f->totals.known, 3);
	assert_int_equal(f->totals.added, 0);
	for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", tables[i]);
		must(f, ask(f, sql, &after));
		assert_string_equal(before[i].text, after.text);
	}
}

/* ---- fill and conflict (R33) ---- */

/* entries of one identity, one source each: text by letter, no payload: '.', '-' with a request */
static void
put_texts(struct fixture *f, const char *texts, char *outcomes)
{
	const struct request req = { .method = SLICE("GET"), .status = 503,
	    .latency_ns = CLOCK_NONE, .response_size = -1 };

	for (size_t i = 0; texts[i]; i++) {
		char text[2] = { texts[i], '\0' }, name[24];
		struct entry en = make_entry("a1", T0, strchr(".-", *text) ? "" : text);
		int64_t s, id;

		if (*text == '-') {
			/* what a reader makes of it */
			en.request = &req;
			en.message = SLICE("GET / 503");
		}

		snprintf(name, sizeof name, "f%zu", i + 1);
		s = begin_source(f, name, SOURCE_LOGS);
		en.line = i + 1;
		outcomes[i] = outcome_letter[put(f, s, &en, &id)];
		end_source(f, s, name);
	}
	outcomes[strlen(texts)] = '\0';
}

static void
test_payloads_of_one_entry_fill_agree_or_conflict(void **state)
{
	static const struct {
		const char *texts, *outcomes, *event, *conflicts;
	} cases[] = {
		{ "x", "A", "1|x|0", "" },
		{ "xx", "AK", "1|x|0", "" },
		{ ".x", "AF", "2|x|1", "" },
		{ "x.", "AL", "1|x|0", "" },
		{ "..x.", "AKFL", "3|x|1", "" },
		{ "--", "AK", "1|GET / 503|0", "" },
		{ "-x", "AF", "2|x|1", "" },
		{ "x-", "AL", "1|x|0", "" },
		{ "-x-y", "AFLC", "2|x|1", "2|4|x|y" },
		{ "xy", "AC", "1|x|0", "1|2|x|y" },
		{ "yx", "AC", "1|y|0", "1|2|y|x" },
		{ ".xy", "AFC", "2|x|1", "2|3|x|y" },
		{ "xyx", "ACK", "1|x|0", "1|2|x|y" },
		{ "xyz", "ACC", "1|x|0", "1|2|x|y;1|3|x|z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		void *own = NULL;
		char outcomes[20];

		assert_int_equal(fixture_open(&own), 0);
		put_texts(own, cases[i].texts, outcomes);
		print_message("%s\n", cases[i].texts);
		assert_string_equal(outcomes, cases[i].outcomes);
		assert_answer(own, "SELECT source_id, message, filled FROM events", cases[i].event);
		assert_answer(own, "SELECT first_source_id, source_id, first_message, message"
		    " FROM conflicts ORDER BY source_id", cases[i].conflicts);
		assert_int_equal(fixture_leave(&own), 0);
	}
}

static void
test_without_payload_and_insert_id_the_rest_is_the_identity(void **state)
{
	struct fixture *f = *state;
	struct request req = { .method = SLICE("GET"), .url = SLICE("http://h/a"), .status = 503,
	    .latency_ns = CLOCK_NONE, .response_size = -1 };
	struct entry en = make_entry("", T0, "");
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	en.request = &req;
	en.message = SLICE("GET /a 503");
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	req.url = SLICE("http://h/b");
	assert_int_equal(put(f, s, &en, &id), PUT_ADDED);
	end_source(f, s, "1");
	s = begin_source(f, "b", SOURCE_LOGS);
	assert_int_equal(put(f, s, &en, &id), PUT_KNOWN);
	assert_int_equal(id, 2);
	end_source(f, s, "2");
}

static void
test_filled_entry_has_only_the_hits_of_its_text(void **state)
{
	struct rule rule[] = { { .name = SLICE("of-empty"), .revision = 1 },
	    { .name = SLICE("of-text"), .revision = 1 } };
	struct hit hit = { .rule = &rule[0], .field = SLICE("severity") };
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "");
	int64_t s = begin_source(f, "a", SOURCE_LOGS);

	put(f, s, &en, &hit.event_id);
	must(f, store_hit_put(f->st, s, &hit, &f->e));
	end_source(f, s, "1");
	assert_answer(f, "SELECT rule, event_id FROM hits", "of-empty|1");
	s = begin_source(f, "b", SOURCE_LOGS);
	en = make_entry("a1", T0, "text");
	assert_int_equal(put(f, s, &en, &hit.event_id), PUT_FILLED);
	hit.rule = &rule[1];
	must(f, store_hit_put(f->st, s, &hit, &f->e));
	end_source(f, s, "2");
	assert_answer(f, "SELECT rule, event_id FROM hits", "of-text|1");
}

/* after source n is forgotten, the event is as if the others alone had been ingested */
static void
test_forgetting_one_source_leaves_what_the_others_hold(void **state)
{
	static const struct {
		const char *texts;
		int64_t forget;
		const char *event, *sightings, *conflicts;
	} cases[] = {
		{ "x", 1, "", "", "" },
		{ "xx", 1, "2|x", "2", "" },
		{ "xx", 2, "1|x", "1", "" },
		{ ".x", 2, "1|-", "1", "" },
		{ ".x", 1, "2|x", "2", "" },
		{ "x.", 1, "2|-", "2", "" },
		{ ".xx", 2, "3|x", "1;3", "" },
		{ "-x", 1, "2|x", "2", "" },
		{ "-x", 2, "1|GET / 503", "1", "" },
		{ "x-", 1, "2|GET / 503", "2", "" },
		{ "xy", 2, "1|x", "1", "" },
		{ "xy", 1, "2|y", "2", "" },
		{ "xyx", 1, "2|y", "2;3", "2|3|y|x" },
		{ "xyy", 1, "2|y", "2;3", "" },
		{ "xyz", 1, "2|y", "2;3", "2|3|y|z" },
		{ ".xy", 2, "3|y", "1;3", "" },
		{ "xyx", 2, "1|x", "1;3", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct forget_counts counts;
		struct fixture *f;
		void *own = NULL;
		char outcomes[20];

		assert_int_equal(fixture_open(&own), 0);
		f = own;
		put_texts(f, cases[i].texts, outcomes);
		must(f, store_source_forget(f->st, cases[i].forget, &counts, &f->e));
		print_message("%s without %d\n", cases[i].texts, (int)cases[i].forget);
		assert_answer(f, "SELECT source_id, message FROM events", cases[i].event);
		assert_answer(f, "SELECT source_id FROM sightings ORDER BY 1", cases[i].sightings);
		assert_answer(f, "SELECT first_source_id, source_id, first_message, message"
		    " FROM conflicts ORDER BY source_id", cases[i].conflicts);
		assert_answer(f, "SELECT line = source_id FROM events WHERE line <> source_id", "");
		assert_int_equal(counts.events + counts.kept, 1);
		assert_answer(f, "SELECT count(*) FROM sources WHERE id = 9", "0");
		assert_int_equal(fixture_leave(&own), 0);
	}
}

static void
test_changed_text_asks_for_a_new_scan(void **state)
{
	struct fixture *f = *state;
	struct forget_counts counts;
	char outcomes[20];
	bool stale;

	put_texts(f, "xyx", outcomes);
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	must(f, store_eval_stale(f->st, "h", &stale, &f->e));
	assert_false(stale);
	must(f, store_source_forget(f->st, 1, &counts, &f->e));
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	must(f, store_eval_stale(f->st, "h", &stale, &f->e));
	assert_true(stale);
	must(f, store_batch_begin(f->st, &f->e));
	must(f, store_hits_clear(f->st, &f->e));
	must(f, store_batch_commit(f->st, &f->e));
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	must(f, store_eval_stale(f->st, "h", &stale, &f->e));
	assert_false(stale);
}

static void
test_other_rules_are_stale_until_every_hit_is_made_again(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	bool stale;

	write_two(f, "a", "1", &id);
	must(f, store_eval_stale(f->st, "h", &stale, &f->e));
	assert_true(stale);
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	must(f, store_eval_stale(f->st, "h", &stale, &f->e));
	assert_false(stale);
	must(f, store_eval_stale(f->st, "other", &stale, &f->e));
	assert_true(stale);
	/* evaluated with other rules, but the hits of source 1 are of the old ones */
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "other", &f->e));
	must(f, store_eval_stale(f->st, "other", &stale, &f->e));
	assert_true(stale);
}

static void
test_forget_of_all_sources_leaves_an_empty_database(void **state)
{
	static const char *const tables[] = { "source", "event", "sighting", "conflict",
	    "event_field", "request", "audit", "source_coverage", "origin", "str", "signature", "run",
	    "test", "test_link", "run_fact", "source_label", "output", "hit", "bad", "diag",
	    "diag_count", "latest" };
	const struct run_fact fact = { SLICE("status"), SLICE("Database"), SLICE("down"), 1, 0 };
	const struct fact_link link = { SLICE("ValueError"), SLICE("no"), SLICE("a.py:1") };
	const struct exception_row x = { .link = &link, .links = 1, .cause_text = SLICE("cause"),
	    .cause_signature_id = 99 };
	const struct entry_field field = { SLICE("labels.a"), SLICE("b") };
	const struct request req = { .method = SLICE("GET"), .user_agent = SLICE("curl"),
	    .status = 503, .latency_ns = 5, .response_size = 7 };
	const struct audit audit = { .method = SLICE("m"), .principal = SLICE("p") };
	const struct event_sign sign = { .template = SLICE("t <n>"), .template_id = 77 };
	const struct bad_record bad = { .reason = SLICE("cut"), .head = SLICE("{") };
	const struct diag diag = { .code = DIAG_JSON_CUT, .detail = "here" };
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "hello");
	struct forget_counts counts;
	struct run run = { .started_ns = CLOCK_NONE, .duration_ns = CLOCK_NONE, .exit_code = -1 };
	struct test test = { .nodeid = SLICE("a::b"), .attempt = 1, .outcome = TEST_FAILED,
	    .duration_ns = CLOCK_NONE };
	struct printed output = { .text = SLICE("x\n"), .line = 3 };
	struct rule rule = { .name = SLICE("r"), .revision = 1 };
	struct hit hit = { .rule = &rule, .field = SLICE("message") };
	int64_t s, id;

	en.field = &field;
	en.fields = 1;
	en.request = &req;
	en.audit = &audit;
	s = begin_source(f, "a", SOURCE_LOGS);
	put_signed(f, s, &en, &sign, &id);
	hit.event_id = id;
	must(f, store_hit_put(f->st, s, &hit, &f->e));
	must(f, store_bad_put(f->st, s, &bad, &f->e));
	must(f, store_diag_put(f->st, s, &diag, &f->e));
	must(f, store_run_begin(f->st, s, &run, &id, &f->e));
	hit.event_id = 0;
	must(f, store_output_put(f->st, id, &output, &hit.output_id, &f->e));
	must(f, store_hit_put(f->st, s, &hit, &f->e));
	must(f, store_run_fact_put(f->st, id, &fact, &f->e));
	must(f, store_test_put(f->st, id, &test, SLICE("sig"), 88, &id, &f->e));
	must(f, store_test_exception_put(f->st, id, &x, &f->e));
	must(f, store_source_label_put(f->st, s, SLICE("env"), SLICE("dev"), &f->e));
	s = end_source(f, s, "1");
	must(f, store_ingest_note(f->st, &s, 1, &f->e));
	must(f, store_source_forget(f->st, s, &counts, &f->e));
	assert_int_equal(counts.events, 1);
	assert_int_equal(counts.kept, 0);
	assert_int_equal(counts.runs, 1);
	assert_int_equal(counts.tests, 1);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		char sql[60], want[40];

		snprintf(sql, sizeof sql, "SELECT count(*), '%s' FROM %s", tables[i], tables[i]);
		snprintf(want, sizeof want, "0|%s", tables[i]);
		assert_answer(f, sql, want);
	}
	assert_int_equal(store_source_forget(f->st, s, &counts, &f->e), -1);
	assert_int_equal(f->e.code, ERR_ID);
}

/* ---- reading back ---- */

struct again {
	size_t n;
	int64_t id;
};

static int
check_again(void *ctx, int64_t event_id, int64_t source_id, const struct entry *en, struct err *e)
{
	struct again *a = ctx;

	(void)e;
	a->n++;
	a->id = event_id;
	assert_int_equal(source_id, 1);
	assert_true(slice_eqs(en->insert_id, "a1"));
	assert_int_equal(en->ts_ns, T0);
	assert_int_equal(en->receive_ns, T0 + 9);
	assert_int_equal(en->severity, 500);
	assert_true(en->severity_inferred);
	assert_string_equal(en->severity_by, "word");
	assert_true(slice_eqs(en->message, "a \"quoted\" line\nand more"));
	assert_int_equal(en->payload_kind, PAYLOAD_TEXT);
	assert_int_equal(en->fields, 2);
	assert_true(slice_eqs(en->field[0].name, "labels.\"a\\b\""));
	assert_true(slice_eq(en->field[0].value, SLICE("1\n\0\x7f,}\xc3\xa9")));
	assert_true(slice_eqs(en->field[1].name, "labels.x"));
	assert_true(slice_eqs(en->field[1].value, ""));
	assert_non_null(en->request);
	assert_true(slice_eqs(en->request->user_agent, "curl/8"));
	assert_int_equal(en->request->status, 503);
	assert_int_equal(en->request->response_size, -1);
	assert_int_equal(en->request->latency_ns, 1500);
	assert_non_null(en->audit);
	assert_true(slice_eqs(en->audit->principal, "someone"));
	assert_int_equal(en->line, 7);
	assert_int_equal(en->byte, 100);
	return 0;
}

static void
test_entry_comes_back_as_it_was_put(void **state)
{
	const struct entry_field field[] = {
		{ SLICE("labels.\"a\\b\""), SLICE("1\n\0\x7f,}\xc3\xa9") },
		{ SLICE("labels.x"), SLICE("") },
	};
	const struct request req = { .method = SLICE("GET"), .url = SLICE("http://h/p"),
	    .user_agent = SLICE("curl/8"), .status = 503, .latency_ns = 1500, .response_size = -1 };
	const struct audit audit = { .principal = SLICE("someone") };
	struct fixture *f = *state;
	struct entry en = make_entry("a1", T0, "a \"quoted\" line\nand more");
	struct again again = { 0 };
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;

	en.receive_ns = T0 + 9;
	en.severity = 500;
	en.severity_inferred = true;
	en.severity_by = "word";
	en.field = field;
	en.fields = 2;
	en.request = &req;
	en.audit = &audit;
	en.line = 7;
	en.byte = 100;
	put(f, s, &en, &id);
	end_source(f, s, "1");
	must(f, store_each_entry(f->st, check_again, &again, &f->e));
	assert_int_equal(again.n, 1);
	assert_int_equal(again.id, id);
	assert_answer(f, "SELECT ts, severity, severity_inferred, payload_kind FROM events",
	    "2025-09-16T01:42:49.280488123Z|ERROR|1|text");
	assert_answer(f, "SELECT status, latency_ms, end_ns - ts_ns FROM requests",
	    "503|0.0015|1500");
}

/* causes of logs are derived; those of tests were read, and an evaluation leaves them */
static void
test_the_cause_of_a_test_outlives_an_evaluation(void **state)
{
	const struct fact_link link[] = { { SLICE("KeyError"), SLICE("'a'"), SLICE("x.py:3") },
	    { SLICE("RuntimeError"), SLICE("no config"), SLICE("y.py:9") } };
	const struct exception_row x = { .link = link, .links = 2, .cause_text = SLICE("KeyError x"),
	    .cause_signature_id = 99 };
	struct fixture *f = *state;
	struct test t = test_none;
	int64_t s = begin_source(f, "a", SOURCE_TESTS), run, id;

	t.nodeid = SLICE("a::b");
	t.outcome = TEST_FAILED;
	must(f, store_run_begin(f->st, s, &run_none, &run, &f->e));
	must(f, store_test_put(f->st, run, &t, SLICE("sig"), 88, &id, &f->e));
	must(f, store_test_exception_put(f->st, id, &x, &f->e));
	must(f, store_run_end(f->st, run, &run_none, &f->e));
	end_source(f, s, "1");
	for (int i = 0; i < 2; i++) {
		assert_answer(f, "SELECT type, message, cause_type, cause_message, frame, chain"
		    " FROM test_exceptions",
		    "RuntimeError|no config|KeyError|'a'|x.py:3|2");
		assert_answer(f, "SELECT template, count FROM signatures WHERE kind = 'cause'",
		    "KeyError x|1");
		must(f, store_eval_begin(f->st, &f->e));
		must(f, store_eval_commit(f->st, "hash", &f->e));
	}
}

static void
test_a_test_and_its_teardown_error_are_one_result(void **state)
{
	struct fixture *f = *state;
	struct run run = { .started_ns = CLOCK_NONE, .duration_ns = CLOCK_NONE, .exit_code = -1,
	    .passed = 1, .state = RUN_STOPPED };
	struct test t = { .nodeid = SLICE("a::b"), .attempt = 1, .outcome = TEST_PASSED,
	    .phase = PHASE_CALL, .duration_ns = 2500000000, .line = 4 };
	const struct fact_link link = { SLICE("OSError"), SLICE("boom"), SLICE("x.py:3") };
	const struct exception_row x = { .link = &link, .links = 1, .cause_text = SLICE("OSError x"),
	    .cause_signature_id = 99 };
	int64_t s = begin_source(f, "a", SOURCE_TESTS), r, id, other;

	must(f, store_run_begin(f->st, s, &run, &r, &f->e));
	must(f, store_test_put(f->st, r, &t, slice_of(NULL, 0), 0, &id, &f->e));
	t.outcome = TEST_ERROR;
	t.phase = PHASE_TEARDOWN;
	t.message = SLICE("boom");
	must(f, store_test_put(f->st, r, &t, slice_of(NULL, 0), 0, &other, &f->e));
	assert_int_equal(id, other);
	must(f, store_test_exception_put(f->st, id, &x, &f->e));
	t.outcome = TEST_SKIPPED;
	assert_int_equal(store_test_put(f->st, r, &t, slice_of(NULL, 0), 0, &other, &f->e), 1);
	assert_int_equal(id, other);
	assert_answer(f, "SELECT type, frame FROM test_exceptions", "OSError|x.py:3");
	t.attempt = 2;
	must(f, store_test_put(f->st, r, &t, slice_of(NULL, 0), 0, &other, &f->e));
	assert_int_not_equal(id, other);
	end_source(f, s, "1");
	assert_answer(f, "SELECT attempt, outcome, phase, message, duration_s FROM tests",
	    "1|error|teardown|boom|2.5;2|skipped|teardown|boom|2.5");
	assert_answer(f, "SELECT state, passed, exit_code, started_ts, quality FROM runs",
	    "stopped|1|-|-|recorded");
}

static void
test_diagnostics_are_capped_but_counted(void **state)
{
	const struct diag diag = { .code = DIAG_JSON_BAD, .line = 3, .detail = "x" };
	struct fixture *f = *state;
	int64_t s = begin_source(f, "a", SOURCE_LOGS);

	for (int i = 0; i < 1500; i++)
		must(f, store_diag_put(f->st, s, &diag, &f->e));
	end_source(f, s, "1");
	assert_answer(f, "SELECT count(*), max(count), min(name) FROM diagnostics",
	    "1000|1500|json-bad");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_leave)
	const struct CMUnitTest tests[] = {
		T(test_identity_is_project_time_insert_id_and_log),
		T(test_hundreds_of_logs_with_one_insert_id_stay_apart),
		T(test_unknown_first_then_known_is_the_same),
		T(test_times_before_1970_have_an_identity_and_a_text),
		T(test_equal_entries_without_insert_id_are_counted_not_merged),
		T(test_interrupted_source_is_read_again_from_nothing),
		T(test_partial_source_shows_what_was_committed_of_it),
		T(test_counts_of_the_end_replace_those_of_the_batches),
		T(test_partial_sources_are_listed_and_complete_ones_are_not),
		T(test_rolled_back_batch_leaves_no_row_and_no_stale_cache),
		T(test_totals_that_do_not_add_up_are_refused),
		T(test_conflicts_of_the_same_bytes_are_those_that_are_known),
		T(test_same_bytes_twice_leave_the_database_as_it_was),
		cmocka_unit_test(test_payloads_of_one_entry_fill_agree_or_conflict),
		T(test_without_payload_and_insert_id_the_rest_is_the_identity),
		T(test_filled_entry_has_only_the_hits_of_its_text),
		cmocka_unit_test(test_forgetting_one_source_leaves_what_the_others_hold),
		T(test_changed_text_asks_for_a_new_scan),
		T(test_other_rules_are_stale_until_every_hit_is_made_again),
		T(test_forget_of_all_sources_leaves_an_empty_database),
		T(test_entry_comes_back_as_it_was_put),
		T(test_the_cause_of_a_test_outlives_an_evaluation),
		T(test_a_test_and_its_teardown_error_are_one_result),
		T(test_diagnostics_are_capped_but_counted),
	};
#undef T

	return cmocka_run_group_tests_name("store_event", tests, NULL, NULL);
}
