/*
 * report_attempt.h - one attempt at a test, put together from the reports of its phases.
 *
 * A test has passed when setup, call and teardown say so. One that was begun and whose
 * reports end too early is an error: it did not finish. The first failure is the one
 * that is told; a failed subtest fails its parent. Private to read/.
 */
#ifndef READ_REPORT_ATTEMPT_H
#define READ_REPORT_ATTEMPT_H

#include "model/run.h"
#include "read/report_reason.h"

#define ATTEMPT_ID 4096		/* bytes of an id that are kept */
#define ATTEMPT_SECTIONS 1000	/* captured sections of an attempt that are known again */

enum report_outcome { REPORT_PASSED, REPORT_FAILED, REPORT_SKIPPED, REPORT_RERUN, REPORT_OTHER };

/* what is said of one phase; when = PHASE_NONE: of the test as a whole, as of a dead worker */
struct phase_report {
	enum test_phase when;
	enum report_outcome outcome;
	bool subtest;
	bool xfail;			/* a failure was expected; the message says why */
	int64_t duration_ns, started_ns;	/* CLOCK_NONE if not stated */
	const struct reason *reason;
	uint64_t line, byte;
};

struct attempt {
	bool open;
	struct buf id, printed, worker;	/* printed: empty when it is the same as id */
	struct reason reason;
	bool setup, call, teardown;	/* reported */
	bool failed[PHASE_TEARDOWN + 1];
	bool sub_failed, skipped, xfailed, xpassed, rerun, died;
	bool told;			/* reason is that of a failure */
	enum test_phase told_phase, skip_phase;
	int64_t setup_ns, call_ns, teardown_ns, started_ns;
	uint64_t line, byte, detail_line, detail_byte;
	uint64_t *section;		/* hashes of captured sections that were given on */
	size_t sections, section_cap;
};

/* what is known besides when the reports of a test are over */
enum attempt_end {
	ATTEMPT_OVER,		/* nothing more can come */
	ATTEMPT_GREEN		/* and the exit code says that nothing failed */
};

enum report_outcome report_outcome_of(struct slice word);
enum test_phase report_phase_of(struct slice word);	/* PHASE_NONE for any other */

void	attempt_init(struct attempt *a);
void	attempt_release(struct attempt *a);
void	attempt_open(struct attempt *a, struct slice id, struct slice worker, uint64_t line,
	    uint64_t byte);
void	attempt_worker(struct attempt *a, struct slice worker);
void	attempt_add(struct attempt *a, const struct phase_report *p);
/* is this captured section new? Every report repeats those before it */
bool	attempt_section(struct attempt *a, struct slice title, struct slice text);
/*
 * The result; its texts are those of the attempt, or static. damaged: records could not be
 * read, so what is missing may have been lost. Returns false when the test did not finish.
 */
bool	attempt_close(struct attempt *a, enum attempt_end end, bool damaged, struct test *test);

#endif
