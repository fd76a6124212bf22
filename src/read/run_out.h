/*
 * run_out.h - one run on its way to the sink: counts, text in blocks, ids that stay apart.
 *
 * Shared by the readers of go, jest and TAP. Results and text are given on at once;
 * what is kept is 16 bytes for each id, of at most RUN_OUT_IDS. Beyond that a second
 * result of an id cannot be told from the first; the first such result puts
 * RUN_LIMIT. Private to read/.
 */
#ifndef READ_RUN_OUT_H
#define READ_RUN_OUT_H

#include "base/buf.h"
#include "base/text.h"
#include "read/reader.h"

#define RUN_OUT_IDS (1u << 20)
#define RUN_OUT_TEXT (64 * 1024)	/* bytes of one block, of one detail */
#define RUN_OUT_NAME 4096		/* bytes of an id; what is longer is cut */
#define RUN_OUT_MESSAGE 4096

struct run_id {
	uint64_t hash;
	uint32_t times;		/* 0: free */
};

/* what a second result of an id is */
enum run_apart {
	RUN_APART_TEST,		/* another test: "id #2" */
	RUN_APART_ATTEMPT,	/* another attempt */
	RUN_APART_CALLER	/* the caller sees to that */
};

struct run_out {
	const struct read_sink *sink;	/* borrowed */
	struct run run;
	struct buf framework, command, why, reconciled;
	enum run_apart apart;
	bool begun;
	long count[TEST_NOT_RUN + 1];	/* results given, by outcome */
	long tests;
	uint64_t runs;			/* that were ended */
	struct run_id *id;		/* 1 << bits of them */
	unsigned bits;
	size_t ids;
	bool ids_full;
	struct buf name;		/* of a second result */
	struct buf text, of, section;	/* the block at hand, of which test, under which heading */
	uint64_t text_line, text_byte, next;
};

/* framework, format and fidelity of all its runs; static text */
void	run_out_init(struct run_out *o, const struct read_job *job, const char *framework,
	    const char *format, unsigned fidelity);
void	run_out_release(struct run_out *o);

/*
 * Is it the line in which a shell shows a command that it runs ("+ go test ./...",
 * "$ prove t"), with this in it? Then it is the command of the run that begins next.
 */
bool	run_out_command(struct run_out *o, struct slice line, const char *word);
/* does nothing while a run is open */
int	run_out_begin(struct run_out *o, uint64_t line, uint64_t byte, struct err *e);
/* test->nodeid must not be empty */
int	run_out_test(struct run_out *o, const struct test *test, struct err *e);
/* one line that this test printed, nodeid empty: the run; `at` gives its place only */
int	run_out_text(struct run_out *o, struct slice nodeid, struct slice text,
	    const struct line *at, struct err *e);
int	run_out_flush(struct run_out *o, struct err *e);
/*
 * The run is over: state and counts are in o->run, o->why and o->reconciled. Does
 * nothing when none is open.
 */
int	run_out_end(struct run_out *o, struct err *e);

/* was it given to run_out_times() in this run? */
bool	run_out_seen(const struct run_out *o, struct slice text);
/* how often this text was given here, this time included; 1 when that is not known */
uint32_t run_out_times(struct run_out *o, struct slice text);
/* id itself when it is given for the first time; else "id #2" in name, which nothing else has */
struct slice run_out_apart(struct run_out *o, struct slice id, struct buf *name);
/* the part of s that fits b is put behind what is there; characters stay whole */
void	run_out_add(struct buf *b, struct slice s);
/* b holds s and nothing else */
void	run_out_set(struct buf *b, struct slice s);

#endif
