/*
 * test_json_split.c - bounds of records, places, resynchronisation and bounded work.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "read/json_split.h"

#define MAX_RECORD (4 * 1024 * 1024)

static const struct slice names[] = { { "t", 1 }, { "id", 2 }, { "p", 1 } };

static int
has_t(uint64_t found)
{
	if (found & 1)
		return found & 2 ? JSON_SURELY : JSON_PERHAPS;
	return found & 4 ? JSON_LACKING : found & 2 ? JSON_HARDLY : JSON_UNLIKELY;
}

struct opened {
	struct json_split split;
	struct input *in;
};

static void
open_text(struct opened *o, struct slice text, size_t max_record, unsigned max_depth)
{
	o->in = input_from_memory(text.p, text.n);
	json_split_init(&o->split, o->in, NULL, max_record, max_depth);
	o->split.names = (struct json_names){ names, 3, has_t };
}

static void
close_text(struct opened *o)
{
	json_split_release(&o->split);
	input_close(o->in);
}

/* "R1:2-3" per record: kind letter, line, byte and length; what the input says in one line */
static void
describe(struct slice text, struct buf *out, size_t max_record, unsigned max_depth)
{
	static const char letter[] = "RBCLDSOE";
	struct json_record r;
	struct opened o;
	struct err e;
	int got;

	buf_reset(out);
	open_text(&o, text, max_record, max_depth);
	while ((got = json_split_next(&o.split, &r, &e)) == 1) {
		buf_printf(out, "%s%c%llu:%llu+%llu", out->n > 0 ? " " : "", letter[r.kind],
		    (unsigned long long)r.line, (unsigned long long)r.byte,
		    (unsigned long long)r.bytes);
		assert_true(r.byte + r.bytes <= text.n);
		assert_true(r.text.n <= r.bytes);
		assert_memory_equal(r.text.p, text.p + r.byte, r.text.n);
		if (r.kind == JSON_RECORD || r.kind == JSON_DEEP)
			assert_int_equal(r.text.n, r.bytes);
	}
	assert_int_equal(got, 0);
	close_text(&o);
}

