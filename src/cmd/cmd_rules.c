/* cmd_rules.c - list, show, check and test the rules */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"
#include "cmd/paths.h"
#include "cmd/present.h"
#include "rule/rules.h"

struct verb {
	const char *name;
	int (*run)(struct app *app, int argc, char **argv, struct err *e);
};

static int
list(struct app *app, int argc, char **argv, struct err *e)
{
	static const char *const head[] = { "rule", "priority", "subject", "role", "revision",
		"title" };
	struct present *p;
	size_t i;

	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "rules list takes no operand");
	if (rules_open(app, NULL, 0, &app->rules, e) == -1 ||
	    present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	present_head(p, head, sizeof head / sizeof head[0]);
	for (i = 0; i < app->rules->rules; i++) {
		const struct rule *r = &app->rules->rule[i];
		struct value v[] = { value_text(r->name), value_str(priority_name(r->priority)),
			value_str(rule_subject_name(r->subject)),
			value_str(rule_role_name(r->role)),
			value_int(r->revision), value_text(r->title) };

		present_row(p, v);
	}
	return present_close(p, NULL, e);
}

static int
find(struct app *app, const char *name, const struct rule **rule, struct err *e)
{
	struct slice typed = slice_str(name), best = { NULL, 0 };
	unsigned best_d = 4;
	size_t i;

	*rule = rule_find(app->rules, typed);
	if (*rule)
		return 0;
	for (i = 0; i < app->rules->rules; i++) {
		unsigned d = slice_distance(typed, app->rules->rule[i].name);

		if (d < best_d) {
			best_d = d;
			best = app->rules->rule[i].name;
		}
	}
	err_set(e, ERR_ID, "there is no rule `%s`", name);
	return best.n ? err_help(e, "did you mean `%.*s`?", SLICE_ARG(best)) :
	    err_help(e, "`netra-triage rules list` lists them");
}

static void
put_field(struct present *p, const char *name, struct slice value)
{
	struct value v[2] = { value_str(name), value_text(value) };

	if (value.n)
		present_row(p, v);
}

static int
show(struct app *app, int argc, char **argv, struct err *e)
{
	static const char *const head[] = { "field", "value" };
	const struct rule *r;
	struct present *p;
	char where[600];

	if (argc != 1)
		return err_set(e, ERR_USAGE, "rules show takes the name of one rule");
	if (rules_open(app, NULL, 0, &app->rules, e) == -1 || find(app, argv[0], &r, e) == -1 ||
	    present_open(app, NULL, NULL, &p, e) == -1)
		return -1;
	snprintf(where, sizeof where, "%.*s:%u", SLICE_ARG(r->path), r->line);
	present_head(p, head, 2);
	put_field(p, "rule", r->name);
	put_field(p, "title", r->title);
	put_field(p, "description", r->description);
	put_field(p, "priority", slice_str(priority_name(r->priority)));
	put_field(p, "subject", slice_str(rule_subject_name(r->subject)));
	put_field(p, "role", slice_str(rule_role_name(r->role)));
	put_field(p, "says", r->says);
	put_field(p, "remediation", r->remediation);
	put_field(p, "ask", r->ask);
	put_field(p, "collect", r->collect);
	put_field(p, "issue", r->issue);
	put_field(p, "file", slice_str(where));
	put_field(p, "sha256", slice_str(r->hash));
	return present_close(p, NULL, e);
}

/* operands are checked together with the installed pack, as ingest would load them */
static int
check(struct app *app, int argc, char **argv, struct err *e)
{
	if (rules_open(app, (const char *const *)argv, (size_t)argc, &app->rules, e) == -1) {
		if (e->code != ERR_RULES)
			return -1;
		msg_note(&app->msg, "%s", e->text);	/* each fault was shown where it is */
		return EXIT_FOUND;
	}
	msg_info(&app->msg, "%zu rules and %zu hypotheses load", app->rules->rules,
	    app->rules->hypotheses);
	return 0;
}

static void
show_fault(void *ctx, const struct err *e)
{
	msg_err(ctx, e);
}

static int
test(struct app *app, int argc, char **argv, struct err *e)
{
	struct rule_test_result result;
	int rc = check(app, argc, argv, e);

	if (rc != 0)
		return rc;
	if (rules_test(app->rules, show_fault, &app->msg, &result, e) == -1)
		return -1;
	msg_info(&app->msg, "%zu examples of %zu rules: %zu as stated, %zu not", result.examples,
	    result.rules, result.examples - result.failed, result.failed);
	return result.failed ? EXIT_FOUND : 0;
}

static const struct verb verbs[] = {
	{ "list", list }, { "show", show }, { "check", check }, { "test", test },
};

static int
run(struct app *app, void *args, int argc, char **argv, struct err *e)
{
	size_t i;

	(void)args;
	if (argc == 0)
		return list(app, 0, argv, e);
	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(argv[0], verbs[i].name) == 0)
			return verbs[i].run(app, argc - 1, argv + 1, e);
	err_set(e, ERR_USAGE, "unknown word `%s` behind rules", argv[0]);
	return err_help(e, "it takes list, show NAME, check [PATH...] or test [PATH...]");
}

const struct cmd cmd_rules = {
	.name = "rules", .about = "List, show, check and test the rules",
	.operands = "[list | show NAME | check [PATH...] | test [PATH...]]",
	.words = "list show check test", .run = run,
};
