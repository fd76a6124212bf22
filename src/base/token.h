/*
 * token.h - "[kind:hhhhhh]", what redaction leaves in the place of a secret.
 *
 * The kind is a word of small letters, digits and "-", the rest six digits of a
 * keyed hash. Here a token is known by its shape alone; sign/redact.h knows
 * which kinds there are. Text that holds tokens is cut by token_floor(), so
 * that no half of a keyed hash is shown. Any folder may include this header.
 */
#ifndef BASE_TOKEN_H
#define BASE_TOKEN_H

#include "base/slice.h"

#define TOKEN_KIND 32		/* bytes of the longest kind */
#define TOKEN_HASH 6		/* hexadecimal digits */
#define TOKEN_MAX (TOKEN_KIND + TOKEN_HASH + 3)

/* length of the token at s[at], 0 when none stands there; kind may be NULL */
size_t	token_at(struct slice s, size_t at, struct slice *kind);

/* largest n' <= n that cuts neither a token nor a UTF-8 sequence of s in two */
size_t	token_floor(struct slice s, size_t n);

/* as slice_cmp(), but tokens of one kind are equal: an order that no key changes */
int	token_cmp(struct slice a, struct slice b);

#endif
