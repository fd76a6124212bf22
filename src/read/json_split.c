/*
 * json_split.c - the way from record to record, through wrappers and around what is no record.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "read/json_resync.h"
#include "read/json_split.h"
#include "read/json_window.h"

#define TOKEN_MAX (64 * 1024)	/* longest scalar between records that is passed over */
#define STRING_KEPT 4096	/* longest string that is looked at again when a fault follows */
#define NUMBER_LEVELS 2		/* levels of a wrapper whose numbers are told */

/* what came of looking at a byte */
enum step { STEP_FAILED = -1, STEP_END, STEP_RECORD, STEP_ON };

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

/* --- wrappers --- */

static unsigned
wrap_depth(const struct json_split *s)
{
	return s->lost ? 0 : s->wrap.walk.depth;
}

static void
set_mark(struct json_split *s, bool marked)
{
	unsigned level = wrap_depth(s) - 1;

	s->marked[level / 64] &= ~(UINT64_C(1) << (level % 64));
	s->marked[level / 64] |= (uint64_t)marked << (level % 64);
}

static bool
is_marked(const struct json_split *s)
{
	unsigned depth = wrap_depth(s), i;

	for (i = 0; i < depth / 64; i++) {
		if (s->marked[i] != 0)
			return true;
	}
	return depth % 64 > 0 && (s->marked[i] << (64 - depth % 64)) != 0;
}

/* the nesting is not known any more; what is read was a wrapper, though */
static void
get_lost(struct json_split *s)
{
	s->lost = true;
	memset(s->marked, 0, sizeof s->marked);
}

static void
begin_wrapper(struct json_split *s, uint64_t to)
{
	s->wrapped = true;
	s->lost = s->doubtful = s->suspect = false;
	json_wrap_init(&s->wrap);
	s->wrap_at = s->at;
	s->held = s->own_keys = 0;
	s->wrappers++;
	json_save_head(s, s->at.byte, to);
}

/* into the object at s->at, of which [s->at, to) was followed */
static void
enter(struct json_split *s, uint64_t to, enum json_followed w)
{
	if (!s->wrapped)
		begin_wrapper(s, to);
	s->suspect = s->suspect || w == JSON_FOLLOWED_FAULT || w == JSON_FOLLOWED_CUT;
	if (s->hooks.enter)
		s->hooks.enter(s->hooks.ctx, slice_of(json_window_at(s, s->at.byte),
		    (size_t)(to - s->at.byte)), s->at.byte,
		    w == JSON_FOLLOWED_DONE);
	if (!s->lost && !json_wrap_enter(&s->wrap))
		get_lost(s);
	if (!s->lost)
		set_mark(s, false);
	json_pass(&s->at, '{');
	s->whole_before = false;
}

/*
 * The wrapper ends before s->at. One in which nothing was found, nor damage told, is a
 * record itself: an object that is too long to be looked at in one piece.
 */
static enum step
end_wrapper(struct json_split *s, struct json_record *r, const char *fault)
{
	json_begin_at(r, &s->wrap_at);
	r->kind = JSON_END;
	r->held = s->held;
	r->bytes = s->at.byte - r->byte;
	if (!fault && !s->lost && s->held > 0 &&
	    s->names.likely(s->own_keys) >= (int)JSON_PERHAPS)
		json_fault_at(r, &s->at, "a record in it has lost its brace");
	if (fault)
		json_fault_at(r, &s->at, fault);
	if (s->held == 0 && s->damage_end <= r->byte) {
		r->text = slice_of(s->head, s->head_n);
		if (fault)
			r->kind = JSON_CUT;
		else
			r->kind = s->names.likely(s->own_keys) < (int)JSON_LACKING ?
			    JSON_OTHER : JSON_LONG;
		s->damage_end = fault ? s->at.byte : s->damage_end;
	}
	s->wrapped = s->lost = s->doubtful = false;
	s->whole_before = true;
	return STEP_RECORD;
}

