#include "config.h"

#include "store/authorize.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* sorted; the functions whose cost is bounded by the length of their arguments */
static const char *const functions[] = {
	"->", "->>", "abs", "avg", "bucket", "ceil", "ceiling", "char", "coalesce", "count",
	"cume_dist", "current_date", "current_time", "current_timestamp", "date", "datetime",
	"dense_rank", "exp", "first_value", "floor", "glob", "group_concat", "hex", "ifnull", "iif",
	"instr", "iso", "json", "json_array", "json_array_length", "json_each", "json_extract",
	"json_group_array", "json_group_object", "json_object", "json_tree", "json_type",
	"json_valid", "julianday", "lag", "last_value", "lead", "length", "like", "ln", "loc",
	"log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nth_value", "ntile",
	"nullif", "percent_rank", "pow", "power", "quote", "rank", "regexp", "regexp_extract",
	"replace", "round", "row_number", "rtrim", "sev", "sevname", "sign", "sqrt", "strftime",
	"substr", "substring", "sum", "time", "total", "trim", "trunc", "typeof", "unicode",
	"unixepoch", "upper",
};

/* ---- lists of names ---- */

static int
compare_names(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

bool
name_in(const struct name_list *list, const char *name)
{
	return list->n &&
	    bsearch(&name, list->name, list->n, sizeof *list->name, compare_names) != NULL;
}

static void
name_add(struct name_list *list, const char *name)
{
	list->name = mem_grow(list->name, &list->cap, list->n + 1, sizeof *list->name);
	list->name[list->n++] = mem_strdup(name);
}

static void
name_sort(struct name_list *list)
{
	if (list->n)
		qsort(list->name, list->n, sizeof *list->name, compare_names);
}

void
name_list_free(struct name_list *list)
{
	while (list->n)
		free(list->name[--list->n]);
	free(list->name);
	list->name = NULL;
	list->cap = 0;
}

void
query_names_free(struct query_names *names)
{
	if (!names)
		return;
	name_list_free(&names->public);
	name_list_free(&names->views);
	name_list_free(&names->private);
	name_list_free(&names->columns);
	free(names);
}

static int
add_view(void *ctx, const char *view, const char *column, const char *comment)
{
	struct query_names *names = ctx;

	(void)comment;
	name_add(column ? &names->columns : &names->public, column ? column : view);
	return 0;
}

/* fn gets the two texts of each row; not a cached statement: run once for a handle */
static int
each_pair(struct store *st, const char *sql, struct query_names *names,
    void (*fn)(struct query_names *names, const char *name, bool view), struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc;

	if (sqlite3_prepare_v2(st->db, sql, -1, &s, NULL) != SQLITE_OK)
		return db_error(st, e);
	while ((rc = db_row(st, s, e)) > 0) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		if (name)
			fn(names, name, sqlite3_column_int(s, 1));
	}
	sqlite3_finalize(s);
	return rc;
}

static void
add_object(struct query_names *names, const char *name, bool view)
{
	if (view)
		name_add(&names->views, name);
	if (!view || !name_in(&names->public, name))
		name_add(&names->private, name);
}

static void
add_module(struct query_names *names, const char *name, bool view)
{
	(void)view;
	if (strcmp(name, "json_each") != 0 && strcmp(name, "json_tree") != 0)
		name_add(&names->private, name);
}

int
authorize_load(struct store *st, struct err *e)
{
	static const char *const built_in[] = { "sqlite_master", "sqlite_schema",
	    "sqlite_temp_master", "sqlite_temp_schema" };
	struct query_names *names;
	size_t i;

	if (st->names)
		return 0;
	names = mem_calloc(1, sizeof *names);
	store_views(add_view, names);
	name_sort(&names->public);
	name_sort(&names->columns);
	for (i = 0; i < sizeof built_in / sizeof *built_in; i++)
		name_add(&names->private, built_in[i]);
	if (each_pair(st, "SELECT name, type = 'view' FROM sqlite_master"
	    " WHERE type IN ('table', 'view')", names, add_object, e) ||
	    each_pair(st, "SELECT name, 0 FROM pragma_module_list", names, add_module, e) ||
	    /* their first use declares a table, which a query may not */
	    each_pair(st, "SELECT key, 0 FROM json_each('{}') UNION ALL"
	    " SELECT key, 0 FROM json_tree('{}')", names, add_module, e)) {
		query_names_free(names);
		return -1;
	}
	name_sort(&names->views);
	name_sort(&names->private);
	st->names = names;
	return 0;
}

/* ---- the callback ---- */

const char *const *
authorize_functions(size_t *n)
{
	*n = sizeof functions / sizeof *functions;
	return functions;
}

bool
authorize_function(const char *name)
{
	return bsearch(&name, functions, sizeof functions / sizeof *functions, sizeof *functions,
	    compare_names) != NULL;
}

static int
refuse(struct authorizer *au, enum refusal why, const char *name)
{
	if (au->refusal == REFUSED_NOT) {
		au->refusal = why;
		snprintf(au->name, sizeof au->name, "%s", name ? name : "");
	}
	return SQLITE_DENY;
}

