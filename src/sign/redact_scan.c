/*
 * redact_scan.c - tokens that show themselves: a known prefix, a scheme, a cookie
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#include "sign/redact.h"

#define JWT_HEADER_MAX 2048	/* bytes; bounds what is read again when headers stand in a row */
#define BASIC_MAX 1024
#define COOKIE_MAX (16 * 1024)

static bool
fits(const struct redact_literal *l, struct slice body)
{
	bool digit = redact_has_class(body, RC_DIGIT);

	if ((l->flags & REDACT_DIGIT) && !digit)
		return false;
	if ((l->flags & REDACT_MIXED) && !digit &&
	    !(redact_has_class(body, RC_UPPER) && redact_has_class(body, RC_LOWER)))
		return false;
	return !redact_placeholder(body);
}

/* pytest and others cut a message to the width of the screen: half a token is a secret, too */
static bool
is_cut(const struct redact_literal *l, struct slice s, size_t end, size_t n)
{
	struct slice behind = slice_sub(s, end + n, s.n);

	return n >= l->min / 2 && n >= 8 && redact_has_class(slice_sub(s, end, n), RC_DIGIT) &&
	    (slice_starts(behind, "...") || slice_starts(behind, "\xE2\x80\xA6"));
}

bool
redact_prefixed(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t n;

	if (!(l->flags & REDACT_INNER) && at > 0 && redact_is(s, at - 1, RC_ALNUM | RC_HIGH))
		return false;
	if ((l->flags & REDACT_OPEN) && at > 0 && redact_is(s, at - 1, l->body))
		return false;
	n = redact_run(s, end, l->body, l->flags & REDACT_OPEN ? SIZE_MAX : l->max + 1);
	if (n > l->max && !(l->flags & REDACT_OPEN))
		return false;
	while (n > 0 && strchr(".-=", s.p[end + n - 1]) && s.p[end + n - 1] != '=')
		n--;
	if ((l->flags & REDACT_NUMBERED) && !redact_is(s, end, RC_DIGIT))
		return false;
	if ((n < l->min && !is_cut(l, s, end, n)) || !fits(l, slice_sub(s, end, n)))
		return false;
	*out = (struct redact_span){ at, end + n };
	return true;
}

/* "abc8Q~": three signs and a digit in front of the mark, 31 to 34 behind it */
bool
redact_entra(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t n = redact_run(s, end, l->body, l->max + 1);

	if (at < 4 || !redact_is(s, at - 1, RC_DIGIT) || n < l->min || n > l->max ||
	    redact_run_back(s, at - 1, RC_WORD | RC_DOT | RC_TILDE, 4) != 3 ||
	    !fits(l, slice_sub(s, end, n)))
		return false;
	*out = (struct redact_span){ at - 4, end + n };
	return true;
}

/* two to five parts of base64url with dots between; the first is a JSON object */
bool
redact_jwt(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t i, parts = 1, n;

	(void)l;
	if (at > 0 && redact_is(s, at - 1, RC_ALNUM | RC_HIGH))
		return false;
	i = end + redact_run(s, end, RC_URL64, JWT_HEADER_MAX);
	if (i - at < 10)
		return false;
	while (parts < 5 && i < s.n && s.p[i] == '.') {
		n = redact_run(s, i + 1, RC_URL64, SIZE_MAX);
		if (n == 0 || (parts == 1 && n < 6))
			break;
		i += 1 + n;
		parts++;
	}
	if (parts < 2)
		return false;
	*out = (struct redact_span){ at, i };
	return true;
}

static size_t
skip_blanks(struct slice s, size_t i, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n && (s.p[i + n] == ' ' || s.p[i + n] == '\t'))
		n++;
	return i + n;
}

bool
redact_bearer(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t from = skip_blanks(s, end, 8), n;
	struct slice body;

	(void)l;
	if (at > 0 && redact_is(s, at - 1, RC_WORD | RC_HIGH))
		return false;
	if (from < s.n && (s.p[from] == '"' || s.p[from] == '\''))
		from++;
	n = redact_run(s, from, RC_TOKEN68, SIZE_MAX);
	while (n > 0 && s.p[from + n - 1] == '.')
		n--;
	body = slice_sub(s, from, n);
	if (n < 8 || redact_placeholder(body))
		return false;
	if (!redact_has_class(body, RC_DIGIT) &&
	    (n < 16 || !redact_has_class(slice_sub(body, 1, SIZE_MAX), RC_UPPER)))
		return false;
	*out = (struct redact_span){ from, from + n };
	return true;
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* base64 of "user:password" */
static bool
is_credentials(struct slice s)
{
	unsigned bits = 0, have = 0;
	bool colon = false;

	for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
		unsigned char c;

		bits = bits << 6 | (unsigned)base64_value(s.p[i]);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		c = (unsigned char)(bits >> have);
		bits &= (1u << have) - 1;
		if (c < 0x20 || c == 0x7f)
			return false;
		colon |= c == ':';
	}
	return colon;
}

