/*
 * embed.h - text that stands inside another input, read by the reader of its own format.
 *
 * Whoever finds the text makes its bytes as they are asked for; the records go on to
 * the sink of the outer reader with their places in the outer input. A place is exact
 * when the text has at most EMBED_PLACES lines, else that of a line shortly before.
 * Memory: what the inner reader needs, and the places. Private to read/.
 */
#ifndef READ_EMBED_H
#define READ_EMBED_H

#include "base/arena.h"
#include "read/pytest_count.h"
#include "read/reader.h"

#define EMBED_PLACES 65536

/* where a line of the text stands in the outer input */
struct embed_place {
	uint64_t inner, inner_line;	/* offset and line in the text */
	uint64_t outer, outer_line;
};

struct embed {
	const struct read_sink *out;	/* borrowed */
	struct read_sink sink;		/* what the inner reader is given */
	bool quoted;			/* a document claims it */
	bool one_line;			/* all of the text stands on one line of the outer input */
	bool hold;			/* the last run is kept back until embed_end_run() */
	struct embed_place *place;
	size_t places, place_cap;
	uint64_t step, lines;		/* every step-th line has a place */
	struct arena arena;		/* texts of the run that is kept back */
	struct run run;
	bool held;
	uint64_t runs, tests, bads;	/* that went through */
	/* of the run begun last: tests with a result, and results by outcome */
	long results, by[TEST_NOT_RUN + 1];
};

void	embed_init(struct embed *m, const struct read_sink *out);
void	embed_release(struct embed *m);
/* a text begins; its first line stands here */
void	embed_begin(struct embed *m, uint64_t outer, uint64_t outer_line);
/* behind each line break of the text */
void	embed_line(struct embed *m, uint64_t inner, uint64_t outer, uint64_t outer_line);

/* the reader of test output that fits best, and how well; NULL if none does */
const struct reader *embed_detect(struct slice head, bool whole, int *score);
/* reads the text that fn makes */
int	embed_read(struct embed *m, const struct reader *reader, const struct read_job *outer,
	    input_fn *fn, void *ctx, struct err *e);

/* the totals and the exit code of what ran it, if any, go into the run that is kept back */
void	embed_wrapper(struct embed *m, const struct pytest_wrapper *w);
/* ends the run that is kept back, if there is one */
int	embed_end_run(struct embed *m, struct err *e);

#endif
