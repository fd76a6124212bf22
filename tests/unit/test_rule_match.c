#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "rule/rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* tools --------------------------------------------------------------------- */

static void
show_fault(void *ctx, const struct err *e)
{
	(void)ctx;
	print_message("%s\n%s\n%s\n", e->text, e->where, e->snippet);
}

/* one rule around the detection, whose lines are given without indentation */
static struct rule_set *
rule_with(const char *logsource, const char *detection)
{
	struct slice in = slice_str(detection), line;
	struct rule_set *rs;
	struct buf b;
	struct err e;
	int rc;

	buf_init(&b, 1 << 20);
	buf_printf(&b, "title: t\nname: r\nrole: banner\nlogsource: {%s}\ndetection:\n",
	    logsource);
	while (slice_take_line(&in, &line))
		buf_printf(&b, "  %.*s\n", SLICE_ARG(line));
	buf_puts(&b, "tests:\n  - match: {message: x}\n  - no-match: {message: y}\n");
	rc = rules_load_text("r.yaml", buf_slice(&b), show_fault, NULL, &rs, &e);
	buf_release(&b);
	assert_int_equal(rc, 0);
	return rs;
}

struct hits {
	struct hit hit;
	size_t yes, limit;
};

static int
keep_hit(void *ctx, const struct hit *hit, struct err *e)
{
	struct hits *h = ctx;

	(void)e;
	h->hit = *hit;
	if (hit->limit)
		h->limit++;
	else
		h->yes++;
	return 0;
}

struct matched {
	struct rule_set *rs;
	struct rule_matcher *matcher;
	struct hits hits;
};

static void
match(struct matched *m, const char *logsource, const char *detection, const struct subject *s)
{
	struct err e;

	memset(m, 0, sizeof *m);
	m->rs = rule_with(logsource, detection);
	m->matcher = rule_matcher_new(m->rs);
	assert_int_equal(rule_match(m->matcher, s, keep_hit, &m->hits, &e), 0);
}

static void
release(struct matched *m)
{
	rule_matcher_free(m->matcher);
	rules_free(m->rs);
}

static void
assert_answer(const char *logsource, const char *detection, const struct subject *s, bool want)
{
	struct matched m;

	match(&m, logsource, detection, s);
	if (m.hits.yes != want)
		print_message("%s\n", detection);
	assert_int_equal(m.hits.yes, want);
	assert_int_equal(m.hits.limit, 0);
	release(&m);
}

static void
assert_slice(struct slice got, const char *want)
{
	if (!slice_eqs(got, want))
		print_message("got '%.*s', want '%s'\n", SLICE_ARG(got), want);
	assert_true(slice_eqs(got, want));
}

static const struct entry_field leaves[] = {
	{ { "jsonPayload.code", 16 }, { "12", 2 } },
	{ { "jsonPayload.Load", 16 }, { "0.75", 4 } },
	{ { "jsonPayload.big", 15 }, { "9007199254740993", 16 } },
	{ { "jsonPayload.path", 16 }, { "C:\\logs\\a*b?.txt", 16 } },
	{ { "labels.team", 11 }, { "payments", 8 } },
	{ { "labels.team", 11 }, { "billing", 7 } },
	{ { "jsonPayload.empty", 17 }, { "", 0 } },
};

static const struct request request = {
	.method = { "GET", 3 }, .url = { "https://x.example/pay?a=1", 25 }, .path = { "/pay", 4 },
	.status = 503, .latency_ns = INT64_C(1250000000), .response_size = 0,
};

static const struct audit audit = { .method = { "Services.ReplaceService", 23 } };

static struct entry
entry(void)
{
	return (struct entry){
		.ts_ns = 1, .receive_ns = CLOCK_NONE, .severity = 500, .severity_inferred = true,
		.service = SLICE("checkout-api"), .revision = SLICE("checkout-api-00007-abc"),
		.log = SLICE("run.googleapis.com/stderr"), .payload_kind = PAYLOAD_TEXT,
		.message = SLICE("Error: No module named 'shop.cart'\nGr\xC3\xB6\xC3\x9F""e 7"),
		.field = leaves, .fields = COUNT(leaves),
	};
}

/* entries ------------------------------------------------------------------- */

