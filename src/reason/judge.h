/*
 * judge.h - private to reason/: what the rules about sources share.
 *
 * The figures of the rules stand here, each with its reason. None was fitted to
 * a file: they follow from what collectors do and from what chance allows.
 */
#ifndef REASON_JUDGE_H
#define REASON_JUDGE_H

#include "reason/build.h"
#include "reason/claim.h"

/* filter and empty: fewer entries than this show no habit of a collector */
#define JUDGE_ENTRIES 10
/* claim and cap: "far under" is less than one half; the half in which most of it lies is known */
#define JUDGE_FAR 2
/* limit: an end of the window that is no more average pauses away than this is reached */
#define JUDGE_PAUSES 3
/* a name's local time is at most 14 h ahead of UTC: what is older than that is older anywhere */
#define JUDGE_ZONE_NS (14 * 3600 * CLOCK_NS_PER_S)
/* how far beyond an open end a command asks: an hour, the usual request of an export */
#define JUDGE_WIDEN_NS (3600 * CLOCK_NS_PER_S)
/* tail: shorter requests are not told; entries arrive that late anyway */
#define JUDGE_TAIL_NS CLOCK_NS_PER_S
/*
 * silence: a service with at least 50 entries is silent when a pause is longer than
 * - 60 s: shorter ones are told by no one's clock or pager;
 * - 20 times its 95th percentile of pauses: entries that come at random exceed that once in
 *   20^20 pauses, so it is no chance;
 * - 3 times its third longest pause: what comes again and again is its rhythm (batches, timers).
 */
#define SILENCE_ENTRIES 50
#define SILENCE_LEAST_NS (60 * CLOCK_NS_PER_S)
#define SILENCE_PERCENTILE 95
#define SILENCE_FACTOR 20
#define SILENCE_RECURS 3

struct silence {
	int64_t from_ns, to_ns;		/* the entries around it */
	int64_t usual_ns;		/* the third longest pause */
};

/* silences of a service that are over by until_ns, the newest time of its source; by time */
size_t	rhythms_silences(const struct rhythms *r, int64_t source_id, struct slice service,
	    int64_t until_ns, struct silence silence[2]);

struct judge {
	const struct case_source *s;
	const struct rhythms *rhythms;	/* or NULL */
	struct arena *a;
	struct claim claim;
	uint64_t entries;		/* records that are log entries */
	struct gap *gap;
	size_t gaps, cap;
};

bool	count_is_round(uint64_t n);	/* as people give to --limit: 50, 100, 1000 ... */

/* a gap about all services and severities; says is printf */
struct gap *judge_say(struct judge *j, enum gap_kind kind, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/*
 * "gcloud logging read ..." for what is between from and to, either may be CLOCK_NONE.
 * service NULL: all of the source. filter "": none, else a term such as severity=ERROR.
 */
struct slice judge_collect(struct judge *j, const struct slice *service, const char *filter,
	    int64_t from_ns, int64_t to_ns);
char	*judge_time(struct arena *a, int64_t ns);	/* RFC 3339, 6 digits or 9 */
char	*judge_seconds(struct arena *a, int64_t ns);	/* "125.909 s", exact to the ms */
char	*judge_short(struct arena *a, int64_t ns);	/* "126 s", "38m34s", "5h12m", "3d4h" */

/* judge_limit.c: what was cut */
void	judge_limit(struct judge *j);
void	judge_cap(struct judge *j);
void	judge_filter(struct judge *j);
void	judge_claim(struct judge *j);
void	judge_stale(struct judge *j);
/* ns + by, and CLOCK_NONE or the last time instead of an overflow */
int64_t	judge_shift(int64_t ns, int64_t by);

#endif
