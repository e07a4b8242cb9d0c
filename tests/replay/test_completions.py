# SPDX-License-Identifier: GPL-3.0-or-later
"""Completion in the real shells: what is offered is what --help has, and what there is."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

import rig
from test_man import SOURCE, helped, verbs

PADS = {path.stem for path in (SOURCE / "pads").glob("*.pad")}
TABLES = {"nights", "bouts", "readings", "gaps", "epochs", "clock_steps", "diary",
          "stretch_sessions", "stretch_holds"}
BASH = """
source {file}
COMP_LINE=$1 COMP_POINT=${{#1}}
read -ra COMP_WORDS <<<"$COMP_LINE"
_psoasmon
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def positions():
    found = rig.psoasmon("positions", "--json")
    return {position["identifier"] for position in json.loads(found.stdout)["positions"]}


def names(program, *arguments):
    """The options, without what they take."""
    return {re.split(r"[\[= ]", option)[0] for option in helped(program, *arguments)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A directory with the completions, with both programs in its PATH and two nights to name."""
    directory = tmp_path_factory.mktemp("place")
    for shell in "bash", "zsh", "fish":
        text = (SOURCE / f"docs/completions/psoasmon.{shell}.in").read_text()
        text = text.replace("@PADS_DIR@", str(SOURCE / "pads"))
        text = text.replace("@LOCAL_PADS_DIR@", str(directory / "pads.d"))
        name = {"zsh": "functions/_psoasmon"}.get(shell, f"psoasmon.{shell}")
        (directory / "functions").mkdir(exist_ok=True)
        (directory / name).write_text(text)
    database = directory / "nights.db"
    sent = directory / "sent"
    assert rig.psoasmon("simulate", "--plan", "supine:900,empty:60", "--rate", "0.2", "--output",
                        sent).returncode == 0
    for day in "2025-01-07", "2025-01-08":
        assert rig.psoasmon("replay", "--pad", "virtual", "--rate", "0.2", "--database", database,
                            "--start", f"{day}T22:30:00", sent).returncode == 0
    (directory / "pads.d").mkdir()
    (directory / "pads.d/mine.pad").touch()
    (directory / "psoasmon.conf").write_text(f"[store]\ndatabase = {database}\n")
    (directory / "bin").mkdir()
    (directory / "bin/psoasmond").symlink_to(rig.PSOASMOND)
    program = directory / "bin/psoasmon"
    program.write_text(f'#!/bin/sh\nverb=$1; shift\n[ "$verb" = nights ] && '
                       f'set -- --config {directory}/psoasmon.conf "$@"\n'
                       f'exec {rig.PSOASMON} "$verb" "$@"\n')
    program.chmod(0o755)
    (directory / "work").mkdir()
    for name in "sent-1", "sent-2":
        (directory / "work" / name).touch()
    return directory


def environment(place):
    return {**os.environ, "PATH": f"{place}/bin:{os.environ['PATH']}", "HOME": str(place),
            "XDG_CONFIG_HOME": str(place), "XDG_DATA_HOME": str(place), "TERM": "xterm"}


def bash(place, line):
    answer = subprocess.run(["bash", "--norc", "-c", BASH.format(file=place / "psoasmon.bash"),
                             "bash", line], cwd=place / "work", env=environment(place),
                            stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert answer.returncode == 0 and answer.stderr == ""
    return answer.stdout.split()


def fish(place, line):
    answer = subprocess.run(
        ["fish", "--no-config", "-c", f"source {place}/psoasmon.fish; complete -C '{line}'"],
        cwd=place / "work", env=environment(place), stdin=subprocess.DEVNULL, capture_output=True,
        text=True)
    assert answer.returncode == 0 and answer.stderr == ""
    words = [offer.split("\t")[0] for offer in answer.stdout.splitlines()]
    # fish has the option again in front of what it takes; bash has not.
    return [re.sub(r"^--[a-z]+=", "", word) for word in words]


def on_terminal(place, command, line, done, ready=b"READY>"):
    """What an interactive shell shows once the line and a tab were typed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(place / "work")
        os.execvpe(command[0], command, environment(place))
    shown = b""

    def read_until(mark):
        nonlocal shown
        deadline = time.monotonic() + rig.DEADLINE_S
        while mark not in shown:
            assert time.monotonic() < deadline, shown.decode(errors="replace")
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 65536)
    try:
        read_until(ready)
        shown = b""
        os.write(terminal, line.encode())
        read_until(done)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode(errors="replace"))
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)


