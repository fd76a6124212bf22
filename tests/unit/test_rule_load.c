#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "rule/rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* tools --------------------------------------------------------------------- */

#define FAULTS 32

struct faults {
	struct err e[FAULTS];
	size_t n;
};

static void
keep_fault(void *ctx, const struct err *e)
{
	struct faults *f = ctx;

	if (f->n < FAULTS)
		f->e[f->n] = *e;
	f->n++;
}

static int
load(const char *text, struct faults *f, struct rule_set **rs)
{
	struct err e;
	int rc;

	f->n = 0;
	rc = rules_load_text("r.yaml", slice_str(text), keep_fault, f, rs, &e);
	if (rc != 0) {
		assert_int_equal(e.code, ERR_RULES);
		assert_null(*rs);
		assert_true(f->n > 0);
	}
	return rc;
}

static void
print_faults(const struct faults *f)
{
	for (size_t i = 0; i < f->n && i < FAULTS; i++)
		print_message("%s: %s (%s; %s)\n", f->e[i].where, f->e[i].text, f->e[i].note,
		    f->e[i].help);
}

static const char whole[] =
	"title: A module is missing\n"
	"name: module_missing\n"
	"revision: 3\n"
	"description: words\n"
	"level: high\n"
	"status: stable\n"
	"tags: [kind.import, component.python]\n"
	"logsource: {product: gcp, service: cloud_run}\n"
	"detection:\n"
	"  missing:\n"
	"    message|re: 'No module named .(?<module>[\\w.]+)'\n"
	"  filter_tests:\n"
	"    service|startswith: test\n"
	"  condition: missing and not 1 of filter_*\n"
	"role: cause\n"
	"priority: P1\n"
	"group-by: [service, module]\n"
	"says: '${service} misses ${module} (${count} times, ${detail:-no detail})'\n"
	"remediation: Add ${module} to the image.\n"
	"next-why:\n"
	"  ask: 'Is ${module} in the image of ${revision}?'\n"
	"  collect: 'docker run IMAGE ls'\n"
	"issue: 'gh:example/shop#12'\n"
	"supports: [{hypothesis: package_missing, strength: strong}]\n"
	"refutes: [{hypothesis: other_cause, strength: weak}]\n"
	"tests:\n"
	"  - match: {message: \"No module named 'shop.cart'\", service: shop}\n"
	"    captures: {module: shop.cart}\n"
	"  - no-match: {message: \"No module named 'shop.cart'\", service: test-shop}\n"
	"---\n"
	"hypothesis: package_missing\n"
	"title: The package is not in the image\n"
	"class: H3\n"
	"priority: P0\n"
	"rivals: [other_cause]\n"
	"issue: 'gh:example/shop#13'\n"
	"---\n"
	"hypothesis: other_cause\n"
	"title: Something else\n"
	"class: H1\n"
	"priority: P2\n"
	"---\n"
	"priority-table: {exception: P2, test_failure: P3}\n";

/* a whole rule ---------------------------------------------------------------- */

