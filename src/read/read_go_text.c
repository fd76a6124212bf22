/*
 * read_go_text.c - what `go test` prints on a console, with -v and without.
 *
 * With -v a verdict counts when its test was begun; without it only failures are
 * told, and what passes is a package. The package of a test is named behind it.
 */
#include "config.h"

#include "read/reader.h"

#include "read/console_text.h"
#include "read/go_run.h"

struct reading {
	struct go_run run;
	struct console_prefix prefix;
	struct buf current;		/* name of the test that prints, or empty */
	/* a verdict that was told: what follows it may belong to it */
	bool closing, closing_text;
	struct go_verdict verdict;
	struct buf closing_name;
	struct line closing_at;
	struct go_build *build;
	bool final_fail;		/* "FAIL" alone behind the last package */
	bool any_failed;
	bool summary;
};

/* the package that is being told; it has no name yet */
static struct go_package *
package(struct reading *g, const struct line *at)
{
	return go_package(&g->run, (struct slice){ 0 }, at);
}

static int
begin(struct reading *g, const struct console_line *line, const struct line *at, struct err *e)
{
	struct run *run = &g->run.out.run;

	if (run_out_begin(&g->run.out, at->no, at->byte, e) != 0)
		return -1;
	g->final_fail = false;
	if (line->ns == CLOCK_NONE)
		return 0;
	if (run->started_ns == CLOCK_NONE) {
		run->started_ns = line->ns;
		run->clock = RUN_CLOCK_EXACT;
	}
	return 0;
}

/* the verdict that was told last is final */
static int
close_verdict(struct reading *g, struct err *e)
{
	const struct go_verdict *v = &g->verdict;
	struct go_package *p;
	struct go_test *t;
	struct slice name = buf_slice(&g->closing_name);

	if (!g->closing)
		return 0;
	g->closing = false;
	p = package(g, &g->closing_at);
	t = p ? go_begin(&g->run, p, name, CLOCK_NONE, &g->closing_at) : NULL;
	if (!t)
		return 0;
	return go_close(&g->run, p, t, v->what == 'P' ? TEST_PASSED : v->what == 'S' ?
	    TEST_SKIPPED : TEST_FAILED, v->duration_ns, &g->closing_at, e);
}

static struct go_test *
printing(struct reading *g, struct go_package *p, const struct line *at)
{
	if (g->closing)
		return go_begin(&g->run, p, buf_slice(&g->closing_name), CLOCK_NONE, at);
	return g->current.n ? go_open(p, buf_slice(&g->current)) : NULL;
}

static int
on_text(struct reading *g, struct slice text, const struct line *at, struct err *e)
{
	struct go_package *p;

	if (g->build) {
		if (slice_trim(text).n > 0)
			go_build_text(&g->run, g->build, text);
		return run_out_text(&g->run.out, (struct slice){ 0 }, text, at, e);
	}
	p = package(g, at);
	if (!p)
		return run_out_text(&g->run.out, (struct slice){ 0 }, text, at, e);
	/* of what stands before the first test the end may tell why there is none */
	if (!g->run.out.begun)
		go_make_room(&g->run, p, text.n);
	/* the last word of the tests may be glued to what one of them printed */
	p->ended = p->ended || (p->opens == 0 && (slice_ends(text, "FAIL") ||
	    slice_ends(text, "PASS")));
	return go_text(&g->run, p, printing(g, p, at), text, at, e);
}

/* ---- lines that go prints ---- */

static int
on_frame(struct reading *g, enum go_frame frame, struct slice name, const struct line *at,
    struct err *e)
{
	struct go_package *p;

	if (close_verdict(g, e) != 0)
		return -1;
	p = package(g, at);
	if (!p)
		return 0;
	p->framed = true;
	if (frame == GO_RUN)
		go_begin(&g->run, p, name, CLOCK_NONE, at);
	if (frame == GO_PAUSE)
		buf_reset(&g->current);
	else
		run_out_set(&g->current, name);
	return 0;
}

/* is it told by go, and not printed by a test? */
static bool
believed(struct go_package *p, const struct go_verdict *v)
{
	return v->what == 'F' || (p->framed && go_open(p, v->name));
}

