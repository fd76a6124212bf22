#include "config.h"

#include "store/db.h"

#include <string.h>

#include "base/token.h"

enum { EVENT, TEST, OUTPUT };
static const char *const texts[] = {
	[EVENT] = "SELECT message, 0 FROM event WHERE id = ?1",
	[TEST] = "SELECT message, 0 FROM test WHERE id = ?1",
	[OUTPUT] = "SELECT text, line FROM output WHERE id = ?1",
};
const struct sql_group sql_quote = { GROUP_QUOTE, texts, sizeof texts / sizeof *texts };

/* the first byte of a character or of a redaction token, at or before n */
static size_t
floor_of(struct slice text, size_t n)
{
	return n < text.n ? token_floor(text, n) : text.n;
}

/* the line that says most: the first one, but with a traceback the last that is not blank */
static void
telling_line(struct slice text, size_t *start, size_t *end)
{
	size_t newline;

	*start = 0;
	*end = slice_find_byte(text, 0, '\n');
	if (slice_find(text, 0, SLICE("Traceback (most recent call last)")) == SIZE_MAX)
		return;
	while (text.n && text.p[text.n - 1] != '\0' && strchr(" \t\r\n", text.p[text.n - 1]))
		text.n--;
	newline = slice_rfind_byte(text, '\n');
	if (newline != SIZE_MAX) {
		*start = newline + 1;
		*end = text.n;
	}
}

void
quote_clip(struct slice text, size_t *start, size_t *end)
{
	if (*end <= *start || *start >= text.n)
		telling_line(text, start, end);
	if (*end > text.n)
		*end = text.n;
	if (*end - *start > QUOTE_MAX)
		*end = *start + QUOTE_MAX;
	*start = floor_of(text, *start);
	*end = floor_of(text, *end);
}

/* offset and text of line `no` of printed text whose first line is `first` */
static struct slice
printed_line(struct slice text, uint64_t no, uint64_t first, size_t *offset)
{
	size_t at = 0, end;

	while (no > first && (end = slice_find_byte(text, at, '\n')) != SIZE_MAX) {
		at = end + 1;
		no--;
	}
	if (at > text.n)
		at = text.n;
	end = slice_find_byte(text, at, '\n');
	*offset = at;
	return slice_sub(text, at, end == SIZE_MAX ? text.n - at : end - at);
}

int
quote_range(struct store *st, const struct quote *q, int64_t *start, int64_t *end, struct err *e)
{
	size_t from = q->start, to = q->end, offset = 0;
	struct slice text;
	sqlite3_stmt *s;
	int rc;

	*start = *end = 0;
	if (db_stmt(st, &sql_quote, q->output_id ? OUTPUT : q->test_id ? TEST : EVENT, &s, e))
		return -1;
	sqlite3_bind_int64(s, 1, q->output_id ? q->output_id :
	    q->test_id ? q->test_id : q->event_id);
	rc = db_row(st, s, e);
	if (rc <= 0)
		return rc;
	text = db_text(s, 0);
	/* a hit's range is of the whole printed text; without one its line is shown */
	if (q->output_id && to <= from)
		text = printed_line(text, q->line, (uint64_t)sqlite3_column_int64(s, 1), &offset);
	quote_clip(text, &from, &to);
	*start = (int64_t)(offset + from);
	*end = (int64_t)(offset + to);
	sqlite3_reset(s);
	return 0;
}
