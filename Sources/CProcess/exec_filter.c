#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

// The kernel headers of Debian 12 lack some of these; the values are the kernel's ABI.
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
// Returns `action` if the loaded word is `value`, otherwise continues.
#define RETURN_IF(value, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, 1), RETURN(action)
// Skips `count` instructions unless the loaded word is `value`.
#define SKIP_UNLESS(value, count) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (count))

#define DENIED (SECCOMP_RET_ERRNO | EPERM)
#define MISSING (SECCOMP_RET_ERRNO | ENOSYS)
#define X32 0x40000000

// The rules for one ABI with its system call numbers; 14 instructions.
// - clone3 keeps its flags in memory, where a filter cannot read them; libc falls back to clone.
// - clone with CLONE_PARENT would make a child of an approved command look like a child of codex.
// - pidfd_getfd (438 everywhere) could take the listener out of the server, and no program needs it.
#define ABI(execve, execveat, clone)                                                                                   \
    LOAD(nr), RETURN_IF(execve, SECCOMP_RET_USER_NOTIF), RETURN_IF(execveat, SECCOMP_RET_USER_NOTIF),                  \
        RETURN_IF(435, MISSING), RETURN_IF(438, DENIED), SKIP_UNLESS(clone, 3), LOAD(args[0]),                         \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_PARENT, 0, 1), RETURN(DENIED), RETURN(SECCOMP_RET_ALLOW)

// Covers every ABI that a process can switch to by itself; any other ABI kills the process.
static struct sock_filter filter[] = {
    LOAD(arch),
#if defined(__x86_64__)
    SKIP_UNLESS(AUDIT_ARCH_X86_64, 17),
    LOAD(nr),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1),
    RETURN(SECCOMP_RET_KILL_PROCESS),
    ABI(59, 322, 56),
    SKIP_UNLESS(AUDIT_ARCH_I386, 14),
    ABI(11, 358, 120),
#elif defined(__aarch64__)
    SKIP_UNLESS(AUDIT_ARCH_AARCH64, 14),
    ABI(221, 281, 220),
    SKIP_UNLESS(AUDIT_ARCH_ARM, 14),
    ABI(11, 387, 120),
#else
#error "The exec filter knows x86_64 and aarch64."
#endif
    RETURN(SECCOMP_RET_KILL_PROCESS),
};

static int install(unsigned long flags) {
    struct sock_fprog program = {.len = sizeof filter / sizeof filter[0], .filter = filter};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &program);
}

int cprocess_install_exec_filter(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
    int listener = install(SECCOMP_FILTER_FLAG_SPEC_ALLOW | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
    // Linux before 5.19 lacks WAIT_KILLABLE_RECV: there a signal restarts the call, and the listener is notified again.
    if (listener < 0 && errno == EINVAL) listener = install(SECCOMP_FILTER_FLAG_SPEC_ALLOW);
    return listener < 0 ? -errno : listener;
}

int cprocess_send_descriptor(int socket, int descriptor) {
    char byte = 0;
    struct iovec data = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    ssize_t count;
    do count = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    return count == 1 ? 0 : -errno;
}

int cprocess_receive_descriptor(int socket) {
    char byte;
    struct iovec data = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t count;
    do count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    struct cmsghdr *header = count == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) return -1;
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return descriptor;
}

void cprocess_answer_on_same_core(int listener) {
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

int cprocess_receive_exec(int listener, struct cprocess_exec *call) {
    struct seccomp_notif notification;
    // The kernel rejects a structure that is not zeroed.
    memset(&notification, 0, sizeof notification);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notification) != 0) return -errno;
    const struct seccomp_data *data = &notification.data;
    *call = (struct cprocess_exec){.id = notification.id, .thread = (pid_t)notification.pid};
#if defined(__x86_64__)
    const int is_execve = data->arch == AUDIT_ARCH_X86_64 && data->nr == 59;
#else
    const int is_execve = data->arch == AUDIT_ARCH_AARCH64 && data->nr == 221;
#endif
    if (is_execve) {
        call->path = data->args[0];
        call->arguments = data->args[1];
        call->environment = data->args[2];
    }
    return 0;
}

int cprocess_answer_exec(int listener, uint64_t id, int error) {
    struct seccomp_notif_resp response = {
        .id = id, .error = -error, .flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0 ? 0 : -errno;
}

int cprocess_replace_input(int listener, uint64_t id, int descriptor) {
    struct seccomp_notif_addfd request = {
        .id = id, .flags = SECCOMP_ADDFD_FLAG_SETFD, .srcfd = (uint32_t)descriptor, .newfd = STDIN_FILENO};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &request) >= 0 ? 0 : -errno;
}

int cprocess_memory_file(const void *bytes, size_t count) {
    const int file = memfd_create("sre-agent", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (file < 0) return -errno;
    for (size_t done = 0; done < count;) {
        const ssize_t written = write(file, (const char *)bytes + done, count - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) goto failed;
        done += (size_t)written;
    }
    if (lseek(file, 0, SEEK_SET) != 0) goto failed;
    if (fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) goto failed;
    return file;
failed:;
    const int reason = errno;
    close(file);
    return -reason;
}

int cprocess_is_exec_waiting(int listener, uint64_t id) {
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

ssize_t cprocess_read_memory(pid_t process, uint64_t address, void *buffer, size_t count) {
    struct iovec local = {buffer, count}, remote = {(void *)(uintptr_t)address, count};
    const ssize_t result = process_vm_readv(process, &local, 1, &remote, 1, 0);
    return result < 0 ? -errno : result;
}

int cprocess_find(pid_t process, struct cprocess_place *place) {
    char path[40], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    const ssize_t count = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    if (count <= 0) return -ESRCH;
    text[count] = 0;
    // The command name before it may contain any character, including parentheses.
    const char *rest = strrchr(text, ')');
    if (!rest) return -ESRCH;
    int parent;
    unsigned long long start;
    // Fields 3 (state), 4 (parent) and 22 (start time) of proc(5).
    if (sscanf(rest + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &place->state, &parent, &start) != 3)
        return -ESRCH;
    place->parent = parent;
    place->start = start;
    return 0;
}

int cprocess_leads(pid_t thread) {
    return syscall(SYS_tgkill, thread, thread, 0) == 0;
}

/// Whether the path of the program to be started can be read. Without it the gate cannot decide.
static int is_readable(const struct cprocess_exec *call) {
    char byte;
    return call->path != 0 && cprocess_read_memory(call->thread, call->path, &byte, 1) == 1;
}

int cprocess_try_exec_filter(int null, int is_allowed) {
    char *arguments[] = {"sh", "-c", "/bin/true", NULL}, *environment[] = {NULL};
    struct cprocess_launch launch = {
        .path = "/bin/sh", .arguments = arguments, .environment = environment, .descriptors = {null, null, null},
        .is_gated = 1};
    int listener = -1;
    const pid_t child = cprocess_spawn(&launch, &listener);
    if (child < 0) return child;
    int result = -ETIMEDOUT;
    struct pollfd end = {.fd = listener, .events = POLLIN};
    if (poll(&end, 1, 2000) > 0 && end.revents & POLLIN) {
        struct cprocess_exec call;
        result = cprocess_receive_exec(listener, &call);
        if (result == 0) {
            if (!is_readable(&call)) result = -EPERM;
            const int answered = cprocess_answer_exec(listener, call.id, is_allowed && result == 0 ? 0 : EACCES);
            if (result == 0) result = answered;
        }
    }
    int status = 0;
    if (result != 0) kill(child, SIGKILL);
    pid_t ended;
    do ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    close(listener);
    if (result != 0) return result;
    return ended == child && WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}
