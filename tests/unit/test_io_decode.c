/* test_io_decode.c - input that is compressed with zstd, or is UTF-16. */
#include "config.h"

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "io_kit.h"

#ifdef HAVE_ZSTD
#define SKIPPABLE "\x5A\x2A\x4D\x18\x03\x00\x00\x00xyz"

static void
add_zstd(struct buf *out, struct slice s)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(s.n), n;
	char *p = mem_alloc(room);

	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(c, p, room, s.p, s.n);
	assert_false(ZSTD_isError(n));
	buf_put(out, p, n);
	ZSTD_freeCCtx(c);
	free(p);
}

static void
test_reads_zstd_in_pieces_of_any_size(void **state)
{
	static const size_t steps[] = { 1, 3, 977, 65536, 300000 };
	struct buf text, packed, out;
	struct slice head;
	struct seen seen;
	struct err e;

	(void)state;
	fill_text(&text, 700000);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_zstd(&packed, buf_slice(&text));
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct input *in = input_from_memory(packed.p, packed.n);

		if (i & 1)
			assert_int_equal(input_head(in, &head, &e), 0);
		read_all(in, steps[i], &out, &seen);
		assert_int_equal(seen.n, 0);
		assert_string_equal(input_compression(in), "zstd");
		assert_true(slice_eq(buf_slice(&out), buf_slice(&text)));
		check_sha(in, buf_slice(&packed));
		input_close(in);
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_reads_frames_of_zstd_and_skips_those_of_others(void **state)
{
	struct buf packed, out;
	struct seen seen;
	struct input *in;

	(void)state;
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	buf_put_slice(&packed, SLICE(SKIPPABLE));
	add_zstd(&packed, SLICE("one\n"));
	add_zstd(&packed, SLICE(""));
	buf_put_slice(&packed, SLICE(SKIPPABLE));
	add_zstd(&packed, SLICE("two\n"));
	in = input_from_memory(packed.p, packed.n);
	read_all(in, 100, &out, &seen);
	assert_int_equal(seen.n, 0);
	assert_string_equal(out.p, "one\ntwo\n");
	input_close(in);

	/* what is neither a frame nor skippable */
	buf_puts(&packed, "garbage");
	in = input_from_memory(packed.p, packed.n);
	read_all(in, 100, &out, &seen);
	assert_string_equal(out.p, "one\ntwo\n");
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_COMPRESSED_BAD);
	assert_int_equal(seen.last.byte, 8);
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
}

