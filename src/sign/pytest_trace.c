/*
 * pytest_trace.c - the traceback below the heading of a failed test.
 *
 * pytest prints its own shapes of what Python prints, by --tb:
 *
 *	long	source with ">   " at the line, "E   Type: message", then "path:LINE: Type";
 *		"path:LINE: " for the frames before it; the function is that of the "def"
 *	short	"path:LINE: in function", source, "E   Type: message"
 *	line	"path:LINE: Type: message", with the "E" lines in front of it since 9.0
 *	native	what Python prints; exception groups always come so
 *
 * auto mixes the first two. The chain is kept by the parser of python.c, which is
 * given the native parts as they are.
 */
#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sign/python.h"
#include "sign/trace.h"

#define INTERNAL "INTERNALERROR>"
#define SOURCE_INDENT 4		/* blanks, or ">   ", in front of a source line */

/* the source shown for one frame: it begins where the function does, or the module */
struct source {
	size_t lines, at;	/* shown; the line of the frame, counted from 1 */
	bool top;		/* that line is not inside of anything */
	bool settled;		/* its first line, behind decorators, was seen */
	struct slice function;
};

struct trace {
	struct python *python;
	struct source source;
	struct slice head;		/* the first line of the text, and only behind it */
	struct slice error;		/* first line of the "E" lines */
	struct slice type, message;	/* what it says, or what the line of a frame says */
	struct slice tail;		/* Type of "path:LINE: Type" */
	bool in_error;			/* the line before was an "E" line ... */
	bool syntax;			/* ... of a syntax error, whose type comes last */
	bool closed;			/* nothing may follow but a connecting sentence */
	struct frame wrong;		/* of a syntax error: the innermost frame */
	bool native, lookup;		/* lookup: "file P, line N" of a fixture's user */
	struct frame user;
};

/* ---- lines ---- */

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || (unsigned char)c >= 0x80;
}

static bool
has_upper(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

/* "E   text", or "E" alone; pytest puts at least three blanks behind it */
static bool
error_line(struct slice line, struct slice *text)
{
	if (!slice_starts(line, "E   ") && !slice_eqs(line, "E"))
		return false;
	*text = slice_trim(slice_sub(line, 1, line.n));
	return true;
}

/* "name       = value", of --showlocals, and "a = 1, b = 2", the arguments */
static bool
is_local(struct slice line)
{
	size_t n = 0;

	while (n < line.n && is_name(line.p[n]))
		n++;
	if (n == 0)
		return false;
	while (n < line.n && line.p[n] == ' ')
		n++;
	return slice_starts(slice_sub(line, n, line.n), "= ");
}

/*
 * "path:LINE: rest" and "path:LINE:"; rest is what stands behind the blank. A path
 * may hold blanks, and a colon behind a drive's letter.
 */
static bool
frame_line(struct slice line, struct frame *f, struct slice *rest)
{
	size_t from = line.n > 2 && line.p[1] == ':' && (line.p[2] == '\\' || line.p[2] == '/') ?
	    2 : 0, colon;
	uint64_t number;

	memset(f, 0, sizeof *f);
	if (line.n == 0 || python_blank(line.p[0]) || line.p[0] == '>' || is_local(line))
		return false;
	colon = slice_find_byte(line, from, ':');
	if (colon == SIZE_MAX || colon == 0)
		return false;
	*rest = slice_sub(line, colon + 1, line.n);
	if (!slice_take_uint(rest, &number) || number > UINT32_MAX ||
	    !slice_take_byte(rest, ':') || (rest->n > 0 && !slice_take_byte(rest, ' ')))
		return false;
	f->file = slice_sub(line, 0, colon);
	f->line = (uint32_t)number;
	return true;
}

static struct slice
last_name(struct slice dotted)
{
	size_t dot = slice_rfind_byte(dotted, '.');

	return dot == SIZE_MAX ? dotted : slice_sub(dotted, dot + 1, dotted.n);
}

static bool
is_dotted(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_name(s.p[i]) && s.p[i] != '.')
			return false;
	return s.n > 0;
}

/* may the word be taken for an exception where no "E" line says so? */
static bool
is_runner_type(struct slice type)
{
	return slice_eqs(type, "Failed") || slice_eqs(type, "DocTestFailure") ||
	    (has_upper(type) && python_usual_type(type));
}

