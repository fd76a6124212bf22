#include "config.h"

#include "sign/mask.h"

#include <string.h>

#include "sign/redact.h"

#define SCHEME_MAX 20
#define EMAIL_LOCAL_MAX 64
#define EMAIL_DOMAIN_MAX 253
#define SEGMENT_MAX 128		/* of a path; longer ones end it */
#define LETTER_WITHIN 64	/* bytes of a path, in which it must show that it is no fraction */
#define IPV6_MAX 45

/* digits at i, counted up to max */
static size_t
digits(struct slice s, size_t i, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n && mask_digit(s.p[i + n]))
		n++;
	return n;
}

/* hexadecimal digits at i, counted up to max */
static size_t
xdigits(struct slice s, size_t i, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n && mask_xdigit(s.p[i + n]))
		n++;
	return n;
}

/* true when s goes on with text at i */
static bool
has(struct slice s, size_t i, const char *text)
{
	size_t n = strlen(text);

	return i <= s.n && n <= s.n - i && memcmp(s.p + i, text, n) == 0;
}

/* length of the one of n words that stands at i, 0 for none */
static size_t
one_of(struct slice s, size_t i, const char *const *word, size_t n)
{
	for (size_t w = 0; w < n; w++)
		if (has(s, i, word[w]))
			return strlen(word[w]);
	return 0;
}

size_t
mask_typed(struct slice s, size_t at)
{
	static const char *const head[] = {
		"<status:", "<exit:", "<signal:", "<errno:", "<code:"
	};
	size_t i = at, n;

	if (mask_at(s, at) != '<')
		return 0;
	n = one_of(s, i, head, sizeof head / sizeof *head);
	if (n == 0)
		return 0;
	i += n;
	if (mask_at(s, i) == '-')
		i++;
	n = digits(s, i, MASK_TYPED_DIGITS);
	i += n;
	return n > 0 && mask_at(s, i) == '>' ? i + 1 - at : 0;
}

size_t
mask_token(struct slice s, size_t at)
{
	struct slice kind;
	size_t n;

	return redact_token(slice_sub(s, at, s.n), &kind, &n) ? n : 0;
}

size_t
mask_uuid(struct slice s, size_t at)
{
	static const unsigned char group[] = { 8, 4, 4, 4, 12 };
	size_t i = at;

	for (size_t g = 0; g < sizeof group; g++) {
		if (g > 0 && mask_at(s, i++) != '-')
			return 0;
		if (xdigits(s, i, group[g]) != group[g])
			return 0;
		i += group[g];
	}
	return mask_ends(s, i) || mask_at(s, i) == '_' ? i - at : 0;
}

/* H:MM[:SS[.fraction]] at i; the byte behind it is not looked at */
static size_t
time_of_day(struct slice s, size_t at)
{
	size_t i = at, n = digits(s, i, 3);

	if (n == 0 || n > 2)
		return 0;
	i += n;
	if (mask_at(s, i) != ':' || digits(s, i + 1, 3) != 2)
		return 0;
	i += 3;
	if (mask_at(s, i) != ':' || digits(s, i + 1, 3) != 2)
		return i - at;
	i += 3;
	if (mask_at(s, i) == '.' || mask_at(s, i) == ',')
		n = digits(s, i + 1, 9);
	else
		n = 0;
	return (n ? i + 1 + n : i) - at;
}

/* "Z", "+00:00", " +0000", " UTC" at i */
static size_t
zone(struct slice s, size_t at)
{
	static const char *const name[] = {
		" UTC", " GMT", " PST", " PDT", " EST", " EDT", " CST", " CDT", " MST", " MDT",
		" CET", " CEST", " BST"
	};
	size_t i = at, n;

	if ((mask_at(s, i) == 'Z' || mask_at(s, i) == 'z') && mask_ends(s, i + 1))
		return 1;
	for (n = 0; n < sizeof name / sizeof *name; n++)
		if (has(s, i, name[n]) && mask_ends(s, i + strlen(name[n])))
			return strlen(name[n]);
	if (mask_at(s, i) == ' ')
		i++;
	if (mask_at(s, i) != '+' && mask_at(s, i) != '-')
		return 0;
	i++;
	if (digits(s, i, 3) == 2 && mask_at(s, i + 2) == ':' && digits(s, i + 3, 3) == 2)
		i += 5;
	else if (digits(s, i, 5) == 4)
		i += 4;
	else
		return 0;
	return mask_ends(s, i) ? i - at : 0;
}

