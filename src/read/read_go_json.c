/*
 * read_go_json.c - what `go test -json` prints: one event a line, and between them what the
 * compiler says.
 */
#include "config.h"

#include "read/reader.h"

#include "base/text.h"
#include "read/console_text.h"
#include "read/go_run.h"
#include "read/json_lenient.h"
#include "read/json_walk.h"

#include <string.h>

struct reading {
	struct go_run run;
	struct buf scratch;		/* of the second try of a line */
	struct go_build *build;		/* whose words the lines between events are */
	struct arena arena;
	const struct read_sink *sink;
	uint64_t events;
};

struct event {
	struct slice action, package, test, output, path;
	int64_t ns, elapsed_ns;
};

static struct slice
text_of(const json_t *object, const char *key)
{
	const json_t *v = json_object_get(object, key);

	return json_is_string(v) ? slice_of(json_string_value(v), json_string_length(v)) :
	    (struct slice){ 0 };
}

static void
event_of(struct reading *g, const json_t *object, struct event *ev)
{
	const json_t *elapsed = json_object_get(object, "Elapsed");
	struct slice time = text_of(object, "Time");
	enum clock_zone zone;
	size_t fixed;
	double s = json_number_value(elapsed);

	*ev = (struct event){ .action = text_of(object, "Action"),
		.package = text_of(object, "Package"), .test = text_of(object, "Test"),
		.path = text_of(object, "ImportPath"), .ns = CLOCK_NONE,
		.elapsed_ns = CLOCK_NONE };
	ev->output = text_utf8(&g->arena, text_strip_ansi(&g->arena, text_of(object, "Output")),
	    &fixed);
	if (!clock_parse(time, &ev->ns, &zone))
		ev->ns = CLOCK_NONE;
	/* to the nearest ms: 0.01 is no sum of powers of two */
	if (json_is_number(elapsed) && s >= 0 && s < 1e8)
		ev->elapsed_ns = (int64_t)(s * 1e3 + 0.5) * 1000000;
}

/* the clock of the run is that of its first and its last event */
static void
tell_time(struct run *run, int64_t ns)
{
	if (ns == CLOCK_NONE)
		return;
	if (run->started_ns == CLOCK_NONE) {
		run->started_ns = ns;
		run->clock = RUN_CLOCK_EXACT;
	}
	if (ns >= run->started_ns)
		run->duration_ns = clock_gap(ns, run->started_ns);
}

/* ---- events ---- */

static bool
is_frame(struct slice text)
{
	struct go_verdict v;
	struct slice name, glued;
	enum go_frame frame;

	return (go_frame(text, &frame, &name, &glued) && glued.n == 0) ||
	    (go_verdict(text, &v) && v.glued.n == 0);
}

static int
on_output(struct reading *g, const struct event *ev, struct go_package *p, const struct line *at,
    struct err *e)
{
	struct go_test *t = ev->test.n ? go_open(p, ev->test) : NULL;
	struct slice text = ev->output, line;
	struct go_package_line end;

	while (slice_take_line(&text, &line)) {
		while (slice_take_byte(&line, '\x16'))
			;
		if (ev->test.n && is_frame(line))
			continue;
		if (ev->test.n == 0) {
			p->ended = p->ended || slice_ends(line, "FAIL") || slice_ends(line, "PASS");
			if (slice_eqs(line, "PASS") || slice_eqs(line, "FAIL"))
				continue;
			if (go_package_line(line, &end)) {
				p->how = end.cached ? GO_CACHED : end.no_tests ? GO_NO_TESTS :
				    end.end == GO_NO_FILES ? GO_NOTHING :
				    end.end == GO_BUILD_FAILED ? GO_UNBUILT : p->how;
				continue;
			}
		}
		if (go_text(&g->run, p, t, line, at, e) != 0)
			return -1;
	}
	return 0;
}

static int
on_package_end(struct reading *g, const struct event *ev, struct go_package *p, bool unbuilt,
    const struct line *at, struct err *e)
{
	struct go_package_line how = { .end = GO_OK, .duration_ns = ev->elapsed_ns,
		.cached = p->how == GO_CACHED, .no_tests = p->how == GO_NO_TESTS };

	if (slice_eqs(ev->action, "fail"))
		how.end = unbuilt || p->how == GO_UNBUILT ? GO_BUILD_FAILED : GO_FAIL;
	else if (slice_eqs(ev->action, "skip") && p->how != GO_NO_TESTS)
		how.end = GO_NO_FILES;
	return go_package_close(&g->run, p, &how, at, e);
}

