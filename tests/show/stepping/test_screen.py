"""A stepper by single keys, in a pseudo-terminal."""

import os
import signal

import pytest

from tests.steps import END, START, STEPS
from tests.terminal import Terminal, python

SHORT_KEYS = "→ next   ← back   g go to   p picture   ? keys   q leave"
UP, DOWN, RIGHT, LEFT, HOME, ENDS = (f"\x1b[{code}" for code in "ABCDHF")
CTRL_C, CTRL_D, CTRL_Z, ESCAPE, BACKSPACE = "\x03", "\x04", "\x1a", "\x1b", "\x7f"


def script(predict=False, before=""):
    return python(
        f"from tests.steps import stepper; s = stepper(predict={predict})\n{before}\n"
        "s.interact(); print('left at', s.position)"
    )


def first_line_of(step):
    return STEPS[step - 1].splitlines()[0]


@pytest.fixture
def terminal():
    with Terminal(script()) as terminal:
        terminal.wait_for(START, SHORT_KEYS)
        yield terminal


# -- keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [RIGHT, DOWN, "\x1bOC", "\r", "\n", " "])
def test_a_key_alone_goes_one_step_on(terminal, key):
    terminal.type(key)
    assert terminal.wait_for("→ [1/7]")[0] == STEPS[0]


@pytest.mark.parametrize("key", [LEFT, UP, BACKSPACE, "b"])
def test_a_key_alone_goes_one_step_back(terminal, key):
    terminal.type(RIGHT * 4 + key)
    terminal.wait_for("→ [3/7]")
    assert terminal.screen[0] == STEPS[2]


@pytest.mark.parametrize("key", [ENDS, "\x1b[4~", "r"])
def test_a_key_goes_to_the_end_and_another_to_the_start(terminal, key):
    terminal.type(key)
    assert terminal.wait_for("→ [7/7]")[:3] == STEPS[6].splitlines()
    terminal.type(RIGHT)
    assert terminal.wait_for(END)[0] == END
    terminal.type(HOME)
    terminal.wait_for("→ " + START)


def test_g_takes_the_number_of_a_step(terminal):
    terminal.type("g")
    assert terminal.wait_for("go to step")[-1].strip() == "go to step"
    terminal.type("12" + BACKSPACE * 2 + "5")
    assert terminal.wait_for("go to step 5")[-1] == "go to step 5"
    terminal.type("\r")
    assert terminal.wait_for(SHORT_KEYS, "→ [5/7]")[:3] == STEPS[4].splitlines()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("g8\r", "goto(8): there are steps 0 to 7"),
        ("gx\r", "there are steps 0 to 7"),
        ("x", "'x' is not one of the keys; ? shows them"),
        ("é", "'é' is not one of the keys; ? shows them"),
        ("\x1b[15~", "other is not one of the keys; ? shows them"),
    ],
)
def test_what_cannot_be_done_is_said(terminal, keys, said):
    terminal.type(keys)
    assert terminal.wait_for(said, "→ [0/7]")[0] == said


@pytest.mark.parametrize("keys", ["g" + ESCAPE, "g" + BACKSPACE, "g\r"])
def test_g_can_be_taken_back(terminal, keys):
    terminal.type("g")
    terminal.wait_for("go to step")
    terminal.type(keys[1:])
    assert terminal.wait_for(SHORT_KEYS)[0] == START


def test_a_question_mark_shows_the_keys(terminal):
    terminal.type("?")
    lines = terminal.wait_for("one step back")
    assert "g   go to a step: its number, then Enter" in lines
    terminal.type(RIGHT)
    assert terminal.wait_for("→ [1/7]")[0] == STEPS[0]


@pytest.mark.parametrize("key", ["q", CTRL_D, CTRL_C])
def test_a_key_leaves_and_the_step_stays_in_sight(terminal, key):
    terminal.type(RIGHT * 4)
    terminal.wait_for("→ [4/7]")
    terminal.type(key)
    assert terminal.ended() == (0, f"{STEPS[3]}\nleft at 4\n")


def test_what_is_typed_ahead_is_left_to_those_who_read_next():
    ahead = "s.interact(); print('read', input())"
    with Terminal(script(before=ahead)) as terminal:
        terminal.wait_for(START)
        terminal.type("qabc\n")
        terminal.wait_until_seen("read abc")


def test_p_shows_the_picture_or_says_where_it_is():
    with Terminal(script(), DISPLAY="", WAYLAND_DISPLAY="", BROWSER="") as terminal:
        terminal.wait_for(START)
        terminal.type("p")
        lines = terminal.wait_for("no browser could be opened; the picture is in")
        assert "→ [0/7]" in "\n".join(lines)


