/*
 * go_run.c - what a `go test` adds up to: its packages, and the run.
 */
#include "config.h"

#include "read/go_run.h"

#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BUILDS 1000

void
go_run_init(struct go_run *r, const struct read_job *job, const char *format, unsigned fidelity)
{
	*r = (struct go_run){ .kept = 0 };
	run_out_init(&r->out, job, "go test", format, fidelity);
	r->out.apart = RUN_APART_ATTEMPT;
	buf_init(&r->crash, 400);
	buf_init(&r->id, RUN_OUT_NAME);
	buf_init(&r->said, RUN_OUT_MESSAGE);
}

static void
test_free(struct go_run *r, struct go_test *t)
{
	r->kept -= t->detail.n;
	buf_release(&t->child);
	buf_release(&t->detail);
	buf_release(&t->name);
	free(t);
}

static void
package_free(struct go_run *r, struct go_package *p)
{
	for (size_t i = 0; i < p->opens; i++)
		test_free(r, p->open[i]);
	r->kept -= p->held_bytes + p->detail.n;
	free(p->open);
	free(p->held);
	arena_release(&p->arena);
	buf_release(&p->died);
	buf_release(&p->detail);
	buf_release(&p->name);
	free(p);
}

static void
forget_builds(struct go_run *r)
{
	for (size_t i = 0; i < r->builds; i++) {
		r->kept -= r->build[i].text.n;
		buf_release(&r->build[i].text);
		buf_release(&r->build[i].name);
	}
	r->builds = 0;
}

void
go_run_release(struct go_run *r)
{
	for (size_t i = 0; i < r->packages; i++)
		package_free(r, r->package[i]);
	forget_builds(r);
	free(r->build);
	free(r->package);
	buf_release(&r->said);
	buf_release(&r->id);
	buf_release(&r->crash);
	run_out_release(&r->out);
}

/* ---- packages ---- */

bool
go_is_open(const struct go_run *r, struct slice package)
{
	for (size_t i = r->packages; i-- > 0;)
		if (slice_eq(buf_slice(&r->package[i]->name), package))
			return true;
	return false;
}

struct go_package *
go_package(struct go_run *r, struct slice name, const struct line *at)
{
	struct go_package *p;

	name.n = text_utf8_floor(name, RUN_OUT_NAME);
	for (size_t i = r->packages; i-- > 0;)
		if (slice_eq(buf_slice(&r->package[i]->name), name))
			return r->package[i];
	if (r->packages >= GO_PACKAGES) {
		r->lost++;
		return NULL;
	}
	p = mem_calloc(1, sizeof *p);
	buf_init(&p->name, RUN_OUT_NAME);
	buf_put_slice(&p->name, name);
	buf_init(&p->detail, RUN_OUT_TEXT);
	buf_init(&p->died, 400);
	arena_init(&p->arena);
	p->started_ns = CLOCK_NONE;
	p->framed = r->framed;
	p->line = at->no;
	p->byte = at->byte;
	r->package = mem_grow(r->package, &r->cap, r->packages + 1, sizeof(*r->package));
	r->package[r->packages++] = p;
	return p;
}

static void
drop_package(struct go_run *r, struct go_package *p)
{
	for (size_t i = 0; i < r->packages; i++) {
		if (r->package[i] != p)
			continue;
		memmove(&r->package[i], &r->package[i + 1],
		    (r->packages - i - 1) * sizeof(*r->package));
		r->packages--;
		break;
	}
	package_free(r, p);
}

/* ---- text ---- */

/* adds a line to what is kept; false: no room */
static bool
keep(struct go_run *r, struct buf *b, struct slice text)
{
	size_t had = b->n;

	if (b->n + text.n + 1 > b->max || r->kept + text.n + 1 > GO_KEPT) {
		r->cut += b->over ? 0 : 1;
		b->over = true;
		return false;
	}
	buf_put_slice(b, text);
	buf_putc(b, '\n');
	r->kept += b->n - had;
	return true;
}

