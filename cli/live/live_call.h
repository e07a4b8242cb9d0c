// SPDX-License-Identifier: GPL-3.0-or-later
// One call of a running psoasmond.
#ifndef PSOASMON_LIVE_CALL_H
#define PSOASMON_LIVE_CALL_H

#include <systemd/sd-bus.h>

#include "base/error.h"

// Calls a method of the psoasmond that writes DATABASE, with arguments as sd_bus_message_append
// takes them. The caller owns *ret_answer (may be null). -ENOENT, -ECONNREFUSED: there is none;
// -EREMOTEIO: it refuses; other -errno. With a message.
int live_call(sd_bus_message **ret_answer, const char *database, struct error *error,
              const char *method, const char *types, ...);

// The same with arguments that `fill` appends, and no answer but that it is done.
typedef int (*live_fill)(sd_bus_message *message, const void *userdata);
int live_call_filled(const char *database, struct error *error, const char *method, live_fill fill,
                     const void *userdata);

#endif
