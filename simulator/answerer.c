// SPDX-License-Identifier: GPL-3.0-or-later
#include "answerer.h"

#include <string.h>

void answerer_begin(struct answerer *answerer, const struct pad *pad)
{
    *answerer = (struct answerer){.pad = pad, .running = !pad_is_asked(pad)};
}

static void keep(struct answerer *answerer, uint8_t byte)
{
    if (answerer->n_heard == sizeof answerer->heard) {
        memmove(answerer->heard, answerer->heard + 1, sizeof answerer->heard - 1);
        answerer->n_heard--;
    }
    answerer->heard[answerer->n_heard++] = byte;
}

// Whether the words were just completed; they are then taken.
static bool said(struct answerer *answerer, const struct pad_bytes *words)
{
    if (words->length == 0 || answerer->n_heard < words->length ||
        !pad_bytes_match(words, answerer->heard + answerer->n_heard - words->length))
        return false;
    answerer->n_heard = 0;
    return true;
}

unsigned answerer_hear(struct answerer *answerer, const uint8_t *bytes, size_t length)
{
    unsigned asked = 0;
    for (size_t i = 0; i < length; i++) {
        keep(answerer, bytes[i]);
        if (said(answerer, &answerer->pad->start))
            answerer->running = answerer->pad->request.length == 0;
        else if (said(answerer, &answerer->pad->stop))
            answerer->running = false;
        else if (said(answerer, &answerer->pad->request))
            asked++;
    }
    return asked;
}
