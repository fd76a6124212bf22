/*
 * read_gcp_table.c - what gcloud prints for people: --format="table(...)" and "value(...)", and
 * the lines of `gcloud run services logs read`.
 *
 * All of them have lost fields: insertId, labels, trace. No row is lost: a line that
 * begins none belongs to the row before, as messages of several lines are printed.
 *
 *	TIMESTAMP                    SEVERITY  TEXT_PAYLOAD
 *	2025-10-02T09:14:25.104233Z  ERROR     pool is empty
 *
 *	2025-10-02T09:14:25.104233Z<tab>ERROR<tab>pool is empty
 *
 *	2025-10-02 09:14:25 POST 500 https://checkout-api.example/pay
 *	2025-10-02 09:14:25 pool is empty
 */
#include "config.h"

#include <string.h>

#include "base/text.h"
#include "read/gcp_columns.h"
#include "read/reader.h"
#include "read/row_record.h"

#define COMMAND_LINES 8		/* of a command that was pasted with its output */
#define STAMP 19		/* bytes of "2025-10-02 09:14:25" */

enum layout {
	LAYOUT_NONE,		/* nothing seen that has a time */
	LAYOUT_TABLE,		/* a heading was read */
	LAYOUT_BOX,		/* so was a rule */
	LAYOUT_TIMED,		/* lines that begin with an RFC 3339 time */
	LAYOUT_RUN		/* lines that begin with "2025-10-02 09:14:25 " */
};

enum row { ROW_NONE, ROW_GOOD, ROW_NO_TIME };

struct reading {
	struct entry_put put;
	struct arena arena;		/* one record */
	struct row_record record;
	enum row row;			/* what the record is; ROW_NONE: text without a time */
	enum layout layout, first;
	struct gcp_columns columns;
	bool named;			/* the heading of the box was read */
	uint64_t entries, line, byte;	/* the first entry */
};

/* --- lines --- */

/* "2025-10-02T09:14:25.104233Z" and then a tab, two blanks or the end of the line */
static bool
take_rfc3339(struct slice *line, struct slice *time)
{
	size_t n = 0;
	int64_t ns;

	if (line->n < STAMP || line->p[0] < '0' || line->p[0] > '9' || line->p[10] != 'T')
		return false;
	while (n < line->n && line->p[n] != '\t' && line->p[n] != ' ' && line->p[n] != '\n')
		n++;
	*time = slice_sub(*line, 0, n);
	if (!clock_parse(*time, &ns, NULL))
		return false;
	if (n < line->n && line->p[n] == ' ' && (n + 1 >= line->n || line->p[n + 1] != ' '))
		return false;
	*line = slice_sub(*line, n, line->n);
	return true;
}

/* "2025-10-02 09:14:25" and then a blank or the end of the line */
static bool
take_stamp(struct slice *line, struct slice *time)
{
	struct slice rest = slice_sub(*line, STAMP, line->n);
	int64_t ns;

	if (line->n < STAMP || line->p[10] != ' ' ||
	    (!slice_take_byte(&rest, ' ') && rest.n > 0 && rest.p[0] != '\n'))
		return false;
	*time = slice_sub(*line, 0, STAMP);
	if (!clock_parse(*time, &ns, NULL))
		return false;
	*line = rest;
	return true;
}

struct request_line {
	struct slice method, status, url;
};

/* "POST 500 https://checkout-api.example/pay", and nothing else */
static bool
take_request(struct slice s, struct request_line *r)
{
	uint64_t status;
	size_t n = 0;

	while (n < s.n && s.p[n] >= 'A' && s.p[n] <= 'Z')
		n++;
	r->method = slice_sub(s, 0, n);
	s = slice_sub(s, n, s.n);
	if (n < 3 || n > 10 || !slice_take_byte(&s, ' '))
		return false;
	r->status = slice_sub(s, 0, 3);
	if (!slice_take_digits(&s, 3, &status) || status < 100 || status > 599 ||
	    !slice_take_byte(&s, ' '))
		return false;
	r->url = s;
	return (slice_starts(s, "https://") || slice_starts(s, "http://")) &&
	    slice_find_byte(s, 0, ' ') == SIZE_MAX;
}

