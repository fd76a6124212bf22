/*
 * numbering.h - which redaction tokens are numbered, and the numbers of messages.
 */
#ifndef CMD_NUMBERING_H
#define CMD_NUMBERING_H

#include "base/msg.h"
#include "report/tokens.h"

bool	numbering_kind(struct slice kind);	/* for report/tokens.h */

/* messages of a command are one document: their tokens are numbered together */
struct numbering;			/* opaque */
struct numbering *numbering_new(struct msg *m);
void	numbering_free(struct numbering *n);	/* the messages stay as they are from then on */

#endif
