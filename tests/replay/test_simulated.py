# SPDX-License-Identifier: GPL-3.0-or-later
"""Every framing without hardware: psoasmon simulate at one end, the real psoasmond at the other; and
what --fault does to a line."""
import os
import pathlib
import subprocess

import pytest

import rig

PADS = pathlib.Path(os.environ["PSOASMON_PADS"])


@pytest.fixture
def simulate(tmp_path):
    """Starts a simulated pad, and returns its path."""
    processes = []

    def start(name, *options):
        link = tmp_path / "pad"
        processes.append(subprocess.Popen(
            [rig.PSOASMON, "simulate", "--pad", PADS / f"{name}.pad", "--link", link, "--plan",
             "supine:3600", *options], stdout=subprocess.DEVNULL))
        rig.wait_for(link.is_symlink, "the simulated pad")
        return link
    yield start
    for process in processes:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("name", [
    "kitronyx-ms9758", "kitronyx-snowboard", "sensing-mat-48", "sensing-tex-16", "wiresens-32",
    "sensitronics-32", "pico-mat", "mattress-32ch"])
def test_a_simulated_pad_is_read(name, simulate, daemon):
    d = daemon(port=simulate(name), pad=name).ready()
    status = d.wait_status(lambda s: s["pad"]["frames"] >= 10, "ten frames")
    # Whoever comes in the middle of a frame gets the rest of it.
    assert sum(status["pad"]["drops"].values()) <= 1
    assert d.stop() == 0


def sent(tmp_path, *options, pad="virtual"):
    done = rig.psoasmon("simulate", "--pad", PADS / f"{pad}.pad", "--plan", "supine:20", "--rate", 5,
                        "--output", tmp_path / "sent", *options)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "sent").read_bytes()


def told(tmp_path):
    """What is made of it: good frames, and drops by cause."""
    read = subprocess.run([os.environ["PSOASMON_FRAMES"], PADS / "virtual.pad"],
                          input=(tmp_path / "sent").read_bytes(), capture_output=True, check=True)
    lines = read.stdout.decode().splitlines()[:-1]
    return sum(not line.startswith("#") for line in lines), len(lines)


def test_faults_are_done_to_the_line(tmp_path):
    clean = sent(tmp_path)
    assert told(tmp_path) == (100, 100)
    size = len(clean) // 100
    flipped = sent(tmp_path, "--fault", "flip:0.0001")
    assert len(flipped) == len(clean)
    different = sum(a != b for a, b in zip(flipped, clean))
    assert 10 < different < 100
    good, all_of_them = told(tmp_path)
    assert 100 - different <= good < 100 and all_of_them == 100
    assert len(sent(tmp_path, "--fault", "cut:0.001")) < len(clean)
    assert len(sent(tmp_path, "--fault", "noise:0.001")) > len(clean)
    assert sent(tmp_path, "--fault", "banner").endswith(b"ready\r\n" + clean)
    stalled = sent(tmp_path, "--fault", "stall:0.02")
    assert len(stalled) < len(clean) and len(stalled) % size == 0
    sent(tmp_path, "--fault", "baud:0.2")
    assert 50 < told(tmp_path)[0] < 95


def test_one_seed_does_the_same_damage(tmp_path):
    options = ("--fault", "flip", "--fault", "cut:0.001", "--fault", "baud")
    assert sent(tmp_path, *options) == sent(tmp_path, *options)
    assert sent(tmp_path, *options) != sent(tmp_path, *options, "--seed", 2)


@pytest.mark.parametrize("fault, why", [
    ("smoke", "'smoke' is none of: cut flip noise stall baud banner"),
    ("flip:2", "'2' is no share from 0 to 1"), ("flip:", "'' is no share from 0 to 1")])
def test_what_is_no_fault_is_refused(fault, why):
    done = rig.psoasmon("simulate", "--fault", fault)
    assert (done.returncode, done.stderr) == (2, f"psoasmon: --fault: {why}\n")
