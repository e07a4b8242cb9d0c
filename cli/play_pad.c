// SPDX-License-Identifier: GPL-3.0-or-later
#include "play_pad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answerer.h"
#include "cli.h"
#include "virtual_pad.h"
#include "words.h"

struct playing {
    const struct play *play;
    struct virtual_pad *virtual_pad;
    struct answerer answerer;
    uint8_t *arrived; // what the line makes of a frame
};

static void send_frame(struct playing *playing, const struct played_frame *frame)
{
    size_t n = faults_apply(playing->play->faults, frame->bytes, frame->length, playing->arrived);
    if (n > 0)
        virtual_pad_send(playing->virtual_pad, playing->arrived, n);
}

// Until it is time for the next frame, answers with this one.
static int answer_until(struct playing *playing, const struct played_frame *frame, int64_t ns)
{
    for (;;) {
        uint8_t heard[64];
        size_t n = sizeof heard;
        int r = virtual_pad_listen(playing->virtual_pad, ns, heard, &n);
        if (r != VIRTUAL_PAD_HEARD)
            return r;
        for (unsigned asked = answerer_hear(&playing->answerer, heard, n); asked > 0; asked--)
            if (frame->length > 0)
                send_frame(playing, frame);
    }
}

static int play_frames(struct playing *playing)
{
    const struct play *play = playing->play;
    struct played_frame frame = {0}, next;
    while (player_next(play->player, &next)) {
        // The bytes of the last frame are gone by now; asked in the meantime, it says what comes.
        frame = next;
        if (answer_until(playing, &frame, (int64_t)(frame.time_s / play->speed * 1e9)) != 0)
            return CLI_DONE;
        if (playing->answerer.running)
            send_frame(playing, &frame);
        play->played(&frame, play->userdata);
    }
    virtual_pad_drain(playing->virtual_pad);
    return CLI_DONE;
}

int play_pad(const struct play *play)
{
    _cleanup_(virtual_pad_freep) struct virtual_pad *virtual_pad = NULL;
    size_t most = faults_most(pad_encoded_max(play->pad));
    struct error error = {0};
    if (virtual_pad_new(&virtual_pad, most, play->link, &error) < 0)
        return cli_fail(CLI_FAILED, "%s", error.text);
    _cleanup_(freep) uint8_t *arrived = malloc(most);
    if (!arrived)
        return cli_fail(CLI_FAILED, _("out of memory"));
    struct playing playing = {.play = play, .virtual_pad = virtual_pad, .arrived = arrived};
    answerer_begin(&playing.answerer, play->pad);
    puts(virtual_pad_path(virtual_pad));
    fflush(stdout);
    return play_frames(&playing);
}
