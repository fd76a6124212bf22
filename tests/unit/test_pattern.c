/* test_pattern.c - bounded matching: what matches, what is refused, and what gives up. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/pattern.h"

struct want {
	const char *pattern;
	unsigned flags;
	const char *subject;
	int start, end;		/* -1: no match */
};

static struct pattern *
compiled(const char *text, unsigned flags)
{
	struct pattern *p;
	struct err e;
	size_t at;

	if (pattern_compile(slice_str(text), flags, &p, &at, &e) != 0)
		fail_msg("%s: %s at %zu", text, e.text, at);
	return p;
}

static enum match_outcome
run(const char *pattern, struct slice subject, size_t from, struct match *out)
{
	struct pattern *p = compiled(pattern, 0);
	struct matcher *m = matcher_new();
	enum match_outcome o = matcher_run(m, p, subject, from, out);

	matcher_free(m);
	pattern_free(p);
	return o;
}

static void
test_finds_the_first_match(void **state)
{
	static const struct want cases[] = {
		{ "b+", 0, "aabbbcc", 2, 5 },
		{ "x", 0, "aabb", -1, -1 },
		{ "", 0, "", 0, 0 },
		{ "^b", 0, "a\nb", -1, -1 },
		{ "^b", PATTERN_MULTILINE, "a\nb", 2, 3 },
		{ "B", PATTERN_CASELESS, "ab", 1, 2 },
		{ "a.b", 0, "a\nb", -1, -1 },
		{ "a.b", PATTERN_DOTALL, "a\nb", 0, 3 },
		{ "b$", 0, "b\n", -1, -1 },
		{ "b$", PATTERN_MULTILINE, "b\n", 0, 1 },
		{ "(?i)none\\b", 0, "is NONE.", 3, 7 },
		{ "\\x{e9}", 0, "caf\xC3\xA9", 3, 5 },
		{ "f.o", 0, "f\xC3\xA9o", 0, 4 },
		{ "oo", 0, "\xFF\xFEoo\xC3", 2, 4 },
		{ "f.o", 0, "f\xFFo", -1, -1 },
		{ "^oo", 0, "\xFFoo", -1, -1 },
		{ ".*oo", 0, "\xFFxoo", 1, 4 },
		{ "(?s).*oo", 0, "\xFFxoo", 1, 4 },
		{ "(?s).*(o)\\1", 0, "a\xFFxoo", 2, 5 },
	};
	struct matcher *m = matcher_new();
	struct match out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct want *w = &cases[i];
		struct pattern *p = compiled(w->pattern, w->flags);
		enum match_outcome o = matcher_run(m, p, slice_str(w->subject), 0, &out);

		if (o != (w->start < 0 ? MATCH_NO : MATCH_YES))
			fail_msg("%s on \"%s\": outcome %d", w->pattern, w->subject, (int)o);
		if (o == MATCH_YES) {
			assert_int_equal(out.start, w->start);
			assert_int_equal(out.end, w->end);
		}
		pattern_free(p);
	}
	matcher_free(m);
}

static void
test_gives_groups_by_number_and_name(void **state)
{
	struct pattern *p = compiled("(?<mode>mock|real)(x)?(?<n>\\d+)(z)?", 0);
	struct matcher *m = matcher_new();
	const char *name;
	struct match out;
	unsigned number;

	(void)state;
	assert_int_equal(pattern_group_count(p), 4);
	assert_true(pattern_name(p, 0, &name, &number));
	assert_string_equal(name, "mode");
	assert_int_equal(number, 1);
	assert_true(pattern_name(p, 1, &name, &number));
	assert_string_equal(name, "n");
	assert_int_equal(number, 3);
	assert_false(pattern_name(p, 2, &name, &number));

	assert_int_equal(matcher_run(m, p, SLICE("a mock12 b"), 0, &out), MATCH_YES);
	assert_int_equal(out.groups, 4);
	assert_true(slice_eqs(out.group[0], "mock12"));
	assert_true(slice_eqs(out.group[1], "mock"));
	assert_null(out.group[2].p);
	assert_true(slice_eqs(out.group[3], "12"));
	assert_null(out.group[4].p);
	matcher_free(m);
	pattern_free(p);
}