static void
test_a_zstd_cut_anywhere_is_told_and_its_start_kept(void **state)
{
	struct buf text, packed, out;
	struct seen seen;
	size_t first;

	(void)state;
	fill_text(&text, 3000);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_zstd(&packed, buf_slice(&text));
	first = packed.n;
	add_zstd(&packed, SLICE("more\n"));
	for (size_t n = 4; n < packed.n; n++) {
		struct input *in = input_from_memory(packed.p, n);

		read_all(in, 500, &out, &seen);
		assert_int_equal(seen.n, n != first);
		if (n != first)
			assert_int_equal(seen.last.code, DIAG_COMPRESSED_CUT);
		if (n >= first)
			assert_int_equal(memcmp(out.p, text.p, text.n), 0);
		check_sha(in, slice_of(packed.p, n));
		input_close(in);
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_no_flipped_byte_of_zstd_is_missed(void **state)
{
	struct buf text, packed, out;
	struct seen seen;

	(void)state;
	fill_text(&text, 1500);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, 1 << 20);
	add_zstd(&packed, buf_slice(&text));
	for (size_t i = 4; i < packed.n; i++) {
		struct input *in;

		packed.p[i] ^= 0x55;
		in = input_from_memory(packed.p, packed.n);
		read_all(in, 1000, &out, &seen);
		assert_true(seen.n == 1 || slice_eq(buf_slice(&out), buf_slice(&text)));
		input_close(in);
		packed.p[i] ^= 0x55;
	}
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_zstd_damage_costs_the_same_in_any_pieces(void **state)
{
	struct buf text, packed, out, other;
	struct seen seen;

	(void)state;
	fill_text(&text, 600000);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	buf_init(&other, SIZE_MAX);
	add_zstd(&packed, buf_slice(&text));
	for (size_t i = 40; i < packed.n; i += packed.n / 37) {
		struct input *in;

		packed.p[i] ^= 0x55;
		in = input_from_memory(packed.p, packed.n);
		read_all(in, 300000, &out, &seen);
		assert_int_equal(seen.n, 1);
		input_close(in);
		in = input_from_memory(packed.p, packed.n);
		read_all(in, 100, &other, &seen);
		assert_int_equal(seen.n, 1);
		assert_true(slice_eq(buf_slice(&out), buf_slice(&other)));
		/* a block of 128 KiB is the least that is lost */
		if (i > packed.n / 2)
			assert_true(out.n >= 128 * 1024);
		input_close(in);
		packed.p[i] ^= 0x55;
	}
	buf_release(&other);
	buf_release(&out);
	buf_release(&packed);
	buf_release(&text);
}

static void
test_stops_zstd_that_expands_too_far(void **state)
{
	struct input_limits lim = { .expand_free = 100000, .expand_ratio = 50 };
	/* a window of 2 GiB is asked for */
	static const char huge[] = "\x28\xB5\x2F\xFD\x00\xA8\x01\x00\x00";
	struct buf packed, out;
	struct input *in;
	struct seen seen;
	struct err e;
	char *zeros = mem_calloc(1, 1 << 20);

	(void)state;
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_zstd(&packed, slice_of(zeros, 1 << 20));
	write_file("a", buf_slice(&packed));
	assert_int_equal(input_open("a", &lim, &in, &e), 0);
	read_all(in, 4096, &out, &seen);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_EXPANSION);
	assert_true(out.n > 100000 && out.n < 600000);
	input_close(in);

	in = input_from_memory(huge, sizeof huge - 1);
	read_all(in, 4096, &out, &seen);
	assert_int_equal(out.n, 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_EXPANSION);
	assert_non_null(strstr(seen.last.detail, "zstd -d --long=31"));
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
	free(zeros);
}
#else
static void
test_says_what_to_do_with_zstd(void **state)
{
	struct slice head;
	struct input *in;
	struct err e;

	(void)state;
	write_file("a", SLICE("\x28\xB5\x2F\xFD\x04\x00"));
	err_clear(&e);
	assert_int_equal(input_open("a", NULL, &in, &e), 0);
	assert_int_equal(input_head(in, &head, &e), -1);
	assert_int_equal(e.code, ERR_INPUT);
	assert_string_equal(e.text, "'a' is compressed with zstd");
	assert_string_equal(e.help, "expand it first: zstd -dc a | netra-triage ingest -");
	input_close(in);
}
#endif

/* ---- UTF-16 ---- */

static void
add_unit(struct buf *b, unsigned unit, bool big)
{
	buf_putc(b, (char)(big ? unit >> 8 : unit & 0xFF));
	buf_putc(b, (char)(big ? unit & 0xFF : unit >> 8));
}

/* s of ASCII, and what "*" stands for: an umlaut, the euro sign, an emoji */
static void
add_utf16(struct buf *b, const char *s, bool big)
{
	for (; *s; s++) {
		if (*s != '*') {
			add_unit(b, (unsigned char)*s, big);
			continue;
		}
		add_unit(b, 0xFC, big);
		add_unit(b, 0x20AC, big);
		add_unit(b, 0xD83D, big);
		add_unit(b, 0xDE00, big);
	}
}

static void
check_utf16(struct slice in_bytes, const char *want, const char *encoding)
{
	for (size_t step = 1; step < 200; step += step < 8 ? 1 : 61) {
		struct input *in = input_from_memory(in_bytes.p, in_bytes.n);
		struct slice head;
		struct seen seen;
		struct buf out;
		struct err e;

		buf_init(&out, SIZE_MAX);
		if (step & 1)
			assert_int_equal(input_head(in, &head, &e), 0);
		read_all(in, step, &out, &seen);
		assert_string_equal(out.p, want);
		assert_int_equal(out.n, strlen(want));
		assert_int_equal(seen.n, 0);
		assert_string_equal(input_encoding(in), encoding);
		check_sha(in, in_bytes);
		input_close(in);
		buf_release(&out);
	}
}

#define EXOTIC "\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"

static void
test_reads_utf16_of_both_orders_with_and_without_a_mark(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		const char *name = big ? "utf-16be" : "utf-16le";
		struct buf b;

		buf_init(&b, SIZE_MAX);
		add_unit(&b, 0xFEFF, big);
		add_utf16(&b, "*{\"a\": 1}\r\n*", big);
		check_utf16(buf_slice(&b), EXOTIC "{\"a\": 1}\r\n" EXOTIC, name);
		buf_reset(&b);
		add_utf16(&b, "[{\"insertId\": \"a\", \"timestamp\": \"2025-10-02T09:00:00Z\"}]*\n",
		    big);
		check_utf16(buf_slice(&b), "[{\"insertId\": \"a\", \"timestamp\": "
		    "\"2025-10-02T09:00:00Z\"}]" EXOTIC "\n", name);
		/* the mark alone is an empty text; a second one is a character */
		buf_reset(&b);
		add_unit(&b, 0xFEFF, big);
		check_utf16(buf_slice(&b), "", name);
		add_unit(&b, 0xFEFF, big);
		check_utf16(buf_slice(&b), "\xEF\xBB\xBF", name);
		buf_release(&b);
	}
}

