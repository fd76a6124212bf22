/*
 * logentry.c - the names, one table per object.
 */
#include "config.h"

#include <string.h>

#include "read/logentry.h"

#define NAMES(a) (sizeof(a) / sizeof(a)[0])

static const struct logentry_name top[] = {
	{ "errorGroups", LOGENTRY_OBJECT },
	{ "httpRequest", LOGENTRY_OBJECT },
	{ "insertId", LOGENTRY_TEXT },
	{ "jsonPayload", LOGENTRY_PAYLOAD },
	{ "labels", LOGENTRY_OBJECT },
	{ "logName", LOGENTRY_TEXT },
	{ "metadata", LOGENTRY_OBJECT },
	{ "operation", LOGENTRY_OBJECT },
	{ "protoPayload", LOGENTRY_PAYLOAD },
	{ "receiveTimestamp", LOGENTRY_TIME },
	{ "resource", LOGENTRY_OBJECT },
	{ "severity", LOGENTRY_TEXT },
	{ "sourceLocation", LOGENTRY_OBJECT },
	{ "spanId", LOGENTRY_TEXT },
	{ "split", LOGENTRY_OBJECT },
	{ "textPayload", LOGENTRY_TEXT },
	{ "timestamp", LOGENTRY_TIME },
	{ "trace", LOGENTRY_TEXT },
	{ "traceSampled", LOGENTRY_BOOL }
};

static const struct logentry_name http[] = {
	{ "cacheFillBytes", LOGENTRY_TEXT },
	{ "cacheHit", LOGENTRY_BOOL },
	{ "cacheLookup", LOGENTRY_BOOL },
	{ "cacheValidatedWithOriginServer", LOGENTRY_BOOL },
	{ "latency", LOGENTRY_TEXT },
	{ "protocol", LOGENTRY_TEXT },
	{ "referer", LOGENTRY_TEXT },
	{ "remoteIp", LOGENTRY_TEXT },
	{ "requestMethod", LOGENTRY_TEXT },
	{ "requestSize", LOGENTRY_TEXT },
	{ "requestUrl", LOGENTRY_TEXT },
	{ "responseSize", LOGENTRY_TEXT },
	{ "serverIp", LOGENTRY_TEXT },
	{ "status", LOGENTRY_NUMBER },
	{ "userAgent", LOGENTRY_TEXT }
};

static const struct logentry_name resource[] = {
	{ "labels", LOGENTRY_OBJECT },
	{ "type", LOGENTRY_TEXT }
};

static const struct logentry_name source_location[] = {
	{ "file", LOGENTRY_TEXT },
	{ "function", LOGENTRY_TEXT },
	{ "line", LOGENTRY_TEXT }
};

static const struct logentry_name operation[] = {
	{ "first", LOGENTRY_BOOL },
	{ "id", LOGENTRY_TEXT },
	{ "last", LOGENTRY_BOOL },
	{ "producer", LOGENTRY_TEXT }
};

static const struct logentry_name split[] = {
	{ "index", LOGENTRY_NUMBER },
	{ "totalSplits", LOGENTRY_NUMBER },
	{ "uid", LOGENTRY_TEXT }
};

static const struct logentry_name error_groups[] = {
	{ "id", LOGENTRY_TEXT }
};

static const struct {
	const char *parent;
	const struct logentry_name *name;
	size_t names;
} objects[] = {
	{ "errorGroups", error_groups, NAMES(error_groups) },
	{ "httpRequest", http, NAMES(http) },
	{ "operation", operation, NAMES(operation) },
	{ "resource", resource, NAMES(resource) },
	{ "sourceLocation", source_location, NAMES(source_location) },
	{ "split", split, NAMES(split) }
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* the same letters, whatever their case and the underscores between them */
static bool
is_same(struct slice s, const char *name)
{
	size_t i = 0;

	for (; i < s.n && *name; i++) {
		if (s.p[i] == '_' && i > 0)
			continue;
		if (lower(s.p[i]) != lower(*name))
			return false;
		name++;
	}
	return i == s.n && !*name;
}

static const struct logentry_name *
find_in(const struct logentry_name *of, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++) {
		if (is_same(name, of[i].name))
			return &of[i];
	}
	return NULL;
}

const struct logentry_name *
logentry_find(const char *parent, struct slice name)
{
	if (!parent)
		return find_in(top, NAMES(top), name);
	for (size_t i = 0; i < NAMES(objects); i++) {
		if (strcmp(objects[i].parent, parent) == 0)
			return find_in(objects[i].name, objects[i].names, name);
	}
	return NULL;
}

bool
logentry_is_own(const struct logentry_name *n)
{
	static const char *const own[] = { "httpRequest", "insertId", "jsonPayload", "logName",
		"protoPayload", "receiveTimestamp", "textPayload" };

	for (size_t i = 0; n && i < NAMES(own); i++) {
		if (strcmp(n->name, own[i]) == 0)
			return true;
	}
	return false;
}

bool
logentry_is_text(const char *const *key, size_t keys)
{
	const struct logentry_name *n = keys ? logentry_find(NULL, slice_str(key[0])) : NULL;

	if (!n || strcmp(n->name, "severity") == 0)
		return false;	/* dumps of protocol buffers have severities as numbers */
	if (keys == 1)
		return n->kind == LOGENTRY_TEXT || n->kind == LOGENTRY_TIME;
	if (strcmp(n->name, "labels") == 0)
		return keys == 2;
	n = logentry_find(n->name, slice_str(key[1]));
	if (!n)
		return false;
	if (keys == 2)
		return n->kind == LOGENTRY_TEXT;
	return keys == 3 && n->kind == LOGENTRY_OBJECT;
}
