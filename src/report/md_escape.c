/*
 * md_escape.c - the escaper of Markdown.
 *
 * A backslash keeps a character from being markup, but GitHub looks for
 * mentions, references, addresses and emoji names in the text that is left when
 * Markdown is done, where the backslash is gone. Only code is safe from that.
 */
#include "config.h"

#include "report/md_escape.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ":bug:", ":+1:", ":100:", but not the minutes of a time */
static bool
has_emoji_name(struct slice w)
{
	size_t at, from = 0, end;

	while ((at = slice_find_byte(w, from, ':')) != SIZE_MAX) {
		bool letter = false;

		for (end = at + 1; end < w.n && (is_alnum(w.p[end]) || w.p[end] == '_' ||
		    w.p[end] == '+' || w.p[end] == '-'); end++)
			letter |= !is_digit(w.p[end]);
		if (end < w.n && w.p[end] == ':' && (letter || end - at > 3))
			return true;
		from = at + 1;
	}
	return false;
}

/* "#12", "owner/name#12", "GH-12" */
static bool
has_reference(struct slice w)
{
	size_t at = 0;

	while ((at = slice_find_byte(w, at, '#')) != SIZE_MAX) {
		if (++at < w.n && is_digit(w.p[at]))
			return true;
	}
	for (at = 0; at + 3 < w.n; at++) {
		if (slice_eq_fold(slice_sub(w, at, 3), SLICE("gh-")) && is_digit(w.p[at + 3]))
			return true;
	}
	return false;
}

static bool
is_active(struct slice w)
{
	if (slice_find_byte(w, 0, '@') != SIZE_MAX || slice_find(w, 0, SLICE("://")) != SIZE_MAX)
		return true;
	for (size_t i = 0; i + 4 <= w.n; i++) {
		if (slice_eq_fold(slice_sub(w, i, 4), SLICE("www.")))
			return true;
	}
	return has_reference(w) || has_emoji_name(w);
}

/* longest run of backticks; with `unused`, also the shortest length that no run has */
static size_t
backticks(struct slice s, size_t *unused)
{
	bool used[64] = { false };
	size_t run = 0, longest = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] == '`') {
			run++;
			continue;
		}
		if (run > longest)
			longest = run;
		if (run < sizeof used)
			used[run] = true;
		run = 0;
	}
	if (unused) {
		for (*unused = 1; *unused < sizeof used && used[*unused]; ++*unused)
			;
		if (*unused == sizeof used)
			*unused = longest + 1;
	}
	return longest;
}

static void
put_run(struct buf *out, char c, size_t n)
{
	while (n-- > 0)
		buf_putc(out, c);
}

/* s is escaped for terminals already */
static void
put_code(struct buf *out, struct slice s, enum md_place place)
{
	size_t ticks;
	bool pad;

	backticks(s, &ticks);
	/* one blank on both sides would be stripped; a backtick must not touch the fence */
	pad = s.p[0] == '`' || s.p[s.n - 1] == '`' || (s.p[0] == ' ' && s.p[s.n - 1] == ' ');
	put_run(out, '`', ticks);
	if (pad)
		buf_putc(out, ' ');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '|' && place == MD_CELL)
			buf_putc(out, '\\');
		buf_putc(out, s.p[i]);
	}
	if (pad)
		buf_putc(out, ' ');
	put_run(out, '`', ticks);
}

void
md_code(struct buf *out, struct slice s, enum md_place place)
{
	struct buf plain;

	buf_init(&plain, SIZE_MAX);
	text_escape(&plain, s, true);
	if (plain.n == 0)
		buf_puts(out, "(empty)");
	else
		put_code(out, buf_slice(&plain), place);
	buf_release(&plain);
}

/* may w.p[i] be markup where it stands? "_" inside a word is not */
static bool
is_markup(struct slice w, size_t i)
{
	if (w.p[i] == '_')
		return i == 0 || i + 1 == w.n || !is_alnum(w.p[i - 1]) || !is_alnum(w.p[i + 1]);
	return memchr("\\`*[]<>&#|~$!", w.p[i], 13) != NULL;
}

static void
put_word(struct buf *out, struct slice w)
{
	for (size_t i = 0; i < w.n; i++) {
		if (is_markup(w, i))
			buf_putc(out, '\\');
		buf_putc(out, w.p[i]);
	}
}

/* the first word of a block: "-", "+", "=", "12." and "12)" would begin something */
static struct slice
put_marker(struct buf *out, struct slice w)
{
	size_t n = 0;

	if (w.n && memchr("-+=", w.p[0], 3)) {
		buf_putc(out, '\\');
		buf_putc(out, w.p[0]);
		return slice_of(w.p + 1, w.n - 1);
	}
	while (n < w.n && is_digit(w.p[n]))
		n++;
	if (n == 0 || n == w.n || (w.p[n] != '.' && w.p[n] != ')'))
		return w;
	buf_put(out, w.p, n);
	buf_putc(out, '\\');
	buf_putc(out, w.p[n]);
	return slice_of(w.p + n + 1, w.n - n - 1);
}

void
md_text(struct buf *out, struct slice s, enum md_place place)
{
	struct slice rest, w;
	struct buf plain;

	buf_init(&plain, SIZE_MAX);
	text_escape(&plain, s, true);
	rest = buf_slice(&plain);
	while (place == MD_START && slice_take_byte(&rest, ' '))
		;
	while (rest.n) {
		size_t n = slice_find_byte(rest, 0, ' ');

		w = slice_sub(rest, 0, n);
		rest = slice_sub(rest, w.n, rest.n);
		if (w.n == 0) {
			buf_putc(out, ' ');
			slice_take_byte(&rest, ' ');
			continue;
		}
		if (is_active(w)) {
			put_code(out, w, place);
		} else {
			if (place == MD_START)
				w = put_marker(out, w);
			put_word(out, w);
		}
		if (place == MD_START)
			place = MD_INLINE;
	}
	buf_release(&plain);
}

void
md_fence(struct buf *out, struct slice prefix, const char *info, struct slice s)
{
	struct slice rest, line;
	struct buf plain;
	size_t ticks;

	buf_init(&plain, SIZE_MAX);
	text_escape(&plain, s, false);
	rest = buf_slice(&plain);
	ticks = backticks(rest, NULL);
	ticks = ticks < 3 ? 3 : ticks + 1;
	buf_put_slice(out, prefix);
	put_run(out, '`', ticks);
	buf_puts(out, info);
	buf_putc(out, '\n');
	while (slice_take_line(&rest, &line)) {
		if (line.n)
			buf_put_slice(out, prefix);
		buf_put_slice(out, line);
		buf_putc(out, '\n');
	}
	buf_put_slice(out, prefix);
	put_run(out, '`', ticks);
	buf_putc(out, '\n');
	buf_release(&plain);
}
