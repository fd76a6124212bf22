/*
 * read_pytest_reportlog.c - what the plugin pytest-reportlog writes: a JSON object on each line
 * for the start of the session, what was collected, each phase of each test, warnings, the end.
 *
 * The log is written while the tests run, so one that was cut has told all that happened: a
 * test that had begun is named and is no pass, and without SessionFinish the run is truncated.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "read/entry_put.h"
#include "read/json_lenient.h"
#include "read/json_walk.h"
#include "read/report_attempt.h"
#include "read/report_json.h"
#include "read/report_run.h"

#define OPEN_TESTS 256		/* tests that run at once: one for each worker of xdist */
#define SNIFF_LINES 16

struct reading {
	struct entry_put put;
	struct arena arena;		/* one record */
	struct buf scratch;		/* copies for a second try */
	const struct read_limits *limits;
	struct report_run run;
	struct attempt open[OPEN_TESTS];	/* the first `opens` were used, oldest first */
	size_t opens;
	struct reason reason;		/* of the report at hand */
	struct report_end end;
	struct buf begun;		/* of end */
	long warnings;
	bool over;			/* SessionFinish was read */
};

/* the record at hand */
struct record {
	const json_t *object;
	uint64_t line, byte;
};

/* ---- which text is one ---- */

static bool
is_type(struct slice word)
{
	static const char *const type[] = { "SessionStart", "SessionFinish", "CollectReport",
		"TestReport", "SubTestReport", "SubtestReport", "WarningMessage" };

	for (size_t i = 0; i < sizeof type / sizeof type[0]; i++)
		if (slice_eqs(word, type[i]))
			return true;
	return false;
}

/* a line whose object says which report it is; the line may be cut */
static bool
is_report(struct slice line)
{
	struct json_keys keys = { .text = line };
	struct slice key, value, word;

	while (json_keys_next(&keys, &key)) {
		if (!slice_eqs(key, "$report_type") && !slice_eqs(key, "_report_type"))
			continue;
		value = slice_trim(slice_sub(line, keys.at, 40));
		return slice_take_byte(&value, '"') && slice_take_until(&value, '"', &word) &&
		    is_type(word);
	}
	return false;
}

static int
sniff(struct slice head, bool whole)
{
	struct slice rest = head, line;
	int seen = 0;

	(void)whole;
	slice_take_str(&rest, "\xEF\xBB\xBF");
	while (seen < SNIFF_LINES && slice_take_line(&rest, &line)) {
		line = slice_trim(line);
		if (line.n == 0)
			continue;
		/* of a log that is damaged at its beginning the next lines tell */
		if (line.p[0] == '{' && is_report(line))
			return seen == 0 ? 95 : 60;
		seen++;
	}
	return 0;
}

/* ---- tests that have begun ---- */

static int
put_attempt(struct reading *g, struct attempt *a, enum attempt_end end, bool last, struct err *e)
{
	struct test test;

	if (!attempt_close(a, end, g->end.damaged > 0, &test))
		g->run.unfinished++;
	return report_run_test(&g->run, &test, last, e);
}

/* the attempt at place i is over: it makes room, and the others keep their order */
static int
close_at(struct reading *g, size_t i, enum attempt_end end, bool last, struct err *e)
{
	int rc = put_attempt(g, &g->open[i], end, last, e);
	struct attempt was = g->open[i];

	memmove(&g->open[i], &g->open[i + 1], (g->opens - i - 1) * sizeof g->open[0]);
	g->open[--g->opens] = was;
	return rc;
}

static struct attempt *
find_open(struct reading *g, struct slice id, struct slice worker)
{
	id = slice_sub(id, 0, text_utf8_floor(id, ATTEMPT_ID - 1));
	for (size_t i = g->opens; i-- > 0;) {
		struct attempt *a = &g->open[i];
		struct slice is = a->printed.n ? buf_slice(&a->printed) : buf_slice(&a->id);

		if (slice_eq(is, id) && (worker.n == 0 || slice_eq(buf_slice(&a->worker), worker)))
			return a;
	}
	return NULL;
}

