// SPDX-License-Identifier: GPL-3.0-or-later
// What users read, in their language. HACKING.md, "Words for users", says how it is marked.
#ifndef PSOASMON_WORDS_H
#define PSOASMON_WORDS_H

#include <libintl.h>
#include <stdbool.h>

#include "base/mark.h"

// As gettext, but nothing is said of nothing: gettext("") is what heads the translations.
const char *words_say(const char *text) __attribute__((format_arg(1), returns_nonnull));
#define _(text) words_say(text)

// What is meant is not what the same words mean elsewhere.
#define words_of(context, text) words_in_context(context "\004" text, text)
const char *words_in_context(const char *key, const char *text)
    __attribute__((format_arg(2), returns_nonnull));

// From the environment: how long characters are, which language. Numbers stay as they are
// everywhere. What is `for_programs` is in English.
void words_begin(bool for_programs);

#endif
