// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon capture: what comes out of a port, with its times, into a file.
#include "capture/capture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli.h"
#include "interrupt.h"
#include "listen.h"
#include "pad/deframer.h"
#include "places.h"
#include "progress.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon capture [OPTION]... PORT FILE\n"
       "\n"
       "Records what comes out of a port, byte for byte and with its times, into a FILE\n"
       "that replay, classify and simulate --capture play, until --for is over, or\n"
       "Ctrl-C. No FILE is overwritten, and nothing is written to the port, unless\n"
       "--pad names a pad that has to be asked. psoasmond has its port to itself: stop\n"
       "it first.\n"
       "\n"
       "  --pad PAD         the pad at the port: its line speed is used, its frames are\n"
       "                    counted, and the FILE says its name\n"
       "  --baud N          the line speed (default: the pad's first, or as the port is)\n"
       "  --for DURATION    for so long: 90s, 10min, 8h (default: until Ctrl-C)\n"
       "@options@\n");

#define LONGEST_S (7.0 * 86400)

struct capture {
    struct cli_files files;
    const char *port_name, *file, *pad_name;
    unsigned long baud;
    double for_s; // 0: until it is ended

    struct pad *pad;           // or null
    struct deframer *deframer; // or null
    struct capture_writer *writer;
    int64_t start_us; // UTC
    int64_t begun_us; // listen_now_us
    uint64_t bytes;
    struct progress progress;
};

// ---- options ----

enum {
    OPTION_PAD = CLI_OPTION_OWN,
    OPTION_BAUD,
    OPTION_FOR,
};

static int take_option(struct capture *capture, int option, int *status)
{
    switch (option) {
    case OPTION_PAD:
        capture->pad_name = optarg;
        return 0;
    case OPTION_BAUD:
        if (text_unsigned(optarg, 50, 12000000, &capture->baud))
            return 0;
        *status = cli_fail(CLI_USAGE, _("--baud: '%s' is no speed from 50 to 12000000"), optarg);
        return -EINVAL;
    case OPTION_FOR:
        if (text_duration(optarg, LONGEST_S, &capture->for_s))
            return 0;
        *status =
            cli_fail(CLI_USAGE, _("--for: '%s' is no duration like 90s, 10min or 8h"), optarg);
        return -EINVAL;
    default:
        return cli_option(option, &capture->files, help, status) ? 0 : -EINVAL;
    }
}

static bool parse_options(struct capture *capture, int argc, char **argv, int *status)
{
    static const struct option options[] = {
        CLI_OPTIONS,
        {"pad", required_argument, NULL, OPTION_PAD},
        {"baud", required_argument, NULL, OPTION_BAUD},
        {"for", required_argument, NULL, OPTION_FOR},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        *status = CLI_USAGE;
        if (take_option(capture, option, status) < 0)
            return false;
    }
    if (argc - optind != 2) {
        *status = cli_fail(CLI_USAGE, _("capture needs a PORT and a FILE"));
        return false;
    }
    capture->port_name = argv[optind];
    capture->file = argv[optind + 1];
    return true;
}

// ---- capturing ----

// UTC as it was when it began: nobody's setting of the clock makes a hole in a capture.
static int64_t utc_us(const struct capture *capture, int64_t now_us)
{
    return capture->start_us + now_us - capture->begun_us;
}

static int ignore_frame(const struct deframed *deframed, void *userdata)
{
    (void)deframed;
    (void)userdata;
    return 0;
}

static uint64_t dropped(const struct deframer_counts *counts)
{
    uint64_t n = 0;
    for (int i = 0; i < DROP_N; i++)
        n += counts->drops[i];
    return n;
}

