/*
 * out_table.c - a table with lines in ASCII, for terminals and mail.
 */
#include "config.h"

#include "report/grid.h"

static const struct grid grid = {
	.top = { "+", "-", "+", "+" },
	.middle = { "+", "-", "+", "+" },
	.bottom = { "+", "-", "+", "+" },
	.bar = "|", .cut = "~",
};

static void
head(struct table *t)
{
	grid_head(t, &grid);
}

static void
row(struct table *t, const struct value *v)
{
	grid_row(t, &grid, v);
}

static void
end(struct table *t)
{
	grid_end(t, &grid);
}

const struct table_format table_format_table = {
	.name = "table", .about = "columns fitted to the terminal, in ASCII",
	.streams = false, .head = head, .row = row, .end = end,
};
