/*
 * report_reason.c - tracebacks in parts to the text that pytest makes of them.
 *
 * The shapes are those of _pytest/_code/code.py: a chain of tracebacks, each with entries of
 * style long, short or native, and sections behind them.
 */
#include "config.h"

#include "base/text.h"
#include "read/python_repr.h"
#include "read/report_json.h"
#include "read/report_reason.h"

/* 80 columns, as pytest writes it where it knows no width */
#define SEPARATOR "_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ "
#define ARGUMENTS_WIDTH 80	/* arguments of a function share a line up to this */

void
reason_init(struct reason *r)
{
	buf_init(&r->message, REASON_MESSAGE);
	buf_init(&r->detail, REASON_DETAIL);
	r->worker = (struct slice){ NULL, 0 };
}

void
reason_reset(struct reason *r)
{
	r->worker = (struct slice){ NULL, 0 };
	buf_reset(&r->message);
	buf_reset(&r->detail);
}

void
reason_release(struct reason *r)
{
	buf_release(&r->message);
	buf_release(&r->detail);
}

/* ---- detail ---- */

/* whole lines, as long as there is room; blank lines before the first are left out */
static void
put_lines(struct buf *b, struct slice text)
{
	struct slice line;

	while (!b->over && slice_take_line(&text, &line)) {
		if (b->n == 0 && slice_trim(line).n == 0)
			continue;
		if (b->n + line.n + 1 >= b->max) {
			/* a first line that is too long is better than nothing */
			if (b->n == 0) {
				buf_put_slice(b, slice_sub(line, 0,
				    text_utf8_floor(line, b->max - 2)));
				buf_putc(b, '\n');
			}
			b->over = true;
			return;
		}
		buf_put_slice(b, line);
		buf_putc(b, '\n');
	}
}

static void
put_blank(struct buf *b)
{
	if (b->n > 0 && !b->over && b->n + 1 < b->max)
		buf_putc(b, '\n');
}

static void
put_line_of(struct buf *b, struct slice line)
{
	if (line.n)
		put_lines(b, line);
	else
		put_blank(b);
}

static void
put_array(struct buf *b, const json_t *lines)
{
	size_t i;
	json_t *line;

	json_array_foreach(lines, i, line)
		put_line_of(b, report_string(line));
}

static void
put_place(struct buf *b, const json_t *place)
{
	struct slice path = report_text(place, "path"), message = report_text(place, "message");
	long line = report_long(json_object_get(place, "lineno"), 0);
	struct buf text;

	if (path.n == 0)
		return;
	buf_init(&text, REASON_DETAIL);
	message = slice_sub(message, 0, slice_find_byte(message, 0, '\n'));
	buf_printf(&text, "%.*s:%ld: %.*s", SLICE_ARG(path), line, SLICE_ARG(message));
	put_lines(b, buf_slice(&text));
	buf_release(&text);
}

/* "a = 1, b = 2", a line of them until it is full */
static void
put_arguments(struct buf *b, const json_t *args)
{
	struct buf line;
	size_t i;
	json_t *arg;

	if (json_array_size(args) == 0)
		return;
	buf_init(&line, REASON_DETAIL);
	json_array_foreach(args, i, arg) {
		struct slice name = report_string(json_array_get(arg, 0));
		struct slice value = report_string(json_array_get(arg, 1));

		if (line.n > 0 && line.n + name.n + value.n + 5 > ARGUMENTS_WIDTH) {
			put_lines(b, buf_slice(&line));
			buf_reset(&line);
		}
		buf_printf(&line, "%s%.*s = %.*s", line.n ? ", " : "", SLICE_ARG(name),
		    SLICE_ARG(value));
	}
	put_lines(b, buf_slice(&line));
	put_blank(b);
	buf_release(&line);
}

static void
put_entry(struct buf *b, const json_t *data, struct slice style)
{
	const json_t *place = json_object_get(data, "reprfileloc");
	const json_t *locals = json_object_get(json_object_get(data, "reprlocals"), "lines");
	const json_t *lines = json_object_get(data, "lines");

	if (slice_eqs(style, "short")) {
		put_place(b, place);
		put_array(b, lines);
		put_array(b, locals);
		return;
	}
	put_arguments(b, json_object_get(json_object_get(data, "reprfuncargs"), "args"));
	put_array(b, lines);
	if (locals) {
		put_blank(b);
		put_array(b, locals);
	}
	if (json_is_object(place)) {
		if (json_array_size(lines) > 0)
			put_blank(b);
		put_place(b, place);
	}
}

static struct slice
style_of(const json_t *entry)
{
	return report_text(json_object_get(entry, "data"), "style");
}

static void
put_traceback(struct buf *b, const json_t *traceback)
{
	const json_t *entries = json_object_get(traceback, "reprentries"), *entry;
	struct slice extra = report_text(traceback, "extraline");
	size_t n = json_array_size(entries);

	for (size_t i = 0; i < n; i++) {
		struct slice style, next;

		entry = json_array_get(entries, i);
		style = style_of(entry);
		next = style_of(json_array_get(entries, i + 1));
		if (slice_eqs(style, "long"))
			put_blank(b);
		put_entry(b, json_object_get(entry, "data"), style);
		if (i + 1 < n && (slice_eqs(style, "long") ||
		    (slice_eqs(style, "short") && slice_eqs(next, "long"))))
			put_lines(b, SLICE(SEPARATOR));
	}
	if (extra.n)
		put_lines(b, extra);
}

/* [name, text, sign]: what an exception carries along */
static void
put_section(struct buf *b, const json_t *section)
{
	struct slice name = report_string(json_array_get(section, 0));

	if (name.n == 0)
		return;
	put_lines(b, name);
	put_lines(b, report_string(json_array_get(section, 1)));
}

