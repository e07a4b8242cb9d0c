// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon simulate: a pad, a bed and somebody in it.
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "capture/capture.h"
#include "cli.h"
#include "places.h"
#include "faults.h"
#include "play_capture.h"
#include "play_pad.h"
#include "player.h"
#include "words.h"

#define STEPS_MAX 1024

// 2026-01-01T00:00:00Z: when a simulated capture begins, whenever it is made.
#define CAPTURE_START_US INT64_C(1767225600000000)

enum {
    OPTION_PAD = CLI_OPTION_OWN,
    OPTION_SEED,
    OPTION_RATE,
    OPTION_NIGHT,
    OPTION_HOURS,
    OPTION_PLAN,
    OPTION_OUTPUT,
    OPTION_TIMES,
    OPTION_CAPTURE,
    OPTION_TRUTH,
    OPTION_LINK,
    OPTION_SPEED,
    OPTION_MASS,
    OPTION_STATURE,
    OPTION_NOISE,
    OPTION_BLUR,
    OPTION_DEAD,
    OPTION_HOT,
    OPTION_FAULT,
};

static const char help[] =
    N_("Usage: psoasmon simulate [OPTION]...\n"
       "\n"
       "Simulates somebody sleeping on a pad. Without --output, makes a pseudo-terminal,\n"
       "prints its path, and sends what a pad on a serial port would, in real time;\n"
       "frames are dropped while nobody reads. A pad that has to be started or asked\n"
       "waits for that. One seed always sends the same bytes.\n"
       "\n"
       "  --pad PAD         which pad (default: virtual)\n"
       "  --seed N          body, night and noise (default: 1)\n"
       "  --rate HZ         frames a second (default: the pad's)\n"
       "  --night           a plausible night (the default)\n"
       "  --hours H         how long the night is (default: 8)\n"
       "  --plan PLAN       instead of a night: POSITION:SECONDS,POSITION:SECONDS,...\n"
       "  --output FILE     write the bytes to FILE (-: standard output), at full speed\n"
       "  --times           with --output: write a capture, as psoasmon capture does,\n"
       "                    with the times of the frames, from 2026-01-01T00:00:00Z on\n"
       "  --capture FILE    instead of a sleeper, play what psoasmon capture recorded,\n"
       "                    at its own pace, as soon as somebody reads\n"
       "  --truth FILE      write frame,time_s,position for each frame\n"
       "  --link PATH       a symbolic link to the pseudo-terminal, while it is there\n"
       "  --speed X         play X times as fast\n"
       "  --mass KG         of the sleeper (default: drawn)\n"
       "  --stature MM      of the sleeper (default: drawn)\n"
       "  --noise COUNTS    standard deviation of the sensor noise\n"
       "  --blur MM         standard deviation of the mattress between body and pad\n"
       "                    (default: none)\n"
       "  --dead N          cells that read nothing\n"
       "  --hot N           cells that always read too much\n"
       "  --fault FAULT     what goes wrong on the line: cut, flip, noise (of bytes),\n"
       "                    stall, baud (of frames), banner; with its share: "
       "flip:0.01\n"
       "@options@\n");

struct simulation {
    struct cli_files files;
    const char *pad_name, *plan, *output, *truth_name, *link, *capture;
    struct sleeper_options sleeper;
    bool night, times;
    struct faults *faults;
    double hours, speed; // 0: not given
};

// ---- options ----

struct number_option {
    int option;
    const char *name;
    double min, max;
    size_t offset; // of a double in struct simulation
};

static const struct number_option number_options[] = {
    {OPTION_RATE, "rate", 0.001, 1000, offsetof(struct simulation, sleeper.rate_hz)},
    {OPTION_HOURS, "hours", 0.01, 24, offsetof(struct simulation, hours)},
    {OPTION_SPEED, "speed", 0.001, 1e6, offsetof(struct simulation, speed)},
    {OPTION_MASS, "mass", 20, 400, offsetof(struct simulation, sleeper.mass_kg)},
    {OPTION_STATURE, "stature", 1000, 2500, offsetof(struct simulation, sleeper.stature_mm)},
    {OPTION_NOISE, "noise", 0, 1000, offsetof(struct simulation, sleeper.noise_counts)},
    {OPTION_BLUR, "blur", 0, 500, offsetof(struct simulation, sleeper.blur_mm)},
};

