/*
 * out_tsv.c - tab-separated values: \t, \n and \\ stand for tab, newline and backslash.
 */
#include "config.h"

#include "base/text.h"
#include "report/table_state.h"

static void
put_field(struct table *t, size_t i, struct slice s)
{
	size_t at;

	if (i)
		buf_putc(&t->line, '\t');
	/* backslashes first, so that those of text_escape cannot be mistaken */
	buf_reset(&t->cell);
	while ((at = slice_find_byte(s, 0, '\\')) != SIZE_MAX) {
		buf_put(&t->cell, s.p, at);
		buf_puts(&t->cell, "\\\\");
		s = slice_sub(s, at + 1, s.n);
	}
	buf_put_slice(&t->cell, s);
	text_escape(&t->line, buf_slice(&t->cell), true);
}

static void
head(struct table *t)
{
	for (size_t i = 0; i < t->columns; i++)
		put_field(t, i, t->name[i]);
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
row(struct table *t, const struct value *v)
{
	for (size_t i = 0; i < t->columns; i++)
		put_field(t, i, table_cell(t, &v[i]));
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
end(struct table *t)
{
	(void)t;
}

const struct table_format table_format_tsv = {
	.name = "tsv", .about = "tab-separated values with a header line",
	.streams = true, .head = head, .row = row, .end = end,
};
