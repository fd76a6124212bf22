#include "config.h"

#include "base/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct seen {
	size_t mask;
	struct seen_slot slot[];
};

struct seen *
seen_new(size_t slots)
{
	struct seen *c = mem_calloc(1, sizeof *c + slots * sizeof c->slot[0]);

	c->mask = slots - 1;
	return c;
}

void
seen_free(struct seen *c)
{
	free(c);
}

/* eight bytes at a time; a collision costs a slot and nothing else, so no key is needed */
static size_t
hash(struct slice s)
{
	uint64_t h = s.n * UINT64_C(0x9e3779b97f4a7c15), part;
	size_t i;

	for (i = 0; i + 8 <= s.n; i += 8) {
		memcpy(&part, s.p + i, 8);
		h = (h ^ part) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	part = 0;
	memcpy(&part, s.p + i, s.n - i);
	h = (h ^ part) * UINT64_C(0xff51afd7ed558ccd);
	return (size_t)(h >> 32);
}

bool
seen_find(struct seen *c, struct slice s, struct seen_slot **slot)
{
	*slot = NULL;
	if (s.n == 0 || s.n > SEEN_TEXT)
		return false;
	*slot = &c->slot[hash(s) & c->mask];
	return (*slot)->n == s.n && memcmp((*slot)->text, s.p, s.n) == 0;
}

void
seen_keep(struct seen_slot *slot, struct slice s, bool verdict)
{
	if (!slot)
		return;
	slot->n = (unsigned char)s.n;
	slot->verdict = verdict;
	memcpy(slot->text, s.p, s.n);
}
