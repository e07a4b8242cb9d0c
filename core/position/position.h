// SPDX-License-Identifier: GPL-3.0-or-later
// The positions psoasmon tells apart. The identifiers are fixed: they are in the database, the
// JSON and the journal.
#ifndef PSOASMON_POSITION_H
#define PSOASMON_POSITION_H

#include <stdbool.h>
#include <stdint.h>

enum position {
    POSITION_SUPINE,
    POSITION_SUPINE_KNEES_RAISED,
    POSITION_SUPINE_LEFT_KNEE,
    POSITION_SUPINE_RIGHT_KNEE,
    POSITION_SUPINE_LEGS_RAISED,
    POSITION_RECLINED,
    POSITION_LEFT_FETAL,
    POSITION_RIGHT_FETAL,
    POSITION_LEFT_SIDE,
    POSITION_RIGHT_SIDE,
    POSITION_PRONE,
    POSITION_SITTING,
    POSITION_EMPTY,   // nobody on the pad
    POSITION_UNKNOWN, // somebody or something: the model is not sure, they move, or it is no one
    POSITION_N
};

// The positions of a body: what the model tells apart. They come first in the enum.
#define POSITION_BODY_N POSITION_EMPTY

// What probabilities of the body positions leave to none of them: what their sum lacks to 1, and 0
// where that is but rounding.
float position_unknown(const float probabilities[POSITION_BODY_N]);

// What a position does to the psoas.
enum psoas {
    PSOAS_NONE, // empty, unknown
    PSOAS_NEUTRAL,
    PSOAS_RELEASED,
    PSOAS_PARTLY_RELEASED,
    PSOAS_STRETCHED, // the long leg's is stretched, the bent leg's released
    PSOAS_EXTENDED,  // hips extended, lumbar spine arched
    PSOAS_SHORTENED,
};

// A set of positions, a bit each.
typedef uint32_t position_set;
#define POSITION_BIT(position) (UINT32_C(1) << (position))

struct position_fact {
    const char *identifier; // "supine_left_knee"
    const char *title;      // "On the back, left knee drawn up"
    enum psoas psoas;
    bool friendly; // counted as psoas-friendly unless the configuration says otherwise
};

const struct position_fact *position_fact(enum position position);
const char *position_identifier(enum position position);
const char *psoas_name(enum psoas psoas); // "release", "neutral", ...

// -1 where no position has that identifier.
int position_from_identifier(const char *identifier);

// The friendly ones by default. POSITION_UNKNOWN and POSITION_EMPTY may never be in a friendly
// set.
position_set position_friendly_default(void);

#endif
