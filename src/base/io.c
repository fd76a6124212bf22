#include "config.h"

#include "base/io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/digest.h"
#include "base/mem.h"

#define RAW_SIZE (256 * 1024)		/* bytes read from a file at a time */
#define BLOCK_SIZE (64 * 1024)		/* bytes of input that a line reader holds */
#define EXPAND_FREE (UINT64_C(64) << 20)
#define EXPAND_RATIO 500
#define GZIP_WINDOW (15 + 16)		/* largest window, gzip header and trailer expected */

/* input ------------------------------------------------------------------ */

struct input {
	char *path;
	int fd;				/* -1: from memory */
	bool close_fd;
	const char *memory;		/* what is left of it; borrowed */
	size_t memory_left;
	struct input_limits lim;

	/* bytes as stored; raw points into raw_room or into the caller's memory */
	char *raw_room;
	const char *raw;
	size_t raw_left;
	bool raw_end;
	uint64_t stored;
	struct sha256 sha;

	bool begun, gzip, in_member;
	z_stream z;
	uint64_t expanded;

	char *head;			/* decompressed bytes that were shown but not read */
	size_t head_at, head_have;
	uint64_t consumed;

	bool ended, told;		/* told: the damage was put */
	bool damaged;
	enum diag_code damage;
	char why[160];
};

static struct input *
new_input(const char *path, const struct input_limits *lim)
{
	struct input *in = mem_calloc(1, sizeof *in);

	in->path = mem_strdup(path);
	in->fd = -1;
	in->lim = lim ? *lim : (struct input_limits){ EXPAND_FREE, EXPAND_RATIO };
	sha256_init(&in->sha);
	return in;
}

/* opens a file to read; directories are refused here, as read(2) is late and says less */
static int
open_file(const char *path, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat st;
	int fd;

	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_errno(e, ERR_IO, "cannot open '%s'", path);
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		return fd;
	err_set(e, ERR_IO, "'%s' is a directory", path);
	err_help(e, "name the files in it");
	if (!is_stdin)
		close(fd);
	return -1;
}

int
input_open(const char *path, const struct input_limits *lim, struct input **in, struct err *e)
{
	int fd = open_file(path, e);

	*in = NULL;
	if (fd < 0)
		return -1;
	*in = new_input(path, lim);
	(*in)->fd = fd;
	(*in)->close_fd = fd != STDIN_FILENO;
	(*in)->raw_room = mem_alloc(RAW_SIZE);
	return 0;
}

struct input *
input_from_memory(const char *p, size_t n)
{
	struct input *in = new_input("(memory)", NULL);

	in->memory = p;
	in->memory_left = n;
	return in;
}

void
input_close(struct input *in)
{
	if (!in)
		return;
	if (in->gzip)
		inflateEnd(&in->z);
	if (in->close_fd)
		close(in->fd);
	free(in->raw_room);
	free(in->head);
	free(in->path);
	free(in);
}

/* read(2) that goes on after signals and waits where the descriptor does not block */
static int
read_some(int fd, char *p, size_t room, size_t *got)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t n = read(fd, p, room);

		if (n >= 0) {
			*got = (size_t)n;
			return 0;
		}
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&wait, 1, -1);
		else if (errno != EINTR)
			return -1;
	}
}

static void
next_window(struct input *in)
{
	size_t n = in->memory_left < RAW_SIZE ? in->memory_left : RAW_SIZE;

	if (in->raw_left == 0)
		in->raw = in->memory;
	if (n)
		in->memory += n;
	in->memory_left -= n;
	in->raw_left += n;
	in->raw_end = n == 0;
}

/* add stored bytes behind those that are left; sets raw_end when there are none */
static int
fill(struct input *in, struct err *e)
{
	size_t before = in->raw_left, got;

	if (in->fd < 0) {
		next_window(in);
	} else {
		if (before)
			memmove(in->raw_room, in->raw, before);
		in->raw = in->raw_room;
		if (read_some(in->fd, in->raw_room + before, RAW_SIZE - before, &got) != 0)
			return err_errno(e, ERR_IO, "cannot read '%s'", in->path);
		in->raw_left += got;
		in->raw_end = got == 0;
	}
	in->stored += in->raw_left - before;
	if (in->raw_left > before)
		sha256_update(&in->sha, in->raw + before, in->raw_left - before);
	return 0;
}

static int
fill_to(struct input *in, size_t need, struct err *e)
{
	while (in->raw_left < need && !in->raw_end) {
		if (fill(in, e) != 0)
			return -1;
	}
	return 0;
}

static bool
at_gzip_magic(const struct input *in)
{
	return in->raw_left >= 2 && memcmp(in->raw, "\x1f\x8b", 2) == 0;
}

static void *
z_alloc(void *ctx, unsigned n, unsigned size)
{
	(void)ctx;
	return mem_calloc(n, size);
}

