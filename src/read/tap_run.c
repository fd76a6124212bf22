/*
 * tap_run.c - the order of a stream: version, plan, points and what ends it.
 */
#include "config.h"

#include "read/tap_run.h"

static struct buf *
all_bufs(struct tap_run *r, size_t i)
{
	struct buf *all[] = { &r->bail, &r->skip, &r->scratch, &r->message, &r->point.id,
		&r->point.file, &r->point.detail, &r->point.reason, &r->file.name,
		&r->file.complaint, &r->before.text, &r->prior.text, &r->file.said.text };

	return i < sizeof all / sizeof all[0] ? all[i] : NULL;
}

static void
forget(struct tap_run *r)
{
	r->told = (struct tap_told){ -1, -1, -1, -1, -1, -1, -1 };
	buf_reset(&r->bail);
	buf_reset(&r->skip);
	buf_reset(&r->before.text);
	buf_reset(&r->prior.text);
	buf_reset(&r->file.said.text);
	r->bailed = r->prove = r->deep_told = false;
	r->suites = r->todo = r->files = r->points = 0;
	r->exited = r->said_files = r->said_tests = -1;
	r->result = 0;
	r->file.open = r->file.ended = r->file.tests_failed = false;
	buf_reset(&r->file.name);
	tap_levels_reset(r, 0);
}

void
tap_run_init(struct tap_run *r, const struct read_job *job)
{
	*r = (struct tap_run){ .prove = false };
	run_out_init(&r->out, job, "TAP", "tap", 3);
	for (size_t i = 0; all_bufs(r, i); i++)
		buf_init(all_bufs(r, i), RUN_OUT_NAME);
	r->point.detail.max = r->before.text.max = RUN_OUT_TEXT;
	r->prior.text.max = r->file.said.text.max = RUN_OUT_TEXT;
	for (unsigned i = 0; i <= TAP_DEPTH; i++) {
		buf_init(&r->level[i].name, RUN_OUT_NAME);
		buf_init(&r->level[i].next, RUN_OUT_NAME);
		buf_init(&r->level[i].bad, RUN_OUT_NAME);
	}
	forget(r);
}

void
tap_run_release(struct tap_run *r)
{
	for (unsigned i = 0; i <= TAP_DEPTH; i++) {
		buf_release(&r->level[i].bad);
		buf_release(&r->level[i].next);
		buf_release(&r->level[i].name);
	}
	for (size_t i = 0; all_bufs(r, i); i++)
		buf_release(all_bufs(r, i));
	run_out_release(&r->out);
}

void
tap_levels_reset(struct tap_run *r, unsigned from)
{
	for (unsigned i = from; i <= TAP_DEPTH; i++) {
		struct tap_level *l = &r->level[i];

		l->seen = l->skip_all = l->plan_first = false;
		l->plan = -1;
		l->points = l->failed = 0;
		buf_reset(&l->name);
		buf_reset(&l->next);
		buf_reset(&l->bad);
	}
}

void
tap_comments_move(struct tap_comments *from, struct tap_comments *to)
{
	run_out_set(&to->text, buf_slice(&from->text));
	to->line = from->line;
	to->byte = from->byte;
	buf_reset(&from->text);
}

int
tap_run_begin(struct tap_run *r, int64_t ns, const struct line *at, struct err *e)
{
	struct run *run = &r->out.run;

	if (r->out.begun)
		return 0;
	if (run_out_begin(&r->out, at->no, at->byte, e) != 0)
		return -1;
	if (ns != CLOCK_NONE) {
		run->started_ns = ns;
		run->clock = RUN_CLOCK_EXACT;
	}
	return 0;
}

/* ---- the end ---- */

/* 0: the levels below the top are closed; else the deepest that is not */
static unsigned
open_below(const struct tap_run *r)
{
	for (unsigned i = TAP_DEPTH; i > 0; i--)
		if (r->level[i].seen)
			return i;
	return 0;
}

