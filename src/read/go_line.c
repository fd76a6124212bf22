/*
 * go_line.c - scanners of one line each, in linear time.
 */
#include "config.h"

#include "read/go_line.h"

#include "base/clock.h"

/* ---- names ---- */

bool
go_test_name(struct slice name)
{
	static const char *const begin[] = { "Test", "Example", "Fuzz", "Benchmark" };
	bool known = false;

	for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++) {
		struct slice rest = name;

		/* "Testing" is no test: a lower-case letter may not follow */
		if (slice_take_str(&rest, begin[i]) &&
		    (rest.n == 0 || rest.p[0] < 'a' || rest.p[0] > 'z'))
			known = true;
	}
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ')
			return false;
	return known;
}

static bool
is_package(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] <= ' ' || name.p[i] == '"' || name.p[i] == ':')
			return false;
	return name.n > 0 && name.p[0] != '[' && name.p[0] != '(';
}

/* what test2json marks the lines of the testing package with */
static void
drop_mark(struct slice *s)
{
	while (slice_take_byte(s, '\x16'))
		;
}

/* ---- frames and verdicts ---- */

bool
go_frame(struct slice line, enum go_frame *frame, struct slice *name, struct slice *glued)
{
	static const char *const word[] = { [GO_RUN] = "=== RUN   ", [GO_PAUSE] = "=== PAUSE ",
		[GO_CONT] = "=== CONT  ", [GO_NAME] = "=== NAME  " };
	size_t at = slice_find(line, 0, SLICE("=== "));

	for (; at != SIZE_MAX; at = slice_find(line, at + 1, SLICE("=== "))) {
		for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
			struct slice rest = slice_sub(line, at, line.n);

			if (!slice_take_str(&rest, word[i]))
				continue;
			/* "=== NAME  " alone: what follows is of no test */
			if (!go_test_name(rest) && !(i == GO_NAME && rest.n == 0))
				continue;
			*frame = (enum go_frame)i;
			*name = rest;
			*glued = slice_sub(line, 0, at);
			if (slice_ends(*glued, "\x16"))
				glued->n--;
			return true;
		}
	}
	return false;
}

bool
go_verdict(struct slice line, struct go_verdict *v)
{
	size_t open = slice_rfind_byte(line, '('), at = 0, from = 0;
	struct slice head, time;

	if (open == SIZE_MAX || !slice_ends(line, "s)") || open < 12 || line.p[open - 1] != ' ')
		return false;
	time = slice_sub(line, open + 1, line.n - open - 2);
	if (!clock_parse_duration(time, &v->duration_ns))
		return false;
	head = slice_sub(line, 0, open - 1);
	/* the last one: names hold no blanks */
	while ((at = slice_find(head, at, SLICE("--- "))) != SIZE_MAX)
		from = at++ + 1;
	if (from-- == 0)
		return false;
	v->glued = slice_sub(head, 0, from);
	v->indent = 0;
	if (slice_trim(v->glued).n == 0 || slice_eqs(slice_trim(v->glued), "\x16")) {
		v->indent = (unsigned)(from > 1000 ? 1000 : from);
		v->glued = (struct slice){ 0 };
	}
	head = slice_sub(head, from + 4, head.n);
	if (slice_take_str(&head, "PASS: "))
		v->what = 'P';
	else if (slice_take_str(&head, "FAIL: "))
		v->what = 'F';
	else if (slice_take_str(&head, "SKIP: "))
		v->what = 'S';
	else
		return false;
	v->name = head;
	return go_test_name(head);
}

/* ---- packages ---- */

static struct slice
take_field(struct slice *s)
{
	struct slice field;

	if (!slice_take_until(s, '\t', &field)) {
		field = *s;
		*s = slice_sub(*s, s->n, 0);
	}
	return field;
}

static bool
failed_line(struct slice s, struct go_package_line *p)
{
	struct slice field = take_field(&s), name;

	p->end = GO_FAIL;
	p->name = field;
	if (slice_take_until(&field, ' ', &name)) {
		/* "ex.com/b [build failed]" */
		if (!slice_starts(field, "[") || !slice_ends(field, "]"))
			return false;
		p->end = GO_BUILD_FAILED;
		p->name = name;
		p->note = slice_sub(field, 1, field.n - 2);
		return is_package(name) && slice_ends(p->note, "failed");
	}
	field = take_field(&s);
	return is_package(p->name) && clock_parse_duration(slice_trim(field), &p->duration_ns) &&
	    slice_ends(slice_trim(field), "s");
}

