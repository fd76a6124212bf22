/*
 * junit_case.c - testcase elements to results: names, outcomes, attempts.
 */
#include "config.h"

#include "read/junit_case.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>

#define NAME_MAX_BYTES 4096

static void
each_buf(struct junit_open *o, void (*fn)(struct buf *b, size_t max))
{
	struct {
		struct buf *b;
		size_t max;
	} all[] = { { &o->classname, NAME_MAX_BYTES }, { &o->name, NAME_MAX_BYTES },
		{ &o->file, NAME_MAX_BYTES }, { &o->message, NAME_MAX_BYTES },
		{ &o->type, 200 }, { &o->detail, JUNIT_DETAIL } };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		fn(all[i].b, all[i].max);
}

static void
reset_one(struct buf *b, size_t max)
{
	(void)max;
	buf_reset(b);
}

static void
release_one(struct buf *b, size_t max)
{
	(void)max;
	buf_release(b);
}

void
junit_open_init(struct junit_open *o)
{
	*o = (struct junit_open){ .duration_ns = CLOCK_NONE };
	each_buf(o, buf_init);
}

void
junit_open_reset(struct junit_open *o)
{
	each_buf(o, reset_one);
	for (size_t i = 0; i <= JUNIT_FLAKY; i++)
		o->has[i] = false;
	o->open = o->xfail = false;
	o->duration_ns = CLOCK_NONE;
	o->detail_line = o->detail_byte = 0;
	o->repeats = 0;
}

void
junit_open_release(struct junit_open *o)
{
	each_buf(o, release_one);
}

void
junit_table_init(struct junit_table *t)
{
	*t = (struct junit_table){ 0 };
	arena_init(&t->arena);
	names_init(&t->ids, &t->arena);
	buf_init(&t->scratch, 3 * NAME_MAX_BYTES);
}

void
junit_table_release(struct junit_table *t)
{
	buf_release(&t->scratch);
	free(t->last);
	free(t->result);
	names_release(&t->ids);
	arena_release(&t->arena);
}

/* ---- names ---- */

static struct slice
last_part(struct slice dotted, size_t end, size_t *start)
{
	size_t dot = slice_rfind_byte(slice_sub(dotted, 0, end), '.');

	*start = dot == SIZE_MAX ? 0 : dot + 1;
	return slice_sub(dotted, *start, end - *start);
}

static bool
is_module(struct slice part)
{
	return slice_starts(part, "test_") || slice_ends(part, "_test") || slice_eqs(part, "tests");
}

static bool
is_dotted(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '/' || s.p[i] == '\\' || s.p[i] == ':')
			return false;
	return s.n > 0;
}

/*
 * Where the path ends in "tests.unit.test_x.TestC.TestNested". The last part that is named like
 * a test module is the module; without one, what starts with a capital is a class. Sets *sure
 * when a part was named like a module.
 */
static size_t
module_end(struct slice dotted, bool *sure)
{
	size_t end = dotted.n, start;

	*sure = false;
	while (end > 0) {
		struct slice part = last_part(dotted, end, &start);

		if (is_module(part) && !slice_eqs(part, "tests")) {
			*sure = true;
			return end;
		}
		if (start == 0)
			break;
		end = start - 1;
	}
	end = dotted.n;
	for (;;) {
		struct slice part = last_part(dotted, end, &start);

		if (start == 0 || part.n == 0 || part.p[0] < 'A' || part.p[0] > 'Z')
			return end;
		end = start - 1;
	}
}

static void
put_path(struct buf *b, struct slice path, char from)
{
	for (size_t i = 0; i < path.n; i++)
		buf_putc(b, path.p[i] == from || path.p[i] == '\\' ? '/' : path.p[i]);
}

/* ".TestC.TestNested" as "::TestC::TestNested" */
static void
put_classes(struct buf *b, struct slice classes)
{
	for (size_t i = 0; i < classes.n; i++)
		if (classes.p[i] == '.')
			buf_puts(b, "::");
		else
			buf_putc(b, classes.p[i]);
}

