/*
 * exception_row.h - an exception as it is stored, whoever threw it.
 *
 * The exceptions of logs (evaluate.c) and of tests (ingest_sink.c) are described here,
 * so that one cause has one signature wherever it was seen.
 */
#ifndef CMD_EXCEPTION_ROW_H
#define CMD_EXCEPTION_ROW_H

#include "base/arena.h"
#include "model/exception.h"
#include "store/store.h"

/* links and cause of x; all else of the row is nothing yet. Texts are in a, or those of x */
void	exception_row_init(struct exception_row *row, const struct exception *x, struct arena *a);

#endif