static const struct {
	const char *text, *says;
} cases[] = {
	/* shapes */
	{ "", "" },
	{ " \n\t\r\n", "" },
	{ "[]", "" },
	{ "{}", "R1:0+2" },
	{ "[{},{}]", "R1:1+2 R1:4+2" },
	{ "{}{}\n{}", "R1:0+2 R1:2+2 R2:5+2" },
	{ "[{}]\n[{}]", "R1:1+2 R2:6+2" },
	{ "[[{}]]", "R1:2+2" },
	{ "[\n  {\n    \"a\": [1, {\"b\": \"}{\\\"\"}]\n  }\n]", "R2:4+33" },
	{ "{\"a\":\n{\n\"b\":1\n}\n}\n{}", "R1:0+17 R6:18+2" },
	{ "\xef\xbb\xbf{}", "R1:3+2" },
	{ "{\"a\":\"\\\\\"}{}", "R1:0+10 R1:10+2" },
	/* cut */
	{ "{", "C1:0+1" },
	{ "{}\n{\"a", "R1:0+2 C2:3+3" },
	{ "{\"a\\", "C1:0+4" },
	{ "{\"a\":[\n  {\"b\":1},\n  {\"b\"", "C1:0+24" },
	/* one damaged record between good ones */
	{ "{}\n{\"a\" 1}\n{}", "R1:0+2 B2:3+7 R3:11+2" },
	{ "{}\n{\"a\":\"x\n{}", "R1:0+2 B2:3+7 R3:11+2" },
	{ "{}\n{\"a\":{}\n{}", "R1:0+2 B2:3+7 R3:11+2" },
	{ "{}\n{\"a\":[\n{}\n", "R1:0+2 B2:3+6 R3:10+2" },
	{ "{}\n{\"a\":[}\n{}\n", "R1:0+2 B2:3+7 R3:11+2" },
	{ "[\n  {\n    \"a\": \"x\n  },\n  {\n    \"b\": 1\n  }\n]", "B2:4+17 R5:25+16" },
	{ "[\n  {\n    \"a\": [\n      {\n        \"b\": x\"\n      }\n    ]\n  },\n  {}\n]",
		"B2:4+54 R9:62+2" },
	{ "[{\n  \"a\": 1 1\n}, {\n  \"b\": 1\n}]", "B1:1+14 R3:17+12" },
	/* within a line */
	{ "[{\"a\":1 1},{\"t\":2},{\"t\":3}]", "B1:1+9 R1:11+7 R1:19+7" },
	{ "[{\"p\":[{\"t\":1},{\"t\":2}],x},{\"t\":3}]", "B1:1+25 R1:27+7" },
	{ "[{\"a\":{\"t\":1,\"id\":2},{\"t\":3}]", "R1:6+14 E1:1+20 R1:21+7" },
	/* stray text */
	{ "{}\nhello\n{}\n", "R1:0+2 S2:3+5 R3:9+2" },
	{ "hello\n{\"t\":1}\n", "S1:0+5 R2:6+7" },
	{ "{}xx{\"t\":1}\n", "R1:0+2 S1:2+2 R1:4+7" },
	{ "{}}\n{}\n", "R1:0+2 S1:2+1 R2:4+2" },
	{ "1\n", "S1:0+1" },
	/* the closing brace came too early */
	{ "[{\"a\":1},\"b\":2},\n{\"t\":1}]", "B1:1+14 R2:17+7" },
	{ "[{\"a\":1},\n\"a\":2},\n{\"t\":1}]", "R1:1+7 S2:10+6 R3:18+7" },
	/* scalars in an array */
	{ "[1, \"{\", null, {}, -2.5e3, [true, {}]]", "R1:15+2 R1:34+2" },
	{ "[1, {}, maybe, {}]", "R1:4+2 S1:8+10" },
	{ "[{\"t\":1}, \"a\":2}, {\"t\":2}]", "B1:1+15 R1:18+7" },
	{ "1, {}", "S1:0+5" },
	/* wrappers */
	{ "{\"a\":[{\"t\":1},{\"t\":2}],\"b\":{\"x\":1}}", "R1:6+7 R1:14+7 E1:0+35" },
	{ "[{\"a\":{\"t\":1}},{\"t\":2},{\"a\":1}]", "R1:6+7 E1:1+13 R1:15+7 R1:23+7" },
	{ "{\"a\":{\"b\":[{\"c\":{\"t\":1,\"d\":{\"t\":2}}}]}}", "R1:16+19 E1:0+39" },
	{ "{\"a\":{\"t\":1},\"p\":{\"t\":2}}", "R1:0+25" },
	{ "{\"id\":0,\"a\":{\"t\":1}}", "R1:12+7 E1:0+20" },
	{ "{\"a\":{\"t\":1},\"b\":{\"p\":{\"t\":2}}}", "R1:5+7 R1:17+13 E1:0+31" },
	{ "{\"a\":{\"t\":1}}\n{\"a\":{\"t\":1}}\n{\"a\":1}",
		"R1:5+7 E1:0+13 R2:19+7 E2:14+13 R3:28+7" },
	{ "{\"a\":{\"t\":1}} {\"t\":2}", "R1:5+7 E1:0+13 R1:14+7" },
	/* one damaged record in a wrapper */
	{ "{\"a\":[{\"t\":1},{\"t\" 1},{\"t\":2}],\"b\":[{\"t\":3}],\"c\":{}}",
		"R1:6+7 B1:14+7 R1:22+7 R1:36+7 E1:0+52" },
	{ "{\n  \"a\": [\n    {\"t\": 1},\n    {\"t\": \"x},\n    {\"t\": 2}\n  ]\n}\n{}",
		"R3:15+8 B4:29+9 R5:44+8 E1:0+58 R8:59+2" },
	/* a wrapper that is cut */
	{ "{\"a\":[{\"t\":1},{\"t\":2},{\"t", "R1:6+7 R1:14+7 C1:22+3 E1:0+25" },
	{ "{\"a\":[{\"t\":1},{\"t\":2}],\"b", "R1:6+7 R1:14+7 E1:0+25" },
	{ "{\"a\":[{\"t\":1},\n{\"t\":2}\n{\"a\":[{\"t\":3}]}",
		"R1:6+7 R2:15+7 E1:0+23 R3:29+7 E3:23+15" },
	/* damage in its own keys */
	{ "{\"a\":[{\"t\":1}],\"b:[{\"t\":2},{\"t\":3}],\"c\":1}\n{}",
		"R1:6+7 S1:15+4 R1:19+7 R1:27+7 E1:0+43 R2:43+2" },
	{ "{\"a\":[{\"t\":1}]\"b\":[{\"t\":2}]}\n{}", "R1:6+7 S1:14+5 R1:19+7 E1:0+29 R2:29+2" },
	{ "{\"a\" 5,\"b\":[{\"t\":1,\"id\":1},{\"t\":2}],\"c\":1}\n{}",
		"B1:0+12 R1:12+14 R1:27+7 E1:0+43 R2:43+2" },
};

