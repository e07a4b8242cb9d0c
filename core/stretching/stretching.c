// SPDX-License-Identifier: GPL-3.0-or-later
// The stretches that this project stands on, and when to leave them. What they do to the psoas is
// at more length in psoasmon positions.
#include "stretching/stretching.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/mark.h"

static const char knee_purpose[] =
    N_("Stretches the psoas of the leg that stays long, and lets that of the drawn-up one go.");
static const char knee_when_not[] = N_(
    "A new hip joint, a hernia of a disc that hurts when the back is rounded, a knee that must not "
    "be bent, a fresh injury. Stop where it stings or goes numb.");
static const char fetal_purpose[] =
    N_("Lets both psoas muscles go, and the pillow keeps the upper leg from pulling at the back.");
static const char fetal_when_not[] = N_(
    "A shoulder or hip that hurts to lie on, a new hip joint (its leg must not cross the middle).");

static const struct stretch_fact stretches[POSITION_N] = {
    [POSITION_SUPINE_LEFT_KNEE] =
        {
            .title = N_("Left knee to the chest"),
            .command = N_("On the back, the LEFT knee to the chest, the right leg long."),
            .purpose = knee_purpose,
            .how =
                N_("On the back. Hold the left knee with both hands and draw it up until the back "
                   "of the waist touches the mat. The right leg stays long, its heel pushed away. "
                   "Breathe out slowly."),
            .when_not = knee_when_not,
            .mirror = POSITION_SUPINE_RIGHT_KNEE,
        },
    [POSITION_SUPINE_RIGHT_KNEE] =
        {
            .title = N_("Right knee to the chest"),
            .command = N_("On the back, the RIGHT knee to the chest, the left leg long."),
            .purpose = knee_purpose,
            .how =
                N_("On the back. Hold the right knee with both hands and draw it up until the back "
                   "of the waist touches the mat. The left leg stays long, its heel pushed away. "
                   "Breathe out slowly."),
            .when_not = knee_when_not,
            .mirror = POSITION_SUPINE_LEFT_KNEE,
        },
    [POSITION_LEFT_FETAL] =
        {
            .title = N_("Curled up on the left, a pillow between the knees"),
            .command = N_("On the LEFT side, both knees drawn up, a pillow between them."),
            .purpose = fetal_purpose,
            .how = N_("On the left side, knees drawn up to a right angle or further, a firm pillow "
                      "from the knees to the ankles, one under the head as high as the shoulder is "
                      "wide."),
            .when_not = fetal_when_not,
            .mirror = POSITION_RIGHT_FETAL,
        },
    [POSITION_RIGHT_FETAL] =
        {
            .title = N_("Curled up on the right, a pillow between the knees"),
            .command = N_("On the RIGHT side, both knees drawn up, a pillow between them."),
            .purpose = fetal_purpose,
            .how =
                N_("On the right side, knees drawn up to a right angle or further, a firm pillow "
                   "from the knees to the ankles, one under the head as high as the shoulder is "
                   "wide."),
            .when_not = fetal_when_not,
            .mirror = POSITION_LEFT_FETAL,
        },
    [POSITION_SUPINE_LEGS_RAISED] =
        {
            .title = N_("Calves on a chair"),
            .command =
                N_("On the back, both calves up on a chair, hips and knees at right angles."),
            .purpose = N_("Lets both psoas muscles go: the chair carries the legs."),
            .how =
                N_("On the back in front of a chair or a couch, both calves on its seat, hips and "
                   "knees at about a right angle, the arms beside the body. Nothing is to be held "
                   "up: let the legs be heavy."),
            .when_not = N_("Heart failure, reflux or high pressure in the eye, late pregnancy: ask "
                           "first. Stop where it makes the legs tingle."),
            .mirror = POSITION_SUPINE_LEGS_RAISED,
        },
    [POSITION_SUPINE_KNEES_RAISED] =
        {
            .title = N_("A pillow under the knees"),
            .command = N_("On the back, a thick pillow under both knees, or the feet on the mat."),
            .purpose = N_("Lets both psoas muscles go, and is a way to fall asleep as well."),
            .how = N_("On the back, a thick pillow or a rolled blanket under both knees, or the "
                      "knees up with the feet flat on the mat. The lower back sinks by itself."),
            .when_not =
                N_("Late pregnancy: rather on the side. Not for nights after a knee operation "
                   "without asking."),
            .mirror = POSITION_SUPINE_KNEES_RAISED,
        },
};

const struct stretch_fact *stretch_of(enum position position)
{
    return stretches[position].title ? &stretches[position] : NULL;
}

// 9999-12-31T23:59:59Z
#define LAST_S INT64_C(253402300799)

static int refuse(struct error *error, unsigned number, const char *what)
{
    return error_set(error, -EINVAL, "stretch session: hold %u: %s", number, what);
}

static int check_hold(const struct stretch_session *session, unsigned i, struct error *error)
{
    const struct stretch_hold *hold = &session->holds[i];
    int64_t after_s = i == 0 ? session->start_s : session->holds[i - 1].end_s;
    if ((unsigned)hold->position >= POSITION_N || !stretch_of(hold->position))
        return refuse(error, i + 1, "is no stretch");
    if (hold->start_s < after_s || hold->end_s < hold->start_s || hold->end_s > session->end_s)
        return refuse(error, i + 1, "lies outside its time");
    if (hold->asked_s < STRETCH_HOLD_MIN_S || hold->asked_s > STRETCH_HOLD_MAX_S)
        return refuse(error, i + 1, "asks for an impossible time");
    int64_t lasted_s = hold->end_s - hold->start_s;
    if (hold->held_s < 0 || hold->wrong_side_s < 0 || hold->held_s > lasted_s ||
        hold->wrong_side_s > lasted_s - hold->held_s)
        return refuse(error, i + 1, "holds more than its time");
    return 0;
}

int stretch_session_check(const struct stretch_session *session, struct error *error)
{
    if (session->start_s < 0 || session->end_s > LAST_S || session->end_s < session->start_s ||
        session->end_s - session->start_s > STRETCH_SESSION_S)
        return error_set(error, -EINVAL, "stretch session: impossible times");
    if (session->n_holds > STRETCH_HOLDS_MAX)
        return error_set(error, -EINVAL, "stretch session: too many holds");
    int r = 0;
    for (unsigned i = 0; r == 0 && i < session->n_holds; i++)
        r = check_hold(session, i, error);
    return r;
}

int64_t stretch_session_held_s(const struct stretch_session *session)
{
    int64_t held_s = 0;
    for (unsigned i = 0; i < session->n_holds; i++)
        held_s += session->holds[i].held_s;
    return held_s;
}
