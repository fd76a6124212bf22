#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sign/sign.h"

#define HEAD "Traceback (most recent call last):\n"

static void
test_place_starts_at_the_application_root(void **state)
{
	static const struct {
		const char *file;
		uint32_t line;
		const char *want;
	} cases[] = {
		{ "/app/netra_backend/app/middleware/gcp_auth_context_middleware.py", 23,
		    "netra_backend/app/middleware/gcp_auth_context_middleware.py:23" },
		{ "/usr/src/app/main.py", 1, "main.py:1" },
		{ "/srv/x/y/z/w.py", 2, "x/y/z/w.py:2" },
		{ "/workspace/src/w.py", 2, "src/w.py:2" },
		{ "/home/ann/work/proj/tests/test_a.py", 7, "proj/tests/test_a.py:7" },
		{ "/main.py", 7, "main.py:7" },
		{ "C:\\Users\\ann\\proj\\tests\\test_a.py", 7, "proj/tests/test_a.py:7" },
		{ "C:\\app\\src\\a.py", 7, "src/a.py:7" },
		{ "src/pkg/deep/er/a.py", 9, "src/pkg/deep/er/a.py:9" },
		{ "./a.py", 9, "a.py:9" },
		{ "/usr/local/lib/python3.11/site-packages/uvicorn/workers.py", 75,
		    "uvicorn/workers.py:75" },
		{ "/usr/local/lib/python3.11/asyncio/tasks.py", 5, "asyncio/tasks.py:5" },
		{ "/app/", 1, "app/:1" },
		{ "<frozen importlib._bootstrap>", 690, "<frozen importlib._bootstrap>:690" },
		{ "a.py", 0, "a.py" },
		{ "", 0, "" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct frame f = { .file = slice_str(cases[i].file), .line = cases[i].line };

		assert_string_equal(sign_place(&a, &f).p, cases[i].want);
	}
	arena_release(&a);
}

static void
test_cause_names_type_message_and_place(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ HEAD "  File \"/app/pkg/mod.py\", line 23, in <module>\n"
		    "ModuleNotFoundError: No module named 'a.b.c_20250916'",

		    "ModuleNotFoundError: No module named 'a.b.c_20250916'"
		    " at pkg/mod.py in <module>" },
		{ HEAD "  File \"/app/pkg/mod.py\", line 99, in load\n"
		    "  File \"/usr/lib/python3/json.py\", line 5, in loads\n"
		    "KeyError: 'user_12345'",
		    "KeyError: 'user_<n>' at pkg/mod.py in load" },
		{ HEAD "  File \"/app/pkg/mod.py\", line 99, in load\n"
		    "x.OperationalError: connection to 10.0.0.1:5432 failed after 5s\n\n"
		    "During handling of the above exception, another exception occurred:\n\n"
		    HEAD "RuntimeError: start failed",

		    "x.OperationalError: connection to <ip> failed after <dur>"
		    " at pkg/mod.py in load" },
		{ HEAD "  File \"/app/a.py\", line 1\n    x =\nSyntaxError: invalid syntax",
		    "SyntaxError: invalid syntax at a.py" },
		{ HEAD "MemoryError", "MemoryError" },
	};
	struct exception x;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(sign_exception(&a, slice_str(cases[i].text), &x));
		assert_string_equal(sign_cause(&a, &x).p, cases[i].want);
	}
	arena_release(&a);
}

static void
test_cause_does_not_depend_on_line_numbers(void **state)
{
	struct exception x, y;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_true(sign_exception(&a, SLICE(HEAD "  File \"/app/m.py\", line 1, in f\n"
	    "E.X: 5"), &x));
	assert_true(sign_exception(&a, SLICE(HEAD "  File \"/srv/m.py\", line 8, in f\n"
	    "E.X: 6"), &y));
	assert_true(sign_id("cause", sign_cause(&a, &x)) == sign_id("cause", sign_cause(&a, &y)));
	arena_release(&a);
}

