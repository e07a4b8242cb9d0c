// SPDX-License-Identifier: GPL-3.0-or-later
#include "positions_text.h"
#include "words.h"

#include <stddef.h>

static const struct position_text supine = {
    N_("Both legs long, hands anywhere."),
    N_("The psoas is at about its resting length. In stiff hips, long legs can draw the lower "
       "back into an arch."),
    N_("A thin pillow under the knees is common advice; the pad may not tell it from long legs."),
};

static const struct position_text knees_raised = {
    N_("Feet on the mattress, or a thick pillow under the knees."),
    N_("Bent hips bring the ends of the psoas closer together, so that it can let go, and the "
       "lower back lies flatter. Taught as the constructive rest position."),
    N_("Anatomy and long practice speak for it; trials are missing. Without a pillow the knees "
       "fall to a side in sleep, so expect short times."),
};

static const struct position_text one_knee = {
    N_("One knee drawn up toward the chest, the other leg long."),
    N_("The psoas of the long leg is stretched a little; that of the bent leg is released."),
    N_("In a stronger form it is how therapists test and stretch hip flexors (the Thomas test); "
       "what the mild form does in sleep was not measured. Stretching is for a muscle that is "
       "well: not where it hurts."),
};

static const struct position_text legs_raised = {
    N_("Calves up on a chair, a wedge or a pile of pillows: trunk and pelvis alone print."),
    N_("With hips and knees near a right angle the psoas is slack and the lower back rests."),
    N_("Common advice for a sore back, for minutes rather than for nights. The pad sees that "
       "the legs are not there, not what holds them."),
};

static const struct position_text reclined = {
    N_("The upper body raised, by the bed or by pillows."),
    N_("The hips are bent a little, so the psoas is partly released; the lower back may round."),
    N_("How much depends on the angle, which the pad cannot measure."),
};

static const struct position_text fetal = {
    N_("Curled up, loosely or tightly."),
    N_("Bent hips let the psoas go slack; it is also short for as long as that lasts. A pillow "
       "between the knees keeps pelvis and spine in line."),
    N_("Opinions differ. It is widely recommended; some therapists advise against curling up "
       "tightly all night, for fear that a muscle held short stays short. No study known to us "
       "settles it. The pad cannot see the pillow."),
};

static const struct position_text side = {
    N_("Hips fairly straight, one leg over the other or before it."),
    N_("The psoas is near its resting length, neither slack nor pulled."),
    N_("In the few studies there are, lying on the side went with fewer complaints of the spine "
       "on waking. They did not look at the psoas."),
};

static const struct position_text prone = {
    N_("Legs long, or one knee drawn up to the side."),
    N_("The hips are extended and the lumbar spine is arched; the psoas is long and pulls on "
       "it."),
    N_("Often advised against for sore backs, on little evidence. Many people sleep well on "
       "their front."),
};

static const struct position_text sitting = {
    N_("On the bed or on its edge."),
    N_("The hips are bent and the trunk is held up: the psoas is short, and may be working."),
    N_("Minutes of it before getting up mean nothing."),
};

static const struct position_text empty = {
    N_("Out of bed within the night."),
    "",
    N_("Counted neither for nor against the night."),
};

static const struct position_text unknown = {
    N_("Somebody is there, but the model is not sure how they lie, or they are moving; or what "
       "is there is no sleeper: an animal, a suitcase, two people."),
    "",
    N_("Never counted as friendly."),
};

static const struct position_text *const texts[POSITION_N] = {
    [POSITION_SUPINE] = &supine,
    [POSITION_SUPINE_KNEES_RAISED] = &knees_raised,
    [POSITION_SUPINE_LEFT_KNEE] = &one_knee,
    [POSITION_SUPINE_RIGHT_KNEE] = &one_knee,
    [POSITION_SUPINE_LEGS_RAISED] = &legs_raised,
    [POSITION_RECLINED] = &reclined,
    [POSITION_LEFT_FETAL] = &fetal,
    [POSITION_RIGHT_FETAL] = &fetal,
    [POSITION_LEFT_SIDE] = &side,
    [POSITION_RIGHT_SIDE] = &side,
    [POSITION_PRONE] = &prone,
    [POSITION_SITTING] = &sitting,
    [POSITION_EMPTY] = &empty,
    [POSITION_UNKNOWN] = &unknown,
};

const char *const positions_introduction[] = {
    N_("The psoas runs from the lumbar spine through the pelvis to the thigh bone. It bends the "
       "hip, so it is short and slack where the hip is bent and the leg supported, and long "
       "where the hip is straight or beyond."),
    NULL,
};

const char *const positions_limits[] = {
    N_("Most of this is anatomy and the custom of therapists, not measurement. A review of "
       "sleeping posture and complaints of the spine (Cary, Briffa and McKenna, BMJ Open "
       "2019;9:e027633) found four studies, most of them small, with the posture as the "
       "sleepers remembered it. Lying on the side came out as generally protective. They asked "
       "about pain and stiffness, not about the psoas."),
    N_("The pad feels pressure. It cannot see a pillow, the angle of a hip, or a muscle; it "
       "estimates a position, and is sometimes wrong. Of pain, of an injury, of why somebody lies "
       "as they do, and of whether they sleep, it knows nothing."),
    N_("More time in friendly positions is no promise of less pain, and less of it is no "
       "illness. Which positions count is a default, not a verdict: [report] friendly in the "
       "configuration changes it."),
    NULL,
};

const char positions_ask[] =
    N_("Ask a doctor or a physiotherapist, rather than stretch or change how you sleep on the "
       "strength of this, if");

const char *const positions_ask_when[] = {
    N_("the pain began with a fall, a blow or another injury;"),
    N_("there is bruising or swelling at the hip, the groin or the back;"),
    N_("a leg or the groin is numb, tingles or is weak;"),
    N_("the pain stays for more than some weeks, grows, or wakes you at night;"),
    N_("you have a fever, or feel ill, with it;"),
    N_("you are pregnant, or have had surgery of the spine or the hip."),
    NULL,
};

const char positions_ask_at_once[] =
    N_("Get help at once if, with back pain, it becomes numb between your legs or you lose "
       "control of bladder or bowels.");

const struct position_text *position_text(enum position position)
{
    return texts[position];
}
