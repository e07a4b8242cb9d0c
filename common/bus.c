// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

int bus_address(struct bus_address *ret, const char *database)
{
    _cleanup_(freep) char *real = realpath(database, NULL);
    const char *path = real ? real : database;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    struct bus_address address = {.socket.sun_family = AF_UNIX};
    size_t room = sizeof address.name;
    if ((size_t)snprintf(address.name, room, "%s" BUS_SOCKET_SUFFIX, name) >= room)
        return -ENAMETOOLONG;

    _cleanup_(freep) char *directory = slash ? strndup(path, (size_t)(name - path)) : strdup(".");
    if (!directory)
        return -ENOMEM;
    _cleanup_(closep) int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    room = sizeof address.socket.sun_path;
    int length = snprintf(address.socket.sun_path, room, "/proc/self/fd/%d/%s", fd, address.name);
    if ((size_t)length >= room)
        return -ENAMETOOLONG;
    address.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length + 1);
    address.directory = fd;
    fd = -1;
    *ret = address;
    return 0;
}

void bus_address_done(struct bus_address *address)
{
    if (address->directory >= 0)
        close(address->directory);
    address->directory = -1;
}

static int connect_to(const char *database)
{
    struct bus_address address;
    int r = bus_address(&address, database);
    if (r < 0)
        return r;
    // Not blocking: a peer whose queue is full must not hold us.
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    r = fd < 0 ? -errno : 0;
    if (r == 0 && connect(fd, (struct sockaddr *)&address.socket, address.length) < 0)
        r = errno == EAGAIN ? -ETIMEDOUT : -errno;
    bus_address_done(&address);
    if (r < 0 && fd >= 0)
        close(fd);
    return r < 0 ? r : fd;
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

// sd-bus alone would wait 90 s for a peer that took the connection and says nothing.
static int wait_ready(sd_bus *bus, uint64_t timeout_us)
{
    uint64_t deadline_us = now_us() + timeout_us;
    for (;;) {
        int r = sd_bus_is_ready(bus);
        if (r != 0)
            return r < 0 ? r : 0;
        r = sd_bus_process(bus, NULL);
        if (r < 0)
            return r;
        if (r > 0)
            continue;
        uint64_t now = now_us();
        if (now >= deadline_us)
            return -ETIMEDOUT;
        r = sd_bus_wait(bus, deadline_us - now);
        if (r < 0 && r != -EINTR)
            return r;
    }
}

int bus_start(sd_bus **ret, const char *database)
{
    _cleanup_(closep) int fd = connect_to(database);
    if (fd < 0)
        return fd;
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    int r = sd_bus_new(&bus);
    if (r < 0)
        return r;
    r = sd_bus_set_fd(bus, fd, fd);
    if (r < 0)
        return r;
    fd = -1;
    r = sd_bus_start(bus);
    if (r < 0)
        return r;
    *ret = bus;
    bus = NULL;
    return 0;
}

int bus_open(sd_bus **ret, const char *database, uint64_t timeout_us)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    int r = bus_start(&bus, database);
    if (r < 0)
        return r;
    r = wait_ready(bus, timeout_us);
    if (r < 0)
        return r;
    *ret = bus;
    bus = NULL;
    return 0;
}
