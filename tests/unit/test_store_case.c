/* test_store_case.c - hits to evidence, findings and incidents to rows, rows to a case. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/incident.h"
#include "store_fixture.h"

#define T0 INT64_C(1757986969280488123)
#define S CLOCK_NS_PER_S

static const struct rule_support supports[] = {
	{ SLICE("packaging"), STRENGTH_STRONG, false },
	{ SLICE("certificate"), STRENGTH_WEAK, true },
};

static struct rule rules[] = {
	{ .name = SLICE("boot"), .revision = 2, .hash = "hash-boot", .subject = SUBJECT_ENTRY,
	    .role = ROLE_START_FAILURE, .priority = PRIORITY_P0, .support = supports, .supports = 2 },
	{ .name = SLICE("printed"), .revision = 1, .hash = "hash-printed",
	    .subject = SUBJECT_TEST, .role = ROLE_ISSUE, .priority = PRIORITY_P1 },
};

static struct hypothesis_doc hypotheses[] = {
	{ .name = SLICE("certificate"), .title = SLICE("Certificate"), .class_name = SLICE("H1"),
	    .priority = PRIORITY_P1 },
	{ .name = SLICE("packaging"), .title = SLICE("Packaging"), .class_name = SLICE("H2"),
	    .priority = PRIORITY_P0 },
	{ .name = SLICE("silent"), .title = SLICE("Nothing speaks of it"), .priority = PRIORITY_P0 },
};

static struct rule_set
rule_set(void)
{
	return (struct rule_set){ .rule = rules, .rules = 2, .hypothesis = hypotheses,
	    .hypotheses = 3 };
}

/* ids as they come out in an empty database */
enum { E_FAIL = 1, E_LONG, E_QUIET, E_OTHER };

static void
put_hit(struct fixture *f, int64_t event_id, uint32_t start, uint32_t end, const char *field)
{
	struct hit h = { .rule = &rules[0], .event_id = event_id, .field = slice_str(field),
	    .start = start, .end = end, .captures = 1,
	    .capture = { { SLICE("module"), SLICE("shop.\"cart\"") } } };

	must(f, store_hit_put(f->st, 1, &h, &f->e));
}

