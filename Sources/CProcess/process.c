#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <link.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct request {
    const struct cprocess_launch *launch;
    int listener;
    pid_t result;
    int is_done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct request *pending = NULL;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Switches from root to the user that the program runs as.
static int become_user(const struct cprocess_launch *launch) {
    if (!launch->changes_user) return 0;
    // glibc's wrappers would also signal the other threads, which do not exist in the child.
    if (syscall(SYS_setgroups, 0, NULL) != 0) return -1;
    if (syscall(SYS_setresgid, launch->group, launch->group, launch->group) != 0) return -1;
    return (int)syscall(SYS_setresuid, launch->user, launch->user, launch->user);
}

/// Runs in the child, where only async-signal-safe calls are allowed.
static void become(const struct cprocess_launch *launch, pid_t parent, int report, int listeners) {
    setpgid(0, 0);
    if (become_user(launch) != 0) goto failed;
    // A change of user clears the signal, so set it afterwards.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    if (getppid() != parent) _exit(127);  // the server ended before the line above
    for (int index = 0; index < 3; index++) {
        // First move the descriptor out of the way of 0, 1 and 2, then to its final number.
        int moved = fcntl(launch->descriptors[index], F_DUPFD, 16);
        if (moved < 0 || dup2(moved, index) < 0) goto failed;
    }
    if (launch->directory != NULL && chdir(launch->directory) != 0) goto failed;
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    if (launch->is_gated) {
        const int listener = cprocess_install_exec_filter();
        errno = listener < 0 ? -listener : 0;
        if (listener < 0) goto failed;
        // The other end of the socket now holds the listener. Without it the execve below fails with ENOSYS.
        const int sent = cprocess_send_descriptor(listeners, listener);
        errno = -sent;
        if (sent != 0) goto failed;
    }
    int kept = fcntl(report, F_DUPFD_CLOEXEC, 3);
    if (kept < 0) goto failed;
    report = dup3(kept, 3, O_CLOEXEC) < 0 ? kept : 3;
    syscall(SYS_close_range, 4, ~0U, 0);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(launch->path, launch->arguments, launch->environment);
failed:;
    int reason = errno;
    ssize_t ignored = write(report, &reason, sizeof reason);
    (void)ignored;
    _exit(127);
}

/// Lets the program itself start, which is the first notification of its filter. Returns when the start has succeeded
/// or failed, which closes `report`.
static void admit_start(int listener, pid_t child, int report) {
    struct pollfd ends[2] = {{.fd = listener, .events = POLLIN}, {.fd = report, .events = POLLIN}};
    while (poll(ends, 2, -1) >= 0 || errno == EINTR) {
        if (ends[1].revents) return;
        if (ends[0].revents & POLLIN) {
            struct cprocess_exec call;
            if (cprocess_receive_exec(listener, &call) != 0) continue;
            cprocess_answer_exec(listener, call.id, call.thread == child ? 0 : EACCES);
        } else if (ends[0].revents) {
            return;
        }
    }
}

static pid_t spawn(struct request *request) {
    int report[2], listeners[2] = {-1, -1};
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    if (request->launch->is_gated && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, listeners) != 0) {
        const int reason = errno;
        close(report[0]);
        close(report[1]);
        return -reason;
    }
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) become(request->launch, parent, report[1], listeners[1]);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (request->launch->is_gated) {
        close(listeners[1]);
        if (child > 0) request->listener = cprocess_receive_descriptor(listeners[0]);
        close(listeners[0]);
        if (request->listener >= 0) admit_start(request->listener, child, report[0]);
    }
    if (child < 0) {
        close(report[0]);
        return -fork_error;
    }
    int reason = 0;
    ssize_t count;
    do count = read(report[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count != sizeof reason) return child;
    if (request->listener >= 0) close(request->listener);
    request->listener = -1;
    return -reason;
}

static void *serve(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (pending == NULL || pending->is_done) pthread_cond_wait(&changed, &lock);
        pending->result = spawn(pending);
        pending->is_done = 1;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

static void start_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, serve, NULL);
    pthread_detach(thread);
}

void cprocess_prepare_to_spawn(void) { pthread_once(&once, start_thread); }

pid_t cprocess_spawn(const struct cprocess_launch *launch, int *listener) {
    struct request request = {.launch = launch, .listener = -1};
    cprocess_prepare_to_spawn();
    pthread_mutex_lock(&lock);
    while (pending != NULL) pthread_cond_wait(&changed, &lock);
    pending = &request;
    pthread_cond_broadcast(&changed);
    while (!request.is_done) pthread_cond_wait(&changed, &lock);
    pending = NULL;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    *listener = request.listener;
    return request.result;
}

void cprocess_forbid_tracing(void) { prctl(PR_SET_DUMPABLE, 0); }

int cprocess_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : -errno; }

pid_t cprocess_wait_any(int *status) {
    pid_t child;
    do child = waitpid(-1, status, 0);
    while (child < 0 && errno == EINTR);
    return child < 0 ? -errno : child;
}

int cprocess_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

int cprocess_die_with_parent(void) {
    pid_t parent = getppid();
    if (parent <= 1 || prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) return -1;
    return getppid() == parent ? 0 : -1;
}

static int release_read_only(struct dl_phdr_info *object, size_t size, void *data) {
    (void)size;
    (void)data;
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
        // Writable pages may differ from the file; read-only pages are unchanged when they are read again.
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        const uintptr_t first = (start + page - 1) & ~(page - 1);
        const uintptr_t end = (start + segment->p_filesz) & ~(page - 1);
        if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
    }
    return 0;
}

void cprocess_release_read_only_pages(void) { dl_iterate_phdr(release_read_only, NULL); }

void cprocess_return_freed_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
}

void cprocess_schedule_thread_as_batch(void) {
    const struct sched_param none = {0};
    // Keep a policy that an administrator chose for the server.
    if (sched_getscheduler(0) == SCHED_OTHER) sched_setscheduler(0, SCHED_BATCH, &none);
}
