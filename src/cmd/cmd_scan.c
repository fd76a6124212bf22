/* cmd_scan.c - rules and conclusions again, over what is stored */
#include "config.h"

#include <inttypes.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ingest_sink.h"
#include "rule/rules.h"

struct args {
	const char *fail_on;
};

static const struct opt opts[] = {
	{ 0, "fail-on", OPT_STRING, offsetof(struct args, fail_on), "PRIORITY",
	    "exit 1 when an incident of this priority or above is there", "P0 P1 P2 P3" },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

static int
on_entry(void *ctx, int64_t event_id, int64_t source_id, const struct entry *entry,
    struct err *e)
{
	struct match_to *to = ctx;

	to->event_id = event_id;
	to->source_id = source_id;
	return match_entry(to, entry, e);
}

static int
on_test(void *ctx, int64_t test_id, int64_t source_id, const struct test *test,
    const struct run *run, struct err *e)
{
	struct match_to *to = ctx;

	to->test_id = test_id;
	to->source_id = source_id;
	return match_test(to, test, run, e);
}

static int
on_output(void *ctx, int64_t output_id, int64_t test_id, int64_t source_id,
    const struct printed *output, const struct run *run, struct err *e)
{
	struct match_to *to = ctx;

	(void)test_id;
	to->output_id = output_id;
	to->test_id = 0;	/* as at ingest: the store knows whose output it is */
	to->source_id = source_id;
	return match_output(to, output, run, e);
}

/* old hits go and new ones come in one transaction: a kill leaves the old ones */
static int
match_again(struct app *app, struct err *e)
{
	struct match_to to = { .app = app };
	int rc = -1;

	if (store_batch_begin(app->store, e) == -1)
		return -1;
	to.matcher = rule_matcher_new(app->rules);
	if (store_hits_clear(app->store, e) == 0 &&
	    store_each_entry(app->store, on_entry, &to, e) == 0 &&
	    store_each_test(app->store, on_test, &to, e) == 0 &&
	    store_each_output(app->store, on_output, &to, e) == 0)
		rc = store_batch_commit(app->store, e);
	if (rc == -1)
		store_batch_rollback(app->store);
	if (rc == 0 && to.limits)
		msg_warn(&app->msg, "%" PRIu64 " pairs of rule and record hit a match limit "
		    "and are inconclusive", to.limits);
	rule_matcher_free(to.matcher);
	return rc;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	struct args *args = argp;
	int rc;

	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "scan takes no operand");
	if (evaluate_check(args->fail_on, e) == -1 || match_again(app, e) == -1 ||
	    evaluate(app, e) == -1)
		return -1;
	msg_info(&app->msg, "%zu rules were run over what is stored", app->rules->rules);
	rc = evaluate_tell(app, NULL, 0, e);
	return rc == 0 ? evaluate_found(app, args->fail_on, e) : rc;
}

const struct cmd cmd_scan = {
	.name = "scan", .about = "Run the rules again over what is stored",
	.operands = "", .need = CMD_STORE_WRITE | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
