/*
 * python_repr.c - a recursive descent over Python literals, bounded in depth.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "read/python_repr.h"

struct repr {
	struct slice in;	/* what is left */
	struct buf text;	/* of the string at hand */
	struct arena arena;
	unsigned depth;
	bool cut;		/* the text ended too early: unwind, keeping what is there */
	bool bad;		/* it is no repr */
};

static json_t *value(struct repr *r);

static void
skip_blanks(struct repr *r)
{
	while (r->in.n > 0 && memchr(" \t\r\n", r->in.p[0], 4))
		r->in = slice_sub(r->in, 1, r->in.n);
}

/* nothing is left, or only the dots that a script puts where it cuts */
static bool
at_end(const struct repr *r)
{
	struct slice rest = slice_trim(r->in);

	return rest.n == 0 || slice_eqs(rest, ".") || slice_eqs(rest, "..") ||
	    slice_eqs(rest, "...") || slice_eqs(rest, "\xe2\x80\xa6");
}

static json_t *
fail(struct repr *r)
{
	if (at_end(r))
		r->cut = true;
	else
		r->bad = true;
	return NULL;
}

static bool
stopped(const struct repr *r)
{
	return r->cut || r->bad;
}

/* --- strings --- */

static bool
take_hex(struct slice *in, unsigned digits, uint32_t *code)
{
	*code = 0;
	if (in->n < digits)
		return false;
	for (unsigned i = 0; i < digits; i++) {
		char c = in->p[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a') + 10;
		else
			return false;
		*code = *code * 16 + digit;
	}
	*in = slice_sub(*in, digits, in->n);
	return true;
}

static void
put_code(struct buf *out, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(out, (char)(0xe0 | c >> 12));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xf0 | c >> 18));
		buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* behind the backslash; false when the text ends inside it */
static bool
take_escape(struct repr *r)
{
	static const char from[] = "nrtabfv0\\'\"", to[] = "\n\r\t\a\b\f\v\0\\'\"";
	struct slice in = r->in;
	const char *known;
	uint32_t code;
	char c;

	if (in.n == 0)
		return false;
	c = in.p[0];
	in = slice_sub(in, 1, in.n);
	if (c == 'x' || c == 'u' || c == 'U') {
		if (take_hex(&in, c == 'x' ? 2 : c == 'u' ? 4 : 8, &code))
			put_code(&r->text, code);
		else if (in.n < 8)
			return false;
		else
			buf_put(&r->text, (const char[]){ '\\', c }, 2);
	} else if ((known = memchr(from, c, sizeof from - 1)) != NULL) {
		buf_putc(&r->text, to[known - from]);
	} else {
		buf_putc(&r->text, '\\');
		buf_putc(&r->text, c);
	}
	r->in = in;
	return true;
}

static json_t *
string(struct repr *r)
{
	char quote = r->in.p[0];
	struct slice text;
	size_t fixed;

	buf_reset(&r->text);
	r->in = slice_sub(r->in, 1, r->in.n);
	for (;;) {
		size_t n = 0;

		while (n < r->in.n && r->in.p[n] != quote && r->in.p[n] != '\\')
			n++;
		buf_put(&r->text, r->in.p, n);
		r->in = slice_sub(r->in, n, r->in.n);
		if (r->in.n == 0) {
			r->cut = true;
			break;
		}
		if (slice_take_byte(&r->in, quote))
			break;
		r->in = slice_sub(r->in, 1, r->in.n);
		if (!take_escape(r)) {
			r->in = slice_sub(r->in, r->in.n, 0);
			r->cut = true;
			break;
		}
	}
	text = text_utf8(&r->arena, buf_slice(&r->text), &fixed);
	return json_stringn(text.n > 0 ? text.p : "", text.n);
}

/* --- other scalars --- */

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '_' || c == '.' || c == '+' || c == '-';
}

