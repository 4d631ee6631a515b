#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int cprocess_may_access(uid_t user, gid_t group, const char *path, int mode) {
    const pid_t child = fork();
    if (child < 0) return -errno;
    if (child == 0) {
        if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setresgid, group, group, group) != 0 ||
            syscall(SYS_setresuid, user, user, user) != 0)
            _exit(EPERM);
        _exit(faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? 0 : errno);
    }
    int status;
    pid_t ended;
    do ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    return ended == child && WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}