def zsh(place, line):
    """zsh's offers, taken where compadd gets them: in the real completion system, on a terminal."""
    (place / ".zshrc").write_text(f"""
fpath=({place}/functions $fpath)
autoload -Uz compinit
compinit -u -D
offered={place}/offered
compadd() {{
    local -a __offered
    builtin compadd -O __offered "$@"
    print -rl -- $__offered >>$offered
    builtin compadd "$@"
}}
finish() {{
    zle complete-word
    print -r -- END >>$offered
    zle -M COMPLETED
}}
zle -N finish
bindkey '^T' finish
PROMPT='READY>'
""")
    (place / "offered").write_text("")
    # What is typed between the prompt and the first key that zsh asks for may be lost; it then says that
    # it wants pastes in brackets.
    on_terminal(place, ["zsh", "-i"], line + "\x14", b"COMPLETED", b"\x1b[?2004h")
    return [word for word in (place / "offered").read_text().split() if word != "END"]


SHELLS = [bash, fish, zsh]


@pytest.fixture(params=SHELLS, ids=lambda shell: shell.__name__)
def offered(request, place):
    if not shutil.which(request.param.__name__):
        pytest.skip(f"{request.param.__name__} is not installed")
    return lambda line: set(request.param(place, line))


def test_verbs(offered):
    assert offered("psoasmon ") == {*verbs(), "--help", "--version"}
    assert offered("psoasmon help ") == set(verbs())


def test_options_are_those_of_help(offered):
    for verb in verbs():
        if verb != "help":
            assert offered(f"psoasmon {verb} -") == names(rig.PSOASMON, verb, "--help"), verb
    assert offered("psoasmond -") == names(rig.PSOASMOND, "--help")


def test_beginnings(offered):
    assert {word for word in offered("psoasmon rep") if word.startswith("rep")} == {
        "report", "replay"}


def test_pads(offered):
    assert offered("psoasmon positions --pad ") >= PADS | {"mine"}
    assert offered("psoasmond --pad ") >= PADS | {"mine"}


def test_positions(offered):
    lying = positions() - {"empty", "unknown"}
    assert offered("psoasmon label --at 23:00 ") == positions()
    assert offered("psoasmon calibrate --hold ") == lying
    assert {word.rstrip("=") for word in offered("psoasmon calibrate --from ")} == lying


def test_nights(offered):
    for line in ("psoasmon report --night=", "psoasmon nights --delete ",
                 "psoasmon export --since "):
        assert offered(line) == {"2025-01-07", "2025-01-08"}
    assert "2025-01-07" not in offered("psoasmon report --night ")


def test_words(offered):
    assert offered("psoasmon export --format ") == {"jsonl", "csv"}
    assert offered("psoasmon export --table ") == TABLES
    refusal = rig.psoasmon("export", "--table", "recipes").stderr
    assert set(re.split(r", (?:but )?", refusal.strip())[1:]) == TABLES


def test_files(offered):
    files = {"sent-1", "sent-2"}
    for line in ("psoasmon replay --pad virtual ", "psoasmon replay --pad virtual sent",
                 "psoasmon status --database ", "psoasmon backup ", "psoasmond --port ",
                 "psoasmon status --config=", "psoasmon calibrate --from left_side="):
        found = {word.rpartition("=")[2] for word in offered(line)}
        assert found == files, line
    assert not offered("psoasmon status ") & files
    assert not offered("psoasmon simulate --seed ") & files


def test_bash_on_a_terminal(place):
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    (place / "rc").write_text(f"source {place}/psoasmon.bash\nPS1='READY>'\n"
                              "bind 'set enable-bracketed-paste off'\n")
    shell = ["bash", "--noprofile", "--rcfile", str(place / "rc"), "-i"]
    assert "psoasmon report " in on_terminal(place, shell, "psoasmon repo\t", b"report ")
    # bash's own word begins behind the =, and what is typed stays.
    shown = on_terminal(place, shell, "psoasmon report --night=2025-01-0\t\t", b"2025-01-08")
    assert "--night=2025-01-0" in shown and "2025-01-07" in shown
    on_terminal(place, shell, "psoasmon calibrate --from left_f\t", b"--from left_fetal=")
    on_terminal(place, shell, "psoasmon replay --pad virtual sent-\t\t", b"sent-2")


def test_what_is_installed_is_filled_in():
    made = pathlib.Path(rig.PSOASMON).parent.parent / "docs/completions"
    for name in "psoasmon", "psoasmond", "_psoasmon", "psoasmon.fish", "psoasmond.fish":
        text = (made / name).read_text()
        assert "PADS_DIR" not in text and "/pads'/*.pad" in text
