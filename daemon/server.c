// SPDX-License-Identifier: GPL-3.0-or-later
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus.h"
#include "clock.h"
#include "gate.h"

// A client that has not asked anything for so long may come again.
#define IDLE_US (INT64_C(60) * 1000000)

// Answers that wait for a client to read them. One that asks and asks and never reads must not
// eat our memory.
#define UNREAD_MAX 8

// Connections a second; the rest wait in the kernel's queue.
#define ACCEPTS_A_SECOND 50

struct client {
    sd_bus *bus; // null: a free place
    struct gate *gate;
    uid_t uid;
    struct server *server;
    int64_t asked_us; // when it last asked something, or connected
    bool leaving;     // to be let go once none of its calls is being handled
};

struct server {
    sd_event *event;
    struct monitor *monitor;
    struct bus_address address;
    struct stat socket; // as we made it
    int listener;
    bool bound;
    sd_event_source *accepting, *sweeping;
    struct client clients[SERVER_CLIENTS_MAX];
};

static void let_go(struct client *client)
{
    client->bus = sd_bus_close_unref(client->bus);
    if (client->gate)
        gate_free(client->gate);
    client->gate = NULL;
    client->leaving = false;
}

// A connection cannot be closed from within its own callbacks.
static void let_go_later(struct client *client)
{
    client->leaving = true;
    sd_event_source_set_enabled(client->server->sweeping, SD_EVENT_ONESHOT);
}

static int sweep(sd_event_source *source, void *userdata)
{
    (void)source;
    struct server *server = userdata;
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        if (server->clients[i].leaving)
            let_go(&server->clients[i]);
    return 0;
}

void server_tick(struct server *server)
{
    int64_t now_us = clock_elapsed_us();
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        if (server->clients[i].bus && now_us - server->clients[i].asked_us >= IDLE_US)
            let_go(&server->clients[i]);
}

static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message;
    (void)error;
    struct client *client = userdata;
    client->asked_us = clock_elapsed_us();
    client->server->monitor->peer_uid = client->uid;
    uint64_t unread = 0;
    sd_bus_get_n_queued_write(client->bus, &unread);
    if (unread < UNREAD_MAX && !client->leaving)
        return 0;
    let_go_later(client);
    return 1; // no answer
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *error)
{
    (void)message;
    (void)error;
    let_go_later(userdata);
    return 0;
}

static void on_refused(void *userdata)
{
    let_go_later(userdata);
}

// What sd-bus reads comes through the gate, what it writes goes straight to the client. It takes
// both descriptors over, and nothing if it fails.
static int connect_bus(struct client *client, int fd)
{
    int input;
    int r = gate_new(&client->gate, &input, client->server->event, fd, on_refused, client);
    if (r < 0)
        return r;
    r = sd_bus_set_fd(client->bus, input, fd);
    if (r < 0)
        close(input);
    return r;
}

static int find_uid(struct client *client, int fd)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return -errno;
    client->uid = peer.uid;
    return 0;
}

static int set_up(struct client *client, int fd)
{
    sd_bus *bus = client->bus;
    sd_id128_t id;
    int r = sd_id128_randomize(&id);
    if (r >= 0)
        r = find_uid(client, fd);
    if (r >= 0)
        r = connect_bus(client, fd);
    if (r < 0) {
        close(fd);
        return r;
    }
    r = sd_bus_set_server(bus, true, id);
    // Who may connect may ask, whatever they call themselves: sd-bus sees our own socket only.
    if (r >= 0)
        r = sd_bus_set_anonymous(bus, true);
    if (r >= 0)
        r = sd_bus_set_sender(bus, BUS_NAME);
    if (r >= 0)
        r = sd_bus_match_signal(bus, NULL, NULL, "/org/freedesktop/DBus/Local",
                                "org.freedesktop.DBus.Local", "Disconnected", on_disconnected,
                                client);
    if (r >= 0)
        r = monitor_add_peer(bus, client->server->monitor);
    // The filter added last is asked first.
    if (r >= 0)
        r = sd_bus_add_filter(bus, NULL, on_message, client);
    if (r >= 0)
        r = sd_bus_attach_event(bus, client->server->event, SD_EVENT_PRIORITY_NORMAL);
    return r < 0 ? r : sd_bus_start(bus);
}

static struct client *free_place(struct server *server)
{
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        if (!server->clients[i].bus)
            return &server->clients[i];
    return NULL;
}