static void
test_finds_the_bounds_of_each_record(void **state)
{
	struct buf out;
	unsigned wrong = 0;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		describe(slice_str(cases[i].text), &out, MAX_RECORD, 64);
		if (strcmp(out.p, cases[i].says) == 0)
			continue;
		wrong++;
		print_error("case %zu: %s\ngives %s\nnot   %s\n", i, cases[i].text, out.p,
		    cases[i].says);
	}
	assert_int_equal(wrong, 0);
	buf_release(&out);
}

static const struct {
	const char *text, *fault;
	uint64_t line, col, byte;
} faults[] = {
	{ "{\"a\" 1}", "a colon was expected behind the key", 1, 6, 5 },
	{ "{\n  a: 1}", "a key was expected", 2, 3, 4 },
	{ "{\"a\":,}", "a value was expected", 1, 6, 5 },
	{ "{\"a\":1]", "a comma or '}' was expected", 1, 7, 6 },
	{ "{\"a\":[1}", "a comma or ']' was expected", 1, 8, 7 },
	{ "{\"a\":[1,]}", "a value was expected", 1, 9, 8 },
	{ "{\"a\":1,}", "a key was expected", 1, 8, 7 },
	{ "{\"a\":\"b\n\"}", "the line ends inside a string", 1, 8, 7 },
	{ "{\"a\":\"b\\\n\"}", "the line ends inside a string", 1, 9, 8 },
	{ "{\"a\":1", "the input ends inside it", 1, 7, 6 },
};

static void
test_says_where_and_why_a_record_is_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct json_record r;
		struct opened o;
		struct err e;

		open_text(&o, slice_str(faults[i].text), MAX_RECORD, 64);
		assert_int_equal(json_split_next(&o.split, &r, &e), 1);
		assert_string_equal(r.fault, faults[i].fault);
		assert_int_equal(r.fault_line, faults[i].line);
		assert_int_equal(r.fault_col, faults[i].col);
		assert_int_equal(r.fault_byte, faults[i].byte);
		close_text(&o);
	}
}

static void
test_limits_skip_one_record(void **state)
{
	struct buf text, out;

	(void)state;
	buf_init(&text, 1 << 22);
	buf_init(&out, 4096);
	describe(SLICE("{}\n{\"a\":[[[1]]]}\n{}"), &out, MAX_RECORD, 3);
	assert_string_equal(out.p, "R1:0+2 D2:3+13 R3:17+2");
	buf_puts(&text, "{}\n{\"p\":\"");
	for (int i = 0; i < 200000; i++)
		buf_puts(&text, "0123456789");
	buf_puts(&text, "\"}\n{}\n");
	describe(buf_slice(&text), &out, 1000, 64);
	assert_string_equal(out.p, "R1:0+2 L2:3+2000008 R3:2000012+2");
	buf_truncate(&text, text.n - 5);
	describe(buf_slice(&text), &out, 1000, 64);
	assert_string_equal(out.p, "R1:0+2 C2:3+2000007");
	buf_reset(&text);
	buf_puts(&text, "{}\n");
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, "{\"a\":");
	buf_puts(&text, "\n{}\n");
	describe(buf_slice(&text), &out, MAX_RECORD, 64);
	assert_string_equal(out.p, "R1:0+2 B2:3+500000 R3:500004+2");
	buf_release(&text);
	buf_release(&out);
}

static void
test_a_record_that_swallows_others_beyond_the_limit_gives_them_back(void **state)
{
	struct buf text;
	struct json_record r;
	struct opened o;
	struct err e;
	size_t good = 0, bad = 0;

	(void)state;
	buf_init(&text, 1 << 22);
	buf_puts(&text, "[\n  {\"p\": [\n  ");
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "%s{\"t\": %d}", i > 0 ? ",\n  " : "", i);
	buf_puts(&text, "\n]\n");
	open_text(&o, buf_slice(&text), 10000, 64);
	while (json_split_next(&o.split, &r, &e) == 1) {
		good += r.kind == JSON_RECORD;
		bad += r.kind == JSON_BROKEN;
	}
	assert_int_equal(good, 20000);
	assert_int_equal(bad, 1);
	close_text(&o);
	buf_release(&text);
}

