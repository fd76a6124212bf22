/*
 * redact_name.c - whether a name says that its value is a secret
 *
 * The rule: the name is split into words at case, '_', '-' and '.'; a word of
 * secrecy must be among those of the last segment, and its last word must not
 * say that the value only describes the secret (token_count, secret_name,
 * password_changed_at), nor its first that it is asked for (has_token). A member
 * of "cookies", "secrets" and the like is a secret whatever its name, unless
 * it describes.
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#include "sign/redact.h"

#define WORDS 16		/* of a segment; the last ones count */
#define NAME_MAX_BYTES 256	/* of a name; its end counts */

struct words {
	struct slice v[WORDS];
	size_t n;
};

static void
push(struct words *w, struct slice word)
{
	if (word.n == 0)
		return;
	if (w->n == WORDS) {
		memmove(&w->v[1], &w->v[2], (WORDS - 2) * sizeof *w->v);
		w->n--;
	}
	w->v[w->n++] = word;
}

/* a word begins at an upper case letter behind a lower case one, or before one ("APIKey") */
static bool
begins(struct slice s, size_t i)
{
	if (!redact_is(s, i, RC_UPPER))
		return false;
	return redact_is(s, i - 1, RC_LOWER | RC_DIGIT) ||
	    (redact_is(s, i - 1, RC_UPPER) && redact_is(s, i + 1, RC_LOWER));
}

static void
split(struct words *w, struct slice s)
{
	size_t from = 0;

	w->n = 0;
	for (size_t i = 0; i <= s.n; i++) {
		bool inside = i < s.n && (redact_char(s.p[i]) & (RC_ALNUM | RC_HIGH));

		if (inside && !(i > from && begins(s, i)))
			continue;
		push(w, slice_sub(s, from, i - from));
		from = inside ? i : i + 1;
	}
}

#define IN(word, list) redact_word_in(word, list, sizeof(list) / sizeof *(list))

/* the value tells something about a secret */
static bool
describes(struct slice word)
{
	static const char *const list[] = {
		"age", "alg", "algorithm", "at", "attempts", "audience", "banner", "budget",
		"changed",
		"check", "checks", "class", "configured", "consent", "count", "counter", "counts",
		"date", "day", "days", "domain", "duration", "email", "enabled", "endpoint",
		"error",
		"errors", "exists", "expiration", "expired", "expires", "expiry", "failed",
		"failure", "failures", "file", "filename", "format", "found", "function", "hint",
		"hits", "host", "hours", "id", "ids", "info", "issuer", "jar", "kind", "len",
		"length", "level", "limit", "lifetime", "manager", "max", "message", "method",
		"middleware", "min", "minutes", "misses", "missing", "mode", "module", "ms", "name",
		"names", "path", "permission", "permissions", "policy", "port", "prefix", "present",
		"provider", "rate", "reason", "ref", "refresher", "region", "required", "reset",
		"result", "retries", "role", "scope", "scopes", "seconds", "server", "service",
		"set", "size", "source", "state", "status", "store", "success", "time", "timeout",
		"timestamp", "total", "ttl", "type", "uri", "url", "usage", "used", "user",
		"username", "valid", "validation", "validator", "version", "handler", "header",
		"client", "router", "routes", "route", "backend", "plugin", "flow", "event",
		"events", "action", "strength", "rotation", "created", "updated", "issued",
		"latency", "health", "breaker", "outcome", "decision", "phase", "stage",
	};

	return IN(word, list);
}

static bool
asks(struct slice word)
{
	static const char *const list[] = {
		"has", "is", "no", "needs", "requires", "require", "required", "max", "min", "num",
		"total", "allow", "skip", "disable", "enable", "prompt", "completion",
	};

	return IN(word, list);
}

/* `what` in the word, ASCII case folded */
static size_t
find_fold(struct slice word, const char *what)
{
	for (size_t i = 0; i + strlen(what) <= word.n; i++) {
		if (redact_has_fold(word, i, what))
			return i;
	}
	return SIZE_MAX;
}

static bool
ends_fold(struct slice word, const char *what)
{
	size_t n = strlen(what);

	return word.n >= n && redact_has_fold(word, word.n - n, what);
}

