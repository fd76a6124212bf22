/*
 * format_read.c - whether a user's format fits an input, and reading by it.
 */
#include "config.h"

#include "read/format_match.h"
#include "read/text_record.h"

#define HEAD_LINES 200		/* of the head that are tried */
#define HEAD_LINE 4096		/* bytes of one of them */

struct fit {
	size_t lines;		/* not blank, not indented */
	size_t bare, prefixed;	/* that the format begins, without and with prefixes taken off */
};

static void
find_fit(const struct line_format *f, const struct text_shape *shape, struct slice head,
    bool whole, struct fit *fit)
{
	struct matcher *m = matcher_new();
	struct arena a;
	struct slice line;

	*fit = (struct fit){ 0 };
	arena_init(&a);
	for (uint64_t no = 1; fit->lines < HEAD_LINES && slice_take_line(&head, &line); no++) {
		struct text_prefix prefix;
		size_t fixed;

		if (head.n == 0 && !whole && fit->lines > 0)
			break;
		arena_reset(&a);
		line = text_clean(slice_sub(line, 0, HEAD_LINE), no, &a, &fixed);
		if (slice_trim(line).n == 0 || line.p[0] == ' ' || line.p[0] == '\t')
			continue;
		fit->lines++;
		fit->bare += format_begins(f, m, line) == MATCH_YES;
		if (shape->prefixes > 0 && text_shape_prefix(shape, &line, &prefix))
			fit->prefixed += format_begins(f, m, line) == MATCH_YES;
	}
	arena_release(&a);
	matcher_free(m);
}

const struct line_format *
formats_detect(const struct line_formats *set, struct slice head, bool whole)
{
	const struct line_format *f;
	struct text_shape shape;

	if (!formats_at(set, 0))
		return NULL;
	text_shape_find(&shape, head, whole);
	for (size_t i = 0; (f = formats_at(set, i)) != NULL; i++) {
		struct fit fit;

		find_fit(f, &shape, head, whole, &fit);
		if (fit.lines > 0 && (fit.bare > fit.prefixed ? fit.bare : fit.prefixed) * 2 >=
		    fit.lines)
			return f;
	}
	return NULL;
}

int
format_read(const struct line_format *f, struct read_job *job, struct err *e)
{
	struct text_shape shape;
	struct slice head;
	struct fit fit;
	bool whole;

	if (input_head(job->in, &head, e) != 0)
		return -1;
	whole = head.n < INPUT_HEAD;
	text_shape_find(&shape, head, whole);
	find_fit(f, &shape, head, whole, &fit);
	if (fit.prefixed <= fit.bare)
		text_shape_bare(&shape);
	job->shape = f->name;
	return text_records_read(job, &shape, f, e);
}
