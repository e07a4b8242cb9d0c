-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema version 1. Times are seconds since 1970 UTC; an interval is [start_s, end_s).
-- A later version is a new file migrate-N.sql; this one never changes again.

CREATE TABLE nights (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL CHECK (day IS date(day)),  -- local date of the evening it began
    timezone TEXT NOT NULL,                      -- where the sleeper was: 'Europe/Berlin'
    start_utc_offset_s INTEGER NOT NULL CHECK (abs(start_utc_offset_s) <= 86400),
    start_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL CHECK (end_s >= start_s),
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    pad TEXT NOT NULL,
    model TEXT NOT NULL
) STRICT;
CREATE INDEX nights_day ON nights (day);

CREATE TABLE bouts (
    night_id INTEGER NOT NULL REFERENCES nights (id) ON DELETE CASCADE,
    start_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL CHECK (end_s >= start_s),
    position TEXT NOT NULL CHECK (position IN (
        'supine', 'supine_knees_raised', 'supine_left_knee', 'supine_right_knee',
        'supine_legs_raised', 'reclined', 'left_fetal', 'right_fetal', 'left_side', 'right_side',
        'prone', 'sitting', 'empty', 'unknown')),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    snapshot BLOB,                               -- the bout's pressure map; see store.h
    PRIMARY KEY (night_id, start_s)
) STRICT, WITHOUT ROWID;

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    night_id INTEGER REFERENCES nights (id) ON DELETE CASCADE,
    start_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL CHECK (end_s > start_s),
    reason TEXT NOT NULL CHECK (reason IN (
        'pad_silent', 'pad_unplugged', 'daemon_down', 'clock_stepped'))
) STRICT;
CREATE INDEX gaps_night ON gaps (night_id);

CREATE TABLE epochs (
    night_id INTEGER NOT NULL REFERENCES nights (id) ON DELETE CASCADE,
    start_s INTEGER NOT NULL CHECK (start_s % 60 = 0),
    seconds INTEGER NOT NULL CHECK (seconds BETWEEN 0 AND 60),
    probabilities BLOB NOT NULL CHECK (length(probabilities) = 14), -- 255 is 1; order of position.h
    movement REAL NOT NULL,
    load REAL NOT NULL,
    PRIMARY KEY (night_id, start_s)
) STRICT, WITHOUT ROWID;
