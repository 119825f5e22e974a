"""How do tests drive a real Chromium?

Over a pipe, in Chromium's own protocol: no driver to install, and no port that anybody else could reach.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kg.reports.render.pdf import BROWSERS

FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-features=BackForwardCache,ProactivelySwapBrowsingInstance,SpareRendererForSitePerProcess",
    "--disable-gpu",
    "--disable-quic",
    "--disable-site-isolation-trials",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=en",
    "--no-default-browser-check",
    "--no-first-run",
    "--process-per-site",
    "--remote-debugging-pipe",
    "--renderer-process-limit=1",
)
"""Among them that one process shows all pages of a test run: to start one for each page is a fifth of the time."""
# Chromium reads commands at 3 and answers at 4, and those may be taken for something else here.
LAUNCH = """
import fcntl, os, sys
read, write = (fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3])
os.dup2(read, 3)
os.dup2(write, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
SECONDS = 60.0
"""How long a page may take to do what a test waits for; nothing waits longer than it has to."""


def find_chromium() -> str | None:
    """The program that KG_TEST_CHROMIUM names, else the first on the PATH; None where there is none."""
    if named := os.environ.get("KG_TEST_CHROMIUM"):
        return named
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def require_chromium() -> str:
    """The program; without one the test is skipped, which fails a run under KG_FAIL_ON_SKIP, as in `.ci/run`."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium: install one, or name it in KG_TEST_CHROMIUM")
    return program


END_SECONDS = 15.0


@dataclass(slots=True)
class Page:
    """One tab of a Chromium. Expressions are JavaScript; selectors are CSS."""

    _write: int
    _read: int
    _session: str = ""
    _number: int = 0
    _rest: bytes = b""
    errors: list[str] = field(default_factory=list)
    """What the page threw and nobody caught."""
    logged: list[str] = field(default_factory=list)
    """What the browser and the page wrote to the console as errors: what the page's policy forbade is among it."""
    requests: list[str] = field(default_factory=list)
    """The address of each request."""

    def open(self, address: str) -> None:
        """Go there. Returns at once; wait for what the page is to show."""
        self._do("Page.navigate", url=address)

    def value(self, expression: str) -> Any:
        """What an expression is, as plain data; a promise is awaited."""
        said = self._do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in said:
            raise AssertionError(f"{expression}: {said['exceptionDetails']}")
        return said["result"].get("value")

    def wait(self, expression: str, seconds: float = SECONDS) -> None:
        """Until that counts as true. Fails with what the page shows when it does not in time."""
        if not self.comes_true(expression, seconds):
            raise AssertionError(f"{expression} did not come true; the page says:\n{self.text()[:3000]}")

    def comes_true(self, expression: str, seconds: float) -> bool:
        """Whether that counts as true before so many seconds are over; waits no longer than it has to."""
        deadline = time.monotonic() + seconds
        while not (found := bool(self.value(f"Boolean({expression})"))) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def text(self) -> str:
        """All the text that the page shows."""
        return str(self.value("document.body ? document.body.innerText : ''"))

    def click(self, selector: str) -> None:
        """Click the middle of the first element, as a mouse does, once it is there."""
        self.wait(f"document.querySelector({json.dumps(selector)})")
        box = (
            f"(e => {{ e.scrollIntoView({{block: 'nearest'}}); const b = e.getBoundingClientRect();"
            f" return [b.x + b.width / 2, b.y + b.height / 2] }})(document.querySelector({json.dumps(selector)}))"
        )
        x, y = self.value(box)
        self.press_at(x, y)

    def press_at(self, x: float, y: float, *, shift: bool = False, clicks: int = 1) -> None:
        """Click a point, maybe with Shift held, once or twice."""
        held = 8 if shift else 0
        self._do("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for count in range(1, clicks + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self._do(
                    "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=count, modifiers=held
                )

    def hover(self, x: float, y: float) -> None:
        """Move the pointer to a point."""
        self._do("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press at one point, move to another in two steps, and let go."""
        (x, y), (to_x, to_y) = start, end
        steps = (("mouseMoved", x, y, 0), ("mousePressed", x, y, 1), ("mouseMoved", (x + to_x) / 2, (y + to_y) / 2, 1))
        for kind, at_x, at_y, buttons in (*steps, ("mouseMoved", to_x, to_y, 1), ("mouseReleased", to_x, to_y, 0)):
            button = "left" if buttons or kind == "mouseReleased" else "none"
            self._do(
                "Input.dispatchMouseEvent", type=kind, x=at_x, y=at_y, button=button, buttons=buttons, clickCount=1
            )

    def wheel(self, x: float, y: float, by: float) -> None:
        """Turn the wheel over a point; upwards where `by` is negative."""
        self._do("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=by)

    def type(self, selector: str, text: str) -> None:
        """Replace what a field holds."""
        self.click(selector)
        self.value(f"document.querySelector({json.dumps(selector)}).select()")
        self.insert(text)

    def insert(self, text: str) -> None:
        """Type where the cursor is."""
        self._do("Input.insertText", text=text)

    def key(self, name: str, code: int, *, control: bool = False, shift: bool = False) -> None:
        """Press a key, such as `Enter`, 13; one that writes a sign writes it."""
        said: dict[str, Any] = {"key": name, "code": name, "windowsVirtualKeyCode": code}
        said["modifiers"] = (2 if control else 0) + (8 if shift else 0)
        text = "\r" if name == "Enter" else name if len(name) == 1 and not control else ""
        self._do("Input.dispatchKeyEvent", type="keyDown", **said, **({"text": text} if text else {}))
        self._do("Input.dispatchKeyEvent", type="keyUp", **said)

    def drop(self, selector: str, name: str, content: bytes) -> None:
        """Drop a file of this name and content on an element."""
        data = base64.b64encode(content).decode()
        self.value(
            f"""(async () => {{
              const bytes = Uint8Array.from(atob({json.dumps(data)}), c => c.charCodeAt(0))
              const carried = new DataTransfer()
              carried.items.add(new File([bytes], {json.dumps(name)}))
              const target = document.querySelector({json.dumps(selector)})
              for (const kind of ['dragenter', 'dragover', 'drop'])
                target.dispatchEvent(new DragEvent(kind, {{bubbles: true, cancelable: true, dataTransfer: carried}}))
            }})()"""
        )

    def size(self, width: int, height: int, *, scale: float = 1.0, mobile: bool = False) -> None:
        """Make the window so large, in CSS pixels, and each of those `scale` pixels of a picture; or a phone's."""
        self._do(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile
        )
        self._do("Emulation.setTouchEmulationEnabled", enabled=mobile)

    def speak(self, language: str) -> None:
        """Prefer a language, from the next page on."""
        self._do("Emulation.setUserAgentOverride", userAgent=self.value("navigator.userAgent"), acceptLanguage=language)

    def forget(self) -> None:
        """Know nobody any longer: without cookies."""
        self._do("Network.clearBrowserCookies")

    def save_into(self, folder: Path) -> None:
        """Keep what the page offers to save in this folder."""
        self._do("Page.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def cut_off(self, *, offline: bool = True) -> None:
        """Take the network away, or give it back."""
        self._do(
            "Network.emulateNetworkConditions", offline=offline, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def picture(self) -> bytes:
        """What the window shows, as PNG."""
        return base64.b64decode(self._do("Page.captureScreenshot", format="png")["data"])

    def _attach(self) -> None:
        target = self._do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._do("Page.enable")
        self._do("Runtime.enable")
        self._do("Log.enable")
        self._do("Network.enable")

    def _do(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            asked["sessionId"] = self._session
        self._send(json.dumps(asked).encode() + b"\0")
        while (said := self._next()).get("id") != self._number:
            self._note(said)
        if "error" in said:
            raise AssertionError(f"{method}: {said['error']}")
        return said["result"]

    def _send(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._write, data) :]

    def _note(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(told)[:500])
            case "Log.entryAdded" if told["entry"]["level"] == "error":
                self.logged.append(f"{told['entry']['source']}: {told['entry']['text']}")
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "assert"):
                self.logged.append(json.dumps(told["args"], ensure_ascii=False)[:500])
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], SECONDS)[0]:
                raise AssertionError(f"Chromium says nothing for {SECONDS:.0f} s")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise AssertionError("Chromium ended; its words are in its log")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found


@contextmanager
def chromium(program: str, folder: Path) -> Iterator[Page]:
    """A page of a Chromium that knows nobody, whose profile and log are in the folder; it ends with the block."""
    to_it, ours = os.pipe()
    its, from_it = os.pipe()
    launcher = [sys.executable, "-c", LAUNCH, str(to_it), str(from_it)]
    with (folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            [*launcher, program, *FLAGS, *_as_root(), f"--user-data-dir={folder / 'profile'}"],
            pass_fds=(to_it, from_it),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    os.close(to_it)
    os.close(from_it)
    try:
        page = Page(ours, its)
        page._attach()
        yield page
    finally:
        os.close(ours)  # it ends by itself when nobody can command it any more
        os.close(its)
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _as_root() -> tuple[str, ...]:
    """Its sandbox refuses the superuser."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()