static void
test_loads_every_part_of_a_rule(void **state)
{
	struct rule_set *rs;
	const struct rule *r;
	struct faults f;

	(void)state;
	if (load(whole, &f, &rs) != 0)
		print_faults(&f);
	assert_int_equal(f.n, 0);
	assert_int_equal(rs->rules, 1);
	r = rule_find(rs, SLICE("module_missing"));
	assert_non_null(r);
	assert_null(rule_find(rs, SLICE("module")));
	assert_true(slice_eqs(r->title, "A module is missing"));
	assert_true(slice_eqs(r->description, "words"));
	assert_true(slice_eqs(r->path, "r.yaml"));
	assert_int_equal(r->line, 1);
	assert_int_equal(r->revision, 3);
	assert_int_equal(r->subject, SUBJECT_ENTRY);
	assert_int_equal(r->role, ROLE_CAUSE);
	assert_int_equal(r->priority, PRIORITY_P1);
	assert_int_equal(r->tags, 2);
	assert_true(slice_eqs(r->tag[1], "component.python"));
	assert_int_equal(r->group_bys, 2);
	assert_true(slice_eqs(r->group_by[1], "module"));
	assert_int_equal(r->captures, 1);
	assert_true(slice_eqs(r->capture[0], "module"));
	assert_true(slice_starts(r->says, "${service} misses"));
	assert_true(slice_eqs(r->remediation, "Add ${module} to the image."));
	assert_true(slice_eqs(r->ask, "Is ${module} in the image of ${revision}?"));
	assert_true(slice_eqs(r->collect, "docker run IMAGE ls"));
	assert_true(slice_eqs(r->issue, "gh:example/shop#12"));
	assert_int_equal(r->supports, 2);
	assert_int_equal(r->support[0].strength, STRENGTH_STRONG);
	assert_false(r->support[0].refutes);
	assert_true(slice_eqs(r->support[1].hypothesis, "other_cause"));
	assert_true(r->support[1].refutes);
	assert_int_equal(r->examples, 2);
	assert_int_equal(r->example[0].line, 27);
	assert_int_equal(r->example[0].captures, 1);
	assert_false(r->example[1].match);
	rules_free(rs);
}

static void
test_loads_hypotheses_and_the_priority_table(void **state)
{
	struct rule_set *rs;
	struct faults f;

	(void)state;
	assert_int_equal(load(whole, &f, &rs), 0);
	assert_int_equal(rs->hypotheses, 2);
	assert_true(slice_eqs(rs->hypothesis[0].name, "other_cause"));
	assert_true(slice_eqs(rs->hypothesis[1].class_name, "H3"));
	assert_int_equal(rs->hypothesis[1].priority, PRIORITY_P0);
	assert_int_equal(rs->hypothesis[1].rivals, 1);
	assert_true(slice_eqs(rs->hypothesis[1].issue, "gh:example/shop#13"));
	assert_int_equal(rs->priority[PCLASS_EXCEPTION], PRIORITY_P2);
	assert_int_equal(rs->priority[PCLASS_TEST_FAILURE], PRIORITY_P3);
	assert_int_equal(rs->priority[PCLASS_START_FAILURE], PRIORITY_P0);
	assert_int_equal(rs->priority[PCLASS_SERVER_ERROR], PRIORITY_P1);
	rules_free(rs);
}

static void
test_a_marker_needs_little_and_gets_defaults(void **state)
{
	struct rule_set *rs;
	struct faults f;

	(void)state;
	assert_int_equal(load("title: t\nname: n\nrole: start\n"
	    "detection: {a: [starting], condition: a}\n"
	    "tests: [{match: {message: starting}}, {no-match: {message: x}}]\n", &f, &rs), 0);
	assert_int_equal(rs->rule[0].priority, PRIORITY_P3);
	assert_int_equal(rs->rule[0].revision, 1);
	assert_int_equal(rs->rule[0].group_bys, 1);
	assert_true(slice_eqs(rs->rule[0].group_by[0], "service"));
	rules_free(rs);
}

static void
test_reads_json_as_well(void **state)
{
	struct rule_test_result result;
	struct rule_set *rs;
	struct faults f;
	struct err e;

	(void)state;
	assert_int_equal(load("{\"title\": \"t\", \"name\": \"n\", \"role\": \"banner\",\n"
	    " \"detection\": {\"a\": {\"message|re\": \"x(?<n>\\\\d+)\"}, \"condition\": \"a\"},\n"
	    " \"tests\": [{\"match\": {\"message\": \"x12\"}, \"captures\": {\"n\": 12}},\n"
	    "  {\"no-match\": {\"message\": \"x\"}}]}\n", &f, &rs), 0);
	assert_int_equal(rules_test(rs, keep_fault, &f, &result, &e), 0);
	assert_int_equal(result.examples, 2);
	assert_int_equal(result.failed, 0);
	rules_free(rs);
}

/* faults ---------------------------------------------------------------------- */

