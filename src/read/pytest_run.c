/*
 * pytest_run.c - which part of a session a line stands in, and what it means there.
 */
#include "config.h"

#include "read/pytest_run.h"

#include "base/text.h"

#include <limits.h>

#define ROW_MAX (16 * 1024)	/* longer lines are no rows, headings or totals */
#define REASON_LINES 20		/* of a reason that pytest -vv wraps */

struct where {			/* one line with its place */
	struct slice line;
	const struct line *at;
	struct err *e;
};

static void
set(struct buf *b, struct slice s)
{
	buf_reset(b);
	buf_put_slice(b, s);
}

static int
hook_begin(void *ctx, struct err *e)
{
	return pytest_run_begin(ctx, e);
}

/* every buffer of the run, with the most it may hold */
static void
each_buf(struct pytest_run *r, void (*fn)(struct buf *b, size_t max))
{
	struct pytest_open *o = &r->block;
	const struct {
		struct buf *b;
		size_t max;
	} all[] = {
		{ &r->framework, 100 }, { &r->command, 4096 }, { &r->env, 100 },
		{ &r->commit, 100 }, { &r->why, 400 }, { &r->reconciled, 400 },
		{ &r->stop, 400 }, { &r->crash, 400 }, { &r->refused, 400 },
		{ &r->open_id, 4096 }, { &r->path, 4096 }, { &r->before.command, 4096 },
		{ &r->before.env, 100 }, { &r->before.commit, 100 },
		{ &r->before.letters, ROW_MAX }, { &o->title, 4096 },
		{ &o->file, 1024 }, { &o->crashed, 4096 }, { &o->message, 4096 },
		{ &o->last, 4096 }, { &o->detail, PYTEST_TEXT_MAX }, { &o->section, 256 },
		{ &r->wrapper_why, 200 }, { &o->capture, PYTEST_TEXT_MAX },
		{ &r->crash_text, PYTEST_TEXT_MAX },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		fn(all[i].b, all[i].max);
}

static void
release_buf(struct buf *b, size_t max)
{
	(void)max;
	buf_release(b);
}

/* what belongs to one run; the buffers of r->before carry over to the next */
static void
reset_run(struct pytest_run *r)
{
	pytest_table_init(&r->table);
	buf_reset(&r->framework);
	buf_puts(&r->framework, "pytest");
	buf_reset(&r->command);
	buf_reset(&r->env);
	buf_reset(&r->commit);
	buf_reset(&r->stop);
	buf_reset(&r->crash);
	buf_reset(&r->wrapper_why);
	buf_reset(&r->crash_text);
	buf_reset(&r->refused);
	buf_reset(&r->open_id);
	buf_reset(&r->path);
	pytest_wrapper_init(&r->wrapper);
	r->collected = (struct pytest_collected){ -1, -1, -1, -1, -1 };
	r->final = (struct pytest_final){ .duration_ns = CLOCK_NONE };
	r->run = run_none;
	r->run.format = SLICE("pytest");
	r->run.fidelity = 2;
	r->headings = r->section = 0;
	r->loose_capture = r->text_behind = false;
	r->guessed = r->node_down = false;
	r->begun = r->session = r->quiet = r->xdist = r->nested = r->reported = false;
	r->has_final = r->final_doubtful = r->traceback = false;
	r->letters_open = r->interleaved = r->glued_letters = r->progress = false;
	r->share = r->all_done = r->setup_show = false;
	r->reason_open = 0;
	r->width = 0;
	r->working = 0;
}

void
pytest_run_init(struct pytest_run *r, const struct read_job *job)
{
	*r = (struct pytest_run){ .sink = job->sink, .zone = job->zone, .excerpt = job->excerpt };
	pytest_text_init(&r->text, job->sink);
	r->text.before = hook_begin;
	r->text.ctx = r;
	each_buf(r, buf_init);
	pytest_list_init(&r->list);
	r->before.started_ns = CLOCK_NONE;
	reset_run(r);
}

void
pytest_run_release(struct pytest_run *r)
{
	pytest_table_release(&r->table);
	each_buf(r, release_buf);
	pytest_list_release(&r->list);
	pytest_text_release(&r->text);
}

/* the session starts at this line; text before it belongs to it */
static int
begin_session(struct pytest_run *r, const struct where *w, bool quiet)
{
	struct pytest_before *b = &r->before;

	/* its text belongs to the table that goes with the session before */
	pytest_block_end(r);
	if (r->session) {
		if (pytest_run_finish(r, w->e) != 0)
			return -1;
		pytest_table_release(&r->table);
		pytest_list_reset(&r->list);
		reset_run(r);
	}
	if (pytest_text_section(&r->text, SLICE("stdout"), w->e) != 0)
		return -1;
	r->session = true;
	r->sessions++;
	r->quiet = quiet;
	r->part = PART_PROGRESS;
	r->run.line = w->at->no;
	r->run.byte = w->at->byte;
	r->run.started_ns = b->started_ns;
	r->run.clock = b->clock;
	set(&r->command, buf_slice(&b->command));
	set(&r->env, buf_slice(&b->env));
	set(&r->commit, buf_slice(&b->commit));
	if (quiet && b->letters.n && !r->excerpt) {
		struct line at = { .no = b->line, .byte = b->byte };

		r->guessed = true;
		pytest_table_letters(&r->table, (struct slice){ 0 }, buf_slice(&b->letters), &at);
	}
	buf_reset(&b->letters);
	buf_reset(&b->command);
	b->command_follows = false;
	b->started_ns = CLOCK_NONE;
	b->clock = RUN_CLOCK_NONE;
	return 0;
}

void
pytest_run_clock(struct pytest_run *r, int64_t ns)
{
	r->before.started_ns = ns;
	r->before.clock = RUN_CLOCK_DERIVED;
}

static int
put_text(struct pytest_run *r, const struct where *w)
{
	bool owned = r->part == PART_PROGRESS && !r->xdist;

	if (pytest_text_owner(&r->text, owned ? buf_slice(&r->open_id) : (struct slice){ 0 },
	    w->e) != 0)
		return -1;
	return pytest_text_line(&r->text, w->line, w->at, w->e);
}

/* ---- the final line ---- */

static void
end_at_final(struct pytest_run *r, const struct pytest_final *f)
{
	r->final = *f;
	r->has_final = true;
	r->final_doubtful = r->block.open && r->block.captured;
	r->final_part = r->part;
	if (!r->final_doubtful)
		pytest_block_end(r);
	r->letters_open = false;
	r->part = PART_END;
}

/* more of the session follows: what looked like its final line was printed by a test */
static void
take_back_final(struct pytest_run *r)
{
	r->has_final = r->final_doubtful = false;
	r->final = (struct pytest_final){ .duration_ns = CLOCK_NONE };
	pytest_wrapper_init(&r->wrapper);
	pytest_table_unsay(&r->table);
	r->part = r->final_part;
}

/* ---- separators ---- */

static const struct {
	const char *title;
	enum pytest_part part;
	char kind;
} sections[] = {
	{ "ERRORS", PART_BLOCKS, 'E' },
	{ "FAILURES", PART_BLOCKS, 'F' },
	{ "XFAILURES", PART_BLOCKS, 'P' },
	{ "PASSES", PART_BLOCKS, 'P' },
	{ "XPASSES", PART_BLOCKS, 'P' },
	{ "short test summary info", PART_SUMMARY, 0 },
	{ "warnings summary", PART_SECTION, 0 },
	{ "warnings summary (final)", PART_SECTION, 0 },
	{ "rerun test summary info", PART_SECTION, 0 },
};

static int
section_of(struct slice title)
{
	for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
		if (slice_eqs(title, sections[i].title))
			return (int)i;
	return -1;
}

/* "slowest 10 durations", of a table that pytest prints before the final line only */
static bool
is_durations(struct slice title)
{
	return slice_starts(title, "slowest ") && slice_ends(title, "durations");
}

static int
enter_part(struct pytest_run *r, struct slice title, enum pytest_part part, char kind,
    struct err *e)
{
	pytest_block_end(r);
	r->part = part;
	r->kind = kind;
	r->headings = 0;
	r->loose_capture = false;
	r->letters_open = false;
	if (kind == 'E' || kind == 'F' || part == PART_SUMMARY)
		r->reported = true;
	/* the short summary is the last of these: what came before this was printed by a test */
	if (kind || part == PART_SUMMARY)
		pytest_table_unsay(&r->table);
	return pytest_text_section(&r->text, title, e);
}

/* 1 consumed, 0 not, -1 error; `=` lines only */
static int
double_line(struct pytest_run *r, const struct pytest_sep *s, const struct where *w)
{
	struct pytest_final f;
	int i = section_of(s->title);

	if (slice_eqs(s->title, "test session starts")) {
		if (r->session && r->part == PART_BLOCKS && (r->loose_capture ||
		    (r->block.open && r->block.captured))) {
			r->nested = true;
			return 0;
		}
		if (begin_session(r, w, false) != 0)
			return -1;
		r->width = s->width;
		return 1;
	}
	if (r->excerpt && r->part == PART_OUTSIDE && pytest_final(s->title, &f) &&
	    begin_session(r, w, true) != 0)
		return -1;
	if (r->part == PART_END && (i >= 0 || is_durations(s->title) ||
	    (r->final_doubtful && pytest_final(s->title, &f))))
		take_back_final(r);
	if (r->part == PART_END)
		return 0;
	if (pytest_final(s->title, &f)) {
		bool captured = r->part == PART_BLOCKS && (r->loose_capture ||
		    (r->block.open && r->block.captured));

		if (r->part == PART_OUTSIDE || (captured && !pytest_run_agrees(r, &f)))
			return 0;
		end_at_final(r, &f);
		return pytest_text_section(&r->text, SLICE("stdout"), w->e) ? -1 : 1;
	}
	if (i >= 0) {
		bool captured = r->part == PART_BLOCKS && r->block.open && r->block.captured;

		/* pytest prints each of them once, in this order */
		if (pytest_block_awaits(r) || (captured && i < r->section))
			return 0;
		if (r->part == PART_OUTSIDE && begin_session(r, w, true) != 0)
			return -1;
		if (r->width == 0)
			r->width = s->width;
		if (enter_part(r, s->title, sections[i].part, sections[i].kind, w->e) != 0)
			return -1;
		r->section = i + 1;
		return 1;
	}
	/* sections of plugins; tests print such lines too, so only where no test can */
	if (r->part == PART_SUMMARY || r->part == PART_SECTION ||
	    (r->part != PART_OUTSIDE && is_durations(s->title)) ||
	    (r->part == PART_BLOCKS && !(r->block.open && r->block.captured)))
		return enter_part(r, s->title, PART_SECTION, 0, w->e) ? -1 : 1;
	return 0;
}

static bool
in_session(const struct pytest_run *r)
{
	return r->part == PART_PROGRESS || r->part == PART_BLOCKS || r->part == PART_SECTION ||
	    r->part == PART_SUMMARY;
}

static int
stop_line(struct pytest_run *r, const struct pytest_sep *s)
{
	bool captured = r->part == PART_BLOCKS && r->block.open && r->block.captured;

	if ((!in_session(r) && r->part != PART_END) || captured)
		return 0;
	if (r->stop.n == 0)
		set(&r->stop, slice_sub(s->title, 0, 200));
	if (r->part == PART_BLOCKS)
		pytest_block_end(r);
	return 1;
}

static int
thin_line(struct pytest_run *r, const struct pytest_sep *s, const struct where *w)
{
	if (r->part == PART_BLOCKS && slice_starts(s->title, "Captured ")) {
		pytest_block_capture(r, s->title);
		r->loose_capture = !r->block.open;
		return 1;
	}
	/* records of the log while tests run, up to the next row */
	if (r->part == PART_PROGRESS && slice_starts(s->title, "live log "))
		return pytest_text_section(&r->text, s->title, w->e) ? -1 : 1;
	if (r->part == PART_BLOCKS && slice_starts(s->title, "generated ") &&
	    !pytest_block_awaits(r))
		return enter_part(r, s->title, PART_SECTION, 0, w->e) ? -1 : 1;
	return 0;
}

/* 1 consumed, 0 not a separator that means something here, -1 error */
static int
separator(struct pytest_run *r, const struct where *w)
{
	struct pytest_sep s;
	struct pytest_final f;
	bool starts;

	if (w->line.n > ROW_MAX || !pytest_sep(w->line, &s))
		return 0;
	starts = s.fill == '=' && slice_eqs(s.title, "test session starts");
	if (!r->excerpt && !pytest_sep_genuine(&s, starts ? 0 : r->width))
		return 0;
	if (r->nested) {
		r->nested = !(s.fill == '=' && pytest_final(s.title, &f));
		return 0;
	}
	if (r->part == PART_END && r->final_doubtful && (s.fill == '_' ||
	    (s.fill == '-' && slice_starts(s.title, "Captured "))))
		take_back_final(r);
	switch (s.fill) {
	case '=':
		return double_line(r, &s, w);
	case '!':
		return stop_line(r, &s);
	case '-':
		return thin_line(r, &s, w);
	case '_':
		if (r->part != PART_BLOCKS)
			return 0;
		pytest_block_begin(r, s.title);
		r->loose_capture = false;
		return 1;
	default:
		return 0;
	}
}

/* ---- progress ---- */

static bool
collected_line(struct pytest_run *r, struct slice line)
{
	struct pytest_collected c;

	if (r->table.results || !pytest_collected(line, &c))
		return false;
	r->collected = c;
	r->xdist = r->xdist || line.p[0] == 'g' || (line.p[0] >= '0' && line.p[0] <= '9');
	return true;
}

/* text that a test printed on the line of its row */
static int
glued_text(struct pytest_run *r, struct slice text, const struct where *w)
{
	struct where rest = { text, w->at, w->e };

	if (!slice_trim(text).n)
		return 0;
	pytest_crash_signs(r, text);
	pytest_crash_line(r, text, w->at);
	return put_text(r, &rest);
}

/* "[ 42%]", "[gw0] [ 42%] PASSED id", "[16/38]": is the whole run done? */
static void
share_line(struct pytest_run *r, struct slice line, bool progress)
{
	struct slice s = pytest_rtrim(line), of;
	size_t open = slice_rfind_byte(s, '[');
	uint64_t at, all;

	if (!progress)
		return;
	r->progress = true;
	if (slice_starts(s, "[gw"))
		open = slice_find_byte(s, 1, '[');
	else if (!slice_ends(s, "]"))
		return;
	r->share = true;
	of = slice_trim(slice_sub(s, open + 1, s.n));
	if (slice_take_uint(&of, &at) && slice_starts(of, "%]"))
		r->all_done = at >= 100;
	else if (slice_take_byte(&of, '/') && slice_take_uint(&of, &all))
		r->all_done = at >= all;
}

static int
take_row(struct pytest_run *r, const struct pytest_row *row, const struct where *w)
{
	pytest_crash_alive(r);
	share_line(r, w->line, row->progress);
	pytest_table_row(&r->table, row, w->at);
	if (row->text.n == 0 && pytest_text_section(&r->text, SLICE("stdout"), w->e) != 0)
		return -1;
	r->reason_open = row->open ? REASON_LINES : 0;
	r->xdist = r->xdist || row->worker.n;
	if (r->xdist && row->status < PYTEST_SUB_PASSED)
		pytest_worker_end(r, pytest_table_id(&r->table, row->id));
	if (row->status < PYTEST_SUB_PASSED) {
		/* a glued status may be printed text: the real one may still come */
		if (row->glued && row->id.p != r->open_id.p)
			set(&r->open_id, row->id);
		else if (!row->glued && (!r->xdist || slice_eq(pytest_table_id(&r->table, row->id),
		    buf_slice(&r->open_id))))
			buf_reset(&r->open_id);
	}
	r->letters_open = false;
	return glued_text(r, row->text, w) ? -1 : 1;
}

/* --setup-show names a test after its file, or after pytest -v did */
static bool
is_running(struct pytest_run *r, struct slice id)
{
	struct slice own = pytest_table_id(&r->table, id), path = buf_slice(&r->path);

	return slice_eq(own, buf_slice(&r->open_id)) || (path.n && own.n > path.n &&
	    slice_eq(slice_sub(own, 0, path.n), path) && own.p[path.n] == ':');
}

/*
 * A row of xdist ends in its id and a blank: where the input ends within the line, the id may
 * have been longer.
 */
static bool
is_whole(const struct where *w)
{
	return w->at->ended || slice_ends(w->line, " ");
}

/* results of one line: 1 taken, 0 none, -1 error */
static int
result_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_row row, start;

	if ((is_whole(w) && pytest_row_xdist(w->line, &row)) || pytest_row(w->line, &row))
		return take_row(r, &row, w);
	/* workers print nothing but whole rows */
	if (r->open_id.n && !r->xdist && pytest_row_alone(w->line, &row)) {
		row.id = buf_slice(&r->open_id);
		return take_row(r, &row, w);
	}
	if (pytest_row_setup(w->line, &row) && is_running(r, row.id)) {
		r->setup_show = true;
		return take_row(r, &row, w);
	}
	if (r->open_id.n && !r->xdist && !r->progress && pytest_row_tail(w->line, &row) &&
	    !pytest_row_start(w->line, &start)) {
		row.id = buf_slice(&r->open_id);
		return take_row(r, &row, w);
	}
	/* with a share of the run behind each row, output is captured: nothing is glued to ids */
	if (pytest_row_start(w->line, &row) &&
	    (!r->progress || row.text.n == 0 || pytest_crash_is(row.text))) {
		set(&r->open_id, pytest_table_id(&r->table, row.id));
		r->begun_at = (struct pytest_begun){ .line = w->at->no, .byte = w->at->byte };
		if (!r->xdist && !r->progress && pytest_row_tail(row.text, &start)) {
			start.id = buf_slice(&r->open_id);
			return take_row(r, &start, w);
		}
		if (r->xdist && !row.text.n)
			pytest_worker_begin(r, buf_slice(&r->open_id), w->at);
		return glued_text(r, row.text, w) ? -1 : 1;
	}
	return 0;
}

