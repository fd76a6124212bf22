/*
 * csv_columns.h - what the columns of a CSV of log entries are, and a row as a LogEntry.
 *
 * The header may have dotted paths (Logs Explorer: resource.labels.service_name,
 * jsonPayload.message, labels."run.googleapis.com/execution_name"), names in snake
 * case (BigQuery, Log Analytics: json_payload, log_name), or the last part of a path
 * in snake case, as gcloud's csv(...) prints it (text_payload, service_name, message).
 *
 * Behind labels. and resource.labels. all is one key, dots too; elsewhere a dot parts
 * keys unless it stands in quotes. An empty cell is no value. A cell of JSON object or
 * array text becomes that object or array where LogEntry has one. A value in a payload
 * is a number, true or false when JSON would print it just so, else text; a message
 * stays text. Cells are never executed, so nothing is taken off a leading =, +, - or '.
 * A column that LogEntry does not have becomes a text beside the others.
 * Private to read/.
 */
#ifndef READ_CSV_COLUMNS_H
#define READ_CSV_COLUMNS_H

#include <jansson.h>

#include "base/buf.h"
#include "read/csv_row.h"
#include "read/logentry.h"

#define CSV_KEYS 16		/* parts of a path; what is deeper stays one key */

struct csv_column {
	const char *key[CSV_KEYS];
	size_t keys;
	enum logentry_kind kind;	/* PAYLOAD: a value inside one, OBJECT: an object */
	bool own;			/* only logs have a column of this name */
};

struct csv_columns {
	struct csv_column *column;	/* owned */
	size_t columns;
	struct arena arena;		/* of the names */
	size_t time;			/* the column of the timestamp; SIZE_MAX if there is none */
	bool entry;			/* a time, and a column that shows that these are entries */
	bool complete;			/* nothing is missing that tells an entry from others */
};

void	csv_columns_init(struct csv_columns *c, const struct csv_row *header);
void	csv_columns_release(struct csv_columns *c);
/* the row as an object that the caller owns; *fixed counts bytes that were no UTF-8 */
json_t	*csv_columns_object(const struct csv_columns *c, const struct csv_row *row,
	    unsigned depth, struct arena *a, struct buf *scratch, size_t *fixed);
/* of , ; and tab the one that parts the most columns of LogEntry in this line */
char	csv_separator(struct slice line);

#endif
