/*
 * messages.h - messages that were cut into several entries, joined again; a part of evaluate().
 */
#ifndef CMD_MESSAGES_H
#define CMD_MESSAGES_H

#include "cmd/cmd.h"

/* inside the transaction of an evaluation, before exceptions are stitched */
int	messages_join(struct app *app, struct err *e);

#endif
