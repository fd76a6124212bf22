/*
 * fuzz_csv.c - the reader of CSV, on any bytes.
 *
 * Oracle: a splitter that goes byte by byte and knows only RFC 4180. Where it finds
 * nothing wrong, and each row has a time where the first column of the header is the
 * timestamp, the reader has found just as many rows, and none of them damaged.
 */
#include "config.h"

#include <string.h>

#include "checked.h"

extern const struct reader reader_gcp_csv;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD_MAX 2048

struct plain {
	size_t rows, cells;	/* of the header */
	size_t at;
	bool fine;
};

/* one cell from s->at; what ended it: , \n or 0 */
static char
plain_cell(struct plain *s, const char *p, size_t n, size_t *from, size_t *to)
{
	if (s->at < n && p[s->at] == '"') {
		*from = ++s->at;
		for (; s->at < n; s->at++) {
			if (p[s->at] != '"')
				continue;
			if (s->at + 1 == n || p[s->at + 1] != '"')
				break;
			s->at++;
		}
		*to = s->at++;
		s->fine = s->fine && *to < n;
		if (s->at + 1 < n && p[s->at] == '\r' && p[s->at + 1] == '\n')
			s->at++;
	} else {
		*from = s->at;
		while (s->at < n && p[s->at] != ',' && p[s->at] != '\n') {
			s->fine = s->fine && p[s->at] != '"' && p[s->at] != '\r';
			s->at++;
		}
		*to = s->at;
	}
	if (s->at >= n)
		return 0;
	s->fine = s->fine && (p[s->at] == ',' || p[s->at] == '\n');
	return p[s->at++];
}

static bool
is_time(const char *p, size_t n)
{
	enum clock_zone zone;
	int64_t ns;

	return clock_parse(slice_of(p, n), &ns, &zone);
}

/* rows behind the header, or SIZE_MAX when anything is odd */
static size_t
plain_rows(const char *p, size_t n)
{
	struct plain s = { .fine = true };
	size_t rows = 0, cells = 0, start = 0, from, to;

	while (s.fine && s.at < n) {
		char end = plain_cell(&s, p, n, &from, &to);

		if (cells == 0 && rows == 0 && (to - from != 9 ||
		    memcmp(p + from, "timestamp", 9) != 0))
			return SIZE_MAX;
		if (cells == 0 && rows > 0 && !is_time(p + from, to - from))
			return SIZE_MAX;
		cells++;
		if (end == ',')
			continue;
		if (rows == 0 && memchr(p, '\n', s.at - 1))
			return SIZE_MAX;	/* a line break in the header */
		if (rows == 0)
			s.cells = cells;
		if (cells != s.cells || cells < 2 || s.at - start > RECORD_MAX)
			return SIZE_MAX;
		rows++;
		cells = 0;
		start = s.at;
	}
	/* a comma at the very end opens a cell that was not read */
	return s.fine && cells == 0 && rows > 0 ? rows - 1 : SIZE_MAX;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	struct checked c = check_reader(&reader_gcp_csv, p, size, RECORD_MAX, 16);
	size_t rows;

	if (size == 0 || !is_plain_text(p, size) || memchr(p, ';', size) || memchr(p, '\t', size))
		return 0;
	rows = plain_rows(p, size);
	require(rows == SIZE_MAX || (c.entries + c.bads == rows && c.damaged == 0));
	return 0;
}
