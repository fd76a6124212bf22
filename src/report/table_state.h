/*
 * table_state.h - what the writers of tables share. Only out_*.c, grid.c and table.c include it.
 */
#ifndef REPORT_TABLE_STATE_H
#define REPORT_TABLE_STATE_H

#include "base/arena.h"
#include "report/table.h"

struct table {
	const struct table_format *format;
	struct output *out;		/* borrowed */
	size_t width;
	struct arena arena;		/* names and collected rows */
	struct arena scratch;		/* reset with each row */
	struct tokens *tokens;		/* NULL: texts are shown as they are stored */
	struct value *numbered;		/* scratch of one row */
	const struct slice *name;
	size_t columns;
	bool headed;			/* table_head was called */
	uint64_t rows;
	/* formats that do not stream: rows that set the widths */
	const struct value **row;
	size_t collected, cap;
	bool laid_out;
	size_t *fit;			/* width of each column */
	size_t *keep;			/* what it keeps at least */
	bool *numeric;			/* of each column: only numbers were seen */
	struct buf line;		/* one line under construction */
	struct buf cell;		/* one cell, escaped */
};

/* numbers as digits, NULL as the empty text, text as it is; lives in scratch */
struct slice table_cell(struct table *t, const struct value *v);
/* writes t->line and empties it */
void	table_put_line(struct table *t);

#endif
