// SPDX-License-Identifier: GPL-3.0-or-later
// A session from its first position to its last, as the pad sees it. No clock: it is as late as the
// last map.
//
// What is shown goes by what the filter thinks now; what is counted, by what it has settled some
// seconds later. So a hold is corrected until its rest is over, and what is stored is what was
// held.
#ifndef PSOASMON_GUIDE_H
#define PSOASMON_GUIDE_H

#include "position/filter.h"
#include "stretching/routine.h"

// Out of the position for so long, all together, and a hold is passed over.
#define GUIDE_PATIENCE_S 120

// What was asked for is known. So where the filter is sure of nothing, the likeliest position is
// taken for it, or for its mirror, from this probability on.
#define GUIDE_LIKELY 0.35f

// And before the filter, the asked position and its mirror are so many times as likely as they
// look: who was told to draw a knee up lies flat for want of a knee less often than for want of
// being sure of it. The mirror as much as the other, so that a wrong side is seen for one.
#define GUIDE_EXPECTED 3.0f

// Seen so for so many seconds, and it is said.
#define GUIDE_SURE_S 2

enum guide_phase {
    GUIDE_HOLD,
    GUIDE_REST,
    GUIDE_DONE,
};

// What the pad sees of a hold.
enum guide_sight {
    GUIDE_UNSURE, // somebody, moving or in no position that is known
    GUIDE_NOBODY,
    GUIDE_RIGHT,
    GUIDE_WRONG_SIDE,
    GUIDE_OTHER, // another position: `seen`
};

#define GUIDE_WINDOW_S 32 // more than the filter holds back

struct guide {
    const struct routine *routine;
    enum guide_phase phase;
    bool begun, blind; // blind: the seconds up to the next that is seen were not
    int64_t now_s;     // the newest second
    int64_t rest_since_s;
    enum guide_sight sight; // as it is said; steady for GUIDE_SURE_S
    enum position seen;
    enum guide_sight maybe; // since maybe_s
    int64_t maybe_s;
    int64_t settled_s;                    // seconds before it are settled
    enum position recent[GUIDE_WINDOW_S]; // of those behind it, by second
    struct stretch_session session;       // so far
};

// `session` has what is known beforehand: pad, model, zone. The routine must outlive the guide.
void guide_begin(struct guide *guide, const struct routine *routine,
                 const struct stretch_session *session);

// What the model says of a map, with what is expected: before the filter gets it.
void guide_expect(const struct guide *guide, float probabilities[POSITION_BODY_N]);

// What it looks like now; time does not go back.
void guide_see(struct guide *guide, const struct tick *now);
// A settled second, in order.
void guide_settle(struct guide *guide, const struct tick *tick);
// A second without frames is nobody's: what was thought of those that are not settled is forgotten.
void guide_lose_sight(struct guide *guide);
// Goes on to the next.
void guide_skip(struct guide *guide);
// Left, or over: nothing is asked for any more, and session.finished says which.
void guide_end(struct guide *guide);

// Of the hold in progress.
const struct routine_item *guide_item(const struct guide *guide); // null when done
int64_t guide_held_s(const struct guide *guide);
int64_t guide_rest_left_s(const struct guide *guide);

#endif
