/*
 * identity.c - keyed hashes of what an entry says, made before anything is redacted.
 *
 * A plain hash of a short payload would tell it to whoever tries a few million
 * texts; these hashes need the key of the database as well.
 */
#include "config.h"

#include <string.h>

#include "base/digest.h"
#include "sign/sign.h"

static void
put_slice(struct hmac *h, struct slice s)
{
	uint64_t n = s.n;

	hmac_update(h, &n, sizeof n);
	hmac_update(h, s.p, s.n);
}

/* all that the entry says */
static int64_t
content_hash(const struct hmac *key, const struct entry *en)
{
	const struct slice text[] = { en->project, en->location, en->resource_type, en->log,
	    en->service, en->revision, en->instance, en->trace, en->span, en->payload,
	    en->message };
	unsigned char out[SHA256_SIZE];
	struct hmac h = *key;
	uint64_t first = 0;
	size_t i;

	hmac_update(&h, &en->severity, sizeof en->severity);
	for (i = 0; i < sizeof text / sizeof *text; i++)
		put_slice(&h, text[i]);
	if (en->split_uid.n) {
		put_slice(&h, en->split_uid);
		hmac_update(&h, &en->split_index, sizeof en->split_index);
	}
	if (en->request) {
		const struct request *r = en->request;

		put_slice(&h, r->method);
		put_slice(&h, r->url);
		put_slice(&h, r->user_agent);
		put_slice(&h, r->remote_ip);
		hmac_update(&h, &r->status, sizeof r->status);
		hmac_update(&h, &r->latency_ns, sizeof r->latency_ns);
	}
	hmac_final(&h, out);
	for (i = 0; i < 8; i++)
		first = first << 8 | out[i];
	return (int64_t)(first >> 1);
}

/*
 * An empty object or text says as little as no payload at all; the message of an
 * entry without one was made up from its request.
 */
static struct slice
payload_of(const struct entry *en)
{
	struct slice p = en->payload.n || en->payload_kind == PAYLOAD_NONE ? en->payload :
	    en->message;

	if (slice_eqs(p, "{}") || slice_eqs(p, "\"\"") || slice_eqs(p, "null"))
		return slice_of(NULL, 0);
	return p;
}

struct entry_identity
sign_identity(const struct hmac *key, const struct entry *entry)
{
	struct slice payload = payload_of(entry);
	struct entry_identity id = { .has_payload = payload.n > 0 };
	unsigned char out[SHA256_SIZE];
	struct hmac h = *key;

	if (id.has_payload) {
		hmac_update(&h, payload.p, payload.n);
		hmac_final(&h, out);
		memcpy(id.payload_hash, out, sizeof id.payload_hash);
	}
	if (entry->insert_id.n == 0)
		id.content_hash = content_hash(key, entry);
	return id;
}
