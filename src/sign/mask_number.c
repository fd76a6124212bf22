#include "config.h"

#include "sign/mask.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PART_NUMBER 4	/* digits that make a part of a word an id: "user_12345", not "utf_8" */
#define HEX_MIN 8	/* "3f2c1ab9" is an id, "fe80" may be a word */
#define ID_MIN 16	/* letters and digits mixed at random */
#define ID_DIGITS 4
#define KIND_GAP 4	/* bytes such as ": " and "=(" between a word and its number */

static size_t
digits(struct slice s, size_t i)
{
	size_t n = 0;

	while (mask_digit(mask_at(s, i + n)))
		n++;
	return n;
}

static size_t
decimal(struct slice s, size_t at)
{
	size_t n = digits(s, at);

	if (n > 0 && mask_at(s, at + n) == '.' && mask_digit(mask_at(s, at + n + 1)))
		n += 1 + digits(s, at + n + 1);
	return n;
}

/* the letters at i; the micro sign counts */
static struct slice
letters(struct slice s, size_t at)
{
	size_t i = at;

	for (;;) {
		if (mask_alpha(mask_at(s, i)))
			i++;
		else if (i + 1 < s.n && (memcmp(s.p + i, "\xc2\xb5", 2) == 0 ||
		    memcmp(s.p + i, "\xce\xbc", 2) == 0))
			i += 2;
		else
			break;
	}
	return slice_sub(s, at, i - at);
}

static bool
listed(struct slice s, const char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq_fold(s, slice_str(word[i])))
			return true;
	return false;
}

static bool
is_unit(struct slice s, const char *const *unit, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eqs(s, unit[i]))
			return true;
	return false;
}

/* "5s", "25.0 seconds", "1h2m3s": number and unit, until a unit that no digit follows */
size_t
mask_duration(struct slice s, size_t at)
{
	static const char *const unit[] = {
		"ns", "us", "\xc2\xb5s", "\xce\xbcs", "ms", "s", "sec", "secs", "second",
		"seconds", "min", "mins", "minute", "minutes", "hr", "hrs", "hour", "hours",
		"day", "days", "week", "weeks", "millisecond", "milliseconds", "microsecond",
		"microseconds", "nanosecond", "nanoseconds"
	};
	static const char *const joined[] = { "m", "h", "d" };	/* only right behind the number */
	size_t i = at, n;
	struct slice word;
	bool blank;

	do {
		n = decimal(s, i);
		if (n == 0)
			return 0;
		i += n;
		blank = mask_at(s, i) == ' ';
		word = letters(s, i + blank);
		if (!is_unit(word, unit, COUNT(unit)) &&
		    (blank || !is_unit(word, joined, COUNT(joined))))
			return 0;
		i += blank + word.n;
	} while (!blank && mask_digit(mask_at(s, i)));
	return mask_ends(s, i) ? i - at : 0;
}

size_t
mask_size(struct slice s, size_t at)
{
	static const char *const unit[] = {
		"kB", "kb", "mb", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "byte",
		"bytes"
	};
	static const char *const joined[] = { "B", "Ki", "Mi", "Gi", "Ti" };
	size_t n = decimal(s, at);
	bool blank = mask_at(s, at + n) == ' ';
	struct slice word;

	if (n == 0)
		return 0;
	word = letters(s, at + n + blank);
	if (!is_unit(word, unit, COUNT(unit)) && (blank || !is_unit(word, joined, COUNT(joined))))
		return 0;
	n += blank + word.n;
	return mask_ends(s, at + n) ? n : 0;
}

size_t
mask_hex(struct slice s, size_t at)
{
	size_t n = 0, numeric = 0;

	while (mask_xdigit(mask_at(s, at + n)))
		numeric += mask_digit(s.p[at + n++]);
	return n >= HEX_MIN && numeric > 0 && numeric < n && mask_ends(s, at + n) ? n : 0;
}

/* true when the byte in front of a sign shows that it is none of a range or a name */
static bool
sign_fits(struct slice s, size_t at)
{
	return at == 0 || (s.p[at - 1] != '\0' && strchr(" \t=([{:,", s.p[at - 1]));
}

/* [-+]digits, with groups behind '.' or ',', an exponent and '%' */
size_t
mask_number(struct slice s, size_t at)
{
	size_t i = at, good = 0, n;

	if (mask_at(s, i) == '-' || mask_at(s, i) == '+') {
		if (!sign_fits(s, at))
			return 0;
		i++;
	}
	while ((n = digits(s, i)) > 0) {
		i += n;
		if (mask_ends(s, i))
			good = i;
		if (mask_at(s, i) != '.' && mask_at(s, i) != ',')
			break;
		i++;
	}
	if (n > 0 && (mask_at(s, i) == 'e' || mask_at(s, i) == 'E')) {
		i++;
		if (mask_at(s, i) == '-' || mask_at(s, i) == '+')
			i++;
		n = digits(s, i);
		if (n > 0 && mask_ends(s, i + n))
			good = i + n;
	}
	if (good == 0)
		return 0;
	return good + (mask_at(s, good) == '%') - at;
}

