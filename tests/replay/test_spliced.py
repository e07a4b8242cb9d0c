# SPDX-License-Identifier: GPL-3.0-or-later
"""Nights spliced from one person's recordings come out as they were slept: an hour of one
here, `splice.py` has whole nights of all. Skipped where there are no recordings."""
import os
import pathlib

import pytest

import rig
import splice

PMAT = pathlib.Path(os.environ["PSOASMON_RECORDINGS"]) / "pmat"


@pytest.mark.parametrize("name", ["S8"])
def test_a_spliced_night(tmp_path, name):
    if not (PMAT / name).is_dir():
        pytest.skip(f"no recordings: {PMAT / name} is not there")
    night = splice.Night(splice.Person(PMAT / name), f"test-{name}", hours=1, trips=1, n_bouts=6)
    splice.replay(rig.PSOASMON, night, tmp_path / "spliced.db")
    verdict = splice.judge(night, tmp_path / "spliced.db")
    assert splice.misses(verdict) == [], verdict
