// SPDX-License-Identifier: GPL-3.0-or-later
// What to write to a pad, and when: pads that are started, and asked for every frame. It owns no
// port and reads no clock; who has the port does what it says. Times are microseconds of a clock
// that does not jump.
#ifndef PSOASMON_ASKER_H
#define PSOASMON_ASKER_H

#include <stdbool.h>
#include <stdint.h>

#include "pad/pad.h"

// Plain storage.
struct asker {
    const struct pad *pad;
    int64_t opened_us, started_us, asked_us;
    int64_t heard_us; // when the last bytes came; before opened_us: none have
    bool started, asked;
    bool quiet; // the silence after the last bytes has been told
};

enum asker_step {
    ASKER_WAIT,
    ASKER_PAUSE, // the line is silent: deframer_pause
    ASKER_WRITE, // deframer_pause, then write *words
};

// The port was opened. `pad` must outlive the asker.
void asker_open(struct asker *asker, const struct pad *pad, int64_t now_us);

// Whether what comes now is no frame: the pad has not settled.
bool asker_settles(const struct asker *asker, int64_t now_us);

// Bytes came.
void asker_hear(struct asker *asker, int64_t now_us);

// What to do now. Each step is told once: ask again until it is ASKER_WAIT.
enum asker_step asker_next(struct asker *asker, int64_t now_us, const struct pad_bytes **words);

// When to ask for the next step, if nothing comes until then; INT64_MAX: never.
int64_t asker_due_us(const struct asker *asker);

// What to write before the port is closed, or null.
const struct pad_bytes *asker_last(const struct asker *asker);

#endif
