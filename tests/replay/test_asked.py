# SPDX-License-Identifier: GPL-3.0-or-later
"""Pads that answer when they are asked: psoasmond writes what their description says, to the port
that was named with them, and nothing to any other."""
import pytest

import formats
import rig
from asked import Asked


def drawn(name, number):
    rows, cols, largest, make = formats.FORMATS[name]
    picture = [[(row * cols + col + number) % (largest // 2) + 1 for col in range(cols)]
               for row in range(rows)]
    return make(picture, number + 1)  # no greeting


@pytest.mark.parametrize("name, words", [
    ("kitronyx-ms9758", b"A"), ("kitronyx-snowboard", b"A"), ("meet-matt", b"\x06"),
    ("sensing-mat-48", b"R"), ("tab-9x9", b"TRIGGER\n"), ("column-16", b"A")])
def test_each_request_brings_a_frame(name, words, daemon, pad):
    number = iter(range(1000000))
    with Asked(pad, lambda heard: [drawn(name, next(number))] * heard.count(words)) as asked:
        d = daemon(port=pad.path, pad=name).ready()
        status = d.wait_status(lambda s: s["pad"]["frames"] >= 10, "ten answers")
        assert status["pad"]["drops"] == {}
        assert d.stop() == 0
    # Asked again only when the answer was there, or the patience for one was over.
    assert set(asked.heard.split(words)) == {b""}
    assert asked.heard.count(words) <= next(number)


def test_an_answer_of_another_length_is_none(daemon, pad):
    answers = iter([b"\1" * 160, b"\2" * 159, b"\3" * 161, b"\4" * 160] + [b"\5" * 160] * 1000)
    with Asked(pad, lambda heard: [next(answers)]):
        d = daemon(port=pad.path, pad="kitronyx-ms9758").ready()
        status = d.wait_status(lambda s: s["pad"]["frames"] >= 5, "five good answers")
        assert status["pad"]["drops"] == {"short": 1, "long": 1}
        assert status["pad"]["stray_bytes"] == 159 + 161
        assert d.stop() == 0


def test_a_pad_that_does_not_answer_is_asked_again(daemon, pad):
    asked_n = 0

    def answer(heard):
        nonlocal asked_n
        asked_n += 1
        return [b"\7" * 160] if asked_n > 2 else []
    with Asked(pad, answer):
        d = daemon(port=pad.path, pad="kitronyx-ms9758").ready()
        d.wait_status(lambda s: s["pad"]["frames"] >= 2, "answers after two that did not come")
        assert d.stop() == 0


def test_a_greeting_is_no_frame(daemon, pad):
    """Opening the port has made the board boot: it greets, and then it answers."""
    greeting = b"Pressure mat v1\r\nready, send A\r\n"
    pad.send(greeting)
    with Asked(pad, lambda heard: [drawn("column-16", 1)] * heard.count(b"A")):
        d = daemon(port=pad.path, pad="column-16").ready()
        status = d.wait_status(lambda s: s["pad"]["frames"] >= 3, "three answers")
        assert status["pad"]["drops"] == {}
        assert status["pad"]["stray_bytes"] == len(greeting)
        assert d.stop() == 0


def test_a_pad_is_started_and_stopped(daemon, pad):
    def answer(heard):
        return [drawn("sensing-tex-16", number) for number in range(5)] if b"S\r" in heard else []
    with Asked(pad, answer) as asked:
        d = daemon(port=pad.path, pad="sensing-tex-16").ready()
        assert d.wait_status(lambda s: s["pad"]["frames"] >= 5, "frames")["pad"]["drops"] == {}
        assert d.stop() == 0
        rig.wait_for(lambda: asked.heard.endswith(b"X\r"), "the stop")
    assert asked.heard.startswith(b"C\x10\x10\x00\x64\rS\r")


def test_nothing_is_written_to_a_pad_that_speaks_by_itself(daemon, pad):
    with Asked(pad, lambda heard: []) as asked:
        d = daemon(port=pad.path, pad="m1616").ready()
        d.wait_connected()
        pad.send(drawn("m1616", 1) * 4)  # the next one tells that a frame is whole
        d.wait_frames(3)
        assert d.stop() == 0
    assert asked.heard == b""
