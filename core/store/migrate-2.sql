-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 1 to 2: what a bout was called later, by somebody who knows better (a label) or by a
-- newer model. Nothing in bouts changes. The reading that counts is the bout's newest label, else
-- the newest of a model, else what was recorded.

CREATE TABLE readings (
    id INTEGER PRIMARY KEY,                      -- a newer one has a larger one
    night_id INTEGER NOT NULL,
    start_s INTEGER NOT NULL,                    -- of the bout
    source TEXT NOT NULL CHECK (source IN ('label', 'model')),
    position TEXT NOT NULL CHECK (position IN (
        'supine', 'supine_knees_raised', 'supine_left_knee', 'supine_right_knee',
        'supine_legs_raised', 'reclined', 'left_fetal', 'right_fetal', 'left_side', 'right_side',
        'prone', 'sitting', 'empty', 'unknown')),
    confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    model TEXT CHECK ((model IS NOT NULL) = (source = 'model')),
    made_s INTEGER NOT NULL,
    FOREIGN KEY (night_id, start_s) REFERENCES bouts (night_id, start_s) ON DELETE CASCADE
) STRICT;
CREATE INDEX readings_bout ON readings (night_id, start_s, source, id DESC);
