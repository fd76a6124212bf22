/*
 * zone_rule.c - the rule for years to come: a TZ string as POSIX has it.
 */
#include "config.h"

#include "base/zone_rule.h"

#include <string.h>

#define HOUR 3600
#define HOURS_MAX 167		/* of a change; RFC 9636 widens the 24 of POSIX */

bool
zone_offset_fits(int32_t offset)
{
	return offset > -ZONE_DAY_S && offset < ZONE_DAY_S;
}

/* ---- reading ---- */

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "PST" or "<-03>" */
static bool
take_abbr(struct slice *in, char abbr[ZONE_ABBR])
{
	struct slice s = *in, name;
	size_t n = 0;

	if (slice_take_byte(&s, '<')) {
		if (!slice_take_until(&s, '>', &name))
			return false;
	} else {
		while (n < s.n && is_letter(s.p[n]))
			n++;
		name = slice_sub(s, 0, n);
		s = slice_sub(s, n, s.n);
	}
	if (name.n < 3 || name.n >= ZONE_ABBR || slice_find_byte(name, 0, '\0') != SIZE_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && !(name.p[i] >= '0' && name.p[i] <= '9') &&
		    name.p[i] != '+' && name.p[i] != '-')
			return false;
	memcpy(abbr, name.p, name.n);
	abbr[name.n] = '\0';
	*in = s;
	return true;
}

static bool
take_number(struct slice *in, int min, int max, int *value)
{
	uint64_t v;
	struct slice s = *in;

	if (!slice_take_uint(&s, &v) || v < (uint64_t)min || v > (uint64_t)max)
		return false;
	*value = (int)v;
	*in = s;
	return true;
}

/* "[+-]hh[:mm[:ss]]" */
static bool
take_time(struct slice *in, int hours_max, int32_t *seconds)
{
	bool minus = slice_take_byte(in, '-');
	int h, m = 0, s = 0;

	if (!minus)
		slice_take_byte(in, '+');
	if (!take_number(in, 0, hours_max, &h))
		return false;
	if (slice_take_byte(in, ':')) {
		if (!take_number(in, 0, 59, &m))
			return false;
		if (slice_take_byte(in, ':') && !take_number(in, 0, 59, &s))
			return false;
	}
	*seconds = (h * HOUR + m * 60 + s) * (minus ? -1 : 1);
	return true;
}

/* ",M3.2.0/2", ",J60" or ",59" */
static bool
take_change(struct slice *in, struct zone_change *c)
{
	if (!slice_take_byte(in, ','))
		return false;
	c->time = 2 * HOUR;
	if (slice_take_byte(in, 'M')) {
		c->kind = ZONE_DAY_OF_MONTH;
		if (!take_number(in, 1, 12, &c->month) || !slice_take_byte(in, '.') ||
		    !take_number(in, 1, 5, &c->week) || !slice_take_byte(in, '.') ||
		    !take_number(in, 0, 6, &c->day))
			return false;
	} else if (slice_take_byte(in, 'J')) {
		c->kind = ZONE_DAY_JULIAN;
		if (!take_number(in, 1, 365, &c->day))
			return false;
	} else {
		c->kind = ZONE_DAY_OF_YEAR;
		if (!take_number(in, 0, 365, &c->day))
			return false;
	}
	return !slice_take_byte(in, '/') || take_time(in, HOURS_MAX, &c->time);
}

bool
zone_rule_parse(struct slice s, struct zone_rule *r)
{
	int32_t west;

	memset(r, 0, sizeof *r);
	if (!take_abbr(&s, r->standard.abbr) || !take_time(&s, 23, &west))
		return false;
	r->standard.offset = -west;
	if (s.n == 0)
		return true;
	r->has_summer = true;
	r->summer.offset = r->standard.offset + HOUR;
	if (!take_abbr(&s, r->summer.abbr))
		return false;
	if (s.n && s.p[0] != ',') {
		if (!take_time(&s, 23, &west))
			return false;
		r->summer.offset = -west;
	}
	return zone_offset_fits(r->summer.offset) && take_change(&s, &r->begin) &&
	    take_change(&s, &r->end) && s.n == 0;
}

/* ---- the calendar ---- */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* days from 1970-01-01 to the first of January */
static int64_t
year_start(int64_t year)
{
	int64_t y = year - 1;

	return 365 * (year - 1970) + floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400) - 477;
}

static int64_t
year_of_day(int64_t day)
{
	/* never too late, and at most a few years too early in the centuries that clock.h covers */
	int64_t year = 1970 + (day < 0 ? floor_div(day, 365) - 1 : day / 366);

	while (year_start(year + 1) <= day)
		year++;
	return year;
}

static int64_t
month_start(int64_t year, int month)
{
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

	return year_start(year) + before[month - 1] + (month > 2 && is_leap(year));
}

/* seconds from 1970-01-01 to the change, on the clock that shows until then */
static int64_t
change_at(const struct zone_change *c, int64_t year)
{
	int64_t first, day = 0;

	switch (c->kind) {
	case ZONE_DAY_JULIAN:		/* 29 February is never counted */
		day = year_start(year) + c->day - 1 + (c->day > 59 && is_leap(year));
		break;
	case ZONE_DAY_OF_YEAR:
		day = year_start(year) + c->day;
		break;
	case ZONE_DAY_OF_MONTH:
		first = month_start(year, c->month);
		/* 1970-01-01 was a Thursday */
		day = first + ((c->day - (first + 4)) % 7 + 7) % 7 + (c->week - 1) * 7;
		while (day >= (c->month == 12 ? year_start(year + 1) :
		    month_start(year, c->month + 1)))
			day -= 7;
		break;
	}
	return day * ZONE_DAY_S + c->time;
}

const struct zone_type *
zone_rule_at(const struct zone_rule *r, int64_t t)
{
	int64_t year, begin, end;
	bool summer;

	if (!r->has_summer)
		return &r->standard;
	year = year_of_day(floor_div(t + r->standard.offset, ZONE_DAY_S));
	begin = change_at(&r->begin, year) - r->standard.offset;
	end = change_at(&r->end, year) - r->summer.offset;
	/* south of the equator summer ends before it begins again */
	summer = begin < end ? t >= begin && t < end : !(t >= end && t < begin);
	return summer ? &r->summer : &r->standard;
}
