/*
 * entry_put.h - how every reader of logs hands its records to the sink.
 *
 * A reader finds the bounds of a record and makes of it a JSON object with the
 * names of LogEntry, or a struct entry of its own. Here the object is mapped, and
 * what is no entry becomes a bad record with one complaint, in the same words for
 * all formats. Each call reports exactly one record. Private to read/.
 */
#ifndef READ_ENTRY_PUT_H
#define READ_ENTRY_PUT_H

#include <jansson.h>

#include "base/arena.h"
#include "read/reader.h"

#define RECORD_HEAD 4096	/* bytes kept of a record that is bad */

/* where a record stands in the decompressed input, and its first bytes */
struct record_at {
	uint64_t line, col;	/* of its first byte, 1-based */
	uint64_t byte, bytes;	/* offset and length */
	struct slice text;	/* all of it, or its head when it is not whole */
	/* where and why it is bad; fault NULL: no more is known than its kind */
	uint64_t fault_line, fault_col, fault_byte;
	const char *fault;
	const char *sha256;	/* 64 hex digits of a record over a limit; else NULL */
};

struct entry_put {
	const struct read_sink *sink;
	const struct zone *zone;	/* for times that name none; NULL: UTC */
	struct arena *arena;		/* of one record; the caller resets it */
	uint64_t seen;			/* records reported so far */
	bool lossy;			/* set by the reader: entry.lossy of all that follow */
};

void	entry_put_init(struct entry_put *p, const struct read_job *job, struct arena *arena);
/* a LogEntry as JSON; one that is none, or names no time, is a bad record */
int	entry_put_object(struct entry_put *p, const json_t *object, struct record_at *at,
	    struct err *e);
/* an entry that the reader filled itself; its place is set from *at */
int	entry_put_entry(struct entry_put *p, struct entry *entry, const struct record_at *at,
	    struct err *e);
/* DIAG_NOT_ENTRY gives a record that is no evidence, every other code a damaged one */
int	entry_put_bad(struct entry_put *p, enum diag_code code, const struct record_at *at,
	    struct err *e);
/* line and column of byte `offset` of at->text become the place of the fault */
void	record_point(struct record_at *at, size_t offset, const char *fault);

#endif
