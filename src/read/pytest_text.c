/*
 * pytest_text.c - blocks of run output.
 */
#include "config.h"

#include "read/pytest_text.h"

#include "base/text.h"

void
pytest_text_init(struct pytest_text *t, const struct read_sink *sink)
{
	*t = (struct pytest_text){ .sink = sink };
	buf_init(&t->text, PYTEST_TEXT_MAX);
	buf_init(&t->section, 200);
	buf_init(&t->owner, 4096);
	buf_puts(&t->section, "stdout");
}

void
pytest_text_release(struct pytest_text *t)
{
	buf_release(&t->text);
	buf_release(&t->section);
	buf_release(&t->owner);
}

int
pytest_text_flush(struct pytest_text *t, struct err *e)
{
	struct printed out = { .nodeid = buf_slice(&t->owner), .section = buf_slice(&t->section),
		.text = buf_slice(&t->text), .line = t->line, .byte = t->byte };
	int rc = 0;

	if (slice_trim(out.text).n) {
		rc = t->before ? t->before(t->ctx, e) : 0;
		if (rc == 0)
			rc = t->sink->output(t->sink->ctx, &out, e);
	}
	buf_reset(&t->text);
	return rc;
}

int
pytest_text_section(struct pytest_text *t, struct slice section, struct err *e)
{
	if (slice_eq(section, buf_slice(&t->section)))
		return 0;
	if (pytest_text_flush(t, e) != 0)
		return -1;
	buf_reset(&t->section);
	buf_put_slice(&t->section, slice_sub(section, 0, text_utf8_floor(section, 200)));
	return 0;
}

int
pytest_text_owner(struct pytest_text *t, struct slice id, struct err *e)
{
	if (slice_eq(id, buf_slice(&t->owner)))
		return 0;
	if (pytest_text_flush(t, e) != 0)
		return -1;
	buf_reset(&t->owner);
	buf_put_slice(&t->owner, id);
	return 0;
}

int
pytest_text_line(struct pytest_text *t, struct slice text, const struct line *at, struct err *e)
{
	uint64_t byte = at->byte;

	if (t->text.n && (at->no != t->next || t->text.n + text.n + 1 > t->text.max) &&
	    pytest_text_flush(t, e) != 0)
		return -1;
	if (t->text.n == 0 && slice_trim(text).n == 0)
		return 0;
	do {
		size_t n = text.n < t->text.max ? text.n : text_utf8_floor(text, t->text.max - 1);

		if (t->text.n == 0) {
			t->line = at->no;
			t->byte = byte;
		}
		buf_put_slice(&t->text, slice_sub(text, 0, n));
		buf_putc(&t->text, '\n');
		text = slice_sub(text, n, text.n);
		byte += n;
		if (text.n && pytest_text_flush(t, e) != 0)
			return -1;
	} while (text.n);
	t->next = at->no + 1;
	return 0;
}