/* `cut`: behind the letters stands what a dying process printed */
static int
letters_line(struct pytest_run *r, const struct where *w, bool cut)
{
	struct slice line = w->line, how = { 0 };
	struct pytest_letters l;

	pytest_death(&line, &how);
	if (how.n == 0 || line.n == 0)
		line = w->line;
	if (r->table.rows || !pytest_letters(line, &l)) {
		r->glued_letters = r->glued_letters || pytest_letters_glued(w->line);
		return 0;
	}
	if (l.path.n)
		set(&r->path, l.path);
	/* lines that go on have their progress, if lines of this run have one */
	else if (!l.progress && !cut && !r->node_down && (!r->letters_open || r->progress))
		return 0;
	r->letters_open = true;
	r->interleaved = r->interleaved || (r->text_behind && !r->node_down);
	share_line(r, line, l.progress);
	if (l.letters.n)
		pytest_table_letters(&r->table, buf_slice(&r->path), l.letters, w->at);
	pytest_crash_alive(r);
	if (line.n < w->line.n)
		set(&r->crash, how);
	return 1;
}

/* "31 failed, 7 passed in 0.22s" without any "=", as -q prints it */
static bool
bare_final(struct pytest_run *r, struct slice line)
{
	struct pytest_final f;
	bool captured = r->part == PART_BLOCKS && (r->loose_capture ||
	    (r->block.open && r->block.captured));

	if (!r->quiet || line.n > 300 || !pytest_final(line, &f))
		return false;
	/* no line ends captured output, so nothing but its counts tells it from such */
	if (captured && !(r->table.results && pytest_run_agrees(r, &f)))
		return false;
	end_at_final(r, &f);
	r->final_doubtful = captured;
	return true;
}

