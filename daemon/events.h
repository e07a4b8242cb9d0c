// SPDX-License-Identifier: GPL-3.0-or-later
// What psoasmond tells the journal: one MESSAGE_ID an event. They never change:
// `journalctl MESSAGE_ID=...` and the catalog rely on them.
#ifndef PSOASMON_EVENTS_H
#define PSOASMON_EVENTS_H

#define ID_STARTED        "00d40020dddc40c8ae6d394bbe65489d"
#define ID_FAILED         "9f5b2c4f09864a76bdd68cf517d5ef48"
#define ID_UNCONFIGURED   "4c1f896f75aa4bdaa3710978f6a7fe36"
#define ID_STOPPED        "d9ac6b8a8bd649bdafe46618b464785a"
#define ID_RELOADED       "db5f89a11a654734be60f526103ac0bb"
#define ID_RELOAD_REFUSED "77759b8502e94e7da9da32785a1cfb70"
#define ID_PAD_CONNECTED  "e5f19d7b0f314ac1b6c545c6383b95a4"
#define ID_PAD_WAITING    "db679bbe3f0d4198a8defd7b5e58522f"
#define ID_PAD_UNPLUGGED  "1a0257b9a7e7406ab3eca463cc8c3c5a"
#define ID_PAD_SILENT     "fd0089ea471945bc803af759503d6c8d"
#define ID_PAD_TALKS      "ca09abcb3a3a4c0fba6a7d0de701b501"
#define ID_PAD_COARSE     "d2c3b100020647b98e1a868eac8bc744"
#define ID_PAD_STRAINED   "9289baf04246403499c6f156d77ae08e"
#define ID_FRAMES_DROPPED "1e1db8067ec24a988917b6048b0c6253"
#define ID_NIGHT_OPENED   "8e81ef014bc9495ab0e4b50f99db3b88"
#define ID_NIGHT_RESUMED  "b5c973d4953a4a8ba652ed311a8bb156"
#define ID_NIGHT_CLOSED   "cd59867d686e4d6d84b946494584894a"
#define ID_STAY_DROPPED   "5c35171547f74c04a51e618a3022f6be"
#define ID_BOUT           "4cfb3fb626ce414883ae5d60b5d77d73"
#define ID_GAP            "2f55d9d2f36f4f27aa259f957615b552"
#define ID_NIGHT_MOVED    "9474d719986e4b25b9dae700df05fcdb"
#define ID_STORE_FAILED   "3a4ad0c4c9394bbab8846464cb2d0505"
#define ID_STORE_WORKS    "0350c82ddd484365b0412ffe25d710fe"
#define ID_RESULTS_LOST   "7b42c2e7faa940fcb79d75e22d7ae5ad"
#define ID_STORE_DAMAGED  "f861ecc83aa846cc8e409cbfb1065806"
#define ID_CLOCK_SET      "9f439b97f8d74ba784a9f52363c8225b"
#define ID_CLOCK_ASTRAY   "e7318ec67d6b485e813e0755f14f8552"
#define ID_CALIBRATED     "ec8a46f946cb43f4822202eef2fa3393"
#define ID_UNCALIBRATED   "650836200ca34876b6b24abac563ecd7"
#define ID_TIDIED         "f1b75f1c212a49ab95b62fb5468e8005"
#define ID_TIDY_FAILED    "db367f82f27f470dae0105ff94bfbd7f"
#define ID_SCRUBBED       "efcf2b5199e34dfdb49071ae7895b42a"
#define ID_CLIENT_REFUSED "389481b24cfd4ffea79a7b7d92e8eed4"
#define ID_BUS_REFUSED    "f92bd4efa91541418e2f2fc5def99a11"

enum event {
    EVENT_STARTED,
    EVENT_FAILED,       // and ends
    EVENT_UNCONFIGURED, // nobody has named a pad yet
    EVENT_STOPPED,
    EVENT_RELOADED,
    EVENT_RELOAD_REFUSED,
    EVENT_PAD_CONNECTED,
    EVENT_PAD_WAITING,   // the port is not there, or cannot be opened
    EVENT_PAD_UNPLUGGED, // the port went away
    EVENT_PAD_SILENT,    // the port is open, but no frames come
    EVENT_PAD_TALKS,     // frames come again
    EVENT_PAD_COARSE,    // it cannot tell every position
    EVENT_PAD_STRAINED,  // cells read as much as they can, or are dead or stuck
    EVENT_FRAMES_DROPPED,
    EVENT_NIGHT_OPENED,
    EVENT_NIGHT_RESUMED, // one that was left open is taken up
    EVENT_NIGHT_CLOSED,
    EVENT_STAY_DROPPED, // too short for a night
    EVENT_BOUT,
    EVENT_GAP,
    EVENT_NIGHT_MOVED, // the clock was set, and its times with it
    EVENT_STORE_FAILED,
    EVENT_STORE_WORKS,   // again
    EVENT_RESULTS_LOST,  // for good
    EVENT_STORE_DAMAGED, // and moved aside
    EVENT_CLOCK_SET,
    EVENT_CLOCK_ASTRAY, // set to a time that cannot be
    EVENT_CALIBRATED,   // the sleeper's calibration is used
    EVENT_UNCALIBRATED, // there is one, but it cannot be used
    EVENT_TIDIED,       // what is old was removed, as configured
    EVENT_TIDY_FAILED,
    EVENT_SCRUBBED, // the file was rewritten after something was deleted
    EVENT_CLIENT_REFUSED,
    EVENT_BUS_REFUSED, // the system bus does not give us our name
    EVENT_N
};

#endif
