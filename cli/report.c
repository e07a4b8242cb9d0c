// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon report: in which positions the nights of a period were slept.
#include "report.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "report_forms.h"

static const char help[] =
    "Usage: psoasmon report [PERIOD] [OPTION]...\n"
    "\n"
    "In which positions you slept, which of them let the psoas rest, and whether it\n"
    "was more than before.\n"
    "\n"
    "PERIOD, by default the week of the newest night:\n"
    "  --night[=DAY]     the newest night, or that of DAY (2026-01-05)\n"
    "  --week[=DAY]      the week of the newest night, or that with DAY\n"
    "  --month[=DAY]     the month\n"
    "  --year[=DAY]      the year\n"
    "  --since DAY       from DAY to the newest night, or to\n"
    "  --until DAY       this last day\n"
    "\n"
    "A night has the date of the evening it began. The period before, as long, stands\n"
    "beside each figure. An arrow is there only where the nights of both differ, on\n"
    "average, by more than their own standard deviation, and by Welch's t-test at\n"
    "95%; and from three nights on either side. \"To bed\" and \"mid-night, give or\n"
    "take\" are standard deviations about the usual hour: the smaller, the more\n"
    "regular. docs/report.md explains every figure.\n"
    "\n"
    "Options:\n"
    "  --bouts           each stretch of time in one position (always with --night)\n"
    "  --json            for programs\n" CLI_OPTIONS_HELP;

enum {
    OPTION_NIGHT = CLI_OPTION_OWN,
    OPTION_WEEK,
    OPTION_MONTH,
    OPTION_YEAR,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_BOUTS,
    OPTION_JSON,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"night", optional_argument, NULL, OPTION_NIGHT},
    {"week", optional_argument, NULL, OPTION_WEEK},
    {"month", optional_argument, NULL, OPTION_MONTH},
    {"year", optional_argument, NULL, OPTION_YEAR},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"bouts", no_argument, NULL, OPTION_BOUTS},
    {"json", no_argument, NULL, OPTION_JSON},
    {0},
};

#define NO_DAY -1

// What the command line asks for.
struct request {
    struct cli_files files;
    enum period_kind kind;
    bool kind_given;
    day_number day;          // of the night, week, ...; NO_DAY: the newest night's
    day_number since, until; // NO_DAY: not given
    bool bouts, json;
};

static bool take_kind(struct request *request, enum period_kind kind)
{
    if (request->kind_given && request->kind != kind) {
        cli_fail(CLI_USAGE, "one period at a time: --%s or --%s", period_kind_name(request->kind),
                 period_kind_name(kind));
        return false;
    }
    request->kind_given = true;
    request->kind = kind;
    return !optarg || cli_day(optarg, &request->day);
}

// Returns true if the verb is to go on; else *status is what it is to return.
static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_NIGHT:
        return take_kind(request, PERIOD_NIGHT);
    case OPTION_WEEK:
        return take_kind(request, PERIOD_WEEK);
    case OPTION_MONTH:
        return take_kind(request, PERIOD_MONTH);
    case OPTION_YEAR:
        return take_kind(request, PERIOD_YEAR);
    case OPTION_SINCE:
        return cli_day(optarg, &request->since);
    case OPTION_UNTIL:
        return cli_day(optarg, &request->until);
    case OPTION_BOUTS:
        request->bouts = true;
        return true;
    case OPTION_JSON:
        request->json = true;
        return true;
    default:
        return cli_option(option, &request->files, help, status);
    }
}

static bool parse_request(int argc, char **argv, struct request *request, int *status)
{
    *request =
        (struct request){.kind = PERIOD_WEEK, .day = NO_DAY, .since = NO_DAY, .until = NO_DAY};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(request, option, status))
            return false;
    if (!cli_no_arguments(argc, argv, status))
        return false;

    *status = CLI_USAGE;
    bool dates = request->since != NO_DAY || request->until != NO_DAY;
    if (dates && request->kind_given) {
        cli_fail(CLI_USAGE, "--since and --until are a period of their own, without --%s",
                 period_kind_name(request->kind));
        return false;
    }
    if (dates && request->since == NO_DAY) {
        cli_fail(CLI_USAGE, "--until needs --since");
        return false;
    }
    if (request->until != NO_DAY && request->until < request->since) {
        cli_fail(CLI_USAGE, "--until is before --since");
        return false;
    }
    if (dates)
        request->kind = PERIOD_DATES;
    return true;
}

static struct period requested_period(const struct request *request, day_number newest,
                                      enum config_week week)
{
    if (request->kind != PERIOD_DATES)
        return period_around(request->kind, request->day == NO_DAY ? newest : request->day, week);
    day_number until = request->until == NO_DAY ? newest : request->until;
    return (struct period){.kind = PERIOD_DATES, .from = request->since, .to = until};
}

static int print_report(const struct report *report, bool json)
{
    struct screen screen = screen_of_stdout();
    int r = json ? report_print_json(stdout, report) : report_print_table(stdout, &screen, report);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : CLI_DONE;
}

int verb_report(int argc, char **argv)
{
    int status;
    struct request request;
    struct config config;
    if (!parse_request(argc, argv, &request, &status))
        return status;
    status = cli_load(&request.files, &config);
    if (status != CLI_DONE)
        return status;

    _cleanup_(store_freep) struct store *store = NULL;
    status = cli_open_store(&config, &store);
    if (status != CLI_DONE)
        return status;
    day_number newest;
    int r = store_newest_day(store, &newest);
    if (r < 0)
        return cli_store_failed(store, r);
    if (r == 0)
        return cli_fail(CLI_NO_DATA, "%s: no night has been recorded yet", config.database);

    struct report report = {
        .period = requested_period(&request, newest, config.week),
        .friendly = config.friendly,
        .day_starts_hour = config.rules.day_starts_hour,
        .now_s = time(NULL),
        .bouts = request.bouts || (request.kind == PERIOD_NIGHT && !request.json),
    };
    r = report_gather(&report, store);
    if (r < 0)
        status = cli_store_failed(store, r);
    else if (report.nights.n == 0)
        status = cli_no_nights(report.period.from, report.period.to, newest);
    else
        status = print_report(&report, request.json);
    report_free(&report);
    return status;
}
