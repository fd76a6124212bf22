#include "config.h"

#include "base/buf.h"
#include "base/token.h"
#include "rule/detect.h"

#define EXPAND_MAX (64 * 1024)	/* bytes of an expanded text */

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '.';
}

/* in starts with "${" */
static void
read_name(struct slice in, struct expand_part *part)
{
	size_t at = 2, close = slice_find_byte(in, 2, '}');

	while (at < in.n && is_name_byte(in.p[at]))
		at++;
	if (close == SIZE_MAX || at == 2) {
		part->broken = true;
		part->text = slice_sub(in, 0, 2);
		return;
	}
	part->text = slice_sub(in, 0, close + 1);
	part->name = slice_sub(in, 2, at - 2);
	if (at == close)
		return;
	if (slice_starts(slice_sub(in, at, close - at), ":-")) {
		part->has_other = true;
		part->other = slice_sub(in, at + 2, close - at - 2);
		return;
	}
	part->broken = true;
	part->name = (struct slice){ 0 };
}

bool
expand_next(struct slice *in, struct expand_part *part)
{
	size_t at;

	*part = (struct expand_part){ 0 };
	if (in->n == 0)
		return false;
	if (slice_starts(*in, "${")) {
		read_name(*in, part);
	} else {
		at = slice_find(*in, 0, SLICE("${"));
		part->text = slice_sub(*in, 0, at == SIZE_MAX ? in->n : at);
	}
	*in = slice_sub(*in, part->text.n, in->n - part->text.n);
	return true;
}

struct slice
rule_expand(struct arena *a, struct slice text, rule_value_fn *value, void *ctx)
{
	struct expand_part part;
	struct slice v, out;
	struct buf b;

	buf_init(&b, EXPAND_MAX + TOKEN_MAX);	/* what stands at the cut is seen whole */
	while (expand_next(&text, &part)) {
		v = part.text;
		if (part.name.n)
			v = value(ctx, part.name);
		if (part.name.n && v.n == 0)
			v = part.other;
		buf_put_slice(&b, v);
	}
	out = buf_slice(&b);
	if (out.n > EXPAND_MAX)
		out.n = token_floor(out, EXPAND_MAX);
	out = arena_copy(a, out);
	buf_release(&b);
	return out;
}
