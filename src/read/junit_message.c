/*
 * junit_message.c - the message of a failure, an error or a skip as its console prints it.
 */
#include "config.h"

#include "read/go_line.h"
#include "read/junit_case.h"

#include "base/text.h"

static struct slice
first_line(struct slice s)
{
	s = slice_trim(s);
	return slice_trim(slice_sub(s, 0, slice_find_byte(s, 0, '\n')));
}

/* ---- pytest ---- */

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "#x1B", "#xFFFE": a character that XML forbids; its length, or 0 */
static size_t
escape_at(struct slice s, size_t at, uint32_t *code)
{
	size_t n = 0;

	if (at && s.p[at - 1] == '&')
		return 0;
	s = slice_sub(s, at, 6);
	if (!slice_starts(s, "#x"))
		return 0;
	for (*code = 0; n < 4 && 2 + n < s.n && hex(s.p[2 + n]) >= 0; n++)
		*code = *code * 16 + (uint32_t)hex(s.p[2 + n]);
	if (n >= 2 && n < 4) {
		/* two digits, whatever follows */
		*code = (uint32_t)(hex(s.p[2]) * 16 + hex(s.p[3]));
		n = 2;
	} else if (n == 4 && *code < 0xD800) {
		*code = (uint32_t)(hex(s.p[2]) * 16 + hex(s.p[3]));
		n = 2;
	}
	if (n == 2 && ((*code < 0x20 && *code && *code != '\t' && *code != '\n' && *code != '\r') ||
	    *code == 0x7F))
		return 4;
	return 0;
}

struct slice
junit_plain(struct buf *out, struct slice s, bool escapes)
{
	struct arena a;
	struct slice clean;
	uint32_t code;
	bool any = slice_find_byte(s, 0, 0x7F) != SIZE_MAX;

	buf_reset(out);
	for (size_t i = 0; i < s.n; i++) {
		size_t n = escapes && s.p[i] == '#' ? escape_at(s, i, &code) : 0;

		any = any || n > 0;
		/* DEL stands for the ESC that junit_filter.c took out */
		buf_putc(out, n ? (char)code : s.p[i] == 0x7F ? 0x1B : s.p[i]);
		i += n ? n - 1 : 0;
	}
	if (!any)
		return s;
	arena_init(&a);
	clean = text_strip_ansi(&a, buf_slice(out));
	if (clean.p != out->p) {
		buf_reset(out);
		buf_put_slice(out, clean);
	}
	arena_release(&a);
	return buf_slice(out);
}

/* the first of the last run of "E   " lines; of a syntax error, which begins with its place, the
 * last of them */
static struct slice
error_line(struct slice detail)
{
	struct slice line, found = { NULL, 0 };
	bool in = false, place = false;

	while (slice_take_line(&detail, &line)) {
		struct slice text = slice_trim(slice_sub(line, 1, line.n));
		bool e = slice_starts(line, "E   ");

		if (e && text.n && (!in || place)) {
			place = !in ? slice_starts(text, "File \"") : place;
			found = text;
		}
		in = e || (in && slice_eqs(slice_trim(line), "E"));
	}
	return found;
}

/* "('/a/test_b.py', 3, 'Skipped: no net')" */
static struct slice
skip_in_tuple(struct slice s)
{
	size_t at = slice_find(s, 0, SLICE("Skipped: "));

	if (at == SIZE_MAX)
		return first_line(s);
	s = first_line(slice_sub(s, at + 9, s.n));
	if (slice_ends(s, "')") || slice_ends(s, "\")"))
		s.n -= 2;
	return s;
}

static struct slice
pytest_message(const struct junit_told *told, enum test_phase *phase)
{
	struct slice s = buf_slice(&told->message), detail = buf_slice(&told->detail), line;

	if (slice_eqs(s, "collection failure") || slice_eqs(s, "collection skipped")) {
		*phase = PHASE_COLLECT;
		if (told->child == JUNIT_SKIPPED)
			return skip_in_tuple(detail);
		line = error_line(detail);
		return line.n ? line : first_line(detail);
	}
	if (slice_take_str(&s, "failed on setup with \""))
		*phase = PHASE_SETUP;
	else if (slice_take_str(&s, "failed on teardown with \""))
		*phase = PHASE_TEARDOWN;
	if (s.n < told->message.n && slice_ends(s, "\""))
		s.n--;
	/* "file P, line 1 ... E   fixture 'x' not found": what went wrong is further down */
	line = slice_find(s, 0, SLICE("\nE   ")) == SIZE_MAX ? (struct slice){ NULL, 0 } :
	    error_line(s);
	return line.n ? line : first_line(s);
}

