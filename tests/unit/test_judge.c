/* test_judge.c - what a source is worth: each rule with what it must and must not say */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "reason/judge.h"

#define S CLOCK_NS_PER_S
#define T0 INT64_C(1759395600000000000)	/* 2025-10-02T09:00:00Z */

#define MAX_CELLS 6

struct fixture {
	struct arena arena;
	struct case_source s;
	struct coverage_cell cell[MAX_CELLS];
	struct severity_count severity[MAX_CELLS];
	struct slice service;
	struct gap *gap;
	size_t gaps;
};

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);

	arena_init(&f->arena);
	f->service = SLICE("checkout-api");
	f->s = (struct case_source){ .id = 3, .path = SLICE("export.json"),
	    .shape = SLICE("JSON array"), .reader = SLICE("gcp-json"), .kind = SOURCE_LOGS,
	    .project = SLICE("shop-prod-1"), .service = &f->service, .services = 1,
	    .cell = f->cell, .severity = f->severity, .latency_ns = CLOCK_NONE };
	f->s.totals.first_ns = f->s.totals.last_ns = CLOCK_NONE;
	f->s.totals.order = ORDER_NEWEST_FIRST;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	test_free(f);
	return 0;
}

/* n entries of that severity from..to seconds after T0; inferred: of those */
static void
add(struct fixture *f, int severity, long n, long inferred, int64_t from, int64_t to)
{
	struct source_totals *t = &f->s.totals;
	size_t at = f->s.cells++;

	assert_true(at < MAX_CELLS);
	from = T0 + from * S;
	to = T0 + to * S;
	f->cell[at] = (struct coverage_cell){ f->service, severity, n, inferred, from, to };
	f->severity[f->s.severities++] = (struct severity_count){ severity, n, inferred, from, to };
	t->added += (uint64_t)n;
	t->seen += (uint64_t)n;
	if (t->first_ns == CLOCK_NONE || from < t->first_ns)
		t->first_ns = from;
	if (t->last_ns == CLOCK_NONE || to > t->last_ns)
		t->last_ns = to;
}

/* lines without severity make an export that no filter cut */
static void
add_plain(struct fixture *f)
{
	add(f, 0, 37, 0, 0, 100);
}

static const struct gap *
judge(struct fixture *f, enum gap_kind kind)
{
	reason_judge(&f->s, NULL, &f->arena, &f->gap, &f->gaps);
	for (size_t i = 0; i < f->gaps; i++)
		if (f->gap[i].kind == kind)
			return &f->gap[i];
	return NULL;
}

static void
says(struct slice text, const char *phrase)
{
	if (slice_find(text, 0, slice_str(phrase)) == SIZE_MAX)
		fail_msg("not \"%s\" but: %.*s", phrase, SLICE_ARG(text));
}

static void
worth_is(struct fixture *f, const char *text)
{
	struct slice worth;

	judge(f, GAP_LIMIT);
	f->s.gap = f->gap;
	f->s.gaps = f->gaps;
	worth = reason_worth(&f->s, &f->arena);
	if (!slice_eqs(worth, text))
		fail_msg("not \"%s\" but: %.*s", text, SLICE_ARG(worth));
}

static void
test_an_export_without_a_fault_has_no_gap(void **state)
{
	struct fixture *f = *state;

	add_plain(f);
	add(f, 200, 41, 0, 2, 98);
	assert_null(judge(f, GAP_LIMIT));
	assert_int_equal(f->gaps, 0);
	worth_is(f, "good: 100 s, newest first");
	f->s.totals = (struct source_totals){ .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE };
	f->s.cells = f->s.severities = 0;
	assert_null(judge(f, GAP_LIMIT));
	assert_int_equal(f->gaps, 0);
	worth_is(f, "no entry");
}

/* ---- limit, claim, stale ---- */

