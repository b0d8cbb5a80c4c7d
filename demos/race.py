"""The race: this engine beside micrograd, PyTorch, JAX, and NumPy and C by hand, each at its best.

    python -m demos.race                          every workload, 21 rounds: half an hour
    python -m demos.race --quick                  tiny, to see that it runs and that all agree
    python -m demos.race --workload moons --only native,torch --rounds 5
    python -m demos.race --markdown race.md --svg race.svg

Every contestant works in a process of its own and makes the same numbers; loss and gradient are
compared before the clock starts. In each round all of them do one step, forward + backward in
float64, in random order, so that a machine whose speed drifts slows them all alike; a measurement
of less than 20 ms is of many steps, after one that is not counted. Ratios are medians over the
rounds. Each has one thread, unless its name says all. What is compiled, is before the clock starts.
What is not installed is named, and left out:

    python -m pip install -e ".[race]"            brings all but a C compiler and Node.js
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograd.system import write_whole
from demos.output_folder import say
from demos.racing import (
    COMPILE_GOALS,
    CONTESTANTS,
    WORKLOADS,
    Race,
    Settings,
    chart,
    of_compiling,
    of_goals,
    of_race,
    quick,
    race,
)
from demos.running import run_demo, seed_number, try_next

PACKAGES = ("numpy", "llvmlite", "torch", "jax", "micrograd")
SEED = "changes nothing: all race on the same numbers, in every run"
QUICK = Settings(rounds=2, shortest=0.0, most=1.0, options=("quick",))


def main(arguments: list[str] | None = None) -> int:
    """Race; return 1 where loss or gradient of some contestant differ."""
    options = read(arguments)
    settings = QUICK if options.quick else Settings()
    settings = settings._replace(
        rounds=options.rounds or settings.rounds,
        options=(
            *settings.options,
            *["collector off"] * (options.collector == "off"),
            *["cpu"] * (options.clock == "cpu"),
        ),
    )
    about = machine() + " Times are the processor's." * (options.clock == "cpu")
    say(about)
    texts, races = [about], []
    for name in options.workload:
        workload = quick(WORKLOADS[name]) if options.quick else WORKLOADS[name]
        races.append(race(workload, options.only, settings, progress))
        progress("")
        texts.append(told(races[-1]))
        say(f"\n{texts[-1]}")
    if options.compiling:
        texts.append(compiling())
        say(f"\n{texts[-1]}")
    if goals := of_goals(races) * (not options.quick and options.collector == "on"):
        texts.append(goals)
        say(f"\n{goals}")
    loaded = f"Load average at the end: {load()}."
    say(f"\n{loaded}")
    save(options, "\n\n".join([*texts, loaded]) + "\n", races)
    try_next(
        "--workload moons --collector off: how much of a step is Python's collector?",
        "--workload wide --only native,numpy_last: does NumPy win where layers are wide?",
    )
    return 0 if all(race.agrees for race in races) else 1


def read(arguments: list[str] | None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m demos.race", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--workload", action="append", choices=[*WORKLOADS], help="this one; may be repeated")
    add("--only", help=f"contestants, by commas: {', '.join(CONTESTANTS)}")
    add("--rounds", type=int, help="measurements of each contestant (21); of the slow ones fewer")
    add("--quick", action="store_true", help="tiny workloads, two rounds: no figures, only a test")
    add("--seed", type=seed_number, metavar="N", help=SEED)
    add("--collector", choices=["on", "off"], default="on", help="Python's cyclic collector (on)")
    add(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="wall: the time that passes (default); cpu: that of the processor, where others work",
    )
    add("--markdown", type=Path, metavar="FILE", help="write the tables there")
    add("--svg", type=Path, metavar="FILE", help="draw the chart there (matplotlib)")
    options = parser.parse_args(arguments)
    if options.seed is not None:
        print(f"--seed {SEED}", file=sys.stderr)
    options.compiling = not options.workload and not options.only and not options.quick
    options.workload = options.workload or [*WORKLOADS]
    options.only = options.only.split(",") if options.only else [*CONTESTANTS]
    for key in options.only:
        if key not in CONTESTANTS:
            parser.error(f"there is no contestant {key!r}; there are {', '.join(CONTESTANTS)}")
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: one at least")
    for file in filter(None, (options.markdown, options.svg)):  # now, and not after the race
        if file.is_dir() or not os.access(file.parent, os.W_OK):
            parser.error(f"{file} cannot be written: name a file in a folder that is there")
    if options.svg:
        import_module("demos.plotting")  # which says what brings matplotlib
    return options


def machine() -> str:
    """Return what it runs on."""
    found = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{', '.join(found)}. {processor()}, {cores} cores; load average at the start: {load()}."


def processor() -> str:
    """Return what the processor calls itself and how wide its vectors are, as Linux tells it."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = dict(re.findall(r"^(model name|flags)\s*: (.*)$", told, flags=re.MULTILINE))
    flags = found.get("flags", "").split()
    vectors = next((f", {name}" for name in ("avx512f", "avx2") if name in flags), "")
    return f"{found.get('model name', platform.machine())}{vectors}"


def load() -> str:
    """Return how many processes wanted to run, in the last 1, 5 and 15 minutes."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return ", ".join(f"{average:.1f}" for average in os.getloadavg())


def progress(text: str) -> None:
    """Show on a terminal what is going on, in a line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def told(found: Race) -> str:
    """Return what came of a workload: the table, who was left out, whether all agree."""
    lines = [of_race(found), ""]
    lines += [f"{CONTESTANTS[key].title}: left out, {why}." for key, why in found.left_out.items()]
    worst = max(found.differences.values(), default=0.0)
    lines.append(f"Loss and gradients differ by at most {worst:.1e}.")
    for key, difference in found.differences.items():
        if not difference < 1e-9:
            lines.append(f"{CONTESTANTS[key].title} DIFFERS from the others by {difference:.1e}.")
    return "\n".join(lines)


def compiling() -> str:
    """Return the table of how long compile takes."""
    command = [sys.executable, "-m", "demos.racing.compile_times"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"Compiling was not timed: {(done.stderr.splitlines() or ['it failed'])[-1]}"
    return of_compiling(json.loads(done.stdout), COMPILE_GOALS)


def save(options: argparse.Namespace, text: str, races: Sequence[Race]) -> None:
    """Write the files that were asked for, each whole or not at all."""
    files: Iterable[tuple[Path | None, str | bytes]] = [
        (options.markdown, text),
        (options.svg, chart([race for race in races if race.seconds]) if options.svg else b""),
    ]
    for file, content in files:
        if file is not None:
            try:
                write_whole(file, content)
            except OSError as error:
                raise SystemExit(f"{file} cannot be written: {error.strerror}") from None
            say(f"written: {file}")


if __name__ == "__main__":
    run_demo(main, has_options=True)
