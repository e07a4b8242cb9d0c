// SPDX-License-Identifier: GPL-3.0-or-later
#include "live_label.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "bus.h"
#include "plain.h"

// To connect. The answer may take longer: the label is on the disk when it comes.
#define TIMEOUT_US UINT64_C(5000000)

int live_label(const char *database, int64_t time_s, const char *position, struct error *error)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_error_free) sd_bus_error why = SD_BUS_ERROR_NULL;
    int r = bus_open(&bus, database, TIMEOUT_US);
    if (r >= 0 && position)
        r = sd_bus_call_method(bus, BUS_NAME, BUS_PATH, BUS_INTERFACE, "Label", &why, NULL, "xs",
                               time_s, position);
    else if (r >= 0)
        r = sd_bus_call_method(bus, BUS_NAME, BUS_PATH, BUS_INTERFACE, "Unlabel", &why, NULL, "x",
                               time_s);
    if (r >= 0)
        return 0;
    error_set(error, r, "the psoasmond of %s: %s", database,
              why.message ? why.message : strerror(-r));
    plain_text(error->text);
    // Who answered is there, whatever errno its words stand for.
    return sd_bus_error_is_set(&why) ? -EREMOTEIO : r;
}
