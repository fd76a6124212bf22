/*
 * pytest_block.c - one heading of ERRORS or FAILURES, its traceback and captured output.
 */
#include "config.h"

#include "read/pytest_run.h"

#include "base/text.h"

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, s);
}

/* keep at most one block of text, whole lines */
static void
put_line(struct buf *b, struct slice line)
{
	if (b->over)
		return;
	if (b->n + line.n + 1 > b->max) {
		/* a first line that is too long is better than nothing */
		if (b->n == 0)
			buf_put_slice(b, slice_sub(line, 0, text_utf8_floor(line, b->max - 1)));
		b->over = true;
		return;
	}
	buf_put_slice(b, line);
	buf_putc(b, '\n');
}

/* give what is known so far to the table, so that captured text can refer to it */
static void
store_block(struct pytest_run *r)
{
	struct pytest_open *o = &r->block;
	struct slice last = buf_slice(&o->last);
	struct pytest_block b = { .kind = o->kind, .phase = o->phase,
		.title = buf_slice(&o->title), .file = buf_slice(&o->file),
		.inside = o->inside, .crashed = buf_slice(&o->crashed),
		.message = buf_slice(&o->message),
		.detail = buf_slice(&o->detail), .line = o->line, .byte = o->byte };

	if (o->stored)
		return;
	if (b.message.n == 0 || (o->native && !o->after_e))
		b.message = last.n ? last : b.message;
	o->number = pytest_table_block(&r->table, &b);
	o->stored = true;
}

/* what was captured so far, as one piece */
static void
put_capture(struct pytest_run *r)
{
	struct pytest_open *o = &r->block;
	struct pytest_capture c = { .block = o->number, .section = buf_slice(&o->section),
		.text = buf_slice(&o->capture), .line = o->capture_line,
		.byte = o->capture_byte };

	if (slice_trim(c.text).n && o->number != NAMES_NONE)
		pytest_table_capture(&r->table, &c);
	buf_reset(&o->capture);
	o->capture_line = 0;
}

static void
end_capture(struct pytest_run *r)
{
	if (r->block.captured)
		put_capture(r);
	r->block.captured = false;
}

void
pytest_block_end(struct pytest_run *r)
{
	if (!r->block.open)
		return;
	store_block(r);
	end_capture(r);
	r->block.open = false;
}

/*
 * One heading stands for each result that failed, so a run that has shown them all knows how
 * many are to come. Without a share of the run behind each result nothing was captured, and
 * what a test printed may have been counted.
 */
bool
pytest_block_awaits(const struct pytest_run *r)
{
	const struct pytest_table *t = &r->table;
	long failed = r->kind == 'F' ? t->seen[PYTEST_FAILED] :
	    r->kind == 'E' ? t->seen[PYTEST_ERROR] : 0;

	return r->part == PART_BLOCKS && r->block.open && r->block.captured && r->progress &&
	    !r->interleaved && !r->glued_letters && r->headings < failed;
}

void
pytest_block_begin(struct pytest_run *r, struct slice title)
{
	static const struct {
		const char *words;
		char kind;
		enum test_phase phase;
	} errors[] = {
		{ "ERROR at setup of ", 'E', PHASE_SETUP },
		{ "ERROR at call of ", 'E', PHASE_CALL },
		{ "ERROR at teardown of ", 'E', PHASE_TEARDOWN },
		{ "ERROR collecting ", 'C', PHASE_COLLECT },
	};
	struct pytest_open *o = &r->block;
	bool inside = o->open && o->captured;

	pytest_block_end(r);
	o->inside = inside;
	r->headings += !(inside && pytest_table_passed(&r->table, title));
	o->kind = r->kind;
	o->phase = PHASE_NONE;
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (slice_take_str(&title, errors[i].words)) {
			o->kind = errors[i].kind;
			o->phase = errors[i].phase;
		}
	o->doctest = slice_take_str(&title, "[doctest] ");
	set(&o->title, title);
	buf_reset(&o->file);
	buf_reset(&o->crashed);
	buf_reset(&o->message);
	buf_reset(&o->last);
	buf_reset(&o->detail);
	o->open = true;
	o->captured = o->foreign = o->stored = false;
	o->after_e = o->in_e = o->native = o->after_frame = o->after_source = false;
	o->place_indent = 0;
	o->line = o->byte = 0;
	o->number = NAMES_NONE;
}

void
pytest_block_capture(struct pytest_run *r, struct slice section)
{
	if (!r->block.open)
		return;
	store_block(r);
	end_capture(r);
	r->block.captured = true;
	set(&r->block.section, slice_sub(section, 0, 200));
	r->block.capture_line = 0;
}

/* "path:12: ValueError", "path:12: in f", "path:12: ", "path:12": where a frame is */
static bool
frame_line(struct slice line, struct slice *path)
{
	size_t from = line.n > 2 && line.p[1] == ':' ? 2 : 0;	/* C:\x.py:1: */
	size_t colon = slice_find_byte(line, from, ':');
	struct slice s;
	uint64_t number;

	if (colon == SIZE_MAX || colon == 0 || line.p[0] == ' ' || line.p[0] == 'E')
		return false;
	s = slice_sub(line, colon + 1, line.n);
	if (!slice_take_uint(&s, &number) ||
	    (s.n && (!slice_take_byte(&s, ':') || (s.n && s.p[0] != ' '))))
		return false;
	*path = slice_sub(line, 0, colon);
	return true;
}

