// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon classify: a JSON line a frame, what position it shows.
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli.h"
#include "input.h"
#include "pad/deframer.h"
#include "position/filter.h"
#include "position/model.h"
#include "position/observe.h"
#include "surface/surface.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon classify --pad PAD [OPTION]... FILE...\n"
       "\n"
       "Prints a JSON line for each frame in the FILEs (- is standard input): file,\n"
       "frame (counted from 0, dropped ones included), position, confidence and the\n"
       "probability of each position; that of unknown is the probability that it is none\n"
       "of them (no body, or two). A dropped frame has a null position and a reason.\n"
       "A FILE that psoasmon capture made has its own times, and may name its pad.\n"
       "\n"
       "  --pad PAD         a pad's name, or the path of a .pad file\n"
       "  --rate HZ         frames a second (default: the pad's own; of a capture, its\n"
       "                    times)\n"
       "  --calibration FILE\n"
       "                    what psoasmon calibrate made of this sleeper (default: none)\n"
       "  --raw             each frame by itself; without it, filtered over time\n"
       "@options@\n");

// More than a filter ever holds back, unless nothing but dropped frames arrive.
#define WAITING_MAX 65536

// A frame whose line cannot be printed yet, because the filter has not settled its second.
struct waiting {
    uint64_t number;
    enum drop drop;
    int64_t second;
};

struct classify {
    struct cli_files files;
    const char *pad_name, *calibration;
    double rate_hz;
    bool rate_given, raw;

    struct model *model;
    struct surface *surface;
    struct deframer *deframer;
    struct filter *filter;
    const char *file; // being read
    bool timed;       // it is a capture, and its times count
    int64_t time_us;  // if so: of the bytes being read
    struct pressure_map map;
    struct steady steady;
    struct waiting waiting[WAITING_MAX];
    size_t n_waiting;
};

static double rounded(float probability)
{
    return round((double)probability * 1e6) / 1e6;
}

static int print_line(const struct classify *classify, uint64_t number, json_t *rest)
{
    json_t *line = json_pack("{s:s, s:I}", "file", classify->file, "frame", (json_int_t)number);
    if (!line) // a file name that is not UTF-8
        line = json_pack("{s:n, s:I}", "file", "frame", (json_int_t)number);
    if (!line || json_object_update_new(line, rest) < 0) {
        json_decref(line);
        return -ENOMEM;
    }
    int r = json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(7));
    json_decref(line);
    putchar('\n');
    return r < 0 || ferror(stdout) ? -EIO : 0;
}

static int print_drop(const struct classify *classify, uint64_t number, enum drop drop)
{
    return print_line(classify, number,
                      json_pack("{s:n, s:s}", "position", "reason", drop_name(drop)));
}

static int print_position(const struct classify *classify, uint64_t number, enum position position,
                          float confidence, const float probabilities[POSITION_N])
{
    json_t *all = json_object();
    for (int i = 0; i < POSITION_N; i++)
        json_object_set_new(all, position_identifier((enum position)i),
                            json_real(rounded(probabilities[i])));
    return print_line(classify, number,
                      json_pack("{s:s, s:f, s:o}", "position", position_identifier(position),
                                "confidence", rounded(confidence), "probabilities", all));
}

// A tick is settled: the frames of its second can be printed, and the dropped ones before them.
static int on_tick(const struct tick *tick, void *userdata)
{
    struct classify *classify = userdata;
    size_t n = 0;
    int r = 0;
    for (; r == 0 && n < classify->n_waiting; n++) {
        const struct waiting *waiting = &classify->waiting[n];
        if (waiting->drop != DROP_NONE)
            r = print_drop(classify, waiting->number, waiting->drop);
        else if (waiting->second == tick->time_s)
            r = print_position(classify, waiting->number, tick->position, tick->confidence,
                               tick->probabilities);
        else
            break;
    }
    classify->n_waiting -= n;
    memmove(classify->waiting, classify->waiting + n,
            classify->n_waiting * sizeof *classify->waiting);
    return r;
}

static int settle(struct classify *classify)
{
    int r = filter_finish(classify->filter, 0, on_tick, classify);
    steady_forget(&classify->steady);
    // What is left came after the last good frame: dropped ones.
    for (size_t i = 0; r == 0 && i < classify->n_waiting; i++)
        r = print_drop(classify, classify->waiting[i].number, classify->waiting[i].drop);
    classify->n_waiting = 0;
    return r;
}

static int wait_for_tick(struct classify *classify, struct waiting waiting)
{
    int r = classify->n_waiting == WAITING_MAX ? settle(classify) : 0;
    classify->waiting[classify->n_waiting++] = waiting;
    return r;
}

static int drop_frame(struct classify *classify, uint64_t number, enum drop drop)
{
    if (classify->raw || classify->n_waiting == 0)
        return print_drop(classify, number, drop);
    return wait_for_tick(classify, (struct waiting){.number = number, .drop = drop});
}

static enum position likeliest(const float probabilities[POSITION_N])
{
    int best = 0;
    for (int i = 1; i < POSITION_N; i++)
        if (probabilities[i] > probabilities[best])
            best = i;
    return (enum position)best;
}

static int classify_alone(struct classify *classify, uint64_t number)
{
    const struct pressure_map *map = &classify->map;
    float probabilities[POSITION_N] = {0};
    if (map->occupied) {
        model_run(classify->model, map, probabilities);
        probabilities[POSITION_UNKNOWN] = position_unknown(probabilities);
    } else {
        probabilities[POSITION_EMPTY] = 1;
    }
    enum position position = likeliest(probabilities);
    return print_position(classify, number, position, probabilities[position], probabilities);
}

