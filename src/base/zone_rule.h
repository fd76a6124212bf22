/*
 * zone_rule.h - the rule for years to come: a TZ string as POSIX has it.
 *
 * "PST8PDT,M3.2.0,M11.1.0" or "<-03>3". Private to base/zone*.
 */
#ifndef BASE_ZONE_RULE_H
#define BASE_ZONE_RULE_H

#include "base/slice.h"
#include "base/zone.h"

struct zone_type {
	int32_t offset;			/* seconds east of UTC */
	char abbr[ZONE_ABBR];
};

#define ZONE_DAY_S 86400

/* no clock is off by a day or more */
bool	zone_offset_fits(int32_t offset);

enum zone_day { ZONE_DAY_JULIAN, ZONE_DAY_OF_YEAR, ZONE_DAY_OF_MONTH };

struct zone_change {
	enum zone_day kind;
	int month, week, day;		/* day of the year for the first two kinds */
	int32_t time;			/* seconds after midnight, -167 to 167 hours */
};

struct zone_rule {
	struct zone_type standard, summer;
	bool has_summer;
	struct zone_change begin, end;	/* of summer */
};

/* uses all of s or fails */
bool	zone_rule_parse(struct slice s, struct zone_rule *r);
const struct zone_type *zone_rule_at(const struct zone_rule *r, int64_t utc_seconds);

#endif
