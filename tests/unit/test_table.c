/*
 * test_table.c - rows in every format, to the byte.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "report/table.h"

#define TEXT(s) { .type = VALUE_TEXT, .text = SLICE(s) }
#define INT(n) { .type = VALUE_INT, .i = (n) }
#define REAL(x) { .type = VALUE_REAL, .r = (x) }
#define NIL { .type = VALUE_NULL }
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const names[] = { "id", "text", "x" };

struct fixture {
	char path[64];
	struct output *out;
	struct buf text;
};

static int
setup(void **state)
{
	struct fixture *f = test_calloc(1, sizeof *f);
	int fd;

	snprintf(f->path, sizeof f->path, "/tmp/test_table.XXXXXX");
	fd = mkstemp(f->path);
	if (fd < 0)
		return -1;
	close(fd);
	buf_init(&f->text, 64u << 20);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	unlink(f->path);
	buf_release(&f->text);
	test_free(f);
	return 0;
}

static struct table *
begin(struct fixture *f, const char *format, size_t width)
{
	struct err e;

	assert_non_null(table_format_by_name(format));
	assert_int_equal(output_open(f->path, &f->out, &e), 0);
	return table_new(table_format_by_name(format), f->out, width);
}

static const char *
finish(struct fixture *f, struct table *t, uint64_t rows)
{
	struct err e;

	assert_int_equal(table_end(t), rows);
	assert_int_equal(output_commit(f->out, &e), 0);
	buf_reset(&f->text);
	assert_int_equal(io_slurp(f->path, 64u << 20, &f->text, &e), 0);
	return f->text.p;
}

static const char *
print(struct fixture *f, const char *format, size_t width, const struct value (*row)[3], size_t n)
{
	struct table *t = begin(f, format, width);

	table_head(t, names, 3);
	for (size_t i = 0; i < n; i++)
		table_row(t, row[i]);
	return finish(f, t, n);
}

static const struct value simple[][3] = {
	{ INT(1), TEXT("one"), REAL(0.5) },
	{ INT(-23), TEXT("two|b"), NIL },
};

static void
test_each_format_prints_two_rows(void **state)
{
	static const struct {
		const char *format, *text;
	} c[] = {
		{ "box", "┌─────┬───────┬─────┐\n│  id │ text  │   x │\n├─────┼───────┼─────┤\n"
		    "│   1 │ one   │ 0.5 │\n│ -23 │ two|b │     │\n└─────┴───────┴─────┘\n" },
		{ "table", "+-----+-------+-----+\n|  id | text  |   x |\n+-----+-------+-----+\n"
		    "|   1 | one   | 0.5 |\n| -23 | two|b |     |\n+-----+-------+-----+\n" },
		{ "line",
		    "  id = 1\ntext = one\n   x = 0.5\n\n  id = -23\ntext = two|b\n   x =\n" },
		{ "tsv", "id\ttext\tx\n1\tone\t0.5\n-23\ttwo|b\t\n" },
		{ "csv", "id,text,x\n1,one,0.5\n-23,two|b,\n" },
		{ "json", "{\"format\":1,\"rows\":[\n{\"id\":1,\"text\":\"one\",\"x\":0.5},\n"
		    "{\"id\":-23,\"text\":\"two|b\",\"x\":null}\n]}\n" },
		{ "ndjson", "{\"id\":1,\"text\":\"one\",\"x\":0.5}\n"
		    "{\"id\":-23,\"text\":\"two|b\",\"x\":null}\n" },
		{ "markdown", "| id | text | x |\n| --- | --- | --- |\n| 1 | one | 0.5 |\n"
		    "| -23 | two\\|b |  |\n" },
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_string_equal(print(*state, c[i].format, 80, simple, 2), c[i].text);
		assert_string_equal(table_format_at(i)->name, c[i].format);
	}
	assert_null(table_format_at(COUNT(c)));
}

static void
test_no_row_still_names_the_columns(void **state)
{
	static const struct {
		const char *format, *text;
	} c[] = {
		{ "table", "+----+------+---+\n| id | text | x |\n+----+------+---+\n"
		    "+----+------+---+\n" },
		{ "tsv", "id\ttext\tx\n" },
		{ "csv", "id,text,x\n" },
		{ "json", "{\"format\":1,\"rows\":[]}\n" },
		{ "ndjson", "" },
		{ "line", "" },
	};

	for (size_t i = 0; i < COUNT(c); i++)
		assert_string_equal(print(*state, c[i].format, 80, NULL, 0), c[i].text);
}

static void
test_a_table_that_was_never_headed_prints_nothing(void **state)
{
	for (size_t i = 0; table_format_at(i); i++)
		assert_string_equal(finish(*state, begin(*state, table_format_at(i)->name, 80), 0),
		    "");
}

static void
test_cells_are_cut_to_the_width_but_not_inside_a_character(void **state)
{
	static const struct value row[][3] = {
		{ INT(1234567), TEXT("caf\xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 and much more of it "
		    "than fits"), TEXT("short") },
	};
	const char *text = print(*state, "box", 40, row, 1);

	assert_non_null(strstr(text, "│ 1234567 │ caf\xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 and much … "
	    "│ short │\n"));
	text = print(*state, "table", 40, row, 1);
	assert_non_null(strstr(text, "| 1234567 | caf\xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 and much ~ "
	    "| short |\n"));
}

static void
test_every_line_of_a_grid_is_as_wide_as_the_terminal_at_most(void **state)
{
	static const struct value row[][3] = {
		{ TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		    TEXT("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), INT(1) },
		{ TEXT("c"), TEXT("line\nbreak \x1b[31m"), NIL },
	};

	for (size_t width = 20; width <= 100; width++) {
		struct slice rest = slice_str(print(*state, "table", width, row, 2)), line;
		size_t first = 0;

		while (slice_take_line(&rest, &line)) {
			assert_true(line.n <= width);
			assert_true(!first || line.n == first);
			first = line.n;
		}
	}
}

static void
test_names_shrink_before_texts_vanish_and_numbers_stay(void **state)
{
	static const char *const wide[] = { "requests_joined_by_instance", "signatures", "title" };
	struct fixture *f = *state;
	struct table *t = begin(f, "table", 40);
	const struct value row[3] = { INT(123456), INT(7), TEXT("checkout-api fails") };

	table_head(t, wide, 3);
	table_row(t, row);
	assert_string_equal(finish(f, t, 1),
	    "+------------+------------+------------+\n"
	    "| requests_~ | signatures | title      |\n"
	    "+------------+------------+------------+\n"
	    "|     123456 |          7 | checkout-~ |\n"
	    "+------------+------------+------------+\n");
}

static void
test_rows_behind_the_first_thousand_use_their_widths(void **state)
{
	struct fixture *f = *state;
	struct table *t = begin(f, "table", 60);
	struct value row[3] = { INT(1), TEXT("ab"), NIL };
	const char *text;

	table_head(t, names, 3);
	for (int i = 0; i < 1200; i++) {
		row[0].i = i;
		if (i == 1100)
			row[1].text = SLICE("much longer than those before");
		table_row(t, row);
	}
	text = finish(f, t, 1200);
	assert_non_null(strstr(text, "| 999 | ab   |"));
	assert_non_null(strstr(text, "| 1099 | ab   |"));	/* a number is never cut */
	assert_non_null(strstr(text, "| 1100 | muc~ |"));
}

