/*
 * redact_kind.h - the table of kinds and the scanners behind it; private to src/sign.
 *
 * No scanner backtracks: each looks at a bounded number of bytes, or at bytes that
 * it claims, so that a pass over a text is linear in it and no limit of work is
 * needed. A scanner is called where a literal of its kind ends, or, for shapes
 * of digits, where such a run begins.
 */
#ifndef SIGN_REDACT_KIND_H
#define SIGN_REDACT_KIND_H

#include "base/slice.h"

enum redact_class { REDACT_SECRET, REDACT_PERSONAL };

/* places in the table whose kind other code must name */
enum redact_id {
	REDACT_JWT, REDACT_BEARER, REDACT_BASIC, REDACT_AUTHZ, REDACT_COOKIE, REDACT_SESSION,
	REDACT_GCP_API_KEY, REDACT_GCP_OAUTH, REDACT_GCP_REFRESH, REDACT_GCP_CLIENT,
	REDACT_GCP_SA_KEY_ID, REDACT_PRIVATE_KEY, REDACT_AWS_ID, REDACT_AWS_SECRET,
	REDACT_GITHUB, REDACT_GITLAB, REDACT_SLACK, REDACT_WEBHOOK, REDACT_STRIPE,
	REDACT_ANTHROPIC, REDACT_OPENAI, REDACT_SENDGRID, REDACT_TWILIO, REDACT_PACKAGE,
	REDACT_URL_PASSWORD, REDACT_JDBC, REDACT_QUERY, REDACT_KEY_VALUE, REDACT_EMAIL,
	REDACT_IPV4, REDACT_IPV6, REDACT_CARD, REDACT_PHONE, REDACT_SSN,
	REDACT_FIELD, REDACT_UNJUDGED, REDACT_KINDS
};

struct redact_span {
	size_t from, to;
};

struct redact_literal;
/*
 * at, end: the literal in s. False when no secret stands there; then out->to, if
 * set, is where the next literal of this kind is worth a look.
 */
typedef bool redact_scan_fn(const struct redact_literal *l, struct slice s, size_t at,
	    size_t end, struct redact_span *out);

enum redact_flag {
	REDACT_FOLD = 1,	/* the literal in any case; else exactly as written */
	REDACT_DIGIT = 2,	/* the body must hold a digit */
	REDACT_MIXED = 4,	/* ... a digit, or letters of both cases */
	REDACT_OPEN = 8,	/* the body has no longest length; what is in front bounds it */
	REDACT_INNER = 16,	/* the literal may stand inside a word */
	REDACT_NUMBERED = 32	/* the body begins with a digit */
};

struct redact_literal {
	const char *text;	/* NULL ends a list */
	redact_scan_fn *scan;
	unsigned body;		/* of enum redact_char: what the token consists of */
	unsigned min, max;	/* bytes of it */
	unsigned flags;
};

struct redact_kind {
	const char *name;
	enum redact_class class;
	const struct redact_literal *literal;	/* NULL: a shape of digits */
	const char *about;			/* for the manual */
	/* '~' is to be left out: code hosts refuse text that looks like a token */
	const char *changes, *stays;
};

extern const struct redact_kind redact_kinds[REDACT_KINDS];

/* classes of bytes, without a locale */
enum redact_char {
	RC_DIGIT = 1, RC_LOWER = 2, RC_UPPER = 4, RC_HEXLOW = 8, RC_HEXUP = 16, RC_SCORE = 32,
	RC_DASH = 64, RC_DOT = 128, RC_BASE = 256,	/* + / */
	RC_EQUALS = 512, RC_TILDE = 1024, RC_HIGH = 2048, RC_PERCENT = 4096, RC_COLON = 8192,
	RC_LETTER = RC_LOWER | RC_UPPER, RC_ALNUM = RC_LETTER | RC_DIGIT,
	RC_HEX = RC_DIGIT | RC_HEXLOW | RC_HEXUP, RC_WORD = RC_ALNUM | RC_SCORE,
	RC_URL64 = RC_WORD | RC_DASH, RC_BASE64 = RC_ALNUM | RC_BASE | RC_EQUALS,
	RC_NAME = RC_URL64 | RC_DOT, RC_TOKEN68 = RC_NAME | RC_TILDE | RC_BASE | RC_EQUALS
};

extern const uint16_t redact_chars[256];

static inline unsigned
redact_char(char c)
{
	return redact_chars[(unsigned char)c];
}

/* false behind the end */
static inline bool
redact_is(struct slice s, size_t i, unsigned class)
{
	return i < s.n && (redact_char(s.p[i]) & class);
}

/* bytes of class from i, counted up to max */
static inline size_t
redact_run(struct slice s, size_t i, unsigned class, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n && (redact_char(s.p[i + n]) & class))
		n++;
	return n;
}

/* bytes of class right before i, counted up to max */
static inline size_t
redact_run_back(struct slice s, size_t i, unsigned class, size_t max)
{
	size_t n = 0;

	while (n < max && n < i && (redact_char(s.p[i - n - 1]) & class))
		n++;
	return n;
}

bool	redact_has(struct slice s, size_t i, const char *text);	/* s goes on with text at i */
bool	redact_has_fold(struct slice s, size_t i, const char *text);	/* text in lower case */
bool	redact_word_in(struct slice word, const char *const *list, size_t n);	/* case folded */
bool	redact_has_class(struct slice s, unsigned class);	/* some byte of it */

/* what stands for a secret without being one: "***", "<redacted>", "${VAR}", "None", a token */
bool	redact_placeholder(struct slice value);
/* digits and the signs of numbers only, or such with a unit: "12.5ms" */
bool	redact_number(struct slice value);
/* "db_password", "labels.token": the name of a secret, by its last segments */
bool	redact_secret_name(struct slice name);
bool	redact_password_name(struct slice name);	/* has "pass" or "pwd" in it */
/* "auth": "timeout after 5s": a part of a system and how it is, in words */
bool	redact_state(struct slice name, struct slice value);

/* literals */
redact_scan_fn redact_prefixed;		/* the literal and a body behind it */
redact_scan_fn redact_jwt, redact_bearer, redact_basic, redact_cookie, redact_entra;
redact_scan_fn redact_session, redact_sa_key_id, redact_aws_secret, redact_webhook;
redact_scan_fn redact_url, redact_jdbc, redact_query, redact_key_value, redact_curl_user;
redact_scan_fn redact_email;

/* shapes of digits; `run` digits stand at `at` */
bool	redact_ipv4(struct slice s, size_t at, size_t run, struct redact_span *out);
bool	redact_ssn(struct slice s, size_t at, size_t run, struct redact_span *out);
bool	redact_card(struct slice s, size_t at, size_t run, struct redact_span *out);
/* at: the '+' */
bool	redact_phone(struct slice s, size_t at, struct redact_span *out);
/* at: a ':'; *end is where the run of hex digits and colons ends, to go on from there */
bool	redact_ipv6(struct slice s, size_t at, size_t *end, struct redact_span *out);

#endif
