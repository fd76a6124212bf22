/*
 * json_walk.c - the state machine behind json_walk.h: RFC 8259 without the insides of tokens.
 */
#include "config.h"

#include <string.h>

#include "read/json_walk.h"

enum {
	AT_VALUE,		/* a value must come */
	AT_FIRST_VALUE,		/* a value or the end of the array */
	AT_KEY,
	AT_FIRST_KEY,		/* a key or the end of the object */
	AT_COLON,
	AT_NEXT,		/* a comma or a closing bracket */
	IN_SCALAR,
	IN_STRING,
	IN_ESCAPE
};

void
json_walk_init(struct json_walk *w)
{
	/* object[] needs no clearing: a level is written when it is entered */
	w->depth = w->deepest = 0;
	w->state = AT_VALUE;
	w->in_key = false;
	w->members = 0;
	w->passed = 0;
	w->fault = NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool
is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '-' || c == '+' || c == '.';
}

static enum json_walked
fault(struct json_walk *w, const char *text)
{
	w->fault = text;
	return JSON_WALK_FAULT;
}

static bool
in_object(const struct json_walk *w)
{
	unsigned level = w->depth - 1;

	return (w->object[level / 64] >> (level % 64)) & 1;
}

static enum json_walked
push(struct json_walk *w, bool object)
{
	uint64_t bit;

	if (w->depth == JSON_WALK_DEPTH)
		return fault(w, "nested too deeply to be followed");
	bit = UINT64_C(1) << (w->depth % 64);
	if (object)
		w->object[w->depth / 64] |= bit;
	else
		w->object[w->depth / 64] &= ~bit;
	if (++w->depth > w->deepest)
		w->deepest = w->depth;
	w->state = object ? AT_FIRST_KEY : AT_FIRST_VALUE;
	return JSON_WALK_MORE;
}

static enum json_walked
pop(struct json_walk *w)
{
	w->state = AT_NEXT;
	return --w->depth == 0 ? JSON_WALK_DONE : JSON_WALK_MORE;
}

/* at: offset of its quote in the text that was given so far */
static enum json_walked
begin_string(struct json_walk *w, bool key, uint64_t at)
{
	if (key && w->depth == 1) {
		if (w->members < JSON_WALK_KEYS)
			w->key_at[w->members] = at;
		w->members++;
	}
	w->in_key = key;
	w->state = IN_STRING;
	return JSON_WALK_MORE;
}

static enum json_walked
value(struct json_walk *w, char c, uint64_t at)
{
	if (c == '{' || c == '[')
		return push(w, c == '{');
	if (c == '"')
		return begin_string(w, false, at);
	if (!is_scalar(c))
		return fault(w, "a value was expected");
	w->state = IN_SCALAR;
	return JSON_WALK_MORE;
}

static enum json_walked
next(struct json_walk *w, char c)
{
	bool object = in_object(w);

	if (c == ',') {
		w->state = object ? AT_KEY : AT_VALUE;
		return JSON_WALK_MORE;
	}
	if (c == (object ? '}' : ']'))
		return pop(w);
	return fault(w, object ? "a comma or '}' was expected" : "a comma or ']' was expected");
}

/* one byte that is not inside a string, at offset `at` of the text */
static enum json_walked
step(struct json_walk *w, char c, uint64_t at)
{
	if (w->state == IN_SCALAR) {
		if (is_scalar(c))
			return JSON_WALK_MORE;
		w->state = AT_NEXT;
	}
	if (is_blank(c))
		return JSON_WALK_MORE;
	if ((w->state == AT_FIRST_KEY && c == '}') || (w->state == AT_FIRST_VALUE && c == ']'))
		return pop(w);
	switch (w->state) {
	case AT_KEY:
	case AT_FIRST_KEY:
		return c == '"' ? begin_string(w, true, at) : fault(w, "a key was expected");
	case AT_COLON:
		if (c != ':')
			return fault(w, "a colon was expected behind the key");
		w->state = AT_VALUE;
		return JSON_WALK_MORE;
	case AT_NEXT:
		return next(w, c);
	default:
		return value(w, c, at);
	}
}

