/* failed starts of instances: their intervals, causes, requests and whys */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "evidence_kit.h"

static struct kit *
start_kit(void)
{
	struct kit *k = kit_new();
	struct rule *r;

	kit_rule(k, "begin", ROLE_START, PRIORITY_P3);
	kit_rule(k, "boot_failed", ROLE_START_FAILURE, PRIORITY_P1);
	kit_rule(k, "exit", ROLE_EXIT, PRIORITY_P3);
	kit_rule(k, "noise", ROLE_BANNER, PRIORITY_P3);
	kit_rule(k, "bad_gateway", ROLE_SYMPTOM, PRIORITY_P3);
	r = kit_rule(k, "secret_missing", ROLE_CAUSE, PRIORITY_P1);
	r->says = SLICE("${service} has no ${what}");
	r = kit_rule(k, "module_missing", ROLE_CAUSE, PRIORITY_P0);
	r->subject = SUBJECT_EXCEPTION;
	r->issue = SLICE("#12");
	r->remediation = SLICE("put ${module} into ${revision}");
	r->ask = SLICE("Is ${module} in the image?");
	r->collect = SLICE("look --service '${service}' --before '${to}'");
	return k;
}

static size_t
failed_start(struct kit *k, int64_t ts_ns, const char *instance)
{
	size_t n = kit_entry(k, ts_ns, instance, "Worker failed to boot.");

	kit_hit(k, "boot_failed", n);
	return n;
}

/* a whole failed start: banner, chained traceback in three entries, failure; its first handle */
static size_t
crash(struct kit *k, int64_t ts_ns, const char *instance)
{
	size_t n = kit_entry(k, ts_ns, instance, "starting up"), x;

	kit_at(k, n)->severity = 400;
	kit_hit(k, "noise", n);
	kit_entry(k, ts_ns + 1000, instance, "Traceback (most recent call last):");
	kit_entry(k, ts_ns + 2000, instance, "During handling of the above exception");
	kit_entry(k, ts_ns + 3000, instance, "Traceback (most recent call last):");
	x = kit_exception(k, n + 1, "ModuleNotFoundError", "No module named 'shop.tax'");
	k->exception[x].x.quote_start = 10;
	k->exception[x].x.quote_end = 30;
	k->exception[x].quote = 0;
	kit_link(k, x, n + 2, "RuntimeError", "set-up failed");
	k->exception[x].part[k->exception[x].x.events++] = n + 3;
	kit_capture(k, kit_exception_hit(k, "module_missing", x), "module", "shop.tax");
	failed_start(k, ts_ns + 4 * CLOCK_NS_PER_S, instance);
	return n;
}

/* three crashes of one cause; requests: two held, one of an instance still starting, one healthy */
struct loop {
	struct kit *k;
	size_t crash[3], held[2], open, later, exit;
};

static struct loop
crash_loop(void)
{
	struct loop l = { .k = start_kit() };

	l.crash[0] = crash(l.k, AT(10), "z");	/* names do not follow time */
	l.crash[1] = crash(l.k, AT(20), "b");
	l.crash[2] = crash(l.k, AT(30), "c");
	l.held[0] = kit_request(l.k, AT(31), AT(33), "c", 503);
	l.held[1] = kit_request(l.k, AT(19), AT(40), "b", 503);
	kit_hit(l.k, "bad_gateway", l.held[1]);
	l.open = kit_request(l.k, AT(36), AT(37), "d", 503);
	l.later = kit_request(l.k, AT(500), AT(501), "d", 503);
	l.exit = kit_entry(l.k, AT(35), "c", "Container called exit(3).");
	kit_at(l.k, l.exit)->severity = 400;
	kit_hit(l.k, "exit", l.exit);
	kit_quiet(l.k, AT(36), "d");
	return l;
}

