/*
 * opt.h - option tables over getopt_long(3).
 *
 * A table is the only description of a command's options: parsing, -h, the shell
 * completions and the test of the manual pages all read it. Values are written
 * into a struct of the command at `offset`; nothing is kept in file scope.
 */
#ifndef CMD_OPT_H
#define CMD_OPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define OPT_LIST_MAX 64

struct opt_list {			/* of a repeatable option */
	const char *v[OPT_LIST_MAX];
	size_t n;
};

enum opt_kind {
	OPT_FLAG,		/* bool */
	OPT_COUNT,		/* int: how often it was given */
	OPT_STRING,		/* const char *; borrows argv */
	OPT_STRINGS		/* struct opt_list */
};

struct opt {
	char letter;		/* 0 = long form only */
	const char *name;	/* NULL ends a table */
	enum opt_kind kind;
	size_t offset;
	const char *arg;	/* what -h calls the value; NULL for flags */
	const char *help;	/* one line, no full stop */
	const char *words;	/* values a completion offers, by blanks; or NULL */
};

struct opt_set {		/* two tables, one parse: the command's own and the common one */
	const struct opt *own, *common;
	void *own_to, *common_to;
};

/*
 * Parse argv[1..]; options and operands may mix unless stop_at_operand. On success
 * *operands is the index of the first operand in the (permuted) argv.
 * ERR_USAGE names the option and, for an unknown one, the nearest known.
 */
int	opt_parse(const struct opt_set *set, int argc, char **argv, bool stop_at_operand,
	    int *operands, struct err *e);
size_t	opt_count(const struct opt *table);

#endif
