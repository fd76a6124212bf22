#include "config.h"

#include "base/text.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"	/* U+FFFD */

size_t
text_decode(struct slice s, uint32_t *code)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s.p[0];
	size_t n;

	if (c < 0x80) {
		*code = c;
		return 1;
	}
	n = c >= 0xF0 && c <= 0xF4 ? 4 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xC2 && c < 0xE0 ? 2 : 0;
	if (n == 0 || n > s.n)
		return 0;
	*code = c & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char t = (unsigned char)s.p[i];

		if ((t & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (t & 0x3F);
	}
	if (*code < lowest[n] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
		return 0;
	return n;
}

static struct slice
rest(struct slice s, size_t from)
{
	return slice_of(s.p + from, s.n - from);
}

/* code points above ASCII that change how other text is shown */
static bool
is_treacherous(uint32_t c)
{
	return (c >= 0x80 && c <= 0x9F) || c == 0x61C || c == 0x200E || c == 0x200F ||
	    (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
	    (c >= 0xE0000 && c <= 0xE007F);
}

static void
escape_code(struct buf *out, uint32_t c, bool one_line)
{
	if (c == '\n')
		buf_puts(out, one_line ? "\\n" : "\n");
	else if (c == '\t')
		buf_puts(out, one_line ? "\\t" : "\t");
	else if (c <= 0xFF)
		buf_printf(out, "\\x%02x", (unsigned)c);
	else
		buf_printf(out, "\\u{%x}", (unsigned)c);
}

void
text_escape(struct buf *out, struct slice s, bool one_line)
{
	size_t plain = 0, at = 0;	/* s[plain, at) is to be copied as it is */

	while (at < s.n) {
		uint32_t c = 0;
		size_t n = text_decode(rest(s, at), &c);

		if (n && c >= 0x20 && c != 0x7F && !is_treacherous(c)) {
			at += n;
			continue;
		}
		buf_put(out, s.p + plain, at - plain);
		if (n)
			escape_code(out, c, one_line);
		else
			buf_puts(out, REPLACEMENT);
		at += n ? n : 1;
		plain = at;
	}
	if (at > plain)
		buf_put(out, s.p + plain, at - plain);
}

/* offset of the first byte at or after `from` that is not ASCII */
static size_t
skip_ascii(struct slice s, size_t from)
{
	uint64_t word;

	while (s.n - from >= sizeof word) {
		memcpy(&word, s.p + from, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
		from += sizeof word;
	}
	while (from < s.n && (unsigned char)s.p[from] < 0x80)
		from++;
	return from;
}

/* offset of the first invalid byte at or after `from`, or s.n */
static size_t
find_bad(struct slice s, size_t from)
{
	uint32_t c;

	for (;;) {
		size_t n;

		from = skip_ascii(s, from);
		if (from >= s.n)
			return s.n;
		n = text_decode(rest(s, from), &c);
		if (n == 0)
			return from;
		from += n;
	}
}

bool
text_is_utf8(struct slice s)
{
	return find_bad(s, 0) == s.n;
}

struct slice
text_utf8(struct arena *a, struct slice s, size_t *fixed)
{
	size_t bad = 0, at, from;
	char *out, *p;

	for (at = find_bad(s, 0); at < s.n; at = find_bad(s, at + 1))
		bad++;
	*fixed = bad;
	if (bad == 0)
		return s;
	/* each bad byte becomes three */
	p = out = arena_alloc(a, s.n + 2 * bad + 1);
	for (from = 0; from < s.n; from = at + 1) {
		at = find_bad(s, from);
		memcpy(p, s.p + from, at - from);
		p += at - from;
		if (at == s.n)
			break;
		memcpy(p, REPLACEMENT, 3);
		p += 3;
	}
	return slice_of(out, (size_t)(p - out));
}

static bool
in_range(struct slice s, size_t at, unsigned char low, unsigned char high)
{
	return at < s.n && (unsigned char)s.p[at] >= low && (unsigned char)s.p[at] <= high;
}

/* length of the control string (OSC, DCS...) at the start of s, 0 without an end in its line */
static size_t
string_length(struct slice s)
{
	for (size_t i = 2; i < s.n && s.p[i] != '\n'; i++) {
		if (s.p[i] == '\a')
			return i + 1;
		if (s.p[i] == '\033')
			return i + 1 < s.n && s.p[i + 1] == '\\' ? i + 2 : 0;
	}
	return 0;
}

/*
 * Length of the escape sequence at the start of s, as ECMA-48 builds them. Of a
 * broken one only the ESC goes, so that damage never eats text.
 */
static size_t
ansi_length(struct slice s)
{
	size_t i = 1;

	if (s.n < 2)
		return 1;
	if (s.p[1] == '[') {
		for (i = 2; in_range(s, i, 0x30, 0x3F); i++)
			;
		while (in_range(s, i, 0x20, 0x2F))
			i++;
		return in_range(s, i, 0x40, 0x7E) ? i + 1 : 1;
	}
	if (memchr("]PX^_", s.p[1], 5)) {
		size_t n = string_length(s);

		return n ? n : 1;
	}
	while (in_range(s, i, 0x20, 0x2F))
		i++;
	return in_range(s, i, 0x30, 0x7E) ? i + 1 : 1;
}

struct slice
text_strip_ansi(struct arena *a, struct slice s)
{
	size_t at = slice_find_byte(s, 0, '\033'), from = 0;
	char *out, *p;

	if (at == SIZE_MAX)
		return s;
	p = out = arena_alloc(a, s.n + 1);
	while (from < s.n) {
		at = slice_find_byte(s, from, '\033');
		if (at == SIZE_MAX)
			at = s.n;
		memcpy(p, s.p + from, at - from);
		p += at - from;
		from = at < s.n ? at + ansi_length(rest(s, at)) : s.n;
	}
	return slice_of(out, (size_t)(p - out));
}

size_t
text_utf8_floor(struct slice s, size_t n)
{
	uint32_t c;

	if (n >= s.n)
		return s.n;
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		size_t at = n - back;
		size_t length = text_decode(rest(s, at), &c);

		if (length > back)
			return at;
		if (((unsigned char)s.p[at] & 0xC0) != 0x80)
			break;
	}
	return n;
}
