/*
 * read_markdown_run.c - test runs that a document quotes in a fence, often shortened by hand:
 *
 *	```
 *	FAILED tests/test_cart.py::test_pay - ConnectionError
 *	===== 1 failed, 3 passed in 2.31s =====
 *	```
 *
 * Such a run is what somebody says of a run: its quality is "quoted", whatever it holds.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/embed.h"
#include "read/pytest_count.h"
#include "read/pytest_line.h"
#include "read/reader.h"

#define PLAUSIBLE 55		/* score of a fence that is a run */
#define SCORE 97		/* above every reader of what is in the fences */
#define INDENT_MAX 16		/* of a fence in a list */
#define WIDTH 79		/* of a separator where nobody says otherwise, on Windows */
#define BRACKET_NS (60 * CLOCK_NS_PER_S)	/* from here on pytest adds "(0:01:26)" */

struct fence {
	char byte;		/* ` or ~; 0: none is open */
	size_t length, indent;
};

static size_t
indent_of(struct slice line)
{
	size_t n = 0;

	while (n < line.n && n < INDENT_MAX && line.p[n] == ' ')
		n++;
	return n;
}

/* "```", "~~~~ text": a fence may begin here */
static bool
fence_opens(struct slice line, struct fence *f)
{
	size_t indent = indent_of(line), n = indent;
	char c = indent < line.n ? line.p[indent] : 0;

	if (c != '`' && c != '~')
		return false;
	while (n < line.n && line.p[n] == c)
		n++;
	if (n - indent < 3 || (c == '`' && slice_find_byte(line, n, '`') != SIZE_MAX))
		return false;
	*f = (struct fence){ c, n - indent, indent };
	return true;
}

static bool
fence_closes(struct slice line, const struct fence *f)
{
	struct slice s = slice_trim(line);
	size_t n = 0;

	while (n < s.n && s.p[n] == f->byte)
		n++;
	return n == s.n && n >= f->length;
}

static struct slice
fence_text(struct slice line, const struct fence *f)
{
	size_t indent = indent_of(line);

	return slice_sub(line, indent < f->indent ? indent : f->indent, line.n);
}

/* a line of pytest that people shorten: no width test here */
static bool
is_excerpt_sign(struct slice line)
{
	struct pytest_sep sep;
	struct pytest_final f;
	struct pytest_summary s;

	line = pytest_rtrim(line);
	if (pytest_sep(line, &sep) && sep.fill == '=' && (pytest_final(sep.title, &f) ||
	    slice_eqs(sep.title, "test session starts") ||
	    slice_eqs(sep.title, "short test summary info")))
		return true;
	return pytest_summary(line, &s) && pytest_id_length(s.rest) > 0;
}

/* the reader of the run that this text of a fence is; NULL if it is none */
static const struct reader *
detect(struct slice text, bool whole)
{
	const struct reader *r;
	struct slice rest = text, line;
	int score;

	r = embed_detect(text, whole, &score);
	if (r && score >= PLAUSIBLE)
		return r;
	while (slice_take_line(&rest, &line))
		if (is_excerpt_sign(line))
			return reader_by_name("pytest");
	return NULL;
}

/* ---- what shows that somebody changed the text ---- */

struct edited {
	struct buf why;
	uint64_t line, byte;	/* of the first sign */
};

static void
put_sign(struct edited *d, const char *sign, const struct line *at)
{
	if (d->why.n == 0) {
		d->line = at->no;
		d->byte = at->byte;
	} else if (slice_find(buf_slice(&d->why), 0, slice_str(sign)) != SIZE_MAX) {
		return;
	}
	buf_printf(&d->why, "%s%s", d->why.n ? "; " : "", sign);
}

