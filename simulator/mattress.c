// SPDX-License-Identifier: GPL-3.0-or-later
#include "mattress.h"

#include <errno.h>
#include <math.h>
#include <string.h>

// Every body part ends roundly, within this length.
#define END_CAP_MM 32.0

// Skin, sheet and the pad's own cover blur a little without any mattress between; being stretched,
// they also carry a share of the load to where nothing touches.
#define COVER_BLUR_MM  10.0
#define COVER_REACH_MM 42.0
#define COVER_SHARE    0.22F

// Joints and skin resist tipping: this share of what an evenly pressed part itself would.
#define TILT_RESISTANCE 0.15

#define NEWTON_STEPS 40

// Sheet, clothes and skin are folded: as high as this, as far apart as that.
#define FOLD_HEIGHT_MM 22.0
#define FOLD_MM        32.0

// A point of the raster that a part may touch.
struct contact {
    unsigned place;   // on the raster
    double underside; // of the part there, above the part's general level, mm
    double along;     // the part, 0 to 1
};

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

int mattress_new(struct mattress **ret, double pad_length_mm, double pad_width_mm,
                 double stiffness_kpa_per_mm, double blur_mm)
{
    _cleanup_(mattress_freep) struct mattress *mattress = calloc(1, sizeof *mattress);
    if (!mattress)
        return -ENOMEM;
    // A pad is a little smaller than its bed.
    mattress->rows = 2 * (unsigned)(clamp(pad_length_mm + 300, 1900, 2400) / 2 / RASTER_MM);
    mattress->cols = 2 * (unsigned)(clamp(pad_width_mm + 100, 800, MATTRESS_MAX_COLS * RASTER_MM) /
                                    2 / RASTER_MM);
    mattress->stiffness_kpa_per_mm = stiffness_kpa_per_mm;
    mattress->blur_mm = blur_mm;
    size_t cells = (size_t)mattress->rows * mattress->cols;
    mattress->contacts = calloc(cells, sizeof *mattress->contacts);
    mattress->spread = calloc(cells, sizeof *mattress->spread);
    mattress->line = calloc(mattress->rows + mattress->cols, sizeof *mattress->line);
    if (!mattress->contacts || !mattress->spread || !mattress->line)
        return -ENOMEM;
    *ret = mattress;
    mattress = NULL;
    return 0;
}

void mattress_free(struct mattress *mattress)
{
    free(mattress->contacts);
    free(mattress->spread);
    free(mattress->line);
    free(mattress);
}

// ---- folds ----

// The height at a corner of a lattice, from -0.5 to 0.5: the same for the same folds.
static double fold_corner(uint64_t folds, int row, int col)
{
    uint64_t z = folds + (uint64_t)(row * 4096 + col) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)(z >> 40) * 0x1p-24 - 0.5;
}

static double fold_at(uint64_t folds, struct point point)
{
    double y = point.y / FOLD_MM, x = point.x / FOLD_MM;
    int row = (int)floor(y), col = (int)floor(x);
    y -= row;
    x -= col;
    double upper = (1 - x) * fold_corner(folds, row, col) + x * fold_corner(folds, row, col + 1);
    double lower =
        (1 - x) * fold_corner(folds, row + 1, col) + x * fold_corner(folds, row + 1, col + 1);
    return FOLD_HEIGHT_MM * ((1 - y) * upper + y * lower);
}

// ---- where a part's underside is ----

// Between two neighbouring stations. Returns false if the point is not below this piece.
static bool underside_of_piece(const struct station *a, bool first, bool last, struct point point,
                               double *underside, double *on)
{
    const struct station *b = a + 1;
    double dx = b->at.x - a->at.x, dy = b->at.y - a->at.y, square = dx * dx + dy * dy;
    double px = point.x - a->at.x, py = point.y - a->at.y;
    double raw = square > 0 ? (px * dx + py * dy) / square : 0;
    *on = clamp(raw, 0, 1);
    double sx = px - *on * dx, sy = py - *on * dy;
    double half_width = a->half_width + *on * (b->half_width - a->half_width);
    double aside = sx * sx + sy * sy;
    double off = aside / (half_width * half_width);
    bool beyond = (first && raw < 0) || (last && raw > 1);
    if (beyond && half_width > END_CAP_MM) {
        double over = (raw - *on) * (raw - *on) * square;
        off = over / (END_CAP_MM * END_CAP_MM) + (aside - over) / (half_width * half_width);
    }
    if (off >= 1)
        return false;
    double depth = a->depth + *on * (b->depth - a->depth);
    double relief = a->relief + *on * (b->relief - a->relief);
    *underside = relief + depth * (1 - sqrt(1 - off));
    return true;
}

