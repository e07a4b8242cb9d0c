# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages: well formed, in step with --help and with the keys that are read, and every
example in them works."""
import os
import pathlib
import re
import shutil
import signal
import subprocess

import pytest

import rig

SOURCE = pathlib.Path(os.environ["PSOASMON_PADS"]).parent
BUILD = pathlib.Path(rig.PSOASMON).parent.parent
MAN = SOURCE / "docs/man"
PAGES = sorted(MAN.iterdir())
EVERYWHERE = {"--database FILE", "--config FILE", "--help"}


def text(roff):
    """Without the escapes and macros that the pages use."""
    roff = re.sub(r"\\f[BPR]", "", roff).replace(r"\&", "").replace(r"\e", "\\")
    return roff.replace(r"\-", "-")


def option(macros):
    """What help calls it: `Fl \\-night Ns Op = Ns Ar DAY` is --night[=DAY]."""
    macros = text(macros).replace("Ns Op = Ns Ar ", "[=")
    words = macros.replace("Fl -", "--").replace("Ar ", "").replace("Cm ", "")
    return re.sub(r" \[=(\w+)", r"[=\1]", words)


def options(roff):
    return [option(item) for item in re.findall(r"^\.It (Fl .*)$", roff, re.M)]


def helped(program, *arguments):
    """The options in a help, as they stand there."""
    answer = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert answer.returncode == 0
    return re.findall(r"^  (--\S+(?: (?!  )\S+)?)(?=  |$)", answer.stdout, re.M)


def verbs():
    answer = rig.psoasmon("--help").stdout
    return re.findall(r"^  ([a-z]+) ", answer, re.M)


def sections(roff):
    """The text of each .Ss by its title."""
    parts = re.split(r"^\.Ss (.*)$", re.split(r"^\.Sh (?:FILES|EXAMPLES)$", roff, flags=re.M)[0],
                     flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


# ---- form ----

@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_mandoc_finds_nothing(page):
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed")
    answer = subprocess.run(["mandoc", "-T", "lint", page], capture_output=True, text=True)
    # Whether others' pages are installed here is not ours.
    found = [line for line in (answer.stdout + answer.stderr).splitlines()
             if "referenced manual not found" not in line and "mandoc.db" not in line]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_groff_finds_nothing(page):
    if not shutil.which("man") or not shutil.which("groff"):
        pytest.skip("man-db and groff are not installed")
    answer = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
                            capture_output=True, text=True, env={**os.environ, "MANWIDTH": "80"})
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_that_are_named_are_there(page):
    named = set(re.findall(r"^\.Xr (\S+) (\d)", page.read_text(), re.M))
    assert named <= {tuple(other.name.rsplit(".", 1)) for other in PAGES} | {("journalctl", "1")}


# ---- in step ----

def test_every_verb_has_its_options():
    page = (MAN / "psoasmon.1").read_text()
    described = sections(page)
    assert list(described) == verbs()
    common = page.split(".Sh OPTIONS")[1].split(".Sh VERBS")[0]
    assert set(options(common)) == EVERYWHERE
    assert set(re.findall(r"^\.Fl (.*)$", common, re.M)) == {r"\-help", r"\-version"}
    for verb, section in described.items():
        expected = [] if verb == "help" else helped(rig.PSOASMON, verb, "--help")
        assert options(section) == [o for o in expected if o not in EVERYWHERE], verb


def test_every_verb_has_its_usage():
    described = sections((MAN / "psoasmon.1").read_text())
    for verb, section in described.items():
        usage = [text(line) for line in re.findall(r"^\.Dl (psoasmon .*)$", section, re.M)]
        if verb != "help":
            told = rig.psoasmon(verb, "--help").stdout.split("\n\n")[0]
            told = told.removeprefix("Usage: ")
            assert usage == [line.strip() for line in told.splitlines()]


def test_psoasmond_has_its_options():
    page = (MAN / "psoasmond.8").read_text()
    assert options(page) == helped(rig.PSOASMOND, "--help")


def keys_read(source):
    """{section: {key: the rest of its line in the table}}"""
    read = {}
    for section, key, rest in re.findall(r'^    \{"(\w+)", "(\w+)", (INI_.*)\},$',
                                         (SOURCE / source).read_text(), re.M):
        read.setdefault(section, {})[key] = rest
    return read


@pytest.mark.parametrize("page, source", [("psoasmon.conf.5", "core/config/config.c"),
                                          ("psoasmon.pad.5", "core/pad/pad_keys.c")])
def test_every_key_is_described(page, source):
    described = {}
    for title, section in sections((MAN / page).read_text()).items():
        items = re.findall(r"^\.It (Cm .*)\n((?:(?!\.It).*\n)*)", section, re.M)
        described[title.removeprefix("Section ")] = {
            key: text(words) for names, words in items for key in re.findall(r"Cm (\w+)", names)}
    read = keys_read(source)
    assert sum(map(len, read.values())) > 10
    assert {s: set(keys) for s, keys in described.items()} == {
        s: set(keys) for s, keys in read.items()}
    if page == "psoasmon.conf.5":  # where the largest value stands, too
        for section, keys in read.items():
            for key, rest in keys.items():
                for largest in re.findall(r"\.max = (\d+)", rest):
                    assert f" to {largest}" in described[section][key].replace("\n", " "), key


def test_words_of_a_pad_file_are_described():
    page = text((MAN / "psoasmon.pad.5").read_text())
    words = re.findall(r'\{"([a-z][a-z0-9+-]+)",\s*\w+\}',
                       (SOURCE / "core/pad/pad_keys.c").read_text())
    assert len(words) > 20
    for word in words:
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page), word


# ---- examples ----

def examples(mark):
    """(page, the mark's words, lines) of each display with a mark above it."""
    found = []
    for page in PAGES:
        for words, lines in re.findall(
                rf'^\.\\" ({mark}[^\n]*)\n\.Bd -literal -offset indent\n(.*?)^\.Ed$', page.read_text(),
                re.M | re.S):
            found.append(pytest.param(words, text(lines), id=f"{page.name}-{len(found)}"))
    return found


def test_every_example_is_run():
    displays = sum(page.read_text().count("\n.Bd ") for page in PAGES)
    assert displays == len(examples("run")) + len(examples("check"))


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Two nights; examples delete them as they like, in a copy."""
    directory = tmp_path_factory.mktemp("nights")
    sent, database = directory / "sent", directory / "nights.db"
    assert rig.psoasmon("simulate", "--plan", "supine:3000,left_fetal:3000,empty:60", "--rate",
                        "0.2", "--output", sent).returncode == 0
    for day in "2025-01-07", "2025-01-08":
        answer = rig.psoasmon("replay", "--pad", "virtual", "--rate", "0.2", "--database",
                              database, "--start", f"{day}T22:30:00", sent)
        assert answer.returncode == 0, answer.stderr
    return database


@pytest.fixture
def machine(nights, pad, tmp_path):
    """Where psoasmon is installed and configured, as far as the examples can tell."""
    database = tmp_path / "psoasmon.db"
    shutil.copy(nights, database)
    config = tmp_path / "psoasmon.conf"
    config.write_text(f"[pad]\nport = {pad.path}\nname = virtual\n[store]\ndatabase = {database}\n")
    units = tmp_path / "root/usr/lib/systemd/system"
    units.mkdir(parents=True)
    for unit in (BUILD / "systemd").glob("*.service"):
        shutil.copy(unit, units)
    (tmp_path / "journal").mkdir()
    programs = {
        "psoasmon": f'verb=$1; shift; exec {rig.PSOASMON} "$verb" --config {config} "$@"',
        "psoasmond": f'exec {rig.PSOASMOND} --config {config} "$@"',
        "journalctl": f'exec /usr/bin/journalctl --directory={tmp_path}/journal "$@"',
        "systemctl": f'exec /usr/bin/systemctl --root={tmp_path}/root "$@"',
    }
    (tmp_path / "bin").mkdir()
    for name, body in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
    (tmp_path / "work").mkdir()
    return tmp_path


def run(machine, command, **options):
    program = command.split()[0]
    if program in ("journalctl", "systemctl") and not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    return subprocess.Popen(["sh", "-c", f"exec {command}"], cwd=machine / "work",
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **options,
                            env={**os.environ, "PATH": f"{machine}/bin:{os.environ['PATH']}",
                                 **options.pop("env", {})})


@pytest.mark.parametrize("how, lines", examples("run"))
def test_an_example(how, lines, machine, daemon, pad):
    if how == "run with psoasmond":
        d = daemon(port=pad.path, pad="virtual", database=machine / "psoasmon.db").ready()
        d.wait_connected()
        pad.send(rig.virtual_frame(rig.NOBODY) * 20)
        d.wait_frames(20)
    for command in lines.splitlines():
        if how == "run until stopped":
            manager = rig.Manager(machine / "notify")
            process = subprocess.Popen(
                command.split(), cwd=machine / "work", stderr=subprocess.PIPE, text=True,
                env={**os.environ, "PATH": f"{machine}/bin:{os.environ['PATH']}",
                     "NOTIFY_SOCKET": manager.path})
            manager.wait("READY=1")
            process.send_signal(signal.SIGTERM)
        else:
            process = run(machine, command)
        out, errors = process.communicate(timeout=rig.DEADLINE_S)
        assert process.returncode == 0, f"{command}: {out}{errors}"


@pytest.mark.parametrize("how, lines", examples("check"))
def test_an_example_of_a_file(how, lines, pad, tmp_path):
    name = re.search("^name = (.*)$", lines, re.M)
    if "[wire]" in lines:
        path = tmp_path / f"{name[1]}.pad"
        path.write_text(lines)
        answer = rig.psoasmon("positions", "--pad", path)
    else:
        path = tmp_path / "psoasmon.conf"
        path.write_text(lines)
        missing = [] if name else ["--port", pad.path, "--pad", "virtual"]
        answer = subprocess.run([rig.PSOASMOND, "--check-config", "--config", path, *missing],
                                capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
