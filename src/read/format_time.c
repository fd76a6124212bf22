/*
 * format_time.c - times by a description: names of usual forms, and a part of strptime(3).
 */
#include "config.h"

#include "read/format_match.h"

static const char *const names[] = { "rfc3339", "unix", "unix_ms", "unix_us", "unix_ns", NULL };

static bool
is_named(struct slice format)
{
	for (size_t i = 0; names[i]; i++) {
		if (slice_eqs(format, names[i]))
			return true;
	}
	return false;
}

bool
format_time_valid(struct slice format, size_t *offset)
{
	bool any = is_named(format);

	if (any)
		return true;
	for (size_t i = 0; i < format.n; i++) {
		if (format.p[i] != '%')
			continue;
		*offset = i;
		if (++i == format.n ||
		    slice_find_byte(SLICE("YmdebHMSfzaZ%"), 0, format.p[i]) == SIZE_MAX)
			return false;
		any |= format.p[i] == 'H';
	}
	*offset = 0;
	return any;
}

struct parts {
	uint64_t year, month, day, hour, minute, second;
	int64_t fraction, offset;
	bool has_year, has_month, has_day, zoned;
};

static bool
take_month(struct slice *in, uint64_t *month)
{
	static const char all[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++) {
		if (slice_eq_fold(slice_sub(*in, 0, 3), slice_of(all + i * 3, 3))) {
			*month = i + 1;
			*in = slice_sub(*in, 3, in->n);
			return true;
		}
	}
	return false;
}

static bool
take_fraction(struct slice *in, int64_t *ns)
{
	int64_t unit = CLOCK_NS_PER_S / 10;
	size_t n = 0;

	for (*ns = 0; n < in->n && in->p[n] >= '0' && in->p[n] <= '9'; n++) {
		*ns += (in->p[n] - '0') * unit;
		unit /= 10;
	}
	*in = slice_sub(*in, n, in->n);
	return n > 0;
}

static bool
take_offset(struct slice *in, struct parts *p)
{
	uint64_t hours, minutes;
	struct slice s = *in;
	bool west;

	p->zoned = true;
	if (slice_take_byte(in, 'Z'))
		return true;
	west = slice_take_byte(&s, '-');
	if (!west && !slice_take_byte(&s, '+'))
		return false;
	if (!slice_take_digits(&s, 2, &hours) || hours > 23)
		return false;
	slice_take_byte(&s, ':');
	if (!slice_take_digits(&s, 2, &minutes) || minutes > 59)
		return false;
	p->offset = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1) * CLOCK_NS_PER_S;
	*in = s;
	return true;
}

static bool
take_one(char directive, struct slice *in, struct parts *p)
{
	switch (directive) {
	case 'Y':
		p->has_year = true;
		return slice_take_digits(in, 4, &p->year);
	case 'm':
		p->has_month = true;
		return slice_take_digits(in, 2, &p->month);
	case 'b':
		p->has_month = true;
		return take_month(in, &p->month);
	case 'd':
		p->has_day = true;
		return slice_take_digits(in, 2, &p->day);
	case 'e':
		p->has_day = true;
		slice_take_byte(in, ' ');
		return slice_take_uint(in, &p->day);
	case 'H':
		return slice_take_digits(in, 2, &p->hour) && p->hour <= 23;
	case 'M':
		return slice_take_digits(in, 2, &p->minute) && p->minute <= 59;
	case 'S':
		return slice_take_digits(in, 2, &p->second) && p->second <= 60;
	case 'f':
		return take_fraction(in, &p->fraction);
	case 'z':
		return take_offset(in, p);
	case 'Z':
		p->zoned = true;
		return slice_take_str(in, "UTC") || slice_take_str(in, "GMT");
	case 'a':
		*in = slice_sub(*in, 3, in->n);
		return true;
	default:
		return slice_take_byte(in, directive);
	}
}

/* seconds of the day; second 60 counts as the last moment of second 59 */
static int64_t
in_day(const struct parts *p)
{
	int64_t fraction = p->second == 60 ? CLOCK_NS_PER_S - 1 : p->fraction;
	uint64_t second = p->second == 60 ? 59 : p->second;

	return (int64_t)(p->hour * 3600 + p->minute * 60 + second) * CLOCK_NS_PER_S + fraction;
}

static bool
join(const struct parts *p, struct text_time *t)
{
	bool day = p->has_month && p->has_day;
	int64_t midnight;

	t->zoned = p->zoned;
	t->ns = in_day(p);
	if (day && (p->month > 12 || p->day > 31))
		return false;
	midnight = clock_from_civil(p->has_year ? (int)p->year : 2000, day ? (int)p->month : 1,
	    day ? (int)p->day : 1, 0, 0, 0);
	if (midnight == CLOCK_NONE)
		return false;
	t->date = !day ? TEXT_DATE_NONE : p->has_year ? TEXT_DATE_WHOLE : TEXT_DATE_NO_YEAR;
	t->month = (int)p->month;
	t->day = (int)p->day;
	if (t->date != TEXT_DATE_WHOLE)
		return true;
	return !__builtin_add_overflow(midnight, t->ns, &t->ns) &&
	    !__builtin_sub_overflow(t->ns, p->offset, &t->ns);
}

static bool
parse_unix(struct slice s, int64_t unit, struct text_time *t)
{
	int64_t fraction = 0, whole;
	struct slice number = s;
	size_t point = slice_find_byte(s, 0, '.');

	if (point != SIZE_MAX) {
		struct slice digits = slice_sub(s, point + 1, s.n);

		number = slice_sub(s, 0, point);
		if (!take_fraction(&digits, &fraction) || digits.n > 0)
			return false;
		fraction = fraction / (CLOCK_NS_PER_S / unit);
	}
	if (!slice_to_int64(number, &whole) || whole < 0 ||
	    __builtin_mul_overflow(whole, unit, &t->ns) ||
	    __builtin_add_overflow(t->ns, fraction, &t->ns))
		return false;
	t->date = TEXT_DATE_WHOLE;
	t->zoned = true;
	return true;
}

bool
format_time_parse(struct slice format, struct slice s, struct text_time *t)
{
	static const int64_t unit[] = { 0, CLOCK_NS_PER_S, 1000000, 1000, 1 };
	struct parts p = { .year = 0 };
	enum clock_zone zone;

	if (slice_eqs(format, "rfc3339")) {
		if (!clock_parse(s, &t->ns, &zone))
			return false;
		t->date = TEXT_DATE_WHOLE;
		t->zoned = zone == CLOCK_ZONE_KNOWN;
		return true;
	}
	for (size_t i = 1; names[i]; i++) {
		if (slice_eqs(format, names[i]))
			return parse_unix(s, unit[i], t);
	}
	for (size_t i = 0; i < format.n; i++) {
		if (format.p[i] != '%') {
			if (!slice_take_byte(&s, format.p[i]))
				return false;
		} else if (++i == format.n || !take_one(format.p[i], &s, &p)) {
			return false;
		}
	}
	return s.n == 0 && join(&p, t);
}
