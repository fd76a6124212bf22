#include "config.h"

#include "sign/sign.h"

#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/token.h"
#include "sign/mask.h"
#include "sign/redact.h"

#define QUOTED_MAX 256		/* bytes of a quoted name */
#define KIND_MAX 64
#define ID_TEXT_MAX (64 * 1024)	/* bytes of a text that take part in its id */

/* what a token may start with */
enum start { START_DIGIT = 1, START_LETTER = 2, START_MARK = 4 };

struct mask {
	const char *slot;
	unsigned starts;	/* of enum start: where the scanner is worth a try */
	mask_scan_fn *scan;
};

/*
 * The masks "m1", tried in this order at each token. A change of what they do
 * changes ids: then SIGN_MASKS must change too.
 */
static const struct mask masks[] = {
	{ "",		START_MARK,			mask_typed },
	{ "[]",		START_MARK,			mask_token },
	{ "<uuid>",	START_DIGIT | START_LETTER,	mask_uuid },
	{ "<time>",	START_DIGIT,			mask_iso_time },
	{ "<time>",	START_DIGIT | START_LETTER,	mask_named_time },
	{ "<url>",	START_LETTER,			mask_url },
	{ "<email>",	START_DIGIT | START_LETTER,	mask_email },
	{ "<ip>",	START_DIGIT,			mask_ipv4 },
	{ "<ip>",	START_DIGIT | START_LETTER | START_MARK, mask_ipv6 },
	{ "<hex>",	START_DIGIT,			mask_0x },
	{ "<time>",	START_DIGIT,			mask_clock },
	{ "<rev>",	START_DIGIT,			mask_revision },
	{ "<dur>",	START_DIGIT,			mask_duration },
	{ "<size>",	START_DIGIT,			mask_size },
	{ "<path>",	START_DIGIT | START_LETTER | START_MARK, mask_path },
	{ "<path>",	START_LETTER,			mask_windows_path },
	{ "<hex>",	START_DIGIT | START_LETTER,	mask_hex },
	{ "<n>",	START_DIGIT | START_MARK,	mask_number },
};

static const struct mask *
find_mask(struct slice s, size_t at, size_t *n)
{
	char c = s.p[at];
	unsigned start = START_MARK;

	if (c == ' ')
		return NULL;
	if (mask_digit(c))
		start = START_DIGIT;
	else if (mask_wordc(c))
		start = START_LETTER;
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		if (!(masks[i].starts & start))
			continue;
		*n = masks[i].scan(s, at);
		if (*n > 0)
			return &masks[i];
	}
	return NULL;
}

/* put a piece whole or not at all */
static void
put(struct buf *b, struct slice piece)
{
	if (b->over || piece.n > MASK_LINE - b->n)
		b->over = true;
	else
		buf_put_slice(b, piece);
}

/* a slot; one that ends a list of the same slots ("<n>, <n>, <n>") is left out */
static void
put_slot(struct buf *b, const char *slot)
{
	struct slice out = buf_slice(b);

	if (slice_ends(out, ", "))
		out.n -= 2;
	else if (slice_ends(out, ","))
		out.n -= 1;
	if (out.n < b->n && slice_ends(out, slot)) {
		buf_truncate(b, out.n);
		return;
	}
	put(b, slice_str(slot));
}

/* the slot of a token; addresses get the one that they have as they are */
static struct slice
token_slot(char slot[TOKEN_KIND + 3], struct slice token)
{
	struct slice kind;
	size_t n;

	redact_token(token, &kind, &n);
	if (slice_eqs(kind, "ipv4-public") || slice_eqs(kind, "ipv6"))
		kind = SLICE("ip");
	slot[0] = '<';
	memcpy(slot + 1, kind.p, kind.n);
	memcpy(slot + 1 + kind.n, ">", 2);
	return slice_of(slot, kind.n + 2);
}

void
mask_tokens(struct buf *b, struct slice s)
{
	char slot[TOKEN_KIND + 3];
	size_t at, n;

	while ((at = slice_find_byte(s, 0, '[')) != SIZE_MAX) {
		n = mask_token(s, at);
		buf_put(b, s.p, n ? at : at + 1);
		if (n)
			buf_put_slice(b, token_slot(slot, slice_sub(s, at, n)));
		s = slice_sub(s, n ? at + n : at + 1, s.n);
	}
	buf_put_slice(b, s);
}

