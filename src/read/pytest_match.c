/*
 * pytest_match.c - headings of failures to results, when all of a run has been read.
 *
 * A heading names class and function but no file: "TestC.test_m[p]". pytest
 * prints headings in the order of the results, so the first result with that
 * heading that has none yet is the one that is meant.
 */
#include "config.h"

#include "base/mem.h"
#include "read/pytest_table.h"

/* "E" and the heading of this id: "path::TestC::test_m[a::b]" gives "TestC.test_m[a::b]" */
static struct slice
heading_of(struct pytest_table *t, char kind, struct slice id)
{
	size_t colons = slice_find(id, 0, SLICE("::"));
	bool bracket = false;

	buf_reset(&t->scratch);
	buf_putc(&t->scratch, kind);
	if (kind == 'C' || colons == SIZE_MAX)
		colons = 0;
	else
		colons += 2;
	for (size_t i = colons; i < id.n; i++) {
		bracket = bracket || id.p[i] == '[';
		if (!bracket && id.p[i] == ':' && i + 1 < id.n && id.p[i + 1] == ':') {
			buf_putc(&t->scratch, '.');
			i++;
		} else {
			buf_putc(&t->scratch, id.p[i]);
		}
	}
	return buf_slice(&t->scratch);
}

static uint32_t *
next_of(struct pytest_result *r, char kind)
{
	return kind == 'F' ? &r->next_failed : &r->next_error;
}

static void
enter_heading(struct pytest_table *t, uint32_t at, char kind)
{
	size_t had = t->headings.count;
	uint32_t n = names_put(&t->headings, heading_of(t, kind, t->result[at].id));

	if (n >= had) {
		t->head = mem_grow(t->head, &t->head_cap, n + (size_t)1, sizeof *t->head);
		t->tail = mem_grow(t->tail, &t->tail_cap, n + (size_t)1, sizeof *t->tail);
		t->head[n] = t->tail[n] = 0;
	}
	if (t->tail[n])
		*next_of(&t->result[t->tail[n] - 1], kind) = at + 1;
	else
		t->head[n] = at + 1;
	t->tail[n] = at + 1;
}

static void
enter_headings(struct pytest_table *t)
{
	names_release(&t->headings);
	names_init(&t->headings, &t->arena);
	t->entered = true;
	for (uint32_t i = 0; i < t->results; i++) {
		struct pytest_result *r = &t->result[i];

		r->next_failed = r->next_error = 0;
		if (!r->id.n || r->rerun || r->dropped)
			continue;
		if (r->outcome == TEST_FAILED || r->call_failed)
			enter_heading(t, i, 'F');
		if (r->outcome == TEST_ERROR)
			enter_heading(t, i, r->phase == PHASE_COLLECT ? 'C' : 'E');
		if (r->outcome == TEST_PASSED || r->outcome == TEST_XPASSED ||
		    r->outcome == TEST_XFAILED)
			enter_heading(t, i, 'P');
	}
}

/* the first result under this heading; with `take` it has its heading now */
static struct pytest_result *
under_heading(struct pytest_table *t, char kind, struct slice title, bool take)
{
	uint32_t n;
	struct pytest_result *r;

	buf_reset(&t->scratch);
	buf_putc(&t->scratch, kind);
	buf_put_slice(&t->scratch, title);
	n = names_find(&t->headings, buf_slice(&t->scratch));
	if (n == NAMES_NONE || t->head[n] == 0)
		return NULL;
	r = &t->result[t->head[n] - 1];
	if (take)
		t->head[n] = *next_of(r, kind);
	return r;
}

bool
pytest_table_passed(struct pytest_table *t, struct slice title)
{
	if (!t->entered)
		enter_headings(t);
	return under_heading(t, 'P', title, false) && !under_heading(t, 'F', title, false) &&
	    !under_heading(t, 'E', title, false);
}

/* "test_s [msg] (i=1)" is one subtest of test_s; "test_p[a (b)]" is none */
static bool
subtest_title(struct slice title, struct slice *parent)
{
	unsigned depth = 0;

	for (size_t i = 0; i + 1 < title.n; i++) {
		char c = title.p[i], next = title.p[i + 1];

		if (c == ' ' && depth == 0 && i > 0 && (next == '[' || next == '(')) {
			*parent = slice_sub(title, 0, i);
			return slice_ends(title, "]") || slice_ends(title, ")");
		}
		if (c == '[')
			depth++;
		else if (c == ']' && depth)
			depth--;
	}
	return false;
}

