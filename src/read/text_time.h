/*
 * text_time.h - the times that programs print before the lines of a text log.
 *
 *	2025-10-02T09:14:25.123456Z	2025-10-02 09:14:25,123 +0200	... 09:14:25 UTC
 *	2025/10/02 09:14:25.123456	Go, nginx's error log
 *	02/Oct/2025:09:14:25 +0000	access logs
 *	Thu Oct 02 09:14:25.123456 2025	Apache's error log
 *	Oct  2 09:14:25			syslog: no year
 *	09:14:25.123			no date
 *
 * Dates with slashes that begin with a day or a month as a number are not read:
 * 02/10/2025 is the second of October or the tenth of February. Private to read/.
 */
#ifndef READ_TEXT_TIME_H
#define READ_TEXT_TIME_H

#include "base/clock.h"

struct zone;

enum text_date {
	TEXT_DATE_WHOLE,
	TEXT_DATE_NO_YEAR,
	TEXT_DATE_NONE		/* a time of day */
};

struct text_time {
	enum text_date date;
	bool zoned;		/* Z, an offset or UTC was there */
	/* WHOLE: since 1970, read as UTC unless zoned; NONE: since midnight */
	int64_t ns;
	int month, day;		/* NO_YEAR: ns is since midnight of this day */
};

/* a time at the start of *in, which is moved behind it */
bool	text_time_take(struct slice *in, struct text_time *t);
/* the same, only times that begin with a year, as YYYY-MM-DD */
bool	text_time_take_iso(struct slice *in, struct text_time *t);
/* "Oct  2 09:14:25" */
bool	text_time_take_syslog(struct slice *in, struct text_time *t);
/* "02/Oct/2025:09:14:25 +0000" */
bool	text_time_take_access(struct slice *in, struct text_time *t);
/* seconds, ms, us or ns since 1970, told apart by their size; 2001 to 2262 */
bool	text_time_epoch(struct slice number, int64_t *ns);

/* what is known about the date of a source so far; base CLOCK_NONE: nothing */
struct text_clock {
	const struct zone *zone;	/* for times that name none; NULL: UTC */
	int64_t base;	/* the last whole time on its wall, or the first one of the head */
};

/*
 * The time as nanoseconds since 1970, or CLOCK_NONE when its date cannot be told.
 * *assumed: the zone, or a part of the date, is not from the line itself. A time
 * of day goes on behind the one before, so that midnight begins the next day.
 */
int64_t	text_clock_resolve(struct text_clock *c, const struct text_time *t, bool *assumed);

#endif
