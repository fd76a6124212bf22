/*
 * table.h - rows of cells to a terminal, a pipe or a file.
 *
 * Formats: box and table (for people, fitted to the width), line, tsv, csv, json
 * (one object {"format":1,"rows":[...]}), ndjson, markdown. tsv and csv print one
 * header line. A format is one file out_NAME.c and one line in format_list.h.
 * Text of unknown origin is escaped for its sink by each writer.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "base/buf.h"
#include "base/io.h"
#include "report/tokens.h"

enum value_type { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT };

struct value {
	enum value_type type;
	int64_t i;
	double r;
	struct slice text;
};

struct table;				/* opaque: collects (box, table) or streams (the rest) */

struct table_format {
	const char *name, *about;
	bool streams;
	void (*head)(struct table *t);
	void (*row)(struct table *t, const struct value *v);
	void (*end)(struct table *t);
};

const struct table_format *table_format_by_name(const char *name);
const struct table_format *table_format_at(size_t i);
/* box on a terminal (width columns), tsv in a pipe */
const struct table_format *table_format_default(bool terminal);

struct table *table_new(const struct table_format *f, struct output *out, size_t width);
/* number the redaction tokens of all texts, those of known kinds */
void	table_number(struct table *t, token_kind_fn *known);
void	table_head(struct table *t, const char *const *name, size_t columns);
/* as many as columns; copied if needed */
void	table_row(struct table *t, const struct value *v);
uint64_t table_end(struct table *t);			/* prints what is collected; frees; rows */

#endif
