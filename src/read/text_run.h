/*
 * text_run.h - a run of pytest amid the lines of a text log, one container's or all of it.
 *
 * It begins with the line that begins a session, and has all lines of that stream up to
 * the first behind its final line that begins a record of a log. Lines of other streams are
 * not its own. Another session of the stream is another run. Private to read/.
 */
#ifndef READ_TEXT_RUN_H
#define READ_TEXT_RUN_H

#include "read/reader.h"

struct text_run;		/* opaque */

struct text_run *text_run_new(const struct read_job *job);
void	text_run_free(struct text_run *t);
/* does a session begin with this line, its prefixes taken off? */
bool	text_run_begins(struct slice line);
/*
 * 1 when the line belongs to a run, 0 when not, -1. key: its stream; ns: the time that its
 * prefix gives it, or CLOCK_NONE; record: it would begin a record of a log.
 */
int	text_run_line(struct text_run *t, struct slice line, struct slice key, int64_t ns,
	    bool record, const struct line *at, struct err *e);
int	text_run_end(struct text_run *t, struct err *e);
uint64_t text_run_count(const struct text_run *t);	/* runs so far */

#endif
