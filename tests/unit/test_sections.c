/* test_sections.c - what the sections say of a crash loop that is built by hand */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include "report/doc.h"

#define T0 INT64_C(1758000000000000000)	/* 2025-09-16T05:20:00Z */
#define S CLOCK_NS_PER_S
#define MISSING "ModuleNotFoundError: No module named 'shop.pricing'"

static const struct cite cites[] = {
	{ .event_id = 12, .source_id = 1, .path = SLICE("exports/backend.json"), .line = 340,
	    .byte = 9001, .insert_id = SLICE("abc0012"), .ts_ns = T0 + 2 * S + 250117000,
	    .quote = SLICE(MISSING), .service = SLICE("checkout-api"), .latency_ns = CLOCK_NONE },
	{ .event_id = 15, .source_id = 1, .path = SLICE("exports/backend.json"), .line = 420,
	    .byte = 12000, .insert_id = SLICE("abc0015"), .ts_ns = T0 + 3 * S,
	    .quote = SLICE("[2] [ERROR] Worker failed to boot.\nReason: `see above`"),
	    .latency_ns = CLOCK_NONE },
	{ .event_id = 7, .source_id = 1, .path = SLICE("exports/backend.json"), .line = 100,
	    .byte = 3000, .insert_id = SLICE("req7"), .ts_ns = T0 + S, .quote =
	    SLICE("Bad | gateway"), .status = 503, .method = SLICE("GET"),
	    .url = SLICE("https://api.example.test/cart?id=1"), .latency_ns = 9062987345 },
	{ .event_id = 8, .source_id = 1, .path = SLICE("exports/backend.json"), .line = 130,
	    .byte = 4000, .insert_id = SLICE("req8"), .ts_ns = T0 + 4 * S, .status = 503,
	    .method = SLICE("POST"), .url = SLICE("https://api.example.test/pay"),
	    .latency_ns = 270000000 },
	{ .test_id = 3, .source_id = 2, .path = SLICE("out/run.txt"), .line = 44, .byte = 2000,
	    .ts_ns = CLOCK_NONE, .quote = SLICE("assert 503 == 200"), .latency_ns = CLOCK_NONE,
	    .nodeid = SLICE("tests/test_cart.py::test_total") },
};

static const struct case_member members[] = {
	{ MEMBER_CAUSE, BASIS_PROVED, 1, SLICE("python_module_missing"), { 0 } },
	{ MEMBER_FAILURE, BASIS_PROVED, 1, SLICE("gunicorn_worker_failed"), { 0 } },
	{ MEMBER_REQUEST, BASIS_PROVED, 1, SLICE(""), { 0 } },
	{ MEMBER_REQUEST, BASIS_CO_OCCURS, 0, SLICE(""), { 0 } },
};

static const struct role_count counts[] = {
	{ MEMBER_CAUSE, BASIS_PROVED, 15, 15 },
	{ MEMBER_FAILURE, BASIS_PROVED, 15, 15 },
	{ MEMBER_REQUEST, BASIS_PROVED, 9, 7 },
	{ MEMBER_REQUEST, BASIS_CO_OCCURS, 2, 0 },
};

static const struct role_count test_counts[] = { { MEMBER_TEST, BASIS_RULE, 2, 2 } };

static const struct severity_count severities[] = { { 500, 75, 0, T0 + 100 * S,
    T0 + 125 * S }, { 0, 925, 20, T0, T0 + 125 * S + 908000000 } };
static const struct gap gap = { .id = 7, .kind = GAP_LIMIT, .says = SLICE("only 1000 entries") };
static const struct slice services[] = { SLICE("checkout-api") };

struct fixture {
	struct arena arena;
	struct case_file c;
	struct case_source source[2];
	struct case_incident incident[2];
	struct case_member member[4];
	struct case_why why[3];
	struct case_run run;
	struct case_test failed[1];
	struct case_hypothesis hypothesis[2];
	struct case_evidence evidence;
	struct case_diag diag;
	struct doc doc;
	struct buf text;
};

static void
build_whys(struct fixture *f)
{
	f->why[0].why = (struct why){ .question =
	    SLICE("Why do clients of checkout-api get errors?"),
	    .answer = SLICE("Their requests are answered with HTTP 503"), .basis = WHY_STATED,
	    .mechanism = SLICE("the request entries say so") };
	f->why[0].cite[0] = cites[2];
	f->why[0].cites = 1;
	f->why[1].why = (struct why){ .question = SLICE("Why did the instance fail to start?"),
	    .answer = SLICE(MISSING " in 15 starts"), .basis = WHY_PROVED,
	    .mechanism = SLICE("same instance, within 10 s of the failed start"), .count = 15,
	    .of = 15 };
	f->why[1].cite[0] = cites[0];
	f->why[1].cites = 1;
	f->why[2].why = (struct why){ .question = SLICE("Is shop.pricing in the image?"),
	    .basis = WHY_NEEDS_EVIDENCE,
	    .collect = SLICE("gcloud run revisions describe checkout-api-00742") };
}