void
go_make_room(struct go_run *r, struct go_package *p, size_t n)
{
	if (p->detail.n + n + 1 <= p->detail.max)
		return;
	r->kept -= p->detail.n;
	buf_reset(&p->detail);
}

int
go_text(struct go_run *r, struct go_package *p, struct go_test *t, struct slice text,
    const struct line *at, struct err *e)
{
	struct slice id = { 0 };

	if (p->died.n == 0 && go_death(text))
		run_out_set(&p->died, go_message(text));
	if (t) {
		if (t->detail.n == 0 && slice_trim(text).n > 0) {
			t->detail_line = at->no;
			t->detail_byte = at->byte;
		}
		if (t->detail.n > 0 || slice_trim(text).n > 0)
			keep(r, &t->detail, text);
		if (p->name.n > 0) {
			buf_reset(&r->id);
			run_out_add(&r->id, buf_slice(&p->name));
			run_out_add(&r->id, SLICE("::"));
			run_out_add(&r->id, buf_slice(&t->name));
			id = buf_slice(&r->id);
		}
	} else {
		if (p->detail.n == 0) {
			p->detail_line = at->no;
			p->detail_byte = at->byte;
		}
		keep(r, &p->detail, text);
	}
	return run_out_text(&r->out, id, text, at, e);
}

struct go_build *
go_build(struct go_run *r, struct slice package, const struct line *at)
{
	struct go_build *b;

	/* "ex.com/p [ex.com/p.test]" is ex.com/p with its tests */
	package = slice_sub(package, 0, slice_find_byte(package, 0, ' '));
	package.n = text_utf8_floor(package, RUN_OUT_NAME);
	for (size_t i = r->builds; i-- > 0;)
		if (slice_eq(buf_slice(&r->build[i].name), package))
			return &r->build[i];
	if (r->builds >= BUILDS) {
		r->cut++;
		return NULL;
	}
	r->build = mem_grow(r->build, &r->build_cap, r->builds + 1, sizeof *r->build);
	b = &r->build[r->builds++];
	*b = (struct go_build){ .line = at->no, .byte = at->byte };
	buf_init(&b->name, RUN_OUT_NAME);
	buf_put_slice(&b->name, package);
	buf_init(&b->text, RUN_OUT_TEXT);
	return b;
}

void
go_build_text(struct go_run *r, struct go_build *b, struct slice text)
{
	keep(r, &b->text, text);
}

/* ---- the end of a package ---- */

static int
put_package(struct go_run *r, struct go_package *p, struct test *test, const struct line *at,
    struct err *e)
{
	test->nodeid = test->suite = buf_slice(&p->name);
	test->line = at->no;
	test->byte = at->byte;
	test->started_ns = p->started_ns;
	p->tests++;
	return run_out_test(&r->out, test, e);
}

static int
put_unbuilt(struct go_run *r, struct go_package *p, const struct go_package_line *how,
    const struct line *at, struct err *e)
{
	struct test test = test_none;

	r->unbuilt++;
	test.outcome = TEST_ERROR;
	test.phase = PHASE_COLLECT;
	test.detail = buf_slice(&p->detail);
	test.detail_line = p->detail_line;
	test.detail_byte = p->detail_byte;
	for (size_t i = 0; i < r->builds; i++) {
		const struct go_build *b = &r->build[i];

		if (!slice_eq(buf_slice(&b->name), buf_slice(&p->name)) || b->text.n == 0)
			continue;
		test.detail = buf_slice(&b->text);
		test.detail_line = b->line;
		test.detail_byte = b->byte;
	}
	test.message = go_message(test.detail);
	if (test.message.n == 0)
		test.message = how->note.n ? how->note : SLICE("build failed");
	return put_package(r, p, &test, at, e);
}

