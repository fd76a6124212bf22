/*
 * junit_tree.c - expat's callbacks: suites, testcases and what stands in them.
 */
#include "config.h"

#include "read/junit_tree.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK (64 * 1024)
#define COUNT_MAX 1000000000

static const struct junit_stated nothing_stated = { -1, -1, -1, -1, -1, -1, -1, -1 };

void
junit_tree_init(struct junit_tree *t, const struct read_job *job,
    const struct junit_filter *filter, struct err *e)
{
	*t = (struct junit_tree){ .sink = job->sink, .limits = job->limits, .zone = job->zone,
		.filter = filter, .e = e, .sum = nothing_stated, .root = nothing_stated,
		.duration_ns = CLOCK_NONE, .root_ns = CLOCK_NONE };
	junit_open_init(&t->open);
	junit_table_init(&t->table);
	buf_init(&t->text, BLOCK);
	buf_init(&t->before[0], BLOCK);
	buf_init(&t->before[1], BLOCK);
	buf_init(&t->property, JUNIT_NAME);
	buf_init(&t->why, 400);
	buf_init(&t->reconciled, 400);
	buf_init(&t->host, 200);
	buf_init(&t->command, JUNIT_NAME);
	buf_init(&t->env, 200);
	buf_init(&t->commit, 200);
	buf_init(&t->path, JUNIT_NAME);
	buf_init(&t->project, 200);
}

void
junit_tree_release(struct junit_tree *t)
{
	struct buf *all[] = { &t->project, &t->path, &t->commit, &t->env,
		&t->command, &t->host, &t->reconciled, &t->why, &t->property, &t->before[1],
		&t->before[0], &t->text };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		buf_release(all[i]);
	free(t->suite);
	junit_table_release(&t->table);
	junit_open_release(&t->open);
}

void
junit_tree_place(const struct junit_tree *t, uint64_t *line, uint64_t *byte)
{
	XML_Index at = XML_GetCurrentByteIndex(t->parser);

	*line = t->base_line + XML_GetCurrentLineNumber(t->parser) - 1;
	*byte = t->base_byte + (at < 0 ? 0 : (uint64_t)at);
	junit_filter_place(t->filter, line, byte);
}

void
junit_tree_stop(struct junit_tree *t)
{
	t->failed = true;
	XML_StopParser(t->parser, XML_FALSE);
}

static void
refuse(struct junit_tree *t, enum diag_code code, const char *why)
{
	uint64_t line, byte;

	junit_tree_place(t, &line, &byte);
	diag_put(&t->sink->diag, code, line, 0, byte, "%s", why);
	t->refused = true;
	XML_StopParser(t->parser, XML_FALSE);
}

bool
junit_tree_damaged(const struct junit_tree *t)
{
	return t->open.open && !junit_told_bad(&t->open);
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

/* "1,234.5" of Surefire too, and "0,25" of writers that count in another language */
static int64_t
seconds(struct slice s)
{
	size_t n = 0, comma = slice_rfind_byte(s, ',');
	bool decimal = comma != SIZE_MAX && s.n - comma != 4 &&
	    slice_find_byte(s, comma, '.') == SIZE_MAX;
	char digits[40];
	int64_t ns;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',' && !(decimal && i == comma))
			continue;
		if (n == sizeof digits)
			return CLOCK_NONE;
		digits[n++] = s.p[i];
		if (s.p[i] == ',')
			digits[n - 1] = '.';
	}
	return clock_parse_duration(slice_of(digits, n), &ns) && ns >= 0 ? ns : CLOCK_NONE;
}

static bool
count_of(struct slice s, long *v)
{
	int64_t n;

	if (!slice_to_int64(s, &n) || n < 0 || n >= COUNT_MAX)
		return false;
	*v = (long)n;
	return true;
}

static void
add_count(long *sum, struct slice s)
{
	long v;

	if (count_of(s, &v) && *sum < COUNT_MAX)
		*sum = (*sum < 0 ? 0 : *sum) + v;
}

