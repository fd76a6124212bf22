/*
 * literal.h - which of many literal strings occur in a text, in one pass over it.
 *
 * An Aho-Corasick automaton with a dense table over classes of bytes: one load a
 * byte, whatever the number of literals. A set is immutable once it is built and
 * may be shared by threads. Literals are named by their place in the list they
 * were built from; the same text may stand there more than once, and an empty
 * literal never occurs. Case is folded for ASCII only. Any folder may include
 * this header.
 */
#ifndef BASE_LITERAL_H
#define BASE_LITERAL_H

#include "base/err.h"
#include "base/slice.h"

#define LITERAL_TABLE_MAX (64u * 1024 * 1024)	/* bytes of the table of one set */

struct literals;			/* opaque */

enum literal_flag { LITERAL_CASELESS = 1 };

/* ERR_LIMIT when the table would pass LITERAL_TABLE_MAX; the texts are not kept */
int	literals_new(const struct slice *text, size_t n, unsigned flags, struct literals **l,
	    struct err *e);
void	literals_free(struct literals *l);
size_t	literals_count(const struct literals *l);
size_t	literals_bytes(const struct literals *l);	/* memory of the table */

#define LITERAL_WORDS(n) (((n) + 63) / 64)
/* sets bit i % 64 of bits[i / 64] for each literal i that occurs; true if any does */
bool	literals_mark(const struct literals *l, struct slice text, uint64_t *bits);

/* one occurrence: literal `id` ends before offset `end`; false stops the scan */
typedef bool literals_fn(void *ctx, size_t id, size_t end);
/*
 * Every occurrence, by its end, longer ones first; literals of equal text by
 * their number. False when fn stopped it.
 */
bool	literals_each(const struct literals *l, struct slice text, literals_fn *fn, void *ctx);

#endif
