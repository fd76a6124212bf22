/* cmds.c - the table of commands, and their short help */
#include "config.h"

#include <string.h>

#include "cmd/cmd.h"

#define CMD(name) extern const struct cmd cmd_##name;
#include "cmd/cmd_list.h"
#undef CMD

static const struct cmd *const commands[] = {
#define CMD(name) &cmd_##name,
#include "cmd/cmd_list.h"
#undef CMD
};

#define COMMANDS (sizeof commands / sizeof commands[0])

const struct opt common_opts[] = {
	{ 0, "db", OPT_STRING, offsetof(struct common_opts, db), "FILE",
	    "use this database", NULL },
	{ 0, "rules", OPT_STRINGS, offsetof(struct common_opts, rules), "PATH",
	    "read rules from this file or directory too (repeatable)", NULL },
	{ 'o', "output", OPT_STRING, offsetof(struct common_opts, output), "FMT",
	    "format: box, table, line, tsv, csv, json, ndjson or markdown",
	    "box table line tsv csv json ndjson markdown" },
	{ 0, "json", OPT_FLAG, offsetof(struct common_opts, json), NULL,
	    "one JSON object, as -o json", NULL },
	{ 0, "now", OPT_STRING, offsetof(struct common_opts, now), "TIME",
	    "take this for the present time (RFC 3339)", NULL },
	{ 0, "color", OPT_STRING, offsetof(struct common_opts, color), "WHEN",
	    "colour messages: auto, always or never", "auto always never" },
	{ 'q', "quiet", OPT_COUNT, offsetof(struct common_opts, quiet), NULL,
	    "only warnings and errors; twice: only errors", NULL },
	{ 'v', "verbose", OPT_COUNT, offsetof(struct common_opts, verbose), NULL,
	    "say more", NULL },
	{ 'h', "help", OPT_FLAG, offsetof(struct common_opts, help), NULL,
	    "show this help", NULL },
	{ 'V', "version", OPT_FLAG, offsetof(struct common_opts, version), NULL,
	    "show the version", NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

const struct cmd *
cmd_at(size_t i)
{
	return i < COMMANDS ? commands[i] : NULL;
}

const struct cmd *
cmd_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

const char *
cmd_nearest(const char *name)
{
	const char *best = NULL;
	unsigned best_d = 3;
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		unsigned d = slice_distance(slice_str(name), slice_str(commands[i]->name));

		if (d < best_d) {
			best_d = d;
			best = commands[i]->name;
		}
	}
	return best;
}

static void
usage_opts(const struct opt *o, struct output *out)
{
	for (; o->name; o++) {
		char left[64];
		int n;

		if (o->letter)
			n = snprintf(left, sizeof left, "-%c, --%s%s%s", o->letter, o->name,
			    o->arg ? " " : "", o->arg ? o->arg : "");
		else
			n = snprintf(left, sizeof left, "    --%s%s%s", o->name, o->arg ? " " : "",
			    o->arg ? o->arg : "");
		output_printf(out, "  %-24s%s%s\n", left, n > 23 ? "  " : "", o->help);
	}
}

void
cmd_usage(const struct cmd *c, struct output *out)
{
	size_t i;

	if (c) {
		output_printf(out, "usage: netra-triage %s [OPTION...]%s%s\n%s.\n", c->name,
		    c->operands[0] ? " " : "", c->operands, c->about);
		if (opt_count(c->opts)) {
			output_puts(out, "\noptions:\n");
			usage_opts(c->opts, out);
		}
		output_puts(out, "\ncommon options, before or after the command:\n");
		usage_opts(common_opts, out);
		output_printf(out, "\nmanual: man netra-triage-%s\n", c->name);
		return;
	}
	output_puts(out, "usage: netra-triage [OPTION...] COMMAND [ARGUMENT...]\n"
	    "Turns Cloud Run log exports and test output into evidence-backed worklogs.\n\n"
	    "  netra-triage ingest export.json pytest.log   read what you have\n"
	    "  netra-triage incidents                       see what is broken\n"
	    "  netra-triage worklog                         draft the worklog\n\ncommands:\n");
	for (i = 0; i < COMMANDS; i++)
		output_printf(out, "  %-12s%s\n", commands[i]->name, commands[i]->about);
	output_puts(out, "\ncommon options:\n");
	usage_opts(common_opts, out);
	output_puts(out, "\nmanual: man netra-triage; help of a command: "
	    "netra-triage COMMAND -h\n");
}
