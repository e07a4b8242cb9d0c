// SPDX-License-Identifier: GPL-3.0-or-later
// Time: turning over, breathing, fidgeting, coming and going.
#include "sleeper.h"

#include <errno.h>
#include <string.h>

#include "angle.h"
#include "cells.h"
#include "positions.h"

// Streams of randomness, so that more of one thing does not change another.
enum stream {
    STREAM_BODY,
    STREAM_CELLS,
    STREAM_POSE,
    STREAM_NOISE,
};

#define PATH_MAX_LEGS 3

// One leg of a movement.
struct path_leg {
    struct pose to;
    double seconds;
};

struct sleeper {
    struct body body;
    struct mattress *mattress;
    struct cells *cells;
    struct random pose_random, noise_random;
    double frame_s;
    size_t n_cells;

    enum position position; // lain in, or being turned to
    bool turning;           // as opposed to fidgeting or lying still

    struct pose now, from;
    struct path_leg path[PATH_MAX_LEGS];
    size_t n_legs, leg; // moving while leg < n_legs
    double leg_s;       // since this leg began

    double breath_phase, breath_hz; // of the cycle, 0 to 1
    double fidget_in_s;

    float *pressure;      // the raster
    float *loads, *swing; // the cells: still, and what a full breath adds
};

struct sleeper_options sleeper_options_default(void)
{
    return (struct sleeper_options){.seed = 1, .rate_hz = 1, .noise_counts = -1};
}

static bool plausible(const struct sleeper_options *options)
{
    return options->rate_hz > 0 && options->rate_hz <= 1000 && options->mass_kg >= 0 &&
           options->mass_kg <= 400 && options->stature_mm >= 0 && options->stature_mm <= 2500 &&
           options->blur_mm >= 0 && options->blur_mm <= 500;
}

int sleeper_new(struct sleeper **ret, const struct pad *pad, const struct sleeper_options *options)
{
    if (!plausible(options))
        return -EINVAL;
    _cleanup_(sleeper_freep) struct sleeper *sleeper = calloc(1, sizeof *sleeper);
    if (!sleeper)
        return -ENOMEM;
    struct random body_random = random_seeded(options->seed, STREAM_BODY);
    body_draw(&sleeper->body, &body_random, options->mass_kg, options->stature_mm);
    double firmness = random_between(&body_random, 0.09, 0.2);
    int r = mattress_new(&sleeper->mattress, pad->rows * pad->pitch_rows_mm,
                         pad->cols * pad->pitch_cols_mm, firmness, options->blur_mm);
    if (r < 0)
        return r;
    struct random cells_random = random_seeded(options->seed, STREAM_CELLS);
    struct cells_options cells_options = {
        .rate_hz = options->rate_hz,
        .noise_counts = options->noise_counts,
        .dead = options->dead_cells,
        .hot = options->hot_cells,
    };
    r = cells_new(&sleeper->cells, pad, &cells_options, &cells_random);
    if (r < 0)
        return r;
    sleeper->pose_random = random_seeded(options->seed, STREAM_POSE);
    sleeper->noise_random = random_seeded(options->seed, STREAM_NOISE);
    sleeper->frame_s = 1 / options->rate_hz;
    sleeper->n_cells = pad_cells(pad);
    sleeper->position = POSITION_EMPTY;
    size_t points = (size_t)sleeper->mattress->rows * sleeper->mattress->cols;
    sleeper->pressure = calloc(points, sizeof *sleeper->pressure);
    sleeper->loads = calloc(sleeper->n_cells, sizeof *sleeper->loads);
    sleeper->swing = calloc(sleeper->n_cells, sizeof *sleeper->swing);
    if (!sleeper->pressure || !sleeper->loads || !sleeper->swing)
        return -ENOMEM;
    *ret = sleeper;
    sleeper = NULL;
    return 0;
}

void sleeper_free(struct sleeper *sleeper)
{
    if (sleeper->mattress)
        mattress_free(sleeper->mattress);
    if (sleeper->cells)
        cells_free(sleeper->cells);
    free(sleeper->pressure);
    free(sleeper->loads);
    free(sleeper->swing);
    free(sleeper);
}

static double any(struct sleeper *sleeper, double low, double high)
{
    return random_between(&sleeper->pose_random, low, high);
}

// ---- where to ----

static void go(struct sleeper *sleeper, const struct pose *to, double seconds)
{
    sleeper->path[sleeper->n_legs++] = (struct path_leg){.to = *to, .seconds = seconds};
}

static void begin_path(struct sleeper *sleeper)
{
    sleeper->from = sleeper->now;
    sleeper->n_legs = sleeper->leg = 0;
    sleeper->leg_s = 0;
}

static void draw_pose(struct sleeper *sleeper, struct pose *pose, enum position position)
{
    position_pose(pose, position, &sleeper->body, sleeper->mattress, &sleeper->pose_random);
}

static struct pose weightless(struct pose pose)
{
    for (int part = 0; part < PART_N; part++)
        pose.parts[part].load_n = 0;
    return pose;
}

static void get_up(struct sleeper *sleeper)
{
    struct pose edge;
    edge_pose(&edge, &sleeper->body, sleeper->mattress, &sleeper->pose_random);
    struct pose standing = weightless(edge);
    go(sleeper, &edge, any(sleeper, 2.5, 4.5));
    go(sleeper, &edge, any(sleeper, 0.5, 3));
    go(sleeper, &standing, any(sleeper, 0.8, 1.6));
}

