// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmond in one piece: the event loop, and who hangs on it.
#ifndef PSOASMON_DAEMON_H
#define PSOASMON_DAEMON_H

#include "base/cleanup.h"
#include "base/error.h"
#include "settings.h"

struct daemon;

// Opens the database, the bus and, if it is there, the port. Takes *settings over on success.
// `options` must outlive the daemon. Negative with a message.
int daemon_new(struct daemon **ret, const struct options *options, struct settings *settings,
               struct error *error);

// Until SIGTERM or SIGINT. 0, or negative where what was recorded last could not be stored; that
// has been told.
int daemon_run(struct daemon *daemon);

void daemon_free(struct daemon *daemon);
DEFINE_CLEANUP(struct daemon *, daemon_free)

#endif
