/*
 * io.h - bytes in from a file, stdin, gzip or zstd, and out to a file or stdout.
 *
 * Compression and UTF-16 are recognised by content: readers see UTF-8 or whatever
 * else the bytes are. Offsets count bytes of the decompressed text; where that was
 * UTF-16, bytes of the UTF-8 text without the mark, which is what
 * `iconv -f UTF-16 -t UTF-8 FILE` prints. A UTF-8 mark is left where it is and
 * counts. All of it streams: memory does not depend on the size of the input (zstd
 * takes the window that its frame asks for, at most 128 MiB). cmd opens, readers
 * read; any folder may include this header, only base/io* include zlib.h, zstd.h.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"

struct input;			/* opaque */

struct input_limits {
	uint64_t expand_free;	/* decompressed bytes that are always allowed: 64 MiB */
	uint64_t expand_ratio;	/* beyond it, at most this times the compressed bytes: 500 */
};

#define INPUT_HEAD (64 * 1024)	/* bytes that input_head() shows at most */

/* path "-" is standard input. Directories are refused. */
int	input_open(const char *path, const struct input_limits *lim, struct input **in,
	    struct err *e);
/* bytes already in memory, for tests and fuzzers; borrows p */
struct input *input_from_memory(const char *p, size_t n);
/*
 * Bytes that fn makes as they are asked for: at most `room` into p, *got 0 at the end,
 * which may be asked for again. Text inside another input is read so; it is neither
 * compressed nor UTF-16, whatever it looks like.
 */
typedef int input_fn(void *ctx, char *p, size_t room, size_t *got, struct err *e);
struct input *input_from_fn(input_fn *fn, void *ctx);
void	input_close(struct input *in);

/*
 * Up to INPUT_HEAD bytes of text from the start, without consuming them; before any
 * read. ERR_INPUT: compressed with zstd, and this build has no libzstd.
 */
int	input_head(struct input *in, struct slice *head, struct err *e);
/*
 * Next bytes of text into p; *got 0 means the end. Damage to the compression ends
 * the stream and puts COMPRESSED_CUT, COMPRESSED_BAD or EXPANSION; what was no whole
 * UTF-16 character became U+FFFD, and one BAD_UTF8 tells how many at the end.
 */
int	input_read(struct input *in, char *p, size_t room, size_t *got,
	    const struct diag_sink *diag, struct err *e);
uint64_t input_offset(const struct input *in);		/* bytes of text consumed */
uint64_t input_bytes(const struct input *in);		/* bytes as stored, read so far */
/* these two after input_head() or the first read: "", "gzip", "zstd" */
const char *input_compression(const struct input *in);
const char *input_encoding(const struct input *in);	/* "", "utf-16le", "utf-16be" */
/* SHA-256 of the bytes as stored; reads whatever is left first */
int	input_sha256(struct input *in, char hex[65], struct err *e);

/* lines, of any length, in bounded memory */
struct line {
	struct slice text;	/* without \n or \r\n; valid until the next call */
	uint64_t no;		/* 1-based */
	uint64_t byte;		/* offset of its first byte */
	bool clipped;		/* longer than the limit: text is its first part */
	bool ended;		/* a newline ended it (false only for a last partial line) */
};

struct lines {
	struct input *in;	/* borrowed */
	const struct diag_sink *diag;
	struct buf text;	/* carries one line, max = limit */
	char *block;
	size_t at, have;
	uint64_t no, byte;
};

void	lines_init(struct lines *l, struct input *in, size_t max_line,
	    const struct diag_sink *diag);
void	lines_release(struct lines *l);
/* 1 a line, 0 the end, -1 an error. A clipped line puts LINE_LONG once. */
int	lines_next(struct lines *l, struct line *line, struct err *e);

/* output: a temporary file that is renamed on commit, or stdout */
struct output;			/* opaque */

/* NULL or "-": stdout */
int	output_open(const char *path, struct output **out, struct err *e);
void	output_put(struct output *out, struct slice s);		/* errors are kept until commit */
void	output_puts(struct output *out, const char *s);
void	output_printf(struct output *out, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
bool	output_is_terminal(const struct output *out);
/* flush, sync and rename; every write error since the start is reported here. Frees out. */
int	output_commit(struct output *out, struct err *e);
void	output_abort(struct output *out);	/* removes the temporary file; frees out */

/* a whole small file (rules, schema); ERR_IO when larger than max */
int	io_slurp(const char *path, size_t max, struct buf *b, struct err *e);

#endif
