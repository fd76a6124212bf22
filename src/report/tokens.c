/*
 * tokens.c - the numbers of redaction tokens in one document.
 */
#include "config.h"

#include "report/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/token.h"

#define FIRST_SLOTS 64		/* a power of two */

struct seen {
	unsigned kind;		/* of tokens.kind */
	unsigned n;		/* number among its kind; 0 = the slot is free */
	char hash[TOKEN_HASH];
};

struct kind {
	char name[TOKEN_KIND];
	size_t length;
	unsigned n;		/* values so far */
};

struct tokens {
	token_kind_fn *known;
	struct kind *kind;
	size_t kinds, kind_cap;
	struct seen *slot;	/* open addressing */
	size_t slots, used;
};

struct tokens *
tokens_new(token_kind_fn *known)
{
	struct tokens *t = mem_calloc(1, sizeof *t);

	t->known = known;
	return t;
}

void
tokens_free(struct tokens *t)
{
	if (!t)
		return;
	free(t->kind);
	free(t->slot);
	free(t);
}

/* index of the kind, or -1 for a word that only looks like one */
static int
kind_of(struct tokens *t, struct slice name)
{
	struct kind *k;

	for (size_t i = 0; i < t->kinds; i++)
		if (slice_eq(name, slice_of(t->kind[i].name, t->kind[i].length)))
			return (int)i;
	if (!t->known(name))
		return -1;
	t->kind = mem_grow(t->kind, &t->kind_cap, t->kinds + 1, sizeof *t->kind);
	k = &t->kind[t->kinds];
	*k = (struct kind){ .length = name.n };
	memcpy(k->name, name.p, name.n);
	return (int)t->kinds++;
}

/* where the value is, or the free slot for it */
static struct seen *
find(struct seen *slot, size_t slots, unsigned kind, const char *hash)
{
	size_t at = kind;

	for (int i = 0; i < TOKEN_HASH; i++)
		at = at * 31 + (unsigned char)hash[i];
	for (at &= slots - 1; slot[at].n; at = (at + 1) & (slots - 1))
		if (slot[at].kind == kind && memcmp(slot[at].hash, hash, TOKEN_HASH) == 0)
			break;
	return &slot[at];
}

static void
grow(struct tokens *t)
{
	size_t slots = t->slots ? 2 * t->slots : FIRST_SLOTS;
	struct seen *slot = mem_calloc(slots, sizeof *slot);

	for (size_t i = 0; i < t->slots; i++)
		if (t->slot[i].n)
			*find(slot, slots, t->slot[i].kind, t->slot[i].hash) = t->slot[i];
	free(t->slot);
	t->slot = slot;
	t->slots = slots;
}

static unsigned
number_of(struct tokens *t, unsigned kind, const char *hash)
{
	struct seen *s;

	if (2 * (t->used + 1) > t->slots)
		grow(t);
	s = find(t->slot, t->slots, kind, hash);
	if (s->n == 0) {
		*s = (struct seen){ .kind = kind, .n = ++t->kind[kind].n };
		memcpy(s->hash, hash, TOKEN_HASH);
		t->used++;
	}
	return s->n;
}

/* the next token of a known kind at or after `from`, or SIZE_MAX */
static size_t
next_token(struct tokens *t, struct slice s, size_t from, size_t *n, int *kind)
{
	struct slice name;

	while ((from = slice_find_byte(s, from, '[')) != SIZE_MAX) {
		*n = token_at(s, from, &name);
		if (*n && (*kind = kind_of(t, name)) != -1)
			return from;
		from++;
	}
	return SIZE_MAX;
}

struct slice
tokens_number(struct tokens *t, struct arena *a, struct slice s)
{
	size_t at, from = 0, n;
	struct slice out;
	struct buf b;
	int kind;

	if (!t || (at = next_token(t, s, 0, &n, &kind)) == SIZE_MAX)
		return s;
	buf_init(&b, s.n + 16 * (s.n / TOKEN_HASH + 1));
	for (; at != SIZE_MAX; at = next_token(t, s, from, &n, &kind)) {
		size_t hash = at + n - 1 - TOKEN_HASH;

		buf_put(&b, s.p + from, hash - from);
		buf_printf(&b, "%u]", number_of(t, (unsigned)kind, s.p + hash));
		from = at + n;
	}
	buf_put(&b, s.p + from, s.n - from);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}