static void
test_a_limit_leaves_out_what_is_beyond_the_side_that_was_kept(void **state)
{
	struct fixture *f = *state;
	const struct gap *g;

	add(f, 0, 100, 0, 0, 50);
	f->s.totals.truncated = true;
	g = judge(f, GAP_LIMIT);
	assert_non_null(g);
	assert_true(g->first_ns == CLOCK_NONE && g->last_ns == T0);
	assert_int_equal(g->n, 100);
	says(g->says, "exactly 100 entries over 50.000 s");
	says(g->says, "before 2025-10-02T09:00:00.000000Z is missing");
	says(g->collect, "gcloud logging read 'resource.labels.service_name=\"checkout-api\" AND "
	    "timestamp>=\"2025-10-02T08:00:00.000000000Z\" AND "
	    "timestamp<=\"2025-10-02T09:00:00.000000000Z\"' --project=shop-prod-1 --order=asc "
	    "--format=json");
	worth_is(f, "cut by a limit: only the newest 50 s");

	f->s.totals.order = ORDER_OLDEST_FIRST;
	g = judge(f, GAP_LIMIT);
	assert_true(g->first_ns == T0 + 50 * S && g->last_ns == CLOCK_NONE);
	says(g->collect, "timestamp<=\"2025-10-02T10:00:50.000000000Z\"");
	worth_is(f, "cut by a limit: only the oldest 50 s");

	f->s.totals.order = ORDER_MIXED;
	g = judge(f, GAP_LIMIT);
	assert_true(g->first_ns == CLOCK_NONE && g->last_ns == CLOCK_NONE);
	says(g->says, "any part may be missing");

	f->s.totals.truncated = false;
	assert_null(judge(f, GAP_LIMIT));
}

static void
test_names_claim_a_time(void **state)
{
	static const struct {
		const char *path;
		int64_t span_s;
	} cases[] = {
		{ "gcp_logs_last_hour_20250915_184401.json", 3600 },
		{ "logs-last-1-hour-2025-09-15.json", 3600 }, { "last_24h.json", 86400 },
		{ "export_2h_.json", 7200 }, { "LAST-30-MINUTES.json", 1800 },
		{ "past_2_days.ndjson", 172800 }, { "last24hours.json", 86400 },
		{ "last_30m.json", 1800 }, { "last-24h/backend.json", 86400 },
		{ "errors-90min.json", 5400 },
		/* counter-examples: names that only look like it */
		{ "last.json", 0 }, { "latest_errors.json", 0 }, { "export_5m.json", 0 },
		{ "model-3d-view.json", 0 }, { "h2_backup.json", 0 }, { "0h.json", 0 },
		{ "last_4000h.json", 0 }, { "last_s.json", 0 }, { "blast_hour.json", 0 },
		{ "9e107d9d372bb6826bd81d3542a419d6.json", 0 }, { "", 0 }, { "/", 0 },
		{ "backend.json", 0 }, { "last_99999999999999999999h.json", 0 },
	};
	struct claim c;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		claim_of(slice_str(cases[i].path), &c);
		if (c.span_ns != cases[i].span_s * S || c.from_ns != CLOCK_NONE)
			fail_msg("%s: %lld s", cases[i].path, (long long)(c.span_ns / S));
	}
}

static void
test_names_say_when_they_were_given(void **state)
{
	static const struct {
		const char *path, *taken;	/* NULL: no time */
		bool utc;
	} cases[] = {
		{ "downloaded-logs-20250915-184401.json", "2025-09-15T18:44:01Z", false },
		{ "last-1-hour-2025-09-15-1843.md", "2025-09-15T18:43:00Z", false },
		{ "x_2025-09-15T18-43-05Z.json", "2025-09-15T18:43:05Z", true },
		{ "x_20250915_184401_UTC.json", "2025-09-15T18:44:01Z", true },
		{ "x_20250915_184401_UTah.json", "2025-09-15T18:44:01Z", false },
		{ "x_20250915.json", NULL, false }, { "x_20251315_184401.json", NULL, false },
		{ "x_20250915_254401.json", NULL, false }, { "20250230_101010.json", NULL, false },
		{ "build-1202509151844013.json", NULL, false },
	};
	struct claim c;
	enum clock_zone zone;
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		claim_of(slice_str(cases[i].path), &c);
		ns = CLOCK_NONE;
		if (cases[i].taken)
			assert_true(clock_parse(slice_str(cases[i].taken), &ns, &zone));
		if (c.taken_ns != ns || c.taken_utc != cases[i].utc)
			fail_msg("%s", cases[i].path);
	}
}