static bool underside(const struct part_pose *part, struct point point, struct contact *contact)
{
    bool found = false;
    for (int i = 0; i < STATIONS - 1; i++) {
        double height, on;
        if (!underside_of_piece(&part->stations[i], i == 0, i == STATIONS - 2, point, &height, &on))
            continue;
        if (found && contact->underside <= height)
            continue;
        contact->underside = height;
        contact->along = (i + on) / (STATIONS - 1);
        found = true;
    }
    return found;
}

struct box {
    unsigned row_begin, row_end, col_begin, col_end;
};

static struct box box_of(const struct mattress *mattress, const struct part_pose *part)
{
    double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    for (int i = 0; i < STATIONS; i++) {
        const struct station *s = &part->stations[i];
        left = fmin(left, s->at.x - s->half_width);
        right = fmax(right, s->at.x + s->half_width);
        top = fmin(top, s->at.y - s->half_width);
        bottom = fmax(bottom, s->at.y + s->half_width);
    }
    double half_width = mattress_half_width(mattress), half_length = mattress_half_length(mattress);
    return (struct box){
        .row_begin = (unsigned)clamp((top + half_length) / RASTER_MM, 0, mattress->rows),
        .row_end = (unsigned)clamp((bottom + half_length) / RASTER_MM + 1, 0, mattress->rows),
        .col_begin = (unsigned)clamp((left + half_width) / RASTER_MM, 0, mattress->cols),
        .col_end = (unsigned)clamp((right + half_width) / RASTER_MM + 1, 0, mattress->cols),
    };
}

static size_t find_contacts(struct mattress *mattress, const struct part_pose *part, uint64_t folds)
{
    struct box box = box_of(mattress, part);
    size_t n = 0;
    for (unsigned row = box.row_begin; row < box.row_end; row++)
        for (unsigned col = box.col_begin; col < box.col_end; col++) {
            struct point point = {
                (col + 0.5) * RASTER_MM - mattress_half_width(mattress),
                (row + 0.5) * RASTER_MM - mattress_half_length(mattress),
            };
            struct contact *contact = &mattress->contacts[n];
            if (underside(part, point, contact)) {
                contact->underside += fold_at(folds, point);
                contact->place = row * mattress->cols + col;
                n++;
            }
        }
    return n;
}

// ---- how deep it sinks ----

struct sinking {
    double depth; // at the load's centre, mm
    double tilt;  // mm more over the part's length
};

static double depth_at(const struct sinking *sinking, const struct contact *contact, double centre)
{
    return sinking->depth + sinking->tilt * (contact->along - centre) - contact->underside;
}

// The part is rigid. It sinks and tips until the mattress pushes back with the whole load, and
// as much above the load's centre as below it: the minimum of a convex energy, by Newton's
// method. `load` is in mm over all the points.
static struct sinking balance(const struct contact *contacts, size_t n, double load, double centre)
{
    struct sinking sinking = {0};
    double highest = -INFINITY, spread = 0;
    for (size_t i = 0; i < n; i++) {
        highest = fmax(highest, contacts[i].underside);
        spread += (contacts[i].along - centre) * (contacts[i].along - centre);
    }
    double resistance = TILT_RESISTANCE * spread + 1e-6;
    sinking.depth = highest + load / (double)n;
    for (int step = 0; step < NEWTON_STEPS; step++) {
        double push = 0, moment = resistance * sinking.tilt;
        double points = 0, first = 0, second = resistance;
        for (size_t i = 0; i < n; i++) {
            double depth = depth_at(&sinking, &contacts[i], centre);
            if (depth <= 0)
                continue;
            double arm = contacts[i].along - centre;
            push += depth;
            moment += depth * arm;
            points += 1;
            first += arm;
            second += arm * arm;
        }
        double determinant = points * second - first * first;
        if (determinant <= 0) { // lost touch: begin again from above
            sinking = (struct sinking){.depth = highest};
            continue;
        }
        double missing = load - push;
        sinking.depth += (missing * second + moment * first) / determinant;
        sinking.tilt += (-moment * points - missing * first) / determinant;
        if (fabs(missing) < 1e-4 * load && fabs(moment) < 1e-4 * load)
            break;
    }
    return sinking;
}

