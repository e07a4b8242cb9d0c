// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of the weekly advice. To add one: a row here (the most urgent stand first), what it
// measures in advice.h and advice_measures.c if that is new, and a test on both sides of its border
// in tests/unit/test_advice.c. A rule speaks where all of its conditions hold. Nobody is told what
// they have, or what will happen: what is seen, and what can be tried.
//
// "The project's idea" is what it began with, anatomy and the custom of therapists: lying on the
// back with a pillow under the knees, with one knee to the chest, curled up on the side with a
// pillow between the knees, or with the calves on a chair relaxes or stretches the psoas; long
// sitting, overuse, weak glutes and bad posture tighten it. Borders without a source are ours.
#include "awake/advice.h"
#include "words.h"

#define HOUR_S 3600

const struct advice_rule advice_rules[] = {
    {
        .name = "pain-rising",
        .conditions = {{MEASURE_PAIN_CHANGE, AT_LEAST, 2}},
        .sentence =
            N_("Pain was @1@ points higher in the mornings than the week before: if it goes "
               "on growing, a doctor or a physiotherapist is the right address, not a pad "
               "(psoasmon positions names the signs)."),
        .source =
            N_("Two points of ten less are what patients call much (Farrar and others, Pain "
               "94, 2001, 149-158); as much more is taken to be much as well. Pain that grows "
               "is for a health professional."),
    },
    {
        .name = "pain-staying",
        .conditions = {{MEASURE_PAIN_WEEKS, AT_LEAST, 6}},
        .sentence = N_("Pain has been 5 of 10 or more for @1@ weeks: a doctor or a physiotherapist "
                       "is the right address (psoasmon positions names the signs)."),
        .source =
            N_("From 5 of 10 on pain is moderate (Serlin and others, of cancer, Pain 61, 1995, "
               "277-284), and back pain is called acute for less than six weeks (van Tulder and "
               "others, European Spine Journal 15, 2006, S169-S191)."),
    },
    {
        .name = "one-position",
        .conditions = {{MEASURE_LONG_NIGHTS, AT_LEAST, 3}},
        .sentence =
            N_("In @1@ nights one position lasted three hours or more: turning over when you "
               "wake gives the hips another length for a while."),
        .source = N_("Whatever position it is, a muscle is held short or long for as long; adults "
                     "shift some two to four times an hour (De Koninck and others, Sleep 15, 1992, "
                     "143-149). The border is ours."),
    },
    {
        .name = "legs-long",
        .conditions = {{MEASURE_KNEES_RAISED, AT_MOST, 0}, {MEASURE_LEGS_LONG, AT_LEAST, HOUR_S}},
        .sentence = N_("You lay on your back with long legs for @2@ a night, and never with the "
                       "knees raised: a thick pillow under them lets the psoas go."),
        .source =
            N_("The project's idea; psoasmon positions has how sure it is. The pad may take a "
               "thin pillow for none. The border is ours."),
    },
    {
        .name = "mostly-left",
        .conditions = {{MEASURE_LEFT_SHARE, AT_LEAST, 0.8},
                       {MEASURE_ON_SIDES, AT_LEAST, 2 * HOUR_S}},
        .sentence =
            N_("@1@ of the time on a side was on the left: the other side now and then, with "
               "a pillow between the knees, loads both hips alike."),
        .source =
            N_("The project's idea: what is one-sided for hours is bad posture lying down. The "
               "borders are ours."),
    },
    {
        .name = "mostly-right",
        .conditions = {{MEASURE_LEFT_SHARE, AT_MOST, 0.2},
                       {MEASURE_ON_SIDES, AT_LEAST, 2 * HOUR_S}},
        .sentence =
            N_("Only @1@ of the time on a side was on the left: the other side now and then, "
               "with a pillow between the knees, loads both hips alike."),
        .source =
            N_("The project's idea: what is one-sided for hours is bad posture lying down. The "
               "borders are ours."),
    },
    {
        .name = "sitting-rising",
        .conditions = {{MEASURE_SITTING_CHANGE, AT_LEAST, HOUR_S},
                       {MEASURE_SITTING, AT_LEAST, 6 * HOUR_S}},
        .sentence =
            N_("You sat @1@ a day longer than the week before, @2@ a day: sitting keeps the "
               "psoas short, and standing up every hour or ten minutes on the back with the "
               "calves on a chair is a break from it."),
        .source = N_("The project's idea: long sitting tightens the psoas. The borders are ours."),
    },
    {
        .name = "much-strain",
        .conditions = {{MEASURE_STRAIN, AT_LEAST, 7}},
        .sentence = N_("Strain was @1@ of 10 on average: after such a day, ten minutes on the back "
                       "with the calves on a chair are rest for the psoas."),
        .source = N_("The project's idea: overuse tightens the psoas. The border is ours."),
    },
    {
        .name = "little-friendly",
        .conditions = {{MEASURE_FRIENDLY_SHARE, AT_MOST, 0.2}},
        .sentence = N_("@1@ of the time was psoas-friendly: on the side with drawn-up knees and a "
                       "pillow between them, or on the back with one under them, are ways to begin "
                       "a night."),
        .source = N_("The project's idea; which positions count is set in the configuration. The "
                     "border is ours."),
    },
    {
        .name = "stretching-stopped",
        .conditions = {{MEASURE_STRETCHING_DAYS, AT_MOST, 0},
                       {MEASURE_STRETCHING_BEFORE, AT_LEAST, 2}},
        .sentence =
            N_("No stretching this week, after @2@ days with some the week before: psoasmon "
               "stretch leads through a few minutes of it."),
        .source = N_("The project's idea: stretching awake is the other half. The border is ours."),
    },
};
const size_t advice_rules_n = sizeof advice_rules / sizeof *advice_rules;

_Static_assert(sizeof advice_rules / sizeof *advice_rules <= ADVICE_RULES_MAX,
               "findings have room for every rule");