static void
test_starts_at_from_and_still_looks_behind_it(void **state)
{
	struct match out;

	(void)state;
	assert_int_equal(run("a", SLICE("abca"), 1, &out), MATCH_YES);
	assert_int_equal(out.start, 3);
	assert_int_equal(run("(?<=a)b", SLICE("ab"), 1, &out), MATCH_YES);
	assert_int_equal(run("^b", SLICE("ab"), 1, &out), MATCH_NO);
	assert_int_equal(run("\\bb", SLICE("ab"), 1, &out), MATCH_NO);
	assert_int_equal(run("$", SLICE("ab"), 2, &out), MATCH_YES);
	assert_int_equal(run("a", SLICE("ab"), 3, &out), MATCH_NO);
	/* inside a character: goes on behind it */
	assert_int_equal(run("b", SLICE("\xC3\xA9" "b"), 1, &out), MATCH_YES);
	assert_int_equal(out.start, 2);
}

static void
test_refuses_verbs_callouts_and_recursion(void **state)
{
	static const char *const bad[] = {
		"(*UTF)a", "a(*SKIP)b", "(*LIMIT_MATCH=1)a", "(*pla:a)", "a(?C1)b", "a(?C)",
		"a(?R)?b",
		"(a)(?1)", "(a)(?+1)(b)", "(a)(?-1)", "(?<n>a)(?&n)", "(?P<n>a)(?P>n)",
		"(?<n>a)\\g<n>", "(a)\\g'1'", "(a)\\g<-1>",
		/* what only looks like a class, a comment or a quote around it */
		"\\[(?R)]", "[[:alpha:][](?R)]", "[]](?R)", "[^]](?R)", "[\\Q]\\E](?R)",
		"\\Qa\\E(?R)",
		"(?x)#[\n(?R)", "(?x:a)#(?R)", "(?x)(?-x)#(?R)", "((?x)a)#(?R)", "(?x)(?^)#(?R)",
		"(?#[)(?R)", "\\c[(?R)", "[\\E](?R)]](?R)", "[a\\](](?R)",
		"(?xx)[ ]](?R)]", "(?i)(?R)", "[[:<:]](?R)",
		/* PCRE2's own refusals */
		"a\\Cb", "(a", "a)", "[z-a]", "a{2,1}", "\\", "(?<=a+)b", "*",
	};
	struct pattern *p;
	struct err e;
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (pattern_compile(slice_str(bad[i]), 0, &p, &at, &e) == 0)
			fail_msg("compiled: %s", bad[i]);
		assert_null(p);
		assert_int_equal(e.code, ERR_RULES);
		assert_true(e.text[0] != '\0');
		assert_true(at <= strlen(bad[i]));
	}
	assert_int_equal(pattern_compile(SLICE("ab(?R)"), 0, &p, &at, &e), -1);
	assert_int_equal(at, 2);
}

