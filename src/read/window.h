/*
 * window.h - the bytes of one record at a time, as they stand in the input.
 *
 * Formats whose records end where a later byte says so look at growing text until
 * they see the end, then drop what they used. Only the record at hand is held, so
 * that memory is bounded by what the reader asks for. Private to read/.
 */
#ifndef READ_WINDOW_H
#define READ_WINDOW_H

#include "base/io.h"

struct window {
	struct input *in;		/* borrowed */
	const struct diag_sink *diag;	/* for damage to the compression */
	char *p;
	size_t at, have, cap;
	bool end;			/* nothing follows what is held */
	uint64_t byte, line;		/* where the text begins: offset, and line from 1 */
};

void	window_init(struct window *w, struct input *in, const struct diag_sink *diag);
void	window_release(struct window *w);
/* what is held; valid until the next call of window_more */
struct slice window_text(const struct window *w);
/* hold about twice as much, or set `end`; returns -1 with *e set when reading fails */
int	window_more(struct window *w, struct err *e);
/* the first n bytes are done with */
void	window_drop(struct window *w, size_t n);

#endif
