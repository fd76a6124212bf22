/*
 * run_says.c - one line is looked at as a command, as "name: value", or as a sentence.
 */
#include "config.h"

#include "read/run_says_part.h"

#include <string.h>

/* "$ pytest -v", "+ pytest -v", "##[group]Run pytest -v", "[command]/usr/bin/pytest" */
static bool
command_line(struct says_scan *c, struct slice s)
{
	static const char *const prompts[] = { "$ ", "+ ", "++ ", "> ", "% ", "##[group]Run ",
		"##[command]", "[command]", "##[section]Starting: " };
	struct slice t;

	for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
		t = s;
		if (slice_take_str(&t, prompts[i]) && run_says_is_test_command(t)) {
			says_put_command(c, slice_trim(slice_str(prompts[i])), slice_trim(t));
			return true;
		}
	}
	return false;
}

/*
 * "Process completed with exit code 1.", "The command exited with status 1", "TESTS FAILED
 * (exit code: 1)": a sentence that ends with the number. What stands behind the number must
 * be a remark, what stands before it no supposition.
 */
static bool
exit_sentence(struct says_scan *c, const struct said *d)
{
	static const char *const phrases[] = { "completed with exit code ",
		"failed with exit code ",
		"exited with code ", "exited with status ", "exited with exit code ",
		"exited with exit status ", "finished with exit code ", "failed with exit status ",
		"failed with status ", "terminated with exit code ", "job failed: exit code ",
		"job failed: exit status ", "exited with code exit status ", "(exit code: ",
		"(exit code ", "(exit status: ", "(exit status ", "exited with exit code: ",
		"finished with exit status ", "failed with error code ", "ended with exit code ",
		"\" exited with " };
	static const char *const starts[] = { "exit code ", "exit status ", "return code " };
	size_t from = SIZE_MAX, at = SIZE_MAX;
	struct slice n, name;

	/* most lines have none of these */
	if (slice_find(d->low_s, 0, SLICE("exit")) == SIZE_MAX &&
	    slice_find(d->low_s, 0, SLICE("return code ")) == SIZE_MAX &&
	    slice_find(d->low_s, 0, SLICE("failed with ")) == SIZE_MAX)
		return false;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0] && at == SIZE_MAX; i++)
		if (slice_starts(d->low_s, starts[i])) {
			from = 0;
			at = strlen(starts[i]);
		}
	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0] && at == SIZE_MAX; i++) {
		from = slice_find(d->low_s, 0, slice_str(phrases[i]));
		if (from != SIZE_MAX)
			at = from + strlen(phrases[i]);
	}
	if (at == SIZE_MAX || says_is_prose(slice_sub(d->low_s, 0, from)))
		return false;
	if ((n = says_number(slice_sub(d->s, at, d->s.n))).n == 0)
		return false;
	/* "exit code 1 is returned by ..." is no statement of this run */
	if (at == strlen("exit code ") && from == 0 && n.p + n.n < d->s.p + d->s.n &&
	    n.p[n.n] == ',')
		return false;
	name = slice_trim(slice_sub(d->s, from, at - from));
	while (name.n && strchr("(\" ", name.p[0]))
		name = slice_sub(name, 1, name.n);
	if (slice_ends(name, ":"))
		name.n--;
	says_put(c, SAYS_EXIT, name, n);
	return true;
}

static bool
commit_sentence(struct says_scan *c, const struct said *d)
{
	static const char *const starts[] = { "HEAD is now at ", "Checking out ", "commit " };
	struct slice rest, hash;

	for (size_t i = 0; i < 3; i++) {
		rest = d->s;
		if (!slice_take_str(&rest, starts[i]) || (hash = says_hash(rest)).n == 0)
			continue;
		/* "commit 0123..." of git log and git show has the whole hash */
		if (i == 2 && hash.n < 40)
			continue;
		if (i == 1 && !slice_starts(slice_sub(rest, hash.n, rest.n), " as ") &&
		    hash.n != rest.n)
			continue;
		says_put(c, SAYS_COMMIT, slice_trim(slice_str(starts[i])), hash);
		return true;
	}
	return false;
}

/* ---- sentences ---- */

