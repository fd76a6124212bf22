/* cmd_schema.c - the columns of the public views and what they mean */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"
#include "cmd/present.h"

struct schema {
	struct present *present;
	const char *view;		/* NULL = all */
	char nearest[64];		/* "" = none */
	unsigned distance;
	bool found;
};

static int
put(void *ctx, const char *view, const char *column, const char *comment)
{
	struct schema *s = ctx;
	struct value v[3] = { value_str(view), value_str(column), value_str(comment) };
	unsigned d;

	if (s->view && strcmp(view, s->view) != 0) {
		d = slice_distance(slice_str(view), slice_str(s->view));
		if (d < s->distance) {
			s->distance = d;
			snprintf(s->nearest, sizeof s->nearest, "%s", view);
		}
		return 0;
	}
	s->found = true;
	if (column && s->present)
		present_row(s->present, v);
	return 0;
}

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	static const char *const head[] = { "view", "column", "meaning" };
	struct schema s = { .view = argc ? argv[0] : NULL, .distance = 4 };

	(void)args;
	if (argc > 1)
		return err_set(e, ERR_USAGE, "schema takes at most one view");
	store_views(put, &s);
	if (!s.found) {
		err_set(e, ERR_ID, "there is no view `%s`", s.view);
		return s.nearest[0] ? err_help(e, "did you mean `%s`?", s.nearest) :
		    err_help(e, "`netra-triage views` lists them");
	}
	if (present_open(app, NULL, NULL, &s.present, e) == -1)
		return -1;
	present_head(s.present, head, 3);
	store_views(put, &s);
	return present_close(s.present, NULL, e);
}

const struct cmd cmd_schema = {
	.name = "schema", .about = "Show the columns of a view and what they mean",
	.operands = "[VIEW]", .run = run,
};