struct slice
junit_nodeid(struct junit_table *t, const struct junit_open *o, bool pytest)
{
	struct slice dotted = buf_slice(&o->classname), name = buf_slice(&o->name);
	struct slice file = buf_slice(&o->file);
	bool sure = false;
	size_t end = is_dotted(dotted) ? module_end(dotted, &sure) : 0;
	struct buf *b = &t->scratch;

	buf_reset(b);
	if (pytest && dotted.n == 0 && o->has[JUNIT_ERROR]) {
		/* a collection error: the name is the module */
		put_path(b, file.n ? file : name, file.n ? '\\' : '.');
		if (!file.n)
			buf_puts(b, ".py");
		return buf_slice(b);
	}
	if (file.n) {
		put_path(b, file, '\\');
		if (is_dotted(dotted) && (pytest || sure))
			put_classes(b, slice_sub(dotted, end, dotted.n));
	} else if (end && (pytest || sure)) {
		put_path(b, slice_sub(dotted, 0, end), '.');
		buf_puts(b, ".py");
		put_classes(b, slice_sub(dotted, end, dotted.n));
	} else {
		buf_put_slice(b, dotted);
	}
	if (b->n && name.n)
		buf_puts(b, "::");
	buf_put_slice(b, name);
	if (b->n == 0)
		buf_puts(b, "(no name)");
	return buf_slice(b);
}

/* ---- results ---- */

static struct slice
first_line(struct slice s)
{
	s = slice_trim(s);
	return slice_sub(s, 0, slice_find_byte(s, 0, '\n'));
}

/* 'failed on setup with "ConnectionError: no db"': phase and message */
static void
error_message(struct slice message, enum test_phase *phase, struct slice *text)
{
	struct slice s = message;

	*text = first_line(message);
	if (slice_take_str(&s, "failed on setup with \""))
		*phase = PHASE_SETUP;
	else if (slice_take_str(&s, "failed on teardown with \""))
		*phase = PHASE_TEARDOWN;
	else
		return;
	s = first_line(s);
	if (slice_ends(s, "\""))
		s.n--;
	*text = s;
}

/* "E   ModuleNotFoundError: ..." in a detail whose message only says that it failed */
static struct slice
error_in(struct slice detail)
{
	struct slice line, found = { 0 };

	while (slice_take_line(&detail, &line))
		if (slice_starts(line, "E   "))
			found = slice_trim(slice_sub(line, 4, line.n));
	return found;
}

static void
set_outcome(struct junit_table *t, const struct junit_open *o, bool pytest, struct test *test)
{
	struct slice message = buf_slice(&o->message);

	test->outcome = TEST_PASSED;
	test->phase = PHASE_CALL;
	test->message = first_line(message);
	if (o->has[JUNIT_ERROR]) {
		test->outcome = TEST_ERROR;
		test->phase = pytest ? PHASE_SETUP : PHASE_CALL;
		error_message(message, &test->phase, &test->message);
		if (pytest && slice_eqs(message, "collection failure")) {
			test->phase = PHASE_COLLECT;
			test->message = error_in(buf_slice(&o->detail));
			t->collect++;
		}
		t->internal = t->internal || (pytest && slice_eqs(message, "internal error"));
	} else if (o->has[JUNIT_FAILURE]) {
		test->outcome = TEST_FAILED;
	} else if (o->has[JUNIT_SKIPPED]) {
		test->outcome = o->xfail ? TEST_XFAILED : TEST_SKIPPED;
		test->phase = o->xfail ? PHASE_CALL : PHASE_NONE;
	}
	if (test->message.n == 0 && test->outcome != TEST_PASSED)
		test->message = first_line(buf_slice(&o->detail));
}

static struct slice
keep(struct junit_table *t, struct slice s)
{
	if (t->kept + s.n > JUNIT_KEPT) {
		t->cut++;
		return (struct slice){ 0 };
	}
	t->kept += s.n;
	return arena_copy(&t->arena, s);
}