static int keep(const uint8_t *bytes, size_t length, int64_t time_us, bool settling, void *userdata)
{
    struct capture *capture = userdata;
    struct error error = {0};
    if (capture_writer_add(capture->writer, utc_us(capture, time_us), bytes, length, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    capture->bytes += length;
    if (capture->deframer && !settling)
        deframer_push(capture->deframer, bytes, length, ignore_frame, NULL);
    return CLI_DONE;
}

static void pause_frames(void *userdata)
{
    struct capture *capture = userdata;
    if (capture->deframer)
        deframer_pause(capture->deframer, ignore_frame, NULL);
}

// Never enough, but a moment to show how it goes.
static bool show_progress(void *userdata)
{
    struct capture *capture = userdata;
    double s = (double)(listen_now_us() - capture->begun_us) / 1e6;
    if (capture->deframer)
        progress_tell(&capture->progress, "%.0f s, %" PRIu64 " bytes, %" PRIu64 " frames", s,
                      capture->bytes, deframer_counts(capture->deframer)->frames);
    else
        progress_tell(&capture->progress, "%.0f s, %" PRIu64 " bytes", s, capture->bytes);
    return false;
}

// The silence at the end is part of it.
static int finish(struct capture *capture, int status)
{
    struct error error = {0};
    int64_t now_us = listen_now_us();
    progress_end(&capture->progress);
    if (capture_writer_add(capture->writer, utc_us(capture, now_us), NULL, 0, &error) < 0 ||
        capture_writer_finish(capture->writer, &error) < 0)
        return status == CLI_DONE ? cli_fail(CLI_FAILED, "%s", error.text) : status;
    printf(_("%s: %.1f s, %" PRIu64 " bytes"), capture->file,
           (double)(now_us - capture->begun_us) / 1e6, capture->bytes);
    if (capture->deframer) {
        const struct deframer_counts *counts = deframer_counts(capture->deframer);
        printf(_(", %" PRIu64 " frames of %s, %" PRIu64 " dropped"), counts->frames,
               capture->pad->name, dropped(counts));
    }
    putchar('\n');
    if (status == CLI_DONE && capture->bytes == 0)
        return cli_fail(CLI_NO_DATA, _("nothing came from %s"), capture->port_name);
    return status;
}

static int open_file(struct capture *capture, struct error *error)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    capture->begun_us = listen_now_us();
    capture->start_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    struct capture_head head = {.baud = (uint32_t)capture->baud, .start_us = capture->start_us};
    if (capture->pad)
        memcpy(head.pad, capture->pad->name, sizeof head.pad);
    return capture_writer_new(&capture->writer, capture->file, &head, error);
}

static int run(struct capture *capture)
{
    struct listening listening;
    struct error error = {0};
    // The file first: opening a port may reset what is behind it.
    if (open_file(capture, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (listen_open(&listening, capture->port_name, (unsigned)capture->baud, capture->pad, &error) <
        0) {
        unlink(capture->file); // it was not there before
        return cli_fail(CLI_FAILED, "%s", error.text);
    }
    const struct listener listener = {
        .bytes = keep, .paused = pause_frames, .enough = show_progress, .userdata = capture};
    int64_t until_us = INT64_MAX;
    if (capture->for_s > 0)
        until_us = capture->begun_us + (int64_t)(capture->for_s * 1e6);
    interrupt_begin();
    capture->progress = progress_begin("capture", 0);
    int status = finish(capture, listen_run(&listening, until_us, &listener));
    listen_close(&listening);
    interrupt_obeyed();
    interrupt_end();
    return status;
}

static int find_pad(struct capture *capture)
{
    const char *directories[PADS_DIRECTORIES_MAX];
    struct error error = {0};
    if (!capture->pad_name)
        return CLI_DONE;
    if (pad_find(&capture->pad, capture->pad_name, pads_directories(directories), &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (deframer_new(&capture->deframer, capture->pad) < 0)
        return cli_fail(CLI_FAILED, _("out of memory"));
    if (capture->baud == 0 && capture->pad->n_bauds > 0)
        capture->baud = capture->pad->bauds[0];
    return CLI_DONE;
}

static void let_go(struct capture *capture)
{
    capture_writer_freep(&capture->writer);
    deframer_freep(&capture->deframer);
    pad_freep(&capture->pad);
}

int verb_capture(int argc, char **argv)
{
    struct capture capture = {0};
    int status;
    if (!parse_options(&capture, argc, argv, &status))
        return status;
    status = find_pad(&capture);
    if (status == CLI_DONE)
        status = run(&capture);
    let_go(&capture);
    return status;
}
