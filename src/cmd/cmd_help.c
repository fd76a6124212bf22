/* cmd_help.c - the manual of a command on a terminal, its short help elsewhere */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/paths.h"

/* man(1) takes over the process; returns only when it cannot be run */
static void
open_manual(const char *name)
{
	size_t n = strlen(name) + sizeof "netra-triage-";
	char *page = mem_alloc(n);
	char *built = path_data("man"), *file;
	size_t fn;

	snprintf(page, n, "netra-triage-%s", name);
	fn = strlen(built) + n + 8;
	file = mem_alloc(fn);
	snprintf(file, fn, "%s/%s.1", built, page);
	if (access(file, R_OK) == 0)
		execlp("man", "man", file, (char *)NULL);
	execlp("man", "man", page, (char *)NULL);
	free(file);
	free(built);
	free(page);
}

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	const struct cmd *c = argc > 0 ? cmd_by_name(argv[0]) : NULL;
	const char *near;
	struct output *out;

	(void)app;
	(void)args;
	if (argc > 1)
		return err_set(e, ERR_USAGE, "help takes one command");
	if (argc == 1 && !c) {
		near = cmd_nearest(argv[0]);
		err_set(e, ERR_USAGE, "unknown command `%s`", argv[0]);
		return near ? err_help(e, "did you mean `%s`?", near) :
		    err_help(e, "`netra-triage help` lists the commands");
	}
	if (c && isatty(STDOUT_FILENO))
		open_manual(c->name);
	if (output_open(NULL, &out, e) == -1)
		return -1;
	cmd_usage(c, out);
	return output_commit(out, e);
}

const struct cmd cmd_help = {
	.name = "help", .about = "Explain a command: its manual page",
	.operands = "[COMMAND]", .run = run,
};
