// SPDX-License-Identifier: GPL-3.0-or-later
#include "feed.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "clock.h"
#include "pad/asker.h"
#include "plain.h"
#include "port.h"

#define RETRY_FIRST_US UINT64_C(1000000)
#define RETRY_MOST_US  UINT64_C(10000000)

// What one turn of the loop may read, so that a port that never runs dry leaves time for all else:
// so many bytes, and where the machine is too slow for its pad, so long.
#define CHUNK_BYTES   4096
#define CHUNKS_A_TURN 16
#define TURN_US       INT64_C(100000)

// How exactly the moments are kept at which a pad is asked.
#define ASK_ACCURACY_US 1000

// How long to listen at one speed before the next is tried.
#define SPEED_PATIENCE_US (INT64_C(5) * 1000000)

struct feed {
    sd_event *event;
    char path[PATH_MAX];
    const struct pad *pad;
    struct feed_listener listener;
    struct port *port; // null: waiting
    struct asker asker;
    sd_event_source *io, *ask, *retry; // while open; while open and the pad is asked; while waiting
    uint64_t retry_us;                 // how long to wait before the next try
    size_t speed;                      // of the pad's, the one in use
    int64_t opened_us;                 // clock_elapsed_us
    struct error problem;              // fit to be shown
    uint8_t chunk[CHUNK_BYTES];
};

static void try_open(struct feed *feed);

bool feed_is_open(const struct feed *feed)
{
    return feed->port != NULL;
}

const char *feed_problem(const struct feed *feed)
{
    return feed->problem.text;
}

static void close_port(struct feed *feed)
{
    feed->io = sd_event_source_disable_unref(feed->io);
    feed->ask = sd_event_source_disable_unref(feed->ask);
    if (feed->port) {
        const struct pad_bytes *words = asker_last(&feed->asker);
        if (words)
            port_write(feed->port, words);
        port_free(feed->port);
    }
    feed->port = NULL;
}

// A path longer than any that can be opened is cut, and not found.
static void set_path(struct feed *feed, const char *path)
{
    snprintf(feed->path, sizeof feed->path, "%s", path);
}

int feed_new(struct feed **ret, sd_event *event, const char *path, const struct pad *pad,
             const struct feed_listener *listener)
{
    _cleanup_(feed_freep) struct feed *feed = calloc(1, sizeof *feed);
    if (!feed)
        return -ENOMEM;
    set_path(feed, path);
    feed->event = sd_event_ref(event);
    feed->pad = pad;
    feed->listener = *listener;
    feed->retry_us = RETRY_FIRST_US;
    *ret = feed;
    feed = NULL;
    return 0;
}

void feed_free(struct feed *feed)
{
    close_port(feed);
    sd_event_source_disable_unref(feed->retry);
    sd_event_unref(feed->event);
    free(feed);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source;
    (void)usec;
    try_open(userdata);
    return 0;
}

static void wait_for_port(struct feed *feed)
{
    feed->retry = sd_event_source_disable_unref(feed->retry);
    sd_event_add_time_relative(feed->event, &feed->retry, CLOCK_MONOTONIC, feed->retry_us,
                               RETRY_FIRST_US / 10, on_retry, feed);
    feed->retry_us *= 2;
    if (feed->retry_us > RETRY_MOST_US)
        feed->retry_us = RETRY_MOST_US;
}

static void lose_port(struct feed *feed)
{
    close_port(feed);
    feed->listener.lost(feed->listener.userdata);
    wait_for_port(feed);
}

// ---- a pad that is asked ----

static int on_ask(sd_event_source *source, uint64_t usec, void *userdata);

static void ask_later(struct feed *feed)
{
    int64_t due_us = asker_due_us(&feed->asker), now_us = clock_elapsed_us();
    feed->ask = sd_event_source_disable_unref(feed->ask);
    if (due_us == INT64_MAX)
        return;
    uint64_t wait_us = due_us > now_us ? (uint64_t)(due_us - now_us) : 0;
    sd_event_add_time_relative(feed->event, &feed->ask, CLOCK_MONOTONIC, wait_us, ASK_ACCURACY_US,
                               on_ask, feed);
}

// A pad that cannot be written to does not answer: that is told like any other silence.
static int on_ask(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)source;
    (void)usec;
    struct feed *feed = userdata;
    const struct pad_bytes *words = NULL;
    enum asker_step step;
    while ((step = asker_next(&feed->asker, clock_elapsed_us(), &words)) != ASKER_WAIT) {
        feed->listener.paused(feed->listener.userdata);
        if (step == ASKER_WRITE)
            port_write(feed->port, words);
    }
    ask_later(feed);
    return 0;
}