/* a time of day behind one of the bytes in sep, with its zone, at i; 0 when there is none */
static size_t
clock_behind(struct slice s, size_t at, const char *sep)
{
	size_t i = at, n;

	if (mask_at(s, i) == '\0' || !strchr(sep, s.p[i]))
		return 0;
	n = time_of_day(s, i + 1);
	if (n == 0)
		return 0;
	i += 1 + n;
	i += zone(s, i);
	return mask_ends(s, i) ? i - at : 0;
}

/* 20250916-014233 */
static size_t
compact_time(struct slice s, size_t at)
{
	size_t i = at + 8;
	char c;

	if (digits(s, at, 9) != 8 || !(has(s, at, "19") || has(s, at, "20")))
		return 0;
	c = mask_at(s, i);
	if ((c != '-' && c != '_' && c != 'T') || digits(s, i + 1, 7) != 6)
		return 0;
	i += 7;
	if (mask_at(s, i) == 'Z')
		i++;
	return mask_ends(s, i) ? i - at : 0;
}

size_t
mask_iso_time(struct slice s, size_t at)
{
	size_t i = at;
	char sep;

	if (digits(s, at, 5) != 4)
		return compact_time(s, at);
	sep = mask_at(s, at + 4);
	if ((sep != '-' && sep != '/') || digits(s, at + 5, 3) != 2 || mask_at(s, at + 7) != sep ||
	    digits(s, at + 8, 3) != 2)
		return 0;
	i = at + 10;
	i += clock_behind(s, i, "Tt _");
	return mask_ends(s, i) ? i - at : 0;
}

/* length of a month's or weekday's short or long English name at i, 0 for none */
static size_t
named(struct slice s, size_t at, const char *const *name, size_t n)
{
	size_t len = 0;

	while (mask_alpha(mask_at(s, at + len)) && len < 10)
		len++;
	for (size_t k = 0; k < n; k++) {
		size_t full = strlen(name[k]);

		if ((len == 3 || len == full) && memcmp(s.p + at, name[k], len) == 0)
			return mask_ends(s, at + len) ? len : 0;
	}
	return 0;
}

static size_t
month(struct slice s, size_t at)
{
	static const char *const name[] = {
		"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"
	};

	return named(s, at, name, sizeof name / sizeof *name);
}

static size_t
weekday(struct slice s, size_t at)
{
	static const char *const name[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
	};

	return named(s, at, name, sizeof name / sizeof *name);
}

/* " 2025" or ", 2025" at i */
static size_t
year_behind(struct slice s, size_t at)
{
	size_t i = at;

	if (mask_at(s, i) == ',')
		i++;
	if (mask_at(s, i) != ' ' || digits(s, i + 1, 5) != 4 || !mask_ends(s, i + 5))
		return 0;
	return has(s, i + 1, "19") || has(s, i + 1, "20") ? i + 5 - at : 0;
}

/* "Sep 16 01:42:33 UTC 2025" or "Sep 16, 2025": a time or a year must be there */
static size_t
month_first(struct slice s, size_t at)
{
	size_t i = at + month(s, at), n, day;

	if (i == at || mask_at(s, i) != ' ')
		return 0;
	i += mask_at(s, i + 1) == ' ' ? 2 : 1;
	n = digits(s, i, 3);
	if (n == 0 || n > 2)
		return 0;
	i += n;
	day = i;
	n = year_behind(s, i);
	i += n;
	i += clock_behind(s, i, " ");
	if (n == 0)
		i += year_behind(s, i);
	return i != day && mask_ends(s, i) ? i - at : 0;
}

/* "16 Sep 2025 01:42:33 GMT", "16/Sep/2025:01:42:33 +0000" */
static size_t
day_first(struct slice s, size_t at)
{
	size_t i = at, n = digits(s, i, 3);
	char sep;

	if (n == 0 || n > 2)
		return 0;
	i += n;
	sep = mask_at(s, i);
	if (sep != ' ' && sep != '/')
		return 0;
	n = month(s, i + 1);
	if (n == 0)
		return 0;
	i += 1 + n;
	if (mask_at(s, i) != sep || digits(s, i + 1, 5) != 4)
		return 0;
	i += 5;
	i += clock_behind(s, i, " :");
	return mask_ends(s, i) ? i - at : 0;
}

