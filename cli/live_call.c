// SPDX-License-Identifier: GPL-3.0-or-later
#include "live_call.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "bus.h"
#include "plain.h"

// To connect. The answer may take longer: what was asked for is done when it comes.
#define TIMEOUT_US UINT64_C(5000000)

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
    if (r >= 0)
        return 0;
    error_set(error, r, "the psoasmond of %s: %s", database,
              why.message ? why.message : strerror(-r));
    plain_text(error->text);
    // Who answered is there, whatever errno its words stand for.
    return sd_bus_error_is_set(&why) ? -EREMOTEIO : r;
}
