# SPDX-License-Identifier: GPL-3.0-or-later
"""What is installed for systemd, looked at by systemd itself."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ANALYZE = shutil.which("systemd-analyze")
UNITS = ["psoasmond.service", "psoasmond@bedroom.service"]

pytestmark = pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Where everything was installed."""
    root = tmp_path_factory.mktemp("root")
    subprocess.run(["meson", "install", "-C", os.environ["PSOASMON_BUILD"], "--no-rebuild",
                    "--quiet", "--destdir", root], check=True, capture_output=True)
    return root


def find(root, name):
    [path] = root.rglob(name)
    return path


@pytest.fixture(scope="module")
def units(installed, tmp_path_factory):
    """The units as installed, but for where the programs are: verify wants to see them."""
    directory = tmp_path_factory.mktemp("units")
    for unit in installed.rglob("psoasmond*.service"):
        text, n = re.subn(r"^(Exec\w+=)(/\S*/psoasmond)\b", rf"\g<1>{installed}\g<2>",
                          unit.read_text(), flags=re.M)
        assert n >= 1, unit
        (directory / unit.name).write_text(text)
    return directory


def analyze(*arguments, units):
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:",
                               "SYSTEMD_LOG_LEVEL": "info"})


@pytest.mark.parametrize("unit", UNITS)
def test_verify_is_silent(units, unit):
    answer = analyze("verify", "--man=no", unit, units=units)
    # It exits with 0 for a key that it does not know.
    assert (answer.returncode, answer.stdout + answer.stderr) == (0, "")


def test_verify_is_not_silent_about_a_slip(units, tmp_path):
    text = (units / UNITS[0]).read_text().replace("UMask=", "Umask=")
    (tmp_path / UNITS[0]).write_text(text)
    answer = analyze("verify", "--man=no", UNITS[0], units=tmp_path)
    assert "Umask" in answer.stdout + answer.stderr


@pytest.mark.parametrize("unit", UNITS)
def test_exposure(units, unit):
    file = units / re.sub("@.*[.]", "@.", unit)
    answer = analyze("security", "--offline=true", "--threshold=8", file, units=units)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert re.search(r"exposure level for psoasmond.*: 0\.[0-8] ", answer.stdout), answer.stdout


def settings(text):
    return dict(re.findall(r"^(\w+)=(.*)$", text, flags=re.M))


def test_ports_may_be_opened_whose_driver_comes_later(units):
    """systemd looks a kind's name up in /proc/devices when the service starts, and not again."""
    for unit in units.iterdir():
        kinds = re.findall(r"^DeviceAllow=(\S+) rw$", unit.read_text(), flags=re.M)
        assert "char-188" in kinds, unit  # ttyUSB
        assert all(re.fullmatch(r"char-\d+", kind) for kind in kinds), kinds


def test_which_boot_this_is_can_be_read(units):
    """It is in /proc/sys, by which a night is taken up after a restart."""
    for unit in units.iterdir():
        assert settings(unit.read_text()).get("ProcSubset", "all") == "all", unit


def test_what_is_recorded_is_not_for_everybody(units):
    for unit in units.iterdir():
        has = settings(unit.read_text())
        assert (has["UMask"], has["StateDirectoryMode"]) == ("0027", "0750"), unit
        assert has["User"] == "psoasmon"


def test_several_pads_share_nothing(units):
    """Each has a configuration, a database and a directory of its own, below the plain one's, where
    no name that an instance may have is a name that the plain one uses."""
    plain, several = (settings((units / name).read_text())
                      for name in ("psoasmond.service", "psoasmond@.service"))
    assert "%i" not in plain["ExecStart"] and "--config" not in plain["ExecStart"]
    assert "/%i.conf" in several["ExecStart"] and "/pads/%i/psoasmon.db" in several["ExecStart"]
    assert (plain["StateDirectory"], several["StateDirectory"]) == ("psoasmon", "psoasmon/pads/%i")
    rest = {key: value for key, value in plain.items() if several.get(key) != value}
    assert set(rest) == {"Description", "ExecCondition", "ExecStart", "StateDirectory"}


def test_each_directive_left_out_has_a_reason(units):
    """What systemd-analyze still marks down is named in the unit, set or explained."""
    answer = analyze("security", "--offline=true", units / UNITS[0], units=units)
    text = (units / UNITS[0]).read_text()
    marked = re.findall(r"^\S*✗\S* +(\w+)=", answer.stdout, flags=re.M)
    assert marked
    assert [name for name in marked if name not in text] == []


def test_the_user(installed):
    sysusers = shutil.which("systemd-sysusers")
    if not sysusers:
        pytest.skip("systemd-sysusers is not installed")
    file = find(installed, "sysusers.d") / "psoasmon.conf"
    answer = subprocess.run([sysusers, "--dry-run", file], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    [user] = [line for line in file.read_text().splitlines() if line and line[0] != "#"]
    assert user.split()[:3] == ["u", "psoasmon", "-"]


def test_everything_is_where_it_belongs(installed):
    files = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    for end in ("lib/systemd/system/psoasmond.service", "lib/systemd/system/psoasmond@.service",
                "lib/sysusers.d/psoasmon.conf", "lib/udev/rules.d/70-psoasmon.rules"):
        assert [name for name in files if name.endswith(end)], end
    assert pathlib.Path(find(installed, "70-psoasmon.rules")).stat().st_mode & 0o777 == 0o644