/* an id or long number that a word carries as a part: its slot, and its length in *n */
const char *
mask_word_part(struct slice s, size_t at, size_t *n)
{
	size_t i = at, numeric = 0, hex = 0, len;

	*n = mask_uuid(s, at);
	if (*n > 0)
		return "<uuid>";
	for (; mask_alpha(mask_at(s, i)) || mask_digit(mask_at(s, i)); i++) {
		numeric += mask_digit(s.p[i]);
		hex += mask_xdigit(s.p[i]);
	}
	len = i - at;
	if (!mask_ends(s, i) && mask_at(s, i) != '_')
		return NULL;
	*n = len;
	if (numeric == len && len >= PART_NUMBER)
		return "<n>";
	if (hex == len && len >= HEX_MIN && numeric > 0)
		return "<hex>";
	if (len >= ID_MIN && numeric >= ID_DIGITS)
		return "<id>";
	return NULL;
}

/* the word that ends before *i and a few marks; moves *i to its start; empty when none */
static struct slice
word_before(struct slice s, size_t *i)
{
	size_t end = *i, start;

	while (end > 0 && *i - end < KIND_GAP && s.p[end - 1] != '\0' &&
	    strchr(" :=([\"'#", s.p[end - 1]))
		end--;
	start = end;
	while (start > 0 && (mask_alpha(s.p[start - 1]) || s.p[start - 1] == '_'))
		start--;
	*i = start;
	return slice_sub(s, start, end - start);
}

/* true when the number at `at` stands behind "HTTP/1.1" and the like */
static bool
http_version_before(struct slice s, size_t at)
{
	static const char *const version[] = { "HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/2.0",
		"HTTP/3" };
	struct slice before = slice_sub(s, 0, at);
	size_t n = at;

	while (n > 0 && at - n < KIND_GAP && (s.p[n - 1] == ' ' || s.p[n - 1] == '"'))
		n--;
	before.n = n;
	if (n == at)
		return false;
	for (size_t i = 0; i < COUNT(version); i++)
		if (slice_ends(before, version[i]))
			return true;
	return false;
}

/* true when the text at i says in words what an HTTP status means */
static bool
reason_behind(struct slice s, size_t i)
{
	static const char *const reason[] = {
		" OK", " Created", " Accepted", " No Content", " Moved Permanently", " Found",
		" Not Modified", " Temporary Redirect", " Permanent Redirect", " Bad Request",
		" Unauthorized", " Forbidden", " Not Found", " Method Not Allowed", " Conflict",
		" Gone", " Payload Too Large", " Unprocessable", " Too Many Requests",
		" Client Error", " Server Error", " Internal Server Error", " Not Implemented",
		" Bad Gateway", " Service Unavailable", " Gateway Time", ", message="
	};

	for (size_t k = 0; k < COUNT(reason); k++)
		if (slice_starts(slice_sub(s, i, s.n), reason[k]))
			return true;
	return false;
}

struct context {
	struct slice word[3];	/* in front of the number, nearest first */
	int64_t value;
	bool phrase;		/* a reason phrase stands behind */
};

static bool
word_in(const struct context *c, unsigned nth, const char *const *word, size_t n)
{
	return listed(c->word[nth], word, n);
}

static bool
means_exit(const struct context *c)
{
	static const char *const plain[] = { "exit", "exitcode", "exit_code", "exit_status",
		"returncode", "return_code" };
	static const char *const of[] = { "code", "status" };
	static const char *const verb[] = { "exit", "exited", "exits", "exiting", "return",
		"returned", "terminated" };

	if (word_in(c, 0, plain, COUNT(plain)))
		return true;
	return word_in(c, 0, of, COUNT(of)) &&
	    (word_in(c, 1, verb, COUNT(verb)) || word_in(c, 2, verb, COUNT(verb)));
}

static bool
means_status(const struct context *c)
{
	static const char *const plain[] = { "http", "https", "status", "status_code",
		"statuscode", "http_status", "httpstatus", "http_code", "http_status_code",
		"response_code", "response_status", "code" };
	static const char *const error[] = { "error" };
	static const char *const side[] = { "http", "client", "server" };

	if (c->value < 100 || c->value > 599)
		return false;
	return c->phrase || word_in(c, 0, plain, COUNT(plain)) ||
	    (word_in(c, 0, error, COUNT(error)) && word_in(c, 1, side, COUNT(side)));
}

/* a code of another protocol, such as those that close a WebSocket (RFC 6455, 7.4.1) */
static bool
means_code(const struct context *c)
{
	static const char *const plain[] = { "code" };
	static const char *const close[] = { "websocket", "close", "closed", "received", "sent" };

	if (word_in(c, 0, plain, COUNT(plain)))
		return true;
	return c->value >= 1000 && c->value <= 1015 && word_in(c, 0, close, COUNT(close));
}

const char *
mask_number_kind(struct slice s, size_t at, size_t n)
{
	static const char *const errnos[] = { "errno", "winerror" };
	static const char *const signals[] = { "signal", "signum" };
	struct context c = { .phrase = false };
	size_t i = at;

	if (s.p[at] == '+' || n > MASK_TYPED_DIGITS + (s.p[at] == '-') ||
	    !slice_to_int64(slice_sub(s, at, n), &c.value))
		return NULL;
	for (unsigned w = 0; w < COUNT(c.word); w++)
		c.word[w] = word_before(s, &i);
	c.phrase = n == 3 && (reason_behind(s, at + n) || http_version_before(s, at));
	if (means_exit(&c))
		return "exit";
	if (c.value < 0)
		return NULL;
	if (listed(c.word[0], errnos, COUNT(errnos)))
		return "errno";
	if (listed(c.word[0], signals, COUNT(signals)))
		return "signal";
	if (means_status(&c))
		return "status";
	return means_code(&c) ? "code" : NULL;
}