bool
go_package_line(struct slice line, struct go_package_line *p)
{
	struct slice s = line, field;

	drop_mark(&s);
	*p = (struct go_package_line){ .duration_ns = CLOCK_NONE };
	if (slice_take_str(&s, "FAIL\t"))
		return failed_line(s, p);
	if (slice_take_str(&s, "?   \t")) {
		p->end = GO_NO_FILES;
		p->name = take_field(&s);
		return is_package(p->name) && slice_eqs(s, "[no test files]");
	}
	if (slice_take_str(&s, "ok  \t")) {
		p->end = GO_OK;
	} else if (slice_take_str(&s, "\t")) {
		/* "<TAB>pkg<TAB><TAB>coverage: 0.0% of statements": no test files */
		p->end = GO_NO_FILES;
		p->name = take_field(&s);
		return is_package(p->name) && slice_starts(s, "\tcoverage: ");
	} else {
		return false;
	}
	p->name = take_field(&s);
	field = take_field(&s);
	p->cached = slice_starts(field, "(cached)");
	p->no_tests = slice_find(line, 0, SLICE("[no tests to run]")) != SIZE_MAX;
	field = slice_sub(field, 0, slice_find_byte(field, 0, ' '));
	return is_package(p->name) && (p->cached ||
	    (slice_ends(field, "s") && clock_parse_duration(field, &p->duration_ns)));
}

bool
go_build_heading(struct slice line, struct slice *package)
{
	struct slice s = line, test;

	if (!slice_take_str(&s, "# "))
		return false;
	/* "# [pkg]" heads what vet says of it */
	if (slice_take_byte(&s, '[')) {
		if (!slice_ends(s, "]"))
			return false;
		s.n--;
		*package = s;
	} else if (slice_take_until(&s, ' ', package)) {
		test = s;
		if (!slice_take_byte(&test, '[') || !slice_ends(test, "]"))
			return false;
	} else {
		*package = s;
	}
	return is_package(*package);
}

bool
go_death(struct slice line)
{
	static const char *const begin[] = { "panic: ", "fatal error: ", "SIGQUIT: ",
		"runtime: goroutine stack exceeds ", "unexpected fault address ",
		"signal: ", "*** Test killed" };

	for (size_t i = 0; i < sizeof begin / sizeof begin[0]; i++)
		if (slice_starts(line, begin[i]))
			return true;
	return false;
}

/* ---- messages ---- */

bool
go_take_place(struct slice *s)
{
	size_t ext = slice_find(*s, 0, SLICE(".go:")), blank;
	struct slice rest;
	uint64_t number;

	if (ext == SIZE_MAX)
		return false;
	/* output without a newline is glued to the blanks before it */
	blank = slice_rfind_byte(slice_sub(*s, 0, ext), ' ');
	if (blank != SIZE_MAX && !slice_ends(slice_sub(*s, 0, blank + 1), "    "))
		return false;
	rest = slice_sub(*s, ext + 4, s->n);
	if (!slice_take_uint(&rest, &number) || !slice_take_byte(&rest, ':'))
		return false;
	/* the compiler tells the column, too */
	if (slice_take_uint(&rest, &number) && !slice_take_byte(&rest, ':'))
		return false;
	*s = slice_trim(rest);
	return true;
}

struct slice
go_message(struct slice detail)
{
	struct slice line, first = { 0 }, placed = { 0 };

	while (slice_take_line(&detail, &line)) {
		struct slice s = slice_trim(line);

		/* what it died of says more than what it had logged before */
		if (go_death(s))
			return slice_sub(s, 0, slice_find(s, 0, SLICE(" [recovered")));
		if (placed.n > 0 || s.n == 0)
			continue;
		if (go_take_place(&s) || slice_take_str(&s, "Error:"))
			placed = slice_trim(s);
		else if (first.n == 0 && !slice_starts(s, "Error Trace:"))
			first = s;
	}
	return placed.n ? placed : first;
}
