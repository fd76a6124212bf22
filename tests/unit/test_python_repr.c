/*
 * test_python_repr.c - Python literals to JSON: whole, cut anywhere, and text that is none.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "read/python_repr.h"

static const struct {
	const char *text, *json;	/* NULL: no repr */
	bool cut;
} cases[] = {
	{ "{}", "{}", false },
	{ "[]", "[]", false },
	{ "{'a': 1, \"b\": 'x'}", "{\"a\":1,\"b\":\"x\"}", false },
	{ " {'a': [None, True, False], } ", "{\"a\":[null,true,false]}", false },
	{ "{'q': \"it's\", 'r': 'say \"x\"', 's': 'it\\'s'}",
		"{\"q\":\"it's\",\"r\":\"say \\\"x\\\"\",\"s\":\"it's\"}", false },
	{ "['a\\nb\\t\\x41\\u00e9\\\\']", "[\"a\\nb\\tA\xc3\xa9\\\\\"]", false },
	{ "['\\q']", "[\"\\\\q\"]", false },
	{ "[1, -2, 2.5, 8000.0, 1e3, 123456789012345678901]",
		"[1,-2,2.5,8000.0,1000.0,\"123456789012345678901\"]", false },
	{ "[nan, -inf]", "[\"nan\",\"-inf\"]", false },
	{ "[(1, 2), (3,), ()]", "[[1,2],[3],[]]", false },
	{ "[{1, 2}]", "[[1,2]]", false },
	{ "{1: 'x', (2, 3): 'y'}", "{\"1\":\"x\",\"[2,3]\":\"y\"}", false },
	{ "OrderedDict([('a', 1), ('b', {'c': 2})])", "{\"a\":1,\"b\":{\"c\":2}}", false },
	{ "OrderedDict({'a': 1})", "{\"a\":1}", false },
	{ "collections.OrderedDict()", "{}", false },
	{ "{'b': b'raw', 't': datetime.datetime(2025, 10, 2, tzinfo=<UTC>), 's': <Level.X: 1>}",
		"{\"b\":\"raw\",\"t\":\"datetime.datetime(2025, 10, 2, tzinfo=<UTC>)\","
		"\"s\":\"<Level.X: 1>\"}", false },
	{ "{\"json\": [null, true, false]}", "{\"json\":[null,true,false]}", false },
	{ "{'a': 1, 'a': 2}", "{\"a\":2}", false },
	/* cut */
	{ "{'a': 1, 'b': 2", "{\"a\":1}", true },	/* it may be 25 */
	{ "{'a': 1, 'b': 'half a sen", "{\"a\":1,\"b\":\"half a sen\"}", true },
	{ "{'a': 1, 'b", "{\"a\":1}", true },
	{ "{'a': 1, 'b':", "{\"a\":1}", true },
	{ "{'a': {'b': [1, 2, ", "{\"a\":{\"b\":[1,2]}}", true },
	{ "{'a': 1, 'b': {'c': 'd'}...", "{\"a\":1,\"b\":{\"c\":\"d\"}}", true },
	{ "{'a': 1, 'b': Tr", "{\"a\":1}", true },
	{ "{'a': 'x\\", "{\"a\":\"x\"}", true },
	{ "OrderedDict([('a', 1), ('b', OrderedDict({'c': 1}), ", "{\"a\":1,\"b\":{\"c\":1}}", true },
	/* none */
	{ "", NULL, false },
	{ "plain text", NULL, false },
	{ "'a string'", NULL, false },
	{ "12", NULL, false },
	{ "[INFO] started", NULL, false },
	{ "[2025-10-02 09:14:03 +0000] [7] [ERROR] x", NULL, false },
	{ "{not python}", NULL, false },
	{ "{'a': 1} and more", NULL, false },
	{ "{'a' 1}", NULL, false },
	{ "{'a'", NULL, false },
	{ "{", NULL, false },
};

static void
test_reads_python_as_json(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool cut;
		json_t *v = python_repr(slice_str(cases[i].text), &cut);
		char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;

		if (cut != cases[i].cut || !text != !cases[i].json ||
		    (text && strcmp(text, cases[i].json) != 0)) {
			print_error("%s\ngives %s%s\n", cases[i].text, text ? text : "nothing",
			    cut ? ", cut" : "");
			wrong++;
		}
		free(text);
		json_decref(v);
	}
	assert_int_equal(wrong, 0);
}

/* each beginning of a repr gives a part of it, flagged, or nothing */
static void
test_a_cut_at_any_byte_is_flagged(void **state)
{
	static const char text[] = "{'message': 'it is \"late\"', 'n': [1, {'k': None}], "
	    "'o': OrderedDict([('a', (1, 2))]), 't': True, 'e': 'end'}";
	size_t kept = 0;

	(void)state;
	for (size_t n = 0; n < sizeof text - 1; n++) {
		bool cut;
		json_t *v = python_repr(slice_of(text, n), &cut);

		assert_int_equal(cut, v != NULL);
		if (v) {
			assert_non_null(json_object_get(v, "message"));
			kept++;
		}
		json_decref(v);
	}
	assert_in_range(kept, sizeof text - 16, sizeof text);
}

static void
test_depth_is_bounded(void **state)
{
	char text[400] = "";
	bool cut;
	json_t *v;

	(void)state;
	memset(text, '[', 63);
	memset(text + 63, ']', 63);
	v = python_repr(slice_of(text, 126), &cut);
	assert_non_null(v);
	assert_false(cut);
	json_decref(v);
	memset(text, '[', 100);
	memset(text + 100, ']', 100);
	assert_null(python_repr(slice_of(text, 200), &cut));
	assert_null(python_repr(slice_of(text, 100), &cut));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_python_as_json),
		cmocka_unit_test(test_a_cut_at_any_byte_is_flagged),
		cmocka_unit_test(test_depth_is_bounded),
	};

	return cmocka_run_group_tests_name("python_repr", tests, NULL, NULL);
}
