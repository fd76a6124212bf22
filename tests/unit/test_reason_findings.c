/* findings: one for each rule and group that fired, one for each rule that did not; cut exports */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "evidence_kit.h"

static const struct slice by_service_and_module[] = { { "service", 7 }, { "module", 6 } };
static const struct slice by_instance[] = { { "instance", 8 } };
static const struct slice by_nodeid[] = { { "nodeid", 6 } };

static const struct finding *
find(const struct kit *k, const char *rule, const char *key)
{
	size_t i;

	for (i = 0; i < k->findings; i++)
		if (slice_eqs(k->finding[i].rule->name, rule) &&
		    slice_eqs(k->finding[i].group_key, key))
			return &k->finding[i];
	return NULL;
}

static void
test_a_finding_for_each_group_that_fired(void **state)
{
	struct kit *k = kit_new();
	const struct finding *f;
	struct rule *r;
	size_t a, b, c;

	(void)state;
	r = kit_rule(k, "missing", ROLE_CAUSE, PRIORITY_P1);
	r->group_by = by_service_and_module;
	r->group_bys = 2;
	r->says = SLICE("${module} is missing in ${service} (${count}), ${first} to ${last}, "
	    "window ${from}");
	b = kit_entry(k, AT(20), "b", "no tax");
	a = kit_entry(k, AT(10), "a", "no tax");
	c = kit_entry(k, AT(15), "c", "no price");
	kit_capture(k, kit_hit(k, "missing", a), "module", "tax");
	kit_capture(k, kit_hit(k, "missing", b), "module", "tax");
	kit_capture(k, kit_hit(k, "missing", c), "module", "price");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->findings, 2);
	assert_true(slice_eqs(k->finding[0].group_key, "service=shop module=price"));
	f = find(k, "missing", "service=shop module=tax");
	assert_ptr_equal(f, &k->finding[1]);
	assert_int_equal(f->outcome, OUTCOME_FIRED);
	assert_int_equal(f->count, 2);
	assert_int_equal(f->hits, 2);
	assert_true(f->first_ns == AT(10) && f->last_ns == AT(20));
	assert_int_equal(f->hit[0]->event->id, k->event[a].id);	/* in time order */
	assert_int_equal(f->hit[1]->event->id, k->event[b].id);
	assert_true(slice_eqs(f->says, "tax is missing in shop (2), 2025-09-16T01:40:10Z to "
	    "2025-09-16T01:40:20Z, window 2025-09-16T01:35:10Z"));
	kit_free(k);
}

