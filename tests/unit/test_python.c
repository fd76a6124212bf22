#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "sign/sign.h"
#include "exception_kit.h"

#define HEAD "Traceback (most recent call last):\n"
#define DURING "\nDuring handling of the above exception, another exception occurred:\n\n"
#define DIRECT "\nThe above exception was the direct cause of the following exception:\n\n"
#define FRAME(file, line, function) "  File \"" file "\", line " line ", in " function "\n" \
	"    x = y()\n"

static void
check_parse(const char *text, const char *want)
{
	struct exception x;
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, 65536);
	if (sign_exception(&a, slice_str(text), &x))
		print_exception(&b, &x);
	assert_string_equal(b.p, want);
	buf_release(&b);
	arena_release(&a);
}

struct parse_case {
	const char *text, *want;
};

static void
check_all(const struct parse_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_parse(c[i].text, c[i].want);
}

#define CHECK(cases) check_all(cases, sizeof(cases) / sizeof *(cases))

static void
test_reads_one_traceback(void **state)
{
	static const struct parse_case cases[] = {
		{ HEAD FRAME("/app/a.py", "3", "<module>") "ValueError: bad thing",
		    "F ValueError|bad thing|/app/a.py:3 <module>*" },
		{ HEAD FRAME("/app/a.py", "3", "f") "    ^^^^^\nKeyError: 'k'\n\n",
		    "F KeyError|'k'|/app/a.py:3 f*" },
		{ HEAD FRAME("a.py", "1", "f") "KeyboardInterrupt\n",
		    "F KeyboardInterrupt||a.py:1 f*" },
		{ HEAD FRAME("a.py", "1", "f") "pkg.errors.Lost: x: y\r\nsecond line\n",
		    "F pkg.errors.Lost|x: y|a.py:1 f*" },
		{ HEAD FRAME("a.py", "1", "f") "__main__.f.<locals>.E: x\n",
		    "F __main__.f.<locals>.E|x|a.py:1 f*" },
		{ HEAD FRAME("a.py", "1", "f") "socket.timeout: timed out\n",
		    "F socket.timeout|timed out|a.py:1 f*" },
		{ HEAD FRAME("a.py", "1", "f") "mp.pool.RemoteTraceback: \n\"\"\"\n",
		    "F mp.pool.RemoteTraceback||a.py:1 f*" },
		{ HEAD FRAME("a.py", "9", "f") "  [Previous line repeated 970 more times]\n"
		    "RecursionError: deep\n", "F RecursionError|deep|a.py:9 f*" },
		{ HEAD "ValueError: no frames", "F ValueError|no frames" },
		{ HEAD FRAME("a.py", "1", "f") "INFO: came between\n2025-09-16 too\n"
		    "OSError: [Errno 2] x", "F OSError|[Errno 2] x|a.py:1 f*" },
		{ HEAD "  File \"a.py\", line 1, in f\n"
		    "    print(\"Traceback (most recent call last):\")\n"
		    "TypeError: t", "F TypeError|t|a.py:1 f*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_knows_text_without_a_traceback(void **state)
{
	static const struct parse_case cases[] = {
		{ "", "" },
		{ "ValueError: only a line", "" },
		{ "Traceback (most recent call last):", "" },
		{ HEAD FRAME("a.py", "1", "f"), "" },
		{ "a text about SyntaxError: not one", "" },
		{ DURING, "" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_reads_syntax_errors(void **state)
{
	static const struct parse_case cases[] = {
		{ HEAD FRAME("/app/m.py", "1", "<module>") "  File \"/app/bad.py\", line 7\n"
		    "    x = (\n"
		    "        ^\nSyntaxError: '(' was never closed",
		    "F SyntaxError|'(' was never closed|/app/m.py:1 <module>*|/app/bad.py:7 *" },
		{ "  File \"/app/bad.py\", line 7\n    x = = 3\n        ^\n"
		    "SyntaxError: invalid syntax\n",
		    "F SyntaxError|invalid syntax|/app/bad.py:7 *" },
		{ "  File \"/app/bad.py\", line 7\nplain text\nSyntaxError: no\n", "" },
		{ "  File \"/app/bad.py\", line 7\nValueError: no\nSyntaxError: x", "" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_reads_chains(void **state)
{
	static const struct parse_case cases[] = {
		{ HEAD FRAME("a.py", "1", "f") "A.E: one\n" DURING HEAD FRAME("b.py", "2", "g")
		    "B.E: two\n" DIRECT HEAD FRAME("c.py", "3", "h") "C.E: three\n",
		    "F A.E|one|a.py:1 f* / D B.E|two|b.py:2 g* / C C.E|three|c.py:3 h*" },
		{ HEAD "ValueError: multi\n  line\n\n  text\n" DIRECT HEAD "TypeError: t",
		    "F ValueError|multi / C TypeError|t" },
		{ DURING HEAD "TypeError: t", "F TypeError|t" },
		{ HEAD "ValueError: v\n" DURING, "F ValueError|v cut" },
		{ HEAD "ValueError: first\n" HEAD "TypeError: not linked", "F ValueError|first" },
		{ HEAD FRAME("cut.py", "1", "f") HEAD FRAME("b.py", "2", "g") "TypeError: t",
		    "F TypeError|t|b.py:2 g*" },
		{ HEAD "ValueError: quotes\n    " HEAD "    File \"x.py\", line 1, in q\n"
		    "    KeyError: 1\n"
		    DIRECT HEAD "TypeError: t", "F ValueError|quotes / C TypeError|t" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_reads_exception_groups(void **state)
{
	static const struct parse_case cases[] = {
		{ "  + Exception Group " HEAD "  |   File \"a.py\", line 1, in f\n"
		    "  | ExceptionGroup: g (2 sub-exceptions)\n"
		    "  +-+---------------- 1 ----------------\n"
		    "    | " HEAD "    |   File \"b.py\", line 2, in g\n    | KeyError: 'k'\n"
		    "    +---------------- 2 ----------------\n    | TypeError: t\n"
		    "    +------------------------------------\n",
		    "F KeyError|'k'|b.py:2 g* / C ExceptionGroup|g (2 sub-exceptions)|a.py:1 f*" },
		{ HEAD FRAME("p.py", "4", "f") "ValueError: p1\n" DURING
		    "  + Exception Group " HEAD "  |   File \"a.py\", line 1, in f\n"
		    "  | ExceptionGroup: outer (2 sub-exceptions)\n"
		    "  +-+---------------- 1 ----------------\n"
		    "    | ExceptionGroup: inner (2 sub-exceptions)\n"
		    "    +-+---------------- 1 ----------------\n"
		    "      | KeyError: 'a'\n"
		    "      +---------------- 2 ----------------\n"
		    "      | OSError: [Errno 2] x\n"
		    "      +------------------------------------\n"
		    "    +---------------- 2 ----------------\n"
		    "    | TypeError: 1\n"
		    "    +------------------------------------\n",
		    "F ValueError|p1|p.py:4 f* / D KeyError|'a'"
		    " / C ExceptionGroup|inner (2 sub-exceptions)"
		    " / C ExceptionGroup|outer (2 sub-exceptions)|a.py:1 f*" },
		{ "  + Exception Group " HEAD "  | ExceptionGroup: g (1 sub-exception)\n"
		    "  +-+---------------- 1 ----------------\n"
		    "    | " HEAD "    | ValueError: a\n    | b\n    | \n"
		    "    | The above exception was the direct cause of the following exception:\n"
		    "    | \n    | " HEAD "    | KeyError: 'k'\n"
		    "    +------------------------------------\n" DURING HEAD "TypeError: after\n",
		    "F ValueError|a / C KeyError|'k' / C ExceptionGroup|g (1 sub-exception)"
		    " / D TypeError|after" },
		{ "  + Exception Group " HEAD "  | ExceptionGroup: alone (1 sub-exception)\n",
		    "F ExceptionGroup|alone (1 sub-exception)" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_undoes_escaped_newlines(void **state)
{
	static const struct parse_case cases[] = {
		{ "Traceback (most recent call last):\\n  File \\\"/app/a.py\\\", line 3, in f\\n"
		    "    x\\n"
		    "ValueError: a b\\n", "F ValueError|a b|/app/a.py:3 f*" },
		{ "{'message': 'Traceback (most recent call last):\\\\n"
		    "  File \\\"a.py\\\", line 3, in f\\\\n"
		    "ValueError: x\\\\n\\\\n"
		    "The above exception was the direct cause of the following "
		    "exception:\\\\n\\\\nTraceback (most recent call last):\\\\n"
		    "  File \\\"b.py\\\", line 4, in g\\\\nTypeError: t\\\\n",
		    "F ValueError|x|a.py:3 f* / C TypeError|t|b.py:4 g*" },
		{ "log line\n12:00 E Traceback (most recent call last):\\n"
		    "  File \"a.py\", line 3, in f\\n"
		    "ValueError: x\nnext log line", "F ValueError|x|a.py:3 f*" },
		{ HEAD FRAME("a.py", "1", "f") "ValueError: real \\n stays",
		    "F ValueError|real \\n stays|a.py:1 f*" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_takes_prefixes_off(void **state)
{
	static const struct parse_case cases[] = {
		{ "ERROR request failed\nfuture: <Task>\n" HEAD FRAME("a.py", "1", "f")
		    "ValueError: x",
		    "F ValueError|x|a.py:1 f*" },
		{ "2025 ERROR failed: " HEAD FRAME("a.py", "1", "f") "ValueError: x",
		    "F ValueError|x|a.py:1 f*" },
		{ "    " HEAD "      File \"a.py\", line 1, in f\n        x\n    ValueError: x",
		    "F ValueError|x|a.py:1 f*" },
		{ "web-1  | " HEAD "web-1  |   File \"a.py\", line 1, in f\nweb-1  |     x\n"
		    "web-1  | ValueError: x\nweb-1  | \n"
		    "web-1  | During handling of the above exception, "
		    "another exception occurred:\nweb-1  | \nweb-1  | " HEAD "web-1  | KeyError: 2",
		    "F ValueError|x|a.py:1 f* / D KeyError|2" },
	};

	(void)state;
	CHECK(cases);
}

static void
test_tells_the_application_from_libraries(void **state)
{
	static const char *const foreign[] = {
		"/usr/local/lib/python3.11/asyncio/tasks.py", "/usr/lib/python3/dist-packages/x.py",
		"/app/.venv/lib/python3.12/site-packages/x/y.py", "site-packages/x.py",
		"<frozen importlib._bootstrap>", "<string>", "/x/_pytest/runner.py",
		    "pluggy/_callers.py",
		"C:\\Python311\\Lib\\asyncio\\tasks.py", "C:\\v\\Lib\\site-packages\\x.py"
	};
	static const char *const own[] = {
		"/app/main.py", "src/app.py", "C:\\work\\app\\x.py",
		    "/srv/my-site-packages-tool/x.py"
	};
	char text[512];
	struct exception x;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		snprintf(text, sizeof text, HEAD "  File \"%s\", line 1, in f\nValueError: x",
		    foreign[i]);
		assert_true(sign_exception(&a, slice_str(text), &x));
		assert_false(x.link[0].frame[0].in_app);
	}
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		snprintf(text, sizeof text, HEAD "  File \"%s\", line 1, in f\n"
		    "ValueError: x", own[i]);
		assert_true(sign_exception(&a, slice_str(text), &x));
		assert_true(x.link[0].frame[0].in_app);
	}
	arena_release(&a);
}

static void
test_keeps_the_innermost_frames(void **state)
{
	struct exception x;
	struct arena a;
	struct buf b;

	(void)state;
	arena_init(&a);
	buf_init(&b, 1 << 20);
	buf_puts(&b, HEAD);
	for (int i = 1; i <= 200; i++)
		buf_printf(&b, "  File \"a.py\", line %d, in f\n", i);
	buf_puts(&b, "RecursionError: deep");
	assert_true(sign_exception(&a, buf_slice(&b), &x));
	assert_int_equal(x.link[0].frames, EXCEPTION_FRAMES);
	for (size_t i = 0; i < EXCEPTION_FRAMES; i++)
		assert_int_equal(x.link[0].frame[i].line, 200 - EXCEPTION_FRAMES + 1 + i);
	buf_release(&b);
	arena_release(&a);
}

static void
long_chain(struct arena *a, struct exception *x, int from, int n)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int i = from; i < from + n; i++)
		buf_printf(&b, "%s" HEAD "  File \"a.py\", line %d, in f\nValueError: %d\n",
		    i > from ? DIRECT : "", i, i);
	assert_true(sign_exception(a, buf_slice(&b), x));
	buf_release(&b);
}

static void
test_keeps_both_ends_of_a_long_chain(void **state)
{
	struct exception x;
	struct arena a;
	char want[16];

	(void)state;
	arena_init(&a);
	long_chain(&a, &x, 0, 40);
	assert_int_equal(x.links, EXCEPTION_LINKS);
	assert_int_equal(x.dropped, 40 - EXCEPTION_LINKS);
	for (size_t i = 0; i < EXCEPTION_LINKS; i++) {
		snprintf(want, sizeof want, "%zu", i < 8 ? i : 40 - EXCEPTION_LINKS + i);
		assert_true(slice_eqs(x.link[i].message, want));
		assert_true(x.link[i].frame[0].line == (i < 8 ? i : 40 - EXCEPTION_LINKS + i));
		assert_int_equal(x.link[i].relation, i ? LINK_DIRECT_CAUSE : LINK_FIRST);
	}
	arena_release(&a);
}

/* parsed apart and appended is the same as parsed whole, wherever it is cut */
static void
test_appending_equals_parsing_whole(void **state)
{
	struct exception whole, x, more;
	struct buf want, got;
	struct arena a;

	(void)state;
	arena_init(&a);
	buf_init(&want, 65536);
	buf_init(&got, 65536);
	long_chain(&a, &whole, 0, 21);
	print_exception(&want, &whole);
	for (int cut = 1; cut < 21; cut++) {
		long_chain(&a, &x, 0, cut);
		long_chain(&a, &more, cut, 21 - cut);
		sign_chain(&x, &more, LINK_DIRECT_CAUSE);
		buf_reset(&got);
		print_exception(&got, &x);
		assert_string_equal(got.p, want.p);
	}
	buf_release(&got);
	buf_release(&want);
	arena_release(&a);
}

static void
test_knows_the_connecting_sentences(void **state)
{
	enum link_relation r = LINK_FIRST;

	(void)state;
	assert_true(sign_connector(slice_str(DURING), &r));
	assert_int_equal(r, LINK_DURING);
	assert_true(sign_connector(slice_str(DIRECT), &r));
	assert_int_equal(r, LINK_DIRECT_CAUSE);
	assert_false(sign_connector(SLICE("During handling of the above exception"), &r));
	assert_false(sign_connector(SLICE(""), &r));
}

static void
test_raise_frame_is_the_innermost_of_the_application(void **state)
{
	struct exception x;
	struct link none = { .frames = 0 };
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_null(link_raise_frame(&none));
	assert_true(sign_exception(&a, SLICE(HEAD FRAME("/app/a.py", "1", "f")
	    FRAME("/app/b.py", "2", "g") FRAME("/usr/lib/python3/x.py", "3", "h") "E.X: y"), &x));
	assert_int_equal(link_raise_frame(&x.link[0])->line, 2);
	assert_true(sign_exception(&a, SLICE(HEAD FRAME("/usr/lib/python3/x.py", "3", "h")
	    FRAME("<string>", "4", "i") "E.X: y"), &x));
	assert_int_equal(link_raise_frame(&x.link[0])->line, 4);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_one_traceback),
		cmocka_unit_test(test_knows_text_without_a_traceback),
		cmocka_unit_test(test_reads_syntax_errors),
		cmocka_unit_test(test_reads_chains),
		cmocka_unit_test(test_reads_exception_groups),
		cmocka_unit_test(test_undoes_escaped_newlines),
		cmocka_unit_test(test_takes_prefixes_off),
		cmocka_unit_test(test_tells_the_application_from_libraries),
		cmocka_unit_test(test_keeps_the_innermost_frames),
		cmocka_unit_test(test_keeps_both_ends_of_a_long_chain),
		cmocka_unit_test(test_appending_equals_parsing_whole),
		cmocka_unit_test(test_knows_the_connecting_sentences),
		cmocka_unit_test(test_raise_frame_is_the_innermost_of_the_application),
	};

	return cmocka_run_group_tests_name("python", tests, NULL, NULL);
}
