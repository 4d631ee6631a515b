#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/un.h>
#include <unistd.h>

enum { SHARED = 512 << 10, LONGEST_HEADER = 14, LAST = 0x80 };
enum opcode { CONTINUATION = 0, TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

// The key and its response are the example of RFC 6455 section 1.3.
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==", accepted[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

static int loop;
/// All clients read into this buffer; a client itself keeps only incomplete frames.
static uint8_t shared[SHARED];
/// The start of the frame that is being written, in the client's output.
static size_t frame_start, payload_start;

_Noreturn void fail(const struct client *client, const char *what, const char *text, size_t length) {
    fprintf(stderr, "load: client %u: %s: %.*s\n", client->number, what, (int)(length < 400 ? length : 400), text);
    exit(1);
}

_Noreturn void fail_with(const struct client *client, const char *what, const char *text) {
    fail(client, what, text, strlen(text));
}

static void reserve(struct client *client, struct buffer *buffer, size_t capacity) {
    if (capacity <= buffer->capacity) return;
    buffer->capacity = capacity > 2 * buffer->capacity ? capacity : 2 * buffer->capacity;
    buffer->at = realloc(buffer->at, buffer->capacity);
    if (!buffer->at) fail_with(client, "no memory", "");
}

static void watch(struct client *client, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(loop, operation, client->descriptor, &event) != 0) fail_with(client, "epoll_ctl", strerror(errno));
}

// MARK: Writing

static void flush(struct client *client) {
    struct buffer *output = &client->output;
    size_t sent = 0;
    while (sent < output->length) {
        ssize_t count = send(client->descriptor, output->at + sent, output->length - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) break;
        if (count < 0) fail_with(client, "send", strerror(errno));
        sent += (size_t)count;
    }
    output->length -= sent;
    if (output->length) {
        memmove(output->at, output->at + sent, output->length);
        watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
}

/// Each frame has its own unpredictable masking key, as RFC 6455 section 5.3 requires.
static uint32_t next_mask(void) {
    static uint32_t state = 2463534242;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static char *begin_frame(struct client *client, enum opcode opcode, size_t length) {
    frame_start = client->output.length;
    reserve(client, &client->output, frame_start + LONGEST_HEADER + length);
    uint8_t *to = client->output.at + frame_start;
    *to++ = LAST | opcode;
    if (length < 126) {
        *to++ = (uint8_t)(0x80 | length);
    } else if (length < 65536) {
        *to++ = 0x80 | 126;
        *to++ = (uint8_t)(length >> 8);
        *to++ = (uint8_t)length;
    } else {
        *to++ = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8) *to++ = (uint8_t)((uint64_t)length >> shift);
    }
    payload_start = (size_t)(to + 4 - client->output.at);
    client->output.length = payload_start + length;
    return (char *)to + 4;
}

char *client_message(struct client *client, size_t length) { return begin_frame(client, TEXT, length); }

void client_send(struct client *client) {
    uint32_t mask = next_mask();
    uint64_t wide = (uint64_t)mask << 32 | mask;
    uint8_t *at = client->output.at + payload_start, *end = client->output.at + client->output.length;
    memcpy(at - 4, &mask, 4);
    for (; at + 8 <= end; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word ^= wide;
        memcpy(at, &word, 8);
    }
    for (int i = 0; at < end; i++) *at++ ^= (uint8_t)(mask >> (8 * i));
    // If output is pending, the socket is full, and epoll reports when it is writable.
    if (frame_start == 0) flush(client);
}

// MARK: Reading

/// Returns the whole length of the frame that begins here and the length of its header; 0 if the header is incomplete.
static size_t frame_length(const uint8_t *bytes, size_t length, size_t *header) {
    if (length < 2) return 0;
    *header = bytes[1] == 126 ? 4 : bytes[1] == 127 ? 10 : 2;
    if (length < *header) return 0;
    if (*header == 2) return 2u + bytes[1];
    size_t payload = 0;
    for (size_t i = 2; i < *header; i++) payload = payload << 8 | bytes[i];
    return *header + payload;
}

static void read_fragment(struct client *client, const char *payload, size_t length, bool is_last) {
    struct buffer *message = &client->fragments;
    reserve(client, message, message->length + length);
    memcpy(message->at + message->length, payload, length);
    message->length += length;
    if (!is_last) return;
    server.received(client, (const char *)message->at, message->length);
    message->length = 0;
}

static void read_frame(struct client *client, const uint8_t *frame, size_t header, size_t whole) {
    const char *payload = (const char *)frame + header;
    size_t length = whole - header;
    switch (frame[0]) {
    case LAST | TEXT: return server.received(client, payload, length);
    case TEXT: return read_fragment(client, payload, length, false);
    case CONTINUATION: return read_fragment(client, payload, length, false);
    case LAST | CONTINUATION: return read_fragment(client, payload, length, true);
    case LAST | PING:
        memcpy(begin_frame(client, PONG, length), payload, length);
        return client_send(client);
    case LAST | PONG: return;
    case LAST | CLOSE: fail(client, "the server closed", payload + 2, length > 2 ? length - 2 : 0);
    default: fail(client, "a frame that is no text", payload, length);
    }
}

/// Returns the total length of the complete frames.
static size_t read_frames(struct client *client, const uint8_t *bytes, size_t length) {
    size_t done = 0, header = 0;
    while (true) {
        size_t whole = client->frame_length = frame_length(bytes + done, length - done, &header);
        if (whole == 0 || whole > length - done) return done;
        read_frame(client, bytes + done, header, whole);
        done += whole;
    }
}

/// Returns the length of the response head; 0 if it is incomplete.
static size_t read_head(struct client *client, const uint8_t *bytes, size_t length) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end + 4 - bytes);
    bool is_right = memcmp(bytes, "HTTP/1.1 101", 12) == 0 && memmem(bytes, head, accepted, sizeof accepted - 1);
    if (!is_right) fail(client, "not upgraded", (const char *)bytes, length);
    client->is_open = true;
    server.opened(client);
    return head;
}