static void
test_says_lists_a_few_different_values(void **state)
{
	static const struct {
		const char *value[6], *says;
	} cases[] = {
		{ { "a" }, "[a]" },
		{ { "a", "a", "a" }, "[a]" },
		{ { "a", "b", "a" }, "[a, b]" },
		{ { "c", "a", "b" }, "[c, a, b]" },
		{ { "c", "a", "b", "a" }, "[c, a, b]" },
		{ { "a", "b", "c", "d", "e" }, "[a, b, c and others]" },
		{ { "", "b" }, "[b]" },
		{ { "" }, "[nothing]" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();

		kit_rule(k, "seen", ROLE_ISSUE, PRIORITY_P1)->says = SLICE("[${what:-nothing}]");
		for (j = 0; cases[i].value[j]; j++)
			kit_capture(k, kit_hit(k, "seen", kit_entry(k, AT(j), "a", "x")), "what",
			    cases[i].value[j]);
		assert_int_equal(kit_reason(k), 0);
		assert_int_equal(k->findings, 1);
		assert_true(slice_eqs(k->finding[0].group_key, ""));
		assert_string_equal(arena_str(&k->arena, k->finding[0].says), cases[i].says);
		kit_free(k);
	}
}

static void
test_says_knows_the_record_that_was_hit(void **state)
{
	static const char text[] = "${type}|${message}|${cause.type}|${cause.message}|${place}|"
	    "${instance}|${revision}|${project}|${nodeid}";
	struct kit *k = kit_new();
	size_t n, x, t;

	(void)state;
	kit_rule(k, "entry", ROLE_ISSUE, PRIORITY_P1);
	kit_rule(k, "raised", ROLE_ISSUE, PRIORITY_P1);
	kit_rule(k, "tested", ROLE_ISSUE, PRIORITY_P1)->subject = SUBJECT_TEST;
	kit_find_rule(k, "entry")->says = kit_find_rule(k, "raised")->says =
	    kit_find_rule(k, "tested")->says = slice_str(text);
	kit_find_rule(k, "raised")->group_by = by_instance;
	kit_find_rule(k, "raised")->group_bys = 1;
	kit_find_rule(k, "tested")->group_by = by_nodeid;
	kit_find_rule(k, "tested")->group_bys = 1;
	n = kit_entry(k, AT(1), "i1", "the line");
	x = kit_exception(k, n, "KeyError", "'price'");
	kit_link(k, x, n, "ValueError", "bad");
	t = kit_test(k, "t.py::a", "boom", "B");
	kit_hit(k, "entry", n);
	kit_exception_hit(k, "raised", x);
	kit_test_hit(k, "tested", t, 3);
	assert_int_equal(kit_reason(k), 0);
	assert_string_equal(arena_str(&k->arena, find(k, "entry", "")->says),
	    "|the line||||i1|shop-001|demo|");
	assert_string_equal(arena_str(&k->arena, find(k, "raised", "instance=i1")->says),
	    "ValueError|bad|KeyError|'price'|app/main.py:7|i1|shop-001|demo|");
	assert_string_equal(arena_str(&k->arena, find(k, "tested", "nodeid=t.py::a")->says),
	    "|boom|||||||t.py::a");
	assert_true(find(k, "tested", "nodeid=t.py::a")->first_ns == CLOCK_NONE);
	kit_free(k);
}

static void
test_a_silent_rule_says_why(void **state)
{
	static const struct {
		enum rule_subject subject;
		bool have;
		size_t limits;
		enum finding_outcome outcome;
		const char *why;
	} cases[] = {
		{ SUBJECT_ENTRY, true, 0, OUTCOME_CLEAR,
		    "looked at every record of its kind, none matched" },
		{ SUBJECT_ENTRY, false, 0, OUTCOME_NOT_EVALUATED, "no log entry was ingested" },
		{ SUBJECT_EXCEPTION, true, 0, OUTCOME_CLEAR,
		    "looked at every record of its kind, none matched" },
		{ SUBJECT_EXCEPTION, false, 0, OUTCOME_NOT_EVALUATED, "no log entry was ingested" },
		{ SUBJECT_REQUEST, false, 0, OUTCOME_NOT_EVALUATED,
		    "no request entry was ingested" },
		{ SUBJECT_TEST, false, 0, OUTCOME_NOT_EVALUATED, "no test output was ingested" },
		{ SUBJECT_TEST, true, 0, OUTCOME_CLEAR,
		    "looked at every record of its kind, none matched" },
		{ SUBJECT_ENTRY, true, 2, OUTCOME_INCONCLUSIVE, "its pattern hit a match limit" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		enum rule_subject s = cases[i].subject;
		const struct finding *f;

		kit_rule(k, "quiet", ROLE_ISSUE, PRIORITY_P1)->subject = s;
		k->set.have_tests = s == SUBJECT_TEST ? cases[i].have : true;
		k->set.have_requests = s == SUBJECT_REQUEST ? cases[i].have : true;
		k->set.have_entries = s == SUBJECT_ENTRY || s == SUBJECT_EXCEPTION ?
		    cases[i].have : true;
		for (j = 0; j < cases[i].limits; j++)
			kit_hit(k, "quiet", kit_entry(k, AT(j), "a", "x"))->limit = true;
		assert_int_equal(kit_reason(k), 0);
		assert_int_equal(k->findings, 1);
		f = &k->finding[0];
		assert_int_equal(f->outcome, cases[i].outcome);
		assert_int_equal(f->count, cases[i].limits);
		assert_true(slice_eqs(f->why, cases[i].why));
		assert_int_equal(f->hits, 0);
		assert_int_equal(f->says.n, 0);
		assert_true(f->first_ns == CLOCK_NONE && f->last_ns == CLOCK_NONE);
		kit_free(k);
	}
}

static void
test_a_rule_may_fire_and_be_inconclusive(void **state)
{
	struct kit *k = kit_new();
	struct rule *r = kit_rule(k, "both", ROLE_ISSUE, PRIORITY_P1);

	(void)state;
	r->group_by = by_instance;
	r->group_bys = 1;
	kit_hit(k, "both", kit_entry(k, AT(1), "a", "x"));
	kit_hit(k, "both", kit_entry(k, AT(2), "b", "y"))->limit = true;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->findings, 2);
	assert_int_equal(k->finding[0].outcome, OUTCOME_INCONCLUSIVE);
	assert_int_equal(k->finding[0].count, 1);
	assert_int_equal(k->finding[1].outcome, OUTCOME_FIRED);
	assert_int_equal(k->finding[1].count, 1);
	kit_free(k);
}

static void
test_findings_are_sorted_by_rule_and_group(void **state)
{
	static const char *const names[] = { "m", "a", "z", "k" };
	struct kit *k = kit_new();
	size_t i, e;

	(void)state;
	for (i = 0; i < 4; i++) {
		struct rule *r = kit_rule(k, names[i], ROLE_ISSUE, PRIORITY_P1);

		r->group_by = by_instance;
		r->group_bys = 1;
	}
	for (i = 0; i < 3; i++) {
		e = kit_entry(k, AT(1), i == 0 ? "c" : i == 1 ? "a" : "b", "x");
		kit_hit(k, "z", e);
		kit_hit(k, "a", e);
	}
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->findings, 8);
	for (i = 1; i < k->findings; i++) {
		int c = slice_cmp(k->finding[i - 1].rule->name, k->finding[i].rule->name);

		assert_true(c <= 0);
		if (c == 0)
			assert_true(slice_cmp(k->finding[i - 1].group_key,
			    k->finding[i].group_key) < 0);
	}
	kit_free(k);
}

