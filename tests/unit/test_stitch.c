#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "sign/sign.h"

#define HEAD "Traceback (most recent call last):\n"
#define TB_A HEAD "  File \"/app/a.py\", line 1, in f\n    x\nValueError: a\n"
#define TB_B HEAD "  File \"/app/b.py\", line 2, in g\n    y\nKeyError: 'b'\n"
#define TB_C HEAD "  File \"/app/c.py\", line 3, in h\n    z\nRuntimeError: c\n"
#define DURING "During handling of the above exception, another exception occurred:\n"
#define DIRECT "The above exception was the direct cause of the following exception:\n"
#define MS INT64_C(1000000)

/* what came out: "ValueError+KeyError{1,2,3}@ts; ..." */
static int
note_exception(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	struct buf *b = ctx;

	(void)a;
	(void)e;
	assert_true(s->events > 0 && s->ts_ns == s->part[0].ts_ns);
	for (size_t i = 0; i < s->events; i++) {
		assert_true(s->part[i].event_id == s->event_id[i]);
		assert_true(slice_eqs(s->part[i].log, "log"));
		assert_true(memchr(s->part[i].message.p, 'Z', s->part[i].message.n) == NULL);
	}
	for (size_t i = 0; i < s->exception.links; i++)
		buf_printf(b, "%s%.*s", i ? "+" : "", SLICE_ARG(s->exception.link[i].type));
	for (size_t i = 0; i < s->events; i++)
		buf_printf(b, "%c%lld", i ? ',' : '{', (long long)s->event_id[i]);
	buf_printf(b, "}@%lld;", (long long)s->ts_ns);
	return 0;
}

struct part {
	int64_t ts_ns;
	const char *key;
	const char *text;
};

/* every message is fed from memory that is overwritten right after the call */
static void
feed(struct stitcher *st, const struct part *p, int64_t id)
{
	char *text = mem_strdup(p->text);
	struct stitch_part part = { .event_id = id, .ts_ns = p->ts_ns,
		.instance = slice_str(p->key), .log = SLICE("log"), .message = slice_str(text) };
	struct err e;

	err_clear(&e);
	assert_int_equal(stitcher_feed(st, &part, &e), 0);
	memset(text, 'Z', strlen(text));
	free(text);
}

static void
check(const struct part *p, const char *want)
{
	struct stitcher *st;
	struct err e;
	struct buf b;

	buf_init(&b, 65536);
	st = stitcher_new(note_exception, &b);
	for (int64_t id = 1; p->text; p++, id++)
		feed(st, p, id);
	assert_int_equal(stitcher_finish(st, &e), 0);
	assert_string_equal(b.p, want);
	stitcher_free(st);
	buf_release(&b);
}

static void
test_joins_a_chain_around_its_connectors(void **state)
{
	static const struct part parts[] = {
		{ 0, "i", TB_A }, { 5, "i", DURING }, { 17, "i", TB_B }, { 20, "i", DIRECT },
		{ 50, "i", TB_C }, { 0, NULL, NULL }
	};
	static const struct part ends[] = {
		{ 0, "i", TB_A "\n" DURING }, { 5, "i", TB_B }, { 9, "i", DIRECT "\n" TB_C },
		{ 0, NULL, NULL }
	};
	static const struct part between[] = {
		{ 0, "i", TB_A }, { 1, "i", "another thread says: hello" }, { 2, "i", DURING },
		{ 3, "i", "SyntaxError: in prose" }, { 4, "i", TB_B }, { 0, NULL, NULL }
	};

	(void)state;
	check(parts, "ValueError+KeyError+RuntimeError{1,2,3,4,5}@0;");
	check(ends, "ValueError+KeyError+RuntimeError{1,2,3}@0;");
	check(between, "ValueError+KeyError{1,3,5}@0;");
}

