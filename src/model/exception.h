/*
 * exception.h - a parsed traceback: a chain of links, in the order they are printed.
 *
 * Python prints the innermost cause first: link[0] is the cause, the last link
 * is what ended the worker, request or test. Slices live in the caller's arena.
 */
#ifndef MODEL_EXCEPTION_H
#define MODEL_EXCEPTION_H

#include <stdint.h>

#include "base/slice.h"

#define EXCEPTION_LINKS 16	/* links kept of one chain: the first 8 and the last 8 */
#define EXCEPTION_FRAMES 64	/* frames kept of one link: the innermost */

struct frame {
	struct slice file;	/* as printed */
	uint32_t line;
	struct slice function;
	bool in_app;		/* not of the interpreter, its library or site-packages */
};

enum link_relation { LINK_FIRST, LINK_DIRECT_CAUSE, LINK_DURING };

struct link {
	enum link_relation relation;	/* to the link before it */
	struct slice type;		/* "ModuleNotFoundError"; dotted as printed */
	struct slice message;		/* first line */
	struct frame *frame;		/* outermost first, as printed */
	size_t frames;
};

struct exception {
	struct link link[EXCEPTION_LINKS];
	size_t links;		/* at least 1 */
	size_t dropped;		/* links left out in the middle */
	bool cut;		/* the text ends inside of another traceback of the chain */
};

/* the innermost frame of a link that is in the application, else its innermost, else NULL */
const struct frame *link_raise_frame(const struct link *l);

#endif
