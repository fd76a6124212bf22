#include "config.h"

#include "base/slice.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_TEXT 512		/* longest number that slice_to_double reads */
#define DISTANCE_MAX 64		/* longest name that slice_distance compares */

struct slice
slice_of(const char *p, size_t n)
{
	return (struct slice){ p, n };
}

struct slice
slice_str(const char *s)
{
	return (struct slice){ s, s ? strlen(s) : 0 };
}

struct slice
slice_sub(struct slice s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct slice){ s.p ? s.p + from : NULL, n };
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct slice
slice_trim(struct slice s)
{
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	while (s.n && is_blank(*s.p)) {
		s.p++;
		s.n--;
	}
	return s;
}

bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
slice_eqs(struct slice a, const char *s)
{
	return slice_eq(a, slice_str(s));
}

static unsigned char
fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool
slice_eq_fold(struct slice a, struct slice b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (fold(a.p[i]) != fold(b.p[i]))
			return false;
	}
	return true;
}

int
slice_cmp(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool
slice_starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return n <= s.n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool
slice_ends(struct slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return n <= s.n && (n == 0 || memcmp(s.p + (s.n - n), suffix, n) == 0);
}

size_t
slice_find(struct slice s, size_t from, struct slice what)
{
	const char *at;

	if (from > s.n || what.n > s.n - from)
		return SIZE_MAX;
	if (what.n == 0)
		return from;
	at = memmem(s.p + from, s.n - from, what.p, what.n);
	return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t
slice_find_byte(struct slice s, size_t from, char c)
{
	const char *at;

	if (from >= s.n)
		return SIZE_MAX;
	at = memchr(s.p + from, c, s.n - from);
	return at ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t
slice_rfind_byte(struct slice s, char c)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == c)
			return i - 1;
	}
	return SIZE_MAX;
}

static void
skip(struct slice *in, size_t n)
{
	if (n) {
		in->p += n;
		in->n -= n;
	}
}

bool
slice_take_byte(struct slice *in, char c)
{
	if (in->n == 0 || *in->p != c)
		return false;
	skip(in, 1);
	return true;
}

bool
slice_take_str(struct slice *in, const char *s)
{
	if (!slice_starts(*in, s))
		return false;
	skip(in, strlen(s));
	return true;
}

/* digits at the start of s, at most max of them; false on overflow */
static bool
read_digits(struct slice s, size_t max, size_t *n, uint64_t *value)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && i < max && is_digit(s.p[i]); i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*n = i;
	*value = v;
	return true;
}

bool
slice_take_uint(struct slice *in, uint64_t *value)
{
	uint64_t v;
	size_t n;

	if (!read_digits(*in, SIZE_MAX, &n, &v) || n == 0)
		return false;
	*value = v;
	skip(in, n);
	return true;
}

bool
slice_take_digits(struct slice *in, unsigned digits, uint64_t *value)
{
	uint64_t v;
	size_t n;

	if (!read_digits(*in, digits, &n, &v) || n != digits)
		return false;
	*value = v;
	skip(in, n);
	return true;
}

bool
slice_take_until(struct slice *in, char c, struct slice *out)
{
	size_t at = slice_find_byte(*in, 0, c);

	if (at == SIZE_MAX)
		return false;
	*out = slice_sub(*in, 0, at);
	skip(in, at + 1);
	return true;
}

bool
slice_take_line(struct slice *in, struct slice *line)
{
	if (in->n == 0)
		return false;
	if (!slice_take_until(in, '\n', line)) {
		*line = *in;
		skip(in, in->n);
		return true;
	}
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

bool
slice_to_int64(struct slice s, int64_t *value)
{
	bool minus = slice_take_byte(&s, '-');
	uint64_t limit = (uint64_t)INT64_MAX + (minus ? 1 : 0);
	uint64_t v;

	if (!slice_take_uint(&s, &v) || s.n || v > limit)
		return false;
	if (!minus)
		*value = (int64_t)v;
	else
		*value = v == limit ? INT64_MIN : -(int64_t)v;
	return true;
}

static size_t
count_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

static bool
skip_digits(struct slice *s)
{
	size_t n = count_digits(*s);

	skip(s, n);
	return n > 0;
}

/* -?digits(.digits)?([eE][+-]?digits)? and *dot the offset of the point, or SIZE_MAX */
static bool
is_number(struct slice s, size_t *dot)
{
	struct slice in = s;

	*dot = SIZE_MAX;
	slice_take_byte(&in, '-');
	if (!skip_digits(&in))
		return false;
	if (slice_take_byte(&in, '.')) {
		*dot = s.n - in.n - 1;
		if (!skip_digits(&in))
			return false;
	}
	if (slice_take_byte(&in, 'e') || slice_take_byte(&in, 'E')) {
		if (!slice_take_byte(&in, '-'))
			slice_take_byte(&in, '+');
		if (!skip_digits(&in))
			return false;
	}
	return in.n == 0;
}

/* strtod is exact but wants the locale's own decimal point, which may be of several bytes */
bool
slice_to_double(struct slice s, double *value)
{
	const char *point = localeconv()->decimal_point;
	size_t width = strlen(point), n = 0, dot;
	char text[NUMBER_TEXT + 16];
	double v;

	if (s.n > NUMBER_TEXT || width > 8 || !is_number(s, &dot))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (i == dot) {
			memcpy(text + n, point, width);
			n += width;
		} else {
			text[n++] = s.p[i];
		}
	}
	text[n] = '\0';
	v = strtod(text, NULL);
	if (!isfinite(v))
		return false;
	*value = v;
	return true;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Optimal string alignment: insert, delete, change one byte, or swap two
 * neighbours. row[2] is the current row, row[1] and row[0] those before it.
 */
unsigned
slice_distance(struct slice a, struct slice b)
{
	unsigned row[3][DISTANCE_MAX + 1];

	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX)
		return a.n > b.n ? (unsigned)a.n : (unsigned)b.n;
	memset(row, 0, sizeof row);
	for (unsigned j = 0; j <= b.n; j++)
		row[2][j] = j;
	for (unsigned i = 1; i <= a.n; i++) {
		memcpy(row[0], row[1], sizeof row[0]);
		memcpy(row[1], row[2], sizeof row[0]);
		row[2][0] = i;
		for (unsigned j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];
			unsigned d = least(row[1][j], row[2][j - 1]) + 1;

			d = least(d, row[1][j - 1] + (same ? 0 : 1));
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1])
				d = least(d, row[0][j - 2] + 1);
			row[2][j] = d;
		}
	}
	return row[2][b.n];
}
