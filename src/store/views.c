#include "config.h"

#include "store/db.h"

/*
 * The comments of views and columns are lines of the schema itself:
 *	-- view: NAME | comment
 *	-- column: NAME | comment
 */

struct comment {
	struct slice name, text;
};

static bool
parse_comment(struct slice line, const char *word, struct comment *c)
{
	if (!slice_take_str(&line, word) || !slice_take_until(&line, '|', &c->name))
		return false;
	c->name = slice_trim(c->name);
	c->text = slice_trim(line);
	return true;
}

static struct slice
schema_text(size_t i)
{
	const struct schema_file *f = schema_at(i);

	return f ? slice_of((const char *)f->sql, f->n) : slice_of(NULL, 0);
}

/* a later step may make a view again: only its last description counts */
static bool
described_later(size_t file, struct slice view)
{
	struct slice in, line;
	struct comment c;

	for (file++; schema_at(file); file++)
		for (in = schema_text(file); slice_take_line(&in, &line);)
			if (parse_comment(line, "-- view:", &c) && slice_eq(c.name, view))
				return true;
	return false;
}

static int
give(store_view_fn *fn, void *ctx, struct slice view, const struct comment *c, bool is_column)
{
	struct arena a;
	int rc;

	arena_init(&a);
	rc = fn(ctx, arena_str(&a, view), is_column ? arena_str(&a, c->name) : NULL,
	    arena_str(&a, c->text));
	arena_release(&a);
	return rc;
}

int
store_views(store_view_fn *fn, void *ctx)
{
	struct slice in, line, view = { NULL, 0 };
	struct comment c;
	size_t i;
	int rc = 0;

	for (i = 0; schema_at(i); i++)
		for (in = schema_text(i); rc == 0 && slice_take_line(&in, &line);) {
			bool is_view = parse_comment(line, "-- view:", &c);

			if (is_view)
				view = described_later(i, c.name) ? slice_of(NULL, 0) : c.name;
			else if (!parse_comment(line, "-- column:", &c))
				continue;
			if (view.n)
				rc = give(fn, ctx, view, &c, !is_view);
		}
	return rc;
}
