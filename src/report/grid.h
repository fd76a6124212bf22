/*
 * grid.h - rows in columns of a fixed width, for out_box.c and out_table.c.
 */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "report/table.h"

struct grid_line {
	const char *left, *fill, *cross, *right;
};

struct grid {
	struct grid_line top, middle, bottom;
	const char *bar;		/* between cells */
	const char *cut;		/* what ends a cell that was cut; one column wide */
};

/* widths from the names and the collected rows: the widest texts shrink until a row fits */
void	grid_fit(struct table *t);
void	grid_head(struct table *t, const struct grid *g);
void	grid_row(struct table *t, const struct grid *g, const struct value *v);
void	grid_end(struct table *t, const struct grid *g);

#endif
