// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon replay: what a pad sent, through the same pipeline as the daemon's, into a database; or,
// with --again, what the database has kept, through a newer model.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "again.h"
#include "base/text.h"
#include "cli.h"
#include "input.h"
#include "moment.h"
#include "progress.h"
#include "recorder/recorder.h"
#include "zone.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon replay --pad PAD [OPTION]... FILE...\n"
       "       psoasmon replay --again [--since DAY] [--until DAY]\n"
       "\n"
       "Plays what a pad sent through the same pipeline as psoasmond, as fast as it\n"
       "goes, into the database. Several FILEs are one stream, in the order given; - is\n"
       "standard input. Nights that would overlap one in the database are refused.\n"
       "A FILE that psoasmon capture made has its own times, and may name its pad.\n"
       "\n"
       "  --pad PAD         a pad's name, or the path of a .pad file\n"
       "  --start TIME      when the first frame was sent: YYYY-MM-DDTHH:MM:SS, then Z,\n"
       "                    +HH:MM or nothing for local time (default: when a capture\n"
       "                    began, or when the first FILE was last changed)\n"
       "  --rate HZ         frames a second (default: the pad's own; of a capture, its\n"
       "                    times)\n"
       "  --calibration FILE\n"
       "                    the sleeper's calibration, instead of DATABASE-calibration\n"
       "\n"
       "With --again, the model of this psoasmon reads the snapshots in the database\n"
       "that an older one read, and reports go by what it is sure of. Labels stay, and\n"
       "nothing that was recorded is lost.\n"
       "\n"
       "  --since DAY       from the night of DAY (2026-01-05) on\n"
       "  --until DAY       this last night\n"
       "\n"
       "@options@\n");

struct replay {
    struct cli_files files;
    bool again, played; // an option of the one way to use it, and of the other
    struct again_days days;
    const char *pad_name, *calibration;
    bool start_given;
    int64_t start_us;
    double rate_hz;
    bool timed;         // the FILEs are captures, and their times count
    int64_t shift_us;   // by which their times are moved
    int64_t arrival_us; // of the last piece

    struct recorder *recorder;
    struct store *store;
    struct zone zone;
    position_set friendly;
    uint64_t bytes, nights;
    struct progress progress;
    bool night_closed; // since the last piece
};

enum {
    OPTION_PAD = CLI_OPTION_OWN,
    OPTION_START,
    OPTION_RATE,
    OPTION_CALIBRATION,
    OPTION_AGAIN,
    OPTION_SINCE,
    OPTION_UNTIL,
};

static const struct option long_options[] = {
    CLI_OPTIONS,
    {"pad", required_argument, NULL, OPTION_PAD},
    {"start", required_argument, NULL, OPTION_START},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"calibration", required_argument, NULL, OPTION_CALIBRATION},
    {"again", no_argument, NULL, OPTION_AGAIN},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {0},
};

static bool take_start(struct replay *replay)
{
    int64_t start_s = 0;
    replay->start_given = moment_parse(optarg, &start_s);
    if (!replay->start_given)
        cli_fail(CLI_USAGE, _("--start: '%s' is no time like 2026-01-05T22:30:00"), optarg);
    replay->start_us = start_s * 1000000;
    return replay->start_given;
}

// Returns true if the verb is to go on; else *status is what it is to return.
static bool take_option(struct replay *replay, int option, int *status)
{
    *status = CLI_USAGE;
    replay->played |= option == OPTION_PAD || option == OPTION_START || option == OPTION_RATE ||
                      option == OPTION_CALIBRATION;
    switch (option) {
    case OPTION_PAD:
        replay->pad_name = optarg;
        return true;
    case OPTION_START:
        return take_start(replay);
    case OPTION_RATE:
        if (text_double(optarg, 0.001, 1000, &replay->rate_hz))
            return true;
        cli_fail(CLI_USAGE, _("--rate: '%s' is no rate from 0.001 to 1000"), optarg);
        return false;
    case OPTION_CALIBRATION:
        replay->calibration = optarg;
        return true;
    case OPTION_AGAIN:
        replay->again = true;
        return true;
    case OPTION_SINCE:
        replay->days.since_given = true;
        return cli_day(optarg, &replay->days.since);
    case OPTION_UNTIL:
        replay->days.until_given = true;
        return cli_day(optarg, &replay->days.until);
    default:
        return cli_option(option, &replay->files, help, status);
    }
}

