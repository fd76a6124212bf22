/*
 * pytest_run.c - which part of a session a line stands in, and what it means there.
 */
#include "config.h"

#include "read/pytest_run.h"

#include "base/text.h"

#include <limits.h>

#define ROW_MAX (16 * 1024)	/* longer lines are no rows, headings or totals */

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
		{ &r->before.env, 100 }, { &r->before.commit, 100 }, { &o->title, 4096 },
		{ &o->file, 1024 }, { &o->crashed, 4096 }, { &o->message, 4096 },
		{ &o->last, 4096 }, { &o->detail, PYTEST_TEXT_MAX }, { &o->section, 256 },
		{ &o->capture, PYTEST_TEXT_MAX },
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
	buf_reset(&r->refused);
	buf_reset(&r->open_id);
	buf_reset(&r->path);
	pytest_wrapper_init(&r->wrapper);
	r->collected = (struct pytest_collected){ -1, -1, -1, -1, -1 };
	r->final = (struct pytest_final){ .duration_ns = CLOCK_NONE };
	r->run = run_none;
	r->run.format = SLICE("pytest");
	r->run.fidelity = 2;
	r->begun = r->session = r->quiet = r->xdist = r->nested = r->reported = false;
	r->has_final = r->final_doubtful = r->traceback = false;
	r->letters_open = r->interleaved = false;
	r->width = 0;
}

void
pytest_run_init(struct pytest_run *r, const struct read_job *job)
{
	*r = (struct pytest_run){ .sink = job->sink, .zone = job->zone, .excerpt = job->excerpt };
	pytest_text_init(&r->text, job->sink);
	r->text.before = hook_begin;
	r->text.ctx = r;
	each_buf(r, buf_init);
	r->before.started_ns = CLOCK_NONE;
	reset_run(r);
}

void
pytest_run_release(struct pytest_run *r)
{
	pytest_table_release(&r->table);
	each_buf(r, release_buf);
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
	return pytest_text_line(&r->text, w->line, w->at, w->e);
}

/* ---- signs that pytest itself went down ---- */

static void
crash_signs(struct pytest_run *r, struct slice line)
{
	static const char *const signs[] = { "Fatal Python error: ", "INTERNALERROR> ",
		"+ Timeout +" };
	static const char *const words[] = { "Fatal Python error", "internal error of pytest",
		"time-out that ended the process" };

	if (slice_starts(line, "Traceback (most recent call last):"))
		r->traceback = true;
	for (size_t i = 0; i < 3 && r->crash.n == 0; i++) {
		size_t at = slice_find(line, 0, slice_str(signs[i]));

		if (at == SIZE_MAX || (i == 1 && at != 0))
			continue;
		if (i == 0)
			set(&r->crash, slice_sub(line, at, 120));
		else
			set(&r->crash, slice_str(words[i]));
	}
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
		if (r->session && r->block.open && r->block.captured && r->part == PART_BLOCKS) {
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
		if (r->part == PART_OUTSIDE)
			return 0;
		end_at_final(r, &f);
		return pytest_text_section(&r->text, SLICE("stdout"), w->e) ? -1 : 1;
	}
	if (i >= 0) {
		if (r->part == PART_OUTSIDE && begin_session(r, w, true) != 0)
			return -1;
		if (r->width == 0)
			r->width = s->width;
		return enter_part(r, s->title, sections[i].part, sections[i].kind, w->e) ? -1 : 1;
	}
	/* sections of plugins; tests print such lines too, so only where no test can */
	if (r->part == PART_SUMMARY || r->part == PART_SECTION ||
	    slice_starts(s->title, "slowest ") ||
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
		return 1;
	}
	if (r->part == PART_BLOCKS && slice_starts(s->title, "generated "))
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
		return 1;
	default:
		return 0;
	}
}

/* ---- progress ---- */

