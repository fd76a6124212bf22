/*
 * row_record.h - consecutive lines of a text that make one record.
 *
 * Formats of text know that a record has ended when the next one begins, so the
 * lines are gathered first and read together. Memory: the limit, whatever the
 * length of the record. Blank lines at its end are not part of it. Private to read/.
 */
#ifndef READ_ROW_RECORD_H
#define READ_ROW_RECORD_H

#include "base/digest.h"
#include "base/io.h"
#include "read/entry_put.h"

struct row_record {
	bool open;		/* a record has been begun */
	bool over;		/* it is longer than the limit: raw is its head */
	bool lost;		/* a line of it was clipped: the hash cannot be known */
	struct buf raw;		/* its bytes as in the input */
	size_t kept;		/* of raw: up to the last line that is not blank */
	uint64_t line, byte;	/* of its first byte */
	uint64_t end;		/* offset of raw.p[kept] in the input */
	uint64_t last;		/* offset behind the text of the line taken last */
	struct sha256 hash;	/* of a record that is over the limit */
	char hex[SHA256_HEX];
};

void	row_record_init(struct row_record *r, size_t max);
void	row_record_release(struct row_record *r);
/* drops the record before, if row_record_end() did not take it */
void	row_record_begin(struct row_record *r, const struct line *line);
void	row_record_add(struct row_record *r, const struct line *line);
/*
 * Closes the record. at->text is all of it, with its line ends, or its head when it
 * is over the limit; at->sha256 is set then. Both are valid until the next begin.
 */
struct record_at row_record_end(struct row_record *r);

#endif
