"""Every demo runs, says what it should, and saves its pictures."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from autograd import Value, softmax
from autograd.show.story.events import events_of
from demos import (
    first_graph,
    lesson_pages,
    moons,
    neuron,
    output_folder,
    stepping,
    why_topological_order,
)

STEPPING = """\
# A value that is used twice, and the one line of set-up.

>>> from autograd import Stepper, Value, compare_algorithms, explain
>>> a, b, f = Value(2.0), Value(-3.0), Value(-2.0)
>>> c = a * b
>>> L = (c + a) * f
>>> steps = Stepper(L)

# The forward pass comes first. The sum has no name, so it is called v1.

>>> steps.next()
[1/10] forward: c = a*b = 2.0 × (-3.0) = -6.0
>>> steps.next()
[2/10] forward: v1 = c + a = -6.0 + 2.0 = -4.0
>>> steps.next()
[3/10] forward: L = v1*f = (-4.0) × (-2.0) = 8.0

# Now backwards: the seed, then upstream gradient times local derivative, edge by edge.

>>> steps.next()
[4/10] backward: L.grad = ∂L/∂L = 1.0
>>> steps.next()
[5/10] backward: L = v1*f → v1
  v1.grad += L.grad × ∂L/∂v1 = 1.0 × f = 1.0 × (-2.0) = -2.0
  v1.grad: 0.0 → -2.0
>>> steps.goto(8)
[8/10] backward: v1 = c + a → a
  a.grad += v1.grad × ∂v1/∂a = (-2.0) × 1.0 = -2.0
  a.grad: 0.0 → -2.0
>>> a.grad
-2.0

# That came through the sum. The product has its share too, and it is added:

>>> steps.next()
[9/10] backward: c = a*b → a
  a.grad += c.grad × ∂c/∂a = (-2.0) × b = (-2.0) × (-3.0) = 6.0
  a.grad: -2.0 → 4.0
>>> a.grad
4.0

# Once more, please:

>>> steps.back()
[8/10] backward: v1 = c + a → a
  a.grad += v1.grad × ∂v1/∂a = (-2.0) × 1.0 = -2.0
  a.grad: 0.0 → -2.0
>>> a.grad
-2.0
>>> steps.where
  [6/10] backward: L = v1*f → f
  [7/10] backward: v1 = c + a → c
→ [8/10] backward: v1 = c + a → a
  [9/10] backward: c = a*b → a
  [10/10] backward: c = a*b → b
>>> steps.run()
node  data  grad
a      2.0   4.0
b     -3.0  -4.0
c     -6.0  -2.0
v1    -4.0  -2.0
f     -2.0  -4.0
L      8.0   1.0

# The same numbers as backward() gives, bit for bit:

>>> by_steps = [v.grad for v in (a, b, f)]
>>> steps.reset()
[0/10] nothing has happened yet
>>> L.backward()
>>> by_steps == [v.grad for v in (a, b, f)]
True

# Why is a.grad what it is? Every path from a to L has its product, and they add up:

>>> explain(L, a)
a → c → v1 → L:  ∂c/∂a × ∂v1/∂c × ∂L/∂v1 = b × 1.0 × f = (-3.0) × 1.0 × (-2.0) = 6.0
a → v1 → L:      ∂v1/∂a × ∂L/∂v1 = 1.0 × f = 1.0 × (-2.0) = -2.0
where v1 = c + a
a.grad = 6.0 - 2.0 = 4.0

# And what would the famous mistakes make of it?

>>> compare_algorithms(L)
node        right    recursion    = for +=    no reset
L = v1*f      1.0          1.0         1.0         1.0
f            -4.0         -4.0        -4.0        -8.0 ←
v1 = c + a   -2.0         -2.0        -2.0        -4.0 ≠
c = a*b      -2.0         -2.0        -2.0        -6.0 ≠
b            -4.0         -4.0        -4.0       -16.0 ≠
a             4.0          4.0         6.0 ←      18.0 ≠
(← first wrong, ≠ wrong)

recursion without a topological order: right on this graph
= for +=: first wrong at a: 6.0 instead of 4.0
a second pass without a reset, interior nodes too: first wrong at f: -8.0 instead of -4.0
"""


@pytest.fixture(autouse=True)
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(output_folder, "OUTPUT", tmp_path / "output")
    return tmp_path / "output"


def test_first_graph(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_graph.main()
    assert "loss = (w*x + b - 5.0)**2" in capsys.readouterr().out
    assert (output / "first_graph.svg").exists()


def test_why_topological_order(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    why_topological_order.main()
    told = capsys.readouterr().out
    assert "16 doublings: 131,070 steps" in told
    assert "too early: x.grad = 16.0" in told
    assert "in order:  x.grad = 34.0" in told
    assert "a.grad = 1,125,899,906,842,624 = 2^50" in told
    early, ordered = (
        (output / f"why_topological_order_{name}.svg").read_text("utf-8")
        for name in ("too_early", "in_order")
    )
    assert ("16.0" in early, "34.0" in early) == (True, False)
    assert ("16.0" in ordered, "34.0" in ordered) == (False, True)


def test_neuron(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    neuron.main()
    told = capsys.readouterr().out
    elementary, fused = (line for line in told.splitlines() if "gradients w[0]" in line)
    assert elementary.removeprefix("elementary") == fused.removeprefix("fused")
    assert (output / "neuron_elementary.svg").exists()
    assert (output / "neuron_fused.svg").exists()


@pytest.mark.slow
def test_moons_learns_to_99_percent(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moons.main()
    told = capsys.readouterr()
    accuracy = int(told.out.split("; ")[-1].split("%")[0])
    assert accuracy >= 99
    assert "training: 100%" in told.err
    for name in ("moons_loss", "moons_boundary"):
        assert (output / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (output / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_demos_speak_to_terminals_of_any_encoding(
    encoding: str, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", told)
    why_topological_order.main()
    neuron.main()
    told.flush()
    assert b"x^3 + x^2" in told.buffer.getvalue().replace(b"\xb3", b"^3").replace(b"\xb2", b"^2")


def test_stepping_is_a_session_with_its_answers(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stepping.main()
    told = capsys.readouterr().out
    assert told.startswith(STEPPING)
    assert len(list((output / "stepping").glob("step-*.svg"))) == 11


def test_lesson_pages_are_a_gallery_with_an_index(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson_pages.main()
    assert capsys.readouterr().out.count(", a lesson of ") == 5
    index = (output / "lessons.html").read_text(encoding="utf-8")
    pages = re.findall(r'href="([^"]+)"', index)
    assert len(pages) == 5
    for page in pages:
        assert (output / page).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_gallery_keeps_what_it_says_of_its_gradients() -> None:
    def received(build: Callable[[], Value]) -> dict[str, list[float]]:
        afters: dict[str, list[float]] = {}
        for event in events_of(build()):
            if event.receiver is not None:
                afters.setdefault(event.receiver.label or "", []).append(event.after)
        return afters

    assert received(lesson_pages.diamond)["x"] == [10.0, 22.0, 34.0]
    dead = received(lesson_pages.dead_relu)
    assert [dead[name] for name in ("w", "x", "b")] == [[0.0]] * 3
    logits = received(lesson_pages.softmax_cross_entropy)
    assert [logits[f"z[{k}]"][-1] for k in range(3)] == pytest.approx(
        [p - (k == 0) for k, p in enumerate(softmax([2.0, 1.0, -1.0]))]
    )