static bool
is_header(struct pytest_run *r, struct slice line)
{
	static const char *const starts[] = { "platform ", "cachedir: ", "metadata: ", "rootdir: ",
		"configfile: ", "testpaths: ", "plugins: ", "asyncio: mode=", "timeout: ",
		"timeout method: ", "timeout func_only: ", "session timeout: ",
		"Using --randomly-seed=", "hypothesis profile ", "created: ", "initialized: ",
		"ready: ", "scheduling tests via ", "bringing up nodes" };
	size_t at;

	if (r->table.results)
		return false;
	at = slice_find(line, 0, SLICE(", pytest-"));
	if (at != SIZE_MAX && slice_starts(line, "platform ")) {
		size_t end = slice_find_byte(line, at + 2, ',');

		buf_reset(&r->framework);
		buf_puts(&r->framework, "pytest ");
		buf_put_slice(&r->framework, slice_sub(line, at + 9,
		    end == SIZE_MAX ? line.n : end - at - 9));
		return true;
	}
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (slice_starts(line, starts[i]))
			return true;
	return false;
}

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
	crash_signs(r, text);
	return put_text(r, &rest);
}

static int
take_row(struct pytest_run *r, const struct pytest_row *row, const struct where *w)
{
	pytest_table_row(&r->table, row, w->at);
	r->xdist = r->xdist || row->worker.n;
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

/* results of one line: 1 taken, 0 none, -1 error */
static int
result_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_row row;

	if (pytest_row_xdist(w->line, &row) || pytest_row(w->line, &row))
		return take_row(r, &row, w);
	if (r->open_id.n && pytest_row_alone(w->line, &row)) {
		row.id = buf_slice(&r->open_id);
		return take_row(r, &row, w);
	}
	if (pytest_row_start(w->line, &row)) {
		set(&r->open_id, pytest_table_id(&r->table, row.id));
		return glued_text(r, row.text, w) ? -1 : 1;
	}
	return 0;
}

static int
letters_line(struct pytest_run *r, const struct where *w)
{
	struct pytest_letters l;

	if (r->table.rows || !pytest_letters(w->line, &l))
		return 0;
	if (l.path.n)
		set(&r->path, l.path);
	else if (!l.progress && !r->letters_open)
		return 0;
	r->letters_open = true;
	if (l.letters.n)
		pytest_table_letters(&r->table, buf_slice(&r->path), l.letters, w->at);
	return 1;
}

/* "31 failed, 7 passed in 0.22s" without any "=", as -q prints it */
static bool
bare_final(struct pytest_run *r, struct slice line)
{
	struct pytest_final f;
	bool captured = r->part == PART_BLOCKS && r->block.open && r->block.captured;

	if (!r->quiet || captured || line.n > 300 || !pytest_final(line, &f))
		return false;
	end_at_final(r, &f);
	return true;
}

static int
progress_line(struct pytest_run *r, const struct where *w)
{
	int rc;

	if (w->line.n <= ROW_MAX) {
		if (bare_final(r, w->line) || is_header(r, w->line) || collected_line(r, w->line))
			return 0;
		rc = result_line(r, w);
		if (rc == 0)
			rc = letters_line(r, w);
		if (rc)
			return rc < 0 ? -1 : 0;
	}
	crash_signs(r, w->line);
	if (slice_starts(w->line, "collecting ... ")) {
		struct where rest = { slice_sub(w->line, 15, w->line.n), w->at, w->e };

		crash_signs(r, rest.line);
		return put_text(r, &rest);
	}
	if (r->crash.n)
		pytest_wrapper_line(w->line, &r->wrapper);
	if ((r->table.letters || r->letters_open) && w->line.n)
		r->interleaved = true;
	return put_text(r, w);
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
	    (pytest_letters(w->line, &l) && l.progress && l.letters.n))) {
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
	pytest_before_line(r, w->line);
	return put_text(r, w);
}

static int
blocks_line(struct pytest_run *r, const struct where *w)
{
	if (bare_final(r, w->line) || pytest_block_line(r, w->line, w->at))
		return 0;
	crash_signs(r, w->line);
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
	bool result = w->line.n <= ROW_MAX && (pytest_row_xdist(w->line, &row) ||
	    (pytest_row(w->line, &row) && row.progress) ||
	    (pytest_letters(w->line, &l) && l.progress && l.letters.n));

	if (result && r->final_part == PART_PROGRESS &&
	    (long)r->table.results < (r->collected.selected < 0 ? LONG_MAX :
	    r->collected.selected) &&
	    pytest_final_tests(&r->final) != (long)r->table.results) {
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
