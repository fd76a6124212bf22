/*
 * read_pytest_json.c - what the plugin pytest-json-report writes: one object with the run's
 * facts, what was collected, an entry for each test, and warnings.
 *
 * The document may be of any size: its lists are read element by element. It keeps one entry
 * for a test id, so the attempts and subtests of a test overwrite each other in there; the word
 * that is left may say less than the phases do, and the worse of the two counts.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "read/entry_put.h"
#include "read/json_lenient.h"
#include "read/json_split.h"
#include "read/report_attempt.h"
#include "read/report_json.h"
#include "read/report_run.h"

#define CUT "the report is cut"

/* members of the document that are numbers, or hold some */
struct document {
	bool inside;			/* its end was not read yet */
	char key[32];			/* the last one of any object that is followed */
	double created, duration, exit_code;	/* negative: not stated */
	bool summary;
	long passed, failed, errors, skipped, xfailed, xpassed, total, collected, deselected;
	json_t *root, *environment;	/* owned */
	uint64_t tests;			/* entries of tests */
	long warnings;
};

struct reading {
	struct json_split split;
	struct entry_put put;
	struct arena arena;		/* one record */
	struct buf scratch, log;	/* copies for a second try; lists as text */
	const struct read_limits *limits;
	struct report_run run;
	struct attempt attempt;
	struct reason reason;
	struct document doc;
	uint64_t damaged;
};

enum { NODEID, OUTCOME, RESULT, CATEGORY, MESSAGE, FILENAME, NAMES };

static const struct slice element_name[NAMES] = { { "nodeid", 6 }, { "outcome", 7 },
	{ "result", 6 }, { "category", 8 }, { "message", 7 }, { "filename", 8 } };

/* an entry of tests or collectors, or a warning */
static int
likely(uint64_t keys)
{
	const uint64_t entry = 1 << NODEID | 1 << OUTCOME;
	const uint64_t warning = 1 << CATEGORY | 1 << MESSAGE | 1 << FILENAME;

	if ((keys & entry) == entry)
		return JSON_SURELY;
	return (keys & warning) == warning ? JSON_PERHAPS : JSON_UNLIKELY;
}

static const struct json_names elements = { element_name, NAMES, likely };

/* ---- which text is one ---- */

static int
sniff(struct slice head, bool whole)
{
	static const struct slice name[] = { { "created", 7 }, { "duration", 8 },
		{ "exitcode", 8 }, { "summary", 7 }, { "root", 4 }, { "environment", 11 },
		{ "tests", 5 }, { "collectors", 10 } };
	struct slice s = head;
	uint64_t keys;
	size_t used;

	(void)whole;
	slice_take_str(&s, "\xEF\xBB\xBF");
	s = slice_trim(s);
	if (!slice_starts(s, "{"))
		return 0;
	keys = json_top_keys(s, name, sizeof name / sizeof name[0]);
	/* created, duration and exitcode, and one of those that follow them */
	if ((keys & 0x07) == 0x07 && (keys & 0xf8))
		return 95;
	/* with its keys sorted, the lists may fill all of the head */
	if ((keys & 0xc0) && json_inner_best(s, &elements, JSON_SURELY, false, &used) ==
	    JSON_SURELY)
		return 40;
	return 0;
}

/* ---- the document ---- */

static void
reset_document(struct document *d)
{
	json_decref(d->root);
	json_decref(d->environment);
	*d = (struct document){ .created = -1, .duration = -1, .exit_code = -1, .passed = -1,
		.failed = -1, .errors = -1, .skipped = -1, .xfailed = -1, .xpassed = -1,
		.total = -1, .collected = -1, .deselected = -1 };
}

static void
take_count(struct document *d, struct slice key, long n)
{
	const struct {
		const char *key;
		long *count;
	} all[] = { { "passed", &d->passed }, { "failed", &d->failed }, { "error", &d->errors },
		{ "skipped", &d->skipped }, { "xfailed", &d->xfailed },
		{ "xpassed", &d->xpassed }, { "total", &d->total },
		{ "collected", &d->collected }, { "deselected", &d->deselected } };

	d->summary = true;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (slice_eqs(key, all[i].key))
			*all[i].count = n;
}

static void
take_number(struct document *d, struct slice key, double value)
{
	if (slice_eqs(key, "created"))
		d->created = value;
	else if (slice_eqs(key, "duration"))
		d->duration = value;
	else if (slice_eqs(key, "exitcode"))
		d->exit_code = value;
}

static bool
on_key(void *ctx, struct slice key)
{
	struct document *d = ctx;
	size_t n = key.n < sizeof d->key - 1 ? key.n : sizeof d->key - 1;

	memcpy(d->key, key.p, n);
	d->key[n] = '\0';
	return false;
}

