// SPDX-License-Identifier: GPL-3.0-or-later
// What users read, in their language. HACKING.md, "Words for users", says how it is marked.
#ifndef PSOASMON_WORDS_H
#define PSOASMON_WORDS_H

#include <libintl.h>
#include <stdbool.h>

#include "base/mark.h"

#define _(text) gettext(text)

// What is meant is not what the same words mean elsewhere.
#define words_of(context, text) words_in_context(context "\004" text, text)
const char *words_in_context(const char *key, const char *text) __attribute__((format_arg(2)));

// From the environment: how long characters are, which language. Numbers stay as they are
// everywhere. What is `for_programs` is in English.
void words_begin(bool for_programs);

#endif
