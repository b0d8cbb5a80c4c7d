"""Debian's Firefox for tests: it speaks WebDriver BiDi itself, so a socket is all that is needed.

    firefox.open(path, wait="html[data-ready]")
    firefox.press("ArrowRight")
    assert firefox.ask("byId('place').textContent") == "1/9"
    assert firefox.complaints == []

The protocol: https://w3c.github.io/webdriver-bidi/
"""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE = 30.0  # seconds
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "ui.prefersReducedMotion": 1,
}
TELL_VIOLATIONS = """() => addEventListener("securitypolicyviolation", (event) => console.error(
  `${event.violatedDirective} blocks ${event.blockedURI} ${event.sample}`))"""
KEYS = {
    "ArrowRight": "\ue014", "ArrowLeft": "\ue012", "Home": "\ue011", "End": "\ue010",
    "Escape": "\ue00c", "Enter": "\ue007", "Tab": "\ue004",
}  # fmt: skip


@contextmanager
def running(folder: Path) -> Iterator["Firefox"]:
    """Run a headless Firefox, with its profile in ``folder``."""
    from websockets.sync.client import connect

    settings = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join(settings), encoding="utf-8")
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(folder),
               "--remote-debugging-port", "0", "about:blank"]  # fmt: skip
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        address = _address(process, folder / "said.txt")
        # Pings take numbers from ``random`` in a thread of their own, which Hypothesis notices.
        quiet = {"max_size": None, "proxy": None, "ping_interval": None}
        with connect(f"{address}/session", **quiet) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], said: Path) -> str:
    """Wait until Firefox has said where it listens, and return that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        text = said.read_text("utf-8", errors="replace")
        if found := re.search(r"listening on (ws://\S+)", text):
            return found[1]
        assert process.poll() is None, f"Firefox ended: {text}"
        time.sleep(0.05)
    raise TimeoutError(f"Firefox does not listen after {PATIENCE} s: {text}")


class Firefox:
    """A Firefox that shows one page at a time, commanded through a socket.

    ``complaints`` is all that stands in the console since the page was opened, also of its frames,
    with what the policy of a page forbids.
    """

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.complaints: list[str] = []
        self._number = 0
        self._do("session.new", capabilities={})
        self._do("session.subscribe", events=["log.entryAdded"])
        self._do("script.addPreloadScript", functionDeclaration=TELL_VIOLATIONS)
        self._page = self._tree()[0]["context"]

    def open(self, path: Path, wait: str = "body", size: tuple[int, int] = (1280, 720)) -> None:
        """Show a page, and return once it has an element for the selector ``wait``."""
        page = {"context": self._page}
        self._do("browsingContext.navigate", **page, url="about:blank", wait="complete")
        viewport = {"width": size[0], "height": size[1]}
        self._do("browsingContext.setViewport", **page, viewport=viewport)
        self.complaints.clear()
        self._do("browsingContext.navigate", **page, url=path.as_uri(), wait="complete")
        self.wait_for(f"document.querySelector({json.dumps(wait)}) !== null")

    def ask(self, question: str, *, frame: bool = False) -> Any:
        """Return what an expression of JavaScript is in the page, or in its frame, as JSON has it.

        A promise is awaited.
        """
        context = self._tree()[0]["children"][0]["context"] if frame else self._page
        asked = f"(async () => JSON.stringify(await ({question})))()"
        found = self._do(
            "script.evaluate", expression=asked, target={"context": context}, awaitPromise=True
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"].get("value", "null"))

    def wait_for(self, condition: str, *, frame: bool = False) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.ask(condition, frame=frame):
            assert time.monotonic() < end, f"not true after {PATIENCE} s: {condition}"
            time.sleep(0.05)

    def press(self, key: str) -> None:
        """Press a key: a letter, or one with a name."""
        value = KEYS.get(key, key)
        turns = [{"type": turn, "value": value} for turn in ("keyDown", "keyUp")]
        self._act("key", turns)

    def click(self, x: float, y: float) -> None:
        """Click at a place in the window."""
        turns = [{"type": turn, "button": 0} for turn in ("pointerDown", "pointerUp")]
        self._act("pointer", [{"type": "pointerMove", "x": round(x), "y": round(y)}, *turns])

    def _act(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self._do("input.performActions", context=self._page, actions=[source])

    def _tree(self) -> list[dict[str, Any]]:
        """Return the windows, each with its frames as children."""
        found: list[dict[str, Any]] = self._do("browsingContext.getTree")["contexts"]
        return found

    def _do(self, method: str, **parameters: Any) -> Any:
        """Give a command and return its result; what pages complain of meanwhile is kept."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("method") == "log.entryAdded":
                self.complaints.append(answer["params"]["text"] or "")
            elif answer.get("id") == self._number:
                assert answer["type"] == "success", f"{method}: {answer}"
                return answer["result"]
