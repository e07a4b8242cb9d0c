// SPDX-License-Identifier: GPL-3.0-or-later
#include "power.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR 512
#define NEVER  UINT64_MAX

struct change {
    int64_t offset; // or the new size
    uint8_t *bytes; // null: a truncation
    size_t size;
};

// What of one file is on the disk for sure, and what may be.
struct image {
    const char *suffix;
    char path[256];
    bool exists, removed; // removed: and the directory may not know yet
    uint8_t *bytes;
    size_t size;
    struct change *changes;
    size_t n;
};

static struct {
    sqlite3_vfs vfs, *real;
    struct image images[3];
    char path[256];
    uint64_t random, written, operations, fails_at;
    bool failed;
} power = {.images = {{.suffix = ""}, {.suffix = "-wal"}, {.suffix = "-journal"}}};

struct file {
    sqlite3_file base;
    struct image *image; // null: a temporary one
    sqlite3_file real[]; // as large as the real VFS says
};

static void *room(void *old, size_t size)
{
    void *new = realloc(old, size ? size : 1);
    if (!new)
        abort();
    return new;
}

// splitmix64
static uint64_t draw(uint64_t below)
{
    uint64_t z = power.random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % below;
}

// ---- what is on the disk ----

static void resize(struct image *image, size_t size)
{
    image->bytes = room(image->bytes, size);
    if (size > image->size)
        memset(image->bytes + image->size, 0, size - image->size);
    image->size = size;
}

static void put(struct image *image, size_t offset, const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return;
    if (offset + size > image->size)
        resize(image, offset + size);
    memcpy(image->bytes + offset, bytes, size);
}

static void put_some_sectors(struct image *image, const struct change *change)
{
    size_t offset = (size_t)change->offset;
    for (size_t at = 0; at < change->size;) {
        size_t size = SECTOR - (offset + at) % SECTOR;
        if (size > change->size - at)
            size = change->size - at;
        if (draw(2))
            put(image, offset + at, change->bytes + at, size);
        at += size;
    }
}

static void apply(struct image *image, const struct change *change)
{
    if (change->bytes)
        put(image, (size_t)change->offset, change->bytes, change->size);
    else
        resize(image, (size_t)change->offset);
}

static void apply_perhaps(struct image *image, const struct change *change)
{
    switch (draw(3)) {
    case 0:
        break;
    case 1:
        if (change->bytes) {
            put_some_sectors(image, change);
            break;
        }
        // A size is one number: there or not.
        // fall through
    default:
        apply(image, change);
    }
}

static void forget_changes(struct image *image)
{
    for (size_t i = 0; i < image->n; i++)
        free(image->changes[i].bytes);
    free(image->changes);
    image->changes = NULL;
    image->n = 0;
}

static void remove_image(struct image *image)
{
    forget_changes(image);
    resize(image, 0);
    image->exists = image->removed = false;
}

static void remember(struct image *image, int64_t offset, const void *bytes, size_t size)
{
    image->changes = room(image->changes, (image->n + 1) * sizeof *image->changes);
    struct change *change = &image->changes[image->n++];
    *change = (struct change){.offset = offset, .size = size};
    if (bytes)
        change->bytes = memcpy(room(NULL, size), bytes, size);
}

static void synced(struct image *image)
{
    for (size_t i = 0; i < image->n; i++)
        apply(image, &image->changes[i]);
    forget_changes(image);
    // A journalling file system makes a removal last along with any later sync.
    for (int i = 0; i < 3; i++)
        if (power.images[i].removed)
            remove_image(&power.images[i]);
}

static void read_image(struct image *image)
{
    uint8_t bytes[4096];
    size_t n;
    FILE *file = fopen(image->path, "rb");
    resize(image, 0);
    image->exists = file != NULL;
    while (file && (n = fread(bytes, 1, sizeof bytes, file)) > 0)
        put(image, image->size, bytes, n);
    if (file)
        fclose(file);
}

static void write_image(const struct image *image, const char *path)
{
    unlink(path);
    if (!image->exists)
        return;
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(image->bytes, 1, image->size, file) != image->size || fclose(file) != 0)
        abort();
}

// ---- what SQLite does ----

static bool fails(const struct image *image)
{
    if (image && !power.failed && power.operations++ == power.fails_at)
        power.failed = true;
    return image && power.failed;
}

static sqlite3_file *real(sqlite3_file *base)
{
    return ((struct file *)base)->real;
}

static int on_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset)
{
    struct image *image = ((struct file *)base)->image;
    bool was_on = !power.failed;
    bool failed = fails(image);
    // The one under way when the power fails may get through.
    if (image && was_on) {
        remember(image, offset, bytes, (size_t)size);
        power.written += (uint64_t)size;
    }
    return failed ? SQLITE_IOERR_WRITE
                  : real(base)->pMethods->xWrite(real(base), bytes, size, offset);
}

static int on_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct image *image = ((struct file *)base)->image;
    if (fails(image))
        return SQLITE_IOERR_TRUNCATE;
    if (image)
        remember(image, size, NULL, 0);
    return real(base)->pMethods->xTruncate(real(base), size);
}

