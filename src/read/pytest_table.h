/*
 * pytest_table.h - the results of one pytest run, put together from all its parts.
 *
 * A result is seen up to four times: as a row or a letter while the run goes on,
 * as a heading with a traceback, in the short summary, in the list of durations.
 * Rows and letters say that a test ran; the others name it and tell why it failed.
 *
 * Letters name no test. They get their names from the short summary and the
 * headings, by order within file and outcome. What stays without a name is given
 * out as "path.py#3", the third result of that file, or "#3" where no file was
 * printed. Letters between printed text may be printed text themselves: such
 * results are given out only when they agree with the final line.
 *
 * The short summary counts only when all has been read: tests print such sections
 * too, and the last one is the one that pytest wrote.
 *
 * Memory: at most PYTEST_RESULTS results and PYTEST_KEPT bytes of tracebacks and
 * captured text, and as much of the short summary; what goes beyond is counted in
 * `lost`. Private to read/.
 */
#ifndef READ_PYTEST_TABLE_H
#define READ_PYTEST_TABLE_H

#include "read/names.h"
#include "read/pytest_count.h"
#include "read/pytest_line.h"
#include "read/reader.h"

#define PYTEST_RESULTS 200000
#define PYTEST_KEPT ((size_t)32 << 20)

struct pytest_result {
	struct slice id;		/* empty: a letter without a name */
	uint32_t file;			/* number in files */
	uint32_t ordinal;		/* of a letter: place within its file, from 1 */
	unsigned attempt;
	enum test_outcome outcome;
	enum test_phase phase;
	int64_t duration_ns;		/* of its row */
	int64_t setup_ns, call_ns, teardown_ns;	/* of the list of durations */
	struct slice printed;		/* the id as printed, when id is not that */
	struct slice why;		/* reason of a skip, message of the short summary */
	struct slice message, detail;	/* of the traceback */
	struct slice worker;
	uint64_t line, byte, detail_line, detail_byte;
	uint32_t next_in_file;		/* the next letter of its file, + 1 */
	uint32_t next_failed, next_error;	/* results with the same heading, + 1 */
	enum pytest_status status;	/* of the row or letter */
	bool letter, rerun, dropped;
	bool glued;		/* the status may be text that the test printed */
	bool child_only;	/* only a failed subtest was seen so far */
	bool child_failed;	/* a subtest failed */
	bool call_failed;	/* failed, and then an error in teardown */
	bool unsure;		/* an error, of setup or of the teardown of the test before */
};

/* a heading with what stands under it */
struct pytest_block {
	char kind;		/* F failure, E error, C collection error, P of a pass */
	bool inside;		/* its heading stood in the captured output of another */
	enum test_phase phase;	/* of an error */
	struct slice title;	/* "TestC.test_m[p]", or the path of a collection error */
	struct slice file;	/* of the first frame */
	struct slice crashed;	/* node id, when a worker died while it ran this test */
	struct slice message, detail;
	uint64_t line, byte;	/* of the first line of detail */
	uint32_t result;	/* NAMES_NONE until resolved */
};

struct pytest_capture {
	uint32_t block;
	struct slice section, text;
	uint64_t line, byte;
};

struct pytest_said {		/* one line of the short summary */
	struct pytest_summary summary;
	uint64_t line, byte;
	bool cut;		/* the input ends in this line */
};

struct pytest_sub {		/* a failed subtest in the short summary */
	struct slice id, message;
	uint32_t after;		/* the result that the summary named before it, + 1 */
	uint64_t line, byte;
};

struct pytest_time {		/* one line of the list of durations */
	struct slice id;
	enum test_phase phase;
	int64_t ns;
};

struct pytest_file {		/* per file that letters were printed for */
	uint32_t results;	/* tests so far */
	uint32_t first, last;	/* letters, + 1 */
	uint32_t next[TEST_NOT_RUN + 1];	/* where to look for an unnamed one, + 1 */
	uint32_t timed;		/* as next, for the list of durations */
	enum { ALIKE_UNKNOWN, ALIKE_YES, ALIKE_NO } alike;	/* have they one outcome? */
};