static void
add_counts(struct junit_stated *sum, const XML_Char **atts)
{
	struct slice skipped = attribute(atts, "skipped");

	add_count(&sum->tests, attribute(atts, "tests"));
	add_count(&sum->failures, attribute(atts, "failures"));
	add_count(&sum->errors, attribute(atts, "errors"));
	add_count(&sum->skipped, skipped.n ? skipped : attribute(atts, "skips"));
	add_count(&sum->disabled, attribute(atts, "disabled"));
}

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, slice_sub(s, 0, text_utf8_floor(s, b->max)));
}

/* "Tue, 02 Sep 2025 10:00:00 GMT" of mocha as "2025-09-02T10:00:00Z", in out; else s */
static struct slice
iso_stamp(struct slice s, char out[48])
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	size_t month;

	if (s.n != 29 || s.p[3] != ',' || !slice_ends(s, " GMT"))
		return s;
	month = slice_find(slice_str(months), 0, slice_sub(s, 8, 3));
	if (month == SIZE_MAX || month % 3)
		return s;
	snprintf(out, 48, "%.4s-%02zu-%.2s%c%.8sZ", s.p + 12, month / 3 + 1, s.p + 5,
	    'T', s.p + 17);
	return slice_str(out);
}

/* of jest without a zone, and still UTC */
static int64_t
time_of(struct junit_tree *t, struct slice stamp, enum run_clock *clock)
{
	enum clock_zone zone;
	char iso[48];
	int64_t ns;

	stamp = iso_stamp(stamp, iso);
	if (!zone_parse_clock(t->dialect == JUNIT_JEST ? NULL : t->zone, stamp, &ns, &zone))
		return CLOCK_NONE;
	*clock = zone == CLOCK_ZONE_KNOWN || t->dialect == JUNIT_JEST ? RUN_CLOCK_EXACT :
	    RUN_CLOCK_ASSUMED;
	return ns;
}

/* ---- suites ---- */

static int
begin_run(struct junit_tree *t)
{
	struct run *run = &t->run;

	if (t->begun)
		return 0;
	t->begun = true;
	*run = run_none;
	run->framework = junit_dialect_name(t->dialect);
	run->format = SLICE("junit");
	run->fidelity = 4;
	run->state_why = SLICE("still being read");
	junit_tree_place(t, &run->line, &run->byte);
	if (t->sink->run_begin(t->sink->ctx, run, t->e) == 0)
		return 0;
	junit_tree_stop(t);
	return -1;
}

/* a run starts with the first of its suites, in whatever order they are written */
static void
set_start(struct junit_tree *t, struct slice stamp)
{
	enum run_clock clock;
	int64_t ns = time_of(t, stamp, &clock);

	/* 1970 is the clock of a file of jest that could not run */
	if (ns == CLOCK_NONE || ns <= 0)
		return;
	if (t->run.started_ns != CLOCK_NONE && t->run.started_ns <= ns)
		return;
	t->run.started_ns = ns;
	t->run.clock = clock;
}

static void
start_root(struct junit_tree *t, const XML_Char **atts)
{
	int64_t ns = seconds(attribute(atts, "time"));

	add_counts(&t->root, atts);
	if (ns > 0)
		t->root_ns = ns;
	set_start(t, attribute(atts, "timestamp"));
}

/* suites inside suites repeat the counts of those they hold: only the outermost count */
static void
add_suite(struct junit_tree *t, const XML_Char **atts)
{
	struct junit_suite *s = &t->suite[t->suites - 1];
	bool above = t->suites > 1 && t->suite[t->suites - 2].counts;
	int64_t ns = seconds(attribute(atts, "time"));

	s->tests = s->errors = -1;
	count_of(attribute(atts, "tests"), &s->tests);
	count_of(attribute(atts, "errors"), &s->errors);
	s->counts = above || s->tests >= 0;
	set_start(t, attribute(atts, "timestamp"));
	if (above)
		return;
	add_counts(&t->sum, atts);
	if (t->suites == 1 && ns != CLOCK_NONE)
		t->duration_ns = t->duration_ns == CLOCK_NONE ? ns : clock_add(t->duration_ns, ns);
}

/* between the names of suites */
static const char *
join(const struct junit_tree *t)
{
	return t->dialect == JUNIT_NODE ? " > " : "::";
}