static int on_sync(sqlite3_file *base, int flags)
{
    struct image *image = ((struct file *)base)->image;
    (void)flags; // nothing is gained by a real disk's taking part
    if (fails(image))
        return SQLITE_IOERR_FSYNC;
    if (image)
        synced(image);
    return SQLITE_OK;
}

static int on_close(sqlite3_file *base)
{
    return real(base)->pMethods->xClose(real(base));
}

static int on_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 offset)
{
    return real(base)->pMethods->xRead(real(base), bytes, size, offset);
}

static int on_size(sqlite3_file *base, sqlite3_int64 *ret)
{
    return real(base)->pMethods->xFileSize(real(base), ret);
}

static int on_lock(sqlite3_file *base, int level)
{
    return real(base)->pMethods->xLock(real(base), level);
}

static int on_unlock(sqlite3_file *base, int level)
{
    return real(base)->pMethods->xUnlock(real(base), level);
}

static int on_reserved(sqlite3_file *base, int *ret)
{
    return real(base)->pMethods->xCheckReservedLock(real(base), ret);
}

static int on_control(sqlite3_file *base, int operation, void *argument)
{
    return real(base)->pMethods->xFileControl(real(base), operation, argument);
}

static int on_sector_size(sqlite3_file *base)
{
    return real(base)->pMethods->xSectorSize(real(base));
}

static int on_characteristics(sqlite3_file *base)
{
    return real(base)->pMethods->xDeviceCharacteristics(real(base));
}

static int on_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **ret)
{
    return real(base)->pMethods->xShmMap(real(base), page, size, extend, ret);
}

static int on_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    return real(base)->pMethods->xShmLock(real(base), offset, n, flags);
}

static void on_shm_barrier(sqlite3_file *base)
{
    real(base)->pMethods->xShmBarrier(real(base));
}

static int on_shm_unmap(sqlite3_file *base, int remove)
{
    return real(base)->pMethods->xShmUnmap(real(base), remove);
}

// Version 2: no memory maps of the database, which would go round on_write.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_reserved,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

static struct image *image_of(const char *path)
{
    for (int i = 0; path && i < 3; i++)
        if (strcmp(power.images[i].path, path) == 0)
            return &power.images[i];
    return NULL;
}

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                   int *ret_flags)
{
    (void)vfs;
    struct file *file = (struct file *)base;
    file->base.pMethods = NULL;
    file->image = image_of(path);
    if (file->image && power.failed)
        return SQLITE_CANTOPEN;
    int r = power.real->xOpen(power.real, path, file->real, flags, ret_flags);
    if (r != SQLITE_OK)
        return r;
    file->base.pMethods = &methods;
    if (file->image && (file->image->removed || !file->image->exists)) {
        remove_image(file->image);
        read_image(file->image);
    }
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
    (void)vfs;
    struct image *image = image_of(path);
    if (fails(image))
        return SQLITE_IOERR_DELETE;
    if (image && sync_directory)
        remove_image(image);
    else if (image)
        image->removed = image->exists;
    return power.real->xDelete(power.real, path, 0);
}

// ---- what the test does ----

void power_on(const char *path, uint64_t seed)
{
    power.real = sqlite3_vfs_find("unix");
    power.vfs = *power.real;
    power.vfs.zName = "power";
    power.vfs.szOsFile += (int)sizeof(struct file);
    power.vfs.xOpen = on_open;
    power.vfs.xDelete = on_delete;
    snprintf(power.path, sizeof power.path, "%s", path);
    for (int i = 0; i < 3; i++) {
        struct image *image = &power.images[i];
        snprintf(image->path, sizeof image->path, "%.200s%s", path, image->suffix);
        read_image(image);
    }
    power.random = seed;
    power.written = power.operations = 0;
    power.fails_at = NEVER;
    power.failed = false;
    sqlite3_vfs_register(&power.vfs, 1);
}

void power_off(void)
{
    sqlite3_vfs_register(power.real, 1);
    sqlite3_vfs_unregister(&power.vfs);
    for (int i = 0; i < 3; i++) {
        remove_image(&power.images[i]);
        free(power.images[i].bytes);
        power.images[i].bytes = NULL;
    }
}

void power_fail_at(unsigned n)
{
    power.fails_at = power.operations + n;
}

bool power_failed(void)
{
    return power.failed;
}

void power_return(const char *copy_path)
{
    char path[256];
    for (int i = 0; i < 3; i++) {
        struct image *image = &power.images[i];
        for (size_t k = 0; k < image->n; k++)
            apply_perhaps(image, &image->changes[k]);
        forget_changes(image);
        if (image->removed && draw(2))
            remove_image(image);
        image->removed = false;
        write_image(image, image->path);
        snprintf(path, sizeof path, "%.200s%s", copy_path, image->suffix);
        write_image(image, path);
    }
    snprintf(path, sizeof path, "%.200s-shm", copy_path);
    unlink(path);
    snprintf(path, sizeof path, "%.200s-shm", power.path);
    if (draw(2))
        unlink(path);
    power.fails_at = NEVER;
    power.failed = false;
}

uint64_t power_bytes_written(void)
{
    return power.written;
}
