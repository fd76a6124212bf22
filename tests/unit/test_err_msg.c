/* test_err_msg.c - the error value, diagnostics, and how messages look. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/msg.h"

static void
test_an_error_is_set_whole_and_gains_parts(void **state)
{
	struct err e;

	(void)state;
	memset(&e, 'x', sizeof e);
	assert_int_equal(err_set(&e, ERR_RULES, "unknown key '%s'", "titel"), -1);
	assert_int_equal(e.code, ERR_RULES);
	assert_string_equal(e.text, "unknown key 'titel'");
	assert_string_equal(e.where, "");
	assert_string_equal(e.snippet, "");
	assert_string_equal(e.note, "");
	assert_string_equal(e.help, "");
	assert_int_equal(err_where(&e, "%s:%d:%d", "a.yaml", 3, 1), -1);
	assert_int_equal(err_note(&e, "n%d", 1), -1);
	assert_int_equal(err_help(&e, "did you mean '%s'?", "title"), -1);
	assert_int_equal(err_add(&e, "loading %s", "a.yaml"), -1);
	assert_string_equal(e.text, "loading a.yaml: unknown key 'titel'");
	assert_string_equal(e.where, "a.yaml:3:1");
	assert_string_equal(e.help, "did you mean 'title'?");
	errno = ENOENT;
	assert_int_equal(err_errno(&e, ERR_IO, "cannot open '%s'", "x"), -1);
	assert_string_equal(e.text, "cannot open 'x': No such file or directory");
	assert_string_equal(e.help, "");
	/* its own text may be an argument */
	err_set(&e, ERR_IO, "again: %s", e.text);
	assert_string_equal(e.text, "again: cannot open 'x': No such file or directory");
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
}

static void
test_long_texts_are_cut_between_characters(void **state)
{
	char text[700] = "";
	struct err e;

	(void)state;
	for (size_t lead = 0; lead < 3; lead++) {
		size_t n = lead;

		memset(text, 'a', lead);
		for (; n + 3 < sizeof text; n += 3)
			memcpy(text + n, "\xE2\x82\xAC", 4);
		err_set(&e, ERR_IO, "%s", text);
		assert_int_equal(strlen(e.text), lead + (399 - lead) / 3 * 3);
		assert_memory_equal(e.text, text, strlen(e.text));
		err_add(&e, "in");
		assert_int_equal((strlen(e.text) - 4 - lead) % 3, 0);
		err_where(&e, "%s", text);
		assert_int_equal(strlen(e.where), lead + (599 - lead) / 3 * 3);
	}
}

static void
test_maps_codes_to_exit_codes(void **state)
{
	static const int want[] = { [ERR_NONE] = 0, [ERR_USAGE] = 2, [ERR_RULES] = 2,
		[ERR_INPUT] = 3,
		[ERR_DB] = 4, [ERR_SQL] = 5, [ERR_ID] = 5, [ERR_IO] = 6, [ERR_LIMIT] = 6 };
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		err_clear(&e);
		e.code = (enum err_code)i;
		assert_int_equal(err_exit_code(&e), want[i]);
	}
}

/* the caret stands under the character at col, counted in characters of what is shown */
static void
check_caret(struct slice line, size_t col, size_t want)
{
	struct err e;
	char *under;

	err_set(&e, ERR_RULES, "x");
	assert_int_equal(err_caret(&e, line, col, NULL), -1);
	under = strchr(e.snippet, '\n');
	assert_non_null(under);
	assert_int_equal(strspn(under + 1, " "), want);
	assert_string_equal(under + 1 + want, "^");
}

