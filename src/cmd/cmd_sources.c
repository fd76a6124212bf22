/* cmd_sources.c - every source: what it is, what it covers, what is wrong with it */
#include "config.h"

#include "cmd/cmd.h"
#include "cmd/ids.h"
#include "cmd/present.h"

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	struct present *p;
	struct rows rows;
	int64_t id = 0;
	uint64_t n;
	int rc;

	(void)args;
	if (argc > 1)
		return err_set(e, ERR_USAGE, "sources takes at most one id");
	if (argc == 1 && id_of(argv[0], 's', &id, e) == -1)
		return -1;
	if (present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	rows = present_rows(p);
	rc = store_rows(app->store, "SELECT 's' || id AS source, path, kind, shape, state, "
	    "entries, added, known, filled, conflicts, damaged, not_evidence, "
	    "first_ts, last_ts, truncated, "
	    "clock, note, redact, redacted FROM sources WHERE ?1 = 0 OR id = ?1 ORDER BY id",
	    &id, 1, &rows, e);
	if (rc == -1) {
		present_abort(p);
		return -1;
	}
	if (present_close(p, &n, e) == -1)
		return -1;
	if (id && n == 0) {
		err_set(e, ERR_ID, "there is no source %s", argv[0]);
		return err_help(e, "`netra-triage sources` lists them");
	}
	return 0;
}

const struct cmd cmd_sources = {
	.name = "sources", .about = "List what was ingested, and what it is worth",
	.operands = "[sN]", .need = CMD_STORE_READ, .run = run,
};
