/*
 * junit_name.c - what each runner calls the test of a testcase.
 *
 *	pytest		tests/unit/test_a.py::TestC::test_m[p], from the dotted class name
 *	go		ex.com/shop::TestCart/adds; the package alone when it failed as a whole
 *	ctest		the name
 *	node		cart > inner > adds, the suites around it
 *	jest		the name when it holds the class name, as by default
 *	playwright	[chromium] › cart.spec.ts › cart › adds
 *	others		com.shop.CartTest::adds; like pytest where a part is "test_..."
 */
#include "config.h"

#include "read/junit_case.h"

#include <string.h>

#include "base/mem.h"
#include "read/test_id.h"

#define BROKEN "Test suite failed to run"
#define ARROW " \xE2\x80\xBA "		/* U+203A */

static struct slice
last_part(struct slice dotted, size_t end, size_t *start)
{
	size_t dot = slice_rfind_byte(slice_sub(dotted, 0, end), '.');

	*start = dot == SIZE_MAX ? 0 : dot + 1;
	return slice_sub(dotted, *start, end - *start);
}

static bool
is_module(struct slice part)
{
	return slice_starts(part, "test_") || slice_ends(part, "_test") || slice_eqs(part, "tests");
}

static bool
is_dotted(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '/' || s.p[i] == '\\' || s.p[i] == ':')
			return false;
	return s.n > 0;
}

/*
 * Where the path ends in "tests.unit.test_x.TestC.TestNested". The last part that is named like
 * a test module is the module; without one, what starts with a capital is a class. Sets *sure
 * when a part was named like a module.
 */
static size_t
module_end(struct slice dotted, bool *sure)
{
	size_t end = dotted.n, start;

	*sure = false;
	while (end > 0) {
		struct slice part = last_part(dotted, end, &start);

		if (is_module(part) && !slice_eqs(part, "tests")) {
			*sure = true;
			return end;
		}
		if (start == 0)
			break;
		end = start - 1;
	}
	end = dotted.n;
	for (;;) {
		struct slice part = last_part(dotted, end, &start);

		if (start == 0 || part.n == 0 || part.p[0] < 'A' || part.p[0] > 'Z')
			return end;
		end = start - 1;
	}
}

static void
put_path(struct buf *b, struct slice path, char from)
{
	for (size_t i = 0; i < path.n; i++)
		buf_putc(b, path.p[i] == from || path.p[i] == '\\' ? '/' : path.p[i]);
}

/* ".TestC.TestNested" as "::TestC::TestNested" */
static void
put_classes(struct buf *b, struct slice classes)
{
	for (size_t i = 0; i < classes.n; i++)
		if (classes.p[i] == '.')
			buf_puts(b, "::");
		else
			buf_putc(b, classes.p[i]);
}

/*
 * Where "tests/test_x.py" ends in "prefix.tests.test_x.TestC", 0 if it is not in it: a test
 * that is inherited names the file of its base class.
 */
static size_t
file_in(struct buf *scratch, struct slice dotted, struct slice file)
{
	struct slice want;
	size_t at = 0;

	if (slice_ends(file, ".py"))
		file.n -= 3;
	buf_reset(scratch);
	for (size_t i = 0; i < file.n; i++)
		buf_putc(scratch, file.p[i] == '/' || file.p[i] == '\\' ? '.' : file.p[i]);
	want = buf_slice(scratch);
	while (want.n && (at = slice_find(dotted, at, want)) != SIZE_MAX) {
		size_t end = at + want.n;

		if ((at == 0 || dotted.p[at - 1] == '.') &&
		    (end == dotted.n || dotted.p[end] == '.'))
			return end;
		at++;
	}
	return 0;
}

/* "docs.README.md" and "README.md": the file of a doctest, whose name is not split */
static bool
is_text_file(struct slice dotted, struct slice name)
{
	return name.n && dotted.n >= name.n && slice_find_byte(name, 0, '.') != SIZE_MAX &&
	    slice_eq(slice_sub(dotted, dotted.n - name.n, name.n), name) &&
	    (dotted.n == name.n || dotted.p[dotted.n - name.n - 1] == '.');
}

