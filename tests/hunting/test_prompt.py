"""``python -m autograd hunt``: typed, piped in, at a terminal, and lines to verify."""

import io
import sys
import time

import pytest

from autograd import hunt
from autograd.__main__ import main
from tests.hunting.hunters import false_number, smallest_graph, true_number
from tests.terminal import Terminal

NOT_FOUND = "The bug is not found yet."


@pytest.fixture
def piped(monkeypatch, capsys):
    """Return a function: what ``hunt`` prints after the descriptions, for lines piped in."""

    def run(*lines, level="19", name="Ada"):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        assert main(["hunt", level, "--name", name]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        start = f"{hunt(int(level), seed=name)}\n"
        assert told.out.startswith(start)
        return told.out.removeprefix(start)

    return run


def test_a_typed_graph_is_answered_with_its_numbers_alone(piped):
    assert piped("a*b; a=2; b=3").splitlines() == [
        "     data  grad",
        "a     2.0   3.0",
        "b     3.0   2.0",
        "a*b   6.0   1.0",
        NOT_FOUND,
    ]


def test_a_bug_that_is_found_ends_the_hunt_with_a_line_and_the_next_level(piped):
    hunted = hunt(19, seed="Ada")
    number, graph = true_number(hunted), smallest_graph(hunted)
    lines = piped("hint", f"guess {number} {graph}", "score").splitlines()
    assert lines[0].startswith("Hint: ")
    assert lines[1].startswith("Found: ")
    assert lines[-3] == "For your teacher:"
    assert lines[-2].endswith(f"| bug {number} | hints 1 | wrong 0 | graph {graph} | score 80")
    assert lines[-1] == "Next: python -m autograd hunt 20 --name ada"


@pytest.mark.parametrize(("name", "option"), [("", ""), ("Ada L.", " --name 'ada l.'")])
def test_the_next_level_is_of_the_same_name(capsys, monkeypatch, name, option):
    hunted = hunt(3, seed=name)
    line = f"guess {true_number(hunted)} {smallest_graph(hunted)}\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    assert main(["hunt", "3", *(["--name", name] if name else [])]) == 0
    assert capsys.readouterr().out.endswith(f"\nNext: python -m autograd hunt 4{option}\n")


def test_after_the_last_level_there_is_not_another(piped):
    hunted = hunt(20, seed="Ada")
    found = piped(f"guess {true_number(hunted)} {smallest_graph(hunted)}", level="20")
    assert "Next" not in found


def test_the_other_words_do_what_they_say(piped):
    wrong = false_number(hunt(19, seed="Ada"))
    lines = piped("bugs", "", "a; a=1", f"guess {wrong}", "score", "?").splitlines()
    assert [line[0] for line in lines if line[:3].strip().isdigit()] == list("123456")
    assert lines[-5:] == [
        "a   1.0   1.0",
        f"No, it is not {wrong}. Points left: 80.",
        "Points left: 80.",
        "Type a graph, as in a*b; a=2; b=3, or guess N, hint, bugs, score, quit",
        NOT_FOUND,
    ]


def test_words_are_known_in_any_case_and_a_guess_without_its_space(piped):
    wrong = false_number(hunt(19, seed="Ada"))
    assert piped("HINT", "Score", f"GUESS {wrong} a; a=1", f"guess{wrong}", "SCORE", "Quit") == (
        piped("hint", "score", f"guess {wrong} a; a=1", f"guess {wrong}", "score", "quit")
    )


@pytest.mark.parametrize("leave", ["q", "quit", "exit", " q "])
def test_leaving_says_that_the_bug_is_not_found(piped, leave):
    assert piped(leave, "hint") == f"{NOT_FOUND}\n"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a*", "not an expression"),
        ("a", "a has no value"),
        ("hint me", "not an expression"),
        ("guess", "type guess N"),
        ("guess x", "type guess N"),
        ("2", "for a guess, type guess 2"),
        ("foo(a); a=1", "this engine has no foo: it has + - * / ** relu tanh exp log"),
        ("guess 9 a; a=1", "9 is not a bug: they have the numbers 1 to 6"),
        ("guess 99999999999999", "type guess N"),
        ("guess 1", "a guess needs a graph"),
        ("guess 1 a", "a has no value"),
        ("1/a; a=0", "is undefined"),
        ("a**-1; a=0", "is undefined"),
        ("\x1b[A", "not an expression"),
        ("a" * 2000, "at most 1000 characters"),
        ("a\x00b", "not an expression"),
        ("(" * 900, "not an expression"),
        ("a*9**9**9; a=1", "too large"),
    ],
)
def test_what_is_wrong_is_told_in_a_line_or_two_and_costs_nothing(piped, typed, reason):
    *told, points, end = piped(typed, "score").splitlines()
    assert reason in " ".join(told)
    assert all(line.isprintable() for line in told)
    assert len(told) <= 2
    assert (points, end) == ("Points left: 100.", NOT_FOUND)


