/*
 * json_row.c - a row as a JSON object: numbers stay numbers, NULL is null.
 */
#include "config.h"

#include "report/json_row.h"

#include <math.h>

#include "report/json_escape.h"
#include "report/table_state.h"

void
json_row(struct table *t, const struct value *v)
{
	buf_putc(&t->line, '{');
	for (size_t i = 0; i < t->columns; i++) {
		if (i)
			buf_putc(&t->line, ',');
		json_escape(&t->line, &t->scratch, t->name[i]);
		buf_putc(&t->line, ':');
		if (v[i].type == VALUE_TEXT)
			json_escape(&t->line, &t->scratch, v[i].text);
		else if (v[i].type == VALUE_NULL || (v[i].type == VALUE_REAL && !isfinite(v[i].r)))
			buf_puts(&t->line, "null");
		else
			buf_put_slice(&t->line, table_cell(t, &v[i]));
	}
	buf_putc(&t->line, '}');
}
