/* cmd_worklog.c - draft the worklog: Markdown in which every statement cites its evidence */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/ids.h"
#include "cmd/local.h"
#include "cmd/numbering.h"
#include "report/doc.h"

#define WORKLOG_MAX (64 * 1024 * 1024)	/* bytes of a draft */

struct args {
	const char *out, *since, *until, *section, *env, *tz;
	struct opt_list sources;
	bool all, facts;
};

static const struct opt opts[] = {
	{ 'o', "out", OPT_STRING, offsetof(struct args, out), "FILE",
	    "write to this file instead of standard output", NULL },
	{ 0, "all", OPT_FLAG, offsetof(struct args, all), NULL,
	    "cover all sources, not only those of the latest ingest", NULL },
	{ 0, "source", OPT_STRINGS, offsetof(struct args, sources), "sN",
	    "cover this source (repeatable)", NULL },
	{ 0, "since", OPT_STRING, offsetof(struct args, since), "TIME",
	    "leave out what ended before this time (RFC 3339)", NULL },
	{ 0, "until", OPT_STRING, offsetof(struct args, until), "TIME",
	    "leave out what began at or after this time", NULL },
	{ 0, "env", OPT_STRING, offsetof(struct args, env), "NAME",
	    "name of the environment, for the header", NULL },
	LOCAL_OPT(struct args, "tell windows in this zone too, such as America/Los_Angeles"),
	{ 0, "section", OPT_STRING, offsetof(struct args, section), "NAME",
	    "only this section", "header summary tests incidents whys hypotheses remediation "
	    "next_steps sources diagnostics" },
	{ 0, "facts", OPT_FLAG, offsetof(struct args, facts), NULL,
	    "list every figure with the SQL that gives it, as JSON", NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

static int
get_time(const char *text, const char *name, int64_t *ns, struct err *e)
{
	enum clock_zone zone;

	if (!text || clock_parse(slice_str(text), ns, &zone))
		return 0;
	err_set(e, ERR_USAGE, "--%s takes a time, not `%s`", name, text);
	return err_help(e, "such as 2025-09-16T01:40:00Z");
}

static int
get_scope(const struct args *args, int64_t id[OPT_LIST_MAX], struct scope *scope, struct err *e)
{
	size_t i;

	if (args->all && args->sources.n)
		return err_set(e, ERR_USAGE, "--all and --source exclude each other");
	*scope = (struct scope){ .all = args->all, .latest = !args->all && !args->sources.n,
	    .source_id = id, .sources = args->sources.n, .since_ns = CLOCK_NONE,
	    .until_ns = CLOCK_NONE };
	for (i = 0; i < args->sources.n; i++)
		if (id_of(args->sources.v[i], 's', &id[i], e) == -1)
			return -1;
	if ((args->since || args->until) && scope->latest) {
		scope->latest = false;		/* a window asks for all that is in it */
		scope->all = true;
	}
	if (get_time(args->since, "since", &scope->since_ns, e) == -1 ||
	    get_time(args->until, "until", &scope->until_ns, e) == -1)
		return -1;
	if (scope->since_ns != CLOCK_NONE && scope->until_ns != CLOCK_NONE &&
	    scope->since_ns >= scope->until_ns)
		return err_set(e, ERR_USAGE, "--since is not before --until: the window is empty");
	return 0;
}

static int
get_section(const char *name, const struct section **section, struct err *e)
{
	char known[200] = "";
	size_t i, n = 0;

	*section = name ? section_by_name(name) : NULL;
	if (!name || *section)
		return 0;
	for (i = 0; section_at(i); i++)
		n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i ? ", " : "",
		    section_at(i)->name);
	err_set(e, ERR_USAGE, "there is no section `%s`", name);
	return err_help(e, "sections: %s", known);
}

static int
write_doc(struct app *app, const struct args *args, const struct doc *d, struct err *e)
{
	const char *format = app->common.format;
	struct output *out;
	struct buf text;
	int rc = -1;

	if (format && strcmp(format, "json") != 0 && strcmp(format, "markdown") != 0)
		return err_set(e, ERR_USAGE, "worklog writes markdown or json, not %s", format);
	buf_init(&text, WORKLOG_MAX);
	if (args->facts)
		out_facts_json(d, &text);
	else if (format && strcmp(format, "json") == 0)
		out_doc_json(d, &text);
	else
		out_markdown(d, &text);
	if (text.over) {
		err_set(e, ERR_LIMIT, "the worklog is longer than %d bytes", WORKLOG_MAX);
		err_help(e, "narrow it with --source, --since or --section");
	} else if (output_open(args->out, &out, e) == 0) {
		output_put(out, buf_slice(&text));
		rc = output_commit(out, e);
	}
	buf_release(&text);
	return rc;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	struct args *args = argp;
	const struct section *section;
	int64_t id[OPT_LIST_MAX];
	struct scope scope;
	struct zone *zone;
	struct case_file c;
	struct arena a;
	struct doc d;
	bool stale;
	int rc = -1;

	(void)argv;
	if (argc > 0)
		return err_set(e, ERR_USAGE, "worklog takes no operand; a file goes behind -o");
	if (get_scope(args, id, &scope, e) == -1 || get_section(args->section, &section, e) == -1 ||
	    local_zone(args->tz, &zone, e) == -1)
		return -1;
	arena_init(&a);
	if (evaluate_warn_stale(app, &stale, e) == -1)
		goto out;
	if (store_case_load(app->store, &scope, &a, &c, e) == -1)
		goto out;
	c.now_ns = app->now_ns;
	c.command = slice_str(app->command_line);
	c.version = slice_str(PACKAGE_VERSION);
	c.db_path = slice_str(app->db_path);
	if (args->env)
		c.environment = slice_str(args->env);
	c.stale = stale;
	c.zone = zone;
	doc_init(&d, &a);
	doc_build(&c, section, &d);
	if (args->facts)
		doc_number_facts(&d, numbering_kind);
	else
		doc_number(&d, numbering_kind);
	rc = write_doc(app, args, &d, e);
	if (rc == 0 && args->out)
		msg_info(&app->msg, "wrote %s", args->out);
out:
	arena_release(&a);
	zone_free(zone);
	return rc;
}

const struct cmd cmd_worklog = {
	.name = "worklog", .about = "Draft the worklog in Markdown",
	.operands = "", .need = CMD_STORE_READ | CMD_RULES,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
