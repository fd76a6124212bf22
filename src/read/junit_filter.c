/*
 * junit_filter.c - long attributes cut and forbidden bytes replaced, before expat.
 */
#include "config.h"

#include "read/junit_filter.h"

#include <string.h>

#define REFERENCE 12	/* bytes of the longest reference: "&#x10FFFF;" and some */

void
junit_filter_place(const struct junit_filter *f, uint64_t *line, uint64_t *byte)
{
	for (size_t i = f->cuts; i-- > 0;)
		if (f->cut[i].at <= *byte) {
			*byte += f->cut[i].dropped;
			*line += f->cut[i].lines;
			return;
		}
}

static void
end_cut(struct junit_filter *f)
{
	f->cutting = false;
	if (f->cuts == JUNIT_CUTS) {
		/* the tags of the older half are long over */
		memmove(f->cut, f->cut + JUNIT_CUTS / 2, sizeof f->cut / 2);
		f->cuts /= 2;
	}
	f->cut[f->cuts++] = (struct junit_cut){ f->out, f->dropped, f->lines };
}

/* behind "<": a comment, CDATA, a processing instruction or a tag */
static void
opening(struct junit_filter *f, char c)
{
	static const struct {
		const char *text;
		enum junit_where where;
	} kinds[] = { { "!--", JUNIT_IN_COMMENT }, { "![CDATA[", JUNIT_IN_CDATA },
		{ "?", JUNIT_IN_PI } };

	f->opening[f->opened++] = c;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].text);

		if (f->opened > n || memcmp(f->opening, kinds[i].text, f->opened) != 0)
			continue;
		if (f->opened == n) {
			f->where = kinds[i].where;
			f->before[0] = f->before[1] = 0;
			f->value = 0;
		}
		return;
	}
	f->where = c == '>' ? JUNIT_IN_TEXT : JUNIT_IN_TAG;
}

static void
value(struct junit_filter *f, char c)
{
	if (c == f->quote) {
		f->where = JUNIT_IN_TAG;
		if (f->cutting)
			end_cut(f);
		return;
	}
	f->value++;
	f->reference = c == '&' ? 1 : c == ';' || f->reference > REFERENCE ? 0 :
	    f->reference + (f->reference > 0);
	/* neither a reference nor a character is cut in two */
	if (!f->cutting && f->value > JUNIT_VALUE && f->reference == (c == '&') &&
	    ((unsigned char)c & 0xC0) != 0x80 && c != ';') {
		f->cutting = true;
		f->values++;
	}
}

/* behind the root element come other lines again */
static void
end_tag(struct junit_filter *f)
{
	if (f->opening[0] == '/')
		f->depth -= f->depth > 0;
	else if (f->opening[0] != '!' && f->before[1] != '/')
		f->depth++;
	f->around = f->printed && f->depth == 0 && f->opening[0] != '!';
	f->started = 0;
}

static void
step(struct junit_filter *f, char c)
{
	static const struct {
		enum junit_where where;
		char end[4];
	} ends[] = { { JUNIT_IN_COMMENT, "-->" }, { JUNIT_IN_CDATA, "]]>" },
		{ JUNIT_IN_PI, "?>" } };

	if (f->where == JUNIT_IN_TEXT && c == '<') {
		f->where = JUNIT_IN_OPENING;
		f->opened = 0;
	} else if (f->where == JUNIT_IN_OPENING) {
		opening(f, c);
	} else if (f->where == JUNIT_IN_TAG && (c == '"' || c == '\'')) {
		f->where = JUNIT_IN_VALUE;
		f->quote = c;
		f->value = f->reference = 0;
	} else if (f->where == JUNIT_IN_TAG && c == '>') {
		f->where = JUNIT_IN_TEXT;
		end_tag(f);
	} else if (f->where == JUNIT_IN_VALUE) {
		value(f, c);
	} else if (f->where == JUNIT_IN_COMMENT && !f->cutting && ++f->value > JUNIT_VALUE &&
	    c != '-' && f->before[1] != '-' && ((unsigned char)c & 0xC0) != 0x80) {
		f->cutting = true;
		f->comments++;
	}
	for (size_t i = 0; c == '>' && i < sizeof ends / sizeof ends[0]; i++) {
		const char *end = ends[i].end;

		if (f->where == ends[i].where && f->before[1] == end[strlen(end) - 2] &&
		    (end[2] == 0 || f->before[0] == end[0])) {
			f->where = JUNIT_IN_TEXT;
			if (f->cutting) {
				f->dropped -= 2;
				f->owed = true;
				end_cut(f);
			}
		}
	}
	f->before[0] = f->before[1];
	f->before[1] = c;
}