/* path and classes of pytest; false when the class name is none of its */
static bool
put_module(struct junit_table *t, const struct junit_open *o, bool pytest)
{
	struct slice dotted = buf_slice(&o->classname), name = buf_slice(&o->name);
	struct slice file = buf_slice(&o->file);
	struct buf *b = &t->scratch;
	bool sure = false;
	size_t end, in_file;

	if (!is_dotted(dotted)) {
		put_path(b, file, '\\');
		return file.n > 0 && (pytest || dotted.n == 0);
	}
	end = module_end(dotted, &sure);
	in_file = file.n ? file_in(&t->text, dotted, file) : 0;
	if (!pytest && !sure)
		return false;
	if (in_file) {
		put_path(b, file, '\\');
		put_classes(b, slice_sub(dotted, in_file, dotted.n));
	} else if (file.n && !sure && slice_find_byte(dotted, 0, '.') == SIZE_MAX) {
		put_path(b, file, '\\');
	} else if (is_text_file(dotted, name)) {
		put_path(b, slice_sub(dotted, 0, dotted.n - name.n), '.');
		buf_put_slice(b, name);
	} else {
		put_path(b, slice_sub(dotted, 0, end), '.');
		buf_puts(b, ".py");
		put_classes(b, slice_sub(dotted, end, dotted.n));
	}
	return true;
}

bool
junit_is_module(const struct junit_open *o, enum junit_dialect d)
{
	struct slice message = buf_slice(&o->first.message);

	return d == JUNIT_PYTEST && o->classname.n == 0 && o->first.there &&
	    (o->has[JUNIT_ERROR] || slice_eqs(message, "collection skipped"));
}

static void
put_two(struct buf *b, struct slice first, const char *join, struct slice second)
{
	buf_put_slice(b, first);
	if (first.n && second.n)
		buf_puts(b, join);
	buf_put_slice(b, second);
}

static void
put_playwright(struct buf *b, const struct junit_open *o)
{
	struct slice name = buf_slice(&o->name), project = buf_slice(&o->project);

	if (project.n && !(slice_starts(name, "[") &&
	    slice_eq(slice_sub(name, 1, project.n), project)))
		buf_printf(b, "[%.*s]" ARROW, SLICE_ARG(project));
	put_two(b, buf_slice(&o->classname), ARROW, name);
}

bool
junit_is_broken(const struct junit_open *o)
{
	return slice_eqs(buf_slice(&o->classname), BROKEN) ||
	    slice_eqs(buf_slice(&o->name), BROKEN);
}

bool
junit_is_package(const struct junit_open *o)
{
	struct slice name = buf_slice(&o->name), message = buf_slice(&o->first.message);

	if (o->has[JUNIT_FAILURE] && slice_eqs(name, "TestMain") && o->classname.n == 0)
		return true;
	if (o->has[JUNIT_ERROR])
		return slice_eqs(message, "Build error") || slice_eqs(message, "Runtime error");
	return false;
}

static void
put_go(struct buf *b, const struct junit_open *o)
{
	struct slice package = buf_slice(o->classname.n ? &o->classname : &o->suite);
	struct slice name = buf_slice(&o->name);

	/* no test, the package */
	put_two(b, package, "::", package.n && junit_is_package(o) ? (struct slice){ NULL, 0 } :
	    name);
}

static void
put_id(struct junit_table *t, const struct junit_open *o, enum junit_dialect d)
{
	struct slice dotted = buf_slice(&o->classname), name = buf_slice(&o->name);
	struct buf *b = &t->scratch;

	buf_reset(b);
	if (junit_is_module(o, d)) {
		struct slice file = buf_slice(&o->file);

		put_path(b, file.n ? file : name, file.n ? '\\' : '.');
		if (!file.n)
			buf_puts(b, ".py");
	} else if (d == JUNIT_PLAYWRIGHT) {
		put_playwright(b, o);
	} else if (d == JUNIT_GO) {
		put_go(b, o);
	} else if (d == JUNIT_NODE) {
		put_two(b, buf_slice(&o->suite), " > ", name);
	} else if (d == JUNIT_CTEST) {
		buf_put_slice(b, name);
	} else if (d == JUNIT_JEST && (slice_eq(dotted, name) || junit_is_broken(o))) {
		/* a test outside of any describe() begins with a blank */
		buf_put_slice(b, slice_eqs(name, BROKEN) ? o->suite_name : slice_trim(name));
	} else if (d == JUNIT_SUREFIRE && slice_eq(dotted, name)) {
		buf_put_slice(b, name);
	} else if ((d == JUNIT_PYTEST || d == JUNIT_PLAIN) &&
	    put_module(t, o, d == JUNIT_PYTEST)) {
		if (b->n && name.n)
			buf_puts(b, "::");
		buf_put_slice(b, name);
	} else {
		buf_reset(b);
		put_two(b, dotted.n || d == JUNIT_PYTEST ? dotted : o->suite_name, "::", name);
	}
	if (b->n == 0)
		buf_puts(b, "(no name)");
}

/* the number of the id in scratch, NAMES_NONE when there is no room for it */
static uint32_t
number_of(struct junit_table *t, struct names *names, struct slice s)
{
	uint32_t n = names_find(names, s);
	size_t had = t->about_cap;

	if (n != NAMES_NONE)
		return n;
	if (t->named + s.n > JUNIT_NAMES)
		return NAMES_NONE;
	t->named += s.n;
	n = names_put(names, s);
	if (names != &t->ids)
		return n;
	t->about = mem_grow(t->about, &t->about_cap, n + (size_t)1, sizeof *t->about);
	for (size_t i = had; i < t->about_cap; i++)
		t->about[i] = (struct junit_id){ 0 };
	return n;
}

