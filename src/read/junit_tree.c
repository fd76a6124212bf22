/*
 * junit_tree.c - expat's callbacks, and the run they add up to.
 */
#include "config.h"

#include "read/junit_tree.h"

#include "base/text.h"
#include "base/zone.h"

#include <string.h>

#define BLOCK (64 * 1024)	/* bytes of one output */

void
junit_tree_init(struct junit_tree *t, const struct read_job *job, struct err *e)
{
	*t = (struct junit_tree){ .sink = job->sink, .limits = job->limits, .zone = job->zone,
		.e = e, .tests = -1, .failures = -1, .errors = -1, .skipped = -1,
		.duration_ns = CLOCK_NONE };
	junit_open_init(&t->open);
	junit_table_init(&t->table);
	buf_init(&t->text, BLOCK);
	buf_init(&t->why, 400);
	buf_init(&t->reconciled, 400);
}

void
junit_tree_release(struct junit_tree *t)
{
	buf_release(&t->reconciled);
	buf_release(&t->why);
	buf_release(&t->text);
	junit_table_release(&t->table);
	junit_open_release(&t->open);
}

static uint64_t
line_now(const struct junit_tree *t)
{
	return t->base_line + XML_GetCurrentLineNumber(t->parser) - 1;
}

static uint64_t
byte_now(const struct junit_tree *t)
{
	XML_Index at = XML_GetCurrentByteIndex(t->parser);

	return t->base_byte + (at < 0 ? 0 : (uint64_t)at);
}

static void
stop(struct junit_tree *t)
{
	XML_StopParser(t->parser, XML_FALSE);
}

static void
refuse(struct junit_tree *t, enum diag_code code, const char *why)
{
	diag_put(&t->sink->diag, code, line_now(t), 0, byte_now(t), "%s", why);
	t->refused = true;
	stop(t);
}

/* ---- attributes ---- */

static struct slice
attribute(const XML_Char **atts, const char *name)
{
	for (size_t i = 0; atts[i]; i += 2)
		if (strcmp(atts[i], name) == 0)
			return slice_str(atts[i + 1]);
	return (struct slice){ 0 };
}

/* "1,234.5" of Surefire too */
static int64_t
seconds(struct slice s)
{
	char digits[40];
	size_t n = 0;
	int64_t ns;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',')
			continue;
		if (n == sizeof digits)
			return CLOCK_NONE;
		digits[n++] = s.p[i];
	}
	return clock_parse_duration(slice_of(digits, n), &ns) ? ns : CLOCK_NONE;
}

static void
add_count(long *sum, struct slice s)
{
	int64_t v;

	if (slice_to_int64(s, &v) && v >= 0 && v < 1000000000)
		*sum = (*sum < 0 ? 0 : *sum) + (long)v;
}

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, slice_sub(s, 0, text_utf8_floor(s, b->max)));
}

/* ---- elements ---- */

static int
begin_run(struct junit_tree *t)
{
	struct run *run = &t->run;

	if (t->begun)
		return 0;
	t->begun = true;
	*run = run_none;
	run->framework = t->pytest ? SLICE("pytest") : SLICE("junit");
	run->format = SLICE("junit");
	run->fidelity = 4;
	run->state_why = SLICE("still being read");
	run->line = line_now(t);
	run->byte = byte_now(t);
	if (t->sink->run_begin(t->sink->ctx, run, t->e) != 0) {
		t->failed = true;
		stop(t);
		return -1;
	}
	return 0;
}

/* suites inside suites repeat the counts of those they hold: only the outermost ones count */
static void
start_suite(struct junit_tree *t, const XML_Char **atts)
{
	struct slice time = attribute(atts, "time"), stamp = attribute(atts, "timestamp");
	struct slice skipped = attribute(atts, "skipped");
	enum clock_zone zone;
	int64_t ns;

	if (slice_eqs(attribute(atts, "name"), "pytest"))
		t->pytest = true;
	if (t->suites_seen++ > 0)
		return;
	add_count(&t->tests, attribute(atts, "tests"));
	add_count(&t->failures, attribute(atts, "failures"));
	add_count(&t->errors, attribute(atts, "errors"));
	add_count(&t->skipped, skipped.n ? skipped : attribute(atts, "skips"));
	ns = seconds(time);
	if (ns != CLOCK_NONE && (t->duration_ns == CLOCK_NONE ||
	    t->duration_ns < INT64_MAX / 2 - ns))
		t->duration_ns = (t->duration_ns == CLOCK_NONE ? 0 : t->duration_ns) + ns;
	if (t->run.started_ns == CLOCK_NONE && zone_parse_clock(t->zone, stamp, &ns, &zone)) {
		t->run.started_ns = ns;
		t->run.clock = zone == CLOCK_ZONE_KNOWN ? RUN_CLOCK_EXACT : RUN_CLOCK_ASSUMED;
	}
}

