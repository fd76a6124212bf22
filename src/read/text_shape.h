/*
 * text_shape.h - what kind of text log this is, by the lines of its head.
 *
 * The prefixes of all lines, how many lines begin a record and by which family,
 * and the first date. Private to read/.
 */
#ifndef READ_TEXT_SHAPE_H
#define READ_TEXT_SHAPE_H

#include "read/text_line.h"
#include "read/text_prefix.h"

struct text_shape {
	enum text_prefix_kind prefix[TEXT_PREFIXES];
	unsigned prefixes;
	bool timed;			/* a prefix gives each line a time */
	size_t lines;			/* that are not blank */
	size_t outer;			/* of them not indented, nor of a dump: those go on */
	size_t dumps;			/* of goroutines, below a panic of Go */
	size_t prefixed;		/* lines with all prefixes */
	size_t numbered;		/* of them from a container with a number */
	size_t family[TEXT_FAMILIES];	/* that begin a record, under the prefixes */
	size_t document;		/* lines of Markdown, diffs and logs of changes */
	bool first_begins;		/* the first line begins a record, or has a prefix */
	int64_t base;			/* the first whole time, CLOCK_NONE if there is none */
};

void	text_shape_find(struct text_shape *shape, struct slice head, bool whole);
/* the same log, read as if no prefix had been found */
void	text_shape_bare(struct text_shape *shape);
/* 0 to 40: whether this is a text log at all */
int	text_shape_score(const struct text_shape *shape);
const char *text_shape_name(const struct text_shape *shape);	/* "docker compose log" */

/* the line without colours, colour tags, bad UTF-8 and the byte order mark of line 1 */
struct slice text_clean(struct slice line, uint64_t no, struct arena *a, size_t *bad_utf8);
/* takes the prefixes that are there off *in */
bool	text_shape_prefix(const struct text_shape *shape, struct slice *in, struct text_prefix *p);

#endif
