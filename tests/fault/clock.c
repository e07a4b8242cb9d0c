// SPDX-License-Identifier: GPL-3.0-or-later
// A clock for psoasmond that a test sets as it likes: LD_PRELOAD this. PSOASMON_TEST_CLOCK names a
// file of struct clock_file, mapped, and changed while psoasmond runs. Only what the program itself
// asks is answered from it: libsystemd arms the kernel's timers and must have the kernel's time.
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// Little-endian, as the test writes it.
struct clock_file {
    int64_t boottime_us; // CLOCK_BOOTTIME
    int64_t offset_us;   // CLOCK_REALTIME is so far ahead of it
    int64_t slept_us;    // CLOCK_MONOTONIC is so far behind it
    int64_t boot;        // the number of the boot
};

static const volatile struct clock_file *shared(void)
{
    static const struct clock_file *mapped;
    if (mapped)
        return mapped;
    int fd = open(getenv("PSOASMON_TEST_CLOCK"), O_RDONLY | O_CLOEXEC);
    mapped = mmap(NULL, sizeof *mapped, PROT_READ, MAP_SHARED, fd, 0);
    if (fd < 0 || mapped == MAP_FAILED)
        abort();
    close(fd);
    return mapped;
}

static bool is_programs(const void *address)
{
    Dl_info caller;
    if (!dladdr(address, &caller))
        return false;
    const char *name = strrchr(caller.dli_fname, '/');
    return strcmp(name ? name + 1 : caller.dli_fname, "psoasmond") == 0;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    if (!is_programs(__builtin_return_address(0)))
        return real(id, now);
    const volatile struct clock_file *clock = shared();
    int64_t us = clock->boottime_us;
    if (id == CLOCK_REALTIME)
        us += clock->offset_us;
    else if (id == CLOCK_MONOTONIC)
        us -= clock->slept_us;
    else if (id != CLOCK_BOOTTIME)
        return real(id, now);
    now->tv_sec = us / 1000000;
    now->tv_nsec = us % 1000000 * 1000;
    return 0;
}

static FILE *boot_id(void)
{
    FILE *stream = tmpfile();
    if (stream) {
        fprintf(stream, "00000000-0000-4000-8000-%012" PRId64 "\n", shared()->boot);
        rewind(stream);
    }
    return stream;
}

// The headers call it fopen64.
FILE *fopen(const char *path, const char *mode)
{
    static FILE *(*real)(const char *, const char *);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fopen64");
    return strcmp(path, "/proc/sys/kernel/random/boot_id") == 0 ? boot_id() : real(path, mode);
}