static void press_part(struct mattress *mattress, const struct part_pose *part, uint64_t folds,
                       float *pressure)
{
    if (part->load_n < 0.05)
        return;
    size_t n = find_contacts(mattress, part, folds);
    if (n == 0) // beside the bed
        return;
    double newton_per_mm = mattress->stiffness_kpa_per_mm * 1e-3 * RASTER_MM * RASTER_MM;
    double load = part->load_n / newton_per_mm;
    struct sinking sinking = balance(mattress->contacts, n, load, part->load_at);
    double push = 0;
    for (size_t i = 0; i < n; i++)
        push += fmax(0, depth_at(&sinking, &mattress->contacts[i], part->load_at));
    if (push <= 0)
        return;
    // What the last step of the balance left over, so that no weight is lost.
    double kpa_per_mm = mattress->stiffness_kpa_per_mm * load / push;
    for (size_t i = 0; i < n; i++) {
        const struct contact *contact = &mattress->contacts[i];
        double depth = fmax(0, depth_at(&sinking, contact, part->load_at));
        pressure[contact->place] += (float)(kpa_per_mm * depth);
    }
}

// ---- spreading ----

// One pass of a box as wide as asked for, its two end points taken in part.
static void blur_line(float *cells, size_t n, size_t stride, double width, float *line)
{
    for (size_t i = 0; i < n; i++)
        line[i] = cells[i * stride];
    size_t reach = (size_t)((width - 1) / 2);
    float part = (float)((width - 1) / 2 - (double)reach), scale = (float)(1 / width);
    for (size_t i = 0; i < n; i++) {
        size_t begin = i > reach ? i - reach : 0, end = i + reach + 1 < n ? i + reach + 1 : n;
        float sum = 0;
        for (size_t j = begin; j < end; j++)
            sum += line[j];
        if (i > reach)
            sum += part * line[i - reach - 1];
        if (i + reach + 1 < n)
            sum += part * line[i + reach + 1];
        cells[i * stride] = sum * scale;
    }
}

// Three boxes are nearly a bell.
static void blur(const struct mattress *mattress, float *pressure, double blur_mm)
{
    double sd = blur_mm / RASTER_MM, width = sqrt(4 * sd * sd + 1);
    for (int pass = 0; pass < 3; pass++) {
        for (unsigned row = 0; row < mattress->rows; row++)
            blur_line(pressure + (size_t)row * mattress->cols, mattress->cols, 1, width,
                      mattress->line);
        for (unsigned col = 0; col < mattress->cols; col++)
            blur_line(pressure + col, mattress->rows, mattress->cols, width, mattress->line);
    }
}

static void spread(const struct mattress *mattress, float *pressure)
{
    size_t n = (size_t)mattress->rows * mattress->cols;
    memcpy(mattress->spread, pressure, n * sizeof *pressure);
    blur(mattress, pressure, COVER_BLUR_MM);
    blur(mattress, mattress->spread, COVER_REACH_MM);
    for (size_t i = 0; i < n; i++)
        pressure[i] += COVER_SHARE * (mattress->spread[i] - pressure[i]);
    if (mattress->blur_mm > 0)
        blur(mattress, pressure, mattress->blur_mm);
}

void mattress_press(struct mattress *mattress, const struct pose *pose, double breath,
                    float *pressure)
{
    // How much of the breath moves each level of the trunk.
    static const double chest[STATIONS] = {0.2, 0.7, 1, 1, 0.5, 0, 0, 0, 0};
    static const double belly[STATIONS] = {0, 0, 0, 0.2, 0.8, 1, 0.6, 0, 0};

    memset(pressure, 0, (size_t)mattress->rows * mattress->cols * sizeof *pressure);
    for (int i = 0; i < PART_N; i++) {
        struct part_pose part = pose->parts[i];
        for (int s = 0; i == PART_TRUNK && s < STATIONS; s++)
            part.stations[s].relief -=
                breath * (chest[s] * pose->breath_chest_mm + belly[s] * pose->breath_belly_mm);
        press_part(mattress, &part, pose->folds, pressure);
    }
    spread(mattress, pressure);
}
