#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <link.h>
#include <fcntl.h>
#include <malloc.h>
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
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int descriptors[3];
    pid_t result;
    int is_done;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct request *pending = NULL;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// Runs in the child, where only async-signal-safe calls are allowed.
static void become(const struct request *request, pid_t parent, int report) {
    setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    if (getppid() != parent) _exit(127);  // the server ended before the line above
    for (int index = 0; index < 3; index++) {
        // First out of the way of 0, 1 and 2, then to their place.
        int moved = fcntl(request->descriptors[index], F_DUPFD, 16);
        if (moved < 0 || dup2(moved, index) < 0) goto failed;
    }
    if (request->directory != NULL && chdir(request->directory) != 0) goto failed;
    int kept = fcntl(report, F_DUPFD_CLOEXEC, 3);
    if (kept < 0) goto failed;
    report = dup3(kept, 3, O_CLOEXEC) < 0 ? kept : 3;
    syscall(SYS_close_range, 4, ~0U, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    execve(request->path, request->arguments, request->environment);
failed:;
    int reason = errno;
    ssize_t ignored = write(report, &reason, sizeof reason);
    (void)ignored;
    _exit(127);
}

static pid_t spawn(const struct request *request) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) become(request, parent, report[1]);
    int fork_error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        return -fork_error;
    }
    int reason = 0;
    ssize_t count;
    do count = read(report[0], &reason, sizeof reason);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    return count == sizeof reason ? -reason : child;
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

pid_t cprocess_spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
                     int standard_input, int standard_output, int standard_error) {
    struct request request = {
        path, arguments, environment, directory, {standard_input, standard_output, standard_error}, 0, 0};
    cprocess_prepare_to_spawn();
    pthread_mutex_lock(&lock);
    while (pending != NULL) pthread_cond_wait(&changed, &lock);
    pending = &request;
    pthread_cond_broadcast(&changed);
    while (!request.is_done) pthread_cond_wait(&changed, &lock);
    pending = NULL;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return request.result;
}

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
        // What can be written may differ from the file; what cannot be is the same when it is read again.
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
    // A policy that somebody chose for the server stays.
    if (sched_getscheduler(0) == SCHED_OTHER) sched_setscheduler(0, SCHED_BATCH, &none);
}