static const struct {
	const char *detection;
	bool want;
} entry_cases[] = {
	/* plain values: the whole field, case folded, with wildcards */
	{ "a: {service: checkout-api}\ncondition: a", true },
	{ "a: {service: CHECKOUT-API}\ncondition: a", true },
	{ "a: {service: checkout}\ncondition: a", false },
	{ "a: {service: 'checkout*'}\ncondition: a", true },
	{ "a: {service: '*api'}\ncondition: a", true },
	{ "a: {service: '*kout*'}\ncondition: a", true },
	{ "a: {service: 'c*out-*i'}\ncondition: a", true },
	{ "a: {service: 'c*out-*x'}\ncondition: a", false },
	{ "a: {service: '?heckout?ap?'}\ncondition: a", true },
	{ "a: {service: '?????????????i'}\ncondition: a", false },
	{ "a: {service: '*'}\ncondition: a", true },
	{ "a: {service: 'checkout-api*checkout-api'}\ncondition: a", false },
	{ "a: {message: '*Gr??e 7'}\ncondition: a", true },
	{ "a: {message|contains: 'gr?\xC3\x9F""e'}\ncondition: a", true },
	{ "a: {message|contains: 'r???e'}\ncondition: a", false },
	{ "a: {jsonPayload.path: 'C:\\logs\\a\\*b\\?.txt'}\ncondition: a", true },
	{ "a: {jsonPayload.path: 'C:\\\\logs\\a\\*b\\?.txt'}\ncondition: a", true },
	{ "a: {jsonPayload.path|contains: '\\\\*.txt'}\ncondition: a", true },
	{ "a: {jsonPayload.path|contains: 'a\\*.txt'}\ncondition: a", false },
	{ "a: {service: ''}\ncondition: a", false },
	{ "a: {jsonPayload.empty: ''}\ncondition: a", true },
	/* names: any case, several values, nothing under the name */
	{ "a: {JSONPAYLOAD.LOAD: 0.75}\ncondition: a", true },
	{ "a: {labels.team: billing}\ncondition: a", true },
	{ "a: {labels.team: [nobody, payments]}\ncondition: a", true },
	{ "a: {labels.none: billing}\ncondition: a", false },
	{ "a: {resource.labels.service_name: checkout-api}\ncondition: a", true },
	{ "a: {textPayload|startswith: 'error: '}\ncondition: a", true },
	{ "a: {log: run.googleapis.com/stderr, payload.kind: text}\ncondition: a", true },
	/* null, exists */
	{ "a: {instance: null}\ncondition: a", true },
	{ "a: {service: null}\ncondition: a", false },
	{ "a: {jsonPayload.empty: null}\ncondition: a", true },
	{ "a: {service: [null, other]}\ncondition: a", false },
	{ "a: {instance: [null, other]}\ncondition: a", true },
	{ "a: {service|exists: true}\ncondition: a", true },
	{ "a: {service|exists: false}\ncondition: a", false },
	{ "a: {trace|exists: true}\ncondition: a", false },
	{ "a: {trace|exists: false}\ncondition: a", true },
	{ "a: {httpRequest.status|exists: true}\ncondition: a", false },
	/* contains, startswith, endswith, cased, all */
	{ "a: {message|contains: no MODULE}\ncondition: a", true },
	{ "a: {message|contains: no modules}\ncondition: a", false },
	{ "a: {message|contains|cased: No module}\ncondition: a", true },
	{ "a: {message|contains|cased: no module}\ncondition: a", false },
	{ "a: {message|cased|startswith: Error}\ncondition: a", true },
	{ "a: {message|startswith: module}\ncondition: a", false },
	{ "a: {message|endswith: 'e 7'}\ncondition: a", true },
	{ "a: {message|endswith: Gr}\ncondition: a", false },
	{ "a: {service|cased: Checkout-api}\ncondition: a", false },
	{ "a: {message|contains: [nothing, module]}\ncondition: a", true },
	{ "a: {message|contains|all: [nothing, module]}\ncondition: a", false },
	{ "a: {message|contains|all: [error, module]}\ncondition: a", true },
	{ "a: {message|contains: 'module*cart'}\ncondition: a", true },
	{ "a: {message|contains: 'cart*module'}\ncondition: a", false },
	/* neq */
	{ "a: {service|neq: other}\ncondition: a", true },
	{ "a: {service|neq: checkout-api}\ncondition: a", false },
	{ "a: {service|neq: [other, checkout-api]}\ncondition: a", false },
	{ "a: {message|contains|neq: module}\ncondition: a", false },
	/* patterns and their flags */
	{ "a: {message|re: 'No module named .([\\w.]+)'}\ncondition: a", true },
	{ "a: {message|re: 'no module'}\ncondition: a", false },
	{ "a: {message|re|i: 'no module'}\ncondition: a", true },
	{ "a: {message|re: '^Gr'}\ncondition: a", false },
	{ "a: {message|re|m: '^Gr'}\ncondition: a", true },
	{ "a: {message|re: 'cart.*7'}\ncondition: a", false },
	{ "a: {message|re|s: 'cart.*7'}\ncondition: a", true },
	{ "a: {message|re|i|m|s: '^GR\xC3\x96.*7$'}\ncondition: a", true },
	{ "a: {message|re: ['nothing', 'module']}\ncondition: a", true },
	{ "a: {message|re|all: ['nothing', 'module']}\ncondition: a", false },
	{ "a: {message|re|all: ['Error', 'module']}\ncondition: a", true },
	/* numbers */
	{ "a: {jsonPayload.code: 12}\ncondition: a", true },
	{ "a: {jsonPayload.code: 12.0}\ncondition: a", true },
	{ "a: {jsonPayload.code: 1}\ncondition: a", false },
	{ "a: {jsonPayload.code|gt: 9}\ncondition: a", true },
	{ "a: {jsonPayload.code|gt: 12}\ncondition: a", false },
	{ "a: {jsonPayload.code|gte: 12}\ncondition: a", true },
	{ "a: {jsonPayload.code|lt: 100}\ncondition: a", true },
	{ "a: {jsonPayload.code|lt: 12}\ncondition: a", false },
	{ "a: {jsonPayload.code|lte: 12}\ncondition: a", true },
	{ "a: {jsonPayload.load|gt: 0.5}\ncondition: a", true },
	{ "a: {jsonPayload.big: 9007199254740993}\ncondition: a", true },
	{ "a: {jsonPayload.big: 9007199254740992}\ncondition: a", false },
	{ "a: {service|gt: 0}\ncondition: a", false },
	{ "a: {instance|lt: 5}\ncondition: a", false },
	{ "a: {severity: ERROR}\ncondition: a", true },
	{ "a: {severity|gte: 500}\ncondition: a", true },
	{ "a: {severity|gt: 500}\ncondition: a", false },
	{ "a: {severity.inferred: true}\ncondition: a", true },
	/* selections: and, or, keywords */
	{ "a: {service: checkout-api, severity: ERROR}\ncondition: a", true },
	{ "a: {service: checkout-api, severity: INFO}\ncondition: a", false },
	{ "a: [{service: other}, {severity: ERROR}]\ncondition: a", true },
	{ "a: [{service: other}, {severity: INFO}]\ncondition: a", false },
	{ "a: [nothing, 'no module']\ncondition: a", true },
	{ "a: [nothing, nobody]\ncondition: a", false },
	{ "a: [nothing, {service: checkout-api}]\ncondition: a", true },
	{ "a: [nothing, {service: other}]\ncondition: a", false },
	{ "a: {'|all': [error, module]}\ncondition: a", true },
	{ "a: {'|all': [error, nothing]}\ncondition: a", false },
	{ "a: {'|re': 'mod.le'}\ncondition: a", true },
	/* conditions */
	{ "a: [module]\nb: [nothing]\ncondition: a and not b", true },
	{ "a: [module]\nb: [error]\ncondition: a and not b", false },
	{ "a: [nothing]\nb: [error]\ncondition: a or b", true },
	{ "f_a: [nothing]\nf_b: [error]\ncondition: 1 of f_*", true },
	{ "f_a: [nothing]\nf_b: [error]\ncondition: all of f_*", false },
	{ "f_a: [module]\nf_b: [error]\ncondition: all of f_*", true },
	{ "f_a: [module]\nf_b: [error]\ncondition: not 1 of f_*", false },
};

