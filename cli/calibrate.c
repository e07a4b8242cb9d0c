// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon calibrate: fits the position model to one sleeper.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "calibration/calibration.h"
#include "calibration/session.h"
#include "cli.h"
#include "input.h"
#include "pad/deframer.h"
#include "rehearsal.h"
#include "screen.h"
#include "surface/surface.h"
#include "table.h"

static const char help[] =
    "Usage: psoasmon calibrate --positions --pad PAD --from POSITION=FILE...\n"
    "       psoasmon calibrate --show | --undo | --list-positions\n"
    "\n"
    "Fits the position model to one sleeper, from what the pad sent while they held\n"
    "a few positions for 20 seconds each: about six, each as it is slept in, first of\n"
    "all on the back with the arms down. The last 7 seconds of each are held back:\n"
    "only if they are taken more rightly than before, the calibration is kept, and\n"
    "used by replay and (from its next start or reload on) by psoasmond.\n"
    "\n"
    "  --positions       learn, try and, if it helps, keep\n"
    "  --pad PAD         a pad's name, or the path of a .pad file\n"
    "  --from POSITION=FILE[,POSITION=FILE]...\n"
    "                    what the pad sent from the moment they lay so (- is\n"
    "                    standard input); may be given more than once\n"
    "  --rate HZ         frames a second (default: the pad's own)\n"
    "  --show            what is in force\n"
    "  --undo            back to the model as it came; the file is kept as FILE.old\n"
    "  --list-positions  the names of the positions\n"
    "  --calibration FILE\n"
    "                    the calibration, instead of DATABASE-calibration\n" CLI_OPTIONS_HELP;

enum action {
    ACTION_NONE,
    ACTION_POSITIONS,
    ACTION_SHOW,
    ACTION_UNDO,
    ACTION_LIST,
};

struct recorded {
    enum position position;
    const char *file;
};

struct calibrate {
    struct cli_files files;
    enum action action;
    const char *pad_name, *calibration;
    double rate_hz;
    struct recorded recorded[SESSION_HOLDS_MAX];
    unsigned n_recorded;

    struct session *session;
    struct surface *surface;
    struct deframer *deframer;
    struct pressure_map map;
};

// ---- the command line ----

// One POSITION=FILE; `text` is taken apart.
static int take_recorded(struct calibrate *calibrate, char *text)
{
    char *file = strchr(text, '=');
    if (!file || !file[1])
        return cli_fail(-EINVAL, "--from: '%s' is no POSITION=FILE", text);
    *file++ = '\0';
    int position = position_from_identifier(text);
    if (position < 0 || position >= POSITION_BODY_N)
        return cli_fail(-EINVAL, "--from: '%s' is no position to lie in; see --list-positions",
                        text);
    if (calibrate->n_recorded == SESSION_HOLDS_MAX)
        return cli_fail(-EINVAL, "--from: more than %d recordings", SESSION_HOLDS_MAX);
    calibrate->recorded[calibrate->n_recorded++] = (struct recorded){(enum position)position, file};
    return 0;
}

static int take_from(struct calibrate *calibrate, char *list)
{
    int r = 0;
    for (char *one; r == 0 && (one = strsep(&list, ","));)
        r = take_recorded(calibrate, one);
    return r;
}

static int take_action(struct calibrate *calibrate, enum action action)
{
    if (calibrate->action != ACTION_NONE && calibrate->action != action)
        return cli_fail(-EINVAL, "only one of --positions, --show, --undo and --list-positions");
    calibrate->action = action;
    return 0;
}

static int check_together(const struct calibrate *calibrate)
{
    bool learns = calibrate->action == ACTION_POSITIONS;
    if (calibrate->action == ACTION_NONE)
        return cli_fail(-EINVAL, "calibrate needs --positions, --show, --undo or --list-positions");
    if (!learns && calibrate->n_recorded > 0)
        return cli_fail(-EINVAL, "--from is for --positions");
    if (learns && !calibrate->pad_name)
        return cli_fail(-EINVAL, "calibrate --positions needs --pad PAD");
    if (learns && calibrate->n_recorded == 0)
        return cli_fail(-EINVAL, "calibrate --positions needs --from POSITION=FILE: what the pad "
                                 "sent is read from files, psoasmond does not hand it out");
    return 0;
}

enum {
    OPTION_POSITIONS = CLI_OPTION_OWN,
    OPTION_PAD,
    OPTION_FROM,
    OPTION_RATE,
    OPTION_SHOW,
    OPTION_UNDO,
    OPTION_LIST,
    OPTION_CALIBRATION,
};

