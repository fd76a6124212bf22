/*
 * python.h - a parser of Python tracebacks that is fed line by line; private to src/sign.
 *
 * It holds one exception: a chain of links, of which the first 8 and the last 8
 * are kept. All memory is inside the struct; its slices point into the lines,
 * which the caller keeps alive until python_finish().
 */
#ifndef SIGN_PYTHON_H
#define SIGN_PYTHON_H

#include "base/arena.h"
#include "model/exception.h"

#define PYTHON_GROUPS 4		/* exception groups within groups; deeper ones are read as plain */
#define PYTHON_HEADER "Traceback (most recent call last):"

enum python_state {
	PYTHON_OUTSIDE,		/* before, between or behind tracebacks */
	PYTHON_FRAMES,		/* behind a header, before the exception line */
	PYTHON_SYNTAX,		/* the same without a header: only a syntax error may end it */
	PYTHON_SUB,		/* at the start of a sub-exception: header or exception line */
	PYTHON_SKIP		/* in the second and later sub-exceptions of a group */
};

struct python_link {
	enum link_relation relation;
	struct slice type, message;
	struct frame frame[EXCEPTION_FRAMES];	/* a ring: frame i is at i % EXCEPTION_FRAMES */
	size_t frames;				/* seen */
	size_t column;		/* of a group: where its sub-exceptions stand; SIZE_MAX: not yet */
};

struct python {
	enum python_state state;
	bool linked;			/* a connecting sentence was the last of the chain so far */
	enum link_relation relation;	/* what it said */
	bool grouped;			/* lines carry the margin of an exception group */
	bool in_group;			/* the open traceback is a group's own */
	bool strict;			/* set by the caller: take only usual exception names */
	struct slice prefix;		/* in front of the header, and of its other lines maybe */
	size_t used;			/* lines that meant something */
	size_t links;			/* completed */
	size_t groups;
	struct python_link open;
	struct python_link link[EXCEPTION_LINKS];	/* the second half is a ring */
	struct python_link group[PYTHON_GROUPS];	/* wait for their sub-exceptions */
};

void	python_init(struct python *p);
/* false: the line starts an exception that has nothing to do with the one that p holds */
bool	python_line(struct python *p, struct slice line);
bool	python_is_open(const struct python *p);	/* a traceback lacks its exception line */
/* true and *x filled, all of it in the arena, when there is any link */
bool	python_finish(struct python *p, struct arena *a, struct exception *x);

/*
 * The same chain for a parser of tracebacks that others print (pytest_trace.c): a
 * traceback begins, has frames, outermost first, and ends with its exception; a
 * connecting sentence ties the next one to it.
 */
void	python_begin(struct python *p);
void	python_frame(struct python *p, const struct frame *f);
void	python_end(struct python *p, struct slice type, struct slice message);
void	python_connect(struct python *p, enum link_relation relation);

/* what one line says (python_words.c) */
/* `  File "p", line N, in f`; `, in f` is not there when a syntax error is shown */
bool	python_frame_line(struct slice line, struct frame *f);
/* file and function set: cut to what is kept, and whether it is the application's */
void	python_frame_clip(struct frame *f);
/* `Type: message` or `Type` */
bool	python_exception_line(struct slice line, struct slice *type, struct slice *message);
/* what exceptions are called, the interpreter's own without exception */
bool	python_usual_type(struct slice type);
bool	python_syntax_error(struct slice type);

static inline bool
python_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline size_t
python_indent(struct slice s)
{
	size_t n = 0;

	while (n < s.n && python_blank(s.p[n]))
		n++;
	return n;
}

/* worth a try: text has a header, a connecting sentence or a syntax error */
bool	python_concerns(struct slice text);
/*
 * text itself, or, when the newlines behind its header are escaped ("\n", or
 * "\\n"), the line of the header without the escapes, in the arena.
 */
struct slice python_unescape(struct arena *a, struct slice text);
/* one level of "\n", "\t", "\"" and the like undone; a copy in the arena */
struct slice python_unescape_once(struct arena *a, struct slice text);

#endif