static void
build_incidents(struct fixture *f)
{
	static const size_t cite_of[] = { 0, 1, 2, 3 };
	struct case_incident *i = &f->incident[0];

	for (size_t k = 0; k < 4; k++) {
		f->member[k] = members[k];
		f->member[k].cite = cites[cite_of[k]];
	}
	build_whys(f);
	i->id = 1;
	i->in_scope = true;
	i->incident = (struct incident){ .class = INCIDENT_START_FAILURE,
	    .title = SLICE("checkout-api fails to start: No module named 'shop.pricing'"),
	    .priority = PRIORITY_P0, .priority_why = SLICE("rule python_module_missing"),
	    .service = SLICE("checkout-api"), .revision = SLICE("checkout-api-00742"),
	    .first_ns = T0, .last_ns = T0 + 125 * S + 908123456, .occurrences = 15, .entries = 1020,
	    .signatures = 68, .requests_joined = 9, .requests_open = 2,
	    .cause_type = SLICE("ModuleNotFoundError"),
	    .cause_message = SLICE("No module named 'shop.pricing'"),
	    .cause_place = SLICE("shop/middleware.py:23"), .rule = SLICE("python_module_missing"),
	    .remediation = SLICE("1. Look whether it is in the image: an ignore file,\n"
		"   a COPY that leaves it out.\n2. Build again.\n") };
	i->member = f->member;
	i->members = 4;
	i->count = counts;
	i->counts = sizeof counts / sizeof counts[0];
	i->why = f->why;
	i->whys = 3;
	f->incident[1] = (struct case_incident){ .id = 4, .in_scope = true, .incident = {
	    .class = INCIDENT_TEST, .title = SLICE("Tests: assert 503 == 200"),
	    .priority = PRIORITY_P2, .priority_why = SLICE("class test_failure"),
	    .first_ns = CLOCK_NONE, .last_ns = CLOCK_NONE, .occurrences = 2 },
	    .count = test_counts, .counts = sizeof test_counts / sizeof test_counts[0] };
}

static void
build_sources(struct fixture *f)
{
	f->source[0] = (struct case_source){ .id = 1, .path = SLICE("exports/backend.json"),
	    .shape = SLICE("JSON array"), .reader = SLICE("gcp"), .kind = SOURCE_LOGS,
	    .sha256 = SLICE("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
	    .in_scope = true, .bytes = 1234567, .note =
	    SLICE("exactly 1000 entries over 125.908 s"), .severity = severities,
	    .severities = 2, .service = services, .services = 1, .gap = &gap, .gaps = 1 };
	f->source[0].totals = (struct source_totals){ .seen = 1000, .added = 999, .known = 1,
	    .first_ns = T0, .last_ns = T0 + 125 * S + 908000000, .order = ORDER_NEWEST_FIRST,
	    .truncated = true };
	f->source[1] = (struct case_source){ .id = 2, .path = SLICE("out/run.txt"),
	    .shape = SLICE("pytest -v"), .kind = SOURCE_TESTS, .in_scope = true, .bytes = 900,
	    .sha256 = SLICE("ffff456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef") };
	f->source[1].totals = (struct source_totals){ .seen = 4, .added = 4, .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE };
}

static void
build_tests(struct fixture *f)
{
	f->failed[0] = (struct case_test){ .id = 3, .nodeid = cites[4].nodeid,
	    .message = SLICE("assert 503 == 200"), .outcome = TEST_FAILED, .phase = PHASE_CALL,
	    .incident_id = 4, .line = 44 };
	f->run = (struct case_run){ .id = 1, .source_id = 2, .failed = f->failed, .faileds = 1,
	    .failed_total = 30 };
	f->run.run = (struct run){ .framework = SLICE("pytest 8.4.1"), .started_ns = CLOCK_NONE,
	    .duration_ns = 33190000000, .command = SLICE("pytest -v tests"), .collected = 2221,
	    .passed = 399, .failed = 29, .errors = 1, .skipped = -1, .xfailed = -1, .xpassed = -1,
	    .exit_code = -1, .state = RUN_STOPPED, .state_why = SLICE("stopped after 30 failures"),
	    .reconciled = RUN_RECONCILED_EXPLAINED, .reconciled_why =
	    SLICE("stopped at 429 of 2221") };
	f->run.rows[TEST_PASSED] = 399;
	f->run.rows[TEST_FAILED] = 29;
	f->run.rows[TEST_ERROR] = 1;
}

static void
build_rest(struct fixture *f)
{
	f->evidence = (struct case_evidence){ .relation = SLICE("for"), .strength = STRENGTH_STRONG,
	    .rule = SLICE("python_module_missing"), .says =
	    SLICE("shop.pricing could not be imported 15 times"), .count = 15 };
	f->evidence.cite = cites[0];
	f->hypothesis[0] = (struct case_hypothesis){ .id = 6, .name =
	    SLICE("package_missing_from_image"), .title = SLICE("A package is not in the image"),
	    .class_name = SLICE("H3"), .evidence = &f->evidence, .evidences = 1 };
	f->hypothesis[1] = (struct case_hypothesis){ .id = 1, .name = SLICE("auth_broken"),
	    .title = SLICE("Authentication rejects real users"), .class_name = SLICE("H1") };
	f->diag = (struct case_diag){ .name = SLICE("truncated"), .level = SLICE("warning"),
	    .text = SLICE("the export looks cut by a --limit"), .detail = SLICE("1000 entries"),
	    .path = SLICE("exports/backend.json"), .n = 1 };
}

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);

	arena_init(&f->arena);
	buf_init(&f->text, 1 << 20);
	build_incidents(f);
	build_sources(f);
	build_tests(f);
	build_rest(f);
	f->c = (struct case_file){ .now_ns = T0 + 3600 * S,
	    .command = SLICE("netra-triage worklog"),
	    .scope_text = SLICE("the latest ingest (2 sources: s1, s2)"),
	    .version = SLICE("0.1.0"), .environment = SLICE("shop-staging"),
	    .project = SLICE("shop-staging"),
	    .db_path = SLICE("/home/somebody/.netra-triage/triage.db"),
	    .source_list = SLICE("1, 2"), .source = f->source, .sources = 2,
	    .incident = f->incident, .incidents = 2, .run = &f->run, .runs = 1,
	    .hypothesis = f->hypothesis, .hypotheses = 2, .diag = &f->diag, .diags = 1,
	    .findings_fired = 5, .rules_clear = 40, .first_ns = T0,
	    .last_ns = T0 + 125 * S + 908000000, .entries = 1000 };
	doc_init(&f->doc, &f->arena);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	buf_release(&f->text);
	test_free(f);
	return 0;
}

