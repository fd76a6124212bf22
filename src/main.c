/*
 * main.c - find the command, open what it asks for, run it, and turn the result into an exit code.
 */
#include "config.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/numbering.h"
#include "cmd/paths.h"
#include "rule/rules.h"

static const struct opt no_opts[] = { { 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL } };

static int
print_usage(const struct cmd *c, struct err *e)
{
	struct output *out;

	if (output_open(NULL, &out, e) == -1)
		return -1;
	cmd_usage(c, out);
	return output_commit(out, e);
}

/* law 10: whoever meets a source whose reading was interrupted says so */
static int
warn_partial(void *ctx, int64_t source_id, const char *path, struct err *e)
{
	const struct app *app = ctx;
	struct err w;

	(void)e;
	err_clear(&w);
	err_set(&w, ERR_INPUT, "s%lld (%s) was not read to its end", (long long)source_id, path);
	err_note(&w, "an ingest was interrupted; what is stored of it is in no finding");
	err_help(&w, "ingest the file again, or remove it with `netra-triage forget s%lld`",
	    (long long)source_id);
	msg_warn_err(&app->msg, &w);
	return 0;
}

static int
open_needs(struct app *app, const struct cmd *c, struct err *e)
{
	enum store_mode mode = c->need & CMD_STORE_CREATE ? STORE_CREATE :
	    c->need & CMD_STORE_WRITE ? STORE_WRITE : STORE_READ;

	if (c->need & CMD_RULES && rules_open(app, NULL, 0, &app->rules, e) == -1)
		return -1;
	if (!(c->need & (CMD_STORE_READ | CMD_STORE_WRITE | CMD_STORE_CREATE)))
		return 0;
	app->db_path = path_db(app);
	if (store_open(app->db_path, mode, &app->store, e) == -1)
		return -1;
	if (store_is_new(app->store))
		msg_info(&app->msg, "netra-triage: using %s (new)", app->db_path);
	if (mode == STORE_CREATE)	/* ingest may be about to read it again */
		return 0;
	return store_each_partial(app->store, warn_partial, app, e);
}

static int
find_command(const char *name, const struct cmd **c, struct err *e)
{
	const char *near = cmd_nearest(name);

	*c = cmd_by_name(name);
	if (*c)
		return 0;
	err_set(e, ERR_USAGE, "unknown command `%s`", name);
	if (near)
		return err_help(e, "did you mean `%s`?", near);
	return err_help(e, "`netra-triage help` lists the commands");
}

/* the words of the command line as they were typed, for the worklog's header */
static char *
join_words(int argc, char **argv)
{
	struct buf b;
	char *s;
	int i;

	buf_init(&b, 4096);
	buf_puts(&b, "netra-triage");
	for (i = 1; i < argc; i++) {
		bool quote = argv[i][strcspn(argv[i], " \t\n'\"$&;|<>*?()\\")] != '\0' ||
		    argv[i][0] == '\0';

		buf_printf(&b, quote ? " '%s'" : " %s", argv[i]);
	}
	s = mem_strdup(b.p);
	buf_release(&b);
	return s;
}

static void
set_messages(struct app *app)
{
	const char *when = app->common.color;
	struct msg before = app->msg;

	msg_init(&app->msg, stderr, app->common.verbose - app->common.quiet);
	app->msg.change = before.change;
	app->msg.change_ctx = before.change_ctx;
	if (when && strcmp(when, "always") == 0)
		app->msg.color = true;
	if (when && strcmp(when, "never") == 0)
		app->msg.color = false;
}

static int
check_common(struct app *app, struct err *e)
{
	const struct common_opts *o = &app->common;

	if (o->color && strcmp(o->color, "auto") != 0 && strcmp(o->color, "always") != 0 &&
	    strcmp(o->color, "never") != 0)
		return err_set(e, ERR_USAGE, "--color takes auto, always or never, not `%s`",
		    o->color);
	if (o->json)
		app->common.format = "json";
	else
		app->common.format = o->output;
	return clock_now(o->now, &app->now_ns, e);
}

/* parse the command's own options and operands, open, run */
static int
run_command(struct app *app, const struct cmd *c, int argc, char **argv, struct err *e)
{
	void *args = mem_calloc(1, c->args_size ? c->args_size : 1);
	struct opt_set set = { c->opts ? c->opts : no_opts, common_opts, args, &app->common };
	int first, rc = -1;

	if (opt_parse(&set, argc, argv, false, &first, e) == -1) {
		if (!e->help[0])
			err_help(e, "`netra-triage %s -h` lists the options", c->name);
		goto out;
	}
	set_messages(app);
	if (app->common.help) {
		rc = print_usage(c, e);
		goto out;
	}
	if (check_common(app, e) == -1 || open_needs(app, c, e) == -1)
		goto out;
	rc = c->run(app, args, argc - first, argv + first, e);
out:
	free(args);
	return rc;
}

static int
dispatch(struct app *app, int argc, char **argv, struct err *e)
{
	struct opt_set set = { no_opts, common_opts, NULL, &app->common };
	const struct cmd *c;
	int first;

	if (opt_parse(&set, argc, argv, true, &first, e) == -1)
		return -1;
	set_messages(app);
	if (app->common.version)
		return run_command(app, cmd_by_name("version"), 1, argv, e);
	if (first == argc && app->common.help)
		return print_usage(NULL, e);
	if (first == argc) {
		print_usage(NULL, e);
		return err_set(e, ERR_USAGE, "no command was given");
	}
	if (find_command(argv[first], &c, e) == -1)
		return -1;
	return run_command(app, c, argc - first, argv + first, e);
}

int
main(int argc, char **argv)
{
	struct rlimit no_core = { 0, 0 };
	struct app app = { .db_path = NULL };
	struct err e;
	char *line = join_words(argc, argv);
	struct numbering *numbers;
	int rc;

	setlocale(LC_ALL, "C");
	setrlimit(RLIMIT_CORE, &no_core);
	err_clear(&e);
	msg_init(&app.msg, stderr, 0);
	numbers = numbering_new(&app.msg);
	app.command_line = line;
	rc = dispatch(&app, argc, argv, &e);
	if (rc == -1) {
		msg_err(&app.msg, &e);
		rc = err_exit_code(&e);
	}
	numbering_free(numbers);
	store_close(app.store);
	rules_free(app.rules);
	free(app.db_path);
	free(line);
	return rc;
}
