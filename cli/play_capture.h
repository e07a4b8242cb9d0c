// SPDX-License-Identifier: GPL-3.0-or-later
// psoasmon simulate --capture: a capture as a pad on a pseudo-terminal, at the pace it was recorded
// at.
#ifndef PSOASMON_PLAY_CAPTURE_H
#define PSOASMON_PLAY_CAPTURE_H

// Prints the terminal's path, waits for a reader, and plays `speed` times as fast, until the file
// or a signal ends it. link may be null. An exit status.
int play_capture(const char *file, const char *link, double speed);

#endif
