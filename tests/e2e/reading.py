# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be read after a night: by its owner, by the group, by strangers."""
from bedroom import DATABASE

SLEPT = {"supine_knees_raised", "left_fetal"}


def report(room):
    """`psoasmon report --week` and `nights` tell the night"""
    guest = room.guest
    week = guest.json("psoasmon report --week --bouts --json")
    room.same("version", week["version"], 1)
    room.same("nights", [night["day"] for night in week["nights"]], [room.day])
    [night] = week["nights"]
    summary = room.summary
    room.same("in bed", str(night["in_bed_s"]), summary["PSOASMON_IN_BED_S"])
    room.same("recorded", str(night["recorded_s"]), summary["PSOASMON_RECORDED_S"])
    room.same("friendly", str(night["friendly_s"]), summary["PSOASMON_FRIENDLY_S"])
    room.check("what was slept is what was simulated, but for turning over",
               night["friendly_s"] >= 0.9 * night["recorded_s"] > 0, night)
    lain = {bout["position"] for bout in night["bouts"]}
    room.check("positions", SLEPT <= lain, lain)
    room.same("a pad's gaps and the service's", {gap["reason"] for gap in night["gaps"]},
              {"pad_unplugged", "pad_silent", "daemon_down"})
    boot = guest.do("cat /proc/sys/kernel/random/boot_id").strip()
    room.same("which boot it was", room.rows("SELECT boot FROM nights"), [{"boot": boot}])
    room.check("what the pad did not see is not slept",
               night["in_bed_s"] > night["recorded_s"], night)
    text = guest.do("psoasmon report --week")
    room.check("for people", "fetal" in text.lower() and "psoas" in text.lower(), text)
    room.check("nights", room.day in guest.do("psoasmon nights"))
    [row] = room.rows("SELECT count(*) AS n, sum(open) AS open FROM nights")
    room.same("in the database", row, {"n": 1, "open": 0})


def tell(room):
    """The journal tells the night as a story, with fields to filter by"""
    guest = room.guest
    lines = room.journal()
    ours = [line for line in lines if line.get("SYSLOG_IDENTIFIER") == "psoasmond"]
    room.check("each line says what it is about", ours and all(
        "MESSAGE_ID" in line and line.get("PSOASMON_PAD", "virtual") == "virtual" for line in ours),
               [line for line in ours if "MESSAGE_ID" not in line])
    night = room.journal(f"PSOASMON_NIGHT={room.day}")
    bouts = [line for line in night if line["MESSAGE_ID"] == room.events["BOUT"]]
    stored = room.rows("SELECT count(*) AS n FROM bouts")[0]["n"]
    room.check("a line a bout at most", 0 < len(bouts) <= stored, len(bouts), stored)
    closed = [line for line in night if line["MESSAGE_ID"] == room.events["NIGHT_CLOSED"]]
    room.same("summaries", len(closed), 1)
    fetal = room.journal("PSOASMON_POSITION=left_fetal", f"MESSAGE_ID={room.events['BOUT']}")
    room.check("by position", fetal and all(
        line["PSOASMON_PSOAS"] == "release" for line in fetal), fetal)
    explained = guest.do("journalctl -x -u psoasmond --no-pager")
    for words in ("Subject: ", "pad_unplugged: the port went away", "`df -h`"):
        room.check("journalctl -x explains", words in explained, words)
    room.story = guest.do("journalctl -u psoasmond --no-pager -o cat")


def keep_private(room):
    """The group reads; another user of the machine can neither read nor change anything"""
    guest = room.guest
    for command in ("psoasmon report --week", "psoasmon nights", "psoasmon status",
                    f"sqlite3 -readonly {DATABASE} 'SELECT * FROM bouts'",
                    "busctl get-property org.psoasmon.Monitor1 /org/psoasmon/Monitor1 "
                    "org.psoasmon.Monitor1 Position"):
        own = guest.run(command, user="reader")
        room.check(f"the group may: {command}", own.status == 0 and own.out, own)
        other = guest.run(command, user="stranger")
        room.check(f"a stranger may not: {command}", other.status != 0 and room.day not in other.out
                   and other.out == "", other)
    [night] = room.rows("SELECT id, start_s FROM nights")
    before = guest.do("psoasmon export | sha256sum")
    call = "busctl call org.psoasmon.Monitor1 /org/psoasmon/Monitor1 org.psoasmon.Monitor1 "
    delete = call + f"DeleteNight xx {night['id']} {night['start_s']}"
    for user, command in (
            ("stranger", delete), ("reader", delete), ("stranger", call + "Reload"),
            ("stranger", call + "Flush"), ("stranger", call + "Label xs 0 prone"),
            ("stranger", "psoasmon nights --delete " + room.day),
            ("reader", f"sqlite3 {DATABASE} 'DELETE FROM bouts'"),
            ("stranger", "echo x >>" + DATABASE), ("reader", "rm -f " + DATABASE),
            ("stranger", "systemctl stop psoasmond </dev/null"),
            # Absurd arguments, from one who may call.
            ("reader", call + "DeleteNight xx -9223372036854775808 9223372036854775807"),
            ("reader", call + "Label xs 9223372036854775807 nonsense"),
            ("reader", call + "Label s lots"), ("reader", call + "NoSuchMethod")):
        answer = guest.run(command, user=user)
        room.check(f"{user} may not: {command}", answer.status != 0, answer)
    room.same("nothing has changed", guest.do("psoasmon export | sha256sum"), before)
    room.same("rights", guest.do(
        "stat -c '%U:%G %a %n' /var/lib/psoasmon /var/lib/psoasmon/psoasmon.db").split("\n")[:2],
              ["psoasmon:psoasmon 750 /var/lib/psoasmon", f"psoasmon:psoasmon 640 {DATABASE}"])
    room.until_frames("it records on")


def look_at_the_service(room):
    """systemd has little to complain of: exposure, memory, processes, watchdog"""
    guest = room.guest
    overall = guest.do("systemd-analyze security psoasmond.service --no-pager | tail -1").strip()
    room.measured.append(overall)
    room.check("exposure of 0.8 or less", guest.run(
        "systemd-analyze security --threshold=8 psoasmond.service >/dev/null").status == 0,
               overall)
    room.expect_service("at the end", ActiveState="active", SubState="running", Result="success",
                        WatchdogUSec="30s", NoNewPrivileges="yes", ProtectSystem="strict",
                        MemoryMax=str(64 << 20))
    status = guest.do(f"cat /proc/{room.main_pid()}/status")
    for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000"):
        room.check("the kernel enforces it", line in status, line, status)


CHAPTERS = [report, tell, keep_private, look_at_the_service]
