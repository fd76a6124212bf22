/*
 * cmd.h - a subcommand, and what it is given.
 *
 * A command is one file cmd_NAME.c that exports `const struct cmd cmd_NAME` plus
 * its line in cmd_list.h; main, help, completions and the manual test find it there. main
 * opens what `need` asks for before run() is called and closes it afterwards.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/msg.h"
#include "cmd/opt.h"
#include "model/rule.h"
#include "report/table.h"
#include "store/store.h"

enum cmd_need {
	CMD_STORE_READ = 1,	/* a database that exists, read-only */
	CMD_STORE_WRITE = 2,	/* one that exists, to change */
	CMD_STORE_CREATE = 4,	/* made if missing */
	CMD_RULES = 8		/* rules loaded; a fault ends the program with exit 2 */
};

struct common_opts {
	const char *db, *now, *output, *color;
	const char *format;		/* from -o or --json; NULL = by where it goes */
	struct opt_list rules;
	bool json, help, version;
	int quiet, verbose;
};

struct app {
	struct msg msg;
	struct common_opts common;
	int64_t now_ns;
	char *db_path;
	struct store *store;
	struct rule_set *rules;
	const char *command_line;	/* as typed, for the worklog's header */
};

struct cmd {
	const char *name, *about;	/* about: one line, no full stop */
	const char *operands;		/* "PATH..." as -h shows it */
	unsigned need;
	const struct opt *opts;
	size_t args_size;		/* of the struct that opts writes into */
	/* words a completion offers as operands; or NULL */
	const char *words;
	/* returns an exit status >= 0, or -1 with *e set */
	int (*run)(struct app *app, void *args, int argc, char **argv, struct err *e);
};

extern const struct opt common_opts[];

const struct cmd *cmd_at(size_t i);			/* NULL past the last */
const struct cmd *cmd_by_name(const char *name);
const char *cmd_nearest(const char *name);		/* for "did you mean", or NULL */
void	cmd_usage(const struct cmd *c, struct output *out);	/* c NULL: of the program */

/* exit statuses beside those of struct err */
#define EXIT_FOUND 1
#define EXIT_DAMAGE 3
#define EXIT_IO 6

#endif
