/*
 * evaluate.h - the work per evidence set: exceptions, findings, incidents, hypotheses.
 */
#ifndef CMD_EVALUATE_H
#define CMD_EVALUATE_H

#include "cmd/cmd.h"

/* one transaction; app->store is open for writing and app->rules are loaded */
int	evaluate(struct app *app, struct err *e);

/*
 * Say what came of the test runs of these sources (0: of all), which incidents there are,
 * the top ones first, and what to do next.
 */
int	evaluate_tell(struct app *app, const int64_t *source, size_t sources, struct err *e);

/*
 * 1 when an open incident has priority fail_on ("P1") or above, else 0; NULL fail_on
 * gives 0. For `--fail-on`.
 */
int	evaluate_check(const char *fail_on, struct err *e);	/* is it a priority, or NULL? */
int	evaluate_found(struct app *app, const char *fail_on, struct err *e);

/* for read commands: warn when the evaluation is not of the rules at hand; stale may be NULL */
int	evaluate_warn_stale(struct app *app, bool *stale, struct err *e);

#endif
