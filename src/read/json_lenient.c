/*
 * json_lenient.c - the rewriting pass in front of the second try.
 *
 * It leaves line breaks alone and never makes a string or a bracket out of
 * something else, so what the second try accepts has the structure that the
 * text had.
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "read/json_lenient.h"

#define REPLACEMENT "\\ufffd"

static bool
is_token(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '-' || c == '+' || c == '.';
}

static size_t
digits(struct slice s, size_t from)
{
	size_t i = from;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i - from;
}

/* by the grammar of JSON; *integer when it has neither fraction nor exponent */
static bool
is_number(struct slice s, bool *integer)
{
	size_t i = s.n > 0 && s.p[0] == '-', n = digits(s, i);

	if (n == 0 || (n > 1 && s.p[i] == '0'))
		return false;
	i += n;
	*integer = i == s.n;
	if (i < s.n && s.p[i] == '.') {
		if ((n = digits(s, i + 1)) == 0)
			return false;
		i += 1 + n;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i += 1 + (i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-'));
		if ((n = digits(s, i)) == 0)
			return false;
		i += n;
	}
	return i == s.n;
}

/* a number or literal that jansson cannot hold, though writers emit it */
static bool
must_quote(struct slice s)
{
	int64_t integer_value;
	double real_value;
	bool integer;

	if (slice_eqs(s, "NaN") || slice_eqs(s, "Infinity") || slice_eqs(s, "-Infinity"))
		return true;
	if (!is_number(s, &integer))
		return false;
	return integer ? !slice_to_int64(s, &integer_value) : !slice_to_double(s, &real_value);
}

static bool
take_hex(struct slice s, size_t at, unsigned *value)
{
	*value = 0;
	if (at + 6 > s.n || s.p[at] != '\\' || s.p[at + 1] != 'u')
		return false;
	for (size_t i = at + 2; i < at + 6; i++) {
		char c = s.p[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a') + 10;
		else
			return false;
		*value = *value * 16 + digit;
	}
	return true;
}

/* one escape at s.p[i]; returns its length */
static size_t
put_escape(struct buf *out, struct slice s, size_t i, bool key)
{
	unsigned first, second;

	if (!take_hex(s, i, &first)) {
		buf_put_slice(out, slice_sub(s, i, 2));
		return 2;
	}
	if (first >= 0xd800 && first <= 0xdbff && take_hex(s, i + 6, &second) &&
	    second >= 0xdc00 && second <= 0xdfff) {
		buf_put_slice(out, slice_sub(s, i, 12));
		return 12;
	}
	if ((first >= 0xd800 && first <= 0xdfff) || (key && first == 0))
		buf_puts(out, REPLACEMENT);
	else
		buf_put_slice(out, slice_sub(s, i, 6));
	return 6;
}

/* the inside of a string */
static void
put_string(struct buf *out, struct slice s, bool key)
{
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\\') {
			i += put_escape(out, s, i, key);
			continue;
		}
		if (c == 0 && key)
			buf_puts(out, REPLACEMENT);
		else if (c < 0x20)
			buf_printf(out, "\\u%04x", c);
		else
			buf_putc(out, (char)c);
		i++;
	}
}

/* offset of the quote that ends the string whose inside starts at `from`; s.n if none does */
static size_t
string_end(struct slice s, size_t from)
{
	size_t i = from;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i : s.n;
}

static void
rewrite(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n;) {
		size_t end = i;

		if (s.p[i] == '"') {
			struct slice rest;

			end = string_end(s, i + 1);
			rest = slice_trim(slice_sub(s, end + 1, 64));
			buf_putc(out, '"');
			put_string(out, slice_sub(s, i + 1, end - i - 1),
			    rest.n > 0 && rest.p[0] == ':');
			if (end < s.n)
				buf_putc(out, '"');
			i = end + 1;
			continue;
		}
		while (end < s.n && is_token(s.p[end]))
			end++;
		if (end == i) {
			buf_putc(out, s.p[i++]);
			continue;
		}
		if (must_quote(slice_sub(s, i, end - i)))
			buf_printf(out, "\"%.*s\"", SLICE_ARG(slice_sub(s, i, end - i)));
		else
			buf_put_slice(out, slice_sub(s, i, end - i));
		i = end;
	}
}

/* the key, as written, whose closing quote is the byte before `end` */
static struct slice
key_before(struct slice text, size_t end)
{
	size_t from = end > 0 ? end - 1 : 0;

	if (end < 2 || end > text.n || text.p[from] != '"')
		return SLICE("?");
	while (from > 0 && (text.p[from - 1] != '"' ||
	    (from > 1 && text.p[from - 2] == '\\')))
		from--;
	return from < end - 1 ? slice_sub(text, from, end - 1 - from) : SLICE("?");
}

/* a key that occurs twice is legal, the last value counts, but it is told */
static json_t *
load(struct slice text, json_error_t *error, struct slice *twice)
{
	json_t *value = json_loadb(text.p, text.n, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, error);

	if (value || json_error_code(error) != json_error_duplicate_key)
		return value;
	*twice = key_before(text, error->position > 0 ? (size_t)error->position : 0);
	return json_loadb(text.p, text.n, JSON_ALLOW_NUL, error);
}

json_t *
json_load_lenient(struct slice text, struct buf *scratch, size_t *bad_utf8,
    struct json_fault *fault)
{
	struct arena a;
	json_error_t error, again;
	json_t *value;

	*bad_utf8 = 0;
	fault->twice = slice_of(NULL, 0);
	value = load(text, &error, &fault->twice);
	if (value)
		return value;
	arena_init(&a);
	buf_reset(scratch);
	rewrite(scratch, text_utf8(&a, text, bad_utf8));
	if (!scratch->over)
		value = load(buf_slice(scratch), &again, &fault->twice);
	arena_release(&a);
	if (value)
		return value;
	/* the first complaint: places in the copy are not places in the text */
	memcpy(fault->text, error.text, sizeof fault->text);
	fault->at = error.position > 0 && (size_t)error.position <= text.n ?
	    (size_t)error.position - 1 : 0;
	return NULL;
}
