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

#include "read/pytest_list.h"
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

#define PYTEST_WORKERS 256	/* tests that run at once; of more, the first are forgotten */

struct pytest_begun {		/* a test that has begun */
	struct slice id;	/* of the names of the table; of a worker only */
	uint64_t line, byte;
};

/* what is said before a session about the session to come */
struct pytest_before {
	struct buf command, env, commit;
	int64_t started_ns;
	enum run_clock clock;
	bool command_follows;	/* "Running command:" was the line before */
	struct buf letters;	/* the line before was nothing but these; where it stands */
	uint64_t line, byte;
};

struct pytest_open {			/* the block being read */
	bool open, captured, foreign, doctest;
	bool inside;			/* its heading stood in captured output */
	char kind;			/* as pytest_block */
	enum test_phase phase;
	struct buf title, file, crashed, message, last, detail, section, capture;
	bool after_e, in_e;		/* an "E   " line was seen; the last line was one */
	size_t place_indent;		/* of the place of a syntax error that the message is now */
	bool after_frame;		/* "path:12: in f" was seen */
	bool native;			/* a traceback as Python itself prints it */
	bool after_source;		/* of such a one, what follows its frames is the text */
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
	struct pytest_list list;
	struct pytest_open block;
	enum pytest_part part;
	char kind;			/* of blocks in this part */
	long headings;			/* of this part, by now */
	int section;			/* the part in sections[], + 1; 0 = none of them */
	struct run run;
	struct buf framework, command, env, commit, why, reconciled, wrapper_why;
	bool begun;			/* run_begin was called */
	bool session;			/* a session was seen in this run */
	bool quiet;			/* it has no header */
	bool xdist;
	bool loose_capture;		/* captured output under no heading (--tb=line, no) */
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
	struct buf crash_text;		/* what it printed then */
	uint64_t crash_line, crash_byte;
	bool traceback;			/* outside of any test */
	struct buf refused;		/* why nothing could run */
	struct buf open_id;		/* test that has begun and has no result yet */
	struct pytest_begun begun_at;	/* where */
	struct pytest_begun workers[PYTEST_WORKERS];	/* the same under xdist */
	size_t working;
	struct buf path;		/* of the letters being printed */
	bool letters_open;		/* letters may go on on the next line */
	bool progress;			/* results have their share of the run behind them */
	bool node_down;			/* the line before: a worker of xdist went down */
	bool text_behind;		/* text stands behind the last letters */
	bool guessed;			/* its letters stood alone on the line before it */
	bool interleaved;		/* text stands between letters */
	bool share;			/* that share in brackets: "[ 42%]" */
	bool all_done;			/* it was 100% */
	unsigned reason_open;		/* lines that may go on with the reason of the last row */
	bool setup_show;		/* letters of errors stand behind names of fixtures */
	bool glued_letters;		/* letters stand on one line with printed text */
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
/* in captured output, with headings to come: no other part can begin here */
bool	pytest_block_awaits(const struct pytest_run *r);
/* true when the line belongs to the block */
bool	pytest_block_line(struct pytest_run *r, struct slice line, const struct line *at);
void	pytest_block_end(struct pytest_run *r);

/* pytest_crash.c: signs that the process died, with what it printed then */
void	pytest_crash_signs(struct pytest_run *r, struct slice line);
/* the process died behind its final line: how a shell tells that is an exit code */
void	pytest_crash_exit(struct pytest_run *r, struct slice line);
bool	pytest_crash_is(struct slice text);
/* "[gw1] node down: Not properly terminated" */
bool	pytest_crash_worker(struct slice line);
/* where what a dying process prints begins on a line of results; SIZE_MAX: nowhere */
size_t	pytest_crash_behind(struct slice line);
void	pytest_crash_line(struct pytest_run *r, struct slice line, const struct line *at);
/* a result behind it: what died was another process */
void	pytest_crash_alive(struct pytest_run *r);
/* under xdist several tests run at once: those that have begun and have no result */
void	pytest_worker_begin(struct pytest_run *r, struct slice id, const struct line *at);
void	pytest_worker_end(struct pytest_run *r, struct slice id);

/* pytest_before.c: the lines between sessions, and those of a header */
void	pytest_before_line(struct pytest_run *r, struct slice line);
bool	pytest_header_line(struct pytest_run *r, struct slice line);

/* pytest_end.c: state and counts of the run, then everything goes to the sink */
/* could this be the final line, by what was read so far? */
bool	pytest_run_agrees(const struct pytest_run *r, const struct pytest_final *f);
int	pytest_run_begin(struct pytest_run *r, struct err *e);
int	pytest_run_finish(struct pytest_run *r, struct err *e);

#endif
