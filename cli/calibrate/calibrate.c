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
#include "calibrate/fitting.h"
#include "input.h"
#include "calibrate/lead.h"
#include "pad/deframer.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon calibrate --positions [--hold POSITION]...\n"
       "       psoasmon calibrate --positions --pad PAD --from POSITION=FILE...\n"
       "       psoasmon calibrate --show | --undo | --list-positions\n"
       "\n"
       "Fits the position model to one sleeper, who holds a few positions for 20 seconds\n"
       "each. On a terminal, while psoasmond runs, it says which, and waits until they\n"
       "are held; Enter skips one, Ctrl-C ends it all. The last 7 seconds of each are\n"
       "held back: only if they are taken more rightly than before, the calibration is\n"
       "kept, and used by psoasmond and replay.\n"
       "\n"
       "  --positions       learn, try and, if it helps, keep\n"
       "  --hold POSITION   hold this one, instead of the usual six; may be given more\n"
       "                    than once\n"
       "  --from POSITION=FILE[,POSITION=FILE]...\n"
       "                    what the pad sent from the moment they lay so (- is\n"
       "                    standard input), instead of psoasmond's pad; may be given\n"
       "                    more than once\n"
       "  --pad PAD         the pad's name, or the path of a .pad file (default:\n"
       "                    psoasmond's)\n"
       "  --rate HZ         frames a second in the files (default: the pad's own)\n"
       "  --show            what is in force\n"
       "  --undo            back to the model as it came; the file is kept as FILE.old\n"
       "  --list-positions  the names of the positions\n"
       "  --calibration FILE\n"
       "                    the calibration, instead of DATABASE-calibration\n"
       "@options@\n");

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

    enum position holds[SESSION_HOLDS_MAX];
    unsigned n_holds;

    // What the files go through.
    struct fitting *fitting;
    struct deframer *deframer;
    struct pressure_map map;
};

// ---- the command line ----

static int take_position(const char *text, const char *option, enum position *ret)
{
    int position = position_from_identifier(text);
    if (position < 0 || position >= POSITION_BODY_N)
        return cli_fail(-EINVAL, _("%s: '%s' is no position to lie in; see --list-positions"),
                        option, text);
    *ret = (enum position)position;
    return 0;
}

static int take_hold(struct calibrate *calibrate, const char *text)
{
    if (calibrate->n_holds == SESSION_HOLDS_MAX)
        return cli_fail(-EINVAL, _("--hold: more than %d positions"), SESSION_HOLDS_MAX);
    return take_position(text, "--hold", &calibrate->holds[calibrate->n_holds++]);
}

// One POSITION=FILE; `text` is taken apart.
static int take_recorded(struct calibrate *calibrate, char *text)
{
    char *file = strchr(text, '=');
    if (!file || !file[1])
        return cli_fail(-EINVAL, _("--from: '%s' is no POSITION=FILE"), text);
    *file++ = '\0';
    if (calibrate->n_recorded == SESSION_HOLDS_MAX)
        return cli_fail(-EINVAL, _("--from: more than %d recordings"), SESSION_HOLDS_MAX);
    struct recorded *recorded = &calibrate->recorded[calibrate->n_recorded++];
    recorded->file = file;
    return take_position(text, "--from", &recorded->position);
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
        return cli_fail(-EINVAL, _("only one of --positions, --show, --undo and --list-positions"));
    calibrate->action = action;
    return 0;
}

static int check_together(const struct calibrate *calibrate)
{
    bool learns = calibrate->action == ACTION_POSITIONS, from_files = calibrate->n_recorded > 0;
    if (calibrate->action == ACTION_NONE)
        return cli_fail(-EINVAL,
                        _("calibrate needs --positions, --show, --undo or --list-positions"));
    if (!learns && (from_files || calibrate->n_holds > 0))
        return cli_fail(-EINVAL, _("--from and --hold are for --positions"));
    if (from_files && calibrate->n_holds > 0)
        return cli_fail(-EINVAL,
                        _("--hold goes with psoasmond's pad, --from with files: not both"));
    if (from_files && !calibrate->pad_name)
        return cli_fail(-EINVAL, _("calibrate --positions --from needs --pad PAD"));
    if (!from_files && calibrate->rate_hz > 0)
        return cli_fail(-EINVAL, _("--rate is for --from"));
    if (learns && !from_files && !lead_has_terminal())
        return cli_fail(-EINVAL, _("calibrate --positions leads the sleeper on a terminal; without "
                                   "one, give it --from POSITION=FILE"));
    return 0;
}

