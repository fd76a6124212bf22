#include "config.h"

#include "sign/sign.h"

#include <string.h>

#include "base/buf.h"
#include "base/token.h"
#include "sign/mask.h"

#define SIGNATURE_MAX 8192
#define PATH_MAX_KEPT 1024
#define COMPONENTS 3	/* of an absolute path whose application root is not known */

static bool
is_one_of(struct slice s, const char *const *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eqs(s, name[i]))
			return true;
	return false;
}

/* the errors whose quoted words are names in the program: they are the cause, not data */
static bool
quotes_names(struct slice type)
{
	static const char *const name[] = {
		"ModuleNotFoundError", "ImportError", "AttributeError", "NameError",
		"UnboundLocalError", "TypeError", "FixtureLookupError"
	};
	size_t dot = slice_rfind_byte(type, '.');

	if (dot != SIZE_MAX)
		type = slice_sub(type, dot + 1, type.n);
	return is_one_of(type, name, sizeof name / sizeof *name);
}

/* first line of s, clipped */
static struct slice
first_line(struct slice s)
{
	struct slice rest = slice_trim(s), line;

	if (!slice_take_line(&rest, &line))
		return slice_of("", 0);
	return slice_sub(line, 0, token_floor(line, MASK_LINE));
}

static void
put_masked(struct buf *b, struct slice message, bool keep_names)
{
	struct buf masked;

	buf_init(&masked, MASK_LINE);
	mask_text(&masked, first_line(message), keep_names);
	buf_put_slice(b, buf_slice(&masked));
	buf_release(&masked);
}

/* what stands behind the last `root` in s, or the empty slice */
static struct slice
behind(struct slice s, const char *root)
{
	struct slice what = slice_str(root), rest = slice_of(NULL, 0);
	size_t at = slice_find(s, 0, what);

	while (at != SIZE_MAX) {
		rest = slice_sub(s, at + what.n, s.n);
		at = slice_find(s, at + what.n, what);
	}
	return rest;
}

/* "/usr/lib/python3.11/asyncio/tasks.py" without all up to the version's directory */
static struct slice
behind_library(struct slice s)
{
	struct slice rest = behind(s, "/lib/python"), version;

	if (rest.n == 0 || !slice_take_until(&rest, '/', &version))
		return slice_of(NULL, 0);
	for (size_t i = 0; i < version.n; i++)
		if (!mask_digit(version.p[i]) && version.p[i] != '.')
			return slice_of(NULL, 0);
	return rest;
}

static struct slice
last_components(struct slice s)
{
	size_t i = s.n, seen = 0;

	while (i > 0 && seen < COMPONENTS)
		if (s.p[--i] == '/')
			seen++;
	return seen == COMPONENTS ? slice_sub(s, i + 1, s.n) : s;
}

/* the path from the application's root; s has '/' only */
static struct slice
from_root(struct slice s)
{
	static const char *const packages[] = { "/site-packages/", "/dist-packages/" };
	static const char *const root[] = { "/usr/src/app/", "/app/", "/srv/", "/workspace/" };
	struct slice rest;

	if (s.n > 2 && mask_alpha(s.p[0]) && s.p[1] == ':' && s.p[2] == '/')
		s = slice_sub(s, 2, s.n);
	for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
		rest = behind(s, packages[i]);
		if (rest.n > 0)
			return rest;
	}
	rest = behind_library(s);
	if (rest.n > 0)
		return rest;
	for (size_t i = 0; i < sizeof root / sizeof *root; i++)
		if (slice_starts(s, root[i]) && s.n > strlen(root[i]))
			return slice_sub(s, strlen(root[i]), s.n);
	while (slice_take_str(&s, "./"))
		;
	return s.n > 0 && s.p[0] == '/' ? last_components(slice_sub(s, 1, s.n)) : s;
}

