/* cmd_incidents.c - the incidents, the top problem first */
#include "config.h"

#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/present.h"

struct args {
	const char *fail_on;
};

static const struct opt opts[] = {
	{ 0, "fail-on", OPT_STRING, offsetof(struct args, fail_on), "PRIORITY",
	    "exit 1 when an incident of this priority or above is there", "P0 P1 P2 P3" },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

/* a person at a terminal wants the title whole; a program gets every column */
static const char for_people[] =
	"SELECT 'i' || id AS incident, priority AS prio, occurrences AS times, "
	"(SELECT count(*) FROM incident_members m WHERE m.incident_id = i.id AND "
	"m.role = 'request') AS requests, title FROM incidents i ORDER BY rank";
static const char for_programs[] =
	"SELECT 'i' || id AS incident, priority, title, occurrences, entries, signatures, "
	"(SELECT count(*) FROM incident_members m WHERE m.incident_id = i.id AND "
	"m.role = 'request') AS requests, service, revision, first_ts, last_ts "
	"FROM incidents i ORDER BY rank";

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	struct args *args = argp;
	struct present *p;
	struct rows rows;
	uint64_t n;

	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "incidents takes no operand");
	if (evaluate_check(args->fail_on, e) == -1 || evaluate_warn_stale(app, NULL, e) == -1 ||
	    present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	rows = present_rows(p);
	if (store_rows(app->store, !app->common.format && isatty(STDOUT_FILENO) ? for_people :
	    for_programs, NULL, 0, &rows, e) == -1) {
		present_abort(p);
		return -1;
	}
	if (present_close(p, &n, e) == -1)
		return -1;
	if (n == 0)
		msg_info(&app->msg, "no incident; netra-triage sources tells what was read");
	return evaluate_found(app, args->fail_on, e);
}

const struct cmd cmd_incidents = {
	.name = "incidents", .about = "List what is broken, the top problem first",
	.operands = "", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