/* bytes of a string up to what ends or faults it; returns how many were used */
static size_t
string_bytes(struct json_walk *w, const char *p, size_t n, enum json_walked *r)
{
	size_t i = 0;

	if (w->state == IN_ESCAPE && p[0] != '\n') {
		w->state = IN_STRING;
		i = 1;
	}
	while (i < n && p[i] != '"' && p[i] != '\\' && p[i] != '\n')
		i++;
	if (i == n)
		return n;
	if (p[i] == '\n') {
		*r = fault(w, "the line ends inside a string");
		return i;
	}
	if (p[i] == '\\')
		w->state = IN_ESCAPE;
	else
		w->state = w->in_key ? AT_COLON : AT_NEXT;
	return i + 1;
}

enum json_walked
json_walk(struct json_walk *w, const char *p, size_t n, size_t *used)
{
	enum json_walked r = JSON_WALK_MORE;
	size_t i = 0;

	while (i < n && r == JSON_WALK_MORE) {
		if (w->state == IN_STRING || w->state == IN_ESCAPE) {
			i += string_bytes(w, p + i, n - i, &r);
			continue;
		}
		r = step(w, p[i], w->passed + i);
		if (r != JSON_WALK_FAULT)
			i++;
	}
	w->passed += i;
	*used = i;
	return r;
}

/* --- the text of a wrapper --- */

void
json_wrap_init(struct json_wrap *w)
{
	json_walk_init(&w->walk);
	w->key_n = w->scalar_n = 0;
}

bool
json_wrap_takes_value(const struct json_wrap *w)
{
	return w->walk.state == AT_VALUE || w->walk.state == AT_FIRST_VALUE;
}

bool
json_wrap_in_array(const struct json_wrap *w)
{
	return w->walk.depth > 0 && !in_object(&w->walk);
}

bool
json_wrap_enter(struct json_wrap *w)
{
	return push(&w->walk, true) != JSON_WALK_FAULT;
}

void
json_wrap_value(struct json_wrap *w)
{
	w->walk.state = AT_NEXT;
}

void
json_wrap_expect(struct json_wrap *w)
{
	w->walk.state = AT_VALUE;
}

static void
collect(char *to, size_t room, size_t *n, const char *p, size_t more)
{
	if (*n + more > room)
		more = room - *n;
	memcpy(to + *n, p, more);
	*n += more;
}

static bool
is_in_string(const struct json_walk *w)
{
	return w->state == IN_STRING || w->state == IN_ESCAPE;
}

bool
json_wrap_in_string(const struct json_wrap *w)
{
	return is_in_string(&w->walk);
}

enum json_wrapped
json_wrap(struct json_wrap *w, const char *p, size_t n, size_t *used)
{
	struct json_walk *walk = &w->walk;
	enum json_walked r = JSON_WALK_MORE;
	size_t i = 0;

	for (*used = 0; i < n; *used = i) {
		if (is_in_string(walk)) {
			size_t m = string_bytes(walk, p + i, n - i, &r);

			w->string_bytes += m;
			if (walk->in_key)
				collect(w->key, sizeof w->key, &w->key_n, p + i, m);
			i += m;
			if (r == JSON_WALK_FAULT)
				break;
			if (is_in_string(walk))
				continue;
			*used = i;
			if (!walk->in_key)
				return JSON_WRAP_STRING;
			w->key_n -= w->key_n > 0 && w->key[w->key_n - 1] == '"';
			return JSON_WRAP_KEY;
		}
		if (walk->state == IN_SCALAR && !is_scalar(p[i])) {
			walk->state = AT_NEXT;
			return JSON_WRAP_SCALAR;
		}
		if (p[i] == '{')
			return JSON_WRAP_OBJECT;
		r = step(walk, p[i], 0);
		if (r == JSON_WALK_FAULT)
			break;
		if (walk->state == IN_SCALAR)
			collect(w->scalar, sizeof w->scalar, &w->scalar_n, p + i, 1);
		else
			w->scalar_n = 0;
		if (is_in_string(walk)) {
			w->key_n = walk->in_key ? 0 : w->key_n;
			w->string_bytes = 1;
		}
		i++;
		if (p[i - 1] == '[' || r == JSON_WALK_DONE) {
			*used = i;
			return r == JSON_WALK_DONE ? JSON_WRAP_DONE : JSON_WRAP_ARRAY;
		}
	}
	*used = i;
	return r == JSON_WALK_FAULT ? JSON_WRAP_FAULT : JSON_WRAP_MORE;
}