static int
on_test_end(struct reading *g, const struct event *ev, struct go_package *p, const struct line *at,
    struct err *e)
{
	struct go_test *t = go_open(p, ev->test);
	enum test_outcome outcome = slice_eqs(ev->action, "pass") ? TEST_PASSED :
	    slice_eqs(ev->action, "skip") ? TEST_SKIPPED : TEST_FAILED;

	/* "--- PASS: TestFake" that a test printed, which made an event before go 1.20 */
	if (!t && p->ran)
		return 0;
	t = go_begin(&g->run, p, ev->test, CLOCK_NONE, at);
	return t ? go_close(&g->run, p, t, outcome, ev->elapsed_ns, at, e) : 0;
}

static int
on_event(struct reading *g, const struct event *ev, bool unbuilt, const struct line *at,
    struct err *e)
{
	bool verdict = slice_eqs(ev->action, "pass") || slice_eqs(ev->action, "fail") ||
	    slice_eqs(ev->action, "skip");
	struct go_package *p;
	bool ended;

	if (run_out_begin(&g->run.out, at->no, at->byte, e) != 0)
		return -1;
	if (slice_eqs(ev->action, "build-output")) {
		struct go_build *b = go_build(&g->run, ev->path, at);
		struct slice text = ev->output, line, package;

		while (b && slice_take_line(&text, &line))
			if (!go_build_heading(line, &package))
				go_build_text(&g->run, b, line);
		return 0;
	}
	if (ev->package.n == 0)
		return 0;
	/* what is printed behind the end of a package belongs to no test */
	if (slice_eqs(ev->action, "output") && ev->test.n == 0 && go_ended(&g->run, ev->package) &&
	    !go_is_open(&g->run, ev->package))
		return run_out_text(&g->run.out, (struct slice){ 0 }, slice_trim(ev->output), at,
		    e);
	ended = go_ended(&g->run, ev->package);
	/* what runs first tells whether it is the next run */
	if (ended && slice_eqs(ev->action, "start"))
		return 0;
	p = go_package(&g->run, ev->package, at);
	if (!p)
		return 0;
	if (p->started_ns == CLOCK_NONE)
		p->started_ns = ev->ns;
	/* gotestsum runs failed tests again */
	p->again = p->again || (ended && slice_eqs(ev->action, "run") && p->tests == 0 &&
	    go_failed(&g->run, ev->package, ev->test));
	if (go_next_run(&g->run, p, e) != 0)
		return -1;
	tell_time(&g->run.out.run, ev->ns);
	p->ran = p->ran || slice_eqs(ev->action, "run");
	if (slice_eqs(ev->action, "run") && ev->test.n)
		go_begin(&g->run, p, ev->test, ev->ns, at);
	if (slice_eqs(ev->action, "output"))
		return on_output(g, ev, p, at, e);
	if (verdict && ev->test.n)
		return on_test_end(g, ev, p, at, e);
	return verdict ? on_package_end(g, ev, p, unbuilt, at, e) : 0;
}

/* ---- lines ---- */

/* what the compiler says goes to stderr, "FAIL pkg [build failed]" is no event before go 1.24 */
static int
on_other(struct reading *g, struct slice line, const struct line *at, struct err *e)
{
	struct go_package_line end;
	struct go_package *p;
	struct slice package;

	if (go_package_line(line, &end) && end.end == GO_BUILD_FAILED) {
		g->build = NULL;
		if (run_out_begin(&g->run.out, at->no, at->byte, e) != 0)
			return -1;
		p = go_package(&g->run, end.name, at);
		return p ? go_package_close(&g->run, p, &end, at, e) : 0;
	}
	if (go_build_heading(line, &package))
		g->build = go_build(&g->run, package, at);
	else if (g->build)
		go_build_text(&g->run, g->build, line);
	return run_out_text(&g->run.out, (struct slice){ 0 }, line, at, e);
}

/* a line that has an event in it, or the beginning of one */
static bool
looks_like_event(struct slice line)
{
	/* the last ones are keys of logs: what logs an Action of a Package is no runner */
	static const struct slice name[] = { { "Action", 6 }, { "Package", 7 },
		{ "ImportPath", 10 }, { "level", 5 }, { "msg", 3 }, { "message", 7 },
		{ "severity", 8 }, { "timestamp", 9 } };
	uint64_t keys;

	if (!slice_starts(line, "{"))
		return false;
	keys = json_top_keys(slice_sub(line, 0, 4096), name, sizeof name / sizeof name[0]);
	return (keys & 1) && (keys & 6) && !(keys >> 3);
}