static void
test_puts_the_caret_under_the_byte(void **state)
{
	char long_line[5000];
	struct err e;

	(void)state;
	err_set(&e, ERR_RULES, "x");
	err_caret(&e, SLICE("ab\033\tcd"), 5, "here");
	assert_string_equal(e.snippet, "ab..cd\n    ^ here");
	check_caret(SLICE("abc"), 1, 0);
	check_caret(SLICE("abc"), 0, 0);
	check_caret(SLICE("abc"), 4, 3);
	check_caret(SLICE("abc"), 400, 3);
	check_caret(slice_str(NULL), 1, 0);
	/* two bytes each, and a column inside one of them */
	check_caret(SLICE("\xC3\xA9\xC3\xA9x"), 5, 2);
	check_caret(SLICE("\xC3\xA9\xC3\xA9x"), 4, 1);

	memset(long_line, 'a', sizeof long_line);
	long_line[2499] = 'B';
	err_caret(&e, slice_of(long_line, sizeof long_line), 2500, "big");
	assert_true(strncmp(e.snippet, "...aaa", 6) == 0);
	assert_int_equal(strchr(e.snippet, '^') - strchr(e.snippet, '\n') - 1,
	    strchr(e.snippet, 'B') - e.snippet);
	assert_non_null(strstr(e.snippet, "aaa...\n"));
	assert_non_null(strstr(e.snippet, "^ big"));
	memset(long_line, 0x80, sizeof long_line);
	err_caret(&e, slice_of(long_line, sizeof long_line), 2500, "bytes");
	assert_non_null(strstr(e.snippet, "^ bytes"));
}

struct seen {
	struct diag last;
	unsigned n;
};

static void
keep(void *ctx, const struct diag *d)
{
	struct seen *s = ctx;

	s->last = *d;
	s->n++;
}

static void
test_diagnostics_have_names_levels_and_places(void **state)
{
	struct seen seen = { .n = 0 };
	struct diag_sink sink = { keep, &seen };
	enum diag_code none;
	char text[600] = "";

	(void)state;
	for (int i = 0; i < DIAG_CODES; i++) {
		enum diag_code back;

		assert_true(diag_name((enum diag_code)i)[0] != '\0');
		assert_true(diag_text((enum diag_code)i)[0] != '\0');
		assert_true(diag_code_of(slice_str(diag_name((enum diag_code)i)), &back));
		assert_int_equal(back, i);
	}
	assert_string_equal(diag_name(DIAG_JSON_CUT), "json-cut");
	assert_string_equal(diag_level_name(diag_level(DIAG_JSON_CUT)), "damage");
	assert_string_equal(diag_level_name(diag_level(DIAG_LINE_LONG)), "limit");
	assert_false(diag_code_of(SLICE("json"), &none));

	diag_put(NULL, DIAG_EMPTY, 1, 2, 3, "dropped");
	assert_int_equal(seen.n, 0);
	for (size_t n = 0; n + 3 < sizeof text; n += 3)
		memcpy(text + n, "\xE2\x82\xAC", 4);
	diag_put(&sink, DIAG_JSON_BAD, 7, 8, 9, "a%s", text);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_JSON_BAD);
	assert_int_equal(seen.last.line, 7);
	assert_int_equal(seen.last.col, 8);
	assert_int_equal(seen.last.byte, 9);
	assert_int_equal(strlen(seen.last.detail), 1 + 238 / 3 * 3);
}

static char *
printed(const struct msg *m, char *text, size_t size)
{
	size_t n;

	rewind(m->out);
	n = fread(text, 1, size - 1, m->out);
	text[n] = '\0';
	rewind(m->out);
	assert_int_equal(ftruncate(fileno(m->out), 0), 0);
	return text;
}

