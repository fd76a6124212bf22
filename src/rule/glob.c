/*
 * glob.c - values of selections: text with the wildcards * and ?.
 *
 * The literal parts between stars are looked for one after the other, leftmost
 * first, so that there is no backtracking over stars: at most (bytes of the
 * subject) x (bytes of the value) steps.
 */
#include "config.h"

#include "rule/detect.h"

#include <string.h>

static unsigned char
fold(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

/* one token of the value; false for a star */
static bool
next_token(struct slice text, size_t *at, bool cased, uint16_t *token)
{
	unsigned char c = (unsigned char)text.p[(*at)++];
	char next = *at < text.n ? text.p[*at] : '\0';

	if (c == '*')
		return false;
	if (c == '?') {
		*token = GLOB_ONE;
		return true;
	}
	if (c == '\\' && (next == '*' || next == '?' || next == '\\')) {
		c = (unsigned char)next;
		(*at)++;
	}
	*token = cased ? c : fold(c);
	return true;
}

struct glob
glob_compile(struct arena *a, struct slice text, bool cased)
{
	struct glob g = { .cased = cased };
	uint16_t *token = arena_array(a, text.n + 1, sizeof *token);
	struct glob_part *part = arena_array(a, text.n / 2 + 1, sizeof *part);
	size_t at = 0, tokens = 0, from = 0;
	bool star = false;

	while (at < text.n) {
		star = !next_token(text, &at, cased, &token[tokens]);
		if (!star) {
			tokens++;
			continue;
		}
		if (tokens > from)
			part[g.parts++] = (struct glob_part){ token + from, tokens - from };
		else if (g.parts == 0)
			g.open_start = true;
		from = tokens;
	}
	if (tokens > from)
		part[g.parts++] = (struct glob_part){ token + from, tokens - from };
	g.open_end = star;
	g.part = part;
	return g;
}

static bool
same(const struct glob *g, uint16_t token, char c)
{
	unsigned char byte = (unsigned char)c;

	return token == (g->cased ? byte : fold(byte));
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* does the part match at `at`? *end is the byte behind it */
static bool
part_at(const struct glob *g, const struct glob_part *p, struct slice s, size_t at, size_t *end)
{
	for (size_t i = 0; i < p->tokens; i++) {
		if (at >= s.n)
			return false;
		if (p->token[i] != GLOB_ONE) {
			if (!same(g, p->token[i], s.p[at++]))
				return false;
			continue;
		}
		at++;
		for (int more = 0; more < 3 && at < s.n && is_continuation(s.p[at]); more++)
			at++;
	}
	*end = at;
	return true;
}

/* does the part match so that it ends where s ends? *start is its first byte */
static bool
part_at_end(const struct glob *g, const struct glob_part *p, struct slice s, size_t *start)
{
	size_t at = s.n;

	for (size_t i = p->tokens; i-- > 0;) {
		if (at == 0)
			return false;
		at--;
		if (p->token[i] != GLOB_ONE) {
			if (!same(g, p->token[i], s.p[at]))
				return false;
			continue;
		}
		for (int more = 0; more < 3 && at > 0 && is_continuation(s.p[at]); more++)
			at--;
	}
	*start = at;
	return true;
}

static bool
part_find(const struct glob *g, const struct glob_part *p, struct slice s, size_t from,
    size_t range[2])
{
	uint16_t first = p->token[0];

	for (size_t at = from; at < s.n; at++) {
		if (first != GLOB_ONE && !same(g, first, s.p[at]))
			continue;
		if (first == GLOB_ONE && is_continuation(s.p[at]))
			continue;
		if (part_at(g, p, s, at, &range[1])) {
			range[0] = at;
			return true;
		}
	}
	return false;
}

bool
glob_match(const struct glob *g, struct slice s, size_t *start, size_t *end)
{
	size_t i = 0, last = g->parts, pos = 0, tail = s.n, range[2];

	*start = 0;
	*end = s.n;
	if (g->parts == 0)
		return g->open_end || s.n == 0;
	if (!g->open_start) {
		if (!part_at(g, &g->part[0], s, 0, &pos))
			return false;
		i = 1;
	}
	if (!g->open_end && i == last)
		return pos == s.n;
	if (!g->open_end) {
		last--;
		if (!part_at_end(g, &g->part[last], slice_sub(s, pos, s.n - pos), &tail))
			return false;
		tail += pos;
	}
	*end = g->open_end ? pos : s.n;
	if (g->open_start && i == last)
		*start = tail;
	for (bool first = g->open_start; i < last; i++, first = false) {
		if (!part_find(g, &g->part[i], slice_sub(s, 0, tail), pos, range))
			return false;
		if (first)
			*start = range[0];
		pos = range[1];
		*end = g->open_end ? pos : s.n;
	}
	return true;
}