static const char *
draft(struct fixture *f, const char *section)
{
	doc_init(&f->doc, &f->arena);
	doc_build(&f->c, section ? section_by_name(section) : NULL, &f->doc);
	buf_reset(&f->text);
	out_markdown(&f->doc, &f->text);
	assert_false(f->text.over);
	return f->text.p;
}

static void
must_say(struct fixture *f, const char *section, const char *phrase)
{
	if (!strstr(draft(f, section), phrase))
		fail_msg("section %s does not say: %s\nbut:\n%s", section, phrase, f->text.p);
}

static void
must_not_say(struct fixture *f, const char *section, const char *phrase)
{
	if (strstr(draft(f, section), phrase))
		fail_msg("section %s says: %s\n%s", section ? section : "(all)", phrase, f->text.p);
}

static void
test_says_the_key_phrases_of_each_section(void **state)
{
	static const struct {
		const char *section, *phrase;
	} says[] = {
		{ "header", "# Worklog: checkout-api fails to start: No module named "
		    "'shop.pricing'\n" },
		{ "header", "- **Date:** 2025-09-16\n- **Time:** 06:20:00 UTC" },
		{ "header", "- **Scope:** the latest ingest (2 sources: s1, s2)\n" },
		{ "header", "1000 log entries from 2025-09-16T05:20:00.000000Z to "
		    "2025-09-16T05:22:05.908000Z (125.908 s)" },
		{ "header", "| `s1` | `exports/backend.json` | JSON array | 1000 | "
		    "2025-09-16T05:20:00.000000Z | 2025-09-16T05:22:05.908000Z | `0123456789ab` | "
		    "complete; looks cut by a limit |" },
		{ "header", "| `s2` | `out/run.txt` | pytest -v | 4 | - | - | `ffff456789ab` | "
		    "complete |" },
		{ "summary", "The top problem is `i1`, **P0**: checkout-api fails to start" },
		{ "summary", "its priority is P0 (rule python_module_missing)" },
		{ "summary", "15 failed starts in 1020 log entries of 68 signatures, from "
		    "2025-09-16T05:20:00.000000Z to 2025-09-16T05:22:05.908123456Z (125.908 s)" },
		{ "summary", "9 of 11 failed requests were held by an instance whose start failed "
		    "(joined by instance and start interval). 2 are open: same revision and time, "
		    "but no failed start of their instance is in the sources." },
		{ "summary", "Not known yet: Is shop.pricing in the image?" },
		{ "summary", "Incidents in scope: 1 of P0, 0 of P1, 1 of P2, 0 of P3." },
		{ "summary", "Test run `u1` (pytest 8.4.1): it was stopped before its end, so it "
		    "is not a pass." },
		{ "summary", "399 passed, 29 failed, 1 error, 0 skipped." },
		{ "summary", "Source `s1` looks cut by a limit (exactly 1000 entries over 125.908 "
		    "s)" },
		{ "summary", "**Do next:** Look whether it is in the image: an ignore file, a COPY "
		    "that leaves it out." },
		{ "summary", "```sh\ngcloud run revisions describe checkout-api-00742\n```" },
		{ "tests", "### Run u1: pytest 8.4.1" },
		{ "tests", "- **Result:** it was stopped before its end, so it is not a pass "
		    "(stopped after 30 failures)" },
		{ "tests", "- **Duration:** 33.190 s" },
		{ "tests", "- **Exit code:** not known" },
		{ "tests", "| skipped | not printed | 0 |" },
		{ "tests", "| errors | 1 | 1 |" },
		{ "tests", "| `t3` | `tests/test_cart.py::test_total` | failed in call | "
		    "`assert 503 == 200` | `i4` |" },
		{ "tests", "29 more:\n\n```sh\nnetra-triage tests --run u1\n" },
		{ "incidents", "### i1 P0 checkout-api fails to start" },
		{ "incidents", "### i4 P2 Tests: assert 503 == 200\n\n- **Counts:** 2 failed "
		    "results\n" },
		{ "incidents", "`" MISSING "` [e12 exports/backend.json:340 insertId abc0012]" },
		{ "incidents", "raised at `shop/middleware.py:23`" },
		{ "incidents", "15; the first:" },
		{ "incidents", "  untrusted log text:\n  ```text\n  [2] [ERROR] Worker failed to "
		    "boot.\n  Reason: `see above`\n  ```" },
		{ "incidents", "`GET https://api.example.test/cart?id=1` answered with status "
		    "`503` after 9.063 s `Bad | gateway` [e7 " },
		{ "incidents", "#### Same time and revision, not shown to be caused by "
		    "it\n\n**Requests**: 2; the first:" },
		{ "whys", "2. **Why did the instance fail to start?** ModuleNotFoundError" },
		{ "whys", "Proved: same instance, within 10 s of the failed start; holds for 15 of "
		    "15. [e12 " },
		{ "whys", "3. **Is shop.pricing in the image?**\n\n   Needs evidence" },
		{ "hypotheses", "Verdict: **not judged yet**" },
		{ "hypotheses", "strong, rule `python_module_missing`" },
		{ "hypotheses", "`auth_broken` (Authentication rejects real users)" },
		{ "remediation", "### P0\n\n- `i1` checkout-api fails to start" },
		{ "remediation", "  1. Look whether it is in the image: an ignore file, a COPY "
		    "that leaves it out.\n  2. Build again." },
		{ "next_steps", "1. `i1` Is shop.pricing in the image?\n\n   ```sh\n" },
		{ "next_steps", "gcloud logging read "
		    "'resource.labels.service_name=\"checkout-api\" AND "
		    "timestamp>=\"2025-09-16T04:20:00.000000000Z\" AND "
		    "timestamp<=\"2025-09-16T05:22:05.908000000Z\"' --project=shop-staging" },
		{ "next_steps", "Run the tests of `u1` again to their end: it was stopped before "
		    "its end, so it is not a pass." },
		{ "next_steps", "No rule knows a remedy for `i4`" },
		{ "sources", "1000 seen = 999 added + 1 known + 0 filled + 0 conflicts + 0 damaged "
		    "+ 0 not evidence" },
		{ "sources", "| ERROR | 75 | 0 | 2025-09-16T05:21:40.000000Z | 2025-09-16T05:22" },
		{ "sources", "- **limit:** only 1000 entries." },
		{ "header", "; the newest entry is 57 minutes old" },
		{ "diagnostics", "5 fired, 40 clear" },
		{ "diagnostics", "| warning | `truncated` |" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
		must_say(f, says[i].section, says[i].phrase);
}

/* a word that begins with a digit; one that begins with a letter is a name: s1, P0, H3 */
static bool
holds_figure(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (isdigit((unsigned char)s.p[i]) && (i == 0 ||
		    !(isalnum((unsigned char)s.p[i - 1]) || strchr("_-.", s.p[i - 1]))))
			return true;
	return false;
}

/* what is shown as it is given: titles, questions, versions, the date, ordinals */
static bool
is_given(const struct fixture *f, struct slice s)
{
	const struct slice given[] = { f->c.version, f->run.run.framework, SLICE("2025-09-16"),
	    SLICE("06:20:00") };

	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
		if (slice_eq(s, given[i]))
			return true;
	for (size_t i = 0; i < f->c.incidents; i++) {
		if (slice_eq(s, f->incident[i].incident.title))
			return true;
		for (size_t k = 0; k < f->incident[i].whys; k++)
			if (slice_eq(s, f->incident[i].why[k].why.question))
				return true;
	}
	return slice_take_str(&s, "occurrence ") && !slice_eqs(s, "");
}

/* every figure of ours is a fact: no text node holds a digit, and no sentence a figure */
static void
walk(const struct fixture *f, const struct doc_node *n, size_t *facts)
{
	for (; n; n = n->next) {
		if (n->kind == DOC_TEXT)
			for (size_t i = 0; i < n->text.n; i++)
				if (isdigit((unsigned char)n->text.p[i]))
					fail_msg("a text node holds a digit: %.*s",
					    SLICE_ARG(n->text));
		if ((n->kind == DOC_WORDS || n->kind == DOC_STRONG) && holds_figure(n->text) &&
		    !is_given(f, n->text))
			fail_msg("a figure without SQL: %.*s", SLICE_ARG(n->text));
		if (n->kind == DOC_FACT) {
			++*facts;
			assert_true(n->text.n > 0);
			assert_true(slice_starts(n->sql, "select ") ||
			    slice_starts(n->sql, "with "));
			assert_int_equal(slice_find_byte(n->sql, 0, ';'), SIZE_MAX);
		}
		if (n->kind == DOC_CITE)
			assert_non_null(n->cite);
		walk(f, n->first, facts);
	}
}

static void
test_no_text_holds_a_digit_and_each_fact_has_its_sql(void **state)
{
	struct fixture *f = *state;
	size_t facts = 0;

	f->why[0].why.question = SLICE("Why do clients of checkout-api get HTTP 503?");
	draft(f, NULL);
	walk(f, f->doc.root->first, &facts);
	assert_true(facts > 60);
}

static const char *
sql_of(const struct doc_node *n, const char *text)	/* "" if it is no fact */
{
	const char *found = "";

	for (; n && !*found; n = n->next) {
		if (n->kind == DOC_FACT && slice_eqs(n->text, text))
			return n->sql.p;
		found = sql_of(n->first, text);
	}
	return found;
}

static void
test_sentences_of_the_evaluation_have_sql_that_answers_them(void **state)
{
	static const struct {
		const char *text, *sql;
	} says[] = {
		{ MISSING " in 15 starts", "select answer from whys where incident_id = 1 and n = "
		    "2" },
		{ "same instance, within 10 s of the failed start", "select mechanism from whys "
		    "where incident_id = 1 and n = 2" },
		{ "exactly 1000 entries over 125.908 s", "select note from sources where id = 1" },
		{ "only 1000 entries", "select says from gaps where id = 7" },
		{ "shop.pricing could not be imported 15 times", "select says from evidence where "
		    "hypothesis_id = 6 and rule = 'python_module_missing' and relation = 'for' and "
		    "event_id = 12 and \"count\" = 15 order by id limit 1" },
		{ "stopped after 30 failures", "select state_why from runs where id = 1" },
		{ "stopped at 429 of 2221", "select reconciled_why from runs where id = 1" },
		{ "1000 entries", "select detail from diagnostics where source_id = 1 and name = "
		    "'truncated' order by id limit 1" },
		{ "2", "select count(*) from sources where id in (1, 2)" },
	};
	struct fixture *f = *state;

	draft(f, NULL);
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++)
		assert_string_equal(sql_of(f->doc.root->first, says[i].text), says[i].sql);
}

static void
test_sections_are_found_by_name_and_keep_their_order(void **state)
{
	struct fixture *f = *state;
	const char *text = draft(f, NULL);
	static const char *const order[] = { "# Worklog", "## Executive summary",
		"## Test execution results", "## Incidents by priority", "## Five whys",
		"## Hypotheses",
		"## Remediation by priority", "## Next steps", "## Appendix: sources",
		"## Appendix: diagnostics" };

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		assert_non_null(section_at(i));
		assert_ptr_equal(section_by_name(section_at(i)->name), section_at(i));
		text = strstr(text, order[i]);
		assert_non_null(text);
	}
	assert_null(section_at(sizeof order / sizeof order[0]));
	assert_null(section_by_name("nothing"));
}