# -- what is seen --------------------------------------------------------------------------------


def test_the_gradients_so_far_stand_below_and_the_changed_one_is_coloured(terminal):
    terminal.type("g6\r")
    lines = terminal.wait_for("→ [6/7]")
    start = lines.index("node  data  grad")
    assert lines[start : start + 5] == [
        "node  data  grad", "a      2.0  -2.0", "b     -3.0     –", "c     -6.0   1.0",
        "d     -4.0   1.0",
    ]  # fmt: skip
    assert "\x1b[33ma      2.0  -2.0\x1b[0m" in terminal.seen
    assert f"\x1b[1m{first_line_of(6)}\x1b[0m" in terminal.seen


def test_no_color_leaves_colours_out():
    with Terminal(script(), NO_COLOR="1") as terminal:
        terminal.wait_for(START)
        terminal.type(RIGHT)
        terminal.wait_for("→ [1/7]")
        assert not [code for code in terminal.seen.split("\x1b[") if code[:3].rstrip("m").isdigit()]


@pytest.mark.parametrize("columns", [20, 12])
def test_a_narrow_terminal_has_lines_that_fit_and_no_number_is_cut(columns):
    with Terminal(script(), columns=columns, rows=30) as terminal:
        terminal.wait_for("? keys")
        terminal.type("g6\r")
        lines = terminal.wait_for("a.grad:")
        assert max(map(len, lines)) < max(columns, 13)
        joined = " ".join(" ".join(lines).split())
        for part in STEPS[5].split():
            assert part in joined


def test_a_long_graph_shows_the_rows_around_the_changed_one_in_few_lines():
    before = (
        "from autograd import Stepper, Value, tanh\nx = Value(0.5, label='x')\n"
        "for k in range(60): x = tanh(x); x.label = f'h{k}'\ns = Stepper(x, names={})"
    )
    with Terminal(script(before=before), rows=18) as terminal:
        terminal.wait_for("[0/121]")
        terminal.type("g90\r")
        lines = terminal.wait_for("→ [90/121]")
        assert len(lines) == 18
        changed = next(line.split()[0] for line in lines if ".grad:" in line).split(".")[0]
        assert any(line.startswith(f"{changed} ") for line in lines)
        assert lines[-1] == SHORT_KEYS


def test_after_a_change_of_size_it_is_drawn_anew(terminal):
    terminal.resize(30, 10)
    terminal.wait_for("\n? keys   q leave")
    assert len(terminal.screen) == 10


# -- predictions ---------------------------------------------------------------------------------


def test_a_number_is_a_prediction():
    with Terminal(script(predict=True)) as terminal:
        assert terminal.wait_for(START)[-1] == "c = a*b = ? "
        terminal.type("-6\r")
        assert terminal.wait_for("you said -6: right")[:2] == [STEPS[0], "  you said -6: right"]
        terminal.type("5" + BACKSPACE + "-8\r")
        terminal.wait_for("you said -8: no; that is the difference of the two")
        assert "\x1b[32m  you said -6: right\x1b[0m" in terminal.seen
        assert "\x1b[31m  you said -8: no; " in terminal.seen
        terminal.type("nan")
        terminal.wait_for("d.grad = ? nan")
        terminal.type(ESCAPE)
        terminal.read_until(lambda: terminal.screen[-1] == "d.grad = ? ", "an empty answer")
        terminal.type("(x\r")
        terminal.wait_for("'(x' is not a number", "→ [2/7]")
        terminal.type("\r")
        assert terminal.wait_for("→ [3/7]")[0] == STEPS[2]


def test_enter_takes_the_next_answer_of_a_list():
    with Terminal(script(predict=["-6", 7])) as terminal:
        assert terminal.wait_for(START)[-1] == SHORT_KEYS
        terminal.type("\r")
        terminal.wait_for("you said -6: right")
        terminal.type(RIGHT)
        terminal.wait_for("you said 7: no")
        terminal.type(RIGHT)
        assert "you said" not in "\n".join(terminal.wait_for("→ [3/7]"))


# -- the terminal is put back --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("", START), (RIGHT * 3, "→ [3/7]"), ("g1", "go to step 1"), ("?", "one step back")],
)
def test_ctrl_c_puts_the_terminal_back_as_it_was(terminal, keys, shown):
    terminal.type(keys)
    terminal.wait_for(shown)
    assert terminal.modes != terminal.modes_before
    terminal.type(CTRL_C)
    code, last = terminal.ended()
    assert code == 0
    assert "left at" in last
    assert terminal.modes == terminal.modes_before
    assert terminal.seen.count("\x1b[?1049h") == terminal.seen.count("\x1b[?1049l") == 1