static int take_option(struct calibrate *calibrate, int option, int *status)
{
    switch (option) {
    case OPTION_POSITIONS:
        return take_action(calibrate, ACTION_POSITIONS);
    case OPTION_SHOW:
        return take_action(calibrate, ACTION_SHOW);
    case OPTION_UNDO:
        return take_action(calibrate, ACTION_UNDO);
    case OPTION_LIST:
        return take_action(calibrate, ACTION_LIST);
    case OPTION_PAD:
        calibrate->pad_name = optarg;
        return 0;
    case OPTION_FROM:
        return take_from(calibrate, optarg);
    case OPTION_RATE:
        if (text_double(optarg, 0.001, 1000, &calibrate->rate_hz))
            return 0;
        return cli_fail(-EINVAL, "--rate: '%s' is no rate from 0.001 to 1000", optarg);
    case OPTION_CALIBRATION:
        calibrate->calibration = optarg;
        return 0;
    default:
        return cli_option(option, &calibrate->files, help, status) ? 0 : -EINVAL;
    }
}

static bool parse_options(int argc, char **argv, struct calibrate *calibrate, int *status)
{
    static const struct option options[] = {
        CLI_OPTIONS,
        {"positions", no_argument, NULL, OPTION_POSITIONS},
        {"pad", required_argument, NULL, OPTION_PAD},
        {"from", required_argument, NULL, OPTION_FROM},
        {"rate", required_argument, NULL, OPTION_RATE},
        {"show", no_argument, NULL, OPTION_SHOW},
        {"undo", no_argument, NULL, OPTION_UNDO},
        {"list-positions", no_argument, NULL, OPTION_LIST},
        {"calibration", required_argument, NULL, OPTION_CALIBRATION},
        {0},
    };
    *status = CLI_USAGE;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        if (take_option(calibrate, option, status) < 0)
            return false;
    return check_together(calibrate) == 0 && cli_no_arguments(argc, argv, status);
}

// ---- what the pad sent ----

static int on_frame(const struct deframed *deframed, void *userdata)
{
    struct calibrate *calibrate = userdata;
    if (deframed->drop != DROP_NONE ||
        surface_read(calibrate->surface, &deframed->frame, &calibrate->map) != 0)
        return 0;
    return session_see(calibrate->session, &calibrate->map,
                       (double)deframed->number / calibrate->rate_hz);
}

static int take_piece(const void *bytes, size_t length, void *userdata)
{
    struct calibrate *calibrate = userdata;
    return deframer_push(calibrate->deframer, bytes, length, on_frame, calibrate);
}

static int read_recorded(struct calibrate *calibrate, const struct pad *pad,
                         const struct recorded *recorded)
{
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    int r = deframer_new(&deframer, pad);
    if (r == 0)
        r = session_hold(calibrate->session, recorded->position);
    calibrate->deframer = deframer;
    if (r == 0)
        r = input_read(recorded->file, take_piece, calibrate);
    if (r == 0)
        r = deframer_finish(deframer, on_frame, calibrate);
    return r < 0 ? cli_fail(CLI_FAILED, "%s: %s", recorded->file, strerror(-r)) : r;
}

// ---- the verdict ----

enum column {
    COLUMN_POSITION,
    COLUMN_FRAMES,
    COLUMN_BEFORE,
    COLUMN_AFTER,
    COLUMN_LOSS_BEFORE,
    COLUMN_LOSS_AFTER,
    COLUMN_N
};

static void put_scores(struct table *table, enum table_style style, const char *name,
                       const struct trial_score *before, const struct trial_score *after)
{
    if (after->frames == 0)
        return;
    table_row(table);
    table_cell(table, COLUMN_POSITION, style, "%s", name);
    table_cell(table, COLUMN_FRAMES, style, "%u", after->frames);
    table_cell(table, COLUMN_BEFORE, style, "%u", before->right);
    table_cell(table, COLUMN_AFTER, style, "%u", after->right);
    table_cell(table, COLUMN_LOSS_BEFORE, style, "%.3f", before->loss / before->frames);
    table_cell(table, COLUMN_LOSS_AFTER, style, "%.3f", after->loss / after->frames);
}

static int print_trial(const struct trial *trial)
{
    static const struct table_column columns[COLUMN_N] = {
        [COLUMN_POSITION] = {.heading = "HELD BACK", .width = 22},
        [COLUMN_FRAMES] = {.heading = "FRAMES", .width = 6, .right = true},
        [COLUMN_BEFORE] = {.heading = "RIGHT BEFORE", .width = 12, .right = true},
        [COLUMN_AFTER] = {.heading = "AFTER", .width = 5, .right = true},
        [COLUMN_LOSS_BEFORE] = {.heading = "LOSS BEFORE", .width = 11, .right = true, .drop = 1},
        [COLUMN_LOSS_AFTER] = {.heading = "AFTER", .width = 5, .right = true, .drop = 2},
    };
    struct screen screen = screen_of_stdout();
    struct table table;
    table_begin(&table, &screen, columns, COLUMN_N);
    for (int i = 0; i < POSITION_BODY_N; i++)
        put_scores(&table, TABLE_PLAIN, position_identifier((enum position)i), &trial->before[i],
                   &trial->after[i]);
    struct trial_score before = trial_sum(trial->before), after = trial_sum(trial->after);
    put_scores(&table, TABLE_BOLD, "all", &before, &after);
    put_scores(&table, TABLE_DIM, "simulated sleepers", &trial->others_before,
               &trial->others_after);
    int r = table_print(&table, stdout);
    table_end(&table);
    return r;
}

