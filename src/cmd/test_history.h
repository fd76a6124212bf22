/*
 * test_history.h - outcomes of tests from run to run.
 */
#ifndef CMD_TEST_HISTORY_H
#define CMD_TEST_HISTORY_H

#include "cmd/cmd.h"
#include "store/results.h"

/*
 * A row for each test: its outcomes in the runs of the scope, the oldest first, and what
 * changed. Without a pattern only tests of which something is to be said. Tells the order
 * of the runs, and whether they are of one commit, as messages.
 */
int	test_history(struct app *app, const struct result_scope *scope, struct err *e);

#endif
