/*
 * buf.h - a growing byte string with a mandatory maximum.
 *
 * p is never NULL after buf_init() and p[n] is always NUL. A write that would
 * pass `max` bytes stores what fits, sets `over` and is otherwise ignored:
 * check `over` once per record. Any folder may include this header.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

struct buf {
	char *p;
	size_t n, cap, max;
	bool over;
};

void	buf_init(struct buf *b, size_t max);
void	buf_reset(struct buf *b);	/* empty, keeps the memory, clears over */
void	buf_release(struct buf *b);
void	buf_put(struct buf *b, const char *p, size_t n);
void	buf_put_slice(struct buf *b, struct slice s);
void	buf_puts(struct buf *b, const char *s);
void	buf_putc(struct buf *b, char c);
void	buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	buf_truncate(struct buf *b, size_t n);
struct slice buf_slice(const struct buf *b);

#endif
