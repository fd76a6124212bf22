/*
 * json_split.c - the window over the input, the way from record to record, and the way back
 * to the records behind damage.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/json_split.h"

#define BLOCK (64 * 1024)		/* bytes asked of the input at a time */
#define LOOKAHEAD 4096			/* bytes looked at behind a record */
#define SHARED_KEYS 32			/* keys of them that are compared with the record's */
/* second looks that are always free, and then per byte of input; over it only new bytes count */
#define SECOND_LOOK_FREE (64 * UINT64_C(1048576))
#define SECOND_LOOK_RATIO 8

void
json_split_init(struct json_split *s, struct input *in, const struct diag_sink *diag,
    size_t max_record, unsigned max_depth)
{
	memset(s, 0, sizeof *s);
	s->in = in;
	s->diag = diag;
	s->max_record = max_record;
	s->max_depth = max_depth;
	s->at.line = 1;
	s->at.bare = true;
}

void
json_split_release(struct json_split *s)
{
	free(s->p);
	s->p = NULL;
}

/* --- the window --- */

static uint64_t
window_end(const struct json_split *s)
{
	return s->base + s->have;
}

static const char *
window_at(const struct json_split *s, uint64_t byte)
{
	return s->p + (size_t)(byte - s->base);
}

/* one more block behind the window, dropping what is before keep: 1, 0 at the end, -1 */
static int
more(struct json_split *s, struct err *e)
{
	size_t got, drop = (size_t)(s->keep - s->base);

	if (s->ended)
		return 0;
	if (s->cap - s->have < BLOCK && drop > 0) {
		memmove(s->p, s->p + drop, s->have - drop);
		s->base += drop;
		s->have -= drop;
	}
	s->p = mem_grow(s->p, &s->cap, s->have + BLOCK, 1);
	if (input_read(s->in, s->p + s->have, BLOCK, &got, s->diag, e) != 0)
		return -1;
	s->have += got;
	s->ended = got == 0;
	return got > 0;
}

/* 1 when the byte is in the window, 0 when the input ends before it */
static int
need(struct json_split *s, uint64_t byte, struct err *e)
{
	int r = 1;

	while (byte >= window_end(s) && r == 1)
		r = more(s, e);
	return r;
}

static void
save_head(struct json_split *s, uint64_t from, uint64_t to)
{
	uint64_t end = to < window_end(s) ? to : window_end(s);
	uint64_t n = end > from ? end - from : 0;

	s->head_n = n < JSON_HEAD ? (size_t)n : JSON_HEAD;
	if (s->head_n > 0)
		memcpy(s->head, window_at(s, from), s->head_n);
}

/* --- places --- */

static void
pass(struct json_place *at, char c)
{
	at->byte++;
	switch (c) {
	case '\n':
		at->line++;
		at->line_byte = at->byte;
		at->lead = 0;
		at->lead_over = false;
		at->bare = true;
		return;
	case ' ':
	case '\t':
	case '\r':
		at->lead += !at->lead_over;
		return;
	case ',':
	case '[':
	case ']':
	case '}':
		break;
	default:
		at->bare = false;
	}
	at->lead_over = true;
}

/* over bytes that are in the window */
static void
pass_to(struct json_split *s, struct json_place *at, uint64_t to)
{
	for (const char *p = window_at(s, at->byte); at->byte < to; p++)
		pass(at, *p);
}

static void
begin_at(struct json_record *r, const struct json_place *at)
{
	memset(r, 0, sizeof *r);
	r->line = at->line;
	r->col = at->byte - at->line_byte + 1;
	r->byte = at->byte;
}

static void
fault_at(struct json_record *r, const struct json_place *at, const char *fault)
{
	r->fault_line = at->line;
	r->fault_col = at->byte - at->line_byte + 1;
	r->fault_byte = at->byte;
	r->fault = fault;
}

/* --- walking over one record --- */

enum walked { WALKED_DONE, WALKED_FAULT, WALKED_CUT, WALKED_LONG, WALKED_ERROR };

/*
 * Follow the object at `from` on from *to, which ends behind what was used. Stops
 * once the object is longer than max; bytes from s->keep on stay in the window.
 */
static enum walked
walk(struct json_split *s, struct json_walk *w, uint64_t from, uint64_t max, uint64_t *to,
    struct err *e)
{
	for (;;) {
		enum json_walked r;
		size_t used;
		int got = need(s, *to, e);

		if (got != 1)
			return got == 0 ? WALKED_CUT : WALKED_ERROR;
		r = json_walk(w, window_at(s, *to), (size_t)(window_end(s) - *to), &used);
		*to += used;
		if (*to - from > max)
			return WALKED_LONG;
		if (r != JSON_WALK_MORE)
			return r == JSON_WALK_DONE ? WALKED_DONE : WALKED_FAULT;
	}
}

