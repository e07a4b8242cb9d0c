// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_state.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "bus.h"
#include "plain.h"
#include "words.h"

#define TIMEOUT_US UINT64_C(5000000)

// Larger than any time, duration or count there is, and small enough to reckon with.
#define NUMBER_MAX INT64_C(253402300799)

struct property {
    const char *name;
    char type; // of D-Bus
    size_t offset, size;
};

#define PROPERTY(name, type, member)                                                               \
    {                                                                                              \
        name, type, offsetof(struct live_state, member), sizeof((struct live_state *)0)->member    \
    }

static const struct property properties[] = {
    PROPERTY("Version", 's', version),
    PROPERTY("Pad", 's', pad),
    PROPERTY("Port", 's', port),
    PROPERTY("PadState", 's', pad_state),
    PROPERTY("PadProblem", 's', pad_problem),
    PROPERTY("Rate", 'd', rate_hz),
    PROPERTY("Frames", 't', frames),
    PROPERTY("DroppedFrames", 't', dropped_frames),
    PROPERTY("StrayBytes", 't', stray_bytes),
    PROPERTY("Saturated", 'd', saturated),
    PROPERTY("MendedCells", 't', mended_cells),
    PROPERTY("Drops", 'a', drops),
    PROPERTY("LastFrameAgeMs", 'x', last_frame_age_ms),
    PROPERTY("Position", 's', position),
    PROPERTY("Confidence", 'd', confidence),
    PROPERTY("PositionSince", 'x', position_since_s),
    PROPERTY("InBed", 'b', in_bed),
    PROPERTY("NightDay", 's', night_day),
    PROPERTY("NightStart", 'x', night_start_s),
    PROPERTY("InBedSeconds", 'x', in_bed_s),
    PROPERTY("RecordedSeconds", 'x', recorded_s),
    PROPERTY("FriendlySeconds", 'x', friendly_s),
    PROPERTY("Turns", 'x', turns),
    PROPERTY("Database", 's', database),
    PROPERTY("LastCommit", 'x', last_commit_s),
    PROPERTY("FailedCommits", 't', failed_commits),
    PROPERTY("PendingResults", 't', pending_results),
    PROPERTY("LostResults", 't', lost_results),
    PROPERTY("Watchers", 't', watchers),
    PROPERTY("DroppedMaps", 't', dropped_maps),
    PROPERTY("Uptime", 't', uptime_s),
};
#define PROPERTY_N (sizeof properties / sizeof *properties)

const char *live_pad_state(const struct live_state *state)
{
    static const char *const states[] = {N_("connected"), N_("waiting"), N_("silent")};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i], state->pad_state) == 0)
            return _(states[i]);
    return state->pad_state;
}

static int64_t within_bounds(int64_t number)
{
    return number < -1 ? -1 : number > NUMBER_MAX ? NUMBER_MAX : number;
}

static int64_t count_within_bounds(uint64_t count)
{
    return count > (uint64_t)NUMBER_MAX ? NUMBER_MAX : (int64_t)count;
}

static int read_drops(sd_bus_message *answer, struct live_state *state)
{
    int r = sd_bus_message_enter_container(answer, 'a', "{st}");
    if (r < 0)
        return r;
    const char *cause;
    uint64_t frames;
    while ((r = sd_bus_message_read(answer, "{st}", &cause, &frames)) > 0) {
        if (state->n_drops == LIVE_DROPS_MAX)
            continue;
        struct live_drop *drop = &state->drops[state->n_drops++];
        snprintf(drop->cause, sizeof drop->cause, "%s", cause);
        plain_text(drop->cause);
        drop->frames = count_within_bounds(frames);
    }
    return r < 0 ? r : sd_bus_message_exit_container(answer);
}

static int read_value(sd_bus_message *answer, const struct property *property,
                      struct live_state *state)
{
    void *target = (char *)state + property->offset;
    union {
        const char *text;
        double real;
        int64_t number;
        uint64_t count;
        int flag;
    } value;
    if (property->type == 'a')
        return read_drops(answer, state);
    int r = sd_bus_message_read_basic(answer, property->type, &value);
    if (r < 0)
        return r;
    switch (property->type) {
    case 's':
        snprintf(target, property->size, "%s", value.text);
        plain_text(target);
        break;
    case 'd':
        *(double *)target = isfinite(value.real) ? value.real : 0;
        break;
    case 'x':
        *(int64_t *)target = within_bounds(value.number);
        break;
    case 't':
        *(int64_t *)target = count_within_bounds(value.count);
        break;
    default:
        *(bool *)target = value.flag;
        break;
    }
    return 0;
}

