/*
 * authorize.h - what a person's statement may do: read public views, call known functions.
 *
 * Private to store/. The authorizer of SQLite names the view through which a table
 * is read; a WITH table could borrow such a name, so authorize_names() refuses
 * those before the statement is prepared.
 */
#ifndef STORE_AUTHORIZE_H
#define STORE_AUTHORIZE_H

#include "store/db.h"

enum refusal { REFUSED_NOT, REFUSED_WRITE, REFUSED_PRAGMA, REFUSED_ATTACH, REFUSED_TABLE,
	REFUSED_FUNCTION, REFUSED_OTHER };

struct name_list {
	char **name;		/* sorted, lower case; owned */
	size_t n, cap;
};

struct query_names {
	struct name_list public;	/* views that may be read */
	struct name_list views;		/* all views: what is read through one is allowed */
	struct name_list private;	/* tables, other views and modules */
	struct name_list columns;	/* of public views, for "did you mean" */
};

struct authorizer {
	const struct query_names *names;
	const bool *own;		/* a statement of ours is prepared */
	struct name_list through;	/* tables that were read through a view */
	enum refusal refusal;
	char name[80];			/* of what was refused */
};

int	authorize_load(struct store *st, struct err *e);
/* sqlite3_set_authorizer() callback; ctx is a struct authorizer */
int	authorize(void *ctx, int action, const char *a, const char *b, const char *db,
	    const char *through);
int	authorize_refused(const struct authorizer *au, struct err *e);	/* -1 with *e set */
int	authorize_names(const struct query_names *names, struct slice sql, struct err *e);
bool	authorize_function(const char *name);
const char *const *authorize_functions(size_t *n);

bool	name_in(const struct name_list *list, const char *name);
void	name_list_free(struct name_list *list);

#endif
