/*
 * twins.h - which stored runs are one run in several formats; part of every evaluation.
 */
#ifndef CMD_TWINS_H
#define CMD_TWINS_H

#include "cmd/cmd.h"

/* drops the marks and sets them again; inside the transaction of the evaluation */
int	twins_mark(struct app *app, struct err *e);

#endif