static void
start_suite(struct junit_tree *t, const XML_Char **atts)
{
	struct slice name = attribute(atts, "name"), host = attribute(atts, "hostname");
	bool named = name.n && !(t->dialect == JUNIT_PYTEST && slice_eqs(name, "pytest"));

	t->suite = mem_grow(t->suite, &t->suite_cap, t->suites + 1, sizeof *t->suite);
	t->suite[t->suites++] = (struct junit_suite){ .path = t->path.n,
		.first = t->table.results, .cases = t->table.cases };
	if (named && t->path.n)
		buf_puts(&t->path, join(t));
	if (named)
		buf_put_slice(&t->path, slice_sub(name, 0, text_utf8_floor(name,
		    t->path.max - t->path.n)));
	/* Playwright writes the project where others have the host */
	if (t->dialect == JUNIT_PLAYWRIGHT)
		set(&t->project, host);
	else if (t->host.n == 0)
		set(&t->host, host);
	add_suite(t, atts);
}

static void
end_suite(struct junit_tree *t)
{
	struct junit_suite *s;

	if (t->suites == 0)
		return;
	s = &t->suite[--t->suites];
	if (t->dialect == JUNIT_JEST && s->tests >= 0)
		junit_table_todo(&t->table, s->first, t->table.cases - s->cases - s->tests -
		    (s->errors > 0 ? s->errors : 0));
	buf_truncate(&t->path, s->path);
}

/* ---- testcases ---- */

/* a testcase that is not closed where the next begins, or its suite ends */
static int
leave_case(struct junit_tree *t)
{
	struct junit_open *o = &t->open;
	struct bad_record bad = { .kind = BAD_DAMAGED, .line = o->line, .byte = o->byte,
		.reason = SLICE("this testcase is not closed"), .head = buf_slice(&o->name) };
	uint64_t line, byte;

	if (!o->open)
		return 0;
	junit_text_end(t);
	o->open = false;
	if (t->failed)
		return -1;
	if (!junit_told_bad(o)) {
		junit_tree_place(t, &line, &byte);
		bad.bytes = byte - o->byte;
		if (t->sink->bad(t->sink->ctx, &bad, t->e) != 0)
			junit_tree_stop(t);
	} else {
		junit_table_close(&t->table, o, t->dialect);
	}
	return t->failed ? -1 : 0;
}

static void
start_case(struct junit_tree *t, const XML_Char **atts)
{
	struct junit_open *o = &t->open;
	struct slice status = attribute(atts, "result");
	enum run_clock clock;
	size_t above = 0;

	junit_open_reset(o);
	buf_reset(&t->before[0]);
	buf_reset(&t->before[1]);
	o->open = true;
	set(&o->classname, attribute(atts, "classname"));
	set(&o->name, attribute(atts, "name"));
	set(&o->file, attribute(atts, "file"));
	set(&o->time, attribute(atts, "time"));
	/* googletest says status="notrun" result="suppressed"; "completed" says nothing */
	set(&o->status, slice_eqs(status, "completed") || !status.n ? attribute(atts, "status") :
	    status);
	set(&o->suite, buf_slice(&t->path));
	if (t->suites && t->suite[t->suites - 1].path)
		above = t->suite[t->suites - 1].path + strlen(join(t));
	o->suite_name = slice_sub(buf_slice(&o->suite), above, JUNIT_NAME);
	set(&o->project, buf_slice(&t->project));
	o->duration_ns = seconds(attribute(atts, "time"));
	o->started_ns = time_of(t, attribute(atts, "timestamp"), &clock);
	junit_tree_place(t, &o->line, &o->byte);
}

/* a suite that failed as a whole: no test, and still a result, under its name */
static void
start_whole_suite(struct junit_tree *t)
{
	static const XML_Char *none[] = { NULL };
	struct junit_open *o = &t->open;

	start_case(t, none);
	o->whole_suite = true;
	set(&o->classname, o->suite_name);
}

static void
start_told(struct junit_tree *t, struct junit_told *told, enum junit_child child,
    const XML_Char **atts)
{
	enum run_clock clock;

	told->there = true;
	told->child = child;
	told->duration_ns = seconds(attribute(atts, "time"));
	told->started_ns = time_of(t, attribute(atts, "timestamp"), &clock);
	set(&told->message, attribute(atts, "message"));
	set(&told->type, attribute(atts, "type"));
	buf_reset(&told->detail);
	told->detail_line = told->detail_byte = 0;
	junit_tree_place(t, &told->line, &told->byte);
}