/* the reason of a row on more than one line */
static void
reason_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_row row;

	pytest_row_reason(w->line, &row);
	pytest_table_reason(&r->table, row.why);
	share_line(r, w->line, row.progress);
	r->reason_open = row.open ? r->reason_open - 1 : 0;
	if (!row.open) {
		buf_reset(&r->open_id);
		r->table.result[r->table.results - 1].glued = false;
	}
}

static int
progress_part(struct pytest_run *r, const struct where *w, bool cut)
{
	struct pytest_row row;
	int rc;

	if (r->reason_open && r->table.results && w->line.n && w->line.n <= ROW_MAX &&
	    !pytest_row(w->line, &row)) {
		reason_line(r, w);
		return 0;
	}
	r->reason_open = 0;

	if (w->line.n <= ROW_MAX) {
		if (bare_final(r, w->line) || pytest_header_line(r, w->line) ||
		    collected_line(r, w->line))
			return 0;
		if (r->table.results == 0 && pytest_list_line(&r->list, w->line, w->at))
			return put_text(r, w);
		rc = result_line(r, w);
		if (rc == 0)
			rc = letters_line(r, w, cut);
		if (rc)
			return rc < 0 ? -1 : 0;
	}
	r->node_down = pytest_crash_worker(w->line);
	pytest_crash_signs(r, w->line);
	pytest_crash_line(r, w->line, w->at);
	if (slice_starts(w->line, "collecting ... ")) {
		struct where rest = { slice_sub(w->line, 15, w->line.n), w->at, w->e };

		pytest_crash_signs(r, rest.line);
		return put_text(r, &rest);
	}
	if (r->crash.n)
		pytest_wrapper_line(w->line, &r->wrapper);
	if ((r->table.letters || r->letters_open) && w->line.n)
		r->text_behind = true;
	return put_text(r, w);
}

