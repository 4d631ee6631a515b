#ifndef CPROCESS_H
#define CPROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// Functions that Swift cannot run safely between fork and exec, or that need a dedicated thread.

/// Describes how to start a program.
struct cprocess_launch {
    const char *path;
    /// Both must end with NULL.
    char *const *arguments;
    char *const *environment;
    /// NULL keeps the current directory.
    const char *directory;
    /// They become descriptors 0, 1 and 2; the caller keeps owning them. The child closes all other descriptors.
    int descriptors[3];
    /// Run as `user` and `group`, without supplementary groups. Requires root.
    int changes_user;
    uid_t user;
    gid_t group;
    /// Notify about every program that it and its descendants start: see cprocess_install_exec_filter.
    int is_gated;
};

/// Starts a program in its own process group. The kernel kills it when this process ends (PR_SET_PDEATHSIG). That
/// signal is tied to the *thread* that forked, so a single thread that never ends forks all programs.
///
/// Returns the process id, or a negative errno if the program could not be started. `listener` is set to the seccomp
/// listener of a gated program, which the caller closes, and to -1 otherwise.
pid_t cprocess_spawn(const struct cprocess_launch *launch, int *listener);

/// Starts the thread that forks processes; they inherit its scheduling policy. Otherwise the first spawn starts it.
void cprocess_prepare_to_spawn(void);

/// Makes orphaned descendants children of this process, so that they can be found and killed.
int cprocess_become_subreaper(void);

/// Waits for the end of any child. Returns its process id and sets `status` like waitpid(2); returns -ECHILD
/// immediately if there are no children.
pid_t cprocess_wait_any(int *status);

/// Ends this process (SIGTERM) when its parent ends. Returns 0, or -1 if the parent has already ended.
int cprocess_die_with_parent(void);

/// Creates a pipe with close-on-exec ends. Returns 0 or a negative errno.
int cprocess_pipe(int ends[2]);

/// Drops the read-only pages of the program and its libraries from this process's memory. Pages that are needed again
/// come back from the page cache; pages used only during start-up do not.
void cprocess_release_read_only_pages(void);

/// Returns large buffers (from 256 KiB) to the kernel when they are freed, and free memory at the end of the heap (from
/// 1 MiB). By default glibc raises both limits with each large buffer that is freed (mallopt(3)), up to 64 MiB, and a
/// burst of large messages leaves a fragmented heap.
void cprocess_return_freed_memory(void);

/// Makes the calling thread, and threads that it starts, not preempt the running thread on wake-up (sched(7),
/// SCHED_BATCH). Does nothing if the process has a scheduling policy other than the default.
void cprocess_schedule_thread_as_batch(void);

/// Checks access(2) as this user without supplementary groups. Returns 0 or a negative errno. Requires root, and that
/// no other thread waits for this process's children.
int cprocess_may_access(uid_t user, gid_t group, const char *path, int mode);

/// Returns 1 if this is a directory of a procfs, whose links depend on the process; 0 if not, or if unknown.
int cprocess_is_procfs(const char *directory);

/// Identifies the file at a path, links followed. Does not query user-space file systems, so they cannot block the
/// call. Returns 0 or a negative errno.
int cprocess_identify(const char *path, uint64_t *device, uint64_t *inode);

/// Opens the file or directory at an absolute path that contains no symbolic links, `.` or `..`. Returns a
/// close-on-exec descriptor that only names the file (O_PATH), or a negative errno. `root` is the path of the directory
/// used as `/`; it may be a symbolic link.
int cprocess_open_exactly(const char *root, const char *path);

/// Describes an open file without querying its file system. `mount` is the id in the first column of
/// /proc/PID/mountinfo, or -1 if unknown. Returns 0 or a negative errno.
struct cprocess_file {
    uint64_t device;
    uint64_t inode;
    int64_t mount;
    int is_character_device;
};
int cprocess_look(int descriptor, struct cprocess_file *file);

/// Opens a directory entry with O_PATH (open(2)), even a socket, without following a link. `directory` is used for
/// relative names only. Returns a close-on-exec descriptor or a negative errno.
int cprocess_open_name(int directory, const char *name);

/// Opens a file for reading if that user may read it (setfsuid(2), for the calling thread). This process's
/// supplementary groups also count. Returns a close-on-exec descriptor or a negative errno. Does not wait for the
/// writer of a FIFO.
int cprocess_open_as(uid_t user, gid_t group, const char *path);

