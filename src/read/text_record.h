/*
 * text_record.h - lines of a text log to records, one entry for each.
 *
 * A line that begins no record of its own belongs to the record before it of the
 * same container, process or job: tracebacks, wrapped SQL. Records of several
 * containers may be interleaved: each has one open record, and they are given
 * on in the order of their first lines. What is open is bounded by the limit of one
 * record in all, by TEXT_OPEN records, and by TEXT_IDLE lines since its last one.
 *
 * Time of a record: of its first line; else of the prefix of that line; else of
 * the record before it in the source, and then it is marked as assumed. Without
 * any it is a damaged record. Private to read/.
 */
#ifndef READ_TEXT_RECORD_H
#define READ_TEXT_RECORD_H

#include "read/entry_put.h"
#include "read/format_match.h"
#include "read/text_run.h"
#include "read/text_shape.h"

#define TEXT_OPEN 256
#define TEXT_IDLE 1000

struct text_open;		/* opaque: a record that is not given on yet */

/* why no time can be given to a record */
enum undated { DATED, NO_TIME, NO_DATE, NO_PREFIX, BAD_TIME, UNDATED };

struct text_undated {		/* such records: how many, and the first */
	uint64_t n, line, byte;
};

struct text_records {
	struct entry_put put;
	struct text_run *run;		/* lines of a run of tests go there; owned */
	struct arena arena;		/* of the record that is given on */
	const struct read_limits *limits;
	struct text_shape shape;
	const struct line_format *format;	/* a user's; NULL: those of text_line.h */
	struct matcher *matcher;	/* for it; owned */
	struct text_undated gave_up;	/* lines that its pattern took too long for */
	struct text_clock clock;
	struct text_open *open[TEXT_OPEN];	/* in the order of their first lines */
	size_t opens;
	struct text_open *spare;	/* for the next record; or NULL */
	size_t held;			/* bytes of all open records */
	int64_t last_ns;		/* of the record before; CLOCK_NONE */
	struct text_undated undated[UNDATED];
};

void	text_records_init(struct text_records *r, const struct read_job *job,
	    const struct text_shape *shape, const struct line_format *format);
void	text_records_release(struct text_records *r);
/* a clean line of the source; `at` gives its place */
int	text_records_line(struct text_records *r, struct slice clean, const struct line *at,
	    struct arena *scratch, struct err *e);
/* the input is over */
int	text_records_end(struct text_records *r, struct err *e);
/* all of the above: every line of the input */
int	text_records_read(struct read_job *job, const struct text_shape *shape,
	    const struct line_format *format, struct err *e);

#endif