static int take_number(struct simulation *simulation, int option)
{
    for (size_t i = 0; i < sizeof number_options / sizeof *number_options; i++) {
        const struct number_option *number = &number_options[i];
        if (number->option != option)
            continue;
        double *value = (double *)((char *)simulation + number->offset);
        if (!text_double(optarg, number->min, number->max, value))
            return cli_fail(CLI_USAGE, _("--%s '%s' is no number from %g to %g"), number->name,
                            optarg, number->min, number->max);
    }
    return CLI_DONE;
}

static int take_cells(unsigned *cells, const char *name)
{
    unsigned long n;
    if (!text_unsigned(optarg, 0, PAD_MAX_CELLS, &n))
        return cli_fail(CLI_USAGE, _("--%s '%s' is no number of cells"), name, optarg);
    *cells = (unsigned)n;
    return CLI_DONE;
}

static int take_seed(uint64_t *seed)
{
    unsigned long n;
    if (!text_unsigned(optarg, 0, ULONG_MAX, &n))
        return cli_fail(CLI_USAGE, _("--seed '%s' is no number"), optarg);
    *seed = n;
    return CLI_DONE;
}

static int take_fault(struct faults *faults)
{
    struct error error = {0};
    if (faults_add(faults, optarg, &error) < 0)
        return cli_fail(CLI_USAGE, "--fault: %s", error.text);
    return CLI_DONE;
}

static int take_option(struct simulation *simulation, int option)
{
    switch (option) {
    case OPTION_PAD:
        simulation->pad_name = optarg;
        return CLI_DONE;
    case OPTION_SEED:
        return take_seed(&simulation->sleeper.seed);
    case OPTION_NIGHT:
        simulation->night = true;
        return CLI_DONE;
    case OPTION_PLAN:
        simulation->plan = optarg;
        return CLI_DONE;
    case OPTION_OUTPUT:
        simulation->output = optarg;
        return CLI_DONE;
    case OPTION_TIMES:
        simulation->times = true;
        return CLI_DONE;
    case OPTION_CAPTURE:
        simulation->capture = optarg;
        return CLI_DONE;
    case OPTION_TRUTH:
        simulation->truth_name = optarg;
        return CLI_DONE;
    case OPTION_LINK:
        simulation->link = optarg;
        return CLI_DONE;
    case OPTION_DEAD:
        return take_cells(&simulation->sleeper.dead_cells, "dead");
    case OPTION_FAULT:
        return take_fault(simulation->faults);
    case OPTION_HOT:
        return take_cells(&simulation->sleeper.hot_cells, "hot");
    default:
        return take_number(simulation, option);
    }
}

static int check_together(const struct simulation *simulation)
{
    if (simulation->plan && (simulation->night || simulation->hours > 0))
        return cli_fail(CLI_USAGE, _("--plan goes with neither --night nor --hours"));
    if (simulation->times && (!simulation->output || strcmp(simulation->output, "-") == 0))
        return cli_fail(CLI_USAGE, _("--times goes with --output FILE"));
    if (simulation->capture && (simulation->plan || simulation->night || simulation->hours > 0 ||
                                simulation->output || simulation->truth_name))
        return cli_fail(CLI_USAGE, _("--capture plays what was recorded: only --link and --speed "
                                     "go with it"));
    if (simulation->output && (simulation->link || simulation->speed > 0))
        return cli_fail(CLI_USAGE, _("--output goes with neither --link nor --speed"));
    if (simulation->output && simulation->truth_name && strcmp(simulation->output, "-") == 0 &&
        strcmp(simulation->truth_name, "-") == 0)
        return cli_fail(CLI_USAGE, _("--output and --truth cannot both be standard output"));
    return CLI_DONE;
}

