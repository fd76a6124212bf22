/*
 * tap_run.h - one TAP stream, or all that prove ran, line by line.
 *
 * Kept are the point that was told last, for what follows it, and for each level of
 * subtests its plan and its counts: TAP_DEPTH levels, deeper ones are text. A subtest
 * stands before the point that closes it; its name is known from "# Subtest: name",
 * else it is told by the number of that point. Private to read/.
 *
 * A stream is complete when its plan is met, what prove ran when prove tells its
 * Result. A subtest that has begun when the stream ends did not finish: an error. A
 * file of prove has a result of its own when nothing else tells of it.
 */
#ifndef READ_TAP_RUN_H
#define READ_TAP_RUN_H

#include "read/console_text.h"
#include "read/run_out.h"
#include "read/tap_line.h"

#define TAP_DEPTH 32

struct tap_level {
	bool seen;		/* a plan or a point */
	long plan;		/* -1: none yet */
	bool skip_all;
	bool plan_first;	/* it stood before the points */
	long points, failed;	/* failed: TODO is none */
	struct buf name;	/* of the subtest whose points these are */
	struct buf next;	/* "# Subtest:" at this level, not used yet */
	uint64_t line, byte;	/* where that stands: of name, of next */
	uint64_t next_line, next_byte;
	struct buf bad;		/* what the first that failed says */
};

struct tap_comments {
	struct buf text;
	uint64_t line, byte;
};

struct tap_open {		/* the point that was told last */
	bool open;
	unsigned level;
	size_t indent;
	struct test test;	/* without its texts */
	size_t suite_at, suite_n;	/* the part of id that names the subtest it is in */
	size_t name_n;		/* of the end of id that is its own name */
	struct buf id, file, detail, reason;
	enum { TAP_NO_YAML, TAP_IN_YAML, TAP_AFTER_YAML } yaml;
	size_t yaml_indent;
	uint64_t text_line;	/* the last line of text that is indented below it */
	bool todo;
};

struct tap_told {		/* counts that a runner prints behind its plan; -1: not */
	long tests, suites, pass, fail, cancelled, skipped, todo;
};

struct tap_proved {		/* the file that prove runs */
	bool open, ended, tests_failed;
	struct buf name, complaint;
	struct tap_comments said;	/* what it wrote to stderr before its line */
	uint64_t line, byte;
	long failed;		/* results of it that are failures */
};

struct tap_run {
	struct run_out out;
	struct tap_level level[TAP_DEPTH + 1];
	struct tap_open point;
	struct tap_told told;
	struct buf bail, skip;		/* why */
	bool bailed;
	long suites, todo;		/* among the results */
	long exited;			/* "your test exited with 255": the status, or -1 */
	struct tap_comments before, prior;	/* since the last point; before it */
	struct buf scratch, message;
	bool prove;			/* prove runs it */
	struct tap_proved file;
	long files, points;		/* of prove: files told, points at the top level */
	long said_files, said_tests;
	char result;			/* P, F, N of "Result: PASS"; 0 */
	bool deep_told;
};

void	tap_run_init(struct tap_run *r, const struct read_job *job);
void	tap_run_release(struct tap_run *r);
int	tap_run_line(struct tap_run *r, const struct console_line *line, const struct line *at,
	    struct err *e);
int	tap_run_end(struct tap_run *r, struct err *e);	/* the run is over, or the input */

/* tap_point.c: one point, from its line to its result */
/* line: without its blanks, level its depth */
int	tap_point_begin(struct tap_run *r, const struct tap_point *p, unsigned level,
	    const struct line *at, struct err *e);
/* true when the line belongs to the point that is open */
bool	tap_point_line(struct tap_run *r, struct slice line, const struct line *at);
int	tap_point_end(struct tap_run *r, struct err *e);

/* tap_prove.c: 1 the line is taken, 0 it is not, -1 */
int	tap_prove_line(struct tap_run *r, struct slice line, const struct line *at, struct err *e);
int	tap_prove_close(struct tap_run *r, struct err *e);
void	tap_prove_state(struct tap_run *r);

/* what was said since is about what comes now */
void	tap_comments_move(struct tap_comments *from, struct tap_comments *to);
void	tap_levels_reset(struct tap_run *r, unsigned from);
/* a run has begun, with what is known of its time */
int	tap_run_begin(struct tap_run *r, int64_t ns, const struct line *at, struct err *e);

#endif