static void
test_crash_loop_is_one_incident(void **state)
{
	struct loop l = crash_loop();
	struct kit *k = l.k;
	const struct incident *in;
	size_t i;

	(void)state;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);	/* and the request eight minutes later */
	in = &k->incident[0];
	assert_int_equal(in->class, INCIDENT_START_FAILURE);
	assert_int_equal(in->priority, PRIORITY_P0);
	assert_int_equal(in->occurrences, 3);
	assert_int_equal(in->entries, 3 * 5 + 3);	/* the open request is not counted */
	assert_int_equal(in->requests_joined, 2);
	assert_int_equal(in->requests_open, 1);
	assert_true(slice_eqs(in->title, "shop fails to start: ModuleNotFoundError: "
	    "No module named 'shop.tax'"));
	assert_true(slice_eqs(in->rule, "module_missing"));
	assert_true(slice_eqs(in->issue, "#12"));
	assert_true(slice_eqs(in->remediation, "put shop.tax into shop-001"));
	assert_true(slice_eqs(in->cause_type, "ModuleNotFoundError"));
	assert_true(slice_eqs(in->cause_place, "app/main.py:7"));
	assert_int_equal(in->cause_signature_id, 77);
	assert_true(in->first_ns == AT(10));
	assert_true(in->last_ns == AT(35));
	for (i = 0; i < 3; i++) {
		assert_true(kit_is(k, in, l.crash[i], MEMBER_BANNER, BASIS_PROVED));
		assert_true(kit_is(k, in, l.crash[i] + 1, MEMBER_CAUSE, BASIS_PROVED));
		assert_true(kit_is(k, in, l.crash[i] + 2, MEMBER_SYMPTOM, BASIS_PROVED));
		assert_true(kit_is(k, in, l.crash[i] + 4, MEMBER_FAILURE, BASIS_PROVED));
		assert_int_equal(kit_member(k, in, l.crash[i] + 1)->occurrence, (long)i + 1);
		assert_int_equal(kit_member(k, in, l.crash[i] + 1)->start, 10);
		assert_int_equal(kit_member(k, in, l.crash[i] + 1)->end, 30);
	}
	assert_true(kit_is(k, in, l.held[0], MEMBER_REQUEST, BASIS_PROVED));
	assert_int_equal(kit_member(k, in, l.held[0])->occurrence, 3);
	assert_true(kit_is(k, in, l.held[1], MEMBER_REQUEST, BASIS_PROVED));
	assert_int_equal(kit_member(k, in, l.held[1])->occurrence, 2);
	assert_true(kit_is(k, in, l.open, MEMBER_REQUEST, BASIS_CO_OCCURS));
	assert_int_equal(kit_member(k, in, l.open)->occurrence, 0);
	assert_true(kit_is(k, in, l.exit, MEMBER_EXIT, BASIS_PROVED));
	assert_null(kit_member(k, in, l.later));
	kit_free(k);
}

static void
test_members_are_sorted_by_role_then_time(void **state)
{
	struct loop l = crash_loop();
	const struct incident *in;
	size_t i;

	(void)state;
	l.k->seed = 3;
	assert_int_equal(kit_reason(l.k), 0);
	in = &l.k->incident[0];
	for (i = 1; i < in->members; i++) {
		const struct member *a = &in->member[i - 1], *b = &in->member[i];

		assert_true(a->role <= b->role);
		if (a->role != b->role || a->basis != b->basis)
			continue;
		assert_true(l.k->set.event[a->event_id - 1].ts_ns <=
		    l.k->set.event[b->event_id - 1].ts_ns);
	}
	kit_free(l.k);
}