static const struct property *find_property(const char *name)
{
    for (size_t i = 0; i < PROPERTY_N; i++)
        if (strcmp(properties[i].name, name) == 0)
            return &properties[i];
    return NULL;
}

static int read_property(sd_bus_message *answer, struct live_state *state, uint64_t *seen)
{
    const char *name, *contents;
    int r = sd_bus_message_read_basic(answer, 's', &name);
    if (r < 0)
        return r;
    const struct property *property = find_property(name);
    if (!property) // of a newer psoasmond
        return sd_bus_message_skip(answer, "v");
    r = sd_bus_message_peek_type(answer, NULL, &contents);
    if (r < 0)
        return r;
    const char type[] = {property->type, '\0'};
    const char *wanted = property->type == 'a' ? "a{st}" : type;
    if (strcmp(contents, wanted) != 0)
        return -EBADMSG;
    r = sd_bus_message_enter_container(answer, 'v', wanted);
    if (r >= 0)
        r = read_value(answer, property, state);
    if (r < 0)
        return r;
    *seen |= UINT64_C(1) << (property - properties);
    return sd_bus_message_exit_container(answer);
}

static int read_properties(sd_bus_message *answer, struct live_state *state)
{
    uint64_t seen = 0;
    int r = sd_bus_message_enter_container(answer, 'a', "{sv}");
    while (r >= 0 && (r = sd_bus_message_enter_container(answer, 'e', "sv")) > 0) {
        r = read_property(answer, state, &seen);
        if (r >= 0)
            r = sd_bus_message_exit_container(answer);
    }
    if (r < 0)
        return r;
    return seen == (UINT64_C(1) << PROPERTY_N) - 1 ? 0 : -EBADMSG;
}

int live_state_question(sd_bus_message **ret, sd_bus *bus)
{
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *question = NULL;
    int r = sd_bus_message_new_method_call(bus, &question, BUS_NAME, BUS_PATH,
                                           "org.freedesktop.DBus.Properties", "GetAll");
    if (r >= 0)
        r = sd_bus_message_append(question, "s", BUS_INTERFACE);
    if (r < 0)
        return r;
    *ret = question;
    question = NULL;
    return 0;
}

int live_state_take(struct live_state *ret, sd_bus_message *answer)
{
    *ret = (struct live_state){0};
    if (sd_bus_message_is_method_error(answer, NULL))
        return -sd_bus_message_get_errno(answer);
    return read_properties(answer, ret);
}

static int ask(struct live_state *state, const char *database, sd_bus_error *error)
{
    _cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
    _cleanup_(sd_bus_message_unrefp) sd_bus_message *question = NULL, *answer = NULL;
    int r = bus_open(&bus, database, TIMEOUT_US);
    if (r >= 0)
        r = live_state_question(&question, bus);
    if (r >= 0)
        r = sd_bus_call(bus, question, TIMEOUT_US, error, &answer);
    return r < 0 ? r : live_state_take(state, answer);
}

int live_state_failed(struct error *error, int r, const char *database, const char *why)
{
    switch (r) {
    case -ENOENT:
    case -ECONNREFUSED:
        return error_set(error, r, _("psoasmond does not run for %s"), database);
    case -ETIMEDOUT:
        return error_set(error, r, _("psoasmond runs for %s, but does not answer"), database);
    case -EACCES:
        return error_set(error, r,
                         _("not allowed to ask the psoasmond of %s (is this user in the "
                           "group psoasmon?)"),
                         database);
    default:
        return error_set(error, r, _("what answers for %s is not psoasmond (%s)"), database,
                         why ? why : strerror(-r));
    }
}

int live_state_read(struct live_state *ret, const char *database, struct error *error)
{
    _cleanup_(sd_bus_error_free) sd_bus_error why = SD_BUS_ERROR_NULL;
    *ret = (struct live_state){0};
    int r = ask(ret, database, &why);
    return r < 0 ? live_state_failed(error, r, database, why.message) : 0;
}
