/*
 * test_id.c - ids from the left: file, classes, name, parameters.
 */
#include "config.h"

#include "read/test_id.h"

/* "dir/x.py", "README.md": has a dot or a slash, and no blank */
static bool
is_path(struct slice s)
{
	return s.n > 0 && slice_find_byte(s, 0, ' ') == SIZE_MAX &&
	    (slice_find_byte(s, 0, '.') != SIZE_MAX || slice_find_byte(s, 0, '/') != SIZE_MAX);
}

static size_t
last_colons(struct slice s)
{
	size_t at = SIZE_MAX, next = 0;

	while ((next = slice_find(s, next, SLICE("::"))) != SIZE_MAX) {
		at = next;
		next += 2;
	}
	return at;
}

struct test_id
test_id_parts(struct slice id)
{
	struct test_id t = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	size_t colons = slice_find(id, 0, SLICE("::")), open, at;
	struct slice rest = id;

	if (colons == SIZE_MAX && is_path(id)) {
		t.file = id;
		return t;
	}
	if (colons != SIZE_MAX && is_path(slice_sub(id, 0, colons))) {
		t.file = slice_sub(id, 0, colons);
		rest = slice_sub(id, colons + 2, SIZE_MAX);
	}
	open = slice_find_byte(rest, 0, '[');
	if (open != SIZE_MAX && open > 0 && slice_ends(rest, "]")) {
		t.params = slice_sub(rest, open + 1, rest.n - open - 2);
		rest = slice_sub(rest, 0, open);
	}
	at = last_colons(rest);
	t.suite = at == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_sub(rest, 0, at);
	t.name = at == SIZE_MAX ? rest : slice_sub(rest, at + 2, SIZE_MAX);
	return t;
}
