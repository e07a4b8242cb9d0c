# SPDX-License-Identifier: GPL-3.0-or-later
"""A short night in which everything happens that a night can suffer."""
import time

from bedroom import CONFIG, DATABASE, SETTINGS


def go_to_bed(room):
    """Somebody goes to bed; psoasmond says so everywhere"""
    cursor = room.cursor()
    room.lie("supine_knees_raised")
    [line] = room.until_told(room.events["NIGHT_OPENED"], cursor, "the night to begin")
    room.day = line["PSOASMON_NIGHT"]
    status = room.until_lies("supine_knees_raised", 30)
    room.same("in bed", status["in_bed"], True)
    room.same("the night's day", status["night"]["day"], room.day)
    room.check("the manager knows", "knees" in room.show("StatusText")["StatusText"],
               room.show("StatusText"))
    properties = room.guest.json(
        "busctl -j call org.psoasmon.Monitor1 /org/psoasmon/Monitor1 "
        "org.freedesktop.DBus.Properties GetAll s org.psoasmon.Monitor1")["data"][0]
    room.same("on the system bus", (properties["Position"]["data"], properties["NightDay"]["data"]),
              ("supine_knees_raised", room.day))


def lose_the_pad(room, lose, find, event, reason, seconds=6):
    """Something happens to the pad for some seconds, and is a gap in the night afterwards."""
    room.flush()  # an earlier gap may be told and not be stored yet
    cursor = room.cursor()
    known = {gap["id"] for gap in room.rows("SELECT id FROM gaps")}
    lose()
    room.until_told(event, cursor, f"{reason} to be noticed")
    since = time.monotonic()
    room.guest.until(f"{seconds} s without it", lambda: time.monotonic() >= since + seconds)
    find()
    room.until_frames("frames again")
    told = room.until_told(room.events["GAP"], cursor, "the gap to be told")
    room.flush()
    new = [gap for gap in room.rows("SELECT id, reason, end_s - start_s AS s FROM gaps")
           if gap["id"] not in known]
    room.check(f"one gap: {reason}", [gap["reason"] for gap in new] == [reason] and
               new[0]["s"] >= seconds - 1, new)
    room.same("and in the journal",
              [(line.get("PSOASMON_REASON"), line.get("PSOASMON_DURATION_S")) for line in told],
              [(gap["reason"], str(gap["s"])) for gap in new])


def unplug(room):
    """The pad is unplugged in mid-night, and plugged in again"""
    lose_the_pad(room, room.unplug, room.plug, room.events["PAD_UNPLUGGED"], "pad_unplugged")
    room.lie("left_fetal")
    lose_the_pad(room, room.take_away, room.plug, room.events["PAD_UNPLUGGED"], "pad_unplugged")
    room.until_lies("left_fetal")


def reset(room):
    """Somebody resets the USB device, as hubs with a loose contact do"""
    cursor = room.cursor()
    # The stranger has the same chip: the pad is told by its serial number.
    room.guest.do("for device in /sys/bus/usb/devices/*; do "
                  "if [ \"$(cat $device/serial 2>/dev/null)\" = PAD1 ]; then "
                  "usbreset $(printf %03d/%03d $(cat $device/busnum) $(cat $device/devnum)); "
                  "exit; fi; done; exit 1")
    room.until_told(room.events["PAD_CONNECTED"], cursor, "the pad to come back")
    room.until_frames("frames after a reset")


def fall_silent(room):
    """The pad says nothing, though it is plugged in"""
    def hush():
        room.sleeper.channel = None

    def speak():
        room.sleeper.channel = room.pad.channel
    lose_the_pad(room, hush, speak, room.events["PAD_SILENT"], "pad_silent")


