/* redact_json.c - the escapes of RFC 8259, section 7 */
#include "config.h"

#include "cmd/redact_json.h"

#include <string.h>

static int
hex4(struct slice s, size_t i)
{
	int v = 0;

	if (i + 4 > s.n)
		return -1;
	for (unsigned k = 0; k < 4; k++) {
		char c = s.p[i + k];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v * 16 + ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

static void
put_point(struct buf *out, unsigned c)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_putc(out, (char)(0xC0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_putc(out, (char)(0xE0 | c >> 12));
		} else {
			buf_putc(out, (char)(0xF0 | c >> 18));
			buf_putc(out, (char)(0x80 | (c >> 12 & 0x3F)));
		}
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3F)));
	}
	buf_putc(out, (char)(0x80 | (c & 0x3F)));
}

/* "\uXXXX" at i, with its second half; its length */
static size_t
put_unicode(struct buf *out, struct slice s, size_t i)
{
	int high = hex4(s, i + 2), low = -1;

	if (high < 0) {
		buf_put(out, s.p + i, 2);
		return 2;
	}
	if (high >= 0xD800 && high < 0xDC00 && i + 7 < s.n && s.p[i + 6] == '\\' &&
	    s.p[i + 7] == 'u')
		low = hex4(s, i + 8);
	if (low >= 0xDC00 && low < 0xE000) {
		put_point(out, 0x10000 + ((unsigned)(high - 0xD800) << 10) +
		    (unsigned)(low - 0xDC00));
		return 12;
	}
	put_point(out, high >= 0xD800 && high < 0xE000 ? 0xFFFD : (unsigned)high);
	return 6;
}

void
redact_json_decode(struct buf *out, struct slice s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";

	for (size_t i = 0; i < s.n;) {
		const char *c;

		if (s.p[i] != '\\' || i + 1 == s.n) {
			buf_putc(out, s.p[i++]);
			continue;
		}
		c = s.p[i + 1] ? strchr(from, s.p[i + 1]) : NULL;
		if (c) {
			buf_putc(out, to[c - from]);
			i += 2;
		} else if (s.p[i + 1] == 'u') {
			i += put_unicode(out, s, i);
		} else {
			buf_put(out, s.p + i, 2);
			i += 2;
		}
	}
}

void
redact_json_encode(struct buf *out, struct slice text)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

	buf_putc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		const char *c = text.p[i] ? strchr(from, text.p[i]) : NULL;

		if (c) {
			buf_putc(out, '\\');
			buf_putc(out, to[c - from]);
		} else if ((unsigned char)text.p[i] < 0x20) {
			buf_printf(out, "\\u%04x", (unsigned)text.p[i]);
		} else {
			buf_putc(out, text.p[i]);
		}
	}
	buf_putc(out, '"');
}
