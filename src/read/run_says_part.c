/*
 * run_says_part.c - words, values and commands; what a fact is put with.
 */
#include "config.h"

#include "read/run_says_part.h"

#include <string.h>

#include "base/text.h"

static const char *const kind_names[RUN_SAYS_KINDS] = { "status", "time", "url", "environment",
	"command", "exit", "commit", "ci", "host" };

unsigned
run_says_kind(struct slice kind)
{
	unsigned i = 0;

	while (i < RUN_SAYS_KINDS && !slice_eqs(kind, kind_names[i]))
		i++;
	return i;
}

void
says_put(struct says_scan *c, enum says_kind kind, struct slice name, struct slice value)
{
	struct run_fact fact = { .kind = slice_str(kind_names[kind]), .name = name,
		.line = c->line, .byte = c->byte };

	fact.value = slice_sub(value, 0, text_utf8_floor(value, value.n < RUN_SAYS_VALUE ?
	    value.n : RUN_SAYS_VALUE));
	if (c->rc == 0 && fact.value.n)
		c->rc = c->fn(c->ctx, &fact);
}

/* ---- bytes and words ---- */

char
says_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
says_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
says_is_alpha(char c)
{
	return says_lower(c) >= 'a' && says_lower(c) <= 'z';
}

static bool
is_hex(char c)
{
	return says_is_digit(c) || (says_lower(c) >= 'a' && says_lower(c) <= 'f');
}

static bool
is_in(char c, const char *set)
{
	return c && strchr(set, c);
}

/* the next word, parted by blanks; false when there is none */
bool
says_take_word(struct slice *in, struct slice *word)
{
	size_t n = 0;

	*in = slice_trim(*in);
	while (n < in->n && in->p[n] != ' ' && in->p[n] != '\t')
		n++;
	*word = slice_sub(*in, 0, n);
	*in = slice_sub(*in, n, in->n);
	return n > 0;
}

size_t
says_count_words(struct slice s)
{
	struct slice word;
	size_t n = 0;

	while (says_take_word(&s, &word))
		n++;
	return n;
}

bool
says_is_one_of(struct slice s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eqs(s, list[i]))
			return true;
	return false;
}

bool
says_has_one_of(struct slice s, const char *const *list, size_t n)
{
	struct slice word;

	while (says_take_word(&s, &word))
		if (says_is_one_of(word, list, n))
			return true;
	return false;
}

/* nothing, a full stop, or a remark: "(in 3 s)", "- skipped", ", skipped", ": refused" */
bool
says_is_remark(struct slice s)
{
	struct slice t = slice_trim(s);

	if (t.n == 0 || slice_eqs(t, ".") || slice_eqs(t, "!") || slice_eqs(t, "..."))
		return true;
	return slice_starts(s, " (") || slice_starts(s, " - ") ||
	    slice_starts(s, " \xE2\x80\x94 ") ||
	    slice_starts(s, " \xE2\x80\x93 ") || slice_starts(s, ", ") || slice_starts(s, ": ") ||
	    slice_starts(s, "; ");
}

/* symbols that scripts put before a statement: anything that is no ASCII, and blanks */
struct slice
says_without_symbols(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ((unsigned char)s.p[n] >= 0x80 || s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return slice_sub(s, n, s.n);
}

struct slice
says_without_quotes(struct slice s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'' || s.p[0] == '`') &&
	    s.p[s.n - 1] == s.p[0])
		return slice_sub(s, 1, s.n - 2);
	return s;
}

/* words of people who explain, expect and suppose */
bool
says_is_prose(struct slice low)
{
	static const char *const words[] = { "if", "when", "should", "would", "must", "expect",
		"expected", "expects", "assert", "that", "because", "unless", "until", "may",
		"means", "could", "whether", "while", "mean", "got", "want", "wanted", "returns",
		"return", "test", "checks", "verify", "verifies", "simulate", "simulating" };

	return HAS_ONE_OF(low, words);
}

/* ---- values ---- */

