/*
 * slice.h - a view of bytes that somebody else owns, and scanners over it.
 *
 * A slice never owns memory, may hold NUL bytes and need not be terminated. The
 * empty slice has n == 0; its p may be NULL. Input is parsed only through the
 * scanners below: each takes `struct slice *in`, moves it forward and returns
 * true on success, and leaves it untouched and returns false otherwise.
 * Any folder may include this header.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slice {
	const char *p;
	size_t n;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
/* for "%.*s" in messages */
#define SLICE_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct slice slice_of(const char *p, size_t n);
struct slice slice_str(const char *s);			/* NULL gives the empty slice */
struct slice slice_sub(struct slice s, size_t from, size_t n);	/* clipped to s */
struct slice slice_trim(struct slice s);			/* ASCII blanks off both ends */

bool	slice_eq(struct slice a, struct slice b);
bool	slice_eqs(struct slice a, const char *s);
bool	slice_eq_fold(struct slice a, struct slice b);		/* ASCII case folded */
int	slice_cmp(struct slice a, struct slice b);		/* memcmp order, shorter first */
bool	slice_starts(struct slice s, const char *prefix);
bool	slice_ends(struct slice s, const char *suffix);
/* offset of the first `what` at or after `from`, or SIZE_MAX; an empty `what` is at `from` */
size_t	slice_find(struct slice s, size_t from, struct slice what);
size_t	slice_find_byte(struct slice s, size_t from, char c);
size_t	slice_rfind_byte(struct slice s, char c);

/* scanners */
bool	slice_take_byte(struct slice *in, char c);
bool	slice_take_str(struct slice *in, const char *s);
/* one or more decimal digits; false on none and on overflow of 64 bits */
bool	slice_take_uint(struct slice *in, uint64_t *value);
/* exactly `digits` decimal digits */
bool	slice_take_digits(struct slice *in, unsigned digits, uint64_t *value);
/* everything up to `c`, which is consumed too; false when c is not there */
bool	slice_take_until(struct slice *in, char c, struct slice *out);
/* one line without its "\n" or "\r\n"; false at the end of input */
bool	slice_take_line(struct slice *in, struct slice *line);

/* whole-slice conversions: true only when every byte is used */
bool	slice_to_int64(struct slice s, int64_t *value);
bool	slice_to_double(struct slice s, double *value);		/* plain decimal, no locale */

/* number of edits between two short names (at most 64 bytes each), for "did you mean" */
unsigned slice_distance(struct slice a, struct slice b);

#endif
