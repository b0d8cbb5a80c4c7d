"""The tables of a race, as Markdown that reads well in a terminal too."""

from collections.abc import Iterable, Sequence

from demos.racing.contestants import CONTESTANTS
from demos.racing.goals import GOALS
from demos.racing.timing import Race
from demos.racing.workloads import Training

MEASURES = ("native", "loop")  # which contestant the others are compared with


def table(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells, the first of them a head, as Markdown; all but names to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligns = [str.ljust, *[str.rjust] * (len(widths) - 1)]
    rule = ["-" * widths[0], *[f"{'-' * (width - 1)}:" for width in widths[1:]]]
    head, *others = [
        [align(cell, width) for align, cell, width in zip(aligns, line, widths, strict=True)]
        for line in lines
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, rule, *others])


def measure_of(race: Race) -> str | None:
    """Return who the others are compared with: the native writer, or else the fastest."""
    fastest = min(race.seconds, key=race.median, default=None)
    return next((key for key in MEASURES if key in race.seconds), fastest)


def of_race(race: Race) -> str:
    """Return what each took, slowest first, and how many times the measure's time that is."""
    measure = measure_of(race)
    if measure is None:
        return "Nobody took part."
    each = not isinstance(race.workload, Training) and race.workload.n > 1
    head = [race.workload.title, "a step", *[f"a {race.workload.unit}"] * each, "times", "rounds"]
    lines = [head]
    for key in sorted(race.seconds, key=race.median, reverse=True):
        median = race.median(key)
        alone = [seconds_text(median / race.workload.n)] * each
        times = times_text(race.ratio(key, measure))
        rounds = str(len(race.seconds[key]))
        lines.append([CONTESTANTS[key].title, seconds_text(median), *alone, times, rounds])
    return table(lines)


def of_goals(races: Iterable[Race]) -> str:
    """Return what was to be reached, and what was."""
    lines = [["how many times as fast, in one run", "workload", "goal", "found", "reached"]]
    for race in races:
        for goal in GOALS:
            if goal.workload == race.workload.name and (found := goal.found(race)) is not None:
                reached = "yes" if found >= goal.least else "no"
                cells = [f"{goal.least:,g}", times_text(found), reached]
                lines.append([str(goal), race.workload.title, *cells])
    return table(lines) if len(lines) > 1 else ""


def of_compiling(milliseconds: dict[str, float], goals: dict[str, float]) -> str:
    """Return how long compiling took, beside the goals."""
    lines = [["compiling", "goal", "found", "reached"]]
    for name, median in milliseconds.items():
        reached = "yes" if median <= goals[name] else "no"
        lines.append([name, f"{goals[name]:g} ms", f"{median:.1f} ms", reached])
    return table(lines)


def seconds_text(seconds: float) -> str:
    """Return seconds with three digits, in the unit that suits them."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds / 1e-9)} ns"


def times_text(ratio: float) -> str:
    return f"{three_digits(ratio)} ×"


def three_digits(number: float) -> str:
    if number < 100:
        return f"{number:.2f}" if number < 10 else f"{number:.1f}"
    digits = len(str(int(number))) - 3
    return f"{round(number, -digits):,.0f}"
