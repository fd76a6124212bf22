/* redact_stream.c - a lexer of JSON and a splitter of lines, in front of the engine */
#include "config.h"

#include "cmd/redact_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cmd/redact_json.h"

#define DEPTH 64		/* levels whose names are known; deeper ones have none */
#define NAME_MAX_BYTES 128	/* of a level */
#define SCALAR_MAX 64		/* bytes of a number that is judged */
#define SNIFF_MAX 4096		/* blanks before a document */
#define HASH_MASK UINT32_C(0xFFFFFF)
#define SIX_DIGITS 100000	/* numbers of six digits would read as a hash: they are left out */

enum state { SNIFF, LINES, OUTSIDE, IN_STRING, IN_ESCAPE, IN_SCALAR };

struct level {
	bool object;
	char name[NAME_MAX_BYTES];	/* the last key of it */
	size_t n;
	char says[NAME_MAX_BYTES];	/* of {"name": "X", "value": ...}: the X */
	size_t says_n;
};

struct number {
	uint32_t hash;		/* kind * 2^24 + hash; NONE = free */
	uint32_t n;
};

#define NONE UINT32_MAX

struct redact_stream {
	struct redactor *r;
	redact_put_fn *put;
	void *ctx;
	struct arena arena;
	enum state state;
	struct buf held;	/* what is sniffed, or the line, string or number being read */
	struct buf text, name, out;	/* scratch */
	bool key_next;		/* the next string is a key */
	struct level level[DEPTH];
	size_t depth;		/* may be more than DEPTH */
	struct number *number;	/* open addressing; a power of two */
	size_t numbers, room;
	uint32_t last[64];	/* by kind: the highest number so far */
	uint64_t unjudged;
};

struct redact_stream *
redact_stream_new(struct redactor *r, redact_put_fn *put, void *ctx)
{
	struct redact_stream *s = mem_calloc(1, sizeof *s);

	s->r = r;
	s->put = put;
	s->ctx = ctx;
	arena_init(&s->arena);
	buf_init(&s->held, REDACT_PIECE_MAX);
	buf_init(&s->text, SIZE_MAX / 2);
	buf_init(&s->name, 4 * NAME_MAX_BYTES);
	buf_init(&s->out, SIZE_MAX / 2);
	return s;
}

void
redact_stream_free(struct redact_stream *s)
{
	if (!s)
		return;
	arena_release(&s->arena);
	buf_release(&s->held);
	buf_release(&s->text);
	buf_release(&s->name);
	buf_release(&s->out);
	free(s->number);
	free(s);
}

uint64_t
redact_stream_unjudged(const struct redact_stream *s)
{
	return s->unjudged;
}

/* numbers ------------------------------------------------------------------ */

static struct number *
slot_of(struct number *table, size_t room, uint32_t hash)
{
	size_t i = (hash * UINT32_C(2654435761)) & (room - 1);

	while (table[i].hash != NONE && table[i].hash != hash)
		i = (i + 1) & (room - 1);
	return &table[i];
}

static void
make_room(struct redact_stream *s)
{
	size_t room = s->room ? s->room * 2 : 64;
	struct number *table;

	if (s->numbers * 2 < s->room)
		return;
	table = mem_alloc(room * sizeof *table);
	memset(table, 0xFF, room * sizeof *table);
	for (size_t i = 0; i < s->room; i++) {
		if (s->number[i].hash != NONE)
			*slot_of(table, room, s->number[i].hash) = s->number[i];
	}
	free(s->number);
	s->number = table;
	s->room = room;
}

static uint32_t
number_of(struct redact_stream *s, size_t kind, uint32_t hash)
{
	struct number *n;

	make_room(s);
	n = slot_of(s->number, s->room, (uint32_t)kind << 24 | (hash & HASH_MASK));
	if (n->hash == NONE) {
		n->hash = (uint32_t)kind << 24 | (hash & HASH_MASK);
		n->n = ++s->last[kind];
		s->numbers++;
	}
	return n->n < SIX_DIGITS ? n->n : n->n + 9 * SIX_DIGITS;
}

