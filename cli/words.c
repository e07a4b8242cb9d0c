// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

#include <locale.h>
#include <stdlib.h>

#include "paths.h"
#include "places.h"

// The language that is asked for, by the order that setlocale has.
static const char *language_asked(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

void words_begin(bool for_programs)
{
    // A language needs no locale of its own: where the one that is asked for is not installed (on a
    // small Debian none is), there is always C.UTF-8, and LANGUAGE says the rest.
    if (!setlocale(LC_CTYPE, ""))
        setlocale(LC_CTYPE, "C.UTF-8");
    if (!setlocale(LC_MESSAGES, "")) {
        setlocale(LC_MESSAGES, "C.UTF-8");
        const char *language = language_asked();
        if (language)
            setenv("LANGUAGE", language, 0);
    }
    if (!setlocale(LC_TIME, ""))
        setlocale(LC_TIME, "C.UTF-8");
    if (for_programs) {
        setlocale(LC_MESSAGES, "C");
        return;
    }
    bindtextdomain("psoasmon", words_directory());
    textdomain("psoasmon");
}

const char *words_say(const char *text)
{
    return *text ? gettext(text) : text;
}

const char *words_in_context(const char *key, const char *text)
{
    const char *found = gettext(key);
    return found == key ? text : found;
}