static void
test_a_long_capture_gives_a_bounded_key(void **state)
{
	struct kit *k = kit_new();
	struct rule *r = kit_rule(k, "missing", ROLE_ISSUE, PRIORITY_P1);
	char *text = malloc(100000);

	(void)state;
	memset(text, 'x', 99999);
	text[99999] = '\0';
	r->group_by = by_service_and_module;
	r->group_bys = 2;
	r->says = SLICE("${module}");
	kit_capture(k, kit_hit(k, "missing", kit_entry(k, AT(1), "a", "x")), "module", text);
	assert_int_equal(kit_reason(k), 0);
	assert_true(k->finding[0].group_key.n > 1000 && k->finding[0].group_key.n <= 4096);
	assert_true(k->finding[0].says.n > 1000 && k->finding[0].says.n < 65536);
	free(text);
	kit_free(k);
}

static void
test_tells_which_exports_a_limit_cut(void **state)
{
	static const struct {
		uint64_t entries;
		bool cut;
	} cases[] = {
		{ 0, false }, { 1, false }, { 10, false }, { 49, false }, { 50, true },
		{ 51, false },
		{ 100, true }, { 150, true }, { 499, false }, { 500, true }, { 550, false },
		{ 600, true }, { 999, false }, { 1000, true }, { 1001, false }, { 1100, false },
		{ 1500, true }, { 9500, true }, { 10000, true }, { 10500, false }, { 11000, true },
		{ 100000, true }, { 100500, false },
	};
	char note[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool cut = reason_truncated(SLICE("a.json"), cases[i].entries,
		    ORDER_NEWEST_FIRST, AT(0), AT(1), note, sizeof note);

		if (cut != cases[i].cut || (note[0] != '\0') != cut)
			fail_msg("%u entries", (unsigned)cases[i].entries);
	}
}

