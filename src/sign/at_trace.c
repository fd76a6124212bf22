/*
 * at_trace.c - stacks of JavaScript and of Java, whose frames are lines "at ...".
 *
 *	at Cart.total (/w/cart.js:5:15)		at async file:///w/cart.mjs:5:15
 *	at com.shop.Cart.total(Cart.java:42)	at java.base/java.lang.Thread.run(Unknown Source)
 *
 * Above them stands "Type: message", which may have more lines; a cause follows
 * behind "Caused by: " or "[cause]: ". node's own reports wrap the error: there the
 * first one is behind "cause: ". Which language it is, the first frame says.
 */
#include "config.h"

#include "sign/sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sign/python.h"
#include "sign/trace.h"

typedef bool at_frame_fn(struct slice at, struct frame *f);

struct at_trace {
	struct python *python;
	at_frame_fn *frame;		/* of the language; NULL: not known yet */
	struct slice type, message;	/* of the open traceback */
	size_t frames;
	size_t indent;			/* of the first head */
	size_t skip;			/* indent of "Suppressed:", whose lines are no cause */
};

static bool
has_part(struct slice path, const char *part)
{
	return slice_find(path, 0, slice_str(part)) != SIZE_MAX;
}

/* ":12" off the end of *s */
static bool
take_last_number(struct slice *s, uint32_t *number)
{
	size_t colon = slice_rfind_byte(*s, ':');
	struct slice digits;
	uint64_t n;

	if (colon == SIZE_MAX)
		return false;
	digits = slice_sub(*s, colon + 1, s->n);
	if (!slice_take_uint(&digits, &n) || digits.n > 0 || n > UINT32_MAX)
		return false;
	s->n = colon;
	*number = (uint32_t)n;
	return true;
}

/* "function (place)" and "function(place)"; without brackets all of it is the place */
static struct slice
split_place(struct slice at, struct slice *function)
{
	size_t open = slice_rfind_byte(at, '(');

	*function = slice_of("", 0);
	if (open == SIZE_MAX || !slice_ends(at, ")"))
		return at;
	*function = slice_trim(slice_sub(at, 0, open));
	return slice_sub(at, open + 1, at.n - open - 2);
}

/* "at 12:30:45" is no place */
static bool
is_js_file(struct slice s)
{
	return slice_find_byte(s, 0, '.') != SIZE_MAX || slice_find_byte(s, 0, '/') != SIZE_MAX ||
	    slice_find_byte(s, 0, '\\') != SIZE_MAX || slice_starts(s, "<") ||
	    slice_starts(s, "node:");
}

static bool
js_frame(struct slice at, struct frame *f)
{
	uint32_t column;

	slice_take_str(&at, "async ");
	f->file = split_place(at, &f->function);
	slice_take_str(&f->file, "file://");
	if (!take_last_number(&f->file, &column) || !take_last_number(&f->file, &f->line) ||
	    !is_js_file(f->file))
		return false;
	python_frame_clip(f);
	f->in_app = f->file.p[0] != '<' && !slice_starts(f->file, "node:") &&
	    !slice_starts(f->file, "internal/") && !slice_starts(f->file, "node_modules/") &&
	    !has_part(f->file, "/node_modules/") && !has_part(f->file, "\\node_modules\\");
	return true;
}

static bool
java_frame(struct slice at, struct frame *f)
{
	static const char *const foreign[] = {
		"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "scala.",
		"groovy.", "org.codehaus.groovy.", "org.junit.", "junit.", "org.testng.",
		"org.hamcrest.", "org.assertj.", "org.opentest4j.", "org.mockito.",
		"org.apache.maven.", "org.gradle.", "worker.org.gradle."
	};
	size_t slash;

	f->file = split_place(at, &f->function);
	if (!take_last_number(&f->file, &f->line) || f->function.n == 0 ||
	    slice_find_byte(f->function, 0, '.') == SIZE_MAX ||
	    slice_find_byte(f->function, 0, ' ') != SIZE_MAX ||
	    slice_find_byte(f->file, 0, '.') == SIZE_MAX ||
	    slice_find_byte(f->file, 0, '/') != SIZE_MAX)
		return false;
	/* "app//" of a class loader, "java.base@17/" of a module */
	slash = slice_rfind_byte(f->function, '/');
	if (slash != SIZE_MAX)
		f->function = slice_sub(f->function, slash + 1, f->function.n);
	python_frame_clip(f);
	f->in_app = true;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (slice_starts(f->function, foreign[i]))
			f->in_app = false;
	return true;
}

