/*
 * tap_prove.c - what prove prints around the streams of its files, and instead of them.
 */
#include "config.h"

#include "read/tap_run.h"

static const char bailout[] = "Bailout called.  Further testing stopped:";

static int
put_file(struct tap_run *r, enum test_outcome outcome, struct slice message, struct err *e)
{
	struct test test = test_none;

	test.nodeid = test.file = buf_slice(&r->file.name);
	test.outcome = outcome;
	test.phase = outcome == TEST_PASSED || outcome == TEST_FAILED ? PHASE_CALL : PHASE_NONE;
	test.message = message;
	test.line = r->file.line;
	test.byte = r->file.byte;
	if (outcome != TEST_PASSED && outcome != TEST_SKIPPED && r->file.said.text.n > 0) {
		test.detail = buf_slice(&r->file.said.text);
		test.detail_line = r->file.said.line;
		test.detail_byte = r->file.said.byte;
	}
	return run_out_test(&r->out, &test, e);
}

static void
set_complaint(struct tap_run *r, const struct tap_level *top)
{
	struct buf *b = &r->message;

	buf_reset(b);
	run_out_add(b, buf_slice(&r->file.complaint));
	if (top->plan >= 0 && top->points != top->plan)
		buf_printf(b, "%s%ld of %ld points told", b->n ? "; " : "", top->points,
		    top->plan);
	if (b->n == 0)
		buf_puts(b, "did not finish");
}

/* the file is over: has anything told of it what there is to tell? */
int
tap_prove_close(struct tap_run *r, struct err *e)
{
	struct tap_proved *f = &r->file;
	const struct tap_level *top = &r->level[0];
	bool fine, told;
	int rc = 0;

	if (tap_point_end(r, e) != 0)
		return -1;
	if (!f->open)
		return 0;
	fine = f->ended && f->complaint.n == 0;
	told = top->points > 0 && (top->plan == top->points || f->failed > 0) &&
	    (fine || f->failed > 0) && !(top->plan >= 0 && top->points != top->plan);
	if (fine && top->skip_all && top->plan == 0) {
		rc = put_file(r, TEST_SKIPPED, buf_slice(&r->skip), e);
	} else if (!told) {
		bool failed = f->tests_failed && !top->seen;

		/* its tests are told by number only, and why they failed before its line */
		buf_reset(&r->message);
		if (failed)
			tap_message(buf_slice(&f->said.text), false, &r->message);
		if (r->message.n == 0)
			set_complaint(r, top);
		if (fine && !top->seen)
			rc = put_file(r, TEST_PASSED, (struct slice){ 0 }, e);
		else
			rc = put_file(r, failed ? TEST_FAILED : TEST_ERROR,
			    buf_slice(&r->message), e);
	}
	r->files++;
	f->open = f->ended = f->tests_failed = false;
	f->failed = 0;
	buf_reset(&f->name);
	buf_reset(&f->complaint);
	buf_reset(&r->skip);
	tap_levels_reset(r, 0);
	return rc;
}

static int
on_file(struct tap_run *r, const struct tap_file *f, const struct line *at, struct err *e)
{
	if (tap_prove_close(r, e) != 0)
		return -1;
	if (tap_run_begin(r, CLOCK_NONE, at, e) != 0)
		return -1;
	r->prove = true;
	run_out_set(&r->out.framework, SLICE("prove"));
	tap_comments_move(&r->before, &r->file.said);
	r->file.open = true;
	r->file.line = at->no;
	r->file.byte = at->byte;
	run_out_set(&r->file.name, f->name);
	if (f->what == TAP_FILE_BEGINS)
		return 0;
	r->file.ended = true;
	if (f->what == TAP_FILE_SKIPPED) {
		r->level[0].skip_all = true;
		r->level[0].plan = 0;
		run_out_set(&r->skip, f->reason);
	}
	return tap_prove_close(r, e);
}

static void
complain(struct tap_run *r, struct slice line)
{
	struct buf *b = &r->file.complaint;

	if (b->n > 0)
		run_out_add(b, SLICE("; "));
	run_out_add(b, slice_trim(line));
}

