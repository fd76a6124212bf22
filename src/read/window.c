/*
 * window.c - a block that moves over the input and doubles while a record needs it.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/window.h"

#define WINDOW_FIRST (64 * 1024)

void
window_init(struct window *w, struct input *in, const struct diag_sink *diag)
{
	*w = (struct window){ .in = in, .diag = diag, .line = 1, .cap = WINDOW_FIRST };
	w->byte = input_offset(in);
	w->p = mem_alloc(w->cap);
}

void
window_release(struct window *w)
{
	free(w->p);
	*w = (struct window){ .in = NULL };
}

struct slice
window_text(const struct window *w)
{
	return slice_of(w->p + w->at, w->have - w->at);
}

int
window_more(struct window *w, struct err *e)
{
	size_t got;

	if (w->at > 0) {
		memmove(w->p, w->p + w->at, w->have - w->at);
		w->have -= w->at;
		w->at = 0;
	}
	if (w->have > w->cap / 2) {
		if (w->cap > SIZE_MAX / 2)
			mem_fail();
		w->cap *= 2;
		w->p = mem_realloc(w->p, w->cap);
	}
	do {
		if (input_read(w->in, w->p + w->have, w->cap - w->have, &got, w->diag, e) != 0)
			return -1;
		w->have += got;
	} while (got > 0 && w->have < w->cap);
	w->end = got == 0;
	return 0;
}

void
window_drop(struct window *w, size_t n)
{
	const char *p = w->p + w->at, *end = p + n;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		w->line++;
		p++;
	}
	w->at += n;
	w->byte += n;
}
