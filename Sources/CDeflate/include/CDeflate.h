// zlib's streams as permessage-deflate uses them (RFC 7692): raw DEFLATE, one message at a time. zlib's own functions
// for creating streams are macros, which Swift does not import.
#ifndef C_DEFLATE_H
#define C_DEFLATE_H

#include <stddef.h>
#include <stdint.h>

typedef struct deflate_stream deflate_stream;

// Sizes as in zlib's manual. NULL if there is no memory.
deflate_stream *compressor_create(int window_bits, int memory_level, int level);
void compressor_free(deflate_stream *stream);
// Forgets all earlier messages.
void compressor_reset(deflate_stream *stream);
// The most bytes that a message of this length can take.
size_t compressor_bound(deflate_stream *stream, size_t length);
// Compresses a message, which must not be empty. Returns the bytes written, without the ending 00 00 ff ff; or 0, after
// which the stream cannot be used.
size_t compressor_message(
    deflate_stream *stream, const uint8_t *message, size_t length, uint8_t *output, size_t room);

deflate_stream *decompressor_create(void);
void decompressor_free(deflate_stream *stream);
// Begins a message that refers to none before it.
void decompressor_begin(deflate_stream *stream, const uint8_t *compressed, size_t length);
typedef enum {
    // All of the message has been written.
    decompressor_done,
    // There is no room left; there may be more.
    decompressor_full,
    decompressor_broken
} decompressor_state;
// Continues; adds the bytes written to *written.
decompressor_state decompressor_continue(deflate_stream *stream, uint8_t *output, size_t room, size_t *written);

#endif