static int
authorize_read(struct authorizer *au, const char *table, const char *column,
    const char *through)
{
	const struct query_names *names = au->names;

	if (name_in(&names->public, table))
		return SQLITE_OK;
	if (through && name_in(&names->views, through)) {
		if (!name_in(&au->through, table)) {
			name_add(&au->through, table);
			name_sort(&au->through);
		}
		return SQLITE_OK;
	}
	if (strcasecmp(table, "json_each") == 0 || strcasecmp(table, "json_tree") == 0)
		return SQLITE_OK;
	/*
	 * No column: count(*) over a WITH table, or over a table that a view was
	 * flattened into; both come without the view's name.
	 */
	if (column && *column == '\0' &&
	    (!name_in(&names->private, table) || name_in(&au->through, table)))
		return SQLITE_OK;
	return refuse(au, REFUSED_TABLE, table);
}

int
authorize(void *ctx, int action, const char *a, const char *b, const char *db,
    const char *through)
{
	struct authorizer *au = ctx;

	(void)db;
	if (*au->own)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_READ:
		return authorize_read(au, a, b, through);
	case SQLITE_FUNCTION:
		return authorize_function(b) ? SQLITE_OK : refuse(au, REFUSED_FUNCTION, b);
	case SQLITE_PRAGMA:
		return refuse(au, REFUSED_PRAGMA, a);
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return refuse(au, REFUSED_ATTACH, a);
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return refuse(au, REFUSED_WRITE, a);
	default:
		return refuse(au, REFUSED_OTHER, a);
	}
}

int
authorize_refused(const struct authorizer *au, struct err *e)
{
	switch (au->refusal) {
	case REFUSED_TABLE:
		err_set(e, ERR_SQL, "the table %s is private", au->name);
		return err_help(e, "use the views: `netra-triage views` lists them");
	case REFUSED_FUNCTION:
		err_set(e, ERR_SQL, "the function %s() is not allowed in a query", au->name);
		return err_help(e, "netra-triage-query(1) lists the functions");
	case REFUSED_PRAGMA:
		return err_set(e, ERR_SQL, "PRAGMA is not allowed in a query");
	case REFUSED_ATTACH:
		return err_set(e, ERR_SQL, "ATTACH and DETACH are not allowed in a query");
	case REFUSED_NOT:
	case REFUSED_WRITE:
	case REFUSED_OTHER:
		break;
	}
	err_set(e, ERR_SQL, "a query may only read");
	return err_help(e, "write one SELECT statement over the views");
}

/* ---- names of WITH tables ---- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_OPEN, TOKEN_OTHER };

static bool
is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' || (c & 0x80);
}

static void
skip_blank(struct slice *in)
{
	for (;;) {
		size_t end = 0, skip = 0;

		if (slice_starts(*in, "--")) {
			end = slice_find_byte(*in, 0, '\n');
		} else if (slice_starts(*in, "/*")) {
			end = slice_find(*in, 2, SLICE("*/"));
			skip = 2;
		} else if (in->n && isspace((unsigned char)*in->p)) {
			skip = 1;
		} else {
			return;
		}
		if (end == SIZE_MAX)
			end = in->n;
		*in = slice_sub(*in, end + skip, in->n);
	}
}

/* a name in any of SQLite's quotes; a doubled quote ends it here, which no view's name has */
static struct slice
take_quoted(struct slice *in, char quote)
{
	size_t end = slice_find_byte(*in, 1, quote == '[' ? ']' : quote);
	struct slice name;

	if (end == SIZE_MAX)
		end = in->n;
	name = slice_sub(*in, 1, end - 1);
	*in = slice_sub(*in, end + 1, in->n);
	return name;
}

static enum token_kind
next_token(struct slice *in, struct slice *name)
{
	size_t n = 0;

	skip_blank(in);
	*name = slice_of(NULL, 0);
	if (in->n == 0)
		return TOKEN_END;
	if (strchr("\"'`[", *in->p) && *in->p) {
		*name = take_quoted(in, *in->p);
		return TOKEN_NAME;
	}
	while (n < in->n && is_name_byte(in->p[n]))
		n++;
	if (n) {
		*name = slice_sub(*in, 0, n);
		*in = slice_sub(*in, n, in->n);
		return TOKEN_NAME;
	}
	n = *in->p == '(';
	*in = slice_sub(*in, 1, in->n);
	return n ? TOKEN_OPEN : TOKEN_OTHER;
}

static bool
is_view_name(const struct query_names *names, struct slice name)
{
	char text[64];

	if (name.n == 0 || name.n >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", SLICE_ARG(name));
	return name_in(&names->views, text);
}

/* what follows a view's name: `name (` and `name AS (` begin a WITH table of that name */
static bool
begins_table(struct slice in)
{
	enum token_kind kind;
	struct slice word;

	kind = next_token(&in, &word);
	if (kind == TOKEN_OPEN)
		return true;
	if (kind != TOKEN_NAME || !slice_eq_fold(word, SLICE("as")))
		return false;
	kind = next_token(&in, &word);
	return kind == TOKEN_OPEN || (kind == TOKEN_NAME && (slice_eq_fold(word, SLICE("not")) ||
	    slice_eq_fold(word, SLICE("materialized"))));
}

int
authorize_names(const struct query_names *names, struct slice sql, struct err *e)
{
	enum token_kind kind;
	struct slice name;

	while ((kind = next_token(&sql, &name)) != TOKEN_END) {
		if (kind != TOKEN_NAME || !is_view_name(names, name) || !begins_table(sql))
			continue;
		err_set(e, ERR_SQL, "a WITH table may not be named as the view %.*s",
		    SLICE_ARG(name));
		return err_help(e, "give it another name");
	}
	return 0;
}
