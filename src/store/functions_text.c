#include "config.h"

#include "store/db.h"

#include <string.h>

/*
 * instr(), replace() and trim() with a set, in linear time. SQLite's own compare at
 * every byte, which takes minutes on megabytes, and no progress handler is asked
 * while a function runs. Innocuous, as the ones they stand for.
 */

#define RESULT_MAX (8u << 20)
#define SET_MAX 100		/* bytes of the characters that trim() takes off */

static struct slice
arg(sqlite3_value *v)
{
	const void *p = sqlite3_value_type(v) == SQLITE_BLOB ? sqlite3_value_blob(v) :
	    sqlite3_value_text(v);

	return slice_of(p, p ? (size_t)sqlite3_value_bytes(v) : 0);
}

static bool
is_null(sqlite3_value *v)
{
	return sqlite3_value_type(v) == SQLITE_NULL;
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* memmem() is linear in glibc and musl */
static size_t
find(struct slice in, size_t from, struct slice what)
{
	const char *at = in.n > from ? memmem(in.p + from, in.n - from, what.p, what.n) : NULL;

	return at ? (size_t)(at - in.p) : SIZE_MAX;
}

static void
fn_instr(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	bool bytes = sqlite3_value_type(v[0]) == SQLITE_BLOB &&
	    sqlite3_value_type(v[1]) == SQLITE_BLOB;
	struct slice in, what;
	size_t at, i;
	int64_t position = 1;

	(void)n;
	if (is_null(v[0]) || is_null(v[1]))
		return;
	in = arg(v[0]);
	what = arg(v[1]);
	at = what.n ? find(in, 0, what) : 0;
	for (i = 0; at != SIZE_MAX && i < at; i++)
		position += bytes || !is_continuation(in.p[i]);
	sqlite3_result_int64(ctx, at == SIZE_MAX ? 0 : position);
}

static void
fn_replace(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	struct slice in, what, with;
	size_t from = 0, at;
	struct buf out;

	(void)n;
	if (is_null(v[0]) || is_null(v[1]) || is_null(v[2]))
		return;
	in = arg(v[0]);
	what = arg(v[1]);
	with = arg(v[2]);
	if (what.n == 0) {
		sqlite3_result_value(ctx, v[0]);
		return;
	}
	buf_init(&out, RESULT_MAX);
	while (!out.over && (at = find(in, from, what)) != SIZE_MAX) {
		buf_put(&out, in.p + from, at - from);
		buf_put_slice(&out, with);
		from = at + what.n;
	}
	buf_put(&out, in.p ? in.p + from : "", in.n - from);
	if (out.over)
		sqlite3_result_error_toobig(ctx);
	else
		sqlite3_result_text64(ctx, out.p, out.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	buf_release(&out);
}

/* bytes of the character at the start (or at the end) of s that is in the set; else 0 */
static size_t
in_set(struct slice s, struct slice set, bool at_end)
{
	size_t from, n;

	for (from = 0; from < set.n; from += n) {
		for (n = 1; from + n < set.n && is_continuation(set.p[from + n]); n++)
			;
		if (n <= s.n && memcmp(at_end ? s.p + s.n - n : s.p, set.p + from, n) == 0)
			return n;
	}
	return 0;
}

/* the user data names the side: "l", "r" or "lr" */
static void
fn_trim(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	const char *sides = sqlite3_user_data(ctx);
	struct slice s, set;
	size_t take;

	(void)n;
	if (is_null(v[0]) || is_null(v[1]))
		return;
	s = arg(v[0]);
	set = arg(v[1]);
	if (set.n > SET_MAX) {
		sqlite3_result_error(ctx, "trim: too many characters to take off", -1);
		return;
	}
	while (*sides == 'l' && (take = in_set(s, set, false)) > 0)
		s = slice_sub(s, take, s.n);
	while (strchr(sides, 'r') && (take = in_set(s, set, true)) > 0)
		s = slice_sub(s, 0, s.n - take);
	sqlite3_result_text64(ctx, s.n ? s.p : "", s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
functions_text_register(struct store *st)
{
	static const struct {
		const char *name, *sides;
		int args;
		void (*fn)(sqlite3_context *, int, sqlite3_value **);
	} list[] = {
		{ "instr", "", 2, fn_instr },
		{ "replace", "", 3, fn_replace },
		{ "trim", "lr", 2, fn_trim },
		{ "ltrim", "l", 2, fn_trim },
		{ "rtrim", "r", 2, fn_trim },
	};
	size_t i;

	for (i = 0; i < sizeof list / sizeof *list; i++)
		sqlite3_create_function_v2(st->db, list[i].name, list[i].args,
		    SQLITE_UTF8 | SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, (void *)list[i].sides,
		    list[i].fn, NULL, NULL, NULL);
}