static void
test_keeps_apart_what_is_not_linked(void **state)
{
	static const struct part plain[] = {
		{ 0, "i", TB_A }, { 5, "i", TB_B }, { 0, NULL, NULL }
	};
	static const struct part gap[] = {
		{ 0, "i", TB_A }, { 5, "i", DURING }, { 6 + 50 * MS, "i", TB_B }, { 0, NULL, NULL }
	};
	static const struct part close[] = {
		{ 0, "i", TB_A }, { 5, "i", DURING }, { 5 + 50 * MS, "i", TB_B }, { 0, NULL, NULL }
	};
	static const struct part key[] = {
		{ 0, "i", TB_A }, { 5, "i", DURING }, { 6, "j", TB_B }, { 0, NULL, NULL }
	};
	static const struct part back[] = {
		{ INT64_MAX, "i", TB_A }, { INT64_MAX, "i", DURING }, { INT64_MIN, "i", TB_B },
		{ 0, NULL, NULL }
	};
	static const struct part both[] = {
		{ 3, "i", TB_A TB_B }, { 5, "i", DURING }, { 6, "i", TB_C }, { 0, NULL, NULL }
	};

	(void)state;
	check(plain, "ValueError{1}@0;KeyError{2}@5;");
	check(gap, "ValueError{1,2}@0;KeyError{3}@50000006;");
	check(close, "ValueError+KeyError{1,2,3}@0;");
	check(key, "ValueError{1,2}@0;KeyError{3}@6;");
	check(back, "ValueError{1,2}@9223372036854775807;KeyError{3}@-9223372036854775808;");
	check(both, "ValueError{1}@3;KeyError+RuntimeError{1,2,3}@3;");
}

static void
test_emits_nothing_without_a_whole_traceback(void **state)
{
	static const struct part lone[] = {
		{ 0, "i", DURING }, { 90 * MS, "i", "text" }, { 100 * MS, "i", TB_A },
		{ 0, NULL, NULL }
	};
	static const struct part cut[] = {
		{ 0, "i", HEAD "  File \"/app/a.py\", line 1, in f\n" }, { 5, "i", TB_B },
		{ 0, NULL, NULL }
	};
	static const struct part none[] = { { 0, "i", "a" }, { 1, "i", "b" }, { 0, NULL, NULL } };

	(void)state;
	check(lone, "ValueError{3}@100000000;");
	check(cut, "KeyError{2}@5;");
	check(none, "");
}

static void
test_joins_a_traceback_that_was_cut(void **state)
{
	static const struct part halves[] = {
		{ 0, "i", HEAD "  File \"/app/a.py\", line 1, in f\n    x" },
		{ 3, "i", "Database: connection is fine" },
		{ 5, "i", "  File \"/app/b.py\", line 2, in g\n    y\nValueError: late" },
		{ 0, NULL, NULL }
	};
	static const struct part escaped[] = {
		{ 0, "i", "Traceback (most recent call last):\\n"
		    "  File \\\"a.py\\\", line 1, in f\\n" },
		{ 5, "i", "  File \\\"b.py\\\", line 2, in g\\nValueError: late\\n" },
		{ 0, NULL, NULL }
	};

	(void)state;
	check(halves, "ValueError{1,3}@0;");
	check(escaped, "ValueError{1,2}@0;");
}

static int
print_exception(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	struct buf *b = ctx;

	(void)e;
	for (size_t i = 0; i < s->exception.links; i++) {
		const struct link *l = &s->exception.link[i];

		buf_printf(b, "%d %.*s|%.*s", (int)l->relation, SLICE_ARG(l->type),
		    SLICE_ARG(l->message));
		for (size_t f = 0; f < l->frames; f++)
			buf_printf(b, "|%s", sign_place(a, &l->frame[f]).p);
		buf_putc(b, '\n');
	}
	buf_putc(b, ';');
	return 0;
}

