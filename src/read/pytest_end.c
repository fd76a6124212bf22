/*
 * pytest_end.c - what became of a run, do its counts add up, and its results to the sink.
 *
 * Only a final line makes a run complete, and only when as many tests reported as were
 * selected. Everything else is stopped, truncated, crashed or not run, with the reason.
 */
#include "config.h"

#include "read/pytest_run.h"

#include "read/test_id.h"

struct tally {			/* results of one run as they will be given out */
	long ran;		/* tests with a result, each once */
	long begun;		/* attempts at tests, those too that were repeated */
	long by[TEST_NOT_RUN + 1];
	long sub;		/* failed subtests */
};

int
pytest_run_begin(struct pytest_run *r, struct err *e)
{
	struct run *run = &r->run;

	if (r->begun)
		return 0;
	r->begun = true;
	if (run->line == 0)
		run->line = 1;
	run->framework = buf_slice(&r->framework);
	run->command = buf_slice(&r->command);
	run->env = buf_slice(&r->env);
	run->commit = buf_slice(&r->commit);
	run->collected = run->deselected = run->selected = run->passed = run->failed = -1;
	run->errors = run->skipped = run->xfailed = run->xpassed = run->warnings = -1;
	run->exit_code = -1;
	run->state = RUN_TRUNCATED;
	run->state_why = SLICE("still being read");
	run->reconciled = RUN_RECONCILED_UNKNOWN;
	return r->sink->run_begin(r->sink->ctx, run, e);
}

/* ---- counts ---- */

static long
at_least(long a, long b)
{
	return a > b ? a : b;
}

struct count {
	const char *name;
	enum test_outcome outcome;
	long printed, read;
	long spare;		/* so many more may be printed for good reason */
};

#define COUNTS 6

static void
get_counts(const struct pytest_run *r, long sub, struct count out[COUNTS])
{
	const struct pytest_table *t = &r->table;
	const struct pytest_final *f = &r->final;
	const struct count all[COUNTS] = {
		{ "passed", TEST_PASSED, f->passed, t->seen[PYTEST_PASSED], 0 },
		{ "failed", TEST_FAILED, f->failed, t->seen[PYTEST_FAILED],
		    at_least(sub, t->sub_letters) },
		{ "errors", TEST_ERROR, f->errors, t->seen[PYTEST_ERROR],
		    r->setup_show ? f->errors : t->collect_errors },
		{ "skipped", TEST_SKIPPED, f->skipped, t->seen[PYTEST_SKIPPED],
		    at_least(r->collected.skipped, 0) },
		{ "xfailed", TEST_XFAILED, f->xfailed, t->seen[PYTEST_XFAIL], 0 },
		{ "xpassed", TEST_XPASSED, f->xpassed, t->seen[PYTEST_XPASS], 0 },
	};

	for (size_t i = 0; i < COUNTS; i++)
		out[i] = all[i];
}

static bool
agrees(const struct count *c)
{
	return c->printed >= c->read && c->printed <= c->read + c->spare;
}

bool
pytest_run_agrees(const struct pytest_run *r, const struct pytest_final *f)
{
	const struct pytest_table *t = &r->table;

	if (r->interleaved || r->glued_letters || t->rows_lost)
		return true;
	/* failed subtests, errors and skips of collection may be told by no row */
	return f->passed == t->seen[PYTEST_PASSED] && f->failed >= t->seen[PYTEST_FAILED] &&
	    f->errors >= t->seen[PYTEST_ERROR] && f->skipped >= t->seen[PYTEST_SKIPPED] &&
	    f->xfailed == t->seen[PYTEST_XFAIL] && f->xpassed == t->seen[PYTEST_XPASS];
}

/* letters that stand between printed text may be text: drop those that nothing confirms */
static void
drop_doubtful(struct pytest_run *r, const struct count counts[COUNTS])
{
	bool doubtful[TEST_NOT_RUN + 1] = { false };

	if (!r->interleaved)
		return;
	for (size_t i = 0; i < COUNTS; i++)
		doubtful[counts[i].outcome] = !r->has_final || !agrees(&counts[i]);
	for (size_t i = 0; i < r->table.results; i++) {
		struct pytest_result *p = &r->table.result[i];

		if (!p->id.n && doubtful[p->outcome])
			p->dropped = true;
	}
}

