"""The race: whoever is installed agrees with the others, who is missing is named."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from demos import race as command
from demos.racing import COMPILE_GOALS, CONTESTANTS, WORKLOADS, contestants, quick, tables, timing
from demos.racing.contestants import Contestant
from demos.racing.goals import GOALS
from demos.racing.timing import Race, Settings

MOONS = quick(WORKLOADS["moons"])
FEW = Settings(rounds=2, shortest=0.0, options=("quick",))
SLOW_TO_START = {"torch", "torch_threads", "torch_compiled", "jax"}


def raced(name: str, keys: list[str]) -> Race:
    return timing.race(quick(WORKLOADS[name]), keys, FEW, lambda text: None)


def ready(name: str) -> list[str]:
    """Return the contestants that take a workload and have all that they need."""
    return [
        key for key, contestant in CONTESTANTS.items()
        if contestant.takes(quick(WORKLOADS[name])) and contestant.lacks() is None
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["moons", "name", "sgd"])
def test_all_that_is_installed_takes_part_and_agrees(name: str) -> None:
    if name == "sgd":
        pytest.importorskip("llvmlite", reason="trainings need it; CI has it, extra `race`")
    keys = [key for key in ready(name) if key not in SLOW_TO_START]
    found = raced(name, keys)
    assert found.left_out == {}
    assert [*found.seconds] == keys
    assert all(len(seconds) == 2 and min(seconds) > 0 for seconds in found.seconds.values())
    assert max(found.differences.values()) < 1e-12
    assert found.agrees


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.parametrize("name", ["moons", "name", "sgd", "adam"])
def test_so_do_those_that_take_seconds_to_start(name: str) -> None:
    for package in ("micrograd", "torch", "jax"):
        pytest.importorskip(package, reason="CI has all that the race needs, extra `race`")
    own = "loop" if name in ("sgd", "adam") else "python"
    keys = [own, *(key for key in ready(name) if key in SLOW_TO_START)]
    found = raced(name, keys)
    assert found.left_out == {}
    assert [*found.seconds] == keys
    assert {"torch", "jax"} <= found.seconds.keys()
    assert max(found.differences.values()) < 1e-12


@pytest.mark.race
def test_the_extra_brings_every_contestant_but_those_that_need_a_compiler_or_node() -> None:
    for package in ("micrograd", "torch", "jax"):
        pytest.importorskip(package, reason="CI has all that the race needs, extra `race`")
    without = {key for key, contestant in CONTESTANTS.items() if contestant.lacks()}
    assert all(CONTESTANTS[key].program for key in without)


def test_time_of_the_processor_leaves_out_who_has_several_threads() -> None:
    keys = ["python", "torch_threads"]
    found = timing.race(MOONS, keys, FEW._replace(options=("quick", "cpu")), lambda text: None)
    assert found.left_out == {"torch_threads": "its threads' times would be added up"}
    assert found.seconds["python"][0] > 0


def test_who_differs_is_told_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    differences = timing.differing({"fused": [1, [2]], "python": [1, [2]], "microgpt": [1, [2.1]]})
    assert differences == {"fused": 0, "python": 0, "microgpt": pytest.approx(0.05)}
    found = Race(MOONS, {"fused": [1.0]}, {}, differences)
    monkeypatch.setattr(command, "race", lambda *_: found)
    assert command.main(["--workload", "moons"]) == 1
    assert f"{CONTESTANTS['microgpt'].title} DIFFERS" in capsys.readouterr().out


@pytest.mark.parametrize(
    "results", [{"a": [1, [2]], "b": [1, [2, 3]]}, {"a": [1, [2]], "b": [float("nan"), [2]]}]
)
def test_a_gradient_of_another_length_and_nan_are_no_agreement(results: dict[str, list]) -> None:
    assert not Race(MOONS, {}, {}, timing.differing(results)).agrees


def test_what_is_missing_is_named_and_the_others_race(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contestants, "find_spec", lambda name: None if name == "jax" else name)
    monkeypatch.setattr("shutil.which", lambda name: None)
    only = "fused,python,jax,c_rows,javascript"
    assert command.main(["--quick", "--workload", "moons", "--only", only]) == 0
    told = capsys.readouterr().out
    assert "JAX, jit: left out, jax is not installed." in told
    assert "C, row by row: left out, there is no C compiler (cc, gcc, clang)." in told
    assert "writer javascript, in Node.js: left out, Node.js is not installed." in told
    assert told.count("| writer python ") == 1
    assert "differ by at most" in told


def test_a_contestant_that_breaks_is_left_out_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(CONTESTANTS, "unknown", Contestant("no such", "with_nothing"))
    found = timing.race(MOONS, ["unknown", "fused"], FEW, lambda text: None)
    assert found.left_out == {"unknown": "KeyError: 'unknown'"}  # in its process, it is unknown
    assert [*found.seconds] == ["fused"]


def test_a_process_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing.sys, "executable", shutil.which("true"))
    worker = timing.Worker("fused", MOONS, ())
    assert worker.first == {"ready": False, "why": "its process ended"}
    with pytest.raises(SystemExit, match="graphs of Values, a dot a neuron: its process ended"):
        worker.ask("time", 1)
    worker.end()


def test_objects_for_each_row_are_not_made_for_many_rows() -> None:
    takes = {key for key, contestant in CONTESTANTS.items() if contestant.takes(WORKLOADS["many"])}
    assert not takes & {"micrograd", "microgpt", "elementary", "fused"}
    assert takes >= {"native", "torch", "c_rows", "python"}


class Clock:
    """A worker whose steps take so many seconds; it notes when it is asked."""

    n = 1

    def __init__(self, key: str, seconds: float, asked: list[str]) -> None:
        self.key, self.seconds, self.asked = key, seconds, asked

    def ask(self, question: str, number: float) -> float:
        self.asked.append(self.key)
        return self.seconds


def test_rounds_have_random_orders_and_the_slow_have_fewer() -> None:
    asked: list[str] = []
    workers = {key: Clock(key, 0.1, asked) for key in "abc"} | {"slow": Clock("slow", 9.0, asked)}
    seconds = timing.timed(workers, Settings(rounds=20, most=20.0), lambda k: None)
    assert {key: len(found) for key, found in seconds.items()} == {
        "a": 20, "b": 20, "c": 20, "slow": timing.LEAST,
    }  # fmt: skip
    fast = [key for key in asked if key != "slow"]
    orders = {tuple(fast[k : k + 3]) for k in range(0, len(fast), 3)}
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    assert len(orders) > 1


def test_a_ratio_is_the_median_over_the_rounds_that_both_have() -> None:
    found = Race(MOONS, {"torch": [2.0, 9.0, 8.0], "native": [1.0, 3.0, 1.0, 100.0]}, {}, {})
    assert found.ratio("torch", "native") == 3.0


def test_every_goal_is_about_contestants_that_take_its_workload() -> None:
    for goal in GOALS:
        taking = [CONTESTANTS[key].takes(WORKLOADS[goal.workload]) for key in goal.slower]
        assert any(taking), goal
        assert CONTESTANTS[goal.faster].takes(WORKLOADS[goal.workload])
        assert goal.least >= 1


def test_goals_are_compared_with_what_was_found() -> None:
    found = Race(WORKLOADS["moons"], {"torch": [15.0], "c_rows": [1.2], "native": [1.0]}, {}, {})
    table = tables.of_goals([found])
    assert re.search(r"against PyTorch +\|.*\| +14 \| +15\.0 × \| +yes \|", table)
    assert re.search(r"against C, row by row +\|.*\| +1\.4 \| +1\.20 × \| +no \|", table)
    assert "micrograd" not in table


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1.234, "1.23 s"), (0.0123, "12.3 ms"), (182.4e-6, "182 µs"), (38.2e-9, "38.2 ns")],
)
def test_seconds_have_three_digits(seconds: float, text: str) -> None:
    assert tables.seconds_text(seconds) == text
    assert tables.times_text(41_234) == "41,200 ×"


@pytest.mark.slow
def test_compiling_is_timed_beside_its_goals() -> None:
    if CONTESTANTS["native"].lacks():
        pytest.skip("kernels need llvmlite: pip install -e '.[fast]'")
    table = command.compiling()
    for name in COMPILE_GOALS:
        assert re.search(rf"^\| {name} +\| +\d+ ms \| +[\d.]+ ms \| +(yes|no) \|$", table, re.M)


@pytest.fixture
def one_race(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return the command, with a race that has been run already."""
    found = Race(MOONS, {"torch": [2.0], "native": [1.0]}, {}, {"torch": 0.0, "native": 0.0})
    monkeypatch.setattr(command, "race", lambda *_: found)
    return lambda *options: command.main(["--workload", "moons", *map(str, options)])