static bool
may_look_again(const struct json_split *s)
{
	return s->second_looks <= SECOND_LOOK_FREE + SECOND_LOOK_RATIO * s->at.byte;
}

/* the few bytes behind `end` that may be looked at; need() was called for them */
static struct slice
behind(const struct json_split *s, uint64_t end)
{
	uint64_t n = window_end(s) - end;

	return slice_of(window_at(s, end), n < LOOKAHEAD ? (size_t)n : LOOKAHEAD);
}

static struct slice
skip_any(struct slice s, const char *bytes)
{
	size_t i = 0, n = strlen(bytes);

	while (i < s.n && memchr(bytes, s.p[i], n))
		i++;
	return slice_sub(s, i, s.n);
}

/* a whole string and a colon, as a key has it */
static bool
is_key(struct slice s)
{
	size_t i = 1;

	if (s.n == 0 || s.p[0] != '"')
		return false;
	while (i < s.n && s.p[i] != '"' && s.p[i] != '\n')
		i += s.p[i] == '\\' ? 2 : 1;
	if (i >= s.n || s.p[i] != '"')
		return false;
	return slice_starts(skip_any(slice_sub(s, i + 1, s.n), " \t\r\n"), ":");
}

/* has the object one of the keys that `members`, an object without its brace, begins with? */
static bool
shares_key(struct slice object, struct slice members)
{
	struct json_keys keys = { .text = members, .depth = 1 };
	struct slice name[SHARED_KEYS];
	size_t n = 0;

	while (n < SHARED_KEYS && json_keys_next(&keys, &name[n]))
		n++;
	return json_top_keys(object, name, n) != 0;
}

/*
 * Do a comma and further members follow the object [from, end)? Then damage put its
 * closing brace there, or took an opening one away, and it is no record. Members of
 * which the object has some already are a next record that lost its brace.
 */
static int
ends_early(struct json_split *s, uint64_t from, uint64_t end, uint64_t *at, struct err *e)
{
	struct slice rest;

	if (need(s, end + LOOKAHEAD, e) < 0)
		return -1;
	rest = skip_any(behind(s, end), " \t\r");
	if (!slice_take_byte(&rest, ','))
		return 0;
	rest = skip_any(rest, " \t\r\n");
	if (!is_key(rest) ||
	    shares_key(slice_of(window_at(s, from), (size_t)(end - from)), rest))
		return 0;
	*at = s->base + (uint64_t)(rest.p - s->p);
	return 1;
}

/* a closing brace that begins its line, as far in as the line of the opening one */
static bool
is_own_brace(const struct json_place *opening, const struct json_place *closing)
{
	return opening->bare && closing->bare && opening->line != closing->line &&
	    opening->lead == closing->lead;
}

/* --- finding the next record behind damage --- */

struct search {
	struct json_place at;	/* where the search is */
	uint64_t fault;		/* from here on objects that may be records count within a line */
	uint64_t until;		/* give up there; UINT64_MAX: at the end of the input */
	uint64_t solid;		/* end of the last byte that is no blank or comma */
	bool own_known;
	size_t own_indent;	/* of the damaged record */
	char before;		/* last byte that is no blank, comma or [ */
};

/* behind an object: nothing, a line's end, a comma, or a bracket that closes the outermost array */
static bool
ends_well(struct json_split *s, uint64_t end, struct err *e, bool *failed)
{
	struct slice rest;

	if (need(s, end + LOOKAHEAD, e) < 0) {
		*failed = true;
		return false;
	}
	rest = skip_any(behind(s, end), " \t\r");
	if (slice_take_byte(&rest, ']')) {
		rest = skip_any(rest, " \t\r");
		return rest.n == 0 || rest.p[0] == '\n' || rest.p[0] == '[';
	}
	return rest.n == 0 || memchr("\n,{[", rest.p[0], 4);
}

/*
 * Is there a whole object at `from` that the caller takes for a record, at least as
 * surely as `least`? 1, 0, -1
 */
static int
is_likely(struct json_split *s, uint64_t from, enum json_likely least, struct err *e)
{
	uint64_t to = from;
	bool failed = false;
	enum walked r;

	if (!s->likely || !may_look_again(s))
		return 0;
	s->keep = from;
	json_walk_init(&s->walk);
	r = walk(s, &s->walk, from, s->max_record, &to, e);
	s->second_looks += to - from;
	if (r != WALKED_DONE)
		return r == WALKED_ERROR ? -1 : 0;
	if (s->likely(slice_of(window_at(s, from), (size_t)(to - from))) < least)
		return 0;
	if (least < JSON_SURELY && !ends_well(s, to, e, &failed))
		return failed ? -1 : 0;
	return 1;
}

