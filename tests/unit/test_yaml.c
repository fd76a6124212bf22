/* test_yaml.c - strict YAML: types, places, faults, and limits. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/yaml.h"

#define KEPT 8

struct faults {
	unsigned n;
	struct err e[KEPT];
};

static void
keep(void *ctx, const struct err *e)
{
	struct faults *f = ctx;

	if (f->n < KEPT)
		f->e[f->n] = *e;
	f->n++;
}

static unsigned
load(struct yaml_file *f, struct slice text, struct faults *faults)
{
	memset(faults, 0, sizeof *faults);
	return yaml_load(f, "t.yaml", text, keep, faults);
}

static void
check_json(const struct yaml_doc *d, const char *want)
{
	char *got = json_dumps(d->root, JSON_ENCODE_ANY | JSON_COMPACT);

	assert_non_null(got);
	assert_string_equal(got, want);
	free(got);
}

static void
test_types_only_plain_words_and_decimals(void **state)
{
	static const struct {
		const char *yaml, *json;
	} cases[] = {
		{ "true", "true" }, { "false", "false" }, { "null", "null" },
		{ "'null'", "\"null\"" },
		{ "\"true\"", "\"true\"" }, { "True", "\"True\"" }, { "no", "\"no\"" },
		{ "on", "\"on\"" },
		{ "~", "\"~\"" }, { "x:", "{\"x\":null}" }, { "x: ''", "{\"x\":\"\"}" },
		{ "0", "0" }, { "-12", "-12" }, { "007", "\"007\"" }, { "0o17", "\"0o17\"" },
		{ "1_000", "\"1_000\"" }, { "0x1f", "\"0x1f\"" }, { "+1", "\"+1\"" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "9223372036854775808", "\"9223372036854775808\"" }, { "1.5", "1.5" },
		{ "-0.25", "-0.25" },
		{ "1e3", "1000.0" }, { "00.5", "\"00.5\"" }, { ".5", "\".5\"" }, { "1.", "\"1.\"" },
		{ ".inf", "\".inf\"" }, { "1e999", "\"1e999\"" }, { "'12'", "\"12\"" },
		{ "2025-09-15", "\"2025-09-15\"" }, { "1.2.3", "\"1.2.3\"" }, { "-", "[null]" },
		{ "|\n  a\\d\n  b", "\"a\\\\d\\nb\"" }, { "'it''s \\d'", "\"it's \\\\d\"" },
		{ "{<<: {a: 1}}", "{\"<<\":{\"a\":1}}" }, { "1: a", "{\"1\":\"a\"}" },
		{ "true: a", "{\"true\":\"a\"}" },
	};
	struct faults faults;
	struct yaml_file f;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (load(&f, slice_str(cases[i].yaml), &faults) != 0)
			fail_msg("%s: %s", cases[i].yaml, faults.e[0].text);
		assert_int_equal(f.docs, 1);
		check_json(&f.doc[0], cases[i].json);
		yaml_file_free(&f);
	}
}

static void
test_reads_json_too(void **state)
{
	struct faults faults;
	struct yaml_file f;

	(void)state;
	assert_int_equal(load(&f,
	    SLICE("{\n\t\"a\": [1, 2.5, true, null, \"x\\n\\u00e9\\/\"],\n\t\"b\": {}\n}\n"),
	    &faults), 0);
	check_json(&f.doc[0], "{\"a\":[1,2.5,true,null,\"x\\n\xC3\xA9/\"],\"b\":{}}");
	yaml_file_free(&f);
}

static void
check_place(const struct yaml_doc *d, const char *pointer, const unsigned want[4], bool quoted)
{
	const struct yaml_place *p = yaml_place(d, pointer);

	if (!p)
		fail_msg("no place for %s", pointer);
	if (p->line != want[0] || p->col != want[1] || p->key_line != want[2] ||
	    p->key_col != want[3])
		fail_msg("%s: %u:%u, key %u:%u", pointer, p->line, p->col, p->key_line, p->key_col);
	assert_int_equal(p->quoted, quoted);
}

static void
test_knows_the_place_of_every_value(void **state)
{
	struct slice text = SLICE(
	    "# a comment\n"
	    "title: x\n"
	    "detection:\n"
	    "  \xC3\xA9t\xC3\xA9: 'q'\n"
	    "  message|re: |\n"
	    "    a\n"
	    "list: [\"\xC3\xA9\", {k/~: v}]\n");
	struct faults faults;
	struct yaml_file f;

	(void)state;
	assert_int_equal(load(&f, text, &faults), 0);
	check_place(&f.doc[0], "", (unsigned[]){ 2, 1, 0, 0 }, false);
	check_place(&f.doc[0], "/title", (unsigned[]){ 2, 8, 2, 1 }, false);
	check_place(&f.doc[0], "/detection", (unsigned[]){ 4, 3, 3, 1 }, false);
	/* columns count bytes */
	check_place(&f.doc[0], "/detection/\xC3\xA9t\xC3\xA9", (unsigned[]){ 4, 10, 4, 3 }, true);
	check_place(&f.doc[0], "/detection/message|re", (unsigned[]){ 5, 15, 5, 3 }, true);
	check_place(&f.doc[0], "/list/0", (unsigned[]){ 7, 8, 0, 0 }, true);
	check_place(&f.doc[0], "/list/1/k~1~0", (unsigned[]){ 7, 20, 7, 15 }, false);
	assert_int_equal(f.doc[0].places, 9);
	assert_null(yaml_place(&f.doc[0], "/titl"));
	yaml_file_free(&f);
}