static void
put_parts(struct buf *b, const json_t *longrepr)
{
	const json_t *chain = json_object_get(longrepr, "chain"), *link;
	size_t i;

	if (json_array_size(chain) == 0)
		put_traceback(b, json_object_get(longrepr, "reprtraceback"));
	json_array_foreach((json_t *)chain, i, link) {
		struct slice joint = report_string(json_array_get(link, 2));

		put_traceback(b, json_array_get(link, 0));
		if (joint.n) {
			put_blank(b);
			put_lines(b, joint);
		}
	}
	json_array_foreach(json_object_get(longrepr, "sections"), i, link)
		put_section(b, link);
}

/* ---- message ---- */

static void
set_message(struct reason *r, struct slice text)
{
	text = slice_trim(text);
	buf_reset(&r->message);
	buf_put_slice(&r->message, slice_sub(text, 0, text_utf8_floor(text, REASON_MESSAGE - 1)));
}

static struct slice
last_line(struct slice s)
{
	size_t newline;

	s = slice_trim(s);
	newline = slice_rfind_byte(s, '\n');
	return newline == SIZE_MAX ? s : slice_sub(s, newline + 1, s.n);
}

/* of several lines the first says what it is, but a syntax error shows its place first */
static struct slice
short_form(struct slice message)
{
	message = slice_trim(message);
	return slice_starts(message, "File \"") ? last_line(message) :
	    slice_sub(message, 0, slice_find_byte(message, 0, '\n'));
}

/* "E   text": what pytest makes of the lines of an exception */
static bool
error_line(struct slice line, struct slice *text)
{
	if (!slice_starts(line, "E   ") && !slice_eqs(line, "E"))
		return false;
	*text = slice_trim(slice_sub(line, 1, line.n));
	return true;
}

/*
 * The last run of "E" lines; else the last line that Python wrote; else the first line.
 */
static struct slice
message_in(struct slice detail)
{
	struct slice line, text, error = { NULL, 0 }, first = error, last = error;
	bool in_error = false, native = false;

	while (slice_take_line(&detail, &line)) {
		if (error_line(line, &text)) {
			if (text.n && (!in_error || slice_starts(error, "File \"") ||
			    slice_starts(text, "SyntaxError: ")))
				error = text;
			in_error = true;
			continue;
		}
		in_error = false;
		if (line.n == 0)
			continue;
		first = first.n ? first : line;
		native |= slice_starts(line, "Traceback");
		if (line.p[0] != ' ')
			last = line;
	}
	return error.n ? error : native ? last : first;
}

/* "Skipped: not now", "Skipped" without a reason */
static void
set_skip(struct reason *r, struct slice text)
{
	if (slice_take_str(&text, "Skipped"))
		slice_take_str(&text, ":");
	set_message(r, short_form(text));
}

void
reason_of_longrepr(struct reason *r, const json_t *longrepr)
{
	struct slice text = report_string(longrepr);
	struct slice crash = report_text(json_object_get(longrepr, "reprcrash"), "message");

	reason_reset(r);
	if (json_is_array(longrepr)) {
		set_skip(r, report_string(json_array_get(longrepr, 2)));
		return;
	}
	if (text.n && reason_of_skip(r, text))
		return;
	if (json_is_object(longrepr))
		put_parts(&r->detail, longrepr);
	else
		put_lines(&r->detail, text);
	set_message(r, slice_trim(crash).n ? short_form(crash) : message_in(buf_slice(&r->detail)));
}

/* "[gw0] linux -- Python 3.11.2 /usr/bin/python3": the line that xdist puts first */
static void
take_worker(struct slice *text, struct slice *worker)
{
	struct slice rest = *text, line, word;

	if (!slice_take_line(&rest, &line) || !slice_take_str(&line, "[gw") ||
	    !slice_take_until(&line, ']', &word) ||
	    slice_find(line, 0, SLICE(" -- Python ")) == SIZE_MAX)
		return;
	*worker = slice_of(word.p - 2, word.n + 2);
	*text = rest;
}

void
reason_of_stage(struct reason *r, const json_t *stage)
{
	struct slice text = report_text(stage, "longrepr");
	const json_t *crash = json_object_get(stage, "crash"), *place;
	struct slice message = report_text(crash, "message");
	size_t i;

	reason_reset(r);
	take_worker(&text, &r->worker);
	if (text.n && !crash && reason_of_skip(r, text))
		return;
	put_lines(&r->detail, text);
	if (text.n == 0) {
		json_array_foreach(json_object_get(stage, "traceback"), i, place)
			put_place(&r->detail, place);
		if (r->detail.n == 0 && crash)
			put_place(&r->detail, crash);
	}
	set_message(r, slice_trim(message).n ? short_form(message) :
	    message_in(buf_slice(&r->detail)));
}

bool
reason_of_skip(struct reason *r, struct slice repr)
{
	struct slice reason = { NULL, 0 };
	const json_t *tuple;
	struct buf list;
	json_t *value;
	bool cut, is;

	if (!slice_starts(repr, "('") && !slice_starts(repr, "(\""))
		return false;
	buf_init(&list, repr.n + 8);
	buf_putc(&list, '[');
	buf_put_slice(&list, repr);
	buf_putc(&list, ']');
	value = python_repr(buf_slice(&list), &cut);
	tuple = json_array_get(value, 0);
	is = json_array_size(value) == 1 && json_array_size(tuple) == 3 &&
	    json_is_integer(json_array_get(tuple, 1));
	if (is)
		reason = report_string(json_array_get(tuple, 2));
	is = is && (slice_starts(reason, "Skipped:") || slice_eqs(reason, "Skipped"));
	if (is)
		set_skip(r, reason);
	json_decref(value);
	buf_release(&list);
	return is;
}