@pytest.mark.parametrize("busy", ["goto", "back"])
def test_ctrl_c_while_it_computes_puts_the_terminal_back(busy):
    before = (
        f"import time\ndef slowly(*_): print('at work', flush=True); time.sleep(60)\n"
        f"type(s).{busy} = slowly"
    )
    with Terminal(script(before=before)) as terminal:
        terminal.wait_for(START)
        terminal.type("r" if busy == "goto" else "b")
        terminal.wait_until_seen("at work")
        terminal.type(CTRL_C)
        assert "left at 0" in terminal.ended()[1]
        assert terminal.modes == terminal.modes_before


def test_a_second_ctrl_c_waits_until_the_terminal_is_put_back():
    before = (
        "import time\nfrom autograd.system.console import UnixMode\nend = UnixMode.end\n"
        "def slowly(mode): print('ending', flush=True); time.sleep(1); end(mode)\n"
        "UnixMode.end = slowly"
    )
    with Terminal(script(before=before)) as terminal:
        terminal.wait_for(START)
        terminal.type(CTRL_C)
        terminal.wait_until_seen("ending")
        terminal.type(CTRL_C)
        assert "left at 0" in terminal.ended()[1]
        assert terminal.modes == terminal.modes_before


def test_after_it_ctrl_c_interrupts_as_before():
    before = "import signal; s.interact(); print(signal.getsignal(signal.SIGINT).__name__)"
    with Terminal(script(before=before)) as terminal:
        terminal.wait_for(START)
        terminal.type("q")
        terminal.wait_until_seen("default_int_handler")


def test_after_an_error_the_terminal_is_as_it_was_and_shows_the_traceback():
    before = "s.output.data; import autograd\ndef fails(*_): raise RuntimeError('broken')\n"
    with Terminal(script(before=before + "type(s).goto = fails")) as terminal:
        terminal.wait_for(START)
        terminal.type("r")
        code, last = terminal.ended()
        assert code == 1
        assert last.endswith("RuntimeError: broken\n")
        assert terminal.modes == terminal.modes_before


def test_ctrl_z_stops_the_job_with_the_terminal_as_it_was_and_fg_goes_on():
    job = " ".join(f"'{part}'" for part in script()[:2]) + ' "$SCRIPT"'
    shell = f"set -m; {job}; echo stopped; read line; fg >/dev/null; echo over"
    with Terminal(["sh", "-c", shell], SCRIPT=script()[2]) as terminal:
        terminal.wait_for(START)
        terminal.type(RIGHT)
        terminal.wait_for("→ [1/7]")
        terminal.type(CTRL_Z)
        terminal.wait_until_seen("stopped")
        assert terminal.modes == terminal.modes_before
        frames = terminal.seen.count("\x1b[J")
        terminal.type("\n")
        terminal.read_until(lambda: terminal.seen.count("\x1b[J") > frames, "another frame")
        terminal.type(RIGHT)
        terminal.wait_for("→ [2/7]")
        terminal.type("q")
        terminal.wait_until_seen("over")
        assert terminal.modes == terminal.modes_before


@pytest.mark.skipif(
    signal.getsignal(getattr(signal, "SIGHUP", 1)) is signal.SIG_IGN, reason="nohup has it ignored"
)
def test_a_terminal_that_goes_away_ends_it(terminal):
    os.kill(terminal.child.pid, signal.SIGHUP)
    assert terminal.ended()[0] == -signal.SIGHUP


# -- where there are no single keys --------------------------------------------------------------


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_reads_lines(term):
    with Terminal(script(), TERM=term) as terminal:
        terminal.wait_until_seen("[Enter, b, g K, r, p, q] ")
        terminal.type("\nq\n")
        code, all_of_it = terminal.ended()
        assert code == 0
        assert STEPS[0] in all_of_it
        assert "\x1b" not in terminal.seen


def test_output_to_a_file_reads_lines(tmp_path):
    command = ["sh", "-c", f"'{script()[0]}' -c \"$SCRIPT\" > '{tmp_path}/out'; echo done"]
    with Terminal(command, SCRIPT=script()[2]) as terminal:
        terminal.type("\nq\n")
        terminal.wait_until_seen("done")
    assert STEPS[0] in (tmp_path / "out").read_text(encoding="utf-8")
