/*
 * redact.c - passes over a text until one finds nothing more
 *
 * A pass looks for literals (one automaton for all kinds) and for shapes of
 * digits, then does the same in up to two decoded views of the text. Since the
 * last pass found nothing, redacting its result again changes nothing either.
 * Each pass turns some bytes into tokens, and tokens are never touched: two or
 * three passes are the rule. What is not settled after PASSES is hostile, and is
 * replaced as a whole by an [unjudged:...] token.
 */
#include "config.h"

#include "sign/redact.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/literal.h"
#include "base/mem.h"
#include "base/seen.h"
#include "sign/redact_part.h"

#define PASSES 12
#define STREAMS 64		/* private keys that are being read at one time */
#define TOKEN_DIGITS 6
#define NAMES 1024		/* slots for names that were judged */
#define COUNTED_DIGITS 9	/* of a number in a token of a document */
#define FIELD_MIN 4

struct stream {
	uint64_t id;
	struct redact_pem pem;	/* nothing left: the slot is free */
	uint64_t used;
};

struct redactor {
	enum redact_mode mode;
	struct hmac key;
	struct literals *set;
	const struct redact_literal **literal;	/* by number in the set */
	unsigned char *kind_of;			/* by number in the set */
	bool active[REDACT_KINDS];
	uint64_t count[REDACT_KINDS];
	struct seen *names;	/* is it secret? they come again with every record */
	struct redact_spans found, tokens;
	struct redact_view percent, json;
	struct stream stream[STREAMS];
	uint64_t clock;
	struct redact_pem before, behind;	/* the key a text goes on with, and ends in */
};

/* a text or a view of it under the scanners */
struct look {
	struct redactor *r;
	struct slice s;
	const struct redact_view *view;		/* NULL: the text itself */
	size_t claimed[REDACT_KINDS];		/* by kind: scanned up to here */
	bool percent, escape;			/* there is something to decode */
	bool begun;				/* a BEGIN stands before, in this text or earlier */
};

/* tokens ------------------------------------------------------------------- */

bool
redact_token(struct slice s, struct slice *kind, size_t *n)
{
	size_t name, hex, digits;

	if (s.n < 5 || s.p[0] != '[' || !redact_is(s, 1, RC_LOWER))
		return false;
	name = redact_run(s, 1, RC_LOWER | RC_DASH | RC_DIGIT, 32);
	if (1 + name >= s.n || s.p[1 + name] != ':')
		return false;
	hex = redact_run(s, name + 2, RC_DIGIT | RC_HEXLOW, COUNTED_DIGITS + 1);
	digits = redact_run(s, name + 2, RC_DIGIT, COUNTED_DIGITS + 1);
	if (hex != TOKEN_DIGITS && !(hex == digits && digits && digits <= COUNTED_DIGITS))
		return false;
	if (name + 2 + hex >= s.n || s.p[name + 2 + hex] != ']')
		return false;
	for (size_t i = 0; i < REDACT_KINDS; i++) {
		if (slice_eqs(slice_sub(s, 1, name), redact_kinds[i].name)) {
			*kind = slice_sub(s, 1, name);
			*n = name + hex + 3;
			return true;
		}
	}
	return false;
}

static void
put_token(struct redactor *r, struct buf *b, unsigned kind, struct slice value)
{
	unsigned char mac[SHA256_SIZE];

	hmac_sha256(&r->key, value, mac);
	buf_printf(b, "[%s:%02x%02x%02x]", redact_kinds[kind].name, mac[0], mac[1], mac[2]);
	r->count[kind]++;
}

/* looking ------------------------------------------------------------------ */

static void
claim(struct look *k, unsigned kind, struct redact_span span)
{
	struct redact_span in_text = k->view ? redact_view_range(k->view, span) : span;

	k->claimed[kind] = span.to;
	redact_spans_add(&k->r->found, kind, in_text.from, in_text.to);
	if (k->view)
		k->r->found.v[k->r->found.n - 1].value =
		    slice_sub(k->s, span.from, span.to - span.from);
}

