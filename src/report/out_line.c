/*
 * out_line.c - one value a line, "name = value", for long texts.
 *
 * Lines of a value that has several are indented behind the "=", so that none of
 * them can pass for another name.
 */
#include "config.h"

#include "base/text.h"
#include "report/table_state.h"

static size_t
name_width(const struct table *t)
{
	size_t width = 0;

	for (size_t i = 0; i < t->columns; i++)
		if (t->name[i].n > width)
			width = t->name[i].n;
	return width < 40 ? width : 40;
}

static void
put_blanks(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

static void
head(struct table *t)
{
	(void)t;
}

static void
row(struct table *t, const struct value *v)
{
	size_t width = name_width(t);

	if (t->rows > 1)
		buf_putc(&t->line, '\n');
	for (size_t i = 0; i < t->columns; i++) {
		struct slice rest, line;
		bool first = true;

		buf_reset(&t->cell);
		text_escape(&t->cell, table_cell(t, &v[i]), false);
		put_blanks(&t->line, t->name[i].n < width ? width - t->name[i].n : 0);
		text_escape(&t->line, t->name[i], true);
		buf_puts(&t->line, " =");
		for (rest = buf_slice(&t->cell); slice_take_line(&rest, &line); first = false) {
			if (!first)
				put_blanks(&t->line, width + 2);
			if (line.n)
				buf_putc(&t->line, ' ');
			buf_put_slice(&t->line, line);
			buf_putc(&t->line, '\n');
		}
		if (first)
			buf_putc(&t->line, '\n');
	}
	table_put_line(t);
}

static void
end(struct table *t)
{
	(void)t;
}

const struct table_format table_format_line = {
	.name = "line", .about = "one value a line, an empty line between rows",
	.streams = true, .head = head, .row = row, .end = end,
};
