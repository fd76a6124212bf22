/*
 * csv_row.c - one pass over the bytes; cells are slices of the text, nothing is copied.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "read/csv_row.h"

void
csv_row_release(struct csv_row *r)
{
	free(r->cell);
	*r = (struct csv_row){ .cell = NULL };
}

static void
put_cell(struct csv_row *r, struct slice text, bool doubled)
{
	r->cells++;
	if (r->kept == CSV_COLUMNS)
		return;
	r->cell = mem_grow(r->cell, &r->cap, r->kept + 1, sizeof *r->cell);
	r->cell[r->kept++] = (struct csv_cell){ text, doubled };
}

/* the closing quote of the cell whose content begins at `at`, or the end; *line: its first break */
static size_t
closing_quote(struct slice text, size_t at, bool *doubled,
    size_t *line)
{
	size_t from = at;

	*doubled = false;
	while ((at = slice_find_byte(text, at, '"')) != SIZE_MAX) {
		if (at + 1 == text.n || text.p[at + 1] != '"')
			break;
		*doubled = true;
		at += 2;
	}
	if (at == SIZE_MAX)
		at = text.n;
	*line = slice_find_byte(slice_sub(text, 0, at), from, '\n');
	return at;
}

static size_t
plain_end(struct slice text, size_t at, char separator)
{
	while (at < text.n && text.p[at] != separator && text.p[at] != '\n')
		at++;
	return at;
}

/* one cell from *at; CSV_ROW when it is whole, *at is then behind it */
static enum csv_read
read_cell(struct csv_row *r, struct slice text, char separator, bool strict, size_t *at)
{
	size_t from = *at, end, line;
	bool doubled = false;
	struct slice s;

	if (from < text.n && text.p[from] == '"') {
		end = closing_quote(text, from + 1, &doubled, &line);
		r->quote = r->used = from;
		if (line != SIZE_MAX && r->loose)
			return CSV_QUOTE;
		r->lines |= line != SIZE_MAX;
		if (end == text.n)
			return CSV_OPEN;
		put_cell(r, slice_sub(text, from + 1, end - from - 1), doubled);
		*at = end + 1;
		return CSV_ROW;
	}
	end = plain_end(text, from, separator);
	s = slice_sub(text, from, end - from);
	if (s.n && s.p[s.n - 1] == '\r' && (end == text.n || text.p[end] == '\n'))
		s.n--;
	if (slice_find_byte(s, 0, '"') != SIZE_MAX) {
		r->loose = true;
		r->used = from;
		if (strict)
			return CSV_QUOTE;
	}
	put_cell(r, s, false);
	*at = end;
	return CSV_ROW;
}

enum csv_read
csv_row_read(struct csv_row *r, struct slice text, char separator, bool whole, bool strict)
{
	size_t at = 0;

	r->cells = r->kept = 0;
	r->bytes = r->used = r->quote = 0;
	r->lines = r->loose = false;
	for (;;) {
		enum csv_read got = read_cell(r, text, separator, strict, &at);

		if (got != CSV_ROW)
			return got;
		if (at < text.n && text.p[at] == separator) {
			at++;
			continue;
		}
		r->bytes = at > 0 && at <= text.n && text.p[at - 1] == '\r' ? at - 1 : at;
		if (at < text.n && text.p[at] == '\r')
			at++;
		if (at == text.n) {
			r->used = at;
			return whole ? CSV_ROW : CSV_MORE;
		}
		r->used = at;
		if (text.p[at] != '\n')
			return CSV_QUOTE;
		r->used = at + 1;
		return CSV_ROW;
	}
}

struct slice
csv_cell_text(const struct csv_cell *c, struct arena *a, size_t *fixed)
{
	struct slice s = c->text;
	size_t bad = 0;
	char *out;

	if (c->doubled) {
		size_t n = 0;

		out = arena_alloc(a, s.n + 1);
		for (size_t i = 0; i < s.n; i++) {
			out[n++] = s.p[i];
			if (s.p[i] == '"')
				i++;
		}
		s = slice_of(out, n);
	}
	s = text_utf8(a, s, &bad);
	*fixed += bad;
	return s;
}
