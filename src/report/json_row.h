/*
 * json_row.h - one row as a JSON object, for out_json.c and out_ndjson.c.
 */
#ifndef REPORT_JSON_ROW_H
#define REPORT_JSON_ROW_H

#include "report/table.h"

/* appends to t->line; keys stand in the order of the columns */
void	json_row(struct table *t, const struct value *v);

#endif