static void
start_case(struct junit_tree *t, const XML_Char **atts)
{
	struct junit_open *o = &t->open;

	junit_open_reset(o);
	o->open = true;
	set(&o->classname, attribute(atts, "classname"));
	set(&o->name, attribute(atts, "name"));
	set(&o->file, attribute(atts, "file"));
	o->duration_ns = seconds(attribute(atts, "time"));
	o->line = line_now(t);
	o->byte = byte_now(t);
}

static void
start_text(struct junit_tree *t, enum junit_text kind)
{
	t->collecting = kind;
	t->text_bytes = 0;
	t->text_line = 0;
	buf_reset(&t->text);
}

static void
start_child(struct junit_tree *t, enum junit_child child, const XML_Char **atts)
{
	struct junit_open *o = &t->open;
	struct slice message = attribute(atts, "message"), type = attribute(atts, "type");
	/* an error outweighs a failure, both outweigh the rest; the first of a kind is told */
	bool told = o->has[JUNIT_ERROR] || (child != JUNIT_ERROR && o->has[JUNIT_FAILURE]) ||
	    (child != JUNIT_ERROR && child != JUNIT_FAILURE && o->message.n);

	t->table.failures += child == JUNIT_FAILURE;
	t->table.errors += child == JUNIT_ERROR;
	t->table.skipped += child == JUNIT_SKIPPED;
	o->repeats += child == JUNIT_RERUN || child == JUNIT_FLAKY;
	o->has[child] = true;
	if (child == JUNIT_SKIPPED && slice_eqs(type, "pytest.xfail"))
		o->xfail = true;
	start_text(t, told ? JUNIT_TEXT_NONE : JUNIT_TEXT_DETAIL);
	if (told)
		return;
	set(&o->message, message);
	buf_reset(&o->detail);
	o->detail_line = 0;
}

static const struct {
	const char *name;
	enum junit_child child;
} children[] = {
	{ "failure", JUNIT_FAILURE }, { "error", JUNIT_ERROR }, { "skipped", JUNIT_SKIPPED },
	{ "rerunFailure", JUNIT_RERUN }, { "rerunError", JUNIT_RERUN },
	{ "flakyFailure", JUNIT_FLAKY }, { "flakyError", JUNIT_FLAKY },
};

