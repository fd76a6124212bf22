/*
 * io_utf16.h - UTF-16 to UTF-8, piece by piece.
 *
 * What `>` of Windows PowerShell and many editors there write. A surrogate without
 * its other half and an odd last byte become U+FFFD and are counted. No memory of
 * its own. Private to base/io*.
 */
#ifndef BASE_IO_UTF16_H
#define BASE_IO_UTF16_H

#include "base/slice.h"

enum utf16_order { UTF16_NOT, UTF16_LE, UTF16_BE };

#define UTF16_SNIFF 512			/* bytes of the head that are looked at */
/* bytes of UTF-8 that n bytes of UTF-16 and what is pending can give at most */
#define UTF16_ROOM(n) ((n) / 2 * 3 + 8)

struct utf16 {
	bool big;
	bool half;			/* one byte of a unit is pending */
	unsigned char first;		/* that byte */
	uint16_t high;			/* a high surrogate that is pending; 0 = none */
	uint64_t given;			/* bytes of UTF-8 so far */
	uint64_t bad;			/* U+FFFD put in place of something */
	uint64_t bad_at;		/* offset of the first, in the UTF-8 text */
};

/*
 * By the mark, of which *mark is the length, or by a NUL in every other byte: text
 * of which nearly all is ASCII. UTF-32, which has more NULs, is neither.
 */
enum utf16_order utf16_sniff(struct slice head, size_t *mark);
/* converts all of `in`; room for UTF16_ROOM(in.n). Returns the bytes written. */
size_t	utf16_convert(struct utf16 *u, struct slice in, char *out);
size_t	utf16_finish(struct utf16 *u, char *out);	/* the input is over; room for 8 */

#endif