size_t
mask_named_time(struct slice s, size_t at)
{
	size_t i = at, n;

	if (mask_digit(mask_at(s, at)))
		return day_first(s, at);
	n = weekday(s, at);
	if (n > 0) {
		i += n;
		if (mask_at(s, i) == ',')
			i++;
		if (mask_at(s, i++) != ' ')
			return 0;
	}
	n = mask_digit(mask_at(s, i)) ? day_first(s, i) : month_first(s, i);
	return n ? i + n - at : 0;
}

static bool
url_byte(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && !strchr("\"'`<>\\|^(){},", c);
}

size_t
mask_url(struct slice s, size_t at)
{
	size_t i = at, start, whole, n;

	if (!mask_alpha(mask_at(s, i)))
		return 0;
	while (i - at < SCHEME_MAX && i < s.n && (mask_alpha(s.p[i]) || mask_digit(s.p[i]) ||
	    s.p[i] == '+' || s.p[i] == '.' || s.p[i] == '-'))
		i++;
	if (!has(s, i, "://"))
		return 0;
	start = whole = i += 3;
	while (i < s.n && url_byte(s.p[i])) {
		n = mask_token(s, i);
		i += n ? n : 1;
		if (n)
			whole = i;
	}
	while (i > whole && strchr(".;:!?]", s.p[i - 1]))
		i--;
	return i > start ? i - at : 0;
}

size_t
mask_email(struct slice s, size_t at)
{
	size_t i = at, domain, end, top;

	while (i - at <= EMAIL_LOCAL_MAX && i < s.n && (mask_alpha(s.p[i]) || mask_digit(s.p[i]) ||
	    strchr("._%+-", s.p[i])) && s.p[i] != '\0')
		i++;
	if (i == at || i - at > EMAIL_LOCAL_MAX || mask_at(s, i) != '@')
		return 0;
	domain = ++i;
	while (i - domain < EMAIL_DOMAIN_MAX && (mask_alpha(mask_at(s, i)) ||
	    mask_digit(mask_at(s, i)) || mask_at(s, i) == '.' || mask_at(s, i) == '-'))
		i++;
	if (mask_at(s, i) == '<')
		return 0;
	while (i > domain && s.p[i - 1] == '.')
		i--;
	end = i;
	for (top = end; top > domain && mask_alpha(s.p[top - 1]); top--)
		;
	if (end - top < 2 || top <= domain + 1 || s.p[top - 1] != '.')
		return 0;
	return mask_ends(s, end) ? end - at : 0;
}

/* ":8080" at i */
static size_t
port(struct slice s, size_t at)
{
	size_t n;

	if (mask_at(s, at) != ':')
		return 0;
	n = digits(s, at + 1, 6);
	return n > 0 && n < 6 && mask_ends(s, at + 1 + n) ? 1 + n : 0;
}

size_t
mask_ipv4(struct slice s, size_t at)
{
	size_t i = at, n;

	for (int group = 0; group < 4; group++) {
		if (group > 0 && mask_at(s, i++) != '.')
			return 0;
		n = digits(s, i, 4);
		if (n == 0 || n > 3 || (n == 3 && memcmp(s.p + i, "255", 3) > 0))
			return 0;
		i += n;
	}
	if (!mask_ends(s, i) || (mask_at(s, i) == '.' && mask_digit(mask_at(s, i + 1))))
		return 0;
	return i + port(s, i) - at;
}

/* true when s[at, end) is an address: groups of at most 4 digits, one "::" or 7 colons */
static bool
ipv6_groups(struct slice s, size_t at, size_t end)
{
	size_t colons = 0, pairs = 0, run = 0, decimal = 0;

	for (size_t i = at; i < end; i++) {
		if (s.p[i] == ':') {
			colons++;
			if (i > at && s.p[i - 1] == ':')
				pairs++;
			run = 0;
			continue;
		}
		if (s.p[i] == '.')
			return pairs == 1 && decimal > 0;	/* ::ffff:10.0.0.1 */
		decimal += mask_digit(s.p[i]);
		if (++run > 4)
			return false;
	}
	return decimal > 0 && (pairs == 1 || (pairs == 0 && colons == 7)) && colons < 8;
}

