/*
 * pytest_run.h - the order of a pytest session, line by line.
 *
 * header -> collection -> progress -> ERRORS -> FAILURES -> other sections -> short
 * test summary -> !!! lines -> final line -> what the wrapper prints.
 *
 * A line counts only where pytest can print it: rows while tests run, headings
 * under ERRORS and FAILURES, nothing at all inside captured output up to the next
 * genuine separator. A final line that interrupts captured output is taken back
 * when more of the session follows. Private to read/.
 */
#ifndef READ_PYTEST_RUN_H
#define READ_PYTEST_RUN_H

#include "read/pytest_table.h"
#include "read/pytest_text.h"

enum pytest_part {
	PART_OUTSIDE,	/* before the first session */
	PART_PROGRESS,	/* header, collection and results */
	PART_BLOCKS,	/* ERRORS, FAILURES, PASSES and the like */
	PART_SECTION,	/* warnings, durations, coverage: text */
	PART_SUMMARY,
	PART_END	/* after the final line */
};

/* what is said before a session about the session to come */
struct pytest_before {
	struct buf command, env, commit;
	int64_t started_ns;
	enum run_clock clock;
	bool command_follows;	/* "Running command:" was the line before */
};

struct pytest_open {			/* the block being read */
	bool open, captured, foreign;
	char kind;			/* as pytest_block */
	enum test_phase phase;
	struct buf title, file, crashed, message, last, detail, section, capture;
	bool after_e, in_e;		/* an "E   " line was seen; the last line was one */
	bool after_frame;		/* "path:12: in f" was seen */
	bool native;			/* a traceback as Python itself prints it */
	uint64_t line, byte;		/* of detail */
	uint64_t capture_line, capture_byte;
	uint32_t number;		/* in the table, once it is there */
	bool stored;
};

struct pytest_run {
	const struct read_sink *sink;	/* borrowed */
	const struct zone *zone;	/* for a time that names none */
	struct pytest_text text;
	struct pytest_table table;
	struct pytest_before before;
	struct pytest_open block;
	enum pytest_part part;
	char kind;			/* of blocks in this part */
	struct run run;
	struct buf framework, command, env, commit, why, reconciled;
	bool begun;			/* run_begin was called */
	bool session;			/* a session was seen in this run */
	bool quiet;			/* it has no header */
	bool xdist;
	bool nested;			/* inside captured output of another pytest */
	bool reported;			/* ERRORS, FAILURES or the summary was reached */
	size_t width;			/* of separators; 0 = not known yet */
	struct pytest_collected collected;
	struct pytest_final final;
	bool has_final, final_doubtful;
	enum pytest_part final_part;	/* where the final line stood */
	struct pytest_wrapper wrapper;
	struct buf stop;		/* text of the first "!!! ... !!!" */
	struct buf crash;		/* what shows that pytest died */
	bool traceback;			/* outside of any test */
	struct buf refused;		/* why nothing could run */
	struct buf open_id;		/* test that has begun and has no result yet */
	struct buf path;		/* of the letters being printed */
	bool letters_open;		/* letters may go on on the next line */
	bool interleaved;		/* text stands between letters */
	uint64_t sessions, lines;
	bool excerpt;	/* quoted by people: separators may be shortened, the beginning missing */
};

void	pytest_run_init(struct pytest_run *r, const struct read_job *job);
void	pytest_run_release(struct pytest_run *r);
/* one cleaned line; `at` gives its place only */
int	pytest_run_line(struct pytest_run *r, struct slice line, const struct line *at,
	    struct err *e);
/* the clock a CI system put before the line that begins a session */
void	pytest_run_clock(struct pytest_run *r, int64_t ns);
/* the input is over */
int	pytest_run_end(struct pytest_run *r, struct err *e);

/* pytest_block.c: headings and what stands under them */
void	pytest_block_begin(struct pytest_run *r, struct slice title);
void	pytest_block_capture(struct pytest_run *r, struct slice section);
/* true when the line belongs to the block */
bool	pytest_block_line(struct pytest_run *r, struct slice line, const struct line *at);
void	pytest_block_end(struct pytest_run *r);

/* pytest_before.c: the lines between sessions */
void	pytest_before_line(struct pytest_run *r, struct slice line);

/* pytest_end.c: state and counts of the run, then everything goes to the sink */
int	pytest_run_begin(struct pytest_run *r, struct err *e);
int	pytest_run_finish(struct pytest_run *r, struct err *e);

#endif