static void
test_says_what_a_limit_kept(void **state)
{
	static const struct {
		enum source_order order;
		int64_t gap_ns;
		const char *note;		/* NULL: not cut */
	} cases[] = {
		{ ORDER_NEWEST_FIRST, INT64_C(125908536000), "exactly 1000 entries over 125.909 s: "
		    "a --limit of 1000 gives that, and keeps only the newest" },
		{ ORDER_OLDEST_FIRST, 0, "exactly 1000 entries over 0.000 s: "
		    "a --limit of 1000 gives that, and keeps only the oldest" },
		{ ORDER_MIXED, 1400000, "exactly 1000 entries over 0.001 s: "
		    "a --limit of 1000 gives that, and keeps only a part" },
		{ ORDER_NONE, 1500000, "exactly 1000 entries over 0.002 s: "
		    "a --limit of 1000 gives that, and keeps only a part" },
		{ ORDER_NEWEST_FIRST, -1, NULL },
	};
	char note[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool cut = reason_truncated(SLICE("a.json"), 1000, cases[i].order, AT(0),
		    AT(0) + cases[i].gap_ns, note, sizeof note);

		assert_int_equal(cut, cases[i].note != NULL);
		assert_string_equal(note, cases[i].note ? cases[i].note : "");
	}
	assert_false(reason_truncated(SLICE("a.json"), 1000, ORDER_MIXED, CLOCK_NONE,
	    CLOCK_NONE, note, sizeof note));
	assert_true(reason_truncated(SLICE("a.json"), 1000, ORDER_MIXED, INT64_MIN + 1,
	    INT64_MAX, note, sizeof note));
}

/* what no query made, or covers all that it claims, was cut by none */
static void
test_a_round_count_alone_is_no_limit(void **state)
{
	static const struct {
		const char *path;
		int64_t seconds;
		bool cut;
	} cases[] = {
		{ "run/2025/10/02/10:00:00_10:59:59_S0.json", 3540, false },
		{ "run/2025/10/02/10:00:00_10:59:59_S0.json", 60, false },
		{ "10:00:00_10:59:59_S0.json", 3540, false },
		{ "last_hour.json", 3600, false }, { "last_hour.json", 3500, false },
		{ "last_hour.json", 3400, true }, { "last_hour.json", 126, true },
		{ "last-2h.json", 3600, true }, { "export.json", 3600, true },
	};
	char note[400];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (reason_truncated(slice_str(cases[i].path), 100, ORDER_OLDEST_FIRST, AT(0),
		    AT(0) + cases[i].seconds * CLOCK_NS_PER_S, note, sizeof note) != cases[i].cut)
			fail_msg("%s, %d s", cases[i].path, (int)cases[i].seconds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_finding_for_each_group_that_fired),
		cmocka_unit_test(test_says_lists_a_few_different_values),
		cmocka_unit_test(test_says_knows_the_record_that_was_hit),
		cmocka_unit_test(test_a_silent_rule_says_why),
		cmocka_unit_test(test_a_rule_may_fire_and_be_inconclusive),
		cmocka_unit_test(test_findings_are_sorted_by_rule_and_group),
		cmocka_unit_test(test_a_long_capture_gives_a_bounded_key),
		cmocka_unit_test(test_tells_which_exports_a_limit_cut),
		cmocka_unit_test(test_says_what_a_limit_kept),
		cmocka_unit_test(test_a_round_count_alone_is_no_limit),
	};

	return cmocka_run_group_tests_name("reason_findings", tests, NULL, NULL);
}
