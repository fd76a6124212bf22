#include "config.h"

#include "store/db.h"

#include <string.h>

#include "base/mem.h"

/*
 * A JSON object whose values are all texts. Written here rather than by jansson:
 * names may repeat, and the order is kept. Read back strictly: the file may have
 * been written by somebody else.
 */

static void
put_string(struct buf *out, struct slice s)
{
	size_t i, from = 0;

	buf_putc(out, '"');
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(out, s.p + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_printf(out, "\\u%04x", c);
	}
	buf_put(out, s.p + from, s.n - from);
	buf_putc(out, '"');
}

void
fields_write(struct buf *out, const struct entry_field *field, size_t n)
{
	size_t i;

	buf_putc(out, '{');
	for (i = 0; i < n; i++) {
		if (i)
			buf_putc(out, ',');
		put_string(out, field[i].name);
		buf_putc(out, ':');
		put_string(out, field[i].value);
	}
	buf_putc(out, '}');
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, c);

	return c && at ? (int)(at - digits) : -1;
}

/* the byte behind a backslash: \", \\ or \u00xx, as put_string() writes them */
static bool
take_escape(struct slice *in, char *c)
{
	int high, low;

	if (slice_take_byte(in, '"')) {
		*c = '"';
		return true;
	}
	if (slice_take_byte(in, '\\')) {
		*c = '\\';
		return true;
	}
	if (!slice_take_str(in, "u00") || in->n < 2)
		return false;
	high = hex_digit(in->p[0]);
	low = hex_digit(in->p[1]);
	if (high < 0 || low < 0)
		return false;
	*c = (char)(high << 4 | low);
	*in = slice_sub(*in, 2, in->n);
	return true;
}

static bool
take_string(struct arena *a, struct slice *in, struct slice *out)
{
	size_t end, n = 0;
	char *p;

	if (!slice_take_byte(in, '"'))
		return false;
	/* an upper bound of its length: the first quote that no backslash precedes */
	for (end = 0; end < in->n && in->p[end] != '"'; end++)
		end += in->p[end] == '\\';
	if (end >= in->n)
		return false;
	p = arena_alloc(a, end + 1);
	while (in->n && *in->p != '"') {
		char c = *in->p;

		*in = slice_sub(*in, 1, in->n);
		if (c == '\\' && !take_escape(in, &c))
			return false;
		p[n++] = c;
	}
	*out = slice_of(p, n);
	return slice_take_byte(in, '"');
}

static size_t
count_pairs(struct slice json)
{
	size_t i, n = 1;

	for (i = 0; i < json.n; i++)
		n += json.p[i] == ',';
	return n;
}

int
fields_read(struct arena *a, struct slice json, struct entry_field **field, size_t *n,
    struct err *e)
{
	struct slice in = json;

	*field = NULL;
	*n = 0;
	if (json.n == 0 || slice_eqs(json, "{}"))
		return 0;
	*field = arena_array(a, count_pairs(json), sizeof **field);
	if (!slice_take_byte(&in, '{'))
		goto out;
	do {
		struct entry_field *f = &(*field)[*n];

		if (!take_string(a, &in, &f->name) || !slice_take_byte(&in, ':') ||
		    !take_string(a, &in, &f->value))
			goto out;
		++*n;
	} while (slice_take_byte(&in, ','));
	if (slice_take_byte(&in, '}') && in.n == 0)
		return 0;
out:
	return err_set(e, ERR_DB, "the database holds a damaged list of fields");
}
