/*
 * props.c - what must hold of every output of tests, whatever was cut off or printed into it.
 *
 *	props [-d] [-c] [-r READER] FILE...
 *
 * (a) Cut at any line, the rest makes no pass of a test that failed, is missing or did not end
 *     in the whole, and no complete run of one that is not.
 * (b) Lines that a program prints between two results change no result (console formats).
 * (c) Colours change no result (console formats).
 *
 * A line that says PASSED stands for the call of a test. What a later line adds - an error in
 * teardown, a failed subtest - is not known where that line is cut off: of these, and of these
 * only, (a) takes a pass for an error in teardown or a failure of a child.
 *
 * -d prints what the reader finds, one line for each run, test and text. -c is the control of the
 * test itself: results are read as passes, so that each property must be seen to break.
 */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/text.h"
#include "read/pytest_line.h"
#include "read/reader.h"

#define FILE_MAX (16 * 1024 * 1024)
#define CUTS 600		/* of one file: every line of short ones, evenly spread over long ones */
#define INSERTS 60		/* places in one file, each with every text */
#define HANG_SECONDS 60

struct row {
	struct slice id, message;
	unsigned run, attempt;
	enum test_outcome outcome;
	enum test_phase phase;
	int64_t duration_ns;
	uint64_t line;
};

struct session {
	enum run_state state;
	long passed, failed, rows;
};

struct reading {
	struct arena arena;
	struct row *row;
	struct session *run;
	size_t rows, row_cap, runs, run_cap;
	bool dump, control;
};

struct trial {
	const char *path;
	const struct reader *reader;
	struct slice whole;
	struct reading good;
	bool control;
	bool names_last;	/* "ok 1 - name", "--- PASS: name" */
	unsigned cuts, inserts, colours, bad;
};

/* --- reading --- */

static void
put_field(const char *name, struct slice s)
{
	printf("\t%s=", name);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\\')
			printf("\\%c", s.p[i] == '\t' ? 't' : s.p[i] == '\n' ? 'n' : '\\');
		else
			putchar(s.p[i]);
	}
}

static void
put_ns(const char *name, int64_t ns)
{
	if (ns != CLOCK_NONE)
		printf("\t%s=%.6f", name, (double)ns / 1e9);
}

static int
on_begin(void *ctx, const struct run *run, struct err *e)
{
	struct reading *g = ctx;

	(void)run, (void)e;
	g->run = mem_grow(g->run, &g->run_cap, g->runs + 1, sizeof *g->run);
	g->run[g->runs++] = (struct session){ .state = RUN_TRUNCATED };
	return 0;
}

static void
dump_test(const struct test *t)
{
	printf("test\t%s\t%s", test_outcome_name(t->outcome), test_phase_name(t->phase));
	put_field("id", t->nodeid);
	put_field("printed", t->printed);
	put_field("file", t->file);
	put_field("suite", t->suite);
	put_field("params", t->params);
	printf("\tattempt=%u", t->attempt);
	put_ns("s", t->duration_ns);
	put_field("from", slice_str(duration_from_name(t->duration_from)));
	put_field("note", t->duration_note);
	put_ns("setup", t->setup_ns);
	put_ns("call", t->call_ns);
	put_ns("teardown", t->teardown_ns);
	put_field("message", t->message);
	put_field("worker", t->worker);
	printf("\tline=%" PRIu64 "\tdetail=%" PRIu64 "/%zu\n", t->line, t->detail_line, t->detail.n);
}

static int
on_test(void *ctx, const struct test *t, struct err *e)
{
	struct reading *g = ctx;
	struct row *r;

	(void)e;
	g->row = mem_grow(g->row, &g->row_cap, g->rows + 1, sizeof *g->row);
	r = &g->row[g->rows++];
	*r = (struct row){ arena_copy(&g->arena, t->nodeid), arena_copy(&g->arena, t->message),
		(unsigned)g->runs, t->attempt, g->control ? TEST_PASSED : t->outcome, t->phase,
		t->duration_ns, t->line };
	if (g->runs)
		g->run[g->runs - 1].rows++;
	if (g->dump)
		dump_test(t);
	return 0;
}