/* no row, letter or summary line names the test: the heading is all there is */
static struct pytest_result *
result_of_heading(struct pytest_table *t, const struct pytest_block *b)
{
	struct line at = { .no = b->line, .byte = b->byte };
	enum test_outcome outcome = b->kind == 'F' ? TEST_FAILED : TEST_ERROR;
	struct pytest_result *r = NULL;
	struct slice title = b->title;
	bool bracket = false;
	char *id;

	if (b->kind == 'F')
		subtest_title(b->title, &title);
	if (b->kind == 'C' || !b->file.n)
		id = arena_str(&t->arena, title);
	else
		id = arena_printf(&t->arena, "%.*s::", SLICE_ARG(b->file));
	if (b->kind != 'C' && b->file.n) {
		buf_reset(&t->scratch);
		buf_puts(&t->scratch, id);
		for (size_t i = 0; i < title.n; i++) {
			bracket = bracket || title.p[i] == '[';
			if (title.p[i] == '.' && !bracket)
				buf_puts(&t->scratch, "::");
			else
				buf_putc(&t->scratch, title.p[i]);
		}
		id = arena_str(&t->arena, buf_slice(&t->scratch));
	}
	if (b->kind != 'C')
		r = pytest_table_unnamed(t, b->file, outcome);
	if (r) {
		pytest_table_name(t, r, slice_str(id));
		t->unnamed--;
	} else {
		r = pytest_table_add(t, slice_str(id), &at);
	}
	if (!r)
		return NULL;
	r->outcome = outcome;
	r->phase = b->kind == 'C' ? PHASE_COLLECT : outcome == TEST_FAILED ? PHASE_CALL :
	    b->phase;
	t->collect_errors += b->kind == 'C';
	return r;
}

/*
 * Printed by a test, not by pytest: a heading in captured output that names no result, when all
 * that failed have their names already.
 */
static bool
is_printed(const struct pytest_table *t, const struct pytest_block *b)
{
	struct slice parent;

	return b->inside && b->kind != 'C' && t->whole && (t->rows || t->letters) &&
	    t->unnamed == 0 && t->rows_lost == 0 && !subtest_title(b->title, &parent);
}

static struct pytest_result *
find_result(struct pytest_table *t, const struct pytest_block *b, bool *part)
{
	struct pytest_result *r;
	struct slice parent;
	uint32_t n;

	*part = false;
	if (b->crashed.n) {
		n = names_find(&t->ids, pytest_table_id(t, b->crashed));
		if (n != NAMES_NONE && t->last[n])
			return &t->result[t->last[n] - 1];
	}
	r = under_heading(t, b->kind, b->title, b->kind != 'P');
	if (!r && subtest_title(b->title, &parent)) {
		r = under_heading(t, b->kind, parent, false);
		/* pytest may print PASSED for a test and yet report a failed subtest of it */
		if (!r && b->kind == 'F') {
			r = under_heading(t, 'P', parent, false);
			if (r && r->outcome == TEST_PASSED)
				r->outcome = TEST_FAILED;
		}
		*part = r != NULL;
	}
	return r || b->kind == 'P' || is_printed(t, b) ? r : result_of_heading(t, b);
}

/*
 * ".E" is one test whose teardown failed. When the E has been named and its heading says
 * teardown, the letter before it was the same test.
 */
static bool
can_join(const struct pytest_result *r)
{
	const struct pytest_result *before = r - 1;

	return r->letter && r->status == PYTEST_ERROR && before->letter &&
	    before->file == r->file && !before->id.n && !before->rerun && !before->dropped &&
	    before->outcome == TEST_PASSED;
}

static bool
join_teardown(struct pytest_table *t, struct pytest_result *r)
{
	struct pytest_result *before = r - 1;

	if (r == t->result || !can_join(r))
		return false;
	before->dropped = true;
	r->phase = PHASE_TEARDOWN;
	return true;
}

/* an error that may be one of the teardown of the test before it */
static bool
is_unsure(const struct pytest_table *t, size_t i)
{
	const struct pytest_result *r = &t->result[i];

	return !r->dropped && r->unsure && r->phase == PHASE_NONE && r->detail_line == 0 &&
	    i > 0 && can_join(r);
}

