/*
 * out_csv.c - comma-separated values with the quotes of RFC 4180.
 *
 * A text that a spreadsheet would take for a formula gets a leading '; numbers
 * are left alone. Lines end with \n.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "report/table_state.h"

static void
put_field(struct table *t, size_t i, struct slice s, bool text)
{
	struct slice field;
	size_t at;

	if (i)
		buf_putc(&t->line, ',');
	buf_reset(&t->cell);
	if (text && s.n && memchr("=+-@\t\r", s.p[0], 6))
		buf_putc(&t->cell, '\'');
	text_escape(&t->cell, s, false);
	field = buf_slice(&t->cell);
	if (!strpbrk(field.p, ",\"\n\t") && !(field.n && (field.p[0] == ' ' ||
	    field.p[field.n - 1] == ' '))) {
		buf_put_slice(&t->line, field);
		return;
	}
	buf_putc(&t->line, '"');
	while ((at = slice_find_byte(field, 0, '"')) != SIZE_MAX) {
		buf_put(&t->line, field.p, at);
		buf_puts(&t->line, "\"\"");
		field = slice_sub(field, at + 1, field.n);
	}
	buf_put_slice(&t->line, field);
	buf_putc(&t->line, '"');
}

static void
head(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++)
		put_field(t, i, t->name[i], true);
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
row(struct table *t, const struct value *v)
{
	for (size_t i = 0; i < t->columns; i++)
		put_field(t, i, table_cell(t, &v[i]), v[i].type == VALUE_TEXT);
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
end(struct table *t)
{
	(void)t;
}

const struct table_format table_format_csv = {
	.name = "csv", .about = "comma-separated values with a header line",
	.streams = true, .head = head, .row = row, .end = end,
};
