/*
 * severity_infer.h - the level that a message states at its beginning.
 *
 * For entries whose severity is missing. Each rule is anchored at the start of
 * the message and reads the place where a logger prints its level; a word
 * somewhere in the text says nothing. Private to read/.
 *
 *	gunicorn-level	[2025-09-16 00:41:34 +0000] [14] [ERROR] Exception in worker
 *	level-column	2025-08-25 16:22:10.065 | ERROR    | mod:fn:150 | text
 *			2025-08-28 00:23:46,795 - app - app.db - INFO - text
 *			2025-08-28 00:23:46,795 ERROR [main] text	[ERROR] text
 *			ERROR:    text		ERROR - text
 *			level=error msg=text	time="..." level=error msg=text
 *	traceback	Traceback (most recent call last):	means ERROR
 */
#ifndef READ_SEVERITY_INFER_H
#define READ_SEVERITY_INFER_H

#include "base/slice.h"

/* the name of the rule that found a level, static, or NULL; message without ANSI codes */
const char *severity_infer(struct slice message, int *severity);

/*
 * A level as loggers print it, at the start of *in, which is moved behind it; numbers
 * and DEFAULT are none. upper: only capital letters
 */
bool	severity_take(struct slice *in, bool upper, int *severity);

#endif
