// SPDX-License-Identifier: GPL-3.0-or-later
// A serial port, opened for reading alone; written to only where it was opened for a pad that has
// to be asked. Real ports go through libserialport; pseudo-terminals, which it refuses, are opened
// directly.
#ifndef PSOASMON_PORT_H
#define PSOASMON_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "pad/pad.h"

struct port;

// Opens PATH (links are followed first) raw, 8N1, without flow control, at `baud`, or at the
// speed it has if that is 0. Errors, with a message:
//   -ENOENT   there is no such port now; it may come
//   -EACCES   not ours to read
//   -EBUSY    another program has it
//   -ENOTTY   this can never be a pad's port: a file, a directory, another kind of device, a
//             console, the terminal we run on
//   -EINVAL   it does not take the speed
//   other     -errno
int port_open(struct port **ret, const char *path, unsigned baud, struct error *error);

// The same for a pad that the user named together with the port: sets the modem lines that its
// description asks for, and can be written to if it is a pad that has to be asked (pad_is_asked).
int port_open_for(struct port **ret, const char *path, unsigned baud, const struct pad *pad,
                  struct error *error);
void port_free(struct port *port);
DEFINE_CLEANUP(struct port *, port_free)

// Whether there could be a pad at PATH: the errors of port_open, without opening it.
int port_check(const char *path, struct error *error);

int port_fd(const struct port *port);

// A pseudo-terminal has none.
bool port_has_speed(const struct port *port);

// What has arrived, at most `size` bytes, without waiting: 0 if nothing has. An idle port and an
// unplugged one both have nothing to read: only EPOLLHUP and EPOLLERR tell them apart.
ssize_t port_read(struct port *port, void *bytes, size_t size);

// Writes to a port that was opened for a pad that has to be asked, without waiting: what does not
// fit at once is not written, and the pad will be asked again. -errno.
int port_write(struct port *port, const struct pad_bytes *words);

#endif