/* pytest leaves out what is zero, names failures first, and writes h:mm:ss from a minute on */
static void
look_for_signs(struct edited *d, struct slice text, const struct line *at)
{
	struct slice s = pytest_rtrim(text);
	struct pytest_sep sep;
	struct pytest_final f;
	size_t passed, failed;

	if (s.n > 300)
		return;
	if (pytest_sep(s, &sep)) {
		if (sep.fill == '=' && (slice_eqs(sep.title, "test session starts") ||
		    pytest_final(sep.title, &f)) && (sep.width < WIDTH ||
		    !pytest_sep_genuine(&sep, 0)))
			put_sign(d, "a shortened separator", at);
		s = sep.title;
	}
	if (!pytest_final(s, &f))
		return;
	passed = slice_find(s, 0, SLICE(" passed"));
	failed = slice_find(s, 0, SLICE(" failed"));
	if (passed != SIZE_MAX && failed != SIZE_MAX && passed < failed)
		put_sign(d, "passed stands before failed", at);
	if (slice_starts(s, "0 ") || slice_find(s, 0, SLICE(", 0 ")) != SIZE_MAX)
		put_sign(d, "a count of zero is printed", at);
	if (f.duration_ns != CLOCK_NONE &&
	    (f.duration_ns >= BRACKET_NS) != (slice_find(s, 0, SLICE("s (")) != SIZE_MAX))
		put_sign(d, "a duration as pytest does not print it", at);
}

/* ---- reading ---- */

struct reading {
	struct read_job *job;
	struct lines lines;
	struct embed m;
	struct fence fence;
	struct buf head;	/* the first bytes of a fence */
	size_t given;		/* of them to the reader */
	struct slice rest;	/* of a line behind them; a line break follows */
	bool line_open;		/* rest and its line break are still to be given */
	bool ended;		/* the fence, or the document */
	uint64_t inner;		/* bytes of the text that were made */
	struct edited edited;
};

/* the next line of the fence into g->rest: 1, 0 the fence has ended, -1 */
static int
next_line(struct reading *g, struct err *e)
{
	struct line line;
	int got;

	if (g->ended)
		return 0;
	got = lines_next(&g->lines, &line, e);
	if (got <= 0 || fence_closes(line.text, &g->fence)) {
		g->ended = true;
		return got < 0 ? -1 : 0;
	}
	g->rest = fence_text(line.text, &g->fence);
	if (g->inner == 0)
		embed_begin(&g->m, line.byte + (line.text.n - g->rest.n), line.no);
	else
		embed_line(&g->m, g->inner, line.byte + (line.text.n - g->rest.n), line.no);
	g->inner += g->rest.n + 1;
	look_for_signs(&g->edited, g->rest, &line);
	return 1;
}

static int
give_text(void *ctx, char *p, size_t room, size_t *got, struct err *e)
{
	struct reading *g = ctx;
	struct slice head = slice_sub(buf_slice(&g->head), g->given, room);

	*got = head.n;
	if (head.n) {
		memcpy(p, head.p, head.n);
		g->given += head.n;
		return 0;
	}
	if (!g->line_open) {
		int more = next_line(g, e);

		if (more <= 0)
			return more;
		g->line_open = true;
	}
	*got = g->rest.n < room ? g->rest.n : room;
	if (*got)
		memcpy(p, g->rest.p, *got);
	g->rest = slice_sub(g->rest, *got, g->rest.n);
	if (g->rest.n == 0 && *got < room) {
		p[(*got)++] = '\n';
		g->line_open = false;
	}
	return 0;
}

/* the first lines of the fence, to see what it holds */
static int
read_head(struct reading *g, struct err *e)
{
	int more;

	buf_reset(&g->head);
	buf_reset(&g->edited.why);
	g->given = g->inner = 0;
	g->ended = g->line_open = false;
	while ((more = next_line(g, e)) == 1) {
		/* the line that does not fit is given by itself */
		if (g->head.n + g->rest.n + 1 > INPUT_HEAD) {
			g->line_open = true;
			break;
		}
		buf_put_slice(&g->head, g->rest);
		buf_putc(&g->head, '\n');
	}
	return more < 0 ? -1 : 0;
}

static int
end_run(struct reading *g, struct err *e)
{
	const struct read_sink *out = g->job->sink;
	const struct run_fact fact = { .kind = SLICE("property"), .name = SLICE("edited by hand"),
		.value = buf_slice(&g->edited.why), .line = g->edited.line,
		.byte = g->edited.byte };

	if (g->m.held && fact.value.n && out->fact && out->fact(out->ctx, &fact, e) != 0)
		return -1;
	return embed_end_run(&g->m, e);
}

