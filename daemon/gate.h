// SPDX-License-Identifier: GPL-3.0-or-later
// What a client says, on its way to sd-bus. sd-bus makes room for whatever a message's head
// promises, up to 128 MB a client, which is more than a service may have: here the heads are read
// first, and a client that promises more than it can have to say is let go.
#ifndef PSOASMON_GATE_H
#define PSOASMON_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/cleanup.h"

// The longest call there is takes some hundred bytes.
#define GATE_MESSAGE_MAX (256 * 1024)
// The greeting, all of it.
#define GATE_GREETING_MAX (4 * 1024)

// ---- what has been said ----

// Where in the stream we are.
struct gate_stream {
    uint64_t left;    // of the message whose head was read
    uint8_t head[16]; // of the next one, as far as it has come
    unsigned has;     // of it; while the greeting lasts: of the line that ends it
    size_t greeted;   // bytes of the greeting
    bool in_line, running;
};

// Takes the next bytes. False: no honest client says that.
bool gate_stream_take(struct gate_stream *stream, const uint8_t *bytes, size_t length);

// ---- passing it on ----

struct gate;

// Reads client_fd, which stays the caller's and need not outlive the call. *ret_fd is what sd-bus
// is to read instead, the caller's. `refused` is called, from the loop, when the client is to be
// let go. -errno.
int gate_new(struct gate **ret, int *ret_fd, sd_event *event, int client_fd,
             void (*refused)(void *userdata), void *userdata);
void gate_free(struct gate *gate);
DEFINE_CLEANUP(struct gate *, gate_free)

#endif