static void
tell_number(struct json_split *s, struct slice key, struct slice value, unsigned level)
{
	if (s->hooks.number && value.n > 0 && value.p[0] >= '0' && value.p[0] <= '9')
		s->hooks.number(s->hooks.ctx, key, value, level);
	if (s->hooks.literal && value.n > 0 && value.p[0] >= 'a' && value.p[0] <= 'z')
		s->hooks.literal(s->hooks.ctx, key, value, level);
}

/* an object of a wrapper is passed over: its numbers may say something of the wrapper */
static void
tell_numbers(struct json_split *s, struct slice object)
{
	struct json_keys keys = { .text = object };
	unsigned level = wrap_depth(s) + 1;
	struct slice key;

	if (s->lost || level > NUMBER_LEVELS || json_wrap_in_array(&s->wrap))
		return;
	while (json_keys_next(&keys, &key)) {
		struct slice value = slice_trim(slice_sub(object, keys.at, 64));
		size_t n = 0;

		while (n < value.n && value.p[n] >= '0' && value.p[n] <= '9')
			n++;
		if (n < value.n && memchr(",} \t\r\n", value.p[n], 6))
			tell_number(s, key, slice_sub(value, 0, n), level);
	}
}

static void
take_key(struct json_split *s)
{
	struct slice key = slice_of(s->wrap.key, s->wrap.key_n);

	set_mark(s, s->hooks.mark && s->hooks.mark(s->hooks.ctx, key));
	for (size_t i = 0; wrap_depth(s) == 1 && i < s->names.n; i++) {
		if (slice_eq(key, s->names.name[i]))
			s->own_keys |= UINT64_C(1) << i;
	}
}

/* a value was passed over, or is a record */
static void
value_done(struct json_split *s)
{
	if (s->wrapped && !s->lost)
		json_wrap_value(&s->wrap);
}

/* --- objects --- */

/* at: the place of its closing brace */
static enum step
take_record(struct json_split *s, struct json_record *r, struct json_place brace)
{
	struct json_place start = s->at;
	uint64_t end = brace.byte + 1;

	r->kind = s->walk.deepest > s->max_depth ? JSON_DEEP : JSON_RECORD;
	r->members = s->walk.members;
	r->bytes = end - r->byte;
	r->text = slice_of(json_window_at(s, r->byte), (size_t)r->bytes);
	r->wrapped = s->wrapped;
	r->marked = s->wrapped && is_marked(s);
	json_pass(&brace, '}');
	s->at = brace;
	s->whole_before = true;
	value_done(s);
	s->held++;
	if (r->kind == JSON_DEEP)
		return STEP_RECORD;
	if (start.bare) {
		s->indent = start.lead;
		s->indent_known = true;
	}
	*(s->wrapped ? &s->in_wrapper : s->open ? &s->in_array : &s->outside) += 1;
	*(s->at.line == start.line ? &s->one_line : &s->several_lines) += 1;
	return STEP_RECORD;
}

/* what the best object inside [s->at, to) is */
static int
best_inside(struct json_split *s, uint64_t to, enum json_likely enough)
{
	size_t used;
	int best = json_inner_best(slice_of(json_window_at(s, s->at.byte),
	    (size_t)(to - s->at.byte)), &s->names, (int)enough, false, &used);

	s->second_looks += used;
	return best;
}

/* is the object at s->at, followed up to `to`, a wrapper? likely: what its own keys say */
static bool
is_wrapper(struct json_split *s, enum json_followed w, uint64_t to, enum json_likely likely)
{
	/* in what may be a record itself only what surely is one counts */
	enum json_likely enough = likely == JSON_UNLIKELY ||
	    (likely == JSON_HARDLY && w == JSON_FOLLOWED_DONE) ? JSON_PERHAPS : JSON_SURELY;

	if (!s->names.likely || !json_may_look(s) ||
	    likely >= (w == JSON_FOLLOWED_DONE ? JSON_PERHAPS : JSON_LACKING))
		return false;
	return w == JSON_FOLLOWED_LONG || best_inside(s, to, enough) >= (int)enough;
}