static int classify_frame(struct classify *classify, uint64_t number)
{
    int64_t time_us =
        classify->timed ? classify->time_us : llround((double)number / classify->rate_hz * 1e6);
    struct observation observation =
        observe(&classify->steady, classify->model, &classify->map, time_us);
    int r = wait_for_tick(classify, (struct waiting){
                                        .number = number,
                                        .second = observation.time_us / 1000000,
                                    });
    return r < 0 ? r : filter_push(classify->filter, &observation, on_tick, classify);
}

static int on_frame(const struct deframed *deframed, void *userdata)
{
    struct classify *classify = userdata;
    if (deframed->drop != DROP_NONE)
        return drop_frame(classify, deframed->number, deframed->drop);
    if (surface_read(classify->surface, &deframed->frame, &classify->map) == SURFACE_NOISE)
        return drop_frame(classify, deframed->number, DROP_NOISE);
    return classify->raw ? classify_alone(classify, deframed->number)
                         : classify_frame(classify, deframed->number);
}

static int take_piece(const struct input_piece *piece, void *userdata)
{
    struct classify *classify = userdata;
    classify->time_us = piece->time_us;
    return deframer_push(classify->deframer, piece->bytes, piece->length, on_frame, classify);
}

// Each FILE is a stream of its own: its frames are counted from 0 and nothing is carried over.
static int classify_file(struct classify *classify, const struct pad *pad, struct input *input,
                         const char *file)
{
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    _cleanup_(filter_freep) struct filter *filter = NULL;
    if (deframer_new(&deframer, pad) < 0 || filter_new(&filter) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    classify->file = file;
    classify->deframer = deframer;
    classify->filter = filter;
    classify->n_waiting = 0;
    classify->timed = input_capture(input) && !classify->rate_given && !pad->counted;
    steady_forget(&classify->steady);
    int r = input_run(input, take_piece, classify);
    if (r == 0)
        r = deframer_finish(deframer, on_frame, classify);
    if (r == 0)
        r = settle(classify);
    if (r < 0)
        return cli_fail(CLI_FAILED, _("cannot write the output: %s"), strerror(-r));
    return r;
}

static int parse_options(int argc, char **argv, struct classify *classify, int *status)
{
    enum {
        PAD = CLI_OPTION_OWN,
        RATE,
        CALIBRATION,
        RAW
    };
    static const struct option options[] = {
        CLI_OPTIONS,
        {"pad", required_argument, NULL, PAD},
        {"rate", required_argument, NULL, RATE},
        {"calibration", required_argument, NULL, CALIBRATION},
        {"raw", no_argument, NULL, RAW},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case PAD:
            classify->pad_name = optarg;
            break;
        case RATE:
            if (!text_double(optarg, 0.001, 1000, &classify->rate_hz)) {
                *status =
                    cli_fail(CLI_USAGE, _("--rate: '%s' is no rate from 0.001 to 1000"), optarg);
                return -EINVAL;
            }
            classify->rate_given = true;
            break;
        case CALIBRATION:
            classify->calibration = optarg;
            break;
        case RAW:
            classify->raw = true;
            break;
        default:
            if (!cli_option(option, &classify->files, help, status))
                return -EINVAL;
        }
    }
    *status = CLI_USAGE;
    if (optind == argc)
        return cli_fail(-EINVAL, _("classify needs a FILE (- is standard input)"));
    return 0;
}

// A capture may come of another pad than the first FILE, which is the one that all are read as.
static int check_pad(const struct classify *classify, const struct pad *pad,
                     const struct input *input, const char *file)
{
    const struct capture_head *capture = input_capture(input);
    if (classify->pad_name || !capture || !*capture->pad || strcmp(capture->pad, pad->name) == 0)
        return CLI_DONE;
    return cli_fail(CLI_USAGE, _("%s is of the pad '%s', not of '%s': --pad PAD"), file,
                    capture->pad, pad->name);
}

static int classify_files(struct classify *classify, const struct pad *pad, struct input *first,
                          char *const *files, int n)
{
    int status = classify_file(classify, pad, first, files[0]);
    for (int i = 1; status == CLI_DONE && i < n; i++) {
        _cleanup_(input_freep) struct input *input = NULL;
        status = input_open(&input, files[i]);
        if (status == CLI_DONE)
            status = check_pad(classify, pad, input, files[i]);
        if (status == CLI_DONE)
            status = classify_file(classify, pad, input, files[i]);
    }
    return status;
}

int verb_classify(int argc, char **argv)
{
    _cleanup_(freep) struct classify *classify = calloc(1, sizeof *classify);
    _cleanup_(input_freep) struct input *first = NULL;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(model_freep) struct model *model = NULL;
    _cleanup_(surface_freep) struct surface *surface = NULL;
    struct error error = {0};
    int status;

    if (!classify)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (parse_options(argc, argv, classify, &status) < 0)
        return status;
    if (input_open(&first, argv[optind]) != 0)
        return CLI_FAILED;
    const char *pad_name = input_pad(first, classify->pad_name);
    if (!pad_name)
        return CLI_USAGE;
    status = cli_find_pad(&pad, pad_name);
    if (status != CLI_DONE)
        return status;
    if (model_builtin(&model, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (classify->calibration)
        status = cli_use_calibration(model, pad->name, classify->calibration, true);
    if (status != CLI_DONE)
        return status;
    if (surface_new(&surface, pad) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    classify->model = model;
    classify->surface = surface;
    if (classify->rate_hz <= 0)
        classify->rate_hz = pad->rate_hz;
    return classify_files(classify, pad, first, argv + optind, argc - optind);
}