def reload_wrong(room):
    """A wrong configuration is refused whole, and the night goes on"""
    guest = room.guest
    before = room.status()
    for text, words in (("[pad]\nname = pmat\nport = /dev/null\n", "/dev/null is not a serial port"),
                        ("[pad]\nname = pmat\ncolour = red\n", "psoasmon.conf:3: colour")):
        guest.write(CONFIG, text)
        cursor = room.cursor()
        guest.do("systemctl reload psoasmond")
        [line] = room.until_told(room.events["RELOAD_REFUSED"], cursor, "the refusal")
        room.check("it is named", words in line["MESSAGE"], line)
    room.reload(SETTINGS)
    after = room.until_frames("frames after the reload")
    room.same("the pad", after["pad"]["name"], before["pad"]["name"])
    room.check("nothing began anew", after["pad"]["frames"] > before["pad"]["frames"] and
               after["uptime_s"] >= before["uptime_s"], before, after)


def restart(room):
    """The service is restarted in mid-night"""
    cursor = room.cursor()
    room.guest.do("systemctl restart psoasmond")
    room.until_told(room.events["NIGHT_RESUMED"], cursor, "the night to be taken up")
    room.until_frames("frames after the restart")


def kill(room):
    """It is killed with no time to write anything, and comes back by itself"""
    cursor = room.cursor()
    recorded = room.status()["night"]["recorded_s"]
    room.guest.do("systemctl kill -s KILL psoasmond")
    room.until_told(room.events["NIGHT_RESUMED"], cursor, "the night to be taken up")
    status = room.until_frames("frames after the kill")
    room.check("a minute is lost at most", status["night"]["recorded_s"] >= recorded - 60,
               recorded, status["night"])
    room.same("restarts", room.show("NRestarts")["NRestarts"], "1")


def hang(room):
    """It hangs: the watchdog ends it, and it is started again"""
    cursor = room.cursor()
    room.guest.do("systemctl kill -s STOP psoasmond")
    room.until_told(room.events["NIGHT_RESUMED"], cursor, "the watchdog")
    room.until_frames("frames after the watchdog")
    told = [line["MESSAGE"] for line in room.journal("_PID=1", after=cursor)]
    room.check("systemd names the watchdog", any("Watchdog timeout" in words for words in told), told)
    room.same("restarts", room.show("NRestarts")["NRestarts"], "2")
    room.lie("supine_knees_raised")
    room.until_lies("supine_knees_raised")


def fill_the_disk(room):
    """The disk is full for a while: what is recorded waits in memory, and is written later"""
    guest = room.guest
    cursor = room.cursor()
    # All that who is not root may have; what is freed by writing it out as well.
    rest = DATABASE.replace("psoasmon.db", "rest")
    guest.do("fallocate -l $(($(stat -f -c '%a * %S' /) - 65536)) /var/tmp/full; "
             "for turn in 1 2 3; do "
             "runuser -u psoasmon -- sh -c "
             f"'dd if=/dev/zero bs=4k oflag=append conv=notrunc of={rest} 2>/dev/null'; "
             "sync; done; true")
    [line, *_] = room.until_told(room.events["STORE_FAILED"], cursor, "the disk to be full")
    room.same("why", line["PSOASMON_REASON"], "no_room")
    recorded = room.status()["night"]["recorded_s"] + 20
    status = room.until_status("some time with a full disk",
                               lambda s: s["night"]["recorded_s"] >= recorded)
    room.check("it waits in memory", status["database"]["pending_results"] > 0 and
               status["database"]["failed_commits"] > 0, status["database"])
    guest.until("a health check to find it",
                lambda: guest.run("psoasmon status --check").status == 6)
    guest.do(f"rm /var/tmp/full {rest}")
    room.until_told(room.events["STORE_WORKS"], cursor, "it to be written")
    status = room.status()
    room.same("lost", status["database"]["lost_results"], 0)
    room.flush()
    [row] = room.rows("SELECT sum(end_s - start_s) AS s FROM bouts")
    room.check("the time of the full disk is in the database", row["s"] >= recorded, row, recorded)


def get_up(room):
    """They get up; a summary is told"""
    room.summary = room.until_up(room.get_up())
    room.same("the night's day", room.summary["PSOASMON_NIGHT"], room.day)


CHAPTERS = [go_to_bed, unplug, reset, fall_silent, reload_wrong, restart, kill, hang,
            fill_the_disk, get_up]
