/* cmd_sources.c - every source: what it is, what it covers, what is wrong with it */
#include "config.h"

#include "cmd/cmd.h"
#include "cmd/ids.h"
#include "cmd/local.h"
#include "cmd/present.h"

struct args {
	const char *tz;
};

static const struct opt opts[] = {
	LOCAL_OPT(struct args, "tell times in this zone too, such as America/Los_Angeles"),
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

static int
list(struct app *app, const struct zone *zone, int64_t id, uint64_t *n, struct err *e)
{
	struct present *p;
	struct rows rows;

	if (present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	present_zone(p, zone);
	rows = present_rows(p);
	if (store_rows(app->store, "SELECT 's' || id AS source, path, kind, shape, state, "
	    "entries, added, known, filled, conflicts, damaged, not_evidence, "
	    "first_ts, last_ts, truncated, "
	    "clock, note FROM sources WHERE ?1 = 0 OR id = ?1 ORDER BY id", &id, 1, &rows,
	    e) == -1) {
		present_abort(p);
		return -1;
	}
	return present_close(p, n, e);
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	const struct args *args = argp;
	struct zone *zone;
	int64_t id = 0;
	uint64_t n = 0;
	int rc;

	if (argc > 1)
		return err_set(e, ERR_USAGE, "sources takes at most one id");
	if ((argc == 1 && id_of(argv[0], 's', &id, e) == -1) ||
	    local_zone(args->tz, &zone, e) == -1)
		return -1;
	rc = list(app, zone, id, &n, e);
	zone_free(zone);
	if (rc == -1)
		return -1;
	if (id && n == 0) {
		err_set(e, ERR_ID, "there is no source %s", argv[0]);
		return err_help(e, "`netra-triage sources` lists them");
	}
	return 0;
}

const struct cmd cmd_sources = {
	.name = "sources", .about = "List what was ingested, and what it is worth",
	.operands = "[sN]", .need = CMD_STORE_READ,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