static int
on_output(void *ctx, const struct printed *o, struct err *e)
{
	const struct reading *g = ctx;

	(void)e;
	if (g->dump) {
		printf("text\tline=%" PRIu64, o->line);
		put_field("id", o->nodeid);
		put_field("section", o->section);
		put_field("text", slice_sub(o->text, 0, 60));
		putchar('\n');
	}
	return 0;
}

static int
on_end(void *ctx, const struct run *run, struct err *e)
{
	struct reading *g = ctx;

	(void)e;
	if (g->runs == 0)
		return 0;
	g->run[g->runs - 1].state = g->control ? RUN_COMPLETE : run->state;
	g->run[g->runs - 1].passed = run->passed;
	g->run[g->runs - 1].failed = run->failed;
	if (!g->dump)
		return 0;
	printf("run\t%s", run_state_name(run->state));
	put_field("why", run->state_why);
	put_field("framework", run->framework);
	printf("\tcollected=%ld deselected=%ld selected=%ld passed=%ld failed=%ld errors=%ld "
	    "skipped=%ld xfailed=%ld xpassed=%ld warnings=%ld exit=%ld", run->collected,
	    run->deselected, run->selected, run->passed, run->failed, run->errors, run->skipped,
	    run->xfailed, run->xpassed, run->warnings, run->exit_code);
	put_ns("s", run->duration_ns);
	put_field("reconciled", slice_str(run_reconciled_name(run->reconciled)));
	put_field("because", run->reconciled_why);
	put_field("wrapper", run->wrapper_why);
	putchar('\n');
	return 0;
}

static int
on_entry(void *ctx, const struct entry *entry, struct err *e)
{
	(void)ctx, (void)entry, (void)e;
	return 0;
}

static int
on_fact(void *ctx, const struct run_fact *f, struct err *e)
{
	const struct reading *g = ctx;

	(void)e;
	if (g->dump) {
		printf("fact\tline=%" PRIu64, f->line);
		put_field("kind", f->kind);
		put_field("name", f->name);
		put_field("value", f->value);
		putchar('\n');
	}
	return 0;
}

static int
on_bad(void *ctx, const struct bad_record *bad, struct err *e)
{
	(void)ctx, (void)bad, (void)e;
	return 0;
}

/* false when the reader gives up */
static bool
read_all(const struct reader *reader, struct slice text, struct reading *g)
{
	const struct read_sink sink = { .ctx = g, .entry = on_entry, .run_begin = on_begin,
		.test = on_test, .output = on_output, .fact = on_fact, .run_end = on_end,
		.bad = on_bad };
	struct read_job job = { .limits = &read_limits_default, .sink = &sink };
	bool ok;
	struct err e;

	arena_init(&g->arena);
	err_clear(&e);
	job.in = input_from_memory(text.p, text.n);
	alarm(HANG_SECONDS);
	ok = reader->read(&job, &e) == 0;
	alarm(0);
	input_close(job.in);
	return ok;
}

static void
release(struct reading *g)
{
	free(g->row);
	free(g->run);
	arena_release(&g->arena);
}

/* --- judgement --- */

