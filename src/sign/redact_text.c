/*
 * redact_text.c - the bytes, words and placeholders that the scanners of redaction share
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#include "sign/redact.h"

#define PLACEHOLDER_MAX 64	/* bytes; what is longer is judged by itself */

#define D (RC_DIGIT)
#define L (RC_LOWER)
#define U (RC_UPPER)
#define LH (RC_LOWER | RC_HEXLOW)
#define UH (RC_UPPER | RC_HEXUP)
#define H8 H, H, H, H, H, H, H, H
#define H (RC_HIGH)

const uint16_t redact_chars[256] = {
	['%'] = RC_PERCENT, ['+'] = RC_BASE, ['-'] = RC_DASH, ['.'] = RC_DOT, ['/'] = RC_BASE,
	['0'] = D, D, D, D, D, D, D, D, D, D, [':'] = RC_COLON, ['='] = RC_EQUALS,
	['A'] = UH, UH, UH, UH, UH, UH, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
	['_'] = RC_SCORE,
	['a'] = LH, LH, LH, LH, LH, LH, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
	['~'] = RC_TILDE,
	[128] = H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8, H8,
};

bool
redact_has(struct slice s, size_t i, const char *text)
{
	size_t n = strlen(text);

	return i <= s.n && n <= s.n - i && memcmp(s.p + i, text, n) == 0;
}

bool
redact_has_fold(struct slice s, size_t i, const char *text)
{
	size_t n = strlen(text);

	return i <= s.n && n <= s.n - i &&
	    slice_eq_fold(slice_of(s.p + i, n), slice_of(text, n));
}

bool
redact_word_in(struct slice word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n && word.n; i++) {
		/* the first byte tells most apart; a sign's other bit is told by the rest */
		if ((list[i][0] | 32) == (word.p[0] | 32) &&
		    slice_eq_fold(word, slice_str(list[i])))
			return true;
	}
	return false;
}

bool
redact_has_class(struct slice s, unsigned class)
{
	for (size_t i = 0; i < s.n; i++) {
		if (redact_char(s.p[i]) & class)
			return true;
	}
	return false;
}

bool
redact_number(struct slice value)
{
	static const char *const units[] = {
		"ns", "us", "ms", "s", "m", "h", "min", "sec", "b", "kb", "mb", "gb", "kib", "mib",
		"gib", "bytes", "%",
	};
	size_t n = redact_run(value, 0, RC_DIGIT | RC_DOT | RC_DASH | RC_BASE, value.n);
	struct slice unit;

	if (n == 0 || n == value.n)
		return n > 0;
	unit = slice_trim(slice_sub(value, n, SIZE_MAX));
	return redact_is(value, 0, RC_DIGIT) && unit.n <= 5 &&
	    redact_word_in(unit, units, sizeof units / sizeof *units);
}

/* "****", "xxxxxxxx", "........": a mask, not a value */
static bool
is_mask(struct slice v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (!strchr("*xX.#-_", v.p[i]) || v.p[i] == '\0')
			return false;
	}
	return true;
}

/* "hf_xxxxxxxxxxxx", "sk-000000000000000000", "put-your-key-here": as examples are filled in */
static bool
is_filler(struct slice v)
{
	size_t run = 0, x = 0;

	for (size_t i = 0; i < v.n; i++) {
		run = i > 0 && v.p[i] == v.p[i - 1] ? run + 1 : 1;
		x += (v.p[i] | 32) == 'x';
		if (run >= 16 && run * 8 >= v.n * 7)
			return true;
		if ((v.p[i] | 32) == 'y' && (redact_has_fold(v, i, "your_") ||
		    redact_has_fold(v, i, "your-")))
			return true;
	}
	return x >= 8 && x * 2 >= v.n;
}

/* "***REDACTED***" and the like: the word inside */
static struct slice
unwrapped(struct slice v)
{
	while (v.n && strchr("*[]<>(){}_-#\"'` ", v.p[0]) && v.p[0]) {
		v.p++;
		v.n--;
	}
	while (v.n && strchr("*[]<>(){}_-#\"'` .", v.p[v.n - 1]) && v.p[v.n - 1])
		v.n--;
	return v;
}

/* the name of a variable stands for its value: ${X}, $X, %X%, %(x)s, %s, {{ x }}, {x}, <x y> */
static bool
is_variable(struct slice v)
{
	unsigned name = RC_NAME | RC_COLON;
	size_t end = v.n;
	struct slice inner;

	/* also without its end, which is what a parameter stops at */
	if (slice_starts(v, "${"))
		return redact_run(v, 2, RC_NAME | RC_COLON, v.n) + 3 >= v.n || slice_ends(v, "}");
	if (slice_starts(v, "{{") && slice_ends(v, "}}"))
		return true;
	if (slice_starts(v, "$(") && slice_ends(v, ")"))
		return true;
	if (v.n > 1 && v.p[0] == '$' && !(redact_char(v.p[1]) & RC_DIGIT))
		return redact_run(v, 1, RC_WORD & ~RC_LOWER, v.n) == v.n - 1 ||
		    redact_run(v, 1, RC_WORD & ~(RC_UPPER | RC_DIGIT), v.n) == v.n - 1;
	if (v.n == 2 && v.p[0] == '%')
		return strchr("srdiv", v.p[1]) != NULL;
	if (v.n > 3 && slice_starts(v, "%(") && slice_ends(v, ")s"))
		return true;
	if (v.n > 2 && v.p[0] == '%' && v.p[end - 1] == '%')
		return redact_run(v, 1, RC_WORD, v.n) == v.n - 2;
	if (v.n < 3)
		return false;
	inner = slice_sub(v, 1, v.n - 2);
	if ((v.p[0] == '<' && v.p[end - 1] == '>') || (v.p[0] == '{' && v.p[end - 1] == '}')) {
		for (size_t i = 0; i < inner.n; i++) {
			if (!(redact_char(inner.p[i]) & name) && inner.p[i] != ' ')
				return false;
		}
		return !redact_has_class(inner, RC_DIGIT);
	}
	return false;
}

