/*
 * run_wrapper.h - do the totals of what ran the runner agree with the output inside (R28)?
 *
 * A wrapper may count errors among its failures, and leave out skipped tests: that is no
 * difference. Figures that cannot be (more passes than tests, a rate below 0 or above
 * 100 %) are rejected: they are told and compared with nothing (R31). Private to read/.
 */
#ifndef READ_RUN_WRAPPER_H
#define READ_RUN_WRAPPER_H

#include "base/buf.h"
#include "model/run.h"
#include "read/pytest_count.h"

/* what the output inside comes to; -1 = not known */
struct run_inside {
	long results;		/* tests with a result, each once */
	long passed, failed, errors, skipped;
	long exit_code;
};

/*
 * Appends one clause to `why` and returns true when they differ: "the wrapper says 60
 * total, 50 passed, 8 failed; the output holds 60 results: 50 passed, 8 failed, 2 errors".
 */
bool	run_wrapper_why(const struct pytest_wrapper *w, const struct run_inside *in,
	    struct buf *why);
/* figures that cannot be: appends what and returns true */
bool	run_wrapper_impossible(const struct pytest_wrapper *w, struct buf *why);

#endif