static void
test_names_of_a_sink_claim_an_hour(void **state)
{
	static const char *const others[] = {
		"16/01:00:00_01:59:59_S0.json", "01:00:00_01:59:59_S0.json",
		"2025/13/16/01:00:00_01:59:59_S0.json", "2025/09/16/01:00_01:59_S0.json",
		"2025/02/30/01:00:00_01:59:59_S0.json", "2025/09/16/02:00:00_01:59:59_S0.json",
		"x2025/09/16/01:00:00_01:59:59_S0.json",
	};
	struct claim c;

	(void)state;
	claim_of(SLICE("b/run.googleapis.com/stderr/2025/10/02/09:00:00_09:59:59_S0.json"), &c);
	assert_true(c.from_ns == T0 && c.to_ns == T0 + 3600 * S);
	claim_of(SLICE("2025/10/02/09:00:00_09:59:59_A1.json"), &c);
	assert_true(c.from_ns == T0);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		claim_of(slice_str(others[i]), &c);
		if (c.from_ns != CLOCK_NONE || c.to_ns != CLOCK_NONE)
			fail_msg("%s", others[i]);
	}
}

static void
test_less_than_half_of_what_the_name_claims_is_told(void **state)
{
	struct fixture *f = *state;
	const struct gap *g;

	add(f, 0, 37, 0, 0, 126);
	assert_null(judge(f, GAP_CLAIM));
	f->s.path = SLICE("logs_last_hour.json");
	g = judge(f, GAP_CLAIM);
	assert_non_null(g);
	says(g->says, "cover 126.000 s");
	says(g->says, "its name claims 3600.000 s");
	/* from an hour before its newest entry to its first */
	says(g->collect, "timestamp>=\"2025-10-02T08:02:06.000000000Z\" AND "
	    "timestamp<=\"2025-10-02T09:00:00.000000000Z\"");
	worth_is(f, "126 s, newest first; less than its name claims");
	/* a limit tells it in its own sentence */
	f->s.totals.truncated = true;
	assert_null(judge(f, GAP_CLAIM));
	says(judge(f, GAP_LIMIT)->says, "; its name claims 3600.000 s");
	f->s.totals.truncated = false;
	/* half of it is not far under */
	f->s.totals.last_ns = T0 + 1800 * S;
	assert_null(judge(f, GAP_CLAIM));
	f->s.totals.last_ns = T0 + 1700 * S;
	assert_non_null(judge(f, GAP_CLAIM));
	/* a sink names a quiet hour, a part of an hour and what came late like a whole one */
	f->s.path = SLICE("2025/10/02/09:00:00_09:59:59_S0.json");
	assert_null(judge(f, GAP_CLAIM));
}

static void
test_stale_is_what_is_too_old_in_every_zone(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 37, 0, 0, 3000);	/* the newest is of 09:50 */
	/* taken 14 h and 2 h later: local time of UTC+14 would make it fresh */
	f->s.path = SLICE("last_2h_20251003-0130.json");
	assert_null(judge(f, GAP_STALE));
	f->s.path = SLICE("last_2h_20251003-0200.json");
	assert_non_null(judge(f, GAP_STALE));
	worth_is(f, "STALE: older than its name claims; less than its name claims");
	says(judge(f, GAP_STALE)->says, "2025-10-03T02:00:00.000000Z of an unknown zone");
	f->s.path = SLICE("last_2h_2025-10-02T11-40Z.json");
	assert_null(judge(f, GAP_STALE));
	f->s.path = SLICE("last_2h_2025-10-02T12-00Z.json");
	assert_non_null(judge(f, GAP_STALE));
	/* without a span a time claims nothing */
	f->s.path = SLICE("downloaded-logs-20261003-020000.json");
	assert_null(judge(f, GAP_STALE));
}

/* ---- cap, filter ---- */

