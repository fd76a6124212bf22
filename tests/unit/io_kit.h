/*
 * io_kit.h - what the tests of input share: folders, compressed bytes, reading it all.
 */
#ifndef TESTS_IO_KIT_H
#define TESTS_IO_KIT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/mem.h"

struct seen {
	unsigned n;
	struct diag last;
};

static inline void
keep(void *ctx, const struct diag *d)
{
	struct seen *s = ctx;

	s->n++;
	s->last = *d;
}

/* a folder of its own for each test, removed at its end */
static inline int
enter_folder(void **state)
{
	const char *tmp = getenv("TMPDIR");
	struct buf b;
	char *folder;

	buf_init(&b, 4096);
	buf_printf(&b, "%s/netra-triage-io.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	folder = b.p;
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	*state = folder;
	return 0;
}

static inline int
leave_folder(void **state)
{
	static const char *const names[] = { "a", "b", "link", "pipe" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unlink(names[i]);
	/* fails when a test left a temporary file behind */
	if (chdir("/") != 0 || rmdir(*state) != 0)
		return -1;
	free(*state);
	return 0;
}

static inline void
write_file(const char *path, struct slice s)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(s.p, 1, s.n, f), s.n);
	assert_int_equal(fclose(f), 0);
}

static inline void
add_gzip(struct buf *out, struct slice s)
{
	z_stream z = { 0 };
	size_t room;
	char *p;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	room = deflateBound(&z, (uLong)s.n);
	p = mem_alloc(room);
	z.next_in = (Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)p;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_put(out, p, room - z.avail_out);
	deflateEnd(&z);
	free(p);
}

/* reads everything in pieces of `step` bytes */
static inline void
read_all(struct input *in, size_t step, struct buf *out, struct seen *seen)
{
	struct diag_sink sink = { keep, seen };
	char *p = mem_alloc(step);
	struct err e;
	size_t got;

	memset(seen, 0, sizeof *seen);
	buf_reset(out);
	do {
		if (input_read(in, p, step, &got, &sink, &e) != 0)
			fail_msg("%s", e.text);
		assert_true(got <= step);
		buf_put(out, p, got);
	} while (got);
	/* the end stays the end, and damage is told once */
	assert_int_equal(input_read(in, p, step, &got, &sink, &e), 0);
	assert_int_equal(got, 0);
	assert_int_equal(input_offset(in), out->n);
	free(p);
}

static inline void
fill_text(struct buf *b, size_t n)
{
	uint32_t x = 12345;

	buf_init(b, SIZE_MAX);
	while (b->n < n) {
		x = x * 1664525 + 1013904223;
		buf_printf(b, "line %u of the log, value %u\n", (unsigned)b->n, (unsigned)x);
	}
}

static inline void
check_sha(struct input *in, struct slice stored)
{
	unsigned char digest[SHA256_SIZE];
	char want[SHA256_HEX], hex[SHA256_HEX];
	struct sha256 d;
	struct err e;

	sha256_init(&d);
	sha256_update(&d, stored.p, stored.n);
	sha256_final(&d, digest);
	sha256_hex(digest, want);
	assert_int_equal(input_sha256(in, hex, &e), 0);
	assert_string_equal(hex, want);
	assert_int_equal(input_bytes(in), stored.n);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

#endif
