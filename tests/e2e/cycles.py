# SPDX-License-Identifier: GPL-3.0-or-later
"""The pad is unplugged and plugged in, again and again."""
import time

# A loop that spins takes all of a processor. What waiting takes is told rather than held to a figure:
# without KVM, and on a busy machine, a guest is charged for what others do.
CPU_SHARE_MAX = 0.2

# A tick a second, and what the bus and the watchdog ask for; whatever the machine's load.
WAKEUPS_A_SECOND_MAX = 4


def measure(room):
    """What psoasmond has of the machine: descriptors, resident kB, ticks of CPU time."""
    pid = room.main_pid()
    descriptors = room.guest.do(f"ls /proc/{pid}/fd | wc -l")
    stat = room.guest.do(f"cat /proc/{pid}/stat").rsplit(")", 1)[1].split()
    pages = room.guest.do(f"cat /proc/{pid}/statm").split()[1]
    switches = room.guest.do(f"grep ctxt_switches /proc/{pid}/status").split()
    return {"pid": pid, "descriptors": int(descriptors), "resident_kb": int(pages) * 4,
            "ticks": int(stat[11]) + int(stat[12]), "wakeups": int(switches[1]),
            "uptime_s": float(room.guest.do("cut -d ' ' -f 1 /proc/uptime"))}


def share(before, after):
    """Of a processor's time; a tick is a hundredth of a second (sysconf(_SC_CLK_TCK) on Linux)."""
    return (after["ticks"] - before["ticks"]) / 100 / (after["uptime_s"] - before["uptime_s"])


def unplug_once(room, seconds):
    """Returns how long the guest was without the pad, at least and at most."""
    frames = room.status()["pad"]["frames"]
    start = time.monotonic()
    room.unplug()
    gone = time.monotonic()
    room.until_status("the pad to be missed", lambda s: s["pad"]["state"] == "waiting")
    room.guest.until("some time without it", lambda: time.monotonic() >= gone + seconds)
    back = time.monotonic()
    room.plug()
    room.until_status("the pad to be found", lambda s: s["pad"]["state"] == "connected" and
                      s["pad"]["frames"] > frames + 5)
    return back - gone, time.monotonic() - start


def gaps(room):
    return room.rows("SELECT end_s - start_s AS s, reason FROM gaps ORDER BY start_s")


def run(room, cycles, progress):
    room.lie("supine")
    room.until_lies("supine")
    room.flush()
    known, before = len(gaps(room)), measure(room)
    lengths = []
    for cycle in range(cycles):
        progress(f"unplugged {cycle} of {cycles} times")
        lengths.append(unplug_once(room, 2))
        if cycle == 0:
            first = measure(room)  # what is allocated once is allocated now
    room.flush()
    found, after = gaps(room)[known:], measure(room)
    room.same("gaps, one a cycle", [gap["reason"] for gap in found], ["pad_unplugged"] * cycles)
    for (least, most), gap in zip(lengths, found):
        # A gap has whole seconds, from the last frame to the first.
        room.check("a gap's length", least - 1 <= gap["s"] <= most + 2, least, gap["s"], most)
    room.same("the process", after["pid"], before["pid"])
    room.same("descriptors", after["descriptors"], first["descriptors"])
    room.check("memory", after["resident_kb"] <= first["resident_kb"] + 256, first, after)
    room.measured.append(
        f"{cycles} times unplugged and plugged in: {len(found)} gaps of {min(g['s'] for g in found)} "
        f"to {max(g['s'] for g in found)} s; descriptors {first['descriptors']} -> "
        f"{after['descriptors']}, memory {first['resident_kb']} -> {after['resident_kb']} kB, "
        f"{100 * share(before, after):.2f} % of a processor")


def idle(room, seconds=20):
    """What a psoasmond that waits for its pad does: look once in a while."""
    room.unplug()
    room.until_status("the pad to be missed", lambda s: s["pad"]["state"] == "waiting")
    before = measure(room)
    room.guest.do(f"sleep {seconds}")
    after = measure(room)
    room.plug()
    room.until_frames("the pad to be found")
    wakeups = (after["wakeups"] - before["wakeups"]) / (after["uptime_s"] - before["uptime_s"])
    room.measured.append(f"waiting for the pad: {100 * share(before, after):.2f} % of a processor, "
                         f"{wakeups:.1f} wakeups a second")
    room.check("it does not spin", share(before, after) < CPU_SHARE_MAX and
               wakeups < WAKEUPS_A_SECOND_MAX, before, after)
