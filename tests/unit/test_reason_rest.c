/*
 * incidents beside failed starts: exceptions, rules, requests, unknown errors, tests;
 * their order
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "evidence_kit.h"

static struct kit *
rest_kit(void)
{
	struct kit *k = kit_new();
	struct rule *r;

	kit_rule(k, "a_symptom", ROLE_SYMPTOM, PRIORITY_P3);
	kit_rule(k, "b_issue", ROLE_ISSUE, PRIORITY_P3);
	kit_rule(k, "c_issue", ROLE_ISSUE, PRIORITY_P1);
	kit_rule(k, "y_banner", ROLE_BANNER, PRIORITY_P3);
	kit_rule(k, "y_health", ROLE_HEALTH, PRIORITY_P0);
	kit_rule(k, "z_cause", ROLE_CAUSE, PRIORITY_P2);
	r = kit_rule(k, "x_cause", ROLE_CAUSE, PRIORITY_P2);
	r->subject = SUBJECT_EXCEPTION;
	r->says = SLICE("${cause.type} at ${place} in ${service}: ${key}");
	r = kit_rule(k, "t_refused", ROLE_ISSUE, PRIORITY_P3);
	r->subject = SUBJECT_TEST;
	r->says = SLICE("${count} of them, ${nodeid} first");
	r = kit_rule(k, "t_other", ROLE_SYMPTOM, PRIORITY_P2);
	r->subject = SUBJECT_TEST;
	return k;
}

static size_t
raise_at(struct kit *k, int64_t ts_ns, const char *instance, const char *message)
{
	return kit_exception(k, kit_entry(k, ts_ns, instance, "Traceback"), "KeyError", message);
}

/* ---- unknown errors ---- */

static void
test_errors_that_no_rule_knows_are_grouped_by_template(void **state)
{
	struct kit *k = rest_kit();
	const struct incident *in;
	size_t late, early, other, warning;

	(void)state;
	late = kit_entry(k, AT(9), "a", "order 9 is lost");
	early = kit_entry(k, AT(2), "a", "order 2 is lost");
	other = kit_entry(k, AT(3), "a", "order 2 is lost");
	warning = kit_entry(k, AT(4), "a", "order 2 is late");
	kit_at(k, late)->signature_id = kit_at(k, early)->signature_id = -5;
	kit_at(k, other)->signature_id = -5;
	kit_at(k, other)->service = SLICE("cart");
	kit_at(k, warning)->severity = 400;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	in = &k->incident[0];
	assert_true(slice_eqs(in->key, "unknown|shop|-5"));
	/* the first in time */
	assert_true(slice_eqs(in->title, "No rule knows: order 2 is lost"));
	assert_int_equal(in->occurrences, 2);
	assert_int_equal(in->entries, 2);
	assert_int_equal(in->signatures, 1);
	assert_int_equal(kit_member(k, in, early)->occurrence, 1);
	assert_int_equal(kit_member(k, in, late)->occurrence, 2);
	assert_int_equal(in->priority, PRIORITY_P2);
	assert_true(slice_eqs(in->priority_why, "class unknown_error"));
	assert_true(kit_has(in->why[1].collect, "timestamp>=\"2025-09-16T01:35:02Z\""));
	assert_true(kit_cites(k, &in->why[0], early));
	assert_true(kit_incident(k, "unknown|cart|-5") != NULL);
	kit_free(k);
}

