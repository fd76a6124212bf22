#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "rule/detect.h"

/* the selections that all conditions here may name */
static struct selection *
selections(struct arena *a, size_t *n)
{
	static const char *const names[] = { "a", "b", "c", "filter_x", "filter_y", "android",
		"all" };
	struct selection *sel;

	*n = sizeof names / sizeof names[0];
	sel = arena_array(a, *n, sizeof *sel);
	for (size_t i = 0; i < *n; i++)
		sel[i].name = slice_str(names[i]);
	return sel;
}

static void
show(struct buf *b, const struct detection *d, const struct cond *c)
{
	static const char *const words[] = { "", "not", "and", "or" };

	if (c->kind == COND_SELECTION) {
		buf_put_slice(b, d->selection[c->selection].name);
		return;
	}
	buf_printf(b, "(%s", words[c->kind]);
	for (size_t i = 0; i < c->children; i++) {
		buf_putc(b, ' ');
		show(b, d, c->child[i]);
	}
	buf_putc(b, ')');
}

struct parsed {
	struct arena arena;
	struct detection d;
	struct buf shown;
	struct err e;
	size_t offset;
	int rc;
};

static void
parse(struct parsed *p, struct slice text)
{
	memset(p, 0, sizeof *p);
	arena_init(&p->arena);
	buf_init(&p->shown, 4096);
	p->d.selection = selections(&p->arena, &p->d.selections);
	p->rc = cond_parse(&p->arena, &p->d, text, &p->offset, &p->e);
	if (p->rc == 0)
		show(&p->shown, &p->d, p->d.cond);
}

static void
release(struct parsed *p)
{
	buf_release(&p->shown);
	arena_release(&p->arena);
}

static void
test_reads_conditions_by_their_precedence(void **state)
{
	static const struct {
		const char *text, *tree;
	} cases[] = {
		{ "a", "a" },
		{ "a and b", "(and a b)" },
		{ "a and b and c", "(and a b c)" },
		{ "a or b and c", "(or a (and b c))" },
		{ "(a or b) and c", "(and (or a b) c)" },
		{ "not a and b", "(and (not a) b)" },
		{ "not (a and b)", "(not (and a b))" },
		{ "not not a", "(not (not a))" },
		{ "a AND NOT b", "(and a (not b))" },
		{ "1 of filter_*", "(or filter_x filter_y)" },
		{ "any of filter_*", "(or filter_x filter_y)" },
		{ "all of filter_*", "(and filter_x filter_y)" },
		{ "1 of filter_x*", "filter_x" },
		{ "a and not 1 of filter_*", "(and a (not (or filter_x filter_y)))" },
		{ "android or a", "(or android a)" },
		{ "all and a", "(and all a)" },
		{ "  (  a\n or\tb  )  ", "(or a b)" },
		{ "(((a)))", "a" },
	};
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		parse(&p, slice_str(cases[i].text));
		assert_int_equal(p.rc, 0);
		assert_string_equal(p.shown.p, cases[i].tree);
		release(&p);
	}
}

static void
test_refuses_bad_conditions_where_they_are_bad(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
		const char *say, *help;
	} cases[] = {
		{ "", 0, "needs the name", "a and not b" },
		{ "a and", 5, "needs the name", "a and not b" },
		{ "and a", 0, "needs the name", "a and not b" },
		{ "a b", 2, "`b` is not expected", "a and not b" },
		{ "a)", 1, "`)` is not expected", "a and not b" },
		{ "(a or b", 7, "not closed", "close it" },
		{ "()", 1, "needs the name", "a and not b" },
		{ "a or filter_z", 5, "unknown selection `filter_z`", "filter_x" },
		{ "a or nothing", 5, "unknown selection `nothing`", "add the selection" },
		{ "A", 0, "unknown selection `A`", "did you mean `a`" },
		{ "1 of them", 5, "`of them` is not accepted", "common prefix" },
		{ "all of them", 7, "`of them` is not accepted", "common prefix" },
		{ "1 of nope*", 5, "no selection begins with `nope`", "correct the prefix" },
		{ "1 of a", 5, "ends in `*`", "1 of name*" },
		{ "1 of *", 5, "ends in `*`", "1 of name*" },
		{ "1 of", 4, "ends in `*`", "1 of name*" },
		{ "2 of filter_*", 0, "`2 of` is not supported", "and" },
		{ "a | count() > 3", 2, "`|` is not expected", "a and not b" },
	};
	struct parsed p;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		parse(&p, slice_str(cases[i].text));
		assert_int_equal(p.rc, -1);
		assert_non_null(strstr(p.e.text, cases[i].say));
		assert_non_null(strstr(p.e.help, cases[i].help));
		assert_true(*p.e.note);
		assert_int_equal(p.offset, cases[i].offset);
		release(&p);
	}
}

static void
test_marks_the_selections_that_are_used(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, SLICE("a and not 1 of filter_*"));
	assert_int_equal(p.rc, 0);
	assert_true(p.d.selection[0].used);
	assert_false(p.d.selection[1].used);
	assert_true(p.d.selection[3].used);
	assert_true(p.d.selection[4].used);
	release(&p);
}

/* `n` times the word, a name, `n` times the end */
static void
nest(struct buf *b, const char *word, const char *end, int n)
{
	for (int i = 0; i < n; i++)
		buf_puts(b, word);
	buf_puts(b, "a");
	for (int i = 0; i < n; i++)
		buf_puts(b, end);
}

static void
test_bounds_the_depth_but_not_the_length(void **state)
{
	static const struct {
		const char *word, *end;
		int n, rc;
	} cases[] = {
		{ "(", ")", COND_DEPTH - 1, 0 },
		{ "(", ")", COND_DEPTH, -1 },
		{ "(", ")", 100000, -1 },
		{ "not ", "", COND_DEPTH - 1, 0 },
		{ "not ", "", COND_DEPTH, -1 },
		{ "not ", "", 100000, -1 },
		{ "a and ", "", 10000, 0 },
		{ "a or ", "", 10000, 0 },
	};
	struct parsed p;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_reset(&b);
		nest(&b, cases[i].word, cases[i].end, cases[i].n);
		parse(&p, buf_slice(&b));
		assert_int_equal(p.rc, cases[i].rc);
		if (p.rc)
			assert_non_null(strstr(p.e.text, "nested more than"));
		release(&p);
	}
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_conditions_by_their_precedence),
		cmocka_unit_test(test_refuses_bad_conditions_where_they_are_bad),
		cmocka_unit_test(test_marks_the_selections_that_are_used),
		cmocka_unit_test(test_bounds_the_depth_but_not_the_length),
	};

	return cmocka_run_group_tests_name("rule_cond", tests, NULL, NULL);
}
