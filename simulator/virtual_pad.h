// SPDX-License-Identifier: GPL-3.0-or-later
// A pseudo-terminal that behaves like a pad's serial port: it sends at its own pace, whether or
// not anybody listens.
#ifndef PSOASMON_VIRTUAL_PAD_H
#define PSOASMON_VIRTUAL_PAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

struct virtual_pad;

struct virtual_pad_counts {
    uint64_t sent, dropped; // frames
};

// Opens the terminal, raw. `link` (may be null) becomes a symbolic link to it; an old symbolic
// link of that name is replaced, nothing else is. Until virtual_pad_free SIGINT, SIGTERM and
// SIGHUP are held back for virtual_pad_wait. -errno with a message.
int virtual_pad_new(struct virtual_pad **ret, size_t largest_frame, const char *link,
                    struct error *error);
void virtual_pad_free(struct virtual_pad *virtual_pad);
DEFINE_CLEANUP(struct virtual_pad *, virtual_pad_free)

// What a reader opens.
const char *virtual_pad_path(const struct virtual_pad *virtual_pad);

// Waits for `ns` nanoseconds after virtual_pad_new. Returns 0, or VIRTUAL_PAD_STOP when a signal
// asked to end.
#define VIRTUAL_PAD_STOP 1
int virtual_pad_wait(struct virtual_pad *virtual_pad, int64_t ns);

// Waits until somebody reads; virtual_pad_wait counts from then on. The same returns.
int virtual_pad_wait_reader(struct virtual_pad *virtual_pad);

// The same, and returns VIRTUAL_PAD_HEARD as soon as the reader has said something: at most *n
// bytes of it, and *n is how many. What it says while nobody listens is told when somebody does.
#define VIRTUAL_PAD_HEARD 2
int virtual_pad_listen(struct virtual_pad *virtual_pad, int64_t ns, uint8_t *heard, size_t *n);

// Sends a frame if there is a reader who keeps up; drops it whole otherwise.
void virtual_pad_send(struct virtual_pad *virtual_pad, const void *bytes, size_t length);

// Waits until the reader has taken what was sent: what is left when the terminal closes is lost.
// Gives up on a reader that takes nothing for some seconds.
void virtual_pad_drain(struct virtual_pad *virtual_pad);

const struct virtual_pad_counts *virtual_pad_counts(const struct virtual_pad *virtual_pad);

#endif