static void
test_a_known_error_is_not_unknown(void **state)
{
	static const struct {
		const char *rule;
		size_t incidents;
	} cases[] = { { NULL, 1 }, { "y_banner", 0 }, { "y_health", 0 }, { "a_symptom", 1 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();
		size_t n = kit_entry(k, AT(1), "a", "");

		if (cases[i].rule)
			kit_hit(k, cases[i].rule, n);
		assert_int_equal(kit_reason(k), 0);
		assert_int_equal(k->incidents, cases[i].incidents);
		if (!cases[i].rule)
			assert_true(slice_eqs(k->incident[0].title,
			    "No rule knows: an ERROR entry without a message"));
		kit_free(k);
	}
}

static void
test_titles_are_one_short_line_of_whole_characters(void **state)
{
	struct kit *k = rest_kit();
	char text[400];
	size_t i;

	(void)state;
	for (i = 0; i + 2 < sizeof text; i += 2) {
		text[i] = '\xc3';
		text[i + 1] = '\xa9';
	}
	text[1] = 'x';		/* shifts the characters so that the limit cuts one */
	text[0] = 'x';
	text[2] = 'x';
	memmove(text + 3, text + 4, sizeof text - 4);
	text[sizeof text - 3] = '\0';
	kit_entry(k, AT(1), "a", text);
	kit_entry(k, AT(2), "a", "  first line\nsecond line");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incident[0].title.n, sizeof "No rule knows: " - 1 + 159);
	assert_true(slice_eqs(k->incident[1].title, "No rule knows: first line"));
	kit_free(k);
}

/* ---- requests ---- */

static void
test_failed_requests_are_grouped_by_status(void **state)
{
	struct kit *k = rest_kit();
	const struct incident *in;
	size_t n;

	(void)state;
	kit_request(k, AT(1), AT(2), "a", 503);
	n = kit_request(k, AT(3), AT(4), "b", 503);
	kit_hit(k, "y_health", n);
	kit_request(k, AT(3), AT(4), "b", 500);
	kit_request(k, AT(3), AT(4), "b", 404);
	kit_at(k, 3)->severity = 400;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	in = kit_incident(k, "request|shop|HTTP 503");
	assert_int_equal(in->occurrences, 2);
	assert_int_equal(in->requests_joined, 2);
	assert_int_equal(in->requests_open, 0);
	assert_true(slice_eqs(in->title, "shop answers with errors: HTTP 503"));
	assert_true(slice_eqs(in->priority_why, "class server_error"));
	assert_true(slice_eqs(in->why[0].answer, "HTTP 503"));
	assert_int_equal(in->why[0].events, 2);
	assert_int_equal(in->why[in->whys - 1].basis, WHY_NEEDS_EVIDENCE);
	kit_free(k);
}

static void
test_joins_requests_to_exceptions_by_a_mechanism_only(void **state)
{
	static const struct {
		const char *name;
		double from, to;
		const char *instance, *trace, *raised_trace;
		bool joined;
	} cases[] = {
		{ "same trace, other instance", 1, 2, "b", "t1", "t1", true },
		{ "same trace, long after", 90, 91, "b", "t1", "t1", true },
		{ "same instance while it ran", 9, 11, "a", "", "", true },
		{ "same instance, it ends just then", 9, 10, "a", "", "", true },
		{ "same instance, only the request has a trace", 9, 11, "a", "t1", "", true },
		{ "same instance, only the exception has one", 9, 11, "a", "", "t1", true },
		{ "same instance, two traces", 9, 11, "a", "t1", "t2", false },
		{ "same instance, before", 8, 9.9, "a", "", "", false },
		{ "same instance, after", 10.1, 11, "a", "", "", false },
		{ "other instance", 9, 11, "b", "", "", false },
		{ "no instance", 9, 11, "", "", "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();
		size_t request = kit_request(k, AT(cases[i].from), AT(cases[i].to),
		    cases[i].instance, 500);
		const struct incident *in;

		raise_at(k, AT(10), "a", "'price'");
		kit_at(k, request)->trace = slice_str(cases[i].trace);
		kit_at(k, request + 1)->trace = slice_str(cases[i].raised_trace);
		assert_int_equal(kit_reason(k), 0);
		in = kit_incident(k, "exception|shop|KeyError: 'price'");
		if (kit_is(k, in, request, MEMBER_REQUEST, BASIS_PROVED) != cases[i].joined ||
		    k->incidents != (cases[i].joined ? 1 : 2))
			fail_msg("%s", cases[i].name);
		kit_free(k);
	}
}

static void
test_exceptions_without_an_instance_hold_no_request(void **state)
{
	struct kit *k = rest_kit();

	(void)state;
	kit_request(k, AT(9), AT(11), "", 500);
	raise_at(k, AT(10), "", "'price'");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	kit_free(k);
}

static void
test_the_last_exception_while_a_request_ran_ended_it(void **state)
{
	struct kit *k = rest_kit();
	size_t held, traced, both;

	(void)state;
	raise_at(k, AT(10), "a", "'handled'");
	raise_at(k, AT(11), "a", "'fatal'");
	raise_at(k, AT(13), "a", "'later'");
	held = kit_request(k, AT(9), AT(12), "a", 500);
	both = kit_request(k, AT(9), AT(14), "a", 500);
	kit_at(k, 0)->trace = kit_at(k, 1)->trace = kit_at(k, 2)->trace = SLICE("t1");
	traced = kit_request(k, AT(9), AT(12), "elsewhere", 500);
	kit_at(k, traced)->trace = SLICE("t1");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 3);
	assert_true(kit_member(k, kit_incident(k, "'fatal'"), held) != NULL);
	assert_true(kit_member(k, kit_incident(k, "'fatal'"), traced) != NULL);
	assert_true(kit_member(k, kit_incident(k, "'later'"), both) != NULL);
	kit_free(k);
}