static void
test_an_empty_case_says_that_nothing_was_found_and_what_that_means(void **state)
{
	struct fixture *f = *state;

	f->c = (struct case_file){ .scope_text = SLICE("all sources"), .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE, .source_list = SLICE("0") };
	must_say(f, NULL, "# Worklog: nothing found\n");
	must_say(f, NULL, "No source is in scope.");
	must_say(f, NULL, "says nothing about what the sources do not hold");
	must_say(f, NULL, "No test run is in scope.");
	must_not_say(f, NULL, "## Test execution results");
	must_not_say(f, NULL, "## Five whys");
	must_not_say(f, NULL, "## Next steps");
	must_not_say(f, NULL, "## Remediation");
}

static void
test_without_an_incident_what_did_not_finish_comes_first(void **state)
{
	struct fixture *f = *state;

	f->incident[0].in_scope = f->incident[1].in_scope = false;
	must_say(f, "header", "# Worklog: no incident found, and a test run did not finish\n");
	must_say(f, "summary", "## Executive summary\n\nTest run `u1` did not finish: it was "
	    "stopped before its end, so it is not a pass.\n\nNo incident was found: ");
	f->run.run.state = RUN_COMPLETE;
	must_say(f, "header", "# Worklog: nothing found\n");
	must_say(f, "summary", "## Executive summary\n\nNo incident was found: ");
	f->source[0].totals.damaged = 1;
	must_say(f, "header", "# Worklog: no incident found, and a source is damaged\n");
	must_say(f, "summary", "## Executive summary\n\nSource `s1` is damaged.\n\nNo incident ");
	f->source[0].partial = true;
	must_say(f, "header", "and a source was not read to its end\n");
	must_say(f, "summary", "## Executive summary\n\nSource `s1` was not read to its end.\n");
	f->incident[0].in_scope = true;
	must_say(f, "header", "# Worklog: checkout-api fails to start");
	must_say(f, "summary", "## Executive summary\n\nThe top problem is ");
}

