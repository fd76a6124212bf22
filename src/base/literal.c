/*
 * literal.c - Aho and Corasick 1975, with every failure step worked into the table.
 */
#include "config.h"

#include "base/literal.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define HIT UINT32_C(0x80000000)	/* in the table: literals end in the state gone to */
#define NONE UINT32_MAX

/*
 * A state is the offset of its row in the table, so that a step is one addition
 * and one load; what belongs to a state besides stands at row / stride.
 */
struct literals {
	unsigned char class[256];
	uint32_t *next;		/* states * stride; HIT marks a state with literals */
	uint32_t *first;	/* by state number: a literal that ends here, or NONE */
	uint32_t *suffix;	/* by state number: the nearest suffix with literals, or NONE */
	uint32_t *same;		/* by literal: the next one of equal text, or NONE */
	size_t stride, states, count;
};

static unsigned char
fold(unsigned char c, unsigned flags)
{
	return (flags & LITERAL_CASELESS) && c >= 'A' && c <= 'Z' ? (unsigned char)(c | 32) : c;
}

/* class 0: bytes of no literal. The stride is a power of two only by chance */
static void
make_classes(struct literals *l, const struct slice *text, size_t n, unsigned flags)
{
	bool used[256] = { false };
	unsigned char of[256] = { 0 };
	unsigned classes = 1;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < text[i].n; k++)
			used[fold((unsigned char)text[i].p[k], flags)] = true;
	}
	for (unsigned c = 0; c < 256; c++) {
		/* 256 used bytes need 256 classes: the last shares none, 0 is then never met */
		if (used[c])
			of[c] = (unsigned char)(classes++ & 255);
	}
	for (unsigned c = 0; c < 256; c++)
		l->class[c] = of[fold((unsigned char)c, flags)];
	l->stride = classes;
}

/* the trie: 0 in the table is "no child", which the root never is */
static void
add(struct literals *l, struct slice text, uint32_t id)
{
	uint32_t row = 0, *last;
	size_t at;

	for (size_t k = 0; k < text.n; k++) {
		uint32_t *to = &l->next[row + l->class[(unsigned char)text.p[k]]];

		if (*to == 0)
			*to = (uint32_t)(l->states++ * l->stride);
		row = *to;
	}
	at = row / l->stride;
	last = &l->first[at];
	while (*last != NONE)
		last = &l->same[*last];
	*last = id;
}

/* breadth first: the failure state of a state is nearer to the root, so it is complete */
static void
complete(struct literals *l)
{
	uint32_t *queue = mem_calloc(l->states, sizeof *queue);
	uint32_t *fail = mem_calloc(l->states, sizeof *fail);
	size_t head = 0, tail = 0;

	for (size_t c = 0; c < l->stride; c++) {
		if (l->next[c])
			queue[tail++] = l->next[c];
	}
	while (head < tail) {
		uint32_t row = queue[head++], back = fail[row / l->stride];
		size_t b = back / l->stride;

		l->suffix[row / l->stride] = l->first[b] != NONE ? (uint32_t)b : l->suffix[b];
		for (size_t c = 0; c < l->stride; c++) {
			uint32_t to = l->next[row + c];

			if (to) {
				fail[to / l->stride] = l->next[back + c];
				queue[tail++] = to;
			} else {
				l->next[row + c] = l->next[back + c];
			}
		}
	}
	free(queue);
	free(fail);
}

static void
mark_hits(struct literals *l)
{
	for (size_t i = 0; i < l->states * l->stride; i++) {
		size_t state = l->next[i] / l->stride;

		if (l->first[state] != NONE || l->suffix[state] != NONE)
			l->next[i] |= HIT;
	}
}

int
literals_new(const struct slice *text, size_t n, unsigned flags, struct literals **out,
    struct err *e)
{
	struct literals *l = mem_calloc(1, sizeof *l);
	size_t room = 1;

	*out = NULL;
	make_classes(l, text, n, flags);
	for (size_t i = 0; i < n; i++)
		room += text[i].n;
	if (room > LITERAL_TABLE_MAX / sizeof *l->next / l->stride || n >= HIT) {
		free(l);
		return err_set(e, ERR_LIMIT, "%zu literals of %zu bytes need a table of more "
		    "than %u MiB", n, room - 1, LITERAL_TABLE_MAX / (1024 * 1024));
	}
	l->count = n;
	l->states = 1;
	l->next = mem_calloc(room * l->stride, sizeof *l->next);
	l->first = mem_alloc(room * sizeof *l->first);
	l->suffix = mem_alloc(room * sizeof *l->suffix);
	l->same = mem_alloc((n + 1) * sizeof *l->same);
	memset(l->first, 0xFF, room * sizeof *l->first);
	memset(l->suffix, 0xFF, room * sizeof *l->suffix);
	memset(l->same, 0xFF, (n + 1) * sizeof *l->same);
	for (size_t i = 0; i < n; i++) {
		if (text[i].n)
			add(l, text[i], (uint32_t)i);
	}
	complete(l);
	mark_hits(l);
	l->next = mem_realloc(l->next, l->states * l->stride * sizeof *l->next);
	*out = l;
	return 0;
}

void
literals_free(struct literals *l)
{
	if (!l)
		return;
	free(l->next);
	free(l->first);
	free(l->suffix);
	free(l->same);
	free(l);
}

size_t
literals_count(const struct literals *l)
{
	return l->count;
}

size_t
literals_bytes(const struct literals *l)
{
	return l->states * l->stride * sizeof *l->next;
}

bool
literals_each(const struct literals *l, struct slice text, literals_fn *fn, void *ctx)
{
	const unsigned char *p = (const unsigned char *)text.p;
	const uint32_t *next = l->next;
	uint32_t row = 0;

	for (size_t i = 0; i < text.n; i++) {
		row = next[row + l->class[p[i]]];
		if (!(row & HIT))
			continue;
		row &= ~HIT;
		for (uint32_t s = (uint32_t)(row / l->stride); s != NONE; s = l->suffix[s]) {
			for (uint32_t id = l->first[s]; id != NONE; id = l->same[id]) {
				if (!fn(ctx, id, i + 1))
					return false;
			}
		}
	}
	return true;
}

struct marks {
	uint64_t *bits;
	bool any;
};

static bool
mark(void *ctx, size_t id, size_t end)
{
	struct marks *m = ctx;

	(void)end;
	m->bits[id / 64] |= UINT64_C(1) << (id % 64);
	m->any = true;
	return true;
}

bool
literals_mark(const struct literals *l, struct slice text, uint64_t *bits)
{
	struct marks m = { bits, false };

	literals_each(l, text, mark, &m);
	return m.any;
}