static void
test_nothing_acts_on_a_terminal_in_any_format(void **state)
{
	struct fixture *f = *state;
	char hostile[300];
	struct value row[3] = { INT(1), NIL, NIL };

	for (size_t i = 0; i < 256; i++)
		hostile[i] = (char)i;
	memcpy(hostile + 256, "\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xef\xbb\xbf", 11);
	row[1] = (struct value){ .type = VALUE_TEXT, .text = { hostile, 267 } };
	row[2] = (struct value){ .type = VALUE_TEXT, .text = { hostile, 267 } };
	for (size_t k = 0; table_format_at(k); k++) {
		struct table *t = begin(f, table_format_at(k)->name, 2000);
		const char *text;

		table_head(t, (const char *const[]){ "id", "a\x1b[0m", "c" }, 3);
		table_row(t, row);
		text = finish(f, t, 1);
		for (size_t i = 0; i < f->text.n; i++) {
			unsigned char c = (unsigned char)text[i];

			assert_true((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t');
		}
		assert_null(strstr(text, "\xc2\x9b"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		assert_null(strstr(text, "\xe2\x81\xa6"));
		assert_null(strstr(text, "\xef\xbb\xbf"));
	}
}

static void
test_tsv_keeps_one_line_a_row(void **state)
{
	static const struct value row[][3] = { { TEXT("a\tb"), TEXT("c\nd\r"), TEXT("\\n \\") } };

	assert_string_equal(print(*state, "tsv", 80, row, 1),
	    "id\ttext\tx\na\\tb\tc\\nd\\x0d\t\\\\n \\\\\n");
}

static void
test_csv_quotes_and_guards_formulas(void **state)
{
	static const struct value row[][3] = {
		{ TEXT("a,b"), TEXT("say \"hi\""), TEXT("two\nlines") },
		{ TEXT("=1+1"), TEXT("+1"), TEXT("-1") },
		{ TEXT("@x"), TEXT("\tx"), TEXT("\rx") },
		{ INT(-1), REAL(-0.5), TEXT("a=b") },
		{ TEXT("=\"x\",1"), TEXT(" padded"), TEXT("") },
	};

	assert_string_equal(print(*state, "csv", 80, row, COUNT(row)),
	    "id,text,x\n\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n'=1+1,'+1,'-1\n"
	    "'@x,\"'\tx\",'\\x0dx\n-1,-0.5,a=b\n\"'=\"\"x\"\",1\",\" padded\",\n");
}

static void
test_lines_of_a_value_cannot_pass_for_another_name(void **state)
{
	static const struct value row[][3] = { { INT(1), TEXT("a\nx = 9\n\nb"), NIL } };

	assert_string_equal(print(*state, "line", 80, row, 1),
	    "  id = 1\ntext = a\n       x = 9\n      \n       b\n   x =\n");
}

static void
test_json_keeps_numbers_and_gives_texts_back(void **state)
{
	static const struct value row[][3] = {
		{ INT(INT64_MIN), TEXT("q\"b\\\n\x01\x7f\xe2\x80\xae\xf3\xa0\x80\x81 caf\xc3\xa9"),
		    REAL(1e300) },
		{ INT(INT64_MAX), REAL(0.1), REAL(3) },
		{ REAL(INFINITY), REAL(NAN), TEXT("bad\xff") },
	};
	const char *text = print(*state, "json", 80, row, COUNT(row));
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *rows, *r;

	assert_non_null(root);
	assert_non_null(strstr(text, "caf\xc3\xa9"));
	assert_non_null(strstr(text, "\\u202e\\udb40\\udc01"));
	rows = json_object_get(root, "rows");
	r = json_array_get(rows, 0);
	assert_true(json_integer_value(json_object_get(r, "id")) == INT64_MIN);
	assert_string_equal(json_string_value(json_object_get(r, "text")),
	    "q\"b\\\n\x01\x7f\xe2\x80\xae\xf3\xa0\x80\x81 caf\xc3\xa9");
	assert_true(json_real_value(json_object_get(r, "x")) == 1e300);
	r = json_array_get(rows, 1);
	assert_true(json_integer_value(json_object_get(r, "id")) == INT64_MAX);
	assert_non_null(strstr(text, "\"text\":0.1,\"x\":3.0}"));
	r = json_array_get(rows, 2);
	assert_true(json_is_null(json_object_get(r, "id")));
	assert_true(json_is_null(json_object_get(r, "text")));
	assert_string_equal(json_string_value(json_object_get(r, "x")), "bad\xef\xbf\xbd");
	json_decref(root);
}

static void
test_markdown_cells_are_escaped(void **state)
{
	static const struct value row[][3] = {
		{ TEXT("<b>@user"), TEXT("a|b\nc"), TEXT("[x](y)") },
	};

	assert_string_equal(print(*state, "markdown", 80, row, 1),
	    "| id | text | x |\n| --- | --- | --- |\n"
	    "| `<b>@user` | a\\|b\\\\nc | \\[x\\](y) |\n");
}

static void
test_the_default_is_a_box_for_people_and_tsv_for_programs(void **state)
{
	(void)state;
	assert_string_equal(table_format_default(true)->name, "box");
	assert_string_equal(table_format_default(false)->name, "tsv");
	assert_null(table_format_by_name("nothing"));
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_each_format_prints_two_rows),
		CASE(test_no_row_still_names_the_columns),
		CASE(test_a_table_that_was_never_headed_prints_nothing),
		CASE(test_cells_are_cut_to_the_width_but_not_inside_a_character),
		CASE(test_every_line_of_a_grid_is_as_wide_as_the_terminal_at_most),
		CASE(test_names_shrink_before_texts_vanish_and_numbers_stay),
		CASE(test_rows_behind_the_first_thousand_use_their_widths),
		CASE(test_nothing_acts_on_a_terminal_in_any_format),
		CASE(test_tsv_keeps_one_line_a_row),
		CASE(test_csv_quotes_and_guards_formulas),
		CASE(test_lines_of_a_value_cannot_pass_for_another_name),
		CASE(test_json_keeps_numbers_and_gives_texts_back),
		CASE(test_markdown_cells_are_escaped),
		CASE(test_the_default_is_a_box_for_people_and_tsv_for_programs),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
