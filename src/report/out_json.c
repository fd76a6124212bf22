/*
 * out_json.c - one JSON object: {"format":1,"rows":[...]}, a row on each line.
 */
#include "config.h"

#include "report/json_row.h"
#include "report/table_state.h"

static void
head(struct table *t)
{
	output_puts(t->out, "{\"format\":1,\"rows\":[");
}

static void
row(struct table *t, const struct value *v)
{
	buf_puts(&t->line, t->rows > 1 ? ",\n" : "\n");
	json_row(t, v);
	table_put_line(t);
}

static void
end(struct table *t)
{
	output_puts(t->out, t->rows ? "\n]}\n" : "]}\n");
}

const struct table_format table_format_json = {
	.name = "json", .about = "one JSON object, {\"format\":1,\"rows\":[...]}",
	.streams = true, .head = head, .row = row, .end = end,
};