/* letters that may be dots of somebody else: only a final line that counts the same proves them */
static void
drop_guessed(struct pytest_run *r)
{
	struct pytest_table *t = &r->table;

	if (!r->guessed || (r->has_final && pytest_run_agrees(r, &r->final)))
		return;
	for (size_t i = 0; i < t->results; i++)
		t->result[i].dropped |= t->result[i].letter && !t->result[i].id.n;
	for (size_t i = 0; i < PYTEST_STATUSES; i++)
		t->seen[i] = 0;
	t->letters = false;
}

static void
count_results(struct pytest_run *r, struct tally *y)
{
	struct pytest_table *t = &r->table;
	struct count counts[COUNTS];

	drop_guessed(r);
	*y = (struct tally){ .sub = at_least(t->seen[PYTEST_SUB_FAILED], t->sub_summary) };
	get_counts(r, y->sub, counts);
	drop_doubtful(r, counts);
	for (size_t i = 0; i < t->results; i++) {
		const struct pytest_result *p = &t->result[i];
		uint32_t n = p->id.n ? names_find(&t->ids, p->id) : NAMES_NONE;

		y->begun += !p->dropped && p->phase != PHASE_COLLECT;
		if (p->dropped || p->rerun || (n != NAMES_NONE && t->last[n] != i + 1))
			continue;
		y->by[p->outcome]++;
		y->ran += p->phase != PHASE_COLLECT;
	}
	y->ran += (long)t->rows_lost;
	if (t->letters && r->collected.selected >= 0 && y->ran > r->collected.selected) {
		long joined = pytest_table_join(t, y->ran - r->collected.selected);

		y->ran -= joined;
		y->by[TEST_PASSED] -= joined;
	} else if (y->ran == r->collected.selected) {
		pytest_table_apart(t);
	}
}

/* "11 skipped printed, 10 read" for each count that does not agree; how many do not */
static unsigned
compare(struct pytest_run *r, const struct tally *y, struct buf *why)
{
	struct count counts[COUNTS];
	unsigned wrong = 0;

	get_counts(r, y->sub, counts);
	for (size_t i = 0; i < COUNTS; i++) {
		const struct count *c = &counts[i];

		/* a letter that is lost in printed text is made up for by the short summary */
		if (agrees(c) || (r->interleaved && y->by[c->outcome] == c->printed))
			continue;
		buf_printf(why, "%s%ld %s printed, %ld read", wrong++ ? "; " : "", c->printed,
		    c->name, c->read);
	}
	return wrong;
}

/* are there more results of some outcome than the final line counts? */
static bool
read_too_many(struct pytest_run *r, const struct tally *y)
{
	struct count counts[COUNTS];

	get_counts(r, y->sub, counts);
	for (size_t i = 0; i < COUNTS; i++)
		if (counts[i].read > counts[i].printed)
			return true;
	return false;
}

static void
reconcile(struct pytest_run *r, const struct tally *y)
{
	const struct pytest_final *f = &r->final;
	long tests = pytest_final_tests(f), selected = r->collected.selected;
	struct buf *why = &r->reconciled;

	buf_reset(why);
	r->run.reconciled = RUN_RECONCILED_UNKNOWN;
	if (!r->has_final) {
		buf_puts(why, "no final line to compare with");
	} else if (f->collected >= 0) {
		r->run.reconciled = RUN_RECONCILED_YES;
	} else if (compare(r, y, why) > 0) {
		/* letters between printed text cannot be told from it: fewer are no surprise */
		r->run.reconciled = r->glued_letters && !read_too_many(r, y) ?
		    RUN_RECONCILED_EXPLAINED : RUN_RECONCILED_NO;
	} else if (selected < 0 || tests == selected) {
		r->run.reconciled = RUN_RECONCILED_YES;
	} else if (tests < selected) {
		r->run.reconciled = RUN_RECONCILED_EXPLAINED;
		buf_printf(why, "%ld of %ld selected tests did not report", selected - tests,
		    selected);
	} else {
		r->run.reconciled = RUN_RECONCILED_EXPLAINED;
		buf_puts(why, "errors of teardown or collection and subtests are counted beside "
		    "their tests");
	}
}

