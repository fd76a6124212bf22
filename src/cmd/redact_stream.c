/*
 * redact_stream.c - a lexer of JSON and a splitter of lines, in front of the engine
 *
 * Where no document is open, each line is text unless it begins like JSON. What
 * cannot stand in JSON ends the document: the rest of that line is text, and
 * the next line is looked at afresh. So files that mix both are judged whole.
 */
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
#define SNIFF_MAX 4096		/* blanks before a document */
#define KIND_MAX 40		/* bytes of a bracket and the name of a kind */
#define HASH_MASK UINT32_C(0xFFFFFF)
#define SIX_DIGITS 100000	/* numbers of six digits would read as a hash: they are left out */

enum state { SNIFF, LINE, OUTSIDE, BRACKET, IN_STRING, IN_ESCAPE, IN_SCALAR };

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
	redact_streams_reset(r);
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

static bool
is_kind(struct slice name)
{
	for (size_t i = 0; redact_kind(i); i++) {
		if (slice_eqs(name, redact_kind(i)))
			return true;
	}
	return false;
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
	int n = snprintf(token, sizeof token, "[unjudged:%06x]",
	    (unsigned)++s->unjudged & 0xFFFFFF);

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

/* up to the end of the line, which the next look at the input follows; bytes used */
static size_t
feed_line(struct redact_stream *s, struct slice in)
{
	size_t room = REDACT_PIECE_MAX - s->held.n;
	size_t end = slice_find_byte(slice_sub(in, 0, room), 0, '\n');
	size_t n = end == SIZE_MAX ? (in.n < room ? in.n : room) : end + 1;

	buf_put(&s->held, in.p, n);
	if (end != SIZE_MAX) {
		put_line(s, buf_slice(&s->held));
		buf_reset(&s->held);
		s->state = SNIFF;
	} else if (s->held.n == REDACT_PIECE_MAX) {
		put_piece(s);
	}
	return n;
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

/* without tokens, so that a name is the same when the document is redacted again */
static size_t
keep(char *to, struct slice from)
{
	size_t n = 0, skip;
	struct slice kind;

	while (from.n && n < NAME_MAX_BYTES) {
		skip = 1;
		if (!redact_token(from, &kind, &skip))
			to[n++] = from.p[0];
		from = slice_sub(from, skip, SIZE_MAX);
	}
	return n;
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
		got_key(s, out);
	} else {
		name = name_of(s);
		out = redact_value(s->r, &s->arena, name, text);
		/* a key that is split over entries goes on in strings of the same name */
		out = redact_part(s->r, &s->arena, name.n, out);
		got_value(s, out);
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

static bool
is_json_scalar(struct slice v)
{
	static const char *const words[] = {
		"true", "false", "null", "NaN", "Infinity", "-Infinity",
	};
	size_t i = 0;

	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		if (slice_eqs(v, words[k]))
			return true;
	}
	while (i < v.n && ((v.p[i] >= '0' && v.p[i] <= '9') || strchr("+-.eE", v.p[i])))
		i++;
	return i == v.n;
}

/* not JSON any more: the held bytes and the rest of the line are text */
static void
damaged(struct redact_stream *s)
{
	s->depth = 0;
	s->state = LINE;
}

/* a number that is a card, say, becomes a string */
static void
put_scalar(struct redact_stream *s)
{
	struct slice text = buf_slice(&s->held), out;

	if (s->key_next) {
		damaged(s);
		return;
	}
	out = redact_value(s->r, &s->arena, name_of(s), text);
	if (slice_eq(out, text) && !is_json_scalar(text)) {
		arena_reset(&s->arena);
		damaged(s);
		return;
	}
	buf_reset(&s->out);
	if (slice_eq(out, text))
		buf_put_slice(&s->out, text);
	else
		redact_json_encode(&s->out, out);
	put_numbered(s, buf_slice(&s->out));
	arena_reset(&s->arena);
	buf_reset(&s->held);
	s->state = OUTSIDE;
}

static bool
is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '-' || c == '+' || c == '.';
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

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* a byte between strings and scalars; false when it cannot stand there */
static bool
outside(struct redact_stream *s, char c)
{
	const struct level *l;

	if (c == '{') {
		open_level(s, true);
	} else if (c == '[') {
		s->state = BRACKET;
	} else if (c == '}' || c == ']') {
		s->depth -= s->depth > 0;
		s->key_next = false;
		if (s->depth == 0)
			s->state = SNIFF;
	} else if (c == ',') {
		l = level_at(s, 0);
		s->key_next = l && l->object;
	} else if (c == ':') {
		s->key_next = false;
	} else {
		return is_blank(c);
	}
	return true;
}

static void
end_string(struct redact_stream *s)
{
	put_string(s, s->key_next);
	buf_reset(&s->held);
	s->state = OUTSIDE;
}

/* a line that ends inside a string: its value is judged by its name all the same */
static void
broken_string(struct redact_stream *s)
{
	struct slice held = buf_slice(&s->held);

	s->put(s->ctx, SLICE("\""));
	if (s->held.over)
		put_unjudged(s);
	else if (s->key_next)
		put_line(s, held);
	else
		put_line(s, redact_value(s->r, &s->arena, name_of(s), held));
	buf_reset(&s->held);
	damaged(s);
}

static size_t
string_bytes(struct redact_stream *s, struct slice in)
{
	size_t i = 0;

	if (s->state == IN_ESCAPE && in.p[0] != '\n') {
		buf_putc(&s->held, in.p[0]);
		s->state = IN_STRING;
		return 1;
	}
	while (i < in.n && in.p[i] != '"' && in.p[i] != '\\' && in.p[i] != '\n')
		i++;
	buf_put(&s->held, in.p, i);
	if (i == in.n)
		return i;
	if (in.p[i] == '\n') {
		broken_string(s);
		return i;
	}
	if (in.p[i] == '"') {
		end_string(s);
	} else {
		buf_putc(&s->held, '\\');
		s->state = IN_ESCAPE;
	}
	return i + 1;
}

/* bytes between strings and scalars, up to one that begins one or ends the document */
static size_t
outside_bytes(struct redact_stream *s, struct slice in)
{
	size_t i = 0;

	while (i < in.n && s->state == OUTSIDE) {
		char c = in.p[i];

		if (c == '"') {
			s->state = IN_STRING;
			s->put(s->ctx, slice_sub(in, 0, i));
			return i + 1;
		}
		if (is_scalar(c)) {
			s->state = IN_SCALAR;
			break;
		}
		if (!outside(s, c)) {
			damaged(s);
			break;
		}
		if (s->state == BRACKET) {
			buf_putc(&s->held, c);
			s->put(s->ctx, slice_sub(in, 0, i));
			return i + 1;
		}
		i++;
	}
	s->put(s->ctx, slice_sub(in, 0, i));
	return i;
}

/*
 * A bracket opens an array, or it is that of a token: then this is no JSON but
 * what was left of a damaged line when it was redacted before.
 */
static size_t
bracket_bytes(struct redact_stream *s, struct slice in)
{
	char word[KIND_MAX + 1];
	size_t i = 0, n;

	while (i < in.n && s->held.n < KIND_MAX && (in.p[i] == '-' ||
	    (in.p[i] >= 'a' && in.p[i] <= 'z') || (in.p[i] >= '0' && in.p[i] <= '9')))
		buf_putc(&s->held, in.p[i++]);
	if (i == in.n)
		return i;
	n = s->held.n - 1;
	memcpy(word, s->held.p + 1, n);
	if (in.p[i] == ':' && is_kind(slice_of(word, n))) {
		damaged(s);
		return i;
	}
	buf_reset(&s->held);
	s->put(s->ctx, SLICE("["));
	open_level(s, false);
	s->state = OUTSIDE;
	redact_stream_feed(s, slice_of(word, n));
	return i;
}

static size_t
scalar_bytes(struct redact_stream *s, struct slice in)
{
	size_t i = 0;

	while (i < in.n && is_scalar(in.p[i]) && s->held.n + i < REDACT_PIECE_MAX)
		i++;
	buf_put(&s->held, in.p, i);
	if (i < in.n)
		put_scalar(s);
	return i;
}

/* which of both ------------------------------------------------------------- */

/* where the brace or bracket stands, behind blanks and a byte order mark */
static size_t
mark_at(struct slice head)
{
	size_t at = 0;

	while (at < head.n && head.p[at] != '{' && head.p[at] != '[')
		at++;
	return at;
}

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
		if (is_blank(c))
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

/* bytes are held until it is clear what begins here; then those of JSON are read again */
static size_t
sniff(struct redact_stream *s, struct slice in)
{
	size_t n = 0, at;
	struct buf head;
	int json = -1;

	while (n < in.n && s->held.n == 0 && is_blank(in.p[n]))
		n++;
	s->put(s->ctx, slice_sub(in, 0, n));
	while (n < in.n && json == -1) {
		char c = in.p[n++];

		buf_putc(&s->held, c);
		if (!is_blank(c) || s->held.n >= SNIFF_MAX)
			json = looks_json(buf_slice(&s->held));
	}
	if (json == -1)
		return n;
	s->state = json == 1 ? OUTSIDE : LINE;
	if (json == 0)
		return n;
	buf_init(&head, SNIFF_MAX + 8);
	buf_put_slice(&head, buf_slice(&s->held));
	buf_reset(&s->held);
	at = mark_at(buf_slice(&head));
	s->put(s->ctx, slice_sub(buf_slice(&head), 0, at));
	redact_stream_feed(s, slice_sub(buf_slice(&head), at, SIZE_MAX));
	buf_release(&head);
	return n;
}

void
redact_stream_feed(struct redact_stream *s, struct slice in)
{
	size_t n = 0;

	for (; in.n; in = slice_sub(in, n, SIZE_MAX)) {
		switch (s->state) {
		case SNIFF:
			n = sniff(s, in);
			break;
		case LINE:
			n = feed_line(s, in);
			break;
		case OUTSIDE:
			n = outside_bytes(s, in);
			break;
		case BRACKET:
			n = bracket_bytes(s, in);
			break;
		case IN_SCALAR:
			n = scalar_bytes(s, in);
			break;
		default:
			n = string_bytes(s, in);
		}
	}
}

void
redact_stream_end(struct redact_stream *s)
{
	if (s->state == IN_SCALAR)
		put_scalar(s);
	else if (s->state == IN_STRING || s->state == IN_ESCAPE)
		broken_string(s);
	if (s->held.n)
		put_line(s, buf_slice(&s->held));
	buf_reset(&s->held);
}
