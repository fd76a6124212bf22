/* cmd_forget.c - remove a source that was ingested by mistake */
#include "config.h"

#include <inttypes.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ids.h"

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	struct forget_counts n;
	int64_t id;
	int i;

	(void)args;
	if (argc == 0) {
		err_set(e, ERR_USAGE, "forget needs the id of a source");
		return err_help(e, "`netra-triage sources` lists them: s1, s2 ...");
	}
	for (i = 0; i < argc; i++) {
		if (id_of(argv[i], 's', &id, e) == -1)
			return -1;
		if (store_source_forget(app->store, id, &n, e) == -1)
			return -1;
		msg_info(&app->msg, "%s: %" PRIu64 " entries, %" PRIu64 " runs and %" PRIu64
		    " tests removed; %" PRIu64 " entries kept, as other sources hold them",
		    argv[i], n.events, n.runs, n.tests, n.kept);
	}
	return evaluate(app, e);
}

const struct cmd cmd_forget = {
	.name = "forget", .about = "Remove a source and all that came from it",
	.operands = "sN...", .need = CMD_STORE_WRITE | CMD_RULES, .run = run,
};