/* "Type: message" or "assert ...", whose type pytest does not print */
static bool
take_error(struct slice text, struct slice *type, struct slice *message)
{
	if (slice_starts(text, "assert ")) {
		*type = SLICE("AssertionError");
		*message = text;
		return true;
	}
	return python_exception_line(text, type, message);
}

/* ---- source ---- */

/* the name behind "def", "async def" or "class" */
static bool
take_definition(struct slice code, struct slice *name)
{
	size_t n = 0;

	slice_take_str(&code, "async ");
	if (!slice_take_str(&code, "def ") && !slice_take_str(&code, "class "))
		return false;
	while (n < code.n && is_name(code.p[n]))
		n++;
	*name = slice_sub(code, 0, n);
	return n > 0;
}

/* here: the line of the frame */
static void
take_source(struct source *s, struct slice code, bool here)
{
	bool top, defines;

	s->lines++;
	top = code.n > 0 && !python_blank(code.p[0]);
	defines = !s->settled && top && take_definition(code, &s->function);
	/* a decorator may go on over some lines; all else is no function's first line */
	if (defines || (s->lines == 1 && !(top && code.p[0] == '@')))
		s->settled = true;
	if (here && s->at == 0) {
		s->at = s->lines;
		s->top = top && !defines;
	}
}

/* in which function the line stands; empty when the source does not say */
static struct slice
source_function(const struct source *s, uint32_t line)
{
	/* all of the module up to the line was shown, and the line is not inside of anything */
	if (s->top && s->at == line)
		return SLICE("<module>");
	return s->top ? slice_of("", 0) : s->function;
}

/* ---- the open traceback ---- */

static void
begin(struct trace *t)
{
	python_begin(t->python);
	t->source = (struct source){ .function = { "", 0 } };
	t->error = t->type = t->message = t->tail = slice_of("", 0);
	t->in_error = t->syntax = t->closed = t->native = t->lookup = false;
}

static void
add_frame(struct trace *t, struct frame *f)
{
	python_frame_clip(f);
	python_frame(t->python, f);
	t->source = (struct source){ .function = { "", 0 } };
}

static void
end_lookup(struct trace *t)
{
	if (t->lookup)
		add_frame(t, &t->user);
	t->lookup = false;
}

/* what the exception is called, from all that was said of it; false: not said */
static bool
name_exception(struct trace *t)
{
	/* the line of the frame has the name of the class, so an "E" line is not one's own words */
	if (t->tail.n > 0 && t->error.n > 0 &&
	    !slice_eq(last_name(t->type), last_name(t->tail))) {
		t->type = t->tail;
		t->message = t->error;
	}
	if (t->type.n == 0 && t->error.n == 0 && is_runner_type(t->tail))
		t->type = t->tail;
	if (t->type.n == 0 && (slice_starts(t->error, "fixture '") ||
	    slice_starts(t->error, "recursive dependency involving fixture '"))) {
		t->type = SLICE("FixtureLookupError");
		t->message = t->error;
	}
	return t->type.n > 0;
}

static void
finish(struct trace *t)
{
	end_lookup(t);
	if (t->syntax)
		add_frame(t, &t->wrong);
	if (!t->native && name_exception(t))
		python_end(t->python, t->type, t->message);
}

static void
take_error_line(struct trace *t, struct slice text)
{
	struct slice type, message;
	struct frame f;

	end_lookup(t);
	if (t->syntax && t->type.n == 0 && python_exception_line(text, &type, &message) &&
	    python_syntax_error(type)) {
		t->error = text;
		t->type = type;
		t->message = message;
	} else if (!t->in_error && t->error.n == 0 && text.n > 0) {
		t->error = text;
		t->syntax = python_frame_line(text, &f) && f.function.n == 0;
		if (t->syntax)
			t->wrong = f;
		else if (!take_error(text, &t->type, &t->message))
			t->type = t->message = slice_of("", 0);
	}
	t->in_error = t->error.n > 0;
}

