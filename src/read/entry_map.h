/*
 * entry_map.h - one JSON object to one struct entry.
 *
 * Keys may be camelCase (API, gcloud) or snake_case (client libraries, Log
 * Analytics); httpRequest's members may be renamed (method, url, userAgent...).
 * null, "", {} and [] count as absent. Private to read/.
 *
 * message, the first that is there:
 *	textPayload; a value that is no string as compact JSON: 17, {"a":1}
 *	jsonPayload where it is no object, in the same way
 *	jsonPayload.message, .msg, .Message, .textPayload, each only when it is a string
 *	protoPayload.methodName, with ": " and status.message
 *	the request line: "GET /path 503"
 * Never jsonPayload.error: loggers put placeholders there. Escape sequences of
 * terminals, also those that lost their ESC, and colour tags of loguru are taken
 * out, and UTF-8 that was encoded twice is decoded once (base/text.h).
 *
 * What other tools make of an entry is taken back first (entry_variant.h).
 *
 * origin: of a job of Cloud Run the execution is the revision, and the instance is the
 * instance id or else "task N attempt M".
 *
 * time: timestamp, or receiveTimestamp when that is not there or not readable.
 *
 * severity: the severity field; DEFAULT, null, "", 0 and unknown words mean that
 * none was assigned, as its definition says. Then jsonPayload.level or
 * .levelname ("json-level"), then the start of a textual message
 * (severity_infer.h).
 *
 * payload: {"jsonPayload":...} or textPayload, protoPayload, as compact JSON with
 * sorted keys; none when payload_cut. An audit record that a client library exported
 * as jsonPayload is a protoPayload here, as in the export by gcloud.
 *
 * split: uid, index, totalSplits of LogEntry.split; tag_open and tag_closed tell whether a
 * textPayload ends inside a colour tag, or closes one that it did not open.
 *
 * field: labels.*, resource.labels.*, errorGroups.id, sourceLocation.*,
 * jsonPayload.* without the message, and of protoPayload methodName, status.*,
 * authenticationInfo.principalEmail, requestMetadata.callerSuppliedUserAgent,
 * resourceName. Elements of an array carry the name of the array. At most
 * ENTRY_FIELDS, names clipped to ENTRY_NAME bytes.
 */
#ifndef READ_ENTRY_MAP_H
#define READ_ENTRY_MAP_H

#include <jansson.h>

#include "base/arena.h"
#include "model/entry.h"
#include "read/json_walk.h"

#define ENTRY_FIELDS 256
#define ENTRY_NAME 256

enum entry_mapped {
	ENTRY_OK,
	ENTRY_NONE,		/* no log entry: none of its keys */
	ENTRY_MADE_UP,		/* by a script: a "source", but no insertId, logName or resource */
	ENTRY_NO_CLOCK		/* neither timestamp nor receiveTimestamp can be read */
};

struct zone;

/*
 * zone: how to read a time that names none; NULL is UTC. Slices of *out live in the
 * arena; line, byte and bytes are left to the caller.
 */
enum entry_mapped entry_map(const json_t *object, const struct zone *zone, struct arena *a,
	    struct entry *out);

/*
 * How surely a piece of text that begins with `{` is an entry, by its keys; it
 * may be cut or broken further on. 3: a time and an insertId or logName, 2: a time
 * and a payload, resource or request, 1: a time and a severity, 0: none of these.
 */
unsigned entry_likely(struct slice object);
/* the same for json_split: likely gives enum json_likely; messages of Pub/Sub count as well */
extern const struct json_names entry_names;

/* R18: what terminals, loggers and wrong encodings left in a text, out of it */
struct slice entry_clean(struct arena *a, struct slice s);

#endif