static void
test_matches_entries_as_the_selection_says(void **state)
{
	struct entry e = entry();
	struct subject s;

	(void)state;
	subject_of_entry(&s, &e);
	for (size_t i = 0; i < COUNT(entry_cases); i++)
		assert_answer("product: gcp", entry_cases[i].detection, &s, entry_cases[i].want);
}

static void
test_matches_requests_and_only_them(void **state)
{
	static const struct {
		const char *detection;
		bool want;
	} cases[] = {
		{ "a: {httpRequest.status: 503}\ncondition: a", true },
		{ "a: {httpRequest.status|gte: 500, httpRequest.method: get}\ncondition: a", true },
		{ "a: {httpRequest.status|lt: 500}\ncondition: a", false },
		{ "a: {httpRequest.path: /pay}\ncondition: a", true },
		{ "a: {httpRequest.requestUrl|contains: '/pay?'}\ncondition: a", true },
		{ "a: {httpRequest.url|endswith: 'a=1'}\ncondition: a", true },
		{ "a: {httpRequest.latency|gt: 1.2}\ncondition: a", true },
		{ "a: {httpRequest.latency|gt: 1.25}\ncondition: a", false },
		{ "a: {httpRequest.responseSize: 0}\ncondition: a", true },
		{ "a: {httpRequest.userAgent: null}\ncondition: a", true },
	};
	struct entry plain = entry(), e = entry();
	struct subject s, plain_subject;

	(void)state;
	e.request = &request;
	subject_of_entry(&s, &e);
	subject_of_entry(&plain_subject, &plain);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_answer("category: request", cases[i].detection, &s, cases[i].want);
	/* a request is an entry, but not every entry is a request */
	assert_answer("product: gcp", "a: [module]\ncondition: a", &s, true);
	assert_answer("category: request", "a: [module]\ncondition: a", &s, true);
	assert_answer("category: request", "a: [module]\ncondition: a", &plain_subject, false);
}

