/* test_text.c - hostile bytes made fit to be stored and shown. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/text.h"

#define FFFD "\xEF\xBF\xBD"

struct want {
	const char *in;
	size_t n;
	const char *out;
};

#define IN(literal) literal, sizeof(literal) - 1

static void
check_escape(const struct want *w, bool one_line)
{
	struct buf b;

	buf_init(&b, 10000);
	text_escape(&b, slice_of(w->in, w->n), one_line);
	if (strcmp(b.p, w->out) != 0)
		fail_msg("want <%s>, got <%s>", w->out, b.p);
	buf_release(&b);
}

static void
test_shows_what_a_terminal_might_act_on(void **state)
{
	static const struct want cases[] = {
		{ IN(""), "" },
		{ IN("plain caf\xC3\xA9 \xF0\x9F\x98\x80"), "plain caf\xC3\xA9 \xF0\x9F\x98\x80" },
		{ IN("a\nb\tc"), "a\nb\tc" },
		{ IN("\033[31m\a\r\0\177"), "\\x1b[31m\\x07\\x0d\\x00\\x7f" },
		{ IN("\xC2\x9B" "31m"), "\\x9b31m" },
		{ IN("\xE2\x80\xAE" "abc\xE2\x81\xA6"), "\\u{202e}abc\\u{2066}" },
		{ IN("\xE2\x80\xA8\xE2\x80\xA9\xD8\x9C\xE2\x80\x8E\xEF\xBB\xBF"),
		    "\\u{2028}\\u{2029}\\u{61c}\\u{200e}\\u{feff}" },
		{ IN("\xF3\xA0\x81\x81"), "\\u{e0041}" },
		{ IN("\xE2\x80\xA7\xE2\x80\xAF\xC2\xA0"), "\xE2\x80\xA7\xE2\x80\xAF\xC2\xA0" },
		/* stray, overlong, surrogate, too large, cut */
		{ IN("a\x80z"), "a" FFFD "z" },
		{ IN("\xC0\xAF"), FFFD FFFD },
		{ IN("\xE0\x80\xAF"), FFFD FFFD FFFD },
		{ IN("\xED\xA0\x80"), FFFD FFFD FFFD },
		{ IN("\xF4\x90\x80\x80"), FFFD FFFD FFFD FFFD },
		{ IN("\xF5\xFF"), FFFD FFFD },
		{ IN("x\xE2\x82"), "x" FFFD FFFD },
		{ IN("\x9B" "31m"), FFFD "31m" },
	};
	static const struct want lines = { IN("a\nb\tc\r"), "a\\nb\\tc\\x0d" };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_escape(&cases[i], false);
	check_escape(&lines, true);
}

