/*
 * junit_case.c - testcase elements to results: outcomes, attempts, what they have in common.
 */
#include "config.h"

#include "read/junit_case.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

static void
each_buf(struct junit_open *o, void (*fn)(struct buf *b, size_t max))
{
	struct {
		struct buf *b;
		size_t max;
	} all[] = { { &o->classname, JUNIT_NAME }, { &o->name, JUNIT_NAME },
		{ &o->file, JUNIT_NAME }, { &o->status, 100 }, { &o->suite, JUNIT_NAME },
		{ &o->time, 40 }, { &o->project, 200 },
		{ &o->first.message, JUNIT_NAME }, { &o->first.type, 200 },
		{ &o->first.detail, JUNIT_DETAIL }, { &o->again.message, JUNIT_NAME },
		{ &o->again.type, 200 }, { &o->again.detail, JUNIT_DETAIL } };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		fn(all[i].b, all[i].max);
}

static void
reset_one(struct buf *b, size_t max)
{
	(void)max;
	buf_reset(b);
}

static void
release_one(struct buf *b, size_t max)
{
	(void)max;
	buf_release(b);
}

void
junit_open_init(struct junit_open *o)
{
	*o = (struct junit_open){ .id = NAMES_NONE };
	each_buf(o, buf_init);
	junit_open_reset(o);
}

void
junit_open_reset(struct junit_open *o)
{
	each_buf(o, reset_one);
	for (size_t i = 0; i < JUNIT_CHILDREN; i++)
		o->has[i] = 0;
	o->open = o->xfail = o->todo = o->first.there = o->again.there = o->whole_suite = false;
	o->duration_ns = o->started_ns = CLOCK_NONE;
	o->suite_name = (struct slice){ NULL, 0 };
	o->id = NAMES_NONE;
	o->attempts = 0;
}

void
junit_open_release(struct junit_open *o)
{
	each_buf(o, release_one);
}

bool
junit_told_bad(const struct junit_open *o)
{
	return o->has[JUNIT_FAILURE] || o->has[JUNIT_ERROR];
}

void
junit_table_init(struct junit_table *t)
{
	*t = (struct junit_table){ 0 };
	arena_init(&t->arena);
	names_init(&t->ids, &t->arena);
	names_init(&t->texts, &t->arena);
	buf_init(&t->scratch, 4 * JUNIT_NAME);
	buf_init(&t->text, JUNIT_DETAIL);
}

void
junit_table_release(struct junit_table *t)
{
	buf_release(&t->text);
	buf_release(&t->scratch);
	free(t->about);
	free(t->result);
	names_release(&t->texts);
	names_release(&t->ids);
	arena_release(&t->arena);
}

struct slice
junit_keep(struct junit_table *t, struct slice s)
{
	if (s.n == 0)
		return (struct slice){ NULL, 0 };
	if (t->kept + s.n > JUNIT_KEPT) {
		t->cut++;
		return (struct slice){ NULL, 0 };
	}
	t->kept += s.n;
	return arena_copy(&t->arena, s);
}

struct slice
junit_keep_name(struct junit_table *t, struct slice s)
{
	uint32_t n = s.n ? names_find(&t->texts, s) : NAMES_NONE;

	if (s.n == 0)
		return (struct slice){ NULL, 0 };
	if (n != NAMES_NONE)
		return t->texts.name[n];
	if (t->named + s.n > JUNIT_NAMES) {
		t->cut++;
		return (struct slice){ NULL, 0 };
	}
	t->named += s.n;
	n = names_put(&t->texts, s);	/* moves the table */
	return t->texts.name[n];
}

struct slice
junit_keep_printed(struct junit_table *t, struct slice s)
{
	if (t->named + s.n > JUNIT_NAMES / 2) {
		t->cut++;
		return (struct slice){ NULL, 0 };
	}
	t->named += s.n;
	return arena_copy(&t->arena, s);
}

/* ---- outcomes ---- */