static void
test_finds_audit_members_by_their_payload_names(void **state)
{
	struct entry e = entry();
	struct subject s;

	(void)state;
	e.audit = &audit;
	subject_of_entry(&s, &e);
	assert_answer("product: gcp", "a: {protoPayload.methodName|endswith: ReplaceService}\n"
	    "condition: a", &s, true);
	assert_answer("product: gcp", "a: {protoPayload.status.message|exists: true}\ncondition: a",
	    &s, false);
}

/* other subjects ------------------------------------------------------------ */

static void
test_matches_exceptions_by_both_ends_of_the_chain(void **state)
{
	static const struct exception x = {
		.links = 2,
		.link = {
			{ .type = { "ModuleNotFoundError", 19 },
			    .message = { "No module named 'shop'", 22 } },
			{ .type = { "RuntimeError", 12 }, .message = { "start failed", 12 } },
		},
	};
	const struct exception_subject of = { .exception = &x, .service = SLICE("checkout-api"),
		.place = SLICE("shop/app.py:7") };
	static const struct {
		const char *detection;
		bool want;
	} cases[] = {
		{ "a: {type: RuntimeError, message: start failed}\ncondition: a", true },
		{ "a: {type: ModuleNotFoundError}\ncondition: a", false },
		{ "a: {cause.type: ModuleNotFoundError}\ncondition: a", true },
		{ "a: {cause.message|re: 'named .shop'}\ncondition: a", true },
		{ "a: {place|startswith: shop/}\ncondition: a", true },
		{ "a: {service: checkout-api, revision: null}\ncondition: a", true },
		{ "a: [start failed]\ncondition: a", true },
		{ "a: [module]\ncondition: a", false },
	};
	struct subject s;

	(void)state;
	subject_of_exception(&s, &of);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_answer("category: exception", cases[i].detection, &s, cases[i].want);
	assert_answer("product: gcp", "a: [start]\ncondition: a", &s, false);
}

static void
test_matches_results_and_printed_lines_of_tests(void **state)
{
	const struct run run = { 0 };
	const struct test t = { .nodeid = SLICE("tests/test_pay.py::test_pays"),
		.file = SLICE("tests/test_pay.py"), .outcome = TEST_FAILED, .phase = PHASE_SETUP,
		.message = SLICE("ConnectionError: refused") };
	const struct printed out = { .nodeid = SLICE("tests/test_pay.py::test_pays"),
		.section = SLICE("Captured stdout call") };
	const struct line_subject line = { SLICE("token refused: 401"), &out, &run };
	struct subject result, printed;

	(void)state;
	subject_of_test(&result, &t, &run);
	subject_of_line(&printed, &line);
	assert_answer("category: test_output", "a: {outcome: [failed, error], phase: setup}\n"
	    "b: [refused]\ncondition: a and b", &result, true);
	assert_answer("category: test_output", "a: {outcome: passed}\ncondition: a", &result,
	    false);
	assert_answer("category: test_output", "a: {file|endswith: _pay.py}\ncondition: a", &result,
	    true);
	assert_answer("category: test_output", "a: {section|exists: true}\ncondition: a", &result,
	    false);
	assert_answer("category: test_output", "a: {section|endswith: call}\nb: ['401']\n"
	    "c: {nodeid|contains: test_pays}\ncondition: a and b and c", &printed, true);
	assert_answer("category: test_output", "a: {outcome|exists: true}\ncondition: a", &printed,
	    false);
}