/* a mark of a private key, whose pieces may be many lines */
static void
look_at_key(struct look *k, size_t at)
{
	struct redact_spans lines = { NULL, 0, 0 };

	if (redact_has(k->s, at, "-----BEGIN")) {
		redact_pem_begin(&lines, k->s, at, &k->r->behind);
		k->begun = true;
	} else {
		/* an END alone: the entries stand in the order newest first */
		if (!k->begun)
			redact_pem_end(&lines, k->s, at, &k->r->behind);
		k->begun = false;
	}
	for (size_t i = 0; i < lines.n; i++)
		claim(k, REDACT_PRIVATE_KEY, (struct redact_span){ lines.v[i].from,
		    lines.v[i].to });
	free(lines.v);
}

static bool
on_literal(void *ctx, size_t id, size_t end)
{
	struct look *k = ctx;
	const struct redact_literal *l = k->r->literal[id];
	unsigned kind = k->r->kind_of[id];
	size_t n = strlen(l->text), at = end - n;
	struct redact_span span = { 0, 0 };

	if (at < k->claimed[kind])
		return true;
	if (!(l->flags & REDACT_FOLD) && memcmp(k->s.p + at, l->text, n) != 0)
		return true;
	if (kind == REDACT_PRIVATE_KEY)
		look_at_key(k, at);
	else if (l->scan(l, k->s, at, end, &span))
		claim(k, kind, span);
	else if (span.to > at)
		k->claimed[kind] = span.to;
	return true;
}

static void
look_at_digits(struct look *k, size_t at, size_t run)
{
	const bool *active = k->r->active;
	struct redact_span span;
	char next = at + run < k->s.n ? k->s.p[at + run] : '\0';

	if (next == '.' && active[REDACT_IPV4] && redact_ipv4(k->s, at, run, &span))
		claim(k, REDACT_IPV4, span);
	else if (next == '-' && active[REDACT_SSN] && redact_ssn(k->s, at, run, &span))
		claim(k, REDACT_SSN, span);
	else if (run >= 4 && active[REDACT_CARD] && at >= k->claimed[REDACT_CARD] &&
	    redact_card(k->s, at, run, &span))
		claim(k, REDACT_CARD, span);
}

enum { SHAPE_DIGIT = 1, SHAPE_COLON, SHAPE_PLUS, SHAPE_PERCENT, SHAPE_ESCAPE, SHAPE_TOKEN };

static const unsigned char shape[256] = {
	['0'] = SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT,
	SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT, SHAPE_DIGIT, [':'] = SHAPE_COLON,
	['+'] = SHAPE_PLUS, ['%'] = SHAPE_PERCENT, ['\\'] = SHAPE_ESCAPE, ['['] = SHAPE_TOKEN,
};

/* one byte that has a shape; returns how many bytes that was */
static size_t
look_at_shape(struct look *k, size_t i, size_t *colon)
{
	struct slice s = k->s, kind;
	struct redact_span span;
	size_t n;

	switch (shape[(unsigned char)s.p[i]]) {
	case SHAPE_DIGIT:
		n = redact_run(s, i, RC_DIGIT, SIZE_MAX);
		look_at_digits(k, i, n);
		return n;
	case SHAPE_COLON:
		if (k->r->active[REDACT_IPV6] && i >= *colon && i >= 4 &&
		    redact_is(s, i - 1, RC_HEX) && redact_is(s, i + 1, RC_HEX | RC_COLON) &&
		    redact_ipv6(s, i, colon, &span))
			claim(k, REDACT_IPV6, span);
		return 1;
	case SHAPE_PLUS:
		if (k->r->active[REDACT_PHONE] && redact_phone(s, i, &span))
			claim(k, REDACT_PHONE, span);
		return 1;
	case SHAPE_PERCENT:
		k->percent |= redact_is(s, i + 1, RC_HEX) && redact_is(s, i + 2, RC_HEX);
		return 1;
	case SHAPE_ESCAPE:
		k->escape = true;
		return 1;
	default:
		if (!redact_token(slice_sub(s, i, SIZE_MAX), &kind, &n))
			return 1;
		/* the tokens of a view hide nothing: they are text of the original */
		if (!k->view)
			redact_spans_add(&k->r->tokens, 0, i, i + n);
		return n;
	}
}

static void
look(struct look *k)
{
	const unsigned char *p = (const unsigned char *)k->s.p;
	size_t n = k->s.n, colon = 0;

	literals_each(k->r->set, k->s, on_literal, k);
	for (size_t i = 0; i < n;) {
		if (shape[p[i]])
			i += look_at_shape(k, i, &colon);
		else
			i++;
	}
}