/* 1 taken, 0 it is text, -1 */
static int
on_verdict(struct reading *g, const struct go_verdict *v, const struct line *at, struct err *e)
{
	struct go_package *p;

	/* a verdict that waits belongs to the same package */
	if (close_verdict(g, e) != 0)
		return -1;
	p = package(g, at);
	if (!p || !believed(p, v))
		return 0;
	if (v->glued.n > 0 && on_text(g, v->glued, at, e) != 0)
		return -1;
	if (p->framed && !go_open(p, v->name) && go_fail_held(p, v->name))
		return 1;
	g->closing = true;
	g->verdict = *v;
	g->closing_at = *at;
	run_out_set(&g->closing_name, v->name);
	g->verdict.name = g->verdict.glued = (struct slice){ 0 };
	if (slice_eq(v->name, buf_slice(&g->current)))
		buf_reset(&g->current);
	return 1;
}

/* 1 taken, 0 it is text, -1 */
static int
on_package(struct reading *g, const struct go_package_line *how, const struct line *at,
    struct err *e)
{
	struct go_package *p;

	if (close_verdict(g, e) != 0)
		return -1;
	p = package(g, at);
	if (!p)
		return 0;
	/* a package that is fine has come to its end: a test that is open prints this */
	if (how->end == GO_OK && p->opens > 0 && !p->ended)
		return 0;
	g->build = NULL;
	g->any_failed = g->any_failed || how->end == GO_FAIL || how->end == GO_BUILD_FAILED;
	buf_reset(&g->current);
	return go_package_close(&g->run, p, how, at, e) != 0 ? -1 : 1;
}

/* "PASS" and "FAIL" alone: the tests of a package, or all packages, are done; 1, 0, -1 */
static int
on_word(struct reading *g, bool fail, const struct line *at, struct err *e)
{
	struct go_package *p;

	if (close_verdict(g, e) != 0)
		return -1;
	/* the very last one is told by nothing behind it */
	g->final_fail = fail;
	p = package(g, at);
	/* not while a test is open: then it prints this */
	if (!p || p->opens > 0)
		return 0;
	p->ended = true;
	buf_reset(&g->current);
	return 1;
}

static int
on_build(struct reading *g, struct slice name, struct slice line, const struct line *at,
    struct err *e)
{
	if (g->run.packages > 0 && package(g, at)->framed)
		return on_text(g, line, at, e);
	g->build = go_build(&g->run, name, at);
	return run_out_text(&g->run.out, (struct slice){ 0 }, line, at, e);
}

/*
 * gotestsum repeats below "=== Failed" what it has told already, up to "DONE 2 tests,
 * 1 failure in 0.4s", which is the end of its run.
 */
static bool
in_summary(struct reading *g, struct slice s)
{
	uint64_t n;

	if (slice_eqs(s, "=== Failed") || slice_eqs(s, "=== Skipped") ||
	    slice_eqs(s, "=== Errors"))
		g->summary = g->run.out.begun;
	if (slice_take_str(&s, "DONE ") && slice_take_uint(&s, &n) &&
	    (slice_starts(s, " test") || slice_starts(s, " run"))) {
		g->summary = false;
		g->final_fail = true;
		return true;
	}
	return g->summary;
}

static int
on_line(struct reading *g, const struct console_line *line, const struct line *at, struct err *e)
{
	struct slice s = line->text, name, glued;
	struct go_package_line how;
	struct go_verdict v;
	enum go_frame frame;
	int rc = 0;

	while (slice_take_byte(&s, '\x16'))
		;
	if (in_summary(g, s))
		return on_text(g, s, at, e);
	if (go_frame(s, &frame, &name, &glued)) {
		g->build = NULL;
		if (begin(g, line, at, e) != 0)
			return -1;
		if (glued.n > 0 && on_text(g, glued, at, e) != 0)
			return -1;
		return on_frame(g, frame, name, at, e);
	}
	if (go_verdict(s, &v) && (v.what == 'F' || g->run.packages > 0)) {
		g->build = v.what == 'F' ? NULL : g->build;
		rc = begin(g, line, at, e) != 0 ? -1 : on_verdict(g, &v, at, e);
	} else if (go_package_line(s, &how)) {
		rc = begin(g, line, at, e) != 0 ? -1 : on_package(g, &how, at, e);
	} else if (g->run.out.begun && (slice_eqs(s, "PASS") || slice_eqs(s, "FAIL"))) {
		rc = on_word(g, slice_eqs(s, "FAIL"), at, e);
	} else if (go_build_heading(s, &name)) {
		return on_build(g, name, s, at, e);
	}
	return rc != 0 ? (rc < 0 ? -1 : 0) : on_text(g, s, at, e);
}

