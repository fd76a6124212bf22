#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "sign/sign.h"
#include "exception_kit.h"

#define HEAD "Traceback (most recent call last):\n"
#define DURING "\nDuring handling of the above exception, another exception occurred:\n"
#define DIRECT "\nThe above exception was the direct cause of the following exception:\n"
#define ENTRY "_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ \n"
#define LOOKUP "      fixture 'db' not found\n>       available fixtures: cache, capfd\n" \
	">       use 'pytest --fixtures [testpath]' for help on them.\n\n"

struct trace_case {
	const char *text, *want;	/* "": no exception */
};

static void
check_all(const struct trace_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct exception x;
		struct arena a;
		struct buf b;

		arena_init(&a);
		buf_init(&b, 65536);
		if (sign_test_exception(&a, slice_str(c[i].text), &x))
			print_exception(&b, &x);
		assert_string_equal(b.p, c[i].want);
		buf_release(&b);
		arena_release(&a);
	}
}

#define CHECK(cases) check_all(cases, sizeof(cases) / sizeof *(cases))

static void
test_long_style(void **state)
{
	static const struct trace_case cases[] = {
		/* the function is that of the source above; the frames come behind it */
		{ "cart = <Cart>, n = 2\n\n    def test_total(cart, n):\n>       total(n)\n\n"
		    "tests/test_cart.py:15: \n" ENTRY "\nn = 2\n\n    def total(n):\n"
		    ">       return 10 / (n - 2)\n               ^^^^^^^^^^^^\n"
		    "E       ZeroDivisionError: division by zero\n\nn          = 2\n\n"
		    "shop/cart.py:12: ZeroDivisionError\n",
		    "F ZeroDivisionError|division by zero|tests/test_cart.py:15 test_total*|"
		    "shop/cart.py:12 total*" },
		/* pytest leaves the type of its own assertions out */
		{ "    def test_a():\n>       assert 1 == 2\nE       assert 1 == 2\n\n"
		    "t.py:3: AssertionError",
		    "F AssertionError|assert 1 == 2|t.py:3 test_a*" },
		{ ">   def test_m(self): assert [1] == [2]\n                      ^^^^^^^^^^\n"
		    "E   AssertionError: assert [1] == [2]\nE     \nE     At index 0 diff: 1 != 2\n\n"
		    "t.py:82: AssertionError\n",
		    "F AssertionError|assert [1] == [2]|t.py:82 test_m*" },
		/* decorators, async, a signature over lines, blanks taken off by a tool */
		{ "    @pytest.fixture(\n        scope=\"module\",\n    )\n    async def db():\n\n"
		    ">       raise app.DbError(\"x\")\nE       app.errors.DbError: x\n\n"
		    "tests/conftest.py:9: DbError",
		    "F app.errors.DbError|x|tests/conftest.py:9 db*" },
		/* the whole module up to the line */
		{ "    \"\"\"Cart.\"\"\"\n    import os\n>   import nosuch\n"
		    "E   ModuleNotFoundError: No module named 'nosuch'\n\n"
		    "shop/cart.py:3: ModuleNotFoundError",
		    "F ModuleNotFoundError|No module named 'nosuch'|shop/cart.py:3 <module>*" },
		/* JUnit and json-report take the blanks in front of the text off */
		{ "def test_a():\n        x = 1\n>       assert x == 2\nE       assert 1 == 2\n\n"
		    "t.py:3: AssertionError",
		    "F AssertionError|assert 1 == 2|t.py:3 test_a*" },
		{ "import os\n>   import nosuch\nE   ImportError: a\n\nshop/cart.py:2: ImportError",
		    "F ImportError|a|shop/cart.py:2 <module>*" },
		{ "n = 0\n\n>   import nosuch\nE   ImportError: a\n\nshop/cart.py:2: ImportError",
		    "F ImportError|a|shop/cart.py:2 *" },
		/* a comprehension's own lines do not say in which function they stand */
		{ ">   return [g(x) for x in y]\nE   KeyError: 'a'\n\nt.py:30: KeyError",
		    "F KeyError|'a'|t.py:30 *" },
		{ "[gw1] linux -- Python 3.11.2 /usr/bin/python3\n\n    def test_a():\n"
		    ">       f(\n            1,\n        )\nE       TypeError: no\n\n"
		    "tests\\test a.py:7: TypeError",
		    "F TypeError|no|tests\\test a.py:7 test_a*" },
		/* auto: the frames between are short */
		{ "    def test_a():\n>       f(1)\n\nt.py:16: \n" ENTRY "lib/x.py:5: in f\n"
		    "    return g(n)\n           ^^^^\n" ENTRY "\nn = 1\n\n    def g(n):\n"
		    ">       raise ValueError()\nE       ValueError\n\nlib/y.py:8: ValueError",
		    "F ValueError||t.py:16 test_a*|lib/x.py:5 f*|lib/y.py:8 g*" },
		/* the class that the line of the frame names is the exception's */
		{ ">       g()\nE       NOTE: broken\n\nt.py:5: OddThing",
		    "F OddThing|NOTE: broken|t.py:5 *" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_short_style(void **state)
{
	static const struct trace_case cases[] = {
		{ "tests/test_a.py:15: in test_deep\n    helper(0)\ntests/test_a.py:12: in helper\n"
		    "    return 10 / n\n           ^^^^^^\nE   ZeroDivisionError: division by zero",
		    "F ZeroDivisionError|division by zero|tests/test_a.py:15 test_deep*|"
		    "tests/test_a.py:12 helper*" },
		{ "t.py:9: in test_fail\n    assert x == 2, \"no\"\nE   AssertionError: no\n"
		    "E   assert 1 == 2",
		    "F AssertionError|no|t.py:9 test_fail*" },
		{ "t.py:9: in f\n    f(n)\nt.py:9: in f\n    f(n)\n"
		    "E   RecursionError: maximum recursion depth exceeded\n"
		    "!!! Recursion detected (same locals & position)",
		    "F RecursionError|maximum recursion depth exceeded|t.py:9 f*|t.py:9 f*" },
		{ "C:\\a b\\test_x.py:9: in f\n    g()\nD:/w/app.py:3: in g\n    x\n"
		    "E   NameError: name 'x' is not defined",
		    "F NameError|name 'x' is not defined|C:\\a b\\test_x.py:9 f*|D:/w/app.py:3 g*" },
		{ "t.py:5: in test_hang\n    time.sleep(5)\n"
		    "E   Failed: Timeout (>0.3s) from pytest-timeout.",
		    "F Failed|Timeout (>0.3s) from pytest-timeout.|t.py:5 test_hang*" },
		/* a message that looks like a frame, a traceback, a connecting sentence */
		{ "t.py:5: in f\n    raise X\nE   ValueError: a\nE   app.py:3: in g\n"
		    "E   Traceback (most recent call last):\nE   During handling of the above "
		    "exception, another exception occurred:\nE   KeyError: 'b'",
		    "F ValueError|a|t.py:5 f*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_chains(void **state)
{
	static const struct trace_case cases[] = {
		{ "t.py:19: in test_chain\n    helper(0)\nt.py:12: in helper\n    return 1 / n\n"
		    "E   ZeroDivisionError: division by zero\n" DIRECT
		    "t.py:21: in test_chain\n    raise RuntimeError(\"a\\nb\") from e\n"
		    "E   RuntimeError: connect failed\nE   second line\nE     third",
		    "F ZeroDivisionError|division by zero|t.py:19 test_chain*|t.py:12 helper*"
		    " / C RuntimeError|connect failed|t.py:21 test_chain*" },
		{ "    def test_ctx():\n        try:\n>           helper(0)\n\nt.py:25: \n" ENTRY
		    "\nn = 0\n\n    def helper(n):\n>       return 10 / n\n"
		    "E       ZeroDivisionError: division by zero\n\nt.py:12: ZeroDivisionError\n"
		    DURING "\n    def test_ctx():\n        try:\n            helper(0)\n"
		    "        except ZeroDivisionError:\n>           raise KeyError(\"k\")\n"
		    "E           KeyError: 'k'\n\nt.py:27: KeyError\n",
		    "F ZeroDivisionError|division by zero|t.py:25 test_ctx*|t.py:12 helper*"
		    " / D KeyError|'k'|t.py:27 test_ctx*" },
		/* line: only the last one has its place */
		{ "E   ZeroDivisionError: division by zero\n" DIRECT "E   RuntimeError: a\n"
		    "    def b():\n      third\n/w/p/t.py:21: RuntimeError: a",
		    "F ZeroDivisionError|division by zero / C RuntimeError|a|/w/p/t.py:21 *" },
		/* cut in the second: what is whole stays */
		{ "t.py:12: in f\n    x\nE   KeyError: 'a'\n" DURING "t.py:14: in f\n    rai",
		    "F KeyError|'a'|t.py:12 f* cut" },
		/* two failures one behind the other are no chain */
		{ "t.py:12: in f\n    x\nE   KeyError: 'a'\nt.py:14: in g\n    y\nE   OSError: b",
		    "F KeyError|'a'|t.py:12 f*" },
		{ "    def f():\n>       x\nE       KeyError: 'a'\n\nt.py:2: KeyError\n"
		    "    def g():\n>       y\nE       OSError: b\n\nt.py:5: OSError",
		    "F KeyError|'a'|t.py:2 f*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_line_style(void **state)
{
	static const struct trace_case cases[] = {
		{ "/w/tests/test_a.py:12: ZeroDivisionError: division by zero",
		    "F ZeroDivisionError|division by zero|/w/tests/test_a.py:12 *" },
		{ "/w/tests/test_a.py:36: assert 0", "F AssertionError|assert 0|/w/tests/test_a.py:36 *" },
		{ "E   AssertionError: custom\n    assert 1 == 2\n      \n      Differing:\n"
		    "/w/t.py:9: AssertionError: custom", "F AssertionError|custom|/w/t.py:9 *" },
		{ "E   AssertionError: 1 == 1\n/usr/lib/python3.11/unittest/case.py:882: "
		    "AssertionError: 1 == 1",
		    "F AssertionError|1 == 1|/usr/lib/python3.11/unittest/case.py:882 " },
		{ "/w/t.py:102: Failed: explicit", "F Failed|explicit|/w/t.py:102 *" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_native_style(void **state)
{
	static const struct trace_case cases[] = {
		{ HEAD "  File \"/s/_pytest/runner.py\", line 361, in from_call\n    result = func()\n"
		    "  File \"/w/t.py\", line 9, in test_fail\n    assert x == 2, \"no\"\n"
		    "AssertionError: no\nassert 1 == 2\nE   KeyError: 'decoy'\nx.py:1: in decoy",
		    "F AssertionError|no|/s/_pytest/runner.py:361 from_call|/w/t.py:9 test_fail*" },
		{ HEAD "  File \"/w/t.py\", line 1, in f\n    x\nKeyError: 'a'\n" DURING "\n" HEAD
		    "  File \"/w/t.py\", line 2, in f\n    y\nOSError: b",
		    "F KeyError|'a'|/w/t.py:1 f* / D OSError|b|/w/t.py:2 f*" },
		{ "  + Exception Group Traceback (most recent call last):\n"
		    "  |   File \"/w/t.py\", line 119, in test_group\n"
		    "  |     raise ExceptionGroup(\"eg\", [ValueError(\"v\"), TypeError(\"t\")])\n"
		    "  | ExceptionGroup: eg (2 sub-exceptions)\n"
		    "  +-+---------------- 1 ----------------\n    | ValueError: v\n"
		    "    +---------------- 2 ----------------\n    | TypeError: t\n"
		    "    +------------------------------------\n"
		    "/w/t.py:119: ExceptionGroup: eg (2 sub-exceptions)",
		    "F ValueError|v / C ExceptionGroup|eg (2 sub-exceptions)|/w/t.py:119 test_group*" },
		/* JUnit takes the blanks in front off; what comes behind is pytest's */
		{ "+ Exception Group Traceback (most recent call last):\n"
		    "  |   File \"/w/t.py\", line 3, in f\n  |     raise g\n"
		    "  | ExceptionGroup: eg (1 sub-exception)\n"
		    "  +-+---------------- 1 ----------------\n    | ValueError: v\n"
		    "    +------------------------------------\n" DURING
		    "t.py:5: in f\n    raise RuntimeError\nE   RuntimeError",
		    "F ValueError|v / C ExceptionGroup|eg (1 sub-exception)|/w/t.py:3 f*"
		    " / D RuntimeError||t.py:5 f*" },
		{ "INTERNALERROR> " HEAD "INTERNALERROR>   File \"/w/conftest.py\", line 1, in hook\n"
		    "INTERNALERROR>     boom()\nINTERNALERROR>\n"
		    "INTERNALERROR> RuntimeError: boom in hook\n",
		    "F RuntimeError|boom in hook|/w/conftest.py:1 hook*" },
		{ "INTERNALERROR> conftest.py:1: in hook\nINTERNALERROR>     boom()\n"
		    "INTERNALERROR> E   RuntimeError: boom in hook",
		    "F RuntimeError|boom in hook|conftest.py:1 hook*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_collection_and_fixtures(void **state)
{
	static const struct trace_case cases[] = {
		{ "ImportError while importing test module '/w/tests/test_a.py'.\n"
		    "Hint: make sure your test modules/packages have valid Python names.\nTraceback:\n"
		    "/usr/lib/python3.11/importlib/__init__.py:126: in import_module\n"
		    "    return _bootstrap._gcd_import(name[level:], package, level)\n"
		    "<frozen importlib._bootstrap>:1206: in _gcd_import\n    ???\n"
		    "tests/test_a.py:1: in <module>\n    import nosuch\n"
		    "E   ModuleNotFoundError: No module named 'nosuch'",
		    "F ModuleNotFoundError|No module named 'nosuch'|"
		    "/usr/lib/python3.11/importlib/__init__.py:126 import_module|"
		    "<frozen importlib._bootstrap>:1206 _gcd_import|tests/test_a.py:1 <module>*" },
		{ "../src/_pytest/python.py:528: in importtestmodule\n    mod = import_path(\n"
		    "E     File \"/w/tests/test_s.py\", line 1\nE       def test_x(:\n"
		    "E                  ^\nE   SyntaxError: invalid syntax",
		    "F SyntaxError|invalid syntax|../src/_pytest/python.py:528 importtestmodule|"
		    "/w/tests/test_s.py:1 *" },
		{ "    def test_a():\n>       import broken\nE         File \"/w/broken.py\", line 3\n"
		    "E           def x(:\nE                 ^\nE       SyntaxError: invalid syntax\n\n"
		    "t.py:2: SyntaxError",
		    "F SyntaxError|invalid syntax|t.py:2 test_a*|/w/broken.py:3 *" },
		/* who asks for it: the test for cache, cache for db */
		{ "file /w/t.py, line 121\n  @pytest.mark.slow\n  def test_f(cache): pass\n"
		    "file /w/conftest.py, line 7\n  @pytest.fixture\n  def cache(db):\nE " LOOKUP
		    "/w/conftest.py:7",
		    "F FixtureLookupError|fixture 'db' not found|/w/t.py:121 test_f*|"
		    "/w/conftest.py:7 cache*" },
		{ "E       recursive dependency involving fixture 'db' detected\n\n/w/conftest.py:7",
		    "F FixtureLookupError|recursive dependency involving fixture 'db' detected" },
		{ "009     >>> 1 + 1\nExpected:\n    3\nGot:\n    2\n\n/w/README.md:9: DocTestFailure",
		    "F DocTestFailure||/w/README.md:9 *" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_nothing_is_made_up(void **state)
{
	static const struct trace_case cases[] = {
		{ "", "" },
		{ "explicit fail message", "" },
		{ "[XPASS(strict)] reason", "" },
		{ "contains 2 failed subtests", "" },
		{ "worker 'gw0' crashed while running 'tests/test_a.py::test_b'", "" },
		{ "t.py:12: in f\n    x\nt.py:13: in g", "" },
		{ "/w/x_test.cc:12: Failure\nExpected equality of these values:\n  1\n  2", "" },
		{ "main.c:12: error: expected ';'", "" },
		{ "addr = 'localhost:80: in x'\n\n    def f():\n>       g()", "" },
		{ "E   something odd\nE   KeyError: 'k'", "" },
		/* what somebody printed stands in the way of nothing */
		{ "job:12: done\n\n    def f():\n>       x\nE       KeyError: 'a'\n\nt.py:2: KeyError",
		    "F KeyError|'a'|t.py:2 f*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_javascript(void **state)
{
	static const struct trace_case cases[] = {
		/* jest: the message goes on over lines that look like exceptions */
		{ "Error: expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\n"
		    "Received: 1\n    at Object.toBe (/w/cart.test.js:5:15)\n"
		    "    at run (/w/node_modules/jest-circus/build/run.js:316:40)",
		    "F Error|expect(received).toBe(expected) // Object.is equality|"
		    "/w/node_modules/jest-circus/build/run.js:316 run|/w/cart.test.js:5 Object.toBe*" },
		/* node: the cause comes last, and is the innermost */
		{ "AssertionError [ERR_ASSERTION]: 1 !== 2\n\n1 !== 2\n\n"
		    "    at TestContext.<anonymous> (file:///w/a.test.mjs:5:10)\n"
		    "    at async node:internal/test_runner/test:125:9 {\n  code: 'ERR_ASSERTION',\n"
		    "  [cause]: PgFailure: no db\n      at async connect (/w/db.js:3:9)\n}",
		    "F PgFailure|no db|/w/db.js:3 connect* / C AssertionError|1 !== 2|"
		    "node:internal/test_runner/test:125 |/w/a.test.mjs:5 TestContext.<anonymous>*" },
		{ "TypeError: x is not a function\n  at C:\\w\\a b.spec.ts:5:20",
		    "F TypeError|x is not a function|C:\\w\\a b.spec.ts:5 *" },
		/* playwright: the second attempt is no cause of the first */
		{ "  [chromium] a.spec.js:3:1\n\n    Error: a\n\n      Expected: 2\n"
		    "        at /w/a.spec.js:5:11\n    [cause]: Error: b\n        at /w/a.spec.js:3:1\n\n"
		    "    Retry #1 ---\n\n    Error: a\n        at /w/a.spec.js:5:11\n"
		    "    [cause]: Error: b\n        at /w/a.spec.js:3:1",
		    "F Error|b|/w/a.spec.js:3 * / C Error|a|/w/a.spec.js:5 *" },
		/* node's JUnit: what is in front of the cause is the runner's own */
		{ "[Error [ERR_TEST_FAILURE]: no charge] {\n  code: 'ERR_TEST_FAILURE',\n"
		    "  cause: Error: no charge\n      at TestContext.<anonymous> (file:///w/a.mjs:25:9)\n"
		    "      ... 4 lines matching cause stack trace ... {\n"
		    "    [cause]: Error: connect\n        at file:///w/a.mjs:23:23",
		    "F Error|connect|/w/a.mjs:23 * / C Error|no charge|"
		    "/w/a.mjs:25 TestContext.<anonymous>*" },
		{ "Error: late\n    at 12:30:45 nothing came\n    at 12:30:45", "" },
		{ "thrown: 5\n    at f (/w/a.js:1:2)", "" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_java(void **state)
{
	static const struct trace_case cases[] = {
		{ "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>\n"
		    "\tat app//org.junit.jupiter.api.AssertEquals.fail(AssertEquals.java:55)\n"
		    "\tat com.shop.CartTest.total(CartTest.java:42)\n"
		    "\tat java.base/java.lang.reflect.Method.invoke(Method.java:566)\n",
		    "F org.opentest4j.AssertionFailedError|expected: <1> but was: <2>|"
		    "Method.java:566 java.lang.reflect.Method.invoke|"
		    "CartTest.java:42 com.shop.CartTest.total*|"
		    "AssertEquals.java:55 org.junit.jupiter.api.AssertEquals.fail" },
		{ "java.lang.RuntimeException: cart\n\tat com.shop.Cart.load(Cart.java:9)\n"
		    "\tSuppressed: java.io.IOException: close\n"
		    "\t\tat com.shop.Db.close(Db.java:3)\n\tCaused by: java.lang.Error: decoy\n"
		    "Caused by: java.sql.SQLException: refused\n"
		    "\tat com.shop.Db.open(Db.java:7)\n\t... 12 more\n",
		    "F java.sql.SQLException|refused|Db.java:7 com.shop.Db.open*"
		    " / C java.lang.RuntimeException|cart|Cart.java:9 com.shop.Cart.load*" },
		{ "java.lang.AssertionError\n\tat com.shop.CartTest.a(CartTest.java:4)",
		    "F java.lang.AssertionError||CartTest.java:4 com.shop.CartTest.a*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_go(void **state)
{
	static const struct trace_case cases[] = {
		{ "=== RUN   TestTotal\n    cart_test.go:20: Total() = 1798, want 2598\n"
		    "--- FAIL: TestTotal (0.00s)",
		    "F FAIL|Total() = 1798, want 2598|cart_test.go:20 *" },
		/* one of them is the failure, the other a log: which, the text does not say */
		{ "    cart_test.go:20: begins\n    cart_test.go:22: want 1", "" },
		{ "    broken_test.go:6:5: undefined: price", "" },
		{ "    cart_test.go:20: \n        \tError Trace:\t/w/cart_test.go:20\n"
		    "        \tError:      \tNot equal: \n        \tTest:       \tTestTotal",
		    "F FAIL|Not equal:|cart_test.go:20 *" },
		{ "panic: assignment to entry in nil map [recovered]\n"
		    "\tpanic: assignment to entry in nil map\n\ngoroutine 8 [running]:\n"
		    "testing.tRunner.func1()\n\t/usr/lib/go-1.24/src/testing/testing.go:1737 +0x35e\n"
		    "panic({0x54fe40?, 0x6a0890?})\n\t/usr/lib/go-1.24/src/runtime/panic.go:792\n"
		    "shop.example/crash.(*Cart).Add(0xc000003dc0?)\n\t/w/crash/cart.go:9 +0x2a\n"
		    "created by testing.(*T).Run in goroutine 7\n"
		    "\t/usr/lib/go-1.24/src/testing/testing.go:1851 +0x413\n\n"
		    "goroutine 1 [chan receive]:\nmain.main()\n\t/w/main.go:3 +0x1\n",
		    "F panic|assignment to entry in nil map|"
		    "/usr/lib/go-1.24/src/testing/testing.go:1851 testing.(*T).Run|"
		    "/w/crash/cart.go:9 shop.example/crash.(*Cart).Add*|"
		    "/usr/lib/go-1.24/src/runtime/panic.go:792 panic|"
		    "/usr/lib/go-1.24/src/testing/testing.go:1737 testing.tRunner.func1" },
		{ "panic: lost\n", "" },
	};

	(void)state;
	CHECK(cases);
}

/* ten times the text takes ten times as long, not a hundred */
static void
test_takes_linear_time(void **state)
{
	static const char *const piece[] = { "t.py:1: in f\n", "E   KeyError: 'a'\n", "    x\n",
		"file /w/t.py, line 1\n", "a", "E   ", "  + Exception Group " HEAD, "t.py:1: ",
		DURING HEAD "  File \"x\", line 1\nKeyError: 'k'\n", "    at f (a.js:1:2)\n" };

	(void)state;
	for (size_t i = 0; i < sizeof piece / sizeof *piece; i++) {
		struct exception x;
		struct arena a;
		struct buf b;
		clock_t start;

		arena_init(&a);
		buf_init(&b, (size_t)8 << 20);
		while (!b.over)
			buf_puts(&b, piece[i]);
		start = clock();
		sign_test_exception(&a, buf_slice(&b), &x);
		assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
		buf_release(&b);
		arena_release(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_style),
		cmocka_unit_test(test_short_style),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_line_style),
		cmocka_unit_test(test_native_style),
		cmocka_unit_test(test_collection_and_fixtures),
		cmocka_unit_test(test_nothing_is_made_up),
		cmocka_unit_test(test_javascript),
		cmocka_unit_test(test_java),
		cmocka_unit_test(test_go),
		cmocka_unit_test(test_takes_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
