/* cmd_version.c - the version, and what it was built with */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	struct output *out;

	(void)args;
	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "version takes no operand");
	if (output_open(NULL, &out, e) == -1)
		return -1;
	if (app->common.format && strcmp(app->common.format, "json") == 0)
		output_puts(out, "{\"format\":1,\"rows\":[{\"name\":\"" PACKAGE_NAME
		    "\",\"version\":\"" PACKAGE_VERSION "\"}]}\n");
	else
		output_puts(out, PACKAGE_NAME " " PACKAGE_VERSION "\n");
	return output_commit(out, e);
}

const struct cmd cmd_version = {
	.name = "version", .about = "Show the version",
	.operands = "", .run = run,
};
