// A WebSocket client connection for the load generator: many connections share one epoll.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message.h"

struct buffer {
    uint8_t *at;
    size_t length, capacity;
};

struct client {
    int descriptor;
    unsigned number;
    bool is_open;
    /// An incomplete frame, and output that the socket has not accepted yet.
    struct buffer input, output;
    /// The full length of the incomplete frame.
    size_t frame_length;
    /// A message in several frames: some servers fragment long messages.
    struct buffer fragments;

    // For the scenario: the number of requests sent, the time of the pending request, and the number of the next line.
    uint64_t requests, asked_at, lines;
    struct line line;
    bool is_ready, is_waiting;
};

/// The server's address, and the callbacks for events.
struct server {
    const char *unix_path, *path;
    uint16_t port;
    void (*opened)(struct client *);
    void (*received)(struct client *, const char *message, size_t length);
};

extern struct server server;

/// Ends the program, because a benchmark of a misbehaving server is meaningless.
_Noreturn void fail(const struct client *, const char *what, const char *text, size_t length);
_Noreturn void fail_with(const struct client *, const char *what, const char *text);

void client_connect(struct client *, int loop);
/// Returns a buffer for a message of that length. ``client_send`` must follow.
char *client_message(struct client *, size_t length);
void client_send(struct client *);
void client_handle(struct client *, uint32_t events);
/// Stops or resumes reading.
void client_set_reading(struct client *, bool);