/* a good rule; a case replaces one of its lines, or adds to it (line 0: behind the last) */
static const char *const base[] = {
	"title: A title",
	"name: a_rule",
	"logsource: {product: gcp}",
	"detection:",
	"  sel:",
	"    message|re: 'a(?<b>c)'",
	"  condition: sel",
	"priority: P1",
	"says: text",
	"remediation: text",
	"tests:",
	"  - {match: {message: ac}, captures: {b: c}}",
	"  - {no-match: {message: x}}",
};

static const struct {
	unsigned line;		/* of base that is replaced */
	const char *text;
	const char *where;	/* of the first fault */
	const char *say;	/* part of its text */
	const char *help;	/* part of its help */
} faults[] = {
	/* patterns: the column is exact where the text stands in the file as it is */
	{ 6, "    message|re: 'a(b'", "6:21", "missing closing parenthesis", "pcre2" },
	{ 6, "    message|re: \"a(b\"", "6:21", "missing closing parenthesis", "pcre2" },
	{ 6, "    message|re: 'it''s (b'", "6:17", "missing closing parenthesis", "pcre2" },
	{ 6, "    message|re: \"\\\\d(b\"", "6:17", "missing closing parenthesis", "pcre2" },
	{ 6, "    message|re: |-\n      abc\n\n       d(ef", "9:12", "missing closing", "pcre2" },
	{ 6, "    message|re: >-\n      abc(", "7:11", "missing closing", "pcre2" },
	{ 6, "    message|re: >-\n      abc\n      def(", "6:17", "missing closing", "pcre2" },
	{ 6, "    message|re: 'a[b'", "6:21", "missing terminating ]", "pcre2" },
	{ 6, "    message|re: '(?R)'", "6:18", "recursion", "pcre2" },
	{ 6, "    message|re: '(*ACCEPT)'", "6:18", "VERBS", "pcre2" },
	{ 6, "    message|re: foo #bar", "6:17", "must be quoted", "single quotes" },
	{ 6, "    message|re: ['x', y.]", "6:23", "must be quoted", "single quotes" },
	{ 6, "    message|re: 12", "6:17", "a quoted pattern", "correct" },
	{ 6, "    message|re: ''", "6:17", "a pattern", "correct" },
	/* keys */
	{ 1, "titel: A title", "1:1", "unknown key `titel`", "did you mean `title`?" },
	{ 0, "colour: red", "14:1", "unknown key `colour`", "use one of" },
	{ 0, "title: again", "14:1", "given twice", "keep one" },
	{ 0, "correlation: {type: x}", "14:1", "not supported yet", "take the document out" },
	{ 1, "description: x", "1:1", "has no `title`", "add `title:`" },
	{ 2, "id: x", "1:1", "has no `name`", "add `name:`" },
	{ 8, "id: x", "1:1", "has no `priority`", "add `priority:`" },
	{ 9, "id: x", "1:1", "has no `says`", "add `says:`" },
	{ 10, "id: x", "1:1", "has no `remediation`", "add `remediation:`" },
	/* plain values */
	{ 1, "title: 12", "1:8", "must be text", "quotes" },
	{ 1, "title: ''", "1:8", "must be text", "quotes" },
	{ 2, "name: A-rule", "2:7", "`A-rule` is no name", "write it like" },
	{ 8, "priority: P9", "8:11", "`P9` is no priority", "P0, P1, P2, P3" },
	{ 0, "role: isue", "14:7", "`isue` is no role", "did you mean `issue`?" },
	{ 0, "revision: 0", "14:11", "whole number", "revision: 2" },
	{ 0, "tags: x", "14:7", "must be a list", "[a, b]" },
	{ 0, "issue: '#12'", "14:8", "does not name an issue", "gh:owner" },
	{ 3, "logsource: {product: aws}", "3:22", "`aws` is no product", "gcp" },
	{ 3, "logsource: {category: requst}", "3:23", "no category", "did you mean `request`?" },
	{ 3, "logsource: {products: gcp}", "3:13", "unknown key", "did you mean `product`?" },
	/* detection */
	{ 6, "    mesage|re: 'a(?<b>c)'", "6:5", "no field `mesage`", "did you mean `message`?" },
	{ 6, "    colour|re: 'a(?<b>c)'", "6:5", "no field `colour`", "jsonPayload.colour" },
	{ 6, "    message|cidr: 10.0.0.0/8", "6:13", "`cidr` is not supported yet", "say it" },
	{ 6, "    message|contans: x", "6:13", "unknown modifier `contans`", "`contains`" },
	{ 6, "    message|re|x: 'x'", "6:16", "unknown modifier `x`", "use one of" },
	{ 6, "    message|i: 'x'", "6:13", "`i` does not fit", "take it out" },
	{ 6, "    message|re|contains: 'x'", "6:16", "`contains` does not fit", "take it out" },
	{ 6, "    message|re|cased: 'x'", "6:5", "`cased` does not fit", "take it out" },
	{ 6, "    message|re|neq: 'x'", "6:5", "`neq` does not fit", "take it out" },
	{ 6, "    message|all: x", "6:18", "a list", "correct" },
	{ 6, "    message|contains: ''", "6:23", "not empty", "correct" },
	{ 6, "    message|exists: 1", "6:21", "true or false", "correct" },
	{ 6, "    message|exists: [true]", "6:21", "one value", "correct" },
	{ 6, "    severity|gt: high", "6:18", "a number", "correct" },
	{ 6, "    message: []", "6:14", "at least one value", "correct" },
	{ 6, "    message: {a: b}", "6:14", "must be text", "one value" },
	{ 5, "  other: [x]\n  sel:", "5:3", "`other` is not used", "name it" },
	{ 6, "    - []", "6:7", "a selection must be a mapping", "key: value" },
	{ 7, "  condition: sel and foo", "7:22", "unknown selection `foo`", "add the selection" },
	{ 7, "  condition: 'sel and foo'", "7:23", "unknown selection `foo`", "add the selection" },
	{ 7, "  condition: all of them", "7:21", "`of them` is not accepted", "prefix" },
	{ 7, "  condition: [sel]", "7:14", "must be text", "quotes" },
	{ 7, "  filter: [x]", "5:3", "`detection` has no `condition`", "add `condition:`" },
	/* texts */
	{ 9, "says: 'in ${servce}'", "9:11", "`${servce}` is neither", "`${service}`" },
	{ 9, "says: 'in ${modul}'\nid: x", "9:11", "`${modul}` is neither", "(?<modul>...)" },
	{ 6, "    message|re: 'a(?<b>c)(?<modul>c)?'\n  condition: sel\nsays: 'in ${modulo}'\n---",
	    "8:11", "`${modulo}` is neither", "did you mean `${modul}`?" },
	{ 9, "says: 'in ${d}'", "9:11", "`${d}` is neither", "(?<d>...)" },
	{ 9, "says: 'in ${'", "9:11", "does not begin a name", "close the brace" },
	{ 10, "remediation: |\n  one\n  two ${nobody}", "12:7", "`${nobody}`", "default" },
	{ 0, "next-why: {ask: 'x'}", "14:17", "question mark", "one question" },
	{ 0, "next-why: {collect: 'x'}", "14:11", "has no `ask`", "add `ask:`" },
	{ 0, "next-why: {ask: 'x?', collect: '${foo}'}", "14:33", "`${foo}`", "default" },
	{ 0, "group-by: [servce]", "14:12", "`servce` is neither", "did you mean `service`?" },
	{ 0, "supports: [{hypothesis: h}]", "14:12", "has no `strength`", "add `strength:`" },
	{ 0, "supports: [{hypothesis: h, strength: huge}]", "14:38", "no strength", "weak" },
	{ 0, "refutes: [{hypothesis: h, strength: weak}]", "14:24", "unknown hypothesis `h`",
	    "add the hypothesis" },
	/* examples */
	{ 12, "  - {no-match: {message: y}}", "11:1", "no `match` example", "add `- match:" },
	{ 13, "  - {match: {message: ac}}", "11:1", "no `no-match` example", "add `- no-match:" },
	{ 11, "references:", "1:1", "no `match` example", "add `- match:" },
	{ 12, "  - {match: {message: ac}, captures: {x: c}}", "12:39", "captures `x`", "group" },
	{ 12, "  - {match: {mesage: ac}}", "12:14", "no field `mesage`", "`message`" },
	{ 12, "  - {match: {message: ac}, no-match: {message: ac}}", "12:5", "either", "- match" },
	{ 12, "  - {match: {message: ac, severity: LOUD}}", "12:13", "`LOUD` as", "ERROR" },
	{ 12, "  - {match: {message: ac}, captres: {b: c}}", "12:28", "unknown key", "`captures`" },
	{ 13, "  - {no-match: {message: x}, captures: {b: c}}", "13:30", "does not match", "out" },
	{ 12, "  - {match: text}", "12:13", "`match` must be a mapping", "key: value" },
	/* YAML */
	{ 6, "    message: &x y", "6:14", "anchors", "write the value out" },
	{ 6, "    message: \"abc", "14:1", "unexpected end of stream", "quote" },
	/* other documents behind the rule */
	{ 0, "---\nhypothesis: h\nclass: H1\npriority: P1", "15:1", "has no `title`", "add" },
	{ 0, "---\nhypothesis: h\ntitle: t\nclass: G1\npriority: P1", "17:8", "no class of", "H0" },
	{ 0, "---\nhypothesis: h\ntitle: t\nclass: H1\npriority: P1\nrivals: [i]", "19:10",
	    "unknown hypothesis `i`", "add the hypothesis" },
	{ 0, "---\npriority-table: {exeption: P1}", "15:18", "unknown key", "`exception`" },
	{ 0, "---\npriority-table: {exception: 1}", "15:29", "must be text", "quotes" },
	{ 0, "---\npriority-table: {exception: P1}\n---\npriority-table: {exception: P2}", "17:1",
	    "a second priority table", "keep one" },
	{ 0, "---\n- a list", "15:1", "must be a mapping", "key: value" },
};

