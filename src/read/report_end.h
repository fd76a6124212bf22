/*
 * report_end.h - what became of a run, from its exit code and what was read of it.
 *
 * Exit code 0 or 1 and a result for every test that was counted make a run complete;
 * nothing else does. Private to read/.
 */
#ifndef READ_REPORT_END_H
#define READ_REPORT_END_H

#include "read/report_run.h"

/* run.state, and the reason into r->why; run.selected is set */
void	report_end_state(struct report_run *r, const struct report_end *end);
/* run.reconciled, and the reason into r->reconciled; behind the state */
void	report_end_reconcile(struct report_run *r, const struct report_end *end);

#endif
