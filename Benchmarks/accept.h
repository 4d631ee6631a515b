// The response to a WebSocket key (RFC 6455 section 4.2.2). Includes its own SHA-1 (RFC 3174) and base64, so that the
// relay needs no library.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ACCEPT_LENGTH = 28, LONGEST_KEY = 64 };

static inline uint32_t rotate_left(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

static inline void sha1_block(uint32_t state[5], const uint8_t block[64]) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               block[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20) f = (b & c) | (~b & d), k = 0x5A827999;
        else if (i < 40) f = b ^ c ^ d, k = 0x6ED9EBA1;
        else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8F1BBCDC;
        else f = b ^ c ^ d, k = 0xCA62C1D6;
        uint32_t next = rotate_left(a, 5) + f + e + k + w[i];
        e = d, d = c, c = rotate_left(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/// Hashes at most 119 bytes: two blocks.
static inline void sha1(const uint8_t *bytes, size_t length, uint8_t digest[20]) {
    uint8_t padded[128] = {0};
    memcpy(padded, bytes, length);
    padded[length] = 0x80;
    size_t end = length < 56 ? 64 : 128;
    for (int i = 0; i < 8; i++) padded[end - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    for (size_t i = 0; i < end; i += 64) sha1_block(state, padded + i);
    for (int i = 0; i < 20; i++) digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/// `key` is at most ``LONGEST_KEY`` bytes.
static inline void accept_of(const char *key, size_t length, char accept[ACCEPT_LENGTH]) {
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t joined[LONGEST_KEY + sizeof guid], digest[21] = {0};
    memcpy(joined, key, length);
    memcpy(joined + length, guid, sizeof guid - 1);
    sha1(joined, length + sizeof guid - 1, digest);
    for (int i = 0; i < 7; i++) {
        uint32_t group = (uint32_t)digest[3 * i] << 16 | (uint32_t)digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int j = 0; j < 4; j++) accept[4 * i + j] = digits[group >> (18 - 6 * j) & 63];
    }
    // 20 bytes fill 27 digits.
    accept[ACCEPT_LENGTH - 1] = '=';
}
