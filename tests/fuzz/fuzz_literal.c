/*
 * fuzz_literal.c - the first bytes make literals, the rest is a text: the automaton
 * finds what a search for each literal finds, in its order, and marks the same.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/literal.h"
#include "base/mem.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LITERALS 24
#define TEXT_MAX 4096

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static bool
same(struct slice text, size_t at, struct slice literal, bool fold)
{
	struct slice part = slice_of(text.p + at, literal.n);

	return fold ? slice_eq_fold(part, literal) : slice_eq(part, literal);
}

struct seen {
	struct slice text;
	const struct slice *literal;
	size_t n, count, last;
	bool fold;
};

static bool
check(void *ctx, size_t id, size_t end)
{
	struct seen *s = ctx;

	require(id < s->n && end <= s->text.n && end >= s->last);
	require(s->literal[id].n > 0 && s->literal[id].n <= end);
	require(same(s->text, end - s->literal[id].n, s->literal[id], s->fold));
	s->last = end;
	s->count++;
	return true;
}

static bool
stop(void *ctx, size_t id, size_t end)
{
	(void)id;
	(void)end;
	return --*(size_t *)ctx > 0;
}

static void
compare(const struct literals *l, struct seen *s)
{
	uint64_t bits[LITERAL_WORDS(LITERALS)] = { 0 };
	size_t count = 0, left;
	bool any = literals_mark(l, s->text, bits);

	for (size_t i = 0; i < s->n; i++) {
		bool here = false;

		for (size_t at = 0; s->literal[i].n && at + s->literal[i].n <= s->text.n; at++) {
			if (same(s->text, at, s->literal[i], s->fold)) {
				here = true;
				count++;
			}
		}
		require(here == ((bits[i / 64] >> (i % 64)) & 1));
	}
	require(any == (count > 0));
	require(literals_each(l, s->text, check, s));
	require(s->count == count);
	left = count;
	require(count == 0 || !literals_each(l, s->text, stop, &left));
}

/* the first byte: case folded or not, and how many literals; then each with its length in front */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice literal[LITERALS];
	struct seen s = { .literal = literal };
	struct literals *l;
	struct err e;
	size_t at = 1, want;

	if (size < 2)
		return 0;
	s.fold = data[0] & 1;
	want = (size_t)(data[0] >> 1) % LITERALS + 1;
	while (s.n < want && at < size) {
		size_t n = data[at++] % 8;

		if (n > size - at)
			n = size - at;
		literal[s.n++] = slice_of((const char *)data + at, n);
		at += n;
	}
	s.text = slice_of((const char *)data + at, size - at < TEXT_MAX ? size - at : TEXT_MAX);
	require(literals_new(literal, s.n, s.fold ? LITERAL_CASELESS : 0, &l, &e) == 0);
	require(literals_count(l) == s.n && literals_bytes(l) <= LITERAL_TABLE_MAX);
	compare(l, &s);
	literals_free(l);
	return 0;
}
