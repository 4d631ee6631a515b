#ifndef CPROCESS_H
#define CPROCESS_H

#include <stdint.h>
#include <sys/types.h>

/// What Swift cannot do safely between fork and exec, and what a thread of its own must do.

/// How a program is started.
struct cprocess_launch {
    const char *path;
    /// These two end with NULL.
    char *const *arguments;
    char *const *environment;
    /// NULL leaves it as it is.
    const char *directory;
    /// They become 0, 1 and 2; the caller goes on owning them. Every other descriptor is closed in the child.
    int descriptors[3];
    /// Run as `user` and `group`, without further groups. Needs root.
    int changes_user;
    uid_t user;
    gid_t group;
    /// Ask about every program that it and its descendants start: see cprocess_install_exec_filter.
    int is_gated;
};

/// Starts a program in a process group of its own. The kernel kills it when this process ends
/// (PR_SET_PDEATHSIG); since that signal is tied to the *thread* that forked, one thread that never ends does it
/// for all.
///
/// Returns the process id, or a negative errno when the program could not be started. `listener` is the seccomp listener
/// of a gated program, which the caller closes, and -1 otherwise.
pid_t cprocess_spawn(const struct cprocess_launch *launch, int *listener);

/// Starts the thread that starts processes, whose scheduling they inherit. Otherwise the first process does.
void cprocess_prepare_to_spawn(void);

/// Makes orphaned descendants children of this process, so that they can be found and ended.
int cprocess_become_subreaper(void);

/// Waits for the end of any child. Returns its process id and fills `status` as waitpid(2) does;
/// returns -ECHILD at once when there is none.
pid_t cprocess_wait_any(int *status);

/// Ends this process (SIGTERM) when its parent ends. Returns 0, or -1 when the parent is gone already.
int cprocess_die_with_parent(void);

/// A pipe whose ends are closed on exec. Returns 0 or a negative errno.
int cprocess_pipe(int ends[2]);

/// Takes the pages of the program and its libraries that are read only out of this process's memory. Those that are
/// needed again come back from the page cache; those that only the start needed do not.
void cprocess_release_read_only_pages(void);

/// Large buffers (from 256 KiB) go back to the kernel when they are freed, and so does what is free at the heap's end
/// (from 1 MiB). By default glibc raises both limits with each large buffer that is freed (mallopt(3)), up to 64 MiB,
/// and a burst of large messages leaves a heap full of holes.
void cprocess_return_freed_memory(void);

/// The calling thread does not push aside whoever runs when it wakes up (sched(7), SCHED_BATCH), and neither do threads
/// that it starts. Does nothing when the process runs under another policy than the usual one.
void cprocess_schedule_thread_as_batch(void);

/// May this user do that (access(2)), without further groups? 0 or a negative errno. Needs root, and that nobody else waits
/// for this process's children.
int cprocess_may_access(uid_t user, gid_t group, const char *path, int mode);

/// Is this a directory of a procfs, whose links lead each process elsewhere? 1 or 0; 0 also where it cannot be told.
int cprocess_is_procfs(const char *directory);

/// Which file that is, links followed. A file system in user space is not asked for it, so it holds nobody up. 0 or a
/// negative errno.
int cprocess_identify(const char *path, uint64_t *device, uint64_t *inode);

/// The file or directory at an absolute path in which nothing is a link, `.` or `..`, taken as a descriptor that is closed on
/// exec and that only names it (O_PATH), or a negative errno. `root` is the path of the directory that `/` is taken for, which
/// may be a link.
int cprocess_open_exactly(const char *root, const char *path);

/// What is known of a file that is open. No file system is asked for it. `mount` as in the first column of
/// /proc/PID/mountinfo, -1 when it cannot be told. 0 or a negative errno.
struct cprocess_file {
    uint64_t device;
    uint64_t inode;
    int64_t mount;
    int is_character_device;
};
int cprocess_look(int descriptor, struct cprocess_file *file);

/// Holds what has that name in a directory (O_PATH of open(2)), a socket included, without following a link. `directory` is
/// looked at for relative names only. A descriptor, which is closed on exec, or a negative errno.
int cprocess_open_name(int directory, const char *name);