static void hear(struct feed *feed, size_t length)
{
    int64_t now_us = clock_elapsed_us();
    if (asker_settles(&feed->asker, now_us)) {
        feed->listener.ignored(length, feed->listener.userdata);
        return;
    }
    asker_hear(&feed->asker, now_us);
    feed->listener.bytes(feed->chunk, length, feed->listener.userdata);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    struct feed *feed = userdata;
    ssize_t n = 0;
    int64_t until_us = clock_elapsed_us() + TURN_US;
    for (int i = 0; i < CHUNKS_A_TURN && clock_elapsed_us() < until_us; i++) {
        n = port_read(feed->port, feed->chunk, sizeof feed->chunk);
        if (n <= 0)
            break;
        hear(feed, (size_t)n);
    }
    if (pad_is_asked(feed->pad))
        ask_later(feed);
    if (n < 0 || (n == 0 && revents & (EPOLLHUP | EPOLLERR)))
        lose_port(feed);
    return 0;
}

static unsigned next_speed(const struct feed *feed)
{
    return feed->pad->n_bauds > 0 ? feed->pad->bauds[feed->speed % feed->pad->n_bauds] : 0;
}

static int open_port(struct feed *feed, struct error *error)
{
    _cleanup_(port_freep) struct port *port = NULL;
    int r = port_open_for(&port, feed->path, next_speed(feed), feed->pad, error);
    if (r == -EINVAL)
        feed->speed++;
    if (r < 0)
        return r;
    r = sd_event_add_io(feed->event, &feed->io, port_fd(port), EPOLLIN, on_io, feed);
    if (r < 0)
        return error_set(error, r, "cannot watch %s: %s", feed->path, strerror(-r));
    feed->port = port;
    port = NULL;
    return 0;
}

static void connected(struct feed *feed)
{
    feed->retry = sd_event_source_disable_unref(feed->retry);
    feed->problem.text[0] = '\0';
    feed->opened_us = clock_elapsed_us();
    asker_open(&feed->asker, feed->pad, feed->opened_us);
    if (pad_is_asked(feed->pad)) {
        feed->listener.paused(feed->listener.userdata);
        ask_later(feed);
    }
    feed->listener.opened(port_has_speed(feed->port) ? next_speed(feed) : 0,
                          feed->listener.userdata);
}

static void refused(struct feed *feed, int failure, const struct error *error)
{
    struct error problem = *error;
    plain_text(problem.text);
    if (strcmp(problem.text, feed->problem.text) != 0) {
        feed->problem = problem;
        feed->listener.waiting(feed->problem.text, failure, feed->listener.userdata);
    }
    wait_for_port(feed);
}

static void try_open(struct feed *feed)
{
    struct error error = {0};
    int r = open_port(feed, &error);
    if (r < 0)
        refused(feed, r, &error);
    else
        connected(feed);
}

int feed_start(struct feed *feed, struct error *error)
{
    int r = open_port(feed, error);
    if (r == -ENOTTY)
        return r;
    if (r < 0)
        refused(feed, r, error);
    else
        connected(feed);
    return 0;
}

static void reopen(struct feed *feed)
{
    close_port(feed);
    try_open(feed);
}

void feed_change(struct feed *feed, const char *path, const struct pad *pad)
{
    bool other_port = strcmp(path, feed->path) != 0;
    bool asked = pad_is_asked(feed->pad) || pad_is_asked(pad);
    if (other_port)
        set_path(feed, path);
    feed->pad = pad;
    feed->speed = 0;
    feed->retry_us = RETRY_FIRST_US;
    // A pseudo-terminal has nothing to set for another pad, and what is on its way would be lost.
    if (other_port || asked || (feed->port && port_has_speed(feed->port)))
        reopen(feed);
    else
        feed->asker.pad = pad;
}

void feed_tick(struct feed *feed, int64_t last_frame_us)
{
    if (!feed->port)
        return;
    if (last_frame_us > feed->opened_us) {
        feed->retry_us = RETRY_FIRST_US; // a port that works, not one that comes and goes
        return;
    }
    if (port_has_speed(feed->port) && feed->pad->n_bauds > 1 &&
        clock_elapsed_us() - feed->opened_us >= SPEED_PATIENCE_US) {
        feed->speed++;
        reopen(feed);
    }
}
