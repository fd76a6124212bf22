/*
 * grid.c - columns fitted to the width of the terminal.
 *
 * A column is one code point wide per character; wide characters make a line
 * longer and break nothing else.
 */
#include "config.h"

#include "report/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/table_state.h"

#define TEXT_KEEPS 12		/* columns a text keeps while another can shrink */
#define COLUMN_KEEPS 3		/* columns that are always left */
#define CELL_LOOKS (64u * 1024)	/* bytes of a cell that are looked at */

/* a number is never cut: where it needs more room, the line gets longer */
enum cell_kind { CELL_NAME, CELL_TEXT, CELL_NUMBER };

static size_t
columns_of(struct slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

/* t->cell: s made visible, no longer than a line can show of it */
static struct slice
show(struct table *t, struct slice s)
{
	buf_reset(&t->cell);
	text_escape(&t->cell, slice_sub(s, 0, text_utf8_floor(s, CELL_LOOKS)), true);
	return buf_slice(&t->cell);
}

static size_t
widen(struct table *t, size_t i, struct slice s)
{
	size_t n = columns_of(show(t, s));

	if (n > t->width)
		n = t->width;
	if (n > t->fit[i])
		t->fit[i] = n;
	return n;
}

static void
measure(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++) {
		bool number = false, text = false;

		t->keep[i] = COLUMN_KEEPS;
		widen(t, i, t->name[i]);
		for (size_t r = 0; r < t->collected; r++) {
			const struct value *v = &t->row[r][i];
			size_t n = widen(t, i, table_cell(t, v));

			text |= v->type == VALUE_TEXT;
			if (v->type != VALUE_INT && v->type != VALUE_REAL)
				continue;
			number = true;
			if (n > t->keep[i])
				t->keep[i] = n;
		}
		t->numeric[i] = number && !text;
		arena_reset(&t->scratch);
	}
}

/* the widest column that may shrink, or t->columns; numbers never do */
static size_t
widest(const struct table *t, size_t keep)
{
	size_t best = t->columns;

	for (size_t i = 0; i < t->columns; i++) {
		if (t->fit[i] <= keep || t->fit[i] <= t->keep[i])
			continue;
		if (best == t->columns || t->fit[i] > t->fit[best])
			best = i;
	}
	return best;
}

void
grid_fit(struct table *t)
{
	size_t total = 1, i;

	t->fit = arena_array(&t->arena, t->columns, sizeof *t->fit);
	t->keep = arena_array(&t->arena, t->columns, sizeof *t->keep);
	t->numeric = arena_array(&t->arena, t->columns, sizeof *t->numeric);
	measure(t);
	for (i = 0; i < t->columns; i++)
		total += t->fit[i] + 3;
	for (; total > t->width; total--) {
		i = widest(t, TEXT_KEEPS);
		if (i == t->columns)
			i = widest(t, 0);
		if (i == t->columns)
			break;
		t->fit[i]--;
	}
}

static void
put_blanks(struct table *t, size_t n)
{
	while (n-- > 0)
		buf_putc(&t->line, ' ');
}

/* offset behind the first n code points */
static size_t
skip_columns(struct slice s, size_t n)
{
	size_t i = 0;

	while (i < s.n && n-- > 0)
		for (i++; i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80; i++)
			;
	return i;
}

static void
put_cell(struct table *t, const struct grid *g, size_t i, struct slice s,
    enum cell_kind kind)
{
	bool right = kind == CELL_NUMBER || (kind == CELL_NAME && t->numeric[i]);
	size_t room = t->fit[i], n;

	s = show(t, s);
	n = columns_of(s);
	if (right && n < room)
		put_blanks(t, room - n);
	if (n > room && kind != CELL_NUMBER) {
		buf_put(&t->line, s.p, skip_columns(s, room - 1));
		buf_puts(&t->line, g->cut);
	} else {
		buf_put_slice(&t->line, s);
	}
	if (!right && n < room)
		put_blanks(t, room - n);
}

static void
put_rule(struct table *t, const struct grid_line *l)
{
	buf_puts(&t->line, l->left);
	for (size_t i = 0; i < t->columns; i++) {
		if (i)
			buf_puts(&t->line, l->cross);
		for (size_t n = 0; n < t->fit[i] + 2; n++)
			buf_puts(&t->line, l->fill);
	}
	buf_puts(&t->line, l->right);
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
put_gap(struct table *t, const struct grid *g, bool first, bool last)
{
	if (!first)
		buf_putc(&t->line, ' ');
	buf_puts(&t->line, g->bar);
	buf_puts(&t->line, last ? "\n" : " ");
}

void
grid_head(struct table *t, const struct grid *g)
{
	if (t->columns == 0)
		return;
	put_rule(t, &g->top);
	put_gap(t, g, true, false);
	for (size_t i = 0; i < t->columns; i++) {
		put_cell(t, g, i, t->name[i], CELL_NAME);
		put_gap(t, g, false, i + 1 == t->columns);
	}
	table_put_line(t);
	put_rule(t, &g->middle);
}

void
grid_row(struct table *t, const struct grid *g, const struct value *v)
{
	if (t->columns == 0)
		return;
	put_gap(t, g, true, false);
	for (size_t i = 0; i < t->columns; i++) {
		put_cell(t, g, i, table_cell(t, &v[i]),
		    v[i].type == VALUE_INT || v[i].type == VALUE_REAL ? CELL_NUMBER : CELL_TEXT);
		put_gap(t, g, false, i + 1 == t->columns);
	}
	table_put_line(t);
}

void
grid_end(struct table *t, const struct grid *g)
{
	if (t->columns)
		put_rule(t, &g->bottom);
}