/* the lines of one text, gathered into parts at the set bits of `cuts` */
static void
feed_cut(const char *text, uint64_t cuts, struct buf *out)
{
	struct slice rest = slice_str(text), line;
	struct stitcher *st = stitcher_new(print_exception, out);
	struct stitch_part part = { .instance = SLICE("i"), .log = SLICE("l") };
	struct buf b;
	struct err e;

	buf_init(&b, 65536);
	for (unsigned i = 0; slice_take_line(&rest, &line); i++) {
		buf_put_slice(&b, line);
		buf_putc(&b, '\n');
		if (rest.n > 0 && !(cuts >> i & 1))
			continue;
		part.event_id++;
		part.ts_ns += 1000;
		part.message = buf_slice(&b);
		assert_int_equal(stitcher_feed(st, &part, &e), 0);
		buf_reset(&b);
	}
	assert_int_equal(stitcher_finish(st, &e), 0);
	stitcher_free(st);
	buf_release(&b);
}

static void
test_the_way_a_chain_is_cut_changes_nothing(void **state)
{
	static const char text[] = TB_A "\n" DURING "\n" TB_B "\n" DIRECT "\n" TB_C;
	struct buf whole, cut;
	uint64_t seed = 7;

	(void)state;
	buf_init(&whole, 65536);
	buf_init(&cut, 65536);
	feed_cut(text, 0, &whole);
	assert_string_equal(whole.p, "0 ValueError|a|a.py:1\n2 KeyError|'b'|b.py:2\n"
	    "1 RuntimeError|c|c.py:3\n;");
	for (int i = 0; i < 2000; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		buf_reset(&cut);
		feed_cut(text, i ? seed >> 20 : UINT64_MAX, &cut);
		assert_string_equal(cut.p, whole.p);
	}
	buf_release(&cut);
	buf_release(&whole);
}

static void
test_memory_is_bounded_by_parts(void **state)
{
	struct stitcher *st;
	struct err e;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	st = stitcher_new(note_exception, &b);
	for (int64_t i = 0; i < 130; i++) {
		struct part p = { i, "i", i % 2 ? DURING : TB_A };

		feed(st, &p, i);
	}
	assert_int_equal(stitcher_finish(st, &e), 0);
	/* 64 parts, 64 parts, and the last two: the chain is longer than is kept in one piece */
	assert_non_null(strstr(b.p, ",63}@0;"));
	assert_non_null(strstr(b.p, ",127}@64;"));
	assert_non_null(strstr(b.p, "{128,129}@128;"));
	stitcher_free(st);
	buf_release(&b);
}

static int
refuse(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	(void)ctx;
	(void)s;
	(void)a;
	return err_set(e, ERR_DB, "no room");
}

static void
test_an_error_of_the_receiver_comes_back(void **state)
{
	struct stitch_part part = { .event_id = 1, .message = SLICE(TB_A) };
	struct stitcher *st = stitcher_new(refuse, NULL);
	struct err e;

	(void)state;
	err_clear(&e);
	assert_int_equal(stitcher_feed(st, &part, &e), 0);
	assert_int_equal(stitcher_feed(st, &part, &e), -1);
	assert_int_equal(e.code, ERR_DB);
	stitcher_free(st);
	stitcher_free(NULL);
}

/* ---- a real export, when $NETRA_TRIAGE_CORPUS names the folder that has it ---- */

struct crash_loop {
	size_t exceptions, of_five;
	char *cause;		/* the one text of all; owned */
	bool one_cause, module_missing;
};

static int
note_crash(void *ctx, const struct stitched *s, struct arena *a, struct err *e)
{
	struct crash_loop *c = ctx;
	struct slice cause = sign_cause(a, &s->exception);

	(void)e;
	if (!c->cause)
		c->cause = mem_strdup(cause.p);
	c->one_cause &= slice_eqs(cause, c->cause);
	c->module_missing &= slice_eqs(s->exception.link[0].type, "ModuleNotFoundError");
	c->exceptions++;
	c->of_five += s->events == 5 && s->exception.links == 3;
	return 0;
}

static int
part_order(const void *x, const void *y)
{
	const struct stitch_part *a = x, *b = y;
	int c = slice_cmp(a->instance, b->instance);

	if (c == 0)
		c = slice_cmp(a->log, b->log);
	if (c == 0)
		c = (a->ts_ns > b->ts_ns) - (a->ts_ns < b->ts_ns);
	return c ? c : (a->event_id > b->event_id) - (a->event_id < b->event_id);
}