static void
on_number(void *ctx, struct slice key, struct slice value, unsigned level)
{
	struct document *d = ctx;
	double number;
	int64_t n;

	if (level == 1 && slice_to_double(value, &number))
		take_number(d, key, number);
	else if (level == 2 && strcmp(d->key, "summary") == 0 && slice_to_int64(value, &n) &&
	    n >= 0 && n < 1000000000)
		take_count(d, key, (long)n);
}

/* the value behind a key of the outermost object, when all of it is in the text */
static json_t *
value_at(struct slice text, size_t at)
{
	struct slice rest = slice_trim(slice_sub(text, at, text.n));
	enum json_walked walked = JSON_WALK_MORE;
	struct json_walk w;
	size_t used = 0, n;

	if (slice_starts(rest, "{")) {
		json_walk_init(&w);
		walked = json_walk(&w, rest.p, rest.n, &used);
		return walked == JSON_WALK_DONE ? json_loadb(rest.p, used, 0, NULL) : NULL;
	}
	if (!slice_starts(rest, "\""))
		return NULL;
	for (n = 1; n < rest.n && rest.p[n] != '"'; n++)
		n += rest.p[n] == '\\';
	return n < rest.n ? json_loadb(rest.p, n + 1, JSON_DECODE_ANY, NULL) : NULL;
}

/* texts stand before the lists; the numbers are told one by one, wherever they stand */
static void
take_texts(struct document *d, struct slice text)
{
	struct json_keys keys = { .text = text };
	struct slice key;

	while (json_keys_next(&keys, &key)) {
		if (slice_eqs(key, "root") && !d->root)
			d->root = value_at(text, keys.at);
		else if (slice_eqs(key, "environment") && !d->environment)
			d->environment = value_at(text, keys.at);
	}
}

static void
on_enter(void *ctx, struct slice text, uint64_t byte, bool whole)
{
	struct document *d = ctx;

	(void)byte;
	(void)whole;
	if (d->inside)
		return;
	reset_document(d);
	d->inside = true;
	take_texts(d, text);
}

static void
name_framework(struct reading *g)
{
	const json_t *packages = json_object_get(g->doc.environment, "Packages");
	struct slice version = report_text(packages, "pytest");

	if (version.n)
		buf_printf(&g->run.framework, " %.*s", SLICE_ARG(slice_sub(version, 0,
		    text_utf8_floor(version, 60))));
}

static int
begin_run(struct reading *g, uint64_t line, uint64_t byte, struct err *e)
{
	struct document *d = &g->doc;

	if (g->run.begun)
		return 0;
	/* it begins where its document does */
	if (g->split.wrapped) {
		line = g->split.wrap_at.line;
		byte = g->split.wrap_at.byte;
	}
	name_framework(g);
	if (report_run_begin(&g->run, line, byte, e) != 0)
		return -1;
	if (d->root) {
		struct run_fact root = { SLICE("property"), SLICE("root"),
			report_string(d->root), line, byte };

		if (report_run_fact(&g->run, &root, e) != 0)
			return -1;
	}
	return report_run_facts(&g->run, "environment", d->environment, line, byte, e);
}

static long
or_zero(long n)
{
	return n < 0 ? 0 : n;
}

/* cut: why the document is not whole, or NULL */
static int
end_run(struct reading *g, const char *cut, struct err *e)
{
	struct document *d = &g->doc;
	struct run *run = &g->run.run;
	struct report_end end = { .ended = !cut, .exit_known = d->exit_code >= 0,
		.exit_code = d->exit_code >= 0 && d->exit_code < 1e9 ? (long)d->exit_code : -1,
		.total = d->total, .listed = d->tests > 0 || d->total <= 0 || cut,
		.damaged = g->damaged, .cut = cut };
	int rc = 0;

	if (!g->run.begun)
		return 0;
	if (d->created > 0 && d->duration >= 0) {
		run->duration_ns = report_seconds_of(d->duration);
		run->started_ns = clock_gap(report_seconds_of(d->created), run->duration_ns);
		run->clock = RUN_CLOCK_EXACT;
	}
	run->collected = d->collected;
	run->deselected = d->deselected;
	if (d->summary) {
		/* what is zero is left out */
		run->passed = or_zero(d->passed);
		run->failed = or_zero(d->failed);
		run->errors = or_zero(d->errors);
		run->skipped = or_zero(d->skipped);
		run->xfailed = or_zero(d->xfailed);
		run->xpassed = or_zero(d->xpassed);
	}
	if (d->warnings > 0)
		run->warnings = d->warnings;
	rc = report_run_end(&g->run, &end, e);
	g->damaged = 0;
	reset_document(d);
	return rc;
}

