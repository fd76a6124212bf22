/*
 * tap_detail.c - YAML blocks and comments behind a point.
 *
 * A block is looked at line by line: values are found by their key at the block's own
 * indentation, so that text inside of a block scalar is never taken for a key.
 */
#include "config.h"

#include "read/tap_line.h"

#include "read/run_out.h"

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/* 'it''s' and "a\n" */
static void
put_scalar(struct slice s, struct buf *b)
{
	char quote = s.n > 1 && s.p[0] == s.p[s.n - 1] && (s.p[0] == '\'' || s.p[0] == '"') ?
	    s.p[0] : 0;

	if (quote)
		s = slice_sub(s, 1, s.n - 2);
	for (size_t i = 0; i < s.n && b->n < b->max; i++) {
		if (quote == '\'' && s.p[i] == '\'' && i + 1 < s.n && s.p[i + 1] == '\'') {
			i++;
		} else if (quote == '"' && s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			buf_putc(b, s.p[i] == 'n' ? '\n' : s.p[i] == 't' ? '\t' : s.p[i]);
			continue;
		}
		buf_putc(b, s.p[i]);
	}
}

/* the lines of a block scalar, up to the next one that is indented no more than its key */
static void
put_block(struct slice rest, size_t key_indent, struct buf *b)
{
	struct slice line;

	while (slice_take_line(&rest, &line)) {
		struct slice s = slice_trim(line);

		if (s.n > 0 && indent_of(line) <= key_indent)
			return;
		if (b->n > 0)
			buf_putc(b, '\n');
		run_out_add(b, s);
	}
}

bool
tap_yaml(struct slice block, const char *key, struct buf *b)
{
	struct slice rest = block, line;
	size_t own = SIZE_MAX;

	buf_reset(b);
	while (slice_take_line(&rest, &line)) {
		struct slice s = slice_trim(line);

		if (s.n == 0)
			continue;
		if (own == SIZE_MAX)
			own = indent_of(line);
		if (indent_of(line) != own || !slice_take_str(&s, key) || !slice_take_byte(&s, ':'))
			continue;
		s = slice_trim(s);
		if (s.n > 0 && s.n <= 3 && (s.p[0] == '|' || s.p[0] == '>'))
			put_block(rest, own, b);
		else if (!slice_eqs(s, "~") && !slice_eqs(s, "null"))
			put_scalar(s, b);
		return slice_trim(buf_slice(b)).n > 0;
	}
	return false;
}

static struct slice
next_line(struct slice *s)
{
	struct slice line;

	while (slice_take_line(s, &line))
		if (slice_trim(line).n > 0)
			return slice_trim(line);
	return (struct slice){ 0 };
}

/* "Expected values to be strictly equal:" goes with the line behind it */
static void
first_line(struct slice s, struct buf *b)
{
	struct slice line = next_line(&s);

	run_out_set(b, line);
	if (!slice_ends(line, ":"))
		return;
	line = next_line(&s);
	if (line.n > 0)
		run_out_add(b, SLICE(" "));
	run_out_add(b, line);
}

static void
add_line(struct slice s, struct buf *b)
{
	run_out_add(b, next_line(&s));
}

/* "expected: 2, actual: 1" of tape, "wanted: 2, found: 1" of node-tap */
static void
compared(struct slice block, struct buf *value, struct buf *b)
{
	static const char *const pairs[][2] = { { "expected", "actual" }, { "wanted", "found" } };

	for (size_t i = 0; i < 2 && b->n == 0; i++) {
		if (!tap_yaml(block, pairs[i][0], value))
			continue;
		buf_printf(b, "%s: ", pairs[i][0]);
		add_line(buf_slice(value), b);
		if (!tap_yaml(block, pairs[i][1], value)) {
			buf_reset(b);
			continue;
		}
		buf_printf(b, ", %s: ", pairs[i][1]);
		add_line(buf_slice(value), b);
	}
}

static void
yaml_message(struct slice block, struct buf *b)
{
	static const char *const keys[] = { "error", "message" };
	struct buf value;

	buf_init(&value, 4096);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0] && b->n == 0; i++)
		if (tap_yaml(block, keys[i], &value))
			first_line(buf_slice(&value), b);
	compared(block, &value, b);
	/* "TypeError" of an error that says "no" */
	if (b->n > 0 && tap_yaml(block, "name", &value) && slice_ends(buf_slice(&value), "Error") &&
	    slice_find(buf_slice(b), 0, buf_slice(&value)) == SIZE_MAX) {
		run_out_add(&value, SLICE(": "));
		run_out_add(&value, buf_slice(b));
		run_out_set(b, buf_slice(&value));
	}
	buf_release(&value);
}

/* "  Failed test 'two'", "  at t/a.t line 1.", "Looks like you failed 1 test of 4." */
static bool
is_frame(struct slice s)
{
	/* "(in test file a.bats, line 3)" */
	if (slice_starts(s, "(in ") || slice_starts(s, "(from function "))
		return true;
	return slice_starts(s, "Failed test") || slice_starts(s, "Failed (TODO) test") ||
	    slice_starts(s, "Looks like you ") || slice_starts(s, "Subtest:") ||
	    ((slice_starts(s, "at ") || slice_starts(s, "in ")) &&
	    slice_find(s, 0, SLICE(" line ")) != SIZE_MAX);
}

/* of Test::More's lines the first that says what went wrong; got goes with expected */
static void
comment_message(struct slice detail, bool comments, struct buf *b)
{
	struct slice line, first = { 0 }, next = { 0 };

	while (slice_take_line(&detail, &line)) {
		struct slice s = slice_trim(line);

		if (slice_take_byte(&s, '#') != comments)
			continue;
		s = slice_trim(s);
		if (s.n == 0 || is_frame(s))
			continue;
		if (first.n == 0)
			first = s;
		else if (next.n == 0 && (slice_starts(first, "got:") ?
		    slice_starts(s, "expected:") : slice_ends(first, ":")))
			next = s;
	}
	run_out_set(b, first);
	if (next.n > 0) {
		run_out_add(b, slice_ends(first, ":") ? SLICE(" ") : SLICE(", "));
		run_out_add(b, next);
	}
}

void
tap_message(struct slice detail, bool yaml, struct buf *b)
{
	buf_reset(b);
	if (yaml)
		yaml_message(detail, b);
	if (b->n == 0)
		comment_message(detail, true, b);
	if (b->n == 0 && !yaml)
		comment_message(detail, false, b);
}

struct slice
tap_path(struct slice location)
{
	struct slice s = slice_trim(location);

	for (unsigned i = 0; i < 2; i++) {
		size_t colon = slice_rfind_byte(s, ':');
		int64_t n;

		/* "C:" is none */
		if (colon == SIZE_MAX || colon < 2 ||
		    !slice_to_int64(slice_sub(s, colon + 1, s.n), &n))
			break;
		s.n = colon;
	}
	return s;
}
