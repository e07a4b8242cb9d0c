# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest with a pad in its bed and somebody on it, and what the chapters ask about them."""
import json

from guest import Failed
from pad import Plug, Simulator

PORT = "/dev/psoasmon/ftdi-PAD1"
CONFIG = "/etc/psoasmon/psoasmon.conf"
DATABASE = "/var/lib/psoasmon/psoasmon.db"

# A night of minutes rather than hours, by the configuration alone: nobody's clock is set. Who is
# not seen for away_s has got up: longer than a slow machine takes to start a service again.
SETTINGS = f"""
[pad]
name = virtual
port = {PORT}
[night]
settle_in_s = 3
settle_out_s = 5
away_s = 240
night_min_s = 60
"""
UP_FOR_GOOD = SETTINGS.replace("away_s = 240", "away_s = 60")  # the least there is


class Bedroom:
    def __init__(self, guest, psoasmon, version):
        self.guest, self.psoasmon, self.version = guest, psoasmon, version
        self.pad = Plug(guest)
        self.sleeper = None
        self.position = "empty"
        self.failures, self.measured = [], []

    def end(self):
        for simulator in (self.sleeper, getattr(self, "printer", None)):
            if simulator:
                simulator.end()
        self.guest.end()

    # ---- what is said of what does not hold ----

    def check(self, what, holds, *seen):
        """Says what does not hold and goes on: one run is to tell as much as it can."""
        if not holds:
            self.failures.append(" ".join([what, *(f"\n    {thing}" for thing in seen)]))

    def same(self, what, actual, expected):
        self.check(what, actual == expected, f"{actual!r} rather than {expected!r}")

    # ---- the sleeper ----

    def lie(self, position):
        """The sleeper turns over, or leaves: simulated on the host, in real time."""
        before = self.sleeper
        plan = f"{position}:100000"
        if before:
            plan = f"{self.position}:1,{plan}"
        sleeper = Simulator(self.psoasmon, plan, "--seed", "7")
        if before:
            channel, before.channel = before.channel, None
            before.end()
            sleeper.channel = channel
        self.sleeper, self.position = sleeper, position

    def get_up(self):
        """Out of bed for good; returns a place in the journal for until_up."""
        self.reload(UP_FOR_GOOD)
        cursor = self.cursor()
        self.lie("empty")
        return cursor

    def until_up(self, cursor):
        """Until psoasmond knows it, too; returns the line of the journal that sums the night up."""
        [line] = self.until_told(self.events["NIGHT_CLOSED"], cursor, "the night to end")
        self.reload(SETTINGS)
        return line

    def plug(self):
        self.pad.plug(self.sleeper)

    def unplug(self):
        self.pad.unplug(self.sleeper)

    def take_away(self):
        self.pad.take_away(self.sleeper)

    # ---- what psoasmond says ----

    def status(self):
        answer = self.guest.run("psoasmon status --json")
        return json.loads(answer.out) if answer.status == 0 else None

    def until_status(self, what, condition, **options):
        def look():
            status = self.status()
            return status if status and condition(status) else None
        return self.guest.until(what, look, **options)

    def until_frames(self, what, more=5):
        """Until psoasmond has got some more frames than it has now."""
        status = self.until_status(f"psoasmond to answer ({what})", lambda s: True)
        frames = status["pad"]["frames"]
        return self.until_status(what, lambda s: s["pad"]["state"] == "connected" and
                                 s["pad"]["frames"] >= frames + more)

    def until_lies(self, position, seconds=15):
        """Until the night has recorded some more seconds of the sleeper in that position."""
        status = self.until_status(
            f"{position} to be seen",
            lambda s: s["position"]["identifier"] == position and s["night"])
        enough = status["night"]["recorded_s"] + seconds
        return self.until_status(
            f"{seconds} s of {position}",
            lambda s: s["position"]["identifier"] == position and s["night"]["recorded_s"] >= enough)

    def reload(self, settings):
        self.guest.write(CONFIG, settings)
        cursor = self.cursor()
        self.guest.do("systemctl reload psoasmond")
        self.until_told(self.events["RELOADED"], cursor, "the reload")

    def flush(self):
        """Everything known is in the database when this returns."""
        self.guest.do("busctl call org.psoasmon.Monitor1 /org/psoasmon/Monitor1 "
                      "org.psoasmon.Monitor1 Flush")

    def main_pid(self):
        return self.guest.do("systemctl show -p MainPID --value psoasmond").strip()

    def show(self, *properties):
        text = self.guest.do("systemctl show psoasmond -p " + ",".join(properties))
        return dict(line.split("=", 1) for line in text.splitlines())

    def journal(self, *matches, after=0):
        """The service's lines, as objects, oldest first."""
        # Not --after-cursor: with matches, systemd 252 leaves out the first line after it, too.
        text = self.guest.do("journalctl -u psoasmond -o json --no-pager " + " ".join(matches))
        lines = [json.loads(line) for line in text.splitlines()]
        return [line for line in lines if place(line["__CURSOR"]) > after]

    def rows(self, query):
        return json.loads(self.guest.do(
            "sqlite3", "-readonly", "-json", DATABASE, query) or "[]")

    def cursor(self):
        """A place in the journal, for what is told after it."""
        text = self.guest.do("journalctl -n 0 --show-cursor")
        return place(text.rsplit("cursor: ", 1)[1])

    def told_since(self, cursor, event):
        return self.journal(f"MESSAGE_ID={event}", after=cursor)

    def until_told(self, event, cursor, what, **options):
        return self.guest.until(what, lambda: self.told_since(cursor, event), **options)

    def expect_service(self, what, **properties):
        shown = self.show(*properties)
        for name, value in properties.items():
            self.same(f"{what}: {name}", shown.get(name), value)


def place(cursor):
    """s=...;i=NUMBER;...: a line's number in the journal."""
    return int(dict(part.split("=") for part in cursor.split(";"))["i"], 16)


def events(source):
    """{"STARTED": MESSAGE_ID, ...} as the daemon has them."""
    found = {}
    with open(source / "daemon/events.h") as file:
        for line in file:
            if line.startswith("#define ID_"):
                _, name, identifier = line.split()
                found[name[len("ID_"):]] = identifier.strip('"')
    if not found:
        raise Failed("no MESSAGE_IDs in daemon/events.h")
    return found