/* may a record begin at this brace? 1, 0, -1 */
static int
is_start(struct json_split *s, const struct search *q, struct err *e)
{
	if (q->at.bare && ((q->own_known && q->at.lead == q->own_indent) ||
	    (s->indent_known && q->at.lead == s->indent)))
		return 1;
	/* what is a member's value, or stands before the fault, may be a part of the damaged one */
	return is_likely(s, q->at.byte, q->at.byte < q->fault || q->before == ':' ?
	    JSON_SURELY : JSON_PERHAPS, e);
}

/* 1 with q->at on the brace of the next record, 0 when there is none, -1 */
static int
search(struct json_split *s, struct search *q, struct err *e)
{
	int r;

	for (;;) {
		char c;

		if (q->at.byte >= q->until)
			return 0;
		s->keep = s->keep < q->at.byte ? q->at.byte : s->keep;
		if ((r = need(s, q->at.byte, e)) != 1)
			return r;
		c = *window_at(s, q->at.byte);
		if (c == '{' && (r = is_start(s, q, e)) != 0)
			return r;
		pass(&q->at, c);
		if (memchr(" \t\r\n,", c, 5))
			continue;
		q->solid = q->at.byte;
		if (c != '[')
			q->before = c;
	}
}

/* --- records that are not whole --- */

/* r, which is not whole, has its last byte before `end`; the next call goes on at `next` */
static void
close_damaged(struct json_split *s, struct json_record *r, enum json_kind kind, uint64_t end,
    const struct json_place *next)
{
	r->kind = kind;
	r->text = slice_of(s->head, s->head_n);
	r->bytes = end > r->byte ? end - r->byte : 1;
	if (r->text.n > r->bytes)
		r->text.n = (size_t)r->bytes;
	s->damage_end = next->byte;
	s->whole_before = false;
	s->at = *next;
	s->keep = next->byte;
}

/*
 * The record at s->at is not one: what walk() used ends at `fault`. Look for the
 * next record from its second byte on, as it may have swallowed others.
 */
static int
resync(struct json_split *s, struct json_record *r, uint64_t fault, bool cut, struct err *e)
{
	struct search q = { .at = s->at, .until = UINT64_MAX, .solid = s->at.byte + 1,
		.own_known = s->at.bare, .own_indent = s->at.lead, .before = '{' };
	int found;

	save_head(s, s->at.byte, window_end(s));
	pass(&q.at, '{');
	s->second_looks += fault - s->at.byte;
	if (!may_look_again(s))
		pass_to(s, &q.at, fault);
	q.fault = cut ? UINT64_MAX : fault;
	if ((found = search(s, &q, e)) < 0)
		return -1;
	if (found && cut)
		fault_at(r, &q.at, "it does not end before the next record begins");
	close_damaged(s, r, cut && !found ? JSON_CUT : JSON_BROKEN, q.solid, &q.at);
	return 1;
}

/* longer than the limit: either it swallowed other records, or it is skipped to its end */
static int
skip_long(struct json_split *s, struct json_record *r, uint64_t to, struct err *e)
{
	struct search q = { .at = s->at, .until = to, .solid = s->at.byte + 1,
		.fault = UINT64_MAX, .own_known = s->at.bare,
		.own_indent = s->at.lead, .before = '{' };
	struct json_walk going_on = s->walk;
	enum walked w = WALKED_LONG;
	int found;

	save_head(s, s->at.byte, to);
	pass(&q.at, '{');
	s->second_looks += to - s->at.byte;
	if ((found = may_look_again(s) ? search(s, &q, e) : 0) < 0)
		return -1;
	if (found) {
		fault_at(r, &q.at, "it does not end before the next record begins");
		close_damaged(s, r, JSON_BROKEN, q.solid, &q.at);
		return 1;
	}
	pass_to(s, &q.at, to);
	while (w == WALKED_LONG) {
		uint64_t from = to;

		s->keep = to;
		if (going_on.depth > 0)
			w = walk(s, &going_on, from, BLOCK, &to, e);
		else
			w = WALKED_DONE;
		pass_to(s, &q.at, to);
	}
	if (w == WALKED_ERROR)
		return -1;
	if (w != WALKED_FAULT) {
		if (w == WALKED_CUT)
			fault_at(r, &q.at, "the input ends inside it");
		close_damaged(s, r, w == WALKED_CUT ? JSON_CUT : JSON_LONG, to, &q.at);
		return 1;
	}
	fault_at(r, &q.at, going_on.fault);
	q.until = UINT64_MAX;
	q.fault = q.solid = to;
	if (search(s, &q, e) < 0)
		return -1;
	close_damaged(s, r, JSON_BROKEN, q.solid, &q.at);
	return 1;
}

