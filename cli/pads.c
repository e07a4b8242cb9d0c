// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon pads: every pad there is a description of.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "pad/pad_list.h"
#include "places.h"
#include "plain.h"
#include "screen.h"
#include "table.h"
#include "words.h"

static const char help[] =
    N_("Usage: psoasmon pads [OPTION]...\n"
       "\n"
       "Every pad there is a description of: its size, the speed of its line, and\n"
       "whether somebody has tried it on the hardware. A description that is broken is\n"
       "listed with what is wrong with it.\n"
       "\n"
       "  --in PATH         looks in this directory before the others\n"
       "  --verbose         from which file each comes, and for which other it stands;\n"
       "                    how its frames are sent\n"
       "@options@\n");

enum {
    OPTION_IN = CLI_OPTION_OWN,
    OPTION_VERBOSE,
};

enum column {
    COLUMN_NAME,
    COLUMN_STATE,
    COLUMN_SIZE,
    COLUMN_SPEED,
    COLUMN_TITLE,
    COLUMN_N
};

#define SPEED_SIZE 96

// "1000000 921600"; nothing where the port's own is used.
static void speed_text(const struct pad *pad, char text[SPEED_SIZE])
{
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < pad->n_bauds; i++)
        used += (size_t)snprintf(text + used, SPEED_SIZE - used, "%s%u", i > 0 ? " " : "",
                                 pad->bauds[i]);
}

static void put_pad(struct table *table, const struct pad_entry *entry)
{
    const struct pad *pad = entry->pad;
    char speed[SPEED_SIZE], title[sizeof pad->title];
    table_row(table);
    table_cell(table, COLUMN_NAME, TABLE_PLAIN, "%s", entry->name);
    if (!pad) {
        table_cell(table, COLUMN_STATE, TABLE_DIM, _("broken"));
        return;
    }
    speed_text(pad, speed);
    snprintf(title, sizeof title, "%s", pad->title);
    plain_text(title);
    table_cell(table, COLUMN_STATE, TABLE_PLAIN, "%s", _(pad_status_name(pad->status)));
    table_cell(table, COLUMN_SIZE, TABLE_PLAIN, "%u x %u", pad->rows, pad->cols);
    table_cell(table, COLUMN_SPEED, TABLE_PLAIN, "%s", speed);
    table_cell(table, COLUMN_TITLE, TABLE_PLAIN, "%s", title);
}

static void widen(struct table_column *column, size_t width)
{
    if (width > column->width)
        column->width = (unsigned)width;
}

static int print_table(const struct pad_list *list, const struct screen *screen)
{
    struct table_column columns[COLUMN_N] = {
        [COLUMN_NAME] = {.heading = N_("PAD"), .width = 3},
        [COLUMN_STATE] = {.heading = N_("STATE"), .width = 10},
        [COLUMN_SIZE] = {.heading = N_("SIZE"), .width = 9},
        [COLUMN_SPEED] = {.heading = N_("BAUD"), .width = 4, .drop = 1},
        [COLUMN_TITLE] = {.heading = N_("WHAT"), .width = 4, .drop = 2},
    };
    for (size_t i = 0; i < list->n; i++) {
        char speed[SPEED_SIZE];
        widen(&columns[COLUMN_NAME], strlen(list->entries[i].name));
        if (!list->entries[i].pad)
            continue;
        speed_text(list->entries[i].pad, speed);
        widen(&columns[COLUMN_SPEED], strlen(speed));
        widen(&columns[COLUMN_TITLE], strlen(list->entries[i].pad->title));
    }
    struct table table;
    table_begin(&table, screen, columns, COLUMN_N);
    for (size_t i = 0; i < list->n; i++)
        put_pad(&table, &list->entries[i]);
    int r = table_print(&table, stdout);
    table_end(&table);
    return r;
}

static void print_broken(const struct pad_list *list)
{
    bool first = true;
    for (size_t i = 0; i < list->n; i++) {
        if (list->entries[i].pad)
            continue;
        char why[sizeof list->entries[i].error.text];
        snprintf(why, sizeof why, "%s", list->entries[i].error.text);
        plain_text(why);
        printf("%s%s\n", first ? "\n" : "", why);
        first = false;
    }
}

// How the pad is spoken to, and what it says.
static void print_wire(const struct pad *pad)
{
    printf(_("  %s, %g a second%s%s\n"), framing_name(pad->framing), pad->rate_hz,
           pad->request.length > 0 ? _(", asked for each frame") : "",
           pad->start.length > 0 ? _(", has to be started") : "");
}

static void print_verbose(const struct pad_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct pad_entry *entry = &list->entries[i];
        printf("%s%s\n", i > 0 ? "\n" : "", entry->name);
        if (entry->pad) {
            char title[sizeof entry->pad->title], speed[SPEED_SIZE];
            snprintf(title, sizeof title, "%s", entry->pad->title);
            plain_text(title);
            speed_text(entry->pad, speed);
            printf("  %s: %u x %u, %s%s%s\n", title, entry->pad->rows, entry->pad->cols,
                   _(pad_status_name(entry->pad->status)), *speed ? _(", baud ") : "", speed);
            print_wire(entry->pad);
        } else {
            char why[sizeof entry->error.text];
            snprintf(why, sizeof why, "%s", entry->error.text);
            plain_text(why);
            printf(_("  broken: %s\n"), why);
        }
        printf(_("  from %s\n"), entry->path);
        if (entry->instead_of)
            printf(_("  instead of %s\n"), entry->instead_of);
    }
}

int verb_pads(int argc, char **argv)
{
    static const struct option options[] = {
        CLI_OPTIONS,
        {"in", required_argument, NULL, OPTION_IN},
        {"verbose", no_argument, NULL, OPTION_VERBOSE},
        {0},
    };
    const char *directories[PADS_DIRECTORIES_MAX + 1] = {NULL};
    struct cli_files files = {0};
    bool verbose = false;
    int status;
    pads_directories(directories + 1);
    const char *const *first = directories + 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == OPTION_VERBOSE) {
            verbose = true;
        } else if (option == OPTION_IN) {
            directories[0] = optarg;
            first = directories;
        } else if (!cli_option(option, &files, help, &status)) {
            return status;
        }
    }
    if (!cli_no_arguments(argc, argv, &status))
        return status;

    _cleanup_(pad_list_freep) struct pad_list *list = NULL;
    int r = pad_list_new(&list, first);
    if (r == 0 && verbose) {
        print_verbose(list);
    } else if (r == 0) {
        struct screen screen = screen_of_stdout();
        r = print_table(list, &screen);
        print_broken(list);
    }
    return r < 0 ? cli_fail(CLI_FAILED, "%s", strerror(-r)) : CLI_DONE;
}
