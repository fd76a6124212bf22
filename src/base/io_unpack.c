/*
 * io_unpack.c - gzip and zstd, told apart by their first bytes, in bounded memory.
 */
#include "config.h"

#include "base/io_unpack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

#include "base/mem.h"

#define EXPAND_FREE (UINT64_C(64) << 20)
#define EXPAND_RATIO 500
#define GZIP_WINDOW (15 + 16)		/* largest window, gzip header and trailer expected */
#define ZSTD_WINDOW_LOG 27		/* 128 MiB: what `zstd --long` writes; more is refused */
#define ZSTD_FIRST 5			/* bytes of a frame that tell how long its header is */
#define MAGIC_MAX 4			/* bytes that tell what it is */

void
unpack_init(struct unpack *u, struct raw *raw, const struct input_limits *lim)
{
	*u = (struct unpack){ .raw = raw,
		.lim = lim ? *lim : (struct input_limits){ EXPAND_FREE, EXPAND_RATIO } };
}

void
unpack_release(struct unpack *u)
{
	if (u->kind == PACKED_GZIP)
		inflateEnd(&u->z);
#ifdef HAVE_ZSTD
	ZSTD_freeDCtx(u->zstd);
#endif
}

/* ---- what it is ---- */

/* a frame of zstd, or one of the sixteen that its readers skip: 50..5f 2a 4d 18 */
static bool
is_zstd(const char *p, size_t n)
{
	return n >= 4 && (memcmp(p, "\x28\xB5\x2F\xFD", 4) == 0 ||
	    ((p[0] & 0xF0) == 0x50 && memcmp(p + 1, "\x2A\x4D\x18", 3) == 0));
}

static enum packed
kind_of(const struct raw *r)
{
	if (r->n >= 2 && memcmp(r->p, "\x1F\x8B", 2) == 0)
		return PACKED_GZIP;
	return is_zstd(r->p, r->n) ? PACKED_ZSTD : PACKED_NOT;
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
begin_gzip(struct unpack *u, struct err *e)
{
	u->z.zalloc = z_alloc;
	u->z.zfree = z_free;
	if (inflateInit2(&u->z, GZIP_WINDOW) != Z_OK)
		return err_set(e, ERR_LIMIT, "cannot start zlib to read '%s'", u->raw->path);
	u->kind = PACKED_GZIP;
	return 0;
}

#ifdef HAVE_ZSTD
static int
begin_zstd(struct unpack *u, struct err *e)
{
	u->zstd = ZSTD_createDCtx();
	if (!u->zstd)
		mem_fail();
	if (ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG)))
		return err_set(e, ERR_LIMIT, "cannot start libzstd to read '%s'", u->raw->path);
	u->zstd_need = ZSTD_FIRST;
	u->kind = PACKED_ZSTD;
	return 0;
}
#else
static int
begin_zstd(struct unpack *u, struct err *e)
{
	const char *path = strcmp(u->raw->path, "-") == 0 ? "" : u->raw->path;

	err_set(e, ERR_INPUT, "'%s' is compressed with zstd", u->raw->path);
	err_note(e, "this netra-triage was built without libzstd");
	return err_help(e, "expand it first: zstd -dc %s%s| netra-triage ingest -", path,
	    *path ? " " : "");
}
#endif

int
unpack_begin(struct unpack *u, struct err *e)
{
	if (u->begun)
		return 0;
	if (raw_fill_to(u->raw, MAGIC_MAX, e) != 0)
		return -1;
	switch (kind_of(u->raw)) {
	case PACKED_GZIP:
		if (begin_gzip(u, e) != 0)
			return -1;
		break;
	case PACKED_ZSTD:
		if (begin_zstd(u, e) != 0)
			return -1;
		break;
	case PACKED_NOT:
		break;
	}
	u->in_member = u->kind != PACKED_NOT;
	u->begun = true;
	return 0;
}

const char *
unpack_name(const struct unpack *u)
{
	return u->kind == PACKED_GZIP ? "gzip" : u->kind == PACKED_ZSTD ? "zstd" : "";
}

/* ---- reading ---- */

/* damage is kept until everything before it was read */
static void __attribute__((format(printf, 3, 4)))
damage(struct unpack *u, enum diag_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(u->why, sizeof u->why, fmt, ap);
	va_end(ap);
	u->ended = true;
	u->damaged = true;
	u->damage = code;
}

static bool
expands_too_far(const struct unpack *u)
{
	uint64_t ratio = u->lim.expand_ratio ? u->lim.expand_ratio : 1;

	return u->expanded > u->lim.expand_free && u->expanded / ratio > raw_used(u->raw);
}