static bool
is_one_of(struct slice word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq_fold(word, slice_str(words[i])))
			return true;
	return false;
}

/* what the attribute status or result says of a testcase without a child element */
static enum test_outcome
status_outcome(struct slice status)
{
	static const char *const not_run[] = { "notrun", "not run", "not_run", "not-run", "norun",
		"suppressed", "inconclusive", "untested", "undefined", "unknown", "none",
		"incomplete", "interrupted", "running", "started", "queued", "blocked", "filtered",
		"excluded", "deselected" };
	static const char *const skipped[] = { "skipped", "skip", "disabled", "ignored", "pending",
		"todo" };
	static const char *const failed[] = { "failed", "fail", "failure", "broken", "timeout",
		"timedout", "cancelled", "canceled", "aborted", "crashed", "ko" };
	static const char *const error[] = { "error", "errored" };

	if (is_one_of(status, not_run, sizeof not_run / sizeof not_run[0]))
		return TEST_NOT_RUN;
	if (is_one_of(status, skipped, sizeof skipped / sizeof skipped[0]))
		return TEST_SKIPPED;
	if (is_one_of(status, failed, sizeof failed / sizeof failed[0]))
		return TEST_FAILED;
	return is_one_of(status, error, sizeof error / sizeof error[0]) ? TEST_ERROR : TEST_PASSED;
}

static void
set_error(struct junit_table *t, const struct junit_open *o, enum junit_dialect d,
    struct test *test)
{
	struct slice message = buf_slice(&o->first.message);

	test->outcome = TEST_ERROR;
	if (d == JUNIT_PYTEST && test->phase == PHASE_CALL)
		test->phase = PHASE_SETUP;
	if (junit_is_broken(o) || (d == JUNIT_GO && slice_eqs(message, "Build error")))
		test->phase = PHASE_COLLECT;
	else if (d == JUNIT_GO && junit_is_package(o))
		test->phase = PHASE_NONE;
	t->collect += test->phase == PHASE_COLLECT;
	t->internal = t->internal || (d == JUNIT_PYTEST && slice_eqs(message, "internal error"));
}

static void
set_skipped(struct junit_table *t, const struct junit_open *o, enum junit_dialect d,
    struct test *test)
{
	static const char *const did_not[] = { "Unable to find executable",
		"Fixture dependency failed", "Unable to find required file" };
	struct slice message = buf_slice(&o->first.message);

	test->outcome = o->xfail ? TEST_XFAILED : TEST_SKIPPED;
	if (test->phase == PHASE_COLLECT)
		t->collect_skipped++;
	else
		test->phase = o->xfail ? PHASE_CALL : PHASE_NONE;
	/* ctest: counts as a failure of the run; the others were skipped on purpose */
	for (size_t i = 0; d == JUNIT_CTEST && i < sizeof did_not / sizeof did_not[0]; i++)
		if (slice_starts(message, did_not[i]))
			test->outcome = TEST_NOT_RUN;
}

