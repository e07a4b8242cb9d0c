// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon stretch: a session on the pad, awake.
#include "awake/stretch.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "awake/keep.h"
#include "calibrate/lead.h"
#include "moment.h"
#include "zone.h"
#include "words.h"

#define DAY_LAST 2932896 // 9999-12-31

static const char help[] =
    N_("Usage: psoasmon stretch [--plan FILE] [--bell] [OPTION]...\n"
       "       psoasmon stretch --list [--plan FILE]\n"
       "       psoasmon stretch --history | --delete TIME | --due\n"
       "\n"
       "Leads through stretches on the pad, awake: what to do and for how long, with\n"
       "rests in between. The pad sees whether the position is held; only held time\n"
       "counts, and the wrong side is told. psoasmond must run; for as long, no night\n"
       "begins. On the terminal: Enter goes on to the next, q leaves, and what was held\n"
       "by then is kept.\n"
       "\n"
       "  --plan FILE       a plan of your own, an ini file: [stretch] rest = 12 and\n"
       "                    [holds] with a line a hold, supine_left_knee = 30\n"
       "  --bell            rings when a position is held, over, or on the wrong side,\n"
       "                    for closed eyes\n"
       "  --pad PAD         the pad's description, where psoasmond uses a file\n"
       "  --calibration FILE\n"
       "                    the sleeper's, instead of the one beside the database\n"
       "  --list            what each stretch is for, how it is done, and when not\n"
       "  --history         the sessions there are\n"
       "  --delete TIME     deletes the session that began at TIME, as --history has it\n"
       "  --due             says nothing: exit status 0 where nothing was held for a\n"
       "                    minute today yet, 3 where it was\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 there is no such session.\n");

enum {
    OPTION_PLAN = CLI_OPTION_OWN,
    OPTION_BELL,
    OPTION_PAD,
    OPTION_CALIBRATION,
    OPTION_LIST,
    OPTION_HISTORY,
    OPTION_DELETE,
    OPTION_DUE,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"plan", required_argument, NULL, OPTION_PLAN},
    {"bell", no_argument, NULL, OPTION_BELL},
    {"pad", required_argument, NULL, OPTION_PAD},
    {"calibration", required_argument, NULL, OPTION_CALIBRATION},
    {"list", no_argument, NULL, OPTION_LIST},
    {"history", no_argument, NULL, OPTION_HISTORY},
    {"delete", required_argument, NULL, OPTION_DELETE},
    {"due", no_argument, NULL, OPTION_DUE},
    {0},
};

struct request {
    struct cli_files files;
    int action; // OPTION_LIST and so on; 0: a session
    unsigned n_actions;
    const char *plan;
    struct stretch_options led;
    int64_t start_s; // of the session to delete
};

static bool take_action(struct request *request, int option)
{
    request->action = option;
    request->n_actions++;
    if (option != OPTION_DELETE || moment_parse(optarg, &request->start_s))
        return true;
    cli_fail(CLI_USAGE, _("'%s' is no time like 2026-01-05T18:30:10+01:00"), optarg);
    return false;
}

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_PLAN:
        request->plan = optarg;
        return true;
    case OPTION_BELL:
        return request->led.bell = true;
    case OPTION_PAD:
        request->led.pad = optarg;
        return true;
    case OPTION_CALIBRATION:
        request->led.calibration = optarg;
        return true;
    case OPTION_LIST:
    case OPTION_HISTORY:
    case OPTION_DELETE:
    case OPTION_DUE:
        return take_action(request, option);
    default:
        return cli_option(option, &request->files, help, status);
    }
}

static const char *contradiction(const struct request *request)
{
    bool led = request->led.bell || request->led.pad || request->led.calibration;
    if (request->n_actions > 1)
        return _("one of --list, --history, --delete and --due at a time");
    if (request->n_actions > 0 && led)
        return _("--bell, --pad and --calibration are for a session");
    if (request->plan && request->action != 0 && request->action != OPTION_LIST)
        return _("--plan is for a session, or for --list");
    return NULL;
}

static int delete_session(const struct config *config, int64_t start_s)
{
    bool there;
    int status = keep_without_stretch(config, start_s, &there);
    if (status == CLI_DONE)
        printf(_("deleted%s\n"),
               there ? _("; psoasmond overwrites its traces in the file when nobody is in bed")
                     : "");
    return status;
}

static int act(const struct request *request, const struct config *config,
               const struct routine *routine)
{
    struct zone zone;
    switch (request->action) {
    case OPTION_LIST:
        stretch_explain(routine);
        return CLI_DONE;
    case OPTION_HISTORY:
        return stretch_history(config, 0, DAY_LAST);
    case OPTION_DELETE:
        return delete_session(config, request->start_s);
    case OPTION_DUE:
        zone_local(&zone);
        return stretch_due(config, night_name((int64_t)time(NULL), &zone, 0));
    default:
        if (!lead_has_terminal())
            return cli_fail(CLI_USAGE, _("a session needs a terminal to be read from; "
                                         "psoasmon stretch --list explains the stretches"));
        return stretch_lead(config, routine, &request->led);
    }
}

int verb_stretch(int argc, char **argv)
{
    struct request request = {0};
    struct routine routine;
    struct config config;
    struct error error = {0};
    int status;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(&request, option, &status))
            return status;
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    const char *wrong = contradiction(&request);
    if (wrong)
        return cli_fail(CLI_USAGE, "%s", wrong);
    routine_usual(&routine);
    if (request.plan && routine_load(&routine, request.plan, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    status = cli_load(&request.files, &config);
    return status == CLI_DONE ? act(&request, &config, &routine) : status;
}