static const char *
local_name(const XML_Char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void
start_element(void *ctx, const XML_Char *qualified, const XML_Char **atts)
{
	struct junit_tree *t = ctx;
	const char *name = local_name(qualified);
	size_t n = 0;

	while (atts[n])
		n += 2;
	if (++t->depth > t->limits->depth) {
		refuse(t, DIAG_XML_LIMIT, "elements are nested too deeply");
		return;
	}
	if (n / 2 > JUNIT_ATTRIBUTES) {
		refuse(t, DIAG_XML_LIMIT, "an element has too many attributes");
		return;
	}
	if (strcmp(name, "testsuites") == 0 && slice_eqs(attribute(atts, "name"), "pytest tests"))
		t->pytest = true;
	if (strcmp(name, "testsuite") == 0) {
		if (slice_eqs(attribute(atts, "name"), "pytest"))
			t->pytest = true;
		if (begin_run(t) == 0)
			start_suite(t, atts);
		return;
	}
	if (begin_run(t) != 0)
		return;
	if (strcmp(name, "testcase") == 0) {
		start_case(t, atts);
		return;
	}
	if (strcmp(name, "system-out") == 0)
		start_text(t, JUNIT_TEXT_OUT);
	else if (strcmp(name, "system-err") == 0)
		start_text(t, JUNIT_TEXT_ERR);
	for (size_t i = 0; t->open.open && i < sizeof children / sizeof children[0]; i++)
		if (strcmp(name, children[i].name) == 0)
			start_child(t, children[i].child, atts);
}

/* pytest writes "--- Captured Out ---" and a blank line even when nothing was captured */
static bool
has_text(struct slice text)
{
	struct slice line;

	while (slice_take_line(&text, &line))
		if (slice_trim(line).n && !(slice_starts(line, "---") && slice_ends(line, "---")))
			return true;
	return false;
}

/* give on what is buffered of system-out or system-err; keeps the last partial line back */
static int
put_output(struct junit_tree *t, bool all)
{
	struct slice text = buf_slice(&t->text), id = { 0 };
	size_t end = text.n, newline;
	struct printed out;
	int rc = 0;

	newline = slice_rfind_byte(text, '\n');
	if (!all && newline != SIZE_MAX)
		end = newline + 1;
	if (has_text(slice_sub(text, 0, end))) {
		if (t->open.open)
			id = junit_nodeid(&t->table, &t->open, t->pytest);
		out = (struct printed){ .nodeid = id, .section = t->collecting == JUNIT_TEXT_OUT ?
			SLICE("system-out") : SLICE("system-err"),
			.text = slice_sub(text, 0, end), .line = t->text_line,
			.byte = t->text_byte };
		rc = t->sink->output(t->sink->ctx, &out, t->e);
	}
	if (rc != 0) {
		t->failed = true;
		stop(t);
	}
	for (size_t i = 0; i < end; i++)
		t->text_line += text.p[i] == '\n';
	t->text_byte += end;
	memmove(t->text.p, text.p + end, text.n - end);
	buf_truncate(&t->text, text.n - end);
	return rc;
}

static void
collect_output(struct junit_tree *t, struct slice s)
{
	while (s.n) {
		size_t room = t->text.max - 1 - t->text.n;
		size_t n = s.n <= room ? s.n : text_utf8_floor(s, room);

		if (n == 0 || t->text.n >= t->text.max - 5) {
			/* no newline in a whole block: cut it here */
			if (put_output(t, slice_rfind_byte(buf_slice(&t->text), '\n') ==
			    SIZE_MAX) != 0)
				return;
			continue;
		}
		buf_put_slice(&t->text, slice_sub(s, 0, n));
		s = slice_sub(s, n, s.n);
	}
}

static void
characters(void *ctx, const XML_Char *p, int n)
{
	struct junit_tree *t = ctx;
	struct slice s = slice_of(p, (size_t)n);

	if (t->collecting == JUNIT_TEXT_NONE || t->failed || t->refused)
		return;
	t->text_bytes += s.n;
	if (t->text_bytes > JUNIT_TEXT) {
		if (!t->text_cut)
			diag_put(&t->sink->diag, DIAG_XML_LIMIT, line_now(t), 0, byte_now(t),
			    "the text of an element is longer than %d bytes; the rest is left out",
			    JUNIT_TEXT);
		t->text_cut = true;
		return;
	}
	if (t->collecting == JUNIT_TEXT_DETAIL) {
		struct junit_open *o = &t->open;

		if (o->detail_line == 0) {
			o->detail_line = line_now(t);
			o->detail_byte = byte_now(t);
		}
		if (!o->detail.over)
			buf_put_slice(&o->detail, slice_sub(s, 0,
			    text_utf8_floor(s, o->detail.max - o->detail.n)));
		o->detail.over = o->detail.over || o->detail.n + 4 > o->detail.max;
		return;
	}
	if (t->text_line == 0) {
		t->text_line = line_now(t);
		t->text_byte = byte_now(t);
	}
	collect_output(t, s);
}

static void
end_element(void *ctx, const XML_Char *qualified)
{
	struct junit_tree *t = ctx;
	const char *name = local_name(qualified);

	if (t->failed || t->refused)
		return;
	t->depth--;
	if (strcmp(name, "system-out") == 0 || strcmp(name, "system-err") == 0) {
		if (t->collecting >= JUNIT_TEXT_OUT && t->text.n) {
			if (t->text.p[t->text.n - 1] != '\n')
				buf_putc(&t->text, '\n');
			if (put_output(t, true) != 0)
				return;
		}
		t->collecting = JUNIT_TEXT_NONE;
	}
	for (size_t i = 0; i < sizeof children / sizeof children[0]; i++)
		if (strcmp(name, children[i].name) == 0)
			t->collecting = JUNIT_TEXT_NONE;
	if (strcmp(name, "testcase") == 0 && t->open.open) {
		junit_table_close(&t->table, &t->open, t->pytest);
		t->open.open = false;
	}
	if (strcmp(name, "testsuite") == 0 && t->suites_seen > 0)
		t->suites_seen--;
	if (t->depth == 0)
		t->root_closed = true;
}

static void
start_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
    int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(ctx, DIAG_XML_ENTITY, "nothing below it is read");
}

void
junit_tree_attach(struct junit_tree *t, XML_Parser parser, uint64_t line, uint64_t byte)
{
	t->parser = parser;
	t->base_line = line;
	t->base_byte = byte;
	XML_SetUserData(parser, t);
	XML_SetElementHandler(parser, start_element, end_element);
	XML_SetCharacterDataHandler(parser, characters);
	XML_SetStartDoctypeDeclHandler(parser, start_doctype);
}