static void
set_state(struct tap_run *r)
{
	const struct tap_level *top = &r->level[0];
	struct run *run = &r->out.run;
	struct buf *why = &r->out.why;
	long left = top->plan > top->points ? top->plan - top->points : 0;

	buf_reset(why);
	run->state = RUN_TRUNCATED;
	if (r->bailed) {
		run->state = RUN_STOPPED;
		buf_puts(why, "bail out");
		if (r->bail.n > 0)
			run_out_add(why, SLICE(": "));
		run_out_add(why, buf_slice(&r->bail));
		if (left > 0)
			buf_printf(why, "; %ld not run", left);
	} else if (r->exited > 0) {
		run->state = RUN_CRASHED;
		run->exit_code = r->exited;
		buf_printf(why, "the test exited with %ld after %ld points", r->exited,
		    top->points);
		if (left > 0)
			buf_printf(why, "; %ld not run", left);
	} else if (top->plan < 0) {
		buf_printf(why, "no plan: %ld points read", top->points);
	} else if (left > 0) {
		buf_printf(why, "%ld of %ld points read, %ld not run", top->points, top->plan,
		    left);
	} else if (top->points > top->plan) {
		buf_printf(why, "%ld points read, the plan says %ld", top->points, top->plan);
	} else if (open_below(r)) {
		buf_puts(why, "a subtest ends without its result");
	} else if (r->out.tests == 0) {
		run->state = RUN_NOT_RUN;
		buf_puts(why, r->skip.n ? "all skipped: " : "no test in it");
		run_out_add(why, buf_slice(&r->skip));
	} else {
		run->state = RUN_COMPLETE;
	}
}

/* what a runner prints behind its plan counts tests, not suites; TODO apart from the rest */
static void
reconcile(struct tap_run *r)
{
	const struct run_out *o = &r->out;
	const struct tap_told *t = &r->told;
	long results = o->tests - (t->suites >= 0 ? r->suites : 0);
	struct run *run = &r->out.run;
	struct buf *why = &r->out.reconciled;

	buf_reset(why);
	run->collected = t->tests >= 0 ? t->tests : r->level[0].plan;
	run->passed = t->pass;
	run->failed = t->fail;
	run->errors = t->cancelled;
	run->skipped = t->skipped;
	if (run->state == RUN_TRUNCATED || run->state == RUN_CRASHED || r->bailed) {
		buf_puts(why, "the stream ends early");
		return;
	}
	if (t->tests >= 0 && t->tests != results && t->tests != r->level[0].points)
		buf_printf(why, "%ld tests stated, %ld read", t->tests, results);
	if (t->fail >= 0 && t->pass >= 0 && (t->fail + (t->cancelled > 0 ? t->cancelled : 0) > 0) !=
	    (o->count[TEST_FAILED] + o->count[TEST_ERROR] > 0))
		buf_printf(why, "%s%ld failures stated, %ld read", why->n ? "; " : "", t->fail,
		    o->count[TEST_FAILED] + o->count[TEST_ERROR]);
	run->reconciled = why->n ? RUN_RECONCILED_NO : RUN_RECONCILED_YES;
	if (why->n == 0 && t->tests < 0)
		buf_puts(why, "the plan is met");
}

/* the subtest named at `level`, or the one that level is in */
static int
put_unfinished(struct tap_run *r, unsigned level, bool next, struct err *e)
{
	const struct tap_level *l = &r->level[level];
	struct test t = test_none;

	buf_reset(&r->scratch);
	for (unsigned i = 1; i <= level; i++) {
		if (r->level[i].name.n == 0)
			continue;
		if (r->scratch.n > 0)
			run_out_add(&r->scratch, SLICE(" > "));
		if (i < level || next)
			t.suite.n = r->scratch.n + r->level[i].name.n;
		run_out_add(&r->scratch, buf_slice(&r->level[i].name));
	}
	if (next && r->scratch.n > 0)
		run_out_add(&r->scratch, SLICE(" > "));
	if (next)
		run_out_add(&r->scratch, buf_slice(&l->next));
	t.nodeid = buf_slice(&r->scratch);
	t.suite = slice_sub(t.nodeid, 0, t.suite.n);
	t.outcome = TEST_ERROR;
	t.phase = PHASE_CALL;
	t.message = SLICE("did not finish");
	t.line = next ? l->next_line : l->line;
	t.byte = next ? l->next_byte : l->byte;
	return run_out_test(&r->out, &t, e);
}

