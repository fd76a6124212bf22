/*
 * csv_row.h - one row of RFC 4180 from text that may go on.
 *
 * Cells are parted by one byte; a cell in quotes may hold that byte, line breaks,
 * and quotes as "". A row ends with LF, CRLF or the text. Private to read/.
 */
#ifndef READ_CSV_ROW_H
#define READ_CSV_ROW_H

#include "base/arena.h"
#include "base/slice.h"

#define CSV_COLUMNS 4096	/* cells of one row that are kept; all are counted */

struct csv_cell {
	struct slice text;	/* without the quotes around it; points into the row */
	bool doubled;		/* it holds "" for " */
};

struct csv_row {
	struct csv_cell *cell;	/* owned; grows as needed */
	size_t cells, kept, cap;
	size_t bytes;		/* without the line break */
	size_t used;		/* with it; of a bad row, up to the fault */
	size_t quote;		/* where the cell begins whose quote is not closed */
	bool lines;		/* a line break stands in it */
	bool loose;		/* a quote stands inside a cell without quotes */
};

enum csv_read {
	CSV_ROW,
	CSV_OPEN,	/* the text ends inside quotes */
	CSV_MORE,	/* the text ends inside a row, and more may follow */
	CSV_QUOTE	/* something else than a separator follows a closing quote, at `used` */
};

void	csv_row_release(struct csv_row *r);
/*
 * whole: nothing follows the text. strict: a quote inside a cell without quotes is
 * a fault too; else it is text, as some programs print it, and no later cell of the
 * row may hold a line break. So rows with line breaks have no odd quotes, and a line
 * that opens a quote is closed by the next line that would: reading again from any
 * line after a fault costs no more than reading once.
 */
enum csv_read csv_row_read(struct csv_row *r, struct slice text, char separator, bool whole,
	    bool strict);
/* the text of a cell, valid UTF-8, *fixed counts what was replaced; "" is undone */
struct slice csv_cell_text(const struct csv_cell *c, struct arena *a, size_t *fixed);

#endif