static int
put_damage(struct reading *g, struct slice line, const struct line *at, const char *why,
    struct err *e)
{
	struct bad_record bad = { .kind = BAD_DAMAGED, .line = at->no, .byte = at->byte,
		.bytes = line.n, .reason = slice_str(why),
		.head = slice_sub(line, 0, text_utf8_floor(line, 4096)) };

	diag_put(&g->sink->diag, at->ended ? DIAG_JSON_BAD : DIAG_JSON_CUT, at->no, 1, at->byte,
	    "%s", why);
	return g->sink->bad(g->sink->ctx, &bad, e);
}

static int
on_line(struct reading *g, struct slice text, const struct line *at, struct err *e)
{
	size_t brace = slice_find_byte(slice_sub(text, 0, 200), 0, '{'), bad_utf8;
	struct slice line = brace == SIZE_MAX ? text : slice_sub(text, brace, text.n);
	struct json_fault fault;
	struct event ev;
	json_t *object;
	int rc;

	if (!looks_like_event(line)) {
		/* an event of which only the beginning is there */
		if (!at->ended && g->events > 0 && slice_starts(line, "{"))
			return put_damage(g, line, at, "the input is cut short inside an event", e);
		return on_other(g, text, at, e);
	}
	if (at->clipped)
		return put_damage(g, line, at, "an event is longer than --max-record", e);
	object = json_load_lenient(slice_trim(line), &g->scratch, &bad_utf8, &fault);
	if (!object)
		return put_damage(g, line, at, at->ended ? fault.text :
		    "the input is cut short inside an event", e);
	g->events++;
	g->build = NULL;
	event_of(g, object, &ev);
	rc = on_event(g, &ev, json_object_get(object, "FailedBuild") != NULL, at, e);
	json_decref(object);
	return rc;
}

static int
read_lines(struct reading *g, struct lines *lines, struct err *e)
{
	const struct console_prefix none = { .kinds = 0 };
	struct line line;
	int rc;

	while ((rc = lines_next(lines, &line, e)) > 0) {
		arena_reset(&g->arena);
		if (on_line(g, console_clean(&none, &g->arena, line.text, line.no).text, &line,
		    e) != 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	return go_run_end(&g->run, "", e);
}

static int
read_go_json(struct read_job *job, struct err *e)
{
	struct reading g = { .sink = job->sink };
	struct lines lines;
	int rc;

	job->shape = "go test JSON";
	go_run_init(&g.run, job, "go-json", 7);
	g.run.framed = true;
	buf_init(&g.scratch, job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64);
	arena_init(&g.arena);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	rc = read_lines(&g, &lines, e);
	lines_release(&lines);
	arena_release(&g.arena);
	buf_release(&g.scratch);
	go_run_release(&g.run);
	return rc;
}

/* the first events decide; a log may hold objects with an Action, but none of these words */
static int
sniff(struct slice head, bool whole)
{
	static const char *const word[] = { "\"run\"", "\"pause\"", "\"cont\"", "\"output\"",
		"\"pass\"", "\"fail\"", "\"skip\"", "\"bench\"", "\"start\"", "\"build-output\"",
		"\"build-fail\"" };
	struct slice line;

	(void)whole;
	slice_take_str(&head, "\xEF\xBB\xBF");
	while (slice_take_line(&head, &line)) {
		size_t at;

		/* the console: an event in it is something that a test printed */
		if (is_frame(line))
			return 0;
		line = slice_sub(line, slice_find_byte(slice_sub(line, 0, 200), 0, '{'), line.n);
		if (line.n == 0 || !looks_like_event(line))
			continue;
		at = slice_find(slice_sub(line, 0, 4096), 0, SLICE("\"Action\":"));
		line = slice_trim(slice_sub(line, at == SIZE_MAX ? line.n : at + 9, line.n));
		for (size_t i = 0; i < sizeof word / sizeof word[0]; i++)
			if (slice_starts(line, word[i]))
				return 96;
	}
	return 0;
}

const struct reader reader_go_json = {
	.name = "go-json",
	.about = "events of go test -json",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_go_json,
};