bool
says_is_clock(struct slice s)
{
	static const char shape[] = "####-##-##T##:##";
	struct slice t = s;

	/* "Sun Sep 14 08:32:48 2025", as date(1) prints it */
	if (t.n >= 24 && says_is_alpha(t.p[0]) && t.p[3] == ' ' && says_is_alpha(t.p[4]) &&
	    t.p[7] == ' ' && t.p[13] == ':' && t.p[16] == ':' && t.n <= 40)
		return says_is_digit(t.p[9]) && says_is_digit(t.p[11]) &&
		    says_is_digit(t.p[t.n - 1]);
	if (t.n < sizeof shape - 1 || t.n > 48)
		return false;
	for (size_t i = 0; i < sizeof shape - 1; i++)
		if (shape[i] == '#' ? !says_is_digit(t.p[i]) : shape[i] == 'T' ?
		    t.p[i] != 'T' && t.p[i] != ' ' : t.p[i] != shape[i])
			return false;
	t = slice_sub(t, sizeof shape - 1, t.n);
	while (t.n && (says_is_digit(t.p[0]) || is_in(t.p[0], ":.,+-Z")))
		t = slice_sub(t, 1, t.n);
	if (slice_take_byte(&t, ' '))
		while (t.n && (says_is_alpha(t.p[0]) || says_is_digit(t.p[0]) ||
		    is_in(t.p[0], "+-:/_()")))
			t = slice_sub(t, 1, t.n);
	return t.n == 0;
}

/* the URL at the start of s, or nothing */
struct slice
says_url(struct slice s)
{
	static const char *const schemes[] = { "http://", "https://", "ws://", "wss://", "grpc://",
		"grpcs://" };
	struct slice t = s;
	size_t n = 0;

	if (t.n && (t.p[0] == '"' || t.p[0] == '\'' || t.p[0] == '`' || t.p[0] == '<'))
		t = slice_sub(t, 1, t.n);
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (!slice_starts(t, schemes[i]))
			continue;
		while (n < t.n && (unsigned char)t.p[n] > ' ' && !strchr("\"'`<>(),;", t.p[n]))
			n++;
		return n > strlen(schemes[i]) ? slice_sub(t, 0, n) : (struct slice){ NULL, 0 };
	}
	return (struct slice){ NULL, 0 };
}

/* "0123abc", with at least one digit where it is no whole SHA */
struct slice
says_hash(struct slice s)
{
	bool digit = false;
	size_t n = 0;

	while (n < s.n && n <= 64 && is_hex(s.p[n]))
		digit |= says_is_digit(s.p[n++]);
	if ((n != 64 && n > 40) || n < 7 || (!digit && n < 40) || (n < s.n && s.p[n] != ' ' &&
	    s.p[n] != ',' && s.p[n] != ')'))
		return (struct slice){ NULL, 0 };
	return slice_sub(s, 0, n);
}

/* "1", "'1'", "-11", with nothing but a remark behind it */
struct slice
says_number(struct slice s)
{
	bool quote = slice_take_byte(&s, '\'') || slice_take_byte(&s, '"');
	size_t n = s.n && s.p[0] == '-';
	size_t sign = n;
	struct slice rest;

	while (n < s.n && n < 11 && says_is_digit(s.p[n]))
		n++;
	rest = slice_sub(s, n, s.n);
	if (quote && !slice_take_byte(&rest, '\'') && !slice_take_byte(&rest, '"'))
		return (struct slice){ NULL, 0 };
	if (n == sign || !(says_is_remark(rest) || slice_starts(rest, ")") ||
	    slice_starts(rest, "]")))
		return (struct slice){ NULL, 0 };
	return slice_sub(s, 0, n);
}

/* "staging", "staging (eu)": one word that is a name */
struct slice
says_environment(struct slice s)
{
	struct slice t = says_without_quotes(s);
	size_t n = 0;

	while (n < t.n && n < 41 && (says_is_alpha(t.p[n]) || says_is_digit(t.p[n]) ||
	    is_in(t.p[n], "_-./")))
		n++;
	if (n == 0 || n > 40 || !says_is_alpha(t.p[0]) || !(n == t.n ||
	    slice_starts(slice_sub(t, n, t.n), " (")))
		return (struct slice){ NULL, 0 };
	return slice_sub(t, 0, n);
}