static void
put_rule(struct buf *b, unsigned line, const char *text)
{
	for (unsigned i = 0; i < COUNT(base); i++) {
		buf_puts(b, i + 1 == line ? text : base[i]);
		buf_putc(b, '\n');
	}
	if (line == 0) {
		buf_puts(b, text);
		buf_putc(b, '\n');
	}
}

static bool
fault_is(const struct err *e, size_t i)
{
	char where[64];

	snprintf(where, sizeof where, "r.yaml:%s", faults[i].where);
	return strcmp(e->where, where) == 0 && strstr(e->text, faults[i].say) &&
	    strstr(e->help, faults[i].help) && *e->note && strchr(e->snippet, '^');
}

static void
test_points_at_each_kind_of_fault(void **state)
{
	struct rule_set *rs;
	struct faults f;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < COUNT(faults); i++) {
		bool found = false;

		buf_reset(&b);
		put_rule(&b, faults[i].line, faults[i].text);
		assert_int_equal(load(b.p, &f, &rs), -1);
		for (size_t k = 0; k < f.n; k++)
			found = found || fault_is(&f.e[k], i);
		if (!found) {
			print_message("%s: %s\n", faults[i].where, faults[i].text);
			print_faults(&f);
		}
		assert_true(found);
	}
	buf_release(&b);
}