static void
look_at_view(struct redactor *r, const struct redact_view *view)
{
	struct look k = { .r = r, .s = slice_of(view->p, view->n), .view = view,
		.begun = r->before.left && !r->before.reverse };

	look(&k);
}

/* the key of the stream, up to its END or, in reverse, its BEGIN */
static void
go_on(struct redactor *r, struct slice s)
{
	bool reverse = r->behind.reverse;

	redact_pem_lines(&r->found, s, 0, &r->behind);
	/* the mark that ended it is met once more, and then must not begin another */
	if (reverse && r->behind.left == 0 && slice_find(s, 0, SLICE("-----BEGIN")) != SIZE_MAX)
		r->behind = (struct redact_pem){ 1, true };
}

/* everything in s that is to be replaced goes to r->found, settled */
static void
pass(struct redactor *r, struct slice s)
{
	struct look k = { .r = r, .s = s, .begun = r->before.left && !r->before.reverse };
	struct redact_pem behind;

	r->found.n = r->tokens.n = 0;
	r->behind = r->before;
	if (r->behind.left)
		go_on(r, s);
	look(&k);
	behind = r->behind;
	if (k.percent && redact_view_percent(&r->percent, s))
		look_at_view(r, &r->percent);
	if (k.escape && redact_view_json(&r->json, s))
		look_at_view(r, &r->json);
	r->behind = behind;		/* the views are the same text once more */
	if (r->found.n)
		redact_spans_settle(&r->found, &r->tokens, s);
}

