/*
 * err.h - the error value that travels up to main.
 *
 * A function that can fail returns 0 or -1 and takes `struct err *` last. It is
 * set once, where the fault is found, by `return err_set(e, ERR_..., ...)`
 * (which returns -1); callers may add context, nobody rewrites it. The four
 * parts are what (text), where, why (note) and what to do (help). Complaints
 * about input are no errors but diagnostics: see base/diag.h.
 * Any folder may include this header.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/slice.h"

enum err_code {
	ERR_NONE = 0,
	ERR_USAGE,	/* exit 2: the command line is off */
	ERR_RULES,	/* exit 2: a rule file does not load */
	ERR_INPUT,	/* exit 3: a named input was not recognised or is damaged */
	ERR_DB,		/* exit 4: database missing, locked, newer, corrupt */
	ERR_SQL,	/* exit 5: bad SQL */
	ERR_ID,		/* exit 5: no such id, view, query */
	ERR_IO,		/* exit 6: reading or writing a file failed */
	ERR_LIMIT	/* exit 6: a limit on memory or time was hit */
};

struct err {
	enum err_code code;
	char text[400];		/* what is wrong, one sentence without a full stop */
	char where[600];	/* "path:line:col", or "" */
	char snippet[600];	/* the bytes with a caret line below, or "" */
	char note[400];		/* why, or "" */
	char help[400];		/* what to do, or "" */
};

void	err_clear(struct err *e);
int	err_set(struct err *e, enum err_code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* as err_set, with ": strerror(errno)" behind it */
int	err_errno(struct err *e, enum err_code code, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* put "context: " in front of the text on the way up; returns -1 */
int	err_add(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* these return -1 too, so that they can end a function */
int	err_note(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int	err_help(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int	err_where(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* show `line` with a caret under column `col` (1-based byte column) and `label` behind it;
 * long lines are cut around the caret, control characters shown as '.' */
int	err_caret(struct err *e, struct slice line, size_t col, const char *label);
int	err_exit_code(const struct err *e);	/* as design: 0, 2, 3, 4, 5 or 6 */

#endif