static void
test_the_rule_that_the_faults_are_put_into_is_good(void **state)
{
	struct rule_test_result result;
	struct rule_set *rs;
	struct faults f;
	struct buf b;
	struct err e;

	(void)state;
	buf_init(&b, 1 << 16);
	put_rule(&b, COUNT(base) + 1, "");
	assert_int_equal(load(b.p, &f, &rs), 0);
	assert_int_equal(rules_test(rs, keep_fault, &f, &result, &e), 0);
	assert_int_equal(result.failed, 0);
	rules_free(rs);
	buf_release(&b);
}

static void
test_reports_all_faults_of_all_documents(void **state)
{
	static const char text[] =
		"title: t\nname: one\ndetection:\n  a: {message|re: '('}\n  condition: a or b\n"
		"priority: P5\n"
		"---\n"
		"a: 1\na: 2\n"
		"---\n"
		"name: two\nrole: banner\n";
	static const char *const where[] = { "r.yaml:9:1", "r.yaml:4:21", "r.yaml:5:19",
		"r.yaml:6:11", "r.yaml:1:1", "r.yaml:1:1", "r.yaml:1:1", "r.yaml:1:1",
		"r.yaml:11:1", "r.yaml:11:1", "r.yaml:11:1", "r.yaml:11:1" };
	struct rule_set *rs;
	struct faults f;

	(void)state;
	assert_int_equal(load(text, &f, &rs), -1);
	if (f.n != COUNT(where))
		print_faults(&f);
	assert_int_equal(f.n, COUNT(where));
	for (size_t i = 0; i < COUNT(where); i++)
		assert_string_equal(f.e[i].where, where[i]);
}

