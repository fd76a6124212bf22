/*
 * read_jest_json.c - what `jest --json` and vitest's json reporter write: one object, in it a
 * list of test files, in each of them its results.
 *
 * One file's results are held at a time, at most JEST_FILE times --max-record of
 * them; a longer one is a damaged record and its run is not complete.
 */
#include "config.h"

#include "read/reader.h"

#include "base/text.h"
#include "read/json_lenient.h"
#include "read/json_split.h"
#include "read/run_out.h"

#include <string.h>

#define JEST_FILE 2
#define PATH_PARTS 64		/* titles of one test */
#define RETRIES 20		/* attempts told of one test */

enum { TOTAL, PASSED, FAILED, PENDING, TODO, SUITES, SUITES_BROKEN, SUITES_PENDING, START,
	NUMBERS };

struct reading {
	struct run_out out;
	struct json_split split;
	struct arena arena;		/* one file */
	struct buf scratch, id;
	const struct read_sink *sink;
	long number[NUMBERS];		/* of the wrapper; -1: not there */
	int64_t start_ms;
	int interrupted, success;	/* -1: not said */
	long files, broken;		/* files read; files and results that could not be */
	long read[TEST_NOT_RUN + 1], todo, read_broken;
	int64_t last_ns;
};

static const struct slice names[] = { { "assertionResults", 16 } };

static int
likely(uint64_t keys)
{
	return keys ? JSON_SURELY : JSON_UNLIKELY;
}

/* ---- what the wrapper says ---- */

static void
on_number(void *ctx, struct slice key, struct slice value, unsigned level)
{
	static const char *const name[NUMBERS] = { [TOTAL] = "numTotalTests",
		[PASSED] = "numPassedTests", [FAILED] = "numFailedTests",
		[PENDING] = "numPendingTests", [TODO] = "numTodoTests",
		[SUITES] = "numTotalTestSuites", [SUITES_BROKEN] = "numRuntimeErrorTestSuites",
		[SUITES_PENDING] = "numPendingTestSuites", [START] = "startTime" };
	struct reading *g = ctx;
	int64_t v;

	if (level != 1)
		return;
	value = slice_sub(value, 0, slice_find_byte(value, 0, '.'));
	for (size_t i = 0; i < NUMBERS; i++) {
		if (!slice_eqs(key, name[i]) || !slice_to_int64(value, &v) || v < 0)
			continue;
		if (i == START)
			g->start_ms = v;
		else if (v < 1000000000)
			g->number[i] = (long)v;
	}
}

static void
on_literal(void *ctx, struct slice key, struct slice value, unsigned level)
{
	struct reading *g = ctx;
	int said = slice_eqs(value, "true") ? 1 : slice_eqs(value, "false") ? 0 : -1;

	if (level == 1 && slice_eqs(key, "wasInterrupted"))
		g->interrupted = said;
	if (level == 1 && slice_eqs(key, "success"))
		g->success = said;
}

static void
forget(struct reading *g)
{
	for (size_t i = 0; i < NUMBERS; i++)
		g->number[i] = -1;
	g->start_ms = -1;
	g->interrupted = g->success = -1;
	g->files = g->broken = g->todo = g->read_broken = 0;
	memset(g->read, 0, sizeof g->read);
	g->last_ns = CLOCK_NONE;
}

/* ---- values ---- */

static struct slice
text_of(const json_t *v)
{
	return json_is_string(v) ? slice_of(json_string_value(v), json_string_length(v)) :
	    (struct slice){ 0 };
}

/* without colours and bad bytes */
static struct slice
clean(struct reading *g, const json_t *v)
{
	size_t fixed;

	return text_utf8(&g->arena, text_strip_ansi(&g->arena, text_of(v)), &fixed);
}

/* milliseconds, whole or not */
static int64_t
ms_of(const json_t *v, double most)
{
	double ms = json_number_value(v);

	return json_is_number(v) && ms >= 0 && ms < most ? (int64_t)(ms * 1e6 + 0.5) : CLOCK_NONE;
}

static int64_t
epoch_of(const json_t *v)
{
	double ms = json_number_value(v);

	/* 2001 to 2262 */
	if (!json_is_number(v) || ms < 1e12 || ms > 9.2e12)
		return CLOCK_NONE;
	return (int64_t)ms * 1000000;
}

static struct slice
first_line(struct slice s)
{
	struct slice line;

	while (slice_take_line(&s, &line))
		if (slice_trim(line).n > 0)
			return slice_trim(line);
	return (struct slice){ 0 };
}

