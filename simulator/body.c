// SPDX-License-Identifier: GPL-3.0-or-later
#include "body.h"

#include <math.h>

#define GRAVITY 9.80665

enum sex {
    SEX_FEMALE,
    SEX_MALE,
    SEX_N
};

// Masses in percent of the body's, centres of mass in percent of the segment's length from its
// upper end, lengths in mm for the stature given: P. de Leva, "Adjustments to
// Zatsiorsky-Seluyanov's segment inertia parameters", J. Biomechanics 29(9), 1996, table 4.
struct segment {
    double mass, centre, length;
};

static const struct table {
    double stature;
    struct segment head, trunk, upper_arm, forearm, hand, thigh, shank, foot;
} tables[SEX_N] = {
    [SEX_FEMALE] =
        {
            .stature = 1735,
            .head = {6.68, 58.94, 200.2},
            .trunk = {42.57, 41.51, 529.3}, // suprasternale to between the hips
            .upper_arm = {2.55, 57.54, 275.1},
            .forearm = {1.38, 45.59, 264.3},
            .hand = {0.56, 74.74, 78.0},
            .thigh = {14.78, 36.12, 368.5},
            .shank = {4.81, 44.16, 432.3},
            .foot = {1.29, 40.14, 228.3},
        },
    [SEX_MALE] =
        {
            .stature = 1741,
            .head = {6.94, 59.76, 203.3},
            .trunk = {43.46, 44.86, 531.9},
            .upper_arm = {2.71, 57.72, 281.7},
            .forearm = {1.62, 45.74, 268.9},
            .hand = {0.61, 79.00, 86.2},
            .thigh = {14.16, 40.95, 422.2},
            .shank = {4.33, 44.59, 434.0},
            .foot = {1.37, 44.15, 258.1},
        },
};

// Body mass index and stature of adults, by and large.
static const double mean_stature[SEX_N] = {1645, 1775}, mean_index[SEX_N] = {23.5, 24.8};

static void set_pair(struct body *body, enum part left, double newton, double centre)
{
    for (int side = 0; side < 2; side++) {
        body->weight_n[left + side] = newton;
        body->centre[left + side] = centre;
    }
}

static void weigh(struct body *body, const struct table *table, double mass_kg)
{
    double percent = mass_kg * GRAVITY / 100;
    const struct segment *forearm = &table->forearm, *hand = &table->hand;
    double with_hand = forearm->mass + hand->mass;
    body->weight_n[PART_HEAD] = table->head.mass * percent;
    body->centre[PART_HEAD] = 0.5;
    body->weight_n[PART_TRUNK] = table->trunk.mass * percent;
    body->centre[PART_TRUNK] = table->trunk.centre / 100;
    set_pair(body, PART_LEFT_UPPER_ARM, table->upper_arm.mass * percent,
             table->upper_arm.centre / 100);
    set_pair(body, PART_LEFT_FOREARM, with_hand * percent,
             (forearm->mass * forearm->centre / 100 * forearm->length +
              hand->mass * (forearm->length + hand->centre / 100 * hand->length)) /
                 with_hand / (forearm->length + 2 * hand->length));
    set_pair(body, PART_LEFT_THIGH, table->thigh.mass * percent, table->thigh.centre / 100);
    set_pair(body, PART_LEFT_SHANK, table->shank.mass * percent, table->shank.centre / 100);
    set_pair(body, PART_LEFT_FOOT, table->foot.mass * percent, table->foot.centre / 100);
}

static void measure(struct body *body, const struct table *table)
{
    double scale = body->stature_mm / table->stature;
    body->upper_arm = table->upper_arm.length * scale;
    body->forearm = table->forearm.length * scale;
    body->hand = 2 * table->hand.length * scale; // the table's ends at the knuckles
    body->thigh = table->thigh.length * scale;
    body->shank = table->shank.length * scale;
    body->foot = table->foot.length * scale;
    double ankle = 0.046 * body->stature_mm;
    body->hip = body->stature_mm - ankle - body->shank - body->thigh;
    body->shoulder = body->hip - table->trunk.length * scale + 0.035 * body->stature_mm;
    // Biacromial breadth and the distance between hip joints, less the joints' own depth.
    body->shoulders = 0.19 * body->stature_mm;
    body->hips = 0.1 * body->stature_mm;
}

void body_draw(struct body *body, struct random *random, double mass_kg, double stature_mm)
{
    enum sex sex = random_chance(random, 0.5) ? SEX_MALE : SEX_FEMALE;
    double stature = mean_stature[sex] + 70 * (double)random_normal(random);
    double index = mean_index[sex] + 3 * (double)random_normal(random);
    double metres = (stature_mm > 0 ? stature_mm : stature) / 1000;
    double mass = mass_kg > 0 ? mass_kg : index * metres * metres;
    body->stature_mm = metres * 1000;
    // Heavier at one stature is wider and deeper in equal parts.
    body->girth = sqrt(mass / (metres * metres) / mean_index[SEX_MALE]);
    weigh(body, &tables[sex], mass);
    measure(body, &tables[sex]);
}
