#ifndef CPROCESS_H
#define CPROCESS_H

#include <sys/types.h>

/// What Swift cannot do safely between fork and exec, and what a thread of its own must do.

/// Starts a program in a process group of its own. The kernel kills it when this process ends
/// (PR_SET_PDEATHSIG); since that signal is tied to the *thread* that forked, one thread that never ends does it
/// for all.
///
/// `arguments` and `environment` end with NULL; `directory` may be NULL. The three descriptors become 0, 1 and 2;
/// the caller goes on owning them. Every other descriptor is closed in the child.
///
/// Returns the process id, or a negative errno when the program could not be started.
pid_t cprocess_spawn(const char *path, char *const arguments[], char *const environment[], const char *directory,
                     int standard_input, int standard_output, int standard_error);

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

/// What SO_PEERCRED tells of the process at the other end of a unix socket: glibc's `struct ucred`, which Swift
/// does not see.
struct cprocess_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

#endif