static void
test_accepts_what_only_looks_like_them(void **state)
{
	static const char *const good[] = {
		"\\(?R", "[(?R)]", "[(*A)]", "\\Q(?R)(*A)\\E", "(?#(?R)", "(?x) a # (?R) [\n b",
		"\\((\\*)",
		"(?-i)a", "(?i-s:a)", "(?<n>a)\\k<n>", "(a)\\g{1}", "(a)\\g1", "(?(1)a|b)()",
		"(?|(a)|(b))",
		"[[:alpha:](?R)]", "[]a(?R)]", "[\\c](?R)]", "(?>a+)", "(?!a)b", "(?<!a)b",
		"a\\K(?=b)b", "(?P=n)(?<n>)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		pattern_free(compiled(good[i], 0));
}

static void
test_refuses_what_is_too_large(void **state)
{
	struct pattern *p;
	struct err e;
	size_t at;
	char text[PATTERN_TEXT_MAX + 2] = "";

	(void)state;
	memset(text, 'a', PATTERN_TEXT_MAX + 1);
	assert_int_equal(pattern_compile(slice_str(text), 0, &p, &at, &e), -1);
	text[PATTERN_TEXT_MAX] = '\0';
	assert_int_equal(pattern_compile(slice_str(text), 0, &p, &at, &e), 0);
	pattern_free(p);

	memset(text, 0, PATTERN_TEXT_MAX);
	memset(text, '(', 101);
	memset(text + 101, ')', 101);
	assert_int_equal(pattern_compile(slice_str(text), 0, &p, &at, &e), -1);

	memset(text, 0, PATTERN_TEXT_MAX);
	for (int i = 0; i < PATTERN_GROUPS - 1; i++)
		memcpy(text + 2 * i, "()", 2);
	assert_int_equal(pattern_compile(slice_str(text), 0, &p, &at, &e), 0);
	pattern_free(p);
	memcpy(text + 2 * (PATTERN_GROUPS - 1), "()", 2);
	assert_int_equal(pattern_compile(slice_str(text), 0, &p, &at, &e), -1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct hostile {
	const char *pattern;
	char fill;
	const char *end;	/* put over the end of the subject */
	enum match_outcome truth;
};

static void
test_hostile_patterns_end_soon_and_never_say_no_wrongly(void **state)
{
	static const struct hostile cases[] = {
		{ "(a+)+$", 'a', "b", MATCH_NO },
		{ "(a+)+$", 'a', "", MATCH_YES },
		{ "^(a|aa)+$", 'a', "", MATCH_YES },
		{ "^(a|aa)+$", 'a', "b", MATCH_NO },
		{ "^(([a-z])+.)+[A-Z]([a-z])+$", 'a', "", MATCH_NO },
		{ "(?:a|b)*c", 'a', "", MATCH_NO },
		{ "(?:a|b)*c", 'a', "c", MATCH_YES },
		{ "\\s+$", ' ', "x", MATCH_NO },
		{ "\\s+$", ' ', "x ", MATCH_YES },
		{ "(.*)*x{3}", 'a', "", MATCH_NO },
		{ "(a*)*b", 'a', "", MATCH_NO },
		{ "(?:.*,){11}P", ',', "", MATCH_NO },
		{ "(x+x+)+y", 'x', "y", MATCH_YES },
		{ "(?s).*?.*?.*?Q", 'a', "", MATCH_NO },
	};
	static const size_t sizes[] = { 4096, 65536, PATTERN_HEAD + PATTERN_TAIL, 1 << 20 };
	char *text = mem_alloc((1 << 20) + 1);
	unsigned limits = 0;
	struct match out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0] * 4; i++) {
		const struct hostile *h = &cases[i / 4];
		size_t n = sizes[i % 4], tail = strlen(h->end);
		enum match_outcome o;
		double t = now();

		memset(text, h->fill, n);
		memcpy(text + n - tail, h->end, tail);
		o = run(h->pattern, slice_of(text, n), 0, &out);
		t = now() - t;
		if (t > 2)
			fail_msg("%s on %zu bytes took %.1f s", h->pattern, n, t);
		if (o != MATCH_LIMIT && o != h->truth)
			fail_msg("%s on %zu bytes: outcome %d", h->pattern, n, (int)o);
		limits += o == MATCH_LIMIT;
	}
	free(text);
	/* the cases are hostile indeed */
	assert_true(limits > 5);
}

static void
test_a_limit_is_told_apart_from_the_clock(void **state)
{
	char text[4096];
	struct match out;

	(void)state;
	memset(text, 'a', sizeof text);
	text[sizeof text - 1] = 'b';
	assert_int_equal(run("(a+)+$", slice_of(text, sizeof text), 0, &out), MATCH_LIMIT);
	assert_false(out.by_clock);
}

static void
test_a_deep_but_plain_match_is_found(void **state)
{
	char *text = mem_alloc(8192);
	struct match out;

	(void)state;
	/* JIT needs more than its default stack for this */
	memset(text, 'a', 8192);
	assert_int_equal(run("^(?:a|b)+$", slice_of(text, 8192), 0, &out), MATCH_YES);
	assert_int_equal(out.end, 8192);
	free(text);
}

static void
test_matches_at_every_offset_around_a_chunk(void **state)
{
	struct match out;
	char text[1100];

	(void)state;
	for (size_t at = 250; at < 1030; at++) {
		memset(text, '.', sizeof text);
		memcpy(text + at, "xy", 2);
		assert_int_equal(run("(?<![x])xy", slice_of(text, sizeof text), 0, &out),
		    MATCH_YES);
		assert_int_equal(out.start, at);
		memcpy(text + at, "\xC3\xA9", 2);
		assert_int_equal(run("\\x{e9}|q", slice_of(text, sizeof text), 0, &out), MATCH_YES);
		assert_int_equal(out.start, at);
		assert_int_equal(run("^.*\\x{e9}", slice_of(text, sizeof text), 0, &out),
		    MATCH_YES);
	}
}

static void
test_long_subjects_are_matched_by_head_and_tail(void **state)
{
	size_t n = 200 * 1024, tail = n - PATTERN_TAIL;
	char *text = mem_alloc(n);
	struct slice s = slice_of(text, n);
	struct match out;

	(void)state;
	memset(text, '.', n);
	memcpy(text + 100, "one", 3);
	memcpy(text + PATTERN_HEAD + 100, "two", 3);
	memcpy(text + tail, "ree", 3);
	memcpy(text + tail - 2, "th", 2);
	memcpy(text + n - 4, "last", 4);
	assert_int_equal(run("one", s, 0, &out), MATCH_YES);
	assert_int_equal(out.start, 100);
	assert_int_equal(run("one", s, 101, &out), MATCH_NO);
	assert_int_equal(run("two", s, 0, &out), MATCH_NO);
	assert_int_equal(run("last$", s, 0, &out), MATCH_YES);
	assert_int_equal(out.start, n - 4);
	assert_int_equal(out.end, n);
	assert_true(out.group[0].p == text + n - 4);
	assert_int_equal(run("last", s, PATTERN_HEAD + 500, &out), MATCH_YES);
	assert_int_equal(run(".*last", s, 0, &out), MATCH_YES);
	assert_int_equal(run("(?s).*last", s, 0, &out), MATCH_YES);
	/* the tail sees what lies before it; the head's end is not the end; the tail is no start */
	assert_int_equal(run("(?<=th)ree", s, 0, &out), MATCH_YES);
	assert_int_equal(out.start, tail);
	assert_int_equal(run("\\.$", s, 0, &out), MATCH_NO);
	assert_int_equal(run("^ree", s, 0, &out), MATCH_NO);
	assert_int_equal(run("\\Gree", s, 0, &out), MATCH_NO);
	free(text);
}

static void
test_one_matcher_serves_many_patterns(void **state)
{
	struct pattern *a = compiled("(a)(b)", 0), *b = compiled("c", 0);
	struct matcher *m = matcher_new();
	struct match out;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(matcher_run(m, a, SLICE("xab"), 0, &out), MATCH_YES);
		assert_int_equal(out.groups, 3);
		assert_int_equal(matcher_run(m, b, SLICE("abc"), 0, &out), MATCH_YES);
		assert_int_equal(out.groups, 1);
		assert_int_equal(matcher_run(m, b, SLICE("ab"), 0, &out), MATCH_NO);
		assert_int_equal(out.groups, 0);
	}
	matcher_free(m);
	pattern_free(a);
	pattern_free(b);
	matcher_free(NULL);
	pattern_free(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_the_first_match),
		cmocka_unit_test(test_gives_groups_by_number_and_name),
		cmocka_unit_test(test_starts_at_from_and_still_looks_behind_it),
		cmocka_unit_test(test_refuses_verbs_callouts_and_recursion),
		cmocka_unit_test(test_accepts_what_only_looks_like_them),
		cmocka_unit_test(test_refuses_what_is_too_large),
		cmocka_unit_test(test_hostile_patterns_end_soon_and_never_say_no_wrongly),
		cmocka_unit_test(test_a_limit_is_told_apart_from_the_clock),
		cmocka_unit_test(test_a_deep_but_plain_match_is_found),
		cmocka_unit_test(test_matches_at_every_offset_around_a_chunk),
		cmocka_unit_test(test_long_subjects_are_matched_by_head_and_tail),
		cmocka_unit_test(test_one_matcher_serves_many_patterns),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