static void
test_severities_with_the_same_round_count_are_capped(void **state)
{
	struct fixture *f = *state;
	const struct gap *g;

	f->s.totals.order = ORDER_MIXED;
	add(f, 500, 50, 0, 2250, 2300);
	add(f, 400, 50, 0, 1950, 2299);
	add(f, 300, 6, 0, 0, 2300);
	g = judge(f, GAP_CAP);
	assert_non_null(g);
	assert_int_equal(g->severity, 500);
	assert_int_equal(g->n, 50);
	assert_true(g->first_ns == T0 && g->last_ns == T0 + 2250 * S);
	says(g->says, "exactly 50 ERROR entries");
	says(g->says, "50.000 s of 2300.000 s");
	says(g->collect, "severity=ERROR AND timestamp>=\"2025-10-02T09:00:00.000000000Z\"");
	assert_int_equal(g[1].kind, GAP_CAP);
	assert_int_equal(g[1].severity, 400);
	assert_int_not_equal(g[2].kind, GAP_CAP);
	worth_is(f, "capped: ERROR covers 50 s of 38m20s; nothing at INFO or below");
	/* windows alike tell nothing, so the counts alone must */
	for (size_t i = 0; i < 3; i++)
		f->severity[i].first_ns = T0 + (int64_t)i * S;
	assert_non_null(judge(f, GAP_CAP));
	/* one more, and they are not the same */
	f->severity[0].n = 51;
	assert_null(judge(f, GAP_CAP));
	/* not if another has more: then it was no limit of each */
	f->severity[0].n = 50;
	f->severity[2].n = 60;
	assert_null(judge(f, GAP_CAP));
	/* equal, but not round */
	f->severity[2].n = 6;
	f->severity[0].n = f->severity[1].n = 48;
	assert_null(judge(f, GAP_CAP));
}

static void
test_one_severity_is_capped_when_another_covers_more(void **state)
{
	struct fixture *f = *state;
	const struct gap *g;

	add(f, 500, 100, 0, 0, 90);	/* the oldest were kept */
	add(f, 0, 3210, 0, 0, 1000);
	g = judge(f, GAP_CAP);
	assert_non_null(g);
	assert_true(g->first_ns == T0 + 90 * S && g->last_ns == T0 + 1000 * S);
	/* a limit over all explains it */
	f->s.totals.truncated = true;
	assert_null(judge(f, GAP_CAP));
	f->s.totals.truncated = false;
	/* half of the window of the other */
	f->severity[0].last_ns = T0 + 500 * S;
	assert_null(judge(f, GAP_CAP));
	/* read from the text: no collector can have counted those */
	f->severity[0].last_ns = T0 + 90 * S;
	f->severity[0].inferred = 3;
	assert_null(judge(f, GAP_CAP));
	/* amid the rest it is a burst: a limit keeps the newest or the oldest */
	f->severity[0] = (struct severity_count){ 500, 100, 0, T0 + 500 * S, T0 + 590 * S };
	assert_null(judge(f, GAP_CAP));
	f->severity[0] = (struct severity_count){ 500, 100, 0, T0 + 850 * S, T0 + 940 * S };
	assert_non_null(judge(f, GAP_CAP));
	/* no query made what a sink wrote */
	f->s.path = SLICE("09:00:00_09:59:59_S0.json");
	assert_null(judge(f, GAP_CAP));
	f->s.path = SLICE("export.json");
	/* a window from end to end: what is before it is not known */
	f->s.totals.order = ORDER_MIXED;
	f->severity[0] = (struct severity_count){ 500, 50, 0, T0, T0 + 1000 * S };
	f->severity[1] = (struct severity_count){ 0, 50, 0, T0, T0 + 1000 * S };
	g = judge(f, GAP_CAP);
	assert_true(g && g->first_ns == CLOCK_NONE && g->last_ns == T0);
	/* in the order of one query: two lines for each request, say */
	f->s.totals.order = ORDER_NEWEST_FIRST;
	assert_null(judge(f, GAP_CAP));
	f->severity[0].first_ns = T0 + 501 * S;
	assert_non_null(judge(f, GAP_CAP));
}

