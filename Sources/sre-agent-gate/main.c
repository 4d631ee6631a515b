// What codex starts of the gate: before each tool call the hook, with each thread the witness. Both carry bytes between
// codex and the server's socket and know nothing of what they say, so they begin in a moment and are small: there is
// one of these for each thread, and a person waits for the other.

#include "CProcess.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char chunk[64 << 10];

static int fail(int code, const char *reason) {
    fprintf(stderr, "%s\n", reason);
    return code;
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -1;
    strcpy(address.sun_path, path);
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    int result;
    do result = connect(descriptor, (struct sockaddr *)&address, sizeof address);
    while (result != 0 && errno == EINTR);
    if (result == 0) return descriptor;
    close(descriptor);
    return -1;
}

// Up to a chunk. 0 at the end, -1 for an error.
static ssize_t read_chunk(int descriptor) {
    ssize_t count;
    do count = read(descriptor, chunk, sizeof chunk);
    while (count < 0 && errno == EINTR);
    return count;
}

static bool write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        const ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

// The question as one line: the server reads up to the first line end, and JSON has none inside strings.
static int ask(int server) {
    bool is_empty = true;
    ssize_t count;
    while ((count = read_chunk(STDIN_FILENO)) > 0) {
        is_empty = false;
        for (ssize_t index = 0; index < count; index++)
            if (chunk[index] == '\n' || chunk[index] == '\r') chunk[index] = ' ';
        if (!write_all(server, chunk, (size_t)count)) return fail(2, "The SRE Agent Server went away, so this was not run.");
    }
    if (count < 0 || is_empty) return fail(2, "The gate got no question.");
    if (!write_all(server, "\n", 1)) return fail(2, "The SRE Agent Server went away, so this was not run.");
    return 0;
}

// The verdict as one line, handed on when it is whole: a server that goes away in mid-line has decided nothing.
static int answer(int server) {
    char *verdict = NULL;
    size_t length = 0, capacity = 0;
    ssize_t count;
    while ((count = read_chunk(server)) > 0) {
        if (length + (size_t)count > capacity) {
            capacity = 2 * (length + (size_t)count);
            verdict = realloc(verdict, capacity);
            if (!verdict) return fail(2, "The gate has no memory for the verdict.");
        }
        memcpy(verdict + length, chunk, (size_t)count);
        length += (size_t)count;
    }
    if (count < 0 || length == 0 || verdict[length - 1] != '\n')
        return fail(2, "The SRE Agent Server went away before anybody decided, so this was not run.");
    return write_all(STDOUT_FILENO, verdict, length) ? 0 : 2;
}

// Exit code 2 with words on standard error stops the call; so do the shell's words around this, whatever else happens.
static int hook(const char *path) {
    // codex kills only the shell around this process when the turn is stopped.
    if (cprocess_die_with_parent() != 0) return fail(2, "The gate's parent is gone.");
    const int server = connect_to(path);
    if (server < 0) return fail(2, "The SRE Agent Server is not there, so this was not run.");
    const int asked = ask(server);
    return asked != 0 ? asked : answer(server);
}

// Both ways until codex ends it. When the server is gone nothing is answered any more, and nothing runs.
static int witness(const char *path) {
    const int server = connect_to(path);
    if (server < 0) return fail(1, "The SRE Agent Server is not there.");
    struct pollfd ends[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    while (true) {
        if (poll(ends, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return 1;
        }
        if (ends[0].revents) {
            const ssize_t count = read_chunk(STDIN_FILENO);
            if (count <= 0) return 0;
            if (ends[1].fd >= 0 && !write_all(server, chunk, (size_t)count)) ends[1].fd = -1;
        }
        if (ends[1].fd >= 0 && ends[1].revents) {
            const ssize_t count = read_chunk(server);
            if (count <= 0) ends[1].fd = -1;
            else if (!write_all(STDOUT_FILENO, chunk, (size_t)count)) return 1;
        }
    }
}

int main(int count, char *arguments[]) {
    signal(SIGPIPE, SIG_IGN);
    if (count == 3 && strcmp(arguments[1], "hook") == 0) return hook(arguments[2]);
    if (count == 3 && strcmp(arguments[1], "witness") == 0) return witness(arguments[2]);
    return fail(2, "sre-agent starts this by itself: sre-agent-gate hook|witness SOCKET");
}
