// SPDX-License-Identifier: GPL-3.0-or-later
// The monitor on the system bus, under a name that can be found, with signals of what changed. Who
// may ask is decided by the bus's policy (systemd/org.psoasmon.Monitor1.conf).
//
// A bus that is not there, or goes away, is looked for again and again, and no trouble: the socket
// beside the database answers the same.
#ifndef PSOASMON_SYSTEM_BUS_H
#define PSOASMON_SYSTEM_BUS_H

#include <systemd/sd-event.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "monitor.h"

struct system_bus;

// `instance` is which of several psoasmonds this is; empty: the only one. `refused` is told why,
// where the bus does not give us our name; once a reason. `monitor` must outlive it. -EINVAL for an
// instance that fits no name, -ENOMEM; with a message.
int system_bus_new(struct system_bus **ret, sd_event *event, const char *instance,
                   struct monitor *monitor, void (*refused)(const char *why, void *userdata),
                   void *userdata, struct error *error);
void system_bus_free(struct system_bus *bus);
DEFINE_CLEANUP(struct system_bus *, system_bus_free)

// Once a second, and by system_bus_new: joins the bus where there is one, and tells what changed.
void system_bus_tick(struct system_bus *bus);

#endif