static int
open_test(struct reading *g, struct slice id, struct slice worker, const struct record *at,
    struct attempt **a, struct err *e)
{
	if (g->opens == OPEN_TESTS && close_at(g, 0, ATTEMPT_OVER, true, e) != 0)
		return -1;
	*a = &g->open[g->opens++];
	attempt_open(*a, id, worker, at->line, at->byte);
	return 0;
}

/* the session is over, or its log: whatever is open did not finish */
static int
end_run(struct reading *g, struct err *e)
{
	bool green = g->end.ended && g->end.exit_known && g->end.exit_code == 0;
	struct run *run = &g->run.run;
	int rc = 0;

	if (!g->run.begun)
		return 0;
	if (!g->end.ended) {
		g->end.cut = "no SessionFinish";
		if (g->opens > 0) {
			buf_put_slice(&g->begun, buf_slice(&g->open[g->opens - 1].id));
			g->end.begun = buf_slice(&g->begun);
		}
	}
	while (g->opens > 0 && rc == 0)
		rc = close_at(g, 0, green ? ATTEMPT_GREEN : ATTEMPT_OVER, true, e);
	run->started_ns = g->run.first_ns;
	run->clock = run->started_ns == CLOCK_NONE ? RUN_CLOCK_NONE : RUN_CLOCK_EXACT;
	if (run->started_ns != CLOCK_NONE)
		run->duration_ns = clock_gap(g->run.last_ns, g->run.first_ns);
	if (g->warnings > 0)
		run->warnings = g->warnings;
	if (rc == 0)
		rc = report_run_end(&g->run, &g->end, e);
	g->end = (struct report_end){ .total = -1, .listed = true };
	buf_reset(&g->begun);
	g->warnings = 0;
	g->over = false;
	g->opens = 0;
	return rc;
}

/* ---- records ---- */

static int
put_sections(struct reading *g, struct attempt *a, struct slice id, const struct record *at,
    struct err *e)
{
	const json_t *section;
	size_t i;

	json_array_foreach(json_object_get(at->object, "sections"), i, section) {
		struct printed out = { .nodeid = id,
			.section = report_string(json_array_get(section, 0)),
			.text = report_string(json_array_get(section, 1)),
			.line = at->line, .byte = at->byte };

		if (out.text.n == 0 || (a && !attempt_section(a, out.section, out.text)))
			continue;
		if (report_run_output(&g->run, &out, e) != 0)
			return -1;
	}
	return 0;
}

/* [["name", "value"], ...] of a test, printed as lines */
static int
put_properties(struct reading *g, struct attempt *a, const struct record *at, struct err *e)
{
	const json_t *pair, *list = json_object_get(at->object, "user_properties");
	struct printed out = { .nodeid = buf_slice(&a->id), .section = SLICE("user properties"),
		.line = at->line, .byte = at->byte };
	struct buf text;
	size_t i;
	int rc = 0;

	if (json_array_size(list) == 0)
		return 0;
	buf_init(&text, g->limits->record + 1024);
	json_array_foreach((json_t *)list, i, pair)
		report_property(&text, report_string(json_array_get(pair, 0)),
		    json_array_get(pair, 1));
	out.text = buf_slice(&text);
	if (attempt_section(a, out.section, out.text))
		rc = report_run_output(&g->run, &out, e);
	buf_release(&text);
	return rc;
}

/* which subtest failed, and how, where that is not told by the test itself */
static int
put_subtest(struct reading *g, const struct attempt *a, bool told, const struct record *at,
    struct err *e)
{
	const json_t *context = json_object_get(at->object, "_subtest.context"), *value;
	struct slice msg = report_text(context, "msg");
	struct printed out = { .nodeid = buf_slice(&a->id), .line = at->line, .byte = at->byte };
	const char *key;
	struct buf name;
	bool first = true;
	int rc;