/* ---- an entry of tests ---- */

static int
put_stream(struct reading *g, const char *section, struct slice text, const struct record_at *at,
    struct err *e)
{
	struct printed out = { .nodeid = buf_slice(&g->attempt.id),
		.section = slice_str(section), .text = text, .line = at->line,
		.byte = at->byte };

	return text.n ? report_run_output(&g->run, &out, e) : 0;
}

/* log records as pytest prints them; *first_ns: the time of the earliest */
static void
log_text(struct buf *b, const json_t *log, int64_t *first_ns)
{
	const json_t *record;
	size_t i;

	buf_reset(b);
	json_array_foreach((json_t *)log, i, record) {
		struct slice trace = report_text(record, "exc_text");
		int64_t ns = report_seconds(json_object_get(record, "created"));

		buf_printf(b, "%-8.*s %.*s:%.*s:%ld %.*s\n",
		    SLICE_ARG(report_text(record, "levelname")),
		    SLICE_ARG(report_text(record, "name")),
		    SLICE_ARG(report_text(record, "filename")),
		    report_long(json_object_get(record, "lineno"), 0),
		    SLICE_ARG(report_text(record, "msg")));
		if (trace.n)
			buf_printf(b, "%.*s\n", SLICE_ARG(trace));
		if (ns > 0 && (*first_ns == CLOCK_NONE || ns < *first_ns))
			*first_ns = ns;
	}
}

static int
read_stage(struct reading *g, const json_t *stage, const char *when, const struct record_at *at,
    struct slice stated, struct err *e)
{
	struct phase_report p = { .when = report_phase_of(slice_str(when)),
		.outcome = report_outcome_of(report_text(stage, "outcome")),
		.duration_ns = report_seconds(json_object_get(stage, "duration")),
		.started_ns = CLOCK_NONE, .reason = &g->reason, .line = at->line,
		.byte = at->byte };
	char section[60];

	if (!json_is_object(stage))
		return 0;
	p.xfail = (p.outcome == REPORT_SKIPPED && slice_eqs(stated, "xfailed")) ||
	    (p.outcome == REPORT_PASSED && slice_eqs(stated, "xpassed"));
	reason_of_stage(&g->reason, stage);
	if (g->reason.worker.n)
		attempt_worker(&g->attempt, g->reason.worker);
	/* the reason of an expected failure is not in this format */
	if (p.xfail)
		buf_reset(&g->reason.message);
	log_text(&g->log, json_object_get(stage, "log"), &p.started_ns);
	attempt_add(&g->attempt, &p);
	snprintf(section, sizeof section, "Captured stdout %s", when);
	if (put_stream(g, section, report_text(stage, "stdout"), at, e) != 0)
		return -1;
	snprintf(section, sizeof section, "Captured stderr %s", when);
	if (put_stream(g, section, report_text(stage, "stderr"), at, e) != 0)
		return -1;
	snprintf(section, sizeof section, "Captured log %s", when);
	return put_stream(g, section, buf_slice(&g->log), at, e);
}

/* what a suite attached to a test: an object, or a list of such; a line for each member */
static int
put_attached(struct reading *g, const char *name, const json_t *value,
    const struct record_at *at, struct err *e)
{
	size_t n = json_is_object(value) ? 1 : json_array_size(value);
	const char *key;
	json_t *member;

	buf_reset(&g->log);
	for (size_t i = 0; i < n; i++) {
		const json_t *object = json_is_object(value) ? value : json_array_get(value, i);

		json_object_foreach((json_t *)object, key, member)
			report_property(&g->log, slice_str(key), member);
	}
	return put_stream(g, name, buf_slice(&g->log), at, e);
}

/* the worse of what the phases say and of the word that the entry has for all of them */
static void
apply_stated(struct slice stated, struct test *t)
{
	if (t->outcome != TEST_PASSED && t->outcome != TEST_XPASSED)
		return;
	if (slice_eqs(stated, "failed")) {
		t->outcome = TEST_FAILED;
		t->message = SLICE("a subtest failed; the report does not say how");
	} else if (slice_eqs(stated, "error")) {
		t->outcome = TEST_ERROR;
		t->message = SLICE("an error in a phase that the report does not hold");
	} else if (slice_starts(stated, "subtests ")) {
		t->message = SLICE("only the last subtest is told, others may have failed");
	} else if (slice_eqs(stated, "skipped")) {
		t->message = SLICE("a subtest was skipped");
	}
}

