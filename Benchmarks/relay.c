// The physical limit: a WebSocket in front of a child process on pipes, one message per line, and nothing else. One
// thread, one read for many messages, one write for many messages. No checks, no authentication, no stored data.
//
// relay PORT PROGRAM [ARGUMENT...]

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "accept.h"

enum { CHUNK = 256 << 10, EVENTS = 512, LONGEST_HEAD = 4096 };
enum opcode { CONTINUATION = 0, TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };
/// The session descriptor that an event belongs to: the low bits of its pointer.
enum end { SOCKET, TO_CHILD, FROM_CHILD, END_MASK = 3 };

/// Pending bytes. Holds no memory if there are none.
struct bytes {
    uint8_t *at;
    size_t length, capacity;
};

struct session {
    int descriptors[3];
    bool is_open, is_dead;
    /// The request head, later the incomplete header of a frame.
    struct bytes head;
    /// The missing payload bytes of the current frame.
    uint64_t left;
    uint32_t mask;
    uint8_t opcode;
    bool is_last;
    /// The payload of a control frame, which is short.
    uint8_t control[125];
    uint8_t control_length;
    /// Bytes that the child's pipe did not accept. While there are any, the socket is not read.
    struct bytes to_child;
    /// Bytes that the socket did not accept. While there are any, the child is not read.
    struct bytes to_socket;
    /// An incomplete line.
    struct bytes line;
    struct session *next_dead;
};

static int loop;
static char **program;
static struct session *dead;
static uint8_t input[CHUNK], output[2 * CHUNK];

static void check(bool holds, const char *what) {
    if (holds) return;
    perror(what);
    exit(1);
}

static void append(struct bytes *bytes, const void *more, size_t length) {
    if (bytes->length + length > bytes->capacity) {
        bytes->capacity = (bytes->length + length) * 2;
        bytes->at = realloc(bytes->at, bytes->capacity);
        check(bytes->at, "realloc");
    }
    memcpy(bytes->at + bytes->length, more, length);
    bytes->length += length;
}

static void release(struct bytes *bytes) {
    free(bytes->at);
    *bytes = (struct bytes){0};
}

static void watch(struct session *session, enum end end, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = (uintptr_t)session | end};
    check(epoll_ctl(loop, operation, session->descriptors[end], &event) == 0, "epoll_ctl");
}

/// Closing the pipes ends the child. The session is freed after all events that may still refer to it.
static void end_session(struct session *session) {
    if (session->is_dead) return;
    session->is_dead = true;
    for (int end = 0; end < 3; end++)
        if (session->descriptors[end] >= 0) close(session->descriptors[end]);
    session->next_dead = dead;
    dead = session;
}

static void bury(void) {
    while (dead) {
        struct session *session = dead;
        dead = session->next_dead;
        release(&session->head);
        release(&session->to_child);
        release(&session->to_socket);
        release(&session->line);
        free(session);
    }
}

// MARK: Writing

/// Writes the bytes that the descriptor accepts and keeps the rest. False if the session has ended.
static bool write_or_keep(struct session *session, enum end end, struct bytes *kept, const uint8_t *bytes,
                          size_t length) {
    ssize_t written = kept->length ? 0 : write(session->descriptors[end], bytes, length);
    if (written < 0 && errno != EAGAIN) {
        end_session(session);
        return false;
    }
    if (written < 0) written = 0;
    if ((size_t)written == length) return true;
    bool is_first = kept->length == 0;
    append(kept, bytes + written, length - (size_t)written);
    if (!is_first) return true;
    if (end == TO_CHILD) {
        watch(session, TO_CHILD, EPOLL_CTL_ADD, EPOLLOUT);
        watch(session, SOCKET, EPOLL_CTL_MOD, session->to_socket.length ? EPOLLOUT : 0);
    } else {
        watch(session, SOCKET, EPOLL_CTL_MOD, EPOLLOUT | (session->to_child.length ? 0 : EPOLLIN));
        watch(session, FROM_CHILD, EPOLL_CTL_DEL, 0);
    }
    return true;
}

/// Called when the descriptor is writable again.
static void write_kept(struct session *session, enum end end, struct bytes *kept) {
    ssize_t written = write(session->descriptors[end], kept->at, kept->length);
    if (written < 0) {
        if (errno != EAGAIN) end_session(session);
        return;
    }
    kept->length -= (size_t)written;
    memmove(kept->at, kept->at + written, kept->length);
    if (kept->length) return;
    release(kept);
    if (end == TO_CHILD) {
        watch(session, TO_CHILD, EPOLL_CTL_DEL, 0);
        watch(session, SOCKET, EPOLL_CTL_MOD, EPOLLIN | (session->to_socket.length ? EPOLLOUT : 0));
    } else {
        watch(session, SOCKET, EPOLL_CTL_MOD, session->to_child.length ? 0 : EPOLLIN);
        watch(session, FROM_CHILD, EPOLL_CTL_ADD, EPOLLIN);
    }
}

// MARK: From the client

