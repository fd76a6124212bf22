/*
 * go_test.c - tests of a package: begun, closed, held until their package has a name.
 */
#include "config.h"

#include "read/go_run.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_BACK 4096	/* held results among which one is looked for */

struct go_test *
go_open(struct go_package *p, struct slice name)
{
	for (size_t i = p->opens; i-- > 0;)
		if (slice_eq(buf_slice(&p->open[i]->name), name))
			return p->open[i];
	return NULL;
}

struct go_test *
go_begin(struct go_run *r, struct go_package *p, struct slice name, int64_t ns,
    const struct line *at)
{
	struct go_test *t = go_open(p, name);

	if (t)
		return t;
	if (p->opens >= GO_OPEN || name.n == 0 || name.n > RUN_OUT_NAME / 2) {
		r->lost++;
		return NULL;
	}
	t = mem_calloc(1, sizeof *t);
	buf_init(&t->name, RUN_OUT_NAME);
	buf_put_slice(&t->name, name);
	buf_init(&t->detail, RUN_OUT_TEXT);
	buf_init(&t->child, 400);
	t->started_ns = ns;
	t->line = at->no;
	t->byte = at->byte;
	p->open = mem_grow(p->open, &p->cap, p->opens + 1, sizeof(*p->open));
	p->open[p->opens++] = t;
	return t;
}

/* what the ids that were given know a failed test by */
static struct slice
mark_of(struct go_run *r, struct slice package, struct slice test)
{
	buf_reset(&r->id);
	buf_puts(&r->id, "\2failed ");
	run_out_add(&r->id, package);
	run_out_add(&r->id, SLICE("::"));
	run_out_add(&r->id, test);
	return buf_slice(&r->id);
}

bool
go_failed(struct go_run *r, struct slice package, struct slice test)
{
	return run_out_seen(&r->out, mark_of(r, package, test));
}

static int
put_named(struct go_run *r, struct go_package *p, const struct test *held, struct err *e)
{
	struct test test = *held;

	test.printed = held->nodeid;
	test.suite = buf_slice(&p->name);
	if (test.outcome == TEST_FAILED || test.outcome == TEST_ERROR)
		run_out_times(&r->out, mark_of(r, test.suite, held->nodeid));
	buf_reset(&r->id);
	if (p->name.n > 0) {
		run_out_add(&r->id, buf_slice(&p->name));
		run_out_add(&r->id, SLICE("::"));
	}
	run_out_add(&r->id, held->nodeid);
	test.nodeid = buf_slice(&r->id);
	return run_out_test(&r->out, &test, e);
}

static void
hold(struct go_run *r, struct go_package *p, const struct test *test)
{
	struct test *h;
	size_t bytes = test->nodeid.n + test->message.n + test->detail.n;

	if (p->helds >= GO_HELD) {
		r->lost++;
		return;
	}
	p->held = mem_grow(p->held, &p->held_cap, p->helds + 1, sizeof *p->held);
	h = &p->held[p->helds++];
	*h = *test;
	if (r->kept + bytes > GO_KEPT) {
		r->cut++;
		h->detail = (struct slice){ 0 };
		h->message.n = text_utf8_floor(h->message, 80);
		bytes = h->nodeid.n + h->message.n;
	}
	p->held_bytes += bytes;
	r->kept += bytes;
	h->nodeid = arena_copy(&p->arena, h->nodeid);
	h->message = arena_copy(&p->arena, h->message);
	h->detail = arena_copy(&p->arena, h->detail);
}

static int
put_or_hold(struct go_run *r, struct go_package *p, const struct test *test, struct err *e)
{
	p->tests++;
	p->bad += test->outcome == TEST_FAILED || test->outcome == TEST_ERROR;
	if (p->name.n > 0)
		return put_named(r, p, test, e);
	hold(r, p, test);
	return 0;
}

/* the subtest has failed: its parents, if they are open, know why they fail */
static void
tell_parents(struct go_package *p, struct slice name, struct slice message)
{
	for (size_t i = name.n; i-- > 0;) {
		struct go_test *parent;

		if (name.p[i] != '/')
			continue;
		parent = go_open(p, slice_sub(name, 0, i));
		if (!parent || parent->child_failed)
			continue;
		parent->child_failed = true;
		run_out_set(&parent->child, message);
	}
}

static void
drop_test(struct go_run *r, struct go_package *p, struct go_test *t)
{
	for (size_t i = 0; i < p->opens; i++) {
		if (p->open[i] != t)
			continue;
		memmove(&p->open[i], &p->open[i + 1], (p->opens - i - 1) * sizeof(*p->open));
		p->opens--;
		break;
	}
	r->kept -= t->detail.n;
	buf_release(&t->child);
	buf_release(&t->detail);
	buf_release(&t->name);
	free(t);
}

/* "got:", lines, "want:", lines: what an example says in more lines than one */
static void
example_message(struct slice detail, struct buf *b)
{
	struct slice line;
	bool first = true;

	buf_reset(b);
	while (slice_take_line(&detail, &line)) {
		struct slice s = slice_trim(line);

		if (slice_eqs(s, "got:") || slice_eqs(s, "want:")) {
			run_out_add(b, b->n ? SLICE(", ") : (struct slice){ 0 });
			run_out_add(b, s);
			first = true;
		} else if (first && b->n > 0) {
			run_out_add(b, SLICE(" "));
			run_out_add(b, s);
			first = false;
		}
	}
}

