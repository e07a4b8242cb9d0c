// SPDX-License-Identifier: GPL-3.0-or-later
#include "live/live_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "json.h"
#include "live/live_view.h"
#include "local.h"
#include "screen.h"
#include "status_json.h"
#include "words.h"

#define JSON_VERSION 1

#define SECOND_US INT64_C(1000000)

struct live_lines {
    const struct live_lines_options *options;
    sd_event *event;
    struct live_link *link;
    sd_event_source *every;
    struct live_view view;
    unsigned long printed;
    int64_t printed_us; // when the last line was
    // What the last status line said.
    bool told;
    struct {
        bool up, in_bed;
        char pad_state[32], position[64], refused[512];
    } last;
};

static void count_line(struct live_lines *lines, int r)
{
    if (r < 0)
        sd_event_exit(lines->event,
                      cli_fail(CLI_FAILED, _("cannot write the output: %s"), strerror(-r)));
    lines->printed_us = live_now_us();
    if (++lines->printed == lines->options->lines)
        sd_event_exit(lines->event, CLI_DONE);
}

static bool finished(const struct live_lines *lines)
{
    return lines->options->lines != 0 && lines->printed >= lines->options->lines;
}

static void look(struct live_lines *lines)
{
    lines->view.seen = live_link_seen(lines->link);
    lines->view.age_ms = live_frame_age_ms(lines->view.seen, live_now_us());
    lines->view.place = local_here((int64_t)time(NULL));
}

// ---- text ----

static void print_text(struct live_lines *lines)
{
    const struct live_view *view = &lines->view;
    const struct live_seen *seen = view->seen;
    char clock[LOCAL_CLOCK_SIZE], position[LIVE_POSITION_SIZE], warning[LIVE_WARNING_SIZE];
    local_clock_s(&view->place, view->place.night.start_s, clock);
    live_view_warning(view, warning);
    printf("%s", clock);
    if (*warning)
        printf("  %s", warning);
    if (!live_view_stale(view)) {
        live_view_position(&seen->state, position);
        printf("  %s", position);
        if (seen->mapped)
            printf(_("  load %.1f"), seen->map.load);
    }
    putchar('\n');
    count_line(lines, fflush(stdout) == 0 ? 0 : -errno);
}

// ---- JSON ----

static json_t *json_cells(const float cells[MAP_CELLS])
{
    json_t *rows = json_array();
    for (unsigned r = 0; r < MAP_ROWS; r++) {
        json_t *row = json_array();
        for (unsigned c = 0; c < MAP_COLS; c++)
            json_append(&row, json_real((double)cells[r * MAP_COLS + c]));
        json_append(&rows, row);
    }
    return rows;
}

static void print_map(struct live_lines *lines)
{
    const struct live_seen *seen = lines->view.seen;
    const struct store_night *place = &lines->view.place;
    json_t *root = json_object();
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "type", json_string("map"));
    json_put(&root, "time", status_json_time(place, seen->head.time_us / SECOND_US));
    json_put(&root, "time_us", json_integer(seen->head.time_us));
    json_put(&root, "number", json_integer((json_int_t)(seen->head.number & INT64_MAX)));
    json_put(&root, "pad", json_string(seen->head.pad));
    json_put(&root, "occupied", json_boolean(seen->map.occupied));
    json_put(&root, "load", json_real(seen->map.load));
    json_put(&root, "area_m2", json_real(seen->map.area_m2));
    json_put(&root, "position", seen->up ? status_json_position(&seen->state, place) : json_null());
    if (lines->options->cells)
        json_put(&root, "cells", json_cells(seen->map.cells));
    count_line(lines, json_print_line(stdout, root));
}

static void print_status(struct live_lines *lines)
{
    const struct live_view *view = &lines->view;
    const struct live_seen *seen = view->seen;
    json_t *root = json_object();
    json_put(&root, "version", json_integer(JSON_VERSION));
    json_put(&root, "type", json_string("status"));
    json_put(&root, "answers", json_boolean(seen->up));
    const char *problem = !seen->up                  ? seen->trouble.text
                          : *seen->state.pad_problem ? seen->state.pad_problem
                                                     : seen->refused.text;
    json_put(&root, "problem", *problem ? json_string(problem) : json_null());
    json_put(&root, "last_frame_age_ms",
             view->age_ms < 0 ? json_null() : json_integer(view->age_ms));
    if (seen->up) {
        json_put(&root, "pad", status_json_pad(&seen->state));
        json_put(&root, "in_bed", json_boolean(seen->state.in_bed));
        json_put(&root, "position", status_json_position(&seen->state, &view->place));
        json_put(&root, "night", status_json_night(&seen->state, &view->place));
    }
    count_line(lines, json_print_line(stdout, root));
}

static void print_status_if_new(struct live_lines *lines)
{
    const struct live_seen *seen = lines->view.seen;
    __typeof__(lines->last) now = {.up = seen->up, .in_bed = seen->state.in_bed};
    memcpy(now.pad_state, seen->state.pad_state, sizeof now.pad_state);
    memcpy(now.position, seen->state.position, sizeof now.position);
    memcpy(now.refused, seen->refused.text, sizeof now.refused);
    bool same = lines->told && now.up == lines->last.up && now.in_bed == lines->last.in_bed &&
                strcmp(now.pad_state, lines->last.pad_state) == 0 &&
                strcmp(now.position, lines->last.position) == 0 &&
                strcmp(now.refused, lines->last.refused) == 0;
    if (same)
        return;
    lines->last = now;
    lines->told = true;
    print_status(lines);
}

// ---- what happens ----

static void on_news(enum live_news news, void *userdata)
{
    struct live_lines *lines = userdata;
    if (finished(lines) || !lines->options->json)
        return;
    look(lines);
    if (news == LIVE_MAP)
        print_map(lines);
    else
        print_status_if_new(lines);
}

static int on_second(sd_event_source *source, uint64_t usec, void *userdata)
{
    struct live_lines *lines = userdata;
    sd_event_source_set_time(source, usec + (uint64_t)SECOND_US);
    sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    look(lines);
    if (finished(lines) || (!lines->view.seen->answered && lines->view.seen->up))
        return 0;
    if (!lines->options->json)
        print_text(lines);
    else if (live_now_us() - lines->printed_us >= SECOND_US)
        print_status(lines);
    return 0;
}

int live_lines(const struct config *config, const struct live_lines_options *options)
{
    struct live_lines lines = {.options = options, .view.friendly = config->friendly};
    int r = sd_event_new(&lines.event);
    if (r >= 0)
        r = sd_event_add_time(lines.event, &lines.every, CLOCK_BOOTTIME,
                              (uint64_t)(live_now_us() + SECOND_US), 1000, on_second, &lines);
    if (r >= 0)
        r = live_link_new(&lines.link, lines.event, config->database, on_news, &lines);
    if (r >= 0)
        r = sd_event_loop(lines.event);
    if (lines.link)
        live_link_free(lines.link);
    sd_event_source_unref(lines.every);
    sd_event_unref(lines.event);
    return r < 0 ? cli_fail(CLI_FAILED, _("cannot follow psoasmond: %s"), strerror(-r)) : r;
}