static void
test_whys_of_the_crash_loop_end_where_evidence_ends(void **state)
{
	struct loop l = crash_loop();
	struct kit *k = l.k;
	const struct why *w;

	(void)state;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incident[0].whys, 5);
	w = k->incident[0].why;
	assert_true(slice_eqs(w[0].question, "Why do clients of shop get errors?"));
	assert_true(slice_eqs(w[0].answer, "Their requests are answered with HTTP 503"));
	assert_int_equal(w[0].basis, WHY_STATED);
	assert_int_equal(w[0].of, 0);
	assert_int_equal(w[0].events, 2);
	assert_int_equal(w[0].event_id[0], k->event[l.held[1]].id);	/* the oldest */
	assert_true(slice_eqs(w[1].question, "Why are they answered with HTTP 503?"));
	assert_true(slice_eqs(w[1].answer, "The instance that held the request failed to start"));
	assert_int_equal(w[1].basis, WHY_PROVED);
	assert_int_equal(w[1].count, 2);
	assert_int_equal(w[1].of, 3);
	/* the failure lines of those instances, not of any instance */
	assert_int_equal(w[1].events, 2);
	assert_true(kit_cites(k, &w[1], l.crash[1] + 4));
	assert_true(kit_cites(k, &w[1], l.crash[2] + 4));
	assert_true(slice_eqs(w[2].question, "Why did the instance fail to start?"));
	assert_true(slice_eqs(w[2].answer, "RuntimeError: set-up failed, raised at app/wrap.py:9"));
	assert_int_equal(w[2].basis, WHY_PROVED);
	assert_int_equal(w[2].count, 3);
	assert_int_equal(w[2].of, 3);
	assert_int_equal(w[2].events, 1);
	assert_true(kit_cites(k, &w[2], l.crash[0] + 3));
	assert_true(slice_eqs(w[3].question, "Why was RuntimeError raised?"));
	assert_true(slice_eqs(w[3].mechanism, "one exception chain"));
	assert_int_equal(w[3].of, 0);
	assert_true(kit_cites(k, &w[3], l.crash[0] + 1));
	assert_true(slice_eqs(w[4].question, "Is shop.tax in the image?"));
	assert_int_equal(w[4].basis, WHY_NEEDS_EVIDENCE);
	assert_int_equal(w[4].events, 0);
	assert_true(slice_eqs(w[4].collect,
	    "look --service 'shop' --before '2025-09-16T01:45:35Z'"));
	kit_free(k);
}

static void
test_a_rule_without_a_command_gets_one(void **state)
{
	struct loop l = crash_loop();
	const struct why *w;

	(void)state;
	kit_find_rule(l.k, "module_missing")->ask = SLICE("");
	kit_find_rule(l.k, "module_missing")->collect = SLICE("");
	assert_int_equal(kit_reason(l.k), 0);
	w = &l.k->incident[0].why[4];
	assert_true(slice_eqs(w->question, "Why was ModuleNotFoundError raised?"));
	assert_true(slice_eqs(w->collect, "gcloud logging read "
	    "'resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"shop\""
	    " AND resource.labels.revision_name!=\"shop-001\""
	    " AND timestamp<\"2025-09-16T01:45:35Z\"' --project=demo --freshness=7d --order=desc"
	    " --limit=2000 --format=json"));
	kit_free(l.k);
}

static void
test_whys_without_requests_begin_with_the_failed_starts(void **state)
{
	struct kit *k = start_kit();
	const struct why *w;
	size_t f;

	(void)state;
	f = failed_start(k, AT(1), "a");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_true(slice_eqs(k->incident[0].title, "shop fails to start: title of boot_failed"));
	w = k->incident[0].why;
	assert_int_equal(k->incident[0].whys, 2);
	assert_true(slice_eqs(w[0].question, "Why is shop not up?"));
	assert_true(kit_cites(k, &w[0], f));
	assert_true(slice_eqs(w[1].question, "Why did the instance fail to start?"));
	assert_int_equal(w[1].basis, WHY_NEEDS_EVIDENCE);
	assert_true(kit_has(w[1].collect, "gcloud logging read"));
	kit_free(k);
}

static void
test_an_exit_long_after_is_another_matter(void **state)
{
	static const struct {
		double after_s;
		bool part;
	} cases[] = { { 0, true }, { 5, true }, { 5.1, false }, { 600, false } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = start_kit();
		size_t exit_line;

		failed_start(k, AT(10), "a");
		exit_line = kit_entry(k, AT(10 + cases[i].after_s), "a",
		    "Container called exit(3).");
		kit_hit(k, "exit", exit_line);
		assert_int_equal(kit_reason(k), 0);
		assert_int_equal(k->incidents, cases[i].part ? 1 : 2);
		assert_int_equal(kit_is(k, kit_incident(k, "|boot_failed"), exit_line, MEMBER_EXIT,
		    BASIS_PROVED), cases[i].part);
		kit_free(k);
	}
}

