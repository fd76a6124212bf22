/*
 * redact_url.c - what URLs and addresses of mail carry
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#define URL_MAX 2048		/* bytes of a URL that are looked at */
#define LOCAL_MAX 64		/* RFC 5321, 4.5.3.1 */
#define DOMAIN_MAX 253

static bool
ends_url(char c)
{
	return (unsigned char)c <= ' ' || strchr("\"'<>`|\\^", c) != NULL;
}

/* bytes from i to the end of the URL */
static size_t
url_rest(struct slice s, size_t i)
{
	size_t n = 0;

	while (n < URL_MAX && i + n < s.n && !ends_url(s.p[i + n]))
		n++;
	return n;
}

/* a token without a user's name before '@': long, and no word */
static bool
is_user_token(struct slice user)
{
	return user.n >= 20 && redact_has_class(user, RC_DIGIT) &&
	    redact_run(user, 0, RC_NAME, user.n) == user.n && !redact_placeholder(user);
}

/* where the authority that begins at i has its last '@'; a password may hold '@' and '/' */
static size_t
find_at(struct slice s, size_t i, size_t *colon)
{
	size_t n = url_rest(s, i), at = SIZE_MAX, digits;

	*colon = SIZE_MAX;
	for (size_t k = 0; k < n; k++) {
		char c = s.p[i + k];

		if (c == ':' && *colon == SIZE_MAX)
			*colon = i + k;
		if (c == '@')
			at = i + k;
		if (c != '/' && c != '?' && c != '#')
			continue;
		if (at != SIZE_MAX || *colon == SIZE_MAX)
			break;
		digits = redact_run(s, *colon + 1, RC_DIGIT, 6);
		if (digits <= 5 && *colon + 1 + digits == i + k)
			break;
	}
	return at;
}

bool
redact_url(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t colon, sign;
	struct slice secret;

	(void)l;
	if (at == 0 || !redact_is(s, at - 1, RC_ALNUM) || redact_has(s, end, "["))
		return false;
	sign = find_at(s, end, &colon);
	if (sign == SIZE_MAX)
		return false;
	if (colon == SIZE_MAX || colon > sign) {
		secret = slice_sub(s, end, sign - end);
		if (!is_user_token(secret))
			return false;
		*out = (struct redact_span){ end, sign };
		return true;
	}
	secret = slice_sub(s, colon + 1, sign - colon - 1);
	if (secret.n == 0 || redact_placeholder(secret))
		return false;
	*out = (struct redact_span){ colon + 1, sign };
	return true;
}

/* behind the literal, the path of a hook is the secret */
bool
redact_webhook(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t n = url_rest(s, end);

	(void)at;
	while (n > 0 && strchr(".,;:!)]}", s.p[end + n - 1]))
		n--;
	if (n < l->min || !(redact_char(s.p[end]) & RC_ALNUM) ||
	    redact_placeholder(slice_sub(s, end, n)))
		return false;
	*out = (struct redact_span){ end, end + n };
	return true;
}

/* the value of a parameter from i: up to what ends it */
static size_t
parameter(struct slice s, size_t i, const char *stops)
{
	size_t n = 0;

	while (n < URL_MAX && i + n < s.n && !ends_url(s.p[i + n]) && !strchr(stops, s.p[i + n]))
		n++;
	return n;
}

/* user:password@ of Oracle's thin driver: "jdbc:oracle:thin:scott/tiger@host" */
static bool
thin(struct slice s, size_t i, size_t n, struct redact_span *out)
{
	size_t slash = slice_find_byte(slice_sub(s, 0, i + n), i, '/');
	size_t sign = slice_find_byte(slice_sub(s, 0, i + n), i, '@');

	if (slash == SIZE_MAX || sign == SIZE_MAX || sign < slash + 2 || slash == i)
		return false;
	*out = (struct redact_span){ slash + 1, sign };
	return true;
}

