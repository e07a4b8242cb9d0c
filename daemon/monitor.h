// SPDX-License-Identifier: GPL-3.0-or-later
// The interface org.psoasmon.Monitor1 itself; docs/bus.md describes it.
#ifndef PSOASMON_MONITOR_H
#define PSOASMON_MONITOR_H

#include <systemd/sd-bus.h>

#include "base/error.h"
#include "live.h"
#include "store/store_awake.h"

struct monitor {
    struct live live; // what the properties are read from; brought up to date by `look`
    void (*look)(struct live *live, void *userdata);
    int (*flush)(struct error *error, void *userdata);
    // Return what store_label and store_unlabel do, and commit.
    int (*label)(int64_t time_s, enum position position, struct error *error, void *userdata);
    int (*unlabel)(int64_t time_s, struct error *error, void *userdata);
    // As store_delete, but of a night that nobody records.
    int (*delete_night)(int64_t night_id, int64_t start_s, struct error *error, void *userdata);
    // As the amend_ functions of these names.
    int (*put_diary)(const struct diary_entry *entries, unsigned n, struct error *error,
                     void *userdata);
    int (*delete_diary)(day_number day, struct error *error, void *userdata);
    int (*put_stretch)(const struct stretch_session *session, struct error *error, void *userdata);
    int (*delete_stretch)(int64_t start_s, struct error *error, void *userdata);
    int (*stretch)(int *ret_fd, void *userdata); // as watchers_stretch
    int (*reload)(struct error *error, void *userdata);
    int (*watch)(int *ret_fd, void *userdata); // as watchers_add
    void (*refused)(void *userdata);           // there was a client too many
    void *userdata;
    uid_t peer_uid;           // of who asks on the socket just now
    sd_bus_message *deletion; // the call, while the bus is asked who it is from
};

// Puts the interface on a connection to one client, or to a message bus. `monitor` must outlive it.
int monitor_add_peer(sd_bus *bus, struct monitor *monitor);
int monitor_add_bus(sd_bus *bus, struct monitor *monitor);

// Before the connection to the bus is closed.
void monitor_leave_bus(struct monitor *monitor);

#endif