static bool parse_options(int argc, char **argv, struct replay *replay, int *status)
{
    const struct again_days *days = &replay->days;
    for (int option; (option = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        if (!take_option(replay, option, status))
            return false;
    const char *wrong = NULL;
    if (replay->again && (replay->played || optind < argc))
        wrong = "--again reads what is in the database: it takes no FILE, and of the options only "
                "--since and --until";
    else if (!replay->again && (days->since_given || days->until_given))
        wrong = "--since and --until go with --again";
    else if (days->since_given && days->until_given && days->until < days->since)
        wrong = "--until is before --since";
    else if (!replay->again && optind == argc)
        wrong = "replay needs a FILE (- is standard input)";
    *status = wrong ? cli_fail(CLI_USAGE, "%s", wrong) : CLI_DONE;
    return !wrong;
}

// Without --start: when the first FILE was last changed, or now for standard input.
static int64_t default_start_s(const char *file)
{
    struct stat status;
    if (strcmp(file, "-") != 0 && stat(file, &status) == 0)
        return (int64_t)status.st_mtime;
    return (int64_t)time(NULL);
}

static void print_minutes(int64_t seconds)
{
    printf(_("%" PRId64 " h %02" PRId64 " min"), seconds / 3600, seconds / 60 % 60);
}

static void on_night_closed(const struct night *night, const struct night_sums *sums,
                            void *userdata)
{
    struct replay *replay = userdata;
    char day[DAY_TEXT_SIZE];
    day_format(night->day, day);
    replay->nights++;
    replay->night_closed = true;
    progress_end(&replay->progress);
    printf("%s: ", day);
    print_minutes(night->end_s - night->start_s - sums->position_s[POSITION_EMPTY]);
    printf(_(" in bed, "));
    print_minutes(night_sums_in(sums, replay->friendly));
    printf(_(" psoas-friendly\n"));
}

static void on_stay_dropped(const struct night *night, void *userdata)
{
    struct replay *replay = userdata;
    char day[DAY_TEXT_SIZE];
    day_format(night->day, day);
    replay->night_closed = true;
    progress_end(&replay->progress);
    printf(_("%s: %" PRId64 " s in bed, too short for a night: not kept\n"), day,
           night->end_s - night->start_s);
}

static int push(struct replay *replay, const struct input_piece *piece)
{
    int64_t time_us = piece->time_us + replay->shift_us;
    int r = recorder_push(replay->recorder, piece->bytes, piece->length, time_us);
    if (r == 0 && replay->timed) {
        replay->arrival_us = time_us;
        r = recorder_advance(replay->recorder, time_us);
    }
    return r;
}

static int take_piece(const struct input_piece *piece, void *userdata)
{
    struct replay *replay = userdata;
    int r = push(replay, piece);
    if (r < 0)
        return r;
    replay->bytes += piece->taken;
    progress_show(&replay->progress, replay->bytes);
    // A whole night is one transaction: a replay that fails leaves no half night behind.
    if (!replay->night_closed)
        return 0;
    replay->night_closed = false;
    return recorder_commit(replay->recorder);
}

// One stream has one kind of time, and it goes on.
static int check_follows(const struct replay *replay, const struct input *input, const char *file)
{
    const struct capture_head *capture = input_capture(input);
    if (!replay->timed)
        return 0;
    if (!capture)
        return cli_fail(CLI_FAILED, _("%s has no times, unlike the FILE before it: --rate HZ"),
                        file);
    if (capture->start_us + replay->shift_us < replay->arrival_us)
        return cli_fail(CLI_FAILED, _("%s begins before the FILE before it ends"), file);
    return 0;
}

static int play(struct replay *replay, struct input *first, char *const *files, int n)
{
    replay->progress = progress_begin("replay", input_size(files, n));
    int r = input_run(first, take_piece, replay);
    for (int i = 1; r == 0 && i < n; i++) {
        _cleanup_(input_freep) struct input *input = NULL;
        r = input_open(&input, files[i]);
        if (r == 0)
            r = check_follows(replay, input, files[i]);
        if (r == 0)
            r = input_run(input, take_piece, replay);
    }
    if (r == 0)
        r = recorder_finish(replay->recorder, true);
    progress_end(&replay->progress);
    if (r != 0)
        store_rollback(replay->store);
    if (r < 0)
        return cli_fail(CLI_FAILED, "%s", recorder_message(replay->recorder));
    return r > 0 ? CLI_FAILED : CLI_DONE;
}

// Says what was dropped, and why.
static void print_drops(const struct recorder_state *state)
{
    if (state->dropped_frames == 0 && state->stray_bytes == 0)
        return;
    fprintf(stderr, _("psoasmon: %" PRIu64 " frames dropped"), state->dropped_frames);
    for (int i = 0; i < DROP_N; i++)
        if (state->drops[i] > 0)
            fprintf(stderr, ", %" PRIu64 " %s", state->drops[i], drop_name((enum drop)i));
    fprintf(stderr, _("; %" PRIu64 " stray bytes\n"), state->stray_bytes);
}

static int conclude(const struct replay *replay, const struct pad *pad)
{
    struct recorder_state state;
    recorder_state(replay->recorder, &state);
    print_drops(&state);
    if (state.frames == 0)
        return cli_fail(CLI_FAILED, _("there is no frame of a '%s' in the input"), pad->name);
    if (replay->nights == 0 && state.short_stays == 0)
        printf(_("nobody was in bed in %" PRIu64 " frames\n"), state.frames);
    return CLI_DONE;
}

// When the frames were sent, and how that is known.
static void set_times(struct replay *replay, const struct input *first, const char *file,
                      const struct pad *pad)
{
    const struct capture_head *capture = input_capture(first);
    replay->timed = capture && replay->rate_hz <= 0 && !pad->counted;
    if (!replay->start_given)
        replay->start_us = capture ? capture->start_us : default_start_s(file) * 1000000;
    if (capture)
        replay->shift_us = replay->start_us - capture->start_us;
    if (!replay->timed && replay->rate_hz <= 0)
        replay->rate_hz = pad->rate_hz;
}

static int run(struct replay *replay, char *const *files, int n)
{
    _cleanup_(input_freep) struct input *first = NULL;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(model_freep) struct model *model = NULL;
    _cleanup_(store_freep) struct store *store = NULL;
    _cleanup_(recorder_freep) struct recorder *recorder = NULL;
    _cleanup_(freep) char *calibration = NULL;
    struct config config;
    struct error error = {0};

    int status = cli_load(&replay->files, &config);
    if (status != CLI_DONE)
        return status;
    if (input_open(&first, files[0]) != 0)
        return CLI_FAILED;
    const char *pad_name = input_pad(first, replay->pad_name);
    if (!pad_name)
        return CLI_USAGE;
    status = cli_find_pad(&pad, pad_name);
    if (status != CLI_DONE)
        return status;
    set_times(replay, first, files[0], pad);
    if (model_builtin(&model, &error) < 0 ||
        store_open(&store, config.database, STORE_WRITE, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    calibration = cli_calibration(&config, replay->calibration);
    if (!calibration)
        return cli_fail(CLI_FAILED, _("out of memory"));
    status = cli_use_calibration(model, pad->name, calibration, replay->calibration != NULL);
    if (status != CLI_DONE)
        return status;
    zone_local(&replay->zone);
    const struct recorder_options options = {
        .pad = pad,
        .model = model,
        .store = store,
        .zone = &replay->zone,
        .rules = config.rules,
        .rate_hz = replay->rate_hz,
        .start_us = replay->start_us,
        .refuse_overlap = true,
        .watch = {.night_closed = on_night_closed,
                  .stay_dropped = on_stay_dropped,
                  .userdata = replay},
    };
    if (recorder_new(&recorder, &options) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    replay->recorder = recorder;
    replay->store = store;
    replay->friendly = config.friendly;
    status = play(replay, first, files, n);
    return status == CLI_DONE ? conclude(replay, pad) : status;
}

int verb_replay(int argc, char **argv)
{
    struct replay replay = {0};
    int status;
    if (!parse_options(argc, argv, &replay, &status))
        return status;
    if (replay.again)
        return again(&replay.files, &replay.days);
    return run(&replay, argv + optind, argc - optind);
}