static void
test_a_filter_is_seen_by_what_is_not_there(void **state)
{
	static const struct {
		int severity, below;
		long n, inferred;
		bool filter;
	} cases[] = {
		{ 400, 300, 20, 0, true }, { 200, 100, 10, 0, true }, { 100, 0, 10, 0, true },
		{ 500, 400, 9, 0, false }, { 0, 0, 20, 0, false },
		{ 500, 0, 20, 1, false },	/* one had none: it was read from the text */
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct gap *g;

		f->s.cells = f->s.severities = 0;
		f->s.totals = (struct source_totals){ .first_ns = CLOCK_NONE,
		    .last_ns = CLOCK_NONE };
		add(f, cases[i].severity, cases[i].n, cases[i].inferred, 0, 100);
		g = judge(f, GAP_FILTER);
		assert_int_equal(g != NULL, cases[i].filter);
		if (g)
			assert_int_equal(g->severity, cases[i].below);
	}
	f->s.cells = f->s.severities = 0;
	f->s.totals = (struct source_totals){ .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE };
	add(f, 500, 6, 0, 0, 9);
	add(f, 400, 14, 0, 0, 9);
	says(judge(f, GAP_FILTER)->says, "No entry is below WARNING");
	says(judge(f, GAP_FILTER)->collect, "severity<WARNING AND ");
	worth_is(f, "9.0 s; nothing at NOTICE or below");
}

/* ---- content ---- */

static void
test_more_than_half_empty_is_the_collector(void **state)
{
	struct fixture *f = *state;

	add(f, 0, 20, 0, 0, 100);
	f->s.totals.empty = 10;
	assert_null(judge(f, GAP_EMPTY));	/* half is not more than half */
	f->s.totals.empty = 11;
	assert_int_equal(judge(f, GAP_EMPTY)->n, 11);
	says(f->gap[0].says, "11 of its 20 entries have neither a payload nor a request");
	says(f->gap[0].says, "collector, not a quiet service");
	worth_is(f, "no payloads: collector defect");
	f->s.totals.added = f->s.totals.seen = f->s.totals.empty = 9;
	assert_null(judge(f, GAP_EMPTY));	/* too few to be a habit */
}

static void
test_what_is_lost_assumed_damaged_or_no_evidence_is_told(void **state)
{
	struct fixture *f = *state;

	add_plain(f);
	f->s.totals.lossy = f->s.totals.ts_assumed = true;
	f->s.totals.not_evidence = 2;
	f->s.totals.damaged = 1;
	f->s.totals.seen += 3;
	f->s.pseudo_reason = SLICE("a summary of counts");
	f->s.damaged_bytes = 213;
	says(judge(f, GAP_LOSSY)->says, "Its shape (JSON array) has lost fields");
	says(judge(f, GAP_ZONE)->says, "read as UTC");
	says(judge(f, GAP_PSEUDO)->says, "2 of its 40 records are no evidence: a summary of counts");
	says(judge(f, GAP_DAMAGE)->says, "1 record, 213 bytes, could not be read");
	assert_true(judge(f, GAP_DAMAGE)->first_ns == T0);
	worth_is(f, "lost fields; 1 damaged; 2 not evidence; zone assumed");
	f->s.zone = SLICE("Europe/Vienna");
	says(judge(f, GAP_ZONE)->says, "read as Europe/Vienna");
	/* a cut takes the older part when the newest stands first */
	f->s.cut = true;
	says(judge(f, GAP_DAMAGE)->says, "behind the cut is missing, the older part");
	assert_true(judge(f, GAP_DAMAGE)->first_ns == CLOCK_NONE &&
	    judge(f, GAP_DAMAGE)->last_ns == T0);
	f->s.totals.order = ORDER_OLDEST_FIRST;
	assert_true(judge(f, GAP_DAMAGE)->first_ns == T0 + 100 * S);
	f->s.totals.damaged = 0;
	says(judge(f, GAP_DAMAGE)->says, "It is cut short");
	/* test output can be damaged, and has no severity, zone or requests */
	f->s.kind = SOURCE_TESTS;
	assert_non_null(judge(f, GAP_DAMAGE));
	assert_null(judge(f, GAP_ZONE));
}

