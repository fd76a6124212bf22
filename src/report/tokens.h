/*
 * tokens.h - "[kind:hhhhhh]" of stored text as "[kind:N]" of a document.
 *
 * The six digits hang on the key of the database; in what is printed the values
 * of a kind are numbered by their first appearance, from 1, so that the same
 * input gives the same bytes from any database. One numbering for each
 * document or table. cmd includes this header.
 */
#ifndef REPORT_TOKENS_H
#define REPORT_TOKENS_H

#include "base/arena.h"

typedef bool token_kind_fn(struct slice kind);	/* is there such a kind? */

struct tokens;				/* opaque: a numbering */

struct tokens *tokens_new(token_kind_fn *known);
void	tokens_free(struct tokens *t);	/* NULL is fine */
/* s with its tokens numbered, from the arena; s itself when it holds none or t is NULL */
struct slice tokens_number(struct tokens *t, struct arena *a, struct slice s);

#endif
