# SPDX-License-Identifier: GPL-3.0-or-later
"""The pad is unplugged and plugged in, again and again."""
import time

# Of a processor, for a psoasmond that waits for its pad. Without KVM a guest is slow, and on a busy
# machine it is charged for what others do: it is a bound all the same.
CPU_SHARE_MAX = 0.01

# SQLite keeps pages of a database that grows, up to 2 MB; a leak of 10 kB a cycle is found in 100.
GROWTH_MAX_KB = 1024

# More than the configuration's night_min_s: on a quick machine few cycles are over before.
NIGHT_S = 90

# A tick a second, and what the bus and the watchdog ask for; whatever the machine's load.
WAKEUPS_A_SECOND_MAX = 4


def measure(room):
    """What psoasmond has of the machine: descriptors, kB of its own, ns of CPU time, wakeups."""
    pid = room.main_pid()
    names = ("descriptors", "own_kb", "cpu_ns", "wakeups", "uptime_s")
    said = room.guest.do(f"cd /proc/{pid}; ls fd | wc -l; awk '/^RssAnon:/ {{ print $2 }}' status; "
                         "cut -d ' ' -f 1 schedstat; "
                         "awk '/^voluntary_ctxt_switches:/ { print $2 }' status; "
                         "cut -d ' ' -f 1 /proc/uptime").split()
    return {"pid": pid, **dict(zip(names, map(float, said), strict=True))}


def share(before, after):
    """Of a processor's time."""
    return (after["cpu_ns"] - before["cpu_ns"]) / 1e9 / (after["uptime_s"] - before["uptime_s"])


def unplug_once(room, seconds):
    """Returns how long the guest was without the pad, at least and at most."""
    start = time.monotonic()
    room.unplug()
    gone = time.monotonic()
    status = room.until_status("the pad to be missed", lambda s: s["pad"]["state"] == "waiting")
    frames = status["pad"]["frames"]
    room.guest.until("some time without it", lambda: time.monotonic() >= gone + seconds)
    back = time.monotonic()
    room.plug()
    room.until_status("the pad to be found", lambda s: s["pad"]["state"] == "connected" and
                      s["pad"]["frames"] > frames + 2)
    return back - gone, time.monotonic() - start


def gaps(room):
    return room.rows("SELECT end_s - start_s AS s, reason FROM gaps ORDER BY start_s")


def run(room, cycles, progress):
    room.lie("supine")
    room.until_lies("supine")
    lain = time.monotonic()
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
    room.check("memory", after["own_kb"] <= first["own_kb"] + GROWTH_MAX_KB, first, after)
    room.measured.append(
        f"{cycles} times unplugged and plugged in: {len(found)} gaps of {min(g['s'] for g in found)} "
        f"to {max(g['s'] for g in found)} s; descriptors {first['descriptors']:.0f} -> "
        f"{after['descriptors']:.0f}, memory {first['own_kb']:.0f} -> {after['own_kb']:.0f} kB, "
        f"{100 * share(before, after):.2f} % of a processor in "
        f"{after['uptime_s'] - before['uptime_s']:.0f} s")
    room.guest.until("a night that is long enough to be kept",
                     lambda: time.monotonic() >= lain + NIGHT_S)
    room.left = room.get_up()  # and while they are away for good, the next chapter


def idle(room, seconds=30):
    """What a psoasmond that waits for its pad does: look once in a while."""
    room.unplug()
    room.until_status("the pad to be missed", lambda s: s["pad"]["state"] == "waiting")
    before = measure(room)
    room.guest.do(f"sleep {seconds}")
    after = measure(room)
    room.plug()
    room.until_frames("the pad to be found")
    room.until_up(room.left)
    wakeups = (after["wakeups"] - before["wakeups"]) / (after["uptime_s"] - before["uptime_s"])
    room.measured.append(f"waiting for the pad: {100 * share(before, after):.2f} % of a processor, "
                         f"{wakeups:.1f} wakeups a second")
    room.check("it does not spin", share(before, after) < CPU_SHARE_MAX and
               wakeups < WAKEUPS_A_SECOND_MAX, before, after)


def chapters(cycles, progress):
    def unplug_again_and_again(room):
        """Unplugged and plugged in, again and again"""
        run(room, cycles, progress)

    def wait_for_a_pad(room):
        """A psoasmond that waits is no busy one"""
        idle(room)
    return [unplug_again_and_again, wait_for_a_pad]