def test_it_writes_tables_and_chart(
    one_race: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="the chart is drawn by it, extra `race`")
    markdown, svg = tmp_path / "race.md", tmp_path / "race.svg"
    assert one_race("--markdown", markdown, "--svg", svg) == 0
    text = markdown.read_text(encoding="utf-8")
    assert "| writer native" in text
    assert "2.00 ×" in text
    told = capsys.readouterr().out
    assert all(paragraph.strip() in told for paragraph in text.split("\n\n"))
    drawn = svg.read_text(encoding="utf-8")
    assert drawn.startswith("<?xml")
    assert drawn.rstrip().endswith("</svg>")
    assert one_race("--svg", tmp_path / "again.svg") == 0
    assert (tmp_path / "again.svg").read_bytes() == svg.read_bytes()


def test_it_takes_a_seed_as_every_demo_does_and_ends_with_two_things_to_try(
    one_race: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert one_race("--seed", 7) == 0
    output = capsys.readouterr()
    assert output.err.startswith("--seed changes nothing: ")
    assert len(output.out.rpartition("Try next:\n")[2].splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--markdown", "{0}/missing/race.md"], "missing/race.md cannot be written"),
        (["--svg", "{0}"], "cannot be written: name a file"),
        (["--only", "native,tensorflow"], "there is no contestant 'tensorflow'; there are"),
        (["--rounds", "0"], "--rounds 0: one at least"),
        (["--seed", "-1"], "a seed is a whole number from 0 to"),
        (["--workload", "mnist"], "invalid choice: 'mnist'"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_before_the_race(
    options: list[str], told: str, one_race: Callable[..., int], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        one_race(*(option.format(tmp_path) for option in options))
    assert ended.value.code == 2
    output = capsys.readouterr()
    assert told in output.err
    assert output.out == ""
    assert not [*tmp_path.iterdir()]