/* ---- state ---- */

static void
because(struct pytest_run *r, enum run_state state, const char *why)
{
	r->run.state = state;
	buf_puts(&r->why, why);
}

/* "stopping after 1 failures" as a sentence of ours; else as pytest put it */
static void
put_stop(struct pytest_run *r)
{
	struct slice s = buf_slice(&r->stop);
	size_t at = slice_find(s, 0, SLICE("stopping after "));
	uint64_t n;

	if (at != SIZE_MAX) {
		struct slice rest = slice_sub(s, at + 15, s.n);

		if (slice_take_uint(&rest, &n) && slice_starts(rest, " failure")) {
			buf_printf(&r->why, "stopped after %llu failure%s", (unsigned long long)n,
			    n == 1 ? "" : "s");
			return;
		}
	}
	buf_put_slice(&r->why, s);
}

static void
put_share(struct pytest_run *r, long ran, const char *verb)
{
	if (r->collected.selected >= 0)
		buf_printf(&r->why, "%ld of %ld selected tests %s", ran, r->collected.selected,
		    verb);
	else
		buf_printf(&r->why, "%ld test%s %s", ran, ran == 1 ? "" : "s", verb);
}

static void
state_of_nothing(struct pytest_run *r)
{
	const struct pytest_final *f = &r->final;

	if (f->collected >= 0) {
		because(r, RUN_NOT_RUN, "tests were collected only");
	} else if (r->stop.n && f->none_ran) {
		because(r, RUN_NOT_RUN, "no tests ran: ");
		put_stop(r);
	} else if (f->none_ran) {
		because(r, RUN_NOT_RUN, r->refused.n ? "no tests ran: " : "no tests ran");
		buf_put_slice(&r->why, buf_slice(&r->refused));
	} else if (f->deselected > 0) {
		because(r, RUN_NOT_RUN, "all collected tests were deselected");
	} else {
		because(r, r->traceback ? RUN_CRASHED : RUN_NOT_RUN, r->traceback ?
		    "pytest failed outside of any test: " : "no test has a result: ");
		put_share(r, 0, "reported");
	}
}

static void
state_with_final(struct pytest_run *r, const struct tally *y)
{
	const struct pytest_final *f = &r->final;
	long tests = pytest_final_tests(f), selected = r->collected.selected;
	/* how many errors are of setup, and so tests of their own, is not known from letters
	 * that are lost in printed text: give the run the benefit */
	bool lost = r->interleaved || r->glued_letters ||
	    r->run.reconciled == RUN_RECONCILED_NO;
	long errors = lost ? 0 : f->errors;
	/* rows with their share of the run are never lost: what says otherwise was printed */
	bool forged = r->run.reconciled == RUN_RECONCILED_NO && y->begun > 0 &&
	    ((r->share && !r->all_done) ||
	    (selected >= 0 && tests - f->errors - f->failed > selected));
	long reported = forged ? y->ran : at_least(y->ran, tests - errors - y->sub);

	if (r->crash.n && slice_starts(buf_slice(&r->crash), "internal error")) {
		r->run.state = RUN_CRASHED;
		buf_put_slice(&r->why, buf_slice(&r->crash));
		buf_puts(&r->why, "; ");
		put_share(r, reported, "reported");
	} else if (tests == 0 && y->begun == 0) {
		state_of_nothing(r);
	} else if (y->begun == 0 && selected == 0 && f->skipped == tests) {
		r->run.state = RUN_NOT_RUN;
		buf_printf(&r->why, "no test was collected, %ld file%s skipped", f->skipped,
		    f->skipped == 1 ? " was" : "s were");
	} else if (tests == 0) {
		because(r, RUN_TRUNCATED, "the final line counts no test, but results were read");
	} else if (y->begun == 0 && f->errors && f->errors + f->skipped == tests &&
	    (f->skipped == 0 || r->table.collect_errors == f->errors)) {
		r->run.state = RUN_NOT_RUN;
		buf_printf(&r->why, "%ld error%s during collection, no test ran", f->errors,
		    f->errors == 1 ? "" : "s");
	} else if (y->begun == 0 && r->quiet && !r->table.letters) {
		because(r, RUN_TRUNCATED, "only the final line is there");
	} else if (selected >= 0 && reported < selected) {
		r->run.state = RUN_STOPPED;
		if (r->stop.n) {
			put_stop(r);
			if (r->open_id.n && !r->xdist && !r->interleaved)
				buf_printf(&r->why, " while %.*s ran",
				    SLICE_ARG(buf_slice(&r->open_id)));
			buf_printf(&r->why, ": %ld of %ld ran", reported, selected);
		} else {
			put_share(r, reported, "reported");
		}
	} else if (r->stop.n && selected < 0) {
		r->run.state = RUN_STOPPED;
		put_stop(r);
	} else {
		r->run.state = RUN_COMPLETE;
	}
}

