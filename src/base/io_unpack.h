/*
 * io_unpack.h - stored bytes to the bytes that were compressed.
 *
 * gzip and, where configure found libzstd, zstd; recognised by content, any
 * number of members or frames one after the other. What is neither passes
 * through. Damage ends the bytes and is kept to be told. Private to base/io*.
 */
#ifndef BASE_IO_UNPACK_H
#define BASE_IO_UNPACK_H

#include <zlib.h>

#include "base/io.h"
#include "base/io_raw.h"

enum packed { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD };

struct unpack {
	struct raw *raw;		/* borrowed */
	struct input_limits lim;
	enum packed kind;
	bool begun;
	bool in_member;			/* a member or frame has begun and not ended */
	bool more;			/* the last step filled its room: there may be more */
	z_stream z;
	void *zstd;			/* ZSTD_DCtx; NULL before it is needed */
	size_t zstd_need;		/* bytes up to the end of its next block */
	uint64_t expanded;		/* bytes given out of compressed ones */
	bool ended;
	bool damaged;
	enum diag_code damage;
	char why[160];
};

void	unpack_init(struct unpack *u, struct raw *raw, const struct input_limits *lim);
void	unpack_release(struct unpack *u);
/* looks at the first bytes; ERR_INPUT for zstd in a build without libzstd */
int	unpack_begin(struct unpack *u, struct err *e);
/* the next bytes into p; *got 0 means the end */
int	unpack_read(struct unpack *u, char *p, size_t room, size_t *got, struct err *e);
const char *unpack_name(const struct unpack *u);	/* "", "gzip" or "zstd" */

#endif
