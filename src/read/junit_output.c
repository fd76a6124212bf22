/*
 * junit_output.c - text of elements and properties, on their way to the sink.
 */
#include "config.h"

#include "read/junit_tree.h"

#include "base/text.h"

#include <string.h>

#define BLOCK (64 * 1024)	/* bytes of one output */

/* ---- properties ---- */

static bool
is_hash(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f') ||
		    (s.p[i] >= 'A' && s.p[i] <= 'F')))
			return false;
	return s.n >= 7 && s.n <= 64;
}

static bool
listed(const char *name, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (strcmp(name, list[i]) == 0)
			return true;
	return false;
}

static bool
begins(const char *name, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (strncmp(name, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}

/* what a property is about, from its name and the shape of its value */
static const char *
property_kind(struct slice name, struct slice value)
{
	static const char *const env[] = { "env", "environment", "environment_name", "env_name",
		"test_env", "test_environment", "target_env", "app_env", "node_env",
		"deployment_environment", "stage", NULL };
	static const char *const commit[] = { "commit", "commit_sha", "commit_id", "git_commit",
		"git_sha", "git_commit_id", "git_revision", "sha", "revision", "vcs_revision",
		"build_vcs_number", "source_version", "github_sha", "ci_commit_sha", NULL };
	static const char *const command[] = { "command", "command_line", "cmd", "cmdline",
		"invocation", "sun_java_command", NULL };
	static const char *const host[] = { "host", "hostname", "host_name", "computername", NULL };
	static const char *const ci[] = { "ci_", "github_", "gitlab_", "jenkins_", "circle_",
		"buildkite_", "travis_", "bitbucket_", "teamcity_", "build_number", "build_id",
		"build_url", "job_name", "pipeline_id", NULL };
	char word[40];

	for (size_t i = 0; i < sizeof word; i++) {
		char c = i < name.n && i < sizeof word - 1 ? name.p[i] : '\0';

		word[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') :
		    c == '.' || c == '-' || c == ' ' ? '_' : c;
	}
	if (name.n >= sizeof word)
		return "property";
	if (listed(word, env))
		return "environment";
	if (listed(word, commit) && is_hash(value))
		return "commit";
	if (listed(word, command))
		return "command";
	if (listed(word, host))
		return "host";
	if (strcmp(word, "ci") == 0 || begins(word, ci))
		return "ci";
	return slice_starts(value, "http://") || slice_starts(value, "https://") ||
	    slice_starts(value, "ws://") || slice_starts(value, "wss://") ? "url" : "property";
}

static void
set_once(struct buf *b, struct slice s)
{
	if (b->n == 0)
		buf_put_slice(b, slice_sub(s, 0, text_utf8_floor(s, b->max)));
}

void
junit_property(struct junit_tree *t, struct slice name, struct slice value)
{
	struct run_fact fact = { .name = name, .value = value };
	const char *kind = property_kind(name, value);

	if (t->failed || name.n == 0)
		return;
	if (t->open.open && strcmp(kind, "property") == 0)
		return;
	if (strcmp(kind, "environment") == 0)
		set_once(&t->env, value);
	else if (strcmp(kind, "commit") == 0)
		set_once(&t->commit, value);
	else if (strcmp(kind, "command") == 0)
		set_once(&t->command, value);
	if (t->facts++ >= JUNIT_FACTS || !t->sink->fact)
		return;
	fact.kind = slice_str(kind);
	junit_tree_place(t, &fact.line, &fact.byte);
	if (t->sink->fact(t->sink->ctx, &fact, t->e) != 0)
		junit_tree_stop(t);
}

/* "[[PROPERTY|name=value]]" in what a test printed */
static void
printed_property(struct junit_tree *t, struct slice line)
{
	struct slice name;

	line = slice_trim(line);
	if (!slice_take_str(&line, "[[PROPERTY|") || !slice_ends(line, "]]"))
		return;
	line.n -= 2;
	if (slice_take_until(&line, '=', &name))
		junit_property(t, name, line);
}

/* ---- output ---- */

static bool
has_text(struct slice text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t' && text.p[i] != '\n' && text.p[i] != '\r')
			return true;
	return false;
}

/* one piece under its heading; its first line is so far behind that of the block */
static int
put_piece(struct junit_tree *t, struct slice block, size_t from, size_t to)
{
	struct printed out = { .section = t->section, .text = slice_sub(block, from, to - from),
		.line = t->text_line, .byte = t->text_byte + from };
	struct slice plain;

	if (!has_text(out.text))
		return 0;
	for (size_t i = 0; i < from; i++)
		out.line += block.p[i] == '\n';
	if (t->open.open)
		out.nodeid = junit_nodeid(&t->table, &t->open, t->dialect);
	plain = junit_plain(&t->table.text, out.text, t->dialect == JUNIT_PYTEST);
	if (has_text(plain) && slice_ends(plain, "\n"))
		out.text = plain;
	return t->sink->output(t->sink->ctx, &out, t->e);
}

/*
 * "------ Captured Log ------", 80 wide: pytest puts it before each part, log before out, and what
 * a test printed may look like one. Of all phases together; only an error in setup tells.
 */
static bool
heading(const struct junit_tree *t, struct slice line, struct slice *section)
{
	const struct junit_told *told = &t->open.first;
	bool setup = told->there &&
	    slice_starts(buf_slice(&told->message), "failed on setup with ");
	const struct {
		const char *words;
		struct slice name[2];
		enum junit_text in;
	} all[] = {
		{ " Captured Log ", { SLICE("Captured log"), SLICE("Captured log setup") },
		    JUNIT_TEXT_OUT },
		{ " Captured Out ", { SLICE("Captured stdout"), SLICE("Captured stdout setup") },
		    JUNIT_TEXT_OUT },
		{ " Captured Err ", { SLICE("Captured stderr"), SLICE("Captured stderr setup") },
		    JUNIT_TEXT_ERR },
	};

	if (t->dialect != JUNIT_PYTEST || line.n != 80)
		return false;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		size_t n = strlen(all[i].words), left = (80 - n) / 2;
		bool first = slice_starts(t->section, "system-");

		if (!slice_eqs(slice_sub(line, left, n), all[i].words) ||
		    t->collecting != all[i].in)
			continue;
		for (size_t j = 0; j < 80; j++)
			if ((j < left || j >= left + n) && line.p[j] != '-')
				return false;
		/* stdout may follow the log, nothing else follows anything */
		if (!first && !(i == 1 && slice_starts(t->section, "Captured log")))
			return false;
		*section = all[i].name[setup];
		return true;
	}
	return false;
}

static int
put_pieces(struct junit_tree *t, struct slice block)
{
	struct slice rest = block, line, section;
	size_t from = 0;

	while (slice_take_line(&rest, &line)) {
		size_t at = (size_t)(line.p - block.p), next = block.n - rest.n;

		printed_property(t, line);
		if (!heading(t, line, &section))
			continue;
		if (put_piece(t, block, from, at) != 0)
			return -1;
		t->section = section;
		from = next;
	}
	return put_piece(t, block, from, block.n);
}

/* pytest writes what was captured once per phase, all of it each time */
static bool
is_copy(struct junit_tree *t)
{
	struct buf *before = &t->before[t->collecting == JUNIT_TEXT_ERR];
	bool same;

	if (t->dialect != JUNIT_PYTEST || !t->open.open || t->text_flushed ||
	    (t->collecting != JUNIT_TEXT_OUT && t->collecting != JUNIT_TEXT_ERR))
		return false;
	same = before->n > 0 && slice_eq(buf_slice(before), buf_slice(&t->text));
	buf_reset(before);
	buf_put_slice(before, buf_slice(&t->text));
	return same;
}

/* give on what is buffered; keeps the last partial line back unless all is to go */
static int
flush(struct junit_tree *t, bool all)
{
	struct slice text = buf_slice(&t->text);
	size_t end = text.n, newline = slice_rfind_byte(text, '\n');
	int rc;

	if (!all && newline != SIZE_MAX)
		end = newline + 1;
	rc = all && is_copy(t) ? 0 : put_pieces(t, slice_sub(text, 0, end));
	if (rc != 0)
		junit_tree_stop(t);
	t->text_flushed = true;
	for (size_t i = 0; i < end; i++)
		t->text_line += text.p[i] == '\n';
	t->text_byte += end;
	memmove(t->text.p, text.p + end, text.n - end);
	buf_truncate(&t->text, text.n - end);
	return rc;
}

static void
collect(struct junit_tree *t, struct slice s)
{
	while (s.n) {
		size_t room = t->text.max - 1 - t->text.n;
		size_t n = s.n <= room ? s.n : text_utf8_floor(s, room);

		if (n == 0 || t->text.n >= t->text.max - 5) {
			/* no newline in a whole block: cut it here, with one of its own */
			bool whole = slice_rfind_byte(buf_slice(&t->text), '\n') != SIZE_MAX;

			if (!whole)
				buf_putc(&t->text, '\n');
			if (flush(t, !whole) != 0)
				return;
			t->text_line -= !whole;
			t->text_byte -= !whole;
			continue;
		}
		buf_put_slice(&t->text, slice_sub(s, 0, n));
		s = slice_sub(s, n, s.n);
	}
}

void
junit_text_start(struct junit_tree *t, enum junit_text kind, const char *section)
{
	t->collecting = kind;
	t->section = slice_str(section);
	t->text_bytes = 0;
	t->text_line = 0;
	t->text_cut = t->text_flushed = false;
	buf_reset(&t->text);
}

static void
add_detail(struct junit_tree *t, struct junit_told *told, struct slice s)
{
	if (told->detail_line == 0)
		junit_tree_place(t, &told->detail_line, &told->detail_byte);
	if (!told->detail.over)
		buf_put_slice(&told->detail, slice_sub(s, 0,
		    text_utf8_floor(s, told->detail.max - told->detail.n)));
	told->detail.over = told->detail.over || told->detail.n + 4 > told->detail.max;
}

void
junit_text_add(struct junit_tree *t, struct slice s)
{
	if (t->collecting == JUNIT_TEXT_NONE)
		return;
	t->text_bytes += s.n;
	if (t->text_bytes > JUNIT_TEXT) {
		uint64_t line, byte;

		junit_tree_place(t, &line, &byte);
		if (!t->text_cut)
			diag_put(&t->sink->diag, DIAG_XML_LIMIT, line, 0, byte,
			    "the text of an element is longer than %d bytes; the rest is left out",
			    JUNIT_TEXT);
		t->text_cut = true;
		return;
	}
	if (t->collecting == JUNIT_TEXT_FIRST) {
		add_detail(t, &t->open.first, s);
		return;
	}
	if (t->collecting == JUNIT_TEXT_AGAIN) {
		add_detail(t, &t->open.again, s);
		return;
	}
	if (t->collecting == JUNIT_TEXT_PROPERTY) {
		buf_put_slice(&t->text, slice_sub(s, 0,
		    text_utf8_floor(s, t->text.max - t->text.n)));
		return;
	}
	if (t->text_line == 0)
		junit_tree_place(t, &t->text_line, &t->text_byte);
	collect(t, s);
}

void
junit_text_end(struct junit_tree *t)
{
	enum junit_text kind = t->collecting;

	if (kind == JUNIT_TEXT_MORE && t->text_bytes == 0 && t->property.n)
		junit_text_add(t, slice_sub(buf_slice(&t->property), 0, JUNIT_NAME));
	if (kind == JUNIT_TEXT_PROPERTY) {
		junit_property(t, buf_slice(&t->property), slice_trim(buf_slice(&t->text)));
		buf_reset(&t->property);
	} else if (kind >= JUNIT_TEXT_OUT && t->text.n) {
		if (t->text.p[t->text.n - 1] != '\n')
			buf_putc(&t->text, '\n');
		flush(t, true);
		buf_reset(&t->property);
	}
	t->collecting = JUNIT_TEXT_NONE;
}

void
junit_text_line(struct junit_tree *t, const char *section, struct slice line)
{
	buf_reset(&t->property);
	junit_text_start(t, JUNIT_TEXT_MORE, section);
	junit_text_add(t, slice_sub(line, 0, text_utf8_floor(line, BLOCK / 2)));
	junit_text_end(t);
}
