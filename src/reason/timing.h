/*
 * timing.h - test results that cannot well be true, and durations that say nothing.
 *
 * Simple rules over one result; what a test really exercised is judged elsewhere. A pass
 * is suspicious when
 * - its run says that what it tests is not there ("Infrastructure Status: UNAVAILABLE");
 * - its test phase took less than TIMING_SHORT_NS, and its id or file has one of the words
 *   e2e, integration, staging or live, or it printed an http or https URL: no server
 *   answers in that time. Without the phase its whole duration is taken, which is no
 *   shorter;
 * - a report states that its test phase took less than TIMING_NOTHING_NS;
 * - a report states the same duration of at least TIMING_SAME_NS, to the last digit, for
 *   TIMING_SAME results of its run and one in TIMING_SHARE of those that are timed: what
 *   runs on a machine varies.
 * Only passes: a skip takes no time, and failures end together when they time out. cmd
 * includes this header.
 */
#ifndef REASON_TIMING_H
#define REASON_TIMING_H

#include "base/arena.h"
#include "model/result.h"

#define TIMING_SHORT_NS INT64_C(5000000)
#define TIMING_NOTHING_NS INT64_C(1000000)
#define TIMING_SAME_NS INT64_C(100000000)
#define TIMING_SAME 5
#define TIMING_SHARE 10

/* the duration says nothing, in words of the reader or of these rules; empty: it may be true */
struct slice reason_timing(const struct result *r, struct arena *a);

#endif
