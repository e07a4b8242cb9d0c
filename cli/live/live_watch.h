// SPDX-License-Identifier: GPL-3.0-or-later
// The pressure maps of a running psoasmond, as they come.
#ifndef PSOASMON_LIVE_WATCH_H
#define PSOASMON_LIVE_WATCH_H

#include <systemd/sd-bus.h>

#include "map_record.h"

// Begins to watch the psoasmond that writes DATABASE. *ret_fd is readable when there is something
// to read, and the caller's to close. -errno as live_call, with a message.
int live_watch(int *ret_fd, const char *database, struct error *error);

// The descriptor in the answer to Watch, the caller's to close. -errno.
int live_watch_take(int *ret_fd, sd_bus_message *answer);

// The same for somebody who stretches on the pad (the method Stretch): for as long no night begins.
int live_stretch(int *ret_fd, const char *database, struct error *error);

// The next map: 1, or 0 where none is waiting. -EPIPE: psoasmond has ended; -EBADMSG: this is no
// map; other -errno. With a message.
int live_watch_next(int fd, struct map_head *head, struct pressure_map *map, struct error *error);

#endif
