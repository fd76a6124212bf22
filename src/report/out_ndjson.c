/*
 * out_ndjson.c - one JSON object a line.
 */
#include "config.h"

#include "report/json_row.h"
#include "report/table_state.h"

static void
head(struct table *t)
{
	(void)t;
}

static void
row(struct table *t, const struct value *v)
{
	json_row(t, v);
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
end(struct table *t)
{
	(void)t;
}

const struct table_format table_format_ndjson = {
	.name = "ndjson", .about = "one JSON object a line",
	.streams = true, .head = head, .row = row, .end = end,
};
