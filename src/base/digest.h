/*
 * digest.h - SHA-256 (FIPS 180-4) and HMAC (RFC 2104), for the identity of sources,
 * rules and records, and for keyed hashes of what must not be stored.
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

/*
 * HMAC-SHA256. hmac_init() does the work that depends on the key only: keep its
 * result and copy the struct for each message.
 */
struct hmac {
	struct sha256 inner, outer;
};

void	hmac_init(struct hmac *h, const void *key, size_t n);
void	hmac_update(struct hmac *h, const void *p, size_t n);
void	hmac_final(struct hmac *h, unsigned char out[SHA256_SIZE]);

/* the first 63 bits of the SHA-256 of s, never negative: a key for an SQL integer column */
int64_t	digest63(struct slice s);

#endif
