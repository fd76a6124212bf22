/*
 * test_md_escape.c - hostile text stays text: the exact bytes that are written.
 *
 * The expected bytes were checked once against cmark-gfm with its extensions; no
 * Markdown parser is needed to run this.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "report/md_escape.h"

struct example {
	struct slice in;
	const char *out;
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static void
check_text(const struct example *c, size_t n, enum md_place place)
{
	struct buf b;

	for (size_t i = 0; i < n; i++) {
		buf_init(&b, 1 << 16);
		md_text(&b, c[i].in, place);
		assert_string_equal(b.p, c[i].out);
		buf_release(&b);
	}
}

static void
check_code(const struct example *c, size_t n, enum md_place place)
{
	struct buf b;

	for (size_t i = 0; i < n; i++) {
		buf_init(&b, 1 << 16);
		md_code(&b, c[i].in, place);
		assert_string_equal(b.p, c[i].out);
		buf_release(&b);
	}
}

static void
test_plain_words_are_left_as_they_are(void **state)
{
	static const struct example c[] = {
		{ SLICE("No module named 'shop.pricing'"), "No module named 'shop.pricing'" },
		{ SLICE("2025-09-16T05:20:00.000000Z (125.908 s)"),
		    "2025-09-16T05:20:00.000000Z (125.908 s)" },
		{ SLICE("pkg_a_b: v1.2, 50% of 3/4; \"x\" = y + z"),
		    "pkg_a_b: v1.2, 50% of 3/4; \"x\" = y + z" },
		{ SLICE("caf\xc3\xa9 \xe4\xb8\xad"), "caf\xc3\xa9 \xe4\xb8\xad" },
		{ SLICE(""), "" },
	};

	(void)state;
	check_text(c, N(c), MD_START);
}

static void
test_no_character_starts_markup(void **state)
{
	static const struct example c[] = {
		{ SLICE("*a* **b** _c_ __d__"), "\\*a\\* \\*\\*b\\*\\* \\_c\\_ \\_\\_d\\_\\_" },
		{ SLICE("a ~~b~~ $x$"), "a \\~\\~b\\~\\~ \\$x\\$" },
		{ SLICE("`x` ``` y"), "\\`x\\` \\`\\`\\` y" },
		{ SLICE("<script>alert(1)</script>"), "\\<script\\>alert(1)\\</script\\>" },
		{ SLICE("<!-- x -->"), "\\<\\!-- x --\\>" },
		{ SLICE("&amp; &#64;"), "\\&amp; `&#64;`" },
		{ SLICE("](javascript:x) ![i](y) [a]: b"),
		    "\\](javascript:x) \\!\\[i\\](y) \\[a\\]: b" },
		{ SLICE("a | b"), "a \\| b" },
		{ SLICE("back\\slash \\* end\\"), "back\\\\slash \\\\\\* end\\\\" },
		{ SLICE("[ ] todo"), "\\[ \\] todo" },
	};

	(void)state;
	check_text(c, N(c), MD_INLINE);
	check_text(c, N(c), MD_START);
	check_text(c, N(c), MD_CELL);
}

static void
test_what_github_would_make_active_becomes_code(void **state)
{
	static const struct example c[] = {
		{ SLICE("ask @user now"), "ask `@user` now" },
		{ SLICE("mail a.b@example.com"), "mail `a.b@example.com`" },
		{ SLICE("see #12 and owner/repo#7, GH-3"),
		    "see `#12` and `owner/repo#7,` `GH-3`" },
		{ SLICE("issue #x"), "issue \\#x" },
		{ SLICE("at http://e.test/a_b WWW.e.test ftp://x"),
		    "at `http://e.test/a_b` `WWW.e.test` `ftp://x`" },
		{ SLICE("<https://e.test>"), "`<https://e.test>`" },
		{ SLICE(":bug: :+1: ERROR:root:x :100:"), "`:bug:` `:+1:` `ERROR:root:x` `:100:`" },
		{ SLICE("05:20:00 a::b x:1"), "05:20:00 a::b x:1" },
		{ SLICE("`@a` b"), "`` `@a` `` b" },
	};

	(void)state;
	check_text(c, N(c), MD_INLINE);
}

static void
test_active_words_keep_their_cell(void **state)
{
	static const struct example c[] = {
		{ SLICE("@a|b"), "`@a\\|b`" },
		{ SLICE("x|http://e|"), "`x\\|http://e\\|`" },
	};

	(void)state;
	check_text(c, N(c), MD_CELL);
}

static void
test_no_marker_starts_a_block(void **state)
{
	static const struct example c[] = {
		{ SLICE("- a"), "\\- a" },
		{ SLICE("+ a"), "\\+ a" },
		{ SLICE("* a"), "\\* a" },
		{ SLICE("12. a"), "12\\. a" },
		{ SLICE("12) a"), "12\\) a" },
		{ SLICE("12 a"), "12 a" },
		{ SLICE("# h"), "\\# h" },
		{ SLICE("> q"), "\\> q" },
		{ SLICE("==="), "\\===" },
		{ SLICE("---"), "\\---" },
		{ SLICE("    code"), "code" },
		{ SLICE("| a |"), "\\| a \\|" },
	};

	(void)state;
	check_text(c, N(c), MD_START);
}

static void
test_control_and_bidi_characters_are_shown(void **state)
{
	static const struct example text[] = {
		{ SLICE("a\nb\tc"), "a\\\\nb\\\\tc" },
		{ SLICE("\x1b[31mred\x07"), "\\\\x1b\\[31mred\\\\x07" },
		{ SLICE("x\xe2\x80\xaey"), "x\\\\u{202e}y" },
		{ SLICE("nul\0x"), "nul\\\\x00x" },
		{ SLICE("bad\xff"), "bad\xef\xbf\xbd" },
	};
	static const struct example code[] = {
		{ SLICE("a\nb"), "`a\\nb`" },
		{ SLICE("\x1b[0m"), "`\\x1b[0m`" },
		{ SLICE("\xe2\x81\xa6z"), "`\\u{2066}z`" },
	};

	(void)state;
	check_text(text, N(text), MD_START);
	check_code(code, N(code), MD_INLINE);
}

static void
test_code_spans_use_a_run_that_is_free(void **state)
{
	static const struct example c[] = {
		{ SLICE("plain <b> @user #1"), "`plain <b> @user #1`" },
		{ SLICE("a`b"), "``a`b``" },
		{ SLICE("a``b"), "`a``b`" },
		{ SLICE("a`b``c"), "```a`b``c```" },
		{ SLICE("`a"), "`` `a ``" },
		{ SLICE("a`"), "`` a` ``" },
		{ SLICE("`"), "`` ` ``" },
		{ SLICE(" a "), "`  a  `" },
		{ SLICE(" a"), "` a`" },
		{ SLICE("a|b"), "`a|b`" },
		{ SLICE(""), "(empty)" },
	};

	(void)state;
	check_code(c, N(c), MD_INLINE);
	check_code(c, N(c), MD_START);
}

static void
test_code_in_cells_escapes_bars(void **state)
{
	static const struct example c[] = {
		{ SLICE("a|b"), "`a\\|b`" },
		{ SLICE("a\\|b"), "`a\\\\|b`" },
		{ SLICE("a\\"), "`a\\`" },
		{ SLICE("`|`"), "`` `\\|` ``" },
	};

	(void)state;
	check_code(c, N(c), MD_CELL);
}

static void
test_fences_are_longer_than_any_run_inside(void **state)
{
	static const struct {
		struct slice in;
		const char *prefix, *out;
	} c[] = {
		{ SLICE("a"), "", "```text\na\n```\n" },
		{ SLICE("a\n"), "", "```text\na\n```\n" },
		{ SLICE("```\nx\n```\n"), "", "````text\n```\nx\n```\n````\n" },
		{ SLICE("`````"), "  ", "  ``````text\n  `````\n  ``````\n" },
		{ SLICE("a\n\nb"), "   ", "   ```text\n   a\n\n   b\n   ```\n" },
		{ SLICE("~~~\n<b>@user"), "", "```text\n~~~\n<b>@user\n```\n" },
		{ SLICE("a\r\n\tb\x1b[0m"), "", "```text\na\\x0d\n\tb\\x1b[0m\n```\n" },
		{ SLICE(""), "", "```text\n```\n" },
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < N(c); i++) {
		buf_init(&b, 1 << 16);
		md_fence(&b, slice_str(c[i].prefix), "text", c[i].in);
		assert_string_equal(b.p, c[i].out);
		buf_release(&b);
	}
}

static void
test_a_run_of_every_length_still_leaves_one_free(void **state)
{
	static char text[64 * 65 / 2 + 64 + 1];
	struct buf b;
	size_t at = 0;

	(void)state;
	for (size_t run = 1; run <= 64; run++) {
		memset(text + at, '`', run);
		at += run;
		text[at++] = 'x';
	}
	buf_init(&b, 1 << 16);
	md_code(&b, slice_of(text, at), MD_INLINE);
	/* 65 backticks, a blank, the text, a blank because the first needs it, 65 backticks */
	assert_int_equal(b.n, 65 + 1 + at + 1 + 65);
	assert_int_equal(b.p[64], '`');
	assert_int_equal(b.p[65], ' ');
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_words_are_left_as_they_are),
		cmocka_unit_test(test_no_character_starts_markup),
		cmocka_unit_test(test_what_github_would_make_active_becomes_code),
		cmocka_unit_test(test_active_words_keep_their_cell),
		cmocka_unit_test(test_no_marker_starts_a_block),
		cmocka_unit_test(test_control_and_bidi_characters_are_shown),
		cmocka_unit_test(test_code_spans_use_a_run_that_is_free),
		cmocka_unit_test(test_code_in_cells_escapes_bars),
		cmocka_unit_test(test_fences_are_longer_than_any_run_inside),
		cmocka_unit_test(test_a_run_of_every_length_still_leaves_one_free),
	};

	return cmocka_run_group_tests_name("md_escape", tests, NULL, NULL);
}
