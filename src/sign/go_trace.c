/*
 * go_trace.c - what the tests of Go fail with.
 *
 *	panic: runtime error: index out of range [5] with length 3 [recovered]
 *	goroutine 6 [running]:
 *	example.com/shop.Total(...)
 *		/w/shop/cart.go:7 +0x1d
 *
 * is a "panic", whose frames are those of the first goroutine. A test that calls
 * t.Error prints "    cart_test.go:12: message", and so does one that only logs:
 * one such line is the failure, a "FAIL" as go test calls it; of several, none is.
 */
#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/python.h"
#include "sign/trace.h"

struct go_trace {
	struct python *python;
	struct slice type, message;	/* of the panic */
	struct slice function;		/* whose place the next line has */
	bool goroutine, done;		/* inside the first; behind it */
	size_t frames;
	struct slice said;		/* what the line of a test says */
	struct frame said_at;
	size_t lines;			/* of tests */
	bool detail;			/* the message stands in "Error:" below (testify) */
};

/* "net/http" of "net/http.(*conn).serve" */
static struct slice
package_of(struct slice function)
{
	size_t slash = slice_rfind_byte(function, '/'), from = slash == SIZE_MAX ? 0 : slash;
	size_t dot = slice_find_byte(function, from, '.');

	return slice_sub(function, 0, dot == SIZE_MAX ? 0 : dot);
}

/* not of Go's own library, which lies in src/ by its package, nor of a module's copy */
static bool
go_in_app(const struct frame *f)
{
	struct slice package = package_of(f->function), root = package;
	size_t slash = slice_find_byte(package, 0, '/');
	size_t at = slice_find(f->file, 0, SLICE("/src/"));

	if (package.n == 0 || slice_find(f->file, 0, SLICE("/pkg/mod/")) != SIZE_MAX ||
	    slice_find(f->file, 0, SLICE("/vendor/")) != SIZE_MAX)
		return false;
	if (slash != SIZE_MAX)
		root.n = slash;
	if (slice_find_byte(root, 0, '.') != SIZE_MAX || at == SIZE_MAX)
		return true;
	return slice_find(f->file, at + 5, package) != at + 5;
}

/* "\t/w/cart.go:7 +0x1d" */
static bool
take_place(struct go_trace *t, struct slice line)
{
	struct slice s = slice_trim(line), number;
	struct frame f = { .function = t->function };
	uint64_t n;
	size_t at = slice_find(s, 0, SLICE(".go:"));

	if (line.n == 0 || line.p[0] != '\t' || at == SIZE_MAX)
		return false;
	number = slice_sub(s, at + 4, s.n);
	if (!slice_take_uint(&number, &n) || n > UINT32_MAX)
		return false;
	f.file = slice_sub(s, 0, at + 3);
	f.line = (uint32_t)n;
	python_frame_clip(&f);
	f.in_app = go_in_app(&f);
	if (t->frames++ < EXCEPTION_FRAMES)
		python_frame(t->python, &f);
	return true;
}

/* "example.com/shop.Total(...)", "created by testing.(*T).Run in goroutine 1" */
static struct slice
function_of(struct slice line)
{
	size_t end;

	if (slice_take_str(&line, "created by "))
		end = slice_find(line, 0, SLICE(" in goroutine "));
	else
		end = slice_rfind_byte(line, '(');
	return end == SIZE_MAX ? line : slice_sub(line, 0, end);
}

/* "cart_test.go:12: message" */
static bool
take_said(struct go_trace *t, struct slice s)
{
	size_t at = slice_find(s, 0, SLICE("_test.go:"));
	struct slice rest;
	uint64_t n;

	if (at == SIZE_MAX || slice_find_byte(slice_sub(s, 0, at), 0, ' ') != SIZE_MAX)
		return false;
	rest = slice_sub(s, at + 9, s.n);
	if (!slice_take_uint(&rest, &n) || n > UINT32_MAX || !slice_take_byte(&rest, ':') ||
	    (rest.n > 0 && rest.p[0] != ' '))	/* the compiler names a column, too */
		return false;
	t->lines++;
	t->said = slice_trim(rest);
	t->detail = t->said.n == 0;
	t->said_at = (struct frame){ .file = slice_sub(s, 0, at + 8), .line = (uint32_t)n,
	    .function = { "", 0 } };
	return true;
}

static void
take_line(struct go_trace *t, struct slice line)
{
	struct slice s = slice_trim(line);

	if (t->goroutine) {
		if (s.n == 0) {
			t->goroutine = false;
			t->done = true;
		} else if (!take_place(t, line)) {
			t->function = function_of(s);
		}
	} else if (!t->done && t->type.n > 0 && slice_starts(line, "goroutine ")) {
		t->goroutine = slice_ends(s, ":");
	} else if (t->type.n == 0 && (slice_starts(line, "panic: ") ||
	    slice_starts(line, "fatal error: "))) {
		slice_take_until(&s, ':', &t->type);
		if (slice_ends(s, " [recovered]"))
			s.n -= strlen(" [recovered]");
		t->message = slice_trim(s);
	} else if (t->detail && slice_take_str(&s, "Error:")) {
		t->said = slice_trim(s);
		t->detail = false;
	} else {
		take_said(t, s);
	}
}

bool
go_exception(struct arena *a, struct slice text, struct exception *x)
{
	struct go_trace t = { .python = mem_alloc(sizeof *t.python) };
	struct slice line;
	bool found = true;

	python_init(t.python);
	python_begin(t.python);
	while (slice_take_line(&text, &line))
		take_line(&t, line);
	if (t.frames > 0) {
		python_end(t.python, t.type, t.message);
	} else if (t.lines == 1) {
		python_frame_clip(&t.said_at);
		python_frame(t.python, &t.said_at);
		python_end(t.python, SLICE("FAIL"), t.said);
	} else {
		found = false;
	}
	if (found && python_finish(t.python, a, x))
		trace_turn(x);
	free(t.python);
	return found;
}