static int
end_run(struct reading *g, struct err *e)
{
	const char *cut = g->any_failed && !g->final_fail ? "the last line, FAIL, is missing" : "";

	if (close_verdict(g, e) != 0)
		return -1;
	g->any_failed = g->final_fail = g->summary = false;
	g->build = NULL;
	return go_run_end(&g->run, cut, e);
}

/* a shell shows the command: the next run begins, unless a test prints that */
static int
on_command(struct reading *g, const struct line *at, struct slice line, struct err *e)
{
	struct go_package *p = g->run.packages ? package(g, at) : NULL;

	if (p && (p->opens > 0 || p->helds > 0 || g->closing))
		return 0;
	if (end_run(g, e) != 0)
		return -1;
	run_out_command(&g->run.out, line, "go test");
	return 0;
}

static int
read_lines(struct reading *g, struct lines *lines, struct err *e)
{
	struct arena scratch;
	struct line line;
	int rc;

	arena_init(&scratch);
	while ((rc = lines_next(lines, &line, e)) > 0) {
		struct console_line clean;

		arena_reset(&scratch);
		clean = console_clean(&g->prefix, &scratch, line.text, line.no);
		if ((run_out_command(&g->run.out, clean.text, "go test") &&
		    on_command(g, &line, clean.text, e) != 0) ||
		    on_line(g, &clean, &line, e) != 0) {
			rc = -1;
			break;
		}
	}
	arena_release(&scratch);
	return rc < 0 ? -1 : end_run(g, e);
}

static int
read_go_text(struct read_job *job, struct err *e)
{
	struct reading g = { .closing = false };
	struct slice head;
	struct lines lines;
	int rc;

	job->shape = "go test console";
	if (input_head(job->in, &head, e) != 0)
		return -1;
	console_prefix_find(&g.prefix, head);
	go_run_init(&g.run, job, "go-text", 3);
	buf_init(&g.current, RUN_OUT_NAME);
	buf_init(&g.closing_name, RUN_OUT_NAME);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	rc = read_lines(&g, &lines, e);
	lines_release(&lines);
	buf_release(&g.closing_name);
	buf_release(&g.current);
	go_run_release(&g.run);
	return rc;
}

static int
score_line(struct slice s)
{
	struct go_package_line how;
	struct go_verdict v;
	struct slice name, glued;
	enum go_frame frame;

	if (go_frame(s, &frame, &name, &glued) && glued.n == 0)
		return name.n ? 92 : 0;
	if (go_verdict(s, &v) && v.glued.n == 0 && v.indent % 4 == 0)
		return 90;
	return go_package_line(s, &how) && s.p[0] != '\t' ? 85 : 0;
}

static int
sniff(struct slice head, bool whole)
{
	struct console_prefix prefix;
	struct arena scratch;
	struct slice line;
	int best = 0;

	(void)whole;
	/* JSON and XML may quote any of this */
	if (slice_starts(slice_trim(head), "{") || slice_starts(slice_trim(head), "<"))
		return 0;
	console_prefix_find(&prefix, head);
	arena_init(&scratch);
	for (uint64_t no = 1; best < 92 && slice_take_line(&head, &line); no++) {
		int score;

		arena_reset(&scratch);
		score = score_line(console_clean(&prefix, &scratch, slice_sub(line, 0, 4096),
		    no).text);
		best = score > best ? score : best;
	}
	arena_release(&scratch);
	return best;
}

const struct reader reader_go_text = {
	.name = "go-text",
	.about = "console output of go test",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_go_text,
};
