// SPDX-License-Identifier: GPL-3.0-or-later
#include "period_options.h"

#include "cli.h"
#include "words.h"

static bool take_kind(struct period_request *request, enum period_kind kind)
{
    if (request->kind_given && request->kind != kind) {
        cli_fail(CLI_USAGE, _("one period at a time: --%s or --%s"),
                 period_kind_name(request->kind), period_kind_name(kind));
        return false;
    }
    request->kind_given = true;
    request->kind = kind;
    return !optarg || cli_day(optarg, &request->day);
}

bool period_option_take(struct period_request *request, int option)
{
    switch (option) {
    case PERIOD_OPTION_NIGHT:
        return take_kind(request, PERIOD_NIGHT);
    case PERIOD_OPTION_WEEK:
        return take_kind(request, PERIOD_WEEK);
    case PERIOD_OPTION_MONTH:
        return take_kind(request, PERIOD_MONTH);
    case PERIOD_OPTION_YEAR:
        return take_kind(request, PERIOD_YEAR);
    case PERIOD_OPTION_SINCE:
        return cli_day(optarg, &request->since);
    case PERIOD_OPTION_UNTIL:
        return cli_day(optarg, &request->until);
    default:
        return false;
    }
}

bool period_request_check(struct period_request *request)
{
    bool dates = request->since != NO_DAY || request->until != NO_DAY;
    if (dates && request->kind_given) {
        cli_fail(CLI_USAGE, _("--since and --until are a period of their own, without --%s"),
                 period_kind_name(request->kind));
        return false;
    }
    if (request->until != NO_DAY && request->until < request->since) {
        cli_fail(CLI_USAGE, _("--until is before --since"));
        return false;
    }
    if (dates)
        request->kind = PERIOD_DATES;
    return true;
}

struct period period_requested(const struct period_request *request, day_number newest,
                               enum config_week week)
{
    if (request->kind != PERIOD_DATES)
        return period_around(request->kind, request->day == NO_DAY ? newest : request->day, week);
    return (struct period){
        .kind = PERIOD_DATES,
        .from = request->since == NO_DAY ? 0 : request->since,
        .to = request->until == NO_DAY ? newest : request->until,
    };
}