static int
progress_line(struct pytest_run *r, const struct where *w)
{
	size_t at = w->line.n <= ROW_MAX ? pytest_crash_behind(w->line) : SIZE_MAX;
	struct where head = *w, tail = *w;

	if (at == SIZE_MAX || (r->table.rows && w->line.p[0] != '['))
		return progress_part(r, w, false);
	head.line = slice_sub(w->line, 0, at);
	tail.line = slice_sub(w->line, at, w->line.n);
	return progress_part(r, &head, true) || progress_part(r, &tail, false) ? -1 : 0;
}

/* ---- the other parts ---- */

static int
outside_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_row row;
	struct pytest_letters l;
	struct pytest_final f;
	struct pytest_summary s;

	if (w->line.n <= ROW_MAX && (pytest_row_xdist(w->line, &row) ||
	    (pytest_row(w->line, &row) && (row.progress || (r->excerpt && row.id.n))) ||
	    (pytest_letters(w->line, &l) && l.progress && l.letters.n) ||
	    pytest_crash_behind(w->line) != SIZE_MAX)) {
		if (begin_session(r, w, true) != 0)
			return -1;
		return progress_line(r, w);
	}
	if (r->excerpt && w->line.n <= ROW_MAX && pytest_summary(w->line, &s) &&
	    pytest_id_length(s.rest)) {
		if (begin_session(r, w, true) != 0)
			return -1;
		r->part = PART_SUMMARY;
		pytest_table_summary(&r->table, &s, w->at);
		return 0;
	}
	if (w->line.n <= 300 && pytest_final(w->line, &f)) {
		if (begin_session(r, w, true) != 0)
			return -1;
		end_at_final(r, &f);
		return 0;
	}
	if (w->line.n && !pytest_list_line(&r->list, w->line, w->at))
		pytest_list_reset(&r->list);
	if (w->line.n)
		buf_reset(&r->before.letters);
	if (w->line.n <= ROW_MAX && pytest_letters(w->line, &l) && l.letters.n && !l.path.n) {
		set(&r->before.letters, l.letters);
		r->before.line = w->at->no;
		r->before.byte = w->at->byte;
	}
	pytest_before_line(r, w->line);
	/* what stood in the way of a session, and with which code it ended */
	if (r->refused.n)
		pytest_wrapper_line(w->line, &r->wrapper);
	return put_text(r, w);
}

