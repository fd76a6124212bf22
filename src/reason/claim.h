/*
 * claim.h - what the name of a file claims about its time. Private to reason/.
 *
 * "logs_last_hour.json", "last-24h", "export_2h.json"     a span
 * ".../2025/09/16/01:00:00_01:59:59_S0.json"              a range, UTC: Cloud Storage sinks
 * "downloaded-logs-20250915-184401", "...2025-09-15-1843" when it was taken; the zone of the
 *                                                         machine that named it is not known
 */
#ifndef REASON_CLAIM_H
#define REASON_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct claim {
	int64_t span_ns;		/* 0 = none */
	int64_t from_ns, to_ns;		/* CLOCK_NONE = none; to is exclusive */
	int64_t taken_ns;		/* as if it were UTC; CLOCK_NONE = none */
	bool taken_utc;			/* the name says UTC */
	bool sink;			/* a sink wrote it, no query */
};

void	claim_of(struct slice path, struct claim *c);

#endif
