// SPDX-License-Identifier: GPL-3.0-or-later
// For what must clean up behind itself: SIGINT, SIGTERM and SIGHUP ask it to stop, and only then
// end the program.
#ifndef PSOASMON_INTERRUPT_H
#define PSOASMON_INTERRUPT_H

#include <stdbool.h>

// From now on the signals are kept back.
void interrupt_begin(void);
bool interrupt_came(void);
// What came was how somebody ends what was asked to go on until then: it is not to end the program.
void interrupt_obeyed(void);
// The signals do again what they did; one that came does it now.
void interrupt_end(void);

#endif
