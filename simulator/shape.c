// SPDX-License-Identifier: GPL-3.0-or-later
#include "shape.h"

// Breadths follow the proportions of anthropometric surveys (US Army 1988, rounded); the relief,
// which decides where a part bears, was fitted by eye to real prints.
// clang-format off

// ---- head and trunk ----

const struct shape shape_head_back = {
    .half_width = { 40,  55,  62,  66,  66,  62,  56,  48,  40},
    .depth      = { 45,  45,  45,  45,  45,  45,  45,  45,  45},
    .relief     = { 14,   7,   3,   0,   0,   3,   8,  14,  20},
};
const struct shape shape_head_side = {
    .half_width = { 45,  65,  78,  85,  85,  80,  70,  58,  45},
    .depth      = { 45,  45,  45,  45,  45,  45,  45,  45,  45},
    .relief     = { 14,   7,   3,   0,   0,   2,   5,   9,  14},
};
// Shoulder blades, the small of the back, the buttocks.
const struct shape shape_trunk_back = {
    .half_width = {170, 215, 215, 205, 195, 190, 192, 195, 172},
    .depth      = { 40,  36,  36,  40,  44,  44,  40,  38,  46},
    .relief     = { 20,   5,   0,   3,   7,   9,   1, -13,   1},
};
// Shoulder, waist, hip; half the width is half the depth of the body.
const struct shape shape_trunk_side = {
    .half_width = { 90, 125, 140, 142, 138, 132, 135, 138, 115},
    .depth      = { 50,  50,  50,  50,  50,  50,  50,  50,  50},
    .relief     = { 14,  -5,   0,   5,  10,  11,   2, -10,   2},
};
// Chest, belly, the front of the pelvis.
const struct shape shape_trunk_front = {
    .half_width = {130, 170, 180, 178, 175, 172, 178, 180, 165},
    .depth      = { 46,  44,  42,  42,  42,  42,  42,  44,  48},
    .relief     = { 26,   8,   0,  -4,   0,   3,   3,   4,   8},
};
// The buttocks, back to front.
const struct shape shape_trunk_seat = {
    .half_width = {120, 145, 160, 170, 172, 172, 170, 168, 165},
    .depth      = { 34,  32,  30,  30,  30,  30,  30,  30,  30},
    .relief     = { 12,   5,   1,   0,   0,   1,   3,   5,   8},
};

// ---- limbs ----

const struct shape shape_upper_arm = {
    .half_width = { 56,  58,  58,  55,  51,  48,  45,  42,  38},
    .depth      = { 36,  36,  36,  36,  36,  36,  36,  36,  30},
    .relief     = {  6,   3,   2,   3,   4,   5,   5,   3,  -3},
};
const struct shape shape_forearm = {
    .half_width = { 38,  44,  44,  40,  36,  34,  42,  46,  38},
    .depth      = { 24,  26,  26,  24,  20,  18,  16,  16,  16},
    .relief     = { -4,   1,   3,   6,   8,   8,   4,   4,   8},
};
const struct shape shape_thigh_back = {
    .half_width = {100,  98,  95,  91,  86,  80,  74,  68,  62},
    .depth      = { 50,  50,  50,  50,  48,  46,  44,  42,  40},
    .relief     = { -2,   0,   2,   5,   9,  14,  19,  23,  26},
};
const struct shape shape_thigh_side = {
    .half_width = {100,  99,  96,  92,  86,  80,  74,  68,  62},
    .depth      = { 50,  50,  50,  48,  46,  44,  42,  40,  36},
    .relief     = {  2,   0,   1,   3,   5,   6,   5,   2,  -2},
};
const struct shape shape_thigh_front = {
    .half_width = {100,  98,  96,  92,  87,  81,  75,  66,  54},
    .depth      = { 50,  50,  50,  50,  48,  46,  44,  38,  30},
    .relief     = {  6,   2,   0,   0,   2,   5,   7,   5,  -4},
};
const struct shape shape_shank_back = {
    .half_width = { 58,  63,  68,  68,  64,  57,  49,  42,  36},
    .depth      = { 36,  38,  40,  40,  38,  36,  34,  30,  28},
    .relief     = { 20,  10,   2,   0,   2,   9,  16,  21,  24},
};
const struct shape shape_shank_side = {
    .half_width = { 60,  66,  69,  67,  62,  55,  48,  42,  38},
    .depth      = { 36,  38,  40,  40,  38,  36,  32,  30,  28},
    .relief     = {  0,   3,   5,   6,   7,   9,  10,   8,   4},
};
const struct shape shape_shank_front = {
    .half_width = { 44,  44,  44,  42,  40,  38,  36,  34,  32},
    .depth      = { 26,  28,  30,  30,  28,  26,  24,  24,  24},
    .relief     = {  0,   4,   6,   7,   8,   9,  11,  14,  18},
};

// ---- feet ----

// Toes up: the heel bone alone.
const struct shape shape_heel = {
    .half_width = { 18,  21,  23,  24,  24,  24,  23,  21,  18},
    .depth      = { 34,  34,  34,  34,  34,  34,  34,  34,  34},
    .relief     = { 10,   5,   2,   0,   0,   0,   2,   5,  10},
};
const struct shape shape_foot_side = {
    .half_width = { 32,  34,  34,  32,  32,  34,  34,  30,  24},
    .depth      = { 22,  22,  22,  22,  22,  22,  20,  18,  18},
    .relief     = {  0,   0,   3,   5,   6,   5,   4,   6,  10},
};
// Heel, arch, ball, toes.
const struct shape shape_sole = {
    .half_width = { 25,  29,  30,  29,  32,  40,  46,  46,  38},
    .depth      = { 16,  16,  16,  16,  14,  14,  14,  14,  14},
    .relief     = {  0,   0,   3,   8,   9,   6,   3,   4,   8},
};
// Lying on the front with the foot stretched: ankle to toes.
const struct shape shape_instep = {
    .half_width = { 30,  32,  34,  36,  40,  42,  42,  40,  34},
    .depth      = { 22,  20,  18,  18,  18,  18,  18,  18,  18},
    .relief     = { 16,  12,   9,   7,   4,   2,   0,   0,   3},
};
// clang-format on