static bool
is_shown_safely(unsigned char c)
{
	return (c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t';
}

static void
test_no_byte_pair_gets_through_as_a_control(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	for (unsigned i = 0; i < 65536; i++) {
		char in[3] = { (char)(i >> 8), (char)i, 'x' };

		buf_reset(&b);
		text_escape(&b, slice_of(in, 3), false);
		assert_true(b.n > 0 && b.p[b.n - 1] == 'x');
		for (size_t k = 0; k < b.n; k++) {
			assert_true(is_shown_safely((unsigned char)b.p[k]));
			/* C1 as UTF-8 */
			assert_false((unsigned char)b.p[k] == 0xC2 &&
			    (unsigned char)b.p[k + 1] < 0xA0);
		}
	}
	buf_release(&b);
}

static void
test_repairs_invalid_utf8_and_counts(void **state)
{
	static const struct {
		struct want w;
		size_t fixed;
	} cases[] = {
		{ { IN("good caf\xC3\xA9, long enough for words"),
		    "good caf\xC3\xA9, long enough for words" },
		    0 },
		{ { IN("\xFF"), FFFD }, 1 },
		{ { IN("12345678\xC3(90\x80"), "12345678" FFFD "(90" FFFD }, 2 },
		{ { IN("\xE2\x82\xE2\x82\xAC"), FFFD FFFD "\xE2\x82\xAC" }, 2 },
		{ { IN("abcdefgh\xC3"), "abcdefgh" FFFD }, 1 },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice in = slice_of(cases[i].w.in, cases[i].w.n), out;
		size_t fixed = 99;

		out = text_utf8(&a, in, &fixed);
		assert_true(slice_eqs(out, cases[i].w.out));
		assert_int_equal(fixed, cases[i].fixed);
		assert_int_equal(text_is_utf8(in), fixed == 0);
		assert_true(text_is_utf8(out));
		if (fixed == 0)
			assert_ptr_equal(out.p, in.p);
	}
	arena_release(&a);
}

static void
test_strips_terminal_sequences_but_no_text(void **state)
{
	static const struct want cases[] = {
		{ IN("plain"), "plain" },
		{ IN("\033[1;31mred\033[0m."), "red." },
		{ IN("\033]0;title\abody\033]8;;http://x\033\\link\033]8;;\033\\"), "bodylink" },
		{ IN("a\033(Bb\033Mc\033[?25ld\033[2 qe"), "abcde" },
		{ IN("\033Pdcs\033\\x"), "x" },
		{ IN("cut\033["), "cut[" },
		{ IN("cut\033[12"), "cut[12" },
		{ IN("bad\033[1\nnext"), "bad[1\nnext" },
		{ IN("open\033]0;title without end\nnext"), "open]0;title without end\nnext" },
		{ IN("end\033"), "end" },
		{ IN("\033\033[31mx"), "x" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice out = text_strip_ansi(&a, slice_of(cases[i].in, cases[i].n));

		if (!slice_eqs(out, cases[i].out))
			fail_msg("want <%s>, got <%.*s>", cases[i].out, SLICE_ARG(out));
	}
	arena_release(&a);
}

static void
test_floor_never_cuts_a_character(void **state)
{
	struct slice s = SLICE("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z");
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11 };

	(void)state;
	for (size_t n = 0; n < sizeof want / sizeof want[0]; n++)
		assert_int_equal(text_utf8_floor(s, n), want[n]);
	/* invalid bytes are cut anywhere */
	assert_int_equal(text_utf8_floor(SLICE("\x80\x80\x80\x80\x80"), 3), 3);
	assert_int_equal(text_utf8_floor(SLICE("\xF0" "abc"), 2), 2);
	assert_int_equal(text_utf8_floor(slice_str(NULL), 2), 0);
}

static void
test_decodes_what_was_encoded_twice(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		/* as Windows-1252 shows it, and as Latin-1 keeps it */
		{ "done \u00e2\u0153\u201c", "done \u2713" },
		{ "done \u00e2\302\234\302\223", "done \u2713" },
		{ "caf\u00c3\u00a9", "caf\u00e9" },
		{ "it\u00e2\u20ac\u2122s", "it\u2019s" },
		{ "\u00e2\u20ac\u0153quoted\u00e2\u20ac\302\235", "\u201cquoted\u201d" },
		{ "25 \u00c2\u00b0C, caf\u00c3\u00a9", "25 \u00b0C, caf\u00e9" },
		{ "\u00f0\u0178\u201d\302\215 search", "\U0001F50D search" },
		{ "\u00e2\u0161\u00a0\u00ef\u00b8\302\217 slow", "\u26a0\ufe0f slow" },
		{ "\u00d0\u0178\u00d1\u20ac\u00d0\u00b8\u00d0\u00b2\u00d0\u00b5\u00d1\u201a",
		    "\u041f\u0440\u0438\u0432\u0435\u0442" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice out = text_fix_mojibake(&a, slice_str(cases[i].in));

		if (!slice_eqs(out, cases[i].out))
			fail_msg("want <%s>, got <%.*s>", cases[i].out, SLICE_ARG(out));
		/* what is right is not touched again */
		assert_ptr_equal(text_fix_mojibake(&a, out).p, out.p);
	}
	arena_release(&a);
}

static void
test_leaves_text_that_is_right_as_it_is(void **state)
{
	static const char *const cases[] = {
		"", "plain", "\u00c3", "a\u00c3 b", "\u00e2", "\u20ac", "S\u00e3o Paulo",
		"cr\u00e9\u00e9e", "na\u00efve caf\u00e9 \u2013 d\u00e9j\u00e0 vu\u2026",
		"\u00abCAF\u00c9\u00bb", "CAF\u00c9\u2026", "R\u00c9SUM\u00c9\u201d",
		"AMANH\u00c3\u2026", "N\u00c3O \u00c9 POSS\u00cdVEL",
		"\u201cAMANH\u00c3\u201d", "caf\u00e9\u2019s", "\u00dcber\u2013Mensch",
		"\u2713 done", "\U0001F50D \u041f\u0440\u0438\u0432\u0435\u0442", "\u65e5\u672c\u8a9e",
		/* one run is right, so the text was not encoded twice as a whole */
		"caf\u00c3\u00a9 \u2713", "\u00e9 \u00e2\u0153\u201c",
		/* what it gave would be no UTF-8, cut short, or a control code */
		"\u00e2\u0153", "\u00c3\u00a9\u00e2\u0153", "\u00c2\302\205", "\xff\xfe",
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice in = slice_str(cases[i]), out = text_fix_mojibake(&a, in);

		if (out.p != in.p || out.n != in.n)
			fail_msg("<%s> became <%.*s>", cases[i], SLICE_ARG(out));
	}
	arena_release(&a);
}

static void
test_takes_out_colours_that_lost_their_escape(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "[35m[1masync[0m", "async" },
		{ "[1;31mERROR[0m: x[5m] [33mw[m", "ERROR: x[5m] w" },
		{ "\\u001b[32mok\\x1b[0m ^[[1mx^[[m #033[31my\\033[0m z^[", "ok x y z^[" },
		{ "[38;5;208mwarm[0;0m!", "warm!" },
		/* nothing is reset, nothing is set, or not in this order */
		{ "[35masync", "[35masync" },
		{ "array[1m]", "array[1m]" },
		{ "array[1m", "array[1m" },
		{ "rate(x[5m]) > y[0m]", "rate(x[5m]) > y[0m]" },
		{ "the matrix [m is", "the matrix [m is" },
		{ "done[0m", "done[0m" },
		{ "[0m[1m", "[0m[1m" },
		/* no colours */
		{ "[1000m[0m", "[1000m[0m" },
		{ "[1K[12:30m[0m", "[1K[12:30m[0m" },
		{ "[", "[" }, { "[1", "[1" }, { "", "" },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice out = text_strip_lost_colors(&a, slice_str(cases[i].in));

		if (!slice_eqs(out, cases[i].out))
			fail_msg("want <%s>, got <%.*s>", cases[i].out, SLICE_ARG(out));
	}
	arena_release(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shows_what_a_terminal_might_act_on),
		cmocka_unit_test(test_no_byte_pair_gets_through_as_a_control),
		cmocka_unit_test(test_repairs_invalid_utf8_and_counts),
		cmocka_unit_test(test_strips_terminal_sequences_but_no_text),
		cmocka_unit_test(test_floor_never_cuts_a_character),
		cmocka_unit_test(test_decodes_what_was_encoded_twice),
		cmocka_unit_test(test_leaves_text_that_is_right_as_it_is),
		cmocka_unit_test(test_takes_out_colours_that_lost_their_escape),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
