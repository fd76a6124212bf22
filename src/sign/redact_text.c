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
	for (size_t i = 0; i < n; i++) {
		if (slice_eq_fold(word, slice_str(list[i])))
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
	return value.n > 0 && redact_run(value, 0, RC_DIGIT | RC_DOT | RC_DASH | RC_BASE,
	    value.n) == value.n;
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

	if (slice_starts(v, "${") && slice_ends(v, "}"))
		return true;
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
	};
	struct slice v = slice_trim(value);

	if (v.n == 0 || is_tokens(v))
		return true;
	if (v.n > PLACEHOLDER_MAX)
		return is_mask(v);
	return is_mask(v) || is_variable(v) || is_env_name(v) ||
	    redact_word_in(v, words, sizeof words / sizeof *words) ||
	    redact_word_in(unwrapped(v), words, sizeof words / sizeof *words);
}