static void
test_requests_of_an_exception_are_told_otherwise_than_those_of_a_start(void **state)
{
	struct fixture *f = *state;

	f->incident[0].incident.class = INCIDENT_EXCEPTION;
	must_say(f, "summary", "9 of 11 failed requests are shown to be ended by that exception (joined by "
	    "trace, or by instance where no other request ran). 2 are open: same instance and "
	    "time, but other requests ran there too.");
	must_say(f, "incidents", "#### Same time and instance, not shown to be caused by it");
}

static void
test_a_window_is_said_once_and_with_what_is_partly_in_it(void **state)
{
	static const char counted[] = "Incidents are counted over all that is stored, also outside "
	    "the window.";
	struct fixture *f = *state;
	const char *first;

	f->incident[0].partly_in_scope = f->incident[1].partly_in_scope = true;
	must_say(f, "incidents", "some of its records are of sources outside of the scope");
	must_not_say(f, NULL, counted);
	f->c.until_set = true;
	f->c.until_ns = T0 + 60 * S;
	must_say(f, "incidents", "some of its records are outside of the window or of the sources "
	    "in scope; the counts cover them all");
	first = strstr(draft(f, NULL), counted);
	assert_non_null(first);
	assert_null(strstr(first + 1, counted));
}

static void
test_a_command_with_a_value_left_out_says_so(void **state)
{
	static const char *const sections[] = { "summary", "whys", "next_steps" };
	static const char by_hand[] = "A name in the logs could have ended the quoting of this "
	    "command and was left out: put it in by hand.";
	struct fixture *f = *state;

	must_not_say(f, NULL, by_hand);
	f->why[2].why.collect = SLICE("gcloud run revisions describe VALUE-LEFT-OUT");
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
		must_say(f, sections[i], by_hand);
}