/* a file that could not run: the first line below "Test suite failed to run" */
static struct slice
file_message(struct slice text)
{
	struct slice line, first = { 0 };

	while (slice_take_line(&text, &line)) {
		struct slice s = slice_trim(line);

		if (slice_take_str(&s, "\xE2\x97\x8F"))		/* a bullet */
			s = slice_trim(s);
		if (s.n == 0 || slice_eqs(s, "Test suite failed to run"))
			continue;
		if (first.n == 0)
			first = s;
	}
	return first;
}

/* ---- results ---- */

static void
put_path(struct reading *g, struct slice path)
{
	buf_reset(&g->id);
	for (size_t i = 0; i < path.n && g->id.n < g->id.max; i++)
		buf_putc(&g->id, path.p[i] == '\\' ? '/' : path.p[i]);
}

/* titles may stand twice in a file: the second is "title #2", whatever its attempts */
static struct slice
apart(struct reading *g, struct slice id)
{
	id.n = text_utf8_floor(id, RUN_OUT_NAME);
	return arena_copy(&g->arena, run_out_apart(&g->out, id, &g->out.name));
}

/* "file::describe > title", and the suite in it */
static void
set_names(struct reading *g, const json_t *result, struct slice file, struct test *test)
{
	const json_t *path = json_object_get(result, "ancestorTitles");
	struct slice title = text_of(json_object_get(result, "title"));
	size_t from, n = json_array_size(path), end;

	put_path(g, file);
	test->file = arena_copy(&g->arena, buf_slice(&g->id));
	if (test->file.n)
		buf_puts(&g->id, "::");
	from = end = g->id.n;
	for (size_t i = 0; i < n && i < PATH_PARTS; i++) {
		struct slice part = text_of(json_array_get(path, i));

		/* vitest has an empty one for the file */
		if (part.n == 0)
			continue;
		run_out_add(&g->id, part);
		end = g->id.n;
		run_out_add(&g->id, SLICE(" > "));
	}
	if (title.n == 0)
		title = text_of(json_object_get(result, "fullName"));
	run_out_add(&g->id, title.n ? title : SLICE("(no name)"));
	test->nodeid = apart(g, buf_slice(&g->id));
	test->suite = slice_sub(test->nodeid, from, end - from);
	test->printed = arena_copy(&g->arena, text_of(json_object_get(result, "fullName")));
}

static enum test_outcome
outcome_of(struct slice status)
{
	if (slice_eqs(status, "passed"))
		return TEST_PASSED;
	if (slice_eqs(status, "failed"))
		return TEST_FAILED;
	if (slice_eqs(status, "pending") || slice_eqs(status, "skipped") ||
	    slice_eqs(status, "todo") || slice_eqs(status, "disabled"))
		return TEST_SKIPPED;
	/* "focused", or a word that is not known: nothing says that it ran */
	return TEST_NOT_RUN;
}

static void
set_failure(struct reading *g, const json_t *result, const struct json_record *at,
    struct test *test)
{
	const json_t *all = json_object_get(result, "failureMessages");
	struct buf detail;

	if (json_array_size(all) == 0)
		return;
	test->message = arena_copy(&g->arena, first_line(clean(g, json_array_get(all, 0))));
	buf_init(&detail, RUN_OUT_TEXT);
	for (size_t i = 0; i < json_array_size(all) && !detail.over; i++) {
		if (i > 0)
			buf_putc(&detail, '\n');
		run_out_add(&detail, clean(g, json_array_get(all, i)));
	}
	test->detail = arena_copy(&g->arena, buf_slice(&detail));
	test->detail_line = at->line;
	test->detail_byte = at->byte;
	buf_release(&detail);
}

/* jest.retryTimes(): the attempts that failed before this result */
static int
put_retries(struct reading *g, const json_t *result, struct test *test, struct err *e)
{
	const json_t *why = json_object_get(result, "retryReasons");
	size_t n = json_array_size(why);

	for (size_t i = 0; i < n && i < RETRIES; i++) {
		struct test before = *test;

		before.outcome = TEST_FAILED;
		before.phase = PHASE_CALL;
		before.attempt = (unsigned)i + 1;
		before.duration_ns = CLOCK_NONE;
		before.duration_from = DURATION_NONE;
		before.detail = clean(g, json_array_get(why, i));
		before.detail_line = before.line;
		before.detail_byte = before.byte;
		before.message = first_line(before.detail);
		if (run_out_test(&g->out, &before, e) != 0)
			return -1;
		test->attempt = before.attempt + 1;
	}
	return 0;
}

