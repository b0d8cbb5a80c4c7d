"""What the commands do, each given its options; they return the exit code."""

import json
import math
from argparse import Namespace
from pathlib import Path

from autograd.conformance import check_file
from autograd.errors import ExpressionError
from autograd.show.pages.board import watch_file
from autograd.show.pages.lessons import lesson
from autograd.show.pages.sheets import worksheet
from autograd.show.picture import draw
from autograd.show.stepping import Stepper
from autograd.text import build, parse_numbers, variables_of
from autograd.value import Value
from autograd.wording import aligned, for_terminal, show_number, word


def _graph(options: Namespace) -> tuple[Value, dict[str, Value]]:
    """Return the graph of the expression that was typed, and its leaves by name."""
    return build(options.expression, parse_numbers(options.numbers))


def run_draw(options: Namespace) -> int:
    output, _ = _graph(options)
    output.backward()
    picture = draw(
        output, names={}, direction=options.direction, theme=options.theme, digits=options.digits
    )
    picture.save(options.output)
    print(for_terminal(f"wrote {options.output}"))
    return 0


def run_grad(options: Namespace) -> int:
    output, leaves = _graph(options)
    output.backward()
    nodes = [*leaves.items(), ("output", output)]
    rows = [
        (name, *(show_number(number, options.digits) for number in (node.data, node.grad)))
        for name, node in nodes
    ]
    print(for_terminal(aligned([("", word("data"), word("grad")), *rows])))
    return 0


def run_step(options: Namespace) -> int:
    output, _ = _graph(options)
    Stepper(output, names={}, predict=options.predict, digits=options.digits).interact()
    return 0


def run_lesson(options: Namespace) -> int:
    output, _ = _graph(options)
    print(lesson(output, options.output, names={}, digits=options.digits))
    return 0


def run_worksheet(options: Namespace) -> int:
    seeds = None
    if options.seed is None and options.students != 1:
        raise ExpressionError("--students get other numbers each: add --seed N to draw them")
    if options.seed is None:
        output, _ = _graph(options)
    elif options.numbers:
        raise ExpressionError(f"--seed draws all numbers: leave out {' '.join(options.numbers)}")
    else:
        numbers = dict.fromkeys(variables_of(options.expression), math.nan)  # in every domain
        output, _ = build(options.expression, numbers)
        seeds = _seeds(options.seed, options.students)
    said = worksheet(
        output, options.output, seed=seeds, blank=options.blank, names={}, digits=options.digits
    )
    print(said)
    return 0


def _seeds(text: str, students: int) -> list[int] | list[str]:
    """Return a seed for each student: numbers from the first on, or the one name."""
    try:
        return list(range(int(text), int(text) + students))
    except ValueError:
        if students != 1:
            raise ExpressionError(
                f"--students counts seeds from a number on, not from {text!r}"
            ) from None
        return [text]


def run_watch(options: Namespace) -> int:
    watch_file(Path(options.file), options.limit)
    return 0


def run_check(options: Namespace) -> int:
    """Return 0 if the engine is right in all cases, 1 if one failed."""
    try:
        report = check_file(options.engine, options.class_name, seconds=options.seconds)
    except (ValueError, OSError) as error:
        if options.json:
            reason = " ".join(str(error).split())
            print(json.dumps({"engine": options.engine, "error": reason}))
        raise
    print(report.as_json() if options.json else report)
    return 0 if report.ok else 1
