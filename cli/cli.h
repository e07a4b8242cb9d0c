// SPDX-License-Identifier: GPL-3.0-or-later
// What the verbs of psoasmon share. Each verb is one file, cli/VERB.c or in a room of its own, with
// one entry in the table of main.c and one line in meson.build.
#ifndef PSOASMON_CLI_H
#define PSOASMON_CLI_H

#include <getopt.h>
#include <stdbool.h>

#include "config/config.h"
#include "position/model.h"
#include "store/store.h"

// Exit statuses; scripts rely on them.
enum cli_status {
    CLI_DONE = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,   // the command line makes no sense
    CLI_NO_DATA = 3, // nothing recorded in the period asked for
};

// A verb gets "psoasmon VERB" as argv[0], for getopt's messages, and returns an exit status.
int verb_backup(int argc, char **argv);
int verb_calibrate(int argc, char **argv);
int verb_capture(int argc, char **argv);
int verb_classify(int argc, char **argv);
int verb_diary(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_export(int argc, char **argv);
int verb_label(int argc, char **argv);
int verb_live(int argc, char **argv);
int verb_nights(int argc, char **argv);
int verb_pads(int argc, char **argv);
int verb_positions(int argc, char **argv);
int verb_probe(int argc, char **argv);
int verb_replay(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_simulate(int argc, char **argv);
int verb_stretch(int argc, char **argv);
int verb_status(int argc, char **argv);

// ---- options ----

// What every verb takes. A verb's table of long options begins with CLI_OPTIONS, its own values
// with CLI_OPTION_OWN, and its getopt_long loop hands what it does not know to cli_option.
enum cli_option {
    CLI_OPTION_CONFIG = 0x100,
    CLI_OPTION_DATABASE,
    CLI_OPTION_HELP,
    CLI_OPTION_OWN,
};

// clang-format off
#define CLI_OPTIONS                                                                                \
    {"config", required_argument, NULL, CLI_OPTION_CONFIG},                                        \
    {"database", required_argument, NULL, CLI_OPTION_DATABASE},                                    \
    {"help", no_argument, NULL, CLI_OPTION_HELP}
// clang-format on

// A verb's help is marked with N_(), and has "@options@\n" where the lines about these go.

struct cli_files {
    const char *config;   // --config; null: the installed one, which may be missing
    const char *database; // --database; null: the configured one
};

// Takes one of CLI_OPTIONS; for --help, prints `help`. Returns true if the verb is to go on; else
// *status is what it is to return.
bool cli_option(int option, struct cli_files *files, const char *help, int *status);

// Loads the configuration; config->database becomes the database to use. Prints the error line
// and returns the exit status on failure.
int cli_load(const struct cli_files *files, struct config *config);

// The calibration to use: `given`, or else the one beside the database. The caller frees it; null
// when memory is short.
char *cli_calibration(const struct config *config, const char *given);

// The model uses the calibration in the file. Says what keeps it from that; only a file that must
// exist and does not is a failure, whose exit status is returned.
int cli_use_calibration(struct model *model, const char *pad_name, const char *path,
                        bool must_exist);

// Finds the description of a pad that can tell positions; of one that cannot tell all of them, one
// line says so. Prints the error line and returns the exit status on failure.
int cli_find_pad(struct pad **ret, const char *name);

// Opens the database for reading. Prints the error line and returns the exit status on failure.
int cli_open_store(const struct config *config, struct store **ret);
// And holds the moment: all that is read until the store is freed is of one. CLI_NO_DATA, with a
// line, where there is no night.
int cli_open_nights(const struct config *config, struct store **ret, day_number *ret_newest);

// Opens the database there is for writing; the same of failure.
int cli_open_store_to_write(const struct config *config, struct store **ret);

// The line for a database without any night: CLI_NO_DATA.
int cli_no_night_yet(const struct config *config);

// The words for a failed store_* call, or r's where it has none.
int cli_store_failed(const struct store *store, int r);

// ---- the rest ----

// Prints one line, "psoasmon: ...", with control characters taken out, and returns status.
int cli_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Takes a DAY. Prints the error line and returns false where it is none.
bool cli_day(const char *text, day_number *day);

// The line for a period without a night: CLI_NO_DATA.
int cli_no_nights(day_number from, day_number to, day_number newest);

// Refuses arguments that are left after a verb's options. True if there is none.
bool cli_no_arguments(int argc, char **argv, int *status);

// The name in names[n] a mistyped word was probably meant to be; null if none is near.
const char *cli_nearest(const char *word, const char *const *names, unsigned n);

#endif
