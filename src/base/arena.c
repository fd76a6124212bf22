#include "config.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_SIZE (64 * 1024)
#define BIG (BLOCK_SIZE / 4)		/* objects from this size on get a block of their own */
#define KEEP_MAX (1024 * 1024)		/* larger blocks are not kept by a reset */

struct arena_block {
	struct arena_block *next;
	size_t room;		/* bytes in data */
	size_t at;		/* bytes handed out */
	max_align_t data[];
};

void
arena_init(struct arena *a)
{
	a->head = NULL;
	a->used = 0;
}

static void
free_chain(struct arena_block *b)
{
	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_release(struct arena *a)
{
	free_chain(a->head);
	arena_init(a);
}

#ifdef ARENA_DEBUG
void
arena_reset(struct arena *a)
{
	arena_release(a);
}
#else
void
arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	a->used = 0;
	if (!keep)
		return;
	free_chain(keep->next);
	keep->next = NULL;
	keep->at = 0;
	if (keep->room > KEEP_MAX) {
		free(keep);
		a->head = NULL;
	}
}
#endif

static struct arena_block *
new_block(size_t room)
{
	struct arena_block *b;

	if (room > PTRDIFF_MAX - sizeof *b)
		mem_fail();
	b = mem_alloc(sizeof *b + room);
	b->next = NULL;
	b->room = room;
	b->at = 0;
	return b;
}

/* the debugging arena keeps a block for each object, so that overruns hit a redzone */
static bool
wants_own_block(size_t size)
{
#ifdef ARENA_DEBUG
	(void)size;
	return true;
#else
	return size >= BIG;
#endif
}

/* a block of its own goes behind the head, whose room is still good for small objects */
static struct arena_block *
add_own_block(struct arena *a, size_t size)
{
	struct arena_block *b = new_block(size);

	if (a->head) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		a->head = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->head;
	size_t align = _Alignof(max_align_t), full;
	char *p;

	if (size > PTRDIFF_MAX - align)
		mem_fail();
	full = (size + align - 1) / align * align;
	if (full == 0)
		full = align;
	if (wants_own_block(full)) {
		full = size ? size : 1;
		b = add_own_block(a, full);
	} else if (!b || b->room - b->at < full) {
		b = new_block(BLOCK_SIZE);
		b->next = a->head;
		a->head = b;
	}
	p = (char *)b->data + b->at;
	b->at += full;
	a->used += full;
	memset(p, 0, size);
	return p;
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size && n > PTRDIFF_MAX / size)
		mem_fail();
	return arena_alloc(a, n * size);
}

char *
arena_str(struct arena *a, struct slice s)
{
	char *p;

	if (s.n >= PTRDIFF_MAX)
		mem_fail();
	p = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(p, s.p, s.n);
	return p;
}

struct slice
arena_copy(struct arena *a, struct slice s)
{
	return slice_of(arena_str(a, s), s.n);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	char *text, *p;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		mem_fail();
	va_end(ap);
	p = arena_str(a, slice_str(text));
	free(text);
	return p;
}
