/*
 * redact_pair.c - a name that says secret, something between, and its value
 *
 * Seen in: .env files, YAML, JSON and Python reprs inside texts, keyword
 * arguments, headers, XML, assignments of ten languages, options of commands.
 * What stays: prose ("invalid token: it has expired"), code that only passes a
 * secret on (token=self.token, password=getpass()), paths, placeholders.
 */
#include "config.h"

#include "sign/redact_kind.h"

#include <string.h>

#include "sign/redact.h"

#define KEY_SIDE 64		/* bytes of a key to each side of what was found */
#define VALUE_MAX 4096		/* bytes of a value; of a longer one the first */
#define BLANKS 16

struct pair {
	struct slice s, key;
	size_t at;		/* behind what has been read */
	char quote;		/* of the value; 0 = none */
	bool key_quoted;
	bool weak;		/* ": " or " = " before a bare word: may be prose */
	bool colon;
	struct slice value;
};

static char
byte(struct slice s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static size_t
blanks(struct slice s, size_t i)
{
	size_t n = 0;

	while (n < BLANKS && (byte(s, i + n) == ' ' || byte(s, i + n) == '\t'))
		n++;
	return n;
}

/* one of the signs between a key and its value; its length, 0 for none */
static size_t
sign(struct slice s, size_t i)
{
	static const char *const list[] = {
		":::=", "::=", ":=", "=>", "?\?=", "?=", "||=", "+=", ".=", "->",
	};

	for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
		if (redact_has(s, i, list[k]))
			return strlen(list[k]);
	}
	if (byte(s, i) == '=')
		return byte(s, i + 1) == '=' || byte(s, i + 1) == '~' ? 0 : 1;
	if (byte(s, i) == ':')
		return byte(s, i + 1) == ':' ? 0 : 1;
	return 0;
}

/* "name: str = v", "var name string = v": a type between the name and its sign */
static size_t
typed(struct slice s, size_t i)
{
	size_t n = blanks(s, i), word, more;

	word = redact_run(s, i + n, RC_WORD | RC_DOT, 32);
	if (word == 0)
		return 0;
	if (byte(s, i + n + word) == '[')
		word += redact_run(s, i + n + word + 1, RC_WORD | RC_DOT, 32) + 2;
	else if (byte(s, i + n + word) == '?')
		word++;
	more = blanks(s, i + n + word);
	if (byte(s, i + n + word + more) != '=' || byte(s, i + n + word + more + 1) == '=' ||
	    more == 0)
		return 0;
	return n + word + more;
}

/* {"name": "DB_PASSWORD", "value": "x"}: the value stands in the next member */
static size_t
next_member(struct slice s, size_t i)
{
	size_t from = i;

	if (byte(s, i) == ',')
		i++;
	i += blanks(s, i);
	if (is_quote(byte(s, i)))
		i++;
	if (!redact_has_fold(s, i, "value"))
		return 0;
	i += 5;
	if (is_quote(byte(s, i)))
		i++;
	i += blanks(s, i);
	if (byte(s, i) != ':' && byte(s, i) != '=')
		return 0;
	return i + 1 - from;
}

/* what stands between key and value; false when nothing ties them */
static bool
read_sign(struct pair *p)
{
	struct slice s = p->s;
	size_t i = p->at, before, n;
	bool option = p->key.n > 2 && p->key.p[0] == '-' && p->key.p[1] == '-';

	if (is_quote(byte(s, i))) {
		p->key_quoted = true;
		i++;
	}
	if (byte(s, i) == ']' || (p->key_quoted && byte(s, i) == ')' && byte(s, i + 1) == ']'))
		i++;
	if (byte(s, i) == '>' && redact_run_back(s, p->at - p->key.n, RC_WORD, 1) == 0) {
		p->at = i + 1;		/* <password>x */
		return true;
	}
	before = blanks(s, i);
	n = sign(s, i + before);
	if (n == 0 && p->key_quoted)
		n = next_member(s, i + before);
	/* setProperty("X_TOKEN", "x") */
	if (n == 0 && p->key_quoted && byte(s, i) == ',' && p->at - p->key.n >= 2 &&
	    byte(s, p->at - p->key.n - 2) == '(')
		n = 1;
	if (n == 0 && before && option && byte(s, i + before) != '-') {
		p->at = i + before;
		return true;
	}
	if (n == 0 && before)
		n = typed(s, i + before) ? typed(s, i + before) + 1 : 0;
	if (n == 0)
		return false;
	i += before + n;
	p->colon = byte(s, i - 1) == ':';
	if (p->colon && typed(s, i)) {
		i += typed(s, i) + 1;
		p->colon = false;
	}
	n = blanks(s, i);
	p->weak = !p->key_quoted && (p->colon ? n > 0 : n > 0 && before > 0);
	p->at = i + n;
	return true;
}

