"""The loop of single keys, also in a real terminal."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograd import (
    LayoutError,
    Stepper,
    Value,
    tanh,
)
from tests.steps import END, START, STEPS, TABLE, shown, stepper

PROJECT = Path(__file__).parents[3]


# -- the loop of keys --------------------------------------------------------------------------


KEYS = "Enter next   b back   g K go to step K   r run to the end   p picture   q leave"


def loop(typing, capsys, *keys, **options):
    """Return what the loop prints for some keys, without its first two lines, and the stepper."""
    typing(*keys)
    s = stepper(**options)
    s.interact()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [KEYS, START]
    return lines[2:], s


def lines_of(*texts):
    return "\n".join(texts).splitlines()


@pytest.mark.parametrize(
    ("keys", "shown", "position"),
    [
        ([""], [STEPS[0]], 1),
        (["n", " "], STEPS[:2], 2),
        (["", "", "b"], [*STEPS[:2], STEPS[0]], 1),
        (["b"], [START], 0),
        (["g 4"], [STEPS[3]], 4),
        (["g4", "g  0"], [STEPS[3], START], 0),
        (["g 8"], ["goto(8): there are steps 0 to 7"], 0),
        (["g 5", "r"], [STEPS[4], *STEPS[5:], TABLE], 7),
        (["r", ""], [*STEPS, TABLE, END], 7),
        (["r", "r"], [*STEPS, TABLE, TABLE], 7),
        (["x"], ["'x' is not one of the keys", KEYS], 0),
        (["g"], ["there are steps 0 to 7; go to one with g K, as in g 3", KEYS], 0),
        (["g x"], ["there are steps 0 to 7; go to one with g K, as in g 3", KEYS], 0),
        (["\x1b[A"], ["'\\x1b[A' is not one of the keys", KEYS], 0),
    ],
)
def test_a_key_does_what_it_says(typing, capsys, keys, shown, position):
    lines, s = loop(typing, capsys, *keys, "q")
    assert lines == lines_of(*shown)
    assert s.position == position


@pytest.mark.parametrize("leave", ["q", "quit", "exit", " q "])
def test_q_leaves_and_keeps_the_gradients(typing, capsys, leave):
    lines, s = loop(typing, capsys, "g 3", leave, "")
    assert lines == [STEPS[2]]
    assert (s.position, s.output.grad) == (3, 1.0)


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()])
def test_the_end_of_the_file_and_an_interrupt_leave_below_the_prompt(typing, capsys, end):
    lines, _ = loop(typing, capsys, "", end, "")
    assert lines == [STEPS[0], ""]


def test_the_prompt_lists_the_keys(typing, capsys):
    questions = typing("", "q")
    stepper().interact()
    assert questions == ["[Enter, b, g K, r, p, q] "] * 2


def test_p_shows_the_picture(typing, capsys, monkeypatch):
    opened = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("webbrowser.open", lambda uri: opened.append(uri) or True)
    lines, _ = loop(typing, capsys, "g 4", "p", "q")
    assert lines == lines_of(STEPS[3])
    svg = Path(opened[0].removeprefix("file://")).read_text(encoding="utf-8")
    assert "[4/7] backward" in svg


def test_a_picture_that_cannot_be_drawn_is_one_line(typing, capsys):
    x = Value(0.5, label="x")
    output = x
    for _ in range(600):
        output = tanh(output)
    typing("p", "q")
    Stepper(output, names={}).interact()
    last = capsys.readouterr().out.splitlines()[2:]
    assert len(last) == 1
    assert last[0].startswith("601 nodes make 601 boxes")


def test_a_picture_without_an_engine_is_one_line(typing, capsys, monkeypatch):
    def no_engine(*arguments):
        raise LayoutError("no engine")

    monkeypatch.setattr("autograd.show.picture.picture.render", no_engine)
    assert loop(typing, capsys, "p", "q")[0] == ["no engine"]


def test_running_a_large_graph_prints_200_steps_and_the_table(typing, capsys):
    x = Value(1.0, label="x")
    output = x
    for _ in range(100):
        output = output * x
    typing("r", "q")
    Stepper(output, names={}).interact()
    out = capsys.readouterr().out
    assert out.count("\n[") == 201  # and the line on the start
    assert "… 101 more\nnode " in out


def test_the_loop_asks_for_predictions_too(typing, capsys):
    lines, s = loop(typing, capsys, "-6", "x", "", "b", "-4", "q", predict=True)
    assert lines == [
        STEPS[0], "  you said -6: right",
        "'x' is not a number; type one, as in -3 or 1*-3, or only Enter to see it",
        STEPS[1], STEPS[0], STEPS[1], "  you said -4: right",
    ]  # fmt: skip
    assert s.position == 2


def test_an_interrupt_at_a_question_leaves_the_loop(typing, capsys):
    lines, s = loop(typing, capsys, KeyboardInterrupt(), predict=True)
    assert (lines, s.position) == ([""], 0)


SCRIPT = "from tests.steps import stepper; stepper(predict={predict}).interact()"


def piped(keys, predict=False):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(predict=predict)],
        input=keys, capture_output=True, encoding="utf-8", check=True, cwd=PROJECT,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def test_piped_keys_are_obeyed_without_prompts():
    assert piped("\n\nb\nr\n").splitlines() == lines_of(
        START, *STEPS[:2], STEPS[0], *STEPS[1:], TABLE
    )


def test_piped_answers_are_judged_without_questions():
    assert piped("-6\n5\n", predict=True).splitlines() == lines_of(
        START, STEPS[0], "  you said -6: right", STEPS[1], "  you said 5: no"
    )


def test_nothing_piped_shows_the_start():
    assert piped("").splitlines() == [START]


# -- in a terminal -----------------------------------------------------------------------------


SETUP = "from tests.graphs import graph; from autograd import Stepper; a, b, c, d = graph()"


def transcript(*lines, wait=20.0):
    """Return what a plain Python in a pseudo-terminal shows for each line typed."""
    pty = pytest.importorskip("pty", reason="this platform has no pseudo-terminals")
    terminal, inside = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-q", "-i"], stdin=inside, stdout=inside, stderr=inside, cwd=PROJECT,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200", "PYTHON_BASIC_REPL": "1",
             "PYTHONUTF8": "1"},
    )  # fmt: skip
    os.close(inside)
    try:
        replies = [_reply(terminal, wait)]
        for line in lines:
            os.write(terminal, line.encode() + b"\n")
            replies.append(_reply(terminal, wait).removeprefix(line + "\n"))
    finally:
        child.kill()
        child.wait()
        os.close(terminal)
    return replies[1:]


def _reply(terminal, wait):
    """Return what is shown up to the next prompt."""
    seen, deadline = b"", time.monotonic() + wait
    while not seen.endswith((b">>> ", b"? ", b"q] ")):
        left = deadline - time.monotonic()
        assert left > 0, f"no prompt after {seen!r}"
        if select.select([terminal], [], [], left)[0]:
            seen += os.read(terminal, 65536)
    return seen.decode().replace("\r\n", "\n")


def test_in_a_plain_python_each_step_is_printed_once():
    replies = transcript(
        SETUP, "s = Stepper(d)", "s.next()", "s.goto(6)", "s.back()", "s.where", "next(s)",
        "s.run()", "s.next()", "s.reset()", "s", "a.grad",
    )  # fmt: skip
    assert replies == [
        shown(),
        shown(),
        shown(STEPS[0]),
        shown(STEPS[5]),
        shown(STEPS[4]),
        shown(
            "  [3/7] backward: d.grad = ∂d/∂d = 1.0",
            "  [4/7] backward: d = c + a → c",
            "→ [5/7] backward: d = c + a → a",
            "  [6/7] backward: c = a*b → a",
            "  [7/7] backward: c = a*b → b",
        ),
        shown(STEPS[5]),
        shown(TABLE),
        shown(END),
        shown(START),
        shown("<Stepper: 0 of 7 steps done; .next()>"),
        shown("0.0"),
    ]


def test_in_a_plain_python_a_prediction_is_typed_behind_its_question():
    replies = transcript(
        SETUP, "s = Stepper(d, predict=True)", "s.next()", "-6", "s.next()", "x", "7"
    )
    assert replies[2:] == [
        "c = a*b = ? ",
        shown(STEPS[0], "  you said -6: right"),
        "d = c + a = ? ",
        "'x' is not a number; type one, as in -3 or 1*-3, or only Enter to see it\nd = c + a = ? ",
        shown(STEPS[1], "  you said 7: no"),
    ]


def test_in_a_terminal_the_loop_shows_its_prompt():
    prompt = "[Enter, b, g K, r, p, q] "
    replies = transcript(SETUP, "Stepper(d).interact()", "n", "b", "q")
    assert replies[1:] == [
        f"{KEYS}\n{START}\n{prompt}",
        f"{STEPS[0]}\n{prompt}",
        f"{START}\n{prompt}",
        shown(),
    ]
