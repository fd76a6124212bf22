/*
 * read_run_json.c - test runs whose console output stands in a string of a JSON document, with
 * the totals, the exit code and more of the script that ran them beside it:
 *
 *	{"total": 60, "passed": 50, "failed": 8, "exit_code": 1, "stdout": "==== test ses..."}
 */
#include "config.h"

#include "read/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/embed.h"
#include "read/json_strings.h"
#include "read/json_walk.h"
#include "read/run_members.h"

#define LEVELS 16		/* of objects whose members are kept */
#define KEY_MAX 64
#define SURE 75			/* score of a text that is a run, under any key */
#define NAMED 55		/* under a key that says "output" */
#define SCORE 61		/* of a document with such a text; its own format is surer */

struct level {
	char key[KEY_MAX];	/* under which it stands */
	size_t key_n;
	bool object, in_object;	/* it is one; it stands in one */
	struct run_members members;
	uint64_t runs;		/* in it, at any depth */
};

struct reading {
	const struct read_job *job;	/* NULL: only look */
	struct json_strings s;
	struct embed m;
	struct level level[LEVELS + 1];	/* from 1 */
	char key[KEY_MAX];
	size_t key_n;
	/* the text of the string at hand: a piece of it, and how much of that was given */
	char *piece;			/* INPUT_HEAD bytes */
	size_t n, given;
	uint64_t inner;			/* bytes of the text so far, behind the piece */
	uint64_t line_outer, line_no;	/* where the last line of the piece begins */
	size_t line_at;			/* and where in the piece */
	uint64_t passed;		/* bytes of strings before the first sign of a run */
	unsigned run_level;		/* where the run stands that is kept back; 0: none */
	struct pytest_wrapper totals;
	char odd[120];
	int best;			/* score of the best text, when only looking */
};

/* ---- the text of a string ---- */

/* decodes up to a full piece, or the end of the string */
static int
fill_piece(struct reading *g, struct err *e)
{
	size_t got;

	while (g->s.open && g->n + 8 <= INPUT_HEAD) {
		if (json_strings_text(&g->s, g->piece + g->n, INPUT_HEAD - g->n, &got, e) != 0)
			return -1;
		g->n += got;
		g->inner += got;
		if (got && g->piece[g->n - 1] == '\n') {
			embed_line(&g->m, g->inner, g->s.byte, g->s.line);
			g->line_outer = g->s.byte;
			g->line_no = g->s.line;
			g->line_at = g->n;
		}
	}
	return 0;
}

static void
begin_text(struct reading *g, uint64_t outer, uint64_t line)
{
	embed_begin(&g->m, outer, line);
	g->line_outer = outer;
	g->line_no = line;
	g->line_at = g->given = 0;
	g->n = 0;
	g->inner = 0;
}

/* the piece shows no run: go on behind it, with the line that it cuts */
static void
slide(struct reading *g)
{
	uint64_t outer = g->line_outer, line = g->line_no;
	size_t from = g->line_at, keep = g->n - from;

	if (from == 0 || keep > INPUT_HEAD / 2) {
		/* one line and no end */
		g->passed += g->n;
		begin_text(g, g->s.byte, g->s.line);
		return;
	}
	g->passed += from;
	memmove(g->piece, g->piece + from, keep);
	begin_text(g, outer, line);
	g->n = keep;
	g->inner = keep;
}

static int
give_text(void *ctx, char *p, size_t room, size_t *got, struct err *e)
{
	struct reading *g = ctx;

	*got = 0;
	if (g->given == g->n) {
		g->given = g->n = g->line_at = 0;
		if (fill_piece(g, e) != 0)
			return -1;
	}
	*got = g->n - g->given < room ? g->n - g->given : room;
	memcpy(p, g->piece + g->given, *got);
	g->given += *got;
	return 0;
}