static void readable(struct client *client) {
    struct buffer *kept = &client->input;
    // Reads a large message directly into its buffer, all other data through the shared buffer.
    bool is_large = kept->length > SHARED / 4;
    if (is_large) reserve(client, kept, client->frame_length);
    else if (kept->length) memcpy(shared, kept->at, kept->length);
    uint8_t *bytes = is_large ? kept->at : shared;
    size_t room = (is_large ? kept->capacity : SHARED) - kept->length;
    ssize_t count = recv(client->descriptor, bytes + kept->length, room, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) fail_with(client, "the connection ended", count ? strerror(errno) : "");
    size_t length = kept->length + (size_t)count, done = 0;
    if (!client->is_open) done = read_head(client, bytes, length);
    if (client->is_open) done += read_frames(client, bytes + done, length - done);
    kept->length = length - done;
    if (!kept->length) return;
    if (is_large) {
        memmove(bytes, bytes + done, kept->length);
    } else {
        reserve(client, kept, kept->length);
        memcpy(kept->at, bytes + done, kept->length);
    }
}

void client_handle(struct client *client, uint32_t events) {
    if (events & EPOLLOUT) {
        watch(client, EPOLL_CTL_MOD, EPOLLIN);
        flush(client);
    }
    if (events & ~(uint32_t)EPOLLOUT) readable(client);
}

void client_set_reading(struct client *client, bool is_reading) {
    watch(client, is_reading ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, EPOLLIN);
}

// MARK: Opening

static int connect_unix(struct client *client) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(server.unix_path) >= sizeof address.sun_path) fail_with(client, "too long a path", server.unix_path);
    strcpy(address.sun_path, server.unix_path);
    client->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return connect(client->descriptor, (struct sockaddr *)&address, sizeof address);
}

static int connect_tcp(struct client *client) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(server.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return connect(client->descriptor, (struct sockaddr *)&address, sizeof address);
}

void client_connect(struct client *client, int epoll) {
    loop = epoll;
    int status = server.unix_path ? connect_unix(client) : connect_tcp(client);
    if (status != 0 && errno != EINPROGRESS) fail_with(client, "connect", strerror(errno));
    reserve(client, &client->output, 512);
    client->output.length = (size_t)snprintf(
        (char *)client->output.at, client->output.capacity,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n",
        server.path, server.port, key);
    watch(client, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}