static struct junit_result *
last_of(struct junit_table *t, struct slice id, uint32_t *number)
{
	size_t had = t->ids.count;

	*number = names_put(&t->ids, id);
	if (*number >= had) {
		t->last = mem_grow(t->last, &t->last_cap, *number + (size_t)1, sizeof *t->last);
		t->last[*number] = 0;
	}
	return t->last[*number] ? &t->result[t->last[*number] - 1] : NULL;
}

static void
add_result(struct junit_table *t, const struct test *test, uint32_t number, bool empty)
{
	struct junit_result *r;

	if (t->results >= JUNIT_RESULTS) {
		t->lost++;
		return;
	}
	t->result = mem_grow(t->result, &t->result_cap, t->results + 1, sizeof *t->result);
	r = &t->result[t->results++];
	*r = (struct junit_result){ .test = *test, .empty = empty };
	t->last[number] = (uint32_t)t->results;
}

/* the file of a node id, when it has one */
static struct slice
file_of(struct slice id)
{
	size_t colons = slice_find(id, 0, SLICE("::"));
	struct slice path = slice_sub(id, 0, colons);

	return slice_find_byte(path, 0, '.') == SIZE_MAX ||
	    slice_find_byte(path, 0, ' ') != SIZE_MAX ? (struct slice){ 0 } : path;
}

void
junit_table_close(struct junit_table *t, const struct junit_open *o, bool pytest)
{
	uint32_t number;
	struct junit_result *before = last_of(t, junit_nodeid(t, o, pytest), &number);
	struct test test = test_none;
	bool empty = !o->has[JUNIT_FAILURE] && !o->has[JUNIT_ERROR] && !o->has[JUNIT_SKIPPED];

	t->cases++;
	test.nodeid = t->ids.name[number];
	test.duration_ns = o->duration_ns;
	test.duration_from = o->duration_ns == CLOCK_NONE ? DURATION_NONE : DURATION_FIELD;
	test.line = o->line;
	test.byte = o->byte;
	test.file = file_of(test.nodeid);
	set_outcome(t, o, pytest, &test);
	if (before && test.outcome == TEST_ERROR && before->test.outcome != TEST_ERROR &&
	    (test.phase == PHASE_TEARDOWN || before->test.outcome == TEST_FAILED)) {
		/* of a failure and the error of its teardown, the failure is told */
		if (before->test.outcome != TEST_FAILED) {
			before->test.message = arena_copy(&t->arena, test.message);
			before->test.detail = keep(t, buf_slice(&o->detail));
			before->test.detail_line = o->detail_line;
			before->test.detail_byte = o->detail_byte;
		}
		before->test.outcome = TEST_ERROR;
		before->test.phase = PHASE_TEARDOWN;
		before->empty = false;
		return;
	}
	if (before) {
		before->superseded = true;
		test.attempt = before->test.attempt + 1;
	}
	test.message = arena_copy(&t->arena, test.message);
	test.detail = keep(t, buf_slice(&o->detail));
	test.detail_line = test.detail.n ? o->detail_line : 0;
	test.detail_byte = test.detail.n ? o->detail_byte : 0;
	/* Surefire: failed attempts stand inside the testcase of the last one */
	for (unsigned i = 0; i < o->repeats; i++) {
		struct test failed = test;

		failed.outcome = TEST_FAILED;
		failed.duration_ns = CLOCK_NONE;
		add_result(t, &failed, number, false);
		test.attempt++;
	}
	if (o->has[JUNIT_FLAKY] && test.outcome == TEST_PASSED) {
		test.message = test.detail = (struct slice){ 0 };
		test.detail_line = test.detail_byte = 0;
	}
	add_result(t, &test, number, empty);
}

void
junit_table_finish(struct junit_table *t, bool pytest, long tests)
{
	if (!pytest || tests < 0 || t->cases <= tests)
		return;
	for (size_t i = 0; i < t->results; i++) {
		struct junit_result *r = &t->result[i];

		if (!r->superseded || !r->empty)
			continue;
		r->test.outcome = TEST_FAILED;
		r->test.message = SLICE("run again; the report of this attempt is empty");
	}
}