static void
test_a_flood_of_faults_is_bounded_and_counted(void **state)
{
	struct rule_set *rs = NULL;
	struct faults f = { .n = 0 };
	struct buf b;
	struct err e;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 500; i++)
		buf_printf(&b, "k%d: 1\n", i);
	assert_int_equal(rules_load_text("r.yaml", buf_slice(&b), keep_fault, &f, &rs, &e), -1);
	assert_int_equal(f.n, 100);
	assert_non_null(strstr(e.text, "508 faults"));
	buf_release(&b);
}

static void
test_names_both_places_of_a_duplicate(void **state)
{
	struct rule_set *rs;
	struct faults f;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	put_rule(&b, COUNT(base) + 1, "");
	buf_puts(&b, "---\n");
	put_rule(&b, COUNT(base) + 1, "");
	assert_int_equal(load(b.p, &f, &rs), -1);
	assert_int_equal(f.n, 1);
	assert_string_equal(f.e[0].text, "the rule `a_rule` is defined twice");
	assert_string_equal(f.e[0].where, "r.yaml:16:7");
	assert_non_null(strstr(f.e[0].note, "r.yaml:2:7"));
	buf_release(&b);
}

/* files and hashes -------------------------------------------------------------- */

struct folder {
	char path[64];
	char file[2][80];
};

static void
write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void
make_folder(struct folder *d, const char *a, const char *b)
{
	strncpy(d->path, "/tmp/test_rule_load.XXXXXX", sizeof d->path);
	assert_non_null(mkdtemp(d->path));
	snprintf(d->file[0], sizeof d->file[0], "%s/a.yaml", d->path);
	snprintf(d->file[1], sizeof d->file[1], "%s/b.json", d->path);
	write_file(d->file[0], a);
	write_file(d->file[1], b);
}

static void
remove_folder(struct folder *d)
{
	unlink(d->file[0]);
	unlink(d->file[1]);
	rmdir(d->path);
}

static const char small_a[] = "title: t\nname: a\nrole: banner\n"
    "detection: {a: [x], condition: a}\n"
    "tests: [{match: {message: x}}, {no-match: {message: y}}]\n"
    "supports: [{hypothesis: h, strength: weak}]\n";
static const char small_h[] = "hypothesis: h\ntitle: t\nclass: H1\npriority: P1\n";

static void
test_loads_folders_and_files_together(void **state)
{
	struct faults f = { .n = 0 };
	struct rule_set *rs;
	struct folder d;
	const char *path[2];
	struct err e;

	(void)state;
	make_folder(&d, small_a, small_h);
	path[0] = d.path;
	assert_int_equal(rules_load(path, 1, keep_fault, &f, &rs, &e), 0);
	assert_int_equal(rs->rules, 1);
	assert_int_equal(rs->hypotheses, 1);
	assert_true(slice_eqs(rs->rule[0].path, d.file[0]));
	rules_free(rs);

	path[0] = d.file[1];
	path[1] = d.file[0];
	assert_int_equal(rules_load(path, 2, keep_fault, &f, &rs, &e), 0);
	rules_free(rs);

	/* the hypothesis is in the other file */
	assert_int_equal(rules_load(path + 1, 1, keep_fault, &f, &rs, &e), -1);
	assert_int_equal(f.n, 1);
	assert_non_null(strstr(f.e[0].text, "unknown hypothesis"));
	remove_folder(&d);
}

