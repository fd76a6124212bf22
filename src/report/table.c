/*
 * table.c - the formats, and the rows on their way to them.
 *
 * Formats for people need the widths of the columns first. They are taken from
 * the first rows only, so that memory does not grow with the number of rows.
 */
#include "config.h"

#include "report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/grid.h"
#include "report/table_state.h"

#define COLLECT_ROWS 1000
#define COLLECT_BYTES (8u * 1024 * 1024)
#define LINE_MAX_BYTES (256u * 1024 * 1024)

#define FORMAT(name) extern const struct table_format table_format_##name;
#include "report/format_list.h"
#undef FORMAT

static const struct table_format *const formats[] = {
#define FORMAT(name) &table_format_##name,
#include "report/format_list.h"
#undef FORMAT
};

const struct table_format *
table_format_at(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

const struct table_format *
table_format_by_name(const char *name)
{
	const struct table_format *f;

	for (size_t i = 0; (f = table_format_at(i)) != NULL; i++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const struct table_format *
table_format_default(bool terminal)
{
	return terminal ? &table_format_box : &table_format_tsv;
}

struct table *
table_new(const struct table_format *f, struct output *out, size_t width)
{
	struct table *t = mem_calloc(1, sizeof *t);

	t->format = f;
	t->out = out;
	t->width = width;
	arena_init(&t->arena);
	arena_init(&t->scratch);
	buf_init(&t->line, LINE_MAX_BYTES);
	buf_init(&t->cell, LINE_MAX_BYTES);
	return t;
}

void
table_number(struct table *t, token_kind_fn *known)
{
	t->tokens = tokens_new(known);
}

void
table_head(struct table *t, const char *const *name, size_t columns)
{
	struct slice *copy = arena_array(&t->arena, columns, sizeof *copy);

	for (size_t i = 0; i < columns; i++)
		copy[i] = arena_copy(&t->arena, slice_str(name[i]));
	t->name = copy;
	t->columns = columns;
	t->headed = true;
	t->numbered = arena_array(&t->arena, columns, sizeof *t->numbered);
	if (t->format->streams)
		t->format->head(t);
}

static void
collect(struct table *t, const struct value *v)
{
	struct value *copy = arena_array(&t->arena, t->columns, sizeof *copy);

	for (size_t i = 0; i < t->columns; i++) {
		copy[i] = v[i];
		if (v[i].type == VALUE_TEXT)
			copy[i].text = arena_copy(&t->arena, v[i].text);
	}
	t->row = mem_grow(t->row, &t->cap, t->collected + 1, sizeof *t->row);
	t->row[t->collected++] = copy;
}

static void
put_row(struct table *t, const struct value *v)
{
	t->format->row(t, v);
	arena_reset(&t->scratch);
}

static void
lay_out(struct table *t)
{
	t->laid_out = true;
	grid_fit(t);
	t->format->head(t);
	for (size_t i = 0; i < t->collected; i++)
		put_row(t, t->row[i]);
	free(t->row);
	t->row = NULL;
	t->collected = t->cap = 0;
}

static const struct value *
number_row(struct table *t, const struct value *v)
{
	for (size_t i = 0; i < t->columns; i++) {
		t->numbered[i] = v[i];
		if (v[i].type == VALUE_TEXT)
			t->numbered[i].text = tokens_number(t->tokens, &t->scratch, v[i].text);
	}
	return t->numbered;
}

void
table_row(struct table *t, const struct value *v)
{
	t->rows++;
	if (t->tokens)
		v = number_row(t, v);
	if (t->format->streams || t->laid_out) {
		put_row(t, v);
		return;
	}
	collect(t, v);
	arena_reset(&t->scratch);
	if (t->collected >= COLLECT_ROWS || t->arena.used >= COLLECT_BYTES)
		lay_out(t);
}

uint64_t
table_end(struct table *t)
{
	uint64_t rows = t->rows;

	if (t->headed) {
		if (!t->format->streams && !t->laid_out)
			lay_out(t);
		t->format->end(t);
	}
	arena_release(&t->arena);
	arena_release(&t->scratch);
	buf_release(&t->line);
	buf_release(&t->cell);
	tokens_free(t->tokens);
	free(t->row);
	free(t);
	return rows;
}

/* the shortest text that reads back as the same number, with a point in it */
static struct slice
real_text(struct arena *a, double r)
{
	char text[40];

	if (isnan(r) || isinf(r))
		return slice_str(isnan(r) ? "nan" : r < 0 ? "-inf" : "inf");
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, r);
		if (strtod(text, NULL) == r)
			break;
	}
	if (!strpbrk(text, ".e"))
		return slice_str(arena_printf(a, "%s.0", text));
	return arena_copy(a, slice_str(text));
}

struct slice
table_cell(struct table *t, const struct value *v)
{
	switch (v->type) {
	case VALUE_INT:
		return slice_str(arena_printf(&t->scratch, "%" PRId64, v->i));
	case VALUE_REAL:
		return real_text(&t->scratch, v->r);
	case VALUE_TEXT:
		return v->text;
	case VALUE_NULL:
		break;
	}
	return slice_str(NULL);
}

void
table_put_line(struct table *t)
{
	output_put(t->out, buf_slice(&t->line));
	buf_reset(&t->line);
}
