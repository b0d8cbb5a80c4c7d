"""A test file for otter-grader, in its OK format: the cases run in the student's notebook.

https://otter-grader.readthedocs.io/en/latest/test_files/python_format.html
"""

import pprint

from autograd.conformance.cases import HIDDEN, Names
from autograd.conformance.reports.points import Item, Score
from autograd.conformance.reports.report import Report
from autograd.errors import EngineFileError

HEAD = """\
# A test file for otter-grader, written by `python -m autograd check --format otter`.
OK_FORMAT = True

test = """


def as_otter_tests(report: Report, score: Score, *, seed: str = "", names: Names) -> str:
    """Return the text of a test file with the items that have points.

    The engine is the teacher's own solution: EngineFileError if it does not earn all of them. What
    is extra, and not offered, is left out.
    """
    left_out = [item for item in score.items if item.part.extra and _is_missing(item)]
    items = [item for item in score.items if item not in left_out]
    if missed := [item.name for item in items if not item.is_earned]:
        raise EngineFileError(
            f"--format otter writes tests for a notebook, and takes your own solution, which must "
            f"pass them: it fails in {', '.join(missed)}; mend that, or take it out of the points"
        )
    cases = [_case(item, report.class_name, seed, names) for item in items]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": "engine", "suites": [suite]}
    remarks = [f"# Left out, as it is extra and not offered: {item.name}\n" for item in left_out]
    return "".join(remarks) + HEAD + pprint.pformat(test, sort_dicts=False, width=96) + "\n"


def _is_missing(item: Item) -> bool:
    """Tell whether all that the engine lacks of an item is not offered, rather than wrong."""
    found = {result.verdict for result in item.results}
    return not item.is_earned and found <= {"pass", "not offered"}


def _case(item: Item, engine: str, seed: str, names: Names) -> dict[str, object]:
    is_hidden = any(result.group == HIDDEN for result in item.results)
    options = f", hidden={seed!r}" if is_hidden else ""
    options += f", names={dict(names)!r}" if names else ""
    cases = ", ".join(repr(result.name) for result in item.results)
    code = (
        ">>> from autograd.conformance import tell_failures\n"
        f">>> tell_failures({engine}, {cases}{options})\n"
    )
    points = float(item.points)
    return {
        "name": item.name, "code": code, "points": points, "hidden": is_hidden, "locked": False,
    }  # fmt: skip