/* hits ---------------------------------------------------------------------- */

static void
assert_capture(const struct hit *hit, const char *name, const char *value)
{
	for (size_t i = 0; i < hit->captures; i++) {
		if (!slice_eqs(hit->capture[i].name, name))
			continue;
		assert_slice(hit->capture[i].value, value);
		return;
	}
	fail_msg("no capture %s", name);
}

static void
test_says_which_bytes_of_which_field_matched(void **state)
{
	static const struct {
		const char *detection, *field;
		uint32_t start, end;
	} cases[] = {
		{ "a: {message|re: 'module \\w+'}\ncondition: a", "message", 10, 22 },
		{ "a: {message|contains: module}\ncondition: a", "message", 10, 16 },
		{ "a: {message|contains: 'no*named'}\ncondition: a", "message", 7, 22 },
		{ "a: {message|startswith: error}\ncondition: a", "message", 0, 5 },
		{ "a: {message|endswith: 'e 7'}\ncondition: a", "message", 41, 44 },
		{ "a: [nothing, module]\ncondition: a", "message", 10, 16 },
		{ "a: {service: checkout-api}\ncondition: a", "service", 0, 12 },
		/* the message is preferred, wherever it stands */
		{ "a: {service: 'c*', message|contains: module}\ncondition: a", "message", 10, 16 },
		{ "a: {service: 'check*'}\nb: [module]\ncondition: a and b", "message", 10, 16 },
		/* in the order of the condition */
		{ "a: [module]\nb: [error]\ncondition: b and a", "message", 0, 5 },
		/* what stands below a not is not the evidence */
		{ "a: [nothing]\nb: {service: 'c*'}\ncondition: b and not a", "service", 0, 1 },
		{ "a: [nothing]\ncondition: not a", "message", 0, 0 },
	};
	struct entry e = entry();
	struct matched m;
	struct subject s;

	(void)state;
	subject_of_entry(&s, &e);
	for (size_t i = 0; i < COUNT(cases); i++) {
		match(&m, "product: gcp", cases[i].detection, &s);
		assert_int_equal(m.hits.yes, 1);
		assert_slice(m.hits.hit.field, cases[i].field);
		assert_int_equal(m.hits.hit.start, cases[i].start);
		assert_int_equal(m.hits.hit.end, cases[i].end);
		assert_ptr_equal(m.hits.hit.rule, &m.rs->rule[0]);
		release(&m);
	}
}

static void
test_captures_from_all_patterns_that_matched(void **state)
{
	struct entry e = entry();
	struct matched m;
	struct subject s;

	(void)state;
	subject_of_entry(&s, &e);
	match(&m, "product: gcp",
	    "a: {message|re: 'named .(?<module>[\\w.]+)'}\n"
	    "b: {service|re: '^(?<module>\\w+)-(?<kind>\\w+)'}\n"
	    "c: {revision|re: '-(?<number>\\d+)-(?<unset>x)?'}\n"
	    "d: {revision|re: 'nothing (?<other>x)'}\n"
	    "condition: (a or b or d) and c", &s);
	assert_int_equal(m.hits.yes, 1);
	assert_int_equal(m.hits.hit.captures, 3);
	assert_capture(&m.hits.hit, "module", "shop.cart");
	assert_capture(&m.hits.hit, "kind", "api");
	assert_capture(&m.hits.hit, "number", "00007");
	assert_int_equal(m.rs->rule[0].captures, 5);
	release(&m);

	/* one name for the group of whichever branch matched */
	match(&m, "product: gcp",
	    "a: {message|re: '(?|package (?<module>\\w+)|named .(?<module>\\w+))'}\n"
	    "b: {message|re: '(?J)(?:package (?<what>\\w+)|named .(?<what>\\w+))'}\n"
	    "condition: a and b", &s);
	assert_int_equal(m.hits.hit.captures, 2);
	assert_capture(&m.hits.hit, "module", "shop");
	assert_capture(&m.hits.hit, "what", "shop");
	release(&m);
}