bool
redact_basic(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t from = skip_blanks(s, end, 8), n;
	struct slice body;

	(void)l;
	if (at > 0 && redact_is(s, at - 1, RC_WORD | RC_HIGH))
		return false;
	n = redact_run(s, from, RC_BASE64, BASIC_MAX);
	body = slice_sub(s, from, n);
	if (n < 4 || redact_is(s, from + n, RC_WORD | RC_DASH) || redact_placeholder(body))
		return false;
	if (!is_credentials(body) && (n < 12 || !redact_has_class(body, RC_DIGIT) ||
	    !redact_has_class(body, RC_UPPER) || !redact_has_class(body, RC_LOWER)))
		return false;
	*out = (struct redact_span){ from, from + n };
	return true;
}

/* bytes of a cookie's value from i: RFC 6265, and what browsers send besides; not markup */
static size_t
cookie_value(struct slice s, size_t i, char quote)
{
	size_t n = 0;

	while (i + n < s.n && n < COOKIE_MAX) {
		unsigned char c = (unsigned char)s.p[i + n];

		if (c <= ' ' || c == ';' || c == 0x7f || (quote && c == (unsigned char)quote) ||
		    (c == '\\' && i + n + 1 < s.n && strchr("nr\"", s.p[i + n + 1])))
			break;
		/* the next header is looked at by itself */
		if ((c == '<' && redact_has(s, i + n, "</")) ||
		    ((c | 32) == 'c' && redact_has_fold(s, i + n, "cookie:")))
			break;
		n++;
	}
	return n;
}

/* "Cookie: a=b; c=d": pairs, or tokens of them, up to the first that no ';' ties to the next */
bool
redact_cookie(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	char quote = at > 0 && (s.p[at - 1] == '"' || s.p[at - 1] == '\'') ? s.p[at - 1] : '\0';
	size_t from = skip_blanks(s, end, 8), i = from, to = from, token;
	struct slice kind;

	(void)l;
	if (at > 0 && redact_is(s, at - 1, RC_WORD | RC_HIGH))
		return false;
	while (i < s.n && i - from < COOKIE_MAX) {
		size_t name = redact_run(s, i, RC_NAME, 256), value;

		if (redact_token(slice_sub(s, i, SIZE_MAX), &kind, &token) &&
		    i + token < s.n && s.p[i + token] == ';') {
			i = skip_blanks(s, i + token + 1, 8);
			continue;
		}
		if (name == 0 || i + name >= s.n || s.p[i + name] != '=')
			break;
		value = cookie_value(s, i + name + 1, quote);
		to = i + name + 1 + value;
		if (to >= s.n || s.p[to] != ';')
			break;
		i = skip_blanks(s, to + 1, 8);
	}
	if (to - from < 4 || redact_placeholder(slice_sub(s, from, to - from)))
		return false;
	*out = (struct redact_span){ from, to };
	return true;
}

/* the literal is the name of a session's cookie and its '=' */
bool
redact_session(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t n;

	if (at > 0 && redact_is(s, at - 1, RC_ALNUM | RC_HIGH))
		return false;
	n = redact_run(s, end, l->body, l->max);
	if (n < l->min || !fits(l, slice_sub(s, end, n))) {
		out->to = end + n / 2;	/* half of it: names have different demands */
		return false;
	}
	*out = (struct redact_span){ end, end + n };
	return true;
}

/* private_key_id": "<40 hex digits>" */
bool
redact_sa_key_id(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t i = end, n;

	(void)l;
	(void)at;
	while (i < s.n && i - end < 8 && !redact_is(s, i, RC_WORD))
		i++;
	n = redact_run(s, i, RC_HEX, 41);
	if (i == end || n != 40 || redact_is(s, i + n, RC_WORD))
		return false;
	*out = (struct redact_span){ i, i + n };
	return true;
}

/* aws_secret_access_key = <40 of base64> */
bool
redact_aws_secret(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t i = end, n;
	bool separated = false;

	(void)l;
	(void)at;
	for (; i < s.n && i - end < 10 && strchr(" \t=:>\"'`,", s.p[i]) && s.p[i]; i++)
		separated |= s.p[i] != ' ' && s.p[i] != '\t';
	n = redact_run(s, i, RC_ALNUM | RC_BASE, 41);
	if (!separated || n != 40 || redact_is(s, i + n, RC_WORD))
		return false;
	*out = (struct redact_span){ i, i + n };
	return true;
}
