/*
 * msg.h - the only writer to stderr.
 *
 * Text from input may be passed as an argument: everything that is printed is
 * changed by msg.change, if there is one, and escaped for a terminal (base/text.h)
 * after formatting. cmd and main include
 * this header; the stages below them never print.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct msg {
	FILE *out;		/* stderr; not owned */
	int verbosity;		/* -2 errors only, -1 warnings too, 0 normal, 1 verbose */
	bool color;		/* out is a terminal that takes colour */
	bool tty;		/* out is a terminal: progress may be drawn */
	/* a text before it is escaped; the result lives until the next call. NULL: as it is */
	struct slice (*change)(void *ctx, struct slice text);
	void *change_ctx;
};

/* reads NO_COLOR, CLICOLOR_FORCE and TERM */
void	msg_init(struct msg *m, FILE *out, int verbosity);
/* error: text / --> where / snippet / = note / = help */
void	msg_err(const struct msg *m, const struct err *e);
/* the same parts as a warning */
void	msg_warn_err(const struct msg *m, const struct err *e);
void	msg_warn(const struct msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	msg_note(const struct msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	msg_help(const struct msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	msg_info(const struct msg *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void	msg_verbose(const struct msg *m, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/*
 * A line of progress that the next call overwrites, and its end. Nothing is written
 * unless out is a terminal, and nothing with -q. End it before any other message.
 */
void	msg_progress(const struct msg *m, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	msg_progress_end(const struct msg *m);

#endif
