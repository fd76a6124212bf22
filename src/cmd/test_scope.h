/*
 * test_scope.h - the runs and results that the commands tests, runs and show are asked for.
 */
#ifndef CMD_TEST_SCOPE_H
#define CMD_TEST_SCOPE_H

#include "cmd/cmd.h"
#include "store/results.h"

/*
 * "u1" to the id that the views have for it; says so when it is another one. ERR_ID when
 * there is no such run.
 */
int	test_scope_run(struct app *app, const char *text, int64_t *id, struct err *e);
/* the same of a result, "t1" */
int	test_scope_result(struct app *app, const char *text, int64_t *id, struct err *e);
/* "failed,error" to bits, 1u << enum test_outcome; ERR_USAGE names a word that is none */
int	test_scope_outcomes(const char *text, unsigned *outcomes, struct err *e);

#endif