static void
set_outcome(struct junit_table *t, struct junit_open *o, enum junit_dialect d, struct test *test)
{
	struct slice detail = buf_slice(&o->first.detail);

	test->outcome = TEST_PASSED;
	test->phase = PHASE_CALL;
	/* pytest, interrupted: a test that had begun has an element, and nothing in it */
	if (d == JUNIT_PYTEST && !o->first.there && o->name.n == 0 && o->classname.n == 0) {
		test->outcome = TEST_ERROR;
		test->message = SLICE("did not finish: the report of this test is empty");
		t->unfinished++;
		return;
	}
	if (o->first.there)
		test->message = junit_message(d, &o->first, buf_slice(&o->name), &t->scratch,
		    &test->phase);
	if (d == JUNIT_GO && slice_eqs(test->message, "got:")) {
		junit_example(&t->scratch, detail);
		test->message = buf_slice(&t->scratch);
	}
	/* gotestsum: a package that failed outside of its tests, or did not build */
	if (d == JUNIT_GO && o->has[JUNIT_FAILURE] && junit_is_package(o)) {
		bool built = slice_find(detail, 0, SLICE(" failed]")) == SIZE_MAX;

		test->outcome = TEST_ERROR;
		test->phase = built ? PHASE_NONE : PHASE_COLLECT;
		t->test_main++;
		t->collect += !built;
	} else if (o->has[JUNIT_ERROR] || (o->has[JUNIT_FAILURE] && junit_is_broken(o))) {
		set_error(t, o, d, test);
	} else if (o->has[JUNIT_FAILURE] && o->todo) {
		/* node: a failure that is expected, and does not fail the run */
		test->outcome = TEST_XFAILED;
		t->todo++;
	} else if (o->has[JUNIT_FAILURE]) {
		/* node: it did not come to its own end */
		test->outcome = d == JUNIT_NODE && slice_eqs(buf_slice(&o->first.type),
		    "cancelledByParent") ? TEST_ERROR : TEST_FAILED;
	} else if (o->has[JUNIT_SKIPPED]) {
		set_skipped(t, o, d, test);
	} else {
		test->outcome = status_outcome(buf_slice(&o->status));
		if (test->outcome == TEST_SKIPPED || test->outcome == TEST_NOT_RUN) {
			t->not_run++;
			test->phase = PHASE_NONE;
		}
		if (test->outcome != TEST_PASSED)
			test->message = buf_slice(&o->status);
	}
}

/* "0", "0.000": shorter than the writer prints; nothing can be told from it */
static void
set_duration(struct junit_table *t, const struct junit_open *o, struct test *test)
{
	struct slice time = buf_slice(&o->time);
	bool zero = true;

	test->duration_ns = o->duration_ns;
	test->started_ns = o->started_ns;
	if (o->duration_ns == CLOCK_NONE)
		return;
	test->duration_from = DURATION_FIELD;
	for (size_t i = 0; i < time.n; i++)
		zero = zero && (time.p[i] == '0' || time.p[i] == '.');
	if (!zero || o->duration_ns != 0)
		return;
	buf_reset(&t->text);
	buf_printf(&t->text, "printed as %.*s", SLICE_ARG(time));
	test->duration_note = junit_keep_name(t, buf_slice(&t->text));
}

/* ---- results ---- */

static void
add_result(struct junit_table *t, const struct test *test, uint32_t id, bool empty)
{
	struct junit_result *r;

	if (t->results >= JUNIT_RESULTS || id == NAMES_NONE) {
		t->lost++;
		return;
	}
	t->result = mem_grow(t->result, &t->result_cap, t->results + 1, sizeof *t->result);
	r = &t->result[t->results++];
	*r = (struct junit_result){ .test = *test, .id = id, .empty = empty };
	t->about[id].last = (uint32_t)t->results;
}

static void
put_back(struct junit_table *t, struct buf *b, enum junit_dialect d)
{
	struct slice plain = junit_plain(&t->text, buf_slice(b), d == JUNIT_PYTEST);

	if (plain.p == b->p)
		return;
	buf_reset(b);
	buf_put_slice(b, plain);
}

void
junit_table_attempt(struct junit_table *t, struct junit_open *o, enum junit_dialect d)
{
	struct junit_told *told = &o->again;
	struct junit_attempt *a;
	enum test_phase phase = PHASE_CALL;

	told->there = false;
	if (o->attempts == JUNIT_ATTEMPTS) {
		t->lost++;
		return;
	}
	put_back(t, &told->message, d);
	put_back(t, &told->detail, d);
	a = &t->attempt[o->attempts++];
	*a = (struct junit_attempt){ .duration_ns = told->duration_ns,
		.started_ns = told->started_ns, .line = told->line, .byte = told->byte };
	t->attempts++;
	a->message = junit_keep(t, junit_message(d, told, buf_slice(&o->name), &t->scratch,
	    &phase));
	a->detail = junit_keep(t, buf_slice(&told->detail));
	a->detail_line = a->detail.n ? told->detail_line : 0;
	a->detail_byte = a->detail.n ? told->detail_byte : 0;
	a->error = told->child == JUNIT_RERUN_ERROR || told->child == JUNIT_FLAKY_ERROR;
}

