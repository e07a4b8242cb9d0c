-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 3 to 4: what the sleeper does and feels awake. An entry of the diary is written in
-- the morning of its day: pain and stiffness are that morning's, all else is of the day and the
-- night before. A stretch session has the day by the clock at its beginning.

CREATE TABLE diary (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE CHECK (day IS date(day)),
    made_s INTEGER NOT NULL,                          -- when it was written last
    pain INTEGER CHECK (pain BETWEEN 0 AND 10),
    place TEXT CHECK (length(CAST(place AS BLOB)) BETWEEN 1 AND 64),
    side TEXT CHECK (side IN ('left', 'right', 'both', 'middle')),
    stiffness INTEGER CHECK (stiffness BETWEEN 0 AND 10),
    sitting_s INTEGER CHECK (sitting_s BETWEEN 0 AND 86400),
    sport_s INTEGER CHECK (sport_s BETWEEN 0 AND 86400),
    strain INTEGER CHECK (strain BETWEEN 0 AND 10),
    massage INTEGER CHECK (massage IN (0, 1)),
    new_pillow INTEGER CHECK (new_pillow IN (0, 1)),
    new_mattress INTEGER CHECK (new_mattress IN (0, 1)),
    note TEXT CHECK (length(CAST(note AS BLOB)) BETWEEN 1 AND 4000)
) STRICT;

CREATE TABLE diary_tags (
    diary_id INTEGER NOT NULL REFERENCES diary (id) ON DELETE CASCADE,
    tag TEXT NOT NULL CHECK (length(CAST(tag AS BLOB)) BETWEEN 1 AND 64),
    PRIMARY KEY (diary_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE stretch_sessions (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL CHECK (day IS date(day)),
    timezone TEXT NOT NULL,
    start_utc_offset_s INTEGER NOT NULL CHECK (abs(start_utc_offset_s) <= 86400),
    start_s INTEGER NOT NULL UNIQUE,
    end_s INTEGER NOT NULL CHECK (end_s >= start_s),
    pad TEXT NOT NULL,
    model TEXT NOT NULL,
    finished INTEGER NOT NULL CHECK (finished IN (0, 1)) -- 0: left before its end
) STRICT;
CREATE INDEX stretch_sessions_day ON stretch_sessions (day);

CREATE TABLE stretch_holds (
    session_id INTEGER NOT NULL REFERENCES stretch_sessions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 64), -- in order
    position TEXT NOT NULL CHECK (position IN (
        'supine_knees_raised', 'supine_left_knee', 'supine_right_knee', 'supine_legs_raised',
        'left_fetal', 'right_fetal')),
    start_s INTEGER NOT NULL,                         -- when it was asked for
    end_s INTEGER NOT NULL CHECK (end_s >= start_s),
    asked_s INTEGER NOT NULL CHECK (asked_s > 0),
    held_s INTEGER NOT NULL CHECK (held_s BETWEEN 0 AND end_s - start_s),
    wrong_side_s INTEGER NOT NULL CHECK (wrong_side_s BETWEEN 0 AND end_s - start_s - held_s),
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;
