/* truncated.c - does an export look cut by a --limit? (R1) */
#include "config.h"

#include "reason/judge.h"

#include <inttypes.h>
#include <stdio.h>

/* the counts people pass: 50, 100 ... 500, 1000 ... 10000, 20000 ... */
bool
count_is_round(uint64_t n)
{
	if (n < 50)
		return false;
	if (n <= 500)
		return n % 50 == 0;
	if (n <= 1000)
		return n % 100 == 0;
	return n <= 10000 ? n % 500 == 0 : n % 1000 == 0;
}

/* a limit keeps what comes first */
static const char *
part_kept(enum source_order order)
{
	switch (order) {
	case ORDER_NEWEST_FIRST:
		return "the newest";
	case ORDER_OLDEST_FIRST:
		return "the oldest";
	default:
		return "a part";
	}
}

/* no query made it, or it has all that its name claims, but for the pauses of what wrote it */
static bool
is_whole(struct slice path, uint64_t entries, int64_t span)
{
	struct claim claim;

	claim_of(path, &claim);
	return claim.sink || (claim.span_ns && span >= claim.span_ns -
	    span / (int64_t)entries * JUDGE_PAUSES);
}

bool
reason_truncated(struct slice path, uint64_t entries, enum source_order order, int64_t first_ns,
    int64_t last_ns, char *note, size_t room)
{
	int64_t gap, ms;

	note[0] = '\0';
	if (!count_is_round(entries) || first_ns == CLOCK_NONE || last_ns < first_ns)
		return false;
	gap = clock_gap(last_ns, first_ns);
	if (is_whole(path, entries, gap))
		return false;
	ms = gap / 1000000 + (gap % 1000000 >= 500000);	/* rounded, as the worklog has it */
	snprintf(note, room, "exactly %" PRIu64 " entries over %" PRId64 ".%03" PRId64
	    " s: a --limit of %" PRIu64 " gives that, and keeps only %s", entries, ms / 1000,
	    ms % 1000, entries, part_kept(order));
	return true;
}