/* --- keys --- */

/* offset of the quote that ends the string whose inside starts at `from`; the end if none does */
static size_t
string_end(struct slice text, size_t from)
{
	while (from < text.n && text.p[from] != '"')
		from += text.p[from] == '\\' ? 2 : 1;
	return from < text.n ? from : text.n;
}

static uint64_t
bit_of(struct slice key, const struct slice *name, size_t n)
{
	for (size_t i = 0; i < n && i < 64; i++) {
		if (key.n == name[i].n && slice_eq(key, name[i]))
			return UINT64_C(1) << i;
	}
	return 0;
}

bool
json_keys_next(struct json_keys *k, struct slice *key)
{
	struct slice text = k->text, string = { NULL, 0 };

	while (k->at < text.n) {
		char c = text.p[k->at++];

		if (c == '"') {
			size_t from = k->at;

			while (k->at < text.n && text.p[k->at] != '"')
				k->at += text.p[k->at] == '\\' ? 2 : 1;
			string = slice_sub(text, from, k->at < text.n ? k->at - from : 0);
			k->at++;
		} else if (c == ':' && k->depth == 1) {
			*key = string;
			return true;
		} else if (c == '{' || c == '[') {
			k->depth++;
		} else if ((c == '}' || c == ']') && (k->depth == 0 || --k->depth == 0)) {
			k->at = text.n;
		}
	}
	return false;
}

uint64_t
json_top_keys(struct slice text, const struct slice *name, size_t n)
{
	struct json_keys keys = { .text = text };
	struct slice key;
	uint64_t found = 0;

	while (json_keys_next(&keys, &key))
		found |= bit_of(key, name, n);
	return found;
}

uint64_t
json_walk_keys(const struct json_walk *w, struct slice text, const struct slice *name, size_t n)
{
	uint64_t found = 0;

	if (w->members > JSON_WALK_KEYS)
		return json_top_keys(text, name, n);
	for (size_t i = 0; i < w->members && w->key_at[i] < text.n; i++) {
		size_t from = (size_t)w->key_at[i] + 1;

		found |= bit_of(slice_sub(text, from, string_end(text, from) - from), name, n);
	}
	return found;
}

int
json_inner_best(struct slice text, const struct json_names *names, int enough, bool open,
    size_t *used)
{
	uint64_t keys[JSON_INNER_DEPTH + 1];
	struct slice string = { NULL, 0 };
	unsigned depth = 0;
	int best = 0, is;
	size_t i = 0;

	while (i < text.n && best < enough) {
		char c = text.p[i++];

		if (c == '"') {
			size_t end = string_end(text, i);

			string = slice_sub(text, i, end - i);
			i = end + 1;
		} else if (c == ':') {
			if (depth <= JSON_INNER_DEPTH)
				keys[depth] |= bit_of(string, names->name, names->n);
		} else if (c == '{' || c == '[') {
			if (++depth <= JSON_INNER_DEPTH)
				keys[depth] = 0;
		} else if (c == '}' || c == ']') {
			is = depth > 1 && depth <= JSON_INNER_DEPTH ?
			    names->likely(keys[depth]) : 0;
			best = is > best ? is : best;
			if (depth == 0 || --depth == 0)
				break;
		}
	}
	*used = i < text.n ? i : text.n;
	for (; open && depth > 1; depth--) {
		is = depth <= JSON_INNER_DEPTH ? names->likely(keys[depth]) : 0;
		best = is > best ? is : best;
	}
	return best;
}