/// Opens a file to read it, if that user may (setfsuid(2), for the calling thread). Groups that this process has besides
/// count, too. A descriptor, which is closed on exec, or a negative errno. Does not wait for a writer of a pipe.
int cprocess_open_as(uid_t user, gid_t group, const char *path);

/// Other processes of the same user may not trace this one any more, nor take its descriptors or read its memory and
/// environment (PR_SET_DUMPABLE). A child is as closed until it starts a program.
void cprocess_forbid_tracing(void);

/// What SO_PEERCRED tells of the process at the other end of a unix socket: glibc's `struct ucred`, which Swift
/// does not see.
struct cprocess_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

/// Makes the kernel ask about each execve and execveat of the calling process and of all that come from it
/// (seccomp_unotify(2)), and sets no_new_privs. Async-signal-safe. Returns the listener, or a negative errno: EBUSY below
/// another listener, EINVAL or ENOSYS where the kernel has none.
///
/// While nobody holds the listener these calls fail with ENOSYS, so nothing starts.
int cprocess_install_exec_filter(void);

/// Tries the filter on /bin/sh, which starts /bin/true: its exit code (126 or 127 when the second was refused, as is
/// asked for), 256 and more for another end, or a negative errno. `null` becomes its standard descriptors. Blocks for some
/// milliseconds, at most for two seconds.
int cprocess_try_exec_filter(int null, int is_allowed);

/// Over a unix socket, with SCM_RIGHTS. 0 or a negative errno. Async-signal-safe.
int cprocess_send_descriptor(int socket, int descriptor);

/// -1 when none comes.
int cprocess_receive_descriptor(int socket);

/// A process that waits in execve(2) for an answer. Addresses are its own; all 0 for execveat and for other ABIs.
struct cprocess_exec {
    uint64_t id;
    /// The thread that calls, which need not be its process's first.
    pid_t thread;
    uint64_t path;
    uint64_t arguments;
    uint64_t environment;
};

/// 0 or a negative errno; ENOENT when the process is gone already.
int cprocess_receive_exec(int listener, struct cprocess_exec *call);

/// Lets it start (0), or makes its execve fail with `error`. 0 or a negative errno.
int cprocess_answer_exec(int listener, uint64_t id, int error);

/// Gives the process that waits another standard input. The caller goes on owning the descriptor. 0 or a negative errno.
int cprocess_replace_input(int listener, uint64_t id, int descriptor);

/// A file in memory that holds these bytes and that nobody can change, at its beginning. A descriptor, which is closed on
/// exec, or a negative errno.
int cprocess_memory_file(const void *bytes, size_t count);

/// Does it wait still? What was read of it counts only if it does.
int cprocess_is_exec_waiting(int listener, uint64_t id);

/// The one that asks and the one that answers take turns on one core, where the kernel can (6.6): waking another costs
/// more than the answer.
void cprocess_answer_on_same_core(int listener);

/// How much could be read of another process's memory, or a negative errno.
ssize_t cprocess_read_memory(pid_t process, uint64_t address, void *buffer, size_t count);

/// Waits for many descriptors at once (epoll(7)). A descriptor, or -1.
int cprocess_readiness(void);

/// One that is closed is not watched any more. 0 or a negative errno.
int cprocess_watch(int readiness, int descriptor);

struct cprocess_ready {
    int descriptor;
    /// 0: its other end is gone.
    int is_readable;
};

/// How many are ready, up to `count`; 0 after that time.
int cprocess_wait_ready(int readiness, struct cprocess_ready *ready, int count, int milliseconds);

/// A descriptor that is readable from one call to the other, to wake a thread that waits (eventfd(2)).
int cprocess_alarm(void);
void cprocess_raise(int alarm);
void cprocess_lower(int alarm);

/// Where a process stands in the tree.
struct cprocess_place {
    pid_t parent;
    /// Clock ticks since boot: with its id it names a process for good.
    uint64_t start;
    /// As in proc(5); Z is a zombie.
    char state;
};

/// 0 or a negative errno.
int cprocess_find(pid_t process, struct cprocess_place *place);

/// Is this thread the first of its process, so that its id is the process's, too?
int cprocess_leads(pid_t thread);

#endif