static size_t
kind_of(struct slice name)
{
	for (size_t i = 0; redact_kind(i); i++) {
		if (slice_eqs(name, redact_kind(i)))
			return i;
	}
	return 0;
}

static uint32_t
hash_of(struct slice hex)
{
	uint32_t v = 0;

	for (size_t i = 0; i < hex.n; i++)
		v = v << 4 | (uint32_t)(hex.p[i] <= '9' ? hex.p[i] - '0' : hex.p[i] - 'a' + 10);
	return v;
}

/* text with its hashes made numbers */
static void
put_numbered(struct redact_stream *s, struct slice text)
{
	size_t from = 0, at = 0, n = 0;
	struct slice kind, hex;

	while ((at = slice_find_byte(text, at, '[')) != SIZE_MAX) {
		if (!redact_token(slice_sub(text, at, SIZE_MAX), &kind, &n)) {
			at++;
			continue;
		}
		hex = slice_sub(text, at + kind.n + 2, n - kind.n - 3);
		if (hex.n == 6) {
			char number[48];
			int len = snprintf(number, sizeof number, "[%.*s:%u]", SLICE_ARG(kind),
			    (unsigned)number_of(s, kind_of(kind), hash_of(hex)));

			s->put(s->ctx, slice_sub(text, from, at - from));
			s->put(s->ctx, slice_of(number, (size_t)len));
			from = at + n;
		}
		at += n;
	}
	if (from < text.n)
		s->put(s->ctx, slice_sub(text, from, SIZE_MAX));
}

static void
put_unjudged(struct redact_stream *s)
{
	char token[48];
	int n = snprintf(token, sizeof token, "[unjudged:%06x]", (unsigned)++s->unjudged & 0xFFFFFF);

	put_numbered(s, slice_of(token, (size_t)n));
}

/* lines -------------------------------------------------------------------- */

static void
put_line(struct redact_stream *s, struct slice line)
{
	put_numbered(s, redact_part(s->r, &s->arena, 0, line));
	arena_reset(&s->arena);
}

/* a line that is too long is judged in pieces, which end at blanks */
static void
put_piece(struct redact_stream *s)
{
	struct slice held = buf_slice(&s->held), rest;
	size_t end = slice_rfind_byte(held, ' ');

	if (end == SIZE_MAX) {
		put_unjudged(s);
		buf_reset(&s->held);
		return;
	}
	put_line(s, slice_sub(held, 0, end));
	rest = slice_sub(held, end, SIZE_MAX);
	buf_reset(&s->text);
	buf_put_slice(&s->text, rest);
	buf_reset(&s->held);
	buf_put_slice(&s->held, buf_slice(&s->text));
}

static void
feed_lines(struct redact_stream *s, struct slice in)
{
	while (in.n) {
		size_t room = REDACT_PIECE_MAX - s->held.n;
		size_t end = slice_find_byte(slice_sub(in, 0, room), 0, '\n');
		size_t n = end == SIZE_MAX ? (in.n < room ? in.n : room) : end + 1;

		buf_put(&s->held, in.p, n);
		in = slice_sub(in, n, SIZE_MAX);
		if (end != SIZE_MAX) {
			put_line(s, buf_slice(&s->held));
			buf_reset(&s->held);
		} else if (s->held.n == REDACT_PIECE_MAX) {
			put_piece(s);
		}
	}
}

/* JSON --------------------------------------------------------------------- */

static struct level *
level_at(struct redact_stream *s, size_t up)
{
	return s->depth > up && s->depth - up <= DEPTH ? &s->level[s->depth - up - 1] : NULL;
}