bool
redact_jdbc(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	static const char *const names[] = { "password", "passwd", "pwd", "accesstoken" };
	size_t n = url_rest(s, end), value;

	(void)l;
	(void)at;
	if (redact_has_fold(s, end, "oracle:thin:") && n > 12 && thin(s, end + 12, n - 12, out))
		return true;
	for (size_t i = end; i < end + n; i++) {
		size_t name;

		if (s.p[i] != '=')
			continue;
		name = redact_run_back(s, i, RC_LETTER, 32);
		if (!redact_word_in(slice_sub(s, i - name, name), names,
		    sizeof names / sizeof *names))
			continue;
		value = parameter(s, i + 1, "&;}");
		if (value == 0 || redact_placeholder(slice_sub(s, i + 1, value)))
			continue;
		*out = (struct redact_span){ i + 1, i + 1 + value };
		return true;
	}
	out->to = end + n;
	return false;
}

static bool
is_secret_parameter(struct slice name)
{
	static const char *const list[] = {
		"code", "sig", "signature", "key", "ticket", "session", "sid", "jwt", "assertion",
		"otp", "auth", "hmac", "sessionid", "session_token", "x-goog-signature",
		"x-amz-signature", "x-amz-credential", "x-goog-credential", "samlresponse", "samlrequest",
		"authkey", "subscription-key",
	};

	return redact_word_in(name, list, sizeof list / sizeof *list) || redact_secret_name(name);
}

/* the literal is the end of a parameter's name and its '=' */
bool
redact_query(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t from = at - redact_run_back(s, at, RC_NAME, 64), n;
	struct slice value;

	(void)l;
	if (from == 0 || (s.p[from - 1] != '?' && s.p[from - 1] != '&' &&
	    !(from >= 5 && redact_has(s, from - 5, "&amp;"))))
		return false;
	n = parameter(s, end, "&#;,)");
	value = slice_sub(s, end, n);
	if (n < 4 || (n < 6 && redact_number(value)) || redact_placeholder(value) ||
	    !is_secret_parameter(slice_sub(s, from, end - 1 - from)))
		return false;
	*out = (struct redact_span){ end, end + n };
	return true;
}

/* labels with dots between, the last of two letters at least; 0 when it is no domain */
static size_t
domain(struct slice s, size_t i)
{
	size_t n = redact_run(s, i, RC_ALNUM | RC_DASH | RC_DOT, DOMAIN_MAX + 1), dot, last;

	while (n > 0 && (s.p[i + n - 1] == '.' || s.p[i + n - 1] == '-'))
		n--;
	if (n > DOMAIN_MAX || n < 4 || !redact_is(s, i, RC_ALNUM))
		return 0;
	dot = slice_rfind_byte(slice_sub(s, i, n), '.');
	if (dot == SIZE_MAX)
		return 0;
	last = n - dot - 1;
	if (last < 2 || redact_run(s, i + dot + 1, RC_LETTER, last) != last)
		return 0;
	return n;
}

/* files that are named like mails, "icon@2x.png" */
static bool
is_file(struct slice domain)
{
	static const char *const ends[] = { ".png", ".jpg", ".svg", ".gif", ".js", ".css", ".py", ".json" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (slice_ends(domain, ends[i]))
			return true;
	}
	return false;
}

/* the user's part of a URL, "postgres://app:pw@db.internal": no mail */
static bool
in_authority(struct slice s, size_t from)
{
	for (size_t n = 0; n < 128 && from > n; n++) {
		char c = s.p[from - n - 1];

		if (c == '/')
			return from >= n + 3 && redact_has(s, from - n - 3, "://");
		if (ends_url(c))
			return false;
	}
	return false;
}

bool
redact_email(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t from = at - redact_run_back(s, at, RC_NAME | RC_PERCENT | RC_BASE | RC_HIGH, LOCAL_MAX);
	size_t n = domain(s, end);
	struct slice host = slice_sub(s, end, n), local;

	(void)l;
	local = slice_sub(s, from, at - from);
	if (slice_rfind_byte(local, '/') != SIZE_MAX)
		from += slice_rfind_byte(local, '/') + 1;
	while (from < at && !redact_is(s, from, RC_ALNUM | RC_HIGH | RC_SCORE))
		from++;
	local = slice_sub(s, from, at - from);
	if (local.n == 0 || n == 0 || redact_is(s, at - 1, RC_DOT))
		return false;
	if (slice_ends(host, ".gserviceaccount.com") || is_file(host) ||
	    (slice_eqs(local, "git") && redact_has(s, end + n, ":")) || in_authority(s, from))
		return false;
	*out = (struct redact_span){ from, end + n };
	return true;
}
