/*
 * text_time.c - one scanner per way to print a time, and dates that a line leaves out.
 */
#include "config.h"

#include "base/zone.h"
#include "read/text_time.h"

#define DAY_NS (86400 * CLOCK_NS_PER_S)

/* whole time of the clock on the wall, in nanoseconds since midnight */
static bool
take_day_time(struct slice *in, int64_t *ns)
{
	uint64_t hour, minute, second;
	int64_t fraction = 0, unit = CLOCK_NS_PER_S / 10;
	struct slice s = *in, t;

	if (!slice_take_digits(&s, 2, &hour) || !slice_take_byte(&s, ':') ||
	    !slice_take_digits(&s, 2, &minute) || !slice_take_byte(&s, ':') ||
	    !slice_take_digits(&s, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	t = s;
	if (slice_take_byte(&t, '.') || slice_take_byte(&t, ',')) {
		size_t n = 0;

		/* digits beyond the ninth are cut */
		for (; n < t.n && t.p[n] >= '0' && t.p[n] <= '9'; n++) {
			fraction += (t.p[n] - '0') * unit;
			unit /= 10;
		}
		if (n > 0)
			s = slice_sub(t, n, t.n);
	}
	if (second == 60) {
		second = 59;
		fraction = CLOCK_NS_PER_S - 1;
	}
	*ns = (int64_t)(hour * 3600 + minute * 60 + second) * CLOCK_NS_PER_S + fraction;
	*in = s;
	return true;
}

/* Z, +02:00, +0200, " +0200", " UTC": behind a time, if there is one */
static void
take_zone(struct slice *in, bool *zoned, int64_t *offset)
{
	struct slice s = *in;
	uint64_t hours, minutes;
	bool west;

	*offset = 0;
	*zoned = slice_take_byte(&s, 'Z') || slice_take_str(&s, " UTC") ||
	    slice_take_str(&s, " GMT");
	if (*zoned) {
		*in = s;
		return;
	}
	slice_take_byte(&s, ' ');
	west = slice_take_byte(&s, '-');
	if (!west && !slice_take_byte(&s, '+'))
		return;
	if (!slice_take_digits(&s, 2, &hours) || hours > 23)
		return;
	slice_take_byte(&s, ':');
	if (!slice_take_digits(&s, 2, &minutes) || minutes > 59)
		return;
	/* "-0400" is a zone, "-04001" is something else */
	if (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9')
		return;
	*offset = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1) * CLOCK_NS_PER_S;
	*zoned = true;
	*in = s;
}

static bool
join(uint64_t year, uint64_t month, uint64_t day, int64_t in_day, struct text_time *t)
{
	int64_t midnight = clock_from_civil((int)year, (int)month, (int)day, 0, 0, 0);

	if (midnight == CLOCK_NONE || __builtin_add_overflow(midnight, in_day, &t->ns))
		return false;
	t->date = TEXT_DATE_WHOLE;
	return true;
}

static bool
take_year_first(struct slice *in, char between, struct text_time *t)
{
	uint64_t year, month, day;
	int64_t in_day, offset;
	struct slice s = *in;

	if (!slice_take_digits(&s, 4, &year) || !slice_take_byte(&s, between) ||
	    !slice_take_digits(&s, 2, &month) || !slice_take_byte(&s, between) ||
	    !slice_take_digits(&s, 2, &day) ||
	    (!slice_take_byte(&s, ' ') && !slice_take_byte(&s, 'T')) ||
	    !take_day_time(&s, &in_day))
		return false;
	take_zone(&s, &t->zoned, &offset);
	if (!join(year, month, day, in_day, t) || __builtin_sub_overflow(t->ns, offset, &t->ns))
		return false;
	*in = s;
	return true;
}

bool
text_time_take_iso(struct slice *in, struct text_time *t)
{
	return take_year_first(in, '-', t);
}

static bool
take_month(struct slice *in, uint64_t *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++) {
		if (slice_eq(slice_sub(*in, 0, 3), slice_of(names + i * 3, 3))) {
			*month = i + 1;
			*in = slice_sub(*in, 3, in->n);
			return true;
		}
	}
	return false;
}

/* "Oct  2 09:14:25" or "Oct 02 ..." */
bool
text_time_take_syslog(struct slice *in, struct text_time *t)
{
	struct slice s = *in;
	uint64_t month, day;

	if (!take_month(&s, &month) || !slice_take_byte(&s, ' '))
		return false;
	slice_take_byte(&s, ' ');
	if (!slice_take_uint(&s, &day) || day < 1 || !slice_take_byte(&s, ' '))
		return false;
	/* leap years have all days that there are */
	if (day > 31 || clock_from_civil(2000, (int)month, (int)day, 0, 0, 0) == CLOCK_NONE ||
	    !take_day_time(&s, &t->ns))
		return false;
	t->date = TEXT_DATE_NO_YEAR;
	t->zoned = false;
	t->month = (int)month;
	t->day = (int)day;
	*in = s;
	return true;
}

/* "Thu Oct 02 09:14:25.123456 2025" */
static bool
take_weekday_first(struct slice *in, struct text_time *t)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	struct slice s = *in;
	uint64_t year;
	unsigned i;

	for (i = 0; i < 7 && !slice_eq(slice_sub(s, 0, 3), slice_of(names + i * 3, 3)); i++)
		;
	s = slice_sub(s, 3, s.n);
	if (i == 7 || !slice_take_byte(&s, ' ') || !text_time_take_syslog(&s, t) ||
	    !slice_take_byte(&s, ' ') || !slice_take_digits(&s, 4, &year) ||
	    !join(year, (uint64_t)t->month, (uint64_t)t->day, t->ns, t))
		return false;
	*in = s;
	return true;
}

