/* claim.c - what the name of a file claims about its time */
#include "config.h"

#include "reason/claim.h"

#include "base/clock.h"

#define COUNT_MAX 999		/* of units: "2h", not the 2048 of another number */

static const struct {
	const char *name;
	int64_t seconds;
	bool alone;		/* says enough without "last": "_2h_", but not "-3d-" or "_5m_" */
} units[] = {
	{ "s", 1, false }, { "sec", 1, false }, { "seconds", 1, false },
	{ "m", 60, false }, { "min", 60, true }, { "mins", 60, true }, { "minute", 60, true },
	{ "minutes", 60, true }, { "h", 3600, true }, { "hr", 3600, true },
	{ "hrs", 3600, true }, { "hour", 3600, true }, { "hours", 3600, true },
	{ "d", 86400, false }, { "day", 86400, true }, { "days", 86400, true },
	{ "week", 604800, true }, { "weeks", 604800, true },
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* letters and digits up to the next other byte; false at the end */
static bool
take_word(struct slice *in, struct slice *word)
{
	size_t n = 0;

	while (in->n && !is_word(in->p[0]))
		*in = slice_sub(*in, 1, in->n - 1);
	while (n < in->n && is_word(in->p[n]))
		n++;
	*word = slice_sub(*in, 0, n);
	*in = slice_sub(*in, n, in->n - n);
	return n > 0;
}

static int64_t
seconds_of(struct slice unit, bool alone)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (slice_eq_fold(unit, slice_str(units[i].name)) && (units[i].alone || !alone))
			return units[i].seconds;
	return 0;
}

/* "24h"; with "last" before it also "hour", "24-hours", "30m" */
static int64_t
span_of(struct slice word, struct slice rest, bool after_last)
{
	uint64_t n = 1;
	bool number = slice_take_uint(&word, &n);
	struct slice unit = word;

	if (!number && !after_last)
		return 0;
	if (number && word.n == 0 && (!after_last || !take_word(&rest, &unit)))
		return 0;
	if (n == 0 || n > COUNT_MAX || (!number && unit.n < 3))
		return 0;
	return (int64_t)n * seconds_of(unit, !after_last) * CLOCK_NS_PER_S;
}

static void
find_span(struct slice name, struct claim *c)
{
	struct slice word;
	bool after_last = false;

	while (take_word(&name, &word)) {
		int64_t ns = 0;

		if (word.n > 4 && slice_eq_fold(slice_sub(word, 0, 4), SLICE("last")))
			ns = span_of(slice_sub(word, 4, word.n - 4), name, true);
		if (ns == 0)
			ns = span_of(word, name, after_last);
		after_last = slice_eq_fold(word, SLICE("last")) ||
		    slice_eq_fold(word, SLICE("past"));
		if (ns == 0)
			continue;
		c->span_ns = ns;
		return;
	}
}

static bool
take_one_of(struct slice *in, const char *set)
{
	for (; *set; set++)
		if (slice_take_byte(in, *set))
			return true;
	return false;
}

static bool
take_number(struct slice *in, unsigned digits, uint64_t least, uint64_t most, int *value)
{
	struct slice was = *in;
	uint64_t n;

	if (slice_take_digits(in, digits, &n) && n >= least && n <= most) {
		*value = (int)n;
		return true;
	}
	*in = was;
	return false;
}

/* "2025-09-15", "20250915" */
static bool
take_date(struct slice *in, int *year, int *month, int *day)
{
	struct slice was = *in;
	bool dashes;

	if (take_number(in, 4, 2000, 2199, year)) {
		dashes = take_one_of(in, "-_");
		if (take_number(in, 2, 1, 12, month) && (!dashes || take_one_of(in, "-_")) &&
		    take_number(in, 2, 1, 31, day))
			return true;
	}
	*in = was;
	return false;
}

/* "184401", "1843", "18:44:01", "18-44-01" */
static bool
take_time(struct slice *in, int *hour, int *minute, int *second)
{
	struct slice was = *in, before_seconds;

	*second = 0;
	if (take_number(in, 2, 0, 23, hour)) {
		take_one_of(in, ":-_");
		if (take_number(in, 2, 0, 59, minute)) {
			before_seconds = *in;
			take_one_of(in, ":-_");
			if (!take_number(in, 2, 0, 59, second))
				*in = before_seconds;
			return !in->n || !is_digit(in->p[0]);
		}
	}
	*in = was;
	return false;
}

static void
find_taken(struct slice name, struct claim *c)
{
	int year, month, day, hour, minute, second;

	for (size_t i = 0; i < name.n; i++) {
		struct slice in = slice_sub(name, i, name.n - i);

		if ((i && is_digit(name.p[i - 1])) || !take_date(&in, &year, &month, &day) ||
		    !take_one_of(&in, "-_Tt. ") || !take_time(&in, &hour, &minute, &second))
			continue;
		c->taken_ns = clock_from_civil(year, month, day, hour, minute, second);
		take_one_of(&in, "-_ ");
		c->taken_utc = slice_starts(in, "UTC") ||
		    (slice_starts(in, "Z") && (in.n == 1 || !is_word(in.p[1])));
		return;
	}
}

/* the last `n` components of a path that ends before `at`; false when it has fewer */
static bool
folders(struct slice path, size_t at, unsigned n, struct slice *out)
{
	size_t from = at;

	while (n) {
		if (from == 0)
			return false;
		if (--from == 0 || path.p[from - 1] == '/')
			n--;
	}
	*out = slice_sub(path, from, at - from);
	return true;
}

/* YYYY/MM/DD/ and HH:MM:SS_HH:MM:SS_ */
static void
find_range(struct slice path, size_t base, struct claim *c)
{
	struct slice name = slice_sub(path, base, path.n - base), dir;
	int y, mo, d, h[2], m[2], s[2];
	int64_t from, to;

	for (int i = 0; i < 2; i++)
		if (!take_number(&name, 2, 0, 23, &h[i]) || !slice_take_byte(&name, ':') ||
		    !take_number(&name, 2, 0, 59, &m[i]) || !slice_take_byte(&name, ':') ||
		    !take_number(&name, 2, 0, 59, &s[i]) || !slice_take_byte(&name, '_'))
			return;
	c->sink = true;
	if (base == 0 || !folders(path, base - 1, 3, &dir) ||
	    !take_number(&dir, 4, 1970, 2199, &y) || !slice_take_byte(&dir, '/') ||
	    !take_number(&dir, 2, 1, 12, &mo) || !slice_take_byte(&dir, '/') ||
	    !take_number(&dir, 2, 1, 31, &d) || dir.n)
		return;
	from = clock_from_civil(y, mo, d, h[0], m[0], s[0]);
	to = clock_from_civil(y, mo, d, h[1], m[1], s[1]);
	if (from == CLOCK_NONE || to == CLOCK_NONE || to < from)
		return;
	c->from_ns = from;
	c->to_ns = to + CLOCK_NS_PER_S;
}

void
claim_of(struct slice path, struct claim *c)
{
	size_t slash = slice_rfind_byte(path, '/');
	size_t base = slash == SIZE_MAX ? 0 : slash + 1;
	struct slice name = slice_sub(path, base, path.n - base), folder;

	*c = (struct claim){ 0, CLOCK_NONE, CLOCK_NONE, CLOCK_NONE, false, false };
	find_range(path, base, c);
	if (c->from_ns != CLOCK_NONE)
		return;
	find_span(name, c);
	if (c->span_ns == 0 && base && folders(path, base - 1, 1, &folder))
		find_span(folder, c);
	find_taken(name, c);
}