static void
test_cuts_documents_at_their_markers(void **state)
{
	struct slice text = SLICE(
	    "# licence\n\na: 1\n"
	    "---\r\nb: 2\r\n"
	    "---\n"
	    "--- {c: 3}\n"
	    "--- # only a comment\n"
	    "---\nd: |\n  --- no marker\n  x\n"
	    "...\n"
	    "---\n'e'");
	static const struct {
		unsigned line;
		const char *json, *text;
	} want[] = {
		{ 3, "{\"a\":1}", "a: 1\n" },
		{ 4, "{\"b\":2}", "---\r\nb: 2\r\n" },
		{ 7, "{\"c\":3}", "--- {c: 3}\n" },
		{ 9, "{\"d\":\"--- no marker\\nx\\n\"}", "---\nd: |\n  --- no marker\n  x\n...\n" },
		{ 14, "\"e\"", "---\n'e'" },
	};
	struct faults faults;
	struct yaml_file f;

	(void)state;
	assert_int_equal(load(&f, text, &faults), 0);
	assert_int_equal(f.docs, sizeof want / sizeof want[0]);
	for (size_t i = 0; i < f.docs; i++) {
		assert_int_equal(f.doc[i].line, want[i].line);
		check_json(&f.doc[i], want[i].json);
		assert_true(slice_eqs(f.doc[i].text, want[i].text));
	}
	yaml_file_free(&f);

	assert_int_equal(load(&f, SLICE("# nothing\n"), &faults), 0);
	assert_int_equal(f.docs, 0);
	yaml_file_free(&f);
	assert_int_equal(load(&f, slice_str(NULL), &faults), 0);
	assert_int_equal(f.docs, 0);
	yaml_file_free(&f);
	assert_int_equal(load(&f, SLICE("\xEF\xBB\xBF" "a: 1\n"), &faults), 0);
	check_json(&f.doc[0], "{\"a\":1}");
	check_place(&f.doc[0], "/a", (unsigned[]){ 1, 4, 1, 1 }, false);
	yaml_file_free(&f);
}

