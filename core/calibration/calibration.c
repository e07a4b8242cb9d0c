// SPDX-License-Identifier: GPL-3.0-or-later
#include "calibration/calibration.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/crc32.h"
#include "base/ini_text.h"

#define MAGIC       "PSOASCAL"
#define MAGIC_SIZE  8
#define CRC_SIZE    4
#define HEAD_SIZE   (MAGIC_SIZE + 4 + MODEL_NAME_SIZE + 32 + 8 + 4 + 3 * 4 + 2 * 4)
#define N_NUMBERS   ((MODEL_FEATURES + 1) * POSITION_BODY_N)
#define FILE_SIZE   (HEAD_SIZE + 4 * N_NUMBERS + CRC_SIZE)
#define NAME_AT     (MAGIC_SIZE + 4)
#define PAD_NAME_AT (NAME_AT + MODEL_NAME_SIZE)

// No session learns a larger number: the scores it corrects are logarithms of probabilities.
#define LARGEST 100.0f

static_assert(FILE_SIZE <= 65536, "ini_load reads it");

// ---- bytes ----

static void put(uint8_t **at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *(*at)++ = (uint8_t)(value >> 8 * i);
}

static void put_float(uint8_t **at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(at, bits, sizeof bits);
}

static void put_text(uint8_t **at, const char *text, size_t size)
{
    strncpy((char *)*at, text, size); // fills up with zeros
    *at += size;
}

static uint64_t get(const uint8_t **at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t) * (*at)++ << 8 * i;
    return value;
}

static float get_float(const uint8_t **at)
{
    uint32_t bits = (uint32_t)get(at, sizeof bits);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// Names go to terminals and the journal: they are of the letters names have here, and end.
static bool get_text(const uint8_t **at, char *text, size_t size)
{
    memcpy(text, *at, size);
    *at += size;
    size_t length = strnlen(text, size);
    for (size_t i = 0; i < size; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
                      text[i] == '-';
        if (i < length ? !letter : text[i] != '\0')
            return false;
    }
    return length > 0 && length < size;
}

static void encode(struct calibration *calibration, uint8_t bytes[FILE_SIZE])
{
    uint8_t *at = bytes;
    memcpy(at, MAGIC, MAGIC_SIZE);
    at += MAGIC_SIZE;
    put(&at, CALIBRATION_VERSION, 4);
    put_text(&at, calibration->weights, sizeof calibration->weights);
    put_text(&at, calibration->pad, sizeof calibration->pad);
    put(&at, (uint64_t)calibration->made_s, 8);
    put(&at, calibration->held, 4);
    put(&at, calibration->frames, 4);
    put(&at, calibration->right_before, 4);
    put(&at, calibration->right_after, 4);
    put_float(&at, calibration->loss_before);
    put_float(&at, calibration->loss_after);
    for (size_t i = 0; i < (size_t)MODEL_FEATURES * POSITION_BODY_N; i++)
        put_float(&at, calibration->correction.weights[i]);
    for (size_t i = 0; i < POSITION_BODY_N; i++)
        put_float(&at, calibration->correction.biases[i]);
    calibration->checksum = crc32_of(bytes, FILE_SIZE - CRC_SIZE);
    put(&at, calibration->checksum, CRC_SIZE);
}

// ---- reading ----

static int check_frame(const uint8_t *bytes, size_t length, const char *file, uint32_t *ret,
                       struct error *error)
{
    if (length < HEAD_SIZE + CRC_SIZE || memcmp(bytes, MAGIC, MAGIC_SIZE) != 0)
        return error_set(error, -EBADMSG, "%s: byte 0: not a calibration", file);
    const uint8_t *at = bytes + MAGIC_SIZE, *crc = bytes + length - CRC_SIZE;
    uint32_t version = (uint32_t)get(&at, 4);
    if (version != CALIBRATION_VERSION)
        return error_set(error, -EBADMSG, "%s: byte %d: the version is %" PRIu32 " instead of %d",
                         file, MAGIC_SIZE, version, CALIBRATION_VERSION);
    *ret = (uint32_t)get(&crc, CRC_SIZE);
    if (*ret != crc32_of(bytes, length - CRC_SIZE))
        return error_set(error, -EBADMSG, "%s: byte %zu: the checksum is wrong", file,
                         length - CRC_SIZE);
    return 0;
}

static int read_head(struct calibration *calibration, const uint8_t *bytes, const char *file,
                     struct error *error)
{
    const uint8_t *at = bytes + NAME_AT;
    if (!get_text(&at, calibration->weights, sizeof calibration->weights))
        return error_set(error, -EBADMSG, "%s: byte %d: not a name of weights", file, NAME_AT);
    if (!get_text(&at, calibration->pad, sizeof calibration->pad))
        return error_set(error, -EBADMSG, "%s: byte %d: not a pad's name", file, PAD_NAME_AT);
    calibration->made_s = (int64_t)get(&at, 8);
    calibration->held = (position_set)get(&at, 4);
    calibration->frames = (uint32_t)get(&at, 4);
    calibration->right_before = (uint32_t)get(&at, 4);
    calibration->right_after = (uint32_t)get(&at, 4);
    calibration->loss_before = get_float(&at);
    calibration->loss_after = get_float(&at);
    if (calibration->held >= POSITION_BIT(POSITION_BODY_N) ||
        calibration->right_before > calibration->frames ||
        calibration->right_after > calibration->frames || !isfinite(calibration->loss_before) ||
        !isfinite(calibration->loss_after))
        return error_set(error, -EBADMSG, "%s: byte %d: these figures cannot be", file,
                         PAD_NAME_AT + 32);
    return 0;
}

static int read_numbers(float *numbers, size_t n, const uint8_t *bytes, size_t offset,
                        const char *file, struct error *error)
{
    const uint8_t *at = bytes + offset;
    for (size_t i = 0; i < n; i++) {
        numbers[i] = get_float(&at);
        if (!(fabsf(numbers[i]) <= LARGEST))
            return error_set(error, -EBADMSG, "%s: byte %zu: not a number a correction has", file,
                             offset + 4 * i);
    }
    return 0;
}

int calibration_parse(struct calibration *ret, const void *bytes, size_t length, const char *file,
                      const struct model *model, struct error *error)
{
    struct calibration read = {0};
    int r = check_frame(bytes, length, file, &read.checksum, error);
    if (r == 0)
        r = read_head(&read, bytes, file, error);
    if (r < 0)
        return r;
    if (strcmp(read.weights, model_weights_name(model)) != 0) {
        *ret = read;
        return error_set(error, CALIBRATION_OTHER, "%s belongs to the weights %s, not to %s", file,
                         read.weights, model_weights_name(model));
    }
    if (length != FILE_SIZE)
        return error_set(error, -EBADMSG, "%s: byte %zu: a calibration has %zu bytes", file, length,
                         (size_t)FILE_SIZE);
    const size_t n_weights = (size_t)MODEL_FEATURES * POSITION_BODY_N;
    r = read_numbers(read.correction.weights, n_weights, bytes, HEAD_SIZE, file, error);
    if (r == 0)
        r = read_numbers(read.correction.biases, POSITION_BODY_N, bytes, HEAD_SIZE + 4 * n_weights,
                         file, error);
    if (r == 0)
        *ret = read;
    return r;
}

int calibration_load(struct calibration *ret, const char *path, const struct model *model,
                     struct error *error)
{
    _cleanup_(freep) char *bytes = NULL;
    size_t length;
    int r = ini_load(&bytes, &length, path, error);
    return r < 0 ? r : calibration_parse(ret, bytes, length, path, model, error);
}

int calibration_use(struct model *model, const char *pad_name, const char *path,
                    struct error *error)
{
    struct calibration calibration;
    model_correct(model, NULL, 0);
    int r = calibration_load(&calibration, path, model, error);
    if (r != 0)
        return r;
    if (strcmp(calibration.pad, pad_name) != 0)
        return error_set(error, CALIBRATION_OTHER, "%s belongs to the pad %s, not to %s", path,
                         calibration.pad, pad_name);
    model_correct(model, &calibration.correction, calibration.checksum);
    return 0;
}

// ---- making and keeping ----

void calibration_make(struct calibration *ret, const struct model *model, const char *pad_name,
                      position_set held, const struct trial *trial,
                      const struct model_correction *correction, int64_t made_s)
{
    struct trial_score before = trial_sum(trial->before), after = trial_sum(trial->after);
    *ret = (struct calibration){
        .made_s = made_s,
        .held = held,
        .frames = after.frames,
        .right_before = before.right,
        .right_after = after.right,
        .loss_before = (float)(before.loss / before.frames),
        .loss_after = (float)(after.loss / after.frames),
        .correction = *correction,
    };
    snprintf(ret->weights, sizeof ret->weights, "%s", model_weights_name(model));
    snprintf(ret->pad, sizeof ret->pad, "%s", pad_name);
}

static int write_file(const char *path, const uint8_t *bytes, size_t length)
{
    // As the database, it is about somebody's body: not for everybody.
    _cleanup_(closep) int fd =
        open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return -errno;
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0)
            return -errno;
        bytes += n;
        length -= (size_t)n;
    }
    return fsync(fd) < 0 ? -errno : 0;
}

