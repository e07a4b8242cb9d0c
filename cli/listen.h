// SPDX-License-Identifier: GPL-3.0-or-later
// Listening on a port, for capture and probe. Nothing is written to it, unless the user named a pad
// that has to be asked.
#ifndef PSOASMON_LISTEN_H
#define PSOASMON_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pad/asker.h"
#include "port.h"

struct listening {
    const char *port_name;
    struct port *port; // null: not open
    struct asker asker;
    const struct pad *pad; // the one the user named, or null
    int64_t opened_us;     // listen_now_us
};

// For who wants to know; any may be null.
struct listener {
    // Bytes that began to come at time_us. Anything but CLI_DONE ends the listening, and is its
    // status. `settling`: the pad has not settled since the port was opened, so they are no frame.
    int (*bytes)(const uint8_t *bytes, size_t length, int64_t time_us, bool settling,
                 void *userdata);
    void (*paused)(void *userdata); // the line fell silent, or the pad is about to be asked
    bool (*enough)(void *userdata); // asked now and then: whether to stop
    void *userdata;
};

// A clock that nobody sets, and that goes on while the machine sleeps.
int64_t listen_now_us(void);

// `pad` may be null. Errors as port_open.
int listen_open(struct listening *listening, const char *port_name, unsigned baud,
                const struct pad *pad, struct error *error);

// Listens until the moment until_us (INT64_MAX: for ever), until it is enough, or until a signal
// comes (interrupt.h). CLI_DONE; CLI_FAILED, with a line, where the port goes away; what `bytes`
// returned.
int listen_run(struct listening *listening, int64_t until_us, const struct listener *listener);

// Stops a pad that was started.
void listen_close(struct listening *listening);

#endif