	buf_init(&name, ATTEMPT_ID);
	buf_puts(&name, "failed subtest");
	if (msg.n)
		buf_printf(&name, " [%.*s]", SLICE_ARG(msg));
	json_object_foreach(json_object_get(context, "kwargs"), key, value) {
		buf_printf(&name, "%s%s=%.*s", first ? " (" : ", ", key,
		    SLICE_ARG(report_string(value)));
		first = false;
	}
	if (!first)
		buf_putc(&name, ')');
	out.section = buf_slice(&name);
	out.text = told && g->reason.detail.n ? buf_slice(&g->reason.detail) :
	    buf_slice(&g->reason.message);
	rc = report_run_output(&g->run, &out, e);
	buf_release(&name);
	return rc;
}

static struct phase_report
phase_of(struct reading *g, const struct record *at)
{
	const json_t *o = at->object, *xfail = json_object_get(o, "wasxfail");
	const json_t *start = json_object_get(o, "start");
	struct phase_report p = { .when = report_phase_of(report_text(o, "when")),
		.outcome = report_outcome_of(report_text(o, "outcome")),
		.subtest = json_object_get(o, "_subtest.context") != NULL,
		.xfail = xfail != NULL, .started_ns = CLOCK_NONE, .reason = &g->reason,
		.line = at->line, .byte = at->byte };

	p.duration_ns = report_seconds(json_object_get(o, "duration"));
	/* 0 stands for a time that nobody took */
	if (json_number_value(start) > 0)
		p.started_ns = report_seconds(start);
	reason_of_longrepr(&g->reason, json_object_get(o, "longrepr"));
	if (xfail && p.outcome != REPORT_FAILED) {
		struct slice why = report_string(xfail);

		buf_reset(&g->reason.message);
		buf_put_slice(&g->reason.message, slice_sub(why, 0, text_utf8_floor(why,
		    REASON_MESSAGE - 1)));
	}
	return p;
}

static int
read_test(struct reading *g, const struct record *at, struct err *e)
{
	struct slice id = report_text(at->object, "nodeid");
	struct slice worker = report_text(at->object, "worker_id");
	struct phase_report p = phase_of(g, at);
	struct attempt *a = find_open(g, id, worker);
	bool begins = p.when == PHASE_SETUP && !p.subtest, told;

	/* a setup behind a setup: the test is run again */
	if (a && begins && (a->setup || a->call)) {
		if (close_at(g, (size_t)(a - g->open), ATTEMPT_OVER, false, e) != 0)
			return -1;
		a = NULL;
	}
	if (!a && open_test(g, id, worker, at, &a, e) != 0)
		return -1;
	told = a->told;
	attempt_add(a, &p);
	if (p.subtest && p.outcome == REPORT_FAILED && put_subtest(g, a, told, at, e) != 0)
		return -1;
	if (put_sections(g, a, buf_slice(&a->id), at, e) != 0 ||
	    put_properties(g, a, at, e) != 0)
		return -1;
	if (p.subtest || (p.when != PHASE_TEARDOWN && !a->died))
		return 0;
	return close_at(g, (size_t)(a - g->open), ATTEMPT_OVER, !a->rerun, e);
}

/* a module that could not be imported is an error, one that skips itself is skipped */
static int
read_collected(struct reading *g, const struct record *at, struct err *e)
{
	enum report_outcome outcome = report_outcome_of(report_text(at->object, "outcome"));
	struct slice id = report_text(at->object, "nodeid");
	struct attempt *a;
	struct test test;

	if (put_sections(g, NULL, id, at, e) != 0)
		return -1;
	if (outcome == REPORT_PASSED)
		return 0;
	reason_of_longrepr(&g->reason, json_object_get(at->object, "longrepr"));
	if (g->opens == OPEN_TESTS && close_at(g, 0, ATTEMPT_OVER, true, e) != 0)
		return -1;
	/* the free place serves for its id; nothing is opened */
	a = &g->open[g->opens];
	attempt_open(a, id.n ? id : SLICE("."), report_text(at->object, "worker_id"), at->line,
	    at->byte);
	attempt_close(a, ATTEMPT_OVER, false, &test);
	test.outcome = outcome == REPORT_SKIPPED ? TEST_SKIPPED : TEST_ERROR;
	test.phase = PHASE_COLLECT;
	test.message = buf_slice(&g->reason.message);
	test.detail = buf_slice(&g->reason.detail);
	test.detail_line = test.detail.n ? at->line : 0;
	test.detail_byte = test.detail.n ? at->byte : 0;
	return report_run_test(&g->run, &test, true, e);
}

