// SPDX-License-Identifier: GPL-3.0-or-later
// How well breathing is told: how often, how right, and how often where nobody breathes.
#include <stdio.h>
#include <time.h>

#include "../unit/breather.h"
#include "position/model.h"

#define MINUTES 12
#define FRAMES  20000

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// What a frame costs at 20 a second, the look at each minute included, against the model's look.
static void cost(const struct pad *pad)
{
    static struct pressure_map map;
    static uint16_t counts[64 * 32];
    const struct frame frame = {.rows = 64, .cols = 32, .counts = counts};
    struct breather b = {.rate_hz = 20, .per_min = 14, .depth = 0.01, .noise = 2, .seed = 1};
    struct breather_state state = breather_begin(&b);
    struct error error = {0};
    struct breathing *breathing;
    struct surface *surface;
    struct model *model;
    if (surface_new(&surface, pad) < 0 || breathing_new(&breathing, pad, 20) < 0 ||
        model_builtin(&model, &error) < 0)
        abort();
    double breathing_s = 0, model_s = 0;
    for (int i = 0; i < FRAMES; i++) {
        breather_frame(&b, pad, &state, i / 20.0, counts);
        if (surface_read(surface, &frame, &map) != 0)
            continue;
        double start_s = now_s();
        breathing_see(breathing, &map, BREATHER_START_S * 1000000 + INT64_C(50000) * i);
        breathing_s += now_s() - start_s;
        if (i % 20 > 0)
            continue;
        float probabilities[POSITION_BODY_N];
        start_s = now_s();
        model_run(model, &map, probabilities);
        model_s += 20 * (now_s() - start_s);
    }
    printf("\na frame costs %.1f us; the model's look at one %.1f us: %.2f %%\n",
           1e6 * breathing_s / FRAMES, 1e6 * model_s / FRAMES, 100 * breathing_s / model_s);
    model_free(model);
    surface_free(surface);
    breathing_free(breathing);
}

static void row(const struct pad *pad, const char *title, const struct breather *b, size_t minutes)
{
    static bool found[4096];
    static struct breath breaths[4096];
    unsigned n = breather_sleep(b, pad, minutes, found, breaths), wrong = 0;
    double sum = 0, worst = 0, steadiness = 0;
    for (size_t i = 0; i < minutes; i++) {
        if (!found[i])
            continue;
        double off = fabs(breaths[i].per_min - b->per_min);
        sum += off;
        worst = fmax(worst, off);
        wrong += off > 2;
        steadiness += breaths[i].steadiness;
    }
    printf("%-44s %4u of %4zu  mean error %5.2f  worst %5.2f  wrong %u  steadiness %.2f\n", title,
           n, minutes, n ? sum / n : 0, worst, wrong, n ? steadiness / n : 0);
}

int main(int argc, char **argv)
{
    struct error error = {0};
    struct pad *pad = NULL;
    if (argc != 2 || pad_load(&pad, argv[1], &error) < 0)
        return 2;
    static const double rates[] = {4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 34, 40};
    static const double depths[] = {0.02, 0.005, 0.002, 0.001};
    char title[96];
    for (size_t d = 0; d < 4; d++)
        for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
            struct breather b = {.rate_hz = 10,
                                 .per_min = rates[i],
                                 .depth = depths[d],
                                 .jitter = 0.3,
                                 .noise = 4,
                                 .unevenness = 0.05,
                                 .seed = i + 100 * d};
            snprintf(title, sizeof title, "%g/min, depth %g %%", rates[i], 100 * depths[d]);
            row(pad, title, &b, MINUTES);
        }
    static const double hz[] = {5, 7, 20, 100};
    for (size_t i = 0; i < 4; i++) {
        struct breather b = {.rate_hz = hz[i],
                             .per_min = 14,
                             .depth = 0.01,
                             .jitter = 0.4,
                             .noise = 4,
                             .unevenness = 0.08,
                             .seed = 7,
                             .heart_per_min = 71,
                             .heart = 0.005};
        snprintf(title, sizeof title, "14/min at %g Hz, heart 71", hz[i]);
        row(pad, title, &b, MINUTES);
    }
    static const struct {
        const char *title;
        struct breather b;
    } none[] = {
        {"empty", {.rate_hz = 10, .noise = 4, .lying = LYING_NOTHING}},
        {"suitcase", {.rate_hz = 10, .noise = 4, .lying = LYING_SUITCASE}},
        {"suitcase, no noise", {.rate_hz = 10, .lying = LYING_SUITCASE}},
        {"body that does not breathe, noise", {.rate_hz = 10, .noise = 4}},
        {"the same, noise 20", {.rate_hz = 10, .noise = 20}},
        {"the same, noise 1, wandering 0.1 %", {.rate_hz = 10, .noise = 1, .walk = 0.001}},
        {"the same, noise 1, wandering 1 %", {.rate_hz = 10, .noise = 1, .walk = 0.01}},
        {"the same, drifting 5 %", {.rate_hz = 10, .noise = 0.3, .drift = 0.05}},
        {"heart alone 66", {.rate_hz = 10, .noise = 2, .heart_per_min = 66, .heart = 0.01}},
        {"heart alone 72 at 5 Hz", {.rate_hz = 5, .noise = 2, .heart_per_min = 72, .heart = 0.01}},
        {"hum 49.75 Hz 4 counts", {.rate_hz = 10, .noise = 2, .hum_hz = 49.75, .hum = 4}},
        {"ripple 49.75 Hz 2 %", {.rate_hz = 10, .noise = 2, .ripple_hz = 49.75, .ripple = 0.02}},
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct breather b = none[i].b;
        b.jitter = 0.2;
        b.seed = 1000 + i;
        row(pad, none[i].title, &b, 100);
    }
    cost(pad);
    pad_free(pad);
    return 0;
}
