#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S INT64_C(86400)
#define FIRST_YEAR 1678		/* the first whole year that 64-bit nanoseconds reach */
#define LAST_YEAR 2262

struct civil {
	int year, month, day, hour, minute, second;
};

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/*
 * Days since 1970-01-01 in the proleptic Gregorian calendar. Counted in eras of
 * 400 years that begin in March, so that the leap day is the last of its year.
 */
static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void
civil_from_days(int64_t days, struct civil *c)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c->year = (int)(yoe + era * 400 + (c->month <= 2));
}

static bool
civil_valid(const struct civil *c)
{
	return c->year >= FIRST_YEAR && c->year <= LAST_YEAR && c->month >= 1 && c->month <= 12 &&
	    c->day >= 1 && c->day <= month_days(c->year, c->month) && c->hour >= 0 &&
	    c->hour <= 23 && c->minute >= 0 && c->minute <= 59 && c->second >= 0 &&
	    c->second <= 59;
}

static int64_t
civil_seconds(const struct civil *c)
{
	return days_from_civil(c->year, c->month, c->day) * DAY_S + c->hour * 3600 +
	    c->minute * 60 + c->second;
}

/* seconds and nanoseconds (0..999999999) to nanoseconds; false outside of what is covered */
static bool
join(int64_t seconds, int64_t fraction, int64_t *ns)
{
	int64_t t;

	if (__builtin_mul_overflow(seconds, CLOCK_NS_PER_S, &t) ||
	    __builtin_add_overflow(t, fraction, &t))
		return false;
	if (t < clock_from_civil(FIRST_YEAR, 1, 1, 0, 0, 0))
		return false;
	*ns = t;
	return true;
}

int64_t
clock_from_civil(int year, int month, int day, int hour, int minute, int second)
{
	struct civil c = { year, month, day, hour, minute, second };
	int64_t ns;

	if (!civil_valid(&c))
		return CLOCK_NONE;
	if (__builtin_mul_overflow(civil_seconds(&c), CLOCK_NS_PER_S, &ns))
		return CLOCK_NONE;
	return ns;
}

static bool
take_int(struct slice *in, unsigned digits, int *value)
{
	uint64_t v;

	if (!slice_take_digits(in, digits, &v))
		return false;
	*value = (int)v;
	return true;
}

/* "2025-09-15T16:00:01" */
static bool
take_civil(struct slice *in, struct civil *c)
{
	if (!take_int(in, 4, &c->year) || !slice_take_byte(in, '-') ||
	    !take_int(in, 2, &c->month) || !slice_take_byte(in, '-') ||
	    !take_int(in, 2, &c->day))
		return false;
	if (!slice_take_byte(in, 'T') && !slice_take_byte(in, 't') && !slice_take_byte(in, ' '))
		return false;
	return take_int(in, 2, &c->hour) && slice_take_byte(in, ':') &&
	    take_int(in, 2, &c->minute) && slice_take_byte(in, ':') &&
	    take_int(in, 2, &c->second);
}

/* ".123" to nanoseconds, none is 0; digits beyond the ninth are cut */
static bool
take_fraction(struct slice *in, int64_t *ns)
{
	int64_t unit = CLOCK_NS_PER_S / 10, v = 0;
	struct slice s = *in;
	size_t digits;

	*ns = 0;
	if (!slice_take_byte(&s, '.'))
		return true;
	for (digits = 0; digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9'; digits++) {
		v += (s.p[digits] - '0') * unit;
		unit /= 10;
	}
	if (digits == 0)
		return false;
	*ns = v;
	*in = slice_sub(s, digits, s.n);
	return true;
}

/* the rest of a time after its fraction; *offset in seconds east of UTC */
static bool
read_zone(struct slice s, int64_t *offset, enum clock_zone *zone)
{
	int hours, minutes;
	bool west;

	*offset = 0;
	*zone = s.n ? CLOCK_ZONE_KNOWN : CLOCK_ZONE_ASSUMED;
	if (s.n == 0 || slice_eqs(s, "Z") || slice_eqs(s, "z") || slice_eqs(s, " UTC"))
		return true;
	west = slice_take_byte(&s, '-');
	if (!west && !slice_take_byte(&s, '+'))
		return false;
	if (!take_int(&s, 2, &hours))
		return false;
	slice_take_byte(&s, ':');
	if (!take_int(&s, 2, &minutes) || s.n || hours > 23 || minutes > 59)
		return false;
	*offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return true;
}

