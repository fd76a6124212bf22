/*
 * zone.h - time zones: UTC, fixed offsets, and the names of the zone database.
 *
 * A zone is opened by its name and holds all it needs; neither the TZ variable nor
 * any state of libc takes part, so two zones may be used side by side. Files are
 * TZif (RFC 9636) below $TZDIR, else /usr/share/zoneinfo. NULL as a zone is UTC.
 * Any folder may include this header.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/clock.h"

struct zone;				/* opaque */

#define ZONE_ABBR 32			/* room for an abbreviation, "PDT", with its NUL */

/*
 * "UTC", "Z", "+02:00", "-0700" or "America/Los_Angeles". ERR_USAGE when there is no
 * such zone, with what to write instead. "local" is none: where a program runs says
 * nothing of where a log was written.
 */
int	zone_open(const char *name, struct zone **z, struct err *e);
/* the content of a TZif file; `name` is only kept. ERR_INPUT says what is wrong with it. */
int	zone_parse(const char *name, struct slice tzif, struct zone **z, struct err *e);
void	zone_free(struct zone *z);
const char *zone_name(const struct zone *z);	/* as given; "UTC" for "Z" and NULL */
bool	zone_is_utc(const struct zone *z);

/*
 * What a clock on the wall shows to UTC; local_ns is that time read as if it were
 * UTC. A time that the clock shows twice is taken for the first, one that it skips
 * is moved forward by what was skipped; both set *unclear (which may be NULL).
 * CLOCK_NONE when the result is not covered.
 */
int64_t	zone_to_utc(const struct zone *z, int64_t local_ns, bool *unclear);
/* seconds east of UTC at that time; abbr may be NULL */
int32_t	zone_of_utc(const struct zone *z, int64_t ns, char abbr[ZONE_ABBR]);
/* clock_parse(), and a time that names no zone (CLOCK_ZONE_ASSUMED) is one of z */
bool	zone_parse_clock(const struct zone *z, struct slice s, int64_t *ns,
	    enum clock_zone *zone);
/* "2025-09-15T18:40:53.087197-07:00"; offsets are cut to minutes, the moment stays */
char	*zone_format(const struct zone *z, int64_t ns, unsigned digits, char out[CLOCK_TEXT]);

#endif