/* ---- commands ---- */

static struct slice
base_name(struct slice word)
{
	for (size_t i = word.n; i-- > 0;)
		if (word.p[i] == '/' || word.p[i] == '\\') {
			word = slice_sub(word, i + 1, word.n);
			break;
		}
	if (slice_ends(word, ".exe"))
		word.n -= 4;
	return word;
}

static bool
is_assignment(struct slice word)
{
	size_t eq = slice_find_byte(word, 0, '=');

	if (eq == SIZE_MAX || eq == 0 || !(says_is_alpha(word.p[0]) || word.p[0] == '_'))
		return false;
	for (size_t i = 0; i < eq; i++)
		if (!says_is_alpha(word.p[i]) && !says_is_digit(word.p[i]) && word.p[i] != '_')
			return false;
	return true;
}

static const char *const programs[] = { "python", "python3", "py", "node", "bash", "sh", "docker",
	"docker-compose", "podman", "npm", "npx", "pnpx", "bunx", "yarn", "pnpm", "make", "poetry",
	"uv", "uvx", "pipenv", "hatch", "pdm", "rye", "conda", "go", "cargo", "bundle", "java",
	"mvn", "gradle", "sudo", "env", "time", "timeout", "nice", "xvfb-run", "coverage",
	"kubectl", "oc", "cmd", "pwsh", "powershell", "ssh", "exec" };
static const char *const builders[] = { "go", "cargo", "npm", "yarn", "pnpm", "bun", "make", "mvn",
	"mvnw", "gradle", "gradlew", "dotnet", "mix", "bazel", "deno", "node", "rake", "ninja",
	"meson" };

bool
run_says_is_test_command(struct slice s)
{
	static const char *const runners[] = { "pytest", "py.test", "tox", "nox", "jest", "vitest",
		"mocha", "playwright", "cypress", "ctest", "prove", "phpunit", "rspec", "behave",
		"robot", "unittest", "gotestsum", "nose2", "ava", "trial" };
	static const char *const goals[] = { "test", "tests", "check", "verify", "--test",
		"nextest" };
	struct slice word;
	bool builder = false, first = true;

	for (unsigned n = 0; n < 12 && says_take_word(&s, &word); n++) {
		struct slice base = base_name(word);

		if (first && is_assignment(word))
			continue;
		if (n < 8 && ONE_OF(base, runners))
			return true;
		if (builder && (ONE_OF(word, goals) || slice_starts(word, "test:")))
			return true;
		/* prose about a runner begins with another word */
		if (first && base.n == word.n && !ONE_OF(base, programs) && !ONE_OF(base, builders))
			return false;
		builder = builder || (n < 8 && ONE_OF(base, builders));
		first = false;
	}
	return false;
}

/* "python run_all.py --ci", "./run.sh": something that is run, said to be a command */
bool
says_is_command(struct slice s)
{
	struct slice word;

	if (run_says_is_test_command(s))
		return true;
	while (says_take_word(&s, &word) && is_assignment(word))
		;
	word = says_without_quotes(word);
	return ONE_OF(base_name(word), programs) || ONE_OF(base_name(word), builders) ||
	    slice_ends(word, ".sh") || slice_ends(word, ".py") || slice_starts(word, "./");
}

void
says_put_command(struct says_scan *c, struct slice name, struct slice command)
{
	static const char *const options[] = { "--base-url", "--base_url", "--baseurl" };
	struct slice rest = command, word;
	bool next = false;

	says_put(c, SAYS_COMMAND, name, command);
	while (says_take_word(&rest, &word)) {
		struct slice option = word, url;

		if (next && (url = says_url(word)).n)
			says_put(c, SAYS_URL, SLICE("--base-url"), url);
		next = false;
		for (size_t i = 0; i < 3; i++) {
			option = word;
			if (!slice_take_str(&option, options[i]))
				continue;
			next = option.n == 0;
			if (slice_take_byte(&option, '=') && (url = says_url(option)).n)
				says_put(c, SAYS_URL, SLICE("--base-url"), url);
			break;
		}
	}
}

