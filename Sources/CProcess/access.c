#define _GNU_SOURCE
#include <linux/magic.h>
#include <sys/vfs.h>
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
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

int cprocess_is_procfs(const char *directory) {
    struct statfs status;
    return statfs(directory, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

int cprocess_identify(const char *path, uint64_t *device, uint64_t *inode) {
    struct statx status;
    if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &status) != 0) return -errno;
    *device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor;
    *inode = status.stx_ino;
    return 0;
}

int cprocess_open_exactly(const char *root, const char *path) {
    if (path[0] != '/') return -EINVAL;
    int place = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (place >= 0) {
        path += strspn(path, "/");
        const size_t length = strcspn(path, "/");
        if (length == 0) return place;
        char name[NAME_MAX + 1];
        int next = -ENAMETOOLONG;
        if (length <= NAME_MAX) {
            memcpy(name, path, length);
            name[length] = 0;
            next = strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? -EINVAL : cprocess_open_name(place, name);
        }
        close(place);
        if (next < 0) return next;
        path += length;
        struct statx status;
        // O_NOFOLLOW with O_PATH opens a symbolic link itself.
        if (statx(next, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0 || S_ISLNK(status.stx_mode)) {
            close(next);
            return -ELOOP;
        }
        place = next;
    }
    return -errno;
}

int cprocess_look(int descriptor, struct cprocess_file *file) {
    struct statx status;
    if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, &status) != 0) return -errno;
    *file = (struct cprocess_file){
        .device = (uint64_t)status.stx_dev_major << 32 | status.stx_dev_minor,
        .inode = status.stx_ino,
        .mount = -1,
        .is_character_device = S_ISCHR(status.stx_mode)};
    // The same mount id that statx returns since Linux 5.8.
    char path[40], text[512];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", descriptor);
    const int information = open(path, O_RDONLY | O_CLOEXEC);
    if (information < 0) return -errno;
    const ssize_t count = read(information, text, sizeof text - 1);
    close(information);
    if (count <= 0) return -EIO;
    text[count] = 0;
    const char *mount = strstr(text, "mnt_id:");
    if (mount) file->mount = strtol(mount + 7, NULL, 10);
    return 0;
}

int cprocess_open_name(int directory, const char *name) {
    const int descriptor = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

int cprocess_open_as(uid_t user, gid_t group, const char *path) {
    const int old_group = setfsgid(group), old_user = setfsuid(user);
    int descriptor = -EPERM;
    // setfsuid and setfsgid report no success, only the previous id.
    if ((uid_t)setfsuid(-1) == user && (gid_t)setfsgid(-1) == group) {
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (descriptor < 0) descriptor = -errno;
    }
    setfsuid(old_user);
    setfsgid(old_group);
    return descriptor;
}