static void unmask(uint8_t *to, const uint8_t *from, size_t length, uint32_t mask) {
    uint64_t wide = (uint64_t)mask << 32 | mask;
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++) to[i] = from[i] ^ (uint8_t)(mask >> (i % 4 * 8));
}

/// A client frame's header has 6, 8 or 14 bytes; 0 if it is incomplete.
static size_t header_length(const uint8_t *bytes, size_t length) {
    if (length < 2) return 0;
    size_t whole = 6 + ((bytes[1] & 127) == 126 ? 2 : (bytes[1] & 127) == 127 ? 8 : 0);
    return length < whole ? 0 : whole;
}

static void read_header(struct session *session, const uint8_t *bytes, size_t length) {
    session->is_last = bytes[0] & 0x80;
    session->opcode = bytes[0] & 15;
    session->left = bytes[1] & 127;
    size_t extended = length - 6;
    if (extended) {
        session->left = 0;
        for (size_t i = 0; i < extended; i++) session->left = session->left << 8 | bytes[2 + i];
    }
    memcpy(&session->mask, bytes + length - 4, 4);
    session->control_length = 0;
}

/// Called at the end of a control frame. False if the session has ended.
static bool controlled(struct session *session) {
    if (session->opcode == CLOSE) {
        end_session(session);
        return false;
    }
    if (session->opcode != PING) return true;
    uint8_t pong[2 + sizeof session->control] = {0x80 | PONG, session->control_length};
    memcpy(pong + 2, session->control, session->control_length);
    return write_or_keep(session, SOCKET, &session->to_socket, pong, 2u + session->control_length);
}

/// Turns frames into lines. Passes incomplete payloads on at once, so that it buffers none of them.
static void read_frames(struct session *session, const uint8_t *bytes, size_t length) {
    const uint8_t *end = bytes + length;
    uint8_t *line = output;
    while (bytes < end || session->left) {
        if (!session->left) {
            size_t whole = session->head.length ? 0 : header_length(bytes, (size_t)(end - bytes));
            if (whole) {
                read_header(session, bytes, whole);
                bytes += whole;
            } else {
                // Byte by byte, because a split header is rare.
                append(&session->head, bytes++, 1);
                whole = header_length(session->head.at, session->head.length);
                if (!whole) continue;
                read_header(session, session->head.at, whole);
                session->head.length = 0;
            }
        }
        size_t part = (size_t)(end - bytes);
        if (part > session->left) part = session->left;
        bool is_control = session->opcode >= CLOSE;
        if (is_control) {
            if (session->control_length + part > sizeof session->control) return end_session(session);
            unmask(session->control + session->control_length, bytes, part, session->mask);
            session->control_length += (uint8_t)part;
        } else {
            unmask(line, bytes, part, session->mask);
            line += part;
        }
        bytes += part;
        session->left -= part;
        unsigned turn = part % 4 * 8;
        if (turn) session->mask = session->mask >> turn | session->mask << (32 - turn);
        if (session->left) break;
        if (is_control) {
            if (!controlled(session)) return;
        } else if (session->is_last) {
            *line++ = '\n';
        }
    }
    if (line != output) write_or_keep(session, TO_CHILD, &session->to_child, output, (size_t)(line - output));
}

// MARK: From the child

/// Appends a frame to `output`.
static uint8_t *frame(uint8_t *to, const uint8_t *line, size_t length) {
    *to++ = 0x80 | TEXT;
    if (length < 126) {
        *to++ = (uint8_t)length;
    } else if (length < 65536) {
        *to++ = 126;
        *to++ = (uint8_t)(length >> 8);
        *to++ = (uint8_t)length;
    } else {
        *to++ = 127;
        for (int shift = 56; shift >= 0; shift -= 8) *to++ = (uint8_t)((uint64_t)length >> shift);
    }
    memcpy(to, line, length);
    return to + length;
}

/// Completes a line that began in an earlier read; returns the position after it.
static const uint8_t *finish_line(struct session *session, const uint8_t *bytes, size_t length) {
    const uint8_t *newline = memchr(bytes, '\n', length);
    append(&session->line, bytes, newline ? (size_t)(newline - bytes) : length);
    if (!newline) return NULL;
    uint8_t *whole = session->line.length + 16 > sizeof output ? malloc(session->line.length + 16) : output;
    check(whole, "malloc");
    uint8_t *end = frame(whole, session->line.at, session->line.length);
    bool is_open = write_or_keep(session, SOCKET, &session->to_socket, whole, (size_t)(end - whole));
    if (whole != output) free(whole);
    if (session->line.capacity > CHUNK) release(&session->line);
    session->line.length = 0;
    return is_open ? newline + 1 : NULL;
}

/// Turns lines into frames.
static void read_lines(struct session *session, const uint8_t *bytes, size_t length) {
    const uint8_t *end = bytes + length;
    uint8_t *to = output;
    while (bytes < end) {
        const uint8_t *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        if (!newline) break;
        to = frame(to, bytes, (size_t)(newline - bytes));
        bytes = newline + 1;
    }
    if (to != output && !write_or_keep(session, SOCKET, &session->to_socket, output, (size_t)(to - output))) return;
    if (bytes < end) append(&session->line, bytes, (size_t)(end - bytes));
}

