/*
 * read_gcp_csv.c - log entries as CSV: downloads of the Logs Explorer, gcloud's csv(...), rows of
 * BigQuery and Log Analytics. The header says what the columns are.
 *
 * A row that cannot be right costs itself, and when a quote was lost, all up to the
 * next line that is a row of its own: it has as many cells as the header, and a time
 * where the time is.
 */
#include "config.h"

#include "read/csv_columns.h"
#include "read/damage.h"
#include "read/entry_put.h"
#include "read/reader.h"

#define SNIFF_ROWS 64		/* of the head that are looked at for one that fits */

struct reading {
	struct read_job *job;
	struct entry_put put;
	struct arena arena;		/* one record */
	struct buf scratch;		/* for JSON in cells */
	struct window w;
	struct csv_row row;
	struct csv_columns columns;
	size_t cells;			/* of the header */
	char separator;
};

enum found { FOUND_ROW, FOUND_QUOTE, FOUND_OPEN, FOUND_LONG, FOUND_END };

/* --- rows --- */

/* the row at the start of the window; -1 when reading fails */
static int
find_row(struct reading *g, bool strict, enum found *found, struct err *e)
{
	for (;;) {
		struct slice text = window_text(&g->w);
		enum csv_read got = CSV_MORE;

		if (text.n > 0)
			got = csv_row_read(&g->row, text, g->separator, g->w.end, strict);
		else if (g->w.end)
			return *found = FOUND_END, 0;
		if (got == CSV_ROW || got == CSV_QUOTE || (got == CSV_OPEN && g->w.end)) {
			*found = got == CSV_QUOTE ? FOUND_QUOTE : got == CSV_OPEN ? FOUND_OPEN :
			    g->row.bytes > g->job->limits->record ? FOUND_LONG : FOUND_ROW;
			return 0;
		}
		if (text.n > g->job->limits->record)
			return *found = FOUND_LONG, 0;
		if (window_more(&g->w, e) != 0)
			return -1;
	}
}

static bool
has_time(const struct reading *g)
{
	enum clock_zone zone;
	int64_t ns;

	return g->columns.time < g->row.kept &&
	    clock_parse(slice_trim(g->row.cell[g->columns.time].text), &ns, &zone);
}

static bool
is_blank(const struct csv_row *r)
{
	return r->cells == 1 && slice_trim(r->cell[0].text).n == 0;
}

/* files that were joined have a header for each of them */
static bool
is_header(const struct csv_row *row)
{
	struct csv_columns c;
	bool entry;

	csv_columns_init(&c, row);
	entry = c.entry;
	csv_columns_release(&c);
	return entry;
}

static void
take_header(struct reading *g)
{
	csv_columns_release(&g->columns);
	csv_columns_init(&g->columns, &g->row);
	g->cells = g->row.cells;
	g->job->lossy |= !g->columns.complete;
}

/* the first line that is not blank */
static int
read_header(struct reading *g, struct err *e)
{
	struct slice text, line;
	size_t end;

	do {
		if (window_more(&g->w, e) != 0)
			return -1;
		text = window_text(&g->w);
		if (g->w.byte == 0 && slice_starts(text, "\xef\xbb\xbf"))
			window_drop(&g->w, 3);
		while ((text = window_text(&g->w)).n > 0 && (*text.p == '\n' || *text.p == '\r'))
			window_drop(&g->w, 1);
		end = slice_find_byte(text, 0, '\n');
	} while (end == SIZE_MAX && !g->w.end && text.n <= g->job->limits->record);
	line = slice_sub(text, 0, end == SIZE_MAX ? text.n : end);
	g->separator = csv_separator(line);
	csv_row_read(&g->row, line, g->separator, true, false);
	take_header(g);
	window_drop(&g->w, end == SIZE_MAX ? text.n : end + 1);
	return 0;
}

/* --- damage --- */

/* the row at the start of the window can only be one that the input means as such */
static bool
begins_again(const struct reading *g)
{
	return (g->row.cells == g->cells && (has_time(g) || g->columns.time == SIZE_MAX)) ||
	    is_header(&g->row);
}

/* from a row that cannot be right to the next line that is one */
static int
skip_damage(struct reading *g, size_t offset, const char *fault, struct err *e)
{
	enum found found = FOUND_END;
	struct damage d;
	bool more;

	damage_begin(&d, &g->w);
	do {
		if (damage_line(&d, &more, e) != 0 || find_row(g, true, &found, e) != 0)
			return -1;
	} while (more && found != FOUND_END && !(found == FOUND_ROW && begins_again(g)));
	return damage_put(&d, &g->put, DIAG_ROW_BAD, offset, fault, g->job->limits->record, e);
}

/* --- entries --- */

