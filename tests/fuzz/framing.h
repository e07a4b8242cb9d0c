// SPDX-License-Identifier: GPL-3.0-or-later
// What a framing's target brings: pads that have it, small ones, so that frames are found.
#ifndef PSOASMON_FUZZ_FRAMING_H
#define PSOASMON_FUZZ_FRAMING_H

// Descriptions; the list ends with null.
extern const char *const fuzz_pads[];

#define PAD(wire, grid)                                                                            \
    "[pad]\nname = fuzzed\ntitle = Fuzzed\nstatus = untested\n"                                    \
    "[wire]\nrate_hz = 1\n" wire "[grid]\nhead = top\nleft = left\n" grid                          \
    "[cells]\npitch_mm = 300 150\nfull_scale = 255\ntouch = 3\n"
#define GRID "rows = 3\ncols = 4\n"

#endif