/* as the warnings summary prints it */
static int
read_warning(struct reading *g, const struct record *at, struct err *e)
{
	const json_t *o = at->object;
	struct slice message = report_text(o, "message");
	struct printed out = { .nodeid = report_text(o, "nodeid"),
		.section = SLICE("warnings summary"), .line = at->line, .byte = at->byte };

	g->warnings++;
	out.text = slice_str(arena_printf(&g->arena, "%.*s:%ld: %.*s: %.*s",
	    SLICE_ARG(report_text(o, "filename")), report_long(json_object_get(o, "lineno"), 0),
	    SLICE_ARG(report_text(o, "category")), SLICE_ARG(message)));
	return report_run_output(&g->run, &out, e);
}

static int
read_start(struct reading *g, const struct record *at, struct err *e)
{
	struct slice version = report_text(at->object, "pytest_version");

	if (end_run(g, e) != 0)
		return -1;
	if (version.n)
		buf_printf(&g->run.framework, " %.*s", SLICE_ARG(slice_sub(version, 0,
		    text_utf8_floor(version, 60))));
	return report_run_begin(&g->run, at->line, at->byte, e);
}

static void
read_finish(struct reading *g, const struct record *at)
{
	const json_t *code = json_object_get(at->object, "exitstatus");

	g->over = g->end.ended = true;
	g->end.exit_code = report_long(code, -1);
	g->end.exit_known = g->end.exit_code >= 0;
}

static int
put_unknown(struct reading *g, struct record_at *place, const char *why, struct err *e)
{
	record_point(place, 0, why);
	return entry_put_bad(&g->put, DIAG_NOT_ENTRY, place, e);
}

static int
read_record(struct reading *g, const json_t *object, struct record_at *place, struct err *e)
{
	struct record at = { object, place->line, place->byte };
	struct slice type = report_text(object, "$report_type");
	bool of_test;

	if (type.n == 0)
		type = report_text(object, "_report_type");
	if (!is_type(type))
		return put_unknown(g, place, "it is no report of pytest", e);
	of_test = slice_ends(type, "TestReport") || slice_eqs(type, "SubtestReport");
	if (of_test && report_text(object, "nodeid").n == 0)
		return put_unknown(g, place, "a report of no test", e);
	if (slice_eqs(type, "SessionStart"))
		return read_start(g, &at, e);
	/* warnings may come late; all else behind the end is another run */
	if (g->over && !slice_eqs(type, "WarningMessage") && end_run(g, e) != 0)
		return -1;
	if (report_run_begin(&g->run, at.line, at.byte, e) != 0)
		return -1;
	if (of_test)
		return read_test(g, &at, e);
	if (slice_eqs(type, "CollectReport"))
		return read_collected(g, &at, e);
	if (slice_eqs(type, "WarningMessage"))
		return read_warning(g, &at, e);
	read_finish(g, &at);
	return 0;
}

/* ---- lines ---- */

static int
put_damage(struct reading *g, enum diag_code code, struct record_at *at, size_t offset,
    const char *fault, struct err *e)
{
	/* what somebody else printed between the lines is no report that was lost */
	if (slice_starts(at->text, "{") ||
	    slice_find(at->text, 0, SLICE("report_type\"")) != SIZE_MAX)
		g->end.damaged++;
	record_point(at, offset, fault);
	return entry_put_bad(&g->put, code, at, e);
}

static int
read_object(struct reading *g, struct record_at *at, struct err *e)
{
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object = json_load_lenient(at->text, &g->scratch, &bad_utf8, &fault);
	int rc;

	if (!object)
		return put_damage(g, DIAG_JSON_BAD, at, fault.at, fault.text, e);
	if (bad_utf8 > 0)
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, at->line, at->col, at->byte,
		    "%zu times in this record", bad_utf8);
	rc = read_record(g, object, at, e);
	json_decref(object);
	return rc;
}

