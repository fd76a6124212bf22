/*
 * names.c - open addressing over FNV-1a, at most half full.
 */
#include "config.h"

#include "read/names.h"

#include "base/mem.h"

#include <stdlib.h>

#define FIRST_BITS 6

/* the address in it keeps a hostile file from choosing names that all collide */
static uint64_t
hash_of(const struct names *set, struct slice s)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)(uintptr_t)set->arena;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

void
names_init(struct names *s, struct arena *arena)
{
	*s = (struct names){ .arena = arena, .bits = FIRST_BITS };
	s->slot = mem_calloc((size_t)1 << s->bits, sizeof *s->slot);
}

void
names_release(struct names *s)
{
	free(s->name);
	free(s->slot);
	*s = (struct names){ 0 };
}

/* the slot that holds `name`, or the free slot where it belongs */
static size_t
find_slot(const struct names *s, struct slice name)
{
	size_t mask = ((size_t)1 << s->bits) - 1;
	size_t at = (size_t)hash_of(s, name) & mask;

	while (s->slot[at] && !slice_eq(s->name[s->slot[at] - 1], name))
		at = (at + 1) & mask;
	return at;
}

static void
double_slots(struct names *s)
{
	free(s->slot);
	s->bits++;
	s->slot = mem_calloc((size_t)1 << s->bits, sizeof *s->slot);
	for (size_t i = 0; i < s->count; i++)
		s->slot[find_slot(s, s->name[i])] = (uint32_t)i + 1;
}

uint32_t
names_find(const struct names *s, struct slice name)
{
	uint32_t number = s->slot[find_slot(s, name)];

	return number ? number - 1 : NAMES_NONE;
}

uint32_t
names_put(struct names *s, struct slice name)
{
	size_t at = find_slot(s, name);

	if (s->slot[at])
		return s->slot[at] - 1;
	if ((s->count + 1) * 2 > (size_t)1 << s->bits) {
		double_slots(s);
		at = find_slot(s, name);
	}
	s->name = mem_grow(s->name, &s->cap, s->count + 1, sizeof *s->name);
	s->name[s->count] = arena_copy(s->arena, name);
	s->slot[at] = (uint32_t)++s->count;
	return (uint32_t)s->count - 1;
}