static void
test_refuses_what_strict_yaml_leaves_out(void **state)
{
	static const struct {
		const char *yaml, *where, *text;
	} cases[] = {
		{ "a: 1\nb: 2\na: 3\n", "t.yaml:3:1", "the key 'a' is given twice" },
		{ "a: {b: 1, 'b': 2}\n", "t.yaml:1:11", "the key 'b' is given twice" },
		{ "a: &x 1\n", "t.yaml:1:4", "anchors (&name) are not allowed" },
		{ "a: &x [1]\n", "t.yaml:1:4", "anchors (&name) are not allowed" },
		{ "a: *x\n", "t.yaml:1:4", "aliases (*name) are not allowed" },
		{ "*x : 1\n", "t.yaml:1:1", "aliases (*name) are not allowed" },
		{ "a: !!str 1\n", "t.yaml:1:4", "tags (!name) are not allowed" },
		{ "a: ! 1\n", "t.yaml:1:4", "tags (!name) are not allowed" },
		{ "a: !x {}\n", "t.yaml:1:4", "tags (!name) are not allowed" },
		{ "a:\n\tb: 1\n", "t.yaml:2:1", "a tab is used for indentation" },
		{ "? [a]\n: 1\n", "t.yaml:1:3", "a list or a mapping cannot be a key" },
		{ "a: \"x\\0y\"\n", "t.yaml:1:4", "text may not hold a NUL character" },
		{ "a: 1\n...\nb: 2\n", "t.yaml:3:1", "did not find expected <document start>" },
		{ "a: caf\xE9\n", "t.yaml:1:7", "the text is not valid UTF-8" },
		{ "a: 1\nb: \x1b[0m\n", "t.yaml:2:4",
		    "a character that is not allowed in YAML text" },
		{ "a: x\rb: 2\n", "t.yaml:1:5", "a character that is not allowed in YAML text" },
		{ "a: x\xC2\x85y\n", "t.yaml:1:5", "a character that is not allowed in YAML text" },
		{ "# \xE2\x80\xA8\n", "t.yaml:1:3",
		    "a character that is not allowed in YAML text" },
		{ "a: [1, 2\n", "t.yaml:2:1", NULL },
		{ "a: 'x\n", "t.yaml:2:1", NULL },
		{ "a: b: c\n", "t.yaml:1:5", NULL },
		{ "a: x: [1\n", "t.yaml:1:5", NULL },
		{ "a: 1\n b: 2\n", "t.yaml:2:3", NULL },
		{ "%YAML 1.1\n", NULL, NULL },
	};
	struct faults faults;
	struct yaml_file f;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		unsigned n = load(&f, slice_str(cases[i].yaml), &faults);

		if (n != 1 || faults.n != 1)
			fail_msg("%s: %u faults", cases[i].yaml, n);
		assert_int_equal(faults.e[0].code, ERR_RULES);
		if (cases[i].where)
			assert_string_equal(faults.e[0].where, cases[i].where);
		if (cases[i].text)
			assert_string_equal(faults.e[0].text, cases[i].text);
		assert_non_null(strchr(faults.e[0].snippet, '^'));
		assert_int_equal(f.docs, 0);
		yaml_file_free(&f);
	}
}

static void
test_a_bad_document_leaves_the_others_alone(void **state)
{
	struct slice text = SLICE(
	    "a: 1\n"
	    "---\n"
	    "b: 'open\n"
	    "---\n"
	    "c: 1\nc: *x\n"
	    "---\n"
	    "d: [1\n"
	    "---\n"
	    "e: caf\xE9\n"
	    "---\n"
	    "f: 2\n");
	static const char *const where[] = { "t.yaml:4:1", "t.yaml:6:1", "t.yaml:6:4", "t.yaml:9:1",
		"t.yaml:10:7" };
	struct faults faults;
	struct yaml_file f;

	(void)state;
	assert_int_equal(load(&f, text, &faults), 5);
	for (size_t i = 0; i < sizeof where / sizeof where[0]; i++)
		assert_string_equal(faults.e[i].where, where[i]);
	assert_string_equal(faults.e[1].note, "it was first given in line 5");
	assert_int_equal(f.docs, 2);
	check_json(&f.doc[0], "{\"a\":1}");
	check_json(&f.doc[1], "{\"f\":2}");
	assert_int_equal(f.doc[1].line, 11);
	check_place(&f.doc[1], "/f", (unsigned[]){ 12, 4, 12, 1 }, false);
	yaml_file_free(&f);
	/* nobody need listen */
	assert_int_equal(yaml_load(&f, "t.yaml", text, NULL, NULL), 5);
	yaml_file_free(&f);
}

static void
test_points_at_faults_found_later(void **state)
{
	struct faults faults;
	struct yaml_file f;
	struct err e;

	(void)state;
	assert_int_equal(load(&f, SLICE("a: 1\r\nbc: 2\r\n"), &faults), 0);
	err_set(&e, ERR_RULES, "x");
	assert_int_equal(yaml_point(&f, 2, 5, "here", &e), -1);
	assert_string_equal(e.where, "t.yaml:2:5");
	assert_string_equal(e.snippet, "bc: 2\n    ^ here");
	yaml_point(&f, 99, 5, NULL, &e);
	assert_string_equal(e.where, "t.yaml:99:5");
	yaml_file_free(&f);
}

