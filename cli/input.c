// SPDX-License-Identifier: GPL-3.0-or-later
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli.h"

#define PIECE_SIZE ((size_t)256 * 1024)

int input_read(const char *file, input_sink sink, void *userdata)
{
    _cleanup_(closep) int opened = -1;
    int fd = STDIN_FILENO;
    if (strcmp(file, "-") != 0) {
        fd = opened = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            return cli_fail(CLI_FAILED, "%s: %s", file, strerror(errno));
    }
    _cleanup_(freep) char *piece = malloc(PIECE_SIZE);
    if (!piece)
        return cli_fail(CLI_FAILED, "out of memory");
    for (;;) {
        ssize_t n = read(fd, piece, PIECE_SIZE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return cli_fail(CLI_FAILED, "%s: %s", file, strerror(errno));
        if (n == 0)
            return 0;
        int r = sink(piece, (size_t)n, userdata);
        if (r < 0)
            return r;
    }
}

uint64_t input_size(char *const *files, int n)
{
    uint64_t total = 0;
    for (int i = 0; i < n; i++) {
        struct stat status;
        if (strcmp(files[i], "-") == 0 || stat(files[i], &status) < 0 || !S_ISREG(status.st_mode))
            return 0;
        total += (uint64_t)status.st_size;
    }
    return total;
}