/* subtests that had begun, from the outermost in */
static int
put_all_unfinished(struct tap_run *r, struct err *e)
{
	long n = 0;

	if (r->out.run.state == RUN_COMPLETE || r->out.run.state == RUN_NOT_RUN)
		return 0;
	for (unsigned i = 0; i <= TAP_DEPTH; i++) {
		if (r->level[i].name.n > 0 && ++n && put_unfinished(r, i, false, e) != 0)
			return -1;
		if (r->level[i].next.n > 0 && ++n && put_unfinished(r, i, true, e) != 0)
			return -1;
	}
	if (n > 0)
		buf_printf(&r->out.why, "; %ld test%s did not finish", n, n == 1 ? "" : "s");
	return 0;
}

int
tap_run_end(struct tap_run *r, struct err *e)
{
	int rc = 0;

	if (tap_point_end(r, e) != 0 || (r->prove && tap_prove_close(r, e) != 0))
		return -1;
	if (r->out.begun) {
		if (r->prove) {
			tap_prove_state(r);
		} else {
			set_state(r);
			reconcile(r);
			rc = put_all_unfinished(r, e);
		}
	}
	if (rc == 0)
		rc = run_out_end(&r->out, e);
	forget(r);
	return rc;
}

/* ---- lines ---- */

/* the level of a line, or -1: it is indented as nothing of TAP is */
static int
level_of(struct tap_run *r, struct slice *line, const struct line *at)
{
	size_t n = 0;

	while (n < line->n && line->p[n] == ' ')
		n++;
	if (n % 4 != 0)
		return -1;
	if (n / 4 > TAP_DEPTH) {
		if (!r->deep_told && r->out.begun)
			diag_put(&r->out.sink->diag, DIAG_RUN_LIMIT, at->no, 0, at->byte,
			    "subtests deeper than %d levels are text", TAP_DEPTH);
		r->deep_told = true;
		return -1;
	}
	*line = slice_sub(*line, n, line->n);
	return (int)(n / 4);
}

/* "# Subtest: x" names what is one level deeper, or, of Test::More, its own level */
static void
name_level(struct tap_run *r, unsigned level)
{
	struct tap_level *l = &r->level[level], *from;

	if (level == 0 || l->name.n > 0)
		return;
	from = r->level[level - 1].next.n > 0 ? &r->level[level - 1] : l;
	if (from->next.n == 0 || (from == l && l->seen))
		return;
	run_out_set(&l->name, buf_slice(&from->next));
	l->line = from->next_line;
	l->byte = from->next_byte;
	buf_reset(&from->next);
}

/* a plan at the top while another is there already: the next stream */
static bool
begins_stream(const struct tap_run *r)
{
	const struct tap_level *top = &r->level[0];

	return !r->prove && r->out.begun && top->plan >= 0;
}

static int
on_plan(struct tap_run *r, const struct tap_plan *p, unsigned level, int64_t ns,
    const struct line *at, struct err *e)
{
	struct tap_level *l = &r->level[level];

	if (level == 0 && begins_stream(r) && tap_run_end(r, e) != 0)
		return -1;
	if (tap_run_begin(r, ns, at, e) != 0 || tap_point_end(r, e) != 0)
		return -1;
	name_level(r, level);
	l->seen = true;
	if (l->plan >= 0)
		return 0;
	l->plan = p->tests;
	l->plan_first = l->points == 0;
	l->skip_all = p->skip;
	if (level == 0)
		run_out_set(&r->skip, p->reason);
	return 0;
}

static int
on_version(struct tap_run *r, unsigned level, int64_t ns, const struct line *at, struct err *e)
{
	if (level > 0)
		return tap_point_end(r, e);
	if (!r->prove && r->out.begun && (r->level[0].seen || r->bailed) &&
	    tap_run_end(r, e) != 0)
		return -1;
	return tap_run_begin(r, ns, at, e) != 0 ? -1 : tap_point_end(r, e);
}