/* a string prefix such as b"", rb'', L"", @"", or a call around it: bytes to skip */
static size_t
opening(struct slice s, size_t i)
{
	size_t n = redact_run(s, i, RC_LETTER, 2);

	if (byte(s, i) == '@' || byte(s, i) == '(' || byte(s, i) == '[')
		n = 1;
	return is_quote(byte(s, i + n)) ? n : 0;
}

static size_t
quoted(struct slice s, size_t i, char quote)
{
	size_t n = 0;

	while (n < VALUE_MAX && i + n < s.n && s.p[i + n] != quote && s.p[i + n] != '\n') {
		if (s.p[i + n] == '\\' && i + n + 1 < s.n && s.p[i + n + 1] != '\n')
			n++;
		n++;
	}
	return i + n > s.n ? s.n - i : n;
}

/* ",x=" and the like: the next pair begins */
static bool
next_pair(struct slice s, size_t i)
{
	size_t n;

	i += byte(s, i) == ' ';
	n = redact_run(s, i, RC_NAME, 64);
	return n > 0 && (byte(s, i + n) == '=' || byte(s, i + n) == ':');
}

/* a bare value ends at a blank, a quote, and at punctuation that ends it for certain */
static size_t
bare(struct slice s, size_t i)
{
	size_t n = 0, open = 0;		/* brackets of its own: "${VAR}" */

	for (; n < VALUE_MAX && i + n < s.n; n++) {
		char c = s.p[i + n], next = byte(s, i + n + 1);

		if ((unsigned char)c <= ' ' || is_quote(c) || c == '&' || c == '<' || c == '\x7f')
			break;
		if (c == '\\' && (next == 'n' || next == 'r' || next == 't' || is_quote(next)))
			break;
		if ((c == ',' || c == ';') && ((unsigned char)next <= ' ' || is_quote(next) ||
		    next_pair(s, i + n + 1)))
			break;
		open += c == '{' || c == '(' || c == '[';
		if (strchr(")]}>", c) && open > 0)
			open--;
		else if (strchr(")]}>", c) && !redact_is(s, i + n + 1, RC_ALNUM | RC_HIGH))
			break;
	}
	return n;
}

/* "pass: test_x", "auth:SIMPLE": short words that mean other things more often than not */
static bool
is_vague(const struct pair *p)
{
	struct slice near = slice_sub(p->s, p->at, 256);

	return p->colon && !is_quote(byte(near, 0)) &&
	    redact_word_in(p->key, (const char *const[]){ "pass", "auth" }, 2) &&
	    !redact_has_class(slice_sub(near, 0, bare(near, 0)), RC_DIGIT);
}

static bool
stands_behind(const struct pair *p, const char *signs)
{
	return p->key.p > p->s.p && p->key.p[-1] && strchr(signs, p->key.p[-1]);
}

/* the value at p->at */
static void
read_value(struct pair *p)
{
	struct slice s = p->s;
	size_t i = p->at + opening(s, p->at);
	char c = byte(s, i);

	p->quote = is_quote(c) ? c : '\0';
	if (p->quote) {
		i++;
		while (byte(s, i) == p->quote)		/* """text""" */
			i++;
		p->value = slice_sub(s, i, quoted(s, i, p->quote));
		p->weak = false;
	} else {
		p->value = slice_sub(s, i, bare(s, i));
		/* a parameter of a URL ends where its fragment begins */
		if (stands_behind(p, "?&") && slice_find_byte(p->value, 0, '#') != SIZE_MAX)
			p->value.n = slice_find_byte(p->value, 0, '#');
	}
	p->at = i;
}

