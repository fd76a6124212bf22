/*
 * text_shape.c - prefixes and families are counted over the head; few other files look alike.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "read/entry_map.h"
#include "read/text_shape.h"

#define SHAPE_LINES 2000	/* lines of the head that are looked at */
#define SHAPE_LINE 4096		/* bytes of one of them */

struct slice
text_clean(struct slice line, uint64_t no, struct arena *a, size_t *bad_utf8)
{
	struct slice s = line;

	if (no == 1)
		slice_take_str(&s, "\xEF\xBB\xBF");
	while (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return entry_clean(a, text_utf8(a, s, bad_utf8));
}

bool
text_shape_prefix(const struct text_shape *shape, struct slice *in, struct text_prefix *p)
{
	bool all = true;

	text_prefix_init(p);
	for (unsigned i = 0; i < shape->prefixes; i++)
		all = text_prefix_take(shape->prefix[i], in, p) && all;
	return all;
}

/* --- prefixes --- */

struct head {
	struct arena arena;
	struct slice line[SHAPE_LINES];	/* clean, without the prefixes found so far */
	size_t lines;
};

/* "2025-10-02 09:14:25 +0200  Some Body <some@body.example>": a log of changes */
static bool
is_change(struct slice s)
{
	size_t at = slice_rfind_byte(s, '<');

	s = slice_trim(s);
	return s.n > 0 && s.p[s.n - 1] == '>' &&
	    at != SIZE_MAX && slice_find_byte(s, at, '@') != SIZE_MAX;
}

/* "# title", "```", "- item", "> quote", "|---|", and the lines that begin a diff */
static bool
is_document(struct slice s)
{
	struct slice t = s;

	while (slice_take_byte(&t, '#'))
		;
	if (t.n < s.n && (t.n == 0 || t.p[0] == ' '))
		return true;
	return slice_starts(s, "```") || slice_starts(s, "~~~") || slice_starts(s, "- ") ||
	    slice_starts(s, "* ") || slice_starts(s, "> ") || slice_starts(s, "|") ||
	    slice_starts(s, "diff --git ") || slice_starts(s, "@@ -") ||
	    slice_starts(s, "commit ") || is_change(s);
}

static void
head_lines(struct head *h, struct slice head, bool whole)
{
	struct slice line;
	size_t fixed;

	for (uint64_t no = 1; h->lines < SHAPE_LINES && slice_take_line(&head, &line); no++) {
		/* the last line may be cut, but is all there is of a file with one */
		if (head.n == 0 && !whole && h->lines > 0)
			break;
		line = text_clean(slice_sub(line, 0, SHAPE_LINE), no, &h->arena, &fixed);
		if (slice_trim(line).n > 0)
			h->line[h->lines++] = line;
	}
}

static bool
is_numbered(const struct text_prefix *p)
{
	return p->service.n < p->instance.n;
}

/* lines that have this prefix; bracket: and one that goes on with the line before it */
static size_t
count_prefix(const struct head *h, enum text_prefix_kind kind, bool *goes_on)
{
	size_t n = 0;

	*goes_on = false;
	for (size_t i = 0; i < h->lines; i++) {
		struct slice rest = h->line[i];
		struct text_prefix p;

		text_prefix_init(&p);
		if (!text_prefix_take(kind, &rest, &p))
			continue;
		n++;
		*goes_on |= slice_starts(rest, " ") || slice_starts(rest, "\t");
	}
	return n;
}

static bool
is_prefix(const struct head *h, enum text_prefix_kind kind)
{
	bool goes_on;
	size_t n = count_prefix(h, kind, &goes_on);

	switch (kind) {
	case TEXT_PREFIX_COMPOSE:
		/* a line of compose itself above it, and a cut one below, count in a short log */
		return n * 10 >= h->lines * 8 || (n >= 3 && h->lines - n <= 2);
	case TEXT_PREFIX_BRACKET:
		return n == h->lines && goes_on;
	default:
		return n * 10 >= h->lines * 6;
	}
}

static void
note_base(struct text_shape *shape, const struct text_time *t)
{
	if (shape->base == CLOCK_NONE && t->date == TEXT_DATE_WHOLE)
		shape->base = t->ns;
}

static void
take_prefix(struct text_shape *shape, struct head *h, enum text_prefix_kind kind)
{
	size_t prefixed = 0;

	for (size_t i = 0; i < h->lines; i++) {
		struct text_prefix p;

		text_prefix_init(&p);
		if (!text_prefix_take(kind, &h->line[i], &p))
			continue;
		prefixed++;
		shape->first_begins |= i == 0;
		shape->numbered += kind == TEXT_PREFIX_COMPOSE && is_numbered(&p);
		shape->timed |= p.timed;
		if (p.timed)
			note_base(shape, &p.time);
	}
	shape->prefixed = prefixed;
	shape->prefix[shape->prefixes++] = kind;
}

static void
find_prefixes(struct text_shape *shape, struct head *h)
{
	bool used[TEXT_PREFIX_KINDS] = { false }, found = true;

	while (found && shape->prefixes < TEXT_PREFIXES) {
		found = false;
		for (unsigned k = TEXT_PREFIX_NONE + 1; k < TEXT_PREFIX_KINDS && !found; k++) {
			if (used[k] || !is_prefix(h, (enum text_prefix_kind)k))
				continue;
			used[k] = found = true;
			take_prefix(shape, h, (enum text_prefix_kind)k);
		}
	}
}

/* a line that only Go's runtime writes: unindented lines follow it that begin no record */
static bool
is_dump(struct slice s)
{
	uint64_t n;

	return slice_take_str(&s, "goroutine ") && slice_take_uint(&s, &n) &&
	    slice_starts(s, " [") && slice_ends(s, "]:");
}

static bool
is_panic(struct slice s)
{
	return slice_starts(s, "panic: ") || slice_starts(s, "fatal error: ") || is_dump(s);
}

/* whether it begins a record */
static bool
count_line(struct text_shape *shape, struct slice line, bool *dump, struct arena *scratch)
{
	struct text_line l;
	bool begins = text_line_parse(line, shape->timed, scratch, &l);

	*dump = (*dump && !begins) || is_panic(line);
	shape->dumps += is_dump(line);
	shape->outer += !*dump && !slice_starts(line, " ") && !slice_starts(line, "\t");
	if (!begins)
		return false;
	shape->family[l.family]++;
	if (l.timed)
		note_base(shape, &l.time);
	return true;
}

void
text_shape_find(struct text_shape *shape, struct slice head, bool whole)
{
	struct head h = { .lines = 0 };
	struct arena scratch;
	bool dump = false;

	memset(shape, 0, sizeof *shape);
	shape->base = CLOCK_NONE;
	arena_init(&h.arena);
	arena_init(&scratch);
	head_lines(&h, head, whole);
	shape->lines = h.lines;
	for (size_t i = 0; i < h.lines; i++)
		shape->document += is_document(h.line[i]);
	if (h.lines > 0)
		find_prefixes(shape, &h);
	for (size_t i = 0; i < h.lines; i++) {
		arena_reset(&scratch);
		if (count_line(shape, h.line[i], &dump, &scratch) && i == 0)
			shape->first_begins = true;
	}
	arena_release(&scratch);
	arena_release(&h.arena);
}

void
text_shape_bare(struct text_shape *shape)
{
	shape->prefixes = 0;
	shape->timed = false;
}

/* --- the score --- */

static enum text_family
best_family(const struct text_shape *shape)
{
	enum text_family best = TEXT_NONE;

	for (unsigned f = TEXT_NONE + 1; f < TEXT_FAMILIES; f++) {
		if (shape->family[f] > shape->family[best] || best == TEXT_NONE)
			best = (enum text_family)f;
	}
	return shape->family[best] > 0 ? best : TEXT_NONE;
}

/* a logger that states a level on some lines, and only the time on others */
static size_t
begun_by(const struct text_shape *shape, enum text_family family)
{
	size_t n = shape->family[family];

	if (family == TEXT_TIME)
		n += shape->family[TEXT_WORD] + shape->family[TEXT_BRACKET];
	return n;
}

/* what the reader is worth when so many of 100 lines that are not indented are of one family */
static int
family_score(const struct text_shape *shape)
{
	static const struct {
		unsigned share;
		size_t least;
		int score;
	} needs[TEXT_FAMILIES] = {
		[TEXT_ACCESS] = { 30, 1, 40 }, [TEXT_UVICORN] = { 30, 1, 40 },
		[TEXT_JSON] = { 80, 1, 40 }, [TEXT_LOGFMT] = { 30, 1, 40 },
		[TEXT_BAR] = { 30, 1, 40 }, [TEXT_DASH] = { 30, 1, 40 },
		[TEXT_BRACKET] = { 30, 1, 40 }, [TEXT_WORD] = { 30, 1, 40 },
		[TEXT_LEVEL_NAME] = { 50, 3, 30 }, [TEXT_LEVEL_PLACE] = { 50, 3, 30 },
		[TEXT_LEVEL_WORD] = { 60, 3, 20 }, [TEXT_TIME] = { 50, 3, 30 },
	};
	enum text_family best = best_family(shape);
	size_t n = begun_by(shape, best);

	/* "WARNING: ..." alone stands in many texts */
	if (best == TEXT_LEVEL_WORD && shape->base == CLOCK_NONE)
		return 0;
	if (best == TEXT_NONE || (n < needs[best].least && !shape->dumps) ||
	    n * 100 < shape->outer * needs[best].share)
		return 0;
	/* one or two lines amid others are a quotation, unless the text begins with one */
	if (n < 3 && n < shape->lines && !shape->first_begins)
		return 0;
	return needs[best].score;
}

int
text_shape_score(const struct text_shape *shape)
{
	enum text_family best = best_family(shape);
	size_t n = begun_by(shape, best);
	bool few;

	if (shape->lines == 0)
		return 0;
	/* documents quote logs: between prose, below a heading, in fences */
	few = shape->prefixes == 0 && (best == TEXT_NONE || n * 10 < shape->outer * 8);
	if (shape->document > 0 && (few || !shape->first_begins ||
	    shape->document * 4 > shape->outer))
		return 0;
	/* text that begins with prose and has log lines further down */
	if (few && !shape->first_begins && n * 10 < shape->outer * 5)
		return 0;
	for (unsigned i = 0; i < shape->prefixes; i++) {
		if (shape->prefix[i] != TEXT_PREFIX_COMPOSE)
			return shape->prefixed >= 3 || shape->prefixed == shape->lines ? 40 : 0;
	}
	if (shape->prefixes > 0 && shape->numbered >= 3 &&
	    shape->numbered * 2 >= shape->prefixed)
		return 40;
	return family_score(shape);
}

const char *
text_shape_name(const struct text_shape *shape)
{
	static const char *const prefixes[TEXT_PREFIX_KINDS] = {
		[TEXT_PREFIX_COMPOSE] = "docker compose log", [TEXT_PREFIX_KUBE] = "kubectl log",
		[TEXT_PREFIX_JOB] = "CI log", [TEXT_PREFIX_STAMP] = "timestamped log",
		[TEXT_PREFIX_SYSLOG] = "syslog", [TEXT_PREFIX_BRACKET] = "timestamped log",
	};
	static const char *const families[TEXT_FAMILIES] = {
		[TEXT_NONE] = "plain lines", [TEXT_ACCESS] = "access log",
		[TEXT_UVICORN] = "uvicorn log", [TEXT_JSON] = "JSON lines",
		[TEXT_LOGFMT] = "logfmt", [TEXT_BAR] = "loguru log",
		[TEXT_DASH] = "Python log", [TEXT_BRACKET] = "text log",
		[TEXT_WORD] = "text log", [TEXT_LEVEL_NAME] = "Python log",
		[TEXT_LEVEL_PLACE] = "Python log", [TEXT_LEVEL_WORD] = "text log",
		[TEXT_TIME] = "text log",
	};

	return shape->prefixes > 0 ? prefixes[shape->prefix[0]] : families[best_family(shape)];
}