static int on_connection(sd_event_source *source, int listener, uint32_t revents, void *userdata)
{
    (void)source;
    (void)revents;
    struct server *server = userdata;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return 0; // gone again, or out of descriptors: the rate limit keeps us from spinning
    struct client *client = free_place(server);
    if (!client) {
        close(fd);
        server->monitor->refused(server->monitor->userdata);
        return 0;
    }
    *client = (struct client){.server = server, .asked_us = clock_elapsed_us()};
    if (sd_bus_new(&client->bus) < 0)
        close(fd);
    else if (set_up(client, fd) < 0)
        let_go(client);
    return 0;
}

static bool somebody_answers(const struct bus_address *address)
{
    _cleanup_(closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // A full queue (EAGAIN) is somebody, too.
    return fd >= 0 &&
           (connect(fd, (const struct sockaddr *)&address->socket, address->length) == 0 ||
            errno == EAGAIN);
}

// A socket that a crash has left behind may be replaced; nothing else may.
static int make_way(const struct bus_address *address)
{
    struct stat status;
    if (fstatat(address->directory, address->name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (!S_ISSOCK(status.st_mode))
        return -EEXIST;
    if (somebody_answers(address))
        return -EADDRINUSE;
    return unlinkat(address->directory, address->name, 0) < 0 ? -errno : 0;
}

// Who may read the database may ask: its group, unless the umask keeps that out. To connect takes
// write permission, which the umask is not asked for. The mode of a socket's file is taken from its
// descriptor: it is never open to everybody, not even for a moment.
static int bind_for_readers(int listener, const struct bus_address *address)
{
    mode_t mask = umask(0);
    int r = fchmod(listener, mask & S_IRGRP ? 0600 : 0660);
    if (r == 0)
        r = bind(listener, (const struct sockaddr *)&address->socket, address->length);
    int code = errno;
    umask(mask);
    errno = code;
    return r;
}

static int listen_on(struct server *server)
{
    const struct bus_address *address = &server->address;
    int r = make_way(address);
    if (r < 0)
        return r;
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listener < 0)
        return -errno;
    if (bind_for_readers(server->listener, address) < 0)
        return -errno;
    server->bound = true;
    if (fstatat(address->directory, address->name, &server->socket, AT_SYMLINK_NOFOLLOW) < 0 ||
        listen(server->listener, SERVER_CLIENTS_MAX) < 0)
        return -errno;
    return 0;
}

static int watch(struct server *server)
{
    int r = sd_event_add_io(server->event, &server->accepting, server->listener, EPOLLIN,
                            on_connection, server);
    if (r >= 0)
        r = sd_event_source_set_ratelimit(server->accepting, 1000000, ACCEPTS_A_SECOND);
    if (r >= 0)
        r = sd_event_add_defer(server->event, &server->sweeping, sweep, server);
    if (r >= 0)
        r = sd_event_source_set_enabled(server->sweeping, SD_EVENT_OFF);
    return r;
}

int server_new(struct server **ret, sd_event *event, const char *database, struct monitor *monitor,
               struct error *error)
{
    _cleanup_(server_freep) struct server *server = calloc(1, sizeof *server);
    if (!server)
        return error_set(error, -ENOMEM, "out of memory");
    server->event = sd_event_ref(event);
    server->monitor = monitor;
    server->listener = server->address.directory = -1;
    int r = bus_address(&server->address, database);
    if (r >= 0)
        r = listen_on(server);
    if (r >= 0)
        r = watch(server);
    if (r < 0) {
        const char *why = r == -EADDRINUSE ? "another psoasmond answers there" : strerror(-r);
        return error_set(error, r, "cannot listen on %s" BUS_SOCKET_SUFFIX ": %s", database, why);
    }
    *ret = server;
    server = NULL;
    return 0;
}

// Only our own: somebody may have put another in its place.
static void remove_socket(const struct server *server)
{
    struct stat status;
    const struct bus_address *address = &server->address;
    if (server->bound &&
        fstatat(address->directory, address->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_dev == server->socket.st_dev && status.st_ino == server->socket.st_ino)
        unlinkat(address->directory, address->name, 0);
}

void server_free(struct server *server)
{
    for (int i = 0; i < SERVER_CLIENTS_MAX; i++)
        let_go(&server->clients[i]);
    sd_event_source_disable_unref(server->accepting);
    sd_event_source_disable_unref(server->sweeping);
    if (server->listener >= 0) {
        remove_socket(server);
        close(server->listener);
    }
    bus_address_done(&server->address);
    sd_event_unref(server->event);
    free(server);
}