/* "self.token", "DB_PASSWORD", "settings.x", "getpass(": code that passes a secret on */
static bool
is_code(const struct pair *p)
{
	static const char *const roots[] = {
		"self.", "os.", "settings.", "config.", "cfg.", "args.", "request.", "req.", "env.",
		"process.env.", "options.", "opts.", "this.", "params.", "ctx.", "secrets.",
		"kwargs.",
		"app.", "conf.", "vars.", "var.", "local.", "data.", "module.", "event.", "state.",
	};
	struct slice v = p->value;
	size_t n;
	char next;

	if (byte(v, 0) == '{' && redact_is(v, 1, RC_LETTER | RC_SCORE))
		v = slice_sub(v, 1, SIZE_MAX);
	n = redact_run(v, 0, RC_WORD | RC_DOT, v.n);
	next = byte(v, n);

	if (n == 0 || redact_is(v, 0, RC_DIGIT))
		return false;
	if (next == '(' || next == '[' || (next == '{' && redact_is(v, 0, RC_UPPER)))
		return true;
	if (n < v.n || redact_has_class(v, RC_DIGIT))
		return false;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		if (slice_starts(v, roots[i]))
			return true;
	}
	return redact_secret_name(v);
}

/* "/etc/keys/app.json", "./x", "file://x": where a secret is, not what it is */
static bool
is_place(struct slice v)
{
	size_t n = redact_run(v, 0, RC_NAME | RC_BASE | RC_TILDE, v.n);

	if (slice_find(v, 0, SLICE("://")) != SIZE_MAX)
		return true;
	if (n < v.n || !(slice_starts(v, "/") || slice_starts(v, "./") || slice_starts(v, "~/") ||
	    slice_starts(v, "projects/")))
		return false;
	return v.n < 40 || slice_starts(v, "projects/") || slice_find_byte(v, 0, '.') != SIZE_MAX;
}

/* a bare word behind ": ", in front of another: a sentence */
static bool
is_prose(const struct pair *p)
{
	struct slice s = p->s, v = p->value;
	size_t end = p->at + v.n, start = (size_t)(p->key.p - s.p);
	size_t lead = redact_run_back(s, start, RC_DASH, 2);

	if (redact_has_class(v, RC_DIGIT) || !p->weak)
		return false;
	if (byte(s, end) == ' ' && (redact_is(s, end + 1, RC_LETTER | RC_HIGH) ||
	    is_quote(byte(s, end + 1)) || byte(s, end + 1) == '('))
		return true;
	while (start > lead && (byte(s, start - lead - 1) == ' '))
		start--;
	return start > lead && byte(s, start - lead - 1) != '\n';
}

/* "--- PASS: TestNames/#00", "PASS: tests/a.sh": what became of a test, and its name */
static bool
is_verdict(const struct pair *p)
{
	struct slice before = slice_sub(p->s, 0, (size_t)(p->key.p - p->s.p));
	size_t line = slice_rfind_byte(before, '\n');
	bool dashes;

	if (!slice_eqs(p->key, "PASS") || p->quote)
		return false;
	if (line != SIZE_MAX)
		before = slice_sub(before, line + 1, SIZE_MAX);
	before = slice_trim(before);
	dashes = slice_eqs(before, "---");
	return dashes || (before.n == 0 && redact_has_fold(p->value, 0, "test"));
}

static bool
is_secret(const struct pair *p)
{
	struct slice v = p->value;

	if (v.n < 4 || redact_placeholder(v))
		return false;
	if (redact_number(v) && !(redact_password_name(p->key) && !p->weak))
		return false;
	/* a private key is found by its lines */
	if (is_place(v) || slice_starts(v, "-----BEGIN "))
		return false;
	/* `a command and its arguments`, {a template(of it)} */
	if (p->quote == '`' && slice_find_byte(v, 0, ' ') != SIZE_MAX)
		return false;
	if (p->quote && redact_state(p->key, v))
		return false;
	return p->quote || (!is_code(p) && !is_prose(p) && !is_verdict(p));
}

/* the key around the literal at..end, and its value */
static bool
read_pair(struct pair *p, size_t at, size_t end)
{
	size_t from = at - redact_run_back(p->s, at, RC_NAME, KEY_SIDE);
	size_t to = end + redact_run(p->s, end, RC_NAME, KEY_SIDE), n;
	struct slice kind;

	p->key = slice_sub(p->s, from, to - from);
	p->at = to;
	/* the kind of a token is no name */
	if (from > 0 && p->s.p[from - 1] == '[' &&
	    redact_token(slice_sub(p->s, from - 1, SIZE_MAX), &kind, &n))
		return false;
	return read_sign(p);
}

