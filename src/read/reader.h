/*
 * reader.h - how a format is read: bytes of one input to records, given to a sink.
 *
 * A format is one file read_NAME.c that exports `const struct reader reader_NAME`
 * plus its line in reader_list.h. Readers know no SQL, no rules and no file
 * names; they never stop at damage: they report it as a bad record and a
 * diagnostic and go on. Memory stays within the limits below, whatever the size
 * of the input. cmd includes this header.
 */
#ifndef READ_READER_H
#define READ_READER_H

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "model/entry.h"
#include "model/run.h"
#include "model/source.h"

struct read_limits {
	size_t record;		/* bytes of one entry or line: 4 MiB */
	unsigned depth;		/* nesting of JSON, YAML and XML: 64 */
};

/*
 * Where records go. Each call returns 0, or -1 with *e set to stop the reading.
 * Every record that a reader sees is reported by exactly one call of entry,
 * test or bad: that is what "records seen" counts.
 */
struct read_sink {
	void *ctx;
	int (*entry)(void *ctx, const struct entry *entry, struct err *e);
	int (*run_begin)(void *ctx, const struct run *run, struct err *e);
	int (*test)(void *ctx, const struct test *test, struct err *e);	/* of the run begun last */
	int (*output)(void *ctx, const struct printed *output, struct err *e);
	/* what the run says of its world; may be NULL */
	int (*fact)(void *ctx, const struct run_fact *fact, struct err *e);
	/* with final counts */
	int (*run_end)(void *ctx, const struct run *run, struct err *e);
	int (*bad)(void *ctx, const struct bad_record *bad, struct err *e);
	struct diag_sink diag;
};

struct zone;

struct read_job {
	struct input *in;		/* borrowed; nothing consumed yet */
	const struct read_limits *limits;
	const struct read_sink *sink;
	const struct zone *zone;	/* for times that name none; NULL: UTC */
	bool excerpt;			/* quoted by people: lines may be shortened */
	/* set by read() */
	const char *shape;		/* "JSON array", "NDJSON"; static text */
	bool lossy;			/* the shape has lost fields that the log has */
};

struct reader {
	const char *name;		/* "gcp-json", for --as and the manual */
	const char *about;		/* one line */
	enum source_kind kind;
	/*
	 * 0 = surely not, 100 = surely; head is at most INPUT_HEAD bytes, whole = nothing
	 * follows
	 */
	int (*sniff)(struct slice head, bool whole);
	int (*read)(struct read_job *job, struct err *e);
};

extern const struct read_limits read_limits_default;

const struct reader *reader_by_name(const char *name);		/* NULL if unknown */
/*
 * The reader with the highest score above 0, first in the list on a tie; of several that are
 * sure of test output the one whose marks come first. NULL if none: scripts.
 */
const struct reader *reader_detect(struct slice head, bool whole);
const struct reader *reader_at(size_t i);			/* NULL past the last */

#endif
