# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Chromium, led over WebDriver (W3C) by chromedriver: nothing to install but Debian's
chromium and chromium-driver."""
import base64
import contextlib
import json
import re
import shutil
import subprocess
import urllib.request

OPTIONS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--hide-scrollbars", "--force-device-scale-factor=1", "--no-first-run",
           "--disable-background-networking", "--disable-component-update"]


def missing():
    """The programs that are needed and are not there."""
    return [name for name in ("chromium", "chromedriver") if not shutil.which(name)]


class Browser:
    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}/session"
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": shutil.which("chromium"), "args": OPTIONS},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        made = self.ask("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.base += "/" + made["sessionId"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method, headers={"Content-Type": "application/json"},
            data=json.dumps(body or {}).encode() if method == "POST" else None)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def devtools(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def show(self, path, width, theme="light", height=900):
        """Opens a file as a window of that width does, in light or dark, as a phone or not."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=2 if width < 600 else 1, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia", media="screen",
                      features=[{"name": "prefers-color-scheme", "value": theme}])
        self.logs()
        self.ask("POST", "/url", {"url": f"file://{path}"})

    def run(self, script, *arguments):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, key):
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def logs(self):
        """What the console was told since it was last asked."""
        return self.ask("POST", "/se/log", {"type": "browser"})

    def requests(self):
        """What was asked for since: of documents and whatever they need."""
        messages = (json.loads(entry["message"])["message"]
                    for entry in self.ask("POST", "/se/log", {"type": "performance"}))
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def picture(self, path, height_max=20000):
        """All of the page, not what fits a window."""
        height = min(height_max,
                     self.run("return Math.ceil(document.documentElement.scrollHeight)"))
        width = self.run("return document.documentElement.clientWidth")
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))


@contextlib.contextmanager
def browser():
    driver = subprocess.Popen([shutil.which("chromedriver"), "--port=0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = next(match[1] for line in driver.stdout
                    if (match := re.search(r"successfully on port (\d+)", line)))
        window = Browser(port)
        try:
            yield window
        finally:
            window.ask("DELETE", "")
    finally:
        driver.terminate()
        driver.wait()