/* ---- exceptions ---- */

static void
test_exceptions_of_one_cause_and_service_are_one_incident(void **state)
{
	struct kit *k = rest_kit();
	const struct incident *in;
	const struct why *w;
	size_t x, request;

	(void)state;
	raise_at(k, AT(20), "a", "'price'");
	x = raise_at(k, AT(10), "b", "'price'");
	raise_at(k, AT(10), "b", "'tax'");
	request = kit_request(k, AT(9), AT(12), "b", 500);
	kit_at(k, 2)->instance = SLICE("c");
	kit_capture(k, kit_exception_hit(k, "x_cause", x), "key", "price");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	in = kit_incident(k, "'price'");
	assert_int_equal(in->class, INCIDENT_EXCEPTION);
	assert_int_equal(in->occurrences, 2);
	assert_int_equal(in->entries, 3);
	assert_true(slice_eqs(in->rule, "x_cause"));
	assert_int_equal(in->priority, PRIORITY_P2);		/* the rule's, not the class's */
	assert_true(slice_eqs(in->priority_why, "rule x_cause"));
	assert_true(slice_eqs(in->title, "shop: KeyError: 'price'"));
	assert_int_equal(kit_member(k, in, 1)->occurrence, 1);	/* the first in time */
	w = in->why;
	assert_int_equal(in->whys, 4);
	assert_true(kit_cites(k, &w[0], request));
	assert_true(slice_eqs(w[1].answer, "An exception ended the request"));
	assert_int_equal(w[1].count, 1);
	assert_int_equal(w[1].of, 1);
	assert_true(kit_cites(k, &w[1], 1));
	assert_true(slice_eqs(w[2].question, "Which exception was it?"));
	assert_true(slice_eqs(w[2].answer, "KeyError: 'price', raised at app/main.py:7"));
	assert_true(slice_eqs(w[3].question, "Why was KeyError raised?"));
	kit_free(k);
}

