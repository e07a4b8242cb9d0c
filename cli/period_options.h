// SPDX-License-Identifier: GPL-3.0-or-later
// The options that name a period, for the verbs that take one.
#ifndef PSOASMON_PERIOD_OPTIONS_H
#define PSOASMON_PERIOD_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "period.h"

// Values above those of cli.h and of any verb.
enum period_option {
    PERIOD_OPTION_NIGHT = 0x200,
    PERIOD_OPTION_WEEK,
    PERIOD_OPTION_MONTH,
    PERIOD_OPTION_YEAR,
    PERIOD_OPTION_SINCE,
    PERIOD_OPTION_UNTIL,
};

// clang-format off
#define PERIOD_OPTIONS                                                                             \
    {"night", optional_argument, NULL, PERIOD_OPTION_NIGHT},                                       \
    {"week", optional_argument, NULL, PERIOD_OPTION_WEEK},                                         \
    {"month", optional_argument, NULL, PERIOD_OPTION_MONTH},                                       \
    {"year", optional_argument, NULL, PERIOD_OPTION_YEAR},                                         \
    {"since", required_argument, NULL, PERIOD_OPTION_SINCE},                                       \
    {"until", required_argument, NULL, PERIOD_OPTION_UNTIL}
// clang-format on

#define NO_DAY -1

struct period_request {
    enum period_kind kind; // as long as kind_given is false, the verb's own choice
    bool kind_given;
    day_number day;          // of the night, week, ...; NO_DAY: the newest night's
    day_number since, until; // NO_DAY: not given
};
#define PERIOD_REQUEST_NONE                                                                        \
    {                                                                                              \
        .kind = PERIOD_WEEK, .day = NO_DAY, .since = NO_DAY, .until = NO_DAY                       \
    }

static inline bool period_option_is(int option)
{
    return option >= PERIOD_OPTION_NIGHT && option <= PERIOD_OPTION_UNTIL;
}

// Takes one of them, with its optarg. False, with an error line, where it makes no sense.
bool period_option_take(struct period_request *request, int option);

// To be called once all are taken: the same of what they say together. --since or --until make it
// PERIOD_DATES.
bool period_request_check(struct period_request *request);

// What is asked for, given the newest night. Without --since, from the first day there is.
struct period period_requested(const struct period_request *request, day_number newest,
                               enum config_week week);

#endif
