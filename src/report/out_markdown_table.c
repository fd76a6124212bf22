/*
 * out_markdown_table.c - a table in GitHub Flavored Markdown.
 */
#include "config.h"

#include "report/md_escape.h"
#include "report/table_state.h"

static void
head(struct table *t)
{
	if (t->columns == 0)
		return;
	buf_putc(&t->line, '|');
	for (size_t i = 0; i < t->columns; i++) {
		buf_putc(&t->line, ' ');
		md_text(&t->line, t->name[i], MD_CELL);
		buf_puts(&t->line, " |");
	}
	buf_puts(&t->line, "\n|");
	for (size_t i = 0; i < t->columns; i++)
		buf_puts(&t->line, " --- |");
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
row(struct table *t, const struct value *v)
{
	if (t->columns == 0)
		return;
	buf_putc(&t->line, '|');
	for (size_t i = 0; i < t->columns; i++) {
		buf_putc(&t->line, ' ');
		md_text(&t->line, table_cell(t, &v[i]), MD_CELL);
		buf_puts(&t->line, " |");
	}
	buf_putc(&t->line, '\n');
	table_put_line(t);
}

static void
end(struct table *t)
{
	(void)t;
}

const struct table_format table_format_markdown = {
	.name = "markdown", .about = "a table in GitHub Flavored Markdown",
	.streams = true, .head = head, .row = row, .end = end,
};
