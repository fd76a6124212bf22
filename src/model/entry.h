/*
 * entry.h - one log entry, normalised, as readers hand it over.
 *
 * All slices point into the batch arena of the reader and live until the sink's
 * call returns. A slice with n == 0 means "not there". Field meanings follow
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry.
 */
#ifndef MODEL_ENTRY_H
#define MODEL_ENTRY_H

#include <stdint.h>

#include "base/clock.h"
#include "base/slice.h"

enum payload_kind { PAYLOAD_NONE, PAYLOAD_TEXT, PAYLOAD_JSON, PAYLOAD_PROTO };

struct entry_field {		/* one scalar of the payload, labels or resource labels */
	struct slice name;	/* dotted: "jsonPayload.error.type", "labels.instanceId" */
	struct slice value;	/* as text; true, false, null and numbers as JSON writes them */
};

struct request {
	struct slice method, url, path, user_agent, remote_ip, protocol;
	int status;		/* 0 = not stated */
	int64_t latency_ns;	/* CLOCK_NONE = not stated */
	int64_t response_size;	/* -1 = not stated */
};

struct audit {			/* protoPayload of type AuditLog */
	struct slice method;	/* "google.cloud.run.v1.Services.ReplaceService" */
	struct slice principal;	/* who */
	struct slice status;	/* status.message */
	struct slice agent;	/* callerSuppliedUserAgent */
};

/*
 * What tells whether two records are the same entry, and whether its content was
 * changed: keyed hashes, made before anything is redacted, so that they neither
 * give a text away nor depend on what was redacted.
 */
#define PAYLOAD_HASH 16		/* bytes */
struct entry_identity {
	bool has_payload;	/* an empty object or text is none */
	unsigned char payload_hash[PAYLOAD_HASH];
	int64_t content_hash;	/* of all that it says; for an entry without insertId; >= 0 */
};

struct entry {
	struct slice insert_id;
	bool plain;			/* a record of plain text: it is its source and its place */
	int64_t ts_ns;			/* never CLOCK_NONE: an entry without a time is damaged */
	bool ts_assumed;		/* the timestamp named no zone */
	int64_t receive_ns;		/* CLOCK_NONE if absent */
	int severity;			/* effective, SEVERITY_DEFAULT if none */
	bool severity_inferred;		/* it came from the text, not from the severity field */
	const char *severity_by;	/* name of the rule that inferred it, static; or NULL */
	struct slice project, location, resource_type;
	struct slice log;		/* decoded id: "run.googleapis.com/stderr" */
	struct slice service, revision, instance;
	struct slice trace;		/* last path component */
	struct slice span;
	struct slice message;		/* valid UTF-8, ANSI stripped; R18 */
	bool tag_open;			/* its text ends inside a colour tag of loguru ... */
	bool tag_closed;		/* ... or closes one that it did not open */
	struct slice split_uid;		/* LogEntry.split: a piece of a longer entry */
	int64_t split_index;		/* from 0 */
	int64_t split_total;		/* 0 = not stated */
	enum payload_kind payload_kind;
	/*
	 * The writer of the export had cut the payload: message and fields are what is left
	 * of it, and it counts as having none, so that a whole one fills it
	 */
	bool payload_cut;
	struct slice payload;	/* canonical JSON of the payload (sorted keys), for identity */
	const struct entry_field *field;	/* payload leaves beside the message, labels */
	size_t fields;
	const struct request *request;	/* NULL if no httpRequest */
	const struct audit *audit;	/* NULL if no audit payload */
	/* its source has lost fields or spells them anew: another text is no altered evidence */
	bool lossy;
	uint64_t line, byte, bytes;	/* 1-based line, offset and length of the record */
};

static inline int64_t
entry_end(const struct entry *e)
{
	return e->request && e->request->latency_ns != CLOCK_NONE ?
	    e->ts_ns + e->request->latency_ns : e->ts_ns;
}

#endif