static void
test_prints_all_parts_of_an_error_escaped(void **state)
{
	struct msg m = { .out = tmpfile(), .verbosity = -2 };
	char text[4000];
	struct err e;

	(void)state;
	assert_non_null(m.out);
	err_set(&e, ERR_RULES, "bad \033[2J key");
	err_where(&e, "rules/a\n.yaml:3:5");
	err_caret(&e, SLICE("abc\xE2\x80\xAE: x"), 4, "here");
	err_note(&e, "because");
	err_help(&e, "do\nthis");
	msg_err(&m, &e);
	assert_string_equal(printed(&m, text, sizeof text),
	    "error: bad \\x1b[2J key\n"
	    "  --> rules/a\\n.yaml:3:5\n"
	    "   | abc\\u{202e}: x\n"
	    "   |    ^ here\n"
	    "  = note: because\n"
	    "  = help: do\\nthis\n");
	err_set(&e, ERR_IO, "short");
	msg_err(&m, &e);
	assert_string_equal(printed(&m, text, sizeof text), "error: short\n");
	m.color = true;
	msg_err(&m, &e);
	assert_string_equal(printed(&m, text, sizeof text), "\033[1;31merror\033[0m: short\n");
	fclose(m.out);
}

static void
test_says_as_much_as_asked_for(void **state)
{
	static const char *const want[] = {
		"",
		"warning: w\nwarning: a 1\n",
		"warning: w\nwarning: a 1\nnote: b\nhelp: c\nd\n",
		"warning: w\nwarning: a 1\nnote: b\nhelp: c\nd\ne\\x1b\n",
	};
	struct msg m = { .out = tmpfile() };
	char text[4000];
	struct err e;

	(void)state;
	assert_non_null(m.out);
	err_set(&e, ERR_IO, "w");
	for (int v = -2; v <= 1; v++) {
		m.verbosity = v;
		msg_warn_err(&m, &e);
		msg_warn(&m, "a %d", 1);
		msg_note(&m, "b");
		msg_help(&m, "c");
		msg_info(&m, "d");
		msg_verbose(&m, "e%c", 033);
		assert_string_equal(printed(&m, text, sizeof text), want[v + 2]);
	}
	fclose(m.out);
}

static void
test_a_long_message_is_whole_or_ends_with_its_line(void **state)
{
	struct msg m = { .out = tmpfile() };
	char *text = mem_alloc(200000);
	static char big[150001];

	(void)state;
	assert_non_null(m.out);
	memset(big, 'a', 3000);
	msg_info(&m, "%s", big);
	printed(&m, text, 200000);
	assert_int_equal(strlen(text), 3001);
	memset(big, '\033', 150000);
	msg_info(&m, "%s", big);
	printed(&m, text, 200000);
	assert_true(strlen(text) <= 65536);
	assert_int_equal(text[strlen(text) - 1], '\n');
	free(text);
	fclose(m.out);
}

static void
test_colour_follows_the_environment(void **state)
{
	FILE *f = tmpfile();
	struct msg m;

	(void)state;
	assert_non_null(f);
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "xterm", 1);
	msg_init(&m, f, 1);
	assert_false(m.color);
	assert_false(m.tty);
	assert_int_equal(m.verbosity, 1);
	setenv("CLICOLOR_FORCE", "1", 1);
	msg_init(&m, f, 0);
	assert_true(m.color);
	setenv("CLICOLOR_FORCE", "0", 1);
	msg_init(&m, f, 0);
	assert_false(m.color);
	setenv("CLICOLOR_FORCE", "1", 1);
	setenv("NO_COLOR", "1", 1);
	msg_init(&m, f, 0);
	assert_false(m.color);
	fclose(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_error_is_set_whole_and_gains_parts),
		cmocka_unit_test(test_long_texts_are_cut_between_characters),
		cmocka_unit_test(test_maps_codes_to_exit_codes),
		cmocka_unit_test(test_puts_the_caret_under_the_byte),
		cmocka_unit_test(test_diagnostics_have_names_levels_and_places),
		cmocka_unit_test(test_prints_all_parts_of_an_error_escaped),
		cmocka_unit_test(test_says_as_much_as_asked_for),
		cmocka_unit_test(test_a_long_message_is_whole_or_ends_with_its_line),
		cmocka_unit_test(test_colour_follows_the_environment),
	};

	return cmocka_run_group_tests_name("err_msg", tests, NULL, NULL);
}
