/*
 * fuzz_io.c - decompression and UTF-16, on any bytes.
 *
 * Invariants: what is read does not depend on the size of the pieces, nor on
 * whether the head was looked at; what was UTF-16 is valid UTF-8; the hash is that
 * of the bytes as stored. Oracle: UTF-16 that is not compressed gives as many
 * characters as a plain loop over its units counts.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/io.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX (8 * 1024 * 1024)	/* more is not compared */

struct got {
	struct buf text;
	unsigned diags;
	enum diag_code last;
	uint64_t end;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
on_diag(void *ctx, const struct diag *d)
{
	struct got *g = ctx;

	g->diags++;
	g->last = d->code;
}

/* false: this build cannot read it */
static bool
read_all(struct input *in, size_t step, bool head_first, struct got *g)
{
	struct diag_sink sink = { on_diag, g };
	char *piece = malloc(step);
	struct slice head;
	struct err e;
	size_t n;

	require(piece != NULL);
	memset(g, 0, sizeof *g);
	buf_init(&g->text, TEXT_MAX);
	if (head_first && input_head(in, &head, &e) != 0) {
		free(piece);
		return false;
	}
	do {
		if (input_read(in, piece, step, &n, &sink, &e) != 0) {
			free(piece);
			return false;
		}
		buf_put(&g->text, piece, n);
	} while (n && !g->text.over);
	g->end = input_offset(in);
	free(piece);
	return true;
}

static void
check_hash(struct input *in, const uint8_t *data, size_t size)
{
	unsigned char digest[SHA256_SIZE];
	char want[SHA256_HEX], hex[SHA256_HEX];
	struct sha256 d;
	struct err e;

	sha256_init(&d);
	sha256_update(&d, (const char *)data, size);
	sha256_final(&d, digest);
	sha256_hex(digest, want);
	require(input_sha256(in, hex, &e) == 0 && strcmp(hex, want) == 0);
	require(input_bytes(in) == size);
}

/* characters, each half without the other half counted as one */
static size_t
count_units(const uint8_t *data, size_t size, bool big)
{
	size_t n = 0, i = 0;

	if (size >= 2 && (data[big ? 0 : 1] == 0xFE && data[big ? 1 : 0] == 0xFF))
		i = 2;
	for (; i < size; n++) {
		unsigned unit, next;

		if (i + 1 == size) {
			i++;
			continue;
		}
		unit = big ? data[i] << 8 | data[i + 1] : data[i + 1] << 8 | data[i];
		i += 2;
		if (unit < 0xD800 || unit > 0xDBFF || i + 1 >= size)
			continue;
		next = big ? data[i] << 8 | data[i + 1] : data[i + 1] << 8 | data[i];
		if (next >= 0xDC00 && next <= 0xDFFF)
			i += 2;
	}
	return n;
}

static void
check_utf16(struct slice text, const uint8_t *data, size_t size, bool big)
{
	size_t n = 0;

	require(text_is_utf8(text));
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xC0) != 0x80;
	require(n == count_units(data, size, big));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t steps[] = { 70000, 1, 4097 };
	struct got first, again;
	struct input *in = input_from_memory((const char *)data, size);

	if (!read_all(in, steps[0], true, &first)) {
		buf_release(&first.text);
		input_close(in);
		return 0;
	}
	check_hash(in, data, size);
	if (*input_encoding(in) && !*input_compression(in) && !first.text.over)
		check_utf16(buf_slice(&first.text), data, size,
		    strcmp(input_encoding(in), "utf-16be") == 0);
	if (!*input_encoding(in) && !*input_compression(in))
		require(first.diags == 0 && first.text.n == size);
	input_close(in);
	for (size_t i = 1; i < sizeof steps / sizeof steps[0] && first.text.n < 100000; i++) {
		in = input_from_memory((const char *)data, size);
		require(read_all(in, steps[i], i & 1, &again));
		require(again.diags == first.diags && again.end == first.end);
		require(first.diags == 0 || again.last == first.last);
		require(slice_eq(buf_slice(&again.text), buf_slice(&first.text)));
		input_close(in);
		buf_release(&again.text);
	}
	buf_release(&first.text);
	return 0;
}