/* a place is shown, so its tokens stay; a signature must not depend on their key */
static void
put_path(struct buf *b, struct slice file, bool keep_tokens)
{
	struct buf path;

	buf_init(&path, PATH_MAX_KEPT);
	buf_put_slice(&path, slice_sub(file, 0, token_floor(file, PATH_MAX_KEPT)));
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '\\')
			path.p[i] = '/';
	if (keep_tokens)
		buf_put_slice(b, from_root(buf_slice(&path)));
	else
		mask_tokens(b, from_root(buf_slice(&path)));
	buf_release(&path);
}

struct slice
sign_place(struct arena *a, const struct frame *f)
{
	struct slice out;
	struct buf b;

	buf_init(&b, SIGNATURE_MAX);
	put_path(&b, f->file, true);
	if (f->line > 0)
		buf_printf(&b, ":%u", (unsigned)f->line);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

struct slice
sign_cause(struct arena *a, const struct exception *x)
{
	const struct link *cause = &x->link[0];
	const struct frame *f = link_raise_frame(cause);
	struct slice out;
	struct buf b;

	buf_init(&b, SIGNATURE_MAX);
	buf_put_slice(&b, cause->type);
	if (cause->message.n > 0) {
		buf_puts(&b, ": ");
		put_masked(&b, cause->message, quotes_names(cause->type));
	}
	if (f) {
		buf_puts(&b, " at ");
		put_path(&b, f->file, false);
		if (f->function.n > 0) {
			buf_puts(&b, " in ");
			mask_tokens(&b, f->function);
		}
	}
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static const char *const operators[] = {
	" == ", " != ", " <= ", " >= ", " < ", " > ", " not in ", " in ", " is not ", " is "
};

/*
 * The comparison of "a == b" outside of quotes and brackets; NULL when there is
 * none. Python's order of binding does not matter: the first one is the one shown.
 */
static const char *
comparison(struct slice s)
{
	size_t depth = 0;
	char quote = '\0';

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quote != '\0') {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = '\0';
			continue;
		}
		if (c == '\'' || c == '"')
			quote = c;
		else if (c == '(' || c == '[' || c == '{')
			depth++;
		else if ((c == ')' || c == ']' || c == '}') && depth > 0)
			depth--;
		if (c != ' ' || depth > 0)
			continue;
		for (size_t k = 0; k < sizeof operators / sizeof *operators; k++)
			if (slice_starts(slice_sub(s, i, s.n), operators[k]))
				return operators[k];
	}
	return NULL;
}

/* a value that pytest cut ("'p...: 3}") opens what it does not close: any sign will do */
static const char *
cut_comparison(struct slice s)
{
	if (slice_find(s, 0, SLICE("...")) == SIZE_MAX)
		return NULL;
	for (size_t k = 0; k < sizeof operators / sizeof *operators; k++)
		if (slice_find(s, 0, slice_str(operators[k])) != SIZE_MAX)
			return operators[k];
	return NULL;
}

static void
put_assert(struct buf *b, struct slice condition)
{
	const char *op = comparison(condition);

	if (!op)
		op = cut_comparison(condition);

	buf_puts(b, "assert ");
	if (op)
		buf_printf(b, "<value>%s<value>", op);
	else
		put_masked(b, condition, false);
}

/* the dotted name in front of ": ", or all of a line that is one dotted name */
static bool
take_type(struct slice *line, struct slice *type)
{
	size_t n = 0;

	while (n < line->n && (!mask_ends(*line, n) || line->p[n] == '.'))
		n++;
	if (n == 0 || mask_digit(line->p[0]) || (n < line->n && line->p[n] != ':'))
		return false;
	*type = slice_sub(*line, 0, n);
	*line = slice_trim(slice_sub(*line, n + 1, line->n));
	return true;
}

static bool
is_absolute(struct slice path)
{
	return path.n > 2 && (path.p[0] == '/' || (mask_alpha(path.p[0]) && path.p[1] == ':'));
}

/* of the last "/" or "\\", or SIZE_MAX */
static size_t
last_separator(struct slice path)
{
	for (size_t i = path.n; i-- > 0;)
		if (path.p[i] == '/' || path.p[i] == '\\')
			return i;
	return SIZE_MAX;
}