size_t
mask_ipv6(struct slice s, size_t at)
{
	bool bracket = mask_at(s, at) == '[';
	size_t start = at + bracket, i = start;

	while (i - start <= IPV6_MAX && (mask_xdigit(mask_at(s, i)) || mask_at(s, i) == ':' ||
	    mask_at(s, i) == '.'))
		i++;
	if (i - start > IPV6_MAX || mask_at(s, i) == '<')
		return 0;
	if (bracket) {
		if (mask_at(s, i) != ']' || !ipv6_groups(s, start, i))
			return 0;
		return i + 1 + port(s, i + 1) - at;
	}
	while (i > start && s.p[i - 1] == '.')
		i--;
	if (i > start + 1 && s.p[i - 1] == ':' && s.p[i - 2] != ':')
		i--;
	return mask_ends(s, i) && ipv6_groups(s, start, i) ? i - at : 0;
}

size_t
mask_0x(struct slice s, size_t at)
{
	size_t n;

	if (mask_at(s, at) != '0' || (mask_at(s, at + 1) != 'x' && mask_at(s, at + 1) != 'X'))
		return 0;
	n = xdigits(s, at + 2, s.n);
	return n > 0 && mask_ends(s, at + 2 + n) ? 2 + n : 0;
}

size_t
mask_clock(struct slice s, size_t at)
{
	size_t n = time_of_day(s, at), i = at + n;

	/* not the "12:34" of "file.c:12:34", nor of "12:34:56:78" */
	if (n == 0 || (at > 0 && s.p[at - 1] == ':'))
		return 0;
	if (!mask_ends(s, i) || (mask_at(s, i) == ':' && mask_digit(mask_at(s, i + 1))))
		return 0;
	return n;
}

size_t
mask_revision(struct slice s, size_t at)
{
	size_t i = at + 6, n = 0;

	if (digits(s, at, 6) != 5 || mask_at(s, at + 5) != '-')
		return 0;
	while (n < 3 && (mask_digit(mask_at(s, i + n)) ||
	    (mask_at(s, i + n) >= 'a' && mask_at(s, i + n) <= 'z')))
		n++;
	return n == 3 && mask_ends(s, i + n) ? i + n - at : 0;
}

static bool
path_byte(char c)
{
	return mask_wordc(c) || c == '.' || c == '-' || c == '+' || c == '@' || c == '%' ||
	    c == '=' || c == '~';
}

struct path {
	size_t end;		/* without dots that end a sentence */
	size_t stop;		/* the byte that ended it */
	size_t segments;
	size_t last;		/* where the last segment starts */
	bool letter;
};

/* segments between separators from i on; an overlong one ends the path */
static struct path
path_run(struct slice s, size_t i, const char *separators)
{
	struct path p = { i, i, 0, i, false };
	size_t at = i, run = 0;

	for (; i < s.n && run < SEGMENT_MAX && (p.letter || i - at < LETTER_WITHIN); i++) {
		if (s.p[i] != '\0' && strchr(separators, s.p[i])) {
			run = 0;
			continue;
		}
		if (!path_byte(s.p[i]))
			break;
		if (run++ == 0) {
			p.segments++;
			p.last = i;
		}
		p.letter |= mask_alpha(s.p[i]) || (unsigned char)s.p[i] >= 0x80;
	}
	p.stop = i;
	while (i > p.end && s.p[i - 1] == '.')
		i--;
	p.end = i;
	return p;
}

/* "name.ext": the extension starts with a letter and has at most 5 */
static bool
has_extension(struct slice s, size_t from, size_t end)
{
	size_t dot = end;

	while (dot > from && (mask_alpha(s.p[dot - 1]) || mask_digit(s.p[dot - 1])))
		dot--;
	return dot > from + 1 && s.p[dot - 1] == '.' && end > dot && end - dot <= 5 &&
	    mask_alpha(s.p[dot]);
}

size_t
mask_path(struct slice s, size_t at)
{
	bool rooted = has(s, at, "/") || has(s, at, "./") || has(s, at, "../") || has(s, at, "~/");
	struct path p;

	if (!rooted && !mask_wordc(mask_at(s, at)))
		return 0;
	p = path_run(s, at, "/");
	if (p.segments < 2 || !p.letter)
		return 0;
	if (rooted || p.segments > 2)
		return p.end - at;
	/* "and/or" is prose, "app/main.py" is a file */
	return mask_at(s, p.stop) != '<' && has_extension(s, p.last, p.end) ? p.end - at : 0;
}

size_t
mask_windows_path(struct slice s, size_t at)
{
	struct path p;

	if (!mask_alpha(mask_at(s, at)) || mask_at(s, at + 1) != ':' ||
	    (mask_at(s, at + 2) != '\\' && mask_at(s, at + 2) != '/'))
		return 0;
	p = path_run(s, at + 2, "\\/");
	return p.segments >= 2 ? p.end - at : 0;
}
