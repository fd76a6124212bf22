/*
 * json_window.c - bytes of the input as they are asked for, and the way over them.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/json_window.h"

/* --- the window --- */

uint64_t
json_window_end(const struct json_split *s)
{
	return s->base + s->have;
}

const char *
json_window_at(const struct json_split *s, uint64_t byte)
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
	if (s->cap - s->have < JSON_BLOCK && drop > 0) {
		memmove(s->p, s->p + drop, s->have - drop);
		s->base += drop;
		s->have -= drop;
	}
	s->p = mem_grow(s->p, &s->cap, s->have + JSON_BLOCK, 1);
	if (input_read(s->in, s->p + s->have, JSON_BLOCK, &got, s->diag, e) != 0)
		return -1;
	s->have += got;
	s->ended = got == 0;
	return got > 0;
}

int
json_need(struct json_split *s, uint64_t byte, struct err *e)
{
	int r = 1;

	while (byte >= json_window_end(s) && r == 1)
		r = more(s, e);
	return r;
}

void
json_save_head(struct json_split *s, uint64_t from, uint64_t to)
{
	uint64_t end = to < json_window_end(s) ? to : json_window_end(s);
	uint64_t n = end > from ? end - from : 0;

	s->head_n = n < JSON_HEAD ? (size_t)n : JSON_HEAD;
	if (s->head_n > 0)
		memcpy(s->head, json_window_at(s, from), s->head_n);
}

/* --- places --- */

void
json_pass(struct json_place *at, char c)
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

void
json_pass_to(struct json_split *s, struct json_place *at, uint64_t to)
{
	const char *start = json_window_at(s, at->byte), *p = start, *end, *line;

	if (at->byte >= to)
		return;
	end = start + (size_t)(to - at->byte);
	while ((line = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		at->byte += (uint64_t)(line - p);
		json_pass(at, '\n');
		p = line + 1;
	}
	/* behind the first other byte of a line nothing changes but the offset */
	while (p < end && (at->bare || !at->lead_over))
		json_pass(at, *p++);
	at->byte += (uint64_t)(end - p);
}

void
json_begin_at(struct json_record *r, const struct json_place *at)
{
	memset(r, 0, sizeof *r);
	r->line = at->line;
	r->col = at->byte - at->line_byte + 1;
	r->byte = at->byte;
}

void
json_fault_at(struct json_record *r, const struct json_place *at, const char *fault)
{
	r->fault_line = at->line;
	r->fault_col = at->byte - at->line_byte + 1;
	r->fault_byte = at->byte;
	r->fault = fault;
}

enum json_followed
json_follow(struct json_split *s, struct json_walk *w, uint64_t from, uint64_t max, uint64_t *to,
    struct err *e)
{
	for (;;) {
		enum json_walked r;
		size_t used;
		int got = json_need(s, *to, e);

		if (got != 1)
			return got == 0 ? JSON_FOLLOWED_CUT : JSON_FOLLOWED_ERROR;
		r = json_walk(w, json_window_at(s, *to), (size_t)(json_window_end(s) - *to), &used);
		*to += used;
		if (*to - from > max)
			return JSON_FOLLOWED_LONG;
		if (r != JSON_WALK_MORE)
			return r == JSON_WALK_DONE ? JSON_FOLLOWED_DONE : JSON_FOLLOWED_FAULT;
	}
}
