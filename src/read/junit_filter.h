/*
 * junit_filter.h - bytes of XML before expat sees them.
 *
 * expat holds a whole tag in memory and gives up on a control character. So what an
 * attribute or a comment has beyond JUNIT_VALUE bytes is left out here, ESC becomes DEL (which XML
 * allows and colours can still be told by) and other control characters become "?", as
 * do bytes that are no UTF-8 where no other encoding is declared. Places in the input
 * are kept: what expat counts is turned back by junit_filter_place(). UTF-16 that was
 * not decoded on the way passes untouched. Where the input does not begin with "<", the
 * XML is part of what a runner prints: lines around a document are left out. Private to read/.
 */
#ifndef READ_JUNIT_FILTER_H
#define READ_JUNIT_FILTER_H

#include "base/buf.h"

#define JUNIT_VALUE (64 * 1024)	/* bytes of one attribute, of one comment */
#define JUNIT_CUTS 256		/* of the last tags, to find places again */

enum junit_where { JUNIT_IN_TEXT, JUNIT_IN_OPENING, JUNIT_IN_TAG, JUNIT_IN_VALUE,
	JUNIT_IN_COMMENT, JUNIT_IN_CDATA, JUNIT_IN_PI };

/* from here on the input is so far ahead of what expat counts */
struct junit_cut {
	uint64_t at, dropped, lines;
};

struct junit_filter {
	enum junit_where where;
	char opening[10];	/* what follows "<" */
	size_t opened;
	char quote;
	char before[2];		/* the last two bytes */
	size_t value, reference;	/* bytes of this value; of the "&..." in it that is open */
	bool cutting, off, begun;
	bool utf8;		/* no other encoding is declared */
	unsigned char held[4];	/* of a character that is not complete yet */
	size_t holds, wants;
	bool printed;		/* the XML stands among other lines */
	bool around;		/* in one of these */
	char start[12];		/* of the line */
	size_t started;
	unsigned depth;		/* of elements */
	bool owed;		/* the "--" of a comment that was cut */
	uint64_t out;		/* bytes given on */
	uint64_t dropped, lines;
	struct junit_cut cut[JUNIT_CUTS];
	size_t cuts;
	uint64_t values, comments, controls, bytes;	/* cut and replaced, of the whole input */
};

/* does the text begin with a root element, or what stands before one? */
bool	junit_filter_begins(struct slice s);
/* give on what is left of in; out is emptied first. An empty piece ends the input. */
void	junit_filter(struct junit_filter *f, struct slice in, struct buf *out);
/* a place as expat counts, of the whole stream, to one of the input */
void	junit_filter_place(const struct junit_filter *f, uint64_t *line, uint64_t *byte);

#endif
