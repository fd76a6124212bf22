/* test_token.c - the shape of a token, and cuts that keep it whole. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/token.h"

static void
test_a_token_is_known_by_its_shape(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *kind;
	} cases[] = {
		{ "[email:a1b2c3]", 14, "email" },
		{ "[us-ssn:000000] and more", 15, "us-ssn" },
		{ "[ipv4-public:ffffff]", 20, "ipv4-public" },
		{ "[email:a1b2c]", 0, NULL },
		{ "[email:a1b2c34]", 0, NULL },
		{ "[email:A1B2C3]", 0, NULL },
		{ "[email:1]", 0, NULL },
		{ "[email:a1b2c3", 0, NULL },
		{ "[Email:a1b2c3]", 0, NULL },
		{ "[:a1b2c3]", 0, NULL },
		{ "[email a1b2c3]", 0, NULL },
		{ "email:a1b2c3]", 0, NULL },
		{ "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:a1b2c3]", 41,
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		{ "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:a1b2c3]", 0, NULL },
		{ "[", 0, NULL },
		{ "", 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice kind = { NULL, 0 }, s = slice_str(cases[i].text);

		if (token_at(s, 0, &kind) != cases[i].n)
			fail_msg("%s", cases[i].text);
		if (cases[i].n && !slice_eqs(kind, cases[i].kind))
			fail_msg("%s: kind %.*s", cases[i].text, SLICE_ARG(kind));
		assert_int_equal(token_at(s, s.n, NULL), 0);
	}
}

static void
test_a_cut_never_goes_through_a_token(void **state)
{
	const struct slice s = SLICE("ab [email:a1b2c3] \xc3\xa4 [x [jwt:0000ff]");

	(void)state;
	for (size_t n = 0; n <= s.n + 3; n++) {
		size_t cut = token_floor(s, n), want = n > s.n ? s.n : n;

		if (want > 3 && want < 17)
			want = 3;
		else if (want == 19)
			want = 18;
		else if (want > 24 && want < s.n)
			want = 24;
		if (cut != want)
			fail_msg("%zu is cut at %zu, not %zu", n, cut, want);
	}
}

static void
test_the_order_does_not_depend_on_hashes(void **state)
{
	static const struct {
		const char *a, *b;
		int want;
	} cases[] = {
		{ "u=[email:a1b2c3]", "u=[email:000000]", 0 },
		{ "u=[email:a1b2c3] x", "u=[email:ffffff] y", -1 },
		{ "u=[email:a1b2c3]", "u=[jwt:a1b2c3]", -1 },
		{ "u=[email:a1b2c3]", "u=[email:a1b2c3] x", -1 },
		{ "u=[email:a1b2c]", "u=[email:0]", 1 },
		{ "b", "a", 1 },
		{ "\xc3", "a", 1 },
		{ "", "", 0 },
		{ "", "a", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice a = slice_str(cases[i].a), b = slice_str(cases[i].b);

		if (token_cmp(a, b) != cases[i].want || token_cmp(b, a) != -cases[i].want)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_token_is_known_by_its_shape),
		cmocka_unit_test(test_the_order_does_not_depend_on_hashes),
		cmocka_unit_test(test_a_cut_never_goes_through_a_token),
	};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
