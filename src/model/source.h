/*
 * source.h - one ingested file: its shape and the accounting of law 2.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

#include <stdint.h>

#include "base/clock.h"
#include "base/slice.h"

enum source_kind { SOURCE_LOGS, SOURCE_TESTS };
enum source_order { ORDER_NONE, ORDER_OLDEST_FIRST, ORDER_NEWEST_FIRST, ORDER_MIXED };

/* why a record is neither stored nor known */
enum bad_kind { BAD_DAMAGED, BAD_NOT_EVIDENCE };

struct bad_record {
	enum bad_kind kind;
	uint64_t line, byte, bytes;	/* bytes 0 = length not known */
	struct slice reason;
	struct slice head;		/* first bytes, at most 4 KiB; may be empty */
	const char *sha256;		/* 64 hex digits of a record over a limit; else NULL */
};

struct source_totals {
	/* seen == added + known + filled + conflicts + damaged + not_evidence, always */
	uint64_t seen, added, known, filled, conflicts, damaged, not_evidence;
	uint64_t lacked;		/* of filled: the payload was stored already */
	uint64_t empty;			/* entries with neither payload nor request */
	int64_t first_ns, last_ns;	/* of all records, known ones too; CLOCK_NONE if none */
	enum source_order order;
	bool ts_assumed;		/* any timestamp without a zone */
	bool lossy;			/* its shape has lost fields that the log has */
	bool truncated;			/* looks cut by a limit; note says why */
	char note[400];
};

const char *source_kind_name(enum source_kind k);	/* "logs", "tests" */

#endif
