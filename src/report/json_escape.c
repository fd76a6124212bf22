/*
 * json_escape.c - JSON strings that keep readable characters readable.
 *
 * What a terminal might act on is written as \u: control characters, C1, bidi
 * controls and tags. A JSON parser gives back the same text.
 */
#include "config.h"

#include "report/json_escape.h"

#include "base/text.h"

/* code point of the sequence at p, which is valid UTF-8 */
static uint32_t
decode(const char *p, size_t *n)
{
	unsigned char c = (unsigned char)p[0];
	uint32_t code;

	*n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	code = *n == 1 ? c : c & (0x7Fu >> *n);
	for (size_t i = 1; i < *n; i++)
		code = code << 6 | ((unsigned char)p[i] & 0x3F);
	return code;
}

static bool
is_treacherous(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || c == 0x200E || c == 0x200F ||
	    (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
	    (c >= 0xE0000 && c <= 0xE007F);
}

static void
put_code(struct buf *out, uint32_t c)
{
	if (c == '\n')
		buf_puts(out, "\\n");
	else if (c == '\t')
		buf_puts(out, "\\t");
	else if (c == '\r')
		buf_puts(out, "\\r");
	else if (c < 0x10000)
		buf_printf(out, "\\u%04x", (unsigned)c);
	else
		buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((c - 0x10000) >> 10)),
		    (unsigned)(0xDC00 + ((c - 0x10000) & 0x3FF)));
}

void
json_escape(struct buf *out, struct arena *scratch, struct slice s)
{
	size_t fixed, n;

	s = text_utf8(scratch, s, &fixed);
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i += n) {
		uint32_t c = decode(s.p + i, &n);

		if (is_treacherous(c)) {
			put_code(out, c);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_putc(out, '\\');
		buf_put(out, s.p + i, n);
	}
	buf_putc(out, '"');
}