static void
test_what_is_not_utf16_is_left_alone(void **state)
{
	const struct slice cases[] = {
		SLICE(""), SLICE("\xFF"), SLICE("\xFF\xFF\x00x"), SLICE("a\0"), SLICE("a\0b\0"),
		SLICE("\xEF\xBB\xBF[]"), SLICE("{\"a\":\"\0\0\0\0\"}\n"),
		SLICE("\xFF\xFE\0\0[\0\0\0"),		/* UTF-32 */
		SLICE("[\0\0\0]\0\0\0\n\0\0\0\n\0\0\0"),
		SLICE("\0\0\0\0\0\0\0\0\0\0\0\0"),
		SLICE("\1\0\2\0\3\0\4\0\5\0\6\0"),	/* numbers of 16 bits */
		SLICE("one\0two\0three\0four\0five\0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct input *in = input_from_memory(cases[i].p, cases[i].n);
		struct seen seen;
		struct buf out;

		buf_init(&out, SIZE_MAX);
		read_all(in, 5, &out, &seen);
		assert_true(slice_eq(buf_slice(&out), cases[i]));
		assert_string_equal(input_encoding(in), "");
		assert_int_equal(seen.n, 0);
		input_close(in);
		buf_release(&out);
	}
}

static void
test_half_characters_of_utf16_are_replaced_and_counted(void **state)
{
	/* a, lone low, lone high, b, high high low, high at the end, half a unit */
	const struct slice bytes = SLICE("\xFF\xFE" "a\0" "\x01\xDC" "\x3D\xD8" "b\0"
	    "\x3D\xD8" "\x3D\xD8" "\x00\xDE" "\x3D\xD8" "x");
	struct input *in = input_from_memory(bytes.p, bytes.n);
	struct seen seen;
	struct buf out;

	(void)state;
	buf_init(&out, SIZE_MAX);
	read_all(in, 4, &out, &seen);
	assert_string_equal(out.p, "a\xEF\xBF\xBD\xEF\xBF\xBD" "b\xEF\xBF\xBD\xF0\x9F\x98\x80"
	    "\xEF\xBF\xBD\xEF\xBF\xBD");
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.last.code, DIAG_BAD_UTF8);
	assert_int_equal(seen.last.byte, 1);
	assert_int_equal(strncmp(seen.last.detail, "5 halves", 8), 0);
	input_close(in);
	buf_release(&out);
}

static void
test_utf16_inside_gzip_and_longer_than_any_buffer(void **state)
{
	struct buf text, wide, packed, out;
	struct line line;
	struct lines l;
	struct input *in;
	struct seen seen;
	struct err e;
	uint64_t end = 0;

	(void)state;
	fill_text(&text, 500000);
	buf_init(&wide, SIZE_MAX);
	buf_init(&packed, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	add_unit(&wide, 0xFEFF, false);
	add_utf16(&wide, text.p, false);
	add_gzip(&packed, buf_slice(&wide));
	in = input_from_memory(packed.p, packed.n);
	read_all(in, 10000, &out, &seen);
	assert_int_equal(seen.n, 0);
	assert_true(slice_eq(buf_slice(&out), buf_slice(&text)));
	assert_string_equal(input_compression(in), "gzip");
	assert_string_equal(input_encoding(in), "utf-16le");
	input_close(in);

	/* places are those of the UTF-8 text without the mark */
	in = input_from_memory(packed.p, packed.n);
	lines_init(&l, in, 1000, NULL);
	while (lines_next(&l, &line, &e) == 1) {
		assert_int_equal(line.byte, end);
		assert_memory_equal(line.text.p, text.p + end, line.text.n);
		end += line.text.n + 1;
	}
	assert_int_equal(end, text.n);
	lines_release(&l);
	input_close(in);

	/* cut inside: both are told, what was bad and the cut */
	in = input_from_memory(packed.p, packed.n / 2);
	read_all(in, 10000, &out, &seen);
	assert_true(seen.n >= 1);
	assert_int_equal(seen.last.code, DIAG_COMPRESSED_CUT);
	assert_memory_equal(out.p, text.p, out.n - 3);
	input_close(in);
	buf_release(&out);
	buf_release(&packed);
	buf_release(&wide);
	buf_release(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#ifdef HAVE_ZSTD
		cmocka_unit_test(test_reads_zstd_in_pieces_of_any_size),
		cmocka_unit_test(test_reads_frames_of_zstd_and_skips_those_of_others),
		cmocka_unit_test(test_a_zstd_cut_anywhere_is_told_and_its_start_kept),
		cmocka_unit_test(test_no_flipped_byte_of_zstd_is_missed),
		cmocka_unit_test(test_zstd_damage_costs_the_same_in_any_pieces),
		IN_FOLDER(test_stops_zstd_that_expands_too_far),
#else
		IN_FOLDER(test_says_what_to_do_with_zstd),
#endif
		cmocka_unit_test(test_reads_utf16_of_both_orders_with_and_without_a_mark),
		cmocka_unit_test(test_what_is_not_utf16_is_left_alone),
		cmocka_unit_test(test_half_characters_of_utf16_are_replaced_and_counted),
		cmocka_unit_test(test_utf16_inside_gzip_and_longer_than_any_buffer),
	};

	return cmocka_run_group_tests_name("io_decode", tests, NULL, NULL);
}