@pytest.mark.parametrize("width", [20, 33, 80])
def test_everything_fits_on_a_narrow_terminal(piped, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", f"{width}")
    told = piped("bugs", "tanh(alpha)*beta; alpha=1/3; beta=1/7", "hint", "hint", "score", "?",
                 "cosh(a)", "a b", "guess", "7")  # fmt: skip
    assert max(map(len, told.splitlines())) <= width


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["21"], "21 is not a level: there are the levels 1 to 20"),
        (["0"], "0 is not a level"),
        (["-3"], "'-3' is not a level"),
        (["x"], "'x' is not a level"),
        (["9" * 5000], "is not a level"),
        (["1", "2"], "hunt takes one level, and not 2 too"),
        (["1", "--name", "a|b"], "'a|b' is not a seed"),
        (["1", "--name", "\x1b[31m"], "is not a seed"),
        (["--name"], "expected one argument"),
        (["--name", ""], "--name takes a name or a number, and it is empty: is the variable set?"),
        (["--seed", "  "], "is the variable set?"),
        (["--name", "Ada", "--seed", "3"], "--seed: not allowed with argument --name"),
        (["--verify", ""], "--verify takes the line of a hunt, and it is empty: is the variable"),
        (["--verify"], "expected one argument"),
        (["--easy"], "unknown option --easy"),
    ],
)
def test_a_wrong_level_seed_or_option_is_one_line_and_code_2(capsys, arguments, reason):
    try:
        code = main(["hunt", *arguments])
    except SystemExit as leaving:
        code = leaving.code
    told = capsys.readouterr()
    assert (code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert reason in told.err
    assert len(told.err) < 200


# -- verifying ---------------------------------------------------------------------------------


def line_of(name):
    hunted = hunt(7, seed=name)
    hunted.guess(true_number(hunted), smallest_graph(hunted))
    return hunted.line


def test_a_line_is_verified(capsys):
    assert main(["hunt", "--verify", line_of("Ada")]) == 0
    assert capsys.readouterr().out == "right: level 7, seed ada, score 100\n"


def test_lines_of_a_class_are_verified_one_by_one(capsys, monkeypatch):
    lines = [line_of("Ada"), "", line_of("Eve").replace("hints 0", "hints 1"), "nonsense"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["hunt", "--verify", "-"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "right: level 7, seed ada, score 100",
        "wrong: the score 100 does not follow: it is 80",
        "wrong: 'nonsense' is not the line of a hunt: hunt | level … | score …",
    ]


def test_no_lines_at_all_are_an_error(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["hunt", "--verify", "-"]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "--verify takes the line of a hunt, and it is empty" in told.err


# -- at a terminal -----------------------------------------------------------------------------


PROMPT = "hunt> "
HUNT = [sys.executable, "-m", "autograd", "hunt", "19", "--name", "Ada"]


@pytest.fixture
def terminal(request):
    """A hunt in a terminal that has shown its first prompt; NO_COLOR is the parameter."""
    with Terminal(HUNT, columns=100, NO_COLOR=getattr(request, "param", "")) as terminal:
        wait_for_prompt(terminal, 1)
        yield terminal


def wait_for_prompt(terminal, count):
    terminal.read_until(lambda: terminal.seen.count(PROMPT) == count, f"{count} prompts")


def test_a_terminal_is_shown_the_keys_a_prompt_and_colours(terminal):
    hunted = hunt(19, seed="Ada")
    assert terminal.seen.endswith(f"score, quit\n{PROMPT}")
    terminal.type("hint\na; a=1\n")
    wait_for_prompt(terminal, 3)
    assert "\x1b[33mHint: " in terminal.seen
    terminal.type(f"guess {false_number(hunted)}\n")
    wait_for_prompt(terminal, 4)
    assert f"\x1b[31mNo, it is not {false_number(hunted)}." in terminal.seen
    terminal.type(f"guess {true_number(hunted)} {smallest_graph(hunted)}\n")
    terminal.wait_until_seen("hunt 20 --name ada\n")
    assert "\x1b[32mFound: " in terminal.seen
    assert terminal.ended()[0] == 0


@pytest.mark.parametrize("terminal", ["1"], indirect=True)
def test_no_color_is_respected(terminal):
    terminal.type("hint\n")
    wait_for_prompt(terminal, 2)
    assert "Hint: " in terminal.seen
    assert "\x1b" not in terminal.seen


@pytest.mark.parametrize("before", ["", "a*b", "hint\n"])
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_ctrl_c_and_ctrl_d_leave_in_one_line_and_without_a_traceback(terminal, before, key):
    terminal.type(before)

    def has_left():
        """Type the key again, a second later: once may be too early, before Python waits."""
        nonlocal again
        if NOT_FOUND not in terminal.seen and time.monotonic() > again:
            terminal.type(key)
            again = time.monotonic() + 1.0
        return NOT_FOUND in terminal.seen

    again = 0.0
    terminal.read_until(has_left, NOT_FOUND)
    code, told = terminal.ended()
    assert code == 0
    assert told.endswith(f"\n{NOT_FOUND}\n")
    assert "Traceback" not in told


def test_an_interrupt_while_the_engine_computes_leaves_too(monkeypatch, capsys):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("autograd.hunting.game.numbers_of", interrupted)
    monkeypatch.setattr("sys.stdin", io.StringIO("a; a=1\n"))
    assert main(["hunt", "1"]) == 0
    assert capsys.readouterr().out.endswith(f"\n\n{NOT_FOUND}\n")
