/*
 * read_tap.c - the Test Anything Protocol, versions 12 to 14, of any producer; also what prove
 * prints of it, and node's test runner.
 */
#include "config.h"

#include "read/reader.h"

#include "read/tap_run.h"

static int
read_lines(struct tap_run *run, const struct console_prefix *prefix, struct lines *lines,
    struct err *e)
{
	struct arena scratch;
	struct line line;
	int rc;

	arena_init(&scratch);
	while ((rc = lines_next(lines, &line, e)) > 0) {
		struct console_line clean;

		arena_reset(&scratch);
		clean = console_clean(prefix, &scratch, line.text, line.no);
		if (tap_run_line(run, &clean, &line, e) != 0) {
			rc = -1;
			break;
		}
	}
	arena_release(&scratch);
	return rc < 0 ? -1 : tap_run_end(run, e);
}

static int
read_tap(struct read_job *job, struct err *e)
{
	struct console_prefix prefix;
	struct tap_run run;
	struct slice head;
	struct lines lines;
	int rc;

	job->shape = "TAP";
	if (input_head(job->in, &head, e) != 0)
		return -1;
	console_prefix_find(&prefix, head);
	tap_run_init(&run, job);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	rc = read_lines(&run, &prefix, &lines, e);
	lines_release(&lines);
	tap_run_release(&run);
	return rc;
}

struct seen {
	bool version, plan, plan_first, file, totals, any;
	unsigned points, in_turn;
	uint64_t number;		/* of the last point with a name */
};

static void
look(struct seen *seen, struct slice s)
{
	struct tap_plan plan;
	struct tap_point p;
	struct tap_file f;
	long a, b, c;

	if (tap_version(s)) {
		seen->version = true;
	} else if (tap_plan(s, &plan)) {
		seen->plan_first = seen->plan_first || !seen->any;
		seen->plan = true;
	} else if (tap_point(s, &p)) {
		seen->points++;
		if (p.numbered && (p.name.n > 0 || p.directive != TAP_NO_DIRECTIVE)) {
			seen->in_turn += p.number == seen->number + 1;
			seen->number = p.number;
		}
	} else if (tap_file(s, &f)) {
		seen->file = true;
	} else if (tap_totals(s, &a, &b, &c)) {
		seen->totals = true;
	}
	seen->any = seen->any || slice_trim(s).n > 0;
}

/*
 * "ok" alone is in many logs, and so is "1..5": it takes both of them, or a version, or points
 * that have names and are numbered in turn
 */
static int
sniff(struct slice head, bool whole)
{
	struct seen seen = { .points = 0, .number = UINT64_MAX - 1 };
	struct console_prefix prefix;
	struct arena scratch;
	struct slice line;

	/* JSON and XML may quote any of this */
	if (slice_starts(slice_trim(head), "{") || slice_starts(slice_trim(head), "<"))
		return 0;
	console_prefix_find(&prefix, head);
	arena_init(&scratch);
	for (uint64_t no = 1; !seen.version && slice_take_line(&head, &line); no++) {
		arena_reset(&scratch);
		look(&seen, console_clean(&prefix, &scratch, slice_sub(line, 0, 4096), no).text);
	}
	arena_release(&scratch);
	if (seen.version)
		return 95;
	if ((seen.plan && seen.points > 0) || (seen.file && seen.totals))
		return 88;
	if (seen.in_turn > 1)
		return 75;
	return seen.plan_first && whole ? 40 : seen.file ? 50 : 0;
}

const struct reader reader_tap = {
	.name = "tap",
	.about = "the Test Anything Protocol, also as prove and node's test runner print it",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_tap,
};
