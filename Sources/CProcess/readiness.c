#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

int cprocess_readiness(void) { return epoll_create1(EPOLL_CLOEXEC); }

int cprocess_watch(int readiness, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(readiness, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : -errno;
}

int cprocess_wait_ready(int readiness, struct cprocess_ready *ready, int count, int milliseconds) {
    struct epoll_event events[count];
    const int found = epoll_wait(readiness, events, count, milliseconds);
    for (int index = 0; index < found; index++)
        ready[index] = (struct cprocess_ready){events[index].data.fd, (events[index].events & EPOLLIN) != 0};
    return found < 0 ? 0 : found;
}

int cprocess_alarm(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cprocess_raise(int alarm) { eventfd_write(alarm, 1); }

void cprocess_lower(int alarm) {
    eventfd_t ignored;
    eventfd_read(alarm, &ignored);
}