static int
put_result(struct reading *g, const json_t *result, struct slice file,
    const struct json_record *at, struct err *e)
{
	struct slice status = text_of(json_object_get(result, "status"));
	struct test test = test_none;

	set_names(g, result, file, &test);
	test.outcome = outcome_of(status);
	test.phase = test.outcome == TEST_SKIPPED || test.outcome == TEST_NOT_RUN ? PHASE_NONE :
	    PHASE_CALL;
	test.line = at->line;
	test.byte = at->byte;
	test.duration_ns = ms_of(json_object_get(result, "duration"), 1e12);
	test.duration_from = test.duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	test.started_ns = epoch_of(json_object_get(result, "startAt"));
	if (test.duration_ns == 0)
		test.duration_note = SLICE("rounded to 0 ms");
	if (test.outcome == TEST_FAILED)
		set_failure(g, result, at, &test);
	else if (test.outcome == TEST_SKIPPED || test.outcome == TEST_NOT_RUN)
		test.message = slice_eqs(status, "todo") ? SLICE("todo") :
		    test.outcome == TEST_NOT_RUN ? arena_copy(&g->arena, status) :
		    (struct slice){ 0 };
	g->read[test.outcome]++;
	g->todo += slice_eqs(status, "todo");
	return put_retries(g, result, &test, e) != 0 ? -1 : run_out_test(&g->out, &test, e);
}

/* the file has failed, and none of its tests says why */
static int
put_broken(struct reading *g, const json_t *object, struct slice file, bool empty,
    const struct json_record *at, struct err *e)
{
	const json_t *error = json_object_get(object, "testExecError");
	struct test test = test_none;

	put_path(g, file.n ? file : SLICE("(no name)"));
	test.nodeid = apart(g, buf_slice(&g->id));
	test.file = arena_copy(&g->arena, buf_slice(&g->id));
	test.outcome = TEST_ERROR;
	test.phase = empty ? PHASE_COLLECT : PHASE_NONE;
	test.line = test.detail_line = at->line;
	test.byte = test.detail_byte = at->byte;
	test.detail = clean(g, json_object_get(object, "message"));
	if (test.detail.n == 0)
		test.detail = clean(g, json_object_get(object, "failureMessage"));
	test.message = file_message(test.detail);
	if (json_is_object(error) && text_of(json_object_get(error, "message")).n > 0)
		test.message = first_line(clean(g, json_object_get(error, "message")));
	if (test.message.n == 0)
		test.message = SLICE("the file failed, and none of its tests did");
	g->read_broken++;
	return run_out_test(&g->out, &test, e);
}

static int
put_file(struct reading *g, const json_t *object, const struct json_record *at, struct err *e)
{
	const json_t *all = json_object_get(object, "assertionResults");
	struct slice file = clean(g, json_object_get(object, "name"));
	struct slice status = text_of(json_object_get(object, "status"));
	int64_t end = epoch_of(json_object_get(object, "endTime"));
	bool explained = false;

	if (file.n == 0)
		file = clean(g, json_object_get(object, "testFilePath"));
	g->files++;
	if (end != CLOCK_NONE && (g->last_ns == CLOCK_NONE || end > g->last_ns))
		g->last_ns = end;
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *result = json_array_get(all, i);

		if (!json_is_object(result)) {
			g->broken++;
			continue;
		}
		explained = explained || slice_eqs(text_of(json_object_get(result, "status")),
		    "failed");
		if (put_result(g, result, file, at, e) != 0)
			return -1;
	}
	if (explained || (!slice_eqs(status, "failed") &&
	    !json_is_object(json_object_get(object, "testExecError"))))
		return 0;
	return put_broken(g, object, file, json_array_size(all) == 0, at, e);
}

/* ---- the run ---- */

static void
set_state(struct reading *g, bool whole)
{
	struct run *run = &g->out.run;
	struct buf *why = &g->out.why;
	long left = g->number[SUITES_BROKEN] >= 0 ? g->number[SUITES] - g->files : 0;

	buf_reset(why);
	run->state = RUN_COMPLETE;
	if (!whole || g->broken > 0) {
		run->state = RUN_TRUNCATED;
		buf_printf(why, "the report %s: %ld test file%s read", whole ? "is damaged" :
		    "ends early", g->files, g->files == 1 ? "" : "s");
	} else if (g->interrupted == 1 || left > 0) {
		run->state = RUN_STOPPED;
		buf_puts(why, g->interrupted == 1 ? "interrupted" : "stopped early");
		if (left > 0)
			buf_printf(why, ": %ld of %ld test files not run", left,
			    g->number[SUITES]);
	} else if (g->out.tests == 0) {
		run->state = RUN_NOT_RUN;
		buf_puts(why, "no test in it");
	} else if (g->out.tests == g->read_broken) {
		run->state = RUN_NOT_RUN;
		buf_printf(why, "%ld test file%s could not run, no test ran", g->read_broken,
		    g->read_broken == 1 ? "" : "s");
	} else if (g->success == 0 && g->read[TEST_FAILED] == 0 && g->read_broken == 0) {
		buf_puts(why, "it says that it failed, and no test did");
	}
}

