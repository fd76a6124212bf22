/*
 * console_text.h - the lines of a console log as the program under it printed them.
 *
 * Takes off colours, what a carriage return overwrote, bytes that are no UTF-8, and
 * what a container, pod or CI system puts before each line: a stamp ("2025-09-14T08:32:48Z ",
 * in brackets too), job and step, "api-1  | ", "[pod/x/app] ". A prefix is one only
 * when nearly all lines of the head have it: what a test prints may look like one.
 * Private to read/.
 */
#ifndef READ_CONSOLE_TEXT_H
#define READ_CONSOLE_TEXT_H

#include "base/io.h"
#include "base/text.h"

#define CONSOLE_PREFIXES 3

struct console_prefix {
	unsigned kind[CONSOLE_PREFIXES];
	size_t kinds;
};

struct console_line {
	struct slice text;	/* lives in scratch */
	int64_t ns;		/* of the stamp that was taken off, or CLOCK_NONE */
};

/* which prefixes the lines of this text have */
void	console_prefix_find(struct console_prefix *p, struct slice head);
/* one line; no is its number, from 1. scratch is reset by the caller. */
struct console_line console_clean(const struct console_prefix *p, struct arena *scratch,
	    struct slice line, uint64_t no);

#endif
