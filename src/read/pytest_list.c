/*
 * pytest_list.c - the tree of --collect-only to ids.
 */
#include "config.h"

#include "read/pytest_list.h"

#include "base/mem.h"
#include "read/pytest_line.h"
#include "read/pytest_table.h"

#include <stdlib.h>

#define ID_MAX 4096

void
pytest_list_init(struct pytest_list *l)
{
	*l = (struct pytest_list){ .rooted = true };
	arena_init(&l->arena);
	buf_init(&l->scratch, ID_MAX);
}

void
pytest_list_release(struct pytest_list *l)
{
	free(l->item);
	buf_release(&l->scratch);
	arena_release(&l->arena);
}

void
pytest_list_reset(struct pytest_list *l)
{
	if (l->items == 0 && l->depth == 0 && !l->over)
		return;
	arena_reset(&l->arena);
	l->items = l->depth = 0;
	l->over = false;
}

static void
add(struct pytest_list *l, struct slice id, uint64_t line, uint64_t byte)
{
	if (l->items >= PYTEST_RESULTS || l->arena.used + id.n > PYTEST_LISTED) {
		l->over = true;
		return;
	}
	l->item = mem_grow(l->item, &l->cap, l->items + 1, sizeof *l->item);
	l->item[l->items++] = (struct pytest_listed){ arena_copy(&l->arena, id), line, byte };
}

/* the last node had nothing below it: it is a test */
static void
add_node(struct pytest_list *l)
{
	struct buf *b = &l->scratch;
	size_t i = l->rooted && l->depth > 1 && l->folder[0], folders = i;

	buf_reset(b);
	while (folders < l->depth && l->folder[folders])
		folders++;
	/* older ones give modules with their whole path */
	if (folders < l->depth && slice_find_byte(l->level[folders], 0, '/') != SIZE_MAX)
		i = folders;
	for (; i < l->depth; i++) {
		buf_put_slice(b, l->level[i]);
		if (i + 1 < l->depth)
			buf_puts(b, i < folders ? "/" : "::");
	}
	if (folders + 1 < l->depth && !b->over)
		add(l, buf_slice(b), l->line, l->byte);
}

/* "    <Function test_x>" */
static bool
node(struct slice line, size_t *depth, struct slice *kind, struct slice *name)
{
	size_t blanks = 0;

	line = pytest_rtrim(line);
	while (blanks < line.n && line.p[blanks] == ' ')
		blanks++;
	*name = slice_sub(line, blanks, line.n);
	*depth = blanks / 2;
	if (blanks % 2 || !slice_take_byte(name, '<') || !slice_ends(*name, ">") ||
	    !slice_take_until(name, ' ', kind) || kind->n == 0 || name->n < 2)
		return false;
	for (size_t i = 0; i < kind->n; i++)
		if (!((kind->p[i] >= 'a' && kind->p[i] <= 'z') ||
		    (kind->p[i] >= 'A' && kind->p[i] <= 'Z')))
			return false;
	name->n--;
	return true;
}

bool
pytest_list_line(struct pytest_list *l, struct slice line, const struct line *at)
{
	struct slice kind, name;
	size_t depth;

	if (node(line, &depth, &kind, &name)) {
		if (depth > l->depth || depth >= PYTEST_LEVELS)
			return false;
		if (l->depth && depth < l->depth)
			add_node(l);
		if (l->arena.used + name.n > PYTEST_LISTED) {
			l->over = true;
			return true;
		}
		l->level[depth] = arena_copy(&l->arena, slice_sub(name, 0, ID_MAX));
		l->folder[depth] = slice_eqs(kind, "Dir") || slice_eqs(kind, "Package");
		l->depth = depth + 1;
		l->line = at->no;
		l->byte = at->byte;
		return true;
	}
	if (line.n > ID_MAX || slice_find(line, 0, SLICE("::")) == SIZE_MAX ||
	    !pytest_id_valid(line, false))
		return false;
	add(l, line, at->no, at->byte);
	return true;
}

size_t
pytest_list_end(struct pytest_list *l)
{
	if (l->depth)
		add_node(l);
	l->depth = 0;
	return l->over ? 0 : l->items;
}