static void
test_only_severe_or_named_exceptions_are_incidents(void **state)
{
	static const struct {
		const char *name, *rule;
		int first, second;		/* severities of its two parts */
		bool incident;
	} cases[] = {
		{ "an error", NULL, 500, 500, true },
		{ "no severity", NULL, 0, 0, true },
		{ "a warning", NULL, 400, 400, false },
		{ "an error in a later part", NULL, 200, 500, true },
		{ "a warning that a cause rule knows", "x_cause", 400, 400, true },
		{ "a warning that is a sign of health", "y_health", 400, 400, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();
		size_t n = kit_entry(k, AT(1), "a", "Traceback");
		size_t x = kit_exception(k, n, "KeyError", "'price'");

		kit_link(k, x, kit_entry(k, AT(1.01), "a", "Traceback"), "ValueError", "bad");
		kit_at(k, n)->severity = cases[i].first;
		kit_at(k, n + 1)->severity = cases[i].second;
		if (cases[i].rule)
			kit_exception_hit(k, cases[i].rule, x);
		assert_int_equal(kit_reason(k), 0);
		if (k->incidents != (cases[i].incident ? 1 : 0) ||
		    (k->incidents && k->incident[0].class != INCIDENT_EXCEPTION))
			fail_msg("%s", cases[i].name);
		kit_free(k);
	}
}

static void
test_hits_on_the_parts_of_an_exception_are_its_symptoms(void **state)
{
	struct kit *k = rest_kit();
	size_t n = kit_entry(k, AT(1), "", "Traceback"), x, other;

	(void)state;
	x = kit_exception(k, n, "KeyError", "'price'");
	kit_link(k, x, kit_entry(k, AT(1.01), "", "Traceback"), "ValueError", "bad");
	kit_hit(k, "z_cause", n + 1);
	kit_hit(k, "a_symptom", n);
	other = kit_entry(k, AT(1), "", "a stranger at the same time");
	kit_hit(k, "a_symptom", other);
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	assert_true(slice_eqs(kit_incident(k, "'price'")->rule, "z_cause"));
	assert_null(kit_member(k, kit_incident(k, "'price'"), other));
	assert_true(kit_member(k, kit_incident(k, "rule|shop|a_symptom"), other) != NULL);
	kit_free(k);
}

static void
test_cites_the_entry_that_carries_a_link(void **state)
{
	static const struct {
		const char *name;
		size_t parts;
		size_t cited[3];	/* for links 0..2 */
	} cases[] = {
		{ "all in one entry", 1, { 0, 0, 0 } },
		{ "one entry for each", 3, { 0, 1, 2 } },
		{ "connecting sentences between them", 5, { 0, 2, 4 } },
		{ "it cannot be told", 4, { 0, 0, 0 } },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();
		size_t n = kit_entry(k, AT(1), "a", "Traceback"), x;
		const struct incident *in;

		x = kit_exception(k, n, "KeyError", "'price'");
		for (j = 1; j < cases[i].parts; j++)
			k->exception[x].part[k->exception[x].x.events++] =
			    kit_entry(k, AT(1), "a", "more");
		k->exception[x].link[1] = (struct fact_link){ SLICE("B"), SLICE("b"), SLICE("") };
		k->exception[x].link[2] = (struct fact_link){ SLICE("C"), SLICE(""), SLICE("") };
		k->exception[x].x.links = 3;
		assert_int_equal(kit_reason(k), 0);
		in = &k->incident[0];
		assert_int_equal(in->whys, 4);
		assert_true(slice_eqs(in->why[0].answer, "C"));
		for (j = 0; j < 3; j++)
			if (!kit_cites(k, &in->why[2 - j], n + cases[i].cited[j]))
				fail_msg("%s: link %zu", cases[i].name, j);
		kit_free(k);
	}
}

static void
test_links_with_the_same_words_are_one_why(void **state)
{
	struct kit *k = rest_kit();
	size_t n = kit_entry(k, AT(1), "a", "Traceback"), x;

	(void)state;
	x = kit_exception(k, n, "KeyError", "'price'");
	kit_link(k, x, kit_entry(k, AT(1), "a", "Traceback"), "KeyError", "'price'");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incident[0].whys, 2);
	assert_true(slice_eqs(k->incident[0].why[0].answer,
	    "KeyError: 'price', raised at app/main.py:7"));
	kit_free(k);
}

/* ---- rules ---- */