static json_t *
number(struct slice word)
{
	int64_t integer;
	double real;

	if (slice_to_int64(word, &integer))
		return json_integer(integer);
	if (slice_find_byte(word, 0, '.') != SIZE_MAX ||
	    slice_find_byte(word, 0, 'e') != SIZE_MAX ||
	    slice_find_byte(word, 0, 'E') != SIZE_MAX) {
		if (slice_to_double(word, &real))
			return json_real(real);
	}
	return json_stringn(word.p, word.n);
}

/* a call or <...> that has no counterpart in JSON, up to its closing bracket: its own text */
static json_t *
foreign(struct repr *r, struct slice from)
{
	unsigned depth = 0;
	char quote = '\0';

	for (size_t i = 0; i < from.n; i++) {
		char c = from.p[i];

		if (quote) {
			if (c == '\\')
				i++;
			else if (c == quote)
				quote = '\0';
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == '(' || c == '<' || c == '[' || c == '{') {
			depth++;
		} else if ((c == ')' || c == '>' || c == ']' || c == '}') && --depth == 0) {
			r->in = slice_sub(from, i + 1, from.n);
			return json_stringn(from.p, i + 1);
		}
	}
	r->in = slice_sub(from, from.n, 0);
	r->cut = true;
	return NULL;
}

/* --- containers --- */

static json_t *
list(struct repr *r, char end)
{
	json_t *array = json_array(), *element;

	r->in = slice_sub(r->in, 1, r->in.n);
	for (;;) {
		skip_blanks(r);
		if (slice_take_byte(&r->in, end))
			return array;
		if ((element = value(r)) != NULL)
			json_array_append_new(array, element);
		skip_blanks(r);
		if (stopped(r))
			return array;
		if (!slice_take_byte(&r->in, ',') && (r->in.n == 0 || r->in.p[0] != end)) {
			fail(r);
			return array;
		}
	}
}

/* a NUL in a key becomes U+FFFD, as in keys of JSON (json_lenient.h) */
static void
set_named(json_t *object, struct slice key, json_t *member)
{
	struct buf plain;

	if (slice_find_byte(key, 0, '\0') == SIZE_MAX) {
		json_object_setn(object, key.p, key.n, member);
		return;
	}
	buf_init(&plain, key.n * 3 + 1);
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] == '\0')
			buf_puts(&plain, "\xef\xbf\xbd");
		else
			buf_putc(&plain, key.p[i]);
	}
	json_object_setn(object, plain.p, plain.n, member);
	buf_release(&plain);
}

static void
set_member(json_t *object, json_t *key, json_t *member)
{
	char *text = json_is_string(key) ? NULL : json_dumps(key, JSON_COMPACT | JSON_ENCODE_ANY);

	if (json_is_string(key))
		set_named(object, slice_of(json_string_value(key), json_string_length(key)),
		    member);
	else if (text)
		json_object_set(object, text, member);
	free(text);
}

/* a dict, or a set, which has no colons */
static json_t *
dict(struct repr *r)
{
	json_t *object = json_object(), *set = NULL, *key, *member;

	r->in = slice_sub(r->in, 1, r->in.n);
	for (;;) {
		skip_blanks(r);
		if (slice_take_byte(&r->in, '}'))
			break;
		key = value(r);
		skip_blanks(r);
		if (key && !stopped(r) && slice_take_byte(&r->in, ':')) {
			if ((member = value(r)) != NULL)
				set_member(object, key, member);
			json_decref(member);
		} else if (key && !stopped(r) && json_object_size(object) == 0 && r->in.n > 0) {
			set = set ? set : json_array();
			json_array_append(set, key);
		} else if (!stopped(r)) {
			fail(r);
		}
		json_decref(key);
		skip_blanks(r);
		if (stopped(r))
			break;
		if (!slice_take_byte(&r->in, ',') && (r->in.n == 0 || r->in.p[0] != '}')) {
			fail(r);
			break;
		}
	}
	if (!set)
		return object;
	json_decref(object);
	return set;
}

