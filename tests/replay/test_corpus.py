# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures through the real psoasmond. corpus/NAME.capture is what a pad sent, corpus/NAME.expected
what has to come of it; whoever adds one adds these two files and nothing else:

    {"about": "how it was made, and what is odd about it",
     "frames": 38, "drops": {"checksum": 2}, "stray_bytes": 6,
     "bouts": [["supine", 20], ["left_fetal", 18]]}

Frames are counted, one a second, however fast they come. `bouts` is each position and its seconds. A
pad that has a request gets a record of its capture for each."""
import contextlib
import json
import os
import pathlib

import pytest

import captures
import rig
from asked import Asked

PADS = pathlib.Path(os.environ["PSOASMON_PADS"])
CORPUS = pathlib.Path(__file__).parent / "corpus"
NAMES = sorted({path.stem for path in CORPUS.iterdir()})
# Captures are short, and so are the nights in them.
RULES = """\
[night]
settle_in_s = 2
night_min_s = 1
bout_min_s = 5
"""


def came_of(daemon, capture, frames, stray_bytes=0):
    pad_name, _, _, records = captures.read(capture)
    pad = rig.Pad()
    asked = "\nrequest =" in (PADS / f"{pad_name}.pad").read_text()
    left = iter([data for _, data in records])
    answers = Asked(pad, lambda _: [next(left, b"")]) if asked else contextlib.nullcontext()
    d = daemon("--rate", "1", "--start", "2026-01-05T22:30:00+01:00", port=pad.path, pad=pad_name)
    with answers:
        d.ready().wait_connected()
        if not asked:
            for data in left:
                pad.send(data)
        pad_status = d.wait_status(
            lambda s: s["pad"]["frames"] + s["pad"]["dropped_frames"] >= frames and
            s["pad"]["stray_bytes"] >= stray_bytes, f"{frames} frames, {stray_bytes} stray bytes")["pad"]
    assert d.stop() == 0
    pad.unplug()
    bouts = d.rows("SELECT position, end_s - start_s FROM bouts ORDER BY start_s")
    return {"frames": pad_status["frames"], "drops": pad_status["drops"],
            "stray_bytes": pad_status["stray_bytes"], "bouts": [list(bout) for bout in bouts]}


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_of_it(daemon, tmp_path, name):
    expected = json.loads((CORPUS / f"{name}.expected").read_text())
    assert expected.pop("about")
    (tmp_path / "psoasmon.conf").write_text(RULES)
    frames = expected["frames"] + sum(expected["drops"].values())
    capture = CORPUS / f"{name}.capture"
    assert came_of(daemon, capture, frames, expected["stray_bytes"]) == expected