static void
test_counts_the_failed_starts_of_one_instance(void **state)
{
	static const struct {
		const char *name;
		struct {
			double at;
			char what;		/* S start, F failure, X exit; 0 ends */
		} line[6];
		long starts;
	} cases[] = {
		{ "one failure", { { 1, 'F' } }, 1 },
		{ "failure lines close together", { { 1, 'F' }, { 3, 'F' }, { 6, 'F' } }, 1 },
		{ "a chain of close lines", { { 1, 'F' }, { 6, 'F' }, { 11, 'F' } }, 1 },
		{ "separated by time", { { 1, 'F' }, { 7, 'F' } }, 2 },
		{ "separated by a start line", { { 1, 'F' }, { 2, 'S' }, { 3, 'F' } }, 2 },
		{ "a start line at the same time", { { 1, 'F' }, { 1, 'S' }, { 1, 'F' } }, 2 },
		{ "two start lines before", { { 1, 'S' }, { 2, 'S' }, { 3, 'F' } }, 1 },
		{ "an exit extends the cluster", { { 1, 'F' }, { 5, 'X' }, { 9, 'F' } }, 1 },
		{ "an exit ends what ran", { { 1, 'S' }, { 60, 'X' }, { 61, 'F' } }, 1 },
		{ "an exit alone is no failed start", { { 1, 'S' }, { 2, 'X' } }, 0 },
		{ "a start alone is none", { { 1, 'S' } }, 0 },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = start_kit();
		const struct incident *in;

		for (j = 0; cases[i].line[j].what; j++) {
			size_t n = kit_entry(k, AT(cases[i].line[j].at), "a", "a line");

			kit_hit(k, cases[i].line[j].what == 'S' ? "begin" :
			    cases[i].line[j].what == 'X' ? "exit" : "boot_failed", n);
		}
		assert_int_equal(kit_reason(k), 0);
		in = kit_incident(k, "start failure|shop|boot_failed");
		if ((in ? in->occurrences : 0) != cases[i].starts)
			fail_msg("%s: %ld starts", cases[i].name, in ? in->occurrences : 0);
		kit_free(k);
	}
}

static void
test_begins_a_start_with_what_is_known_of_it(void **state)
{
	static const struct {
		const char *name;
		double first, begin, failure;	/* -1: no such line */
		double before, inside;	/* ERROR entries: not part of it, and part of it */
	} cases[] = {
		{ "with its first entry", 1, -1, 50, -1, 2 },
		{ "not more than 240 s before", 1, -1, 1000, 750, 770 },
		{ "with the start line of an old instance", 1, 990, 1000, 985, 992 },
		{ "an old start line begins nothing", 1, 2, 1000, 750, 770 },
		{ "with the first entry of a young instance", 1, 40, 50, -1, 20 },
		{ "with the failure itself", -1, -1, 50, -1, 50 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = start_kit();
		size_t before = 0, inside;
		const struct incident *in;

		if (cases[i].first >= 0)
			kit_quiet(k, AT(cases[i].first), "a");
		if (cases[i].begin >= 0)
			kit_hit(k, "begin", kit_entry(k, AT(cases[i].begin), "a", "Booting"));
		if (cases[i].before >= 0)
			before = kit_entry(k, AT(cases[i].before), "a", "before");
		inside = kit_entry(k, AT(cases[i].inside), "a", "inside");
		failed_start(k, AT(cases[i].failure), "a");
		assert_int_equal(kit_reason(k), 0);
		in = kit_incident(k, "|boot_failed");
		if (!kit_is(k, in, inside, MEMBER_SYMPTOM, BASIS_PROVED))
			fail_msg("%s: not part of it", cases[i].name);
		if (cases[i].before >= 0 && kit_member(k, in, before))
			fail_msg("%s: part of it", cases[i].name);
		kit_free(k);
	}
}

static void
test_a_second_start_begins_after_the_first_failure(void **state)
{
	struct kit *k = start_kit();
	size_t between, x;

	(void)state;
	failed_start(k, AT(10), "a");
	between = kit_entry(k, AT(20), "a", "Traceback");
	x = kit_exception(k, between, "ValueError", "bad port");
	failed_start(k, AT(30), "a");
	(void)x;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	assert_int_equal(kit_incident(k, "|boot_failed")->occurrences, 1);
	assert_int_equal(kit_incident(k, "|ValueError: bad port")->occurrences, 1);
	assert_true(kit_is(k, kit_incident(k, "|ValueError: bad port"), between, MEMBER_CAUSE,
	    BASIS_PROVED));
	kit_free(k);
}

static void
test_what_follows_a_failure_is_not_of_the_next_start(void **state)
{
	struct kit *k = start_kit();
	size_t trailing, inside;

	(void)state;
	failed_start(k, AT(10), "a");
	trailing = kit_entry(k, AT(20), "a", "cannot flush metrics");
	kit_hit(k, "begin", kit_entry(k, AT(25), "a", "Booting"));
	inside = kit_entry(k, AT(26), "a", "cannot read settings");
	failed_start(k, AT(30), "a");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incident[0].occurrences, 2);
	assert_null(kit_member(k, &k->incident[0], trailing));
	assert_int_equal(kit_member(k, &k->incident[0], inside)->occurrence, 2);
	kit_free(k);
}