/* a line holds one object; after a crash two writers may have shared it */
static int
read_line(struct reading *g, struct slice text, const struct line *line, struct err *e)
{
	uint64_t col = 1 + (uint64_t)(text.p - line->text.p);
	int rc = 0;

	while (rc == 0 && (text = slice_trim(text)).n > 0) {
		struct record_at at = { .line = line->no, .byte = line->byte };
		struct json_walk w;
		enum json_walked walked = JSON_WALK_FAULT;
		size_t used = 0;

		col = 1 + (uint64_t)(text.p - line->text.p);
		at.col = col;
		at.byte += col - 1;
		json_walk_init(&w);
		w.fault = "no JSON object";
		if (text.p[0] == '{')
			walked = json_walk(&w, text.p, text.n, &used);
		at.text = slice_sub(text, 0, walked == JSON_WALK_DONE ? used : text.n);
		at.bytes = at.text.n;
		if (walked == JSON_WALK_MORE)
			rc = put_damage(g, DIAG_JSON_CUT, &at, 0, line->ended ?
			    "the line ends inside it" : "the input ends inside it", e);
		else if (walked == JSON_WALK_FAULT)
			rc = put_damage(g, text.p[0] == '{' ? DIAG_JSON_BAD : DIAG_STRAY_TEXT,
			    &at, used < text.n ? used : 0, w.fault, e);
		else if (w.deepest > g->limits->depth)
			rc = put_damage(g, DIAG_JSON_DEEP, &at, 0, "too many levels", e);
		else
			rc = read_object(g, &at, e);
		text = slice_sub(text, at.text.n, text.n);
		arena_reset(&g->arena);
	}
	return rc;
}

static int
read_lines(struct reading *g, struct lines *lines, struct err *e)
{
	struct line line;
	int got;

	while ((got = lines_next(lines, &line, e)) == 1) {
		struct slice text = line.text;
		struct record_at at = { .line = line.no, .col = 1, .byte = line.byte,
			.bytes = text.n, .text = text };
		int rc;

		if (line.no == 1)
			slice_take_str(&text, "\xEF\xBB\xBF");
		rc = line.clipped ? put_damage(g, DIAG_RECORD_LONG, &at, 0, arena_printf(
		    &g->arena, "longer than %zu bytes (--max-record)", g->limits->record), e) :
		    read_line(g, text, &line, e);
		if (rc != 0)
			return -1;
		arena_reset(&g->arena);
	}
	return got;
}

static int
read_pytest_reportlog(struct read_job *job, struct err *e)
{
	size_t room = job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64;
	struct reading *g = mem_calloc(1, sizeof *g);
	struct lines lines;
	int rc;

	job->shape = "pytest report log";
	arena_init(&g->arena);
	entry_put_init(&g->put, job, &g->arena);
	buf_init(&g->scratch, room);
	buf_init(&g->begun, ATTEMPT_ID);
	g->limits = job->limits;
	g->end = (struct report_end){ .total = -1, .listed = true };
	report_run_init(&g->run, job, "pytest-reportlog", 8);
	reason_init(&g->reason);
	for (size_t i = 0; i < OPEN_TESTS; i++)
		attempt_init(&g->open[i]);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	rc = read_lines(g, &lines, e);
	if (rc == 0 && !g->run.begun && g->put.seen == 0)
		diag_put(&job->sink->diag, DIAG_EMPTY, 0, 0, 0, "no report was found");
	if (rc == 0)
		rc = end_run(g, e);
	lines_release(&lines);
	for (size_t i = 0; i < OPEN_TESTS; i++)
		attempt_release(&g->open[i]);
	reason_release(&g->reason);
	report_run_release(&g->run);
	buf_release(&g->begun);
	buf_release(&g->scratch);
	arena_release(&g->arena);
	free(g);
	return rc;
}

const struct reader reader_pytest_reportlog = {
	.name = "pytest-reportlog",
	.about = "pytest's report log: a JSON object on each line, from --report-log",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_pytest_reportlog,
};