static void
test_a_damaged_export_is_to_be_made_again(void **state)
{
	struct fixture *f = *state;

	f->source[0].totals.truncated = false;
	must_not_say(f, "next_steps", "Export `s1`");
	f->source[0].totals.damaged = 2;
	must_say(f, "next_steps", "Export `s1` again, it is damaged:\n\n   ```sh\n   gcloud "
	    "logging read 'resource.labels.service_name=\"checkout-api\" AND "
	    "timestamp>=\"2025-09-16T05:20:00.000000000Z\"");
	f->diag.name = SLICE("compressed-cut");
	f->diag.level = SLICE("damage");
	must_say(f, "summary", "Source `s1` is cut short: what stood behind the cut is missing. "
	    "Source `s1` holds 2 damaged records.");
	must_say(f, "next_steps", "Export `s1` again, it is cut short, and one hour beyond the "
	    "side that was cut:");
	must_say(f, "next_steps", "timestamp>=\"2025-09-16T04:20:00.000000000Z\"");
	f->source[0].totals.damaged = 0;
	f->diag.name = SLICE("compressed-bad");
	must_say(f, "summary", "Source `s1` is damaged; the appendix of diagnostics says where.");
	f->source[0].totals.first_ns = CLOCK_NONE;
	must_say(f, "next_steps", "Export `s1` again: no entry of it could be read.");
	f->source[0].partial = true;
	must_not_say(f, "next_steps", "Export `s1`");
	must_say(f, "next_steps", "Ingest `s1` again, its reading was interrupted: "
	    "`exports/backend.json`");
}

static void
test_a_clock_without_a_zone_is_not_called_one(void **state)
{
	struct fixture *f = *state;

	f->source[0].totals.truncated = false;
	must_say(f, "summary", "No log source looks cut, partial or damaged, and each time names "
	    "its zone.");
	f->run.run.clock = RUN_CLOCK_ASSUMED;
	must_say(f, "summary", "No log source looks cut, partial or damaged. The test run's clock "
	    "names no zone; it was read as UTC.");
	must_not_say(f, "summary", "each time names its zone");
	f->source[0].kind = SOURCE_TESTS;
	must_not_say(f, "summary", "No log source");
}