static uint32_t
find_id(struct junit_table *t, const struct junit_open *o, enum junit_dialect d)
{
	uint32_t n = number_of(t, &t->ids, buf_slice(&t->scratch)), base = n, suite;
	bool repeats = junit_dialect_repeats(d) || junit_is_broken(o);

	if (n == NAMES_NONE)
		return n;
	suite = number_of(t, &t->texts, buf_slice(&o->suite));
	if (!t->about[n].last) {
		t->about[n].suite = suite;
		return n;
	}
	while (!repeats && n != NAMES_NONE && t->about[n].last) {
		buf_reset(&t->scratch);
		buf_printf(&t->scratch, "%.*s #%u", SLICE_ARG(t->ids.name[base]),
		    ++t->about[base].same + 1);
		n = number_of(t, &t->ids, buf_slice(&t->scratch));
	}
	if ((d == JUNIT_PLAIN || d == JUNIT_SUREFIRE) && t->about[n].suite != suite && o->suite.n) {
		buf_reset(&t->scratch);
		put_two(&t->scratch, buf_slice(&o->suite), "::", t->ids.name[n]);
		n = number_of(t, &t->ids, buf_slice(&t->scratch));
		if (n != NAMES_NONE && !t->about[n].last)
			t->about[n].suite = suite;
	}
	return n;
}

struct slice
junit_nodeid(struct junit_table *t, struct junit_open *o, enum junit_dialect d)
{
	if (o->id == NAMES_NONE) {
		put_id(t, o, d);
		o->id = find_id(t, o, d);
	}
	return o->id == NAMES_NONE ? buf_slice(&t->scratch) : t->ids.name[o->id];
}

/* ---- its parts ---- */

static void
path_parts(struct test *test)
{
	struct test_id id = test_id_parts(test->nodeid);

	test->file = id.file;
	test->suite = id.suite;
	test->params = id.params;
}

/* "cart › adds": all but the last title */
static struct slice
titles_before(struct slice name, const char *join)
{
	size_t at = SIZE_MAX, next = 0;

	while ((next = slice_find(name, next, slice_str(join))) != SIZE_MAX) {
		at = next;
		next += strlen(join);
	}
	return at == SIZE_MAX ? (struct slice){ NULL, 0 } : slice_sub(name, 0, at);
}

/* "test/cart.test.ts" of vitest, class and suite: a file, with the suites in the name */
static bool
is_file(struct slice dotted, struct slice suite)
{
	size_t slash = slice_rfind_byte(dotted, '/');

	return slash != SIZE_MAX && slice_eq(dotted, suite) &&
	    slice_find_byte(dotted, 0, ' ') == SIZE_MAX &&
	    slice_find_byte(dotted, slash, '.') != SIZE_MAX;
}

void
junit_id_parts(struct junit_table *t, const struct junit_open *o, enum junit_dialect d,
    struct test *test)
{
	struct slice dotted = buf_slice(&o->classname), name = buf_slice(&o->name);
	bool sure, file = d == JUNIT_PLAIN && o->file.n == 0 && is_file(dotted, o->suite_name);

	test->file = (struct slice){ NULL, 0 };
	if (d == JUNIT_PYTEST || (d == JUNIT_PLAIN && is_dotted(dotted) &&
	    (module_end(dotted, &sure), sure)))
		path_parts(test);
	else if (d == JUNIT_PLAYWRIGHT)
		test->suite = junit_keep_name(t, titles_before(name, ARROW));
	else if (d == JUNIT_NODE || (d == JUNIT_GO && dotted.n == 0))
		test->suite = junit_keep_name(t, buf_slice(&o->suite));
	else if (file)
		test->suite = junit_keep_name(t, titles_before(name, " > "));
	else if (d != JUNIT_CTEST && !slice_eq(dotted, name) && !junit_is_broken(o))
		test->suite = junit_keep_name(t, dotted);
	if (test->file.n == 0) {
		buf_reset(&t->text);
		put_path(&t->text, d == JUNIT_PLAYWRIGHT || file ? dotted : buf_slice(&o->file),
		    '\\');
		test->file = junit_keep_name(t, buf_slice(&t->text));
	}
	buf_reset(&t->text);
	if (slice_eq(dotted, name))
		buf_put_slice(&t->text, slice_trim(name));
	else
		put_two(&t->text, dotted, "::", name);
	if (!slice_eq(buf_slice(&t->text), test->nodeid))
		test->printed = junit_keep_printed(t, buf_slice(&t->text));
}
