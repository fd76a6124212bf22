#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "rule/rules.h"

static struct slice
value(void *ctx, struct slice name)
{
	(*(int *)ctx)++;
	if (slice_eqs(name, "service"))
		return SLICE("checkout-api");
	if (slice_eqs(name, "cause.type"))
		return SLICE("KeyError");
	if (slice_eqs(name, "sly"))
		return SLICE("${service}");
	return (struct slice){ 0 };
}

static void
test_replaces_names_once(void **state)
{
	static const struct {
		const char *text, *want;
		int asked;
	} cases[] = {
		{ "", "", 0 },
		{ "no names", "no names", 0 },
		{ "${service}", "checkout-api", 1 },
		{ "a ${service} b ${cause.type}.", "a checkout-api b KeyError.", 2 },
		{ "[${nothing}]", "[]", 1 },
		{ "[${nothing:-some text}]", "[some text]", 1 },
		{ "[${service:-some text}]", "[checkout-api]", 1 },
		{ "[${nothing:-}]", "[]", 1 },
		{ "${sly}", "${service}", 1 },
		{ "${nothing:-${service}}", "${service}", 1 },
		{ "$service $$ $(id) {service}", "$service $$ $(id) {service}", 0 },
		{ "${", "${", 0 },
		{ "${service", "${service", 0 },
		{ "${}", "${}", 0 },
		{ "${a b}", "${a b}", 0 },
		{ "${service:+x}", "${service:+x}", 0 },
		{ "${${service}", "${checkout-api", 1 },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int asked = 0;
		struct slice got = rule_expand(&a, slice_str(cases[i].text), value, &asked);

		assert_true(slice_eqs(got, cases[i].want));
		assert_int_equal(asked, cases[i].asked);
	}
	arena_release(&a);
}

static struct slice
long_value(void *ctx, struct slice name)
{
	(void)name;
	return *(struct slice *)ctx;
}

static void
test_bounds_what_it_makes_between_characters(void **state)
{
	static char text[100001];
	struct slice v = { text, 100000 }, got;
	struct arena a;

	(void)state;
	for (size_t i = 0; i < 100000; i += 2)
		memcpy(text + i, "\xC3\xA4", 2);
	arena_init(&a);
	got = rule_expand(&a, SLICE("x${v}${v}"), long_value, &v);
	assert_in_range(got.n, 65530, 65536);
	assert_int_equal(got.n % 2, 1);
	assert_memory_equal(got.p + got.n - 2, "\xC3\xA4", 2);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaces_names_once),
		cmocka_unit_test(test_bounds_what_it_makes_between_characters),
	};

	return cmocka_run_group_tests_name("rule_expand", tests, NULL, NULL);
}