static void
test_test_failures_lose_their_values(void **state)
{
	static const struct {
		const char *message, *file, *want;
	} cases[] = {
		{ "AssertionError: assert 503 == 200", "tests/test_a.py",
		    "AssertionError: assert <value> == <value> in tests/test_a.py" },
		{ "assert 401 == 200\n +  where 401 = r.status", "tests/test_a.py::TestB::test_c",
		    "AssertionError: assert <value> == <value> in tests/test_a.py" },
		{ "assert 'a == b' in ['x', 'not in']", "tests/test_a.py:12",
		    "AssertionError: assert <value> in <value> in tests/test_a.py" },
		{ "assert f(1 < 2) is not None", "",
		    "AssertionError: assert <value> is not <value>" },
		{ "AssertionError: assert {'mug': 0, 'p...: 3, 'jug': 1} == {'mug': 12, '...: 3}", "t.py",
		    "AssertionError: assert <value> == <value> in t.py" },
		{ "assert all(x == 1 for x in [1, 2])", "t.py",
		    "AssertionError: assert all(x == <n> for x in [<n>]) in t.py" },
		{ "assert False", "t.py", "AssertionError: assert False in t.py" },
		{ "AssertionError: Login failed: 401\nassert 401 == 200", "t.py",
		    "AssertionError: Login failed: <n> in t.py" },
		{ "ModuleNotFoundError: No module named 'a.b_2025'", "t.py",
		    "ModuleNotFoundError: No module named 'a.b_2025' in t.py" },
		{ "Failed: Timeout >30.0s", "t.py", "Timeout ><dur> in t.py" },
		{ "Timeout >30.0s", "t.py", "Timeout ><dur> in t.py" },
		{ "it broke 5 times", "t.py", "it broke <n> times in t.py" },
		{ "KeyError", "t.py", "KeyError in t.py" },
		{ "", "", "" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(sign_test_failure(&a, slice_str(cases[i].message),
		    slice_str(cases[i].file)).p, cases[i].want);
	arena_release(&a);
}

/* one failure as the styles of pytest print it: one signature, one cause */
static void
test_styles_agree(void **state)
{
	static const char *const detail[] = {
		/* long, short, line, native */
		"    def test_pay():\n>       pay(3)\n\ntests/test_pay.py:9: \n_ _ _ _ \n\nn = 3\n\n"
		"    def pay(n):\n>       raise PayError(f\"id {n}\\nx\")\nE       shop.PayError: id 3\n"
		"E       x\n\nshop/pay.py:4: PayError",
		"tests/test_pay.py:9: in test_pay\n    pay(3)\nshop/pay.py:4: in pay\n"
		"    raise PayError(f\"id {n}\\nx\")\nE   shop.PayError: id 3\nE   x",
		HEAD "  File \"/ci/w/tests/test_pay.py\", line 9, in test_pay\n    pay(3)\n"
		"  File \"/ci/w/shop/pay.py\", line 4, in pay\n    raise PayError\n"
		"shop.PayError: id 3\nx",
		HEAD "  File \"C:\\ci\\w\\tests\\test_pay.py\", line 9, in test_pay\n    pay(3)\n"
		"  File \"C:\\ci\\w\\shop\\pay.py\", line 4, in pay\n    raise PayError\n"
		"shop.PayError: id 3\nx",
		"E   shop.PayError: id 3\n    x\n/ci/w/shop/pay.py:4: shop.PayError: id 3",
	};
	const size_t line_style = 4;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof detail / sizeof *detail; i++) {
		struct slice file = SLICE("tests/test_pay.py");
		struct exception x;

		assert_true(sign_test_exception(&a, slice_str(detail[i]), &x));
		sign_from_root(&x, file);
		assert_string_equal(sign_test_failure(&a, sign_test_message(&a, &x), file).p,
		    "shop.PayError: id <n> in tests/test_pay.py");
		if (i != line_style)
			assert_string_equal(sign_cause(&a, &x).p,
			    "shop.PayError: id <n> at shop/pay.py in pay");
	}
	arena_release(&a);
}

static void
test_root_is_that_of_the_test_file(void **state)
{
	static const struct {
		const char *frame, *file, *want;
	} cases[] = {
		{ "/ci/w/tests/test_a.py", "tests/test_a.py", "tests/test_a.py" },
		{ "D:\\w\\tests\\test_a.py", "tests/test_a.py", "tests\\test_a.py" },
		{ "/ci/w/my_tests/test_a.py", "tests/test_a.py", "/ci/w/my_tests/test_a.py" },
		{ "tests/test_a.py", "tests/test_a.py", "tests/test_a.py" },
		{ "sub/tests/test_a.py", "tests/test_a.py", "sub/tests/test_a.py" },
		{ "/usr/lib/python3/site-packages/test_a.py", "test_a.py",
		    "/usr/lib/python3/site-packages/test_a.py" },
		{ "/ci/w/a.py", "", "/ci/w/a.py" },
		/* a test of sub/tests uses these only from above */
		{ "/ci/w/sub/tests/conftest.py", "sub/tests/test_a.py", "sub/tests/conftest.py" },
		{ "C:\\w\\sub\\conftest.py", "sub/tests/test_a.py", "sub\\conftest.py" },
		{ "/ci/w/conftest.py", "sub/tests/test_a.py", "conftest.py" },
		{ "/ci/w/my_conftest.py", "sub/tests/test_a.py", "/ci/w/my_conftest.py" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct exception x;

		assert_true(sign_test_exception(&a, slice_str(arena_printf(&a,
		    "%s:3: in f\n    x\nE   KeyError: 'a'", cases[i].frame)), &x));
		sign_from_root(&x, slice_str(cases[i].file));
		assert_string_equal(arena_str(&a, x.link[0].frame[0].file), cases[i].want);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place_starts_at_the_application_root),
		cmocka_unit_test(test_cause_names_type_message_and_place),
		cmocka_unit_test(test_cause_does_not_depend_on_line_numbers),
		cmocka_unit_test(test_test_failures_lose_their_values),
		cmocka_unit_test(test_styles_agree),
		cmocka_unit_test(test_root_is_that_of_the_test_file),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