/// Prevents other processes of the same user from tracing this process, taking its descriptors, and reading its memory
/// and environment (PR_SET_DUMPABLE). This also protects a forked child until it calls execve.
void cprocess_forbid_tracing(void);

/// The result of SO_PEERCRED for the peer of a Unix socket: glibc's `struct ucred`, which Swift cannot see.
struct cprocess_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

/// Installs a seccomp filter that notifies a listener about each execve and execveat of the calling process and its
/// descendants (seccomp_unotify(2)), and sets no_new_privs. Async-signal-safe. Returns the listener, or a negative
/// errno: EBUSY below another listener, EINVAL or ENOSYS if the kernel does not support it.
///
/// While no process holds the listener these calls fail with ENOSYS, so no program can start.
int cprocess_install_exec_filter(void);

/// Tests the filter with /bin/sh, which starts /bin/true. Returns the shell's exit code (126 or 127 if `is_allowed` is
/// 0 and /bin/true was refused as requested), 256 or more if it ended otherwise, or a negative errno. `null` becomes
/// its standard descriptors. Blocks for a few milliseconds, at most two seconds.
int cprocess_try_exec_filter(int null, int is_allowed);

/// Sends a descriptor over a Unix socket with SCM_RIGHTS. Returns 0 or a negative errno. Async-signal-safe.
int cprocess_send_descriptor(int socket, int descriptor);

/// Returns the received descriptor, or -1 if none arrives.
int cprocess_receive_descriptor(int socket);

/// A process that waits in execve(2) for an answer. Addresses are in its memory; all are 0 for execveat and other ABIs.
struct cprocess_exec {
    uint64_t id;
    /// The calling thread, which need not be the first of its process.
    pid_t thread;
    uint64_t path;
    uint64_t arguments;
    uint64_t environment;
};

/// Returns 0 or a negative errno; ENOENT if the process has already ended.
int cprocess_receive_exec(int listener, struct cprocess_exec *call);

/// Lets the execve proceed if `error` is 0, otherwise makes it fail with `error`. Returns 0 or a negative errno.
int cprocess_answer_exec(int listener, uint64_t id, int error);

/// Replaces the waiting process's standard input. The caller keeps owning the descriptor. Returns 0 or a negative
/// errno.
int cprocess_replace_input(int listener, uint64_t id, int descriptor);

/// Creates a sealed file in memory with these bytes, positioned at its start. Returns a close-on-exec descriptor, or a
/// negative errno.
int cprocess_memory_file(const void *bytes, size_t count);

/// Whether the call is still waiting. Data read from the process is valid only if it is.
int cprocess_is_exec_waiting(int listener, uint64_t id);

/// Lets the notifying and the answering thread alternate on one core, if the kernel supports it (6.6): waking another
/// core takes longer than the answer.
void cprocess_answer_on_same_core(int listener);

/// Reads another process's memory. Returns the number of bytes read, or a negative errno.
ssize_t cprocess_read_memory(pid_t process, uint64_t address, void *buffer, size_t count);

/// Creates an epoll(7) descriptor to wait for many descriptors at once, or returns -1.
int cprocess_readiness(void);

/// Watches a descriptor until it is closed. Returns 0 or a negative errno.
int cprocess_watch(int readiness, int descriptor);

struct cprocess_ready {
    int descriptor;
    /// 0 if the other end is closed.
    int is_readable;
};

/// Returns how many descriptors are ready, up to `count`; 0 after the time-out.
int cprocess_wait_ready(int readiness, struct cprocess_ready *ready, int count, int milliseconds);

/// A descriptor that is readable between cprocess_raise and cprocess_lower, to wake a waiting thread (eventfd(2)).
int cprocess_alarm(void);
void cprocess_raise(int alarm);
void cprocess_lower(int alarm);

/// A process's position in the process tree.
struct cprocess_place {
    pid_t parent;
    /// Clock ticks since boot. Together with the process id it identifies a process uniquely.
    uint64_t start;
    /// As in proc(5); Z is a zombie.
    char state;
};

/// Returns 0 or a negative errno.
int cprocess_find(pid_t process, struct cprocess_place *place);

/// Whether this thread is the first of its process, so that its id is also the process id.
int cprocess_leads(pid_t thread);

#endif