/* between two members: there may be one more, nothing, or what is neither */
static int
next_member(struct unpack *u, struct err *e)
{
	if (raw_fill_to(u->raw, MAGIC_MAX, e) != 0)
		return -1;
	if (u->raw->n == 0) {
		u->ended = true;
	} else if (u->kind == PACKED_ZSTD && u->raw->n < MAGIC_MAX) {
		damage(u, DIAG_COMPRESSED_CUT, "it ends after %llu bytes",
		    (unsigned long long)u->raw->stored);
	} else if (kind_of(u->raw) != u->kind) {
		damage(u, DIAG_COMPRESSED_BAD,
		    "other bytes follow the compressed ones at byte %llu",
		    (unsigned long long)raw_used(u->raw));
	} else {
		if (u->kind == PACKED_GZIP)
			inflateReset(&u->z);
		u->in_member = true;
	}
	return 0;
}

static void
gzip_step(struct unpack *u, char *p, size_t room, size_t *got)
{
	size_t give = u->raw->n;
	int rc;

	u->z.next_in = (z_const Bytef *)u->raw->p;
	u->z.avail_in = (uInt)give;
	u->z.next_out = (Bytef *)p;
	u->z.avail_out = (uInt)room;
	rc = inflate(&u->z, Z_NO_FLUSH);
	raw_use(u->raw, give - u->z.avail_in);
	*got = room - u->z.avail_out;
	if (rc == Z_STREAM_END)
		u->in_member = false;
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		damage(u, DIAG_COMPRESSED_BAD, "%s, near byte %llu of the compressed input",
		    u->z.msg ? u->z.msg : "a dictionary is asked for",
		    (unsigned long long)raw_used(u->raw));
}

#ifdef HAVE_ZSTD
/*
 * One block at a time, and none before the last is out: on damage libzstd does not
 * tell what it wrote in that call, and what came before must not be lost with it.
 */
static void
zstd_step(struct unpack *u, char *p, size_t room, size_t *got)
{
	size_t give = u->more ? 0 : u->raw->n < u->zstd_need ? u->raw->n : u->zstd_need;
	ZSTD_inBuffer from = { u->raw->p, give, 0 };
	ZSTD_outBuffer to = { p, room, 0 };
	size_t rc = ZSTD_decompressStream(u->zstd, &to, &from);

	raw_use(u->raw, from.pos);
	*got = to.pos;
	if (!ZSTD_isError(rc)) {
		u->in_member = rc != 0;
		u->zstd_need = rc ? rc : ZSTD_FIRST;
		return;
	}
	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_memory_allocation:
		mem_fail();
	case ZSTD_error_frameParameter_windowTooLarge:
		damage(u, DIAG_EXPANSION, "it asks for a window of more than %d MiB; expand it "
		    "first with zstd -d --long=31", 1 << (ZSTD_WINDOW_LOG - 20));
		break;
	default:
		damage(u, DIAG_COMPRESSED_BAD, "%s, near byte %llu of the compressed input",
		    ZSTD_getErrorName(rc), (unsigned long long)raw_used(u->raw));
	}
}
#else
static void
zstd_step(struct unpack *u, char *p, size_t room, size_t *got)
{
	(void)p;
	(void)room;
	*got = 0;
	u->ended = true;
}
#endif

static void
step(struct unpack *u, char *p, size_t room, size_t *got)
{
	if (u->kind == PACKED_GZIP)
		gzip_step(u, p, room, got);
	else
		zstd_step(u, p, room, got);
	u->expanded += *got;
	u->more = *got == room;
	if (!u->ended && expands_too_far(u))
		damage(u, DIAG_EXPANSION, "%llu bytes came out of %llu",
		    (unsigned long long)u->expanded, (unsigned long long)raw_used(u->raw));
}

static int
read_packed(struct unpack *u, char *p, size_t room, size_t *got, struct err *e)
{
	while (*got == 0 && !u->ended) {
		if (!u->in_member) {
			if (next_member(u, e) != 0)
				return -1;
			continue;
		}
		if (!u->more && raw_fill_to(u->raw, 1, e) != 0)
			return -1;
		if (!u->more && u->raw->n == 0) {
			damage(u, DIAG_COMPRESSED_CUT, "it ends after %llu bytes",
			    (unsigned long long)u->raw->stored);
			continue;
		}
		step(u, p, room, got);
	}
	return 0;
}

static int
read_plain(struct unpack *u, char *p, size_t room, size_t *got, struct err *e)
{
	if (raw_fill_to(u->raw, 1, e) != 0)
		return -1;
	*got = u->raw->n < room ? u->raw->n : room;
	if (*got) {
		memcpy(p, u->raw->p, *got);
		raw_use(u->raw, *got);
	} else {
		u->ended = true;
	}
	return 0;
}

int
unpack_read(struct unpack *u, char *p, size_t room, size_t *got, struct err *e)
{
	*got = 0;
	if (unpack_begin(u, e) != 0)
		return -1;
	if (u->ended)
		return 0;
	if (room > RAW_SIZE)
		room = RAW_SIZE;	/* so that the expansion is looked at often enough */
	return u->kind == PACKED_NOT ? read_plain(u, p, room, got, e) :
	    read_packed(u, p, room, got, e);
}