static void get_in(struct sleeper *sleeper, enum position position)
{
    struct pose edge, to;
    edge_pose(&edge, &sleeper->body, sleeper->mattress, &sleeper->pose_random);
    sleeper->from = weightless(edge);
    go(sleeper, &edge, any(sleeper, 0.8, 1.6));
    go(sleeper, &edge, any(sleeper, 0.5, 3));
    draw_pose(sleeper, &to, position);
    go(sleeper, &to, any(sleeper, 2.5, 4.5));
}

// Quarter turns about the body's length, left positive.
static int quarters(enum position position)
{
    switch ((int)position) {
    case POSITION_LEFT_SIDE:
    case POSITION_LEFT_FETAL:
        return 1;
    case POSITION_RIGHT_SIDE:
    case POSITION_RIGHT_FETAL:
        return -1;
    case POSITION_PRONE:
        return 2;
    default:
        return 0;
    }
}

// Nobody turns half over without lying on what is between.
static void turn_over(struct sleeper *sleeper, enum position from, enum position to)
{
    struct pose pose;
    int before = quarters(from), after = quarters(to);
    if ((before == 2 && after == 0) || (before == 0 && after == 2)) {
        draw_pose(sleeper, &pose,
                  any(sleeper, 0, 1) < 0.5 ? POSITION_LEFT_SIDE : POSITION_RIGHT_SIDE);
        go(sleeper, &pose, any(sleeper, 1, 2));
    } else if (before * after == -1) {
        draw_pose(sleeper, &pose, POSITION_SUPINE);
        go(sleeper, &pose, any(sleeper, 1, 2));
    }
    draw_pose(sleeper, &pose, to);
    go(sleeper, &pose, any(sleeper, 1.5, 3.5));
}

void sleeper_turn(struct sleeper *sleeper, enum position position)
{
    enum position before = sleeper->position;
    if (position == POSITION_UNKNOWN || (position == POSITION_EMPTY && before == POSITION_EMPTY))
        return;
    begin_path(sleeper);
    if (position == POSITION_EMPTY)
        get_up(sleeper);
    else if (before == POSITION_EMPTY)
        get_in(sleeper, position);
    else
        turn_over(sleeper, before, position);
    sleeper->position = position;
    sleeper->turning = true;
}

// An arm or a leg finds a better place; the position stays.
static void fidget(struct sleeper *sleeper)
{
    struct pose to = sleeper->now;
    for (int i = 0; i < 2; i++) {
        unsigned part =
            PART_LEFT_UPPER_ARM + random_below(&sleeper->pose_random, PART_N - PART_LEFT_UPPER_ARM);
        double dx = any(sleeper, -18, 18), dy = any(sleeper, -10, 10);
        for (int s = 0; s < STATIONS; s++) {
            to.parts[part].stations[s].at.x += dx;
            to.parts[part].stations[s].at.y += dy;
        }
    }
    to.parts[PART_TRUNK].load_at += any(sleeper, -0.01, 0.01);
    begin_path(sleeper);
    go(sleeper, &to, any(sleeper, 0.6, 1.5));
}

// ---- time passes ----

static void print(struct sleeper *sleeper, double breath, float *loads)
{
    mattress_press(sleeper->mattress, &sleeper->now, breath, sleeper->pressure);
    cells_gather(sleeper->cells, sleeper->mattress, sleeper->pressure, loads);
}

// The print of the pose and what a breath adds to it hold until the next movement.
static void settle(struct sleeper *sleeper)
{
    sleeper->turning = false;
    print(sleeper, 1, sleeper->swing);
    print(sleeper, 0, sleeper->loads);
    for (size_t i = 0; i < sleeper->n_cells; i++)
        sleeper->swing[i] -= sleeper->loads[i];
    sleeper->breath_hz = any(sleeper, 12, 18) / 60;
    sleeper->fidget_in_s = any(sleeper, 20, 260);
}

static void move(struct sleeper *sleeper)
{
    sleeper->leg_s += sleeper->frame_s;
    while (sleeper->leg < sleeper->n_legs &&
           sleeper->leg_s >= sleeper->path[sleeper->leg].seconds) {
        sleeper->leg_s -= sleeper->path[sleeper->leg].seconds;
        sleeper->from = sleeper->now = sleeper->path[sleeper->leg].to;
        sleeper->leg++;
    }
    if (sleeper->leg == sleeper->n_legs) {
        settle(sleeper);
        return;
    }
    const struct path_leg *leg = &sleeper->path[sleeper->leg];
    double share = sleeper->leg_s / leg->seconds;
    pose_blend(&sleeper->now, &sleeper->from, &leg->to, share * share * (3 - 2 * share));
    // Heaving oneself over pushes now here, now there.
    for (int part = 0; sleeper->turning && part < PART_N; part++)
        sleeper->now.parts[part].load_n *= any(sleeper, 0.85, 1.15);
    print(sleeper, 0, sleeper->loads);
    memset(sleeper->swing, 0, sleeper->n_cells * sizeof *sleeper->swing);
}

void sleeper_frame(struct sleeper *sleeper, uint16_t *counts)
{
    bool somebody = sleeper->position != POSITION_EMPTY;
    if (sleeper->leg < sleeper->n_legs) {
        move(sleeper);
    } else if (somebody) {
        sleeper->fidget_in_s -= sleeper->frame_s;
        if (sleeper->fidget_in_s <= 0) {
            fidget(sleeper);
            move(sleeper);
        }
    }
    sleeper->breath_phase += sleeper->breath_hz * sleeper->frame_s;
    double breath = 0.5 - 0.5 * cosine(360 * sleeper->breath_phase);
    cells_read(sleeper->cells, sleeper->loads, sleeper->swing, breath, &sleeper->noise_random,
               counts);
}

enum position sleeper_truth(const struct sleeper *sleeper)
{
    return sleeper->turning ? POSITION_UNKNOWN : sleeper->position;
}
