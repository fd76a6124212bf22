/* test_digest.c - SHA-256 and HMAC-SHA256 against the published vectors. */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

static void
hex_of(struct slice s, char hex[SHA256_HEX])
{
	unsigned char out[SHA256_SIZE];
	struct sha256 d;

	sha256_init(&d);
	sha256_update(&d, s.p, s.n);
	sha256_final(&d, out);
	sha256_hex(out, hex);
}

static void
test_gives_the_published_digests(void **state)
{
	/* FIPS 180-2 appendix B and NIST's example values */
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	};
	char hex[SHA256_HEX];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		hex_of(slice_str(cases[i].text), hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void
test_gives_the_published_digest_of_a_million_letters(void **state)
{
	unsigned char out[SHA256_SIZE];
	char hex[SHA256_HEX], block[1000];
	struct sha256 d;

	(void)state;
	memset(block, 'a', sizeof block);
	sha256_init(&d);
	for (int i = 0; i < 1000; i++)
		sha256_update(&d, block, sizeof block);
	sha256_final(&d, out);
	sha256_hex(out, hex);
	assert_string_equal(hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void
test_does_not_depend_on_how_the_bytes_are_cut(void **state)
{
	char text[400], whole[SHA256_HEX], hex[SHA256_HEX];

	(void)state;
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (char)(i * 7);
	for (size_t n = 0; n <= 200; n++) {
		hex_of(slice_of(text, n), whole);
		for (size_t cut = 0; cut <= n; cut++) {
			unsigned char out[SHA256_SIZE];
			struct sha256 d;

			sha256_init(&d);
			sha256_update(&d, text, cut);
			sha256_update(&d, text + cut, n - cut);
			sha256_final(&d, out);
			sha256_hex(out, hex);
			assert_string_equal(hex, whole);
		}
	}
}

static void
test_digest63_is_the_first_63_bits(void **state)
{
	(void)state;
	/* half of the first eight bytes of the digests above */
	assert_true(digest63(SLICE("abc")) == INT64_C(0xba7816bf8f01cfea >> 1));
	assert_true(digest63(slice_str(NULL)) == INT64_C(0xe3b0c44298fc1c14 >> 1));
}

static void
test_hmac_gives_the_published_codes(void **state)
{
	/* RFC 4231, cases 1, 2, 3, 6 and 7: a key is a byte that is repeated, or a text */
	static const struct {
		int byte;
		size_t times;
		const char *key, *text, *hex;
	} cases[] = {
		{ 0x0b, 20, NULL, "Hi There",
		    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ 0, 0, "Jefe", "what do ya want for nothing?",
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ 0xaa, 20, NULL, NULL,
		    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ 0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
		    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
		{ 0xaa, 131, NULL, "This is a test using a larger than block-size key and a larger "
		    "than block-size data. The key needs to be hashed before being used by the "
		    "HMAC algorithm.",
		    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
	};
	unsigned char key[131], dd[50], out[SHA256_SIZE];
	struct hmac keyed, h;
	char hex[SHA256_HEX];

	(void)state;
	memset(dd, 0xdd, sizeof dd);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice text = cases[i].text ? slice_str(cases[i].text) :
		    slice_of((const char *)dd, sizeof dd);

		memset(key, cases[i].byte, sizeof key);
		if (cases[i].key)
			hmac_key(&keyed, cases[i].key, strlen(cases[i].key));
		else
			hmac_key(&keyed, key, cases[i].times);
		hmac_sha256(&keyed, text, out);
		sha256_hex(out, hex);
		assert_string_equal(hex, cases[i].hex);
		/* a keyed state serves any number of messages, cut anywhere */
		for (size_t cut = 0; cut <= text.n; cut += 7) {
			h = keyed;
			hmac_update(&h, text.p, cut);
			hmac_update(&h, text.p + cut, text.n - cut);
			hmac_final(&h, out);
			sha256_hex(out, hex);
			assert_string_equal(hex, cases[i].hex);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gives_the_published_digests),
		cmocka_unit_test(test_gives_the_published_digest_of_a_million_letters),
		cmocka_unit_test(test_does_not_depend_on_how_the_bytes_are_cut),
		cmocka_unit_test(test_hmac_gives_the_published_codes),
		cmocka_unit_test(test_digest63_is_the_first_63_bits),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
