/*
 * join.c - the pieces of a message that was cut; see sign.h for what belongs together and why.
 */
#include "config.h"

#include "sign/sign.h"

#include <string.h>

#include "base/text.h"
#include "sign/mask.h"

#define DEPTH 32	/* brackets that may be open at once; more are not followed */
#define LOOKED_AT 8192	/* bytes of a line; longer ones are data */

/* ---- pieces of one entry ---- */

static void
put_gap(struct buf *text, int64_t from, int64_t to, int64_t total)
{
	if (text->n > 0 && text->p[text->n - 1] != '\n')
		buf_putc(text, '\n');
	if (to - from == 1)
		buf_printf(text, "[part %lld", (long long)from + 1);
	else
		buf_printf(text, "[parts %lld to %lld", (long long)from + 1, (long long)to);
	if (total > 0)
		buf_printf(text, " of %lld", (long long)total);
	buf_printf(text, " %s missing]\n", to - from == 1 ? "is" : "are");
}

size_t
sign_join_split(struct buf *text, struct join_part *part, size_t n, int64_t total, bool *complete)
{
	int64_t next = 0;
	size_t used = 0;

	*complete = total > 0;
	for (size_t i = 0; i < n; i++) {
		struct join_part p = part[i];

		if (p.index < next)
			continue;
		if (p.index > next) {
			*complete = false;
			put_gap(text, next, p.index, total);
		}
		p.start = text->n;
		buf_put_slice(text, p.message);
		p.stop = text->n;
		next = p.index < INT64_MAX ? p.index + 1 : p.index;
		part[used++] = p;
	}
	if (next < total) {
		*complete = false;
		put_gap(text, next, total, total);
	}
	if (text->over || next > total)
		*complete = false;
	return used;
}

/* ---- a line break ---- */

enum construct { OPEN_TAG = 1, OPEN_QUOTE = 2, OPEN_APOSTROPHE = 4, OPEN_BRACKET = 8 };

struct open {
	unsigned what;
	char bracket;		/* the innermost one that is open */
};

static struct slice
last_line(struct slice s)
{
	size_t at = slice_rfind_byte(s, '\n');

	return at == SIZE_MAX ? s : slice_sub(s, at + 1, s.n);
}

static struct slice
first_line(struct slice s)
{
	struct slice line = { NULL, 0 };

	slice_take_line(&s, &line);
	return line;
}

static bool
is_word(char c)
{
	return mask_alpha(c) || mask_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* the start or end of a line, a blank or a sign stands there */
static bool
is_edge(struct slice s, size_t at)
{
	return at >= s.n || !is_word(s.p[at]);
}

static char
opener_of(char c)
{
	return c == ')' ? '(' : c == ']' ? '[' : c == '}' ? '{' : '\0';
}

/* behind a word there are inches, unless it is the r or f of a string of Python */
static bool
may_open_quote(struct slice s, size_t at)
{
	return at == 0 || !is_word(s.p[at - 1]) ||
	    (memchr("rbfuRBFU", s.p[at - 1], 8) && (at == 1 || !is_word(s.p[at - 2])));
}

/* ":(" is a face */
static bool
is_face(struct slice s, size_t at)
{
	return s.p[at] == '(' && at > 0 && s.p[at - 1] == ':';
}

/*
 * What is open at the end of a line. Brackets inside quotes are text; an apostrophe
 * inside a word is none, and one that closes nothing is the end of a plural's.
 */
static struct open
open_at_end(struct slice s)
{
	struct open open = { 0, '\0' };
	char stack[DEPTH];
	size_t depth = 0;
	bool quote = false, apostrophe = false;

	if (s.n > LOOKED_AT)
		return open;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\') {
			i++;
		} else if (c == '"' && !apostrophe) {
			quote = !quote && may_open_quote(s, i);
		} else if (c == '\'' && !quote) {
			bool opens = i == 0 || !is_word(s.p[i - 1]);

			if (apostrophe)
				apostrophe = !is_edge(s, i + 1);
			else
				apostrophe = opens && i > 0 && i + 1 < s.n && is_word(s.p[i + 1]);
		} else if (quote || apostrophe) {
			continue;
		} else if ((c == '(' || c == '[' || c == '{') && !is_face(s, i)) {
			if (depth == DEPTH)
				return open;
			stack[depth++] = c;
		} else if (depth > 0 && opener_of(c) == stack[depth - 1]) {
			depth--;
		}
	}
	if (quote)
		open.what |= OPEN_QUOTE;
	else if (apostrophe)
		open.what |= OPEN_APOSTROPHE;
	else if (depth > 0)
		open.what |= OPEN_BRACKET;
	if (open.what & OPEN_BRACKET)
		open.bracket = stack[depth - 1];
	return open;
}

static struct open
open_of(const struct join_text *t)
{
	struct open open = open_at_end(last_line(t->message));

	if (t->tag_open)
		open.what |= OPEN_TAG;
	return open;
}

bool
sign_leaves_open(const struct join_text *first)
{
	return open_of(first).what != 0;
}

bool
sign_rivals(const struct join_text *a, const struct join_text *b)
{
	struct open x = open_of(a), y = open_of(b);

	return (x.what & y.what & ~(unsigned)OPEN_BRACKET) != 0 ||
	    ((x.what & y.what & OPEN_BRACKET) && x.bracket == y.bracket);
}

static bool
closes_quote(struct slice s)
{
	size_t count = 0, first = SIZE_MAX;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
		} else if (s.p[i] == '"') {
			first = count++ == 0 ? i : first;
		}
	}
	/* behind a blank a quote begins */
	return count % 2 == 1 && is_edge(s, first + 1) &&
	    (first == 0 || (s.p[first - 1] != ' ' && s.p[first - 1] != '\t' &&
	    s.p[first - 1] != '='));
}

static bool
closes_apostrophe(struct slice s)
{
	return s.n > 0 && s.p[0] == '\'' && is_edge(s, 1);
}

static bool
closes_bracket(struct slice s, char bracket)
{
	size_t at = 0;

	/* one word may stand before it: "1)" and "a)" begin a list, "shop)" ends a parenthesis */
	while (at < s.n && (is_word(s.p[at]) || s.p[at] == '.' || s.p[at] == '/' || s.p[at] == '-'))
		at++;
	if (bracket == '(' && (at == 1 || (at > 0 && mask_digit(s.p[0]))))
		return false;
	return at < s.n && opener_of(s.p[at]) == bracket;
}

const char *
sign_joins(const struct join_text *first, const struct join_text *second)
{
	struct open open = open_of(first);
	struct slice line = first_line(second->message);

	if ((open.what & OPEN_TAG) && second->tag_closed)
		return "colour-tag";
	if (line.n > LOOKED_AT)
		return NULL;
	if ((open.what & OPEN_QUOTE) && closes_quote(line))
		return "quote";
	if ((open.what & OPEN_APOSTROPHE) && closes_apostrophe(line))
		return "apostrophe";
	if ((open.what & OPEN_BRACKET) && closes_bracket(line, open.bracket))
		return "bracket";
	return NULL;
}
