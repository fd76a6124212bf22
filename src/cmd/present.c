/* present.c - rows of the store to the user's terminal, pipe or file */
#include "config.h"

#include "cmd/present.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/numbering.h"

struct present {
	struct output *out;
	struct table *table;
	struct value *value;		/* scratch of one row as the store gives it */
	size_t columns;
	const struct zone *zone;	/* of the columns that are added; or NULL */
	bool *is_time;
	struct value *wide;		/* scratch of one row with them */
	char (*local)[CLOCK_TEXT];
};

static size_t
width_of(const struct output *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize ws;
	int64_t n;

	if (columns && slice_to_int64(slice_str(columns), &n) && n >= 20 && n <= 1000)
		return (size_t)n;
	if (output_is_terminal(out) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 &&
	    ws.ws_col >= 20)
		return ws.ws_col;
	return 100;
}

/* "report.csv" names its format; so does "x.md" */
static const char *
format_of_path(const char *path)
{
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (!dot)
		return NULL;
	if (strcmp(dot, ".md") == 0)
		return "markdown";
	if (strcmp(dot, ".jsonl") == 0)
		return "ndjson";
	return table_format_by_name(dot + 1) ? dot + 1 : NULL;
}

static int
unknown_format(const char *name, struct err *e)
{
	char known[200] = "";
	size_t i, n = 0;

	for (i = 0; table_format_at(i); i++)
		n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i ? ", " : "",
		    table_format_at(i)->name);
	err_set(e, ERR_USAGE, "unknown format `%s`", name);
	return err_help(e, "-o takes %s", known);
}

int
present_open(struct app *app, const char *path, const char *format, struct present **p,
    struct err *e)
{
	const struct table_format *f;
	struct present *n;

	if (!format)
		format = app->common.format;
	if (!format)
		format = format_of_path(path);
	f = format ? table_format_by_name(format) : NULL;
	if (format && !f)
		return unknown_format(format, e);
	n = mem_calloc(1, sizeof *n);
	if (output_open(path, &n->out, e) == -1) {
		free(n);
		return -1;
	}
	if (!f)
		f = table_format_default(output_is_terminal(n->out));
	n->table = table_new(f, n->out, width_of(n->out));
	table_number(n->table, numbering_kind);
	*p = n;
	return 0;
}

void
present_zone(struct present *p, const struct zone *z)
{
	p->zone = z;
}

static void
wide_head(struct present *p, const char *const *name, size_t n)
{
	const char **all = mem_calloc(2 * n + 1, sizeof *all);
	struct arena a;
	size_t k = 0;

	arena_init(&a);
	p->is_time = mem_calloc(n + 1, sizeof *p->is_time);
	p->wide = mem_calloc(2 * n + 1, sizeof *p->wide);
	p->local = mem_calloc(n + 1, sizeof *p->local);
	for (size_t i = 0; i < n; i++) {
		struct slice s = slice_str(name[i]);

		p->is_time[i] = slice_eqs(s, "ts") || slice_ends(s, "_ts");
		all[k++] = name[i];
		if (p->is_time[i])
			all[k++] = arena_printf(&a, "%s_local", name[i]);
	}
	table_head(p->table, all, k);
	arena_release(&a);
	free(all);
}

void
present_head(struct present *p, const char *const *name, size_t n)
{
	p->columns = n;
	p->value = mem_calloc(n ? n : 1, sizeof *p->value);
	if (p->zone)
		wide_head(p, name, n);
	else
		table_head(p->table, name, n);
}

void
present_row(struct present *p, const struct value *v)
{
	size_t k = 0;

	if (!p->zone) {
		table_row(p->table, v);
		return;
	}
	for (size_t i = 0; i < p->columns; i++) {
		int64_t ns;

		p->wide[k++] = v[i];
		if (!p->is_time[i])
			continue;
		if (v[i].type == VALUE_TEXT && clock_parse(v[i].text, &ns, NULL))
			p->wide[k++] = value_str(zone_format(p->zone, ns, 9, p->local[i]));
		else
			p->wide[k++] = value_str(NULL);
	}
	table_row(p->table, p->wide);
}

static int
rows_head(void *ctx, const char *const *name, size_t n)
{
	present_head(ctx, name, n);
	return 0;
}

static int
rows_row(void *ctx, const struct cell *cell, size_t n)
{
	struct present *p = ctx;
	size_t i;

	for (i = 0; i < n && i < p->columns; i++) {
		struct value *v = &p->value[i];

		v->type = cell[i].type == CELL_NULL ? VALUE_NULL :
		    cell[i].type == CELL_INT ? VALUE_INT :
		    cell[i].type == CELL_REAL ? VALUE_REAL : VALUE_TEXT;
		v->i = cell[i].i;
		v->r = cell[i].r;
		v->text = cell[i].text;
	}
	present_row(p, p->value);
	return 0;
}

struct rows
present_rows(struct present *p)
{
	return (struct rows){ p, rows_head, rows_row };
}

static void
release(struct present *p)
{
	free(p->value);
	free(p->is_time);
	free(p->wide);
	free(p->local);
	free(p);
}

int
present_close(struct present *p, uint64_t *rows, struct err *e)
{
	uint64_t n = table_end(p->table);
	int rc = output_commit(p->out, e);

	if (rows)
		*rows = n;
	release(p);
	return rc;
}

void
present_abort(struct present *p)
{
	table_end(p->table);
	output_abort(p->out);
	release(p);
}

struct value
value_int(int64_t i)
{
	return (struct value){ VALUE_INT, i, 0, { NULL, 0 } };
}

struct value
value_text(struct slice s)
{
	return (struct value){ VALUE_TEXT, 0, 0, s };
}

struct value
value_str(const char *s)
{
	return s ? value_text(slice_str(s)) : (struct value){ VALUE_NULL, 0, 0, { NULL, 0 } };
}

struct value
value_word(struct slice s)
{
	return s.n ? value_text(s) : value_str(NULL);
}

struct value
value_count(long n)
{
	return n >= 0 ? value_int(n) : value_str(NULL);
}

struct value
value_seconds(int64_t ns)
{
	if (ns == CLOCK_NONE)
		return value_str(NULL);
	return (struct value){ VALUE_REAL, 0, (double)ns / (double)CLOCK_NS_PER_S, { NULL, 0 } };
}

struct value
value_time(struct arena *a, int64_t ns)
{
	if (ns == CLOCK_NONE)
		return value_str(NULL);
	return value_str(clock_format(ns, 9, arena_alloc(a, CLOCK_TEXT)));
}