static void
state_without_final(struct pytest_run *r, const struct tally *y)
{
	long selected = r->collected.selected;

	if (r->crash.n) {
		r->run.state = RUN_CRASHED;
		buf_put_slice(&r->why, buf_slice(&r->crash));
		if (r->open_id.n)
			buf_printf(&r->why, " while %.*s ran", SLICE_ARG(buf_slice(&r->open_id)));
		buf_puts(&r->why, "; ");
		put_share(r, y->ran, "reported");
	} else if (r->stop.n) {
		r->run.state = RUN_STOPPED;
		put_stop(r);
		buf_puts(&r->why, ", no final line: ");
		put_share(r, y->ran, "reported");
	} else if (y->begun == 0 && !r->reported) {
		because(r, r->traceback ? RUN_CRASHED : RUN_NOT_RUN, r->traceback ?
		    "pytest failed outside of any test: " : "no final line and no result: ");
		put_share(r, 0, "reported");
	} else {
		/* the report of failures is written when all is over: fewer results than
		 * tests by then means that pytest stopped by itself */
		bool stopped = r->reported && selected >= 0 && y->ran < selected;

		because(r, stopped ? RUN_STOPPED : RUN_TRUNCATED, "no final line: ");
		put_share(r, y->ran, "reported");
		if (r->open_id.n && !r->reported && !r->xdist)
			buf_printf(&r->why, ", %.*s had begun",
			    SLICE_ARG(buf_slice(&r->open_id)));
	}
}

static void
fill_run(struct pytest_run *r, const struct tally *y)
{
	struct run *run = &r->run;
	const struct pytest_final *f = &r->final;

	buf_reset(&r->why);
	reconcile(r, y);
	if (!r->session) {
		run->state = RUN_NOT_RUN;
		if (r->refused.n)
			buf_put_slice(&r->why, buf_slice(&r->refused));
		else
			buf_puts(&r->why, "no test session in this text");
	} else if (r->has_final) {
		state_with_final(r, y);
	} else {
		state_without_final(r, y);
	}
	run->state_why = buf_slice(&r->why);
	run->reconciled_why = buf_slice(&r->reconciled);
	run->framework = buf_slice(&r->framework);
	run->exit_code = r->wrapper.exit_code;
	run->collected = r->collected.collected;
	run->deselected = r->collected.deselected;
	run->selected = r->collected.selected;
	if (!r->has_final)
		return;
	/* pytest leaves out what is zero */
	run->passed = f->passed;
	run->failed = f->failed;
	run->errors = f->errors;
	run->skipped = f->skipped;
	run->xfailed = f->xfailed;
	run->xpassed = f->xpassed;
	run->warnings = f->warnings;
	run->duration_ns = f->duration_ns;
	if (run->collected < 0 && f->collected >= 0)
		run->collected = f->collected;
}

/* ---- to the sink ---- */

