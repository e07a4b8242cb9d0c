// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of `psoasmon diary` on a terminal: few enough for ten seconds.
#include <stdio.h>
#include <string.h>

#include "awake/diary.h"
#include "plain.h"
#include "screen.h"
#include "words.h"

struct question {
    enum diary_field field;
    const char *text;
    bool of_pain; // asked only of who has some
};

static const struct question questions[] = {
    {DIARY_PAIN, N_("Pain this morning, 0 (none) to 10"), false},
    {DIARY_PLACE, N_("  where (lower back, hip, ...)"), true},
    {DIARY_SIDE, N_("  side (left, right, both, middle)"), true},
    {DIARY_STIFFNESS, N_("Stiffness, 0 to 10"), false},
    {DIARY_SITTING, N_("Hours sat yesterday"), false},
    {DIARY_NOTE, N_("Anything else"), false},
};

// "[3]": what is answered already.
static void show_answer(const struct diary_entry *entry, enum diary_field field)
{
    char text[DIARY_NOTE_MAX + 1];
    if (!diary_is_answered(entry, field))
        return;
    if (diary_is_text(field))
        snprintf(text, sizeof text, "%.60s", entry->texts[field]);
    else if (diary_spec(field)->kind == DIARY_SPAN)
        duration_clock(entry->numbers[field], text);
    else
        snprintf(text, sizeof text, "%d", (int)entry->numbers[field]);
    plain_text(text);
    fprintf(stderr, " [%s]", text);
}

// True once it is answered or left out; false where the input ended.
static bool ask(struct diary_entry *entry, const struct question *question)
{
    char line[DIARY_NOTE_MAX + 2];
    for (;;) {
        struct error error = {0};
        fputs(_(question->text), stderr);
        show_answer(entry, question->field);
        fputs(": ", stderr);
        if (!fgets(line, sizeof line, stdin))
            return false;
        if (!strchr(line, '\n'))
            for (int c; (c = getchar()) != EOF && c != '\n';)
                ; // too long in any case
        line[strcspn(line, "\n")] = '\0';
        if (*line == '\0')
            return true;
        if (strcmp(line, "-") == 0) {
            diary_clear(entry, question->field);
            return true;
        }
        if (diary_read(entry, question->field, line, &error) == 0)
            return true;
        fprintf(stderr, "  %s\n", error.text);
    }
}

bool diary_ask(struct diary_entry *entry)
{
    fputs(_("Enter leaves an answer out (or as it is), - takes one back, Ctrl-C writes nothing.\n"),
          stderr);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        bool painless = entry->numbers[DIARY_PAIN] <= 0;
        if (questions[i].of_pain && painless)
            continue;
        if (!ask(entry, &questions[i])) {
            fputc('\n', stderr);
            return false;
        }
    }
    return true;
}
