"""A lesson in a browser window, and the graphs that its tests share."""

import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograd import Value, dot, lesson, relu, sin, softmax, tanh
from nn import MLP, mse_loss


class Reader:
    """A page, and what went wrong in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path, fragment: str = "") -> "Reader":
        self.page.goto(path.as_uri() + fragment)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self

    def read(self, output: Value, path: Path, **settings: Any) -> "Reader":
        lesson(output, path, **settings)
        return self.open(path)

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)

    def told(self) -> list[list[str]]:
        """Step to the end; return of each step its place, phase, title, arithmetic and total."""
        return self.ask(
            "steps.map((step) => {"
            " const key = new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true});"
            " document.body.dispatchEvent(key);"
            " const shown = ['place', 'phase', 'title', 'total'].map((id) => byId(id).textContent);"
            " return [...shown.slice(0, 3), oneLineOf(step), shown[3]];"
            "})"
        )

    def close_detail(self) -> None:
        """Press Escape and wait until the page has put everything back."""
        self.press("Escape")
        # The browser takes the focus from the closed dialog with its next frame.
        self.page.wait_for_selector("#detail:not([open]):not(:focus-within)", state="attached")

    def calm(self) -> "Reader":
        """Let nothing move, so that boxes stand where they are going to."""
        self.page.emulate_media(reduced_motion="reduce")
        return self

    @property
    def boxes(self) -> list[str]:
        """The ids of the boxes on view."""
        return self.ask("view.boxes.map((box) => box.id)")

    @property
    def focused(self) -> str:
        """The title of the box that has the focus."""
        return self.ask("document.activeElement.querySelector('text').textContent.trim()")

    @property
    def link(self) -> str:
        """What the address says, once the page has written it."""
        return self.ask("new Promise((done) => setTimeout(() => done(location.hash), 350))")

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).text_content()

    @property
    def place(self) -> str:
        return self.text("#place")

    @property
    def table(self) -> dict[str, tuple[str, str]]:
        rows = self.page.locator("#table tbody tr").all()
        cells = [row.locator("th, td").all_text_contents() for row in rows]
        return {name: (data, grad) for name, data, grad in cells}

    @property
    def lines(self) -> list[str]:
        rows = self.page.locator("#lines tr").all()
        return [row.text_content() for row in rows]

    def box(self, title: str) -> Any:
        """Return the box with a title; titles are unique in these graphs."""
        return self.page.locator(
            "#graph g.node",
            has=self.page.locator("text", has_text=re.compile(f"^{re.escape(title)}$")),
        )

    def numbers(self, title: str) -> tuple[str, str]:
        box = self.box(title)
        return (
            box.locator("text.number").text_content(), box.locator("text.gradient").text_content(),
        )  # fmt: skip

    def open_everything(self) -> None:
        """Open every box, so that single nodes speak."""
        self.ask("showCut(new Cut(folds, new Set(folds.folds.keys()), -1)); go(0)")

    @property
    def everything(self) -> str:
        """All that a reader can see or hear of the page."""
        return self.ask(
            "[...document.querySelectorAll('#graph g.node, #graph g.edge, #table tr,"
            " #step *, #controls *')].map((e) => [[...e.classList].sort(), e.disabled,"
            r" e.textContent.replace(/\s+/g, ' ').trim()].join()).sort().join(';')"
        )


def typeset(text: str) -> str:
    """Return what a prompt shows as a page shows it."""
    return text.replace("-", "−").replace("**2", "²")


# -- graphs ------------------------------------------------------------------------------------


def expression() -> Value:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(6.5, label="c")
    d = a * b
    d.label = "d"
    output = tanh(d + c) * a
    output.label = "L"
    return output


def network() -> Value:
    loss = mse_loss([MLP(2, [8, 8, 1], expanded=True)([1.0, -2.0])], [1.0])
    loss.label = "loss"
    return loss


def many_rows() -> Value:
    """A hundred rows through two hidden layers."""
    rows = [[math.sin(k), math.cos(k)] for k in range(100)]
    return mse_loss(MLP(2, [16, 16, 1]).batch(rows), [1.0] * len(rows))


def batch() -> Value:
    """Four rows through a small network."""
    rows = [[0.5 * k, 1.0 - k, 0.25] for k in range(4)]
    return mse_loss(MLP(3, [4, 1], "tanh").batch(rows), [1.0, -1.0, -1.0, 1.0])


def chain() -> Value:
    output = Value(0.5, label="x")
    for k in range(66):
        output = sin(output * Value(1.1, label=f"w{k}"))
    return output


def recurrent() -> Value:
    """Three steps of h = tanh(w_x*x + w_h*h + b), and a squared error."""
    w_x, w_h, b = (Value(d, label=n) for d, n in [(0.5, "w_x"), (-0.8, "w_h"), (0.1, "b")])
    h = Value(0.0, label="h[0]")
    for t, x in enumerate([1.0, -2.0, 0.5], 1):
        h = tanh(w_x * Value(x, label=f"x[{t}]") + w_h * h + b)
        h.label = f"h[{t}]"
    return (1.5 * h - 1.0) ** 2


def attention() -> Value:
    """One query on three keys, and a squared error."""
    q = [Value(1.0, label="q[0]"), Value(-0.5, label="q[1]")]
    rows = [(0.9, 0.2), (-0.4, 1.1), (0.3, -0.7)]
    keys = [[Value(d, label=f"k{k}[{j}]") for j, d in enumerate(row)] for k, row in enumerate(rows)]
    weights = softmax([dot(q, key) / math.sqrt(2) for key in keys])
    return (dot(weights, [Value(d, label=f"v{d}") for d in (2.0, -1.0, 0.5)]) - 1.0) ** 2


def two_hidden_layers() -> Value:
    return mse_loss([MLP(2, [16, 16, 1], "relu")([0.3, -0.6])], [1.0])


GRAPHS = {
    "expression": expression,
    "network": network,
    "a batch": batch,
    "time steps": recurrent,
    "attention": attention,
    "fractions": lambda: Value(Fraction(1, 3), label="x") ** 2 / (Value(2, label="y") + 1),
    "a dead relu": lambda: relu(Value(-1.0, label="x") * 3.0) * Value(2.0, label="w"),
    "a leaf": lambda: Value(1.5, label="x"),
    "infinity": lambda: Value(float("inf"), label="x") * Value(0.0, label="y"),
    "tiny and huge": lambda: Value(1e-200, label="x") * Value(1e300, label="y") * 1e-7,
    "a name that is a formula": lambda: Value(2.0, label="my x") * Value(3.0, label="a + b"),
}