static void
put_many(struct buf *b, const char *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		buf_puts(b, s);
}

static void
test_limits_depth_nodes_keys_and_faults(void **state)
{
	struct faults faults;
	struct yaml_file f;
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	put_many(&b, "[", 32);
	put_many(&b, "]", 32);
	assert_int_equal(load(&f, buf_slice(&b), &faults), 0);
	yaml_file_free(&f);
	for (unsigned n = 33; n < 200000; n *= 3) {
		buf_reset(&b);
		put_many(&b, "[", n);
		assert_int_equal(load(&f, buf_slice(&b), &faults), 1);
		assert_string_equal(faults.e[0].text, "the value is nested too deeply");
		assert_string_equal(faults.e[0].where, "t.yaml:1:33");
		yaml_file_free(&f);
	}
	buf_reset(&b);
	put_many(&b, "- ", 100000);
	assert_int_equal(load(&f, buf_slice(&b), &faults), 1);
	yaml_file_free(&f);

	buf_reset(&b);
	buf_puts(&b, "[");
	put_many(&b, "1,", 199999);
	buf_puts(&b, "]");
	assert_int_equal(load(&f, buf_slice(&b), &faults), 0);
	assert_int_equal(json_array_size(f.doc[0].root), 199999);
	yaml_file_free(&f);
	buf_truncate(&b, b.n - 1);
	buf_puts(&b, "1]\n---\nnext: 1\n");
	assert_int_equal(load(&f, buf_slice(&b), &faults), 1);
	assert_string_equal(faults.e[0].text, "the file holds too many values");
	assert_int_equal(f.docs, 0);
	yaml_file_free(&f);

	buf_reset(&b);
	buf_puts(&b, "? ");
	put_many(&b, "k", 1024);
	buf_puts(&b, "\n: 1\n");
	assert_int_equal(load(&f, buf_slice(&b), &faults), 0);
	yaml_file_free(&f);
	buf_puts(&b, "---\n? ");
	put_many(&b, "k", 1025);
	buf_puts(&b, "\n: 1\n");
	assert_int_equal(load(&f, buf_slice(&b), &faults), 1);
	assert_int_equal(f.docs, 1);
	yaml_file_free(&f);

	buf_reset(&b);
	put_many(&b, "- *x\n", 1000);
	assert_int_equal(load(&f, buf_slice(&b), &faults), 20);
	yaml_file_free(&f);
	buf_reset(&b);
	put_many(&b, "---\n*x\n", 50000);
	assert_int_equal(load(&f, buf_slice(&b), &faults), 100);
	yaml_file_free(&f);
	buf_release(&b);
}

static void
test_long_keys_and_deep_trees_do_not_multiply(void **state)
{
	struct faults faults;
	struct yaml_file f;
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	for (int depth = 0; depth < 30; depth++) {
		put_many(&b, " ", (unsigned)depth);
		put_many(&b, "k", 1000);
		buf_puts(&b, ":\n");
	}
	put_many(&b, " ", 30);
	buf_puts(&b, "[");
	put_many(&b, "1,", 190000);
	buf_puts(&b, "]");
	/* 30 kB of pointer for each value would be 5 GB */
	assert_int_equal(load(&f, buf_slice(&b), &faults), 1);
	assert_true(f.arena.used < 80 * 1024 * 1024);
	yaml_file_free(&f);
	buf_release(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_only_plain_words_and_decimals),
		cmocka_unit_test(test_reads_json_too),
		cmocka_unit_test(test_knows_the_place_of_every_value),
		cmocka_unit_test(test_cuts_documents_at_their_markers),
		cmocka_unit_test(test_refuses_what_strict_yaml_leaves_out),
		cmocka_unit_test(test_a_bad_document_leaves_the_others_alone),
		cmocka_unit_test(test_points_at_faults_found_later),
		cmocka_unit_test(test_limits_depth_nodes_keys_and_faults),
		cmocka_unit_test(test_long_keys_and_deep_trees_do_not_multiply),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