static void
fill(struct go_run *r, const struct go_test *t, struct test *test)
{
	test->nodeid = buf_slice(&t->name);
	test->started_ns = t->started_ns;
	test->phase = PHASE_CALL;
	if (test->outcome != TEST_PASSED)
		test->message = go_message(buf_slice(&t->detail));
	if (slice_eqs(test->message, "got:")) {
		example_message(buf_slice(&t->detail), &r->said);
		test->message = buf_slice(&r->said);
	}
	if (test->outcome != TEST_PASSED && test->outcome != TEST_SKIPPED) {
		test->detail = buf_slice(&t->detail);
		test->detail_line = t->detail_line;
		test->detail_byte = t->detail_byte;
	}
}

int
go_close(struct go_run *r, struct go_package *p, struct go_test *t, enum test_outcome outcome,
    int64_t duration_ns, const struct line *at, struct err *e)
{
	struct test test = test_none;
	int rc;

	/* a subtest that failed fails its parent, whatever is printed */
	if (t->child_failed && outcome != TEST_ERROR)
		outcome = TEST_FAILED;
	test.outcome = outcome;
	test.line = at->no;
	test.byte = at->byte;
	test.duration_ns = duration_ns;
	test.duration_from = duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	if (duration_ns == 0)
		test.duration_note = SLICE("printed as 0.00s");
	fill(r, t, &test);
	if (outcome == TEST_SKIPPED)
		test.phase = PHASE_NONE;
	/* it failed of the same: one cause, one message */
	if (test.message.n == 0 && t->child_failed)
		test.message = t->child.n ? buf_slice(&t->child) : SLICE("a subtest failed");
	rc = put_or_hold(r, p, &test, e);
	if (outcome == TEST_FAILED || outcome == TEST_ERROR)
		tell_parents(p, buf_slice(&t->name), test.message);
	drop_test(r, p, t);
	return rc;
}

int
go_close_benchmarks(struct go_run *r, struct go_package *p, const struct line *at, struct err *e)
{
	for (size_t i = p->opens; i-- > 0;)
		if (slice_starts(buf_slice(&p->open[i]->name), "Benchmark") &&
		    go_close(r, p, p->open[i], TEST_PASSED, CLOCK_NONE, at, e) != 0)
			return -1;
	return 0;
}

int
go_unfinished(struct go_run *r, struct go_package *p, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->opens && rc == 0; i++) {
		const struct go_test *t = p->open[i];
		struct test test = test_none;

		test.outcome = TEST_ERROR;
		test.line = t->line;
		test.byte = t->byte;
		fill(r, t, &test);
		if (test.message.p == r->said.p)
			test.message = (struct slice){ 0 };
		buf_reset(&r->said);
		run_out_add(&r->said, SLICE("did not finish"));
		if (p->died.n > 0 || test.message.n > 0) {
			run_out_add(&r->said, SLICE(": "));
			run_out_add(&r->said, p->died.n ? buf_slice(&p->died) : test.message);
		}
		test.message = buf_slice(&r->said);
		r->unfinished++;
		rc = put_or_hold(r, p, &test, e);
	}
	while (p->opens > 0)
		drop_test(r, p, p->open[p->opens - 1]);
	return rc;
}

/* the console tells a parent first: the first subtest behind it that failed says why it did */
static void
find_child(const struct go_package *p, size_t i, struct test *test)
{
	for (size_t k = i + 1; k < p->helds; k++) {
		const struct test *child = &p->held[k];
		struct slice rest = slice_sub(child->nodeid, test->nodeid.n, child->nodeid.n);

		if (!slice_eq(slice_sub(child->nodeid, 0, test->nodeid.n), test->nodeid) ||
		    !slice_starts(rest, "/"))
			return;
		if ((child->outcome != TEST_FAILED && child->outcome != TEST_ERROR) ||
		    child->message.n == 0)
			continue;
		test->message = child->message;
		return;
	}
}

int
go_put_held(struct go_run *r, struct go_package *p, bool cached, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->helds && rc == 0; i++) {
		struct test test = p->held[i];

		if (test.outcome == TEST_FAILED && test.message.n == 0)
			find_child(p, i, &test);
		if (cached)
			test.duration_note = SLICE("cached: the result of an earlier run");
		rc = put_named(r, p, &test, e);
	}
	p->helds = 0;
	return rc;
}

bool
go_fail_held(struct go_package *p, struct slice name)
{
	for (size_t i = p->helds, n = 0; i-- > 0 && n < LOOK_BACK; n++) {
		struct test *h = &p->held[i];

		if (!slice_eq(h->nodeid, name))
			continue;
		if (h->outcome != TEST_FAILED && h->outcome != TEST_ERROR) {
			p->bad++;
			h->outcome = TEST_FAILED;
			h->phase = PHASE_CALL;
		}
		return true;
	}
	return false;
}
