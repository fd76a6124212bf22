/* local.c - times of the zone that --tz names, beside UTC */
#include "config.h"

#include "cmd/local.h"

#include <stdio.h>
#include <string.h>

int
local_zone(const char *tz, struct zone **z, struct err *e)
{
	*z = NULL;
	if (!tz || zone_open(tz, z, e) == 0)
		return 0;
	return err_add(e, "--tz");
}

char *
local_span(const struct zone *z, int64_t first_ns, int64_t last_ns, char out[LOCAL_SPAN])
{
	char utc[CLOCK_TEXT], first[CLOCK_TEXT], last[CLOCK_TEXT];
	char from[ZONE_ABBR], to[ZONE_ABBR];
	bool dated, days;

	clock_format(first_ns, 0, utc);
	zone_format(z, first_ns, 0, first);
	zone_format(z, last_ns, 0, last);
	zone_of_utc(z, first_ns, from);
	zone_of_utc(z, last_ns, to);
	dated = memcmp(utc, first, 10) != 0;
	days = memcmp(first, last, 10) != 0;
	snprintf(out, LOCAL_SPAN, "%.*s%s%.8s%s%s .. %.*s%s%.8s %s (%s)", dated || days ? 10 : 0,
	    first, dated || days ? " " : "", first + 11, strcmp(from, to) == 0 ? "" : " ",
	    strcmp(from, to) == 0 ? "" : from, days ? 10 : 0, last, days ? " " : "", last + 11, to,
	    zone_name(z));
	return out;
}
