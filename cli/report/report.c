// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon report: in which positions the nights of a period were slept.
#include "report/report.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "report/alert.h"
#include "awake/advice.h"
#include "cli.h"
#include "period_options.h"
#include "report/report_forms.h"
#include "report/report_rows.h"
#include "report/report_words.h"
#include "store/store_export.h"
#include "target.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon report [PERIOD] [OPTION]...\n"
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
       "A FILE is replaced once it is whole, and only its owner may read it; - is\n"
       "standard output.\n"
       "\n"
       "Options:\n"
       "  --bouts           each night as a timeline and as a list of its stretches of\n"
       "                    time in one position (always with --night)\n"
       "  --why             of a week, every rule of its advice: what it goes by, the\n"
       "                    numbers, and whether it spoke\n"
       "  --plain           in sentences, to be read aloud\n"
       "  --json            for programs\n"
       "  --csv             a row a night, for spreadsheets\n"
       "  --html FILE       a page of its own, to be looked at in a browser\n"
       "  --svg FILE        the chart alone\n"
       "  --png FILE        the same as a picture\n"
       "  --somnopose FILE  what the sleeper lay like, for OSCAR\n"
       "  --alert EXPR      a line and exit status 4 if it is so, else silence: a\n"
       "                    figure of docs/report.md, < or >, and a number with its\n"
       "                    unit: 'friendly<20%', 'bedtime>23:30' (repeatable)\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 no data for that period, 4 an\n"
       "alert.\n");

enum {
    OPTION_BOUTS = CLI_OPTION_OWN,
    OPTION_ALERT,
    OPTION_WHY,
    OPTION_FORM, // and the forms behind it
};

#define ALERTS_MAX 16

enum needs {
    NEEDS_BOUTS = 1,   // of each night
    NEEDS_BANDS = 2,   // the same, where each night is shown, and not months
    NEEDS_MINUTES = 4, // what they say about breathing and movement
};

// How a report is put out.
struct form {
    const char *option;
    int takes; // required_argument: the FILE that it goes into
    unsigned needs;
    int (*print)(FILE *stream, const struct report *report);
};

static int print_terminal(FILE *stream, const struct report *report)
{
    struct screen screen = screen_of_stdout();
    return report_print_table(stream, &screen, report);
}

static const struct form terminal = {.print = print_terminal};

static const struct form forms[] = {
    {"plain", no_argument, 0, report_print_plain},
    {"json", no_argument, NEEDS_MINUTES, report_print_json},
    {"csv", no_argument, NEEDS_MINUTES, report_print_csv},
    {"html", required_argument, NEEDS_BANDS, report_print_html},
    {"svg", required_argument, 0, report_print_svg},
    {"png", required_argument, 0, report_print_png},
    {"somnopose", required_argument, NEEDS_BOUTS, report_print_somnopose},
};
#define FORM_N (sizeof forms / sizeof *forms)

struct request {
    struct cli_files files;
    struct period_request period;
    const struct form *form;
    const char *path; // null: standard output
    bool bouts;
    bool why; // the rules of the advice, and nothing else
    struct alert alerts[ALERTS_MAX];
    unsigned n_alerts;
};

static bool take_alert(struct request *request)
{
    struct error error = {0};
    if (request->n_alerts == ALERTS_MAX)
        cli_fail(CLI_USAGE, _("--alert more than %d times"), ALERTS_MAX);
    else if (alert_parse(&request->alerts[request->n_alerts], optarg, &error) < 0)
        cli_fail(CLI_USAGE, "%s", error.text);
    else
        return request->n_alerts++, true;
    return false;
}

static bool take_form(struct request *request, const struct form *form)
{
    if (request->form != &terminal && request->form != form) {
        cli_fail(CLI_USAGE, _("one form at a time: --%s or --%s"), request->form->option,
                 form->option);
        return false;
    }
    request->form = form;
    request->path = optarg;
    return true;
}

// Returns true if the verb is to go on; else *status is what it is to return.
static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    if (period_option_is(option))
        return period_option_take(&request->period, option);
    if (option >= OPTION_FORM && option < OPTION_FORM + (int)FORM_N)
        return take_form(request, &forms[option - OPTION_FORM]);
    if (option == OPTION_ALERT)
        return take_alert(request);
    if (option == OPTION_WHY)
        return request->why = true;
    if (option != OPTION_BOUTS)
        return cli_option(option, &request->files, help, status);
    request->bouts = true;
    return true;
}

