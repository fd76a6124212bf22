/*
 * json_escape.h - a JSON string of text of unknown origin, for the table writers.
 */
#ifndef REPORT_JSON_ESCAPE_H
#define REPORT_JSON_ESCAPE_H

#include "base/arena.h"
#include "base/buf.h"

/* with its quotes; invalid UTF-8 becomes U+FFFD (scratch holds the copy) */
void	json_escape(struct buf *out, struct arena *scratch, struct slice s);

#endif
