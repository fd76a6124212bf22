/*
 * logentry.h - the names of LogEntry and what its values are, for formats that lose types.
 *
 * CSV has only text, and YAML reads 0012 as a number where the log has an id. What a
 * value is follows from its place:
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry. Private to read/.
 */
#ifndef READ_LOGENTRY_H
#define READ_LOGENTRY_H

#include "base/slice.h"

enum logentry_kind {
	LOGENTRY_NONE,		/* no name of LogEntry */
	LOGENTRY_TEXT,
	LOGENTRY_TIME,
	LOGENTRY_NUMBER,
	LOGENTRY_BOOL,
	LOGENTRY_OBJECT,	/* a message with members of its own, or a map of texts */
	LOGENTRY_PAYLOAD	/* anything: jsonPayload, protoPayload */
};

struct logentry_name {
	const char *name;	/* camelCase, as the API writes it */
	enum logentry_kind kind;
};

/*
 * The member of that name in LogEntry itself (parent NULL) or in one of its objects;
 * letters of any case, with or without underscores: insertId, insert_id, INSERT_ID.
 * NULL if there is none.
 */
const struct logentry_name *logentry_find(const char *parent, struct slice name);
/* names that only entries have: one of these and a time make a log */
bool	logentry_is_own(const struct logentry_name *n);
/* true where the value at this path of keys is text, whatever it looks like */
bool	logentry_is_text(const char *const *key, size_t keys);

#endif
