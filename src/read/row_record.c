/*
 * row_record.c - raw bytes are put together again from lines, so that places and hash are right.
 */
#include "config.h"

#include "read/row_record.h"

void
row_record_init(struct row_record *r, size_t max)
{
	*r = (struct row_record){ .open = false };
	buf_init(&r->raw, max);
}

void
row_record_release(struct row_record *r)
{
	buf_release(&r->raw);
}

static void
put(struct row_record *r, struct slice s)
{
	if (!r->over && s.n > r->raw.max - r->raw.n) {
		r->over = true;
		sha256_init(&r->hash);
		sha256_update(&r->hash, r->raw.p, r->raw.n);
		buf_put_slice(&r->raw, s);
		sha256_update(&r->hash, s.p, s.n);
	} else if (r->over) {
		sha256_update(&r->hash, s.p, s.n);
	} else {
		buf_put_slice(&r->raw, s);
	}
}

static void
put_text(struct row_record *r, const struct line *line)
{
	put(r, line->text);
	r->lost |= line->clipped;
	r->last = line->byte + line->text.n;
	if (slice_trim(line->text).n == 0 && !r->over)
		return;
	r->kept = r->raw.n;
	r->end = r->last;
}

void
row_record_begin(struct row_record *r, const struct line *line)
{
	buf_reset(&r->raw);
	r->open = true;
	r->over = r->lost = false;
	r->kept = 0;
	r->line = line->no;
	r->byte = r->end = line->byte;
	put_text(r, line);
}

void
row_record_add(struct row_record *r, const struct line *line)
{
	put(r, line->byte - r->last == 2 && !r->lost ? SLICE("\r\n") : SLICE("\n"));
	put_text(r, line);
}

struct record_at
row_record_end(struct row_record *r)
{
	struct record_at at = { .line = r->line, .col = 1, .byte = r->byte,
		.bytes = r->end - r->byte, .text = slice_sub(buf_slice(&r->raw), 0, r->kept) };
	unsigned char digest[SHA256_SIZE];

	r->open = false;
	if (r->over && !r->lost) {
		sha256_final(&r->hash, digest);
		sha256_hex(digest, r->hex);
		at.sha256 = r->hex;
	}
	return at;
}
