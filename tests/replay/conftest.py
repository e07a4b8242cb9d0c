# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

import rig


@pytest.fixture
def pad():
    """A raw pseudo-terminal."""
    pad = rig.Pad()
    yield pad
    try:
        pad.unplug()
    except OSError:
        pass  # the test has done it


@pytest.fixture
def daemon(tmp_path):
    """Starts psoasmonds in a directory of the test's own, and ends them with it."""
    daemons = []

    def start(*arguments, **options):
        daemons.append(rig.Daemon(options.pop("directory", tmp_path), *arguments, **options))
        return daemons[-1]
    yield start
    for started in daemons:
        if started.process.poll() is None:
            started.kill()
