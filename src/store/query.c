#include "config.h"

#include "store/authorize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

#define HEAP_MAX (256ll << 20)
#define STEPS_PER_CHECK 1000

/* one statement of a person, from its check to its last row */
struct query {
	struct store *st;
	struct slice sql;
	struct authorizer au;
	int64_t deadline_ns;		/* monotonic; CLOCK_NONE = none */
	bool late;
	sqlite3_stmt *stmt;
};

static int64_t
monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * CLOCK_NS_PER_S + ts.tv_nsec;
}

static int
check_time(void *ctx)
{
	struct query *q = ctx;

	if (q->deadline_ns != CLOCK_NONE && monotonic_ns() > q->deadline_ns)
		q->late = true;
	return q->late;
}

/* ---- messages ---- */

struct best {
	struct slice wanted;
	const char *name;
	unsigned distance;
};

static void
consider(struct best *b, const char *name)
{
	unsigned d = slice_distance(b->wanted, slice_str(name));

	if (d < b->distance) {
		b->distance = d;
		b->name = name;
	}
}

static void
suggest(const struct query *q, const char *text, struct err *e)
{
	const struct query_names *names = q->st->names;
	const struct name_list *list = NULL;
	struct slice in = slice_str(text);
	const char *const *function;
	struct best b = { .distance = 4 };
	size_t i, n = 0;

	if (slice_take_str(&in, "no such column: "))
		list = &names->columns;
	else if (slice_take_str(&in, "no such table: "))
		list = &names->public;
	else if (!slice_take_str(&in, "no such function: "))
		return;
	i = slice_rfind_byte(in, '.');
	b.wanted = i == SIZE_MAX ? in : slice_sub(in, i + 1, in.n);
	if (b.wanted.n < 7)
		b.distance = 3;
	for (i = 0; list && i < list->n; i++)
		consider(&b, list->name[i]);
	function = authorize_functions(&n);
	for (i = 0; !list && i < n; i++)
		consider(&b, function[i]);
	if (b.name)
		err_help(e, "did you mean `%s`?", b.name);
	else if (list == &names->public)
		err_help(e, "`netra-triage views` lists the views");
	else if (list)
		err_help(e, "`netra-triage schema` lists the columns");
}

/* line and caret of a byte offset in the statement */
static void
point_at(const struct query *q, int offset, struct err *e)
{
	struct slice in = q->sql, line;
	size_t at = 0, no = 1, begin = 0, end;

	if (offset < 0 || (size_t)offset > in.n)
		return;
	while ((end = slice_find_byte(in, at, '\n')) != SIZE_MAX && end < (size_t)offset) {
		begin = at = end + 1;
		no++;
	}
	line = slice_sub(in, begin, (end == SIZE_MAX ? in.n : end) - begin);
	err_where(e, "query:%zu:%zu", no, (size_t)offset - begin + 1);
	err_caret(e, line, (size_t)offset - begin + 1, "");
}

static int
statement_error(struct query *q, int rc, struct err *e)
{
	const char *text = sqlite3_errmsg(q->st->db);
	int offset = sqlite3_error_offset(q->st->db);

	if (q->au.refusal != REFUSED_NOT)
		return authorize_refused(&q->au, e);
	if (q->late) {
		err_set(e, ERR_LIMIT, "the query took too long and was stopped");
		return err_help(e, "narrow it by time or service, or raise --timeout");
	}
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return err_set(e, ERR_LIMIT, "the query needs more than 256 MiB of memory");
	case SQLITE_TOOBIG:
		return err_set(e, ERR_LIMIT, "the query or one of its values is too long");
	case SQLITE_ERROR:
		err_set(e, ERR_SQL, "%s", text);
		suggest(q, text, e);
		point_at(q, offset, e);
		return -1;
	default:
		return db_error(q->st, e);
	}
}

/* ---- parameters ---- */

/* whole numbers and decimals are numbers, so that they compare as such */
static void
bind_value(sqlite3_stmt *s, int at, struct slice text)
{
	int64_t i;
	double r;

	if (slice_to_int64(text, &i))
		sqlite3_bind_int64(s, at, i);
	else if (slice_to_double(text, &r))
		sqlite3_bind_double(s, at, r);
	else
		db_bind_text_or_empty(s, at, text);
}