static void
put_times(struct test *test, const struct pytest_result *p)
{
	test->setup_ns = p->setup_ns;
	test->call_ns = p->call_ns;
	test->teardown_ns = p->teardown_ns;
	if (p->duration_ns != CLOCK_NONE) {
		test->duration_ns = p->duration_ns;
		test->duration_from = DURATION_ROW;
	} else if (p->call_ns != CLOCK_NONE) {
		test->duration_ns = p->call_ns;
		test->duration_from = DURATION_TABLE;
		if (p->call_ns == 0)
			test->duration_note = SLICE("printed as 0.00s: under 5 ms");
	}
}

static int
put_test(struct pytest_run *r, const struct pytest_result *p, struct err *e)
{
	struct pytest_table *t = &r->table;
	struct slice path = p->file == NAMES_NONE ? (struct slice){ 0 } : t->files.name[p->file];
	struct test_id id = test_id_parts(p->id);
	struct test test = test_none;

	test.nodeid = p->id;
	test.printed = p->printed;
	test.file = p->id.n ? id.file : path;
	test.suite = id.suite;
	test.params = id.params;
	test.attempt = p->attempt;
	test.outcome = p->outcome;
	test.phase = p->phase;
	put_times(&test, p);
	test.message = p->message.n ? p->message : p->why;
	test.detail = p->detail;
	test.worker = p->worker;
	test.line = p->line;
	test.byte = p->byte;
	test.detail_line = p->detail_line;
	test.detail_byte = p->detail_byte;
	if (!p->id.n) {
		buf_reset(&t->scratch);
		buf_printf(&t->scratch, "%.*s#%u", SLICE_ARG(path), p->ordinal);
		test.nodeid = buf_slice(&t->scratch);
	}
	if (p->rerun && !test.message.n)
		test.message = SLICE("run again");
	return r->sink->test(r->sink->ctx, &test, e);
}

static int
put_captures(struct pytest_run *r, struct err *e)
{
	const struct pytest_table *t = &r->table;

	for (size_t i = 0; i < t->captures; i++) {
		const struct pytest_capture *c = &t->capture[i];
		uint32_t n = t->block[c->block].result;
		struct printed out = { .section = c->section, .text = c->text, .line = c->line,
			.byte = c->byte };

		if (n != NAMES_NONE)
			out.nodeid = t->result[n].id;
		if (r->sink->output(r->sink->ctx, &out, e) != 0)
			return -1;
	}
	return 0;
}

/* R28: what a script counts and what the run inside it has, when these differ */
static void
wrapper_differs(struct pytest_run *r, const struct tally *y)
{
	const struct pytest_wrapper *w = &r->wrapper;
	long passed = r->has_final ? r->run.passed : y->by[TEST_PASSED];
	long failed = r->has_final ? r->run.failed : y->by[TEST_FAILED];
	long errors = r->has_final ? r->run.errors : y->by[TEST_ERROR];
	long tests = r->has_final ? pytest_final_tests(&r->final) : y->ran;
	const struct {
		const char *name;
		long says;
	} says[] = { { "total", w->total }, { "passed", w->passed }, { "failed", w->failed },
		{ "errors", w->errors }, { "skipped", w->skipped } };
	struct buf *why = &r->wrapper_why;

	if (!r->session || !((w->passed >= 0 && w->passed != passed) ||
	    (w->failed >= 0 && w->failed + at_least(w->errors, 0) != failed + errors) ||
	    (w->total >= 0 && w->total != tests && (w->passed >= 0 || w->failed >= 0))))
		return;
	buf_puts(why, "it says ");
	for (size_t i = 0, n = 0; i < sizeof says / sizeof says[0]; i++)
		if (says[i].says >= 0)
			buf_printf(why, "%s%ld %s", n++ ? ", " : "", says[i].says, says[i].name);
	buf_printf(why, "; the run has %ld passed, %ld failed, %ld error%s", passed, failed,
	    errors, errors == 1 ? "" : "s");
	r->run.wrapper_why = buf_slice(why);
}

/* ---- tests that were collected and not run ---- */