/* text that begins no record, up to the next one */
static int
skip_stray(struct json_split *s, struct json_record *r, struct err *e)
{
	struct search q = { .at = s->at, .until = UINT64_MAX, .fault = s->at.byte,
		.solid = s->at.byte };

	begin_at(r, &s->at);
	if (need(s, s->at.byte + JSON_HEAD, e) < 0)
		return -1;
	save_head(s, s->at.byte, window_end(s));
	if (search(s, &q, e) < 0)
		return -1;
	close_damaged(s, r, JSON_STRAY, q.solid, &q.at);
	return 1;
}

/* --- records --- */

/* brace: the place of its closing brace */
static int
take_record(struct json_split *s, struct json_record *r, struct json_place brace)
{
	struct json_place start = s->at;
	uint64_t end = brace.byte + 1;

	r->kind = s->walk.deepest > s->max_depth ? JSON_DEEP : JSON_RECORD;
	r->members = s->walk.members;
	r->bytes = end - r->byte;
	r->text = slice_of(window_at(s, r->byte), (size_t)r->bytes);
	pass(&brace, '}');
	s->at = brace;
	s->whole_before = true;
	if (r->kind == JSON_DEEP) {
		r->text = slice_sub(r->text, 0, JSON_HEAD);
		return 1;
	}
	if (start.bare) {
		s->indent = start.lead;
		s->indent_known = true;
	}
	*(s->open ? &s->in_array : &s->outside) += 1;
	*(s->at.line == start.line ? &s->one_line : &s->several_lines) += 1;
	return 1;
}

static int
read_record(struct json_split *s, struct json_record *r, struct err *e)
{
	uint64_t to = s->at.byte;
	struct json_place fault = s->at;
	enum walked w;
	int early = 0;

	begin_at(r, &s->at);
	s->keep = s->at.byte;
	json_walk_init(&s->walk);
	w = walk(s, &s->walk, s->at.byte, s->max_record, &to, e);
	if (w == WALKED_ERROR)
		return -1;
	if (w == WALKED_LONG)
		return skip_long(s, r, to, e);
	if (w == WALKED_DONE) {
		pass_to(s, &fault, to - 1);
		if (!is_own_brace(&s->at, &fault))
			early = ends_early(s, s->at.byte, to, &to, e);
		if (early < 0)
			return -1;
		if (!early)
			return take_record(s, r, fault);
		s->walk.fault = "a further key follows its closing brace";
	}
	pass_to(s, &fault, to);
	fault_at(r, &fault, w == WALKED_CUT ? "the input ends inside it" : s->walk.fault);
	return resync(s, r, to, w == WALKED_CUT, e);
}

/* what may stand between records: 1 on any other byte, 0 at the end, -1 */
static int
skip_between(struct json_split *s, char *c, struct err *e)
{
	int r;

	while ((s->keep = s->at.byte, r = need(s, s->at.byte, e)) == 1) {
		*c = *window_at(s, s->at.byte);
		if (!memchr(" \t\r\n,[]", *c, 7))
			return 1;
		if (memchr(",[]", *c, 3))
			s->whole_before = false;
		if (*c == '[') {
			s->arrays += s->open++ == 0;
		} else if (*c == ']' && s->open > 0) {
			s->open--;
		}
		pass(&s->at, *c);
	}
	return r;
}

/* a UTF-8 byte order mark */
static int
skip_mark(struct json_split *s, struct err *e)
{
	if (need(s, 2, e) < 0)
		return -1;
	if (s->have >= 3 && memcmp(s->p, "\xef\xbb\xbf", 3) == 0) {
		s->at.byte += 3;
		s->at.line_byte += 3;
	}
	return 0;
}

int
json_split_next(struct json_split *s, struct json_record *r, struct err *e)
{
	char c = 0;
	int got;

	if (s->at.byte == 0 && skip_mark(s, e) != 0)
		return -1;
	if ((got = skip_between(s, &c, e)) != 1)
		return got;
	if (c == '{' && s->open > 0 && s->whole_before && s->no_comma++ == 0)
		s->no_comma_at = s->at;
	return c == '{' ? read_record(s, r, e) : skip_stray(s, r, e);
}

const char *
json_split_shape(const struct json_split *s)
{
	if (s->arrays > 1)
		return "JSON arrays";
	if (s->arrays == 1 && s->outside == 0)
		return "JSON array";
	return s->several_lines > 0 || s->arrays > 0 ? "JSON objects" : "NDJSON";
}

bool
json_split_unclosed(const struct json_split *s)
{
	return s->open > 0 && s->damage_end < s->at.byte;
}