static void
test_what_cannot_be_read_is_a_fault(void **state)
{
	struct faults f = { .n = 0 };
	struct rule_set *rs;
	struct folder d;
	const char *path[2];
	struct err e;

	(void)state;
	make_folder(&d, small_h, small_h);
	remove_folder(&d);
	path[0] = d.path;
	path[1] = d.file[0];
	assert_int_equal(rules_load(path, 2, keep_fault, &f, &rs, &e), -1);
	assert_int_equal(e.code, ERR_RULES);
	assert_int_equal(f.n, 2);
	assert_string_equal(f.e[1].where, d.file[0]);
	assert_int_equal(mkdir(d.path, 0700), 0);
	f.n = 0;
	assert_int_equal(rules_load(path, 1, keep_fault, &f, &rs, &e), -1);
	assert_non_null(strstr(f.e[0].text, "no rule files"));
	rmdir(d.path);
}

static void
test_the_hash_of_a_set_knows_no_order(void **state)
{
	char text[3][1024], hash[65], rule_hash[65];
	struct rule_set *rs;
	struct faults f;

	(void)state;
	snprintf(text[0], sizeof text[0], "%s---\n%s", small_a, small_h);
	snprintf(text[1], sizeof text[1], "---\n%s\n\n---\n%s", small_h, small_a);
	snprintf(text[2], sizeof text[2], "%s# a word\n---\n%s", small_a, small_h);
	assert_int_equal(load(text[0], &f, &rs), 0);
	memcpy(hash, rs->hash, sizeof hash);
	memcpy(rule_hash, rs->rule[0].hash, sizeof rule_hash);
	assert_int_equal(strlen(hash), 64);
	rules_free(rs);
	assert_int_equal(load(text[1], &f, &rs), 0);
	assert_string_equal(rs->hash, hash);
	assert_string_equal(rs->rule[0].hash, rule_hash);
	rules_free(rs);
	assert_int_equal(load(text[2], &f, &rs), 0);
	assert_string_not_equal(rs->hash, hash);
	assert_string_not_equal(rs->rule[0].hash, rule_hash);
	rules_free(rs);
}

/* examples ---------------------------------------------------------------------- */

static const struct {
	unsigned line;
	const char *text;
	const char *where, *say, *note;
} failing[] = {
	{ 12, "  - {match: {message: ab}}", "r.yaml:12:5",
	    "example 1 of rule `a_rule` should match but does not", "sel: no" },
	{ 13, "  - {no-match: {message: bacd}}", "r.yaml:13:5",
	    "example 2 of rule `a_rule` should not match but does", "sel: yes" },
	{ 12, "  - {match: {message: ac}, captures: {b: d}}", "r.yaml:12:5",
	    "does not capture `b` as `d`", "it captures `c`" },
	{ 6, "    message|re: 'a(?<b>x)?c'", "r.yaml:12:5", "does not capture `b` as `c`",
	    "not part of the match" },
};

static void
test_says_which_example_fails_and_why(void **state)
{
	struct rule_test_result result;
	struct rule_set *rs;
	struct faults f;
	struct buf b;
	struct err e;

	(void)state;
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < COUNT(failing); i++) {
		buf_reset(&b);
		put_rule(&b, failing[i].line, failing[i].text);
		if (load(b.p, &f, &rs) != 0)
			print_faults(&f);
		assert_int_equal(f.n, 0);
		assert_int_equal(rules_test(rs, keep_fault, &f, &result, &e), 0);
		assert_int_equal(result.failed, 1);
		assert_int_equal(f.n, 1);
		assert_string_equal(f.e[0].where, failing[i].where);
		assert_non_null(strstr(f.e[0].text, failing[i].say));
		assert_non_null(strstr(f.e[0].note, failing[i].note));
		assert_true(*f.e[0].help);
		rules_free(rs);
	}
	buf_release(&b);
}