/* s1: three entries of which two hit; s2 holds the first too and one of its own; s3: tests */
static void
fill(struct fixture *f)
{
	static char text[2000];
	struct entry en = make_entry("a1", T0, "first\nworker: boot failed \xc3\xa9\xc3\xa9 end");
	struct run run = { .framework = SLICE("pytest 8"), .started_ns = CLOCK_NONE,
	    .duration_ns = CLOCK_NONE, .exit_code = 1, .state = RUN_STOPPED, .failed = 1 };
	struct test test = { .nodeid = SLICE("t.py::a"), .attempt = 1, .outcome = TEST_FAILED,
	    .phase = PHASE_CALL, .duration_ns = 5, .message = SLICE("assert 1 == 2\nmore"),
	    .line = 30, .byte = 300 };
	struct printed out = { .nodeid = SLICE("t.py::a"), .text = SLICE("zero\none\ntwo 401\n"),
	    .line = 10, .byte = 100 };
	struct hit hit = { .rule = &rules[1], .field = SLICE("message"), .line = 12, .byte = 109,
	    .start = 13, .end = 16 };
	int64_t s, id, r;

	for (size_t i = 0; i < sizeof text - 2; i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	s = begin_source(f, "one.json", SOURCE_LOGS);
	en.severity = 500;
	put(f, s, &en, &id);
	put_hit(f, id, 14, 18, "message");
	en = make_entry("a2", T0 + S, text);
	en.line = 2;
	put(f, s, &en, &id);
	put_hit(f, id, 1, 1999, "message");
	en = make_entry("a3", T0 + 2 * S, "quiet");
	put(f, s, &en, &id);
	f->totals.first_ns = T0;
	f->totals.last_ns = T0 + 2 * S;
	end_source(f, s, "1");
	s = begin_source(f, "two.json", SOURCE_LOGS);
	en = make_entry("a1", T0, "first\nworker: boot failed \xc3\xa9\xc3\xa9 end");
	en.severity = 500;
	en.line = 77;
	put(f, s, &en, &id);
	en = make_entry("a4", T0 + 3 * S, "other");
	en.instance = SLICE("00bb");
	en.severity = 600;
	put(f, s, &en, &id);
	f->totals.last_ns = T0 + 3 * S;
	end_source(f, s, "2");
	s = begin_source(f, "out.txt", SOURCE_TESTS);
	must(f, store_run_begin(f->st, s, &run, &r, &f->e));
	must(f, store_output_put(f->st, r, &out, &hit.output_id, &f->e));
	must(f, store_hit_put(f->st, s, &hit, &f->e));
	must(f, store_test_put(f->st, r, &test, SLICE("assert"), 9, &id, &f->e));
	s = end_source(f, s, "3");
	must(f, store_ingest_note(f->st, (int64_t[]){ 2 }, 1, &f->e));
}

static void
test_evidence_holds_events_that_matter_and_ordered_hits(void **state)
{
	struct fixture *f = *state;
	struct rule_set rs = rule_set();
	struct evidence_set set;
	struct arena a;
	int64_t ts;

	fill(f);
	arena_init(&a);
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	/* two hits and one CRITICAL; the quiet one is left out */
	assert_int_equal(set.events, 3);
	assert_int_equal(set.event[0].id, E_FAIL);
	assert_true(slice_eqs(set.event[0].message, "first"));
	assert_true(slice_eqs(set.event[0].service, "checkout"));
	assert_int_equal(set.event[1].message.n, 400);
	assert_int_equal(set.event[2].id, E_OTHER);
	assert_int_equal(set.hits, 3);
	assert_true(slice_eqs(set.hit[0].rule->name, "boot"));
	assert_ptr_equal(set.hit[0].event, &set.event[0]);
	assert_int_equal(set.hit[0].start, 14);
	assert_true(slice_eqs(set.hit[0].capture[0].value, "shop.\"cart\""));
	assert_true(slice_eqs(set.hit[2].rule->name, "printed"));
	assert_ptr_equal(set.hit[2].test, &set.test[0]);
	assert_int_equal(set.hit[2].source_id, 3);
	assert_int_equal(set.hit[2].line, 12);
	assert_int_equal(set.tests, 1);
	assert_ptr_equal(set.test[0].run, &set.run[0]);
	assert_true(slice_eqs(set.test[0].signature, "assert"));
	assert_int_equal(set.run[0].state, RUN_STOPPED);
	assert_true(set.have_entries && set.have_tests);
	assert_false(set.have_requests);
	assert_int_equal(set.last_ns, T0 + 3 * S);
	assert_int_equal(set.first_after(set.ctx, SLICE("00aa"), T0, &ts, &f->e), 0);
	assert_int_equal(ts, T0 + S);
	assert_int_equal(set.first_after(set.ctx, SLICE("00aa"), T0 + 2 * S, &ts, &f->e), 0);
	assert_true(ts == CLOCK_NONE);
	assert_int_equal(set.first_after(set.ctx, slice_of(NULL, 0), 0, &ts, &f->e), 0);
	assert_true(ts == CLOCK_NONE);
	arena_release(&a);
}

static void
test_hits_of_partial_sources_and_old_rules_are_no_evidence(void **state)
{
	struct fixture *f = *state;
	struct rule_set rs = rule_set();
	struct rule edited[2] = { rules[0], rules[1] };
	struct evidence_set set;
	struct entry en = make_entry("p1", T0 + 9 * S, "partial");
	struct arena a;
	int64_t s, id;

	fill(f);
	s = begin_source(f, "cut.json", SOURCE_LOGS);
	en.severity = 800;
	put(f, s, &en, &id);
	put_hit(f, id, 0, 1, "message");
	must(f, store_batch_commit(f->st, &f->e));
	arena_init(&a);
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	assert_int_equal(set.events, 3);
	assert_int_equal(set.hits, 3);
	memcpy(edited[0].hash, "hash-other", 11);
	rs.rule = edited;
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	assert_int_equal(set.hits, 1);
	arena_release(&a);
}

static void
test_a_range_of_another_field_is_never_quoted(void **state)
{
	struct fixture *f = *state;
	struct rule_set rs = rule_set();
	struct evidence_set set;
	struct arena a;

	fill(f);
	must(f, store_batch_begin(f->st, &f->e));
	put_hit(f, E_QUIET, 3, 5, "httpRequest.requestUrl");
	must(f, store_batch_commit(f->st, &f->e));
	arena_init(&a);
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	assert_int_equal(set.hits, 4);
	assert_int_equal(set.hit[2].event->id, E_QUIET);
	assert_int_equal(set.hit[2].start, 0);
	assert_int_equal(set.hit[2].end, 0);
	arena_release(&a);
}

/* what reason/ might say of it */
static void
evaluate(struct fixture *f)
{
	struct rule_set rs = rule_set();
	struct evidence_set set;
	struct member member[] = {
		{ .role = MEMBER_CAUSE, .basis = BASIS_RULE, .event_id = E_FAIL, .occurrence = 1,
		    .rule = SLICE("boot"), .start = 14, .end = 25 },
		{ .role = MEMBER_FAILURE, .basis = BASIS_PROVED, .event_id = E_LONG, .occurrence = 1,
		    .start = 1, .end = 1999 },
		{ .role = MEMBER_SYMPTOM, .basis = BASIS_CO_OCCURS, .event_id = E_OTHER },
		{ .role = MEMBER_TEST, .basis = BASIS_RULE, .output_id = 1, .test_id = 1,
		    .line = 12, .byte = 109, .start = 13, .end = 16 },
		{ .role = MEMBER_TEST, .basis = BASIS_RULE, .output_id = 1, .line = 11, .byte = 105 },
		{ .role = MEMBER_TEST, .basis = BASIS_RULE, .test_id = 1 },
	};
	int64_t cited[] = { E_FAIL, E_OTHER };
	struct why why[] = {
		{ .question = SLICE("Why?"), .answer = SLICE("Because boot failed."),
		    .basis = WHY_PROVED, .event_id = cited, .events = 2, .count = 9, .of = 11 },
		{ .question = SLICE("Why that?"), .basis = WHY_NEEDS_EVIDENCE,
		    .collect = SLICE("gcloud logging read") },
	};
	struct incident in[] = {
		{ .key = SLICE("k-top"), .class = INCIDENT_START_FAILURE, .title = SLICE("Starts fail"),
		    .priority = PRIORITY_P0, .service = SLICE("checkout"), .first_ns = T0,
		    .last_ns = T0 + S, .occurrences = 1, .entries = 2, .member = member,
		    .members = 6, .why = why, .whys = 2 },
		{ .key = SLICE("k-low"), .class = INCIDENT_UNKNOWN, .title = SLICE("Rest"),
		    .priority = PRIORITY_P3, .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE,
		    .member = &member[5], .members = 1 },
	};
	const struct fact_hit *hits[2];
	struct finding finding[] = {
		{ .rule = &rules[0], .outcome = OUTCOME_FIRED, .group_key = SLICE("service=checkout"),
		    .count = 2, .first_ns = T0, .last_ns = T0 + S, .says = SLICE("boot failed"),
		    .hit = hits, .hits = 2 },
		{ .rule = &rules[1], .outcome = OUTCOME_CLEAR, .first_ns = CLOCK_NONE,
		    .last_ns = CLOCK_NONE, .why = SLICE("nothing matched") },
	};
	struct arena a;

	arena_init(&a);
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_rules_put(f->st, &rs, &f->e));
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	hits[0] = &set.hit[0];
	hits[1] = &set.hit[1];
	must(f, store_findings_put(f->st, finding, 2, &f->e));
	must(f, store_incidents_put(f->st, in, 2, &f->e));
	must(f, store_hypotheses_put(f->st, &rs, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	arena_release(&a);
}

static void
test_rows_of_an_evaluation_and_their_quotes(void **state)
{
	struct fixture *f = *state;

	fill(f);
	evaluate(f);
	assert_answer(f, "SELECT id, rank, priority, class, state, verdict, first_ts FROM incidents"
	    " ORDER BY rank", "1|1|P0|start failure|open|-|2025-09-16T01:42:49.280488123Z;"
	    "2|2|P3|unknown|open|-|-");
	assert_answer(f, "SELECT n, role, basis, path, line, byte_offset, quote FROM incident_members"
	    " WHERE incident_id = 1 AND n <> 2 ORDER BY n",
	    "1|cause|rule|one.json|1|0|boot failed;3|symptom|co-occurs|two.json|1|0|other;"
	    "4|test|rule|out.txt|12|109|401;5|test|rule|out.txt|11|105|one;"
	    "6|test|rule|out.txt|30|300|assert 1 == 2");
	/* 400 bytes at most, and no half character at either end */
	assert_answer(f, "SELECT length(CAST(quote AS BLOB)), length(quote) FROM incident_members"
	    " WHERE n = 2", "400|200");
	assert_answer(f, "SELECT n, basis, count, \"of\", events, collect FROM whys ORDER BY n",
	    "1|proved|9|11|1 4|-;2|needs evidence|0|0|-|gcloud logging read");
	assert_answer(f, "SELECT name, class, verdict FROM hypotheses ORDER BY name",
	    "certificate|H1|-;packaging|H2|-");
	assert_answer(f, "SELECT h.name, e.relation, e.strength, e.kind, e.quote, e.path, e.line,"
	    " e.says, e.count FROM evidence e JOIN hypotheses h ON h.id = e.hypothesis_id"
	    " ORDER BY 1", "certificate|against|weak|entry|boot|one.json|1|boot failed|2;"
	    "packaging|for|strong|entry|boot|one.json|1|boot failed|2");
	assert_answer(f, "SELECT kind, relation, says, count(*) FROM evidence WHERE incident_id = 1"
	    " GROUP BY 1, 2, 3", "entry|for|cause (rule)|1;entry|for|failure (proved)|1;"
	    "output|for|test (rule)|2;test|for|test (rule)|1");
	assert_answer(f, "SELECT rule, outcome, count, says, why FROM findings ORDER BY rule",
	    "boot|fired|2|boot failed|-;printed|clear|0|-|nothing matched");
	assert_answer(f, "SELECT finding_id, n, event_id FROM finding_hits", "1|1|1;1|2|2");
}

static void
test_incidents_keep_their_ids_over_evaluations(void **state)
{
	struct fixture *f = *state;
	struct answer before, after;

	fill(f);
	evaluate(f);
	must(f, ask(f, "SELECT id, key FROM incidents ORDER BY key", &before));
	evaluate(f);
	must(f, ask(f, "SELECT id, key FROM incidents ORDER BY key", &after));
	assert_string_equal(before.text, after.text);
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	assert_answer(f, "SELECT count(*) FROM incidents", "0");
	evaluate(f);
	must(f, ask(f, "SELECT id, key FROM incidents ORDER BY key", &after));
	assert_string_equal(before.text, after.text);
}

static void
load(struct fixture *f, const struct scope *scope, struct arena *a, struct case_file *c)
{
	arena_init(a);
	must(f, store_case_load(f->st, scope, a, c, &f->e));
}

static void
test_case_of_everything(void **state)
{
	const struct scope scope = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct fixture *f = *state;
	const struct case_incident *in;
	struct case_file c;
	struct arena a;

	fill(f);
	evaluate(f);
	load(f, &scope, &a, &c);
	assert_int_equal(c.sources, 3);
	assert_true(slice_eqs(c.source_list, "1, 2, 3"));
	assert_true(slice_eqs(c.scope_text, "everything ingested (3 sources: s1, s2, s3)"));
	assert_true(slice_eqs(c.environment, "shop"));
	assert_true(slice_eqs(c.project, "shop"));
	assert_int_equal(c.entries, 4);
	assert_int_equal(c.first_ns, T0);
	assert_int_equal(c.last_ns, T0 + 3 * S);
	assert_int_equal(c.findings_fired, 1);
	assert_int_equal(c.rules_clear, 1);
	assert_int_equal(c.source[1].severities, 2);
	assert_int_equal(c.source[1].severity[0].severity, 600);
	assert_int_equal(c.source[1].services, 1);
	assert_int_equal(c.incidents, 2);
	in = &c.incident[0];
	assert_true(in->in_scope);
	assert_false(in->partly_in_scope);
	assert_int_equal(in->counts, 4);
	assert_int_equal(in->count[3].role, MEMBER_TEST);
	assert_int_equal(in->count[3].n, 3);
	assert_int_equal(in->members, 6);
	assert_true(slice_eqs(in->member[0].cite.quote, "boot failed"));
	assert_true(slice_eqs(in->member[0].cite.insert_id, "a1"));
	assert_true(slice_eqs(in->member[0].cite.path, "one.json"));
	assert_int_equal(in->whys, 2);
	assert_int_equal(in->why[0].cites, 2);
	assert_int_equal(in->why[0].why.of, 11);
	/* the bytes of the cause, which the answer repeats; else the first line */
	assert_true(slice_eqs(in->why[0].cite[0].quote, "boot failed"));
	assert_true(slice_eqs(in->why[0].cite[1].quote, "other"));
	assert_int_equal(c.runs, 1);
	assert_int_equal(c.run[0].rows[TEST_FAILED], 1);
	assert_int_equal(c.run[0].faileds, 1);
	assert_int_equal(c.run[0].failed[0].incident_id, 1);
	assert_int_equal(c.hypotheses, 2);
	assert_true(slice_eqs(c.hypothesis[0].name, "packaging"));
	assert_int_equal(c.hypothesis[0].evidences, 1);
	assert_true(slice_eqs(c.hypothesis[0].evidence[0].cite.quote, "boot"));
	arena_release(&a);
}

/* s2 is the latest: it holds E_FAIL as a copy (line 77) and E_OTHER */
static void
test_case_of_the_latest_ingest_cites_its_own_copy(void **state)
{
	const struct scope scope = { .latest = true, .since_ns = CLOCK_NONE,
	    .until_ns = CLOCK_NONE };
	struct fixture *f = *state;
	struct case_file c;
	struct arena a;

	fill(f);
	evaluate(f);
	load(f, &scope, &a, &c);
	assert_true(slice_eqs(c.scope_text, "the latest ingest (1 source: s2)"));
	assert_int_equal(c.entries, 2);
	assert_int_equal(c.incidents, 2);
	assert_true(c.incident[0].in_scope);
	assert_true(c.incident[0].partly_in_scope);
	assert_false(c.incident[1].in_scope);
	assert_true(slice_eqs(c.incident[0].member[0].cite.path, "two.json"));
	assert_int_equal(c.incident[0].member[0].cite.line, 77);
	assert_int_equal(c.runs, 0);
	assert_int_equal(c.hypotheses, 2);
	arena_release(&a);
}

static void
test_case_of_a_window_and_of_a_missing_source(void **state)
{
	const int64_t one[] = { 3, 1, 3 }, missing[] = { 99 };
	struct scope scope = { .all = true, .since_ns = T0 + S, .until_ns = T0 + 2 * S + 1 };
	struct fixture *f = *state;
	struct case_file c;
	struct arena a;

	fill(f);
	evaluate(f);
	load(f, &scope, &a, &c);
	assert_int_equal(c.entries, 2);
	assert_int_equal(c.first_ns, T0 + S);
	assert_true(c.since_set && c.until_set);
	assert_true(c.incident[0].partly_in_scope);
	arena_release(&a);
	scope = (struct scope){ .source_id = one, .sources = 3, .since_ns = CLOCK_NONE,
	    .until_ns = CLOCK_NONE };
	load(f, &scope, &a, &c);
	assert_true(slice_eqs(c.source_list, "1, 3"));
	arena_release(&a);
	scope.source_id = missing;
	scope.sources = 1;
	arena_init(&a);
	assert_int_equal(store_case_load(f->st, &scope, &a, &c, &f->e), -1);
	assert_int_equal(f->e.code, ERR_ID);
	arena_release(&a);
}

static void
test_project_of_a_case_is_the_only_one_or_none(void **state)
{
	struct scope scope = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct fixture *f = *state;
	struct entry en = make_entry("b1", T0 + 9 * S, "x");
	struct case_file c;
	struct arena a;
	int64_t s, id;

	fill(f);
	s = begin_source(f, "elsewhere", SOURCE_LOGS);
	en.project = SLICE("store");
	put(f, s, &en, &id);
	end_source(f, s, "9");
	load(f, &scope, &a, &c);
	assert_true(slice_eqs(c.environment, "shop, store"));
	assert_int_equal(c.project.n, 0);
	arena_release(&a);
	scope.since_ns = T0 + 8 * S;
	load(f, &scope, &a, &c);
	assert_true(slice_eqs(c.project, "store"));
	arena_release(&a);
	scope.since_ns = T0 + 10 * S;
	load(f, &scope, &a, &c);
	assert_int_equal(c.project.n, 0);
	arena_release(&a);
}

static void
test_window_leaves_out_runs_known_to_be_outside(void **state)
{
	static const struct {
		int64_t started_ns, duration_ns;
		bool inside;
	} cases[] = {
		{ CLOCK_NONE, CLOCK_NONE, true },
		{ CLOCK_NONE, S, true },
		{ T0 - 2 * S, S, false },
		{ T0 - 2 * S, 2 * S, true },		/* ends when the window begins */
		{ T0 - 2 * S, CLOCK_NONE, true },	/* may still run then */
		{ T0 - 2 * S, 60 * S, true },
		{ T0 + S, S, true },
		{ T0 + 5 * S - 1, S, true },
		{ T0 + 5 * S, S, false },		/* until is exclusive */
		{ T0 + 5 * S, CLOCK_NONE, false },
	};
	struct scope scope = { .all = true, .since_ns = T0, .until_ns = T0 + 5 * S };
	struct fixture *f = *state;
	int64_t s = begin_source(f, "out.txt", SOURCE_TESTS), id;
	struct case_file c;
	struct arena a;
	size_t at = 0;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run run = { .started_ns = cases[i].started_ns, .exit_code = -1,
		    .duration_ns = cases[i].duration_ns };

		must(f, store_run_begin(f->st, s, &run, &id, &f->e));
	}
	end_source(f, s, "1");
	load(f, &scope, &a, &c);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool found = at < c.runs && c.run[at].id == (int64_t)i + 1;

		if (found != cases[i].inside)
			fail_msg("run %zu", i + 1);
		at += found;
	}
	arena_release(&a);
	scope.since_ns = scope.until_ns = CLOCK_NONE;
	load(f, &scope, &a, &c);
	assert_int_equal(c.runs, sizeof cases / sizeof cases[0]);
	arena_release(&a);
}

