// SPDX-License-Identifier: GPL-3.0-or-later
// The last lines of a process that ends. journald finds out whose a line is (its unit, by which
// journalctl -u selects) when it reads the line: of a process that is gone it finds nothing, and
// `journalctl -u psoasmond` would not tell why psoasmond failed.
#ifndef PSOASMON_SETTLE_H
#define PSOASMON_SETTLE_H

// Waits until journald has dealt with all that was sent to it; five seconds at most.
void settle_journal(void);

#endif
