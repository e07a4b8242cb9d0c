// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever watches the pressure maps as they come, each through a socket of its own on which a
// record (map_record.h) arrives whole or not at all. Nobody waits for a watcher: one that does not
// read in time misses maps, and they are counted.
#ifndef PSOASMON_WATCHERS_H
#define PSOASMON_WATCHERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "surface/surface.h"

#define WATCHERS_MAX 4

// A watcher that has taken nothing for so long gives its place up.
#define WATCHER_STUCK_US (INT64_C(60) * 1000000)

struct watchers;

int watchers_new(struct watchers **ret);
void watchers_free(struct watchers *watchers);
DEFINE_CLEANUP(struct watchers *, watchers_free)

// One more. *ret_fd is its end, the caller's to close. -EBUSY: there are WATCHERS_MAX already.
int watchers_add(struct watchers *watchers, int *ret_fd);

// One more, who stretches for as long as they watch. -EALREADY: somebody does.
int watchers_stretch(struct watchers *watchers, int *ret_fd);
bool watchers_is_stretching(struct watchers *watchers);

// Hands a map out, as far as there is anybody who takes it.
void watchers_send(struct watchers *watchers, const char *pad_name, const struct pressure_map *map,
                   int64_t time_us);

// Once a second, with clock_elapsed_us: lets those go who have gone, or are stuck.
void watchers_tick(struct watchers *watchers, int64_t now_us);

unsigned watchers_count(const struct watchers *watchers);
// Maps that were not handed out, of all watchers there ever were.
uint64_t watchers_dropped(const struct watchers *watchers);

#endif
