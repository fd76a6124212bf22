/*
 * report_run.h - a run of pytest as its reports give it on to the sink.
 *
 * Results, printed text and facts go on as they are read. Kept are the ids, for the
 * number of an attempt: REPORT_IDS bytes of them. Results with new ids beyond that are
 * left out and counted, and such a run is not complete. Private to read/.
 */
#ifndef READ_REPORT_RUN_H
#define READ_REPORT_RUN_H

#include <jansson.h>

#include "read/names.h"
#include "read/reader.h"

#define REPORT_IDS ((size_t)64 << 20)
#define REPORT_BLOCK (64 * 1024)	/* bytes of one printed text */

/* what its documents say of the end of a run */
struct report_end {
	bool ended;		/* it says that the session was over */
	bool exit_known;
	long exit_code;
	long total;		/* tests that it counts, -1 = it counts none */
	bool listed;		/* it lists its tests; false: a summary only */
	uint64_t damaged;	/* records that could not be read */
	const char *cut;	/* why it is known not to be whole, or NULL; static text */
	struct slice begun;	/* id of a test that had begun when it ended; or empty */
};

struct report_run {
	const struct read_sink *sink;	/* borrowed */
	struct arena arena, texts;
	struct names ids;
	unsigned *attempt;		/* by number of the id */
	size_t attempt_cap, kept;
	struct run run;			/* what is known so far */
	struct buf framework, why, reconciled, block;
	bool begun;
	long ran;			/* tests with a result, each once */
	long by[TEST_NOT_RUN + 1];	/* of them */
	long unfinished, collect_errors;
	uint64_t lost;			/* results beyond the limit */
	int64_t first_ns, last_ns;	/* of what has a time */
};

/* format: name of the reader; both are static text */
void	report_run_init(struct report_run *r, const struct read_job *job, const char *format,
	    unsigned fidelity);
void	report_run_release(struct report_run *r);
int	report_run_begin(struct report_run *r, uint64_t line, uint64_t byte, struct err *e);
/* last: of its attempts, as far as is known; the number of the attempt is set here */
int	report_run_test(struct report_run *r, struct test *test, bool last, struct err *e);
/* in pieces of whole lines; text without any sign gives nothing */
int	report_run_output(struct report_run *r, const struct printed *output, struct err *e);
int	report_run_fact(struct report_run *r, const struct run_fact *fact, struct err *e);
/* a value and all that is in it, as facts "Packages.pytest" and so on */
int	report_run_facts(struct report_run *r, const char *kind, const json_t *values,
	    uint64_t line, uint64_t byte, struct err *e);
/* state, counts and reasons, then run_end; the next run may begin */
int	report_run_end(struct report_run *r, const struct report_end *end, struct err *e);

#endif
