/*
 * fuzz_rules.c - rule documents of unknown origin: load them, and when they load,
 * run their examples and match one fixed record of each kind.
 */
#include "config.h"

#include <stdlib.h>

#include "rule/rules.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_fault(void *ctx, const struct err *e)
{
	size_t *faults = ctx;

	++*faults;
	if (e->code == ERR_NONE || !*e->text || !*e->where)
		abort();
}

/* what a hit says must lie inside the record */
static int
check_hit(void *ctx, const struct hit *hit, struct err *e)
{
	const struct subject *s = ctx;

	(void)e;
	if (hit->start > hit->end || hit->captures > HIT_CAPTURES)
		abort();
	if (slice_eqs(hit->field, "message") && hit->end > s->message.n)
		abort();
	return 0;
}

static void
match(struct rule_matcher *m, const struct subject *s)
{
	struct err e;

	if (rule_match(m, s, check_hit, (void *)(uintptr_t)s, &e) != 0)
		abort();
}

static void
match_entries(struct rule_matcher *m)
{
	static const struct entry_field leaf[] = {
		{ { "jsonPayload.code", 16 }, { "12", 2 } },
		{ { "labels.team", 11 }, { "payments", 8 } },
	};
	const struct request request = { .method = SLICE("GET"), .path = SLICE("/pay"),
		.status = 503, .latency_ns = 1250000000, .response_size = -1 };
	struct entry e = {
		.message = SLICE("Error: No module named 'shop.cart'\nGr\xC3\xB6\xC3\x9F""e \xFF"),
		.receive_ns = CLOCK_NONE, .severity = 500, .service = SLICE("checkout-api"),
		.payload_kind = PAYLOAD_JSON, .field = leaf, .fields = 2,
	};
	struct subject s;

	subject_of_entry(&s, &e);
	match(m, &s);
	e.request = &request;
	subject_of_entry(&s, &e);
	match(m, &s);
}

static void
match_others(struct rule_matcher *m)
{
	const struct exception x = { .links = 2, .link = {
		{ .type = SLICE("ImportError"), .message = SLICE("No module named 'shop'") },
		{ .type = SLICE("RuntimeError"), .message = SLICE("start failed") } } };
	const struct exception_subject of = { .exception = &x, .place = SLICE("shop/app.py:7") };
	const struct run run = { .framework = SLICE("pytest 8.4.1") };
	const struct test t = { .nodeid = SLICE("a.py::b"), .outcome = TEST_FAILED,
		.message = SLICE("AssertionError: 401") };
	const struct printed out = { .section = SLICE("stdout") };
	const struct line_subject line = { SLICE("token refused: 401"), &out, &run };
	struct subject s;

	subject_of_exception(&s, &of);
	match(m, &s);
	subject_of_test(&s, &t, &run);
	match(m, &s);
	subject_of_line(&s, &line);
	match(m, &s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rule_test_result result;
	struct rule_matcher *m;
	struct rule_set *rs;
	size_t faults = 0;
	struct err e;

	if (rules_load_text("fuzz.yaml", slice_of((const char *)data, size), check_fault, &faults,
	    &rs, &e) != 0) {
		if (faults == 0 || rs)
			abort();
		return 0;
	}
	if (faults)
		abort();
	m = rule_matcher_new(rs);
	match_entries(m);
	match_others(m);
	rule_matcher_free(m);
	rules_test(rs, check_fault, &faults, &result, &e);
	rules_free(rs);
	return 0;
}