static bool
is_output_key(struct slice key)
{
	static const char *const keys[] = { "stdout", "output", "stderr", "console", "log", "logs",
		"raw_output", "test_output", "text", "stdout_tail", "tail", "pytest_output",
		"console_output", "raw", "out" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (slice_eqs(key, keys[i]))
			return true;
	return false;
}

/* the reader of a run whose text the piece is, or NULL */
static const struct reader *
detect(struct reading *g, int *score)
{
	struct slice text = slice_of(g->piece, g->n);
	const struct reader *r;
	bool named = is_output_key(slice_of(g->key, g->key_n));

	*score = 0;
	if (slice_find_byte(text, 0, '\n') == SIZE_MAX)
		return NULL;
	r = embed_detect(text, !g->s.open, score);
	return r && *score >= (named ? NAMED : SURE) ? r : NULL;
}

/* ---- levels ---- */

static struct level *
level_at(struct reading *g, unsigned depth)
{
	return depth > 0 && depth <= LEVELS ? &g->level[depth] : NULL;
}

static void
open_level(struct reading *g)
{
	struct level *l = level_at(g, g->s.depth);

	if (l) {
		l->object = json_strings_in_object(&g->s, g->s.depth);
		l->in_object = json_strings_in_object(&g->s, g->s.depth - 1);
		l->key_n = l->in_object ? g->key_n : 0;
		memcpy(l->key, g->key, l->key_n);
		run_members_init(&l->members);
		l->runs = 0;
	}
	g->key_n = 0;
}

/* what stands beside it is known now */
static int
end_run(struct reading *g, struct err *e)
{
	const struct read_sink *out = g->job->sink;
	struct run *run = &g->m.run;

	g->run_level = 0;
	if (g->m.held && g->odd[0]) {
		run->wrapper_why = slice_str(arena_printf(&g->m.arena, "%.*s%sthe wrapper's "
		    "figures cannot be, and are not used: %s", SLICE_ARG(run->wrapper_why),
		    run->wrapper_why.n ? "; " : "", g->odd));
		if (run->exit_code < 0)
			run->exit_code = g->totals.exit_code;
		diag_put(&out->diag, DIAG_RUN_WRAPPER, run->line, 0, run->byte, "%.*s",
		    SLICE_ARG(run->wrapper_why));
	} else {
		embed_wrapper(&g->m, &g->totals);
	}
	return embed_end_run(&g->m, e);
}

/* the level at `depth` has ended */
static int
close_level(struct reading *g, unsigned depth, struct err *e)
{
	struct level *l = level_at(g, depth), *up = level_at(g, depth - 1);

	g->key_n = 0;
	if (!l)
		return 0;
	if (g->run_level != depth) {
		if (up && up->object && l->object && l->runs == 0 &&
		    run_members_is_summary(slice_of(l->key, l->key_n)))
			run_members_join(&up->members, slice_of(l->key, l->key_n), &l->members);
		return 0;
	}
	/* totals of an object with several runs are those of all of them */
	if (l->object && l->runs == 1) {
		if (run_members_apply(&l->members, &g->m, g->job->zone, &g->totals, e) != 0)
			return -1;
		if (!g->odd[0])
			memcpy(g->odd, l->members.odd, sizeof g->odd);
	}
	/* an array has one for each of its elements */
	if (up && up->object && l->object) {
		g->run_level = depth - 1;
		return 0;
	}
	return end_run(g, e);
}

/* ---- values ---- */

static int
read_run(struct reading *g, const struct reader *r, struct err *e)
{
	uint64_t before = g->m.runs;
	unsigned depth = g->s.depth;

	/* two texts side by side: what stands around them is of both */
	if (g->run_level && end_run(g, e) != 0)
		return -1;
	pytest_wrapper_init(&g->totals);
	g->odd[0] = '\0';
	g->m.hold = true;
	if (embed_read(&g->m, r, g->job, give_text, g, e) != 0)
		return -1;
	for (unsigned i = 1; i <= depth && i <= LEVELS; i++)
		g->level[i].runs += g->m.runs - before;
	g->run_level = depth < LEVELS ? depth : 0;
	return g->run_level == 0 ? end_run(g, e) : 0;
}

static int
string_value(struct reading *g, struct err *e)
{
	uint64_t line = g->s.token_line, byte = g->s.token_byte;
	struct level *l = level_at(g, g->s.depth);
	const struct reader *r = NULL;
	bool whole;
	int score = 0;

	begin_text(g, g->s.byte, g->s.line);
	do {
		if (fill_piece(g, e) != 0)
			return -1;
		whole = !g->s.open;
		r = detect(g, &score);
		g->best = score > g->best && r ? score : g->best;
		if (!r && !whole)
			slide(g);
	} while (!r && !whole);
	if (r && g->job)
		return read_run(g, r, e);
	if (!r && l && l->object && g->inner == g->n &&
	    !memchr(g->piece, '\n', g->n))
		run_members_add(&l->members, slice_of(g->key, g->key_n),
		    slice_of(g->piece, g->n), false, line, byte);
	g->key_n = 0;
	return 0;
}

static int
read_key(struct reading *g, struct err *e)
{
	char piece[KEY_MAX + 8];
	size_t got;

	g->key_n = 0;
	while (g->s.open) {
		if (json_strings_text(&g->s, piece, sizeof piece, &got, e) != 0)
			return -1;
		got = got < KEY_MAX - g->key_n ? got : KEY_MAX - g->key_n;
		memcpy(g->key + g->key_n, piece, got);
		g->key_n += got;
	}
	return 0;
}

static void
scalar_value(struct reading *g)
{
	struct level *l = level_at(g, g->s.depth);
	char c = g->s.scalar[0];

	if (l && l->object)
		run_members_add(&l->members, slice_of(g->key, g->key_n),
		    slice_of(g->s.scalar, g->s.scalar_n), c == '-' || (c >= '0' && c <= '9'),
		    g->s.token_line, g->s.token_byte);
	g->key_n = 0;
}

/* 1 a token was read, 0 the end, -1 */
static int
one_token(struct reading *g, struct err *e)
{
	switch (json_strings_next(&g->s, e)) {
	case JSON_TOKEN_FAILED:
		return -1;
	case JSON_TOKEN_END:
		return 0;
	case JSON_TOKEN_OPEN:
		open_level(g);
		return 1;
	case JSON_TOKEN_CLOSE:
		return close_level(g, g->s.depth + 1, e) == 0 ? 1 : -1;
	case JSON_TOKEN_KEY:
		return read_key(g, e) == 0 ? 1 : -1;
	case JSON_TOKEN_STRING:
		return string_value(g, e) == 0 ? 1 : -1;
	case JSON_TOKEN_SCALAR:
		scalar_value(g);
		return 1;
	}
	return 0;
}

/* ---- the document ---- */

static void
begin(struct reading *g, const struct read_job *job, struct input *in, const struct read_sink *sink)
{
	memset(g, 0, sizeof *g);
	g->job = job;
	json_strings_init(&g->s, in, &sink->diag);
	embed_init(&g->m, sink);
	g->m.one_line = true;
	g->piece = mem_alloc(INPUT_HEAD);
	pytest_wrapper_init(&g->totals);
}

static void
release(struct reading *g)
{
	json_strings_release(&g->s);
	embed_release(&g->m);
	for (unsigned i = 1; i <= LEVELS; i++)
		run_members_release(&g->level[i].members);
	free(g->piece);
}

static int
finish(struct reading *g, struct err *e)
{
	const struct read_sink *sink = g->job->sink;
	const struct bad_record none = { .kind = BAD_NOT_EVIDENCE, .line = 1,
		.bytes = input_offset(g->job->in),
		.reason = SLICE("no test run in this document") };

	if (end_run(g, e) != 0)
		return -1;
	if (g->s.stray)
		diag_put(&sink->diag, DIAG_JSON_BAD, g->s.stray_line, 0, g->s.stray_byte,
		    "%llu bytes outside of strings are no JSON",
		    (unsigned long long)g->s.stray);
	if (g->s.cut)
		diag_put(&sink->diag, DIAG_JSON_CUT, g->s.line, 0, g->s.byte,
		    "the input ends inside of it");
	if (g->m.runs == 0 && none.bytes > 0 && sink->bad(sink->ctx, &none, e) != 0)
		return -1;
	return 0;
}

static int
read_run_json(struct read_job *job, struct err *e)
{
	struct reading *g = mem_alloc(sizeof *g);
	int got;

	job->shape = "test run in JSON";
	begin(g, job, job->in, job->sink);
	while ((got = one_token(g, e)) == 1)
		;
	if (got == 0)
		got = finish(g, e);
	release(g);
	free(g);
	return got;
}

/* a line of a log in JSON holds a message and a level or a time; what a logger said is no run */
static bool
is_log(struct slice head)
{
	static const struct slice names[] = { { "msg", 3 }, { "message", 7 }, { "event", 5 },
		{ "level", 5 }, { "severity", 8 }, { "levelname", 9 }, { "lvl", 3 },
		{ "textPayload", 11 }, { "jsonPayload", 11 }, { "insertId", 8 } };
	size_t at = slice_find_byte(head, 0, '{');
	uint64_t keys;

	if (at == SIZE_MAX)
		return false;
	keys = json_top_keys(slice_sub(head, at, head.n), names, sizeof names / sizeof names[0]);
	return ((keys & 0x7) && (keys & 0x78)) || (keys & 0x380);
}

static int
sniff(struct slice head, bool whole)
{
	static const struct read_sink nowhere = { .ctx = NULL };
	struct slice text = head;
	struct reading *g;
	struct input *in;
	struct err e;
	int best;

	(void)whole;
	slice_take_str(&text, "\xEF\xBB\xBF");
	text = slice_trim(text);
	if ((!slice_starts(text, "{") && !slice_starts(text, "[")) || is_log(text))
		return 0;
	/* a bracket may be that of a line of a log */
	text = slice_trim(slice_sub(text, 1, text.n));
	if (text.n && !strchr("{[\"", text.p[0]))
		return 0;
	g = mem_alloc(sizeof *g);
	in = input_from_memory(head.p, head.n);
	err_clear(&e);
	begin(g, NULL, in, &nowhere);
	g->m.out = &nowhere;
	while (g->best == 0 && one_token(g, &e) == 1)
		;
	best = g->best;
	release(g);
	input_close(in);
	free(g);
	return best ? SCORE : 0;
}

const struct reader reader_run_json = {
	.name = "run-json",
	.about = "test runs whose output stands in a string of a JSON document",
	.kind = SOURCE_TESTS,
	.sniff = sniff,
	.read = read_run_json,
};