static void
on_count(struct tap_run *r, struct slice word, struct slice number)
{
	struct tap_told *t = &r->told;
	struct {
		const char *name;
		long *to;
	} all[] = { { "tests", &t->tests }, { "suites", &t->suites }, { "pass", &t->pass },
		{ "fail", &t->fail }, { "cancelled", &t->cancelled },
		{ "skipped", &t->skipped }, { "todo", &t->todo } };
	int64_t v;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (slice_eqs(word, all[i].name) && slice_to_int64(number, &v) && v >= 0 &&
		    v < 1000000000)
			*all[i].to = (long)v;
	if (slice_eqs(word, "duration_ms") && number.n < 20 && clock_parse_duration(number, &v))
		r->out.run.duration_ns = v / 1000;
}

/* comments at the left: counts, and what a test that died says of itself */
static void
on_comment(struct tap_run *r, struct slice s, const struct line *at)
{
	struct slice word, number, rest = s;
	uint64_t status;

	if (r->level[0].plan >= 0 && !r->level[0].plan_first && tap_count(s, &word, &number))
		on_count(r, word, number);
	if (slice_take_str(&rest, "# Looks like your test exited with ") &&
	    slice_take_uint(&rest, &status) && status < 100000 && !r->prove)
		r->exited = (long)status;
	if (r->before.text.n == 0) {
		r->before.line = at->no;
		r->before.byte = at->byte;
	}
	if (r->before.text.n + s.n + 1 <= r->before.text.max) {
		buf_put_slice(&r->before.text, s);
		buf_putc(&r->before.text, '\n');
	}
}

static int
on_bail(struct tap_run *r, struct slice why, int64_t ns, const struct line *at, struct err *e)
{
	if (tap_run_begin(r, ns, at, e) != 0 || tap_point_end(r, e) != 0)
		return -1;
	if (!r->bailed)
		run_out_set(&r->bail, why);
	r->bailed = true;
	return 0;
}

/* 1 it is a line of TAP, 0 it is text, -1 */
static int
on_tap(struct tap_run *r, struct slice s, unsigned level, int64_t ns, const struct line *at,
    struct err *e)
{
	struct tap_point p;
	struct tap_plan plan;
	struct slice name;
	int rc = 0;

	if (tap_version(s))
		rc = on_version(r, level, ns, at, e);
	else if (tap_bail(s, &name) && level == 0)
		rc = on_bail(r, name, ns, at, e);
	else if (tap_plan(s, &plan))
		rc = on_plan(r, &plan, level, ns, at, e);
	else if (tap_point(s, &p)) {
		if (tap_run_begin(r, ns, at, e) != 0)
			return -1;
		name_level(r, level);
		rc = tap_point_begin(r, &p, level, at, e);
	} else {
		return 0;
	}
	return rc != 0 ? -1 : 1;
}

int
tap_run_line(struct tap_run *r, const struct console_line *line, const struct line *at,
    struct err *e)
{
	struct slice s = line->text, name;
	int level, rc;

	if (tap_point_line(r, s, at))
		return 0;
	level = level_of(r, &s, at);
	if (level == 0) {
		rc = tap_prove_line(r, s, at, e);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	if (level >= 0) {
		rc = on_tap(r, s, (unsigned)level, line->ns, at, e);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		if (tap_subtest(s, &name)) {
			if (tap_point_end(r, e) != 0)
				return -1;
			if (level > 0)
				name_level(r, (unsigned)level);
			buf_reset(&r->level[level].next);
			tap_name(&r->level[level].next, name);
			r->level[level].next_line = at->no;
			r->level[level].next_byte = at->byte;
			return 0;
		}
	}
	if (!run_out_command(&r->out, line->text, "prove "))
		run_out_command(&r->out, line->text, "node --test");
	if (slice_starts(slice_trim(line->text), "#"))
		on_comment(r, slice_trim(line->text), at);
	return run_out_text(&r->out, (struct slice){ 0 }, line->text, at, e);
}