static void
test_of_two_rules_on_one_event_the_cause_names_it(void **state)
{
	static const struct {
		const char *rule[2], *named;
		enum priority priority;
	} cases[] = {
		{ { "a_symptom", "z_cause" }, "z_cause", PRIORITY_P2 },
		{ { "b_issue", "z_cause" }, "z_cause", PRIORITY_P2 },
		{ { "c_issue", "z_cause" }, "z_cause", PRIORITY_P1 },	/* raised by the issue */
		{ { "a_symptom", "b_issue" }, "b_issue", PRIORITY_P3 },
		{ { "b_issue", "c_issue" }, "c_issue", PRIORITY_P1 },
		{ { "b_issue", "y_health" }, "b_issue", PRIORITY_P3 },
	};
	size_t i, turn;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (turn = 0; turn < 2; turn++) {
			struct kit *k = rest_kit();
			size_t n = kit_entry(k, AT(1), "a", "a line");
			const struct incident *in;

			kit_hit(k, cases[i].rule[turn], n);
			kit_hit(k, cases[i].rule[1 - turn], n);
			assert_int_equal(kit_reason(k), 0);
			assert_int_equal(k->incidents, 1);
			in = &k->incident[0];
			assert_true(slice_eqs(in->rule, cases[i].named));
			assert_int_equal(in->priority, cases[i].priority);
			assert_int_equal(in->occurrences, 1);
			assert_int_equal(in->entries, 1);
			kit_free(k);
		}
	}
}

static void
test_rule_and_class_decide_the_priority(void **state)
{
	static const struct {
		enum rule_role role;
		enum priority rule, table, want;
		const char *why;
	} cases[] = {
		/* a failed start is never less than its class; other classes bow to the rule */
		{ ROLE_START_FAILURE, PRIORITY_P2, PRIORITY_P0, PRIORITY_P0,
		    "class start_failure" },
		{ ROLE_START_FAILURE, PRIORITY_P0, PRIORITY_P1, PRIORITY_P0, "rule made" },
		{ ROLE_START_FAILURE, PRIORITY_P1, PRIORITY_P1, PRIORITY_P1, "rule made" },
		{ ROLE_ISSUE, PRIORITY_P3, PRIORITY_P0, PRIORITY_P3, "rule made" },
		{ ROLE_SYMPTOM, PRIORITY_P0, PRIORITY_P3, PRIORITY_P0, "rule made" },
	};
	size_t i, c;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();

		kit_rule(k, "made", cases[i].role, cases[i].rule);
		for (c = 0; c < PCLASS_COUNT; c++)
			k->rules.priority[c] = cases[i].table;
		kit_hit(k, "made", kit_entry(k, AT(1), "a", "a line"));
		assert_int_equal(kit_reason(k), 0);
		assert_int_equal(k->incident[0].priority, cases[i].want);
		assert_true(slice_eqs(k->incident[0].priority_why, cases[i].why));
		kit_free(k);
	}
}

static void
test_ranks_priority_class_occurrences_time_key(void **state)
{
	static const char *const want[] = {
		"start failure|shop|fatal",
		"exception|shop|KeyError: 'price'",
		"request|shop|HTTP 500",
		"rule|shop|made_thrice",
		"rule|cart|made",
		"rule|shop|made",
		"test||KeyError",
		"rule|shop|b_issue",
	};
	struct kit *k = rest_kit();
	size_t i, c, cart;

	(void)state;
	for (c = 0; c < PCLASS_COUNT; c++)
		k->rules.priority[c] = PRIORITY_P2;
	kit_rule(k, "fatal", ROLE_START_FAILURE, PRIORITY_P2);
	kit_rule(k, "made", ROLE_ISSUE, PRIORITY_P2);
	kit_rule(k, "made_thrice", ROLE_ISSUE, PRIORITY_P2);
	kit_hit(k, "b_issue", kit_entry(k, AT(1), "a", "a line"));
	kit_test(k, "t.py::a", "KeyError", "KeyError");
	kit_hit(k, "made", kit_entry(k, AT(3), "a", "a line"));
	cart = kit_entry(k, AT(3), "a", "a line");
	kit_at(k, cart)->service = SLICE("cart");
	kit_hit(k, "made", cart);
	for (i = 0; i < 3; i++)
		kit_hit(k, "made_thrice", kit_entry(k, AT(50 + i), "a", "a line"));
	kit_request(k, AT(60), AT(61), "q", 500);
	raise_at(k, AT(70), "x", "'price'");
	kit_hit(k, "fatal", kit_entry(k, AT(80), "f", "a line"));
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, sizeof want / sizeof want[0]);
	for (i = 0; i < k->incidents; i++)
		assert_string_equal(arena_str(&k->arena, k->incident[i].key), want[i]);
	kit_free(k);
}