static const struct query_param *
find_param(const struct query_param *param, size_t params, const char *name)
{
	size_t i;

	for (i = 0; i < params; i++)
		if (strcmp(param[i].name, name) == 0)
			return &param[i];
	return NULL;
}

static int
bind_params(struct query *q, const struct query_param *param, size_t params, struct err *e)
{
	int i, n = sqlite3_bind_parameter_count(q->stmt);

	for (i = 1; i <= n; i++) {
		const char *name = sqlite3_bind_parameter_name(q->stmt, i);
		const struct query_param *p;

		if (!name || *name == '?')
			return err_set(e, ERR_SQL, "parameters need a name, as :since");
		p = find_param(param, params, name + 1);
		if (!p) {
			err_set(e, ERR_SQL, "the parameter %s has no value", name);
			return err_help(e, "give it as %s=VALUE", name + 1);
		}
		bind_value(q->stmt, i, slice_str(p->value));
	}
	for (i = 0; (size_t)i < params; i++) {
		char name[80];

		snprintf(name, sizeof name, ":%s", param[i].name);
		if (!sqlite3_bind_parameter_index(q->stmt, name))
			return err_set(e, ERR_SQL, "the query has no parameter %s", name);
	}
	return 0;
}

/* ---- rows ---- */

static void
read_cell(sqlite3_stmt *s, int at, struct cell *c)
{
	*c = (struct cell){ .type = CELL_NULL };
	switch (sqlite3_column_type(s, at)) {
	case SQLITE_INTEGER:
		c->type = CELL_INT;
		c->i = sqlite3_column_int64(s, at);
		break;
	case SQLITE_FLOAT:
		c->type = CELL_REAL;
		c->r = sqlite3_column_double(s, at);
		break;
	case SQLITE_TEXT:
		c->type = CELL_TEXT;
		c->text = db_text(s, at);
		break;
	case SQLITE_BLOB:
		c->type = CELL_BLOB;
		c->text.p = sqlite3_column_blob(s, at);
		c->text.n = (size_t)sqlite3_column_bytes(s, at);
		break;
	default:
		break;
	}
}

/* 0 at the end or when the sink has enough, 1 when there are more than max rows, else -1 */
static int
give_rows(sqlite3_stmt *s, const struct rows *rows, uint64_t max, int *sqlite_rc)
{
	int i, n = sqlite3_column_count(s), rc = 0;
	const char **name = mem_calloc((size_t)n + 1, sizeof *name);
	struct cell *cell = mem_calloc((size_t)n + 1, sizeof *cell);
	uint64_t given = 0;

	for (i = 0; i < n; i++)
		name[i] = sqlite3_column_name(s, i);
	if (rows->head && rows->head(rows->ctx, name, (size_t)n))
		goto out;
	while ((*sqlite_rc = sqlite3_step(s)) == SQLITE_ROW) {
		if (max && given++ == max) {
			rc = 1;
			goto out;
		}
		for (i = 0; i < n; i++)
			read_cell(s, i, &cell[i]);
		if (rows->row(rows->ctx, cell, (size_t)n))
			goto out;
	}
	rc = *sqlite_rc == SQLITE_DONE ? 0 : -1;
out:
	free(name);
	free(cell);
	return rc;
}

/* ---- the statement ---- */

struct limit {
	int id, value;
};

static const struct limit limits[] = {
	{ SQLITE_LIMIT_LENGTH, 8 << 20 }, { SQLITE_LIMIT_SQL_LENGTH, 100000 },
	{ SQLITE_LIMIT_COLUMN, 200 }, { SQLITE_LIMIT_EXPR_DEPTH, 100 },
	{ SQLITE_LIMIT_COMPOUND_SELECT, 50 }, { SQLITE_LIMIT_VDBE_OP, 250000 },
	{ SQLITE_LIMIT_FUNCTION_ARG, 16 }, { SQLITE_LIMIT_ATTACHED, 0 },
	{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 }, { SQLITE_LIMIT_WORKER_THREADS, 0 },
};
#define LIMITS (sizeof limits / sizeof *limits)

