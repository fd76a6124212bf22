#include "config.h"

#include "store/db.h"

#include <string.h>

#include "base/pattern.h"
#include "model/severity.h"

enum { LOC };
static const char *const texts[] = {
	[LOC] = "SELECT s.path || ':' || e.line FROM event e JOIN source s ON s.id = e.source_id"
	    " WHERE e.id = ?1",
};
const struct sql_group sql_function = { GROUP_FUNCTION, texts, sizeof texts / sizeof *texts };

static struct slice
text_arg(sqlite3_value *v)
{
	const void *p = sqlite3_value_text(v);

	return slice_of(p, p ? (size_t)sqlite3_value_bytes(v) : 0);
}

static bool
any_null(int n, sqlite3_value **v)
{
	while (n-- > 0)
		if (sqlite3_value_type(v[n]) == SQLITE_NULL)
			return true;
	return false;
}

static void
result_text(sqlite3_context *ctx, struct slice s)
{
	sqlite3_result_text64(ctx, s.n ? s.p : "", s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void
free_pattern(void *p)
{
	pattern_free(p);
}

/*
 * Runs the pattern in argument `at` over `subject`. Compiled once for a statement, as
 * long as the pattern is a constant. False: an error was set, or there is no match.
 */
static bool
run_pattern(sqlite3_context *ctx, sqlite3_value **v, int at, struct slice subject,
    struct match *m)
{
	struct store *st = sqlite3_user_data(ctx);
	struct pattern *p = sqlite3_get_auxdata(ctx, at), *made = NULL;
	enum match_outcome outcome;
	size_t offset;
	struct err e;

	err_clear(&e);
	if (!p && pattern_compile(text_arg(v[at]), 0, &made, &offset, &e)) {
		sqlite3_result_error(ctx, e.text, -1);
		return false;
	}
	outcome = matcher_run(st->matcher, p ? p : made, subject, 0, m);
	if (made)
		sqlite3_set_auxdata(ctx, at, made, free_pattern);
	if (outcome == MATCH_LIMIT)
		sqlite3_result_error(ctx, "regexp: the match limit was hit", -1);
	return outcome == MATCH_YES;
}

/* regexp(pattern, text), which is `text REGEXP pattern` */
static void
fn_regexp(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	struct match m;

	if (any_null(n, v))
		return;
	sqlite3_result_int(ctx, 0);
	if (run_pattern(ctx, v, 0, text_arg(v[1]), &m))
		sqlite3_result_int(ctx, 1);
}

/* regexp_extract(text, pattern [, group]): NULL without a match; group 1 if there is one */
static void
fn_regexp_extract(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	struct match m;
	int64_t group;

	if (any_null(n, v) || !run_pattern(ctx, v, 1, text_arg(v[0]), &m))
		return;
	group = n > 2 ? sqlite3_value_int64(v[2]) : m.groups > 1;
	if (group >= 0 && group < m.groups && m.group[group].p)
		result_text(ctx, m.group[group]);
}

static void
result_time(sqlite3_context *ctx, int64_t ns)
{
	char text[CLOCK_TEXT];

	result_text(ctx, slice_str(clock_format(ns, 9, text)));
}

static void
fn_iso(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	if (!any_null(n, v))
		result_time(ctx, sqlite3_value_int64(v[0]));
}

/* "500ms", "10s", "1m", "2h", "1d" */
static bool
parse_width(struct slice s, int64_t *ns)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = {
		{ "ms", 1000000 }, { "s", CLOCK_NS_PER_S }, { "m", 60 * CLOCK_NS_PER_S },
		{ "h", 3600 * CLOCK_NS_PER_S }, { "d", 86400 * CLOCK_NS_PER_S },
	};
	uint64_t n;
	size_t i;

	if (!slice_take_uint(&s, &n) || n == 0 || n > 100000)
		return false;
	for (i = 0; i < sizeof units / sizeof *units; i++)
		if (slice_eqs(s, units[i].unit)) {
			*ns = (int64_t)n * units[i].ns;
			return true;
		}
	return false;
}

/* bucket(ts_ns, '1m'): the time at which its bucket begins */
static void
fn_bucket(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	int64_t ns, width, rest;

	if (any_null(n, v))
		return;
	ns = sqlite3_value_int64(v[0]);
	if (!parse_width(text_arg(v[1]), &width)) {
		sqlite3_result_error(ctx,
		    "bucket: the width is a number with ms, s, m, h or d", -1);
		return;
	}
	rest = ns % width;
	if (rest < 0)
		rest += width;
	result_time(ctx, ns >= INT64_MIN + rest ? ns - rest : ns);
}

static void
fn_sev(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	int severity;

	if (!any_null(n, v) && severity_of(text_arg(v[0]), &severity))
		sqlite3_result_int(ctx, severity);
}

static void
fn_sevname(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	int64_t severity;

	if (any_null(n, v))
		return;
	severity = sqlite3_value_int64(v[0]);
	result_text(ctx, slice_str(severity_name(severity < 0 ? 0 :
	    severity > 800 ? 800 : (int)severity)));
}

static int
find_place(struct store *st, int64_t event_id, sqlite3_context *ctx, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	if (db_stmt(st, &sql_function, LOC, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, event_id);
	rc = db_row(st, s, e);
	if (rc > 0)
		result_text(ctx, db_text(s, 0));
	sqlite3_reset(s);
	return rc < 0 ? -1 : 0;
}

/* loc(event_id): "path:line". Its own statement is not what the query is authorised for. */
static void
fn_loc(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	struct store *st = sqlite3_user_data(ctx);
	struct err e;

	err_clear(&e);
	if (any_null(n, v))
		return;
	st->own = true;
	if (find_place(st, sqlite3_value_int64(v[0]), ctx, &e))
		sqlite3_result_error(ctx, e.text, -1);
	st->own = false;
}

/* direct only: a database that somebody else made cannot call them from its views */
void
functions_register(struct store *st)
{
	static const struct {
		const char *name;
		int args;
		bool pure;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} list[] = {
		{ "regexp", 2, true, fn_regexp },
		{ "regexp_extract", 2, true, fn_regexp_extract },
		{ "regexp_extract", 3, true, fn_regexp_extract },
		{ "iso", 1, true, fn_iso },
		{ "bucket", 2, true, fn_bucket },
		{ "sev", 1, true, fn_sev },
		{ "sevname", 1, true, fn_sevname },
		{ "loc", 1, false, fn_loc },
	};
	size_t i;

	for (i = 0; i < sizeof list / sizeof *list; i++)
		sqlite3_create_function_v2(st->db, list[i].name, list[i].args, SQLITE_UTF8 |
		    SQLITE_DIRECTONLY | (list[i].pure ? SQLITE_DETERMINISTIC : 0), st, list[i].fn,
		    NULL, NULL, NULL);
}