enum {
    OPTION_POSITIONS = CLI_OPTION_OWN,
    OPTION_PAD,
    OPTION_FROM,
    OPTION_HOLD,
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
    case OPTION_HOLD:
        return take_hold(calibrate, optarg);
    case OPTION_RATE:
        if (text_double(optarg, 0.001, 1000, &calibrate->rate_hz))
            return 0;
        return cli_fail(-EINVAL, _("--rate: '%s' is no rate from 0.001 to 1000"), optarg);
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
        {"hold", required_argument, NULL, OPTION_HOLD},
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
        surface_read(calibrate->fitting->surface, &deframed->frame, &calibrate->map) != 0)
        return 0;
    return session_see(calibrate->fitting->session, &calibrate->map,
                       (double)deframed->number / calibrate->rate_hz);
}

static int take_piece(const struct input_piece *piece, void *userdata)
{
    struct calibrate *calibrate = userdata;
    return deframer_push(calibrate->deframer, piece->bytes, piece->length, on_frame, calibrate);
}

static int read_recorded(struct calibrate *calibrate, const struct recorded *recorded)
{
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    int r = deframer_new(&deframer, calibrate->fitting->pad);
    if (r == 0)
        r = session_hold(calibrate->fitting->session, recorded->position);
    calibrate->deframer = deframer;
    if (r == 0)
        r = input_read(recorded->file, take_piece, calibrate);
    if (r == 0)
        r = deframer_finish(deframer, on_frame, calibrate);
    return r < 0 ? cli_fail(CLI_FAILED, "%s: %s", recorded->file, strerror(-r)) : r;
}

// Whose psoasmond uses the calibration.
static const char *database_of(const struct calibrate *calibrate, const struct config *config)
{
    return calibrate->calibration ? NULL : config->database;
}

static int learn_from_files(struct calibrate *calibrate, struct fitting *fitting)
{
    int status = fitting_begin(fitting, calibrate->pad_name);
    if (status != CLI_DONE)
        return status;
    if (calibrate->rate_hz <= 0)
        calibrate->rate_hz = fitting->pad->rate_hz;
    calibrate->fitting = fitting;
    for (unsigned i = 0; i < calibrate->n_recorded && status == CLI_DONE; i++)
        status = read_recorded(calibrate, &calibrate->recorded[i]);
    return status == CLI_DONE ? fitting_conclude(fitting) : status;
}

static int calibrate_positions(struct calibrate *calibrate, const struct config *config,
                               struct model *model, const char *path)
{
    struct fitting fitting = {
        .model = model,
        .path = path,
        .database = database_of(calibrate, config),
    };
    int status;
    if (calibrate->n_recorded > 0)
        status = learn_from_files(calibrate, &fitting);
    else
        status = lead(&fitting, config->database, calibrate->pad_name, calibrate->holds,
                      calibrate->n_holds);
    fitting_end(&fitting);
    return status;
}

// ---- the rest ----

static void print_calibration(const struct calibration *calibration, const char *path)
{
    char day[DAY_TEXT_SIZE];
    day_format((day_number)(calibration->made_s / 86400), day);
    printf(_("%s\n  made %s for the pad %s and the weights %s\n  positions held:"), path, day,
           calibration->pad, calibration->weights);
    for (int i = 0; i < POSITION_BODY_N; i++)
        if (calibration->held & POSITION_BIT(i))
            printf(" %s", position_identifier((enum position)i));
    printf(_("\n  of %u frames held back %u were right before, %u after\n"), calibration->frames,
           calibration->right_before, calibration->right_after);
}

static int show(const struct model *model, const char *path)
{
    struct calibration calibration;
    struct error error = {0};
    int r = calibration_load(&calibration, path, model, &error);
    if (r == -ENOENT) {
        printf(_("none: there is no %s\n"), path);
        return CLI_DONE;
    }
    if (r < 0)
        return cli_fail(CLI_FAILED, _("not used: %s"), error.text);
    print_calibration(&calibration, path);
    if (r == CALIBRATION_OTHER)
        printf(_("  not used: the weights are %s now; calibrate again\n"),
               model_weights_name(model));
    return CLI_DONE;
}

static int undo(const char *path, const char *database)
{
    struct error error = {0};
    int r = calibration_undo(path, &error);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    printf(_("No longer used; kept as %s.old\n"), path);
    if (database)
        fitting_tell_psoasmond(database);
    return CLI_DONE;
}

static int list_positions(void)
{
    for (int i = 0; i < POSITION_BODY_N; i++)
        printf("%-22s %s\n", position_identifier((enum position)i),
               _(position_fact((enum position)i)->title));
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
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (calibrate.action == ACTION_SHOW)
        return show(model, path);
    if (calibrate.action == ACTION_UNDO)
        return undo(path, database_of(&calibrate, &config));
    return calibrate_positions(&calibrate, &config, model, path);
}
