# SPDX-License-Identifier: GPL-3.0-or-later
import pathlib
import shutil
import tempfile

import pytest

import rig

# The files run beside each other: each has a directory of its own, which other users may pass.
made = []


def pytest_configure(config):
    if config.option.basetemp is None:
        made.append(pathlib.Path(tempfile.mkdtemp(prefix="psoasmon-replay-")))
        made[0].chmod(0o755)
        config.option.basetemp = made[0] / "t"


def pytest_unconfigure(config):
    for directory in made:
        shutil.rmtree(directory, ignore_errors=True)


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


@pytest.fixture
def terminals():
    """Those that a test opens go in here; none outlives it."""
    terminals = []
    yield terminals
    for terminal in terminals:
        terminal.end()
