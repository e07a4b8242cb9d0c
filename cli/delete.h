// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon nights --delete
#ifndef PSOASMON_DELETE_H
#define PSOASMON_DELETE_H

#include <stdbool.h>

#include "cli.h"

struct delete_request {
    day_number day;
    const char *start; // "22:30" or "22:30:25"; null: the day's only night
    bool yes;          // do not ask
};

// Deletes a night, by way of psoasmond where it runs. Returns the exit status.
int delete_night(const struct delete_request *request, const struct config *config);

#endif
