/*
 * digest.h - SHA-256 (FIPS 180-4) for the identity of sources, rules and records, and
 * HMAC over it (RFC 2104) for the tokens of redaction.
 * Any folder may include this header.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdint.h>

#include "base/slice.h"

struct sha256 {
	uint32_t state[8];
	uint64_t bytes;
	unsigned char block[64];
};

#define SHA256_SIZE 32
#define SHA256_HEX 65		/* 64 digits and the NUL */

void	sha256_init(struct sha256 *d);
void	sha256_update(struct sha256 *d, const void *p, size_t n);
void	sha256_final(struct sha256 *d, unsigned char out[SHA256_SIZE]);
void	sha256_hex(const unsigned char digest[SHA256_SIZE], char out[SHA256_HEX]);

/* a key worked in, so that each message costs its own blocks and one more */
struct hmac {
	struct sha256 inner, outer;
};

void	hmac_key(struct hmac *h, const void *key, size_t n);
void	hmac_sha256(const struct hmac *h, struct slice message, unsigned char out[SHA256_SIZE]);

/* the first 63 bits of the SHA-256 of s, never negative: a key for an SQL integer column */
int64_t	digest63(struct slice s);

/* the same in parts: of a copy of the struct, which is used up */
void	hmac_update(struct hmac *h, const void *p, size_t n);
void	hmac_final(struct hmac *h, unsigned char out[SHA256_SIZE]);

#endif
