# SPDX-License-Identifier: GPL-3.0-or-later
"""psoasmon probe: which pad is at a port."""
import os
import select
import threading

import pytest

import rig


def sent_by(tmp_path, pad, seconds=4):
    """What a simulated sleeper on it sends, joined in the middle of the first frame."""
    sent = tmp_path / pad
    done = rig.psoasmon("simulate", "--pad", pad, "--plan", f"supine:{seconds}", "--rate", "5",
                        "--output", sent)
    assert done.returncode == 0, done.stderr
    return sent.read_bytes()[20:]


class Line(threading.Thread):
    """The far end of a port: sends, and keeps and perhaps answers what is written to it."""

    def __init__(self, pad, sent=b"", answers=None):
        super().__init__(daemon=True)
        self.pad, self.sent, self.answers = pad, sent, answers or {}
        self.heard = b""
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            readable, writable, _ = select.select(
                [self.pad.master], [self.pad.master] if self.sent else [], [], 0.05)
            if readable:
                asked = os.read(self.pad.master, 4096)
                self.heard += asked
                self.sent += self.answers.get(asked, b"")
            if writable:
                self.sent = self.sent[os.write(self.pad.master, self.sent[:4096]):]

    def probe(self, *options):
        self.start()
        done = rig.psoasmon("probe", *options, self.pad.path)
        self.over.set()
        self.join()
        return done


@pytest.mark.parametrize("name", ["jq-bed-16", "bb-aa-16", "mattress-32ch", "wiresens-32", "virtual"])
def test_a_pad_is_found(pad, tmp_path, name):
    line = Line(pad, sent_by(tmp_path, name))
    done = line.probe()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{pad.path}: {name} (")
    assert f"    port = {pad.path}\n    name = {name}\n" in done.stdout
    assert line.heard == b""


def test_what_cannot_be_heard_is_said(pad, tmp_path):
    line = Line(pad, sent_by(tmp_path, "jq-bed-32-extra-first"))
    done = line.probe()
    assert done.returncode == 1
    assert f"{pad.path}: 2 pads fit what comes there\n" in done.stdout
    assert "jq-bed-32-extra-first" in done.stdout and "jq-bed-32-extra-last" in done.stdout
    assert "press on the pad" in done.stdout
    assert line.heard == b""


def test_another_device_is_unknown(pad):
    text = b"ok T:21.5 /0.0 B:20.9 /0.0 @:0\r\n" * 50
    line = Line(pad, text)
    done = line.probe("--for", "0.5s")
    assert done.returncode == 1
    assert f"{pad.path}: {len(text)} bytes, and no pad that is known sends such\n" in done.stdout
    assert f"psoasmon capture {pad.path} FILE" in done.stdout
    assert line.heard == b""


def test_silence_names_the_pads_that_have_to_be_asked(pad):
    line = Line(pad)
    done = line.probe("--for", "0.3s")
    assert done.returncode == 3
    assert f"{pad.path}: silent\n" in done.stdout
    assert f"    psoasmon probe --pad kitronyx-ms9758 {pad.path}\n" in done.stdout
    assert "--pad virtual" not in done.stdout
    assert line.heard == b""


def test_a_pad_is_asked_where_it_is_named(pad):
    line = Line(pad, answers={b"A": bytes(range(160))})
    done = line.probe("--pad", "kitronyx-ms9758")
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(f"{pad.path}: kitronyx-ms9758 (")
    assert set(line.heard) == {ord("A")}


def test_a_pad_that_is_named_and_is_another_one(pad, tmp_path):
    line = Line(pad, sent_by(tmp_path, "jq-bed-16"))
    done = line.probe("--pad", "virtual", "--for", "0.5s")
    assert done.returncode == 1
    assert "no pad that is known sends such" in done.stdout
    assert line.heard == b""


def test_psoasmond_keeps_its_port(daemon, pad):
    d = daemon("--rate", "1", port=pad.path, pad="virtual").ready()
    d.wait_connected()
    done = rig.psoasmon("probe", pad.path)
    assert done.returncode == 1
    assert "psoasmond? Stop it first" in done.stderr


def test_without_a_port_they_are_listed():
    done = rig.psoasmon("probe")
    if not os.path.isdir("/sys/class/tty"):  # as in a tree that was only entered
        assert done.returncode == 1 and "cannot list the serial ports" in done.stderr
        return
    assert done.returncode in (0, 3)
    assert ("None of them was opened" in done.stdout) == (done.returncode == 0)