/* OrderedDict([('a', 1)]): a list of pairs to an object; anything else stays as it is */
static json_t *
of_pairs(json_t *pairs)
{
	json_t *object, *pair;
	size_t i;

	if (!json_is_array(pairs))
		return pairs;
	object = json_object();
	json_array_foreach(pairs, i, pair) {
		if (json_array_size(pair) == 2)
			set_member(object, json_array_get(pair, 0), json_array_get(pair, 1));
	}
	json_decref(pairs);
	return object;
}

/* behind the word and its parenthesis */
static json_t *
ordered_dict(struct repr *r)
{
	json_t *inner;

	skip_blanks(r);
	if (slice_take_byte(&r->in, ')'))
		return json_object();
	inner = value(r);
	skip_blanks(r);
	if (!stopped(r) && !slice_take_byte(&r->in, ')'))
		fail(r);
	return inner ? of_pairs(inner) : NULL;
}

static json_t *
word(struct repr *r)
{
	struct slice start = r->in, w;
	size_t n = 0;

	while (n < r->in.n && is_word(r->in.p[n]))
		n++;
	w = slice_sub(r->in, 0, n);
	if (n == 0)
		return fail(r);
	r->in = slice_sub(r->in, n, r->in.n);
	if (r->in.n == 0 || at_end(r)) {
		r->cut = true;		/* it may go on */
		return NULL;
	}
	if (r->in.p[0] == '(') {
		if (slice_ends(w, "OrderedDict")) {
			r->in = slice_sub(r->in, 1, r->in.n);
			return ordered_dict(r);
		}
		return foreign(r, start);
	}
	if ((r->in.p[0] == '\'' || r->in.p[0] == '"') && n == 1 && w.p[0] == 'b')
		return string(r);
	if (slice_eqs(w, "None") || slice_eqs(w, "null"))
		return json_null();
	if (slice_eqs(w, "True") || slice_eqs(w, "true"))
		return json_true();
	if (slice_eqs(w, "False") || slice_eqs(w, "false"))
		return json_false();
	if ((w.p[0] >= '0' && w.p[0] <= '9') || w.p[0] == '-' || slice_eqs(w, "nan") ||
	    slice_eqs(w, "inf"))
		return number(w);
	r->bad = true;
	return NULL;
}

static json_t *
value(struct repr *r)
{
	json_t *v;

	skip_blanks(r);
	if (r->in.n == 0 || r->depth == PYTHON_DEPTH) {
		r->bad = r->bad || r->in.n > 0;
		r->cut = r->cut || r->in.n == 0;
		return NULL;
	}
	r->depth++;
	switch (r->in.p[0]) {
	case '{':
		v = dict(r);
		break;
	case '[':
		v = list(r, ']');
		break;
	case '(':
		v = list(r, ')');
		break;
	case '\'':
	case '"':
		v = string(r);
		break;
	case '<':
		v = foreign(r, r->in);
		break;
	default:
		v = word(r);
	}
	r->depth--;
	return v;
}

json_t *
python_repr(struct slice text, bool *cut)
{
	struct repr r = { .in = slice_trim(text) };
	json_t *v;

	*cut = false;
	if (r.in.n == 0 || !(r.in.p[0] == '{' || r.in.p[0] == '[' ||
	    slice_starts(r.in, "OrderedDict(") || slice_starts(r.in, "collections.OrderedDict(")))
		return NULL;
	arena_init(&r.arena);
	buf_init(&r.text, text.n * 4 + 16);
	v = value(&r);
	if (!stopped(&r) && slice_trim(r.in).n > 0)
		r.bad = true;
	if (r.bad || (!json_is_object(v) && !json_is_array(v)) ||
	    (r.cut && json_object_size(v) == 0 && json_array_size(v) == 0)) {
		json_decref(v);
		v = NULL;
	}
	*cut = v && r.cut;
	buf_release(&r.text);
	arena_release(&r.arena);
	return v;
}
