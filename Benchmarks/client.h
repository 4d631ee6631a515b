// A WebSocket client's connection for the load generator: many of them on one epoll.
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
    /// The beginning of a frame, and what the socket did not take yet.
    struct buffer input, output;
    /// What has begun to come is this long when it is whole.
    size_t frame_length;
    /// A message that comes in several frames: some servers cut long ones.
    struct buffer fragments;

    // The scenario's: how many requests it has sent, since when it waits for the answer, and which line is next.
    uint64_t requests, asked_at, lines;
    struct line line;
    bool is_ready, is_waiting;
};

/// Where the server is, and who is told of what comes.
struct server {
    const char *unix_path, *path;
    uint16_t port;
    void (*opened)(struct client *);
    void (*received)(struct client *, const char *message, size_t length);
};

extern struct server server;

/// Ends the program: a benchmark of a server that does something wrong says nothing.
_Noreturn void fail(const struct client *, const char *what, const char *text, size_t length);
_Noreturn void fail_with(const struct client *, const char *what, const char *text);

void client_connect(struct client *, int loop);
/// Room for a message of that length, to be followed by ``client_send``.
char *client_message(struct client *, size_t length);
void client_send(struct client *);
void client_handle(struct client *, uint32_t events);
/// Stops reading, or begins again.
void client_set_reading(struct client *, bool);
