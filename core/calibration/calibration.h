// SPDX-License-Identifier: GPL-3.0-or-later
// A personal calibration: a correction of the position model, learnt in a session, in a file
// beside the database.
//
// All numbers are little endian. "PSOASCAL", u32 version; the weights and the pad it belongs to,
// 24 and 32 bytes of text, filled up with zeros; i64 when it was made (UTC), u32 the positions
// held (a bit each); of the frames held back: u32 how many, how many were right before and after,
// f32 the mean log loss before and after; f32 the correction's weights and biases; last u32 the
// CRC-32 of everything before.
#ifndef PSOASMON_CALIBRATION_H
#define PSOASMON_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "calibration/trial.h"
#include "position/model.h"

#define CALIBRATION_VERSION 1

struct calibration {
    char weights[MODEL_NAME_SIZE]; // model_weights_name
    char pad[32];
    int64_t made_s;
    position_set held;
    uint32_t frames, right_before, right_after;
    float loss_before, loss_after;
    struct model_correction correction;
    uint32_t checksum; // of the file it came from, or was saved to
};

// What a session has brought, for this model and pad.
void calibration_make(struct calibration *ret, const struct model *model, const char *pad_name,
                      position_set held, const struct trial *trial,
                      const struct model_correction *correction, int64_t made_s);

// The bytes are hostile until checked. CALIBRATION_OTHER, with a message, where it belongs to
// weights other than the model's: all but the correction is in *ret. -EBADMSG with a message that
// names the file and the byte.
#define CALIBRATION_OTHER 1
int calibration_parse(struct calibration *ret, const void *bytes, size_t length, const char *file,
                      const struct model *model, struct error *error);

// The file as calibration_parse reads it. -errno with a message; -ENOENT where there is none.
int calibration_load(struct calibration *ret, const char *path, const struct model *model,
                     struct error *error);

// Writes it beside `path` and renames it there: the one before is in force until the new one is
// whole. Sets the checksum. -errno with a message.
int calibration_save(struct calibration *calibration, const char *path, struct error *error);

// A copy of a calibration, whatever weights and pad it belongs to, written as calibration_save does.
// -ENOENT where there is none, -EBADMSG where it is damaged, other -errno; each with a message.
int calibration_copy(const char *from, const char *to, struct error *error);

// Out of force, but kept as PATH.old. -ENOENT where there is none; -errno with a message.
int calibration_undo(const char *path, struct error *error);

// The model uses what is in the file from now on. Anything but 0 leaves it without a correction,
// with a message: CALIBRATION_OTHER where the calibration belongs to other weights or another pad;
// -errno as calibration_load.
int calibration_use(struct model *model, const char *pad_name, const char *path,
                    struct error *error);

// Where a database has its calibration: the caller frees *ret. -ENOMEM.
int calibration_beside(char **ret, const char *database);

#endif
