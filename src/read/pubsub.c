/*
 * pubsub.c - the envelope of a message, and base64.
 */
#include "config.h"

#include "read/pubsub.h"

static bool
has_any(const json_t *object, const char *const *name)
{
	for (; *name; name++) {
		if (json_object_get(object, *name))
			return true;
	}
	return false;
}

const json_t *
pubsub_data(const json_t *object)
{
	static const char *const published[] = { "messageId", "message_id", "publishTime",
		"publish_time", NULL };
	const json_t *message = json_object_get(object, "message");
	const json_t *data;

	if (json_is_object(message)) {
		data = json_object_get(message, "data");
		return json_is_string(data) ? data : NULL;
	}
	data = json_object_get(object, "data");
	return json_is_string(data) && has_any(object, published) ? data : NULL;
}

static int
digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool
base64_decode(struct slice text, struct buf *out)
{
	uint32_t bits = 0;
	size_t n = 0;

	buf_reset(out);
	for (unsigned pad = 0; pad < 2 && slice_ends(text, "="); pad++)
		text.n--;
	for (size_t i = 0; i < text.n; i++) {
		int digit = digit_of(text.p[i]);

		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		if (++n % 4 == 0) {
			buf_putc(out, (char)(bits >> 16 & 0xff));
			buf_putc(out, (char)(bits >> 8 & 0xff));
			buf_putc(out, (char)(bits & 0xff));
		}
	}
	if (n % 4 == 1)
		return false;
	if (n % 4 >= 2)
		buf_putc(out, (char)(bits >> (n % 4 == 2 ? 4 : 10) & 0xff));
	if (n % 4 == 3)
		buf_putc(out, (char)(bits >> 2 & 0xff));
	return n > 0 && !out->over;
}
