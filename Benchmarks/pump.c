// The minimum between a client and codex's own socket: copies bytes unread. One thread. Its overhead on a round trip is
// the machine's share of any server's overhead: two wake-ups and four system calls.
//
// pump PORT SOCKET

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, EVENTS = 64 };

/// One end of a direction: bytes read here are written to the other end.
struct end {
    int descriptor;
    struct end *other;
};

static int loop;
static char chunk[CHUNK];

static void check(bool holds, const char *what) {
    if (holds) return;
    perror(what);
    exit(1);
}

static int listen_on(int port) {
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    check(bind(listener, (const struct sockaddr *)&address, sizeof address) == 0, "bind");
    check(listen(listener, 64) == 0, "listen");
    return listener;
}

static void join(int client, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    check(strlen(path) < sizeof address.sun_path, "path");
    strcpy(address.sun_path, path);
    const int agent = socket(AF_UNIX, SOCK_STREAM, 0), one = 1;
    check(connect(agent, (const struct sockaddr *)&address, sizeof address) == 0, "connect");
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct end *ends = calloc(2, sizeof *ends);
    check(ends != NULL, "calloc");
    ends[0] = (struct end){client, &ends[1]};
    ends[1] = (struct end){agent, &ends[0]};
    for (int i = 0; i < 2; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &ends[i]};
        check(epoll_ctl(loop, EPOLL_CTL_ADD, ends[i].descriptor, &event) == 0, "epoll_ctl");
    }
}

static void carry(const struct end *from) {
    const ssize_t count = read(from->descriptor, chunk, sizeof chunk);
    for (ssize_t done = 0; done < count;) {
        const ssize_t written = write(from->other->descriptor, chunk + done, (size_t)(count - done));
        if (written <= 0) break;
        done += written;
    }
    if (count > 0) return;
    // Descriptors are few and are closed with the process.
    const int both[] = {from->descriptor, from->other->descriptor};
    for (int i = 0; i < 2; i++) epoll_ctl(loop, EPOLL_CTL_DEL, both[i], NULL), shutdown(both[i], SHUT_RDWR);
}

int main(int count, char *arguments[]) {
    if (count != 3) return fprintf(stderr, "pump PORT SOCKET\n"), 2;
    signal(SIGPIPE, SIG_IGN);
    const int listener = listen_on(atoi(arguments[1]));
    loop = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    check(epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event) == 0, "epoll_ctl");
    while (true) {
        struct epoll_event events[EVENTS];
        const int ready = epoll_wait(loop, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr) carry(events[i].data.ptr);
            else join(accept(listener, NULL, NULL), arguments[2]);
        }
    }
}
