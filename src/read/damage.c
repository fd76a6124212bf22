/*
 * damage.c - input is dropped as it is taken; only the head stays.
 */
#include "config.h"

#include <string.h>

#include "read/damage.h"

void
damage_begin(struct damage *d, struct window *w)
{
	memset(d, 0, sizeof *d);
	d->w = w;
	d->at = (struct record_at){ .line = w->line, .col = 1, .byte = w->byte };
	d->at.text = slice_of(d->head, 0);
	sha256_init(&d->sha);
}

/* the first n bytes of the window */
static void
take(struct damage *d, size_t n)
{
	struct slice text = slice_sub(window_text(d->w), 0, n);
	size_t room = sizeof d->head - d->at.text.n, keep = text.n < room ? text.n : room;

	if (text.n == 0)
		return;
	if (d->newline) {
		sha256_update(&d->sha, "\n", 1);
		d->at.bytes++;
	}
	d->newline = text.p[text.n - 1] == '\n';
	memcpy(d->head + d->at.text.n, text.p, keep);
	d->at.text.n += keep;
	sha256_update(&d->sha, text.p, text.n - d->newline);
	d->at.bytes += text.n - d->newline;
	window_drop(d->w, text.n);
}

int
damage_line(struct damage *d, bool *more, struct err *e)
{
	for (;;) {
		struct slice text = window_text(d->w);
		size_t end = slice_find_byte(text, 0, '\n');

		take(d, end == SIZE_MAX ? text.n : end + 1);
		*more = end != SIZE_MAX;
		if (*more || d->w->end)
			return 0;
		if (window_more(d->w, e) != 0)
			return -1;
	}
}

int
damage_put(struct damage *d, struct entry_put *put, enum diag_code code, size_t offset,
    const char *fault, size_t limit, struct err *e)
{
	unsigned char digest[SHA256_SIZE];

	if (d->at.bytes == 0)
		d->at.bytes = d->newline;
	if (d->at.text.n > d->at.bytes)
		d->at.text.n = (size_t)d->at.bytes;
	if (d->at.bytes > limit) {
		sha256_final(&d->sha, digest);
		sha256_hex(digest, d->hex);
		d->at.sha256 = d->hex;
		return entry_put_bad(put, DIAG_RECORD_LONG, &d->at, e);
	}
	record_point(&d->at, offset < d->at.text.n ? offset : 0, fault);
	return entry_put_bad(put, code, &d->at, e);
}