static int
read_fence(struct reading *g, struct err *e)
{
	const struct reader *r;
	int more = 1;

	if (read_head(g, e) != 0)
		return -1;
	r = detect(buf_slice(&g->head), g->ended);
	if (r) {
		if (embed_read(&g->m, r, g->job, give_text, g, e) != 0)
			return -1;
		return end_run(g, e);
	}
	while ((more = next_line(g, e)) == 1)
		;
	return more;
}

static int
read_lines(struct reading *g, struct err *e)
{
	struct line line;
	int got;

	while ((got = lines_next(&g->lines, &line, e)) == 1)
		if (fence_opens(line.text, &g->fence) && read_fence(g, e) != 0)
			return -1;
	return got;
}

static int
read_markdown_run(struct read_job *job, struct err *e)
{
	struct bad_record none = { .kind = BAD_NOT_EVIDENCE, .line = 1,
		.reason = SLICE("no test run in this document") };
	struct reading g = { .job = job };
	int rc;

	job->shape = "test run in Markdown";
	lines_init(&g.lines, job->in, job->limits->record, &job->sink->diag);
	embed_init(&g.m, job->sink);
	g.m.quoted = g.m.hold = true;
	buf_init(&g.head, INPUT_HEAD);
	buf_init(&g.edited.why, 200);
	rc = read_lines(&g, e);
	none.bytes = input_offset(job->in);
	if (rc == 0 && g.m.runs == 0 && none.bytes > 0)
		rc = job->sink->bad(job->sink->ctx, &none, e);
	buf_release(&g.edited.why);
	buf_release(&g.head);
	embed_release(&g.m);
	lines_release(&g.lines);
	return rc;
}

/* ---- sniffing ---- */

struct looked {
	struct buf outside, inside;
	bool run;		/* in a fence */
	bool prose;		/* a heading, a list or a table outside */
};

static bool
is_prose(struct slice line)
{
	return slice_starts(line, "# ") || slice_starts(line, "## ") || slice_starts(line, "- ") ||
	    slice_starts(line, "* ") || slice_starts(line, "| ") || slice_starts(line, "> ") ||
	    slice_starts(line, "**");
}

static void
look(struct looked *k, struct slice head)
{
	struct fence fence = { .byte = 0 };
	struct slice line;

	while (slice_take_line(&head, &line)) {
		if (fence.byte && fence_closes(line, &fence)) {
			k->run |= detect(buf_slice(&k->inside), true) != NULL;
			fence.byte = 0;
		} else if (fence.byte) {
			buf_put_slice(&k->inside, fence_text(line, &fence));
			buf_putc(&k->inside, '\n');
		} else if (fence_opens(line, &fence)) {
			buf_reset(&k->inside);
		} else {
			buf_put_slice(&k->outside, line);
			buf_putc(&k->outside, '\n');
			k->prose |= is_prose(line);
		}
	}
	/* one that the end of the head cuts */
	if (fence.byte)
		k->run |= detect(buf_slice(&k->inside), false) != NULL;
}

static int
sniff(struct slice head, bool whole)
{
	const struct reader *dump = reader_by_name("log-dump");
	struct looked k = { .run = false };
	int score = 0;

	if (slice_find(head, 0, SLICE("```")) == SIZE_MAX &&
	    slice_find(head, 0, SLICE("~~~")) == SIZE_MAX)
		return 0;
	buf_init(&k.outside, INPUT_HEAD);
	buf_init(&k.inside, INPUT_HEAD);
	look(&k, head);
	/* a run outside of fences prints fences: it is a log. So is a dump of entries. */
	if (k.run) {
		embed_detect(buf_slice(&k.outside), whole, &score);
		k.run = score < PLAUSIBLE || (k.prose && score < 75);
	}
	if (k.run && dump && dump->sniff(head, whole) > 0)
		k.run = false;
	buf_release(&k.outside);
	buf_release(&k.inside);
	return k.run ? SCORE : 0;
}

const struct reader reader_markdown_run = {
	.name = "markdown-run",
	.about = "test runs that a document quotes in a fence: claims, no evidence",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_markdown_run,
};