static int
read_test(struct reading *g, const json_t *object, const struct record_at *at, struct err *e)
{
	static const char *const phase[] = { "setup", "call", "teardown", "???" };
	struct slice stated = report_text(object, "outcome");
	struct test test;

	g->doc.tests++;
	attempt_open(&g->attempt, report_text(object, "nodeid"), (struct slice){ NULL, 0 },
	    at->line, at->byte);
	for (size_t i = 0; i < sizeof phase / sizeof phase[0]; i++)
		if (read_stage(g, json_object_get(object, phase[i]), phase[i], at, stated,
		    e) != 0)
			return -1;
	if (!attempt_close(&g->attempt, ATTEMPT_OVER, false, &test))
		g->run.unfinished++;
	apply_stated(stated, &test);
	if (report_run_test(&g->run, &test, true, e) != 0)
		return -1;
	if (put_attached(g, "metadata", json_object_get(object, "metadata"), at, e) != 0)
		return -1;
	return put_attached(g, "user properties", json_object_get(object, "user_properties"), at,
	    e);
}

/* a module that could not be imported is an error, one that skips itself is skipped */
static int
read_collector(struct reading *g, const json_t *object, const struct record_at *at,
    struct err *e)
{
	enum report_outcome outcome = report_outcome_of(report_text(object, "outcome"));
	struct slice id = report_text(object, "nodeid");
	struct test test;

	if (outcome == REPORT_PASSED)
		return 0;
	reason_of_longrepr(&g->reason, json_object_get(object, "longrepr"));
	attempt_open(&g->attempt, id.n ? id : SLICE("."), (struct slice){ NULL, 0 }, at->line,
	    at->byte);
	attempt_close(&g->attempt, ATTEMPT_OVER, false, &test);
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
read_warning(struct reading *g, const json_t *o, const struct record_at *at, struct err *e)
{
	struct printed out = { .section = SLICE("warnings summary"), .line = at->line,
		.byte = at->byte };

	g->doc.warnings++;
	out.text = slice_str(arena_printf(&g->arena, "%.*s:%ld: %.*s: %.*s",
	    SLICE_ARG(report_text(o, "filename")), report_long(json_object_get(o, "lineno"), 0),
	    SLICE_ARG(report_text(o, "category")), SLICE_ARG(report_text(o, "message"))));
	return report_run_output(&g->run, &out, e);
}

/* the document itself, when there is nothing in it to be read one by one */
static int
read_document(struct reading *g, const json_t *object, const struct record_at *at, struct err *e)
{
	struct document *d = &g->doc;
	const json_t *summary = json_object_get(object, "summary"), *value;
	const char *key;

	reset_document(d);
	d->root = json_incref(json_object_get(object, "root"));
	d->environment = json_incref(json_object_get(object, "environment"));
	json_object_foreach((json_t *)object, key, value)
		if (json_is_number(value))
			take_number(d, slice_str(key), json_number_value(value));
	json_object_foreach((json_t *)summary, key, value)
		take_count(d, slice_str(key), or_zero(report_long(value, -1)));
	if (begin_run(g, at->line, at->byte, e) != 0)
		return -1;
	return end_run(g, NULL, e);
}

/* ---- records ---- */

static enum diag_code
code_of(enum json_kind kind)
{
	switch (kind) {
	case JSON_CUT:
		return DIAG_JSON_CUT;
	case JSON_LONG:
	case JSON_OTHER:
		return DIAG_RECORD_LONG;
	case JSON_DEEP:
		return DIAG_JSON_DEEP;
	case JSON_STRAY:
		return DIAG_STRAY_TEXT;
	default:
		return DIAG_JSON_BAD;
	}
}

static int
put_bad(struct reading *g, enum diag_code code, struct record_at *at, struct err *e)
{
	g->damaged++;
	if (begin_run(g, at->line, at->byte, e) != 0)
		return -1;
	if (!at->fault && code == DIAG_RECORD_LONG)
		record_point(at, 0, arena_printf(&g->arena, "longer than %zu bytes "
		    "(--max-record)", g->limits->record));
	else if (!at->fault && code == DIAG_JSON_DEEP)
		record_point(at, 0, arena_printf(&g->arena, "deeper than %u levels "
		    "(--max-depth)", g->limits->depth));
	if (entry_put_bad(&g->put, code, at, e) != 0)
		return -1;
	/* it was the rest of the document */
	return g->doc.inside && !g->split.wrapped ? end_run(g, CUT, e) : 0;
}

static bool
is_document(const json_t *object)
{
	return json_object_get(object, "exitcode") && json_object_get(object, "created");
}

static int
read_object(struct reading *g, const struct json_record *r, const json_t *object,
    struct record_at *at, struct err *e)
{
	bool entry = report_text(object, "nodeid").n > 0 ||
	    json_is_string(json_object_get(object, "nodeid"));