/*
 * Surefire and those who write like it: <failure> is the first attempt and rerunFailure the later
 * ones; flakyFailure stand for attempts before the one that passed.
 */
static void
add_attempts(struct junit_table *t, const struct junit_open *o, struct test *test)
{
	for (size_t i = 0; i < o->attempts; i++) {
		const struct junit_attempt *a = &t->attempt[i];
		struct test failed = *test;

		failed.outcome = a->error ? TEST_ERROR : TEST_FAILED;
		failed.phase = PHASE_CALL;
		failed.message = a->message;
		failed.detail = a->detail;
		failed.detail_line = a->detail_line;
		failed.detail_byte = a->detail_byte;
		failed.duration_ns = a->duration_ns;
		failed.duration_from = a->duration_ns == CLOCK_NONE ? DURATION_NONE :
		    DURATION_FIELD;
		failed.duration_note = (struct slice){ NULL, 0 };
		failed.started_ns = a->started_ns;
		failed.line = a->line;
		failed.byte = a->byte;
		add_result(t, &failed, o->id, false);
		test->attempt++;
	}
}

/*
 * Of a failure and the error of its teardown, which pytest writes apart, the failure is told; of a
 * file that could not run, which jest may write twice, the first.
 */
static bool
merge_teardown(struct junit_table *t, struct junit_open *o, const struct test *test)
{
	uint32_t last = o->id == NAMES_NONE ? 0 : t->about[o->id].last;
	struct junit_result *before = last ? &t->result[last - 1] : NULL;

	if (before && test->phase == PHASE_COLLECT && junit_is_broken(o)) {
		t->merged++;
		t->collect--;
		return true;
	}
	if (!before || test->outcome != TEST_ERROR || before->test.outcome != TEST_FAILED ||
	    test->phase != PHASE_TEARDOWN)
		return false;
	before->test.outcome = TEST_ERROR;
	before->test.phase = PHASE_TEARDOWN;
	if (before->test.duration_ns != CLOCK_NONE && test->duration_ns != CLOCK_NONE) {
		before->test.duration_ns = clock_add(before->test.duration_ns, test->duration_ns);
		if (before->test.duration_ns > 0)
			before->test.duration_note = (struct slice){ NULL, 0 };
	}
	before->empty = false;
	t->merged++;
	return true;
}

/* "before each" hook for "pays": quotes are written */
static bool
is_hook(struct slice name)
{
	return (slice_starts(name, "\"before ") || slice_starts(name, "\"after ")) &&
	    slice_find(name, 0, SLICE("\" hook")) != SIZE_MAX;
}

void
junit_table_close(struct junit_table *t, struct junit_open *o, enum junit_dialect d)
{
	struct test test = test_none;
	bool empty = !o->first.there;
	uint32_t last;

	t->cases += !o->whole_suite;
	put_back(t, &o->name, d);
	put_back(t, &o->first.message, d);
	put_back(t, &o->first.detail, d);
	t->hooks += d == JUNIT_PLAIN && is_hook(buf_slice(&o->name));
	test.nodeid = junit_nodeid(t, o, d);
	test.line = o->line;
	test.byte = o->byte;
	set_outcome(t, o, d, &test);
	t->failing += o->has[JUNIT_FAILURE] > 0 || test.outcome == TEST_FAILED;
	t->erring += o->has[JUNIT_ERROR] > 0 || test.outcome == TEST_ERROR;
	set_duration(t, o, &test);
	if (o->id == NAMES_NONE) {
		t->lost++;
		return;
	}
	if (merge_teardown(t, o, &test))
		return;
	t->teardown += test.outcome == TEST_ERROR && test.phase == PHASE_TEARDOWN;
	junit_id_parts(t, o, d, &test);
	last = t->about[o->id].last;
	if (last) {
		t->result[last - 1].superseded = true;
		test.attempt = t->result[last - 1].test.attempt + 1;
	}
	test.message = junit_keep(t, test.message);
	test.detail = junit_keep(t, buf_slice(&o->first.detail));
	test.detail_line = test.detail.n ? o->first.detail_line : 0;
	test.detail_byte = test.detail.n ? o->first.detail_byte : 0;
	if (test.outcome == TEST_FAILED || test.outcome == TEST_ERROR) {
		add_result(t, &test, o->id, empty);
		test.attempt++;
		add_attempts(t, o, &test);
	} else {
		add_attempts(t, o, &test);
		add_result(t, &test, o->id, empty);
	}
}

