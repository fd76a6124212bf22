/*
 * gcp_columns.h - the columns of a table that gcloud prints, and the cells of its lines.
 *
 * A heading names the columns in UPPER_CASE, cells begin below their name's first
 * letter, and two blanks at least stand between columns. In a box, rules of + and -
 * (or of box drawing characters) say where the cells are. gcloud pads by width on
 * the terminal, so offsets count columns there: wide characters are two, combining
 * marks and escape sequences none. Private to read/.
 */
#ifndef READ_GCP_COLUMNS_H
#define READ_GCP_COLUMNS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/slice.h"

#define GCP_COLUMNS 32		/* of one table; a heading with more is none */

struct gcp_column {
	size_t from, to;	/* columns of the terminal; to is SIZE_MAX for the last one */
	char name[64];		/* "TEXT_PAYLOAD"; "" in a box whose heading was not met yet */
};

struct gcp_columns {
	struct gcp_column column[GCP_COLUMNS];
	size_t n;
	size_t time;		/* index of the column that tells when; n if there is none */
	size_t severity;	/* index of SEVERITY, or n */
	bool box;
};

/* a line of column names, TIMESTAMP or RECEIVE_TIMESTAMP among them */
bool	gcp_columns_heading(struct gcp_columns *c, struct slice line);
/* does one of them stand in log entries only? other programs print a TIMESTAMP, too */
bool	gcp_columns_of_log(const struct gcp_columns *c);
/* a line such as +-----+-----+; the names are left empty */
bool	gcp_columns_rule(struct gcp_columns *c, struct slice line);
/* the heading inside a box whose rule was read; false when it is a title or a row */
bool	gcp_columns_box_heading(struct gcp_columns *c, struct slice line);
bool	gcp_columns_same_rule(const struct gcp_columns *a, const struct gcp_columns *b);
bool	gcp_columns_is_box_line(struct slice line);

/*
 * The line by columns; cell has room for c->n. Blanks at the end are off, those at
 * the start are kept. False when text stands across the start of a column: then
 * that cell reaches to the next gap of two blanks.
 */
bool	gcp_columns_cut(const struct gcp_columns *c, struct slice line, struct slice *cell);

/* does text stand in this column, whose blanks mean something? */
bool	gcp_columns_is_text(const struct gcp_columns *c, size_t i);
/* one of the words of LogSeverity, in capitals as gcloud prints them */
bool	gcp_is_severity(struct slice word);

/*
 * An object with the names of LogEntry out of one row, which the caller owns. A
 * column that is no field of LogEntry becomes a member of jsonPayload. Text is
 * valid UTF-8; NUL is U+FFFD.
 */
json_t	*gcp_columns_object(const struct gcp_columns *c, const struct slice *cell);
/* object["a"]["b"] = value for path "a.b"; an empty value only makes a missing textPayload empty */
void	gcp_object_put(json_t *object, const char *path, struct slice value);

#endif
