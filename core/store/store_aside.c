// SPDX-License-Identifier: GPL-3.0-or-later
// A damaged database goes aside, whole and unchanged, for whoever can still read something in it.
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_private.h"

// https://sqlite.org/fileformat.html
#define HEADER_SIZE       100
#define APPLICATION_ID_AT 68

static const char magic[] = "SQLite format 3";

static bool read_header(const char *path, uint8_t header[HEADER_SIZE])
{
    _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat status;
    return fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
           pread(fd, header, HEADER_SIZE, 0) == HEADER_SIZE;
}

bool store_is_sqlite(const char *path)
{
    uint8_t header[HEADER_SIZE];
    return read_header(path, header) && memcmp(header, magic, sizeof magic) == 0;
}

bool store_is_ours(const char *path)
{
    uint8_t header[HEADER_SIZE];
    if (!read_header(path, header) || memcmp(header, magic, sizeof magic) != 0)
        return false;
    uint32_t id = 0;
    for (int i = 0; i < 4; i++)
        id = id << 8 | header[APPLICATION_ID_AT + i];
    return id == STORE_APPLICATION_ID;
}

int store_sync_directory(const char *path)
{
    _cleanup_(freep) char *copy = strdup(path);
    if (!copy)
        return -ENOMEM;
    _cleanup_(closep) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    // Some file systems cannot, and need not.
    return fsync(fd) < 0 && errno != EINVAL && errno != EROFS ? -errno : 0;
}

// Never onto a file that is there: 0, or -EEXIST.
static int rename_to_free(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -errno;
    struct stat status; // a file system that cannot promise it
    if (lstat(to, &status) == 0)
        return -EEXIST;
    return rename(from, to) < 0 ? -errno : 0;
}

static bool is_free(const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        _cleanup_(freep) char *file = NULL;
        struct stat status;
        if (asprintf(&file, "%s%s", name, suffixes[i]) < 0 || lstat(file, &status) == 0)
            return false;
    }
    return true;
}

static char *free_name(const char *path, const char *stamp)
{
    for (int number = 1; number < 1000; number++) {
        _cleanup_(freep) char *name = NULL;
        int length = number == 1 ? asprintf(&name, "%s.damaged-%s", path, stamp)
                                 : asprintf(&name, "%s.damaged-%s-%d", path, stamp, number);
        if (length < 0)
            return NULL;
        if (is_free(name)) {
            char *ret = name;
            name = NULL;
            return ret;
        }
    }
    return NULL;
}

// The journal first: left beside a new database, it would be played into it.
int store_move_aside(const char *path, const char *stamp, char **ret_name, struct error *error)
{
    static const char *const suffixes[] = {"-wal", "-shm", ""};
    _cleanup_(freep) char *name = free_name(path, stamp);
    if (!name)
        return error_set(error, -EEXIST, "%s: there is no name left to move it aside to", path);
    for (int i = 0; i < 3; i++) {
        _cleanup_(freep) char *from = NULL, *to = NULL;
        if (asprintf(&from, "%s%s", path, suffixes[i]) < 0 ||
            asprintf(&to, "%s%s", name, suffixes[i]) < 0)
            return error_set(error, -ENOMEM, "out of memory");
        int r = rename_to_free(from, to);
        if (r < 0 && (r != -ENOENT || i == 2))
            return error_set(error, r, "%s cannot be moved aside to %s: %s", from, to,
                             strerror(-r));
    }
    int r = store_sync_directory(path);
    if (r < 0)
        return error_set(error, r, "%s: %s", path, strerror(-r));
    *ret_name = name;
    name = NULL;
    return 0;
}