/* "Bearer ", "Token " and so on in front of the credentials of a header; its length */
static size_t
scheme(struct slice v)
{
	static const char *const list[] = {
		"bearer", "basic", "token", "digest", "negotiate", "apikey", "api-key", "key",
		"aws4-hmac-sha256", "goog4-rsa-sha256", "hmac-sha256", "ntlm", "oauth", "jwt",
		"sharedkey", "sso-key", "genie-key", "splunk", "bot", "api-token", "access-token",
	};
	size_t word = redact_run(v, 0, RC_URL64, 24), n;

	if (word == 0 || !redact_word_in(slice_sub(v, 0, word), list, sizeof list / sizeof *list))
		return 0;
	n = blanks(v, word);
	return n ? word + n : 0;
}

/* the credentials behind a scheme; a list ("Digest a=b, c=d") goes to the end of the line */
static void
skip_scheme(struct pair *p)
{
	struct slice rest = p->quote ? p->value : slice_sub(p->s, p->at, VALUE_MAX);
	size_t skip = scheme(rest);
	bool list;

	if (skip == 0)
		return;
	list = redact_has_fold(rest, 0, "digest ") || redact_has_fold(rest, 0, "aws4-") ||
	    redact_has_fold(rest, 0, "goog4-") || redact_has_fold(rest, 0, "oauth ");
	p->at += skip;
	if (p->quote)
		p->value = slice_sub(p->value, skip, SIZE_MAX);
	else
		p->value = slice_sub(p->s, p->at, list ? quoted(p->s, p->at, '\n') :
		    bare(p->s, p->at));
	p->weak = !p->quote && !list;
}

/* a value that is longer than what was looked at goes as a whole */
static size_t
value_end(const struct pair *p)
{
	struct slice s = p->s;
	size_t end = p->at + p->value.n;

	if (p->value.n < VALUE_MAX)
		return end;
	while (end < s.n && (p->quote ? s.p[end] != p->quote && s.p[end] != '\n' :
	    (unsigned char)s.p[end] > ' ' && !is_quote(s.p[end])))
		end++;
	return end;
}

bool
redact_key_value(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	struct pair p = { .s = s };

	(void)l;
	if (!read_pair(&p, at, end) || !redact_secret_name(p.key) || is_vague(&p))
		return false;
	read_value(&p);
	skip_scheme(&p);
	if (!is_secret(&p))
		return false;
	*out = (struct redact_span){ p.at, value_end(&p) };
	return true;
}

/*
 * curl -u user:password. Either may stand in quotes of its own ("u":"p", u:'p'), and
 * a user without a password is a key when it looks like one.
 */
bool
redact_curl_user(const struct redact_literal *l, struct slice s, size_t at, size_t end,
    struct redact_span *out)
{
	size_t back = at < 512 ? at : 512, i = end + blanks(s, end), colon, from, n;
	char quote = is_quote(byte(s, i)) ? byte(s, i) : '\0';
	struct slice value;

	(void)l;
	if (slice_find(slice_sub(s, at - back, back), 0, SLICE("curl")) == SIZE_MAX)
		return false;
	i += quote != '\0';
	n = quote ? quoted(s, i, quote) : bare(s, i);
	colon = slice_find_byte(slice_sub(s, 0, i + n), i, ':');
	if (colon == SIZE_MAX && quote && byte(s, i + n) == quote && byte(s, i + n + 1) == ':') {
		colon = i + n + 1;
		quote = '\0';
	}
	if (colon == SIZE_MAX)
		return false;
	from = colon + 1;
	if (!quote && is_quote(byte(s, from))) {
		quote = byte(s, from++);
		n = quoted(s, from, quote);
	} else {
		n = quote ? i + n - from : bare(s, from);
	}
	if (n == 0 && colon - i >= 12 && redact_has_class(slice_sub(s, i, colon - i), RC_DIGIT)) {
		from = i;
		n = colon - i;
	}
	value = slice_sub(s, from, n);
	if (value.n < 3 || redact_placeholder(value))
		return false;
	*out = (struct redact_span){ from, from + n };
	return true;
}