/*
 * Has a wrapper got the keys of a record whose brace was lost? Looked at only where something
 * is known to be wrong: in a wrapper that is not well-formed, and where a comma or bracket
 * follows an object outside an array. 1, 0, -1
 */
static int
has_swallowed(struct json_split *s, enum json_followed w, uint64_t to, enum json_likely likely,
    struct err *e)
{
	struct slice rest;

	if (!s->names.likely || w != JSON_FOLLOWED_DONE || likely < JSON_LACKING ||
	    !json_may_look(s))
		return 0;
	if (s->wrapped)
		return (s->suspect || s->doubtful || s->lost) &&
		    best_inside(s, to, JSON_SURELY) >= (int)JSON_SURELY;
	if (s->open > 0)
		return 0;
	if (json_need(s, to + 8, e) < 0)
		return -1;
	rest = slice_sub(slice_trim(slice_of(json_window_at(s, to),
	    (size_t)(json_window_end(s) - to))), 0, 1);
	return (slice_eqs(rest, ",") || slice_eqs(rest, "]")) &&
	    best_inside(s, to, JSON_SURELY) >= (int)JSON_SURELY;
}

/* an object of a wrapper that is neither a record nor holds one */
static enum step
pass_object(struct json_split *s, uint64_t to)
{
	tell_numbers(s, slice_of(json_window_at(s, s->at.byte), (size_t)(to - s->at.byte)));
	json_pass_to(s, &s->at, to);
	s->whole_before = true;
	value_done(s);
	return STEP_ON;
}

/* may members of the object at s->at follow its closing brace, by damage? */
static bool
may_end_early(const struct json_split *s)
{
	return !s->wrapped || (!s->lost && json_wrap_in_array(&s->wrap));
}

/* the object at s->at is not whole: [s->at, to) was followed */
static enum step
read_damaged(struct json_split *s, struct json_record *r, enum json_followed w, uint64_t to,
    enum json_likely likely, struct err *e)
{
	bool doubtful = s->doubtful, head = false;
	int got;

	s->held++;
	if (w == JSON_FOLLOWED_LONG) {
		got = json_skip_long(s, r, to, e);
		if (got == 1 && r->kind == JSON_LONG) {
			value_done(s);
			s->doubtful = doubtful;
		}
		return got == 1 ? STEP_RECORD : STEP_FAILED;
	}
	/* perhaps the beginning of a wrapper: what stands around the next record is its text */
	head = !s->wrapped && s->open == 0 && s->names.likely && likely == JSON_UNLIKELY;
	s->wrap_at = head ? s->at : s->wrap_at;
	got = json_resync(s, r, to, w == JSON_FOLLOWED_CUT, e);
	if (got == 1 && head && r->kind == JSON_BROKEN &&
	    !(s->at.bare && s->at.lead == s->wrap_at.lead)) {
		s->wrapped = true;
		s->held = 1;
		s->wrappers++;
		get_lost(s);
	}
	return got == 1 ? STEP_RECORD : STEP_FAILED;
}

