"""The command ``python -m autograd check``: its options, and what it does."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from autograd.conformance.cases import Case, Names, hidden_cases, parse_names, result_of
from autograd.conformance.reports import (
    Part,
    Report,
    as_gradescope,
    as_otter_tests,
    failed_for_gradescope,
    read_points,
    score_of,
)
from autograd.conformance.running import CASES, SECONDS, check_file
from autograd.errors import EngineFileError, PointsFileError
from autograd.wording import shows_colours

FORMATS = ("text", "json", "gradescope", "otter")


def add_check_options(parser: ArgumentParser, duration: Callable[[str], float]) -> None:
    """Give the parser of the command its options; ``duration`` reads a number of seconds."""
    parser.usage = "%(prog)s FILE [options]"  # first, as --names takes all that follows it
    add = parser.add_argument
    add("engine", nargs="?", metavar="FILE", help="as in my_engine.py or micrograd.engine")
    add("--class", dest="class_name", default="", metavar="NAME", help="the class (Value)")
    add("--names", nargs="+", action="extend", default=[], metavar="OURS=THEIRS",
        help="the engine's own names, as in data=value grad=d.value")  # fmt: skip
    add("--seconds", type=duration, default=SECONDS, metavar="N", help="time for one case (2)")
    add("--points", metavar="FILE.toml", help="count the points that this file gives")
    add("--hidden", metavar="SEED", help="also try graphs and numbers that this seed makes")
    add("--format", choices=FORMATS, default="text", help="what is printed (text)")
    add("--json", dest="format", action="store_const", const="json", help="--format json")
    add("--all", action="store_true", help="tell every case and every failure")


def run_check(options: Namespace) -> int:
    """Return 0 if the engine is right in all cases, 1 if one failed."""
    if options.format in ("gradescope", "otter") and not options.points:
        raise PointsFileError(f"--format {options.format} needs --points FILE.toml")
    if options.engine is None:
        raise EngineFileError("name a FILE, and before the options: check my_engine.py --all")
    names = parse_names(options.names)
    cases = [*CASES, *([] if options.hidden is None else hidden_cases(options.hidden))]
    parts = read_points(options.points, cases) if options.points else []
    try:
        report = check_file(
            options.engine.strip(), options.class_name, seconds=options.seconds, names=names,
            hidden=options.hidden or "", parts=parts,
        )  # fmt: skip
    except (ValueError, OSError) as error:
        print(_failed(" ".join(str(error).split()), options, cases, parts), end="")
        raise
    print(_in_format(report, options, names))
    return 0 if report.ok else 1


def _failed(reason: str, options: Namespace, cases: list[Case], parts: list[Part]) -> str:
    """Return what is printed in a format if the engine could not be checked: it earns nothing."""
    if options.format == "gradescope":
        return failed_for_gradescope(reason) + "\n"
    if options.format != "json":
        return ""
    told: dict[str, Any] = {"engine": options.engine, "error": reason}
    if parts:
        score = score_of(parts, [result_of(case, "raised", reason) for case in cases])
        told["points"] = score.as_json()
    return json.dumps(told) + "\n"


def _in_format(report: Report, options: Namespace, names: Names) -> str:
    if options.format == "json":
        return report.as_json()
    if options.format == "gradescope" and report.score:
        return as_gradescope(report, report.score)
    if options.format == "otter" and report.score:
        return as_otter_tests(report, report.score, seed=options.hidden or "", names=names)
    coloured = sys.stdout is not None and shows_colours(sys.stdout)
    return report.text(everything=options.all, coloured=coloured)