/* DB_PASSWORD, SECRET_KEY: the name of an environment variable that holds a secret */
static bool
is_env_name(struct slice v)
{
	return v.n >= 5 && redact_run(v, 0, RC_UPPER | RC_SCORE, v.n) == v.n &&
	    slice_find_byte(v, 0, '_') != SIZE_MAX && redact_secret_name(v);
}

/* nothing but what redaction wrote, and blanks */
static bool
is_tokens(struct slice v)
{
	struct slice kind;
	size_t n;

	v = slice_trim(v);
	while (v.n) {
		if (redact_token(v, &kind, &n))
			v = slice_sub(v, n, SIZE_MAX);
		else if (v.p[0] == ' ')
			v = slice_sub(v, 1, SIZE_MAX);
		else
			return false;
	}
	return true;
}

bool
redact_placeholder(struct slice value)
{
	static const char *const words[] = {
		"redacted", "masked", "hidden", "filtered", "removed", "censored", "scrubbed",
		"sanitized", "secret", "none", "null", "nil", "undefined", "true", "false", "yes",
		"no", "on", "off", "not set", "not_set", "notset", "unset", "not found", "empty",
		"missing", "present", "absent", "set", "n/a", "na", "nan", "required", "optional",
		"enabled", "disabled", "valid", "invalid", "expired", "configured", "unknown",
		"failed", "failure", "ok", "success", "placeholder", "optional[str]", "string",
		"str", "bytes", "int", "bool", "any", "object", "token", "password", "value",
		"your-token", "your_token", "your-api-key", "your_api_key", "not configured",
		"not provided", "not available", "...", "[object object]", "provided", "loaded",
		"default", "anonymous", "denied", "granted", "rejected", "verified", "unverified",
		"revoked", "mismatch", "healthy", "unhealthy", "degraded", "available",
		"unavailable", "reachable", "unreachable", "refused", "timeout", "half-open",
		"oauth", "oauth2", "oidc", "saml", "include", "omit", "same-origin", "passed",
		"active", "inactive", "ready", "not ready", "running", "stopped",
	};
	struct slice v = slice_trim(value);

	if (v.n == 0 || is_tokens(v))
		return true;
	if (v.n > PLACEHOLDER_MAX)
		return is_mask(v) || is_filler(v);
	return is_mask(v) || is_filler(v) || is_variable(v) || is_env_name(v) ||
	    redact_word_in(v, words, sizeof words / sizeof *words) ||
	    redact_word_in(unwrapped(v), words, sizeof words / sizeof *words);
}

/* "timeout", "5s", "(expired", "denied:": a word of a sentence, or a short number in it */
static bool
is_plain_word(struct slice w)
{
	size_t n;

	while (w.n && strchr("(,.:;!?)", w.p[w.n - 1]) && w.p[w.n - 1])
		w.n--;
	if (w.n && w.p[0] == '(')
		w = slice_sub(w, 1, SIZE_MAX);
	if (w.n == 0 || w.n > 20)
		return false;
	n = redact_run(w, 0, RC_DIGIT | RC_DOT, w.n);
	if (n)
		return n <= 5 && redact_number(w);
	return redact_run(w, 1, RC_LOWER | RC_DASH | RC_SCORE, w.n) == w.n - 1 &&
	    redact_is(w, 0, RC_LETTER);
}

bool
redact_state(struct slice name, struct slice value)
{
	static const char *const parts[] = {
		"auth", "authn", "authz", "oauth", "credential", "credentials", "csrf", "xsrf",
		"jwt",
	};
	static const char *const schemes[] = {
		"basic", "bearer", "digest", "negotiate", "apikey", "token", "key", "jwt",
	};
	size_t dot = slice_rfind_byte(name, '.'), words = 0;
	struct slice leaf = slice_sub(name, dot == SIZE_MAX ? 0 : dot + 1, SIZE_MAX);

	if (!redact_word_in(leaf, parts, sizeof parts / sizeof *parts) || value.n > 256)
		return false;
	for (size_t at = 0, end; at < value.n; at = end + 1, words++) {
		struct slice w;

		end = slice_find_byte(value, at, ' ');
		end = end == SIZE_MAX ? value.n : end;
		w = slice_sub(value, at, end - at);
		if (!is_plain_word(w) || (at == 0 && value.p[end - 1] != ':' &&
		    redact_word_in(w, schemes, sizeof schemes / sizeof *schemes)))
			return false;
	}
	return words >= 2;
}