static void
test_a_failure_without_an_instance_is_an_incident_of_its_rule(void **state)
{
	struct kit *k = start_kit();
	const struct incident *in;
	size_t f;

	(void)state;
	f = failed_start(k, AT(10), "");
	failed_start(k, AT(300), "");
	kit_entry(k, AT(9), "", "some error");
	assert_int_equal(kit_reason(k), 0);
	in = &k->incident[0];
	assert_int_equal(k->incidents, 2);
	assert_int_equal(in->class, INCIDENT_START_FAILURE);
	assert_int_equal(in->occurrences, 2);
	assert_int_equal(in->entries, 2);
	assert_true(kit_is(k, in, f, MEMBER_FAILURE, BASIS_RULE));
	assert_int_equal(in->whys, 2);
	assert_true(kit_cites(k, &in->why[0], f));	/* no statement without evidence */
	assert_int_equal(k->incident[1].class, INCIDENT_UNKNOWN);
	kit_free(k);
}

static void
test_two_causes_in_one_window_are_two_incidents(void **state)
{
	struct kit *k = start_kit();
	const struct incident *tax, *port;
	size_t bad;

	(void)state;
	crash(k, AT(10), "a");
	crash(k, AT(11), "c");
	bad = kit_entry(k, AT(10.5), "b", "Traceback");
	kit_exception(k, bad, "ValueError", "bad port");
	failed_start(k, AT(12), "b");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	tax = kit_incident(k, "No module named 'shop.tax'");
	port = kit_incident(k, "|ValueError: bad port");
	assert_int_equal(tax->occurrences, 2);
	assert_int_equal(port->occurrences, 1);
	assert_int_equal(port->class, INCIDENT_START_FAILURE);
	assert_null(kit_member(k, tax, bad));
	kit_free(k);
}

static void
test_a_cause_rule_explains_a_start_without_an_exception(void **state)
{
	struct kit *k = start_kit();
	const struct incident *in;
	size_t n, f;

	(void)state;
	n = kit_entry(k, AT(1), "a", "SECRET_KEY is not set");
	kit_capture(k, kit_hit(k, "secret_missing", n), "what", "SECRET_KEY");
	f = failed_start(k, AT(2), "a");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	in = &k->incident[0];
	assert_true(slice_eqs(in->key, "start failure|shop|secret_missing"));
	assert_true(slice_eqs(in->rule, "secret_missing"));
	assert_true(slice_eqs(in->title, "shop fails to start: title of secret_missing"));
	assert_true(kit_is(k, in, n, MEMBER_CAUSE, BASIS_PROVED));
	assert_true(kit_is(k, in, f, MEMBER_FAILURE, BASIS_PROVED));
	assert_int_equal(in->whys, 3);
	assert_true(slice_eqs(in->why[1].answer, "shop has no SECRET_KEY"));
	assert_int_equal(in->why[1].basis, WHY_PROVED);
	assert_true(kit_cites(k, &in->why[1], n));
	kit_free(k);
}

static void
test_the_last_exception_before_the_failure_is_the_cause(void **state)
{
	struct kit *k = start_kit();
	const struct incident *in;
	size_t handled, last, ending;

	(void)state;
	handled = kit_entry(k, AT(1), "a", "Traceback");
	kit_exception(k, handled, "TimeoutError", "cache is slow");
	last = kit_entry(k, AT(8), "a", "Traceback");
	kit_exception(k, last, "ValueError", "bad port");
	failed_start(k, AT(9), "a");
	ending = kit_entry(k, AT(9.5), "a", "Traceback");
	kit_exception(k, ending, "CancelledError", "shutting down");
	kit_hit(k, "exit", kit_entry(k, AT(10), "a", "Container called exit(1)."));
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	in = &k->incident[0];
	assert_true(slice_eqs(in->cause_type, "ValueError"));
	assert_true(kit_is(k, in, handled, MEMBER_SYMPTOM, BASIS_PROVED));
	assert_true(kit_is(k, in, last, MEMBER_CAUSE, BASIS_PROVED));
	assert_true(kit_is(k, in, ending, MEMBER_SYMPTOM, BASIS_PROVED));
	kit_free(k);
}

