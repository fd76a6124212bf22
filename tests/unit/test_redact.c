/*
 * test_redact.c - the examples of the table of kinds, the vectors of
 * tests/redact/vectors.tsv, and what the header promises.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sign/redact.h"
#include "sign/redact_kind.h"

static const unsigned char key[REDACT_KEY] = "0123456789abcdef0123456789abcde";

struct kit {
	struct arena arena;
	struct redactor *r;
};

static int
setup(void **state)
{
	struct kit *k = calloc(1, sizeof *k);

	arena_init(&k->arena);
	k->r = redactor_new(REDACT_ALL, key);
	*state = k;
	return 0;
}

static int
teardown(void **state)
{
	struct kit *k = *state;

	arena_release(&k->arena);
	redactor_free(k->r);
	free(k);
	return 0;
}

/* the text of an example, without its '~' */
static struct slice
joined(struct arena *a, const char *text)
{
	char *p = arena_str(a, slice_str(text));
	size_t n = 0;

	for (const char *c = text; *c; c++) {
		if (*c != '~')
			p[n++] = *c;
	}
	p[n] = '\0';
	return slice_of(p, n);
}

static bool
has_token(struct slice s, const char *kind)
{
	for (size_t i = 0; i < s.n; i++) {
		struct slice name;
		size_t n;

		if (redact_token(slice_sub(s, i, SIZE_MAX), &name, &n) && slice_eqs(name, kind))
			return true;
	}
	return false;
}

static void
must_be_stable(struct kit *k, struct slice once)
{
	struct slice twice = redact_text(k->r, &k->arena, once);

	if (!slice_eq(once, twice))
		fail_msg("redacted again: `%.*s`, then `%.*s`", SLICE_ARG(once), SLICE_ARG(twice));
}

static void
test_examples_of_the_table_change_and_stay(void **state)
{
	struct kit *k = *state;

	for (size_t i = 0; redact_kind(i); i++) {
		const struct redact_kind *kind = &redact_kinds[i];
		struct slice in, out;

		assert_string_equal(redact_kind(i), kind->name);
		if (!kind->changes)
			continue;
		in = joined(&k->arena, kind->changes);
		out = redact_text(k->r, &k->arena, in);
		if (!has_token(out, kind->name))
			fail_msg("%s: `%.*s` gave `%.*s`", kind->name, SLICE_ARG(in), SLICE_ARG(out));
		must_be_stable(k, out);
		in = joined(&k->arena, kind->stays);
		out = redact_text(k->r, &k->arena, in);
		if (!slice_eq(in, out))
			fail_msg("%s: `%.*s` gave `%.*s`", kind->name, SLICE_ARG(in), SLICE_ARG(out));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_examples_of_the_table_change_and_stay, setup,
		    teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