/* the first failure or error decides and is told; what else there is, is kept as output */
static void
start_child(struct junit_tree *t, enum junit_child child, const XML_Char **atts)
{
	static const char *const sections[] = { "failure", "error", "skipped" };
	struct junit_open *o = &t->open;
	struct slice type = attribute(atts, "type"), message = attribute(atts, "message");

	t->table.elements[child]++;
	if (!o->open && child <= JUNIT_ERROR && t->suites > 0)
		start_whole_suite(t);
	if (!o->open) {
		junit_text_start(t, JUNIT_TEXT_MORE, child <= JUNIT_SKIPPED ? sections[child] :
		    "failure");
		return;
	}
	o->has[child]++;
	if (child > JUNIT_SKIPPED) {
		start_told(t, &o->again, child, atts);
		junit_text_start(t, JUNIT_TEXT_AGAIN, "");
		return;
	}
	if (child == JUNIT_SKIPPED) {
		o->xfail = o->xfail || slice_eqs(type, "pytest.xfail");
		o->todo = o->todo || (t->dialect == JUNIT_NODE && slice_eqs(type, "todo"));
	}
	if (o->first.there && o->first.child == JUNIT_SKIPPED && child != JUNIT_SKIPPED &&
	    !o->todo) {
		if (o->first.message.n)
			junit_text_line(t, "skipped", buf_slice(&o->first.message));
		o->first.there = false;
	}
	if (!o->first.there) {
		start_told(t, &o->first, child, atts);
		junit_text_start(t, JUNIT_TEXT_FIRST, "");
		return;
	}
	/* its message when it has no text */
	set(&t->property, message);
	junit_text_start(t, JUNIT_TEXT_MORE, sections[child]);
}

static const struct {
	const char *name;
	enum junit_child child;
} children[] = {
	{ "failure", JUNIT_FAILURE }, { "error", JUNIT_ERROR }, { "skipped", JUNIT_SKIPPED },
	{ "disabled", JUNIT_SKIPPED }, { "ignored", JUNIT_SKIPPED },
	{ "rerunFailure", JUNIT_RERUN_FAILURE }, { "rerunError", JUNIT_RERUN_ERROR },
	{ "flakyFailure", JUNIT_FLAKY_FAILURE }, { "flakyError", JUNIT_FLAKY_ERROR },
};

static int
child_of(const char *name)
{
	for (size_t i = 0; i < sizeof children / sizeof children[0]; i++)
		if (strcmp(name, children[i].name) == 0)
			return (int)children[i].child;
	return -1;
}

static void
start_property(struct junit_tree *t, const XML_Char **atts)
{
	struct slice name = attribute(atts, "name"), value = attribute(atts, "value");
	struct buf line;

	if (t->dialect == JUNIT_PLAIN && !t->open.open && t->table.cases == 0)
		t->dialect = junit_dialect_of_property(name);
	if (!value.n) {
		junit_text_start(t, JUNIT_TEXT_PROPERTY, "");
		set(&t->property, name);
		return;
	}
	if (t->open.open) {
		buf_init(&line, BLOCK / 2);
		buf_printf(&line, "%.*s=%.*s", SLICE_ARG(name), SLICE_ARG(slice_sub(value, 0,
		    text_utf8_floor(value, BLOCK / 4))));
		junit_text_line(t, "properties", buf_slice(&line));
		buf_release(&line);
	}
	junit_property(t, name, value);
}

/* ---- callbacks ---- */