long
pytest_table_join(struct pytest_table *t, long surplus)
{
	long joined = 0, unsure = 0;

	for (size_t i = 0; i < t->results; i++)
		unsure += is_unsure(t, i);
	for (size_t i = 0; i < t->results && joined < surplus; i++) {
		if (!is_unsure(t, i))
			continue;
		joined += join_teardown(t, &t->result[i]);
		/* which of them it is can be said only when it is all of them */
		if (unsure > surplus)
			t->result[i].phase = PHASE_NONE;
	}
	return joined;
}

void
pytest_table_apart(struct pytest_table *t)
{
	for (size_t i = 0; i < t->results; i++)
		if (is_unsure(t, i))
			t->result[i].phase = PHASE_SETUP;
}

static void
give_heading(struct pytest_table *t, struct pytest_block *b)
{
	bool part;
	struct pytest_result *r = find_result(t, b, &part);

	if (!r)
		return;
	b->result = (uint32_t)(r - t->result);
	if (b->kind == 'P')
		return;
	if (b->kind == 'E' && b->phase != PHASE_NONE && r->outcome == TEST_ERROR) {
		r->phase = b->phase;
		if (b->phase == PHASE_TEARDOWN)
			join_teardown(t, r);
	}
	/* of a failure and the error of its teardown, the failure is told */
	if (r->detail_line && !(b->kind == 'F' && r->call_failed && !part))
		return;
	/* the short summary told the failure, if no heading does */
	r->message = b->kind == 'E' && r->call_failed && r->why.n ? r->why : b->message;
	r->detail = b->detail;
	r->detail_line = b->line;
	r->detail_byte = b->byte;
}

/*
 * The first passed letter without a name behind result number `after`: the short summary is in
 * the order of the run. *next is where the search of the subtest before ended.
 */
static struct pytest_result *
unnamed_behind(struct pytest_table *t, struct slice path, size_t after, size_t *next)
{
	if (*next < after)
		*next = after;
	for (; *next < t->results; ++*next) {
		struct pytest_result *r = &t->result[*next];
		struct slice file = r->file == NAMES_NONE ? path : t->files.name[r->file];

		if (r->letter && !r->id.n && !r->rerun && !r->dropped &&
		    r->outcome == TEST_PASSED && (!file.n || slice_eq(file, path)))
			return r;
	}
	return NULL;
}

/* failed subtests of a test that no other line names */
static void
add_subs(struct pytest_table *t)
{
	size_t next = 0;

	for (size_t i = 0; i < t->subs; i++) {
		const struct pytest_sub *s = &t->sub[i];
		struct slice path = slice_sub(s->id, 0, slice_find(s->id, 0, SLICE("::")));
		struct pytest_result *r;

		if (names_find(&t->ids, s->id) != NAMES_NONE)
			continue;
		/* pytest-subtests counts the parent as passed */
		r = unnamed_behind(t, path, s->after, &next);
		if (r)
			pytest_table_name(t, r, s->id);
		else
			r = pytest_table_add(t, s->id, &(struct line){ .no = s->line,
			    .byte = s->byte });
		if (!r)
			return;
		r->outcome = TEST_FAILED;
		r->phase = PHASE_CALL;
		r->child_failed = true;
		r->why = s->message;
	}
}

/* attempts that were run again carry the name of the last one */
static void
name_reruns(struct pytest_table *t)
{
	for (size_t i = t->results; i-- > 1;) {
		struct pytest_result *r = &t->result[i], *before = r - 1;

		if (before->letter && before->rerun && r->letter && before->file == r->file &&
		    before->ordinal == r->ordinal && !before->id.n)
			before->id = r->id;
	}
}

static void
count_unnamed(struct pytest_table *t)
{
	t->unnamed = 0;
	for (size_t i = 0; i < t->results; i++) {
		const struct pytest_result *r = &t->result[i];

		t->unnamed += !r->id.n && !r->rerun && !r->dropped &&
		    (r->outcome == TEST_FAILED || r->outcome == TEST_ERROR);
	}
}

void
pytest_table_match(struct pytest_table *t)
{
	pytest_table_say(t);
	add_subs(t);
	enter_headings(t);
	count_unnamed(t);
	for (size_t i = 0; i < t->blocks; i++)
		give_heading(t, &t->block[i]);
	pytest_table_time(t);
	name_reruns(t);
}