static int
blocks_line(struct pytest_run *r, const struct where *w)
{
	if (bare_final(r, w->line) || pytest_block_line(r, w->line, w->at))
		return 0;
	pytest_crash_signs(r, w->line);
	pytest_wrapper_line(w->line, &r->wrapper);
	return put_text(r, w);
}

static int
summary_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_summary s;

	if (bare_final(r, w->line))
		return 0;
	if (w->line.n <= ROW_MAX && pytest_summary(w->line, &s)) {
		pytest_table_summary(&r->table, &s, w->at);
		return 0;
	}
	pytest_wrapper_line(w->line, &r->wrapper);
	return put_text(r, w);
}

static int
section_line(struct pytest_run *r, const struct where *w)
{
	if (bare_final(r, w->line))
		return 0;
	if (slice_starts(buf_slice(&r->text.section), "slowest"))
		pytest_table_duration(&r->table, w->line);
	pytest_wrapper_line(w->line, &r->wrapper);
	return put_text(r, w);
}

/* results behind the final line: it was no final line, or the next session has no header */
static int
end_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_row row;
	struct pytest_letters l;
	/* an attempt that is repeated is no test that ended */
	long ended = (long)r->table.results - r->table.seen[PYTEST_RERUN];
	bool result = w->line.n <= ROW_MAX && (pytest_row_xdist(w->line, &row) ||
	    (pytest_row(w->line, &row) && row.progress) ||
	    (pytest_letters(w->line, &l) && l.progress && l.letters.n));

	if (result && r->final_part == PART_PROGRESS &&
	    (!pytest_run_agrees(r, &r->final) ||
	    (ended < (r->collected.selected < 0 ? LONG_MAX : r->collected.selected) &&
	    pytest_final_tests(&r->final) != ended))) {
		take_back_final(r);
		return progress_line(r, w);
	}
	if (result) {
		if (begin_session(r, w, true) != 0)
			return -1;
		return progress_line(r, w);
	}
	if (r->wrapper.line == 0)
		r->wrapper.line = w->at->no;
	pytest_wrapper_line(w->line, &r->wrapper);
	pytest_crash_exit(r, w->line);
	pytest_before_line(r, w->line);
	return put_text(r, w);
}

int
pytest_run_line(struct pytest_run *r, struct slice line, const struct line *at, struct err *e)
{
	struct where w = { line, at, e };
	int rc = separator(r, &w);

	r->lines++;
	if (rc)
		return rc < 0 ? -1 : 0;
	switch (r->part) {
	case PART_OUTSIDE:
		return outside_line(r, &w);
	case PART_PROGRESS:
		return progress_line(r, &w);
	case PART_BLOCKS:
		return blocks_line(r, &w);
	case PART_SECTION:
		return section_line(r, &w);
	case PART_SUMMARY:
		return summary_line(r, &w);
	case PART_END:
		return end_line(r, &w);
	}
	return 0;
}

int
pytest_run_end(struct pytest_run *r, struct err *e)
{
	if (r->lines == 0)
		return 0;
	pytest_block_end(r);
	return pytest_run_finish(r, e);
}