__attribute__((format(printf, 4, 5)))
static void
fail(struct trial *t, const char *what, uint64_t line, const char *fmt, ...)
{
	va_list ap;

	t->bad++;
	if (t->bad > 20)
		return;
	fprintf(stderr, "%s: %s at line %" PRIu64 ": ", t->path, what, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static bool
is_pass(enum test_outcome o)
{
	return o == TEST_PASSED || o == TEST_XPASSED;
}

/* "pkg::TestA" is what "TestA" is called once its package is known, which go prints last */
static bool
same_id(struct slice whole, struct slice cut)
{
	size_t n = whole.n - cut.n;

	return slice_eq(whole, cut) || (whole.n > cut.n + 2 && whole.p[n - 1] == ':' &&
	    slice_eq(slice_sub(whole, n, cut.n), cut));
}

/* the last row of this id in the whole run; its attempt `attempt` if there are several */
static const struct row *
row_of(const struct reading *g, const struct row *want)
{
	const struct row *found = NULL;

	for (size_t i = 0; i < g->rows; i++)
		if (g->row[i].run == want->run && same_id(g->row[i].id, want->id) &&
		    (!found || g->row[i].attempt == want->attempt))
			found = &g->row[i];
	return found;
}

/* results that have no name: "path#3"; they have other names when all is known */
static bool
is_unnamed(struct slice id)
{
	size_t at = slice_rfind_byte(id, '#');
	struct slice number = slice_sub(id, at == SIZE_MAX ? id.n : at + 1, id.n);
	uint64_t v;

	return slice_take_uint(&number, &v) && number.n == 0;
}

/* a letter that stands at this line of the whole: which results came from there */
static bool
has_pass_at(const struct reading *g, const struct row *want)
{
	for (size_t i = 0; i < g->rows; i++)
		if (g->row[i].run == want->run && g->row[i].line == want->line &&
		    (is_pass(g->row[i].outcome) || g->row[i].phase == PHASE_TEARDOWN ||
		    g->row[i].outcome == TEST_FAILED))
			return true;
	return false;
}

/* a later line may say that a new run had begun before this result */
static bool
passes_there(const struct reading *g, const struct row *r)
{
	for (size_t i = 0; i < g->rows; i++)
		if (g->row[i].line == r->line && is_pass(g->row[i].outcome) &&
		    same_id(g->row[i].id, r->id))
			return true;
	return false;
}

static void
judge_pass(struct trial *t, const struct row *r, uint64_t line)
{
	const struct row *w = row_of(&t->good, r);

	if (!t->control && passes_there(&t->good, r))
		return;
	if (!w && is_unnamed(r->id)) {
		if (!has_pass_at(&t->good, r))
			fail(t, "cut", line, "%.*s passes out of nothing", SLICE_ARG(r->id));
		return;
	}
	if (!w) {
		fail(t, "cut", line, "%.*s passes and is not in the whole", SLICE_ARG(r->id));
		return;
	}
	if (is_pass(w->outcome))
		return;
	/* its own line says PASSED, and what made it worse stands behind the cut */
	if (w->line <= line && ((w->outcome == TEST_ERROR && w->phase == PHASE_TEARDOWN) ||
	    (w->outcome == TEST_FAILED && w->phase == PHASE_CALL && w->line == r->line &&
	    slice_find(t->whole, 0, SLICE("SUB")) != SIZE_MAX)))
		return;
	fail(t, "cut", line, "%.*s passes, in the whole it is %s", SLICE_ARG(r->id),
	    test_outcome_name(w->outcome));
}

static void
judge_runs(struct trial *t, const struct reading *g, uint64_t line)
{
	for (size_t i = 0; i < g->runs; i++) {
		const struct session *r = &g->run[i], *w = i < t->good.runs ?
		    &t->good.run[i] : NULL;

		if (r->state != RUN_COMPLETE)
			continue;
		if (!w || w->state != RUN_COMPLETE)
			fail(t, "cut", line, "run %zu is complete, in the whole it is %s", i + 1,
			    w ? run_state_name(w->state) : "none");
		/* go says nothing of the packages to come: a cut between two is none */
		else if ((r->rows != w->rows || (r->passed >= 0 && r->passed != w->passed) ||
		    (r->failed >= 0 && r->failed != w->failed)) && !slice_starts(slice_str(t->reader->name), "go"))
			fail(t, "cut", line, "run %zu is complete with %ld of %ld results", i + 1,
			    r->rows, w->rows);
	}
}

static void
cut_at(struct trial *t, size_t n, uint64_t line)
{
	struct reading g = { .control = t->control };

	t->cuts++;
	if (!read_all(t->reader, slice_sub(t->whole, 0, n), &g))
		fail(t, "cut", line, "the reader gives up");
	for (size_t i = 0; i < g.rows; i++)
		if (is_pass(g.row[i].outcome))
			judge_pass(t, &g.row[i], line);
	judge_runs(t, &g, line);
	release(&g);
}

static bool
same_row(const struct row *a, const struct row *b)
{
	return slice_eq(a->id, b->id) && slice_eq(a->message, b->message) &&
	    a->attempt == b->attempt && a->outcome == b->outcome && a->phase == b->phase &&
	    a->duration_ns == b->duration_ns && a->run == b->run;
}

static void
must_be_same(struct trial *t, struct slice text, const char *what, uint64_t line)
{
	struct reading g = { .control = false };

	if (!read_all(t->reader, text, &g))
		fail(t, what, line, "the reader gives up");
	if (t->control && g.rows)
		g.row[g.rows - 1].outcome = TEST_NOT_RUN;
	if (g.rows != t->good.rows)
		fail(t, what, line, "%zu results, not %zu", g.rows, t->good.rows);
	for (size_t i = 0; i < g.rows && i < t->good.rows; i++)
		if (!same_row(&g.row[i], &t->good.row[i])) {
			fail(t, what, line, "%.*s (%s) is now %.*s (%s)",
			    SLICE_ARG(t->good.row[i].id), test_outcome_name(t->good.row[i].outcome),
			    SLICE_ARG(g.row[i].id), test_outcome_name(g.row[i].outcome));
			break;
		}
	for (size_t i = 0; i < g.runs; i++)
		if (i >= t->good.runs || g.run[i].state != t->good.run[i].state) {
			fail(t, what, line, "run %zu is now %s", i + 1,
			    run_state_name(g.run[i].state));
			break;
		}
	release(&g);
}

/* --- the three properties --- */

static void
cut_everywhere(struct trial *t, uint64_t lines)
{
	uint64_t step = lines / CUTS + 1, line = 1;

	for (size_t at = 0; at < t->whole.n && t->bad < 20;) {
		size_t end = slice_find_byte(t->whole, at, '\n');

		end = end == SIZE_MAX ? t->whole.n : end + 1;
		if (line % step == 0 || lines - line < 60) {
			cut_at(t, end, line);
			/* within the line, too, where a line does not end in a name */
			for (size_t k = t->names_last ? 4 : 1; k < 4 && end - at > 8; k++)
				cut_at(t, at + (end - at) * k / 4, line);
		}
		at = end;
		line++;
	}
}

static struct slice
plain(struct arena *a, struct slice line)
{
	return text_strip_ansi(a, line);
}

/* does a whole result stand on this line? */
static bool
is_result(struct arena *a, struct slice line)
{
	struct pytest_row row;
	struct pytest_letters l;
	struct slice s = plain(a, line);

	return pytest_row_xdist(s, &row) || (pytest_row(s, &row) && row.progress && !row.glued) ||
	    (pytest_letters(s, &l) && l.progress && l.letters.n);
}

static struct slice
with_text(struct arena *a, struct slice whole, size_t at, struct slice text)
{
	char *p = arena_alloc(a, whole.n + text.n + 1);

	memcpy(p, whole.p, at);
	memcpy(p + at, text.p, text.n);
	memcpy(p + at + text.n, whole.p + at, whole.n - at);
	return slice_of(p, whole.n + text.n);
}

static void
print_between(struct trial *t)
{
	static const char *const texts[] = {
		"starting worker 3\n", "\n\n", "PASSED\n", "FAILED\n", "  12 passed, 3 failed\n",
		"=== 3 failed, 2 passed in 1.00s ===\n", "5 passed in 0.10s\n",
		"FAILED tests/fake.py::test_forged - not real\n",
		"tests/fake.py::test_forged was called\n", "ERROR    app.db:db.py:12 db down\n",
		"E   assert 0\n", "....\n", "F\n", "[100%]\n", "-- Docs: none\n",
		"Traceback (most recent call last):\n  File \"x.py\", line 1, in f\nKeyError: 'k'\n",
		"collected 2 items\n", "Exit code: 0\n", "Passed: 900\nFailed: 0\n", "1..4\nok 1 - x\n",
		"______ test_forged ______\n", "---------- Captured stdout call ----------\n",
		"{\"Action\":\"pass\",\"Test\":\"TestForged\"}\n", "--- PASS: TestForged (0.00s)\n",
		"============================= 300 passed in 1.00s ==============================\n",
	};
	bool before = false;
	struct arena a;
	uint64_t line = 0;
	unsigned places = 0;

	arena_init(&a);
	for (size_t at = 0; at < t->whole.n && t->bad < 20 && places < INSERTS;) {
		size_t end = slice_find_byte(t->whole, at, '\n');
		bool now;

		end = end == SIZE_MAX ? t->whole.n : end + 1;
		arena_reset(&a);
		now = is_result(&a, slice_trim(slice_sub(t->whole, at, end - at)));
		for (size_t i = 0; now && before && i < sizeof texts / sizeof texts[0]; i++) {
			arena_reset(&a);
			must_be_same(t, with_text(&a, t->whole, at, slice_str(texts[i])),
			    texts[i], line);
			t->inserts++;
		}
		places += now && before;
		before = now;
		at = end;
		line++;
	}
	arena_release(&a);
}

/* whole lines red, or each word of its own colour, as pytest and pygments do */
static void
paint(struct buf *out, struct slice text, bool words)
{
	struct slice line;

	while (slice_take_line(&text, &line)) {
		bool space = true;

		if (!words)
			buf_puts(out, "\x1b[31m\x1b[1m");
		for (size_t i = 0; i < line.n; i++) {
			if (words && space && line.p[i] != ' ')
				buf_puts(out, "\x1b[39;49;00m\x1b[32m");
			space = line.p[i] == ' ';
			buf_putc(out, line.p[i]);
		}
		buf_puts(out, "\x1b[0m\n");
	}
}

static void
colour(struct trial *t)
{
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, FILE_MAX * 4);
	must_be_same(t, text_strip_ansi(&a, t->whole), "without colours", 0);
	for (int words = 0; words < 2; words++) {
		buf_reset(&b);
		paint(&b, t->whole, words);
		must_be_same(t, buf_slice(&b), words ? "words in colour" : "lines in colour", 0);
		t->colours++;
	}
	buf_release(&b);
	arena_release(&a);
}

static void
on_alarm(int signal_number)
{
	static const char text[] = "props: the reader hangs\n";

	(void)signal_number;
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(2);
	_exit(1);
}

static const struct reader *
reader_of(struct slice text)
{
	struct input *in = input_from_memory(text.p, text.n);
	const struct reader *r = NULL;
	struct slice head;
	struct err e;

	err_clear(&e);
	if (input_head(in, &head, &e) == 0)
		r = reader_detect(head, head.n < INPUT_HEAD);
	input_close(in);
	return r;
}

static void
try(struct trial *t)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < t->whole.n; i++)
		lines += t->whole.p[i] == '\n';
	t->names_last = slice_eqs(slice_str(t->reader->name), "tap") ||
	    slice_eqs(slice_str(t->reader->name), "go-text");
	cut_everywhere(t, lines);
	if (slice_eqs(slice_str(t->reader->name), "pytest")) {
		print_between(t);
		colour(t);
	}
}