static bool parse_request(int argc, char **argv, struct request *request, int *status)
{
    const struct option own[] = {
        CLI_OPTIONS,
        PERIOD_OPTIONS,
        {"bouts", no_argument, NULL, OPTION_BOUTS},
        {"alert", required_argument, NULL, OPTION_ALERT},
        {"why", no_argument, NULL, OPTION_WHY},
    };
    const size_t n = sizeof own / sizeof *own;
    struct option options[sizeof own / sizeof *own + FORM_N + 1] = {0};
    memcpy(options, own, sizeof own);
    for (size_t i = 0; i < FORM_N; i++)
        options[n + i] =
            (struct option){forms[i].option, forms[i].takes, NULL, OPTION_FORM + (int)i};

    *request = (struct request){.period = PERIOD_REQUEST_NONE, .form = &terminal};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(request, option, status))
            return false;
    if (!cli_no_arguments(argc, argv, status))
        return false;
    *status = CLI_USAGE;
    if (!period_request_check(&request->period))
        return false;
    if (request->n_alerts > 0 && (request->form != &terminal || request->bouts)) {
        cli_fail(CLI_USAGE, _("--alert prints a line of its own, without --%s"),
                 request->bouts ? "bouts" : request->form->option);
        return false;
    }
    if (request->why && request->period.kind != PERIOD_WEEK) {
        cli_fail(CLI_USAGE, _("--why is of a week: there is advice in no other report"));
        return false;
    }
    if (request->why && (request->form != &terminal || request->bouts || request->n_alerts > 0)) {
        cli_fail(CLI_USAGE, _("--why prints the rules and nothing else, without --%s"),
                 request->bouts          ? "bouts"
                 : request->n_alerts > 0 ? "alert"
                                         : request->form->option);
        return false;
    }
    if (request->period.until == NO_DAY || request->period.since != NO_DAY)
        return true;
    cli_fail(CLI_USAGE, _("--until needs --since"));
    return false;
}

static int print_report(const struct request *request, const struct report *report)
{
    _cleanup_(target_done) struct target target = {0};
    int status = target_open(&target, request->path ? request->path : "-");
    if (status != CLI_DONE)
        return status;
    int r = request->form->print(target.stream, report);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : target_close(&target);
}

static int print_alerts(const struct request *request, const struct report *report)
{
    struct figures figures;
    if (figures_of(&figures, report) < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(ENOMEM));
    int status = CLI_DONE;
    char text[ALERT_TEXT_SIZE], title[128];
    period_title(&report->period, title, sizeof title);
    for (unsigned i = 0; i < request->n_alerts; i++) {
        const struct alert *alert = &request->alerts[i];
        enum alert_outcome outcome = alert_judge(alert, &figures);
        alert_text(alert, &figures, text);
        if (outcome == ALERT_FIRES) {
            printf("%s (%s)\n", text, title);
            status = ALERT_STATUS;
        } else if (outcome == ALERT_UNKNOWN && status == CLI_DONE) {
            status = cli_fail(CLI_NO_DATA, _("%s is not known of %s"),
                              _(figure_fact(alert->figure)->title), title);
        }
    }
    return status;
}

static int print_why(const struct report *report)
{
    struct figures figures;
    struct advice advice;
    struct screen screen = screen_of_stdout();
    char title[WORDS_SIZE];
    if (figures_of(&figures, report) < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(ENOMEM));
    words_title(report, title);
    printf("%s\n\n", title);
    advice_of(&advice, report, &figures);
    advice_why(stdout, &screen, &advice);
    return CLI_DONE;
}

// What a form shows is of one moment.
static int report(const struct request *request, const struct config *config)
{
    _cleanup_(store_freep) struct store *store = NULL;
    day_number newest;
    int status = cli_open_nights(config, &store, &newest);
    if (status != CLI_DONE)
        return status;

    bool single = request->period.kind == PERIOD_NIGHT;
    bool json = request->form->print == report_print_json;
    struct report report = {
        .period = period_requested(&request->period, newest, config->week),
        .friendly = config->friendly,
        .day_starts_hour = config->rules.day_starts_hour,
        .now_s = time(NULL),
        .bouts = request->bouts || (single && !json) || request->form->needs & NEEDS_BOUTS,
        .minutes = single || request->form->needs & NEEDS_MINUTES,
    };
    if (request->form->needs & NEEDS_BANDS && !report_has_months(&report))
        report.bouts = true;
    int r = report_gather(&report, store);
    if (r < 0)
        status = cli_store_failed(store, r);
    else if (report.nights.n == 0)
        status = cli_no_nights(report.period.from, report.period.to, newest);
    else if (request->n_alerts > 0)
        status = print_alerts(request, &report);
    else if (request->why)
        status = print_why(&report);
    else
        status = print_report(request, &report);
    report_free(&report);
    return status;
}

int verb_report(int argc, char **argv)
{
    int status;
    struct request request;
    struct config config;
    if (!parse_request(argc, argv, &request, &status))
        return status;
    status = cli_load(&request.files, &config);
    return status == CLI_DONE ? report(&request, &config) : status;
}