static enum step
read_object(struct json_split *s, struct json_record *r, struct err *e)
{
	enum json_likely likely = JSON_SURELY;
	uint64_t to = s->at.byte;
	struct json_place fault = s->at;
	enum json_followed w;
	int early = 0, swallowed;

	json_begin_at(r, &s->at);
	s->keep = s->at.byte;
	json_walk_init(&s->walk);
	w = json_follow(s, &s->walk, s->at.byte, s->max_record, &to, e);
	if (w == JSON_FOLLOWED_ERROR)
		return STEP_FAILED;
	if (s->looked > s->at.byte)
		s->second_looks += (to < s->looked ? to : s->looked) - s->at.byte;
	s->looked = to > s->looked ? to : s->looked;
	if (s->names.likely)
		likely = (enum json_likely)s->names.likely(json_walk_keys(&s->walk,
		    slice_of(json_window_at(s, s->at.byte), (size_t)(to - s->at.byte)),
		    s->names.name, s->names.n));
	if ((swallowed = has_swallowed(s, w, to, likely, e)) < 0)
		return STEP_FAILED;
	if (swallowed || is_wrapper(s, w, to, likely)) {
		enter(s, to, w);
		return STEP_ON;
	}
	if (w == JSON_FOLLOWED_DONE) {
		json_pass_to(s, &fault, to - 1);
		if (may_end_early(s) && !json_own_brace(&s->at, &fault))
			early = json_ends_early(s, s->at.byte, to, &to, e);
		if (early < 0)
			return STEP_FAILED;
		if (!early)
			return s->wrapped && likely < JSON_LACKING && json_may_look(s) ?
			    pass_object(s, to) : take_record(s, r, fault);
		s->walk.fault = "a further key follows its closing brace";
	}
	if (w != JSON_FOLLOWED_LONG) {
		json_pass_to(s, &fault, to);
		json_fault_at(r, &fault, w == JSON_FOLLOWED_CUT ? "the input ends inside it" :
		    s->walk.fault);
	}
	return read_damaged(s, r, w, to, likely, e);
}

/* --- between records --- */

/* the length of a number or literal; 0 when the text begins with none */
static size_t
scalar_length(struct slice text)
{
	size_t n = 0;

	while (n < text.n && ((text.p[n] >= '0' && text.p[n] <= '9') ||
	    (text.p[n] >= 'a' && text.p[n] <= 'z') || (text.p[n] >= 'A' && text.p[n] <= 'Z') ||
	    memchr("+-.", text.p[n], 3)))
		n++;
	if (n == 0)
		return 0;
	if ((text.p[0] >= '0' && text.p[0] <= '9') || text.p[0] == '-')
		return n;
	text = slice_sub(text, 0, n);
	return slice_eqs(text, "true") || slice_eqs(text, "false") || slice_eqs(text, "null") ||
	    slice_eqs(text, "NaN") || slice_eqs(text, "Infinity") ? n : 0;
}

/* a string, with its quotes, that ends on its line; 0 when there is none */
static size_t
string_length(struct slice text)
{
	size_t i = 1;

	if (text.n == 0 || text.p[0] != '"')
		return 0;
	while (i < text.n && text.p[i] != '"' && text.p[i] != '\n')
		i += text.p[i] == '\\' ? 2 : 1;
	return i < text.n && text.p[i] == '"' ? i + 1 : 0;
}

/* over one scalar; element: only when it is one of an array. STEP_END: there is none */
static enum step
pass_scalar(struct json_split *s, bool element, struct err *e)
{
	struct slice text, rest;
	size_t n;

	if (json_need(s, s->at.byte + TOKEN_MAX, e) < 0)
		return STEP_FAILED;
	text = slice_sub(slice_of(json_window_at(s, s->at.byte),
	    (size_t)(json_window_end(s) - s->at.byte)), 0, TOKEN_MAX);
	n = text.p[0] == '"' ? string_length(text) : scalar_length(text);
	if (n == 0)
		return STEP_END;
	rest = slice_sub(text, n, text.n);
	while (rest.n > 0 && memchr(" \t\r\n", rest.p[0], 4))
		rest = slice_sub(rest, 1, rest.n);
	/* behind damage a quote may have lost its partner: an object may begin in there */
	if (!element && slice_find_byte(slice_sub(text, 0, n), 0, '{') != SIZE_MAX)
		return STEP_END;
	if (element && rest.n > 0 && rest.p[0] != ',' && rest.p[0] != ']')
		return STEP_END;
	json_pass_to(s, &s->at, s->at.byte + n);
	return STEP_ON;
}

/* what may stand between records: 1 on any other byte, 0 at the end, -1 */
static int
skip_between(struct json_split *s, char *c, struct err *e)
{
	int r;

	while ((s->keep = s->at.byte, r = json_need(s, s->at.byte, e)) == 1) {
		*c = *json_window_at(s, s->at.byte);
		if (!memchr(" \t\r\n,[]", *c, 7))
			return 1;
		if (memchr(",[]", *c, 3))
			s->whole_before = false;
		if (*c == '[') {
			s->arrays += s->open++ == 0;
		} else if (*c == ']' && s->open > 0) {
			s->open--;
		}
		json_pass(&s->at, *c);
	}
	return r;
}

