/*
 * format.h - formats of text logs that users describe themselves.
 *
 * A format is a YAML document with a pattern of named groups, and sample lines that
 * are its tests: netra-triage-formats(5) is the manual. A set of formats outlives
 * its files. A document with a fault is reported and left out; the others stay.
 * Of two formats with one name the first that was loaded counts. cmd includes this
 * header.
 */
#ifndef READ_FORMAT_H
#define READ_FORMAT_H

#include "read/reader.h"

#define FORMAT_SCORE 60		/* what a format that fits is worth beside the readers */
#define FORMATS_MAX 200

struct line_format;		/* opaque, read-only */
struct line_formats;

typedef void format_fault_fn(void *ctx, const struct err *e);

struct line_formats *formats_new(void);
void	formats_free(struct line_formats *set);
/* a file, or the files *.yaml and *.yml of a folder; returns the number of faults */
size_t	formats_load(struct line_formats *set, const char *path, format_fault_fn *fault,
	    void *ctx);
size_t	formats_load_text(struct line_formats *set, const char *path, struct slice text,
	    format_fault_fn *fault, void *ctx);

const struct line_format *formats_at(const struct line_formats *set, size_t i);	/* or NULL */
const struct line_format *formats_find(const struct line_formats *set, const char *name);
/* the first that begins at least half of the head's lines, indented ones aside; or NULL */
const struct line_format *formats_detect(const struct line_formats *set, struct slice head,
	    bool whole);

const char *format_name(const struct line_format *f);
const char *format_about(const struct line_format *f);
const char *format_path(const struct line_format *f);
unsigned format_line(const struct line_format *f);
size_t	format_samples(const struct line_format *f);

/* as reader->read, by the format */
int	format_read(const struct line_format *f, struct read_job *job, struct err *e);

#endif
