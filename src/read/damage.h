/*
 * damage.h - a stretch of input that gives no record: its place, first bytes and hash.
 *
 * For readers on a window: begin at the start of the window, take bytes until the next
 * record begins, then put it as one bad record. Memory is bounded. Private to read/.
 */
#ifndef READ_DAMAGE_H
#define READ_DAMAGE_H

#include "base/digest.h"
#include "read/entry_put.h"
#include "read/window.h"

struct damage {
	struct window *w;		/* borrowed */
	struct record_at at;
	struct sha256 sha;
	char head[RECORD_HEAD], hex[SHA256_HEX];
	bool newline;			/* the last byte taken is one; it is not counted in */
};

void	damage_begin(struct damage *d, struct window *w);
/* the rest of the line at the start of the window; *more: a line break ended it */
int	damage_line(struct damage *d, bool *more, struct err *e);
/* offset: of the fault in it. Over `limit` bytes it is too long, and its hash is kept */
int	damage_put(struct damage *d, struct entry_put *put, enum diag_code code, size_t offset,
	    const char *fault, size_t limit, struct err *e);

#endif