bool
text_time_take_access(struct slice *in, struct text_time *t)
{
	uint64_t year, month, day;
	int64_t in_day, offset;
	struct slice s = *in;

	if (!slice_take_digits(&s, 2, &day) || !slice_take_byte(&s, '/') ||
	    !take_month(&s, &month) || !slice_take_byte(&s, '/') ||
	    !slice_take_digits(&s, 4, &year) || !slice_take_byte(&s, ':') ||
	    !take_day_time(&s, &in_day))
		return false;
	take_zone(&s, &t->zoned, &offset);
	if (!join(year, month, day, in_day, t) || __builtin_sub_overflow(t->ns, offset, &t->ns))
		return false;
	*in = s;
	return true;
}

bool
text_time_take(struct slice *in, struct text_time *t)
{
	struct slice s = *in;

	if (s.n < 8)
		return false;
	if (s.p[0] >= '0' && s.p[0] <= '9') {
		if (s.p[2] == ':') {
			if (!take_day_time(&s, &t->ns))
				return false;
			t->date = TEXT_DATE_NONE;
			t->zoned = false;
			*in = s;
			return true;
		}
		return take_year_first(in, '-', t) || take_year_first(in, '/', t) ||
		    text_time_take_access(in, t);
	}
	return text_time_take_syslog(in, t) || take_weekday_first(in, t);
}

bool
text_time_epoch(struct slice number, int64_t *ns)
{
	int64_t unit = CLOCK_NS_PER_S, fraction = 0, tenth, t;
	struct slice s = number;
	uint64_t whole;

	if (!slice_take_uint(&s, &whole) || whole < 1000000000 || whole > INT64_MAX)
		return false;
	while (whole / (uint64_t)(CLOCK_NS_PER_S / unit) >= 10000000000U && unit > 1)
		unit /= 1000;
	tenth = unit / 10;
	if (slice_take_byte(&s, '.')) {
		while (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9') {
			fraction += (s.p[0] - '0') * tenth;
			tenth /= 10;
			s = slice_sub(s, 1, s.n);
		}
	}
	if (s.n > 0 || __builtin_mul_overflow((int64_t)whole, unit, &t) ||
	    __builtin_add_overflow(t, fraction, &t))
		return false;
	*ns = t;
	return true;
}

/* --- dates that a line leaves out --- */

static int
year_of(int64_t ns)
{
	char text[CLOCK_TEXT];
	struct slice s = slice_str(clock_format(ns, 0, text));
	uint64_t year = 1970;

	slice_take_digits(&s, 4, &year);
	return (int)year;
}

static int64_t
distance(int64_t a, int64_t b)
{
	int64_t d;

	if (__builtin_sub_overflow(a, b, &d) || d == INT64_MIN)
		return INT64_MAX;
	return d < 0 ? -d : d;
}

/* the year that brings the day nearest to what is known */
static int64_t
with_year(const struct text_clock *c, const struct text_time *t)
{
	int64_t best = CLOCK_NONE;
	int year = year_of(c->base);

	for (int y = year - 1; y <= year + 1; y++) {
		int64_t ns = clock_from_civil(y, t->month, t->day, 0, 0, 0);

		if (ns == CLOCK_NONE || __builtin_add_overflow(ns, t->ns, &ns))
			continue;
		if (best == CLOCK_NONE || distance(ns, c->base) < distance(best, c->base))
			best = ns;
	}
	return best;
}

/* the day that brings the time nearest to what is known */
static int64_t
with_day(const struct text_clock *c, const struct text_time *t)
{
	int64_t in_day = ((c->base % DAY_NS) + DAY_NS) % DAY_NS, d = t->ns - in_day, ns;

	if (d > DAY_NS / 2)
		d -= DAY_NS;
	else if (d < -(DAY_NS / 2))
		d += DAY_NS;
	return __builtin_add_overflow(c->base, d, &ns) ? CLOCK_NONE : ns;
}

int64_t
text_clock_resolve(struct text_clock *c, const struct text_time *t, bool *assumed)
{
	int64_t wall;

	*assumed = !t->zoned;
	if (t->date == TEXT_DATE_WHOLE) {
		/* lines that leave out their date are on the wall of the zone */
		c->base = t->ns;
		if (t->zoned && __builtin_add_overflow(t->ns,
		    zone_of_utc(c->zone, t->ns, NULL) * CLOCK_NS_PER_S, &c->base))
			c->base = t->ns;
		return t->zoned ? t->ns : zone_to_utc(c->zone, t->ns, NULL);
	}
	*assumed = true;
	if (c->base == CLOCK_NONE)
		return CLOCK_NONE;
	wall = t->date == TEXT_DATE_NO_YEAR ? with_year(c, t) : with_day(c, t);
	if (wall == CLOCK_NONE)
		return CLOCK_NONE;
	c->base = wall;
	return zone_to_utc(c->zone, wall, NULL);
}