static void
test_only_values_that_are_no_evidence(void **state)
{
	struct fixture *f = *state;

	f->s.totals.not_evidence = f->s.totals.seen = 1;
	says(judge(f, GAP_PSEUDO)->says, "1 of its 1 record is no evidence");
	assert_int_equal(f->gaps, 1);
	worth_is(f, "not evidence");
}

static void
test_requests_that_still_ran_are_missing(void **state)
{
	struct fixture *f = *state;
	const struct gap *g;

	add_plain(f);
	assert_null(judge(f, GAP_TAIL));		/* no requests */
	f->s.latency_ns = S - 1;
	assert_null(judge(f, GAP_TAIL));		/* within what entries take to arrive */
	f->s.latency_ns = 26 * S;
	g = judge(f, GAP_TAIL);
	assert_true(g->first_ns == T0 + 74 * S && g->last_ns == T0 + 100 * S);
	says(g->says, "its longest took 26.000 s");
}

static void
test_sources_that_hold_the_same_are_named(void **state)
{
	static const struct case_repeat repeat[] = { { 1, 30 }, { 2, 1 } };
	struct fixture *f = *state;

	add_plain(f);
	f->s.repeat = repeat;
	f->s.repeats = 2;
	assert_int_equal(judge(f, GAP_REPEAT)->n, 30);
	assert_int_equal(f->gaps, 2);
	says(f->gap[0].says, "30 of its 37 entries are in s1 too and are counted once");
	says(f->gap[1].says, "1 of its 37 entries is in s2 too and is counted once");
}

static void
test_a_partial_source_and_tests_have_words_too(void **state)
{
	struct fixture *f = *state;

	f->s.kind = SOURCE_TESTS;
	f->s.totals.seen = f->s.totals.added = 4;
	worth_is(f, "test results");
	f->s.totals.seen = f->s.totals.added = 0;
	worth_is(f, "no test result");
	f->s.partial = true;
	worth_is(f, "partial: not read to its end");
}

static void
test_hostile_names_do_not_get_into_a_command(void **state)
{
	static const char *const names[] = { "x' rm -rf '", "a b", "-x", "a\"b", "a$(b)", "" };
	struct fixture *f = *state;

	add(f, 0, 100, 0, 0, 50);
	f->s.totals.truncated = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct gap *g;

		f->service = f->s.project = slice_str(names[i]);
		g = judge(f, GAP_LIMIT);
		says(g->collect, "gcloud logging read 'timestamp>=");
		says(g->collect, "--project=PROJECT ");
	}
	/* what no Cloud Logging wrote cannot be asked for there */
	f->s.project = SLICE("");
	f->s.reader = SLICE("text");
	assert_int_equal(judge(f, GAP_LIMIT)->collect.n, 0);
}

static void
test_extreme_times_do_not_overflow(void **state)
{
	struct fixture *f = *state;

	add(f, 500, 100, 0, 0, 1);
	add(f, 0, 100, 0, 0, 1);
	f->s.totals.truncated = true;
	f->s.latency_ns = INT64_MAX;
	f->severity[0].first_ns = f->severity[1].first_ns = f->s.totals.first_ns = INT64_MIN + 1;
	f->severity[0].last_ns = f->severity[1].last_ns = f->s.totals.last_ns = INT64_MAX;
	f->s.path = SLICE("last_24h_20250915-1010.json");
	f->s.totals.order = ORDER_MIXED;
	assert_non_null(judge(f, GAP_CAP));
	f->s.totals.order = ORDER_NEWEST_FIRST;
	assert_non_null(judge(f, GAP_LIMIT));
	assert_non_null(judge(f, GAP_TAIL));
	f->s.totals.order = ORDER_OLDEST_FIRST;
	assert_non_null(judge(f, GAP_LIMIT));
}

/* ---- silence ---- */

struct beat {
	int64_t every_ms;
	int n;
};

