/*
 * pubsub.h - log entries that a sink sent through Pub/Sub: the JSON of `gcloud pubsub
 * subscriptions pull`, of the pull API, and of push requests.
 *
 * Each is an object with a message, or the message itself, whose data is the base64
 * of a LogEntry. Private to read/.
 */
#ifndef READ_PUBSUB_H
#define READ_PUBSUB_H

#include <jansson.h>

#include "base/buf.h"

/* the data of the message that object is, NULL when it is none */
const json_t *pubsub_data(const json_t *object);
/* standard or URL-safe base64, padded or not; false on anything else */
bool	base64_decode(struct slice text, struct buf *out);

#endif
