// SPDX-License-Identifier: GPL-3.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "base/text.h"
#include "moment.h"
#include "paths.h"
#include "settings.h"

#define EXIT_USAGE 2

static const char help[] =
    "Usage: psoasmond [OPTION]...\n"
    "\n"
    "Records the nights that a pressure pad under the mattress sees.\n"
    "\n"
    "  --port PATH       the serial port the pad is on\n"
    "  --pad NAME|PATH   the pad, by name or by the path of its .pad file\n"
    "  --database FILE   where nights are kept\n"
    "  --calibration FILE\n"
    "                    the sleeper's, by psoasmon calibrate (default: DATABASE-calibration)\n"
    "  --config FILE     the configuration, instead of " PSOASMON_CONFIG "\n"
    "  --system-bus[=INSTANCE]\n"
    "                    answer on the system bus, too, where there is one; INSTANCE: which of\n"
    "                    several psoasmonds this is\n"
    "  --rate HZ         count the frames' times, so many a second from --start on, instead of\n"
    "                    taking them from the clock: for replays and tests\n"
    "  --start TIME      with --rate: the first frame's time, YYYY-MM-DDTHH:MM:SS[Z|+HH:MM],\n"
    "                    without a zone local time (default: now)\n"
    "  --check-config    say whether the configuration is right, and stop\n"
    "  --configured      succeed if there is something to record: a pad or a port is named\n"
    "  --version         the version\n"
    "  --help            this text\n"
    "\n"
    "Without an option, the configuration says. SIGHUP reads it again.\n"
    "Exit status: 0 stopped, 1 failed, 2 bad usage.\n";

enum {
    OPTION_PORT = 0x100,
    OPTION_PAD,
    OPTION_DATABASE,
    OPTION_CALIBRATION,
    OPTION_CONFIG,
    OPTION_SYSTEM_BUS,
    OPTION_RATE,
    OPTION_START,
    OPTION_CHECK_CONFIG,
    OPTION_CONFIGURED,
    OPTION_VERSION,
    OPTION_HELP,
};

static const struct option table[] = {
    {"port", required_argument, NULL, OPTION_PORT},
    {"pad", required_argument, NULL, OPTION_PAD},
    {"database", required_argument, NULL, OPTION_DATABASE},
    {"calibration", required_argument, NULL, OPTION_CALIBRATION},
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"system-bus", optional_argument, NULL, OPTION_SYSTEM_BUS},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"start", required_argument, NULL, OPTION_START},
    {"check-config", no_argument, NULL, OPTION_CHECK_CONFIG},
    {"configured", no_argument, NULL, OPTION_CONFIGURED},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"help", no_argument, NULL, OPTION_HELP},
    {0},
};

static bool refuse(int *status, const char *what)
{
    fprintf(stderr, "psoasmond: %s\n", what);
    *status = EXIT_USAGE;
    return false;
}

static bool stop(int *status, const char *text)
{
    fputs(text, stdout);
    *status = 0;
    return false;
}

static bool take(struct options *options, int option, bool *has_start, int *status)
{
    switch (option) {
    case OPTION_PORT:
        options->port = optarg;
        return *optarg || refuse(status, "--port: a path is missing");
    case OPTION_PAD:
        options->pad = optarg;
        return *optarg || refuse(status, "--pad: a name is missing");
    case OPTION_DATABASE:
        options->database = optarg;
        return *optarg || refuse(status, "--database: a path is missing");
    case OPTION_CALIBRATION:
        options->calibration = optarg;
        return *optarg || refuse(status, "--calibration: a path is missing");
    case OPTION_CONFIG:
        options->config = optarg;
        return *optarg || refuse(status, "--config: a path is missing");
    case OPTION_SYSTEM_BUS:
        options->system_bus = optarg ? optarg : "";
        return true;
    case OPTION_RATE:
        return text_double(optarg, 0.01, 1000, &options->rate_hz) ||
               refuse(status, "--rate: not a number of frames a second, 0.01 to 1000");
    case OPTION_START:
        *has_start = true;
        return moment_parse(optarg, &options->start_s) ||
               refuse(status, "--start: not a time like 2026-01-05T22:30:00");
    case OPTION_CHECK_CONFIG:
        options->check_config = true;
        return true;
    case OPTION_CONFIGURED:
        options->configured = true;
        return true;
    case OPTION_VERSION:
        return stop(status, "psoasmond " PSOASMON_VERSION "\n");
    case OPTION_HELP:
        return stop(status, help);
    default: // getopt has said what is wrong
        *status = EXIT_USAGE;
        return false;
    }
}

bool options_parse(struct options *options, int argc, char **argv, int *status)
{
    static char name[] = "psoasmond"; // how getopt's messages begin
    argv[0] = name;
    *options = (struct options){.start_s = (int64_t)time(NULL)};
    bool has_start = false;
    for (int option; (option = getopt_long(argc, argv, "", table, NULL)) != -1;)
        if (!take(options, option, &has_start, status))
            return false;
    if (optind < argc)
        return refuse(status, "arguments are not understood; see psoasmond --help");
    if (has_start && options->rate_hz <= 0)
        return refuse(status, "--start is for --rate only");
    return true;
}
