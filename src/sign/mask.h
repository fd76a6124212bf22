/*
 * mask.h - the scanners behind sign_template(); private to src/sign.
 *
 * A scanner looks at s from byte `at`, which is the start of a word, a separator
 * or the byte behind an earlier match, and returns how many bytes it claims, 0
 * for none. It never claims '<' or '>', so that text that is masked already
 * reads the same as the text it came from; and it looks at no more than some
 * hundred bytes unless it claims them, so that one pass is linear.
 */
#ifndef SIGN_MASK_H
#define SIGN_MASK_H

#include "base/buf.h"
#include "base/slice.h"

#define MASK_LINE 1024		/* bytes of a message, and of a template */
#define MASK_TYPED_DIGITS 5	/* of a number in a typed slot, its sign not counted */

typedef size_t mask_scan_fn(struct slice s, size_t at);

mask_scan_fn mask_typed;	/* "<status:503>": a typed slot, kept as it is */
mask_scan_fn mask_token;	/* "[email:a1b2c3]": what redaction left */
mask_scan_fn mask_uuid;
mask_scan_fn mask_iso_time;	/* 2025-09-16T01:42:33.1Z, 2025/09/16, 20250916-014233 */
mask_scan_fn mask_named_time;	/* Tue Sep 16 01:42:33 2025, 16/Sep/2025:01:42:33 +0000 */
mask_scan_fn mask_url;
mask_scan_fn mask_email;
mask_scan_fn mask_ipv4;		/* with port */
mask_scan_fn mask_ipv6;
mask_scan_fn mask_0x;
mask_scan_fn mask_clock;
mask_scan_fn mask_revision;	/* 00742-b95 of a Cloud Run revision */
mask_scan_fn mask_duration;
mask_scan_fn mask_size;
mask_scan_fn mask_path;
mask_scan_fn mask_windows_path;
mask_scan_fn mask_hex;
mask_scan_fn mask_number;

/*
 * The slot name ("status") of the plain number s[at, at + n) when the words
 * around it give it a meaning that must not be lost, else NULL.
 */
const char *mask_number_kind(struct slice s, size_t at, size_t n);

/* an id inside a word, between its '_' and '.': the slot and its length, or NULL */
const char *mask_word_part(struct slice s, size_t at, size_t *n);

/* sign_template() into b; with keep_names, quoted dotted names stay as they are */
void	mask_text(struct buf *b, struct slice line, bool keep_names);

/* s as it is, but for the tokens of redaction: of them only the kind, as a slot */
void	mask_tokens(struct buf *b, struct slice s);

/* character classes without a locale; bytes of UTF-8 sequences count as letters of a word */
static inline bool
mask_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
mask_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
mask_xdigit(char c)
{
	return mask_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool
mask_wordc(char c)
{
	return mask_alpha(c) || mask_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* the byte at i, NUL behind the end */
static inline char
mask_at(struct slice s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

/* true when no word goes on at i */
static inline bool
mask_ends(struct slice s, size_t i)
{
	return i >= s.n || !mask_wordc(s.p[i]);
}

#endif