/* "parent.name" of the value at hand */
static struct slice
name_of(struct redact_stream *s)
{
	size_t parts = 0;

	buf_reset(&s->name);
	for (size_t up = 3; up-- > 0;) {
		const struct level *l = level_at(s, up);

		if (!l || !l->object)
			continue;
		if (parts++)
			buf_putc(&s->name, '.');
		if (up == 0 && l->says_n && slice_eqs(slice_of(l->name, l->n), "value"))
			buf_put(&s->name, l->says, l->says_n);
		else
			buf_put(&s->name, l->name, l->n);
	}
	return buf_slice(&s->name);
}

static size_t
keep(char *to, struct slice from)
{
	from = slice_sub(from, 0, NAME_MAX_BYTES);
	if (from.n)
		memcpy(to, from.p, from.n);
	return from.n;
}

static void
got_key(struct redact_stream *s, struct slice key)
{
	struct level *l = level_at(s, 0);

	if (l)
		l->n = keep(l->name, key);
}

static void
got_value(struct redact_stream *s, struct slice value)
{
	struct level *l = level_at(s, 0);

	if (l && l->object && (slice_eqs(slice_of(l->name, l->n), "name") ||
	    slice_eqs(slice_of(l->name, l->n), "key")))
		l->says_n = keep(l->says, value);
}

/* the string of which s->held is the inside; it keeps its bytes unless it changes */
static void
put_string(struct redact_stream *s, bool key)
{
	struct slice inside = buf_slice(&s->held), text, out, name = { NULL, 0 };

	if (s->held.over) {
		s->put(s->ctx, SLICE("\""));
		put_unjudged(s);
		s->put(s->ctx, SLICE("\""));
		return;
	}
	buf_reset(&s->text);
	redact_json_decode(&s->text, inside);
	text = buf_slice(&s->text);
	if (key) {
		out = redact_text(s->r, &s->arena, text);
		got_key(s, text);
	} else {
		name = name_of(s);
		out = redact_value(s->r, &s->arena, name, text);
		/* a key that is split over entries goes on in strings of the same name */
		out = redact_part(s->r, &s->arena, name.n, out);
		got_value(s, text);
	}
	buf_reset(&s->out);
	if (slice_eq(out, text)) {
		buf_putc(&s->out, '"');
		buf_put_slice(&s->out, inside);
		buf_putc(&s->out, '"');
	} else {
		redact_json_encode(&s->out, out);
	}
	put_numbered(s, buf_slice(&s->out));
	arena_reset(&s->arena);
}

/* a number that is a card, say, becomes a string */
static void
put_scalar(struct redact_stream *s)
{
	struct slice text = buf_slice(&s->held), out;

	out = text.n > SCALAR_MAX ? text : redact_value(s->r, &s->arena, name_of(s), text);
	buf_reset(&s->out);
	if (slice_eq(out, text))
		buf_put_slice(&s->out, text);
	else
		redact_json_encode(&s->out, out);
	put_numbered(s, buf_slice(&s->out));
	arena_reset(&s->arena);
	buf_reset(&s->held);
}

static bool
is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '-' || c == '+' || c == '.' || c == '_' || c == '@' || c == '/' ||
	    (unsigned char)c >= 0x80;
}

static void
open_level(struct redact_stream *s, bool object)
{
	struct level *l;

	s->depth++;
	l = level_at(s, 0);
	if (l) {
		l->object = object;
		l->n = l->says_n = 0;
	}
	s->key_next = object;
}

/* a byte between strings and scalars */
static void
outside(struct redact_stream *s, char c)
{
	const struct level *l;

	if (c == '{' || c == '[') {
		open_level(s, c == '{');
	} else if (c == '}' || c == ']') {
		s->depth -= s->depth > 0;
		s->key_next = false;
	} else if (c == ',') {
		l = level_at(s, 0);
		s->key_next = l && l->object;
	} else if (c == ':') {
		s->key_next = false;
	}
}

static void
end_string(struct redact_stream *s)
{
	put_string(s, s->key_next);
	buf_reset(&s->held);
	s->state = OUTSIDE;
}