static void
test_an_exception_right_behind_the_failure_is_its_cause_too(void **state)
{
	struct kit *k = start_kit();
	size_t first;

	(void)state;
	failed_start(k, AT(9), "a");
	first = kit_entry(k, AT(9.2), "a", "Traceback");
	kit_exception(k, first, "ValueError", "bad port");
	kit_exception(k, kit_entry(k, AT(9.5), "a", "Traceback"), "CancelledError",
	    "shutting down");
	kit_hit(k, "exit", kit_entry(k, AT(10), "a", "Container called exit(1)."));
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_true(kit_is(k, &k->incident[0], first, MEMBER_CAUSE, BASIS_PROVED));
	kit_free(k);
}

static void
test_a_survived_cause_does_not_name_the_incident(void **state)
{
	struct kit *k = start_kit();
	size_t survived, n;

	(void)state;
	/* of higher priority and earlier in the alphabet than the rule of the real cause */
	kit_rule(k, "a_cache_refused", ROLE_CAUSE, PRIORITY_P0);
	survived = kit_entry(k, AT(9), "a", "cache refused, going on without");
	kit_hit(k, "a_cache_refused", survived);
	n = crash(k, AT(10), "a");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_true(slice_eqs(k->incident[0].rule, "module_missing"));
	assert_true(kit_is(k, &k->incident[0], survived, MEMBER_SYMPTOM, BASIS_PROVED));
	assert_true(kit_is(k, &k->incident[0], n + 1, MEMBER_CAUSE, BASIS_PROVED));
	kit_free(k);
}

static void
test_a_request_that_two_rules_hit_is_one_request(void **state)
{
	struct kit *k = start_kit();
	size_t held, open;

	(void)state;
	kit_rule(k, "other_gateway", ROLE_SYMPTOM, PRIORITY_P3);
	crash(k, AT(10), "a");
	held = kit_request(k, AT(11), AT(12), "a", 503);
	open = kit_request(k, AT(12), AT(13), "b", 503);
	kit_hit(k, "bad_gateway", held);
	kit_hit(k, "other_gateway", held);
	kit_hit(k, "bad_gateway", open);
	kit_hit(k, "other_gateway", open);
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_int_equal(k->incident[0].requests_joined, 1);
	assert_int_equal(k->incident[0].requests_open, 1);
	assert_int_equal(k->incident[0].why[1].count, 1);
	assert_int_equal(k->incident[0].why[1].of, 2);
	kit_free(k);
}