/* what a program said last that ended without a verdict of its tests */
static struct slice
last_words(struct slice detail)
{
	struct slice line, last = { 0 };

	while (slice_take_line(&detail, &line)) {
		struct slice s = slice_trim(line);

		if (s.n > 0 && !slice_starts(s, "exit status ") && !slice_eqs(s, "FAIL") &&
		    !slice_eqs(s, "PASS") && !slice_starts(s, "coverage: "))
			last = s;
	}
	return last;
}

/* a failure that no test of it explains */
static int
put_failed(struct go_run *r, struct go_package *p, const struct go_package_line *how,
    const struct line *at, struct err *e)
{
	struct test test = test_none;

	test.outcome = TEST_ERROR;
	test.duration_ns = how->duration_ns;
	test.duration_from = how->duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	test.detail = buf_slice(&p->detail);
	test.detail_line = p->detail_line;
	test.detail_byte = p->detail_byte;
	test.message = p->died.n ? buf_slice(&p->died) : last_words(test.detail);
	if (test.message.n == 0)
		test.message = SLICE("the package failed, and none of its tests did");
	return put_package(r, p, &test, at, e);
}

static int
put_passed(struct go_run *r, struct go_package *p, const struct go_package_line *how,
    const struct line *at, struct err *e)
{
	struct test test = test_none;

	test.outcome = TEST_PASSED;
	test.phase = PHASE_CALL;
	test.duration_ns = how->duration_ns;
	test.duration_from = how->duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	if (how->cached)
		test.duration_note = SLICE("cached: the result of an earlier run");
	return put_package(r, p, &test, at, e);
}

static void
told_crash(struct go_run *r, const struct go_package *p)
{
	if (r->crash.n > 0)
		return;
	run_out_add(&r->crash, buf_slice(&p->name));
	run_out_add(&r->crash, SLICE(" ended early"));
	if (p->died.n > 0) {
		run_out_add(&r->crash, SLICE(": "));
		run_out_add(&r->crash, buf_slice(&p->died));
	}
}

/* what the ids that were given know an ended package by */
static struct slice
mark_of(struct go_run *r, struct slice package)
{
	buf_reset(&r->id);
	buf_puts(&r->id, "\1package ");
	run_out_add(&r->id, package);
	return buf_slice(&r->id);
}

bool
go_ended(struct go_run *r, struct slice package)
{
	return run_out_seen(&r->out, mark_of(r, package));
}

int
go_next_run(struct go_run *r, const struct go_package *p, struct err *e)
{
	if (p->again || r->packages > 1 || !go_ended(r, buf_slice(&p->name)))
		return 0;
	if (go_run_end(r, NULL, e) != 0)
		return -1;
	return run_out_begin(&r->out, p->line, p->byte, e);
}

static int
close_package(struct go_run *r, struct go_package *p, const struct go_package_line *how,
    const struct line *at, struct err *e)
{
	bool unfinished;

	if (go_next_run(r, p, e) != 0)
		return -1;
	run_out_times(&r->out, mark_of(r, buf_slice(&p->name)));
	if (how->end == GO_BUILD_FAILED && go_unfinished(r, p, e) != 0)
		return -1;
	if (how->end == GO_BUILD_FAILED)
		return put_unbuilt(r, p, how, at, e);
	if (how->end == GO_NO_FILES && p->opens == 0 && p->helds == 0) {
		r->no_files++;
		return 0;
	}
	if (how->end == GO_OK && go_close_benchmarks(r, p, at, e) != 0)
		return -1;
	unfinished = p->opens > 0;
	if (go_unfinished(r, p, e) != 0 || go_put_held(r, p, how->cached, e) != 0)
		return -1;
	if (how->end == GO_FAIL) {
		r->failed++;
		if (!p->ended || unfinished)
			told_crash(r, p);
		return p->bad > 0 ? 0 : put_failed(r, p, how, at, e);
	}
	if (how->no_tests || (p->tests == 0 && p->framed)) {
		r->no_tests++;
		return 0;
	}
	r->ok++;
	r->cached += how->cached;
	return p->tests > 0 ? 0 : put_passed(r, p, how, at, e);
}

