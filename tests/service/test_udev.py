# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that ports get. udev itself reads the rules where there is one; what they make of a
device is said by a reader of the few words that they use, which refuses any other."""
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess

import pytest

RULES = pathlib.Path(os.environ["PSOASMON_SYSTEMD"]) / "70-psoasmon.rules"

FTDI = {"SUBSYSTEM": "tty", "ACTION": "add", "ID_BUS": "usb", "ID_VENDOR_ID": "0403",
        "ID_MODEL_ID": "6001", "ID_SERIAL_SHORT": "A50285BI", "ID_USB_INTERFACE_NUM": "00",
        "ID_PATH_TAG": "pci-0000_00_14_0-usb-0_2_1_0"}
PLACE = FTDI["ID_PATH_TAG"]


def rules():
    """A list of rules, each a list of (key, attribute, operator, value)."""
    found = []
    for line in RULES.read_text().splitlines():
        if not line or line[0] == "#":
            continue
        rest, parts = line, []
        while rest:
            match = re.match(r'([A-Z]+)(?:{([^}]+)})?(==|!=|\+=|=)"([^"]*)"(?:, |$)', rest)
            assert match, f"not understood: {rest}"
            parts.append(match.groups())
            rest = rest[match.end():]
        found.append(parts)
    return found


def matches(pattern, value):
    return any(fnmatch.fnmatchcase(value, one) for one in pattern.split("|"))


def substitute(text, device):
    return re.sub(r"\$env{([^}]+)}", lambda match: device.get(match[1], ""), text)


def apply(device):
    """The links that a device gets."""
    device, links, skip_to = dict(device), [], None
    for rule in rules():
        if skip_to:
            if ("LABEL", None, "=", skip_to) in rule:
                skip_to = None
            continue
        for key, attribute, operator, value in rule:
            if operator in ("==", "!="):
                assert key in ("SUBSYSTEM", "ACTION", "ENV"), key
                has = device.get(attribute if key == "ENV" else key, "")
                if matches(value, has) != (operator == "=="):
                    break
            elif key == "GOTO":
                skip_to = value
            elif key == "ENV":
                device[attribute] = value
            elif key == "SYMLINK":
                links += substitute(value, device).split()
    assert skip_to is None, f"no label {skip_to}"
    return links


def test_a_chip_with_a_serial_number():
    assert apply(FTDI) == [f"psoasmon/ftdi-at-{PLACE}", "psoasmon/ftdi-A50285BI"]


@pytest.mark.parametrize("vendor, model, chip", [
    ("0403", "6015", "ftdi"), ("1a86", "7523", "ch340"), ("1a86", "55d4", "ch340"),
    ("10c4", "ea60", "cp210x"), ("067b", "2303", "pl2303"), ("2341", "0043", "arduino"),
    ("2341", "8036", "arduino"), ("16c0", "0483", "teensy"), ("2e8a", "000a", "pico"),
    ("303a", "1001", "espressif"), ("0483", "5740", "st")])
def test_each_chip(vendor, model, chip):
    device = {**FTDI, "ID_VENDOR_ID": vendor, "ID_MODEL_ID": model}
    assert apply(device) == [f"psoasmon/{chip}-at-{PLACE}", f"psoasmon/{chip}-A50285BI"]


@pytest.mark.parametrize("serial", ["", "0001", "00000000"])
def test_a_serial_number_that_says_nothing(serial):
    """Two such chips would get one name, and a name that is now one pad and now the other is worse
    than none."""
    assert apply({**FTDI, "ID_SERIAL_SHORT": serial}) == [f"psoasmon/ftdi-at-{PLACE}"]


def test_several_ports_of_a_chip_have_several_names():
    device = {**FTDI, "ID_MODEL_ID": "6010"}
    other = {**device, "ID_USB_INTERFACE_NUM": "01", "ID_PATH_TAG": PLACE[:-1] + "1"}
    assert not set(apply(device)) & set(apply(other))
    assert "psoasmon/ftdi-A50285BI-01" in apply(other)


@pytest.mark.parametrize("change", [
    {"ID_VENDOR_ID": "046d"}, {"ID_MODEL_ID": "ffff"}, {"ID_BUS": "pci"}, {"ID_BUS": ""},
    {"SUBSYSTEM": "usb"}, {"ACTION": "remove"}])
def test_anything_else_is_left_alone(change):
    assert apply({**FTDI, **change}) == []


def test_nothing_but_names():
    """Many other things have the same chips: nobody gets rights, nothing is started or kept out."""
    assigned = {(key, attribute) for rule in rules() for key, attribute, operator, _ in rule
                if operator not in ("==", "!=")}
    assert assigned == {("SYMLINK", None), ("ENV", ".PSOASMON_CHIP"), ("GOTO", None),
                        ("LABEL", None)}
    assert not any(operator == "=" for rule in rules() for key, _, operator, _ in rule
                   if key == "SYMLINK")  # others' names stay


def test_udev_understands_them():
    udevadm = shutil.which("udevadm", path=os.environ["PATH"] + ":/sbin:/usr/sbin")
    if not udevadm:
        pytest.skip("udevadm is not installed")
    answer = subprocess.run([udevadm, "verify", "--help"], capture_output=True)
    if answer.returncode != 0:
        pytest.skip("this udevadm has no verify")
    answer = subprocess.run([udevadm, "verify", "--resolve-names=never", "--no-summary", RULES],
                            capture_output=True, text=True)
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")
