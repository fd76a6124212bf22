/*
 * twins.h - is this one run that two formats hold?
 *
 * The caller has seen that ids and outcomes of the last attempts agree (their digests
 * are equal) and that the formats differ: a format twice is two runs. The ids of one may
 * all begin with a folder that the other leaves out. What is compared here may be missing
 * in either, but must not contradict:
 *
 *	failure messages	first lines, one holding the other: consoles cut them
 *	durations of tests	within 2 ms, where one was printed by a console within 10 ms
 *	duration of the run	within 1 s and 2 %: runners stop their clocks at different places;
 *				a log of results knows that of its tests only, which is less
 *	start			within 5 s; where a zone was assumed, but for quarters of an
 *				hour, up to 14 hours; or one run, both clocks exact, lies
 *				within the other
 *
 * One contradiction is enough to keep them apart, and one of these must agree: a suite that
 * passes twice has the same ids and outcomes. cmd includes this header.
 */
#ifndef REASON_TWINS_H
#define REASON_TWINS_H

#include "model/twin.h"

struct twin_verdict {
	bool same;
	unsigned agreed;	/* durations and clocks that both know and that agree */
	/* bytes that the ids of a or b have in front of those of the other: "tests/e2e/" */
	size_t skip_a, skip_b;
	char why[160];		/* "the same 61 ids and outcomes; 10 failure messages ..." */
};

/* false: start or duration contradict, whatever the results are */
bool	reason_twins_may(const struct twin_run *a, const struct twin_run *b);
struct twin_verdict reason_twins(const struct twin_run *a, const struct twin_result *ra, size_t na,
	    const struct twin_run *b, const struct twin_result *rb, size_t nb);

#endif
