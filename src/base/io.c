/*
 * io.c - an input: bytes as stored, decompressed, and UTF-16 turned into UTF-8.
 */
#include "config.h"

#include "base/io.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/io_raw.h"
#include "base/io_unpack.h"
#include "base/io_utf16.h"
#include "base/mem.h"

#define PIECE (16 * 1024)	/* bytes of UTF-16 that are converted at a time */

static_assert(UTF16_SNIFF <= PIECE, "what is sniffed is converted as one piece");

struct input {
	struct raw raw;
	struct unpack unpack;

	/* bytes that wait before input_read: those that were sniffed, or converted ones */
	bool sniffed;
	enum utf16_order order;
	struct utf16 utf16;
	char *piece;			/* PIECE bytes of UTF-16 */
	char *wait;			/* UTF16_ROOM(PIECE) bytes */
	size_t wait_at, wait_n;
	bool text_ended;		/* the last bytes of UTF-16 were converted */

	char *head;			/* bytes that were shown but not read */
	size_t head_at, head_have;
	uint64_t consumed;
	bool told;			/* damage was put */
};

int
input_open(const char *path, const struct input_limits *lim, struct input **in, struct err *e)
{
	struct raw raw;

	*in = NULL;
	if (raw_open(&raw, path, e) != 0)
		return -1;
	*in = mem_calloc(1, sizeof **in);
	(*in)->raw = raw;
	unpack_init(&(*in)->unpack, &(*in)->raw, lim);
	return 0;
}

struct input *
input_from_memory(const char *p, size_t n)
{
	struct input *in = mem_calloc(1, sizeof *in);

	raw_from_memory(&in->raw, p, n);
	unpack_init(&in->unpack, &in->raw, NULL);
	return in;
}

struct input *
input_from_fn(input_fn *fn, void *ctx)
{
	struct input *in = mem_calloc(1, sizeof *in);

	raw_from_fn(&in->raw, fn, ctx);
	unpack_init(&in->unpack, &in->raw, NULL);
	in->unpack.begun = true;
	in->sniffed = true;
	return in;
}

void
input_close(struct input *in)
{
	if (!in)
		return;
	unpack_release(&in->unpack);
	raw_close(&in->raw);
	free(in->piece);
	free(in->wait);
	free(in->head);
	free(in);
}

/* ---- encoding ---- */

/* the first bytes decide; they wait to be read, converted where they are UTF-16 */
static int
sniff(struct input *in, struct err *e)
{
	char first[UTF16_SNIFF];
	size_t n = 0, mark, got;
	struct slice head;

	do {
		if (unpack_read(&in->unpack, first + n, sizeof first - n, &got, e) != 0)
			return -1;
		n += got;
	} while (got && n < sizeof first);
	in->sniffed = true;
	head = slice_of(first, n);
	in->order = utf16_sniff(head, &mark);
	in->wait = mem_alloc(UTF16_ROOM(PIECE));
	if (in->order == UTF16_NOT) {
		memcpy(in->wait, first, n);
		in->wait_n = n;
		return 0;
	}
	in->piece = mem_alloc(PIECE);
	in->utf16.big = in->order == UTF16_BE;
	in->wait_n = utf16_convert(&in->utf16, slice_sub(head, mark, n), in->wait);
	return 0;
}

static size_t
take_waiting(struct input *in, char *p, size_t room)
{
	size_t n = in->wait_n - in->wait_at;

	n = n < room ? n : room;
	if (n)
		memcpy(p, in->wait + in->wait_at, n);
	in->wait_at += n;
	return n;
}

/* converts until something waits; nothing does at the end */
static int
convert(struct input *in, struct err *e)
{
	size_t got;

	in->wait_at = in->wait_n = 0;
	while (in->wait_n == 0 && !in->text_ended) {
		if (unpack_read(&in->unpack, in->piece, PIECE, &got, e) != 0)
			return -1;
		in->text_ended = got == 0;
		in->wait_n = got ? utf16_convert(&in->utf16, slice_of(in->piece, got), in->wait) :
		    utf16_finish(&in->utf16, in->wait);
	}
	return 0;
}

static int
decode(struct input *in, char *p, size_t room, size_t *got, struct err *e)
{
	*got = 0;
	if (!in->sniffed && sniff(in, e) != 0)
		return -1;
	*got = take_waiting(in, p, room);
	if (*got)
		return 0;
	if (in->order == UTF16_NOT)
		return unpack_read(&in->unpack, p, room, got, e);
	if (convert(in, e) != 0)
		return -1;
	*got = take_waiting(in, p, room);
	return 0;
}

/* ---- what readers use ---- */

int
input_head(struct input *in, struct slice *head, struct err *e)
{
	size_t got;

	assert(in->consumed == 0);
	if (!in->head) {
		in->head = mem_alloc(INPUT_HEAD);
		do {
			if (decode(in, in->head + in->head_have, INPUT_HEAD - in->head_have, &got,
			    e) != 0)
				return -1;
			in->head_have += got;
		} while (got && in->head_have < INPUT_HEAD);
	}
	*head = slice_of(in->head, in->head_have);
	return 0;
}

/* once, at the end */
static void
tell(struct input *in, const struct diag_sink *diag)
{
	const struct unpack *u = &in->unpack;

	if (in->told)
		return;
	in->told = true;
	if (in->utf16.bad)
		diag_put(diag, DIAG_BAD_UTF8, 0, 0, in->utf16.bad_at,
		    "%llu halves of UTF-16 characters without the other half, the first here in "
		    "the text", (unsigned long long)in->utf16.bad);
	if (u->damaged)
		diag_put(diag, u->damage, 0, 0, in->consumed, "%s", u->why);
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
	} else if (decode(in, p, room, got, e) != 0) {
		return -1;
	}
	in->consumed += *got;
	if (*got == 0)
		tell(in, diag);
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
	return in->raw.stored;
}

const char *
input_compression(const struct input *in)
{
	return unpack_name(&in->unpack);
}

const char *
input_encoding(const struct input *in)
{
	return in->order == UTF16_LE ? "utf-16le" : in->order == UTF16_BE ? "utf-16be" : "";
}

int
input_sha256(struct input *in, char hex[65], struct err *e)
{
	unsigned char digest[SHA256_SIZE];
	struct sha256 copy;

	if (unpack_begin(&in->unpack, e) != 0)
		return -1;
	while (!in->raw.end) {
		in->raw.n = 0;
		if (raw_fill(&in->raw, e) != 0)
			return -1;
	}
	in->unpack.ended = true;
	copy = in->raw.sha;
	sha256_final(&copy, digest);
	sha256_hex(digest, hex);
	return 0;
}
