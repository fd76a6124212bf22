#include "config.h"

#include "base/msg.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

#define TEXT_MAX (64 * 1024)	/* bytes of one message before and after escaping */

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define CYAN "\033[1;36m"
#define BLUE "\033[1;34m"
#define PLAIN "\033[0m"

static bool
wants_color(bool tty)
{
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");
	const char *term = getenv("TERM");

	if (no && *no)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return tty && term && *term && strcmp(term, "dumb") != 0;
}

void
msg_init(struct msg *m, FILE *out, int verbosity)
{
	int fd = fileno(out);

	m->out = out;
	m->verbosity = verbosity;
	m->change = NULL;
	m->change_ctx = NULL;
	m->tty = fd >= 0 && isatty(fd);
	m->color = wants_color(m->tty);
}

static void
put_colored(struct buf *b, const struct msg *m, const char *color, const char *text)
{
	buf_puts(b, m->color ? color : "");
	buf_puts(b, text);
	buf_puts(b, m->color ? PLAIN : "");
}

static void
put_text(struct buf *b, const struct msg *m, struct slice text)
{
	text_escape(b, m->change ? m->change(m->change_ctx, text) : text, true);
}

/* one write per message, so that messages of several processes do not mix */
static void
emit(const struct msg *m, struct buf *b)
{
	fwrite(b->p, 1, b->n, m->out);
	fflush(m->out);
	buf_release(b);
}

/* a part of an error, with what stands in front of it */
static void
put_part(struct buf *b, const struct msg *m, const char *lead, const char *label, const char *text)
{
	if (!*text)
		return;
	put_colored(b, m, BLUE, lead);
	buf_puts(b, label);
	put_text(b, m, slice_str(text));
	buf_putc(b, '\n');
}

static void
put_err(const struct msg *m, const char *color, const char *word, const struct err *e)
{
	struct slice rest = slice_str(e->snippet), line;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	put_colored(&b, m, color, word);
	buf_puts(&b, ": ");
	put_text(&b, m, slice_str(e->text));
	buf_putc(&b, '\n');
	put_part(&b, m, "  --> ", "", e->where);
	while (slice_take_line(&rest, &line)) {
		put_colored(&b, m, BLUE, "   | ");
		put_text(&b, m, line);
		buf_putc(&b, '\n');
	}
	put_part(&b, m, "  = ", "note: ", e->note);
	put_part(&b, m, "  = ", "help: ", e->help);
	emit(m, &b);
}

void
msg_err(const struct msg *m, const struct err *e)
{
	put_err(m, RED, "error", e);
}

void
msg_warn_err(const struct msg *m, const struct err *e)
{
	if (m->verbosity >= -1)
		put_err(m, YELLOW, "warning", e);
}

/* a single line; word NULL for none */
static void __attribute__((format(printf, 4, 0)))
put_line(const struct msg *m, const char *color, const char *word, const char *fmt, va_list ap)
{
	char small[512], *text = small;
	struct buf b;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof small, fmt, ap);
	if (n < 0)
		small[0] = '\0';
	buf_init(&b, TEXT_MAX);
	if (n >= (int)sizeof small) {
		size_t size = n < TEXT_MAX ? (size_t)n + 1 : TEXT_MAX;

		text = mem_alloc(size);
		vsnprintf(text, size, fmt, again);
	}
	va_end(again);
	if (word) {
		put_colored(&b, m, color, word);
		buf_puts(&b, ": ");
	}
	put_text(&b, m, slice_str(text));
	buf_truncate(&b, TEXT_MAX - 1);
	buf_putc(&b, '\n');
	if (text != small)
		free(text);
	emit(m, &b);
}

void
msg_warn(const struct msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->verbosity < -1)
		return;
	va_start(ap, fmt);
	put_line(m, YELLOW, "warning", fmt, ap);
	va_end(ap);
}

void
msg_note(const struct msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->verbosity < 0)
		return;
	va_start(ap, fmt);
	put_line(m, CYAN, "note", fmt, ap);
	va_end(ap);
}

void
msg_help(const struct msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->verbosity < 0)
		return;
	va_start(ap, fmt);
	put_line(m, CYAN, "help", fmt, ap);
	va_end(ap);
}

void
msg_info(const struct msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->verbosity < 0)
		return;
	va_start(ap, fmt);
	put_line(m, NULL, NULL, fmt, ap);
	va_end(ap);
}

void
msg_verbose(const struct msg *m, const char *fmt, ...)
{
	va_list ap;

	if (m->verbosity < 1)
		return;
	va_start(ap, fmt);
	put_line(m, NULL, NULL, fmt, ap);
	va_end(ap);
}

void
msg_progress(const struct msg *m, const char *fmt, ...)
{
	char text[160];
	struct buf b;
	va_list ap;

	if (!m->tty || m->verbosity < 0)
		return;
	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	buf_init(&b, TEXT_MAX);
	buf_puts(&b, "\r  ");
	put_text(&b, m, slice_str(text));
	buf_puts(&b, "\033[K");
	emit(m, &b);
}

void
msg_progress_end(const struct msg *m)
{
	if (m->tty && m->verbosity >= 0) {
		fputs("\r\033[K", m->out);
		fflush(m->out);
	}
}
