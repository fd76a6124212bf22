#include "config.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_ROOM 64

void
buf_init(struct buf *b, size_t max)
{
	/* one byte more is always there for the NUL */
	b->max = max < PTRDIFF_MAX ? max : PTRDIFF_MAX - 1;
	b->cap = b->max < FIRST_ROOM ? b->max + 1 : FIRST_ROOM;
	b->p = mem_alloc(b->cap);
	b->n = 0;
	b->p[0] = '\0';
	b->over = false;
}

void
buf_reset(struct buf *b)
{
	b->n = 0;
	b->p[0] = '\0';
	b->over = false;
}

void
buf_release(struct buf *b)
{
	free(b->p);
	memset(b, 0, sizeof *b);
}

/* room for n more bytes if the maximum allows; returns how many of them fit */
static size_t
reserve(struct buf *b, size_t n)
{
	size_t need, cap = b->cap;

	if (n > b->max - b->n) {
		n = b->max - b->n;
		b->over = true;
	}
	need = b->n + n + 1;
	if (need <= cap)
		return n;
	cap = cap > (b->max + 1) / 2 ? b->max + 1 : cap * 2;
	if (cap < need)
		cap = need;
	b->p = mem_realloc(b->p, cap);
	b->cap = cap;
	return n;
}

void
buf_put(struct buf *b, const char *p, size_t n)
{
	n = reserve(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_put_slice(struct buf *b, struct slice s)
{
	buf_put(b, s.p, s.n);
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	size_t room;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
	if (n < 0) {
		b->p[b->n] = '\0';
		b->over = true;
	} else if ((size_t)n < b->cap - b->n && (size_t)n <= b->max - b->n) {
		b->n += (size_t)n;
	} else {
		room = reserve(b, (size_t)n);
		vsnprintf(b->p + b->n, room + 1, fmt, again);
		b->n += room;
	}
	va_end(again);
	va_end(ap);
}

void
buf_truncate(struct buf *b, size_t n)
{
	if (n < b->n) {
		b->n = n;
		b->p[n] = '\0';
	}
}

struct slice
buf_slice(const struct buf *b)
{
	return slice_of(b->p, b->n);
}