static bool
says_secret(struct slice word)
{
	static const char *const whole[] = {
		"auth", "authz", "authn", "oauth", "authorization", "pass", "pwd", "pw", "passcode",
		"passphrase", "passwd", "passwort", "jwt", "bearer", "otp", "creds", "cred", "sid",
		"csrf", "xsrf", "jsessionid", "sessionid", "phpsessid",
	};
	static const char *const inside[] = {
		"password", "passwd", "passphrase", "secret", "token", "apikey", "cookie",
		"credential", "privatekey", "accesskey", "signingkey", "encryptionkey",
	};
	static const char *const harmless[] = {
		"secretary", "secretariat", "bypass", "compass", "encompass", "surpass", "trespass",
		"secrets_manager", "jsonwebtoken",
	};

	if (IN(word, whole))
		return true;
	if (IN(word, harmless) || find_fold(word, "tokeni") == 0)
		return false;
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
		if (find_fold(word, inside[i]) != SIZE_MAX)
			return true;
	}
	return ends_fold(word, "pass") || ends_fold(word, "pwd") || ends_fold(word, "auth");
}

/* "api key", "private key": the last of them at i */
static bool
says_key(const struct words *w, size_t i)
{
	static const char *const of[] = {
		"api", "access", "private", "signing", "encryption", "secret", "auth", "master",
		"account", "shared", "storage", "license", "app", "application", "sas", "hmac",
		"service", "subscription", "write", "admin", "deploy", "ssh", "session",
	};

	return i > 0 && (slice_eq_fold(w->v[i], SLICE("key")) ||
	    slice_eq_fold(w->v[i], SLICE("keys"))) && IN(w->v[i - 1], of);
}

enum judged { PLAIN, DESCRIBES, SECRET };

static enum judged
judge(struct slice segment)
{
	struct words w;
	bool secret = false;

	split(&w, segment);
	if (w.n == 0)
		return PLAIN;
	for (size_t i = 0; i < w.n && !secret; i++)
		secret = says_secret(w.v[i]) || says_key(&w, i);
	if (describes(w.v[w.n - 1]))
		/* Vault's secret_id and a session's id are what lets one in */
		return w.n == 2 && slice_eq_fold(w.v[1], SLICE("id")) &&
		    (slice_eq_fold(w.v[0], SLICE("secret"))) ? SECRET : DESCRIBES;
	if (secret && w.n > 1 && asks(w.v[0]))
		return DESCRIBES;
	return secret ? SECRET : PLAIN;
}

/* the last segment of *name, cut off it: "a.b[0]" gives "0", then "b", then "a" */
static struct slice
last_segment(struct slice *name)
{
	size_t end = name->n, from;
	struct slice out;

	while (end > 0 && strchr(".[]/", name->p[end - 1]) && name->p[end - 1])
		end--;
	from = end;
	while (from > 0 && !(strchr(".[]/", name->p[from - 1]) && name->p[from - 1]))
		from--;
	out = slice_sub(*name, from, end - from);
	name->n = from;
	return out;
}

/* the end of the name with blanks for the tokens in it, whose kinds are no words of it */
static struct slice
without_tokens(struct slice name, char room[NAME_MAX_BYTES])
{
	struct slice kind;
	size_t n;

	if (name.n > NAME_MAX_BYTES)
		name = slice_sub(name, name.n - NAME_MAX_BYTES, SIZE_MAX);
	if (slice_find_byte(name, 0, '[') == SIZE_MAX)
		return name;
	memcpy(room, name.p, name.n);
	for (size_t i = 0; i < name.n; i++) {
		if (redact_token(slice_sub(name, i, SIZE_MAX), &kind, &n))
			memset(room + i, ' ', n);
	}
	return slice_of(room, name.n);
}

bool
redact_secret_name(struct slice name)
{
	static const char *const blank[] = {
		"value", "values", "raw", "plain", "plaintext", "text", "current", "string", "data",
		"content", "secret_data", "stringvalue", "string_value",
	};
	static const char *const holds[] = {
		"secrets", "credentials", "credential", "cookies", "cookie", "passwords", "tokens",
		"api_keys", "apikeys",
	};
	char room[NAME_MAX_BYTES];
	struct slice leaf;
	enum judged j;

	name = without_tokens(name, room);
	leaf = last_segment(&name);
	while (name.n && (redact_number(leaf) || IN(leaf, blank)))
		leaf = last_segment(&name);
	j = judge(leaf);
	if (j != PLAIN || name.n == 0)
		return j == SECRET;
	leaf = last_segment(&name);
	return IN(leaf, holds);
}

bool
redact_password_name(struct slice name)
{
	return find_fold(name, "pass") != SIZE_MAX || find_fold(name, "pwd") != SIZE_MAX;
}