static bool
may_be_todo(const struct junit_result *r)
{
	return r->empty && r->test.outcome == TEST_PASSED && r->test.duration_ns <= 0;
}

void
junit_table_todo(struct junit_table *t, size_t first, long excess)
{
	long may = 0;

	for (size_t i = first; i < t->results; i++)
		may += may_be_todo(&t->result[i]);
	for (size_t i = first; i < t->results && excess > 0; i++) {
		struct junit_result *r = &t->result[i];

		if (!may_be_todo(r))
			continue;
		/* which of several is not told: none of them can be called a pass */
		r->test.outcome = TEST_NOT_RUN;
		r->test.phase = PHASE_NONE;
		r->test.message = excess < JUNIT_RESULTS && may <= excess ? SLICE("todo") :
		    SLICE("todo, or passed in less than 1 ms: the report does not tell");
	}
	t->todo += excess > 0 ? (may < excess ? may : excess) : 0;
}

/* the tests of Go that this one is a subtest of, as far as they failed and do not say why */
static void
tell_parents(struct junit_table *t, const struct test *child, struct slice message)
{
	struct slice id = child->nodeid;
	size_t slash;

	while ((slash = slice_rfind_byte(id, '/')) != SIZE_MAX) {
		uint32_t n;

		id.n = slash;
		n = names_find(&t->ids, id);
		if (n != NAMES_NONE && t->about[n].last) {
			struct test *parent = &t->result[t->about[n].last - 1].test;

			if (parent->outcome == TEST_FAILED && parent->message.n == 0)
				parent->message = message;
		}
	}
}

/* they failed of the same: one cause, one message */
static void
tell_all_parents(struct junit_table *t)
{
	for (unsigned silent = 0; silent < 2; silent++)
		for (size_t i = 0; i < t->results; i++) {
			const struct test *child = &t->result[i].test;

			if (child->outcome != TEST_PASSED && child->outcome != TEST_SKIPPED &&
			    (child->message.n > 0) != silent)
				tell_parents(t, child, silent ? SLICE("a subtest failed") :
				    child->message);
		}
}

void
junit_table_finish(struct junit_table *t, enum junit_dialect d, long tests, bool cut)
{
	struct junit_result *last = t->results ? &t->result[t->results - 1] : NULL;

	if (d == JUNIT_GO)
		tell_all_parents(t);
	if (d != JUNIT_PYTEST)
		return;
	/* counted as tests of their own, they are what they say: --keep-duplicates */
	if (!cut && tests == t->cases + t->teardown - t->merged)
		return;
	for (size_t i = 0; i < t->results; i++) {
		struct junit_result *r = &t->result[i];

		if (!r->superseded || !r->empty)
			continue;
		r->test.outcome = TEST_FAILED;
		r->test.message = SLICE("run again");
		t->again++;
	}
	if (cut && last && last->empty && last->test.outcome == TEST_PASSED) {
		last->test.outcome = TEST_NOT_RUN;
		last->test.message = SLICE("the XML ends here, and an attempt that was repeated "
		    "looks like a pass");
	}
}
