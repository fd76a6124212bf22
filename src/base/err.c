#include "config.h"

#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define PART 600		/* the largest part of struct err */
#define CARET_BEFORE 50		/* characters shown before the caret ... */
#define CARET_WINDOW 90		/* ... and in all */

void
err_clear(struct err *e)
{
	memset(e, 0, sizeof *e);
}

/* store into `out` of `size` bytes what fits, without cutting a character in two */
static void
store(char *out, size_t size, struct slice s)
{
	size_t n = text_utf8_floor(s, size - 1);

	if (n)
		memmove(out, s.p, n);
	out[n] = '\0';
}

/*
 * vsnprintf through a copy: the arguments may point into `out`, and one byte
 * more than fits is needed to see whether the cut is inside a character.
 */
static void __attribute__((format(printf, 3, 0)))
format_part(char *out, size_t size, const char *fmt, va_list ap)
{
	char all[PART + 8];

	if (vsnprintf(all, sizeof all, fmt, ap) < 0)
		all[0] = '\0';
	store(out, size, slice_str(all));
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char text[sizeof e->text];
	va_list ap;

	va_start(ap, fmt);
	format_part(text, sizeof text, fmt, ap);
	va_end(ap);
	err_clear(e);
	e->code = code;
	memcpy(e->text, text, sizeof text);
	return -1;
}

int
err_errno(struct err *e, enum err_code code, const char *fmt, ...)
{
	char text[sizeof e->text];
	int number = errno;
	va_list ap;

	va_start(ap, fmt);
	format_part(text, sizeof text, fmt, ap);
	va_end(ap);
	return err_set(e, code, "%s: %s", text, strerror(number));
}

int
err_add(struct err *e, const char *fmt, ...)
{
	char context[sizeof e->text], all[2 * sizeof e->text + 4];
	va_list ap;

	va_start(ap, fmt);
	format_part(context, sizeof context, fmt, ap);
	va_end(ap);
	snprintf(all, sizeof all, "%s: %s", context, e->text);
	store(e->text, sizeof e->text, slice_str(all));
	return -1;
}

int
err_note(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	format_part(e->note, sizeof e->note, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_help(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	format_part(e->help, sizeof e->help, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_where(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	format_part(e->where, sizeof e->where, fmt, ap);
	va_end(ap);
	return -1;
}

/* start of the character before `at`; a stray continuation byte is a character of its own */
static size_t
char_before(struct slice s, size_t at)
{
	size_t start = text_utf8_floor(s, at - 1);

	return start < at ? start : at - 1;
}

static size_t
char_after(struct slice s, size_t at)
{
	size_t end = at + 1;

	while (end < s.n && text_utf8_floor(s, end) != end)
		end++;
	return end;
}

static void
put_visible(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		buf_putc(out, c < 0x20 || c == 0x7F ? '.' : s.p[i]);
	}
}

int
err_caret(struct err *e, struct slice line, size_t col, const char *label)
{
	size_t at = col ? col - 1 : 0, from, to, before = 0, shown;
	struct buf b;

	if (at > line.n)
		at = line.n;
	at = text_utf8_floor(line, at);
	for (from = at; from > 0 && before < CARET_BEFORE; before++)
		from = char_before(line, from);
	for (to = at, shown = before; to < line.n && shown < CARET_WINDOW; shown++)
		to = char_after(line, to);

	buf_init(&b, 2 * PART);
	if (from > 0)
		buf_puts(&b, "...");
	put_visible(&b, slice_sub(line, from, to - from));
	if (to < line.n)
		buf_puts(&b, "...");
	buf_printf(&b, "\n%*s^", (int)(before + (from > 0 ? 3 : 0)), "");
	if (label && *label)
		buf_printf(&b, " %s", label);
	store(e->snippet, sizeof e->snippet, buf_slice(&b));
	buf_release(&b);
	return -1;
}

int
err_exit_code(const struct err *e)
{
	switch (e->code) {
	case ERR_NONE:
		return 0;
	case ERR_USAGE:
	case ERR_RULES:
		return 2;
	case ERR_INPUT:
		return 3;
	case ERR_DB:
		return 4;
	case ERR_SQL:
	case ERR_ID:
		return 5;
	case ERR_IO:
	case ERR_LIMIT:
		break;
	}
	return 6;
}
