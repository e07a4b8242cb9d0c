// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon live: what the pad feels right now.
#include <errno.h>

#include "base/text.h"
#include "cli.h"
#include "live/live_lines.h"
#include "live/live_screen.h"
#include "live/live_state.h"
#include "live/terminal.h"
#include "words.h"

#define LINES_MAX 1000000000

static const char help[] =
    N_("Usage: psoasmon live [OPTION]...\n"
       "\n"
       "What the pad feels right now, as a picture that follows the sleeper: head at the\n"
       "top, the sleeper's left at the left. Beside it the position, how sure it is, and\n"
       "how old the picture is; one that has grown old loses its colours. q quits.\n"
       "\n"
       "Where psoasmond ends or the pad is unplugged, it says so and waits for both.\n"
       "Without a terminal that can move its cursor, prints a line a second.\n"
       "\n"
       "  --plain           the lines, in a terminal too\n"
       "  --json            for programs: a line a map, and one when the state changes\n"
       "  --cells           with --json: the map itself, too\n"
       "  --lines N         ends after N lines\n"
       "@options@\n"
       "\n"
       "Exit status: 0 done, 1 failed, 2 bad usage, 3 psoasmond does not run or does not\n"
       "answer.\n");

enum {
    OPTION_PLAIN = CLI_OPTION_OWN,
    OPTION_JSON,
    OPTION_CELLS,
    OPTION_LINES,
};

static const struct option options[] = {
    CLI_OPTIONS,
    {"plain", no_argument, NULL, OPTION_PLAIN},
    {"json", no_argument, NULL, OPTION_JSON},
    {"cells", no_argument, NULL, OPTION_CELLS},
    {"lines", required_argument, NULL, OPTION_LINES},
    {0},
};

struct request {
    struct cli_files files;
    bool plain;
    struct live_lines_options lines;
};

static bool take_option(struct request *request, int option, int *status)
{
    *status = CLI_USAGE;
    switch (option) {
    case OPTION_PLAIN:
        request->plain = true;
        return true;
    case OPTION_JSON:
        request->lines.json = true;
        return true;
    case OPTION_CELLS:
        request->lines.cells = true;
        return true;
    case OPTION_LINES:
        if (text_unsigned(optarg, 1, LINES_MAX, &request->lines.lines))
            return true;
        cli_fail(CLI_USAGE, _("--lines '%s' is no number from 1 on"), optarg);
        return false;
    default:
        return cli_option(option, &request->files, help, status);
    }
}

// Better said now than on a screen of its own.
static int check_answers(const char *database)
{
    struct live_state state;
    struct error error = {0};
    int r = live_state_read(&state, database, &error);
    bool absent = r == -ENOENT || r == -ECONNREFUSED || r == -ETIMEDOUT;
    return r < 0 ? cli_fail(absent ? CLI_NO_DATA : CLI_FAILED, "%s", error.text) : CLI_DONE;
}

int verb_live(int argc, char **argv)
{
    int status;
    struct request request = {0};
    struct config config;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (!take_option(&request, option, &status))
            return status;
    if (!cli_no_arguments(argc, argv, &status))
        return status;
    if (request.lines.cells && !request.lines.json)
        return cli_fail(CLI_USAGE, _("--cells needs --json"));
    status = cli_load(&request.files, &config);
    if (status == CLI_DONE)
        status = check_answers(config.database);
    if (status != CLI_DONE)
        return status;
    bool lines = request.plain || request.lines.json || request.lines.lines || !terminal_there();
    return lines ? live_lines(&config, &request.lines) : live_screen(&config);
}