/* "E   text" or "E" alone; pytest writes at least three blanks */
static bool
error_line(struct slice line, struct slice *text)
{
	if (!slice_starts(line, "E   ") && !slice_eqs(line, "E"))
		return false;
	*text = slice_trim(slice_sub(line, 1, line.n));
	return true;
}

/* "name       = value", of --showlocals */
static bool
local_line(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] != ' ' && line.p[n] != '=')
		n++;
	if (n == 0 || n == line.n)
		return false;
	while (n < line.n && line.p[n] == ' ')
		n++;
	return n + 1 < line.n && line.p[n] == '=' && line.p[n + 1] == ' ';
}

/*
 * Behind a frame or the "E" lines only these may follow. Anything else was printed by somebody
 * else when pytest had ended without its last lines.
 */
static bool
goes_on(struct slice line)
{
	static const char *const starts[] = { "    ", ">", "E ", "_ _", "The above exception was",
		"During handling of", "!!! Recursion", "???", "[gw", "Traceback (", "  + ", "  |",
		"  File ", "Hint: ", "<frozen " };
	struct slice path;

	if (line.n == 0 || slice_eqs(line, "E") || frame_line(line, &path) || local_line(line))
		return true;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (slice_starts(line, starts[i]))
			return true;
	return false;
}

static void
crashed_worker(struct pytest_open *o, struct slice line)
{
	static const char words[] = "' crashed while running '";
	size_t at;

	if (!slice_starts(line, "worker '") || !slice_ends(line, "'"))
		return;
	at = slice_find(line, 0, slice_str(words));
	if (at == SIZE_MAX)
		return;
	at += sizeof words - 1;
	set(&o->crashed, slice_sub(line, at, line.n - 1 - at));
}

/* keep the message: the first line of the last run of "E" lines, else the first line of text */
static void
message_line(struct pytest_open *o, struct slice line)
{
	struct slice text;

	if (error_line(line, &text)) {
		size_t indent = (size_t)(text.p - line.p);

		/* a syntax error shows its place and source first, further in than its text */
		if (text.n && (!o->in_e || (o->place_indent && indent < o->place_indent))) {
			set(&o->message, text);
			o->place_indent = slice_starts(text, "File \"") ? indent : 0;
		}
		o->in_e = text.n > 0 || o->in_e;
		o->after_e = true;
		return;
	}
	o->in_e = false;
	if (o->after_e || line.n == 0)
		return;
	if (slice_starts(line, "Traceback (most recent call last)"))
		o->native = true;
	if (slice_starts(line, "  + Exception Group Traceback"))
		o->native = true;
	if (line.p[0] != ' ' && !slice_starts(line, "[gw") && !frame_line(line, &text) &&
	    !local_line(line)) {
		if (o->message.n == 0)
			set(&o->message, slice_sub(line, 0, 4000));
		/* the first line behind the frames: the others go on with it */
		if (o->native && o->after_source)
			set(&o->last, slice_sub(line, 0, 4000));
		o->after_source = false;
	} else if (o->native && o->last.n == 0 && slice_starts(line, "  | ") && line.n > 4 &&
	    line.p[4] != ' ') {
		set(&o->last, slice_sub(line, 4, 4000));
	}
	o->after_source = o->after_source || slice_starts(line, "  File \"");
}

/* of a doctest: its source, what was expected and came, and "path:9: DocTestFailure" */
static void
doctest_line(struct pytest_open *o, struct slice line)
{
	struct slice path, rest = line;

	if (slice_take_str(&rest, "UNEXPECTED EXCEPTION: ")) {
		set(&o->message, slice_sub(rest, 0, 4000));
	} else if (o->message.n == 0 && frame_line(line, &path)) {
		size_t at = slice_find(line, path.n + 1, SLICE(": "));

		if (at != SIZE_MAX)
			set(&o->message, slice_sub(line, at + 2, 200));
	}
}

static void
captured_line(struct pytest_run *r, struct slice line, const struct line *at)
{
	struct pytest_open *o = &r->block;

	if (o->capture.n + line.n + 1 > o->capture.max)
		put_capture(r);
	if (o->capture_line == 0) {
		if (line.n == 0)
			return;
		o->capture_line = at->no;
		o->capture_byte = at->byte;
	}
	put_line(&o->capture, line);
}

bool
pytest_block_line(struct pytest_run *r, struct slice line, const struct line *at)
{
	struct pytest_open *o = &r->block;
	struct slice path;

	if (!o->open)
		return false;
	if (o->captured) {
		captured_line(r, line, at);
		return true;
	}
	if ((o->after_e || o->after_frame) && !goes_on(line)) {
		pytest_block_end(r);
		return false;
	}
	if (o->line == 0 && line.n) {
		o->line = at->no;
		o->byte = at->byte;
	}
	if (o->line)
		put_line(&o->detail, line);
	if (o->doctest)
		doctest_line(o, line);
	else
		message_line(o, line);
	crashed_worker(o, line);
	if (frame_line(line, &path)) {
		o->after_frame = true;
		if (o->file.n == 0)
			set(&o->file, slice_sub(path, 0, 1000));
	}
	return true;
}
