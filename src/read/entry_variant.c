/*
 * entry_variant.c - one small function per member that may be written in another way.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/entry_variant.h"
#include "read/python_repr.h"

#define VARIANT_DEPTH 64	/* levels of an audit record whose names are looked at */
#define AUDIT_TYPE "type.googleapis.com/google.cloud.audit.AuditLog"

static bool
is_absent(const json_t *v)
{
	return !v || json_is_null(v) || (json_is_string(v) && json_string_length(v) == 0) ||
	    (json_is_object(v) && json_object_size(v) == 0) ||
	    (json_is_array(v) && json_array_size(v) == 0);
}

static json_t *
either(const json_t *object, const char *camel, const char *snake)
{
	json_t *v = json_object_get(object, camel);

	return is_absent(v) ? json_object_get(object, snake) : v;
}

/* the copy that is changed; *object is owned */
static json_t *
changed(json_t **object, const json_t *original)
{
	if (*object == original) {
		json_t *copy = json_copy(*object);

		json_decref(*object);
		*object = copy;
	}
	return *object;
}

/* [{"key":"k","value":"v"}] to {"k":"v"}; NULL when it is anything else. The caller owns it. */
static json_t *
labels_of(const json_t *list)
{
	json_t *labels, *pair;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return NULL;
	labels = json_object();
	json_array_foreach(list, i, pair) {
		const char *key = json_string_value(json_object_get(pair, "key"));
		json_t *value = json_object_get(pair, "value");

		if (!key || !value) {
			json_decref(labels);
			return NULL;
		}
		json_object_set(labels, key, value);
	}
	return labels;
}

static void
plain_labels(json_t **object, const json_t *original)
{
	json_t *resource = json_object_get(original, "resource");
	json_t *labels = labels_of(json_object_get(original, "labels"));

	if (labels)
		json_object_set_new(changed(object, original), "labels", labels);
	labels = labels_of(json_object_get(resource, "labels"));
	if (labels) {
		json_t *copy = json_copy(resource);

		json_object_set_new(copy, "labels", labels);
		json_object_set_new(changed(object, original), "resource", copy);
	}
}

static void
plain_json(json_t **object, const json_t *original, bool *respelled)
{
	json_t *json = either(original, "jsonPayload", "json_payload");
	json_t *plain = NULL;

	if (is_absent(json)) {
		json = json_object_get(original, "jsonpayload");
		plain = is_absent(json) ? NULL : json_incref(json);
		*respelled |= plain != NULL;
	}
	if (json_is_string(json) && json_string_value(json)[0] == '{') {
		json_t *inner = json_loadb(json_string_value(json), json_string_length(json),
		    JSON_ALLOW_NUL, NULL);

		if (inner) {
			json_decref(plain);
			plain = inner;
		}
	}
	if (plain)
		json_object_set_new(changed(object, original), "jsonPayload", plain);
}

static bool
is_snake(const char *key)
{
	return strchr(key, '_') && key[0] >= 'a' && key[0] <= 'z';
}

/* method_name to methodName; the caller frees it */
static char *
camel_of(const char *snake)
{
	char *camel = mem_strndup(snake, strlen(snake)), *to = camel;

	for (; *snake; snake++) {
		if (*snake == '_' && snake[1] >= 'a' && snake[1] <= 'z') {
			snake++;
			*to++ = (char)(*snake - 'a' + 'A');
		} else {
			*to++ = *snake;
		}
	}
	*to = '\0';
	return camel;
}

/* these hold what a service was asked and said: their keys are its own */
static bool
is_foreign(const char *key)
{
	return strcmp(key, "request") == 0 || strcmp(key, "response") == 0 ||
	    strcmp(key, "metadata") == 0;
}

/* v with the names of an audit record in camelCase, as the API writes them. The caller owns it. */
static json_t *
camel_keys(json_t *v, unsigned depth)
{
	json_t *plain, *member;
	const char *key;
	size_t i;

	if (depth == 0 || (!json_is_object(v) && !json_is_array(v)))
		return json_incref(v);
	if (json_is_array(v)) {
		plain = json_array();
		json_array_foreach(v, i, member)
			json_array_append_new(plain, camel_keys(member, depth - 1));
		return plain;
	}
	plain = json_object();
	json_object_foreach(v, key, member) {
		char *camel = is_snake(key) ? camel_of(key) : NULL;

		json_object_set_new(plain, camel ? camel : key,
		    is_foreign(key) ? json_incref(member) : camel_keys(member, depth - 1));
		free(camel);
	}
	return plain;
}

static void
plain_proto(json_t **object, const json_t *original, bool *respelled)
{
	json_t *proto = either(original, "protoPayload", "proto_payload"), *inner, *plain;

	if (is_absent(proto))
		inner = json_object_get(original, "protopayload_auditlog");
	else
		inner = json_object_get(proto, "audit_log");
	if (!json_is_object(inner) || is_absent(inner))
		return;
	*respelled = true;
	plain = is_absent(proto) ? json_copy(inner) : camel_keys(inner, VARIANT_DEPTH);
	if (!json_object_get(plain, "@type"))
		json_object_set_new(plain, "@type", json_string(AUDIT_TYPE));
	json_object_set_new(changed(object, original), "protoPayload", plain);
}

static void
plain_severity(json_t **object, const json_t *original)
{
	json_t *number = json_object_get(original, "severity_number");

	if (json_is_integer(number) && is_absent(json_object_get(original, "severity")))
		json_object_set(changed(object, original), "severity", number);
}

static bool
has_payload(const json_t *object)
{
	return !is_absent(either(object, "textPayload", "text_payload")) ||
	    !is_absent(either(object, "jsonPayload", "json_payload")) ||
	    !is_absent(either(object, "protoPayload", "proto_payload"));
}

/* what a script printed with str() of the payload; its type, when told, decides */
static void
plain_raw(json_t **object, const json_t *original, bool *cut)
{
	json_t *raw = json_object_get(original, "raw_payload"), *value = NULL;
	const char *type = json_string_value(json_object_get(original, "raw_payload_type"));

	if (is_absent(raw) || has_payload(*object))
		return;
	if (json_is_object(raw)) {
		json_object_set(changed(object, original), "jsonPayload", raw);
		return;
	}
	if (!json_is_string(raw))
		return;
	if (!type || strcmp(type, "str") != 0)
		value = python_repr((struct slice){ json_string_value(raw),
		    json_string_length(raw) }, cut);
	if (value)
		json_object_set_new(changed(object, original), "jsonPayload", value);
	else
		json_object_set(changed(object, original), "textPayload", raw);
}

json_t *
entry_variant(const json_t *object, struct entry_notes *notes)
{
	json_t *plain = json_incref((json_t *)object);

	*notes = (struct entry_notes){ .cut = false };
	plain_labels(&plain, object);
	plain_json(&plain, object, &notes->respelled);
	plain_proto(&plain, object, &notes->respelled);
	plain_severity(&plain, object);
	plain_raw(&plain, object, &notes->cut);
	return plain;
}
