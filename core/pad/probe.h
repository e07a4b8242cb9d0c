// SPDX-License-Identifier: GPL-3.0-or-later
// Which pad may it be that sends these bytes? Every description listens through its own deframer,
// and is believed by how much of what was sent it explains, and how unlikely it is that other bytes
// would look so by chance.
#ifndef PSOASMON_PROBE_H
#define PSOASMON_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "pad/pad.h"

struct probe;

// What speaks for one pad.
struct probe_score {
    const struct pad *pad;
    unsigned baud;    // the line speed it was heard at; 0: the port has none, or kept its own
    uint64_t frames;  // good ones
    uint64_t dropped; // since the first of them, and so:
    double share;     // of the bytes since then, and of the frames, those that are good; 0 to 1
    // In bits: how often a coin would have to fall as called. A frame that stands right behind
    // another brings as many as its sync bytes, its tail and its checksum have; where there are
    // none, a few for its exact length.
    double evidence;
    double confidence; // 0 to 1, of both
};

// Listens for these pads, which must outlive it. -ENOMEM.
int probe_new(struct probe **ret, const struct pad *const *pads, size_t n);
void probe_free(struct probe *probe);
DEFINE_CLEANUP(struct probe *, probe_free)

void probe_hear(struct probe *probe, const void *bytes, size_t length);

// The line fell silent, as after an answer.
void probe_pause(struct probe *probe);

uint64_t probe_bytes(const struct probe *probe); // heard

// One score a pad, in their order. `baud` becomes that of each.
void probe_scores(const struct probe *probe, unsigned baud, struct probe_score *ret);

// Whether no more has to be heard: one pad explains all of it, beyond doubt.
bool probe_is_sure(const struct probe *probe);

enum probe_verdict {
    PROBE_SILENT,    // no byte came
    PROBE_UNKNOWN,   // bytes came that no pad explains
    PROBE_AMBIGUOUS, // several explain them as well as one another
    PROBE_FOUND,     // one does
};

// Puts the scores in order, the best first, and says what they mean. *candidates: how many of them
// are meant, 1 where one is found, 0 where none is.
enum probe_verdict probe_judge(struct probe_score *scores, size_t n, uint64_t bytes,
                               size_t *candidates);

// Whether these two send the same bytes for the same cells in another order: what they differ in is
// not to be heard, and only a press on the pad tells.
bool probe_same_wire(const struct pad *a, const struct pad *b);

#endif