static void
add_listed(struct pytest_run *r)
{
	struct slice version = buf_slice(&r->framework);
	struct pytest_list *l = &r->list;
	uint64_t major;
	size_t n;

	if (slice_take_str(&version, "pytest ") && slice_take_uint(&version, &major))
		l->rooted = major >= 8;
	n = pytest_list_end(l);
	if (r->final.collected < 0 || !r->has_final || r->table.results ||
	    (long)n != r->final.collected)
		return;
	for (size_t i = 0; i < n; i++) {
		struct pytest_result *p = pytest_table_open(&r->table, l->item[i].id,
		    &(struct line){ .no = l->item[i].line, .byte = l->item[i].byte });

		if (!p)
			return;
		p->outcome = TEST_NOT_RUN;
		p->message = SLICE("collected only");
	}
}

/* ---- tests that began and never came to a result ---- */

static void
add_open_test(struct pytest_run *r, const struct pytest_begun *b)
{
	struct pytest_table *t = &r->table;
	struct slice crash = buf_slice(&r->crash);
	struct pytest_result *p = pytest_table_open(t, b->id, &(struct line){ .no = b->line,
	    .byte = b->byte });

	if (!p)
		return;
	p->outcome = TEST_ERROR;
	p->phase = PHASE_CALL;
	if (r->run.state != RUN_CRASHED) {
		p->message = SLICE("it had begun, and the output ends without its result");
		return;
	}
	slice_take_str(&crash, "Fatal Python error: ");
	p->message = slice_str(arena_printf(&t->arena, "the process died while it ran: %.*s",
	    SLICE_ARG(crash)));
	if (r->xdist)
		return;
	p->detail = buf_slice(&r->crash_text);
	p->detail_line = r->crash_line;
	p->detail_byte = r->crash_byte;
}

/*
 * A run that died or was cut names the tests that were running: they did not pass. A run that
 * was stopped has said itself what it counts.
 */
static void
add_open(struct pytest_run *r)
{
	if ((r->run.state != RUN_CRASHED && r->run.state != RUN_TRUNCATED) || r->reported)
		return;
	if (r->xdist) {
		for (size_t i = 0; i < r->working; i++)
			add_open_test(r, &r->workers[i]);
	} else if (r->open_id.n) {
		r->begun_at.id = buf_slice(&r->open_id);
		add_open_test(r, &r->begun_at);
	}
}

static void
put_diags(struct pytest_run *r)
{
	const struct run *run = &r->run;
	const struct diag_sink *d = &r->sink->diag;

	if (!r->session)
		return;
	if (!r->has_final)
		diag_put(d, DIAG_RUN_NO_END, run->line, 0, run->byte, "%s", r->why.p);
	if (run->reconciled == RUN_RECONCILED_NO)
		diag_put(d, DIAG_RUN_COUNTS, run->line, 0, run->byte, "%s", r->reconciled.p);
	if (r->table.lost || r->table.cut)
		diag_put(d, DIAG_RECORD_LONG, run->line, 0, run->byte,
		    "%llu results and %llu tracebacks or captured texts beyond the limits of one "
		    "run were left out", (unsigned long long)r->table.lost,
		    (unsigned long long)r->table.cut);
	if (run->wrapper_why.n)
		diag_put(d, DIAG_RUN_WRAPPER, r->wrapper.line ? r->wrapper.line : run->line, 0,
		    run->byte, "%s", r->wrapper_why.p);
}

int
pytest_run_finish(struct pytest_run *r, struct err *e)
{
	struct pytest_table *t = &r->table;
	struct tally tally;

	if (pytest_text_flush(&r->text, e) != 0 || pytest_run_begin(r, e) != 0)
		return -1;
	t->whole = r->collected.selected >= 0;
	pytest_table_match(t);
	count_results(r, &tally);
	fill_run(r, &tally);
	wrapper_differs(r, &tally);
	add_open(r);
	add_listed(r);
	for (size_t i = 0; i < t->results; i++)
		if (!t->result[i].dropped && put_test(r, &t->result[i], e) != 0)
			return -1;
	if (put_captures(r, e) != 0)
		return -1;
	put_diags(r);
	return r->sink->run_end(r->sink->ctx, &r->run, e);
}