struct pytest_table {
	struct arena arena;
	struct names ids, files, headings;
	struct pytest_result *result;
	uint32_t *last;			/* by number of the id: its last result + 1 */
	struct pytest_file *file;
	struct pytest_block *block;
	struct pytest_capture *capture;
	struct arena said_arena;	/* of the texts in `said` */
	struct pytest_said *said;	/* the short summary that was read last */
	struct pytest_sub *sub;		/* failed subtests that no row names */
	struct pytest_time *time;
	uint32_t said_last;		/* the result that the short summary named last, + 1 */
	uint32_t *head;			/* by number of heading: its first result + 1 */
	uint32_t *tail;
	size_t results, blocks, captures, subs, saids, times;
	size_t result_cap, last_cap, file_cap, block_cap, capture_cap, sub_cap, said_cap,
	    head_cap, tail_cap, time_cap;
	struct buf scratch;
	size_t kept;			/* bytes of details and captures */
	size_t said_kept;		/* bytes of said_arena */
	uint64_t lost;			/* results beyond the limit */
	uint64_t rows_lost;		/* rows and letters among them */
	uint64_t cut;			/* details and captures beyond the limit */
	long seen[PYTEST_STATUSES];	/* rows and letters by status */
	long sub_summary;		/* failed subtests in the short summary */
	long sub_letters;
	long collect_errors;		/* in headings and short summary */
	bool letters, rows;
	bool entered;			/* results are found by their headings */
	bool whole;			/* it was read from its first line on */
	long unnamed;			/* failed letters without a name, when headings are */
};

void	pytest_table_init(struct pytest_table *t);
void	pytest_table_release(struct pytest_table *t);

/* the id with "/" in its path; lives in scratch until the next call */
struct slice pytest_table_id(struct pytest_table *t, struct slice id);
bool	pytest_table_known(struct pytest_table *t, struct slice id);
void	pytest_table_row(struct pytest_table *t, const struct pytest_row *row,
	    const struct line *at);
void	pytest_table_letters(struct pytest_table *t, struct slice path, struct slice letters,
	    const struct line *at);
/* do rows say that whatever would have this heading passed? Such a heading was printed by a test */
bool	pytest_table_passed(struct pytest_table *t, struct slice title);
/* a copy is kept until all has been read */
void	pytest_table_summary(struct pytest_table *t, const struct pytest_summary *s,
	    const struct line *at);
/* what was kept of a short summary was printed by a test */
void	pytest_table_unsay(struct pytest_table *t);
/* "0.02s call     id": a copy is kept until all tests have their names (pytest_time.c) */
void	pytest_table_duration(struct pytest_table *t, struct slice line);
/* the list of durations to the results; it names letters too where that can be told */
void	pytest_table_time(struct pytest_table *t);
/* more of the reason of the row that was added last */
void	pytest_table_reason(struct pytest_table *t, struct slice more);
/* a row of a test that never came to its result; `at` is where it began */
struct pytest_result *pytest_table_open(struct pytest_table *t, struct slice id,
	    const struct line *at);
/* both copy what is kept; false when the memory for it is used up */
uint32_t pytest_table_block(struct pytest_table *t, const struct pytest_block *b);
bool	pytest_table_capture(struct pytest_table *t, const struct pytest_capture *c);

/* after the last line: give headings to results and names to letters (pytest_match.c) */
void	pytest_table_match(struct pytest_table *t);
/*
 * There are `surplus` more results than tests. Errors of teardown that no heading tells from
 * errors of setup are behind it: ".E" may be one test. Returns how many were joined.
 */
long	pytest_table_join(struct pytest_table *t, long surplus);
/* there are as many results as tests: each such error is one of setup */
void	pytest_table_apart(struct pytest_table *t);

/* for pytest_match.c */
void	pytest_table_say(struct pytest_table *t);	/* the short summary to the results */
struct pytest_result *pytest_table_add(struct pytest_table *t, struct slice id,
	    const struct line *at);
/* the next letter of this file and outcome without a name, else NULL; `path` empty: no file */
struct pytest_result *pytest_table_unnamed(struct pytest_table *t, struct slice path,
	    enum test_outcome outcome);
void	pytest_table_name(struct pytest_table *t, struct pytest_result *r, struct slice id);

#endif
