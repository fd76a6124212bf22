/*
 * report_reason.h - why a test failed or was skipped, as the reports of pytest hold it.
 *
 * The detail is the text that pytest prints below the heading of the test, up to
 * REASON_DETAIL bytes, whole lines. The message is its short form: the first line of
 * the crash message, which is what the short summary prints. Private to read/.
 */
#ifndef READ_REPORT_REASON_H
#define READ_REPORT_REASON_H

#include <jansson.h>

#include "base/buf.h"

#define REASON_DETAIL (64 * 1024)
#define REASON_MESSAGE 4096

struct reason {
	struct buf message, detail;
	struct slice worker;	/* where xdist names it in the text, which it is a part of */
};

void	reason_init(struct reason *r);
void	reason_reset(struct reason *r);
void	reason_release(struct reason *r);

/* of report-log: text, [path, line, reason] of a skip, or the parts of a traceback */
void	reason_of_longrepr(struct reason *r, const json_t *longrepr);
/* of a phase in json-report: its crash, its longrepr, or else the places of its traceback */
void	reason_of_stage(struct reason *r, const json_t *stage);
/* "not now" of "('/p/test_x.py', 56, 'Skipped: not now')", the skip as Python prints it */
bool	reason_of_skip(struct reason *r, struct slice repr);

#endif
