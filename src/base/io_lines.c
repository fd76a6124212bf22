/*
 * io_lines.c - an input as lines of bounded length, and small files as a whole.
 */
#include "config.h"

#include "base/io.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io_raw.h"
#include "base/mem.h"

#define BLOCK_SIZE (64 * 1024)		/* bytes of input that a line reader holds */

void
lines_init(struct lines *l, struct input *in, size_t max_line, const struct diag_sink *diag)
{
	memset(l, 0, sizeof *l);
	l->in = in;
	l->diag = diag;
	buf_init(&l->text, max_line);
	l->block = mem_alloc(BLOCK_SIZE);
	l->byte = input_offset(in);
}

void
lines_release(struct lines *l)
{
	buf_release(&l->text);
	free(l->block);
	memset(l, 0, sizeof *l);
}

/* a clip may not end inside a UTF-8 sequence that was whole in the input */
static size_t
drop_partial(struct slice s)
{
	for (size_t back = 1; back <= 3 && back <= s.n; back++) {
		unsigned char c = (unsigned char)s.p[s.n - back];

		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? s.n - back : s.n;
		if (c < 0x80)
			break;
	}
	return s.n;
}

static void
finish_line(struct lines *l, struct line *line, uint64_t total, bool ended)
{
	line->no = ++l->no;
	line->byte = l->byte;
	line->ended = ended;
	l->byte += total + (ended ? 1 : 0);
}

/* a line that lies in the block as a whole, the usual case, is not copied */
static bool
take_whole(struct lines *l, struct line *line)
{
	struct slice left = slice_of(l->block + l->at, l->have - l->at), text;

	if (l->text.n || !slice_take_until(&left, '\n', &text))
		return false;
	line->text = text;
	if (text.n && text.p[text.n - 1] == '\r')
		line->text.n--;
	if (line->text.n > l->text.max)
		return false;
	line->clipped = false;
	l->at = l->have - left.n;
	finish_line(l, line, text.n, true);
	return true;
}

/* moves bytes up to the next newline into l->text; true when the newline was found */
static bool
take_piece(struct lines *l, uint64_t *total, char *last)
{
	struct slice left = slice_of(l->block + l->at, l->have - l->at), piece;
	bool found = slice_take_until(&left, '\n', &piece);

	if (!found)
		piece = left;
	buf_put_slice(&l->text, piece);
	*total += piece.n;
	if (piece.n)
		*last = piece.p[piece.n - 1];
	l->at = found ? l->have - left.n : l->have;
	return found;
}

static void
finish_long(struct lines *l, struct line *line, uint64_t total, uint64_t length)
{
	line->text = buf_slice(&l->text);
	line->clipped = length > l->text.max;
	if (!line->clipped) {
		line->text.n = (size_t)length;
		return;
	}
	line->text.n = drop_partial(line->text);
	diag_put(l->diag, DIAG_LINE_LONG, line->no, l->text.max + 1, line->byte,
	    "it has %llu bytes, of which %zu are kept", (unsigned long long)total, line->text.n);
}

int
lines_next(struct lines *l, struct line *line, struct err *e)
{
	bool ended = false;
	uint64_t total = 0;
	char last = 0;

	buf_reset(&l->text);
	if (take_whole(l, line))
		return 1;
	for (;;) {
		ended = take_piece(l, &total, &last);
		if (ended)
			break;
		l->at = l->have = 0;
		if (input_read(l->in, l->block, BLOCK_SIZE, &l->have, l->diag, e) != 0)
			return -1;
		if (l->have == 0)
			break;
		if (total == 0 && take_whole(l, line))
			return 1;
	}
	if (total == 0 && !ended)
		return 0;
	finish_line(l, line, total, ended);
	finish_long(l, line, total, total - (ended && last == '\r'));
	return 1;
}

/* small files ------------------------------------------------------------- */

int
io_slurp(const char *path, size_t max, struct buf *b, struct err *e)
{
	size_t got, limit = max < b->max ? max : b->max;
	int fd = raw_open_file(path, e), rc = 0;
	char *block;

	if (fd < 0)
		return -1;
	block = mem_alloc(BLOCK_SIZE);
	buf_reset(b);
	do {
		if (raw_read(fd, block, BLOCK_SIZE, &got) != 0) {
			rc = err_errno(e, ERR_IO, "cannot read '%s'", path);
		} else if (got > limit - b->n) {
			rc = err_set(e, ERR_IO, "'%s' is larger than %zu bytes", path, limit);
		} else {
			buf_put(b, block, got);
		}
	} while (rc == 0 && got);
	if (fd != STDIN_FILENO)
		close(fd);
	free(block);
	return rc;
}
