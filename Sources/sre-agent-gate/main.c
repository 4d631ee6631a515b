// The program that codex starts for the gate: a hook before each tool call, a verifier for each thread, and a proxy in
// place of each MCP server, which starts the server. It carries bytes between codex and the server's socket without
// interpreting them. It must be small and start fast: each thread has one, and a person waits for the hook.

#include "CProcess.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
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

// Reads up to one chunk. Returns 0 at the end and -1 for an error.
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

// Sends the question as one line: the server reads up to the first line end, and JSON strings contain none.
static int ask(int server) {
    bool is_empty = true;
    ssize_t count;
    while ((count = read_chunk(STDIN_FILENO)) > 0) {
        is_empty = false;
        for (ssize_t index = 0; index < count; index++)
            if (chunk[index] == '\n' || chunk[index] == '\r') chunk[index] = ' ';
        if (!write_all(server, chunk, (size_t)count)) return fail(2, "The SRE Agent Server went away, so this did not run.");
    }
    if (count < 0 || is_empty) return fail(2, "The gate got no question.");
    if (!write_all(server, "\n", 1)) return fail(2, "The SRE Agent Server went away, so this did not run.");
    return 0;
}

// Passes the verdict on only as a complete line: if the server disconnects in mid-line, it has not decided.
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
        return fail(2, "The SRE Agent Server went away before a decision was made, so this did not run.");
    return write_all(STDOUT_FILENO, verdict, length) ? 0 : 2;
}

// Exit code 2 with text on standard error stops the call. The surrounding shell does the same for any other failure.
static int hook(const char *path) {
    // codex kills only the surrounding shell when the turn is stopped.
    if (cprocess_die_with_parent() != 0) return fail(2, "The gate's parent is gone.");
    const int server = connect_to(path);
    if (server < 0) return fail(2, "The SRE Agent Server cannot be reached, so this did not run.");
    const int asked = ask(server);
    return asked != 0 ? asked : answer(server);
}

// Carries bytes in both directions until codex ends it. If the server disconnects, nothing is answered, so no call
// runs.
static int verifier(const char *path) {
    const int server = connect_to(path);
    if (server < 0) return fail(1, "The SRE Agent Server cannot be reached.");
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

// One direction of the proxy: copies bytes from `from` to `to` until one of them ends.
struct stream {
    int from, to;
    // Whether `to` is a socket, of which only this direction ends, or a pipe.
    int is_socket;
};

static void *carry(void *argument) {
    const struct stream *stream = argument;
    char *bytes = malloc(sizeof chunk);
    ssize_t count;
    do {
        do count = read(stream->from, bytes, sizeof chunk);
        while (count < 0 && errno == EINTR);
    } while (bytes && count > 0 && write_all(stream->to, bytes, (size_t)count));
    free(bytes);
    if (stream->is_socket) shutdown(stream->to, SHUT_WR);
    else close(stream->to);
    return NULL;
}

static pid_t server_pid;
static atomic_bool server_has_ended;

// When the codex connection to the gate ends, end the MCP server too: messages still queued for it have not been
// checked.
static void *carry_to_codex(void *argument) {
    carry(argument);
    if (!server_has_ended) kill(server_pid, SIGTERM);
    return NULL;
}

static int say_end(int socket, const char *end, const char *header) {
    char line[64];
    const int length = snprintf(line, sizeof line, "{\"mcp\":\"%s\",\"proxy\":%d,", end, getpid());
    return write_all(socket, line, (size_t)length) && write_all(socket, header, strlen(header)) &&
           write_all(socket, "}\n", 2);
}

// `command` must end with NULL. `header` contains the JSON members that name the MCP server.
static int proxy(const char *path, const char *header, char *command[]) {
    // Do not die with the parent: it is one of codex's threads, which may end before codex. Standard input ends with
    // codex.
    int to_server[2], from_server[2];
    const int codex_end = connect_to(path), server_end = connect_to(path);
    if (codex_end < 0 || server_end < 0) return fail(1, "The SRE Agent Server cannot be reached.");
    if (!say_end(codex_end, "codex", header) || !say_end(server_end, "server", header))
        return fail(1, "The SRE Agent Server went away.");
    if (cprocess_pipe(to_server) != 0 || cprocess_pipe(from_server) != 0) return fail(1, "The gate has no pipes left.");
    server_pid = fork();
    if (server_pid < 0) return fail(1, "The gate cannot start the MCP server.");
    if (server_pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        if (cprocess_die_with_parent() != 0 || dup2(to_server[0], STDIN_FILENO) < 0 ||
            dup2(from_server[1], STDOUT_FILENO) < 0)
            _exit(126);
        execvp(command[0], command);
        _exit(errno == ENOENT ? 127 : 126);
    }
    close(to_server[0]);
    close(from_server[1]);
    static struct stream streams[4];
    streams[0] = (struct stream){STDIN_FILENO, codex_end, 1};
    streams[1] = (struct stream){server_end, to_server[1], 0};
    streams[2] = (struct stream){from_server[0], server_end, 1};
    streams[3] = (struct stream){codex_end, STDOUT_FILENO, 0};
    pthread_t threads[4];
    for (int index = 0; index < 4; index++)
        if (pthread_create(&threads[index], NULL, index == 3 ? carry_to_codex : carry, &streams[index]) != 0)
            return fail(1, "The gate has no threads left.");
    int status = 0;
    while (waitpid(server_pid, &status, 0) < 0 && errno == EINTR) {}
    server_has_ended = true;
    // Wait until its last output has been forwarded.
    pthread_join(threads[2], NULL);
    pthread_join(threads[3], NULL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Runs a program of the administrator in a directory that no command can write to. Python and npx load files from their
// working directory; these must not come from a repository.
static int in_root(char *command[]) {
    if (chdir("/") != 0) return fail(1, "The gate cannot enter /.");
    signal(SIGPIPE, SIG_DFL);
    execvp(command[0], command);
    return fail(errno == ENOENT ? 127 : 126, "A program of codex's configuration cannot be started.");
}

int main(int count, char *arguments[]) {
    signal(SIGPIPE, SIG_IGN);
    if (count == 3 && strcmp(arguments[1], "hook") == 0) return hook(arguments[2]);
    if (count == 3 && strcmp(arguments[1], "verifier") == 0) return verifier(arguments[2]);
    if (count > 5 && strcmp(arguments[1], "mcp") == 0 && strcmp(arguments[4], "--") == 0)
        return proxy(arguments[2], arguments[3], arguments + 5);
    if (count > 3 && strcmp(arguments[1], "root") == 0 && strcmp(arguments[2], "--") == 0) return in_root(arguments + 3);
    return fail(
        2, "sre-agent starts this by itself: sre-agent-gate hook|verifier SOCKET, mcp SOCKET MEMBERS -- COMMAND, or root -- COMMAND");
}
