/*
 * redact_spans.c - what was found in one text, put in order; and decoded views of it
 */
#include "config.h"

#include "sign/redact_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
redact_spans_add(struct redact_spans *v, enum redact_id kind, size_t from, size_t to)
{
	v->v = mem_grow(v->v, &v->cap, v->n + 1, sizeof *v->v);
	v->v[v->n++] = (struct redact_found){ .from = from, .to = to,
		.kind = (unsigned char)kind };
}

/* by place, the longer first, then by the order of the table, the text before its views */
static int
compare(const void *a, const void *b)
{
	const struct redact_found *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to > y->to ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->value.p != NULL) - (y->value.p != NULL);
}

static bool
is_inner_byte(struct slice s, size_t i)
{
	return i > 0 && i < s.n && ((unsigned char)s.p[i] & 0xC0) == 0x80;
}

/* no character is cut in two */
static void
widen(struct redact_found *f, struct slice text)
{
	for (unsigned i = 0; i < 3 && is_inner_byte(text, f->from); i++)
		f->from--;
	for (unsigned i = 0; i < 3 && is_inner_byte(text, f->to); i++)
		f->to++;
}

static void
join(struct redact_spans *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		struct redact_found *last = n ? &v->v[n - 1] : NULL;

		if (!last || v->v[i].from >= last->to) {
			v->v[n++] = v->v[i];
		} else if (v->v[i].to > last->to) {
			last->to = v->v[i].to;
			last->value.p = NULL;
		}
	}
	v->n = n;
}

/* the pieces of f that no token covers go to *out */
static void
cut(struct redact_spans *out, struct redact_found f, const struct redact_spans *tokens, size_t *t)
{
	size_t from = f.from;

	while (*t < tokens->n && tokens->v[*t].to <= from)
		++*t;
	for (size_t i = *t; i < tokens->n && tokens->v[i].from < f.to; i++) {
		if (tokens->v[i].from > from)
			redact_spans_add(out, f.kind, from, tokens->v[i].from);
		from = tokens->v[i].to;
	}
	if (from == f.from) {
		out->v = mem_grow(out->v, &out->cap, out->n + 1, sizeof *out->v);
		out->v[out->n++] = f;
	} else if (from < f.to) {
		redact_spans_add(out, f.kind, from, f.to);
	}
}

void
redact_spans_settle(struct redact_spans *v, const struct redact_spans *tokens, struct slice text)
{
	struct redact_spans out = { NULL, 0, 0 };
	size_t t = 0;

	for (size_t i = 0; i < v->n; i++)
		widen(&v->v[i], text);
	if (v->n > 1)
		qsort(v->v, v->n, sizeof *v->v, compare);
	join(v);
	if (tokens->n == 0)
		return;
	for (size_t i = 0; i < v->n; i++)
		cut(&out, v->v[i], tokens, &t);
	free(v->v);
	*v = out;
}

/* views -------------------------------------------------------------------- */

void
redact_view_release(struct redact_view *w)
{
	free(w->p);
	free(w->at);
	memset(w, 0, sizeof *w);
}

static void
begin(struct redact_view *w, struct slice s)
{
	w->n = 0;
	w->p = mem_grow(w->p, &w->cap, s.n + 1, 1);
	w->at = mem_grow(w->at, &w->at_cap, s.n + 1, sizeof *w->at);
}

static void
put(struct redact_view *w, unsigned char c, size_t at)
{
	w->at[w->n] = (uint32_t)at;
	w->p[w->n++] = (char)c;
}

static int
hex_value(struct slice s, size_t i, unsigned digits)
{
	int v = 0;

	if (i + digits > s.n)
		return -1;
	for (unsigned k = 0; k < digits; k++) {
		char c = s.p[i + k];

		if (!(redact_char(c) & RC_HEX))
			return -1;
		v = v * 16 + (c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
	}
	return v;
}

bool
redact_view_percent(struct redact_view *w, struct slice s)
{
	bool any = false;

	begin(w, s);
	for (size_t i = 0; i < s.n;) {
		int v = s.p[i] == '%' ? hex_value(s, i + 1, 2) : -1;

		put(w, v < 0 ? (unsigned char)s.p[i] : (unsigned char)v, i);
		any |= v >= 0;
		i += v < 0 ? 1 : 3;
	}
	w->at[w->n] = (uint32_t)s.n;
	return any;
}

/* a code point as UTF-8; never longer than the escape it came from */
static void
put_point(struct redact_view *w, unsigned c, size_t at)
{
	if (c < 0x80) {
		put(w, (unsigned char)c, at);
	} else if (c < 0x800) {
		put(w, (unsigned char)(0xC0 | c >> 6), at);
		put(w, (unsigned char)(0x80 | (c & 0x3F)), at);
	} else {
		if (c < 0x10000) {
			put(w, (unsigned char)(0xE0 | c >> 12), at);
		} else {
			put(w, (unsigned char)(0xF0 | c >> 18), at);
			put(w, (unsigned char)(0x80 | (c >> 12 & 0x3F)), at);
		}
		put(w, (unsigned char)(0x80 | (c >> 6 & 0x3F)), at);
		put(w, (unsigned char)(0x80 | (c & 0x3F)), at);
	}
}

/* one escape of RFC 8259 at i; its length, 0 for none */
static size_t
escape(struct redact_view *w, struct slice s, size_t i)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *c;
	int high, low;

	if (i + 1 >= s.n || s.p[i + 1] == '\0')
		return 0;
	c = strchr(from, s.p[i + 1]);
	if (c) {
		put(w, (unsigned char)to[c - from], i);
		return 2;
	}
	high = s.p[i + 1] == 'u' ? hex_value(s, i + 2, 4) : -1;
	if (high < 0)
		return 0;
	low = high >= 0xD800 && high < 0xDC00 && redact_has(s, i + 6, "\\u") ?
	    hex_value(s, i + 8, 4) : -1;
	if (low >= 0xDC00 && low < 0xE000) {
		put_point(w, 0x10000 + ((unsigned)(high - 0xD800) << 10) +
		    (unsigned)(low - 0xDC00), i);
		return 12;
	}
	put_point(w, (unsigned)high, i);
	return 6;
}

bool
redact_view_json(struct redact_view *w, struct slice s)
{
	bool any = false;

	begin(w, s);
	for (size_t i = 0; i < s.n;) {
		size_t n = s.p[i] == '\\' ? escape(w, s, i) : 0;

		if (n == 0)
			put(w, (unsigned char)s.p[i], i);
		any |= n > 0;
		i += n ? n : 1;
	}
	w->at[w->n] = (uint32_t)s.n;
	return any;
}

struct redact_span
redact_view_range(const struct redact_view *w, struct redact_span d)
{
	/* bytes of one code stand or fall together */
	while (d.to < w->n && d.to > d.from && w->at[d.to] == w->at[d.to - 1])
		d.to++;
	return (struct redact_span){ w->at[d.from], w->at[d.to] };
}