static int conclude(const struct trial *trial, struct calibration *calibration, const char *path)
{
    struct error error = {0};
    int r = print_trial(trial);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", strerror(-r));
    switch (trial_verdict(trial)) {
    case TRIAL_NO_BETTER:
        return cli_fail(CLI_FAILED, "not used: it does not help on the frames held back");
    case TRIAL_FORGETS:
        return cli_fail(CLI_FAILED, "not used: the model would forget other sleepers; does each "
                                    "FILE show the position it is said to?");
    case TRIAL_HELPS:
        break;
    }
    if (calibration_save(calibration, path, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    printf("\nUsed from now on: %s\n", path);
    return CLI_DONE;
}

static int calibrate_positions(struct calibrate *calibrate, struct model *model, const char *path)
{
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(surface_freep) struct surface *surface = NULL;
    _cleanup_(session_freep) struct session *session = NULL;
    struct error error = {0};
    int status = cli_find_pad(&pad, calibrate->pad_name);
    if (status != CLI_DONE)
        return status;
    // What is in force is what a new calibration has to be better than.
    int r = calibration_use(model, pad->name, path, &error);
    if (r != 0 && r != -ENOENT)
        cli_fail(CLI_FAILED, "not used: %s", error.text);
    if (surface_new(&surface, pad) < 0 || session_new(&session, model) < 0)
        return cli_fail(CLI_FAILED, "out of memory");
    calibrate->surface = surface;
    calibrate->session = session;
    if (calibrate->rate_hz <= 0)
        calibrate->rate_hz = pad->rate_hz;
    for (unsigned i = 0; i < calibrate->n_recorded; i++) {
        status = read_recorded(calibrate, pad, &calibrate->recorded[i]);
        if (status != CLI_DONE)
            return status;
    }
    struct model_correction correction;
    struct trial trial;
    if (rehearse(session, pad) < 0)
        return cli_fail(CLI_FAILED, "out of memory");
    if (session_learn(session, &correction, &trial, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    struct calibration calibration;
    calibration_make(&calibration, model, pad->name, session_held(session), &trial, &correction,
                     (int64_t)time(NULL));
    return conclude(&trial, &calibration, path);
}

// ---- the rest ----

static void print_calibration(const struct calibration *calibration, const char *path)
{
    char day[DAY_TEXT_SIZE];
    day_format((day_number)(calibration->made_s / 86400), day);
    printf("%s\n  made %s for the pad %s and the weights %s\n  positions held:", path, day,
           calibration->pad, calibration->weights);
    for (int i = 0; i < POSITION_BODY_N; i++)
        if (calibration->held & POSITION_BIT(i))
            printf(" %s", position_identifier((enum position)i));
    printf("\n  of %u frames held back %u were right before, %u after\n", calibration->frames,
           calibration->right_before, calibration->right_after);
}

static int show(const struct model *model, const char *path)
{
    struct calibration calibration;
    struct error error = {0};
    int r = calibration_load(&calibration, path, model, &error);
    if (r == -ENOENT) {
        printf("none: there is no %s\n", path);
        return CLI_DONE;
    }
    if (r < 0)
        return cli_fail(CLI_FAILED, "not used: %s", error.text);
    print_calibration(&calibration, path);
    if (r == CALIBRATION_OTHER)
        printf("  not used: the weights are %s now; calibrate again\n", model_weights_name(model));
    return CLI_DONE;
}

static int undo(const char *path)
{
    struct error error = {0};
    int r = calibration_undo(path, &error);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    printf("No longer used; kept as %s.old\n", path);
    return CLI_DONE;
}

static int list_positions(void)
{
    for (int i = 0; i < POSITION_BODY_N; i++)
        printf("%-22s %s\n", position_identifier((enum position)i),
               position_fact((enum position)i)->title);
    return CLI_DONE;
}

int verb_calibrate(int argc, char **argv)
{
    struct calibrate calibrate = {0};
    struct config config;
    struct error error = {0};
    _cleanup_(freep) char *path = NULL;
    _cleanup_(model_freep) struct model *model = NULL;
    int status;
    if (!parse_options(argc, argv, &calibrate, &status))
        return status;
    if (calibrate.action == ACTION_LIST)
        return list_positions();
    status = cli_load(&calibrate.files, &config);
    if (status != CLI_DONE)
        return status;
    if (model_builtin(&model, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    path = cli_calibration(&config, calibrate.calibration);
    if (!path)
        return cli_fail(CLI_FAILED, "out of memory");
    if (calibrate.action == ACTION_SHOW)
        return show(model, path);
    if (calibrate.action == ACTION_UNDO)
        return undo(path);
    return calibrate_positions(&calibrate, model, path);
}