bool
clock_parse(struct slice s, int64_t *ns, enum clock_zone *zone)
{
	enum clock_zone found;
	int64_t fraction, offset;
	struct civil c;

	if (!take_civil(&s, &c) || !take_fraction(&s, &fraction) ||
	    !read_zone(s, &offset, &found))
		return false;
	if (c.second == 60) {
		c.second = 59;
		fraction = CLOCK_NS_PER_S - 1;
	}
	if (!civil_valid(&c) || !join(civil_seconds(&c) - offset, fraction, ns))
		return false;
	if (zone)
		*zone = found;
	return true;
}

bool
clock_parse_duration(struct slice s, int64_t *ns)
{
	int64_t fraction, t;
	uint64_t seconds;

	if (!slice_take_uint(&s, &seconds) || !take_fraction(&s, &fraction))
		return false;
	slice_take_byte(&s, 's');
	if (s.n || __builtin_mul_overflow(seconds, CLOCK_NS_PER_S, &t) ||
	    __builtin_add_overflow(t, fraction, &t))
		return false;
	*ns = t;
	return true;
}

char *
clock_format(int64_t ns, unsigned digits, char out[CLOCK_TEXT])
{
	int64_t seconds = ns / CLOCK_NS_PER_S, fraction = ns % CLOCK_NS_PER_S, day, rest;
	struct civil c = { 0 };
	char part[16];

	if (ns == CLOCK_NONE)
		return memcpy(out, "-", 2);
	/* round down, before 1970 too */
	if (fraction < 0) {
		fraction += CLOCK_NS_PER_S;
		seconds--;
	}
	day = seconds / DAY_S;
	rest = seconds % DAY_S;
	if (rest < 0) {
		rest += DAY_S;
		day--;
	}
	civil_from_days(day, &c);
	snprintf(part, sizeof part, ".%09u", (unsigned)fraction);
	if (digits > 9)
		digits = 9;
	snprintf(out, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d%.*sZ", c.year, c.month, c.day,
	    (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60),
	    digits ? (int)digits + 1 : 0, part);
	return out;
}

static int
now_from_epoch(const char *text, int64_t *ns, struct err *e)
{
	int64_t seconds;

	if (slice_to_int64(slice_str(text), &seconds) && join(seconds, 0, ns))
		return 0;
	err_set(e, ERR_USAGE, "SOURCE_DATE_EPOCH is not a time: '%s'", text);
	return err_help(e, "it holds the seconds since 1970-01-01 UTC, such as 1757952000");
}

int
clock_now(const char *option, int64_t *ns, struct err *e)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	struct timespec now;

	if (option) {
		if (clock_parse(slice_str(option), ns, NULL))
			return 0;
		err_set(e, ERR_USAGE, "'%s' is not a time", option);
		return err_help(e, "write it as 2025-09-15T16:00:00Z");
	}
	if (epoch && *epoch)
		return now_from_epoch(epoch, ns, e);
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return err_errno(e, ERR_IO, "cannot read the system's clock");
	*ns = (int64_t)now.tv_sec * CLOCK_NS_PER_S + now.tv_nsec;
	return 0;
}

int64_t
clock_age(int64_t ns, int64_t *unit_ns, const char **unit)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 86400, "days" }, { 3600, "hours" }, { 60, "minutes" }, { 1, "seconds" } };
	size_t i = 0;

	while (i < 3 && ns / CLOCK_NS_PER_S < 2 * units[i].seconds)
		i++;
	*unit_ns = units[i].seconds * CLOCK_NS_PER_S;
	*unit = units[i].name;
	return ns / *unit_ns;
}

int64_t
clock_add(int64_t ns, int64_t more)
{
	int64_t sum;

	if (!__builtin_add_overflow(ns, more, &sum) && sum != CLOCK_NONE)
		return sum;
	return more < 0 ? INT64_MIN + 1 : INT64_MAX;
}

int64_t
clock_gap(int64_t later_ns, int64_t earlier_ns)
{
	int64_t gap;

	if (!__builtin_sub_overflow(later_ns, earlier_ns, &gap) && gap != CLOCK_NONE)
		return gap;
	return later_ns < earlier_ns ? INT64_MIN + 1 : INT64_MAX;
}