/* a line that ends inside a string is damage: what stands there is text, and a value may follow */
static void
broken_string(struct redact_stream *s)
{
	s->put(s->ctx, SLICE("\""));
	put_line(s, buf_slice(&s->held));
	buf_reset(&s->held);
	s->state = OUTSIDE;
}

static size_t
string_bytes(struct redact_stream *s, struct slice in)
{
	size_t i = 0;

	if (s->state == IN_ESCAPE && in.p[0] != '\n') {
		s->state = IN_STRING;
		i = 1;
	}
	while (i < in.n && in.p[i] != '"' && in.p[i] != '\\' && in.p[i] != '\n')
		i++;
	if (i == in.n || in.p[i] != '\\') {
		buf_put(&s->held, in.p, i);
		if (i == in.n)
			return i;
		if (in.p[i] == '\n') {
			broken_string(s);
			return i;
		}
		end_string(s);
		return i + 1;
	}
	buf_put(&s->held, in.p, i + 1);
	s->state = IN_ESCAPE;
	return i + 1;
}

static void
feed_json(struct redact_stream *s, struct slice in)
{
	size_t i = 0, from = 0;

	while (i < in.n) {
		char c = in.p[i];

		if (s->state == IN_STRING || s->state == IN_ESCAPE) {
			i += string_bytes(s, slice_sub(in, i, SIZE_MAX));
			from = i;
			continue;
		}
		if (s->state == IN_SCALAR && is_scalar(c) && s->held.n < REDACT_PIECE_MAX) {
			buf_putc(&s->held, c);
			from = ++i;
			continue;
		}
		if (s->state == IN_SCALAR) {
			put_scalar(s);
			s->state = OUTSIDE;
		}
		if (c == '"' || is_scalar(c)) {
			s->put(s->ctx, slice_sub(in, from, i - from));
			s->state = c == '"' ? IN_STRING : IN_SCALAR;
			i += c == '"';
			from = i;
			continue;
		}
		outside(s, c);
		i++;
	}
	if (s->state == OUTSIDE && i > from)
		s->put(s->ctx, slice_sub(in, from, i - from));
}

/* which of both ------------------------------------------------------------- */

/*
 * JSON begins with a brace and a key or with a bracket and a value that no time
 * or level of a log line looks like ("[2025-", "[INFO]"). 1 JSON, 0 text, -1 more is needed.
 */
static int
looks_json(struct slice head)
{
	char first = '\0';

	for (size_t i = 0; i < head.n; i++) {
		char c = head.p[i];

		if (i < 3 && ((unsigned char)c == 0xEF || (unsigned char)c == 0xBB ||
		    (unsigned char)c == 0xBF))
			continue;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (first == '{')
			return c == '"' || c == '}';
		if (first == '[')
			return c == '{' || c == '"' || c == '[' || c == ']';
		if (c != '{' && c != '[')
			return 0;
		first = c;
	}
	return head.n < SNIFF_MAX ? -1 : 0;
}

void
redact_stream_feed(struct redact_stream *s, struct slice in)
{
	struct buf head;
	int json;

	if (s->state != SNIFF) {
		if (s->state == LINES)
			feed_lines(s, in);
		else
			feed_json(s, in);
		return;
	}
	buf_put_slice(&s->held, in);
	json = looks_json(buf_slice(&s->held));
	if (json == -1)
		return;
	buf_init(&head, SIZE_MAX / 2);
	buf_put_slice(&head, buf_slice(&s->held));
	buf_reset(&s->held);
	s->state = json == 1 ? OUTSIDE : LINES;
	redact_stream_feed(s, buf_slice(&head));
	buf_release(&head);
}

void
redact_stream_end(struct redact_stream *s)
{
	if (s->state == SNIFF || s->state == LINES) {
		if (s->held.n)
			put_line(s, buf_slice(&s->held));
	} else if (s->state == IN_SCALAR) {
		put_scalar(s);
	} else if (s->state != OUTSIDE) {
		broken_string(s);
	}
	buf_reset(&s->held);
}
