/*
 * io_utf16.c - UTF-16 to UTF-8, piece by piece.
 */
#include "config.h"

#include "base/io_utf16.h"

#include <string.h>

#define UNITS_MIN 4		/* without a mark, so much must look like UTF-16 */

static bool
is_text(unsigned char c)
{
	return c >= 0x20 || c == '\n' || c == '\r' || c == '\t';
}

/* nine in ten units are ASCII: a NUL and a character; the NULs are in the high bytes alone */
static bool
is_plain(struct slice head, size_t high)
{
	size_t units = head.n / 2, ascii = 0;

	for (size_t i = 0; i + 1 < head.n; i += 2) {
		unsigned char h = (unsigned char)head.p[i + high];
		unsigned char l = (unsigned char)head.p[i + 1 - high];

		if (h == 0 && !is_text(l))
			return false;
		ascii += h == 0;
	}
	return units >= UNITS_MIN && ascii * 10 >= units * 9;
}

enum utf16_order
utf16_sniff(struct slice head, size_t *mark)
{
	head = slice_sub(head, 0, UTF16_SNIFF);
	*mark = 2;
	if (slice_starts(head, "\xFF\xFE"))
		return head.n >= 4 && head.p[2] == 0 && head.p[3] == 0 ? UTF16_NOT : UTF16_LE;
	if (slice_starts(head, "\xFE\xFF"))
		return UTF16_BE;
	*mark = 0;
	return is_plain(head, 1) ? UTF16_LE : is_plain(head, 0) ? UTF16_BE : UTF16_NOT;
}

static size_t
put(struct utf16 *u, uint32_t c, char *out)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3F));
		c >>= 6;
	}
	out[0] = (char)(lead[n] | c);
	u->given += n;
	return n;
}

static size_t
put_bad(struct utf16 *u, char *out)
{
	if (u->bad++ == 0)
		u->bad_at = u->given;
	return put(u, 0xFFFD, out);
}

static size_t
put_unit(struct utf16 *u, uint16_t unit, char *out)
{
	size_t n = 0;

	if (u->high) {
		uint32_t high = u->high;

		u->high = 0;
		if (unit >= 0xDC00 && unit <= 0xDFFF)
			return put(u, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00u), out);
		n = put_bad(u, out);
	}
	if (unit >= 0xD800 && unit <= 0xDBFF)
		u->high = unit;
	else if (unit >= 0xDC00 && unit <= 0xDFFF)
		n += put_bad(u, out + n);
	else
		n += put(u, unit, out + n);
	return n;
}

size_t
utf16_convert(struct utf16 *u, struct slice in, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < in.n; i++) {
		unsigned char c = (unsigned char)in.p[i];

		if (u->half)
			n += put_unit(u, (uint16_t)(u->big ? u->first << 8 | c : c << 8 | u->first),
			    out + n);
		else
			u->first = c;
		u->half = !u->half;
	}
	return n;
}

size_t
utf16_finish(struct utf16 *u, char *out)
{
	size_t n = 0;

	if (u->high)
		n += put_bad(u, out);
	if (u->half)
		n += put_bad(u, out + n);
	u->high = 0;
	u->half = false;
	return n;
}