static int replace_file(const char *path, const uint8_t *bytes, size_t length, struct error *error)
{
    _cleanup_(freep) char *fresh = NULL;
    if (asprintf(&fresh, "%s.new", path) < 0)
        return error_set(error, -ENOMEM, "out of memory");
    int r = write_file(fresh, bytes, length);
    if (r == 0 && rename(fresh, path) < 0)
        r = -errno;
    if (r == 0)
        return 0;
    unlink(fresh);
    return error_set(error, r, "%s: %s", path, strerror(-r));
}

int calibration_save(struct calibration *calibration, const char *path, struct error *error)
{
    uint8_t bytes[FILE_SIZE];
    encode(calibration, bytes);
    return replace_file(path, bytes, sizeof bytes, error);
}

int calibration_copy(const char *from, const char *to, struct error *error)
{
    _cleanup_(freep) char *bytes = NULL;
    size_t length;
    uint32_t checksum;
    int r = ini_load(&bytes, &length, from, error);
    if (r == 0)
        r = check_frame((const uint8_t *)bytes, length, from, &checksum, error);
    return r < 0 ? r : replace_file(to, (const uint8_t *)bytes, length, error);
}

int calibration_undo(const char *path, struct error *error)
{
    _cleanup_(freep) char *old = NULL;
    if (asprintf(&old, "%s.old", path) < 0)
        return error_set(error, -ENOMEM, "out of memory");
    if (rename(path, old) == 0)
        return 0;
    int r = -errno;
    return error_set(error, r, "%s: %s", path, strerror(-r));
}

int calibration_beside(char **ret, const char *database)
{
    return asprintf(ret, "%s-calibration", database) < 0 ? -ENOMEM : 0;
}