/* ---- the others ---- */

/* "cart_test.cc:13" of googletest, "(in test file cart.bats, line 3)" of bats */
static bool
is_place(struct slice s)
{
	size_t colon = slice_rfind_byte(s, ':');
	int64_t n;

	if ((slice_starts(s, "(in ") || slice_starts(s, "(from ")) &&
	    slice_find(s, 0, SLICE(", line ")) != SIZE_MAX)
		return true;
	return colon != SIZE_MAX && slice_find_byte(s, 0, ' ') == SIZE_MAX &&
	    slice_to_int64(slice_sub(s, colon + 1, s.n), &n);
}

/* "App\Tests\CartTest::testPrice with data set #1 (2, 20)" of PHPUnit, above what it says */
static bool
is_own_id(struct slice s, struct slice name)
{
	size_t at = slice_find(s, 0, SLICE("::"));

	return at != SIZE_MAX && name.n > 0 && slice_find_byte(s, 0, ' ') > at &&
	    slice_eq(slice_sub(s, at + 2, name.n), name);
}

static struct slice
next_line(struct slice *text)
{
	struct slice line;

	while (slice_take_line(text, &line))
		if (slice_trim(line).n > 0)
			return slice_trim(line);
	return (struct slice){ NULL, 0 };
}

/*
 * The first line that says something: neither where nor of what. "Expected equality of these
 * values:" goes with the line behind it, in b.
 */
static struct slice
telling_line(struct slice text, struct slice name, struct buf *b)
{
	struct slice line = next_line(&text), first = line, more;

	while (line.n && (is_place(line) || is_own_id(line, name)))
		line = next_line(&text);
	if (!line.n)
		return first;
	more = slice_ends(line, ":") ? next_line(&text) : (struct slice){ NULL, 0 };
	if (!more.n)
		return line;
	buf_reset(b);
	buf_printf(b, "%.*s %.*s", SLICE_ARG(line), SLICE_ARG(more));
	return buf_slice(b);
}

/*
 * Java: what the stack trace says when it begins with the type, "T: message"; of Cypress, whose
 * trace has less of it, the type and the message.
 */
static struct slice
typed_message(const struct junit_told *told, struct slice name, struct buf *b)
{
	struct slice message = buf_slice(&told->message), detail = buf_slice(&told->detail);
	struct slice type = buf_slice(&told->type), line = first_line(detail), rest, whole;

	if (!type.n || line.n <= type.n || line.p[type.n] != ':' ||
	    !slice_eq(slice_sub(line, 0, type.n), type)) {
		message = telling_line(message.n ? message : detail, name, b);
		return message.n ? message : first_line(type);
	}
	rest = slice_trim(slice_sub(line, type.n + 1, line.n));
	whole = first_line(message);
	if (rest.n >= whole.n || !slice_eq(slice_sub(whole, 0, rest.n), rest))
		return slice_ends(line, ":") ? telling_line(detail, name, b) : line;
	buf_reset(b);
	buf_printf(b, "%.*s: %.*s", SLICE_ARG(type), SLICE_ARG(whole));
	return buf_slice(b);
}

/* "FAIL\tex.com/p [build failed]": why */
static bool
take_build(struct slice *s)
{
	size_t open = slice_rfind_byte(*s, '[');

	if (!slice_starts(*s, "FAIL") || !slice_ends(*s, " failed]") || open == SIZE_MAX)
		return false;
	*s = slice_sub(*s, open + 1, s->n - open - 2);
	return true;
}

/*
 * Of what a test of Go printed: what it died of, else the first line that t.Error or t.Log put a
 * place before, else the first line.
 */