static int
put_row(struct reading *g, struct err *e)
{
	struct record_at at = { .line = g->w.line, .col = 1, .byte = g->w.byte,
		.bytes = g->row.bytes, .text = slice_sub(window_text(&g->w), 0, g->row.bytes) };
	bool fits = g->row.cells == g->cells;
	json_t *object;
	size_t bad_utf8;
	int rc;

	if (fits) {
		object = csv_columns_object(&g->columns, &g->row, g->job->limits->depth,
		    &g->arena, &g->scratch, &bad_utf8);
		if (bad_utf8 > 0)
			diag_put(&g->job->sink->diag, DIAG_BAD_UTF8, at.line, 1, at.byte,
			    "%zu times in this record", bad_utf8);
		rc = entry_put_object(&g->put, object, &at, e);
		json_decref(object);
	} else {
		record_point(&at, 0, arena_printf(&g->arena,
		    "it has %zu cells, and the header has %zu", g->row.cells, g->cells));
		rc = entry_put_bad(&g->put, g->row.cells < g->cells && g->row.used == g->row.bytes ?
		    DIAG_JSON_CUT : DIAG_ROW_BAD, &at, e);
	}
	window_drop(&g->w, g->row.used);
	return rc;
}

static int
read_row(struct reading *g, enum found found, struct err *e)
{
	bool fits = g->row.cells == g->cells;

	if (found == FOUND_QUOTE)
		return skip_damage(g, g->row.used, "text stands beside a quoted cell", e);
	if (found == FOUND_OPEN || found == FOUND_LONG)
		return skip_damage(g, g->row.quote, "a quote is not closed", e);
	if (is_blank(&g->row)) {
		window_drop(&g->w, g->row.used);
		return 0;
	}
	if (fits && has_time(g))
		return put_row(g, e);
	if (is_header(&g->row)) {
		take_header(g);
		window_drop(&g->w, g->row.used);
		return 0;
	}
	/* a quote that was lost joins rows */
	if (g->row.lines)
		return skip_damage(g, 0, fits ? "it has no time where the header has one" :
		    arena_printf(&g->arena, "it has %zu cells, and the header has %zu",
		    g->row.cells, g->cells), e);
	return put_row(g, e);
}

static int
read_rows(struct reading *g, struct err *e)
{
	enum found found = FOUND_END;

	if (read_header(g, e) != 0)
		return -1;
	for (;;) {
		if (find_row(g, false, &found, e) != 0)
			return -1;
		if (found == FOUND_END)
			break;
		if (read_row(g, found, e) != 0)
			return -1;
		arena_reset(&g->arena);
	}
	if (g->put.seen == 0)
		diag_put(&g->job->sink->diag, DIAG_EMPTY, 0, 0, 0, "no row follows the header");
	return 0;
}

static int
read_gcp_csv(struct read_job *job, struct err *e)
{
	struct reading g = { .job = job };
	int rc;

	arena_init(&g.arena);
	arena_init(&g.columns.arena);
	entry_put_init(&g.put, job, &g.arena);
	/* the copy for the second try at JSON grows by escapes, at most six-fold */
	buf_init(&g.scratch, job->limits->record > SIZE_MAX / 8 ? SIZE_MAX / 8 :
	    job->limits->record * 6 + 64);
	window_init(&g.w, job->in, &job->sink->diag);
	rc = read_rows(&g, e);
	job->shape = g.separator == '\t' ? "CSV with tabs" : "CSV";
	window_release(&g.w);
	csv_columns_release(&g.columns);
	csv_row_release(&g.row);
	buf_release(&g.scratch);
	arena_release(&g.arena);
	return rc;
}

/* --- sniffing --- */

/* some row of the head fits the header; a header alone is an export that found nothing */
static bool
rows_fit(const struct csv_columns *c, size_t cells, struct slice rest, bool whole, char sep)
{
	struct csv_row row = { .cell = NULL };
	bool fits = false, seen = false;

	for (unsigned i = 0; i < SNIFF_ROWS && rest.n > 0 && !fits; i++) {
		enum csv_read got = csv_row_read(&row, rest, sep, whole, false);
		enum clock_zone zone;
		int64_t ns;
		struct slice line;

		fits = got == CSV_MORE || got == CSV_OPEN || (got == CSV_ROW &&
		    row.cells == cells && c->time < row.kept &&
		    clock_parse(slice_trim(row.cell[c->time].text), &ns, &zone));
		seen |= got != CSV_ROW || !is_blank(&row);
		if (got == CSV_ROW)
			rest = slice_sub(rest, row.used, rest.n);
		else
			slice_take_line(&rest, &line);
	}
	csv_row_release(&row);
	return fits || !seen;
}

static int
sniff(struct slice head, bool whole)
{
	struct csv_row row = { .cell = NULL };
	struct csv_columns c;
	struct slice line;
	bool fits = false;
	char separator;

	slice_take_str(&head, "\xef\xbb\xbf");
	do {
		if (!slice_take_line(&head, &line))
			return 0;
	} while (line.n == 0);
	if (slice_find(line, 0, SLICE("imestamp")) == SIZE_MAX &&
	    slice_find(line, 0, SLICE("IMESTAMP")) == SIZE_MAX)
		return 0;
	separator = csv_separator(line);
	csv_row_read(&row, line, separator, true, false);
	csv_columns_init(&c, &row);
	if (c.entry && row.cells > 1)
		fits = rows_fit(&c, row.cells, head, whole, separator);
	csv_columns_release(&c);
	csv_row_release(&row);
	return fits ? 85 : 0;
}

const struct reader reader_gcp_csv = {
	.name = "gcp-csv",
	.about = "log entries as CSV: Logs Explorer, gcloud csv(...), BigQuery, Log Analytics",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_gcp_csv,
};