/* a row of the table: its time can be read, or at least its severity stands where it should */
static enum row
table_row(const struct gcp_columns *c, struct slice line)
{
	struct slice cell[GCP_COLUMNS];
	bool in_place;
	int64_t ns;

	if (c->box ? !gcp_columns_is_box_line(line) : c->column[c->time].from == 0 &&
	    (line.n == 0 || line.p[0] == ' '))
		return ROW_NONE;
	in_place = gcp_columns_cut(c, line, cell);
	if (clock_parse(slice_trim(cell[c->time]), &ns, NULL))
		return ROW_GOOD;
	if (in_place && c->severity < c->n && c->severity > 0 &&
	    gcp_is_severity(slice_trim(cell[c->severity])) && slice_trim(cell[0]).n > 0)
		return ROW_NO_TIME;
	return ROW_NONE;
}

/* --- a record to an entry --- */

struct cells {
	struct buf text[GCP_COLUMNS];
};

/* blanks in front of the first byte, as columns */
static size_t
lead(struct slice line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/*
 * One more line of a row. gcloud prints the lines of a cell below each other; older
 * versions print the text as it is, from the start of the line.
 */
static void
add_line(const struct gcp_columns *c, struct slice line, struct cells *cells, size_t *target)
{
	struct slice cell[GCP_COLUMNS];
	bool any = false;

	if (slice_trim(line).n == 0) {
		buf_putc(&cells->text[*target], '\n');
		return;
	}
	if (!c->box && (c->n < 2 || lead(line) < c->column[1].from)) {
		*target = c->n - 1;
		buf_putc(&cells->text[*target], '\n');
		buf_put_slice(&cells->text[*target], line);
		return;
	}
	gcp_columns_cut(c, line, cell);
	for (size_t i = 0; i < c->n; i++) {
		if (slice_trim(cell[i]).n == 0)
			continue;
		buf_putc(&cells->text[i], '\n');
		buf_put_slice(&cells->text[i], cell[i]);
		*target = i;
		any = true;
	}
	if (!any)
		buf_putc(&cells->text[*target], '\n');
}

static json_t *
object_of_row(struct reading *g, struct slice text)
{
	const struct gcp_columns *c = &g->columns;
	struct slice line, cell[GCP_COLUMNS];
	struct cells cells;
	size_t target = c->n - 1;
	json_t *object;

	for (size_t i = 0; i < c->n; i++)
		buf_init(&cells.text[i], text.n + 1);
	slice_take_line(&text, &line);
	gcp_columns_cut(c, line, cell);
	for (size_t i = 0; i < c->n; i++)
		buf_put_slice(&cells.text[i], cell[i]);
	while (slice_take_line(&text, &line))
		add_line(c, line, &cells, &target);
	for (size_t i = 0; i < c->n; i++)
		cell[i] = buf_slice(&cells.text[i]);
	object = gcp_columns_object(c, cell);
	for (size_t i = 0; i < c->n; i++)
		buf_release(&cells.text[i]);
	return object;
}

/* value(timestamp,severity,textPayload), or a table whose heading is not there */
static json_t *
object_of_timed(struct slice text)
{
	struct slice time, word, rest;
	json_t *object = json_object();

	take_rfc3339(&text, &time);
	gcp_object_put(object, "timestamp", time);
	if (slice_take_byte(&text, '\t')) {
		rest = text;
		if (slice_take_until(&rest, '\t', &word) &&
		    (word.n == 0 || gcp_is_severity(word))) {
			gcp_object_put(object, "severity", word);
			text = rest;
		}
	} else {
		while (slice_take_byte(&text, ' '))
			;
		for (word = rest = text; rest.n && rest.p[0] >= 'A' && rest.p[0] <= 'Z';)
			rest = slice_sub(rest, 1, rest.n);
		word.n -= rest.n;
		if (gcp_is_severity(word) && (rest.n == 0 || slice_starts(rest, "  "))) {
			gcp_object_put(object, "severity", word);
			for (text = rest; slice_take_byte(&text, ' ');)
				;
		}
	}
	/* "value(timestamp,severity)" ends here */
	if (gcp_is_severity(text) && !json_object_get(object, "severity")) {
		gcp_object_put(object, "severity", text);
		text.n = 0;
	}
	gcp_object_put(object, "textPayload", text);
	return object;
}

static json_t *
object_of_run(struct slice text)
{
	struct slice time, first;
	struct request_line r;
	json_t *object = json_object();

	take_stamp(&text, &time);
	gcp_object_put(object, "timestamp", time);
	first = text;
	if (first.n && first.p[first.n - 1] == '\r')
		first.n--;
	if (slice_find_byte(first, 0, '\n') == SIZE_MAX && take_request(first, &r)) {
		gcp_object_put(object, "httpRequest.requestMethod", r.method);
		gcp_object_put(object, "httpRequest.status", r.status);
		gcp_object_put(object, "httpRequest.requestUrl", r.url);
		return object;
	}
	gcp_object_put(object, "textPayload", text);
	return object;
}

/* CR LF inside a record are one line end: text.n grows never */
static struct slice
without_cr(struct arena *a, struct slice text)
{
	char *out;
	size_t n = 0;

	if (slice_find(text, 0, SLICE("\r\n")) == SIZE_MAX)
		return text;
	out = arena_alloc(a, text.n);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
			out[n++] = text.p[i];
	return slice_of(out, n);
}

static int
put_entry(struct reading *g, struct record_at *at, struct err *e)
{
	struct slice text = without_cr(&g->arena, at->text);
	json_t *object;
	int rc;

	if (!text_is_utf8(text))
		diag_put(&g->put.sink->diag, DIAG_BAD_UTF8, at->line, at->col, at->byte,
		    "in this row");
	if (g->layout == LAYOUT_RUN)
		object = object_of_run(text);
	else if (g->layout == LAYOUT_TIMED)
		object = object_of_timed(text);
	else
		object = object_of_row(g, text);
	if (g->entries++ == 0) {
		g->line = at->line;
		g->byte = at->byte;
	}
	rc = entry_put_object(&g->put, object, at, e);
	json_decref(object);
	return rc;
}

/* the record that is open, if one is, to the sink */
static int
finish(struct reading *g, struct err *e)
{
	struct record_at at;
	int rc;

	if (!g->record.open)
		return 0;
	at = row_record_end(&g->record);
	if (g->record.over) {
		rc = entry_put_bad(&g->put, DIAG_RECORD_LONG, &at, e);
	} else if (g->row == ROW_GOOD) {
		rc = put_entry(g, &at, e);
	} else if (g->row == ROW_NO_TIME) {
		record_point(&at, 0, "its first columns are no time");
		rc = entry_put_bad(&g->put, DIAG_ENTRY_NO_TIME, &at, e);
	} else if (g->layout == LAYOUT_NONE) {
		record_point(&at, 0, "no line begins with a time, so nothing tells when these were "
		    "written; collect them again with --format=json");
		rc = entry_put_bad(&g->put, DIAG_ENTRY_NO_TIME, &at, e);
	} else {
		rc = entry_put_bad(&g->put, DIAG_STRAY_TEXT, &at, e);
	}
	arena_reset(&g->arena);
	return rc;
}

static int
begin(struct reading *g, enum row row, const struct line *line, struct err *e)
{
	if (finish(g, e) != 0)
		return -1;
	g->row = row;
	row_record_begin(&g->record, line);
	return 0;
}

/* a line that begins no row */
static int
more(struct reading *g, const struct line *line, struct err *e)
{
	if (g->record.open)
		row_record_add(&g->record, line);
	else if (slice_trim(line->text).n > 0)
		return begin(g, ROW_NONE, line, e);
	return 0;
}

static bool
is_command(struct slice text)
{
	static const char *const prompt[] = { "gcloud ", "$ ", "% ", "> ", "PS ", "~" };
	struct slice first = { NULL, 0 };

	slice_take_line(&text, &first);
	if (slice_find(first, 0, SLICE("gcloud ")) == SIZE_MAX)
		return false;
	for (size_t i = 0; i < sizeof prompt / sizeof *prompt; i++)
		if (slice_starts(first, prompt[i]))
			return true;
	return slice_find(first, 0, SLICE("$ gcloud ")) != SIZE_MAX;
}

static void
set_layout(struct reading *g, enum layout layout)
{
	g->layout = layout;
	if (g->first == LAYOUT_NONE)
		g->first = layout;
}

/* a heading or a rule: the table begins here, or another one */
static int
take_columns(struct reading *g, const struct gcp_columns *c, struct err *e)
{
	/* the command that was pasted with its output is no record */
	if (g->layout == LAYOUT_NONE && g->record.open && is_command(buf_slice(&g->record.raw)))
		g->record.open = false;
	if (c->box && g->layout == LAYOUT_BOX && gcp_columns_same_rule(c, &g->columns))
		return finish(g, e);
	/* text before the table is judged as such */
	if (g->layout == LAYOUT_NONE)
		set_layout(g, c->box ? LAYOUT_BOX : LAYOUT_TABLE);
	if (finish(g, e) != 0)
		return -1;
	set_layout(g, c->box ? LAYOUT_BOX : LAYOUT_TABLE);
	g->columns = *c;
	g->named = !c->box;
	return 0;
}

static int
take_box_line(struct reading *g, struct slice text, const struct line *line, struct err *e)
{
	enum row row;

	if (!g->named) {
		if (!gcp_columns_is_box_line(text))
			return more(g, line, e);
		g->named = gcp_columns_box_heading(&g->columns, text);
		if (g->named)
			return finish(g, e);
		/* a title stands between the rules, too */
		return g->columns.n == 1 && !g->record.open ? 0 : more(g, line, e);
	}
	row = g->columns.time < g->columns.n ? table_row(&g->columns, text) : ROW_NONE;
	return row == ROW_NONE ? more(g, line, e) : begin(g, row, line, e);
}

static int
take_line(struct reading *g, const struct line *line, struct err *e)
{
	struct slice text = line->text, rest = text, time;
	struct gcp_columns c;
	enum row row;

	if (g->layout != LAYOUT_RUN && g->layout != LAYOUT_BOX && gcp_columns_heading(&c, text))
		return take_columns(g, &c, e);
	if ((g->layout == LAYOUT_NONE || g->layout == LAYOUT_BOX) && gcp_columns_rule(&c, text))
		return take_columns(g, &c, e);
	if (g->layout == LAYOUT_BOX)
		return take_box_line(g, text, line, e);
	if (g->layout == LAYOUT_TABLE) {
		row = table_row(&g->columns, text);
		return row == ROW_NONE ? more(g, line, e) : begin(g, row, line, e);
	}
	if (g->layout != LAYOUT_RUN && take_rfc3339(&rest, &time)) {
		if (finish(g, e) != 0)
			return -1;
		set_layout(g, LAYOUT_TIMED);
		return begin(g, ROW_GOOD, line, e);
	}
	if (g->layout != LAYOUT_TIMED && take_stamp(&rest, &time)) {
		if (finish(g, e) != 0)
			return -1;
		set_layout(g, LAYOUT_RUN);
		return begin(g, ROW_GOOD, line, e);
	}
	return more(g, line, e);
}

static void
put_end(const struct reading *g)
{
	if (g->entries > 0)
		diag_put(&g->put.sink->diag, DIAG_LOST_FIELDS, g->line, 1, g->byte,
		    "%s; nothing here tells equal entries apart, or to which instance they belong: "
		    "collect again with `%s --format=json`",
		    g->first == LAYOUT_RUN ? "insertId, severity, labels, trace and more" :
		    "insertId, labels, trace and more",
		    g->first == LAYOUT_RUN ? "gcloud run services logs read SERVICE" :
		    "gcloud logging read FILTER");
	if (g->put.seen == 0)
		diag_put(&g->put.sink->diag, DIAG_EMPTY, 0, 0, 0, "no row was found");
}

static int
read_gcp_table(struct read_job *job, struct err *e)
{
	static const char *const shape[] = { "gcloud text", "gcloud table", "gcloud table in a box",
		"gcloud values", "Cloud Run service logs" };
	struct reading g = { .layout = LAYOUT_NONE };
	struct lines lines;
	struct line line;
	int got;

	arena_init(&g.arena);
	entry_put_init(&g.put, job, &g.arena);
	g.put.lossy = true;
	row_record_init(&g.record, job->limits->record);
	lines_init(&lines, job->in, job->limits->record, &job->sink->diag);
	while ((got = lines_next(&lines, &line, e)) == 1) {
		if (line.no == 1 && slice_take_str(&line.text, "\xef\xbb\xbf"))
			line.byte += 3;
		if (take_line(&g, &line, e) != 0) {
			got = -1;
			break;
		}
	}
	if (got == 0)
		got = finish(&g, e);
	if (got == 0)
		put_end(&g);
	job->shape = shape[g.first];
	job->lossy = true;
	lines_release(&lines);
	row_record_release(&g.record);
	arena_release(&g.arena);
	return got;
}

/* --- sniffing --- */

/* does a value(...) line look like one of gcloud, and not like one of a logger of Go? */
static bool
is_value_line(struct slice line, bool *fine)
{
	struct slice time, word, caller;

	if (!take_rfc3339(&line, &time) || !slice_take_byte(&line, '\t') ||
	    !slice_take_until(&line, '\t', &word) || (word.n > 0 && !gcp_is_severity(word)))
		return false;
	/* a caller stands behind the level there: "cart/pay.go:41" */
	if (slice_take_until(&line, '\t', &caller) &&
	    slice_find(caller, 0, SLICE(".go:")) != SIZE_MAX)
		return false;
	/* times of Cloud Logging have six digits or nine; what a logger leaves out is its own */
	*fine |= slice_ends(time, "Z") && (time.n >= STAMP + 8 || word.n == 0);
	return true;
}

/* rest: what follows a heading or rule; one of the next lines must be a row */
static bool
has_row(struct gcp_columns *c, struct slice rest)
{
	struct slice line;
	bool named = !c->box;

	if (named && !gcp_columns_of_log(c))
		return false;
	for (unsigned i = 0; i < 64 && slice_take_line(&rest, &line); i++) {
		struct gcp_columns other;

		if (!named && gcp_columns_rule(&other, line))
			*c = other;
		else if (!named)
			named = gcp_columns_box_heading(c, line) && gcp_columns_of_log(c);
		else if (c->time < c->n && table_row(c, line) == ROW_GOOD)
			return true;
	}
	return false;
}

static bool
sniff_lines(struct slice head)
{
	struct slice line, rest, time;
	struct request_line r;
	bool fine = false;

	rest = head;
	slice_take_line(&rest, &line);
	if (is_value_line(line, &fine)) {
		while (!fine && slice_take_line(&rest, &line))
			is_value_line(line, &fine);
		return fine;
	}
	if (!take_stamp(&line, &time))
		return false;
	for (rest = head; slice_take_line(&rest, &line);)
		if (take_stamp(&line, &time) && take_request(line, &r))
			return true;
	return false;
}

static int
sniff(struct slice head, bool whole)
{
	struct slice line, rest, before;
	struct gcp_columns c;
	unsigned i;

	(void)whole;
	slice_take_str(&head, "\xef\xbb\xbf");
	do {
		before = head;
		if (!slice_take_line(&head, &line))
			return 0;
	} while (slice_trim(line).n == 0);
	if (is_command(line)) {
		for (i = 0; i < COMMAND_LINES && slice_take_line(&head, &line); i++) {
			rest = head;
			if (gcp_columns_heading(&c, line) || gcp_columns_rule(&c, line))
				return has_row(&c, rest) ? 70 : 0;
		}
		return 0;
	}
	if (gcp_columns_heading(&c, line) || gcp_columns_rule(&c, line))
		return has_row(&c, head) ? 70 : 0;
	return sniff_lines(before) ? 70 : 0;
}

const struct reader reader_gcp_table = {
	.name = "gcp-table",
	.about = "what gcloud prints for people: tables, values, Cloud Run service logs",
	.kind = SOURCE_LOGS,
	.sniff = sniff,
	.read = read_gcp_table,
};