static int
prepare(struct query *q, struct err *e)
{
	sqlite3_stmt *more = NULL;
	const char *tail;
	int rc;

	if (memchr(q->sql.p ? q->sql.p : "", '\0', q->sql.n))
		return err_set(e, ERR_SQL, "the query holds a NUL byte");
	rc = sqlite3_prepare_v2(q->st->db, q->sql.p, (int)q->sql.n, &q->stmt, &tail);
	if (rc != SQLITE_OK)
		return statement_error(q, rc, e);
	if (!q->stmt)
		return err_set(e, ERR_SQL, "the query is empty");
	while (tail < q->sql.p + q->sql.n) {
		rc = sqlite3_prepare_v2(q->st->db, tail, (int)(q->sql.p + q->sql.n - tail), &more,
		    &tail);
		sqlite3_finalize(more);
		if (rc != SQLITE_OK || more)
			return err_set(e, ERR_SQL, "a query is one statement");
	}
	/* also what an authorizer is not asked about, as VACUUM INTO */
	if (!sqlite3_stmt_readonly(q->stmt)) {
		err_set(e, ERR_SQL, "a query may only read");
		return err_help(e, "write one SELECT statement over the views");
	}
	return 0;
}

static int
run_query(struct query *q, const struct query_param *param, size_t params,
    const struct query_limits *lim, const struct rows *rows, struct err *e)
{
	int rc, sqlite_rc = SQLITE_OK;

	if (prepare(q, e) || bind_params(q, param, params, e))
		return -1;
	rc = give_rows(q->stmt, rows, lim->rows, &sqlite_rc);
	if (rc == 0)
		return 0;
	if (rc < 0)
		return statement_error(q, sqlite_rc, e);
	err_set(e, ERR_LIMIT, "the query gives more than %llu rows; the first of them are shown",
	    (unsigned long long)lim->rows);
	return err_help(e, "add LIMIT, or raise the limit of rows");
}

static void
guard(struct query *q, int before[LIMITS])
{
	sqlite3 *db = q->st->db;
	size_t i;

	for (i = 0; i < LIMITS; i++)
		before[i] = sqlite3_limit(db, limits[i].id, limits[i].value);
	sqlite3_progress_handler(db, STEPS_PER_CHECK, check_time, q);
	sqlite3_set_authorizer(db, authorize, &q->au);
}

static void
unguard(struct query *q, const int before[LIMITS])
{
	sqlite3 *db = q->st->db;
	size_t i;

	sqlite3_set_authorizer(db, NULL, NULL);
	sqlite3_progress_handler(db, 0, NULL, NULL);
	for (i = 0; i < LIMITS; i++)
		sqlite3_limit(db, limits[i].id, before[i]);
}

int
store_query(struct store *st, struct slice sql, const struct query_param *param, size_t params,
    const struct query_limits *lim, const struct rows *rows, struct err *e)
{
	struct query q = { .st = st, .sql = sql, .deadline_ns = CLOCK_NONE };
	int before[LIMITS], rc;
	sqlite3_int64 heap;

	if (sql.n > 100000)
		return err_set(e, ERR_SQL, "the query is longer than 100000 bytes");
	if (authorize_load(st, e) || authorize_names(st->names, sql, e) ||
	    db_exec(st, "PRAGMA query_only = ON", e))
		return -1;
	q.au.names = st->names;
	q.au.own = &st->own;
	if (lim->timeout_ns > 0)
		q.deadline_ns = monotonic_ns() + lim->timeout_ns;
	heap = sqlite3_hard_heap_limit64(HEAP_MAX);
	guard(&q, before);
	rc = run_query(&q, param, params, lim, rows, e);
	sqlite3_finalize(q.stmt);
	unguard(&q, before);
	sqlite3_hard_heap_limit64(heap);
	name_list_free(&q.au.through);
	if (st->mode != STORE_READ)
		sqlite3_exec(st->db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
	return rc;
}

int
store_rows(struct store *st, const char *sql, const int64_t *bind, size_t binds,
    const struct rows *rows, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc, sqlite_rc;
	size_t i;

	if (sqlite3_prepare_v2(st->db, sql, -1, &s, NULL) != SQLITE_OK)
		return db_error(st, e);
	for (i = 0; i < binds; i++)
		sqlite3_bind_int64(s, (int)i + 1, bind[i]);
	rc = give_rows(s, rows, 0, &sqlite_rc);
	if (rc)
		db_error(st, e);
	sqlite3_finalize(s);
	return rc;
}