static void
test_quote_of_a_traceback_is_its_last_line(void **state)
{
	static const struct {
		const char *message, *quote;
	} cases[] = {
		{ "one\ntwo", "one" },
		{ "Traceback (most recent call last):\n  File \"a.py\"\nKeyError: 'x'\n",
		    "KeyError: 'x'" },
		{ "ERROR: Exception in ASGI application\nTraceback (most recent call last):\n"
		    "  File \"a.py\"\nValueError: no\r\n\n  \n", "ValueError: no" },
		{ "one line with Traceback (most recent call last)", "one line with Traceback "
		    "(most recent call last)" },
	};
	const struct scope scope = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct fixture *f = *state;
	struct rule_set rs = { .rules = 0 };
	struct evidence_set set;
	struct case_file c;
	struct arena a;
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id[4];
	struct member member[4];
	struct incident in = { .key = SLICE("k"), .title = SLICE("t"), .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE, .member = member, .members = 4 };

	for (size_t i = 0; i < 4; i++) {
		struct entry en = make_entry("a", T0 + (int64_t)i * S, cases[i].message);

		en.severity = 500;
		put(f, s, &en, &id[i]);
		member[i] = (struct member){ .role = MEMBER_SYMPTOM, .event_id = id[i] };
	}
	end_source(f, s, "1");
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_incidents_put(f->st, &in, 1, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	load(f, &scope, &a, &c);
	assert_int_equal(c.incident[0].members, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(slice_eqs(c.incident[0].member[i].cite.quote, cases[i].quote));
	/* a fact's message stays the first line */
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	assert_true(slice_eqs(set.event[1].message, "Traceback (most recent call last):"));
	assert_true(slice_eqs(set.event[2].message, "ERROR: Exception in ASGI application"));
	arena_release(&a);
}

static void
test_why_quotes_a_failure_before_a_symptom(void **state)
{
	const struct scope scope = { .all = true, .since_ns = CLOCK_NONE, .until_ns = CLOCK_NONE };
	struct member member[] = {
		{ .role = MEMBER_SYMPTOM, .event_id = E_FAIL, .start = 0, .end = 3 },
		{ .role = MEMBER_FAILURE, .event_id = E_FAIL, .start = 14, .end = 25 },
	};
	int64_t cited[] = { E_FAIL };
	struct why why = { .question = SLICE("Why?"), .answer = SLICE("fir, boot failed"),
	    .event_id = cited, .events = 1 };
	struct incident in = { .key = SLICE("k"), .title = SLICE("t"), .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE, .member = member, .members = 2, .why = &why, .whys = 1 };
	struct fixture *f = *state;
	struct case_file c;
	struct arena a;

	fill(f);
	must(f, store_eval_begin(f->st, &f->e));
	must(f, store_incidents_put(f->st, &in, 1, &f->e));
	must(f, store_eval_commit(f->st, "h", &f->e));
	load(f, &scope, &a, &c);
	assert_true(slice_eqs(c.incident[0].why[0].cite[0].quote, "boot failed"));
	arena_release(&a);
}

static void
test_running_counts_requests_of_the_instance_at_that_time(void **state)
{
	struct request req = { .status = 200, .latency_ns = 10 * S, .response_size = -1 };
	struct fixture *f = *state;
	struct rule_set rs = { .rules = 0 };
	struct evidence_set set;
	struct arena a;
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id;
	long n;

	for (int i = 0; i < 4; i++) {
		struct entry en = make_entry("r", T0 + i * 4 * S, "");

		en.request = &req;
		en.instance = i == 1 ? SLICE("00bb") : SLICE("00aa");
		put(f, s, &en, &id);
	}
	end_source(f, s, "1");
	arena_init(&a);
	must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
	must(f, set.running(set.ctx, SLICE("00aa"), T0 + 9 * S, &n, &f->e));
	assert_int_equal(n, 2);
	must(f, set.running(set.ctx, SLICE("00aa"), T0 + 11 * S, &n, &f->e));
	assert_int_equal(n, 1);
	must(f, set.running(set.ctx, SLICE("00aa"), T0 - 1, &n, &f->e));
	assert_int_equal(n, 0);
	must(f, set.running(set.ctx, slice_of(NULL, 0), T0, &n, &f->e));
	assert_int_equal(n, 0);
	arena_release(&a);
}

struct parts {
	char ids[100];
};

static int
note_part(void *ctx, const struct trace_part *p, struct err *e)
{
	struct parts *parts = ctx;
	size_t at = strlen(parts->ids);

	(void)e;
	snprintf(parts->ids + at, sizeof parts->ids - at, "%d ", (int)p->event_id);
	return 0;
}

static void
test_trace_parts_come_by_instance_and_time_and_become_exceptions(void **state)
{
	const struct event_sign sign = { .trace_part = true };
	const struct fact_link link[] = {
		{ SLICE("ModuleNotFoundError"), SLICE("No module named 'x'"), SLICE("a/b.py:23") },
		{ SLICE("RuntimeError"), SLICE("boot"), slice_of(NULL, 0) },
	};
	struct fixture *f = *state;
	struct rule exception_rule = { .name = SLICE("x"), .revision = 1, .hash = "hx",
	    .subject = SUBJECT_EXCEPTION };
	struct rule_set rs = { .rule = &exception_rule, .rules = 1 };
	struct hit hit = { .rule = &exception_rule, .field = SLICE("message"), .start = 1, .end = 2 };
	struct exception_row x = { .events = 2, .ts_ns = T0, .link = link, .links = 2,
	    .cause_text = SLICE("cause"), .cause_signature_id = 55, .quote_start = 0,
	    .quote_end = 4 };
	struct entry en = make_entry("a1", T0 + 5, "late");
	struct parts parts = { "" };
	struct evidence_set set;
	struct arena a;
	int64_t s = begin_source(f, "a", SOURCE_LOGS), id, part[2];

	put_signed(f, s, &en, &sign, &part[1]);
	en = make_entry("a2", T0, "early");
	put_signed(f, s, &en, &sign, &part[0]);
	en = make_entry("a3", T0 - 5, "no part");
	put(f, s, &en, &id);
	en = make_entry("a4", T0, "another instance");
	en.instance = SLICE("0000");
	put_signed(f, s, &en, &sign, &id);
	end_source(f, s, "1");
	for (int again = 0; again < 2; again++) {
		memset(&parts, 0, sizeof parts);
		must(f, store_eval_begin(f->st, &f->e));
		must(f, store_each_trace_part(f->st, note_part, &parts, &f->e));
		assert_string_equal(parts.ids, "4 2 1 ");
		x.event_id = part;
		x.quote_event_id = part[1];
		must(f, store_exception_put(f->st, &x, &f->e));
		hit.event_id = part[0];
		must(f, store_hit_put(f->st, 0, &hit, &f->e));
		arena_init(&a);
		must(f, store_evidence_load(f->st, &rs, &a, &set, &f->e));
		assert_int_equal(set.exceptions, 1);
		assert_int_equal(set.exception[0].events, 2);
		assert_int_equal(set.exception[0].links, 2);
		assert_int_equal(set.hits, 1);
		assert_ptr_equal(set.hit[0].exception, &set.exception[0]);
		arena_release(&a);
		must(f, store_eval_commit(f->st, "h", &f->e));
	}
	assert_answer(f, "SELECT id, type, cause_type, frame, chain, entries, cause_signature_id"
	    " FROM exceptions", "2|RuntimeError|ModuleNotFoundError|a/b.py:23|"
	    "ModuleNotFoundError > RuntimeError|2|55");
	assert_answer(f, "SELECT exception_id FROM events ORDER BY id", "2;2;-;-");
	assert_answer(f, "SELECT kind, template, count FROM signatures", "cause|cause|1");
	assert_answer(f, "SELECT count(*) FROM hits", "1");
}

static void
test_instances_and_deploys_come_from_roles_and_audit(void **state)
{
	static struct rule role[] = {
		{ .name = SLICE("begin"), .role = ROLE_START },
		{ .name = SLICE("end"), .role = ROLE_EXIT },
	};
	const struct audit audit = { .method = SLICE("google.cloud.run.v1.Services.ReplaceService"),
	    .principal = SLICE("ci@shop") };
	struct fixture *f = *state;
	struct hit h = { .field = SLICE("message"), .captures = 1 };
	struct entry en;
	int64_t s = begin_source(f, "a", SOURCE_LOGS);

	en = make_entry("a1", T0, "starting");
	put(f, s, &en, &h.event_id);
	h.rule = &role[0];
	h.capture[0] = (struct capture){ SLICE("reason"), SLICE("AUTOSCALING") };
	must(f, store_hit_put(f->st, s, &h, &f->e));
	en = make_entry("a2", T0 + 2 * S, "exit(3)");
	put(f, s, &en, &h.event_id);
	h.rule = &role[1];
	h.capture[0] = (struct capture){ SLICE("code"), SLICE("3") };
	must(f, store_hit_put(f->st, s, &h, &f->e));
	en = make_entry("a3", T0 + 3 * S, "");
	en.instance = slice_of(NULL, 0);
	en.payload = SLICE("{\"methodName\":1}");
	en.audit = &audit;
	put(f, s, &en, &h.event_id);
	end_source(f, s, "1");
	assert_answer(f, "SELECT instance, revision, started_ts, ready_ts, exit_code, lifetime_s,"
	    " start_reason FROM instances",
	    "00aa|checkout-00001-abc|2025-09-16T01:42:49.280488123Z|-|3|2|AUTOSCALING");
	assert_answer(f, "SELECT service, revision, who, how, event_id FROM deploys",
	    "checkout|checkout-00001-abc|ci@shop|google.cloud.run.v1.Services.ReplaceService|3");
	assert_answer(f, "SELECT revision, errors, entries FROM revisions", "checkout-00001-abc|0|3");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_leave)
	const struct CMUnitTest tests[] = {
		T(test_evidence_holds_events_that_matter_and_ordered_hits),
		T(test_hits_of_partial_sources_and_old_rules_are_no_evidence),
		T(test_a_range_of_another_field_is_never_quoted),
		T(test_rows_of_an_evaluation_and_their_quotes),
		T(test_incidents_keep_their_ids_over_evaluations),
		T(test_case_of_everything),
		T(test_case_of_the_latest_ingest_cites_its_own_copy),
		T(test_case_of_a_window_and_of_a_missing_source),
		T(test_project_of_a_case_is_the_only_one_or_none),
		T(test_window_leaves_out_runs_known_to_be_outside),
		T(test_quote_of_a_traceback_is_its_last_line),
		T(test_why_quotes_a_failure_before_a_symptom),
		T(test_running_counts_requests_of_the_instance_at_that_time),
		T(test_trace_parts_come_by_instance_and_time_and_become_exceptions),
		T(test_instances_and_deploys_come_from_roles_and_audit),
	};
#undef T

	return cmocka_run_group_tests_name("store_case", tests, NULL, NULL);
}
