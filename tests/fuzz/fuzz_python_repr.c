/*
 * fuzz_python_repr.c - Python literals, on any bytes.
 *
 * Invariants: what is read is an object or array that jansson can write and read back. Oracle: a
 * text without escapes that jansson takes for an object or array, and that is not nested too
 * deeply, gives the same value: JSON is Python then, but for the names of three constants.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "read/python_repr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static unsigned
depth_of(const json_t *v)
{
	unsigned deepest = 0, depth;
	const char *key;
	json_t *member;
	size_t i;

	json_array_foreach(v, i, member) {
		depth = depth_of(member);
		deepest = depth > deepest ? depth : deepest;
	}
	json_object_foreach((json_t *)v, key, member) {
		depth = depth_of(member);
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + 1;
}

static void
check_value(json_t *v)
{
	json_t *again;
	char *text;

	require(json_is_object(v) || json_is_array(v));
	require(depth_of(v) <= PYTHON_DEPTH + 1);
	text = json_dumps(v, JSON_COMPACT);
	require(text != NULL);
	again = json_loads(text, JSON_ALLOW_NUL, NULL);
	require(again != NULL);
	json_decref(again);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size };
	json_t *v, *json = NULL;
	struct arena arena;
	size_t fixed;
	bool cut;

	arena_init(&arena);
	if (size > 0 && !memchr(data, 0, size) && !memchr(data, '\\', size))
		json = json_loadb((const char *)data, size, 0, NULL);
	v = python_repr(text_utf8(&arena, text, &fixed), &cut);
	if (v)
		check_value(v);
	else
		require(!cut);
	if (json && depth_of(json) < PYTHON_DEPTH)
		require(v && !cut && json_equal(v, json));
	json_decref(json);
	json_decref(v);
	arena_release(&arena);
	return 0;
}
