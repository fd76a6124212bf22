/*
 * text_repair.c - text that lost its encoding or its escape characters on the way.
 */
#include "config.h"

#include "base/text.h"

#include <string.h>

/* ---- UTF-8 that was taken for Windows-1252 and encoded once more ---- */

/* 0x80 to 0x9F of Windows-1252; 0 where it has nothing and decoders keep the control code */
static const uint16_t cp1252[32] = {
	0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
	0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
	0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178
};

/* the byte that was taken for this character, -1 when none was */
static int
byte_of(uint32_t c)
{
	if (c >= 0x80 && c <= 0xFF)
		return (int)c;
	for (int i = 0; i < 32; i++)
		if (cp1252[i] && cp1252[i] == c)
			return 0x80 + i;
	return -1;
}

struct run {
	size_t end;		/* in the text */
	size_t bytes;		/* what it was: so many bytes, at most as many as it has now */
	bool sure;		/* hardly anything that a person writes */
};

/*
 * Does what was decoded look meant? Two letters of French capitals and a quote,
 * CAF(E acute)(ellipsis), decode as well: a pair counts where it gives Latin-1 and does not
 * stand behind a capital; three bytes where they give punctuation, symbols or a
 * mark; anything counts when several follow each other.
 */
static bool
looks_meant(struct slice was, size_t characters, bool behind_capital)
{
	unsigned char lead = (unsigned char)was.p[0];

	if (characters > 1 || lead >= 0xF0)
		return true;
	if (lead < 0xE0)
		return (lead == 0xC2 || lead == 0xC3) && !behind_capital;
	return lead == 0xE2 || lead == 0xEF;
}

/* the bytes of the characters above ASCII at `from`; false when they are no UTF-8 again */
static bool
read_run(struct slice s, size_t from, char *out, struct run *run)
{
	size_t n = 0, at = from, characters = 0;
	bool controls = false;
	struct slice was;
	uint32_t c;

	while (at < s.n && (unsigned char)s.p[at] >= 0x80) {
		size_t used = text_decode(slice_sub(s, at, s.n), &c);
		int byte = used ? byte_of(c) : -1;

		if (byte < 0)
			return false;
		out[n++] = (char)byte;
		at += used;
	}
	was = slice_of(out, n);
	for (size_t i = 0; i < n; characters++) {
		size_t used = text_decode(slice_sub(was, i, n), &c);

		if (used == 0)
			return false;
		controls = controls || (c >= 0x80 && c < 0xA0);
		i += used;
	}
	*run = (struct run){ at, n, looks_meant(was, characters, from > 0 &&
	    s.p[from - 1] >= 'A' && s.p[from - 1] <= 'Z') };
	return !controls;
}

static size_t
skip_plain(struct slice s, size_t at)
{
	while (at < s.n && (unsigned char)s.p[at] < 0x80)
		at++;
	return at;
}

struct slice
text_fix_mojibake(struct arena *a, struct slice s)
{
	size_t first = skip_plain(s, 0), n = first, at = first;
	bool sure = false;
	struct run run;
	char *out;

	/* nearly all text is ASCII, and most of what is not stops at its first character */
	if (first == s.n)
		return s;
	out = arena_alloc(a, s.n + 1);
	memcpy(out, s.p, first);
	while (at < s.n) {
		size_t plain;

		if (!read_run(s, at, out + n, &run))
			return s;
		sure = sure || run.sure;
		n += run.bytes;
		plain = skip_plain(s, run.end);
		memcpy(out + n, s.p + run.end, plain - run.end);
		n += plain - run.end;
		at = plain;
	}
	return sure ? slice_of(out, n) : s;
}

/* ---- colours without their escape character ---- */

enum color { COLOR_NONE, COLOR_ON, COLOR_OFF };

/* "[1;35m" at the start of s: its length, and whether it sets or resets */
static enum color
color_at(struct slice s, size_t *length)
{
	size_t i = 1, digits = 0;
	bool on = false;

	if (s.n < 2 || s.p[0] != '[')
		return COLOR_NONE;
	for (; i < s.n && s.p[i] != 'm'; i++) {
		if (s.p[i] == ';') {
			digits = 0;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9' || ++digits > 3 || i > 24)
			return COLOR_NONE;
		on = on || s.p[i] != '0';
	}
	/* x[5m] is an index or a range of time */
	if (i >= s.n || (i + 1 < s.n && s.p[i + 1] == ']'))
		return COLOR_NONE;
	*length = i + 1;
	return on ? COLOR_ON : COLOR_OFF;
}

/* a colour is set, and reset behind that */
static bool
has_colors(struct slice s)
{
	size_t at = 0, n = 0;
	bool on = false;

	while ((at = slice_find_byte(s, at, '[')) != SIZE_MAX) {
		switch (color_at(slice_sub(s, at, s.n), &n)) {
		case COLOR_NONE:
			break;
		case COLOR_ON:
			on = true;
			break;
		case COLOR_OFF:
			if (on)
				return true;
			break;
		}
		at++;
	}
	return false;
}

/* how others write the ESC that is not there */
static size_t
escape_before(struct slice s)
{
	static const char *const names[] = { "\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033",
		"#033", "\\e", "^[", "\xE2\x90\x9B" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (slice_ends(s, names[i]))
			return strlen(names[i]);
	return 0;
}

struct slice
text_strip_lost_colors(struct arena *a, struct slice s)
{
	size_t at = 0, n = 0, length = 0;
	char *out;

	if (!has_colors(s))
		return s;
	out = arena_alloc(a, s.n + 1);
	while (at < s.n) {
		if (color_at(slice_sub(s, at, s.n), &length) == COLOR_NONE) {
			out[n++] = s.p[at++];
			continue;
		}
		n -= escape_before(slice_of(out, n));
		at += length;
	}
	return slice_of(out, n);
}