static void
z_free(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

static int
begin(struct input *in, struct err *e)
{
	if (in->begun)
		return 0;
	if (fill_to(in, 2, e) != 0)
		return -1;
	in->begun = true;
	if (!at_gzip_magic(in))
		return 0;
	in->z.zalloc = z_alloc;
	in->z.zfree = z_free;
	if (inflateInit2(&in->z, GZIP_WINDOW) != Z_OK)
		return err_set(e, ERR_LIMIT, "cannot start zlib to read '%s'", in->path);
	in->gzip = true;
	in->in_member = true;
	return 0;
}

/* damage is kept until everything before it was read */
static void __attribute__((format(printf, 3, 4)))
damage(struct input *in, enum diag_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(in->why, sizeof in->why, fmt, ap);
	va_end(ap);
	in->ended = true;
	in->damaged = true;
	in->damage = code;
}

static uint64_t
stored_used(const struct input *in)
{
	return in->stored - in->raw_left;
}

static bool
expands_too_far(const struct input *in)
{
	uint64_t ratio = in->lim.expand_ratio ? in->lim.expand_ratio : 1;

	return in->expanded > in->lim.expand_free && in->expanded / ratio > stored_used(in);
}

/* between two members: there may be one more, nothing, or what is no gzip */
static int
next_member(struct input *in, struct err *e)
{
	if (fill_to(in, 2, e) != 0)
		return -1;
	if (in->raw_left == 0) {
		in->ended = true;
	} else if (!at_gzip_magic(in)) {
		damage(in, DIAG_GZIP_BAD, "other bytes follow the compressed ones at byte %llu",
		    (unsigned long long)stored_used(in));
	} else {
		inflateReset(&in->z);
		in->in_member = true;
	}
	return 0;
}

static void
inflate_step(struct input *in, char *p, size_t room, size_t *got)
{
	size_t give = in->raw_left;
	int rc;

	in->z.next_in = (z_const Bytef *)in->raw;
	in->z.avail_in = (uInt)give;
	in->z.next_out = (Bytef *)p;
	in->z.avail_out = (uInt)room;
	rc = inflate(&in->z, Z_NO_FLUSH);
	in->raw += give - in->z.avail_in;
	in->raw_left = in->z.avail_in;
	*got = room - in->z.avail_out;
	in->expanded += *got;
	if (rc == Z_STREAM_END)
		in->in_member = false;
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		damage(in, DIAG_GZIP_BAD, "%s, near byte %llu of the compressed input",
		    in->z.msg ? in->z.msg : "a dictionary is asked for",
		    (unsigned long long)stored_used(in));
	if (!in->ended && expands_too_far(in))
		damage(in, DIAG_EXPANSION, "%llu bytes came out of %llu",
		    (unsigned long long)in->expanded, (unsigned long long)stored_used(in));
}

static int
read_gzip(struct input *in, char *p, size_t room, size_t *got, struct err *e)
{
	while (*got == 0 && !in->ended) {
		if (!in->in_member) {
			if (next_member(in, e) != 0)
				return -1;
			continue;
		}
		if (fill_to(in, 1, e) != 0)
			return -1;
		if (in->raw_left == 0) {
			damage(in, DIAG_GZIP_CUT, "it ends after %llu bytes",
			    (unsigned long long)in->stored);
			continue;
		}
		inflate_step(in, p, room, got);
	}
	return 0;
}

static int
read_plain(struct input *in, char *p, size_t room, size_t *got, struct err *e)
{
	if (fill_to(in, 1, e) != 0)
		return -1;
	*got = in->raw_left < room ? in->raw_left : room;
	if (*got) {
		memcpy(p, in->raw, *got);
		in->raw += *got;
		in->raw_left -= *got;
	} else {
		in->ended = true;
	}
	return 0;
}

static int
decompress(struct input *in, char *p, size_t room, size_t *got, struct err *e)
{
	*got = 0;
	if (begin(in, e) != 0)
		return -1;
	if (in->ended)
		return 0;
	if (room > RAW_SIZE)
		room = RAW_SIZE;	/* so that the expansion is looked at often enough */
	return in->gzip ? read_gzip(in, p, room, got, e) : read_plain(in, p, room, got, e);
}

int
input_head(struct input *in, struct slice *head, struct err *e)
{
	size_t got;

	assert(in->consumed == 0);
	if (!in->head) {
		in->head = mem_alloc(INPUT_HEAD);
		do {
			if (decompress(in, in->head + in->head_have,
			    INPUT_HEAD - in->head_have, &got, e) != 0)
				return -1;
			in->head_have += got;
		} while (got && in->head_have < INPUT_HEAD);
	}
	*head = slice_of(in->head, in->head_have);
	return 0;
}

int
input_read(struct input *in, char *p, size_t room, size_t *got, const struct diag_sink *diag,
    struct err *e)
{
	size_t n = in->head_have - in->head_at;

	assert(room > 0);
	if (n) {
		n = n < room ? n : room;
		memcpy(p, in->head + in->head_at, n);
		in->head_at += n;
		*got = n;
	} else if (decompress(in, p, room, got, e) != 0) {
		return -1;
	}
	in->consumed += *got;
	if (*got == 0 && in->damaged && !in->told) {
		in->told = true;
		diag_put(diag, in->damage, 0, 0, in->consumed, "%s", in->why);
	}
	return 0;
}

uint64_t
input_offset(const struct input *in)
{
	return in->consumed;
}

uint64_t
input_bytes(const struct input *in)
{
	return in->stored;
}

const char *
input_compression(const struct input *in)
{
	return in->gzip ? "gzip" : "";
}

int
input_sha256(struct input *in, char hex[65], struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	struct sha256 copy;

	if (begin(in, e) != 0)
		return -1;
	while (!in->raw_end) {
		in->raw_left = 0;
		if (fill(in, e) != 0)
			return -1;
	}
	in->ended = true;
	copy = in->sha;
	sha256_final(&copy, digest);
	sha256_hex(digest, hex);
	return 0;
}

/* lines ------------------------------------------------------------------ */

void
lines_init(struct lines *l, struct input *in, size_t max_line, const struct diag_sink *diag)
{
	memset(l, 0, sizeof *l);
	l->in = in;
	l->diag = diag;
	buf_init(&l->text, max_line);
	l->block = mem_alloc(BLOCK_SIZE);
	l->byte = input_offset(in);
}

void
lines_release(struct lines *l)
{
	buf_release(&l->text);
	free(l->block);
	memset(l, 0, sizeof *l);
}

/* a clip may not end inside a UTF-8 sequence that was whole in the input */
static size_t
drop_partial(struct slice s)
{
	for (size_t back = 1; back <= 3 && back <= s.n; back++) {
		unsigned char c = (unsigned char)s.p[s.n - back];

		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? s.n - back : s.n;
		if (c < 0x80)
			break;
	}
	return s.n;
}

static void
finish_line(struct lines *l, struct line *line, uint64_t total, bool ended)
{
	line->no = ++l->no;
	line->byte = l->byte;
	line->ended = ended;
	l->byte += total + (ended ? 1 : 0);
}

/* a line that lies in the block as a whole, the usual case, is not copied */
static bool
take_whole(struct lines *l, struct line *line)
{
	struct slice left = slice_of(l->block + l->at, l->have - l->at), text;

	if (l->text.n || !slice_take_until(&left, '\n', &text))
		return false;
	line->text = text;
	if (text.n && text.p[text.n - 1] == '\r')
		line->text.n--;
	if (line->text.n > l->text.max)
		return false;
	line->clipped = false;
	l->at = l->have - left.n;
	finish_line(l, line, text.n, true);
	return true;
}

/* moves bytes up to the next newline into l->text; true when the newline was found */
static bool
take_piece(struct lines *l, uint64_t *total, char *last)
{
	struct slice left = slice_of(l->block + l->at, l->have - l->at), piece;
	bool found = slice_take_until(&left, '\n', &piece);

	if (!found)
		piece = left;
	buf_put_slice(&l->text, piece);
	*total += piece.n;
	if (piece.n)
		*last = piece.p[piece.n - 1];
	l->at = found ? l->have - left.n : l->have;
	return found;
}

static void
finish_long(struct lines *l, struct line *line, uint64_t total, uint64_t length)
{
	line->text = buf_slice(&l->text);
	line->clipped = length > l->text.max;
	if (!line->clipped) {
		line->text.n = (size_t)length;
		return;
	}
	line->text.n = drop_partial(line->text);
	diag_put(l->diag, DIAG_LINE_LONG, line->no, l->text.max + 1, line->byte,
	    "it has %llu bytes, of which %zu are kept", (unsigned long long)total, line->text.n);
}

int
lines_next(struct lines *l, struct line *line, struct err *e)
{
	bool ended = false;
	uint64_t total = 0;
	char last = 0;

	buf_reset(&l->text);
	if (take_whole(l, line))
		return 1;
	for (;;) {
		ended = take_piece(l, &total, &last);
		if (ended)
			break;
		l->at = l->have = 0;
		if (input_read(l->in, l->block, BLOCK_SIZE, &l->have, l->diag, e) != 0)
			return -1;
		if (l->have == 0)
			break;
		if (total == 0 && take_whole(l, line))
			return 1;
	}
	if (total == 0 && !ended)
		return 0;
	finish_line(l, line, total, ended);
	finish_long(l, line, total, total - (ended && last == '\r'));
	return 1;
}

/* small files ------------------------------------------------------------- */

int
io_slurp(const char *path, size_t max, struct buf *b, struct err *e)
{
	size_t got, limit = max < b->max ? max : b->max;
	int fd = open_file(path, e), rc = 0;
	char *block;

	if (fd < 0)
		return -1;
	block = mem_alloc(BLOCK_SIZE);
	buf_reset(b);
	do {
		if (read_some(fd, block, BLOCK_SIZE, &got) != 0) {
			rc = err_errno(e, ERR_IO, "cannot read '%s'", path);
		} else if (got > limit - b->n) {
			rc = err_set(e, ERR_IO, "'%s' is larger than %zu bytes", path, limit);
		} else {
			buf_put(b, block, got);
		}
	} while (rc == 0 && got);
	if (fd != STDIN_FILENO)
		close(fd);
	free(block);
	return rc;
}