/* records and shape across the borders of the blocks that are read */
static void
test_records_across_blocks_keep_their_places(void **state)
{
	struct buf text;
	struct json_record r;
	struct opened o;
	struct err e;
	uint64_t end = 0, line = 1;
	size_t n = 0;

	(void)state;
	buf_init(&text, 1 << 24);
	for (int i = 0; i < 5000; i++) {
		buf_printf(&text, "{\"n\":%d,\"s\":\"", i);
		for (int k = 0; k < i % 601; k++)
			buf_putc(&text, 'a');
		buf_puts(&text, "\"}\n");
	}
	open_text(&o, buf_slice(&text), MAX_RECORD, 64);
	while (json_split_next(&o.split, &r, &e) == 1) {
		char start[32];
		int length = snprintf(start, sizeof start, "{\"n\":%zu,", n++);

		assert_int_equal(r.kind, JSON_RECORD);
		assert_int_equal(r.byte, end);
		assert_int_equal(r.line, line++);
		assert_int_equal(r.col, 1);
		assert_int_equal(r.members, 2);
		assert_memory_equal(r.text.p, start, (size_t)length);
		end = r.byte + r.bytes + 1;
	}
	assert_int_equal(n, 5000);
	assert_string_equal(json_split_shape(&o.split), "NDJSON");
	close_text(&o);
	buf_release(&text);
}

/* inputs that would cost the square of their size if each second look began anew */
static void
test_hostile_input_takes_bounded_work(void **state)
{
	static const char *const unit[] = {
		"{\"t\":[", "{\"t\":[\n", "{\n", "{", "}", "[", "\"", "{\"a\":\n{\"t\":1}",
		"x{\"t\":", "{\"t\":1 ", "{\"t\":{\"t\":1},", "{\"a\":1},\"b\":", "{},\"",
		"\\", "{\"", "{\"a\":", "{\"a\":[", "{\"a\":[{\"t\":1},", "{\"a\":{\"t\":1},\"b\":",
		"{\"a\":[{\"t\":1}]", "{\"a\":{\"b\":1},", "{\"a\":[\n{\"p\":1}\n", "[1,",
		"{\"a\":{\"t\":1}\n", "{\"a\":{}}{\"a\":{\"t\":1}x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
		struct buf text;
		struct json_record r;
		struct opened o;
		struct err e;
		clock_t start = clock();
		uint64_t end = 0;

		buf_init(&text, 2 << 20);
		while (!text.over)
			buf_puts(&text, unit[i]);
		open_text(&o, buf_slice(&text), MAX_RECORD, 64);
		while (json_split_next(&o.split, &r, &e) == 1) {
			if (r.kind == JSON_END)
				continue;
			assert_true(r.byte >= end);
			assert_true(r.bytes > 0);
			end = r.byte + r.bytes;
		}
		/* far over what it takes, far under what a square would */
		if (clock() - start > 20 * CLOCKS_PER_SEC)
			fail_msg("%s", unit[i]);
		close_text(&o);
		buf_release(&text);
	}
}

static void
test_top_keys_are_those_of_the_outermost_object(void **state)
{
	static const struct slice name[] = { { "a", 1 }, { "b", 1 }, { "c", 1 } };

	(void)state;
	assert_int_equal(json_top_keys(SLICE("{\"a\":1,\"b\":{\"c\":1}}"), name, 3), 3);
	assert_int_equal(json_top_keys(SLICE("{\"x\":\"a\",\"y\":[\"b\"],\"c\":"), name, 3), 4);
	assert_int_equal(json_top_keys(SLICE("{\"x\":1}{\"a\":1}"), name, 3), 0);
	assert_int_equal(json_top_keys(SLICE("{\"a"), name, 3), 0);
	assert_int_equal(json_top_keys(SLICE("{\"a\\"), name, 3), 0);
	assert_int_equal(json_top_keys(SLICE(""), name, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_the_bounds_of_each_record),
		cmocka_unit_test(test_says_where_and_why_a_record_is_broken),
		cmocka_unit_test(test_limits_skip_one_record),
		cmocka_unit_test(
		    test_a_record_that_swallows_others_beyond_the_limit_gives_them_back),
		cmocka_unit_test(test_records_across_blocks_keep_their_places),
		cmocka_unit_test(test_hostile_input_takes_bounded_work),
		cmocka_unit_test(test_top_keys_are_those_of_the_outermost_object),
	};

	return cmocka_run_group_tests_name("json_split", tests, NULL, NULL);
}
