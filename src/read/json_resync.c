/*
 * json_resync.c - objects that are not whole, and the way back to the records behind them.
 */
#include "config.h"

#include <string.h>

#include "read/json_resync.h"

#define LOOKAHEAD 4096			/* bytes looked at behind a record */
#define SHARED_KEYS 32			/* keys of them that are compared with the record's */
/* second looks that are always free, and then per byte of input; over it only new bytes count */
#define SECOND_LOOK_FREE (64 * UINT64_C(1048576))
#define SECOND_LOOK_RATIO 8

bool
json_may_look(const struct json_split *s)
{
	return s->second_looks <= SECOND_LOOK_FREE + SECOND_LOOK_RATIO * s->at.byte;
}

/* the few bytes behind `end` that may be looked at; json_need() was called for them */
static struct slice
behind(const struct json_split *s, uint64_t end)
{
	uint64_t n = json_window_end(s) - end;

	return slice_of(json_window_at(s, end), n < LOOKAHEAD ? (size_t)n : LOOKAHEAD);
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

/* is the key that `members` begins with one of the names of records? */
static bool
is_named(const struct json_split *s, struct slice members)
{
	struct json_keys keys = { .text = members, .depth = 1 };
	struct slice key;

	if (!json_keys_next(&keys, &key))
		return false;
	for (size_t i = 0; i < s->names.n; i++) {
		if (slice_eq(key, s->names.name[i]))
			return true;
	}
	return false;
}

int
json_ends_early(struct json_split *s, uint64_t from, uint64_t end, uint64_t *at, struct err *e)
{
	struct slice rest;

	if (json_need(s, end + LOOKAHEAD, e) < 0)
		return -1;
	rest = skip_any(behind(s, end), " \t\r");
	if (!slice_take_byte(&rest, ','))
		return 0;
	rest = skip_any(rest, " \t\r\n");
	if (!is_key(rest) ||
	    shares_key(slice_of(json_window_at(s, from), (size_t)(end - from)), rest))
		return 0;
	/* in a wrapper the bracket of the list may be lost: then the key is the wrapper's */
	if (s->wrapped && !is_named(s, rest))
		return 0;
	*at = s->base + (uint64_t)(rest.p - s->p);
	return 1;
}

bool
json_own_brace(const struct json_place *opening, const struct json_place *closing)
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
	bool member;		/* a member's value may be a record */
};

/*
 * Behind an object: nothing, a line's end, a comma, or a bracket that closes the outermost
 * array. In a wrapper an array may stand inside.
 */
