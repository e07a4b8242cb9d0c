// SPDX-License-Identifier: GPL-3.0-or-later
// For training: recordings in, pressure maps out, through the pipeline's own code.
//
//     maps PAD FILE... >MAPS
//
// Writes MAP_CELLS float32 (how much of each cell the pad covers), then for every good frame
// three uint32 (FILE counted from 0, frame within it, whether somebody is there) and MAP_CELLS
// float32. Numbers are in the machine's own order.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pad/deframer.h"
#include "pad/pad.h"
#include "paths.h"
#include "surface/surface.h"

struct job {
    struct surface *surface;
    uint32_t file;
    uint64_t first; // the file's first frame, as the deframer counts
    struct pressure_map map;
};

static int write_all(const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, stdout) == size ? 0 : -EIO;
}

static int write_map(const struct deframed *deframed, void *userdata)
{
    struct job *job = userdata;
    if (deframed->drop != DROP_NONE || surface_read(job->surface, &deframed->frame, &job->map) != 0)
        return 0;
    uint32_t head[] = {job->file, (uint32_t)(deframed->number - job->first), job->map.occupied};
    int r = write_all(head, sizeof head);
    return r < 0 ? r : write_all(job->map.cells, sizeof job->map.cells);
}

static int read_file(struct deframer *deframer, const char *path, struct job *job)
{
    _cleanup_(fclosep) FILE *file = fopen(path, "rb");
    if (!file)
        return -errno;
    const struct deframer_counts *counts = deframer_counts(deframer);
    job->first = counts->frames;
    for (int i = 0; i < DROP_N; i++)
        job->first += counts->drops[i];
    char bytes[65536];
    size_t length;
    while ((length = fread(bytes, 1, sizeof bytes, file)) > 0) {
        int r = deframer_push(deframer, bytes, length, write_map, job);
        if (r < 0)
            return r;
    }
    return ferror(file) ? -EIO : deframer_finish(deframer, write_map, job);
}

static int write_maps(const char *pad_name, char **paths)
{
    static const char *const directories[] = {PSOASMON_SOURCE_PADS_DIR, NULL};
    static struct job job;
    struct error error;
    _cleanup_(pad_freep) struct pad *pad = NULL;
    _cleanup_(deframer_freep) struct deframer *deframer = NULL;
    _cleanup_(surface_freep) struct surface *surface = NULL;
    int r = pad_find(&pad, pad_name, directories, &error);
    if (r < 0) {
        fprintf(stderr, "%s\n", error.text);
        return r;
    }
    if (deframer_new(&deframer, pad) < 0 || surface_new(&surface, pad) < 0)
        return -ENOMEM;
    job.surface = surface;
    r = write_all(surface_covered(surface), MAP_CELLS * sizeof(float));
    for (; r == 0 && *paths; paths++, job.file++) {
        r = read_file(deframer, *paths, &job);
        if (r < 0)
            fprintf(stderr, "%s: %s\n", *paths, strerror(-r));
    }
    return r;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: maps PAD FILE... >MAPS\n");
        return 2;
    }
    return write_maps(argv[1], argv + 2) < 0 ? 1 : 0;
}