/* "Running tests against staging", "Testing against https://x", "Using staging environment" */
static bool
against_sentence(struct says_scan *c, const struct said *d)
{
	static const char *const verbs[] = { "running", "testing", "executing", "starting", "run",
		"using", "targeting" };
	static const char *const known[] = { "staging", "production", "prod", "dev", "development",
		"local", "localhost", "test", "qa", "uat", "sandbox", "preview", "preprod",
		"pre-production", "integration", "canary", "demo", "stage" };
	struct slice rest = d->low_s, word, last = { NULL, 0 }, v, url;
	bool against = false, suffix;

	if (!says_take_word(&rest, &word) || !ONE_OF(word, verbs) || d->s.n > 200)
		return false;
	for (unsigned n = 0; n < 4 && !against; n++) {
		if (!says_take_word(&rest, &word))
			return false;
		against = slice_eqs(word, "against") || slice_eqs(word, "against:");
		if (slice_eqs(word, "in") || slice_eqs(word, "on") ||
		    slice_eqs(word, "environment"))
			break;
		last = word;
	}
	if (slice_eqs(word, "environment")) {
		v = last;
		suffix = says_is_remark(rest);
	} else {
		rest = slice_trim(rest);
		slice_take_str(&rest, "the ");
		if (!says_take_word(&rest, &v))
			return false;
		url = says_url(slice_sub(d->s, (size_t)(v.p - d->low_s.p), v.n));
		if (against && url.n && says_is_remark(rest)) {
			says_put(c, SAYS_URL, slice_trim(slice_sub(d->s, 0,
			    (size_t)(v.p - d->low_s.p))), url);
			return true;
		}
		while (v.n && strchr(".:!", v.p[v.n - 1]))
			v.n--;
		rest = slice_trim(rest);
		suffix = slice_take_str(&rest, "environment") || slice_take_str(&rest, "env");
		if (!says_is_remark(rest) || !(suffix || (against && ONE_OF(v, known))))
			return false;
	}
	if (!suffix && !against)
		return false;
	v = slice_sub(d->s, (size_t)(v.p - d->low_s.p), v.n);
	if (!says_environment(v).n)
		return false;
	says_put(c, SAYS_ENVIRONMENT, SLICE("against"), v);
	return true;
}

/* "Test run started at 2025-09-14 08:32:48", "Running on runner-1 via host-2..." */
static bool
at_sentence(struct says_scan *c, const struct said *d)
{
	static const char *const verbs[] = { "started at ", "started on ", "finished at ",
		"completed at ", "ended at ", "started: " };
	struct slice v, rest = d->s, word;
	bool may = slice_find(d->low_s, 0, SLICE("ed")) != SIZE_MAX;

	for (size_t i = 0; may && i < sizeof verbs / sizeof verbs[0]; i++) {
		size_t at = slice_find(d->low_s, 0, slice_str(verbs[i]));

		if (at == SIZE_MAX || says_count_words(slice_sub(d->s, 0, at)) > 4)
			continue;
		v = slice_trim(slice_sub(d->s, at + strlen(verbs[i]), d->s.n));
		if (v.n && v.p[v.n - 1] == '.')
			v.n--;
		if (!says_is_clock(v))
			continue;
		says_put(c, SAYS_TIME, slice_trim(slice_sub(d->s, 0, at + strlen(verbs[i]))), v);
		return true;
	}
	if (!slice_take_str(&rest, "Running on ") || !says_take_word(&rest, &word) ||
	    !slice_starts(rest, " via "))
		return false;
	says_put(c, SAYS_HOST, SLICE("Running on"), word);
	return true;
}

/* ---- one line ---- */

/* a logger's line: "2025-09-14 08:32:48 ...", "[INFO] ...", "WARNING root:x.py:3 ..." */
static bool
is_logged(struct slice s)
{
	static const char *const levels[] = { "DEBUG", "INFO", "WARNING", "WARN", "ERROR",
		"CRITICAL", "FATAL", "TRACE", "NOTICE" };
	struct slice t = s, word;

	if (s.n >= 8 && says_is_digit(s.p[0]) && says_is_digit(s.p[1]))
		return true;
	if (s.n && s.p[0] == '[' && s.n > 1 && says_is_digit(s.p[1]))
		return true;
	slice_take_byte(&t, '[');
	if (!says_take_word(&t, &word))
		return false;
	while (word.n && (word.p[word.n - 1] == ':' || word.p[word.n - 1] == ']'))
		word.n--;
	return ONE_OF(word, levels);
}

/* lines of assertions and their diffs, of tracebacks, JSON, reprs and calls */
static bool
is_code(struct slice s)
{
	static const char *const starts[] = { "{", "\"", "'", "}", "E  ", ">  ", "assert", "|", "#",
		"? ", "raise ", "File \"", "def ", "return ", "self.", "import ", "from ", "at " };

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (slice_starts(s, starts[i]) && !slice_starts(s, "##["))
			return true;
	return slice_ends(s, "\",") || slice_ends(s, "{") || slice_ends(s, "',");
}