static void
reconcile(struct reading *g)
{
	const long skipped = g->number[PENDING] < 0 ? -1 : g->number[PENDING] +
	    (g->number[TODO] < 0 ? 0 : g->number[TODO]);
	const struct {
		const char *name;
		long printed, read;
	} all[] = {
		{ "passed", g->number[PASSED], g->read[TEST_PASSED] },
		{ "failed", g->number[FAILED], g->read[TEST_FAILED] },
		{ "skipped", skipped, g->read[TEST_SKIPPED] },
		{ "files that could not run", g->number[SUITES_BROKEN], g->read_broken },
	};
	struct run *run = &g->out.run;
	struct buf *why = &g->out.reconciled;

	run->collected = g->number[TOTAL];
	run->passed = g->number[PASSED];
	run->failed = g->number[FAILED];
	run->errors = g->number[SUITES_BROKEN];
	run->skipped = skipped;
	buf_reset(why);
	if (run->state == RUN_TRUNCATED || g->number[TOTAL] < 0) {
		buf_puts(why, g->number[TOTAL] < 0 ? "no counts stated" : "the report ends early");
		return;
	}
	/* a file that is broken behind its tests is none of those that could not run */
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (all[i].printed >= 0 && (i == 3 ? all[i].printed > all[i].read :
		    all[i].printed != all[i].read))
			buf_printf(why, "%s%ld %s stated, %ld read", why->n ? "; " : "",
			    all[i].printed, all[i].name, all[i].read);
	run->reconciled = why->n ? RUN_RECONCILED_NO : RUN_RECONCILED_YES;
}

static int
end_run(struct reading *g, bool whole, struct err *e)
{
	struct run *run = &g->out.run;
	int rc;

	if (!g->out.begun) {
		forget(g);
		return 0;
	}
	set_state(g, whole);
	reconcile(g);
	if (g->start_ms >= INT64_C(1000000000000) && g->start_ms < INT64_C(9200000000000)) {
		run->started_ns = g->start_ms * 1000000;
		run->clock = RUN_CLOCK_EXACT;
		if (g->last_ns != CLOCK_NONE && g->last_ns >= run->started_ns)
			run->duration_ns = clock_gap(g->last_ns, run->started_ns);
	}
	/* vitest writes neither of these two */
	run_out_set(&g->out.framework, g->number[SUITES] >= 0 && g->number[SUITES_BROKEN] < 0 &&
	    g->interrupted < 0 ? SLICE("vitest") : SLICE("jest"));
	rc = run_out_end(&g->out, e);
	forget(g);
	return rc;
}

static int
put_bad(struct reading *g, const struct json_record *r, const char *why, struct err *e)
{
	struct bad_record bad = { .kind = BAD_DAMAGED, .line = r->line, .byte = r->byte,
		.bytes = r->bytes, .reason = slice_str(why), .sha256 = r->sha256,
		.head = slice_sub(r->text, 0, text_utf8_floor(r->text, 4096)) };
	enum diag_code code = r->kind == JSON_CUT ? DIAG_JSON_CUT : r->kind == JSON_LONG ?
	    DIAG_RECORD_LONG : r->kind == JSON_DEEP ? DIAG_JSON_DEEP : DIAG_JSON_BAD;

	g->broken++;
	diag_put(&g->sink->diag, code, r->line, r->col, r->byte, "%s", why);
	return g->sink->bad(g->sink->ctx, &bad, e);
}

/* an object without a result in it: of a run that had none, or of something else */
static int
put_empty(struct reading *g, const json_t *object, const struct json_record *r, struct err *e)
{
	const char *key;
	json_t *v;

	if (!json_is_array(json_object_get(object, "testResults")) ||
	    !json_is_number(json_object_get(object, "numTotalTests")))
		return 0;
	if (run_out_begin(&g->out, r->line, r->byte, e) != 0)
		return -1;
	json_object_foreach((json_t *)object, key, v) {
		char number[32];

		if (json_is_integer(v)) {
			snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
			on_number(g, slice_str(key), slice_str(number), 1);
		} else if (json_is_boolean(v)) {
			on_literal(g, slice_str(key), slice_str(json_is_true(v) ? "true" :
			    "false"), 1);
		}
	}
	return end_run(g, true, e);
}