static struct slice
text_of(const json_t *entry)
{
	const char *text = json_string_value(json_object_get(entry, "textPayload"));

	if (!text)
		text = json_string_value(json_object_get(json_object_get(entry, "jsonPayload"),
		    "message"));
	return slice_str(text ? text : "");
}

static struct stitch_part *
load_parts(const json_t *root)
{
	size_t n = json_array_size(root);
	struct stitch_part *part = mem_calloc(n + 1, sizeof *part);
	enum clock_zone zone;

	for (size_t i = 0; i < n; i++) {
		const json_t *entry = json_array_get(root, i);
		const json_t *labels = json_object_get(entry, "labels");

		part[i].event_id = (int64_t)i + 1;
		part[i].instance = slice_str(json_string_value(json_object_get(labels,
		    "instanceId")));
		part[i].log = slice_str(json_string_value(json_object_get(entry, "logName")));
		part[i].message = text_of(entry);
		assert_true(clock_parse(slice_str(json_string_value(
		    json_object_get(entry, "timestamp"))), &part[i].ts_ns, &zone));
	}
	qsort(part, n, sizeof *part, part_order);
	return part;
}

static int
id_order(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

	return (a > b) - (a < b);
}

static size_t
count_templates(const struct stitch_part *part, size_t n)
{
	int64_t *id = mem_calloc(n + 1, sizeof *id);
	struct arena a;
	size_t distinct = 0;

	arena_init(&a);
	for (size_t i = 0; i < n; i++) {
		struct slice t = sign_template(&a, part[i].message);

		assert_true(slice_eq(sign_template(&a, t), t));
		id[i] = sign_template_id(t);
	}
	qsort(id, n, sizeof *id, id_order);
	for (size_t i = 0; i < n; i++)
		distinct += i == 0 || id[i] != id[i - 1];
	arena_release(&a);
	free(id);
	return distinct;
}

static void
test_a_real_crash_loop_has_one_cause(void **state)
{
	struct crash_loop c = { .one_cause = true, .module_missing = true };
	const char *dir = getenv("NETRA_TRIAGE_CORPUS");
	struct stitch_part *part;
	struct stitcher *st;
	char path[4096];
	struct err e;
	json_t *root;
	size_t templates;

	(void)state;
	if (!dir)
		skip();
	snprintf(path, sizeof path, "%s/gcp/array-crash-loop.json", dir);
	root = json_load_file(path, 0, NULL);
	assert_non_null(root);
	part = load_parts(root);
	st = stitcher_new(note_crash, &c);
	for (size_t i = 0; i < json_array_size(root); i++)
		assert_int_equal(stitcher_feed(st, &part[i], &e), 0);
	assert_int_equal(stitcher_finish(st, &e), 0);
	assert_int_equal(c.exceptions, 15);
	assert_int_equal(c.of_five, 15);
	assert_true(c.one_cause);
	assert_true(c.module_missing);
	templates = count_templates(part, json_array_size(root));
	print_message("%zu entries, %zu templates; cause: %s\n", json_array_size(root), templates,
	    c.cause);
	assert_true(templates <= 120);
	stitcher_free(st);
	free(c.cause);
	free(part);
	json_decref(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joins_a_chain_around_its_connectors),
		cmocka_unit_test(test_keeps_apart_what_is_not_linked),
		cmocka_unit_test(test_emits_nothing_without_a_whole_traceback),
		cmocka_unit_test(test_joins_a_traceback_that_was_cut),
		cmocka_unit_test(test_the_way_a_chain_is_cut_changes_nothing),
		cmocka_unit_test(test_memory_is_bounded_by_parts),
		cmocka_unit_test(test_an_error_of_the_receiver_comes_back),
		cmocka_unit_test(test_a_real_crash_loop_has_one_cause),
	};

	return cmocka_run_group_tests_name("stitch", tests, NULL, NULL);
}
