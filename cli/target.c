// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "words.h"

static int cannot_write(const char *path)
{
    return cli_fail(CLI_FAILED, "%s: %s", path, strerror(errno));
}

int target_open(struct target *target, const char *path)
{
    struct stat status;
    *target = (struct target){.path = path};
    if (strcmp(path, "-") == 0) {
        target->stream = stdout;
        return CLI_DONE;
    }
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return cli_fail(CLI_FAILED, _("%s: is not a file"), path);
    if (asprintf(&target->partial, "%s.partial", path) < 0) {
        target->partial = NULL;
        return cli_fail(CLI_FAILED, "%s", strerror(ENOMEM));
    }
    unlink(target->partial);
    int fd = open(target->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        target->stream = fdopen(fd, "w");
    if (!target->stream && fd >= 0)
        close(fd);
    return target->stream ? CLI_DONE : cannot_write(path);
}

int target_close(struct target *target)
{
    if (target->stream == stdout) // main flushes it, and says what becomes of it
        return CLI_DONE;
    if (ferror(target->stream)) // errno is of then
        return cli_fail(CLI_FAILED, _("%s: cannot be written to"), target->path);
    bool written = fflush(target->stream) == 0 && fsync(fileno(target->stream)) == 0 &&
                   rename(target->partial, target->path) == 0;
    if (!written)
        return cannot_write(target->path);
    fclose(target->stream);
    target->stream = NULL;
    return CLI_DONE;
}

void target_done(struct target *target)
{
    if (target->stream && target->stream != stdout) {
        fclose(target->stream);
        unlink(target->partial);
    }
    free(target->partial);
}
