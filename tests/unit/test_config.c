// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "config/config.h"

struct place {
    char directory[64], path[128], drop_in[192];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->directory, "/tmp/psoasmon-test-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    snprintf(place->path, sizeof place->path, "%s/psoasmon.conf", place->directory);
    char drop_ins[150];
    snprintf(drop_ins, sizeof drop_ins, "%s.d", place->path);
    assert_int_equal(mkdir(drop_ins, 0755), 0);
    snprintf(place->drop_in, sizeof place->drop_in, "%s/10-mine.conf", drop_ins);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", place->directory);
    int r = system(command);
    free(place);
    return r;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void the_defaults(void **state)
{
    const struct place *place = *state;
    struct config config;
    struct error error = {0};
    config_default(&config);
    assert_int_equal(config_load(&config, place->path, false, &error), 0);
    assert_int_equal(config.friendly, position_friendly_default());
    assert_int_equal(config.week, WEEK_LOCALE);
    assert_int_equal(config.rules.away_s, 1800);
    assert_int_equal(config_load(&config, place->path, true, &error), -ENOENT);
    assert_non_null(strstr(error.text, place->path));
}

static char *shipped(void)
{
    FILE *file = fopen(getenv("PSOASMON_SHIPPED_CONFIG"), "r");
    assert_non_null(file);
    char *text = calloc(1, 16384);
    assert_non_null(text);
    size_t length = fread(text, 1, 16383, file);
    assert_in_range(length, 1, 16382);
    fclose(file);
    return text;
}

static void assert_all_but_names_are_defaults(const struct config *config)
{
    struct config defaults;
    config_default(&defaults);
    assert_int_equal(config->keep_snapshots_days, defaults.keep_snapshots_days);
    assert_int_equal(config->keep_epochs_days, defaults.keep_epochs_days);
    assert_memory_equal(&config->rules, &defaults.rules, sizeof defaults.rules);
    assert_int_equal(config->friendly, defaults.friendly);
    assert_int_equal(config->week, defaults.week);
    assert_int_equal(config->clock, defaults.clock);
}

// What is installed as /etc/psoasmon/psoasmon.conf changes nothing, and tells the truth.
static void the_shipped_file_says_the_defaults(void **state)
{
    const struct place *place = *state;
    _cleanup_(freep) char *text = shipped();
    write_text(place->path, text);
    struct config config;
    struct error error = {0};
    config_default(&config);
    assert_int_equal(config_load(&config, place->path, true, &error), 0);
    assert_string_equal(config.port, "");
    assert_string_equal(config.pad, "");
    assert_string_equal(config.database, "");
    assert_all_but_names_are_defaults(&config);

    // With its settings taken out of their comments: "#key = value", but "# words".
    int settings = 0;
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (line[0] == '#' && line[1] >= 'a' && line[1] <= 'z') {
            memmove(line, line + 1, strlen(line)); // not a blank: that would continue a value
            settings++;
        }
    }
    assert_int_equal(settings, 15);
    write_text(place->path, text);
    config.rules = (struct night_rules){.lying_m2 = config.rules.lying_m2};
    config.friendly = 0;
    config.week = WEEK_LAST_SEVEN;
    config.clock = CLOCK_12;
    config.keep_snapshots_days = config.keep_epochs_days = 1;
    int r = config_load(&config, place->path, true, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(r, 0);
    assert_string_equal(config.database, "/var/lib/psoasmon/psoasmon.db");
    assert_string_equal(config.pad, "jq-bed-32");
    assert_all_but_names_are_defaults(&config);
}

static void a_drop_in_has_the_last_word(void **state)
{
    const struct place *place = *state;
    struct config config;
    struct error error = {0};
    config_default(&config);
    assert_int_equal(config.keep_snapshots_days, 0); // for ever
    write_text(place->path, "[pad]\nport = /dev/ttyUSB0\nname = jq-bed-32\n"
                            "[store]\nkeep_snapshots_days = 400\nkeep_epochs_days = 36500\n"
                            "[night]\naway_s = 900\nday_starts_hour = 15\n"
                            "[report]\nfriendly = supine prone ; mine\nweek = last-seven\n");
    write_text(place->drop_in, "[pad]\nname = pmat\n");
    assert_int_equal(config_load(&config, place->path, true, &error), 0);
    assert_string_equal(config.port, "/dev/ttyUSB0");
    assert_string_equal(config.pad, "pmat");
    assert_int_equal(config.keep_snapshots_days, 400);
    assert_int_equal(config.keep_epochs_days, 36500);
    assert_int_equal(config.rules.away_s, 900);
    assert_int_equal(config.rules.day_starts_hour, 15);
    assert_int_equal(config.friendly, POSITION_BIT(POSITION_SUPINE) | POSITION_BIT(POSITION_PRONE));
    assert_int_equal(config.week, WEEK_LAST_SEVEN);
}

static void a_mistake_changes_nothing(void **state)
{
    const struct place *place = *state;
    static const struct {
        const char *text, *words;
    } wrong[] = {
        {"[pad]\nname = x\n[night]\naway = 900\n", ":4: away: unknown key in [night]"},
        {"[nights]\naway_s = 900\n", ":2: away_s: unknown section [nights]"},
        {"[night]\naway_s = soon\n", ":2: away_s: 'soon' is no whole number from 60 to 14400"},
        {"[night]\naway_s = 59\n", ":2: away_s: '59' is no whole number"},
        {"[store]\nkeep_epochs_days = -1\n",
         ":2: keep_epochs_days: '-1' is no whole number from 0 to 36500"},
        {"[report]\nfriendly = supine unknown\n", "'unknown' is never counted as friendly"},
        {"[report]\nfriendly = lying\n", "'lying' is no position"},
        {"[report]\nweek = never\n", "'never' is none of: locale monday saturday sunday"},
        {"away_s = 900\n", ":1: away_s: unknown section []"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct config config, before;
        struct error error = {0};
        config_default(&config);
        before = config;
        write_text(place->path, wrong[i].text);
        assert_int_equal(config_load(&config, place->path, true, &error), -EINVAL);
        assert_non_null(strstr(error.text, place->path));
        if (!strstr(error.text, wrong[i].words))
            fail_msg("'%s' does not say '%s'", error.text, wrong[i].words);
        assert_memory_equal(&config, &before, sizeof config);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_defaults),
        TEST(the_shipped_file_says_the_defaults),
        TEST(a_drop_in_has_the_last_word),
        TEST(a_mistake_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
