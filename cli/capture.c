// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon capture: what comes out of a port, with its times, into a file.
#include "capture/capture.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli.h"
#include "interrupt.h"
#include "pad/deframer.h"
#include "places.h"
#include "port.h"
#include "progress.h"

static const char help[] =
    "Usage: psoasmon capture [OPTION]... PORT FILE\n"
    "\n"
    "Records what comes out of a port, byte for byte and with its times, into a FILE\n"
    "that replay, classify and simulate --capture play, until --for is over, or\n"
    "Ctrl-C. Nothing is written to the port, and no FILE is overwritten.\n"
    "psoasmond has its port to itself: stop it first.\n"
    "\n"
    "  --pad PAD         the pad at the port: its line speed is used, its frames are\n"
    "                    counted, and the FILE says its name\n"
    "  --baud N          the line speed (default: the pad's first, or as the port is)\n"
    "  --for DURATION    for so long: 90s, 10min, 8h (default: until Ctrl-C)\n" CLI_OPTIONS_HELP;

#define LONGEST_S   (7.0 * 86400)
#define PIECE_BYTES 8192
#define LOOK_MS     200
// Bytes come in dribbles: those of such a moment are a record together.
#define MOMENT_MS 5

struct capture {
    struct cli_files files;
    const char *port_name, *file, *pad_name;
    unsigned long baud;
    double for_s; // 0: until it is ended

    struct pad *pad;           // or null
    struct deframer *deframer; // or null
    struct port *port;
    struct capture_writer *writer;
    int64_t start_us; // UTC
    int64_t begun_us; // elapsed_us
    int64_t read_us;  // UTC, when bytes were last read
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
        *status = cli_fail(CLI_USAGE, "--baud: '%s' is no speed from 50 to 12000000", optarg);
        return -EINVAL;
    case OPTION_FOR:
        if (text_duration(optarg, LONGEST_S, &capture->for_s))
            return 0;
        *status = cli_fail(CLI_USAGE, "--for: '%s' is no duration like 90s, 10min or 8h", optarg);
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
        *status = cli_fail(CLI_USAGE, "capture needs a PORT and a FILE");
        return false;
    }
    capture->port_name = argv[optind];
    capture->file = argv[optind + 1];
    return true;
}

// ---- capturing ----

static int64_t elapsed_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// UTC as it was when it began: nobody's setting of the clock makes a hole in a capture.
static int64_t now_us(const struct capture *capture)
{
    return capture->start_us + elapsed_us() - capture->begun_us;
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

static void show_progress(struct capture *capture)
{
    double s = (double)(elapsed_us() - capture->begun_us) / 1e6;
    if (capture->deframer)
        progress_tell(&capture->progress, "%.0f s, %" PRIu64 " bytes, %" PRIu64 " frames", s,
                      capture->bytes, deframer_counts(capture->deframer)->frames);
    else
        progress_tell(&capture->progress, "%.0f s, %" PRIu64 " bytes", s, capture->bytes);
}

static int keep(struct capture *capture, int64_t time_us, const void *bytes, size_t length)
{
    struct error error = {0};
    if (capture_writer_add(capture->writer, time_us, bytes, length, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    capture->bytes += length;
    if (capture->deframer)
        deframer_push(capture->deframer, bytes, length, ignore_frame, NULL);
    return CLI_DONE;
}

// Takes what has come. CLI_FAILED, with a line, where the port is gone or the file takes no more.
static int take(struct capture *capture, short events)
{
    uint8_t bytes[PIECE_BYTES];
    int64_t time_us = now_us(capture);
    poll(NULL, 0, MOMENT_MS);
    ssize_t n = port_read(capture->port, bytes, sizeof bytes);
    if (n < 0 || (n == 0 && events & (POLLHUP | POLLERR)))
        return cli_fail(CLI_FAILED, "%s went away", capture->port_name);
    return n > 0 ? keep(capture, time_us, bytes, (size_t)n) : CLI_DONE;
}

// How long to wait for bytes before looking whether it is over; negative: it is.
static int patience_ms(const struct capture *capture)
{
    if (interrupt_came())
        return -1;
    double left_ms = capture->for_s * 1e3 - (double)(elapsed_us() - capture->begun_us) / 1e3;
    if (capture->for_s == 0 || left_ms > LOOK_MS)
        return LOOK_MS;
    return left_ms > 0 ? (int)left_ms + 1 : -1;
}

static int record(struct capture *capture)
{
    int status = CLI_DONE, wait_ms;
    while (status == CLI_DONE && (wait_ms = patience_ms(capture)) >= 0) {
        struct pollfd port = {.fd = port_fd(capture->port), .events = POLLIN};
        if (poll(&port, 1, wait_ms) > 0)
            status = take(capture, port.revents);
        show_progress(capture);
    }
    return status;
}

// The silence at the end is part of it.
static int finish(struct capture *capture, int status)
{
    struct error error = {0};
    progress_end(&capture->progress);
    if (capture_writer_add(capture->writer, now_us(capture), NULL, 0, &error) < 0 ||
        capture_writer_finish(capture->writer, &error) < 0)
        return status == CLI_DONE ? cli_fail(CLI_FAILED, "%s", error.text) : status;
    printf("%s: %.1f s, %" PRIu64 " bytes", capture->file,
           (double)(elapsed_us() - capture->begun_us) / 1e6, capture->bytes);
    if (capture->deframer) {
        const struct deframer_counts *counts = deframer_counts(capture->deframer);
        printf(", %" PRIu64 " frames of %s, %" PRIu64 " dropped", counts->frames,
               capture->pad->name, dropped(counts));
    }
    putchar('\n');
    if (status == CLI_DONE && capture->bytes == 0)
        return cli_fail(CLI_NO_DATA, "nothing came from %s", capture->port_name);
    return status;
}

static int open_file(struct capture *capture, struct error *error)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    capture->begun_us = elapsed_us();
    capture->start_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
    struct capture_head head = {.baud = (uint32_t)capture->baud, .start_us = capture->start_us};
    if (capture->pad)
        memcpy(head.pad, capture->pad->name, sizeof head.pad);
    return capture_writer_new(&capture->writer, capture->file, &head, error);
}

static int open_port(struct capture *capture, struct error *error)
{
    int r = port_open(&capture->port, capture->port_name, (unsigned)capture->baud, error);
    if (r == -EBUSY)
        return error_set(error, r,
                         "another program is using %s; psoasmond? Stop it first: "
                         "systemctl stop psoasmond",
                         capture->port_name);
    return r;
}

static int run(struct capture *capture)
{
    struct error error = {0};
    // The file first: opening a port may reset what is behind it.
    if (open_file(capture, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    if (open_port(capture, &error) < 0) {
        unlink(capture->file); // it was not there before
        return cli_fail(CLI_FAILED, "%s", error.text);
    }
    interrupt_begin();
    capture->progress = progress_begin("capture", 0);
    int status = finish(capture, record(capture));
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
        return cli_fail(CLI_FAILED, "out of memory");
    if (capture->baud == 0 && capture->pad->n_bauds > 0)
        capture->baud = capture->pad->bauds[0];
    return CLI_DONE;
}

static void let_go(struct capture *capture)
{
    capture_writer_freep(&capture->writer);
    port_freep(&capture->port);
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
