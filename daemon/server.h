// SPDX-License-Identifier: GPL-3.0-or-later
// Answers questions: the monitor, peer to peer on the socket beside the database. No client can
// hold up the daemon: one that does not read, sends nonsense or sits idle is let go.
#ifndef PSOASMON_SERVER_H
#define PSOASMON_SERVER_H

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "monitor.h"

#define SERVER_CLIENTS_MAX 16

struct server;

// Serves DATABASE's socket. `monitor` must outlive the server. -EADDRINUSE where another process
// serves it; other -errno; each with a message.
int server_new(struct server **ret, sd_event *event, const char *database, struct monitor *monitor,
               struct error *error);

// Also removes the socket. Not to be left to the end of the loop: sd-event would then wait for
// clients that do not read.
void server_free(struct server *server);
DEFINE_CLEANUP(struct server *, server_free)

// Once a second: lets idle clients go.
void server_tick(struct server *server);

#endif
