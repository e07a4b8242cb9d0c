// SPDX-License-Identifier: GPL-3.0-or-later
#include "watchers.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "map_record.h"

// What may wait for a watcher to read it: a second or two of a fast pad. The kernel doubles it.
#define QUEUE_BYTES (256 * 1024)

struct watcher {
    int fd;             // -1: a free place
    uint64_t number;    // of the next map
    bool stretches;     // whoever it is
    bool missed;        // the last one
    int64_t missing_us; // clock_elapsed_us when that was first seen; 0: it was not
};

struct watchers {
    struct watcher places[WATCHERS_MAX];
    uint64_t dropped;
    uint8_t record[MAP_RECORD_SIZE];
};

int watchers_new(struct watchers **ret)
{
    struct watchers *watchers = calloc(1, sizeof *watchers);
    if (!watchers)
        return -ENOMEM;
    for (int i = 0; i < WATCHERS_MAX; i++)
        watchers->places[i].fd = -1;
    *ret = watchers;
    return 0;
}

static void let_go(struct watcher *watcher)
{
    if (watcher->fd >= 0)
        close(watcher->fd);
    watcher->fd = -1;
}

void watchers_free(struct watchers *watchers)
{
    for (int i = 0; i < WATCHERS_MAX; i++)
        let_go(&watchers->places[i]);
    free(watchers);
}

static bool has_gone(const struct watcher *watcher)
{
    struct pollfd pollfd = {.fd = watcher->fd};
    return poll(&pollfd, 1, 0) > 0 && pollfd.revents & (POLLHUP | POLLERR);
}

static struct watcher *free_place(struct watchers *watchers)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *place = &watchers->places[i];
        if (place->fd >= 0 && has_gone(place))
            let_go(place);
        if (place->fd < 0)
            return place;
    }
    return NULL;
}

static int add(struct watchers *watchers, bool stretches, int *ret_fd)
{
    struct watcher *place = free_place(watchers);
    if (!place)
        return -EBUSY;
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    // What is queued is charged to us, so the bound is ours; what a watcher says is not for us.
    const int queue_bytes = QUEUE_BYTES;
    if (setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &queue_bytes, sizeof queue_bytes) < 0 ||
        shutdown(ends[0], SHUT_RD) < 0) {
        int r = -errno;
        close(ends[0]);
        close(ends[1]);
        return r;
    }
    *place = (struct watcher){.fd = ends[0], .stretches = stretches};
    *ret_fd = ends[1];
    return 0;
}

int watchers_add(struct watchers *watchers, int *ret_fd)
{
    return add(watchers, false, ret_fd);
}

// They end what they do by going away, however they go.
bool watchers_is_stretching(struct watchers *watchers)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &watchers->places[i];
        if (watcher->fd < 0 || !watcher->stretches)
            continue;
        if (!has_gone(watcher))
            return true;
        let_go(watcher);
    }
    return false;
}

int watchers_stretch(struct watchers *watchers, int *ret_fd)
{
    return watchers_is_stretching(watchers) ? -EALREADY : add(watchers, true, ret_fd);
}

static void hand_out(struct watchers *watchers, struct watcher *watcher, struct map_head *head,
                     const struct pressure_map *map)
{
    head->number = watcher->number++;
    map_record_write(watchers->record, head, map);
    ssize_t n =
        send(watcher->fd, watchers->record, sizeof watchers->record, MSG_DONTWAIT | MSG_NOSIGNAL);
    watcher->missed = n < 0;
    if (n >= 0)
        return;
    if (errno == EPIPE || errno == ECONNRESET)
        let_go(watcher);
    else
        watchers->dropped++;
}

void watchers_send(struct watchers *watchers, const char *pad_name, const struct pressure_map *map,
                   int64_t time_us)
{
    struct map_head head = {.time_us = time_us};
    snprintf(head.pad, sizeof head.pad, "%s", pad_name);
    for (int i = 0; i < WATCHERS_MAX; i++)
        if (watchers->places[i].fd >= 0)
            hand_out(watchers, &watchers->places[i], &head, map);
}

static bool is_stuck(struct watcher *watcher, int64_t now_us)
{
    if (!watcher->missed)
        watcher->missing_us = 0;
    else if (watcher->missing_us == 0)
        watcher->missing_us = now_us;
    return watcher->missed && now_us - watcher->missing_us >= WATCHER_STUCK_US;
}

void watchers_tick(struct watchers *watchers, int64_t now_us)
{
    for (int i = 0; i < WATCHERS_MAX; i++) {
        struct watcher *watcher = &watchers->places[i];
        if (watcher->fd >= 0 && (has_gone(watcher) || is_stuck(watcher, now_us)))
            let_go(watcher);
    }
}

unsigned watchers_count(const struct watchers *watchers)
{
    unsigned n = 0;
    for (int i = 0; i < WATCHERS_MAX; i++)
        n += watchers->places[i].fd >= 0;
    return n;
}

uint64_t watchers_dropped(const struct watchers *watchers)
{
    return watchers->dropped;
}
