// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon: finds the verb and runs it.
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "paths.h"
#include "words.h"

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help; // one line
};

static int verb_help(int argc, char **argv);

// In the order in which somebody new would want them.
static const struct verb verbs[] = {
    {"report", verb_report,
     N_("in which positions you slept, and whether it was more than before")},
    {"status", verb_status, N_("what psoasmond sees right now")},
    {"live", verb_live, N_("what the pad feels right now, as a picture that follows the sleeper")},
    {"nights", verb_nights, N_("every night there is, a line each")},
    {"label", verb_label, N_("corrects the position of a stretch of a night")},
    {"diary", verb_diary, N_("pain, stiffness, hours sat: what only you know of a morning")},
    {"stretch", verb_stretch, N_("leads through stretches on the pad, and counts what is held")},
    {"positions", verb_positions, N_("what each position does to the psoas, and how sure that is")},
    {"replay", verb_replay, N_("what a pad sent, through the same pipeline, into the database")},
    {"classify", verb_classify, N_("what position each frame of a file shows, as JSON")},
    {"probe", verb_probe, N_("which pad is at a port, and how sure that is")},
    {"capture", verb_capture, N_("what comes out of a port, with its times, into a file")},
    {"calibrate", verb_calibrate, N_("fits the position model to one sleeper, in two minutes")},
    {"doctor", verb_doctor, N_("is everything as it should be, and if not, what to do")},
    {"backup", verb_backup, N_("a copy of everything recorded, safe while psoasmond records")},
    {"export", verb_export, N_("everything there is as JSON lines or CSV, for other programs")},
    {"pads", verb_pads, N_("every pad there is a description of")},
    {"simulate", verb_simulate, N_("a virtual pad with somebody asleep on it")},
    {"help", verb_help, N_("what a verb does, and its options")},
};
#define VERB_N (sizeof verbs / sizeof verbs[0])

static void print_help(FILE *stream)
{
    fputs(_("Usage: psoasmon VERB [OPTION]...\n"
            "\n"
            "In which positions you slept, and which of them let the psoas rest.\n"
            "\n"),
          stream);
    for (size_t i = 0; i < VERB_N; i++)
        fprintf(stream, "  %-10s %s\n", verbs[i].name, _(verbs[i].help));
    fputs(_("\n"
            "  --help     this text\n"
            "  --version  the version\n"
            "\n"
            "`psoasmon help VERB` explains a verb.\n"
            "Exit status: 0 done, 1 failed, 2 bad usage, 3 no data for that period.\n"),
          stream);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_N; i++)
        if (strcmp(name, verbs[i].name) == 0)
            return &verbs[i];

    const char *names[VERB_N];
    for (size_t i = 0; i < VERB_N; i++)
        names[i] = verbs[i].name;
    const char *nearest = cli_nearest(name, names, VERB_N);
    if (nearest)
        cli_fail(CLI_USAGE, _("there is no verb '%s'; did you mean '%s'?"), name, nearest);
    else
        cli_fail(CLI_USAGE, _("there is no verb '%s'; see psoasmon --help"), name);
    return NULL;
}

static int run(const struct verb *verb, int argc, char **argv)
{
    char name[64]; // how getopt's messages begin
    snprintf(name, sizeof name, "psoasmon %s", verb->name);
    argv[0] = name;
    optind = 0; // getopt starts afresh
    return verb->run(argc, argv);
}

static int verb_help(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CLI_DONE;
    }
    const struct verb *verb = find_verb(argv[1]);
    if (!verb)
        return CLI_USAGE;
    char option[] = "--help";
    char *arguments[] = {NULL, option, NULL};
    return run(verb, 2, arguments);
}

// A report that did not reach the disk or the pipe whole is a failure.
static int finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return cli_fail(CLI_FAILED, _("cannot write the output: %s"), strerror(errno));
}

// What programs read is the same in every language. getopt takes an option by its beginning, too.
static bool is_for_programs(int argc, char **argv)
{
    static const char *const forms[] = {"--json", "--csv", "--somnopose"};
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        size_t length = strcspn(argv[i], "=");
        for (size_t f = 0; length > 2 && f < sizeof forms / sizeof *forms; f++)
            if (strncmp(argv[i], forms[f], length) == 0)
                return true;
    }
    return argc > 1 && (strcmp(argv[1], "export") == 0 || strcmp(argv[1], "classify") == 0);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    signal(SIGXFSZ, SIG_IGN); // a file that may not grow is an error, to be told
    words_begin(is_for_programs(argc, argv));
    char name[] = "psoasmon"; // how getopt's messages begin
    argv[0] = name;
    for (int option; (option = getopt_long(argc, argv, "+", options, NULL)) != -1;) {
        switch (option) {
        case 'h':
            print_help(stdout);
            return finish(CLI_DONE);
        case 'v':
            puts("psoasmon " PSOASMON_VERSION);
            return finish(CLI_DONE);
        default: // getopt has said what is wrong
            return CLI_USAGE;
        }
    }
    if (optind >= argc) {
        print_help(stderr);
        return CLI_USAGE;
    }
    const struct verb *verb = find_verb(argv[optind]);
    if (!verb)
        return CLI_USAGE;
    return finish(run(verb, argc - optind, argv + optind));
}
