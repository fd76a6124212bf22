/* cmd_query.c - read-only SQL over the public views, typed or named */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/evaluate.h"
#include "cmd/paths.h"
#include "cmd/present.h"

#define SQL_MAX (100 * 1000)	/* bytes of one statement */
#define PARAMS_MAX 32

struct args {
	const char *write, *timeout, *limit;
	struct opt_list params;
	bool must;
};

static const struct opt opts[] = {
	{ 'w', "write", OPT_STRING, offsetof(struct args, write), "FILE",
	    "write to this file; its name picks the format", NULL },
	{ 'p', "param", OPT_STRINGS, offsetof(struct args, params), "NAME=VALUE",
	    "value of :NAME (repeatable)", NULL },
	{ 0, "timeout", OPT_STRING, offsetof(struct args, timeout), "SECONDS",
	    "stop after this time (5; 0 = never)", NULL },
	{ 0, "limit", OPT_STRING, offsetof(struct args, limit), "ROWS",
	    "stop after so many rows (0 = never, the default)", NULL },
	{ 'e', "exit-status", OPT_FLAG, offsetof(struct args, must), NULL,
	    "exit 1 when there is no row", NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, NULL }
};

/* NAME.sql in the user's folder or the installed one; NULL if there is none. Caller frees. */
static char *
named_path(const char *name)
{
	char *dirs[2] = { path_user("queries"), path_data("queries") }, *found = NULL;
	size_t i;

	for (i = 0; i < 2; i++) {
		size_t room = dirs[i] ? strlen(dirs[i]) + strlen(name) + 6 : 0;
		char *path = room ? mem_alloc(room) : NULL;

		if (path)
			snprintf(path, room, "%s/%s.sql", dirs[i], name);
		if (path && !found && access(path, R_OK) == 0)
			found = path;
		else
			free(path);
		free(dirs[i]);
	}
	return found;
}

static int
read_stdin(struct buf *sql, struct err *e)
{
	struct input *in;
	char block[4096];
	size_t got = 1;
	int rc = 0;

	if (input_open("-", NULL, &in, e) == -1)
		return -1;
	while (rc == 0 && got > 0 && !sql->over) {
		rc = input_read(in, block, sizeof block, &got, NULL, e);
		if (rc == 0)
			buf_put(sql, block, got);
	}
	input_close(in);
	return rc;
}

/* operand: SQL text, a name, @FILE or - */
static int
get_sql(const char *operand, struct buf *sql, struct err *e)
{
	char *path;
	int rc = 0;

	if (!operand || strcmp(operand, "-") == 0) {
		rc = read_stdin(sql, e);
	} else if (operand[0] == '@') {
		rc = io_slurp(operand + 1, SQL_MAX, sql, e);
	} else if (operand[strcspn(operand, " \t\n;/.")] == '\0') {
		path = named_path(operand);
		if (!path) {
			err_set(e, ERR_ID, "there is no query named `%s`", operand);
			return err_help(e, "`netra-triage help query` tells where they are; "
			    "SQL needs more than one word");
		}
		rc = io_slurp(path, SQL_MAX, sql, e);
		free(path);
	} else {
		buf_puts(sql, operand);
	}
	if (rc == 0 && sql->over)
		rc = err_set(e, ERR_SQL, "the statement is longer than %d bytes", SQL_MAX);
	return rc;
}

/* "since=2h" split at its first "="; the texts live in the arena */
static int
get_params(const struct opt_list *l, struct arena *a, struct query_param *p, struct err *e)
{
	size_t i;

	if (l->n > PARAMS_MAX)
		return err_set(e, ERR_USAGE, "more than %d parameters", PARAMS_MAX);
	for (i = 0; i < l->n; i++) {
		struct slice rest = slice_str(l->v[i]), name;

		if (!slice_take_until(&rest, '=', &name) || name.n == 0)
			return err_set(e, ERR_USAGE, "-p takes NAME=VALUE, not `%s`", l->v[i]);
		p[i].name = arena_str(a, name);
		p[i].value = arena_str(a, rest);
	}
	return 0;
}

static int
get_limits(const struct args *args, struct query_limits *lim, struct err *e)
{
	double seconds = 5;
	int64_t rows = 0;

	if (args->timeout && (!slice_to_double(slice_str(args->timeout), &seconds) ||
	    seconds < 0 || seconds > 86400))
		return err_set(e, ERR_USAGE, "--timeout takes seconds, not `%s`", args->timeout);
	if (args->limit && (!slice_to_int64(slice_str(args->limit), &rows) || rows < 0))
		return err_set(e, ERR_USAGE, "--limit takes a number of rows, not `%s`",
		    args->limit);
	lim->timeout_ns = (int64_t)(seconds * 1e9);
	lim->rows = (uint64_t)rows;
	return 0;
}

static int
run(struct app *app, void *argp, int argc, char **argv, struct err *e)
{
	struct args *args = argp;
	struct query_param param[PARAMS_MAX];
	struct query_limits lim;
	struct present *p = NULL;
	struct arena a;
	struct buf sql;
	struct rows rows;
	uint64_t n = 0;
	int rc = -1;

	arena_init(&a);
	buf_init(&sql, SQL_MAX);
	if (argc > 1) {
		err_set(e, ERR_USAGE, "query takes one statement");
		err_help(e, "put the SQL in quotes");
		goto out;
	}
	if (get_limits(args, &lim, e) == -1 || get_params(&args->params, &a, param, e) == -1 ||
	    get_sql(argc ? argv[0] : NULL, &sql, e) == -1 ||
	    present_open(app, args->write, NULL, &p, e) == -1)
		goto out;
	rows = present_rows(p);
	if (store_query(app->store, buf_slice(&sql), param, args->params.n, &lim, &rows, e) == -1) {
		present_abort(p);
		goto out;
	}
	if (present_close(p, &n, e) == 0)
		rc = args->must && n == 0 ? EXIT_FOUND : 0;
out:
	buf_release(&sql);
	arena_release(&a);
	return rc;
}

const struct cmd cmd_query = {
	.name = "query", .about = "Ask in SQL, read-only, over the public views",
	.operands = "[SQL | NAME | @FILE | -]", .need = CMD_STORE_READ,
	.opts = opts, .args_size = sizeof(struct args), .run = run,
};