static void
test_a_stale_evaluation_is_said_at_the_top(void **state)
{
	struct fixture *f = *state;

	must_not_say(f, NULL, "Stale:");
	f->c.stale = true;
	must_say(f, "header", "**Stale:** ");
	must_say(f, "header", "`netra-triage scan`");
}

static void
test_the_path_of_the_database_is_not_printed(void **state)
{
	must_not_say(*state, NULL, "somebody");
}

static void
test_an_incident_out_of_scope_is_left_out(void **state)
{
	struct fixture *f = *state;

	f->incident[0].in_scope = false;
	must_not_say(f, NULL, "`i1`");
	must_say(f, "header", "# Worklog: Tests: assert 503 == 200\n");
	must_say(f, "summary", "it is the only incident in scope");
}

static void
test_a_run_is_called_a_pass_only_when_it_ran_to_its_end(void **state)
{
	static const struct {
		enum run_state state;
		long passed, failed, exit_code;
		enum run_reconciled reconciled;
		const char *phrase;
	} runs[] = {
		{ RUN_COMPLETE, 5, 0, 0, RUN_RECONCILED_YES, "complete, without a failure" },
		{ RUN_COMPLETE, 5, 0, -1, RUN_RECONCILED_UNKNOWN, "complete, without a failure" },
		{ RUN_COMPLETE, 5, 1, 1, RUN_RECONCILED_YES, "complete, with failures" },
		{ RUN_COMPLETE, 5, 0, 1, RUN_RECONCILED_YES, "its exit code is not zero" },
		{ RUN_COMPLETE, 0, 0, 0, RUN_RECONCILED_YES,
		    "no test passed, so it shows nothing" },
		{ RUN_COMPLETE, 5, 0, 0, RUN_RECONCILED_NO, "not taken for a pass" },
		{ RUN_STOPPED, 5, 0, 0, RUN_RECONCILED_YES,
		    "it was stopped before its end, so it is not a pass" },
		{ RUN_TRUNCATED, 5, 0, 0, RUN_RECONCILED_YES,
		    "its output is cut short, the final line is missing, so it is not a pass" },
		{ RUN_NOT_RUN, 0, 0, 5, RUN_RECONCILED_YES,
		    "it ran no test, so it is not a pass" },
		{ RUN_CRASHED, 5, 0, 139, RUN_RECONCILED_YES,
		    "it crashed, so it is not a pass" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		memset(f->run.rows, 0, sizeof f->run.rows);
		f->run.run.state = runs[i].state;
		f->run.run.passed = f->run.rows[TEST_PASSED] = runs[i].passed;
		f->run.run.failed = f->run.rows[TEST_FAILED] = runs[i].failed;
		f->run.run.errors = 0;
		f->run.run.exit_code = runs[i].exit_code;
		f->run.run.reconciled = runs[i].reconciled;
		must_say(f, "tests", runs[i].phrase);
		if (strcmp(runs[i].phrase, "complete, without a failure") != 0)
			must_not_say(f, "tests", "without a failure\n");
	}
}

static void
test_many_runs_get_one_sentence(void **state)
{
	struct fixture *f = *state;
	struct case_run runs[4];

	for (size_t i = 0; i < 4; i++)
		runs[i] = f->run;
	runs[2].run.state = RUN_COMPLETE;
	f->c.run = runs;
	f->c.runs = 4;
	must_say(f, "summary", "1 of 4 test runs ran to their end, none of them without "
	    "a failure or a doubt; no other is a pass. 120 results in their output "
	    "are a failure or an error.");
	must_not_say(f, "summary", "Test run `u1`");
}

static void
test_what_did_not_run_and_what_is_only_quoted_is_said(void **state)
{
	struct fixture *f = *state;
	struct case_run quoted = { .id = 9 };

	must_not_say(f, "tests", "Claims, not evidence");
	f->run.run.selected = 2221;
	f->run.last[TEST_PASSED] = 429;
	f->run.run.wrapper_why = SLICE("it says 430 passed");
	must_say(f, "tests", "- **Not run:** 1792 of the tests that were to run");
	must_say(f, "tests", "- **What ran it says otherwise:** it says 430 passed");
	f->c.quoted = &quoted;
	f->c.quoteds = 1;
	must_say(f, "tests", "Claims, not evidence: `u9` is quoted by a document; nothing here rests "
	    "on it. `netra-triage runs` tells what they say.");
	f->c.runs = 0;
	must_say(f, "tests", "## Test execution results\n\nClaims, not evidence: `u9`");
}

static void
test_each_gap_of_a_source_is_said_in_the_summary(void **state)
{
	struct fixture *f = *state;
	struct source_totals *t = &f->source[1].totals;

	must_not_say(f, "summary", "Source `s2`");
	t->damaged = 2;
	t->not_evidence = 1;
	t->conflicts = 3;
	t->ts_assumed = true;
	f->source[1].partial = true;
	must_say(f, "summary", "Source `s2` was not read to its end and is left out of findings.");
	must_say(f, "summary", "Source `s2` has times without a zone; they were read as UTC.");
	must_say(f, "summary", "Source `s2` holds 2 damaged records.");
	must_say(f, "summary", "Source `s2` holds 1 value that is no log entry: nothing follows "
	    "from it.");
	must_say(f, "summary", "Source `s2` has 3 entries with another payload");
	must_say(f, "header", "partial: not read to its end, left out of findings; times without a "
	    "zone");
	must_say(f, "next_steps", "Ingest `s2` again, its reading was interrupted: `out/run.txt`");
	must_say(f, "summary", "it proves no absence and no first time");
	must_not_say(f, "summary", "No log source looks cut");
	*t = (struct source_totals){ .seen = 4, .added = 4, .first_ns = CLOCK_NONE,
	    .last_ns = CLOCK_NONE };
	f->source[1].partial = false;
	f->source[0].totals.truncated = false;
	must_say(f, "summary", "No log source looks cut, partial or damaged");
}

static void
test_a_why_without_its_own_citation_gets_the_one_of_its_incident(void **state)
{
	struct fixture *f = *state;

	f->why[0].cites = 0;
	must_say(f, "whys", "the request entries say so. [e12 exports/backend.json:340");
}

static void
test_hostile_names_do_not_get_into_a_command(void **state)
{
	static const struct slice hostile[] = { SLICE("x'; rm -rf ~; '"), SLICE("-rf"),
		SLICE("a b") };
	struct fixture *f = *state;

	f->c.project = SLICE("p$(id)");
	for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		f->source[0].service = &hostile[i];
		must_say(f, "next_steps", "gcloud logging read 'timestamp>=");
		must_say(f, "next_steps", "--project=PROJECT ");
	}
}