static enum step
stray(struct json_split *s, struct json_record *r, const char *fault, struct err *e)
{
	struct json_place at = s->at;

	if (json_skip_stray(s, r, e) != 1)
		return STEP_FAILED;
	if (fault)
		json_fault_at(r, &at, fault);
	return STEP_RECORD;
}

static enum step
outside_wrapper(struct json_split *s, struct json_record *r, struct err *e)
{
	enum step step = STEP_END;
	char c = 0;
	int got;

	if ((got = skip_between(s, &c, e)) != 1)
		return got == 0 ? STEP_END : STEP_FAILED;
	if (c == '{') {
		if (s->open > 0 && s->whole_before && s->no_comma++ == 0)
			s->no_comma_at = s->at;
		return read_object(s, r, e);
	}
	if (s->open > 0 && !s->whole_before)
		step = pass_scalar(s, true, e);
	return step == STEP_END ? stray(s, r, NULL, e) : step;
}

/* behind damage: a line that begins as the wrapper began, with an object, is the next one */
static bool
is_next_document(const struct json_split *s)
{
	return s->at.bare && s->wrap_at.bare && s->at.lead == s->wrap_at.lead &&
	    s->at.line > s->wrap_at.line;
}

/* an object where a key must stand; what follows is of the wrapper all the same, outside arrays */
static enum step
leave_broken(struct json_split *s, struct json_record *r)
{
	bool told = s->doubtful;

	s->damage_end = s->at.byte;
	end_wrapper(s, r, "a key was expected");
	s->whole_before = false;
	if (s->open == 0) {
		s->wrapped = true;
		get_lost(s);
		s->held = 0;
	}
	return told ? STEP_ON : STEP_RECORD;
}

/* at the brace of an object in a wrapper */
static enum step
inside_at_object(struct json_split *s, struct json_record *r, struct err *e)
{
	bool expected = !s->lost && json_wrap_takes_value(&s->wrap);

	if ((!expected || s->doubtful) && is_next_document(s))
		return end_wrapper(s, r, "it does not end before the next document begins");
	if (!expected && !s->lost && !json_wrap_in_array(&s->wrap))
		return leave_broken(s, r);
	if (!expected && !s->lost && s->no_comma++ == 0)
		s->no_comma_at = s->at;
	return read_object(s, r, e);
}

static enum step
inside_lost(struct json_split *s, struct json_record *r, struct err *e)
{
	enum step step;
	int got;

	for (;;) {
		char c;

		s->keep = s->at.byte;
		if ((got = json_need(s, s->at.byte, e)) != 1)
			return got == 0 ? STEP_END : STEP_FAILED;
		c = *json_window_at(s, s->at.byte);
		if (c == '{')
			return inside_at_object(s, r, e);
		if (memchr(" \t\r\n,:[]}", c, 9)) {
			json_pass(&s->at, c);
			continue;
		}
		if ((step = pass_scalar(s, false, e)) != STEP_ON)
			return step == STEP_END ? stray(s, r, NULL, e) : step;
	}
}

/* a string ended before s->at: it is kept for a second look */
static void
keep_string(struct json_split *s)
{
	s->string_end = s->at.byte;
	s->string_at = s->at;
	if (s->wrap.string_bytes <= STRING_KEPT)
		s->string_at.byte -= s->wrap.string_bytes;
	s->keep = s->string_at.byte;
}

/* does nothing but blanks stand between the string that is kept and s->at? */
static bool
is_behind_string(const struct json_split *s)
{
	return s->string_at.byte >= s->keep && s->string_at.byte < s->string_end &&
	    slice_trim(slice_of(json_window_at(s, s->string_end),
	    (size_t)(s->at.byte - s->string_end))).n == 0;
}

