#include "config.h"

#include "base/digest.h"

#include <string.h>

/* names and layout follow FIPS 180-4, section 6.2 */
static const uint32_t k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

void
sha256_init(struct sha256 *d)
{
	static const uint32_t start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memset(d, 0, sizeof *d);
	memcpy(d->state, start, sizeof start);
}

static uint32_t
rotr(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
load32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
store32(unsigned char *p, uint32_t x)
{
	p[0] = (unsigned char)(x >> 24);
	p[1] = (unsigned char)(x >> 16);
	p[2] = (unsigned char)(x >> 8);
	p[3] = (unsigned char)x;
}

static void
expand(uint32_t w[64], const unsigned char *block)
{
	for (int t = 0; t < 16; t++)
		w[t] = load32(block + 4 * t);
	for (int t = 16; t < 64; t++) {
		uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

static void
compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

	expand(w, block);
	for (int t = 0; t < 64; t++) {
		uint32_t s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
		uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + k[t] + w[t];
		uint32_t s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
		uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));

		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + t2;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

void
sha256_update(struct sha256 *d, const void *data, size_t n)
{
	const unsigned char *p = data;
	size_t have = d->bytes % sizeof d->block;

	d->bytes += n;
	if (have && n >= sizeof d->block - have) {
		memcpy(d->block + have, p, sizeof d->block - have);
		p += sizeof d->block - have;
		n -= sizeof d->block - have;
		compress(d->state, d->block);
		have = 0;
	}
	while (have == 0 && n >= sizeof d->block) {
		compress(d->state, p);
		p += sizeof d->block;
		n -= sizeof d->block;
	}
	if (n)
		memcpy(d->block + have, p, n);
}

void
sha256_final(struct sha256 *d, unsigned char out[SHA256_SIZE])
{
	static const unsigned char pad[64] = { 0x80 };
	unsigned char length[8];
	uint64_t bits = d->bytes * 8;
	size_t have = d->bytes % 64;

	store32(length, (uint32_t)(bits >> 32));
	store32(length + 4, (uint32_t)bits);
	sha256_update(d, pad, (have < 56 ? 56 : 120) - have);
	sha256_update(d, length, sizeof length);
	for (int i = 0; i < 8; i++)
		store32(out + 4 * i, d->state[i]);
}

void
sha256_hex(const unsigned char digest[SHA256_SIZE], char out[SHA256_HEX])
{
	static const char digit[] = "0123456789abcdef";

	for (int i = 0; i < SHA256_SIZE; i++) {
		out[2 * i] = digit[digest[i] >> 4];
		out[2 * i + 1] = digit[digest[i] & 15];
	}
	out[SHA256_HEX - 1] = '\0';
}

void
hmac_key(struct hmac *h, const void *key, size_t n)
{
	unsigned char block[64] = { 0 }, pad[64];

	if (n > sizeof block) {
		struct sha256 d;

		sha256_init(&d);
		sha256_update(&d, key, n);
		sha256_final(&d, block);
	} else if (n) {
		memcpy(block, key, n);
	}
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] = block[i] ^ 0x36;
	sha256_init(&h->inner);
	sha256_update(&h->inner, pad, sizeof pad);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] = block[i] ^ 0x5c;
	sha256_init(&h->outer);
	sha256_update(&h->outer, pad, sizeof pad);
}

void
hmac_sha256(const struct hmac *h, struct slice message, unsigned char out[SHA256_SIZE])
{
	struct sha256 d = h->inner;

	sha256_update(&d, message.p, message.n);
	sha256_final(&d, out);
	d = h->outer;
	sha256_update(&d, out, SHA256_SIZE);
	sha256_final(&d, out);
}

int64_t
digest63(struct slice s)
{
	unsigned char out[SHA256_SIZE];
	struct sha256 d;
	uint64_t first;

	sha256_init(&d);
	sha256_update(&d, s.p, s.n);
	sha256_final(&d, out);
	first = (uint64_t)load32(out) << 32 | load32(out + 4);
	return (int64_t)(first >> 1);
}

void
hmac_update(struct hmac *h, const void *p, size_t n)
{
	sha256_update(&h->inner, p, n);
}

void
hmac_final(struct hmac *h, unsigned char out[SHA256_SIZE])
{
	sha256_final(&h->inner, out);
	sha256_update(&h->outer, out, SHA256_SIZE);
	sha256_final(&h->outer, out);
}