/* entries as the beats say; the times of the silences come back in f->gap */
static size_t
silences(struct fixture *f, const struct beat *beat, size_t beats, int64_t rest_s)
{
	struct rhythms *r;
	int64_t t = T0;
	size_t n = 0;

	f->s.cells = f->s.severities = 0;
	add_plain(f);
	r = rhythms_new(&f->s, 1);
	for (size_t b = 0; b < beats; b++)
		for (int i = 0; i < beat[b].n; i++) {
			t += beat[b].every_ms * 1000000;
			rhythms_feed(r, f->s.id, f->service, t);
			rhythms_feed(r, f->s.id + 1, f->service, t + 1);	/* another source's */
		}
	f->s.totals.last_ns = t + rest_s * S;
	reason_judge(&f->s, r, &f->arena, &f->gap, &f->gaps);
	rhythms_free(r);
	for (size_t i = 0; i < f->gaps; i++)
		n += f->gap[i].kind == GAP_SILENCE;
	return n;
}

static void
test_a_silence_is_a_pause_that_a_service_never_makes(void **state)
{
	static const struct {
		struct beat beat[5];
		size_t beats;
		int64_t rest_s;
		size_t silences;
	} cases[] = {
		/* each second for five minutes, ten minutes of nothing, and on */
		{ { { 1000, 300 }, { 600000, 1 }, { 1000, 300 } }, 3, 0, 1 },
		/* two of them; a third would be a habit */
		{ { { 1000, 300 }, { 600000, 1 }, { 1000, 300 }, { 700000, 1 }, { 1000, 9 } }, 5,
		    0, 2 },
		{ { { 1000, 300 }, { 600000, 3 }, { 1000, 300 } }, 3, 0, 0 },
		/* it stopped, others went on; or all stopped at once */
		{ { { 1000, 300 } }, 1, 600, 1 },
		{ { { 1000, 300 } }, 1, 0, 0 },
		/* a minute is none, a second more is */
		{ { { 1000, 300 }, { 60000, 1 }, { 1000, 300 } }, 3, 0, 0 },
		{ { { 1000, 300 }, { 61000, 1 }, { 1000, 300 } }, 3, 0, 1 },
		/* 49 entries are no rhythm */
		{ { { 1000, 24 }, { 600000, 1 }, { 1000, 24 } }, 3, 0, 0 },
		{ { { 1000, 25 }, { 600000, 1 }, { 1000, 24 } }, 3, 0, 1 },
		/* batches each five minutes: the pause is the rhythm */
		{ { { 1, 100 }, { 300000, 1 }, { 1, 100 }, { 300000, 1 }, { 300000, 5 } }, 5, 0,
		    0 },
		/* a timer each half minute: ten minutes are its 20 pauses, eleven are more */
		{ { { 30000, 100 }, { 600000, 1 }, { 30000, 100 } }, 3, 0, 0 },
		{ { { 30000, 100 }, { 720000, 1 }, { 30000, 100 } }, 3, 0, 1 },
		/* three times the longest of the usual pauses, and not more */
		{ { { 1000, 100 }, { 50000, 3 }, { 140000, 1 }, { 1000, 100 } }, 4, 0, 0 },
		{ { { 1000, 100 }, { 50000, 3 }, { 160000, 1 }, { 1000, 100 } }, 4, 0, 1 },
		/* two nights, and two pauses that are as long but at other times of day */
		{ { { 60000, 720 }, { 43200000, 1 }, { 60000, 720 }, { 43200000, 1 },
		    { 60000, 720 } }, 5, 0, 0 },
		{ { { 60000, 720 }, { 43200000, 1 }, { 60000, 100 }, { 43200000, 1 },
		    { 60000, 720 } }, 5, 0, 2 },
		/* all at once */
		{ { { 0, 1000 } }, 1, 0, 0 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t n = silences(f, cases[i].beat, cases[i].beats, cases[i].rest_s);

		if (n != cases[i].silences)
			fail_msg("case %zu: %zu silences", i, n);
	}
}

static void
test_a_silence_says_when_and_of_whom(void **state)
{
	static const struct beat beat[] = { { 1000, 300 }, { 600000, 1 }, { 1000, 300 } };
	struct fixture *f = *state;
	const struct gap *g;

	assert_int_equal(silences(f, beat, 3, 0), 1);
	g = &f->gap[0];
	assert_true(slice_eqs(g->service, "checkout-api"));
	assert_true(g->first_ns == T0 + 300 * S && g->last_ns == T0 + 900 * S);
	says(g->says, "No entry of checkout-api for 600.000 s, from 2025-10-02T09:05:00.000000Z "
	    "to 2025-10-02T09:15:00.000000Z; its pauses are else no longer than 1.000 s");
	says(g->collect, "resource.labels.service_name=\"checkout-api\" AND timestamp>=\"2025-10-02"
	    "T09:05:00.000000000Z\"");
	f->service = SLICE("");
	assert_int_equal(silences(f, beat, 3, 0), 1);
	says(f->gap[0].says, "No entry of what names no service for");
}

/* two severities were cut; what is left before them writes seldom */
static void
test_a_pause_where_a_severity_was_capped_is_no_silence(void **state)
{
	struct fixture *f = *state;
	struct rhythms *r;

	add(f, 500, 50, 0, 2000, 2049);
	add(f, 400, 50, 0, 1990, 2050);
	add(f, 0, 3, 0, 0, 2050);
	r = rhythms_new(&f->s, 1);
	rhythms_feed(r, f->s.id, f->service, T0);
	rhythms_feed(r, f->s.id, f->service, T0 + 1000 * S);
	for (int i = 0; i < 100; i++)
		rhythms_feed(r, f->s.id, f->service, T0 + 1990 * S + i * (S / 2));
	for (int capped = 1; capped >= 0; capped--) {
		size_t n = 0;

		reason_judge(&f->s, r, &f->arena, &f->gap, &f->gaps);
		for (size_t i = 0; i < f->gaps; i++)
			n += f->gap[i].kind == GAP_SILENCE;
		assert_int_equal(n, capped ? 0 : 2);
		f->severity[0].n = f->severity[1].n = 48;	/* without the caps they are two */
	}
	rhythms_free(r);
}

static void
test_durations_in_a_few_characters(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "0.0 s" }, { 2896, "2.9 s" }, { 9960, "10 s" }, { 125909, "126 s" },
		{ 229905, "3m50s" }, { 2314400, "38m34s" }, { 7200000, "2h00m" },
		{ 90061000, "25h01m" }, { 266400000, "3d02h" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(judge_short(&f->arena, cases[i].ms * 1000000), cases[i].text);
}

static void
test_kinds_have_names(void **state)
{
	(void)state;
	for (unsigned k = 0; k < GAP_KINDS; k++)
		assert_int_equal(gap_kind_of(slice_str(gap_kind_name((enum gap_kind)k))), k);
	assert_int_equal(gap_kind_of(SLICE("other")), GAP_KINDS);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_an_export_without_a_fault_has_no_gap),
		CASE(test_a_limit_leaves_out_what_is_beyond_the_side_that_was_kept),
		CASE(test_names_claim_a_time),
		CASE(test_names_say_when_they_were_given),
		CASE(test_names_of_a_sink_claim_an_hour),
		CASE(test_less_than_half_of_what_the_name_claims_is_told),
		CASE(test_stale_is_what_is_too_old_in_every_zone),
		CASE(test_severities_with_the_same_round_count_are_capped),
		CASE(test_one_severity_is_capped_when_another_covers_more),
		CASE(test_a_filter_is_seen_by_what_is_not_there),
		CASE(test_more_than_half_empty_is_the_collector),
		CASE(test_what_is_lost_assumed_damaged_or_no_evidence_is_told),
		CASE(test_only_values_that_are_no_evidence),
		CASE(test_requests_that_still_ran_are_missing),
		CASE(test_sources_that_hold_the_same_are_named),
		CASE(test_a_partial_source_and_tests_have_words_too),
		CASE(test_hostile_names_do_not_get_into_a_command),
		CASE(test_extreme_times_do_not_overflow),
		CASE(test_a_silence_is_a_pause_that_a_service_never_makes),
		CASE(test_a_silence_says_when_and_of_whom),
		CASE(test_a_pause_where_a_severity_was_capped_is_no_silence),
		CASE(test_durations_in_a_few_characters),
		CASE(test_kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