static const char *
local_name(const XML_Char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static bool
within_limits(struct junit_tree *t, const XML_Char **atts)
{
	size_t n = 0;

	while (atts[n])
		n += 2;
	if (++t->depth > t->limits->depth)
		refuse(t, DIAG_XML_LIMIT, "elements are nested too deeply");
	else if (n / 2 > JUNIT_ATTRIBUTES)
		refuse(t, DIAG_XML_LIMIT, "an element has too many attributes");
	return !t->refused;
}

static void
start_element(void *ctx, const XML_Char *qualified, const XML_Char **atts)
{
	struct junit_tree *t = ctx;
	const char *name = local_name(qualified);
	int child = child_of(name);

	if (!within_limits(t, atts))
		return;
	if (t->dialect == JUNIT_PLAIN && t->table.cases == 0)
		t->dialect = junit_dialect_of(name, (const char **)atts);
	if (begin_run(t) != 0)
		return;
	if (strcmp(name, "testsuites") == 0) {
		if (t->depth == 1)
			start_root(t, atts);
	} else if (strcmp(name, "testsuite") == 0) {
		start_suite(t, atts);
	} else if (strcmp(name, "testcase") == 0) {
		if (leave_case(t) == 0)
			start_case(t, atts);
	} else if (strcmp(name, "system-out") == 0) {
		junit_text_start(t, JUNIT_TEXT_OUT, "system-out");
	} else if (strcmp(name, "system-err") == 0) {
		junit_text_start(t, JUNIT_TEXT_ERR, "system-err");
	} else if (strcmp(name, "property") == 0) {
		start_property(t, atts);
	} else if (child >= 0) {
		start_child(t, (enum junit_child)child, atts);
	}
}

static void
characters(void *ctx, const XML_Char *p, int n)
{
	struct junit_tree *t = ctx;

	if (!t->failed && !t->refused)
		junit_text_add(t, slice_of(p, (size_t)n));
}

/* only what ends the element whose text is collected ends the collecting: <stackTrace> does not */
static bool
ends_text(const char *name)
{
	return strcmp(name, "system-out") == 0 || strcmp(name, "system-err") == 0 ||
	    strcmp(name, "property") == 0 || child_of(name) >= 0;
}

static void
end_element(void *ctx, const XML_Char *qualified)
{
	struct junit_tree *t = ctx;
	const char *name = local_name(qualified);

	if (t->failed || t->refused)
		return;
	t->depth--;
	if (ends_text(name))
		junit_text_end(t);
	if (t->open.again.there && child_of(name) > JUNIT_SKIPPED)
		junit_table_attempt(&t->table, &t->open, t->dialect);
	if (t->open.open && (strcmp(name, "testcase") == 0 ||
	    (t->open.whole_suite && child_of(name) >= 0))) {
		junit_table_close(&t->table, &t->open, t->dialect);
		t->open.open = false;
	}
	if (strcmp(name, "testsuite") == 0)
		end_suite(t);
	if (t->depth == 0)
		t->root_closed = true;
}

/* node writes its totals as comments: "tests 12", "pass 4", "duration_ms 763.1" */
static void
comment(void *ctx, const XML_Char *text)
{
	struct junit_tree *t = ctx;
	struct slice s = slice_trim(slice_str(text)), word;
	struct junit_stated *r = &t->root;
	int64_t ns;
	const struct {
		const char *word;
		long *to;
	} all[] = { { "tests", &r->tests }, { "fail", &r->failures }, { "skipped", &r->skipped },
		{ "pass", &r->passed }, { "cancelled", &r->cancelled }, { "todo", &r->todo } };

	if (t->dialect != JUNIT_NODE || t->depth != 1 || !slice_take_until(&s, ' ', &word))
		return;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (slice_eqs(word, all[i].word))
			count_of(s, all[i].to);
	if (slice_eqs(word, "duration_ms") && (ns = seconds(s)) != CLOCK_NONE)
		t->root_ns = ns / 1000;
}

static void
start_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
    int internal)
{
	(void)name;
	(void)system;
	(void)public;
	if (internal)
		refuse(ctx, DIAG_XML_ENTITY, "it declares entities or defaults of its own: nothing "
		    "below it is read");
}

static void
skipped_entity(void *ctx, const XML_Char *name, int parameter)
{
	(void)name;
	if (!parameter)
		refuse(ctx, DIAG_XML_ENTITY, "an entity that is declared in another file");
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
	XML_SetCommentHandler(parser, comment);
	XML_SetStartDoctypeDeclHandler(parser, start_doctype);
	XML_SetSkippedEntityHandler(parser, skipped_entity);
}
