# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal's catalog: an entry for each event, that names no field which the event lacks."""
import re
import shutil
import subprocess

import pytest

import journald

CATALOG = journald.SOURCE / "systemd/psoasmon.catalog"
WIDTH = 80


def events():
    """MESSAGE_IDs by name, as psoasmond has them."""
    text = (journald.SOURCE / "daemon/events.h").read_text()
    ids = dict(re.findall(r'^#define ID_(\w+) +"(\w{32})"', text, re.M))
    assert set(re.findall(r"^    EVENT_(\w+),", text, re.M)) == set(ids)
    return ids


def entries():
    """(MESSAGE_ID, header, text) of each, in order."""
    parts = re.split(r"^-- (\w{32})\n", CATALOG.read_text(), flags=re.M)[1:]
    found = []
    for message_id, entry in zip(parts[::2], parts[1::2]):
        header, _, text = entry.partition("\n\n")
        found.append((message_id, dict(line.split(": ", 1) for line in header.splitlines()), text))
    return found


def test_an_entry_an_event():
    described = [message_id for message_id, _, _ in entries()]
    assert sorted(described) == sorted(events().values())
    assert len(set(described)) == len(described)


def test_the_table_of_events_is_true():
    assert {event.name: event.message_id for event in journald.EVENTS.values()} == events()


@pytest.mark.parametrize("message_id, header, text", entries())
def test_an_entry(message_id, header, text):
    event = journald.EVENTS[message_id]
    assert list(header) == ["Subject", "Defined-By", "Documentation"]
    named = set(re.findall(r"@(\w+)@", header["Subject"] + text))
    assert named <= journald.common(event) | event.must, f"{event.name} has not all of {named}"
    # Words for a reason are words that there are.
    reasons = set(re.findall(r"`(\w+)`", (journald.SOURCE / "docs/journal.md").read_text()))
    assert set(re.findall(r"^- (\w+):", text, re.M)) <= reasons
    assert set(re.findall(r"\((?:PSOASMON_REASON=)?([a-z]+_[a-z_]+)\)", text)) <= reasons
    # It fits a terminal, and says what to do.
    assert max(map(len, text.splitlines())) <= WIDTH
    assert len(text.split()) > 10


def test_fields_are_explained():
    text = (journald.SOURCE / "docs/journal.md").read_text()
    fields, table = text.split("## Events")
    explained = set(re.findall(r"`(PSOASMON_\w+)`", fields))
    used = set(re.findall(r"`(PSOASMON_\w+)`", table))
    assert used <= explained


def test_journalctl_takes_it(tmp_path):
    if not shutil.which("journalctl"):
        pytest.skip("journalctl is not installed")

    def journalctl(*arguments):
        return subprocess.run(["journalctl", f"--root={tmp_path}", *arguments],
                              capture_output=True, text=True)
    place = tmp_path / "usr/lib/systemd/catalog"
    place.mkdir(parents=True)
    shutil.copy(CATALOG, place)
    update = journalctl("--update-catalog")
    assert (update.returncode, update.stdout, update.stderr) == (0, "", "")
    listed = journalctl("--list-catalog")
    assert listed.returncode == 0 and listed.stderr == ""
    subjects = {line.split(" ", 1)[0]: line.split(": ", 1)[1]
                for line in listed.stdout.splitlines()}
    assert subjects == {message_id: header["Subject"] for message_id, header, _ in entries()}
    for message_id, _, text in entries():
        assert text.strip() in journalctl("--dump-catalog", message_id).stdout
