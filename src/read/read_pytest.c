/*
 * read_pytest.c - what pytest prints on a console: -v, -q, letters, pytest-xdist, captured or
 * interleaved, with or without colours, one or more sessions in one file.
 */
#include "config.h"

#include "read/reader.h"

#include "base/text.h"
#include "read/pytest_run.h"
#include "read/text_shape.h"

#define STAMP_MAX 40	/* bytes of a timestamp that a CI system puts before a line */

/* "2025-09-14T08:32:48.1234567Z " or "[2025-09-14T08:32:48Z] " */
static bool
take_stamp(struct slice *in, int64_t *ns)
{
	struct slice s = *in, stamp;
	bool bracket = slice_take_byte(&s, '[');
	size_t blank = slice_find_byte(slice_sub(s, 0, STAMP_MAX), 0, ' ');
	enum clock_zone zone;

	if (blank == SIZE_MAX || blank < 20)
		return false;
	stamp = slice_sub(s, 0, blank);
	if (bracket) {
		if (!slice_ends(stamp, "]"))
			return false;
		stamp.n--;
	}
	if (slice_find_byte(stamp, 0, 'T') != 10 || !clock_parse(stamp, ns, &zone) ||
	    zone != CLOCK_ZONE_KNOWN)
		return false;
	*in = slice_sub(s, blank + 1, s.n);
	return true;
}

/* colours off, bad bytes replaced, and of a rewritten line what is left on the screen */
static struct slice
clean(struct arena *scratch, struct slice line, uint64_t no)
{
	struct slice s = line, end;
	size_t cr, fixed;

	if (no == 1 && slice_starts(s, "\xEF\xBB\xBF"))
		s = slice_sub(s, 3, s.n);
	s = text_utf8(scratch, text_strip_ansi(scratch, s), &fixed);
	while (s.n && s.p[s.n - 1] == '\r')
		s.n--;
	cr = slice_rfind_byte(s, '\r');
	end = cr == SIZE_MAX ? s : slice_sub(s, cr + 1, s.n);
	return slice_trim(end).n ? end : s;
}

static bool
is_start(struct slice line)
{
	struct pytest_sep sep;

	return pytest_sep(line, &sep) && sep.fill == '=' &&
	    slice_eqs(sep.title, "test session starts") && pytest_sep_genuine(&sep, 0);
}

static int
read_lines(struct lines *lines, struct pytest_run *run, struct arena *scratch, struct err *e)
{
	struct line line;
	bool stamped = false;
	int rc;

	while ((rc = lines_next(lines, &line, e)) > 0) {
		struct slice s, rest;
		int64_t ns;

		arena_reset(scratch);
		s = rest = clean(scratch, line.text, line.no);
		if (take_stamp(&rest, &ns)) {
			bool start = is_start(rest);

			/* GitHub puts one before every line, and groups the lines of a step */
			stamped = stamped || start || slice_starts(rest, "##[group]");
			if (start)
				pytest_run_clock(run, ns);
			if (stamped)
				s = rest;
		}
		if (pytest_run_line(run, s, &line, e) != 0)
			return -1;
	}
	return rc < 0 ? -1 : pytest_run_end(run, e);
}

static int
read_pytest(struct read_job *job, struct err *e)
{
	struct arena scratch;
	struct lines lines;
	struct pytest_run run;
	int rc;

	job->shape = "pytest console";
	arena_init(&scratch);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	pytest_run_init(&run, job);
	rc = read_lines(&lines, &run, &scratch, e);
	pytest_run_release(&run);
	lines_release(&lines);
	arena_release(&scratch);
	return rc;
}

static int
score_line(struct slice s)
{
	struct pytest_sep sep;
	struct pytest_row row;
	struct pytest_letters l;
	struct pytest_final f;
	int64_t ns;

	take_stamp(&s, &ns);
	if (is_start(s))
		return 95;
	if (slice_starts(s, "ImportError while loading conftest '") ||
	    (slice_starts(s, "ERROR: usage: ") && slice_ends(s, " [file_or_dir] [...]")))
		return 80;
	if (pytest_row_xdist(s, &row) || (pytest_row(s, &row) && row.progress))
		return 80;
	if (pytest_crash_behind(s) != SIZE_MAX)
		return 70;
	if (pytest_sep(s, &sep) && sep.fill == '=' && pytest_sep_genuine(&sep, 0) &&
	    (pytest_final(sep.title, &f) || slice_eqs(sep.title, "short test summary info")))
		return 75;
	if ((pytest_row(s, &row) && row.id.n) || (pytest_final(s, &f)))
		return 60;
	return pytest_letters(s, &l) && l.progress && l.letters.n ? 55 : 0;
}

static int
sniff(struct slice head, bool whole)
{
	struct arena scratch;
	struct slice line, whole_head = head;
	struct text_shape shape;
	int best = 0;

	/* JSON and XML may quote any of this */
	if (slice_starts(slice_trim(head), "{") || slice_starts(slice_trim(head), "<"))
		return 0;
	arena_init(&scratch);
	for (uint64_t no = 1; best < 95 && slice_take_line(&head, &line); no++) {
		int score;

		arena_reset(&scratch);
		score = score_line(clean(&scratch, slice_sub(line, 0, 4096), no));
		best = score > best ? score : best;
	}
	arena_release(&scratch);
	/* what stands behind prefixes is found by the reader that takes them off */
	if (best > 0 && best < 95) {
		text_shape_find(&shape, whole_head, whole);
		for (unsigned i = 0; i < shape.prefixes; i++)
			if (shape.prefix[i] != TEXT_PREFIX_STAMP &&
			    shape.prefix[i] != TEXT_PREFIX_BRACKET)
				return 0;
	}
	return best;
}

const struct reader reader_pytest = {
	.name = "pytest",
	.about = "console output of pytest",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_pytest,
};