/* a byte that cannot stand there. A string before it may have swallowed what its quote lacked. */
static enum step
leave_faulty(struct json_split *s, struct json_record *r, struct err *e)
{
	const char *fault = s->wrap.walk.fault;
	bool told = s->doubtful;

	if (json_wrap_in_string(&s->wrap) && s->wrap.string_bytes <= STRING_KEPT)
		s->at.byte -= s->wrap.string_bytes;
	else if (is_behind_string(s))
		s->at = s->string_at;
	get_lost(s);
	/* wrong nesting behind damage that was told is no damage of its own */
	return told ? STEP_ON : stray(s, r, fault, e);
}

static enum step
inside_wrapper(struct json_split *s, struct json_record *r, struct err *e)
{
	struct json_wrap *w = &s->wrap;
	size_t used;
	int got;

	for (;;) {
		if (s->at.byte - s->keep > 2 * STRING_KEPT)
			s->keep = s->at.byte - STRING_KEPT;
		if ((got = json_need(s, s->at.byte, e)) != 1)
			return got == 0 ? STEP_END : STEP_FAILED;
		switch (json_wrap(w, json_window_at(s, s->at.byte),
		    (size_t)(json_window_end(s) - s->at.byte), &used)) {
		case JSON_WRAP_MORE:
			json_pass_to(s, &s->at, s->at.byte + used);
			break;
		case JSON_WRAP_KEY:
			json_pass_to(s, &s->at, s->at.byte + used);
			keep_string(s);
			take_key(s);
			break;
		case JSON_WRAP_STRING:
			json_pass_to(s, &s->at, s->at.byte + used);
			keep_string(s);
			break;
		case JSON_WRAP_ARRAY:
			json_pass_to(s, &s->at, s->at.byte + used);
			set_mark(s, false);
			break;
		case JSON_WRAP_SCALAR:
			json_pass_to(s, &s->at, s->at.byte + used);
			if (!json_wrap_in_array(w) && w->walk.depth <= NUMBER_LEVELS)
				tell_number(s, slice_of(w->key, w->key_n),
				    slice_of(w->scalar, w->scalar_n), w->walk.depth);
			break;
		case JSON_WRAP_OBJECT:
			json_pass_to(s, &s->at, s->at.byte + used);
			return inside_at_object(s, r, e);
		case JSON_WRAP_DONE:
			json_pass_to(s, &s->at, s->at.byte + used);
			return end_wrapper(s, r, NULL);
		case JSON_WRAP_FAULT:
			json_pass_to(s, &s->at, s->at.byte + used);
			return leave_faulty(s, r, e);
		}
	}
}

/* a UTF-8 byte order mark */
static int
skip_mark(struct json_split *s, struct err *e)
{
	if (json_need(s, 2, e) < 0)
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
	enum step step = STEP_ON;

	if (s->at.byte == 0 && skip_mark(s, e) != 0)
		return -1;
	while (step == STEP_ON) {
		if (!s->wrapped)
			step = outside_wrapper(s, r, e);
		else if (s->lost)
			step = inside_lost(s, r, e);
		else
			step = inside_wrapper(s, r, e);
	}
	if (step == STEP_END && s->wrapped) {
		s->wrapper_open = !s->lost;
		step = end_wrapper(s, r, s->lost ? NULL : "the input ends inside it");
	}
	return (int)step;
}

const char *
json_split_shape(const struct json_split *s)
{
	if (s->in_wrapper > 0 && s->in_array == 0 && s->outside == 0)
		return s->wrappers == 1 ? "JSON wrapper" : "JSON wrappers";
	if (s->in_wrapper > 0)
		return "JSON objects";
	if (s->arrays > 1)
		return "JSON arrays";
	if (s->arrays == 1 && s->outside == 0)
		return "JSON array";
	return s->several_lines > 0 || s->arrays > 0 ? "JSON objects" : "NDJSON";
}

bool
json_split_unclosed(const struct json_split *s)
{
	return (s->open > 0 || s->wrapper_open) && s->damage_end < s->at.byte;
}