int
go_package_close(struct go_run *r, struct go_package *p, const struct go_package_line *how,
    const struct line *at, struct err *e)
{
	int rc;

	/* no test ran in a package like that: the end of the one they belong to is lost */
	if (p->name.n == 0 && (p->opens > 0 || p->helds > 0) &&
	    (how->end == GO_BUILD_FAILED || how->end == GO_NO_FILES)) {
		r->torn++;
		if (go_unfinished(r, p, e) != 0 || go_put_held(r, p, false, e) != 0) {
			drop_package(r, p);
			return -1;
		}
	}
	if (how->name.n > 0)
		run_out_set(&p->name, how->name);
	rc = close_package(r, p, how, at, e);
	drop_package(r, p);
	return rc;
}

/* ---- the end of the run ---- */

static void
clause(struct buf *b, long n, const char *one, const char *more)
{
	if (n > 0)
		buf_printf(b, "%s%ld %s", b->n ? "; " : "", n, n == 1 ? one : more);
}

static void
set_state(struct go_run *r, const char *cut, bool open)
{
	struct run *run = &r->out.run;
	struct buf *why = &r->out.why;
	bool ran = r->out.tests > r->unbuilt;

	buf_reset(why);
	run->state = RUN_COMPLETE;
	if (open || cut || r->torn) {
		run->state = RUN_TRUNCATED;
		buf_puts(why, open ? "the output ends before the verdict of a package" :
		    cut ? cut : "the verdict of a package is missing");
	} else if (r->crash.n > 0) {
		run->state = RUN_CRASHED;
		run_out_add(why, buf_slice(&r->crash));
	} else if (!ran) {
		run->state = RUN_NOT_RUN;
		buf_puts(why, "no test ran");
	} else if (r->unfinished > 0) {
		run->state = RUN_TRUNCATED;
	}
	if (r->unfinished > 0)
		buf_printf(why, "%s%" PRIu64 " test%s did not finish", why->n ? "; " : "",
		    r->unfinished, r->unfinished == 1 ? "" : "s");
	clause(why, r->unbuilt, "package did not build", "packages did not build");
	if (!ran) {
		clause(why, r->no_files, "package has no test files",
		    "packages have no test files");
		clause(why, r->no_tests, "package has no tests to run",
		    "packages have no tests to run");
	}
	if (r->cached > 0)
		buf_printf(why, "%s%ld of %ld packages did not run again: cached",
		    why->n ? "; " : "", r->cached, r->ok + r->failed);
}

int
go_run_end(struct go_run *r, const char *cut, struct err *e)
{
	const struct diag_sink *d = &r->out.sink->diag;
	bool open = false;
	int rc = 0;

	if (!r->out.begun)
		return 0;
	/* go_next_run() comes with one package that is part of the next run */
	for (size_t i = 0; cut && i < r->packages && rc == 0; i++) {
		struct go_package *p = r->package[i];

		open = open || p->opens > 0 || p->helds > 0 || p->name.n > 0;
		rc = go_unfinished(r, p, e);
		if (rc == 0)
			rc = go_put_held(r, p, false, e);
	}
	set_state(r, cut && *cut ? cut : NULL, open);
	buf_reset(&r->out.reconciled);
	buf_puts(&r->out.reconciled, "go prints no counts");
	if (r->cut || r->lost)
		diag_put(d, DIAG_RUN_LIMIT, r->out.run.line, 0, r->out.run.byte, "%" PRIu64
		    " texts were cut, %" PRIu64 " tests or packages were too many at once", r->cut,
		    r->lost);
	if (rc == 0)
		rc = run_out_end(&r->out, e);
	r->cut = r->lost = r->unfinished = r->torn = 0;
	r->ok = r->failed = r->unbuilt = r->no_files = r->no_tests = r->cached = 0;
	buf_reset(&r->crash);
	forget_builds(r);
	return rc;
}
