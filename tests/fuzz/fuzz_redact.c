/*
 * fuzz_redact.c - any text: redacting twice changes nothing more, valid UTF-8 stays
 * valid, secrets planted between blanks are gone, tokens stay. As a document:
 * the same again, however it is cut into pieces, and JSON stays JSON.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/text.h"
#include "cmd/redact_stream.h"
#include "sign/redact.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static const unsigned char key[REDACT_KEY] = "a key for the fuzzer";

static void
check_text(struct redactor *r, struct arena *a, struct slice text)
{
	struct slice once = redact_text(r, a, text), twice = redact_text(r, a, once);
	struct slice value = redact_value(r, a, SLICE("jsonPayload.password"), text);

	require(slice_eq(once, twice));
	require(slice_eq(redact_value(r, a, SLICE("jsonPayload.password"), value), value));
	if (text_is_utf8(text)) {
		require(text_is_utf8(once));
		require(text_is_utf8(value));
	}
}

/* each stands by itself: no words in front make it anything else */
static void
check_planted(struct redactor *r, struct arena *a, struct slice text, uint8_t seed)
{
	static const char *const planted[][2] = {
		{ "ghp_", "fakeFAKEfakeFAKEfakeFAKEfakeFAKE0123" },
		{ "AKIA", "FAKEFAKEFAKE2345" },
		{ "eyJhbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJuZXRyYS10ZXN0In0.ZmFrZXNpZ25hdHVyZQ" },
		{ "xoxb-", "000000000000-FakeFakeFake" },
		{ "jane.doe", "@example.com" },
		{ "ya29.", "a0FakeFakeFakeFakeFake-12" },
		{ "postgres://u:", "h5nTer2pw@db/x" },
		{ "DB_PASSWORD=", "c0rrect-horse" },
	};
	const char *const *p = planted[seed % (sizeof planted / sizeof *planted)];
	size_t at = text.n ? (size_t)seed * 7919 % (text.n + 1) : 0;
	struct slice out;
	struct buf b;

	buf_init(&b, text.n + 256);
	buf_put(&b, text.p, at);
	buf_puts(&b, " ");
	buf_puts(&b, p[0]);
	buf_puts(&b, p[1]);
	buf_puts(&b, " ");
	buf_put_slice(&b, slice_sub(text, at, SIZE_MAX));
	out = redact_text(r, a, buf_slice(&b));
	require(slice_find(text, 0, slice_str(p[1])) != SIZE_MAX ||
	    slice_find(out, 0, slice_str(p[1])) == SIZE_MAX);
	buf_release(&b);
}

static void
put(void *ctx, struct slice text)
{
	buf_put_slice(ctx, text);
}

static void
through(struct redactor *r, struct slice in, size_t step, struct buf *out)
{
	struct redact_stream *s = redact_stream_new(r, put, out);

	for (size_t at = 0; at < in.n; at += step)
		redact_stream_feed(s, slice_sub(in, at, step));
	redact_stream_end(s);
	redact_stream_free(s);
}

static void
check_document(struct redactor *r, struct slice text, uint8_t seed)
{
	struct buf once, pieces, twice;
	json_t *in, *out;

	buf_init(&once, SIZE_MAX / 4);
	buf_init(&pieces, SIZE_MAX / 4);
	buf_init(&twice, SIZE_MAX / 4);
	through(r, text, SIZE_MAX / 2, &once);
	through(r, text, (size_t)seed % 13 + 1, &pieces);
	require(slice_eq(buf_slice(&once), buf_slice(&pieces)));
	through(r, buf_slice(&once), SIZE_MAX / 2, &twice);
	require(slice_eq(buf_slice(&once), buf_slice(&twice)));
	/* an array that begins with a number reads as a line that begins with a time */
	in = json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL);
	if (in && (json_is_object(in) || json_is_object(json_array_get(in, 0)) ||
	    json_is_string(json_array_get(in, 0)))) {
		out = json_loadb(once.p, once.n, JSON_ALLOW_NUL, NULL);
		require(out != NULL);
		json_decref(out);
	}
	json_decref(in);
	buf_release(&once);
	buf_release(&pieces);
	buf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* kept: the automaton takes longer to build than most inputs to check */
	static struct redactor *r;
	struct slice text;
	struct arena a;

	if (!r)
		r = redactor_new(REDACT_ALL, key);
	arena_init(&a);
	if (size > 0) {
		text = slice_of((const char *)data + 1, size - 1);
		check_text(r, &a, text);
		check_planted(r, &a, text, data[0]);
		check_document(r, text, data[0]);
	}
	arena_release(&a);
	return 0;
}