/* what a pattern could not decide ------------------------------------------- */

static void
test_reports_a_limit_only_where_the_answer_depends_on_it(void **state)
{
	static const char slow[] = "slow: {message|re: '^(a|a)+$'}\nyes: {message|startswith: a}\n"
	    "no: [nothing]\n";
	static const struct {
		const char *condition;
		size_t yes, limit;
	} cases[] = {
		{ "slow and yes and not no", 0, 1 },
		{ "slow and no or slow and yes", 0, 1 },
		{ "not slow and yes and not no", 0, 1 },
		{ "yes and (slow or not slow) and not no", 0, 1 },
		{ "slow or yes or no", 1, 0 },
		{ "slow and no and yes", 0, 0 },
		{ "not (slow or yes) or no", 0, 0 },
	};
	struct entry e = entry();
	char text[64], detection[512];
	struct matched m;
	struct subject s;

	(void)state;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = 'b';
	e.message = slice_of(text, sizeof text);
	subject_of_entry(&s, &e);
	for (size_t i = 0; i < COUNT(cases); i++) {
		/* every selection has to be used, so the condition may name them in vain */
		snprintf(detection, sizeof detection, "%scondition: (%s) and not (yes and no)",
		    slow, cases[i].condition);
		match(&m, "product: gcp", detection, &s);
		assert_int_equal(m.hits.yes, cases[i].yes);
		assert_int_equal(m.hits.limit, cases[i].limit);
		if (m.hits.limit) {
			assert_slice(m.hits.hit.field, "message");
			assert_int_equal(m.hits.hit.captures, 0);
		}
		release(&m);
	}
}

static int
refuse_hit(void *ctx, const struct hit *hit, struct err *e)
{
	(void)hit;
	++*(int *)ctx;
	return err_set(e, ERR_DB, "no room");
}

static void
test_stops_when_the_caller_fails(void **state)
{
	struct rule_set *rs = rule_with("product: gcp", "a: [module]\ncondition: a");
	struct rule_matcher *m = rule_matcher_new(rs);
	struct entry e = entry();
	struct subject s;
	struct err err;
	int calls = 0;

	(void)state;
	subject_of_entry(&s, &e);
	assert_int_equal(rule_match(m, &s, refuse_hit, &calls, &err), -1);
	assert_int_equal(calls, 1);
	assert_string_equal(err.text, "no room");
	rule_matcher_free(m);
	rules_free(rs);
}

static void
test_knows_which_subjects_are_wanted(void **state)
{
	struct rule_set *rs = rule_with("product: gcp", "a: [module]\ncondition: a");

	(void)state;
	assert_true(rules_want(rs, SUBJECT_ENTRY));
	assert_true(rules_want(rs, SUBJECT_REQUEST));
	assert_false(rules_want(rs, SUBJECT_EXCEPTION));
	assert_false(rules_want(rs, SUBJECT_TEST));
	rules_free(rs);
	rs = rule_with("category: request", "a: [module]\ncondition: a");
	assert_false(rules_want(rs, SUBJECT_ENTRY));
	assert_true(rules_want(rs, SUBJECT_REQUEST));
	rules_free(rs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches_entries_as_the_selection_says),
		cmocka_unit_test(test_matches_requests_and_only_them),
		cmocka_unit_test(test_finds_audit_members_by_their_payload_names),
		cmocka_unit_test(test_matches_exceptions_by_both_ends_of_the_chain),
		cmocka_unit_test(test_matches_results_and_printed_lines_of_tests),
		cmocka_unit_test(test_says_which_bytes_of_which_field_matched),
		cmocka_unit_test(test_captures_from_all_patterns_that_matched),
		cmocka_unit_test(test_reports_a_limit_only_where_the_answer_depends_on_it),
		cmocka_unit_test(test_stops_when_the_caller_fails),
		cmocka_unit_test(test_knows_which_subjects_are_wanted),
	};

	return cmocka_run_group_tests_name("rule_match", tests, NULL, NULL);
}