static void from_child(struct session *session) {
    // An empty line becomes a frame of two bytes. No other line grows more, so twice the input is enough room.
    size_t kept = session->line.length;
    bool is_short = kept <= CHUNK / 4;
    if (is_short) memcpy(input, session->line.at ? session->line.at : input, kept);
    size_t offset = is_short ? kept : 0;
    ssize_t count = read(session->descriptors[FROM_CHILD], input + offset, sizeof input - offset);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return end_session(session);
    if (is_short) {
        session->line.length = 0;
        return read_lines(session, input, offset + (size_t)count);
    }
    const uint8_t *rest = finish_line(session, input, (size_t)count);
    if (rest) read_lines(session, rest, (size_t)(input + count - rest));
}

// MARK: Opening

static void make_pipe(int ends[2]) { check(pipe2(ends, O_CLOEXEC) == 0, "pipe2"); }

static void start_child(struct session *session) {
    int in[2], out[2];
    make_pipe(in);
    make_pipe(out);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    extern char **environ;
    pid_t pid;
    errno = posix_spawn(&pid, program[0], &actions, NULL, program, environ);
    check(errno == 0, program[0]);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    session->descriptors[TO_CHILD] = in[1];
    session->descriptors[FROM_CHILD] = out[0];
    watch(session, FROM_CHILD, EPOLL_CTL_ADD, EPOLLIN);
}

/// Finds the key in the request head and returns its length; 0 if there is none.
static size_t find_key(char *head, char **key) {
    static const char name[] = "\r\nsec-websocket-key:";
    char *found = strcasestr(head, name);
    if (!found) return 0;
    found += sizeof name - 1;
    while (*found == ' ') found++;
    *key = found;
    size_t length = strcspn(found, " \r");
    return length > LONGEST_KEY ? 0 : length;
}

static void read_head(struct session *session, const uint8_t *bytes, size_t length) {
    append(&session->head, bytes, length);
    append(&session->head, "", 1);
    session->head.length--;
    char *head = (char *)session->head.at, *end = strstr(head, "\r\n\r\n"), *key;
    if (!end) {
        if (session->head.length > LONGEST_HEAD) end_session(session);
        return;
    }
    size_t key_length = find_key(head, &key);
    if (!key_length) return end_session(session);
    char answer[256], accept[ACCEPT_LENGTH];
    accept_of(key, key_length, accept);
    int answer_length = snprintf(answer, sizeof answer,
                                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: %.*s\r\n\r\n",
                                 ACCEPT_LENGTH, accept);
    start_child(session);
    session->is_open = true;
    // The bytes after the head are already frames.
    size_t rest = session->head.length - (size_t)(end + 4 - head);
    memcpy(input, end + 4, rest);
    session->head.length = 0;
    if (write_or_keep(session, SOCKET, &session->to_socket, (uint8_t *)answer, (size_t)answer_length))
        read_frames(session, input, rest);
}

static void from_socket(struct session *session) {
    ssize_t count = read(session->descriptors[SOCKET], input, sizeof input);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return end_session(session);
    if (session->is_open) read_frames(session, input, (size_t)count);
    else read_head(session, input, (size_t)count);
}

static void accept_clients(int listener) {
    int socket;
    while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct session *session = calloc(1, sizeof *session);
        check(session, "calloc");
        memcpy(session->descriptors, (int[]){socket, -1, -1}, sizeof session->descriptors);
        watch(session, SOCKET, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static int listen_on(const char *port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(port)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    check(bind(listener, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    check(listen(listener, 4096) == 0, "listen");
    return listener;
}

static void handle(struct session *session, enum end end, uint32_t events) {
    if (session->is_dead) return;
    if (end == TO_CHILD) return write_kept(session, TO_CHILD, &session->to_child);
    if (end == FROM_CHILD) {
        // The socket may have become full earlier in the same batch of events.
        if (!session->to_socket.length) from_child(session);
        return;
    }
    if (events & (EPOLLHUP | EPOLLERR)) return end_session(session);
    if (events & EPOLLOUT) write_kept(session, SOCKET, &session->to_socket);
    if (events & EPOLLIN && !session->is_dead && !session->to_child.length) from_socket(session);
}

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: relay PORT PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    program = arguments + 2;
    signal(SIGPIPE, SIG_IGN);
    // Children are reaped by the kernel.
    signal(SIGCHLD, SIG_IGN);
    loop = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(arguments[1]);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0}, events[EVENTS];
    check(epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) == 0, "epoll_ctl");
    while (true) {
        int ready = epoll_wait(loop, events, EVENTS, -1);
        check(ready >= 0 || errno == EINTR, "epoll_wait");
        for (int i = 0; i < ready; i++) {
            uintptr_t data = events[i].data.u64;
            if (!data) accept_clients(listener);
            else handle((struct session *)(data & ~(uintptr_t)END_MASK), data & END_MASK, events[i].events);
        }
        bury();
    }
}