/* bytes of path in front of file, which it ends with; "\\" and "/" are the same; else 0 */
static size_t
root_of(struct slice path, struct slice file)
{
	size_t n = path.n > file.n ? path.n - file.n : 0;

	if (file.n == 0 || n == 0 || (path.p[n - 1] != '/' && path.p[n - 1] != '\\'))
		return 0;
	for (size_t i = 0; i < file.n; i++) {
		char a = path.p[n + i], b = file.p[i];

		if ((a == '\\' ? '/' : a) != (b == '\\' ? '/' : b))
			return 0;
	}
	return n;
}

/* conftest.py lies in a directory above the test's, or in the same: the root, or 0 */
static size_t
root_of_conftest(struct slice path, struct slice file)
{
	struct slice name = SLICE("conftest.py"), dir;
	size_t at;

	if (root_of(path, name) == 0)
		return 0;
	path.n -= name.n + 1;
	for (dir = file; (at = last_separator(dir)) != SIZE_MAX;) {
		dir = slice_sub(dir, 0, at);
		at = root_of(path, dir);
		if (at > 0)
			return at;
	}
	return path.n + 1;
}

static struct slice
find_root(const struct exception *x, struct slice file, size_t root(struct slice, struct slice))
{
	for (size_t i = 0; i < x->links; i++)
		for (size_t k = 0; k < x->link[i].frames; k++) {
			const struct frame *f = &x->link[i].frame[k];
			size_t n = f->in_app && is_absolute(f->file) ? root(f->file, file) : 0;

			if (n > 0)
				return slice_sub(f->file, 0, n);
		}
	return slice_of("", 0);
}

void
sign_from_root(struct exception *x, struct slice file)
{
	struct slice root = find_root(x, file, root_of);

	if (root.n == 0 && file.n > 0)
		root = find_root(x, file, root_of_conftest);
	for (size_t i = 0; root.n > 0 && i < x->links; i++)
		for (size_t k = 0; k < x->link[i].frames; k++) {
			struct slice *path = &x->link[i].frame[k].file;

			if (path->n > root.n && memcmp(path->p, root.p, root.n) == 0)
				*path = slice_sub(*path, root.n, path->n);
		}
}

/* "tests/test_a.py" of "tests/test_a.py::TestB::test_c" and of "tests/test_a.py:12" */
static struct slice
only_file(struct slice s)
{
	size_t at = slice_find(s, 0, SLICE("::")), n;

	if (at != SIZE_MAX)
		s.n = at;
	for (n = s.n; n > 0 && mask_digit(s.p[n - 1]); n--)
		;
	if (n > 1 && n < s.n && s.p[n - 1] == ':')
		s.n = n - 1;
	return s;
}

struct slice
sign_test_message(struct arena *a, const struct exception *x)
{
	const struct link *l = &x->link[x->links - 1];
	struct slice out;
	struct buf b;

	buf_init(&b, l->type.n + l->message.n + 2);
	buf_put_slice(&b, l->type);
	if (l->message.n > 0) {
		buf_puts(&b, ": ");
		buf_put_slice(&b, l->message);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

struct slice
sign_test_failure(struct arena *a, struct slice message, struct slice file)
{
	struct slice line = first_line(message), type = SLICE("AssertionError"), out;
	bool typed;
	struct buf b;

	buf_init(&b, SIGNATURE_MAX);
	/* what pytest.fail() says has this type in front or not, by how it was called */
	slice_take_str(&line, "Failed: ");
	typed = !slice_starts(line, "assert ") && take_type(&line, &type);
	if (typed || slice_starts(line, "assert "))
		buf_put_slice(&b, type);
	if (b.n > 0 && line.n > 0)
		buf_puts(&b, ": ");
	if (slice_take_str(&line, "assert "))
		put_assert(&b, line);
	else
		put_masked(&b, line, quotes_names(type));
	file = only_file(slice_trim(file));
	if (file.n > 0) {
		buf_puts(&b, " in ");
		put_path(&b, file, false);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}
