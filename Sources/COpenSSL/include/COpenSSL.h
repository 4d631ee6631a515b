// The functions of OpenSSL's libcrypto (3.0 or newer) that the server uses. They read neither openssl.cnf nor the
// variables that name another one, so no file of the machine changes what they do.
#ifndef C_OPENSSL_H
#define C_OPENSSL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All of these return false if OpenSSL fails: there is no memory, or the library lacks the algorithm.

// SHA-256 (FIPS 180-4) of two texts, one after the other. Writes 32 bytes.
bool openssl_sha256(
    const uint8_t *first, size_t first_length, const uint8_t *second, size_t second_length, uint8_t *digest);
// HMAC with SHA-256 (RFC 2104). Writes 32 bytes.
bool openssl_hmac_sha256(
    const uint8_t *key, size_t key_length, const uint8_t *text, size_t length, uint8_t *code);

// Ed25519 (RFC 8032). Seeds and public keys have 32 bytes, signatures 64.
bool openssl_ed25519_public_key(const uint8_t *seed, uint8_t *public_key);
bool openssl_ed25519_sign(const uint8_t *seed, const uint8_t *text, size_t length, uint8_t *signature);
bool openssl_ed25519_verify(
    const uint8_t *public_key, const uint8_t *text, size_t length, const uint8_t *signature, size_t signature_length);

#endif
