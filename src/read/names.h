/*
 * names.h - a set of strings, each numbered in the order of its first appearance.
 *
 * Runs of 200,000 tests are matched by name against rows, headings and summary
 * lines that come in any order, so a search per line has to be constant time.
 * Private to read/.
 */
#ifndef READ_NAMES_H
#define READ_NAMES_H

#include "base/arena.h"

#define NAMES_NONE UINT32_MAX

struct names {
	struct arena *arena;	/* borrowed; holds the strings */
	struct slice *name;	/* by number */
	uint32_t *slot;		/* number + 1, or 0; 1 << bits of them */
	size_t count, cap;
	unsigned bits;
};

void	names_init(struct names *s, struct arena *arena);
void	names_release(struct names *s);
uint32_t names_find(const struct names *s, struct slice name);	/* NAMES_NONE if not there */
uint32_t names_put(struct names *s, struct slice name);	/* found or added; the text is copied */

#endif
