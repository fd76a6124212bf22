/* test_seen.c - a cache that forgets, but never says what was not kept. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/seen.h"

static void
test_what_was_kept_is_found_or_forgotten_but_never_mixed_up(void **state)
{
	struct seen *c = seen_new(64);
	struct seen_slot *slot;
	char text[24];
	int hits = 0;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 40; i++) {
			bool found;

			snprintf(text, sizeof text, "jsonPayload.name%d", i * i);
			found = seen_find(c, slice_str(text), &slot);
			assert_non_null(slot);
			if (found)
				assert_int_equal(slot->verdict, i % 2);
			hits += found;
			seen_keep(slot, slice_str(text), i % 2);
			assert_true(seen_find(c, slice_str(text), &slot));
			assert_int_equal(slot->verdict, i % 2);
		}
	}
	assert_true(hits > 10 && hits <= 40);
	seen_free(c);
}

static void
test_long_and_empty_texts_are_not_kept(void **state)
{
	struct seen *c = seen_new(16);
	char text[SEEN_TEXT + 1];
	struct seen_slot *slot;

	(void)state;
	memset(text, 'x', sizeof text);
	for (size_t n = 1; n <= SEEN_TEXT; n++) {
		assert_false(seen_find(c, slice_of(text, n), &slot));
		seen_keep(slot, slice_of(text, n), true);
		assert_true(seen_find(c, slice_of(text, n), &slot));
	}
	assert_false(seen_find(c, slice_of(text, SEEN_TEXT + 1), &slot));
	assert_null(slot);
	seen_keep(slot, slice_of(text, SEEN_TEXT + 1), true);
	assert_false(seen_find(c, slice_of(NULL, 0), &slot));
	assert_null(slot);
	seen_free(c);
	seen_free(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_kept_is_found_or_forgotten_but_never_mixed_up),
		cmocka_unit_test(test_long_and_empty_texts_are_not_kept),
	};

	return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
