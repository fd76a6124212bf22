/*
 * redact_json.h - strings of JSON, decoded and written again; for redact_stream.c.
 */
#ifndef CMD_REDACT_JSON_H
#define CMD_REDACT_JSON_H

#include "base/buf.h"

/* the inside of a string; what no standard allows is kept as it stands, halves of pairs are U+FFFD */
void	redact_json_decode(struct buf *out, struct slice inside);
/* with quotes */
void	redact_json_encode(struct buf *out, struct slice text);

#endif