/* the lines below all files */
static int
on_summary(struct tap_run *r, struct slice line, struct err *e)
{
	struct slice s = line;
	long seconds;

	if (slice_eqs(line, "Test Summary Report") || slice_eqs(line, "All tests successful."))
		return tap_prove_close(r, e) != 0 ? -1 : 1;
	if (tap_totals(line, &r->said_files, &r->said_tests, &seconds)) {
		if (tap_prove_close(r, e) != 0)
			return -1;
		if (seconds >= 0)
			r->out.run.duration_ns = seconds * CLOCK_NS_PER_S;
		return 1;
	}
	if (slice_take_str(&s, bailout) ||
	    slice_take_str(&s, "FAILED--Further testing stopped")) {
		slice_take_byte(&s, ':');
		if (!r->bailed)
			run_out_set(&r->bail, slice_trim(s));
		r->bailed = true;
		return 1;
	}
	if (r->said_files < 0 || !slice_take_str(&s, "Result: "))
		return 0;
	r->result = slice_starts(s, "PASS") ? 'P' : slice_starts(s, "NOTESTS") ? 'N' : 'F';
	return tap_run_end(r, e) != 0 ? -1 : 1;
}

int
tap_prove_line(struct tap_run *r, struct slice line, const struct line *at, struct err *e)
{
	struct tap_file f;
	bool failed;
	int rc;

	/* a stream that prints such a line is none of prove's */
	if ((r->prove || !r->out.begun) && tap_file(line, &f))
		return on_file(r, &f, at, e) != 0 ? -1 : 1;
	if (!r->prove && !r->out.begun && slice_starts(line, bailout)) {
		if (tap_run_begin(r, CLOCK_NONE, at, e) != 0)
			return -1;
		r->prove = true;
		run_out_set(&r->out.framework, SLICE("prove"));
	}
	if (!r->prove)
		return 0;
	if (r->file.open && tap_complaint(line, &failed)) {
		if (tap_point_end(r, e) != 0)
			return -1;
		complain(r, line);
		buf_reset(&r->before.text);
		r->file.ended = true;
		r->file.tests_failed = r->file.tests_failed || failed;
		return 1;
	}
	/* behind a plan that is met it is no point */
	if (r->file.open && !r->file.ended && slice_eqs(line, "ok") && r->level[0].plan >= 0 &&
	    r->level[0].points >= r->level[0].plan) {
		rc = tap_point_end(r, e);
		r->file.ended = true;
		buf_reset(&r->before.text);
		return rc != 0 ? -1 : 1;
	}
	return on_summary(r, line, e);
}

void
tap_prove_state(struct tap_run *r)
{
	struct run *run = &r->out.run;
	struct buf *why = &r->out.why, *sum = &r->out.reconciled;

	run->state = RUN_COMPLETE;
	buf_reset(why);
	buf_reset(sum);
	run->collected = r->said_tests;
	if (r->bailed) {
		run->state = RUN_STOPPED;
		buf_puts(why, "bail out");
		if (r->bail.n > 0)
			run_out_add(why, SLICE(": "));
		run_out_add(why, buf_slice(&r->bail));
	} else if (r->result == 0) {
		run->state = RUN_TRUNCATED;
		buf_printf(why, "prove tells no result: %ld file%s read", r->files,
		    r->files == 1 ? "" : "s");
	} else if (r->out.tests == r->out.count[TEST_SKIPPED]) {
		run->state = RUN_NOT_RUN;
		buf_puts(why, r->out.tests ? "all skipped" : "no test in it");
	} else if (r->result == 'P' && r->out.count[TEST_FAILED] + r->out.count[TEST_ERROR] > 0) {
		buf_puts(why, "prove says PASS");
	} else if (r->result == 'F' && r->out.count[TEST_FAILED] + r->out.count[TEST_ERROR] == 0) {
		buf_puts(why, "prove says FAIL, and no file did");
	}
	if (r->said_files < 0) {
		buf_puts(sum, "no totals");
		return;
	}
	run->reconciled = r->said_files == r->files && (r->points == 0 ||
	    r->points == r->said_tests) ? RUN_RECONCILED_YES : RUN_RECONCILED_NO;
	if (run->reconciled == RUN_RECONCILED_NO)
		buf_printf(sum, "%ld files and %ld tests stated, %ld and %ld read",
		    r->said_files, r->said_tests, r->files, r->points);
	else if (r->points == 0 && r->said_tests > 0) {
		run->reconciled = RUN_RECONCILED_EXPLAINED;
		buf_printf(sum, "%ld tests stated; only their %ld files are told",
		    r->said_tests, r->files);
	}
}