static void
test_keys_keep_apart_what_is_different(void **state)
{
	struct kit *k = rest_kit();
	size_t a, b, c, d, e;

	(void)state;
	kit_rule(k, "b|c_issue", ROLE_ISSUE, PRIORITY_P1);
	kit_hit(k, "b|c_issue", kit_entry(k, AT(1), "a", "five"));
	e = kit_entry(k, AT(1), "a", "six");
	kit_at(k, e)->service = SLICE("shop|b");
	kit_hit(k, "c_issue", e);
	a = kit_entry(k, AT(1), "a", "one");
	b = kit_entry(k, AT(1), "a", "two");
	c = kit_entry(k, AT(1), "a", "three");
	d = kit_entry(k, AT(1), "a", "four");
	kit_at(k, a)->service = SLICE("x\0one");
	kit_at(k, b)->service = SLICE("x\0two");
	kit_at(k, c)->service = SLICE("x|");
	kit_at(k, d)->service = SLICE("x%7c");
	kit_at(k, a)->signature_id = kit_at(k, b)->signature_id = 7;
	kit_at(k, c)->signature_id = kit_at(k, d)->signature_id = 7;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 6);
	kit_free(k);
}

/* ---- tests ---- */

static void
test_hits_on_one_test_count_once(void **state)
{
	struct kit *k = rest_kit();
	const struct incident *in;
	size_t a, b, i;

	(void)state;
	b = kit_test(k, "t.py::b", "refused", "Refused");
	a = kit_test(k, "t.py::a", "refused", "Refused");
	kit_test_hit(k, "t_refused", a, 10);
	kit_test_hit(k, "t_refused", b, 20);
	kit_test_hit(k, "t_refused", a, 30);
	kit_line_hit(k, "t_refused", 40);
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	in = &k->incident[0];
	assert_int_equal(in->occurrences, 3);		/* two tests and a line of neither */
	assert_int_equal(in->members, 4);
	assert_int_equal(in->entries, 0);
	assert_int_equal(in->signatures, 1);
	assert_int_equal(in->first_ns == CLOCK_NONE, 1);
	for (i = 0; i < in->members; i++)
		if (in->member[i].test_id == k->test[a].id)
			assert_int_equal(in->member[i].occurrence, 1);
	assert_int_equal(in->why[0].count, 2);
	assert_int_equal(in->why[0].of, 2);
	assert_int_equal(in->why[0].test_id, k->test[a].id);
	assert_true(slice_eqs(in->why[0].answer, "3 of them, t.py::a first"));
	assert_true(slice_eqs(in->why[1].collect, "python3 -m pytest -vv --tb=long 't.py::a'"));
	kit_free(k);
}

static void
test_a_test_may_belong_to_two_rules(void **state)
{
	struct kit *k = rest_kit();
	size_t a;

	(void)state;
	a = kit_test(k, "t.py::a", "refused", "Refused");
	kit_test_hit(k, "t_refused", a, 10);
	kit_test_hit(k, "t_other", a, 11);
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	assert_true(slice_eqs(k->incident[0].key, "test||t_other"));	/* P2 before P3 */
	assert_true(slice_eqs(k->incident[1].key, "test||t_refused"));
	kit_free(k);
}

