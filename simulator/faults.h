// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong on a line between a pad and its reader, on request. One seed always does the
// same.
#ifndef PSOASMON_FAULTS_H
#define PSOASMON_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

enum fault {
    FAULT_CUT,    // bytes are lost
    FAULT_FLIP,   // a bit of a byte is another
    FAULT_NOISE,  // bytes are made up
    FAULT_STALL,  // nothing is sent for STALL_FRAMES frames
    FAULT_BAUD,   // a frame is sent at another speed: garbage, and less of it
    FAULT_BANNER, // the board has booted: it greets
    FAULT_N
};

#define FAULT_STALL_FRAMES 20

struct faults;

// Without any fault yet. -ENOMEM.
int faults_new(struct faults **ret);
void faults_free(struct faults *faults);
DEFINE_CLEANUP(struct faults *, faults_free)

// "flip", "flip:0.01": cut, flip and noise are a share of all bytes, stall and baud of all frames.
// -EINVAL with a message.
int faults_add(struct faults *faults, const char *text, struct error *error);

// Before the first frame.
void faults_seed(struct faults *faults, uint64_t seed);

// How many bytes may become of so many.
size_t faults_most(size_t length);

// What arrives of a frame, faults_most(length) bytes at most; returns how many.
size_t faults_apply(struct faults *faults, const uint8_t *sent, size_t length, uint8_t *arrived);

#endif