// Returns true if the verb is to go on; else *status is what it is to return.
static bool take_options(struct simulation *simulation, int argc, char **argv, int *status)
{
    static const struct option options[] = {
        CLI_OPTIONS,
        {"pad", required_argument, NULL, OPTION_PAD},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"rate", required_argument, NULL, OPTION_RATE},
        {"night", no_argument, NULL, OPTION_NIGHT},
        {"hours", required_argument, NULL, OPTION_HOURS},
        {"plan", required_argument, NULL, OPTION_PLAN},
        {"output", required_argument, NULL, OPTION_OUTPUT},
        {"times", no_argument, NULL, OPTION_TIMES},
        {"capture", required_argument, NULL, OPTION_CAPTURE},
        {"truth", required_argument, NULL, OPTION_TRUTH},
        {"link", required_argument, NULL, OPTION_LINK},
        {"speed", required_argument, NULL, OPTION_SPEED},
        {"mass", required_argument, NULL, OPTION_MASS},
        {"stature", required_argument, NULL, OPTION_STATURE},
        {"noise", required_argument, NULL, OPTION_NOISE},
        {"blur", required_argument, NULL, OPTION_BLUR},
        {"dead", required_argument, NULL, OPTION_DEAD},
        {"hot", required_argument, NULL, OPTION_HOT},
        {"fault", required_argument, NULL, OPTION_FAULT},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option < CLI_OPTION_OWN) {
            if (!cli_option(option, &simulation->files, help, status))
                return false;
            continue;
        }
        *status = take_option(simulation, option);
        if (*status != CLI_DONE)
            return false;
    }
    if (!cli_no_arguments(argc, argv, status))
        return false;
    *status = check_together(simulation);
    return *status == CLI_DONE;
}

// ---- playing ----

static FILE *open_for_writing(const char *name)
{
    return strcmp(name, "-") == 0 ? stdout : fopen(name, "we");
}

// Closes what open_for_writing opened; standard output is main's to finish.
static int finish(FILE *file, const char *name)
{
    int r = file == stdout ? fflush(file) : fclose(file);
    if (r != 0)
        return cli_fail(CLI_FAILED, _("cannot write %s: %s"), name, strerror(errno));
    return CLI_DONE;
}

static void write_truth(const struct played_frame *frame, void *userdata)
{
    FILE *truth = userdata;
    if (!truth)
        return;
    if (frame->number == 0)
        fputs("frame,time_s,position\n", truth);
    fprintf(truth, "%llu,%.3f,%s\n", (unsigned long long)frame->number, frame->time_s,
            position_identifier(frame->truth));
}

static int write_capture(const struct simulation *simulation, const struct pad *pad,
                         struct player *player, FILE *truth)
{
    _cleanup_(capture_writer_freep) struct capture_writer *writer = NULL;
    _cleanup_(freep) uint8_t *arrived = malloc(faults_most(pad_encoded_max(pad)));
    if (!arrived)
        return cli_fail(CLI_FAILED, _("out of memory"));
    struct capture_head head = {.start_us = CAPTURE_START_US};
    struct error error = {0};
    snprintf(head.pad, sizeof head.pad, "%s", pad->name);
    int r = arrived ? capture_writer_new(&writer, simulation->output, &head, &error)
                    : error_set(&error, -ENOMEM, "out of memory");
    for (struct played_frame frame; r == 0 && player_next(player, &frame);) {
        int64_t time_us = CAPTURE_START_US + llround(frame.time_s * 1e6);
        size_t n = faults_apply(simulation->faults, frame.bytes, frame.length, arrived);
        if (n > 0)
            r = capture_writer_add(writer, time_us, arrived, n, &error);
        write_truth(&frame, truth);
    }
    if (r == 0)
        r = capture_writer_finish(writer, &error);
    return r < 0 ? cli_fail(CLI_FAILED, "%s", error.text) : CLI_DONE;
}

