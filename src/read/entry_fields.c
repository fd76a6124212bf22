/*
 * entry_fields.c - flattens the parts of an entry into dotted names.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/entry_fields.h"
#include "read/entry_map.h"

#define FIELD_DEPTH 64		/* levels that are followed; the reader's own limit is lower */

struct fields {
	struct arena *a;
	struct entry_field *field;	/* room for ENTRY_FIELDS */
	size_t n;
	struct buf name;		/* of the value at hand */
	const json_t *skip;
};

/* a real number with the fewest digits that give it back */
static struct slice
real_text(struct arena *a, const json_t *v)
{
	struct slice s = { NULL, 0 };
	double back = 0;
	char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	if (text && (!slice_to_double(slice_str(text), &back) || back < json_real_value(v) ||
	    back > json_real_value(v))) {
		free(text);
		text = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
	}
	if (text)
		s = arena_copy(a, slice_str(text));
	free(text);
	return s;
}

static struct slice
scalar_text(struct arena *a, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		return arena_copy(a, slice_of(json_string_value(v), json_string_length(v)));
	case JSON_INTEGER:
		return slice_str(arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v)));
	case JSON_REAL:
		return real_text(a, v);
	case JSON_TRUE:
		return SLICE("true");
	case JSON_FALSE:
		return SLICE("false");
	default:
		return SLICE("null");
	}
}

static void
add(struct fields *f, const json_t *v)
{
	struct slice name = arena_copy(f->a, buf_slice(&f->name));
	size_t cut;

	if (f->n == ENTRY_FIELDS)
		return;
	/* a clipped name may end inside a character */
	f->field[f->n].name = text_utf8(f->a, name, &cut);
	f->field[f->n].value = scalar_text(f->a, v);
	f->n++;
}

/* v under the name in f->name; depth bounds the recursion */
static void
flatten(struct fields *f, json_t *v, unsigned depth)
{
	size_t n = f->name.n, i;
	const char *key;
	json_t *member;

	if (!v || v == f->skip || depth == 0 || f->n == ENTRY_FIELDS)
		return;
	if (json_is_array(v)) {
		json_array_foreach(v, i, member)
			flatten(f, member, depth - 1);
	} else if (json_is_object(v)) {
		json_object_foreach(v, key, member) {
			buf_putc(&f->name, '.');
			buf_puts(&f->name, key);
			flatten(f, member, depth - 1);
			buf_truncate(&f->name, n);
		}
	} else {
		add(f, v);
	}
}

static void
flatten_as(struct fields *f, const char *name, json_t *v)
{
	buf_reset(&f->name);
	buf_puts(&f->name, name);
	flatten(f, v, FIELD_DEPTH);
}

static json_t *
either(const json_t *object, const char *camel, const char *snake)
{
	json_t *v = json_object_get(object, camel);

	return v ? v : json_object_get(object, snake);
}

/* the request and response of an audit record hold whole service definitions: left out */
static void
flatten_proto(struct fields *f, const json_t *proto)
{
	const json_t *who = either(proto, "authenticationInfo", "authentication_info");
	const json_t *how = either(proto, "requestMetadata", "request_metadata");

	flatten_as(f, "protoPayload.methodName", either(proto, "methodName", "method_name"));
	flatten_as(f, "protoPayload.resourceName", either(proto, "resourceName", "resource_name"));
	flatten_as(f, "protoPayload.status", json_object_get(proto, "status"));
	flatten_as(f, "protoPayload.authenticationInfo.principalEmail",
	    either(who, "principalEmail", "principal_email"));
	flatten_as(f, "protoPayload.requestMetadata.callerSuppliedUserAgent",
	    either(how, "callerSuppliedUserAgent", "caller_supplied_user_agent"));
}

/* what struct request does not hold */
static void
flatten_request(struct fields *f, const json_t *http)
{
	flatten_as(f, "httpRequest.referer", either(http, "referer", "referrer"));
	flatten_as(f, "httpRequest.requestSize", either(http, "requestSize", "request_size"));
	flatten_as(f, "httpRequest.serverIp", either(http, "serverIp", "server_ip"));
	flatten_as(f, "httpRequest.cacheLookup", either(http, "cacheLookup", "cache_lookup"));
	flatten_as(f, "httpRequest.cacheHit", either(http, "cacheHit", "cache_hit"));
	flatten_as(f, "httpRequest.cacheValidatedWithOriginServer",
	    either(http, "cacheValidatedWithOriginServer",
	    "cache_validated_with_origin_server"));
	flatten_as(f, "httpRequest.cacheFillBytes",
	    either(http, "cacheFillBytes", "cache_fill_bytes"));
}

void
entry_fields(const struct entry_parts *parts, struct arena *a, struct entry *out)
{
	struct entry_field field[ENTRY_FIELDS];
	struct fields f = { .a = a, .field = field, .skip = parts->message };
	const json_t *resource = json_object_get(parts->object, "resource");
	struct entry_field *kept;

	buf_init(&f.name, ENTRY_NAME);
	flatten_as(&f, "labels", json_object_get(parts->object, "labels"));
	flatten_as(&f, "resource.labels", json_object_get(resource, "labels"));
	flatten_as(&f, "errorGroups", either(parts->object, "errorGroups", "error_groups"));
	flatten_as(&f, "sourceLocation",
	    either(parts->object, "sourceLocation", "source_location"));
	flatten_as(&f, "jsonPayload", (json_t *)parts->json);
	flatten_proto(&f, parts->proto);
	flatten_request(&f, either(parts->object, "httpRequest", "http_request"));
	buf_release(&f.name);
	if (f.n == 0)
		return;
	kept = arena_array(a, f.n, sizeof *kept);
	memcpy(kept, field, f.n * sizeof *kept);
	out->field = kept;
	out->fields = f.n;
}