static void
test_failed_tests_without_a_rule_are_grouped_by_signature(void **state)
{
	struct kit *k = rest_kit();
	const struct incident *in;
	size_t silent;

	(void)state;
	kit_test(k, "t.py::z", "KeyError: 'b'\nmore", "KeyError");
	kit_test(k, "t.py::a", "KeyError: 'a'", "KeyError");
	silent = kit_test(k, "u.py::Class::c", "", "");
	kit_test(k, "u.py::Class::d", "", "");
	k->test[silent].outcome = TEST_ERROR;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 3);
	assert_true(slice_eqs(k->incident[0].key, "test||u.py::Class::c"));
	assert_int_equal(k->incident[0].priority, PRIORITY_P1);
	assert_true(slice_eqs(k->incident[0].priority_why, "class test_error"));
	assert_true(slice_eqs(k->incident[0].title,
	    "Tests: no failure message was printed for u.py"));
	in = kit_incident(k, "test||KeyError");
	assert_int_equal(in->occurrences, 2);
	assert_true(slice_eqs(in->title, "Tests: KeyError: 'a'"));
	assert_int_equal(in->why[0].count, 2);
	assert_true(slice_eqs(in->priority_why, "class test_failure"));
	kit_free(k);
}

static void
test_a_command_for_a_test_needs_a_plain_name_and_pytest(void **state)
{
	static const struct {
		const char *nodeid, *framework, *collect;
	} cases[] = {
		{ "t.py::a", "pytest 8.4.1", "python3 -m pytest -vv --tb=long 't.py::a'" },
		{ "t.py::a", "junit", "" },
		{ "t.py::a['; rm -rf ~; ']", "pytest", "" },
		{ "--pdb", "pytest", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = rest_kit();

		kit_test(k, cases[i].nodeid, "KeyError", "KeyError");
		k->run.framework = slice_str(cases[i].framework);
		assert_int_equal(kit_reason(k), 0);
		assert_true(slice_eqs(k->incident[0].why[1].collect, cases[i].collect));
		kit_free(k);
	}
}

/* ---- the whole ---- */

static void
test_an_empty_set_has_no_incident(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 0);
	assert_int_equal(k->findings, 0);
	kit_free(k);
}

static void
fill(struct kit *k)
{
	static const char *const instances[] = { "a", "b", "c", "" };
	static const char *const rules[] = { "a_symptom", "b_issue", "c_issue", "y_banner",
		"z_cause", "begin", "boot", "exit" };
	size_t i, n;

	kit_rule(k, "begin", ROLE_START, PRIORITY_P3);
	kit_rule(k, "boot", ROLE_START_FAILURE, PRIORITY_P1);
	kit_rule(k, "exit", ROLE_EXIT, PRIORITY_P3);
	for (i = 0; i < 120; i++) {
		int64_t ts_ns = AT((i * 37) % 97);
		const char *instance = instances[(i * 7) % 4];

		if (i % 6 == 5) {
			n = kit_request(k, ts_ns, ts_ns + AT(3) - AT(0), instance,
			    i % 4 == 1 ? 500 : 503);
		} else {
			n = kit_entry(k, ts_ns, instance, i % 2 ? "odd" : "even");
			kit_at(k, n)->signature_id = 1 + (int64_t)(i % 5);
		}
		if (i % 9 == 0)
			kit_at(k, n)->service = SLICE("cart");
		if (i % 7 == 0)
			kit_at(k, n)->revision = SLICE("shop-002");
		if (i % 10 == 3 && !kit_at(k, n)->status)
			kit_exception(k, n, "KeyError", i % 20 == 3 ? "'price'" : "'tax'");
		if (i % 3 == 0)
			kit_hit(k, rules[(i / 3) % 8], n);
		if (i % 5 == 0)
			kit_hit(k, rules[(i / 5) % 8], n);
	}
	for (i = 0; i < 12; i++) {
		n = kit_test(k, i % 2 ? "t.py::odd" : "t.py::even", i % 3 ? "x" : "y",
		    i % 3 ? "X" : "Y");
		if (i % 4 == 0)
			kit_test_hit(k, "t_refused", n, i);
	}
}

