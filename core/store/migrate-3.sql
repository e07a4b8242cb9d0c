-- SPDX-License-Identifier: GPL-3.0-or-later
-- From version 2 to 3: nights that survive clocks and cables. When a night's end was written by the
-- clock that is never set, so that a recorder that begins again in the same boot knows how long it
-- was away; what the clock was set by; breathing and movements a minute; two more reasons for a gap.

ALTER TABLE nights ADD COLUMN boot TEXT;              -- the kernel's boot_id when end_s was written
ALTER TABLE nights ADD COLUMN boot_s INTEGER          -- CLOCK_BOOTTIME at end_s
    CHECK ((boot_s IS NULL) = (boot IS NULL));

ALTER TABLE epochs ADD COLUMN moves INTEGER NOT NULL DEFAULT 0 CHECK (moves BETWEEN 0 AND 60);
ALTER TABLE epochs ADD COLUMN moved_s INTEGER         -- null: nobody counted its movements
    CHECK (moved_s BETWEEN 0 AND 60);
ALTER TABLE epochs ADD COLUMN breaths_per_min REAL CHECK (breaths_per_min BETWEEN 0 AND 120);
ALTER TABLE epochs ADD COLUMN breath_steadiness REAL  -- 1 is a clockwork
    CHECK (breath_steadiness BETWEEN 0 AND 1);

CREATE TABLE clock_steps (
    id INTEGER PRIMARY KEY,
    at_s INTEGER NOT NULL,                            -- when it was seen, by the clock as set
    by_s INTEGER NOT NULL CHECK (by_s <> 0),          -- forward; negative: back
    night_id INTEGER REFERENCES nights (id) ON DELETE SET NULL -- whose times were moved along
) STRICT;

CREATE TABLE gaps_3 (
    id INTEGER PRIMARY KEY,
    night_id INTEGER REFERENCES nights (id) ON DELETE CASCADE,
    start_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL CHECK (end_s > start_s),
    reason TEXT NOT NULL CHECK (reason IN (
        'pad_silent', 'pad_unplugged', 'daemon_down', 'clock_stepped',
        'suspended',                                  -- the machine slept
        'not_stored'))                                -- recorded, and lost for want of room
) STRICT;
INSERT INTO gaps_3 SELECT id, night_id, start_s, end_s, reason FROM gaps;
DROP TABLE gaps;
ALTER TABLE gaps_3 RENAME TO gaps;
CREATE INDEX gaps_night ON gaps (night_id);
