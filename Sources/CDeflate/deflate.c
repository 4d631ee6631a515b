#include "CDeflate.h"

#include <stdlib.h>
#include <zlib.h>

struct deflate_stream {
    z_stream zlib;
    // The ending that a sender leaves out (RFC 7692 section 7.2.2) is still to be read.
    int owes_ending;
};

static uint8_t ending[] = {0, 0, 0xff, 0xff};
// The largest window that a peer may use (section 7.1.2).
static const int largest_window_bits = 15;
// In z_stream's data_type, after inflate.
static const int at_end_of_block = 128;

deflate_stream *compressor_create(int window_bits, int memory_level, int level) {
    deflate_stream *stream = calloc(1, sizeof *stream);
    if (stream && deflateInit2(&stream->zlib, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

void compressor_free(deflate_stream *stream) {
    deflateEnd(&stream->zlib);
    free(stream);
}

void compressor_reset(deflate_stream *stream) { deflateReset(&stream->zlib); }

size_t compressor_bound(deflate_stream *stream, size_t length) {
    // A flush adds an empty block, and deflate needs room to say that it is done.
    return deflateBound(&stream->zlib, length) + 16;
}

size_t compressor_message(
    deflate_stream *stream, const uint8_t *message, size_t length, uint8_t *output, size_t room) {
    if (length > UINT32_MAX || room > UINT32_MAX) return 0;
    stream->zlib.next_in = (uint8_t *)message;
    stream->zlib.avail_in = (uInt)length;
    stream->zlib.next_out = output;
    stream->zlib.avail_out = (uInt)room;
    int result = deflate(&stream->zlib, Z_SYNC_FLUSH);
    size_t written = room - stream->zlib.avail_out;
    int is_whole = result == Z_OK && stream->zlib.avail_in == 0 && stream->zlib.avail_out > 0;
    return is_whole && written > sizeof ending ? written - sizeof ending : 0;
}

deflate_stream *decompressor_create(void) {
    deflate_stream *stream = calloc(1, sizeof *stream);
    if (stream && inflateInit2(&stream->zlib, -largest_window_bits) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

void decompressor_free(deflate_stream *stream) {
    inflateEnd(&stream->zlib);
    free(stream);
}

void decompressor_begin(deflate_stream *stream, const uint8_t *compressed, size_t length) {
    inflateReset(&stream->zlib);
    stream->zlib.next_in = (uint8_t *)compressed;
    stream->zlib.avail_in = (uInt)length;
    stream->owes_ending = 1;
}

decompressor_state decompressor_continue(deflate_stream *stream, uint8_t *output, size_t room, size_t *written) {
    z_stream *zlib = &stream->zlib;
    zlib->next_out = output;
    zlib->avail_out = (uInt)room;
    for (;;) {
        if (zlib->avail_in == 0 && stream->owes_ending) {
            stream->owes_ending = 0;
            zlib->next_in = ending;
            zlib->avail_in = sizeof ending;
        }
        int result = inflate(zlib, Z_SYNC_FLUSH);
        *written += room - zlib->avail_out;
        room = zlib->avail_out;
        // A message may hold several streams (section 7.2.3.5).
        if (result == Z_STREAM_END) {
            if (inflateReset(zlib) != Z_OK) return decompressor_broken;
            if (zlib->avail_in == 0 && !stream->owes_ending) return decompressor_done;
            continue;
        }
        if (result != Z_OK && result != Z_BUF_ERROR) return decompressor_broken;
        if (zlib->avail_out == 0) return decompressor_full;
        if (zlib->avail_in == 0 && !stream->owes_ending) {
            return zlib->data_type & at_end_of_block ? decompressor_done : decompressor_broken;
        }
        if (result == Z_BUF_ERROR && zlib->avail_in > 0) return decompressor_broken;
    }
}