static struct slice
message_of_go(const struct junit_told *told)
{
	struct slice attribute = buf_slice(&told->message), line, first = { NULL, 0 };
	struct slice placed = { NULL, 0 };
	bool own = slice_find_byte(attribute, 0, '\n') != SIZE_MAX;	/* of gotestsum, a skip */
	struct slice text = told->detail.n || !own ? buf_slice(&told->detail) : attribute;

	while (slice_take_line(&text, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, "panic: ") || slice_starts(line, "fatal error: ") ||
		    slice_starts(line, "signal: "))
			return slice_sub(line, 0, slice_find(line, 0, SLICE(" [recovered")));
		if (line.n == 0 || placed.n || slice_starts(line, "=== ") ||
		    slice_starts(line, "--- ") || slice_starts(line, "# "))
			continue;
		if (go_take_place(&line) || slice_take_str(&line, "Error:") || take_build(&line))
			placed = slice_trim(line);
		else if (!first.n && !slice_starts(line, "Error Trace:"))
			first = line;
	}
	if (placed.n || first.n)
		return placed.n ? placed : first;
	return own || slice_eqs(attribute, "Failed") || slice_eqs(attribute, "Skipped") ?
	    first : first_line(attribute);
}

void
junit_example(struct buf *b, struct slice detail)
{
	struct slice line;
	bool first = false;

	buf_reset(b);
	while (slice_take_line(&detail, &line)) {
		line = slice_trim(line);
		if (slice_eqs(line, "got:") || slice_eqs(line, "want:")) {
			buf_puts(b, b->n ? ", " : "");
			buf_put_slice(b, line);
			first = true;
		} else if (first) {
			buf_putc(b, ' ');
			buf_put_slice(b, line);
			first = false;
		}
	}
}

/* below "* Test suite failed to run" */
static struct slice
jest_message(const struct junit_told *told)
{
	struct slice text = buf_slice(&told->detail), line;

	while (slice_take_line(&text, &line)) {
		line = slice_trim(line);
		if (slice_take_str(&line, "\xE2\x97\x8F"))		/* U+25CF */
			line = slice_trim(line);
		if (line.n && !slice_eqs(line, "Test suite failed to run"))
			return line;
	}
	return first_line(buf_slice(&told->message));
}

/* under "[chromium] › a.spec.ts:3:5 › cart › adds ────" */
static struct slice
playwright_message(const struct junit_told *told)
{
	struct slice text = buf_slice(&told->detail), line;

	while (slice_take_line(&text, &line)) {
		line = slice_trim(line);
		if (line.n && slice_find(line, 0, SLICE(" \xE2\x80\xBA ")) == SIZE_MAX)
			return line;
	}
	return first_line(buf_slice(&told->message));
}

/* the attribute has lost its line breaks, the text has them */
static struct slice
node_message(const struct junit_told *told)
{
	struct slice attribute = first_line(buf_slice(&told->message)), line;
	struct slice text = buf_slice(&told->detail);
	size_t at = slice_find(text, 0, SLICE("[ERR_TEST_FAILURE]: "));

	/* {todo: true} gives no reason */
	if (told->child == JUNIT_SKIPPED && slice_eqs(attribute, "true"))
		return (struct slice){ NULL, 0 };
	if (told->child == JUNIT_SKIPPED || at == SIZE_MAX)
		return attribute;
	line = first_line(slice_sub(text, at + 20, text.n));
	return line.n && line.n < attribute.n && slice_eq(slice_sub(attribute, 0, line.n), line) ?
	    line : attribute;
}

struct slice
junit_message(enum junit_dialect d, const struct junit_told *told, struct slice name,
    struct buf *b, enum test_phase *phase)
{
	struct slice message = buf_slice(&told->message);

	if (d == JUNIT_PYTEST || slice_starts(message, "failed on setup with \"") ||
	    slice_starts(message, "failed on teardown with \""))
		message = pytest_message(told, phase);
	else if (d == JUNIT_GO)
		return message_of_go(told);
	else if (d == JUNIT_PLAYWRIGHT)
		message = playwright_message(told);
	else if (d == JUNIT_NODE)
		message = node_message(told);
	else if (d == JUNIT_JEST)
		message = jest_message(told);
	else
		message = typed_message(told, name, b);
	return message.n ? message : first_line(buf_slice(&told->detail));
}