static void
test_open_requests_are_of_the_same_service_revision_and_time(void **state)
{
	static const struct {
		const char *name, *service, *revision;
		double from, to;
		int status;
		bool open;
	} cases[] = {
		{ "within", "shop", "shop-001", 12, 13, 503, true },
		{ "reaches into it", "shop", "shop-001", 1, 10.5, 503, true },
		{ "one start behind it", "shop", "shop-001", 17, 18, 503, true },
		{ "before it", "shop", "shop-001", 1, 2, 503, false },
		{ "long behind it", "shop", "shop-001", 19, 20, 503, false },
		{ "another revision", "shop", "shop-002", 12, 13, 503, false },
		{ "another service", "cart", "shop-001", 12, 13, 503, false },
		{ "a client's fault", "shop", "shop-001", 12, 13, 404, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = start_kit();
		size_t n;

		crash(k, AT(10), "a");		/* to 14 s */
		n = kit_request(k, AT(cases[i].from), AT(cases[i].to), "z", cases[i].status);
		kit_at(k, n)->service = slice_str(cases[i].service);
		kit_at(k, n)->revision = slice_str(cases[i].revision);
		assert_int_equal(kit_reason(k), 0);
		if (kit_is(k, &k->incident[0], n, MEMBER_REQUEST, BASIS_CO_OCCURS) != cases[i].open)
			fail_msg("%s", cases[i].name);
		kit_free(k);
	}
}

static void
test_open_requests_of_every_revision_are_listed(void **state)
{
	struct kit *k = start_kit();
	size_t n, i, open;

	(void)state;
	n = crash(k, AT(10), "a");
	for (i = n; i < k->set.events; i++)
		kit_at(k, i)->revision = SLICE("shop-000");
	crash(k, AT(100), "b");
	open = kit_request(k, AT(12), AT(13), "z", 503);
	kit_at(k, open)->revision = SLICE("shop-000");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_int_equal(k->incident[0].requests_open, 1);
	assert_true(slice_eqs(k->incident[0].revision, "shop-001"));	/* the newest */
	kit_free(k);
}

static void
test_what_is_proved_elsewhere_does_not_co_occur(void **state)
{
	struct kit *k = start_kit();
	size_t request, raised;

	(void)state;
	crash(k, AT(10), "a");
	request = kit_request(k, AT(11), AT(12), "ready", 500);
	raised = kit_entry(k, AT(11.5), "ready", "Traceback");
	kit_at(k, request)->trace = SLICE("t1");
	kit_at(k, raised)->trace = SLICE("t1");
	kit_exception(k, raised, "KeyError", "'price'");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 2);
	assert_int_equal(k->incident[0].requests_open, 0);
	assert_true(kit_is(k, kit_incident(k, "|KeyError: 'price'"), request, MEMBER_REQUEST,
	    BASIS_PROVED));
	kit_free(k);
}

static void
test_names_each_status_that_clients_saw(void **state)
{
	static const struct {
		int status[6];
		const char *answer;
	} cases[] = {
		{ { 503 }, "Their requests are answered with HTTP 503" },
		{ { 503, 500 }, "Their requests are answered with HTTP 500 and 503" },
		{ { 503, 502, 500, 503 },
		    "Their requests are answered with HTTP 500, 502 and 503" },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = start_kit();

		crash(k, AT(10), "a");
		for (j = 0; cases[i].status[j]; j++)
			kit_request(k, AT(11), AT(12), "a", cases[i].status[j]);
		assert_int_equal(kit_reason(k), 0);
		assert_true(slice_eqs(k->incident[0].why[0].answer, cases[i].answer));
		kit_free(k);
	}
}

static void
test_log_text_never_ends_a_shell_word(void **state)
{
	static const char *const hostile[] = {
		"x\"; rm -rf ~; \"", "$(id)", "`id`", "a\nb", "a'b", "--help", "a b", "\xff\xfe",
		"${project}", "$HOME", "a;b", "a|b", "a&b", "a>b", "a<b", "a*b", "a?b", "a[b",
		"a\\b", "a!b", "a(b", "~a", "a#b", "a%b", "a{b", "a=b", "a\tb"
	};
	size_t i, own;

	(void)state;
	for (i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
		for (own = 0; own < 2; own++) {
			struct loop l = crash_loop();
			const struct incident *in;
			struct slice collect;
			size_t e;

			for (e = 0; e < l.k->set.events; e++) {
				kit_at(l.k, e)->service = slice_str(hostile[i]);
				kit_at(l.k, e)->revision = slice_str(hostile[i]);
				kit_at(l.k, e)->project = slice_str(hostile[i]);
			}
			if (own)	/* the command of the program instead of the rule's */
				kit_find_rule(l.k, "module_missing")->collect = SLICE("");
			assert_int_equal(kit_reason(l.k), 0);
			in = &l.k->incident[0];
			assert_int_equal(in->occurrences, 3);
			collect = in->why[in->whys - 1].collect;
			assert_true(collect.n > 0);
			assert_false(kit_has(collect, hostile[i]));
			assert_true(kit_has(collect, "VALUE-LEFT-OUT"));
			kit_free(l.k);
		}
	}
}

