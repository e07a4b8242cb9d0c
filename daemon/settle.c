// SPDX-License-Identifier: GPL-3.0-or-later
#include "settle.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define STEP_NS    5000000L
#define STEPS_MOST 1000 // 5 s

// Sends nothing, as a datagram of its own. Returns false where there is no room for it yet.
static bool send_nothing(int fd)
{
    static const struct sockaddr_un journal = {
        .sun_family = AF_UNIX,
        .sun_path = "/run/systemd/journal/socket",
    };
    return sendto(fd, "", 0, MSG_NOSIGNAL, (const struct sockaddr *)&journal, sizeof journal) ==
               0 ||
           errno != EAGAIN;
}

static bool is_read(int fd)
{
    int left;
    return ioctl(fd, SIOCOUTQ, &left) < 0 || left == 0;
}

// journald takes one datagram after the other and ignores an empty one: once that has been taken,
// all before it have been dealt with.
void settle_journal(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    const struct timespec step = {.tv_nsec = STEP_NS};
    bool sent = false;
    for (int i = 0; i < STEPS_MOST; i++) {
        sent = sent || send_nothing(fd);
        if (sent && is_read(fd))
            break;
        nanosleep(&step, NULL);
    }
    close(fd);
}