/* 0 all holds, 1 not, 2 the file cannot be read */
static int
one(const char *path, const char *name, bool dump, bool control)
{
	struct trial t = { .path = path, .control = control };
	struct buf whole;
	struct err e;

	buf_init(&whole, FILE_MAX);
	err_clear(&e);
	if (io_slurp(path, FILE_MAX, &whole, &e) != 0) {
		fprintf(stderr, "props: cannot read %s\n", path);
		buf_release(&whole);
		return 2;
	}
	t.whole = buf_slice(&whole);
	t.reader = name ? reader_by_name(name) : reader_of(t.whole);
	if (t.reader && t.reader->kind == SOURCE_TESTS) {
		t.good.dump = dump;
		read_all(t.reader, t.whole, &t.good);
		if (!dump) {
			try(&t);
			printf("%s as %s: %zu runs, %zu results, %u cuts, %u inserts, "
			    "%u colours: %u bad\n", path, t.reader->name, t.good.runs,
			    t.good.rows, t.cuts, t.inserts, t.colours, t.bad);
		}
		release(&t.good);
	} else {
		printf("%s: no output of tests\n", path);
	}
	buf_release(&whole);
	return t.bad > 0;
}

int
main(int argc, char **argv)
{
	const char *name = NULL;
	bool dump = false, control = false;
	int c, rc = 0;

	while ((c = getopt(argc, argv, "cdr:")) != -1) {
		if (c == 'r')
			name = optarg;
		else if (c == 'd')
			dump = true;
		else if (c == 'c')
			control = true;
		else
			return 2;
	}
	signal(SIGALRM, on_alarm);
	for (; optind < argc; optind++) {
		int one_rc = one(argv[optind], name, dump, control);

		rc = one_rc > rc ? one_rc : rc;
	}
	return rc;
}
