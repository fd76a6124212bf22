/*
 * redact_stream.h - a document through redaction, in memory that does not grow with it.
 *
 * JSON (one document, several, or one a line) is redacted by its decoded strings,
 * keys included, and stays JSON: what was not changed keeps its bytes. Any other
 * text is redacted line by line; private keys may span lines and strings. Tokens
 * are numbered by first appearance, "[email:1]": the same document gives the same
 * text whatever the redactor's key, and text that was redacted before stays as it is.
 */
#ifndef CMD_REDACT_STREAM_H
#define CMD_REDACT_STREAM_H

#include "sign/redact.h"

#define REDACT_PIECE_MAX (4u * 1024 * 1024)	/* bytes of a line or string that is judged */

struct redact_stream;			/* opaque; one for each document */

typedef void redact_put_fn(void *ctx, struct slice text);

/* the redactor is borrowed; what it counts is the caller's */
struct redact_stream *redact_stream_new(struct redactor *r, redact_put_fn *put, void *ctx);
void	redact_stream_feed(struct redact_stream *s, struct slice bytes);
void	redact_stream_end(struct redact_stream *s);	/* what is still held back */
/* lines and strings too long to be judged: replaced by "[unjudged:N]" */
uint64_t redact_stream_unjudged(const struct redact_stream *s);
void	redact_stream_free(struct redact_stream *s);

#endif
