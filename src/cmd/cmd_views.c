/* cmd_views.c - the public views, one line each */
#include "config.h"

#include "cmd/cmd.h"
#include "cmd/present.h"

static int
put(void *ctx, const char *view, const char *column, const char *comment)
{
	struct value v[2] = { value_str(view), value_str(comment) };

	if (!column)
		present_row(ctx, v);
	return 0;
}

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	static const char *const head[] = { "view", "meaning" };
	struct present *p;

	(void)args;
	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "views takes no operand; `schema VIEW` shows columns");
	if (present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	present_head(p, head, 2);
	store_views(put, p);
	return present_close(p, NULL, e);
}

const struct cmd cmd_views = {
	.name = "views", .about = "List the public views",
	.operands = "", .run = run,
};