	/* behind damage it is a part of something that is no longer known */
	if (!r->wrapped && !entry && !g->run.begun && is_document(object))
		return read_document(g, object, at, e);
	if (begin_run(g, at->line, at->byte, e) != 0)
		return -1;
	if (entry && json_object_get(object, "result"))
		return read_collector(g, object, at, e);
	if (entry && report_text(object, "nodeid").n)
		return read_test(g, object, at, e);
	if (json_object_get(object, "category"))
		return read_warning(g, object, at, e);
	record_point(at, 0, "it is no part of a report of pytest");
	return entry_put_bad(&g->put, DIAG_NOT_ENTRY, at, e);
}

static int
put_record(struct reading *g, const struct json_record *r, struct err *e)
{
	struct record_at at = { r->line, r->col, r->byte, r->bytes, r->text, r->fault_line,
		r->fault_col, r->fault_byte, r->fault, r->sha256 };
	struct json_fault fault;
	size_t bad_utf8;
	json_t *object;
	int result;

	if (r->kind == JSON_END) {
		if (begin_run(g, r->line, r->byte, e) != 0)
			return -1;
		return end_run(g, r->fault || g->split.wrapper_open ? CUT : NULL,
		    e);
	}
	if (r->kind != JSON_RECORD)
		return put_bad(g, code_of(r->kind), &at, e);
	object = json_load_lenient(r->text, &g->scratch, &bad_utf8, &fault);
	if (!object) {
		record_point(&at, fault.at, fault.text);
		return put_bad(g, DIAG_JSON_BAD, &at, e);
	}
	if (bad_utf8 > 0)
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, r->line, r->col, r->byte,
		    "%zu times in this record", bad_utf8);
	if (fault.twice.n > 0)
		diag_put(&g->put.sink->diag, DIAG_JSON_KEY_TWICE, r->line, r->col, r->byte,
		    "\"%.*s\"", SLICE_ARG(slice_sub(fault.twice, 0, 100)));
	result = read_object(g, r, object, &at, e);
	json_decref(object);
	return result;
}

static void
begin(struct reading *g, const struct read_job *job)
{
	size_t room = job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64;

	arena_init(&g->arena);
	entry_put_init(&g->put, job, &g->arena);
	buf_init(&g->scratch, room);
	buf_init(&g->log, room);
	g->limits = job->limits;
	report_run_init(&g->run, job, "pytest-json-report", 6);
	attempt_init(&g->attempt);
	reason_init(&g->reason);
	reset_document(&g->doc);
	json_split_init(&g->split, job->in, &job->sink->diag, job->limits->record,
	    job->limits->depth);
	g->split.names = elements;
	g->split.hooks = (struct json_hooks){ .ctx = &g->doc, .enter = on_enter, .mark = on_key,
	    .number = on_number };
}

static void
release(struct reading *g)
{
	json_split_release(&g->split);
	reset_document(&g->doc);
	reason_release(&g->reason);
	attempt_release(&g->attempt);
	report_run_release(&g->run);
	buf_release(&g->log);
	buf_release(&g->scratch);
	arena_release(&g->arena);
}

static int
read_pytest_json(struct read_job *job, struct err *e)
{
	struct reading *g = mem_calloc(1, sizeof *g);
	struct json_record record;
	int got;

	job->shape = "pytest JSON report";
	begin(g, job);
	while ((got = json_split_next(&g->split, &record, e)) == 1) {
		if (put_record(g, &record, e) != 0) {
			got = -1;
			break;
		}
		arena_reset(&g->arena);
	}
	if (got == 0 && json_split_unclosed(&g->split))
		diag_put(&job->sink->diag, DIAG_JSON_CUT, g->split.at.line,
		    g->split.at.byte - g->split.at.line_byte + 1, g->split.at.byte,
		    "the report does not end");
	if (got == 0 && !g->run.begun && g->put.seen == 0 && g->split.at.byte == 0)
		diag_put(&job->sink->diag, DIAG_EMPTY, 0, 0, 0, "no JSON object was found");
	/* what is open now had no document around it, or lost it to damage */
	if (got == 0)
		got = end_run(g, CUT, e);
	release(g);
	free(g);
	return got;
}

const struct reader reader_pytest_json = {
	.name = "pytest-json-report",
	.about = "the report of the plugin pytest-json-report: one JSON object",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_pytest_json,
};
