/*
 * json_walk.c - the state machine behind json_walk.h: RFC 8259 without the insides of tokens.
 */
#include "config.h"

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

static enum json_walked
begin_string(struct json_walk *w, bool key)
{
	if (key && w->depth == 1)
		w->members++;
	w->in_key = key;
	w->state = IN_STRING;
	return JSON_WALK_MORE;
}

static enum json_walked
value(struct json_walk *w, char c)
{
	if (c == '{' || c == '[')
		return push(w, c == '{');
	if (c == '"')
		return begin_string(w, false);
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

/* one byte that is not inside a string */
static enum json_walked
step(struct json_walk *w, char c)
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
		return c == '"' ? begin_string(w, true) : fault(w, "a key was expected");
	case AT_COLON:
		if (c != ':')
			return fault(w, "a colon was expected behind the key");
		w->state = AT_VALUE;
		return JSON_WALK_MORE;
	case AT_NEXT:
		return next(w, c);
	default:
		return value(w, c);
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
		r = step(w, p[i]);
		if (r != JSON_WALK_FAULT)
			i++;
	}
	*used = i;
	return r;
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

	while (json_keys_next(&keys, &key)) {
		for (size_t i = 0; i < n && i < 64; i++) {
			if (slice_eq(key, name[i]))
				found |= UINT64_C(1) << i;
		}
	}
	return found;
}
