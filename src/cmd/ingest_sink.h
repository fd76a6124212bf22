/*
 * ingest_sink.h - where readers put their records: redact, sign, store, match, count.
 */
#ifndef CMD_INGEST_SINK_H
#define CMD_INGEST_SINK_H

#include "cmd/cmd.h"
#include "cmd/ingest_redact.h"
#include "read/reader.h"

struct ingest_sink;			/* opaque: one source */

struct ingest_result {
	int64_t source_id;
	struct source_totals totals;
	uint64_t damage, limits;	/* diagnostics of these levels */
	uint64_t runs, tests;
	uint64_t redacted;		/* texts that were replaced ... */
	char redacted_kinds[400];	/* ... "email 9, jwt 3" */
};

/* starts a source (partial) and its first batch; source->path is redacted already */
int	ingest_sink_new(struct app *app, const struct source_new *source,
	    struct ingest_redact *redact, struct ingest_sink **sink, struct err *e);
/* show progress on a terminal: of `bytes` as stored (0 = not known) how much of `in` was read */
void	ingest_sink_progress(struct ingest_sink *sink, const struct input *in, uint64_t bytes);
const struct read_sink *ingest_sink_reader(struct ingest_sink *sink);
/* commits the last batch and marks the source complete */
int	ingest_sink_finish(struct ingest_sink *sink, struct source_done *done,
	    struct ingest_result *result, struct err *e);
void	ingest_sink_free(struct ingest_sink *sink);	/* rolls back an open batch */

/*
 * Match a stored record again: what scan does, and what the sink does once. The ids
 * go into the hits.
 */
struct match_to {
	struct app *app;
	struct rule_matcher *matcher;
	int64_t source_id, event_id, test_id, output_id;
	uint64_t line, byte;		/* of the subject, for test output */
	uint32_t shift;			/* of the line in its block of output */
	uint64_t limits;		/* match limits hit so far */
};
int	match_entry(struct match_to *to, const struct entry *entry, struct err *e);
int	match_test(struct match_to *to, const struct test *test, const struct run *run,
	    struct err *e);
int	match_output(struct match_to *to, const struct printed *output, const struct run *run,
	    struct err *e);

#endif