static int write_file(const struct simulation *simulation, const struct pad *pad,
                      struct player *player, FILE *truth)
{
    _cleanup_(freep) uint8_t *arrived = malloc(faults_most(pad_encoded_max(pad)));
    FILE *output = arrived ? open_for_writing(simulation->output) : NULL;
    if (!output)
        return cli_fail(CLI_FAILED, _("cannot open %s: %s"), simulation->output, strerror(errno));
    for (struct played_frame frame; player_next(player, &frame);) {
        size_t n = faults_apply(simulation->faults, frame.bytes, frame.length, arrived);
        if (fwrite(arrived, 1, n, output) != n)
            break;
        write_truth(&frame, truth);
    }
    return finish(output, simulation->output);
}

static int play(const struct simulation *simulation, const struct pad *pad, struct player *player,
                FILE *truth)
{
    const struct play play = {
        .pad = pad,
        .player = player,
        .faults = simulation->faults,
        .link = simulation->link,
        .speed = simulation->speed > 0 ? simulation->speed : 1,
        .played = write_truth,
        .userdata = truth,
    };
    return play_pad(&play);
}

static int plan(const struct simulation *simulation, struct sleep_step *steps, size_t *n)
{
    struct error error = {0};
    if (!simulation->plan) {
        double hours = simulation->hours > 0 ? simulation->hours : 8;
        *n = sleeper_plan_night(simulation->sleeper.seed, hours * 3600, steps, STEPS_MAX);
        return CLI_DONE;
    }
    if (sleeper_plan_parse(simulation->plan, steps, STEPS_MAX, n, &error) < 0)
        return cli_fail(CLI_USAGE, _("--plan: %s"), error.text);
    return CLI_DONE;
}

int verb_simulate(int argc, char **argv)
{
    struct simulation simulation = {.pad_name = "virtual", .sleeper = sleeper_options_default()};
    simulation.sleeper.rate_hz = 0;
    _cleanup_(faults_freep) struct faults *faults = NULL;
    if (faults_new(&faults) < 0)
        return cli_fail(CLI_FAILED, "out of memory");
    simulation.faults = faults;
    int status;
    if (!take_options(&simulation, argc, argv, &status))
        return status;
    if (simulation.capture)
        return play_capture(simulation.capture, simulation.link,
                            simulation.speed > 0 ? simulation.speed : 1);

    faults_seed(faults, simulation.sleeper.seed);
    struct sleep_step steps[STEPS_MAX];
    size_t n_steps;
    status = plan(&simulation, steps, &n_steps);
    if (status != CLI_DONE)
        return status;

    _cleanup_(pad_freep) struct pad *pad = NULL;
    const char *directories[PADS_DIRECTORIES_MAX];
    struct error error = {0};
    if (pad_find(&pad, simulation.pad_name, pads_directories(directories), &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (simulation.sleeper.rate_hz == 0)
        simulation.sleeper.rate_hz = pad->rate_hz;

    _cleanup_(player_freep) struct player *player = NULL;
    int r = player_new(&player, pad, &simulation.sleeper, steps, n_steps);
    if (r < 0)
        return cli_fail(CLI_FAILED, _("cannot simulate: %s"), strerror(-r));

    FILE *truth = NULL;
    if (simulation.truth_name) {
        truth = open_for_writing(simulation.truth_name);
        if (!truth)
            return cli_fail(CLI_FAILED, _("cannot open %s: %s"), simulation.truth_name,
                            strerror(errno));
    }
    if (simulation.times)
        status = write_capture(&simulation, pad, player, truth);
    else
        status = simulation.output ? write_file(&simulation, pad, player, truth)
                                   : play(&simulation, pad, player, truth);
    int truth_status = truth ? finish(truth, simulation.truth_name) : CLI_DONE;
    return status != CLI_DONE ? status : truth_status;
}