static void
put_match(struct buf *b, const struct mask *m, struct slice s, size_t at, size_t n)
{
	const char *kind = m->scan == mask_number ? mask_number_kind(s, at, n) : NULL;
	struct slice text = slice_sub(s, at, n);
	char slot[TOKEN_KIND + 3] = "<";
	size_t len;

	if (*m->slot == '\0') {
		put(b, text);
	} else if (*m->slot == '[') {
		token_slot(slot, text);
		put_slot(b, slot);
	} else if (kind) {
		len = strlen(kind);
		memcpy(slot + 1, kind, len);
		slot[++len] = ':';
		memcpy(slot + len + 1, text.p, n);
		memcpy(slot + len + 1 + n, ">", 2);
		put(b, slice_str(slot));
	} else {
		put_slot(b, m->slot);
	}
}

/* a dotted word, up to the first part of it that is an id; returns where it ends */
static size_t
put_word(struct buf *b, struct slice s, size_t at)
{
	const char *slot = NULL;
	size_t i = at, part = 0;

	while (i < s.n) {
		slot = mask_word_part(s, i, &part);
		if (slot)
			break;
		while (i < s.n && mask_wordc(s.p[i]) && s.p[i] != '_')
			i++;
		if (mask_at(s, i) != '_' && !(mask_at(s, i) == '.' && !mask_ends(s, i + 1)))
			break;
		i++;
	}
	if (i > at)
		put(b, slice_sub(s, at, i - at));
	if (!slot)
		return i;
	put_slot(b, slot);
	return i + part;
}

/* length of a quoted dotted name with its quotes, 0 when none stands there */
static size_t
quoted_name(struct slice s, size_t at)
{
	char quote = s.p[at];
	size_t i = at + 1;

	if (quote != '\'' && quote != '"' && quote != '`')
		return 0;
	if (mask_ends(s, i) || mask_digit(s.p[i]))
		return 0;
	while (i - at < QUOTED_MAX && (!mask_ends(s, i) || mask_at(s, i) == '.'))
		i++;
	return mask_at(s, i) == quote ? i + 1 - at : 0;
}

static void
mask_pass(struct buf *b, struct slice s, bool keep_names)
{
	const struct mask *m;
	size_t i = 0, n;

	while (i < s.n && !b->over) {
		n = keep_names ? quoted_name(s, i) : 0;
		if (n > 0) {
			put(b, slice_sub(s, i, n));
			i += n;
			continue;
		}
		m = find_mask(s, i, &n);
		if (m) {
			put_match(b, m, s, i, n);
			i += n;
		} else if (mask_wordc(s.p[i])) {
			i = put_word(b, s, i);
		} else {
			put(b, slice_sub(s, i++, 1));
		}
	}
}

void
mask_text(struct buf *b, struct slice line, bool keep_names)
{
	struct slice s = slice_trim(line);
	struct buf again;
	bool cut;

	buf_reset(b);
	mask_pass(b, s, keep_names);
	cut = b->over;
	buf_truncate(b, slice_trim(buf_slice(b)).n);
	if (!cut)
		return;
	/* a cut may show as whole what was part of more: go on until nothing changes */
	buf_init(&again, MASK_LINE);
	while (cut) {
		buf_reset(&again);
		mask_pass(&again, buf_slice(b), keep_names);
		buf_truncate(&again, slice_trim(buf_slice(&again)).n);
		cut = !slice_eq(buf_slice(&again), buf_slice(b));
		buf_reset(b);
		buf_put_slice(b, buf_slice(&again));
	}
	buf_release(&again);
}

struct slice
sign_template(struct arena *a, struct slice message)
{
	static const struct slice cut = { "last):\\n", 8 };
	struct slice rest = slice_trim(message), line, out;
	struct buf b;
	size_t at;

	if (!slice_take_line(&rest, &line))
		return slice_of("", 0);
	line = slice_sub(line, 0, token_floor(line, MASK_LINE));
	/* the first line of a traceback whose newlines were escaped */
	at = slice_find(line, 0, cut);
	if (at != SIZE_MAX)
		line.n = at + 6;
	buf_init(&b, MASK_LINE);
	mask_text(&b, line, false);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

int64_t
sign_id(const char *kind, struct slice text)
{
	struct buf b;
	int64_t id;

	buf_init(&b, ID_TEXT_MAX + KIND_MAX);
	buf_put(&b, SIGN_MASKS, sizeof SIGN_MASKS);
	buf_put(&b, kind, strlen(kind) + 1);
	buf_put_slice(&b, slice_sub(text, 0, ID_TEXT_MAX));
	id = digest63(buf_slice(&b));
	buf_release(&b);
	return id ? id : 1;
}

int64_t
sign_template_id(struct slice template)
{
	return sign_id("template", template);
}
