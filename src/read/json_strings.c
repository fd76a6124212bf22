/*
 * json_strings.c - tokens of JSON, and the insides of its strings.
 */
#include "config.h"

#include "read/json_strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK (64 * 1024)

void
json_strings_init(struct json_strings *s, struct input *in, const struct diag_sink *diag)
{
	memset(s, 0, sizeof *s);
	s->in = in;
	s->diag = diag;
	s->block = mem_alloc(BLOCK);
	s->line = 1;
}

void
json_strings_release(struct json_strings *s)
{
	free(s->block);
	s->block = NULL;
}

/* 1 there is a byte at block[at], 0 the end, -1 */
static int
fill(struct json_strings *s, struct err *e)
{
	if (s->at < s->have)
		return 1;
	s->at = 0;
	if (input_read(s->in, s->block, BLOCK, &s->have, s->diag, e) != 0)
		return -1;
	return s->have > 0;
}

static void
pass(struct json_strings *s)
{
	s->byte++;
	if (s->block[s->at++] == '\n') {
		s->line++;
		s->line_byte = s->byte;
	}
}

static void
note_stray(struct json_strings *s)
{
	if (s->stray++ == 0) {
		s->stray_byte = s->byte;
		s->stray_line = s->line;
	}
}

/* ---- strings ---- */

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static size_t
encode(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | (c >> 6));
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | (c >> 12));
		to[1] = (char)(0x80 | ((c >> 6) & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | (c >> 18));
	to[1] = (char)(0x80 | ((c >> 12) & 0x3F));
	to[2] = (char)(0x80 | ((c >> 6) & 0x3F));
	to[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* half of a pair without its other half */
static size_t
flush_high(struct json_strings *s, char *to)
{
	if (!s->high)
		return 0;
	s->high = 0;
	return encode(0xFFFD, to);
}

/* behind "\u": at most two characters come of it; -1 when reading failed */
static int
unicode(struct json_strings *s, char *to, size_t *n, struct err *e)
{
	uint32_t c = 0;
	unsigned digits = 0;
	int got = 1, digit;

	while (digits < 4 && (got = fill(s, e)) == 1 && (digit = hex_of(s->block[s->at])) >= 0) {
		c = c * 16 + (uint32_t)digit;
		digits++;
		pass(s);
	}
	if (got < 0)
		return -1;
	if (digits < 4)
		c = 0xFFFD;
	if (s->high && c >= 0xDC00 && c < 0xE000) {
		*n += encode(0x10000 + ((s->high - 0xD800) << 10) + (c - 0xDC00), to + *n);
		s->high = 0;
		return 0;
	}
	*n += flush_high(s, to + *n);
	if (c >= 0xD800 && c < 0xDC00)
		s->high = c;
	else
		*n += encode(c >= 0xDC00 && c < 0xE000 ? 0xFFFD : c, to + *n);
	return 0;
}

/* behind a backslash */
static int
escape(struct json_strings *s, char *to, size_t *n, struct err *e)
{
	static const char names[] = "nrtbf", values[] = "\n\r\t\b\f";
	int got = fill(s, e);
	const char *p;
	char c;

	if (got <= 0)
		return got;
	c = s->block[s->at];
	pass(s);
	if (c == 'u')
		return unicode(s, to, n, e);
	*n += flush_high(s, to + *n);
	p = c ? strchr(names, c) : NULL;
	to[(*n)++] = p ? values[p - names] : c;
	return 0;
}

/* plain bytes of the string up to a quote, a backslash or a line break */
static size_t
plain(struct json_strings *s, char *to, size_t room)
{
	const char *p = s->block + s->at;
	size_t n = 0, max = s->have - s->at < room ? s->have - s->at : room;

	while (n < max && p[n] != '"' && p[n] != '\\' && p[n] != '\n')
		n++;
	memcpy(to, p, n);
	s->at += n;
	s->byte += n;
	return n;
}

int
json_strings_text(struct json_strings *s, char *to, size_t room, size_t *got, struct err *e)
{
	int have = 1;

	*got = 0;
	/* one step gives at most seven bytes: U+FFFD and four of a character */
	while (s->open && *got + 8 <= room && (have = fill(s, e)) == 1) {
		char c = s->block[s->at];
		bool escaped = c == '\\';

		if (escaped) {
			pass(s);
			if (escape(s, to, got, e) < 0)
				return -1;
		} else {
			*got += flush_high(s, to + *got);
			if (c == '"') {
				pass(s);
				s->open = false;
			} else if (c == '\n') {
				pass(s);
				to[(*got)++] = '\n';
			} else {
				*got += plain(s, to + *got, room - *got);
			}
		}
		if (*got && to[*got - 1] == '\n')
			break;
	}
	if (have == 0) {
		s->cut = true;
		s->open = false;
		*got += flush_high(s, to + *got);
	}
	return have < 0 ? -1 : 0;
}

/* ---- tokens ---- */

bool
json_strings_in_object(const struct json_strings *s, unsigned n)
{
	return n > 0 && n <= JSON_STRINGS_DEPTH && ((s->object[n / 64] >> (n % 64)) & 1);
}

static void
push(struct json_strings *s, bool object)
{
	unsigned n = ++s->depth;

	s->key = object;
	if (n > JSON_STRINGS_DEPTH)
		return;
	s->object[n / 64] &= ~(UINT64_C(1) << (n % 64));
	s->object[n / 64] |= (uint64_t)object << (n % 64);
}

static bool
is_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '-' || c == '+' || c == '.';
}

static enum json_token
scalar(struct json_strings *s, struct err *e)
{
	int got;

	s->scalar_n = 0;
	while ((got = fill(s, e)) == 1 && is_scalar(s->block[s->at])) {
		if (s->scalar_n < sizeof s->scalar)
			s->scalar[s->scalar_n++] = s->block[s->at];
		pass(s);
	}
	return got < 0 ? JSON_TOKEN_FAILED : JSON_TOKEN_SCALAR;
}

static enum json_token
quote(struct json_strings *s)
{
	bool key = s->key && json_strings_in_object(s, s->depth);

	pass(s);
	s->open = true;
	s->high = 0;
	s->key = false;
	return key ? JSON_TOKEN_KEY : JSON_TOKEN_STRING;
}

static int
pass_string(struct json_strings *s, struct err *e)
{
	char gone[1024];
	size_t got;

	while (s->open)
		if (json_strings_text(s, gone, sizeof gone, &got, e) != 0)
			return -1;
	return 0;
}

enum json_token
json_strings_next(struct json_strings *s, struct err *e)
{
	int got;

	if (pass_string(s, e) != 0)
		return JSON_TOKEN_FAILED;
	while ((got = fill(s, e)) == 1) {
		char c = s->block[s->at];

		s->token_byte = s->byte;
		s->token_line = s->line;
		switch (c) {
		case '{':
		case '[':
			push(s, c == '{');
			pass(s);
			return JSON_TOKEN_OPEN;
		case '}':
		case ']':
			pass(s);
			s->key = false;
			if (s->depth == 0)
				break;
			s->depth--;
			return JSON_TOKEN_CLOSE;
		case '"':
			return quote(s);
		case ',':
			s->key = json_strings_in_object(s, s->depth);
			pass(s);
			break;
		case ':':
		case ' ':
		case '\t':
		case '\r':
		case '\n':
			pass(s);
			break;
		default:
			if (is_scalar(c))
				return scalar(s, e);
			/* the first three may be the mark of UTF-8 */
			if (s->byte > 2 || (unsigned char)c < 0x80)
				note_stray(s);
			pass(s);
		}
	}
	s->cut = s->cut || s->depth > 0;
	return got < 0 ? JSON_TOKEN_FAILED : JSON_TOKEN_END;
}
