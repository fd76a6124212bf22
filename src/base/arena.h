/*
 * arena.h - many small objects, freed together.
 *
 * One arena per input batch, rule set or report. Objects live until
 * arena_reset() or arena_release(); nothing is freed singly. Pointers are
 * aligned for any type. With -DARENA_DEBUG every object is its own malloc, so
 * that the sanitizers see each one. Any folder may include this header.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena_block;

struct arena {
	struct arena_block *head;	/* newest block; owned */
	size_t used;			/* bytes handed out since the last reset */
};

void	arena_init(struct arena *a);
void	arena_reset(struct arena *a);	/* drops all objects, keeps one block for reuse */
void	arena_release(struct arena *a);

void	*arena_alloc(struct arena *a, size_t size);	/* zeroed */
void	*arena_array(struct arena *a, size_t n, size_t size);	/* zeroed, overflow-checked */
struct slice arena_copy(struct arena *a, struct slice s);	/* NUL is added behind it */
char	*arena_str(struct arena *a, struct slice s);		/* NUL-terminated copy */
char	*arena_printf(struct arena *a, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
