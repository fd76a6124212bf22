/*
 * seen.h - what was found out of short texts that come again and again.
 *
 * A cache of fixed size: a text takes the place of another that hashes alike, and
 * nothing is ever wrong but a little slower. Any folder may include this header.
 */
#ifndef BASE_SEEN_H
#define BASE_SEEN_H

#include "base/slice.h"

#define SEEN_TEXT 94		/* bytes of the longest text that is kept */

struct seen_slot {
	unsigned char n;	/* bytes of text; 0 = free */
	bool verdict;
	char text[SEEN_TEXT];
};

struct seen;			/* opaque */

struct seen *seen_new(size_t slots);	/* a power of two */
void	seen_free(struct seen *c);	/* NULL is fine */
/* its slot if s was kept, with the verdict; else false, and *slot is for seen_keep() */
bool	seen_find(struct seen *c, struct slice s, struct seen_slot **slot);
/* slot may be NULL */
void	seen_keep(struct seen_slot *slot, struct slice s, bool verdict);

#endif
