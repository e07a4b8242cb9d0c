// SPDX-License-Identifier: GPL-3.0-or-later
// Where there is no libFuzzer: the target gets each file that is named, or is in a directory named.
#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "fuzz.h"

#define LARGEST (1 << 20)

static unsigned taken;

static void take_file(const char *path)
{
    _cleanup_(fclosep) FILE *file = fopen(path, "rbe");
    _cleanup_(freep) uint8_t *room = malloc(LARGEST);
    EXPECT(file && room);
    size_t size = fread(room, 1, LARGEST, file);
    // Of its own size, so that a sanitizer sees who reads behind it.
    _cleanup_(freep) uint8_t *data = malloc(size + (size == 0));
    EXPECT(data && !ferror(file));
    memcpy(data, room, size);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    taken++;
}

static void take(const char *path)
{
    struct stat status;
    EXPECT(stat(path, &status) == 0);
    if (!S_ISDIR(status.st_mode)) {
        take_file(path);
        return;
    }
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    EXPECT(n >= 0);
    for (int i = 0; i < n; i++) {
        char name[PATH_MAX];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            take_file(name);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        take(argv[i]);
    printf("%u inputs\n", taken);
    return taken > 0 ? 0 : 1; // a corpus that is not there tests nothing
}
