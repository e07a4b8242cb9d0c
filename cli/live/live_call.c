// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_call.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "bus.h"
#include "plain.h"
#include "words.h"

// To connect. The answer may take longer: what was asked for is done when it comes.
#define TIMEOUT_US UINT64_C(5000000)

static int tell(const char *database, int r, const sd_bus_error *why, struct error *error)
{
    error_set(error, r, _("the psoasmond of %s: %s"), database,
              why->message ? why->message : strerror(-r));
    plain_text(error->text);
    // Who answered is there, whatever errno its words stand for.
    return sd_bus_error_is_set(why) ? -EREMOTEIO : r;
}

int live_call(sd_bus_message **ret_answer, const char *database, struct error *error,
              const char *method, const char *types, ...)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_error_free) sd_bus_error why = SD_BUS_ERROR_NULL;
    int r = bus_open(&bus, database, TIMEOUT_US);
    if (r >= 0) {
        va_list arguments;
        va_start(arguments, types);
        r = sd_bus_call_methodv(bus, BUS_NAME, BUS_PATH, BUS_INTERFACE, method, &why, ret_answer,
                                types, arguments);
        va_end(arguments);
    }
    return r < 0 ? tell(database, r, &why, error) : 0;
}

int live_call_filled(const char *database, struct error *error, const char *method, live_fill fill,
                     const void *userdata)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
    _cleanup_(sd_bus_error_free) sd_bus_error why = SD_BUS_ERROR_NULL;
    int r = bus_open(&bus, database, TIMEOUT_US);
    if (r >= 0)
        r = sd_bus_message_new_method_call(bus, &message, BUS_NAME, BUS_PATH, BUS_INTERFACE,
                                           method);
    if (r >= 0)
        r = fill(message, userdata);
    if (r >= 0)
        r = sd_bus_call(bus, message, 0, &why, NULL);
    return r < 0 ? tell(database, r, &why, error) : 0;
}
