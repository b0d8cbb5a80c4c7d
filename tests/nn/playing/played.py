"""A playground in a browser window."""

import functools
from pathlib import Path
from typing import Any

import nn
from demos.data import make_moons

POINTS, CLASSES = make_moons(40)
LINE = [[k / 4] for k in range(-8, 9)], [k / 2 for k in range(-8, 9)]
SIZES = {"projector": (1280, 720), "phone": (390, 844)}
ADAM = functools.partial(nn.Adam, lr=0.01)


class Played:
    """A playground in a browser window, and what went wrong in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: self.complaints.extend(
            [request.url] if not request.url.startswith("file:") else []
        ))  # fmt: skip

    def open(self, path: Path, link: str = "") -> "Played":
        self.page.goto("about:blank")
        self.page.goto(path.as_uri() + link)
        self.settle()  # the lines of the network are placed with the first frame
        return self

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content()

    def value(self, selector: str) -> str:
        return self.page.locator(selector).input_value()

    def ask(self, question: str) -> Any:
        return self.page.evaluate(question)

    def settle(self) -> None:
        """Wait for two frames: then what was to be drawn is drawn."""
        self.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    @property
    def steps(self) -> int:
        self.settle()
        return int(self.page.get_attribute("body", "data-steps"))

    @property
    def points(self) -> int:
        return self.ask("data.order.length")

    def place(self, k: int) -> tuple[float, float]:
        """Return where a point is in the window."""
        box = self.page.locator("#data").bounding_box()
        x, y = self.ask(f"placeOf(data.points[{k}])")
        return box["x"] + x, box["y"] + y


def opened(played: Played, k: int) -> Any:
    """Return the frame of the lesson that a click on point ``k`` opens, once it is ready."""
    played.page.locator("[value=open]").check()
    played.page.locator("#data").scroll_into_view_if_needed()
    x, y = played.ask(f"placeOf(data.points[{k}])")
    played.page.locator("#data").click(position={"x": x, "y": y})
    played.page.frame_locator("#row iframe").locator("html[data-ready]").wait_for()
    return played.page.frames[1]