/* ---- the run ---- */

static void
set_state(struct junit_tree *t)
{
	const struct junit_table *b = &t->table;

	buf_reset(&t->why);
	if (!t->root_closed) {
		t->run.state = RUN_TRUNCATED;
		buf_printf(&t->why, "the XML ends early: %ld testcase%s read", b->cases,
		    b->cases == 1 ? "" : "s");
		if (t->tests >= 0)
			buf_printf(&t->why, " of %ld", t->tests);
	} else if (b->internal) {
		t->run.state = RUN_CRASHED;
		buf_puts(&t->why, "internal error of pytest");
	} else if (b->cases == 0) {
		t->run.state = RUN_NOT_RUN;
		buf_puts(&t->why, "no test in it");
	} else if (b->collect == b->cases) {
		t->run.state = RUN_NOT_RUN;
		buf_printf(&t->why, "%ld collection error%s, no test ran", b->collect,
		    b->collect == 1 ? "" : "s");
	} else {
		t->run.state = RUN_COMPLETE;
	}
	t->run.state_why = buf_slice(&t->why);
}

static void
reconcile(struct junit_tree *t)
{
	const struct junit_table *b = &t->table;
	const struct {
		const char *name;
		long printed, read;
	} all[] = { { "failures", t->failures, b->failures }, { "errors", t->errors, b->errors },
		{ "skipped", t->skipped, b->skipped } };
	unsigned wrong = 0;

	buf_reset(&t->reconciled);
	t->run.reconciled = RUN_RECONCILED_UNKNOWN;
	if (!t->root_closed || t->tests < 0) {
		buf_puts(&t->reconciled, t->tests < 0 ? "no counts stated" : "the XML ends early");
	} else {
		for (size_t i = 0; i < 3; i++) {
			if (all[i].printed < 0 || all[i].printed == all[i].read)
				continue;
			buf_printf(&t->reconciled, "%s%ld %s stated, %ld read", wrong++ ? "; " : "",
			    all[i].printed, all[i].name, all[i].read);
		}
		t->run.reconciled = wrong ? RUN_RECONCILED_NO : t->tests == b->cases ?
		    RUN_RECONCILED_YES : t->pytest ? RUN_RECONCILED_EXPLAINED :
		    RUN_RECONCILED_NO;
		if (!wrong && t->tests != b->cases)
			buf_printf(&t->reconciled, "%ld tests stated, %ld testcases read%s",
			    t->tests, b->cases, t->pytest ?
			    "; pytest counts subtests and not what it repeats" : "");
	}
	t->run.reconciled_why = buf_slice(&t->reconciled);
}

static void
fill_run(struct junit_tree *t)
{
	struct run *run = &t->run;

	set_state(t);
	reconcile(t);
	run->framework = t->pytest ? SLICE("pytest") : SLICE("junit");
	run->collected = t->tests;
	run->failed = t->failures;
	run->errors = t->errors;
	run->skipped = t->skipped;
	run->duration_ns = t->duration_ns;
	/* no dialect states passes; what is left of the others is what it means by them */
	if (t->tests >= 0 && t->failures >= 0 && t->errors >= 0) {
		run->passed = t->tests - t->failures - t->errors -
		    (t->skipped > 0 ? t->skipped : 0);
		if (run->passed < 0)
			run->passed = -1;
	}
}

int
junit_tree_finish(struct junit_tree *t)
{
	struct junit_table *b = &t->table;
	const struct diag_sink *d = &t->sink->diag;

	if (t->failed)
		return -1;
	if (!t->begun)
		return 0;
	junit_table_finish(b, t->pytest, t->tests);
	fill_run(t);
	for (size_t i = 0; i < b->results; i++)
		if (t->sink->test(t->sink->ctx, &b->result[i].test, t->e) != 0)
			return -1;
	if (!t->root_closed)
		diag_put(d, DIAG_RUN_NO_END, t->run.line, 0, t->run.byte, "%s", t->why.p);
	if (t->run.reconciled == RUN_RECONCILED_NO)
		diag_put(d, DIAG_RUN_COUNTS, t->run.line, 0, t->run.byte, "%s", t->reconciled.p);
	if (b->lost || b->cut)
		diag_put(d, DIAG_XML_LIMIT, t->run.line, 0, t->run.byte,
		    "%llu results and %llu details beyond the limits of one run were left out",
		    (unsigned long long)b->lost, (unsigned long long)b->cut);
	return t->sink->run_end(t->sink->ctx, &t->run, t->e);
}
