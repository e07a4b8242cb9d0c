// SPDX-License-Identifier: GPL-3.0-or-later
#include "play_capture.h"

#include <errno.h>
#include <stdio.h>

#include "cli.h"
#include "input.h"
#include "virtual_pad.h"
#include "words.h"

struct playing {
    struct virtual_pad *pad;
    int64_t start_us; // the capture's
    double speed;
};

static int play_piece(const struct input_piece *piece, void *userdata)
{
    const struct playing *playing = userdata;
    double after_ns = (double)(piece->time_us - playing->start_us) * 1e3 / playing->speed;
    if (virtual_pad_wait(playing->pad, (int64_t)after_ns) != 0)
        return -EINTR;
    if (piece->length > 0)
        virtual_pad_send(playing->pad, piece->bytes, piece->length);
    return 0;
}

int play_capture(const char *file, const char *link, double speed)
{
    _cleanup_(input_freep) struct input *input = NULL;
    _cleanup_(virtual_pad_freep) struct virtual_pad *pad = NULL;
    struct error error = {0};
    if (input_open(&input, file) != 0)
        return CLI_FAILED;
    const struct capture_head *head = input_capture(input);
    if (!head)
        return cli_fail(CLI_FAILED, _("%s is no capture: it has no times to play it by"), file);
    if (virtual_pad_new(&pad, CAPTURE_PIECE_MAX, link, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    puts(virtual_pad_path(pad));
    fflush(stdout);
    if (virtual_pad_wait_reader(pad) != 0)
        return CLI_DONE;
    struct playing playing = {.pad = pad, .start_us = head->start_us, .speed = speed};
    int r = input_run(input, play_piece, &playing);
    if (r == 0)
        virtual_pad_drain(pad);
    return r == -EINTR ? CLI_DONE : r;
}