static bool
ends_well(struct json_split *s, uint64_t end, struct err *e, bool *failed)
{
	struct slice rest;

	if (json_need(s, end + LOOKAHEAD, e) < 0) {
		*failed = true;
		return false;
	}
	rest = skip_any(behind(s, end), " \t\r");
	if (slice_take_byte(&rest, ']')) {
		rest = skip_any(rest, " \t\r");
		return rest.n == 0 || rest.p[0] == '\n' || rest.p[0] == '[' ||
		    (s->wrapped && (rest.p[0] == ',' || rest.p[0] == '}'));
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
	enum json_likely likely;
	uint64_t to = from;
	bool failed = false;
	enum json_followed r;

	if (!s->names.likely || !json_may_look(s))
		return 0;
	s->keep = from;
	json_walk_init(&s->walk);
	r = json_follow(s, &s->walk, from, s->max_record, &to, e);
	s->second_looks += to - from;
	if (r != JSON_FOLLOWED_DONE)
		return r == JSON_FOLLOWED_ERROR ? -1 : 0;
	likely = (enum json_likely)s->names.likely(json_walk_keys(&s->walk,
	    slice_of(json_window_at(s, from), (size_t)(to - from)), s->names.name, s->names.n));
	if (likely < least)
		return 0;
	if (likely < JSON_SURELY && !ends_well(s, to, e, &failed))
		return failed ? -1 : 0;
	return 1;
}

/* may a record begin at this brace? 1, 0, -1 */
static int
is_start(struct json_split *s, const struct search *q, struct err *e)
{
	if (q->at.bare && ((q->own_known && q->at.lead == q->own_indent) ||
	    (s->indent_known && q->at.lead == s->indent) ||
	    (s->wrapped && s->wrap_at.bare && q->at.lead == s->wrap_at.lead)))
		return 1;
	/* what is a member's value, or stands before the fault, may be a part of the damaged one */
	return is_likely(s, q->at.byte, q->at.byte < q->fault ||
	    (q->before == ':' && !q->member) ?
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
		if ((r = json_need(s, q->at.byte, e)) != 1)
			return r;
		c = *json_window_at(s, q->at.byte);
		if (c == '{' && (r = is_start(s, q, e)) != 0)
			return r;
		json_pass(&q->at, c);
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
	if (s->wrapped && !s->lost) {
		json_wrap_expect(&s->wrap);
		s->doubtful = true;
	}
	s->at = *next;
	s->keep = next->byte;
}

/*
 * The record at s->at is not one: what walk() used ends at `fault`. Look for the
 * next record from its second byte on, as it may have swallowed others.
 */
int
json_resync(struct json_split *s, struct json_record *r, uint64_t fault, bool cut, struct err *e)
{
	struct search q = { .at = s->at, .until = UINT64_MAX, .solid = s->at.byte + 1,
		.own_known = s->at.bare, .own_indent = s->at.lead, .before = '{' };
	int found;

	json_save_head(s, s->at.byte, json_window_end(s));
	json_pass(&q.at, '{');
	s->second_looks += fault - s->at.byte;
	if (!json_may_look(s))
		json_pass_to(s, &q.at, fault);
	q.fault = cut ? UINT64_MAX : fault;
	if ((found = search(s, &q, e)) < 0)
		return -1;
	if (found && cut)
		json_fault_at(r, &q.at, "it does not end before the next record begins");
	close_damaged(s, r, cut && !found ? JSON_CUT : JSON_BROKEN, q.solid, &q.at);
	return 1;
}

/* longer than the limit: either it swallowed other records, or it is skipped to its end */
int
json_skip_long(struct json_split *s, struct json_record *r, uint64_t to, struct err *e)
{
	struct search q = { .at = s->at, .until = to, .solid = s->at.byte + 1,
		.fault = UINT64_MAX, .own_known = s->at.bare,
		.own_indent = s->at.lead, .before = '{' };
	struct json_walk going_on = s->walk;
	enum json_followed w = JSON_FOLLOWED_LONG;
	unsigned char digest[SHA256_SIZE];
	struct sha256 hash;
	int found;

	json_save_head(s, s->at.byte, to);
	sha256_init(&hash);
	sha256_update(&hash, json_window_at(s, s->at.byte), (size_t)(to - s->at.byte));
	json_pass(&q.at, '{');
	s->second_looks += to - s->at.byte;
	if ((found = json_may_look(s) ? search(s, &q, e) : 0) < 0)
		return -1;
	if (found) {
		json_fault_at(r, &q.at, "it does not end before the next record begins");
		close_damaged(s, r, JSON_BROKEN, q.solid, &q.at);
		return 1;
	}
	json_pass_to(s, &q.at, to);
	while (w == JSON_FOLLOWED_LONG) {
		uint64_t from = to;

		s->keep = to;
		if (going_on.depth > 0)
			w = json_follow(s, &going_on, from, JSON_BLOCK, &to, e);
		else
			w = JSON_FOLLOWED_DONE;
		sha256_update(&hash, json_window_at(s, from), (size_t)(to - from));
		json_pass_to(s, &q.at, to);
	}
	if (w == JSON_FOLLOWED_ERROR)
		return -1;
	if (w != JSON_FOLLOWED_FAULT) {
		if (w == JSON_FOLLOWED_CUT)
			json_fault_at(r, &q.at, "the input ends inside it");
		close_damaged(s, r, w == JSON_FOLLOWED_CUT ? JSON_CUT : JSON_LONG, to, &q.at);
		sha256_final(&hash, digest);
		sha256_hex(digest, s->sha256);
		if (r->kind == JSON_LONG)
			r->sha256 = s->sha256;
		return 1;
	}
	json_fault_at(r, &q.at, going_on.fault);
	q.until = UINT64_MAX;
	q.fault = q.solid = to;
	if (search(s, &q, e) < 0)
		return -1;
	close_damaged(s, r, JSON_BROKEN, q.solid, &q.at);
	return 1;
}

/* text that begins no record, up to the next one */
int
json_skip_stray(struct json_split *s, struct json_record *r, struct err *e)
{
	struct search q = { .at = s->at, .until = UINT64_MAX, .fault = s->at.byte,
		.solid = s->at.byte, .member = s->wrapped };

	json_begin_at(r, &s->at);
	if (json_need(s, s->at.byte + JSON_HEAD, e) < 0)
		return -1;
	json_save_head(s, s->at.byte, json_window_end(s));
	if (search(s, &q, e) < 0)
		return -1;
	close_damaged(s, r, JSON_STRAY, q.solid, &q.at);
	return 1;
}