static void
test_an_unknown_service_is_a_blanownto_fill(void **state)
{
	struct kit *k = start_kit();
	size_t n = failed_start(k, AT(1), "a");

	(void)state;
	kit_at(k, n)->service = kit_at(k, n)->project = SLICE("");
	assert_int_equal(kit_reason(k), 0);
	assert_true(slice_eqs(k->incident[0].title,
	    "a service fails to start: title of boot_failed"));
	assert_true(kit_has(k->incident[0].why[1].collect, "service_name=\"SERVICE\""));
	assert_true(kit_has(k->incident[0].why[1].collect, "--project=PROJECT"));
	kit_free(k);
}

static void
test_times_at_the_ends_of_the_calendar_do_no_harm(void **state)
{
	struct kit *k = start_kit();
	const int64_t first = INT64_MIN + 1, last = INT64_MAX;

	(void)state;
	failed_start(k, first, "a");
	failed_start(k, last, "a");
	failed_start(k, last, "b");
	kit_request(k, first, last, "a", 503);
	kit_request(k, first, last, "z", 503);
	kit_exception(k, kit_entry(k, last, "y", "Traceback"), "KeyError", "1");
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(kit_incident(k, "|boot_failed")->occurrences, 3);
	assert_int_equal(kit_incident(k, "|boot_failed")->requests_joined, 1);
	assert_int_equal(kit_incident(k, "|boot_failed")->requests_open, 1);
	kit_free(k);
}

static void
test_a_store_that_fails_is_told(void **state)
{
	struct loop l = crash_loop();

	(void)state;
	l.k->broken = true;
	assert_int_equal(kit_reason(l.k), -1);
	assert_int_equal(l.k->err.code, ERR_DB);
	assert_int_equal(l.k->incidents, 0);
	kit_free(l.k);
}

static void
test_hits_of_a_limit_prove_nothing(void **state)
{
	struct kit *k = start_kit();
	size_t n = kit_entry(k, AT(1), "a", "a very long line");

	(void)state;
	kit_hit(k, "boot_failed", n)->limit = true;
	assert_int_equal(kit_reason(k), 0);
	assert_int_equal(k->incidents, 1);
	assert_int_equal(k->incident[0].class, INCIDENT_UNKNOWN);
	kit_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crash_loop_is_one_incident),
		cmocka_unit_test(test_members_are_sorted_by_role_then_time),
		cmocka_unit_test(test_whys_of_the_crash_loop_end_where_evidence_ends),
		cmocka_unit_test(test_a_rule_without_a_command_gets_one),
		cmocka_unit_test(test_whys_without_requests_begin_with_the_failed_starts),
		cmocka_unit_test(test_an_exit_long_after_is_another_matter),
		cmocka_unit_test(test_counts_the_failed_starts_of_one_instance),
		cmocka_unit_test(test_begins_a_start_with_what_is_known_of_it),
		cmocka_unit_test(test_a_second_start_begins_after_the_first_failure),
		cmocka_unit_test(test_what_follows_a_failure_is_not_of_the_next_start),
		cmocka_unit_test(test_a_failure_without_an_instance_is_an_incident_of_its_rule),
		cmocka_unit_test(test_two_causes_in_one_window_are_two_incidents),
		cmocka_unit_test(test_a_cause_rule_explains_a_start_without_an_exception),
		cmocka_unit_test(test_the_last_exception_before_the_failure_is_the_cause),
		cmocka_unit_test(test_an_exception_right_behind_the_failure_is_its_cause_too),
		cmocka_unit_test(test_a_survived_cause_does_not_name_the_incident),
		cmocka_unit_test(test_a_request_that_two_rules_hit_is_one_request),
		cmocka_unit_test(test_open_requests_are_of_the_same_service_revision_and_time),
		cmocka_unit_test(test_open_requests_of_every_revision_are_listed),
		cmocka_unit_test(test_what_is_proved_elsewhere_does_not_co_occur),
		cmocka_unit_test(test_names_each_status_that_clients_saw),
		cmocka_unit_test(test_log_text_never_ends_a_shell_word),
		cmocka_unit_test(test_an_unknown_service_is_a_blanownto_fill),
		cmocka_unit_test(test_times_at_the_ends_of_the_calendar_do_no_harm),
		cmocka_unit_test(test_a_store_that_fails_is_told),
		cmocka_unit_test(test_hits_of_a_limit_prove_nothing),
	};

	return cmocka_run_group_tests_name("reason_starts", tests, NULL, NULL);
}
