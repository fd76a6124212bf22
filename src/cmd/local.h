/*
 * local.h - times of the zone that --tz names, beside UTC.
 */
#ifndef CMD_LOCAL_H
#define CMD_LOCAL_H

#include "base/zone.h"
#include "cmd/opt.h"

/* the entry of an option table; `type` has a member const char *tz */
#define LOCAL_OPT(type, help) { 0, "tz", OPT_STRING, offsetof(type, tz), "ZONE", help, NULL }

#define LOCAL_SPAN 160			/* room for what local_span writes */

/* NULL gives no zone */
int	local_zone(const char *tz, struct zone **z, struct err *e);
/*
 * "18:40:53 .. 18:42:58 PDT (America/Los_Angeles)"; a date stands before a time where
 * it is another one than in UTC, or than that of the first time.
 */
char	*local_span(const struct zone *z, int64_t first_ns, int64_t last_ns,
	    char out[LOCAL_SPAN]);

#endif
