// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include "live/live_call.h"
#include "words.h"

int live_watch_take(int *ret_fd, sd_bus_message *answer)
{
    int fd; // the answer's
    int r = sd_bus_message_read(answer, "h", &fd);
    if (r < 0)
        return r;
    *ret_fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return *ret_fd < 0 ? -errno : 0;
}

static int watch(int *ret_fd, const char *database, const char *method, struct error *error)
{
    sd_bus_message *answer = NULL;
    int r = live_call(&answer, database, error, method, "");
    if (r < 0)
        return r;
    r = live_watch_take(ret_fd, answer);
    sd_bus_message_unref(answer);
    return r < 0 ? error_set(error, r, _("the psoasmond of %s: %s"), database, strerror(-r)) : 0;
}

int live_watch(int *ret_fd, const char *database, struct error *error)
{
    return watch(ret_fd, database, "Watch", error);
}

int live_stretch(int *ret_fd, const char *database, struct error *error)
{
    return watch(ret_fd, database, "Stretch", error);
}

int live_watch_next(int fd, struct map_head *head, struct pressure_map *map, struct error *error)
{
    uint8_t bytes[MAP_RECORD_SIZE + 1]; // one more, to see what is too long
    ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n < 0)
        return error_set(error, -errno, _("cannot follow psoasmond: %s"), strerror(errno));
    if (n == 0)
        return error_set(error, -EPIPE, _("psoasmond has ended, or hands out no more maps"));
    int r = map_record_parse(head, map, bytes, (size_t)n, error);
    return r < 0 ? r : 1;
}
