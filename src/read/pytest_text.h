/*
 * pytest_text.h - text of a run that is no result, given on in blocks.
 *
 * A block holds consecutive lines only, so that the line of any byte in it can be
 * counted from its first line. A line that is longer than a block is given in
 * pieces. Private to read/.
 */
#ifndef READ_PYTEST_TEXT_H
#define READ_PYTEST_TEXT_H

#include "read/reader.h"

#define PYTEST_TEXT_MAX (64 * 1024)	/* bytes of one block, of one detail, of one capture */

struct pytest_text {
	const struct read_sink *sink;	/* borrowed */
	/* called before anything is given on: the run has to be begun by then */
	int (*before)(void *ctx, struct err *e);
	void *ctx;
	struct buf text;
	struct buf section;
	struct buf owner;	/* id of the test that printed it; empty: the run */
	uint64_t line, byte;		/* of the first line in text */
	uint64_t next;			/* the line that would go on without a gap */
};

void	pytest_text_init(struct pytest_text *t, const struct read_sink *sink);
void	pytest_text_release(struct pytest_text *t);
/* what follows is printed under this heading */
int	pytest_text_section(struct pytest_text *t, struct slice section, struct err *e);
/* what follows is printed while this test runs; empty: while none does, or several do */
int	pytest_text_owner(struct pytest_text *t, struct slice id, struct err *e);
int	pytest_text_line(struct pytest_text *t, struct slice text, const struct line *at,
	    struct err *e);
int	pytest_text_flush(struct pytest_text *t, struct err *e);

#endif