static void
test_an_example_that_makes_a_pattern_give_up_fails(void **state)
{
	struct rule_test_result result;
	struct rule_set *rs;
	struct faults f;
	struct err e;

	(void)state;
	assert_int_equal(load("title: t\nname: n\nrole: banner\n"
	    "detection: {slow: {message|re: '^(a|a)+$'}, condition: slow}\n"
	    "tests:\n  - {match: {message: a}}\n"
	    "  - {no-match: {message: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}}\n",
	    &f, &rs), 0);
	assert_int_equal(rules_test(rs, keep_fault, &f, &result, &e), 0);
	assert_int_equal(result.failed, 1);
	assert_non_null(strstr(f.e[0].text, "a pattern gave up"));
	assert_non_null(strstr(f.e[0].note, "slow: gave up"));
	rules_free(rs);
}

static void
test_runs_examples_of_every_subject(void **state)
{
	static const char text[] =
		"title: t\nname: a\nrole: banner\nlogsource: {category: request}\n"
		"detection: {a: {httpRequest.status|gte: 500, httpRequest.latency|lt: 0.5}, "
		"condition: a}\n"
		"tests: [{match: {httpRequest.status: 503, httpRequest.latency: 0.25s}}, "
		"{no-match: {httpRequest.status: 503, httpRequest.latency: 3s}}, "
		"{no-match: {message: x}}]\n"
		"---\n"
		"title: t\nname: b\nrole: banner\nlogsource: {category: exception}\n"
		"detection: {a: {cause.type: KeyError, type: E}, condition: a}\n"
		"tests: [{match: {cause.type: KeyError, type: E}}, {no-match: {type: E}}]\n"
		"---\n"
		"title: t\nname: c\nrole: banner\nlogsource: {category: test_output}\n"
		"detection: {a: {outcome: error, phase: setup}, b: {section: stdout}, "
		"condition: a or b}\n"
		"tests: [{match: {outcome: error, phase: setup}}, {match: {section: stdout}}, "
		"{no-match: {outcome: passed, phase: setup}}, {no-match: {message: x}}]\n"
		"---\n"
		"title: t\nname: d\nrole: banner\n"
		"detection: {a: {payload.kind: proto, protoPayload.methodName: m}, condition: a}\n"
		"tests: [{match: {protoPayload.methodName: m}}, "
		"{no-match: {jsonPayload.methodName: m}}]\n";
	struct rule_test_result result;
	struct rule_set *rs;
	struct faults f;
	struct err e;

	(void)state;
	if (load(text, &f, &rs) != 0)
		print_faults(&f);
	assert_int_equal(f.n, 0);
	assert_int_equal(rules_test(rs, keep_fault, &f, &result, &e), 0);
	print_faults(&f);
	assert_int_equal(result.rules, 4);
	assert_int_equal(result.examples, 11);
	assert_int_equal(result.failed, 0);
	rules_free(rs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loads_every_part_of_a_rule),
		cmocka_unit_test(test_loads_hypotheses_and_the_priority_table),
		cmocka_unit_test(test_a_marker_needs_little_and_gets_defaults),
		cmocka_unit_test(test_reads_json_as_well),
		cmocka_unit_test(test_points_at_each_kind_of_fault),
		cmocka_unit_test(test_the_rule_that_the_faults_are_put_into_is_good),
		cmocka_unit_test(test_reports_all_faults_of_all_documents),
		cmocka_unit_test(test_a_flood_of_faults_is_bounded_and_counted),
		cmocka_unit_test(test_names_both_places_of_a_duplicate),
		cmocka_unit_test(test_loads_folders_and_files_together),
		cmocka_unit_test(test_what_cannot_be_read_is_a_fault),
		cmocka_unit_test(test_the_hash_of_a_set_knows_no_order),
		cmocka_unit_test(test_says_which_example_fails_and_why),
		cmocka_unit_test(test_an_example_that_makes_a_pattern_give_up_fails),
		cmocka_unit_test(test_runs_examples_of_every_subject),
	};

	return cmocka_run_group_tests_name("rule_load", tests, NULL, NULL);
}
