/* test_tokens.c - numbers of redaction tokens. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "report/tokens.h"

static bool
known(struct slice kind)
{
	return slice_eqs(kind, "email") || slice_eqs(kind, "us-ssn");
}

static void
test_values_are_numbered_by_kind_and_first_appearance(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "by [email:ff0000] and [email:00ff00]", "by [email:1] and [email:2]" },
		{ "[us-ssn:ff0000][email:00ff00][email:ff0000]", "[us-ssn:1][email:2][email:1]" },
		{ "[email:123456]", "[email:3]" },
		{ "[[email:123456]]", "[[email:3]]" },
		{ "{\"who\":\"[email:00ff00]\"}", "{\"who\":\"[email:2]\"}" },
		/* no tokens */
		{ "[user:ff0000]", "[user:ff0000]" },
		{ "[email:ff000]", "[email:ff000]" },
		{ "[email:1] [email:FF0000] [email:ff00001]", "[email:1] [email:FF0000] [email:ff00001]" },
		{ "email:ff0000] [", "email:ff0000] [" },
		{ "", "" },
	};
	struct tokens *t = tokens_new(known);
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice s = slice_str(cases[i].text), got = tokens_number(t, &a, s);

		if (!slice_eqs(got, cases[i].want))
			fail_msg("%s: %.*s", cases[i].text, SLICE_ARG(got));
		if (strcmp(cases[i].text, cases[i].want) == 0)
			assert_ptr_equal(got.p, s.p);
	}
	assert_ptr_equal(tokens_number(NULL, &a, slice_str(cases[0].text)).p, cases[0].text);
	tokens_free(t);
	tokens_free(NULL);
	arena_release(&a);
}

static void
test_many_values_keep_their_numbers(void **state)
{
	enum { MANY = 5000 };
	struct tokens *t = tokens_new(known);
	char text[40], want[40];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 2; round++)
		for (unsigned i = 0; i < MANY; i++) {
			snprintf(text, sizeof text, "[email:%06x]", i * 2654435u & 0xffffff);
			snprintf(want, sizeof want, "[email:%u]", i + 1);
			assert_true(slice_eqs(tokens_number(t, &a, slice_str(text)), want));
		}
	tokens_free(t);
	arena_release(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_are_numbered_by_kind_and_first_appearance),
		cmocka_unit_test(test_many_values_keep_their_numbers),
	};

	return cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