/* what XML 1.0 forbids; NUL is left to expat */
static char
allowed(struct junit_filter *f, char c)
{
	unsigned char u = (unsigned char)c;

	if (u >= 0x20 || u == 0 || u == '\t' || u == '\n' || u == '\r')
		return c;
	f->controls++;
	return u == 0x1B ? 0x7F : '?';
}

static void
give(struct junit_filter *f, char byte, struct buf *out)
{
	char c = allowed(f, byte);

	step(f, c);
	if (f->cutting) {
		f->dropped++;
		f->lines += c == '\n';
		return;
	}
	if (f->owed)
		buf_puts(out, "--");
	f->out += f->owed ? 2 : 0;
	f->owed = false;
	buf_putc(out, c);
	f->out++;
}

/* bytes of the character that begins so, 0 if none does */
static size_t
length(unsigned char c)
{
	return c < 0x80 ? 1 : c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 :
	    c >= 0xF0 && c <= 0xF4 ? 4 : 0;
}

/* may this byte follow what is held? not overlong, no surrogate, not U+FFFE or U+FFFF */
static bool
follows(const struct junit_filter *f, unsigned char c)
{
	unsigned char first = f->held[0];

	if (f->holds == 1 && ((first == 0xE0 && c < 0xA0) || (first == 0xED && c > 0x9F) ||
	    (first == 0xF0 && c < 0x90) || (first == 0xF4 && c > 0x8F)))
		return false;
	if (f->holds == 2 && first == 0xEF && f->held[1] == 0xBF && c >= 0xBE)
		return false;
	return (c & 0xC0) == 0x80;
}

static void
drop_held(struct junit_filter *f, struct buf *out)
{
	for (size_t i = 0; i < f->holds; i++)
		give(f, '?', out);
	f->bytes += f->holds;
	f->holds = 0;
}

static void
give_utf8(struct junit_filter *f, unsigned char c, struct buf *out)
{
	if (f->holds && !follows(f, c))
		drop_held(f, out);
	if (f->holds == 0) {
		f->wants = length(c);
		if (f->wants == 0) {
			give(f, '?', out);
			f->bytes++;
			return;
		}
	}
	f->held[f->holds++] = c;
	if (f->holds < f->wants)
		return;
	for (size_t i = 0; i < f->holds; i++)
		give(f, (char)f->held[i], out);
	f->holds = 0;
}

/* <?xml version="1.0" encoding="ISO-8859-1"?> */
static bool
is_utf8(struct slice head)
{
	size_t at = slice_find(slice_sub(head, 0, 200), 0, SLICE("encoding="));
	struct slice name;

	if (at == SIZE_MAX || !slice_starts(head, "<?xml"))
		return true;
	name = slice_sub(head, at + 10, 5);
	return slice_eq_fold(name, SLICE("utf-8"));
}

bool
junit_filter_begins(struct slice s)
{
	if (slice_starts(s, "<?xml "))
		return true;
	if (!slice_take_str(&s, "<testsuite"))
		return false;
	slice_take_byte(&s, 's');
	return s.n && (s.p[0] == ' ' || s.p[0] == '>' || s.p[0] == '\t' || s.p[0] == '\r' ||
	    s.p[0] == '\n');
}

/* a byte of a line around the document; the line may turn out to be its first */
static void
pass(struct junit_filter *f, char c, struct buf *out)
{
	f->dropped++;
	if (f->started < sizeof f->start)
		f->start[f->started++] = c;
	if (junit_filter_begins(slice_of(f->start, f->started))) {
		f->around = false;
		f->dropped -= f->started;
		end_cut(f);
		for (size_t i = 0; i < f->started; i++)
			give(f, f->start[i], out);
	} else if (c == '\n') {
		f->lines++;
		f->started = 0;
	}
}

static void
begin(struct junit_filter *f, struct slice in)
{
	struct slice head = in;

	f->begun = true;
	f->off = slice_find_byte(slice_sub(in, 0, 4), 0, 0) != SIZE_MAX ||
	    slice_starts(in, "\xFE\xFF") || slice_starts(in, "\xFF\xFE");
	slice_take_str(&head, "\xEF\xBB\xBF");
	f->printed = f->around = !f->off && head.n && !slice_starts(slice_trim(head), "<");
	f->utf8 = is_utf8(head);
}

void
junit_filter(struct junit_filter *f, struct slice in, struct buf *out)
{
	buf_reset(out);
	if (!f->begun && in.n)
		begin(f, in);
	if (f->off) {
		buf_put_slice(out, in);
		f->out += in.n;
		return;
	}
	for (size_t i = 0; i < in.n; i++) {
		if (f->around)
			pass(f, in.p[i], out);
		else if (f->utf8)
			give_utf8(f, (unsigned char)in.p[i], out);
		else
			give(f, in.p[i], out);
	}
	if (in.n == 0)
		drop_held(f, out);
}