/* "Type: message"; node has "Type [CODE]: message", Java 'Exception in thread "x" Type' */
static bool
take_head(struct slice s, struct slice *type, struct slice *message)
{
	static const struct slice mark = { "]: ", 3 };
	struct slice thread, name;
	size_t open, close;

	if (slice_take_str(&s, "Exception in thread \"") && !slice_take_until(&s, '"', &thread))
		return false;
	slice_take_str(&s, "Uncaught ");
	s = slice_trim(s);
	open = slice_find_byte(s, 0, ' ');
	if (open != SIZE_MAX && slice_starts(slice_sub(s, open, s.n), " [")) {
		close = slice_find(s, open, mark);
		name = slice_sub(s, 0, open);
		if (close == SIZE_MAX || !python_exception_line(name, type, message))
			return false;
		*message = slice_sub(s, close + mark.n, s.n);
	} else if (!python_exception_line(s, type, message)) {
		return false;
	}
	return true;
}

static void
end_link(struct at_trace *t)
{
	if (t->frames > 0 && t->type.n > 0)
		python_end(t->python, t->type, t->message);
	python_begin(t->python);
	t->type = t->message = slice_of("", 0);
	t->frames = 0;
}

static bool
take_at(struct at_trace *t, struct slice at)
{
	struct frame f = { .line = 0 };

	if (slice_ends(at, " {"))	/* node: the properties of the error follow */
		at.n -= 2;
	if (!t->frame)
		t->frame = js_frame(at, &f) ? js_frame : java_frame;
	memset(&f, 0, sizeof f);
	if (!t->frame(at, &f)) {
		if (t->frames == 0 && t->python->links == 0)
			t->frame = NULL;
		return false;
	}
	/* the innermost are kept, and they come first */
	if (t->frames++ < EXCEPTION_FRAMES)
		python_frame(t->python, &f);
	return true;
}

/* false: an exception begins that is no cause of the one before */
static bool
take_line(struct at_trace *t, struct slice line)
{
	static const char *const cause[] = { "Caused by: ", "[cause]: ", "Cause: " };
	struct slice s = slice_trim(line), type, message;
	size_t indent = python_indent(line);

	if (t->skip > 0 && indent >= t->skip)
		return true;
	t->skip = 0;
	if (slice_take_str(&s, "at ")) {
		take_at(t, s);
		return true;
	}
	if (slice_starts(s, "Suppressed: ")) {
		t->skip = indent > 0 ? indent : 1;
		return true;
	}
	for (size_t i = 0; i < sizeof cause / sizeof *cause; i++)
		if (t->frames > 0 && t->type.n > 0 && slice_take_str(&s, cause[i])) {
			end_link(t);
			if (!take_head(s, &t->type, &t->message))
				t->type = slice_of("", 0);
			return true;
		}
	if (t->type.n == 0 && t->frames == 0)
		slice_take_str(&s, "cause: ");
	/* lines of a message look the same: "Expected: 2" */
	if (!take_head(s, &type, &message) || !python_usual_type(type))
		return true;
	if (t->type.n == 0 && t->frames == 0) {
		t->type = type;
		t->message = message;
		if (t->python->links == 0)
			t->indent = indent;
	} else if (t->frames > 0 && indent <= t->indent) {
		return false;	/* a retry, another check */
	}
	return true;
}

void
trace_turn(struct exception *x)
{
	for (size_t i = 0; i < x->links / 2; i++) {
		struct link l = x->link[i];

		x->link[i] = x->link[x->links - 1 - i];
		x->link[x->links - 1 - i] = l;
	}
	for (size_t i = 0; i < x->links; i++) {
		struct link *l = &x->link[i];

		l->relation = i == 0 ? LINK_FIRST : LINK_DIRECT_CAUSE;
		for (size_t k = 0; k < l->frames / 2; k++) {
			struct frame f = l->frame[k];

			l->frame[k] = l->frame[l->frames - 1 - k];
			l->frame[l->frames - 1 - k] = f;
		}
	}
}

bool
at_exception(struct arena *a, struct slice text, struct exception *x)
{
	struct at_trace t = { .python = mem_alloc(sizeof *t.python) };
	struct slice line;
	bool found;

	python_init(t.python);
	end_link(&t);
	while (slice_take_line(&text, &line))
		if (!take_line(&t, line))
			break;
	end_link(&t);
	found = python_finish(t.python, a, x);
	if (found)
		trace_turn(x);
	free(t.python);
	return found;
}