static void
test_the_order_of_ingest_changes_nothing(void **state)
{
	struct kit *one = rest_kit();
	unsigned seed;
	size_t i;

	(void)state;
	fill(one);
	assert_int_equal(kit_reason(one), 0);
	assert_true(one->incidents > 10);
	for (seed = 1; seed <= 40; seed++) {
		struct kit *two = rest_kit();

		fill(two);
		two->seed = seed;
		assert_int_equal(kit_reason(two), 0);
		assert_int_equal(one->incidents, two->incidents);
		for (i = 0; i < one->incidents; i++) {
			const struct incident *a = &one->incident[i], *b = &two->incident[i];

			assert_true(slice_eq(a->key, b->key));
			assert_true(slice_eq(a->title, b->title));
			assert_true(slice_eq(a->rule, b->rule));
			assert_true(slice_eq(a->revision, b->revision));
			assert_int_equal(a->priority, b->priority);
			assert_int_equal(a->occurrences, b->occurrences);
			assert_int_equal(a->entries, b->entries);
			assert_int_equal(a->signatures, b->signatures);
			assert_int_equal(a->requests_joined, b->requests_joined);
			assert_int_equal(a->requests_open, b->requests_open);
			assert_int_equal(a->members, b->members);
			assert_true(a->first_ns == b->first_ns && a->last_ns == b->last_ns);
			assert_int_equal(a->whys, b->whys);
		}
		kit_free(two);
	}
	kit_free(one);
}

static void
test_each_record_belongs_to_one_incident(void **state)
{
	struct kit *k = rest_kit();
	size_t i, m, e;

	(void)state;
	fill(k);
	assert_int_equal(kit_reason(k), 0);
	for (e = 0; e < k->set.events; e++) {
		size_t owners = 0;

		for (i = 0; i < k->incidents; i++) {
			for (m = 0; m < k->incident[i].members; m++)
				if (k->incident[i].member[m].event_id == k->event[e].id)
					break;
			owners += m < k->incident[i].members;
		}
		if (owners > 1)
			fail_msg("event %zu belongs to %zu incidents", e, owners);
	}
	kit_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors_that_no_rule_knows_are_grouped_by_template),
		cmocka_unit_test(test_a_known_error_is_not_unknown),
		cmocka_unit_test(test_titles_are_one_short_line_of_whole_characters),
		cmocka_unit_test(test_failed_requests_are_grouped_by_status),
		cmocka_unit_test(test_joins_requests_to_exceptions_by_a_mechanism_only),
		cmocka_unit_test(test_exceptions_without_an_instance_hold_no_request),
		cmocka_unit_test(test_the_last_exception_while_a_request_ran_ended_it),
		cmocka_unit_test(test_exceptions_of_one_cause_and_service_are_one_incident),
		cmocka_unit_test(test_only_severe_or_named_exceptions_are_incidents),
		cmocka_unit_test(test_hits_on_the_parts_of_an_exception_are_its_symptoms),
		cmocka_unit_test(test_cites_the_entry_that_carries_a_link),
		cmocka_unit_test(test_links_with_the_same_words_are_one_why),
		cmocka_unit_test(test_of_two_rules_on_one_event_the_cause_names_it),
		cmocka_unit_test(test_rule_and_class_decide_the_priority),
		cmocka_unit_test(test_ranks_priority_class_occurrences_time_key),
		cmocka_unit_test(test_keys_keep_apart_what_is_different),
		cmocka_unit_test(test_hits_on_one_test_count_once),
		cmocka_unit_test(test_a_test_may_belong_to_two_rules),
		cmocka_unit_test(test_failed_tests_without_a_rule_are_grouped_by_signature),
		cmocka_unit_test(test_a_command_for_a_test_needs_a_plain_name_and_pytest),
		cmocka_unit_test(test_an_empty_set_has_no_incident),
		cmocka_unit_test(test_the_order_of_ingest_changes_nothing),
		cmocka_unit_test(test_each_record_belongs_to_one_incident),
	};

	return cmocka_run_group_tests_name("reason_rest", tests, NULL, NULL);
}