/* what scripts put before a statement: blanks, symbols, "- ", "* ", "[FAILURE] ", "##[error]" */
static struct slice
undecorated(struct slice line)
{
	static const char *const tags[] = { "##[error]", "##[warning]", "##[notice]", "::error::",
		"::notice::", "- ", "* ", "[FAILURE] ", "[SUCCESS] ", "[CONFIG] ", "[SETUP] ",
		"[CI] ", "[ENV] ", "[RESULT] ", "error ", "ERROR: Job failed: " };
	struct slice s = says_without_symbols(slice_trim(line));

	for (size_t i = 0; i < sizeof tags / sizeof tags[0] - 1; i++)
		if (slice_take_str(&s, tags[i]))
			break;
	return says_without_symbols(s);
}

static bool
is_name_byte(char c)
{
	return says_is_alpha(c) || says_is_digit(c) || strchr(" _-./()", c);
}

/* "name: value" or "NAME=value" */
static void
part(struct said *d)
{
	static const char *const exporters[] = { "export ", "declare -x ", "set ", "env " };
	struct slice s = d->s;
	size_t at = 0;

	d->name = d->value = d->norm_s = (struct slice){ NULL, 0 };
	d->assigned = false;
	for (size_t i = 0; i < sizeof exporters / sizeof exporters[0]; i++)
		slice_take_str(&s, exporters[i]);
	while (at < s.n && at <= SAYS_NAME && s.p[at] && is_name_byte(s.p[at]))
		at++;
	if (at == 0 || at == s.n || at > SAYS_NAME || !says_is_alpha(s.p[0]) ||
	    (s.p[at] != ':' && s.p[at] != '='))
		return;
	d->assigned = s.p[at] == '=';
	/* "a == b", "a:b", "A::b" */
	if (at + 1 < s.n && (d->assigned ? s.p[at + 1] == '=' : s.p[at + 1] != ' ' &&
	    s.p[at + 1] != '\t'))
		return;
	d->name = slice_trim(slice_sub(s, 0, at));
	if (says_count_words(d->name) > SAYS_WORDS || (d->assigned && at + 1 < s.n &&
	    s.p[at + 1] != ' ' && says_count_words(d->name) > 1)) {
		d->name = (struct slice){ NULL, 0 };
		return;
	}
	d->value = slice_trim(slice_sub(s, at + 1, s.n));
	for (size_t i = 0; i < d->name.n; i++)
		d->norm[i] = d->name.p[i] == '_' || d->name.p[i] == '-' ? ' ' :
		    says_lower(d->name.p[i]);
	d->norm_s = slice_of(d->norm, d->name.n);
}

static void
sentence(struct says_scan *c, const struct said *d)
{
	if (exit_sentence(c, d) || commit_sentence(c, d) || at_sentence(c, d) ||
	    against_sentence(c, d))
		return;
	says_status_sentence(c, d);
}

static void
one_line(struct says_scan *c, struct slice line, bool diff)
{
	struct slice s = slice_trim(line);
	bool follows = c->command_follows;
	struct said d;

	c->command_follows = false;
	if (s.n < 4 || s.n > RUN_SAYS_LINE)
		return;
	if (follows && says_is_command(s)) {
		says_put_command(c, SLICE("command"), s);
		return;
	}
	if (command_line(c, s) || is_code(s) || (diff && s.p[0] == '-'))
		return;
	/* of what loggers write only the last word of a runner of jobs counts */
	if (is_logged(s) && !slice_take_str(&s, "ERROR: ") && !slice_starts(s, "error "))
		return;
	if (s.p != slice_trim(line).p && !slice_starts(s, "Job failed: "))
		return;
	d.s = undecorated(s);
	d.low_s = slice_of(d.low, d.s.n < sizeof d.low ? d.s.n : sizeof d.low);
	for (size_t i = 0; i < d.low_s.n; i++)
		d.low[i] = says_lower(d.s.p[i]);
	part(&d);
	if (!d.name.n || !says_named(c, &d))
		sentence(c, &d);
}

/* lines of a diff stand beside each other: "- a" over "+ b", "? ^" */
static bool
is_plus(struct slice text)
{
	struct slice line;

	return slice_take_line(&text, &line) && ((line = slice_trim(line)), line.n > 1) &&
	    (line.p[0] == '+' || line.p[0] == '?') && line.p[1] == ' ';
}

int
run_says_scan(struct slice text, uint64_t line, uint64_t byte, run_says_fn *fn, void *ctx)
{
	struct says_scan c = { .fn = fn, .ctx = ctx, .line = line, .byte = byte };
	struct slice rest = text, one;
	bool plus = false;

	while (c.rc == 0 && slice_take_line(&rest, &one)) {
		c.byte = byte + (uint64_t)(one.p - text.p);
		one_line(&c, one, plus || is_plus(slice_sub(rest, 0, 256)));
		plus = one.n > 1 && (one.p[0] == '+' || one.p[0] == '?') && one.p[1] == ' ';
		c.line++;
	}
	return c.rc;
}
