/*
 * clock.h - time as signed 64-bit nanoseconds since 1970-01-01 UTC.
 *
 * Covers 1678 to 2262; anything outside fails to parse. What is here is UTC and the
 * offsets that texts name: other zones are asked for by name, and base/zone.h has
 * them. The zone of the machine is never used. Any folder may include this header.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define CLOCK_NS_PER_S INT64_C(1000000000)
#define CLOCK_NONE INT64_MIN		/* "no time" */
#define CLOCK_TEXT 40			/* room for any text that clock_format writes */

enum clock_zone {
	CLOCK_ZONE_KNOWN,	/* Z or an offset was there */
	CLOCK_ZONE_ASSUMED	/* none was there: read as UTC; zone_parse_clock reads another */
};

/*
 * RFC 3339 and its usual neighbours: "T" or a blank between date and time, 0 to
 * 9 digits of fraction (more are cut), "Z", "z", "+hh:mm", "+hhmm", " UTC" or
 * nothing for the zone; second 60 counts as 59.999999999. Uses all of s or fails.
 */
bool	clock_parse(struct slice s, int64_t *ns, enum clock_zone *zone);
/* "3.786648988s", "0s", also without the s: nanoseconds; false on anything else */
bool	clock_parse_duration(struct slice s, int64_t *ns);
/* digits 0..9 of fraction, always "T" and "Z"; returns out */
char	*clock_format(int64_t ns, unsigned digits, char out[CLOCK_TEXT]);
/*
 * The time that is "now" for reports: `option` (the text of --now) if not NULL,
 * else SOURCE_DATE_EPOCH, else the system's clock.
 */
int	clock_now(const char *option, int64_t *ns, struct err *e);
/*
 * An age in the largest unit of which it has two or more: 72 and "days", 5 and "hours".
 * ns must not be negative; the smallest unit is the second. *unit_ns is one such unit.
 */
int64_t	clock_age(int64_t ns, int64_t *unit_ns, const char **unit);
/* times of hostile input may lie 580 years apart: these stop at the ends, never at CLOCK_NONE */
int64_t	clock_add(int64_t ns, int64_t more);
int64_t	clock_gap(int64_t later_ns, int64_t earlier_ns);
int64_t	clock_from_civil(int year, int month, int day, int hour, int minute, int second);

#endif