static void
test_a_long_quote_is_cut_and_the_cut_is_named(void **state)
{
	struct fixture *f = *state;
	static char lines[64 * 3 + 1];

	for (size_t i = 0; i + 1 < sizeof lines; i++)
		lines[i] = i % 3 == 2 ? '\n' : 'x';
	f->member[0].cite.quote = slice_str(lines);
	must_say(f, "incidents", "The quote is cut here; `netra-triage show e12` prints all of "
	    "it.");
}

static void
test_the_same_case_gives_the_same_bytes(void **state)
{
	struct fixture *f = *state;
	struct buf first, again;

	buf_init(&first, 1 << 20);
	buf_init(&again, 1 << 20);
	draft(f, NULL);
	out_doc_json(&f->doc, &first);
	draft(f, NULL);
	out_doc_json(&f->doc, &again);
	assert_true(slice_eq(buf_slice(&first), buf_slice(&again)));
	buf_release(&first);
	buf_release(&again);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_says_the_key_phrases_of_each_section),
		CASE(test_no_text_holds_a_digit_and_each_fact_has_its_sql),
		CASE(test_sentences_of_the_evaluation_have_sql_that_answers_them),
		CASE(test_sections_are_found_by_name_and_keep_their_order),
		CASE(test_an_empty_case_says_that_nothing_was_found_and_what_that_means),
		CASE(test_without_an_incident_what_did_not_finish_comes_first),
		CASE(test_requests_of_an_exception_are_told_otherwise_than_those_of_a_start),
		CASE(test_a_window_is_said_once_and_with_what_is_partly_in_it),
		CASE(test_a_command_with_a_value_left_out_says_so),
		CASE(test_a_damaged_export_is_to_be_made_again),
		CASE(test_a_clock_without_a_zone_is_not_called_one),
		CASE(test_a_stale_evaluation_is_said_at_the_top),
		CASE(test_the_path_of_the_database_is_not_printed),
		CASE(test_an_incident_out_of_scope_is_left_out),
		CASE(test_a_run_is_called_a_pass_only_when_it_ran_to_its_end),
		CASE(test_many_runs_get_one_sentence),
		CASE(test_what_did_not_run_and_what_is_only_quoted_is_said),
		CASE(test_each_gap_of_a_source_is_said_in_the_summary),
		CASE(test_a_why_without_its_own_citation_gets_the_one_of_its_incident),
		CASE(test_hostile_names_do_not_get_into_a_command),
		CASE(test_a_long_quote_is_cut_and_the_cut_is_named),
		CASE(test_the_same_case_gives_the_same_bytes),
	};

	return cmocka_run_group_tests_name("sections", tests, NULL, NULL);
}