/* is it the beginning of one? */
static bool
is_report(struct slice text)
{
	static const struct slice name[] = { { "numTotalTests", 13 },
		{ "numTotalTestSuites", 18 }, { "testResults", 11 }, { "assertionResults", 16 } };

	return json_top_keys(text, name, sizeof name / sizeof name[0]) != 0;
}

/* behind other text a report begins at the left; the files in it are further in */
static void
reports_begin_lines(struct json_split *split)
{
	split->indent_known = true;
	split->indent = 0;
}

static int
put_record(struct reading *g, const struct json_record *r, struct err *e)
{
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int rc;

	if (r->kind == JSON_STRAY || r->kind == JSON_OTHER)
		return 0;
	if (r->kind == JSON_END) {
		reports_begin_lines(&g->split);
		return end_run(g, r->fault == NULL && !g->split.wrapper_open, e);
	}
	if (r->kind != JSON_RECORD) {
		/* the beginning of another object, in a text around the report */
		if (!r->wrapped && !g->out.begun && !is_report(r->text))
			return 0;
		if (run_out_begin(&g->out, r->line, r->byte, e) != 0)
			return -1;
		return put_bad(g, r, r->kind == JSON_LONG ? "a test file's results are too long" :
		    r->fault ? r->fault : "nested too deeply", e);
	}
	object = json_load_lenient(r->text, &g->scratch, &bad_utf8, &fault);
	if (!object)
		return g->out.begun || r->wrapped ? put_bad(g, r, fault.text, e) : 0;
	if (!json_is_array(json_object_get(object, "assertionResults"))) {
		rc = put_empty(g, object, r, e);
	} else {
		rc = run_out_begin(&g->out, r->line, r->byte, e);
		if (rc == 0)
			rc = put_file(g, object, r, e);
	}
	json_decref(object);
	return rc;
}

static int
read_jest_json(struct read_job *job, struct err *e)
{
	struct reading g = { .sink = job->sink };
	struct json_record record;
	size_t most = job->limits->record > SIZE_MAX / 64 ? SIZE_MAX / 64 : job->limits->record;
	int got;

	job->shape = "jest JSON";
	run_out_init(&g.out, job, "jest", "jest-json", 7);
	g.out.apart = RUN_APART_CALLER;
	arena_init(&g.arena);
	buf_init(&g.scratch, most * JEST_FILE * 6 + 64);
	buf_init(&g.id, RUN_OUT_NAME);
	forget(&g);
	json_split_init(&g.split, job->in, &job->sink->diag, most * JEST_FILE,
	    job->limits->depth);
	reports_begin_lines(&g.split);
	g.split.names = (struct json_names){ names, 1, likely };
	g.split.hooks = (struct json_hooks){ .ctx = &g, .number = on_number,
		.literal = on_literal };
	while ((got = json_split_next(&g.split, &record, e)) == 1) {
		if (put_record(&g, &record, e) != 0) {
			got = -1;
			break;
		}
		arena_reset(&g.arena);
	}
	if (got == 0 && end_run(&g, false, e) != 0)
		got = -1;
	json_split_release(&g.split);
	buf_release(&g.id);
	buf_release(&g.scratch);
	arena_release(&g.arena);
	run_out_release(&g.out);
	return got;
}

/* the names of the report stand before its first file */
static int
sniff(struct slice head, bool whole)
{
	static const char *const key[] = { "\"numTotalTests\"", "\"numPassedTests\"",
		"\"numFailedTests\"", "\"testResults\"", "\"numTotalTestSuites\"",
		"\"assertionResults\"" };
	size_t brace = slice_find_byte(head, 0, '{');
	unsigned found = 0;

	(void)whole;
	for (size_t i = 0; brace != SIZE_MAX && i < sizeof key / sizeof key[0]; i++)
		found += slice_find(head, brace, slice_str(key[i])) != SIZE_MAX;
	/* in a log line they are escaped */
	return found >= 4 ? 96 : found == 3 ? 85 : 0;
}

const struct reader reader_jest_json = {
	.name = "jest-json",
	.about = "reports of jest --json and of vitest's json reporter",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_jest_json,
};