/* s with what was found replaced, in memory of the arena */
static struct slice
replaced(struct redactor *r, struct arena *a, struct slice s)
{
	struct slice out;
	struct buf b;
	size_t at = 0;

	buf_init(&b, SIZE_MAX / 2);
	for (size_t i = 0; i < r->found.n; i++) {
		const struct redact_found *f = &r->found.v[i];
		struct slice value = f->value.p ? f->value : slice_sub(s, f->from, f->to - f->from);

		buf_put(&b, s.p + at, f->from - at);
		put_token(r, &b, f->kind, value);
		at = f->to;
	}
	buf_put(&b, s.p + at, s.n - at);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static struct slice
whole(struct redactor *r, struct arena *a, unsigned kind, struct slice value)
{
	struct slice out;
	struct buf b;

	buf_init(&b, 64);
	put_token(r, &b, kind, value);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

/* as redact_text, within the private key *pem of a stream */
static struct slice
redact_open(struct redactor *r, struct arena *a, struct slice text, struct redact_pem *pem)
{
	struct slice s = text;

	if (r->mode == REDACT_OFF)
		return text;
	r->before = *pem;
	for (unsigned i = 0; i < PASSES; i++) {
		pass(r, s);
		/* a mark that another secret took in leaves the key as open as it was without it */
		if (i == 0 || r->behind.left > pem->left)
			*pem = r->behind;
		if (r->found.n == 0)
			return s;
		s = replaced(r, a, s);
	}
	return whole(r, a, REDACT_UNJUDGED, s);
}

/* public ------------------------------------------------------------------- */

static void
add_literals(struct redactor *r)
{
	struct slice *text;
	size_t n = 0, cap = 0;
	struct err e;

	for (size_t i = 0; i < REDACT_KINDS; i++) {
		for (const struct redact_literal *l = redact_kinds[i].literal; l && l->text; l++)
			cap++;
	}
	r->literal = mem_calloc(cap, sizeof *r->literal);
	r->kind_of = mem_calloc(cap, 1);
	text = mem_calloc(cap, sizeof *text);
	for (size_t i = 0; i < REDACT_KINDS; i++) {
		const struct redact_literal *l = redact_kinds[i].literal;

		for (; l && l->text && r->active[i]; l++) {
			r->literal[n] = l;
			r->kind_of[n] = (unsigned char)i;
			text[n++] = slice_str(l->text);
		}
	}
	/* some kilobytes of literals: far from the limit of a table */
	if (literals_new(text, n, LITERAL_CASELESS, &r->set, &e) == -1)
		mem_fail();
	free(text);
}

struct redactor *
redactor_new(enum redact_mode mode, const unsigned char key[REDACT_KEY])
{
	struct redactor *r = mem_calloc(1, sizeof *r);

	r->mode = mode;
	hmac_key(&r->key, key, REDACT_KEY);
	for (size_t i = 0; i < REDACT_KINDS; i++) {
		bool personal = redact_kinds[i].class == REDACT_PERSONAL;

		r->active[i] = mode == REDACT_ALL || (mode == REDACT_PII && personal) ||
		    (mode == REDACT_SECRETS && !personal);
	}
	add_literals(r);
	r->names = seen_new(NAMES);
	return r;
}

void
redactor_free(struct redactor *r)
{
	if (!r)
		return;
	literals_free(r->set);
	free(r->literal);
	free(r->kind_of);
	seen_free(r->names);
	free(r->found.v);
	free(r->tokens.v);
	redact_view_release(&r->percent);
	redact_view_release(&r->json);
	memset(&r->key, 0, sizeof r->key);
	free(r);
}

struct slice
redact_text(struct redactor *r, struct arena *a, struct slice text)
{
	struct redact_pem pem = { 0, false };

	return redact_open(r, a, text, &pem);
}

static bool
is_key_id(struct slice name, struct slice value)
{
	return slice_ends(name, "private_key_id") && value.n == 40 &&
	    redact_run(value, 0, RC_HEX, 40) == 40;
}

static bool
is_secret_name(struct redactor *r, struct slice name)
{
	struct seen_slot *slot;
	bool secret;

	if (seen_find(r->names, name, &slot))
		return slot->verdict;
	secret = redact_secret_name(name);
	seen_keep(slot, name, secret);
	return secret;
}

/* the name says secret, and the value is one and no placeholder, figure or state */
static bool
is_field(struct redactor *r, struct slice name, struct slice value)
{
	return r->active[REDACT_FIELD] && value.n >= FIELD_MIN && is_secret_name(r, name) &&
	    !redact_placeholder(value) &&
	    (!redact_number(value) || redact_password_name(name)) &&
	    !redact_state(name, value);
}

struct slice
redact_value(struct redactor *r, struct arena *a, struct slice name, struct slice value)
{
	struct slice out;

	if (r->active[REDACT_GCP_SA_KEY_ID] && is_key_id(name, value))
		return whole(r, a, REDACT_GCP_SA_KEY_ID, value);
	if (is_field(r, name, value))
		return whole(r, a, REDACT_FIELD, value);
	out = redact_text(r, a, value);
	/* "xxxxxxxxx@example.com, 1234": what made it a filler may be what went out */
	return !slice_eq(out, value) && is_field(r, name, out) ?
	    whole(r, a, REDACT_FIELD, out) : out;
}

/* the slot of a stream; with `make`, a free one or that which was unused longest */
static struct stream *
find_stream(struct redactor *r, uint64_t id, bool make)
{
	struct stream *oldest = &r->stream[0];

	for (size_t i = 0; i < STREAMS; i++) {
		struct stream *s = &r->stream[i];

		if (s->pem.left && s->id == id)
			return s;
		if (oldest->pem.left && (s->pem.left == 0 || s->used < oldest->used))
			oldest = s;
	}
	return make ? oldest : NULL;
}

struct slice
redact_part(struct redactor *r, struct arena *a, uint64_t id, struct slice text)
{
	struct stream *s = find_stream(r, id, false);
	struct redact_pem pem = s ? s->pem : (struct redact_pem){ 0, false };
	struct slice out = redact_open(r, a, text, &pem);

	if (pem.left && !s)
		s = find_stream(r, id, true);
	if (s)
		*s = (struct stream){ .id = id, .pem = pem, .used = ++r->clock };
	return out;
}

void
redact_streams_reset(struct redactor *r)
{
	memset(r->stream, 0, sizeof r->stream);
}

const char *
redact_kind(size_t i)
{
	return i < REDACT_KINDS ? redact_kinds[i].name : NULL;
}

uint64_t
redact_count(const struct redactor *r, size_t i)
{
	return i < REDACT_KINDS ? r->count[i] : 0;
}

void
redact_counts_reset(struct redactor *r)
{
	memset(r->count, 0, sizeof r->count);
}

static const char *const modes[] = { "off", "pii", "secrets", "all" };

const char *
redact_mode_name(enum redact_mode mode)
{
	return modes[mode];
}

bool
redact_mode_of(struct slice name, enum redact_mode *mode)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (slice_eqs(name, modes[i])) {
			*mode = (enum redact_mode)i;
			return true;
		}
	}
	return false;
}