/* false: a traceback begins that is not linked to the one before */
static bool
take_frame(struct trace *t, struct frame *f, struct slice rest)
{
	struct slice type, message;

	if (t->closed || (t->error.n > 0 && slice_starts(rest, "in ")))
		return false;
	if (slice_take_str(&rest, "in ")) {
		f->function = rest;
		add_frame(t, f);
		return true;
	}
	rest = slice_trim(rest);
	f->function = source_function(&t->source, f->line);
	if (rest.n == 0) {
		t->closed = t->error.n > 0;
	} else if (is_dotted(rest) && (t->error.n > 0 || is_runner_type(rest))) {
		t->tail = rest;
		t->closed = true;
	} else if (take_error(rest, &type, &message) &&
	    (t->error.n > 0 || is_runner_type(type))) {
		f->function = slice_of("", 0);	/* what is above it are lines of the message */
		t->closed = true;
		if (t->type.n == 0) {
			t->type = type;
			t->message = message;
		}
	} else {
		return true;	/* what somebody printed */
	}
	add_frame(t, f);
	return true;
}

/* "file P, line N": who asked for a fixture that is not there; its source follows */
static bool
take_user(struct trace *t, struct slice line)
{
	struct slice path, rest;
	uint64_t number;
	size_t at;

	if (!slice_take_str(&line, "file "))
		return false;
	at = slice_find(line, 0, SLICE(", line "));
	if (at == SIZE_MAX)
		return false;
	path = slice_sub(line, 0, at);
	rest = slice_sub(line, at + 7, line.n);
	if (!slice_take_uint(&rest, &number) || rest.n > 0 || number > UINT32_MAX)
		return false;
	end_lookup(t);
	t->user = (struct frame){ .file = path, .line = (uint32_t)number, .function = { "", 0 } };
	t->lookup = true;
	return true;
}

static bool
is_source(struct slice line)
{
	return slice_starts(line, "    ") || slice_starts(line, ">   ");
}

static bool
is_native_header(struct slice line)
{
	struct slice s = slice_trim(line);

	return slice_starts(line, PYTHON_HEADER) ||
	    slice_starts(s, "+ Exception Group " PYTHON_HEADER);
}

/* false: what follows is of another exception */
static bool
take_line(struct trace *t, struct slice line)
{
	enum link_relation relation;
	struct slice text, rest;
	struct frame f;

	if (sign_connector(line, &relation)) {
		finish(t);
		begin(t);
		python_connect(t->python, relation);
		return true;
	}
	if (!t->native && !t->in_error && is_native_header(line))
		t->native = true;
	if (t->native)
		return python_line(t->python, line);
	if (error_line(line, &text)) {
		if (t->closed)
			return false;
		take_error_line(t, text);
		return true;
	}
	t->in_error = false;
	if (is_source(line)) {
		/* reports take the blanks in front of the whole text off */
		if (t->head.n > 0)
			take_source(&t->source, t->head, false);
		take_source(&t->source, slice_sub(line, SOURCE_INDENT, line.n), line.p[0] == '>');
	} else if (t->lookup && slice_starts(line, "  ")) {
		take_definition(slice_trim(line), &t->user.function);
	} else if (frame_line(line, &f, &rest)) {
		return take_frame(t, &f, rest);
	} else if (!take_user(t, line) && (slice_starts(line, "_ _ ") ||
	    (line.n == 0 && t->source.at == 0 && t->source.function.n == 0))) {
		t->source = (struct source){ .function = { "", 0 } };
	}
	return true;
}

/* the lines without "INTERNALERROR> ", in the arena; others are left out */
static struct slice
without_prefix(struct arena *a, struct slice text)
{
	struct slice line, out;
	struct buf b;

	buf_init(&b, text.n + 1);
	while (slice_take_line(&text, &line)) {
		if (!slice_take_str(&line, INTERNAL))
			continue;
		slice_take_byte(&line, ' ');
		buf_put_slice(&b, line);
		buf_putc(&b, '\n');
	}
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static bool
pytest_exception(struct arena *a, struct slice text, struct exception *x)
{
	struct trace t = { .python = mem_alloc(sizeof *t.python) };
	struct slice line;
	bool found;

	python_init(t.python);
	begin(&t);
	for (size_t i = 0; slice_take_line(&text, &line) && take_line(&t, line); i++)
		t.head = i == 0 && !is_source(line) ? line : slice_of("", 0);
	finish(&t);
	found = python_finish(t.python, a, x);
	free(t.python);
	return found;
}

bool
sign_test_exception(struct arena *a, struct slice detail, struct exception *x)
{
	if (slice_starts(slice_trim(detail), INTERNAL))
		detail = without_prefix(a, detail);
	return pytest_exception(a, detail, x) || sign_exception(a, detail, x) ||
	    at_exception(a, detail, x) || go_exception(a, detail, x);
}
