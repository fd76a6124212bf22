/*
 * fields.c - the names that rules may use for the fields of each kind of subject.
 *
 * A name that no subject can have is refused when rules are loaded: a selection
 * on it would silently never match. subject.c gives the values.
 */
#include "config.h"

#include "rule/detect.h"

static const char *const entry_fields[] = {
	"message", "severity", "severity.inferred", "log", "service", "revision", "instance",
	"location", "project", "insertId", "trace", "span", "resource.type", "payload.kind",
	"textPayload", "httpRequest.status", "httpRequest.method", "httpRequest.requestMethod",
	"httpRequest.url", "httpRequest.requestUrl", "httpRequest.path", "httpRequest.userAgent",
	"httpRequest.latency", "httpRequest.responseSize", "httpRequest.remoteIp",
	"httpRequest.protocol", NULL
};

/* behind these, any name goes: what a payload holds is known to its writer only */
static const char *const entry_prefixes[] = {
	"jsonPayload.", "protoPayload.", "labels.", "resource.labels.", NULL
};

static const char *const exception_fields[] = {
	"message", "type", "cause.type", "cause.message", "place", "service", "revision",
	"instance", NULL
};

static const char *const test_fields[] = {
	"message", "nodeid", "section", "outcome", "phase", "file", NULL
};

static const char *const *
fields_of(enum rule_subject kind)
{
	switch (kind) {
	case SUBJECT_EXCEPTION:
		return exception_fields;
	case SUBJECT_TEST:
		return test_fields;
	case SUBJECT_ENTRY:
	case SUBJECT_REQUEST:
		break;
	}
	return entry_fields;
}

bool
field_known(enum rule_subject kind, struct slice name)
{
	const char *const *field = fields_of(kind);

	for (size_t i = 0; field[i]; i++) {
		if (slice_eq_fold(name, slice_str(field[i])))
			return true;
	}
	if (kind != SUBJECT_ENTRY && kind != SUBJECT_REQUEST)
		return false;
	for (size_t i = 0; entry_prefixes[i]; i++) {
		struct slice prefix = slice_str(entry_prefixes[i]);

		if (name.n > prefix.n && slice_eq_fold(slice_sub(name, 0, prefix.n), prefix))
			return true;
	}
	return false;
}

const char *
field_near(enum rule_subject kind, struct slice name)
{
	const char *const *field = fields_of(kind);
	const char *best = NULL;
	unsigned least = 4;

	for (size_t i = 0; field[i]; i++) {
		unsigned distance = slice_distance(name, slice_str(field[i]));

		if (distance < least && distance * 3 <= name.n) {
			least = distance;
			best = field[i];
		}
	}
	return best;
}
