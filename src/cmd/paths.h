/*
 * paths.h - where the database, the rules, the formats and the named queries are.
 */
#ifndef CMD_PATHS_H
#define CMD_PATHS_H

#include "cmd/cmd.h"
#include "read/format.h"

/*
 * --db, else $NETRA_TRIAGE_DB, else the nearest .netra-triage/triage.db from the
 * current folder upward (not above $HOME), else
 * ${XDG_DATA_HOME:-~/.local/share}/netra-triage/triage.db. Caller frees.
 */
char	*path_db(const struct app *app);

/*
 * A folder of the installation ("rules", "queries"): beside the program when it
 * is run from its build tree, else ../share/netra-triage of the program's folder,
 * else the compiled-in data folder. Caller frees.
 */
char	*path_data(const char *what);
/* ${XDG_CONFIG_HOME:-~/.config}/netra-triage/WHAT, or NULL when it is not there. Caller frees. */
char	*path_user(const char *what);

/*
 * All places rules come from, each once: --rules, $NETRA_TRIAGE_RULES (by
 * colons), the user's folder, the installed pack. ERR_RULES when there is none.
 */
int	rules_open(struct app *app, const char *const *extra, size_t extras, struct rule_set **rs,
	    struct err *e);

/*
 * Loads the formats of these files and folders; without any, those of all places:
 * $NETRA_TRIAGE_FORMATS (by colons), the user's formats.d, the installed ones.
 * Returns the number of faults, each of which was reported.
 */
size_t	formats_open(const char *const *file, size_t files, format_fault_fn *fault, void *ctx,
	    struct line_formats *set);

#endif
